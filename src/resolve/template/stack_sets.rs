//! Stack sets with their template inside: stacks in accounts of their own.
//!
//! Its template is text in a string, so places in it are mapped back into the file. Which accounts its instances go to
//! the template does not say; they are taken for none of the surrounding stack's, so no user is shared with it. Users are
//! those of an account, so each region that an instance goes to adds its keys to theirs.
//! Source: CloudFormation's resource reference, `AWS::CloudFormation::StackSet`.

use std::collections::HashMap;
use std::rc::Rc;

use super::foreach::Item;
use super::places::Inner;
use super::text::OPEN;
use super::{Caller, Entry, Given, Stack, StackOrigin, World, load, resources, view};
use crate::key::Multiplicity;
use crate::parse::offsets::Offsets;
use crate::parse::tree::{Node, NodeKind};
use crate::prefilter;
use crate::problem::ProblemKind;
use crate::span::{Loc, Span};
use crate::value::limits::STACKS;
use crate::value::marks::Mark;
use crate::value::symbol::Piece;
use crate::value::{Guard, SymNode, Value};

impl World<'_> {
    /// The stacks of a stack set's template, if it is written inside and can hold a key: one for each text that it may be,
    /// and each of its groups of instances that overrides its parameters in another way.
    pub(super) fn stack_set(&self, s: &Stack, entry: &Entry) -> Vec<usize> {
        let Some(properties) = entry.node.get("Properties") else { return Vec::new() };
        let body = properties.get("TemplateBody");
        let value = body.map_or(Value::Null, |body| self.eval(s, body));
        let mut stacks = Vec::new();
        let (mut elsewhere, mut open) = (false, false);
        // What is wholly an input's is each of its values.
        let each = |(guard, value): (Guard, Value)| match self.spelled_out(&value) {
            Some(_) => vec![(guard, value)],
            None => self.ways(guard, &value),
        };
        for (guard, value) in self.cx.alternatives(&value).into_iter().flat_map(each) {
            match (body, self.spelled_out(&value)) {
                // What inputs write into a text may be a key.
                (Some(body), Some(text)) if text.contains(OPEN) || prefilter::may_lead_to_key(&text) => {
                    stacks.extend(self.stacks_of(s, entry, (properties, body), guard, (&value, &text)));
                }
                (_, Some(_)) => {}
                (_, None) => {
                    elsewhere |= value == Value::Null;
                    open |= value != Value::Null;
                }
            }
        }
        if elsewhere {
            let reason = "the template of this stack set is not written here; its keys are not examined";
            self.problem(ProblemKind::RemoteTemplate, entry.key, reason);
        }
        if open {
            self.problem(ProblemKind::RemoteTemplate, entry.key, OPEN_BODY);
        }
        stacks
    }

    /// A text with markers for what is not known in it; `None` for what is no text, or wholly unknown.
    fn spelled_out(&self, value: &Value) -> Option<String> {
        let pieces = match value {
            Value::String(text) => return Some(text.to_string()),
            Value::Sym(sym) => match self.cx.node(*sym) {
                Some(SymNode::Concat(pieces)) => pieces,
                _ => return None,
            },
            _ => return None,
        };
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.to_string(),
            Piece::Sym(sym) => self.marker(Value::Sym(*sym), false),
        };
        Some(pieces.iter().map(piece).collect())
    }

    /// What a value is at each of the values of its inputs, where these are listed.
    fn ways(&self, within: Guard, value: &Value) -> Vec<(Guard, Value)> {
        let ways = self.cx.alternatives(&self.tabulated(value)).into_iter();
        ways.map(|(guard, way)| (self.cx.and(within, guard), way)).collect()
    }

    /// The stacks of one text of a stack set's template.
    fn stacks_of(
        &self,
        s: &Stack,
        entry: &Entry,
        (properties, body): (&Node, &Node),
        guard: Guard,
        (value, text): (&Value, &str),
    ) -> Vec<usize> {
        let secret = self.cx.mark_within(value) == Some(Mark::Sensitive);
        // Where text was put together, or stands in text itself, places in it are the whole of it.
        let written = written_in(body, text).filter(|_| s.inner.is_none());
        let source = self.files.source(s.at_file.get());
        let offsets = written.map(|node| Offsets::new(&source.text, node));
        let whole = view::span(body);
        let place = move |span: Span| match &offsets {
            Some(map) => {
                let at = |index: u32| u32::try_from(map.offset(index as usize)).unwrap_or(whole.end);
                Span { start: at(span.start), end: at(span.end).max(at(span.start)) }
            }
            None => whole,
        };
        let loaded = load::parse_text(text);
        for error in loaded.errors.iter().filter(|_| prefilter::mentions_key_type(text)) {
            let at = Loc::new(s.at_file.get(), place(error.span));
            let message = if secret { load::NOT_PARSED.into() } else { error.message.clone() };
            self.problem(ProblemKind::Syntax, at, message);
        }
        let doc = loaded.documents.iter().find(|d| load::is_template(d));
        if text.contains(OPEN) && self.is_partly_known(doc) {
            let ways: Vec<_> = self.ways(guard, value);
            if ways.iter().any(|(_, way)| way != value) {
                let each = |(guard, way): &(Guard, Value)| {
                    let text = self.spelled_out(way)?;
                    Some(self.stacks_of(s, entry, (properties, body), *guard, (way, &text)))
                };
                return ways.iter().filter_map(each).flatten().collect();
            }
            self.problem(ProblemKind::RemoteTemplate, entry.key, OPEN_BODY);
        }
        let Some(doc) = doc else { return Vec::new() };
        let doc = if secret { self.without_secrets(doc, value, false) } else { doc.clone() };
        let inner = Inner::new(text.to_string(), &doc, place);
        let doc = doc.moved(&|span| inner.place(span));
        let there = self.cx.and(guard, self.there(s, entry));
        // Each stack set is in accounts of its own.
        let exists = entry.times.only(&self.cx, there).within(&self.cx, &s.times).exists;
        let mut calls = s.calls.clone();
        calls.push(entry.key);
        let (inner, ways) = (Rc::new(inner), self.passed(s, properties));
        let set = self.address(s, &entry.name);
        let numbered = |number: usize| if ways.len() > 1 { format!("[{number}]") } else { String::new() };
        // The regions of accounts that were taken before: one deployment of the set is one stack there.
        let mut taken: HashMap<(usize, String), Guard> = HashMap::new();
        let mut stacks = Vec::new();
        for (group, way) in ways.iter().enumerate() {
            let accounts = ways.iter().position(|other| other.goes_to(way)).unwrap_or(group);
            let items: Option<Vec<Item>> =
                (!way.regions.is_empty()).then(|| self.items_at(s, &way.regions, exists));
            let several = items.as_ref().is_some_and(|i| i.len() > 1 || i.iter().any(|i| i.times.is_some()));
            let regions = items.map_or_else(|| vec![None], |items| items.into_iter().map(Some).collect());
            for item in regions {
                if self.stacks.borrow().len() >= STACKS.most {
                    self.budget(entry.key, &STACKS);
                    return stacks;
                }
                let region = item.as_ref().map(|item| item.text.clone());
                let (guard, times) = item.map_or((way.guard, None), |item| (item.guard, item.times));
                let before =
                    taken.entry((accounts, region.clone().unwrap_or_default())).or_insert(Guard::FALSE);
                let here = self.cx.and(guard, self.cx.not(*before));
                *before = self.cx.or(*before, guard);
                if here.is_false() {
                    continue;
                }
                let times = times.unwrap_or(Multiplicity::ONCE).only(&self.cx, self.cx.and(exists, here));
                let which = region.as_ref().filter(|_| several);
                let which = which.map_or_else(String::new, |region| self.in_brackets(region));
                let id = self.stacks.borrow().len();
                let origin = StackOrigin {
                    root: id,
                    prefix: format!("{set}{}{which}/", numbered(group)),
                    caller: Some(Caller { stack: s.id, parameters: way.parameters.clone() }),
                    times,
                    calls: calls.clone(),
                    given: Given {
                        region,
                        accounts: Some(format!("{set}{}/", numbered(accounts))),
                        ..Given::default()
                    },
                    assets: Rc::default(),
                    inner: Some(inner.clone()),
                };
                let stack = self.build(s.at_file.get(), s.folder.clone(), doc.clone(), origin);
                self.stacks.borrow_mut().push(Rc::new(stack));
                stacks.push(id);
            }
        }
        stacks
    }

    /// What a stack set passes to its instances: its own parameters, and before them those that a group of instances overrides,
    /// once for each way to; and to which regions.
    fn passed(&self, s: &Stack, properties: &Node) -> Vec<Way> {
        let own = properties.get("Parameters");
        let lists = properties.get("StackInstancesGroup");
        let lists = lists.map(|groups| self.chosen(s, groups, Guard::TRUE)).unwrap_or_default();
        let groups = lists.iter().flat_map(|(guard, list)| list.items().iter().map(|group| (*guard, group)));
        let mut ways: Vec<Way> = Vec::new();
        for (guard, group) in groups.flat_map(|(guard, group)| self.chosen(s, group, guard)) {
            let parameters = match group.get("ParameterOverrides") {
                None => own.map(|own| as_map([own])),
                Some(overrides) => Some(as_map([overrides].into_iter().chain(own))),
            };
            let targets = group.get("DeploymentTargets").cloned();
            let regions = group.get("Regions").map(|regions| (guard, regions.clone())).into_iter().collect();
            let way = Way { guard, parameters, targets, regions };
            let each = |way: &Way| -> Vec<(Guard, Option<Node>)> {
                way.regions.iter().map(|(g, n)| (*g, written(&Some(n.clone())))).collect()
            };
            let alike = |known: &Way| written(&known.parameters) == written(&way.parameters);
            if let Some(known) = ways.iter_mut().find(|known| alike(known) && known.goes_to(&way)) {
                known.guard = self.cx.or(known.guard, guard);
                known.regions.extend(way.regions);
            // What is deployed alike to other accounts is the same there.
            } else if !ways.iter().any(|known| alike(known) && each(known) == each(&way)) {
                ways.push(way);
            }
        }
        if ways.is_empty() {
            let parameters = own.map(|own| as_map([own]));
            ways.push(Way { guard: Guard::TRUE, parameters, targets: None, regions: Vec::new() });
        }
        ways
    }

    /// What conditions choose, each with when it is that.
    fn chosen<'n>(&self, s: &Stack, node: &'n Node, within: Guard) -> Vec<(Guard, &'n Node)> {
        let Some((name, [then, otherwise])) = choice_of(node) else {
            let there = view::call(node).is_none() && !within.is_false();
            return if there { vec![(within, node)] } else { Vec::new() };
        };
        let holds = self.condition(s, &name, node);
        let (when, refused) = (self.cx.truth(&holds), self.cx.refused(&holds));
        let not = self.cx.not(self.cx.or(when, refused));
        let branches = [(then, when), (otherwise, not)];
        branches.into_iter().flat_map(|(n, g)| self.chosen(s, n, self.cx.and(within, g))).collect()
    }

    /// What an address has for a region, which may be a marker.
    fn in_brackets(&self, region: &str) -> String {
        let shown = self.shown(region);
        if shown.starts_with('[') { shown } else { format!("[{shown}]") }
    }
}

/// What is said of a template of which inputs decide what is in it.
const OPEN_BODY: &str = "the template in this stack set depends on inputs; its keys are not examined";

/// The condition and the branches of `Fn::If`.
fn choice_of(node: &Node) -> Option<(String, [&Node; 2])> {
    let chosen = match node.entries() {
        [(key, chosen)] if key.text() == Some("Fn::If") => chosen,
        _ => Some(node).filter(|node| node.tag.as_ref().is_some_and(|tag| tag.text == "!If"))?,
    };
    let [name, then, otherwise] = chosen.items() else { return None };
    Some((resources::condition_name(name)?, [then, otherwise]))
}

/// The literal that a text is written as: the body itself, or what a condition chooses.
fn written_in<'n>(body: &'n Node, text: &str) -> Option<&'n Node> {
    match choice_of(body) {
        Some((_, branches)) => branches.into_iter().find_map(|branch| written_in(branch, text)),
        None => Some(body).filter(|body| body.tag.is_none() && body.text() == Some(text)),
    }
}

/// A way in which a stack set's template is deployed.
struct Way {
    /// When it is.
    guard: Guard,
    /// What is passed to it.
    parameters: Option<Node>,
    /// Which accounts it goes to, as written.
    targets: Option<Node>,
    /// The regions that it is deployed to in each of these accounts, as written: lists, which may be computed.
    regions: Vec<(Guard, Node)>,
}

impl Way {
    /// Whether the other one goes to the same accounts.
    fn goes_to(&self, other: &Way) -> bool {
        written(&self.targets) == written(&other.targets)
    }
}

/// A node without its places.
fn written(node: &Option<Node>) -> Option<Node> {
    node.as_ref().map(|node| node.moved(&|_| Span::default()))
}

/// Lists of `{ParameterKey, ParameterValue}` as one map: of those with one key, the first counts.
fn as_map<'n>(lists: impl IntoIterator<Item = &'n Node>) -> Node {
    let (mut entries, mut span): (Vec<(Node, Node)>, Span) = (Vec::new(), Span::default());
    for list in lists {
        span = list.span;
        for pair in list.items() {
            let (Some(key), Some(value)) = (pair.get("ParameterKey"), pair.get("ParameterValue")) else {
                continue;
            };
            if !entries.iter().any(|(known, _)| known.text() == key.text()) {
                entries.push((key.clone(), value.clone()));
            }
        }
    }
    Node { kind: NodeKind::Map(entries.into()), span, tag: None }
}
