//! Text to spanned syntax. Each format is one module that hides its parser completely.
//!
//! Parsing returns a tree *and* errors, never one or the other: what could be read is judged, what could not is said.
//! Knows nothing of IAM, of resources, or of what an expression means.

pub mod hcl;
pub mod hcl_calls;
mod hcl_convert;
mod hcl_explain;
mod hcl_repair;
mod hcl_scan;
mod hcl_template;
mod inner;
pub mod json;
pub mod limits;
pub mod offsets;
pub mod respan;
#[cfg(test)]
mod show;
pub mod syntax;
pub mod tf_json;
pub mod tree;
pub mod yaml;
mod yaml_repair;

use crate::span::Span;

/// Text that does not parse: what is wrong, where, and how much of the file stayed unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong and, where it helps, what to do; a sentence without a place.
    pub message: String,
    /// Where the parser gave up.
    pub span: Span,
}

/// The error for a byte that is not UTF-8 at `at`.
fn not_utf8(at: usize) -> SyntaxError {
    SyntaxError {
        message: "a byte that is not UTF-8; save the file as UTF-8".into(),
        span: Span::new(at, at + 1),
    }
}

/// The end of the character that starts at `at`; `at` itself at the end of the text.
fn char_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|rest| rest.chars().next()).map_or(at, |c| at + c.len_utf8())
}

#[cfg(test)]
mod no_panic_tests;
