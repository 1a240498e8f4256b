//! What lies outside of the work tree, below `.git`, or is state: not read, not shown, and said.

use super::project::{ONE_KEY, OPTIONAL, Project, TWO_KEYS, With};

/// Which key of two is whose is in a file that is not a file.
const USER_FROM_FILE: &str = "resource \"aws_iam_access_key\" \"a\" {
  user = file(\"link.txt\")
}
resource \"aws_iam_access_key\" \"b\" {
  user = file(\"link.txt\")
}
";

#[cfg(unix)]
#[test]
fn what_leads_out_of_the_work_tree_is_not_read_and_said() {
    let manifest = r#"{"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile":
        "/proc/self/environ"}, "additionalMetadataFile": "../../outside/t.json"}, "A": {"type": "cdk:asset-manifest",
        "properties": {"file": "../../outside/t.json"}}, "P": {"type": "cdk:cloud-assembly", "properties":
        {"directoryName": "../../outside"}}}}"#;
    let nested =
        "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: PLACE\n";
    let secret =
        "SECRET\nResources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: SECRET\n";
    let call = "module \"m\" {\n  source = \"SOURCE\"\n}\n";
    let read = |path: &str| USER_FROM_FILE.replace("link.txt", path);
    // The file, its text, a link with where it leads, and what is said at which path.
    let cases = [
        ("main.tf", USER_FROM_FILE.to_string(), Some(("../outside/t.json", "link.txt")), "main.tf"),
        ("main.tf", read("../outside/t.json"), None, "main.tf"),
        ("main.tf", read("folder/t.json"), Some(("../outside", "folder")), "main.tf"),
        ("main.tf", read("/proc/self/environ"), None, "main.tf"),
        ("main.tf", read(".git/HEAD"), None, "main.tf"),
        ("main.tf", read("link.txt"), Some((".git/HEAD", "link.txt")), "main.tf"),
        ("main.tf", read("terraform.tfstate"), None, "main.tf"),
        ("main.tf", ONE_KEY.into(), Some(("../outside/t.json", "more.tf")), "more.tf"),
        ("main.tf", ONE_KEY.into(), Some(("../outside/t.json", "x.auto.tfvars")), "x.auto.tfvars"),
        ("main.tf", ONE_KEY.into(), Some(("../outside/t.json", "t.yaml")), "t.yaml"),
        ("main.tf", call.replace("SOURCE", "../outside"), None, "main.tf"),
        ("main.tf", call.replace("SOURCE", "./m"), Some(("../outside", "m")), "main.tf"),
        ("t.yaml", nested.replace("PLACE", "../outside/t.json"), None, "t.yaml"),
        // Whether something is there is not told either.
        ("main.tf", call.replace("SOURCE", "../nowhere"), None, "main.tf"),
        ("main.tf", call.replace("SOURCE", "/nowhere/m"), None, "main.tf"),
        ("t.yaml", nested.replace("PLACE", "../nowhere.json"), None, "t.yaml"),
        (
            "t.yaml",
            nested.replace("PLACE", "link.json"),
            Some(("../outside/t.json", "link.json")),
            "link.json",
        ),
        ("cdk.out/manifest.json", manifest.into(), None, "cdk.out/manifest.json"),
    ];
    for (name, text, link, said) in cases {
        let project = Project::new(&[
            ("outside/t.json", secret),
            ("outside/main.tf", &format!("# {TWO_KEYS}")),
            ("repo/terraform.tfstate", "SECRET"),
            ("repo/.git/HEAD", "SECRET"),
            (&format!("repo/{name}"), &text),
        ]);
        if let Some((to, at)) = link {
            project.link(to, &format!("repo/{at}"));
        }
        for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
            let inside = With { cwd: "repo", ..With::default() };
            let run = project.run_with(&inside, &["check", "--format", format]);
            assert_eq!(run.code, 2, "{name} {link:?}: {text}");
            run.says_not("SECRET").says_not("not on disk");
            if format == "json" {
                assert!(run.unreadable().contains(&said.to_string()), "{name} {link:?}: {run:?}");
            }
        }
    }
}

#[test]
fn what_the_serverless_framework_takes_from_outside_is_said_once() {
    for (custom, resources) in [
        ("x", "Resources:\n    A: ${file(../keys.yml):A}"),
        ("x", "Resources:\n    A: ${file(../nowhere.yml):A}"),
        ("x", "Resources:\n    A: ${file(../keys.yml):A, ${self:custom}}"),
        ("x", "Resources:\n    A: {Type: AWS::IAM::AccessKey, Properties: '${file(../keys.yml)}'}"),
        ("${file(../keys.yml)}", "Resources:\n    A: ${self:custom.A}"),
        ("x", "${file(../keys.yml)}"),
    ] {
        let text =
            format!("service: x\nprovider: {{name: aws}}\ncustom: {custom}\nresources:\n  {resources}\n");
        let keys = "A: {Type: AWS::IAM::AccessKey, Properties: {UserName: SECRET}}\n";
        let files = [("keys.yml", keys), ("repo/.git/HEAD", ""), ("repo/serverless.yml", &text)];
        let inside = With { cwd: "repo", ..With::default() };
        let run = Project::new(&files).run_with(&inside, &["check", "--format", "json"]);
        run.says_not("SECRET").says_not("cannot be told");
        assert_eq!((run.code, run.unreadable().len()), (2, 1), "{text}: {run:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_flag_may_name_what_lies_outside_but_for_a_link_that_leads_there() {
    let project = Project::new(&[
        ("outside/live.tfvars", "rotating = true\n"),
        ("repo/.git/HEAD", ""),
        ("repo/main.tf", OPTIONAL),
    ]);
    project.link("../outside/live.tfvars", "repo/link.tfvars");
    let inside = With { cwd: "repo", ..With::default() };
    project.run_with(&inside, &["check", "--var-file", "../outside/live.tfvars"]).exits(1).says("certain[");
    for flag in ["--var-file", "--scenario"] {
        project.run_with(&inside, &["check", flag, "link.tfvars"]).refuses("outside of the work tree");
    }
    project.run_with(&inside, &["check", "../outside"]).exits(0);
}
