//! The expressions that stand directly inside of an expression, with the names that it binds for them.
//!
//! For whoever asks what an expression refers to without evaluating it. Knows nothing of what names mean.

use super::syntax::{Expr, ExprKind, ObjectKey, Step, TemplatePart};

/// What is told of an inner expression: itself, and the `for` variables that its parent binds for it.
pub type Visit<'v, 'e> = &'v mut dyn FnMut(&'e Expr, &[&'e str]);

impl Expr {
    /// Calls `f` with each expression directly inside of this one.
    pub fn for_each_inner<'e>(&'e self, f: Visit<'_, 'e>) {
        match &self.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_) => {}
            ExprKind::Template(parts) => in_template(parts, &[], f),
            ExprKind::Tuple(items) => items.iter().for_each(|e| f(e, &[])),
            ExprKind::Object(items) => {
                for (key, value) in items {
                    if let ObjectKey::Expr(key) = key {
                        f(key, &[]);
                    }
                    f(value, &[]);
                }
            }
            ExprKind::GetAttr(e, _)
            | ExprKind::LegacyIndex(e, _)
            | ExprKind::Paren(e)
            | ExprKind::Unary(_, e) => f(e, &[]),
            ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => [a, b].into_iter().for_each(|e| f(e, &[])),
            ExprKind::AttrSplat(e, steps) | ExprKind::FullSplat(e, steps) => {
                f(e, &[]);
                for step in steps {
                    if let Step::Index(index) = step {
                        f(index, &[]);
                    }
                }
            }
            ExprKind::Call { args, .. } => args.iter().for_each(|e| f(e, &[])),
            ExprKind::Cond(a, b, c) => [a, b, c].into_iter().for_each(|e| f(e, &[])),
            ExprKind::ForTuple(each) | ExprKind::ForObject(each) => {
                f(&each.collection, &[]);
                let bound: Vec<&str> = each.key.iter().chain([&each.value]).map(String::as_str).collect();
                let inner = [each.result_key.as_ref(), Some(&each.result), each.cond.as_ref()];
                inner.into_iter().flatten().for_each(|e| f(e, &bound));
            }
        }
    }

    /// Whether this holds of the expression or of one in it.
    pub fn any(&self, holds: &mut dyn FnMut(&Expr) -> bool) -> bool {
        let mut found = holds(self);
        self.for_each_inner(&mut |inner, _| found = found || inner.any(holds));
        found
    }
}

fn in_template<'e>(parts: &'e [TemplatePart], bound: &[&'e str], f: Visit<'_, 'e>) {
    for part in parts {
        match part {
            TemplatePart::Literal(..) => {}
            TemplatePart::Interpolation(e) => f(e, bound),
            TemplatePart::If { cond, then, otherwise } => {
                f(cond, bound);
                in_template(then, bound, f);
                in_template(otherwise, bound, f);
            }
            TemplatePart::For { key, value, collection, body } => {
                f(collection, bound);
                let own = key.iter().chain([value]).map(String::as_str);
                let bound: Vec<&str> = bound.iter().copied().chain(own).collect();
                in_template(body, &bound, f);
            }
        }
    }
}
