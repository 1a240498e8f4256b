//! A report about several work trees, by work tree.
//!
//! Answers: which repository is each finding in? Repositories that are checked out side by side are scanned in one run; each
//! has its part in a report, as it would have one of its own. What is in none is the working directory's.

use std::collections::{BTreeMap, BTreeSet};

use super::place::Range;
use super::plain::plain;
use crate::judge::finding::{InventoryRow, Outcome, Standing, Summary};
use crate::problem::Place;
use crate::source::Files;

/// The name of the work tree that a path lies in: its path from the working directory, or the name of the run's own.
pub fn name(path: &str, files: &Files) -> String {
    files.other_tree(path).unwrap_or_else(|| files.tree_name())
}

/// How formats that have one list for all name files.
pub struct Paths<'f> {
    files: &'f Files,
    several: bool,
}

impl<'f> Paths<'f> {
    /// For the files of this outcome.
    pub fn of(outcome: &Outcome, files: &'f Files) -> Paths<'f> {
        let units =
            outcome.findings.iter().map(|f| &f.unit).chain(outcome.inventory.iter().map(|row| &row.unit));
        let problems = outcome.incomplete.iter().map(|problem| Range::of_place(files, &problem.place).path);
        let exceptions = outcome.exceptions.iter().map(|e| Range::of_place(files, &e.location.into()).path);
        let others = problems.chain(exceptions).map(|path| name(&path, files));
        let names: BTreeSet<String> = units.map(|unit| name(&unit.path, files)).chain(others).collect();
        Paths { files, several: names.len() > 1 }
    }

    /// A path from the root of its work tree; where there are several, from the working directory, which tells them apart.
    pub fn path(&self, displayed: &str) -> String {
        if self.several { displayed.to_owned() } else { self.files.in_tree(displayed) }
    }

    /// What a message about that path begins with: its work tree, where there are several, since places in messages are
    /// named from its root.
    pub fn within(&self, displayed: &str) -> String {
        if self.several { format!("{}: ", plain(&name(displayed, self.files))) } else { String::new() }
    }
}

/// The outcome of each work tree that anything is said of, by name; none where there is one only.
pub fn parts(outcome: &Outcome, files: &Files) -> Vec<(String, Outcome)> {
    let mut parts: BTreeMap<String, Outcome> = BTreeMap::new();
    let of = |place: &Place| name(&Range::of_place(files, place).path, files);
    // Where each exception is: the part, and its number there.
    let mut places: Vec<(String, usize)> = Vec::new();
    for exception in &outcome.exceptions {
        let name = of(&exception.location.into());
        let part = parts.entry(name.clone()).or_default();
        places.push((name, part.exceptions.len()));
        part.exceptions.push(exception.clone());
    }
    for finding in &outcome.findings {
        let name = name(&finding.unit.path, files);
        let mut finding = finding.clone();
        if let Standing::Approved(index) = finding.standing {
            let there = places.get(index).filter(|(part, _)| *part == name);
            finding.standing = Standing::Approved(there.map_or(usize::MAX, |(_, index)| *index));
        }
        parts.entry(name).or_default().findings.push(finding);
    }
    for row in &outcome.inventory {
        parts.entry(name(&row.unit.path, files)).or_default().inventory.push(row.clone());
    }
    for assumption in &outcome.assumptions {
        parts.entry(of(&assumption.place)).or_default().assumptions.push(assumption.clone());
    }
    for problem in &outcome.incomplete {
        parts.entry(of(&problem.place)).or_default().incomplete.push(problem.clone());
    }
    if parts.len() < 2 {
        return Vec::new();
    }
    for part in parts.values_mut() {
        part.summary = summary(&part.inventory);
    }
    parts.into_iter().collect()
}

/// What the keys of a part tell; files that have none are counted in the whole only.
fn summary(rows: &[InventoryRow]) -> Summary {
    let units: BTreeSet<_> = rows.iter().map(|row| &row.unit).collect();
    let user = |row: &InventoryRow| {
        let user = row.user.as_ref()?;
        let name = user.name.as_ref().map(|name| name.to_lowercase());
        Some((row.unit.clone(), name.or_else(|| user.address.clone()).or_else(|| user.expression.clone())))
    };
    let users: BTreeSet<_> = rows.iter().filter_map(user).collect();
    let keys = rows.iter().map(|row| row.key.instances.unwrap_or(1)).fold(0, u64::saturating_add);
    Summary { files: 0, units: units.len(), users: users.len(), keys }
}
