//! What `issensitive` says: yes, no, or that the text does not tell.
//!
//! `issensitive(var.token)` follows from the declaration of `var.token`, whatever its value is. Yes is what [`Follow`] is
//! certain of; no is where nothing that the expression is made of can be sensitive.
//! Source: Terraform language, "issensitive Function"; recorded results of the binary.

use std::rc::Rc;

use super::follow::{At, Follow, is_a_set};
use super::shape::Shape;
use crate::parse::syntax::{Expr, ExprKind, For, ObjectKey, TemplatePart};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::{ModuleInstance, Scope};
use crate::resolve::terraform::functions::args::{In, Kind, Spreads};
use crate::resolve::terraform::functions::find;
use crate::value::Ty;

impl Terraform<'_> {
    /// Whether an expression's value is sensitive as a whole; `None` where the text does not tell.
    pub fn is_sensitive(&self, scope: &Scope, expr: &Expr) -> Option<bool> {
        let mut follow = Follow::of(self, Kind::Sensitive);
        let at = At::of(&scope.node, scope.file);
        if follow.expr(&at, expr) == Shape::Whole {
            return Some(true);
        }
        (!follow.may_be(&scope.node, expr, true, &mut Around::default())).then_some(false)
    }
}

/// What an expression is followed through.
#[derive(Default)]
struct Around<'e> {
    /// The locals, with how they were asked.
    locals: Vec<(&'e str, bool)>,
    /// The names of loops, with whether what they stand for may be sensitive in any part.
    bound: Vec<(&'e str, bool)>,
}

/// How many references a part is followed through.
const REFERENCES: usize = 32;

impl Follow<'_, '_> {
    /// Whether anything that decides whether a value is sensitive may be: the value as a `whole`, or any part of it, which
    /// something is made of.
    fn may_be<'e>(
        &self,
        node: &'e Rc<ModuleInstance>,
        expr: &'e Expr,
        whole: bool,
        around: &mut Around<'e>,
    ) -> bool {
        let Some(_depth) = self.tf.deeper() else { return true };
        if let ExprKind::GetAttr(base, name) = &expr.kind
            && let Some((child, output)) = self.output(node, base, &name.text)
        {
            let value = output.args.get("value");
            return value
                .is_none_or(|value| self.may_be(&child, &value.what.expr, whole, &mut Around::default()));
        }
        match &expr.kind {
            ExprKind::Variable(name) => {
                around.bound.iter().rev().find(|(own, _)| own == name).is_none_or(|(_, may)| *may)
            }
            ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(_)) => {
                let ExprKind::Variable(root) = &base.kind else { return true };
                if around.bound.iter().any(|(own, _)| own == root) {
                    return self.may_be(node, base, whole, around);
                }
                match root.as_str() {
                    "var" => self.passed_may_be(node, &name.text, whole),
                    "local" if around.locals.contains(&(&name.text, whole)) => false,
                    "local" => node.module.locals.get(&name.text).is_none_or(|local| {
                        around.locals.push((&name.text, whole));
                        let bound = std::mem::take(&mut around.bound);
                        let may = self.may_be(node, &local.what.expr, whole, around);
                        around.bound = bound;
                        may
                    }),
                    "path" | "terraform" => false,
                    _ => true,
                }
            }
            ExprKind::GetAttr(..) | ExprKind::LegacyIndex(..)
                if let Some(part) = part(node, expr, REFERENCES) =>
            {
                self.may_be(node, part, whole, around)
            }
            ExprKind::Index(base, index) => {
                let base = literal(node, base, REFERENCES).unwrap_or(base);
                match (&base.kind, part(node, expr, REFERENCES)) {
                    (_, Some(part)) => self.may_be(node, part, whole, around),
                    // An object gives one of its attributes, and does not say by what it was chosen.
                    (ExprKind::Object(entries), None) => {
                        entries.iter().any(|(_, value)| self.may_be(node, value, whole, around))
                    }
                    _ => [base, index].into_iter().any(|e| self.may_be(node, e, false, around)),
                }
            }
            // What is in a list is its elements' business, and in an object that of its attributes.
            ExprKind::Tuple(_) if whole => false,
            ExprKind::Object(entries)
                if whole && entries.iter().all(|(key, _)| matches!(key, ObjectKey::Name(_))) =>
            {
                false
            }
            ExprKind::AttrSplat(base, _) | ExprKind::FullSplat(base, _) if whole => {
                self.may_be(node, base, true, around)
            }
            ExprKind::ForTuple(each) | ExprKind::ForObject(each) => {
                self.loop_may_be(node, each, whole, around)
            }
            ExprKind::Call { name, args, .. } => {
                let Some(row) = find(&name.text) else { return true };
                let apart = |i: usize| match row.spreads {
                    // A list that it gives has the elements of one.
                    Spreads::OfWhole => whole || matches!(row.func.ret, Ty::Number | Ty::String | Ty::Bool),
                    Spreads::Zipped => whole && i > 0,
                    spreads => whole && (keeps_apart(spreads) || row.together.is_some()),
                };
                match row.spreads {
                    Spreads::With(Kind::Sensitive) => true,
                    // What it gives is never sensitive as a whole.
                    Spreads::Nowhere | Spreads::Without(Kind::Sensitive, In::Whole) => false,
                    _ => {
                        let mut args = args.iter().enumerate();
                        args.any(|(i, arg)| self.may_be(node, arg, apart(i), around))
                    }
                }
            }
            _ => {
                let whole = whole && matches!(expr.kind, ExprKind::Paren(_) | ExprKind::Cond(..));
                let mut found = false;
                expr.for_each_inner(&mut |inner, _| found |= self.may_be(node, inner, whole, around));
                found
            }
        }
    }

    /// The same of what a loop makes: as a whole it is what it runs over is, or what decides which parts there are.
    fn loop_may_be<'e>(
        &self,
        node: &'e Rc<ModuleInstance>,
        each: &'e For,
        whole: bool,
        around: &mut Around<'e>,
    ) -> bool {
        let all = self.may_be(node, &each.collection, true, around);
        let any = all || self.may_be(node, &each.collection, false, around);
        let outer = around.bound.len();
        around.bound.extend(each.key.as_deref().map(|key| (key, all)));
        around.bound.push((&each.value, any));
        let decides = [&each.cond, &each.result_key].into_iter().flatten();
        let mut asked = decides.chain((!whole).then_some(&each.result));
        let found = all || asked.any(|e| self.may_be(node, e, false, around));
        around.bound.truncate(outer);
        found
    }

    fn passed_may_be(&self, node: &Rc<ModuleInstance>, name: &str, whole: bool) -> bool {
        let Some(decl) = node.module.variables.get(name) else { return true };
        let passed = node.call.as_ref().and_then(|call| {
            let args = &call.parent.module.calls.get(&call.name)?.args;
            Some((&call.parent, args.get(name)?))
        });
        // As a set it is as its elements are.
        let whole = whole && !decl.args.get("type").is_some_and(|ty| is_a_set(&ty.what.expr));
        self.says(decl)
            || passed.is_some_and(|(parent, arg)| {
                self.may_be(parent, &arg.what.expr, whole, &mut Around::default())
            })
    }
}

/// The part that an expression takes of a list or object that is written out.
fn part<'e>(node: &'e ModuleInstance, expr: &'e Expr, left: usize) -> Option<&'e Expr> {
    let left = left.checked_sub(1)?;
    let (base, key) = match &expr.kind {
        ExprKind::GetAttr(base, name) => (base, name.text.clone()),
        ExprKind::LegacyIndex(base, index) => (base, index.to_string()),
        ExprKind::Index(base, index) => (base, written(index)?),
        _ => return None,
    };
    match &literal(node, base, left)?.kind {
        ExprKind::Tuple(items) => items.get(key.parse::<usize>().ok()?),
        ExprKind::Object(entries) => {
            let names = entries.iter().map(|(name, value)| match name {
                ObjectKey::Name(name) => Some((&name.text, value)),
                ObjectKey::Expr(_) => None,
            });
            let names = names.collect::<Option<Vec<_>>>()?;
            names.into_iter().rev().find(|(name, _)| **name == key).map(|(_, value)| value)
        }
        _ => None,
    }
}

/// The expression that another one stands for: a local's, or a part of one that is written out.
fn literal<'e>(node: &'e ModuleInstance, expr: &'e Expr, left: usize) -> Option<&'e Expr> {
    let left = left.checked_sub(1)?;
    match &expr.kind {
        ExprKind::Paren(inner) => literal(node, inner, left),
        ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(root) if root == "local") => {
            literal(node, &node.module.locals.get(&name.text)?.what.expr, left)
        }
        ExprKind::GetAttr(..) | ExprKind::Index(..) | ExprKind::LegacyIndex(..) => {
            literal(node, part(node, expr, left)?, left)
        }
        _ => Some(expr),
    }
}

/// A key as it is written out.
fn written(key: &Expr) -> Option<String> {
    match &key.kind {
        ExprKind::Number(number) => Some(number.clone()),
        ExprKind::Template(parts) => match parts.as_slice() {
            [TemplatePart::Literal(text, ..)] => Some(text.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether what a function gives is marked as a whole only where an argument is.
fn keeps_apart(spreads: Spreads) -> bool {
    matches!(spreads, Spreads::OfWhole | Spreads::Same | Spreads::Values | Spreads::Without(..))
}
