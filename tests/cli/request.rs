//! The request: help, versions, and what is no request at all.

use super::project::{ONE_KEY, Project, TWO_KEYS};

#[test]
fn help_names_every_flag_and_is_no_failure() {
    let project = Project::new(&[]);
    let run = project.run(&["check", "--help"]);
    run.exits(0);
    let flags = [
        "--format",
        "--fail-on",
        "--output",
        "--exclude",
        "--incomplete",
        "--color",
        "--quiet",
        "--no-progress",
        "--stdin-filename",
        "--var ",
        "--var-file",
        "--workspace",
        "--parameter ",
        "--parameter-file",
        "--scenario",
        "--threads",
    ];
    for flag in flags {
        run.says(flag);
    }
    let all = project.run(&["--help"]);
    all.exits(0).says("check").says("inventory").says("explain");
    assert_eq!(project.run(&["-h"]).code, 0);
}

#[test]
fn the_version_is_the_package_s() {
    let expected = format!("lonekey {}\n", env!("CARGO_PKG_VERSION"));
    for flag in ["--version", "-V"] {
        assert_eq!(Project::new(&[]).run(&[flag]).exits(0).stdout, expected);
    }
}

#[test]
fn a_run_without_a_command_is_refused_with_help() {
    let run = Project::new(&[("main.tf", TWO_KEYS)]).run(&[]);
    run.refuses("Usage: lonekey <COMMAND>");
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let check = |args: &[&str], message: &str| project.run(args).refuses(message);
    check(&["audit"], "audit");
    check(&["check", "--strict"], "--strict");
    check(&["check", "--format", "xml"], "xml");
    check(&["check", "--fail-on", "medium"], "medium");
    check(&["check", "--incomplete", "ignore"], "ignore");
    check(&["check", "--color", "sometimes"], "sometimes");
    check(&["inventory", "--format", "sarif"], "sarif");
    check(&["inventory", "--fail-on", "certain"], "--fail-on");
    check(&["explain", "main.tf"], "main.tf");
}

#[test]
fn an_environment_that_a_samconfig_does_not_have_is_refused_with_those_it_has() {
    let samconfig =
        "[default.deploy.parameters]\nparameter_overrides = \"Stage=dev\"\n[prod.deploy.parameters]\n";
    let project = Project::new(&[
        ("t.yaml", "Parameters: {Stage: {Type: String}}\nResources: {U: {Type: AWS::IAM::User}}\n"),
        ("samconfig.toml", samconfig),
        ("values.json", "[\"Stage=prod\"]"),
    ]);
    for flag in ["--parameter-file", "--scenario"] {
        let refuses = |file: &str, message: &str| {
            let run = project.run(&["check", flag, file]);
            run.refuses(message);
        };
        refuses(
            "samconfig.toml#live",
            &format!("{flag} samconfig.toml#live: this samconfig has no environment `live`"),
        );
        refuses("samconfig.toml#live", "it has `default`, `prod`");
        refuses("values.json#live", "names an environment of a samconfig, and this is none");
    }
    project.run(&["check", "--parameter-file", "samconfig.toml#prod"]).exits(0);
    project.run(&["check", "--scenario", "samconfig.toml#prod"]).refuses("declares any of its values");
}

#[test]
fn words_of_other_tools_lead_on_to_ours() {
    let project = Project::new(&[("infra/main.tf", TWO_KEYS)]);
    let check = |args: &[&str], message: &str| project.run(args).refuses(message);
    check(&["infra"], "to judge a path: lonekey check infra");
    check(&["check", "-o", "x"], "--output FILE");
    check(&["check", "--exit-zero"], "--fail-on never");
    check(&["check", "--json"], "--format json");
    check(&["check", "--no-color"], "--color never");
    project.run(&["help"]).exits(0).says("Usage: lonekey").says("Examples:");
    project.run(&["help", "check"]).exits(0).says("--fail-on");
}

#[test]
fn a_command_with_a_slip_in_it_is_no_path() {
    let project = Project::new(&[("main.tf", ONE_KEY), ("chek.d/main.tf", ONE_KEY)]);
    project.run(&["chek"]).refuses("a similar subcommand exists: 'check'");
    project.run(&["chek.d"]).refuses("to judge a path: lonekey check chek.d");
}

#[test]
fn help_is_in_groups_and_fits_a_terminal() {
    let project = Project::new(&[]);
    for args in [&["check", "--help"][..], &["check", "-h"], &["inventory", "--help"], &["--help"]] {
        let help = project.run(args).exits(0).stdout.clone();
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
        if args[0] == "check" {
            for group in ["\nReport:\n", "\nWhat is judged:\n", "\nValues of inputs:\n", "\nExamples:\n"] {
                assert!(help.contains(group), "{help}");
            }
        }
    }
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Project::new(&[]).run(&["completions", shell]).exits(0).says("fail-on");
    }
}

#[test]
fn values_that_mean_nothing_are_refused() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let check = |args: &[&str], message: &str| project.run(args).refuses(message);
    check(&["check", "--threads", "0"], "--threads");
    check(&["check", "--threads", "many"], "--threads");
    check(&["check", "--exclude", "a{b"], "--exclude");
    check(&["check", "--var", "keys"], "NAME=VALUE");
    check(&["check", "--parameter", "=x"], "NAME=VALUE");
    check(&["check", "--workspace", ""], "--workspace");
    check(&["check", ""], "[PATHS]");
    check(&["check", "--output"], "--output");
}

#[test]
fn the_message_names_what_is_possible_instead() {
    let project = Project::new(&[]);
    project
        .run(&["check", "--format", "xml"])
        .refuses("pretty, concise, json, sarif, github-sarif, github, markdown");
    project.run(&["check", "--fail-on", "high"]).refuses("certain, possible, latent, never");
}

#[test]
fn explain_prints_the_control_and_reads_nothing() {
    let run = Project::new(&[("main.tf", "resource {{{")]).run(&["explain"]);
    run.exits(0).says("CIS").says("certain").says("possible").says("latent").says("Inactive");
    assert_eq!(run.stderr, "");
}

#[test]
fn without_a_path_the_working_directory_is_judged() {
    let project = Project::new(&[("main.tf", TWO_KEYS), ("clean/main.tf", ONE_KEY)]);
    project.run(&["check"]).exits(1);
    let inside = super::project::With { cwd: "clean", ..Default::default() };
    project.run_with(&inside, &["check"]).exits(0);
}

#[test]
fn flags_may_stand_on_both_sides_of_paths_and_dashes_end_them() {
    let project = Project::new(&[("--quiet/main.tf", TWO_KEYS)]);
    project.run(&["check", "--format", "json", "--", "--quiet"]).exits(1);
    project.run(&["check", "./--quiet", "--format", "json"]).exits(1);
    project.run(&["check", "--format=json", "./--quiet", "--fail-on=never"]).exits(0);
}

#[test]
fn an_app_of_the_cdk_that_is_not_synthesized_is_said() {
    let app = "{ \"app\": \"npx tsx app.ts\" }";
    let said = "shop/cdk.json: this app is not synthesized here (shop/cdk.out is not there)";
    let project = Project::new(&[("shop/cdk.json", app), ("shop/app.ts", ""), ("main.tf", ONE_KEY)]);
    let told = |args: &[&str], text: &str, is_said: bool| {
        let run = project.run(args);
        assert_eq!((run.code, run.stderr.contains(text)), (0, is_said), "{text}: {run:#?}");
    };
    told(&["check"], said, true);
    told(&["check", "shop"], said, true);
    told(&["check", "main.tf"], "cdk.json", false);
    told(&["check", "--exclude", "shop"], "cdk.json", false);
    project.write("shop/cdk.json", b"{ \"app\": \"npx tsx app.ts\", \"output\": \"../build\" }");
    told(&["check"], "(build is not there)", true);
    project.write("build/manifest.json", b"{ \"version\": \"36.0.0\", \"artifacts\": {} }");
    told(&["check"], "cdk.json", false);
    project.write("build/manifest.json", b"{");
    told(&["check"], "(build) has no manifest that can be read", true);
    std::fs::remove_file(project.path("build/manifest.json")).unwrap();
    told(&["check"], "(build holds no assembly)", true);
    let stack = "{ \"type\": \"aws:cloudformation:stack\", \"properties\": { \"templateFile\": \"a.template.json\" } }";
    let manifest = format!("{{ \"version\": \"36.0.0\", \"artifacts\": {{ \"a\": {stack} }} }}");
    project.write("build/manifest.json", manifest.as_bytes());
    project.write("build/a.template.json", b"{}");
    told(&["check"], "cdk.json", false);
    told(&["check", "--exclude", "build"], "(build) is left out", true);
    project.write("shop/cdk.json", b"{ \"context\": {} }");
    std::fs::remove_dir_all(project.path("build")).unwrap();
    told(&["check"], "cdk.json", false);
}
