//! `[[account]]`: units that share an account.

use serde_json::json;

use super::project::{ONE_KEY, OPTIONAL, Project, TWO_KEYS, With, list};

const JSON: [&str; 3] = ["check", "--format", "json"];
const SHARED: &str = "[[account]]\nunits = [\"a\", \"b\", \"t.yaml\"]\nid = \"123456789012\"\n";
const DECLARED: &str = "resource \"aws_iam_user\" \"u\" {\n  name = \"CI\"\n}\nresource \"aws_iam_access_key\" \"k\" {\n  user = aws_iam_user.u.name\n}\n";
const TEMPLATE: &str = "Parameters:\n  Env:\n    Type: String\nConditions:\n  Prod: !Equals [!Ref Env, prod]\nResources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Condition: Prod\n    Properties: {UserName: ci}\n";

#[test]
fn one_name_in_two_units_of_one_account_is_one_user() {
    let project = Project::new(&[("lonekey.toml", ""), ("a/main.tf", ONE_KEY), ("b/main.tf", DECLARED)]);
    assert_eq!(project.run(&JSON).exits(0).levels(), [""; 0], "each is an account of its own");
    project.write("lonekey.toml", SHARED.as_bytes());
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["certain"]);
    let finding = &run.json()["findings"][0];
    assert_eq!(finding["account"], "123456789012");
    assert_eq!(finding["user"]["address"], "aws_iam_user.u");
    let paths: Vec<_> = list(&finding["keys"]).iter().map(|k| k["location"]["path"].clone()).collect();
    assert_eq!(paths, ["a/main.tf", "b/main.tf"]);
    project.run(&["check"]).exits(1).says("share an account");
    project.run(&["check", "--isolated"]).exits(0);
    // Another name, an inactive key and a unit of no group are nobody else's.
    project.write("b/main.tf", ONE_KEY.replace("\"ci\"", "\"cd\"").as_bytes());
    project.run(&["check"]).exits(0);
    project.write("b/main.tf", ONE_KEY.replace("}", "  status = \"Inactive\"\n}").as_bytes());
    project.run(&["check"]).exits(0);
    project.write("b/main.tf", ONE_KEY.as_bytes());
    project.write("lonekey.toml", SHARED.replace("\"b\"", "\"c\"").as_bytes());
    project.run(&["check"]).exits(0);
}

#[test]
fn inputs_of_each_unit_are_named_with_it() {
    let template = "resource \"aws_iam_access_key\" \"k\" {\n  count = var.on ? 1 : 0\n  user  = \"ci\"\n}\nvariable \"on\" {\n  type = bool\n}\n";
    let project = Project::new(&[("lonekey.toml", SHARED), ("a/main.tf", template), ("t.yaml", TEMPLATE)]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["possible"]);
    assert_eq!(run.json()["findings"][0]["when"], json!({ "a:var.on": true, "t.yaml:Env": "prod" }));
    project.write("a/main.tf", ONE_KEY.as_bytes());
    assert_eq!(project.run(&JSON).exits(1).json()["findings"][0]["when"], json!({ "t.yaml:Env": "prod" }));
}

#[test]
fn a_user_is_told_once() {
    let project = Project::new(&[("lonekey.toml", SHARED), ("a/main.tf", TWO_KEYS), ("b/main.tf", ONE_KEY)]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["certain"]);
    assert_eq!(list(&run.json()["findings"][0]["keys"]).len(), 3);
    project.write("a/main.tf", OPTIONAL.as_bytes());
    assert_eq!(project.run(&JSON).exits(1).levels(), ["certain"]);
    // What a unit has for certain is not lost in what is only possible.
    project.write("a/main.tf", TWO_KEYS.as_bytes());
    std::fs::remove_dir_all(project.path("b")).unwrap();
    project.write("t.yaml", TEMPLATE.as_bytes());
    assert_eq!(project.run(&JSON).exits(1).levels(), ["certain"]);
}

#[test]
fn accounts_that_units_name_themselves_stay_apart() {
    let with = |id: &str| format!("provider \"aws\" {{\n  allowed_account_ids = [\"{id}\"]\n}}\n{ONE_KEY}");
    let (one, other) = (with("111111111111"), with("222222222222"));
    let project = Project::new(&[
        ("lonekey.toml", "[[account]]\nunits = [\"*\"]\n"),
        ("a/main.tf", &one),
        ("b/main.tf", &other),
    ]);
    project.run(&["check"]).exits(0);
    project.write("b/main.tf", one.as_bytes());
    assert_eq!(project.run(&JSON).exits(1).json()["findings"][0]["account"], "111111111111");
}

#[test]
fn files_of_values_make_what_they_lead_to_possible() {
    let files = [
        ("lonekey.toml", SHARED),
        ("a/main.tf", OPTIONAL),
        ("b/main.tf", ONE_KEY),
        ("on.tfvars", "rotating = true\n"),
        ("off.tfvars", "rotating = false\n"),
    ];
    let run = Project::new(&files).run(&[
        "check",
        "--format",
        "json",
        "--scenario",
        "on.tfvars",
        "--scenario",
        "off.tfvars",
    ]);
    assert_eq!(run.exits(1).levels()[0], "certain", "the first key is there with both");
}

#[test]
fn production_comes_first_and_a_unit_is_in_one_account() {
    let two = |user: &str| TWO_KEYS.replace("\"ci\"", &format!("\"{user}\""));
    let project =
        Project::new(&[("lonekey.toml", ""), ("dev/main.tf", &two("d")), ("prod/main.tf", &two("p"))]);
    let first = |project: &Project| project.run(&JSON).exits(1).json()["findings"][0]["user"]["name"].clone();
    assert_eq!(first(&project), "d");
    let production = "[[account]]\nunits = [\"prod\"]\nproduction = true\n";
    project.write("lonekey.toml", production.as_bytes());
    assert_eq!(first(&project), "p");
    let beside =
        project.run_with(&With { cwd: "dev", ..With::default() }, &["check", "--format", "json", ".."]);
    assert_eq!(beside.exits(1).json()["findings"][0]["user"]["name"], "p");
    project.write("lonekey.toml", format!("{production}[[account]]\nunits = [\"p*\"]\n").as_bytes());
    project.run(&["check"]).refuses("lonekey.toml:1 and lonekey.toml:4 both hold");
    project.write("lonekey.toml", b"[[account]]\nunits = [\"../x\"]\n");
    project.run(&["check"]).refuses("lonekey.toml:2:10: units \"../x\": it must stay below");
}

#[test]
fn a_key_of_another_account_is_no_key_of_the_group() {
    let with = |id: &str| format!("provider \"aws\" {{\n  allowed_account_ids = [\"{id}\"]\n}}\n{ONE_KEY}");
    let project = Project::new(&[("lonekey.toml", SHARED), ("a/main.tf", ""), ("b/main.tf", ONE_KEY)]);
    project.write("a/main.tf", with("999999999999").as_bytes());
    project.run(&["check"]).exits(0);
    project.write("a/main.tf", with("123456789012").as_bytes());
    assert_eq!(project.run(&JSON).exits(1).levels(), ["certain"]);
    // An account that only a profile names may be any.
    let other = "provider \"aws\" {\n  alias   = \"x\"\n  profile = \"x\"\n}\n";
    let there = ONE_KEY.replace("}", "  provider = aws.x\n}");
    project.write("a/main.tf", format!("{other}{there}").as_bytes());
    project.run(&["check"]).exits(0);
    project.write("a/main.tf", format!("{other}{ONE_KEY}").as_bytes());
    project.run(&["check"]).exits(1);
}

#[test]
fn a_unit_that_names_no_account_is_in_each_of_its_group() {
    let with = |id: &str| format!("provider \"aws\" {{\n  allowed_account_ids = [\"{id}\"]\n}}\n{ONE_KEY}");
    let project = Project::new(&[
        ("lonekey.toml", "[[account]]\nunits = [\"*\"]\n"),
        ("a/main.tf", &with("111111111111")),
        ("b/main.tf", &with("222222222222")),
        ("c/main.tf", ONE_KEY),
    ]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["certain", "certain"]);
    let accounts: Vec<_> = list(&run.json()["findings"]).iter().map(|f| f["account"].clone()).collect();
    assert_eq!(accounts, ["111111111111", "222222222222"]);
}

#[test]
fn the_key_that_asks_for_least_stands_for_its_unit() {
    let key = |name: &str, when: &str| {
        format!(
            "resource \"aws_iam_access_key\" \"{name}\" {{\n  count = {when} ? 1 : 0\n  user  = \"ci\"\n}}\n"
        )
    };
    let inputs = "variable \"x\" {\n  type = bool\n}\nvariable \"y\" {\n  type = bool\n}\n";
    let (both, none) = (key("a", "var.x && var.y"), key("b", "!var.x"));
    let project = Project::new(&[
        ("lonekey.toml", SHARED),
        ("a/main.tf", &format!("{inputs}{both}{none}")),
        ("b/main.tf", ONE_KEY),
    ]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["possible"]);
    assert_eq!(run.json()["findings"][0]["when"], json!({ "a:var.x": false }));
}

#[test]
fn what_all_files_of_values_lead_to_is_certain_and_what_one_does_is_possible() {
    let key = "variable \"on\" {\n  type = bool\n}\nvariable \"user\" {}\nresource \"aws_iam_access_key\" \"k\" {\n  count = var.on ? 1 : 0\n  user  = var.user\n}\n";
    let check = |one: &str, other: &str| {
        let project = Project::new(&[
            ("lonekey.toml", SHARED),
            ("a/main.tf", key),
            ("b/main.tf", ONE_KEY),
            ("one.tfvars", one),
            ("other.tfvars", other),
        ]);
        project.run(&["check", "--format", "json", "--scenario", "one.tfvars", "other.tfvars"]).levels()
    };
    let (ci, off, cd) =
        ("on = true\nuser = \"ci\"\n", "on = false\nuser = \"ci\"\n", "on = true\nuser = \"cd\"\n");
    assert_eq!(check(ci, ci), ["certain"]);
    assert_eq!(check(ci, off), ["possible"]);
    assert_eq!(check(off, ci), ["possible"]);
    assert_eq!(check(cd, ci), ["possible"], "the same key is another user's with the other file");
    assert_eq!(check(cd, off), [""; 0]);
}
