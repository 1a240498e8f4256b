//! What a template says of itself before anything is evaluated: its transforms, and keys that are written twice.
//!
//! Source: CloudFormation's user guide, "Transform section"; its offline validator, for which every duplicate key is an
//! error.

use std::collections::BTreeSet;
use std::path::Path;

use super::{World, resources, serverless, snippets, view};
use crate::parse::tree::Node;
use crate::problem::ProblemKind;
use crate::span::{FileId, Loc};

impl World<'_> {
    /// Reports what a template names under `Transform` that lonekey cannot see through; gives whether the language
    /// extensions are on, and the local snippets that the template includes as a whole.
    pub(super) fn transforms(&self, file: FileId, folder: &Path, doc: &Node) -> (bool, Vec<(FileId, Node)>) {
        let mut included = Vec::new();
        let Some(node) = doc.get("Transform") else { return (false, included) };
        let one = std::slice::from_ref(node);
        let list = if node.items().is_empty() { one } else { node.items() };
        let mut extensions = false;
        for item in list {
            let named = if item.entries().is_empty() { Some(item) } else { item.get("Name") };
            let name = named.filter(|name| view::call(name).is_none()).and_then(Node::text);
            let shown = name.map_or("whose name is computed".into(), |name| format!("`{name}`"));
            match name.unwrap_or("") {
                "AWS::LanguageExtensions" => extensions = true,
                // These add resources of their own kind, and never an access key.
                "AWS::Serverless-2016-10-31"
                | "AWS::CodeDeployBlueGreen"
                | "AWS::SecretsManager-2020-07-23"
                | "AWS::SecretsManager-2024-09-16"
                | "AWS::ServiceCatalog" => {}
                "AWS::Include" => match self.snippet(folder, item) {
                    Some((snippet, documents)) => {
                        included.extend(documents.into_iter().map(|document| (snippet, document)));
                    }
                    None => self.problem(
                        ProblemKind::RemoteTemplate,
                        Loc::new(file, view::span(item)),
                        snippets::NOT_READ,
                    ),
                },
                _ => self.problem(
                    ProblemKind::UnknownMacro,
                    Loc::new(file, view::span(item)),
                    format!(
                        "the macro {shown} may add, drop or rename resources; what it makes is not examined"
                    ),
                ),
            }
        }
        (extensions, included)
    }

    /// Reports keys written twice where they could decide something.
    pub(super) fn no_duplicates(&self, file: FileId, doc: &Node) {
        if !doc.get("Resources").is_some_and(resources::hold_keys) {
            return;
        }
        let mut maps: Vec<&Node> = vec![doc];
        for section in ["Parameters", "Conditions", "Mappings", "Resources", "Outputs", "Rules"] {
            maps.extend(doc.get(section));
        }
        maps.extend(doc.get("Parameters").into_iter().flat_map(|p| p.entries()).map(|(_, p)| p));
        let relevant: Vec<&Node> = doc
            .get("Resources")
            .into_iter()
            .flat_map(Node::entries)
            .filter(|(id, resource)| decides(id, resource))
            .map(|(_, resource)| resource)
            .collect();
        let readers = ["Conditions", "Rules", "Outputs"].into_iter().filter_map(|section| doc.get(section));
        let mut read = BTreeSet::new();
        let all_known = readers.chain(relevant.iter().copied()).all(|node| mappings_read(node, &mut read));
        for (name, map) in doc.get("Mappings").into_iter().flat_map(Node::entries) {
            if !all_known || name.text().is_none_or(|name| read.contains(name)) {
                maps.push(map);
                maps.extend(map.entries().iter().map(|(_, second)| second));
            }
        }
        for resource in relevant {
            maps.push(resource);
            maps.extend(resource.get("Properties"));
        }
        let source = self.files.source(file);
        for map in maps {
            // A file of the framework includes others under one name.
            let framework = serverless::includes_files(map);
            for (key, first, second) in view::duplicates(map) {
                if framework && key == "Fn::Transform" {
                    continue;
                }
                let at = source.position(first.start as usize);
                let reason = format!(
                    "the key `{key}` is written twice in one map, first at {}:{}:{}; the last one was taken",
                    source.path, at.line, at.column
                );
                self.problem(ProblemKind::Refused, Loc::new(file, second), reason);
            }
        }
    }
}

/// Whether an entry of `Resources` can decide about a key: a key, a user, a nested stack, or a loop that makes some.
fn decides(id: &Node, resource: &Node) -> bool {
    let looped = id.text().is_some_and(|id| id.starts_with("Fn::"));
    let kind = resource.get("Type").and_then(Node::text);
    looped || kind.is_some_and(resources::matters)
}

/// Adds the names of the mappings that a tree reads; `false` where it computes one.
fn mappings_read(node: &Node, names: &mut BTreeSet<String>) -> bool {
    if let Some(call) = view::call(node)
        && call.name == "Fn::FindInMap"
    {
        match call.arg.items().first().map(|name| (view::call(name), name.text())) {
            Some((None, Some(name))) => {
                names.insert(name.into());
            }
            _ => return false,
        }
    }
    node.items().iter().all(|item| mappings_read(item, names))
        && node.entries().iter().all(|(_, value)| mappings_read(value, names))
}
