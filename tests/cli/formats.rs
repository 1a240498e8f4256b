//! The other formats, in outline: their details are tested where they are rendered.

use serde_json::Value;

use super::project::{COUNTED, ONE_KEY, OPTIONAL, Project, TWO_KEYS, With, list, run_in};

fn sarif(text: &str) -> Value {
    let json = Project::new(&[("live/main.tf", text)])
        .run(&["check", "--format", "sarif", "--show", "latent"])
        .json();
    assert_eq!(json["version"], "2.1.0");
    assert!(json["$schema"].as_str().unwrap().contains("2.1.0"), "{json}");
    assert_eq!(list(&json["runs"]).len(), 1);
    let run = json["runs"][0].clone();
    assert_eq!(run["tool"]["driver"]["name"], "lonekey");
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    run
}

#[test]
fn sarif_has_one_result_a_finding_with_every_key() {
    let run = sarif(TWO_KEYS);
    let results = list(&run["results"]);
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!(result["ruleId"], "multiple-active-access-keys");
    assert_eq!(result["level"], "error");
    assert!(result["message"]["text"].as_str().unwrap().contains("ci"));
    let lines: Vec<u64> = list(&result["locations"])
        .iter()
        .chain(result["relatedLocations"].as_array().into_iter().flatten())
        .map(|location| &location["physicalLocation"])
        .inspect(|place| assert_eq!(place["artifactLocation"]["uri"], "live/main.tf"))
        .map(|place| place["region"]["startLine"].as_u64().unwrap())
        .collect();
    assert!(lines.contains(&1) && lines.contains(&5), "{lines:?}");
    assert!(result["partialFingerprints"].as_object().is_some_and(|prints| !prints.is_empty()));
    let rules = list(&run["tool"]["driver"]["rules"]);
    assert_eq!(rules[0]["id"], result["ruleId"]);
}

#[test]
fn sarif_levels_are_those_of_the_findings() {
    let level = |text: &str| sarif(text)["results"][0]["level"].clone();
    assert_eq!([level(TWO_KEYS), level(OPTIONAL), level(COUNTED)], ["error", "warning", "note"]);
    let project = Project::new(&[("live/main.tf", COUNTED)]);
    let json = project.run(&["check", "--format", "sarif"]).json();
    assert_eq!(json["runs"][0]["results"], serde_json::json!([]), "latent findings are not shown unasked");
}

#[test]
fn sarif_of_a_clean_folder_has_an_empty_list_of_results() {
    assert_eq!(sarif(ONE_KEY)["results"], serde_json::json!([]));
}

#[test]
fn sarif_says_what_was_not_decided() {
    let run = sarif("module \"m\" {\n  source = \"acme/keys/aws\"\n}\n");
    assert_eq!(run["results"], serde_json::json!([]));
    assert!(run["invocations"].to_string().contains("acme/keys/aws"), "{run}");
}

/// The workflow commands of a GitHub report.
fn commands(text: &str) -> Vec<String> {
    let run =
        Project::new(&[("live/main.tf", text)]).run(&["check", "--format", "github", "--show", "latent"]);
    run.stdout.lines().filter(|line| line.starts_with("::")).map(str::to_owned).collect()
}

#[test]
fn github_has_a_command_a_finding_at_its_cause() {
    let all = commands(TWO_KEYS);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].starts_with("::error file=live/main.tf,line=5,"), "{all:?}");
    assert!(all[0].contains("(live/main.tf:1)"), "the first key has a place too: {all:?}");
    assert!(commands(OPTIONAL)[0].starts_with("::error file=live/main.tf,"));
    assert!(commands(COUNTED)[0].starts_with("::notice file=live/main.tf,"));
}

#[test]
fn github_has_no_command_for_a_clean_folder() {
    assert_eq!(commands(ONE_KEY), [""; 0]);
}

#[test]
fn github_text_cannot_end_its_command() {
    let names = "variable \"names\" {\n  type = map(string)\n}\n";
    let text = TWO_KEYS.replace("\"ci\"", "var.names[\"ci\\n::error::forged\"]");
    let all = commands(&format!("{names}{text}"));
    assert_eq!(all.len(), 1, "{all:?}");
}

#[test]
fn the_pretty_report_underlines_every_key_and_says_what_to_do() {
    let run = Project::new(&[("main.tf", TWO_KEYS)]).run(&["check"]);
    run.exits(1)
        .says("certain[multiple-active-access-keys]: IAM user \"ci\" gets 2 active access keys\n")
        .says("main.tf:1:1")
        .says("\"first\" {\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ key 1\n")
        .says("\"second\" {\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ key 2\n")
        .says("status = \"Inactive\"")
        .says("aws iam update-access-key --user-name ci")
        .says("\n1 certain in 1 deployment (2 keys of 1 user)\n");
    let run = Project::new(&[("main.tf", OPTIONAL)]).run(&["check"]);
    run.says("possible[").says("var.rotating = true");
}

#[test]
fn levels_below_the_one_to_show_are_counted_in_every_format_but_json() {
    let project = Project::new(&[("main.tf", COUNTED)]);
    let hidden = "1 latent not shown,";
    project.run(&["check"]).exits(0).says(hidden).says_not("latent[");
    project.run(&["check", "--format", "github"]).exits(0).says(hidden).says_not("::notice");
    project.run(&["check", "--show", "latent"]).exits(0).says("latent[").says_not(hidden);
    assert_eq!(project.run(&["check", "--format", "json"]).levels(), ["latent"]);
    let project = Project::new(&[("main.tf", OPTIONAL)]);
    let run = project.run(&["check", "--show", "certain"]);
    run.exits(1).says("1 possible not shown,").says_not("possible[");
    project.run(&["check", "--fail-on", "certain"]).exits(0).says("possible[");
}

#[test]
fn a_third_key_is_said_to_be_refused_besides() {
    let third = "resource \"aws_iam_access_key\" \"third\" {\n  user = \"ci\"\n}\n";
    let run = Project::new(&[("main.tf", TWO_KEYS), ("third.tf", third)]).run(&["check"]);
    run.exits(1).says("AWS refuses a third access key");
    Project::new(&[("main.tf", TWO_KEYS)]).run(&["check"]).says_not("AWS refuses");
}

#[test]
fn the_pretty_report_of_a_clean_folder_says_so() {
    let run = Project::new(&[("main.tf", ONE_KEY)]).run(&["check"]);
    run.exits(0).says("1 key").says_not("certain[");
    Project::new(&[]).run(&["check"]).exits(0).says("No access key was found");
}

#[test]
fn the_inventory_is_a_table_with_a_row_a_key() {
    let run = Project::new(&[("main.tf", OPTIONAL)]).run(&["inventory"]);
    run.exits(0);
    let row = |address: &str| {
        run.stdout.lines().find(|line| line.contains(address)).unwrap_or_else(|| panic!("{run:#?}"))
    };
    assert!(row("aws_iam_access_key.first").contains("ci"));
    assert!(row("aws_iam_access_key.second").contains("ci"));
    run.says("var.rotating");
    Project::new(&[]).run(&["inventory"]).exits(0).says_not("aws_iam_access_key");
}

#[test]
fn programs_are_told_one_place_and_one_fingerprint_from_any_working_directory() {
    let module = "variable \"user\" {\n}\n\nresource \"aws_iam_access_key\" \"k\" {\n  count = 2\n  user  = var.user\n}\n";
    let root = "module \"bot\" {\n  source = \"../../modules/bot\"\n  user   = \"bot\"\n}\n";
    let project = Project::new(&[("modules/bot/main.tf", module), ("live/eu/main.tf", root)]);
    let told = |cwd: &str, path: &str| {
        let run = |format: &str| {
            project.run_with(&With { cwd, ..With::default() }, &["check", path, "--format", format])
        };
        let sarif = run("sarif").json()["runs"][0]["results"][0].clone();
        let annotation = run("github").stdout.lines().next().unwrap().to_owned();
        let json = run("json").json();
        let prints = (sarif["partialFingerprints"].clone(), json["findings"][0]["fingerprint"].clone());
        let people = json["findings"][0]["keys"][0]["location"]["path"].as_str().unwrap().to_owned();
        ((sarif["locations"].clone(), sarif["relatedLocations"].clone(), annotation, prints), people)
    };
    let (first, people) = told("", ".");
    assert_eq!(people, "modules/bot/main.tf");
    let place = &first.0[0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "modules/bot/main.tf", "the number that makes two");
    assert!(first.2.starts_with("::error file=modules/bot/main.tf,line=5,"), "{}", first.2);
    for (cwd, path, shown) in
        [("live/eu", ".", "../../modules/bot/main.tf"), ("modules", "../live", "bot/main.tf")]
    {
        let (told, people) = told(cwd, path);
        assert_eq!(told, first, "{cwd}");
        assert_eq!(people, shown, "{cwd}");
    }
}

#[test]
fn every_format_stays_in_its_form_whatever_names_say() {
    let text = "\"=cmd</testcase>|::error::@org\\u001b[31m\"";
    let of_a_map = format!("var.names[{text}]");
    let hostile = TWO_KEYS.replace("\"ci\"", &of_a_map) + "variable \"names\" {\n  type = map(string)\n}\n";
    let project = Project::new(&[("a%0A|b,c/main.tf", &hostile)]);
    let run = |format: &str| {
        let run = project.run(&["check", "--format", format]);
        run.exits(1).says_not("\u{1b}");
        assert!(!run.stdout.lines().any(|line| line.trim_start().starts_with("::error::")), "{run:#?}");
        run.stdout
    };
    let concise = run("concise");
    assert!(
        concise.starts_with("a%0A|b,c/main.tf:5:1: certain: the IAM user that var.names[\"=cmd"),
        "{concise}"
    );
    assert_eq!(concise.lines().count(), 2, "{concise}");
    let markdown = run("markdown");
    let row = markdown.lines().find(|line| line.starts_with("| certain")).unwrap();
    assert_eq!(row.matches('|').count(), 6, "{row}");
    assert!(row.contains("](a%250A%7Cb%2Cc/main.tf#L1)") && !row.contains("@org"), "{row}");
    let gitlab: Value = serde_json::from_str(&run("gitlab")).unwrap();
    assert_eq!(gitlab[0]["location"]["path"], "a%0A|b,c/main.tf");
    let junit = run("junit");
    assert_eq!(junit.matches("</testcase>").count(), 1, "{junit}");
    // No user is called so, but Terraform plans the keys.
    let hostile = TWO_KEYS.replace("\"ci\"", text);
    let project = Project::new(&[("a%0A|b,c/main.tf", &hostile)]);
    for format in ["concise", "markdown", "gitlab", "junit", "github", "sarif"] {
        let run = project.run(&["check", "--format", format]);
        run.exits(2).says_not("\u{1b}");
        assert!(!run.stdout.lines().any(|line| line.trim_start().starts_with("::error::")), "{run:#?}");
    }
    let csv = project.run(&["inventory", "--format", "csv"]).exits(0).stdout.clone();
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.contains(",\"a%0A|b,c\",,'=cmd</testcase>|::error::@org?[31m,Active,,always,"), "{csv}");
}

#[test]
fn a_list_of_keys_says_beside_itself_what_was_not_decided() {
    let project = Project::new(&[("main.tf", TWO_KEYS), ("b/main.tf", "resource \"aws_iam_access_key\" {")]);
    let run = project.run(&["inventory", "--format", "csv"]);
    assert_eq!(run.exits(2).stdout.lines().count(), 3, "{run:#?}");
    assert!(run.stderr.contains("b/main.tf:1:") && run.stderr.contains(": error: "), "{run:#?}");
}

#[test]
fn a_build_says_where_its_files_are() {
    let env = [
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "acme/infra"),
        ("GITHUB_SHA", "0123abc"),
    ];
    let project = Project::new(&[("live/main.tf", TWO_KEYS)]);
    let run = project.run_env(&env, &["check", "--format", "markdown"]);
    run.exits(1).says("](https://github.com/acme/infra/blob/0123abc/live/main.tf#L5)");
    run.says("### lonekey: 1 IAM user gets two active access keys\n");
    project
        .run_env(&env, &["inventory", "--format", "csv"])
        .says("\nacme/infra,live,,ci,Active,certain,always,");
}

#[test]
fn repositories_side_by_side_each_have_their_part() {
    let outer = tempfile::tempdir().unwrap();
    for (name, text) in [("acme/one", TWO_KEYS), ("two", TWO_KEYS), ("clean", ONE_KEY)] {
        std::fs::create_dir_all(outer.path().join(name).join(".git")).unwrap();
        std::fs::create_dir(outer.path().join(name).join("live")).unwrap();
        std::fs::write(outer.path().join(name).join("live/main.tf"), text).unwrap();
    }
    let run = |args: &[&str]| run_in(outer.path(), &With::default(), args);
    let pretty = run(&["check"]);
    pretty.exits(1).says("acme/one\n\ncertain[").says("two\n\ncertain[").says("clean\n\nNo user has two");
    pretty.says("3 work trees: 2 certain in 3 deployments (5 keys of 3 users)\n");
    run(&["check", "--format", "concise"]).says("clean:\nlonekey: no user has two");
    run(&["check", "--format", "markdown"]).says("## acme/one\n").says("## two\n");
    let json = run(&["check", "--format", "json"]).json();
    let names: Vec<&Value> = list(&json["findings"]).iter().map(|f| &f["repository"]).collect();
    assert_eq!(names, ["acme/one", "two"]);
    let sarif = run(&["check", "--format", "sarif"]).json();
    let runs: Vec<(&str, usize)> = list(&sarif["runs"])
        .iter()
        .map(|run| (run["automationDetails"]["id"].as_str().unwrap(), list(&run["results"]).len()))
        .collect();
    assert_eq!(runs, [("lonekey/acme/one/", 1), ("lonekey/clean/", 0), ("lonekey/two/", 1)]);
    let csv = run(&["inventory", "--format", "csv"]);
    csv.says("\nacme/one,live,,ci,Active,certain,").says("\nclean,live,,ci,Active,,always,");
    run(&["inventory"])
        .says("acme/one\n\nterraform acme/one/live\n")
        .says("\nclean\n\nterraform clean/live\n")
        .says("\n3 work trees: 5 keys of 3 users in 3 units\n");
    let junit = run(&["check", "--format", "junit"]).stdout;
    assert!(
        junit.contains("<testsuites name=\"lonekey\" tests=\"3\" skipped=\"0\" failures=\"2\" errors=\"0\">"),
        "{junit}"
    );
    for (suite, failures) in [("acme/one", 1), ("clean", 0), ("two", 1)] {
        let counts = format!("tests=\"1\" skipped=\"0\" errors=\"0\" failures=\"{failures}\"");
        assert!(junit.contains(&format!("<testsuite name=\"{suite}\" {counts}>")), "{junit}");
    }
    let github = run(&["check", "--format", "github"]).stdout;
    let gitlab = run(&["check", "--format", "gitlab"]).json();
    for (place, name) in list(&gitlab).iter().zip(["acme/one", "two"]) {
        assert_eq!(place["location"]["path"], format!("{name}/live/main.tf"));
        assert!(place["description"].as_str().unwrap().starts_with(&format!("{name}: IAM user")), "{place}");
        assert!(github.contains(&format!("file={name}/live/main.tf,line=")), "{github}");
        assert!(github.contains(&format!("::{name}: IAM user \"ci\" gets 2")), "{github}");
    }
    std::fs::write(
        outer.path().join("two/live/main.tf"),
        format!("# lonekey: allow owner=a expires=2026-12-01 reason=b\n{TWO_KEYS}"),
    )
    .unwrap();
    run(&["exceptions", "--format", "csv", "--today", "2026-11-29"])
        .says("\ntwo,expiring,standing,a,ci,live/main.tf,1,");
    // From inside there is one.
    let inside = run_in(&outer.path().join("two"), &With::default(), &["check", "--format", "json"]);
    assert!(inside.json()["findings"].as_array().unwrap().iter().all(|f| f.get("repository").is_none()));
}
