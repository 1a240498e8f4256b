//! Supplied values that the deployment refuses, whatever the free inputs are: whoever deploys supplies others.
//!
//! Answers: which supplied inputs count as free, and why? Those that a refusal is about which holds always, or wherever a
//! key is there; what was typed on the command line is never one of them. The unit is then resolved again without them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{must, names};
use crate::key::{Refused, Resolved};
use crate::problem::{Assumption, Place};
use crate::value::{Guard, Value};

/// The inputs that count as free, by name, each with why.
pub type Aside = BTreeMap<String, Assumption>;

/// What counts as free of what supplies a unit, since the deployment refuses it; `overridable` is the same unit with its
/// supplied inputs as leaves.
pub fn aside(supplied: &Resolved, overridable: &Resolved) -> Aside {
    refused(supplied, overridable, &supplied.refusals, &overridable.refusals)
}

/// The same of what makes a name that IAM refuses. Terraform plans those keys, so the inventory keeps them as supplied.
pub fn aside_for_names(supplied: &Resolved, overridable: &Resolved) -> Aside {
    refused(supplied, overridable, &names::refusals(supplied), &names::refusals(overridable))
}

fn refused(supplied: &Resolved, overridable: &Resolved, own: &[Refused], others: &[Refused]) -> Aside {
    let (cx, other) = (&supplied.cx, &overridable.cx);
    let exists: HashSet<Guard> =
        supplied.keys.iter().map(|k| k.times.exists).filter(|g| !g.is_false()).collect();
    // Where the number of keys is refused there are none as supplied.
    if exists.is_empty() && overridable.keys.is_empty() {
        return Aside::new();
    }
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    let mut always =
        |when: Guard| exists.contains(&when) || *asked.entry(when).or_insert_with(|| must(cx, when));
    let mut found = Aside::new();
    let mut places: HashSet<&Place> = HashSet::new();
    for refusal in own {
        if !always(refusal.when) || !places.insert(&refusal.problem.place) {
            continue;
        }
        // The same place may be refused for another reason once inputs are open: one that names no value.
        let here = others.iter().filter(|r| r.problem.place == refusal.problem.place);
        let when = other.any(here.map(|r| r.when));
        if must(other, when) {
            continue;
        }
        for leaf in other.leaves(&Value::Bool(when)).into_iter().filter_map(|sym| other.leaf(sym)) {
            if leaf.given.is_none() || leaf.typed {
                continue;
            }
            let name = leaf.name.to_string();
            let reason = format!(
                "the deployment refuses what is supplied for {name} ({}), so another value will be: it counts as free",
                refusal.problem.reason
            );
            found.entry(name).or_insert(Assumption { reason, place: refusal.problem.place.clone() });
        }
    }
    found
}
