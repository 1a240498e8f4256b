//! Damaged input does no harm: the files of the bundled example, each with one small random change, always give an
//! answer, in every format, without a panic and without contradicting itself.
//!
//! The changes are the same on every machine: a seeded generator chooses them. A failure names the seed, with which it
//! can be looked at alone.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use lonekey::cli::{Command, Options, parse};
use lonekey::judge::finding::Outcome;
use lonekey::report::{self, Format, Host, Report, Style};
use lonekey::run::examine;
use lonekey::source::Files;

const CHANGES: u64 = 150;

/// Marsaglia's xorshift: enough to choose places, and the same everywhere.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`, or 0 if that is 0.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap()
    }
}

/// What languages are made of, and what encodings trip over.
const PIECES: [&[u8]; 28] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b"${",
    b"%{",
    b"!",
    b"!Ref ",
    b"!If ",
    b"&a ",
    b"*a",
    b"<<",
    b": ",
    b"- ",
    b"\n",
    b"\t",
    b"\r",
    b"#",
    b"/*",
    b"null",
    b"-1",
    b"1e9",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\0",
    b"var.x",
];

/// `bytes` with one change.
fn changed(mut bytes: Vec<u8>, random: &mut Random) -> Vec<u8> {
    let at = random.below(bytes.len() + 1);
    let end = (at + 1 + random.below(24)).min(bytes.len());
    match random.below(7) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(at..end)),
        2 => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
        3 => drop(bytes.splice(at..end, PIECES[random.below(PIECES.len())].iter().copied())),
        4 => {
            // The same lines again, somewhere else.
            let piece = bytes[at..(at + 200).min(bytes.len())].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        5 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        _ => {
            // One word for another of the same file.
            let words = words(&bytes);
            if !words.is_empty() {
                let (from, to) =
                    (words[random.below(words.len())].clone(), words[random.below(words.len())].clone());
                let text = bytes[from].to_vec();
                bytes.splice(to, text);
            }
        }
    }
    bytes
}

fn words(bytes: &[u8]) -> Vec<std::ops::Range<usize>> {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut words = Vec::new();
    let mut start = None;
    for (i, &byte) in bytes.iter().enumerate() {
        match (is_word(byte), start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                words.push(from..i);
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// A copy of the example, and its files that are read.
fn copy_of_the_example() -> (tempfile::TempDir, Vec<PathBuf>) {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/example");
    let copy = tempfile::tempdir().unwrap();
    fs::create_dir(copy.path().join(".git")).unwrap();
    let mut originals = Vec::new();
    files_below(&example, &mut originals);
    let mut copies = Vec::new();
    for original in originals {
        let to = copy.path().join(original.strip_prefix(&example).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&original, &to).unwrap();
        if to.extension().is_none_or(|extension| extension != "ts") {
            copies.push(to);
        }
    }
    (copy, copies)
}

fn options() -> Options {
    match parse(["lonekey", "check", "--threads", "2", "--show", "latent"]).unwrap() {
        Command::Check(options) => options,
        _ => unreachable!("`check` was asked for"),
    }
}

/// Everything the binary would print, and its exit code.
fn run(root: &Path) -> (String, u8, Outcome) {
    let files = Files::new(root.to_path_buf());
    let outcome = examine(&options(), &files, &|_| {}).unwrap();
    let style = Style::default();
    let mut text = String::new();
    let report = Report { outcome: &outcome, files: &files, show_all: false, host: Host::UNKNOWN };
    for format in Format::CHECK {
        text += &report::render_check(&report, format, &style);
    }
    for format in Format::INVENTORY {
        text += &report::render_inventory(&report, format, &style);
    }
    let code = report::exit_code(&outcome);
    (text, code, outcome)
}

#[test]
fn the_example_itself_is_answered() {
    let (copy, _) = copy_of_the_example();
    let (_, code, outcome) = run(copy.path());
    assert_eq!((code, outcome.incomplete.len()), (1, 0), "{:#?}", outcome.incomplete);
}

#[test]
fn no_small_change_does_harm() {
    let (copy, files) = copy_of_the_example();
    let mut failures = Vec::new();
    let mut codes = [0; 3];
    for seed in 0..CHANGES {
        let mut random = Random::new(seed + 1);
        let file = &files[random.below(files.len())];
        let original = fs::read(file).unwrap();
        let damaged = changed(original.clone(), &mut random);
        fs::write(file, &damaged).unwrap();
        let shown = file.strip_prefix(copy.path()).unwrap().display();
        match catch_unwind(AssertUnwindSafe(|| run(copy.path()))) {
            Err(_) => failures.push(format!("seed {seed}, {shown}: a panic")),
            Ok((text, code, outcome)) => {
                codes[usize::from(code)] += 1;
                let fails = outcome.incomplete.iter().any(|problem| problem.kind.fails());
                if fails != (code == 2) {
                    failures.push(format!("seed {seed}, {shown}: exit code {code}"));
                }
                if seed % 10 == 0 && run(copy.path()).0 != text {
                    failures.push(format!("seed {seed}, {shown}: another answer the second time"));
                }
            }
        }
        fs::write(file, &original).unwrap();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // Changes that never broke a file, or always did, would show nothing.
    assert!(codes[1] > 0 && codes[2] > 0, "{codes:?}");
}
