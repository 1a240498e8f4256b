//! Standard output, standard error, colour, files, threads.

use std::fs;
use std::io::Read;
use std::process::{Command, Stdio};

use super::project::{COUNTED, ONE_KEY, Project, TWO_KEYS, With, example, run_in};

const ESCAPE: &str = "\u{1b}[";

#[test]
fn reports_go_to_standard_output_and_nothing_to_standard_error() {
    let run = Project::new(&[("main.tf", TWO_KEYS)]).run(&["check"]);
    run.exits(1).says("certain[");
    assert_eq!(run.stderr, "");
}

#[test]
fn a_pipe_gets_no_colour_unless_asked() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let coloured = |env: &[(&str, &str)], flags: &[&str]| {
        let args: Vec<&str> = ["check"].iter().chain(flags).copied().collect();
        project.run_env(env, &args).exits(1).stdout.contains(ESCAPE)
    };
    let (no, force) = (("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1"));
    assert!(!coloured(&[], &[]));
    assert!(!coloured(&[], &["--color", "auto"]));
    assert!(coloured(&[], &["--color", "always"]));
    assert!(!coloured(&[force], &["--color", "never"]));
    assert!(coloured(&[force], &[]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")], &[]));
    assert!(!coloured(&[no, force], &[]));
    assert!(coloured(&[("FORCE_COLOR", "1")], &[]));
    assert!(!coloured(&[no, ("FORCE_COLOR", "1")], &[]));
    assert!(!coloured(&[("FORCE_COLOR", "0")], &[]) && !coloured(&[("CLICOLOR", "0")], &[]));
    assert!(coloured(&[("NO_COLOR", ""), force], &[]), "an empty NO_COLOR says nothing");
    assert!(coloured(&[no], &["--color", "always"]), "a flag is nearer than the environment");
}

#[test]
fn colour_changes_nothing_but_colour() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let plain = project.run(&["check"]).stdout;
    let coloured = project.run(&["check", "--color", "always"]).stdout;
    let mut stripped = String::new();
    let mut parts = coloured.split(ESCAPE);
    stripped.push_str(parts.next().unwrap());
    for part in parts {
        stripped.push_str(part.split_once('m').unwrap().1);
    }
    assert_eq!(stripped, plain);
}

#[test]
fn what_programs_read_has_no_colour() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    for format in ["json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        project.run(&["check", "--format", format, "--color", "always"]).exits(1).says_not(ESCAPE);
    }
    project.run(&["inventory", "--format", "json", "--color", "always"]).says_not(ESCAPE);
}

#[test]
fn explain_follows_the_same_wishes() {
    let project = Project::new(&[]);
    project.run(&["explain"]).says_not(ESCAPE);
    project.run(&["explain", "--color", "always"]).says(ESCAPE);
    project.run(&["explain", "--color", "never"]).says_not(ESCAPE);
}

#[test]
fn a_report_in_a_file_is_the_one_of_a_pipe() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        let piped = project.run(&["check", "--format", format]).stdout;
        let run = project.run(&["check", "--format", format, "--output", "report"]);
        run.exits(1);
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""), "{format}");
        assert_eq!(fs::read_to_string(project.path("report")).unwrap(), piped, "{format}");
    }
    project.run(&["inventory", "--output", "list"]).exits(0);
    assert!(fs::read_to_string(project.path("list")).unwrap().contains("aws_iam_access_key.first"));
}

#[test]
fn one_run_writes_several_reports_and_keeps_standard_output() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let formats = ["concise", "json", "sarif", "github", "markdown", "gitlab", "junit"];
    let names: Vec<String> = formats.iter().map(|format| format!("{format}=out.{format}")).collect();
    let outputs = names.iter().flat_map(|name| ["--output", name.as_str()]);
    let args: Vec<&str> = ["check", "--format", "concise"].into_iter().chain(outputs).collect();
    let run = project.run(&args);
    assert_eq!(run.exits(1).stdout, project.run(&["check", "--format", "concise"]).stdout);
    for format in formats {
        let piped = project.run(&["check", "--format", format]).stdout;
        assert_eq!(fs::read_to_string(project.path(&format!("out.{format}"))).unwrap(), piped, "{format}");
    }
    let left = fs::read_dir(project.path("")).unwrap().count();
    assert_eq!(left, 2 + formats.len(), "nothing is left beside the reports");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_report_is_not_written_through() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("main.tf", TWO_KEYS), ("kept.txt", "kept"), ("mode.json", "old")]);
    project.link("kept.txt", "report.json");
    project.link("absent.txt", "report.sarif");
    fs::set_permissions(project.path("mode.json"), fs::Permissions::from_mode(0o640)).unwrap();
    let outputs = ["json=report.json", "sarif=report.sarif", "gitlab=mode.json", "junit=/dev/null"];
    let outputs = outputs.into_iter().flat_map(|output| ["--output", output]);
    project.run(&["check"].into_iter().chain(outputs).collect::<Vec<_>>()).exits(1);
    assert_eq!(fs::read_to_string(project.path("kept.txt")).unwrap(), "kept");
    assert!(!project.path("absent.txt").exists());
    for report in ["report.json", "report.sarif"] {
        assert!(fs::symlink_metadata(project.path(report)).unwrap().is_file(), "{report}");
    }
    let mode = |path: &str| fs::metadata(project.path(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("mode.json"), 0o640);
    assert_eq!(mode("report.json"), mode("main.tf"), "as any new file");
}

#[test]
fn a_report_replaces_an_older_one() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.run(&["check", "--format", "json", "--output", "report.json"]).exits(1);
    project.write("main.tf", ONE_KEY.as_bytes());
    project.run(&["check", "--format", "json", "--output", "report.json"]).exits(0);
    let report = fs::read_to_string(project.path("report.json")).unwrap();
    assert!(report.contains("\"findings\": []"), "{report}");
}

#[test]
fn a_file_that_cannot_be_written_fails_the_run() {
    let project = Project::new(&[("main.tf", ONE_KEY)]);
    project.run(&["check", "--output", "absent/report"]).refuses("absent/report");
    project.run(&["check", "--output", "."]).refuses("--output");
    // What was found is told all the same.
    let run = project.run(&["check", "--output", "json=absent/report", "--output", "json=there"]);
    run.exits(2).says("No user has two active access keys");
    assert_eq!(run.stderr, "error: --output absent/report: its folder does not exist\n");
    assert!(project.path("there").exists());
}

#[test]
fn quiet_says_nothing_when_there_is_nothing() {
    let project = Project::new(&[("main.tf", ONE_KEY)]);
    assert_ne!(project.run(&["check"]).stdout, "");
    for flag in ["-q", "--quiet"] {
        let run = project.run(&["check", flag]);
        assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    }
    assert_eq!(project.run(&["check", "-q", "--format", "github"]).stdout, "");
}

#[test]
fn quiet_leaves_no_older_report_in_a_file() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.run(&["check", "-q", "--output", "report"]).exits(1);
    project.write("main.tf", ONE_KEY.as_bytes());
    project.run(&["check", "-q", "--output", "report"]).exits(0);
    assert_eq!(fs::read_to_string(project.path("report")).unwrap(), "");
}

#[test]
fn quiet_keeps_what_there_is() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    assert_eq!(project.run(&["check", "-q"]).stdout, project.run(&["check"]).stdout);
    let remote = "module \"m\" {\n  source = \"acme/keys/aws\"\n}\n";
    Project::new(&[("main.tf", remote)]).run(&["check", "-q"]).exits(0).says("acme/keys/aws");
    let latent = Project::new(&[("main.tf", COUNTED)]);
    assert_eq!(latent.run(&["check", "-q"]).exits(0).stdout, "");
    latent.run(&["check", "-q", "--show", "latent"]).exits(0).says("latent[");
    latent.run(&["check", "-q", "--fail-on", "latent"]).exits(1).says("latent[");
    Project::new(&[]).run(&["check", "-q", "absent"]).exits(2).says("absent");
}

#[test]
fn quiet_leaves_programs_their_report() {
    let project = Project::new(&[("main.tf", ONE_KEY)]);
    for format in ["json", "sarif", "gitlab", "junit"] {
        let quiet = project.run(&["check", "-q", "--format", format]).stdout;
        assert_eq!(quiet, project.run(&["check", "--format", format]).stdout);
    }
}

#[test]
fn progress_never_reaches_a_pipe() {
    for flags in [&["check"][..], &["check", "--no-progress"]] {
        let run = run_in(&example(), &With::default(), flags);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for args in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "sarif"],
        &["check", "--format", "github"],
        &["inventory"],
        &["inventory", "--format", "json"],
    ] {
        let with_threads = |threads| {
            let args: Vec<&str> = args.iter().copied().chain(["--threads", threads]).collect();
            run_in(&example(), &With::default(), &args).stdout
        };
        let one = with_threads("1");
        assert_ne!(one, "");
        assert_eq!(one, with_threads("8"), "{args:?}");
    }
}

/// Many findings, so that the report is larger than a pipe holds.
fn many_findings() -> Project {
    let pair = |i: usize| {
        TWO_KEYS.replace("\"ci\"", &format!("\"user-{i}\"")).replace("\" {", &format!("-{i}\" {{"))
    };
    let text: String = (0..200).map(pair).collect();
    Project::new(&[("main.tf", &text)])
}

#[test]
fn a_reader_that_goes_away_changes_no_exit_code() {
    let project = many_findings();
    let full = project.run(&["check", "--format", "json"]);
    assert!(full.exits(1).stdout.len() > 1 << 17);
    for args in [&["check", "--format", "json"][..], &["check"], &["inventory"], &["--help"], &["explain"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lonekey"))
            .args(args)
            .current_dir(project.path(""))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = child.wait().unwrap().code();
        let expected = i32::from(args[0] == "check");
        assert_eq!((code, stderr.as_str()), (Some(expected), ""), "{args:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_fails_the_run() {
    let project = Project::new(&[("main.tf", ONE_KEY)]);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_lonekey"))
        .arg("check")
        .current_dir(project.path(""))
        .env_clear()
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be written"));
}
