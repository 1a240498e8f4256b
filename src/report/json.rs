//! The JSON contract, version 1.
//!
//! Answers: what does a program read? The types here are the contract: their fields, names and order are promised to
//! users and written nowhere else. Filled from the outcome; text of scanned files keeps its value, escaped where a
//! terminal would act on it.

use serde::{Serialize, Serializer};
use serde_json::{Number, Value, json};

use super::fingerprint::fingerprint;
use super::place::Range;
use super::plain::escaped_json;
use super::{RULE, open, primary, remedy, wording};
use crate::judge::finding::{
    Cause, Debt, Exception, Exists, Finding, FoundKey, FoundUser, InventoryRow, Level, Origin, Outcome, Role,
    RoleLoc, Standing, WhenValue,
};
use crate::problem::{Assumption, Problem};
use crate::source::{Files, Position};
use crate::unit::UnitName;

#[derive(Serialize)]
struct CheckReport {
    version: u32,
    tool: ToolJson,
    root: String,
    findings: Vec<FindingJson>,
    assumptions: Vec<AssumptionJson>,
    incomplete: Vec<IncompleteJson>,
    exceptions: Vec<ExceptionJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    known: Vec<DebtJson>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct DebtJson {
    of: String,
    total: usize,
    left: usize,
}

#[derive(Serialize)]
struct InventoryReport {
    version: u32,
    tool: ToolJson,
    root: String,
    keys: Vec<InventoryKeyJson>,
    assumptions: Vec<AssumptionJson>,
    incomplete: Vec<IncompleteJson>,
    exceptions: Vec<ExceptionJson>,
}

#[derive(Serialize)]
struct ExceptionsReport {
    version: u32,
    tool: ToolJson,
    root: String,
    exceptions: Vec<ExceptionJson>,
    incomplete: Vec<IncompleteJson>,
}

#[derive(Serialize)]
struct ExceptionJson {
    state: &'static str,
    kind: &'static str,
    owner: String,
    user: Option<String>,
    reason: String,
    expires: String,
    days_left: i64,
    source: &'static str,
    location: LocationJson,
    findings: Vec<String>,
}

/// The program that wrote it.
#[derive(Serialize)]
struct ToolJson {
    name: &'static str,
    version: &'static str,
}

const TOOL: ToolJson = ToolJson { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

#[derive(Serialize)]
struct FindingJson {
    /// Where the run is about several work trees, or another one than its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    rule: &'static str,
    level: &'static str,
    /// Left out where the finding is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'static str>,
    message: String,
    user: UserJson,
    account: Option<String>,
    unit: UnitJson,
    scenario: Option<String>,
    keys: Vec<KeyJson>,
    when: Option<WhenJson>,
    causes: Vec<CauseJson>,
    remedy: String,
    notes: Vec<String>,
    fingerprint: String,
}

#[derive(Serialize)]
struct CauseJson {
    what: String,
    location: LocationJson,
}

/// An object in the order given, which a JSON map type would sort.
struct WhenJson(Vec<(String, Value)>);

impl Serialize for WhenJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[derive(Serialize)]
struct UserJson {
    name: Option<String>,
    address: Option<String>,
    expression: Option<String>,
    location: Option<LocationJson>,
}

#[derive(Serialize)]
struct UnitJson {
    kind: &'static str,
    path: String,
}

#[derive(Serialize)]
struct KeyJson {
    address: String,
    status: Option<&'static str>,
    location: LocationJson,
    via: Vec<LocationJson>,
    places: Vec<PlaceJson>,
    construct: Option<String>,
    origin: Option<OriginJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<u64>,
}

/// What gives a key its user or status, multiplies it or makes it conditional.
#[derive(Serialize)]
struct PlaceJson {
    role: &'static str,
    location: LocationJson,
}

#[derive(Serialize)]
struct OriginJson {
    path: String,
    line: u32,
    column: Option<u32>,
}

#[derive(Serialize)]
struct InventoryKeyJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    address: String,
    unit: UnitJson,
    account: Option<String>,
    user: Option<UserJson>,
    status: Option<&'static str>,
    exists: &'static str,
    when: String,
    location: LocationJson,
    via: Vec<LocationJson>,
    places: Vec<PlaceJson>,
    construct: Option<String>,
    origin: Option<OriginJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<u64>,
}

#[derive(Serialize)]
struct AssumptionJson {
    reason: String,
    location: LocationJson,
}

#[derive(Serialize)]
struct IncompleteJson {
    kind: &'static str,
    reason: String,
    fails: bool,
    location: LocationJson,
}

#[derive(Serialize)]
struct LocationJson {
    path: String,
    start: PositionJson,
    end: PositionJson,
}

#[derive(Serialize)]
struct PositionJson {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct SummaryJson {
    files: usize,
    units: usize,
    users: usize,
    keys: u64,
    certain: usize,
    possible: usize,
    latent: usize,
}

/// `check --format json`.
pub fn render_check(outcome: &Outcome, files: &Files) -> String {
    let at = |level| open(outcome).filter(|f| f.level == level).count();
    let summary = &outcome.summary;
    written(&CheckReport {
        version: 1,
        tool: TOOL,
        root: files.tree_root(),
        findings: outcome.findings.iter().map(|f| finding(f, files)).collect(),
        assumptions: assumptions(outcome, files),
        incomplete: incomplete(outcome, files),
        exceptions: exceptions(outcome, files),
        known: outcome.debt.iter().map(debt).collect(),
        summary: SummaryJson {
            files: summary.files,
            units: summary.units,
            users: summary.users,
            keys: summary.keys,
            certain: at(Level::Certain),
            possible: at(Level::Possible),
            latent: at(Level::Latent),
        },
    })
}

/// `inventory --format json`.
pub fn render_inventory(outcome: &Outcome, files: &Files) -> String {
    written(&InventoryReport {
        version: 1,
        tool: TOOL,
        root: files.tree_root(),
        keys: outcome.inventory.iter().map(|row| inventory_key(row, files)).collect(),
        assumptions: assumptions(outcome, files),
        incomplete: incomplete(outcome, files),
        exceptions: exceptions(outcome, files),
    })
}

/// `exceptions --format json`.
pub fn render_exceptions(outcome: &Outcome, files: &Files) -> String {
    written(&ExceptionsReport {
        version: 1,
        tool: TOOL,
        root: files.tree_root(),
        exceptions: exceptions(outcome, files),
        incomplete: incomplete(outcome, files),
    })
}

/// Indented, with unsafe characters escaped and a final line break.
pub(super) fn written(report: &impl Serialize) -> String {
    // Serialization of these types has no way to fail: no map has keys that are not strings.
    let json = serde_json::to_string_pretty(report).unwrap_or_default();
    escaped_json(&json) + "\n"
}

fn finding(f: &Finding, files: &Files) -> FindingJson {
    let when =
        |list: &[(String, WhenValue)]| WhenJson(list.iter().map(|(n, v)| (n.clone(), value(v))).collect());
    FindingJson {
        repository: files.other_tree(&f.unit.path),
        rule: RULE,
        level: f.level.name(),
        standing: (f.standing != Standing::Open).then(|| f.standing.name()),
        message: wording::message(f, files),
        user: user(&f.user, files),
        account: f.account.clone(),
        unit: unit(&f.unit),
        scenario: f.scenario.clone(),
        keys: f.keys.iter().map(|k| key(k, files)).collect(),
        when: f.when.as_deref().map(when),
        causes: f.causes.iter().map(|c| cause(c, files)).collect(),
        remedy: remedy::whole(f, files),
        notes: f.notes.clone(),
        fingerprint: fingerprint(f, files),
    }
}

fn debt(debt: &Debt) -> DebtJson {
    DebtJson { of: debt.of.clone(), total: debt.total, left: debt.left }
}

fn cause(cause: &Cause, files: &Files) -> CauseJson {
    CauseJson { what: cause.what.clone(), location: location(Range::of(files, cause.location)) }
}

fn key(k: &FoundKey, files: &Files) -> KeyJson {
    KeyJson {
        address: k.address.clone(),
        status: k.status.map(|s| s.name()),
        location: location(Range::of(files, k.location)),
        via: via(k, files),
        places: places(k, files),
        construct: k.construct.clone(),
        origin: k.origin.as_ref().map(origin),
        instances: k.instances,
    }
}

/// The calls that lead to a key, outermost first.
fn via(k: &FoundKey, files: &Files) -> Vec<LocationJson> {
    primary::calls(k).map(|loc| location(Range::of(files, loc))).collect()
}

fn places(k: &FoundKey, files: &Files) -> Vec<PlaceJson> {
    let place = |p: &RoleLoc| {
        let role = match p.role {
            Role::User => "user",
            Role::Status => "status",
            Role::Multiplier => "multiplier",
            Role::Condition => "condition",
            // Fields of their own.
            Role::Key | Role::Call => return None,
        };
        Some(PlaceJson { role, location: location(Range::of(files, p.loc)) })
    };
    k.places.iter().filter_map(place).collect()
}

fn inventory_key(row: &InventoryRow, files: &Files) -> InventoryKeyJson {
    InventoryKeyJson {
        repository: files.other_tree(&row.unit.path),
        address: row.key.address.clone(),
        unit: unit(&row.unit),
        account: row.account.clone(),
        user: row.user.as_ref().map(|u| user(u, files)),
        status: row.key.status.map(|s| s.name()),
        exists: exists_name(row.exists),
        when: row.when.clone(),
        location: location(Range::of(files, row.key.location)),
        via: via(&row.key, files),
        places: places(&row.key, files),
        construct: row.key.construct.clone(),
        origin: row.key.origin.as_ref().map(origin),
        instances: row.key.instances,
    }
}

/// The contract's word for whether a key exists.
pub(super) fn exists_name(exists: Exists) -> &'static str {
    match exists {
        Exists::Always => "always",
        Exists::Sometimes => "sometimes",
        Exists::Never => "never",
    }
}

fn user(u: &FoundUser, files: &Files) -> UserJson {
    UserJson {
        name: u.name.clone(),
        address: u.address.clone(),
        expression: u.expression.clone(),
        location: u.location.map(|l| location(Range::of(files, l))),
    }
}

fn unit(u: &UnitName) -> UnitJson {
    UnitJson { kind: u.kind.name(), path: u.path.clone() }
}

fn origin(o: &Origin) -> OriginJson {
    OriginJson { path: o.path.clone(), line: o.line, column: o.column }
}

fn assumptions(outcome: &Outcome, files: &Files) -> Vec<AssumptionJson> {
    let entry = |a: &Assumption| AssumptionJson {
        reason: a.reason.clone(),
        location: location(Range::of_place(files, &a.place)),
    };
    outcome.assumptions.iter().map(entry).collect()
}

fn incomplete(outcome: &Outcome, files: &Files) -> Vec<IncompleteJson> {
    let entry = |p: &Problem| IncompleteJson {
        kind: p.kind.name(),
        reason: p.reason.clone(),
        fails: p.kind.fails(),
        location: location(Range::of_place(files, &p.place)),
    };
    outcome.incomplete.iter().map(entry).collect()
}

fn exceptions(outcome: &Outcome, files: &Files) -> Vec<ExceptionJson> {
    let entry = |(index, e): (usize, &Exception)| {
        let covered = outcome.findings.iter().filter(|f| f.standing == Standing::Approved(index));
        ExceptionJson {
            state: e.state.name(),
            kind: e.kind.name(),
            owner: e.owner.clone(),
            user: e.user.clone(),
            reason: e.reason.clone(),
            expires: e.expires.to_string(),
            days_left: e.days_left,
            source: e.origin.name(),
            location: location(Range::of(files, e.location)),
            findings: covered.map(|f| fingerprint(f, files)).collect(),
        }
    };
    outcome.exceptions.iter().enumerate().map(entry).collect()
}

fn location(range: Range) -> LocationJson {
    let position = |p: Position| PositionJson { line: p.line, column: p.column, offset: p.offset };
    LocationJson { path: range.path, start: position(range.start), end: position(range.end) }
}

fn value(of: &WhenValue) -> Value {
    match of {
        WhenValue::Null => Value::Null,
        WhenValue::Bool(b) => json!(b),
        WhenValue::Number(text) => number(text),
        WhenValue::String(s) | WhenValue::Hidden(s) => json!(s),
        WhenValue::Not(values) => json!({ "not": values.iter().map(value).collect::<Vec<_>>() }),
        WhenValue::Length(n) => json!({ "length": n }),
    }
}

/// A JSON number where one says exactly what `text` says, else the text: a reader must never get a rounded value.
fn number(text: &str) -> Value {
    let exact = |n: &Number| n.to_string() == text;
    let whole = text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from));
    let number = whole.ok().or_else(|| Number::from_f64(text.parse().ok()?));
    number.filter(exact).map_or_else(|| json!(text), Value::Number)
}

#[cfg(test)]
mod tests;
