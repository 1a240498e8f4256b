//! Users that are one where conditions say what they are made of.
//!
//! ```terraform
//! resource "aws_iam_access_key" "a" {
//!   count = var.env == "prod" ? 1 : 0
//!   user  = "${var.app}-prod"
//! }
//! resource "aws_iam_access_key" "b" {
//!   user = "${var.app}-${var.env}" # the user of a, where a is there
//! }
//! ```
//!
//! An input that nothing speaks of is taken for different from all others. What the conditions of two keys compare with a
//! constant, and an input whose values are listed, may be that constant: users that are one value then are one user there.

use std::collections::{BTreeMap, HashMap, HashSet};

use indexmap::IndexMap;

use super::group::Candidate;
use super::made_one::comparisons;
use super::repeated::is_fixed;
use crate::value::digest::Identity;
use crate::value::limits::PAIRS;
use crate::value::{Cx, Guard, SymId, Value};

/// A constant that a symbol may be, in letters of whatever case.
struct Point {
    value: Value,
    /// When it is that.
    when: Guard,
    /// The candidates whose conditions compare the symbol with it; `None` for a value that is listed.
    by: Option<HashSet<usize>>,
}

/// A user with some symbols fixed.
struct Made {
    candidate: usize,
    /// When the key is there and this user's.
    there: Guard,
    user: Value,
    fixed: Vec<(SymId, usize)>,
}

/// Two users of which the second is a symbol, and when they are one because conditions fix what they are made of.
pub(super) fn alike(cx: &Cx, candidates: &[Candidate]) -> Vec<(Value, SymId, Guard)> {
    let mut points: BTreeMap<SymId, Vec<Point>> = BTreeMap::new();
    let mut users: Vec<(usize, Guard, Value)> = Vec::new();
    for (i, candidate) in candidates.iter().enumerate() {
        for (compared, constant) in comparisons(cx, &candidate.conditions(cx)) {
            let Value::Sym(sym) = compared else { continue };
            if constant.is_known() {
                let when = cx.equal(&Value::Sym(sym), &constant);
                for sym in spelled_otherwise(cx, sym).into_iter().chain([sym]) {
                    add_point(points.entry(sym).or_default(), &constant, when, Some(i));
                }
            }
        }
        let is_user = |(_, user): &(Guard, Value)| !matches!(user, Value::Refused(_));
        let there = |(chosen, user)| (i, cx.and(chosen, candidate.active), user);
        users.extend(cx.alternatives(&candidate.folded).into_iter().filter(is_user).map(there));
    }
    if points.is_empty() || users.len() < 2 {
        return Vec::new();
    }
    let mut past: Vec<Value> = Vec::new();
    let mut made: IndexMap<Identity, Vec<Made>> = IndexMap::new();
    let mut tried = 0;
    for (candidate, there, user) in users {
        let leaves = cx.leaves(&user);
        for leaf in &leaves {
            let listed = cx.leaf(*leaf).and_then(|leaf| leaf.closed).unwrap_or_default();
            for value in listed {
                let when = cx.equal(&Value::Sym(*leaf), &value);
                add_point(points.entry(*leaf).or_default(), &value, when, None);
            }
        }
        let about = |sym: &SymId| {
            leaves.contains(sym) || {
                let own = cx.leaves(&Value::Sym(*sym));
                !own.is_empty() && own.iter().all(|leaf| leaves.contains(leaf))
            }
        };
        let syms: Vec<SymId> = points.keys().filter(|sym| about(sym)).copied().collect();
        let mut ways: Vec<Vec<(SymId, usize)>> = vec![Vec::new()];
        for sym in syms {
            let each = can_be(cx, there, points.get(&sym).map_or(&[], Vec::as_slice));
            tried += ways.len().saturating_mul(each.len());
            if tried > PAIRS.most {
                past.push(user.clone());
                break;
            }
            let with = |way: &Vec<_>| {
                each.iter().map(|n| [way.as_slice(), &[(sym, *n)]].concat()).collect::<Vec<_>>()
            };
            ways.extend(ways.iter().flat_map(with).collect::<Vec<_>>());
        }
        for fixed in ways {
            let value = |(sym, n): &(SymId, usize)| Some((*sym, points.get(sym)?.get(*n)?.value.clone()));
            let env: HashMap<SymId, Value> = fixed.iter().filter_map(value).collect();
            let filled = cx.fold_case(&cx.fill(&user, &env));
            // What a condition fixes without a trace in the user tells nothing.
            let of = made.entry(cx.identity(&filled)).or_default();
            if !of.iter().any(|m| m.candidate == candidate && m.user == user && is_part(&m.fixed, &fixed)) {
                of.push(Made { candidate, there, user: user.clone(), fixed });
            }
        }
    }
    let mut found: IndexMap<(Value, SymId), Guard> = IndexMap::new();
    for of in made.into_values().filter(|of| of.len() > 1) {
        if of.len().saturating_mul(of.len()) > PAIRS.most {
            past.extend(of.into_iter().map(|m| m.user));
            continue;
        }
        for (i, first) in of.iter().enumerate() {
            for second in of.iter().skip(i + 1) {
                let (user, sym) = match (&first.user, &second.user) {
                    (a, b) if first.candidate == second.candidate || a == b => continue,
                    (user, Value::Sym(sym)) | (Value::Sym(sym), user) => (user.clone(), *sym),
                    _ => continue,
                };
                let when = both(cx, &points, first, second);
                if !when.is_false() {
                    let known = found.entry((user, sym)).or_insert(Guard::FALSE);
                    *known = cx.or(*known, when);
                }
            }
        }
    }
    // What was not compared with all others may be the next one.
    for pair in past.windows(2) {
        if let [first, second @ Value::Sym(sym)] = pair
            && first != second
        {
            found.insert((first.clone(), *sym), cx.open(&PAIRS, &[first.clone(), second.clone()]));
        }
    }
    found.into_iter().map(|((user, sym), when)| (user, sym, when)).collect()
}

/// Adds that a symbol may be a constant: by the conditions of a candidate, or because it is listed.
fn add_point(known: &mut Vec<Point>, value: &Value, when: Guard, by: Option<usize>) {
    match known.iter_mut().find(|p| p.value == *value && p.when == when) {
        Some(point) => match (by, &mut point.by) {
            (Some(by), Some(known)) => known.extend([by]),
            (None, _) => point.by = None,
            (Some(_), None) => {}
        },
        None => known.push(Point { value: value.clone(), when, by: by.map(|by| HashSet::from([by])) }),
    }
}

/// Which of the constants a symbol may be where a guard holds: one alone, where the guard says that it is that one.
fn can_be(cx: &Cx, there: Guard, points: &[Point]) -> Vec<usize> {
    let said: HashSet<SymId> = cx.atoms(&[there]).into_iter().collect();
    let must = |point: &Point| match cx.atoms(&[point.when]).as_slice() {
        [atom] if said.contains(atom) => {
            let differs = HashMap::from([(*atom, Value::FALSE)]);
            cx.fill(&Value::Bool(there), &differs) == Value::FALSE
        }
        _ => false,
    };
    points.iter().position(must).map_or_else(|| (0..points.len()).collect(), |only| vec![only])
}

/// The input that a symbol is in other letters: that of `lower(var.name)`.
fn spelled_otherwise(cx: &Cx, sym: SymId) -> Option<SymId> {
    let leaves = cx.leaves(&Value::Sym(sym));
    let [leaf] = leaves.as_slice() else { return None };
    let folded = |sym: SymId| cx.fold_case(&Value::Sym(sym));
    (*leaf != sym && folded(*leaf) == folded(sym)).then_some(*leaf)
}

/// Whether `fixed` fixes what `part` does, and more.
fn is_part(part: &[(SymId, usize)], fixed: &[(SymId, usize)]) -> bool {
    part.iter().all(|point| fixed.contains(point))
}

/// When everything that two users have fixed is so, if the conditions of the two say so and it can be at once.
fn both(cx: &Cx, points: &BTreeMap<SymId, Vec<Point>>, first: &Made, second: &Made) -> Guard {
    // Two elements of one collection are taken for different, unless their conditions say what both are.
    let said = |made: &Made, sym: SymId| is_fixed(cx, sym, made.there);
    let alike = |(a, n): &(SymId, usize), (b, m): &(SymId, usize)| {
        let value = |sym: &SymId, n: &usize| points.get(sym).and_then(|known| Some(&known.get(*n)?.value));
        a != b && cx.are_alike(*a, *b) && value(a, n) == value(b, m) && !(said(first, *a) && said(second, *b))
    };
    if first.fixed.iter().any(|a| second.fixed.iter().any(|b| alike(a, b))) {
        return Guard::FALSE;
    }
    // Two inputs of the same listed values are different, unless conditions say what one of them is.
    let by = |(sym, n): &(SymId, usize)| points.get(sym).and_then(|known| known.get(*n)?.by.as_ref());
    let listed = first.fixed.iter().chain(&second.fixed).all(|point| by(point).is_none());
    if listed && !is_part(&first.fixed, &second.fixed) && !is_part(&second.fixed, &first.fixed) {
        return Guard::FALSE;
    }
    let mut when = Guard::TRUE;
    for (sym, n) in first.fixed.iter().chain(&second.fixed) {
        let Some(point) = points.get(sym).and_then(|known| known.get(*n)) else { return Guard::FALSE };
        let said = |by: &HashSet<usize>| by.contains(&first.candidate) || by.contains(&second.candidate);
        if !point.by.as_ref().is_none_or(said) {
            return Guard::FALSE;
        }
        when = cx.and(when, point.when);
    }
    when
}
