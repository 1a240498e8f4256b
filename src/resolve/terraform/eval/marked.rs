//! Expressions whose value Terraform takes for ephemeral or sensitive, whatever it is.
//!
//! `count = var.token == "" ? 0 : 1` is refused where `var.token` is ephemeral: how many there are is kept, and an ephemeral
//! value is not. Terraform follows that through all that an expression is made of, results that are not chosen included;
//! so do we, as far as it is certain from the text. What takes a value out of a list or an object that only holds one is
//! not followed, since it may take another one out.
//! Source: Terraform language, "Ephemeral Values", "Limitations on values used in for_each"; recorded results of the binary.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::Terraform;
use super::calls::Callee;
use super::refused::Said;
use super::scope::Node;
use crate::parse::syntax::{Attribute, Expr, ExprKind, ObjectKey, TemplatePart};
use crate::problem::{Problem, ProblemKind};
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::functions::keeps_marks;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is never kept.
    Ephemeral,
    /// It is never shown.
    Sensitive,
}

impl Kind {
    /// The argument of a variable or output that says so.
    fn argument(self) -> &'static str {
        match self {
            Kind::Ephemeral => "ephemeral",
            Kind::Sensitive => "sensitive",
        }
    }
}

impl Terraform<'_> {
    /// Whether the value of an expression at the top of a module is certainly of this kind.
    pub fn is_of(&self, node: &Rc<Node>, expr: &Expr, kind: Kind) -> bool {
        Follow { tf: self, kind, seen: BTreeSet::new() }.expr(node, &[], expr)
    }

    /// Meets an argument that Terraform refuses because of what its value is.
    pub fn refuse_of(&self, node: &Rc<Node>, arg: &In<Attribute>, kind: Kind) {
        if self.is_of(node, &arg.what.expr, kind) {
            let (name, kind) = (&arg.what.name.text, kind.argument());
            let reason = format!("{name} takes no value that is {kind}; Terraform refuses that");
            let at = arg.loc(arg.what.expr.span);
            self.meet(Said::Refused(Problem::new(ProblemKind::Refused, at, reason)));
        }
    }
}

struct Follow<'t, 'a> {
    tf: &'t Terraform<'a>,
    kind: Kind,
    /// The locals that were looked at, by module.
    seen: BTreeSet<(usize, String)>,
}

impl Follow<'_, '_> {
    fn expr(&mut self, node: &Rc<Node>, bound: &[&str], expr: &Expr) -> bool {
        let Some(_depth) = self.tf.deeper() else { return false };
        match &expr.kind {
            ExprKind::GetAttr(base, name) => match &base.kind {
                ExprKind::Variable(root) if !bound.contains(&root.as_str()) => {
                    self.named(node, root, &name.text)
                }
                _ => self.output(node, bound, base, &name.text) || self.expr(node, bound, base),
            },
            ExprKind::Index(base, _)
            | ExprKind::LegacyIndex(base, _)
            | ExprKind::AttrSplat(base, _)
            | ExprKind::FullSplat(base, _)
            | ExprKind::Paren(base)
            | ExprKind::Unary(_, base) => self.expr(node, bound, base),
            ExprKind::Binary(_, a, b) => [a, b].into_iter().any(|e| self.expr(node, bound, e)),
            ExprKind::Cond(c, a, b) => [c, a, b].into_iter().any(|e| self.expr(node, bound, e)),
            ExprKind::Template(parts) => parts.iter().any(|part| match part {
                TemplatePart::Interpolation(e)
                | TemplatePart::If { cond: e, .. }
                | TemplatePart::For { collection: e, .. } => self.expr(node, bound, e),
                TemplatePart::Literal(..) => false,
            }),
            // A name that is computed is part of what the object is.
            ExprKind::Object(entries) => entries.iter().any(|(key, _)| match key {
                ObjectKey::Expr(key) => self.expr(node, bound, key),
                ObjectKey::Name(_) => false,
            }),
            ExprKind::ForTuple(each) | ExprKind::ForObject(each) => {
                let inner: Vec<&str> =
                    bound.iter().copied().chain(each.key.as_deref()).chain([each.value.as_str()]).collect();
                self.expr(node, bound, &each.collection)
                    || each.cond.as_ref().is_some_and(|cond| self.expr(node, &inner, cond))
            }
            ExprKind::Call { name, args, .. } => {
                keeps_marks(&name.text) && args.iter().any(|arg| self.expr(node, bound, arg))
            }
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Variable(_)
            | ExprKind::Tuple(_) => false,
        }
    }

    /// A name of two parts: `var.x`, `local.x`.
    fn named(&mut self, node: &Rc<Node>, root: &str, name: &str) -> bool {
        match root {
            "var" => self.variable(node, name),
            "local" => {
                let Some(local) = node.module.locals.get(name) else { return false };
                self.seen.insert((node.id, name.to_string())) && self.expr(node, &[], &local.what.expr)
            }
            "terraform" => self.kind == Kind::Ephemeral && name == "applying",
            "ephemeral" => self.kind == Kind::Ephemeral,
            _ => false,
        }
    }

    fn variable(&mut self, node: &Rc<Node>, name: &str) -> bool {
        let Some(decl) = node.module.variables.get(name) else { return false };
        if self.says(decl) {
            return true;
        }
        let Some(call) = &node.call else { return false };
        let passed = call.parent.module.calls.get(&call.name).and_then(|decl| decl.args.get(name));
        passed.is_some_and(|arg| self.expr(&call.parent, &[], &arg.what.expr))
    }

    /// Whether `base.name` is an output that says so.
    fn output(&self, node: &Rc<Node>, bound: &[&str], base: &Expr, name: &str) -> bool {
        let base = match &base.kind {
            ExprKind::Index(instances, _) => instances,
            _ => base,
        };
        let ExprKind::GetAttr(root, call) = &base.kind else { return false };
        let is_module = matches!(&root.kind, ExprKind::Variable(root) if root == "module");
        let Some(decl) =
            node.module.calls.get(&call.text).filter(|_| is_module && !bound.contains(&"module"))
        else {
            return false;
        };
        let Some(Callee::Folder(dir)) = self.tf.callee(node, &call.text, decl) else { return false };
        self.tf.modules.load(&dir, self.tf.files).outputs.get(name).is_some_and(|output| self.says(output))
    }

    fn says(&self, decl: &Decl) -> bool {
        decl.is_true(self.kind.argument())
    }
}
