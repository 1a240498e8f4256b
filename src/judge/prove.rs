//! Proving or refuting that a class has two active keys at once.
//!
//! Answers, for one class and with what the deployment refuses: must it, can it, which keys are meant, and the
//! smallest set of inputs that is enough. Past the budget the answer is `possible` without a witness, never clean.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::concrete;
use super::finding::{Level, Supplied, WhenValue};
use super::group::{Class, Member};
use crate::value::ask::{Ask, Named, Setting};
use crate::value::limits::{Limit, NODES};
use crate::value::marks::SENSITIVE;
use crate::value::{Cx, Guard, Leaf, LeafKind, SymId, Ty, Value};

/// What the deployment does not refuse, in parts: only those that share inputs with a question can change its answer.
#[derive(Clone, Debug, Default)]
pub struct Allowed {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    guard: Guard,
    leaves: BTreeSet<SymId>,
    /// The supplied values themselves violate it, so it constrains every question, whatever inputs that mentions.
    broken: bool,
}

impl Allowed {
    /// One more thing that must hold.
    pub fn add(&mut self, cx: &Cx, guard: Guard) {
        if guard.is_true() || self.parts.iter().any(|p| p.guard == guard) {
            return;
        }
        let leaves: BTreeSet<SymId> = cx.leaves(&Value::Bool(guard)).into_iter().collect();
        let broken = !guard.is_false() && cx.as_given(&Value::Bool(guard)) == Value::FALSE;
        self.parts.push(Part { guard, leaves, broken });
    }

    /// What must hold of the inputs that `questions` depend on, directly or through other parts.
    pub fn about(&self, cx: &Cx, questions: &[Guard]) -> Guard {
        self.of(cx, questions.iter().flat_map(|&question| cx.leaves(&Value::Bool(question))))
    }

    /// The same of these inputs.
    pub fn of(&self, cx: &Cx, leaves: impl IntoIterator<Item = SymId>) -> Guard {
        let mut leaves: BTreeSet<SymId> = leaves.into_iter().collect();
        let mut rest: Vec<&Part> = self.parts.iter().collect();
        let mut taken = Vec::new();
        loop {
            let (near, far): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|p| p.broken || p.leaves.is_empty() || !p.leaves.is_disjoint(&leaves));
            if near.is_empty() {
                break;
            }
            for part in near {
                taken.push(part.guard);
                leaves.extend(&part.leaves);
            }
            rest = far;
        }
        cx.all(taken)
    }
}

/// Inputs with their values, by name.
pub type Witness = Vec<(String, WhenValue)>;

/// What was found of a class.
#[derive(Clone, Debug)]
pub struct Proof {
    /// `Certain` or `Possible`.
    pub level: Level,
    /// The members that can be active together with another.
    pub members: Vec<Member>,
    /// The user's name where two keys are active, if it is the same wherever they are.
    pub name: Option<String>,
    /// The witness; `None` past the budget.
    pub when: Option<Vec<Setting>>,
    /// What the inputs of the witness are supplied with, where supplied inputs are open.
    pub supplied: Vec<Supplied>,
    /// The limit that was met, where it is not decided exactly.
    pub spent: Option<&'static Limit>,
    /// What the deployment does not refuse, of what this is about.
    pub allowed: Guard,
    /// When two are active.
    pub two: Guard,
}

/// Whether this class can have two active keys under `allowed`; `None` if it cannot.
pub fn prove(cx: &Cx, class: &Class, allowed: &Allowed) -> Option<Proof> {
    let two = two(cx, &class.members);
    let all = allowed;
    // "Two of them" can be about less than each of them is.
    let mut questions: Vec<Guard> = class.members.iter().map(|m| m.guard).collect();
    questions.push(two);
    let allowed = all.about(cx, &questions);
    if two.is_false() || allowed.is_false() {
        return None;
    }
    if two.is_true() && allowed.is_true() {
        let members = class.members.iter().filter(|m| can_be(cx, m.guard, all)).cloned().collect();
        return Some(Proof {
            level: Level::Certain,
            members,
            name: only_name(cx, &class.user, &[], two, all),
            when: Some(Vec::new()),
            supplied: Vec::new(),
            spent: None,
            allowed,
            two,
        });
    }
    let both = cx.and(allowed, two);
    // What was not followed is no input, so nobody could set it.
    let past = cx.limit_of(&Value::Bool(both));
    let spent = || Proof {
        level: Level::Possible,
        members: class.members.clone(),
        name: None,
        when: None,
        supplied: Vec::new(),
        spent: past.or(Some(&NODES)),
        allowed,
        two,
    };
    // What two of them need may say less of a key than its own condition does. Keys come first, so that variables are in
    // their order, as counting them needs.
    let guards: Vec<Guard> = class.members.iter().map(|m| m.guard).chain([two, allowed]).collect();
    let Ok(mut ask) = Ask::new(cx, &guards) else { return Some(spent()) };
    match ask.can_hold(both) {
        Ok(false) => return None,
        Ok(true) => {}
        Err(_) => return Some(spent()),
    }
    let level = match ask.must_hold(allowed, two) {
        Ok(true) => Level::Certain,
        _ => Level::Possible,
    };
    // Where two are active, each that is active is one of two. Past the budget a key is named rather than left out.
    let active: Vec<Guard> = class.members.iter().map(|m| m.guard).collect();
    let members = match ask.can_hold_each(both, &active) {
        Ok(can) => class
            .members
            .iter()
            .zip(can)
            .filter(|(_, can)| *can != Some(false))
            .map(|(m, _)| m.clone())
            .collect(),
        Err(_) => class.members.clone(),
    };
    // Where it is certain this names nothing, unless supplied inputs are open: what the deployment refuses as supplied
    // has to be overridden.
    let settings = match (ask.smallest(allowed, two), level) {
        (Ok(settings), _) if past.is_none() => settings,
        (_, Level::Certain) => Some(Vec::new()),
        _ => None,
    };
    let of_inputs = settings.as_ref().and_then(|settings| concrete::of_inputs(cx, settings, [allowed, two]));
    let settings = of_inputs.or(settings.map(|all| concrete::not_refuted(cx, all, [allowed, two])));
    let given = |settings: &Vec<Setting>| only_name(cx, &class.user, settings, both, all);
    let name = settings.as_ref().and_then(given).or_else(|| given(&ask.example(both).ok()??));
    // Inputs that are enough prove it, whatever else was not looked at.
    let is_input = |s: &Setting| s.sym.is_some_and(|sym| cx.leaf(sym).is_some());
    let proved = settings.as_ref().is_some_and(|settings| settings.iter().all(is_input));
    let limit = past.or(ask.spent());
    let spent = if settings.is_none() { limit.or(Some(&NODES)) } else { limit.filter(|_| !proved) };
    let supplied = settings.iter().flatten().filter_map(|s| supplied(cx, s)).collect();
    let when = settings.map(|settings| told(cx, settings));
    Some(Proof { level, members, name, when, supplied, spent, allowed, two })
}

/// Whether one key must or can be active, and the smallest set of inputs that is enough; `None` if it cannot.
pub fn one(cx: &Cx, active: Guard, allowed: &Allowed) -> Option<(Level, Option<Witness>)> {
    let allowed = allowed.about(cx, &[active]);
    let certain = (Level::Certain, Some(Vec::new()));
    match (active, allowed) {
        _ if active.is_false() || allowed.is_false() => return None,
        _ if active.is_true() && allowed.is_true() => return Some(certain),
        _ => {}
    }
    let undecided = Some((Level::Possible, None));
    let Ok(mut ask) = Ask::new(cx, &[active, allowed]) else { return undecided };
    match ask.can_hold(cx.and(allowed, active)) {
        Ok(false) => return None,
        Ok(true) => {}
        Err(_) => return undecided,
    }
    if ask.must_hold(allowed, active) == Ok(true) {
        return Some(certain);
    }
    match (ask.smallest(allowed, active), cx.limit_of(&Value::Bool(active))) {
        (Ok(Some(settings)), None) => Some((Level::Possible, Some(witness(cx, &told(cx, settings))))),
        _ => undecided,
    }
}

/// Whether a key can be there at all, beside two that always are. Past the budget it is named rather than left out.
pub(super) fn can_be(cx: &Cx, guard: Guard, allowed: &Allowed) -> bool {
    if guard.is_true() {
        return true;
    }
    let allowed = allowed.about(cx, &[guard]);
    Ask::new(cx, &[guard, allowed]).and_then(|mut ask| ask.can_hold(cx.and(allowed, guard))).unwrap_or(true)
}

/// How many names are tried for a user.
const NAMES: usize = 16;

/// The name that a user has wherever `both` holds and nothing refuses it, if it is one: the one that the witness gives it,
/// one of those that it switches between, or one of its listed values.
fn only_name(cx: &Cx, user: &Value, settings: &[Setting], both: Guard, allowed: &Allowed) -> Option<String> {
    if matches!(user, Value::String(_)) {
        return None;
    }
    // What the deployment refuses of the user's inputs, where two are active whatever these are.
    let both = cx.and(both, allowed.of(cx, cx.leaves(user).into_iter().chain(cx.leaves(&Value::Bool(both)))));
    let holds = |name: &Value| {
        let same = cx.equal(user, name);
        let mut ask = Ask::new(cx, &[both, same]).ok()?;
        ask.must_hold(both, same).ok()?.then(|| cx.user_name(name))?
    };
    let mut env = cx.given(user);
    for setting in settings {
        if let (Some(sym), Named::Is(value)) = (setting.sym, &setting.value) {
            env.insert(sym, value.clone());
        }
    }
    let name = cx.fill(user, &env);
    if name.as_str().is_some() {
        return holds(&name);
    }
    let mut names: Vec<Value> = Vec::new();
    for (_, value) in cx.alternatives(user) {
        match value {
            Value::String(_) => names.push(value),
            Value::Sym(_) => names.extend(listed_values(cx, &value)),
            _ => {}
        }
    }
    names.iter().take(NAMES).find_map(holds)
}

/// The values of a symbol of one leaf whose values are listed, or are the two of a bool.
fn listed_values(cx: &Cx, value: &Value) -> Vec<Value> {
    let leaves = cx.leaves(value);
    let [leaf] = leaves.as_slice() else { return Vec::new() };
    let listed = cx.leaf(*leaf).and_then(|l| match l.ty {
        Ty::Bool => Some(vec![Value::FALSE, Value::TRUE]),
        _ => l.closed,
    });
    let listed = listed.unwrap_or_default();
    listed.into_iter().take(NAMES).map(|v| cx.fill(value, &HashMap::from([(*leaf, v)]))).collect()
}

/// When two or more keys of these members are active.
fn two(cx: &Cx, members: &[Member]) -> Guard {
    let different = cx.at_least_two(members.iter().map(|m| m.guard));
    let same: Vec<Guard> = members.iter().map(|m| m.twice).collect();
    cx.or(different, cx.any(same))
}

/// The settings that reports name: nobody sets an index, or that two elements are two; and of an element and another one
/// that have the same value one is enough.
fn told(cx: &Cx, settings: Vec<Setting>) -> Vec<Setting> {
    let element = |sym: SymId| cx.leaf(sym).filter(Leaf::is_element);
    let told = |s: &Setting| {
        s.sym.is_none_or(|sym| match element(sym) {
            Some(leaf) => leaf.ty != Ty::Number || !cx.tells_elements_apart(sym),
            None => {
                let leaves = cx.leaves(&Value::Sym(sym));
                let own = |leaf: &SymId| element(*leaf).is_some() && cx.tells_elements_apart(*leaf);
                s.value != Named::Is(Value::FALSE) || leaves.len() != 2 || !leaves.iter().all(own)
            }
        })
    };
    let mut seen: HashSet<(SymId, Named)> = HashSet::new();
    let new = |s: &Setting| s.sym.is_none_or(|sym| seen.insert((cx.of_the_first(sym), s.value.clone())));
    settings.into_iter().filter(told).filter(new).collect()
}

/// The settings as reports name them.
pub fn witness(cx: &Cx, settings: &[Setting]) -> Witness {
    settings.iter().map(|setting| named(cx, setting)).collect()
}

/// The collection whose number of elements a setting gives.
pub(super) fn length_of(cx: &Cx, setting: &Setting) -> Option<SymId> {
    let leaf = cx.leaf(setting.sym?).filter(|leaf| leaf.kind == LeafKind::Length);
    leaf?.of.filter(|_| matches!(setting.value, Named::Is(Value::Number(_))))
}

/// A setting as reports name it.
fn named(cx: &Cx, setting: &Setting) -> (String, WhenValue) {
    let leaf = setting.sym.and_then(|s| cx.leaf(s));
    if let (Some(of), Named::Is(Value::Number(n))) = (length_of(cx, setting), &setting.value) {
        let length = n.to_i64().and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
        return (cx.show(&Value::Sym(of)), WhenValue::Length(length));
    }
    let value = match &setting.value {
        // What overrides a bool tells what it is.
        Named::Is(Value::Bool(_)) if leaf.as_ref().is_some_and(Leaf::is_secret) => {
            WhenValue::Hidden(SENSITIVE.into())
        }
        Named::Is(value) => scalar(cx, value),
        Named::Not(values) => WhenValue::Not(values.iter().map(|value| scalar(cx, value)).collect()),
    };
    (setting.name.clone(), value)
}

fn scalar(cx: &Cx, value: &Value) -> WhenValue {
    if let Some(shown) = cx.stand_in(value) {
        return WhenValue::Hidden(shown.to_string());
    }
    match value {
        Value::String(text) => WhenValue::String(text.to_string()),
        Value::Number(n) => WhenValue::Number(n.to_string()),
        Value::Bool(g) => WhenValue::Bool(g.is_true()),
        _ => WhenValue::Null,
    }
}

/// What the input of a setting is supplied with, if it is.
fn supplied(cx: &Cx, setting: &Setting) -> Option<Supplied> {
    let leaf = cx.leaf(setting.sym?)?;
    let given = scalar(cx, leaf.given.as_ref()?);
    Some(Supplied {
        name: setting.name.clone(),
        value: if leaf.is_secret() { WhenValue::Hidden(SENSITIVE.into()) } else { given },
        location: leaf.given_at.or(leaf.at),
    })
}
