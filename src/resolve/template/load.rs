//! From a file to the template documents in it.
//!
//! Knows how a template is told from any other YAML or JSON, and when a file that does not parse matters. Source:
//! CloudFormation's template reference, "Template sections": only `Resources` is required.

use std::path::Path;

use super::{serverless, snippets, view};
use crate::parse::tree::Node;
use crate::parse::{SyntaxError, json, yaml};
use crate::source::{Files, ReadError, Source};
use crate::span::FileId;

/// Types of resource that are an access key, with the properties that hold the user and the status.
pub const KEY_TYPES: [(&str, &str, &str); 2] =
    [("AWS::IAM::AccessKey", "UserName", "Status"), ("TF::AWS::IamAccessKey", "User", "Status")];

/// What is in a file.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its documents, templates or not, in order.
    pub documents: Vec<Node>,
    /// What does not parse.
    pub errors: Vec<SyntaxError>,
    /// Whether a document is a file of the Serverless Framework; in its place stands the template that it holds.
    pub serverless: bool,
}

/// Reads and parses a file.
pub fn load(path: &Path, files: &Files) -> Result<(FileId, Loaded), ReadError> {
    let file = files.read(path)?;
    Ok((file, parse(&files.source(file))))
}

/// Parses a file as JSON if it starts like JSON and is JSON, else as YAML.
pub fn parse(source: &Source) -> Loaded {
    let mut loaded = parse_with(&source.text, || json::parse(source), || yaml::parse(source));
    for document in &mut loaded.documents {
        if let Some(template) = serverless::template(document) {
            *document = template;
            loaded.serverless = true;
        }
    }
    loaded
}

/// The same for text that is part of a file: places are offsets in the text.
pub fn parse_text(text: &str) -> Loaded {
    parse_with(text, || json::parse_text(text, 0), || yaml::parse_text(text, 0))
}

fn parse_with(
    text: &str,
    json: impl FnOnce() -> Result<Node, SyntaxError>,
    yaml: impl FnOnce() -> (Vec<yaml::Document>, Vec<SyntaxError>),
) -> Loaded {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let mut first = None;
    if start.starts_with(['{', '[']) {
        match json() {
            Ok(root) => return Loaded { documents: vec![root], ..Loaded::default() },
            Err(error) => first = Some(error),
        }
    }
    let (documents, errors) = yaml();
    let merges = text.contains("<<");
    let documents: Vec<Node> =
        documents.into_iter().map(|d| if merges { view::merged(&d.root) } else { d.root }).collect();
    // What starts like JSON is explained as JSON, unless it is flow-style YAML.
    let errors = if errors.is_empty() { errors } else { first.map_or(errors, |e| vec![e]) };
    Loaded { documents, errors, serverless: false }
}

/// Whether a document is a template: a `Resources` map with a resource, its type of the form `A::B`, or a loop or
/// transform that makes some.
pub fn is_template(root: &Node) -> bool {
    let Some(resources) = root.get("Resources") else { return includes_all(root) };
    resources.entries().iter().any(|(key, resource)| {
        let made = key.text().is_some_and(|k| k.starts_with("Fn::ForEach::") || k == "Fn::Transform");
        let snippet = || {
            let mut locations = Vec::new();
            snippets::locations(resource, &mut locations);
            resource.get("Type").is_none() && !locations.is_empty()
        };
        made || resource.get("Type").and_then(Node::text).is_some_and(|t| t.contains("::")) || snippet()
    })
}

/// Whether a document is nothing but the inclusion of a snippet, its resources among it.
fn includes_all(root: &Node) -> bool {
    let Some(transform) = root.get("Transform") else { return false };
    let include = |node: &Node| node.get("Name").and_then(Node::text) == Some("AWS::Include");
    include(transform) || transform.items().iter().any(include)
}

/// Whether a key type stands where a resource's type stands in text that may not parse: after `Type` and a colon.
pub fn mentions_key_type(text: &str) -> bool {
    KEY_TYPES.iter().any(|(kind, ..)| {
        memchr::memmem::find_iter(text.as_bytes(), kind).any(|at| {
            let before = text.get(..at).unwrap_or("").trim_end_matches(['"', '\'', ' ', '\t', '\r', '\n']);
            let before = before.strip_suffix(':').unwrap_or("").trim_end_matches([' ', '\t']);
            before.trim_end_matches(['"', '\'']).ends_with("Type")
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_matters_where_a_key_type_is_a_type() {
        for (text, matters) in [
            ("Type: AWS::IAM::AccessKey", true),
            ("{\"Type\" : \"AWS::IAM::AccessKey\"", true),
            ("Type: 'AWS::IAM::AccessKey'", true),
            ("# AWS::IAM::AccessKey", false),
            ("note: AWS::IAM::AccessKey", false),
            ("Type: AWS::IAM::User", false),
        ] {
            assert_eq!(mentions_key_type(text), matters, "{text}");
        }
    }
}
