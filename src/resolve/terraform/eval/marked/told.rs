//! What `issensitive` says: yes, no, or that the text does not tell.
//!
//! `issensitive(var.token)` follows from the declaration of `var.token`, whatever its value is. Yes is what [`Follow`] is
//! certain of; no is where nothing that the expression is made of can be sensitive.
//! Source: Terraform language, "issensitive Function"; recorded results of the binary.

use std::collections::HashMap;
use std::rc::Rc;

use super::shape::Shape;
use super::{At, Follow};
use crate::parse::syntax::{Expr, ExprKind, ObjectKey};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::{ModuleInstance, Scope};
use crate::resolve::terraform::functions::args::{In, Kind, Spreads};
use crate::resolve::terraform::functions::find;

impl Terraform<'_> {
    /// Whether an expression's value is sensitive as a whole; `None` where the text does not tell.
    pub fn is_sensitive(&self, scope: &Scope, expr: &Expr) -> Option<bool> {
        let mut follow = Follow { tf: self, kind: Kind::Sensitive, known: HashMap::new() };
        let at = At::of(&scope.node, scope.file);
        if follow.expr(&at, expr) == Shape::Whole {
            return Some(true);
        }
        (!follow.may_be(&scope.node, expr, &mut Vec::new())).then_some(false)
    }
}

impl Follow<'_, '_> {
    /// Whether anything that decides whether a value is sensitive may be; `locals` are those around it.
    fn may_be(&self, node: &Rc<ModuleInstance>, expr: &Expr, locals: &mut Vec<String>) -> bool {
        let Some(_depth) = self.tf.deeper() else { return true };
        if let ExprKind::GetAttr(base, name) = &expr.kind
            && let Some((child, output)) = self.output(node, base, &name.text)
        {
            let value = output.args.get("value");
            return value.is_none_or(|value| self.may_be(&child, &value.what.expr, &mut Vec::new()));
        }
        match &expr.kind {
            ExprKind::Variable(_) => true,
            ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(_)) => {
                let ExprKind::Variable(root) = &base.kind else { return true };
                match root.as_str() {
                    "var" => self.passed_may_be(node, &name.text),
                    "local" if locals.contains(&name.text) => false,
                    "local" => node.module.locals.get(&name.text).is_none_or(|local| {
                        locals.push(name.text.clone());
                        self.may_be(node, &local.what.expr, locals)
                    }),
                    "path" | "terraform" => false,
                    _ => true,
                }
            }
            // What is in a list is its elements' business, and in an object that of its attributes.
            ExprKind::Tuple(_) => false,
            ExprKind::Object(entries) if entries.iter().all(|(key, _)| matches!(key, ObjectKey::Name(_))) => {
                false
            }
            ExprKind::Call { name, .. } if name.text == "sensitive" => true,
            ExprKind::Call { name, .. } if find(&name.text).is_none() => true,
            ExprKind::Call { name, .. } if discloses(&name.text) => false,
            _ => {
                let mut found = false;
                expr.for_each_inner(&mut |inner, _| found |= self.may_be(node, inner, locals));
                found
            }
        }
    }

    fn passed_may_be(&self, node: &Rc<ModuleInstance>, name: &str) -> bool {
        let Some(decl) = node.module.variables.get(name) else { return true };
        let passed = node.call.as_ref().and_then(|call| {
            let args = &call.parent.module.calls.get(&call.name)?.args;
            Some((&call.parent, args.get(name)?))
        });
        self.says(decl)
            || passed.is_some_and(|(parent, arg)| self.may_be(parent, &arg.what.expr, &mut Vec::new()))
    }
}

/// Whether what a function gives is never sensitive as a whole.
fn discloses(function: &str) -> bool {
    let spreads = find(function).map(|row| row.spreads);
    matches!(spreads, Some(Spreads::Nowhere | Spreads::Without(Kind::Sensitive, In::Whole)))
}
