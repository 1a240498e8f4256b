//! Templates and CDK assemblies as paths and reports: their languages are judged in `testdata/cases`.

use std::fs;

use serde_json::{Value, json};

use super::contract::{check_report, text_at};
use super::project::{ONE_KEY, Project, With, example, list, run_in};

const JSON: [&str; 3] = ["check", "--format", "json"];

const TWO_YAML: &str = "Resources:\n  First:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n  \
                        Second:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n";

const TWO_JSON: &str = r#"{
  "Resources": {
    "First": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": "ci"}},
    "Second": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": "ci"}}
  }
}
"#;

const MANIFEST: &str = r#"{
  "version": "40.0.0",
  "artifacts": {
    "Keys": {
      "type": "aws:cloudformation:stack",
      "environment": "aws://111122223333/eu-west-1",
      "properties": {"templateFile": "Keys.template.json"}
    }
  }
}
"#;

fn assembly(template: &str) -> Project {
    Project::new(&[
        (".gitignore", "cdk.out\n"),
        ("app/cdk.out/cdk.out", "{\"version\": \"40.0.0\"}"),
        ("app/cdk.out/manifest.json", MANIFEST),
        ("app/cdk.out/Keys.template.json", template),
    ])
}

#[test]
fn a_named_template_of_a_stage_is_judged_with_the_whole_assembly() {
    let stage = |name: &str| MANIFEST.replace("Keys.template.json", name);
    let outer = stage("Other.json").replace(
        "\"artifacts\": {",
        "\"artifacts\": {\"Stage\": {\"type\": \"cdk:cloud-assembly\", \"properties\": {\"directoryName\": \"live\"}},",
    );
    let one = r#"{"Resources": {"A": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": "ci"}}}}"#;
    let project = Project::new(&[
        ("cdk.out/manifest.json", &outer),
        ("cdk.out/Other.json", one),
        ("cdk.out/live/manifest.json", &stage("Keys.json")),
        ("cdk.out/live/Keys.json", one),
    ]);
    for path in [".", "cdk.out/Other.json", "cdk.out/live/Keys.json"] {
        project.run(&["check", path]).exits(1).says("IAM user \"ci\" gets 2 active access keys");
    }
    // No manifest names it.
    let project = Project::new(&[
        ("cdk.out/manifest.json", &stage("Other.json")),
        ("cdk.out/Other.json", one),
        ("cdk.out/live/manifest.json", &stage("Keys.json")),
        ("cdk.out/live/Keys.json", one),
    ]);
    project.run(&["check", "cdk.out/live/Keys.json"]).exits(0);
}

#[test]
fn a_template_is_known_by_what_it_holds() {
    for name in ["keys.yaml", "keys.yml", "keys.template", "keys.cfn", "keys.cform"] {
        Project::new(&[(name, TWO_YAML)]).run(&["check"]).exits(1).says(name);
    }
    for name in ["keys.json", "keys.template", "keys.cfn"] {
        Project::new(&[(name, TWO_JSON)]).run(&["check"]).exits(1).says(name);
    }
    // Under a name that says nothing, one has to be named.
    let project = Project::new(&[("keys", TWO_YAML), ("notes.txt", TWO_YAML)]);
    project.run(&["check"]).exits(0);
    project.run(&["check", "keys"]).exits(1);
}

#[test]
fn a_template_s_finding_has_every_field() {
    for (name, text, quote) in [("infra/keys.yaml", TWO_YAML, ""), ("infra/keys.json", TWO_JSON, "\"")] {
        let project = Project::new(&[(name, text)]);
        let report = check_report(&project, &project.run(&JSON));
        let finding = &report["findings"][0];
        assert_eq!(finding["level"], "certain");
        assert_eq!(finding["unit"], json!({ "kind": "cloudformation", "path": name }));
        assert_eq!(finding["user"]["name"], "ci");
        let keys = list(&finding["keys"]);
        assert_eq!([&keys[0]["address"], &keys[1]["address"]], ["First", "Second"]);
        assert_eq!(text_at(&project, &keys[0]["location"]), format!("{quote}First{quote}"));
        assert_eq!(text_at(&project, &keys[1]["location"]), format!("{quote}Second{quote}"));
    }
}

#[test]
fn a_template_s_remedy_is_in_its_own_words() {
    Project::new(&[("keys.yaml", TWO_YAML)]).run(&["check"]).says("Status: Inactive");
    Project::new(&[("keys.json", TWO_JSON)]).run(&["check"]).says("\"Status\": \"Inactive\"");
}

#[test]
fn templates_are_units_of_their_own_and_named_alone() {
    let one = TWO_YAML.replacen("UserName: ci", "UserName: other", 1);
    let project = Project::new(&[("a.yaml", &one), ("b.yaml", &one), ("bad.yaml", TWO_YAML)]);
    project.run(&["check", "a.yaml", "b.yaml"]).exits(0);
    assert_eq!(project.run(&JSON).levels(), ["certain"]);
}

#[test]
fn a_needed_template_that_does_not_parse_is_said_with_its_place() {
    let broken = format!("{TWO_YAML}      Tags: [\n");
    let project = Project::new(&[("broken.yaml", &broken), ("main.tf", ONE_KEY)]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(2).undecided(), ["syntax"]);
    project.run(&["check"]).exits(2).says("--> broken.yaml:10:13\n");
    let project = Project::new(&[("broken.json", &TWO_JSON.replacen("\"First\": {", "\"First\" {", 1))]);
    project.run(&["check"]).exits(2).says("--> broken.json:3:");
}

#[test]
fn a_broken_file_that_only_mentions_a_key_s_type_is_not_needed() {
    let project = Project::new(&[
        ("chart/pod.yaml", "# AWS::IAM::AccessKey\nkind: {{ .Values.kind }}\n  name: [\n"),
        ("broken.json", "{\"a\": [\"no key here\", "),
    ]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(0).undecided(), [""; 0]);
}

#[test]
fn an_assembly_s_finding_names_constructs_and_the_app() {
    let run = run_in(&example(), &With::default(), &["check", "cdk", "--format", "json"]);
    let json = run.exits(1).json();
    let finding = &json["findings"][0];
    assert_eq!(finding["unit"], json!({ "kind": "cdk", "path": "cdk/cdk.out" }));
    assert_eq!(finding["account"], "111122223333");
    for key in list(&finding["keys"]) {
        assert!(key["address"].as_str().unwrap().starts_with("Deploy/"), "{key}");
        assert!(key["construct"].as_str().unwrap().starts_with("Deploy/"), "{key}");
        assert_eq!(key["origin"]["path"], "cdk/app.ts", "{key}");
        let line = usize::try_from(key["origin"]["line"].as_u64().unwrap()).unwrap();
        let app = fs::read_to_string(example().join("cdk/app.ts")).unwrap();
        assert!(app.lines().nth(line - 1).unwrap().contains("AccessKey"), "line {line}");
    }
    let run = run_in(&example(), &With::default(), &["check", "cdk", "--format", "github"]);
    run.says("::error file=testdata/example/cdk/app.ts,line=");
}

#[test]
fn an_assembly_is_read_although_projects_ignore_it() {
    let project = assembly(TWO_JSON);
    let check = |paths: &[&str]| {
        let args: Vec<&str> = JSON.iter().chain(paths).copied().collect();
        let run = project.run(&args);
        let finding = &run.exits(1).json()["findings"][0];
        assert_eq!(finding["keys"][0]["address"], "Keys/First", "{paths:?}");
        assert_eq!(finding["keys"][0]["construct"], Value::Null);
        assert_eq!(finding["unit"], json!({ "kind": "cdk", "path": "app/cdk.out" }));
        assert_eq!(run.levels().len(), 1, "judged once, as an assembly");
    };
    check(&[]);
    check(&["app"]);
    check(&["app/cdk.out"]);
    check(&["app/cdk.out/manifest.json"]);
    check(&["app/cdk.out/Keys.template.json"]);
    project.run(&["check", "--exclude", "**/cdk.out"]).exits(0);
}

#[test]
fn a_template_that_a_manifest_names_and_nobody_wrote_is_missing() {
    let project = assembly(TWO_JSON);
    fs::remove_file(project.path("app/cdk.out/Keys.template.json")).unwrap();
    let run = project.run(&JSON);
    assert_eq!(run.exits(2).undecided(), ["missing-file"]);
    assert_eq!(run.json()["incomplete"][0]["fails"], true);
}

#[test]
fn a_broken_template_of_an_assembly_fails() {
    let run = assembly("{\"Resources\": {\"K\": {\"Type\": \"AWS::IAM::AccessKey\" ").run(&["check"]);
    run.exits(2).says("--> app/cdk.out/Keys.template.json:1:");
}

#[test]
fn one_run_judges_all_languages() {
    let json = run_in(&example(), &With::default(), &JSON).exits(1).json();
    for kind in ["terraform", "cloudformation", "cdk"] {
        let certain = list(&json["findings"])
            .iter()
            .any(|finding| finding["unit"]["kind"] == kind && finding["level"] == "certain");
        assert!(certain, "{kind}");
    }
    assert_eq!(json["incomplete"], json!([]));
}
