//! Where a program is pointed first.
//!
//! Answers: on which line does an alert, or an annotation, of this finding stand? What is edited comes first: what brings
//! the second key about, the app's own line of a generated key, the root's call or the parent's stack resource, and else
//! the key. What a tool fetched or
//! generated is not in the repository, so that nothing can be annotated there.

use super::place::Range;
use crate::judge::finding::{Finding, FoundKey, Origin, Role};
use crate::source::Files;
use crate::span::Loc;

/// The place of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Primary<'f> {
    /// In a file that was read.
    At(Loc),
    /// In the app that generated the template.
    App(&'f Origin),
}

/// The first place of `finding`; `None` for one without keys.
pub fn of<'f>(finding: &'f Finding, files: &Files) -> Option<Primary<'f>> {
    let key = finding.keys.first()?;
    if let Some(cause) = finding.causes.first().filter(|cause| is_source(cause.location, files)) {
        return Some(Primary::At(cause.location));
    }
    if let Some(origin) = app(key) {
        return Some(Primary::App(origin));
    }
    let call = finding.keys.iter().find_map(outermost_call).filter(|loc| is_source(*loc, files));
    Some(Primary::At(call.unwrap_or(key.location)))
}

/// The app's own line that creates a key, if it was found.
pub fn app(key: &FoundKey) -> Option<&Origin> {
    key.origin.as_ref().filter(|origin| origin.exists)
}

/// The calls that lead to a key, outermost first.
pub fn calls(key: &FoundKey) -> impl Iterator<Item = Loc> {
    key.places.iter().filter(|place| place.role == Role::Call).map(|place| place.loc)
}

fn outermost_call(key: &FoundKey) -> Option<Loc> {
    calls(key).next()
}

/// Whether a file is one that people write, and not what a tool put there.
fn is_source(loc: Loc, files: &Files) -> bool {
    let path = files.in_tree(&Range::of(files, loc).path);
    !path.starts_with('/') && !path.split('/').any(|part| part == ".terraform" || part == "cdk.out")
}
