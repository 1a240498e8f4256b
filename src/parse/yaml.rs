//! YAML to [`Node`]s: every document of a stream, tags and duplicate keys kept, aliases shared.
//!
//! Hides granit-parser, whose events are put together here with a stack of our own, so no input can exhaust the
//! program's. What a scalar means (`yes`, `010`, an empty one) is left to the reader. Source: YAML 1.2.2, and where the
//! readers of templates differ from it, libyaml and PyYAML (`yaml_repair`; a key in flow style is on one line).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Options, Parser, ScalarStyle, StructureStyle};

use super::limits;
use super::tree::{Node, NodeKind, Style, Tag};
use super::yaml_repair::Repaired;
use super::{SyntaxError, char_end, not_utf8};
use crate::source::Source;
use crate::span::Span;

/// One document of a YAML stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Its content; an empty plain scalar where there is none.
    pub root: Node,
    /// From its first to its last byte, markers (`---`) not included.
    pub span: Span,
}

/// Parses a whole file. A byte order mark is skipped; spans count it. Bytes that are not UTF-8 are errors.
///
/// An error loses the document it stands in. Documents after it are read from the next `---` on.
pub fn parse(source: &Source) -> (Vec<Document>, Vec<SyntaxError>) {
    let (documents, mut errors) = parse_text(&source.text, 0);
    if let Some(&at) = source.invalid_utf8.first() {
        errors.insert(0, not_utf8(at));
    }
    (documents, errors)
}

/// Parses text that stands at byte `base` of a file, as [`parse`] does.
pub fn parse_text(text: &str, base: usize) -> (Vec<Document>, Vec<SyntaxError>) {
    let (text, base) = match text.strip_prefix('\u{feff}') {
        Some(rest) => (rest, base + '\u{feff}'.len_utf8()),
        None => (text, base),
    };
    let mut repaired = Repaired::new(text);
    loop {
        match read(&repaired, base) {
            Ok(read) => return read,
            Err((refused, at)) => repaired.repair(&refused, at),
        }
    }
}

/// One pass over the text; `Err` is what may be repaired, with its place.
fn read(repaired: &Repaired, base: usize) -> Result<(Vec<Document>, Vec<SyntaxError>), (ErrorKind, usize)> {
    let text = repaired.text();
    let mut options = Options::default();
    options.set_emit_comments(false);
    // As libyaml, and so as CloudFormation: `|` at the very end of a file adds no line feed.
    options.block_scalar_eof_without_line_feed = true;
    // So that we can say which alias it is, and go on to the next document.
    options.emit_unresolved_aliases = true;
    let mut parser = Parser::new_from_str_with_options(text, options);
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let mut build = Build::new(repaired, base);
    while let Some(event) = parser.next_event() {
        let error = match event {
            Ok((event, span)) => match build.event(event, &span) {
                Ok(None) => continue,
                Ok(Some(document)) => {
                    documents.push(document);
                    continue;
                }
                Err(error) => error,
            },
            Err(error) => {
                // Text behind a document that nothing ended: the document was not what it seemed.
                if matches!(error.kind(), ErrorKind::ExpectedDocumentStart) {
                    documents.pop();
                }
                let at = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
                if repaired.may_repair(error.kind(), at) {
                    return Err((error.kind().clone(), at));
                }
                SyntaxError {
                    message: explain(&error.info()),
                    span: Span::new(base + at, base + char_end(text, at)),
                }
            }
        };
        errors.push(error);
        build = Build::new(repaired, base);
        if errors.len() >= MAX_ERRORS || !matches!(parser.proceed_next_document(), Ok(true)) {
            break;
        }
    }
    Ok((documents, errors))
}

/// After this many broken documents the rest of a stream is not tried: it is no YAML.
const MAX_ERRORS: usize = 16;

fn explain(info: &str) -> String {
    if info.contains("nesting") || info.contains("limit") {
        return format!("not readable: {info}");
    }
    format!("not valid YAML: {info}")
}

/// A collection whose end has not come yet.
struct Open {
    nodes: Vec<Node>,
    mapping: bool,
    flow: bool,
    start: usize,
    tag: Option<Arc<Tag>>,
    anchor: usize,
    /// Nodes in it, aliases expanded, and levels below it.
    size: usize,
    height: usize,
}

struct Anchored {
    node: Node,
    size: usize,
    height: usize,
}

struct Build<'a> {
    repaired: &'a Repaired<'a>,
    text: &'a str,
    base: usize,
    stack: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    through_aliases: usize,
    root: Option<Node>,
}

impl<'a> Build<'a> {
    fn new(repaired: &'a Repaired<'a>, base: usize) -> Self {
        let (stack, anchors, text) = (Vec::new(), HashMap::new(), repaired.text());
        Build { repaired, text, base, stack, anchors, through_aliases: 0, root: None }
    }

    /// Takes one event; gives the document that ends with it.
    fn event(&mut self, event: Event, at: &granit_parser::Span) -> Result<Option<Document>, SyntaxError> {
        let range = at.byte_range().unwrap_or(0..0);
        let span = self.span(range.start, range.end);
        match event {
            Event::DocumentStart(..) => {
                *self = Build::new(self.repaired, self.base);
            }
            Event::DocumentEnd => {
                let root = self.root.take().unwrap_or_else(|| empty(span));
                return Ok(Some(Document { span: root.span, root }));
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = self.tag(tag, at);
                let (text, style, range) = match style {
                    // The parser writes an absent value as `~`.
                    ScalarStyle::Plain if range.is_empty() => (Cow::Borrowed(""), Style::Plain, range),
                    ScalarStyle::Plain => (self.repaired.plain(text, range.start), Style::Plain, range),
                    ScalarStyle::SingleQuoted => (text, Style::SingleQuoted, range),
                    ScalarStyle::DoubleQuoted => (text, Style::DoubleQuoted, range),
                    ScalarStyle::Literal => (text, Style::Literal, self.trim_block(range)),
                    ScalarStyle::Folded => (text, Style::Folded, self.trim_block(range)),
                };
                let kind = NodeKind::Scalar(text.into_owned(), style);
                let node = Node { kind, span: self.span(range.start, range.end), tag };
                self.add(node, anchor, 1, 0)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                self.open(false, style, anchor, tag, at, range.start)?
            }
            Event::MappingStart(style, anchor, tag) => {
                self.open(true, style, anchor, tag, at, range.start)?
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(range.end)?,
            Event::Alias(id) => {
                let Some(target) = self.anchors.get(&id) else {
                    let message = "this alias stands inside the node that it names; it can never be expanded";
                    return Err(SyntaxError { message: message.into(), span });
                };
                let (size, height) = (target.size, target.height);
                let tag = target.node.tag.as_ref();
                let tag = tag.map(|tag| Arc::new(Tag { text: tag.text.clone(), span }));
                let node = Node { kind: target.node.kind.clone(), span, tag };
                self.through_aliases = self.through_aliases.saturating_add(size);
                if self.through_aliases > limits::ALIAS_NODES {
                    let message = format!(
                        "aliases expand to more than {} nodes here; lonekey does not follow them",
                        limits::ALIAS_NODES
                    );
                    return Err(SyntaxError { message, span });
                }
                self.add(node, 0, size, height)?;
            }
            Event::UnresolvedAlias(_) => {
                let message = "no anchor of this name stands before this alias";
                return Err(SyntaxError { message: message.into(), span });
            }
            _ => {}
        }
        Ok(None)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    fn tag(&self, tag: Option<Cow<granit_parser::Tag>>, at: &granit_parser::Span) -> Option<Arc<Tag>> {
        let tag = tag?;
        let start = at.tag_start().and_then(|m| m.byte_offset());
        let range = at.tag_span().and_then(|s| s.byte_range());
        let range = range.or_else(|| start.map(|s| s..s)).or_else(|| at.byte_range()).unwrap_or(0..0);
        let text = match tag.core_suffix() {
            Some(suffix) => format!("!!{suffix}"),
            None => {
                let text = format!("{}{}", tag.handle(), tag.suffix());
                text.strip_prefix("tag:yaml.org,2002:").map_or(text.clone(), |suffix| format!("!!{suffix}"))
            }
        };
        Some(Arc::new(Tag { text, span: self.span(range.start, range.end) }))
    }

    fn open(
        &mut self,
        mapping: bool,
        style: StructureStyle,
        anchor: usize,
        tag: Option<Cow<granit_parser::Tag>>,
        at: &granit_parser::Span,
        start: usize,
    ) -> Result<(), SyntaxError> {
        if self.stack.len() >= limits::TREE_DEPTH {
            return Err(self.too_deep(start));
        }
        let (tag, flow) = (self.tag(tag, at), style == StructureStyle::Flow);
        self.stack.push(Open { nodes: Vec::new(), mapping, flow, start, tag, anchor, size: 1, height: 0 });
        Ok(())
    }

    fn too_deep(&self, at: usize) -> SyntaxError {
        let message = format!("nested deeper than lonekey reads ({} levels)", limits::TREE_DEPTH);
        SyntaxError { message, span: self.span(at, char_end(self.text, at)) }
    }

    fn close(&mut self, end: usize) -> Result<(), SyntaxError> {
        let Some(open) = self.stack.pop() else { return Ok(()) };
        let start = self.base + open.start;
        // A block collection's events are where its indentation ends, which is past blank lines and comments.
        let span = match (open.flow, open.nodes.first(), open.nodes.last()) {
            (false, Some(first), Some(last)) => {
                Span::new(start.min(first.span.start as usize), (last.span.end as usize).max(start))
            }
            _ => Span::new(start, self.base + end),
        };
        let kind = if open.mapping {
            let pairs = pairs(open.nodes);
            if open.flow {
                self.keys_on_one_line(open.start, &pairs)?;
            }
            NodeKind::Map(pairs.into())
        } else {
            NodeKind::Seq(open.nodes.into())
        };
        self.add(Node { kind, span, tag: open.tag }, open.anchor, open.size, open.height)
    }

    /// A key in flow style is on one line with its colon, unless `?` introduces it: where it is not, a comment or a
    /// missing comma was taken for a part of it.
    fn keys_on_one_line(&self, start: usize, pairs: &[(Node, Node)]) -> Result<(), SyntaxError> {
        let mut behind = start;
        for (key, value) in pairs {
            let range = key.span.range();
            let (from, to) = (range.start.saturating_sub(self.base), range.end.saturating_sub(self.base));
            let introduced = self.text.get(behind..from).is_some_and(|text| text.contains('?'));
            let colon = to + blank(self.text.get(to..).unwrap_or(""));
            let has_colon = self.text.get(colon..).is_some_and(|text| text.starts_with(':'));
            let lines = self.text.get(from..colon).is_some_and(|text| text.contains(['\n', '\r']));
            if has_colon && lines && !introduced {
                let message = "not valid YAML: a key in `{…}` or `[…]` must be on one line with its colon; a \
                               comma may be missing before it";
                return Err(SyntaxError { message: message.into(), span: key.span });
            }
            behind = (value.span.end as usize).saturating_sub(self.base).max(to);
        }
        Ok(())
    }

    /// Puts a finished node where it belongs: into the innermost open collection, else it is the root.
    fn add(&mut self, node: Node, anchor: usize, size: usize, height: usize) -> Result<(), SyntaxError> {
        if self.stack.len() + height > limits::TREE_DEPTH {
            return Err(self.too_deep((node.span.start as usize).saturating_sub(self.base)));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size, height });
        }
        match self.stack.last_mut() {
            Some(open) => {
                open.size = open.size.saturating_add(size);
                open.height = open.height.max(height + 1);
                open.nodes.push(node);
            }
            None => self.root = Some(node),
        }
        Ok(())
    }

    /// The event of a block scalar runs up to the next token; its text ends with its last line that is not blank.
    fn trim_block(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let end = range.start + raw.trim_end_matches([' ', '\t', '\r', '\n']).len();
        range.start..end.max(range.start)
    }
}

/// The length of the blanks, line breaks and comments at the start of a text.
fn blank(text: &str) -> usize {
    let mut rest = text.trim_start();
    while rest.starts_with('#') && rest.len() < text.len() {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
    }
    text.len() - rest.len()
}

fn empty(span: Span) -> Node {
    Node {
        kind: NodeKind::Scalar(String::new(), Style::Plain),
        span: Span::new(span.start as usize, span.start as usize),
        tag: None,
    }
}

fn pairs(nodes: Vec<Node>) -> Vec<(Node, Node)> {
    let mut pairs = Vec::with_capacity(nodes.len() / 2);
    let mut nodes = nodes.into_iter();
    while let Some(key) = nodes.next() {
        let value =
            nodes.next().unwrap_or_else(|| empty(Span::new(key.span.end as usize, key.span.end as usize)));
        pairs.push((key, value));
    }
    pairs
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
