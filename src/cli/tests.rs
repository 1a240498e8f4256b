use super::*;
use crate::report::Style;

fn check(args: &[&str]) -> Options {
    match parse([&["lonekey", "check"], args].concat()).unwrap() {
        Command::Check(options) => options,
        other => panic!("{other:?}"),
    }
}

fn refused(args: &[&str]) -> String {
    let error = parse([&["lonekey"], args].concat()).unwrap_err();
    assert_eq!(error.exit_code(), 2, "{args:?}: {error}");
    error.to_string()
}

#[test]
fn the_definition_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn defaults_judge_the_working_directory() {
    let options = check(&[]);
    assert_eq!(options.paths, [PathBuf::from(".")]);
    assert_eq!((options.format, options.fail_on, options.show), (Format::Pretty, None, None));
    assert_eq!((options.incomplete, options.color), (None, Color::Auto));
    assert!(!options.stdin && !options.quiet && options.progress);
    assert_eq!(options.threads, None);
}

#[test]
fn values_and_files_keep_the_order_typed() {
    let options = check(&[
        "--var",
        "a=1",
        "--var-file",
        "x.tfvars",
        "dir",
        "--var=b=2=3",
        "--var-file=y.tfvars",
        "--var",
        "c=",
        "--parameter-file",
        "p.json",
        "--parameter",
        "Env=prod",
    ]);
    let value = |n: &str, v: &str| Given::Value(n.into(), v.into());
    let file = |p: &str| Given::File(p.into());
    let expected = [value("a", "1"), file("x.tfvars"), value("b", "2=3"), file("y.tfvars"), value("c", "")];
    assert_eq!(options.variables, expected);
    assert_eq!(options.parameters, [file("p.json"), value("Env", "prod")]);
    let swapped = check(&["--var-file", "x.tfvars", "--var", "a=1"]);
    assert_eq!(swapped.variables, [file("x.tfvars"), value("a", "1")]);
    assert_eq!(check(&["--var", "a=1"]).variables, [value("a", "1")]);
}

#[test]
fn a_list_of_scenarios_ends_at_what_holds_no_values() {
    let typed = |args: &[&str]| {
        let options = check(args);
        let text = |paths: &[PathBuf]| paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>();
        (text(&options.scenarios), text(&options.paths))
    };
    let both = |scenarios: &[&str], paths: &[&str]| {
        let owned = |all: &[&str]| all.iter().map(|s| (*s).to_owned()).collect::<Vec<String>>();
        (owned(scenarios), owned(paths))
    };
    assert_eq!(typed(&["--scenario", "vars/*.tfvars", "."]), both(&["vars/*.tfvars"], &["."]));
    assert_eq!(
        typed(&["--scenario", "a.tfvars", "b.tfvars.json", "infra", "main.tf"]),
        both(&["a.tfvars", "b.tfvars.json"], &["infra", "main.tf"])
    );
    let samconfig = ["--scenario", "samconfig.toml#prod", "p.json", "keys.template.json", "--quiet"];
    assert_eq!(typed(&samconfig), both(&["samconfig.toml#prod", "p.json"], &["keys.template.json"]));
    assert_eq!(typed(&["infra", "--scenario", "a.tfvars"]), both(&["a.tfvars"], &["infra"]));
    assert_eq!(typed(&["--scenario", "a.tfvars", "--", "b.json"]), both(&["a.tfvars"], &["b.json"]));
    assert_eq!(typed(&["--scenario", "a.tfvars"]), both(&["a.tfvars"], &["."]));
    assert!(refused(&["check", "--scenario", "infra"]).contains("not the name of a file of values"));
}

#[test]
fn standard_input_is_one_file_beside_others() {
    let options = check(&["-", "--stdin-filename", "infra/new.tf", "modules"]);
    assert!(options.stdin);
    assert_eq!(options.paths, [PathBuf::from("modules")]);
    assert_eq!(options.stdin_filename, Some("infra/new.tf".into()));
    assert!(check(&["-"]).paths.is_empty());
    assert!(refused(&["check", "-", "-"]).contains("once"));
    assert!(refused(&["check", "x.tf", "--stdin-filename", "y.tf"]).contains("`-`"));
}

#[test]
fn a_wrong_request_is_refused_with_two() {
    for args in [
        &["check", "--format", "xml"][..],
        &["check", "--fail-on", "error"],
        &["check", "--var", "novalue"],
        &["check", "--var", "=x"],
        &["check", "--parameter", "novalue"],
        &["check", "--threads", "0"],
        &["check", "--threads", "x"],
        &["check", "--workspace", ""],
        &["check", ""],
        &["inventory", "--scenario", "x"],
        &["check", "--incomplete", "ignore"],
        &["inventory", "--format", "sarif"],
        &["inventory", "--format", "github"],
        &["check", "--format", "csv"],
        &["check", "--output", "csv=keys.csv"],
        &["check", "--output", "sarfi=x"],
        &["check", "--output", "sarif="],
        &["check", "--output", "a", "--output", "b"],
        &["check", "--output", "json=a", "--output", "sarif=a"],
        &["inventory", "--output", "sarif=x"],
        &["inventory", "--fail-on", "never"],
        &["explain", "path"],
        &["inspect"],
        &[],
    ] {
        refused(args);
    }
}

#[test]
fn an_output_has_a_format_or_that_of_standard_output() {
    let options = check(&["--output", "sarif=a=b.sarif", "--output", "./json=x", "--output=junit=j.xml"]);
    let output = |format, path: &str| Output { format, path: path.into() };
    let expected = [
        output(Some(Format::Sarif), "a=b.sarif"),
        output(None, "./json=x"),
        output(Some(Format::Junit), "j.xml"),
    ];
    assert_eq!(options.outputs, expected);
}

#[test]
fn inventory_takes_its_formats_and_fails_on_nothing() {
    let parsed = parse(["lonekey", "inventory", "--format", "json", "-q", "a"]).unwrap();
    let Command::Inventory(options) = parsed else { panic!("{parsed:?}") };
    assert_eq!((options.format, options.fail_on), (Format::Json, Some(FailOn::Never)));
    assert!(options.quiet && !options.progress);
}

#[test]
fn help_and_version_are_not_failures() {
    for args in [&["--help"][..], &["--version"], &["check", "--help"]] {
        assert_eq!(parse([&["lonekey"], args].concat()).unwrap_err().exit_code(), 0, "{args:?}");
    }
}

#[test]
fn colour_follows_flag_then_environment_then_terminal() {
    let terminal = Terminal { is_terminal: true, ..Terminal::default() };
    let with = |no: &str, force: &str, is_terminal| Terminal {
        is_terminal,
        no_color: Some(no.into()),
        clicolor_force: Some(force.into()),
        ..Terminal::default()
    };
    assert!(terminal.style(Color::Auto).color);
    assert!(!terminal.style(Color::Never).color);
    assert!(!Terminal::default().style(Color::Auto).color);
    assert!(Terminal::default().style(Color::Always).color);
    assert!(!with("1", "1", true).style(Color::Auto).color);
    assert!(with("1", "", false).style(Color::Always).color);
    assert!(with("", "1", false).style(Color::Auto).color);
    assert!(!with("", "0", false).style(Color::Auto).color);
    assert!(!Terminal { term: Some("dumb".into()), ..terminal }.style(Color::Auto).color);
}

#[test]
fn only_a_terminal_changes_width_and_characters() {
    let locale = |name: &str| Some(name.to_owned());
    let pipe = Terminal { width: Some(60), locale: locale("C"), ..Terminal::default() };
    assert_eq!(pipe.style(Color::Auto), Style::default());
    let terminal = Terminal { is_terminal: true, ..pipe };
    assert_eq!(terminal.style(Color::Never), Style { color: false, width: 60, unicode: false });
    assert!(Terminal { locale: locale("de_DE.UTF-8"), ..terminal }.style(Color::Never).unicode);
}

#[test]
fn the_environment_is_read_by_its_precedence() {
    let variable = |name: &str| match name {
        "LC_ALL" => Some(String::new()),
        "LC_CTYPE" => Some("C".into()),
        "LANG" => Some("en_US.UTF-8".into()),
        "NO_COLOR" => Some("1".into()),
        _ => None,
    };
    let terminal = Terminal::new(true, Some(80), variable);
    assert_eq!(terminal.locale.as_deref(), Some("C"));
    assert_eq!(terminal.style(Color::Auto), Style { color: false, width: 80, unicode: false });
}
