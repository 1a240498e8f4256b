//! A template whose text has a secret in it, nobody knows where: its scalars become values that are not shown.
//!
//! Answers: what is shown of a template that a sensitive value was written into? Names that CloudFormation gives to things
//! (types, logical ids, what functions refer to) stay what they are, but for the secret in one that is spelled with it;
//! whatever a property, a condition or an output says is the secret's. And the other way round: where a marker stands for
//! each value that a file says, those in names are spelled out again ([`World::with_names`]).

use std::collections::HashMap;

use super::World;
use super::text::{SubPart, is_marker, sub_parts};
use super::view::literal;
use crate::parse::tree::{Node, NodeKind};
use crate::resolve::embedded::{CLOSE, OPEN};
use crate::value::Value;
use crate::value::marks::{Mark, is_plain};

/// What names something: below these nothing is hidden.
const NAMES: [&str; 8] =
    ["Type", "Condition", "DependsOn", "Transform", "Ref", "Fn::GetAtt", "Fn::FindInMap", "DeletionPolicy"];

/// What is read as text, of stack sets.
const TEXTS: [&str; 2] = ["ParameterKey", "Regions"];

/// The same as tags.
const NAME_TAGS: [&str; 4] = ["!Ref", "!GetAtt", "!FindInMap", "!Condition"];

/// The sections whose entries have names of their own.
const SECTIONS: [&str; 5] = ["Resources", "Conditions", "Outputs", "Mappings", "Parameters"];

/// What the key of a loop begins with.
pub(super) const LOOP: &str = "Fn::ForEach::";

/// What is hidden of a template.
struct Hidden<'v> {
    /// The value whose secret is in it; `None` where it has markers for what is not shown.
    secret: Option<&'v Value>,
    /// The names that are spelled with a secret, each with how it is shown; without one, all that the template declares.
    names: HashMap<String, String>,
    /// What stands in text for the elements of loops: `${Name}`, `&{Name}`.
    loops: Vec<String>,
}

impl Hidden<'_> {
    /// A name that the template declares, or one with an attribute behind a dot; `None` where it declares none.
    fn renamed(&self, name: &str) -> Option<String> {
        let (own, attribute) = name.split_at(name.find('.').unwrap_or(name.len()));
        let shown = self.names.get(name).cloned();
        shown.or_else(|| Some(self.names.get(own)?.clone() + attribute))
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
        let hidden = Hidden { secret: Some(secret), names, loops };
        let section = |(name, section): &(Node, Node)| {
            let body = match name.text() {
                Some("Parameters") => {
                    let entries = section.entries().iter();
                    let kind =
                        NodeKind::Map(entries.map(|(name, own)| (name.clone(), not_echoed(own))).collect());
                    Node { kind, ..section.clone() }
                }
                Some(name) if SECTIONS.contains(&name) => self.hide(section, &hidden),
                _ => return (name.clone(), section.clone()),
            };
            let entries =
                body.entries().iter().map(|(name, entry)| (self.names_in(name, &hidden), entry.clone()));
            let named = match &body.kind {
                NodeKind::Map(_) => Node { kind: NodeKind::Map(entries.collect()), ..body.clone() },
                _ => body,
            };
            (name.clone(), named)
        };
        let kind = NodeKind::Map(doc.entries().iter().map(section).collect());
        Node { kind, ..doc.clone() }
    }

    /// The template with each marker of a text that may be shown as that text, where a name stands or only text is read;
    /// elsewhere it stays a value, which knows that it is not to be shown.
    pub(super) fn with_names(&self, doc: &Node) -> Node {
        if !self.elements.borrow().iter().any(|(value, _)| value.as_str().is_some()) {
            return doc.clone();
        }
        let doc = self.with_keys(doc);
        let mut loops = Vec::new();
        loops_in(&doc, &mut loops);
        let own = SECTIONS.iter().flat_map(|section| doc.get(section).map(Node::entries).unwrap_or_default());
        let own = own.filter_map(|(name, _)| name.text()).map(|name| (name.to_string(), name.to_string()));
        let hidden = Hidden { secret: None, names: own.collect(), loops };
        let section = |(name, section): &(Node, Node)| {
            let body = match name.text() {
                Some("Parameters") => self.of_files(section),
                Some(name) if name == "Rules" || SECTIONS.contains(&name) => self.hide(section, &hidden),
                Some("Transform") => self.names_in(section, &hidden),
                _ => self.spelled(section),
            };
            (name.clone(), body)
        };
        match &doc.kind {
            NodeKind::Map(sections) => {
                Node { kind: NodeKind::Map(sections.iter().map(section).collect()), ..doc }
            }
            _ => doc,
        }
    }

    /// The same parameters, spelled out: what one says that a file does is not shown, but for a default that is a plain name.
    pub(super) fn of_files(&self, parameters: &Node) -> Node {
        let parameter = |(name, declared): &(Node, Node)| {
            let of_a_file = |(key, said): &(Node, Node)| {
                let plain =
                    said.text().and_then(|text| self.told(text)).is_some_and(|own| self.may_be_shown(&own));
                !(plain && key.text() == Some("Default")) && has_markers(said)
            };
            let spelled = self.spelled(declared);
            let hidden = declared.entries().iter().any(of_a_file);
            (name.clone(), if hidden { not_echoed(&spelled) } else { spelled })
        };
        let kind = NodeKind::Map(parameters.entries().iter().map(parameter).collect());
        Node { kind, ..parameters.clone() }
    }

    /// A tree with its keys, and what its loops call their elements, spelled out. Recursive; the parsers bound the depth.
    fn with_keys(&self, node: &Node) -> Node {
        let name = |node: &Node| match &node.kind {
            NodeKind::Scalar(text, style) => {
                Node { kind: NodeKind::Scalar(self.spelled_text(text, false), *style), ..node.clone() }
            }
            _ => self.with_keys(node),
        };
        let kind = match &node.kind {
            NodeKind::Scalar(..) => node.kind.clone(),
            NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(|item| self.with_keys(item)).collect()),
            NodeKind::Map(entries) => {
                let entry = |(key, value): &(Node, Node)| match (name(key), &value.kind) {
                    (key, NodeKind::Seq(items)) if key.text().is_some_and(|key| key.starts_with(LOOP)) => {
                        let items = items.iter().enumerate();
                        let items =
                            items.map(|(i, item)| if i == 0 { name(item) } else { self.with_keys(item) });
                        (key, Node { kind: NodeKind::Seq(items.collect()), ..value.clone() })
                    }
                    (key, _) => (key, self.with_keys(value)),
                };
                NodeKind::Map(entries.iter().map(entry).collect())
            }
        };
        Node { kind, ..node.clone() }
    }

    /// The known text that one marker alone stands for, if it is no secret.
    fn told(&self, text: &str) -> Option<Value> {
        let number =
            is_marker(text).then(|| text.trim_matches([OPEN, CLOSE]).parse::<usize>().ok()).flatten()?;
        let (value, _) = self.elements.borrow().get(number)?.clone();
        (value.as_str().is_some() && self.cx.mark_of(&value) < Some(Mark::Read)).then_some(value)
    }

    /// A text with what may be shown in the place of its markers; where `all`, with each that is no secret.
    fn spelled_text(&self, text: &str, all: bool) -> String {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once(OPEN) {
            let Some((number, tail)) = after.split_once(CLOSE) else { break };
            let marker = format!("{OPEN}{number}{CLOSE}");
            // Names may hold those of loops.
            let shown = |value: &Value| {
                let name = value.as_str().unwrap_or("").replace(['$', '&', '{', '}'], "");
                all || self.may_be_shown(&self.cx.marked_as(value, Value::from(name)))
            };
            let told = self.told(&marker).filter(shown);
            out.push_str(before);
            out.push_str(told.as_ref().and_then(Value::as_str).unwrap_or(&marker));
            rest = tail;
        }
        out + rest
    }

    /// A tree with the text of each marker that is no secret. Recursive; the parsers bound the depth.
    pub(super) fn spelled(&self, node: &Node) -> Node {
        let text = |text: &str| self.spelled_text(text, true);
        let kind = match &node.kind {
            NodeKind::Scalar(own, style) => NodeKind::Scalar(text(own), *style),
            _ => node.with_inner(|inner| self.spelled(inner)),
        };
        Node { kind, ..node.clone() }
    }

    /// A node that holds names. Recursive; the parsers bound the depth.
    fn names_in(&self, node: &Node, hidden: &Hidden) -> Node {
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) => NodeKind::Scalar(self.name_of(text, hidden), *style),
            NodeKind::Seq(items) => {
                NodeKind::Seq(items.iter().map(|item| self.names_in(item, hidden)).collect())
            }
            NodeKind::Map(_) if hidden.secret.is_none() => return self.hide(node, hidden),
            NodeKind::Map(_) => node.kind.clone(),
        };
        Node { kind, ..node.clone() }
    }

    fn name_of(&self, name: &str, hidden: &Hidden) -> String {
        match hidden.secret {
            // What is no plain name may be the secret itself.
            Some(_) => {
                let masked = || if is_plain(name) { None } else { self.cx.masked(name) };
                hidden.renamed(name).or_else(masked).unwrap_or_else(|| name.to_string())
            }
            // What names nothing stays as it is: it may be anything that a file says.
            None => {
                let spelled = self.spelled_text(name, false);
                let names = spelled.contains("::") || hidden.renamed(&spelled).is_some();
                if names { spelled } else { name.to_string() }
            }
        }
    }

    /// Recursive; the parsers bound the depth.
    fn hide(&self, node: &Node, hidden: &Hidden) -> Node {
        let tag = node.tag.as_ref().map_or("", |tag| tag.text.as_str());
        if NAME_TAGS.contains(&tag) {
            return self.names_in(node, hidden);
        }
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) if tag == "!Sub" => {
                NodeKind::Scalar(self.hide_between(text, hidden), *style)
            }
            NodeKind::Scalar(text, style) if hidden.secret.is_none() => match self.told(text) {
                Some(own) => {
                    let text = self.hide_text(own.as_str().unwrap_or(""), &own, hidden);
                    NodeKind::Scalar(text, *style)
                }
                None => node.kind.clone(),
            },
            NodeKind::Scalar(..) => match super::scalar::read(node).zip(hidden.secret) {
                Some((text, secret)) => return literal(self.hide_text(&text, secret, hidden), node.span),
                None => node.kind.clone(),
            },
            NodeKind::Seq(items) => {
                NodeKind::Seq(self.hide_items(items, tag == "!If", tag == "!Sub", hidden).into())
            }
            NodeKind::Map(entries) => {
                let entry = |(key, value): &(Node, Node)| {
                    let value = match (key.text().unwrap_or(""), &value.kind) {
                        // A mapping's keys are values.
                        ("Fn::FindInMap", _) if hidden.secret.is_none() => self.hide(value, hidden),
                        (name, _) if TEXTS.contains(&name) && hidden.secret.is_none() => self.spelled(value),
                        (name, _) if NAMES.contains(&name) => self.names_in(value, hidden),
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
            NodeKind::Scalar(..) if i == 0 && condition => self.names_in(item, hidden),
            NodeKind::Scalar(text, style) if i == 0 && sub => {
                Node { kind: NodeKind::Scalar(self.hide_between(text, hidden), *style), ..item.clone() }
            }
            _ => self.hide(item, hidden),
        };
        items.iter().enumerate().map(item).collect()
    }

    /// A text that `Fn::Sub` reads, its names as they are.
    fn hide_between(&self, text: &str, hidden: &Hidden) -> String {
        // Without a secret, the text that a marker stands for is its own.
        let own = if hidden.secret.is_none() { self.told(text) } else { None };
        let text = own.as_ref().and_then(Value::as_str).unwrap_or(text);
        let part = |(_, part): (usize, SubPart)| match (part, own.as_ref().or(hidden.secret)) {
            (SubPart::Text(text), Some(secret)) => self.hide_text(text, secret, hidden),
            (SubPart::Text(text), None) => text.to_string(),
            (SubPart::Literal(name), _) => format!("${{!{name}}}"),
            (SubPart::Name(name), _) => format!("${{{}}}", self.name_of(name, hidden)),
        };
        sub_parts(text).into_iter().map(part).collect()
    }

    fn hide_text(&self, text: &str, secret: &Value, hidden: &Hidden) -> String {
        if text.contains(OPEN) {
            return text.to_string();
        }
        if let Some(name) = hidden.loops.iter().find(|name| text.contains(name.as_str())) {
            let between = text.split(name.as_str()).map(|part| self.hide_text(part, secret, hidden));
            return between.collect::<Vec<_>>().join(name);
        }
        let value = self.cx.marked_from(secret, Value::from(text));
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

/// The same parameter, whose value is not to be shown.
fn not_echoed(parameter: &Node) -> Node {
    let hidden = |text: &str| literal(text.into(), parameter.span);
    let entries = parameter.entries().iter().filter(|(key, _)| key.text() != Some("NoEcho")).cloned();
    let kind = NodeKind::Map(entries.chain([(hidden("NoEcho"), hidden("true"))]).collect());
    Node { kind, ..parameter.clone() }
}

/// Whether a marker stands in a tree. Recursive; the parsers bound the depth.
fn has_markers(node: &Node) -> bool {
    node.text().is_some_and(|text| text.contains(OPEN))
        || node.items().iter().any(has_markers)
        || node.entries().iter().any(|(key, value)| has_markers(key) || has_markers(value))
}
