//! Text and what stands in it: `${Name}` of `Fn::Sub`, dynamic references, look-ups that were not made, loop markers.
//!
//! Source: CloudFormation's user guide, "Fn::Sub", "Dynamic references"; the CDK's dummy values for missing context.

use super::{Stack, World, serverless, view};
use crate::parse::tree::Node;
pub(super) use crate::resolve::embedded::{CLOSE, OPEN, is_marker};
use crate::value::marks::Mark;
use crate::value::{Cx, Func, Guard, Leaf, LeafKind, Ty, Value};

/// A piece of `Fn::Sub`'s text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum SubPart<'t> {
    /// Literal text.
    Text(&'t str),
    /// `${!Name}`: the text `${Name}`.
    Literal(&'t str),
    /// `${Name}`.
    Name(&'t str),
}

/// Cuts `Fn::Sub`'s text into its pieces, each with where it starts. An opening that is not closed is text.
pub(super) fn sub_parts(text: &str) -> Vec<(usize, SubPart<'_>)> {
    let (mut parts, mut rest, mut closes) = (Vec::new(), text, true);
    let at = |rest: &str| text.len() - rest.len();
    while let Some((before, after)) = rest.split_once("${") {
        // A variable of the Serverless Framework may have others in it; behind one that does not close there is none.
        let opening = text.get(at(after) - "${".len()..).unwrap_or("");
        let end = Some(opening).filter(|_| closes).and_then(serverless::variable_at_start);
        closes &= end.is_some() || !serverless::begins_variable(opening);
        let cut = end.and_then(|end| Some((after.get(..end - "${}".len())?, after.get(end - "${".len()..)?)));
        let Some((name, tail)) = cut.or_else(|| after.split_once('}')) else { break };
        if !before.is_empty() {
            parts.push((at(rest), SubPart::Text(before)));
        }
        let part = match name.strip_prefix('!') {
            Some(literal) => SubPart::Literal(literal),
            None => SubPart::Name(name),
        };
        parts.push((at(after) - "${".len(), part));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push((at(rest), SubPart::Text(rest)));
    }
    parts
}

/// A dynamic reference that is put together from parts of which some are not known: its text.
static REFERENCE: Func = Func::shape("(dynamic reference)", Ty::String, |cx, _, args| match args {
    [text @ Value::String(_)] => reference(cx, text),
    _ => cx.opaque(&REFERENCE, args),
});

/// What a dynamic reference stands for: a symbol by its text, which is not shown where a secret is in it.
fn reference(cx: &Cx, text: &Value) -> Value {
    let name = match cx.stand_in(text) {
        Some(shown) => format!("{{{{resolve:{shown}}}}}"),
        None => text.as_str().unwrap_or("").to_string(),
    };
    cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Deployment))
}

/// Where the reference ends that begins in a piece of text, behind other pieces: the number of the piece, and the place
/// in it.
fn end_of_reference(pieces: &[Value]) -> Option<(usize, usize)> {
    pieces.iter().enumerate().find_map(|(i, piece)| Some((i, piece.as_str()?.find("}}")? + "}}".len())))
}

impl World<'_> {
    /// The value of text as it stands in a template.
    pub(super) fn text(&self, text: &str) -> Value {
        self.read_text(&Value::from(text))
    }

    /// The same of text that may be marked.
    pub(super) fn read_text(&self, whole: &Value) -> Value {
        let text = whole.as_str().unwrap_or("");
        let part = |text: &str| self.cx.marked_as(whole, Value::from(text));
        let variable = self.serverless.get() && serverless::variable(text).is_some();
        let special = variable || text.contains("{{resolve:") || text.contains(OPEN);
        if !special && self.dummies.iter().all(|d| !text.contains(d.as_str())) {
            return whole.clone();
        }
        let mut pieces: Vec<Value> = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            match self.next_special(rest) {
                Some((at, len, value)) => {
                    pieces.push(part(rest.get(..at).unwrap_or("")));
                    let own = rest.get(at..at + len).unwrap_or("");
                    pieces.push(value.unwrap_or_else(|| reference(&self.cx, &part(own))));
                    rest = rest.get(at + len..).unwrap_or("");
                }
                None => {
                    pieces.push(part(rest));
                    break;
                }
            }
        }
        self.cx.concat(&pieces)
    }

    /// The first thing in text that is no text: where it starts, how long it is, and its value; none of a dynamic
    /// reference.
    fn next_special(&self, text: &str) -> Option<(usize, usize, Option<Value>)> {
        let deployment = |name: &str| self.cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Deployment));
        let reference = text.find("{{resolve:").and_then(|at| {
            let len = text.get(at..)?.find("}}")? + 2;
            Some((at, len, None))
        });
        let marker = text.find(OPEN).and_then(|at| {
            let len = text.get(at..)?.find(CLOSE)? + CLOSE.len_utf8();
            let number: usize = text.get(at + OPEN.len_utf8()..at + len - CLOSE.len_utf8())?.parse().ok()?;
            let value = self.elements.borrow().get(number)?.0.clone();
            // A known text may hold a dynamic reference.
            let is_text = value.as_str().is_some_and(|text| !text.contains(OPEN));
            Some((at, len, Some(if is_text { self.read_text(&value) } else { value })))
        });
        let dummies = self.dummies.iter().filter_map(|d| Some((text.find(d.as_str())?, d)));
        let dummy = dummies.min_by_key(|(at, d)| (*at, usize::MAX - d.len()));
        let dummy = dummy.map(|(at, d)| (at, d.len(), Some(deployment(d))));
        let variable = serverless::variable(text).filter(|_| self.serverless.get());
        let variable = variable
            .and_then(|(at, len)| Some((at, len, Some(self.variable_value(text.get(at..at + len)?)))));
        [reference, marker, dummy, variable].into_iter().flatten().min_by_key(|(at, ..)| *at)
    }

    /// Reads what stands in text that was put together: dynamic references that only came together there, loop
    /// elements beside other symbols.
    pub(super) fn reread(&self, value: &Value) -> Value {
        self.cx.map(value, |v| match v {
            Value::String(_) => self.read_text(v),
            Value::Sym(sym) => match self.cx.pieces_of(*sym) {
                Some(pieces) => {
                    let pieces = self.references(pieces.iter().map(Value::from).collect());
                    let read = |piece: &Value| match piece {
                        Value::String(_) => self.read_text(piece),
                        other => other.clone(),
                    };
                    self.cx.concat(&pieces.iter().map(read).collect::<Vec<_>>())
                }
                _ => v.clone(),
            },
            other => other.clone(),
        })
    }

    /// Pieces of text with each dynamic reference over several of them as one.
    fn references(&self, pieces: Vec<Value>) -> Vec<Value> {
        let (mut out, mut rest): (Vec<Value>, Vec<Value>) = (Vec::new(), pieces);
        while !rest.is_empty() {
            let first = rest.remove(0);
            let open = first.as_str().and_then(|text| text.rfind("{{resolve:").map(|at| text.split_at(at)));
            match open.filter(|(_, open)| !open.contains("}}")).zip(end_of_reference(&rest)) {
                None => out.push(first),
                Some(((before, open), (last, end))) => {
                    let cut = |whole: &Value, text: &str| self.cx.marked_as(whole, Value::from(text));
                    let (before, open) = (cut(&first, before), cut(&first, open));
                    let closing = rest.get(last).cloned().unwrap_or(Value::Null);
                    let (inside, behind) = closing.as_str().unwrap_or("").split_at(end);
                    let (inside, behind) = (cut(&closing, inside), cut(&closing, behind));
                    let own: Vec<Value> =
                        [open].into_iter().chain(rest.drain(..last)).chain([inside]).collect();
                    if let Some(slot) = rest.first_mut() {
                        *slot = behind;
                    }
                    out.push(before);
                    out.push(self.cx.call(&REFERENCE, &[self.cx.concat(&own)]));
                }
            }
        }
        out
    }

    /// Text for people: loop elements that are not known become `[*]`.
    pub(super) fn shown(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(OPEN) {
            out.push_str(before);
            let Some((number, tail)) = after.split_once(CLOSE) else { break };
            let element = number.parse::<usize>().ok().and_then(|n| self.elements.borrow().get(n).cloned());
            match element {
                Some((value @ Value::Sym(_), false)) => {
                    out.push_str(&format!("[{}]", self.cx.show(&value)));
                }
                // A text of a file, which is known and not shown.
                Some((value @ Value::String(_), false))
                    if self.cx.mark_of(&value) < Some(Mark::Sensitive) =>
                {
                    out.push_str(&format!("[{}]", self.cx.stand_in(&value).as_deref().unwrap_or("*")));
                }
                _ => out.push_str("[*]"),
            }
            rest = tail;
        }
        out + rest
    }

    /// `Fn::Sub`: a string, or a string with a map of names of its own.
    pub(super) fn sub(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let (template, names) = match arg.items() {
            [template, names] => (template, Some(names)),
            _ => (arg, None),
        };
        if names.is_some_and(|names| view::call(names).is_none() && names.entries().is_empty()) {
            return Value::refused("the map that Fn::Sub takes is empty", Some(s.loc(node)));
        }
        let Some(text) = super::scalar::read(template) else {
            return Value::refused("Fn::Sub takes a string, or a string and a map", Some(s.loc(node)));
        };
        let mut pieces = Vec::new();
        let mut places = None;
        for (start, part) in sub_parts(&text) {
            let piece = match part {
                SubPart::Text(text) => Value::from(text),
                SubPart::Literal(name) => Value::from(format!("${{{name}}}")),
                SubPart::Name(name) => match names.and_then(|n| n.get(name)) {
                    Some(own) => self.eval(s, own),
                    None => {
                        let places = places.get_or_insert_with(|| self.places_in(s, template, &text));
                        let at = view::literal(String::new(), places.of(start..start + name.len() + 3));
                        self.located(self.sub_name(s, name, &at), s, &at)
                    }
                },
            };
            if let (SubPart::Name(name), true) = (&part, self.is_a_list(&piece)) {
                return Value::refused(format!("`${{{name}}}` is a list, not text"), Some(s.loc(node)));
            }
            pieces.push(piece);
        }
        self.reread(&self.cx.concat(&pieces))
    }

    fn sub_name(&self, s: &Stack, name: &str, at: &Node) -> Value {
        // `${self:custom.x}` and its like are replaced before CloudFormation sees the template.
        let variable = format!("${{{name}}}");
        if serverless::variable_at_start(&variable).is_some() {
            let filled = self.filled(s.file, &variable, s.loc(at));
            if filled.text == variable {
                return self.variable_value(&variable);
            }
            // What is filled in is text that Fn::Sub reads, but for variables in it that stayed.
            let value = match serverless::variable(&filled.text) {
                None => self.sub(s, at, &view::literal(filled.text.clone(), at.span)),
                Some(_) => self.text(&filled.text),
            };
            // A reason may quote it.
            let quiet = |(guard, value): (Guard, Value)| match value {
                Value::Refused(refusal) if filled.is_of_another_file() => {
                    let reason = format!("what `{variable}` stands for is refused");
                    (guard, Value::refused(reason, refusal.at))
                }
                other => (guard, other),
            };
            let value = self.cx.choice(self.cx.alternatives(&value).into_iter().map(quiet).collect());
            return self.told_by(&filled, &variable, value);
        }
        let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | OPEN | CLOSE);
        if name.is_empty() || !name.chars().all(legal) {
            let reason = format!("`${{{name}}}` is no name that Fn::Sub can read");
            return Value::refused(reason, Some(s.loc(at)));
        }
        match name.split_once('.') {
            Some((id, attribute)) => self.resource(s, id, Some(attribute.into()), at),
            None => self.reference(s, name, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_text_is_cut_at_names() {
        use SubPart::{Literal, Name, Text};
        for (text, parts) in [
            ("a-${B}-c", vec![(0, Text("a-")), (2, Name("B")), (6, Text("-c"))]),
            ("${A}${B.C}", vec![(0, Name("A")), (4, Name("B.C"))]),
            ("${!A}", vec![(0, Literal("A"))]),
            ("é${A", vec![(0, Text("é${A"))]),
            ("$A {B}", vec![(0, Text("$A {B}"))]),
            ("", vec![]),
        ] {
            assert_eq!(sub_parts(text), parts, "{text}");
        }
    }
}
