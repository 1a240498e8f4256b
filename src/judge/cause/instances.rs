//! Instances of one block or call: which number, or which element, makes them.
//!
//! Answers: what is edited so that one instance less is there, and no key of another user changes?

use std::rc::Rc;

use super::written::{assigned, blocks, cause, given, named, owned, remedy};
use super::{Around, second_block};
use crate::judge::finding::{Assignment, Cause, Named, Remedy, Situation};
use crate::judge::shared::Shared;
use crate::key::{AccessKey, By, Role, Step, Written};
use crate::span::Loc;

/// Whether a number by itself multiplies this step, not the length of something written.
pub(super) fn numbers(keys: &[&AccessKey], at: usize) -> bool {
    let step = keys.first().and_then(|k| k.way.get(at));
    step.is_some_and(|step| step.by == By::Number && step.element.is_none())
}

/// The condition by which a block tells this key from its other instances; `None` where it has a status already, or where
/// a call around it is multiplied.
fn of_its_instance(key: &AccessKey) -> Option<String> {
    let (step, calls) = key.way.split_last()?;
    // A status that is written says something of the other instances.
    let status = key.places.iter().any(|place| place.role == Role::Status);
    if status || !key.is_plainly_active() || calls.iter().any(|call| !call.instance.is_empty()) {
        return None;
    }
    let instance = step.instance.strip_prefix('[')?.strip_suffix(']').filter(|i| *i != "*")?;
    match step.by {
        By::Elements => Some(format!("each.key == {instance}")),
        By::Number => Some(format!("count.index == {instance}")),
        By::Nothing => None,
    }
}

/// A remedy of instances, made where no other user's keys hang on it: of a number, an argument on its way; of elements, a
/// status that tells the instances apart. Where there is none, it stays.
pub(super) fn nearer(
    mut causes: Vec<Cause>,
    remedy: Remedy,
    keys: &[&AccessKey],
    at: usize,
    around: Around,
) -> (Vec<Cause>, Remedy) {
    let Some(step) = keys.first().and_then(|k| k.way.get(at)) else { return (causes, remedy) };
    if !touches(&remedy, keys, around.shared) {
        return (causes, remedy);
    }
    if remedy.situation == Situation::Number {
        let free = |at: &Loc| !around.shared.touches(*at, keys);
        let value = step.element.as_ref().or(step.value.as_ref());
        let passed = value.and_then(|value| {
            let passed = value.passed.iter().find(|passed| free(&passed.at))?;
            causes.insert(0, cause(format!("passed on to {}", passed.of), passed.at));
            Some(assigned(&value.at_call(passed), "1"))
        });
        let own = step.multiplier.filter(|at| step.by == By::Number && free(at)).map(count_of_one);
        if let Some(edit) = passed.or(own) {
            // What is edited comes first.
            causes.sort_by_key(|cause| cause.location != edit.location);
            return (causes, Remedy { of: vec![edit], ..remedy });
        }
    }
    let apart = (keys.len() == 2).then(|| told_apart(keys)).flatten();
    let apart = apart.filter(|(key, _)| !same_instance(key, keys, around));
    (causes, apart.map_or(remedy, |(_, remedy)| remedy))
}

/// Whether a key of others stands in the same instance of the same block, by another call.
fn same_instance(key: &AccessKey, keys: &[&AccessKey], around: Around) -> bool {
    let instance = |k: &AccessKey| k.way.last().map(|step| step.instance.clone());
    around.shared.at(key.location, keys).any(|other| instance(other) == instance(key))
}

/// The last key switched off by the condition that tells it from its other instances.
pub(super) fn told_apart<'k>(keys: &[&'k AccessKey]) -> Option<(&'k AccessKey, Remedy)> {
    let last = *keys.last()?;
    let when = of_its_instance(last)?;
    let block = last.way.last().map_or(&last.address, |step| &step.name);
    let of = vec![named(block.clone(), last.location)];
    Some((last, Remedy { when: Some(when), ..remedy(Situation::Switch, of) }))
}

/// `count = 1` in the place of what is counted.
fn count_of_one(at: Loc) -> Named {
    let set = Assignment { name: "count".into(), value: "1".into() };
    Named { set: Some(set), ..named("count = 1".into(), at) }
}

/// Instances of one block or call.
pub(super) fn instances(keys: &[&AccessKey], at: usize) -> (Vec<Cause>, Remedy) {
    let steps: Vec<&Rc<Step>> = keys.iter().filter_map(|k| k.way.get(at)).collect();
    let Some(first) = steps.first() else { return (second_block(keys, &[]), blocks(keys)) };
    let elements: Vec<&Rc<Written>> = steps.iter().filter_map(|s| s.element.as_ref()).collect();
    let places: Vec<Loc> = elements.iter().map(|e| e.at).collect();
    let whole = elements.len() > 1 && elements.len() == steps.len();
    let one_place = whole && places.iter().all(|p| Some(p) == places.first());
    // Several keys that go back to one element: a number in it.
    let number = elements.first().filter(|e| one_place && !e.name.is_empty());
    let (causes, remedy) = match (first.by, number, first.value.as_deref()) {
        (By::Elements, Some(number), _) => (
            vec![cause(format!("{} makes {} access keys", number.name, keys.len()), number.at)],
            remedy(Situation::Number, vec![assigned(number, "1")]),
        ),
        (By::Elements | By::Number, None, value) if whole && !one_place => {
            let decoded = elements.iter().any(|e| e.decoded);
            let situation = if decoded { Situation::Decoded } else { Situation::Elements };
            let from = value.filter(|value| !decoded && !value.decoded).map(owned);
            let mut of: Vec<Named> = elements.iter().map(|e| named(e.text.clone(), e.at)).collect();
            of.dedup();
            let causes = elements.iter().skip(1).take(1);
            let causes =
                causes.map(|e| cause(format!("{} makes a second access key", e.text), e.at)).collect();
            (causes, Remedy { from, ..remedy(situation, of) })
        }
        (By::Elements, _, Some(value)) => {
            let situation = if value.decoded { Situation::Decoded } else { Situation::Elements };
            let of = elements_of(&steps, value.at);
            let what = format!("the elements of {} make the access keys", owned(value));
            (vec![cause(what, value.at)], Remedy { from: Some(owned(value)), ..remedy(situation, of) })
        }
        (By::Number, _, Some(value)) if value.decoded || value.text.parse::<u64>().is_ok() => {
            (vec![counted(value, keys.len())], remedy(Situation::Number, vec![assigned(value, "1")]))
        }
        (By::Number, _, Some(value)) => {
            let what = format!("the number of elements of {} multiplies the access key", owned(value));
            let of = vec![named("all but one element".into(), value.at)];
            (
                vec![cause(what, value.at)],
                Remedy { from: Some(owned(value)), ..remedy(Situation::Elements, of) },
            )
        }
        (by, ..) => {
            let place = first.multiplier.unwrap_or(first.at);
            let (situation, text) = match (by, &elements) {
                (By::Number, _) => (Situation::Number, String::new()),
                (_, one) if !one.is_empty() => (Situation::Elements, "all but one element".into()),
                _ => (Situation::Elements, "all but one element of for_each".into()),
            };
            let place = places.first().copied().filter(|_| by != By::Number).unwrap_or(place);
            let of = vec![if by == By::Number { count_of_one(place) } else { named(text, place) }];
            (vec![cause("this multiplies the access key", place)], remedy(situation, of))
        }
    };
    (led_to(causes, first, keys), remedy)
}

/// The elements of these instances, where only the collection has a place: by the keys of the instances, which the
/// collection's other elements are told from.
fn elements_of(steps: &[&Rc<Step>], at: Loc) -> Vec<Named> {
    let mut keys: Vec<&str> = steps
        .iter()
        .filter_map(|step| step.instance.strip_prefix('[')?.strip_suffix(']').filter(|key| *key != "*"))
        .collect();
    keys.dedup();
    match keys.len() == steps.len() && keys.len() > 1 {
        true => keys.iter().map(|key| named(format!("the element for {key}"), at)).collect(),
        false => vec![named("all but one element".into(), at)],
    }
}

/// The causes with what leads to them: the argument that multiplies, and the calls on the way.
fn led_to(mut causes: Vec<Cause>, step: &Step, keys: &[&AccessKey]) -> Vec<Cause> {
    causes.extend(step.multiplier.map(|at| cause(format!("{} is multiplied here", step.name), at)));
    if let Some((_, calls)) = keys.first().and_then(|k| k.way.split_last()) {
        let calls = calls.iter().rev().filter(|call| call.at != step.at);
        causes.extend(calls.map(|call| cause(format!("{} is called here", call.name), call.at)));
    }
    let mut seen = Vec::new();
    causes.retain(|c| {
        !seen.contains(&c.location) && {
            seen.push(c.location);
            true
        }
    });
    causes
}

fn counted(value: &Written, keys: usize) -> Cause {
    let what = if value.text.is_empty() {
        owned(value)
    } else {
        format!("{}{}{}", given(value), value.between, value.text)
    };
    let makes =
        if keys > 1 { format!("makes {keys} access keys") } else { "multiplies the access key".into() };
    cause(format!("{what} {makes}"), value.at)
}

/// Whether a remedy changes keys of others.
fn touches(remedy: &Remedy, keys: &[&AccessKey], shared: &Shared) -> bool {
    remedy.of.iter().any(|n| shared.touches(n.location, keys))
}
