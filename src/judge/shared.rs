//! What an edit would change besides: the keys of users that no finding is about.
//!
//! Answers: `var.rotating` switches the second key of `ci` on; whose else? A place that others depend on is no edit for one
//! user alone. Two findings that one edit takes away share it rightly, unless it takes all keys of one of them.
//!
//! ```text
//! var.rotating ─▶ aws_iam_access_key.ci_2      one of two keys of ci
//!             └─▶ aws_iam_access_key.dev       the only key of dev: the switch is no edit for ci
//! ```

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::key::{AccessKey, DeclaredUser, Resolved, Written};
use crate::span::Loc;
use crate::value::digest::Identity;

/// The keys that lose something with an edit for another user, by each place that they depend on.
#[derive(Debug, Default)]
pub struct Shared<'k> {
    by_place: HashMap<Loc, Vec<&'k AccessKey>>,
    /// The keys whose user's name is made of what is written at a place, each with what has the value there.
    names: HashMap<Loc, Vec<(&'k str, &'k AccessKey)>>,
    /// The keys that each way leads to, one for each user in a row, by the way's hash.
    by_way: HashMap<u64, Vec<&'k AccessKey>>,
    /// The declared users by their names.
    declared: HashMap<Identity, Vec<&'k DeclaredUser>>,
}

/// Up to which step of their ways keys are alike.
#[derive(Clone, Copy, Hash)]
pub enum Alike {
    /// They are instances of this step.
    Step(usize),
    /// This instance of the step leads to them.
    Instance(usize),
}

impl<'k> Shared<'k> {
    /// Of all keys and users of a unit, with the keys of each finding by their number.
    pub fn new(unit: &'k Resolved, findings: &[Vec<usize>]) -> Shared<'k> {
        let all = unit.keys.as_slice();
        let found: HashSet<usize> = findings.iter().flatten().copied().collect();
        let mut shared = Shared::default();
        if findings.is_empty() {
            return shared;
        }
        for key in all {
            for (at, name) in &key.named_at {
                shared.names.entry(*at).or_default().push((name, key));
            }
            for (at, _) in key.way.iter().enumerate() {
                for alike in [Alike::Step(at), Alike::Instance(at)] {
                    let keys = shared.by_way.entry(way(key, alike)).or_default();
                    let of_another = |last: &&AccessKey| !is_of_one_user(last, key);
                    if keys.last().is_none_or(of_another) {
                        keys.push(key);
                    }
                }
            }
        }
        for user in &unit.users {
            let name = unit.cx.identity(&unit.cx.fold_case(&user.name));
            shared.declared.entry(name).or_default().push(user);
        }
        let alone =
            all.iter().enumerate().filter(|(i, key)| !found.contains(i) && !key.times.exists.is_false());
        for (_, key) in alone {
            let places: HashSet<Loc> = places(key).collect();
            places.into_iter().for_each(|at| shared.by_place.entry(at).or_default().push(key));
        }
        for finding in findings {
            let keys: Vec<&AccessKey> = finding.iter().filter_map(|i| all.get(*i)).collect();
            let Some((first, rest)) = keys.split_first() else { continue };
            let hang = |at: &Loc| rest.iter().all(|key| switches(key).any(|other| other == *at));
            for at in switches(first).filter(hang).collect::<HashSet<Loc>>() {
                shared.by_place.entry(at).or_default().extend(&keys);
            }
        }
        shared
    }

    /// The keys of others than the user of `keys` that an edit at this place changes.
    pub fn at<'s>(&'s self, place: Loc, keys: &'s [&AccessKey]) -> impl Iterator<Item = &'k AccessKey> + 's {
        let others = self.by_place.get(&place).map(Vec::as_slice).unwrap_or_default();
        others.iter().copied().filter(move |other| is_others(other, keys))
    }

    /// Whether other users have keys whose ways are alike.
    pub fn has_others(&self, key: &AccessKey, keys: &[&AccessKey], alike: Alike) -> bool {
        self.by_way.get(&way(key, alike)).is_some_and(|all| all.iter().any(|k| is_others(k, keys)))
    }

    /// The users that are declared with a name, in letters of one case.
    pub fn declared(&self, name: &Identity) -> &[&'k DeclaredUser] {
        self.declared.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether another value at this place would change keys of others, or make another user of anybody.
    pub fn is_set_for_more(&self, place: Loc, name: &str, keys: &[&AccessKey]) -> bool {
        self.named(place).any(|(other, _)| other == name) || self.touches(place, keys)
    }

    /// Whether another user at this place would be another one of keys that are not among these, too.
    pub fn is_named_for_more(&self, place: Loc, keys: &[&AccessKey]) -> bool {
        self.named(place).any(|(_, other)| !keys.iter().any(|key| key.address == other.address))
    }

    /// Whether without what stands at this place, a part of `whole`, keys of others would change, or a user that is named
    /// after it and not made of it.
    pub fn is_removed_for_more(&self, place: Loc, whole: Option<Loc>, keys: &[&AccessKey]) -> bool {
        let is_made_of =
            |key: &AccessKey| key.way.iter().flat_map(|step| &step.element).any(|e| e.at == place);
        let counts = |at: Loc| at != place && self.named(at).next().is_some();
        whole.is_some_and(counts)
            || self.named(place).any(|(_, key)| !is_made_of(key))
            || self.touches(place, keys)
    }

    fn named(&self, place: Loc) -> impl Iterator<Item = (&'k str, &'k AccessKey)> + '_ {
        self.names.get(&place).into_iter().flatten().copied()
    }

    /// Whether there are any.
    pub fn touches(&self, place: Loc, keys: &[&AccessKey]) -> bool {
        self.at(place, keys).next().is_some()
    }
}

/// Whether a key is another user's.
fn is_others(key: &AccessKey, keys: &[&AccessKey]) -> bool {
    !keys.iter().any(|own| own.address == key.address || is_of_one_user(own, key))
}

fn is_of_one_user(one: &AccessKey, other: &AccessKey) -> bool {
    one.user == other.user && one.account == other.account
}

/// The hash of a key's way as far as that.
fn way(key: &AccessKey, alike: Alike) -> u64 {
    let mut hash = DefaultHasher::new();
    alike.hash(&mut hash);
    let (Alike::Step(at) | Alike::Instance(at)) = alike;
    for (i, step) in key.way.iter().enumerate().take(at + 1) {
        step.at.hash(&mut hash);
        if i < at || matches!(alike, Alike::Instance(_)) {
            step.instance.hash(&mut hash);
        }
    }
    hash.finish()
}

/// Everything written that decides how often a key is there, and whether it is active; of a generated one, the app's lines.
fn places(key: &AccessKey) -> impl Iterator<Item = Loc> + '_ {
    let steps = key.way.iter().flat_map(|step| {
        // Of a collection only the element is this key's.
        let written = step.element.as_deref().or(step.value.as_deref()).into_iter();
        [Some(step.at), step.multiplier].into_iter().flatten().chain(written.flat_map(Written::places))
    });
    steps.chain(switches(key)).chain(key.frames()).chain([key.location])
}

fn switches(key: &AccessKey) -> impl Iterator<Item = Loc> + '_ {
    let steps = key.way.iter().filter_map(|step| step.switch.as_deref());
    steps.chain(key.status_switch.as_deref()).flat_map(Written::places)
}
