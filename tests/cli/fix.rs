//! `--fix` and `--diff`: what is edited, what is not, and that nothing else is written.

use std::fs;
use std::process::Command;

use super::project::{KEY_MODULE, OPTIONAL, Project, Run, TWO_CALLS, TWO_KEYS};

const FIRST: &str = "aws_iam_access_key.first";
const SECOND_OFF: &str = r#"resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  user   = "ci"
  status = "Inactive"
}
"#;

fn text(project: &Project, path: &str) -> String {
    fs::read_to_string(project.path(path)).unwrap()
}

/// `--fix` with further arguments; a second run with the same ones changes nothing and finds nothing.
#[track_caller]
fn fixed(project: &Project, args: &[&str]) -> Run {
    let run = project.run(&[&["check", "--fix"], args].concat());
    assert!(run.stderr.contains(" fixed in "), "{run:?}");
    project.run(&[&["check", "--fix"], args].concat()).exits(0);
    project.run(&["check"]).exits(0);
    run
}

#[test]
fn of_two_equal_keys_the_one_that_is_named_stays() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let run = project.run(&["check", "--fix"]);
    run.exits(1);
    assert!(run.stderr.contains("say which key stays: --keep aws_iam_access_key.first or --keep"), "{run:?}");
    assert_eq!(text(&project, "main.tf"), TWO_KEYS);
    fixed(&project, &["--keep", FIRST]).exits(0);
    assert_eq!(text(&project, "main.tf"), SECOND_OFF);
    project
        .run(&["check", "--fix", "--keep", "aws_iam_access_key.none"])
        .refuses("no key here has that address");
    project.run(&["check", "--keep", FIRST]).refuses("--keep says");
    project.run(&["check", "--fix", "--diff"]).refuses("cannot be used with");
    project.run(&["check", "--fix", "-"]).refuses("is in no file");
}

#[test]
fn a_diff_is_what_fix_writes_and_writes_nothing() {
    let files = [("live/main.tf", TWO_KEYS), ("more.tf", OPTIONAL)];
    let project = Project::new(&files);
    Command::new("git").args(["init", "--quiet"]).current_dir(project.path("")).status().unwrap();
    let run = project.run(&["check", "--diff", "--keep", FIRST]);
    run.exits(1).says("--- a/live/main.tf").says("+  status = \"Inactive\"");
    assert_eq!(text(&project, "live/main.tf"), TWO_KEYS);
    let apply = |arguments: &[&str]| {
        use std::io::Write;
        let mut git = Command::new("git");
        git.arg("apply").args(arguments).current_dir(project.path("")).stdin(std::process::Stdio::piped());
        let mut git = git.spawn().unwrap();
        git.stdin.take().unwrap().write_all(run.stdout.as_bytes()).unwrap();
        assert!(git.wait().unwrap().success(), "{}", run.stdout);
    };
    apply(&[]);
    let by_patch = files.map(|(path, _)| text(&project, path));
    apply(&["--reverse"]);
    project.run(&["check", "--fix", "--keep", FIRST]).exits(0);
    assert_eq!(files.map(|(path, _)| text(&project, path)), by_patch);
    project.run(&["check", "--diff"]).exits(0);
    assert_eq!(project.run(&["check", "--diff"]).stdout, "");
}

#[test]
fn what_is_one_edit_needs_no_choice() {
    let project = Project::new(&[("main.tf", OPTIONAL)]);
    fixed(&project, &[]).exits(0);
    assert!(text(&project, "main.tf").contains("status = var.rotating ? \"Inactive\" : \"Active\""));
}

#[test]
fn what_is_typed_stands_in_no_file_and_what_is_in_a_named_file_is_edited_there() {
    let counted = "variable \"keys\" {\n  default = 1\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  count = var.keys\n  user  = \"ci\"\n}\n";
    let project = Project::new(&[("main.tf", counted)]);
    project.run(&["check", "--fix", "--var", "keys=2"]).exits(1);
    assert_eq!(text(&project, "main.tf"), counted);

    let template = "Parameters:\n  Rotate: {Type: String, AllowedValues: [\"yes\", \"no\"]}\nConditions:\n  Two: !Equals [!Ref Rotate, \
                    \"yes\"]\nResources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: ci}\n  B:\n    Type: \
                    AWS::IAM::AccessKey\n    Condition: Two\n    Properties: {UserName: ci}\n";
    let values = "[{ \"ParameterKey\": \"Rotate\", \"ParameterValue\": \"yes\" }]\n";
    let project = Project::new(&[("keys.yaml", template), ("prod.json", values)]);
    project.run(&["check", "--fix", "--parameter-file", "prod.json"]).exits(0);
    assert_eq!(text(&project, "prod.json"), values.replace("yes", "no"));
}

#[test]
fn a_comparison_is_followed_in_either_language() {
    let next = "resource \"aws_iam_access_key\" \"next\" {\n  count = var.env == \"prod\" ? 1 : 0\n  user  = \"ci\"\n}\n";
    let key = "{\n  \"variable\": { \"env\": { \"type\": \"string\" } },\n  \"resource\": { \"aws_iam_access_key\": { \"current\": { \"user\": \"ci\" } } }\n}\n";
    let project = Project::new(&[("next.tf", next), ("keys.tf.json", key)]);
    fixed(&project, &[]).exits(0);
    assert!(text(&project, "keys.tf.json").contains(r#"${var.env == \"prod\" ? \"Inactive\" : \"Active\"}"#));
}

#[test]
fn a_key_of_a_module_and_another_user_are_for_a_person() {
    let project = Project::new(&[("main.tf", TWO_CALLS), ("key/main.tf", KEY_MODULE)]);
    let run = project.run(&["check", "--fix"]);
    run.exits(1);
    assert!(run.stderr.contains("another user's name is for you to choose"), "{run:?}");
    let inside =
        format!("{KEY_MODULE}\nresource \"aws_iam_access_key\" \"that\" {{\n  user = var.user\n}}\n");
    let call = "module \"one\" {\n  source = \"./key\"\n  user   = \"ci\"\n}\n";
    let project = Project::new(&[("main.tf", call), ("key/main.tf", &inside)]);
    project.run(&["check", "--fix", "--keep", "module.one.aws_iam_access_key.this"]).exits(1);
    assert_eq!(text(&project, "key/main.tf"), inside, "others may call the module");
}

#[test]
fn a_count_that_inputs_decide_becomes_one() {
    for block in [
        "resource \"aws_iam_access_key\" \"k\" {\n  count = var.n\n  user  = \"ci\"\n}\n",
        "module \"m\" {\n  source = \"./key\"\n  count  = var.n\n  user   = \"ci\"\n}\n",
    ] {
        let before = format!("variable \"n\" {{\n  type = number\n}}\n{block}");
        let project = Project::new(&[("main.tf", &before), ("key/main.tf", KEY_MODULE)]);
        fixed(&project, &[]);
        assert_eq!(text(&project, "main.tf"), before.replace("= var.n\n", "= 1\n"));
    }
}

#[test]
fn a_value_that_other_users_share_is_left() {
    let shared = "variable \"n\" {\n  default = [\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]\n}\nresource \"aws_iam_access_key\" \"ci\" {\n  for_each = toset(var.n)\n  user = \"ci\"\n}\nresource \"aws_iam_access_key\" \"each\" {\n  for_each = toset(var.n)\n  user = each.key\n}\n";
    let project = Project::new(&[("main.tf", shared)]);
    let run = project.run(&["check", "--fix", "--keep", "aws_iam_access_key.ci[\"a\"]"]);
    run.exits(1);
    assert!(run.stderr.contains("it does not leave every other user as before"), "{run:?}");
    assert_eq!(text(&project, "main.tf"), shared);
    // Of a few keys all but one are told apart at their own block.
    let few = shared.replace(", \"d\", \"e\", \"f\"", "");
    for (list, when) in
        [(few.replace(", \"c\"", ""), "each.key == \"b\""), (few, "each.key == \"b\" || each.key == \"c\"")]
    {
        let project = Project::new(&[("main.tf", &list)]);
        fixed(&project, &[]);
        assert!(
            text(&project, "main.tf").contains(&format!("status = {when} ? \"Inactive\" : \"Active\"\n"))
        );
    }
}

#[test]
fn one_finding_that_cannot_be_fixed_keeps_no_other_from_it() {
    let project =
        Project::new(&[("a/main.tf", TWO_KEYS), ("b/main.tf", TWO_CALLS), ("b/key/main.tf", KEY_MODULE)]);
    let run = project.run(&["check", "--fix", "--keep", FIRST]);
    run.exits(1);
    assert!(run.stderr.contains("1 fixed in a/main.tf"), "{run:?}");
    assert_eq!(text(&project, "a/main.tf"), SECOND_OFF);
}

#[test]
fn what_a_generator_owns_is_not_edited_and_its_source_is_named() {
    for (path, head) in [
        ("main.tf", "# Generated by Terragrunt. Sig: nIlQXj57tbuaRZEa\n"),
        ("main.tf", "// Code generated by a program. DO NOT EDIT.\n"),
        ("cdktf.out/stacks/a/main.tf", ""),
    ] {
        let generated = format!("{head}{TWO_KEYS}");
        let project = Project::new(&[(path, &generated)]);
        let run = project.run(&["check", path, "--fix", "--keep", FIRST]);
        run.exits(1);
        assert!(run.stderr.contains("generated"), "{run:?}");
        assert_eq!(text(&project, path), generated);
    }
    let assembly =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases/cdk/assembly/two_keys/input");
    let project = Project::new(&[]);
    for path in [
        "bin/app.ts",
        "cdk.out/manifest.json",
        "cdk.out/Pipelines.template.json",
        "cdk.out/Pipelines.metadata.json",
    ] {
        if let Ok(bytes) = fs::read(assembly.join(path)) {
            project.write(path, &bytes);
        }
    }
    let before = text(&project, "cdk.out/Pipelines.template.json");
    let run = project.run(&["check", "--fix"]);
    run.exits(1);
    assert!(run.stderr.contains("it is generated: edit the app at bin/app.ts:"), "{run:?}");
    assert_eq!(text(&project, "cdk.out/Pipelines.template.json"), before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_outside_or_through_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let values = outside.path().join("two.tfvars");
    let counted = "variable \"keys\" {\n  type = number\n}\nresource \"aws_iam_access_key\" \"k\" {\n  count = var.keys\n  user  = \"ci\"\n}\n";
    fs::write(&values, "keys = 2\n").unwrap();
    let project = Project::new(&[("main.tf", counted)]);
    let run = project.run(&["check", "--fix", "--var-file", values.to_str().unwrap()]);
    run.exits(1);
    assert!(run.stderr.contains("lies outside of the work tree"), "{run:?}");
    assert_eq!(fs::read_to_string(&values).unwrap(), "keys = 2\n");
    // A link in the tree is the file that it leads to, which is written itself; the link stays one.
    let project = Project::new(&[("common/main.tf", TWO_KEYS)]);
    fs::create_dir(project.path("live")).unwrap();
    project.link("../common/main.tf", "live/main.tf");
    project.run(&["check", "live", "--fix", "--keep", FIRST]);
    assert!(project.path("live/main.tf").is_symlink());
    let names: Vec<_> = fs::read_dir(project.path("live")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["main.tf"]);
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_file_that_cannot_be_written_stays_whole() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let file = project.path("main.tf");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    fixed(&project, &["--keep", FIRST]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    let names: Vec<_> = fs::read_dir(project.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing is left beside it: {names:?}");
}

#[test]
fn only_what_is_new_is_fixed_where_that_is_asked_for() {
    let project = Project::new(&[("old/main.tf", TWO_KEYS)]);
    project.run(&["check", "--baseline", "b.json", "--write-baseline"]).exits(0);
    project.write("new/main.tf", TWO_KEYS.replace("ci", "bot").as_bytes());
    let run = project.run(&["check", "--baseline", "b.json", "--fix", "--keep", FIRST]);
    run.exits(0);
    assert_eq!(text(&project, "old/main.tf"), TWO_KEYS);
    assert!(text(&project, "new/main.tf").contains("Inactive"));
}

#[test]
fn what_two_keys_share_is_left() {
    let shared = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties: &p\n      UserName: ci\n  B:\n    Type: AWS::IAM::AccessKey\n    Properties: *p\n";
    let project = Project::new(&[("t.yaml", shared)]);
    for key in ["A", "B"] {
        project.run(&["check", "--fix", "--keep", key]).exits(1);
        assert_eq!(text(&project, "t.yaml"), shared, "the one that stays would go too");
    }
}

#[test]
fn a_list_a_map_and_a_number_lose_what_is_too_many() {
    for (before, keep, after) in [
        (
            "for_each = {\n    old = \"ci\" # first\n    new = \"ci\"\n  }\n  user = each.value",
            "[\"new\"]",
            "for_each = {\n    new = \"ci\"\n  }\n  user = each.value",
        ),
        (
            "for_each = toset([\"a\", \"b\"])\n  user = \"ci\"",
            "[\"a\"]",
            "for_each = toset([\"a\"])\n  user = \"ci\"",
        ),
        ("count = 2 # two\n  user = \"ci\"", "[0]", "count = 1 # two\n  user = \"ci\""),
    ] {
        let block = |inside: &str| format!("resource \"aws_iam_access_key\" \"k\" {{\n  {inside}\n}}\n");
        let project = Project::new(&[("main.tf", &block(before))]);
        fixed(&project, &["--keep", &format!("aws_iam_access_key.k{keep}")]);
        assert_eq!(text(&project, "main.tf"), block(after));
    }
}
