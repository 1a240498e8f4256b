//! Edits of Terraform's own language.
//!
//! An attribute that is added stands on a line of its own behind the one that it is told to follow, with that line's
//! indentation, and where the lines around it are aligned as `terraform fmt` aligns them they still are afterwards.

use super::{Replaced, line_break, line_of, only_comment, without};
use crate::parse::hcl;
use crate::parse::syntax::{Attribute, Block, Body, Expr, ExprKind, TemplatePart};
use crate::source::Source;
use crate::span::Span;

/// The file, if all of it parses.
fn parsed(source: &Source) -> Option<Body> {
    let (body, errors) = hcl::parse(source);
    errors.is_empty().then_some(body)
}

/// Whether a block of the file has this header.
pub(super) fn is_header(source: &Source, span: Span) -> bool {
    parsed(source).is_some_and(|body| body.blocks.iter().any(|block| block.header == span))
}

/// What gives the block with that header an attribute: the value of one that is a plain literal is replaced; a new one
/// follows the attribute `after`, or begins the block.
pub(super) fn set(
    source: &Source,
    header: Span,
    after: Option<&str>,
    (name, value): (&str, &str),
) -> Option<Vec<Replaced>> {
    let body = parsed(source)?;
    let block = body.blocks.iter().find(|block| block.header == header)?;
    if let Some(there) = block.body.attribute(name) {
        return is_plain(&there.expr).then(|| vec![(there.expr.span, value.to_owned())]);
    }
    let follows = match after {
        Some(after) => Some(block.body.attribute(after)?),
        None => None,
    };
    let text = source.text.as_str();
    let open = header.end as usize + text.get(header.end as usize..)?.find('{')?;
    if !text.get(header.end as usize..open)?.trim().is_empty() {
        return None;
    }
    let inside = text.get(open..block.span.end as usize)?;
    if !inside.contains('\n') {
        return on_lines(text, block, open, (name, value));
    }
    let anchor = follows.map_or(open + 1, |a| a.span.end as usize);
    let (_, line_end) = line_of(text, anchor)?;
    if !only_comment(text.get(anchor..line_end)?) || line_end >= block.span.end as usize {
        return None;
    }
    let indent = match follows.or(block.body.attributes.first()) {
        Some(attribute) => indent_of(text, attribute.span.start as usize)?.to_owned(),
        None => format!("{}  ", indent_of(text, block.span.start as usize)?),
    };
    let lines = Lines::around(text, &block.body, follows, line_end);
    let width = lines.aligned().map(|width| width.max(name.chars().count()));
    let mut out = lines.widened(width);
    let pad = width.map_or(1, |width| width + 1 - name.chars().count());
    let line = format!("{indent}{name}{}= {value}{}", " ".repeat(pad), line_break(text, line_end));
    out.push((Span::new(line_end + 1, line_end + 1), line));
    Some(out)
}

/// Blanks before the first thing on a line; `None` where something else stands there.
fn indent_of(text: &str, at: usize) -> Option<&str> {
    let (start, _) = line_of(text, at)?;
    text.get(start..at).filter(|indent| indent.trim().is_empty())
}

/// A literal that says no more than its value: a word, a bool, null.
fn is_plain(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) => true,
        ExprKind::Template(parts) => {
            matches!(parts.as_slice(), [TemplatePart::Literal(text, _)] if text == "Active")
        }
        _ => false,
    }
}

/// A block on one line, on several.
fn on_lines(text: &str, block: &Block, open: usize, (name, value): (&str, &str)) -> Option<Vec<Replaced>> {
    let [one] = block.body.attributes.as_slice() else { return None };
    let inner = text.get(open + 1..block.span.end as usize)?.strip_suffix('}')?;
    if inner.trim() != text.get(one.span.range())? {
        return None;
    }
    let indent = indent_of(text, block.span.start as usize)?;
    let (_, line_end) = line_of(text, open)?;
    let end = line_break(text, line_end);
    let there = text.get(one.name.span.range())?;
    let width = there.chars().count().max(name.chars().count());
    let line = |name: &str, value: &str| format!("{indent}  {name:<width$} = {value}{end}");
    let inner = line(there, text.get(one.expr.span.range())?) + &line(name, value);
    Some(vec![(Span::new(open, block.span.end as usize), format!("{{{end}{inner}{indent}}}"))])
}

/// Attributes of one line each, on consecutive lines around a place.
struct Lines<'b> {
    /// Each with the blanks between its name and its `=`.
    all: Vec<(&'b Attribute, Span)>,
}

impl<'b> Lines<'b> {
    fn around(text: &str, body: &'b Body, after: Option<&Attribute>, line_end: usize) -> Lines<'b> {
        let mut one_line: Vec<(&Attribute, (usize, usize), Span)> = Vec::new();
        for attribute in &body.attributes {
            let (start, end) = (attribute.span.start as usize, attribute.span.end as usize);
            let (Some(line), Some(last)) = (line_of(text, start), line_of(text, end)) else { continue };
            let between = text.get(attribute.name.span.end as usize..attribute.expr.span.start as usize);
            let blanks = between.and_then(|between| between.find('=').and_then(|n| between.get(..n)));
            let Some(blanks) = blanks.filter(|blanks| blanks.trim().is_empty() && line == last) else {
                continue;
            };
            let name_end = attribute.name.span.end as usize;
            one_line.push((attribute, line, Span::new(name_end, name_end + blanks.len())));
        }
        one_line.sort_by_key(|(_, line, _)| *line);
        // Up from the line before the place, and down from the one after it.
        let mut all = Vec::new();
        let mut top = after.and_then(|a| one_line.iter().position(|(b, ..)| std::ptr::eq(*b, a)));
        while let Some((attribute, line, blanks)) = top.and_then(|at| one_line.get(at)) {
            all.push((*attribute, *blanks));
            top = one_line.iter().position(|(_, above, _)| above.1 + 1 == line.0);
        }
        let mut next = line_end + 1;
        while let Some((attribute, line, blanks)) = one_line.iter().find(|(_, line, _)| line.0 == next) {
            all.push((*attribute, *blanks));
            next = line.1 + 1;
        }
        Lines { all }
    }

    /// The width of the names' column, if every `=` stands right behind it.
    fn aligned(&self) -> Option<usize> {
        let width = |(attribute, _): &(&Attribute, Span)| attribute.name.text.chars().count();
        let widest = self.all.iter().map(width).max().unwrap_or(0);
        self.all.iter().all(|one| width(one) + one.1.len() == widest + 1).then_some(widest)
    }

    /// What makes the column so wide.
    fn widened(&self, width: Option<usize>) -> Vec<Replaced> {
        let Some(width) = width else { return Vec::new() };
        let blanks = |attribute: &Attribute| " ".repeat(width + 1 - attribute.name.text.chars().count());
        let all = self.all.iter().map(|(attribute, there)| (*there, blanks(attribute)));
        all.filter(|(there, blanks)| there.len() != blanks.len()).collect()
    }
}

/// What takes an element out of its list, or an entry with its key out of its object.
pub(super) fn remove(source: &Source, at: Span) -> Option<Vec<Replaced>> {
    let is_it = |_: Span, item: Span, _: &Expr| item == at;
    let (items, place) = in_body(&parsed(source)?, &is_it)?;
    without(&source.text, &items, place, true)
}

/// What takes the word `value` out of the list that stands at a place, or around it.
pub(super) fn remove_value(source: &Source, at: Span, value: &str) -> Option<Vec<Replaced>> {
    let is_it = |list: Span, _: Span, item: &Expr| {
        let word = match &item.kind {
            ExprKind::Template(parts) => {
                matches!(parts.as_slice(), [TemplatePart::Literal(text, _)] if text == value)
            }
            _ => false,
        };
        word && (at.holds(list) || list.holds(at))
    };
    let (items, place) = in_body(&parsed(source)?, &is_it)?;
    without(&source.text, &items, place, true)
}

/// The items of a list, and which of them is meant.
type Place = (Vec<Span>, usize);
/// Whether an item is meant: the place of its list, its own, and what it says.
type IsIt<'i> = dyn Fn(Span, Span, &Expr) -> bool + 'i;

fn in_body(body: &Body, is_it: &IsIt<'_>) -> Option<Place> {
    let attribute = body.attributes.iter().find_map(|a| in_expr(&a.expr, is_it));
    attribute.or_else(|| body.blocks.iter().find_map(|block| in_body(&block.body, is_it)))
}

fn in_expr(expr: &Expr, is_it: &IsIt<'_>) -> Option<Place> {
    let inner = |all: &[&Expr]| all.iter().find_map(|e| in_expr(e, is_it));
    let found = |items: Vec<(Span, &Expr)>| {
        let place = items.iter().position(|(span, item)| is_it(expr.span, *span, item))?;
        Some((items.into_iter().map(|(span, _)| span).collect(), place))
    };
    match &expr.kind {
        ExprKind::Tuple(items) => {
            let all = items.iter().map(|e| (e.span, e)).collect();
            found(all).or_else(|| inner(&items.iter().collect::<Vec<_>>()))
        }
        ExprKind::Object(entries) => {
            let all = entries.iter().map(|(key, value)| (key.span().to(value.span), value)).collect();
            found(all).or_else(|| inner(&entries.iter().map(|(_, value)| value).collect::<Vec<_>>()))
        }
        ExprKind::Call { args, .. } => inner(&args.iter().collect::<Vec<_>>()),
        ExprKind::Paren(e) | ExprKind::Unary(_, e) | ExprKind::GetAttr(e, _) => inner(&[&**e]),
        ExprKind::AttrSplat(e, _) | ExprKind::FullSplat(e, _) => inner(&[&**e]),
        ExprKind::Binary(_, a, b) | ExprKind::Index(a, b) => inner(&[&**a, &**b]),
        ExprKind::Cond(c, a, b) => inner(&[&**c, &**a, &**b]),
        ExprKind::ForTuple(f) | ExprKind::ForObject(f) => inner(&[&f.collection, &f.result]),
        _ => None,
    }
}
