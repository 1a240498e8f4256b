//! Templates that are broken, huge, or of the wrong shape: a clear error or a sound verdict.

use super::project::Project;

const JSON: [&str; 3] = ["check", "--format", "json"];

/// Two keys of one user.
const TWO: &str = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n  \
                   B:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: ci\n";

#[track_caller]
fn judged(text: &str) -> (i32, Vec<String>) {
    let run = Project::new(&[("t.yaml", text)]).run(&JSON);
    (run.code, run.levels())
}

#[test]
fn one_line_of_fifty_megabytes_is_judged() {
    let mut text = String::from("{\"Metadata\":{\"Notes\":[\"");
    text += &"a note, ".repeat(6_000_000);
    text +=
        "\"]},\"Resources\":{\"A\":{\"Type\":\"AWS::IAM::AccessKey\",\"Properties\":{\"UserName\":\"ci\"}},";
    text += "\"B\":{\"Type\":\"AWS::IAM::AccessKey\",\"Properties\":{\"UserName\":\"ci\"}}}}";
    let run = Project::new(&[("t.json", &text)]).run(&JSON);
    assert_eq!((run.code, run.levels()), (1, vec!["certain".to_string()]));
}

#[test]
fn a_template_cut_off_anywhere_never_crashes() {
    let json = r#"{"Resources":{"A":{"Type":"AWS::IAM::AccessKey","Properties":{"UserName":"ci"}}}}"#;
    let mut files = Vec::new();
    for at in 0..json.len() {
        files.push((format!("j{at}.json"), json[..at].to_string()));
    }
    for at in (0..TWO.len()).step_by(3) {
        files.push((format!("y{at}.yaml"), TWO[..at].to_string()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    let run = Project::new(&files).run(&JSON);
    // Cut JSON is no answer; YAML that ends early is a shorter template.
    assert_eq!(run.code, 2);
    assert!(run.json()["incomplete"].as_array().is_some_and(|all| all.len() > 10));
}

#[test]
fn tabs_that_indent_are_an_error_where_a_key_stands() {
    let (code, levels) = judged(&TWO.replace("    Type", "\tType"));
    assert_eq!((code, levels.len()), (2, 0));
}

#[test]
fn wrong_types_are_passed_over_or_said() {
    for text in [
        "Resources: []\n",
        "Resources: AWS::IAM::AccessKey\n",
        "Resources: {A: AWS::IAM::AccessKey}\n",
        "Resources: {A: {Type: 3}, B: {Type: [AWS::IAM::AccessKey]}}\n",
    ] {
        assert_eq!(judged(text), (0, vec![]), "{text}");
    }
    // What a rule asserts is a condition, and a type is written out.
    assert_eq!(judged(&format!("Rules: {{S: {{Assertions: [{{Assert: 3}}]}}}}\n{TWO}")), (2, vec![]));
    assert_eq!(judged("Resources: {A: {Type: {Ref: AWS::IAM::AccessKey}}}\n"), (2, vec![]));
    for more in [
        "Parameters: 3\n",
        "Parameters: [a]\nConditions: b\nMappings: 1\n",
        "Conditions: {C: 3}\nRules: [1]\nOutputs: {O: 3}\n",
        "Parameters: {P: 3, Q: {Type: [], AllowedValues: 3, Default: {}}}\n",
        "Rules: {R: {Assertions: 3}}\n",
        "Outputs: {O: {Export: 3}, P: {Export: {Name: []}}}\nTransform: {}\n",
    ] {
        assert_eq!(judged(&format!("{more}{TWO}")), (1, vec!["certain".to_string()]), "{more}");
    }
}

#[test]
fn a_key_written_twice_is_said_with_both_places() {
    let run = Project::new(&[("t.yaml", &TWO.replace("  B:", "  A:"))]).run(&JSON);
    let incomplete = run.json()["incomplete"].to_string();
    assert_eq!(run.code, 2, "{incomplete}");
    assert!(incomplete.contains("t.yaml:2:3"), "{incomplete}");
}

#[test]
fn unquoted_bools_and_numbers_are_the_names_that_cloudformation_reads() {
    for (one, other, same) in [
        ("yes", "'true'", true),
        ("on", "'true'", true),
        ("yes", "'yes'", false),
        ("010", "'8'", true),
        ("010", "'010'", false),
        ("0x10", "'16'", true),
        ("y", "'y'", true),
    ] {
        let text = TWO.replacen("UserName: ci", &format!("UserName: {one}"), 1);
        let levels = judged(&text.replacen("UserName: ci", &format!("UserName: {other}"), 1)).1;
        assert_eq!(levels == ["certain"], same, "{one} {other}");
    }
}

#[test]
fn merge_keys_are_expanded_and_merge_bombs_end() {
    let merged = TWO.replacen("    Properties:\n", "    Properties: &p\n", 1);
    let merged = merged.replacen("      UserName: ci\n", "      UserName: bo\n", 1);
    let merged = merged.replace("      UserName: ci\n", "      <<: *p\n");
    assert_eq!(judged(&merged), (1, vec!["certain".to_string()]));
    let mut bomb = String::from("M:\n  a0: &a0 {k: v}\n");
    for i in 1..60 {
        bomb += &format!("  a{i}: &a{i} {{<<: [*a{0}, *a{0}], n{i}: [*a{0}, *a{0}]}}\n", i - 1);
    }
    // Too many nodes is an error of the file, which is needed.
    assert_eq!(judged(&format!("{bomb}{TWO}")).0, 2);
}

/// What hides a key without holding one: it calls, nests, includes or lists what does.
#[test]
fn what_does_not_parse_is_said_where_it_leads_to_a_key() {
    const KEY_TF: &str = "resource \"aws_iam_access_key\" \"k\" {\n  user = \"ci\"\n}\n";
    const KEY_YAML: &str = "Resources:\n  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: ci}}\n";
    const STACK: &str =
        "Resources:\n  N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: n.yaml}}\n";
    const SERVICE: &str = "service: x\nresources:\n  Resources:\n    K: {Type: AWS::IAM::AccessKey, Properties: {UserName: '${file(p.yml):u}'}}\n";
    const INCLUDES: &str = "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      Fn::Transform: {Name: AWS::Include, \
                            Parameters: {Location: s.yaml}}\n";
    const MANIFEST: &str = "cdk.out/manifest.json";
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let stack = "resource \"aws_cloudformation_stack\" \"s\" {\n  name          = \"s\"\n  template_body = file(\"t.txt\")\n}\n";
    let cases: [(&str, Vec<u8>, &str, &str, bool); 19] = [
        ("m.tf.json", b"{\"module\": {\"m\": {\"source\": \"./m\"}}".to_vec(), "m/m.tf", KEY_TF, true),
        ("m.tf.json", b"{\"module\": {\"m\": {\"source\": \"./m\"},}}".to_vec(), "m/m.tf", KEY_TF, true),
        ("m.tf.json", b"{\"module\": {\"m\xe9\": {\"source\": \"./m\"}}}".to_vec(), "m/m.tf", KEY_TF, true),
        ("m.tf", wide("module \"m\" {\n  source = \"./m\"\n}\n"), "m/m.tf", KEY_TF, true),
        ("m.tf.json", b"{\"locals\": {\"m\": {\"source\": \"./m\"}}".to_vec(), "m/m.tf", KEY_TF, false),
        ("t.yaml", format!("{STACK}X: [\n").into(), "n.yaml", KEY_YAML, true),
        (
            "t.yaml",
            format!("{STACK}X: [\n").into(),
            "n.yaml",
            "Resources:\n  T: {Type: AWS::SNS::Topic}\n",
            false,
        ),
        (
            "serverless.yml",
            b"service: x\nresources:\n  Resources:\n    K: ${file(k.yml)}\nX: [\n".to_vec(),
            "k.yml",
            "Type: AWS::IAM::AccessKey\n",
            true,
        ),
        ("copilot/x/addons/a.yml", b"Parameters: {\n".to_vec(), "copilot/x/addons/b.yml", KEY_YAML, true),
        (
            "copilot/x/addons/addons.parameters.yml",
            b"Parameters: {\n".to_vec(),
            "copilot/x/addons/b.yml",
            KEY_YAML,
            true,
        ),
        ("p.yml", b"u: [\n".to_vec(), "serverless.yml", SERVICE, true),
        (
            "t.yaml",
            format!("{}X: [\n", STACK.replace("n.yaml", "!Sub 'https://${B}.s3.amazonaws.com/n.yaml'"))
                .into(),
            "n.yaml",
            KEY_YAML,
            true,
        ),
        ("s.yaml", b"UserName: [\n".to_vec(), "t.yaml", INCLUDES, true),
        ("t.txt", wide(TWO), "main.tf", stack, true),
        (MANIFEST, Vec::new(), "cdk.out/S.template.json", "{\"Resources\": {}}", false),
        (MANIFEST, Vec::new(), "cdk.out/S.template.json", KEY_YAML, true),
        ("m.tf.json", b"{\"module\": {\"m\": {\"source\": \"x/y/z\"}}".to_vec(), "m/m.tf", KEY_TF, false),
        (
            "m.tf.json",
            b"{\"module\": {\"m\": {\"source\": \"./m\"}}".to_vec(),
            "m/m.tf",
            "locals {}\n",
            false,
        ),
        (
            ".terraform/modules/modules.json",
            b"{\"Modules\": [".to_vec(),
            "main.tf",
            "module \"m\" {\n  source = \"x/y/z\"\n}\n",
            true,
        ),
    ];
    for (broken, bytes, other, text, said) in cases {
        let project = Project::new(&[(other, text)]);
        project.write(broken, &bytes);
        let run = project.run(&["check"]);
        run.exits(if said { 2 } else { 0 });
        assert_eq!(run.stdout.contains(broken), said, "{broken} {bytes:?}: {}", run.stdout);
    }
    let artifact = |kind: &str| {
        format!(
            "{{\"artifacts\": {{\"S\": {{\"type\": \"{kind}\", \"properties\": {{\"templateFile\": \"gone.json\"}}}}}}}}"
        )
    };
    for manifest in
        [artifact("aws:cloudformation:\\u0073tack").into_bytes(), wide(&artifact("aws:cloudformation:stack"))]
    {
        let project = Project::new(&[("out/S.template.json", KEY_YAML)]);
        project.write("out/manifest.json", &manifest);
        project.run(&["check"]).exits(2).says("out/manifest.json");
    }
    let project = Project::new(&[("t.yaml", STACK), ("n.yaml", "just text\n")]);
    project.run(&["check"]).exits(2).says("has no `Resources`");
}
