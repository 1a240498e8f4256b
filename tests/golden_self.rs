//! The golden harness can fail: a script stands in for the program, and gives wrong answers.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/edits.rs"]
mod edits;
#[path = "golden/layout.rs"]
mod layout;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

const CASE: &str = "why = \"two keys\"\nverdict = \"certain\"\nexit = 1\n";
const FINDS: &str = r#"echo '{"findings":[{"level":"latent"},{"level":"certain"}]}'; exit 1"#;
const CLEAN: &str = r#"echo '{"findings":[]}'; exit 0"#;

/// A script cannot be started while another thread's new process still holds it open for writing.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A case folder `a/b/c` and a program that is this shell script.
struct Stage {
    _turn: MutexGuard<'static, ()>,
    root: TempDir,
    binary: PathBuf,
}

impl Stage {
    fn new(case: &str, script: &str) -> Self {
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let root = TempDir::new().unwrap();
        let folder = root.path().join("cases/a/b/c");
        fs::create_dir_all(folder.join("input")).unwrap();
        fs::write(folder.join("case.toml"), case).unwrap();
        fs::write(folder.join("input/main.tf"), "# one\n# two\n").unwrap();
        let binary = root.path().join("program");
        // As the program does, it writes what it says to the file of `--output json=FILE` too.
        let written = "for to; do case $to in json=*) printf '%s\\n' \"$said\" >\"${to#json=}\";; esac; done";
        let program = format!(
            "#!/bin/sh\nsay() {{\n{script}\n}}\nsaid=$(say \"$@\")\ncode=$?\nprintf '%s\\n' \"$said\"\n{written}\nexit $code\n"
        );
        fs::write(&binary, program).unwrap();
        fs::set_permissions(&binary, fs::Permissions::from_mode(0o755)).unwrap();
        Self { _turn: turn, root, binary }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("cases/a/b/c")
    }

    fn check(&self, bless: bool) -> Result<(), String> {
        case::check(&self.binary, "a::b::c", &self.folder(), bless)
    }

    /// Checks that it fails, saying this.
    fn fails(&self, bless: bool, saying: &str) {
        let error = self.check(bless).expect_err(saying);
        assert!(error.contains(saying), "{error}");
    }

    fn has(&self, name: &str) -> bool {
        self.folder().join(name).exists()
    }
}

#[test]
fn a_case_without_expectations_fails_until_it_is_blessed() {
    let stage = Stage::new(CASE, FINDS);
    stage.fails(false, "expected.json is missing");
    stage.check(true).unwrap();
    stage.check(false).unwrap();
    assert!(stage.has("expected.json") && stage.has("expected.txt"));
}

#[test]
fn bless_refuses_another_verdict() {
    let stage = Stage::new(CASE, CLEAN);
    stage.fails(true, "verdict clean, exit code 0; the case says certain, 1");
    assert!(!stage.has("expected.json") && !stage.has("expected.txt"));
}

#[test]
fn bless_refuses_another_exit_code() {
    let stage = Stage::new(CASE, r#"echo '{"findings":[{"level":"certain"}]}'; exit 2"#);
    stage.fails(true, "exit code 2; the case says certain, 1");
    assert!(!stage.has("expected.json"));
}

#[test]
fn a_changed_rendering_shows_the_changed_lines() {
    let stage = Stage::new(CASE, FINDS);
    stage.check(true).unwrap();
    fs::write(stage.folder().join("expected.txt"), "something else\n").unwrap();
    stage.fails(false, "-something else\n+{");
}

#[test]
fn bytes_that_depend_on_the_threads_fail() {
    let script = format!("case \"$*\" in *'--threads 8'*) echo ' ';; esac; {FINDS}");
    Stage::new(CASE, &script).fails(true, "other bytes with --threads 8");
}

#[test]
fn a_verdict_that_changes_with_crlf_fails() {
    let script = format!("if grep -q $(printf '\\r') main.tf; then {CLEAN}; fi; {FINDS}");
    Stage::new(CASE, &script).fails(true, "variant `crlf`");
}

#[test]
fn a_verdict_that_changes_with_a_byte_order_mark_fails() {
    let script = format!("if [ $(wc -c < main.tf) -ge 15 ]; then {CLEAN}; fi; {FINDS}");
    Stage::new(CASE, &script).fails(true, "variant `bom`");
}

#[test]
fn a_verdict_that_changes_with_a_neighbour_fails() {
    let script = format!("if [ -e neighbour-configmap.yaml ]; then {CLEAN}; fi; {FINDS}");
    Stage::new(CASE, &script).fails(true, "variant `neighbour`");
    let skipped = format!("{CASE}skip = {{ neighbour = \"the neighbour is the point\" }}\n");
    Stage::new(&skipped, &script).check(true).unwrap();
}

#[test]
fn a_known_wrong_case_passes_while_it_is_wrong() {
    let case = format!("{CASE}known_wrong = \"not yet\"\n");
    Stage::new(&case, CLEAN).check(false).unwrap();
    Stage::new(&case, FINDS).fails(false, "answers rightly now");
}

#[test]
fn a_look_alike_exists_and_has_another_verdict() {
    let case = format!("{CASE}look_alike = \"../d\"\n");
    let stage = Stage::new(&case, FINDS);
    stage.fails(true, "look_alike \"../d\"");
    let other = stage.folder().join("../d");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("case.toml"), CASE).unwrap();
    stage.fails(true, "has the same verdict");
    fs::write(other.join("case.toml"), CASE.replace("certain", "clean")).unwrap();
    stage.check(true).unwrap();
}

#[test]
fn a_misspelt_field_fails() {
    Stage::new(&format!("{CASE}lookalike = \"../d\"\n"), FINDS).fails(true, "unknown field `lookalike`");
}

#[test]
fn files_that_no_case_uses_are_found() {
    let stage = Stage::new(CASE, FINDS);
    let root = stage.root.path().join("cases");
    let (cases, strays) = layout::read(&root);
    assert_eq!((cases.len(), strays.len()), (1, 0), "{strays:?}");
    assert_eq!(layout::name(&root, &cases[0]), "a::b::c");
    for stray in ["a/b/c/notes.txt", "a/b/old/expected.json", "a/README.md"] {
        let path = root.join(stray);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    assert_eq!(layout::read(&root).1.len(), 3);
}

#[test]
fn a_difference_leaves_out_what_is_alike() {
    let differ = |old: &str, new: &str| case::difference(old, new).unwrap();
    assert_eq!(differ("a\nb\nc\n", "a\nx\nc\n"), "@@ line 2 @@\n-b\n+x\n");
    assert_eq!(differ("a\n", "a\na\n"), "@@ line 2 @@\n+a\n");
    assert_eq!(case::difference("a\n", "a\n"), None);
}
