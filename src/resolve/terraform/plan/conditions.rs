//! Preconditions and postconditions of a block.
//!
//! ```terraform
//! lifecycle {
//!   precondition {
//!     condition     = var.rotate || var.user != "ci"
//!     error_message = "..."
//!   }
//! }
//! ```
//!
//! Source: Terraform language, "Custom Conditions".

use crate::parse::syntax::Block;
use crate::resolve::terraform::config::module::Decl;
use crate::resolve::terraform::config::resources::attributes;
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::Made;
use crate::resolve::terraform::types::to_bool;
use crate::span::{FileId, Loc};
use crate::value::{Cx, Guard, Leaf, LeafKind, SymId, Ty, Value};

/// The preconditions and postconditions of a resource or data source.
pub(super) fn of(decl: &Decl) -> impl Iterator<Item = (FileId, &Block)> {
    let lifecycle = decl.blocks.iter().filter(|block| block.what.kind.text == "lifecycle");
    lifecycle.flat_map(|outer| {
        let inner = outer.what.body.blocks.iter();
        let conditions = inner.filter(|b| matches!(b.kind.text.as_str(), "precondition" | "postcondition"));
        conditions.map(|block| (outer.file, block))
    })
}

/// When a condition does not hold; also where it is null or `refused`, if that counts.
pub(super) fn fails(cx: &Cx, holds: &Value, refused: bool) -> Guard {
    let fails = cx.alternatives(holds).into_iter().map(|(guard, value)| match value {
        Value::Bool(holds) => cx.and(guard, cx.not(holds)),
        Value::Null | Value::Refused(_) if refused => guard,
        _ => Guard::FALSE,
    });
    cx.any(fails)
}

/// Notes that Terraform refuses this instance where one of its own conditions does not hold; when it exists otherwise. `own`
/// is what a postcondition reads as `self`: what only the deployment knows of it is looked at once the key is there.
/// Source: Terraform language, "Custom Conditions": those that are known are evaluated while it is planned.
pub(super) fn refuse(tf: &Terraform, block: Made, exists: Guard, own: &dyn Fn() -> Value) -> Guard {
    let cx = tf.cx;
    let mut planned = exists;
    let each = |kind: &'static str| of(block.decl).filter(move |(_, b)| b.kind.text == kind);
    for (file, inner) in each("precondition").chain(each("postcondition")) {
        let kind = inner.kind.text.as_str();
        let Some(condition) = inner.body.attribute("condition") else { continue };
        let mut scope = block.scope(file);
        if kind == "postcondition" {
            scope = scope.with("self", own());
        }
        // A variable's value that is refused is said where the key itself needs it.
        let (holds, _) = tf.watch(|| tf.eval(&scope, &condition.expr));
        let holds = to_bool(cx, &holds);
        let deployed = |leaf: SymId| cx.leaf(leaf).is_some_and(|leaf| leaf.kind == LeafKind::Deployment);
        if kind == "postcondition" && cx.leaves(&holds).into_iter().any(deployed) {
            continue;
        }
        let when = cx.and(exists, fails(cx, &holds, true));
        let at = Loc { file, span: condition.expr.span };
        tf.sink.refuse_at(when, at, format!("a {kind} of this access key does not hold"));
        planned = cx.and(planned, cx.not(when));
    }
    planned
}

/// A key as its postconditions read it.
pub(super) fn key(cx: &Cx, kind: &str, address: &str, user: &Value, status: &Value) -> Value {
    let (single, others) = attributes(kind, false).unwrap_or_default();
    Value::object(single.iter().chain(others).map(|name| {
        let value = match *name {
            "user" => user.clone(),
            "status" => cx.if_else(cx.unset(status), Value::from("Active"), status.clone()),
            other => {
                let leaf = Leaf::new(format!("{address}.{other}"), Ty::Dynamic, LeafKind::Deployment);
                cx.leaf_value(Leaf { null_if_asked: true, ..leaf })
            }
        };
        (*name, value)
    }))
}
