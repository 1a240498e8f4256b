//! Standard input as the one file `-`.

use super::project::{KEY_MODULE, ONE_KEY, Project, TWO_CALLS, TWO_KEYS};

const JSON: [&str; 4] = ["check", "-", "--format", "json"];
const SECOND: &str = "resource \"aws_iam_access_key\" \"other\" {\n  user = \"ci\"\n}\n";
const YAML: &str = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n  B:\n    \
                    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n";
const TEMPLATE: &str = r#"{"Resources": {
  "A": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": "ci"}},
  "B": {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": "ci"}}}}"#;
const TF_JSON: &str = r#"{"resource": {"aws_iam_access_key": {"a": {"user": "ci"}, "b": {"user": "ci"}}}}"#;

fn named(name: &str) -> Vec<&str> {
    JSON.iter().copied().chain(["--stdin-filename", name]).collect()
}

#[test]
fn text_without_a_name_is_known_by_its_shape() {
    let project = Project::new(&[]);
    for (text, kind) in [
        (TWO_KEYS, "terraform"),
        (TF_JSON, "terraform"),
        (YAML, "cloudformation"),
        (TEMPLATE, "cloudformation"),
    ] {
        let run = project.run_stdin(text, &JSON);
        run.exits(1);
        assert_eq!(run.json()["findings"][0]["unit"]["kind"], kind, "{text}");
    }
    project.run_stdin(ONE_KEY, &JSON).exits(0);
    project.run_stdin("", &JSON).exits(0);
    project.run_stdin("hello\n", &JSON).exits(0);
}

#[test]
fn a_name_says_the_kind() {
    let project = Project::new(&[]);
    project.run_stdin(TWO_KEYS, &named("main.tf")).exits(1);
    project.run_stdin(TF_JSON, &named("main.tf.json")).exits(1);
    project.run_stdin(YAML, &named("x.yml")).exits(1);
    project.run_stdin(TEMPLATE, &named("x.template")).exits(1);
    project.run_stdin(TWO_KEYS, &named("notes.txt")).exits(0);
}

#[test]
fn a_name_is_the_path_of_reports() {
    let project = Project::new(&[]);
    let run = project.run_stdin(TWO_KEYS, &named("infra/live/main.tf"));
    let finding = &run.json()["findings"][0];
    assert_eq!(finding["keys"][0]["location"]["path"], "infra/live/main.tf");
    assert_eq!(finding["unit"]["path"], "infra/live");
}

#[test]
fn a_name_is_a_place_in_a_module() {
    let project = Project::new(&[("live/main.tf", ONE_KEY), ("empty/notes.txt", "")]);
    project.run_stdin(SECOND, &named("live/more.tf")).exits(1);
    project.run_stdin(SECOND, &named("empty/more.tf")).exits(0);
}

#[test]
fn text_without_a_name_stands_alone() {
    let project = Project::new(&[("main.tf", ONE_KEY), ("more.tf", TWO_KEYS)]);
    let run = project.run_stdin(SECOND, &JSON);
    run.exits(0);
    assert_eq!(run.json()["summary"]["keys"], 1);
    assert_eq!(run.json()["incomplete"], serde_json::json!([]));
    // The same text in the folder is no second declaration.
    let run = project.run_stdin(TWO_KEYS, &JSON);
    run.exits(1);
    assert_eq!(run.undecided(), [""; 0]);
    assert_eq!(run.json()["findings"][0]["keys"][0]["location"]["path"], "<stdin>/main.tf");
}

#[test]
fn an_editor_s_text_hides_the_file_on_disk() {
    let project = Project::new(&[("dirty/main.tf", TWO_KEYS), ("clean/main.tf", ONE_KEY)]);
    project.run_stdin(ONE_KEY, &named("dirty/main.tf")).exits(0);
    project.run_stdin(TWO_KEYS, &named("clean/main.tf")).exits(1);
}

#[test]
fn a_module_from_an_editor_is_judged_through_its_callers() {
    let project = Project::new(&[("main.tf", TWO_CALLS), ("key/main.tf", "# being written\n")]);
    project.run(&["check"]).exits(0);
    let run = project.run_stdin(KEY_MODULE, &named("key/main.tf"));
    run.exits(1);
    assert_eq!(run.json()["findings"][0]["unit"]["path"], ".");
}

#[test]
fn paths_may_stand_beside_it() {
    let project = Project::new(&[("clean/main.tf", ONE_KEY), ("dirty/main.tf", TWO_KEYS)]);
    project.run_stdin(ONE_KEY, &["check", "-", "clean"]).exits(0);
    project.run_stdin(ONE_KEY, &["check", "-", "dirty"]).exits(1);
    project.run_stdin(TWO_KEYS, &["check", "-", "clean"]).exits(1);
}

#[test]
fn a_broken_text_is_said_with_its_place() {
    let text = format!("{ONE_KEY}\nresource \"aws_iam_access_key\" \"x\" {{\n  user = = 1\n}}\n");
    let run = Project::new(&[]).run_stdin(&text, &["check", "-", "--stdin-filename", "live/keys.tf"]);
    run.exits(2).says("--> live/keys.tf:6:10\n");
}

#[test]
fn it_can_be_listed_too() {
    let run = Project::new(&[]).run_stdin(TWO_KEYS, &["inventory", "-", "--format", "json"]);
    assert_eq!(run.exits(0).json()["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn a_wrong_use_is_refused() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.run_stdin(TWO_KEYS, &["check", "-", "-"]).refuses("once");
    project.run_stdin(TWO_KEYS, &["check", "--stdin-filename", "a.tf"]).refuses("--stdin-filename");
}

#[test]
fn it_is_not_read_unless_asked_for() {
    Project::new(&[("main.tf", ONE_KEY)]).run_stdin(TWO_KEYS, &["check"]).exits(0);
}
