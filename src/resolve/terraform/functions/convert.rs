//! Functions that convert, and those that only mark a value.

use super::super::one_type;
use super::super::types::{to_bool, to_number, to_string};
use super::args::{Row, arg, shape, wrong};
use super::collections::opaque;
use crate::value::{CollKind, Cx, Func, SymId, SymNode, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("toset", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::Set, "toset")),
    shape("tolist", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::List, "tolist")),
    shape("tomap", (1, 1), Ty::Dynamic, |cx, a| convert(cx, a, CollKind::Map, "tomap")),
    shape("tostring", (1, 1), Ty::String, |cx, a| to_string(cx, &arg(a, 0))),
    shape("tonumber", (1, 1), Ty::Number, |cx, a| to_number(cx, &arg(a, 0))),
    shape("tobool", (1, 1), Ty::Bool, |cx, a| to_bool(cx, &arg(a, 0))),
    shape("sensitive", (1, 1), Ty::Dynamic, |_, a| arg(a, 0)),
    shape("nonsensitive", (1, 1), Ty::Dynamic, |_, a| arg(a, 0)),
    shape("ephemeralasnull", (1, 1), Ty::Dynamic, |_, a| arg(a, 0)),
    // Marks are not followed: whether a value is sensitive never decides a key by itself.
    shape("issensitive", (1, 1), Ty::Bool, |cx, a| {
        static ISSENSITIVE: crate::value::Func =
            crate::value::Func::shape("issensitive", Ty::Bool, |cx, a| cx.opaque(&ISSENSITIVE, a));
        cx.opaque(&ISSENSITIVE, a)
    }),
];

/// The name of the function that gives its first argument, of one type with the others.
pub const OF_ONE_TYPE: &str = "(of one type)";
/// The name of the function that gives a container as JSON keeps it.
pub const AS_JSON: &str = "(as JSON keeps it)";

/// Functions that give the elements of a collection again: converted, in another order, or once each. (Elements of what
/// is not known are taken for distinct, and none for empty.)
const AGAIN: [&str; 9] =
    ["toset", "tolist", "tomap", "sort", "reverse", "distinct", "compact", OF_ONE_TYPE, AS_JSON];

/// Functions whose result has keys, and those whose elements are in a row or a set.
const KEYED: [&str; 4] = ["merge", "zipmap", "tomap", "transpose"];
const ROWS: [&str; 14] = [
    "toset",
    "tolist",
    "sort",
    "distinct",
    "compact",
    "reverse",
    "keys",
    "values",
    "concat",
    "flatten",
    "slice",
    "setunion",
    "setintersection",
    "setsubtract",
];

/// Whether a call that is not computed yet will have keys; `None` where that is not known.
pub fn will_be_keyed(cx: &Cx, sym: SymId) -> Option<bool> {
    let Some(SymNode::Call(func, args)) = cx.node(sym) else { return None };
    let name = match (func.name, args.first()) {
        (OF_ONE_TYPE | AS_JSON, Some(Value::Sym(inner))) => return will_be_keyed(cx, *inner),
        (super::EXPANDED_CALL, Some(Value::String(name))) => name.as_ref(),
        (name, _) => name,
    };
    if KEYED.contains(&name) { Some(true) } else { ROWS.contains(&name).then_some(false) }
}

/// The collection whose elements are those of a converted or rearranged one.
pub fn unconverted(cx: &Cx, sym: SymId) -> SymId {
    let mut at = sym;
    while let Some(SymNode::Call(func, args)) = cx.node(at) {
        match args.first() {
            Some(Value::Sym(inner)) if AGAIN.contains(&func.name) => at = *inner,
            _ => break,
        }
    }
    at
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
