//! The tree of a YAML or JSON document, each node with its bytes.
//!
//! Scalars keep their text and style: what `yes` or `010` means is the reader's business (CloudFormation and
//! Terraform's `yamldecode` differ). Duplicate keys are kept, in order. Aliases are shared subtrees, merge keys
//! stay ordinary keys named `<<`.

use std::sync::Arc;

use crate::span::Span;

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its bytes: quotes included; for a block scalar its body without trailing blank lines; for a block
    /// collection from its first to its last entry. An alias has the bytes of `*name`, its tag too.
    pub span: Span,
    /// Its tag (`!Ref`, `!!str`) with the tag's bytes; never in JSON.
    pub tag: Option<Arc<Tag>>,
}

/// A YAML tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As written for local tags (`!Ref`); `!!str` for `tag:yaml.org,2002:str` and its like.
    pub text: String,
    /// Its bytes.
    pub span: Span,
}

/// How a scalar was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// YAML, unquoted.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`, in YAML or JSON.
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A JSON number, `true`, `false` or `null`.
    JsonBare,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// A scalar: its text (unescaped, dedented) and how it was written. YAML's empty node is plain and empty.
    Scalar(String, Style),
    /// A sequence.
    Seq(Arc<[Node]>),
    /// A mapping, in the order written, duplicates included.
    Map(Arc<[(Node, Node)]>),
}

impl Node {
    /// Whether a key of it, or of anything in it, is this text. Recursive; the parsers bound the depth.
    pub fn says(&self, key: &str) -> bool {
        self.entries().iter().any(|(k, value)| k.text() == Some(key) || value.says(key))
            || self.items().iter().any(|item| item.says(key))
    }

    /// Whether it says the same as another one, wherever and however that is written. Recursive; the parsers bound the depth.
    pub fn is_alike(&self, other: &Node) -> bool {
        let tag = |node: &Node| node.tag.as_ref().map(|tag| tag.text.clone());
        let same = match (&self.kind, &other.kind) {
            (NodeKind::Scalar(a, _), NodeKind::Scalar(b, _)) => a == b,
            (NodeKind::Seq(a), NodeKind::Seq(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.is_alike(b))
            }
            (NodeKind::Map(a), NodeKind::Map(b)) => {
                let named = |key: &Node| key.text().and_then(|key| other.get(key));
                let alike =
                    |(key, value): &(Node, Node)| named(key).is_some_and(|other| value.is_alike(other));
                a.len() == b.len() && a.iter().all(alike)
            }
            _ => false,
        };
        same && tag(self) == tag(other)
    }

    /// The entries of a mapping; none if it is something else.
    pub fn entries(&self) -> &[(Node, Node)] {
        match &self.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; none if it is something else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Seq(items) => items,
            _ => &[],
        }
    }

    /// The items of a sequence, or the values of a mapping.
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.items().iter().chain(self.entries().iter().map(|(_, value)| value))
    }

    /// Its kind with each item, key and value made anew; a scalar as it is.
    pub fn with_inner(&self, make: impl Fn(&Node) -> Node) -> NodeKind {
        match &self.kind {
            NodeKind::Scalar(..) => self.kind.clone(),
            NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(make).collect()),
            NodeKind::Map(entries) => {
                NodeKind::Map(entries.iter().map(|(key, value)| (make(key), make(value))).collect())
            }
        }
    }

    /// The tree with every place mapped. Recursive; the parsers bound the depth.
    pub fn moved(&self, place: &dyn Fn(Span) -> Span) -> Node {
        let tag = self.tag.as_ref().map(|t| Tag { text: t.text.clone(), span: place(t.span) }.into());
        Node { kind: self.with_inner(|inner| inner.moved(place)), span: place(self.span), tag }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }

    /// The value of a mapping's key; the last where it is written twice.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A mapping's key with its value; the last where it is written twice.
    pub fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.entries().iter().rev().find(|(k, _)| k.text() == Some(key))
    }
}
