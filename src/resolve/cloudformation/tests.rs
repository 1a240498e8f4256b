//! Templates in, keys out: one line per key, `address user status exists`, then refusals and problems.

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
                out.push(format!("{} {user} {status} {}", key.address, r.cx.show_guard(key.exists)));
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
        ("!Ref S", "S"),
        ("!Ref S2", "S"),
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
    assert!(
        keys(&bad).ends_with("refused true: `zzz` is not a value that the parameter Bad allows"),
        "{}",
        keys(&bad)
    );
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

#[test]
fn loops_make_one_key_per_element() {
    let text = "
Transform: [AWS::LanguageExtensions]
Parameters:
  Names: {Type: CommaDelimitedList, Default: 'a-1, b'}
Resources:
  Fn::ForEach::Outer:
    - Who
    - !Ref Names
    - User&{Who}: {Type: AWS::IAM::User, Properties: {UserName: !Ref Who}}
      Fn::ForEach::Inner:
        - Slot
        - [1, 2]
        - Key&{Who}${Slot}:
            Type: AWS::IAM::AccessKey
            Properties: {UserName: !Ref 'User&{Who}', Status: !Sub '${Slot}'}
";
    let shown = keys(text);
    let lines: Vec<&str> = shown.lines().filter(|l| l.starts_with("Key")).collect();
    assert_eq!(
        lines,
        [
            "Keya11 \"a-1\" \"1\" true",
            "Keya12 \"a-1\" \"2\" true",
            "Keyb1 \"b\" \"1\" true",
            "Keyb2 \"b\" \"2\" true"
        ]
    );
}

#[test]
fn a_free_collection_makes_an_unknown_number_of_keys() {
    let text = "
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList}
Resources:
  Fn::ForEach::Each:
    - Who
    - !Ref Names
    - Key${Who}: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Sub 'svc-${Who}'}}
      Same${Who}: {Type: AWS::IAM::AccessKey, Properties: {UserName: shared}}
";
    assert_eq!(
        keys(text),
        "Key[*] \"svc-${Names[*]}\" null 0 < length(Names)\nSame[*] \"shared\" null 0 < length(Names)"
    );
    let (_, r) = Case { files: &[("t.yaml", text)], parameters: &[], mode: Mode::Supplied }.resolved();
    let crate::key::Repeat::Many { twice, over, instances, .. } = &r[0].keys[1].repeat else {
        panic!("once")
    };
    assert_eq!(
        (r[0].cx.show_guard(*twice).as_str(), over.len(), *instances),
        ("0 < length(Names) and 1 < length(Names)", 1, None)
    );
}

#[test]
fn loops_that_the_transform_refuses() {
    let looped = |transform: &str, list: &str| {
        keys(&format!(
            "{transform}\nResources:\n  T: {{Type: AWS::SNS::Topic}}\n  Fn::ForEach::L:\n    - I\n    - {list}\n    \
             - K${{I}}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: u}}}}\n"
        ))
    };
    assert_eq!(looped("", "[a]"), "refused: Fn::ForEach needs `Transform: AWS::LanguageExtensions`");
    let on = "Transform: AWS::LanguageExtensions";
    assert_eq!(looped(on, "[a]"), "Ka \"u\" null true");
    assert_eq!(looped(on, "[a, a]"), "Ka \"u\" null true\nrefused: Fn::ForEach runs over `a` twice");
    assert_eq!(looped(on, "!FindInMap [M, a, b]"), "refused: there is no element \"M\"");
    // A loop that makes no key is none of our business.
    let users = "Resources:\n  T: {Type: AWS::SNS::Topic}\n  Fn::ForEach::L:\n    - I\n    - [a]\n    \
                 - U${I}: {Type: AWS::IAM::User}\n";
    assert_eq!(keys(users), "");
}

#[test]
fn loops_inside_loops_end_in_a_budget() {
    let items: Vec<String> = (0..400).map(|i| i.to_string()).collect();
    let mut text =
        String::from("Transform: AWS::LanguageExtensions\nResources:\n  T: {Type: AWS::SNS::Topic}\n");
    for (depth, name) in ["A", "B", "C", "D"].iter().enumerate() {
        let indent = "  ".repeat(2 * depth + 1);
        text += &format!(
            "{indent}Fn::ForEach::{name}:\n{indent}  - {name}\n{indent}  - [{}]\n{indent}  - ",
            items.join(", ")
        );
        text += if depth < 3 { "X${A}: {Type: AWS::SNS::Topic}\n" } else { "" };
    }
    text += "K${A}x${B}x${C}x${D}: {Type: AWS::IAM::AccessKey, Properties: {UserName: u}}\n";
    assert!(keys(&text).contains("budget: loops run more than"), "{text}");
}

#[test]
fn rules_refuse_inputs() {
    let text = "
Parameters:
  Env: {Type: String}
  Region: {Type: String}
  Boot: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /v}
Rules:
  Known:
    RuleCondition: !Equals [!Ref Region, eu]
    Assertions:
      - {Assert: {'Fn::Contains': [[dev, prod], !Ref Env]}, AssertDescription: pick one}
  Bootstrapped:
    Assertions:
      - Assert: !Not [{'Fn::Contains': [['1', '2'], !Ref Boot]}]
  Asks:
    Assertions:
      - Assert: {'Fn::EachMemberIn': [{'Fn::ValueOfAll': ['AWS::EC2::VPC::Id', Tags.x]}, [a]]}
Resources:
  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: u}}
";
    assert_eq!(
        keys(text),
        "K \"u\" null true\n\
         refused Region == \"eu\" and not (Env == \"dev\" or Env == \"prod\"): rule Known is not met: pick one"
    );
}

#[test]
fn transforms_are_seen_through_or_said() {
    let with = |transform: &str| {
        keys(&format!(
            "Transform: {transform}\nResources:\n  K: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: u}}}}\n"
        ))
    };
    assert_eq!(with("AWS::Serverless-2016-10-31"), "K \"u\" null true");
    assert!(with("[AWS::LanguageExtensions, Ours]").contains("unknown-macro: the macro `Ours` may add"));
}

#[test]
fn snippets_are_included_where_they_are_on_disk() {
    let text = "
Parameters: {P: {Type: String}}
Resources:
  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: u}}
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}
";
    let more = "B: {Type: AWS::IAM::AccessKey, Properties: {UserName: {Ref: P}}}\n\
                Fn::Transform: {Name: AWS::Include, Parameters: {Location: more.yaml}}\n";
    let shown = nested(&[("t.yaml", text), ("more.yaml", more)]);
    assert!(shown.starts_with("A \"u\" null true\nB P null true\nremote-template: "), "{shown}");
    let wrong = nested(&[("t.yaml", text), ("more.yaml", &more.replace("{Ref: P}", "{Ref: Nothing}"))]);
    assert!(wrong.contains("refused true: there is no parameter or resource named `Nothing`"), "{wrong}");
    assert!(nested(&[("t.yaml", text)]).contains("remote-template: the snippet"));
}

#[test]
fn a_macro_beside_a_keys_properties_is_said() {
    let text = "Resources:\n  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: u, Fn::Transform: {Name: Ours}}}\n";
    assert!(
        keys(text).contains("unknown-macro: the macro `Ours` may change this access key"),
        "{}",
        keys(text)
    );
}

const CHILD: &str = "
Parameters:
  Who: {Type: String}
  Slot: {Type: String, Default: Active, AllowedValues: [Active, Inactive]}
  Names: {Type: CommaDelimitedList, Default: a}
Resources:
  U: {Type: AWS::IAM::User, Properties: {UserName: !Sub '${Who}-x'}}
  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref Who, Status: !Ref Slot}}
Outputs:
  Name: {Value: !Ref U}
";

#[test]
fn nested_stacks_take_parameters_and_give_outputs() {
    let parent = "
Parameters:
  P: {Type: String}
  Status: {Type: String}
Conditions: {C: !Equals [!Ref P, c]}
Resources:
  Nest:
    Type: AWS::CloudFormation::Stack
    Condition: C
    Properties: {TemplateURL: sub/child.yaml, Parameters: {Who: !Ref P, Slot: !Ref Status}}
  Above: {Type: AWS::IAM::AccessKey, Condition: C, Properties: {UserName: !GetAtt Nest.Outputs.Name}}
";
    assert_eq!(
        nested(&[("infra/t.yaml", parent), ("infra/sub/child.yaml", CHILD)]),
        "Nest/K P Status (Status == \"Active\" or Status == \"Inactive\") and P == \"c\"\n\
         Above \"${P}-x\" null P == \"c\"\n\
         refused P == \"c\" and not (Status == \"Active\" or Status == \"Inactive\"): this is not a value that \
         the parameter Slot allows"
    );
    let files = Files::new("/nowhere".into());
    for (path, text) in [("infra/t.yaml", parent), ("infra/sub/child.yaml", CHILD)] {
        files.insert(Path::new(path), text.as_bytes().to_vec()).unwrap();
    }
    assert_eq!(children(Path::new("infra/t.yaml"), &files), [PathBuf::from("/nowhere/infra/sub/child.yaml")]);
    assert_eq!(super::parameters(Path::new("infra/t.yaml"), &files), ["P", "Status"]);
}

#[test]
fn nested_stacks_that_are_not_there_are_said() {
    let parent = |url: &str| {
        format!(
            "Resources:\n  Nest: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: {url}}}}}\n  \
             K: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !GetAtt Nest.Outputs.Name}}}}\n"
        )
    };
    let remote =
        nested(&[("t.yaml", &parent("'https://b.s3.amazonaws.com/child.yaml'")), ("child.yaml", CHILD)]);
    assert!(remote.starts_with("K Nest.Outputs.Name null true\nremote-template: "), "{remote}");
    let gone = nested(&[("t.yaml", &parent("gone.yaml"))]);
    assert!(
        gone.contains("remote-template: the template of this nested stack, gone.yaml, is not on disk"),
        "{gone}"
    );
    let own = nested(&[("t.yaml", &parent("t.yaml"))]);
    assert!(own.contains("refused: this nested stack's template contains itself"), "{own}");
    let empty = nested(&[("t.yaml", &parent("child.yaml")), ("child.yaml", CHILD)]);
    assert!(empty.contains("the nested stack's parameter Who gets no value"), "{empty}");
}

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
    let with = |what: &str| {
        format!(
            "Mappings:\n  M: {{a: {{n: x}}, a: {{n: y}}}}\n  N: {{a: {{n: z}}}}\nConditions:\n  C: !Equals [{what}, z]\n\
             Resources:\n  K: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: b}}}}\n  \
             I: {{Type: AWS::EC2::Instance, Properties: {{ImageId: !FindInMap [M, a, n]}}}}\n"
        )
    };
    assert_eq!(keys(&with("!FindInMap [N, a, n]")), "K \"b\" null true");
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
