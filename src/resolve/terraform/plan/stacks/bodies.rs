//! The template of a stack: what an expression may be, with where each part of it is written.
//!
//! Quotes and a heredoc around an expression change nothing: `"${var.new ? file("a.yaml") : file("b.yaml")}"` is how JSON
//! writes every expression. Forms that people write are followed, so that places are exact; of anything else the value
//! is written out ([`super::spelled`]) and stands where the expression does.

use super::spelled::{Ways, node, not_refused, scalar};
use crate::parse::syntax::{Attribute, Expr, ExprKind, ObjectKey, TemplatePart};
use crate::parse::tree::{self, NodeKind};
use crate::resolve::embedded::{Body, Text, is_marker};
use crate::resolve::terraform::config::module::In;
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::files::local_file;
use crate::resolve::terraform::eval::scope::Scope;
use crate::resolve::terraform::functions::args::{Also, Blanks, Read};
use crate::resolve::terraform::functions::find;
use crate::value::func::Form;
use crate::value::marks::Mark;
use crate::value::{Guard, Value};

/// How often a name is followed to where its text is written; after that it is evaluated, and its places are those of the
/// whole.
const FOLLOWED: usize = 16;

/// What a template may be.
#[derive(Default)]
pub struct Bodies {
    /// What it is, and when.
    pub known: Ways<Body>,
    /// Whether it may also be something that only the deployment knows.
    pub open: bool,
}

/// What a call is to a template.
enum What {
    /// Its file.
    File,
    /// Its document, written out.
    Document,
    /// Its text, without blanks around it.
    Trimmed,
}

fn what(function: &str) -> Option<What> {
    let row = find(function)?;
    match (row.also, row.func.makes) {
        (Also::Reads(Read::Text), _) => Some(What::File),
        (Also::Lays(Blanks::Around | Blanks::LineEnds), _) => Some(What::Trimmed),
        (_, Some(Form::Json | Form::Yaml)) => Some(What::Document),
        _ => None,
    }
}

impl Terraform<'_> {
    /// The templates that an expression may be.
    pub(super) fn template_bodies(&self, scope: &Scope, expr: &Expr) -> Bodies {
        let mut out = Bodies::default();
        self.bodies(scope, expr, Guard::TRUE, FOLLOWED, &mut out);
        out
    }

    fn bodies(&self, scope: &Scope, expr: &Expr, when: Guard, left: usize, out: &mut Bodies) {
        if !when.is_false() && (left == 0 || !self.known_form(scope, expr, when, left - 1, out)) {
            self.evaluated(scope, expr, when, out);
        }
    }

    /// The same of a form that people write; whether it is one.
    fn known_form(&self, scope: &Scope, expr: &Expr, when: Guard, left: usize, out: &mut Bodies) -> bool {
        match &expr.kind {
            ExprKind::Paren(inner) => self.bodies(scope, inner, when, left, out),
            ExprKind::Cond(cond, then, otherwise) => {
                let Some((holds, not)) = self.decides(scope, cond, when) else { return false };
                self.bodies(scope, then, holds, left, out);
                self.bodies(scope, otherwise, not, left, out);
            }
            ExprKind::GetAttr(..) => {
                let Some(local) = local(scope, expr) else { return false };
                let scope = Scope::module(&scope.node, local.file);
                self.bodies(&scope, &local.what.expr, when, left, out);
            }
            ExprKind::Call { name, args, expand: false } => match (what(&name.text), args.as_slice()) {
                (Some(What::File), [path]) => {
                    let path = self.eval(scope, path);
                    let plain = path.as_str().filter(|_| self.cx.mark_of(&path) != Some(Mark::Sensitive));
                    let Some(path) = plain.and_then(|path| local_file(self, path)) else { return false };
                    out.known.push((when, Body::File(path)));
                }
                (Some(What::Document), [value]) if self.decoded_body(scope, value, when, left, out) => {}
                (Some(What::Document), [value]) => {
                    let Some(tree) = self.document(scope, value) else { return false };
                    out.known.push((when, Body::Tree(scope.file, tree)));
                }
                // Blanks around a template are nothing to it.
                (Some(What::Trimmed), [inner]) => self.bodies(scope, inner, when, left, out),
                _ => return false,
            },
            ExprKind::Template(parts) => self.quoted(scope, expr, parts, when, left, out),
            _ => return false,
        }
        true
    }

    /// The templates that a string, a heredoc or one side of a directive in one may be; `expr` is all of it.
    fn quoted(
        &self,
        scope: &Scope,
        expr: &Expr,
        parts: &[TemplatePart],
        when: Guard,
        left: usize,
        out: &mut Bodies,
    ) {
        match alone(parts) {
            Some(TemplatePart::Interpolation(inner)) => return self.bodies(scope, inner, when, left, out),
            Some(TemplatePart::If { cond, then, otherwise }) if left > 0 => {
                if let Some((holds, not)) = self.decides(scope, cond, when) {
                    self.quoted(scope, expr, then, holds, left - 1, out);
                    return self.quoted(scope, expr, otherwise, not, left - 1, out);
                }
            }
            _ => {}
        }
        match self.written(scope, expr, parts) {
            Some(texts) if !when.is_false() => {
                let body = |(holds, text)| (self.cx.and(when, holds), Body::Text(text));
                out.known.extend(texts.into_iter().map(body));
            }
            Some(_) => {}
            None => self.evaluated(scope, expr, when, out),
        }
    }

    /// When a condition holds and when it does not; `None` where a secret decides.
    fn decides(&self, scope: &Scope, cond: &Expr, when: Guard) -> Option<(Guard, Guard)> {
        let (cond, secret) = self.decided(scope, cond);
        let holds = self.cx.truth(&cond);
        (!secret).then(|| (self.cx.and(when, holds), self.cx.and(when, self.cx.not(holds))))
    }

    /// Takes `yamldecode(file("a.yaml"))`, which is written out again, for the text that it decodes; whether it is such a
    /// call.
    fn decoded_body(&self, scope: &Scope, expr: &Expr, when: Guard, left: usize, out: &mut Bodies) -> bool {
        match &expr.kind {
            ExprKind::Paren(inner) => self.decoded_body(scope, inner, when, left, out),
            ExprKind::GetAttr(..) => match local(scope, expr) {
                Some(local) if left > 0 => {
                    let scope = Scope::module(&scope.node, local.file);
                    self.decoded_body(&scope, &local.what.expr, when, left - 1, out)
                }
                _ => false,
            },
            ExprKind::Call { name, args, expand: false } => {
                let undoes = find(&name.text).and_then(|row| row.func.undoes);
                let (Some(Form::Json | Form::Yaml), [text]) = (undoes, args.as_slice()) else { return false };
                // What does not decode is no template. Whether something unknown does, its text tells.
                let decodes = !self.cx.refused(&self.eval(scope, expr)).is_true();
                if decodes {
                    self.bodies(scope, text, when, left, out);
                }
                decodes
            }
            _ => false,
        }
    }

    /// A string or heredoc without directives: its literal parts stand where they are written. `None` where there are more
    /// of it than are followed.
    fn written(&self, scope: &Scope, expr: &Expr, parts: &[TemplatePart]) -> Option<Ways<Text>> {
        let source = self.files.source(scope.file);
        let heredoc = source.text.get(expr.span.range()).is_some_and(|t| t.starts_with("<<"));
        let mut texts = vec![(Guard::TRUE, Text::new(scope.file))];
        for part in parts {
            match part {
                TemplatePart::Literal(literal, span) => {
                    texts.iter_mut().for_each(|(_, t)| t.literal(&source.text, literal, *span, !heredoc));
                }
                TemplatePart::Interpolation(inner) => {
                    let value = self.shown(scope, inner);
                    let hidden = self.shows_a_secret(&value).then_some(&value);
                    texts = self.joined(texts, self.spelled(&value), |text, part: &String| {
                        text.computed(&source.text, part, inner.span);
                        text.hidden = hidden.or(text.hidden.as_ref()).cloned();
                    })?;
                }
                TemplatePart::If { .. } | TemplatePart::For { .. } => return None,
            }
        }
        Some(texts)
    }

    /// What an expression's value may be, all standing where the expression does.
    fn evaluated(&self, scope: &Scope, expr: &Expr, when: Guard, out: &mut Bodies) {
        for (guard, value) in not_refused(self.cx.alternatives(&self.shown(scope, expr))) {
            let guard = self.cx.and(when, guard);
            // No template.
            if guard.is_false() || value == Value::Null {
                continue;
            }
            if let Some(file) = self.file_of(&value) {
                let path = self.files.root().join(&self.files.source(file).path);
                out.known.push((guard, Body::File(path)));
                continue;
            }
            let encoded = if let Value::Sym(sym) = &value { self.encoded(*sym) } else { None };
            if let Some(trees) = encoded.and_then(|value| self.documents(&value, scope.file, expr.span)) {
                let body = |(holds, tree)| (self.cx.and(guard, holds), Body::Tree(scope.file, tree));
                out.known.extend(trees.into_iter().map(body));
                continue;
            }
            let hidden = self.shows_a_secret(&value).then_some(&value);
            let chosen = hidden.is_some() && self.is_chosen(scope, expr, &value);
            if let Value::String(text) = &value
                && let Some(mut text) = self.made_of(text)
            {
                (text.hidden, text.chosen) = (hidden.cloned(), chosen);
                out.known.push((guard, Body::Text(text)));
                continue;
            }
            let texts = match &value {
                Value::String(text) => vec![(Guard::TRUE, text.to_string())],
                _ => self.spelled(&value),
            };
            for (holds, spelled) in texts {
                if is_marker(&spelled) {
                    out.open = true;
                    continue;
                }
                let mut text = Text::new(scope.file);
                text.computed("", &spelled, expr.span);
                (text.hidden, text.chosen) = (hidden.cloned(), chosen);
                out.known.push((self.cx.and(guard, holds), Body::Text(text)));
            }
        }
    }

    /// Whether a secret decides which text this is, and is no part of it: then its names tell the secret too.
    fn is_chosen(&self, scope: &Scope, expr: &Expr, value: &Value) -> bool {
        match &expr.kind {
            ExprKind::Paren(inner) => self.is_chosen(scope, inner, value),
            ExprKind::Cond(..) | ExprKind::Index(..) | ExprKind::LegacyIndex(..) => true,
            ExprKind::Call { name, args, .. } => {
                match (find(&name.text).map(|row| row.also), args.as_slice()) {
                    (Some(Also::Reads(_) | Also::Takes { .. } | Also::Tries), _) => true,
                    (Some(Also::Renders { file: true }), [path, ..]) => {
                        self.cx.mark_of(&self.eval(scope, path)) == Some(Mark::Sensitive)
                    }
                    _ => false,
                }
            }
            _ => value.as_str().is_some_and(|text| self.is_of_a_file(text)),
        }
    }

    /// The document that an encoded expression writes; `None` where inputs decide its shape.
    fn document(&self, scope: &Scope, expr: &Expr) -> Option<tree::Node> {
        let at = expr.span;
        match &expr.kind {
            ExprKind::Paren(inner) => self.document(scope, inner),
            ExprKind::Tuple(items) => {
                let items = items.iter().map(|i| self.document(scope, i)).collect::<Option<Vec<_>>>()?;
                Some(node(NodeKind::Seq(items.into()), at))
            }
            ExprKind::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| {
                    let key = match key {
                        ObjectKey::Name(name) => scalar(&name.text, name.span),
                        ObjectKey::Expr(expr) => {
                            scalar(&self.in_document(&self.shown(scope, expr)), expr.span)
                        }
                    };
                    Some((key, self.document(scope, value)?))
                });
                Some(node(NodeKind::Map(entries.collect::<Option<Vec<_>>>()?.into()), at))
            }
            _ => match self.documents(&self.shown(scope, expr), scope.file, at)?.as_slice() {
                [(Guard::TRUE, document)] => Some(document.clone()),
                _ => None,
            },
        }
    }
}

/// The local value that an expression names.
fn local<'s>(scope: &'s Scope, expr: &Expr) -> Option<&'s In<Attribute>> {
    let ExprKind::GetAttr(base, name) = &expr.kind else { return None };
    let named = matches!(&base.kind, ExprKind::Variable(root) if root == "local");
    named.then(|| scope.node.module.locals.get(&name.text)).flatten()
}

/// The one expression or directive that a string or heredoc is around, with nothing but blanks after it.
fn alone(parts: &[TemplatePart]) -> Option<&TemplatePart> {
    let mut found = None;
    for part in parts {
        match part {
            // Blanks before it would indent its first line and no other.
            TemplatePart::Literal(text, _) if text.trim().is_empty() && found.is_some() => {}
            TemplatePart::Interpolation(_) | TemplatePart::If { .. } if found.is_none() => found = Some(part),
            _ => return None,
        }
    }
    found
}
