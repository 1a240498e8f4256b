//! What the Serverless Framework makes of the parts of a template, and what of them it refuses.
//!
//! Answers: what do resources that several parts write come to, and what do `extensions` change? Parts are merged as JSON:
//! deep, lists by position, a function like any other map, and the later one wins, with null too. Source: Serverless
//! Framework documentation, "Resources", "AWS CloudFormation Resource Reference", and what it does with such files.

use std::collections::HashMap;

use super::snippets::{Below, Depth};
use super::variables::{Referent, Tree};
use super::{Entry, Section, Stack, World, keys, resources, serverless};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::ProblemKind;
use crate::span::Loc;

/// The attributes of a resource that `extensions` of the Serverless Framework may name.
const EXTENDED: [&str; 8] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// What stands in a part of a template.
const SECTIONS: [&str; 12] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
    "extensions",
];

impl World<'_> {
    /// Whether a resource that no template has is one that the framework may make.
    pub(super) fn may_be_generated(&self, s: &Stack, name: &str) -> bool {
        self.services.borrow().get(&s.file).is_some_and(|service| serverless::may_make(&service.root, name))
    }

    /// What the Serverless Framework makes of the entries of a section that are written several times.
    pub(super) fn merge_of_framework(&self, s: &Stack, section: &mut Section, resources: bool) {
        let json = Below::Json(s.file);
        let depth = if resources { Depth::Attributes(json) } else { Depth::All(json) };
        let mut merged: Vec<Entry> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for entry in std::mem::take(&mut section.entries) {
            let same =
                known.get(&entry.name).and_then(|at| merged.get_mut(*at)).filter(|_| entry.loops.is_empty());
            let Some(same) = same else {
                if entry.loops.is_empty() {
                    known.insert(entry.name.clone(), merged.len());
                }
                merged.push(entry);
                continue;
            };
            let held = resources::matters(resources::type_of(&same.node));
            self.merge_into(same, &(entry.file, entry.node), depth);
            if held && same.node.text().is_some() {
                let reason = format!("`{}` is null or a text here, and no resource", self.shown(&same.name));
                self.problem(ProblemKind::Refused, entry.key, reason);
            }
        }
        section.entries = merged;
    }

    /// What the Serverless Framework makes of resources that its file extends. It refuses other attributes, and a name that
    /// nothing has.
    pub(super) fn extend(&self, s: &Stack, section: &mut Section) {
        let has_keys =
            section.entries.iter().any(|entry| resources::makes_keys(resources::type_of(&entry.node)));
        for extension in &self.section(s, "extensions").entries {
            let name = self.shown(&extension.name);
            // Without keys it is none of our business.
            let matters = has_keys || keys::holds_a_key_type(&extension.node);
            let refuse = |at: Loc, reason: String| {
                if matters {
                    self.problem(ProblemKind::Refused, at, reason);
                }
            };
            let attributes = extension.node.entries();
            let is_there = section.entries.iter().any(|entry| entry.name == extension.name);
            if !is_there && !attributes.is_empty() && !self.may_be_generated(s, &extension.name) {
                refuse(extension.key, format!("`extensions` extend `{name}`, and there is no such resource"));
                continue;
            }
            let unknown =
                attributes.iter().filter(|(key, _)| key.text().is_none_or(|key| !EXTENDED.contains(&key)));
            for (key, _) in unknown {
                let attribute = key.text().unwrap_or_default();
                let at = Loc::new(extension.file, key.span);
                refuse(at, format!("`extensions` cannot extend `{attribute}` of `{name}`"));
            }
            let decides = |(key, _): &&(Node, Node)| matches!(key.text(), Some("Condition" | "Properties"));
            let kind = NodeKind::Map(attributes.iter().filter(decides).cloned().collect());
            let more = (extension.file, Node { kind, ..extension.node.clone() });
            for entry in section.entries.iter_mut().filter(|entry| entry.name == extension.name) {
                self.merge_into(entry, &more, Depth::Attributes(Below::Extended));
            }
        }
    }

    /// Resources where the sections of a template stand, and parts that are none of one with keys.
    pub(super) fn refuse_parts(&self, s: &Stack, has_keys: bool) {
        let Some(service) = self.services.borrow().get(&s.file).cloned() else { return };
        let Some(resources) = service.root.get("resources") else { return };
        for (file, part) in self.parts_of(s, (s.file, resources.clone())) {
            let refuse = |node: &Node, reason: String| {
                self.problem(ProblemKind::Refused, Loc::new(file, node.span), reason)
            };
            let is_nothing = |text: &str| matches!(text, "" | "null" | "~" | "false" | "0");
            if has_keys
                && part.text().is_some_and(|text| !serverless::is_variable(&part) && !is_nothing(text))
            {
                refuse(&part, "a part of `resources` is a map, and this is a text".into());
            }
            for (key, section) in part.entries() {
                let name = key.text().unwrap_or_default();
                if !SECTIONS.contains(&name) && keys::holds_a_key_type(section) {
                    self.files.is_judged(file);
                    refuse(
                        key,
                        format!("`{name}` is no section of a template; its resources stand in `Resources`"),
                    );
                }
            }
        }
    }

    /// The parts that make a template, each where it is written.
    fn parts_of(&self, s: &Stack, (file, node): Tree) -> Vec<Tree> {
        let written = |file, node: &Node| match node.text().filter(|_| serverless::is_variable(node)) {
            Some(text) => match self.variable(s.file, text, (file, node.span)) {
                Referent::Node(written) => written,
                _ => (file, node.clone()),
            },
            None => (file, node.clone()),
        };
        let (file, node) = written(file, &node);
        match &node.kind {
            NodeKind::Seq(items) => items.iter().map(|item| written(file, item)).collect(),
            _ => vec![(file, node)],
        }
    }
}
