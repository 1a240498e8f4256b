//! Reading a template's tree: which node is a function, which a plain map, and what YAML's shorthands stand for.
//!
//! Knows the spelling of functions (`!Sub x`, `{"Fn::Sub": x}`), not their meaning. A map is a function only if it has
//! exactly one key and that key is a function's name. Source: CloudFormation's template reference, "Intrinsic
//! functions"; YAML 1.1, "Merge key".

use std::borrow::Cow;

use crate::parse::tree::{Node, NodeKind, Style, Tag};
use crate::span::Span;

/// The name of the transform that stands for a part: no macro can have it.
pub const PART: &str = "${part}";

/// The name of the include that stands for a variable: no macro can have it.
pub const FILE: &str = "${file}";

/// A function with its argument.
pub struct Call<'a> {
    /// Its long name: `Ref`, `Condition`, `Fn::Sub`.
    pub name: Cow<'a, str>,
    /// Its argument, without the tag.
    pub arg: Cow<'a, Node>,
}

/// The function that a node calls, if it calls one.
pub fn call(node: &Node) -> Option<Call<'_>> {
    if let Some(tag) = &node.tag
        && let Some(name) = tag.text.strip_prefix('!')
        && !name.is_empty()
        && !name.starts_with('!')
    {
        let name = match name {
            "Ref" | "Condition" => Cow::Borrowed(name),
            _ => Cow::Owned(format!("Fn::{name}")),
        };
        return Some(Call { name, arg: Cow::Owned(Node { tag: None, ..node.clone() }) });
    }
    match node.entries() {
        [(key, arg)] => {
            let name = key.text()?;
            // A loop is an entry of the map around it, even where it is the only one.
            // Nor is a snippet, whose entries stand in its place.
            let snippet = name == "Fn::Transform" && includes(arg);
            let function = name == "Ref"
                || name == "Condition"
                || name.starts_with("Fn::") && !name.starts_with("Fn::ForEach::") && !snippet;
            function.then_some(Call { name: Cow::Borrowed(name), arg: Cow::Borrowed(arg) })
        }
        _ => None,
    }
}

/// The first short form of a function in a tree. Recursive; the parsers bound the depth.
pub fn short_form(node: &Node) -> Option<&Tag> {
    let own = node.tag.as_deref().filter(|tag| tag.text.starts_with('!') && !tag.text.starts_with("!!"));
    // What is written out keeps its tag at its key.
    let keys = || node.entries().iter().find_map(|(key, _)| short_form(key));
    own.filter(|tag| tag.text.len() > 1).or_else(keys).or_else(|| node.children().find_map(short_form))
}

/// What `Fn::Transform` takes, where a node is nothing else.
pub fn transform(node: &Node) -> Option<&Node> {
    match node.entries() {
        [(key, body)] if key.text() == Some("Fn::Transform") => Some(body),
        _ => None,
    }
}

/// The short form of `Fn::Transform`.
pub const TRANSFORM: &str = "!Transform";

/// The tree with each `!Transform x` written out: what it makes stands among other entries, so it is one itself. Recursive;
/// the parsers bound the depth.
pub fn written_out(node: &Node) -> Node {
    let kind = match &node.kind {
        NodeKind::Scalar(..) => node.kind.clone(),
        NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(written_out).collect()),
        NodeKind::Map(entries) => {
            NodeKind::Map(entries.iter().map(|(k, v)| (k.clone(), written_out(v))).collect())
        }
    };
    match &node.tag {
        Some(tag) if tag.text == TRANSFORM => {
            let style = NodeKind::Scalar("Fn::Transform".into(), Style::DoubleQuoted);
            let key = Node { kind: style, span: tag.span, tag: node.tag.clone() };
            let entries = [(key, Node { kind, span: node.span, tag: None })];
            Node { kind: NodeKind::Map(entries.into()), span: span(node), tag: None }
        }
        tag => Node { kind, span: node.span, tag: tag.clone() },
    }
}

/// Whether what `Fn::Transform` takes is a snippet to include, or stands for another tree.
pub fn includes(body: &Node) -> bool {
    let name = body.get("Name").and_then(Node::text);
    matches!(name, Some("AWS::Include" | PART | FILE))
}

/// The files that a tree includes snippets from, as written. Recursive; the parsers bound the depth.
pub fn locations<'n>(node: &'n Node, found: &mut Vec<&'n str>) {
    if node.get("Name").and_then(Node::text) == Some("AWS::Include") {
        found.extend(node.get("Parameters").and_then(|p| p.get("Location")?.text()));
    }
    node.children().for_each(|inner| locations(inner, found));
}

/// Whether what `Fn::Transform` takes stands for a variable.
pub fn is_file(body: &Node) -> bool {
    body.get("Name").and_then(Node::text) == Some(FILE)
}

/// Whether a map has a loop or a snippet among its entries.
pub fn has_loop(map: &Node) -> bool {
    map.entries().iter().any(|(key, body)| match key.text() {
        Some("Fn::Transform") => includes(body),
        Some(key) => key.starts_with("Fn::ForEach::"),
        None => false,
    })
}

/// Whether a map has a snippet or a macro among its entries.
pub fn has_transform(map: &Node) -> bool {
    map.entry("Fn::Transform").is_some()
}

/// The bytes of a node with its tag.
pub fn span(node: &Node) -> Span {
    node.tag.as_ref().filter(|t| !t.span.is_empty()).map_or(node.span, |t| t.span.to(node.span))
}

/// A scalar that keeps its text, in the place of another node.
pub fn literal(text: String, at: Span) -> Node {
    Node { kind: NodeKind::Scalar(text, Style::DoubleQuoted), span: at, tag: None }
}

/// A bool or null in the place of another node.
pub fn bare(text: &str, at: Span) -> Node {
    Node { kind: NodeKind::Scalar(text.into(), Style::JsonBare), span: at, tag: None }
}

/// Two trees of one file merged as JSON: maps by their keys, lists by position, and the second one wins. Recursive; the parsers
/// bound the depth.
pub fn merged_json(first: &Node, second: &Node) -> Node {
    let kind = match (&first.kind, &second.kind) {
        (NodeKind::Map(own), NodeKind::Map(more)) => {
            let mut entries = own.to_vec();
            for (key, value) in more.iter() {
                match entries.iter_mut().find(|(known, _)| known.text() == key.text()) {
                    Some((_, known)) => *known = merged_json(known, value),
                    None => entries.push((key.clone(), value.clone())),
                }
            }
            NodeKind::Map(entries.into())
        }
        (NodeKind::Seq(own), NodeKind::Seq(more)) => {
            let mut items = own.to_vec();
            for (i, item) in more.iter().enumerate() {
                match items.get_mut(i) {
                    Some(known) => *known = merged_json(known, item),
                    None => items.push(item.clone()),
                }
            }
            NodeKind::Seq(items.into())
        }
        _ => return second.clone(),
    };
    Node { kind, ..first.clone() }
}

/// A node as JSON has it: a function in its long form.
pub fn long_form(node: &Node) -> Node {
    let Some(call) = call(node).filter(|_| node.tag.is_some()) else { return node.clone() };
    let arg = match (&*call.name, call.arg.text().and_then(|text| text.split_once('.'))) {
        ("Fn::GetAtt", Some((id, attribute))) => {
            let parts = [id, attribute].map(|part| literal(part.into(), node.span));
            Node { kind: NodeKind::Seq(parts.into_iter().collect()), ..call.arg.into_owned() }
        }
        _ => call.arg.into_owned(),
    };
    function(&call.name, arg, span(node))
}

/// A function call in the place of another node, in its long form.
pub fn function(name: &str, arg: Node, at: Span) -> Node {
    let entries = vec![(literal(name.into(), at), arg)];
    Node { kind: NodeKind::Map(entries.into()), span: at, tag: None }
}

/// The keys that a map holds twice: the first one's place, and a later one.
pub fn duplicates(node: &Node) -> Vec<(Span, &Node)> {
    let mut seen = std::collections::HashMap::new();
    let mut twice = Vec::new();
    for (key, _) in node.entries() {
        let Some(text) = key.text() else { continue };
        match seen.get(text) {
            Some(&first) => twice.push((first, key)),
            None => {
                seen.insert(text, key.span);
            }
        }
    }
    twice
}

/// The tree with YAML's merge keys (`<<: *base`) expanded: a key that is written wins, and so does an earlier source.
pub fn merged(node: &Node) -> Node {
    let kind = match &node.kind {
        NodeKind::Scalar(..) => return node.clone(),
        NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(merged).collect()),
        NodeKind::Map(entries) => {
            let (mut own, mut sources) = (Vec::new(), Vec::new());
            for (key, value) in entries.iter() {
                let merge = matches!(&key.kind, NodeKind::Scalar(text, Style::Plain) if text == "<<");
                let value = merged(value);
                match (&value.kind, merge) {
                    (NodeKind::Map(entries), true) => sources.extend(entries.iter().cloned()),
                    (NodeKind::Seq(items), true) => {
                        sources.extend(items.iter().flat_map(|i| i.entries().iter().cloned()));
                    }
                    _ => own.push((key.clone(), value)),
                }
            }
            let mut known: std::collections::HashSet<String> =
                own.iter().filter_map(|(k, _)| k.text().map(String::from)).collect();
            for (key, value) in sources {
                if key.text().is_none_or(|t| known.insert(t.into())) {
                    own.push((key, value));
                }
            }
            NodeKind::Map(own.into())
        }
    };
    Node { kind, span: node.span, tag: node.tag.clone() }
}
