//! Users that are symbols, and when they are one because a condition or a rule compares them.
//!
//! ```terraform
//! resource "aws_iam_access_key" "a" { user = var.a }
//! resource "aws_iam_access_key" "b" {
//!   count = var.a == var.b ? 1 : 0    # both keys are there where they are one user's
//!   user  = var.b
//! }
//! ```

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use super::allowed::leads_to;
use super::group::Candidate;
use super::prove::Allowed;
use super::{fixed, names};
use crate::key::Resolved;
use crate::value::limits::PAIRS;
use crate::value::symbol::Piece;
use crate::value::{Cx, Guard, LeafKind, Num, SymId, SymNode, Ty, Value};

/// Users that are symbols, and when they are one because something says so: a condition of their keys that compares them, or
/// a rule that refuses the inputs where they differ. Other symbols are taken for different users.
pub(super) struct MadeOne {
    pairs: Vec<(SymId, SymId, Guard)>,
    /// Symbols and names.
    names: Vec<(SymId, Value, Guard)>,
    /// What rules refuse, with the equalities in it.
    rules: Vec<Guard>,
    /// Those of them that are about a symbol in lower or upper case: the symbol, a name in lower case, the rule, when it is it.
    spelled: Vec<(SymId, Value, Guard, Guard)>,
}

impl MadeOne {
    pub(super) fn of(resolved: &Resolved, candidates: &[Candidate]) -> MadeOne {
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
        let spelled = rules.iter().flat_map(|&rule| {
            let pairs = comparisons(cx, &[rule]).into_iter().filter(|(_, name)| name.as_str().is_some());
            pairs.filter_map(move |(of, name)| match cx.fold_case(&of) {
                Value::Sym(sym) if of != Value::Sym(sym) => {
                    Some((sym, cx.fold_case(&name), rule, cx.equal(&of, &name)))
                }
                _ => None,
            })
        });
        let spelled: Vec<_> = spelled.collect();
        let (mut pairs, mut names) = (Vec::new(), Vec::new());
        for (user, sym, when) in fixed::alike(cx, candidates) {
            match user {
                Value::Sym(other) => {
                    let place = |sym: &SymId| users.iter().position(|user| user == sym);
                    let (first, second) =
                        if place(&other) < place(&sym) { (other, sym) } else { (sym, other) };
                    pairs.push((first, second, when));
                }
                name => names.push((sym, name, when)),
            }
        }
        if users.len() < 2 {
            return MadeOne { pairs, names, rules, spelled };
        }
        pairs.extend(compared(cx, candidates, &users));
        pairs.extend(left_one(resolved, candidates, &users));
        pairs.extend(folded(cx, &users, &rules));
        pairs.extend(kept(cx, candidates, &users));
        MadeOne { pairs, names, rules, spelled }
    }

    /// The symbols of earlier keys that this one is made one with, and when.
    pub(super) fn with(&self, sym: SymId) -> impl Iterator<Item = (SymId, Guard)> {
        self.pairs.iter().filter(move |(_, second, _)| *second == sym).map(|(first, _, same)| (*first, *same))
    }

    /// When rules leave a symbol no other name, or conditions fix what it is made of.
    pub(super) fn named(&self, cx: &Cx, sym: SymId, name: &Value) -> Guard {
        let same = cx.equal(&Value::Sym(sym), name);
        let atoms = cx.atoms(&[same]);
        let folded = cx.fold_case(name);
        let plain = |rule: &Guard| {
            let compared = cx.atoms(&[*rule]);
            !atoms.is_empty() && atoms.iter().all(|atom| compared.contains(atom))
        };
        let plain = self.rules.iter().filter(|rule| plain(rule)).map(|rule| (*rule, same));
        let spelled = self.spelled.iter().filter(|(of, name, ..)| *of == sym && *name == folded);
        let ways = plain.chain(spelled.map(|(.., rule, same)| (*rule, *same)));
        let left: Vec<Guard> =
            ways.map(|(rule, same)| cx.and(same, refused_without(cx, rule, same))).collect();
        let fixed = self.names.iter().filter(|(of, name, _)| *of == sym && *name == folded);
        cx.any(left.into_iter().chain(fixed.map(|(.., when)| *when)))
    }
}

/// Pairs of users that the conditions of keys compare, and when they are one by that: what one key's condition says of a user, and
/// another one's of that, is about both.
fn compared(cx: &Cx, candidates: &[Candidate], users: &[SymId]) -> Vec<(SymId, SymId, Guard)> {
    // That two elements of one collection may be one value makes no users one: they are taken for different.
    let unknown = |(a, b): &(Value, Value)| match (a, b) {
        (Value::Sym(a), Value::Sym(b)) => !cx.are_alike(*a, *b),
        _ => false,
    };
    let conditions = candidates.iter().flat_map(|candidate| candidate.conditions(cx));
    let said = conditions.flat_map(|guard| comparisons(cx, &[guard])).filter(unknown);
    let equalities = connected(&said.collect::<Vec<_>>());
    let said: HashSet<SymId> = equalities.iter().flat_map(|(a, b)| cx.atoms(&[cx.equal(a, b)])).collect();
    let leaves: HashSet<SymId> = said.iter().flat_map(|&atom| cx.leaves(&Value::Sym(atom))).collect();
    let met = |sym: &&SymId| cx.leaves(&Value::Sym(**sym)).iter().any(|leaf| leaves.contains(leaf));
    let near: Vec<SymId> = users.iter().filter(met).copied().collect();
    let mut found = Vec::new();
    for (i, &first) in near.iter().enumerate() {
        for &second in near.iter().skip(i + 1) {
            let (x, y) = (Value::Sym(first), Value::Sym(second));
            // `lower(var.a) == lower(var.b)` says it too: IAM's names have no letter case.
            let spelled = equalities.iter().filter(|(a, b)| {
                let (a, b) = (cx.fold_case(a), cx.fold_case(b));
                (&a, &b) == (&x, &y) || (&a, &b) == (&y, &x)
            });
            let spelled = spelled.map(|(a, b)| cx.equal(a, b));
            let ways = spelled.chain([cx.equal(&x, &y)]).filter(|same| {
                let atoms = cx.atoms(&[*same]);
                !atoms.is_empty() && atoms.iter().all(|atom| said.contains(atom))
            });
            let same = cx.any(ways.chain(alike_where(cx, &equalities, [&x, &y])));
            if !same.is_false() {
                found.push((first, second, same));
            }
        }
    }
    found
}

/// Values of texts at which it is looked whether two users are one.
const WORDS: [&str; 6] = ["a", "a1", "a-b", "a/b", "a.b", "a_b"];
/// At how many values of the inputs that is looked at.
const LOOKED_AT: usize = 16;

/// Pairs of users that one function makes of the same inputs, as one name for some of their values:
/// `replace("${var.u}-1", "/-[0-9]$/", "")` and the same of `"${var.u}-2"`. Of different functions and of different inputs nothing
/// is assumed.
fn folded(cx: &Cx, users: &[SymId], rules: &[Guard]) -> Vec<(SymId, SymId, Guard)> {
    let mut groups: IndexMap<Vec<SymId>, Vec<SymId>> = IndexMap::new();
    let folds = |user: SymId| {
        let mut folds = false;
        cx.each_symbol(&Value::Sym(user), &mut |sym| {
            folds |= cx.taken_of(sym).is_some() || cx.func_of(sym).is_some_and(|func| !func.one_to_one);
        });
        folds
    };
    // What the deployment gives has a form of its own.
    let is_input = |leaf: &SymId| cx.is_leaf(*leaf, |leaf| leaf.kind == LeafKind::Input || leaf.is_element());
    for &user in users.iter().filter(|user| folds(**user)) {
        let mut leaves = cx.leaves(&Value::Sym(user));
        if !leaves.iter().all(is_input) {
            continue;
        }
        leaves.sort_unstable();
        groups.entry(leaves).or_default().push(user);
    }
    let mut found: IndexMap<(SymId, SymId), Guard> = IndexMap::new();
    for (leaves, group) in groups.into_iter().filter(|(leaves, group)| !leaves.is_empty() && group.len() > 1)
    {
        let first = group.first().map_or(Value::Null, |user| Value::Sym(*user));
        let about = |rule: &&Guard| {
            let own = cx.leaves(&Value::Bool(**rule));
            !own.is_empty() && own.iter().all(|leaf| leaves.contains(leaf))
        };
        let refused = cx.any(rules.iter().filter(about).copied());
        let constants = cx.constants_of(&first);
        let texts: IndexSet<Value> = WORDS
            .map(Value::from)
            .into_iter()
            .chain(cx.samples(&first, &constants))
            .take(LOOKED_AT)
            .collect();
        for at in 0..texts.len() {
            let value = |(leaf, n): (&SymId, usize)| {
                let number = || Value::from(Num::from_usize(at + n));
                let bool = || Value::from((at + n) % 2 == 0);
                match cx.type_of(*leaf) {
                    Ty::Number => Some((*leaf, number())),
                    Ty::Bool => Some((*leaf, bool())),
                    Ty::String | Ty::Dynamic => {
                        Some((*leaf, texts.get_index((at + n) % texts.len())?.clone()))
                    }
                    _ => None,
                }
            };
            let env: HashMap<SymId, Value> = leaves.iter().zip(0..).filter_map(value).collect();
            if cx.fill(&Value::Bool(refused), &env) == Value::TRUE {
                continue;
            }
            let mut named: HashMap<Value, SymId> = HashMap::new();
            for &user in &group {
                let name = cx.fold_case(&cx.fill(&Value::Sym(user), &env));
                if name.as_str().is_none_or(str::is_empty) {
                    continue;
                }
                match named.get(&name) {
                    Some(&first) if is_made_alike(cx, first, user) => {
                        found.entry((first, user)).or_insert_with(|| {
                            let name = Value::Sym(first);
                            let refused = cx.predicate(&names::REFUSES, std::slice::from_ref(&name));
                            cx.and(cx.equal(&name, &Value::Sym(user)), cx.not(refused))
                        });
                    }
                    Some(_) => {}
                    None => {
                        named.insert(name, user);
                    }
                }
            }
        }
    }
    found.into_iter().map(|((first, user), same)| (first, user, same)).collect()
}

/// Pairs of users of which one is the other with a function around it, or around a piece of it, that leaves that as it is where
/// the conditions of the keys say so, or always, since it is a name: `trimprefix(var.u, "svc-")` and `var.u` where
/// `!startswith(var.u, "svc-")`, `split("/", var.u)[0]` and `var.u`.
fn kept(cx: &Cx, candidates: &[Candidate], users: &[SymId]) -> Vec<(SymId, SymId, Guard)> {
    let places: HashMap<SymId, usize> = users.iter().copied().zip(0..).collect();
    let mut said: Option<HashSet<SymId>> = None;
    let mut found = Vec::new();
    for (place, &user) in users.iter().enumerate() {
        let pieces = cx.pieces_of(user).unwrap_or_else(|| [Piece::Sym(user)].into());
        let values: Vec<Value> = pieces.iter().map(Value::from).collect();
        for (i, piece) in pieces.iter().enumerate() {
            let Piece::Sym(made) = piece else { continue };
            let Some((text, keeps)) = cx.kept(*made, names::is_letter) else { continue };
            let with = |(j, value): (usize, &Value)| if i == j { text.clone() } else { value.clone() };
            let other = cx.fold_case(&cx.concat(&values.iter().enumerate().map(with).collect::<Vec<_>>()));
            let Value::Sym(other) = other else { continue };
            let Some(&at) = places.get(&other) else { continue };
            let keeps = names::of_names(cx, keeps, &[text]);
            let said = said.get_or_insert_with(|| {
                let conditions = candidates.iter().flat_map(|candidate| candidate.conditions(cx));
                cx.atoms(&conditions.collect::<Vec<_>>()).into_iter().collect()
            });
            if !keeps.is_false() && cx.atoms(&[keeps]).iter().all(|atom| said.contains(atom)) {
                let (first, second) = if at < place { (other, user) } else { (user, other) };
                found.push((first, second, keeps));
            }
        }
    }
    found
}

/// Whether two symbols are what one function makes of texts that have the same symbols, and differ in what is written.
fn is_made_alike(cx: &Cx, a: SymId, b: SymId) -> bool {
    match (cx.node(a), cx.node(b)) {
        (Some(SymNode::Call(f, p)), Some(SymNode::Call(g, q))) => {
            let alike = |(x, y): (&Value, &Value)| match (x, y) {
                (Value::Sym(x), Value::Sym(y)) => x == y || is_made_alike(cx, *x, *y),
                (x, y) => x == y,
            };
            f == g && p.len() == q.len() && p.iter().zip(&q).all(alike)
        }
        // An element of what a call gives.
        (Some(SymNode::Path(p, at, _)), Some(SymNode::Path(q, place, _))) => {
            at == place && is_made_alike(cx, p, q)
        }
        (Some(SymNode::Concat(p)), Some(SymNode::Concat(q))) => {
            let symbol = |piece: &Piece| if let Piece::Sym(sym) = piece { Some(*sym) } else { None };
            let [x, y] = [&p, &q].map(|pieces| pieces.iter().filter_map(symbol).collect::<Vec<_>>());
            x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| x == y || is_made_alike(cx, *x, *y))
        }
        _ => false,
    }
}

/// Pairs of users of which rules and conditions say something where both have a key, and that are then one value, however
/// that is said: each is `"a"`, or each is `"b"`.
fn left_one(resolved: &Resolved, candidates: &[Candidate], users: &[SymId]) -> Vec<(SymId, SymId, Guard)> {
    let cx = &resolved.cx;
    let mut allowed = Allowed::default();
    resolved.refusals.iter().for_each(|refused| allowed.add(cx, cx.not(refused.when)));
    let mut there: HashMap<SymId, Guard> = HashMap::new();
    for candidate in candidates {
        for (chosen, user) in cx.alternatives(&candidate.folded) {
            if let Value::Sym(sym) = user {
                let known = there.entry(sym).or_insert(Guard::FALSE);
                *known = cx.or(*known, cx.and(chosen, candidate.active));
            }
        }
    }
    // When a user may be what nothing speaks of.
    let other = |user: SymId, guard: Guard| {
        let leaves = cx.leaves(&Value::Sym(user));
        let is_closed = |leaf: &SymId| cx.is_leaf(*leaf, |leaf| leaf.closed.is_some());
        if !leaves.is_empty() && leaves.iter().all(is_closed) {
            return Guard::FALSE;
        }
        let about = |atom: &SymId| cx.leaves(&Value::Sym(*atom)).iter().any(|leaf| leaves.contains(leaf));
        let equalities = cx.atoms(&[guard]).into_iter().filter(|atom| cx.equality(*atom).is_some());
        let differ: HashMap<SymId, Value> =
            equalities.filter(about).map(|atom| (atom, Value::FALSE)).collect();
        // What says nothing of which value it is leaves all of them.
        if differ.is_empty() { Guard::TRUE } else { cx.truth(&cx.fill(&Value::Bool(guard), &differ)) }
    };
    let rules = |user: SymId| {
        let is_there = there.get(&user).copied().unwrap_or(Guard::FALSE);
        let rules =
            allowed.of(cx, [Value::Bool(is_there), Value::Sym(user)].iter().flat_map(|v| cx.leaves(v)));
        (!other(user, rules).is_true()).then_some((user, is_there, rules))
    };
    let spoken_of: Vec<_> = users.iter().filter_map(|user| rules(*user)).collect();
    let (mut found, mut asked) = (Vec::new(), 0);
    for (i, &(first, here, own)) in spoken_of.iter().enumerate() {
        for &(second, there, others) in spoken_of.iter().skip(i + 1) {
            let all = cx.all([here, there, own, others]);
            let said = cx.and(cx.not(other(first, all)), cx.not(other(second, all)));
            let all = cx.and(all, said);
            if all.is_false() {
                continue;
            }
            let (x, y) = (Value::Sym(first), Value::Sym(second));
            asked += 1;
            if asked > PAIRS.most {
                found.push((first, second, cx.open(&PAIRS, &[x, y])));
                return found;
            }
            let same = ways_to_be_one(cx, all, [&x, &y]);
            if leads_to(cx, all, same) {
                found.push((first, second, cx.and(same, said)));
            }
        }
    }
    found
}

/// When two users are one: their values are, or what they are spelled as is, which a guard compares with each other or with
/// names that differ in letter case only.
fn ways_to_be_one(cx: &Cx, guard: Guard, [x, y]: [&Value; 2]) -> Guard {
    let spelled = |value: &Value| cx.fold_case(&cx.to_text(&cx.fold_case(value)));
    let (mut ways, mut names) = (vec![cx.equal(x, y)], [Vec::new(), Vec::new()]);
    for (a, b) in comparisons(cx, &[guard]) {
        let (own, other) = (spelled(&a), spelled(&b));
        if (&own, &other) == (x, y) || (&other, &own) == (x, y) {
            ways.push(cx.equal(&a, &b));
        }
        for (user, names) in [x, y].into_iter().zip(&mut names) {
            if own == *user && other.is_known() {
                names.push((other.clone(), cx.equal(&a, &b)));
            }
        }
    }
    let [firsts, seconds] = names;
    for (name, first) in &firsts {
        let alike = seconds.iter().filter(|(other, _)| other == name);
        ways.extend(alike.map(|(_, second)| cx.and(*first, *second)));
    }
    cx.any(ways)
}

/// What the atoms of some guards compare: of each equality both sides, a constant on the right.
pub(super) fn comparisons(cx: &Cx, guards: &[Guard]) -> Vec<(Value, Value)> {
    cx.atoms(guards).into_iter().filter_map(|atom| Some(cx.equality(atom)?.into())).collect()
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

/// When two users are one because what they are made of is equal: `"${var.a}-${var.b}"` and `"${var.b}-${var.a}"` where
/// `var.a == var.b`.
fn alike_where(cx: &Cx, equalities: &[(Value, Value)], users: [&Value; 2]) -> Vec<Guard> {
    let leaves: Vec<SymId> = users.iter().flat_map(|user| cx.leaves(user)).collect();
    let pairs = equalities.iter().filter_map(|pair| match pair {
        (Value::Sym(a), Value::Sym(b)) => Some((*b, *a)),
        _ => None,
    });
    let pairs: Vec<(SymId, SymId)> = pairs.filter(|(b, _)| leaves.contains(b)).collect();
    // One of them is enough, or each input is the first that it is compared with.
    let mut ways: Vec<HashMap<SymId, Value>> =
        pairs.iter().map(|(b, a)| HashMap::from([(*b, Value::Sym(*a))])).collect();
    let mut all: HashMap<SymId, Value> = HashMap::new();
    for (b, a) in pairs {
        all.entry(b).or_insert(Value::Sym(a));
    }
    ways.push(all);
    let [x, y] = users;
    ways.retain(|env| cx.fill(x, env) == cx.fill(y, env));
    let same =
        ways.iter().map(|env| env.iter().map(|(b, a)| cx.equal(&Value::Sym(*b), a)).collect::<Vec<_>>());
    same.map(|each| cx.all(each)).collect()
}

/// When a rule refuses the inputs wherever an equality does not hold.
fn refused_without(cx: &Cx, rule: Guard, same: Guard) -> Guard {
    let differ: HashMap<SymId, Value> =
        cx.atoms(&[same]).into_iter().map(|atom| (atom, Value::FALSE)).collect();
    cx.truth(&cx.fill(&Value::Bool(rule), &differ))
}
