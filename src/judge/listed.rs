//! Users whose values are listed, and when some of them have to be one.
//!
//! Three parameters of two allowed values give two keys one name, whatever they are. Which two that are is open, so each of the
//! values is a name that keys can have.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::allowed::leads_to;
use super::prove::Allowed;
use crate::key::Resolved;
use crate::value::limits::ALTERNATIVES;
use crate::value::{Cx, SymId, Value};

/// A user with its values in lower case.
type Listed = (SymId, HashSet<Value>);

/// The values of a user that is made of inputs with listed values alone; `None` for others, and where they are many.
pub(super) fn values_of(cx: &Cx, user: SymId) -> Option<Vec<Value>> {
    let mut values = vec![Value::Sym(user)];
    for leaf in cx.leaves(&Value::Sym(user)) {
        let closed = cx.leaf(leaf)?.closed?;
        if values.len().saturating_mul(closed.len()) > ALTERNATIVES.most {
            return None;
        }
        let with = |value: &Value| {
            closed.iter().map(|own| cx.fill(value, &HashMap::from([(leaf, own.clone())]))).collect::<Vec<_>>()
        };
        values = values.iter().flat_map(with).collect();
    }
    values.iter().all(Value::is_known).then_some(values)
}

/// Names that one of these users has whatever the inputs are, or that two of them may have because some two have to.
pub(super) fn names(resolved: &Resolved, listed: HashMap<SymId, Vec<Value>>) -> Vec<Value> {
    let cx = &resolved.cx;
    let fold = |values: Vec<Value>| values.iter().map(|v| cx.fold_case(v)).collect::<HashSet<_>>();
    let mut listed: Vec<Listed> = listed.into_iter().map(|(user, values)| (user, fold(values))).collect();
    listed.sort_unstable_by_key(|(user, _)| *user);
    let is_told = |values: &HashSet<Value>| {
        let more = || listed.iter().filter(|(_, own)| own.is_subset(values)).count() > values.len();
        values.len() == 1 || more()
    };
    let (told, left): (Vec<&Listed>, Vec<&Listed>) = listed.iter().partition(|(_, values)| is_told(values));
    let groups = overlapping(&left).into_iter().filter(|group| two_are_one(resolved, group));
    let groups: Vec<Vec<&Listed>> = groups.collect();
    told.into_iter()
        .chain(groups.into_iter().flatten())
        .flat_map(|(_, values)| values.iter().cloned())
        .collect()
}

/// Of how many users it is asked whether two are one; of more it is told where they are more than their values.
const ASKED: usize = 16;

/// Users in groups that have values in common, directly or through others.
fn overlapping<'l>(users: &[&'l Listed]) -> Vec<Vec<&'l Listed>> {
    let mut first: HashMap<&Value, usize> = HashMap::new();
    let mut joined: Vec<usize> = (0..users.len()).collect();
    let root = |joined: &[usize], mut at: usize| {
        while let Some(&next) = joined.get(at).filter(|next| **next != at) {
            at = next;
        }
        at
    };
    for (i, (_, values)) in users.iter().enumerate() {
        for value in values {
            let (own, other) = (root(&joined, i), root(&joined, *first.entry(value).or_insert(i)));
            if let Some(to) = joined.get_mut(own.max(other)) {
                *to = own.min(other);
            }
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Listed>> = BTreeMap::new();
    for (i, user) in users.iter().enumerate() {
        groups.entry(root(&joined, i)).or_default().push(user);
    }
    groups.into_values().collect()
}

/// Whether two of these users are one for all inputs that the deployment does not refuse. Of two alone, conditions say that
/// ([`super::made_one`]).
fn two_are_one(resolved: &Resolved, users: &[&Listed]) -> bool {
    if !(3..=ASKED).contains(&users.len()) {
        return false;
    }
    let cx = &resolved.cx;
    let mut allowed = Allowed::default();
    resolved.refusals.iter().for_each(|refused| allowed.add(cx, cx.not(refused.when)));
    let allowed = allowed.of(cx, users.iter().flat_map(|(user, _)| cx.leaves(&Value::Sym(*user))));
    let pairs = users.iter().enumerate().flat_map(|(i, a)| users.iter().skip(i + 1).map(move |b| (a.0, b.0)));
    let same = cx.any(pairs.map(|(a, b)| cx.equal(&Value::Sym(a), &Value::Sym(b))).collect::<Vec<_>>());
    !same.is_false() && leads_to(cx, allowed, same)
}
