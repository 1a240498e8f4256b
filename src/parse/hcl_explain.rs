//! hcl-edit's errors as sentences, and the few that are repaired instead of reported.
//!
//! hcl-edit says what it expected and where; this adds what stands there, in words. It reads hcl-edit's texts,
//! which is why its version is pinned and each text used here has a test.

use hcl_edit::parser::Error;

use super::SyntaxError;
use super::hcl_scan::{Scanned, is_name_char, scan};
use crate::span::Span;

/// Why a text was refused, as far as it makes a difference here. Offsets are into the parsed text.
pub(super) enum Reason {
    /// An object has this key already.
    DuplicateKey(usize),
    /// A body has this attribute already.
    DuplicateAttribute(usize),
    /// Anything else.
    Other,
}

/// The reason of an error.
pub(super) fn reason(error: &Error) -> Reason {
    let at = error.location().offset();
    match error.message() {
        m if m.contains("redefined object key") => Reason::DuplicateKey(at),
        m if m.contains("redefined attribute") => Reason::DuplicateAttribute(at),
        _ => Reason::Other,
    }
}

/// The error for nesting beyond what hcl-edit or we read.
pub(super) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError {
        message: "nested deeper than lonekey reads (64 levels, or 128 operators in one expression)".into(),
        span,
    }
}

/// An error as a person reads it. `text` is the original, which stands at `base` of its file.
pub(super) fn explain(error: &Error, text: &str, base: usize) -> SyntaxError {
    let message = error.message();
    let at = place(error, text);
    let (found, end) = found(text, at);
    let span = Span::new(base + at, base + end);
    if message.contains("nested levels") || message.contains("chained binary operators") {
        return too_deep(span);
    }
    // What is not closed makes the parser stumble somewhere else, often far away.
    if let Some(unclosed) = unclosed(text, base) {
        return unclosed;
    }
    if message.contains("escape sequence") || message.contains("hex code") {
        let span = Span::new((base + at).saturating_sub(2), base + at);
        return SyntaxError {
            message: "this string holds an escape that Terraform does not have".into(),
            span,
        };
    }
    let message = match reason(error) {
        Reason::DuplicateKey(_) => "this key is written twice in one object, too often to be read".into(),
        Reason::DuplicateAttribute(_) => "this attribute is set twice in one block".into(),
        Reason::Other => match expected(message) {
            Some(list) => format!("expected {list}, found {found}"),
            None => format!("{found} is not expected here"),
        },
    };
    SyntaxError { message, span }
}

fn unclosed(text: &str, base: usize) -> Option<SyntaxError> {
    let mut first = None;
    scan(text, |f| {
        if let Scanned::Unclosed { range } = f {
            first.get_or_insert(range);
        }
    });
    let range = first?;
    let what = match text.get(range.clone())? {
        "\"" => "the string that starts here is not closed on its line",
        "/*" => "the comment that starts here is not closed by `*/`",
        _ => "no line closes the heredoc that starts here",
    };
    Some(SyntaxError { message: what.into(), span: Span::new(base + range.start, base + range.end) })
}

/// hcl-edit moves an error at the end of the text onto the last byte; we want it behind it.
fn place(error: &Error, text: &str) -> usize {
    let at = error.location().offset();
    let column = error.location().column();
    let line_start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |i| i + 1);
    let seen = text.get(line_start..=at).map_or(at - line_start + 1, |t| t.chars().count());
    let mut at = if column > seen { text.len() } else { at };
    while !text.is_char_boundary(at) && at > 0 {
        at -= 1;
    }
    at
}

/// What stands at `at`, in words, and where it ends.
fn found(text: &str, at: usize) -> (String, usize) {
    let rest = text.get(at..).unwrap_or("");
    match rest.chars().next() {
        None => ("the end of the file".into(), at),
        Some('\n') => ("the end of the line".into(), at + 1),
        Some('\r') => ("the end of the line".into(), at + 1),
        // A word behind a quote may be the rest of a text, which may be a secret.
        Some(first) if is_name_char(first) && is_behind_a_quote(text, at) => {
            ("a name".into(), at + rest.split(|c| !is_name_char(c)).next().unwrap_or("").len())
        }
        Some(first) if is_name_char(first) => {
            let word = rest.split(|c| !is_name_char(c)).next().unwrap_or("");
            if word.len() <= 40 {
                (format!("`{word}`"), at + word.len())
            } else {
                ("a long name".into(), at + word.len())
            }
        }
        Some(first) if first.is_control() => ("a control character".into(), at + first.len_utf8()),
        Some(first) => (format!("`{first}`"), at + first.len_utf8()),
    }
}

fn is_behind_a_quote(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.rsplit('\n').next()).is_some_and(|line| line.contains('"'))
}

/// The list after `expected`, in our words; `None` if the message has none.
fn expected(message: &str) -> Option<String> {
    if message.contains("invalid expression") {
        return Some("an expression".into());
    }
    if message.starts_with("unexpected") {
        return None;
    }
    if message.contains("expected newline or eof") {
        return Some("the end of the line".into());
    }
    let (_, list) = message.split_once("expected ")?;
    let list = list.split("; ").next().unwrap_or(list);
    let words: Vec<String> = list.split(", ").flat_map(|p| p.split(" or ")).map(word).collect();
    let (last, first) = words.split_last()?;
    Some(if first.is_empty() { last.clone() } else { format!("{} or {last}", first.join(", ")) })
}

fn word(word: &str) -> String {
    match word.trim() {
        "newline" => "the end of the line".into(),
        "eof" => "the end of the file".into(),
        "identifier" => "a name".into(),
        "letter" => "a letter".into(),
        "digit" => "a digit".into(),
        "expression" => "an expression".into(),
        "unsigned integer" => "a whole number".into(),
        "heredoc end delimiter" => "the heredoc's closing marker".into(),
        other => other.into(),
    }
}
