//! Expressions that are the same in every instance of a block and every turn of a loop: computed once.
//!
//! `values(aws_iam_user.u)[count.index].name` in a thousand instances is a thousand look-ups in one list, and not a
//! thousand lists. Knows nothing of what names mean.

use super::scope::Scope;
use super::{Item, Terraform};
use crate::parse::syntax::{Expr, ExprKind};
use crate::resolve::terraform::functions::args::Also;
use crate::resolve::terraform::functions::find;
use crate::span::Loc;
use crate::value::Value;

impl Terraform<'_> {
    /// The value of an expression that is computed once for all instances and turns; `None` for one that is not.
    pub fn once_for_all(&self, scope: &Scope, expr: &Expr) -> Option<Value> {
        let costly = matches!(
            expr.kind,
            ExprKind::Call { .. }
                | ExprKind::Index(..)
                | ExprKind::AttrSplat(..)
                | ExprKind::FullSplat(..)
                | ExprKind::ForTuple(_)
                | ExprKind::ForObject(_)
                | ExprKind::Cond(..)
        );
        if scope.is_repeated() && costly { self.memoized(scope, expr) } else { None }
    }

    /// The value of an expression that is asked for each key that it leads to, as the origins of values are.
    pub(super) fn again(&self, scope: &Scope, expr: &Expr) -> Value {
        let cheap = matches!(
            expr.kind,
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_)
        );
        let known = if cheap { None } else { self.memoized(scope, expr) };
        known.unwrap_or_else(|| self.eval(scope, expr))
    }

    fn memoized(&self, scope: &Scope, expr: &Expr) -> Option<Value> {
        // The places of a template's text may be those of another one.
        if scope.literal {
            return None;
        }
        let at = Loc::new(scope.file, expr.span);
        let known = self.known.invariant.borrow().get(&at).copied();
        let invariant = known.unwrap_or_else(|| {
            let invariant = !varies(scope, expr);
            self.known.invariant.borrow_mut().insert(at, invariant);
            invariant
        });
        let once = || {
            let top = Scope::module(&scope.node, scope.file);
            self.once(&scope.node, Item::Expression(at), at, || self.eval_kind(&top, expr))
        };
        invariant.then(once)
    }
}

/// Whether a name is what an instance of a block is called, or stands for.
pub(super) fn is_of_instance(root: &str) -> bool {
    matches!(root, "each" | "count" | "self")
}

/// Whether an expression may be something else in another instance or turn.
pub(super) fn varies(scope: &Scope, expr: &Expr) -> bool {
    expr.any(&mut |expr| match &expr.kind {
        ExprKind::Variable(name) => is_of_instance(name) || scope.locals.contains_key(name),
        ExprKind::Call { name, .. } => find(&name.text).is_some_and(|row| matches!(row.also, Also::Differs)),
        _ => false,
    })
}
