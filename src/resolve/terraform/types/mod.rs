//! Types: what is written of them, and what a value of one type is as another.

pub mod constraint;
pub mod elements;
pub mod one_type;
pub mod scalars;
pub mod unify;

pub use constraint::{Constraint, parse};
pub use scalars::{spelled, to_bool, to_number, to_string};

use crate::parse::syntax::Expr;
use crate::value::{CollKind, Cx, Value};
use unify::{Asked, Conversion};

/// Converts a value to a variable's constraint; what does not convert is refused. `defaults` evaluates the default of an optional
/// attribute. What is unknown stays the same symbol.
pub fn convert(cx: &Cx, value: &Value, to: &Constraint, defaults: &dyn Fn(&Expr) -> Value) -> Value {
    // `any` inside a collection is one type for all its elements.
    let asked = Asked { of_any: one_type::collection, defaults };
    let symbol = |cx: &Cx, v: &Value, to: &Constraint| match to {
        Constraint::Is(_) => None,
        Constraint::Of(CollKind::Set, _) => Some(one_type::as_set(cx, v)),
        _ => Some(v.clone()),
    };
    Conversion { cx, symbol, asked: Some(asked) }.of(value, to)
}
