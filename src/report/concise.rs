//! `check` with one line a finding, for editors, hooks and problem matchers.
//!
//! Answers: on which line is something to be edited, and what? `path:line:column: level: sentence; edit`, findings in the
//! outcome's order, then what was not decided in the same form, then one line to close. Paths are as people are shown
//! them, so that a terminal can open them. Nothing of a scanned file can begin a line or a command.

use super::place::Range;
use super::plain::{plain, without_commands};
use super::primary::{self, Primary};
use super::{RULE, Report, exceptions, remedy, wording};
use crate::judge::finding::Finding;
use crate::source::Files;

/// The lines.
pub fn render(report: &Report<'_>) -> String {
    let mut out: String = report.findings().map(|f| finding(f, report.files)).collect();
    out.push_str(&problems(report));
    out.push_str(&exceptions::lines(report));
    let (verdict, rest) = wording::closing(report);
    out.push_str(&format!("lonekey: {verdict}{rest}\n"));
    without_commands(&out)
}

fn finding(finding: &Finding, files: &Files) -> String {
    let place = match primary::of(finding, files) {
        Some(Primary::At(loc)) => Range::of(files, loc).text(),
        Some(Primary::App(origin)) => {
            format!("{}:{}:{}", origin.path, origin.line.max(1), origin.column.unwrap_or(1).max(1))
        }
        None => return String::new(),
    };
    let (level, message) = (finding.level.name(), wording::message(finding, files));
    let edit = remedy::sentence(finding, files);
    format!("{}: {level}: {message}; to have one: {edit} [{RULE}]\n", plain(&place))
}

/// What was not decided, one line each; also for formats that have no room for it.
pub fn problems(report: &Report<'_>) -> String {
    let line = |problem: &crate::problem::Problem| {
        let place = Range::of_place(report.files, &problem.place).text();
        let word = if problem.kind.fails() { "error" } else { "warning" };
        format!("{}: {word}: {} [{}]\n", plain(&place), plain(&problem.reason), problem.kind.name())
    };
    without_commands(&report.outcome.incomplete.iter().map(line).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::Outcome;

    #[test]
    fn a_finding_is_one_line_at_what_is_edited() {
        let (files, outcome) = two_keys();
        let text = render(&report(&files, &outcome));
        let expected =
            "infra/main.tf:5:1: certain: IAM user \"deploy\" gets 2 active access keys; to have one: ";
        assert!(text.starts_with(expected), "{text}");
        assert!(
            text.contains(" [multiple-active-access-keys]\nlonekey: 1 certain in 1 deployment ("),
            "{text}"
        );
    }

    #[test]
    fn hostile_text_stays_in_its_line() {
        let (files, outcome) = hostile();
        let text = render(&report(&files, &outcome));
        assert_eq!(text.lines().count(), 3, "{text}");
        assert_harmless(&text);
    }

    #[test]
    fn a_clean_run_is_one_line() {
        assert_eq!(render(&report(&files(), &Outcome::default())), "lonekey: no access key was found\n");
    }

    #[test]
    fn the_problem_matchers_read_the_lines_of_their_level() {
        let (files, mut outcome) = two_keys();
        outcome.incomplete = vec![crate::problem::Problem::new(
            crate::problem::ProblemKind::Syntax,
            crate::problem::Place::Path("a:b/x.tf".into()),
            "broken",
        )];
        let text = render(&report(&files, &outcome));
        let json = include_str!("../../.github/lonekey-matcher.json");
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let mut read = Vec::new();
        for matcher in json["problemMatcher"].as_array().unwrap() {
            let pattern = &matcher["pattern"][0];
            let regex = regex::Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
            for found in text.lines().filter_map(|line| regex.captures(line)) {
                let group = |name: &str| found[pattern[name].as_u64().unwrap() as usize].to_owned();
                let place = [group("file"), group("line"), group("column")].join(":");
                read.push((matcher["severity"].as_str().unwrap(), place, group("message")));
            }
        }
        let places: Vec<_> = read.iter().map(|(severity, place, _)| (*severity, place.as_str())).collect();
        assert_eq!(places, [("error", "infra/main.tf:5:1"), ("error", "a:b/x.tf:1:1")]);
        assert!(read[0].2.starts_with("IAM user"), "{read:?}");
        assert_eq!(read[1].2, "broken [syntax]");
    }
}
