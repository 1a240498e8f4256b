//! `check` as SARIF 2.1.0, in the shape that GitHub code scanning takes in.
//!
//! Answers: which alert stands where, and what does it link to? GitHub reads the first location alone, so a result has
//! exactly one (see [`super::primary`]), on one line, since an alert shows in a pull request only where all its lines
//! changed; every other place is a related location that the message links to by number, and the calls that lead to a key
//! are a flow. Paths are those of the work tree, and columns UTF-16 code units.
//! Source: OASIS SARIF 2.1.0 (3.11.6 messages with links, 3.30 regions); GitHub, "SARIF support for code scanning".

mod rule;

use serde_json::{Value, json};

use super::fingerprint::fingerprint;
use super::place::Range;
use super::plain::plain;
use super::primary::{self, Primary};
use super::wording::{self, and_list};
use super::{RULE, Report, exceptions, json as contract, remedy, trees};
use crate::judge::finding::{Exception, ExceptionOrigin, Finding, Level, Origin, Outcome, Role};
use crate::problem::{Place, Problem};
use crate::source::Files;
use crate::span::Loc;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run a work tree, with an empty list of results when the control holds.
///
/// With `suppressions` what an exception covers is a suppressed result. GitHub opens an alert for those too. Where the run
/// was compared with what was there before, what is known is a result with that state: without it, GitHub would say of a
/// pull request that it fixes what it merely did not bring.
pub fn render(report: &Report<'_>, suppressions: bool) -> String {
    let parts = trees::parts(report.outcome, report.files);
    let compared = !report.outcome.debt.is_empty();
    let of_part = |(name, part): &(String, Outcome)| {
        run(&Report { outcome: part, ..*report }, &format!("lonekey/{name}/"), suppressions, compared)
    };
    let runs = match parts.as_slice() {
        [] => vec![run(report, "lonekey/", suppressions, compared)],
        parts => parts.iter().map(of_part).collect(),
    };
    contract::written(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": runs }))
}

fn run(report: &Report<'_>, id: &str, suppressions: bool, compared: bool) -> Value {
    let Report { outcome, files, .. } = report;
    let mut results: Vec<Value> = report.findings().filter_map(|f| result(f, files)).collect();
    if compared {
        let known: Vec<Value> = report.known().filter_map(|f| result(f, files)).collect();
        let new = results.into_iter().map(|result| in_state(result, "new"));
        results = new.chain(known.into_iter().map(|result| in_state(result, "unchanged"))).collect();
    }
    if suppressions {
        let approved = report.approved().filter_map(|(f, exception)| suppressed(f, exception, files));
        // Every result has a state, or none has.
        results.extend(approved.map(|result| if compared { in_state(result, "new") } else { result }));
    }
    let problems = outcome.incomplete.iter().map(|p| notification(p, files));
    let exceptions = outcome.exceptions.iter().map(|e| {
        json!({
            "descriptor": { "id": "exception" },
            "level": exceptions::word(e.state),
            "message": { "text": unlinked(&exceptions::sentence(e)) },
            "locations": [{ "physicalLocation": first_line(e.location, files) }],
        })
    });
    json!({
        "tool": { "driver": rule::driver() },
        "automationDetails": { "id": id },
        "columnKind": "utf16CodeUnits",
        "invocations": [{
            "executionSuccessful": !outcome.incomplete.iter().any(|p| p.kind.fails()),
            "toolExecutionNotifications": problems.chain(exceptions).collect::<Vec<_>>(),
        }],
        "results": results,
    })
}

/// A result with how it compares to what was there before.
fn in_state(mut result: Value, state: &str) -> Value {
    if let Some(fields) = result.as_object_mut() {
        fields.insert("baselineState".into(), json!(state));
    }
    result
}

fn suppressed(finding: &Finding, exception: &Exception, files: &Files) -> Option<Value> {
    let mut result = result(finding, files)?;
    let kind = match exception.origin {
        ExceptionOrigin::Comment | ExceptionOrigin::Metadata => "inSource",
        ExceptionOrigin::Config | ExceptionOrigin::Flag => "external",
    };
    let suppression = json!({
        "kind": kind,
        "status": "accepted",
        "justification": plain(&exceptions::sentence(exception)),
        "location": { "physicalLocation": first_line(exception.location, files) },
    });
    result.as_object_mut()?.insert("suppressions".into(), json!([suppression]));
    Some(result)
}

fn result(finding: &Finding, files: &Files) -> Option<Value> {
    let primary = match primary::of(finding, files)? {
        Primary::App(origin) => origin_location(origin, files),
        Primary::At(loc) => first_line(loc, files),
    };
    let mut related = Related::default();
    let mut link = |place: Value, shown: &str, text: &str| {
        // What the alert stands on needs no link.
        let id = if place == primary { None } else { related.add(place, text) };
        id.map_or_else(|| unlinked(shown), |id| format!("[{}]({id})", link_text(shown)))
    };
    let mut names = Vec::new();
    for key in &finding.keys {
        let text = format!("access key {}", plain(&key.address));
        names.push(link(first_line(key.location, files), &key.address, &text));
    }
    let mut called = Vec::new();
    for loc in finding.keys.iter().filter_map(|key| primary::calls(key).next()) {
        let at = Range::of(files, loc);
        let shown = format!("{}:{}", files.in_tree(&at.path), at.start.line);
        let name = link(first_line(loc, files), &shown, "the call that leads there");
        if !called.contains(&name) {
            called.push(name);
        }
    }
    let causes: Vec<String> = finding
        .causes
        .iter()
        .map(|cause| link(first_line(cause.location, files), &cause.what, &cause.what))
        .collect();
    add_context(finding, files, &mut related);

    let mut text = format!("{}: {}", unlinked(&wording::message(finding, files)), first_of(names));
    if !finding.same_user.is_empty() {
        text.push_str(&format!("; {}", unlinked(&finding.same_user)));
    }
    if !called.is_empty() {
        text.push_str(&format!("; called at {}", first_of(called)));
    }
    if let Some(cause) = causes.first() {
        text.push_str(&format!("; {cause}"));
    }
    text.push('.');
    text.push_str(&format!(" Fix: {}.", unlinked(&remedy::told(finding, files))));
    for note in &wording::notes(finding) {
        text.push_str(&format!(" {}.", unlinked(note).trim_end_matches('.')));
    }
    if related.left_out > 0 {
        text.push_str(&format!(" {} further places are in the JSON report alone.", related.left_out));
    }
    let print = fingerprint(finding, files);
    Some(json!({
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": match finding.level {
            Level::Certain => "error",
            Level::Possible => "warning",
            Level::Latent => "note",
        },
        "message": { "text": text },
        "locations": [{ "physicalLocation": primary }],
        "relatedLocations": related.places,
        "codeFlows": flows(finding, files),
        // GitHub tells alerts apart by the second, and would else make one of the line's text: three roots that call one
        // module would be one alert.
        "partialFingerprints": { "lonekey/v1": print, "primaryLocationLineHash": format!("{print}:1") },
        "properties": { "level": finding.level.name() },
    }))
}

/// How many keys have a flow: GitHub shows few, and instances of one block have the same.
const FLOWS: usize = 10;

/// The way to each key that calls lead to, from the root.
fn flows(finding: &Finding, files: &Files) -> Vec<Value> {
    let step = |loc, text: &str| json!({ "location": { "message": { "text": unlinked(text) }, "physicalLocation": first_line(loc, files) } });
    let mut flows: Vec<Value> = Vec::new();
    for key in finding.keys.iter().filter(|key| primary::calls(key).next().is_some()) {
        let calls = primary::calls(key).map(|loc| step(loc, "call"));
        let way: Vec<Value> =
            calls.chain([step(key.location, &format!("access key {}", key.address))]).collect();
        let flow = json!({ "threadFlows": [{ "locations": way }] });
        if !flows.contains(&flow) && flows.len() < FLOWS {
            flows.push(flow);
        }
    }
    flows
}

/// Everything else that has a place: the declared user, what decides each key, the calls, the app's lines.
fn add_context(finding: &Finding, files: &Files, related: &mut Related) {
    if let Some(loc) = finding.user.location {
        related.add(first_line(loc, files), "the user");
    }
    for (index, key) in finding.keys.iter().enumerate() {
        let address = plain(&key.address);
        if let Some(origin) = primary::app(key).filter(|_| index > 0) {
            related.add(origin_location(origin, files), &format!("the app's line that creates {address}"));
        }
        for place in &key.places {
            let what = match place.role {
                Role::Key => "part",
                Role::User => "user",
                Role::Status => "status",
                Role::Multiplier => "multiplier",
                Role::Condition => "condition",
                Role::Call => "call that leads to",
            };
            let text = match place.role {
                Role::Call => format!("{what} {address}"),
                _ => format!("{what} of {address}"),
            };
            related.add(first_line(place.loc, files), &text);
        }
    }
}

/// The first twenty names as a sentence has them, and how many there are besides.
pub(super) fn first_of(mut names: Vec<String>) -> String {
    const NAMED: usize = 20;
    if names.len() > NAMED {
        let more = format!("{} more", names.len() - NAMED);
        names.truncate(NAMED);
        names.push(more);
    }
    and_list(&names)
}

/// GitHub refuses a result with more than 1,000 locations, and shows 100.
const MAX_RELATED: usize = 900;

/// Related locations, numbered from 1; a place is listed once.
#[derive(Default)]
struct Related {
    places: Vec<Value>,
    left_out: usize,
}

impl Related {
    /// The number of that place; `None` if there are too many already.
    fn add(&mut self, physical: Value, text: &str) -> Option<usize> {
        let same = |known: &Value| known.get("physicalLocation") == Some(&physical);
        if let Some(at) = self.places.iter().position(same) {
            return Some(at + 1);
        }
        if self.places.len() == MAX_RELATED {
            self.left_out += 1;
            return None;
        }
        let id = self.places.len() + 1;
        self.places
            .push(json!({ "id": id, "message": { "text": unlinked(text) }, "physicalLocation": physical }));
        Some(id)
    }
}

fn notification(problem: &Problem, files: &Files) -> Value {
    let place = match &problem.place {
        Place::At(loc) => first_line(*loc, files),
        Place::Path(path) => json!({ "artifactLocation": { "uri": uri(&files.in_tree(path)) } }),
    };
    json!({
        "descriptor": { "id": problem.kind.name() },
        "level": if problem.kind.fails() { "error" } else { "warning" },
        "message": { "text": unlinked(&problem.reason) },
        "locations": [{ "physicalLocation": place }],
    })
}

fn origin_location(origin: &Origin, files: &Files) -> Value {
    let mut region = json!({ "startLine": origin.line.max(1) });
    if let (Some(column), Some(region)) = (origin.column, region.as_object_mut()) {
        region.insert("startColumn".into(), json!(column.max(1)));
    }
    json!({ "artifactLocation": { "uri": uri(&files.in_tree(&origin.path)) }, "region": region })
}

/// A place, cut to its first line.
fn first_line(loc: Loc, files: &Files) -> Value {
    let range = Range::first_line(files, loc);
    json!({
        "artifactLocation": { "uri": uri(&files.in_tree(&range.path)) },
        "region": {
            "startLine": range.start.line,
            "startColumn": range.start.column_utf16,
            "endLine": range.end.line,
            "endColumn": range.end.column_utf16,
        },
    })
}

/// A path as a URI reference: relative in a work tree, else a `file:` URI.
pub(super) fn uri(path: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if keep(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    let drive = matches!(path.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    match (path.starts_with('/'), drive) {
        (true, _) => format!("file://{encoded}"),
        (_, true) => format!("file:///{}", encoded.replacen("%3A", ":", 1)),
        _ => encoded,
    }
}

/// The text as the visible part of a link.
fn link_text(text: &str) -> String {
    unlinked(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// The text of a message that must not become a link of its own.
fn unlinked(text: &str) -> String {
    plain(text).replace("](", "] (")
}

#[cfg(test)]
mod tests;
