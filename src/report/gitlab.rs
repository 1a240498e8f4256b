//! `check` as a GitLab Code Quality report.
//!
//! Answers: what does a merge request show beside which line? One entry a finding, at its [`super::primary`] place, and
//! one for each failing problem, so that an incomplete answer is no empty list. What is known from before is an entry too:
//! GitLab compares with the target branch's report, and takes what is in that one alone for resolved. No two entries have
//! one fingerprint: GitLab keeps the last of those. Paths are those of the work tree; of several work trees, those from the
//! working directory.
//! Source: GitLab, "Code Quality", "Code Quality report format".

use std::collections::HashMap;

use serde::Serialize;

use super::fingerprint::{fingerprint, hash};
use super::place::Range;
use super::plain::plain;
use super::primary::{self, Primary};
use super::trees::Paths;
use super::{RULE, Report, exceptions, json as contract, remedy, sarif, wording};
use crate::judge::finding::{Exception, ExceptionState, Finding, Level};
use crate::problem::Problem;
use crate::source::Files;

#[derive(Serialize)]
struct Entry {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// The list of entries; an empty one when the control holds.
pub fn render(report: &Report<'_>) -> String {
    let files = report.files;
    let failing = report.outcome.incomplete.iter().filter(|p| p.kind.fails());
    let paths = &Paths::of(report.outcome, files);
    let findings = report.findings().chain(report.known()).filter_map(|f| finding(f, paths, files));
    let mut entries: Vec<Entry> = findings.chain(failing.map(|p| problem(p, paths, files))).collect();
    entries.extend(report.outcome.exceptions.iter().map(|e| exception(e, paths, files)));
    let mut seen: HashMap<String, usize> = HashMap::new();
    for entry in &mut entries {
        let times = seen.entry(entry.fingerprint.clone()).or_default();
        *times += 1;
        if *times > 1 {
            entry.fingerprint = format!("{}-{times}", entry.fingerprint);
        }
    }
    contract::written(&entries)
}

fn finding(finding: &Finding, paths: &Paths<'_>, files: &Files) -> Option<Entry> {
    let (path, line) = match primary::of(finding, files)? {
        Primary::App(origin) => (origin.path.clone(), u64::from(origin.line.max(1))),
        Primary::At(loc) => {
            let place = Range::of(files, loc);
            (place.path, place.start.line as u64)
        }
    };
    let keys = sarif::first_of(finding.keys.iter().map(|key| plain(&key.address)).collect());
    let edit = remedy::told(finding, files);
    Some(Entry {
        description: format!(
            "{}{}: {keys}. To have one: {edit}",
            paths.within(&finding.unit.path),
            wording::message(finding, files)
        ),
        check_name: RULE,
        fingerprint: fingerprint(finding, files),
        severity: match finding.level {
            Level::Certain => "critical",
            Level::Possible => "major",
            Level::Latent => "info",
        },
        location: location(&path, line, paths),
    })
}

fn exception(exception: &Exception, paths: &Paths<'_>, files: &Files) -> Entry {
    let place = exceptions::place(exception, files);
    let path = files.in_tree(&place.path);
    let user = exception.user.as_deref().unwrap_or_default();
    let expires = exception.expires.to_string();
    Entry {
        description: exceptions::sentence(exception),
        check_name: "exception",
        fingerprint: hash(["exception", &path, user, &exception.owner, &expires].into_iter()),
        severity: if exception.state == ExceptionState::InForce { "info" } else { "minor" },
        location: location(&place.path, place.start.line as u64, paths),
    }
}

fn problem(problem: &Problem, paths: &Paths<'_>, files: &Files) -> Entry {
    let place = Range::of_place(files, &problem.place);
    Entry {
        description: format!("not decided: {}", plain(&problem.reason)),
        check_name: problem.kind.name(),
        fingerprint: hash([problem.kind.name(), &files.in_tree(&place.path), &problem.reason].into_iter()),
        severity: "major",
        location: location(&place.path, place.start.line as u64, paths),
    }
}

fn location(path: &str, line: u64, paths: &Paths<'_>) -> Location {
    Location { path: paths.path(path), lines: Lines { begin: line } }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::Outcome;
    use crate::problem::{Place, ProblemKind};

    fn entries(files: &Files, outcome: &Outcome) -> Vec<Value> {
        serde_json::from_str(&render(&report(files, outcome))).unwrap()
    }

    #[test]
    fn a_finding_is_an_entry_with_all_that_gitlab_asks_for() {
        let (files, outcome) = two_keys();
        let all = entries(&files, &outcome);
        assert_eq!(all.len(), 1);
        let entry = &all[0];
        assert_eq!(entry["location"], json!({ "path": "infra/main.tf", "lines": { "begin": 5 } }));
        assert_eq!((&entry["check_name"], &entry["severity"]), (&json!(RULE), &json!("critical")));
        let fingerprint = fingerprint(&outcome.findings[0], &files);
        assert_eq!(entry["fingerprint"], fingerprint.as_str());
        let said = entry["description"].as_str().unwrap();
        assert!(said.contains("aws_iam_access_key.a and aws_iam_access_key.b. To have one: "), "{said}");
    }

    #[test]
    fn no_two_entries_have_one_fingerprint_and_what_is_not_decided_is_one() {
        let (files, mut outcome) = two_keys();
        outcome.findings = vec![outcome.findings[0].clone(); 3];
        let problem = |kind| Problem::new(kind, Place::Path("x.tf".into()), "r");
        outcome.incomplete = vec![problem(ProblemKind::RemoteModule), problem(ProblemKind::Syntax)];
        let all = entries(&files, &outcome);
        let mut prints: Vec<&str> = all.iter().map(|e| e["fingerprint"].as_str().unwrap()).collect();
        assert_eq!(prints.len(), 4, "a warning is none");
        prints.sort_unstable();
        prints.dedup();
        assert_eq!(prints.len(), 4);
    }

    #[test]
    fn hostile_text_is_escaped_and_a_clean_run_is_an_empty_list() {
        let (files, outcome) = hostile();
        let text = render(&report(&files, &outcome));
        assert!(!text.chars().any(|c| c != '\n' && super::super::plain::is_unsafe(c)), "{text}");
        assert_eq!(render(&report(&files, &Outcome::default())), "[]\n");
    }
}
