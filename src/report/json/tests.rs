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
        "tool",
        "root",
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
        "scenario",
        "keys",
        "address",
        "status",
        "location",
        "via",
        "places",
        "construct",
        "origin",
        "when",
        "causes",
        "remedy",
        "notes",
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
        (WhenValue::Not(vec![WhenValue::String("a".into()), WhenValue::Null]), json!({"not": ["a", null]})),
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
    key.construct = Some("Keys/Deploy/Key".into());
    key.origin = Some(Origin {
        path: "app.ts".into(),
        line: 7,
        column: None,
        exists: true,
        at: None,
        callers: Vec::new(),
    });
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
    assert_eq!(key["construct"], "Keys/Deploy/Key");
    assert_eq!(key["origin"], json!({"path": "app.ts", "line": 7, "column": null}));
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
