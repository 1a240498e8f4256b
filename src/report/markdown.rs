//! `check` as Markdown, for the summary of a job and for comments.
//!
//! Answers: does the control hold, and if not, which line is changed? A headline that is right for findings, for only
//! `latent` ones, and for an incomplete answer; a table, surest first, with a link to each place. Text of scanned files is
//! written in character references, so that it is neither markup nor a mention, and makes no row.
//! Source: GitHub Flavored Markdown Spec, "Tables", "Autolinks (extension)".

use super::place::Range;
use super::plain::plain;
use super::primary::{self, Primary};
use super::{Report, exceptions, remedy, sarif, wording};
use crate::judge::finding::{Finding, Level, Standing};

/// How many rows a table has; a comment holds 65,536 characters.
const ROWS: usize = 100;
/// How many keys are named in a row.
const KEYS: usize = 10;

/// The headline, the closing sentence, the table, what was not decided.
pub fn render(report: &Report<'_>) -> String {
    let (verdict, rest) = wording::closing(report);
    let sentence = text(&wording::capital(&format!("{verdict}{rest}")));
    let mut out = format!("### {}\n\n{sentence}.\n", headline(report));
    let mut findings: Vec<&Finding> = report.findings().collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    if !findings.is_empty() {
        out.push_str(
            "\n| Level | Deployment | Finding | To have one key | Keys |\n| --- | --- | --- | --- | --- |\n",
        );
        let rows = findings.iter().take(ROWS).map(|finding| row(finding, report));
        out.extend(rows);
        out.push_str(&more(findings.len(), ROWS, "finding"));
    }
    let open = &report.outcome.incomplete;
    if !open.is_empty() {
        out.push_str("\n**Not decided**\n\n");
        let mut sorted: Vec<_> = open.iter().collect();
        sorted.sort_by_key(|problem| !problem.kind.fails());
        for problem in sorted.iter().take(ROWS) {
            let place = Range::of_place(report.files, &problem.place);
            let word = if problem.kind.fails() { "error" } else { "warning" };
            let at = link(&place.path, place.start.line as u64, report);
            out.push_str(&format!("- {word}: {at}: {}\n", text(&problem.reason)));
        }
        out.push_str(&more(open.len(), ROWS, "entry"));
    }
    let exceptions = &report.outcome.exceptions;
    if !exceptions.is_empty() {
        out.push_str("\n**Exceptions**\n\n");
        for exception in exceptions.iter().take(ROWS) {
            let place = exceptions::place(exception, report.files);
            let at = link(&place.path, place.start.line as u64, report);
            let (word, said) = (exceptions::word(exception.state), text(&exceptions::sentence(exception)));
            out.push_str(&format!("- {word}: {at}: {said}\n"));
        }
        out.push_str(&more(exceptions.len(), ROWS, "exception"));
    }
    out
}

fn headline(report: &Report<'_>) -> String {
    let [certain, possible] = [Level::Certain, Level::Possible].map(|level| report.shown(level));
    let incomplete = report.outcome.incomplete.iter().any(|p| p.kind.fails());
    let open = if incomplete { ", and the answer is incomplete" } else { "" };
    match (certain, possible) {
        (0, 0) if incomplete => "lonekey: the answer is incomplete".into(),
        (0, 0) if report.outcome.summary.keys == 0 => "lonekey: no access key was found".into(),
        // Of levels that are not shown the sentence below has the numbers.
        (0, 0) if report.hidden().iter().any(|(level, _)| *level > Level::Latent) => {
            "lonekey: nothing is certain".into()
        }
        (0, 0) if report.outcome.findings.iter().any(|f| f.standing != Standing::Open) => {
            "lonekey: no open finding".into()
        }
        (0, 0) if report.outcome.findings.is_empty() => "lonekey: no user has two active access keys".into(),
        (0, 0) => "lonekey: no user gets two active access keys with the inputs as supplied".into(),
        (0, n) => format!("lonekey: {} can get two active access keys{open}", users(n)),
        (n, _) => format!(
            "lonekey: {} two active access keys{open}",
            match n {
                1 => "1 IAM user gets".into(),
                n => format!("{} get", users(n)),
            }
        ),
    }
}

fn users(n: usize) -> String {
    format!("{n} IAM {}", wording::plural(n as u64, "user"))
}

fn row(finding: &Finding, report: &Report<'_>) -> String {
    let files = report.files;
    let at = match primary::of(finding, files) {
        Some(Primary::App(origin)) => link(&origin.path, u64::from(origin.line.max(1)), report),
        Some(Primary::At(loc)) => {
            let place = Range::of(files, loc);
            link(&place.path, place.start.line as u64, report)
        }
        None => String::new(),
    };
    let mut keys: Vec<String> = Vec::new();
    for key in finding.keys.iter().take(KEYS) {
        let place = Range::of(files, key.location);
        keys.push(format!("{} {}", code(&key.address), link(&place.path, place.start.line as u64, report)));
    }
    if finding.keys.len() > KEYS {
        keys.push(format!("{} more", finding.keys.len() - KEYS));
    }
    format!(
        "| {} | {} | {} | {at}: {} | {} |\n",
        finding.level.name(),
        code(&files.in_tree(&finding.unit.path)),
        text(&wording::message(finding, files)),
        text(&remedy::told(finding, files)),
        keys.join("<br>")
    )
}

fn more(all: usize, shown: usize, word: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        1 => format!("\n1 more {word} is in the other formats.\n"),
        n => {
            let words = if word == "entry" { "entries".into() } else { wording::plural(n as u64, word) };
            format!("\n{n} more {words} are in the other formats.\n")
        }
    }
}

/// The place, as a link where its file is in the work tree.
fn link(path: &str, line: u64, report: &Report<'_>) -> String {
    let path = report.files.in_tree(path);
    let shown = code(&format!("{path}:{line}"));
    if path.starts_with('/') || path.contains(":/") {
        return shown;
    }
    let host = report.host.files.as_deref().unwrap_or_default();
    format!("[{shown}]({host}{}#L{line})", sarif::uri(&path))
}

/// A line of text that is no markup.
pub(super) fn heading(line: &str) -> String {
    text(line)
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text, false))
}

fn text(text: &str) -> String {
    escaped(text, true)
}

/// The text with character references for what could be markup. In prose, what makes a name a mention or an address a
/// link after that is kept from it by a space without width.
fn escaped(text: &str, prose: bool) -> String {
    let text = plain(text);
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        match c {
            // Between letters it emphasizes nothing.
            '_' if before.is_ascii_alphanumeric() && next.is_ascii_alphanumeric() => out.push(c),
            '@' | '#' => {
                out.push_str(&format!("&#{};", u32::from(c)));
                if prose {
                    out.push_str("&#8203;");
                }
            }
            ':' if next == '/' => out.push_str("&#58;&#8203;"),
            'w' | 'W' if next.eq_ignore_ascii_case(&'w') => out.push_str(&format!("&#{};", u32::from(c))),
            '&' | '<' | '>' | '|' | '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '$' | '!' | '{' | '}' => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            _ => out.push(c),
        }
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Host;
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::Outcome;
    use crate::problem::{Place, Problem, ProblemKind};
    use crate::source::Files;

    fn first_line(files: &Files, outcome: &Outcome) -> String {
        render(&report(files, outcome)).lines().next().unwrap().to_owned()
    }

    #[test]
    fn a_finding_is_a_row_with_links() {
        let (files, outcome) = two_keys();
        let text = render(&report(&files, &outcome));
        assert!(
            text.starts_with("### lonekey: 1 IAM user gets two active access keys\n\n1 certain in "),
            "{text}"
        );
        let at = "[<code>infra/main.tf:5</code>](infra/main.tf#L5)";
        let row = format!(
            "| certain | <code>infra</code> | IAM user \"deploy\" gets 2 active access keys | {at}: "
        );
        assert!(text.contains(&row), "{text}");
        let key = format!("| <code>aws_iam_access_key.a</code> {at}<br>");
        assert!(text.contains(&key), "{text}");
        let host = Host { files: Some("https://h/r/blob/c/".into()), ..Host::default() };
        let text = render(&Report { host: &host, ..report(&files, &outcome) });
        assert!(text.contains("](https://h/r/blob/c/infra/main.tf#L11)"), "{text}");
    }

    #[test]
    fn the_headline_is_right_in_each_situation() {
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).level = Level::Possible;
        assert_eq!(first_line(&files, &outcome), "### lonekey: 1 IAM user can get two active access keys");
        the_finding(&mut outcome).level = Level::Latent;
        let latent = "### lonekey: no user gets two active access keys with the inputs as supplied";
        assert_eq!(first_line(&files, &outcome), latent);
        the_finding(&mut outcome).shown = false;
        let hidden = render(&report(&files, &outcome));
        assert!(hidden.starts_with(latent) && !hidden.contains("| latent"), "{hidden}");
        outcome.incomplete = vec![Problem::new(ProblemKind::Syntax, Place::Path("x.tf".into()), "a|b")];
        assert_eq!(first_line(&files, &outcome), "### lonekey: the answer is incomplete");
        let listed = "- error: [<code>x.tf:1</code>](x.tf#L1): a&#124;b\n";
        assert!(render(&report(&files, &outcome)).contains(listed));
        the_finding(&mut outcome).level = Level::Certain;
        the_finding(&mut outcome).shown = true;
        assert_eq!(
            first_line(&files, &outcome),
            "### lonekey: 1 IAM user gets two active access keys, and the answer is incomplete"
        );
        outcome.findings.clear();
        outcome.incomplete.clear();
        assert_eq!(first_line(&files, &outcome), "### lonekey: no user has two active access keys");
        assert_eq!(first_line(&files, &Outcome::default()), "### lonekey: no access key was found");
    }

    #[test]
    fn what_is_scanned_is_no_markup() {
        assert_eq!(text("a|b`c<img src=x>"), "a&#124;b&#96;c&#60;img src=x&#62;");
        assert_eq!(text("@acme/team #1"), "&#64;&#8203;acme/team &#35;&#8203;1");
        assert_eq!(text("https://x www.x"), "https&#58;&#8203;//x &#119;&#119;w.x");
        assert_eq!(text("aws_iam_x _y_"), "aws_iam_x &#95;y&#95;");
        assert_eq!(text("[a](b) ![x](y)"), "&#91;a&#93;(b) &#33;&#91;x&#93;(y)");
        let (files, outcome) = hostile();
        let all = render(&report(&files, &outcome));
        assert_harmless(&all);
        let rows: Vec<&str> = all.lines().filter(|line| line.starts_with("| possible")).collect();
        assert_eq!(rows.len(), 1, "{all}");
        assert_eq!(rows[0].matches(" | ").count(), 4, "{all}");
        assert!(!all.contains("](http"), "{all}");
    }

    #[test]
    fn rows_past_a_limit_are_counted() {
        let (files, mut outcome) = two_keys();
        outcome.findings = vec![outcome.findings[0].clone(); ROWS + 7];
        let text = render(&report(&files, &outcome));
        assert_eq!(text.matches("| certain |").count(), ROWS);
        assert!(text.contains("\n7 more findings are in the other formats.\n"), "{text}");
    }
}
