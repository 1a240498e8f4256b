//! Findings that one block stands for.
//!
//! Answers: which findings differ in the call of a module alone, or in the user alone? A module that hundreds call has one
//! defect, a list of keys for each of hundreds of users another one, and one edit undoes it. Every other format has each
//! of them.

use std::collections::HashMap;

use crate::judge::finding::{Finding, Level, Role, RoleLoc, Status, WhenValue};
use crate::report::plain::plain;
use crate::report::wording::plural;
use crate::source::Files;
use crate::span::Loc;

/// What findings of one block have in common.
#[derive(PartialEq, Eq, Hash)]
struct Alike<'f> {
    level: Level,
    scenario: Option<&'f str>,
    keys: Vec<(Loc, Option<Status>, Vec<RoleLoc>)>,
    when: Option<&'f [(String, WhenValue)]>,
    /// Without a call: what brings the second key about, and what is edited.
    edit: Option<(Loc, Vec<Loc>, Option<&'f str>)>,
}

/// The findings by what they have in common, in the order of the first of each; every one by itself with `each`.
pub fn blocks<'f>(findings: &[&'f Finding], each: bool) -> Vec<Vec<&'f Finding>> {
    let mut blocks: Vec<Vec<&Finding>> = Vec::new();
    let mut known: HashMap<Alike<'_>, usize> = HashMap::new();
    for &finding in findings {
        let place = match alike(finding).filter(|_| !each) {
            Some(alike) => *known.entry(alike).or_insert(blocks.len()),
            None => blocks.len(),
        };
        match blocks.get_mut(place) {
            Some(block) => block.push(finding),
            None => blocks.push(vec![finding]),
        }
    }
    blocks
}

/// `None` for a finding that is one by itself: no call leads to it, and each key has a block of its own.
fn alike(finding: &Finding) -> Option<Alike<'_>> {
    let called = is_called(finding);
    let own = |places: &[RoleLoc]| places.iter().filter(|p| !called || !is_call(p)).copied().collect();
    let edit = || {
        let [first, second, ..] = finding.keys.as_slice() else { return None };
        let edited = finding.remedy.edits().flat_map(|edit| &edit.of).map(|named| named.location).collect();
        let cause = finding.causes.first().filter(|_| first.location == second.location)?;
        Some((cause.location, edited, finding.remedy.when.as_deref()))
    };
    let edit = if called { None } else { Some(edit()?) };
    Some(Alike {
        level: finding.level,
        scenario: finding.scenario.as_deref(),
        keys: finding.keys.iter().map(|key| (key.location, key.status, own(&key.places))).collect(),
        when: finding.when.as_deref(),
        edit,
    })
}

fn is_call(place: &RoleLoc) -> bool {
    place.role == Role::Call
}

fn is_called(finding: &Finding) -> bool {
    finding.keys.iter().all(|key| key.places.iter().any(is_call))
}

/// `and 119 more calls of modules/bot`, `and 19 more users for the same reason`; `None` for no more.
pub fn others(finding: &Finding, more: usize, files: &Files) -> Option<String> {
    let key = finding.keys.first().filter(|_| more > 0)?;
    if !is_called(finding) {
        let users = plural(more as u64, "user");
        return Some(format!("and {more} more {users} for the same reason (--show-all)"));
    }
    let path = plain(&files.source(key.location.file).path);
    let module = match key.is_of_template() {
        true => path.as_str(),
        false => path.rsplit_once('/').map_or(".", |(folder, _)| folder),
    };
    Some(format!("and {more} more {} of {module} (--show-all)", plural(more as u64, "call")))
}
