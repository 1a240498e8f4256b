//! Exit codes: what fails a run, and what is only said.

use super::project::{COUNTED, KEY_MODULE, ONE_KEY, OPTIONAL, Project, TWO_CALLS, TWO_KEYS, list};

const JSON: [&str; 3] = ["check", "--format", "json"];
/// The error is at line 2, column 10.
const BROKEN: &str = "resource \"aws_iam_access_key\" \"broken\" {\n  user = = \"x\"\n}\n";

#[test]
fn the_lowest_failing_level_is_the_caller_s_choice() {
    let codes = |text: &str| {
        let project = Project::new(&[("main.tf", text)]);
        ["certain", "possible", "latent", "never"]
            .map(|level| project.run(&["check", "--fail-on", level]).code)
    };
    assert_eq!(codes(TWO_KEYS), [1, 1, 1, 0], "certain");
    assert_eq!(codes(OPTIONAL), [0, 1, 1, 0], "possible");
    assert_eq!(codes(COUNTED), [0, 0, 1, 0], "latent");
    assert_eq!(codes(ONE_KEY), [0, 0, 0, 0], "clean");
}

#[test]
fn possible_fails_and_latent_does_not_unless_asked() {
    let check = |text: &str, code: i32| {
        Project::new(&[("main.tf", text)]).run(&["check"]).exits(code);
    };
    check(OPTIONAL, 1);
    check(COUNTED, 0);
}

#[test]
fn the_code_does_not_depend_on_the_format() {
    for (text, code) in [(TWO_KEYS, 1), (ONE_KEY, 0), (COUNTED, 0), (BROKEN, 2)] {
        let project = Project::new(&[("main.tf", text)]);
        for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
            project.run(&["check", "--format", format]).exits(code);
        }
    }
}

#[test]
fn a_needed_file_that_does_not_parse_is_said_with_its_place_and_the_rest_is_judged() {
    let project = Project::new(&[("broken.tf", BROKEN), ("main.tf", TWO_KEYS)]);
    let run = project.run(&["check"]);
    run.exits(2).says("--> broken.tf:2:10\n").says("]: IAM user \"ci\"");
    let run = project.run(&JSON);
    assert_eq!((run.levels(), run.undecided()), (vec!["certain".into()], vec!["syntax".into()]));
    let entry = &run.json()["incomplete"][0];
    assert_eq!(entry["fails"], true);
    assert_eq!(entry["location"]["path"], "broken.tf");
    assert_eq!(entry["location"]["start"]["line"], 2);
}

#[test]
fn a_broken_file_that_is_not_needed_is_passed_over() {
    let project = Project::new(&[
        ("main.tf", ONE_KEY),
        ("chart/templates/pod.yaml", "kind: {{ .Values.kind }}\n  name: [\n"),
        ("broken.json", "{\"a\": "),
        ("elsewhere/main.tf", "resource \"aws_s3_bucket\" {{{\n"),
    ]);
    let run = project.run(&JSON);
    run.exits(0);
    assert_eq!(run.undecided(), [""; 0]);
}

#[test]
fn warnings_do_not_decide_the_code_and_are_printed() {
    let warn = ["check", "--incomplete", "warn"];
    let project = Project::new(&[("broken.tf", BROKEN), ("main.tf", TWO_KEYS)]);
    project.run(&warn).exits(1).says("--> broken.tf:2:10\n");
    project.run(&["check", "--incomplete", "warn", "--fail-on", "never"]).exits(0);
    project.run(&["check", "--incomplete", "fail", "--fail-on", "never"]).exits(2);
    let project = Project::new(&[("broken.tf", BROKEN), ("main.tf", ONE_KEY)]);
    project.run(&warn).exits(0).says("--> broken.tf:2:10\n");
    project.run(&["inventory", "--incomplete", "warn"]).exits(0);
    // A wrong request stays wrong.
    project.run(&["check", "--incomplete", "warn", "--var", "x=1"]).refuses("x");
}

#[test]
fn an_inventory_fails_by_what_is_missing_and_never_by_what_is_there() {
    Project::new(&[("main.tf", TWO_KEYS)]).run(&["inventory"]).exits(0);
    Project::new(&[("main.tf", BROKEN)]).run(&["inventory"]).exits(2);
}

#[test]
fn a_module_that_is_not_on_disk_is_said_once_and_does_not_fail() {
    let call = |name: &str, source: &str| format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n\n");
    let text = call("a", "acme/keys/aws") + &call("b", "acme/keys/aws") + &call("c", "acme/users/aws");
    let project = Project::new(&[("main.tf", &text), ("again/main.tf", &text)]);
    let run = project.run(&JSON);
    run.exits(0);
    assert_eq!(run.undecided(), ["remote-module", "remote-module"]);
    for entry in list(&run.json()["incomplete"]) {
        assert_eq!(entry["fails"], false);
    }
    project.run(&["check"]).exits(0).says("acme/keys/aws").says("acme/users/aws");
    project.write("keys.tf", TWO_KEYS.as_bytes());
    project.run(&JSON).exits(1);
}

#[test]
fn a_cycle_on_the_way_to_a_user_is_refused_and_the_rest_is_judged() {
    let cycle = "locals {\n  a = local.b\n  b = local.a\n}\n\n";
    let key = "resource \"aws_iam_access_key\" \"k\" {\n  user = local.a\n}\n";
    let project = Project::new(&[("main.tf", TWO_KEYS), ("cycle.tf", &(cycle.to_owned() + key))]);
    let run = project.run(&JSON);
    run.exits(2);
    assert_eq!((run.levels(), run.undecided()), (vec!["certain".into()], vec!["refused".into()]));
    // Nobody asks for these.
    let project = Project::new(&[("main.tf", ONE_KEY), ("cycle.tf", cycle)]);
    project.run(&JSON).exits(0);
}

#[test]
fn modules_that_only_call_each_other_are_refused() {
    let call = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let project = Project::new(&[("a/main.tf", &(call("../b") + ONE_KEY)), ("b/main.tf", &call("../a"))]);
    let run = project.run(&JSON);
    run.exits(2);
    let kinds = run.undecided();
    assert!(!kinds.is_empty() && kinds.iter().all(|kind| kind == "refused"), "{kinds:?}");
}

#[test]
fn a_module_that_calls_itself_is_refused() {
    let text = format!("module \"m\" {{\n  source = \"./\"\n}}\n{ONE_KEY}");
    let run = Project::new(&[("main.tf", &text)]).run(&JSON);
    run.exits(2);
    assert!(run.undecided().contains(&"refused".into()), "{run:#?}");
}

#[test]
fn an_address_that_is_declared_twice_is_refused() {
    let project = Project::new(&[("a.tf", ONE_KEY), ("b.tf", ONE_KEY)]);
    let run = project.run(&JSON);
    run.exits(2);
    assert_eq!(run.undecided(), ["refused"]);
    project.run(&["check"]).exits(2).says("aws_iam_access_key.only").says("--> b.tf:1:1\n");
}

#[test]
fn an_address_that_is_declared_twice_elsewhere_is_none_of_our_business() {
    let bucket = "resource \"aws_s3_bucket\" \"b\" {\n}\n";
    let project = Project::new(&[("a.tf", bucket), ("b.tf", bucket), ("main.tf", ONE_KEY)]);
    let run = project.run(&JSON);
    run.exits(0);
    assert_eq!(run.undecided(), [""; 0]);
}

#[test]
fn an_incomplete_answer_wins_over_findings() {
    let project = Project::new(&[("main.tf", TWO_KEYS), ("broken.tf", BROKEN)]);
    for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        project.run(&["check", "--format", format]).exits(2).says("ci");
    }
    project.run(&["check", "main.tf", "absent"]).exits(2).says("certain[");
}

#[test]
fn a_status_that_does_not_exist_counts_as_active_and_is_said() {
    let key = |name: &str, status: &str| {
        format!(
            "resource \"aws_iam_access_key\" \"{name}\" {{\n  user   = \"ci\"\n  status = \"{status}\"\n}}\n"
        )
    };
    let run = Project::new(&[("main.tf", &(key("a", "Disabled") + &key("b", "Active")))]).run(&JSON);
    run.exits(1);
    assert_eq!(run.undecided(), ["invalid-status"]);
    Project::new(&[("main.tf", &(key("a", "Inactive") + &key("b", "Active")))]).run(&JSON).exits(0);
}

#[test]
fn calls_of_one_module_for_one_user_fail_and_for_two_users_do_not() {
    let project = Project::new(&[("main.tf", TWO_CALLS), ("key/main.tf", KEY_MODULE)]);
    project.run(&["check"]).exits(1);
    project.write("main.tf", TWO_CALLS.replacen("\"ci\"", "\"cd\"", 1).as_bytes());
    project.run(&["check"]).exits(0);
}
