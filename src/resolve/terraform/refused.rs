//! Values that Terraform refuses whatever the free inputs are, and what depends on them.
//!
//! Answers: which keys need a variable whose value its own type, `nullable` or `validation` rejects? Terraform refuses
//! to plan with it, but one that leads to no key is none of our business: so each evaluation that is watched gives the
//! refused values that it met, directly or through what it refers to. Knows nothing of IAM.
//! Source: Terraform language, "Custom Conditions: Input Variable Validation"; recorded results of the binary.

use std::collections::{BTreeSet, HashMap};

use super::{Item, Terraform};
use crate::problem::Problem;

/// Refused values, by their number in [`Rejected`].
pub type Met = BTreeSet<usize>;

/// The refused values of a unit.
#[derive(Debug, Default)]
pub struct Rejected {
    problems: Vec<Problem>,
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
    pub fn meet(&self, problem: Problem) {
        let mut rejected = self.rejected.borrow_mut();
        let known = rejected.problems.iter().position(|p| *p == problem);
        let number = known.unwrap_or_else(|| {
            rejected.problems.push(problem);
            rejected.problems.len() - 1
        });
        rejected.add(&Met::from([number]));
    }

    /// What is wrong with these.
    pub fn rejected_values(&self, met: &Met) -> Vec<Problem> {
        let rejected = self.rejected.borrow();
        met.iter().filter_map(|&number| rejected.problems.get(number).cloned()).collect()
    }

    /// Says that these are in the way of a key.
    pub fn say(&self, met: &Met) {
        for problem in self.rejected_values(met) {
            self.problem(problem);
        }
    }
}
