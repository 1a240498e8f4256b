//! Steps on the way to a key: what multiplies a block, on which condition, and which element made an instance.
//!
//! ```terraform
//! count    = var.rotate ? 1 : 0                              # switched by `var.rotate`
//! for_each = { for k, u in var.users : k => u if u.active }  # of the instance "ci": its element, and its `active`
//! ```

use std::rc::Rc;

use super::Terraform;
use super::origins::{FOLLOWED, QUOTED};
use super::scope::{Instance, ModuleInstance, Scope};
use crate::key::{By, Step, Written};
use crate::parse::syntax::{Attribute, BinaryOp, Expr, ExprKind};
use crate::resolve::terraform::config::module::{Decl, In};
use crate::span::Loc;
use crate::value::Value;
use crate::value::marks::Mark;

impl Terraform<'_> {
    /// The bool that an expression switches on (`var.rotate ? 1 : 0`), if it is written as one.
    pub fn switch(&self, scope: &Scope, expr: &Expr) -> Option<Written> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.switch(scope, inner),
            ExprKind::Cond(cond, ..) => self.condition(scope, cond),
            ExprKind::Call { args, .. } => match args.as_slice() {
                [one] => self.switch(scope, one),
                _ => None,
            },
            _ => None,
        }
    }

    /// The status `Active` as somebody wrote it elsewhere than at the key, with the other one.
    pub fn status_given(&self, scope: &Scope, expr: &Expr) -> Option<Written> {
        let status = self.eval(scope, expr);
        if status.as_str() != Some("Active") || self.cx.mark_of(&status) == Some(Mark::Sensitive) {
            return None;
        }
        let written = self.origin(scope, expr, ("status", None))?;
        let source = self.files.source(written.at.file);
        let own = source.text.get(written.at.span.range())?;
        let secret = written.text.is_empty() && !written.decoded;
        let value = own.split_once(['=', ':']).map_or(own, |(_, value)| value).trim();
        if written.at == Loc::new(scope.file, expr.span) || secret || unquoted(value) != "Active" {
            return None;
        }
        let other = Some(value.replace("Active", "Inactive"));
        (!written.name.is_empty()).then(|| Written { text: value.into(), other, ..written })
    }

    fn condition(&self, scope: &Scope, cond: &Expr) -> Option<Written> {
        match &cond.kind {
            ExprKind::Paren(inner) => self.condition(scope, inner),
            // Any of them that is no longer true is enough.
            ExprKind::Binary(BinaryOp::And, a, b) => {
                self.condition(scope, b).or_else(|| self.condition(scope, a))
            }
            ExprKind::Binary(..) => None,
            _ => {
                let written = self.origin(scope, cond, ("condition", None))?;
                let other = match written.text.as_str() {
                    "true" => "false",
                    "false" => "true",
                    _ => return None,
                };
                Some(Written { other: Some(other.into()), ..written })
            }
        }
    }

    /// The condition of `c ? a : b` as it is written, where only one of the results is `none`, with what it depends on.
    pub fn holds_when(
        &self,
        scope: &Scope,
        expr: &Expr,
        none: &dyn Fn(&Expr) -> bool,
    ) -> Option<(String, Option<Written>)> {
        match &expr.kind {
            ExprKind::Paren(inner) => self.holds_when(scope, inner, none),
            ExprKind::Call { args, .. } => match args.as_slice() {
                [one] => self.holds_when(scope, one, none),
                _ => None,
            },
            ExprKind::Cond(cond, then, otherwise) => {
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
            _ => None,
        }
    }

    /// The step that a block is on the way to a key, without what is an instance's own.
    pub fn step(&self, node: &Rc<ModuleInstance>, decl: &Decl, name: String) -> Step {
        let find = |name: &str| decl.args.get(name).map(|arg| (name == "count", arg));
        let argument = find("count").or_else(|| find("for_each"));
        let scope = |arg: &In<Attribute>| Scope::module(node, arg.file);
        let value = argument.and_then(|(count, arg)| {
            let argument = if count { "count" } else { "for_each" };
            self.origin(&scope(arg), &arg.what.expr, (argument, Some(name.clone())))
        });
        let switch = argument.and_then(|(_, arg)| self.switch(&scope(arg), &arg.what.expr));
        let condition =
            argument.and_then(|(_, arg)| self.holds_when(&scope(arg), &arg.what.expr, &makes_none));
        let (condition, decided_by) = condition.unzip();
        Step {
            name,
            instance: String::new(),
            at: decl.header(),
            by: match argument {
                Some((true, _)) => By::Number,
                Some((false, _)) => By::Elements,
                None => By::Nothing,
            },
            multiplier: argument.map(|(_, arg)| arg.loc(arg.what.span)),
            value: value.map(Rc::new),
            condition,
            decided_by: decided_by.flatten().map(Rc::new),
            switch: switch.map(Rc::new),
            element: None,
        }
    }

    /// What an element is called: as it is written where that is short, else by the instance that it makes.
    ///
    /// What a function read is not shown, but for what stands in the instance's own key.
    fn called(&self, element: &Written, instance: &str) -> String {
        let key = instance.trim_matches(['[', ']']);
        let source = self.files.source(element.at.file);
        let named = |name: &str| format!("{name:?}");
        if element.at == self.top(element.at.file) && source.path.ends_with(unquoted(key)) {
            return format!("the file {key}");
        }
        let own = source.text.get(element.at.span.range()).unwrap_or_default();
        let own = own.strip_prefix("- ").unwrap_or(own).trim();
        match () {
            () if named(&element.name) == key => key.into(),
            () if key.starts_with('"') && stands_in(own, unquoted(key)) => key.into(),
            () if self.is_hidden(element.at) => format!("element {key}"),
            () if !element.decoded && !element.name.is_empty() => named(&element.name),
            () if !element.decoded && is_short(own) && !own.is_empty() => own.into(),
            () if is_name(unquoted(own)) && key.contains(unquoted(own)) => named(unquoted(own)),
            () if key.starts_with('"') => format!("the element for {key}"),
            () => format!("element {key}"),
        }
    }

    /// The step of one instance.
    pub fn step_of(
        &self,
        node: &Rc<ModuleInstance>,
        decl: &Decl,
        step: &Step,
        instance: &Instance,
    ) -> Rc<Step> {
        let element = instance.at.and_then(|at| self.origin_at(at, ("", None)));
        let key = instance.key.show();
        let element = element.map(|e| Rc::new(Written { text: self.called(&e, &key), ..e }));
        let filter =
            decl.args.get("for_each").zip(instance.at).and_then(|(arg, at)| {
                self.filter(&Scope::module(node, arg.file), &arg.what.expr, at, FOLLOWED)
            });
        let switch = filter.map(Rc::new).or_else(|| step.switch.clone());
        Rc::new(Step { instance: key, element, switch, ..step.clone() })
    }

    /// The bool of an element, written at this place, that lets it pass the `if` of a loop.
    pub(super) fn filter(&self, scope: &Scope, expr: &Expr, at: Loc, left: usize) -> Option<Written> {
        let left = left.checked_sub(1)?;
        match &expr.kind {
            ExprKind::Paren(inner) => self.filter(scope, inner, at, left),
            ExprKind::Call { args, .. } => match args.as_slice() {
                [one] => self.filter(scope, one, at, left),
                _ => None,
            },
            ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(v) if v == "local") => {
                let local = scope.node.module.locals.get(&name.text)?;
                self.filter(&Scope::module(&scope.node, local.file), &local.what.expr, at, left)
            }
            ExprKind::ForTuple(f) | ExprKind::ForObject(f) => {
                let cond = f.cond.as_ref()?;
                let Value::Coll(coll) = self.merged(&self.eval(scope, &f.collection)) else { return None };
                let part = coll.parts.iter().find(|part| part.at.0 == Some(at))?;
                let inner = scope.with(&f.value, part.value.clone());
                let inner = match &f.key {
                    Some(key) => inner.with(key, part.key.clone()),
                    None => inner,
                };
                self.condition(&inner, cond)
            }
            _ => None,
        }
    }
}

/// The opposite of a condition that is written as `text`.
fn negated(cond: &Expr, text: &str) -> String {
    match &cond.kind {
        ExprKind::Binary(..) | ExprKind::Cond(..) => format!("!({text})"),
        _ => format!("!{text}"),
    }
}

/// Whether a count or a collection is written as one that makes nothing: `0`, `[]`, `toset([])`.
fn makes_none(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(n) => n == "0",
        ExprKind::Tuple(items) => items.is_empty(),
        ExprKind::Object(entries) => entries.is_empty(),
        ExprKind::Paren(inner) => makes_none(inner),
        ExprKind::Call { args, .. } => matches!(args.as_slice(), [one] if makes_none(one)),
        _ => false,
    }
}

pub(super) fn is_short(text: &str) -> bool {
    text.chars().nth(QUOTED).is_none() && !text.contains('\n')
}

pub(super) fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Whether a text has this word, not as a part of another one.
fn stands_in(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let alone = |(at, _): (usize, &str)| {
        let (before, after) =
            (text.get(..at).unwrap_or_default(), text.get(at + word.len()..).unwrap_or_default());
        !before.ends_with(part) && !after.starts_with(part)
    };
    !word.is_empty() && text.match_indices(word).any(alone)
}

pub(super) fn unquoted(key: &str) -> &str {
    key.trim().trim_matches(['"', '\''])
}
