//! Keys to findings: who can hold two active keys at once, and under which inputs.
//!
//! [`group`] says whose the keys are, [`prove`] decides each user, [`describe`] turns the answers into findings and
//! [`inventory`] lists what is planned. Knows no file format and no language.

mod accounts;
mod across;
mod allowed;
mod aside;
mod cause;
mod concrete;
mod describe;
mod distinct;
mod enough;
mod expressions;
mod filled;
pub mod finding;
mod fixed;
pub mod group;
mod indexes;
mod inventory;
mod listed;
mod made_one;
mod meets;
mod names;
pub mod prove;
mod refusals;
mod repeated;
mod shared;

use std::collections::{BTreeSet, HashSet};

use crate::key::{AccessKey, Mode, Resolved};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::value::digest::Identity;
use crate::value::symbol::SymNode;
use crate::value::{Cx, Guard, SymId, Value};
pub use across::{Single, across, in_any, singles};
pub use aside::{Aside, aside, aside_collections, aside_collections_for_names, aside_for_names};
pub use describe::any_instance;
use describe::{describe, user_place};
use distinct::{AccountKind, Identified};
pub use filled::{budget, called_as_in, is_past_limit, is_worth_filling, sizes};
use finding::{Finding, InventoryRow, Level};
use inventory::identity;
pub use inventory::planned;
use prove::Allowed;
use shared::Shared;

/// What is said of one resolved unit.
#[derive(Debug, Default)]
pub struct Judged {
    /// Its findings.
    pub findings: Vec<Finding>,
    /// Its keys.
    pub inventory: Vec<InventoryRow>,
    /// What was not decided.
    pub problems: Vec<Problem>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// Distinct users of its keys.
    pub users: usize,
}

/// Judges one resolved unit. `overridable` is the same unit resolved with its supplied inputs as leaves, one way or another;
/// that only adds `latent` findings and never changes what the first one says. `filled` is the same unit with its free collections filled
/// in, which has the word about them.
pub fn judge(supplied: &Resolved, overridable: &[&Resolved], filled: Option<&mut Resolved>) -> Judged {
    let (allowed, mut problems) =
        allowed::allowed(supplied, &allowed::refused(supplied), overridable.first().copied());
    problems.extend(supplied.problems.iter().cloned());
    let mut found = findings(supplied, &allowed, None);
    if let Some(filled) = filled {
        problems.extend(filled::settle(supplied, &allowed, &mut found, filled));
    }
    for other in overridable {
        let latent = latent(other, &found);
        problems.extend(other.problems.iter().filter(|p| p.kind == ProblemKind::LatentBudget).cloned());
        for f in latent {
            // With the inputs as supplied the first resolution has the word.
            if f.finding.when.is_some() && !f.overrides {
                continue;
            }
            // What is not decided is no finding here: the search goes beyond what was asked.
            match f.finding.when {
                Some(_) => found.push(f),
                None => problems.extend(f.finding.keys.first().map(|k| cut_short(k.location.into()))),
            }
        }
    }
    let users = users(supplied, &found);
    settle(supplied, &found, &mut problems);
    let distinct = taken_for_distinct(supplied, &found);
    let mut findings: Vec<Finding> = found.into_iter().map(|f| f.finding).collect();
    findings.sort_by(|a, b| {
        (&a.unit, b.level, a.keys.first().map(|k| &k.address)).cmp(&(
            &b.unit,
            a.level,
            b.keys.first().map(|k| &k.address),
        ))
    });
    Judged {
        findings,
        inventory: planned(supplied),
        problems,
        assumptions: [supplied.assumptions.clone(), distinct].concat(),
        users,
    }
}

/// What overriding supplied inputs leads to, and nothing known does. Elements of lists that calls give are taken for
/// different, and two of them for one only where that alone leads to two keys of a user that is written.
fn latent(resolved: &Resolved, known: &[Identified]) -> Vec<Identified> {
    let cx = &resolved.cx;
    let (mut allowed, _) = allowed::allowed(resolved, &allowed::refused(resolved), None);
    allowed.add(cx, cx.not(cx.any(resolved.few.clone())));
    if !resolved.listed {
        return findings(resolved, &allowed, Some(known));
    }
    let equal = filled::different(resolved, &mut allowed);
    let mut apart = allowed.clone();
    equal.iter().for_each(|&equal| apart.add(cx, cx.not(equal)));
    let mut elements: Vec<(SymId, SymId)> = Vec::new();
    for key in &resolved.keys {
        let about = Value::tuple([key.user.clone(), key.status.clone(), Value::Bool(key.times.exists)]);
        cx.each_symbol(&about, &mut |sym| {
            if let (Some(call), Some(SymNode::Path(of, at, _))) = (cx.taken_of(sym), cx.node(sym))
                && call == of
                && at.parse::<usize>().is_ok_and(|n| n < Mode::FILLED)
                && !elements.contains(&(call, sym))
            {
                let others = elements.iter().filter(|(list, element)| *list == call && *element != sym);
                let same = others.map(|(_, element)| cx.equal(&Value::Sym(*element), &Value::Sym(sym)));
                same.for_each(|same| apart.add(cx, cx.not(same)));
                elements.push((call, sym));
            }
        });
    }
    let mut found = findings(resolved, &apart, Some(known));
    let written = |f: &Identified, key: &AccessKey| {
        let names = cx.alternatives(&cx.fold_case(&key.user)).into_iter();
        let name = f.finding.user.told_name().map(str::to_lowercase);
        name.is_some_and(|name| names.into_iter().any(|(_, v)| v.as_str() == Some(name.as_str())))
    };
    let all_written =
        |f: &Identified| resolved.keys.iter().filter(|k| f.keys.contains(&k.address)).all(|k| written(f, k));
    let more = findings(resolved, &allowed, Some(known)).into_iter();
    let new: Vec<_> =
        more.filter(|f| all_written(f) && !found.iter().any(|known| known.covers(f, false))).collect();
    found.extend(new);
    found
}

/// Whether keys that supplied inputs decide something of run over elements that filling in tells more of, or over those of what a
/// call makes of supplied inputs.
pub fn runs_over_supplied(resolved: &Resolved) -> bool {
    let cx = &resolved.cx;
    let is_supplied = |value: &Value| !cx.given(value).is_empty();
    let fills = is_worth_filling(resolved);
    resolved.keys.iter().any(|key| {
        let elements = key.times.elements().into_iter();
        let mut calls = elements.filter_map(|element| cx.element_owner(element)).map(Value::Sym);
        let within = key.times.loops.iter().map(|l| l.within).chain([key.times.exists]).map(Value::Bool);
        fills && within.chain([key.user.clone(), key.status.clone()]).any(|value| is_supplied(&value))
            || calls.any(|call| cx.is_call(&call) && is_supplied(&call))
    })
}

/// How many users the keys have. Several spellings that are one user under every assignment are one.
fn users(resolved: &Resolved, found: &[Identified]) -> usize {
    let identity = |key: &AccessKey| identity(&resolved.cx, &key.account, &key.user);
    let all: HashSet<[Identity; 2]> = resolved.keys.iter().map(identity).collect();
    let is_one = |f: &&Identified| f.finding.level == Level::Certain;
    let spelled = |f: &Identified| {
        // One that stands for each element of a collection is others' too.
        let own = resolved.keys.iter().filter(|k| k.times.loops.is_empty() && f.keys.contains(&k.address));
        own.map(identity).collect::<HashSet<_>>().len().saturating_sub(1)
    };
    all.len() - found.iter().filter(is_one).map(spelled).sum::<usize>().min(all.len().saturating_sub(1))
}

/// Values past a limit are no matter where the keys that depend on them are those of certain findings anyway.
fn settle(resolved: &Resolved, found: &[Identified], problems: &mut [Problem]) {
    let cx = &resolved.cx;
    let past = |key: &&AccessKey| {
        let values = [&key.user, &key.status, &key.account.scope, &Value::Bool(key.times.exists)];
        values.iter().any(|value| cx.limit_of(value).is_some())
    };
    let proved = |key: &AccessKey| {
        found.iter().any(|f| f.finding.level == Level::Certain && f.keys.contains(&key.address))
    };
    let mut past = resolved.keys.iter().filter(past).peekable();
    if past.peek().is_some() && past.all(proved) {
        let unknown = problems.iter_mut().filter(|p| p.kind == ProblemKind::UnknownPastLimit);
        unknown.for_each(|p| p.kind = ProblemKind::ProvedPastLimit);
    }
}

/// The order of findings: by unit, the surest first, then by the first key and the user's name.
pub fn order(f: &Finding) -> impl Ord + use<> {
    let key = f.keys.first().map(|k| k.address.clone());
    (f.unit.clone(), std::cmp::Reverse(f.level), key, f.user.name.clone(), f.scenario.clone())
}

/// The findings of one resolution. With `known`, those already reported are left out and the rest is `latent`.
fn findings(resolved: &Resolved, allowed: &Allowed, known: Option<&[Identified]>) -> Vec<Identified> {
    let cx = &resolved.cx;
    let mut found: Vec<Identified> = Vec::new();
    let classes = group::classes(resolved);
    let named = classes.iter().filter(|class| !names::is_refused(cx, &class.user));
    let proofs: Vec<_> = named.filter_map(|class| Some((class, prove::prove(cx, class, allowed)?))).collect();
    let members: Vec<Vec<usize>> =
        proofs.iter().map(|(_, proof)| proof.members.iter().map(|m| m.key).collect()).collect();
    let shared = Shared::new(resolved, &members);
    for (class, proof) in proofs {
        let identity = group::identity(cx, &class.user);
        let member = |m: &group::Member| Some((resolved.keys.get(m.key)?.address.clone(), m.guard));
        let there: Vec<(String, Guard)> = proof.members.iter().filter_map(member).collect();
        let keys: BTreeSet<String> = there.iter().map(|(address, _)| address.clone()).collect();
        let level = if known.is_some() { Level::Latent } else { proof.level };
        let account = cx.as_given(&class.account);
        let kind = AccountKind::of(&account);
        let account = cx.identity(&account);
        let switches = matches!(class.user, Value::Choice(_));
        let finding = describe(resolved, class, &proof, level, allowed, &shared);
        let overrides = !proof.supplied.is_empty();
        let question = [proof.allowed, proof.two];
        let takes = enough::takes(resolved, class, proof.two, allowed);
        found.push(Identified {
            finding,
            identity,
            account,
            kind,
            keys,
            there,
            switches,
            overrides,
            takes,
            question,
            settings: proof.when.unwrap_or_default(),
        });
    }
    // One user, one finding: of two classes that are one user with the inputs as supplied, the one with the smaller
    // witness and then the more keys stays.
    let mut kept: Vec<Identified> = Vec::new();
    found.sort_by_key(|f| {
        (
            std::cmp::Reverse(f.finding.level),
            !f.switches,
            f.finding.when.as_ref().map_or(usize::MAX, Vec::len),
            std::cmp::Reverse(f.keys.len()),
        )
    });
    for f in found {
        if !kept.iter().any(|k| k.covers(&f, false)) {
            kept.retain(|k| !f.absorbs(k));
            kept.push(f);
        }
    }
    kept.retain(|f| !known.is_some_and(|known| known.iter().any(|k| k.covers(f, true))));
    // One that is not named may be one that is.
    let (unnamed, mut named): (Vec<_>, Vec<_>) = kept
        .into_iter()
        .partition(|f| f.finding.level == Level::Certain && f.finding.user.told_name().is_none());
    let apart = |f: &Identified| !named.iter().any(|other| has_all_of(cx, allowed, other, f));
    let unnamed: Vec<Identified> = unnamed.into_iter().filter(apart).collect();
    named.extend(unnamed);
    named
}

/// Whether a user has the keys of another one, and more, whatever the inputs are: then the two are one.
fn has_all_of(cx: &Cx, allowed: &Allowed, user: &Identified, other: &Identified) -> bool {
    let more = user.keys.len() > other.keys.len() && user.keys.is_superset(&other.keys);
    if !more || user.finding.level != Level::Certain || user.account != other.account {
        return false;
    }
    let own = user.there.iter().filter(|(address, _)| other.keys.contains(address));
    let all = cx.all(own.map(|(_, guard)| *guard));
    !prove::can_be(cx, cx.not(all), allowed)
}

/// The problem that says the search for `latent` findings was cut short.
pub fn cut_short(place: crate::problem::Place) -> Problem {
    Problem::new(
        ProblemKind::LatentBudget,
        place,
        "the search for what overriding supplied inputs would lead to was cut short; nothing else is affected",
    )
}

/// That the elements of an unknown collection are different users (or accounts), wherever a key for each of them
/// depends on it. Of keys that are found anyway it makes no difference.
fn taken_for_distinct(resolved: &Resolved, found: &[Identified]) -> Vec<Assumption> {
    let cx = &resolved.cx;
    let mut out = Vec::new();
    let is_found = |key: &AccessKey| {
        found.iter().any(|f| f.finding.level > Level::Latent && f.keys.contains(&key.address))
    };
    for key in resolved.keys.iter().filter(|key| !is_found(key)) {
        let over = &key.times.elements();
        let depends = repeated::depends(cx, &key.user, over);
        // The keys of a map and the elements of a set are distinct by themselves, but not beside those of another one.
        let inner = |sym| cx.leaf(sym).and_then(|l| cx.leaf(l.of?)).is_some_and(|of| of.is_element());
        let own = |sym| over.contains(&sym) && cx.tells_elements_apart(sym) && !inner(sym);
        let distinct = matches!(key.user, Value::Sym(sym) if own(sym));
        let apart = if depends && !distinct {
            Some("of different users")
        } else if !depends && group::told_apart(cx, key, over) {
            Some("in different accounts")
        } else {
            None
        };
        if let (Some(apart), false) = (apart, key.times.at_least_two(cx).is_false()) {
            let place = user_place(key).unwrap_or(key.location);
            out.push(Assumption {
                reason: format!("the instances of {} are taken for keys {apart}", key.address),
                place: place.into(),
            });
        }
    }
    out
}
