//! Templates in, keys out: one line per key, `address user status exists`, then refusals and problems.

mod documents;
mod expansion;

use std::path::Path;

use super::*;

/// A set of files, the first of which is resolved.
struct Case<'a> {
    files: &'a [(&'a str, &'a str)],
    parameters: &'a [(&'a str, &'a str)],
    mode: Mode,
}

impl Case<'_> {
    fn resolved(&self) -> (Files, Vec<Resolved>) {
        let files = Files::new("/nowhere".into());
        for (path, text) in self.files {
            files.insert(Path::new(path), text.as_bytes().to_vec()).unwrap();
        }
        let mut inputs = Inputs::default();
        for (name, value) in self.parameters {
            inputs.parameters.insert(name.to_string(), value.to_string());
        }
        let resolved = resolve(Path::new(self.files[0].0), &files, &inputs, self.mode);
        (files, resolved)
    }

    fn shown(&self) -> String {
        let mut out = Vec::new();
        for r in self.resolved().1 {
            for key in &r.keys {
                let (user, status) = (r.cx.show(&key.user), r.cx.show(&key.status));
                out.push(format!("{} {user} {status} {}", key.address, r.cx.show_guard(key.times.exists)));
            }
            for refused in &r.refusals {
                out.push(format!("refused {}: {}", r.cx.show_guard(refused.when), refused.problem.reason));
            }
            out.extend(r.problems.iter().map(|p| format!("{}: {}", p.kind.name(), p.reason)));
        }
        out.join("\n")
    }
}

fn keys(text: &str) -> String {
    Case { files: &[("t.yaml", text)], parameters: &[], mode: Mode::Supplied }.shown()
}

fn nested(files: &[(&str, &str)]) -> String {
    Case { files, parameters: &[], mode: Mode::Supplied }.shown()
}

#[test]
fn a_literal_and_references_to_users() {
    let text = "
Resources:
  U: {Type: AWS::IAM::User, Properties: {UserName: ci}}
  V: {Type: AWS::IAM::User}
  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref U}}
  B: {Type: AWS::IAM::AccessKey, Properties: {UserName: ci, Status: Inactive}}
  C: {Type: AWS::IAM::AccessKey, Properties: {UserName: {Ref: V}}}
";
    assert_eq!(keys(text), "A \"ci\" null true\nB \"ci\" \"Inactive\" true\nC V null true");
}

const AROUND: &str = "
Transform: AWS::LanguageExtensions
Parameters:
  P: {Type: String}
  Q: {Type: String, AllowedValues: [x, y]}
  D: {Type: String, Default: dev}
  N: {Type: Number, Default: 2}
  L: {Type: CommaDelimitedList, Default: 'one , two'}
  FL: {Type: CommaDelimitedList}
  S: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ci/user}
  S2: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /ci/user}
Mappings:
  M:
    x: {Name: from-x, Names: [m1, m2]}
    y: {Name: from-y, Names: [m3]}
    1: {Name: from-1}
Conditions:
  C: !Equals [!Ref P, c]
  T: !Equals [!Ref D, dev]
  Absent: !Not [!Condition T]
Resources:
  U: {Type: AWS::IAM::User, Properties: {UserName: ci}}
  V: {Type: AWS::IAM::User, Properties: {Path: /team/}}
  Gone: {Type: AWS::IAM::User, Condition: Absent}
  Half: {Type: AWS::IAM::User, Condition: C, Properties: {UserName: half}}
  Topic: {Type: AWS::SNS::Topic}
  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: ";

/// What a user expression in YAML is, in the surroundings above.
fn user(expression: &str) -> String {
    let text = format!("{AROUND}{expression}}}}}\n");
    let shown = keys(&text);
    shown.strip_prefix("K ").unwrap_or(&shown).replace(" null true", "")
}

#[test]
fn functions() {
    for (expression, value) in [
        ("{'Fn::Base64': deploy}", "\"ZGVwbG95\""),
        ("{'Fn::Base64': !Ref P}", "Fn::Base64(P)"),
        ("!Select [1, !Cidr [10.0.0.0/16, 2, 8]]", "\"10.0.1.0/24\""),
        ("!Select ['0', {'Fn::Cidr': ['10.0.0.0/16', '1']}]", "\"10.0.0.0/24\""),
        (
            "{'Fn::ToJsonString': {b: 1, a: [x, true, '2', !Ref D]}}",
            r#""{\"b\":1,\"a\":[\"x\",true,\"2\",\"dev\"]}""#,
        ),
        ("{'Fn::ToJsonString': !Ref L}", r#""[\"one\",\"two\"]""#),
        ("{'Fn::Length': !Ref L}", "\"2\""),
        ("!Ref P", "P"),
        ("!Ref D", "\"dev\""),
        ("!Ref N", "\"2\""),
        ("!Ref S", "{{resolve:ssm:/ci/user}}"),
        ("!Ref S2", "{{resolve:ssm:/ci/user}}"),
        ("!Ref AWS::StackName", "AWS::StackName"),
        ("!Ref Topic", "Topic"),
        ("!GetAtt Topic.TopicName", "Topic.TopicName"),
        ("{'Fn::GetAtt': [Topic, TopicName]}", "Topic.TopicName"),
        ("!GetAtt U.Arn", "\"arn:${AWS::Partition}:iam::${AWS::AccountId}:user/ci\""),
        ("!GetAtt V.Arn", "\"arn:${AWS::Partition}:iam::${AWS::AccountId}:user/team/${V}\""),
        ("!Select [1, !Split [/, !GetAtt U.Arn]]", "\"ci\""),
        ("!Select [2, !Split [/, !GetAtt V.Arn]]", "V"),
        ("!Sub 'a-${P}'", "\"a-${P}\""),
        ("!Join ['-', [a, !Ref P]]", "\"a-${P}\""),
        ("!Sub '${P}'", "P"),
        ("!Sub 'a-${D}-${U}'", "\"a-dev-ci\""),
        ("!Sub ['${X}-${D}', {X: !Ref P}]", "\"${P}-dev\""),
        ("!Sub ['${D}', {D: own}]", "\"own\""),
        ("!Sub '${!P}'", "\"${P}\""),
        ("!Sub '${Topic.TopicName}'", "Topic.TopicName"),
        ("!Sub '${self:custom.user}'", "${self:custom.user}"),
        ("!Join [',', [a, !Ref AWS::NoValue, b]]", "\"a,b\""),
        ("!Join ['', !Ref L]", "\"onetwo\""),
        ("!Select [1, !Ref L]", "\"two\""),
        ("!Select ['0', [a, b]]", "\"a\""),
        ("!Select [0, !Ref FL]", "FL[0]"),
        ("!Select [1, !Split ['|', 'a||c']]", "\"\""),
        ("!Select [0, !Split [',', !Join [',', !Ref FL]]]", "FL[0]"),
        ("!FindInMap [M, x, Name]", "\"from-x\""),
        ("!FindInMap [M, 1, Name]", "\"from-1\""),
        ("!FindInMap [M, !Ref Q, Name]", "(\"from-y\" when Q == \"y\", \"from-x\" when Q != \"y\")"),
        ("!FindInMap [M, z, Name, {DefaultValue: other}]", "\"other\""),
        ("!Select [1, !FindInMap [M, x, Names]]", "\"m2\""),
        ("!If [T, a, !Ref Gone]", "\"a\""),
        ("!If [C, a, b]", "(\"a\" when P == \"c\", \"b\" when P != \"c\")"),
        ("!If [C, a, a]", "\"a\""),
        ("!If [C, !If [C, a, b], c]", "(\"a\" when P == \"c\", \"c\" when P != \"c\")"),
        ("'{{resolve:ssm:/ci/user}}'", "{{resolve:ssm:/ci/user}}"),
        ("'a-{{resolve:ssm:/u:1}}'", "\"a-${{{resolve:ssm:/u:1}}}\""),
        ("!ImportValue shared", "Fn::ImportValue(\"shared\")"),
        ("{'Fn::ImportValue': !Sub '${P}-user'}", "Fn::ImportValue(\"${P}-user\")"),
        ("{'Fn::Length': [a, b]}", "\"2\""),
        ("{'Fn::Length': !Ref FL}", "\"${length(FL)}\""),
        ("!Base64 a", "\"YQ==\""),
        ("010", "\"8\""),
        ("'010'", "\"010\""),
        ("on", "\"true\""),
        ("1.50", "\"1.5\""),
    ] {
        assert_eq!(user(expression), value, "{expression}");
    }
}

#[test]
fn what_the_deployment_refuses_makes_no_key() {
    for (expression, reason) in [
        ("!Ref Nothing", "there is no parameter or resource named `Nothing` in this template"),
        ("!Ref Gone", "`Gone` does not exist where it is referred to"),
        ("!Sub '${ P }'", "`${ P }` is no name that Fn::Sub can read"),
        ("!Select [2, [a, b]]", "there is no element 2"),
        ("!FindInMap [M, z, Name]", "there is no element \"z\""),
        ("!Ref AWS::NoValue", "`UserName` is not set; an access key needs a user"),
        ("[a]", "`UserName` is a list or a map, not text"),
        ("{Ref: U, Extra: 1}", "`UserName` is a list or a map, not text"),
        ("!If [Nowhere, a, b]", "there is no condition named `Nowhere`"),
        ("!Sub {a: b}", "Fn::Sub takes a string, or a string and a map"),
        ("!Join [a]", "Fn::Join takes a delimiter and a list"),
        ("!Equals [a, b]", "Fn::Equals may stand in a condition only"),
    ] {
        let text = format!("{AROUND}{expression}}}}}\n");
        let shown = keys(&text);
        assert!(shown.starts_with("K ") && shown.contains(" false\n"), "{expression}: {shown}");
        assert!(shown.ends_with(&format!("refused true: {reason}")), "{expression}: {shown}");
    }
}

#[test]
fn a_reference_to_what_is_there_only_sometimes_refuses_the_rest() {
    assert_eq!(
        user("!Ref Half"),
        "\"half\" null P == \"c\"\nrefused P != \"c\": `Half` does not exist where it is referred to"
    );
    assert_eq!(user("!Ref Half}, Condition: C, DeletionPolicy: {a: b"), "\"half\" null P == \"c\"");
}

#[test]
fn an_unknown_function_is_said_and_symbolic() {
    let shown = user("!Mystery a");
    assert!(shown.starts_with("function(\"Fn::Mystery\""), "{shown}");
    assert!(shown.contains("unknown-macro: `Fn::Mystery` is no function that lonekey knows"), "{shown}");
}

/// When a condition holds, as text.
fn condition(expression: &str) -> String {
    let text = format!(
        "
Parameters:
  P: {{Type: String}}
  N: {{Type: Number, Default: 1}}
  D: {{Type: String, Default: yes}}
  L: {{Type: CommaDelimitedList}}
Conditions:
  X: {expression}
  Prod: !Equals [!Ref P, prod]
  Loop: !Not [!Condition Loop]
Resources:
  K: {{Type: AWS::IAM::AccessKey, Condition: X, Properties: {{UserName: u}}}}
"
    );
    keys(&text).replace("K \"u\" null ", "")
}

#[test]
fn conditions() {
    for (expression, holds) in [
        ("!Equals [!Ref P, prod]", "P == \"prod\""),
        ("{'Fn::Equals': [prod, {Ref: P}]}", "P == \"prod\""),
        ("!Not [!Condition Prod]", "P != \"prod\""),
        ("!Not [{Condition: Prod}]", "P != \"prod\""),
        ("!And [!Condition Prod, !Equals [!Ref AWS::Region, r]]", "AWS::Region == \"r\" and P == \"prod\""),
        ("!Or [!Condition Prod, !Equals [!Ref P, dev]]", "P == \"dev\" or P == \"prod\""),
        ("!And [!Condition Prod, !Not [!Condition Prod]]", "false"),
        ("!Equals [true, 'true']", "true"),
        ("!Equals [!Ref D, yes]", "true"),
        ("!Equals [!Ref D, 'yes']", "false"),
        ("!Equals [!Ref N, 1]", "true"),
        ("!Equals [!Ref N, '1.0']", "Fn::Equals(\"1\", \"1.0\")"),
        ("!Equals [a, A]", "false"),
        ("!Equals [!Sub 'x-${P}', x-prod]", "P == \"prod\""),
        ("!Equals [!Join ['', !Ref L], '']", "Fn::Join(\"\", L) == \"\""),
        ("!Equals [!Ref L, a]", "Fn::Equals(L, \"a\")"),
        ("!Equals [!Ref AWS::NoValue, a]", "Fn::Equals(null, \"a\")"),
    ] {
        assert_eq!(condition(expression), holds, "{expression}");
    }
}

#[test]
fn conditions_that_the_deployment_refuses() {
    for (expression, reason) in [
        ("!And [!Condition Prod]", "Fn::And takes two to ten conditions"),
        ("!Condition Loop", "`Loop` is defined by itself"),
        ("!Equals [a]", "Fn::Equals takes two values"),
        ("!If [Prod, a, b]", "Fn::If is no condition"),
        ("plain", "a condition is a condition function or `Condition` with a name"),
    ] {
        assert_eq!(condition(expression), format!("false\nrefused true: {reason}"), "{expression}");
    }
}

#[test]
fn parameters_are_free_or_supplied() {
    let text = "
Parameters:
  Free: {Type: String, AllowedValues: [Active, Inactive]}
  Set: {Type: String, Default: Inactive, AllowedValues: [Active, Inactive]}
  Bad: {Type: String, Default: zzz, AllowedValues: [Active]}
Resources:
  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: u, Status: !Ref Free}}
  B: {Type: AWS::IAM::AccessKey, Properties: {UserName: u, Status: !Ref Set}}
";
    assert_eq!(keys(text), "A \"u\" Free true\nB \"u\" \"Inactive\" true");
    let files = [("t.yaml", text)];
    let case = |parameters, mode| Case { files: &files, parameters, mode };
    assert_eq!(
        case(&[("Free", "Active"), ("Set", "Active")], Mode::Supplied).shown(),
        "A \"u\" \"Active\" true\nB \"u\" \"Active\" true"
    );
    let (_, resolved) = case(&[], Mode::Overridable).resolved();
    let r = &resolved[0];
    assert!(r.overridable);
    let leaf = |i: usize| match r.keys[i].status {
        crate::value::Value::Sym(sym) => r.cx.leaf(sym).unwrap(),
        _ => panic!("not a symbol"),
    };
    assert_eq!((leaf(0).given, leaf(1).given), (None, Some("Inactive".into())));
    assert_eq!(leaf(1).closed, Some(vec!["Active".into(), "Inactive".into()]));

    let bad = text.replace("!Ref Set", "!Ref Bad");
    // A default that is not allowed is set aside; what is typed is refused.
    assert_eq!(keys(&bad), "A \"u\" Free true\nB \"u\" \"Active\" true");
    let files = [("t.yaml", bad.as_str())];
    let typed = Case { files: &files, parameters: &[("Bad", "zzz")], mode: Mode::Supplied }.shown();
    assert!(typed.ends_with("refused true: `zzz` is not a value that the parameter Bad allows"), "{typed}");
}

#[test]
fn properties_may_be_chosen_and_unset() {
    let text = "
Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, c]}
Resources:
  A: {Type: AWS::IAM::AccessKey, Properties: !If [C, {UserName: a}, {UserName: b, Status: Inactive}]}
  B: {Type: AWS::IAM::AccessKey, Properties: {UserName: u, Status: !If [C, Inactive, !Ref AWS::NoValue]}}
";
    assert_eq!(
        keys(text),
        "A (\"a\" when P == \"c\", \"b\" when P != \"c\") (null when P == \"c\", \"Inactive\" when P != \"c\") true\n\
         B \"u\" (\"Inactive\" when P == \"c\", null when P != \"c\") true"
    );
}

#[test]
fn only_inactive_is_inactive_and_anything_else_is_said() {
    let text = |status: &str| {
        format!(
            "Resources:\n  A: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: u, Status: {status}}}}}\n"
        )
    };
    assert_eq!(keys(&text("Inactive")), "A \"u\" \"Inactive\" true");
    assert_eq!(
        keys(&text("inactive")),
        "A \"u\" \"inactive\" true\n\
         invalid-status: `inactive` is neither `Active` nor `Inactive`; the key counts as active"
    );
    assert!(keys(&text("")).contains("invalid-status: `Status` is empty"));
}
