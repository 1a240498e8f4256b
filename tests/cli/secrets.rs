//! Nothing secret is shown: what a function read from a file, a `sensitive` variable, a `NoEcho` parameter.
//!
//! Every way in which a value can come into a report is walked with the same few secrets, in every format of the
//! commands; each must have something to say, so that the walk cannot become idle.

use super::project::Project;

/// What must stand in no output, in any of the forms that a report could bring it.
const SECRETS: [&str; 6] = ["S3CRET", "s3cret", "UzNDUkVU", "473921", "473922", "473920"];

const KEYS: &str = "resource \"aws_iam_access_key\" \"k\" {\n  count = 2\n";

/// Every output of the commands, with the exit code of `check`.
pub fn outputs(project: &Project, more: &[&str]) -> (i32, String) {
    let (mut all, mut code) = (String::new(), 0);
    let written = tempfile::tempdir().unwrap();
    for (command, formats) in [
        ("check", &["json", "sarif", "github-sarif", "github", "concise", "markdown", "gitlab", "junit"][..]),
        ("inventory", &["json", "csv"]),
    ] {
        let latent: &[&str] = if command == "check" { &["--show", "latent"] } else { &[] };
        let file = |format: &str| written.path().join(format!("{command}.{format}"));
        let outputs: Vec<String> = formats
            .iter()
            .flat_map(|format| ["--output".to_owned(), format!("{format}={}", file(format).display())])
            .collect();
        let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
        let run = project.run(&[&[command, "--format", "pretty"], &outputs[..], latent, more].concat());
        let refused = run.stderr.contains("-file ") && !run.stderr.contains("Usage");
        all.push_str(&run.stdout);
        all.push_str(&run.stderr);
        for format in formats {
            let text = std::fs::read_to_string(file(format)).unwrap_or_default();
            assert!(refused || !text.is_empty(), "a report is made: {format}, {}", run.stderr);
            all.push_str(&text);
        }
        if command == "check" {
            code = run.code;
        }
    }
    for others in [
        &["check", "--diff"][..],
        &["check", "--show-all"],
        &["check", "--baseline", "known.json", "--write-baseline"],
        &["exceptions", "--format", "json"],
        &["config"],
    ] {
        let more = if others.starts_with(&["check"]) { more } else { &[] };
        let run = project.run(&[others, more].concat());
        all.push_str(&run.stdout);
        all.push_str(&run.stderr);
    }
    all.push_str(&std::fs::read_to_string(project.path("known.json")).unwrap_or_default());
    (code, all)
}

fn silent(what: &str, files: &[(&str, &str)], more: &[&str]) -> String {
    let (code, all) = outputs(&Project::new(files), more);
    assert!(code != 0 || all.contains("\"rule\":"), "{what}: nothing is said, so nothing is tried: {all}");
    for secret in SECRETS {
        let line = all.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{what}");
    }
    all
}

#[test]
fn the_content_of_a_file_is_shown_nowhere() {
    let users = [
        "file(\"secret.txt\")",
        "trimspace(file(\"secret.txt\"))",
        "upper(file(\"secret.txt\"))",
        "base64encode(file(\"secret.txt\"))",
        "filebase64(\"secret.txt\")",
        "base64decode(filebase64(\"secret.txt\"))",
        "\"x-${file(\"secret.txt\")}\"",
        "\"${var.open}-${file(\"secret.txt\")}\"",
        "upper(\"${var.open}-${file(\"secret.txt\")}\")",
        "format(\"%s-%s\", var.open, file(\"secret.txt\"))",
        "substr(file(\"secret.txt\"), 0, 6)",
        "regex(\"[A-Z0-9]+\", file(\"secret.txt\"))",
        "replace(file(\"secret.txt\"), \"/x/\", \"\")",
        "rsadecrypt(file(\"secret.txt\"), file(\"secret.txt\"))",
        "base64decode(file(\"secret.txt\"))",
        "jsondecode(file(\"secret.txt\"))",
        "yamldecode(file(\"broken.yaml\"))",
        "tonumber(file(\"secret.txt\"))",
        "{ a = 1 }[file(\"secret.txt\")]",
        "[\"a\"][file(\"pin.txt\")]",
        "file(file(\"secret.txt\"))",
        "file(\"no-${file(\"secret.txt\")}\")",
        "fileexists(file(\"secret.txt\")) ? \"a\" : \"b\"",
        "templatefile(\"secret.tpl\", {})",
        "templatefile(\"broken.tpl\", {})",
        "templatefile(file(\"secret.txt\"), {})",
        "templatestring(file(\"secret.tpl\"), {})",
        "var.map[file(\"secret.txt\")]",
        "lookup({ a = 1 }, file(\"secret.txt\"))",
        "var.open == file(\"secret.txt\") ? \"a\" : \"b\"",
        "contains([file(\"secret.txt\")], var.open) ? \"a\" : \"b\"",
        "[for x in [file(\"secret.txt\")] : \"${x}-${var.open}\"][0]",
        "coalesce(null, file(\"secret.txt\"))",
        "merge({ a = file(\"secret.txt\") }, {}).a",
        "yamldecode(file(\"secret.yaml\")).text",
        "base64encode(yamldecode(file(\"secret.yaml\")).text)",
        "provider::x::y(file(\"secret.txt\"))",
        "\"${abs(tonumber(trimspace(file(\"pin.txt\"))))}\"",
    ];
    let conditions = [
        "var.open == file(\"secret.txt\") ? 2 : 0",
        "\"x-${var.open}\" == \"x-${file(\"secret.txt\")}\" ? 2 : 0",
        "var.open == upper(file(\"secret.txt\")) ? 2 : 0",
        "startswith(var.open, file(\"secret.txt\")) ? 2 : 0",
        "contains([file(\"secret.txt\"), \"b\"], var.open) ? 2 : 0",
        "var.number == tonumber(trimspace(file(\"pin.txt\"))) ? 2 : 0",
        "var.number > tonumber(trimspace(file(\"pin.txt\"))) ? 2 : 0",
        "var.number + 1 > tonumber(trimspace(file(\"pin.txt\"))) ? 2 : 0",
        "var.number % 2 == tonumber(trimspace(file(\"pin.txt\"))) % 2 ? 2 : 0",
        "var.open != yamldecode(file(\"secret.yaml\")).text ? 2 : 0",
        "lookup({ (trimspace(file(\"secret.txt\"))) = 2 }, var.open, 0)",
        "file(\"secret.txt\")",
        "length(regexall(substr(file(\"secret.txt\"), 0, 6), var.open)) > 0 ? 2 : 0",
        "tonumber(trimspace(file(\"pin.txt\"))) - 473919.5",
    ];
    let variables = "variable \"open\" {\n  type = string\n}\nvariable \"number\" {\n  type = number\n}\n\
                     variable \"map\" {\n  type = map(string)\n}\n";
    let mut tried: Vec<(String, String)> = Vec::new();
    for user in users {
        tried.push((user.into(), format!("{KEYS}  user  = {user}\n}}\n")));
        let local = format!("locals {{\n  it = {user}\n}}\n{KEYS}  user  = local.it\n}}\n");
        tried.push((format!("local {user}"), local));
    }
    for count in conditions {
        let keys = "resource \"aws_iam_access_key\" \"k\" {\n  user = \"ci\"\n  count = ";
        tried.push((count.into(), format!("{keys}{count}\n}}\n")));
    }
    for (what, rest) in [
        ("status", "user = \"ci\"\n  status = file(\"secret.txt\")"),
        ("for_each", "user = \"ci\"\n  for_each = toset([file(\"secret.txt\"), \"b\"])"),
        ("for_each of a map", "user = \"ci\"\n  for_each = { (file(\"secret.txt\")) = 1, b = 2 }"),
        ("for_each of a text", "user = \"ci\"\n  for_each = file(\"secret.txt\")"),
    ] {
        let one = |name: &str| format!("resource \"aws_iam_access_key\" \"{name}\" {{\n  {rest}\n}}\n");
        tried.push((what.into(), one("a") + &one("b")));
    }
    let modules = format!(
        "module \"m\" {{\n  for_each = toset([file(\"secret.txt\")])\n  source = \"./m\"\n}}\n{KEYS}  user = \"x\"\n}}\n"
    );
    tried.push(("module instances".into(), modules));
    let account = format!(
        "provider \"aws\" {{\n  profile = file(\"secret.txt\")\n}}\nprovider \"aws\" {{\n  alias = \"b\"\n  profile = \"b\"\n}}\n\
         {KEYS}  user = \"x\"\n}}\nresource \"aws_iam_access_key\" \"b\" {{\n  provider = aws.b\n  user = \"x\"\n}}\n"
    );
    tried.push(("profile".into(), account));
    let source = format!(
        "module \"m\" {{\n  source = \"git::${{file(\"secret.txt\")}}\"\n}}\n{KEYS}  user = \"x\"\n}}\n"
    );
    tried.push(("source".into(), source));
    for (what, main) in tried {
        let files = [
            ("main.tf", format!("{variables}{main}")),
            ("secret.txt", "S3CRET one\n".into()),
            ("pin.txt", "473921\n".into()),
            ("secret.yaml", "text: S3CRET of yaml\n".into()),
            ("broken.yaml", "S3CRET: [\n".into()),
            ("secret.tpl", "S3CRET ${name}\n".into()),
            ("broken.tpl", "S3CRET ${\n".into()),
            ("m/main.tf", "resource \"aws_iam_access_key\" \"k\" {\n  count = 2\n  user = \"m\"\n}\n".into()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        silent(&what, &files, &[]);
    }
}

#[test]
fn a_file_is_named_as_it_is_written() {
    let main =
        format!("{KEYS}  user = rsadecrypt(filebase64(\"c\"), file(\"${{path.module}}/key.pem\"))\n}}\n");
    let all = silent("key", &[("main.tf", &main), ("c", "S3CRET\n"), ("key.pem", "S3CRET one\n")], &[]);
    assert!(all.contains("rsadecrypt(filebase64(\"c\"), file(\"${path.module}/key.pem\"))"), "{all}");
}

#[test]
fn a_name_in_a_decoded_file_is_a_name() {
    let main = format!("{KEYS}  user = yamldecode(file(\"users.yaml\"))[0]\n}}\n");
    let all = silent("users", &[("main.tf", &main), ("users.yaml", "[ann]\n")], &[]);
    assert!(all.contains("IAM user \"ann\""), "{all}");
    let each = |call: &str, name: &str| {
        let keys = "resource \"aws_iam_access_key\" \"k\" {\n  for_each = ";
        format!("{keys}{{ for i, u in {call} : i => u }}\n  user = each.value{name}\n}}\n")
    };
    for (file, text, call, name) in [
        (
            "u.yaml",
            "- {name: ann, pw: S3CRET}\n- {name: ann, pw: S3CRET}\n",
            "yamldecode(file(\"u.yaml\"))",
            ".name",
        ),
        (
            "u.json",
            "[{\"n\": \"ann\", \"pw\": \"S3CRET\"}, {\"n\": \"ann\"}]",
            "jsondecode(file(\"u.json\"))",
            ".n",
        ),
        ("u.csv", "n,pw\nann,S3CRET\nann,S3CRET\n", "csvdecode(trimspace(file(\"u.csv\")))", ".n"),
        ("u.json", "{\"pw\": \"S3CRET\", \"us\": [\"ann\", \"ann\"]}", "jsondecode(file(\"u.json\")).us", ""),
    ] {
        let all = silent(call, &[("main.tf", &each(call, name)), (file, text)], &[]);
        assert!(all.contains("IAM user \"ann\"") && all.contains("*"), "{all}");
    }
    let listed = "resource \"aws_iam_access_key\" \"k\" {\n  for_each = fileset(\"d\", \"*.json\")\n  user = \"ann\"\n}\n";
    let text = "{\"pw\": \"S3CRET\"}";
    silent("files", &[("main.tf", listed), ("d/a.json", text), ("d/b.json", text)], &[]);
    let url = format!("{KEYS}  user = jsondecode(file(\"u.json\")).url\n}}\n");
    silent("url", &[("main.tf", &url), ("u.json", "{\"url\": \"https://u:S3CRET@h/\"}")], &[]);
}

#[test]
fn a_sensitive_variable_is_shown_nowhere() {
    let declared =
        "variable \"s\" {\n  type      = string\n  sensitive = true\n  default   = \"S3CRET\"\n}\n";
    let free = declared.replace("  default   = \"S3CRET\"\n", "");
    let number = "variable \"s\" {\n  type      = number\n  sensitive = true\n  default   = 473921\n}\n";
    let invalid = declared.replace(
        "}\n",
        "  validation {\n    condition     = var.s == \"a\"\n    error_message = \"no\"\n  }\n}\n",
    );
    let other =
        "variable \"o\" {\n  type = string\n}\nvariable \"flag\" {\n  type    = bool\n  default = false\n}\n";
    let user = |user: &str| format!("{KEYS}  user = {user}\n}}\n");
    let count = |count: &str| {
        format!("resource \"aws_iam_access_key\" \"k\" {{\n  count = {count}\n  user  = \"ci\"\n}}\n")
    };
    let module = "module \"m\" {\n  source = \"./m\"\n  s = \"S3CRET\"\n}\n";
    let json = "{\"variable\": {\"s\": {\"sensitive\": true, \"default\": \"S3CRET\"}}, \"resource\": {\"aws_iam_access_key\": {\"k\": {\"count\": 2, \"user\": \"${var.s}\"}}}}";
    let declared_user =
        format!("resource \"aws_iam_user\" \"u\" {{\n  name = var.s\n}}\n{}", user("aws_iam_user.u.name"));
    let latent = "resource \"aws_iam_access_key\" \"l\" {\n  count = var.s == \"b\" || var.flag ? 2 : 0\n  user  = \"${var.s}-x\"\n}\n";
    for (what, files, more) in [
        ("default", vec![("main.tf", format!("{declared}{}", user("var.s")))], vec![]),
        ("part", vec![("main.tf", format!("{declared}{}", user("\"x-${lower(var.s)}\"")))], vec![]),
        ("number", vec![("main.tf", format!("{number}{}", user("\"x-${var.s}\"")))], vec![]),
        ("declared user", vec![("main.tf", format!("{declared}{declared_user}"))], vec![]),
        (
            "found in an ARN",
            vec![(
                "main.tf",
                format!(
                    "{declared}{}",
                    declared_user
                        .replace(".u.name", ".u.arn")
                        .replace("aws_iam_user.u.arn\n", "regex(\"[^/]+$\", aws_iam_user.u.arn)\n")
                ),
            )],
            vec![],
        ),
        (
            "part of an ARN",
            vec![(
                "main.tf",
                format!(
                    "{}resource \"aws_iam_user\" \"u\" {{\n  name = \"ci\"\n}}\n{}{}",
                    declared.replace("S3CRET", "arn:aws:iam::473921473921:user/"),
                    user("trimprefix(aws_iam_user.u.arn, var.s)"),
                    user("\"ci\"").replace("\"k\"", "\"l\""),
                ),
            )],
            vec![],
        ),
        (
            "tfvars without quotes",
            vec![
                ("main.tf", format!("{free}{}", user("var.s"))),
                ("terraform.tfvars", "s = S3CRET\n".into()),
            ],
            vec![],
        ),
        (
            "condition",
            vec![("main.tf", format!("{declared}{other}{}", count("var.o == var.s ? 2 : 0")))],
            vec![],
        ),
        (
            "greater",
            vec![(
                "main.tf",
                format!("{number}variable \"n\" {{\n  type = number\n}}\n{}", count("var.n > var.s ? 2 : 0")),
            )],
            vec![],
        ),
        (
            "pattern",
            vec![(
                "main.tf",
                format!("{declared}{other}{}", count("length(regexall(var.s, var.o)) > 0 ? 2 : 0")),
            )],
            vec![],
        ),
        (
            "pattern around it",
            vec![(
                "main.tf",
                format!("{declared}{other}{}", count("can(regex(\"^${var.s}$\", var.o)) ? 2 : 0")),
            )],
            vec![],
        ),
        (
            "tfvars that calculate",
            vec![
                ("main.tf", format!("{free}{}", user("var.s"))),
                ("terraform.tfvars", "s = \"S3CRET\" + \"a\"\n".into()),
            ],
            vec![],
        ),
        ("latent", vec![("main.tf", format!("{declared}{other}{latent}"))], vec![]),
        ("invalid", vec![("main.tf", format!("{invalid}{}", user("var.s")))], vec![]),
        (
            "tfvars",
            vec![
                ("main.tf", format!("{free}{}", user("var.s"))),
                ("terraform.tfvars", "s = \"S3CRET\"\n".into()),
            ],
            vec![],
        ),
        (
            "tfvars that are invalid",
            vec![
                (
                    "main.tf",
                    format!("{}{}", invalid.replace("  default   = \"S3CRET\"\n", ""), user("var.s")),
                ),
                ("terraform.tfvars", "s = \"S3CRET\"\n".into()),
            ],
            vec![],
        ),
        (
            "broken tfvars",
            vec![
                ("main.tf", format!("{free}{}", user("\"x\""))),
                ("terraform.tfvars", "s = \"S3CRET\nx = {\n".into()),
            ],
            vec![],
        ),
        (
            "broken tfvars in JSON",
            vec![
                ("main.tf", format!("{free}{}", user("\"x\""))),
                ("terraform.tfvars.json", "{\"s\": \"S3CRET\" x}".into()),
            ],
            vec![],
        ),
        ("flag", vec![("main.tf", format!("{free}{}", user("var.s")))], vec!["--var", "s=S3CRET"]),
        (
            "flag that does not fit",
            vec![("main.tf", format!("{}{}", number.replace("  default   = 473921\n", ""), user("var.s")))],
            vec!["--var", "s=S3CRET"],
        ),
        (
            "flag that is no expression",
            vec![(
                "main.tf",
                format!(
                    "variable \"s\" {{\n  type = list(string)\n  sensitive = true\n}}\n{}",
                    user("var.s[0]")
                ),
            )],
            vec!["--var", "s=[S3CRET \"s3cret"],
        ),
        (
            "of a module",
            vec![("main.tf", module.into()), ("m/main.tf", format!("{free}{}", user("var.s")))],
            vec![],
        ),
        ("in JSON", vec![("main.tf.json", json.into())], vec![]),
        ("function", vec![("main.tf", format!("{declared}{}", user("sensitive(\"x-${var.s}\")")))], vec![]),
        (
            "template",
            vec![(
                "main.tf",
                format!(
                    "{declared}resource \"aws_cloudformation_stack\" \"s\" {{\n  name = \"s\"\n  template_body = jsonencode({{ Resources = {{ A = {{ Type = \"AWS::IAM::AccessKey\", Properties = {{ UserName = var.s }} }}, B = {{ Type = \"AWS::IAM::AccessKey\", Properties = {{ UserName = var.s }} }} }} }})\n}}\n"
                ),
            )],
            vec![],
        ),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let all = silent(what, &files, &more);
        if matches!(what, "default" | "tfvars" | "flag" | "of a module" | "in JSON") {
            assert!(all.contains("\"name\": \"(sensitive)\""), "{what}: {all}");
        }
    }
}

#[test]
fn a_secret_parameter_is_shown_nowhere() {
    let keys = |user: &str| {
        let key = |name: &str| {
            format!("  {name}:\n    Type: AWS::IAM::AccessKey\n    Properties: {{UserName: {user}}}\n")
        };
        format!("Resources:\n{}{}", key("A"), key("B"))
    };
    let declared = "Parameters:\n  P: {Type: String, NoEcho: true, Default: S3CRET}\n  O: {Type: String}\n";
    let flow = "{\"Parameters\": {\"P\": {\"Type\": \"String\", \"NoEcho\": true, \"Default\": \"S3CRET\"}}, \"Resources\": {\"A\": {\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\"UserName\": {\"Ref\": \"P\"}}}, \"B\": {\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\"UserName\": {\"Ref\": \"P\"}}}}}";
    let listed = "Parameters:\n  P: {Type: CommaDelimitedList, NoEcho: true, Default: 'S3CRET,S3CRET'}\n";
    let allowed = "Parameters:\n  P:\n    Type: String\n    NoEcho: true\n    Default: S3CRET\n    AllowedValues:\n      - S3CRET\n      - b\n";
    let invalid = "Parameters:\n  P: {Type: String, NoEcho: true, Default: S3CRET, AllowedValues: [a, b]}\n";
    let status = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: x, Status: !Ref P}\n  B:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: x}\n";
    let condition = "Conditions: {C: !Equals [!Ref O, !Ref P]}\nResources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Condition: C\n    Properties: {UserName: x}\n  B:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: x}\n";
    let nested = "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: inner.yaml, Parameters: {P: S3CRET}}\n";
    let inner = "Parameters:\n  P: {Type: String, NoEcho: true}\n";
    for (what, files, more) in [
        ("default", vec![("t.yaml", format!("{declared}{}", keys("!Ref P")))], vec![]),
        ("Sub", vec![("t.yaml", format!("{declared}{}", keys("!Sub 'x-${P}'")))], vec![]),
        ("Sub of both", vec![("t.yaml", format!("{declared}{}", keys("!Sub '${O}-${P}'")))], vec![]),
        ("Select", vec![("t.yaml", format!("{listed}{}", keys("!Select [1, !Ref P]")))], vec![]),
        (
            "Split",
            vec![("t.yaml", format!("{declared}{}", keys("!Select [0, !Split ['x', !Ref P]]")))],
            vec![],
        ),
        (
            "name of a resource",
            vec![("t.yaml", format!("{declared}{}", keys("!GetAtt [!Ref P, UserName]")))],
            vec![],
        ),
        ("one line", vec![("t.json", flow.into())], vec![]),
        ("invalid", vec![("t.yaml", format!("{invalid}{}", keys("!Ref P")))], vec![]),
        (
            "allowed",
            vec![("t.yaml", format!("{allowed}{}", keys("!Ref P").replacen("!Ref P", "b", 1)))],
            vec![],
        ),
        ("status", vec![("t.yaml", format!("{declared}{status}"))], vec![]),
        ("condition", vec![("t.yaml", format!("{declared}{condition}"))], vec![]),
        (
            "nested",
            vec![("t.yaml", nested.into()), ("inner.yaml", format!("{inner}{}", keys("!Ref P")))],
            vec![],
        ),
        ("flag", vec![("t.yaml", format!("{inner}{}", keys("!Ref P")))], vec!["--parameter", "P=S3CRET"]),
        (
            "flag that is invalid",
            vec![("t.yaml", format!("{}{}", invalid.replace("Default: S3CRET, ", ""), keys("!Ref P")))],
            vec!["--parameter", "P=S3CRET"],
        ),
        (
            "broken file",
            vec![
                ("t.yaml", format!("{inner}{}", keys("!Ref P"))),
                ("p.json", "[{\"ParameterKey\": \"P\", \"ParameterValue\": \"S3CRET\"}, x".into()),
            ],
            vec!["--parameter-file", "p.json"],
        ),
        (
            "broken samconfig",
            vec![
                ("t.yaml", format!("{inner}{}", keys("!Ref P"))),
                (
                    "samconfig.toml",
                    "[default.deploy.parameters]\nparameter_overrides = \"P=x S3CRET\"\n".into(),
                ),
            ],
            vec!["--parameter-file", "samconfig.toml"],
        ),
    ] {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let all = silent(what, &files, &more);
        if matches!(what, "default" | "one line" | "nested" | "flag") {
            assert!(all.contains("\"name\": \"(sensitive)\""), "{what}: {all}");
        }
    }
}

/// A sensitive variable, a sensitive bool, a sensitive account, and inputs that are not known.
const DECLARED: &str = "variable \"s\" {\n  type      = string\n  sensitive = true\n  default   = \"S3CRET\"\n}\n\
    variable \"flag\" {\n  type      = bool\n  sensitive = true\n  default   = true\n}\n\
    variable \"account\" {\n  type      = string\n  sensitive = true\n  default   = \"473921473921\"\n}\n\
    variable \"open\" {\n  type = string\n}\n";

fn tried(what: &str, main: &str, more: &[(&str, &str)]) -> String {
    let main = format!("{DECLARED}{main}");
    silent(what, &[&[("main.tf", main.as_str())], more].concat(), &[])
}

#[test]
fn a_secret_in_a_stack_is_shown_nowhere() {
    let template = |user: &str| {
        let key = |name: &str| {
            format!("  {name}: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: {user}}}}}\n")
        };
        format!("Resources:\n{}{}", key("A"), key("B"))
    };
    let heredoc = |text: &str| format!("<<-E\n{text}E\n");
    let (plain, marked) = (template("${n}"), template("NAME"));
    let sub = template("!Sub '${n}-$${AWS::Region}'");
    let sub_of_a_map = template("!Sub ['${n}-$${X}', {X: y}]");
    let given = format!("Parameters: {{U: {{Type: String}}}}\n{}", template("!Ref U"));
    let allowed =
        format!("Parameters: {{U: {{Type: String, AllowedValues: [a, b]}}}}\n{}", template("!Ref U"));
    let default = format!("Parameters: {{U: {{Type: String, Default: '${{n}}'}}}}\n{}", template("!Ref U"));
    let mapping = format!("Mappings: {{M: {{a: {{u: '${{n}}'}}}}}}\n{}", template("!FindInMap [M, a, u]"));
    let condition = format!(
        "Conditions: {{C: !Equals [!Ref 'AWS::Region', '${{n}}']}}\n{}",
        template("!If [C, a, '${n}']")
    );
    let status = "Resources:\n  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: x, Status: '${n}'}}\n\
        \x20 B: {Type: AWS::IAM::AccessKey, Properties: {UserName: x}}\n";
    let output = "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs: {U: {Value: '${n}'}}\n";
    let broken = "Resources:\n  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: ${n}\n ]${n}: ${n}\n";
    let files: &[(&str, &str)] = &[
        ("plain.tpl", &plain),
        ("marked.txt", &marked),
        ("sub.tpl", &sub),
        ("sub_map.tpl", &sub_of_a_map),
        ("given.txt", &given),
        ("allowed.txt", &allowed),
        ("default.tpl", &default),
        ("mapping.tpl", &mapping),
        ("condition.tpl", &condition),
        ("status.tpl", status),
        ("output.tpl", output),
        ("broken.tpl", broken),
        ("secret.txt", "S3CRET"),
    ];
    let of = |file: &str| format!("templatefile(\"{file}\", {{ n = var.s }})");
    let encoded = |function: &str, user: &str| {
        let key = format!("{{ Type = \"AWS::IAM::AccessKey\", Properties = {{ UserName = {user} }} }}");
        format!("{function}({{ Resources = {{ A = {key}, B = {key} }} }})")
    };
    let logical_ids = "Resources:\n  A${var.s}: {Type: AWS::IAM::AccessKey, Properties: {UserName: x}}\n  \
        B${var.s}: {Type: AWS::IAM::AccessKey, Properties: {UserName: x}}\n";
    let directive = format!("%{{ if true }}\n{}%{{ endif }}\n", template("${var.s}"));
    let loops = "Resources:\n%{ for k in [\"A\", \"B\"] }\n  ${k}: {Type: AWS::IAM::AccessKey, Properties: {UserName: \"${var.s}\"}}\n%{ endfor }\n";
    for body in [
        heredoc(&template("${var.s}")),
        heredoc(&template("x-${var.s}")),
        heredoc(&template("${file(\"secret.txt\")}")),
        heredoc(&directive),
        heredoc(loops),
        heredoc(logical_ids),
        heredoc(&format!("Description: ${{var.s}}\n{}", template("${var.s}"))),
        format!("\"${{{}}}\"", encoded("jsonencode", "var.s")),
        heredoc(&format!("${{{}}}\n", encoded("jsonencode", "upper(var.s)"))),
        encoded("yamlencode", "\"x-${var.s}\""),
        encoded("jsonencode", "file(\"secret.txt\")"),
        of("plain.tpl"),
        of("plain.tpl").replace("var.s", "\"${var.open}-${var.s}\""),
        of("plain.tpl").replace("var.s", "file(\"secret.txt\")"),
        of("sub.tpl"),
        of("sub_map.tpl"),
        of("default.tpl"),
        of("mapping.tpl"),
        of("condition.tpl"),
        of("status.tpl"),
        of("broken.tpl"),
        format!("\"${{{}}}\"", of("plain.tpl")),
        format!("trimspace({})", of("plain.tpl")),
        "replace(file(\"marked.txt\"), \"NAME\", var.s)".into(),
        "format(replace(file(\"marked.txt\"), \"NAME\", \"%s\"), var.s, var.s)".into(),
        "join(\"\\n\", [\"Resources:\", \"  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: ${var.s}}}\", \
         \"  B: {Type: AWS::IAM::AccessKey, Properties: {UserName: ${var.s}}}\"])"
            .into(),
        "file(\"given.txt\")\n  parameters = { U = var.s }".into(),
        "file(\"given.txt\")\n  parameters = { U = file(\"secret.txt\") }".into(),
        "file(\"given.txt\")\n  parameters = { U = \"${var.open}-${var.s}\" }".into(),
        "file(\"allowed.txt\")\n  parameters = { U = var.s }".into(),
    ] {
        for kind in ["aws_cloudformation_stack", "aws_cloudformation_stack_set"] {
            let main = format!("resource \"{kind}\" \"s\" {{\n  name = \"s\"\n  template_body = {body}\n}}\n");
            tried(&format!("{kind} {body}"), &main, files);
        }
    }
    let main = format!(
        "resource \"aws_cloudformation_stack\" \"s\" {{\n  name = \"s\"\n  template_body = {}\n}}\n\
         {KEYS}  user = aws_cloudformation_stack.s.outputs[\"U\"]\n}}\n",
        of("output.tpl")
    );
    tried("output", &main, files);
}

#[test]
fn what_a_secret_decides_is_not_shown() {
    for user in [
        "var.flag ? \"one\" : \"other\"",
        "!var.flag ? \"other\" : \"one\"",
        "\"u-%{ if var.flag }one%{ else }other%{ endif }\"",
        "\"u-${var.flag}\"",
        "tostring(var.flag)",
        "format(\"u-%t\", var.flag)",
        "[for on in [var.flag] : on ? \"one\" : \"other\"][0]",
        "[\"other\", \"one\"][var.flag ? 1 : 0]",
        "element([\"other\", \"one\"], var.flag ? 1 : 0)",
        "lookup({ \"true\" = \"one\", \"false\" = \"other\" }, tostring(var.flag))",
        "var.s == \"x\" ? \"other\" : \"one\"",
        "startswith(var.s, \"S\") ? \"one\" : \"other\"",
        "sensitive(true) ? \"one\" : \"other\"",
        "local.decided",
        "aws_iam_user.decided.name",
        "module.m.decided",
    ] {
        let main = format!(
            "locals {{\n  on      = var.flag\n  decided = local.on ? \"one\" : \"other\"\n}}\n\
             resource \"aws_iam_user\" \"decided\" {{\n  name = var.flag ? \"one\" : \"other\"\n}}\n\
             module \"m\" {{\n  source = \"./m\"\n  flag   = var.flag\n}}\n{KEYS}  user = {user}\n}}\n"
        );
        let module = "variable \"flag\" {\n  type = bool\n}\noutput \"decided\" {\n  value = var.flag ? \"one\" : \"other\"\n}\n";
        let all = tried(user, &main, &[("m/main.tf", module)]);
        assert!(all.contains("\"name\": \"(sensitive)\""), "{user}: {all}");
    }
    let all = tried(
        "disclosed",
        &format!("{KEYS}  user = nonsensitive(var.flag ? \"one\" : \"other\")\n}}\n"),
        &[],
    );
    assert!(all.contains("\"name\": \"one\""), "{all}");
    let off = DECLARED.replace("default   = true", "default   = false");
    let main = format!(
        "{off}resource \"aws_iam_access_key\" \"k\" {{\n  count = var.flag ? 2 : 0\n  user = \"ci\"\n}}\n"
    );
    let all = silent("latent", &[("main.tf", &main)], &[]);
    assert!(all.contains("\"var.flag\": \"(sensitive)\""), "{all}");
}

#[test]
fn a_secret_account_is_shown_nowhere() {
    let user = format!("{KEYS}  user = \"ci\"\n}}\n");
    let arn = "\"arn:aws:iam::${var.account}:role/deploy\"";
    for provider in [
        format!("assume_role {{\n    role_arn = {arn}\n  }}"),
        format!("assume_role_with_web_identity {{\n    role_arn = {arn}\n  }}"),
        format!("assume_role {{\n    role_arn = format(\"%s\", {arn})\n  }}"),
        format!("assume_role {{\n    role_arn = join(\":\", split(\":\", {arn}))\n  }}"),
        "assume_role {\n    role_arn = local.role\n  }".into(),
        "allowed_account_ids = [var.account]".into(),
        "allowed_account_ids = [split(\":\", local.role)[4]]".into(),
        "allowed_account_ids = [var.account, \"000000000000\"]".into(),
        "profile = var.s".into(),
        "access_key = var.s".into(),
        "shared_credentials_files = [var.s]".into(),
        "endpoints {\n    iam = \"https://${var.s}\"\n  }".into(),
    ] {
        let locals = format!("locals {{\n  role = {arn}\n}}\n");
        let main = format!("{locals}provider \"aws\" {{\n  {provider}\n}}\n{user}");
        tried(&provider, &main, &[]);
        let second = "provider \"aws\" {\n  alias   = \"b\"\n  profile = \"b\"\n}\n\
            resource \"aws_iam_access_key\" \"b\" {\n  provider = aws.b\n  user     = \"ci\"\n}\n";
        tried(&provider, &format!("{main}{second}"), &[]);
    }
}

#[test]
fn a_default_that_an_override_replaces_is_shown_nowhere() {
    let user = format!("{KEYS}  user = var.s\n}}\n");
    let free = DECLARED.replacen("  sensitive = true\n", "", 1);
    let over = "variable \"s\" {\n  default = \"other\"\n}\n";
    let marks = "variable \"s\" {\n  sensitive = true\n  default   = \"other\"\n}\n";
    let one_line = "variable \"s\" { default = \"S3CRET again\" }\n";
    let json = "{\"variable\": {\"s\": {\"default\": \"S3CRET in JSON\"}}}";
    let module = format!("module \"m\" {{\n  source = \"./m\"\n  s = \"S3CRET\"\n}}\n{user}");
    let passes = "module \"m\" {\n  s = \"S3CRET too\"\n}\n";
    for (what, main, more) in [
        ("one", DECLARED, vec![("main_override.tf", over)]),
        ("marked by it", &free, vec![("override.tf", marks)]),
        ("two", DECLARED, vec![("a_override.tf", one_line), ("b_override.tf", over)]),
        ("two, the last secret", DECLARED, vec![("a_override.tf", over), ("b_override.tf", one_line)]),
        ("JSON", DECLARED, vec![("override.tf.json", json)]),
        ("JSON, replaced", DECLARED, vec![("a_override.tf.json", json), ("b_override.tf", over)]),
    ] {
        let main = format!("{main}{user}");
        silent(what, &[&[("main.tf", main.as_str())], more.as_slice()].concat(), &[]);
    }
    let main = format!("{DECLARED}{module}");
    let inner = format!("{DECLARED}{user}");
    let files = [("main.tf", main.as_str()), ("m/main.tf", inner.as_str()), ("x_override.tf", passes)];
    silent("argument", &files, &[]);
}

#[test]
fn what_a_template_file_spells_out_is_shown_nowhere() {
    let open = "variable \"x\" {\n  type = string\n}\nvariable \"n\" {\n  type = number\n}\n";
    let key = "resource \"aws_iam_access_key\" \"a\" {\n  user = \"ci\"\n}\n";
    for (template, given) in [
        ("%{ if x == \"S3CRET\" }y%{ else }b%{ endif }", "x = var.x"),
        ("%{ if x == \"a-S3CRET\" }y%{ endif }", "x = \"a-${var.x}\""),
        ("%{ if n == 473921 }y%{ endif }", "n = var.n"),
        ("%{ if n > 473921 }y%{ endif }", "n = var.n"),
        ("${contains([\"S3CRET\"], x) ? \"y\" : \"b\"}", "x = var.x"),
        ("${lookup({ S3CRET = \"y\" }, x, \"b\")}", "x = var.x"),
        ("%{ for s in [\"S3CRET\"] }%{ if s == x }y%{ endif }%{ endfor }", "x = var.x"),
    ] {
        for call in [
            format!("templatefile(\"u.tpl\", {{ {given} }})"),
            format!("templatestring(local.text, {{ {given} }})"),
        ] {
            let second = format!(
                "resource \"aws_iam_access_key\" \"b\" {{\n  user = \"ci\"\n  count = {call} == \"y\" ? 1 : 0\n}}\n"
            );
            let main = format!("{open}{key}{second}locals {{\n  text = file(\"u.tpl\")\n}}\n");
            let all = silent(&format!("{template} {call}"), &[("main.tf", &main), ("u.tpl", template)], &[]);
            assert!(all.contains("\"level\": \"possible\""), "{template} {call}: {all}");
        }
    }
}

#[test]
fn a_secret_in_what_does_not_parse_is_shown_nowhere() {
    let keys = format!("{KEYS}  user = \"ci\"\n}}\n");
    let template = "Resources:\n  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: ci}}\n";
    for broken in [
        "variable \"s\" {\n  sensitive = true\n  default = \"S3CRET\" type = string\n}\n",
        "variable \"s\" {\n  sensitive = true\n  default = \"pw\"S3CRET\"\n}\n",
        "variable \"s\" { default = \"S3CRET\", sensitive = true }\n",
        "module \"m\" {\n  source = \"./m\"\n  s = \"S3CRET\" x = 1\n}\n",
        "variable \"s\" {\n  ephemeral = true\n  default = [\"S3CRET\"\n}\n",
    ] {
        silent(broken, &[("main.tf", &keys), ("v.tf", broken)], &[]);
    }
    for (file, broken) in [
        ("t.yaml", format!("Parameters:\n  P:\n    NoEcho: true\n    Default: \"S3CRET\n{template}")),
        ("t.yaml", format!("Parameters:\n  P: {{NoEcho: true, Default: *S3CRET}}\n{template}")),
        ("t.yaml", format!("Parameters:\n  P: {{NoEcho: true, Default: S3CRET]}}\n{template}")),
        (
            "t.json",
            "{\"Parameters\": {\"P\": {\"NoEcho\": true, \"Default\": \"S3CRET\" 1}}, \"Resources\": {\"A\": \
             {\"Type\": \"AWS::IAM::AccessKey\"}}}"
                .into(),
        ),
    ] {
        silent(&broken, &[(file, &broken)], &[]);
    }
    for values in ["s = \"x\"\ndb { password = \"S3CRET\" }\n", "s = \"x\"\ndb \"S3CRET\" {}\n"] {
        silent(values, &[("main.tf", &keys), ("terraform.tfvars", values)], &[]);
    }
    let samconfig = "[default.deploy.parameters]\nparameter_overrides = \"P=S3CRET\" x\n";
    let files = [("t.yaml", template), ("samconfig.toml", samconfig)];
    silent(samconfig, &files, &["--parameter-file", "samconfig.toml"]);
}

#[test]
fn each_default_of_a_secret_parameter_is_shown_nowhere() {
    let keys = "Resources:\n  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref P}}\n  \
                B: {Type: AWS::IAM::AccessKey, Properties: {UserName: !Ref P}}\n";
    for parameters in [
        "  P: {Type: String, NoEcho: true, Default: S3CRET, Default: b}\n",
        "  P: {Type: String, NoEcho: true, NoEcho: false, Default: S3CRET}\n",
        "  P: {Type: String, NoEcho: true, Default: S3CRET}\n  P: {Type: String, Default: b}\n",
    ] {
        silent(parameters, &[("t.yaml", &format!("Parameters:\n{parameters}{keys}"))], &[]);
    }
}

#[test]
fn a_trace_shows_sources_only() {
    let template = "{\"Resources\": {\"A\": {\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\"UserName\": \"ci\"}}, \
                    \"B\": {\"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {\"UserName\": \"ci\"}}}}";
    let manifest = |file: &str| {
        format!(
            "{{\"version\": \"55.0.0\", \"artifacts\": {{\"S\": {{\"type\": \"aws:cloudformation:stack\", \"environment\": \
             \"aws://111122223333/eu-west-1\", \"properties\": {{\"templateFile\": \"S.template.json\"}}, \"metadata\": {{\"/S/A\": \
             [{{\"type\": \"aws:cdk:logicalId\", \"data\": \"A\", \"trace\": [\"x (/app/{file}:1:1)\"]}}]}}}}}}}}"
        )
    };
    for (file, shown) in [(".env", false), ("secrets.json", false), ("id_rsa", false), ("app.ts", true)] {
        let manifest = manifest(file);
        let files = [
            (file, if shown { "new AccessKey()\n" } else { "S3CRET\n" }),
            ("cdk.out/cdk.out", "{}"),
            ("cdk.out/manifest.json", manifest.as_str()),
            ("cdk.out/S.template.json", template),
        ];
        let all = silent(file, &files, &[]);
        assert_eq!(all.contains("new AccessKey()"), shown, "{file}: {all}");
    }
    #[cfg(unix)]
    {
        let manifest = manifest("app.ts");
        let project = Project::new(&[
            (".env", "S3CRET\n"),
            ("cdk.out/cdk.out", "{}"),
            ("cdk.out/manifest.json", manifest.as_str()),
            ("cdk.out/S.template.json", template),
        ]);
        project.link(".env", "app.ts");
        project.run(&["check"]).exits(1).says_not("S3CRET");
    }
}

#[test]
fn a_diff_shows_no_more_of_data_than_the_report_does() {
    let main = "resource \"aws_iam_access_key\" \"a\" {\n  user = \"ci\"\n  status = yamldecode(file(\"u.yaml\")).s\n}\n\
                resource \"aws_iam_access_key\" \"b\" {\n  user = \"ci\"\n}\n";
    for text in ["{s: Active, pw: S3CRET}\n", "s: Active # S3CRET\n", "s: Active\npw: S3CRET\n"] {
        silent(text, &[("main.tf", main), ("u.yaml", text)], &[]);
    }
    // Nor of what is passed beside the line for a secret, or given to what nobody declares.
    let key =
        "resource \"aws_iam_access_key\" \"b\" {\n  user = \"ci\"\n  status = var.s\n}\nvariable \"s\" {}\n";
    let called = format!("{key}variable \"pw\" {{\n  sensitive = true\n}}\n");
    let one = "resource \"aws_iam_access_key\" \"a\" {\n  user = \"ci\"\n}\n";
    let calls = format!(
        "module \"m\" {{\n  source = \"./m\"\n  s      = \"Active\"\n  pw     = \"S3CRET\"\n}}\n{one}"
    );
    let values = "s = \"Active\"\ndb_password = \"S3CRET\"\n";
    let root = format!("{one}{key}");
    for files in
        [[("main.tf", &*calls), ("m/m.tf", &*called)], [("main.tf", &*root), ("terraform.tfvars", values)]]
    {
        let run = Project::new(&files).run(&["check", "--diff", "--keep", "aws_iam_access_key.a"]);
        run.says("Inactive").says_not("S3CRET");
    }
}

#[test]
fn what_a_file_says_in_a_template_is_shown_nowhere() {
    let resources = |b: &str| {
        format!(
            "      A: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: ci}}}}\n      B: {{Type: AWS::IAM::AccessKey, {b}}}\n"
        )
    };
    for (parameters, b) in [
        ("{Type: String, Default: \"${local.t}\"}", "Condition: C, Properties: {UserName: ci}"),
        ("{Type: String, AllowedValues: [b, \"${local.t}\"]}", "Condition: C, Properties: {UserName: ci}"),
        ("{Type: String, AllowedPattern: \"${local.t}\", Default: ci}", "Properties: {UserName: ci}"),
        ("{Type: String, Default: b}", "Condition: \"${local.t}\", Properties: {UserName: ci}"),
        ("{Type: String, Default: b}", "Properties: {UserName: !Ref \"${local.t}\"}"),
        ("{Type: String, Default: b}", "Properties: {UserName: !GetAtt \"${local.t}.Ref\"}"),
        ("{Type: String, Default: b}", "Properties: {UserName: ci, Status: \"${local.t}\"}"),
    ] {
        for secret in ["a S3CRET: b", "S3CRET"] {
            let body = format!(
                "    Parameters:\n      P: {parameters}\n    Conditions:\n      C: !Equals [!Ref P, \"${{local.t}}\"]\n    \
                 Resources:\n{}",
                resources(b)
            );
            let main = format!(
                "locals {{\n  t = jsondecode(file(\"s.json\")).t\n}}\nresource \"aws_cloudformation_stack\" \"s\" {{\n  name = \
                 \"s\"\n  template_body = <<-Y\n{body}  Y\n}}\n"
            );
            silent(&main, &[("main.tf", &main), ("s.json", &format!("{{\"t\": \"{secret}\"}}"))], &[]);
            // The same for a variable of the Serverless Framework.
            let own = body.replace("${local.t}", "${file(s.json):t}").replace("\n    ", "\n");
            let service = format!(
                "service: x\nprovider: aws\nresources:\n  {}",
                own.trim_start().replace('\n', "\n  ")
            );
            silent(
                &service,
                &[("serverless.yml", &service), ("s.json", &format!("{{\"t\": \"{secret}\"}}"))],
                &[],
            );
        }
    }
}

#[test]
fn what_a_variable_of_a_service_reads_is_shown_nowhere() {
    let keys = |user: &str| {
        let key = |name: &str| {
            format!("    {name}:\n      Type: AWS::IAM::AccessKey\n      Properties: {{UserName: {user}}}\n")
        };
        format!("resources:\n  Resources:\n{}{}", key("A"), key("B"))
    };
    for (head, user) in [
        ("", "'{{resolve:ssm:${file(s.json):t}}}'"),
        ("", "'${opt:stage, file(s.json):t}'"),
        ("", "'${file(s.json):t}'"),
        ("custom: {own: '${file(s.json):t}'}\n", "'${self:custom.own}'"),
        ("params: {default: {a: '${file(s.json):t}'}}\n", "'${param:a}'"),
        ("custom: {own: '${file(s.json):t}'}\n", "!Sub 'a-${self:custom.own}'"),
    ] {
        let service = format!("service: x\nprovider: aws\n{head}{}", keys(user));
        silent(user, &[("serverless.yml", &service), ("s.json", "{\"t\": \"S3CRET!\"}\n")], &[]);
    }
}

#[test]
fn a_secret_that_a_condition_spells_out_is_shown_nowhere_else() {
    let key = |count: &str| {
        format!("resource \"aws_iam_access_key\" \"k{}\" {{\n  user = \"ci\"\n{count}}}\n", count.len())
    };
    let condition = "  count = var.s != \"S3CRET\" ? 1 : 0\n";
    let main = format!(
        "variable \"s\" {{\n  sensitive = true\n  default = \"S3CRET\"\n}}\n{}{}",
        key(condition),
        key("")
    );
    let project = Project::new(&[("main.tf", &main)]);
    // Nobody but the source says what it is.
    for format in ["json", "sarif", "github", "concise", "gitlab", "junit"] {
        let run = project.run(&["check", "--format", format, "--show", "latent"]);
        run.says("(sensitive)").says_not("S3CRET");
    }
}

#[test]
fn defaults_in_the_type_of_a_secret_are_shown_nowhere() {
    let keys = "resource \"aws_iam_access_key\" \"a\" {\n  count = 2\n  user  = var.c.u\n}\n";
    let c = |default: &str| {
        format!(
            "variable \"c\" {{\n  type = object({{ u = optional(string, \"S3CRET\") }})\n  sensitive = true\n{default}}}\n{keys}"
        )
    };
    silent("root", &[("main.tf", &c("  default = {}\n"))], &[]);
    silent(
        "null",
        &[
            ("main.tf", &c("  default = { u = \"S3CRET\" }\n  nullable = false\n")),
            ("terraform.tfvars", "c = null\n"),
        ],
        &[],
    );
    let call = "module \"m\" {\n  source = \"./m\"\n  c      = {}\n}\n";
    silent("child", &[("main.tf", call), ("m/m.tf", &c(""))], &[]);
}

#[test]
fn a_module_address_that_is_secret_is_shown_nowhere() {
    let key = "resource \"aws_iam_access_key\" \"a\" {\n  count = 2\n  user  = \"ci\"\n}\n";
    let call = |source: &str| format!("module \"m\" {{\n  source = {source}\n}}\n{key}");
    let secret = "variable \"s\" {\n  default = \"S3CRET\"\n  sensitive = true\n}\n";
    for (source, file) in [
        ("file(\"t.txt\")", "S3CRET"),
        ("file(\"t.txt\")", "S3CRET\n"),
        ("file(\"t.txt\")", "a/S3CRET/aws"),
        ("\"./${file(\"t.txt\")}\"", "S3CRET"),
        ("var.s", ""),
        ("\"git::https://${var.s}@example.com/a.git\"", ""),
    ] {
        silent(source, &[("main.tf", &(call(source) + secret)), ("t.txt", file)], &[]);
    }
    let json = r#"{"module":{"m":{"source":"${file(\"t.txt\")}"}}}"#;
    silent("json", &[("main.tf.json", json), ("k.tf", key), ("t.txt", "S3CRET\n")], &[]);
}

#[test]
fn an_attribute_whose_name_is_secret_is_shown_nowhere() {
    let template = |of: &str| {
        format!(
            "Parameters: {{P: {{Type: String, NoEcho: true, Default: S3CRET}}}}\n\
             Resources:\n  U: {{Type: {of}}}\n\
             \x20 A: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !GetAtt [U, !Ref P]}}}}\n\
             \x20 B: {{Type: AWS::IAM::AccessKey, Properties: {{UserName: !GetAtt [U, !Ref P]}}}}\n"
        )
    };
    silent("a user's", &[("t.yaml", &template("AWS::IAM::User"))], &[]);
    silent("another one's", &[("t.yaml", &template("AWS::SQS::Queue"))], &[]);
    let nested = "AWS::CloudFormation::Stack, Properties: {TemplateURL: n.yaml}";
    let text = template(nested).replace("Default: S3CRET", "Default: Outputs.S3CRET");
    silent("an output", &[("t.yaml", &text), ("n.yaml", "Resources: {R: {Type: AWS::SQS::Queue}}\n")], &[]);
}

#[test]
fn the_listed_values_of_a_secret_are_shown_nowhere() {
    let validated = "variable \"s\" {\n  type      = string\n  sensitive = true\n  validation {\n    condition     = \
                     contains([\"S3CRET\", \"other\"], var.s)\n    error_message = \"x\"\n  }\n}\n";
    let key =
        format!("{KEYS}  user  = \"bot\"\n}}\n").replace("count = 2", "count = var.s == \"other\" ? 1 : 2");
    silent("a validation", &[("variables.tf", validated), ("main.tf", &key)], &[]);
    let template = "Parameters:\n  P:\n    Type: String\n    NoEcho: true\n    AllowedValues:\n      - S3CRET\n      - other\n\
                    Conditions:\n  C:\n    Fn::Not:\n      - !Equals [!Ref P, other]\nResources:\n  \
                    A: {Type: AWS::IAM::AccessKey, Properties: {UserName: bot}}\n  \
                    B: {Type: AWS::IAM::AccessKey, Condition: C, Properties: {UserName: bot}}\n";
    silent("a parameter", &[("template.yaml", template)], &[]);
}
