//! `check` as JUnit XML, which most build servers draw as tests.
//!
//! Answers: which test fails, and why? A case a finding: `certain` and `possible` ones fail, a `latent` one is skipped,
//! since nothing that is supplied leads to it, and so is what an exception covers or is known from before. What keeps the answer from being complete is an error. Where nothing fails
//! there is one case that passes, so that a run is never taken for one without tests.
//! Source: the Jenkins xUnit schema; XML 1.0 (5th edition), production 2 (which characters a document may hold).

use super::place::Range;
use super::plain::{plain, without_commands};
use super::primary::{self, Primary};
use super::{RULE, Report, exceptions, remedy, trees, wording};
use crate::judge::finding::{Finding, Level};
use crate::source::Files;

/// One suite, or one for each work tree, under its name.
pub fn render(report: &Report<'_>) -> String {
    let parts = trees::parts(report.outcome, report.files);
    let suites: Vec<Suite> = match parts.as_slice() {
        [] => vec![suite(report, RULE)],
        parts => parts.iter().map(|(name, part)| suite(&Report { outcome: part, ..*report }, name)).collect(),
    };
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let (tests, failures, errors) = (sum(|s| s.tests), sum(|s| s.failures), sum(|s| s.errors));
    let text: String = suites.iter().map(|suite| suite.text.as_str()).collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"lonekey\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n\
         {text}</testsuites>\n"
    );
    without_commands(&document)
}

struct Suite {
    tests: usize,
    failures: usize,
    errors: usize,
    text: String,
}

fn suite(report: &Report<'_>, name: &str) -> Suite {
    let files = report.files;
    let mut cases: Vec<String> = report.findings().map(|f| finding(f, files)).collect();
    let failures = cases.len() - report.shown(Level::Latent);
    let approved = report.approved().count();
    let known = report.known().count();
    let skipped = report.shown(Level::Latent) + approved + known;
    cases.extend(
        report.approved().map(|(f, exception)| skipped_for(f, &exceptions::sentence(exception), files)),
    );
    cases.extend(report.known().map(|f| skipped_for(f, &self::known(f, files), files)));
    let failing = report.outcome.incomplete.iter().filter(|p| p.kind.fails());
    let problems: Vec<String> = failing
        .map(|problem| {
            let place = Range::of_place(files, &problem.place);
            let at = format!("{}:{}", files.in_tree(&place.path), place.start.line);
            let (kind, reason) = (problem.kind.name(), text(&problem.reason));
            let error = format!("<error type=\"{kind}\" message=\"{reason}\"/>");
            case(&format!("not decided: {at}"), (&place.path, place.start.line as u64), files, &error)
        })
        .collect();
    let errors = problems.len();
    cases.extend(problems);
    let (verdict, rest) = wording::closing(report);
    if failures == 0 && errors == 0 {
        let name = text(&verdict);
        cases.push(format!("    <testcase classname=\"lonekey\" name=\"{name}\"/>\n"));
    }
    let tests = cases.len();
    let text = format!(
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\">\n{}    <system-out>{}</system-out>\n  </testsuite>\n",
        text(name),
        cases.concat(),
        out(&format!("{verdict}{rest}\n{}", exceptions::lines(report)))
    );
    Suite { tests, failures, errors, text }
}

/// Lines of text.
fn out(lines: &str) -> String {
    lines.lines().map(text).collect::<Vec<_>>().join("\n")
}

/// A finding that does not fail is a test that is skipped, for this reason.
fn skipped_for(finding: &Finding, reason: &str, files: &Files) -> String {
    let (path, line) = place(finding, files);
    case(&name(finding, files), (&path, line), files, &format!("<skipped message=\"{}\"/>", text(reason)))
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

fn finding(finding: &Finding, files: &Files) -> String {
    let message = wording::message(finding, files);
    if finding.level == Level::Latent {
        return skipped_for(finding, &message, files);
    }
    let (path, line) = place(finding, files);
    let message = text(&message);
    let mut lines = vec![format!("to have one: {}", remedy::told(finding, files))];
    for key in &finding.keys {
        let place = Range::of(files, key.location);
        lines.push(format!("{}:{}: {}", files.in_tree(&place.path), place.start.line, key.address));
    }
    let lines: Vec<String> = lines.iter().map(|line| text(line)).collect();
    let (level, lines) = (finding.level.name(), lines.join("\n"));
    let failure = format!("<failure type=\"{level}\" message=\"{message}\">{lines}</failure>");
    case(&name(finding, files), (&path, line), files, &failure)
}

/// A case that did not pass, with the element that says so.
fn case(name: &str, (path, line): (&str, u64), files: &Files, outcome: &str) -> String {
    format!(
        "    <testcase classname=\"lonekey\" name=\"{}\" file=\"{}\" line=\"{line}\">\n      {outcome}\n    </testcase>\n",
        text(name),
        text(&files.in_tree(path))
    )
}

/// The text as content or between double quotes, of characters that XML 1.0 has.
fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // The only characters that are no control and not in production 2.
            '\u{fffe}' | '\u{ffff}' => out.push('?'),
            c => out.push(c),
        }
    }
    out
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
            "<testsuites name=\"lonekey\" tests=\"1\" failures=\"1\" errors=\"0\">",
            "name=\"infra: IAM user &quot;deploy&quot;\" file=\"infra/main.tf\" line=\"5\">",
            "<failure type=\"certain\" message=\"IAM user &quot;deploy&quot; gets 2 active access keys\">to have one: ",
            "\ninfra/main.tf:11: aws_iam_access_key.b</failure>",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
    }

    #[test]
    fn a_clean_run_has_a_case_that_passes_and_an_incomplete_one_has_none() {
        let clean = render(&report(&files(), &Outcome::default()));
        assert!(clean.contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\""), "{clean}");
        assert!(
            clean.contains("<testcase classname=\"lonekey\" name=\"no access key was found\"/>"),
            "{clean}"
        );
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).level = Level::Latent;
        let latent = render(&report(&files, &outcome));
        assert!(latent.contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""), "{latent}");
        outcome.incomplete = vec![Problem::new(ProblemKind::Syntax, Place::Path("x.tf".into()), "a < b")];
        let open = render(&report(&files, &outcome));
        assert!(open.contains("tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"1\""), "{open}");
        assert!(open.contains("<error type=\"syntax\" message=\"a &lt; b\"/>"), "{open}");
    }

    #[test]
    fn what_is_known_from_before_is_skipped() {
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).standing = Standing::Known;
        let text = render(&report(&files, &outcome));
        assert!(text.contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\""), "{text}");
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
