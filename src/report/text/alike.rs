//! Findings that differ in the call of a module alone.
//!
//! Answers: which findings are one block? A module that hundreds call has one defect, and one edit undoes it. Every other
//! format has each of them.

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

/// `None` for a finding that no call leads to.
fn alike(finding: &Finding) -> Option<Alike<'_>> {
    let is_call = |place: &RoleLoc| place.role == Role::Call;
    let called = finding.keys.iter().all(|key| key.places.iter().any(is_call));
    let own = |places: &[RoleLoc]| places.iter().filter(|p| !is_call(p)).copied().collect();
    called.then(|| Alike {
        level: finding.level,
        scenario: finding.scenario.as_deref(),
        keys: finding.keys.iter().map(|key| (key.location, key.status, own(&key.places))).collect(),
        when: finding.when.as_deref(),
    })
}

/// `and 119 more calls of modules/bot`; `None` for no more.
pub fn others(finding: &Finding, more: usize, files: &Files) -> Option<String> {
    let key = finding.keys.first().filter(|_| more > 0)?;
    let path = plain(&files.source(key.location.file).path);
    let module = match key.kind.contains("::") {
        true => path.as_str(),
        false => path.rsplit_once('/').map_or(".", |(folder, _)| folder),
    };
    Some(format!("and {more} more {} of {module} (--show-all)", plural(more as u64, "call")))
}
