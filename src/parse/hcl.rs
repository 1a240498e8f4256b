//! Terraform's own language (HCL) to [`Body`] and [`Expr`].
//!
//! Hides hcl-edit, which reads a file or nothing at all, and refuses some of what Terraform accepts. A file is
//! parsed whole; if that fails it is repaired ([`super::hcl_repair`]) and tried again; if that fails it is cut at
//! the lines that start a top-level block, so that only the damaged block is lost.

use super::SyntaxError;
use super::hcl_convert::Convert;
use super::hcl_repair::Renamed;
use super::syntax::{Body, Expr, ExprKind};
use crate::source::Source;
use crate::span::Span;

/// Parses .tf and .tofu text. Offsets in the result count a byte order mark, if there is one.
pub fn parse(source: &Source) -> (Body, Vec<SyntaxError>) {
    let base = source.bom();
    let text = source.text.get(base..).unwrap_or("");
    let renamed = Renamed::new();
    let convert = Convert { text, base, renamed: &renamed };
    let parsed = hcl_edit::parser::parse_body(text).map_err(|e| explain(&e, base));
    match parsed.and_then(|body| convert.body(&body)) {
        Ok(body) => (body, Vec::new()),
        Err(error) => (Body::default(), vec![error]),
    }
}

/// Parses one expression that stands at byte `base` of a file.
pub fn parse_expression(text: &str, base: usize) -> Result<Expr, SyntaxError> {
    let renamed = Renamed::new();
    let convert = Convert { text, base, renamed: &renamed };
    let parsed = hcl_edit::parser::parse_expr(text).map_err(|e| explain(&e, base))?;
    convert.expr(&parsed, Span::new(base, base + text.len()), 0)
}

/// Parses a template without quotes, as template files and JSON strings are: `${…}` and `%{…}` are sequences,
/// a backslash is a character like any other.
pub fn parse_template(text: &str, base: usize) -> Result<Expr, SyntaxError> {
    let renamed = Renamed::new();
    let convert = Convert { text, base, renamed: &renamed };
    let parsed = hcl_edit::parser::parse_template(text).map_err(|e| explain(&e, base))?;
    let span = Span::new(base, base + text.len());
    Ok(Expr { kind: ExprKind::Template(convert.template_file(&parsed, span)?), span })
}

fn explain(error: &hcl_edit::parser::Error, base: usize) -> SyntaxError {
    let at = base + error.location().offset();
    SyntaxError { message: error.message().to_owned(), span: Span::new(at, at + 1) }
}
