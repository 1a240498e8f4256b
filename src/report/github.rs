//! `check` as GitHub Actions workflow commands, which become annotations.
//!
//! Answers: which line of which file is annotated, and with what? What fails the run is an error. One annotation a finding, on its [`super::primary`]
//! place, most severe first, since GitHub shows ten of a kind a step and drops the rest without a word. The keys are
//! named in the message. Paths are those of the work tree; of several work trees, those from the working directory. Nothing of a scanned file can begin a command.
//! Source: GitHub, "Workflow commands for GitHub Actions"; the escapes are those of its own toolkit.

use super::place::Range;
use super::plain::plain;
use super::primary::{self, Primary};
use super::trees::Paths;
use super::wording;
use super::{RULE, Report, exceptions, remedy, sarif};
use crate::judge::finding::{ExceptionState, Finding, FoundKey, Level};
use crate::problem::Problem;
use crate::source::Files;

/// The commands, then one plain line.
pub fn render(report: &Report<'_>) -> String {
    let Report { outcome, files, .. } = report;
    let paths = &Paths::of(outcome, files);
    let mut out = String::new();
    for level in [Level::Certain, Level::Possible, Level::Latent] {
        for finding in report.findings().filter(|f| f.level == level) {
            out.push_str(&annotation(finding, paths, files));
        }
    }
    for problem in outcome.incomplete.iter().filter(|p| p.kind.fails()) {
        out.push_str(&incomplete(problem, paths, files));
    }
    for exception in &outcome.exceptions {
        let command = if exception.state == ExceptionState::InForce { "notice" } else { "warning" };
        let at = position(&exceptions::place(exception, files), paths);
        out.push_str(&written(command, &at, "exception", &exceptions::sentence(exception)));
    }
    out + &closing(report)
}

fn annotation(finding: &Finding, paths: &Paths<'_>, files: &Files) -> String {
    let command = match finding.level {
        _ if finding.fails => "error",
        Level::Certain | Level::Possible => "warning",
        Level::Latent => "notice",
    };
    let Some(primary) = primary::of(finding, files) else { return String::new() };
    let title = format!("{}: {RULE}", finding.level.name());
    let named = |key: &FoundKey| {
        let place = Range::first_line(files, key.location);
        let at = format!(" ({}:{})", plain(&files.in_tree(&place.path)), place.start.line);
        let here = primary == Primary::At(key.location);
        format!("{}{}", plain(&key.address), if here { "" } else { &at })
    };
    let position = match primary {
        Primary::App(origin) => {
            let column = origin.column.map_or(String::new(), |column| format!(",col={column}"));
            format!("file={},line={}{column}", property(&paths.path(&origin.path)), origin.line)
        }
        Primary::At(loc) => position(&Range::first_line(files, loc), paths),
    };
    let names = finding.keys.iter().map(named).collect();
    let within = paths.within(&finding.unit.path);
    let mut message = format!("{within}{}: {}", wording::message(finding, files), sarif::first_of(names));
    message.push_str(&format!(". Fix: {}", plain(&remedy::told(finding, files))));
    let notes =
        wording::notes(finding).into_iter().map(|note| format!(". {}", plain(&note).trim_end_matches('.')));
    message.extend(notes);
    written(command, &position, &title, &message)
}

fn incomplete(problem: &Problem, paths: &Paths<'_>, files: &Files) -> String {
    let command = if problem.excused { "warning" } else { "error" };
    let place = Range::of_place(files, &problem.place);
    let path = paths.path(&place.path);
    let (line, column) = (place.start.line, place.start.column);
    let message = format!("{}:{line}:{column}: {}", plain(&path), plain(&problem.reason));
    let at = format!("file={},line={line},col={column}", property(&path));
    written(command, &at, &format!("not decided: {}", problem.kind.name()), &message)
}

fn position(place: &Range, paths: &Paths<'_>) -> String {
    format!(
        "file={},line={},endLine={},col={},endColumn={}",
        property(&paths.path(&place.path)),
        place.start.line,
        place.end.line,
        place.start.column,
        place.end.column
    )
}

fn written(command: &str, position: &str, title: &str, message: &str) -> String {
    format!("::{command} {position},title={}::{}\n", property(title), data(message))
}

/// The text as a command's message.
fn data(text: &str) -> String {
    plain(text).replace("##[", "##?").replace('%', "%25")
}

/// The text as a property's value.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

fn closing(report: &Report<'_>) -> String {
    let (verdict, rest) = wording::closing(report);
    format!("lonekey: {verdict}{rest}\n")
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::{Origin, Outcome};
    use crate::problem::{Place, ProblemKind};

    #[test]
    fn the_first_key_is_annotated_and_the_other_named() {
        let (files, outcome) = two_keys();
        let expected = "::error file=infra/main.tf,line=5,endLine=5,col=1,endColumn=34,\
            title=certain%3A multiple-active-access-keys::IAM user \"deploy\" gets 2 active access keys: \
            aws_iam_access_key.a and aws_iam_access_key.b (infra/main.tf:11). Fix: remove aws_iam_access_key.a (infra/main.tf:5) or aws_iam_access_key.b (infra/main.tf:11), or set `status = \"Inactive\"` on one of them\n\
            lonekey: 1 certain in 1 deployment (2 keys of 1 user)\n";
        assert_eq!(render(&report(&files, &outcome)), expected);
    }

    #[test]
    fn the_most_severe_comes_first_and_failing_gaps_last() {
        let (files, mut outcome) = two_keys();
        let level = |level, fails| Finding { level, fails, ..outcome.findings[0].clone() };
        outcome.findings =
            vec![level(Level::Latent, false), level(Level::Certain, true), level(Level::Possible, true)];
        let problem = |kind| Problem::new(kind, Place::Path("m/x.tf".into()), "100% broken");
        outcome.incomplete = vec![problem(ProblemKind::RemoteModule), problem(ProblemKind::Syntax)];
        let text = render(&report(&files, &outcome));
        let commands = |text: &str| -> Vec<String> {
            text.lines().filter_map(|l| Some(l.split(' ').next()?.trim_matches(':').to_string())).collect()
        };
        assert_eq!(commands(&text), ["error", "error", "notice", "error", "lonekey"]);
        outcome.findings.iter_mut().for_each(|finding| finding.fails = finding.level == Level::Latent);
        outcome.incomplete.iter_mut().for_each(|problem| problem.excused = true);
        let fewer = commands(&render(&report(&files, &outcome)));
        assert_eq!(fewer, ["warning", "warning", "error", "warning", "lonekey"]);
        assert!(
            text.contains("file=m/x.tf,line=1,col=1,title=not decided%3A syntax::m/x.tf:1:1: 100%25 broken")
        );
    }

    #[test]
    fn a_generated_key_is_annotated_where_the_app_creates_it() {
        let (files, mut outcome) = two_keys();
        let origin = |exists| {
            Some(Origin {
                path: "bin/app.ts".into(),
                line: 7,
                column: Some(3),
                exists,
                at: None,
                callers: Vec::new(),
            })
        };
        the_finding(&mut outcome).keys[0].origin = origin(true);
        let text = render(&report(&files, &outcome));
        assert!(text.starts_with("::error file=bin/app.ts,line=7,col=3,title="), "{text}");
        assert!(text.contains("aws_iam_access_key.a (infra/main.tf:5) and"), "{text}");
        the_finding(&mut outcome).keys[0].origin = origin(false);
        assert!(render(&report(&files, &outcome)).starts_with("::error file=infra/main.tf,line=5,"));
    }

    #[test]
    fn a_path_cannot_add_properties() {
        let files = files();
        let file = insert(&files, "a,line=9::b%.tf", "key\n");
        let found = certain(vec![key("a", at(&files, file, "key", 0))]);
        let text = render(&report(&files, &outcome(found)));
        assert!(text.starts_with("::error file=a%2Cline=9%3A%3Ab%25.tf,line=1,"), "{text}");
    }

    #[test]
    fn nothing_scanned_begins_a_command() {
        let (files, outcome) = hostile();
        let text = render(&report(&files, &outcome));
        let commands = text.lines().filter(|l| l.starts_with("::")).count();
        assert_eq!((commands, text.lines().count()), (2, 3), "{text}");
        for line in text.lines() {
            assert_harmless(line.trim_start_matches(':'));
        }
    }

    #[test]
    fn a_clean_run_is_one_plain_line() {
        let text = render(&report(&files(), &Outcome::default()));
        assert_eq!(text, "lonekey: no access key was found\n");
    }
}
