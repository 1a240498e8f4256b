//! Which keys are one user's although it switches between names: one finding, not one for each name.
//!
//! `user = var.c ? "a" : "b"` on two keys is one user, the expression. A key with `count = var.c ? 1 : 0` and the literal
//! `"a"` is its key too, since wherever it is there the expression is `"a"`.

use std::collections::{BTreeSet, HashMap};

use super::group::{Candidate, names_of};
use crate::value::ask::Ask;
use crate::value::digest::Identity;
use crate::value::limits::COMPARED;
use crate::value::{Cx, Guard, Value};

/// Users that switch between names.
#[derive(Default)]
pub(super) struct Expressions {
    /// Each with the candidates that are this user's wherever they are active: those of the same expression, of one that
    /// differs only where they are not there, and of a name that it has where they are. A key that is never there together
    /// with any of them is not theirs.
    pub(super) users: Vec<(Value, Vec<usize>)>,
    /// The candidates that were not compared with all others, past [`COMPARED`]: they are still found by their names, and
    /// what one finding would hold may be in two.
    pub(super) not_compared: BTreeSet<usize>,
}

/// The users that switch between names.
pub(super) fn expressions(cx: &Cx, candidates: &[Candidate]) -> Expressions {
    let names: Vec<Vec<(Guard, Value)>> = candidates.iter().map(|c| names_of(cx, c)).collect();
    let mut found: Vec<(Value, Vec<usize>)> = Vec::new();
    let mut by_name: HashMap<Identity, Vec<usize>> = HashMap::new();
    let switches = |i: &usize| names.get(*i).is_some_and(|names| names.len() > 1);
    let (switching, single): (Vec<usize>, Vec<usize>) = (0..candidates.len()).partition(switches);
    if switching.is_empty() {
        return Expressions::default();
    }
    let (mut same, mut identities, mut left) = (HashMap::new(), HashMap::new(), COMPARED.most);
    let mut not_compared = BTreeSet::new();
    for i in switching.into_iter().chain(single) {
        let (Some(candidate), Some(names)) = (candidates.get(i), names.get(i)) else { continue };
        let expression = (names.len() > 1).then(|| Value::Choice(names.as_slice().into()));
        let identity = expression.as_ref().map(|user| cx.identity(user));
        let known = identity.as_ref().and_then(|identity| same.get(identity).copied());
        // An input with listed values may be the expression too: it is what this is at each of them.
        let named: BTreeSet<usize> = names
            .iter()
            .flat_map(|(_, name)| match name {
                Value::Sym(sym) => cx.alternatives(&cx.tabulated(*sym).unwrap_or_else(|| name.clone())),
                name => vec![(Guard::TRUE, name.clone())],
            })
            .filter_map(|(_, name)| by_name.get(&cx.identity(&name)))
            .flatten()
            .copied()
            .collect();
        let joins = |place: &usize| {
            let mut met = false;
            let fits = found.get(*place).is_some_and(|(_, members)| {
                members.iter().all(|m| {
                    let Some(member) = candidates.get(*m) else { return false };
                    if identity.is_some() && identities.get(m) == identity.as_ref() {
                        met = true;
                        return true;
                    }
                    let one = if left > 0 { are_one(cx, candidate, member) } else { Some(false) };
                    if left == 0 {
                        not_compared.extend([i, *m]);
                    }
                    left = left.saturating_sub(1);
                    met |= one == Some(true);
                    one != Some(false)
                })
            });
            fits && met
        };
        let place = known.into_iter().chain(named).find(joins);
        let place = match (place, expression) {
            (Some(place), _) => place,
            (None, None) => continue,
            (None, Some(user)) => {
                for (_, name) in names {
                    by_name.entry(cx.identity(name)).or_default().push(found.len());
                }
                found.push((user, Vec::new()));
                found.len() - 1
            }
        };
        if let Some(identity) = identity {
            same.insert(identity.clone(), place);
            identities.insert(i, identity);
        }
        if let Some((_, members)) = found.get_mut(place) {
            members.push(i);
        }
    }
    for (_, members) in &mut found {
        members.sort_unstable();
    }
    Expressions { users: found, not_compared }
}

/// Whether the users of two keys are one wherever both are active; `None` where they never are. Past the budget they are
/// told apart, and each is still found by its names.
fn are_one(cx: &Cx, a: &Candidate, b: &Candidate) -> Option<bool> {
    // Where the deployment refuses a user, neither key is there.
    let there = |c: &Candidate| cx.and(c.active, cx.not(cx.refused(&c.folded)));
    let both = cx.and(there(a), there(b));
    let same = cx.equal(&a.folded, &b.folded);
    let Ok(mut ask) = Ask::new(cx, &[both, same]) else { return Some(false) };
    match ask.can_hold(both) {
        Ok(false) => None,
        Ok(true) => Some(ask.must_hold(both, same).unwrap_or(false)),
        Err(_) => Some(false),
    }
}
