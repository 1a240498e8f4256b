//! Templates: quoted strings, heredocs and template files, with strip markers and `<<-` by Terraform's rules.
//!
//! hcl-edit gives the shape and the spans; what a literal says in a heredoc is read from the raw text here, since
//! hcl-edit removes indentation by rules of its own. Terraform works on a flat list of tokens: in a quoted string
//! a literal token is the run between two sequences, elsewhere it is one line at most. `~` and indentation act on
//! these tokens, so we lay the tree out flat, treat the tokens, and put the tree together again.
//! Source: HCL native syntax specification, "Template Literals", "Flush Heredocs"; behaviour observed in Terraform.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::template::{Directive, Element, Strip, Template};

use super::SyntaxError;
use super::hcl_convert::Convert;
use super::hcl_explain::too_deep;
use super::limits;
use super::syntax::TemplatePart;
use crate::span::Span;

/// Where a template stands decides what its literal tokens are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Quoted,
    /// Between the directives of a quoted string.
    Body,
    Lines,
}

/// A token of the flat list.
enum Token {
    Literal {
        text: String,
        span: Span,
    },
    /// A `${…}` or one `%{…}`, with whether it strips before and after.
    Sequence {
        before: bool,
        after: bool,
    },
}

impl Convert<'_> {
    /// The parts of a string, string template or heredoc; none of any other expression.
    pub fn quoted_or_heredoc(
        &self,
        expr: &Expression,
        span: Span,
        depth: usize,
    ) -> Result<Vec<TemplatePart>, SyntaxError> {
        match expr {
            Expression::String(s) if s.value().is_empty() => Ok(Vec::new()),
            Expression::String(s) => {
                self.on_one_line(span)?;
                let inner = Span::new(span.start as usize + 1, (span.end as usize).saturating_sub(1));
                Ok(vec![TemplatePart::Literal(s.value().clone(), inner)])
            }
            Expression::StringTemplate(template) => self.parts(template, span, Form::Quoted, false, depth),
            Expression::HeredocTemplate(heredoc) => {
                let dedent = self.slice(span).starts_with("<<-");
                self.parts(&heredoc.template, span, Form::Lines, dedent, depth)
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The parts of a template without quotes.
    pub fn template_file(&self, template: &Template, span: Span) -> Result<Vec<TemplatePart>, SyntaxError> {
        self.parts(template, span, Form::Lines, false, 0)
    }

    fn parts(
        &self,
        template: &Template,
        within: Span,
        form: Form,
        dedent: bool,
        depth: usize,
    ) -> Result<Vec<TemplatePart>, SyntaxError> {
        let mut tokens = Vec::new();
        self.flatten(template, within, form, &mut tokens)?;
        if form == Form::Quoted {
            let literals = tokens.iter().filter_map(|token| match token {
                // The parser kept no place of one that stands where the whole does.
                Token::Literal { span, .. } => Some(*span).filter(|span| *span != within),
                Token::Sequence { .. } => None,
            });
            literals.into_iter().try_for_each(|span| self.on_one_line(span))?;
        }
        strip(&mut tokens);
        if dedent {
            remove_indent(&mut tokens);
        }
        let mut tokens = tokens.into_iter();
        self.rebuild(template, within, depth, &mut tokens)
    }

    /// Recursive over directives; hcl-edit bounds their nesting.
    fn flatten(
        &self,
        template: &Template,
        within: Span,
        form: Form,
        out: &mut Vec<Token>,
    ) -> Result<(), SyntaxError> {
        let sequence = |strip: Strip| Token::Sequence { before: before(strip), after: after(strip) };
        for element in template {
            match element {
                Element::Literal(literal) => {
                    let span = self.span(literal.span(), within);
                    match form {
                        Form::Quoted => out.push(Token::Literal { text: literal.value().clone(), span }),
                        Form::Body => out.push(Token::Literal { text: self.unescaped(span)?, span }),
                        Form::Lines => self.lines(span, out),
                    }
                }
                Element::Interpolation(i) => out.push(sequence(i.strip)),
                Element::Directive(directive) => {
                    let form = if form == Form::Quoted { Form::Body } else { form };
                    match directive.as_ref() {
                        Directive::If(d) => {
                            out.push(sequence(d.if_expr.strip));
                            self.flatten(&d.if_expr.template, within, form, out)?;
                            if let Some(otherwise) = &d.else_expr {
                                out.push(sequence(otherwise.strip));
                                self.flatten(&otherwise.template, within, form, out)?;
                            }
                            out.push(sequence(d.endif_expr.strip));
                        }
                        Directive::For(d) => {
                            out.push(sequence(d.for_expr.strip));
                            self.flatten(&d.for_expr.template, within, form, out)?;
                            out.push(sequence(d.endfor_expr.strip));
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What a literal between directives says in a quoted string, where hcl-edit leaves `\n` and its like as they are.
    fn unescaped(&self, span: Span) -> Result<String, SyntaxError> {
        let raw = self.slice(span);
        match format!("\"{raw}\"").parse() {
            Ok(Expression::String(text)) => Ok(text.value().clone()),
            _ => {
                let message =
                    "a text in quotes that holds `%{…}` has an escape that is none, or a quote in it; \
                               write \\\\ for a backslash, \\\" for a quote"
                        .into();
                Err(SyntaxError { message, span })
            }
        }
    }

    /// One token a line, unescaped, its line break included.
    fn lines(&self, span: Span, out: &mut Vec<Token>) {
        let mut start = span.start as usize;
        for line in self.slice(span).split_inclusive('\n') {
            let text = line.replace("$${", "${").replace("%%{", "%{");
            out.push(Token::Literal { text, span: Span::new(start, start + line.len()) });
            start += line.len();
        }
    }

    /// The tree again, in the same order as [`Convert::flatten`] walked it.
    fn rebuild(
        &self,
        template: &Template,
        within: Span,
        depth: usize,
        tokens: &mut std::vec::IntoIter<Token>,
    ) -> Result<Vec<TemplatePart>, SyntaxError> {
        if depth >= limits::EXPR_DEPTH {
            return Err(too_deep(Span::new(within.start as usize, within.start as usize + 1)));
        }
        let mut parts = Vec::new();
        for element in template {
            match element {
                Element::Literal(literal) => {
                    let span = self.span(literal.span(), within);
                    let text = take_literal(span, tokens);
                    if !text.is_empty() {
                        parts.push(TemplatePart::Literal(text, span));
                    }
                }
                Element::Interpolation(i) => {
                    tokens.next();
                    let span = self.span(i.span(), within);
                    parts.push(TemplatePart::Interpolation(self.expr(&i.expr, span, depth + 1)?));
                }
                Element::Directive(directive) => {
                    tokens.next();
                    let span = self.span(directive.span(), within);
                    parts.push(self.directive(directive, span, depth + 1, tokens)?);
                }
            }
        }
        Ok(parts)
    }

    fn directive(
        &self,
        directive: &Directive,
        span: Span,
        depth: usize,
        tokens: &mut std::vec::IntoIter<Token>,
    ) -> Result<TemplatePart, SyntaxError> {
        let part = match directive {
            Directive::If(d) => {
                let cond = self.expr(&d.if_expr.cond_expr, span, depth)?;
                let then = self.rebuild(&d.if_expr.template, span, depth, tokens)?;
                let mut otherwise = Vec::new();
                if let Some(other) = &d.else_expr {
                    tokens.next();
                    otherwise = self.rebuild(&other.template, span, depth, tokens)?;
                }
                TemplatePart::If { cond, then, otherwise }
            }
            Directive::For(d) => TemplatePart::For {
                key: d.for_expr.key_var.as_ref().map(|k| k.as_str().to_owned()),
                value: d.for_expr.value_var.as_str().to_owned(),
                collection: self.expr(&d.for_expr.collection_expr, span, depth)?,
                body: self.rebuild(&d.for_expr.template, span, depth, tokens)?,
            },
        };
        tokens.next();
        Ok(part)
    }
}

/// The literal tokens that lie in `span`, joined.
fn take_literal(span: Span, tokens: &mut std::vec::IntoIter<Token>) -> String {
    let mut out = String::new();
    while let Some(Token::Literal { span: at, .. }) = tokens.as_slice().first() {
        if at.start >= span.end && !at.is_empty() {
            break;
        }
        if let Some(Token::Literal { text, .. }) = tokens.next() {
            out.push_str(&text);
        }
    }
    out
}

fn before(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

fn after(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

/// `~`: the neighbouring literal token loses its blanks and line breaks on that side.
fn strip(tokens: &mut [Token]) {
    let mut after_marker = false;
    for i in 0..tokens.len() {
        let (done, rest) = tokens.split_at_mut(i);
        match rest.first_mut() {
            Some(Token::Literal { text, .. }) => {
                if after_marker {
                    *text = text.trim_start().to_owned();
                }
                after_marker = false;
            }
            Some(Token::Sequence { before, after }) => {
                if *before && let Some(Token::Literal { text, .. }) = done.last_mut() {
                    text.truncate(text.trim_end().len());
                }
                after_marker = *after;
            }
            None => {}
        }
    }
}

/// `<<-`: the least indentation of all lines is taken from each line that counts.
///
/// A line counts when a token starts it: a blank line does not (and keeps its blanks), a sequence at the start of a
/// line counts as no indentation. A line whose predecessor lost its line break to `~` is not started by a token.
fn remove_indent(tokens: &mut [Token]) {
    let mut least = None::<usize>;
    let mut counted = Vec::new();
    let mut line_start = true;
    for (i, token) in tokens.iter().enumerate() {
        let indent = match token {
            Token::Literal { text, .. } => {
                let indent = text.chars().take_while(|c| c.is_whitespace()).count();
                let blank = text.ends_with('\n') && text.trim_start().is_empty();
                (!blank).then_some(indent)
            }
            Token::Sequence { .. } => Some(0),
        };
        if line_start && let Some(indent) = indent {
            least = Some(least.map_or(indent, |l| l.min(indent)));
            counted.push(i);
        }
        line_start = matches!(token, Token::Literal { text, .. } if text.ends_with('\n'));
    }
    for i in counted {
        if let Some(Token::Literal { text, .. }) = tokens.get_mut(i) {
            let cut = text.char_indices().nth(least.unwrap_or(0)).map_or(text.len(), |(at, _)| at);
            text.drain(..cut);
        }
    }
}
