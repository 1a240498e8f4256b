//! Functions over sets, and the product of collections.

use std::collections::HashSet;

use super::super::one_type;
use super::super::unify::{self, element_of, type_of, unify};
use super::args::{ANY, Row, done, shape, wrong};
use super::collections::opaque;
use super::elements;
use super::picks::contains;
use crate::value::limits::LARGE_COLLECTION;
use crate::value::order::is_placed;
use crate::value::{CollKind, Cx, Part, Ty, Value};

/// How many elements a product may have here.
const PRODUCT: usize = 100_000;

/// How many pairs of elements that are not known are compared; of more, the result is a symbol.
const COMPARED: usize = 20_000;

/// The rows.
pub static TABLE: &[Row] = &[
    shape("setunion", (1, ANY), Ty::Dynamic, union),
    shape("setintersection", (1, ANY), Ty::Dynamic, |cx, a| compared(cx, a, "setintersection")),
    shape("setsubtract", (2, 2), Ty::Dynamic, |cx, a| compared(cx, a, "setsubtract")),
    shape("setproduct", (2, ANY), Ty::Dynamic, product),
];

/// The sets that the arguments convert to, all of one element type, and that type.
fn sets(cx: &Cx, args: &[Value]) -> Result<(Ty, Vec<Vec<Part>>), Value> {
    let mut types = Vec::new();
    let mut sets = Vec::new();
    for i in 0..args.len() {
        let set = super::args::set(cx, args, i)?;
        types.push(set.elem.clone());
        sets.push(Value::Coll(set));
    }
    let elem = unify(&types).ok_or_else(|| wrong("these sets are of different types"))?;
    let ty = Ty::Set(Box::new(elem.clone()));
    let parts = sets.iter().map(|s| match unify::conform(cx, s, &ty) {
        Value::Coll(c) => Ok(c.parts.clone()),
        other => Err(other),
    });
    Ok((elem, parts.collect::<Result<_, _>>()?))
}

fn union(cx: &Cx, args: &[Value]) -> Value {
    if args.iter().any(|a| matches!(a, Value::Sym(_))) {
        let all: Option<Vec<Vec<Part>>> = args.iter().map(|a| elements(cx, a)).collect();
        let Some(all) = all else { return opaque(cx, "setunion", args) };
        let types: Vec<Ty> = all.iter().flatten().map(|p| type_of(cx, &p.value)).collect();
        return match unify(&types) {
            Some(elem) => {
                let tuple = cx.container(CollKind::Tuple, Ty::Dynamic, all.concat());
                unify::conform(cx, &tuple, &Ty::Set(Box::new(elem)))
            }
            None => wrong("these sets are of different types"),
        };
    }
    done(sets(cx, args).map(|(elem, parts)| cx.container(CollKind::Set, elem, parts.concat())))
}

/// The elements of the first set that are in all others, or in none: each under the guard that it is.
fn compared(cx: &Cx, args: &[Value], name: &str) -> Value {
    let types: Vec<Ty> = args.iter().map(|a| element_of(cx, a)).collect();
    let Some(elem) = unify(&types) else { return wrong("these sets are of different types") };
    let as_set = |value: &Value| match value {
        Value::Sym(_) => value.clone(),
        other => unify::conform(cx, other, &Ty::Set(Box::new(elem.clone()))),
    };
    let sets: Vec<Value> = args.iter().map(as_set).collect();
    if let Some(refused) = sets.iter().find(|s| matches!(s, Value::Refused(_) | Value::Null)) {
        return if *refused == Value::Null { wrong("a set is needed, not null") } else { refused.clone() };
    }
    let Some((first, others)) = sets.split_first() else { return wrong("a set is needed") };
    let Some(parts) = elements(cx, first) else { return opaque(cx, name, args) };
    let subtract = name == "setsubtract";
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
    if others.iter().any(|o| matches!(o, Value::Choice(_))) || pairs > COMPARED {
        return opaque(cx, name, args);
    }
    let kept = parts.into_iter().map(|p| {
        let within = |other: &Value| cx.truth(&contains(cx, &[other.clone(), p.value.clone()]));
        let within = others.iter().map(within).collect::<Vec<_>>();
        let kept = if subtract { cx.not(cx.any(within)) } else { cx.all(within) };
        Part { guard: cx.and(p.guard, kept), ..p }
    });
    cx.container(CollKind::Set, elem, kept.collect())
}

fn product(cx: &Cx, args: &[Value]) -> Value {
    let mut rows: Vec<(Part, Vec<Value>)> = vec![(Part::item(Value::Null), Vec::new())];
    let mut set = false;
    let mut types = Vec::new();
    for a in args {
        let unified = match a {
            Value::Coll(c) if !c.kind.keyed() => {
                set |= c.kind == CollKind::Set;
                match one_type::collection(
                    cx,
                    c,
                    if c.kind == CollKind::Set { CollKind::Set } else { CollKind::List },
                ) {
                    Value::Coll(c) => {
                        types.push(c.elem.clone());
                        Value::Coll(c)
                    }
                    other => return other,
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
        let Some(parts) = elements(cx, &unified) else { return opaque(cx, "setproduct", args) };
        if rows.len().saturating_mul(parts.len()) > PRODUCT {
            return cx.beyond(LARGE_COLLECTION, Ty::Dynamic);
        }
        let mut next = Vec::with_capacity(rows.len() * parts.len());
        for (row, values) in &rows {
            for p in &parts {
                let guard = cx.and(row.guard, p.guard);
                if !guard.is_false() {
                    let over = [row.over.as_slice(), &p.over].concat();
                    let values = [values.as_slice(), std::slice::from_ref(&p.value)].concat();
                    next.push((Part { guard, over, ..Part::item(Value::Null) }, values));
                }
            }
        }
        rows = next;
    }
    if !set && args.iter().any(|a| matches!(a, Value::Coll(c) if is_placed(&c.parts))) {
        return opaque(cx, "setproduct", args);
    }
    let parts = rows.into_iter().map(|(p, values)| Part { value: Value::tuple(values), ..p }).collect();
    cx.container(if set { CollKind::Set } else { CollKind::List }, Ty::Tuple(types), parts)
}
