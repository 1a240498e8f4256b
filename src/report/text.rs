//! `check` for people.
//!
//! Answers: who has two keys, where, when, and what is to be done? Each finding is a sentence, a drawing of every
//! place that decides it, the reasons, and the remedy; then what was not decided, what was assumed, and one line to
//! close. What comes from files is made harmless before it is written.

mod labels;
mod remedy;

use super::place::Range;
use super::plain::{plain, without_commands};
use super::snippet::{Label, Snippets};
use super::style::{Paint, Style};
use super::wording::{self, plural};
use super::{FailOn, RULE, exit_code};
use crate::judge::finding::{Finding, Level, Outcome};
use crate::problem::{Place, Problem};
use crate::source::Files;

/// The report in `style`. The same bytes for the same outcome and style.
pub fn render(outcome: &Outcome, files: &Files, style: &Style) -> String {
    let mut snippets = Snippets::new(files, style);
    let mut out = String::new();
    for finding in &outcome.findings {
        out.push_str(&finding_text(finding, files, &mut snippets, style));
        out.push('\n');
    }
    out.push_str(&remarks(outcome, files, style));
    out.push_str(&closing(outcome, style));
    without_commands(&out)
}

/// What was not decided, and what was assumed; empty if nothing.
pub(super) fn remarks(outcome: &Outcome, files: &Files, style: &Style) -> String {
    let mut snippets = Snippets::new(files, style);
    incomplete_text(&outcome.incomplete, files, &mut snippets, style)
        + &assumptions_text(outcome, files, style)
}

fn finding_text(finding: &Finding, files: &Files, snippets: &mut Snippets<'_>, style: &Style) -> String {
    let level = finding.level.name();
    let first = format!("{level}: ");
    let painted = format!("{}: ", style.paint(paint_of(finding.level), level));
    let sentence = format!("{} [{RULE}]", wording::message(finding));
    let mut out = style.wrap_painted(&first, &painted, &sentence);
    out.push_str(&generated(finding, style));
    out.push_str(&snippets.render(&labels::of(finding)));
    if !finding.same_user.is_empty() {
        out.push_str(&fact("same user", &finding.same_user, style));
    }
    out.push_str(&fact("unit", &unit_text(finding), style));
    for note in &finding.notes {
        out.push_str(&fact("note", note, style));
    }
    out.push_str(&remedy::text(finding, files, style));
    out
}

/// Where the app itself creates generated keys: what its author can edit comes before the template.
fn generated(finding: &Finding, style: &Style) -> String {
    let mut out = String::new();
    for (number, key) in (1..).zip(&finding.keys) {
        let construct = key.construct.as_deref().map(plain);
        let origin = key.origin.as_ref().map(|origin| {
            let column = origin.column.map_or(String::new(), |c| format!(":{c}"));
            format!("{}:{}{column}", plain(&origin.path), origin.line)
        });
        let text = match (construct, origin) {
            (None, None) => continue,
            (Some(construct), None) => format!("construct {construct}"),
            (None, Some(origin)) => format!("created at {}", style.paint(Paint::Link, &origin)),
            (Some(construct), Some(origin)) => {
                format!("construct {construct}, created at {}", style.paint(Paint::Link, &origin))
            }
        };
        out.push_str(&style.wrap(&format!("  --> key {number}: "), &text));
    }
    out
}

fn unit_text(finding: &Finding) -> String {
    let unit = &finding.unit;
    match &finding.account {
        Some(account) => format!("{} {}, account {account}", unit.kind.name(), unit.path),
        None => format!("{} {}", unit.kind.name(), unit.path),
    }
}

/// `  = label: text`, wrapped; the text is made harmless here.
fn fact(label: &str, text: &str, style: &Style) -> String {
    let first = format!("  = {label}: ");
    let painted = format!("  = {}: ", style.paint(Paint::Bold, label));
    style.wrap_painted(&first, &painted, &plain(text))
}

fn paint_of(level: Level) -> Paint {
    match level {
        Level::Certain => Paint::Error,
        Level::Possible => Paint::Warning,
        Level::Latent => Paint::Note,
    }
}

fn incomplete_text(list: &[Problem], files: &Files, snippets: &mut Snippets<'_>, style: &Style) -> String {
    let mut out = String::new();
    if !list.is_empty() {
        out.push_str(&style.paint(Paint::Bold, "Not decided:"));
        out.push('\n');
    }
    for problem in list {
        let fails = if problem.kind.fails() { ", fails" } else { "" };
        let tail = format!(" [{}{fails}]", problem.kind.name());
        out.push_str(&entry(&problem.place, &format!("{}{tail}", problem.reason), files, style));
        if let Place::At(loc) = problem.place
            && problem.kind.fails()
        {
            out.push_str(&snippets.render(&[Label { loc, text: "here".into(), primary: true }]));
        }
    }
    if !list.is_empty() {
        out.push('\n');
    }
    out
}

fn assumptions_text(outcome: &Outcome, files: &Files, style: &Style) -> String {
    if outcome.assumptions.is_empty() {
        return String::new();
    }
    let mut out = style.paint(Paint::Bold, "Assumed:") + "\n";
    for assumption in &outcome.assumptions {
        out.push_str(&entry(&assumption.place, &assumption.reason, files, style));
    }
    out + "\n"
}

/// `  path:line:column: reason`, wrapped.
fn entry(place: &Place, reason: &str, files: &Files, style: &Style) -> String {
    let at = plain(&Range::of_place(files, place).text());
    style.wrap_painted("    ", "  ", &format!("{}: {}", style.paint(Paint::Link, &at), plain(reason)))
}

fn closing(outcome: &Outcome, style: &Style) -> String {
    let (paint, verdict) = verdict(outcome);
    let summary = &outcome.summary;
    let count = |n: usize, word: &str| format!("{n} {}", plural(n as u64, word));
    let seen = format!(
        "{}, {}, {} {}, {}",
        count(summary.files, "file"),
        count(summary.units, "unit"),
        summary.keys,
        plural(summary.keys, "key"),
        count(summary.users, "user")
    );
    let open = match outcome.incomplete.len() {
        0 => String::new(),
        n => format!("; {n} not decided"),
    };
    let painted = style.paint(paint, &verdict);
    style.wrap_painted("", "", &format!("{painted} ({seen}{open})"))
}

fn verdict(outcome: &Outcome) -> (Paint, String) {
    let at = |level| outcome.findings.iter().filter(|f| f.level == level).count();
    let worst = outcome.findings.iter().map(|f| f.level).max();
    match worst {
        Some(level) => {
            let n = outcome.findings.len();
            let (certain, possible, latent) = (at(Level::Certain), at(Level::Possible), at(Level::Latent));
            let parts = format!("{certain} certain, {possible} possible, {latent} latent");
            (paint_of(level), format!("{n} {}: {parts}", plural(n as u64, "finding")))
        }
        None if exit_code(outcome, FailOn::Never) == 2 => {
            (Paint::Warning, "No user with two active keys was found, but the answer is incomplete".into())
        }
        None if outcome.summary.keys == 0 => (Paint::Good, "No access key was found".into()),
        None => (Paint::Good, "No user has two active access keys".into()),
    }
}

#[cfg(test)]
mod tests;
