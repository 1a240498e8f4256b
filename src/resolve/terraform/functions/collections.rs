//! Functions over collections.

use super::super::types::{self, to_bool, to_number, to_string};
use super::{arg, wrong};
use crate::value::build::order;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, Part, Takes, Ty, Value};

const fn shape(name: &'static str, body: fn(&Cx, &[Value]) -> Value) -> Func {
    Func { name, takes: Takes::Shape, ret: Ty::Dynamic, refuses: true, body }
}

const fn known(name: &'static str, body: fn(&Cx, &[Value]) -> Value) -> Func {
    Func { name, takes: Takes::Known, ret: Ty::Dynamic, refuses: true, body }
}

/// The rows.
pub static TABLE: &[Func] = &[
    shape("toset", |cx, a| convert(cx, a, "toset", CollKind::Set)),
    shape("tolist", |cx, a| convert(cx, a, "tolist", CollKind::List)),
    shape("tomap", |cx, a| convert(cx, a, "tomap", CollKind::Map)),
    shape("tostring", |cx, a| to_string(cx, &arg(a, 0))),
    shape("tonumber", |cx, a| to_number(cx, &arg(a, 0))),
    shape("tobool", |cx, a| to_bool(cx, &arg(a, 0))),
    shape("length", length),
    shape("concat", concat),
    shape("merge", merge),
    shape("keys", |cx, a| fields(cx, a, "keys", true)),
    shape("values", |cx, a| fields(cx, a, "values", false)),
    shape("lookup", lookup),
    shape("contains", contains),
    shape("element", element),
    shape("coalesce", coalesce),
    shape("flatten", flatten),
    shape("alltrue", |cx, a| quantify(cx, a, true)),
    shape("anytrue", |cx, a| quantify(cx, a, false)),
    shape("one", one),
    shape("reverse", |cx, a| match a {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let kind = if c.kind == CollKind::Set { CollKind::List } else { c.kind };
            cx.container(kind, c.elem.clone(), c.parts.iter().rev().cloned().collect())
        }
        _ => opaque(cx, "reverse", a),
    }),
    known("distinct", |cx, a| match a {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let mut parts: Vec<Part> = Vec::new();
            for part in &c.parts {
                if !parts.iter().any(|p| p.value == part.value) {
                    parts.push(part.clone());
                }
            }
            cx.container(c.kind, c.elem.clone(), parts)
        }
        _ => wrong("distinct takes a list"),
    }),
    known("compact", |cx, a| match a {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let parts =
                c.parts.iter().filter(|p| p.value != Value::Null && p.value != Value::from("")).cloned();
            cx.container(CollKind::List, Ty::String, parts.collect())
        }
        _ => wrong("compact takes a list of strings"),
    }),
    known("sort", |cx, a| match a {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let mut parts: Vec<Part> = c.parts.iter().map(|p| Part::item(to_string(cx, &p.value))).collect();
            parts.sort_by(|x, y| order(&x.value, &y.value));
            cx.container(CollKind::List, Ty::String, parts)
        }
        _ => wrong("sort takes a list of strings"),
    }),
    known("range", range),
    known("slice", |cx, a| match a {
        [Value::Coll(c), Value::Number(from), Value::Number(to)] if !c.kind.keyed() => {
            let bounds = from.to_i64().zip(to.to_i64());
            let bounds = bounds.and_then(|(f, t)| Some((usize::try_from(f).ok()?, usize::try_from(t).ok()?)));
            match bounds.and_then(|(f, t)| c.parts.get(f..t)) {
                Some(parts) => cx.container(
                    if c.kind == CollKind::Set { CollKind::List } else { c.kind },
                    c.elem.clone(),
                    parts.to_vec(),
                ),
                None => wrong("these bounds are outside the list"),
            }
        }
        _ => wrong("slice takes a list and two numbers"),
    }),
    known("zipmap", |cx, a| match a {
        [Value::Coll(k), Value::Coll(v)] if k.parts.len() == v.parts.len() => {
            let parts = k
                .parts
                .iter()
                .zip(&v.parts)
                .map(|(k, v)| Part {
                    guard: Guard::TRUE,
                    key: to_string(cx, &k.value),
                    value: v.value.clone(),
                    over: Vec::new(),
                })
                .collect();
            cx.container(CollKind::Object, Ty::Dynamic, parts)
        }
        _ => wrong("zipmap takes two lists of one length"),
    }),
    known("setproduct", |cx, a| {
        let mut rows: Vec<Vec<Value>> = vec![Vec::new()];
        let mut set = !a.is_empty();
        for coll in a {
            let Value::Coll(c) = coll else { return wrong("setproduct takes collections") };
            set &= c.kind == CollKind::Set;
            if rows.len().saturating_mul(c.parts.len()) > 100_000 {
                return wrong("this product has too many elements");
            }
            rows = rows
                .iter()
                .flat_map(|r| c.parts.iter().map(move |p| [r.as_slice(), &[p.value.clone()]].concat()))
                .collect();
        }
        let parts = rows.into_iter().map(|r| Part::item(Value::tuple(r))).collect();
        cx.container(if set { CollKind::Set } else { CollKind::List }, Ty::Dynamic, parts)
    }),
    known("max", |_, a| extreme(a, |x, y| x > y)),
    known("min", |_, a| extreme(a, |x, y| x < y)),
];

fn opaque(cx: &Cx, name: &str, args: &[Value]) -> Value {
    match TABLE.iter().find(|f| f.name == name) {
        Some(func) if args.iter().any(|a| !a.is_known()) => cx.opaque(func, args),
        _ => wrong(&format!("{name} does not take these arguments")),
    }
}

fn convert(cx: &Cx, args: &[Value], name: &str, kind: CollKind) -> Value {
    match args {
        [Value::Coll(c)] if c.kind.keyed() == kind.keyed() => {
            let elem = if c.elem == Ty::Dynamic { unified(cx, c) } else { c.elem.clone() };
            let parts = c
                .parts
                .iter()
                .map(|p| Part {
                    value: if elem == Ty::String { to_string(cx, &p.value) } else { p.value.clone() },
                    ..p.clone()
                })
                .collect();
            cx.container(kind, elem, parts)
        }
        // The elements of a converted collection are the elements of the collection.
        [v @ (Value::Sym(_) | Value::Null)] => v.clone(),
        _ => wrong(&format!("{name} does not take this value")),
    }
}

/// The one type of the elements: text where any is text, else that of the first.
fn unified(cx: &Cx, coll: &Coll) -> Ty {
    let scalar = |v: &Value| match v {
        Value::String(_) => Ty::String,
        Value::Number(_) => Ty::Number,
        Value::Bool(_) => Ty::Bool,
        Value::Sym(s) => cx.type_of(*s),
        _ => Ty::Dynamic,
    };
    let types: Vec<Ty> = coll
        .parts
        .iter()
        .flat_map(|p| cx.alternatives(&p.value))
        .map(|(_, v)| scalar(&v))
        .filter(|t| *t != Ty::Dynamic)
        .collect();
    if types.contains(&Ty::String) { Ty::String } else { types.first().cloned().unwrap_or_default() }
}

fn length(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::String(text)] => Num::from_usize(text.chars().count()).into(),
        [Value::Sym(s)] if cx.type_of(*s) == Ty::String => opaque(cx, "length", args),
        [v] => cx.length(v),
        _ => wrong("length takes one value"),
    }
}

fn concat(cx: &Cx, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut kind = CollKind::List;
    let mut elem = None;
    for a in args {
        match a {
            Value::Coll(c) if !c.kind.keyed() => {
                if c.kind == CollKind::Tuple {
                    kind = CollKind::Tuple;
                }
                elem = elem.or_else(|| (c.elem != Ty::Dynamic).then(|| c.elem.clone()));
                parts.extend(c.parts.iter().cloned());
            }
            _ => return opaque(cx, "concat", args),
        }
    }
    cx.container(kind, elem.unwrap_or_default(), parts)
}

fn merge(cx: &Cx, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut kind = CollKind::Map;
    for a in args {
        match a {
            Value::Null => {}
            Value::Coll(c) if c.kind.keyed() => {
                if c.kind == CollKind::Object {
                    kind = CollKind::Object;
                }
                parts.extend(c.parts.iter().cloned());
            }
            _ => return opaque(cx, "merge", args),
        }
    }
    cx.container(kind, Ty::Dynamic, parts)
}

fn fields(cx: &Cx, args: &[Value], name: &str, keys: bool) -> Value {
    match args {
        [Value::Coll(c)] if c.kind.keyed() => {
            let parts = c
                .parts
                .iter()
                .map(|p| Part {
                    key: Value::Null,
                    value: if keys { p.key.clone() } else { p.value.clone() },
                    ..p.clone()
                })
                .collect();
            let kind = if c.kind == CollKind::Map { CollKind::List } else { CollKind::Tuple };
            cx.container(kind, if keys { Ty::String } else { c.elem.clone() }, parts)
        }
        _ => opaque(cx, name, args),
    }
}

fn lookup(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [base, key] => cx.index(base, key),
        [base @ Value::Coll(_), key, default] => {
            let found = cx.index(base, key);
            let alternatives = cx.alternatives(&found).into_iter();
            let with_default = |v: Value| if matches!(v, Value::Refused(_)) { default.clone() } else { v };
            cx.choice(alternatives.map(|(g, v)| (g, with_default(v))).collect())
        }
        _ => opaque(cx, "lookup", args),
    }
}

fn contains(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::Coll(c), value] if !c.kind.keyed() => {
            if c.parts.iter().any(|p| !p.over.is_empty()) {
                return opaque_bool(cx, args);
            }
            let same = c.parts.iter().map(|p| cx.and(p.guard, cx.equal(&p.value, value)));
            Value::Bool(cx.any(same))
        }
        [Value::Sym(_), _] => opaque_bool(cx, args),
        _ => wrong("contains takes a list or set and a value"),
    }
}

fn opaque_bool(cx: &Cx, args: &[Value]) -> Value {
    static CONTAINS: Func = Func {
        name: "contains",
        takes: Takes::Shape,
        ret: Ty::Bool,
        refuses: false,
        body: |cx, a| contains(cx, a),
    };
    cx.opaque(&CONTAINS, args)
}

fn element(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::Coll(c), Value::Number(n)] if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => {
            let (Some(i), count @ 1..) = (n.to_i64(), c.parts.len()) else {
                return wrong("there is no such element");
            };
            match usize::try_from(i).ok().and_then(|i| c.parts.get(i % count)) {
                Some(part) => part.value.clone(),
                None => wrong("the index of element is negative"),
            }
        }
        [Value::Sym(_), Value::Number(_)] => cx.index(&arg(args, 0), &arg(args, 1)),
        _ => opaque(cx, "element", args),
    }
}

fn coalesce(cx: &Cx, args: &[Value]) -> Value {
    let mut alternatives = Vec::new();
    let mut left = Guard::TRUE;
    for a in args {
        let empty = cx.or(cx.null(a), cx.equal(a, &Value::from("")));
        alternatives.push((cx.and(left, cx.not(empty)), a.clone()));
        left = cx.and(left, empty);
    }
    if !left.is_false() {
        alternatives.push((left, wrong("every argument of coalesce is null or empty")));
    }
    cx.choice(alternatives)
}

fn flatten(cx: &Cx, args: &[Value]) -> Value {
    fn add(cx: &Cx, part: &Part, out: &mut Vec<Part>) -> bool {
        let mut whole = true;
        for (guard, value) in cx.alternatives(&part.value) {
            let guard = cx.and(part.guard, guard);
            match &value {
                Value::Coll(c) if !c.kind.keyed() => {
                    for inner in &c.parts {
                        let over = [part.over.as_slice(), &inner.over].concat();
                        let inner = Part { guard: cx.and(guard, inner.guard), over, ..inner.clone() };
                        whole &= add(cx, &inner, out);
                    }
                }
                // A symbol may itself be a list.
                Value::Sym(s) if !cx.type_of(*s).is_scalar() && cx.type_of(*s) != Ty::Dynamic => {
                    whole = false
                }
                _ => out.push(Part { guard, key: Value::Null, value, over: part.over.clone() }),
            }
        }
        whole
    }
    let mut parts = Vec::new();
    match args {
        [Value::Coll(c)] if !c.kind.keyed() => {
            let whole = c.parts.iter().all(|p| add(cx, p, &mut parts));
            if whole {
                cx.container(CollKind::Tuple, Ty::Dynamic, parts)
            } else {
                opaque(cx, "flatten", args)
            }
        }
        _ => opaque(cx, "flatten", args),
    }
}

fn quantify(cx: &Cx, args: &[Value], all: bool) -> Value {
    match args {
        [Value::Coll(c)] if !c.kind.keyed() && c.parts.iter().all(|p| p.over.is_empty()) => {
            let each: Vec<Guard> = c
                .parts
                .iter()
                .map(|p| {
                    let holds = cx.truth(&to_bool(cx, &p.value));
                    if all { cx.or(cx.not(p.guard), holds) } else { cx.and(p.guard, holds) }
                })
                .collect();
            Value::Bool(if all { cx.all(each) } else { cx.any(each) })
        }
        _ => opaque(cx, if all { "alltrue" } else { "anytrue" }, args),
    }
}

fn one(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::Coll(c)] if !c.kind.keyed() && c.parts.iter().all(|p| p.over.is_empty()) => {
            match c.parts.as_slice() {
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
        _ => opaque(cx, "one", args),
    }
}

fn range(_: &Cx, args: &[Value]) -> Value {
    let numbers: Option<Vec<&Num>> = args.iter().map(Value::as_number).collect();
    let (zero, one) = (Num::from_i64(0), Num::from_i64(1));
    let (from, to, step) = match numbers.as_deref() {
        Some([to]) => (zero.clone(), (*to).clone(), one),
        Some([from, to]) => ((*from).clone(), (*to).clone(), if to < from { one.neg() } else { one }),
        Some([from, to, step]) => ((*from).clone(), (*to).clone(), (*step).clone()),
        _ => return wrong("range takes one to three numbers"),
    };
    let up = step.signum();
    if up == 0 || (up > 0 && to < from) || (up < 0 && to > from) {
        return wrong("the step of range leads away from its end");
    }
    let (mut at, mut items) = (from, Vec::new());
    while (up > 0 && at < to) || (up < 0 && at > to) {
        if items.len() >= 1024 {
            return wrong("range has more than 1024 elements, which Terraform refuses");
        }
        items.push(at.clone());
        match at.add(&step) {
            Some(next) => at = next,
            None => break,
        }
    }
    Value::typed(CollKind::List, Ty::Number, items.into_iter().map(|n| Part::item(n.into())).collect())
}

fn extreme(args: &[Value], better: fn(&Num, &Num) -> bool) -> Value {
    let mut best: Option<Num> = None;
    for a in args {
        let n = match a {
            Value::Number(n) => (**n).clone(),
            Value::String(text) => match Num::parse(text) {
                Some(n) => n,
                None => return wrong("a number is needed"),
            },
            _ => return wrong("a number is needed"),
        };
        if best.as_ref().is_none_or(|b| better(&n, b)) {
            best = Some(n);
        }
    }
    best.map_or_else(|| wrong("at least one number is needed"), Value::from)
}

#[allow(unused_imports)]
use types as _;
