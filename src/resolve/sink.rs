//! What evaluating a unit says beside its keys: one place, for every front end.
//!
//! An evaluation says something wherever it meets it, at whatever depth; what it says is collected here and handed to judge
//! at the end. What is only tried (`Sink::tried`) is said to whoever tries it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::past;
use crate::key::{Mode, Refused, Resolved};
use crate::problem::{Assumption, Place, Problem, ProblemKind};
use crate::value::Guard;
use crate::value::limits::Limit;

/// What was said.
#[derive(Debug, Default)]
pub struct Said {
    /// What was not decided.
    pub problems: Vec<Problem>,
    /// What is wrong, but matters only if the unit has a key.
    pub asides: Vec<Problem>,
    /// What the deployment refuses.
    pub refusals: Vec<Refused>,
    /// What it refuses of values inside: see [`Resolved::rejections`].
    pub rejections: Vec<Refused>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Whether a supplied input was met that another resolution could override.
    pub overridable: bool,
    /// Whether a free collection, or a free count, was met that another resolution could fill in.
    pub fillable: bool,
    /// Whether something that is counted or looped over has no instance, or a loop leaves out each element of a free
    /// collection.
    pub emptied: bool,
    /// When a count or a list is larger than what is filled in.
    pub few: Vec<Guard>,
    /// Supplied collections, by name: a refusal may be about them, and no resolution has them as leaves.
    pub collections: BTreeSet<String>,
    /// Whether a list has too few elements as supplied: see [`Resolved::short`].
    pub short: bool,
    /// The environment variables that supplied an input.
    pub environment: BTreeSet<String>,
}

/// Where an evaluation says it.
#[derive(Debug, Default)]
pub struct Sink(RefCell<Said>);

impl Sink {
    /// Something that was not decided; once.
    pub fn problem(&self, problem: Problem) {
        once(&mut self.0.borrow_mut().problems, problem);
    }

    /// A limit that was met; each once, where it was met first.
    pub fn budget(&self, at: Place, limit: &'static Limit, mode: Mode) {
        let problem = past(limit, mode, at);
        let problems = &mut self.0.borrow_mut().problems;
        if !problems.iter().any(|p| p.reason == problem.reason) {
            problems.push(problem);
        }
    }

    /// Something that matters only if the unit has a key; once.
    pub fn aside(&self, problem: Problem) {
        once(&mut self.0.borrow_mut().asides, problem);
    }

    /// Something that the deployment refuses.
    pub fn refuse(&self, refused: Refused) {
        if !refused.when.is_false() {
            self.0.borrow_mut().refusals.push(refused);
        }
    }

    /// The same, by where and why.
    pub fn refuse_at(&self, when: Guard, place: impl Into<Place>, reason: impl Into<String>) {
        self.refuse(Refused { when, problem: Problem::new(ProblemKind::Refused, place, reason) });
    }

    /// The same of a value inside: see [`Resolved::rejections`].
    pub fn reject_at(&self, when: Guard, place: impl Into<Place>, reason: impl Into<String>) {
        let problem = Problem::new(ProblemKind::Refused, place, reason);
        self.0.borrow_mut().rejections.push(Refused { when, problem });
    }

    /// Something that was assumed; once.
    pub fn assume(&self, assumption: Assumption) {
        once(&mut self.0.borrow_mut().assumptions, assumption);
    }

    /// A supplied input was met that another resolution could override.
    pub fn overridable(&self) {
        self.0.borrow_mut().overridable = true;
    }

    /// A free collection, or a free count, was met that another resolution could fill in.
    pub fn fillable(&self) {
        self.0.borrow_mut().fillable = true;
    }

    /// Something that is counted or looped over has no instance, or a loop leaves out each element of a free collection.
    pub fn emptied(&self) {
        self.0.borrow_mut().emptied = true;
    }

    /// A count or a list was filled in that is larger than that where this holds.
    pub fn few(&self, larger: Guard) {
        self.0.borrow_mut().few.push(larger);
    }

    /// A supplied input was met that a refusal may be about and no resolution has as a leaf.
    pub fn collection(&self, name: String) {
        self.0.borrow_mut().collections.insert(name);
    }

    /// A list has no such element as supplied.
    pub fn short(&self) {
        self.0.borrow_mut().short = true;
    }

    /// An environment variable supplied an input.
    pub fn environment(&self, variable: String) {
        self.0.borrow_mut().environment.insert(variable);
    }

    /// Looks at what was said so far.
    pub fn look<T>(&self, at: impl FnOnce(&Said) -> T) -> T {
        at(&self.0.borrow())
    }

    /// Evaluates something that is only tried; what it gives, and what it said.
    pub fn tried<T>(&self, evaluate: impl FnOnce() -> T) -> (T, Said) {
        let before = self.0.take();
        let value = evaluate();
        let said = self.0.replace(before);
        let mut kept = self.0.borrow_mut();
        kept.overridable |= said.overridable;
        kept.fillable |= said.fillable;
        kept.emptied |= said.emptied;
        kept.short |= said.short;
        kept.few.extend(&said.few);
        kept.collections.extend(said.collections.iter().cloned());
        kept.environment.extend(said.environment.iter().cloned());
        drop(kept);
        (value, said)
    }

    /// Everything that was said.
    pub fn take(&self) -> Said {
        self.0.take()
    }
}

impl Said {
    /// The same as a part of what a unit resolves to.
    pub fn into_resolved(self) -> Resolved {
        Resolved {
            problems: self.problems,
            refusals: self.refusals,
            rejections: self.rejections,
            assumptions: self.assumptions,
            overridable: self.overridable,
            fillable: self.fillable,
            emptied: self.emptied,
            short: self.short,
            few: self.few,
            collections: self.collections.into_iter().collect(),
            environment: self.environment.into_iter().collect(),
            ..Resolved::default()
        }
    }
}

fn once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
