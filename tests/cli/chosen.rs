//! Which of two names a secret chooses is shown nowhere.
//!
//! The names are put together, `chos` with `en` or `ed`, so that neither stands in a source line that is drawn.

use super::project::Project;
use super::secrets::outputs;

/// What the secrets choose, and what they do not; a secret that a name is spelled with.
const TOLD: [&str; 3] = ["chosen", "chosed", "S3CRET"];

fn untold(what: &str, files: &[(&str, &str)]) -> String {
    let (code, all) = outputs(&Project::new(files), &[]);
    assert!(code == 1 && all.contains("\"name\": \"(sensitive)\""), "{what}: {all}");
    for told in TOLD {
        assert_eq!(all.lines().find(|line| line.contains(told)), None, "{what}");
    }
    all
}

const DECLARED: &str = "variable \"s\" {\n  sensitive = true\n  default   = \"S3CRET\"\n}\n\
    variable \"flag\" {\n  type      = bool\n  sensitive = true\n  default   = true\n}\n\
    variable \"list\" {\n  type      = list(string)\n  sensitive = true\n  default   = [\"S3CRET\", \"b\"]\n}\n";

const MODULE: &str = "output \"on\" {\n  sensitive = true\n  value     = true\n}\n\
    output \"name\" {\n  sensitive = true\n  value     = \"en\"\n}\n\
    output \"all\" {\n  sensitive = true\n  value     = [\"en\"]\n}\n";

fn of_terraform(user: &str) {
    let main = format!(
        "{DECLARED}module \"m\" {{\n  source = \"./m\"\n}}\nmodule \"each\" {{\n  for_each = toset([\"a\"])\n  source   = \"./m\"\n}}\n\
         resource \"aws_iam_access_key\" \"k\" {{\n  count = 2\n  user  = join(\"\", [\"chos\", {user}])\n}}\n"
    );
    untold(user, &[("main.tf", &main), ("m/main.tf", MODULE)]);
}

#[test]
fn terraform_tells_nothing() {
    for user in [
        "var.s == \"x\" ? \"ed\" : \"en\"",
        "length(var.list) == 2 ? \"en\" : \"ed\"",
        "can(regex(\"^S\", var.s)) ? \"en\" : \"ed\"",
        "contains(var.list, \"x\") ? \"ed\" : \"en\"",
        "\"${var.s == \"x\" ? \"ed\" : \"en\"}\"",
        "try({ a = \"ed\" }[var.s], \"en\")",
        "[for x in [\"en\", \"ed\"] : x if length(x) < length(var.s) && x != \"ed\"][0]",
        "[for x in [\"en\", \"ed\"] : x if contains([\"e\", var.s], var.s)][0]",
        "slice([\"en\", \"ed\"], 0, length(var.list) - 1)[0]",
        "one(setsubtract([\"en\"], var.list))",
        "coalesce(var.flag ? null : \"ed\", \"en\")",
        "replace(\"ed\", \"d\", var.flag ? \"n\" : \"d\")",
        "module.m.name",
        "module.m.on ? \"en\" : \"ed\"",
        "module.m.all[0]",
        "module.each[\"a\"].name",
        "values(module.each)[0].name",
        "{ name = module.m.name }.name",
    ] {
        of_terraform(user);
    }
}

const PARAMETERS: &str = "Parameters:\n  P: {Type: String, NoEcho: true, Default: S3CRET}\n  \
    L: {Type: CommaDelimitedList, NoEcho: true, Default: 'S3CRET,1'}\n\
    Mappings:\n  M: {a: {'1': en}}\n\
    Conditions:\n  C: !Equals [!Ref P, x]\n  D: !Not [!Condition C]\n  E: !And [!Condition C, !Condition D]\n  \
    F: !Equals [!Sub 'a${P}', x]\n  G: !Equals [!Select [0, !Ref L], x]\n";

#[test]
fn templates_tell_nothing() {
    for user in [
        "!If [C, ed, en]",
        "!If [D, en, ed]",
        "!If [E, ed, en]",
        "!If [F, ed, en]",
        "!If [G, ed, en]",
        "!Select [!Select [1, !Ref L], [ed, en]]",
        "!FindInMap [M, a, !Select [1, !Ref L]]",
        "!Select [0, !If [C, [ed], [en]]]",
        "!If [C, !Ref 'AWS::NoValue', en]",
        "!Sub ['${X}', {X: !If [C, ed, en]}]",
    ] {
        let key = |name: &str| {
            format!(
                "  {name}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !Join ['', [chos, {user}]]}}}}\n"
            )
        };
        let template =
            format!("Transform: AWS::LanguageExtensions\n{PARAMETERS}Resources:\n{}{}", key("A"), key("B"));
        untold(user, &[("t.yaml", &template)]);
    }
    let whole = "!If [C, {UserName: !Join ['', [chos, ed]]}, {UserName: !Join ['', [chos, en]]}]";
    let key = |name: &str| format!("  {name}: {{Type: AWS::IAM::AccessKey, Properties: {whole}}}\n");
    untold("properties", &[("t.yaml", &format!("{PARAMETERS}Resources:\n{}{}", key("A"), key("B")))]);
    let inner = "Parameters:\n  Q: {Type: String}\nConditions: {Z: !Equals [!Ref Q, x]}\nResources:\n";
    let key = |name: &str| {
        format!(
            "  {name}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !Join ['', [chos, !If [Z, ed, en]]]}}}}\n"
        )
    };
    let outer = format!(
        "{PARAMETERS}Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: i.yaml, Parameters: {{Q: !Ref P}}}}}}\n"
    );
    untold("nested", &[("t.yaml", &outer), ("i.yaml", &format!("{inner}{}{}", key("A"), key("B")))]);
}

#[test]
fn what_is_spelled_with_a_secret_is_not_shown() {
    let set = "  S:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      StackSetName: s\n      TemplateBody: !Sub |\n        \
        Resources:\n          A${P}: {Type: AWS::IAM::AccessKey, Properties: {UserName: 'x${P}'}}\n          \
        B${P}: {Type: AWS::IAM::AccessKey, DependsOn: 'A${P}', Properties: {UserName: 'x${P}'}}\n";
    let all = untold("stack set", &[("t.yaml", &format!("{PARAMETERS}Resources:\n{set}"))]);
    assert!(all.contains("S/A(sensitive)") && all.contains("S/B(sensitive)"), "{all}");
    let stack = |body: &str| {
        format!(
            "{DECLARED}resource \"aws_cloudformation_stack\" \"s\" {{\n  name = \"s\"\n  template_body = {body}\n}}\n"
        )
    };
    let keys = "Resources:\n  ANAME: {Type: AWS::IAM::AccessKey, Properties: {UserName: x-NAME}}\n  \
        BNAME: {Type: AWS::IAM::AccessKey, DependsOn: ANAME, Properties: {UserName: x-NAME}}\n";
    for body in [
        "replace(file(\"t.txt\"), \"NAME\", var.s)",
        "upper(replace(file(\"u.txt\"), \"NAME\", var.s)) == \"\" ? \"\" : replace(file(\"t.txt\"), \"NAME\", upper(var.s))",
        "base64decode(base64encode(replace(file(\"t.txt\"), \"NAME\", var.s)))",
    ] {
        untold(body, &[("main.tf", &stack(body)), ("t.txt", keys), ("u.txt", "NAME")]);
    }
}
