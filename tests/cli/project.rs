//! A project in a scratch folder, and one run of the binary in it.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// Two keys for one user: `certain`.
pub const TWO_KEYS: &str = r#"resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  user = "ci"
}
"#;

/// One key.
pub const ONE_KEY: &str = r#"resource "aws_iam_access_key" "only" {
  user = "ci"
}
"#;

/// As many keys as `keys` says, one unless it is supplied: `latent`.
pub const COUNTED: &str = r#"variable "keys" {
  type    = number
  default = 1
}

resource "aws_iam_access_key" "each" {
  count = var.keys
  user  = "ci"
}
"#;

/// A second key if a variable without a default says so: `possible`.
pub const OPTIONAL: &str = r#"variable "rotating" {
  type = bool
}

resource "aws_iam_access_key" "first" {
  user = "ci"
}

resource "aws_iam_access_key" "second" {
  count = var.rotating ? 1 : 0
  user  = "ci"
}
"#;

/// A module with one key for the user it is told.
pub const KEY_MODULE: &str = r#"variable "user" {
  type = string
}

resource "aws_iam_access_key" "this" {
  user = var.user
}
"#;

/// Two calls of `./key` for one user.
pub const TWO_CALLS: &str = r#"module "blue" {
  source = "./key"
  user   = "ci"
}

module "green" {
  source = "./key"
  user   = "ci"
}
"#;

/// A folder with files, deleted at the end of the test. It has a `.git`, so that nothing around it has a part in it.
pub struct Project(TempDir);

/// What a run gave.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// How a run is made.
#[derive(Default)]
pub struct With<'a> {
    /// Environment variables; nothing else is passed on but the path to programs.
    pub env: &'a [(&'a str, &'a str)],
    /// What standard input holds.
    pub stdin: Option<&'a [u8]>,
    /// The working directory, below the project.
    pub cwd: &'a str,
}

impl Project {
    pub fn new(files: &[(&str, &str)]) -> Project {
        let project = Project(tempfile::tempdir().unwrap());
        fs::create_dir(project.path(".git")).unwrap();
        for (path, text) in files {
            project.write(path, text.as_bytes());
        }
        project
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let full = self.path(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }

    #[cfg(unix)]
    pub fn link(&self, to: &str, at: &str) {
        std::os::unix::fs::symlink(to, self.path(at)).unwrap();
    }

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(&With::default(), args)
    }

    pub fn run_env(&self, env: &[(&str, &str)], args: &[&str]) -> Run {
        self.run_with(&With { env, ..With::default() }, args)
    }

    pub fn run_stdin(&self, stdin: &str, args: &[&str]) -> Run {
        self.run_with(&With { stdin: Some(stdin.as_bytes()), ..With::default() }, args)
    }

    pub fn run_with(&self, with: &With, args: &[&str]) -> Run {
        run_in(&self.path(with.cwd), with, args)
    }
}

/// Runs the binary in `folder`. A panic is a failed test whatever the test looks at.
pub fn run_in(folder: &Path, with: &With, args: &[&str]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lonekey"));
    command.current_dir(folder).env_clear().args(args).envs(with.env.iter().copied());
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command.timeout(std::time::Duration::from_secs(60));
    command.write_stdin(with.stdin.unwrap_or_default());
    let output = command.output().unwrap();
    let run = Run {
        code: output.status.code().expect("ends by itself, in time"),
        stdout: String::from_utf8(output.stdout).expect("what is printed is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("what is printed is UTF-8"),
    };
    assert!(!run.stderr.contains("panicked"), "{run:#?}");
    run
}

impl Run {
    /// Checks the exit code; shows everything where it is another.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Checks that the report says this.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.stdout.contains(text), "no {text:?} in {self:#?}");
        self
    }

    /// Checks that the report does not say this.
    #[track_caller]
    pub fn says_not(&self, text: &str) -> &Self {
        assert!(!self.stdout.contains(text), "{text:?} in {self:#?}");
        self
    }

    /// Checks that the request was refused: exit code 2, a message that says this, and no report.
    #[track_caller]
    pub fn refuses(&self, text: &str) {
        self.exits(2);
        assert!(self.stderr.contains(text), "no {text:?} in {self:#?}");
        assert_eq!(self.stdout, "", "a refused request reports nothing");
    }

    /// The report as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:#?}"))
    }

    /// The levels of the findings, in their order.
    #[track_caller]
    pub fn levels(&self) -> Vec<String> {
        let text = |finding: &Value| finding["level"].as_str().unwrap().to_owned();
        list(&self.json()["findings"]).iter().map(text).collect()
    }

    /// The paths of what could not be read, in their order.
    #[track_caller]
    pub fn unreadable(&self) -> Vec<String> {
        let report = self.json();
        let entries = list(&report["incomplete"]).iter().filter(|entry| entry["kind"] == "unreadable");
        entries.map(|entry| entry["location"]["path"].as_str().unwrap().to_owned()).collect()
    }

    /// The kinds of what was not decided, in their order.
    #[track_caller]
    pub fn undecided(&self) -> Vec<String> {
        let text = |entry: &Value| entry["kind"].as_str().unwrap().to_owned();
        list(&self.json()["incomplete"]).iter().map(text).collect()
    }
}

/// The elements of a JSON list.
#[track_caller]
pub fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}"))
}

/// The bundled example.
pub fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/example")
}
