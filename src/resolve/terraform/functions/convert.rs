//! Functions that convert, and those that only mark a value.

use super::args::{Row, arg, carrying, shape, wrong};
use super::collections::opaque;
use crate::resolve::terraform::eval::refs;
use crate::resolve::terraform::types::one_type;
use crate::resolve::terraform::types::{to_bool, to_number, to_string};
use crate::value::func::Carries;
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::{CollKind, Cx, Func, Guard, SymId, SymNode, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("toset", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::Set, "toset")),
    shape("tolist", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::List, "tolist")),
    shape("tomap", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::Map, "tomap")),
    shape("tostring", (1, 1), Ty::String, |cx, a| to_string(cx, &arg(a, 0))),
    shape("tonumber", (1, 1), Ty::Number, |cx, a| to_number(cx, &arg(a, 0))),
    shape("tobool", (1, 1), Ty::Bool, |cx, a| to_bool(cx, &arg(a, 0))),
    shape("sensitive", (1, 1), Ty::Dynamic, |cx, a| cx.hidden(&arg(a, 0), Mark::Sensitive, SENSITIVE)),
    carrying(Carries::Nothing, shape("nonsensitive", (1, 1), Ty::Dynamic, |cx, a| cx.disclosed(&arg(a, 0))))
        .clearing(),
    shape("ephemeralasnull", (1, 1), Ty::Dynamic, |_, a| arg(a, 0)).clearing(),
    carrying(Carries::Nothing, shape("issensitive", (1, 1), Ty::Bool, is_sensitive)).clearing(),
];

/// Whether a value is sensitive. What is not marked may be so all the same: by what decided it, or by an arm not taken.
fn is_sensitive(cx: &Cx, args: &[Value]) -> Value {
    static ISSENSITIVE: Func = Func::shape("issensitive", Ty::Bool, |cx, a| cx.opaque(&ISSENSITIVE, a));
    match args {
        [value @ (Value::String(_) | Value::Number(_))] if cx.mark_of(value) == Some(Mark::Sensitive) => {
            Value::TRUE
        }
        _ => cx.opaque(&ISSENSITIVE, args),
    }
}

/// The name of the function that gives its first argument, of one type with the others.
pub const OF_ONE_TYPE: &str = "(of one type)";
/// The name of the function that gives a container as JSON keeps it.
pub const AS_JSON: &str = "(as JSON keeps it)";

/// Functions that give the elements of a collection again: converted, in another order, or once each. (Elements of what
/// is not known are taken for distinct, and none for empty.)
const AGAIN: [&str; 9] =
    ["toset", "tolist", "tomap", "sort", "reverse", "distinct", "compact", OF_ONE_TYPE, AS_JSON];

/// The collection whose elements are those of a converted or rearranged one.
pub fn unconverted(cx: &Cx, sym: SymId) -> SymId {
    let mut at = sym;
    while let Some(SymNode::Call(func, args)) = cx.node(at) {
        match (func.name, args.as_ref()) {
            (name, [Value::Sym(inner), ..]) if AGAIN.contains(&name) => at = *inner,
            // No element is taken to hold the separator.
            ("split", [by, Value::Sym(joined)]) => match cx.node(*joined) {
                Some(SymNode::Call(join, of)) if join.name == "join" && of.first() == Some(by) => {
                    match of.get(1) {
                        Some(Value::Sym(list)) => at = *list,
                        _ => break,
                    }
                }
                _ => break,
            },
            _ => break,
        }
    }
    at
}

/// The collection whose elements a converted, rearranged or cut one has, and when it has an arbitrary one of them.
pub fn elements_of(cx: &Cx, sym: SymId) -> (SymId, Guard) {
    static WITHIN: Func = Func::shape("(is within)", Ty::Bool, |cx, args| cx.opaque(&WITHIN, args));
    let source = unconverted(cx, sym);
    let cut = match cx.node(source) {
        Some(SymNode::Call(func, args)) if func.name == "slice" => args,
        _ => return (source, Guard::TRUE),
    };
    let [Value::Sym(whole), from, to] = cut.as_ref() else { return (source, Guard::TRUE) };
    let (from, to) = (&to_number(cx, from), &to_number(cx, to));
    let (of, when) = elements_of(cx, *whole);
    let (index, element) = refs::element(cx, of);
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
    let long_enough = cx.not(cx.truth(&cx.less(&Value::Sym(cx.length_of(of)), to)));
    (of, cx.all([when, within, long_enough]))
}

/// A set of the elements of something that is not known: a symbol of its own, since its elements are its keys.
pub fn as_set(cx: &Cx, value: &Value) -> Value {
    static AS_SET: Func = Func::shape("toset", Ty::Dynamic, |cx, a| convert(cx, a, CollKind::Set, "toset"));
    match value {
        Value::Sym(sym) if !is_set(cx, *sym) => cx.opaque(&AS_SET, std::slice::from_ref(value)),
        other => other.clone(),
    }
}

/// Whether a symbol is known to be a set, whose elements are its keys.
pub fn is_set(cx: &Cx, sym: SymId) -> bool {
    let converted = matches!(cx.node(sym), Some(SymNode::Call(func, _)) if func.name == "toset");
    converted || matches!(cx.type_of(sym), Ty::Set(_))
}

fn convert(cx: &Cx, args: &[Value], kind: CollKind, name: &str) -> Value {
    match args {
        [Value::Coll(c)] if c.kind.keyed() == kind.keyed() => one_type::collection(cx, c, kind),
        [Value::Sym(s)] if cx.type_of(*s).is_scalar() => wrong("a collection is needed"),
        [Value::Sym(s)] if matches!(cx.node(*s), Some(SymNode::Call(..))) => opaque(cx, name, args),
        [v @ Value::Sym(_)] if kind == CollKind::Set => as_set(cx, v),
        // The elements of a converted collection are the elements of the collection.
        [v @ (Value::Sym(_) | Value::Null)] => v.clone(),
        _ => wrong("this value does not convert to a collection of that kind"),
    }
}
