//! The domains of leaves, closed over what a question asks of them.
//!
//! A string's points are the constants it meets and *anything else*; a number's the constants and the intervals between
//! them (whole and fractional numbers apart; in a calculation also neighbours and small numbers); a bool's its two values;
//! a listed input's its list; null, where the input may be null; *missing*, where somebody asks whether an element is there.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use indexmap::{IndexMap, IndexSet};

use super::compare::{EQ, LESS, WHOLE};
use super::limits::{ALTERNATIVES, NODES};
use super::number::Num;
use super::symbol::{LeafKind, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Value};
use crate::guard::Overflow;

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

/// The point of an element that is not there, or of a call that is refused: so is whoever needs it.
pub(super) fn missing() -> Point {
    Point::Is(Value::refused("this element is not there", None))
}

/// How many constants may be looked at for each node that a question may take.
const LOOKED_AT: usize = 20;

/// The leaves of atoms in the order of first use, each with its points; `Err` where they have more points together than
/// the question may have nodes.
pub(super) fn closed(
    cx: &Cx,
    atoms: &[SymId],
    leaves: &[Vec<SymId>],
) -> Result<Vec<(SymId, Vec<Point>)>, Overflow> {
    let mut facts: IndexMap<SymId, Facts> = IndexMap::new();
    let mut looked_at = 0;
    for (&atom, leaves) in atoms.iter().zip(leaves) {
        let mut constants = Vec::new();
        cx.constants(&Value::Sym(atom), &mut HashSet::new(), &mut constants);
        let samples = cx.samples(&Value::Sym(atom), &constants);
        constants.extend(samples);
        looked_at += constants.len().saturating_mul(leaves.len().max(1));
        if looked_at > NODES.most.saturating_mul(LOOKED_AT) {
            return Err(Overflow);
        }
        for (i, &leaf) in leaves.iter().enumerate() {
            let known = facts.entry(leaf).or_default();
            known.constants.extend(constants.iter().cloned());
            known.simple &= is_simple(cx, atom, leaf);
            // Its neighbours lead to all others.
            let neighbours = [i.checked_sub(1), i.checked_add(1)].into_iter().flatten();
            known.with.extend(neighbours.filter_map(|n| leaves.get(n)));
        }
        for leaf in cx.asked_if_there(atom) {
            facts.entry(leaf).or_default().missing = true;
        }
    }
    for (atom, values) in
        atoms.iter().zip(atoms.iter().map(|&atom| made_of_points(cx, atom, &facts)).collect::<Vec<_>>())
    {
        for leaf in cx.leaves(&Value::Sym(*atom)) {
            facts.entry(leaf).or_default().constants.extend(values.iter().cloned());
        }
    }
    let shared = share(cx, &facts);
    let mut left = NODES.most;
    let points = facts.iter().map(|(&sym, known)| {
        let points = match shared.get(&sym).filter(|_| !known.with.is_empty()) {
            Some(shared) => domain(cx, sym, known.missing, &shared.constants, shared.simple),
            None => domain(cx, sym, known.missing, &known.constants, known.simple),
        };
        left = left.checked_sub(points.len()).ok_or(Overflow)?;
        Ok((sym, points))
    });
    points.collect()
}

/// What a text is that is compared with another symbol, at the constants of what it is made of: `"x-a"` of
/// `var.q == "x-${var.p}"` where `var.p` may be "a".
fn made_of_points(cx: &Cx, atom: SymId, facts: &IndexMap<SymId, Facts>) -> Vec<Value> {
    let Some([Value::Sym(a), Value::Sym(b)]) = cx.equality(atom) else { return Vec::new() };
    let mut out = Vec::new();
    for made in [a, b].into_iter().filter(|sym| cx.pieces_of(*sym).is_some()) {
        let mut ways: Vec<HashMap<SymId, Value>> = vec![HashMap::new()];
        for leaf in cx.leaves(&Value::Sym(made)) {
            let closed = cx.leaf(leaf).and_then(|leaf| leaf.closed);
            let met = || facts.get(&leaf).map(|known| known.constants.iter().cloned().collect::<Vec<_>>());
            let each = fitting(&cx.type_of(leaf), closed.or_else(met).unwrap_or_default());
            if ways.len().saturating_mul(each.len()) > ALTERNATIVES.most {
                ways.clear();
            }
            let with = |way: &HashMap<SymId, Value>| {
                let more = |value: &Value| {
                    way.iter().map(|(k, v)| (*k, v.clone())).chain([(leaf, value.clone())]).collect()
                };
                each.iter().map(more).collect::<Vec<_>>()
            };
            ways = ways.iter().flat_map(with).collect();
        }
        out.extend(ways.iter().map(|env| cx.fill(&Value::Sym(made), env)).filter(Value::is_known));
    }
    out
}

/// What is known of a leaf before its domain is closed.
struct Facts {
    constants: IndexSet<Value>,
    /// Whether every atom compares the leaf itself with a constant.
    simple: bool,
    /// Leaves that stand in an atom beside it.
    with: IndexSet<SymId>,
    /// Whether an atom asks if it is there.
    missing: bool,
}

impl Default for Facts {
    fn default() -> Self {
        Facts { constants: IndexSet::new(), simple: true, with: IndexSet::new(), missing: false }
    }
}

/// What leaves that meet in atoms have in common.
struct Shared {
    constants: IndexSet<Value>,
    /// Whether each of them is [simple](Facts::simple).
    simple: bool,
}

/// Leaves that meet in an atom share their constants and listed values, so that a value of one is a point of the other.
fn share(cx: &Cx, facts: &IndexMap<SymId, Facts>) -> HashMap<SymId, Rc<Shared>> {
    let mut groups: HashMap<SymId, Rc<Shared>> = HashMap::new();
    let mut met: HashSet<SymId> = HashSet::new();
    for &start in facts.keys() {
        let (mut stack, mut group) = (vec![start], Vec::new());
        let (mut constants, mut simple) = (IndexSet::new(), true);
        while let Some(sym) = stack.pop() {
            if met.insert(sym)
                && let Some(known) = facts.get(&sym)
            {
                group.push(sym);
                simple &= known.simple;
                constants.extend(known.constants.iter().cloned());
                constants.extend(cx.leaf(sym).and_then(|l| l.closed).unwrap_or_default());
                stack.extend(known.with.iter().copied());
            }
        }
        // Numbers that are compared with each other are shown by small ones.
        if group.iter().any(|sym| cx.type_of(*sym) == Ty::Number) {
            constants.extend([0, 1, 2].map(Value::from));
        }
        let shared = Rc::new(Shared { constants, simple });
        groups.extend(group.into_iter().map(|sym| (sym, shared.clone())));
    }
    groups
}

fn is_simple(cx: &Cx, atom: SymId, leaf: SymId) -> bool {
    match cx.node(atom) {
        Some(SymNode::Call(func, args)) if *func == EQ || *func == LESS || *func == WHOLE => {
            // Two inputs that are compared are no calculation: which is less is a variable of its own.
            args.iter().all(|a| match a {
                Value::Sym(sym) => cx.is_leaf(*sym, |_| true) && cx.taken_of(*sym).is_none(),
                _ => matches!(a, Value::Number(_) | Value::Null | Value::String(_)),
            })
        }
        _ => atom == leaf,
    }
}

pub(super) fn inside(n: &Num, low: Option<&Num>, high: Option<&Num>) -> bool {
    low.is_none_or(|l| l < n) && high.is_none_or(|h| n < h)
}

fn domain(cx: &Cx, sym: SymId, missed: bool, met: &IndexSet<Value>, simple: bool) -> Vec<Point> {
    let Some(leaf) = cx.leaf(sym) else { return vec![Point::Other] };
    let null = (leaf.nullable || leaf.null_if_asked).then_some(Point::Is(Value::Null));
    let none = null.into_iter().chain(missed.then(missing));
    if let Some(closed) = leaf.closed {
        return closed.into_iter().map(Point::Is).chain(none).collect();
    }
    // Of equal ones the first counts: what is given knows whether it may be shown.
    let constants =
        leaf.given.clone().into_iter().chain(met.iter().cloned()).map(|value| match (&leaf.ty, &value) {
            // A text that is converted meets numbers as their text.
            (Ty::String, Value::Number(n)) => cx.marked_as(&value, Value::from(n.to_string())),
            _ => value,
        });
    let constants = fitting(&leaf.ty, constants);
    let points: Vec<Point> = match leaf.ty {
        Ty::Bool => vec![Point::Is(Value::TRUE), Point::Is(Value::FALSE)],
        Ty::Number => numbers(&constants, simple, leaf.counts()),
        Ty::String | Ty::Dynamic => constants.iter().cloned().map(Point::Is).chain([Point::Other]).collect(),
        _ => vec![Point::Other],
    };
    secret_points(cx, points, &constants).chain(none).collect()
}

/// The points with those that are secret, or lie beside a secret number and tell it, marked.
fn secret_points(cx: &Cx, points: Vec<Point>, constants: &[Value]) -> impl Iterator<Item = Point> {
    let secret = constants.iter().find(|c| cx.mark_of(c).is_some() && matches!(c, Value::Number(_)));
    points.into_iter().map(move |point| match (point, secret) {
        (Point::Is(n @ Value::Number(_)), Some(secret)) => {
            let same = constants.iter().find(|c| **c == n).cloned();
            Point::Is(same.unwrap_or_else(|| cx.marked_as(secret, n)))
        }
        (point, _) => point,
    })
}

/// The points of a call that its leaves leave undecided, by what it is compared with. `None` for what is compared as a whole
/// only.
pub(super) fn undecided(cx: &Cx, sym: SymId, constants: Vec<Value>) -> Option<Vec<Point>> {
    let ty = cx.type_of(sym);
    let null = constants.contains(&Value::Null).then_some(Point::Is(Value::Null));
    let constants = fitting(&ty, constants);
    let exact = |constants: &[Value]| constants.iter().cloned().map(Point::Is).collect::<Vec<_>>();
    let (call, of) = match cx.node(sym) {
        Some(SymNode::Call(func, args)) => (Some(func), args.first().cloned()),
        _ => (None, None),
    };
    // A text that is not listed has letters: the empty one is a point of every text whose letters are counted.
    let some =
        call.is_some_and(|func| func.counts) && matches!(of, Some(Value::Sym(of)) if cx.leaf(of).is_some());
    let length =
        call.is_some_and(|func| func.counts) || cx.is_leaf(sym, |leaf| leaf.kind == LeafKind::Length);
    // What refuses nothing is there.
    let refused = may_be_refused(cx, sym).then(missing);
    let (values, rest): (Vec<Point>, Option<Point>) = match ty {
        Ty::Number => {
            let mut points = within(cx.remainder_below(sym), constants.clone(), length);
            points.retain(|p| !some || *p != Point::Is(Value::from(0)));
            (points, None)
        }
        Ty::String | Ty::Dynamic => (exact(&constants), Some(Point::Other)),
        _ => return None,
    };
    Some(secret_points(cx, values, &constants).chain(null).chain(rest).chain(refused).collect())
}

/// Whether a symbol may be of a call that is refused.
fn may_be_refused(cx: &Cx, sym: SymId) -> bool {
    match cx.node(sym) {
        Some(SymNode::Call(func, args)) => func.may_refuse(cx, &args),
        // What it is made of is.
        Some(SymNode::Concat(_)) => false,
        // Whether a call is refused is asked of the call, not of how many elements it gives.
        _ => match cx.leaf(sym).filter(|leaf| leaf.kind == LeafKind::Length).and_then(|leaf| leaf.of) {
            Some(of) => cx.func_of(of).is_none(),
            None => true,
        },
    }
}

/// The points of a number, only those that are nearer to 0 than the limit.
fn within(limit: Option<Num>, mut constants: Vec<Value>, length: bool) -> Vec<Point> {
    let Some(limit) = limit else { return numbers(&constants, true, length) };
    constants.extend([limit.neg(), limit.clone()].map(Value::from));
    constants.sort_by(super::order::order);
    let near = |n: &Num| *n < limit && n.neg() < limit;
    let mut points = numbers(&constants, true, length);
    points.retain(|point| match point {
        Point::Is(Value::Number(n)) => near(n),
        Point::Between { example, .. } => near(example),
        _ => true,
    });
    points
}

/// The constants that a value of this type can be, each once, in order.
fn fitting(ty: &Ty, constants: impl IntoIterator<Item = Value>) -> Vec<Value> {
    let fits = |v: &Value| match (ty, v) {
        (Ty::String, Value::String(_)) | (Ty::Number, Value::Number(_)) => true,
        (Ty::Dynamic, Value::String(_) | Value::Number(_)) => true,
        (Ty::Dynamic, Value::Bool(g)) => g.is_true() || g.is_false(),
        _ => false,
    };
    let mut out: Vec<Value> = constants.into_iter().filter(fits).collect();
    out.sort_by(super::order::order);
    out.dedup();
    out
}

/// The points of a number: its constants (with neighbours, small numbers and one number between each two of them where it
/// stands in a calculation), and the intervals between them.
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
    // In a calculation the numbers between two cuts differ, so one of them is looked at by itself; and so is a whole number
    // that is alone there.
    let ends = || cuts.iter().map(Some);
    let intervals = [None].into_iter().chain(ends()).zip(ends().chain([None]));
    if simple {
        let alone = |low: Option<&Num>, high: Option<&Num>| {
            let only = between(low, high, true)?;
            let another = between(low, Some(&only), true).or_else(|| between(Some(&only), high, true));
            another.is_none().then_some(only)
        };
        let alone: Vec<Num> = intervals.filter_map(|(low, high)| alone(low, high)).collect();
        cuts.extend(alone);
    } else {
        let examples = intervals.filter(|(low, _)| !length || low.is_some()).flat_map(|(low, high)| {
            [true, false].map(|whole| between(low, high, whole).filter(|_| whole || !length))
        });
        let examples: Vec<Num> = examples.flatten().collect();
        cuts.extend(examples);
    }
    let mut points = Vec::new();
    let mut low: Option<Num> = None;
    for high in cuts.into_iter().map(Some).chain([None]) {
        if !length || low.is_some() {
            for whole in [true, false] {
                if (whole || !length)
                    && let Some(example) = between(low.as_ref(), high.as_ref(), whole)
                {
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
pub(super) fn between(low: Option<&Num>, high: Option<&Num>, whole: bool) -> Option<Num> {
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
    (!candidate.is_whole()).then_some(candidate)
}
