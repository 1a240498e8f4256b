//! Where a name stands in text: from `${Name}` in a scalar to the bytes of the file that say it.
//!
//! Answers: which bytes give a key its user or status? Where the value is text with names in it, each `${Name}` is a
//! place of its own; anything else is one place, the whole value. A place inside of text is only given where the bytes
//! of the file read `${Name}` there; where they do not (an alias, text that another language puts together) it is the
//! whole value rather than a wrong part of it. Evaluates nothing.
//! Source: CloudFormation's template reference, "Fn::Sub", "Fn::ForEach".

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::{Entry, Stack, World, serverless, view};
use crate::parse::offsets::Offsets;
use crate::parse::tree::Node;
use crate::parse::{json, yaml};
use crate::resolve::embedded::hcl_offsets;
use crate::source::Source;
use crate::span::Span;

/// The map from a scalar's text to its file.
pub(super) struct Places<'a> {
    stack: &'a Stack,
    source: Arc<Source>,
    node: &'a Node,
    text: &'a str,
    offsets: Offsets,
}

/// A template that is text inside of a file, in a stack set's body or in Terraform: its scalars are decoded twice.
pub(super) struct Inner {
    text: String,
    /// From the text to the file.
    place: Box<dyn Fn(Span) -> Span>,
    /// The place in the text of each scalar, by its place in the file; `None` where two have one place.
    scalars: HashMap<Span, Option<Span>>,
    /// Whether the template is no text but Terraform's own values, whose strings are scalars.
    terraform: bool,
}

impl Inner {
    /// A document of a text, with the map from the text to the file.
    pub(super) fn new(text: String, doc: &Node, place: impl Fn(Span) -> Span + 'static) -> Inner {
        let mut scalars = HashMap::new();
        add_scalars(doc, &place, &mut scalars);
        Inner { text, place: Box::new(place), scalars, terraform: false }
    }

    /// A template of Terraform's values.
    pub(super) fn in_terraform() -> Inner {
        Inner { text: String::new(), place: Box::new(|s| s), scalars: HashMap::new(), terraform: true }
    }

    /// The place in the file of bytes of the text.
    pub(super) fn place(&self, span: Span) -> Span {
        (self.place)(span)
    }

    /// The map of a scalar's text to this text, if it is one of it.
    fn offsets(&self, source_text: &str, node: &Node) -> Option<Offsets> {
        if self.terraform {
            let raw = source_text.get(node.span.range())?;
            let quoted = raw.len() > 1 && raw.starts_with('"') && raw.ends_with('"');
            let inside = Span { start: node.span.start + 1, end: node.span.end.saturating_sub(1) };
            return quoted.then(|| hcl_offsets(source_text, node.text().unwrap_or(""), inside, true));
        }
        let span = (*self.scalars.get(&node.span)?)?;
        Some(Offsets::new(&self.text, &Node { span, ..node.clone() }))
    }

    /// The place in the file of bytes that read `wanted`, if that is what the file says there.
    fn read(&self, source_text: &str, span: Span, wanted: &str) -> Option<Span> {
        let says = |raw: &str, text: &str| reads(raw, text) || reads(&raw.replace("$${", "${"), text);
        if self.terraform {
            return source_text.get(span.range()).is_some_and(|raw| says(raw, wanted)).then_some(span);
        }
        let written = self.text.get(span.range()).filter(|raw| reads(raw, wanted))?;
        let place = self.place(span);
        source_text.get(place.range()).is_some_and(|raw| says(raw, written)).then_some(place)
    }
}

/// Recursive; the parsers bound the depth.
fn add_scalars(node: &Node, place: &impl Fn(Span) -> Span, scalars: &mut HashMap<Span, Option<Span>>) {
    if node.text().is_some() {
        let known = scalars.entry(place(node.span)).or_insert(Some(node.span));
        if *known != Some(node.span) {
            *known = None;
        }
    }
    node.items().iter().for_each(|item| add_scalars(item, place, scalars));
    for (key, value) in node.entries() {
        add_scalars(key, place, scalars);
        add_scalars(value, place, scalars);
    }
}

impl Places<'_> {
    /// The bytes of the file that say a range of the text; the whole scalar where that cannot be told.
    pub(super) fn of(&self, range: Range<usize>) -> Span {
        self.part(range).unwrap_or(view::span(self.node))
    }

    fn part(&self, range: Range<usize>) -> Option<Span> {
        let wanted = self.text.get(range.clone())?;
        let direct = self.read(&self.offsets, range, wanted);
        direct.or_else(|| {
            // A loop's body is a copy with its names filled in. What it left alone is written once in both texts, or
            // it is not known which one is meant.
            let written = written(self.stack, self.node)?;
            let start = only(written.text()?, wanted).filter(|_| only(self.text, wanted).is_some())?;
            let offsets = offsets(self.stack, &self.source, written);
            self.read(&offsets, start..start + wanted.len(), wanted)
        })
    }

    /// The bytes of a range of a scalar's text, if they read `wanted`.
    fn read(&self, offsets: &Offsets, range: Range<usize>, wanted: &str) -> Option<Span> {
        let start = offsets.offset(range.start);
        // The last byte may be spelled by an escape, which ends where the next one begins.
        let ends = [offsets.offset(range.end.checked_sub(1)?) + 1, offsets.offset(range.end)];
        let mut spans = ends.into_iter().map(|end| Span::new(start, end));
        if let Some(inner) = inner(self.stack) {
            return spans.find_map(|span| inner.read(&self.source.text, span, wanted));
        }
        spans.find(|span| self.source.text.get(span.range()).is_some_and(|raw| reads(raw, wanted)))
    }
}

/// The text that what is being evaluated was read from, where that is text inside of a file.
fn inner(s: &Stack) -> Option<&Inner> {
    s.inner.as_deref().filter(|_| s.at_file.get() == s.file)
}

/// The map of a scalar's text to the file, or to the text that it was read from.
fn offsets(s: &Stack, source: &Source, node: &Node) -> Offsets {
    let own = inner(s).and_then(|inner| inner.offsets(&source.text, node));
    own.unwrap_or_else(|| Offsets::new(&source.text, node))
}

/// Whether bytes of a file, escapes of double quotes included, say `wanted`.
fn reads(raw: &str, wanted: &str) -> bool {
    if raw == wanted || !raw.contains('\\') {
        return raw == wanted;
    }
    let quoted = format!("\"{raw}\"");
    json::parse_text(&quoted, 0).is_ok_and(|node| node.text() == Some(wanted))
        || yaml::parse_text(&quoted, 0).0.first().is_some_and(|d| d.root.text() == Some(wanted))
}

/// Where a part stands in text, if it stands there once.
fn only(text: &str, part: &str) -> Option<usize> {
    let mut found = text.match_indices(part);
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

/// A scalar as the template that is being evaluated has it, by its bytes.
fn written<'s>(s: &'s Stack, node: &Node) -> Option<&'s Node> {
    let included = s.included.iter().map(|(file, doc)| (*file, doc));
    let mut documents = included.chain([(s.file, &s.doc)]);
    documents.find_map(|(file, doc)| if file == s.at_file.get() { scalar_at(doc, node.span) } else { None })
}

/// Recursive; the parsers bound the depth.
fn scalar_at(node: &Node, span: Span) -> Option<&Node> {
    if node.text().is_some() || !node.span.holds(span) {
        return Some(node).filter(|n| n.text().is_some() && n.span == span);
    }
    let items = node.items().iter().find_map(|item| scalar_at(item, span));
    items.or_else(|| node.entries().iter().find_map(|(_, value)| scalar_at(value, span)))
}

/// The ranges of `${Name}` in text, `&{Name}` of loops among them. A name can hold another one, as in
/// `${User${Item}}`, which is one range; `${!Name}` is text.
fn names(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(rest) = text.get(from..) {
        let opening = rest.find("${").into_iter().chain(rest.find("&{")).min();
        let Some(start) = opening.map(|at| from + at) else { break };
        let mut open = 0usize;
        let close = text.get(start..).unwrap_or("").char_indices().find_map(|(i, c)| {
            match c {
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            }
            (c == '}' && open == 0).then_some(start + i + 1)
        });
        let Some(end) = close else { break };
        if !text.get(start..end).is_some_and(|name| name.starts_with("${!")) {
            found.push(start..end);
        }
        from = end;
    }
    found
}

impl World<'_> {
    /// The map of a scalar of the file that is being evaluated; `text` is what it reads.
    pub(super) fn places_in<'a>(&self, stack: &'a Stack, node: &'a Node, text: &'a str) -> Places<'a> {
        let source = self.files.source(stack.at_file.get());
        let offsets = offsets(stack, &source, node);
        Places { stack, source, node, text, offsets }
    }

    /// The bytes that give a key a value: each name in its text, else the whole of it.
    pub(super) fn giving(&self, s: &Stack, entry: &Entry, node: &Node) -> Vec<Span> {
        let whole = vec![view::span(node)];
        let call = view::call(node);
        let template = match &call {
            Some(call) if call.name == "Fn::Sub" => call.arg.items().first().unwrap_or(&call.arg),
            Some(_) => return whole,
            None => node,
        };
        let Some(text) = template.text() else { return whole };
        let own = if entry.loops.is_empty() { None } else { written(s, template) }.unwrap_or(template);
        let own_text = own.text().unwrap_or(text);
        let filled_in = |name: &str| match self.serverless.get() {
            true => serverless::variable(name).is_some(),
            false => own_text != text && !text.contains(name),
        };
        let counts = |name: &str| (call.is_some() && name.starts_with('$')) || filled_in(name);
        let places = self.places_in(s, own, own_text);
        let given =
            names(own_text).into_iter().filter(|range| own_text.get(range.clone()).is_some_and(counts));
        let found: Option<Vec<Span>> = given.map(|range| places.part(range)).collect();
        found.filter(|all| !all.is_empty()).unwrap_or(whole)
    }
}
