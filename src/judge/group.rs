//! Which keys can be of one user: the classes within an account.
//!
//! Answers: whose are the keys, and under which guard is each that user's. A class is one constant name, one symbol,
//! or one whole expression (which may switch between names). A symbol and a constant meet only where the symbol's
//! values are listed, where a supplied value is that constant, or where the conditions of the keys compare the two.
//! Knows nothing of levels.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::key::{AccessKey, Resolved};
use crate::value::ask::Ask;
use crate::value::compare::EQ;
use crate::value::digest::Digest;
use crate::value::limits::NODES;
use crate::value::symbol::{Piece, SymNode};
use crate::value::{Cx, Func, Guard, SymId, Ty, Value};

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
    /// The user as the first key has it, letters kept.
    pub written: Value,
    /// The members, in the order of keys.
    pub members: Vec<Member>,
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
    let mut index: HashMap<Digest, usize> = HashMap::new();
    let mut add = |scope: &Value, key: usize, when: Guard| {
        let slot = *index.entry(cx.digest(scope)).or_insert_with(|| {
            accounts.push((scope.clone(), Vec::new()));
            accounts.len() - 1
        });
        if let Some((_, keys)) = accounts.get_mut(slot) {
            keys.push((key, when));
        }
    };
    for (i, key) in resolved.keys.iter().enumerate() {
        // An account that switches is one with its like, and each of its alternatives where it is that one.
        add(&key.account.scope, i, Guard::TRUE);
        if matches!(key.account.scope, Value::Choice(_)) {
            for (when, scope) in cx.alternatives(&key.account.scope) {
                add(&scope, i, when);
            }
        }
    }
    accounts.into_iter().flat_map(|(account, keys)| account_classes(resolved, &account, &keys)).collect()
}

struct Candidate<'a> {
    index: usize,
    key: &'a AccessKey,
    folded: Value,
    active: Guard,
}

/// The classes of one account; each key with when it is in there.
fn account_classes(resolved: &Resolved, account: &Value, keys: &[(usize, Guard)]) -> Vec<Class> {
    let cx = &resolved.cx;
    let candidates: Vec<Candidate> = keys
        .iter()
        .filter_map(|&(index, here)| {
            let key = resolved.keys.get(index)?;
            let active = cx.all([here, key.times.exists, active(cx, &key.status)]);
            (!active.is_false()).then(|| Candidate { index, key, folded: cx.fold_case(&key.user), active })
        })
        .collect();
    // Constant names, each with how it was written first and the keys that can have it.
    let mut constants: BTreeMap<String, (Value, Vec<usize>)> = BTreeMap::new();
    for (i, candidate) in candidates.iter().enumerate() {
        for (_, value) in cx.alternatives(&candidate.key.user) {
            // The value that supplied inputs give is a name that keys can have, as a literal is.
            let value = as_given(cx, &value);
            if let Value::String(text) = &value {
                constants
                    .entry(text.to_ascii_lowercase())
                    .or_insert_with(|| (value.clone(), Vec::new()))
                    .1
                    .push(i);
            }
        }
    }
    let mut groups = Groups { account: account.clone(), classes: Vec::new(), index: HashMap::new() };
    for candidate in &candidates {
        // Where the user is refused there is no key.
        let mut names = cx.alternatives(&candidate.folded);
        names.retain(|(_, name)| !matches!(name, Value::Refused(_)));
        if names.len() > 1 {
            groups.add(cx, Value::Choice(names.as_slice().into()), candidate, candidate.active);
        }
        for (guard, user) in names {
            let guard = cx.and(candidate.active, guard);
            match &user {
                // IAM has no user without a name: the deployment is refused there.
                Value::String(text) if text.is_empty() => {}
                Value::String(_) => groups.add(cx, user.clone(), candidate, guard),
                Value::Sym(sym) => {
                    // What is empty as supplied has to be overridden first.
                    let empty = Value::from("");
                    let guard = if as_given(cx, &user) == empty {
                        cx.and(guard, cx.not(cx.equal(&user, &empty)))
                    } else {
                        guard
                    };
                    groups.add(cx, user.clone(), candidate, guard);
                    for (name, (written, holders)) in &constants {
                        let same = meets(cx, *sym, written, candidate, holders, &candidates);
                        let both = cx.and(guard, same);
                        groups.add(cx, Value::from(name.as_str()), candidate, both);
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
        .collect()
}

struct Groups {
    account: Value,
    classes: Vec<Class>,
    index: HashMap<Digest, usize>,
}

impl Groups {
    fn add(&mut self, cx: &Cx, user: Value, candidate: &Candidate, guard: Guard) {
        if guard.is_false() {
            return;
        }
        let twice = twice(cx, candidate.key, guard);
        let slot = *self.index.entry(cx.digest(&user)).or_insert_with(|| {
            self.classes.push(Class {
                account: self.account.clone(),
                user: user.clone(),
                written: candidate.key.user.clone(),
                members: Vec::new(),
            });
            self.classes.len() - 1
        });
        let Some(class) = self.classes.get_mut(slot) else { return };
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

/// When two instances of a key, each of which is there and active under `guard`, are one user's.
fn twice(cx: &Cx, key: &AccessKey, guard: Guard) -> Guard {
    let loops = key.times.loops.iter();
    let same = loops.filter(|l| !told_apart(cx, key, &l.element) && !pinned(cx, guard, &l.element));
    cx.and(guard, cx.any(same.map(|l| l.twice).collect::<Vec<_>>()))
}

/// Whether a guard lets through no more than one element: it says which index or key that one has.
fn pinned(cx: &Cx, guard: Guard, over: &[SymId]) -> bool {
    let own = |value: &Value| depends(cx, value, over);
    cx.atoms(&[guard]).into_iter().any(|atom| {
        let Some(SymNode::Call(func, args)) = cx.node(atom) else { return false };
        let one = func.name == EQ.name
            && match &*args {
                [Value::Sym(a), b] if cx.tells_elements_apart(*a) && over.contains(a) => !own(b),
                [b, Value::Sym(a)] if cx.tells_elements_apart(*a) && over.contains(a) => !own(b),
                _ => false,
            };
        let here = cx.atom(atom);
        one && Ask::new(cx, &[guard, here], NODES.most)
            .and_then(|mut ask| ask.must_hold(guard, here))
            .unwrap_or(false)
    })
}

/// Whether the instances of a key over these elements are different users': by name, or by account.
pub fn told_apart(cx: &Cx, key: &AccessKey, over: &[SymId]) -> bool {
    depends(cx, &key.user, over) || depends(cx, &key.account.scope, over)
}

/// Whether a value depends on any of these elements, or on an element of a collection that does.
pub fn depends(cx: &Cx, value: &Value, over: &[SymId]) -> bool {
    cx.leaves(value).iter().any(|&leaf| {
        over.iter().any(|&o| o == leaf || cx.is_below(leaf, o))
            || cx.leaf(leaf).and_then(|l| l.of).is_some_and(|of| depends(cx, &Value::Sym(of), over))
    })
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
    if listed && known.iter().all(|l| l.closed.is_some()) {
        return is_name(cx, sym, &folded);
    }
    let same = cx.equal(&Value::Sym(sym), name);
    if same.is_false() {
        return same;
    }
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
    let compared: HashSet<SymId> = cx.atoms(&conditions).into_iter().collect();
    let same = if cx.atoms(&[same]).iter().all(|a| compared.contains(a)) { same } else { Guard::FALSE };
    // A condition may compare it in other letters: `lower(var.name) == "ci"`.
    let spelled = |atom: &SymId| {
        matches!(cx.node(*atom), Some(SymNode::Call(func, args)) if func.name == EQ.name
            && matches!(&*args, [left, right] if cx.fold_case(left) == Value::Sym(sym) && cx.fold_case(right) == folded))
    };
    let mut spelled: Vec<SymId> = compared.into_iter().filter(spelled).collect();
    spelled.sort_unstable();
    cx.or(same, cx.any(spelled.into_iter().map(|a| cx.atom(a)).collect::<Vec<_>>()))
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
    static LOWER_CASE: Func = Func::known("(in lower case)", Ty::String, |cx, args| {
        args.first().map_or(Value::Null, |name| cx.fold_case(name))
    });
    if let Some(SymNode::Concat(pieces)) = cx.node(sym) {
        let lower = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => cx.fold_case(&Value::String(text.clone())),
            Piece::Sym(sym) => lower_case(cx, *sym),
        });
        return cx.concat(&lower.collect::<Vec<_>>());
    }
    let listed = cx.leaf(sym).and_then(|leaf| leaf.closed).unwrap_or_default();
    let lower = !listed.is_empty() && listed.iter().all(|value| cx.fold_case(value) == *value);
    if lower { Value::Sym(sym) } else { cx.call(&LOWER_CASE, &[cx.to_text(&Value::Sym(sym))]) }
}

/// A value (a class's user, or its account) with supplied inputs as given.
pub fn as_given(cx: &Cx, user: &Value) -> Value {
    let given: HashMap<SymId, Value> =
        cx.leaves(user).into_iter().filter_map(|l| Some((l, cx.leaf(l)?.given?))).collect();
    if given.is_empty() { user.clone() } else { cx.fill(user, &given) }
}

/// What tells two users apart with supplied inputs as given, in this resolution and in another one.
pub fn identity(cx: &Cx, user: &Value) -> Digest {
    cx.digest(&cx.fold_case(&as_given(cx, user)))
}
