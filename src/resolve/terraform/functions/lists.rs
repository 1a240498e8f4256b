//! Functions that need every element of their lists: order, sums, look-ups by position, quantifiers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::args::{
    ANY, Also, Answer, Row, Spreads, arg, done, known, left_open, list, number, of_type, ordered, row,
    sequence, shape, strings, texts, wrong,
};
use super::picks::CONTAINS;
use crate::resolve::terraform::types::unify::{self, unify};
use crate::resolve::terraform::types::{to_bool, to_number};
use crate::value::func::{AtLeast, Elements, Gives, Over};
use crate::value::limits::{ALTERNATIVES, PAIRS};
use crate::value::order::{has_sort_keys, order};
use crate::value::symbol::SymNode;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, Part, Ty, Value};

/// How many numbers `range` may give.
const RANGE: usize = 1024;

/// The rows.
pub static TABLE: &[Row] = &[
    shape("sort", (1, 1), Ty::Dynamic, sort_shape)
        .with_elements(Elements::All)
        .at_least(AtLeast::First)
        .gives(Gives::Texts)
        .over(Over::Row),
    shape("index", (2, 2), Ty::Number, index).seeking().solved(found_at).at_least(AtLeast::Zero),
    known("range", (1, 3), Ty::Dynamic, |cx, _, a| done(range(cx, a))).also(Also::Counts),
    shape("sum", (1, 1), Ty::Number, sum_shape).in_any_order(),
    shape("chunklist", (2, 2), Ty::Dynamic, |cx, f, a| match a {
        [Value::Coll(list), size] if size.is_known() && list.parts.iter().all(Part::is_certain) => {
            done(chunklist(cx, a))
        }
        _ => left_open(cx, f, a),
    })
    .at_least(AtLeast::First)
    .spreading(Spreads::OfWhole)
    .over(Over::Row),
    shape("matchkeys", (3, 3), Ty::Dynamic, matchkeys).choosing().seeking().over(Over::Rows),
    shape("transpose", (1, 1), Ty::Dynamic, |cx, f, a| match transposed(cx, a) {
        Some(map) if !a.iter().all(Value::is_known) => map,
        _ if a.iter().all(Value::is_known) => done(transpose(cx, a)),
        _ => cx.opaque(f, a),
    })
    .at_least(AtLeast::Flat)
    .over(Over::MapOfRows),
    row(ALL, (1, 1)),
    shape("anytrue", (1, 1), Ty::Bool, |cx, f, a| quantify(cx, f, a, false)).in_any_order(),
    shape("max", (1, ANY), Ty::Number, |cx, f, a| extreme(cx, f, a, true)).at_least(AtLeast::Largest),
    shape("min", (1, ANY), Ty::Number, |cx, f, a| extreme(cx, f, a, false)).at_least(AtLeast::Smallest),
];

/// An element of a sorted list by its place.
static SORTED: Func =
    Func::known("(element of sort)", Ty::String, |cx, _, a| cx.index(&done(sort(cx, a)), &arg(a, 1)));

/// Of a list with a known number of elements each is at least a symbol by its place.
fn sort_shape(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if args.iter().all(Value::is_known) {
        return done(sort(cx, args));
    }
    // Texts that are known are in one order, whichever of them are there.
    if let Ok(list) = of_type(cx, args, 0, CollKind::List, &Ty::String)
        && list.parts.iter().all(|p| p.generators.is_empty() && matches!(p.value, Value::String(_)))
    {
        let mut parts: Vec<Part> =
            list.parts.iter().map(|p| Part { sort_key: Value::Null, ..p.clone() }).collect();
        parts.sort_by(|a, b| order(&a.value, &b.value));
        return cx.container(CollKind::List, Ty::String, parts);
    }
    let split = cx.split(&arg(args, 0));
    if matches!(split, Value::Choice(_)) {
        return cx.map(&split, |v| sort_shape(cx, f, std::slice::from_ref(v)));
    }
    match of_type(cx, args, 0, CollKind::List, &Ty::String) {
        Ok(c) => {
            // Of a set, those that are sure to be different.
            let set = sequence(args, 0).is_ok_and(|s| s.kind == CollKind::Set);
            let parts = match Value::typed(CollKind::Set, c.elem.clone(), c.parts.clone()) {
                Value::Coll(of) if set => cx.distinct_parts(&of),
                _ => c.parts.clone(),
            };
            if !parts.iter().all(|p| p.guard.is_true() && p.generators.is_empty()) {
                return left_open(cx, f, args);
            }
            if parts.iter().any(|p| p.value == Value::Null) {
                return wrong("an element is null");
            }
            let elements = parts.iter().map(|p| (p.value.clone(), p.value.clone())).collect();
            if let Some(sorted) = cx.in_their_order(elements) {
                return strings(sorted);
            }
            // Its own order is of no account.
            let written = parts.iter().map(|p| Part::item(p.value.clone())).collect();
            let list = Value::typed(CollKind::List, Ty::String, written);
            let at = |i: usize| [list.clone(), Num::from_usize(i).into()];
            strings((0..parts.len()).map(|i| cx.call(&SORTED, &at(i))))
        }
        _ => left_open(cx, f, args),
    }
}

fn sort(cx: &Cx, args: &[Value]) -> Answer {
    let mut items = texts(cx, args, 0)?;
    items.sort();
    Ok(strings(items.into_iter().map(Value::String)))
}

/// A sum of numbers that inputs choose, as a choice among the totals there can be: thirty switches have 2^30 combinations
/// and 31 totals.
fn sum_shape(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let split = cx.split(&arg(args, 0));
    match &split {
        Value::Coll(items) if !split.is_known() => {
            totals(cx, items).unwrap_or_else(|| left_open(cx, f, std::slice::from_ref(&split)))
        }
        _ => cx.map(&split, |list| match list.is_known() {
            true => done(sum(cx, std::slice::from_ref(list))),
            false => left_open(cx, f, std::slice::from_ref(list)),
        }),
    }
}

/// The totals of a list; `None` where a number is not known, there may be none, or the totals are too many to keep.
fn totals(cx: &Cx, items: &Coll) -> Option<Value> {
    if items.kind == CollKind::Set || !items.parts.iter().any(Part::is_certain) {
        return None;
    }
    let mut totals = vec![(Guard::TRUE, Num::from_i64(0))];
    for part in items.parts.iter() {
        if !part.generators.is_empty() {
            return None;
        }
        let mut next: Vec<(Guard, Num)> = Vec::new();
        let mut add = |when: Guard, total: Num| match next.iter_mut().find(|(_, known)| *known == total) {
            _ if when.is_false() => {}
            Some((known, _)) => *known = cx.or(*known, when),
            None => next.push((when, total)),
        };
        for (guard, total) in &totals {
            add(cx.and(*guard, cx.not(part.guard)), total.clone());
            for (when, number) in cx.alternatives(&to_number(cx, &part.value)) {
                let Value::Number(number) = number else { return None };
                add(cx.all([*guard, part.guard, when]), total.add(&number)?);
            }
        }
        if next.len() > ALTERNATIVES.most {
            return None;
        }
        totals = next;
    }
    Some(cx.choice(totals.into_iter().map(|(when, total)| (when, total.into())).collect()))
}

fn sum(cx: &Cx, args: &[Value]) -> Answer {
    let items = sequence(args, 0)?;
    if items.parts.is_empty() {
        return Err(wrong("sum takes a list of at least one number"));
    }
    let mut total = Num::from_i64(0);
    for part in &items.parts {
        let Value::Number(n) = to_number(cx, &part.value) else { return Err(wrong("sum takes numbers")) };
        total = total.add(&n).ok_or_else(|| wrong("this sum has no result"))?;
    }
    Ok(total.into())
}

fn range(cx: &Cx, args: &[Value]) -> Answer {
    let (zero, one) = (Num::from_i64(0), Num::from_i64(1));
    let towards = |from: &Num, to: &Num| if to < from { one.neg() } else { one.clone() };
    let (from, to, step) = match args.len() {
        1 => {
            let to = number(cx, args, 0)?;
            let step = towards(&zero, &to);
            (zero, to, step)
        }
        2 => {
            let (from, to) = (number(cx, args, 0)?, number(cx, args, 1)?);
            let step = towards(&from, &to);
            (from, to, step)
        }
        _ => (number(cx, args, 0)?, number(cx, args, 1)?, number(cx, args, 2)?),
    };
    let up = step.signum();
    if from != to && (up == 0 || (up > 0 && to < from) || (up < 0 && to > from)) {
        return Err(wrong("the step of range leads away from its end"));
    }
    let (mut at, mut items) = (from, Vec::new());
    while (up > 0 && at < to) || (up < 0 && at > to) {
        if items.len() >= RANGE {
            return Err(wrong("range has more than 1024 elements, which Terraform refuses"));
        }
        items.push(Part::item(at.clone().into()));
        match at.add(&step) {
            Some(next) => at = next,
            None => break,
        }
    }
    Ok(Value::typed(CollKind::List, Ty::Number, items))
}

fn chunklist(cx: &Cx, args: &[Value]) -> Answer {
    let items = list(cx, args, 0)?;
    let size = super::args::whole(cx, args, 1)?;
    let size = usize::try_from(size).map_err(|_| wrong("the size of a chunk is negative"))?;
    let chunk = |parts: &[Part]| Part::item(Value::typed(CollKind::List, items.elem.clone(), parts.to_vec()));
    let parts = match size {
        _ if items.parts.is_empty() => Vec::new(),
        // No size is one chunk.
        0 => vec![chunk(&items.parts)],
        _ => items.parts.chunks(size).map(chunk).collect(),
    };
    Ok(Value::typed(CollKind::List, Ty::List(Box::new(items.elem.clone())), parts))
}

/// Up to so many keys are sought one by one.
const SOUGHT: usize = 16;

/// The values of a few keys among many, all of them texts.
fn sought(cx: &Cx, args: &[Value]) -> Option<Value> {
    let [Value::Coll(values), Value::Coll(keys), Value::Coll(wanted)] = args else { return None };
    let texts = |list: &Coll| list.parts.iter().all(|p| p.is_certain() && cx.is_text(&p.value));
    let lists = values.kind.in_a_row() && keys.kind.in_a_row() && wanted.kind.in_a_row();
    if !lists || values.parts.len() != keys.parts.len() || wanted.parts.len() > SOUGHT || !texts(values) {
        return None;
    }
    let mut places: BTreeSet<usize> = BTreeSet::new();
    for part in wanted.parts.iter() {
        if !part.is_certain() {
            return None;
        }
        places.extend(cx.seek_all(keys, &part.value)?);
    }
    let found = places.into_iter().filter_map(|at| values.parts.get(at).cloned());
    Some(cx.container(CollKind::List, Ty::String, found.collect()))
}

/// The values beside the keys that are wanted: of keys that are not known, where they are.
fn matchkeys(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if let Some(found) = sought(cx, args) {
        return found;
    }
    cx.spend_on(args);
    if args.iter().all(Value::is_known) {
        return done(matching(cx, args));
    }
    let is_row = |v: &Value| {
        v.as_coll().is_some_and(|c| {
            c.kind.in_a_row() && c.parts.iter().all(|p| p.generators.is_empty()) && !has_sort_keys(&c.parts)
        })
    };
    let texts = |i: usize| of_type(cx, args, i, CollKind::List, &Ty::String).ok();
    let typed = |i: usize| {
        let parts = args.get(i).and_then(Value::as_coll).map(|c| c.parts.iter());
        parts.is_some_and(|mut p| p.any(|p| unify::type_of(cx, &p.value) == Ty::String))
    };
    let ([values, _, _], true, true) = (args, args.iter().all(is_row), typed(1) || typed(2)) else {
        return left_open(cx, f, args);
    };
    let (Some(keys), Some(wanted), Ok(values)) =
        (texts(1), texts(2), list(cx, std::slice::from_ref(values), 0))
    else {
        return left_open(cx, f, args);
    };
    // Where inputs decide which there are, those stand beside each other that are there together.
    let together = values.parts.iter().zip(&keys.parts).all(|(v, k)| v.guard == k.guard);
    if values.parts.len() != keys.parts.len() || !together {
        return left_open(cx, f, args);
    }
    let is = |w: &Part, key: &Value| cx.and(w.guard, cx.equal(&w.value, key));
    let found = |key: &Value| cx.any(wanted.parts.iter().map(|w| is(w, key)));
    let parts = values.parts.iter().zip(&keys.parts);
    let parts = parts.map(|(v, k)| Part { guard: cx.and(v.guard, found(&k.value)), ..v.clone() }).collect();
    cx.container(CollKind::List, values.elem.clone(), parts)
}

fn matching(cx: &Cx, args: &[Value]) -> Answer {
    let values = list(cx, args, 0)?;
    let (keys, wanted) = (list(cx, args, 1)?, list(cx, args, 2)?);
    if values.parts.len() != keys.parts.len() {
        return Err(wrong("matchkeys takes values and keys of one length"));
    }
    let elem = unify(&[keys.elem.clone(), wanted.elem.clone()])
        .ok_or_else(|| wrong("the keys of matchkeys are of different types"))?;
    let of = |v: &Value| unify::conform(cx, v, &elem);
    let wanted: Vec<Value> = wanted.parts.iter().map(|p| of(&p.value)).collect();
    let parts = values.parts.iter().zip(&keys.parts);
    let parts = parts.filter(|(_, k)| wanted.contains(&of(&k.value))).map(|(v, _)| v.clone()).collect();
    Ok(cx.container(CollKind::List, values.elem.clone(), parts))
}

fn transpose(cx: &Cx, args: &[Value]) -> Answer {
    let map = of_type(cx, args, 0, CollKind::Map, &Ty::List(Box::new(Ty::String)))?;
    let mut out: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for part in &map.parts {
        for text in texts(cx, std::slice::from_ref(&part.value), 0)? {
            out.entry(text).or_default().push(part.key.clone());
        }
    }
    let mut parts = Vec::new();
    for (key, mut names) in out {
        names.sort_by(order);
        parts.push(Part::entry(Value::String(key), strings(names)));
    }
    Ok(cx.container(CollKind::Map, Ty::List(Box::new(Ty::String)), parts))
}

/// The same of lists whose texts are not known, or under keys that are not, one entry for each text: the keys whose lists have
/// it.
fn transposed(cx: &Cx, args: &[Value]) -> Option<Value> {
    let map = args.first()?.as_coll().filter(|map| map.kind.keyed())?;
    // The texts, each with the key of its list.
    let mut texts: Vec<(Value, Part)> = Vec::new();
    for entry in cx.distinct_parts(map) {
        let (keys, lists) = (cx.alternatives(&entry.key), cx.alternatives(&entry.value));
        if !entry.generators.is_empty() || !keys.iter().all(|(_, key)| cx.is_text(key)) {
            return None;
        }
        for (when, list) in lists {
            let list = list.as_coll().filter(|list| !list.kind.keyed())?;
            if !list.parts.iter().all(|part| part.generators.is_empty() && cx.is_text(&part.value)) {
                return None;
            }
            for (named, key) in &keys {
                let there = |p: &Part| cx.all([entry.guard, *named, when, p.guard]);
                texts.extend(list.parts.iter().map(|p| (key.clone(), Part { guard: there(p), ..p.clone() })));
            }
        }
    }
    if texts.len().saturating_mul(texts.len()) > PAIRS.most {
        return None;
    }
    texts.sort_by(|(a, _), (b, _)| order(a, b));
    // Where inputs are in the keys, their order is that of what these turn out to be.
    let open = !texts.iter().all(|(key, _)| key.is_known());
    let entry = |(_, text): &(Value, Part)| {
        let names = texts.iter().map(|(key, own)| Part {
            guard: cx.and(own.guard, cx.equal(&own.value, &text.value)),
            sort_key: if open { key.clone() } else { Value::Null },
            ..Part::item(key.clone())
        });
        let names = names.filter(|part| !part.guard.is_false());
        let names = cx.container(CollKind::List, Ty::String, names.collect());
        Part { guard: text.guard, ..Part::entry(text.value.clone(), names) }
    };
    let entries = texts.iter().map(entry).collect();
    Some(cx.container(CollKind::Map, Ty::List(Box::new(Ty::String)), entries))
}

const ALL: Func =
    Func::shape("alltrue", Ty::Bool, |cx, f, a| quantify(cx, f, a, true)).refusing().all_of().in_any_order();
static ALL_TRUE: Func = ALL;

/// Null counts as false.
fn quantify(cx: &Cx, f: &'static Func, args: &[Value], all: bool) -> Value {
    match args {
        [list @ Value::Sym(sym)] if matches!(cx.type_of(*sym), Ty::List(_) | Ty::Set(_)) => {
            match super::elements(cx, list) {
                Some(parts) => {
                    let parts = parts.into_iter().map(|p| Part { sort_key: Value::Null, ..p }).collect();
                    quantify(cx, f, &[Value::typed(CollKind::List, Ty::Bool, parts)], all)
                }
                None => left_open(cx, f, args),
            }
        }
        [Value::Coll(c)] if !c.kind.keyed() => {
            let mut each: Vec<Guard> = Vec::new();
            let mut refused = Vec::new();
            let mut open = false;
            for part in &c.parts {
                let value = to_bool(cx, &part.value);
                let bad = cx.and(part.guard, cx.refused(&value));
                if !bad.is_false() {
                    refused.push((bad, value.clone()));
                }
                let holds = cx.truth(&value);
                if !part.generators.is_empty() {
                    open = true;
                    continue;
                }
                each.push(if all { cx.or(cx.not(part.guard), holds) } else { cx.and(part.guard, holds) });
            }
            if open && !refused.is_empty() {
                return left_open(cx, f, args);
            }
            // Of unknown elements any holds where not all of them fail.
            if open && !all {
                let fails = |p: &Part| Value::Bool(cx.not(cx.truth(&to_bool(cx, &p.value))));
                let failing = c.parts.iter().map(|p| Part { value: fails(p), ..p.clone() }).collect();
                return cx.negate(&quantify(cx, &ALL_TRUE, &[Value::typed(c.kind, Ty::Bool, failing)], true));
            }
            // Nothing that is a bool is refused.
            if open {
                return Value::Bool(cx.predicate(f, args));
            }
            let result = Value::Bool(if all { cx.all(each) } else { cx.any(each) });
            let Some((_, first)) = refused.first() else { return result };
            let when = cx.any(refused.iter().map(|(g, _)| *g));
            let refusal = cx.alternatives(first).into_iter().find(|(_, v)| matches!(v, Value::Refused(_)));
            cx.if_else(when, refusal.map_or_else(|| wrong("a bool is needed"), |(_, v)| v), result)
        }
        _ => left_open(cx, f, args),
    }
}

/// How many numbers that are not known `max` and `min` compare; with more of them the call is a symbol.
const COMPARED: usize = 4;

/// The largest number, or the smallest. Of numbers that are not known it is the one that comparing them leaves, so that
/// `max(n, 1) == 1` is `n < 1 || n == 1`.
fn extreme(cx: &Cx, f: &'static Func, args: &[Value], largest: bool) -> Value {
    let numbers: Vec<Value> = args.iter().map(|a| to_number(cx, a)).collect();
    // A text, or an attribute of an input, is a number in some cases and none in others.
    cx.lift(f, &numbers, &|numbers| extreme_of(cx, f, numbers, largest))
}

fn extreme_of(cx: &Cx, f: &'static Func, numbers: &[Value], largest: bool) -> Value {
    let mut known: Option<Num> = None;
    let mut open: Vec<&Value> = Vec::new();
    for n in numbers {
        match n {
            Value::Number(n) => {
                let better = known.as_ref().is_none_or(|k| if largest { **n > *k } else { **n < *k });
                if better {
                    known = Some((**n).clone());
                }
            }
            Value::Sym(_) => open.push(n),
            Value::Null => return wrong("a number is needed, not null"),
            Value::Refused(_) => return n.clone(),
            _ => return left_open(cx, f, numbers),
        }
    }
    if open.len() > COMPARED {
        return left_open(cx, f, numbers);
    }
    let mut all = known.map(Value::from).into_iter().chain(open.into_iter().cloned());
    let Some(first) = all.next() else { return wrong("at least one number is needed") };
    all.fold(first, |best, next| {
        let less = if largest { cx.less(&best, &next) } else { cx.less(&next, &best) };
        cx.if_else(cx.truth(&less), next, best)
    })
}

/// Two values of one list have one index where they are one, and the first element has 0.
fn found_at(cx: &Cx, f: &'static Func, args: &[Value], at: &Value) -> Option<Guard> {
    let [list, value] = args else { return None };
    match at {
        Value::Sym(sym) => match cx.node(*sym)? {
            SymNode::Call(func, other) if func == f => match &*other {
                [of, other] if of == list => Some(cx.equal(value, other)),
                _ => None,
            },
            _ => None,
        },
        Value::Number(n) if n.signum() == 0 => Some(cx.equal(&cx.index(list, at), value)),
        _ => None,
    }
}

/// The place of the first element that is the value; of what is not known, of each that it may be.
fn index(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if let [Value::Sym(list), value] = args {
        if *value == Value::Null {
            return wrong("the list does not hold this value");
        }
        if matches!(cx.type_of(*list), Ty::Set(_) | Ty::Map(_) | Ty::Object(_)) {
            return wrong("index takes a list");
        }
        let found = left_open(cx, f, args);
        if !matches!(cx.type_of(*list), Ty::List(_)) {
            return found;
        }
        // It has an index where the list holds it.
        let held = cx.truth(&cx.call(&CONTAINS, args));
        let found = cx.alternatives(&found).into_iter().map(|(_, v)| v).find(|v| matches!(v, Value::Sym(_)));
        let wrong = wrong("the list does not hold this value");
        return found.map_or(Value::Null, |found| cx.if_else(held, found, wrong));
    }
    if let [Value::Coll(list), value] = args
        && list.kind.in_a_row()
        && let Some(place) = cx.seek(list, value)
    {
        return place
            .map_or_else(|| wrong("the list does not hold this value"), |at| Num::from_usize(at).into());
    }
    cx.spend_on(args);
    let list = match ordered(args, 0) {
        Ok(list) if list.parts.is_empty() => return wrong("an empty list has no elements to find"),
        Ok(list) => list,
        Err(refused) => return refused,
    };
    if !list.parts.iter().all(Part::is_certain) {
        return match cx.split(&arg(args, 0)) {
            split @ Value::Choice(_) => cx.map(&split, |list| index(cx, f, &[list.clone(), arg(args, 1)])),
            _ => left_open(cx, f, args),
        };
    }
    let (mut found, mut left) = (Vec::new(), Guard::TRUE);
    for (i, part) in list.parts.iter().enumerate() {
        let here = cx.and(left, cx.equal(&part.value, &arg(args, 1)));
        found.push((here, Num::from_usize(i).into()));
        left = cx.and(left, cx.not(here));
    }
    found.push((left, wrong("the list does not hold this value")));
    cx.choice(found)
}
