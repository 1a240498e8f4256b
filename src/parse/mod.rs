//! Text to spanned syntax. Each format is one module that hides its parser completely.
//!
//! Parsing returns a tree *and* errors, never one or the other: what could be read is judged, what could not is said.
//! Knows nothing of IAM, of resources, or of what an expression means.

pub mod hcl;
pub mod hcl_repair;
pub mod json;
pub mod limits;
pub mod syntax;
pub mod tf_json;
pub mod tree;
pub mod yaml;

use crate::span::Span;

/// Text that does not parse: what is wrong, where, and how much of the file stayed unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong and, where it helps, what to do; a sentence without a place.
    pub message: String,
    /// Where the parser gave up.
    pub span: Span,
}
