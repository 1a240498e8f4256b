//! `Fn::ForEach`: a section's entries with its loops expanded.
//!
//! A loop is text replacement before evaluation: `${Id}` and `&{Id}` in keys and strings, and `Ref Id`. An element
//! that is not known is replaced by a marker that stands for its symbol (see `text`). Source: CloudFormation's template
//! reference, "Fn::ForEach", and recorded behaviour of the language-extensions transform.

use std::collections::HashMap;
use std::rc::Rc;

use super::text::{CLOSE, OPEN};
use super::variables::Taken;
use super::{Section, Stack, World, resources, view};
use crate::key::{Loop, Multiplicity, Refused, Step};
use crate::parse::tree::{Node, NodeKind, Style};
use crate::prefilter;
use crate::problem::{Problem, ProblemKind};
use crate::span::{FileId, Loc, Span};
use crate::value::limits::RUNS;
use crate::value::symbol::Role;
use crate::value::{Guard, Leaf, LeafKind, SymId, Ty, Value};

/// An entry of a section.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its key, loops filled in.
    pub name: String,
    /// The key as written.
    pub key: Loc,
    /// What it holds, loops filled in.
    pub node: Node,
    /// The file that this is written in.
    pub file: FileId,
    /// Under which alternatives of its loops' collections it is there.
    pub guard: Guard,
    /// The free collections that it is repeated over.
    pub(super) times: Multiplicity,
    /// The loops around it, outermost first.
    pub loops: Vec<Loc>,
    /// The turn that each of them takes.
    pub(super) turns: Vec<Rc<Step>>,
}

/// What a loop runs over, or a stack set is deployed to: an item's text, and when it is there.
pub(super) struct Item {
    /// As written, or a marker.
    pub(super) text: String,
    /// When it is there.
    pub(super) guard: Guard,
    /// How often, where it stands for each element of a list that is not known.
    pub(super) times: Option<Multiplicity>,
    /// Where it is written.
    at: Option<Loc>,
}

/// All of them, and what the transform refuses: when, where, why.
#[derive(Default)]
struct Items {
    items: Vec<Item>,
    refused: Vec<(Guard, Loc, String)>,
}

#[derive(Clone)]
struct Around {
    guard: Guard,
    times: Multiplicity,
    loops: Vec<Loc>,
    turns: Vec<Rc<Step>>,
}

impl Around {
    fn nothing() -> Around {
        let (loops, turns) = (Vec::new(), Vec::new());
        Around { guard: Guard::TRUE, times: Multiplicity::ONCE, loops, turns }
    }
}

impl World<'_> {
    /// The entries of a section.
    pub(super) fn section(&self, s: &Stack, name: &'static str) -> Rc<Section> {
        if let Some(known) = s.sections.borrow().get(name) {
            return known.clone();
        }
        // A loop's collection cannot ask for what loops make; `Fn::If` in it asks for a condition. What the extensions
        // hold are no loops.
        let expanding = |name| s.expanding.borrow().contains(&name);
        let asked_for = matches!(name, "Conditions" | "extensions") && !expanding("Conditions");
        if !s.expanding.borrow().is_empty() && !asked_for {
            return Rc::default();
        }
        s.expanding.borrow_mut().push(name);
        let mut section = Section::default();
        for (file, node) in s.sections_named(name) {
            let around = Around::nothing();
            s.inside(file, || self.expand(s, node, &around, &mut section.entries));
        }
        for entry in &mut section.entries {
            self.splice(s, entry, name == "Resources");
        }
        if self.services.borrow().contains_key(&s.file) {
            self.merge_of_framework(s, &mut section, name == "Resources");
            if name == "Resources" {
                self.extend(s, &mut section);
            }
        }
        if name == "Resources" {
            self.refuse_same_names(s, &mut section.entries);
            self.one_for_each_kind(&mut section.entries);
        }
        for (i, entry) in section.entries.iter().enumerate() {
            section.by_name.entry(entry.name.clone()).or_default().push(i);
        }
        let section = Rc::new(section);
        s.expanding.borrow_mut().pop();
        s.sections.borrow_mut().insert(name, section.clone());
        section
    }

    /// A resource whose type inputs decide is one for each of the types.
    fn one_for_each_kind(&self, entries: &mut Vec<Entry>) {
        let is_open = |e: &Entry| resources::type_of(&e.node).contains(OPEN);
        if !entries.iter().any(is_open) {
            return;
        }
        for entry in std::mem::take(entries) {
            let kinds = entry.node.get("Type").filter(|_| is_open(&entry)).map(|kind| self.kinds(kind));
            let kinds = kinds.unwrap_or_default();
            for (guard, kind) in &kinds {
                let guard = self.cx.and(entry.guard, *guard);
                let own = |(key, value): &(Node, Node)| match key.text() {
                    Some("Type") => (key.clone(), view::literal(kind.clone(), value.span)),
                    _ => (key.clone(), value.clone()),
                };
                let attributes = NodeKind::Map(entry.node.entries().iter().map(own).collect());
                let node = Node { kind: attributes, ..entry.node.clone() };
                entries.push(Entry { node, guard, ..entry.clone() });
            }
            if kinds.is_empty() {
                entries.push(entry);
            }
        }
    }

    /// Loops that make one name twice are refused: the first one counts. Of what snippets and files add, the last one.
    fn refuse_same_names(&self, s: &Stack, entries: &mut Vec<Entry>) {
        let written = |e: &Entry| e.loops.is_empty() && resources::matters(resources::type_of(&e.node));
        let mut last: HashMap<String, usize> = HashMap::new();
        for (i, entry) in entries.iter().enumerate().filter(|(_, e)| written(e)) {
            last.insert(entry.name.clone(), i);
        }
        let mut i = 0;
        entries.retain(|entry| {
            i += 1;
            !written(entry) || last.get(&entry.name) == Some(&(i - 1))
        });
        let mut before: HashMap<String, (Guard, bool)> = HashMap::new();
        for entry in entries.iter_mut().filter(|e| resources::matters(resources::type_of(&e.node))) {
            let looped = !entry.loops.is_empty();
            let (earlier, earlier_looped) = before.get(&entry.name).copied().unwrap_or((Guard::FALSE, false));
            before.insert(entry.name.clone(), (self.cx.or(earlier, entry.guard), looped || earlier_looped));
            let mut same = Guard::FALSE;
            if looped || earlier_looped {
                same = self.cx.and(earlier, entry.guard);
                entry.guard = self.cx.and(entry.guard, self.cx.not(earlier));
            }
            // One name for each element of a collection that is not known.
            let names = |l: &Loop| {
                let mut elements = l.element.iter().map(|&e| self.marker(self.cx.symbol_value(e), true));
                elements.any(|marker| entry.name.contains(&marker))
            };
            let (named, unnamed): (Vec<_>, Vec<_>) = entry.times.loops.drain(..).partition(names);
            let unnamed = unnamed.iter().map(|l| self.cx.and(entry.guard, l.at_least_two));
            same = self.cx.or(same, self.cx.any(unnamed));
            entry.times.loops = named;
            let reason = format!("loops make the name `{}` twice", self.shown(&entry.name));
            let problem = Problem::new(ProblemKind::Refused, entry.key, reason);
            if same.is_true() {
                self.sink.problem(problem);
            } else {
                let when = self.cx.and(s.times.exists, same);
                self.sink.refuse(Refused { when, problem });
            }
        }
        entries.retain(|entry| !entry.guard.is_false());
    }

    /// The entries of a map of properties, its loops expanded.
    pub(super) fn map_entries(&self, s: &Stack, map: &Node) -> Vec<Entry> {
        let mut entries = Vec::new();
        let around = Around::nothing();
        self.expand(s, map, &around, &mut entries);
        entries
    }

    fn expand(&self, s: &Stack, map: &Node, around: &Around, out: &mut Vec<Entry>) {
        // A key that is written twice was reported; the last one counts.
        let entries = map.entries();
        let mut last = HashMap::new();
        for (i, (key, _)) in entries.iter().enumerate() {
            last.insert(key.text(), i);
        }
        for (i, (key, node)) in entries.iter().enumerate() {
            let Some(name) = key.text() else { continue };
            // Several snippets can be included under that name.
            if name != "Fn::Transform" && last.get(&Some(name)).is_some_and(|&l| l != i) {
                continue;
            }
            if name.starts_with("Fn::ForEach::") {
                self.expand_loop(s, key, node, around, out);
            } else if name == "Fn::Transform" {
                self.included(s, key, node, around, out);
            } else {
                out.push(Entry {
                    name: name.into(),
                    key: s.loc(key),
                    node: node.clone(),
                    file: s.at_file.get(),
                    guard: around.guard,
                    times: around.times.clone(),
                    loops: around.loops.clone(),
                    turns: around.turns.clone(),
                });
            }
        }
    }

    /// A snippet or a macro inside a section.
    fn included(&self, s: &Stack, key: &Node, node: &Node, around: &Around, out: &mut Vec<Entry>) {
        let name = node.get("Name").and_then(Node::text).unwrap_or("?");
        let shown = self.shown(name);
        let parameters = node.get("Parameters");
        // What one file says several times is expanded one by one.
        if let Some(entries) = parameters.and_then(|p| p.get("Entries")).filter(|_| name == view::FILE) {
            return self.expand(s, entries, around, out);
        }
        if name == view::FILE {
            return self.included_variable(s, key, node, around, out);
        }
        if name != "AWS::Include" {
            let reason = format!(
                "the macro `{shown}` may add, drop or rename resources; what it makes is not examined"
            );
            return self.problem(ProblemKind::UnknownMacro, s.loc(key), reason);
        }
        // A snippet cannot include another one.
        let snippet = (s.at_file.get() == s.file).then(|| self.snippet(&s.folder, node)).flatten();
        match snippet {
            // What it would add stands in this file anyway.
            Some((file, _)) if file == s.file => self.includes_itself(s, key),
            Some((file, snippet)) => {
                for document in &snippet.documents {
                    s.inside(file, || self.expand(s, document, around, out));
                }
            }
            _ => {
                self.not_read(s.loc(key), &s.folder, node);
            }
        }
    }

    fn includes_itself(&self, s: &Stack, key: &Node) {
        if prefilter::mentions_key_type(&self.files.source(s.file).text) {
            let reason = "this file includes itself, which the deployment refuses";
            self.problem(ProblemKind::Refused, s.loc(key), reason);
        }
    }

    /// What a variable of the Serverless Framework adds to a section.
    fn included_variable(&self, s: &Stack, key: &Node, node: &Node, around: &Around, out: &mut Vec<Entry>) {
        for taken in self.taken(s.file, node, s.loc(key)) {
            match taken {
                Taken::Part((file, part)) => s.inside(file, || self.expand(s, &part, around, out)),
                Taken::Nothing => {}
                Taken::Itself => self.includes_itself(s, key),
                Taken::Unknown(variable) => self.variable_not_known(s.file, &variable, s.loc(key)),
            }
        }
    }

    fn expand_loop(&self, s: &Stack, key: &Node, node: &Node, around: &Around, out: &mut Vec<Entry>) {
        let matters = resources::hold_keys(node);
        let refuse = |reason: &str| {
            if matters {
                self.problem(ProblemKind::Refused, s.loc(key), reason);
            }
        };
        let [id, collection, body] = node.items() else {
            return refuse("Fn::ForEach takes a name, a collection and a map");
        };
        let Some(id) = id.text() else { return refuse("Fn::ForEach takes a name first") };
        if !s.language_extensions {
            return refuse("Fn::ForEach needs `Transform: AWS::LanguageExtensions`");
        }
        let mut inner = around.clone();
        inner.loops.push(s.loc(key));
        let Items { items, refused } = self.loop_items(s, collection);
        for (when, at, reason) in refused.into_iter().filter(|_| matters) {
            let when = self.cx.all([s.times.exists, around.times.exists, around.guard, when]);
            self.sink.refuse_at(when, at, reason);
        }
        for item in items {
            if self.expanded.get() >= RUNS.most {
                return self.budget(around.loops.first().copied().unwrap_or(s.loc(key)), &RUNS);
            }
            self.expanded.set(self.expanded.get() + 1);
            let mut inner = inner.clone();
            inner.guard = self.cx.and(inner.guard, item.guard);
            let whole = Loc { span: key.span.to(body.span), ..s.loc(key) };
            inner.turns.push(self.turn(
                (key.text().unwrap_or_default(), s.loc(key), whole),
                &item.text,
                item.at,
            ));
            if let Some(times) = &item.times {
                inner.times = times.within(&self.cx, &inner.times);
            }
            if inner.guard.is_false() {
                continue;
            }
            let item = (item.text.as_str(), self.alphanumeric(&item.text));
            self.expand(s, &replaced(body, id, (item.0, &item.1)), &inner, out);
        }
    }

    /// What a loop runs over, and what the transform would refuse.
    fn loop_items(&self, s: &Stack, collection: &Node) -> Items {
        let mut found = Items::default();
        self.add_items(s, collection, Guard::TRUE, &mut found);
        self.refuse_equal_items(s.loc(collection), &mut found);
        found
    }

    /// What lists hold together, each item once, as far as something exists; what an item cannot be is refused there.
    pub(super) fn items_at(&self, s: &Stack, lists: &[(Guard, Node)], exists: Guard) -> Vec<Item> {
        let mut found = Items::default();
        for (guard, list) in lists {
            self.add_items(s, list, *guard, &mut found);
            self.refuse(s.loc(list), &self.eval(s, list), self.cx.and(exists, *guard));
        }
        found.items
    }

    fn add_items(&self, s: &Stack, collection: &Node, guard: Guard, found: &mut Items) {
        // Literals, with references to parameters among them; a reference to a list stands for its elements.
        let literal = view::call(collection).is_none() && matches!(collection.kind, NodeKind::Seq(_));
        let lists = if literal { collection.items() } else { std::slice::from_ref(collection) };
        for list in lists {
            let at = (s.loc(collection), self.origin(s, list, "").map(|w| w.at));
            self.items_of(at, &self.cx.listed(&self.eval(s, list)), (guard, false), found);
        }
    }

    /// Items of which inputs may make one: the transform refuses an item that is there twice.
    fn refuse_equal_items(&self, at: Loc, found: &mut Items) {
        let single = found.items.iter().filter(|item| item.times.is_none());
        let single: Vec<(&Item, Value)> = single.map(|item| (item, self.text(&item.text))).collect();
        if single.iter().all(|(_, value)| value.is_known()) {
            return;
        }
        for (i, (item, value)) in single.iter().enumerate() {
            for (other, before) in single.iter().take(i) {
                if before.is_known() && value.is_known() {
                    continue;
                }
                let both = self.cx.all([other.guard, item.guard, self.cx.equal(before, value)]);
                if !both.is_false() {
                    found.refused.push((both, at, "Fn::ForEach runs over one element twice".into()));
                }
            }
        }
    }

    /// `at` is the loop's collection, and where the value is written; `each` says whether it is one of a list's elements.
    fn items_of(
        &self,
        at: (Loc, Option<Loc>),
        value: &Value,
        (guard, each): (Guard, bool),
        found: &mut Items,
    ) {
        let item = |text: String| Item { text, guard, times: None, at: at.1 };
        match value {
            Value::Null => {}
            Value::Choice(alternatives) => {
                for (g, value) in alternatives.iter() {
                    self.items_of(at, value, (self.cx.and(guard, *g), each), found);
                }
            }
            Value::Coll(coll) if !coll.kind.keyed() => {
                let mut from = 0;
                for part in &coll.parts {
                    let piece = || self.piece_in(at.1?, part.value.as_str()?, &mut from);
                    let at = (at.0, part.at.0.or_else(piece).or(at.1));
                    let each = self.is_element(&part.value);
                    self.items_of(at, &part.value, (self.cx.and(guard, part.guard), each), found);
                }
            }
            // An item stands in names.
            Value::String(_) if !self.may_be_shown(value) => {
                found.items.push(item(self.marker(value.clone(), each)));
            }
            Value::String(text) => {
                let Some(known) = found.items.iter_mut().find(|i| *i.text == **text) else {
                    return found.items.push(item(text.to_string()));
                };
                // The same item of two alternatives is one entry; an item that is there twice is refused.
                let both = self.cx.and(known.guard, guard);
                known.guard = self.cx.or(known.guard, guard);
                if self.can_be(both) {
                    found.refused.push((both, at.0, format!("Fn::ForEach runs over `{text}` twice")));
                }
            }
            Value::Sym(sym) if self.cx.type_of(*sym).is_scalar() => {
                found.items.push(item(self.marker(value.clone(), each)));
            }
            Value::Sym(call)
                if let (Some(sizes), Some(_)) = (
                    self.mode.filled(),
                    self.cx.calls_that_list(value, false).first().filter(|first| *first == call),
                ) =>
            {
                let element = |n: usize| self.cx.path(*call, &n.to_string());
                let (filled, other) = self.cx.filled_call(*call, sizes, &element);
                self.sink.few(self.cx.and(guard, other));
                for (g, list) in self.cx.alternatives(&filled) {
                    for part in list.as_coll().into_iter().flat_map(|list| &list.parts) {
                        let guard = self.cx.all([guard, g, part.guard]);
                        found.items.push(Item { guard, ..item(self.marker(part.value.clone(), true)) });
                    }
                }
            }
            Value::Sym(sym) => {
                if !self.cx.calls_that_list(value, false).is_empty() {
                    self.sink.fillable();
                }
                let (element, times) = self.elements_of(*sym);
                found.items.push(Item { times: Some(times), ..item(self.marker(element, true)) });
            }
            Value::Refused(refusal) => {
                found.refused.push((guard, refusal.at.unwrap_or(at.0), refusal.reason.clone()));
            }
            _ => found.refused.push((guard, at.0, "Fn::ForEach takes a list".into())),
        }
    }

    /// Whether a value is an element of a list that is filled in.
    fn is_element(&self, value: &Value) -> bool {
        matches!(value, Value::Sym(sym) if self.cx.element_owner(*sym).is_some())
    }

    /// Where the next piece of a list stands that is written as one text (`Default: "a,b"`).
    fn piece_in(&self, all: Loc, piece: &str, from: &mut usize) -> Option<Loc> {
        let source = self.files.source(all.file);
        let start = source.text.get(all.span.range())?.get(*from..)?.find(piece)? + *from;
        *from = start + piece.len();
        Some(Loc::new(all.file, Span::new(start, *from).shifted(all.span.start as usize)))
    }

    /// What stands for an item in `&{Name}`: of a text that is not shown its letters and digits too.
    fn alphanumeric(&self, item: &str) -> String {
        let letters = |text: &str, also: &[char]| {
            text.chars().filter(|c| c.is_ascii_alphanumeric() || also.contains(c)).collect::<String>()
        };
        match if item.contains(OPEN) { self.text(item) } else { Value::Null } {
            Value::String(text) => {
                let own = Value::from(letters(&text, &[]));
                self.marker(self.cx.marked_from(&Value::String(text), own), false)
            }
            _ => letters(item, &[OPEN, CLOSE]),
        }
    }

    /// `each` says whether it is called one of a list's elements, not by its own expression.
    pub(super) fn marker(&self, value: Value, each: bool) -> String {
        let mut elements = self.elements.borrow_mut();
        let element = (value, each);
        let number = elements.iter().position(|e| *e == element).unwrap_or_else(|| {
            elements.push(element);
            elements.len() - 1
        });
        format!("{OPEN}{number}{CLOSE}")
    }

    /// An arbitrary element of a list that is not known, and how often there is one.
    fn elements_of(&self, list: SymId) -> (Value, Multiplicity) {
        let name = format!("{}[*]", self.cx.show(&Value::Sym(list)));
        let mut leaf = Leaf::new(name, Ty::String, LeafKind::Element(Role::Key));
        leaf.of = Some(list);
        let element = self.cx.declare(leaf);
        let length = Value::Sym(self.cx.length_of(list));
        let more_than = |n: i64| self.cx.truth(&self.cx.less(&Value::from(n), &length));
        let loops = vec![Loop {
            at_least_two: more_than(1),
            element: vec![element],
            within: Guard::TRUE,
            key: Value::Null,
        }];
        let times = Multiplicity { exists: more_than(0), loops, total: None };
        (self.cx.symbol_value(element), times)
    }
}

/// A loop's body with its name replaced, by the item and by its letters and digits.
fn replaced(node: &Node, id: &str, item: (&str, &str)) -> Node {
    if let Some(call) = view::call(node)
        && call.name == "Ref"
        && call.arg.text() == Some(id)
    {
        return view::literal(item.0.into(), view::span(node));
    }
    let kind = match &node.kind {
        NodeKind::Scalar(text, _) => match replaced_text(text, id, item) {
            // Filled-in text is text, whatever it looks like now.
            Some(text) => NodeKind::Scalar(text, Style::DoubleQuoted),
            None => node.kind.clone(),
        },
        _ => node.with_inner(|inner| replaced(inner, id, item)),
    };
    Node { kind, span: node.span, tag: node.tag.clone() }
}

fn replaced_text(text: &str, id: &str, (item, alphanumeric): (&str, &str)) -> Option<String> {
    let (plain, bare) = (format!("${{{id}}}"), format!("&{{{id}}}"));
    if !text.contains(&plain) && !text.contains(&bare) {
        return None;
    }
    Some(text.replace(&plain, item).replace(&bare, alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_loop_name_are_replaced() {
        for (text, gives) in [
            ("Key${Item}", Some("Keya-b")),
            ("Key&{Item}", Some("Keyab")),
            ("${Item}${Other}", Some("a-b${Other}")),
            ("Item", None),
            ("${!Item}", None),
        ] {
            assert_eq!(replaced_text(text, "Item", ("a-b", "ab")).as_deref(), gives, "{text}");
        }
    }
}
