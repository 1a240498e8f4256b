//! Terraform's functions: one table, and how a call finds its function.
//!
//! A function is a row of [`TABLE`]: name, what its body can look at, the body. `try` and `can` consume refusals and
//! are told apart before their arguments are lifted.
//! Source: Terraform language, "Functions"; recorded results of the binary.

mod collections;
mod strings;

use super::Terraform;
use super::scope::Scope;
use crate::parse::syntax::Expr;
use crate::value::{Cx, Func, Guard, Part, Takes, Ty, Value};

/// Every function that is computed.
pub fn table() -> impl Iterator<Item = &'static Func> {
    collections::TABLE.iter().chain(strings::TABLE)
}

fn find(name: &str) -> Option<&'static Func> {
    table().find(|f| f.name == name)
}

/// Calls a function by name.
pub fn call(tf: &Terraform, scope: &Scope, name: &str, args: &[Expr], expand: bool) -> Value {
    let cx = tf.cx;
    let name = name.strip_prefix("core::").unwrap_or(name);
    match name {
        "try" => return attempt(tf, scope, args),
        "can" => {
            let value = args.first().map_or(Value::Null, |a| tf.eval(scope, a));
            return Value::Bool(cx.not(cx.refused(&value)));
        }
        _ => {}
    }
    let mut values: Vec<Value> = args.iter().map(|a| tf.eval(scope, a)).collect();
    if expand && let Some(last) = values.pop() {
        let last = tf.merged(&last);
        let split = cx.split(&last);
        return cx.map(&split, |v| match v {
            Value::Coll(c) if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => {
                let all: Vec<Value> =
                    values.iter().cloned().chain(c.parts.iter().map(|p| p.value.clone())).collect();
                apply(tf, name, &all)
            }
            // An unknown number of arguments: the function over the collection itself is the symbol.
            other => {
                let all: Vec<Value> = values.iter().cloned().chain([other.clone()]).collect();
                unknown(tf, name, &all)
            }
        });
    }
    apply(tf, name, &values)
}

fn apply(tf: &Terraform, name: &str, args: &[Value]) -> Value {
    let cx = tf.cx;
    match find(name) {
        Some(func) => {
            // Containers of choices become one container with guarded parts before the body sees them.
            let merged: Vec<Value> = args.iter().map(|a| tf.merged(a)).collect();
            cx.call(func, &merged)
        }
        None => match name {
            "sensitive" | "nonsensitive" | "ephemeralasnull" => args.first().cloned().unwrap_or(Value::Null),
            _ => unknown(tf, name, args),
        },
    }
}

/// A function that is not computed: one opaque symbol per name and arguments.
fn unknown(tf: &Terraform, name: &str, args: &[Value]) -> Value {
    static UNKNOWN: Func = Func {
        name: "(a function that is not computed)",
        takes: Takes::Shape,
        ret: Ty::Dynamic,
        refuses: false,
        body: |cx, args| cx.opaque(&UNKNOWN, args),
    };
    let all: Vec<Value> = [Value::from(name)].into_iter().chain(args.iter().cloned()).collect();
    tf.cx.call(&UNKNOWN, &all)
}

/// `try`: the first argument that is not refused.
fn attempt(tf: &Terraform, scope: &Scope, args: &[Expr]) -> Value {
    let cx = tf.cx;
    let mut alternatives = Vec::new();
    let mut left = Guard::TRUE;
    for arg in args {
        let value = tf.eval(scope, arg);
        for (guard, v) in cx.alternatives(&value) {
            if !matches!(v, Value::Refused(_)) {
                alternatives.push((cx.and(left, guard), v));
            }
        }
        left = cx.and(left, cx.refused(&value));
        if left.is_false() {
            break;
        }
    }
    if !left.is_false() {
        alternatives.push((left, Value::refused("every argument of try is refused", None)));
    }
    cx.choice(alternatives)
}

/// The texts of a sequence in a row.
pub fn join_text(cx: &Cx, texts: &Value) -> Value {
    strings::join(cx, &Value::from(""), texts)
}

/// The argument at `i`, null if it is missing.
fn arg(args: &[Value], i: usize) -> Value {
    args.get(i).cloned().unwrap_or(Value::Null)
}

/// A refusal of a function's arguments.
fn wrong(reason: &str) -> Value {
    Value::refused(reason, None)
}
