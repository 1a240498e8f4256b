//! hcl-edit's tree to our own, at once and with absolute spans.
//!
//! Nothing of hcl-edit outlives this step. Where its values differ from Terraform's (numbers, heredocs, keys that
//! a repair overwrote) the value is read from the original text. Source: HCL native syntax specification.

use hcl_edit::Span as _;
use hcl_edit::expr::{self as hcl, Expression, TraversalOperator};
use hcl_edit::structure::{self, BlockLabel, Structure};

use super::hcl_explain::{explain, too_deep};
use super::hcl_repair::Renamed;
use super::syntax::{Attribute, BinaryOp, Block, Body, Expr, ExprKind, For, Name, ObjectKey, Step, UnaryOp};
use super::{SyntaxError, limits};
use crate::span::Span;

type Range = Option<std::ops::Range<usize>>;

/// What a conversion needs to know of the text that was parsed.
pub(super) struct Convert<'a> {
    /// The original text that hcl-edit's offsets point into (before any repair).
    pub text: &'a str,
    /// Where that text stands in its file.
    pub base: usize,
    /// Names that a repair overwrote.
    pub renamed: &'a Renamed,
}

impl Convert<'_> {
    /// The absolute span of a node; `within` where the parser kept none.
    pub fn span(&self, range: Range, within: Span) -> Span {
        range.map_or(within, |r| Span::new(self.base + r.start, self.base + r.end))
    }

    /// The original text of an absolute span.
    pub fn slice(&self, span: Span) -> &str {
        let at = |n: u32| (n as usize).saturating_sub(self.base);
        self.text.get(at(span.start)..at(span.end)).unwrap_or("")
    }

    /// An error where a line ends inside of quotes. Terraform reads a text over several lines from a heredoc only.
    pub fn on_one_line(&self, span: Span) -> Result<(), SyntaxError> {
        let Some(at) = self.slice(span).find(['\n', '\r']) else { return Ok(()) };
        let at = span.start as usize + at;
        let message = "a text in quotes ends on its line; write \\n in it, or use a heredoc".into();
        Err(SyntaxError { message, span: Span::new(at, at + 1) })
    }

    fn whole(&self) -> Span {
        Span::new(self.base, self.base + self.text.len())
    }

    /// A name that may have been overwritten by a repair: read from the original.
    fn name(&self, text: &str, span: Span) -> Name {
        match self.renamed.get(&(span.start as usize).saturating_sub(self.base)) {
            Some(original) => {
                let span = Span::new(self.base + original.start, self.base + original.end);
                Name { text: self.slice(span).to_owned(), span }
            }
            None => Name { text: text.to_owned(), span },
        }
    }

    /// Recursive; hcl-edit bounds the nesting of blocks.
    pub fn body(&self, body: &structure::Body) -> Result<Body, SyntaxError> {
        let mut out = Body::default();
        for item in body {
            match item {
                Structure::Attribute(a) => out.attributes.push(self.attribute(a)?),
                Structure::Block(b) => out.blocks.push(self.block(b)?),
            }
        }
        Ok(out)
    }

    fn attribute(&self, attribute: &structure::Attribute) -> Result<Attribute, SyntaxError> {
        let within = self.span(attribute.span(), self.whole());
        let name = self.name(attribute.key.as_str(), self.span(attribute.key.span(), within));
        let expr = self.expr(&attribute.value, within, 0)?;
        let span = name.span.to(expr.span);
        Ok(Attribute { name, expr, span })
    }

    fn block(&self, block: &structure::Block) -> Result<Block, SyntaxError> {
        let span = self.span(block.span(), self.whole());
        let kind = self.name(block.ident.as_str(), self.span(block.ident.span(), span));
        let label = |label: &BlockLabel| {
            let range = match label {
                BlockLabel::Ident(ident) => ident.span(),
                BlockLabel::String(string) => string.span(),
            };
            Name { text: label.as_str().to_owned(), span: self.span(range, span) }
        };
        let labels: Vec<Name> = block.labels.iter().map(label).collect();
        labels.iter().try_for_each(|label| self.on_one_line(label.span))?;
        let header = labels.last().map_or(kind.span, |last| kind.span.to(last.span));
        Ok(Block { kind, labels, body: self.body(&block.body)?, header, span })
    }

    /// `depth` counts the levels of [`Expr`] above this one.
    pub fn expr(&self, expr: &Expression, within: Span, depth: usize) -> Result<Expr, SyntaxError> {
        let span = self.span(expr.span(), within);
        if depth >= limits::EXPR_DEPTH {
            return Err(too_deep(Span::new(span.start as usize, span.start as usize + 1)));
        }
        let sub = |e: &Expression| self.expr(e, span, depth + 1);
        let boxed = |e: &Expression| sub(e).map(Box::new);
        let kind = match expr {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(b) => ExprKind::Bool(*b.value()),
            Expression::Number(_) => return Ok(self.number(span)),
            Expression::String(_) | Expression::StringTemplate(_) | Expression::HeredocTemplate(_) => {
                ExprKind::Template(self.quoted_or_heredoc(expr, span, depth)?)
            }
            Expression::Array(array) => ExprKind::Tuple(array.iter().map(sub).collect::<Result<_, _>>()?),
            Expression::Object(object) => {
                let item = |(key, value): (&hcl::ObjectKey, &hcl::ObjectValue)| {
                    Ok((self.object_key(key, span, depth + 1)?, sub(value.expr())?))
                };
                ExprKind::Object(object.iter().map(item).collect::<Result<_, SyntaxError>>()?)
            }
            Expression::Parenthesis(inner) => ExprKind::Paren(boxed(inner.inner())?),
            Expression::Variable(name) => ExprKind::Variable(name.as_str().to_owned()),
            Expression::Conditional(c) => {
                ExprKind::Cond(boxed(&c.cond_expr)?, boxed(&c.true_expr)?, boxed(&c.false_expr)?)
            }
            Expression::FuncCall(call) => self.call(call, span, depth)?,
            Expression::Traversal(traversal) => return self.traversal(traversal, span, depth),
            Expression::UnaryOp(op) => {
                let operator = match op.operator.value() {
                    hcl::UnaryOperator::Neg => UnaryOp::Negate,
                    hcl::UnaryOperator::Not => UnaryOp::Not,
                };
                ExprKind::Unary(operator, boxed(&op.expr)?)
            }
            Expression::BinaryOp(op) => {
                ExprKind::Binary(operator(*op.operator.value()), boxed(&op.lhs_expr)?, boxed(&op.rhs_expr)?)
            }
            Expression::ForExpr(f) => self.for_expr(f, span, depth)?,
        };
        Ok(Expr { kind, span })
    }

    /// A number's digits as written. hcl-edit reads `-1` as one number, Terraform as a negation.
    fn number(&self, span: Span) -> Expr {
        let raw = self.slice(span);
        match raw.strip_prefix('-') {
            None => Expr { kind: ExprKind::Number(raw.to_owned()), span },
            Some(rest) => {
                // hcl-edit allows blanks and a comment in between; digits begin where no comment can.
                let digits = rest.rfind(|c: char| !matches!(c, '0'..='9' | '.' | 'e' | 'E' | '+' | '-'));
                let digits = digits.and_then(|i| rest.get(i + 1..)).unwrap_or(rest);
                let inner = Span::new(span.end as usize - digits.len(), span.end as usize);
                let number = Expr { kind: ExprKind::Number(digits.to_owned()), span: inner };
                Expr { kind: ExprKind::Unary(UnaryOp::Negate, Box::new(number)), span }
            }
        }
    }

    fn object_key(&self, key: &hcl::ObjectKey, within: Span, depth: usize) -> Result<ObjectKey, SyntaxError> {
        let span = self.span(key.span(), within);
        if let Some(original) = self.renamed.get(&(span.start as usize).saturating_sub(self.base)) {
            return self.overwritten_key(original.clone());
        }
        match key {
            hcl::ObjectKey::Ident(name) => Ok(ObjectKey::Name(Name { text: name.as_str().to_owned(), span })),
            // Keywords are names here: `{ null = 1 }` has the key "null".
            hcl::ObjectKey::Expression(Expression::Null(_) | Expression::Bool(_)) => {
                Ok(ObjectKey::Name(Name { text: self.slice(span).to_owned(), span }))
            }
            hcl::ObjectKey::Expression(e) => Ok(ObjectKey::Expr(self.expr(e, span, depth)?)),
        }
    }

    /// The key that a repair made unique: parsed again from the original.
    fn overwritten_key(&self, original: std::ops::Range<usize>) -> Result<ObjectKey, SyntaxError> {
        let raw = self.text.get(original.clone()).unwrap_or("");
        let start = self.base + original.start;
        let span = Span::new(start, start + raw.len());
        let tree = hcl_edit::parser::parse_expr(raw).map_err(|error| explain(&error, raw, start))?;
        let expr = Convert { text: raw, base: start, renamed: &Renamed::new() }.expr(&tree, span, 0)?;
        Ok(match expr.kind {
            ExprKind::Variable(_) | ExprKind::Null | ExprKind::Bool(_) => {
                ObjectKey::Name(Name { text: raw.to_owned(), span })
            }
            _ => ObjectKey::Expr(expr),
        })
    }

    fn call(&self, call: &hcl::FuncCall, within: Span, depth: usize) -> Result<ExprKind, SyntaxError> {
        let end = self.span(call.name.name.span(), within);
        let start = call.name.namespace.first().map_or(end, |first| self.span(first.span(), within));
        let parts = call.name.namespace.iter().chain([&call.name.name]);
        let text = parts.map(|p| p.as_str()).collect::<Vec<_>>().join("::");
        let args = call.args.iter().map(|e| self.expr(e, within, depth + 1)).collect::<Result<_, _>>()?;
        Ok(ExprKind::Call {
            name: Name { text, span: start.to(end) },
            args,
            expand: call.args.expand_final(),
        })
    }

    /// The steps are a list in hcl-edit and nested expressions in ours: the base lies deepest.
    fn traversal(&self, traversal: &hcl::Traversal, span: Span, depth: usize) -> Result<Expr, SyntaxError> {
        let steps = traversal.operators.len();
        let mut out = self.expr(&traversal.expr, span, depth + steps)?;
        let start = span.start as usize;
        // Which splat the following steps belong to: `.*` takes names, `[*]` everything after it.
        let mut splat = None;
        for operator in &traversal.operators {
            let at = self.span(operator.span(), span);
            let whole = Span::new(start, at.end as usize);
            let step = match operator.value() {
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    let full = matches!(operator.value(), TraversalOperator::FullSplat(_));
                    if splat == Some(true) {
                        Step::Splat(at)
                    } else {
                        splat = Some(full);
                        let wrap = if full { ExprKind::FullSplat } else { ExprKind::AttrSplat };
                        out = Expr { kind: wrap(Box::new(out), Vec::new()), span: whole };
                        continue;
                    }
                }
                TraversalOperator::GetAttr(name) => {
                    Step::Attr(Name { text: name.as_str().to_owned(), span: self.span(name.span(), at) })
                }
                TraversalOperator::Index(e) => Step::Index(self.expr(e, at, depth + 1)?),
                TraversalOperator::LegacyIndex(i) => {
                    let at = self.span(i.span(), at);
                    // `a.*.0` indexes each element, `a.0` stands for itself.
                    if splat.is_none() {
                        out = Expr { kind: ExprKind::LegacyIndex(Box::new(out), *i.value()), span: whole };
                        continue;
                    }
                    Step::Index(Expr { kind: ExprKind::Number(i.value().to_string()), span: at })
                }
            };
            let legacy = matches!(operator.value(), TraversalOperator::LegacyIndex(_));
            out = match (out.kind, step) {
                (ExprKind::FullSplat(e, mut steps), step) if splat == Some(true) => {
                    steps.push(step);
                    Expr { kind: ExprKind::FullSplat(e, steps), span: whole }
                }
                (ExprKind::AttrSplat(e, mut steps), step)
                    if splat == Some(false) && (legacy || matches!(step, Step::Attr(_))) =>
                {
                    steps.push(step);
                    Expr { kind: ExprKind::AttrSplat(e, steps), span: whole }
                }
                (kind, step) => {
                    let inner = Box::new(Expr { kind, span: out.span });
                    splat = None;
                    match step {
                        Step::Attr(name) => Expr { kind: ExprKind::GetAttr(inner, name), span: whole },
                        Step::Index(i) => Expr { kind: ExprKind::Index(inner, Box::new(i)), span: whole },
                        Step::Splat(_) => Expr { kind: ExprKind::FullSplat(inner, Vec::new()), span: whole },
                    }
                }
            };
        }
        Ok(out)
    }

    fn for_expr(&self, f: &hcl::ForExpr, span: Span, depth: usize) -> Result<ExprKind, SyntaxError> {
        let sub = |e: &Expression| self.expr(e, span, depth + 1);
        let parts = Box::new(For {
            key: f.intro.key_var.as_ref().map(|k| k.as_str().to_owned()),
            value: f.intro.value_var.as_str().to_owned(),
            collection: sub(&f.intro.collection_expr)?,
            result_key: f.key_expr.as_ref().map(sub).transpose()?,
            result: sub(&f.value_expr)?,
            cond: f.cond.as_ref().map(|c| sub(&c.expr)).transpose()?,
            group: f.grouping,
        });
        Ok(if f.key_expr.is_some() { ExprKind::ForObject(parts) } else { ExprKind::ForTuple(parts) })
    }
}

fn operator(operator: hcl::BinaryOperator) -> BinaryOp {
    use hcl::BinaryOperator as B;
    match operator {
        B::Eq => BinaryOp::Eq,
        B::NotEq => BinaryOp::NotEq,
        B::LessEq => BinaryOp::LessEq,
        B::GreaterEq => BinaryOp::GreaterEq,
        B::Less => BinaryOp::Less,
        B::Greater => BinaryOp::Greater,
        B::Plus => BinaryOp::Add,
        B::Minus => BinaryOp::Sub,
        B::Mul => BinaryOp::Mul,
        B::Div => BinaryOp::Div,
        B::Mod => BinaryOp::Rem,
        B::And => BinaryOp::And,
        B::Or => BinaryOp::Or,
    }
}
