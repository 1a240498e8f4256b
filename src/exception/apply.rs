//! Which findings an exception covers.
//!
//! Answers: given what somebody approved, which findings count? One about a user covers the user's finding. One about a
//! key answers for that key alone: the finding is covered once no two other keys of it are left, so that a third key is
//! a finding again. What is expired covers nothing and says so.

use std::path::{Path, PathBuf};

use super::{Draft, EXPIRING_DAYS, Target, Terms};
use crate::date::Day;
use crate::globs::Paths;
use crate::judge::finding::{
    Exception, ExceptionKind, ExceptionState, Finding, FoundKey, FoundUser, Outcome, SENSITIVE, Standing,
};
use crate::problem::{Problem, ProblemKind};
use crate::source::Files;
use crate::span::Loc;

/// What a run knows besides its findings.
pub struct Run<'a> {
    /// The day that it is.
    pub today: Day,
    /// How many days an exception in this file may last.
    pub max_days: &'a dyn Fn(&Path) -> i64,
    /// Whether all that an exception in this file could be about was judged.
    pub whole: &'a dyn Fn(&Path) -> bool,
    /// The files.
    pub files: &'a Files,
}

/// Gives every finding its standing, and lists the exceptions that are about something here.
pub fn apply(outcome: &mut Outcome, mut drafts: Vec<Draft>, run: &Run<'_>) {
    drafts.sort_by_cached_key(|draft| (run.files.source(draft.at.file).path.clone(), draft.at.span));
    let mut approved: Vec<Approved<'_>> = Vec::new();
    for draft in &drafts {
        match Approved::new(draft, outcome, run) {
            Ok(one) => approved.extend(one),
            Err(problem) => outcome.incomplete.push(problem),
        }
    }
    for (index, finding) in outcome.findings.iter_mut().enumerate() {
        let about: Vec<(usize, &Approved<'_>)> =
            approved.iter().enumerate().filter(|(_, a)| a.findings.contains(&index)).collect();
        stand(finding, &about, run.files);
    }
    outcome.exceptions = approved.into_iter().map(|one| one.exception).collect();
}

/// An exception with the findings that it is about.
struct Approved<'d> {
    exception: Exception,
    draft: &'d Draft,
    findings: Vec<usize>,
}

impl<'d> Approved<'d> {
    /// `None` where it is about nothing that was judged, and not all was.
    fn new(draft: &'d Draft, outcome: &Outcome, run: &Run<'_>) -> Result<Option<Self>, Problem> {
        let written = run.files.path_of(&run.files.source(draft.at.file).path);
        let Terms { owner, reason, expires, kind } = draft.check(run.today, (run.max_days)(&written))?;
        let about = About::new(draft, &written, run.files)?;
        let numbered = outcome.findings.iter().enumerate();
        let findings: Vec<usize> = numbered.filter(|(_, f)| about.finding(f)).map(|(i, _)| i).collect();
        if findings.is_empty() && !(run.whole)(&written) {
            return Ok(None);
        }
        let days_left = run.today.until(expires);
        let state = match (findings.is_empty(), days_left) {
            (_, ..0) => ExceptionState::Expired,
            (true, _) => ExceptionState::Unused,
            (false, ..=EXPIRING_DAYS) => ExceptionState::Expiring,
            (false, _) => ExceptionState::InForce,
        };
        let user = match &draft.target {
            Target::User { user, .. } => Some(user.clone()),
            Target::Line { .. } | Target::Node(_) => {
                let users = outcome.findings.iter().filter(|f| about.finding(f)).map(|f| &f.user);
                let rows = outcome.inventory.iter().filter(|row| about.is_at(row.key.location));
                let of_rows = rows.filter_map(|row| row.user.as_ref());
                let all = users.chain(of_rows).chain(declared(outcome, &about));
                one(all.filter_map(name))
            }
        };
        let (origin, location) = (draft.origin, draft.at);
        let exception = Exception { owner, reason, expires, days_left, kind, origin, location, user, state };
        Ok(Some(Approved { exception, draft, findings }))
    }
}

/// The users that are declared where an exception stands.
fn declared<'o>(outcome: &'o Outcome, about: &About<'_>) -> impl Iterator<Item = &'o FoundUser> {
    let here = |user: &&FoundUser| user.location.is_some_and(|loc| about.is_at(loc));
    let users = outcome.inventory.iter().filter_map(|row| row.user.as_ref()).filter(here);
    users.collect::<Vec<_>>().into_iter()
}

fn name(user: &FoundUser) -> Option<&str> {
    let name = user.name.as_deref().filter(|name| *name != SENSITIVE);
    name.or(user.address.as_deref()).or(user.expression.as_deref())
}

/// The only one of these; several are the first with their number.
fn one<'t>(names: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut all: Vec<&str> = Vec::new();
    for name in names {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    let first = all.first()?;
    Some(if all.len() > 1 { format!("{first} and {} more", all.len() - 1) } else { (*first).to_owned() })
}

/// What an exception is about, as far as it can be compared.
struct About<'a> {
    draft: &'a Draft,
    files: &'a Files,
    /// Of one in the configuration.
    paths: Option<Paths>,
}

impl<'a> About<'a> {
    fn new(draft: &'a Draft, written: &Path, files: &'a Files) -> Result<Self, Problem> {
        let paths = match &draft.target {
            Target::User { path, .. } => {
                let folder: PathBuf = written.parent().unwrap_or(written).into();
                let wrong = |what| {
                    Problem::new(ProblemKind::InvalidException, draft.at, format!("path {path:?}: {what}"))
                };
                Some(Paths::new(&folder, path).map_err(wrong)?)
            }
            Target::Line { .. } | Target::Node(_) => None,
        };
        Ok(About { draft, files, paths })
    }

    /// Whether a header is what it stands on.
    fn is_at(&self, header: Loc) -> bool {
        if header.file != self.draft.at.file {
            return false;
        }
        match self.draft.target {
            Target::Line { line, indent } => {
                let source = self.files.source(header.file);
                let start = header.span.start as usize;
                let before = source.line_range(line).and_then(|range| source.text.get(range.start..start));
                let alone = |b: &str| b.trim_start_matches('\u{feff}').trim().is_empty();
                source.position(start).line == line
                    && before.is_some_and(|b| alone(b) && indent.is_none_or(|own| own <= b.len()))
            }
            Target::Node(span) => {
                !span.is_empty() && header.span.start < span.end && span.start < header.span.end
            }
            Target::User { .. } => false,
        }
    }

    /// Whether it is about the user of a finding.
    fn user(&self, finding: &Finding) -> bool {
        let user = &finding.user;
        match (&self.draft.target, &self.paths) {
            (Target::User { user: named, .. }, Some(paths)) => {
                let told = user.told_name().is_some_and(|name| name.eq_ignore_ascii_case(named));
                let written =
                    [&user.address, &user.expression].into_iter().flatten().any(|text| text == named);
                let path = |displayed: &str| paths.hold(&self.files.path_of(displayed));
                let key = |loc: Loc| path(&self.files.source(loc.file).path);
                (told || written)
                    && (path(&finding.unit.path) || finding.keys.iter().all(|k| key(k.location)))
            }
            _ => user.address.is_some() && user.location.is_some_and(|loc| self.is_at(loc)),
        }
    }

    fn finding(&self, finding: &Finding) -> bool {
        self.user(finding) || finding.keys.iter().any(|key| self.is_at(key.location))
    }
}

/// The standing of one finding, and what is said of exceptions that do not cover it.
fn stand(finding: &mut Finding, about: &[(usize, &Approved<'_>)], files: &Files) {
    let count = |keys: &mut dyn Iterator<Item = &FoundKey>| {
        keys.map(|key| key.instances.unwrap_or(1)).fold(0, u64::saturating_add)
    };
    let all = count(&mut finding.keys.iter());
    let (mut notes, mut lapsed) = (Vec::new(), false);
    let mut in_force: Vec<(usize, About<'_>)> = Vec::new();
    for (index, approved) in about {
        let Approved { exception, draft, .. } = approved;
        let Exception { owner, expires, reason, .. } = exception;
        let written = files.path_of(&files.source(draft.at.file).path);
        let Ok(about) = About::new(draft, &written, files) else { continue };
        if exception.state == ExceptionState::Expired {
            lapsed = true;
            notes.push(format!("{owner} approved it until {expires} and no longer ({reason})."));
        } else if exception.kind == ExceptionKind::Rotation && all != 2 {
            notes.push(format!("The rotation that {owner} approved covers two keys, and there may be more."));
        } else {
            in_force.push((*index, about));
        }
    }
    let left = || {
        let uncovered = |key: &&FoundKey| !in_force.iter().any(|(_, about)| about.is_at(key.location));
        count(&mut finding.keys.iter().filter(uncovered))
    };
    let by_user = in_force.iter().find(|(_, about)| about.user(finding));
    match by_user.or_else(|| in_force.first().filter(|_| left() < 2)) {
        Some((index, _)) => finding.standing = Standing::Approved(*index),
        None => {
            if !in_force.is_empty() {
                notes.push("Exceptions cover some of its keys, and two or more are left.".to_owned());
            }
            finding.lapsed = lapsed;
            finding.notes.extend(notes);
        }
    }
}
