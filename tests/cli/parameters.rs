//! Values of CloudFormation parameters.

use super::project::Project;

const TEMPLATE: &str = r#"Parameters:
  Rotating:
    Type: String
Conditions:
  Both: !Equals [!Ref Rotating, "yes"]
Resources:
  First:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: ci
  Second:
    Type: AWS::IAM::AccessKey
    Condition: Both
    Properties:
      UserName: ci
"#;

fn project() -> Project {
    Project::new(&[("keys.yaml", TEMPLATE)])
}

#[track_caller]
fn levels(project: &Project, flags: &[&str]) -> Vec<String> {
    let args: Vec<&str> = ["check", "--format", "json"].iter().chain(flags).copied().collect();
    project.run(&args).levels()
}

#[test]
fn a_parameter_without_a_value_is_free() {
    let run = project().run(&["check", "--format", "json"]);
    assert_eq!(run.exits(1).levels(), ["possible"]);
    assert_eq!(run.json()["findings"][0]["when"], serde_json::json!({ "Rotating": "yes" }));
}

#[test]
fn a_flag_supplies_a_parameter() {
    assert_eq!(levels(&project(), &["--parameter", "Rotating=yes"]), ["certain"]);
    assert_eq!(levels(&project(), &["--parameter", "Rotating=no"]), ["latent"]);
}

#[test]
fn a_parameter_file_has_three_forms() {
    let forms = |value: &str| {
        [
            format!(r#"[{{"ParameterKey": "Rotating", "ParameterValue": "{value}"}}]"#),
            format!(r#"{{"Parameters": {{"Rotating": "{value}"}}}}"#),
            format!(r#"["Rotating={value}"]"#),
        ]
    };
    for (value, expected) in [("yes", "certain"), ("no", "latent")] {
        for form in forms(value) {
            let project = project();
            project.write("values.json", form.as_bytes());
            assert_eq!(levels(&project, &["--parameter-file", "values.json"]), [expected], "{form}");
        }
    }
}

#[test]
fn a_previous_value_is_no_value() {
    let project = project();
    project.write("values.json", br#"[{"ParameterKey": "Rotating", "UsePreviousValue": true}]"#);
    assert_eq!(levels(&project, &["--parameter-file", "values.json"]), ["possible"]);
}

#[test]
fn the_last_flag_wins() {
    let project = project();
    project.write("yes.json", br#"["Rotating=yes"]"#);
    let check = |flags: &[&str], expected: &str| assert_eq!(levels(&project, flags), [expected], "{flags:?}");
    check(&["--parameter", "Rotating=no", "--parameter-file", "yes.json"], "certain");
    check(&["--parameter-file", "yes.json", "--parameter", "Rotating=no"], "latent");
    check(&["--parameter", "Rotating=no", "--parameter", "Rotating=yes"], "certain");
}

#[test]
fn a_parameter_that_nobody_declares_is_refused() {
    project().run(&["check", "--parameter", "Rotate=yes"]).refuses("Rotate");
    // A file of values is shared by templates.
    let project = project();
    project.write("values.json", br#"["Rotating=no", "Region=eu-west-1"]"#);
    assert_eq!(levels(&project, &["--parameter-file", "values.json"]), ["latent"]);
}

#[test]
fn a_parameter_file_that_says_nothing_is_refused() {
    let project = project();
    let check = |text: &str, message: &str| {
        project.write("values.json", text.as_bytes());
        project.run(&["check", "--parameter-file", "values.json"]).refuses(message);
    };
    check("[", "values.json");
    check("3", "\"Parameters\"");
    check("{}", "\"Parameters\"");
    check("[\"Rotating\"]", "Key=Value");
    check("[{\"Key\": \"Rotating\"}]", "ParameterKey");
    project.run(&["check", "--parameter-file", "absent.json"]).refuses("absent.json");
}

#[test]
fn a_terraform_variable_is_no_parameter() {
    let project = project();
    project.run(&["check", "--var", "Rotating=yes"]).refuses("Rotating");
    project.run_env(&[("TF_VAR_Rotating", "yes")], &["check"]).exits(1).says("possible[");
}

#[test]
fn a_parameter_file_of_which_no_template_declares_a_name_is_a_wrong_request() {
    let project = project();
    project.write("other.json", br#"[{"ParameterKey": "Colour", "ParameterValue": "red"}]"#);
    project.write("both.json", br#"["Colour=red", "Rotating=yes"]"#);
    let run = project.run(&["check", "--parameter-file", "other.json"]);
    run.refuses("--parameter-file other.json: no template here declares any of its parameters");
    assert_eq!(levels(&project, &["--parameter-file", "both.json"]), ["certain"]);
}

#[test]
fn a_template_without_keys_declares_parameters_too() {
    let text = "Parameters: {Colour: {Type: String}}\nResources: {T: {Type: AWS::SNS::Topic}}\n";
    let project = Project::new(&[("topic.yaml", text), ("values.json", r#"["Colour=red"]"#)]);
    project.run(&["check", "--parameter-file", "values.json"]).exits(0);
    project.run(&["check", "--parameter", "Colour=red"]).exits(0);
    project.run(&["check", "--parameter", "Color=red"]).refuses("no template here declares this parameter");
}
