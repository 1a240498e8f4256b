//! Functions that take one element out of lists, maps and arguments, or ask for it, while parts are guarded or symbolic.

use super::args::{ANY, Also, Row, arg, left_open, picks, row, shape, wrong};
use super::collections::length_of;
use crate::resolve::terraform::types::elements::unconverted;
use crate::resolve::terraform::types::one_type::one_type;
use crate::resolve::terraform::types::unify::{self, type_of};
use crate::resolve::terraform::types::{to_number, to_string};
use crate::value::func::{Form, Written};
use crate::value::limits::ALTERNATIVES;
use crate::value::ops::{ADD, REM};
use crate::value::order::has_sort_keys;
use crate::value::symbol::SymNode;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, SymId, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    picks("lookup", (2, 3), |cx, _, a| lookup(cx, a)).one_to_one().also(Also::Takes { wraps: false }),
    picks("element", (2, 2), element).one_to_one().also(Also::Takes { wraps: true }),
    picks("one", (1, 1), one).in_any_order(),
    row(HOLDS, (2, 2)),
    row(Func::of_choices("coalesce", Ty::Dynamic, coalesce).refusing(), (1, ANY)),
    shape("coalescelist", (1, ANY), Ty::Dynamic, coalescelist).choosing(),
];

const HOLDS: Func = Func::shape("contains", Ty::Bool, contains).seeking().finding().in_any_order();
/// `contains`.
pub static CONTAINS: Func = HOLDS;

fn lookup(cx: &Cx, args: &[Value]) -> Value {
    let elem = match args.first() {
        Some(Value::Coll(c)) if c.kind.is_open() => {
            let settled = |typed: Guard| {
                let map = cx.container(c.kind.when(typed), c.elem.clone(), c.parts.clone());
                lookup(cx, &[&[map], args.get(1..).unwrap_or_default()].concat())
            };
            return cx.if_else(c.kind.typed(), settled(Guard::TRUE), settled(Guard::FALSE));
        }
        Some(Value::Coll(c)) if c.kind == CollKind::Map => Some(unify::element_type(cx, c)),
        Some(Value::Coll(c)) if c.kind == CollKind::Object => None,
        Some(Value::Sym(s)) => match cx.type_of(*s) {
            Ty::Map(elem) => Some(*elem),
            Ty::Object(_) | Ty::Dynamic => None,
            _ => return wrong("lookup takes a map or an object"),
        },
        _ => return wrong("lookup takes a map or an object"),
    };
    if args.get(1) == Some(&Value::Null) {
        return wrong("lookup takes a key, not null");
    }
    let key = to_string(cx, &arg(args, 1));
    let found = cx.index(&arg(args, 0), &key);
    let Some(default) = args.get(2) else { return found };
    let default = match elem {
        Some(elem) => {
            if !unify::converts(&type_of(cx, default), &elem) {
                return wrong("the default of lookup is of another type than the map's elements");
            }
            unify::conform(cx, default, &elem)
        }
        None => default.clone(),
    };
    let symbol = matches!(args.first(), Some(Value::Sym(_)));
    let alternatives = cx.alternatives(&found).into_iter();
    let with_default = |v: Value| match v {
        Value::Refused(_) => default.clone(),
        found if symbol => cx.if_else(cx.absent(&found), default.clone(), found),
        found => found,
    };
    let found = cx.choice(alternatives.map(|(g, v)| (g, with_default(v))).collect());
    // What does not convert is refused whether it is needed or not.
    let found = cx.if_else(cx.refused(&default), default, found);
    let null = cx.null_if_asked(&arg(args, 0));
    cx.if_else(null, wrong("lookup takes a map or an object, not null"), found)
}

/// Whether a list or set holds a value.
pub fn contains(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let Some(value) = args.get(1).filter(|v| **v != Value::Null) else {
        return wrong("contains takes a list or set and a value");
    };
    match args.first() {
        Some(Value::Coll(c)) if !c.kind.keyed() => {
            if let Some(place) = cx.seek(c, value) {
                return place.is_some().into();
            }
            cx.spend_on(args);
            let single = c.parts.iter().filter(|p| p.generators.is_empty());
            let found = cx.any(single.map(|p| cx.and(p.guard, cx.equal(&p.value, value))));
            if found.is_true() || c.parts.iter().all(|p| p.generators.is_empty()) {
                return Value::Bool(found);
            }
            if let Some(there) = among_keys(cx, c, value) {
                return Value::Bool(cx.or(found, there));
            }
            cx.opaque(f, args)
        }
        Some(Value::Sym(s)) if !cx.type_of(*s).is_scalar() && !is_keyed(cx, *s) => {
            if never_a_part(cx, *s, value) {
                return Value::FALSE;
            }
            // What was computed of known elements is not the same without its conversion: `compact` drops some of them.
            let source = unconverted(cx, *s);
            let source = if cx.func_of(source).is_some() { *s } else { source };
            cx.opaque(f, &[Value::Sym(source), value.clone()])
        }
        _ => wrong("contains takes a list or set and a value"),
    }
}

/// Whether a symbol is a map or an object.
fn is_keyed(cx: &Cx, sym: SymId) -> bool {
    matches!(cx.type_of(sym), Ty::Map(_) | Ty::Object(_))
}

/// Whether a text cannot be one of those that another one is split into: they do not hold the separator, and are one letter
/// each where that is empty.
fn never_a_part(cx: &Cx, list: SymId, value: &Value) -> bool {
    match (cx.node(list), value) {
        (Some(SymNode::Call(func, args)), Value::String(text)) if func.undoes == Some(Form::Joined) => {
            match args.first().and_then(Value::as_str) {
                Some("") => text.is_empty(),
                Some(by) => text.contains(by),
                None => false,
            }
        }
        _ => false,
    }
}

/// Whether the keys of an unknown map, the only unknown ones here, hold a known one: whether that element is there.
fn among_keys(cx: &Cx, keys: &Coll, name: &Value) -> Option<Guard> {
    let mut over = keys.parts.iter().filter(|p| !p.generators.is_empty());
    let (Some(part), None, Value::String(name)) = (over.next(), over.next(), name) else { return None };
    let ([map], Value::Sym(key)) = (part.generators.as_slice(), &part.value) else { return None };
    let plain = part.guard.is_true() && !matches!(cx.type_of(*map), Ty::Set(_) | Ty::List(_));
    let its_key = cx.tells_elements_apart(*key) && cx.leaf(*key)?.of == Some(*map);
    (plain && its_key).then(|| cx.not(cx.absent(&cx.path(*map, name))))
}

fn element(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let index = to_number(cx, &arg(args, 1));
    match (args.first(), &index) {
        (_, Value::Refused(_)) => index,
        (Some(Value::Coll(c)), Value::Number(n)) if !c.kind.keyed() && c.is_certain() => {
            if c.kind == CollKind::Set {
                return wrong("element takes a list, not a set");
            }
            let place = wrapped(n, &Num::from_usize(c.parts.len())).and_then(|place| place.to_i64());
            let found = place.and_then(|place| c.parts.get(usize::try_from(place).ok()?));
            match found {
                Some(part) => counted_back(cx, c, (n, place == Some(0)), part.value.clone()),
                None => wrong("there is no such element"),
            }
        }
        (Some(Value::Coll(c)), _) if c.kind.keyed() => wrong("element takes a list"),
        (Some(Value::Null) | None, _) => wrong("element takes a list"),
        (Some(Value::Coll(c)), _) if is_list(cx, &arg(args, 0)) && cx.own_element(c, &index).is_some() => {
            cx.index(&arg(args, 0), &index)
        }
        // Nothing wraps at the first element.
        (Some(list), Value::Number(n))
            if n.to_i64() == Some(0) && (is_list(cx, list) || is_of_any_type(cx, list)) =>
        {
            cx.index(list, &index)
        }
        // Where inputs decide which elements there are, the index wraps at each length that they can have.
        (Some(list @ Value::Coll(c)), Value::Number(n))
            if c.kind.in_a_row() && n.is_whole() && !has_sort_keys(&c.parts) =>
        {
            let at = |length: &Value| match length.as_number().map(|length| wrapped(n, length)) {
                Some(Some(place)) => {
                    let first = place.signum() == 0;
                    counted_back(cx, c, (n, first), cx.index(list, &place.into()))
                }
                Some(None) => wrong("there is no such element"),
                None => left_open(cx, f, &[list.clone(), index.clone()]),
            };
            cx.map(&cx.length(list), at)
        }
        // An index that is not known wraps to one of the elements at each length; one below 0 counts back, but in a tuple. Where
        // there are many of both, what a count is filled in with tells.
        (Some(list @ Value::Coll(c)), Value::Sym(_))
            if is_list(cx, list)
                && c.parts.iter().all(|p| p.generators.is_empty())
                && !has_sort_keys(&c.parts)
                && (c.is_certain() || places(cx, list, c) <= ALTERNATIVES.most) =>
        {
            let at = |length: &Value| match length {
                Value::Number(n) if n.signum() > 0 => {
                    let rest = cx.call(&REM, &[index.clone(), length.clone()]);
                    let found = cx.index(list, &rest);
                    let counts =
                        matches!(&index, Value::Sym(sym) if cx.leaf(*sym).is_some_and(|l| l.counts()));
                    if c.kind != CollKind::List || counts {
                        return found;
                    }
                    let below = cx.truth(&cx.less(&index, &0.into()));
                    let back = cx.call(&REM, &[cx.call(&ADD, &[rest, length.clone()]), length.clone()]);
                    cx.if_else(below, cx.index(list, &back), found)
                }
                Value::Number(_) => wrong("there is no such element"),
                _ => left_open(cx, f, &[list.clone(), index.clone()]),
            };
            cx.map(&cx.length(list), at)
        }
        _ => left_open(cx, f, &[arg(args, 0), index]),
    }
}

/// How many places there are in a list, at all of its lengths.
fn places(cx: &Cx, list: &Value, coll: &Coll) -> usize {
    cx.alternatives(&cx.length(list)).len().saturating_mul(coll.parts.len())
}

/// The place that an index leads to among so many elements: past the last it begins again, and from below 0 it counts back.
fn wrapped(index: &Num, count: &Num) -> Option<Num> {
    index.to_i64()?;
    let rest = index.rem(count).filter(|rest| rest.is_whole() && count.signum() > 0)?;
    if rest.signum() < 0 { rest.add(count) } else { Some(rest) }
}

/// What an index leads to, and whether that is the first element. A tuple is counted back to no other.
fn counted_back(cx: &Cx, of: &Coll, (index, first): (&Num, bool), found: Value) -> Value {
    let anywhere = if first || index.signum() >= 0 { Guard::TRUE } else { of.kind.typed() };
    cx.if_else(anywhere, found, wrong("the index of element is negative"))
}

/// Whether a value is an input of any type, or what the deployment gives of one.
fn is_of_any_type(cx: &Cx, value: &Value) -> bool {
    matches!(value, Value::Sym(sym) if cx.leaf(*sym).is_some_and(|leaf| leaf.ty == Ty::Dynamic && !leaf.whole))
}

/// Whether a value is a list for certain, known or not.
fn is_list(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Coll(c) => c.kind.in_a_row(),
        Value::Sym(sym) => {
            let split = cx.func_of(*sym).is_some_and(|func| func.undoes == Some(Form::Joined));
            split || matches!(cx.type_of(*sym), Ty::List(_) | Ty::Tuple(_))
        }
        _ => false,
    }
}

fn coalesce(cx: &Cx, _: &'static Func, args: &[Value]) -> Value {
    let all: Vec<(Guard, Value)> = args.iter().map(|a| (Guard::TRUE, a.clone())).collect();
    let one = one_type(cx, &all);
    let mut left = cx.not(one.refused);
    let mut alternatives = vec![(one.refused, wrong("the arguments of coalesce do not convert to one type"))];
    for (arg, value) in args.iter().zip(one.values) {
        let empty = cx.any([cx.null(arg), cx.null(&value), cx.equal(&value, &Value::from(""))]);
        alternatives.push((cx.and(left, cx.not(empty)), value));
        left = cx.and(left, empty);
    }
    alternatives.push((left, wrong("every argument of coalesce is null or empty")));
    cx.choice(alternatives)
}

fn coalescelist(cx: &Cx, _: &'static Func, args: &[Value]) -> Value {
    let mut alternatives = Vec::new();
    let mut left = Guard::TRUE;
    for a in args {
        let empty = match a {
            Value::Coll(c) if c.kind.in_a_row() => cx.equal(&cx.length(a), &Value::from(0)),
            Value::Sym(s) if !cx.type_of(*s).is_scalar() => cx.equal(&cx.length(a), &Value::from(0)),
            _ => return wrong("coalescelist takes lists"),
        };
        let null = cx.and(left, cx.null_if_asked(a));
        alternatives.push((null, wrong("coalescelist takes lists, not null")));
        left = cx.and(left, cx.not(null));
        alternatives.push((cx.and(left, cx.not(empty)), a.clone()));
        left = cx.and(left, empty);
    }
    alternatives.push((left, wrong("every argument of coalescelist is empty")));
    cx.choice(alternatives)
}

fn one(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [Value::Coll(c)]
            if !c.kind.keyed()
                && let Some(parts) = cx.counted_parts(c) =>
        {
            match &*parts {
                [] => Value::Null,
                [part] => cx.if_else(part.guard, part.value.clone(), Value::Null),
                parts if parts.iter().all(|p| p.guard.is_true()) => {
                    wrong("one takes a list of at most one element")
                }
                parts => {
                    let two = cx.at_least_two(parts.iter().map(|p| p.guard));
                    let none = cx.not(cx.any(parts.iter().map(|p| p.guard)));
                    let mut alternatives =
                        vec![(two, wrong("one takes a list of at most one element")), (none, Value::Null)];
                    alternatives
                        .extend(parts.iter().map(|p| (cx.and(cx.not(two), p.guard), p.value.clone())));
                    cx.choice(alternatives)
                }
            }
        }
        // Null, the element, or refused: by how many there are.
        [list] if is_sequence(cx, list) => {
            let (length, some) = (length_of(cx, list), cx.opaque(&ONLY, args));
            let none = cx.equal(&length, &Value::from(0));
            let more = cx.truth(&cx.less(&Value::from(1), &length));
            let first = cx.not(cx.or(none, more));
            cx.choice(vec![
                (none, Value::Null),
                (first, some),
                (more, wrong("one takes a list of at most one element")),
            ])
        }
        _ => left_open(cx, f, args),
    }
}

/// Whether a value may be a list, a set or a tuple.
fn is_sequence(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Coll(c) => !c.kind.keyed(),
        Value::Sym(s) => !cx.type_of(*s).is_scalar(),
        _ => false,
    }
}

/// The one element of a list that has one.
static ONLY: Func = Func::shape("(the one element)", Ty::Dynamic, |cx, f, args| match args {
    [Value::Coll(c)] if c.is_certain() => c.parts.first().map_or(Value::Null, |p| p.value.clone()),
    _ => cx.opaque(f, args),
})
.picking()
.in_any_order()
.written(Written::As("one"));

#[cfg(test)]
mod tests {
    use super::super::args::{sequence, string};
    use super::super::find;
    use super::*;
    use crate::value::{Leaf, LeafKind, Part};

    #[test]
    fn nothing_is_equal_to_null() {
        let cx = Cx::new();
        assert!(matches!(
            cx.call(&find("contains").unwrap().func, &[Value::tuple([Value::Null]), Value::Null]),
            Value::Refused(_)
        ));
        assert!(sequence(&[string("a")], 0).is_err());
    }

    #[test]
    fn an_element_may_be_null_where_a_null_stands_in_the_list() {
        let cx = Cx::new();
        let key = cx.leaf_value(Leaf::new("var.k", Ty::String, LeafKind::Input));
        let may_be_null = |value: Value| {
            let parts = vec![Part::entry("a", value), Part::entry(key.clone(), Value::from("x"))];
            let map = cx.container(CollKind::Object, Ty::Dynamic, parts);
            let values = cx.call(&find("values").unwrap().func, &[map]);
            let first = cx.index(&values, &Value::from(0));
            !cx.null(&first).is_false()
        };
        assert!(may_be_null(Value::Null));
        assert!(!may_be_null(Value::from("y")));
    }
}
