//! The blocks of docs/adoption.md, run in their order in one scratch repository.
//!
//! A block of configuration whose first line is a comment with a file's name is written to that file; the first one is
//! committed. A block fenced as `sh` is run line by line, with `# exits 1` for an exit code other than 0, and a block fenced
//! as `text` right behind it is what its last line prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::process::Command;

/// A command with nothing of the caller's environment but the path, with the program first on it.
fn command(program: &str, folder: &Path) -> Command {
    let own = Path::new(env!("CARGO_BIN_EXE_lonekey")).parent().unwrap().to_path_buf();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([own].into_iter().chain(std::env::split_paths(&path))).unwrap();
    let mut command = Command::new(program);
    command.current_dir(folder).env_clear().env("PATH", path).env("COLUMNS", "100");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "ci").env(format!("GIT_{who}_EMAIL"), "ci@example.com");
    }
    command
}

fn git(folder: &Path, args: &[&str]) {
    assert!(command("git", folder).args(args).status().unwrap().success(), "git {args:?}");
}

#[cfg(unix)]
#[test]
fn every_block_does_what_it_says() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/adoption.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "--quiet"]);
    let (mut printed, mut committed, mut ran, mut compared) = (String::new(), false, 0, 0);
    for (language, block) in blocks(&text) {
        match language {
            "sh" => {
                for line in block.lines() {
                    let (line, code) = line.split_once(" # exits ").unwrap_or((line, "0"));
                    let output = command("bash", root).args(["-c", line]).output().unwrap();
                    let errors = String::from_utf8_lossy(&output.stderr);
                    printed = String::from_utf8(output.stdout).unwrap();
                    let code: i32 = code.parse().unwrap();
                    assert_eq!(output.status.code(), Some(code), "{line}\n{printed}{errors}");
                    ran += 1;
                }
            }
            "text" => {
                assert!(printed.contains(block), "not what is printed:\n{block}\nbut:\n{printed}");
                compared += 1;
            }
            _ => {
                let name =
                    block.lines().next().and_then(|line| line.strip_prefix("# ")).expect("a file's name");
                std::fs::write(root.join(name), block).unwrap();
                if !committed {
                    git(root, &["add", "--all"]);
                    git(root, &["commit", "--quiet", "--message", "what is there"]);
                }
                committed = true;
            }
        }
    }
    assert!(ran > 6 && compared > 1, "{ran} lines run, {compared} outputs compared");
}

/// The fenced blocks: language and text.
#[cfg(unix)]
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let fenced = text.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).collect()
}
