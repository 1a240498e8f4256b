//! Brute force is the oracle: random templates, every assignment of their inputs evaluated by a naive deployment that
//! shares no code with the program, and the verdict, its level and every witness compared.
//!
//! `LONEKEY_CASES` is how many templates a run tries, `LONEKEY_SEED` where it starts; a failure prints the seed that
//! gives its template alone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "templates/generate.rs"]
mod generate;
#[path = "templates/model.rs"]
mod model;
#[path = "templates/naive.rs"]
mod naive;
#[path = "templates/print.rs"]
mod print;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use lonekey::judge::finding::{Finding, Level, WhenValue};
use lonekey::judge::{Judged, aside, judge};
use lonekey::key::Mode;
use lonekey::resolve::{Inputs, cloudformation};
use lonekey::source::Files;
use naive::{Deployment, Input, Outcome};

const CASES: usize = 150;
/// Templates with more assignments are passed over.
const ASSIGNMENTS: usize = 6_000;

/// Every assignment of a template's inputs, as an index per input, with what it leads to.
struct Table {
    inputs: Vec<Input>,
    rows: Vec<(Vec<usize>, Outcome)>,
    /// What is refused whatever the inputs are: reported by the program, and no constraint.
    always: BTreeSet<String>,
}

impl Table {
    fn new(template: &model::Template) -> Option<Table> {
        let inputs = naive::inputs(template);
        let size: usize = inputs.iter().map(|i| i.values.len()).product();
        if size > ASSIGNMENTS {
            return None;
        }
        let mut rows = Vec::new();
        let mut point = vec![0; inputs.len()];
        'all: loop {
            let values = inputs.iter().zip(&point).map(|(i, &v)| (i.name.as_str(), i.values[v].as_str()));
            let deployment = Deployment::new(template, values.collect());
            rows.push((point.clone(), deployment.outcome()));
            for (i, input) in inputs.iter().enumerate() {
                point[i] += 1;
                if point[i] < input.values.len() {
                    continue 'all;
                }
                point[i] = 0;
            }
            break;
        }
        let always = rows[0].1.refused.clone();
        let always = rows.iter().fold(always, |a, (_, o)| a.intersection(&o.refused).cloned().collect());
        Some(Table { inputs, rows, always })
    }

    fn allowed(&self) -> Vec<&(Vec<usize>, Outcome)> {
        self.rows.iter().filter(|(_, o)| o.refused.is_subset(&self.always)).collect()
    }

    /// Whether the deployment refuses every assignment of the free inputs, though nothing that it refuses is refused for
    /// all of them: only refusals that share inputs with a user's keys take part in their verdict.
    fn refused_by_parts(&self) -> bool {
        let supplied: Vec<&Outcome> =
            self.rows.iter().filter(|(p, _)| self.as_supplied(p)).map(|(_, o)| o).collect();
        let sites: BTreeSet<&String> = supplied.iter().flat_map(|o| &o.refused).collect();
        supplied.iter().all(|o| !o.refused.is_subset(&self.always))
            && !sites
                .into_iter()
                .any(|site| !self.always.contains(site) && supplied.iter().all(|o| o.refused.contains(site)))
    }

    fn as_supplied(&self, point: &[usize]) -> bool {
        self.inputs.iter().zip(point).all(|(i, &p)| i.supplied.is_none_or(|s| s == p))
    }

    /// Whether a witness holds at a point: what it names, and the rest as supplied.
    fn fits(&self, when: &BTreeMap<&str, &WhenValue>, point: &[usize]) -> bool {
        self.inputs.iter().zip(point).all(|(input, &p)| {
            let value = &input.values[p];
            match when.get(input.name.as_str()) {
                Some(WhenValue::String(text)) => text == value,
                Some(WhenValue::Not(texts)) => !texts.contains(&WhenValue::String(value.clone())),
                Some(other) => panic!("{} is {other:?}", input.name),
                None => input.supplied.is_none_or(|s| s == p),
            }
        })
    }
}

/// Whether two of these keys are active and one user's; with `name`, that user's.
fn two(outcome: &Outcome, keys: Option<&BTreeSet<String>>, name: Option<&str>) -> bool {
    let active: Vec<_> = outcome.active.iter().filter(|a| keys.is_none_or(|k| k.contains(&a.id))).collect();
    active.iter().enumerate().any(|(i, a)| {
        active[i + 1..].iter().any(|b| {
            let mut common = a.identities.intersection(&b.identities);
            match name {
                Some(name) => common.any(|c| c == name),
                None => common.next().is_some(),
            }
        })
    })
}

/// The level that every assignment together gives: the lowest and the highest that the program may say.
fn levels(template: &model::Template, table: &Table) -> (Option<Level>, Option<Level>) {
    let allowed = table.allowed();
    let supplied: Vec<&Outcome> =
        allowed.iter().filter(|(p, _)| table.as_supplied(p)).map(|(_, o)| o).collect();
    if !supplied.iter().any(|o| two(o, None, None)) {
        let latent = allowed.iter().any(|(_, o)| two(o, None, None)).then_some(Level::Latent);
        return (latent, latent);
    }
    if !supplied.iter().all(|o| two(o, None, None)) {
        return (Some(Level::Possible), Some(Level::Possible));
    }
    // Always two, but perhaps of one user here and of another one there.
    let names: BTreeSet<&String> =
        supplied.iter().flat_map(|o| &o.active).flat_map(|a| &a.identities).collect();
    let one_name = names.iter().any(|n| supplied.iter().all(|o| two(o, None, Some(n))));
    let mut by_user: HashMap<String, BTreeSet<String>> = HashMap::new();
    for key in template.keys_and_nested() {
        // The same expression in two templates is two.
        let stack = key.id.rsplit_once('/').map_or("", |(stack, _)| stack);
        by_user.entry(format!("{stack} {:?}", key.user)).or_default().insert(key.id);
    }
    let one_expression = by_user
        .values()
        .any(|keys| supplied.iter().all(|o| o.active.iter().filter(|a| keys.contains(&a.id)).count() > 1));
    let lowest = if one_name || one_expression { Level::Certain } else { Level::Possible };
    (Some(lowest), Some(Level::Certain))
}

fn check_witness(table: &Table, finding: &Finding) -> Result<(), String> {
    let keys: BTreeSet<String> = finding.keys.iter().map(|k| k.address.clone()).collect();
    let allowed = table.allowed();
    let space: Vec<_> = match finding.level {
        Level::Latent => allowed,
        _ => allowed.into_iter().filter(|(p, _)| table.as_supplied(p)).collect(),
    };
    for key in &keys {
        let together = space.iter().any(|(_, o)| {
            let others = keys.iter().filter(|k| *k != key);
            others.clone().any(|other| two(o, Some(&[key.clone(), other.clone()].into()), None))
        });
        if !together {
            return Err(format!("{key} is never active together with another one"));
        }
    }
    let Some(when) = &finding.when else { return Err("no witness".into()) };
    let when: BTreeMap<&str, &WhenValue> = when.iter().map(|(n, v)| (n.as_str(), v)).collect();
    if let Some(name) = when.keys().find(|n| !table.inputs.iter().any(|i| i.name == **n)) {
        // An equality of two inputs that may be anything: no input, and nothing to count.
        return if name.contains('=') { Ok(()) } else { Err(format!("{name} is no input")) };
    }
    let agreeing: Vec<_> = space.iter().filter(|(p, _)| table.fits(&when, p)).collect();
    if agreeing.is_empty() {
        return Err("the deployment refuses the witness".into());
    }
    if let Some((point, _)) = agreeing.iter().find(|(_, o)| !two(o, Some(&keys), None)) {
        return Err(format!("the witness is not enough: {}", shown(table, point)));
    }
    // Whose keys the finding is about: the user that two of them have wherever the witness holds.
    let name = finding.user.name.as_ref().map(|n| n.to_lowercase());
    let of_one = |name: &String| agreeing.iter().all(|(_, o)| two(o, Some(&keys), Some(name)));
    let names: BTreeSet<&String> =
        agreeing[0].1.active.iter().flat_map(|a| &a.identities).filter(|n| of_one(n)).collect();
    let whose: Vec<Option<&str>> = match name.as_ref().filter(|n| names.contains(n)) {
        Some(name) => vec![Some(name)],
        None if names.is_empty() => vec![None],
        None => names.iter().map(|n| Some(n.as_str())).collect(),
    };
    for size in 0..when.len() {
        let smaller: Option<Vec<String>> =
            whose.iter().map(|n| enough(table, &space, size, |o| two(o, Some(&keys), *n))).collect();
        if let Some(smaller) = smaller {
            return Err(format!("a smaller witness is enough: {smaller:?}"));
        }
    }
    Ok(())
}

fn shown(table: &Table, point: &[usize]) -> String {
    let all = table.inputs.iter().zip(point).map(|(i, &p)| format!("{}={}", i.name, i.values[p]));
    all.collect::<Vec<_>>().join(" ")
}

/// Values of `size` inputs that are enough for `good`, the others free or as supplied; if there are some.
fn enough(
    table: &Table,
    space: &[&(Vec<usize>, Outcome)],
    size: usize,
    good: impl Fn(&Outcome) -> bool,
) -> Option<String> {
    let count = table.inputs.len();
    for chosen in (0..1u32 << count).filter(|c| c.count_ones() as usize == size) {
        let named = |i: usize| chosen >> i & 1 == 1;
        let mut groups: BTreeMap<Vec<usize>, bool> = BTreeMap::new();
        for (point, outcome) in space {
            let rest = (0..count).all(|i| named(i) || table.inputs[i].supplied.is_none_or(|s| s == point[i]));
            if rest {
                let at: Vec<usize> = (0..count).filter(|&i| named(i)).map(|i| point[i]).collect();
                let all = groups.entry(at).or_insert(true);
                *all &= good(outcome);
            }
        }
        if let Some((values, _)) = groups.iter().find(|(_, all)| **all) {
            let names = (0..count).filter(|&i| named(i)).zip(values);
            let names =
                names.map(|(i, &p)| format!("{}={}", table.inputs[i].name, table.inputs[i].values[p]));
            return Some(names.collect::<Vec<_>>().join(" "));
        }
    }
    None
}

/// `None` where supplied values are set aside for what refuses them: the model keeps them.
fn judged(text: &str, name: &str, nested: &[(String, String)]) -> Option<Judged> {
    let files = Files::new("/nowhere".into());
    files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
    for (name, text) in nested {
        files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
    }
    let resolve =
        |mode| cloudformation::resolve(Path::new(name), &files, &Inputs::default(), mode).pop().unwrap();
    let supplied = resolve(Mode::Supplied);
    let open = supplied.overridable.then(|| resolve(Mode::Overridable));
    let kept = open.as_ref().is_none_or(|open| aside(&supplied, open).is_empty());
    kept.then(|| judge(&supplied, open.as_ref().as_slice(), None))
}

/// The level that was agreed on, `None` for clean; or what the two say.
fn compare(seed: u64) -> Option<Result<Option<Level>, String>> {
    let mut random = generate::Random(seed);
    let template = generate::template(&mut random);
    let table = Table::new(&template)?;
    if table.allowed().is_empty() || table.refused_by_parts() {
        return None;
    }
    let tree = print::tree(&template);
    let (text, name) = match random.one_in(2) {
        true => (print::yaml(&tree), "t.yaml"),
        false => (serde_json::to_string_pretty(&tree).unwrap(), "t.json"),
    };
    let nested: Vec<(String, String)> =
        template.nested.iter().map(|n| (print::file_of(n), print::yaml(&print::tree(&n.template)))).collect();
    let judged = judged(&text, name, &nested)?;
    let wrong = |what: String| {
        let findings: Vec<String> = judged
            .findings
            .iter()
            .map(|f| {
                let keys: Vec<&String> = f.keys.iter().map(|k| &k.address).collect();
                format!("  {} of {:?}: {keys:?} when {:?}\n", f.level.name(), f.user.name, f.when)
            })
            .collect();
        let problems: Vec<String> = judged.problems.iter().map(|p| format!("  {}\n", p.reason)).collect();
        format!(
            "LONEKEY_SEED={seed} LONEKEY_CASES=1: {what}\n{}{}{name}\n{}{}",
            findings.concat(),
            problems.concat(),
            print::yaml(&tree),
            nested.iter().map(|(name, text)| format!("{name}\n{text}")).collect::<String>()
        )
    };
    let level = judged.findings.iter().map(|f| f.level).max();
    let (lowest, highest) = levels(&template, &table);
    // Rules that nothing meets refuse the whole stack; that is said, and findings are dropped where no supplied value
    // takes part.
    let refused = table.always.iter().any(|site| site.starts_with("rule "));
    let lowest = if refused { None } else { lowest };
    if level < lowest || level > highest {
        return Some(Err(wrong(format!("level {level:?}, not {lowest:?} to {highest:?}"))));
    }
    for finding in judged.findings.iter().filter(|f| f.level != Level::Certain) {
        if let Err(what) = check_witness(&table, finding) {
            return Some(Err(wrong(what)));
        }
    }
    Some(Ok(level))
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(otherwise, |v| v.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[test]
fn every_assignment_agrees() {
    let (cases, first) = (number("LONEKEY_CASES", CASES as u64) as usize, number("LONEKEY_SEED", 0));
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    let mut seed = first;
    while seen.values().sum::<usize>() + wrong.len() < cases {
        match compare(seed) {
            Some(Ok(level)) => *seen.entry(level).or_insert(0usize) += 1,
            Some(Err(what)) => wrong.push(what),
            None => assert!(cases > 1, "this seed gives no template that is compared"),
        }
        seed += 1;
    }
    println!("{seen:?}");
    assert!(
        wrong.is_empty(),
        "{} of {cases} are wrong\n\n{}",
        wrong.len(),
        wrong.iter().take(12).cloned().collect::<String>()
    );
    // A generator that makes one kind of template proves nothing of the others.
    if cases >= CASES {
        let levels = [None, Some(Level::Latent), Some(Level::Possible), Some(Level::Certain)];
        assert!(levels.iter().all(|l| seen.get(l).is_some_and(|n| n * 40 > cases)), "{seen:?}");
    }
}
