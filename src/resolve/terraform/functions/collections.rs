//! Functions over lists, maps and objects that keep working when parts are guarded, symbolic, or stand for the
//! elements of an unknown collection.

use super::args::{ANY, Row, Spreads, Together, arg, done, left_open, ordered, row, sequence, shape, wrong};
use super::{elements, entries};
use crate::resolve::terraform::types::elements::{drops_equal, indices, unconverted};
use crate::resolve::terraform::types::one_type;
use crate::resolve::terraform::types::unify;
use crate::resolve::terraform::types::{to_number, to_string};
use crate::value::func::{AtLeast, Elements, Gives, Over};
use crate::value::ops::INDEX;
use crate::value::order::{deeper, has_sort_keys, in_a_row, sort_key_of};
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, Part, SymId, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("length", (1, 1), Ty::Number, length)
        .counting()
        .sampled(super::text::of_length)
        .spreading(Spreads::OfWhole),
    shape("concat", (1, ANY), Ty::Dynamic, concat)
        .at_least(AtLeast::All)
        .together(Together::InARow)
        .over(Over::Rows),
    shape("merge", (0, ANY), Ty::Dynamic, merge)
        .at_least(AtLeast::Any)
        .together(Together::Merged)
        .over(Over::Maps),
    shape("keys", (1, 1), Ty::Dynamic, |cx, f, a| fields(cx, f, a, true))
        .at_least(AtLeast::First)
        .spreading(Spreads::OfWhole)
        .over(Over::Map),
    shape("values", (1, 1), Ty::Dynamic, |cx, f, a| fields(cx, f, a, false))
        .gives(Gives::Row)
        .at_least(AtLeast::First)
        .spreading(Spreads::Values)
        .over(Over::Map),
    shape("flatten", (1, 1), Ty::Dynamic, flatten)
        .at_least(AtLeast::Flat)
        .spreading(Spreads::Flattened)
        .over(Over::Nested),
    shape("reverse", (1, 1), Ty::Dynamic, reverse)
        .with_elements(Elements::All)
        .at_least(AtLeast::First)
        .spreading(Spreads::OfWhole)
        .over(Over::Row),
    shape("slice", (3, 3), Ty::Dynamic, slice)
        .with_elements(Elements::Cut)
        .at_least(AtLeast::Cut)
        .seeking()
        .spreading(Spreads::OfWhole)
        .over(Over::Row),
    shape("distinct", (1, 1), Ty::Dynamic, distinct)
        .with_elements(Elements::Once)
        .at_least(AtLeast::First)
        .gives(Gives::List)
        .over(Over::Row),
    shape("compact", (1, 1), Ty::Dynamic, compact)
        .with_elements(Elements::All)
        .gives(Gives::Texts)
        .over(Over::Row),
    row(ZIP, (2, 2)).spreading(Spreads::Zipped),
];

fn length(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [Value::String(text)] => Num::from_usize(super::text::length(text)).into(),
        [Value::Sym(s)] if cx.type_of(*s) == Ty::String => left_open(cx, f, args),
        [Value::Sym(s)] if cx.type_of(*s).is_scalar() => wrong("length takes a collection or text"),
        // An element by an index that is not known may be a text.
        [Value::Sym(s)] if cx.func_of(*s) == Some(&INDEX) => left_open(cx, f, args),
        [v] => length_of(cx, v),
        _ => wrong("length takes one value"),
    }
}

/// How many elements a collection has.
pub fn length_of(cx: &Cx, of: &Value) -> Value {
    match of {
        Value::Coll(c) => match c.parts.as_slice() {
            // One part over a whole collection, as `keys(m)` and `[for x in m : …]` are.
            [part] if part.guard.is_true() && c.kind != CollKind::Set => match part.generators.as_slice() {
                [over] => cx.count_of(*over),
                _ => cx.length(of),
            },
            _ => cx.length(of),
        },
        // What is left of a text's parts without the empty ones is fewer than there are.
        Value::Sym(s) => match unconverted(cx, *s) {
            of if cx.func_of(of).is_some() || drops_equal(cx, *s) => cx.count_of(*s),
            of => cx.count_of(of),
        },
        v => cx.length(v),
    }
}

fn concat(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let mut rows = Vec::new();
    let mut lists = Vec::new();
    for a in args {
        match (a, elements(cx, a)) {
            (Value::Coll(c), _) if c.kind == CollKind::Set => return wrong("concat takes lists, not sets"),
            (_, Some(more)) => rows.push(more),
            (Value::Sym(s), None) if !cx.type_of(*s).is_scalar() => return left_open(cx, f, args),
            _ => return wrong("concat takes lists"),
        }
        lists.push(typed(cx, a));
    }
    // Lists only, of one type: a list. Else a tuple.
    let tuple = |rows| cx.container(CollKind::Tuple, Ty::Dynamic, in_a_row(rows));
    let lists = cx.all(lists);
    if lists.is_false() {
        return tuple(rows);
    }
    let all: Vec<(Guard, Value)> = args.iter().map(|a| (Guard::TRUE, a.clone())).collect();
    let one = one_type::one_type(cx, &all);
    let lists = cx.and(lists, cx.not(one.refused));
    let Some(converted) = one.values.iter().map(|v| elements(cx, v)).collect::<Option<_>>() else {
        return left_open(cx, f, args);
    };
    let elem = unify::elem_of(cx, &one.values);
    let list = cx.container(CollKind::List, elem, in_a_row(converted));
    if lists.is_true() { list } else { unify::by_kind(cx, lists, list, tuple(rows)) }
}

/// When a container is a list, set or map.
fn typed(cx: &Cx, value: &Value) -> Guard {
    match value {
        Value::Coll(c) => c.kind.typed(),
        Value::Sym(sym) => Guard::constant(!matches!(cx.type_of(*sym), Ty::Tuple(_) | Ty::Object(_))),
        _ => Guard::FALSE,
    }
}

fn merge(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut maps = Vec::new();
    for a in args {
        match entries(cx, a) {
            Some((_, more)) => parts.extend(more),
            None if *a == Value::Null => {
                maps.push(Guard::FALSE);
                continue;
            }
            None => match a {
                Value::Sym(s) if !cx.type_of(*s).is_scalar() => return left_open(cx, f, args),
                _ => return wrong("merge takes maps and objects"),
            },
        }
        maps.push(typed(cx, a));
    }
    // Maps of one type only: a map. Else an object.
    let mut maps = if args.is_empty() { Guard::FALSE } else { cx.all(maps) };
    if !maps.is_false() {
        maps = cx.and(maps, cx.truth(&of_one_elem(cx, args)));
    }
    cx.container(CollKind::mapping(maps), unify::elem_of(cx, args), parts)
}

/// Whether maps have one element type.
fn of_one_elem(cx: &Cx, maps: &[Value]) -> Value {
    static OF_ONE_ELEM: Func =
        Func::known("(have one element type)", Ty::Bool, |cx, _, maps| of_one_elem(cx, maps));
    let types: Vec<Ty> = maps.iter().map(|m| unify::elem_of(cx, std::slice::from_ref(m))).collect();
    if types.iter().any(|t| matches!(t, Ty::Open(_))) {
        return Value::Bool(cx.predicate(&OF_ONE_ELEM, maps));
    }
    Value::from(types.windows(2).all(|pair| pair.first() == pair.last()))
}

fn fields(cx: &Cx, f: &'static Func, args: &[Value], keys: bool) -> Value {
    let of = |v: &Value| match v {
        Value::Coll(c) if c.kind.keyed() => Some((c.kind, cx.sequence_parts(c))),
        other => entries(cx, other),
    };
    let Some((kind, parts)) = args.first().and_then(of) else {
        return match args {
            [Value::Sym(s)] if !cx.type_of(*s).is_scalar() => left_open(cx, f, args),
            _ => wrong(&format!("{f} takes a map or an object")),
        };
    };
    let parts =
        parts.into_iter().map(|p| Part { value: if keys { p.key } else { p.value }, key: Value::Null, ..p });
    let elem = match args.first() {
        _ if keys => Ty::String,
        _ => unify::elem_of(cx, args),
    };
    cx.container(CollKind::sequence(kind.typed()), elem, parts.collect())
}

fn flatten(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    // Every part that is pushed has its whole place; if no sequence's order was open, all of them are dropped again.
    fn add(cx: &Cx, part: &Part, depth: usize, open: &mut bool, out: &mut Vec<Part>) -> bool {
        let mut whole = true;
        for (guard, value) in cx.alternatives(&part.value) {
            let guard = cx.and(part.guard, guard);
            if let Some(inner) = elements(cx, &value) {
                *open |= has_sort_keys(&inner);
                for (i, inner) in inner.into_iter().enumerate() {
                    let over = [part.generators.as_slice(), &inner.generators].concat();
                    let place = deeper(&part.sort_key, sort_key_of(&inner, i));
                    let at = inner.at.or(part.at);
                    let inner = Part {
                        guard: cx.and(guard, inner.guard),
                        generators: over,
                        sort_key: place,
                        at,
                        ..inner
                    };
                    whole &= add(cx, &inner, depth + 1, open, out);
                }
                continue;
            }
            match &value {
                // A symbol of no known type beside lists is most likely a list itself.
                Value::Sym(s) if cx.type_of(*s) == Ty::Dynamic && (depth == 0 || cx.is_call(&value)) => {
                    whole = false;
                }
                _ => out.push(Part { guard, value, ..part.clone() }),
            }
        }
        whole
    }
    let Some(outer) = args.first().and_then(|a| elements(cx, a)) else { return left_open(cx, f, args) };
    let mut parts = Vec::new();
    let mut whole = true;
    let mut open = has_sort_keys(&outer);
    for (i, part) in outer.into_iter().enumerate() {
        let part = Part { sort_key: Value::tuple([sort_key_of(&part, i)]), ..part };
        whole &= add(cx, &part, 0, &mut open, &mut parts);
    }
    if !open {
        parts.iter_mut().for_each(|p| p.sort_key = Value::Null);
    }
    if whole { cx.container(CollKind::Tuple, Ty::Dynamic, parts) } else { left_open(cx, f, args) }
}

fn reverse(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let kind = if c.kind == CollKind::Set { CollKind::List } else { c.kind };
            if (c.kind == CollKind::Set && !Value::Coll(c.clone()).is_known()) || has_sort_keys(&c.parts) {
                return left_open(cx, f, args);
            }
            cx.container(kind, c.elem.clone(), c.parts.iter().rev().cloned().collect())
        }
        _ => left_open(cx, f, args),
    }
}

fn slice(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let bound = |i: usize| to_number(cx, &arg(args, i));
    match (args.first(), bound(1), bound(2)) {
        (_, r @ Value::Refused(_), _) | (_, _, r @ Value::Refused(_)) => r,
        (Some(Value::Coll(c)), Value::Number(from), Value::Number(to)) if c.is_certain() => {
            if c.kind.keyed() || c.kind == CollKind::Set {
                return wrong("slice takes a list");
            }
            match from.to_usize().zip(to.to_usize()).and_then(|(f, t)| c.parts.get(f..t)) {
                Some(parts) => cx.container(c.kind, c.elem.clone(), parts.to_vec()),
                None => wrong("these bounds are outside the list"),
            }
        }
        (Some(Value::Coll(c)), from, to)
            if [&from, &to].iter().all(|n| matches!(n, Value::Number(_) | Value::Sym(_))) =>
        {
            cut(cx, c, &from, &to).unwrap_or_else(|| {
                cx.spend_on(args);
                left_open(cx, f, args)
            })
        }
        _ => {
            cx.spend_on(args);
            left_open(cx, f, args)
        }
    }
}

/// The elements of a list whose index lies between two numbers; `None` where the order or some indices are not known.
fn cut(cx: &Cx, list: &Coll, from: &Value, to: &Value) -> Option<Value> {
    let single = list.parts.iter().all(|p| p.generators.is_empty());
    if !list.kind.in_a_row() || !single || has_sort_keys(&list.parts) {
        return None;
    }
    let at_most = |a: &Value, b: &Value| cx.not(cx.truth(&cx.less(b, a)));
    let parts = list.parts.iter().zip(indices(cx, &list.parts)).map(|(part, at)| {
        let at = at?;
        let guard = cx.all([part.guard, at_most(from, &at), cx.truth(&cx.less(&at, to))]);
        Some(Part { guard, ..part.clone() })
    });
    let parts: Vec<Part> = parts.collect::<Option<_>>()?;
    let length = cx.length(&Value::Coll(list.clone().into()));
    let whole = [from, to].map(|n| cx.truth(&cx.whole(n)));
    let bounds = [at_most(&Value::from(0), from), at_most(from, to), at_most(to, &length)];
    let fits = cx.all(whole.into_iter().chain(bounds));
    let parts = parts.into_iter().filter(|p| !p.guard.is_false()).collect();
    let inner = cx.container(list.kind, list.elem.clone(), parts);
    Some(cx.if_else(fits, inner, wrong("these bounds are outside the list")))
}

/// Each element is there unless an equal one stands before it.
fn distinct(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if let [Value::Sym(s)] = args
        && !cx.type_of(*s).is_scalar()
    {
        return left_open(cx, f, args);
    }
    let list = match sequence(args, 0) {
        Ok(coll) => one_type::collection(cx, coll, CollKind::List),
        Err(refused) => return refused,
    };
    cx.map(&list, |list| {
        let Value::Coll(c) = list else { return list.clone() };
        // Known scalars are told apart at sight; anything else is compared with all before it.
        let plain = |p: &Part| p.is_certain() && matches!(p.value, Value::String(_) | Value::Number(_));
        if c.parts.iter().all(plain) {
            let mut seen = std::collections::HashSet::new();
            let parts = c.parts.iter().filter(|p| seen.insert(&p.value)).cloned().collect();
            return cx.container(CollKind::List, c.elem.clone(), parts);
        }
        // What a loop over something unknown makes of no element may be there many times, or not at all.
        let of = |p: &Part, leaf: SymId| cx.element_owner(leaf).is_some_and(|of| p.generators.contains(&of));
        let repeated =
            |p: &Part| !p.generators.is_empty() && !cx.leaves(&p.value).into_iter().any(|l| of(p, l));
        if has_sort_keys(&c.parts) || c.parts.iter().any(repeated) {
            return left_open(cx, f, args);
        }
        let mut parts: Vec<Part> = Vec::new();
        for part in &c.parts {
            let earlier = parts.iter().filter(|p| p.generators == part.generators);
            let again = cx.any(earlier.map(|p| cx.and(p.guard, cx.equal(&p.value, &part.value))));
            let guard = cx.and(part.guard, cx.not(again));
            if !guard.is_false() {
                parts.push(Part { guard, ..part.clone() });
            }
        }
        cx.container(CollKind::List, c.elem.clone(), parts)
    })
}

fn compact(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if let [Value::Sym(s)] = args
        && !cx.type_of(*s).is_scalar()
    {
        return left_open(cx, f, args);
    }
    done(super::args::of_type(cx, args, 0, CollKind::List, &Ty::String).map(|c| {
        let kept = c.parts.iter().map(|p| {
            let empty = cx.or(cx.null(&p.value), cx.equal(&p.value, &Value::from("")));
            // Where the element is null it is gone: only the rest of its alternatives stays.
            let rest =
                cx.alternatives(&p.value).into_iter().filter(|(_, v)| *v != Value::Null).collect::<Vec<_>>();
            let value = if rest.is_empty() { Value::Null } else { cx.choice(rest) };
            Part { guard: cx.and(p.guard, cx.not(empty)), value, ..p.clone() }
        });
        cx.container(CollKind::List, Ty::String, kept.collect())
    }))
}

/// Names that are made of unknown elements: part by part, with the value beside each where that is made of the same
/// elements in the same order.
fn zipped(cx: &Cx, args: &[Value]) -> Option<Value> {
    let [names, values] = args else { return None };
    if let Value::Coll(_) = values
        && let Err(refused) = ordered(args, 1)
    {
        return Some(refused);
    }
    let kind = CollKind::mapping(typed(cx, values));
    let named = elements(cx, names)?;
    if named.iter().any(|p| p.value.holds_null()) {
        return None;
    }
    let beside = |(k, v): (&Part, &Part)| {
        k.guard == v.guard && k.generators == v.generators && k.sort_key == v.sort_key
    };
    let valued = elements(cx, values).filter(|v| named.len() == v.len() && named.iter().zip(v).all(beside));
    if let Some(valued) = valued {
        let entry = |(k, v): (Part, Part)| Part { key: to_string(cx, &k.value), sort_key: Value::Null, ..v };
        let parts = named.into_iter().zip(valued).map(entry).collect();
        return Some(cx.container(kind, Ty::Dynamic, parts));
    }
    // Of names that are elements of something unknown, each has some value.
    let each = |p: Part| {
        let key = to_string(cx, &p.value);
        let value = cx.call(&VALUE_AT, &[names.clone(), values.clone(), key.clone()]);
        Part { key, value, sort_key: Value::Null, ..p }
    };
    let unknown = !named.is_empty() && named.iter().all(|p| !p.generators.is_empty());
    unknown.then(|| cx.container(kind, Ty::Dynamic, named.into_iter().map(each).collect()))
}

/// The value that `zipmap` gives a name: names, values, the name.
static VALUE_AT: Func = Func::known("(value in zipmap)", Ty::Dynamic, |cx, _, args| match args {
    [names, values, name] => cx.index(&zipmap(cx, &ZIPMAP, &[names.clone(), values.clone()]), name),
    _ => Value::Null,
});

const ZIP: Func =
    Func::shape("zipmap", Ty::Dynamic, zipmap).refusing().over(Over::Rows).at_least(AtLeast::First);
static ZIPMAP: Func = ZIP;

fn zipmap(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let both = |f: fn(&Coll) -> bool| matches!(args, [Value::Coll(k), Value::Coll(v)] if f(k) && f(v));
    if args.iter().any(|a| matches!(a, Value::Sym(_))) || (both(|_| true) && !both(Coll::is_certain)) {
        return zipped(cx, args).unwrap_or_else(|| left_open(cx, f, args));
    }
    done((|| {
        let names = super::args::of_type(cx, args, 0, CollKind::List, &Ty::String)?;
        let values = ordered(args, 1)?;
        if names.parts.len() != values.parts.len() {
            return Err(wrong("the lists of zipmap differ in length"));
        }
        let null = cx.any(names.parts.iter().map(|p| cx.null(&p.value)));
        let parts = names.parts.iter().zip(&values.parts);
        let entry = |(k, v): (&Part, &Part)| Part {
            at: k.at.or(v.at),
            ..Part::entry(k.value.clone(), v.value.clone())
        };
        let parts = parts.map(entry).collect();
        let elem = unify::element_type(cx, values);
        let zipped = cx.container(CollKind::mapping(values.kind.typed()), elem, parts);
        Ok(cx.if_else(null, wrong("a key is null"), zipped))
    })())
}
