//! Which keys can be of one user: the classes within an account.
//!
//! Answers: whose are the keys, and under which guard is each that user's. A class is one constant name, one symbol,
//! or one whole expression (which may switch between names). A symbol and a constant meet only where the symbol's
//! values are listed, where a supplied value is that constant, or where the conditions of the keys compare the two.
//! Knows nothing of levels.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::expressions::expressions;
use super::indexes::{Index, any_instance, indexes, is_user};
use super::repeated::{Repeated, depends};
use crate::key::{AccessKey, Resolved};
use crate::value::compare::EQ;
use crate::value::digest::Identity;
use crate::value::limits::{COMPARED, Limit};
use crate::value::symbol::{Piece, SymNode};
use crate::value::{Cx, Func, Guard, Leaf, SymId, Ty, Value};

/// One key's part in a class.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key, by its index.
    pub key: usize,
    /// When it exists, is active and is this user's.
    pub guard: Guard,
    /// When two instances of it are.
    pub twice: Guard,
}

/// The keys that can be one user's.
#[derive(Clone, Debug)]
pub struct Class {
    /// The account, as its keys have it.
    pub account: Value,
    /// The user: a folded name, a symbol, or choices.
    pub user: Value,
    /// The user as a key has it, letters kept: the first one that is there as supplied, else the first.
    pub written: Value,
    /// The members, in the order of keys.
    pub members: Vec<Member>,
    /// The limit past which it was not found out whether other keys are this user's.
    pub spent: Option<&'static Limit>,
}

/// When a key with this status is active: unless it is exactly `Inactive`. A refused status is no status.
///
/// Source: `AWS::IAM::AccessKey` and `aws_iam_access_key`, `Status`: "Active" by default.
pub fn active(cx: &Cx, status: &Value) -> Guard {
    let holds: Vec<Guard> = cx
        .alternatives(status)
        .into_iter()
        .map(|(guard, value)| match &value {
            Value::Refused(_) => Guard::FALSE,
            Value::Sym(_) | Value::String(_) => {
                cx.and(guard, cx.not(cx.equal(&value, &Value::from("Inactive"))))
            }
            _ => guard,
        })
        .collect();
    cx.any(holds)
}

/// Every class with two or more active keys in it, whatever their guards; per account, in the order of keys.
pub fn classes(resolved: &Resolved) -> Vec<Class> {
    let cx = &resolved.cx;
    let mut accounts: Vec<(Value, Vec<(usize, Guard)>)> = Vec::new();
    let mut index: HashMap<Identity, usize> = HashMap::new();
    let mut add = |scope: &Value, key: usize, when: Guard| {
        let slot = *index.entry(cx.identity(scope)).or_insert_with(|| {
            accounts.push((scope.clone(), Vec::new()));
            accounts.len() - 1
        });
        let Some((_, keys)) = accounts.get_mut(slot) else { return };
        match keys.last_mut().filter(|(last, _)| *last == key) {
            Some((_, known)) => *known = cx.or(*known, when),
            None => keys.push((key, when)),
        }
    };
    for (i, key) in resolved.keys.iter().enumerate() {
        // An account that supplied inputs name is also the one that they name as given.
        let given = cx.as_given(&key.account.scope);
        if cx.identity(&given) != cx.identity(&key.account.scope) {
            add(&given, i, cx.equal(&key.account.scope, &given));
        }
        // An account that switches is one with its like, and each of its alternatives where it is that one.
        add(&key.account.scope, i, Guard::TRUE);
        if matches!(key.account.scope, Value::Choice(_)) {
            for (when, scope) in cx.alternatives(&key.account.scope) {
                add(&scope, i, when);
            }
        }
    }
    let repeated = Repeated::new(resolved);
    let each = accounts.into_iter();
    each.flat_map(|(account, keys)| account_classes(resolved, &repeated, &account, &keys)).collect()
}

/// A key that can be active in one account.
pub(super) struct Candidate<'a> {
    index: usize,
    key: &'a AccessKey,
    /// Its user in lower case.
    pub(super) folded: Value,
    /// When it is there, in this account, and active.
    pub(super) active: Guard,
    /// The indexes that it is repeated over.
    indexes: Vec<Index>,
}

/// The classes of one account; each key with when it is in there.
fn account_classes(
    resolved: &Resolved,
    repeated: &Repeated,
    account: &Value,
    keys: &[(usize, Guard)],
) -> Vec<Class> {
    let cx = &resolved.cx;
    let candidates: Vec<Candidate> = keys
        .iter()
        .filter_map(|&(index, here)| {
            let key = resolved.keys.get(index)?;
            let active = cx.all([here, key.times.exists, active(cx, &key.status)]);
            (!active.is_false()).then(|| Candidate {
                index,
                key,
                folded: cx.fold_case(&key.user),
                active,
                indexes: indexes(cx, key),
            })
        })
        .collect();
    let constants = constants(cx, &candidates);
    let made_one = MadeOne::of(resolved, &candidates);
    // What the conditions of keys and the rules ask about.
    let conditions = candidates.iter().map(|c| c.active).chain(resolved.refusals.iter().map(|r| r.when));
    let asked: HashSet<SymId> = conditions.flat_map(|when| cx.leaves(&Value::Bool(when))).collect();
    let mut groups = Groups {
        account: account.clone(),
        classes: Vec::new(),
        index: HashMap::new(),
        there: Vec::new(),
        repeated,
    };
    let others = LazyCell::new(|| {
        let mut seen = HashSet::new();
        let users = candidates.iter().flat_map(|c| names_of(cx, c)).map(|(_, user)| user);
        users.filter(|user| seen.insert(user.clone())).collect::<Vec<Value>>()
    });
    let expressions = expressions(cx, &candidates);
    let unsure = expressions.not_compared.iter().filter_map(|&i| candidates.get(i).map(|c| c.index));
    let unsure: HashSet<usize> = unsure.collect();
    for (user, of) in expressions.users {
        for candidate in of.iter().filter_map(|&i| candidates.get(i)) {
            groups.add(cx, user.clone(), candidate, candidate.active);
        }
    }
    for candidate in &candidates {
        for (guard, user) in names_of(cx, candidate) {
            let guard = cx.and(candidate.active, guard);
            match &user {
                // IAM has no user without a name: the deployment is refused there.
                Value::String(text) if text.is_empty() => {}
                Value::String(_) => groups.add(cx, user.clone(), candidate, guard),
                Value::Sym(sym) => {
                    // What is empty as supplied has to be overridden first.
                    let empty = Value::from("");
                    let guard = if cx.as_given(&user) == empty {
                        cx.and(guard, cx.not(cx.equal(&user, &empty)))
                    } else {
                        guard
                    };
                    groups.add(cx, user.clone(), candidate, guard);
                    for (other, same) in made_one.with(*sym) {
                        groups.add_as(cx, Value::Sym(other), &user, candidate, cx.and(guard, same));
                    }
                    let deciding = deciding(cx, *sym, candidate);
                    let others: &[Value] = if deciding.is_empty() { &[] } else { &others };
                    for other in others.iter().filter(|other| **other != user) {
                        let same = is_user(cx, &deciding, &user, other);
                        groups.add_as(cx, other.clone(), &user, candidate, cx.and(guard, same));
                    }
                    if !may_be_told(cx, *sym, &asked) {
                        continue;
                    }
                    for (name, (written, holders)) in &constants {
                        let same = meets(cx, *sym, written, candidate, holders, &candidates);
                        let same = cx.or(same, made_one.named(cx, *sym, written));
                        let both = cx.and(guard, same);
                        groups.add_as(cx, Value::from(name.as_str()), &user, candidate, both);
                    }
                }
                _ => {}
            }
        }
    }
    groups
        .classes
        .into_iter()
        .filter(|c| c.members.len() > 1 || c.members.iter().any(|m| !m.twice.is_false()))
        // One symbol alone says nothing by a name that it does not say by itself.
        .filter(|c| !matches!(c.user, Value::String(_)) || !of_one_symbol(c, &candidates))
        .map(|c| Class { spent: c.members.iter().any(|m| unsure.contains(&m.key)).then_some(&COMPARED), ..c })
        .collect()
}

/// Whether all keys of a class are one symbol's.
fn of_one_symbol(class: &Class, candidates: &[Candidate]) -> bool {
    let members = candidates.iter().filter(|c| class.members.iter().any(|m| m.key == c.index));
    let mut users = members.map(|c| &c.folded);
    let first = users.next();
    matches!(first, Some(Value::Sym(_))) && users.all(|user| Some(user) == first)
}

/// Names that keys can have, each with how it is written first and the keys that have it: literals, what supplied inputs
/// give, and what the conditions of a key compare its user with. Where more symbols have listed values than there are
/// values, some of them are one, so each of those is a name too.
fn constants(cx: &Cx, candidates: &[Candidate]) -> BTreeMap<String, (Value, Vec<usize>)> {
    let mut constants: BTreeMap<String, (Value, Vec<usize>)> = BTreeMap::new();
    let mut add = |value: &Value, holder: Option<usize>| {
        if let Value::String(text) = value {
            let held =
                constants.entry(text.to_ascii_lowercase()).or_insert_with(|| (value.clone(), Vec::new()));
            held.1.extend(holder);
        }
    };
    let mut listed: HashMap<SymId, Vec<Value>> = HashMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        for (_, value) in cx.alternatives(&candidate.key.user) {
            // The value that supplied inputs give is a name that keys can have, as a literal is.
            add(&cx.as_given(&value), Some(i));
        }
        for (_, user) in cx.alternatives(&candidate.folded) {
            let Value::Sym(sym) = user else { continue };
            for (compared, constant) in comparisons(cx, &[candidate.active]) {
                if cx.fold_case(&compared) == user {
                    add(&constant, None);
                }
            }
            if let Some(values) = cx.leaf(sym).and_then(|leaf| leaf.closed) {
                listed.insert(sym, values);
            }
        }
    }
    let values: HashSet<Value> = listed.values().flatten().map(|v| cx.fold_case(v)).collect();
    if listed.len() > values.len() {
        values.iter().for_each(|value| add(value, None));
    }
    constants
}

/// What the atoms of some guards compare: of each equality both sides, a constant on the right.
fn comparisons(cx: &Cx, guards: &[Guard]) -> Vec<(Value, Value)> {
    let equality = |atom| match cx.node(atom) {
        Some(SymNode::Call(func, args)) if *func == EQ => match &*args {
            [a, b] => Some((a.clone(), b.clone())),
            _ => None,
        },
        _ => None,
    };
    cx.atoms(guards).into_iter().filter_map(equality).collect()
}

/// Users that are symbols, and when they are one because something says so: a condition of their keys that compares them, or
/// a rule that refuses the inputs where they differ. Other symbols are taken for different users.
struct MadeOne {
    pairs: Vec<(SymId, SymId, Guard)>,
    /// What rules refuse, with the equalities in it.
    rules: Vec<Guard>,
}

impl MadeOne {
    fn of(resolved: &Resolved, candidates: &[Candidate]) -> MadeOne {
        let cx = &resolved.cx;
        // In the order of keys: the first one's class is that of all that are one with it.
        let mut users: Vec<SymId> = Vec::new();
        for candidate in candidates {
            for (_, user) in cx.alternatives(&candidate.folded) {
                if let Value::Sym(sym) = user
                    && !users.contains(&sym)
                {
                    users.push(sym);
                }
            }
        }
        let rules: Vec<Guard> = resolved.refusals.iter().map(|r| r.when).collect();
        let mut pairs = Vec::new();
        let mut add = |equalities: &[(Value, Value)], when: &dyn Fn(Guard) -> Guard| {
            let said: HashSet<SymId> =
                equalities.iter().flat_map(|(a, b)| cx.atoms(&[cx.equal(a, b)])).collect();
            let leaves: HashSet<SymId> = said.iter().flat_map(|&atom| cx.leaves(&Value::Sym(atom))).collect();
            let met = |sym: &&SymId| cx.leaves(&Value::Sym(**sym)).iter().any(|leaf| leaves.contains(leaf));
            let near: Vec<SymId> = users.iter().filter(met).copied().collect();
            for (i, &first) in near.iter().enumerate() {
                for &second in near.iter().skip(i + 1) {
                    let same = cx.equal(&Value::Sym(first), &Value::Sym(second));
                    let atoms = cx.atoms(&[same]);
                    if !atoms.is_empty() && atoms.iter().all(|atom| said.contains(atom)) {
                        pairs.push((first, second, cx.and(same, when(same))));
                    }
                }
            }
        };
        let unknown = |guard| -> Vec<(Value, Value)> {
            let both = |(a, b): &(Value, Value)| matches!((a, b), (Value::Sym(_), Value::Sym(_)));
            comparisons(cx, &[guard]).into_iter().filter(both).collect()
        };
        for candidate in candidates.iter().filter(|_| users.len() > 1) {
            let equalities = unknown(candidate.active);
            if !equalities.is_empty() {
                add(&connected(&equalities), &|_| Guard::TRUE);
            }
        }
        for &rule in rules.iter().filter(|_| users.len() > 1) {
            let equalities = unknown(rule);
            if !equalities.is_empty() {
                add(&equalities, &|same| refused_without(cx, rule, same));
            }
        }
        MadeOne { pairs, rules }
    }

    /// The symbols of earlier keys that this one is made one with, and when.
    fn with(&self, sym: SymId) -> impl Iterator<Item = (SymId, Guard)> {
        self.pairs.iter().filter(move |(_, second, _)| *second == sym).map(|(first, _, same)| (*first, *same))
    }

    /// When rules leave a symbol no other name.
    fn named(&self, cx: &Cx, sym: SymId, name: &Value) -> Guard {
        let same = cx.equal(&Value::Sym(sym), name);
        let atoms = cx.atoms(&[same]);
        let about = self.rules.iter().filter(|rule| {
            let compared = cx.atoms(&[**rule]);
            !atoms.is_empty() && atoms.iter().all(|atom| compared.contains(atom))
        });
        let when: Vec<Guard> = about.map(|&rule| refused_without(cx, rule, same)).collect();
        cx.and(same, cx.any(when))
    }
}

/// Pairs of values that equalities make one, directly or through others: `a == c` of `a == b` and `b == c`.
fn connected(equalities: &[(Value, Value)]) -> Vec<(Value, Value)> {
    let mut groups: Vec<Vec<&Value>> = Vec::new();
    for (a, b) in equalities {
        let (mut near, far): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| group.contains(&a) || group.contains(&b));
        near.push(vec![a, b]);
        groups = far;
        let mut one: Vec<&Value> = Vec::new();
        near.into_iter().flatten().for_each(|v| {
            if !one.contains(&v) {
                one.push(v)
            }
        });
        groups.push(one);
    }
    let pairs = groups.iter().flat_map(|group| {
        let each = group.iter().enumerate();
        each.flat_map(|(i, a)| group.iter().skip(i + 1).map(|b| ((*a).clone(), (*b).clone())))
    });
    pairs.collect()
}

/// When a rule refuses the inputs wherever an equality does not hold.
fn refused_without(cx: &Cx, rule: Guard, same: Guard) -> Guard {
    let differ: HashMap<SymId, Value> =
        cx.atoms(&[same]).into_iter().map(|atom| (atom, Value::FALSE)).collect();
    cx.truth(&cx.fill(&Value::Bool(rule), &differ))
}

/// The names of a candidate's user, each with its guard; where the user is refused there is no key.
pub(super) fn names_of(cx: &Cx, candidate: &Candidate) -> Vec<(Guard, Value)> {
    let mut names = cx.alternatives(&candidate.folded);
    names.retain(|(_, name)| !matches!(name, Value::Refused(_)));
    names
}

struct Groups<'a> {
    repeated: &'a Repeated<'a>,
    account: Value,
    classes: Vec<Class>,
    index: HashMap<Identity, usize>,
    /// Of each class, whether the key that spells its user is there as supplied.
    there: Vec<bool>,
}

impl Groups<'_> {
    fn add(&mut self, cx: &Cx, user: Value, candidate: &Candidate, guard: Guard) {
        let own = user.clone();
        self.add_as(cx, user, &own, candidate, guard);
    }

    /// Adds a key whose own user is this one where the guard holds.
    fn add_as(&mut self, cx: &Cx, user: Value, own: &Value, candidate: &Candidate, guard: Guard) {
        if guard.is_false() {
            return;
        }
        let twice = self.repeated.twice(candidate.key, own, guard);
        let guard = any_instance(cx, &candidate.indexes, guard, &user);
        let slot = *self.index.entry(cx.identity(&user)).or_insert_with(|| {
            self.classes.push(Class {
                account: self.account.clone(),
                user: user.clone(),
                written: spelled(cx, candidate, &user),
                members: Vec::new(),
                spent: None,
            });
            self.there.push(false);
            self.classes.len() - 1
        });
        let (Some(class), Some(there)) = (self.classes.get_mut(slot), self.there.get_mut(slot)) else {
            return;
        };
        if !*there && class.user.as_str().is_some() {
            *there = cx.as_given(&Value::Bool(guard)) == Value::TRUE;
            if *there {
                class.written = spelled(cx, candidate, &class.user);
            }
        }
        // Of several spellings the one in small letters is shown, whichever key has it.
        if let Value::String(small) = &class.user {
            let own = spelled(cx, candidate, &class.user);
            if own.as_str() == Some(&**small) && class.written.as_str() != Some(&**small) {
                class.written = own;
            }
        }
        // Candidates come one after the other: what a class has of this one is its last member.
        match class.members.last_mut().filter(|m| m.key == candidate.index) {
            Some(member) => {
                member.guard = cx.or(member.guard, guard);
                member.twice = cx.or(member.twice, twice);
            }
            None => class.members.push(Member { key: candidate.index, guard, twice }),
        }
    }
}

/// A key's user with its letters kept, where that is this name as supplied.
fn spelled(cx: &Cx, candidate: &Candidate, name: &Value) -> Value {
    let given = cx.as_given(&candidate.key.user);
    if cx.fold_case(&given) == *name { given } else { candidate.key.user.clone() }
}

/// Whether the instances of a key over these elements are different users': by name, or by account.
pub fn told_apart(cx: &Cx, key: &AccessKey, over: &[SymId]) -> bool {
    depends(cx, &key.user, over) || depends(cx, &key.account.scope, over)
}

/// Whether anything may say what name a symbol is: values that are listed or supplied, the conditions of keys, or
/// rules.
fn may_be_told(cx: &Cx, sym: SymId, asked: &HashSet<SymId>) -> bool {
    let leaves = cx.leaves(&Value::Sym(sym));
    let may = |l: Leaf| l.given.is_some() || has_so_many_values(&l);
    let told = |l: &SymId| asked.contains(l) || cx.leaf(*l).is_some_and(may);
    leaves.is_empty() || leaves.iter().any(told)
}

/// Whether a leaf has so many values and no others.
fn has_so_many_values(leaf: &Leaf) -> bool {
    leaf.closed.is_some() || leaf.bounded
}

/// The leaves of a user that may decide by themselves whether it is another key's: indexes, and those whose values are listed
/// beside others that are open.
fn deciding(cx: &Cx, sym: SymId, candidate: &Candidate) -> Vec<SymId> {
    let mut leaves = cx.leaves(&Value::Sym(sym));
    let listed = |leaf: &SymId| cx.leaf(*leaf).as_ref().is_some_and(has_so_many_values);
    let all = leaves.iter().all(listed);
    leaves.retain(|leaf| candidate.indexes.iter().any(|i| i.sym == *leaf) || !all && listed(leaf));
    leaves
}

/// When a symbol is this constant name; never, where nothing says that it could be.
fn meets(
    cx: &Cx,
    sym: SymId,
    name: &Value,
    candidate: &Candidate,
    holders: &[usize],
    candidates: &[Candidate],
) -> Guard {
    let leaves = cx.leaves(&Value::Sym(sym));
    let known: Vec<_> = leaves.iter().filter_map(|&l| cx.leaf(l)).collect();
    let folded = cx.fold_case(name);
    let listed = !leaves.is_empty() && known.len() == leaves.len();
    if listed && known.iter().all(has_so_many_values) {
        return is_name(cx, sym, &folded);
    }
    let same = cx.equal(&Value::Sym(sym), name);
    let given: HashMap<SymId, Value> =
        leaves.iter().zip(&known).filter_map(|(&l, leaf)| Some((l, leaf.given.clone()?))).collect();
    if !given.is_empty() {
        let supplied = cx.fill(&Value::Sym(sym), &given);
        if cx.fold_case(&supplied) == folded {
            // The supplied spelling is that name, whatever letters it has.
            return cx.or(same, cx.equal(&Value::Sym(sym), &supplied));
        }
    }
    let conditions: Vec<Guard> = holders
        .iter()
        .filter_map(|&h| candidates.get(h))
        .map(|c| c.active)
        .chain([candidate.active])
        .collect();
    let pinned = pinned(cx, sym, &folded, &conditions);
    let compared: HashSet<SymId> = cx.atoms(&conditions).into_iter().collect();
    let same = if cx.atoms(&[same]).iter().all(|a| compared.contains(a)) { same } else { Guard::FALSE };
    // A condition may compare it in other letters: `lower(var.name) == "ci"`.
    let spelled = |atom: &SymId| {
        matches!(cx.node(*atom), Some(SymNode::Call(func, args)) if *func == EQ
            && matches!(&*args, [left, right] if cx.fold_case(left) == Value::Sym(sym) && cx.fold_case(right) == folded))
    };
    let mut spelled: Vec<SymId> = compared.into_iter().filter(spelled).collect();
    spelled.sort_unstable();
    cx.any([same, pinned].into_iter().chain(spelled.into_iter().map(|a| cx.atom(a))).collect::<Vec<_>>())
}

/// When conditions say what the one input of a symbol is, and that makes it this folded name: `split("-", var.x)[0]` is "ci"
/// where `var.x == "ci-1"`.
fn pinned(cx: &Cx, sym: SymId, folded: &Value, conditions: &[Guard]) -> Guard {
    let leaves = cx.leaves(&Value::Sym(sym));
    let [leaf] = leaves.as_slice() else { return Guard::FALSE };
    let is_it = |(compared, constant): &(Value, Value)| {
        let made = || cx.fill(&Value::Sym(sym), &HashMap::from([(*leaf, constant.clone())]));
        *compared == Value::Sym(*leaf) && constant.is_known() && cx.fold_case(&made()) == *folded
    };
    let all = comparisons(cx, conditions).into_iter().filter(is_it);
    cx.any(all.map(|(leaf, constant)| cx.equal(&leaf, &constant)).collect::<Vec<_>>())
}

/// When a symbol is that folded name, whatever letters it has.
fn is_name(cx: &Cx, sym: SymId, folded: &Value) -> Guard {
    match cx.leaf(sym).and_then(|leaf| leaf.closed) {
        Some(values) => {
            let same = values.iter().filter(|value| cx.fold_case(value) == *folded);
            cx.any(same.map(|value| cx.equal(&Value::Sym(sym), value)))
        }
        None => cx.equal(&lower_case(cx, sym), folded),
    }
}

/// A symbol in lower case, piece by piece: what is in lower case whatever its value stays as it is.
fn lower_case(cx: &Cx, sym: SymId) -> Value {
    static LOWER_CASE: Func = Func::known("(in lower case)", Ty::String, |cx, _, args| {
        args.first().map_or(Value::Null, |name| cx.fold_case(name))
    });
    if let Some(SymNode::Concat(pieces)) = cx.node(sym) {
        let lower = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => cx.fold_case(&Value::String(text.clone())),
            Piece::Sym(sym) => lower_case(cx, *sym),
        });
        return cx.concat(&lower.collect::<Vec<_>>());
    }
    // What is no text has no letters.
    if matches!(cx.type_of(sym), Ty::Number | Ty::Bool) {
        return cx.to_text(&Value::Sym(sym));
    }
    let listed = cx.leaf(sym).and_then(|leaf| leaf.closed).unwrap_or_default();
    let lower = !listed.is_empty() && listed.iter().all(|value| cx.fold_case(value) == *value);
    if lower { Value::Sym(sym) } else { cx.call(&LOWER_CASE, &[cx.to_text(&Value::Sym(sym))]) }
}

/// What tells two users apart with supplied inputs as given, in this resolution and in another one.
pub fn identity(cx: &Cx, user: &Value) -> Identity {
    cx.identity(&cx.fold_case(&cx.as_given(user)))
}
