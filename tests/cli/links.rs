//! Links inside the work tree: what they lead to counts once, in its own place.
#![cfg(unix)]

use super::project::{KEY_MODULE, Project, TWO_CALLS, TWO_KEYS};

const JSON: [&str; 3] = ["check", "--format", "json"];

/// The units of the findings, and the files of their keys.
fn found(project: &Project, args: &[&str]) -> Vec<(String, String)> {
    let report = project.run(&[&JSON, args].concat()).json();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_string();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|f| (text(&f["unit"]["path"]), text(&f["keys"][0]["location"]["path"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(unit, path)| (unit.to_string(), path.to_string())).collect()
}

#[test]
fn a_module_that_is_called_through_a_link_is_called() {
    for (to, at, source) in [
        ("../modules/key", "live/key", "./key"),
        ("../modules", "live/all", "./all/key"),
        ("modules", "again", "../again/key"),
        ("key", "modules/latest", "../modules/latest"),
        ("../modules/latest", "live/chain", "./chain"),
    ] {
        let calls = TWO_CALLS.replace("./key", source);
        let project = Project::new(&[("live/main.tf", &calls), ("modules/key/main.tf", KEY_MODULE)]);
        project.link("key", "modules/latest");
        if at != "modules/latest" {
            project.link(to, at);
        }
        let expected = pairs(&[("live", "modules/key/main.tf")]);
        for paths in [&[][..], &["live"], &["modules/key/main.tf"]] {
            assert_eq!(found(&project, paths), expected, "{at} {paths:?}");
        }
    }
}

#[test]
fn a_folder_whose_files_are_linked_into_modules_is_no_root() {
    let keys =
        "variable \"user\" {}\nresource \"aws_iam_access_key\" \"k\" {\n  count = 2\n  user = var.user\n}\n";
    let project = Project::new(&[
        ("common/keys.tf", keys),
        ("a/terraform.tfvars", "user = \"a\"\n"),
        ("b/terraform.tfvars", "user = \"b\"\n"),
    ]);
    project.link("../common/keys.tf", "a/keys.tf");
    project.link("../a/keys.tf", "b/keys.tf");
    let linked = [("a", "common/keys.tf"), ("b", "common/keys.tf")];
    assert_eq!(found(&project, &[]), pairs(&linked));
    assert_eq!(found(&project, &["common"]), pairs(&[("common", "common/keys.tf")]), "alone it is a root");
    // What is linked nowhere is judged where it lies.
    project.write("common/more.tf", b"locals {\n  x = 1\n}\n");
    assert_eq!(found(&project, &[]).len(), 3);
    std::fs::remove_file(project.path("common/more.tf")).unwrap();
    project.write("common/terraform.tfvars", b"user = \"c\"\n");
    assert_eq!(found(&project, &[]).len(), 3, "it is deployed on its own");
}

#[test]
fn a_link_to_a_template_says_nothing_twice() {
    let template =
        "Resources:\n  A: &key\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: bot}\n  B: *key\n";
    let project = Project::new(&[("infra/keys.yaml", template), ("live/note.txt", "")]);
    project.link("../infra/keys.yaml", "live/keys.yaml");
    assert_eq!(found(&project, &[]), pairs(&[("infra/keys.yaml", "infra/keys.yaml")]));
    assert_eq!(found(&project, &["live"]), pairs(&[("live/keys.yaml", "infra/keys.yaml")]));
}

#[test]
fn a_named_link_is_what_it_leads_to() {
    let project = Project::new(&[("infra/main.tf", TWO_KEYS), ("note.txt", "")]);
    project.link("infra", "current");
    assert_eq!(found(&project, &["current"]), pairs(&[("infra", "infra/main.tf")]));
    assert_eq!(found(&project, &["current", "infra"]), pairs(&[("infra", "infra/main.tf")]));
    assert_eq!(found(&project, &["current/main.tf"]), pairs(&[("infra", "infra/main.tf")]));
}

/// What terraform 1.11 lists: `**` and every other part of a pattern stand for linked folders too.
#[test]
fn a_fileset_lists_what_is_linked() {
    let keys = |pattern: &str| {
        format!(
            "resource \"aws_iam_access_key\" \"k\" {{\n  count = length(fileset(path.module, \"{pattern}\"))\n  \
             user = \"ann\"\n}}\n"
        )
    };
    let project = Project::new(&[("main.tf", ""), ("real/a", ""), ("real/sub/b", "")]);
    project.link("real", "u");
    for (pattern, number) in [("*/a", 2), ("**/b", 2), ("u/**", 2), ("u/*", 1), ("*", 1), ("**/c", 0)] {
        project.write("main.tf", keys(pattern).as_bytes());
        let run = project.run(&["inventory", "--format", "json"]).json();
        let found = run["keys"].as_array().unwrap().len();
        assert_eq!(found, number, "{pattern}");
    }
    // What leads out of the work tree, or back to itself, is never read as nothing.
    project.link("..", "out");
    project.write("main.tf", keys("out/*").as_bytes());
    project.run(&JSON).exits(2);
    std::fs::remove_file(project.path("out")).unwrap();
    project.link("..", "real/back");
    project.write("main.tf", keys("real/**").as_bytes());
    assert_eq!(project.run(&JSON).json()["findings"][0]["level"], "possible");
}

#[test]
fn a_named_file_is_judged_where_it_is_linked_into() {
    let key = |name: &str| format!("resource \"aws_iam_access_key\" \"{name}\" {{\n  user = \"ci\"\n}}\n");
    let project = Project::new(&[
        ("common/keys.tf", &key("b")),
        ("common/live.auto.tfvars", "on = true\n"),
        ("prod/main.tf", &key("a")),
        ("test/main.tf", "locals {\n  x = 1\n}\n"),
    ]);
    assert_eq!(found(&project, &["common/keys.tf"]), [], "one key of its own");
    project.link("../common/keys.tf", "prod/keys.tf");
    project.link("../common/keys.tf", "test/keys.tf");
    for named in ["common/keys.tf", "prod/keys.tf", "prod"] {
        assert_eq!(found(&project, &[named]), pairs(&[("prod", "prod/main.tf")]), "{named}");
    }
    project.write("prod/main.tf", (key("a") + "variable \"on\" {}\n").as_bytes());
    project.link("../common/live.auto.tfvars", "prod/live.auto.tfvars");
    assert_eq!(found(&project, &["common/live.auto.tfvars"]), pairs(&[("prod", "prod/main.tf")]));
}

#[test]
fn a_named_part_is_judged_where_it_is_linked_into() {
    let key = |id: &str| {
        format!("Resources:\n  {id}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: ci}}}}\n")
    };
    let project = Project::new(&[
        ("common/k.yml", &key("B")),
        ("common/keys.txt", "resource \"aws_iam_access_key\" \"b\" {\n  user = \"ci\"\n}\n"),
        ("copilot/api/addons/a.yml", &key("A")),
        (
            "svc/serverless.yml",
            &format!(
                "service: s\nprovider: {{name: aws}}\nresources:\n- ${{file(k.yml)}}\n- {}",
                key("A").replace('\n', "\n  ")
            ),
        ),
        ("root/main.tf", "resource \"aws_iam_access_key\" \"a\" {\n  user = \"ci\"\n}\n"),
    ]);
    assert_eq!(found(&project, &["common/k.yml", "common/keys.txt"]), []);
    project.link("../../../common/k.yml", "copilot/api/addons/k.yml");
    assert_eq!(
        found(&project, &["common/k.yml"]),
        pairs(&[("copilot/api/addons", "copilot/api/addons/a.yml")])
    );
    std::fs::remove_file(project.path("copilot/api/addons/k.yml")).unwrap();
    project.link("../common/k.yml", "svc/k.yml");
    assert_eq!(found(&project, &["common/k.yml"]).len(), 1);
    project.link("../common/keys.txt", "root/keys.tf");
    assert_eq!(found(&project, &["common/keys.txt"]), pairs(&[("root", "root/main.tf")]));
}

#[test]
fn a_folder_that_a_link_in_a_named_one_leads_to_is_walked() {
    let project =
        Project::new(&[("root/main.tf", TWO_KEYS), ("live/x.txt", ""), ("other/main.tf", TWO_KEYS)]);
    project.link("../root", "live/prod");
    project.link("..", "live/up");
    assert_eq!(
        found(&project, &["live"]),
        pairs(&[("root", "root/main.tf")]),
        "and not what the folder is in"
    );
    assert_eq!(found(&project, &["live", "root"]), pairs(&[("root", "root/main.tf")]));
    project.link("../other", "root/more");
    assert_eq!(found(&project, &["live"]).len(), 2, "a link in what a link leads to");
    assert_eq!(found(&project, &["live", "--exclude", "prod"]), []);
}

#[test]
fn a_folder_of_addons_that_a_link_leads_to_is_merged() {
    let [first, second] = ["A", "B"].map(|name| {
        format!("Resources:\n  {name}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: x}}}}\n")
    });
    for (to, at, addons) in [
        ("../../common/addons", "copilot/api/addons", "common/addons"),
        ("../service", "copilot/api", "service/addons"),
    ] {
        let files = [
            (format!("{addons}/a.yml"), first.as_str()),
            (format!("{addons}/b.yml"), second.as_str()),
            ("copilot/api.txt".into(), ""),
            ("copilot/api/manifest.yml".into(), "name: api\n"),
        ];
        let count = if at == "copilot/api" { 3 } else { 4 };
        let files: Vec<(&str, &str)> =
            files.iter().take(count).map(|(at, text)| (at.as_str(), *text)).collect();
        let project = Project::new(&files);
        project.link(to, at);
        let key = (format!("{addons}/a.yml"), "copilot/api/addons".to_string());
        for args in [&[][..], &["copilot"]] {
            assert_eq!(found(&project, args), [(key.1.clone(), key.0.clone())], "{at} {args:?}");
        }
    }
}

#[test]
fn a_stage_that_a_link_leads_to_is_told_once() {
    let stage = "{\"version\": \"39.0.0\", \"artifacts\": {\"P\": {\"type\": \"cdk:cloud-assembly\", \"properties\": \
                 {\"directoryName\": \"assembly-P\"}}}}";
    let stack = "{\"version\": \"39.0.0\", \"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\", \"properties\": \
                 {\"templateFile\": \"S.template.json\"}}}}";
    let key = "{\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\"UserName\": \"bot\"}}";
    let template = format!("{{\"Resources\": {{\"A\": {key}, \"B\": {key}}}}}");
    let project = Project::new(&[
        ("cdk.out/manifest.json", stage),
        ("real/assembly-P/manifest.json", stack),
        ("real/assembly-P/S.template.json", &template),
    ]);
    project.link("../real/assembly-P", "cdk.out/assembly-P");
    assert_eq!(found(&project, &[]), pairs(&[("cdk.out", "real/assembly-P/S.template.json")]));
}
