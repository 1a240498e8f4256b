//! Moves every span of an expression: for text that was decoded before it was parsed.
//!
//! A Terraform expression inside a JSON string is parsed from the decoded string; its spans become places in the
//! file here. Knows nothing of where the text came from.

use super::syntax::{Expr, ExprKind, For, Name, ObjectKey, Step, TemplatePart};
use crate::span::Span;

/// Replaces each span in `expr` by what `map` makes of it. Recursive; [`super::limits::EXPR_DEPTH`] bounds it.
pub fn respan(expr: &mut Expr, map: &dyn Fn(Span) -> Span) {
    expr.span = map(expr.span);
    match &mut expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_) => {}
        ExprKind::Template(p) => parts(p, map),
        ExprKind::Tuple(items) => items.iter_mut().for_each(|e| respan(e, map)),
        ExprKind::Object(items) => {
            for (key, value) in items {
                match key {
                    ObjectKey::Name(n) => name(n, map),
                    ObjectKey::Expr(e) => respan(e, map),
                }
                respan(value, map);
            }
        }
        ExprKind::GetAttr(e, n) => {
            respan(e, map);
            name(n, map);
        }
        ExprKind::Index(a, b) | ExprKind::Binary(_, a, b) => {
            respan(a, map);
            respan(b, map);
        }
        ExprKind::LegacyIndex(e, _) | ExprKind::Paren(e) | ExprKind::Unary(_, e) => respan(e, map),
        ExprKind::AttrSplat(e, steps) | ExprKind::FullSplat(e, steps) => {
            respan(e, map);
            for step in steps {
                match step {
                    Step::Attr(n) => name(n, map),
                    Step::Index(e) => respan(e, map),
                    Step::Splat(span) => *span = map(*span),
                }
            }
        }
        ExprKind::Call { name: n, args, .. } => {
            name(n, map);
            args.iter_mut().for_each(|e| respan(e, map));
        }
        ExprKind::Cond(a, b, c) => [a, b, c].into_iter().for_each(|e| respan(e, map)),
        ExprKind::ForTuple(f) | ExprKind::ForObject(f) => {
            let For { collection, result_key, result, cond, .. } = f.as_mut();
            let exprs = [Some(collection), result_key.as_mut(), Some(result), cond.as_mut()];
            exprs.into_iter().flatten().for_each(|e| respan(e, map));
        }
    }
}

fn name(name: &mut Name, map: &dyn Fn(Span) -> Span) {
    name.span = map(name.span);
}

fn parts(parts_: &mut [TemplatePart], map: &dyn Fn(Span) -> Span) {
    for part in parts_ {
        match part {
            TemplatePart::Literal(_, span) => *span = map(*span),
            TemplatePart::Interpolation(e) => respan(e, map),
            TemplatePart::If { cond, then, otherwise } => {
                respan(cond, map);
                parts(then, map);
                parts(otherwise, map);
            }
            TemplatePart::For { collection, body, .. } => {
                respan(collection, map);
                parts(body, map);
            }
        }
    }
}
