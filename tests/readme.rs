//! Every command that README.md shows works as printed.
//!
//! A block fenced as `sh` holds one command a line. Those of the program (`cargo run -- …`, `cargo run --release -- …`,
//! `lonekey …`) are run here, at the root of the checkout; `# exits 1` behind a command names its exit code, which is 0
//! without it. Others must be listed in `NOT_RUN`, with who runs them. A block fenced as `text` right behind one is
//! what the last command of it prints, or part of that.
//!
//! The pages of `docs/` that show a project write it: a block fenced as `hcl main.tf` is that file, and the commands below it
//! are run in a folder with every file that the page showed so far.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// Commands that a test cannot run from inside a test; `.ci/run` runs the first two, or what they stand for.
const NOT_RUN: [&str; 4] =
    ["cargo test", "cargo install --locked --path .", "pre-commit install", "pre-commit run --all-files"];

/// A fenced block: its language and its lines.
struct Block {
    language: String,
    lines: Vec<String>,
    /// Whether nothing but empty lines stands between it and the block before.
    follows: bool,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut open, mut follows): (Vec<Block>, bool, bool) = (Vec::new(), false, false);
    for line in text.lines() {
        match (open, line.strip_prefix("```")) {
            (false, Some(language)) => {
                blocks.push(Block { language: language.trim().to_owned(), lines: Vec::new(), follows });
                open = true;
            }
            (true, Some(_)) => (open, follows) = (false, true),
            (true, None) => blocks.last_mut().unwrap().lines.push(line.to_owned()),
            (false, None) => follows &= line.trim().is_empty(),
        }
    }
    assert!(!open, "a fence is not closed");
    blocks
}

/// A line's command and the exit code that its comment names.
fn command(line: &str) -> (&str, i32) {
    let (command, comment) = line.split_once(" #").unwrap_or((line, ""));
    let code = comment.split_once("exits ").map_or(0, |(_, rest)| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap()
    });
    (command.trim(), code)
}

/// The program's arguments, if the command is one of the program.
fn arguments(command: &str) -> Option<Vec<&str>> {
    ["cargo run --release -- ", "cargo run -- ", "lonekey "]
        .iter()
        .find_map(|prefix| command.strip_prefix(prefix))
        .map(words)
}

/// What a shell makes of words, of which some stand in single quotes.
fn words(text: &str) -> Vec<&str> {
    let parts = text.split('\'').enumerate();
    parts
        .flat_map(|(i, part)| if i % 2 == 1 { vec![part] } else { part.split_whitespace().collect() })
        .collect()
}

fn run(command: &str, code: i32, folder: &Path) -> String {
    let arguments = arguments(command).unwrap();
    let bare: String = command.split('\'').step_by(2).collect();
    assert!(!bare.contains(['"', '|', '>', '$', '\\', '*']), "needs a shell: {command}");
    let output = Command::new(env!("CARGO_BIN_EXE_lonekey"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{command}\n{text}{errors}");
    text
}

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

#[test]
fn commands_work_as_printed() {
    let mut runs = 0;
    let mut printed = String::new();
    for block in blocks(&readme()) {
        match block.language.as_str() {
            "sh" => {
                for line in block.lines.iter().filter(|line| !line.trim().is_empty()) {
                    let (command, code) = command(line);
                    if arguments(command).is_some() {
                        printed = run(command, code, Path::new(env!("CARGO_MANIFEST_DIR")));
                        runs += 1;
                    } else {
                        assert!(NOT_RUN.contains(&command), "nobody runs this: {command}");
                    }
                }
            }
            "text" if block.follows => {
                let shown = block.lines.join("\n");
                assert!(printed.contains(&shown), "not what the command prints:\n{shown}\n\nbut:\n{printed}");
            }
            "yaml" | "text" | "hcl" | "json" => {}
            other => panic!("a block fenced as {other:?}: commands are `sh`"),
        }
    }
    assert!(runs >= 5, "only {runs} commands were run");
}

/// The picture of a finding, by the command in its first line.
const PICTURE: &str = "docs/finding.svg";
const PICTURED: &str = "lonekey check testdata/example/cloudformation/ticketing.yaml";

/// `LONEKEY_BLESS=1 cargo test --test readme picture` draws it anew.
#[test]
fn the_picture_is_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_lonekey"))
        .args(arguments(PICTURED).unwrap())
        .args(["--color", "always"])
        .current_dir(root)
        .env_remove("NO_COLOR")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let printed = String::from_utf8(output.stdout).unwrap();
    let drawn = anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&format!("$ {PICTURED}\n{printed}"));
    if std::env::var_os("LONEKEY_BLESS").is_some() {
        fs::write(root.join(PICTURE), &drawn).unwrap();
    }
    let known = fs::read_to_string(root.join(PICTURE)).unwrap_or_default();
    assert!(known == drawn, "{PICTURE} is out of date: LONEKEY_BLESS=1 cargo test --test readme picture");
    assert!(readme().contains(&format!("]({PICTURE})")), "README.md shows {PICTURE}");
}

/// Pages that show a project.
const PAGES: [&str; 5] =
    ["configuration.md", "exceptions.md", "formats.md", "how-lonekey-decides.md", "rollout.md"];

#[test]
fn commands_of_pages_work_in_the_project_that_they_show() {
    for page in PAGES {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page)).unwrap();
        let project = tempfile::tempdir().unwrap();
        fs::create_dir(project.path().join(".git")).unwrap();
        let (mut printed, mut runs) = (String::new(), 0);
        for block in blocks(&text) {
            let (language, file) = block.language.split_once(' ').unwrap_or((&block.language, ""));
            let content = block.lines.join("\n");
            match (language, file) {
                ("sh", "") => {
                    for line in block.lines.iter().filter(|line| !line.trim().is_empty()) {
                        let (command, code) = command(line);
                        printed = run(command, code, project.path());
                        runs += 1;
                    }
                }
                ("text", "") if block.follows => {
                    assert!(printed.contains(&content), "{page}: not\n{content}\n\nbut:\n{printed}");
                }
                (_, "") => {}
                (_, file) => {
                    let path = project.path().join(file);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, content + "\n").unwrap();
                }
            }
        }
        assert!(runs > 0, "{page}");
    }
}

/// Pages whose blocks are run elsewhere (`tests/adoption.rs`), or that show no command of the program.
const OTHERS: [&str; 3] = ["adoption.md", "comparison.md", "json.md"];

#[test]
fn no_page_is_forgotten_and_every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = fs::read_dir(root.join("docs"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let pages: Vec<String> = names.filter(|name| name.ends_with(".md")).collect();
    assert!(pages.len() >= PAGES.len() + OTHERS.len(), "{pages:?}");
    for page in &pages {
        assert!(PAGES.contains(&page.as_str()) != OTHERS.contains(&page.as_str()), "{page} is in one list");
        let text = fs::read_to_string(root.join("docs").join(page)).unwrap();
        let commands = blocks(&text).iter().filter(|block| block.language == "sh").count();
        assert!(
            commands == 0 || page == "adoption.md" || PAGES.contains(&page.as_str()),
            "nobody runs {page}"
        );
        assert!(readme().contains(&format!("](docs/{page})")), "README.md names {page}");
    }
    let all =
        pages.iter().map(|page| format!("docs/{page}")).chain(["README.md".into(), "CONTRIBUTING.md".into()]);
    for page in all {
        let text = fs::read_to_string(root.join(&page)).unwrap();
        let folder = root.join(&page).parent().unwrap().to_path_buf();
        for target in
            text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
        {
            let file = target.split('#').next().unwrap();
            let elsewhere = target.contains("://") || file.is_empty();
            assert!(elsewhere || folder.join(file).exists(), "{page} links to {target}");
        }
    }
}

#[test]
fn the_hooks_and_inputs_it_shows_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let hooks = fs::read_to_string(root.join(".pre-commit-hooks.yaml")).unwrap();
    let action = fs::read_to_string(root.join("action.yml")).unwrap();
    let text = readme();
    let yaml: Vec<Block> = blocks(&text).into_iter().filter(|block| block.language == "yaml").collect();
    let (mut ids, mut inputs) = (0, 0);
    for block in &yaml {
        let is_hook = block.lines.iter().any(|line| line.contains("hooks:"));
        let mut of_ours = false;
        for line in block.lines.iter().map(|line| line.trim()) {
            if is_hook && let Some(id) = line.strip_prefix("- id: ") {
                assert!(hooks.contains(&format!("- id: {id}\n")), "no hook is called {id}");
                ids += 1;
            }
            if line.contains("uses:") {
                of_ours = line.contains("lonekey/lonekey@");
            } else if of_ours
                && line != "with:"
                && let Some((name, _)) = line.split_once(':')
                && !matches!(name, "id" | "if" | "- id" | "name")
            {
                assert!(action.contains(&format!("\n  {name}:\n")), "the action has no input {name}");
                inputs += 1;
            }
        }
    }
    assert!(ids > 0 && inputs > 0, "{ids} hooks, {inputs} inputs");
}

#[test]
fn a_comment_names_the_exit_code() {
    assert_eq!(command("lonekey check . # exits 1: it finds something"), ("lonekey check .", 1));
    assert_eq!(command("lonekey explain"), ("lonekey explain", 0));
    assert_eq!(arguments("cargo run -- check a b"), Some(vec!["check", "a", "b"]));
    assert_eq!(
        arguments("lonekey check --account 'units=a b'"),
        Some(vec!["check", "--account", "units=a b"])
    );
    assert_eq!(arguments("cargo test"), None);
}

#[test]
fn a_text_block_belongs_to_the_command_right_before_it() {
    let found = blocks("```sh\na\n```\n\n```text\nb\n```\nwords\n```text\nc\n```\n");
    let follows: Vec<bool> = found.iter().map(|block| block.follows).collect();
    assert_eq!(follows, [false, true, false]);
}
