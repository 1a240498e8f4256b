//! The domains of leaves, closed over what a question asks of them.
//!
//! A string's points are the constants it meets and *anything else*; a number's the constants and the intervals between
//! them (whole and fractional numbers apart; in a calculation also neighbours and small numbers); a bool's its two values;
//! a listed input's its list; null, where the input may be null; *missing*, where somebody asks whether an element is there.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::compare::{EQ, LESS, WHOLE};
use super::number::Num;
use super::symbol::{LeafKind, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Value};

/// A point of a leaf's domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Point {
    /// Exactly this value.
    Is(Value),
    /// Any number strictly between two constants (or beyond the last), whole or not; with one such number.
    Between { low: Option<Num>, high: Option<Num>, whole: bool, example: Num },
    /// Any value but the constants.
    Other,
}

/// The point of an element that is not there: whoever needs it is refused.
pub(super) fn missing() -> Point {
    Point::Is(Value::refused("this element is not there", None))
}

/// The leaves of atoms in the order of first use, each with its points.
pub(super) fn closed(cx: &Cx, atoms: &[SymId], leaves: &[Vec<SymId>]) -> Vec<(SymId, Vec<Point>)> {
    let mut order: Vec<SymId> = Vec::new();
    let mut facts: HashMap<SymId, Facts> = HashMap::new();
    for (&atom, leaves) in atoms.iter().zip(leaves) {
        let mut constants = Vec::new();
        cx.constants(&Value::Sym(atom), &mut HashSet::new(), &mut constants);
        // What is made of a secret tells it.
        let samples = cx.samples(&Value::Sym(atom), &constants);
        constants.extend(samples.into_iter().map(|sample| cx.marked_from(&Value::Sym(atom), sample)));
        for &leaf in leaves {
            let known = facts.entry(leaf).or_insert_with(|| {
                order.push(leaf);
                Facts::default()
            });
            known.constants.extend(constants.iter().cloned());
            known.simple &= is_simple(cx, atom, leaf);
            known.with.extend(leaves.iter().copied().filter(|&l| l != leaf));
        }
        for leaf in cx.asked_if_there(atom) {
            facts.entry(leaf).or_default().missing = true;
        }
    }
    share(cx, &order, &mut facts);
    let mut points = |sym| domain(cx, sym, facts.remove(&sym).unwrap_or_default());
    order.into_iter().map(|sym| (sym, points(sym))).collect()
}

/// What is known of a leaf before its domain is closed.
struct Facts {
    constants: Vec<Value>,
    /// Whether every atom compares the leaf itself with a constant.
    simple: bool,
    /// Leaves that stand in an atom together with it.
    with: Vec<SymId>,
    /// Whether an atom asks if it is there.
    missing: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Facts { constants: Vec::new(), simple: true, with: Vec::new(), missing: false }
    }
}

/// Leaves that meet in an atom share their constants and listed values, so that a value of one is a point of the other.
fn share(cx: &Cx, order: &[SymId], facts: &mut HashMap<SymId, Facts>) {
    let mut group: HashMap<SymId, usize> = HashMap::new();
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for &start in order {
        if group.contains_key(&start) {
            continue;
        }
        let (mut stack, mut constants) = (vec![start], Vec::new());
        while let Some(sym) = stack.pop() {
            if group.insert(sym, groups.len()).is_none()
                && let Some(known) = facts.get(&sym)
            {
                constants.extend(known.constants.iter().cloned());
                constants.extend(cx.leaf(sym).and_then(|l| l.closed).unwrap_or_default());
                stack.extend(known.with.iter().copied());
            }
        }
        groups.push(constants);
    }
    for (sym, known) in facts {
        if !known.with.is_empty()
            && let Some(shared) = group.get(sym).and_then(|&g| groups.get(g))
        {
            known.constants.extend(shared.iter().cloned());
        }
    }
}

fn is_simple(cx: &Cx, atom: SymId, leaf: SymId) -> bool {
    match cx.node(atom) {
        Some(SymNode::Call(func, args)) if *func == EQ || *func == LESS || *func == WHOLE => {
            args.iter().all(|a| {
                matches!(a, Value::Number(_) | Value::Null | Value::String(_)) || *a == Value::Sym(leaf)
            })
        }
        _ => atom == leaf,
    }
}

pub(super) fn inside(n: &Num, low: Option<&Num>, high: Option<&Num>) -> bool {
    low.is_none_or(|l| l < n) && high.is_none_or(|h| n < h)
}

fn domain(cx: &Cx, sym: SymId, known: Facts) -> Vec<Point> {
    let Some(leaf) = cx.leaf(sym) else { return vec![Point::Other] };
    let null = (leaf.nullable || leaf.null_if_asked).then_some(Point::Is(Value::Null));
    let none = null.into_iter().chain(known.missing.then(missing));
    if let Some(closed) = leaf.closed {
        return closed.into_iter().map(Point::Is).chain(none).collect();
    }
    let mut constants: Vec<Value> = Vec::new();
    let fits = |v: &Value| match (&leaf.ty, v) {
        (Ty::String, Value::String(_)) | (Ty::Number, Value::Number(_)) => true,
        (Ty::Dynamic, Value::String(_) | Value::Number(_)) => true,
        (Ty::Dynamic, Value::Bool(g)) => g.is_true() || g.is_false(),
        _ => false,
    };
    let simple = known.simple;
    for value in known.constants.into_iter().chain(leaf.given.clone()) {
        // A text that is converted meets numbers as their text.
        let value = match (&leaf.ty, &value) {
            (Ty::String, Value::Number(n)) if !simple => cx.marked_as(&value, Value::from(n.to_string())),
            _ => value,
        };
        if fits(&value) && !constants.contains(&value) {
            constants.push(value);
        }
    }
    constants.sort_by(super::order::order);
    let points: Vec<Point> = match leaf.ty {
        Ty::Bool => vec![Point::Is(Value::TRUE), Point::Is(Value::FALSE)],
        Ty::Number => numbers(&constants, simple, leaf.kind == LeafKind::Length),
        Ty::String | Ty::Dynamic => constants.iter().cloned().map(Point::Is).chain([Point::Other]).collect(),
        _ => vec![Point::Other],
    };
    let secret = constants.iter().find(|c| cx.mark_of(c).is_some() && matches!(c, Value::Number(_)));
    let points = points.into_iter().map(|point| match (point, secret) {
        // What lies beside a secret tells it.
        (Point::Is(n @ Value::Number(_)), Some(secret)) => {
            let same = constants.iter().find(|c| **c == n).cloned();
            Point::Is(same.unwrap_or_else(|| cx.marked_as(secret, n)))
        }
        (point, _) => point,
    });
    points.chain(none).collect()
}

/// The points of a number: its constants (with neighbours, small numbers and one number of each interval where it stands
/// in a calculation), and the intervals between them.
fn numbers(constants: &[Value], simple: bool, length: bool) -> Vec<Point> {
    let mut cuts: BTreeSet<Num> = constants.iter().filter_map(|v| v.as_number().cloned()).collect();
    if !simple {
        let one = Num::from_i64(1);
        let near: Vec<Num> = cuts.iter().flat_map(|c| [c.add(&one), c.sub(&one)]).flatten().collect();
        cuts.extend(near);
        cuts.extend([-1, 0, 1, 2].map(Num::from_i64));
    }
    if length {
        cuts.insert(Num::from_i64(0));
        cuts.retain(|c| c.is_whole() && c.signum() >= 0);
    }
    let mut points = Vec::new();
    let mut low: Option<Num> = None;
    for high in cuts.into_iter().map(Some).chain([None]) {
        if !length || low.is_some() {
            for whole in [true, false] {
                if (whole || !length)
                    && let Some(example) = between(low.as_ref(), high.as_ref(), whole)
                {
                    // In a calculation the numbers between two cuts differ, so one of them is looked at by itself.
                    if !simple {
                        points.push(Point::Is(example.clone().into()));
                    }
                    points.push(Point::Between { low: low.clone(), high: high.clone(), whole, example });
                }
            }
        }
        if let Some(cut) = &high {
            points.push(Point::Is(cut.clone().into()));
        }
        low = high;
    }
    // Of equally small witnesses the first is shown: numbers that people count with come first.
    points.sort_by_cached_key(|point| {
        let n = match point {
            Point::Is(Value::Number(n)) => (**n).clone(),
            Point::Between { example, .. } => example.clone(),
            _ => Num::from_i64(0),
        };
        let size = if n.signum() < 0 { n.neg() } else { n.clone() };
        (n.signum() < 0, !n.is_whole(), size)
    });
    points
}

/// A number strictly between two: the smallest whole number from 0 up, else the largest below 0; or one that is not whole.
fn between(low: Option<&Num>, high: Option<&Num>, whole: bool) -> Option<Num> {
    let one = Num::from_i64(1);
    let half = Num::parse("0.5")?;
    let fits = |n: &Num| inside(n, low, high);
    if whole {
        let up = match low {
            Some(low) => low.floor().add(&one)?.max(Num::from_i64(0)),
            None => Num::from_i64(0),
        };
        if fits(&up) {
            return Some(up);
        }
        let high = high?;
        let down = if high.is_whole() { high.sub(&one)? } else { high.floor() };
        return fits(&down).then_some(down);
    }
    let candidate = match (low, high) {
        (None, None) => half,
        (None, Some(high)) => high.floor().sub(&half)?,
        (Some(low), None) => low.floor().add(&one)?.add(&half)?,
        (Some(low), Some(high)) => {
            let middle = low.add(high)?.mul(&half)?;
            if middle.is_whole() { low.add(&middle)?.mul(&half)? } else { middle }
        }
    };
    (fits(&candidate) && !candidate.is_whole()).then_some(candidate)
}
