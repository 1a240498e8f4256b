//! Keys that are written twice: which of them could decide something about an access key.
//!
//! A template with a key written twice is read with the last one, where a validator refuses it. That matters only on the
//! way to a key: in its resource, and in what this reads, directly or through conditions, mappings, parameters and other
//! resources. Everything counts as read where a name is computed. Evaluates nothing. Source: CloudFormation's offline
//! validator, for which every duplicate key is an error.

use std::collections::BTreeSet;

use super::text::{SubPart, sub_parts};
use super::{World, resources, scalar, serverless, view};
use crate::parse::tree::Node;
use crate::problem::ProblemKind;
use crate::span::{FileId, Loc};

/// The sections whose entries are read by name.
const NAMED: [&str; 4] = ["Parameters", "Conditions", "Mappings", "Resources"];

/// The properties of keys, users and nested stacks that decide something.
const DECIDING: [&str; 7] =
    ["UserName", "User", "Status", "TemplateURL", "TemplateBody", "Location", "Parameters"];

/// What a parameter says to people.
const DESCRIBING: [&str; 2] = ["ConstraintDescription", "Description"];

/// The names that trees read.
#[derive(Default)]
pub(super) struct Reads {
    names: BTreeSet<String>,
    /// Names whose entries were looked into.
    seen: BTreeSet<String>,
    /// Whether a name is computed: then every name is read.
    all: bool,
    /// The keys by which cells of mappings are looked up; every one where one is computed.
    cells: BTreeSet<String>,
    all_cells: bool,
}

impl Reads {
    /// What `trees` read in a template, directly or through what they read.
    pub(super) fn of<'n>(doc: &Node, trees: impl IntoIterator<Item = &'n Node>) -> Reads {
        let mut reads = Reads::default();
        trees.into_iter().for_each(|tree| reads.add(tree));
        while let Some(name) = reads.names.difference(&reads.seen).next().cloned() {
            for section in NAMED.iter().filter_map(|section| doc.get(section)) {
                let entries = section.entries().iter().filter(|(key, _)| key.text() == Some(&name));
                entries.for_each(|(_, entry)| reads.add(entry));
            }
            reads.seen.insert(name);
        }
        reads
    }

    /// Whether the entry of that name is read.
    pub(super) fn reads(&self, name: &Node) -> bool {
        self.all || name.text().is_none_or(|name| name.starts_with("Fn::") || self.names.contains(name))
    }

    /// Whether the key of a row or cell of a mapping is looked up.
    fn looks_up(&self, key: &Node) -> bool {
        self.all_cells || key.text().is_none_or(|key| self.cells.contains(key))
    }

    fn cell(&mut self, key: &Node) {
        match key.text().filter(|_| view::call(key).is_none()) {
            Some(text) => {
                self.cells.insert(text.into());
            }
            None => self.all_cells = true,
        }
    }

    fn name(&mut self, node: Option<&Node>) {
        let written = node.filter(|node| view::call(node).is_none()).and_then(Node::text);
        match written.filter(|text| !text.contains(['$', '&'])) {
            Some(text) => {
                self.names.insert(text.split('.').next().unwrap_or(text).into());
            }
            None => self.all = true,
        }
    }

    fn add(&mut self, node: &Node) {
        if let Some(call) = view::call(node) {
            match &*call.name {
                "Ref" => self.name(Some(&call.arg)),
                "Fn::GetAtt" => self.name(call.arg.items().first().or(Some(&call.arg))),
                "Fn::FindInMap" => {
                    self.name(call.arg.items().first());
                    call.arg.items().iter().skip(1).take(2).for_each(|key| self.cell(key));
                }
                "Fn::If" => self.name(call.arg.items().first()),
                "Fn::Sub" => {
                    let template = call.arg.items().first().unwrap_or(&call.arg);
                    for (_, part) in sub_parts(&scalar::read(template).unwrap_or_default()) {
                        if let SubPart::Name(name) = part {
                            self.names.insert(name.split('.').next().unwrap_or(name).into());
                        }
                    }
                }
                "Fn::Transform" => self.all = true,
                _ => {}
            }
            if call.name == "Condition" {
                self.name(Some(&call.arg));
            }
            return call.arg.children().for_each(|inner| self.add(inner));
        }
        node.items().iter().for_each(|item| self.add(item));
        for (key, value) in node.entries() {
            if key.text() == Some("Condition") {
                self.name(Some(value));
            }
            self.add(value);
        }
    }
}

impl World<'_> {
    /// Reports keys written twice where they could decide something. `called` is whether another template, or another
    /// language, reads the stack's outputs.
    pub(super) fn no_duplicates(&self, file: FileId, doc: &Node, called: bool) {
        let sections = || all(doc, "Resources");
        if !sections().any(resources::hold_keys) {
            return;
        }
        let entries = sections().flat_map(Node::entries);
        let relevant: Vec<&Node> =
            entries.filter(|(id, resource)| decides(id, resource)).map(|(_, r)| r).collect();
        let outputs = doc.get("Outputs").map(Node::entries).unwrap_or_default().iter();
        let outputs = outputs.filter(|(_, output)| called || output.get("Export").is_some());
        let outputs: Vec<&Node> = outputs.map(|(_, output)| output).collect();
        let roots = relevant.iter().chain(&outputs).copied().chain(doc.get("Rules"));
        let reads = Reads::of(doc, roots);

        let is_section = |key: &Node| key.text().is_some_and(|key| NAMED.contains(&key) || key == "Rules");
        self.said_twice(file, doc, |key| is_section(key) || called && key.text() == Some("Outputs"));
        for section in NAMED.iter().filter_map(|section| doc.get(section)) {
            let entries = section.entries();
            let decides = |key: &Node| {
                let mut same = entries.iter().filter(|(other, _)| other.text() == key.text());
                reads.reads(key) || same.any(|(id, entry)| decides(id, entry))
            };
            self.said_twice(file, section, decides);
        }
        for name in ["Parameters", "Conditions", "Mappings"] {
            let entries = doc.get(name).map(Node::entries).unwrap_or_default();
            for (_, entry) in entries.iter().filter(|(key, _)| reads.reads(key)) {
                if name != "Mappings" {
                    let describes = |key: &Node| key.text().is_some_and(|key| DESCRIBING.contains(&key));
                    self.said_twice(file, entry, |key| !describes(key));
                    continue;
                }
                self.said_twice(file, entry, |key| reads.looks_up(key));
                for (_, row) in entry.entries().iter().filter(|(key, _)| reads.looks_up(key)) {
                    self.said_twice(file, row, |key| reads.looks_up(key));
                }
            }
        }
        doc.get("Rules").into_iter().for_each(|rules| self.said_twice(file, rules, |_| true));
        outputs.iter().for_each(|output| self.said_twice(file, output, |_| true));
        for resource in relevant {
            self.said_twice(file, resource, |key| {
                matches!(key.text(), Some("Type" | "Properties" | "Condition"))
            });
            let properties = resource.get("Properties");
            for properties in properties.into_iter() {
                self.said_twice(file, properties, |key| {
                    key.text().is_some_and(|key| DECIDING.contains(&key))
                });
                properties.get("Parameters").into_iter().for_each(|p| self.said_twice(file, p, |_| true));
            }
        }
    }

    fn said_twice(&self, file: FileId, map: &Node, decides: impl Fn(&Node) -> bool) {
        // A file of the framework includes others under one name.
        let framework = serverless::includes_files(map);
        for (first, second) in view::duplicates(map) {
            let key = second.text().unwrap_or("");
            if framework && key == "Fn::Transform" || !decides(second) {
                continue;
            }
            let source = self.files.source(file);
            let at = source.position(first.start as usize);
            let reason = format!(
                "the key `{key}` is written twice in one map, first at {}:{}:{}; the last one was taken",
                source.path, at.line, at.column
            );
            self.problem(ProblemKind::Refused, Loc::new(file, second.span), reason);
        }
    }
}

/// Whether an entry of `Resources` can decide about a key: a key, a user, a nested stack, or a loop that makes some.
fn decides(id: &Node, resource: &Node) -> bool {
    let looped = id.text().is_some_and(|id| id.starts_with("Fn::"));
    looped || all(resource, "Type").filter_map(Node::text).any(resources::matters)
}

/// What a map has under a key, each time it is written.
fn all<'n>(map: &'n Node, name: &str) -> impl Iterator<Item = &'n Node> {
    map.entries().iter().filter(move |(key, _)| key.text() == Some(name)).map(|(_, value)| value)
}
