//! Loops, rules, transforms, snippets and nested stacks.

use super::*;

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
    let times = &r[0].keys[1].times;
    assert_eq!(
        (r[0].cx.show_guard(times.at_least_two(&r[0].cx)).as_str(), times.elements().len(), times.total),
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
    assert_eq!(looped(on, "[a, a]"), "Ka \"u\" null true\nrefused true: Fn::ForEach runs over `a` twice");
    assert_eq!(looped(on, "!FindInMap [M, a, b]"), "refused true: there is no element \"M\"");
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
    assert_eq!(
        children(Path::new("infra/t.yaml"), &files, &super::Inputs::default()),
        [PathBuf::from("/nowhere/infra/sub/child.yaml")]
    );
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
