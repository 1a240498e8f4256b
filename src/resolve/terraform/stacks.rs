//! CloudFormation stacks in Terraform: their template's text with where it is written, and their parameters.
//!
//! Answers: which template a stack resource deploys. What a template means is not known here: it goes back to the
//! dispatcher. A template that only the deployment knows is said.
//! Source: provider documentation, `aws_cloudformation_stack`, `aws_cloudformation_stack_set`; the awscc provider,
//! `awscc_cloudformation_stack`.

use std::rc::Rc;

use super::functions::local_file;
use super::module::{Decl, In};
use super::scope::{Instance, Node, Scope};
use super::types::to_bool;
use super::{ObjectKind, Terraform, types};
use crate::key::Account;
use crate::parse::syntax::{Attribute, Expr, ExprKind, ObjectKey, TemplatePart};
use crate::parse::tree::{self, NodeKind, Style};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::embedded::{Body, Parameters, Stack, Text};
use crate::span::Span;
use crate::value::marks::Mark;
use crate::value::symbol::Piece;
use crate::value::{Guard, SymId, SymNode, Ty, Value};

/// Resource types that deploy a template.
pub const STACK_TYPES: [&str; 3] =
    ["aws_cloudformation_stack", "awscc_cloudformation_stack", "aws_cloudformation_stack_set"];

/// The one of them whose outputs are a map by name.
pub const OUTPUTS_ARE_A_MAP: &str = "aws_cloudformation_stack";

/// How often a name is followed to where its text is written; after that it is evaluated, and its places are those of the
/// whole.
const FOLLOWED: usize = 16;

impl Terraform<'_> {
    /// The stack of one instance of a resource; `None` if nothing of its template is known.
    pub fn stack(
        &self,
        node: &Rc<Node>,
        decl: &Decl,
        instance: &Rc<Instance>,
        address: &str,
        kind: &str,
    ) -> Option<Stack> {
        let Some(body) = decl.args.get("template_body") else {
            if let Some(url) = decl.args.get("template_url") {
                self.not_here(url, "is at a URL");
            }
            return None;
        };
        let scope = Scope::block(node, instance, body.file);
        let mut bodies = Vec::new();
        self.bodies(&scope, &body.what.expr, Guard::TRUE, FOLLOWED, &mut bodies);
        if bodies.is_empty() {
            self.not_here(body, "is only known at deployment");
            return None;
        }
        let elsewhere = kind == "aws_cloudformation_stack_set";
        let account = if elsewhere {
            let scope = self.deployment(&format!("the accounts of {address}"), Ty::String);
            Account { scope, id: None }
        } else {
            self.provided(node, decl, instance, kind).account
        };
        Some(Stack {
            address: address.to_string(),
            header: decl.header(),
            calls: node.via.clone(),
            bodies,
            parameters: self.parameters(node, decl, instance),
            times: instance.times.within(self.cx, &node.times),
            multiplier: decl
                .args
                .get("count")
                .or_else(|| decl.args.get("for_each"))
                .map(|a| a.loc(a.what.span)),
            account,
            elsewhere,
            outputs: self.outputs_symbol(node, instance, address, kind),
            refused: Vec::new(),
        })
    }

    /// The symbol that stands for the outputs of a stack until its template was read.
    fn outputs_symbol(
        &self,
        node: &Rc<Node>,
        instance: &Rc<Instance>,
        address: &str,
        kind: &str,
    ) -> Option<SymId> {
        if kind != OUTPUTS_ARE_A_MAP {
            return None;
        }
        let label = address.strip_prefix(&node.prefix)?.strip_prefix(kind)?.strip_prefix('.')?;
        let name = label.split('[').next().unwrap_or(label).to_string();
        let object = ObjectKind::Resource {
            node: node.clone(),
            data: false,
            key: (kind.to_string(), name),
            instance: instance.clone(),
        };
        let symbol = self.object(address, node, instance, object);
        match self.computed(symbol, address, "outputs") {
            Value::Sym(outputs) => Some(outputs),
            _ => None,
        }
    }

    fn not_here(&self, arg: &In<Attribute>, where_it_is: &str) {
        // A file that may not be read is said where it is read.
        let within = |place: &Place| matches!(place, Place::At(loc) if loc.file == arg.file && arg.what.expr.span.range().contains(&(loc.span.start as usize)));
        if self.problems.borrow().iter().any(|p| p.kind == ProblemKind::Unreadable && within(&p.place)) {
            return;
        }
        let reason = format!("the template of this stack {where_it_is}; its keys are not examined");
        self.problem(Problem::new(ProblemKind::RemoteTemplate, arg.loc(arg.what.expr.span), reason));
    }

    fn parameters(&self, node: &Rc<Node>, decl: &Decl, instance: &Rc<Instance>) -> Parameters {
        let mut parameters = Parameters::default();
        let Some(arg) = decl.args.get("parameters") else { return parameters };
        let value = self.eval(&Scope::block(node, instance, arg.file), &arg.what.expr);
        match self.merged(&value) {
            Value::Coll(c) if c.kind.keyed() => {
                for part in &c.parts {
                    let Some(name) = part.key.as_str().filter(|_| part.over.is_empty()) else { continue };
                    let value = types::to_string(self.cx, &part.value);
                    let value = self.cx.if_else(part.guard, value, Value::Null);
                    parameters.named.insert(name.to_string(), value);
                }
            }
            Value::Null => {}
            other => parameters.other = Some(other),
        }
        parameters
    }

    /// The templates that an expression may be. Forms that people write are followed, so that places are exact;
    /// whatever else is a known text stands where the expression does.
    fn bodies(&self, scope: &Scope, expr: &Expr, when: Guard, left: usize, out: &mut Vec<(Guard, Body)>) {
        if when.is_false() || self.faulty(scope, expr).is_some() {
            return;
        }
        if left == 0 {
            return self.evaluated(scope, expr, when, out);
        }
        match &expr.kind {
            ExprKind::Paren(inner) => self.bodies(scope, inner, when, left - 1, out),
            ExprKind::Cond(cond, then, otherwise) => {
                let holds = self.cx.truth(&to_bool(self.cx, &self.eval(scope, cond)));
                self.bodies(scope, then, self.cx.and(when, holds), left - 1, out);
                self.bodies(scope, otherwise, self.cx.and(when, self.cx.not(holds)), left - 1, out);
            }
            ExprKind::GetAttr(base, name)
                if matches!(&base.kind, ExprKind::Variable(root) if root == "local")
                    && !scope.locals.contains_key("local") =>
            {
                match scope.node.module.locals.get(&name.text) {
                    Some(local) => {
                        let scope = Scope::module(&scope.node, local.file);
                        self.bodies(&scope, &local.what.expr, when, left - 1, out);
                    }
                    None => self.evaluated(scope, expr, when, out),
                }
            }
            ExprKind::Call { name, args, expand: false } => match (name.text.as_str(), args.as_slice()) {
                ("file", [path]) => match self.eval(scope, path).as_str().and_then(|p| local_file(self, p)) {
                    Some(path) => out.push((when, Body::File(path))),
                    None => self.evaluated(scope, expr, when, out),
                },
                ("jsonencode" | "yamlencode", [value]) => match self.tree(scope, value) {
                    Some(tree) => out.push((when, Body::Tree(scope.file, tree))),
                    None => self.evaluated(scope, expr, when, out),
                },
                _ => self.evaluated(scope, expr, when, out),
            },
            ExprKind::Template(parts) => match self.written(scope, expr, parts) {
                Some(text) => out.push((when, Body::Text(text))),
                None => self.evaluated(scope, expr, when, out),
            },
            _ => self.evaluated(scope, expr, when, out),
        }
    }

    /// A string or heredoc without directives: its literal parts stand where they are written.
    fn written(&self, scope: &Scope, expr: &Expr, parts: &[TemplatePart]) -> Option<Text> {
        let source = self.files.source(scope.file);
        let heredoc = source.text.get(expr.span.range()).is_some_and(|t| t.starts_with("<<"));
        let mut text = Text::new(scope.file);
        for part in parts {
            match part {
                TemplatePart::Literal(literal, span) => text.literal(&source.text, literal, *span, !heredoc),
                TemplatePart::Interpolation(inner) => {
                    let value = self.in_text(&self.eval(scope, inner));
                    text.computed(&source.text, &value, inner.span);
                }
                TemplatePart::If { .. } | TemplatePart::For { .. } => return None,
            }
        }
        Some(text)
    }

    /// A value as it stands in text: itself where it is known, else a marker.
    fn in_text(&self, value: &Value) -> String {
        match self.cx.to_text(value) {
            // What is sensitive stays a value, which knows that it is.
            text if self.cx.mark_of(&text) == Some(Mark::Sensitive) => {
                self.embedded.borrow_mut().marker(text)
            }
            Value::String(text) => text.to_string(),
            other => self.embedded.borrow_mut().marker(other),
        }
    }

    /// The texts that an expression's value may be, all standing where the expression does.
    fn evaluated(&self, scope: &Scope, expr: &Expr, when: Guard, out: &mut Vec<(Guard, Body)>) {
        for (guard, value) in self.cx.alternatives(&self.eval(scope, expr)) {
            let known = match &value {
                Value::String(text) => Some(text.to_string()),
                Value::Sym(sym) => match self.cx.node(*sym) {
                    Some(SymNode::Concat(pieces)) => Some(self.pieces(&pieces)),
                    _ => None,
                },
                _ => None,
            };
            if let Some(known) = known {
                let mut text = Text::new(scope.file);
                text.computed("", &known, expr.span);
                out.push((self.cx.and(when, guard), Body::Text(text)));
            }
        }
    }

    fn pieces(&self, pieces: &[Piece]) -> String {
        let text = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Sym(sym) => self.embedded.borrow_mut().marker(Value::Sym(*sym)),
        });
        text.collect()
    }

    /// The document that an encoded expression writes; `None` where only the deployment knows its shape.
    fn tree(&self, scope: &Scope, expr: &Expr) -> Option<tree::Node> {
        let at = expr.span;
        match &expr.kind {
            ExprKind::Paren(inner) => self.tree(scope, inner),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|i| self.tree(scope, i)).collect::<Option<Vec<_>>>()?;
                Some(node(NodeKind::Seq(items.into()), at))
            }
            ExprKind::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Name(name) => scalar(&name.text, name.span),
                        ObjectKey::Expr(expr) => scalar(&self.in_text(&self.eval(scope, expr)), expr.span),
                    };
                    Some((key, self.tree(scope, value)?))
                });
                Some(node(NodeKind::Map(entries.collect::<Option<Vec<_>>>()?.into()), at))
            }
            _ => self.value_tree(&self.eval(scope, expr), at),
        }
    }

    fn value_tree(&self, value: &Value, at: Span) -> Option<tree::Node> {
        match value {
            Value::Null => Some(node(NodeKind::Scalar("null".into(), Style::JsonBare), at)),
            Value::Coll(c) => {
                if !c.parts.iter().all(|p| p.guard.is_true() && p.over.is_empty()) {
                    return None;
                }
                if c.kind.keyed() {
                    let entries = c
                        .parts
                        .iter()
                        .map(|p| Some((scalar(&self.in_text(&p.key), at), self.value_tree(&p.value, at)?)));
                    return Some(node(NodeKind::Map(entries.collect::<Option<Vec<_>>>()?.into()), at));
                }
                let items = c.parts.iter().map(|p| self.value_tree(&p.value, at));
                Some(node(NodeKind::Seq(items.collect::<Option<Vec<_>>>()?.into()), at))
            }
            Value::Sym(sym) if !self.cx.type_of(*sym).is_scalar() && self.cx.type_of(*sym) != Ty::Dynamic => {
                None
            }
            Value::Choice(all) if all.iter().any(|(_, v)| matches!(v, Value::Coll(_))) => None,
            other => Some(scalar(&self.in_text(other), at)),
        }
    }
}

fn node(kind: NodeKind, span: Span) -> tree::Node {
    tree::Node { kind, span, tag: None }
}

fn scalar(text: &str, span: Span) -> tree::Node {
    node(NodeKind::Scalar(text.into(), Style::DoubleQuoted), span)
}
