//! The JSON form of the Terraform language (.tf.json, .tofu.json) to the same [`Body`] as HCL.
//!
//! JSON does not say what is a block, a label, a reference or a plain string; Terraform knows it from its schemas,
//! and so does this file, in two tables. Provider schemas are not known: inside a resource, what is no block of
//! Terraform's own stays an attribute whose value is an object or a list, as `k = v` would be.
//! Source: Terraform language, "JSON Configuration Syntax"; HCL JSON syntax specification.

use std::collections::HashSet;

use super::offsets::Offsets;
use super::respan::respan;
use super::syntax::{Attribute, Block, Body, Expr, ExprKind, Name, ObjectKey, TemplatePart, UnaryOp};
use super::tree::{Node, NodeKind, Style};
use super::{SyntaxError, hcl, json};
use crate::source::Source;
use crate::span::Span;

/// Which body is read: decides its blocks and how its strings are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Terraform,
    Cloud,
    Backend,
    RequiredProviders,
    Provider,
    Variable,
    Locals,
    Output,
    Module,
    Resource,
    Lifecycle,
    Condition,
    Provisioner,
    Connection,
    Dynamic,
    Content,
    Check,
    /// `moved`, `import`, `removed`.
    Refactoring,
}

/// The blocks of a place: name, number of labels, what stands inside.
fn blocks(place: Place) -> &'static [(&'static str, usize, Place)] {
    use Place as P;
    match place {
        P::Root => &[
            ("terraform", 0, P::Terraform),
            ("provider", 1, P::Provider),
            ("variable", 1, P::Variable),
            ("locals", 0, P::Locals),
            ("output", 1, P::Output),
            ("module", 1, P::Module),
            ("resource", 2, P::Resource),
            ("data", 2, P::Resource),
            ("ephemeral", 2, P::Resource),
            ("action", 2, P::Resource),
            ("check", 1, P::Check),
            ("moved", 0, P::Refactoring),
            ("import", 0, P::Refactoring),
            ("removed", 0, P::Refactoring),
        ],
        P::Terraform => &[
            ("backend", 1, P::Backend),
            ("cloud", 0, P::Cloud),
            ("required_providers", 0, P::RequiredProviders),
            ("provider_meta", 1, P::Backend),
        ],
        P::Cloud => &[("workspaces", 0, P::Backend)],
        P::Variable => &[("validation", 0, P::Condition)],
        P::Output => &[("precondition", 0, P::Condition), ("postcondition", 0, P::Condition)],
        P::Resource => &[
            ("lifecycle", 0, P::Lifecycle),
            ("provisioner", 1, P::Provisioner),
            ("connection", 0, P::Connection),
            ("dynamic", 1, P::Dynamic),
            ("_", 0, P::Content),
        ],
        P::Lifecycle => &[("precondition", 0, P::Condition), ("postcondition", 0, P::Condition)],
        P::Provisioner => &[("connection", 0, P::Connection)],
        P::Dynamic => &[("content", 0, P::Content)],
        P::Content | P::Provider => &[("dynamic", 1, P::Dynamic)],
        P::Check => &[("data", 2, P::Resource), ("assert", 0, P::Condition)],
        P::Refactoring => &[
            ("lifecycle", 0, P::Lifecycle),
            ("provisioner", 1, P::Provisioner),
            ("connection", 0, P::Connection),
        ],
        P::Backend | P::RequiredProviders | P::Locals | P::Module | P::Condition | P::Connection => &[],
    }
}

/// How the strings in a value are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    /// As templates.
    Template,
    /// As the text they are.
    Literal,
    /// As expressions: `aws_iam_user.u`, `list(string)`.
    Reference,
}

/// How the strings of an attribute are read.
fn strings(place: Place, name: &str) -> Strings {
    use Place as P;
    match (place, name) {
        (P::Variable, "type") => Strings::Reference,
        (P::Variable, _) | (P::Backend | P::Cloud | P::Terraform, _) => Strings::Literal,
        (P::Output | P::Module | P::Resource | P::Refactoring | P::Lifecycle, "depends_on") => {
            Strings::Reference
        }
        (P::Resource | P::Refactoring, "provider") | (P::Module, "providers") => Strings::Reference,
        (P::Lifecycle, "ignore_changes" | "replace_triggered_by") => Strings::Reference,
        (P::Refactoring, "from" | "to") => Strings::Reference,
        (P::Provisioner, "when" | "on_failure") | (P::Dynamic, "iterator") => Strings::Reference,
        _ => Strings::Template,
    }
}

/// Parses .tf.json and .tofu.json text.
///
/// A file that is no JSON is lost whole; a block with a template or reference that does not parse is lost alone.
/// A byte order mark is an error (Terraform refuses it here), and the rest is read nevertheless.
pub fn parse(source: &Source) -> (Body, Vec<SyntaxError>) {
    let root = match json::parse(source) {
        Ok(root) => root,
        Err(error) => return (Body::default(), vec![error]),
    };
    let mut read = Read { text: &source.text, errors: Vec::new() };
    if source.bom() > 0 {
        read.error("a byte order mark, which Terraform refuses in JSON", Span::new(0, source.bom()));
    }
    let mut body = Body::default();
    for object in read.objects(&root) {
        read.root(object, &mut body);
    }
    read.errors.sort_by_key(|e| e.span);
    (body, read.errors)
}

/// Parses the JSON form of a variables file: every value is literal, a `"//"` key is ignored.
pub fn parse_variables(source: &Source) -> (Body, Vec<SyntaxError>) {
    attributes(source, Strings::Literal)
}

/// Parses the JSON form of a file whose schema is another tool's: every entry is an attribute, texts are templates.
pub fn parse_attributes(source: &Source) -> (Body, Vec<SyntaxError>) {
    attributes(source, Strings::Template)
}

fn attributes(source: &Source, strings: Strings) -> (Body, Vec<SyntaxError>) {
    let root = match json::parse(source) {
        Ok(root) => root,
        Err(error) => return (Body::default(), vec![error]),
    };
    let mut read = Read { text: &source.text, errors: Vec::new() };
    let (mut body, mut errors) = (Body::default(), Vec::new());
    if !matches!(root.kind, NodeKind::Map(_)) {
        errors.push(SyntaxError { message: "expected an object of variables".into(), span: root.span });
    }
    for (key, value) in root.entries().iter().filter(|(k, _)| k.text() != Some("//")) {
        match read.value(value, strings, Place::Backend) {
            Ok(expr) => {
                body.attributes.push(Attribute { name: name(key), span: key.span.to(value.span), expr })
            }
            Err(error) => errors.push(error),
        }
    }
    (body, errors)
}

struct Read<'a> {
    text: &'a str,
    errors: Vec<SyntaxError>,
}

/// Entries of an object.
type Entries<'n> = &'n [(Node, Node)];

impl Read<'_> {
    fn error(&mut self, message: &str, span: Span) {
        self.errors.push(SyntaxError { message: message.into(), span });
    }

    /// An object, or the objects of an array: both mean the same where a body or labels are expected.
    fn objects<'n>(&mut self, node: &'n Node) -> Vec<Entries<'n>> {
        let items =
            if matches!(node.kind, NodeKind::Seq(_)) { node.items() } else { std::slice::from_ref(node) };
        let mut out = Vec::new();
        for item in items {
            match &item.kind {
                NodeKind::Map(entries) => out.push(&**entries),
                _ => self.error("expected an object, or an array of objects", item.span),
            }
        }
        out
    }

    fn root(&mut self, entries: Entries, body: &mut Body) {
        for (key, value) in entries {
            let Some(name) = key.text().filter(|n| *n != "//") else { continue };
            match blocks(Place::Root).iter().find(|(kind, ..)| *kind == name) {
                Some((_, labels, place)) => self.blocks(key, *labels, *place, value, &mut body.blocks),
                None => self.error("Terraform has no such block", key.span),
            }
        }
    }

    /// The same below a block type's name, where null says that there is none, and in an array one with nothing in it.
    fn blocks_of<'n>(&mut self, node: &'n Node) -> Vec<Entries<'n>> {
        let items = node.items();
        match is_null(node) {
            true => Vec::new(),
            false if !items.is_empty() && items.iter().all(is_null) => {
                items.iter().map(|_| &[][..]).collect()
            }
            false => self.objects(node),
        }
    }

    /// All blocks under a block type's key. A block that does not parse is reported and left out.
    fn blocks(&mut self, kind: &Node, labels: usize, place: Place, value: &Node, out: &mut Vec<Block>) {
        let mut open = vec![(Vec::<&Node>::new(), value)];
        for _ in 0..labels {
            let mut next = Vec::new();
            for (names, value) in open {
                for (label, value) in self.blocks_of(value).into_iter().flatten() {
                    let names = names.iter().copied().chain([label]).collect::<Vec<_>>();
                    next.push((names, value));
                }
            }
            open = next;
        }
        for (labels, value) in open {
            for entries in self.blocks_of(value) {
                // In an array of bodies each block has its own bytes; the key is that of them all.
                let innermost = labels.last().copied().unwrap_or(kind);
                match self.body(entries, place) {
                    Ok(body) => out.push(Block {
                        kind: name(kind),
                        labels: labels.iter().map(|l| name(l)).collect(),
                        body,
                        header: innermost.span,
                        span: innermost.span.to(value.span),
                    }),
                    Err(error) => {
                        let shown = innermost.text().unwrap_or("");
                        let message = format!("{}; the block {shown:?} is not read", error.message);
                        self.errors.push(SyntaxError { message, span: error.span });
                    }
                }
            }
        }
    }

    fn body(&mut self, entries: Entries, place: Place) -> Result<Body, SyntaxError> {
        let mut body = Body::default();
        for (key, value) in entries {
            let Some(text) = key.text().filter(|n| *n != "//") else { continue };
            if let Some((_, labels, inner)) = blocks(place).iter().find(|(kind, ..)| *kind == text) {
                self.blocks(key, *labels, *inner, value, &mut body.blocks);
                continue;
            }
            if body.attribute(text).is_some() {
                let message = format!("`{text}` is set twice in one block; the first is read");
                self.errors.push(SyntaxError { message, span: key.span });
            }
            let expr = self.value(value, strings(place, text), place)?;
            body.attributes.push(Attribute { name: name(key), span: key.span.to(value.span), expr });
        }
        Ok(body)
    }

    /// Recursive; the JSON reader bounds the depth.
    fn value(&mut self, node: &Node, strings: Strings, place: Place) -> Result<Expr, SyntaxError> {
        let kind = match &node.kind {
            NodeKind::Scalar(text, Style::JsonBare) => bare(text, node.span),
            NodeKind::Scalar(text, _) => return self.string(node, text, strings),
            NodeKind::Seq(items) => {
                let items = items.iter().map(|v| self.value(v, strings, place));
                ExprKind::Tuple(items.collect::<Result<_, _>>()?)
            }
            NodeKind::Map(entries) => {
                let mut seen = HashSet::new();
                if let Some((key, _)) = entries.iter().find(|(key, _)| !seen.insert(key.text())) {
                    self.error("this object has two values of this name, which Terraform refuses", key.span);
                }
                let item = |(key, value): &(Node, Node)| {
                    let aliases =
                        place == Place::RequiredProviders && key.text() == Some("configuration_aliases");
                    let inner = if aliases { Strings::Reference } else { strings };
                    Ok((self.object_key(key, strings)?, self.value(value, inner, place)?))
                };
                ExprKind::Object(entries.iter().map(item).collect::<Result<_, SyntaxError>>()?)
            }
        };
        Ok(Expr { kind, span: node.span })
    }

    fn object_key(&mut self, key: &Node, strings: Strings) -> Result<ObjectKey, SyntaxError> {
        let text = key.text().unwrap_or("");
        if strings == Strings::Template && (text.contains("${") || text.contains("%{")) {
            return Ok(ObjectKey::Expr(self.string(key, text, Strings::Template)?));
        }
        Ok(ObjectKey::Name(name(key)))
    }

    fn string(&mut self, node: &Node, text: &str, strings: Strings) -> Result<Expr, SyntaxError> {
        let literal = |text: &str| {
            let inner = Span::new(node.span.start as usize + 1, (node.span.end as usize).saturating_sub(1));
            let parts =
                if text.is_empty() { vec![] } else { vec![TemplatePart::Literal(text.to_owned(), inner)] };
            Expr { kind: ExprKind::Template(parts), span: node.span }
        };
        let wrapped = strings == Strings::Reference && text.starts_with("${");
        let reference = strings == Strings::Reference && !wrapped;
        let parsed = match strings {
            Strings::Literal => return Ok(literal(text)),
            // The common case, spared the parser.
            Strings::Template if !text.contains("${") && !text.contains("%{") => return Ok(literal(text)),
            _ if reference => hcl::parse_expression(text, 0),
            _ => hcl::parse_template(text, 0),
        };
        let offsets = Offsets::new(self.text, node);
        let map =
            |span: Span| Span::new(offsets.offset(span.start as usize), offsets.offset(span.end as usize));
        let mut expr = parsed.map_err(|e| SyntaxError { message: e.message, span: map(e.span) })?;
        respan(&mut expr, &map);
        // Meant is the reference, which Terraform takes as bare text alone (hashicorp/hcl, json: `AsTraversal`).
        if wrapped {
            self.error("Terraform takes this only without `${` and `}`", node.span);
            if let ExprKind::Template(parts) = &expr.kind
                && let [TemplatePart::Interpolation(inner)] = parts.as_slice()
            {
                return Ok(inner.clone());
            }
        }
        if !reference {
            expr.span = node.span;
        }
        Ok(expr)
    }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(text, Style::JsonBare) if &**text == "null")
}

fn name(node: &Node) -> Name {
    Name { text: node.text().unwrap_or("").to_owned(), span: node.span }
}

fn bare(text: &str, span: Span) -> ExprKind {
    match text {
        "null" => ExprKind::Null,
        "true" => ExprKind::Bool(true),
        "false" => ExprKind::Bool(false),
        number => match number.strip_prefix('-') {
            None => ExprKind::Number(number.to_owned()),
            Some(digits) => {
                let inner = Span::new(span.start as usize + 1, span.end as usize);
                let number = Expr { kind: ExprKind::Number(digits.to_owned()), span: inner };
                ExprKind::Unary(UnaryOp::Negate, Box::new(number))
            }
        },
    }
}

#[cfg(test)]
#[path = "tf_json_tests.rs"]
mod tests;
