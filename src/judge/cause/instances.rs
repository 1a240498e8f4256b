//! Instances of one block or call: which number, or which element, makes them.
//!
//! Answers: what is edited so that one instance less is there, and no key of another user changes?

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use indexmap::IndexSet;

use super::written::{assigned, blocks, cause, named, owned, remedy, stands};
use super::{Around, second_block};
use crate::judge::finding::{Assignment, Cause, Named, Remedy, Situation};
use crate::judge::shared::Shared;
use crate::key::{AccessKey, By, Number, Role, Step, Written};
use crate::span::Loc;

/// So many instances are told apart by a condition on each.
const APART: usize = 4;

/// Whether a number by itself multiplies this step, not the length of something written.
pub(super) fn numbers(keys: &[&AccessKey], at: usize) -> bool {
    let step = keys.first().and_then(|k| k.way.get(at));
    step.is_some_and(|step| step.by == By::Number && step.element.is_none())
}

/// The condition by which a block tells this key from its other instances, or those from it; `None` where it has a status
/// already.
pub(super) fn of_its_instance(key: &AccessKey, is: &str) -> Option<String> {
    let step = key.way.last()?;
    // A status that is written says something of the other instances.
    let status = key.places.iter().any(|place| place.role == Role::Status);
    if status || !key.is_plainly_active() {
        return None;
    }
    let instance = step.instance.strip_prefix('[')?.strip_suffix(']').filter(|i| *i != "*")?;
    step.index.map(|index| format!("{index} {is} {instance}"))
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
    if !touches(
        &remedy,
        step.value.as_ref().filter(|value| !value.decoded).map(|value| value.at),
        keys,
        around.shared,
    ) {
        return (causes, remedy);
    }
    if remedy.situation == Situation::Number {
        let free = |at: Loc, name: &str| !around.shared.is_set_for_more(at, name, keys);
        let most = lower(&steps_at(keys, at));
        let value = step.element.as_ref().or(step.value.as_ref());
        let passed = value.and_then(|value| {
            let passed = value.passed.iter().find(|passed| free(passed.at, &passed.name))?;
            causes.insert(0, cause(format!("passed on to {}", passed.of), passed.at));
            Some(assigned(&value.at_call(passed), &most))
        });
        let own = step.multiplier.filter(|at| step.by == By::Number && free(*at, "count"));
        let own = own.map(|at| count_of(&most, at));
        if let Some(edit) = passed.or(own) {
            // What is edited comes first.
            causes.sort_by_key(|cause| cause.location != edit.location);
            return (causes, Remedy { of: vec![edit], ..remedy });
        }
    }
    (causes, apart(keys, around).unwrap_or(remedy))
}

/// Whether a key of others stands in the same instance of the same block, by another call.
fn same_instance(key: &AccessKey, keys: &[&AccessKey], around: Around) -> bool {
    let instance = |k: &AccessKey| k.way.last().map(|step| step.instance.clone());
    around.shared.at(key.location, keys).any(|other| instance(other) == instance(key))
}

/// All keys but the first switched off by the condition that tells them from the block's other instances, if they are few.
pub(super) fn apart(keys: &[&AccessKey], around: Around) -> Option<Remedy> {
    let (first, off) = keys.split_first().filter(|(_, off)| off.len() <= APART)?;
    let instance = |key: &AccessKey| key.way.last().map(|step| step.instance.clone());
    let block = off.first()?.location;
    // What stands for the first key too would leave none.
    let stays = block != first.location || off.iter().all(|key| instance(key) != instance(first));
    let told = stays && off.iter().all(|key| key.location == block);
    told.then(|| switched_off(off, keys, around)).flatten()
}

/// Instances of one block switched off by the condition that tells them from its others.
pub(super) fn switched_off(off: &[&AccessKey], keys: &[&AccessKey], around: Around) -> Option<Remedy> {
    let first = *off.first()?;
    if off.iter().any(|key| same_instance(key, keys, around)) {
        return None;
    }
    let when = off.iter().map(|key| of_its_instance(key, "==")).collect::<Option<IndexSet<String>>>()?;
    let when = Vec::from_iter(when).join(" || ");
    let block = first.way.last().map_or(&first.address, |step| &step.name);
    let of = vec![named(block.clone(), first.location)];
    Some(Remedy { when: Some(when), ..remedy(Situation::Switch, of) })
}

/// Another `count`, in the place of what is counted.
fn count_of(value: &str, at: Loc) -> Named {
    let set = Assignment { name: "count".into(), value: value.into() };
    Named { set: Some(set), ..named(format!("count = {value}"), at) }
}

/// Instances of one block or call.
pub(super) fn instances(keys: &[&AccessKey], around: Around, at: usize) -> (Vec<Cause>, Remedy) {
    let steps = steps_at(keys, at);
    let Some(first) = steps.first() else { return (second_block(keys, &[]), blocks(keys)) };
    let elements: Vec<&Rc<Written>> = steps.iter().filter_map(|s| s.element.as_ref()).collect();
    let places: Vec<Loc> = elements.iter().map(|e| e.at).collect();
    let whole = elements.len() > 1 && elements.len() == steps.len();
    let one_place = whole && places.iter().all(|p| Some(p) == places.first());
    // Several keys that go back to one element: a number in it.
    let made = |element: &Written| {
        let step = |k: &&AccessKey| k.way.get(at).and_then(|s| s.element.as_ref()).map(|e| e.at);
        around.all.iter().filter(|k| step(k) == Some(element.at)).count()
    };
    let counts = |e: &&&Rc<Written>| match e.number {
        Number::Itself(Some(n)) => usize::try_from(n) == Ok(made(e)),
        _ => false,
    };
    let number = elements.first().filter(|_| one_place).filter(counts);
    let (causes, remedy) = match (first.by, number, first.value.as_deref()) {
        (By::Elements, Some(number), _) => (
            vec![cause(format!("{} makes {} access keys", owned(number), keys.len()), number.at)],
            remedy(Situation::Number, vec![assigned(number, "1")]),
        ),
        // What one element makes several keys of cannot be told apart in it.
        (By::Elements, None, _) if whole && one_place => {
            let causes = elements.iter().take(1).map(|e| cause("this makes the access keys", e.at));
            (causes.collect(), apart(keys, around).unwrap_or_else(|| blocks(keys)))
        }
        (By::Elements | By::Number, None, value) if whole && !one_place => {
            let decoded = elements.iter().any(|e| e.decoded);
            let situation = if decoded { Situation::Decoded } else { Situation::Elements };
            // What makes them may be read of something else than the elements (`[for g in gens : …]` in a text).
            // A loop of a template is named as a whole.
            let inside = |v: &&Written| v.at == first.at || places.iter().all(|at| v.at.holds(*at));
            let from = value.filter(|value| !decoded && !value.decoded).filter(inside).map(owned);
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
        (By::Number, _, Some(value)) if value.number != Number::No => {
            let here = matches!(value.number, Number::Itself(_));
            let passed = value.passed.last().map(|passed| value.at_call(passed));
            let edited = if here { Some(Written::clone(value)) } else { passed };
            let edit = match (edited, first.multiplier) {
                (Some(edited), _) => assigned(&edited, &lower(&steps)),
                (None, at) => count_of(&lower(&steps), at.unwrap_or(first.at)),
            };
            (vec![counted(value, keys.len())], remedy(Situation::Number, vec![edit]))
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
            let of =
                vec![if by == By::Number { count_of(&lower(&steps), place) } else { named(text, place) }];
            (vec![cause("this multiplies the access key", place)], remedy(situation, of))
        }
    };
    (led_to(causes, first, keys), remedy)
}

fn steps_at<'k>(keys: &[&'k AccessKey], at: usize) -> Vec<&'k Rc<Step>> {
    keys.iter().filter_map(|k| k.way.get(at)).collect()
}

/// Where the elements of a block are counted, what goes moves those behind it: the last of these keys, if no key of others
/// comes after it; else it is told apart by its place. `None` where nothing of others moves.
pub(super) fn in_order(
    keys: &[&AccessKey],
    around: Around,
    at: usize,
) -> Option<Result<usize, Option<Remedy>>> {
    let place = |step: &Rc<Step>| {
        let key = step.instance.strip_prefix('[')?.strip_suffix(']')?;
        key.trim_matches('"').parse::<usize>().ok()
    };
    let first = keys.first()?.way.get(at)?;
    let own = keys.first()?.way.iter().take(at);
    let is_other = |k: &&AccessKey| {
        let alike = |(a, b): (&Rc<Step>, &Rc<Step>)| a.at == b.at && a.instance == b.instance;
        k.way.get(at).is_some_and(|step| step.at == first.at) && own.clone().zip(&k.way).all(alike)
    };
    let of_block: Vec<&AccessKey> = around.all.iter().filter(is_other).collect();
    let places = |keys: &[&AccessKey]| {
        keys.iter().map(|k| k.way.get(at).and_then(place)).collect::<Option<BTreeSet<usize>>>()
    };
    let (every, own) = (places(&of_block)?, places(keys)?);
    // Keys of a map that are numbers count nothing, unless they are 0, 1, 2 and so on.
    if every.iter().copied().ne(0..every.len()) || every == own {
        return None;
    }
    let last = *own.last()?;
    Some(if every.last() == Some(&last) {
        Ok(keys.iter().position(|k| k.way.get(at).and_then(place) == Some(last))?)
    } else {
        Err(apart(keys, around))
    })
}

/// How many instances there are up to the second one of these.
fn lower(steps: &[&Rc<Step>]) -> String {
    let index = |step: &&Rc<Step>| step.instance.strip_prefix('[')?.strip_suffix(']')?.parse::<u64>().ok();
    let mut all: Vec<u64> = steps.iter().filter_map(index).collect();
    all.sort_unstable();
    all.dedup();
    all.get(1).copied().unwrap_or(1).to_string()
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
    let mut seen = HashSet::new();
    causes.retain(|c| seen.insert(c.location));
    causes
}

fn counted(value: &Written, keys: usize) -> Cause {
    let what = if value.text.is_empty() { owned(value) } else { stands(value, &value.text) };
    let makes =
        if keys > 1 { format!("makes {keys} access keys") } else { "multiplies the access key".into() };
    cause(format!("{what} {makes}"), value.at)
}

/// Whether a remedy changes keys of others, or a user's name.
fn touches(remedy: &Remedy, whole: Option<Loc>, keys: &[&AccessKey], shared: &Shared) -> bool {
    remedy.of.iter().any(|n| match &n.set {
        Some(set) => shared.is_set_for_more(n.location, &set.name, keys),
        None => shared.is_removed_for_more(n.location, whole, keys),
    })
}
