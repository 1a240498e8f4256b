//! What is taken for granted about accounts: that two provider configurations lead to two, where nothing proves it.
//!
//! Said only where it could have made the difference: one user, a key in each, able to be active together.

use std::collections::HashMap;

use super::Provided;
use crate::key::AccessKey;
use crate::problem::Assumption;
use crate::value::{Cx, Guard, Value};

/// The keys of one user in one account.
struct Side<'k> {
    key: &'k AccessKey,
    provided: &'k Provided,
    guard: Guard,
}

/// What was assumed of these keys, each with its provider configuration; in the order of keys, once for each pair of
/// configurations.
pub fn assumptions(cx: &Cx, keys: &[(&AccessKey, &Provided)]) -> Vec<Assumption> {
    let mut users: Vec<Vec<Side>> = Vec::new();
    let mut index: HashMap<Value, usize> = HashMap::new();
    for (key, provided) in keys {
        if key.status.as_str() == Some("Inactive") {
            continue;
        }
        for (guard, user) in cx.alternatives(&cx.fold_case(&key.user)) {
            if !matches!(user, Value::String(_) | Value::Sym(_)) {
                continue;
            }
            let guard = cx.and(key.exists, guard);
            let slot = *index.entry(user).or_insert_with(|| {
                users.push(Vec::new());
                users.len() - 1
            });
            let Some(sides) = users.get_mut(slot) else { continue };
            match sides.iter_mut().find(|s| s.key.account.scope == key.account.scope) {
                Some(side) => side.guard = cx.or(side.guard, guard),
                None => sides.push(Side { key, provided, guard }),
            }
        }
    }
    let mut said: Vec<(&str, &str)> = Vec::new();
    let mut out = Vec::new();
    for sides in &users {
        for (i, side) in sides.iter().enumerate() {
            // One for each further account is enough to know that there is something to settle.
            let other = sides.iter().take(i).find(|other| {
                !proven(other.provided, side.provided) && !cx.and(other.guard, side.guard).is_false()
            });
            let Some(other) = other else { continue };
            let pair = (other.provided.name.as_str(), side.provided.name.as_str());
            if said.contains(&pair) {
                continue;
            }
            said.push(pair);
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

/// Whether the two are different accounts for certain.
fn proven(a: &Provided, b: &Provided) -> bool {
    matches!((&a.ids, &b.ids), (Some(a), Some(b)) if a.is_disjoint(b))
}
