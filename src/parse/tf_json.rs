//! The JSON form of the Terraform language.

use super::SyntaxError;
use super::syntax::Body;
use crate::source::Source;

/// Parses .tf.json and .tofu.json text.
pub fn parse(source: &Source) -> (Body, Vec<SyntaxError>) {
    match super::json::parse(source) {
        Ok(_) => (Body::default(), Vec::new()),
        Err(error) => (Body::default(), vec![error]),
    }
}
