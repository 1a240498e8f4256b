//! Types of values, the one type that several values convert to, and conversion to a type.
//!
//! Answers: what `tolist([…])`, the arms of a conditional, `coalesce(…)` become. A type that is not known is
//! compatible with every other: only what is certainly refused is refused.
//! Source: Terraform language, "Types and Values: Type Conversion"; recorded results of the binary.

use super::scalars::{to_bool, to_number, to_string};
use crate::value::func::{Elements, Gives};
use crate::value::ops::INDEX;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Part, SymId, SymNode, Ty, Value};

/// Whether the elements of a container have no type in common.
pub static DIFFER: Func = Func::known("(have no type in common)", Ty::Bool, |cx, _, args| {
    let Some(Value::Coll(all)) = args.first() else { return Value::FALSE };
    Value::from(unified(cx, all).is_none())
});

/// Its first argument, of one type with the elements of the second.
pub static CONVERTED: Func = Func::known("(of one type)", Ty::Dynamic, |cx, _, args| {
    let [first, Value::Coll(others)] = args else { return Value::Null };
    let others = others.parts.iter().map(|p| &p.value);
    let types: Vec<Ty> = [first].into_iter().chain(others).map(|v| type_of(cx, v)).collect();
    match unify(&types) {
        Some(ty) => conform(cx, first, &ty),
        None => Value::refused("these values do not convert to one type", None),
    }
})
.same()
.with_elements(Elements::All);

/// The type of a value, [`Ty::Dynamic`] where it is not known; null has no type of its own.
pub fn type_of(cx: &Cx, value: &Value) -> Ty {
    match value {
        Value::Null | Value::Refused(_) => Ty::Dynamic,
        Value::Bool(_) => Ty::Bool,
        Value::Number(_) => Ty::Number,
        Value::String(_) => Ty::String,
        Value::Sym(sym) => type_of_symbol(cx, *sym),
        Value::Choice(alternatives) => {
            let types: Vec<Ty> = alternatives.iter().map(|(_, v)| type_of(cx, v)).collect();
            let mut known = types.iter().filter(|t| **t != Ty::Dynamic);
            match known.next() {
                Some(first) if known.all(|t| t == first) => first.clone(),
                _ => Ty::Dynamic,
            }
        }
        Value::Coll(coll) => type_of_coll(cx, coll),
    }
}

fn type_of_symbol(cx: &Cx, sym: SymId) -> Ty {
    let Some(SymNode::Call(func, args)) = cx.node(sym) else { return cx.type_of(sym) };
    let elem = || Box::new(args.first().map(|a| element_of(cx, a)).unwrap_or_default());
    match func.gives {
        Some(Gives::Set) => Ty::Set(elem()),
        Some(Gives::List) => Ty::List(elem()),
        Some(Gives::Map) => Ty::Map(elem()),
        Some(Gives::Row) => cx.type_of(sym),
        Some(Gives::Texts) => Ty::List(Box::new(Ty::String)),
        None if *func == INDEX => match args.first() {
            // Elements of a tuple or object have types of their own.
            Some(Value::Coll(c)) => common(cx, c.parts.iter().map(|p| &p.value)),
            _ => *elem(),
        },
        None => cx.type_of(sym),
    }
}

fn type_of_coll(cx: &Cx, coll: &Coll) -> Ty {
    let certain = coll.parts.iter().all(Part::is_certain);
    match coll.kind {
        CollKind::List => Ty::List(Box::new(element_type(cx, coll))),
        CollKind::Set => Ty::Set(Box::new(element_type(cx, coll))),
        CollKind::Map => Ty::Map(Box::new(element_type(cx, coll))),
        CollKind::Tuple if certain => Ty::Tuple(coll.parts.iter().map(|p| type_of(cx, &p.value)).collect()),
        CollKind::Object if certain => {
            let field = |p: &Part| Some((p.key.as_str()?.to_string(), type_of(cx, &p.value)));
            coll.parts.iter().map(field).collect::<Option<_>>().map_or(Ty::Dynamic, Ty::Object)
        }
        CollKind::Tuple | CollKind::Object | CollKind::Sequence(_) | CollKind::Mapping(_) => Ty::Dynamic,
    }
}

/// The element type of a list, set or map; of a tuple or object the one that its elements convert to, if any.
pub fn element_type(cx: &Cx, coll: &Coll) -> Ty {
    if coll.elem != Ty::Dynamic {
        return coll.elem.settled();
    }
    unified(cx, coll).unwrap_or_default()
}

/// The type that all values are known to have.
pub fn common<'v>(cx: &Cx, values: impl IntoIterator<Item = &'v Value>) -> Ty {
    let mut types = values
        .into_iter()
        .flat_map(|v| cx.alternatives(v))
        .filter(|(_, v)| !matches!(v, Value::Null | Value::Refused(_)));
    let Some((_, first)) = types.next() else { return Ty::Dynamic };
    let first = type_of(cx, &first);
    if first.is_whole() && types.all(|(_, v)| type_of(cx, &v) == first) { first } else { Ty::Dynamic }
}

/// The type of the elements of a collection, if it is known.
pub fn element_of(cx: &Cx, value: &Value) -> Ty {
    match value {
        Value::Coll(c) => element_type(cx, c),
        Value::Sym(sym) => match type_of_symbol(cx, *sym) {
            Ty::List(elem) | Ty::Set(elem) | Ty::Map(elem) => *elem,
            _ => Ty::Dynamic,
        },
        _ => Ty::Dynamic,
    }
}

/// The element type of collections that were converted to one type, if it is certain.
pub fn elem_of(cx: &Cx, collections: &[Value]) -> Ty {
    match collections.first() {
        Some(Value::Coll(coll)) => coll.elem.clone(),
        other => other.map(|v| element_of(cx, v)).unwrap_or_default(),
    }
}

/// The one type that the elements convert to; `None` if there is none.
pub fn unified(cx: &Cx, coll: &Coll) -> Option<Ty> {
    let types: Vec<Ty> =
        coll.parts.iter().flat_map(|p| cx.alternatives(&p.value)).map(|(_, v)| type_of(cx, &v)).collect();
    unify(&types)
}

/// The one type that values of these types convert to; `None` if there is none.
pub fn unify(types: &[Ty]) -> Option<Ty> {
    let mut distinct: Vec<&Ty> = Vec::new();
    for ty in types.iter().filter(|t| **t != Ty::Dynamic) {
        if !distinct.contains(&ty) {
            distinct.push(ty);
        }
    }
    let (first, rest) = match distinct.as_slice() {
        [] => return Some(Ty::Dynamic),
        [one] => return Some((*one).clone()),
        [first, rest @ ..] => (*first, rest),
    };
    let all = |f: fn(&Ty) -> bool| f(first) && rest.iter().all(|t| f(t));
    if all(|t| matches!(t, Ty::Object(_))) {
        return unify_objects(&distinct);
    }
    if all(|t| matches!(t, Ty::Tuple(_))) {
        return unify_tuples(&distinct);
    }
    if all(|t| matches!(t, Ty::Map(_) | Ty::Object(_))) {
        let inner = distinct.iter().flat_map(|t| inner_types(t)).collect::<Vec<_>>();
        return Some(Ty::Map(Box::new(unify(&inner)?)));
    }
    if all(|t| matches!(t, Ty::List(_) | Ty::Set(_) | Ty::Tuple(_))) {
        let inner = distinct.iter().flat_map(|t| inner_types(t)).collect::<Vec<_>>();
        let elem = Box::new(unify(&inner)?);
        let list = distinct.iter().any(|t| matches!(t, Ty::List(_)));
        return Some(if list { Ty::List(elem) } else { Ty::Set(elem) });
    }
    if all(Ty::is_scalar) && distinct.contains(&&Ty::String) {
        return Some(Ty::String);
    }
    None
}

fn inner_types(ty: &Ty) -> Vec<Ty> {
    match ty {
        Ty::List(t) | Ty::Set(t) | Ty::Map(t) => vec![(**t).clone()],
        Ty::Tuple(items) => items.clone(),
        Ty::Object(fields) => fields.iter().map(|f| f.1.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Objects with the same attributes stay objects; others become maps, if their values have one type.
fn unify_objects(types: &[&Ty]) -> Option<Ty> {
    let fields: Vec<&Vec<(String, Ty)>> =
        types.iter().filter_map(|t| if let Ty::Object(f) = t { Some(f) } else { None }).collect();
    let first = fields.first()?;
    let same = fields.iter().all(|f| f.iter().map(|x| &x.0).eq(first.iter().map(|x| &x.0)));
    if same {
        let attribute = |i: usize| {
            let column: Vec<Ty> = fields.iter().filter_map(|f| f.get(i)).map(|x| x.1.clone()).collect();
            unify(&column)
        };
        let joined: Option<Vec<_>> =
            first.iter().enumerate().map(|(i, (name, _))| Some((name.clone(), attribute(i)?))).collect();
        if let Some(joined) = joined {
            return Some(Ty::Object(joined));
        }
    }
    let inner: Vec<Ty> = types.iter().flat_map(|t| inner_types(t)).collect();
    Some(Ty::Map(Box::new(unify(&inner)?)))
}

/// Tuples of one length stay tuples; others become lists, if their elements have one type.
fn unify_tuples(types: &[&Ty]) -> Option<Ty> {
    let items: Vec<&Vec<Ty>> =
        types.iter().filter_map(|t| if let Ty::Tuple(i) = t { Some(i) } else { None }).collect();
    let first = items.first()?;
    if items.iter().all(|i| i.len() == first.len()) {
        let column = |n: usize| {
            let column: Vec<Ty> = items.iter().filter_map(|i| i.get(n)).cloned().collect();
            unify(&column)
        };
        if let Some(joined) = (0..first.len()).map(column).collect::<Option<Vec<_>>>() {
            return Some(Ty::Tuple(joined));
        }
    }
    let inner: Vec<Ty> = types.iter().flat_map(|t| inner_types(t)).collect();
    Some(Ty::List(Box::new(unify(&inner)?)))
}

/// A value converted to a type; what does not convert is refused, null stays null, what is not known stays as it is.
pub fn conform(cx: &Cx, value: &Value, to: &Ty) -> Value {
    match to {
        Ty::Dynamic | Ty::Open(_) => return value.clone(),
        Ty::Bool | Ty::Number | Ty::String => {
            return cx.map(value, |v| match (v, to) {
                (Value::Sym(sym), _) if cx.type_of(*sym) == Ty::Dynamic => v.clone(),
                (_, Ty::Bool) => to_bool(cx, v),
                (_, Ty::Number) => to_number(cx, v),
                _ => to_string(cx, v),
            });
        }
        _ => {}
    }
    cx.map(value, |v| match (v, to) {
        (Value::Sym(_), _) => converted_to(cx, v, to),
        (Value::Null, _) => v.clone(),
        (Value::Coll(c), Ty::List(elem)) if !c.kind.keyed() => elements(cx, c, CollKind::List, elem),
        (Value::Coll(c), Ty::Set(elem)) if !c.kind.keyed() => elements(cx, c, CollKind::Set, elem),
        (Value::Coll(c), Ty::Map(elem)) if c.kind.keyed() => elements(cx, c, CollKind::Map, elem),
        (Value::Coll(c), Ty::Tuple(items)) if !c.kind.keyed() => {
            if !c.parts.iter().all(Part::is_certain) {
                return v.clone();
            }
            // The type came from other values, whose own is known; this one's is its own.
            if items.len() != c.parts.len() {
                return v.clone();
            }
            let parts = c.parts.iter().zip(items);
            let parts = parts.map(|(p, t)| Part { value: conform(cx, &p.value, t), ..p.clone() }).collect();
            cx.container(CollKind::Tuple, Ty::Dynamic, parts)
        }
        (Value::Coll(c), Ty::Object(fields)) if c.kind.keyed() => {
            let has = |p: &Part| fields.iter().any(|(name, _)| p.key.as_str() == Some(name));
            if !c.parts.iter().all(|p| p.is_certain() && has(p)) {
                return v.clone();
            }
            let parts = fields.iter().map(|(name, ty)| {
                let key = Value::from(name.as_str());
                let value = cx.index(v, &key);
                Part::entry(key, conform(cx, &value, ty))
            });
            cx.container(CollKind::Object, Ty::Dynamic, parts.collect())
        }
        _ => Value::refused("these values do not convert to one type", None),
    })
}

/// A symbol as of a type: what is not computed yet is converted once it is; an input stays as it is.
pub fn converted_to(cx: &Cx, symbol: &Value, ty: &Ty) -> Value {
    if !is_computed_later(cx, symbol) || !ty.is_whole() || type_of(cx, symbol) == *ty {
        return symbol.clone();
    }
    cx.call(&CONVERTED, &[symbol.clone(), Value::tuple([ty.sample()])])
}

/// Whether a value is a call that is computed once its arguments are known.
pub fn is_computed_later(cx: &Cx, value: &Value) -> bool {
    matches!(value, Value::Sym(sym) if matches!(cx.node(*sym), Some(SymNode::Call(..))))
}

/// A container as a list, set or map of this element type.
pub fn elements(cx: &Cx, coll: &Coll, kind: CollKind, elem: &Ty) -> Value {
    let met = if kind.keyed() { cx.distinct_parts(coll) } else { cx.sequence_parts(coll) };
    let parts = met.into_iter().map(|p| Part {
        key: if kind.keyed() { p.key } else { Value::Null },
        value: conform(cx, &p.value, elem),
        ..p
    });
    cx.container(kind, elem.clone(), parts.collect())
}

/// What is a list or map when the guard holds, and else a tuple or object: one container where both have the same parts.
pub fn by_kind(cx: &Cx, typed: Guard, as_typed: Value, otherwise: Value) -> Value {
    match (&as_typed, &otherwise) {
        (Value::Coll(x), Value::Coll(y))
            if x.parts == y.parts
                && x.kind.keyed() == y.kind.keyed()
                && x.kind.in_a_row() == y.kind.in_a_row() =>
        {
            let kind = if x.kind.keyed() { CollKind::mapping(typed) } else { CollKind::sequence(typed) };
            cx.container(kind, x.elem.clone(), x.parts.clone())
        }
        _ => cx.if_else(typed, as_typed, otherwise),
    }
}

/// A type as Terraform writes it.
pub fn show(ty: &Ty) -> String {
    match ty {
        Ty::Dynamic | Ty::Open(_) => "dynamic".into(),
        Ty::Bool => "bool".into(),
        Ty::Number => "number".into(),
        Ty::String => "string".into(),
        Ty::List(t) => format!("list({})", show(t)),
        Ty::Set(t) => format!("set({})", show(t)),
        Ty::Map(t) => format!("map({})", show(t)),
        Ty::Tuple(items) => format!("tuple([{}])", items.iter().map(show).collect::<Vec<_>>().join(",")),
        Ty::Object(fields) => {
            let shown: Vec<String> = fields.iter().map(|(n, t)| format!("{n}:{}", show(t))).collect();
            format!("object({{{}}})", shown.join(","))
        }
    }
}

/// Whether values of a type convert to another as a part of it: text from scalars, never the other way.
pub fn converts(from: &Ty, to: &Ty) -> bool {
    match (from, to) {
        (Ty::Dynamic, _) | (_, Ty::Dynamic) => true,
        (a, b) if a == b => true,
        (Ty::Bool | Ty::Number, Ty::String) | (Ty::String, Ty::Bool | Ty::Number) => true,
        (Ty::List(a) | Ty::Set(a), Ty::List(b) | Ty::Set(b)) | (Ty::Map(a), Ty::Map(b)) => converts(a, b),
        (Ty::Tuple(items), Ty::List(b) | Ty::Set(b)) => items.iter().all(|t| converts(t, b)),
        (Ty::Object(fields), Ty::Map(b)) => fields.iter().all(|f| converts(&f.1, b)),
        (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| converts(a, b)),
        (Ty::Object(a), Ty::Object(b)) => {
            b.iter().all(|(name, t)| a.iter().any(|(n, f)| n == name && converts(f, t)))
        }
        (Ty::Map(a), Ty::Object(b)) => b.iter().all(|f| converts(a, &f.1)),
        _ => false,
    }
}
