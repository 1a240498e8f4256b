//! A template whose text has a secret in it, nobody knows where: its scalars become values that are not shown.
//!
//! Answers: what is shown of a template that a sensitive value was written into? Names that CloudFormation gives to things
//! (types, logical ids, what functions refer to) stay what they are; whatever a property, a condition or an output says is
//! the secret's.

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

impl World<'_> {
    /// The template with nothing in it that could be a part of this value.
    pub(super) fn without_secrets(&self, doc: &Node, secret: &Value) -> Node {
        let section = |(name, section): &(Node, Node)| {
            let hidden = match name.text() {
                Some("Resources" | "Conditions" | "Outputs" | "Mappings") => self.hide(section, secret),
                Some("Parameters") => not_echoed(section),
                _ => section.clone(),
            };
            (name.clone(), hidden)
        };
        let kind = NodeKind::Map(doc.entries().iter().map(section).collect());
        Node { kind, ..doc.clone() }
    }

    /// Recursive; the parsers bound the depth.
    fn hide(&self, node: &Node, secret: &Value) -> Node {
        let tag = node.tag.as_ref().map_or("", |tag| tag.text.as_str());
        if NAME_TAGS.contains(&tag) {
            return node.clone();
        }
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) if tag == "!Sub" => {
                NodeKind::Scalar(self.hide_between(text, secret), *style)
            }
            NodeKind::Scalar(..) => match super::scalar::read(node) {
                Some(text) => return literal(self.hide_text(&text, secret), node.span),
                None => node.kind.clone(),
            },
            NodeKind::Seq(items) => {
                NodeKind::Seq(self.hide_items(items, tag == "!If", tag == "!Sub", secret).into())
            }
            NodeKind::Map(entries) => {
                let entry = |(key, value): &(Node, Node)| {
                    let hidden = match (key.text().unwrap_or(""), &value.kind) {
                        (name, _) if NAMES.contains(&name) => value.clone(),
                        ("Fn::Sub", NodeKind::Scalar(text, style)) => {
                            let kind = NodeKind::Scalar(self.hide_between(text, secret), *style);
                            Node { kind, ..value.clone() }
                        }
                        (name @ ("Fn::If" | "Fn::Sub"), NodeKind::Seq(items)) => {
                            let items = self.hide_items(items, name == "Fn::If", name == "Fn::Sub", secret);
                            Node { kind: NodeKind::Seq(items.into()), ..value.clone() }
                        }
                        _ => self.hide(value, secret),
                    };
                    (key.clone(), hidden)
                };
                NodeKind::Map(entries.iter().map(entry).collect())
            }
        };
        Node { kind, ..node.clone() }
    }

    /// The arguments of a call; the first one of `Fn::If` is a name, that of `Fn::Sub` a text with names in it.
    fn hide_items(&self, items: &[Node], condition: bool, sub: bool, secret: &Value) -> Vec<Node> {
        let item = |(i, item): (usize, &Node)| match &item.kind {
            NodeKind::Scalar(..) if i == 0 && condition => item.clone(),
            NodeKind::Scalar(text, style) if i == 0 && sub => {
                Node { kind: NodeKind::Scalar(self.hide_between(text, secret), *style), ..item.clone() }
            }
            _ => self.hide(item, secret),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text that `Fn::Sub` reads, its names as they are.
    fn hide_between(&self, text: &str, secret: &Value) -> String {
        let part = |(_, part): (usize, SubPart)| match part {
            SubPart::Text(text) => self.hide_text(text, secret),
            SubPart::Literal(name) => format!("${{!{name}}}"),
            SubPart::Name(name) => format!("${{{name}}}"),
        };
        sub_parts(text).into_iter().map(part).collect()
    }

    fn hide_text(&self, text: &str, secret: &Value) -> String {
        if text.contains(OPEN) {
            return text.to_string();
        }
        let value = self.cx.marked_from(secret, Value::from(text));
        let mut elements = self.elements.borrow_mut();
        elements.push(value);
        format!("{OPEN}{}{CLOSE}", elements.len() - 1)
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
