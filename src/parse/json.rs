//! JSON to [`Node`]s: no comments, no trailing commas unless they are asked for, duplicate keys kept in order.
//!
//! Hides jsonc-parser, which is asked for nothing else of what makes it lenient; what it still lets through (control
//! characters, an empty file) is refused here. Knows no template language. Source: RFC 8259, ECMA-404.

use std::borrow::Cow;

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions};

use super::SyntaxError;
use super::limits;
use super::tree::{Node, NodeKind, Style};
use crate::source::Source;
use crate::span::Span;

/// Parses a whole file. A byte order mark is skipped; spans count it.
///
/// The error is at the first byte that is not UTF-8, if there is one: JSON is UTF-8.
pub fn parse(source: &Source) -> Result<Node, SyntaxError> {
    if let Some(&at) = source.invalid_utf8.first() {
        return Err(super::not_utf8(at));
    }
    parse_text(&source.text, 0)
}

/// Parses text that stands at byte `base` of a file. A byte order mark at its start is skipped.
pub fn parse_text(text: &str, base: usize) -> Result<Node, SyntaxError> {
    parse_as(text, base, &strict())
}

/// The same, with a comma allowed before a closing bracket: CloudFormation deploys such templates.
pub fn parse_with_trailing_commas(text: &str) -> Result<Node, SyntaxError> {
    parse_as(text, 0, &ParseOptions { allow_trailing_commas: true, ..strict() })
}

/// Whether text is no JSON because of a comment.
pub fn is_comment(error: &SyntaxError) -> bool {
    error.message == COMMENT
}

const COMMENT: &str = "JSON has no comments; remove this one";

fn parse_as(text: &str, base: usize, options: &ParseOptions) -> Result<Node, SyntaxError> {
    let (text, base) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, base + '\u{feff}'.len_utf8()),
        None => (text, base),
    };
    if let Some(at) = text.bytes().position(|b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) {
        return Err(control_character(base + at));
    }
    let text = &*with_pairs(text);
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let parsed = jsonc_parser::parse_to_ast(text, &collect, options).map_err(|e| explain(&e, text, base))?;
    let Some(value) = parsed.value else {
        return Err(SyntaxError {
            message: "the file is empty; JSON needs one value".into(),
            span: Span::new(base, base),
        });
    };
    Convert { text, base }.node(&value, 0)
}

/// The text with each half of a surrogate pair that stands alone (`\\ud800`) as U+FFFD, which Go's encoding/json and with it
/// Terraform make of it; as long as before.
fn with_pairs(text: &str) -> Cow<'_, str> {
    if memchr::memmem::find(text.as_bytes(), b"\\u").is_none() {
        return Cow::Borrowed(text);
    }
    let mut alone = Vec::new();
    let mut high = None;
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let escape = at + found;
        let unit = text
            .get(escape + 1..escape + 6)
            .and_then(|hex| u16::from_str_radix(hex.strip_prefix('u')?, 16).ok());
        at = escape + if unit.is_some() { 6 } else { 2 };
        let paired = high.take_if(|before| *before + 6 == escape);
        alone.extend(high.take());
        match unit {
            Some(0xd800..=0xdbff) => {
                alone.extend(paired);
                high = Some(escape);
            }
            Some(0xdc00..=0xdfff) if paired.is_some() => {}
            Some(0xdc00..=0xdfff) => alone.push(escape),
            _ => alone.extend(paired),
        }
    }
    alone.extend(high);
    if alone.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut text = text.to_owned();
    for escape in alone {
        text.replace_range(escape..escape + 6, "\\ufffd");
    }
    Cow::Owned(text)
}

fn strict() -> ParseOptions {
    ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn control_character(at: usize) -> SyntaxError {
    SyntaxError {
        message: "a control character stands here; JSON wants it escaped inside a string (`\\n`, `\\t`)"
            .into(),
        span: Span::new(at, at + 1),
    }
}

fn explain(error: &jsonc_parser::errors::ParseError, text: &str, base: usize) -> SyntaxError {
    use ParseErrorKind as K;
    let message = match error.kind() {
        K::CommentsNotAllowed | K::UnterminatedCommentBlock => COMMENT.into(),
        K::TrailingCommasNotAllowed => "a comma before the closing bracket; JSON allows none".into(),
        K::ExpectedComma => "a comma is missing between two entries".into(),
        K::ExpectedColonAfterObjectKey => "expected `:` after the key".into(),
        K::ExpectedObjectValue => "expected a value after `:`".into(),
        K::ExpectedStringObjectProperty | K::UnexpectedTokenInObject => {
            "expected a key in double quotes".into()
        }
        K::SingleQuotedStringsNotAllowed => "JSON strings stand in double quotes".into(),
        K::MultipleRootJsonValues => "text after the end of the JSON value".into(),
        K::UnterminatedArray => "the array that starts here is not closed by `]`".into(),
        K::UnterminatedObject => "the object that starts here is not closed by `}`".into(),
        K::NestingDepthExceeded => too_deep(),
        K::String(_) => "this string is not closed, or holds an escape that JSON does not have".into(),
        other => sentence(&other.to_string()),
    };
    let Range { start, end } = error.range();
    // Ranges of unexpected words can be empty; a caret needs a character to stand under.
    let end = if end > start { end } else { super::char_end(text, start) };
    SyntaxError { message, span: Span::new(base + start, base + end.min(text.len())) }
}

fn too_deep() -> String {
    format!("nested deeper than lonekey reads ({} levels)", limits::TREE_DEPTH)
}

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

struct Convert<'a> {
    text: &'a str,
    base: usize,
}

impl Convert<'_> {
    fn span(&self, range: Range) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    /// Recursive; jsonc-parser bounds the depth before we get here.
    fn node(&self, value: &Value, depth: usize) -> Result<Node, SyntaxError> {
        let range = value.range();
        if depth >= limits::TREE_DEPTH {
            return Err(SyntaxError {
                message: too_deep(),
                span: self.span(Range::new(range.start, range.start + 1)),
            });
        }
        let kind = match value {
            Value::StringLit(s) => return self.string(&s.value, s.range),
            Value::NumberLit(n) => NodeKind::Scalar(n.value.to_owned(), Style::JsonBare),
            Value::BooleanLit(b) => NodeKind::Scalar(b.value.to_string(), Style::JsonBare),
            Value::NullKeyword(_) => NodeKind::Scalar("null".into(), Style::JsonBare),
            Value::Array(array) => {
                let items: Result<Vec<_>, _> =
                    array.elements.iter().map(|v| self.node(v, depth + 1)).collect();
                NodeKind::Seq(items?.into())
            }
            Value::Object(object) => {
                let entry = |p: &jsonc_parser::ast::ObjectProp| {
                    let key = match &p.name {
                        ObjectPropName::String(s) => self.string(&s.value, s.range)?,
                        ObjectPropName::Word(w) => self.string(w.value, w.range)?,
                    };
                    Ok((key, self.node(&p.value, depth + 1)?))
                };
                let entries: Result<Vec<_>, SyntaxError> = object.properties.iter().map(entry).collect();
                NodeKind::Map(entries?.into())
            }
        };
        Ok(Node { kind, span: self.span(range), tag: None })
    }

    fn string(&self, value: &str, range: Range) -> Result<Node, SyntaxError> {
        let raw = self.text.get(range.start..range.end).unwrap_or("");
        if let Some(at) = raw.bytes().position(|b| b < 0x20) {
            return Err(control_character(self.base + range.start + at));
        }
        let kind = NodeKind::Scalar(value.to_owned(), Style::DoubleQuoted);
        Ok(Node { kind, span: self.span(range), tag: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match &node.kind {
            NodeKind::Scalar(text, Style::JsonBare) => text.clone(),
            NodeKind::Scalar(text, _) => format!("{text:?}"),
            NodeKind::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
            NodeKind::Map(entries) => {
                let entries = entries.iter().map(|(k, v)| format!("{}:{}", show(k), show(v)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
            }
        }
    }

    #[test]
    fn values_keep_their_text_and_order() {
        for (text, want) in [
            ("1", "1"),
            ("-1.50e+3", "-1.50e+3"),
            ("null", "null"),
            (" [true, false] ", "[true,false]"),
            (r#"{"b": 1, "a": {"b": []}, "b": 2}"#, r#"{"b":1,"a":{"b":[]},"b":2}"#),
            (r#""\u0041\n\/\ud83d\ude00""#, r#""A\n/😀""#),
            ("\u{feff}{}", "{}"),
            (r#""\ud800x\udc00\ud800""#, "\"\u{fffd}x\u{fffd}\u{fffd}\""),
            (r#""\ud83d\ud83d\ude00\\ud83d\ud83d""#, "\"\u{fffd}😀\\\\ud83d\u{fffd}\""),
        ] {
            assert_eq!(show(&parse_text(text, 0).unwrap()), want, "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_stands() {
        for (text, at, says) in [
            ("", 0, "empty"),
            ("{\"a\": 1,}", 7, "comma"),
            ("[1 2]", 2, "comma"),
            ("{\"a\" 1}", 5, "`:`"),
            ("// x\n{}", 0, "comment"),
            ("{a: 1}", 1, "double quotes"),
            ("{'a': 1}", 1, "double quotes"),
            ("{} {}", 3, "after the end"),
            ("[1", 0, "not closed"),
            ("{\"a\": 1", 0, "not closed"),
            ("\"a\tb\"", 2, "control"),
            ("[1,\u{c}2]", 3, "control"),
            ("[\"abc", 1, "not closed"),
            ("[01]", 2, ""),
            ("[NaN]", 1, ""),
        ] {
            let error = parse_text(text, 0).expect_err(text);
            assert!(error.message.contains(says), "{text:?}: {error:?}");
            assert_eq!(error.span.start, at, "{text:?}: {error:?}");
        }
    }

    #[test]
    fn every_span_is_the_bytes_it_came_from() {
        let text = "xyz{ \"é😀\": [ 1, \"a\\u0041\" ], \"b\" : null }";
        let root = parse_text(&text[3..], 3).unwrap();
        let slice = |n: &Node| &text[n.span.range()];
        assert_eq!(slice(&root), &text[3..]);
        let (key, list) = &root.entries()[0];
        assert_eq!((slice(key), slice(list)), ("\"é😀\"", "[ 1, \"a\\u0041\" ]"));
        assert_eq!(list.items().iter().map(slice).collect::<Vec<_>>(), ["1", "\"a\\u0041\""]);
        assert_eq!(slice(&root.entries()[1].1), "null");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error() {
        let source = Source::new("x.json".into(), b"{\"a\": \"\xe9\"}".to_vec());
        assert_eq!(parse(&source).unwrap_err().span, Span::new(7, 8));
    }

    #[test]
    fn hopeless_nesting_ends_in_an_error_on_a_small_stack() {
        let run = || {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let text = open.repeat(100_000) + &close.repeat(100_000);
                assert!(parse_text(&text, 0).is_err());
                let text = open.repeat(200) + "1" + &close.repeat(200);
                drop(parse_text(&text, 0).unwrap());
            }
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
    }
}
