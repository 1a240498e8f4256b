//! From a file to the template documents in it.
//!
//! Knows how a template is told from any other YAML or JSON. Source: CloudFormation's template reference, "Template
//! sections": only `Resources` is required.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::{scalar, serverless, view};
use crate::parse::tree::Node;
use crate::parse::{SyntaxError, json, yaml};
use crate::prefilter;
use crate::source::{Files, ReadError, Source, normalize};
use crate::span::FileId;

/// Types of resource that are an access key, with the properties that hold the user and the status.
pub const KEY_TYPES: [(&str, &str, &str); 2] =
    [("AWS::IAM::AccessKey", "UserName", "Status"), ("TF::AWS::IamAccessKey", "User", "Status")];

/// What is said of a template with a secret in it that does not parse.
pub(super) const NOT_PARSED: &str = "the template that is written here does not parse";

/// What is in a file.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its documents, templates or not, in order.
    pub documents: Vec<Node>,
    /// What does not parse.
    pub errors: Vec<SyntaxError>,
    /// The document that is a file of the Serverless Framework, as JSON; in its place stands the template that it holds.
    pub service: Option<Node>,
    /// What the Serverless Framework reads in the file.
    as_json: OnceLock<Vec<Node>>,
}

impl Loaded {
    /// Its documents as the Serverless Framework reads them, before anything is made of them.
    pub fn as_json(&self) -> &[Node] {
        self.as_json.get_or_init(|| match &self.service {
            Some(service) => vec![service.clone()],
            None => self.documents.iter().map(scalar::as_json).collect(),
        })
    }
}

/// Reads a file, and parses it unless that was done.
pub fn load(path: &Path, files: &Files) -> Result<(FileId, Arc<Loaded>), ReadError> {
    let file = files.read_text(path)?;
    Ok((file, files.made(file, || parse(&files.source(file)))))
}

/// How many words of a file that does not parse are asked for, and of those that it names; with more it counts as one that
/// names keys.
const WORDS: usize = 1_000;

/// Whether a template that does not parse may be why a key is not seen: one may stand in it, or in a file beside it that it
/// names.
pub fn may_hide_a_key(path: &Path, text: &str, files: &Files) -> bool {
    leads_to_a_key(path, text, files, &mut HashSet::from([path.to_path_buf()]))
}

/// Recursive; each file is asked once.
fn leads_to_a_key(path: &Path, text: &str, files: &Files, asked: &mut HashSet<PathBuf>) -> bool {
    if prefilter::mentions_key_type(text) {
        return true;
    }
    if asked.len() > WORDS {
        return true;
    }
    if !prefilter::template_hints(text.as_bytes()).reaches_out() {
        return false;
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    // What another tool fills in is no template yet.
    if text.contains("{%") || text.replace("{{resolve:", "").contains("{{") {
        return false;
    }
    let resolved = prefilter::resolve_escapes(text.as_bytes());
    let text = String::from_utf8_lossy(&resolved);
    let words = text.split(|c: char| c.is_whitespace() || "\"'(){}[],:;$#".contains(c));
    let names: HashSet<&str> = words.filter(|word| word.contains('.')).collect();
    let holds_keys = |path: PathBuf| {
        let read = || files.read(&path).map(|file| files.source(file));
        asked.insert(path.clone())
            && read().is_ok_and(|named| leads_to_a_key(&path, &named.text, files, asked))
    };
    // Of an address, the name at its end.
    let ends = names.iter().filter_map(|name| name.rsplit_once('/')).map(|(_, end)| end);
    let named: BTreeSet<&str> = names.iter().copied().chain(ends).collect();
    names.len() > WORDS || named.into_iter().map(|name| normalize(&folder.join(name))).any(holds_keys)
}

/// Parses a file as JSON if it starts like JSON and is JSON, else as YAML. JSON with a comment is neither.
pub fn parse(source: &Source) -> Loaded {
    let utf8 = source.invalid_utf8.is_empty();
    let mut loaded = parse_with(&source.text, utf8, || yaml::parse(source));
    for document in &mut loaded.documents {
        let service = serverless::is_service(document).then(|| scalar::as_json(document));
        if let Some((service, template)) =
            service.and_then(|own| serverless::template(&own).map(|t| (own, t)))
        {
            *document = template;
            loaded.service = Some(service);
        }
    }
    loaded
}

/// The same for text that is part of a file: places are offsets in the text.
pub fn parse_text(text: &str) -> Loaded {
    parse_with(text, true, || yaml::parse_text(text, 0))
}

fn parse_with(
    text: &str,
    may_be_json: bool,
    yaml: impl FnOnce() -> (Vec<yaml::Document>, Vec<SyntaxError>),
) -> Loaded {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let mut first = None;
    if may_be_json && (start.starts_with(['{', '[']) || start.starts_with("//") || start.starts_with("/*")) {
        match json::parse_with_trailing_commas(text) {
            Ok(root) => return Loaded { documents: vec![root], ..Loaded::default() },
            // As YAML the comment would be a part of the key or value beside it.
            Err(error) if json::is_comment(&error) => {
                return Loaded { errors: vec![error], ..Loaded::default() };
            }
            Err(error) => first = Some(error),
        }
    }
    let (documents, mut errors) = yaml();
    let mut documents: Vec<Node> = documents.into_iter().map(|d| d.root).collect();
    if text.contains("<<") {
        documents.iter_mut().for_each(|root| *root = view::merged(root));
    }
    if text.contains(view::TRANSFORM) {
        documents.iter_mut().for_each(|root| *root = view::written_out(root));
    }
    if text.contains("binary") {
        documents.iter_mut().for_each(|root| scalar::decode_binary(root, &mut errors));
    }
    // What starts like JSON is explained as JSON, unless it is flow-style YAML.
    let errors = if errors.is_empty() { errors } else { first.map_or(errors, |e| vec![e]) };
    Loaded { documents, errors, ..Loaded::default() }
}

/// Whether a document is a template: a `Resources` map with a resource, its type of the form `A::B`, or a loop or
/// transform that makes some, or a variable of the Serverless Framework in the place of one.
pub fn is_template(root: &Node) -> bool {
    if root.get("Resources").is_none() {
        return includes_all(root);
    }
    // A list is none, which is said of one that holds a key, and so is a section that is written twice.
    let sections =
        || root.entries().iter().filter(|(key, _)| key.text() == Some("Resources")).map(|(_, all)| all);
    let listed = sections().flat_map(Node::items).flat_map(Node::entries);
    sections().flat_map(Node::entries).chain(listed).any(|(key, resource)| {
        let made = key.text().is_some_and(|k| k.starts_with("Fn::ForEach::") || k == "Fn::Transform");
        let made = made || view::has_transform(resource);
        let variable = serverless::is_variable(resource);
        made || variable
            || resource.get("Type").is_some_and(|kind| view::call(kind).is_some())
            || resource.get("Type").and_then(Node::text).is_some_and(|t| t.contains("::") || t.contains("${"))
    })
}

/// Whether a document is nothing but the inclusion of a snippet, its resources among it.
fn includes_all(root: &Node) -> bool {
    let Some(transform) = root.get("Transform") else { return false };
    let include = |node: &Node| node.get("Name").and_then(Node::text) == Some("AWS::Include");
    include(transform) || transform.items().iter().any(include)
}
