//! What one golden case checks.
//!
//! A case is a folder that says one fact: `case.toml` is the truth, written by hand; `input/` is what a user would have;
//! `expected.json` and `expected.txt` are how the program renders it, written by `cargo bless`, which never changes a
//! truth. The input is copied to a scratch folder that looks like a checkout (it has a `.git`), so that neither the
//! ignore files nor the callers of this repository have a part in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use tempfile::TempDir;

use super::edits;

/// `case.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    /// The reason for the verdict, in one sentence.
    why: String,
    /// The highest level among the findings, or `clean`.
    verdict: String,
    /// The exit code.
    exit: i32,
    /// Further arguments of `check`.
    #[serde(default)]
    args: Vec<String>,
    /// What is checked; the working directory unless given.
    #[serde(default = "dot")]
    paths: Vec<String>,
    /// The neighbour with another verdict, relative to this folder.
    look_alike: Option<String>,
    /// Set on a case that is still answered wrongly, and how; the mark must go once it is right.
    known_wrong: Option<String>,
    /// Environment variables; nothing else of the caller's environment is passed on.
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// The input, relative to this folder, where it is not the folder's own `input/`.
    input: Option<String>,
    /// The working directory, relative to the input.
    cwd: Option<String>,
    /// Variants that cannot apply here (`crlf`, `bom`, `neighbour`), each with the reason.
    #[serde(default)]
    skip: BTreeMap<String, String>,
    /// Whether every other format is recorded too.
    #[serde(default)]
    formats: bool,
    /// Edits that do what a finding's remedy says; each by itself leaves nothing to find.
    #[serde(default)]
    edit: Vec<edits::Edit>,
}

fn dot() -> Vec<String> {
    vec![".".to_owned()]
}

const VERDICTS: [&str; 4] = ["certain", "possible", "latent", "clean"];
/// The files of further formats, with what writes them.
pub const FORMATS: [(&str, &[&str]); 7] = [
    ("expected.concise.txt", &["check", "--format", "concise"]),
    ("expected.github.txt", &["check", "--format", "github"]),
    ("expected.gitlab.json", &["check", "--format", "gitlab"]),
    ("expected.inventory.csv", &["inventory", "--format", "csv"]),
    ("expected.junit.xml", &["check", "--format", "junit"]),
    ("expected.md", &["check", "--format", "markdown"]),
    ("expected.sarif", &["check", "--format", "sarif"]),
];
const VARIANTS: [&str; 3] = ["crlf", "bom", "neighbour"];

/// What a run gave.
struct Run {
    exit: i32,
    stdout: String,
    stderr: String,
}

/// Checks one case; with `bless`, first writes `expected.*` if the verdict and the exit code are the case's own.
///
/// The error is the text to show for the failed test.
pub fn check(binary: &Path, name: &str, folder: &Path, bless: bool) -> Result<(), String> {
    let case = read_case(folder)?;
    let input = folder.join(case.input.as_deref().unwrap_or("input"));
    let scratch = Scratch::new(&input, &case)?;
    let json = scratch.run(binary, &case, &["--format", "json", "--threads", "1"])?;

    if let Some(wrong) = &case.known_wrong {
        for file in ["expected.json", "expected.txt"] {
            if folder.join(file).exists() {
                return Err(format!("{file} records an answer that known_wrong says is wrong; delete it"));
            }
        }
        return match truth(&case, &json) {
            Err(_) => Ok(()),
            Ok(()) => Err(format!("answers rightly now: remove `known_wrong = \"{wrong}\"` and bless it")),
        };
    }
    truth(&case, &json)?;
    // The same report by eight threads, to a file.
    let file = scratch.beside("threads.json");
    let output = format!("json={}", file.display());
    let many = ["--format", "pretty", "--show", "latent", "--threads", "8", "--output", &output];
    let text = scratch.run(binary, &case, &many)?;
    if text.exit != case.exit {
        return Err(format!(
            "exit code {} with --format pretty, {} with json\n{}",
            text.exit, case.exit, text.stderr
        ));
    }
    // A release changes no case.
    let shown = |text: &str| text.replace(concat!("\"", env!("CARGO_PKG_VERSION"), "\""), "\"…\"");
    expect(name, &folder.join("expected.json"), &shown(&json.stdout), bless)?;
    expect(name, &folder.join("expected.txt"), &text.stdout, bless)?;
    fits(&text.stdout)?;
    for (file, arguments) in FORMATS.iter().filter(|_| case.formats) {
        let run = scratch.command(binary, &case, arguments)?;
        expect(name, &folder.join(file), &shown(&run.stdout), bless)?;
    }
    for edit in &case.edit {
        if !edit.is_at_its_place(&input) {
            return Err(format!("{edit:?} changes no line that its remedy names"));
        }
        edit.check(&json.stdout, &mut |edit| {
            let scratch = Scratch::new(&input, &case)?;
            edit.map_or(Ok(()), |edit| edit.apply(&scratch.input))?;
            let run = |format: &[&str]| scratch.command(binary, &case, format);
            Ok((run(&["check", "--format", "json"])?.stdout, run(&["inventory", "--format", "json"])?.stdout))
        })?;
    }
    for edit in &case.edit {
        let Some(arguments) = &edit.fix else { continue };
        let (by_hand, by_fix) = (Scratch::new(&input, &case)?, Scratch::new(&input, &case)?);
        edit.apply(&by_hand.input)?;
        let arguments: Vec<&str> =
            ["check", "--fix"].into_iter().chain(arguments.iter().map(String::as_str)).collect();
        let run = by_fix.command(binary, &case, &arguments)?;
        for file in edit.files() {
            let read = |scratch: &Scratch| fs::read_to_string(scratch.input.join(file)).unwrap_or_default();
            if let Some(difference) = difference(&read(&by_hand), &read(&by_fix)) {
                return Err(format!("--fix makes another edit of {file}:\n{difference}{}", run.stderr));
            }
        }
    }
    let threads = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    if let Some(difference) = difference(&json.stdout, &threads) {
        return Err(format!("other bytes with --threads 8, in a file:\n{difference}"));
    }
    // All at once, and one by one to say which of them it is.
    let variants: Vec<&str> =
        VARIANTS.into_iter().filter(|variant| !case.skip.contains_key(*variant)).collect();
    let varied = |variants: &[&str]| {
        let scratch = Scratch::new(&input, &case)?;
        variants.iter().try_for_each(|variant| scratch.vary(variant))?;
        let run = scratch.run(binary, &case, &["--format", "json"])?;
        truth(&case, &run).map_err(|error| format!("variant `{}`: {error}", variants.join("` with `")))
    };
    varied(&variants)
        .map_err(|error| variants.iter().find_map(|variant| varied(&[variant]).err()).unwrap_or(error))
}

fn read_case(folder: &Path) -> Result<CaseFile, String> {
    let case = parse_case(folder)?;
    if case.why.trim().is_empty() {
        return Err("case.toml: why is empty".to_owned());
    }
    if !VERDICTS.contains(&case.verdict.as_str()) {
        return Err(format!("case.toml: verdict is one of {VERDICTS:?}, not {:?}", case.verdict));
    }
    if let Some(variant) = case.skip.keys().find(|key| !VARIANTS.contains(&key.as_str())) {
        return Err(format!("case.toml: skip knows {VARIANTS:?}, not {variant:?}"));
    }
    if let Some(neighbour) = &case.look_alike {
        let other = parse_case(&folder.join(neighbour))
            .map_err(|error| format!("look_alike {neighbour:?}: {error}"))?;
        if other.verdict == case.verdict {
            return Err(format!("look_alike {neighbour:?} has the same verdict, {:?}", case.verdict));
        }
    }
    Ok(case)
}

fn parse_case(folder: &Path) -> Result<CaseFile, String> {
    let path = folder.join("case.toml");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// Whether the answer is the case's: its highest level and its exit code.
fn truth(case: &CaseFile, run: &Run) -> Result<(), String> {
    let verdict = verdict(run)?;
    if verdict == case.verdict && run.exit == case.exit {
        return Ok(());
    }
    Err(format!(
        "verdict {verdict}, exit code {}; the case says {}, {}, since {}\n{}{}",
        run.exit, case.verdict, case.exit, case.why, run.stdout, run.stderr
    ))
}

fn verdict(run: &Run) -> Result<String, String> {
    let failed = |what: &str| {
        format!("{what}, exit code {}\nstdout: {}\nstderr: {}", run.exit, run.stdout, run.stderr)
    };
    let report: serde_json::Value =
        serde_json::from_str(&run.stdout).map_err(|error| failed(&format!("not JSON: {error}")))?;
    let findings =
        report.get("findings").and_then(|list| list.as_array()).ok_or(failed("no list of findings"))?;
    let levels: Vec<&str> = findings.iter().filter_map(|finding| finding.get("level")?.as_str()).collect();
    if levels.len() != findings.len() || levels.iter().any(|level| !VERDICTS[..3].contains(level)) {
        return Err(failed("a finding without a level"));
    }
    // What the inputs as supplied lead to is never `latent`.
    let overrides = |f: &serde_json::Value| f["when"].as_object().is_none_or(|when| !when.is_empty());
    if findings.iter().any(|f| f["level"] == "latent" && !overrides(f)) {
        return Err(failed("a latent finding that overrides nothing"));
    }
    let highest = VERDICTS.iter().find(|verdict| levels.contains(verdict));
    Ok((*highest.unwrap_or(&"clean")).to_owned())
}

fn expect(name: &str, path: &Path, actual: &str, bless: bool) -> Result<(), String> {
    let file = path.file_name().unwrap().to_string_lossy();
    let expected = fs::read_to_string(path).ok();
    if expected.as_deref() == Some(actual) {
        return Ok(());
    }
    if bless {
        return fs::write(path, actual).map_err(|error| format!("{}: {error}", path.display()));
    }
    match expected {
        None => Err(format!(
            "{file} is missing; after reading what it would say, `cargo bless {name}`:\n{actual}"
        )),
        Some(expected) => Err(format!(
            "{file} differs (- expected, + now); if the new one is right, `cargo bless {name}`:\n{}",
            difference(&expected, actual).unwrap_or_default()
        )),
    }
}

/// What a finding may take on the screen: 20 lines, 25 where a call leads to it, and no line wider than the terminal's 100
/// columns but commands.
fn fits(text: &str) -> Result<(), String> {
    for line in text.lines().filter(|line| !line.starts_with("  aws ")) {
        if unicode_width::UnicodeWidthStr::width(line) > 100 {
            return Err(format!("wider than 100 columns: {line}"));
        }
    }
    for entry in text.split("\n\n") {
        let finding = |line: &&str| VERDICTS[..3].iter().any(|level| line.starts_with(&format!("{level}[")));
        let lines = entry.lines().skip_while(|line| !finding(line)).count();
        let called = ["creates key", "creates the keys"].iter().any(|call| entry.contains(call));
        if lines > if called { 25 } else { 20 } {
            return Err(format!("{lines} lines for one finding:\n{entry}"));
        }
    }
    Ok(())
}

/// The lines in which two texts differ, without what they begin and end with alike; `None` if they do not differ.
pub fn difference(expected: &str, actual: &str) -> Option<String> {
    if expected == actual {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) =
        (expected.split_inclusive('\n').collect(), actual.split_inclusive('\n').collect());
    let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let head = alike(&mut old.iter().zip(&new));
    let rest = old.len().min(new.len()) - head;
    let tail = alike(&mut old.iter().rev().zip(new.iter().rev()).take(rest));
    let mut text = format!("@@ line {} @@\n", head + 1);
    for (sign, lines) in [('-', &old[head..old.len() - tail]), ('+', &new[head..new.len() - tail])] {
        for line in lines {
            text.push(sign);
            text.push_str(line.trim_end_matches('\n'));
            text.push('\n');
        }
    }
    Some(text)
}

/// A copy of the input, to be changed at will.
struct Scratch {
    guard: TempDir,
    input: PathBuf,
    cwd: PathBuf,
}

impl Scratch {
    fn new(input: &Path, case: &CaseFile) -> Result<Self, String> {
        let guard = TempDir::new().map_err(|error| error.to_string())?;
        let copy = guard.path().join("checkout");
        copy_tree(input, &copy).map_err(|error| format!("{}: {error}", input.display()))?;
        fs::create_dir(copy.join(".git")).map_err(|error| error.to_string())?;
        fs::write(copy.join(".git/HEAD"), "ref: refs/heads/main\n").map_err(|error| error.to_string())?;
        let cwd = case.cwd.as_ref().map_or_else(|| copy.clone(), |cwd| copy.join(cwd));
        Ok(Self { guard, input: copy, cwd })
    }

    /// The path of a file that is not part of the input.
    fn beside(&self, name: &str) -> std::path::PathBuf {
        self.guard.path().join(name)
    }

    fn run(&self, binary: &Path, case: &CaseFile, format: &[&str]) -> Result<Run, String> {
        self.command(binary, case, &[&["check"], format].concat())
    }

    fn command(&self, binary: &Path, case: &CaseFile, format: &[&str]) -> Result<Run, String> {
        let mut command = Command::new(binary);
        command.args(format).args(&case.paths).args(&case.args).current_dir(&self.cwd);
        command.env_clear().env("COLUMNS", "100").envs(&case.env);
        // Without these two nothing starts on Windows, or as a script.
        for name in ["SystemRoot", "PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let output = command.output().map_err(|error| format!("{}: {error}", binary.display()))?;
        let stdout =
            String::from_utf8(output.stdout).map_err(|error| format!("the output is not UTF-8: {error}"))?;
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let exit = output.status.code().ok_or(format!("killed by a signal\n{stdout}{stderr}"))?;
        Ok(Run { exit, stdout, stderr })
    }

    fn vary(&self, variant: &str) -> Result<(), String> {
        let varied = match variant {
            "crlf" => each_file(&self.input, &|path, bytes| {
                let text =
                    is_named(path, &["tf", "tofu", "tfvars", "json", "yaml", "yml", "template", "cfn", "md"]);
                (text && !bytes.contains(&b'\r')).then(|| replace_lf(bytes))
            }),
            // Neither Terraform nor the JSON grammar lets a JSON file begin with one.
            "bom" => each_file(&self.input, &|path, bytes| {
                let text = is_named(path, &["tf", "tofu", "yaml", "yml"]);
                (text && !bytes.starts_with(BOM)).then(|| [BOM, bytes].concat())
            }),
            _ => NEIGHBOURS.iter().try_for_each(|(name, text)| fs::write(self.input.join(name), text)),
        };
        varied.map_err(|error| format!("variant `{variant}`: {error}"))
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Files that are no part of any deployment, though they speak of two keys.
const NEIGHBOURS: [(&str, &str); 2] = [
    (
        "NEIGHBOUR.md",
        "# Keys\n\n```hcl\nresource \"aws_iam_access_key\" \"x\" {\n  user = \"neighbour\"\n}\n\nresource \
         \"aws_iam_access_key\" \"y\" {\n  user = \"neighbour\"\n}\n```\n",
    ),
    (
        "neighbour-configmap.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: neighbour\ndata:\n  keys.tf: |\n    resource \
         \"aws_iam_access_key\" \"x\" {\n      user = \"neighbour\"\n    }\n    resource \"aws_iam_access_key\" \"y\" \
         {\n      user = \"neighbour\"\n    }\n",
    ),
];

fn is_named(path: &Path, extensions: &[&str]) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|found| extensions.contains(&found))
}

fn replace_lf(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|byte| if *byte == b'\n' { b"\r\n".to_vec() } else { vec![*byte] }).collect()
}

/// What becomes of a file's bytes; `None` leaves it alone.
type Change<'a> = &'a dyn Fn(&Path, &[u8]) -> Option<Vec<u8>>;

fn each_file(folder: &Path, change: Change<'_>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            each_file(&path, change)?;
        } else if kind.is_file()
            && let Some(bytes) = change(&path, &fs::read(&path)?)
        {
            fs::write(&path, bytes)?;
        }
    }
    Ok(())
}

fn copy_tree(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target, kind) = (entry.path(), to.join(entry.file_name()), entry.file_type()?);
        if kind.is_dir() {
            copy_tree(&source, &target)?;
        } else if kind.is_symlink() {
            copy_link(&source, &target)?;
        } else {
            fs::write(&target, fs::read(&source)?)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn copy_link(source: &Path, target: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(fs::read_link(source)?, target)
}

#[cfg(not(unix))]
fn copy_link(source: &Path, target: &Path) -> std::io::Result<()> {
    fs::copy(source, target).map(|_| ())
}
