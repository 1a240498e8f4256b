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

mod forks;
mod instances;
mod switches;
mod written;

use std::collections::{BTreeSet, HashSet};

use super::finding::{Cause, Level, Named, Remedy, Situation, Supplied, WhenValue};
use super::group::Class;
use super::shared::Shared;
use crate::key::{AccessKey, Role, Written};
use crate::span::{FileId, Loc};
use crate::value::{Cx, Value};
use forks::{each_but_one, fork, has_siblings, one_by_one};
use instances::{apart, in_order, instances, nearer, numbers};
use switches::{of_the_catalogue, opposite, switched};
use written::{assigned, blocks, cause, each, named, remedy, shown};

/// Where the ways to the keys part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    /// At two blocks or calls: this step is another one.
    Fork(usize),
    /// At the instances of this step.
    Instances(usize),
}

impl Parting {
    fn instances(&self) -> Option<usize> {
        match self {
            Parting::Instances(at) => Some(*at),
            Parting::Fork(_) => None,
        }
    }
}

/// The causes and the remedy of these keys of one user, which are in the order of their addresses.
pub fn explain(
    class: &Class,
    keys: &[&AccessKey],
    when: Option<&[(String, WhenValue)]>,
    level: Level,
    around: Around,
) -> (Vec<Cause>, Remedy) {
    let (causes, remedy) = of_these(class, keys, when, level, around);
    let mut remedy = at_the_call(remedy, keys, around);
    // A condition holds for these keys: of one instance, or where their second key is there.
    let of = remedy.edits().filter(|edit| edit.when.is_none()).flat_map(|edit| &edit.of);
    let others = of.flat_map(|n| around.shared.at(n.location, keys));
    let mut others: Vec<String> = others.map(|other| other.address.clone()).collect();
    others.sort();
    others.dedup();
    remedy.others = others;
    (causes, masked(remedy, around.cx))
}

/// A remedy whose conditions spell out no secret.
fn masked(remedy: Remedy, cx: &Cx) -> Remedy {
    let when = remedy.when.as_deref().map(|when| without_secrets(when, cx));
    let then = remedy.then.map(|then| Box::new(masked(*then, cx)));
    Remedy { when, then, ..remedy }
}

/// A condition as it is written, but for secrets that it spells out.
fn without_secrets(condition: &str, cx: &Cx) -> String {
    let quoted = condition.split('"').enumerate().map(|(i, part)| match i % 2 {
        0 => part.to_string(),
        _ => cx.masked(part).unwrap_or_else(|| part.to_string()),
    });
    quoted.collect::<Vec<_>>().join("\"")
}

/// The keys around those of a finding.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The context of their values.
    pub cx: &'a Cx,
    /// All keys of the unit.
    pub all: &'a [AccessKey],
    /// What an edit would change besides.
    pub shared: &'a Shared<'a>,
    /// Files that nobody edits.
    pub installed: &'a HashSet<FileId>,
}

fn of_these(
    class: &Class,
    keys: &[&AccessKey],
    when: Option<&[(String, WhenValue)]>,
    level: Level,
    around: Around,
) -> (Vec<Cause>, Remedy) {
    let latent = level == Level::Latent;
    let Some((first, rest)) = keys.split_first() else { return (Vec::new(), blocks(keys)) };
    if keys.iter().any(|k| k.construct.is_some()) {
        return constructs(keys, around.shared);
    }
    let when = when.unwrap_or_default();
    if let Some(found) = same_user(around.cx, class, keys) {
        return found;
    }
    let partings: Vec<Option<Parting>> = match rest {
        [] => repeated(first, around).into_iter().map(|at| Some(Parting::Instances(at))).collect(),
        rest => rest.iter().map(|other| part(first, other)).collect(),
    };
    let is_fork = |parting: &&Option<Parting>| matches!(parting, Some(Parting::Fork(_)));
    let parting = *partings.iter().find(is_fork).or(partings.first()).unwrap_or(&None);
    match parting {
        // Of instances of instances no one number or element leaves one.
        Some(Parting::Instances(_)) if partings.iter().any(|other| *other != parting) => {
            let steps: BTreeSet<usize> = partings.iter().flatten().filter_map(Parting::instances).collect();
            let instances = |at: &usize| {
                let each = keys.iter().filter_map(|key| key.way.get(*at)).map(|step| &step.instance);
                each.collect::<HashSet<_>>().len()
            };
            // Where one instance lacks what others have, what leaves one key of it leaves none of another.
            if steps.iter().map(instances).product::<usize>() != keys.len() {
                let edit = apart(keys, around).unwrap_or_else(|| one_by_one(keys, around));
                return (second_block(keys, when), edit);
            }
            let own = |at: &usize| of_instances(&alike_but(keys, &steps, *at), *at, latent, around);
            let edits = steps
                .iter()
                .map(own)
                .reduce(|(causes, first), (more, then)| ([causes, more].concat(), first.and(then)));
            edits.unwrap_or_else(|| (Vec::new(), blocks(keys)))
        }
        Some(Parting::Instances(at)) => of_instances(keys, at, latent, around),
        Some(Parting::Fork(at)) => switched(keys, latent, around.shared)
            .or_else(|| of_the_catalogue(keys, around))
            .or_else(|| opposite(keys, when))
            .unwrap_or_else(|| {
                let (causes, remedy) = fork(keys, around, at);
                let Some((gone, kept)) = each_but_one(keys, around, at) else { return (causes, remedy) };
                let then = kept.map(|kept| of_these(class, &kept, Some(when), level, around).1);
                let all = gone.into_iter().chain(then).reduce(Remedy::and);
                (causes, all.unwrap_or(remedy))
            }),
        None => (second_block(keys, when), one_by_one(keys, around)),
    }
}

/// Keys that part at the instances of one step.
fn of_instances(keys: &[&AccessKey], at: usize, latent: bool, around: Around) -> (Vec<Cause>, Remedy) {
    // A status of its own says more of an instance than their number.
    let own = || numbers(keys, at).then(|| switched(keys, latent, around.shared)).flatten();
    own().unwrap_or_else(|| {
        let (causes, remedy) = instances(keys, around, at);
        // A number that makes other users' keys too cannot be set for one of them.
        if numbers(keys, at) && shared(keys, around, at) {
            return (causes, one_by_one(keys, around));
        }
        let elements = [Situation::Elements, Situation::Decoded];
        match in_order(keys, around, at).filter(|_| elements.contains(&remedy.situation)) {
            Some(Ok(last)) if keys.len() == 2 => (causes, only(remedy, last)),
            Some(Err(Some(apart))) => (causes, apart),
            Some(_) => (causes, one_by_one(keys, around)),
            None => nearer(causes, remedy, keys, at, around),
        }
    })
}

/// The keys that differ from the first one at this step alone.
fn alike_but<'k>(keys: &[&'k AccessKey], steps: &BTreeSet<usize>, at: usize) -> Vec<&'k AccessKey> {
    let others = |key: &AccessKey| {
        let of = steps.iter().filter(|step| **step != at);
        of.map(|step| key.way.get(*step).map(|step| step.instance.clone())).collect::<Vec<_>>()
    };
    let Some(first) = keys.first().map(|key| others(key)) else { return Vec::new() };
    keys.iter().copied().filter(|key| others(key) == first).collect()
}

/// The steps of a key that stands for any number of instances at which these are one user's.
fn repeated(key: &AccessKey, around: Around) -> Vec<usize> {
    let leaves = around.cx.leaves(&key.user);
    let steps = || key.way.iter().enumerate().filter(|(_, step)| step.instance == "[*]").map(|(at, _)| at);
    let loops = &key.times.loops;
    let of_one_user = |n: usize| {
        let element = loops.get(n).filter(|_| loops.len() == steps().count());
        element.is_some_and(|of| !of.element.iter().any(|leaf| leaves.contains(leaf)))
    };
    let all: Vec<usize> = steps().enumerate().filter(|(n, _)| of_one_user(*n)).map(|(_, at)| at).collect();
    if all.is_empty() { steps().next_back().into_iter().collect() } else { all }
}

/// A remedy in a file that an installer put there, made at the call: what that can pass, or that it goes.
fn at_the_call(remedy: Remedy, keys: &[&AccessKey], around: Around) -> Remedy {
    let is_installed = |at: Loc| around.installed.contains(&at.file);
    if !remedy.edits().flat_map(|edit| &edit.of).any(|named| is_installed(named.location)) {
        return remedy;
    }
    let passed = passed_instead(&remedy, keys, &is_installed);
    let call = |key: &AccessKey| {
        let at = key.way.iter().rposition(|step| !is_installed(step.at))?;
        let names = key.way.iter().take(at + 1).map(|s| s.called());
        Some(named(names.collect::<Vec<_>>().join("."), key.way.get(at)?.at))
    };
    match each(keys, call).as_slice() {
        _ if passed.is_some() => passed.unwrap_or(remedy),
        [] => remedy,
        [one] => written::remedy(Situation::Itself, vec![one.clone()]),
        calls => written::remedy(Situation::Gone, calls.to_vec()),
    }
}

/// The argument of the call that says what the module's default does not.
fn passed_instead(
    remedy: &Remedy,
    keys: &[&AccessKey],
    is_installed: &dyn Fn(Loc) -> bool,
) -> Option<Remedy> {
    let ([one, ..], None) = (remedy.of.as_slice(), &remedy.then) else { return None };
    let steps = keys.iter().flat_map(|key| &key.way);
    let values = steps.flat_map(|step| [step.switch.clone(), step.element.clone(), step.value.clone()]);
    let mut values = values.chain(keys.iter().map(|key| key.status_switch.clone())).flatten();
    let argument = |written: &Written| {
        let passed = written.passed.iter().rev().find(|passed| !is_installed(passed.at))?;
        Some(written.at_call(passed))
    };
    let of = values.find_map(|w| argument(&w).filter(|_| w.at.holds(one.location)))?;
    let value = match (&one.set, remedy.situation) {
        (Some(set), _) => set.value.clone(),
        // The list with one element is a value of its own.
        (None, Situation::Elements) if one.text.starts_with('"') => format!("[{}]", one.text),
        _ => return None,
    };
    Some(written::remedy(Situation::Switch, vec![assigned(&of, &value)]))
}

/// The remedy about the last of its elements, which is at this place among them.
fn only(mut remedy: Remedy, place: usize) -> Remedy {
    let Some(one) = remedy.of.get(place).cloned() else { return remedy };
    let same = remedy.of.iter().filter(|n| n.text == one.text).count() > 1;
    let text = if same { format!("the last {}", one.text) } else { one.text.clone() };
    remedy.of = vec![Named { text, ..one }];
    remedy
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
    None
}

/// Whether what multiplies this step makes keys of other users too.
fn shared(keys: &[&AccessKey], around: Around, at: usize) -> bool {
    keys.first().is_some_and(|first| has_siblings(first, keys, around, at))
}

/// The key of the second block, and when it exists.
fn second_block(keys: &[&AccessKey], when: &[(String, WhenValue)]) -> Vec<Cause> {
    let header = keys.first().map(|k| k.location);
    // The one that is not always there is the second one.
    let other = |k: &&&AccessKey| Some(k.location) != header;
    let conditional = keys.iter().rfind(|k| {
        let exists = !k.times.exists.is_true() && argument(k).is_some();
        exists || argument(k).is_none() && switching_status(k).is_some()
    });
    let second = conditional.or_else(|| keys.iter().find(other)).or(keys.first());
    let Some(second) = second else { return Vec::new() };
    let mut out =
        vec![cause(format!("{} is a second access key of the user", second.address), second.location)];
    let exists = argument(second).map(|at| ("exists", at));
    if let (Some((is, at)), [(name, value)]) =
        (exists.or_else(|| switching_status(second).map(|at| ("is active", at))), when)
        && let Some(value) = shown(value)
    {
        out.insert(0, cause(format!("{} {is} when {name} = {value}", second.address), at));
    }
    out
}

/// A status that a written condition makes `Active` or `Inactive`.
fn switching_status(key: &AccessKey) -> Option<Loc> {
    key.active_when.as_ref()?;
    key.places.iter().find(|place| place.role == Role::Status).map(|place| place.loc)
}

/// The argument that multiplies a key's own block.
fn argument(key: &AccessKey) -> Option<Loc> {
    key.way.last().and_then(|step| step.multiplier)
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
    // Of what a loop makes on one line none can be taken out by itself: the line that leads to these keys alone, if any, is
    // where it says how many.
    if let ([one, rest @ ..], false) = (of.as_slice(), by_line)
        && of.len() == keys.len()
        && !rest.is_empty()
        && rest.iter().all(|other| other.location == one.location)
    {
        let all = |at: &Loc| keys.iter().all(|k| k.frames().any(|frame| frame == *at));
        let mut frames = keys.iter().take(1).flat_map(|k| k.frames());
        let line = frames.find(|at| all(at) && !shared.touches(*at, keys)).unwrap_or(one.location);
        let what = "all but one of the keys that this line makes for the user";
        return (causes, remedy(Situation::Elements, vec![named(what.into(), line)]));
    }
    let of = if by_line || of.len() == keys.len() {
        of
    } else {
        each(keys, |k| Some(named(k.construct.clone().unwrap_or_else(|| k.address.clone()), k.location)))
    };
    let causes = if causes.is_empty() { second_block(keys, &[]) } else { causes };
    (causes, remedy(Situation::Construct, of))
}
