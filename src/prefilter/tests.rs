use super::*;

fn template(text: &str) -> bool {
    template_hints(text.as_bytes()).template()
}

fn module(text: &str) -> bool {
    terraform_hints(text.as_bytes()).module()
}

#[test]
fn calls_that_read_files_are_seen_however_they_are_written() {
    let check = |text: &str, may| assert_eq!(may_read_files(text.as_bytes()), may, "{text}");
    for text in [
        "file(var.x)",
        "core::file (\"x\")",
        "filebase64sha256(x)",
        "templatefile\n(x)",
        "fileset/* */(a, b)",
        "file # x\n(a)",
        r#""${\u0066ile(\"x\")}""#,
    ] {
        check(text, true);
    }
    for text in ["profile = \"x\"", "\"x.file\"", "file_(x)", "fil(e)"] {
        check(text, false);
    }
}

#[test]
fn every_way_to_a_key_lets_a_template_through() {
    for way in [
        "Type: AWS::IAM::AccessKey",
        "Type: AWS::CloudFormation::Stack",
        "Type: AWS::CloudFormation::StackSet",
        "Type: AWS::Serverless::Application",
        "Fn::Transform: {Name: AWS::Include}",
        "!Transform {Name: Macro}",
        "Fn::ForEach::Loop: [T, [Access], {}]",
        "Type: Org::Iam::Keys::MODULE",
        "!Rain::Module x",
    ] {
        assert!(template(&format!("Resources:\n  K:\n    {way}\n")), "{way}");
    }
    assert!(template("Transform: {Name: AWS::Include, Parameters: {Location: all.yaml}}"));
    assert!(template("AWSTemplateFormatVersion: 2010-09-09\nTransform: [Macro]"));
    for resources in [
        "${self:custom.made}",
        "\n- '${ssm:/made}'",
        "[\"${self:custom.made}\"]",
        "\n  Resources:\n    K: ${self:custom.k}",
    ] {
        assert!(
            template(&format!("service: s\nprovider: {{name: aws}}\nresources: {resources}\n")),
            "{resources}"
        );
    }
}

#[test]
fn other_yaml_and_json_is_left_alone() {
    for text in [
        "",
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - resources: {}\n",
        "{{ .Values.AccessKey }}",
        "on: push\njobs:\n  a:\n    steps:\n    - run: curl \\\n        -H AccessKey\n",
        "{\"name\": \"x\", \"scripts\": {\"a\": \"echo \\u003c\\u00e9\"}}",
        "Resources:\n  B:\n    Type: AWS::S3::Bucket\n",
        "provider: aws\nresources:\n  limits: {cpu: \"${CPU}\"}\n",
        "provider: aws\nResources:\n  B:\n    Type: AWS::S3::Bucket\n",
        "openapi: 3.0.0\ncomponents: {schemas: {AccessKey: {}}}",
    ] {
        assert!(!template(text), "{text}");
    }
}

#[test]
fn escapes_hide_no_type() {
    for spelt in [
        r#"{"Resources":{"K":{"Type":"AWS::IAM::Access\u004bey"}}}"#,
        r#"{"Resources":{"K":{"Type":"AWS::IAM::\u0041\u0063\u0063ess\u004Bey"}}}"#,
        r#"{"\u0052esources":{"K":{"Type":"AWS\u003a:IAM::AccessKey"}}}"#,
        r#"{"\u0052esources":{"K":{"Type":"A\u0057S::CloudFormation::Stac\u006b"}}}"#,
        "\"R\\x65sources\":\n  K:\n    Type: \"AWS::IAM::Access\\x4bey\"",
        "Resources:\n  K:\n    Type: \"AWS::IAM::Acc\\U00000065ssKey\"",
        "Resources:\n  K:\n    Type: \"AWS::IAM::Acc\\\n      ess\\\r\n      Key\"",
        "Resources:\n  K:\n    Type: \"\\\\\\u0041\\u0041ccess\\u004bey\"",
    ] {
        assert!(template(spelt), "{spelt}");
    }
    let other = r#"{"Resources":{"K":{"Type":"AWS::IAM::Access\\\u002eKey"}}}"#;
    assert!(!template(other));
}

#[test]
fn every_way_to_a_key_makes_a_module_interesting() {
    for text in [
        "resource \"aws_iam_access_key\" \"k\" {}",
        "resource \"aws_iam_access\\u005fkey\" \"k\" {}",
        "resource \"awsutils_expiring_iam_access_key\" \"k\" {}",
        "resource \"aws_cloudformation_stack_set\" \"s\" {}",
        "module \"m\" {\n source = \"./m\" }",
        "module m {}",
        "module/**/\"m\" {}",
        "\u{feff}module \"m\" {}",
        "{\"module\": {}}",
        "{\"mod\\u0075le\": {}}",
    ] {
        assert!(module(text), "{text}");
    }
}

#[test]
fn other_terraform_is_not_interesting() {
    for text in [
        "",
        "resource \"aws_iam_user\" \"u\" { name = module.x.name }",
        "locals { submodule = 1, path = path.module }",
        "locals { a = \"${path.module}/x\" }",
    ] {
        assert!(!module(text), "{text}");
    }
}

#[test]
fn exports_matter_only_beside_imports() {
    let exports = "Resources:\n  U: {Type: AWS::IAM::User}\nOutputs:\n  N: {Export: {Name: n}}";
    assert!(template_hints(exports.as_bytes()).exports());
    let both = format!("{exports}\n#AccessKey");
    assert!(template_hints(both.as_bytes()).template() && !template_hints(both.as_bytes()).exports());
}

#[test]
fn a_key_type_where_a_type_stands_makes_a_broken_file_needed() {
    for text in [
        "    Type: AWS::IAM::AccessKey\n",
        "    Type: AWS::IAM::AccessKey # old\r\n",
        "  Type:    'AWS::IAM::AccessKey'",
        "{\"K\":{\"Type\" : \"AWS::IAM::AccessKey\",",
        "  - {Type: AWS::IAM::AccessKey}",
        "Type:\n  AWS::IAM::AccessKey",
        "Type: &key !!str AWS::IAM::AccessKey",
        "Type: \"AWS::IAM::Access\\x4bey\"",
        "Type: # the key\n  &k\n  # of the bot\n  AWS::IAM::AccessKey",
        "\"Type\": /* a */ // b\n \"AWS::IAM::AccessKey\"",
        "\"Type\":&k \"AWS::IAM::AccessKey\"",
        "Type: >-\n  AWS::IAM::AccessKey",
        "Type: !!binary QVdTOjpJQU06OkFjY2Vzc0tleQ==",
        "Type: TF::AWS::IamAccessKey",
        "{\"A//c\": {\"Type\": \"AWS::IAM::AccessKey\",",
        "{\"a\": \"b # c\", \"Type\": \"AWS::IAM::AccessKey\",",
        "{{ if x }}\n  Type: AWS::IAM::AccessKey\n{{ end }}",
        "Metadata: {t: &t AWS::IAM::AccessKey}\nResources:\n  A:\n    Type: *t\n",
        "x: &key !!str 'AWS::IAM::AccessKey'\nA: {Type: *key}",
    ] {
        assert!(mentions_key_type(text), "{text}");
    }
}

#[test]
fn a_key_type_elsewhere_does_not() {
    for text in [
        "# Type: AWS::IAM::AccessKey",
        "a: 1 # Type: AWS::IAM::AccessKey",
        "  // \"Type\": \"AWS::IAM::AccessKey\"",
        "ResourceType: AWS::IAM::AccessKey",
        "- AWS::IAM::AccessKey",
        "Type: AWS::IAM::AccessKeyLastUsed",
        "Type: AWS::IAM::AccessKey::MODULE",
        "types: [AWS::IAM::AccessKey]",
        "Type: AWS::IAM::User",
        "t: &t AWS::IAM::AccessKey\nList: [*t]",
        "t: AWS::IAM::AccessKey\nA: {Type: *t}",
        "",
    ] {
        assert!(!mentions_key_type(text), "{text}");
    }
}

/// `text` with each letter written in the way that `ways` says for it.
fn spelt(text: &str, ways: &[u8]) -> String {
    let letter = |(c, way): (char, &u8)| match way {
        0 => format!("\\u{:04x}", u32::from(c)),
        1 => format!("\\x{:02X}", u32::from(c)),
        2 => format!("\\U{:08x}", u32::from(c)),
        3 => format!("\\\r\n      {c}"),
        _ => c.to_string(),
    };
    text.chars().zip(ways.iter().cycle()).map(letter).collect()
}

proptest::proptest! {
    #[test]
    fn no_spelling_hides_a_key(
        ways in proptest::collection::vec(0u8..9, 1..40),
        which in 0usize..3,
        noise in "[ -~\n]{0,40}",
    ) {
        let kind = ["AWS::IAM::AccessKey", "AWS::CloudFormation::StackSet", "AWS::Serverless::Application"][which];
        let (section, kind) = (spelt("Resources", &ways), spelt(kind, &ways));
        let text = format!("# {noise}\n\"{section}\":\n  K:\n    Type: \"{kind}\"\n");
        assert!(template(&text), "{text}");
        assert_eq!(mentions_key_type(&text), which == 0, "{text}");
        let ways: Vec<u8> = ways.iter().map(|way| if matches!(way, 1 | 3) { 9 } else { *way }).collect();
        assert!(module(&format!("# {noise}\nresource \"{}\" \"k\" {{}}", spelt("aws_iam_access_key", &ways))));
    }
}
