//! Which keys can be of one user: the classes within an account.
//!
//! Answers: whose are the keys, and under which guard is each that user's. A class is one constant name, one symbol,
//! or one whole expression (which may switch between names). A symbol and a constant meet only where the symbol's
//! values are listed, where a supplied value is that constant, or where the conditions of the keys compare the two
//! ([`super::meets`]); two symbols only where something makes them one ([`super::made_one`]).
//! Knows nothing of levels.

use std::cell::LazyCell;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::accounts::{SameAccount, same_accounts};
use super::expressions::expressions;
use super::indexes::{Index, any_instance, indexes, is_user};
use super::listed;
use super::made_one::{MadeOne, comparisons};
use super::meets::{deciding, may_be_told, meets};
use super::repeated::{Repeated, depends, is_fixed};
use crate::key::{AccessKey, Resolved};
use crate::value::digest::Identity;
use crate::value::limits::{COMPARED, Limit};
use crate::value::{Cx, Guard, SymId, Value};

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
    cx.any(cx.alternatives(status).into_iter().map(|(guard, value)| match &value {
        Value::Refused(_) => Guard::FALSE,
        Value::Sym(_) | Value::String(_) => cx.and(guard, cx.not(cx.equal(&value, &Value::from("Inactive")))),
        _ => guard,
    }))
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
    let same_accounts = same_accounts(resolved);
    for (i, key) in resolved.keys.iter().enumerate() {
        // An account that supplied inputs name is also the one that they name as given.
        let given = cx.as_given(&key.account.scope);
        if cx.identity(&given) != cx.identity(&key.account.scope) {
            add(&given, i, cx.equal(&key.account.scope, &given));
        }
        // An account that switches is one with its like, and each of its alternatives where it is that one.
        add(&key.account.scope, i, Guard::TRUE);
        // One that an input names is another one where the condition of a key says so.
        for SameAccount { other, by, said } in same_accounts.get(&key.account.scope).into_iter().flatten() {
            let said = if by.contains(&i) { Guard::TRUE } else { *said };
            add(other, i, cx.and(cx.equal(&key.account.scope, other), said));
        }
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
    pub(super) index: usize,
    pub(super) key: &'a AccessKey,
    /// Its user in lower case.
    pub(super) folded: Value,
    /// When it is there, in this account, and active.
    pub(super) active: Guard,
    /// The indexes that it is repeated over.
    pub(super) indexes: Vec<Index>,
}

impl Candidate<'_> {
    /// What decides whose it is, and when it is there.
    pub(super) fn conditions(&self, cx: &Cx) -> Vec<Guard> {
        let chosen = cx.alternatives(&self.folded).into_iter().map(|(guard, _)| guard);
        chosen.chain([self.active]).collect()
    }
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
    let constants = constants(resolved, &candidates);
    let made_one = MadeOne::of(resolved, &candidates);
    // What the conditions of keys and the rules ask about.
    let conditions = candidates
        .iter()
        .flat_map(|c| names_of(cx, c).into_iter().map(|(chosen, _)| chosen).chain([c.active]))
        .chain(resolved.refusals.iter().map(|r| r.when));
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
    // Of each name the elements of filled in collections that have it.
    let mut taken: HashMap<&String, Vec<(SymId, Guard)>> = HashMap::new();
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
                        groups.add_as(cx, Value::Sym(other), &user, candidate, cx.and_where(guard, same));
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
                        // Of one element and another one, which are taken for different, only the first has it.
                        let alike = |other: SymId| {
                            let pairs = cx.alike_in(*sym, other);
                            !pairs.is_empty() && !pairs.iter().all(|leaf| is_fixed(cx, *leaf, guard))
                        };
                        let had = taken.entry(name).or_default();
                        let others = had.iter().filter(|(other, _)| alike(*other));
                        let others = others.map(|(other, when)| {
                            // Two that differ in letter case only are different elements, and one user.
                            cx.and(*when, cx.equal(&Value::Sym(*other), &user))
                        });
                        let others = cx.any(others);
                        if cx.leaves(&user).iter().any(|leaf| cx.nth(*leaf).is_some()) {
                            had.push((*sym, both));
                        }
                        let both = cx.and(both, cx.not(others));
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
/// values, or two of them are one whatever the inputs are, each of those is a name too.
fn constants(resolved: &Resolved, candidates: &[Candidate]) -> BTreeMap<String, (Value, Vec<usize>)> {
    let cx = &resolved.cx;
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
                } else if let ([leaf], Value::Sym(of)) = (cx.leaves(&user).as_slice(), &compared)
                    && leaf == of
                    && cx.nth(*leaf).is_some()
                {
                    add(&cx.fill(&user, &HashMap::from([(*leaf, constant)])), None);
                }
            }
            if let Some(values) = listed::values_of(cx, sym) {
                listed.insert(sym, values);
            }
        }
    }
    listed::names(resolved, listed).iter().for_each(|value| add(value, None));
    constants
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
    pub(super) fn add(&mut self, cx: &Cx, user: Value, candidate: &Candidate, guard: Guard) {
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
pub(super) fn spelled(cx: &Cx, candidate: &Candidate, name: &Value) -> Value {
    let given = cx.as_given(&candidate.key.user);
    if cx.fold_case(&given) == *name { given } else { candidate.key.user.clone() }
}

/// Whether the instances of a key over these elements are different users': by name, or by account.
pub fn told_apart(cx: &Cx, key: &AccessKey, over: &[SymId]) -> bool {
    depends(cx, &key.user, over) || depends(cx, &key.account.scope, over)
}

/// What tells two users apart with supplied inputs as given, in this resolution and in another one.
pub fn identity(cx: &Cx, user: &Value) -> Identity {
    cx.identity(&cx.fold_case(&cx.as_given(user)))
}
