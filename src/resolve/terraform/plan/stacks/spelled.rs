//! A value as it stands in the text of a template.
//!
//! What only the deployment knows is a marker ([`Embedded::marker`](crate::resolve::embedded::Embedded::marker)), unless it
//! decides the template's shape: a choice between texts of more than a word is a template for each, and what
//! `jsonencode` will write of partly known values is written here, with a marker for each that is not known.

use crate::parse::tree::{Node, NodeKind, Style};
use crate::parse::{json, yaml};
use crate::resolve::embedded::{Text, is_marker};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::functions::args::{Also, Blanks, Together};
use crate::resolve::terraform::functions::{find, quote};
use crate::span::{FileId, Span};
use crate::value::func::Form;
use crate::value::limits::ALTERNATIVES;
use crate::value::marks::Mark;
use crate::value::symbol::Piece;
use crate::value::{Coll, Guard, SymId, SymNode, Ty, Value};

/// The alternatives of something, each with when it is that one.
pub type Ways<T> = Vec<(Guard, T)>;

/// How far a text is indented at most.
const MOST_INDENTED: i64 = 1_000;

impl Terraform<'_> {
    /// The texts that a value may be where it stands in text.
    pub(super) fn spelled(&self, value: &Value) -> Ways<String> {
        let text = self.cx.to_text(value);
        let spelled = match &text {
            // A word that is secret, or that a file says, stays a value, which knows that it is.
            Value::String(_) if self.cx.mark_of(&text).is_some() && self.is_word(&text) => None,
            Value::String(text) => Some(vec![(Guard::TRUE, text.to_string())]),
            Value::Choice(all) if all.iter().all(|(_, v)| self.is_word(v)) => None,
            Value::Choice(all) => {
                let each = all.iter().flat_map(|(guard, v)| {
                    self.spelled(v).into_iter().map(|(holds, text)| (self.cx.and(*guard, holds), text))
                });
                let each: Ways<String> = each.filter(|(guard, _)| !guard.is_false()).collect();
                (each.len() <= ALTERNATIVES.most).then_some(each)
            }
            Value::Sym(sym) => self.spelled_symbol(*sym),
            _ => None,
        };
        spelled.unwrap_or_else(|| vec![(Guard::TRUE, self.marker(text))])
    }

    /// The texts that a symbol may be; `None` where nothing is known of them.
    fn spelled_symbol(&self, sym: SymId) -> Option<Ways<String>> {
        if let Some(value) = self.encoded(sym) {
            let documents = self.documents(&value, FileId(0), Span::default())?;
            return Some(
                documents.into_iter().map(|(guard, document)| (guard, as_json(&document))).collect(),
            );
        }
        match self.cx.node(sym)? {
            SymNode::Concat(pieces) => {
                let mut texts = vec![(Guard::TRUE, String::new())];
                for piece in &pieces {
                    let spelled = match piece {
                        Piece::Text(text) => self.spelled(&Value::String(text.clone())),
                        Piece::Sym(inner) => self
                            .spelled_symbol(*inner)
                            .unwrap_or_else(|| vec![(Guard::TRUE, self.marker(Value::Sym(*inner)))]),
                    };
                    texts = self.joined(texts, spelled, |text, piece: &String| text.push_str(piece))?;
                }
                Some(texts)
            }
            SymNode::Call(func, args) => {
                let changed = |of: &Value, change: &dyn Fn(String) -> String| {
                    self.spelled(of).into_iter().map(|(guard, text)| (guard, change(text))).collect()
                };
                match (find(func.name)?.also, &*args) {
                    (Also::Lays(Blanks::Around), [of]) => Some(changed(of, &|text| text.trim().to_string())),
                    (Also::Lays(Blanks::LineEnds), [of]) => {
                        Some(changed(of, &|text| text.trim_end_matches(['\n', '\r']).to_string()))
                    }
                    (Also::Lays(Blanks::Indents), [by, of]) => {
                        let by = by.as_number()?.to_i64().filter(|by| (0..=MOST_INDENTED).contains(by))?;
                        let next_line = format!("\n{}", " ".repeat(usize::try_from(by).ok()?));
                        Some(changed(of, &|text| text.replace('\n', &next_line)))
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// What `jsonencode` or `yamlencode` is given, where a symbol is what that writes. JSON is YAML too.
    pub(super) fn encoded(&self, sym: SymId) -> Option<Value> {
        match self.cx.node(sym)? {
            SymNode::Call(func, args) if matches!(func.makes, Some(Form::Json | Form::Yaml)) => {
                args.first().cloned()
            }
            _ => None,
        }
    }

    /// The documents that a value may be written as. Its elements stand where they are written, where that is in this
    /// file. A collection that only the deployment knows is a marker. `None` past what is followed.
    pub(super) fn documents(&self, value: &Value, file: FileId, at: Span) -> Option<Ways<Node>> {
        let one = |document| Some(vec![(Guard::TRUE, document)]);
        if let Value::Sym(sym) = value
            && let Some(documents) = self.read_back(*sym, file, at)
        {
            return Some(documents);
        }
        match value {
            Value::Null => one(node(NodeKind::Scalar("null".into(), Style::JsonBare), at)),
            Value::Coll(coll) if coll.parts.iter().any(|part| !part.generators.is_empty()) => {
                one(scalar(&self.marker(value.clone()), at))
            }
            Value::Coll(coll) => self.collection(coll, file, at),
            Value::Choice(all) if all.iter().any(|(_, v)| self.has_elements(v)) => {
                let mut out = Vec::new();
                for (guard, value) in not_refused(all.to_vec()) {
                    let documents = self.documents(&value, file, at)?.into_iter();
                    out.extend(documents.map(|(holds, document)| (self.cx.and(guard, holds), document)));
                }
                out.retain(|(guard, _)| !guard.is_false());
                (out.len() <= ALTERNATIVES.most).then_some(out)
            }
            other if self.has_elements(other) => one(scalar(&self.marker(other.clone()), at)),
            other => one(scalar(&self.in_document(other), at)),
        }
    }

    /// The documents that a call decodes from a partly known text, or what is below one.
    fn read_back(&self, sym: SymId, file: FileId, at: Span) -> Option<Ways<Node>> {
        match self.cx.node(sym)? {
            SymNode::Path(base, name, _) => {
                let whole = self.read_back(base, file, at)?.into_iter();
                whole.map(|(guard, document)| Some((guard, document.get(&name)?.clone()))).collect()
            }
            SymNode::Call(func, args) => match (func.undoes, find(func.name)?.together, &*args) {
                (Some(form @ (Form::Json | Form::Yaml)), _, [of]) => {
                    let texts = self.spelled(of).into_iter().filter(|(_, text)| !is_marker(text));
                    texts.map(|(guard, text)| Some((guard, parsed(form, &text, file, at)?))).collect()
                }
                (_, Some(Together::Merged), maps) => {
                    let mut merged = vec![(Guard::TRUE, Vec::new())];
                    for map in maps {
                        merged = self.joined(merged, self.documents(map, file, at)?, |all, more| {
                            all.retain(|(name, _): &(Node, Node)| {
                                more.get(name.text().unwrap_or("")).is_none()
                            });
                            // What is not known adds entries that are not known.
                            let open =
                                more.text().is_some_and(is_marker).then(|| (more.clone(), more.clone()));
                            all.extend(more.entries().iter().cloned().chain(open));
                        })?;
                    }
                    let made = |(guard, all): (Guard, Vec<_>)| (guard, node(NodeKind::Map(all.into()), at));
                    Some(merged.into_iter().map(made).collect())
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn collection(&self, coll: &Coll, file: FileId, at: Span) -> Option<Ways<Node>> {
        let mut lists: Ways<Vec<(Node, Node)>> = vec![(Guard::TRUE, Vec::new())];
        for part in &coll.parts {
            let own = part.at.0.filter(|at| at.file == file).map_or(at, |at| at.span);
            let key =
                scalar(&if coll.kind.keyed() { self.in_document(&part.key) } else { String::new() }, own);
            let mut elements: Ways<Option<(Node, Node)>> = Vec::new();
            for (holds, document) in self.documents(&part.value, file, own)? {
                elements.push((self.cx.and(part.guard, holds), Some((key.clone(), document))));
            }
            elements.push((self.cx.not(part.guard), None));
            lists = self.joined(lists, elements, |list, element| list.extend(element.clone()))?;
        }
        let made = |list: Vec<(Node, Node)>| match coll.kind.keyed() {
            true => NodeKind::Map(list.into()),
            false => NodeKind::Seq(list.into_iter().map(|(_, element)| element).collect()),
        };
        Some(lists.into_iter().map(|(guard, list)| (guard, node(made(list), at))).collect())
    }

    /// Whether a value is a collection, or will be.
    fn has_elements(&self, value: &Value) -> bool {
        match value {
            Value::Coll(_) => true,
            Value::Sym(sym) => match self.cx.type_of(*sym) {
                Ty::Dynamic => self.read_back(*sym, FileId(0), Span::default()).is_some(),
                ty => !ty.is_scalar(),
            },
            _ => false,
        }
    }

    /// A scalar as it stands in a document.
    pub(super) fn in_document(&self, value: &Value) -> String {
        let text = self.cx.to_text(value);
        match &text {
            Value::String(own) if self.cx.mark_of(&text).is_none() => own.to_string(),
            _ => self.marker(text),
        }
    }

    /// Each of some with each of others; `None` where those are more than are followed.
    pub(super) fn joined<T: Clone, U>(
        &self,
        some: Ways<T>,
        others: Ways<U>,
        join: impl Fn(&mut T, &U),
    ) -> Option<Ways<T>> {
        let others: Ways<U> = others.into_iter().filter(|(guard, _)| !guard.is_false()).collect();
        let mut out = Vec::new();
        for (first, one) in some {
            for (second, other) in &others {
                let guard = self.cx.and(first, *second);
                if guard.is_false() {
                    continue;
                }
                if out.len() >= ALTERNATIVES.most {
                    return None;
                }
                let mut joined = one.clone();
                join(&mut joined, other);
                out.push((guard, joined));
            }
        }
        Some(out)
    }

    /// Whether a value is one word of a template, so that the template's shape does not depend on which.
    fn is_word(&self, value: &Value) -> bool {
        let word = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "_+=,.@/-".contains(c));
        match value {
            Value::String(text) => word(text),
            Value::Sym(sym) => match self.cx.node(*sym) {
                Some(SymNode::Concat(pieces)) => pieces.iter().all(|piece| match piece {
                    Piece::Text(text) => word(text),
                    Piece::Sym(inner) => self.spelled_symbol(*inner).is_none(),
                }),
                _ => self.spelled_symbol(*sym).is_none(),
            },
            _ => true,
        }
    }

    /// Whether a text is sensitive, or what a file says. A template that is rendered is the one that is judged.
    fn is_secret(&self, text: &Value) -> bool {
        matches!(self.cx.mark_of(text), Some(Mark::Sensitive | Mark::Read | Mark::Decoded))
    }

    /// Whether what is spelled of a value may have a secret in it that no marker stands for.
    pub(super) fn shows_a_secret(&self, value: &Value) -> bool {
        match value {
            Value::String(_) => self.is_secret(value) && !self.is_word(value),
            Value::Choice(all) => all.iter().any(|(_, v)| self.shows_a_secret(v)),
            Value::Sym(sym) => match self.cx.node(*sym) {
                Some(SymNode::Concat(pieces)) => pieces.iter().any(|p| self.shows_a_secret(&p.into())),
                Some(SymNode::Call(_, args)) => {
                    self.encoded(*sym).is_none() && args.iter().any(|arg| self.shows_a_secret(arg))
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn marker(&self, value: Value) -> String {
        self.embedded.borrow_mut().marker(value)
    }
}

/// The alternatives that are not refused: one alone is what is deployed, if anything is.
pub fn not_refused(mut alternatives: Ways<Value>) -> Ways<Value> {
    alternatives.retain(|(_, value)| !matches!(value, Value::Refused(_)));
    if let [(guard, _)] = alternatives.as_mut_slice() {
        *guard = Guard::TRUE;
    }
    alternatives
}

/// The one document of a text, all of it standing at one place.
fn parsed(form: Form, spelled: &str, file: FileId, at: Span) -> Option<Node> {
    let document = match form {
        Form::Json => json::parse_text(spelled, 0).ok()?,
        _ => match yaml::parse_text(spelled, 0) {
            (documents, errors) if errors.is_empty() => match <[_; 1]>::try_from(documents) {
                Ok([one]) => one.root,
                Err(_) => return None,
            },
            _ => return None,
        },
    };
    let mut text = Text::new(file);
    text.computed("", spelled, at);
    Some(text.placed(&document))
}

pub fn node(kind: NodeKind, span: Span) -> Node {
    Node { kind, span, tag: None }
}

pub fn scalar(text: &str, span: Span) -> Node {
    node(NodeKind::Scalar(text.into(), Style::DoubleQuoted), span)
}

/// A document as JSON.
fn as_json(document: &Node) -> String {
    let mut out = String::new();
    write_json(document, &mut out);
    out
}

/// Recursive; a value is no deeper than the expression that made it.
fn write_json(node: &Node, out: &mut String) {
    match &node.kind {
        NodeKind::Scalar(text, Style::JsonBare) => out.push_str(text),
        NodeKind::Scalar(text, _) => quote(text, out),
        NodeKind::Seq(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_json(item, out);
            }
            out.push(']');
        }
        NodeKind::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_json(key, out);
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
    }
}
