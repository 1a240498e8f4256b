//! A run that is ended, or that meets a full disk, leaves what was there before, and nothing beside it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::project::{Project, TWO_KEYS};

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What a write past the limit is, as on a full disk: an error in the middle.
#[test]
fn a_write_that_fails_leaves_what_was_there() {
    let padded = format!("{TWO_KEYS}# {}\n", "x".repeat(4_000));
    let many: String = (0..40)
        .map(|n| {
            TWO_KEYS
                .replace("first", &format!("a{n}"))
                .replace("second", &format!("b{n}"))
                .replace("ci", &format!("u{n}"))
        })
        .collect();
    for (file, text, args) in [
        ("out.json", "before", &["--output", "json=out.json"][..]),
        ("new.json", "", &["--output", "json=new.json"]),
        ("known.json", "", &["--baseline", "known.json", "--write-baseline"]),
        ("main.tf", &padded, &["--fix", "--keep", "aws_iam_access_key.first"]),
    ] {
        let project = Project::new(&[("main.tf", if file == "known.json" { &many } else { TWO_KEYS })]);
        if !text.is_empty() {
            project.write(file, text.as_bytes());
        }
        let before = names(&project.path(""));
        let output = Command::new("bash")
            .args(["-c", "ulimit -f 2; exec \"$0\" check \"$@\"", env!("CARGO_BIN_EXE_lonekey")])
            .args(args)
            .current_dir(project.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{file}: {said}");
        assert!(said.contains(file) && said.contains("File too large"), "{file}: {said}");
        assert_eq!(names(&project.path("")), before, "{file}");
        if !text.is_empty() {
            assert_eq!(fs::read_to_string(project.path(file)).unwrap(), text, "{file}");
        }
    }
}

#[test]
fn a_signal_leaves_nothing_of_another_revision() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    fs::remove_dir(project.path(".git")).unwrap();
    let git = |args: &[&str]| {
        let who = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];
        let mut command = Command::new("git");
        assert!(
            command
                .args(args)
                .current_dir(project.path(""))
                .envs(who.map(|name| (name, "ci")))
                .status()
                .unwrap()
                .success()
        );
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "state"]);
    let real = String::from_utf8(Command::new("which").arg("git").output().unwrap().stdout).unwrap();
    // What the test itself ignores, under `nohup` or in the background of a script, so does what it starts.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
    // The last one begins with hang-ups ignored, and gets one first.
    for (trap, signal) in [("", 1), ("", 2), ("", 15), ("trap '' HUP; ", 15)] {
        if ignored >> (signal - 1) & 1 != 0 {
            continue;
        }
        let (tools, temporary) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pid = tools.path().join("pid");
        // A git that never answers.
        let slow = format!(
            "#!/bin/sh\ncase \"$*\" in *cat-file*) echo $$ >{}; exec sleep 60;; esac\nexec {} \"$@\"\n",
            pid.display(),
            real.trim()
        );
        fs::write(tools.path().join("git"), slow).unwrap();
        fs::set_permissions(tools.path().join("git"), fs::Permissions::from_mode(0o755)).unwrap();
        let path = format!("{}:/usr/bin:/bin", tools.path().display());
        let mut run = Command::new("sh")
            .args(["-c", &format!("{trap}exec \"$0\" check --new-since HEAD"), env!("CARGO_BIN_EXE_lonekey")])
            .current_dir(project.path(""))
            .envs([("PATH", path.as_str()), ("TMPDIR", temporary.path().to_str().unwrap())])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while fs::read_to_string(&pid).unwrap_or_default().trim().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(50), "the revision is never read");
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(names(temporary.path()).len(), 1, "the revision has a folder");
        let kill = |signal: i32, pid: &str| {
            Command::new("kill").args([&format!("-{signal}"), pid]).status().unwrap();
        };
        if !trap.is_empty() {
            kill(1, &run.id().to_string());
            std::thread::sleep(Duration::from_millis(300));
            assert_eq!(run.try_wait().unwrap(), None, "what was to be ignored is");
            assert_eq!(names(temporary.path()).len(), 1);
        }
        kill(signal, &run.id().to_string());
        let status = run.wait().unwrap();
        kill(9, fs::read_to_string(&pid).unwrap().trim());
        assert_eq!(status.signal(), Some(signal), "it ends as whoever sent the signal expects");
        assert_eq!(names(temporary.path()), [""; 0]);
    }
}
