//! A condition that brings one of the keys: a bool, a comparison, a module's own switch.
//!
//! Answers: which value is set the other way, or under which condition is the other key inactive?

use super::written::{assigned, cause, each, named, owned, remedy, stands};
use super::{Around, argument, has_siblings, second_block};
use crate::judge::finding::{Cause, Remedy, Situation, WhenValue};
use crate::judge::shared::Shared;
use crate::key::{AccessKey, Written};
use crate::span::Loc;
use crate::value::Value;

/// A bool that brings all keys but one, or a part of them, is set the other way.
pub(super) fn switched(keys: &[&AccessKey], latent: bool, shared: &Shared) -> Option<(Vec<Cause>, Remedy)> {
    let of_key = |key: &AccessKey| {
        let steps = key.way.iter().filter_map(|s| s.switch.clone());
        steps.chain(key.status_switch.clone()).collect::<Vec<_>>()
    };
    // One that all of them hang on takes the only key away too.
    let without =
        |switch: &Written| keys.iter().filter(|k| of_key(k).iter().all(|s| s.at != switch.at)).count();
    // Where others hang on what is written, the argument that passes it on to this key is set.
    let edited = |switch: &Written| {
        let free = |at: Loc, name: &str| latent || !shared.is_set_for_more(at, name, keys);
        let passed = || switch.passed.iter().find(|p| free(p.at, &p.name)).map(|p| switch.at_call(p));
        if free(switch.at, &switch.name) { Some(switch.clone()) } else { passed() }
    };
    let (key, switch, edited) = keys
        .iter()
        .rev()
        .flat_map(|k| of_key(k).into_iter().rev().map(move |s| (k, s)))
        .filter(|(_, s)| without(s) == 1)
        .find_map(|(k, s)| edited(&s).map(|edited| (k, s, edited)))?;
    let other = switch.other.as_deref()?;
    // What only overriding leads to is to stay as it is.
    let now = if latent { other } else { switch.text.as_str() };
    let kept = if latent { Some(switch.text.as_str()) } else { edited.other.as_deref() }?;
    let causes = brought_by(key, &switch, now);
    let edit = match switch.but {
        true => named(format!("{} to anything but {kept}", owned(&edited)), edited.at),
        false => assigned(&edited, kept),
    };
    Some((causes, remedy(Situation::Switch, vec![edit])))
}

/// Keys that modules of the catalogue make, which have a switch for it: all of them, or one of two.
pub(super) fn of_the_catalogue(keys: &[&AccessKey], around: Around) -> Option<(Vec<Cause>, Remedy)> {
    // The switch of a call that makes other users' keys too takes those away.
    let alone = |k: &&AccessKey| !(0..k.way.len()).any(|at| has_siblings(k, keys, around, at));
    let switched: Vec<&AccessKey> =
        keys.iter().copied().filter(|k| k.without_key.is_some() && alone(k)).collect();
    let second = switched.last().filter(|_| switched.len() == keys.len() || keys.len() == 2)?;
    let causes = vec![cause(format!("this module creates {}", second.address), second.location)];
    let switches = each(&switched, |k| {
        let switch = k.without_key.as_ref()?;
        Some(assigned(switch, &switch.text))
    });
    Some((causes, remedy(Situation::Catalogue, switches)))
}

/// A key that exists, or is active, under a condition only, beside one that always is: that one is inactive then.
pub(super) fn opposite(keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Option<(Vec<Cause>, Remedy)> {
    let [a, b] = keys else { return None };
    // The condition must mean the same beside the other key.
    let ((_, calls), (_, others)) = (a.way.split_last()?, b.way.split_last()?);
    let same = calls.iter().zip(others.iter()).all(|(x, y)| (x.at, &x.instance) == (y.at, &y.instance));
    if !same || calls.len() != others.len() || a.kind != b.kind {
        return None;
    }
    let always = |k: &AccessKey| k.is_plainly_active() && argument(k).is_none();
    let (kept, other) = match (always(a), always(b)) {
        (true, false) => (a, b),
        (false, true) => (b, a),
        _ => return None,
    };
    let condition = other.condition().map(str::to_owned).or_else(|| match when {
        [(input, WhenValue::Bool(holds))] if is_variable(input) && other.status == Value::Null => {
            Some(if *holds { input.clone() } else { format!("!{input}") })
        }
        _ => None,
    })?;
    let of = vec![named(kept.address.clone(), kept.location)];
    Some((conditional(other, keys, when), Remedy { when: Some(condition), ..remedy(Situation::Switch, of) }))
}

/// What makes a key that exists under a written condition the second one: the value that this depends on, or the condition.
fn conditional(key: &AccessKey, keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Vec<Cause> {
    let decided = key.way.last().and_then(|step| step.decided_by.as_deref());
    let by = decided.filter(|by| when.is_empty() && !by.text.is_empty());
    let causes = by.map_or_else(Vec::new, |by| brought_by(key, by, &by.text));
    [causes, second_block(keys, when)].concat()
}

/// The value with which a key is there and active, and the condition that it decides.
fn brought_by(key: &AccessKey, value: &Written, now: &str) -> Vec<Cause> {
    let active = cause(format!("{} is active with {}", key.address, stands(value, now)), value.at);
    let condition = argument(key).map(|at| cause(format!("the condition of {}", key.address), at));
    [active].into_iter().chain(condition).collect()
}

/// Whether an input is a variable, or an attribute of one, that can be written as it is named.
fn is_variable(input: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    input.starts_with("var.") && input.chars().all(plain)
}
