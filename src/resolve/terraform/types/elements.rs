//! Elements of collections that are not known: what stands for one of them, of which collection it is one, at which index.
//!
//! `for_each = toset(var.names)` makes one instance for "each element of `var.names`", a leaf. `sort(var.names)[0]` and
//! `tolist(toset(var.names))` have the same elements, so the leaf is that of `var.names` itself; which functions give
//! elements of their argument again stands in their rows ([`crate::value::func::Elements`]).

use super::scalars::to_number;
use crate::value::func::{Elements, Form};
use crate::value::ops::ADD;
use crate::value::order::has_sort_keys;
use crate::value::symbol::Role;
use crate::value::{CollKind, Cx, Func, Guard, Leaf, LeafKind, Num, Part, SymId, SymNode, Ty, Value};

/// Key and value of an arbitrary element of an unknown collection.
pub fn element(cx: &Cx, source: SymId) -> (Value, Value) {
    let name = cx.name_of(source);
    let ty = cx.type_of(source);
    let elem = match &ty {
        Ty::List(t) | Ty::Set(t) | Ty::Map(t) => (**t).clone(),
        _ => Ty::Dynamic,
    };
    let mut value = Leaf::new(format!("{name}[*]"), elem, LeafKind::Element(Role::Value));
    value.of = Some(source);
    // Of a collection that is computed of nulls, an element may be one.
    value.nullable = cx.made_of_nulls(source);
    let value = cx.leaf_value(value);
    let key = match &ty {
        Ty::Set(_) => value.clone(),
        _ => {
            let listed = matches!(ty, Ty::List(_) | Ty::Tuple(_));
            // What a call gives is written nowhere else: its elements have no other index.
            let (ty, role) = match cx.func_of(source) {
                _ if listed => (Ty::Number, Role::Index),
                Some(func) if func.gives_a_row() => (Ty::Number, Role::Key),
                _ => (Ty::String, Role::Key),
            };
            let mut key = Leaf::new(format!("key of {name}[*]"), ty, LeafKind::Element(role));
            key.of = Some(source);
            cx.leaf_value(key)
        }
    };
    (key, value)
}

/// The collection whose elements are those of a converted or rearranged one.
pub fn unconverted(cx: &Cx, sym: SymId) -> SymId {
    let mut at = sym;
    while let Some(SymNode::Call(func, args)) = cx.node(at) {
        let of = match (func.elements, args.first()) {
            (Some(Elements::All | Elements::Once | Elements::Set), Some(of)) => Some(of.clone()),
            _ => cut_again(cx, &Value::Sym(at)),
        };
        match of {
            Some(Value::Sym(of)) => at = of,
            _ => break,
        }
    }
    at
}

/// Whether a converted or rearranged collection has each of several equal elements of a list once.
pub fn drops_equal(cx: &Cx, sym: SymId) -> bool {
    match cx.node(sym) {
        Some(SymNode::Call(func, args)) => match (func.elements, args.first()) {
            (Some(Elements::Once | Elements::Set), _) => {
                matches!(cx.type_of(unconverted(cx, sym)), Ty::List(_))
            }
            (Some(Elements::All), Some(Value::Sym(of))) => drops_equal(cx, *of),
            _ => false,
        },
        _ => false,
    }
}

/// The list whose elements were joined that a call cuts again at the same separator: `split(",", join(",", keys(var.m)))`. No
/// element is taken to hold it.
pub fn cut_again(cx: &Cx, value: &Value) -> Option<Value> {
    let Value::Sym(sym) = value else { return None };
    let Some(SymNode::Call(func, args)) = cx.node(*sym) else { return None };
    let (Some(form @ Form::Joined), [by, Value::Sym(joined)]) = (func.undoes, &*args) else { return None };
    match cx.node(*joined)? {
        SymNode::Call(join, of) if join.makes == Some(form) && of.first() == Some(by) => of.get(1).cloned(),
        _ => None,
    }
}

/// The same list of a converted or rearranged collection, where parts of it are known.
pub fn joined_again(cx: &Cx, sym: SymId) -> Option<Value> {
    let Value::Coll(list) = cut_again(cx, &Value::Sym(unconverted(cx, sym)))? else { return None };
    let text = |p: Part| Part { value: cx.to_text(&p.value), ..p };
    let parts = cx.sequence_parts(&list).into_iter().map(text).collect();
    let kind = if is_set(cx, sym) { CollKind::Set } else { CollKind::List };
    Some(cx.container(kind, Ty::String, parts))
}

/// Underlying collection of `toset(x)`, `sort(x)`, `slice(x, a, b)`, …, and the condition under which a given element of it
/// is still in the result (`a <= index < b`).
pub fn elements_of(cx: &Cx, sym: SymId) -> (SymId, Guard) {
    static WITHIN: Func = Func::shape("(is within)", Ty::Bool, Cx::opaque);
    let source = unconverted(cx, sym);
    let cut = match cx.node(source) {
        Some(SymNode::Call(func, args)) if func.elements == Some(Elements::Cut) => args,
        _ => return (source, Guard::TRUE),
    };
    let [Value::Sym(whole), from, to] = cut.as_ref() else { return (source, Guard::TRUE) };
    let (from, to) = (&to_number(cx, from), &to_number(cx, to));
    let (of, when) = elements_of(cx, *whole);
    let (index, element) = element(cx, of);
    if !matches!(cx.type_of(of), Ty::List(_)) {
        return (source, Guard::TRUE);
    }
    // The index of an element is the one in the list as it is written.
    let within = if of == *whole {
        let before = cx.truth(&cx.less(&index, from));
        cx.and(cx.not(before), cx.truth(&cx.less(&index, to)))
    } else {
        cx.predicate(&WITHIN, &[element, Value::Sym(source)])
    };
    // A list that ends before is refused.
    let long_enough = cx.not(cx.truth(&cx.less(&cx.count_of(of), to)));
    (of, cx.all([when, within, long_enough]))
}

/// Whether a symbol is known to be a set, whose elements are its keys.
pub fn is_set(cx: &Cx, sym: SymId) -> bool {
    let converted = cx.func_of(sym).is_some_and(|func| func.elements == Some(Elements::Set));
    converted || matches!(cx.type_of(sym), Ty::Set(_))
}

/// The index of each part of a sequence; `None` where an unknown number of parts, or very many, come before it.
pub fn indices(cx: &Cx, parts: &[Part]) -> Vec<Option<Value>> {
    if has_sort_keys(parts) {
        return parts.iter().map(|p| Some(rank(cx, parts, p))).collect();
    }
    let single = parts.iter().position(|p| !p.generators.is_empty()).unwrap_or(parts.len());
    let guards = Value::tuple(parts.iter().take(single).map(|p| Value::Bool(p.guard)));
    let mut at = Some(Value::from(0));
    let mut uncertain = 0;
    let next = |(i, part): (usize, &Part)| {
        let here = at.take()?;
        uncertain += usize::from(!part.is_certain());
        if i < single {
            at = match uncertain {
                ..=UNCERTAIN => {
                    let after = cx.call(&ADD, &[here.clone(), Value::from(1)]);
                    Some(cx.if_else(part.guard, after, here.clone()))
                }
                _ if single <= COUNTED => Some(counted(cx, &guards, i + 1)),
                _ => None,
            };
        }
        Some(here)
    };
    parts.iter().enumerate().map(next).collect()
}

/// The index of a part whose place depends on inputs: how many places come before its own.
fn rank(cx: &Cx, parts: &[Part], part: &Part) -> Value {
    static RANK: Func = Func::known("(index by place)", Ty::Number, |_, _, args| match args {
        [Value::Coll(places), place] => {
            let at = places.parts.iter().position(|p| p.value == *place);
            Num::from_usize(at.unwrap_or(places.parts.len())).into()
        }
        _ => Value::refused("an index by place takes places and one of them", None),
    });
    let places = parts.iter().map(|p| Part {
        guard: p.guard,
        generators: p.generators.clone(),
        ..Part::item(p.sort_key.clone())
    });
    let places = cx.container(CollKind::Set, Ty::Dynamic, places.collect());
    cx.call(&RANK, &[places, part.sort_key.clone()])
}

/// Over how many parts that may be missing an index is one of several numbers; over more it is counted once inputs are
/// known.
const UNCERTAIN: usize = 12;
/// Of how many parts they are counted; in a longer sequence each has an index that only the deployment knows.
const COUNTED: usize = 1_000;

/// How many of the first `count` conditions hold.
fn counted(cx: &Cx, conditions: &Value, count: usize) -> Value {
    static HOLD: Func = Func::known("(how many hold)", Ty::Number, |_, _, args| match args {
        [Value::Coll(all), Value::Number(count)] => {
            let count = count.to_usize().unwrap_or(0);
            Num::from_usize(all.parts.iter().take(count).filter(|p| p.value == Value::TRUE).count()).into()
        }
        _ => Value::refused("only conditions are counted", None),
    });
    cx.opaque(&HOLD, &[conditions.clone(), Num::from_usize(count).into()])
}
