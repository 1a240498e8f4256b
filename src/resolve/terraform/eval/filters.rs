//! Loops that look for elements: `[for u in aws_iam_user.u : u.name if u.name == each.key]`.
//!
//! In five thousand instances that is as many loops over as many elements. Where the condition compares something of the
//! element with something else, the elements are listed once by what is compared, and each loop looks into that list.
//! Only texts are told apart so, in a collection that is known; every other loop takes its turns.

use std::collections::HashMap;
use std::rc::Rc;

use super::invariant::varies;
use super::scope::Scope;
use super::{Item, Terraform};
use crate::parse::syntax::{BinaryOp, Expr, ExprKind, For};
use crate::span::Loc;
use crate::value::marks::Mark;
use crate::value::{Part, Value};

/// A shorter collection is run through as quickly.
const LONG: usize = 32;

/// The elements of a loop's collection by the text that its condition compares.
type ByText = HashMap<Value, Vec<Part>>;

/// What was listed, by module instance and condition; `None` for what takes its turns.
pub(super) type Filters = HashMap<(usize, Loc), Option<Rc<ByText>>>;

impl Terraform<'_> {
    /// The elements for which the condition of a loop holds; `None` where that is not told at sight.
    pub(super) fn sought(&self, scope: &Scope, f: &For) -> Option<Vec<Part>> {
        if !scope.is_repeated() || scope.literal {
            return None;
        }
        let cond = f.cond.as_ref()?;
        let (own, other) = sides(scope, f, cond)?;
        let at = Loc::new(scope.file, cond.span);
        let key = (scope.node.id, Item::Expression(at));
        let known = self.known.filters.borrow().get(&(scope.node.id, at)).cloned();
        let listed = match known {
            Some(listed) => listed,
            None => {
                let listed = self.watch_item(&key, || self.by_text(scope, f, own)).map(Rc::new);
                self.known.filters.borrow_mut().insert((scope.node.id, at), listed.clone());
                listed
            }
        }?;
        self.met_again(&key);
        let (sought, met) = self.watch(|| self.eval(scope, other));
        if !self.is_plain(&sought) || self.met_a_secret(&met, false) {
            return None;
        }
        Some(listed.get(&sought).cloned().unwrap_or_default())
    }

    /// Whether a value is a text that is no secret.
    fn is_plain(&self, text: &Value) -> bool {
        matches!(text, Value::String(_)) && self.cx.mark_of(text) != Some(Mark::Sensitive)
    }

    fn by_text(&self, scope: &Scope, f: &For, own: &Expr) -> Option<ByText> {
        let top = Scope::module(&scope.node, scope.file);
        let collection = self.merged(&self.eval(&top, &f.collection));
        let Value::Coll(coll) = &collection else { return None };
        if coll.parts.len() < LONG || !coll.is_certain() {
            return None;
        }
        let mut listed = ByText::new();
        for item in self.items(&collection).ok()? {
            let inner = top.turn(&f.key, &f.value, &item);
            let (text, met) = self.watch(|| self.eval(&inner, own));
            if !self.is_plain(&text) || self.met_a_secret(&met, false) {
                return None;
            }
            listed.entry(text).or_default().push(item);
        }
        Some(listed)
    }
}

/// The side of a comparison that is about the loop's element alone, and the one that is not about it.
fn sides<'e>(scope: &Scope, f: &For, cond: &'e Expr) -> Option<(&'e Expr, &'e Expr)> {
    if let ExprKind::Paren(inner) = &cond.kind {
        return sides(scope, f, inner);
    }
    let ExprKind::Binary(BinaryOp::Eq, a, b) = &cond.kind else { return None };
    let bound = |name: &str| name == f.value || f.key.as_deref() == Some(name);
    if varies(scope, &f.collection) {
        return None;
    }
    let of_element = |e: &Expr| e.any(&mut |e| matches!(&e.kind, ExprKind::Variable(name) if bound(name)));
    match (of_element(a), of_element(b)) {
        (true, false) if !varies(scope, a) => Some((a, b)),
        (false, true) if !varies(scope, b) => Some((b, a)),
        _ => None,
    }
}
