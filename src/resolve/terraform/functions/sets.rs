//! Functions over sets, and the product of collections.

use std::collections::HashSet;

use super::args::{ANY, Row, Spreads, Together, left_open, past_limit, sequence, shape, wrong};
use super::elements;
use super::picks::{CONTAINS, contains};
use crate::resolve::terraform::types::one_type;
use crate::resolve::terraform::types::unify::elem_of;
use crate::value::func::{AtLeast, Gives, Over};
use crate::value::limits::{ELEMENTS, PAIRS};
use crate::value::order::has_sort_keys;
use crate::value::{CollKind, Cx, Func, Guard, Part, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("setunion", (1, ANY), Ty::Dynamic, union)
        .gives(Gives::Set)
        .at_least(AtLeast::Any)
        .together(Together::InAnyOrder)
        .over(Over::Rows),
    shape("setintersection", (1, ANY), Ty::Dynamic, |cx, f, a| compared(cx, f, a, false))
        .gives(Gives::Set)
        .choosing()
        .over(Over::Rows),
    shape("setsubtract", (2, 2), Ty::Dynamic, |cx, f, a| compared(cx, f, a, true))
        .gives(Gives::Set)
        .choosing()
        .over(Over::Rows),
    shape("setproduct", (2, ANY), Ty::Dynamic, product)
        .at_least(AtLeast::Product)
        .spreading(Spreads::OfWhole)
        .over(Over::Rows),
];

/// Something that is made of the sets that the arguments convert to, all of one type. What is not known stays a symbol.
fn of_sets(cx: &Cx, args: &[Value], make: impl Fn(&[Value]) -> Value) -> Value {
    let mut refusals = Vec::new();
    let mut sets = Vec::with_capacity(args.len());
    for (i, arg) in args.iter().enumerate() {
        let set = match (arg, sequence(args, i)) {
            (Value::Sym(s), _) if !cx.type_of(*s).is_scalar() => arg.clone(),
            (_, Ok(coll)) => one_type::collection(cx, coll, CollKind::Set),
            (_, Err(refused)) => return refused,
        };
        for (guard, alternative) in cx.alternatives(&set) {
            match alternative {
                Value::Refused(_) => refusals.push((guard, alternative)),
                other => sets.push((Guard::TRUE, other)),
            }
        }
    }
    let one = one_type::one_type(cx, &sets);
    refusals.push((one.refused, wrong("these sets are of different types")));
    if sets.len() < args.len() {
        return refusals.into_iter().next().map_or(Value::Null, |(_, refused)| refused);
    }
    let made = make(&one.values);
    refusals.into_iter().rev().fold(made, |made, (guard, refused)| cx.if_else(guard, refused, made))
}

fn union(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let united = |sets: &[Value]| {
        let all: Option<Vec<Vec<Part>>> = sets.iter().map(|a| elements(cx, a)).collect();
        let Some(all) = all else { return left_open(cx, f, args) };
        cx.container(CollKind::Set, elem_of(cx, sets), all.concat())
    };
    cx.in_any_order(|| of_sets(cx, args, united))
}

/// The elements of the first set that are in all others, or in none: each under the guard that it is.
fn compared(cx: &Cx, f: &'static Func, args: &[Value], subtract: bool) -> Value {
    cx.in_any_order(|| of_sets(cx, args, |sets| compared_sets(cx, f, sets, args, subtract)))
}

fn compared_sets(cx: &Cx, f: &'static Func, sets: &[Value], args: &[Value], subtract: bool) -> Value {
    let Some((first, others)) = sets.split_first() else { return wrong("a set is needed") };
    let elem = elem_of(cx, sets);
    let Some(parts) = elements(cx, first) else { return left_open(cx, f, args) };
    if sets.iter().all(Value::is_known) {
        let others: Vec<HashSet<&Value>> = others
            .iter()
            .filter_map(Value::as_coll)
            .map(|c| c.parts.iter().map(|p| &p.value).collect())
            .collect();
        let kept = parts.into_iter().filter(|p| {
            let mut within = others.iter().map(|o| o.contains(&p.value));
            if subtract { !within.any(|w| w) } else { within.all(|w| w) }
        });
        return cx.container(CollKind::Set, elem, kept.collect());
    }
    let pairs = others.iter().map(|o| o.size() as usize).sum::<usize>().saturating_mul(parts.len());
    if pairs > PAIRS.most {
        return past_limit(cx, &PAIRS, Ty::Dynamic, f, args);
    }
    let kept = parts.into_iter().map(|p| {
        let within = |other: &Value| match other {
            Value::Coll(c) if c.parts.iter().all(|q| q.generators.is_empty()) => {
                let same = c.parts.iter().map(|q| cx.and(q.guard, cx.equal(&q.value, &p.value)));
                cx.any(same)
            }
            _ => cx.truth(&contains(cx, &CONTAINS, &[other.clone(), p.value.clone()])),
        };
        let within = others.iter().map(within).collect::<Vec<_>>();
        let kept = if subtract { cx.not(cx.any(within)) } else { cx.all(within) };
        Part { guard: cx.and(p.guard, kept), ..p }
    });
    cx.container(CollKind::Set, elem, kept.collect())
}

fn product(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let mut rows: Vec<(Part, Vec<Value>)> = vec![(Part::item(Value::Null), Vec::new())];
    let mut set = false;
    let mut types = Vec::new();
    for (i, a) in args.iter().enumerate() {
        let unified = match a {
            Value::Coll(c) if !c.kind.keyed() => {
                set |= c.kind == CollKind::Set;
                match one_type::collection(
                    cx,
                    c,
                    if c.kind == CollKind::Set { CollKind::Set } else { CollKind::List },
                ) {
                    Value::Coll(c) => {
                        types.push(c.elem.settled());
                        Value::Coll(c)
                    }
                    // Whether its elements have one type depends on inputs.
                    converted => {
                        let of = |v: &Value| match v {
                            Value::Coll(_) => {
                                let with =
                                    |(j, a): (usize, &Value)| if i == j { v.clone() } else { a.clone() };
                                product(cx, f, &args.iter().enumerate().map(with).collect::<Vec<_>>())
                            }
                            other => other.clone(),
                        };
                        return cx.map(&converted, of);
                    }
                }
            }
            Value::Sym(s) if !cx.type_of(*s).is_scalar() => {
                let ty = cx.type_of(*s);
                set |= matches!(ty, Ty::Set(_));
                types.push(ty.element("0"));
                a.clone()
            }
            _ => return wrong("setproduct takes lists and sets"),
        };
        let Some(parts) = elements(cx, &unified) else { return left_open(cx, f, args) };
        if rows.len().saturating_mul(parts.len()).saturating_mul(args.len()) > ELEMENTS.most {
            return past_limit(cx, &ELEMENTS, Ty::Dynamic, f, args);
        }
        let mut next = Vec::with_capacity(rows.len() * parts.len());
        for (row, values) in &rows {
            for p in &parts {
                let guard = cx.and(row.guard, p.guard);
                if !guard.is_false() {
                    let over = [row.generators.as_slice(), &p.generators].concat();
                    let values = [values.as_slice(), std::slice::from_ref(&p.value)].concat();
                    // The element that tells this row from its neighbours, of the last list that has several.
                    let at = if parts.len() > 1 { p.at.or(row.at) } else { row.at.or(p.at) };
                    next.push((Part { guard, generators: over, at, ..Part::item(Value::Null) }, values));
                }
            }
        }
        rows = next;
    }
    if !set && args.iter().any(|a| matches!(a, Value::Coll(c) if has_sort_keys(&c.parts))) {
        return left_open(cx, f, args);
    }
    let parts = rows.into_iter().map(|(p, values)| Part { value: Value::tuple(values), ..p }).collect();
    cx.container(if set { CollKind::Set } else { CollKind::List }, Ty::Tuple(types), parts)
}
