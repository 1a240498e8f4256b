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

#[path = "differential/collections.rs"]
mod collections;
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
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use collections::Of;
use config::Key;
use expr::V;
use lonekey::cli::{Command, parse};
use lonekey::judge::finding::{Exists, Level, Outcome, WhenValue};
use lonekey::problem::{Problem, ProblemKind};
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

/// The seeds to run: these, unless the environment says otherwise.
fn seeds(default: Range<u64>) -> Range<u64> {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    match (number("LONEKEY_SEED"), number("LONEKEY_CASES")) {
        (Some(seed), _) => seed..seed + 1,
        (None, Some(cases)) => 0..cases,
        (None, None) => default,
    }
}

#[test]
fn the_inventory_is_what_terraform_plans() {
    let mut failures = Vec::new();
    let (mut keys, mut users) = (0, 0);
    for seed in seeds(0..200) {
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
        // Terraform plans a key whatever its user is called.
        let fails = |p: &Problem| p.kind.fails() && p.kind != ProblemKind::RefusedName;
        if found != planned || !sure || outcome.incomplete.iter().any(fails) {
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
    for seed in seeds(0..500) {
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

/// What the answer to a configuration over free collections is not, by what it is where they are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    /// A violation is not found.
    Missed,
    /// A witness is given that leads to no violation.
    FalseWitness,
    /// The answer is not complete, or another level.
    Level,
    /// Something is found that nothing leads to.
    FalseAlarm,
    /// No collection that is tried is what a witness says.
    NotTried,
}

/// What each seed gives, in their order, whichever ends first. Threads of their own: one that waits in a pool takes up
/// another seed meanwhile, on the same stack.
fn in_threads<T: Send>(seeds: Range<u64>, answer: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let (next, answers) = (AtomicU64::new(seeds.start), Mutex::new(BTreeMap::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Relaxed);
            if seed >= seeds.end {
                break;
            }
            let of_seed = answer(seed);
            answers.lock().unwrap().insert(seed, of_seed);
        }
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        (0..threads).for_each(|_| drop(scope.spawn(work)));
    });
    answers.into_inner().unwrap().into_values().collect()
}

fn wrong_of_elements(
    case: &collections::Case,
    levels: &mut BTreeMap<&'static str, usize>,
) -> Vec<(Wrong, String)> {
    let free = examined(&case.written(None));
    let fails = |outcome: &Outcome| outcome.incomplete.iter().any(|p| p.kind.fails());
    let given = case.given();
    // What Terraform refuses is no assignment.
    let worlds = given.iter().map(|given| (given, examined(&case.written(Some(given)))));
    let worlds: Vec<(&collections::Given, bool)> = worlds
        .filter(|(_, outcome)| !fails(outcome))
        .map(|(given, outcome)| (given, !outcome.findings.is_empty()))
        .collect();
    let found = worlds.iter().filter(|(_, found)| *found).count();
    let right = match found {
        0 => "clean",
        n if n == worlds.len() => "certain",
        _ => "possible",
    };
    *levels.entry(right).or_default() += 1;
    let level = free.findings.iter().map(|f| f.level).max_by_key(|l| *l == Level::Certain);
    let said = level.map_or("clean", Level::name);
    let mut wrong = Vec::new();
    if fails(&free) != worlds.is_empty() {
        wrong.push((Wrong::Level, format!("incomplete: {:?}", free.incomplete)));
    }
    // What only elements lead to that are like others is looked for where it is said.
    let rarely =
        || case.given_rarely().iter().any(|given| !examined(&case.written(Some(given))).findings.is_empty());
    if said != right && !worlds.is_empty() && !((said, right) == ("possible", "clean") && rarely()) {
        let kind = match (said, right) {
            ("clean", _) => Wrong::Missed,
            (_, "clean") => Wrong::FalseAlarm,
            _ => Wrong::Level,
        };
        wrong.push((kind, format!("{said} instead of {right}: {worlds:?}")));
    }
    for when in free.findings.iter().filter_map(|f| f.when.as_ref()) {
        let is = |value: &WhenValue, text: &str| match value {
            WhenValue::String(is) => is == text,
            WhenValue::Not(others) => !others.contains(&WhenValue::String(text.into())),
            _ => false,
        };
        let holds = |given: &collections::Given| {
            let in_order = |order: &Vec<usize>| {
                when.iter().all(|(name, value)| match (case.value_of(name, given, order), value) {
                    (Some(Of::Length(length)), WhenValue::Length(n)) => length as u64 == *n,
                    (Some(Of::Element(text)), value) => is(value, &text),
                    (Some(Of::Some(texts)), value) => texts.iter().any(|text| is(value, text)),
                    _ => false,
                })
            };
            case.orders(given).iter().any(in_order)
        };
        let that = worlds.iter().filter(|(given, _)| holds(given));
        match that.map(|(given, found)| (!found).then_some(given)).min_by_key(Option::is_none) {
            Some(Some(given)) => {
                wrong.push((Wrong::FalseWitness, format!("{when:?} is not enough: {given:?}")))
            }
            Some(None) => {}
            None => wrong.push((Wrong::NotTried, format!("{when:?} never holds"))),
        }
    }
    wrong
}

/// How many of a hundred are false alarms, and witnesses that nothing tried meets, at most: what is known to be open.
const OPEN: [(Wrong, usize); 2] = [(Wrong::FalseAlarm, 2), (Wrong::NotTried, 12)];

#[test]
fn what_is_said_of_free_collections_is_what_each_filling_in_says() {
    let mut failures: BTreeMap<Wrong, Vec<String>> = BTreeMap::new();
    let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
    // Four of the first nineteen take most of the time of sixty.
    let seeds = seeds(19..36);
    let tens = seeds.clone().count().div_ceil(10);
    let answer = |seed: u64| {
        let (case, mut levels) = (collections::case(seed), BTreeMap::new());
        let wrong = wrong_of_elements(&case, &mut levels).into_iter();
        let text = |why| format!("seed {seed}: {why}\n{}", shown(&case.written(None)));
        (wrong.map(|(kind, why)| (kind, text(why))).collect::<Vec<_>>(), levels)
    };
    let answers = in_threads(seeds, answer);
    for (wrong, of_case) in answers {
        of_case.into_iter().for_each(|(level, n)| *levels.entry(level).or_default() += n);
        for (kind, text) in wrong {
            failures.entry(kind).or_default().push(format!("{kind:?}: {text}"));
        }
    }
    let open = |kind: &Wrong| OPEN.iter().find(|(k, _)| k == kind).map_or(0, |(_, most)| most * tens / 10);
    failures.retain(|kind, texts| texts.len() > open(kind));
    let count: Vec<_> = failures.iter().map(|(kind, texts)| (kind, texts.len())).collect();
    assert!(
        failures.is_empty(),
        "{count:?} of {levels:?}\n{}",
        failures.values().flatten().cloned().collect::<String>()
    );
    if std::env::var("LONEKEY_SEED").is_err() {
        assert!(levels.len() > 1 && levels.values().all(|n| *n > 3), "{levels:?}");
    }
}
