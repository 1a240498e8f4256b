//! Findings that are known from before: from another revision, or from a baseline.
//!
//! Answers: is this finding one of those? It is where one of them is for the same user, holds each of its keys and is no
//! less sure: a key fewer makes nothing new, another key does, and so does a level that rose, since what nobody could
//! reach then may be deployed now. Lines, files of a module and the order of anything have no part in it.
//!
//! ```text
//! known       template keys.yaml       user ci    keys A, B
//! found       template keys.yaml       user ci    keys A, B     known
//!             template team/users.yaml user ci    keys A, B     known if keys.yaml has none any more: it was moved
//!             template keys.yaml       user ci    keys A, C     new
//! ```
//!
//! Findings are first looked for in their own unit. What is left on both sides then is matched without it, one for one:
//! so a template or a folder with another name makes nothing new, and a copy beside the first does.

pub mod baseline;

use serde::{Deserialize, Serialize};

use crate::judge::finding::{Finding, Level};
use crate::source::Files;

/// What tells a finding from others, without where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The work tree, where it is not the run's own: its path from the working directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    /// The unit's kind.
    kind: String,
    /// The unit's path from the root of its work tree.
    unit: String,
    /// The file of values that it was judged with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scenario: Option<String>,
    /// The user's name in small letters, since IAM names do not differ by case.
    user: Option<String>,
    /// The declared user's address.
    address: Option<String>,
    /// What the keys' user attribute says, where neither is known.
    expression: Option<String>,
    /// The addresses of its keys, sorted.
    keys: Vec<String>,
    /// How sure it was.
    level: String,
}

impl Known {
    /// What tells `finding`.
    pub fn of(finding: &Finding, files: &Files) -> Known {
        let user = &finding.user;
        let name = user.told_name().map(str::to_lowercase);
        let told = name.is_some() || user.address.is_some();
        let mut keys: Vec<String> = finding.keys.iter().map(|key| key.address.clone()).collect();
        keys.sort();
        Known {
            repository: files.other_tree(&finding.unit.path),
            kind: finding.unit.kind.name().into(),
            unit: files.in_tree(&finding.unit.path),
            scenario: finding.scenario.as_deref().map(|file| files.in_tree(file)),
            user: name,
            address: user.address.clone(),
            expression: user.expression.clone().filter(|_| !told),
            keys,
            level: finding.level.name().into(),
        }
    }

    /// The unit's path from the root of its work tree.
    pub fn unit(&self) -> &str {
        &self.unit
    }

    /// The work tree, where it is not the run's own.
    pub fn repository(&self) -> Option<&str> {
        self.repository.as_deref()
    }

    /// The same in another work tree.
    pub fn of_repository(self, repository: Option<String>) -> Known {
        Known { repository, ..self }
    }

    fn level(&self) -> Option<Level> {
        [Level::Latent, Level::Possible, Level::Certain].into_iter().find(|l| l.name() == self.level)
    }

    fn is_in_unit_of(&self, other: &Known) -> bool {
        let place = |k: &Known| (k.repository.clone(), k.kind.clone(), k.unit.clone(), k.scenario.clone());
        place(self) == place(other)
    }

    /// Whether `found` is this one, wherever it stands.
    fn covers(&self, found: &Known) -> bool {
        let both = |own: &Option<String>, other: &Option<String>| {
            own.as_ref().zip(other.as_ref()).map(|(own, other)| own == other)
        };
        let same_user = both(&self.user, &found.user)
            .or(both(&self.address, &found.address))
            .or(both(&self.expression, &found.expression))
            .unwrap_or(false);
        same_user
            && self.kind == found.kind
            && self.scenario.is_some() == found.scenario.is_some()
            && self.level() >= found.level()
            && found.keys.iter().all(|key| self.keys.binary_search(key).is_ok())
    }
}

/// For each of `found`, which of `known` it is.
pub fn matched(found: &[Known], known: &[Known]) -> Vec<Option<usize>> {
    let own = |f: &Known| known.iter().position(|k| k.is_in_unit_of(f) && k.covers(f));
    let mut out: Vec<Option<usize>> = found.iter().map(own).collect();
    let mut left: Vec<usize> = (0..known.len()).filter(|at| !out.contains(&Some(*at))).collect();
    // One that is the same wins over one that merely holds it.
    let same = |k: &Known, f: &Known| (&k.keys, &k.level) == (&f.keys, &f.level);
    for only_same in [true, false] {
        for (f, is) in found.iter().zip(&mut out).filter(|(_, is)| is.is_none()) {
            let fits = |at: &usize| known.get(*at).is_some_and(|k| k.covers(f) && (!only_same || same(k, f)));
            *is = left.iter().position(fits).map(|place| left.remove(place));
        }
    }
    out
}

#[cfg(test)]
mod tests;
