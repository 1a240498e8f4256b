//! Conversion of texts, numbers and bools into each other: `"1"` is the number 1, `"1"` and `"true"` the bool, never `1`.
//!
//! Source: Terraform language, "Types and Values: Type Conversion"; recorded results of the binary.

use crate::value::symbol::Piece;
use crate::value::{Cx, Func, Num, SymId, Ty, Value};

/// `tonumber`
pub static TO_NUMBER: Func = Func::known("tonumber", Ty::Number, |_, _, args| match args {
    [Value::Null] => Value::Null,
    [Value::Number(n)] => Value::Number(n.clone()),
    [Value::String(text)] => Num::parse(text)
        .map_or_else(|| Value::refused(format!("{text:?} is not a number"), None), Value::from),
    _ => Value::refused("a number is needed", None),
})
.refusing();

/// `tobool`
pub static TO_BOOL: Func = Func::known("tobool", Ty::Bool, |_, _, args| match args {
    [Value::Null] => Value::Null,
    [Value::Bool(g)] => Value::Bool(*g),
    [Value::String(text)] => match &**text {
        "true" | "1" => Value::TRUE,
        "false" | "0" => Value::FALSE,
        _ => Value::refused(format!("{text:?} is not a bool"), None),
    },
    _ => Value::refused("a bool is needed", None),
})
.refusing()
.sampled(|_, _| ["true", "false"].map(Value::from).to_vec());

/// A value as a number, with Terraform's conversions. Null stays null.
pub fn to_number(cx: &Cx, value: &Value) -> Value {
    cx.map(value, |v| {
        let number = match v {
            Value::Sym(sym) if cx.type_of(*sym) == Ty::Number => v.clone(),
            Value::Null | Value::Number(_) => v.clone(),
            Value::Sym(sym) if cx.is_whole(*sym) => Value::refused("a number is needed, not an object", None),
            v if is_a_collection(cx, v) => Value::refused("a number is needed, not a collection", None),
            Value::Sym(sym) if let Some(number) = spelled(cx, *sym) => number,
            Value::Sym(sym) if has_other_letters(cx, *sym) => {
                Value::refused(format!("{} is not a number", cx.show(v)), None)
            }
            // A bool never becomes a number, whatever it is.
            Value::Bool(_) => Value::refused("a number is needed, not a bool", None),
            other => cx.call(&TO_NUMBER, std::slice::from_ref(other)),
        };
        cx.if_else(cx.null_if_asked(v), Value::Null, number)
    })
}

/// Whether a value is known to be a collection.
fn is_a_collection(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Coll(_) => true,
        Value::Sym(sym) => {
            cx.leaf(*sym).is_some() && !cx.type_of(*sym).is_scalar() && cx.type_of(*sym) != Ty::Dynamic
        }
        _ => false,
    }
}

/// The number that a text spells and nothing else, although it is not known: `tostring(var.n)`.
pub fn spelled(cx: &Cx, text: SymId) -> Option<Value> {
    match &*cx.pieces_of(text)? {
        [Piece::Sym(number)] if cx.type_of(*number) == Ty::Number => Some(Value::Sym(*number)),
        _ => None,
    }
}

/// Whether a text that is not known has letters that stand in no number.
fn has_other_letters(cx: &Cx, sym: SymId) -> bool {
    let other = |c: char| !c.is_ascii_digit() && !matches!(c, '.' | '+' | '-' | 'e' | 'E');
    let told = |p: &Piece| matches!(p, Piece::Text(text) if text.contains(other));
    cx.pieces_of(sym).is_some_and(|pieces| pieces.iter().any(told))
}

/// A value as a bool, with Terraform's conversions. Null stays null.
pub fn to_bool(cx: &Cx, value: &Value) -> Value {
    cx.map(value, |v| {
        let bool = match v {
            Value::Null | Value::Bool(_) => v.clone(),
            Value::Sym(sym) if cx.is_whole(*sym) => Value::refused("a bool is needed, not an object", None),
            v if is_a_collection(cx, v) => Value::refused("a bool is needed, not a collection", None),
            other => cx.call(&TO_BOOL, std::slice::from_ref(other)),
        };
        cx.if_else(cx.null_if_asked(v), Value::Null, bool)
    })
}

/// A value as a string, with Terraform's conversions. Null stays null.
pub fn to_string(cx: &Cx, value: &Value) -> Value {
    cx.map(value, |v| match v {
        Value::Null | Value::String(_) => v.clone(),
        other => cx.to_text(other),
    })
}
