//! What switches a key on: the bool that somebody wrote, the status, the condition.
//!
//! Answers: which value is turned so that `count = var.rotate && !var.frozen ? 1 : 0` is 0? Each bool of the condition is
//! one that turns it by itself or is none; what is passed on to where it counts can be turned at each call.

use super::Terraform;
use super::origins::{QUOTED, unquoted};
use super::scope::Scope;
use crate::key::{Mode, Passed, Written};
use crate::parse::syntax::{BinaryOp, Expr, ExprKind, UnaryOp};
use crate::resolve::terraform::config::written;
use crate::span::Loc;
use crate::value::Value;
use crate::value::marks::Mark;

/// Whether a value of `count`, `for_each` or `status` makes no active key.
type None<'n> = &'n dyn Fn(&Value) -> bool;

impl Terraform<'_> {
    /// The bool that an expression switches on (`var.rotate ? 1 : 0`), if it is written as one.
    pub fn switch(&self, scope: &Scope, expr: &Expr, none: None) -> Option<Written> {
        let ExprKind::Cond(cond, then, otherwise) = &bare(expr).kind else { return None };
        let is_none = |arm: &Expr| none(&self.eval(scope, arm));
        let off = is_none(then);
        (off != is_none(otherwise)).then(|| self.turned(scope, cond, off))?
    }

    /// Whether a condition holds with what is supplied.
    fn holds(&self, scope: &Scope, cond: &Expr) -> Option<bool> {
        let holds = self.cx.as_given(&self.eval(scope, cond)).as_guard()?;
        (holds.is_true() || holds.is_false()).then(|| holds.is_true())
    }

    /// The bool in a condition that makes it `want` by being another one.
    fn turned(&self, scope: &Scope, cond: &Expr, want: bool) -> Option<Written> {
        match &cond.kind {
            ExprKind::Paren(inner) => self.turned(scope, inner, want),
            ExprKind::Unary(UnaryOp::Not, inner) => self.turned(scope, inner, !want),
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
                // One alone decides `a && b` where it is false, and else both do.
                let (alone, rest) = (want == (*op == BinaryOp::Or), !want);
                let decides = |by: &Expr| alone || self.holds(scope, by) == Some(!rest);
                let turned = |of: &Expr, by: &Expr| decides(by).then(|| self.turned(scope, of, want))?;
                turned(b, a).or_else(|| turned(a, b))
            }
            ExprKind::Binary(..) => None,
            _ => {
                let written = self.origin(scope, cond, ("condition", None))?;
                let other = match self.value_at(&written)?.as_str() {
                    "true" => "false",
                    "false" => "true",
                    _ => return None,
                };
                // What is the other way round already is not what this hangs on; an overridden one is so by itself.
                let there = self.holds(scope, cond)?;
                if there == want && self.mode == Mode::Supplied {
                    return None;
                }
                Some(given_as(written, other, &(!there).to_string()))
            }
        }
    }

    /// The status `Active` as somebody wrote it elsewhere than at the key, with the other one.
    pub fn status_given(&self, scope: &Scope, expr: &Expr) -> Option<Written> {
        let status = self.eval(scope, expr);
        if status.as_str() != Some("Active") || self.cx.mark_of(&status) == Some(Mark::Sensitive) {
            return None;
        }
        let written = self.origin(scope, expr, ("status", None))?;
        let value = self.value_at(&written)?;
        // In the key's own expression it is a result, and its block says of whom.
        if Loc::new(scope.file, expr.span).holds(written.at) || unquoted(&value) != "Active" {
            return None;
        }
        let other = value.replace("Active", "Inactive");
        Some(given_as(Written { text: value, ..written }, &other, "\"Inactive\""))
    }

    /// The text of what was written, without its name; `None` for a secret.
    fn value_at(&self, written: &Written) -> Option<String> {
        if written.text.is_empty() && !written.decoded {
            return None;
        }
        let source = self.files.source(written.at.file);
        let own = source.text.get(written.at.span.range())?;
        let named = |(name, value): (&str, &str)| (unquoted(name) == written.name).then(|| value.to_owned());
        Some(own.split_once(['=', ':']).and_then(named).unwrap_or_else(|| own.to_owned()).trim().to_owned())
    }

    /// The condition of `c ? a : b` as it is written, where only one of the results is `none`, with what it depends on.
    pub fn holds_when(
        &self,
        scope: &Scope,
        expr: &Expr,
        none: &dyn Fn(&Expr) -> bool,
    ) -> Option<(String, Option<Written>)> {
        let ExprKind::Cond(cond, then, otherwise) = &bare(expr).kind else { return None };
        let at = Loc::new(scope.file, cond.span);
        let source = self.files.source(at.file);
        let text = source.text.get(at.span.range())?;
        // In JSON it is escaped already, in a way of its own.
        let plain = !text.contains(['\n', '\\', '`']) && text.chars().count() <= 2 * QUOTED;
        if self.visible(at) != at || !plain || none(then) == none(otherwise) {
            return None;
        }
        let text = if none(otherwise) { text.to_string() } else { negated(cond, text) };
        Some((text, self.origin(scope, cond, ("condition", None))))
    }

    /// What is written of an element that a comparison with a text makes `want` by being another one.
    fn decided_by_text(&self, scope: &Scope, cond: &Expr, want: bool) -> Option<Written> {
        let (equal, a, b) = match &cond.kind {
            ExprKind::Paren(inner) => return self.decided_by_text(scope, inner, want),
            ExprKind::Unary(UnaryOp::Not, inner) => return self.decided_by_text(scope, inner, !want),
            ExprKind::Binary(BinaryOp::Eq, a, b) => (want, a, b),
            ExprKind::Binary(BinaryOp::NotEq, a, b) => (!want, a, b),
            _ => return None,
        };
        let text = |e: &Expr| written::literal(e).map(|text| format!("{text:?}"));
        let (open, constant) = match (text(a), text(b)) {
            (None, Some(constant)) => (a, constant),
            (Some(constant), None) => (b, constant),
            _ => return None,
        };
        let origin = self.origin(scope, open, ("value", None))?;
        if self.holds(scope, cond) == Some(want) || origin.name.is_empty() {
            return None;
        }
        let text = if equal { origin.text.clone() } else { constant.clone() };
        Some(Written { other: Some(constant), but: !equal, text, ..origin })
    }

    /// The bool of an element, written at this place, that lets it pass the `if` of a loop.
    pub(super) fn filter(&self, scope: &Scope, expr: &Expr, at: Loc, left: usize) -> Option<Written> {
        let left = left.checked_sub(1)?;
        match &bare(expr).kind {
            ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(v) if v == "local") => {
                let local = scope.node.module.locals.get(&name.text)?;
                self.filter(&Scope::module(&scope.node, local.file), &local.what.expr, at, left)
            }
            ExprKind::ForTuple(f) | ExprKind::ForObject(f) => {
                let cond = f.cond.as_ref()?;
                let Value::Coll(coll) = self.merged(&self.eval(scope, &f.collection)) else { return None };
                let part = coll.parts.iter().find(|part| part.at.0 == Some(at))?;
                let inner = scope.turn(&f.key, &f.value, part);
                self.turned(&inner, cond, false).or_else(|| {
                    let compared = self.decided_by_text(&inner, cond, false)?;
                    at.holds(compared.at).then_some(compared)
                })
            }
            _ => None,
        }
    }
}

/// What is written, without parentheses and functions of it alone: `toset` and the like.
fn bare(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => bare(inner),
        ExprKind::Call { args, .. } if args.len() == 1 => args.first().map_or(expr, bare),
        _ => expr,
    }
}

/// With the other value that it may have, where it is written and where it is passed on.
fn given_as(written: Written, other: &str, passed: &str) -> Written {
    let calls = written.passed.into_iter().map(|p| Passed { other: Some(passed.into()), ..p });
    Written { other: Some(other.into()), passed: calls.collect(), ..written }
}

/// The opposite of a condition that is written as `text`.
fn negated(cond: &Expr, text: &str) -> String {
    match &cond.kind {
        ExprKind::Binary(..) | ExprKind::Cond(..) => format!("!({text})"),
        _ => format!("!{text}"),
    }
}

/// Whether a count is 0, or a collection empty.
pub(super) fn is_none(value: &Value) -> bool {
    match value {
        Value::Coll(coll) => coll.parts.is_empty(),
        value => value.as_number().is_some_and(|n| n.to_i64() == Some(0)),
    }
}

/// Whether a count or a collection is written as one that makes nothing: `0`, `[]`, `toset([])`.
pub(super) fn is_written_as_none(expr: &Expr) -> bool {
    match &bare(expr).kind {
        ExprKind::Number(n) => n == "0",
        ExprKind::Tuple(items) => items.is_empty(),
        ExprKind::Object(entries) => entries.is_empty(),
        _ => false,
    }
}
