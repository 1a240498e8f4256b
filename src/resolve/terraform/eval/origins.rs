//! Where values were written: the very literal that a value goes back to, and the places of a decoded file's elements.
//!
//! Answers: which line is edited so that `count = var.keys` is another number? The reference is followed through variables,
//! arguments, locals and outputs to what somebody wrote; nothing is evaluated that the plan did not need anyway.
//! Elements carry their place themselves ([`crate::value::Part::at`]): those of `[…]` and `{…}` get it where they are
//! evaluated, those of a decoded file here.
//!
//! ```terraform
//! for_each = toset(var.generations)       # the element "v2" is in prod.tfvars:1
//! count    = local.team.keys              # 2 is in teams.yaml:7
//! ```

use std::rc::Rc;
use std::sync::Arc;

use super::files::local_file;
use super::scope::{Instance, Node, Scope};
use super::{Item, Terraform};
use crate::key::{By, COMMAND_LINE, ENVIRONMENT, Step, Written};
use crate::parse::syntax::{Attribute, BinaryOp, Expr, ExprKind, TemplatePart};
use crate::parse::{json, tree, yaml};
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::functions::args::{Also, Read};
use crate::resolve::terraform::functions::find;
use crate::span::{FileId, Loc, Span};
use crate::value::func::Form;
use crate::value::{At, Part, Value};

/// How many references are followed.
const FOLLOWED: usize = 24;
/// How much of a value is quoted, in characters.
const QUOTED: usize = 40;

/// A text that a function read from a file.
#[derive(Debug)]
pub struct Text {
    /// Kept, so that its address stays its own.
    _text: Arc<str>,
    /// The file.
    file: FileId,
    /// Whether it is the file's text, byte by byte.
    whole: bool,
}

/// What a literal is given to: its name there, and what that belongs to.
type Name<'n> = (&'n str, Option<String>);

/// Whether what a function gives is what stands in a file, or which files there are.
fn reads(function: &str) -> bool {
    let also = find(function).map(|row| row.also);
    matches!(also, Some(Also::Reads(Read::Text | Read::Listing) | Also::Renders { file: true }))
}

impl Terraform<'_> {
    /// Notes that a text was read from a file.
    pub fn was_read(&self, value: &Value, file: FileId) {
        if let Value::String(text) = value {
            let whole = self.files.source(file).text == **text;
            let key = text.as_ptr() as usize;
            self.texts.borrow_mut().insert(key, Text { _text: text.clone(), file, whole });
        }
    }

    /// The first line of a file.
    pub fn top(&self, file: FileId) -> Loc {
        let source = self.files.source(file);
        Loc::new(file, Span::new(0, source.text.find('\n').unwrap_or(source.text.len())))
    }

    /// What was decoded of a text, with the places of its elements if the text was read from a file.
    pub fn decoded(&self, form: Form, text: &Value, value: Value) -> Value {
        let Value::String(text) = text else { return value };
        let texts = self.texts.borrow();
        let Some(Text { file, whole, .. }) = texts.get(&(text.as_ptr() as usize)) else { return value };
        let source = self.files.source(*file);
        // What a template makes of itself has its places as far as the template has the same form.
        let (value, same) = match whole {
            true => (value, true),
            false => (all_at(&value, self.top(*file)), !source.text.contains("%{")),
        };
        match form {
            _ if !same => value,
            Form::Csv => at_records(&value, *file, &records(&source.text)),
            Form::Json => {
                json::parse_text(&source.text, 0).map_or(value.clone(), |root| at_nodes(&value, *file, &root))
            }
            Form::Joined => value,
            Form::Yaml => match yaml::parse_text(&source.text, 0).0.as_slice() {
                [one] => at_nodes(&value, *file, &one.root),
                _ => value,
            },
        }
    }

    /// The pieces of `split`, each with its place in the text where that is written plainly, else with that of the text.
    pub fn pieces_of(&self, scope: &Scope, args: &[Expr], value: Value) -> Value {
        let origin = args.last().and_then(|text| self.origin(scope, text, ("", None)));
        let Some(origin) = origin else { return value };
        let source = self.files.source(origin.at.file);
        let written = source.text.get(origin.at.span.range()).unwrap_or_default();
        let mut from = 0;
        with_parts(&value, |_, part| {
            let piece = part.value.as_str().filter(|piece| !piece.is_empty());
            let found = piece.and_then(|piece| Some((written.get(from..)?.find(piece)? + from, piece.len())));
            let span = found.map_or(origin.at.span, |(start, length)| {
                from = start + length;
                Span::new(start, start + length).shifted(origin.at.span.start as usize)
            });
            Part { at: At(Some(Loc::new(origin.at.file, span))), ..part.clone() }
        })
    }

    /// The numbers of `range`, all of which are due to the number that it is called with.
    pub fn counted_to(&self, scope: &Scope, args: &[Expr], value: Value) -> Value {
        let origin = args.iter().rev().find_map(|a| self.origin(scope, a, ("", None)));
        origin.map_or(value.clone(), |origin| all_at(&value, origin.at))
    }

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
            ExprKind::Call { name: function, args, .. } => match (reads(&function.text), args.as_slice()) {
                (true, [path, ..]) => {
                    let path = self.eval(scope, path);
                    let path = local_file(self, path.as_str()?)?;
                    let file = self.files.read(&path).ok()?;
                    self.origin_at(self.top(file), ("", None))
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

    fn follow_variable(&self, node: &Rc<Node>, name: &str, left: usize) -> Option<Written> {
        let decl = node.module.variables.get(name)?;
        let literal = |file: FileId| Scope { literal: true, ..Scope::module(node, file) };
        let origin = match &node.call {
            Some(call) => {
                let calling = call.parent.module.calls.get(&call.name)?;
                calling.args.get(name).map(|arg| {
                    let scope = Scope::block(&call.parent, &call.instance, arg.file);
                    let owner = format!("{}module.{}", call.parent.prefix, call.name);
                    self.follow(&scope, &arg.what.expr, (name, Some(owner)), left)
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

    /// What stands at a place; nothing in a module of the catalogue, where nobody can edit it.
    fn origin_at(&self, at: Loc, (name, of): Name) -> Option<Written> {
        if self.visible(at) != at {
            return None;
        }
        let decoded = self.texts.borrow().values().any(|t| t.file == at.file);
        let source = self.files.source(at.file);
        let text = source.text.get(at.span.range()).unwrap_or_default();
        // An entry of a map stands with its key.
        let entry = text.split_once(['=', ':']).map(|(key, value)| (unquoted(key), value));
        let entry = entry.filter(|(key, _)| if name.is_empty() { is_name(key) } else { *key == name });
        let colon = text.find(':').zip(text.find('=').or(Some(usize::MAX))).is_some_and(|(a, b)| a < b);
        let between = if entry.is_some() && colon { ": " } else { " = " };
        let name = entry.map_or(name, |(key, _)| key);
        let text = entry.map_or(text, |(_, value)| value).trim();
        let short = !decoded && is_short(text);
        let text = if short { text.to_string() } else { String::new() };
        Some(Written { name: name.to_string(), text, of, at, decoded, other: None, between })
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
    pub fn step(&self, node: &Rc<Node>, decl: &Decl, name: String) -> Step {
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

    /// The step of one instance.
    pub fn step_of(&self, step: &Step, instance: &Instance) -> Rc<Step> {
        let element = instance.at.and_then(|at| self.origin_at(at, ("", None)));
        let key = instance.key.show();
        let element = element.map(|element| {
            // What is no plain text is called as the instance is.
            let plain = element.text.starts_with('"') && !element.text.contains(['=', ':', '{', '$']);
            let own = || key.trim_matches(['[', ']']).to_string();
            Rc::new(Written { text: if plain { element.text.clone() } else { own() }, ..element })
        });
        Rc::new(Step { instance: key, element, ..step.clone() })
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
    !text.contains('\n') && text.chars().count() <= QUOTED
}

fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

fn unquoted(key: &str) -> &str {
    key.trim().trim_matches(['"', '\''])
}

fn with_parts(value: &Value, mut part: impl FnMut(usize, &Part) -> Part) -> Value {
    let Value::Coll(coll) = value else { return value.clone() };
    let parts = coll.parts.iter().enumerate().map(|(i, p)| part(i, p));
    Value::typed(coll.kind, coll.elem.clone(), parts.collect())
}

fn all_at(value: &Value, at: Loc) -> Value {
    with_parts(value, |_, p| Part { at: At(Some(at)), value: all_at(&p.value, at), ..p.clone() })
}

fn at_nodes(value: &Value, file: FileId, node: &tree::Node) -> Value {
    with_parts(value, |i, part| {
        let found = match part.key.as_str() {
            Some(key) => node.entry(key).map(|(key, value)| (key.span.to(value.span), value)),
            None => node.items().get(i).map(|item| (item.span, item)),
        };
        match found {
            Some((span, inner)) => Part {
                at: At(Some(Loc::new(file, span))),
                value: at_nodes(&part.value, file, inner),
                ..part.clone()
            },
            None => part.clone(),
        }
    })
}

fn at_records(value: &Value, file: FileId, records: &[Span]) -> Value {
    with_parts(value, |i, part| {
        // The first record has the names.
        let Some(span) = records.get(i + 1) else { return part.clone() };
        let at = Loc::new(file, *span);
        Part { at: At(Some(at)), value: all_at(&part.value, at), ..part.clone() }
    })
}

/// The records of comma-separated values, empty lines left out.
fn records(text: &str) -> Vec<Span> {
    let (mut out, mut start, mut quoted) = (Vec::new(), 0, false);
    for (i, byte) in text.bytes().chain([b'\n']).enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted || i == text.len() => {
                let line = text.get(start..i).unwrap_or_default().trim_end_matches('\r');
                if !line.is_empty() {
                    out.push(Span::new(start, start + line.len()));
                }
                start = i + 1;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_may_hold_line_breaks() {
        let text = "a,b\r\n\r\n1,\"x\ny\"\n2,z";
        let found: Vec<&str> = records(text).iter().map(|s| &text[s.range()]).collect();
        assert_eq!(found, ["a,b", "1,\"x\ny\"", "2,z"]);
    }
}
