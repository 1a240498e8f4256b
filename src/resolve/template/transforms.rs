//! What a template says of itself before anything is evaluated: its transforms.
//!
//! Source: CloudFormation's user guide, "Transform section".

use std::path::Path;

use super::{World, view};
use crate::parse::tree::Node;
use crate::problem::ProblemKind;
use crate::span::{FileId, Loc};

impl World<'_> {
    /// Reports what a template names under `Transform` that lonekey cannot see through; gives whether the language
    /// extensions are on, and the local snippets that the template includes as a whole.
    pub(super) fn transforms(&self, file: FileId, folder: &Path, doc: &Node) -> (bool, Vec<(FileId, Node)>) {
        let mut included = Vec::new();
        if let Some((key, _)) = doc.entry("Modules") {
            let reason = "a tool fills in the modules of a template before it is deployed; what they add is not examined";
            self.problem(ProblemKind::UnknownMacro, Loc::new(file, key.span), reason);
        }
        let Some(node) = doc.get("Transform") else { return (false, included) };
        let one = std::slice::from_ref(node);
        let list = if node.items().is_empty() { one } else { node.items() };
        let (mut extensions, mut expanded) = (false, false);
        for item in list {
            let named = if item.entries().is_empty() { Some(item) } else { item.get("Name") };
            let name = named.filter(|name| view::call(name).is_none()).and_then(Node::text);
            let shown =
                name.map_or("whose name is computed".into(), |name| format!("`{}`", self.shown(name)));
            match name.unwrap_or("") {
                // Behind this one they are refused.
                "AWS::LanguageExtensions" => extensions |= !expanded,
                "AWS::Serverless-2016-10-31" => expanded = true,
                // These add resources of their own kind, and never an access key.
                "AWS::CodeDeployBlueGreen"
                | "AWS::SecretsManager-2020-07-23"
                | "AWS::SecretsManager-2024-09-16"
                | "AWS::ServiceCatalog" => {}
                "AWS::Include" => match self.snippet(folder, item) {
                    Some((file, snippet)) => {
                        included.extend(snippet.documents.iter().map(|document| (file, document.clone())));
                    }
                    None => self.not_read(Loc::new(file, view::span(item)), folder, item),
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
}
