//! `lonekey.toml`: which one holds where, what it says, and what is wrong with one.

use super::project::{COUNTED, ONE_KEY, OPTIONAL, Project, TWO_KEYS, With, example, run_in};

const CONCISE: [&str; 3] = ["check", "--format", "concise"];

fn project(config: &str) -> Project {
    Project::new(&[("lonekey.toml", config), ("main.tf", TWO_KEYS)])
}

#[test]
fn what_it_says_is_in_force_and_a_flag_wins() {
    let project = project("fail-on = \"never\"\n");
    project.run(&["check"]).exits(0).says("1 certain");
    project.run(&["check", "--fail-on", "possible"]).exits(1);
    project.run(&["check", "--isolated"]).exits(1);
    project.run(&["inventory"]).exits(0);
}

#[test]
fn each_key_does_what_its_flag_does() {
    let counted = |config: &str| Project::new(&[("lonekey.toml", config), ("main.tf", COUNTED)]);
    counted("").run(&CONCISE).exits(0).says_not("latent:");
    counted("show = \"latent\"").run(&CONCISE).exits(0).says("latent:");
    counted("fail-on = \"latent\"").run(&CONCISE).exits(1).says("latent:");
    counted("fail-on = \"latent\"\nshow = \"certain\"").run(&CONCISE).exits(1).says_not("latent:");

    let excluded = |config: &str| Project::new(&[("lonekey.toml", config), ("old/main.tf", TWO_KEYS)]);
    excluded("exclude = [\"old\"]").run(&["check"]).exits(0);
    excluded("exclude = [\"/new\"]").run(&["check"]).exits(1);
    excluded("exclude = [\"old\"]").run(&["check", "--exclude", "nothing"]).exits(1);

    let broken = |config: &str| {
        Project::new(&[("lonekey.toml", config), ("main.tf", "resource \"aws_iam_access_key\" \"k\" {\n")])
    };
    broken("").run(&["check"]).exits(2);
    broken("incomplete = \"warn\"").run(&["check"]).exits(0).says("error");
    broken("incomplete = \"warn\"").run(&["check", "--incomplete", "fail"]).exits(2);

    let scenarios = |config: &str| {
        let files = [
            ("lonekey.toml", config),
            ("main.tf", OPTIONAL),
            ("env/on.tfvars", "rotating = true\n"),
            ("env/off.tfvars", "rotating = false\n"),
        ];
        Project::new(&files)
    };
    let all = scenarios("scenarios = [\"env/*.tfvars\"]");
    all.run(&CONCISE).exits(1).says("certain: with env/on.tfvars, IAM user \"ci\" gets 2");
    all.run(&["check", "--scenario", "env/off.tfvars"]).exits(0);
    let run = scenarios("scenarios = [\"other/*.tfvars\"]").run(&["check"]);
    assert!(run.stderr.contains("lonekey.toml:1: scenarios \"other/*.tfvars\" fits no file"), "{run:#?}");
}

#[test]
fn the_nearest_one_holds_for_each_path_and_each_unit() {
    let project = Project::new(&[
        ("lonekey.toml", "fail-on = \"certain\"\n"),
        ("prod/main.tf", OPTIONAL),
        ("legacy/lonekey.toml", "fail-on = \"never\"\n"),
        ("legacy/app/main.tf", TWO_KEYS),
    ]);
    for args in [&["check"][..], &["check", "legacy", "prod"], &["check", "legacy/app/main.tf"]] {
        project.run(args).exits(0);
    }
    project.run(&["check", "--isolated", "prod"]).exits(1);
    project.write("lonekey.toml", b"");
    project.run(&["check", "legacy"]).exits(0);
    project.run(&["check"]).exits(1).says("1 certain, 1 possible");
    project.run_with(&With { cwd: "legacy/app", ..With::default() }, &["check"]).exits(0);
    project.run_with(&With { cwd: "legacy/app", ..With::default() }, &["check", "../../prod"]).exits(1);
    // A path that begins with `..` lies in no folder of the working directory.
    project.run_with(&With { cwd: "legacy", ..With::default() }, &["check", ".."]).exits(1);
}

#[test]
fn a_nearer_one_leaves_out_what_lies_beside_it() {
    let project = Project::new(&[
        ("lonekey.toml", ""),
        ("app/lonekey.toml", "exclude = [\"fixtures\", \"/broken.yaml\"]\n"),
        ("app/fixtures/main.tf", TWO_KEYS),
        ("app/broken.yaml", "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n  K: [\n"),
        ("fixtures/main.tf", ONE_KEY),
    ]);
    project.run(&["check"]).exits(0).says("1 key of 1 user");
    project.run(&["check", "app/fixtures/main.tf"]).exits(0);
}

#[test]
fn none_is_looked_for_above_the_work_tree() {
    let project = Project::new(&[("lonekey.toml", "fail-on = \"never\"\n"), ("sub/main.tf", TWO_KEYS)]);
    std::fs::create_dir(project.path("sub/.git")).unwrap();
    project.run_with(&With { cwd: "sub", ..With::default() }, &["check"]).exits(1);
    project.run(&["check", "sub"]).exits(1);
    std::fs::remove_dir(project.path("sub/.git")).unwrap();
    project.run(&["check", "sub"]).exits(0);
    // Without a work tree the working directory is as far as it goes.
    std::fs::remove_dir(project.path(".git")).unwrap();
    project.run_with(&With { cwd: "sub", ..With::default() }, &["check"]).exits(1);
    project.run(&["check", "sub"]).exits(0);
}

#[test]
fn a_named_configuration_is_about_its_folder() {
    let project = Project::new(&[
        ("lonekey.toml", ""),
        ("a/lonekey.toml", ""),
        ("a/main.tf", TWO_KEYS),
        ("b/main.tf", TWO_KEYS),
    ]);
    project.run(&["check", "a/lonekey.toml"]).exits(1).says("1 certain");
    project.run(&["check", "lonekey.toml"]).exits(1).says("2 certain");
}

#[test]
fn standard_input_has_the_configuration_of_its_name() {
    let project = Project::new(&[("a/lonekey.toml", "fail-on = \"never\"\n")]);
    project.run_stdin(TWO_KEYS, &["check", "-", "--stdin-filename", "a/main.tf"]).exits(0);
    project.run_stdin(TWO_KEYS, &["check", "-", "--stdin-filename", "b/main.tf"]).exits(1);
}

#[test]
fn what_is_wrong_is_said_with_its_line_and_what_to_do() {
    for (config, said) in [
        (
            "fail_on = \"never\"",
            "lonekey.toml:1:1: lonekey.toml has no key `fail_on`; did you mean `fail-on`?",
        ),
        (
            "\nseverity = 1",
            "lonekey.toml:2:1: lonekey.toml has no key `severity`; its keys are fail-on, show,",
        ),
        (
            "fail-on = \"sure\"",
            "lonekey.toml:1:11: `fail-on` is one of certain, possible, latent, never, not \"sure\"",
        ),
        ("fail-on = \"certian\"", "did you mean \"certain\"?"),
        ("fail-on = 3", "lonekey.toml:1:11: `fail-on` takes text in quotes, and this is an integer"),
        ("exclude = \"old\"", "lonekey.toml:1:11: `exclude` takes a list of texts, and this is a string"),
        ("exclude = [\"a\", 1]", "lonekey.toml:1:17: `exclude` takes text in quotes"),
        ("exclude = [\"a{b\"]", "lonekey.toml:1:12: exclude \"a{b\": "),
        ("scenarios = [\"../x\"]", "lonekey.toml:1:14: scenarios \"../x\": it must stay below the folder"),
        ("scenarios = [\n  \"a\",\n  \"b[\",\n]", "lonekey.toml:3:3: scenarios \"b[\": "),
        ("[[account]]\nunits = [\"a\", \"/b\"]", "lonekey.toml:2:15: units \"/b\": it must stay below"),
        ("[[exception]]\nuser = \"a\"\npath = \"{a\"\nowner = \"o\"", "lonekey.toml:3:8: path \"{a\": "),
        ("show-all = \"yes\"", "lonekey.toml:1:12: `show-all` takes true or false, and this is a string"),
        (
            "max-exception-days = 0",
            "lonekey.toml:1:22: `max-exception-days` takes a whole number of days from 1 to 36500",
        ),
        ("fail-on = \"never\"\nfail-on = \"never\"", "lonekey.toml:2:1: this is no TOML: duplicate key"),
        (
            "show = \"certain\"\n<<<<<<< HEAD\nfail-on = \"never\"\n=======\nfail-on = \"certain\"\n>>>>>>> b\n",
            "lonekey.toml:2:1: this marks a merge conflict: keep what is to hold of both sides",
        ),
        ("show = [", "lonekey.toml:1:9: this is no TOML: unclosed array"),
        (
            "[account]\nunits = [\"a\"]",
            "lonekey.toml:1:1: `account` takes tables, each under [[account]], and this is a table",
        ),
        ("[[account]]\nid = \"123456789012\"", "lonekey.toml:1:1: [[account]] needs `units`"),
        (
            "[[account]]\nunits = [\"a\"]\nid = \"1234\"",
            "lonekey.toml:3:6: an account id is 12 digits, in quotes",
        ),
        (
            "[[account]]\nunit = [\"a\"]",
            "lonekey.toml:2:1: [[account]] has no key `unit`; did you mean `units`?",
        ),
        (
            "[[exception]]\npath = \".\"",
            "lonekey.toml:1:1: [[exception]] needs `user`, the user's name or address",
        ),
        ("[[exception]]\nuser = \"a\"", "lonekey.toml:1:1: [[exception]] needs `path`"),
        (
            "[[exception]]\nuser = \"a\"\nownr = \"x\"",
            "lonekey.toml:3:1: [[exception]] has no key `ownr`; did you mean `owner`?",
        ),
        ("exception = 1", "lonekey.toml:1:13: `exception` takes tables, each under [[exception]]"),
    ] {
        let project = project(config);
        project.run(&["check"]).refuses(said);
        project.run(&["config"]).refuses(said);
        project.run(&["check", "--isolated"]).exits(1);
    }
    project("x = \"\u{1b}[31m::error::\"").run(&["check"]).refuses("this is no TOML");
    project("\"\u{202e}a\" = 1").run(&["check"]).refuses("no key `?a`");
}

#[test]
fn what_cannot_be_read_is_an_error_and_never_none() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.write("lonekey.toml", b"fail-on = \"never\" # \xff\n");
    project.run(&["check"]).refuses("lonekey.toml:1:21: a byte that is not UTF-8");
    project.write(
        "lonekey.toml",
        "fail-on = \"never\"\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice(),
    );
    project.run(&["check"]).refuses("lonekey.toml is UTF-16 or UTF-32 text");
    project.write("lonekey.toml", &vec![b'#'; (1 << 20) + 1]);
    project.run(&["check"]).refuses("larger than 1 MiB");
    project.write("lonekey.toml", "\u{feff}fail-on = \"never\"\r\n".as_bytes());
    project.run(&["check"]).exits(0);
    std::fs::remove_file(project.path("lonekey.toml")).unwrap();
    std::fs::create_dir(project.path("lonekey.toml")).unwrap();
    project.run(&["check"]).refuses("lonekey.toml is not a regular file");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_or_around_and_a_pipe_are_errors() {
    use std::os::unix::fs::PermissionsExt;
    let outside = Project::new(&[("lonekey.toml", "fail-on = \"never\"\n")]);
    let project = Project::new(&[("main.tf", TWO_KEYS), ("conf/own.toml", "fail-on = \"never\"\n")]);
    let again = |to: &str| {
        let _ = std::fs::remove_file(project.path("lonekey.toml"));
        project.link(to, "lonekey.toml");
        project.run(&["check"])
    };
    again(outside.path("lonekey.toml").to_str().unwrap())
        .refuses("lonekey.toml lies outside of the work tree");
    again("lonekey.toml").refuses("lonekey.toml is a link that leads nowhere");
    again("nowhere.toml").refuses("lonekey.toml is a link that leads nowhere");
    again("conf/own.toml").exits(0);
    std::fs::remove_file(project.path("lonekey.toml")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(project.path("lonekey.toml")).status().unwrap();
    assert!(made.success());
    project.run(&["check"]).refuses("lonekey.toml is not a regular file");
    std::fs::remove_file(project.path("lonekey.toml")).unwrap();
    project.write("lonekey.toml", b"");
    std::fs::set_permissions(project.path("lonekey.toml"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // Root reads it all the same.
    if std::fs::read(project.path("lonekey.toml")).is_err() {
        project.run(&["check"]).refuses("permission denied");
    }
}

#[test]
fn config_prints_what_is_in_force_and_where_it_comes_from() {
    let config = "# ours\nshow = \"certain\"\nexclude = [\"a\\\"b\"]\n\n[[account]]\nunits = [\"envs/prod\"]\nproduction = true\n";
    let project = project(config);
    let run = project.run(&["config", "--fail-on", "latent", "--exclude", "x"]);
    run.exits(0).says("# lonekey.toml, for what lies in .\n");
    for (line, source) in [
        ("fail-on = \"latent\"", "--fail-on"),
        ("show = \"certain\"", "lonekey.toml:2"),
        ("show-all = false", "default"),
        ("exclude = [\"x\"]", "--exclude"),
        ("incomplete = \"fail\"", "default"),
        ("max-exception-days = 365", "default"),
        ("account = { units = [\"envs/prod\"], production = true }", "lonekey.toml:5"),
    ] {
        let found = run.stdout.lines().any(|l| l.starts_with(line) && l.ends_with(&format!("  # {source}")));
        assert!(found, "{line} of {source} in {run:#?}");
    }
    project.run(&["config"]).says("exclude = [\"a\\\"b\"]");
    project
        .run(&["config", "--isolated"])
        .exits(0)
        .says("# no lonekey.toml is read (--isolated)\nfail-on = \"possible\"");
    run_in(&example(), &With::default(), &["config"]).exits(0).says("# no lonekey.toml was found\n");
}

#[test]
fn an_account_and_an_exception_can_be_typed_and_take_the_place_of_the_files() {
    let files = [
        (
            "lonekey.toml",
            "[[account]]\nunits = [\"other\"]\n\n[[exception]]\nuser = \"ci\"\npath = \".\"\nowner = \"file\"\nexpires = 2027-01-31\nreason = \"r\"\n",
        ),
        ("a/main.tf", ONE_KEY),
        ("b/main.tf", ONE_KEY),
    ];
    let project = Project::new(&files);
    let run = |args: &[&str]| project.run(&[&["check", "--today", "2026-12-01"][..], args].concat());
    let shared = "units={a,x},b id=123456789012";
    run(&["--isolated"]).exits(0).says_not("exception");
    run(&["--account", shared]).exits(0).says("1 approved");
    run(&["--account", shared, "--isolated"])
        .exits(1)
        .says("--account units={a,x},b id=123456789012 says that");
    run(&["--account", "units=a", "--account", "units=b", "--isolated"]).exits(0);
    let approved =
        "user=CI path=b owner=\"the team\" expires=2026-12-20 reason=\"said \\\"why\\\"\" kind=rotation";
    run(&["--account", shared, "--exception", approved])
        .exits(1)
        .says("no finding is of that user and path")
        .says_not("file approved");
    let approved = approved.replace("path=b ", "");
    let run_json = run(&["--account", shared, "--exception", &approved, "--format", "json"]);
    let json = run_json.exits(0).json();
    assert_eq!(json["exceptions"][0]["owner"], "the team");
    assert_eq!(json["exceptions"][0]["reason"], "said \"why\"");
    assert_eq!(json["exceptions"][0]["source"], "flag");
    assert_eq!(json["exceptions"].as_array().unwrap().len(), 1, "the file's is not in force");
    // What is wrong with its terms is told as of any exception, with the place in what was typed.
    run(&["--account", shared, "--exception", "user=ci owner=o reason=r expires=2029-01-01"])
        .exits(2)
        .says("<command line>:2:46");
    run(&["--exception", "user=ci owner=o"]).exits(2).says("this exception has no expires");
    let shown = project.run(&["config", "--account", shared, "--exception", &approved]);
    shown.says("account = { units = [\"{a,x}\", \"b\"], id = \"123456789012\" }");
    let source = |key: &str| shown.stdout.lines().filter(|line| line.starts_with(key)).count();
    assert_eq!((source("account"), source("exception")), (1, 1), "{shown:#?}");
    assert!(shown.stdout.contains("# --account\n") && shown.stdout.contains("# --exception\n"), "{shown:#?}");
    for (args, said) in [
        (["--account", "id=123456789012"], "--account id=123456789012: it has no units: say which"),
        (["--account", "units=a id=1"], "an account id is 12 digits"),
        (["--account", "units=a,../b"], "units \"../b\": it must stay below"),
        (["--account", "units=a production=yes"], "production is true or false"),
        (["--account", "units=a units=b"], "this account says its units twice"),
        (["--account", "unit=a"], "an account has no \"unit\"; did you mean units?"),
        (["--exception", "owner=o"], "it has no user: say the user's name or address (user=…)"),
        (["--exception", "user=ci ownr=o"], "an exception has no \"ownr\"; did you mean owner?"),
        (["--exception", "user=ci path=/x"], "path \"/x\": it must stay below"),
        (["--exception", "user=\"ci"], "this quote is not closed"),
        (["--exception", "user ci"], "\"user\" is no name=value"),
    ] {
        run(&args).refuses(said);
        project.run(&["config", args[0], args[1]]).refuses(said);
    }
}

/// Every flag of `check` is a key, or the documentation says why it has none; every key is a flag.
#[test]
fn keys_and_flags_are_the_same_but_for_those_that_are_listed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&read("docs/lonekey.toml.schema.json")).unwrap();
    let keys: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
    let page = read("docs/configuration.md");
    let listed = |name: &str| page.contains(&format!("`{name}`"));
    let help = run_in(root, &With::default(), &["check", "--help"]).stdout;
    let flags: Vec<String> = help
        .lines()
        .filter_map(|line| {
            line.trim().strip_prefix("--").or(line.trim().split_once(", --").map(|(_, flag)| flag))
        })
        .map(|flag| flag.split([' ', '[', '=']).next().unwrap().to_owned())
        .collect();
    assert!(flags.len() > 20, "{help}");
    let (_, without_key) = page.split_once("## Flags without a key").unwrap();
    for flag in &flags {
        let key = if flag == "scenario" { "scenarios" } else { flag };
        let is_key = keys.iter().any(|k| *k == key);
        assert!(is_key != without_key.contains(&format!("`--{flag}`")), "--{flag}: a key, or listed");
    }
    for key in keys {
        let flag = if key == "scenarios" { "scenario" } else { key };
        assert!(listed(key), "{key} is documented");
        assert!(flags.iter().any(|f| f == flag), "{key} is a flag");
        assert!(listed(&format!("--{flag}")), "--{flag} is documented");
    }
    // What the schema knows is what the program knows.
    let all = format!(
        "{}\n",
        schema["properties"]
            .as_object()
            .unwrap()
            .keys()
            .map(|k| format!("{k}x = 1"))
            .collect::<Vec<_>>()
            .join("\n")
    );
    let first = project(&all).run(&["check"]);
    assert!(first.stderr.contains("did you mean"), "{first:#?}");
    let unknown = project("severity = 1\n").run(&["check"]).stderr;
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(unknown.contains(key.as_str()), "{key} in {unknown}");
    }
}
