//! Keys that two blocks make, or blocks that two calls lead to.
//!
//! Answers: which of them can go, or be for another user, without a key of somebody else? A user that is passed to a call is
//! named there; what a module says itself is changed in its block, unless another caller has that too.

use std::rc::Rc;

use indexmap::IndexMap;

use super::instances::{apart, of_its_instance, switched_off};
use super::written::{assigned, blocks, cause, each, named, owned, remedy};
use super::{Around, second_block};
use crate::judge::finding::{Cause, Remedy, Situation};
use crate::judge::group::told_apart;
use crate::judge::repeated::depends;
use crate::judge::shared::Alike;
use crate::key::{AccessKey, Step, is_of_template};
use crate::span::Loc;

/// Of more keys than this it is not looked for the one edit that leaves other users' keys alone.
const WEIGHED: usize = 200;

/// Ways that part at two blocks or two calls.
pub(super) fn fork(keys: &[&AccessKey], around: Around, at: usize) -> (Vec<Cause>, Remedy) {
    if keys.len() > WEIGHED {
        return (second_block(keys, &[]), blocks(keys));
    }
    if keys.iter().all(|k| is_own(k, at)) {
        return (second_block(keys, &[]), one_by_one(keys, around));
    }
    let passed = |key: &AccessKey| passed_alone(key, keys, around, at);
    // A block that makes other users' keys too has no user of its own to name.
    let is_own_block = |k: &&AccessKey| is_own(k, at) && !is_of_many(k, keys, around, at);
    let renamed: Vec<&AccessKey> =
        keys.iter().copied().filter(|k| is_own_block(k) || passed(k).is_some()).collect();
    let whole = |key: &AccessKey| Some(named(called(key, at), key.way.get(at).map(|s| s.at)?));
    let is_removed = |key: &AccessKey| is_own(key, at) || !holds_others(key, keys, around, at);
    let remedy = match () {
        // All but one can be for another user.
        () if renamed.len() == keys.len() || keys.len() == 2 && renamed.len() == 1 => {
            let of = each(&renamed, |k| Some(named(called(k, at), passed(k).unwrap_or(k.location))));
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
        let passed = passed(k).filter(|_| shared_user(keys).is_none());
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
    let names: Vec<String> = key.way.iter().take(at + 1).map(|s| s.called()).collect();
    names.join(".")
}

/// Where the call at this step says whose a key is: its argument, the element that it is called for, or its header where it
/// leaves that to the module's default; `None` where it has no say.
fn passed_at(key: &AccessKey, keys: &[&AccessKey], at: usize) -> Option<Loc> {
    let step = key.way.get(at).filter(|_| !is_own(key, at))?;
    let written = key.user_written.as_ref()?;
    let calls: Vec<String> = key.way.iter().take(at).map(|s| s.called()).collect();
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
        let parameter = is_of_template(&key.kind) && key.way.len() == at + 2;
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
fn holds_others(key: &AccessKey, keys: &[&AccessKey], around: Around, at: usize) -> bool {
    around.shared.has_others(key, keys, Alike::Instance(at))
}

/// Whether other users' keys are instances of this step on the way to a key too.
pub(super) fn has_siblings(key: &AccessKey, keys: &[&AccessKey], around: Around, at: usize) -> bool {
    around.shared.has_others(key, keys, Alike::Step(at))
}

/// Where one edit does not leave one key: an edit for each block or call but one, and the keys of that one if they are
/// many. `None` if more than one of them has no edit.
pub(super) fn each_but_one<'k>(
    keys: &[&'k AccessKey],
    around: Around,
    at: usize,
) -> Option<(Vec<Remedy>, Option<Vec<&'k AccessKey>>)> {
    let mut groups: IndexMap<_, Vec<&'k AccessKey>> = IndexMap::new();
    for key in keys {
        let place = key
            .way
            .get(at)
            .map(|step| (step.at, if is_own(key, at) { String::new() } else { step.instance.clone() }));
        groups.entry(place).or_default().push(key);
    }
    let is_many = |group: &[&AccessKey]| group.len() > 1 || group.iter().any(|k| is_many_of_one(k, around));
    let stays = |group: &[&AccessKey]| {
        group.iter().any(|k| match is_own(k, at) {
            true => is_of_many(k, keys, around, at),
            false => holds_others(k, keys, around, at),
        })
    };
    // What has a header of its own, and a status or a user.
    let is_whole = |k: &&AccessKey| {
        k.without_key.is_none() && (is_own(k, at) || k.way.get(at).is_some_and(|s| s.element.is_none()))
    };
    let plain = |group: &Vec<&AccessKey>| !is_many(group) && !stays(group) && group.iter().all(is_whole);
    let one_each = keys.len() == groups.len();
    let simple = keys.len() == 2
        && groups.values().any(|g| !stays(g) && g.iter().any(is_whole))
        && !groups.values().any(|g| is_many(g));
    if keys.len() > WEIGHED || one_each && (simple || groups.values().all(plain)) {
        return None;
    }
    let edits: Vec<Option<Remedy>> =
        groups.values().map(|group| taken_away(group, keys, around, at, stays(group))).collect();
    let kept = groups.values().zip(&edits).enumerate().min_by_key(|(_, (group, edit))| {
        // Without its only call a module or template is one that is deployed by itself, with all of its keys.
        let called = group.iter().any(|k| !is_own(k, at));
        (edit.is_some(), !stays(group), !called, is_many(group) != called)
    })?;
    let kept = kept.0;
    let gone = edits.into_iter().enumerate().filter(|(n, _)| *n != kept).map(|(_, edit)| edit);
    let gone = gone.collect::<Option<Vec<Remedy>>>()?;
    Some((gone, groups.swap_remove_index(kept).map(|(_, kept)| kept).filter(|kept| is_many(kept))))
}

/// The edit that takes away these keys of one block or call, and nobody else's.
fn taken_away(
    group: &[&AccessKey],
    keys: &[&AccessKey],
    around: Around,
    at: usize,
    stays: bool,
) -> Option<Remedy> {
    let key = group.first()?;
    let (own, step) = (is_own(key, at), key.way.get(at)?);
    match (group, &key.without_key) {
        ([_], Some(switch)) if !stays => {
            Some(remedy(Situation::Catalogue, vec![assigned(switch, &switch.text)]))
        }
        // The switch of a call is one for all of its instances.
        ([_], Some(switch)) => {
            let others = assigned(switch, &of_its_instance(key, "!=")?);
            let when = of_its_instance(key, "==");
            Some(Remedy { when, ..remedy(Situation::Catalogue, vec![others]) })
        }
        (_, Some(_)) => None,
        _ if own && !stays => Some(remedy(Situation::Blocks, vec![named(block_of(key), step.at)])),
        _ if own => switched_off(group, keys, around),
        _ => {
            let another = passed_alone(key, keys, around, at).filter(|_| group.len() == 1);
            let another = another.map(|place| remedy(Situation::Users, vec![named(called(key, at), place)]));
            let gone = || match &step.element {
                Some(element) => {
                    let from = step.value.as_deref().filter(|value| !value.decoded).map(owned);
                    let of = vec![named(element.text.clone(), element.at)];
                    Remedy { from, ..remedy(Situation::Elements, of) }
                }
                None => remedy(Situation::Gone, vec![named(called(key, at), step.at)]),
            };
            // An element that another call runs over too would take the key that stays.
            let is_same = |other: &&Rc<Step>| {
                other.at != step.at
                    && other.element.as_ref().map(|e| e.at) == step.element.as_ref().map(|e| e.at)
            };
            let runs =
                step.element.is_some() && keys.iter().filter_map(|k| k.way.get(at)).any(|s| is_same(&s));
            another.or_else(|| (!stays && !runs).then(gone))
        }
    }
}

/// The address of a key's block, without an instance.
fn block_of(key: &AccessKey) -> String {
    let Some((own, calls)) = key.way.split_last() else { return key.address.clone() };
    let calls = calls.iter().map(|s| s.called());
    calls.chain([own.name.clone()]).collect::<Vec<_>>().join(".")
}

/// Where the call at this step says whose a key is, if it says that of no others.
fn passed_alone(key: &AccessKey, keys: &[&AccessKey], around: Around, at: usize) -> Option<Loc> {
    passed_at(key, keys, at).filter(|place| !around.shared.is_named_for_more(*place, keys))
}

/// Keys of which one goes, where what goes must not be a block that makes other users' keys too.
pub(super) fn one_by_one(keys: &[&AccessKey], around: Around) -> Remedy {
    let own = |k: &&AccessKey| !is_of_many(k, keys, around, k.way.len().saturating_sub(1));
    let (alone, others): (Vec<&AccessKey>, Vec<&AccessKey>) = keys.iter().copied().partition(own);
    match (alone.as_slice(), others.as_slice()) {
        ([one], [_]) => blocks(&[*one]),
        ([], _) => apart(keys, around).unwrap_or_else(|| blocks(keys)),
        _ => blocks(keys),
    }
}

/// Whether a block makes keys of other users too: other instances, or those that this one stands for.
fn is_of_many(key: &AccessKey, keys: &[&AccessKey], around: Around, at: usize) -> bool {
    has_siblings(key, keys, around, at) || is_each_users(key, around)
}

/// Whether a key stands for any number of active keys of one user.
fn is_many_of_one(key: &AccessKey, around: Around) -> bool {
    let (cx, over) = (around.cx, key.times.elements());
    !over.is_empty() && !told_apart(cx, key, &over) && !depends(cx, &key.status, &over)
}

/// Whether a key stands for instances each of which is another user's.
fn is_each_users(key: &AccessKey, around: Around) -> bool {
    let elements = key.times.elements();
    around.cx.leaves(&key.user).iter().any(|leaf| elements.contains(leaf))
}
