//! Files that Terraform reads by function: naming one judges the root modules that read it.

use super::project::{KEY_MODULE, Project, TWO_KEYS};

/// Two keys for each of `local.users`, a list of names.
const KEYS: &str = r#"resource "aws_iam_access_key" "a" {
  for_each = toset(local.users)
  user     = each.value
}

resource "aws_iam_access_key" "b" {
  for_each = toset(local.users)
  user     = each.value
}
"#;

const STACK: &str = r#"resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = file("keys.yaml")
}
"#;

const TEMPLATE: &str = "Resources:
  A:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: ci}
  B:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: ci}
";

fn users(expression: &str) -> String {
    format!("locals {{\n  users = {expression}\n}}\n{KEYS}")
}

/// A fact, `live/main.tf`, and the other files: the first one is named.
type Case = (&'static str, String, Vec<(&'static str, String)>);

fn case<const N: usize>(fact: &'static str, main: &str, more: [(&'static str, &str); N]) -> Case {
    (fact, main.to_string(), more.map(|(path, text)| (path, text.to_string())).into())
}

fn reading<const N: usize>(expression: &'static str, more: [(&'static str, &str); N]) -> Case {
    case(expression, &users(expression), more)
}

const LIST: &str = "[ann]\n";
const BUILT_IN: &str = "terraform {\n  required_providers {\n    terraform = { source = \"terraform.io/builtin/terraform\" }\n  }\n}\n";

#[test]
fn a_named_data_file_judges_the_roots_that_read_it() {
    let module = "variable \"users\" {}\nlocals { users = var.users }\n".to_string() + KEYS;
    let own = users(r#"yamldecode(file("${path.module}/users.yaml"))"#);
    let out = r#"output "users" { value = yamldecode(file("${path.module}/users.yaml")) }"#;
    let with = |variable: &str, expression: &str| format!("{variable}\n{}", users(expression));
    let parent = "Resources:
  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../nested/child.yaml}}
";
    let json = r#"{"locals": {"users": "${yamldecode(\u0066ile(\"users.yaml\"))}"},
"resource": {"aws_iam_access_key": {"a": {"for_each": "${toset(local.users)}", "user": "${each.value}"},
"b": {"for_each": "${toset(local.users)}", "user": "${each.value}"}}}}"#;
    let cases = [
        reading(r#"yamldecode(file("users.yaml"))"#, [("live/users.yaml", LIST)]),
        reading(r#"jsondecode(file("${path.module}/users.json"))"#, [("live/users.json", "[\"ann\"]")]),
        reading(r#"yamldecode(file("../users.yaml"))"#, [("users.yaml", LIST)]),
        reading(r#"csvdecode(file("users.csv"))[*].name"#, [("live/users.csv", "name\nann\n")]),
        reading(
            r#"jsondecode(templatefile("keys.json.tftpl", { name = "ann" }))"#,
            [("live/keys.json.tftpl", "[\"${name}\"]")],
        ),
        reading(r#"fileset("users", "*.txt")"#, [("live/users/ann.txt", "")]),
        case("template_body", STACK, [("live/keys.yaml", TEMPLATE)]),
        // Siblings: how else a path, a function or a module can lead to it.
        reading(r#"yamldecode(core::file("users.yaml"))"#, [("live/users.yaml", LIST)]),
        reading(r#"yamldecode(file /* all */ ("users.yaml"))"#, [("live/users.yaml", LIST)]),
        reading(r#"split(",", base64decode(filebase64("users")))"#, [("live/users", "ann")]),
        reading(r#"fileexists("rotate") ? ["ann"] : []"#, [("live/rotate", "")]),
        reading(
            r#"flatten([for f in fileset(".", "users/**/*.yml") : yamldecode(file(f))])"#,
            [("live/users/a/b.yml", LIST)],
        ),
        reading(
            r#"provider::terraform::decode_tfvars(file("users.tfvars")).users"#,
            [("live/users.tfvars", "users = [\"ann\"]\n"), ("live/versions.tf", BUILT_IN)],
        ),
        case(
            "a path of a supplied variable",
            &with("variable \"path\" {}", "yamldecode(file(var.path))"),
            [("data/x.yaml", LIST), ("live/terraform.tfvars", "path = \"../data/x.yaml\"\n")],
        ),
        case(
            "a path that a free variable decides",
            &with("variable \"env\" {}", "yamldecode(file(\"envs/${var.env}/users.yaml\"))"),
            [("live/envs/prod/users.yaml", LIST)],
        ),
        case(
            "a path that only another value of a default leads to",
            &with(
                "variable \"all\" {\n  default = false\n}",
                "var.all ? yamldecode(file(\"users.yaml\")) : []",
            ),
            [("live/users.yaml", LIST)],
        ),
        case(
            "a path that is known at deployment",
            &with("data \"aws_region\" \"r\" {}", "tolist([file(\"${data.aws_region.r.name}.txt\")])"),
            [("live/eu.txt", "ann")],
        ),
        case(
            "a list that is passed to a module",
            "module \"keys\" {\n  source = \"../keys\"\n  users  = yamldecode(file(\"users.yaml\"))\n}\n",
            [("live/users.yaml", LIST), ("keys/main.tf", &module)],
        ),
        case(
            "a file beside the module that is called",
            "module \"keys\" {\n  source = \"../keys\"\n}\n",
            [("keys/users.yaml", LIST), ("keys/main.tf", &own)],
        ),
        case(
            "a module that only reads",
            &format!("module \"data\" {{\n  source = \"../data\"\n}}\n{}", users("module.data.users")),
            [("data/users.yaml", LIST), ("data/main.tf", out)],
        ),
        case(
            "a template that one which is deployed nests",
            STACK,
            [("nested/child.yaml", TEMPLATE), ("live/keys.yaml", parent)],
        ),
        case("the syntax of JSON", "", [("live/users.yaml", LIST), ("live/main.tf.json", json)]),
    ];
    for (fact, main, more) in cases {
        let named = more[0].0;
        let other = users(r#"yamldecode(file("${path.module}/other.yaml"))"#);
        let mut all =
            vec![("live/main.tf", main.as_str()), ("else/main.tf", &other), ("else/other.yaml", "[bob]")];
        all.extend(more.iter().map(|(path, text)| (*path, text.as_str())));
        let project = Project::new(&all);
        let run = |path: &str| project.run(&["check", "--fail-on", "latent", "--format", "json", path]);
        let (folder, file) = (run("live"), run(named));
        assert_eq!((folder.code, file.code), (1, 1), "{fact}: {file:#?}");
        assert_eq!(file.json()["findings"], folder.json()["findings"], "{fact}");
        assert_eq!(file.stderr, "", "{fact}");
    }
}

#[test]
fn what_no_root_reads_judges_none() {
    let reader = users(r#"yamldecode(file("users.yaml"))"#);
    let project = Project::new(&[
        ("live/main.tf", &reader),
        ("live/users.yaml", LIST),
        ("live/users.csv", "name\nann\n"),
        ("two/main.tf", TWO_KEYS),
        ("called/main.tf", KEY_MODULE),
        ("broken/main.tf", &(reader.replace("users.yaml", "people.yaml") + "locals {\n")),
        ("broken/people.yaml", LIST),
    ]);
    project.run(&["check", "broken"]).exits(2);
    project.run(&["check", "live/users.yaml"]).exits(1);
    let run = project.run(&["check", "live/users.csv"]);
    assert_eq!(
        run.exits(0).stderr,
        "note: live/users.csv: not of a kind that is read, and no root module reads it\n"
    );
    project.run(&["check", "live"]).exits(1);
    // Before it is committed too.
    project.run_stdin("[]", &["check", "--stdin-filename", "live/users.yaml", "-"]).exits(0);
    project.run_stdin("[bob]", &["check", "--stdin-filename", "live/users.yaml", "-"]).exits(1);
}

#[test]
fn a_root_that_was_not_wholly_evaluated_may_have_read_it() {
    let broken = users(r#"yamldecode(file("users.yaml"))"#) + "locals {\n";
    let project = Project::new(&[("live/main.tf", &broken), ("live/users.yaml", LIST)]);
    assert_eq!(project.run(&["check", "live"]).code, 2);
    assert_eq!(project.run(&["check", "live/users.yaml"]).code, 2);
}

#[test]
fn a_samconfig_judges_the_templates_beside_it() {
    let toml = "version = 0.1\n[default.deploy.parameters]\nparameter_overrides = \"A=b\"\n";
    let project = Project::new(&[
        ("sam/template.yaml", TEMPLATE),
        ("sam/samconfig.toml", toml),
        ("other/samconfig.toml", toml),
        ("other/src/template.yaml", TEMPLATE),
    ]);
    assert_eq!(project.run(&["check", "sam/samconfig.toml"]).exits(1).stderr, "");
    assert_eq!(project.run(&["check", "other/samconfig.toml"]).exits(0).stderr, "");
}

#[cfg(unix)]
#[test]
fn a_link_and_its_file_are_one() {
    let main = users(r#"yamldecode(file("users.yaml"))"#);
    let project = Project::new(&[("live/main.tf", &main), ("common/all.yaml", LIST)]);
    project.link("../common/all.yaml", "live/users.yaml");
    project.run(&["check", "live/users.yaml"]).exits(1);
    project.run(&["check", "common/all.yaml"]).exits(1);
}
