//! Terraform configurations whose plan the real `terraform` made, compared with what lonekey says of them.
//!
//! `testdata/recorded/terraform_plans.jsonl` holds them: files, and the access keys that were planned, or null where
//! Terraform refused. `record_plans.py` beside it made the record; this test needs no Terraform.
//! `testdata/verdicts.jsonl` holds smaller ones, each for one condition of the code, with what is right of them: the
//! highest level and how many findings, the kinds of what is incomplete, how much is assumed.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use lonekey::cli::{Command, parse};
use lonekey::judge::finding::{Exists, Outcome};
use lonekey::problem::ProblemKind;
use lonekey::run::examine;
use lonekey::source::Files;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Case {
    name: String,
    files: BTreeMap<String, String>,
    keys: Option<Vec<Key>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    address: String,
    user: String,
    status: String,
}

#[derive(Deserialize)]
struct Small {
    why: String,
    files: BTreeMap<String, String>,
    verdict: String,
}

fn cases<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn examined(files: &BTreeMap<String, String>) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let Ok(Command::Check(options)) = parse(["lonekey", "check", "--threads", "1"]) else {
        panic!("`check` was asked for")
    };
    examine(&options, &Files::new(folder.path().to_path_buf()), &|_| {}).unwrap()
}

/// What is said of the cases, by as many threads as there are cores, each of which takes the next that is left.
fn said<T: Sync>(cases: &[T], of: impl Fn(&T) -> Option<String> + Sync) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let take =
        || std::iter::from_fn(|| cases.get(next.fetch_add(1, Ordering::Relaxed))).filter_map(&of).collect();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..std::thread::available_parallelism().unwrap().get()).map(|_| scope.spawn(take)).collect();
        threads.into_iter().flat_map(|thread| -> Vec<String> { thread.join().unwrap() }).collect()
    })
}

/// What is wrong with the answer to a configuration; empty where nothing is.
fn wrong(case: &Case) -> String {
    let outcome = examined(&case.files);
    let refused = outcome.incomplete.iter().any(|p| p.kind == ProblemKind::Refused);
    let Some(planned) = &case.keys else {
        return if refused { String::new() } else { "terraform refuses it, and nothing is said".into() };
    };
    let mut found: Vec<Key> = outcome
        .inventory
        .iter()
        .map(|row| Key {
            address: row.key.address.clone(),
            user: row.user.as_ref().and_then(|u| u.name.clone()).unwrap_or("(unknown)".into()),
            status: row.key.status.map_or("(unknown)", |s| s.name()).into(),
        })
        .collect();
    let mut planned = planned.clone();
    planned.sort();
    found.sort();
    let mut text = String::new();
    for key in planned.iter().filter(|k| !found.contains(k)) {
        text += &format!("planned, not found: {key:?}\n");
    }
    for key in found.iter().filter(|k| !planned.contains(k)) {
        text += &format!("found, not planned: {key:?}\n");
    }
    // Terraform plans a key whatever its user is called.
    for problem in outcome.incomplete.iter().filter(|p| p.kind != ProblemKind::RefusedName) {
        text += &format!("incomplete: {} {}\n", problem.kind.name(), problem.reason);
    }
    if outcome.inventory.iter().any(|row| row.exists != Exists::Always) {
        text += "not every key exists always\n";
    }
    text
}

#[test]
fn the_inventory_is_what_terraform_planned() {
    let cases: Vec<Case> = cases("recorded/terraform_plans.jsonl");
    assert!(cases.len() >= 200, "the record holds {} configurations", cases.len());
    let failures = said(&cases, |case| {
        let wrong = wrong(case);
        let files: String = case.files.iter().map(|(path, text)| format!("---- {path}\n{text}\n")).collect();
        (!wrong.is_empty()).then(|| format!("== {}\n{wrong}{files}", case.name))
    });
    assert!(failures.is_empty(), "{} of {} differ\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// `certain 1`, and the kinds of what is incomplete; `(1)` for something assumed.
fn verdict(outcome: &Outcome) -> String {
    let level = outcome.findings.iter().map(|f| f.level).max();
    let mut kinds: Vec<&str> = outcome.incomplete.iter().map(|p| p.kind.name()).collect();
    kinds.sort_unstable();
    let mut text =
        level.map_or("clean".into(), |level| format!("{} {}", level.name(), outcome.findings.len()));
    kinds.into_iter().for_each(|kind| text += &format!(" {kind}"));
    match outcome.assumptions.len() {
        0 => text,
        n => format!("{text} ({n})"),
    }
}

#[test]
fn each_small_configuration_has_its_verdict() {
    let wrong = said(&cases::<Small>("verdicts.jsonl"), |case| {
        let got = verdict(&examined(&case.files));
        (got != case.verdict).then(|| format!("{}\n    wanted {}\n    got    {got}", case.why, case.verdict))
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
