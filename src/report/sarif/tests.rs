use super::super::testing::*;
use super::*;
use crate::judge::finding::{Cause, Outcome, RoleLoc};
use crate::problem::ProblemKind;

fn run(files: &Files, outcome: &Outcome) -> Value {
    let text = render(&report(files, outcome), true);
    assert!(text.ends_with("}\n"));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["version"], "2.1.0");
    assert_eq!(json["runs"].as_array().unwrap().len(), 1);
    json["runs"][0].clone()
}

/// What GitHub's ingestion demands of every result.
fn assert_ingestible(run: &Value) {
    let rule = &run["tool"]["driver"]["rules"][0];
    for field in ["shortDescription", "fullDescription", "help"] {
        let text = rule[field]["text"].as_str().unwrap();
        assert!(!text.is_empty() && (field == "help" || text.len() <= 1024), "{field}");
    }
    let severity: f64 = rule["properties"]["security-severity"].as_str().unwrap().parse().unwrap();
    assert!(severity > 0.0 && severity <= 10.0);
    assert!(run["automationDetails"]["id"].as_str().unwrap().ends_with('/'));
    for result in run["results"].as_array().unwrap() {
        assert_eq!(result["ruleId"], rule["id"]);
        let locations = result["locations"].as_array().unwrap();
        assert_eq!(locations.len(), 1);
        let region = &locations[0]["physicalLocation"]["region"];
        assert!(region.get("endLine").is_none_or(|end| *end == region["startLine"]), "one line: {region}");
        let related = result["relatedLocations"].as_array().unwrap();
        let ids: Vec<u64> = related.iter().map(|r| r["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, (1..=related.len() as u64).collect::<Vec<_>>());
        for place in locations.iter().chain(related) {
            let uri = place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.is_ascii() && !uri.contains([' ', '\\', '\u{1b}']), "{uri}");
        }
        let prints = &result["partialFingerprints"];
        let own = format!("{}:1", prints["lonekey/v1"].as_str().unwrap());
        assert_eq!(prints["primaryLocationLineHash"], own);
    }
}

#[test]
fn a_finding_is_one_result_with_every_place() {
    let (files, outcome) = two_keys();
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    let result = &run["results"][0];
    assert_eq!(result["level"], "error");
    assert_eq!(
        result["message"]["text"],
        "IAM user \"deploy\" gets 2 active access keys: aws_iam_access_key.a and [aws_iam_access_key.b](1); both keys refer to aws_iam_user.deploy. Fix: remove aws_iam_access_key.a (infra/main.tf:5) or aws_iam_access_key.b (infra/main.tf:11), or set `status = \"Inactive\"` on one of them."
    );
    let region = |place: &Value| place["physicalLocation"]["region"].clone();
    let first = json!({"startLine": 5, "startColumn": 1, "endLine": 5, "endColumn": 34});
    assert_eq!(region(&result["locations"][0]), first);
    let related = result["relatedLocations"].as_array().unwrap();
    let said: Vec<_> = related
        .iter()
        .map(|r| (r["message"]["text"].as_str().unwrap(), region(r)["startLine"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        said,
        [
            ("access key aws_iam_access_key.b", 11),
            ("the user", 1),
            ("user of aws_iam_access_key.a", 6),
            ("user of aws_iam_access_key.b", 12),
            ("status of aws_iam_access_key.b", 13)
        ]
    );
}

#[test]
fn a_clean_run_has_a_rule_and_no_results() {
    let run = run(&files(), &Outcome::default());
    assert_ingestible(&run);
    assert_eq!(run["results"], json!([]));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"], json!([]));
}

#[test]
fn levels_have_their_severity() {
    let (files, mut outcome) = two_keys();
    for (level, name) in [(Level::Certain, "error"), (Level::Possible, "warning"), (Level::Latent, "note")] {
        the_finding(&mut outcome).level = level;
        assert_eq!(run(&files, &outcome)["results"][0]["level"], name);
    }
}

#[test]
fn columns_count_utf16() {
    let files = files();
    let file = insert(&files, "ü b/x.tf", "🔑é KEY KEY2");
    let keys =
        vec![key("k[\"a\"]", at(&files, file, "KEY", 0)), key("k[\"b\"]", at(&files, file, "KEY2", 0))];
    let run = run(&files, &outcome(certain(keys)));
    assert_ingestible(&run);
    let place = &run["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "%C3%BC%20b/x.tf");
    assert_eq!((&place["region"]["startColumn"], &place["region"]["endColumn"]), (&json!(5), &json!(8)));
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("k[\"a\"] and [k\\[\"b\"\\]](1)"), "{text}");
}

#[test]
fn instances_of_one_block_share_a_related_place() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    let header = f.keys[0].location;
    f.keys = (0..3).map(|i| key(&format!("k[{i}]"), header)).collect();
    f.keys[0].places = vec![RoleLoc { role: Role::Multiplier, loc: header }];
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    assert_eq!(run["results"][0]["relatedLocations"].as_array().unwrap().len(), 2);
}

#[test]
fn more_keys_than_github_takes_are_counted_and_not_dropped_in_silence() {
    let (files, mut outcome) = two_keys();
    let text = "k".repeat(1200);
    let file = insert(&files, "many.tf", &text);
    let place = |i: usize| crate::span::Loc::new(file, crate::span::Span::new(i, i + 1));
    the_finding(&mut outcome).keys = (0..1200).map(|i| key(&format!("k{i}"), place(i))).collect();
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    let result = &run["results"][0];
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), MAX_RELATED);
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("[k19](19) and 1180 more;"), "{text}");
    assert!(text.ends_with(" 300 further places are in the JSON report alone."), "{text}");
}

#[test]
fn the_apps_own_line_comes_first_where_it_exists() {
    let (files, mut outcome) = two_keys();
    let origin = |exists| {
        Some(Origin {
            path: "bin/app.ts".into(),
            line: 7,
            column: Some(3),
            exists,
            at: None,
            callers: Vec::new(),
        })
    };
    the_finding(&mut outcome).keys[0].origin = origin(false);
    let uri = |run: &Value| {
        run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].clone()
    };
    assert_eq!(uri(&run(&files, &outcome)), "infra/main.tf");
    the_finding(&mut outcome).keys[0].origin = origin(true);
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    assert_eq!(uri(&run), "bin/app.ts");
    let text = run["results"][0]["message"]["text"].as_str().unwrap();
    assert!(text.contains("[aws_iam_access_key.a](1) and [aws_iam_access_key.b](2)"), "{text}");
}

#[test]
fn an_alert_stands_on_the_root_s_call_and_flows_to_the_key() {
    let (files, mut outcome) = two_keys();
    let root = insert(&files, "live/main.tf", "module \"m\" {\n}\n");
    let call = RoleLoc { role: Role::Call, loc: at(&files, root, "module \"m\"", 0) };
    for key in &mut the_finding(&mut outcome).keys {
        key.places.push(call);
    }
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    let result = &run["results"][0];
    let uri =
        |place: &Value| place["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap().to_owned();
    assert_eq!(uri(&result["locations"][0]), "live/main.tf");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains(": [aws_iam_access_key.a](1) and [aws_iam_access_key.b](2);"), "{text}");
    assert!(text.contains("; called at live/main.tf:1. Fix: "), "{text}");
    let flows = result["codeFlows"].as_array().unwrap();
    let way = |flow: &Value| -> Vec<String> {
        let steps = flow["threadFlows"][0]["locations"].as_array().unwrap();
        steps.iter().map(|step| uri(&step["location"])).collect()
    };
    assert_eq!(flows.iter().map(way).collect::<Vec<_>>(), [["live/main.tf", "infra/main.tf"]; 2]);
}

#[test]
fn an_alert_stands_on_the_cause_before_all_else() {
    let (files, mut outcome) = two_keys();
    let values = insert(&files, "live/terraform.tfvars", "keys = 2\n");
    let cause = Cause { what: "keys is 2".into(), location: at(&files, values, "2", 0) };
    the_finding(&mut outcome).causes = vec![cause];
    let run = run(&files, &outcome);
    assert_ingestible(&run);
    let result = &run["results"][0];
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "live/terraform.tfvars");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("[aws_iam_access_key.b](2)") && text.contains("; keys is 2. Fix: "), "{text}");
}

#[test]
fn a_call_in_what_terraform_fetched_is_no_place_for_an_alert() {
    let (files, mut outcome) = two_keys();
    let fetched = insert(&files, ".terraform/modules/m/main.tf", "module \"m\" {\n}\n");
    let call = RoleLoc { role: Role::Call, loc: at(&files, fetched, "module", 0) };
    the_finding(&mut outcome).keys[0].places.push(call);
    let run = run(&files, &outcome);
    let place = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(place, "infra/main.tf");
}

#[test]
fn what_was_not_decided_is_a_notification() {
    let (files, mut outcome) = two_keys();
    let loc = outcome.findings[0].keys[0].location;
    outcome.incomplete = vec![Problem::new(ProblemKind::RemoteModule, loc, "not on disk")];
    let invocation = run(&files, &outcome)["invocations"][0].clone();
    assert_eq!(invocation["executionSuccessful"], true);
    outcome.incomplete.push(Problem::new(ProblemKind::Syntax, Place::Path("a b.tf".into()), "broken"));
    let run = run(&files, &outcome);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let broken = &invocation["toolExecutionNotifications"][1];
    assert_eq!((&broken["level"], &broken["descriptor"]["id"]), (&json!("error"), &json!("syntax")));
    assert_eq!(broken["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a%20b.tf");
    assert!(invocation.get("exitCode").is_none());
}

#[test]
fn hostile_text_makes_no_link_and_no_control_character() {
    let (files, outcome) = hostile();
    let text = render(&report(&files, &outcome), true);
    assert!(!text.chars().any(|c| c != '\n' && super::super::plain::is_unsafe(c)));
    assert!(!text.contains("](http"), "{text}");
    assert_ingestible(&run(&files, &outcome));
}

#[test]
fn paths_become_uris() {
    let table = [
        ("a/b.tf", "a/b.tf"),
        ("a b%.tf", "a%20b%25.tf"),
        ("c:d/x.tf", "c%3Ad/x.tf"),
        ("/tmp/x.tf", "file:///tmp/x.tf"),
        ("C:/x y.tf", "file:///C:/x%20y.tf"),
        ("../x.tf", "../x.tf"),
    ];
    for (path, expected) in table {
        assert_eq!(uri(path), expected);
    }
}
