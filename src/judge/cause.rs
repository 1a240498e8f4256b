//! What brings the second key of a finding about, and which edit takes it away.
//!
//! Answers: of the keys of one user, where do the ways to them part? At two blocks, at two calls, at one block that
//! several elements or a number multiply, at a bool that switches one of them on.
//!
//! ```text
//! module.ci ─▶ aws_iam_access_key.k["v1"]      part at the element: "v1" or "v2" goes
//!          └─▶ aws_iam_access_key.k["v2"]
//! module.a  ─▶ aws_iam_access_key.k            part at the call: one of them gets another user
//! module.b  ─▶ aws_iam_access_key.k
//! ```
//!
//! Knows no language: it compares steps, and names what was written as it was written.

use std::rc::Rc;

use super::finding::{Assignment, Cause, Level, Named, Remedy, Situation, Supplied, WhenValue};
use super::group::Class;
use super::shared::Shared;
use crate::key::{AccessKey, By, Role, Step, Written};
use crate::span::Loc;
use crate::value::{Cx, Value};

/// Where the ways to the keys part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    /// At two blocks or calls: this step is another one.
    Fork(usize),
    /// At the instances of this step.
    Instances(usize),
}

/// The causes and the remedy of these keys of one user, which are in the order of their addresses.
pub fn explain(
    cx: &Cx,
    class: &Class,
    keys: &[&AccessKey],
    when: Option<&[(String, WhenValue)]>,
    level: Level,
    around: Around,
) -> (Vec<Cause>, Remedy) {
    let (causes, mut remedy) = of_these(cx, class, keys, when, level, around);
    // A condition holds for these keys: of one instance, or where their second key is there.
    let of = remedy.of.iter().filter(|_| remedy.when.is_none());
    let others = of.flat_map(|n| around.shared.at(n.location, keys));
    let mut others: Vec<String> = others.map(|other| other.address.clone()).collect();
    others.sort();
    others.dedup();
    remedy.others = others;
    (causes, remedy)
}

/// The keys around those of a finding.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// All keys of the unit.
    pub all: &'a [AccessKey],
    /// What an edit would change besides.
    pub shared: &'a Shared<'a>,
}

fn of_these(
    cx: &Cx,
    class: &Class,
    keys: &[&AccessKey],
    when: Option<&[(String, WhenValue)]>,
    level: Level,
    around: Around,
) -> (Vec<Cause>, Remedy) {
    let latent = level == Level::Latent;
    let all = around.all;
    let Some((first, rest)) = keys.split_first() else { return (Vec::new(), blocks(keys)) };
    if keys.iter().any(|k| k.construct.is_some()) {
        return constructs(keys, around.shared);
    }
    let when = when.unwrap_or_default();
    if let Some(found) = same_user(cx, class, keys) {
        return found;
    }
    let parting = match rest.first() {
        Some(second) => part(first, second),
        None => first.way.iter().rposition(|step| step.instance == "[*]").map(Parting::Instances),
    };
    match parting {
        // A number that makes other users' keys too cannot be set for one of them.
        Some(Parting::Instances(at)) if numbers(keys, at) && shared(keys, all, at) => {
            (instances(keys, at).0, one_by_one(keys, all))
        }
        Some(Parting::Instances(at)) => {
            let (causes, remedy) = instances(keys, at);
            nearer(causes, remedy, keys, at, around)
        }
        Some(Parting::Fork(at)) => switched(keys, latent, around.shared)
            .or_else(|| of_the_catalogue(keys, all))
            .or_else(|| opposite(keys, when))
            .unwrap_or_else(|| fork(keys, all, at)),
        None => (second_block(keys, when), one_by_one(keys, all)),
    }
}

/// The remedy of what only overriding leads to: one of the supplied values stays.
pub fn kept(supplied: &[Supplied]) -> Option<Remedy> {
    let stays = supplied.iter().find_map(|supplied| {
        let text = format!("{} = {}", supplied.name, shown(&supplied.value)?);
        Some(named(text, supplied.location?))
    });
    Some(remedy(Situation::Switch, vec![stays?]))
}

fn part(a: &AccessKey, b: &AccessKey) -> Option<Parting> {
    let pairs = a.way.iter().zip(&b.way);
    for (at, (x, y)) in pairs.enumerate() {
        if x.at != y.at {
            return Some(Parting::Fork(at));
        }
        if x.instance != y.instance {
            return Some(Parting::Instances(at));
        }
    }
    (a.way.len() != b.way.len()).then(|| Parting::Fork(a.way.len().min(b.way.len())))
}

/// Whether a number by itself multiplies this step, not the length of something written.
fn numbers(keys: &[&AccessKey], at: usize) -> bool {
    let step = keys.first().and_then(|k| k.way.get(at));
    step.is_some_and(|step| step.by == By::Number && step.element.is_none())
}

/// Whether what multiplies this step makes keys of other users too.
fn shared(keys: &[&AccessKey], all: &[AccessKey], at: usize) -> bool {
    keys.first().is_some_and(|first| has_siblings(first, keys, all, at))
}

/// Whether there are other instances of this step on the way to a key than those of these keys.
fn has_siblings(key: &AccessKey, keys: &[&AccessKey], all: &[AccessKey], at: usize) -> bool {
    let same = |k: &AccessKey| {
        let (own, other) = (key.way.get(..=at), k.way.get(..=at));
        let one = |(i, (a, b)): (usize, (&Rc<Step>, &Rc<Step>))| {
            a.at == b.at && (i == at || a.instance == b.instance)
        };
        own.zip(other).is_some_and(|(own, other)| own.iter().zip(other).enumerate().all(one))
    };
    all.iter().any(|k| same(k) && !keys.iter().any(|own| own.address == k.address))
}

/// Keys of which one goes, where what goes must not be a block that makes other users' keys too.
fn one_by_one(keys: &[&AccessKey], all: &[AccessKey]) -> Remedy {
    let own = |k: &&AccessKey| !has_siblings(k, keys, all, k.way.len().saturating_sub(1));
    let (alone, others): (Vec<&AccessKey>, Vec<&AccessKey>) = keys.iter().copied().partition(own);
    match (keys, alone.as_slice(), others.last()) {
        (_, _, None) => blocks(keys),
        ([_, _], [one], Some(_)) => blocks(&[*one]),
        ([_, _], [], Some(_)) => told_apart(keys).map_or_else(|| blocks(keys), |(_, remedy)| remedy),
        _ => blocks(keys),
    }
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

/// Two blocks or more, all but one of which have to go.
fn blocks(keys: &[&AccessKey]) -> Remedy {
    remedy(Situation::Blocks, each(keys, |k| Some(named(k.address.clone(), k.location))))
}

fn remedy(situation: Situation, of: Vec<Named>) -> Remedy {
    Remedy { situation, of, from: None, when: None, others: Vec::new() }
}

/// Whether a remedy changes keys of others.
fn touches(remedy: &Remedy, keys: &[&AccessKey], shared: &Shared) -> bool {
    remedy.of.iter().any(|n| shared.touches(n.location, keys))
}

/// A remedy of instances, made where no other user's keys hang on it: of a number, an argument on its way; of elements, a
/// status that tells the instances apart. Where there is none, it stays.
fn nearer(
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
fn told_apart<'k>(keys: &[&'k AccessKey]) -> Option<(&'k AccessKey, Remedy)> {
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

/// What `name` gives of each key; each place once.
fn each(keys: &[&AccessKey], name: impl Fn(&AccessKey) -> Option<Named>) -> Vec<Named> {
    let mut out: Vec<Named> = Vec::new();
    for named in keys.iter().filter_map(|k| name(k)) {
        if !out.contains(&named) {
            out.push(named);
        }
    }
    out
}

fn cause(what: impl Into<String>, location: Loc) -> Cause {
    Cause { what: what.into(), location }
}

/// The key of the second block, and when it exists.
fn second_block(keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Vec<Cause> {
    let header = keys.first().map(|k| k.location);
    // The one that is not always there is the second one.
    let other = |k: &&&AccessKey| Some(k.location) != header;
    let conditional = keys.iter().rfind(|k| !k.times.exists.is_true() && argument(k).is_some());
    let second = conditional.or_else(|| keys.iter().find(other)).or(keys.first());
    let Some(second) = second else { return Vec::new() };
    let mut out =
        vec![cause(format!("{} is a second access key of the user", second.address), second.location)];
    if let (Some(at), [(name, value)]) = (argument(second), when)
        && let Some(value) = shown(value)
    {
        out.insert(0, cause(format!("{} exists when {name} = {value}", second.address), at));
    }
    out
}

/// The argument that multiplies a key's own block.
fn argument(key: &AccessKey) -> Option<Loc> {
    key.way.last().and_then(|step| step.multiplier)
}

fn shown(value: &WhenValue) -> Option<String> {
    match value {
        WhenValue::Bool(b) => Some(b.to_string()),
        WhenValue::Number(n) => Some(n.clone()),
        WhenValue::String(text) => Some(format!("{text:?}")),
        WhenValue::Null => Some("null".into()),
        WhenValue::Hidden(_) | WhenValue::Not(_) | WhenValue::Length(_) => None,
    }
}

/// Ways that part at two blocks or two calls.
fn fork(keys: &[&AccessKey], all: &[AccessKey], at: usize) -> (Vec<Cause>, Remedy) {
    let own = |key: &AccessKey| key.way.len() <= at + 1;
    if keys.iter().all(|k| own(k)) {
        return (second_block(keys, &[]), one_by_one(keys, all));
    }
    let step = |key: &AccessKey| {
        if own(key) {
            return Some(named(key.address.clone(), key.location));
        }
        let names: Vec<String> =
            key.way.iter().take(at + 1).map(|s| format!("{}{}", s.name, s.instance)).collect();
        // The argument that passes the user is what is edited; one that is left to a default is passed at the call.
        let passed = key.user_written.as_ref().filter(|w| Some(w.at) != shared_user(keys));
        let passed = passed.filter(|w| !w.name.eq_ignore_ascii_case("default"));
        Some(named(names.join("."), passed.map_or_else(|| key.way.get(at).map(|s| s.at), |w| Some(w.at))?))
    };
    let all_of = each(keys, step);
    // A block that makes other users' keys too has no user of its own to name.
    let many = |key: &&&AccessKey| own(key) && has_siblings(key, keys, all, at);
    let single: Vec<&AccessKey> = keys.iter().filter(|k| !many(k)).copied().collect();
    let of = if single.is_empty() { all_of.clone() } else { each(&single, step) };
    let mut causes = Vec::new();
    if let Some(second) = all_of.get(1) {
        causes.push(cause(
            format!("{} creates a second access key for the user", second.text),
            second.location,
        ));
    }
    for key in keys.iter().skip(1).take(1) {
        causes.extend(key.way.get(at).map(|s| cause(format!("{} is called here", s.name), s.at)));
    }
    causes.dedup_by(|b, a| a.location == b.location);
    (causes, remedy(Situation::Calls, of))
}

/// Where the user of all keys is written, if that is one place.
fn shared_user(keys: &[&AccessKey]) -> Option<Loc> {
    let mut all = keys.iter().map(|k| k.user_written.as_ref().map(|w| w.at));
    let first = all.next()??;
    all.all(|at| at == Some(first)).then_some(first)
}

/// Instances of one block or call.
fn instances(keys: &[&AccessKey], at: usize) -> (Vec<Cause>, Remedy) {
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

fn named(text: String, location: Loc) -> Named {
    Named { text, location, set: None }
}

/// What is written, with another value.
fn assigned(written: &Written, value: &str) -> Named {
    let set = Assignment { name: written.name.clone(), value: value.to_owned() };
    let set = Some(set).filter(|_| written.is_in_a_file());
    let text = if written.name.is_empty() { format!("the number to {value}") } else { written.set(value) };
    Named { set, ..named(text, written.at) }
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

/// The name of what has a value: of a default, that of its variable or parameter.
fn given(value: &Written) -> &str {
    let of = value.of.as_deref().filter(|_| value.name.eq_ignore_ascii_case("default"));
    of.unwrap_or(&value.name)
}

/// What a value is given to: `keys in module.ci`.
fn owned(value: &Written) -> String {
    match &value.of {
        Some(of) if value.name.eq_ignore_ascii_case("default") => format!("the default of {of}"),
        Some(of) => format!("{} of {of}", value.name),
        None if value.name.is_empty() => "the file".into(),
        None => value.name.clone(),
    }
}

/// A bool that brings all keys but one, or a part of them, is set the other way.
fn switched(keys: &[&AccessKey], latent: bool, shared: &Shared) -> Option<(Vec<Cause>, Remedy)> {
    let of_key = |key: &AccessKey| {
        let steps = key.way.iter().filter_map(|s| s.switch.clone());
        steps.chain(key.status_switch.clone()).collect::<Vec<_>>()
    };
    // One that all of them hang on takes the only key away too.
    let without =
        |switch: &Written| keys.iter().filter(|k| of_key(k).iter().all(|s| s.at != switch.at)).count();
    // Where others hang on what is written, the argument that passes it on to this key is set.
    let edited = |switch: &Written| {
        let free = |at: Loc| latent || !shared.touches(at, keys);
        let passed = || switch.passed.iter().find(|p| free(p.at)).map(|p| switch.at_call(p));
        if free(switch.at) { Some(switch.clone()) } else { passed() }
    };
    let (key, switch, edited) = keys
        .iter()
        .rev()
        .flat_map(|k| of_key(k).into_iter().rev().map(move |s| (k, s)))
        .filter(|(_, s)| without(s) == 1)
        .find_map(|(k, s)| edited(&s).map(|edited| (k, s, edited)))?;
    let other = switch.other.as_deref()?;
    // What only overriding leads to is to stay as it is.
    let (now, kept) = if latent { (other, switch.text.as_str()) } else { (switch.text.as_str(), other) };
    let mut causes = vec![cause(
        format!("{} is active with {}{}{now}", key.address, given(&switch), switch.between),
        switch.at,
    )];
    causes.extend(argument(key).map(|at| cause(format!("the condition of {}", key.address), at)));
    Some((causes, remedy(Situation::Switch, vec![assigned(&edited, kept)])))
}

/// Keys that modules of the catalogue make, which have a switch for it.
fn of_the_catalogue(keys: &[&AccessKey], all: &[AccessKey]) -> Option<(Vec<Cause>, Remedy)> {
    let switches = each(keys, |k| {
        let switch = k.without_key.as_ref()?;
        Some(assigned(switch, &switch.text))
    });
    let kept = keys.iter().filter(|k| k.without_key.is_none()).count();
    if switches.is_empty() || kept > 1 {
        return None;
    }
    let second = keys.iter().rfind(|k| k.without_key.is_some())?;
    let causes = vec![cause(format!("this module creates {}", second.address), second.location)];
    // The switch of a call that makes other users' keys too takes those away.
    let many = |k: &&&AccessKey| {
        k.without_key.is_some() && (0..k.way.len()).any(|at| has_siblings(k, keys, all, at))
    };
    if keys.iter().any(|k| many(&k)) {
        let kept: Vec<&AccessKey> = keys.iter().copied().filter(|k| k.without_key.is_none()).collect();
        return Some((causes, blocks(if kept.is_empty() { keys } else { &kept })));
    }
    Some((causes, remedy(Situation::Catalogue, switches)))
}

/// A key that exists, or is active, under a condition only, beside one that always is: that one is inactive then.
fn opposite(keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Option<(Vec<Cause>, Remedy)> {
    let [a, b] = keys else { return None };
    // The condition must mean the same beside the other key.
    let ((_, calls), (_, others)) = (a.way.split_last()?, b.way.split_last()?);
    let same = calls.iter().zip(others.iter()).all(|(x, y)| (x.at, &x.instance) == (y.at, &y.instance));
    if !same || calls.len() != others.len() || a.kind != b.kind {
        return None;
    }
    let always = |k: &AccessKey| {
        let step = k.way.last().and_then(|step| step.condition.as_ref());
        k.is_plainly_active() && argument(k).is_none() && step.is_none()
    };
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

/// What makes a key that exists under a written condition the second one: that condition, and what it depends on.
fn conditional(key: &AccessKey, keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Vec<Cause> {
    let mut causes = second_block(keys, when);
    let step = key.way.last();
    let decided = step.and_then(|step| step.decided_by.as_deref()).filter(|by| !by.text.is_empty());
    if let (Some(at), Some(condition), [], Some(by)) =
        (argument(key), step.and_then(|s| s.condition.as_deref()), when, decided)
    {
        causes.insert(0, cause(format!("{} exists when {condition}", key.address), at));
        causes.insert(1, cause(format!("{}{}{} decides that", by.name, by.between, by.text), by.at));
    }
    causes
}

/// Whether an input is a variable, or an attribute of one, that can be written as it is named.
fn is_variable(input: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    input.starts_with("var.") && input.chars().all(plain)
}

/// Keys whose users are one for some values of an input only: the name goes from those that it may have.
fn same_user(cx: &Cx, class: &Class, keys: &[&AccessKey]) -> Option<(Vec<Cause>, Remedy)> {
    let Value::String(name) = &class.user else { return None };
    let key = keys.iter().find(|k| matches!(k.user, Value::Sym(_)))?;
    if keys.iter().filter(|k| !matches!(k.user, Value::Sym(_))).count() != 1 {
        return None;
    }
    let leaves = cx.leaves(&key.user);
    let [leaf] = leaves.as_slice() else { return None };
    let leaf = cx.leaf(*leaf)?;
    let (at, allowed) = (leaf.listed_at.or(leaf.at)?, leaf.closed?);
    let whole = allowed.iter().find(|v| v.as_str().is_some_and(|v| v.eq_ignore_ascii_case(name)))?;
    let text = format!("{:?}", whole.as_str()?);
    let what = format!("{} may be {text}, the user of the other key", leaf.name);
    let of = vec![named(text, at)];
    let from = Some(format!("the allowed values of {}", leaf.name));
    Some((vec![cause(what, at)], Remedy { from, ..remedy(Situation::SameUser, of) }))
}

/// Keys that an app's constructs make: its own lines, the innermost first, then those that lead there.
fn constructs(keys: &[&AccessKey], shared: &Shared) -> (Vec<Cause>, Remedy) {
    // The line that makes this key alone may be one that leads to where all are made.
    let alone = |at: &Loc| {
        let own = keys.iter().filter(|k| k.frames().any(|frame| frame == *at)).count() == 1;
        own && !shared.touches(*at, keys)
    };
    let line = |k: &AccessKey| k.frames().find(alone);
    let apart: Vec<&AccessKey> = keys.iter().copied().filter(|k| line(k).is_some()).collect();
    let by_line = apart.len() == keys.len() || keys.len() == 2 && apart.len() == 1;
    let of = match by_line {
        true => each(&apart, |k| Some(named(k.construct.clone()?, line(k)?))),
        false => each(keys, |k| Some(named(k.construct.clone()?, k.origin.as_ref()?.at?))),
    };
    let second = if by_line { apart.last().or(keys.get(1)) } else { keys.get(1).or(keys.first()) };
    let frames = second.and_then(|k| k.origin.as_ref()).into_iter().flat_map(|o| {
        let callers = o.callers.iter().filter_map(|c| Some(cause("called from here", c.at?)));
        let own = o.at.map(|at| cause("this line creates a second access key of the user", at));
        own.into_iter().chain(callers).collect::<Vec<_>>()
    });
    let causes: Vec<Cause> = frames.collect();
    let of = if by_line || of.len() == keys.len() {
        of
    } else {
        each(keys, |k| Some(named(k.construct.clone().unwrap_or_else(|| k.address.clone()), k.location)))
    };
    let causes = if causes.is_empty() { second_block(keys, &[]) } else { causes };
    (causes, remedy(Situation::Construct, of))
}
