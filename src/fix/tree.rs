//! Edits of YAML and JSON.
//!
//! A mapping that is an alias, or that stands where its parent does not, is shared with others and not edited.

use super::{Replaced, Spelled, line_break, line_of, only_comment, without};
use crate::parse::tree::{Node, NodeKind, Style};
use crate::parse::{json, yaml};
use crate::source::Source;
use crate::span::Span;

/// A file's documents, and whether they are JSON.
fn parsed(source: &Source) -> Option<(Vec<Node>, bool)> {
    if let Ok(node) = json::parse(source) {
        return Some((vec![node], true));
    }
    let (documents, errors) = yaml::parse(source);
    errors.is_empty().then(|| (documents.into_iter().map(|document| document.root).collect(), false))
}

/// The first answer of `look` for a node and what stands in it; what an alias stands for is not looked at twice.
fn find<T>(node: &Node, look: &dyn Fn(&Node) -> Option<T>) -> Option<T> {
    let parts = || {
        let entries = node.entries().iter().flat_map(|(key, value)| [key, value]);
        entries.chain(node.items()).filter(|part| node.span.holds(part.span))
    };
    look(node).or_else(|| parts().find_map(|part| find(part, look)))
}

/// What gives the mapping under the key at `header`, or a mapping in it, an entry behind another one.
pub(super) fn set(
    source: &Source,
    header: Span,
    section: Option<&str>,
    (after, name): (&str, &str),
    value: &Spelled<'_>,
) -> Option<Vec<Replaced>> {
    let (documents, is_json) = parsed(source)?;
    let at_header = |node: &Node| {
        let (_, value) = node.entries().iter().find(|(key, _)| key.span == header)?;
        node.span.holds(value.span).then(|| value.clone())
    };
    let mut mapping = documents.iter().find_map(|document| find(document, &at_header))?;
    if let Some(section) = section {
        let inner = mapping.get(section)?.clone();
        if !mapping.span.holds(inner.span) {
            return None;
        }
        mapping = inner;
    }
    let text = source.text.as_str();
    if mapping.entries().iter().filter(|(key, _)| key.text() == Some(name)).count() > 1 {
        return None;
    }
    if let Some((_, there)) = mapping.entry(name) {
        let NodeKind::Scalar(is, style) = &there.kind else { return None };
        let own = mapping.span.holds(there.span) && there.tag.is_none() && is == "Active";
        let quoted = match style {
            Style::Plain => value.yaml.to_owned(),
            Style::DoubleQuoted if is_json => value.json.to_owned(),
            Style::DoubleQuoted if value.yaml == "Inactive" => format!("\"{}\"", value.yaml),
            Style::SingleQuoted if value.yaml == "Inactive" => format!("'{}'", value.yaml),
            Style::DoubleQuoted | Style::SingleQuoted => value.yaml.to_owned(),
            _ => return None,
        };
        return own.then(|| vec![(there.span, quoted)]);
    }
    let (key, follows) = mapping.entry(after)?;
    if !mapping.span.holds(key.span) || !mapping.span.holds(follows.span) || follows.span.is_empty() {
        return None;
    }
    let (start, _) = line_of(text, key.span.start as usize)?;
    let indent = text.get(start..key.span.start as usize)?;
    let own_line = indent.trim().is_empty();
    let end = follows.span.end as usize;
    if text.get(mapping.span.range())?.starts_with('{') {
        let as_json = is_json || text.get(key.span.range())?.starts_with('"');
        let entry = match as_json {
            true => format!("\"{name}\": {}", value.json),
            false => format!("{name}: {}", value.yaml),
        };
        if own_line && let Some(behind) = behind_comment(text, end, &format!("{indent}{entry}")) {
            return Some(behind);
        }
        let (_, line_end) = line_of(text, key.span.start as usize)?;
        let gap = if own_line { format!("{}{indent}", line_break(text, line_end)) } else { " ".into() };
        return Some(vec![(Span::new(end, end), format!(",{gap}{entry}"))]);
    }
    if !own_line {
        return None;
    }
    let (_, line_end) = line_of(text, end)?;
    let at_line = text.get(..end)?.ends_with('\n');
    let (at, lead) = match () {
        () if at_line => (end, String::new()),
        () if !only_comment(text.get(end..line_end)?) => return None,
        () if line_end == text.len() => (line_end, "\n".to_owned()),
        () => (line_end + 1, String::new()),
    };
    let tail = if lead.is_empty() { line_break(text, line_end) } else { "" };
    Some(vec![(Span::new(at, at), format!("{lead}{indent}{name}: {}{tail}", value.yaml))])
}

/// What puts an entry of a flow mapping on the next line where a comment ends this one, so that the comment stays with what it
/// is about; `None` without one.
fn behind_comment(text: &str, end: usize, entry: &str) -> Option<Vec<Replaced>> {
    let (_, line_end) = line_of(text, end)?;
    let rest = text.get(end..line_end)?.trim_start();
    let (comma, comment) = rest.strip_prefix(',').map_or(("", rest), |comment| (",", comment));
    if !comment.trim_start().starts_with('#') || line_end == text.len() {
        return None;
    }
    let mut out = vec![(
        Span::new(line_end + 1, line_end + 1),
        format!("{entry}{comma}{}", line_break(text, line_end)),
    )];
    if comma.is_empty() {
        out.push((Span::new(end, end), ",".to_owned()));
    }
    Some(out)
}

/// What takes an item out of its sequence.
pub(super) fn remove(source: &Source, at: Span) -> Option<Vec<Replaced>> {
    remove_where(source, &|_, item| item.span == at)
}

/// What takes the word `value` out of the sequence that stands at a place, or around it.
pub(super) fn remove_value(source: &Source, at: Span, value: &str) -> Option<Vec<Replaced>> {
    let near = |list: Span| at.holds(list) || list.holds(at);
    remove_where(source, &|list, item| item.text() == Some(value) && near(list))
}

fn remove_where(source: &Source, is_it: &dyn Fn(Span, &Node) -> bool) -> Option<Vec<Replaced>> {
    let (documents, is_json) = parsed(source)?;
    let text = source.text.as_str();
    let holder = |node: &Node| {
        let items: Vec<Span> = node.items().iter().map(|item| item.span).collect();
        let place = node.items().iter().position(|item| is_it(node.span, item))?;
        let tagged = node.items().iter().any(|item| item.tag.is_some());
        Some((node.span, items, place, tagged))
    };
    let (span, items, place, tagged) = documents.iter().find_map(|document| find(document, &holder))?;
    if items.len() < 2 || tagged {
        return None;
    }
    if text.get(span.range())?.starts_with('[') {
        return without(text, &items, place, !is_json);
    }
    let item = items.get(place)?;
    let (start, end) = (item.start as usize, item.end as usize);
    let (line_start, _) = line_of(text, start)?;
    let (_, line_end) = line_of(text, end)?;
    let own_line = text.get(line_start..start)?.trim() == "-" && only_comment(text.get(end..line_end)?);
    // The last line of a file may have no line break: then the one before it goes.
    let whole = match line_end == text.len() {
        true => Span::new(line_start.saturating_sub(1), line_end),
        false => Span::new(line_start, line_end + 1),
    };
    own_line.then(|| vec![(whole, String::new())])
}
