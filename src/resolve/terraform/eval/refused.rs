//! Values that Terraform refuses whatever the free inputs are, and what depends on them.
//!
//! Answers: which keys need a variable whose value its own type, `nullable` or `validation` rejects? Terraform refuses
//! to plan with it, but one that leads to no key is none of our business: so each evaluation that is watched gives the
//! refused values that it met, directly or through what it refers to. Knows nothing of IAM.
//! Source: Terraform language, "Custom Conditions: Input Variable Validation"; recorded results of the binary.

use std::collections::{BTreeSet, HashMap};

use super::scope::Scope;
use super::{Item, Terraform};
use crate::parse::syntax::Expr;
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::span::Loc;
use crate::value::marks::Mark;
use crate::value::{Guard, Part, Value};

/// Refused values, by their number in [`Rejected`].
pub type Met = BTreeSet<usize>;

/// What is said of a refused value, where it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhenMet {
    /// What depends on it is not judged.
    Refused(Problem),
    /// It was set aside, and what it was supplied for counts as free; or something is taken for granted of it.
    Aside(Assumption),
    /// It is not refused but sensitive; whether a bool is in it, which cannot be marked itself.
    Secret(bool),
}

/// The refused values of a unit.
#[derive(Debug, Default)]
pub struct Rejected {
    said: Vec<WhenMet>,
    /// What each evaluation under way has met.
    frames: Vec<Met>,
    /// What each computed item has met; most have met nothing and are not here.
    by_item: HashMap<(usize, Item), Met>,
}

impl Rejected {
    fn add(&mut self, met: &Met) {
        if let Some(frame) = self.frames.last_mut() {
            frame.extend(met);
        }
    }
}

impl Terraform<'_> {
    /// Computes something, and says which refused values it needed.
    pub fn watch<T>(&self, compute: impl FnOnce() -> T) -> (T, Met) {
        self.rejected.borrow_mut().frames.push(Met::new());
        let value = compute();
        let mut rejected = self.rejected.borrow_mut();
        let met = rejected.frames.pop().unwrap_or_default();
        rejected.add(&met);
        (value, met)
    }

    /// The same of something that discloses what is sensitive: whoever needs it has met nothing secret.
    pub fn disclose<T>(&self, compute: impl FnOnce() -> T) -> T {
        self.rejected.borrow_mut().frames.push(Met::new());
        let value = compute();
        let mut rejected = self.rejected.borrow_mut();
        let mut met = rejected.frames.pop().unwrap_or_default();
        met.retain(|number| !matches!(rejected.said.get(*number), Some(WhenMet::Secret(_))));
        rejected.add(&met);
        value
    }

    /// Whether something sensitive was met; with `bools`, something that a bool is in.
    pub fn met_a_secret(&self, met: &Met, bools: bool) -> bool {
        let said = &self.rejected.borrow().said;
        met.iter().any(|n| matches!(said.get(*n), Some(WhenMet::Secret(bool)) if *bool || !bools))
    }

    /// Meets a secret where a bool was computed of one: no mark is on a bool.
    pub fn tell(&self, of: &[Value], bool: &Value) {
        if matches!(bool, Value::Bool(_))
            && of.iter().any(|value| self.cx.mark_within(value) == Some(Mark::Sensitive))
        {
            self.meet(WhenMet::Secret(true));
        }
    }

    /// What an expression is where it may be shown: hidden if it was computed of a secret bool.
    pub fn shown(&self, scope: &Scope, expr: &Expr) -> Value {
        let (value, met) = self.watch(|| self.eval(scope, expr));
        if self.met_a_secret(&met, true) { self.hidden(&self.texts(&value)) } else { value }
    }

    /// A value with its bools as text, which can be marked.
    fn texts(&self, value: &Value) -> Value {
        match value {
            Value::Bool(_) => self.cx.to_text(value),
            Value::Coll(coll) => {
                let parts = coll.parts.iter().map(|p| Part { value: self.texts(&p.value), ..p.clone() });
                Value::typed(coll.kind, coll.elem.clone(), parts.collect())
            }
            Value::Choice(all) => self.cx.choice(all.iter().map(|(g, v)| (*g, self.texts(v))).collect()),
            other => other.clone(),
        }
    }

    /// The same for an item that is computed once: who asks for it later has met the same values.
    pub fn watch_item<T>(&self, key: &(usize, Item), compute: impl FnOnce() -> T) -> T {
        let (value, met) = self.watch(compute);
        if !met.is_empty() {
            self.rejected.borrow_mut().by_item.entry(key.clone()).or_default().extend(met);
        }
        value
    }

    /// An item that was computed before is asked for.
    pub fn met_again(&self, key: &(usize, Item)) {
        let mut rejected = self.rejected.borrow_mut();
        if let Some(met) = rejected.by_item.get(key).cloned() {
            rejected.add(&met);
        }
    }

    /// A value that Terraform refuses.
    pub fn meet(&self, said: WhenMet) {
        let mut rejected = self.rejected.borrow_mut();
        let known = rejected.said.iter().position(|s| *s == said);
        let number = known.unwrap_or_else(|| {
            rejected.said.push(said);
            rejected.said.len() - 1
        });
        rejected.add(&Met::from([number]));
    }

    /// What is wrong with these, of which none was set aside.
    pub fn rejected_values(&self, met: &Met) -> Vec<Problem> {
        let rejected = self.rejected.borrow();
        let problem = |number: &usize| match rejected.said.get(*number)? {
            WhenMet::Refused(problem) => Some(problem.clone()),
            WhenMet::Aside(_) | WhenMet::Secret(_) => None,
        };
        met.iter().filter_map(problem).collect()
    }

    /// Whether one of these is in the way of what needs them.
    pub fn is_rejected(&self, met: &Met) -> bool {
        !self.rejected_values(met).is_empty()
    }

    /// Says that these are in the way of a key, or were set aside on the way to it.
    pub fn say(&self, met: &Met) {
        for problem in self.rejected_values(met) {
            self.sink.problem(problem);
        }
        let rejected = self.rejected.borrow();
        for number in met {
            if let Some(WhenMet::Aside(assumption)) = rejected.said.get(*number) {
                self.sink.assume(assumption.clone());
            }
        }
    }

    /// Says that Terraform refuses what needs this value, where it `exists` and the value is refused.
    pub fn refuse_where(&self, exists: Guard, value: &Value, fallback: Loc) {
        for (guard, value) in self.cx.alternatives(value) {
            if let Value::Refused(refusal) = value {
                let at = refusal.at.unwrap_or(fallback);
                self.sink.refuse_at(self.cx.and(exists, guard), at, refusal.reason.clone());
            }
        }
    }

    /// Meets a cycle of references, which Terraform finds like a fault: before anything is evaluated.
    pub fn circle(&self, at: Loc, reason: &str) -> Value {
        self.meet(WhenMet::Refused(Problem::new(ProblemKind::Refused, at, reason)));
        Value::refused(reason, Some(at))
    }

    /// Meets the faults in an expression that is used; its value, where it is the faulty reference itself.
    pub fn faulty(&self, scope: &Scope, expr: &Expr) -> Option<Value> {
        let module = &scope.node.module;
        if module.faults.is_empty() || scope.literal {
            return None;
        }
        let faults = module.faults.get(&scope.file)?;
        let first = faults.partition_point(|fault| fault.span.start < expr.span.start);
        let within = faults.iter().skip(first).take_while(|fault| fault.span.start < expr.span.end);
        let mut own = None;
        for fault in within.filter(|fault| fault.span.end <= expr.span.end) {
            if fault.undeclared && self.completed_by_terragrunt(&scope.node) {
                continue;
            }
            let at = fault.at;
            self.meet(WhenMet::Refused(Problem::new(ProblemKind::Refused, at, fault.reason.clone())));
            if fault.span == expr.span {
                own = Some(Value::refused(fault.reason.clone(), Some(at)));
            }
        }
        own
    }
}
