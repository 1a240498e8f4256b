//! Supplied values that the deployment refuses, whatever the free inputs are: whoever deploys supplies others.
//!
//! Answers: which supplied inputs count as free, and why? Those that a refusal is about which holds always, or wherever a
//! key is there; what was typed on the command line is never one of them. The unit is then resolved again without them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::allowed::must;
use super::names;
use super::refusals::{self, Standing};
use crate::key::{AccessKey, Refused, Resolved};
use crate::problem::Assumption;
use crate::value::{Guard, Value};

/// The inputs that count as free, by name, each with why.
pub type Aside = BTreeMap<String, Assumption>;

/// What counts as free of what supplies a unit, since the deployment refuses it; `overridable` is the same unit with its
/// supplied inputs as leaves.
pub fn aside(supplied: &Resolved, overridable: &Resolved) -> Aside {
    refused(supplied, overridable, &all(supplied), &overridable.refusals)
}

/// The same of what makes a name that IAM refuses. Terraform plans those keys, so the inventory keeps them as supplied.
pub fn aside_for_names(supplied: &Resolved, overridable: &Resolved) -> Aside {
    refused(supplied, overridable, &names::refusals(supplied), &names::refusals(overridable))
}

/// The unit resolved with collections of these names free, and supplied scalars as leaves where that is asked.
type Open<'a> = dyn FnMut(&[String], bool) -> Option<Resolved> + 'a;

/// The same of lists, maps and other collections, which no resolution has as leaves: those without which a refusal does
/// not stand.
pub fn aside_collections(supplied: &Resolved, open: &mut Open) -> Aside {
    avoidable(supplied, &all, open)
}

/// The same of what makes a name that IAM refuses.
pub fn aside_collections_for_names(supplied: &Resolved, open: &mut Open) -> Aside {
    avoidable(supplied, &names::refusals, open)
}

fn all(unit: &Resolved) -> Vec<Refused> {
    unit.refusals.iter().chain(&unit.rejections).cloned().collect()
}

fn avoidable(supplied: &Resolved, refusals: &dyn Fn(&Resolved) -> Vec<Refused>, open: &mut Open) -> Aside {
    let names = &supplied.collections;
    let mut found = Aside::new();
    if names.is_empty() && !supplied.short {
        return found;
    }
    let own = refusals(supplied);
    let standing = standing(supplied, &own);
    let avoided = |opened: Resolved| {
        let others = refusals(&opened);
        standing.iter().find(|s| !must(&opened.cx, s.here(&opened.cx, &others)))
    };
    // What all of them together do not avoid is not about them.
    if standing.is_empty() {
        return found;
    }
    let Some(opened) = open(names, true) else { return found };
    let names = if supplied.short { scalars(&opened) } else { BTreeSet::new() };
    let names: BTreeSet<String> = names.into_iter().chain(supplied.collections.iter().cloned()).collect();
    let Some(any) = avoided(opened) else { return found };
    for name in &names {
        if let Some(standing) = open(std::slice::from_ref(name), false).and_then(avoided) {
            found.insert(name.clone(), standing.assumption(name));
        }
    }
    if found.is_empty() {
        found.extend(names.iter().map(|name| (name.clone(), any.assumption(name))));
    }
    found
}

/// The supplied scalars that decide a key's existence, user or status.
fn scalars(overridable: &Resolved) -> BTreeSet<String> {
    let cx = &overridable.cx;
    let parts = |key: &AccessKey| [key.user.clone(), key.status.clone(), Value::Bool(key.times.exists)];
    let leaves = cx.leaves(&Value::tuple(overridable.keys.iter().flat_map(parts))).into_iter();
    let given = leaves.filter_map(|leaf| cx.leaf(leaf)).filter(|leaf| leaf.given.is_some() && !leaf.typed);
    given.map(|leaf| leaf.name.to_string()).collect()
}

/// The refusals that stand whatever the free inputs are, or wherever a key is there.
fn standing<'r>(supplied: &Resolved, refusals: &'r [Refused]) -> Vec<Standing<'r>> {
    let cx = &supplied.cx;
    let exists: HashSet<Guard> =
        supplied.keys.iter().map(|k| k.times.exists).filter(|g| !g.is_false()).collect();
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    refusals::standing(cx, refusals, &mut |when: Guard| {
        exists.contains(&when) || *asked.entry(when).or_insert_with(|| must(cx, when))
    })
}

/// Where a refusal stands, with supplied inputs as leaves: everywhere, or wherever the keys are there that it is about.
fn wherever_it_stands(supplied: &Resolved, overridable: &Resolved, of: &Standing, own: &[Refused]) -> Guard {
    if must(&supplied.cx, of.here(&supplied.cx, own)) {
        return Guard::TRUE;
    }
    let here: HashSet<Guard> = own.iter().filter(|r| of.is_at(&r.problem.place)).map(|r| r.when).collect();
    let keys = supplied.keys.iter().filter(|key| here.contains(&key.times.exists));
    let names: HashSet<&String> = keys.map(|key| &key.address).collect();
    let same = overridable.keys.iter().filter(|key| names.contains(&key.address));
    overridable.cx.any(same.map(|key| key.times.exists))
}

fn refused(supplied: &Resolved, overridable: &Resolved, own: &[Refused], others: &[Refused]) -> Aside {
    let other = &overridable.cx;
    // Where the number of keys is refused there are none as supplied.
    if supplied.keys.iter().all(|k| k.times.exists.is_false()) && overridable.keys.is_empty() {
        return Aside::new();
    }
    let mut found = Aside::new();
    for refusal in standing(supplied, own) {
        // The same place may be refused for another reason once inputs are open: one that names no value, or that no other
        // value avoids where the key is there.
        let when = refusal.here(other, others);
        let there = wherever_it_stands(supplied, overridable, &refusal, own);
        if must(other, other.or(other.not(there), when)) {
            continue;
        }
        let about = other.leaves(&Value::Bool(when)).into_iter();
        // An element of what a call makes of inputs is theirs.
        let about = about.flat_map(|leaf| match other.element_owner(leaf) {
            Some(of) => other.leaves(&Value::Sym(of)),
            None => vec![leaf],
        });
        for leaf in about.filter_map(|sym| other.leaf(sym)) {
            if leaf.given.is_none() || leaf.typed {
                continue;
            }
            let name = leaf.name.to_string();
            let assumption = refusal.assumption(&name);
            found.entry(name).or_insert(assumption);
        }
    }
    found
}
