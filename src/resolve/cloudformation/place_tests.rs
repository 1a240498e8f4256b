//! Which bytes of a template are pointed at: for what gives a key its user, and for what is refused inside of text.

use std::path::Path;

use super::*;
use crate::key::Role;
use crate::problem::Place;
use crate::span::Loc;

/// A template of one access key with that user, in YAML.
fn with_user(user: &str) -> String {
    format!(
        "Transform: AWS::LanguageExtensions\nParameters:\n  Name: {{Type: String}}\n  Env: {{Type: String}}\nResources:\n  \
         U:\n    Type: AWS::IAM::User\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: {user}\n"
    )
}

/// The bytes at the places of a role of every key, then those of each refusal with its reason.
fn pointed_at(name: &str, text: &str, role: Role) -> Vec<String> {
    let files = Files::new("/nowhere".into());
    files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
    let mut found = Vec::new();
    for resolved in resolve(Path::new(name), &files, &Inputs::default(), Mode::Supplied) {
        let bytes = |loc: Loc| files.source(loc.file).text.get(loc.span.range()).unwrap().to_string();
        let places = resolved.keys.iter().flat_map(|key| &key.places).filter(|p| p.role == role);
        found.extend(places.map(|place| bytes(place.loc)));
        let problems = resolved.refusals.iter().map(|r| &r.problem).chain(&resolved.problems);
        found.extend(problems.map(|problem| match problem.place {
            Place::At(loc) => format!("{}: {}", bytes(loc), problem.reason),
            _ => problem.reason.clone(),
        }));
    }
    found
}

fn users(user: &str) -> Vec<String> {
    let text = with_user(user);
    let found = pointed_at("t.yaml", &text, Role::User);
    let windows = pointed_at("t.yaml", &text.replace('\n', "\r\n"), Role::User);
    assert_eq!(windows, found, "with CRLF: {user}");
    found
}

#[test]
fn a_name_in_yaml_text_is_pointed_at() {
    for user in [
        "!Sub prefix-${Name}-suffix",
        "!Sub é-${Name}",
        "!Sub 'it''s ${Name}'",
        "!Sub \"a\\tb \\u00e9 \\\"${Name}\\\"\"",
        "!Sub \"one\\\n        two${Name}\"",
        "!Sub \"one\n        two${Name} three\"",
        "!Sub one\n        two${Name} three",
        "!Sub |\n        ci-${Name}\n",
        "!Sub |-\n        one\n          two ${Name}\n        three\n",
        "!Sub |+2\n          one\n        ${Name}\n\n",
        "!Sub >-\n        one\n        two ${Name}\n\n        three\n",
        "!Sub >\n        one\n          more ${Name}\n        three\n",
        "{'Fn::Sub': \"x${Name}\"}",
        "{'Fn::Sub': ['x${!Name}${Name}', {Name: !Ref U}]}",
        "!Sub ['${Name}${!x}', {Name: !Ref Env}]",
        "\n        Fn::Sub:\n          - |-\n            x-${Name}\n          - Name: y\n",
        "!Sub '${Name}'",
    ] {
        assert_eq!(users(user), ["${Name}"], "{user}");
    }
}

#[test]
fn each_of_several_names_is_pointed_at() {
    for (user, places) in [
        ("!Sub ${Name}-${Env}", &["${Name}", "${Env}"][..]),
        ("!Sub '${AWS::StackName}-${Name}''${Name}'", &["${AWS::StackName}", "${Name}", "${Name}"]),
        ("!Sub \"${Name}\\n${U}\"", &["${Name}", "${U}"]),
        ("!Sub >-\n        ${Name}\n        ${Env}\n", &["${Name}", "${Env}"]),
    ] {
        assert_eq!(users(user), places, "{user}");
    }
}

#[test]
fn json_escapes_are_counted() {
    for (user, places) in [
        (r#"{"Fn::Sub": "\u0070re\t\"${Name}\" \ud83d\ude00"}"#, &["${Name}"][..]),
        (r#"{"Fn::Sub": "\ud83d\ude00${Name}"}"#, &["${Name}"]),
        (r#"{"Fn::Sub": ["a\/${Name}\\${Env}", {"Env": "x"}]}"#, &["${Name}", "${Env}"]),
        (r#"{"Fn::Sub": "a-\u0024{Name}-b"}"#, &[r"\u0024{Name}"]),
        (r#"{"Fn::Sub": "a-${Nam\u0065\u007d-b"}"#, &[r"${Nam\u0065\u007d"]),
    ] {
        let text = format!(
            r#"{{"Parameters": {{"Name": {{"Type": "String"}}, "Env": {{"Type": "String"}}}}, "Resources": {{"K":
            {{"Type": "AWS::IAM::AccessKey", "Properties": {{"UserName": {user}}}}}}}}}"#
        );
        assert_eq!(pointed_at("t.json", &text, Role::User), places, "{user}");
    }
}

#[test]
fn a_value_without_names_is_pointed_at_as_a_whole() {
    for user in
        ["ci", "'${Name}'", "!Ref Name", "!Sub ci", "!Sub '${!Name}'", "!Join ['-', [a, !Sub '${Name}']]"]
    {
        assert_eq!(users(user), [user], "{user}");
    }
}

#[test]
fn an_alias_is_pointed_at_and_not_its_anchor() {
    let text = with_user("*n").replace("Transform", "Metadata: {x: &n !Sub 'a-${Name}'}\nTransform");
    assert_eq!(pointed_at("t.yaml", &text, Role::User), ["*n"]);
}

#[test]
fn a_status_is_pointed_at_in_its_text() {
    let text = with_user("x\n      Status: !Sub \"${Name}${Env}\"");
    assert_eq!(pointed_at("t.yaml", &text, Role::Status), ["${Name}", "${Env}"]);
}

#[test]
fn what_is_wrong_inside_text_is_pointed_at() {
    for (user, says) in [
        (
            "!Sub a-${Nowhere}-b",
            "${Nowhere}: there is no parameter or resource named `Nowhere` in this template",
        ),
        ("!Sub 'a''${U.Name}'", "${U.Name}: `U` is a user, which has no attribute `Name`"),
        (
            "!Sub |-\n        ${Name}\n        ${ Name }",
            "${ Name }: `${ Name }` is no name that Fn::Sub can read",
        ),
        (
            "!Sub ['${Name}-${X.Y}', {Name: a}]",
            "${X.Y}: there is no parameter or resource named `X` in this template",
        ),
    ] {
        assert_eq!(users(user).last().map(String::as_str), Some(says), "{user}");
    }
}

#[test]
fn in_a_loop_the_bytes_of_its_body_are_pointed_at() {
    for (user, places) in [
        ("!Sub 'svc-${I}-${Name}'", &["${I}", "${Name}"][..]),
        ("!Sub 'svc-${Name}-${I}'", &["${Name}", "${I}"]),
        ("'svc-${I}'", &["${I}"]),
        ("\"a\\n&{I}\"", &["&{I}"]),
        (
            "!Sub '${U${I}}'",
            &["${U${I}}", "${Uab}: there is no parameter or resource named `Uab` in this template"],
        ),
        (
            "!Sub '${I}-${Nowhere}'",
            &[
                "${I}",
                "${Nowhere}",
                "${Nowhere}: there is no parameter or resource named `Nowhere` in this template",
            ],
        ),
        ("!Ref I", &["!Ref I"]),
        ("'x-${Name}'", &["'x-${Name}'"]),
    ] {
        let text = format!(
            "Transform: AWS::LanguageExtensions\nParameters:\n  Name: {{Type: String}}\nResources:\n  Fn::ForEach::L:\n    \
             - I\n    - [ab]\n    - K${{I}}:\n        Type: AWS::IAM::AccessKey\n        Properties:\n          UserName: {user}\n"
        );
        let found = pointed_at("t.yaml", &text, Role::User);
        if user.contains("U${I}") {
            // The name that is refused is written nowhere: the whole text is pointed at.
            assert_eq!(found[0], places[0]);
            assert!(found[1].ends_with(&places[1]["${Uab}".len()..]), "{found:?}");
        } else {
            assert_eq!(found, places, "{user}");
        }
    }
}

#[test]
fn a_variable_of_the_serverless_framework_is_pointed_at() {
    let text = "service: s\nprovider: aws\nresources:\n  Resources:\n    K:\n      Type: AWS::IAM::AccessKey\n      \
                Properties:\n        UserName: ci-${opt:stage, ${self:custom.stage}}\n";
    assert_eq!(pointed_at("serverless.yml", text, Role::User), ["${opt:stage, ${self:custom.stage}}"]);
}
