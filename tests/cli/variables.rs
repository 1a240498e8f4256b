//! Values of Terraform variables and the workspace: who supplies them, and who wins.

use super::project::{COUNTED, KEY_MODULE, OPTIONAL, Project, TWO_KEYS, With};

const JSON: [&str; 3] = ["check", "--format", "json"];
const TWO: (&str, &str) = ("TF_VAR_keys", "2");
const WORKSPACE: &str = r#"resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  user   = "ci"
  status = terraform.workspace == "prod" ? "Active" : "Inactive"
}
"#;

/// The levels with these files beside the module, this environment, these flags.
#[track_caller]
fn levels(files: &[(&str, &str)], env: &[(&str, &str)], flags: &[&str]) -> Vec<String> {
    let files: Vec<(&str, &str)> = [("main.tf", COUNTED)].into_iter().chain(files.iter().copied()).collect();
    let args: Vec<&str> = JSON.iter().chain(flags).copied().collect();
    let run = Project::new(&files).run_env(env, &args);
    assert_eq!(run.undecided(), [""; 0], "{run:#?}");
    run.levels()
}

#[test]
fn a_default_is_beaten_by_the_environment() {
    assert_eq!(levels(&[], &[], &[]), ["latent"]);
    assert_eq!(levels(&[], &[TWO], &[]), ["certain"]);
    assert_eq!(levels(&[], &[("TF_VAR_other", "2")], &[]), ["latent"]);
    assert_eq!(levels(&[], &[("keys", "2")], &[]), ["latent"]);
}

#[test]
fn the_environment_is_beaten_by_files() {
    assert_eq!(levels(&[("terraform.tfvars", "keys = 1\n")], &[TWO], &[]), ["latent"]);
    assert_eq!(levels(&[("terraform.tfvars.json", "{\"keys\": 1}")], &[TWO], &[]), ["latent"]);
    assert_eq!(levels(&[("some.tfvars", "keys = 1\n")], &[TWO], &[]), ["certain"]);
}

#[test]
fn files_beat_each_other_in_terraform_s_order() {
    let check = |first: &str, second: &str| {
        let text = |name: &str, keys: u8| {
            if name.ends_with(".json") { format!("{{\"keys\": {keys}}}") } else { format!("keys = {keys}\n") }
        };
        let (low, high) = (text(first, 1), text(second, 2));
        assert_eq!(
            levels(&[(first, &low), (second, &high)], &[], &[]),
            ["certain"],
            "{second} after {first}"
        );
        let (low, high) = (text(first, 2), text(second, 1));
        assert_eq!(levels(&[(first, &low), (second, &high)], &[], &[]), ["latent"], "{second} after {first}");
    };
    check("terraform.tfvars", "terraform.tfvars.json");
    check("terraform.tfvars.json", "a.auto.tfvars");
    check("a.auto.tfvars", "b.auto.tfvars");
    check("a.auto.tfvars.json", "b.auto.tfvars");
    check("a.auto.tfvars", "b.auto.tfvars.json");
}

#[test]
fn flags_beat_files_and_the_last_one_wins() {
    let files =
        [("a.auto.tfvars", "keys = 3\n"), ("one.tfvars", "keys = 1\n"), ("two.json", "{\"keys\": 2}")];
    let check = |flags: &[&str], expected: &str| {
        assert_eq!(levels(&files, &[("TF_VAR_keys", "4")], flags), [expected], "{flags:?}");
    };
    check(&["--var", "keys=1"], "latent");
    check(&["--var", "keys=2"], "certain");
    check(&["--var-file", "one.tfvars"], "latent");
    check(&["--var-file", "two.json"], "certain");
    check(&["--var", "keys=2", "--var-file", "one.tfvars"], "latent");
    check(&["--var-file", "one.tfvars", "--var", "keys=2"], "certain");
    check(&["--var", "keys=2", "--var", "keys=1"], "latent");
    check(&["--var-file", "two.json", "--var-file", "one.tfvars"], "latent");
    check(&["--var-file", "one.tfvars", "--var-file", "two.json"], "certain");
}

#[test]
fn each_scenario_is_judged_by_itself() {
    let files = [
        ("main.tf", COUNTED),
        ("one.tfvars", "keys = 1\n"),
        ("two.tfvars", "keys = 2\n"),
        ("three.tfvars.json", "{\"keys\": 3}"),
        ("other.tfvars", "other = 1\n"),
        ("list.json", "[\"Other=1\"]"),
        ("wrong.json", "1"),
    ];
    let project = Project::new(&files);
    let run = |names: &[&str]| {
        let flags = names.iter().flat_map(|n| ["--scenario", n]);
        project.run(&JSON.iter().copied().chain(flags).collect::<Vec<_>>())
    };
    let all = run(&["one.tfvars", "two.tfvars", "three.tfvars.json"]);
    assert_eq!(all.exits(1).levels(), ["certain", "certain", "latent"]);
    let found: Vec<(String, String)> = super::project::list(&all.json()["findings"])
        .iter()
        .map(|f| (f["message"].as_str().unwrap().to_owned(), f["fingerprint"].as_str().unwrap().to_owned()))
        .collect();
    let names = ["with three.tfvars.json, ", "with two.tfvars, ", "with one.tfvars, "];
    assert!(names.iter().zip(&found).all(|(name, (message, _))| message.starts_with(name)), "{found:?}");
    let prints: std::collections::BTreeSet<_> = found.iter().map(|(_, print)| print).collect();
    assert_eq!((prints.len(), all.json()["summary"]["units"].as_u64()), (3, Some(1)));
    assert_eq!(all.json()["summary"]["keys"], 3, "the most that there are in any scenario");
    for wrong in ["other.tfvars", "list.json", "wrong.json", "none.tfvars"] {
        run(&[wrong]).exits(2);
    }
}

#[test]
fn a_flag_takes_several_scenarios_and_patterns() {
    let sam = "version = 0.1\n[live.deploy.parameters]\nparameter_overrides = \"Second=yes\"\n";
    let template = "Parameters:
  Second: {Type: String, Default: \"no\", AllowedValues: [\"yes\", \"no\"]}
Conditions:
  Two: !Equals [!Ref Second, \"yes\"]
Resources:
  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: bot}}
  B: {Type: AWS::IAM::AccessKey, Condition: Two, Properties: {UserName: bot}}
";
    let project = Project::new(&[
        ("live/main.tf", COUNTED),
        ("live/apps/a/template.yaml", template),
        ("live/apps/a/samconfig.toml", sam),
        ("envs/one.tfvars", "keys = 1\n"),
        ("envs/two.tfvars", "keys = 2\n"),
        ("envs/eu/three.tfvars", "keys = 3\n"),
        ("other/other.tfvars", "other = 1\n"),
        ("[odd].tfvars", "keys = 2\n"),
    ]);
    let run = |args: &[&str]| project.run(&[&["check", "--format", "json", "live"], args].concat());
    let names = |args: &[&str]| {
        let report = run(args).json();
        let found = super::project::list(&report["findings"]);
        let scenario = |f: &serde_json::Value| Some(f["scenario"].as_str()?.to_owned());
        found.iter().filter(|f| f["level"] == "certain").filter_map(scenario).collect::<Vec<_>>()
    };
    let all = ["envs/eu/three.tfvars", "envs/two.tfvars"];
    assert_eq!(names(&["--scenario", "envs/two.tfvars", "envs/eu/three.tfvars"]), all);
    assert_eq!(names(&["--scenario", "envs/*.tfvars"]), all[1..]);
    assert_eq!(names(&["--scenario", "./envs/**/*.tfvars", "envs/two.tfvars"]), all, "each is judged once");
    assert_eq!(names(&["--scenario", "**/samconfig.toml#live"]), ["live/apps/a/samconfig.toml#live"]);
    assert_eq!(names(&["--scenario", "[odd].tfvars"]), ["[odd].tfvars"], "a file is itself");
    let inside = With { cwd: "live", ..With::default() };
    let up = project.run_with(&inside, &["check", "--scenario", "../envs/t*.tfvars"]);
    up.exits(1).says("with ../envs/two.tfvars, ");

    let some = run(&["--scenario", "{envs,other}/*.tfvars"]).exits(1).stderr.clone();
    let unused =
        "--scenario {envs,other}/*.tfvars: other/other.tfvars: no unit here declares any of its values\n";
    assert_eq!(some, format!("note: {unused}"));
    run(&["--scenario", "other/*"]).refuses("no unit here declares any of its values");
    run(&["--scenario", "none/*"]).refuses("no file fits this pattern");
    project.run(&["check", "--scenario", "envs/one.tfvars", "live", "--format", "json"]).exits(0);
    project.run(&["check", "--scenario", "envs/*.tfvars", "live"]).exits(1).says("with envs/two.tfvars, ");
    project.run(&["check", "--scenario", "live"]).refuses("not the name of a file of values");
    project.run(&["check", "--scenario", "envs/*.tfvars", "--", "live"]).exits(1);
}

#[test]
fn the_number_of_instances_is_the_supplied_one() {
    let project = Project::new(&[("main.tf", COUNTED)]);
    let run = project.run(&["inventory", "--format", "json", "--var", "keys=3"]);
    let addresses: Vec<String> = super::project::list(&run.json()["keys"])
        .iter()
        .map(|key| key["address"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(addresses, [0, 1, 2].map(|i| format!("aws_iam_access_key.each[{i}]")));
    let run = project.run(&["inventory", "--format", "json", "--var", "keys=0"]);
    assert_eq!(run.json()["keys"].as_array().unwrap().len(), 0);
}

#[test]
fn a_value_may_hold_spaces_and_equal_signs() {
    let text = "variable \"tag\" {\n  type = string\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  \
                count = var.tag == \"a=b c\" ? 2 : 1\n  user  = \"ci\"\n}\n";
    let project = Project::new(&[("main.tf", text)]);
    let check = |flag: &str, code: i32| {
        project.run(&["check", "--var", flag]).exits(code);
    };
    check("tag=a=b c", 1);
    check("tag=a=b", 0);
    check("tag=", 0);
}

#[test]
fn lists_and_objects_are_read_as_expressions() {
    let text = "variable \"users\" {\n  type = list(string)\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  \
                count = length(var.users)\n  user  = var.users[count.index]\n}\n";
    let project = Project::new(&[("main.tf", text)]);
    project.run(&["check", "--var", r#"users=["a", "a"]"#]).exits(1);
    project.run(&["check", "--var", r#"users=["a", "b"]"#]).exits(0);
    project.run_env(&[("TF_VAR_users", r#"["a", "a"]"#)], &["check"]).exits(1);
}

#[test]
fn a_variable_that_nobody_declares_is_refused() {
    let project = Project::new(&[("main.tf", COUNTED)]);
    project.run(&["check", "--var", "kyes=2"]).refuses("kyes");
    project.run(&["inventory", "--var", "kyes=2"]).refuses("kyes");
    // One root that declares it is enough.
    let project = Project::new(&[("a/main.tf", COUNTED), ("b/main.tf", TWO_KEYS)]);
    let run = project.run(&["check", "--format", "json", "--var", "keys=2"]);
    assert_eq!(run.levels(), ["certain", "certain"]);
}

#[test]
fn a_child_s_variable_is_nobody_s_input() {
    let project = Project::new(&[
        ("main.tf", "module \"m\" {\n  source = \"./key\"\n  user   = \"ci\"\n}\n"),
        ("key/main.tf", KEY_MODULE),
    ]);
    project.run(&["check", "--var", "user=x"]).refuses("user");
    let run = project.run_env(&[("TF_VAR_user", "x")], &["inventory", "--format", "json"]);
    assert_eq!(run.json()["keys"][0]["user"]["name"], "ci");
}

#[test]
fn a_variables_file_may_say_more_than_is_declared() {
    let files = [("more.tfvars", "keys = 2\nregion = \"eu-west-1\"\n")];
    assert_eq!(levels(&files, &[], &["--var-file", "more.tfvars"]), ["certain"]);
}

#[test]
fn a_variables_file_that_cannot_be_read_is_refused() {
    let project = Project::new(&[("main.tf", COUNTED)]);
    project.run(&["check", "--var-file", "absent.tfvars"]).refuses("absent.tfvars");
}

#[test]
fn a_variables_file_with_an_error_is_said_with_its_place() {
    let project = Project::new(&[("main.tf", COUNTED), ("bad.tfvars", "keys = = 2\n")]);
    project.run(&["check", "--var-file", "bad.tfvars"]).exits(2).says("--> bad.tfvars:1:8\n");
    let project = Project::new(&[("main.tf", COUNTED), ("terraform.tfvars", "\nkeys = = 2\n")]);
    project.run(&["check"]).exits(2).says("--> terraform.tfvars:2:8\n");
}

#[test]
fn variables_files_are_found_from_the_working_directory() {
    let project = Project::new(&[
        ("live/main.tf", COUNTED),
        ("env/two.tfvars", "keys = 2\n"),
        ("live/two.tfvars", "keys = 1\n"),
    ]);
    project.run(&["check", "live", "--var-file", "env/two.tfvars"]).exits(1);
    project.run(&["check", "live", "--var-file", "live/two.tfvars"]).exits(0);
}

#[test]
fn a_variable_without_a_value_is_free() {
    let project = Project::new(&[("main.tf", OPTIONAL)]);
    let run = project.run(&JSON);
    assert_eq!(run.exits(1).levels(), ["possible"]);
    assert_eq!(run.json()["findings"][0]["when"], serde_json::json!({ "var.rotating": true }));
}

#[test]
fn the_workspace_comes_from_a_flag_the_environment_or_the_folder() {
    let project = Project::new(&[("main.tf", WORKSPACE)]);
    let check = |env: &[(&str, &str)], flags: &[&str], expected: &str| {
        let args: Vec<&str> = JSON.iter().chain(flags).copied().collect();
        assert_eq!(project.run_env(env, &args).levels(), [expected], "{env:?} {flags:?}");
    };
    let (prod, dev) = (("TF_WORKSPACE", "prod"), ("TF_WORKSPACE", "dev"));
    check(&[], &[], "possible");
    check(&[], &["--workspace", "prod"], "certain");
    check(&[], &["--workspace", "dev"], "latent");
    check(&[prod], &[], "certain");
    check(&[dev], &[], "latent");
    check(&[dev], &["--workspace", "prod"], "certain");
    check(&[prod], &["--workspace", "dev"], "latent");
    check(&[("TF_WORKSPACE", "")], &[], "possible");
    project.write(".terraform/environment", b"prod");
    check(&[], &[], "certain");
    check(&[dev], &[], "latent");
    check(&[], &["--workspace", "dev"], "latent");
}

#[test]
fn reports_say_when_the_environment_supplied_an_input() {
    let project = Project::new(&[("main.tf", COUNTED)]);
    project.run_env(&[TWO], &["check"]).exits(1).says("TF_VAR_keys");
    project.run(&["check", "--var", "keys=2"]).exits(1).says_not("TF_VAR_keys");
}

#[test]
fn a_variable_of_a_root_module_without_keys_is_declared() {
    let project = Project::new(&[(
        "main.tf",
        "variable \"region\" {\n  type = string\n}\n\nmodule \"network\" {\n  source = \"example-org/network/aws\"\n}\n",
    )]);
    project.run(&["check", "--var", "region=eu-west-1"]).exits(0);
    project.run(&["check", "--var", "regoin=eu-west-1"]).refuses("regoin");
}
