//! Files and what is in them: several documents, duplicates, broken and hostile ones, places.

use super::*;

#[test]
fn templates_are_told_by_their_resources() {
    for (text, template) in [
        ("Resources: {A: {Type: AWS::IAM::User}}", true),
        ("{\"Resources\": {\"A\": {\"Type\": \"AWS::IAM::User\"}}}", true),
        ("Resources: []", false),
        ("Resources: {A: {Type: 3}}", false),
        ("resources: {A: {Type: AWS::IAM::User}}", false),
        ("kind: User", false),
        ("- a", false),
        ("", false),
    ] {
        let source = crate::source::Source::new("t".into(), text.as_bytes().to_vec());
        assert_eq!(load::parse(&source).documents.iter().any(is_template), template, "{text}");
    }
}

#[test]
fn every_document_of_a_file_is_a_template_of_its_own() {
    let one = "Resources:\n  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: u}}\n";
    let (_, resolved) = Case {
        files: &[("t.yaml", &format!("{one}---\nkind: ConfigMap\n---\n{one}"))],
        parameters: &[],
        mode: Mode::Supplied,
    }
    .resolved();
    assert_eq!(resolved.iter().map(|r| r.keys.len()).collect::<Vec<_>>(), [1, 1]);
    assert!(resolved.iter().all(|r| r.keys[0].unit.path == "t.yaml"));
}

#[test]
fn duplicate_keys_are_refused_with_both_places() {
    let text = "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: a\n      UserName: b\n";
    assert_eq!(
        keys(text),
        "K \"b\" null true\nrefused: the key `UserName` is written twice in one map, first at t.yaml:5:7; the last \
         one was taken"
    );
    let text = "Resources:\n  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: a}}\n  \
                K: {Type: AWS::IAM::AccessKey, Properties: {UserName: b}}\n";
    assert!(keys(text).starts_with("K \"b\" null true\nrefused: the key `K`"), "{}", keys(text));
    // What cannot decide anything may be written twice.
    let text = "Resources:\n  T: {Type: AWS::SNS::Topic, Type: AWS::SNS::Topic}\n  \
                K: {Type: AWS::IAM::AccessKey, Properties: {UserName: b}}\n";
    assert_eq!(keys(text), "K \"b\" null true");
}

#[test]
fn a_mapping_with_a_duplicate_is_refused_where_a_key_can_read_it() {
    let with_condition = |what: &str, condition: &str| {
        format!(
            "Mappings:\n  M: {{a: {{n: x}}, a: {{n: y}}}}\n  N: {{a: {{n: z}}}}\nConditions:\n  C: !Equals [{what}, z]\n\
             Resources:\n  K: {{Type: AWS::IAM::AccessKey{condition}, Properties: {{UserName: b}}}}\n  \
             I: {{Type: AWS::EC2::Instance, Properties: {{ImageId: !FindInMap [M, a, n]}}}}\n"
        )
    };
    let with = |what: &str| with_condition(what, ", Condition: C");
    assert_eq!(keys(&with("!FindInMap [N, a, n]")), "K \"b\" null true");
    // A condition that no key has reads for nobody.
    assert_eq!(keys(&with_condition("!FindInMap [M, a, n]", "")), "K \"b\" null true");
    for read in ["!FindInMap [M, a, n]", "!FindInMap [!Ref AWS::Region, a, n]"] {
        assert!(keys(&with(read)).contains("refused: the key `a` is written twice"), "{}", keys(&with(read)));
    }
}

#[test]
fn a_key_that_never_exists_has_its_user_all_the_same() {
    let with = |user: &str| {
        format!(
            "Parameters:\n  P: {{Type: String, Default: no}}\nConditions:\n  C: !Equals [!Ref P, yes]\nResources:\n  \
             U: {{Type: AWS::IAM::User, Condition: C}}\n  T: {{Type: AWS::SNS::Topic, Condition: C}}\n  \
             K: {{Type: AWS::IAM::AccessKey, Condition: C, Properties: {{UserName: !Ref {user}}}}}\n"
        )
    };
    assert_eq!(keys(&with("U")), "K U null false");
    assert_ne!(keys(&with("T")), "K T null false");
}

#[test]
fn an_application_that_is_not_on_disk_is_named_by_its_id() {
    let text = "
Mappings:
  Apps: {Queue: {Id: 'arn:aws:serverlessrepo:us-east-1:1:applications/queue'}}
Resources:
  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: a}}
  A:
    Type: AWS::Serverless::Application
    Properties: {Location: {ApplicationId: !FindInMap [Apps, Queue, Id], SemanticVersion: 1.0.0}}
";
    assert_eq!(
        keys(text),
        "K \"a\" null true\nremote-template: the template of this nested stack, serverless application \
         arn:aws:serverlessrepo:us-east-1:1:applications/queue, is not on disk; its keys are not examined"
    );
}

#[test]
fn a_macro_is_named_where_its_name_is_written() {
    let with = |transform: &str| {
        let text = format!(
            "Transform: {transform}\nResources:\n  K: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: a}}}}\n"
        );
        keys(&text)
    };
    for (transform, shown) in [
        ("Count", "`Count`"),
        ("{Name: Count, Parameters: {a: b}}", "`Count`"),
        ("!Ref P", "whose name is computed"),
        ("{Name: !Ref P}", "whose name is computed"),
    ] {
        let want = format!(
            "K \"a\" null true\nunknown-macro: the macro {shown} may add, drop or rename resources; what it makes is not \
             examined"
        );
        assert_eq!(with(transform), want);
    }
    assert_eq!(with("[AWS::Serverless-2016-10-31, {Name: AWS::LanguageExtensions}]"), "K \"a\" null true");
}

#[test]
fn merge_keys_and_aliases_are_expanded() {
    let text = "
Resources:
  A: {Type: AWS::IAM::AccessKey, Properties: &p {UserName: a, Status: Inactive}}
  B: {Type: AWS::IAM::AccessKey, Properties: {<<: *p, UserName: b}}
  C: {Type: AWS::IAM::AccessKey, Properties: *p}
";
    assert_eq!(keys(text), "A \"a\" \"Inactive\" true\nB \"b\" \"Inactive\" true\nC \"a\" \"Inactive\" true");
}

#[test]
fn a_broken_file_is_said_only_where_it_could_hold_a_key() {
    assert_eq!(keys("a: [b"), "");
    let broken = "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: [\n";
    assert!(keys(broken).starts_with("syntax: "), "{}", keys(broken));
    let json = "{\"Resources\": {\"K\": {\"Type\": \"AWS::IAM::AccessKey\",}}";
    assert!(keys(json).starts_with("syntax: "), "{}", keys(json));
    let missing = Case { files: &[("t.yaml", "")], parameters: &[], mode: Mode::Supplied };
    assert_eq!(missing.shown(), "");
}

#[test]
fn wrong_types_anywhere_are_no_panic_and_no_key_of_their_own() {
    for text in [
        "Resources: {A: {Type: AWS::IAM::AccessKey}}",
        "Resources: {A: {Type: AWS::IAM::AccessKey, Properties: 3}}",
        "Resources: {A: {Type: AWS::IAM::AccessKey, Properties: []}}",
        "Resources: {A: {Type: AWS::IAM::AccessKey, Properties: {UserName: {}}}}",
        "Resources: {A: {Type: AWS::IAM::AccessKey, Condition: [x], Properties: {UserName: u}}}",
        "Parameters: []\nConditions: 3\nMappings: x\nRules: [1]\nOutputs: y\nTransform: {a: b}\nResources: {A: {Type: \
         AWS::IAM::AccessKey, Properties: {UserName: !FindInMap [a, b, c]}}}",
        "Parameters: {P: 3}\nResources: {A: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref [P]}}}",
    ] {
        let shown = keys(text);
        assert!(shown.contains("refused true: "), "{text}: {shown}");
    }
}

#[test]
fn deep_references_end_in_a_budget() {
    let mut text = String::from("Parameters: {P: {Type: String}}\nConditions:\n  C0: !Equals [!Ref P, x]\n");
    for i in 1..5000 {
        text += &format!("  C{i}: !Not [!Condition C{}]\n", i - 1);
    }
    text += "Resources:\n  K: {Type: AWS::IAM::AccessKey, Condition: C4999, Properties: {UserName: u}}\n";
    assert!(keys(&text).contains("budget: references go more than"), "{}", keys(&text));
    let short = text.replace("C4999, ", "C50, ");
    assert!(keys(&short).starts_with("K \"u\" null P == \"x\""), "{}", keys(&short));
}

#[test]
fn places_have_roles_and_hold_what_they_name() {
    let text = "
Parameters: {P: {Type: String}}
Conditions:
  Rotating: !Equals [!Ref P, c]
Resources:
  K:
    Type: AWS::IAM::AccessKey
    Condition: Rotating
    Properties:
      UserName: !Sub
        - '${A}-u'
        - A: !Ref P
      Status: Inactive
";
    let (files, resolved) =
        Case { files: &[("t.yaml", text)], parameters: &[], mode: Mode::Supplied }.resolved();
    let key = &resolved[0].keys[0];
    let slice = |loc: crate::span::Loc| files.source(loc.file).text[loc.span.range()].to_string();
    assert_eq!(slice(key.location), "K");
    let places: Vec<String> = key.places.iter().map(|p| format!("{:?} {}", p.role, slice(p.loc))).collect();
    assert_eq!(places, ["Condition Rotating", "Condition Rotating", "User ${A}", "Status Inactive"]);
    assert_eq!(key.user_text.as_deref(), Some("!Sub - '${A}-u' - A: !Ref P"));
}

#[test]
fn a_file_that_includes_itself_is_refused_where_it_holds_a_key() {
    let file = |kind: &str| {
        format!(
            "
service: s
resources:
  - ${{file(./t.yaml)}}
  - Resources:
      A: {{Type: AWS::IAM::{kind}, Properties: {{UserName: ci}}}}
"
        )
    };
    let refused = "refused: this file includes itself, which the deployment refuses";
    assert_eq!(keys(&file("AccessKey")), format!("A \"ci\" null true\n{refused}"));
    assert_eq!(keys(&file("User")), "");
    let include =
        |name: &str| format!("Fn::Transform: {{Name: AWS::Include, Parameters: {{Location: {name}}}}}");
    let key = "A: {Type: AWS::IAM::AccessKey, Properties: {UserName: ci}}";
    let own = format!("Resources:\n  {key}\n  {}\n", include("t.yaml"));
    assert_eq!(keys(&own), format!("A \"ci\" null true\n{refused}"));
}
