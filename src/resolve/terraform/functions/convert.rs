//! Functions that convert, and those that only mark a value.

use super::args::{Also, In, Kind, Row, Spreads, arg, carrying, row, shape, total_shape};
use crate::resolve::terraform::types::one_type::{TO_SET, converted};
use crate::resolve::terraform::types::{to_bool, to_number, to_string};
use crate::value::func::{AtLeast, Carries, Elements, Gives, Over};
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::{CollKind, Cx, Func, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    row(TO_SET.refusing(), (1, 1)),
    shape("tolist", (1, 1), Ty::Dynamic, |cx, f, a| converted(cx, f, a, CollKind::List))
        .with_elements(Elements::All)
        .at_least(AtLeast::First)
        .gives(Gives::List)
        .spreading(Spreads::Same)
        .over(Over::Row),
    shape("tomap", (1, 1), Ty::Dynamic, |cx, f, a| converted(cx, f, a, CollKind::Map))
        .with_elements(Elements::All)
        .at_least(AtLeast::First)
        .gives(Gives::Map)
        .spreading(Spreads::Same)
        .over(Over::Map),
    shape("tostring", (1, 1), Ty::String, |cx, _, a| to_string(cx, &arg(a, 0))),
    shape("tonumber", (1, 1), Ty::Number, |cx, _, a| to_number(cx, &arg(a, 0))),
    shape("tobool", (1, 1), Ty::Bool, |cx, _, a| to_bool(cx, &arg(a, 0))).asserting(),
    shape("sensitive", (1, 1), Ty::Dynamic, |cx, _, a| cx.hidden(&arg(a, 0), Mark::Sensitive, SENSITIVE))
        .also(Also::Hides)
        .spreading(Spreads::With(Kind::Sensitive)),
    carrying(
        Carries::Nothing,
        shape("nonsensitive", (1, 1), Ty::Dynamic, |cx, _, a| cx.disclosed(&arg(a, 0))),
    )
    .spreading(Spreads::Without(Kind::Sensitive, In::Whole))
    .also(Also::Discloses),
    shape("ephemeralasnull", (1, 1), Ty::Dynamic, |_, _, a| arg(a, 0))
        .spreading(Spreads::Without(Kind::Ephemeral, In::Parts))
        .also(Also::Keeps),
    carrying(Carries::Nothing, total_shape("issensitive", (1, 1), Ty::Bool, is_sensitive))
        .spreading(Spreads::Nowhere)
        .also(Also::Tells),
];

/// Whether a value is sensitive. What is not marked may be so all the same: by what decided it, or by an arm not taken.
fn is_sensitive(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [value @ (Value::String(_) | Value::Number(_))] if cx.mark_of(value) == Some(Mark::Sensitive) => {
            Value::TRUE
        }
        _ => cx.opaque(f, args),
    }
}
