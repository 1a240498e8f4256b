//! The places of what a text that a function read holds.
//!
//! Answers: on which line of the file does this element stand? A file's own text is decoded once more with its places. Of a
//! template's text each stretch is followed back to the line of the template that wrote it, through `%{ for }` and `%{ if }`,
//! or to the element of the collection that a loop repeated that line for.
//!
//! ```text
//! keys:
//! %{ for k in keys ~}
//! - ci-${k}              the elements of `keys`, where they are written
//! %{ endfor ~}
//! - ci-spare             this line
//! ```

use std::sync::Arc;

use super::Terraform;
use super::refused::WhenMet;
use super::scope::Scope;
use crate::parse::offsets::Offsets;
use crate::parse::syntax::{Expr, ExprKind, TemplatePart};
use crate::parse::{json, tree, yaml};
use crate::problem::Assumption;
use crate::resolve::embedded;
use crate::resolve::terraform::types::elements::cut_again;
use crate::resolve::terraform::types::to_string;
use crate::span::{FileId, Loc, Span};
use crate::value::func::Form;
use crate::value::{At, CollKind, Guard, Num, Part, SymNode, Ty, Value};

/// A longer text that a template makes is not followed back to its lines.
const MAPPED: usize = 100_000;

/// A text that stands in a file, or is made of one.
#[derive(Clone, Debug)]
pub struct Text {
    /// Kept, so that its address stays its own.
    text: Arc<str>,
    /// The file.
    file: FileId,
    /// What wrote it, where that is not the file's text byte by byte; empty where that is not known.
    stretches: Option<Vec<Stretch>>,
}

/// A piece of the text that a template makes.
#[derive(Clone, Debug)]
pub struct Stretch {
    text: String,
    /// What of the template wrote it.
    by: Span,
    /// Where its letters stand, if it is that, letter by letter or with escapes.
    literal: Option<Offsets>,
    /// The element that the innermost loop repeated that for.
    of: Option<Loc>,
}

/// A place of an element, and the element of a loop that it is due to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The place.
    pub at: Loc,
    /// The element.
    pub of: Option<Loc>,
}

impl Text {
    /// The whole of a file.
    pub fn of_file(tf: &Terraform, file: FileId) -> Text {
        Text { text: tf.files.source(file).text.as_str().into(), file, stretches: None }
    }

    /// A string or heredoc with what it puts in; `None` where inputs decide what that is.
    pub fn of_template(tf: &Terraform, scope: &Scope, expr: &Expr, parts: &[TemplatePart]) -> Option<Text> {
        let source = tf.files.source(scope.file);
        let quoted = source.text.get(expr.span.range()).is_some_and(|t| t.starts_with('"'));
        let mut stretches = Vec::new();
        tf.stretches(scope, (&source.text, quoted), (parts, parts), None, &mut stretches)?;
        let text: String = stretches.iter().map(|s| s.text.as_str()).collect();
        Some(Text { text: text.into(), file: scope.file, stretches: Some(stretches) })
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a stretch of the text comes from.
    pub fn due(&self, tf: &Terraform, span: Span) -> Due {
        let Some(stretches) = &self.stretches else { return Due { at: Loc::new(self.file, span), of: None } };
        let mut before = 0;
        let start = span.start as usize;
        let found = stretches.iter().find(|s| {
            before += s.text.len();
            before > start
        });
        let Some(found) = found else { return Due { at: tf.top(self.file), of: None } };
        let source = tf.files.source(self.file);
        let into = start - (before - found.text.len());
        let (at, stop) = match &found.literal {
            Some(offsets) => (offsets.offset(into), offsets.offset(into + span.len())),
            None => (found.by.start as usize, found.by.end as usize),
        };
        let end =
            source.text.get(at..).and_then(|rest| rest.find('\n')).map_or(source.text.len(), |n| at + n);
        Due { at: Loc::new(self.file, Span::new(at, end.min(stop).max(at))), of: found.of }
    }
}

impl Terraform<'_> {
    /// Notes that a text was read from a file.
    pub fn was_read(&self, value: &Value, file: FileId) {
        let whole = |text: &str| self.files.source(file).text == text;
        self.note_text(value, file, |text| (!whole(text)).then(Vec::new));
    }

    /// Notes that a text was made of a template: as parsed, and as evaluated in this scope.
    pub fn was_made(&self, value: &Value, file: FileId, (parsed, placed): (&Expr, &Expr), scope: &Scope) {
        let source = self.files.source(file);
        let stretches = |text: &str| {
            let (ExprKind::Template(parsed), ExprKind::Template(placed)) = (&parsed.kind, &placed.kind)
            else {
                return Some(Vec::new());
            };
            if text.len() > MAPPED {
                return Some(Vec::new());
            }
            let mut out = Vec::new();
            let all =
                self.stretches(scope, (&source.text, false), (parsed, placed), None, &mut out).is_some();
            let same = all && out.iter().map(|s| s.text.len()).sum::<usize>() == text.len();
            Some(if same { out } else { Vec::new() })
        };
        self.note_text(value, file, stretches);
    }

    /// The text that a template made, put together of what wrote it; `None` where that is not known.
    pub fn made_of(&self, text: &Arc<str>) -> Option<embedded::Text> {
        let texts = self.known.texts.borrow();
        let Text { file, stretches, .. } = texts.get(&(text.as_ptr() as usize))?;
        let source = self.files.source(*file);
        let mut out = embedded::Text::new(*file);
        for stretch in stretches.as_ref().filter(|all| !all.is_empty())? {
            match stretch.literal.is_some() {
                true => out.literal(&source.text, &stretch.text, stretch.by, false),
                false => out.computed(&source.text, &stretch.text, stretch.by),
            }
        }
        Some(out)
    }

    fn note_text(&self, value: &Value, file: FileId, stretches: impl Fn(&str) -> Option<Vec<Stretch>>) {
        if let Value::String(text) = value {
            let key = text.as_ptr() as usize;
            let stretches = stretches(text);
            self.known.texts.borrow_mut().insert(key, Text { text: text.clone(), file, stretches });
        }
    }

    /// What wrote the text of a template's parts, which are those that `source` was parsed into and those that are evaluated;
    /// `quoted` is whether backslashes are escapes. `None` where inputs decide it.
    fn stretches(
        &self,
        scope: &Scope,
        (source, quoted): (&str, bool),
        (parsed, placed): (&[TemplatePart], &[TemplatePart]),
        of: Option<Loc>,
        out: &mut Vec<Stretch>,
    ) -> Option<()> {
        for pair in parsed.iter().zip(placed) {
            match pair {
                (TemplatePart::Literal(text, span), _) => {
                    // Strip markers took blanks away.
                    let written = source.get(span.range()).unwrap_or_default();
                    let by = match written.find(text.as_str()) {
                        Some(at) => Span::new(at, at + text.len()).shifted(span.start as usize),
                        None if text.starts_with(char::is_whitespace) => *span,
                        None => {
                            let blanks = written.len() - written.trim_start().len();
                            Span::new(span.start as usize + blanks, span.end as usize)
                        }
                    };
                    let literal = Some(embedded::hcl_offsets(source, text, by, quoted));
                    out.push(Stretch { text: text.clone(), by, literal, of });
                }
                (TemplatePart::Interpolation(own), TemplatePart::Interpolation(inner)) => {
                    let text = to_string(self.cx, &self.eval(scope, inner)).as_str()?.to_owned();
                    out.push(Stretch { text, by: own.span, literal: None, of });
                }
                (
                    TemplatePart::If { then, otherwise, .. },
                    TemplatePart::If { cond, then: then_placed, otherwise: otherwise_placed },
                ) => {
                    let holds = self.eval(scope, cond).as_guard()?;
                    let arm = match (holds.is_true(), holds.is_false()) {
                        (true, _) => (then.as_slice(), then_placed.as_slice()),
                        (_, true) => (otherwise.as_slice(), otherwise_placed.as_slice()),
                        _ => return None,
                    };
                    self.stretches(scope, (source, quoted), arm, of, out)?;
                }
                (
                    TemplatePart::For { body, .. },
                    TemplatePart::For { key, value, collection, body: body_placed },
                ) => {
                    for item in self.items(&self.merged(&self.eval(scope, collection))).ok()? {
                        if !item.is_certain() {
                            return None;
                        }
                        let inner = scope.turn(key, value, &item);
                        self.stretches(&inner, (source, quoted), (body, body_placed), item.at.0.or(of), out)?;
                    }
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Whether a function read this file.
    pub fn is_read(&self, file: FileId) -> bool {
        self.known.texts.borrow().values().any(|text| text.file == file)
    }

    /// The file whose text a value is, byte by byte.
    pub fn file_of(&self, value: &Value) -> Option<FileId> {
        let Value::String(text) = value else { return None };
        let texts = self.known.texts.borrow();
        texts.get(&(text.as_ptr() as usize)).filter(|text| text.stretches.is_none()).map(|text| text.file)
    }

    /// Whether a text is that of a file that was read, whole.
    pub fn is_of_a_file(&self, text: &str) -> bool {
        let texts = self.known.texts.borrow();
        texts.values().any(|read| read.stretches.is_none() && self.files.source(read.file).text == text)
    }

    /// The first line of a file.
    pub fn top(&self, file: FileId) -> Loc {
        let source = self.files.source(file);
        Loc::new(file, Span::new(0, source.text.find('\n').unwrap_or(source.text.len())))
    }

    /// What a text that was read, or is made of one, is known to be.
    pub fn noted(&self, text: &Value) -> Option<Text> {
        let Value::String(text) = text else { return None };
        self.known.texts.borrow().get(&(text.as_ptr() as usize)).cloned()
    }

    /// What was decoded of a text, with the places of its elements where the text was written.
    pub fn decoded(
        &self,
        scope: &Scope,
        expr: Option<&Expr>,
        form: Form,
        text: &Value,
        value: Value,
    ) -> Value {
        let Value::String(decoded) = text else { return value };
        match (self.noted(text), expr) {
            (Some(text), _) => {
                self.files.take_apart(text.file);
                let value = match &text.stretches {
                    Some(_) => all_at(&value, self.top(text.file)),
                    None => value,
                };
                match text.stretches.as_ref().is_some_and(Vec::is_empty) {
                    true => value,
                    false => at_places(form, decoded, value, &|span| Some(text.due(self, span))),
                }
            }
            (None, Some(expr)) if has_elements(form) => match self.traced(scope, expr, decoded) {
                Some(traced) => at_places(form, decoded, value, &|span| traced.due(self, span)),
                None => value,
            },
            _ => value,
        }
    }

    /// The pieces of `split`, each with its place in the text where that is written plainly, else with that of the text.
    pub fn pieces_of(&self, scope: &Scope, args: &[Expr], value: Value) -> Value {
        let value = self.cx.map(&value, |v| self.unjoined(v).unwrap_or_else(|| v.clone()));
        if let (Some(list), Some(text)) = (cut_again(self.cx, &value), args.last()) {
            let reason =
                format!("no element of {} is taken to hold what its text is cut at", self.cx.show(&list));
            let place = Loc::new(scope.file, text.span).into();
            self.meet(WhenMet::Aside(Assumption { reason, place }));
        }
        let origin = args.last().and_then(|text| self.origin(scope, text, ("", None)));
        let Some(origin) = origin else { return value };
        let source = self.files.source(origin.at.file);
        if origin.decoded {
            self.files.take_apart(origin.at.file);
        }
        // The place of a file is its first line.
        let all = if origin.decoded && origin.at == self.top(origin.at.file) {
            Span::new(0, source.text.len())
        } else {
            origin.at.span
        };
        let written = source.text.get(all.range()).unwrap_or_default();
        let mut from = 0;
        with_parts(&value, |_, part| {
            let piece = part.value.as_str().filter(|piece| !piece.is_empty());
            let found = piece.and_then(|piece| Some((written.get(from..)?.find(piece)? + from, piece.len())));
            let span = found.map_or(origin.at.span, |(start, length)| {
                from = start + length;
                Span::new(start, start + length).shifted(all.start as usize)
            });
            Part { at: At(Some(Loc::new(origin.at.file, span))), ..part.clone() }
        })
    }

    /// The list of a call that cuts what was joined of one that is filled in.
    fn unjoined(&self, value: &Value) -> Option<Value> {
        let Value::Sym(call) = value else { return None };
        let SymNode::Call(_, args) = self.cx.node(*call)? else { return None };
        match &*args {
            [Value::String(by), Value::Sym(text)] => self.cx.joined_elements(by, *text),
            _ => None,
        }
    }

    /// The numbers of `range`, all of which are due to the number that it is called with.
    pub fn counted_to(&self, scope: &Scope, args: &[Expr], values: &[Value], value: Value) -> Value {
        let cx = self.cx;
        let is_open = cx.alternatives(&value).iter().any(|(_, v)| matches!(v, Value::Sym(_)));
        let value = match (values, args, self.mode.filled()) {
            ([to], [_], Some(sizes)) if is_open => {
                let counted = |value: Value, (guard, to): (Guard, Value)| {
                    let Value::Sym(_) = to else { return value };
                    let there = self.filled_count(guard, &to, sizes);
                    let number = |(guard, n)| Part { guard, ..Part::item(Num::from_usize(n).into()) };
                    let parts = there.into_iter().zip(0..).map(number).collect();
                    let up = cx.not(cx.truth(&cx.less(&to, &Value::from(0))));
                    cx.if_else(cx.and(guard, up), Value::typed(CollKind::List, Ty::Number, parts), value)
                };
                cx.alternatives(to).into_iter().fold(value, counted)
            }
            ([Value::Sym(_)], ..) if is_open => {
                self.sink.fillable();
                value
            }
            _ => value,
        };
        let origin = args.iter().rev().find_map(|a| self.origin(scope, a, ("", None)));
        origin.map_or(value.clone(), |origin| all_at(&value, origin.at))
    }
}

/// The place of each stretch of a text, where that is known.
type Places<'p> = &'p dyn Fn(Span) -> Option<Due>;

/// Whether what is decoded has elements that stand in the text.
fn has_elements(form: Form) -> bool {
    matches!(form, Form::Csv | Form::Json | Form::Yaml)
}

/// What was decoded of a text, with the places of its elements.
fn at_places(form: Form, text: &str, value: Value, due: Places) -> Value {
    match form {
        Form::Joined | Form::Base64 | Form::Gzip | Form::Charset | Form::Url => value,
        Form::Csv => at_records(&value, due, &records(text)),
        Form::Json => json::parse_text(text, 0).map_or(value.clone(), |root| at_nodes(&value, due, &root)),
        Form::Yaml => match yaml::parse_text(text, 0).0.as_slice() {
            [one] => at_nodes(&value, due, &one.root),
            _ => value,
        },
    }
}

fn with_parts(value: &Value, mut part: impl FnMut(usize, &Part) -> Part) -> Value {
    let Value::Coll(coll) = value else { return value.clone() };
    let parts = coll.parts.iter().enumerate().map(|(i, p)| part(i, p));
    Value::typed(coll.kind, coll.elem.clone(), parts.collect())
}

fn all_at(value: &Value, at: Loc) -> Value {
    with_parts(value, |_, p| Part { at: At(Some(at)), value: all_at(&p.value, at), ..p.clone() })
}

/// Where each of some siblings is edited: the element that a loop repeated one line for, where that tells them apart.
fn edited(siblings: &[Due]) -> Vec<Loc> {
    let starts =
        |all: &mut dyn Iterator<Item = Loc>| all.map(|at| (at.file, at.span.start)).collect::<Vec<_>>();
    let apart =
        |all: Vec<(FileId, u32)>| all.iter().enumerate().all(|(i, at)| !all.iter().take(i).any(|o| o == at));
    let looped = starts(&mut siblings.iter().filter_map(|due| due.of));
    let lines = starts(&mut siblings.iter().filter(|due| due.of.is_some()).map(|due| due.at));
    let by_element = !apart(lines) && apart(looped);
    siblings.iter().map(|due| due.of.filter(|_| by_element).unwrap_or(due.at)).collect()
}

fn at_nodes(value: &Value, due: Places, node: &tree::Node) -> Value {
    let Value::Coll(coll) = value else { return value.clone() };
    let found = |(i, part): (usize, &Part)| match part.key.as_str() {
        Some(key) => node.entry(key).map(|(key, value)| (key.span.to(value.span), value)),
        None => node.items().get(i).map(|item| (item.span, item)),
    };
    let nodes: Vec<_> = coll.parts.iter().enumerate().map(found).collect();
    // One that is not found takes its siblings' places too: which is which is not known.
    let siblings: Option<Vec<Due>> = nodes.iter().flatten().map(|(span, _)| due(*span)).collect();
    let mut places = siblings.map(|all| edited(&all)).unwrap_or_default().into_iter();
    with_parts(value, |i, part| match nodes.get(i) {
        Some(Some((_, inner))) => Part {
            at: At(places.next().or(part.at.0)),
            value: at_nodes(&part.value, due, inner),
            ..part.clone()
        },
        _ => part.clone(),
    })
}

fn at_records(value: &Value, due: Places, records: &[Span]) -> Value {
    // The first record has the names.
    let siblings: Option<Vec<Due>> = records.iter().skip(1).map(|span| due(*span)).collect();
    let places = siblings.map(|all| edited(&all)).unwrap_or_default();
    with_parts(value, |i, part| {
        let Some(at) = places.get(i) else { return part.clone() };
        Part { at: At(Some(*at)), value: all_at(&part.value, *at), ..part.clone() }
    })
}

/// The records of comma-separated values, empty lines left out.
fn records(text: &str) -> Vec<Span> {
    let (mut out, mut start, mut quoted) = (Vec::new(), 0, false);
    for (i, byte) in text.bytes().chain([b'\n']).enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted || i == text.len() => {
                let line = text.get(start..i).unwrap_or_default().trim_end_matches('\r');
                if !line.is_empty() {
                    out.push(Span::new(start, start + line.len()));
                }
                start = i + 1;
            }
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_may_hold_line_breaks() {
        let text = "a,b\r\n\r\n1,\"x\ny\"\n2,z";
        let found: Vec<&str> = records(text).iter().map(|s| &text[s.range()]).collect();
        assert_eq!(found, ["a,b", "1,\"x\ny\"", "2,z"]);
    }

    #[test]
    fn a_loop_over_one_line_points_at_its_elements() {
        let at = |n: usize| Loc::new(FileId(0), Span::new(n, n + 1));
        let due = |line: usize, of: Option<usize>| Due { at: at(line), of: of.map(at) };
        for (siblings, places) in [
            (vec![due(1, None), due(2, None)], [1, 2]),
            (vec![due(1, Some(8)), due(1, Some(9))], [8, 9]),
            // Two lines of one turn, and of several turns.
            (vec![due(1, Some(8)), due(2, Some(8))], [1, 2]),
            (vec![due(1, Some(8)), due(2, None)], [1, 2]),
        ] {
            assert_eq!(edited(&siblings), places.map(at));
        }
    }
}
