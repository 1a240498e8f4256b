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

use crate::key::{AccessKey, Written};
use crate::span::Loc;

/// The keys that lose something with an edit for another user, by each place that they depend on.
#[derive(Debug, Default)]
pub struct Shared<'k> {
    by_place: HashMap<Loc, Vec<&'k AccessKey>>,
    /// The keys whose user's name is made of what is written at a place, each with what has the value there.
    names: HashMap<Loc, Vec<(&'k str, &'k AccessKey)>>,
}

impl<'k> Shared<'k> {
    /// Of all keys, with those of each finding by their number.
    pub fn new(all: &'k [AccessKey], findings: &[Vec<usize>]) -> Shared<'k> {
        let found: HashSet<usize> = findings.iter().flatten().copied().collect();
        let mut shared = Shared::default();
        for key in all {
            for (at, name) in &key.named_at {
                shared.names.entry(*at).or_default().push((name, key));
            }
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
        let same = |k: &AccessKey, other: &AccessKey| k.user == other.user && k.account == other.account;
        let own = move |other: &AccessKey| keys.iter().any(|k| k.address == other.address || same(k, other));
        others.iter().copied().filter(move |other| !own(other))
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
