//! Random Terraform configurations whose answer the test knows, compared with what lonekey says of them.
//!
//! A generator writes a configuration from a model; the model's own small evaluator says which keys Terraform would plan.
//! Where everything is supplied, the inventory must be exactly that. Where inputs are free, every assignment of them is
//! planned by the model, and level, keys and witness of each finding must be what that enumeration says.
//!
//! `LONEKEY_CASES=2000 cargo test --release --test differential` runs more of them, `LONEKEY_SEED=17` a single one; a
//! failure names its seed.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "differential/config.rs"]
mod config;
#[path = "differential/expr.rs"]
mod expr;
#[path = "differential/known.rs"]
mod known;
#[path = "differential/partial.rs"]
mod partial;
#[path = "differential/random.rs"]
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;

use config::Key;
use expr::V;
use lonekey::cli::{Command, parse};
use lonekey::judge::finding::{Exists, Level, Outcome, WhenValue};
use lonekey::run::examine;
use lonekey::source::Files;
use partial::{Case, Expected, Setting};
use random::Random;

/// What `lonekey check` makes of these files.
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

fn shown(files: &BTreeMap<String, String>) -> String {
    files.iter().map(|(path, text)| format!("---- {path}\n{text}\n")).collect()
}

/// The seeds to run: `default` of them, unless the environment says otherwise.
fn seeds(default: u64) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match number("LONEKEY_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("LONEKEY_CASES").unwrap_or(default),
    }
}

#[test]
fn the_inventory_is_what_terraform_plans() {
    let mut failures = Vec::new();
    let (mut keys, mut users) = (0, 0);
    for seed in seeds(200) {
        let config = known::config(seed);
        let files = config.written(&mut Random::new(seed));
        let planned = config.plan(&config.supplied).unwrap();
        keys += planned.len();
        users += planned.iter().map(|k| &k.user).collect::<std::collections::BTreeSet<_>>().len();
        let outcome = examined(&files);
        let mut found: Vec<Key> = outcome
            .inventory
            .iter()
            .map(|row| Key {
                address: row.key.address.clone(),
                user: row.user.as_ref().and_then(|u| u.name.clone()).unwrap_or("(unknown)".into()),
                status: row.key.status.map_or("(unknown)", |s| s.name()).into(),
            })
            .collect();
        found.sort();
        let sure = outcome.inventory.iter().all(|row| row.exists == Exists::Always);
        if found != planned || !sure || outcome.incomplete.iter().any(|p| p.kind.fails()) {
            let only =
                |a: &[Key], b: &[Key]| -> Vec<Key> { a.iter().filter(|k| !b.contains(k)).cloned().collect() };
            failures.push(format!(
                "seed {seed}\nonly planned: {:#?}\nonly found: {:#?}\nincomplete: {:#?}\n{}",
                only(&planned, &found),
                only(&found, &planned),
                outcome.incomplete,
                shown(&files)
            ));
        }
    }
    let count = failures.len();
    assert!(failures.is_empty(), "{count} differ\n{}", failures.into_iter().take(8).collect::<String>());
    // A generator that makes nothing shows nothing.
    if std::env::var("LONEKEY_SEED").is_err() {
        assert!(keys > 600 && users > 200, "{keys} keys, {users} users");
    }
}

/// A witness as the test reads it; `None` where it says more than a model could.
fn settings(when: &[(String, WhenValue)]) -> Option<BTreeMap<String, Setting>> {
    let scalar = |value: &WhenValue| match value {
        WhenValue::String(t) => Some(V::Str(t.clone())),
        WhenValue::Bool(b) => Some(V::Bool(*b)),
        WhenValue::Number(n) => Some(V::Num(n.parse().ok()?)),
        WhenValue::Not(_) | WhenValue::Null | WhenValue::Hidden(_) | WhenValue::Length(_) => None,
    };
    let each = when.iter().map(|(name, value)| {
        let value = match value {
            WhenValue::Not(values) => Setting::Not(values.iter().map(scalar).collect::<Option<_>>()?),
            value => Setting::Is(scalar(value)?),
        };
        Some((name.strip_prefix("var.")?.to_string(), value))
    });
    each.collect()
}

/// What is wrong with the answer to one partly free configuration.
fn wrong(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut wrong: Vec<String> =
        outcome.incomplete.iter().filter(|p| p.kind.fails()).map(|p| format!("incomplete: {p:?}")).collect();
    let mut expected = case.expected();
    for finding in &outcome.findings {
        let user = finding.user.name.clone().unwrap_or("fresh-owner".into()).to_lowercase();
        let found = Expected {
            level: finding.level.name(),
            keys: finding.keys.iter().map(|k| case.address(&k.address)).collect(),
        };
        match expected.remove(&user) {
            Some(right) if right == found => {}
            right => wrong.push(format!("{user}: {found:?} instead of {right:?}")),
        }
        let witness = finding.when.as_deref().and_then(settings);
        match witness.ok_or("cannot be read".to_string()).and_then(|w| match finding.level {
            Level::Certain if w.is_empty() => Ok(()),
            Level::Certain => Err("is not empty".into()),
            level => case.is_witness(&user, &w, level == Level::Latent),
        }) {
            Ok(()) => {}
            Err(why) => wrong.push(format!("the witness of {user}, {:?}, {why}", finding.when)),
        }
    }
    wrong.extend(expected.into_iter().map(|(user, right)| format!("{user}: nothing instead of {right:?}")));
    wrong
}

#[test]
fn levels_keys_and_witnesses_are_what_every_assignment_says() {
    let mut failures = Vec::new();
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in seeds(500) {
        let case = partial::case(seed);
        let files = case.config.written(&mut Random::new(seed));
        case.expected().values().for_each(|e| *levels.entry(e.level).or_default() += 1);
        let wrong = wrong(&case, &examined(&files));
        if !wrong.is_empty() {
            failures.push(format!("seed {seed}\n{}\n{}", wrong.join("\n"), shown(&files)));
        }
    }
    let count = failures.len();
    assert!(failures.is_empty(), "{count} differ\n{}", failures.into_iter().take(8).collect::<String>());
    if std::env::var("LONEKEY_SEED").is_err() {
        assert!(levels.len() == 3 && levels.values().all(|n| *n > 30), "{levels:?}");
    }
}
