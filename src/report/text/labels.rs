//! What is written under each place of a finding.
//!
//! Answers: which places are drawn, in which order, and what does each say? Decides from roles alone. Places that
//! several keys share (instances of one block) are drawn once.

use indexmap::IndexMap;

use crate::judge::finding::{Finding, FoundKey, Role};
use crate::report::plain::plain;
use crate::report::snippet::Label;
use crate::report::wording::numbers;
use crate::span::Loc;

/// Past this many characters a label has a line for each address: those inside of modules are long.
const LONG_LABEL: usize = 80;

/// Every place of `finding`, keys' headers first, one label a place.
pub fn of(finding: &Finding) -> Vec<Label> {
    let mut places: IndexMap<Loc, (Vec<String>, bool)> = IndexMap::new();
    let mut say = |loc: Loc, text: String, primary: bool| {
        places.entry(loc).or_insert_with(|| (Vec::new(), primary)).0.push(text);
    };
    for (loc, keys) in grouped(finding, |key, out| out.push(key.location)) {
        say(loc, header(finding, &keys), true);
    }
    for role in [Role::User, Role::Status, Role::Multiplier, Role::Condition, Role::Call] {
        let of_role = |key: &FoundKey, out: &mut Vec<Loc>| {
            out.extend(key.places.iter().filter(|p| p.role == role).map(|p| p.loc));
        };
        for (loc, keys) in grouped(finding, of_role) {
            say(loc, said(role, &which(finding, &keys)), false);
        }
    }
    let user = finding.user.location;
    let text = if finding.user.address.is_some() { "the user" } else { "the user's name" };
    let inside = |place: &Loc, all: Loc| {
        *place != all && place.file == all.file && all.span.to(place.span) == all.span
    };
    // A name of several parts has a label for each of them; one over all would hide those.
    if let Some(loc) = user.filter(|all| !places.keys().any(|place| inside(place, *all))) {
        places.entry(loc).or_insert_with(|| (Vec::new(), false)).0.push(text.into());
    }
    let label =
        |(loc, (texts, primary)): (Loc, (Vec<String>, bool))| Label { loc, text: texts.join("; "), primary };
    places.into_iter().map(label).collect()
}

/// The places that `pick` takes of the keys, in order of first use, each with the indices of its keys.
fn grouped(finding: &Finding, pick: impl Fn(&FoundKey, &mut Vec<Loc>)) -> Vec<(Loc, Vec<usize>)> {
    let mut groups: IndexMap<Loc, Vec<usize>> = IndexMap::new();
    for (index, key) in finding.keys.iter().enumerate() {
        let mut locs = Vec::new();
        pick(key, &mut locs);
        for loc in locs {
            let keys = groups.entry(loc).or_default();
            if keys.last() != Some(&index) {
                keys.push(index);
            }
        }
    }
    groups.into_iter().collect()
}

fn header(finding: &Finding, indices: &[usize]) -> String {
    let keys: Vec<&FoundKey> = indices.iter().filter_map(|&i| finding.keys.get(i)).collect();
    let address = |key: &&FoundKey| match key.instances {
        Some(n) => format!("{} ({n} instances)", plain(&key.address)),
        None => plain(&key.address),
    };
    let names: Vec<String> = match keys.as_slice() {
        // Every one of them is in the JSON report; here the range says how many there are.
        [first, .., last] if keys.len() > 4 => vec![format!("{} to {}", address(first), address(last))],
        few => few.iter().map(address).collect(),
    };
    let unset = keys.iter().all(|key| key.places.iter().all(|p| p.role != Role::Status));
    let status = match (unset, keys.len()) {
        (false, _) => "",
        (true, 1) => ", Active: nothing sets its status",
        (true, _) => ", Active: nothing sets their status",
    };
    let who = which(finding, indices);
    let line = format!("{who}: {}{status}", names.join(", "));
    if line.chars().count() <= LONG_LABEL {
        return line;
    }
    format!("{who}{status}\n{}", names.join("\n"))
}

/// `key 1`, `keys 1 and 2`; `the key` where a finding has one entry.
fn which(finding: &Finding, indices: &[usize]) -> String {
    if finding.keys.len() == 1 {
        return "the key".into();
    }
    let list: Vec<usize> = indices.iter().map(|i| i + 1).collect();
    format!("{} {}", if list.len() == 1 { "key" } else { "keys" }, numbers(&list))
}

fn said(role: Role, which: &str) -> String {
    match role {
        Role::Key => which.to_owned(),
        Role::User => format!("user of {which}"),
        Role::Status => format!("status of {which}"),
        Role::Multiplier => format!("multiplies {which}"),
        Role::Condition => format!("condition of {which}"),
        Role::Call => format!("call that creates {which}"),
    }
}
