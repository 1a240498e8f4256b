//! What the deployment refuses, and so which assignments of the inputs count.

use std::collections::HashMap;

use super::indexes::indexes;
use super::prove::Allowed;
use super::{names, refusals};
use crate::key::{Refused, Resolved};
use crate::problem::Problem;
use crate::value::ask::Ask;
use crate::value::{Cx, Guard, SymId, Value};

/// Everything that is refused before a key is there, by the deployment or by IAM. What is refused of an index is so only of
/// those that there are.
pub(super) fn refused(resolved: &Resolved) -> Vec<Refused> {
    let cx = &resolved.cx;
    let mut all = [resolved.refusals.clone(), names::refusals(resolved)].concat();
    let indexes = resolved.keys.iter().flat_map(|key| indexes(cx, key));
    let within: HashMap<SymId, Guard> = indexes.map(|index| (index.sym, index.within)).collect();
    for refused in all.iter_mut().filter(|_| !within.is_empty()) {
        let of = cx.leaves(&Value::Bool(refused.when)).into_iter();
        refused.when = cx.all(of.filter_map(|leaf| within.get(&leaf).copied()).chain([refused.when]));
    }
    all
}

/// When the deployment refuses nothing, and what it refuses whatever the inputs are.
///
/// A refusal that supplied inputs alone decide is no problem where there are no keys and overriding them avoids it.
pub(super) fn allowed(
    resolved: &Resolved,
    refusals: &[Refused],
    overridable: Option<&Resolved>,
) -> (Allowed, Vec<Problem>) {
    let cx = &resolved.cx;
    let (mut allowed, mut problems) = (Allowed::default(), Vec::new());
    // Many are refused under one condition.
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    let mut always = |when: Guard| when.is_true() || *asked.entry(when).or_insert_with(|| must(cx, when));
    let all = [Some(resolved), overridable];
    let keys = all.into_iter().flatten().flat_map(|r| &r.keys).any(|k| !k.times.exists.is_false());
    let standing = refusals::standing(cx, refusals, &mut always);
    // With keys, what supplied inputs decide was set aside before, but for what was typed.
    let (said, avoided): (Vec<_>, Vec<_>) = standing.into_iter().partition(|standing| {
        let avoidable = |other: &Resolved| !must(&other.cx, standing.here(&other.cx, &other.refusals));
        keys || !overridable.is_some_and(avoidable)
    });
    for refusal in refusals {
        let always = always(refusal.when);
        if always && !avoided.iter().any(|a| a.is_at(&refusal.problem.place)) {
            continue;
        }
        // What holds whatever the free inputs are is about every question, not only about those of its inputs.
        allowed.add(cx, if always { Guard::FALSE } else { cx.not(refusal.when) });
    }
    // Rules that no value meets leave no key in the resolution in which every input is open.
    let no_key = |other: &Resolved| {
        keys && !other.keys.is_empty() && other.keys.iter().all(|k| k.times.exists.is_false())
    };
    if !said.is_empty()
        && (overridable.is_some_and(no_key) || leaves_nothing(overridable.unwrap_or(resolved)))
    {
        allowed.add(cx, Guard::FALSE);
    }
    problems.extend(said.into_iter().map(|standing| standing.problem));
    (allowed, problems)
}

/// Whether refusals of which each one leaves some assignment leave none together: then nothing of the unit is deployed.
fn leaves_nothing(resolved: &Resolved) -> bool {
    let cx = &resolved.cx;
    let mut asked: HashMap<Guard, bool> = HashMap::new();
    let mut whens: Vec<Guard> = resolved.refusals.iter().map(|refusal| refusal.when).collect();
    whens.retain(|when| !*asked.entry(*when).or_insert_with(|| must(cx, *when)));
    whens.len() > 1 && must(cx, cx.any(whens))
}

/// Whether one thing holds wherever another one does, which can hold. Past the budget it is not told.
pub(super) fn leads_to(cx: &Cx, given: Guard, then: Guard) -> bool {
    let asked = |mut ask: Ask| Ok(ask.can_hold(given)? && ask.must_hold(given, then)?);
    Ask::new(cx, &[given, then]).and_then(asked).unwrap_or(false)
}

/// Whether a guard holds whatever the inputs are. Most fail where there is nothing of what it asks about, which takes no question.
pub(super) fn must(cx: &Cx, guard: Guard) -> bool {
    !guard.is_false()
        && !fails_for_the_first(cx, guard)
        && Ask::new(cx, &[guard]).and_then(|mut a| a.must_hold(Guard::TRUE, guard)).unwrap_or(false)
}

/// Whether a guard fails where each input whose values are listed has the first: where a free collection has no elements.
fn fails_for_the_first(cx: &Cx, guard: Guard) -> bool {
    let first = |leaf: SymId| Some((leaf, cx.leaf(leaf)?.closed?.into_iter().next()?));
    let first: HashMap<SymId, Value> = cx.leaves(&Value::Bool(guard)).into_iter().filter_map(first).collect();
    !first.is_empty() && cx.fill(&Value::Bool(cx.not(guard)), &first) == Value::TRUE
}
