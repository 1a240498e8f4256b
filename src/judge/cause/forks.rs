//! Keys that two blocks make, or blocks that two calls lead to.
//!
//! Answers: which of them can go, or be for another user, without a key of somebody else? A user that is passed to a call is
//! named there; what a module says itself is changed in its block, unless another caller has that too.

use std::rc::Rc;

use super::instances::told_apart;
use super::written::{blocks, cause, each, named, remedy};
use super::{Around, second_block};
use crate::judge::finding::{Cause, Named, Remedy, Situation};
use crate::key::{AccessKey, Step};
use crate::span::Loc;

/// Of more keys than this it is not looked for the one edit that leaves other users' keys alone.
const WEIGHED: usize = 200;

/// Ways that part at two blocks or two calls.
pub(super) fn fork(keys: &[&AccessKey], around: Around, at: usize) -> (Vec<Cause>, Remedy) {
    let all = around.all;
    if keys.len() > WEIGHED {
        return (second_block(keys, &[]), blocks(keys));
    }
    if keys.iter().all(|k| is_own(k, at)) {
        return (second_block(keys, &[]), one_by_one(keys, around));
    }
    // A block that makes other users' keys too has no user of its own to name.
    let many = |key: &&&AccessKey| is_own(key, at) && is_of_many(key, keys, around, at);
    let single: Vec<&AccessKey> = keys.iter().filter(|k| !many(k)).copied().collect();
    let single = if single.is_empty() { keys.to_vec() } else { single };
    let renamed: Vec<&AccessKey> =
        single.iter().copied().filter(|k| passed_at(k, keys, at).is_some() || is_own(k, at)).collect();
    let whole = |key: &AccessKey| Some(named(called(key, at), key.way.get(at).map(|s| s.at)?));
    let is_removed = |key: &AccessKey| is_own(key, at) || !holds_others(key, keys, all, at);
    let remedy = match () {
        // All but one at most can be for another user.
        () if renamed.len() + 1 >= keys.len() || renamed.len() == single.len() => {
            let of =
                each(&renamed, |k| Some(named(called(k, at), passed_at(k, keys, at).unwrap_or(k.location))));
            let goes = renamed.iter().all(|k| is_removed(k));
            remedy(if goes { Situation::Calls } else { Situation::Users }, of)
        }
        () if are_apart(keys) => one_by_one(keys, around),
        () if keys.iter().all(|k| is_removed(k)) => remedy(Situation::Gone, each(keys, whole)),
        () => blocks(keys),
    };
    let mut causes = Vec::new();
    // One user that all calls pass on says nothing that the calls do not.
    let place = |k: &AccessKey| {
        let passed = passed_at(k, keys, at).filter(|_| shared_user(keys).is_none());
        passed.or(whole(k).filter(|_| !is_own(k, at)).map(|n| n.location)).unwrap_or(k.location)
    };
    if let Some(second) = keys.get(1) {
        let what = format!("{} creates a second access key for the user", called(second, at));
        causes.push(cause(what, place(second)));
        causes.extend(second.way.get(at).map(|s| cause(format!("{} is called here", s.name), s.at)));
    }
    causes.dedup_by(|b, a| a.location == b.location);
    (causes, remedy)
}

/// Whether a key's own block is where the ways part.
fn is_own(key: &AccessKey, at: usize) -> bool {
    key.way.len() <= at + 1
}

/// What a key's way is called up to there.
fn called(key: &AccessKey, at: usize) -> String {
    if is_own(key, at) {
        return key.address.clone();
    }
    let names: Vec<String> =
        key.way.iter().take(at + 1).map(|s| format!("{}{}", s.name, s.instance)).collect();
    names.join(".")
}

/// Where the call at this step says whose a key is: its argument, the element that it is called for, or its header where it
/// leaves that to the module's default; `None` where it has no say.
fn passed_at(key: &AccessKey, keys: &[&AccessKey], at: usize) -> Option<Loc> {
    let step = key.way.get(at).filter(|_| !is_own(key, at))?;
    let written = key.user_written.as_ref()?;
    let calls: Vec<String> = key.way.iter().take(at).map(|s| format!("{}{}", s.name, s.instance)).collect();
    let own = [calls, vec![step.name.clone()]].concat().join(".");
    let is_own = |of: &str| of == own || of == step.name;
    let shared = shared_user(keys);
    if !step.instance.is_empty() {
        let element = step.element.as_ref().map(|e| e.at);
        return element.filter(|at| *at == written.at && Some(*at) != shared);
    }
    let of = written.of.as_deref().unwrap_or_default();
    let argument = written.passed.iter().find(|passed| is_own(&passed.of)).map(|passed| passed.at);
    if argument.is_none() && written.name.eq_ignore_ascii_case("default") {
        let variable = of.strip_prefix(&format!("{}{}.var.", own, step.instance));
        let parameter = key.kind.contains("::") && key.way.len() == at + 2;
        return (variable.is_some() || parameter).then_some(step.at);
    }
    let argument = argument.or_else(|| is_own(of).then_some(written.at))?;
    Some(if Some(argument) == shared { step.at } else { argument })
}

/// Where the user of all keys is written, if that is one place.
fn shared_user(keys: &[&AccessKey]) -> Option<Loc> {
    let mut all = keys.iter().map(|k| k.user_written.as_ref().map(|w| w.at));
    let first = all.next()??;
    all.all(|at| at == Some(first)).then_some(first)
}

/// Whether each key has a block of its own.
fn are_apart(keys: &[&AccessKey]) -> bool {
    keys.iter().all(|k| keys.iter().filter(|other| other.location == k.location).count() == 1)
}

/// Whether a call leads to keys of others too.
fn holds_others(key: &AccessKey, keys: &[&AccessKey], all: &[AccessKey], at: usize) -> bool {
    let own = key.way.get(..=at);
    let same = |k: &AccessKey| {
        let other = k.way.get(..=at);
        let one = |(a, b): (&Rc<Step>, &Rc<Step>)| a.at == b.at && a.instance == b.instance;
        own.zip(other).is_some_and(|(own, other)| own.iter().zip(other).all(one))
    };
    all.iter().any(|k| same(k) && is_others(k, keys))
}

/// Whether a key is another user's.
fn is_others(key: &AccessKey, keys: &[&AccessKey]) -> bool {
    let same = |own: &&AccessKey| own.user == key.user && own.account == key.account;
    !keys.iter().any(|own| own.address == key.address || same(own))
}

/// Whether there are other instances of this step on the way to a key than those of these keys.
pub(super) fn has_siblings(key: &AccessKey, keys: &[&AccessKey], all: &[AccessKey], at: usize) -> bool {
    let same = |k: &AccessKey| {
        let (own, other) = (key.way.get(..=at), k.way.get(..=at));
        let one = |(i, (a, b)): (usize, (&Rc<Step>, &Rc<Step>))| {
            a.at == b.at && (i == at || a.instance == b.instance)
        };
        own.zip(other).is_some_and(|(own, other)| own.iter().zip(other).enumerate().all(one))
    };
    all.iter().any(|k| same(k) && is_others(k, keys))
}

/// Keys of which one goes, where what goes must not be a block that makes other users' keys too.
pub(super) fn one_by_one(keys: &[&AccessKey], around: Around) -> Remedy {
    if let Some(block) = beside_one(keys, around) {
        return remedy(Situation::Blocks, vec![block]);
    }
    let own = |k: &&AccessKey| !is_of_many(k, keys, around, k.way.len().saturating_sub(1));
    let (alone, others): (Vec<&AccessKey>, Vec<&AccessKey>) = keys.iter().copied().partition(own);
    match (keys, alone.as_slice(), others.last()) {
        (_, _, None) => blocks(keys),
        ([_, _], [one], Some(_)) => blocks(&[*one]),
        ([_, _], [], Some(_)) => told_apart(keys).map_or_else(|| blocks(keys), |(_, remedy)| remedy),
        _ => blocks(keys),
    }
}

/// Whether a block makes keys of other users too: other instances, or those that this one stands for.
fn is_of_many(key: &AccessKey, keys: &[&AccessKey], around: Around, at: usize) -> bool {
    has_siblings(key, keys, around.all, at) || is_each_users(key, around)
}

/// Whether a key stands for instances each of which is another user's.
fn is_each_users(key: &AccessKey, around: Around) -> bool {
    let elements = key.times.elements();
    around.cx.leaves(&key.user).iter().any(|leaf| elements.contains(leaf))
}

/// The block that makes all keys but one, and no other user's: without it one is left.
fn beside_one(keys: &[&AccessKey], around: Around) -> Option<Named> {
    let place = |k: &AccessKey| {
        (k.location, k.way.split_last().map(|(_, calls)| calls.iter().map(|c| c.at).collect::<Vec<_>>()))
    };
    let instances = |k: &AccessKey| keys.iter().filter(|other| place(other) == place(k)).count();
    // One that stands for any number of instances is many, unless each is another user's.
    let is_one = |k: &AccessKey| instances(k) == 1 && (k.times.loops.is_empty() || is_each_users(k, around));
    let (alone, many): (Vec<&AccessKey>, Vec<&AccessKey>) = keys.iter().copied().partition(|k| is_one(k));
    let ([_], [first, ..]) = (alone.as_slice(), many.as_slice()) else { return None };
    let (step, calls) = first.way.split_last()?;
    let one_block = instances(first) == many.len() && calls.iter().all(|call| call.instance.is_empty());
    if !one_block || is_of_many(first, keys, around, calls.len()) {
        return None;
    }
    let names: Vec<&str> = calls.iter().chain([step]).map(|step| step.name.as_str()).collect();
    Some(named(names.join("."), first.location))
}
