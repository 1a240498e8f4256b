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
use super::{RULE, wording};
use crate::judge::finding::{
    Exists, Finding, FoundKey, FoundUser, InventoryRow, Level, Origin, Outcome, Role, WhenValue,
};
use crate::problem::{Assumption, Problem};
use crate::source::{Files, Position};
use crate::unit::UnitName;

#[derive(Serialize)]
struct CheckReport {
    version: u32,
    findings: Vec<FindingJson>,
    assumptions: Vec<AssumptionJson>,
    incomplete: Vec<IncompleteJson>,
    exceptions: Vec<Value>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct InventoryReport {
    version: u32,
    keys: Vec<InventoryKeyJson>,
    assumptions: Vec<AssumptionJson>,
    incomplete: Vec<IncompleteJson>,
}

#[derive(Serialize)]
struct FindingJson {
    rule: &'static str,
    level: &'static str,
    message: String,
    user: UserJson,
    account: Option<String>,
    unit: UnitJson,
    keys: Vec<KeyJson>,
    when: Option<WhenJson>,
    fingerprint: String,
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
    construct: Option<String>,
    origin: Option<OriginJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instances: Option<u64>,
}

#[derive(Serialize)]
struct OriginJson {
    path: String,
    line: u32,
    column: Option<u32>,
}

#[derive(Serialize)]
struct InventoryKeyJson {
    address: String,
    unit: UnitJson,
    account: Option<String>,
    user: Option<UserJson>,
    status: Option<&'static str>,
    exists: &'static str,
    when: String,
    location: LocationJson,
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
    let at = |level| outcome.findings.iter().filter(|f| f.level == level).count();
    let summary = &outcome.summary;
    written(&CheckReport {
        version: 1,
        findings: outcome.findings.iter().map(|f| finding(f, files)).collect(),
        assumptions: assumptions(outcome, files),
        incomplete: incomplete(outcome, files),
        exceptions: Vec::new(),
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
        keys: outcome.inventory.iter().map(|row| inventory_key(row, files)).collect(),
        assumptions: assumptions(outcome, files),
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
        rule: RULE,
        level: f.level.name(),
        message: wording::message(f),
        user: user(&f.user, files),
        account: f.account.clone(),
        unit: unit(&f.unit),
        keys: f.keys.iter().map(|k| key(k, files)).collect(),
        when: f.when.as_deref().map(when),
        fingerprint: fingerprint(f),
    }
}

fn key(k: &FoundKey, files: &Files) -> KeyJson {
    let calls = k.places.iter().filter(|p| p.role == Role::Call);
    KeyJson {
        address: k.address.clone(),
        status: k.status.map(|s| s.name()),
        location: location(Range::of(files, k.location)),
        via: calls.map(|p| location(Range::of(files, p.loc))).collect(),
        construct: k.construct.clone(),
        origin: k.origin.as_ref().map(origin),
        instances: k.instances,
    }
}

fn inventory_key(row: &InventoryRow, files: &Files) -> InventoryKeyJson {
    InventoryKeyJson {
        address: row.key.address.clone(),
        unit: unit(&row.unit),
        account: row.account.clone(),
        user: row.user.as_ref().map(|u| user(u, files)),
        status: row.key.status.map(|s| s.name()),
        exists: exists_name(row.exists),
        when: row.when.clone(),
        location: location(Range::of(files, row.key.location)),
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

fn location(range: Range) -> LocationJson {
    let position = |p: Position| PositionJson { line: p.line, column: p.column, offset: p.offset };
    LocationJson { path: range.path, start: position(range.start), end: position(range.end) }
}

fn value(value: &WhenValue) -> Value {
    match value {
        WhenValue::Null => Value::Null,
        WhenValue::Bool(b) => json!(b),
        WhenValue::Number(text) => number(text),
        WhenValue::String(s) => json!(s),
        WhenValue::Not(values) => json!({ "not": values }),
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
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::problem::{Place, ProblemKind};

    fn check(outcome: &Outcome, files: &Files) -> Value {
        let text = render_check(outcome, files);
        assert!(text.ends_with("}\n"), "a final line break");
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn fields_stand_in_the_promised_order() {
        let (files, outcome) = two_keys();
        let text = render_check(&outcome, &files);
        let mut from = 0;
        for field in [
            "version",
            "findings",
            "rule",
            "level",
            "message",
            "user",
            "name",
            "address",
            "expression",
            "location",
            "path",
            "start",
            "line",
            "column",
            "offset",
            "end",
            "account",
            "unit",
            "kind",
            "path",
            "keys",
            "address",
            "status",
            "location",
            "via",
            "construct",
            "origin",
            "when",
            "fingerprint",
            "assumptions",
            "incomplete",
            "exceptions",
            "summary",
            "files",
            "units",
            "users",
            "keys",
            "certain",
            "possible",
            "latent",
        ] {
            let quoted = format!("\"{field}\":");
            let found = text[from..].find(&quoted);
            from += found.unwrap_or_else(|| panic!("{field} in its place in\n{text}")) + quoted.len();
        }
    }

    #[test]
    fn a_key_points_at_its_header() {
        let (files, outcome) = two_keys();
        let json = check(&outcome, &files);
        let location = &json["findings"][0]["keys"][1]["location"];
        assert_eq!(location["path"], "infra/main.tf");
        assert_eq!(location["start"], json!({"line": 11, "column": 1, "offset": 163}));
        assert_eq!(location["end"], json!({"line": 11, "column": 34, "offset": 196}));
        assert_eq!(json["findings"][0]["when"], json!({}));
        assert_eq!(json["findings"][0]["keys"][0]["origin"], Value::Null);
        assert!(json["findings"][0]["keys"][0].get("instances").is_none());
    }

    #[test]
    fn windows_line_ends_move_offsets_and_not_lines() {
        let (files, outcome) = with_crlf();
        let start = &check(&outcome, &files)["findings"][0]["keys"][1]["location"]["start"];
        assert_eq!(*start, json!({"line": 11, "column": 1, "offset": 173}));
    }

    #[test]
    fn columns_count_characters_and_offsets_bytes() {
        let (files, outcome) = minified();
        let start = &check(&outcome, &files)["findings"][0]["keys"][0]["location"]["start"];
        let (column, offset) = (start["column"].as_u64().unwrap(), start["offset"].as_u64().unwrap());
        assert_eq!(offset + 1 - column, 25_000, "one byte more for each é before the key");
    }

    #[test]
    fn values_of_inputs_keep_their_type() {
        let list = [
            (WhenValue::Null, json!(null)),
            (WhenValue::Bool(true), json!(true)),
            (WhenValue::Number("2".into()), json!(2)),
            (WhenValue::Number("-3".into()), json!(-3)),
            (WhenValue::Number("1.5".into()), json!(1.5)),
            (WhenValue::Number("18446744073709551615".into()), json!(u64::MAX)),
            (WhenValue::Number("0.10000000000000000001".into()), json!("0.10000000000000000001")),
            (WhenValue::Number("1e400".into()), json!("1e400")),
            (WhenValue::String("2".into()), json!("2")),
            (WhenValue::Not(vec!["a".into(), "b".into()]), json!({"not": ["a", "b"]})),
            (WhenValue::Length(2), json!({"length": 2})),
        ];
        for (input, expected) in list {
            assert_eq!(value(&input), expected);
        }
    }

    #[test]
    fn when_is_null_where_a_budget_prevented_it_and_keeps_its_order() {
        let (files, mut outcome) = two_keys();
        the_finding(&mut outcome).level = Level::Possible;
        the_finding(&mut outcome).when = None;
        assert_eq!(check(&outcome, &files)["findings"][0]["when"], Value::Null);
        let bool = |name: &str| (name.to_owned(), WhenValue::Bool(true));
        the_finding(&mut outcome).when = Some(vec![bool("var.z"), bool("var.a")]);
        let text = render_check(&outcome, &files);
        assert!(text.find("var.z") < text.rfind("var.a"), "{text}");
        let json = check(&outcome, &files);
        assert_eq!(json["summary"]["possible"], 1);
        assert_eq!(json["summary"]["certain"], 0);
    }

    #[test]
    fn a_path_without_text_is_its_first_line() {
        let (files, mut outcome) = two_keys();
        outcome.incomplete = vec![Problem::new(ProblemKind::Unreadable, Place::Path("x.tf".into()), "no")];
        let top = json!({"line": 1, "column": 1, "offset": 0});
        let entry = json!({"kind": "unreadable", "reason": "no", "fails": true,
            "location": {"path": "x.tf", "start": top, "end": top}});
        assert_eq!(check(&outcome, &files)["incomplete"], json!([entry]));
    }

    #[test]
    fn a_clean_answer_has_every_field() {
        let json = check(&Outcome::default(), &files());
        for field in ["findings", "assumptions", "incomplete", "exceptions"] {
            assert_eq!(json[field], json!([]), "{field}");
        }
    }

    #[test]
    fn the_inventory_lists_every_key_with_its_condition() {
        let (files, mut outcome) = two_keys();
        let mut key = outcome.findings[0].keys[1].clone();
        key.status = None;
        key.instances = Some(2000);
        outcome.inventory = vec![InventoryRow {
            key,
            unit: outcome.findings[0].unit.clone(),
            account: Some("123456789012".into()),
            user: None,
            exists: Exists::Sometimes,
            when: "var.n > 0".into(),
        }];
        let json: Value = serde_json::from_str(&render_inventory(&outcome, &files)).unwrap();
        let key = &json["keys"][0];
        assert_eq!(key["address"], "aws_iam_access_key.b");
        assert_eq!(key["unit"], json!({"kind": "terraform", "path": "infra"}));
        assert_eq!((&key["user"], &key["status"]), (&Value::Null, &Value::Null));
        assert_eq!((&key["exists"], &key["when"]), (&json!("sometimes"), &json!("var.n > 0")));
        assert_eq!((&key["account"], &key["instances"]), (&json!("123456789012"), &json!(2000)));
        assert_eq!(json["incomplete"], json!([]));
    }

    #[test]
    fn hostile_text_keeps_its_value_and_reaches_no_terminal() {
        let (files, outcome) = hostile();
        let text = render_check(&outcome, &files);
        assert_harmless(&text.replace("##[", ""));
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["findings"][0]["user"]["name"], outcome.findings[0].user.name.clone().unwrap());
        assert_harmless(json["findings"][0]["message"].as_str().unwrap().replace("##[", "").as_str());
    }
}
