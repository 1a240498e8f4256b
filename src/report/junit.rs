//! `check` as JUnit XML, which most build servers draw as tests.
//!
//! Answers: which test fails, and why? A case a finding: `certain` and `possible` ones fail, a `latent` one is skipped,
//! since nothing that is supplied leads to it, and so is what an exception covers or is known from before. What keeps
//! the answer from being complete is an error. Where nothing fails there is one case that passes, so that a run is
//! never taken for one without tests.
//! `quick_junit` counts, escapes, and leaves out what XML 1.0 does not have. Where a case is edited stands in `file` and
//! `line`, which are in no schema and are read by GitLab.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::place::Range;
use super::plain::{plain, without_commands};
use super::primary::{self, Primary};
use super::{RULE, Report, exceptions, remedy, trees, wording};
use crate::judge::finding::{Finding, Level};
use crate::source::Files;

/// One suite, or one for each work tree, under its name.
pub fn render(report: &Report<'_>) -> String {
    let parts = trees::parts(report.outcome, report.files);
    let mut document = quick_junit::Report::new("lonekey");
    match parts.as_slice() {
        [] => document.add_test_suite(suite(report, RULE)),
        parts => document.add_test_suites(
            parts.iter().map(|(name, part)| suite(&Report { outcome: part, ..*report }, name)),
        ),
    };
    // Writing to memory does not fail.
    without_commands(&document.to_string().unwrap_or_default())
}

fn suite(report: &Report<'_>, name: &str) -> TestSuite {
    let files = report.files;
    let mut suite = TestSuite::new(plain(name));
    suite.add_test_cases(report.findings().map(|f| finding(f, files)));
    suite.add_test_cases(
        report.approved().map(|(f, exception)| skipped_for(f, &exceptions::sentence(exception), files)),
    );
    suite.add_test_cases(report.known().map(|f| skipped_for(f, &known(f, files), files)));
    let failing = report.outcome.incomplete.iter().filter(|p| p.kind.fails());
    suite.add_test_cases(failing.map(|problem| {
        let place = Range::of_place(files, &problem.place);
        let at = format!("{}:{}", files.in_tree(&place.path), place.start.line);
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type(problem.kind.name()).set_message(plain(&problem.reason));
        case(&format!("not decided: {at}"), (&place.path, place.start.line as u64), files, status)
    }));
    let (verdict, rest) = wording::closing(report);
    if suite.failures + suite.errors == 0 {
        let mut passes = TestCase::new(plain(&verdict), TestCaseStatus::success());
        passes.set_classname("lonekey");
        suite.add_test_case(passes);
    }
    let out = format!("{verdict}{rest}\n{}", exceptions::lines(report));
    suite.set_system_out(lines(out.trim_end().lines()));
    suite
}

/// Lines of text.
fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(plain).collect::<Vec<_>>().join("\n")
}

/// A finding that does not fail is a test that is skipped, for this reason.
fn skipped_for(finding: &Finding, reason: &str, files: &Files) -> TestCase {
    let (path, line) = place(finding, files);
    let mut status = TestCaseStatus::skipped();
    status.set_message(plain(reason));
    case(&name(finding, files), (&path, line), files, status)
}

/// Why a finding of before does not fail.
fn known(finding: &Finding, files: &Files) -> String {
    format!("known from before: {}", wording::message(finding, files))
}

/// Two deployments of one user are two tests.
fn name(finding: &Finding, files: &Files) -> String {
    format!("{}: {}", plain(&files.in_tree(&finding.unit.path)), wording::who(&finding.user))
}

/// Where it is edited.
fn place(finding: &Finding, files: &Files) -> (String, u64) {
    match primary::of(finding, files) {
        Some(Primary::App(origin)) => (origin.path.clone(), u64::from(origin.line)),
        Some(Primary::At(loc)) => {
            let place = Range::of(files, loc);
            (place.path, place.start.line as u64)
        }
        None => (finding.unit.path.clone(), 1),
    }
}

fn finding(finding: &Finding, files: &Files) -> TestCase {
    let message = wording::message(finding, files);
    if finding.level == Level::Latent {
        return skipped_for(finding, &message, files);
    }
    let mut told = vec![format!("to have one: {}", remedy::told(finding, files))];
    for key in &finding.keys {
        let place = Range::of(files, key.location);
        told.push(format!("{}:{}: {}", files.in_tree(&place.path), place.start.line, key.address));
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(finding.level.name()).set_message(plain(&message));
    status.set_description(lines(told.iter().map(String::as_str)));
    let (path, line) = place(finding, files);
    case(&name(finding, files), (&path, line), files, status)
}

/// A case that did not pass, with where it is edited.
fn case(name: &str, (path, line): (&str, u64), files: &Files, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(plain(name), status);
    case.set_classname("lonekey");
    case.extra.insert("file".into(), plain(&files.in_tree(path)).into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::{Outcome, Standing};
    use crate::problem::{Place, Problem, ProblemKind};

    #[test]
    fn a_finding_is_a_case_that_fails_with_its_keys() {
        let (files, outcome) = two_keys();
        let text = render(&report(&files, &outcome));
        for part in [
            "<testsuites name=\"lonekey\" tests=\"1\" skipped=\"0\" failures=\"1\" errors=\"0\">",
            "name=\"infra: IAM user &quot;deploy&quot;\" classname=\"lonekey\" file=\"infra/main.tf\" line=\"5\">",
            "<failure message=\"IAM user &quot;deploy&quot; gets 2 active access keys\" type=\"certain\">to have one: ",
            "\ninfra/main.tf:11: aws_iam_access_key.b</failure>",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }

    #[test]
    fn a_clean_run_has_a_case_that_passes_and_an_incomplete_one_has_none() {
        let clean = render(&report(&files(), &Outcome::default()));
        assert!(clean.contains("tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"0\""), "{clean}");
        assert!(
            clean.contains("<testcase name=\"no access key was found\" classname=\"lonekey\"/>"),
            "{clean}"
        );
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).level = Level::Latent;
        let latent = render(&report(&files, &outcome));
        assert!(latent.contains("tests=\"2\" skipped=\"1\" errors=\"0\" failures=\"0\""), "{latent}");
        outcome.incomplete = vec![Problem::new(ProblemKind::Syntax, Place::Path("x.tf".into()), "a < b")];
        let open = render(&report(&files, &outcome));
        assert!(open.contains("tests=\"2\" skipped=\"1\" errors=\"1\" failures=\"0\""), "{open}");
        assert!(open.contains("<error message=\"a &lt; b\" type=\"syntax\"/>"), "{open}");
    }

    #[test]
    fn what_is_known_from_before_is_skipped() {
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).standing = Standing::Known;
        let text = render(&report(&files, &outcome));
        assert!(text.contains("tests=\"2\" skipped=\"1\" errors=\"0\" failures=\"0\""), "{text}");
        let message = "known from before: IAM user &quot;deploy&quot; gets 2 active access keys";
        assert!(text.contains(&format!("<skipped message=\"{message}\"/>")), "{text}");
    }

    #[test]
    fn hostile_text_ends_no_element() {
        let (files, mut outcome) = hostile();
        the_finding(&mut outcome).user.name = Some("</testcase>\"&\u{fffe}\u{1}\u{ffff}]]>".into());
        let text = render(&report(&files, &outcome));
        assert_eq!(text.matches("</testcase>").count(), 2, "{text}");
        assert!(text.contains("IAM user &quot;&lt;/testcase&gt;\\&quot;&amp;???]]&gt;&quot;"), "{text}");
        assert_harmless(&text);
    }
}
