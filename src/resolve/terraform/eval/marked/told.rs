//! What `issensitive` says: yes, no, or that the text does not tell.
//!
//! `issensitive(var.token)` follows from the declaration of `var.token`, whatever its value is. Yes is what [`Follow`] is
//! certain of; no is where nothing that the expression is made of can be sensitive.
//! Source: Terraform language, "issensitive Function"; recorded results of the binary.

use std::rc::Rc;

use super::follow::{At, Follow};
use super::shape::Shape;
use crate::parse::syntax::{Expr, ExprKind, ObjectKey};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::{ModuleInstance, Scope};
use crate::resolve::terraform::functions::args::{In, Kind, Spreads};
use crate::resolve::terraform::functions::find;

impl Terraform<'_> {
    /// Whether an expression's value is sensitive as a whole; `None` where the text does not tell.
    pub fn is_sensitive(&self, scope: &Scope, expr: &Expr) -> Option<bool> {
        let mut follow = Follow::of(self, Kind::Sensitive);
        let at = At::of(&scope.node, scope.file);
        if follow.expr(&at, expr) == Shape::Whole {
            return Some(true);
        }
        (!follow.may_be(&scope.node, expr, true, &mut Vec::new())).then_some(false)
    }
}

impl Follow<'_, '_> {
    /// Whether anything that decides whether a value is sensitive may be: the value as a `whole`, or any part of it, which
    /// something is made of. `locals` are those around it, with how they were asked.
    fn may_be<'e>(
        &self,
        node: &'e Rc<ModuleInstance>,
        expr: &'e Expr,
        whole: bool,
        locals: &mut Vec<(&'e str, bool)>,
    ) -> bool {
        let Some(_depth) = self.tf.deeper() else { return true };
        if let ExprKind::GetAttr(base, name) = &expr.kind
            && let Some((child, output)) = self.output(node, base, &name.text)
        {
            let value = output.args.get("value");
            return value.is_none_or(|value| self.may_be(&child, &value.what.expr, whole, &mut Vec::new()));
        }
        match &expr.kind {
            ExprKind::Variable(_) => true,
            ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(_)) => {
                let ExprKind::Variable(root) = &base.kind else { return true };
                match root.as_str() {
                    "var" => self.passed_may_be(node, &name.text, whole),
                    "local" if locals.contains(&(&name.text, whole)) => false,
                    "local" => node.module.locals.get(&name.text).is_none_or(|local| {
                        locals.push((&name.text, whole));
                        self.may_be(node, &local.what.expr, whole, locals)
                    }),
                    "path" | "terraform" => false,
                    _ => true,
                }
            }
            // What is in a list is its elements' business, and in an object that of its attributes.
            ExprKind::Tuple(_) if whole => false,
            ExprKind::Object(entries)
                if whole && entries.iter().all(|(key, _)| matches!(key, ObjectKey::Name(_))) =>
            {
                false
            }
            ExprKind::Call { name, args, .. } => {
                let Some(row) = find(&name.text) else { return true };
                let apart = |i: usize| match row.spreads {
                    Spreads::Zipped => i > 0,
                    spreads => keeps_apart(spreads) || row.together.is_some(),
                };
                match row.spreads {
                    Spreads::With(Kind::Sensitive) => true,
                    // What it gives is never sensitive as a whole.
                    Spreads::Nowhere | Spreads::Without(Kind::Sensitive, In::Whole) => false,
                    _ => {
                        let mut args = args.iter().enumerate();
                        args.any(|(i, arg)| self.may_be(node, arg, whole && apart(i), locals))
                    }
                }
            }
            _ => {
                let whole = whole && matches!(expr.kind, ExprKind::Paren(_) | ExprKind::Cond(..));
                let mut found = false;
                expr.for_each_inner(&mut |inner, _| found |= self.may_be(node, inner, whole, locals));
                found
            }
        }
    }

    fn passed_may_be(&self, node: &Rc<ModuleInstance>, name: &str, whole: bool) -> bool {
        let Some(decl) = node.module.variables.get(name) else { return true };
        let passed = node.call.as_ref().and_then(|call| {
            let args = &call.parent.module.calls.get(&call.name)?.args;
            Some((&call.parent, args.get(name)?))
        });
        self.says(decl)
            || passed.is_some_and(|(parent, arg)| self.may_be(parent, &arg.what.expr, whole, &mut Vec::new()))
    }
}

/// Whether what a function gives is marked as a whole only where an argument is.
fn keeps_apart(spreads: Spreads) -> bool {
    matches!(spreads, Spreads::OfWhole | Spreads::Same | Spreads::Values | Spreads::Without(..))
}
