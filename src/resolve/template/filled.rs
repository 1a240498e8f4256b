//! Texts in which variables of the Serverless Framework stand: `deploy-${self:custom.stage}`.
//!
//! What stands on disk for a variable ([`super::variables`]) is filled in, however deep. One that an option or the environment may
//! replace stays, with its value as a default: an input. What is not known stays as it is written.

use std::borrow::Cow;

use super::serverless::is_variable;
use super::variables::{CHAINED, Referent};
use super::{World, scalar, serverless, view};
use crate::parse::tree::{Node, NodeKind};
use crate::span::{FileId, Loc, Span};
use crate::value::Value;
use crate::value::limits::VARIABLES;
use crate::value::marks::Mark;

/// A text with variables filled in.
pub(super) struct Filled {
    /// The text.
    pub(super) text: String,
    /// Another file that says some of it.
    from: Option<FileId>,
}

impl Filled {
    /// Whether another file says some of it.
    pub(super) fn is_of_another_file(&self) -> bool {
        self.from.is_some()
    }
}

impl World<'_> {
    /// A template whose parameters say what the variables of the Serverless Framework stand for.
    pub(super) fn with_variables<'n>(&self, of: FileId, doc: &'n Node) -> Cow<'n, Node> {
        let written = |(name, _): &(Node, Node)| name.text() == Some("Parameters");
        if !self.services.borrow().contains_key(&of) || !doc.entries().iter().any(written) {
            return Cow::Borrowed(doc);
        }
        let parameter = |(name, own): &(Node, Node)| match &own.kind {
            NodeKind::Map(_) if !view::is_file(own) => (name.clone(), self.filled_node(of, own)),
            _ => (name.clone(), own.clone()),
        };
        let section = |entry: &(Node, Node)| {
            let (name, parameters) = entry;
            if !written(entry) || parameters.entries().is_empty() {
                return entry.clone();
            }
            let kind = NodeKind::Map(parameters.entries().iter().map(parameter).collect());
            (name.clone(), self.of_files(&Node { kind, ..parameters.clone() }))
        };
        let kind = NodeKind::Map(doc.entries().iter().map(section).collect());
        Cow::Owned(Node { kind, ..doc.clone() })
    }

    /// A tree with the values of its texts' variables. Recursive; the parsers bound the depth.
    fn filled_node(&self, of: FileId, node: &Node) -> Node {
        if let Some(text) = node.text().filter(|_| is_variable(node))
            && let Referent::Node((_, written)) = self.variable(of, text, (of, node.span))
            && written.text().is_none()
        {
            let written = written.moved(&|_| node.span);
            return Node { kind: written.with_inner(|inner| self.filled_node(of, inner)), ..written };
        }
        let kind = match &node.kind {
            NodeKind::Scalar(text, style) if serverless::variable(text).is_some() => {
                let value = self.filled_text(of, text, Loc::new(of, view::span(node)));
                let plain = value.as_str().filter(|_| self.cx.mark_of(&value).is_none()).map(String::from);
                NodeKind::Scalar(plain.unwrap_or_else(|| self.marker(value, false)), *style)
            }
            _ => node.with_inner(|inner| self.filled_node(of, inner)),
        };
        Node { kind, ..node.clone() }
    }

    /// A text with variables as a value: see [`World::filled`].
    pub(super) fn filled_text(&self, of: FileId, text: &str, at: Loc) -> Value {
        let filled = self.filled(of, text, at);
        self.read_text(&self.told_by(&filled, text, Value::from(filled.text.as_str())))
    }

    /// What is made of a text that was filled in: decoded, where a variable reads another file.
    pub(super) fn told_by(&self, filled: &Filled, written: &str, value: Value) -> Value {
        if filled.is_of_another_file() { self.cx.hidden(&value, Mark::Decoded, written) } else { value }
    }

    /// The text with the variables that stand for text on disk filled in; the others stay.
    pub(super) fn filled(&self, of: FileId, text: &str, at: Loc) -> Filled {
        if !self.services.borrow().contains_key(&of) {
            return Filled { text: text.into(), from: None };
        }
        self.filled_in(of, text, at, CHAINED, &mut VARIABLES.most.clone())
    }

    /// The same for what is read as it is given, with inputs as well: that they could be something else is said.
    pub(super) fn filled_as_given(&self, of: FileId, text: &str, at: Loc) -> String {
        let (filled, mut out) = (self.filled(of, text, at).text, String::new());
        let mut rest = filled.as_str();
        while let Some((start, len)) = serverless::variable(rest) {
            let variable = rest.get(start..start + len).unwrap_or("");
            out.push_str(rest.get(..start).unwrap_or(""));
            rest = rest.get(start + len..).unwrap_or("");
            let default = self.defaults.borrow().get(variable).and_then(|v| Some(v.as_str()?.to_string()));
            if default.is_some() {
                self.taken_as_given(variable, at);
            }
            out.push_str(default.as_deref().unwrap_or(variable));
        }
        out + rest
    }

    fn filled_in(&self, of: FileId, text: &str, at: Loc, depth: usize, left: &mut usize) -> Filled {
        let (mut out, mut rest, mut from) = (String::new(), text, None);
        while let Some((start, len)) = serverless::variable(rest) {
            let variable = rest.get(start..start + len).unwrap_or("");
            out.push_str(rest.get(..start).unwrap_or(""));
            rest = rest.get(start + len..).unwrap_or("");
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.cx.spent(&VARIABLES);
            }
            let (found, by_default) = self.stands_for(of, variable, (of, Span::default()));
            let own = match found {
                Referent::Node((file, node)) if depth > 0 && *left > 0 => {
                    let own = scalar::read(&node).filter(|_| view::call(&node).is_none());
                    if own.is_none() && !by_default {
                        let reason = format!(
                            "the variable `{variable}` stands for a list, a map or null, which the framework puts into \
                             no text"
                        );
                        self.nowhere.borrow_mut().insert(variable.into(), reason);
                    }
                    own.map(|own| (own, (file != of).then_some(file)))
                }
                _ => None,
            };
            let own = own.map(|(own, file)| {
                let own = self.filled_in(of, &own, at, depth - 1, left);
                Filled { from: file.or(own.from), ..own }
            });
            match own {
                Some(own) if !by_default => {
                    out.push_str(&own.text);
                    from = from.or(own.from);
                }
                Some(own) if serverless::variable(&own.text).is_none() => {
                    let file = own.from.map(|file| format!("(from {})", self.files.source(file).path));
                    let value = Value::from(own.text.as_str());
                    let value =
                        file.map_or(value.clone(), |file| self.cx.hidden(&value, Mark::Decoded, &file));
                    let shown = self.cx.stand_in(&value);
                    match serverless::named(variable, shown.as_deref().unwrap_or(&own.text)) {
                        Some(name) => {
                            out.push_str(&name);
                            self.defaults.borrow_mut().insert(name, value);
                        }
                        None => {
                            self.taken_as_given(variable, at);
                            out.push_str(&own.text);
                            from = from.or(own.from);
                        }
                    }
                }
                _ => {
                    let is_read = self.text_of_file(variable).is_some();
                    if !by_default && !is_read && variable.starts_with("${file(") {
                        self.variable_not_known(of, variable, at);
                    }
                    out.push_str(variable);
                }
            }
        }
        Filled { text: out + rest, from }
    }
}
