//! Where values were written: the very literal that a value goes back to.
//!
//! Answers: which line is edited so that `count = var.keys` is another number? The reference is followed through variables,
//! arguments, locals and outputs to what somebody wrote; nothing is evaluated that the plan did not need anyway.
//! Elements carry their place themselves ([`crate::value::Part::at`]): those of `[…]` and `{…}` get it where they are
//! evaluated, those of a text that a function read in [`super::places`].
//!
//! ```terraform
//! for_each = toset(var.generations)       # the element "v2" is in prod.tfvars:1
//! count    = local.team.keys              # 2 is in teams.yaml:7
//! ```

use std::rc::Rc;

use super::files::local_file;
use super::scope::{Instance, ModuleInstance, Scope};
use super::{Item, Terraform};
use crate::key::{By, COMMAND_LINE, ENVIRONMENT, Passed, Step, Written};
use crate::parse::syntax::{Attribute, BinaryOp, Expr, ExprKind, TemplatePart};
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::functions::args::{Also, Read};
use crate::resolve::terraform::functions::find;
use crate::span::{FileId, Loc};
use crate::value::Value;
use crate::value::marks::Mark;

/// How many references are followed.
const FOLLOWED: usize = 24;
/// How much of a value is quoted, in characters.
const QUOTED: usize = 40;
/// How long the key of an entry may be that is told, with its quotes.
const LABEL: usize = 200;

/// What a literal is given to: its name there, and what that belongs to.
type Name<'n> = (&'n str, Option<String>);

/// What a function does besides giving a value.
fn also(function: &str) -> Also {
    find(function).map_or(Also::Nothing, |row| row.also)
}

impl Terraform<'_> {
    /// Where the value of an expression was written; `None` if it comes from several places, or from none in a file.
    pub fn origin(&self, scope: &Scope, expr: &Expr, name: Name) -> Option<Written> {
        self.follow(scope, expr, name, FOLLOWED)
    }

    fn follow(&self, scope: &Scope, expr: &Expr, name: Name, left: usize) -> Option<Written> {
        let left = left.checked_sub(1)?;
        let literal = |name: Name| self.origin_at(Loc::new(scope.file, expr.span), name);
        match &expr.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => literal(name),
            ExprKind::Tuple(_) | ExprKind::Object(_) => literal(name),
            ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => self.follow(scope, inner, name, left),
            ExprKind::AttrSplat(base, _) | ExprKind::FullSplat(base, _) => {
                self.follow(scope, base, name, left)
            }
            ExprKind::ForTuple(f) | ExprKind::ForObject(f) => self.follow(scope, &f.collection, name, left),
            ExprKind::Template(parts) => {
                let inner = parts.iter().filter_map(|p| match p {
                    TemplatePart::Interpolation(inner) => Some(inner),
                    _ => None,
                });
                let inner: Vec<&Expr> = inner.collect();
                if inner.is_empty() { literal(name) } else { self.follow_one(scope, &inner, name, left) }
            }
            ExprKind::Binary(_, a, b) => self.follow_one(scope, &[a, b], name, left),
            ExprKind::Call { name: function, args, .. } => match (also(&function.text), args.as_slice()) {
                (Also::Reads(Read::Text | Read::Listing) | Also::Renders { file: true }, [path, ..]) => {
                    let path = self.eval(scope, path);
                    let path = local_file(self, path.as_str()?)?;
                    let file = self.files.read(&path).ok()?;
                    self.origin_at(self.top(file), ("", None))
                }
                (Also::Takes { wraps: false }, [base, key, ..]) => {
                    let key = self.eval(scope, key);
                    let has = |v: &Value| matches!(v, Value::Coll(c) if c.parts.iter().any(|p| p.key == key));
                    match (has(&self.merged(&self.eval(scope, base))), args.get(2)) {
                        (false, Some(default)) => self.follow(scope, default, name, left),
                        _ => self.follow_element(scope, base, &key, name, left),
                    }
                }
                (Also::Tries, all) => {
                    let taken = |arg: &&Expr| self.cx.refused(&self.eval(scope, arg)).is_false();
                    self.follow(scope, all.iter().find(taken)?, name, left)
                }
                _ => self.follow_one(scope, &args.iter().collect::<Vec<_>>(), name, left),
            },
            ExprKind::Cond(cond, then, otherwise) => {
                let holds = self.eval(scope, cond).as_guard()?;
                let arm = if holds.is_true() { then } else { otherwise };
                (holds.is_true() || holds.is_false()).then(|| self.follow(scope, arm, name, left))?
            }
            ExprKind::GetAttr(base, attribute) => {
                self.follow_attribute(scope, base, &attribute.text, left).or_else(|| {
                    let key = Value::from(attribute.text.as_str());
                    self.follow_element(scope, base, &key, name, left)
                })
            }
            ExprKind::Index(base, key) => {
                let key = self.eval(scope, key);
                self.follow_element(scope, base, &key, name, left)
            }
            ExprKind::LegacyIndex(base, index) => {
                let key = Value::from(i64::try_from(*index).ok()?);
                self.follow_element(scope, base, &key, name, left)
            }
            ExprKind::Variable(_) => None,
        }
    }

    /// The one origin of what several expressions give together; of literals among them none is it.
    fn follow_one(&self, scope: &Scope, exprs: &[&Expr], name: Name, left: usize) -> Option<Written> {
        let open: Vec<&&Expr> = exprs.iter().filter(|e| !is_literal(e)).collect();
        let all = if open.is_empty() { exprs.iter().collect() } else { open };
        let mut origins = all.into_iter().filter_map(|e| self.follow(scope, e, name.clone(), left));
        let first = origins.next()?;
        origins.all(|other| other.at == first.at).then_some(first)
    }

    /// The origin of an element: its own place, else that of the whole.
    fn follow_element(
        &self,
        scope: &Scope,
        base: &Expr,
        key: &Value,
        name: Name,
        left: usize,
    ) -> Option<Written> {
        if let Value::Coll(coll) = self.merged(&self.eval(scope, base)) {
            let index = key.as_number().and_then(|n| usize::try_from(n.to_i64()?).ok());
            let part = match index {
                Some(index) if !coll.kind.keyed() => coll.parts.get(index),
                _ => coll.parts.iter().rev().find(|p| p.key == *key),
            };
            if let Some(at) = part.and_then(|p| p.at.0) {
                return self.origin_at(at, (key.as_str().unwrap_or_default(), None));
            }
        }
        self.follow(scope, base, name, left)
    }

    /// The origin of what a name stands for.
    fn follow_attribute(&self, scope: &Scope, base: &Expr, name: &str, left: usize) -> Option<Written> {
        let node = &scope.node;
        match &unindexed(base).kind {
            ExprKind::Variable(root) if scope.locals.contains_key(root) => None,
            ExprKind::Variable(root) => match root.as_str() {
                "var" => self.follow_variable(node, name, left),
                "local" => {
                    let local = node.module.locals.get(name)?;
                    let inner = Scope::module(node, local.file);
                    self.follow(&inner, &local.what.expr, (name, None), left)
                }
                "each" => self.origin_at(scope.instance.as_ref()?.at?, ("", None)),
                _ => None,
            },
            ExprKind::GetAttr(root, of) => {
                let ExprKind::Variable(root) = &root.kind else { return None };
                match root.as_str() {
                    "module" => {
                        let decl = node.module.calls.get(&of.text)?;
                        let expansion = self.expansion(node, Item::Call(of.text.clone()), decl);
                        let child = self.child(node, &of.text, expansion.instances.first()?)?;
                        let output = child.module.outputs.get(name)?.args.get("value")?;
                        let inner = Scope::module(&child, output.file);
                        self.follow(
                            &inner,
                            &output.what.expr,
                            ("value", Some(format!("output {name}"))),
                            left,
                        )
                    }
                    "data" | "var" | "local" | "each" => None,
                    kind => {
                        let decl = node.module.resources.get(&(kind.to_string(), of.text.clone()))?;
                        let named = if name == "id" { "name" } else { name };
                        let arg = decl.args.get(named)?;
                        let inner = Scope::module(node, arg.file);
                        let owner = format!("{kind}.{}", of.text);
                        self.follow(&inner, &arg.what.expr, (named, Some(owner)), left)
                    }
                }
            }
            _ => None,
        }
    }

    fn follow_variable(&self, node: &Rc<ModuleInstance>, name: &str, left: usize) -> Option<Written> {
        let decl = node.module.variables.get(name)?;
        let literal = |file: FileId| Scope { literal: true, ..Scope::module(node, file) };
        // What the deployment refuses was set aside: it is not what is deployed.
        if node.call.is_none() && self.counts_as_free(node, name, decl) {
            return None;
        }
        let origin = match &node.call {
            Some(call) => {
                let calling = call.parent.module.calls.get(&call.name)?;
                calling.args.get(name).map(|arg| {
                    let scope = Scope::block(&call.parent, &call.instance, arg.file);
                    let owner = format!("{}module.{}", call.parent.prefix, call.name);
                    let at = Loc::new(arg.file, arg.what.expr.span);
                    let mut origin =
                        self.follow(&scope, &arg.what.expr, (name, Some(owner.clone())), left)?;
                    if origin.at != at && self.visible(at) == at {
                        origin.passed.push(Passed { name: name.into(), of: owner, at });
                    }
                    Some(origin)
                })
            }
            None => self.root.values.get(name).map(|supplied| match supplied {
                Supplied::Expr(file, expr) => self.follow(&literal(*file), expr, (name, None), left),
                Supplied::Text(text, environment) => Some(Written {
                    name: name.into(),
                    text: if is_short(text) { text.clone() } else { String::new() },
                    // It stands in no file: its variable is what can be shown.
                    of: Some(if *environment { ENVIRONMENT } else { COMMAND_LINE }.into()),
                    at: decl.header(),
                    decoded: false,
                    other: None,
                    between: " = ",
                    passed: Vec::new(),
                }),
                Supplied::Hidden => None,
            }),
        };
        let default = || {
            let arg = decl.args.get("default")?;
            let owner = format!("{}var.{name}", node.prefix);
            self.follow(&literal(arg.file), &arg.what.expr, ("default", Some(owner)), left)
        };
        let origin = origin.unwrap_or_else(default)?;
        let secret = ["sensitive", "ephemeral"].iter().any(|a| decl.args.contains_key(*a));
        Some(if secret { Written { text: String::new(), ..origin } } else { origin })
    }

    /// Whether a variable of the root is free, whatever is written for it.
    fn counts_as_free(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> bool {
        let Value::Sym(sym) = self.variable(node, name, decl.header()) else { return false };
        self.cx.leaf(sym).is_some_and(|leaf| leaf.given.is_none())
    }

    /// What stands at a place; nothing in a module of the catalogue, where nobody can edit it.
    fn origin_at(&self, at: Loc, (name, of): Name) -> Option<Written> {
        if self.visible(at) != at {
            return None;
        }
        if self.is_hidden(at) {
            let (name, text, between) = (name.to_string(), String::new(), " = ");
            return Some(Written {
                name,
                text,
                of,
                at,
                decoded: false,
                other: None,
                between,
                passed: Vec::new(),
            });
        }
        let decoded = self.is_read(at.file);
        let source = self.files.source(at.file);
        let text = source.text.get(at.span.range()).unwrap_or_default();
        // An entry of a map stands with its key, which is at the beginning: a list of thousands is not looked through.
        let sign = text.char_indices().take(LABEL).find(|(_, c)| matches!(c, '=' | ':'));
        let entry = sign.and_then(|(at, sign)| Some((unquoted(text.get(..at)?), text.get(at + 1..)?, sign)));
        let entry = entry.filter(|(key, ..)| if name.is_empty() { is_name(key) } else { *key == name });
        let between = if entry.is_some_and(|(.., sign)| sign == ':') { ": " } else { " = " };
        let name = entry.map_or(name, |(key, ..)| key);
        let text = entry.map_or(text, |(_, value, _)| value).trim();
        let short = !decoded && is_short(text);
        let text = if short { text.to_string() } else { String::new() };
        Some(Written {
            name: name.to_string(),
            text,
            of,
            at,
            decoded,
            other: None,
            between,
            passed: Vec::new(),
        })
    }

    /// Whether what stands at a place is a secret.
    fn is_hidden(&self, at: Loc) -> bool {
        self.files.hidden(at.file).iter().any(|span| span.start < at.span.end && at.span.start < span.end)
    }

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
    fn filter(&self, scope: &Scope, expr: &Expr, at: Loc, left: usize) -> Option<Written> {
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

/// What is indexed, without its indices.
fn unindexed(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Index(base, _) | ExprKind::LegacyIndex(base, _) => unindexed(base),
        _ => expr,
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

fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => true,
        ExprKind::Template(parts) => parts.iter().all(|p| matches!(p, TemplatePart::Literal(..))),
        ExprKind::Tuple(items) => items.iter().all(is_literal),
        ExprKind::Object(entries) => entries.is_empty(),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => is_literal(inner),
        _ => false,
    }
}

fn is_short(text: &str) -> bool {
    text.chars().nth(QUOTED).is_none() && !text.contains('\n')
}

fn is_name(key: &str) -> bool {
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

fn unquoted(key: &str) -> &str {
    key.trim().trim_matches(['"', '\''])
}
