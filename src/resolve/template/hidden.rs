//! A template whose text has a secret in it, nobody knows where: its scalars become values that are not shown.
//!
//! Answers: what is shown of a template that a sensitive value was written into? Names that CloudFormation gives to things
//! (types, logical ids, what functions refer to) stay what they are, but for the secret in one that is spelled with it;
//! whatever a property, a condition or an output says is the secret's.

use std::collections::HashMap;

use super::World;
use super::text::{SubPart, sub_parts};
use super::view::literal;
use crate::parse::tree::{Node, NodeKind};
use crate::resolve::embedded::{CLOSE, OPEN};
use crate::value::Value;

/// What names something: below these nothing is hidden.
const NAMES: [&str; 8] =
    ["Type", "Condition", "DependsOn", "Transform", "Ref", "Fn::GetAtt", "Fn::FindInMap", "DeletionPolicy"];

/// The same as tags.
const NAME_TAGS: [&str; 4] = ["!Ref", "!GetAtt", "!FindInMap", "!Condition"];

/// The sections whose entries have names of their own.
const SECTIONS: [&str; 5] = ["Resources", "Conditions", "Outputs", "Mappings", "Parameters"];

/// What the key of a loop begins with.
pub(super) const LOOP: &str = "Fn::ForEach::";

/// What is hidden of a template.
struct Hidden<'v> {
    /// The value whose secret is in it.
    secret: &'v Value,
    /// The names that are spelled with a secret, each with how it is shown.
    names: HashMap<String, String>,
    /// What stands in text for the elements of loops: `${Name}`, `&{Name}`.
    loops: Vec<String>,
}

impl Hidden<'_> {
    /// A name, or one with an attribute behind a dot.
    fn renamed(&self, name: &str) -> String {
        let (own, attribute) = name.split_at(name.find('.').unwrap_or(name.len()));
        let shown = self.names.get(name).cloned();
        shown.or_else(|| Some(self.names.get(own)?.clone() + attribute)).unwrap_or_else(|| name.to_string())
    }

    /// A node that holds names. Recursive; the parsers bound the depth.
    fn named(&self, node: &Node) -> Node {
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) => NodeKind::Scalar(self.renamed(text), *style),
            NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(|item| self.named(item)).collect()),
            NodeKind::Map(_) => node.kind.clone(),
        };
        Node { kind, ..node.clone() }
    }
}

impl World<'_> {
    /// The template with nothing in it that could be a part of this value; `chosen` is whether its names tell the secret.
    pub(super) fn without_secrets(&self, doc: &Node, secret: &Value, chosen: bool) -> Node {
        let mut names = HashMap::new();
        for section in SECTIONS {
            let own = doc.get(section).map(Node::entries).unwrap_or_default();
            for name in own.iter().filter_map(|(name, _)| name.text()) {
                // Whoever deploys it names its parameters and outputs.
                let shown = if chosen && !matches!(section, "Parameters" | "Outputs") {
                    self.cx.stand_in(&self.cx.marked_from(secret, name.into())).map(|shown| shown.to_string())
                } else {
                    self.cx.masked(name)
                };
                names.extend(shown.map(|shown| (name.to_string(), shown)));
            }
        }
        let mut loops = Vec::new();
        loops_in(doc, &mut loops);
        let hidden = Hidden { secret, names, loops };
        let section = |(name, section): &(Node, Node)| {
            let body = match name.text() {
                Some("Parameters") => not_echoed(section),
                Some(name) if SECTIONS.contains(&name) => self.hide(section, &hidden),
                _ => return (name.clone(), section.clone()),
            };
            let entries = body.entries().iter().map(|(name, entry)| (hidden.named(name), entry.clone()));
            let named = match &body.kind {
                NodeKind::Map(_) => Node { kind: NodeKind::Map(entries.collect()), ..body.clone() },
                _ => body,
            };
            (name.clone(), named)
        };
        let kind = NodeKind::Map(doc.entries().iter().map(section).collect());
        Node { kind, ..doc.clone() }
    }

    /// Recursive; the parsers bound the depth.
    fn hide(&self, node: &Node, hidden: &Hidden) -> Node {
        let tag = node.tag.as_ref().map_or("", |tag| tag.text.as_str());
        if NAME_TAGS.contains(&tag) {
            return hidden.named(node);
        }
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) if tag == "!Sub" => {
                NodeKind::Scalar(self.hide_between(text, hidden), *style)
            }
            NodeKind::Scalar(..) => match super::scalar::read(node) {
                Some(text) => return literal(self.hide_text(&text, hidden), node.span),
                None => node.kind.clone(),
            },
            NodeKind::Seq(items) => {
                NodeKind::Seq(self.hide_items(items, tag == "!If", tag == "!Sub", hidden).into())
            }
            NodeKind::Map(entries) => {
                let entry = |(key, value): &(Node, Node)| {
                    let value = match (key.text().unwrap_or(""), &value.kind) {
                        (name, _) if NAMES.contains(&name) => hidden.named(value),
                        ("Fn::Sub", NodeKind::Scalar(text, style)) => {
                            let kind = NodeKind::Scalar(self.hide_between(text, hidden), *style);
                            Node { kind, ..value.clone() }
                        }
                        (name, NodeKind::Seq(items)) if name.starts_with(LOOP) => {
                            let mut own = items.to_vec();
                            own.iter_mut().skip(1).for_each(|item| *item = self.hide(item, hidden));
                            Node { kind: NodeKind::Seq(own.into()), ..value.clone() }
                        }
                        (name @ ("Fn::If" | "Fn::Sub"), NodeKind::Seq(items)) => {
                            let items = self.hide_items(items, name == "Fn::If", name == "Fn::Sub", hidden);
                            Node { kind: NodeKind::Seq(items.into()), ..value.clone() }
                        }
                        _ => self.hide(value, hidden),
                    };
                    (key.clone(), value)
                };
                NodeKind::Map(entries.iter().map(entry).collect())
            }
        };
        Node { kind, ..node.clone() }
    }

    /// The arguments of a call; the first one of `Fn::If` is a name, that of `Fn::Sub` a text with names in it.
    fn hide_items(&self, items: &[Node], condition: bool, sub: bool, hidden: &Hidden) -> Vec<Node> {
        let item = |(i, item): (usize, &Node)| match &item.kind {
            NodeKind::Scalar(..) if i == 0 && condition => hidden.named(item),
            NodeKind::Scalar(text, style) if i == 0 && sub => {
                Node { kind: NodeKind::Scalar(self.hide_between(text, hidden), *style), ..item.clone() }
            }
            _ => self.hide(item, hidden),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text that `Fn::Sub` reads, its names as they are.
    fn hide_between(&self, text: &str, hidden: &Hidden) -> String {
        let part = |(_, part): (usize, SubPart)| match part {
            SubPart::Text(text) => self.hide_text(text, hidden),
            SubPart::Literal(name) => format!("${{!{name}}}"),
            SubPart::Name(name) => format!("${{{}}}", hidden.renamed(name)),
        };
        sub_parts(text).into_iter().map(part).collect()
    }

    fn hide_text(&self, text: &str, hidden: &Hidden) -> String {
        if text.contains(OPEN) {
            return text.to_string();
        }
        if let Some(name) = hidden.loops.iter().find(|name| text.contains(name.as_str())) {
            let between = text.split(name.as_str()).map(|part| self.hide_text(part, hidden));
            return between.collect::<Vec<_>>().join(name);
        }
        let value = self.cx.marked_from(hidden.secret, Value::from(text));
        let mut elements = self.elements.borrow_mut();
        elements.push((value, true));
        format!("{OPEN}{}{CLOSE}", elements.len() - 1)
    }
}

/// Adds what stands for the elements of the loops in a tree. Recursive; the parsers bound the depth.
fn loops_in(node: &Node, found: &mut Vec<String>) {
    node.items().iter().for_each(|item| loops_in(item, found));
    for (key, value) in node.entries() {
        if key.text().is_some_and(|key| key.starts_with(LOOP))
            && let Some(name) = value.items().first().and_then(Node::text)
        {
            found.extend([format!("${{{name}}}"), format!("&{{{name}}}")]);
        }
        loops_in(value, found);
    }
}

/// The same parameters, whose values are not to be shown.
fn not_echoed(parameters: &Node) -> Node {
    let parameter = |(name, declared): &(Node, Node)| {
        let hidden = (literal("NoEcho".into(), name.span), literal("true".into(), name.span));
        let entries = declared.entries().iter().filter(|(key, _)| key.text() != Some("NoEcho")).cloned();
        let kind = NodeKind::Map(entries.chain([hidden]).collect());
        (name.clone(), Node { kind, ..declared.clone() })
    };
    let kind = NodeKind::Map(parameters.entries().iter().map(parameter).collect());
    Node { kind, ..parameters.clone() }
}
