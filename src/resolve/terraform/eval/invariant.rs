//! Expressions that are the same in every instance of a block and every turn of a loop: computed once.
//!
//! `values(aws_iam_user.u)[count.index].name` in a thousand instances is a thousand look-ups in one list, and not a
//! thousand lists. Knows nothing of what names mean.

use super::scope::{InstanceKey, Scope};
use super::{Item, Terraform};
use crate::parse::syntax::{Expr, ExprKind};
use crate::span::Loc;
use crate::value::Value;

/// Functions that give each call in each instance a value of its own.
const IMPURE: [&str; 3] = ["timestamp", "uuid", "bcrypt"];

impl Terraform<'_> {
    /// The value of an expression that is computed once for all instances and turns; `None` for one that is not.
    pub fn once_for_all(&self, scope: &Scope, expr: &Expr) -> Option<Value> {
        let repeated = !scope.locals.is_empty()
            || scope.instance.as_ref().is_some_and(|instance| instance.key != InstanceKey::None);
        let costly = matches!(
            expr.kind,
            ExprKind::Call { .. }
                | ExprKind::Index(..)
                | ExprKind::AttrSplat(..)
                | ExprKind::FullSplat(..)
                | ExprKind::ForTuple(_)
                | ExprKind::ForObject(_)
        );
        if repeated && costly { self.memoized(scope, expr) } else { None }
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
        let known = self.invariant.borrow().get(&at).copied();
        let invariant = known.unwrap_or_else(|| {
            let invariant = !varies(scope, expr);
            self.invariant.borrow_mut().insert(at, invariant);
            invariant
        });
        let once = || {
            let top = Scope::module(&scope.node, scope.file);
            self.once(&scope.node, Item::Expression(at), at, || self.eval_kind(&top, expr))
        };
        invariant.then(once)
    }
}

/// Whether an expression may be something else in another instance or turn.
pub(super) fn varies(scope: &Scope, expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Variable(name) => {
            matches!(name.as_str(), "each" | "count" | "self") || scope.locals.contains_key(name)
        }
        ExprKind::Call { name, .. }
            if IMPURE.contains(&name.text.strip_prefix("core::").unwrap_or(&name.text)) =>
        {
            true
        }
        _ => {
            let mut found = false;
            expr.for_each_inner(&mut |inner, _| found = found || varies(scope, inner));
            found
        }
    }
}
