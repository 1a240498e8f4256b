//! Approved exceptions: how they are written, what they cover, and how every report says so.

use serde_json::{Value, json};

use super::project::{KEY_MODULE, ONE_KEY, Project, Run, TWO_KEYS, With, list};

const TODAY: &str = "--today=2026-11-29";
const GOOD: &str = "# lonekey: allow owner=platform expires=2027-03-01 reason=\"moves to OIDC\"\n";

fn check(project: &Project) -> Run {
    project.run(&["check", "--format", "json", TODAY])
}

/// Two keys of one user, the second under a comment.
fn commented(comment: &str) -> Project {
    Project::new(&[("main.tf", &TWO_KEYS.replacen("\nresource", &format!("\n{comment}resource"), 1))])
}

#[track_caller]
fn standing(run: &Run) -> Vec<Value> {
    list(&run.json()["findings"]).iter().map(|finding| finding["standing"].clone()).collect()
}

#[track_caller]
fn states(run: &Run) -> Vec<String> {
    list(&run.json()["exceptions"]).iter().map(|e| e["state"].as_str().unwrap().to_owned()).collect()
}

/// The only invalid exception: its place and reason.
#[track_caller]
fn invalid(run: &Run) -> (u64, String) {
    let json = run.exits(2).json();
    let [entry] = list(&json["incomplete"]) else { panic!("{run:#?}") };
    assert_eq!((&entry["kind"], &entry["fails"]), (&json!("invalid-exception"), &json!(true)));
    (entry["location"]["start"]["line"].as_u64().unwrap(), entry["reason"].as_str().unwrap().to_owned())
}

#[test]
fn a_comment_above_a_key_covers_its_finding() {
    let run = check(&commented(GOOD));
    run.exits(0);
    let json = run.json();
    assert_eq!(standing(&run), ["approved"]);
    assert_eq!(json["summary"]["certain"], 0);
    let [exception] = list(&json["exceptions"]) else { panic!("{run:#?}") };
    for (field, value) in [
        ("state", json!("in-force")),
        ("kind", json!("standing")),
        ("owner", json!("platform")),
        ("user", json!("ci")),
        ("reason", json!("moves to OIDC")),
        ("expires", json!("2027-03-01")),
        ("days_left", json!(92)),
        ("source", json!("comment")),
        ("findings", json!([json["findings"][0]["fingerprint"]])),
    ] {
        assert_eq!(exception[field], value, "{field}");
    }
    assert_eq!(exception["location"]["start"]["line"], 5);
    for comment in [
        "// lonekey: allow owner=a expires=2027-03-01 reason=b\n",
        "#lonekey: allow reason=\"a \\\"b\\\" \\\\\" owner='x' expires=2027-03-01 kind=standing\n",
        &format!("{GOOD}# more\n"),
        &format!("# before\n{GOOD}"),
    ] {
        check(&commented(comment)).exits(0);
    }
    check(&commented(&GOOD.replace('\n', "\r\n"))).exits(0);
}

#[test]
fn what_stands_elsewhere_covers_nothing_and_is_said() {
    for (comment, why) in [
        (&*format!("{GOOD}\n"), "a blank line between"),
        (&*format!("{GOOD}variable \"x\" {{}}\n"), "another block"),
        (&*format!("locals {{\n  x = <<-EOT\n    {GOOD}  EOT\n}}\n"), "a heredoc"),
    ] {
        let run = check(&commented(comment));
        run.exits(1);
        assert_eq!(states(&run), ["unused"], "{why}");
    }
    for (text, why) in [
        ("locals {\n  doc = \"write # lonekey: allow owner=a above it\"\n}\n", "a text in quotes"),
        ("# write # lonekey: allow owner=a above it\n", "a comment about comments"),
        ("locals { # lonekey: rocks\n}\n", "another word"),
    ] {
        let run = check(&Project::new(&[("main.tf", &format!("{TWO_KEYS}{text}"))]));
        assert_eq!(states(run.exits(1)), [""; 0], "{why}");
    }
}

#[test]
fn a_comment_that_is_no_exception_where_it_stands_is_an_error_with_its_place() {
    let exception = GOOD.trim_end();
    let behind = |code: &str| TWO_KEYS.replacen(code, &format!("{code} {exception}"), 1);
    for (text, line) in [
        (behind("user = \"ci\""), 2),
        (behind("\"first\" {"), 1),
        (behind("\n}"), 3),
        (behind("user = \"ci\"").replace(" # lonekey", " // lonekey"), 2),
        (behind("user = \"ci\"").replace('\n', "\r\n"), 2),
        (format!("/* {} */\n{TWO_KEYS}", &exception[2..]), 1),
        (format!("/*\n * {}\n */\n{TWO_KEYS}", &exception[2..]), 2),
        (format!("locals {{\n  x = <<-EOT\n    a: b {exception}\n  EOT\n}}\n"), 3),
    ] {
        let (found, reason) = invalid(&check(&Project::new(&[("main.tf", &text)])));
        assert_eq!(found, line, "{text}");
        assert!(reason.contains("on a line of its own"), "{reason}");
    }
    for code in ["  B:", "    Type: AWS::IAM::AccessKey", "    Properties: {UserName: ci}"] {
        let text = TEMPLATE.replacen(code, &format!("{code} {exception}"), 1);
        let (line, _) = invalid(&check(&Project::new(&[("t.yaml", &text)])));
        assert!(text.lines().nth(line as usize - 1).unwrap().contains(exception), "{text}");
    }
    let quoted = format!("{TEMPLATE}Description: \"x # lonekey: allow\"\n");
    check(&Project::new(&[("t.yaml", &quoted)])).exits(1);
}

/// The template with an exception in the metadata of its second key.
fn with_metadata() -> String {
    TEMPLATE.replace("  B:\n", "  B:\n    Metadata: {lonekey: {owner: a, expires: 2027-03-01, reason: b}}\n")
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

#[test]
fn templates_that_stand_in_other_text_have_metadata() {
    let stack = |kind: &str, text: &str| {
        format!(
            "variable \"team\" {{}}\nresource \"{kind}\" \"s\" {{\n  name = \"s\"\n  template_body = <<-EOT\n{}  EOT\n}}\n",
            indented(text, "    ")
        )
    };
    let set = |text: &str| {
        format!(
            "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      StackSetName: s\n      TemplateBody: |\n{}",
            indented(text, "        ")
        )
    };
    let third =
        |text: &str| format!("{text}  C:\n    Type: AWS::IAM::AccessKey\n    Properties: {{UserName: ci}}\n");
    for kind in ["aws_cloudformation_stack", "aws_cloudformation_stack_set", "AWS::CloudFormation::StackSet"]
    {
        let judge = |text: &str| match kind.contains("::") {
            true => check(&Project::new(&[("t.yaml", &set(text))])),
            false => check(&Project::new(&[("main.tf", &stack(kind, text))])),
        };
        judge(TEMPLATE).exits(1);
        let run = judge(&with_metadata());
        assert_eq!(states(run.exits(0)), ["in-force"], "{kind}");
        assert_eq!(run.json()["exceptions"][0]["source"], "metadata");
        judge(&third(&with_metadata())).exits(1);
        judge(&TEMPLATE.replace("  B:\n", &format!("  {GOOD}  B:\n"))).exits(0);
        assert!(invalid(&judge(&with_metadata().replace("owner: a, ", ""))).1.contains("no owner"));
    }
    let open =
        stack("aws_cloudformation_stack", &with_metadata().replace("owner: a", "owner: \"${var.team}\""));
    assert!(invalid(&check(&Project::new(&[("main.tf", &open)]))).1.contains("plain texts"));
    let encoded = "resource \"aws_cloudformation_stack\" \"s\" {\n  name = \"s\"\n  template_body = jsonencode({ Resources = {\n    A = { Type = \"AWS::IAM::AccessKey\", Properties = { UserName = \"ci\" } }\n    B = { Type = \"AWS::IAM::AccessKey\", Properties = { UserName = \"ci\" }, Metadata = { lonekey = { owner = \"a\", expires = \"2027-03-01\", reason = \"b\" } } }\n  } })\n}\n";
    assert_eq!(states(check(&Project::new(&[("main.tf", encoded)])).exits(0)), ["in-force"]);
    // Where text is put together, nobody can say which of its resources an exception is on.
    let json = |more: &str| {
        format!("{{\"Type\":\"AWS::IAM::AccessKey\",{more}\"Properties\":{{\"UserName\":\"ci\"}}}}")
    };
    let exception =
        "\"Metadata\":{\"lonekey\":{\"owner\":\"a\",\"expires\":\"2027-03-01\",\"reason\":\"b\"}},";
    let body = json!(format!("{{\"Resources\":{{\"A\":{},\"B\":{}}}}}", json(""), json(exception)));
    let put = json!({ "Resources": { "Set": { "Type": "AWS::CloudFormation::StackSet", "Properties": { "TemplateBody": { "Fn::Sub": body } } } } });
    assert!(invalid(&check(&Project::new(&[("t.json", &put.to_string())]))).1.contains("lonekey.toml"));
}

#[test]
fn terraform_json_has_its_comment_property() {
    let terms = json!({ "owner": "a", "expires": "2027-03-01", "reason": "b" });
    let judge = |second: Value| {
        let text = json!({ "resource": { "aws_iam_access_key": { "a": { "user": "ci" }, "b": second } } });
        check(&Project::new(&[("main.tf.json", &text.to_string())]))
    };
    judge(json!({ "user": "ci", "//": "a note" })).exits(1);
    let run = judge(json!({ "//": { "lonekey": terms }, "user": "ci" }));
    assert_eq!(states(run.exits(0)), ["in-force"]);
    judge(json!([{ "//": { "lonekey": terms }, "user": "ci" }])).exits(0);
    judge(json!({ "//": { "metadata": { "path": "s/b" }, "lonekey": terms }, "user": "ci" })).exits(0);
    assert!(
        invalid(&judge(json!({ "//": { "lonekey": { "owner": "a" } }, "user": "ci" })))
            .1
            .contains("no expires")
    );
    assert!(
        invalid(&judge(json!({ "//": "lonekey: allow owner=a", "user": "ci" }))).1.contains("\"lonekey\"")
    );
    let user = json!({ "resource": {
        "aws_iam_user": { "u": { "name": "ci", "//": { "lonekey": terms } } },
        "aws_iam_access_key": { "a": { "user": "${aws_iam_user.u.name}" }, "b": { "user": "${aws_iam_user.u.name}" } },
    } });
    check(&Project::new(&[("main.tf.json", &user.to_string())])).exits(0);
    let elsewhere = json!({ "//": { "lonekey": terms }, "resource": { "aws_iam_access_key": { "a": { "count": 2, "user": "ci" } } } });
    assert_eq!(
        states(check(&Project::new(&[("main.tf.json", &elsewhere.to_string())])).exits(1)),
        ["unused"]
    );
}

#[test]
fn what_is_malformed_fails_the_run_that_asks_for_it() {
    let bad = format!("# lonekey: allow owner=a\n{KEY_MODULE}");
    let project = Project::new(&[
        ("a/main.tf", ONE_KEY),
        ("b/main.tf", &bad),
        ("c/main.tf", "module \"b\" {\n  source = \"../b\"\n  user   = \"ci\"\n}\n"),
    ]);
    let on = |paths: &[&str]| project.run(&[&["check", "--format", "json", TODAY], paths].concat());
    for unrelated in ["a", "a/main.tf"] {
        assert_eq!(on(&[unrelated]).exits(0).json()["incomplete"], json!([]), "{unrelated}");
    }
    for paths in [&["."][..], &["b"], &["a", "b"], &["b/main.tf"], &["c"], &["c/main.tf"]] {
        assert_eq!(invalid(&on(paths)).0, 1, "{paths:?}");
    }
}

#[test]
fn a_comment_above_a_user_covers_its_finding() {
    let text = |comment: &str| {
        format!(
            "{comment}resource \"aws_iam_user\" \"u\" {{\n  name = \"ci\"\n}}\n{}",
            TWO_KEYS.replace("\"ci\"", "aws_iam_user.u.name")
        )
    };
    check(&Project::new(&[("main.tf", &text(""))])).exits(1);
    check(&Project::new(&[("main.tf", &text(GOOD))])).exits(0);
}

#[test]
fn one_key_s_exception_leaves_two_others_a_finding() {
    let third = "\nresource \"aws_iam_access_key\" \"third\" {\n  user = \"ci\"\n}\n";
    let text = TWO_KEYS.replacen("\nresource", &format!("\n{GOOD}resource"), 1) + third;
    let project = Project::new(&[("main.tf", &text)]);
    let run = check(&project);
    run.exits(1).says("Exceptions cover some of its keys, and two or more are left.");
    project.write(
        "main.tf",
        text.replacen(
            "\nresource \"aws_iam_access_key\" \"third\"",
            &format!("\n{GOOD}resource \"aws_iam_access_key\" \"third\""),
            1,
        )
        .as_bytes(),
    );
    check(&project).exits(0);
    // A block is all of its keys.
    let counted =
        format!("{GOOD}resource \"aws_iam_access_key\" \"k\" {{\n  count = 2\n  user  = \"ci\"\n}}\n");
    check(&Project::new(&[("main.tf", &counted)])).exits(0);
}

const TEMPLATE: &str = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: ci}\n  B:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: ci}\n";

#[test]
fn yaml_has_comments_and_metadata_and_json_has_metadata() {
    let yaml = |text: &str| check(&Project::new(&[("t.yaml", text)]));
    yaml(TEMPLATE).exits(1);
    yaml(&TEMPLATE.replace("  B:\n", &format!("  {GOOD}  B:\n"))).exits(0);
    yaml(&TEMPLATE.replace("  B:\n", &format!("{GOOD}  B:\n"))).exits(0);
    // The last line of a block scalar is no comment.
    let scalar = TEMPLATE.replace("  B:\n", &format!("  Note:\n    Type: AWS::SNS::Topic\n    Metadata:\n      Text: |\n        x\n        {GOOD}  B:\n"));
    assert_eq!(states(yaml(&scalar).exits(1)), ["unused"]);
    let metadata =
        |terms: &str| TEMPLATE.replace("  B:\n", &format!("  B:\n    Metadata: {{lonekey: {terms}}}\n"));
    let run = yaml(&metadata("{owner: a, expires: 2027-03-01, reason: b c}"));
    assert_eq!(run.exits(0).json()["exceptions"][0]["source"], "metadata");
    yaml(&metadata("{owner: a, expires: '2027-03-01', reason: \"b\", kind: standing}")).exits(0);
    assert_eq!(invalid(&yaml(&metadata("{owner: a, expires: 2027-03-01}"))).0, 6);
    assert!(invalid(&yaml(&metadata("yes"))).1.contains("is a map of owner, expires, reason and kind"));
    assert!(invalid(&yaml(&metadata("{ownr: a}"))).1.contains("did you mean owner?"));
    assert!(invalid(&yaml(&metadata("{owner: !Ref X}"))).1.contains("plain texts"));
    let key = |more: &str| {
        format!("{{\"Type\":\"AWS::IAM::AccessKey\",{more}\"Properties\":{{\"UserName\":\"ci\"}}}}")
    };
    let exception = "\"Metadata\":{\"aws:cdk:path\":\"S/K\",\"lonekey\":{\"owner\":\"a\",\"expires\":\"2027-03-01\",\"reason\":\"b\"}},";
    let minified = format!("{{\"Resources\":{{\"A\":{},\"B\":{}}}}}", key(""), key(exception));
    check(&Project::new(&[("t.json", &minified)])).exits(0);
    check(&Project::new(&[("t.json", &minified.replace("lonekey", "other"))])).exits(1);
    // Two keys on one line: the exception is the second's alone.
    let three = format!("{{\"Resources\":{{\"A\":{},\"B\":{},\"C\":{}}}}}", key(""), key(exception), key(""));
    check(&Project::new(&[("t.json", &three)])).exits(1);
}

#[test]
fn a_cdk_assembly_has_metadata() {
    let key = |more: &str| {
        format!("{{\"Type\":\"AWS::IAM::AccessKey\",{more}\"Properties\":{{\"UserName\":\"ci\"}}}}")
    };
    let exception =
        "\"Metadata\":{\"lonekey\":{\"owner\":\"a\",\"expires\":\"2027-03-01\",\"reason\":\"b\"}},";
    let manifest = "{\"version\":\"36.0.0\",\"artifacts\":{\"Keys\":{\"type\":\"aws:cloudformation:stack\",\"environment\":\"aws://unknown-account/unknown-region\",\"properties\":{\"templateFile\":\"Keys.template.json\"}}}}";
    for (more, code) in [("", 1), (exception, 0)] {
        let template = format!("{{\"Resources\":{{\"A\":{},\"B\":{}}}}}", key(""), key(more));
        let project = Project::new(&[
            ("cdk.out/manifest.json", manifest),
            ("cdk.out/cdk.out", "{\"version\":\"36.0.0\"}"),
            ("cdk.out/Keys.template.json", &template),
        ]);
        check(&project).exits(code);
    }
}

fn configured(exception: &str) -> Project {
    Project::new(&[
        ("lonekey.toml", &format!("[[exception]]\n{exception}\n")),
        ("envs/prod/main.tf", TWO_KEYS),
    ])
}

#[test]
fn the_configuration_approves_by_user_and_path() {
    let with = |user: &str, path: &str| {
        check(&configured(&format!(
            "user = \"{user}\"\npath = \"{path}\"\nowner = \"a\"\nexpires = 2027-03-01\nreason = \"b\""
        )))
    };
    for path in
        [".", "envs", "envs/prod", "./envs/prod/", "envs/*", "**/prod", "envs/prod/main.tf", "envs/**/*.tf"]
    {
        assert_eq!(with("ci", path).exits(0).json()["exceptions"][0]["source"], "config", "{path}");
    }
    with("CI", "envs").exits(0);
    // From a folder beside it, where the path is shown as `../envs/prod/main.tf`.
    let project =
        configured("user = \"ci\"\npath = \"envs\"\nowner = \"a\"\nexpires = 2027-03-01\nreason = \"b\"");
    project.write("tools/main.tf", b"");
    project.run_with(&With { cwd: "tools", ..With::default() }, &["check", TODAY, ".."]).exits(0);
    for (user, path) in [("ci", "env"), ("ci", "envs/dev"), ("c", "envs"), ("*", "envs")] {
        assert_eq!(states(with(user, path).exits(1)), ["unused"], "{user} {path}");
    }
    for path in ["../envs", "/envs", "envs/{a"] {
        with("ci", path).refuses(&format!("lonekey.toml:3:8: path {path:?}: "));
    }
    let text =
        configured("user = \"ci\"\npath = \".\"\nowner = \"a\"\nexpires = \"2027-03-01\"\nreason = \"b\"");
    check(&text).exits(0);
    text.run(&["check", "--isolated", TODAY]).exits(1);
}

#[test]
fn a_comment_of_the_word_alone_is_no_exception() {
    let run = check(&commented("# lonekey:\n#   uses: lonekey/lonekey@v1\n"));
    assert_eq!(states(run.exits(1)), [""; 0]);
}

#[test]
fn one_that_is_not_whole_is_an_error_with_its_place_and_covers_nothing() {
    for (comment, said) in [
        (
            "# lonekey: allow expires=2027-03-01 reason=b\n",
            "this exception has no owner: say who approved it",
        ),
        (
            "# lonekey: allow owner=a reason=b\n",
            "this exception has no expires: say its last day, as YYYY-MM-DD",
        ),
        (
            "# lonekey: allow owner=a expires=2027-03-01\n",
            "this exception has no reason: say why it is approved",
        ),
        ("# lonekey: allow owner=\"\" expires=2027-03-01 reason=b\n", "this exception's owner is empty"),
        (
            "# lonekey: allow owner=a expires=2027-02-30 reason=b\n",
            "\"2027-02-30\" is no day of the calendar",
        ),
        ("# lonekey: allow owner=a expires=tomorrow reason=b\n", "\"tomorrow\" is no day of the calendar"),
        (
            "# lonekey: allow owner=a expires=2027-11-30 reason=b\n",
            "would last 366 more days, and 365 is the most (max-exception-days)",
        ),
        (
            "# lonekey: allow owner=a expires=2026-12-30 reason=b kind=rotation\n",
            "would last 31 more days, and 30 is the most (a rotation's limit)",
        ),
        (
            "# lonekey: allow owner=a expires=2027-03-01 reason=b kind=forever\n",
            "an exception's kind is standing or rotation",
        ),
        ("# lonekey: allow owner=a expires=2027-03-01 reason=two words\n", "\"words\" is no name=value"),
        ("# lonekey: allow owner=a expires=2027-03-01 reason=\"b\n", "this quote is not closed on its line"),
        ("# lonekey: allow owner=a owner=b expires=2027-03-01 reason=c\n", "says its owner twice"),
        ("# lonekey: allow ower=a expires=2027-03-01 reason=c\n", "did you mean owner?"),
        ("# lonekey: ignore\n", "an exception is written `lonekey: allow owner=…"),
    ] {
        let run = check(&commented(comment));
        let (line, reason) = invalid(&run);
        assert_eq!(line, 5, "{comment}");
        assert!(reason.contains(said), "{reason}");
        assert_eq!(standing(&run), [Value::Null], "{comment}");
    }
    let long = commented("# lonekey: allow owner=a expires=2027-11-30 reason=b\n");
    long.run(&["check", TODAY, "--max-exception-days", "366"]).exits(0);
    long.write("lonekey.toml", b"max-exception-days = 366\n");
    long.run(&["check", TODAY]).exits(0);
    commented(GOOD).run(&["check", TODAY, "--max-exception-days", "91"]).exits(2);
    // What does not decide the exit code otherwise does here: somebody thinks that it is approved.
    long.write("lonekey.toml", b"incomplete = \"warn\"\n");
    long.run(&["check", TODAY, "--fail-on", "never"]).exits(2);
    let bad = configured(
        "user = \"ci\"\npath = \".\"\nowner = \"a\"\nexpires = 2027-02-01T00:00:00\nreason = \"b\"",
    );
    assert_eq!(invalid(&check(&bad)).0, 5);
    commented(GOOD).run(&["check", "--today", "yesterday"]).refuses("expected a day as YYYY-MM-DD");
}

#[test]
fn an_expired_one_no_longer_covers_and_says_who_approved_it_until_when() {
    let project = commented(GOOD);
    let on = |day: &str| project.run(&["check", "--format", "json", "--today", day]);
    assert_eq!(states(on("2027-01-29").exits(0)), ["in-force"], "31 days left");
    assert_eq!(states(on("2027-01-30").exits(0)), ["expiring"], "30 days left");
    assert_eq!(states(on("2027-03-01").exits(0)), ["expiring"], "its last day");
    let run = on("2027-03-02");
    assert_eq!(states(run.exits(1)), ["expired"]);
    run.says("platform approved it until 2027-03-01 and no longer (moves to OIDC).");
    for format in ["pretty", "concise", "github", "sarif", "github-sarif", "markdown", "gitlab", "junit"] {
        let run = project.run(&["check", "--format", format, "--today", "2027-03-02"]);
        run.exits(1);
        let said = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("platform approved") && said.contains("until 2027-03-01"), "{format}: {said}");
    }
}

#[test]
fn a_rotation_covers_exactly_two_keys() {
    let rotation = "# lonekey: allow kind=rotation owner=a expires=2026-12-20 reason=b\n";
    let run = check(&commented(rotation));
    assert_eq!(run.exits(0).json()["exceptions"][0]["kind"], "rotation");
    let three =
        format!("{rotation}resource \"aws_iam_access_key\" \"k\" {{\n  count = 3\n  user  = \"ci\"\n}}\n");
    check(&Project::new(&[("main.tf", &three)]))
        .exits(1)
        .says("The rotation that a approved covers two keys");
}

#[test]
fn unused_ones_are_said_where_all_was_seen() {
    let project = Project::new(&[
        (
            "a/main.tf",
            "# lonekey: allow owner=a expires=2027-03-01 reason=b\nresource \"aws_iam_access_key\" \"k\" {\n  user = \"ci\"\n}\n",
        ),
        ("b/main.tf", "# lonekey: allow owner=a expires=2027-03-01 reason=b\n"),
        ("c/main.tf", TWO_KEYS),
        (
            "lonekey.toml",
            "[[exception]]\nuser = \"ci\"\npath = \"c\"\nowner = \"a\"\nexpires = 2027-03-01\nreason = \"b\"\n",
        ),
    ]);
    let run = check(&project);
    assert_eq!(states(run.exits(0)), ["unused", "unused", "in-force"]);
    assert_eq!(run.json()["exceptions"][0]["user"], "ci");
    for format in ["pretty", "concise", "github", "sarif", "markdown", "gitlab", "junit"] {
        project.run(&["check", "--format", format, TODAY]).exits(0).says("on no key or user with a");
    }
    let part = project.run(&["check", "--format", "json", TODAY, "a/main.tf"]);
    assert_eq!(states(part.exits(0)), [""; 0], "others may use it");
    let part = project.run(&["check", "--format", "json", TODAY, "c"]);
    assert_eq!(states(part.exits(0)), ["in-force"], "the configuration's is used");
}

#[test]
fn every_report_lists_those_in_force() {
    let project = commented(GOOD);
    for format in
        ["pretty", "concise", "github", "sarif", "github-sarif", "markdown", "gitlab", "junit", "json"]
    {
        let run = project.run(&["check", "--format", format, TODAY]);
        run.exits(0).says("platform").says("2027-03-01").says("OIDC");
    }
    for format in ["pretty", "json"] {
        project.run(&["inventory", "--format", format, TODAY]).exits(0).says("platform").says("2027-03-01");
    }
    let csv = project.run(&["inventory", "--format", "csv", TODAY]);
    assert!(csv.stderr.contains("platform approved the keys of \"ci\" until 2027-03-01"), "{csv:#?}");
    // One that is well in force is nothing to report.
    assert_eq!(project.run(&["check", "-q", TODAY]).exits(0).stdout, "");
    project.run(&["check", "-q", "--today", "2027-02-20"]).exits(0).says("9 days left");
}

#[test]
fn sarif_has_suppressions_and_github_s_leaves_those_results_out() {
    let project = commented(GOOD);
    let sarif =
        |format: &str| project.run(&["check", "--format", format, TODAY]).exits(0).json()["runs"][0].clone();
    let results = sarif("sarif")["results"].clone();
    let suppression = &results[0]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&json!("inSource"), &json!("accepted")));
    assert!(suppression["justification"].as_str().unwrap().contains("moves to OIDC"));
    assert_eq!(sarif("github-sarif")["results"], json!([]));
    let external =
        configured("user = \"ci\"\npath = \".\"\nowner = \"a\"\nexpires = 2027-03-01\nreason = \"b\"");
    let run = external.run(&["check", "--format", "sarif", TODAY]).json();
    assert_eq!(run["runs"][0]["results"][0]["suppressions"][0]["kind"], "external");
}

#[test]
fn exceptions_are_a_table_and_rows() {
    let project = commented(GOOD);
    project.write(
        "b/main.tf",
        format!("# lonekey: allow owner=\"=cmd\" expires=2026-01-01 reason=\"a, b\"\n{TWO_KEYS}").as_bytes(),
    );
    let run = project.run(&["exceptions", TODAY]);
    run.exits(0)
        .says("STATE")
        .says("in-force  platform  ci    2027-03-01  92")
        .says("expired")
        .says("2 exceptions: 1 in force, 1 expired\n");
    let csv = project.run(&["exceptions", "--format", "csv", TODAY]);
    let lines: Vec<&str> = csv.exits(0).stdout.lines().collect();
    assert_eq!(lines[0], "repository,state,kind,owner,user,path,line,expires,days left,reason");
    assert!(
        lines[1].ends_with(",expired,standing,'=cmd,ci,b/main.tf,1,2026-01-01,-332,\"a, b\""),
        "{csv:#?}"
    );
    assert!(
        lines[2].ends_with(",in-force,standing,platform,ci,main.tf,5,2027-03-01,92,moves to OIDC"),
        "{csv:#?}"
    );
    assert_eq!(
        project.run(&["exceptions", "--format", "json", TODAY]).exits(0).json()["exceptions"][1]["state"],
        "in-force"
    );
    Project::new(&[]).run(&["exceptions"]).exits(0).says("No exception was found\n");
    commented("# lonekey: allow\n").run(&["exceptions"]).exits(2).says("no owner");
}

#[test]
fn what_an_exception_says_can_do_nothing_but_be_seen() {
    let evil = "\u{1b}[2J\u{202e}::error::x %0A::set-output ##[error]x <script>&amp;|@everyone](http://evil)";
    let comment = format!(
        "# lonekey: allow owner=\"::error::o {evil}\" expires=2027-03-01 reason=\"::warning::r {evil}\"\n"
    );
    let toml = "[[exception]]\nuser = \"other\\n::error::\"\npath = \".\"\nowner = \"::error::\\u202e\"\nexpires = 2026-01-01\nreason = \"\\n::error::x\"\n";
    let project = commented(&comment);
    project.write("lonekey.toml", toml.as_bytes());
    for args in [&["check"][..], &["inventory"], &["exceptions"], &["config"]] {
        let formats: &[&str] = match args[0] {
            "check" => &["pretty", "concise", "markdown", "junit", "gitlab", "sarif", "json", "github"],
            "config" => &["pretty"],
            _ => &["pretty", "json", "csv"],
        };
        for format in formats {
            let run = project.run(&[args, &["--format", format, TODAY]].concat());
            for text in [&run.stdout, &run.stderr] {
                let commands = text.lines().filter(|l| l.trim_start().starts_with("::"));
                let ours = |l: &&str| {
                    *format == "github"
                        && ["::notice file=", "::warning file="].iter().any(|c| l.starts_with(c))
                };
                assert!(commands.clone().all(|l| ours(&l)), "{args:?} {format}: {text}");
                assert!(!text.contains(['\u{1b}', '\u{202e}']), "{args:?} {format}: {text}");
                assert!(
                    !text.contains("##[error]")
                        || format.ends_with("son")
                        || matches!(*format, "sarif" | "gitlab"),
                    "{args:?} {format}: {text}"
                );
            }
            if *format == "github" {
                assert_eq!(run.stdout.lines().filter(|l| l.starts_with("::")).count(), 2, "{run:#?}");
            }
            if matches!(*format, "markdown" | "junit") {
                run.says_not("<script>");
            }
        }
    }
}
