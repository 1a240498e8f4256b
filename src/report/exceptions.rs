//! Exceptions: the sentence that every format says of one, and `lonekey exceptions`.
//!
//! Answers: who answers for what, until when, and what is to be done about it? What an exception says is text of a scanned
//! file like any other: harmless, on one line, in every format.

use super::csv::field;
use super::place::Range;
use super::plain::{plain, without_commands};
use super::style::{Paint, Style};
use super::table::table;
use super::wording::{plural, quoted};
use super::{Report, incomplete};
use crate::judge::finding::{Exception, ExceptionKind, ExceptionOrigin, ExceptionState};
use crate::source::Files;

const HEAD: [&str; 7] = ["STATE", "OWNER", "USER", "EXPIRES", "DAYS LEFT", "PLACE", "REASON"];
const CSV: &str = "repository,state,kind,owner,user,path,line,expires,days left,reason\n";

/// One sentence without a full stop: who approved what until when, and what to do where it is no longer so.
pub fn sentence(exception: &Exception) -> String {
    let Exception { owner, reason, expires, days_left, kind, origin, user, state, .. } = exception;
    let what = match kind {
        ExceptionKind::Standing => "the keys",
        ExceptionKind::Rotation => "the rotation of the keys",
    };
    let of = user.as_ref().map_or(String::new(), |user| format!(" of {}", quoted(user)));
    let approved = format!("{} approved {what}{of} until {expires}", plain(owner));
    let days = days_left.unsigned_abs();
    let count = format!("{days} {}", plural(days, "day"));
    let reason = plain(reason);
    match (state, origin) {
        (ExceptionState::InForce | ExceptionState::Expiring, _) => {
            format!("{approved}, {count} left ({reason})")
        }
        (ExceptionState::Expired, _) => {
            format!("{approved}, {count} ago ({reason}); it covers nothing: renew or remove it")
        }
        (ExceptionState::Unused, ExceptionOrigin::Config | ExceptionOrigin::Flag) => {
            format!("{approved} ({reason}), and no finding is of that user and path: correct or remove it")
        }
        (ExceptionState::Unused, _) => {
            format!("{approved} ({reason}), and it is on no key or user with a finding: move or remove it")
        }
    }
}

/// The severity in formats that have words for it.
pub fn word(state: ExceptionState) -> &'static str {
    if state == ExceptionState::InForce { "note" } else { "warning" }
}

/// One line each, with its place.
pub fn lines(report: &Report<'_>) -> String {
    let line = |e: &Exception| {
        format!("{}: {}: {} [exception]\n", plain(&place(e, report.files).text()), word(e.state), sentence(e))
    };
    without_commands(&report.outcome.exceptions.iter().map(line).collect::<String>())
}

/// Where it is written.
pub fn place(exception: &Exception, files: &Files) -> Range {
    Range::first_line(files, exception.location)
}

/// `lonekey exceptions` for people: a table, or a list where the table does not fit.
pub fn render(report: &Report<'_>, style: &Style) -> String {
    let outcome = report.outcome;
    let rows: Vec<[String; 7]> = outcome.exceptions.iter().map(|e| cells(e, report.files)).collect();
    let mut out = String::new();
    if !rows.is_empty() {
        out.push_str(&table(&HEAD, &rows, style).unwrap_or_else(|| list(&rows, style)));
        out.push('\n');
    }
    out.push_str(&incomplete::errors(outcome, report.files, style));
    let of = |state| outcome.exceptions.iter().filter(|e| e.state == state).count();
    let states = [
        (ExceptionState::InForce, "in force"),
        (ExceptionState::Expiring, "expiring"),
        (ExceptionState::Expired, "expired"),
        (ExceptionState::Unused, "unused"),
    ];
    let counts = states.map(|(state, word)| (of(state), word));
    let counts: Vec<String> =
        counts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    out.push_str(&match counts.as_slice() {
        [] => "No exception was found\n".to_owned(),
        counts => {
            let all = outcome.exceptions.len() as u64;
            format!("{all} {}: {}\n", plural(all, "exception"), counts.join(", "))
        }
    });
    without_commands(&out)
}

fn cells(e: &Exception, files: &Files) -> [String; 7] {
    [
        e.state.name().to_owned(),
        plain(&e.owner),
        e.user.as_deref().map_or("-".into(), plain),
        e.expires.to_string(),
        e.days_left.to_string(),
        plain(&place(e, files).text()),
        plain(&e.reason),
    ]
}

fn list(rows: &[[String; 7]], style: &Style) -> String {
    let mut out = String::new();
    for [state, facts @ ..] in rows {
        out.push_str(&format!("{}\n", style.paint(Paint::Bold, state)));
        for (name, fact) in HEAD.iter().skip(1).zip(facts) {
            out.push_str(&style.wrap(&format!("    {:<10}", name.to_lowercase()), fact));
        }
    }
    out
}

/// `lonekey exceptions` as CSV, one row each.
pub fn csv(report: &Report<'_>) -> String {
    let mut out = String::from(CSV);
    let own = || report.host.repository.clone().unwrap_or_else(|| report.files.tree_name());
    for e in &report.outcome.exceptions {
        let at = place(e, report.files);
        let row = [
            report.files.other_tree(&at.path).unwrap_or_else(own),
            e.state.name().to_owned(),
            e.kind.name().to_owned(),
            e.owner.clone(),
            e.user.clone().unwrap_or_default(),
            report.files.in_tree(&at.path),
            at.start.line.to_string(),
            e.expires.to_string(),
        ];
        let texts = row.map(|cell| field(&cell)).join(",");
        out.push_str(&format!("{texts},{},{}\n", e.days_left, field(&e.reason)));
    }
    without_commands(&out)
}
