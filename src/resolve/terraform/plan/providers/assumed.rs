//! What is taken for granted about accounts: that two provider configurations lead to two, where nothing proves it.
//!
//! Said only where it could have made the difference: one user, a key in each, able to be active together.

use std::collections::{HashMap, HashSet};

use crate::key::{AccessKey, Account};
use crate::problem::Assumption;
use crate::resolve::terraform::eval::scope::Provided;
use crate::span::Loc;
use crate::value::{Cx, Guard, Value};

/// The keys of one user in one account.
struct Side<'k> {
    key: &'k AccessKey,
    provided: &'k Provided,
    guard: Guard,
}

/// What was assumed of these keys, each with its provider configuration; in the order of keys, once for each pair of
/// configurations and of blocks.
pub fn assumptions(cx: &Cx, keys: &[(&AccessKey, &Provided)]) -> Vec<Assumption> {
    let mut said: HashSet<(&str, &str)> = HashSet::new();
    let mut blocks: HashSet<(Loc, Loc)> = HashSet::new();
    let mut out = Vec::new();
    for sides in by_user(cx, keys) {
        for (i, side) in sides.iter().enumerate() {
            let possible = |other: &&Side| {
                !settled(cx, other.provided, side.provided) && !cx.and(other.guard, side.guard).is_false()
            };
            // One for each further account is enough to know that there is something to settle.
            let Some(other) = sides.iter().take(i).find(possible) else { continue };
            let pair = (other.provided.name.as_str(), side.provided.name.as_str());
            // Instances of the same blocks, and further users of the same configurations, say nothing new.
            if !said.insert(pair) || !blocks.insert((other.key.location, side.key.location)) {
                continue;
            }
            let reason = format!(
                "the provider configurations {} and {} are taken for two accounts, since not both name theirs; if \
                 they lead to one, {} and {} are keys of one user",
                pair.0, pair.1, other.key.address, side.key.address
            );
            out.push(Assumption { reason, place: side.key.location.into() });
        }
    }
    out
}

/// The keys that may be active, by user and account.
fn by_user<'k>(cx: &Cx, keys: &[(&'k AccessKey, &'k Provided)]) -> Vec<Vec<Side<'k>>> {
    let mut users: Vec<Vec<Side>> = Vec::new();
    let mut index: HashMap<Value, usize> = HashMap::new();
    let mut places: HashMap<(usize, &Value), usize> = HashMap::new();
    for (key, provided) in keys {
        if key.status.as_str() == Some("Inactive") {
            continue;
        }
        for (guard, user) in cx.alternatives(&cx.fold_case(&key.user)) {
            if !matches!(user, Value::String(_) | Value::Sym(_)) {
                continue;
            }
            let guard = cx.and(key.times.exists, guard);
            let slot = *index.entry(user).or_insert_with(|| {
                users.push(Vec::new());
                users.len() - 1
            });
            let Some(sides) = users.get_mut(slot) else { continue };
            let place = *places.entry((slot, &key.account.scope)).or_insert(sides.len());
            match sides.get_mut(place) {
                Some(side) => side.guard = cx.or(side.guard, guard),
                None => sides.push(Side { key, provided, guard }),
            }
        }
    }
    users
}

/// Whether nothing is taken for granted of the two: they are different accounts for certain, or whether they are one
/// follows from the inputs.
fn settled(cx: &Cx, a: &Provided, b: &Provided) -> bool {
    if matches!((&a.ids, &b.ids), (Some(a), Some(b)) if a.is_disjoint(b)) {
        return true;
    }
    let others = cx.alternatives(&b.account.scope);
    cx.alternatives(&a.account.scope).iter().all(|(when, one)| {
        others.iter().all(|(also, other)| {
            let ids = Account::id_in(one).is_some() && Account::id_in(other).is_some();
            ids || one == other || cx.and(*when, *also).is_false()
        })
    })
}
