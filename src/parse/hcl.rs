//! Terraform's own language (HCL) to [`Body`] and [`Expr`].
//!
//! Hides hcl-edit, which reads a text or nothing at all, and refuses some of what Terraform accepts. A file is
//! parsed whole; if that fails it is repaired (`hcl_repair`) and tried again; if that fails too it is cut
//! at the lines that start a top-level block, so that only the damaged block is lost.
//! Source: HCL native syntax specification; Terraform language, "Syntax Configuration".

use std::ops::Range;

use super::hcl_convert::Convert;
use super::hcl_explain::{Reason, explain, reason};
use super::hcl_repair::{Renamed, Scratch};
use super::hcl_scan::{Scanned, scan};
use super::syntax::{Body, Expr, ExprKind};
use super::{SyntaxError, limits, not_utf8};
use crate::source::Source;
use crate::span::Span;

/// Repairs of a whole file before it is cut: past these it is cheaper to parse piece by piece.
const WHOLE_FILE_REPAIRS: usize = 8;

/// Where comments and heredocs stand, each with whether it is a comment; what is in quotes is neither.
pub fn comments(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    scan(text, |what| match what {
        Scanned::Comment { range, .. } => found.push((range, true)),
        Scanned::Heredoc { range } => found.push((range, false)),
        _ => {}
    });
    found
}

/// Parses .tf and .tofu text. Offsets in the result count a byte order mark, if there is one.
///
/// What does not parse is lost block by block, each with an error. A byte that is not UTF-8 is an error outside
/// of comments; what it stands in is read with a `?` in its place.
pub fn parse(source: &Source) -> (Body, Vec<SyntaxError>) {
    let base = source.bom();
    let text = source.text.get(base..).unwrap_or("");
    let (body, mut errors) = parse_text(text, base);
    if !source.invalid_utf8.is_empty() {
        errors.extend(bad_bytes(source, text, base));
        errors.sort_by_key(|e| e.span);
    }
    (body, errors)
}

fn parse_text(text: &str, base: usize) -> (Body, Vec<SyntaxError>) {
    let mut file = File { text, base, errors: Vec::new(), budget: limits::REPARSED_BYTES };
    let whole = 0..text.len();
    let body = match file.too_many_keys(&whole) {
        false => match file.plain(&whole) {
            Ok(body) => body,
            Err(_) => match file.repaired(&whole, WHOLE_FILE_REPAIRS) {
                Ok(body) => body,
                Err(lost) => file.pieces(lost.beyond_repair.then_some(lost.error)),
            },
        },
        true => file.pieces(None),
    };
    file.errors.sort_by_key(|e| e.span);
    (body, file.errors)
}

/// Parses one expression that stands at byte `base` of a file, repaired like a file.
pub fn parse_expression(text: &str, base: usize) -> Result<Expr, SyntaxError> {
    let whole = Span::new(base, base + text.len());
    piece(text, base, Scratch::new, hcl_edit::parser::parse_expr, |tree, renamed| {
        Convert { text, base, renamed }.expr(&tree, whole, 0)
    })
}

/// Parses a template without quotes, as template files and JSON strings are: `${…}` and `%{…}` are sequences,
/// a backslash is a character like any other. No part at all is the empty string.
pub fn parse_template(text: &str, base: usize) -> Result<Expr, SyntaxError> {
    let span = Span::new(base, base + text.len());
    if text.len() > limits::TEMPLATE_BYTES {
        let message = format!("a template larger than {} MiB is not read", limits::TEMPLATE_BYTES >> 20);
        return Err(SyntaxError { message, span });
    }
    // The text between sequences is no code: nothing in it may be blanked.
    piece(text, base, Scratch::untouched, hcl_edit::parser::parse_template, |tree, renamed| {
        let parts = Convert { text, base, renamed }.template_file(&tree, span)?;
        Ok(Expr { kind: ExprKind::Template(parts), span })
    })
}

/// A text of its own: parsed, else repaired and parsed again.
fn piece<T>(
    text: &str,
    base: usize,
    scratch: impl Fn(&str) -> Scratch,
    parse: impl Fn(&str) -> Result<T, hcl_edit::parser::Error>,
    convert: impl Fn(T, &Renamed) -> Result<Expr, SyntaxError>,
) -> Result<Expr, SyntaxError> {
    if text.len() >= limits::OBJECT_KEYS_UNCOUNTED && keys(text) > limits::OBJECT_KEY_PAIRS {
        return Err(too_many_keys(Span::new(base, base + text.len())));
    }
    if let Ok(tree) = parse(text) {
        return convert(tree, &Renamed::new());
    }
    let mut scratch = scratch(text);
    let (mut budget, cost) = (limits::REPARSED_BYTES, cost(text));
    loop {
        let error = match parse(scratch.text()) {
            Ok(tree) => return convert(tree, &scratch.renamed),
            Err(error) => error,
        };
        match reason(&error) {
            Reason::DuplicateKey(at) if budget >= cost && scratch.rename_key(text, at) => budget -= cost,
            _ => return Err(explain(&error, text, base)),
        }
    }
}

/// One file while it is parsed.
struct File<'a> {
    text: &'a str,
    base: usize,
    errors: Vec<SyntaxError>,
    /// Bytes that may still be parsed again.
    budget: usize,
}

/// Why a text stayed unread, and whether more repairs would have helped.
struct Lost {
    error: SyntaxError,
    beyond_repair: bool,
}

impl File<'_> {
    fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or("")
    }

    fn plain(&self, range: &Range<usize>) -> Result<Body, SyntaxError> {
        let (text, base) = (self.slice(range), self.base + range.start);
        let tree = hcl_edit::parser::parse_body(text).map_err(|e| explain(&e, text, base))?;
        Convert { text, base, renamed: &Renamed::new() }.body(&tree)
    }

    /// Parses with at most so many repairs of names written twice.
    fn repaired(&mut self, range: &Range<usize>, repairs: usize) -> Result<Body, Lost> {
        let (text, base) = (self.text.get(range.clone()).unwrap_or(""), self.base + range.start);
        let mut scratch = Scratch::new(text);
        let (mut twice, mut left) = (Vec::new(), repairs);
        let cost = cost(text);
        loop {
            let error = match hcl_edit::parser::parse_body(scratch.text()) {
                Ok(tree) => {
                    let body = Convert { text, base, renamed: &scratch.renamed }.body(&tree);
                    let body = body.map_err(|error| Lost { error, beyond_repair: true })?;
                    self.errors.append(&mut twice);
                    return Ok(body);
                }
                Err(error) => error,
            };
            let afford = left > 0 && self.budget >= cost;
            let done = match reason(&error) {
                Reason::DuplicateKey(at) if afford => scratch.rename_key(text, at),
                Reason::DuplicateAttribute(at) if afford => {
                    let known = scratch.renamed.contains_key(&at);
                    let done = scratch.rename_attribute(text, at);
                    if let Some(name) = scratch.renamed.get(&at).filter(|_| done && !known) {
                        twice.push(written_twice(text, base, name));
                    }
                    done
                }
                _ => false,
            };
            if !done {
                let beyond_repair = matches!(reason(&error), Reason::Other);
                return Err(Lost { error: explain(&error, text, base), beyond_repair });
            }
            left -= 1;
            self.budget = self.budget.saturating_sub(cost);
        }
    }

    /// Cuts at top-level blocks and parses each piece; what stays unread is an error. `whole` is the file's own
    /// error, if cutting cannot help it; it is reported should no piece have one.
    fn pieces(&mut self, whole: Option<SyntaxError>) -> Body {
        let mut starts = vec![0];
        scan(self.text, |found| {
            if let Scanned::Header { at } = found
                && at > 0
            {
                starts.push(at);
            }
        });
        let ends = starts.iter().skip(1).copied().chain([self.text.len()]).collect::<Vec<_>>();
        let mut body = Body::default();
        let mut lost = false;
        for piece in starts.into_iter().zip(ends).map(|(start, end)| start..end) {
            let parsed = if self.too_many_keys(&piece) {
                Err(self.keys_error(&piece))
            } else {
                self.plain(&piece).or_else(|_| self.repaired(&piece, usize::MAX).map_err(|lost| lost.error))
            };
            match parsed {
                Ok(mut part) => {
                    body.attributes.append(&mut part.attributes);
                    body.blocks.append(&mut part.blocks);
                }
                Err(error) => {
                    lost = true;
                    let error = self.with_block(error, &piece);
                    self.errors.push(error);
                }
            }
        }
        if !lost && self.errors.is_empty() {
            self.errors.extend(whole);
        }
        if let Some(first) = self.errors.get(limits::SYNTAX_ERRORS).map(|e| e.span) {
            let more = self.errors.len() - limits::SYNTAX_ERRORS;
            self.errors.truncate(limits::SYNTAX_ERRORS);
            let message = format!("{more} more syntax errors from here on; what they stand in is not read");
            self.errors.push(SyntaxError { message, span: first });
        }
        body
    }

    /// Says which block is lost with an error.
    fn with_block(&self, mut error: SyntaxError, piece: &Range<usize>) -> SyntaxError {
        let line = self.slice(piece).lines().next().unwrap_or("");
        let header = line.split('{').next().unwrap_or("").trim();
        if header.starts_with(char::is_alphabetic) && header.len() <= 120 && line.contains('{') {
            error.message = format!("{}; the block `{header}` is not read", error.message);
        } else {
            error.message =
                format!("{}; what stands before the next top-level block is not read", error.message);
        }
        error
    }

    fn too_many_keys(&self, range: &Range<usize>) -> bool {
        range.len() >= limits::OBJECT_KEYS_UNCOUNTED && keys(self.slice(range)) > limits::OBJECT_KEY_PAIRS
    }

    fn keys_error(&self, range: &Range<usize>) -> SyntaxError {
        too_many_keys(Span::new(self.base + range.start, self.base + range.end))
    }
}

/// What parsing a text once more costs, in bytes of text without objects: comparing eight pairs of keys takes
/// about as long as reading a byte.
fn cost(text: &str) -> usize {
    text.len().saturating_add(keys(text) / 8).max(1)
}

fn keys(text: &str) -> usize {
    let mut pairs = 0usize;
    scan(text, |found| {
        if let Scanned::Object { keys } = found {
            pairs = pairs.saturating_add(keys.saturating_mul(keys));
        }
    });
    pairs
}

fn too_many_keys(span: Span) -> SyntaxError {
    SyntaxError { message: "the objects here have more keys than lonekey reads".into(), span }
}

fn written_twice(text: &str, base: usize, name: &Range<usize>) -> SyntaxError {
    let shown = text.get(name.clone()).unwrap_or("");
    SyntaxError {
        message: format!("`{shown}` is set twice in one block; the first is read"),
        span: Span::new(base + name.start, base + name.end),
    }
}

/// How many runs of bytes that are not UTF-8 are said one by one: a file in another encoding, or none at all, has
/// hundreds.
const RUNS_SAID: usize = 5;

/// Errors for the bytes that are not UTF-8 and stand outside of comments; one for each run of them, and one that
/// counts the rest.
fn bad_bytes(source: &Source, text: &str, base: usize) -> Vec<SyntaxError> {
    let mut comments = Vec::new();
    scan(text, |found| {
        if let Scanned::Comment { range, .. } = found {
            comments.push(base + range.start..base + range.end);
        }
    });
    let in_comment = |at: usize| {
        let next = comments.partition_point(|c| c.end <= at);
        comments.get(next).is_some_and(|c| c.contains(&at))
    };
    let (mut runs, mut last) = (Vec::new(), None);
    for &at in source.invalid_utf8.iter().filter(|at| !in_comment(**at)) {
        if last.is_none_or(|last| last + 1 != at) {
            runs.push(at);
        }
        last = Some(at);
    }
    let mut errors: Vec<SyntaxError> = runs.iter().take(RUNS_SAID).map(|&at| not_utf8(at)).collect();
    if let Some(&at) = runs.get(RUNS_SAID) {
        let rest = runs.len() - RUNS_SAID;
        let message =
            format!("{rest} more places with bytes that are not UTF-8 begin here; is this text at all?");
        errors.push(SyntaxError { message, span: not_utf8(at).span });
    }
    errors
}

#[cfg(test)]
#[path = "hcl_tests.rs"]
mod tests;
