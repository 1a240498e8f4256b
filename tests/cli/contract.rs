//! What the JSON reports promise to programs: every field, and places that are true.

use serde_json::{Value, json};

use super::project::{KEY_MODULE, ONE_KEY, OPTIONAL, Project, Run, TWO_CALLS, TWO_KEYS, With, list};

/// Checks that an object has these fields and no other.
#[track_caller]
fn has_fields(value: &Value, fields: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("no object: {value}"));
    let mut found: Vec<&str> = object.keys().map(String::as_str).filter(|key| *key != "instances").collect();
    let mut fields = fields.to_vec();
    found.sort_unstable();
    fields.sort_unstable();
    assert_eq!(found, fields, "{value}");
}

#[track_caller]
fn is_text_or_null(value: &Value) {
    assert!(value.is_string() || value.is_null(), "{value}");
}

/// Checks a location, with the file that it points into, and returns the text it covers.
#[track_caller]
pub fn text_at(project: &Project, location: &Value) -> String {
    has_fields(location, &["path", "start", "end"]);
    let path = location["path"].as_str().unwrap();
    assert!(!path.starts_with('/') && !path.contains('\\'), "{path}");
    let text = std::fs::read_to_string(project.path(path)).unwrap();
    let offset = |position: &Value| {
        has_fields(position, &["line", "column", "offset"]);
        let number = |name: &str| usize::try_from(position[name].as_u64().unwrap()).unwrap();
        let before = &text[..number("offset")];
        let line = before.rsplit('\n').next().unwrap();
        assert_eq!(number("line"), before.matches('\n').count() + 1, "{position}");
        assert_eq!(number("column"), line.chars().count() + 1, "{position}");
        number("offset")
    };
    text[offset(&location["start"])..offset(&location["end"])].to_owned()
}

#[track_caller]
fn check_unit(unit: &Value) {
    has_fields(unit, &["kind", "path"]);
    assert!(["terraform", "cloudformation", "cdk"].contains(&unit["kind"].as_str().unwrap()), "{unit}");
    assert!(unit["path"].is_string());
}

#[track_caller]
fn check_user(project: &Project, user: &Value) {
    has_fields(user, &["name", "address", "expression", "location"]);
    for field in ["name", "address", "expression"] {
        is_text_or_null(&user[field]);
    }
    if !user["location"].is_null() {
        assert_ne!(text_at(project, &user["location"]), "");
    }
}

/// Checks the shape of `check --format json`, and returns it.
#[track_caller]
pub fn check_report(project: &Project, run: &Run) -> Value {
    let json = run.json();
    let lists = ["findings", "assumptions", "incomplete", "exceptions"];
    has_fields(&json, &[&lists[..], &["version", "tool", "root", "summary"]].concat());
    check_header(&json);
    assert_eq!(json["exceptions"], json!([]));
    let counts = ["files", "units", "users", "keys", "certain", "possible", "latent"];
    has_fields(&json["summary"], &counts);
    for count in counts {
        assert!(json["summary"][count].is_u64(), "{count}");
    }
    for level in ["certain", "possible", "latent"] {
        let of_level = list(&json["findings"]).iter().filter(|finding| finding["level"] == level).count();
        assert_eq!(json["summary"][level], of_level, "{level}");
    }
    for finding in list(&json["findings"]) {
        check_finding(project, finding);
    }
    check_notes(&json);
    json
}

/// Checks what says of a report which program wrote it, and where.
#[track_caller]
fn check_header(json: &Value) {
    assert_eq!(json["version"], 1);
    assert_eq!(json["tool"], json!({ "name": "lonekey", "version": env!("CARGO_PKG_VERSION") }));
    assert_eq!(json["root"], ".");
}

/// Checks the places of a key, and returns their roles with the text of each.
#[track_caller]
fn places<'j>(project: &Project, key: &'j Value) -> Vec<(&'j str, String)> {
    for call in list(&key["via"]) {
        assert_ne!(text_at(project, call), "");
    }
    let place = |place: &'j Value| {
        has_fields(place, &["role", "location"]);
        let role = place["role"].as_str().unwrap();
        assert!(["user", "status", "multiplier", "condition"].contains(&role), "{role}");
        (role, text_at(project, &place["location"]))
    };
    list(&key["places"]).iter().map(place).collect()
}

#[track_caller]
fn check_finding(project: &Project, finding: &Value) {
    let fields = ["rule", "level", "message", "user", "account", "unit", "scenario", "keys"];
    has_fields(finding, &[&fields[..], &["when", "causes", "remedy", "notes", "fingerprint"]].concat());
    is_text_or_null(&finding["scenario"]);
    assert!(list(&finding["notes"]).iter().all(Value::is_string));
    assert_ne!(finding["remedy"], "");
    assert_ne!(list(&finding["causes"]).len(), 0);
    for cause in list(&finding["causes"]) {
        has_fields(cause, &["what", "location"]);
        assert_ne!(cause["what"], "");
        assert_ne!(text_at(project, &cause["location"]), "");
    }
    assert_eq!(finding["rule"], "multiple-active-access-keys");
    assert_ne!(finding["message"], "");
    assert_ne!(finding["fingerprint"], "");
    is_text_or_null(&finding["account"]);
    check_user(project, &finding["user"]);
    check_unit(&finding["unit"]);
    assert!(finding["when"].is_object() || finding["when"].is_null());
    for key in list(&finding["keys"]) {
        has_fields(key, &["address", "status", "location", "via", "places", "construct", "origin"]);
        assert!(key["address"].is_string());
        assert!(["Active", "Inactive"].map(Value::from).contains(&key["status"]) || key["status"].is_null());
        assert_ne!(text_at(project, &key["location"]), "");
        places(project, key);
    }
}

#[track_caller]
fn check_notes(json: &Value) {
    for entry in list(&json["incomplete"]) {
        has_fields(entry, &["kind", "reason", "fails", "location"]);
        assert!(entry["fails"].is_boolean());
        has_fields(&entry["location"], &["path", "start", "end"]);
    }
    for entry in list(&json["assumptions"]) {
        has_fields(entry, &["reason", "location"]);
    }
}

#[test]
fn a_certain_finding_has_every_field() {
    let project = Project::new(&[("infra/main.tf", TWO_KEYS)]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    let finding = &json["findings"][0];
    assert_eq!(finding["level"], "certain");
    assert_eq!(finding["when"], json!({}));
    assert_eq!(finding["unit"], json!({ "kind": "terraform", "path": "infra" }));
    assert_eq!(finding["account"], Value::Null);
    assert_eq!(finding["user"]["name"], "ci");
    assert_eq!(finding["user"]["address"], Value::Null, "a literal has no address");
    let keys = list(&finding["keys"]);
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0]["address"], "aws_iam_access_key.first");
    assert_eq!(keys[0]["status"], "Active");
    assert_eq!(keys[0]["via"], json!([]));
    assert_eq!((&keys[0]["construct"], &keys[0]["origin"]), (&Value::Null, &Value::Null));
    assert_eq!(text_at(&project, &keys[0]["location"]), "resource \"aws_iam_access_key\" \"first\"");
    assert_eq!(text_at(&project, &keys[1]["location"]), "resource \"aws_iam_access_key\" \"second\"");
    let expected =
        json!({ "files": 1, "units": 1, "users": 1, "keys": 2, "certain": 1, "possible": 0, "latent": 0 });
    assert_eq!(json["summary"], expected);
}

#[test]
fn a_possible_finding_names_the_inputs_that_are_enough() {
    let project = Project::new(&[("main.tf", OPTIONAL)]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    let finding = &json["findings"][0];
    assert_eq!(finding["level"], "possible");
    assert_eq!(finding["when"], json!({ "var.rotating": true }));
    assert_eq!(finding["keys"][1]["address"], "aws_iam_access_key.second[0]");
}

#[test]
fn a_clean_report_has_empty_lists() {
    for files in [&[("main.tf", ONE_KEY)][..], &[]] {
        let project = Project::new(files);
        let json = check_report(&project, &project.run(&["check", "--format", "json"]));
        assert_eq!((&json["findings"], &json["incomplete"]), (&json!([]), &json!([])));
    }
}

#[test]
fn a_declared_user_is_where_it_is_declared() {
    let user = "resource \"aws_iam_user\" \"ci\" {\n  name = \"Ci\"\n}\n";
    let keys = TWO_KEYS.replace("\"ci\"", "aws_iam_user.ci.name");
    let project = Project::new(&[("user.tf", user), ("main.tf", &keys)]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    let user = &json["findings"][0]["user"];
    assert_eq!(user["name"], "Ci", "a name keeps its letters");
    assert_eq!(user["address"], "aws_iam_user.ci");
    assert_eq!(user["expression"], "aws_iam_user.ci.name");
    assert_eq!(text_at(&project, &user["location"]), "resource \"aws_iam_user\" \"ci\"");
}

#[test]
fn a_key_in_a_module_names_its_calls() {
    let project = Project::new(&[("main.tf", TWO_CALLS), ("key/main.tf", KEY_MODULE)]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    let keys = list(&json["findings"][0]["keys"]);
    assert_eq!(keys[1]["address"], "module.green.aws_iam_access_key.this");
    assert_eq!(text_at(&project, &keys[1]["location"]), "resource \"aws_iam_access_key\" \"this\"");
    assert_eq!(list(&keys[1]["via"]).len(), 1);
    assert_eq!(text_at(&project, &keys[1]["via"][0]), "module \"green\"");
}

#[test]
fn a_key_names_the_place_of_everything_that_decides_it() {
    let text = "variable \"on\" {\n  type = bool\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  count  = 2\n  user   = \"ci\"\n  \
                status = var.on ? \"Active\" : \"Inactive\"\n}\n";
    let template = "Conditions:\n  Two: !Equals [!Ref AWS::Region, eu-west-1]\nResources:\n  A: {Type: AWS::IAM::AccessKey, \
                    Properties: {UserName: ci}}\n  B:\n    Type: AWS::IAM::AccessKey\n    Condition: Two\n    Properties:\n      \
                    UserName: ci\n";
    let project = Project::new(&[("main.tf", text), ("template.yaml", template)]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    let of = |address: &str| {
        let findings = list(&json["findings"]);
        let key = findings.iter().flat_map(|f| list(&f["keys"])).find(|key| key["address"] == address);
        places(&project, key.unwrap())
            .into_iter()
            .map(|(role, text)| format!("{role}: {text}"))
            .collect::<Vec<_>>()
    };
    let status = "status: status = var.on ? \"Active\" : \"Inactive\"";
    assert_eq!(of("aws_iam_access_key.k[0]"), ["user: user   = \"ci\"", status, "multiplier: count  = 2"]);
    assert_eq!(of("B"), ["condition: Two", "condition: Two", "user: ci"]);
}

#[test]
fn a_finding_names_its_scenario_and_what_else_is_known_of_it() {
    let module = "variable \"n\" {\n  type = number\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  count = var.n\n  user  = \"ci\"\n}\n";
    let project = Project::new(&[("app/main.tf", module), ("app/env/three.tfvars", "n = 3\n")]);
    let json = check_report(
        &project,
        &project.run(&["check", "--scenario", "app/env/three.tfvars", "--format", "json"]),
    );
    let finding = &json["findings"][0];
    assert_eq!(finding["scenario"], "app/env/three.tfvars");
    assert!(finding["notes"][0].as_str().unwrap().starts_with("AWS refuses a third access key"), "{finding}");
}

#[test]
fn the_root_leads_from_the_working_directory_to_the_work_tree() {
    let project = Project::new(&[("envs/prod/main.tf", TWO_KEYS)]);
    let root = |cwd| {
        let run = project.run_with(&With { cwd, ..With::default() }, &["check", "--format", "json"]);
        run.json()["root"].clone()
    };
    assert_eq!([root(""), root("envs"), root("envs/prod")], [".", "..", "../.."]);
}

#[test]
fn an_undecided_place_covers_text() {
    let project = Project::new(&[("main.tf", "module \"m\" {\n  source = \"acme/keys/aws\"\n}\n")]);
    let json = check_report(&project, &project.run(&["check", "--format", "json"]));
    assert!(text_at(&project, &json["incomplete"][0]["location"]).contains("acme/keys/aws"));
}

#[test]
fn findings_keep_their_fingerprint_when_lines_move() {
    let print = |text: &str| {
        let project = Project::new(&[("main.tf", text)]);
        project.run(&["check", "--format", "json"]).json()["findings"][0]["fingerprint"].clone()
    };
    assert_eq!(print(TWO_KEYS), print(&format!("# A comment.\n\n{TWO_KEYS}")));
    assert_ne!(print(TWO_KEYS), print(&TWO_KEYS.replace("\"ci\"", "\"cd\"")));
}

#[test]
fn an_inventory_lists_every_key_with_every_field() {
    let inactive =
        "resource \"aws_iam_access_key\" \"off\" {\n  user   = \"cd\"\n  status = \"Inactive\"\n}\n";
    let project = Project::new(&[("b/main.tf", OPTIONAL), ("a/main.tf", inactive)]);
    let json = project.run(&["inventory", "--format", "json"]).exits(0).json();
    check_header(&json);
    assert_eq!(json["incomplete"], json!([]));
    check_notes(&json);
    let keys = list(&json["keys"]);
    for key in keys {
        let fields = ["address", "unit", "account", "user", "status", "exists", "when", "location"];
        has_fields(key, &[&fields[..], &["via", "places", "construct", "origin"]].concat());
        assert_ne!(places(&project, key).len(), 0, "the user at least");
        assert_eq!((&key["construct"], &key["origin"]), (&Value::Null, &Value::Null), "no CDK");
        check_unit(&key["unit"]);
        is_text_or_null(&key["account"]);
        assert!(key["when"].is_string());
        check_user(&project, &key["user"]);
        assert!(text_at(&project, &key["location"]).starts_with("resource "));
    }
    let column = |name: &str| keys.iter().map(|key| key[name].clone()).collect::<Vec<_>>();
    let addresses = ["aws_iam_access_key.off", "aws_iam_access_key.first", "aws_iam_access_key.second[0]"];
    assert_eq!(column("address"), addresses, "by unit, then address");
    assert_eq!(column("status"), ["Inactive", "Active", "Active"]);
    assert_eq!(column("exists"), ["always", "always", "sometimes"]);
    assert!(keys[2]["when"].as_str().unwrap().contains("var.rotating"), "{}", keys[2]);
    assert_eq!(keys[1]["when"], "");
}
