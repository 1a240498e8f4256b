//! Names and nesting that nobody writes by hand.

use super::project::{ONE_KEY, Project, TWO_KEYS};

const JSON: [&str; 3] = ["check", "--format", "json"];

#[test]
fn nesting_without_end_is_said_and_the_rest_is_judged() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let key = "resource \"aws_iam_access_key\" \"deep\" {\n  user = ";
    let terraform = [
        format!("{key}{}\n}}\n", deep("[", "]")),
        format!("{key}{}\n}}\n", deep("(", ")")),
        format!("{key}{}1\n}}\n", "!".repeat(100_000)),
        format!("{key}\"{}\"\n}}\n", deep("${\"", "\"}")),
        format!("{key}{}1\n}}\n", "true ? 1 : ".repeat(50_000)),
        format!("{key}{}1\n}}\n", "1 + ".repeat(50_000)),
        format!("{key}a{}\n}}\n", ".b".repeat(50_000)),
        format!("{key}a{}\n}}\n", "[0]".repeat(50_000)),
        format!("{key}{}", "{ a = ".repeat(100_000)),
        format!("{}{}", "b {\n".repeat(50_000), "}\n".repeat(50_000)) + key + "\"x\"\n}\n",
    ];
    for (i, text) in terraform.iter().enumerate() {
        let run = Project::new(&[("deep.tf", text), ("main.tf", TWO_KEYS)]).run(&JSON);
        assert!(run.levels().contains(&"certain".into()), "{i}: {}", run.code);
    }
}

#[test]
fn templates_without_end_are_said_and_the_rest_is_judged() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let json = |value: &str| {
        format!(
            r#"{{"Resources": {{"K": {{"Type": "AWS::IAM::AccessKey", "Properties": {{"UserName": {value}}}}}}}}}"#
        )
    };
    let yaml = |value: &str| {
        format!("Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties: {{UserName: {value}}}\n")
    };
    let texts = [
        ("deep.json", json(&deep("[", "]"))),
        ("deep.json", json(&deep("{\"Fn::Sub\": ", "}"))),
        ("deep.yaml", yaml(&deep("[", "]"))),
        ("deep.yaml", yaml(&"[".repeat(100_000))),
        (
            "deep.tf.json",
            format!(r#"{{"resource": {{"aws_iam_access_key": {{"k": {{"user": {}}}}}}}}}"#, deep("[", "]")),
        ),
    ];
    for (name, text) in texts {
        let run = Project::new(&[(name, &text), ("main.tf", TWO_KEYS)]).run(&JSON);
        assert!(run.levels().contains(&"certain".into()), "{name}: {}", run.code);
        assert_eq!(run.code, 2, "{name}: {:?}", run.undecided());
    }
}

#[test]
fn aliases_that_grow_without_end_are_said() {
    let mut text = String::from("Bomb:\n  a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..40 {
        let row = vec![format!("*a{}", i - 1); 9].join(", ");
        text += &format!("  a{i}: &a{i} [{row}]\n");
    }
    text += "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: *a39}\n";
    let run = Project::new(&[("bomb.yaml", &text), ("main.tf", TWO_KEYS)]).run(&JSON);
    assert!(run.levels().contains(&"certain".into()), "{}", run.code);
}

#[test]
fn counts_that_no_machine_holds_are_one_entry() {
    let text = "resource \"aws_iam_access_key\" \"k\" {\n  count = 900000000\n  user  = \"ci\"\n}\n";
    let run = Project::new(&[("main.tf", text)]).run(&JSON);
    let keys = &run.exits(1).json()["findings"][0]["keys"];
    assert_eq!(keys.as_array().unwrap().len(), 1);
    assert_eq!(keys[0]["address"], "aws_iam_access_key.k[*]");
    assert_eq!(keys[0]["instances"], 900_000_000);
}

#[test]
fn names_with_odd_characters_are_names() {
    let folders = ["with space", "a,b:c%d", "ключи", "-dash", "100%", "#x", "a'b\"c"];
    for folder in folders {
        let project = Project::new(&[(&format!("{folder}/main.tf"), TWO_KEYS)]);
        let json = project.run(&JSON).exits(1).json();
        assert_eq!(json["findings"][0]["unit"]["path"], *folder);
        let run = project.run(&["check", "--format", "github"]);
        let commands = run.stdout.lines().filter(|line| line.starts_with("::error ")).count();
        assert_eq!(commands, 1, "{run:#?}");
        // A comma or a colon in a file's name would end it.
        let file = run.stdout.split_once("file=").unwrap().1.split_once(",line=").unwrap().0;
        assert!(!file.contains([',', ':']), "{file}");
        let sarif = project.run(&["check", "--format", "sarif"]).json();
        let uri =
            &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(
            uri.as_str().unwrap().bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'#'),
            "{uri}"
        );
    }
}

#[cfg(unix)]
#[test]
fn names_with_line_breaks_and_escapes_stay_in_their_line() {
    let project = Project::new(&[("a\n::error::forged\u{1b}[31m/main.tf", TWO_KEYS)]);
    let run = project.run(&["check", "--format", "github"]);
    let commands: Vec<&str> = run.exits(1).stdout.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(commands.len(), 1, "{commands:?}");
    for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        project.run(&["check", "--format", format]).says_not("\u{1b}").says_not("\n::error::forged");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text_is_read_all_the_same() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(&[("live/notes.txt", "")]);
    let name = OsStr::from_bytes(b"live/caf\xe9.tf");
    std::fs::write(project.path("").join(name), TWO_KEYS).unwrap();
    for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        project.run(&["check", "--format", format]).exits(1);
    }
    project.write("live/other.tf", b"# nothing\n");
    project.run(&JSON).exits(1);
}

#[cfg(unix)]
#[test]
fn nothing_waits_for_pipes() {
    let project = Project::new(&[("main.tf", ONE_KEY), ("pipes/main.tf", ONE_KEY)]);
    let pipes = [
        "pipe.yaml",
        ".gitignore",
        ".git/info/exclude",
        "manifest.json",
        "pipes/pipe.tf",
        "pipes/terraform.tfvars",
        "pipes/.terraform/environment",
    ];
    for name in pipes {
        std::fs::create_dir_all(project.path(name).parent().unwrap()).unwrap();
        let made = std::process::Command::new("mkfifo").arg(project.path(name)).status();
        if !made.is_ok_and(|status| status.success()) {
            return; // This system has no such program.
        }
    }
    // Terraform reads every file of a module; what hides files hides none here.
    let run = project.run(&JSON);
    assert_eq!(
        run.exits(2).unreadable(),
        [
            ".git/info/exclude",
            ".gitignore",
            "manifest.json",
            "pipe.yaml",
            "pipes/.terraform/environment",
            "pipes/pipe.tf",
            "pipes/terraform.tfvars"
        ]
    );
    project.run(&["check", "--exclude", "pipes"]).exits(2).says("pipe.yaml: is not a regular file");
    project.run(&["check", "--exclude", "pipe*", "--exclude", "manifest.json"]).exits(0);
    project.run(&["check", "pipe.yaml"]).exits(2).says("not a regular file");
    project.run(&["check", "--var-file", "pipe.yaml"]).refuses("not a regular file");
}

#[test]
fn folders_as_deep_as_a_system_allows_are_walked() {
    let folder = vec!["d"; 400].join("/");
    let project = Project::new(&[(&format!("{folder}/main.tf"), TWO_KEYS)]);
    project.run(&JSON).exits(1);
}

/// An escape, a line that begins as a workflow command, and text that is read backwards.
const ACTING: &str = "x\u{1b}[31m\n::error::forged\u{202e}##[error]";

#[test]
fn what_was_typed_is_escaped_on_standard_error() {
    let project = Project::new(&[("main.tf", TWO_KEYS), ("p.json", "{}")]);
    let with_value = format!("{ACTING}=1");
    let flag = format!("--{ACTING}");
    for args in [
        &["check", "--var", &with_value][..],
        &["check", "--var", ACTING],
        &["check", "--var-file", ACTING],
        &["check", "--parameter", &with_value],
        &["check", "--parameter-file", ACTING],
        &["check", "--scenario", ACTING],
        &["check", "--fail-on", ACTING],
        &["check", "--threads", ACTING],
        &["check", "--exclude", &format!("{ACTING}[")],
        &["check", "--output", &format!("{ACTING}/none")],
        &["check", &flag],
        &[ACTING],
        &["inventory", "--format", ACTING],
    ] {
        let run = project.run(args);
        assert_ne!(run.code, 0, "{run:?}");
        let lines = || run.stderr.lines().map(str::trim_start);
        assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{run:?}");
        assert!(!lines().any(|line| line.starts_with("::")) && !run.stderr.contains("##["), "{run:?}");
        assert!(run.stderr.contains("?[31m"), "{args:?}: what was typed can be seen: {run:?}");
    }
}
