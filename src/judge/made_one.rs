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

use super::fixed;
use super::group::Candidate;
use crate::key::Resolved;
use crate::value::compare::EQ;
use crate::value::symbol::SymNode;
use crate::value::{Cx, Guard, SymId, Value};

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
        let mut add = |equalities: &[(Value, Value)], when: &dyn Fn(Guard) -> Guard| {
            let said: HashSet<SymId> =
                equalities.iter().flat_map(|(a, b)| cx.atoms(&[cx.equal(a, b)])).collect();
            let leaves: HashSet<SymId> = said.iter().flat_map(|&atom| cx.leaves(&Value::Sym(atom))).collect();
            let met = |sym: &&SymId| cx.leaves(&Value::Sym(**sym)).iter().any(|leaf| leaves.contains(leaf));
            let near: Vec<SymId> = users.iter().filter(met).copied().collect();
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
                    let made = alike_where(cx, equalities, [&x, &y]);
                    let same = cx.any(ways.chain(made).collect::<Vec<_>>());
                    if !same.is_false() {
                        pairs.push((first, second, cx.and(same, when(same))));
                    }
                }
            }
        };
        let unknown = |guard| -> Vec<(Value, Value)> {
            // That two elements of one collection may be one value makes no users one: they are taken for different.
            let both = |(a, b): &(Value, Value)| match (a, b) {
                (Value::Sym(a), Value::Sym(b)) => !cx.are_alike(*a, *b),
                _ => false,
            };
            comparisons(cx, &[guard]).into_iter().filter(both).collect()
        };
        if users.len() < 2 {
            return MadeOne { pairs, names, rules, spelled };
        }
        // What one key's condition says of a user, and another one's of that, is about both.
        let conditions = candidates.iter().flat_map(|candidate| {
            let chosen = cx.alternatives(&candidate.folded).into_iter().map(|(guard, _)| guard);
            chosen.chain([candidate.active])
        });
        let equalities: Vec<_> = conditions.flat_map(&unknown).collect();
        if !equalities.is_empty() {
            add(&connected(&equalities), &|_| Guard::TRUE);
        }
        for &rule in &rules {
            let equalities = unknown(rule);
            if !equalities.is_empty() {
                add(&equalities, &|same| refused_without(cx, rule, same));
            }
        }
        // Equalities without each of which everything is refused hold together.
        let forced = rules.iter().flat_map(|rule| unknown(*rule).into_iter().map(move |pair| (*rule, pair)));
        let forced = forced.filter(|(rule, (a, b))| refused_without(cx, *rule, cx.equal(a, b)).is_true());
        let forced: Vec<_> = forced.map(|(_, pair)| pair).collect();
        if forced.len() > 1 {
            add(&connected(&forced), &|_| Guard::TRUE);
        }
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
        cx.any(left.into_iter().chain(fixed.map(|(.., when)| *when)).collect::<Vec<_>>())
    }
}

/// What the atoms of some guards compare: of each equality both sides, a constant on the right.
pub(super) fn comparisons(cx: &Cx, guards: &[Guard]) -> Vec<(Value, Value)> {
    let equality = |atom| match cx.node(atom) {
        Some(SymNode::Call(func, args)) if *func == EQ => match &*args {
            [a, b] => Some((a.clone(), b.clone())),
            _ => None,
        },
        _ => None,
    };
    cx.atoms(guards).into_iter().filter_map(equality).collect()
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
