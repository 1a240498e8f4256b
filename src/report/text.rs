//! `check` for people.
//!
//! Answers: who has two keys, where, when, and what is to be done? What was assumed and not decided comes first, the
//! surest findings last, next to the prompt; then what keeps the answer from being complete, the commands for keys that
//! are live, and one line to close. What comes from files is made harmless before it is written.

mod alike;
mod conditions;
mod labels;
mod remedy;

use miette::Severity;

use super::diagnostic::{Diag, Label, Texts};
use super::draw;
use super::incomplete::{entry, errors};
use super::place::Range;
use super::plain::{plain, without_commands};
use super::style::{FIXED_BLANK, Paint, Style};
use super::{RULE, Report, exceptions, primary, wording};
use crate::judge::finding::{ExceptionState, Finding, Level, Outcome};
use crate::source::Files;
use crate::unit::{UnitKind, UnitName};
use conditions::Conditions;
use labels::{Drawn, Weight};

/// The report in `style`. The same bytes for the same report and style.
pub fn render(report: &Report<'_>, style: &Style) -> String {
    let Report { outcome, files, .. } = report;
    let mut texts = Texts::new(files);
    let mut out = remarks(outcome, files, style);
    let context = Context::new(report);
    let mut findings: Vec<&Finding> = report.findings().collect();
    findings.sort_by_key(|finding| finding.level);
    for alike in alike::blocks(&findings, report.show_all) {
        let Some((first, rest)) = alike.split_first() else { continue };
        out.push_str(&picture(first, &context, &mut texts, style));
        if let Some(others) = alike::others(first, rest.len(), files) {
            out.push_str(&style.wrap("   ", &format!("{} {others}", style.ellipsis())));
        }
        out.push('\n');
    }
    out.push_str(&errors(outcome, files, style));
    out.push_str(&remedy::commands(&findings, style));
    let (verdict, rest) = wording::closing(report);
    let rest = rest.replace("--show ", &format!("--show{FIXED_BLANK}"));
    let paint = paint(outcome, findings.iter().map(|finding| finding.level).max());
    out.push_str(&style.wrap("", &format!("{}{rest}", style.paint(paint, &wording::capital(&verdict)))));
    without_commands(&out)
}

/// What was assumed and approved, and what was not decided and keeps nothing from being judged; empty if nothing.
pub(super) fn remarks(outcome: &Outcome, files: &Files, style: &Style) -> String {
    let mut out = String::new();
    for assumption in &outcome.assumptions {
        let note = entry("note", Severity::Advice, "assumption", &assumption.reason);
        out.push_str(&draw::render(&note, style));
        out.push_str(&draw::origin(&Range::of_place(files, &assumption.place).text(), style));
    }
    for exception in &outcome.exceptions {
        let note = exception.state == ExceptionState::InForce;
        let severity = if note { Severity::Advice } else { Severity::Warning };
        let said = exceptions::sentence(exception);
        out.push_str(&draw::render(
            &entry(exceptions::word(exception.state), severity, "exception", &said),
            style,
        ));
        out.push_str(&draw::origin(&exceptions::place(exception, files).text(), style));
    }
    for problem in outcome.incomplete.iter().filter(|p| !p.kind.fails()) {
        let warning = entry("warning", Severity::Warning, problem.kind.name(), &problem.reason);
        out.push_str(&draw::render(&warning, style));
        out.push_str(&draw::origin(&Range::of_place(files, &problem.place).text(), style));
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// How many lines a finding takes before what only explains it is left out.
const ROOM: usize = 13;
/// How many one takes that a call of a module or a nested stack leads to.
const ROOM_WITH_CALLS: usize = 16;
/// How many lines more than that there are before files follow each other without a bar.
const TIGHT: usize = 7;

/// The finding as it is drawn, with as many of its places as there is room for.
fn picture(finding: &Finding, context: &Context<'_>, texts: &mut Texts<'_>, style: &Style) -> String {
    let Context { files, conditions, .. } = context;
    let called = finding.keys.iter().any(|key| primary::calls(key).next().is_some());
    let room = if called { ROOM_WITH_CALLS } else { ROOM };
    let mut drawn = String::new();
    let tries = Weight::FALLING.map(|up_to| (up_to, false)).into_iter().chain([(Weight::Needed, true)]);
    for (up_to, tight) in tries {
        let mut diag = of_finding(finding, context, labels::of(finding, files, conditions, up_to), texts);
        diag.tight = tight;
        drawn = draw::render(&diag, style);
        let needed = up_to == Weight::Needed;
        if drawn.lines().count() <= room + if needed { TIGHT } else { 0 } {
            break;
        }
    }
    drawn
}

/// What is the same for all findings of a report.
struct Context<'r> {
    files: &'r Files,
    conditions: Conditions<'r>,
    /// Whether several deployments were judged, so that a finding says whose it is.
    units: bool,
    /// Whether keys are in several accounts.
    accounts: bool,
}

impl<'r> Context<'r> {
    fn new(report: &Report<'r>) -> Self {
        let outcome = report.outcome;
        let mut accounts = outcome.inventory.iter().map(|row| &row.account);
        let first = accounts.next();
        Context {
            files: report.files,
            conditions: Conditions::new(outcome),
            units: outcome.summary.units > 1,
            accounts: accounts.any(|account| Some(account) != first),
        }
    }
}

fn of_finding(finding: &Finding, context: &Context<'_>, drawn: Drawn, texts: &mut Texts<'_>) -> Diag {
    let files = context.files;
    // What a generator wrote is nothing to look at.
    let generated = finding.keys.iter().all(|key| key.construct.is_some() && key.origin.is_some());
    let mut facts: Vec<(String, Vec<String>)> = drawn.keys;
    let mut fact = |label: &str, text: &str| facts.push((label.to_owned(), vec![plain(text)]));
    match (&finding.user.address, finding.user.location) {
        (Some(address), Some(at)) if finding.user.name.is_some() && !generated => {
            let place = Range::of(files, at);
            fact("user", &format!("{address} ({}:{})", place.path, place.start.line));
        }
        (Some(_), _) if generated => {}
        _ if !finding.same_user.is_empty() => fact("user", &finding.same_user),
        _ => {}
    }
    if let Some(unit) = unit_text(finding, &drawn.labels, files).filter(|_| context.units) {
        fact(unit.0, &unit.1);
    }
    if let Some(account) = finding.account.as_ref().filter(|_| context.accounts) {
        fact("account", account);
    }
    for note in wording::notes(finding) {
        fact("note", &note);
    }
    let (message, help) = (wording::message(finding, files), remedy::text(finding, files));
    let facts_said = facts.iter().flat_map(|(_, all)| all).map(String::as_str);
    let said: Vec<&str> = [message.as_str(), help.as_str()].into_iter().chain(facts_said).collect();
    let parts = texts.parts(&drawn.labels, &said);
    Diag {
        word: finding.level.name(),
        severity: severity(finding.level),
        code: RULE,
        message,
        ahead: drawn.origins,
        parts,
        facts,
        help: Some(help),
        tight: false,
    }
}

/// The unit, where none of the files that are drawn is it or in its folder.
fn unit_text(finding: &Finding, drawn: &[Label], files: &Files) -> Option<(&'static str, String)> {
    let UnitName { kind, path } = &finding.unit;
    let is_own = |label: &Label| {
        let file = files.source(label.loc.file).path.clone();
        file == *path || file.rsplit_once('/').map_or(".", |(folder, _)| folder) == path
    };
    let label = match kind {
        UnitKind::Terraform => "root module",
        UnitKind::CloudFormation => "template",
        UnitKind::Cdk => "assembly",
    };
    (!drawn.iter().any(is_own)).then(|| (label, path.clone()))
}

/// The severity that goes with a level.
fn severity(level: Level) -> Severity {
    match level {
        Level::Certain => Severity::Error,
        Level::Possible => Severity::Warning,
        Level::Latent => Severity::Advice,
    }
}

/// The colour of the closing line.
fn paint(outcome: &Outcome, worst: Option<Level>) -> Paint {
    match worst {
        Some(level) => draw::paint_of(severity(level)),
        None if outcome.incomplete.iter().any(|p| p.kind.fails()) => Paint::Error,
        None => Paint::Good,
    }
}

#[cfg(test)]
mod tests;
