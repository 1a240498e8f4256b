//! What evaluating a unit says beside its keys: one place, for every front end.
//!
//! An evaluation says something wherever it meets it, at whatever depth; what it says is collected here and handed to judge
//! at the end. What is only tried (`Sink::tried`) is said to whoever tries it.

use std::cell::RefCell;

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
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Whether a supplied input was met that another resolution could override.
    pub overridable: bool,
    /// Whether a free collection, or a free count, was met that another resolution could fill in.
    pub fillable: bool,
    /// When a count or a list is larger than what is filled in.
    pub few: Vec<Guard>,
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

    /// A count or a list was filled in that is larger than that where this holds.
    pub fn few(&self, larger: Guard) {
        self.0.borrow_mut().few.push(larger);
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
        kept.few.extend(&said.few);
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
        let Said { problems, asides: _, refusals, assumptions, overridable, fillable, few } = self;
        Resolved { problems, refusals, assumptions, overridable, fillable, few, ..Resolved::default() }
    }
}

fn once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}
