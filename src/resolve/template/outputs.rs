//! Outputs, and what reads them in other stacks: imports, weak references, the CDK's cross-region readers.
//!
//! Source: CloudFormation's user guide, "Outputs", "Fn::ImportValue", "Fn::GetStackOutput"; syntheses of the CDK.

use std::borrow::Cow;
use std::rc::Rc;

use super::functions::{IMPORT, STACK_OUTPUT};
use super::{Kind, Stack, World, resources, scalar, view};
use crate::parse::tree::Node;
use crate::value::symbol::Piece;
use crate::value::{Guard, SymId, SymNode, Value};

/// An output that other stacks can import.
pub(super) struct Export {
    stack: Rc<Stack>,
    output: String,
    /// Its name, with supplied inputs as given.
    name: Value,
}

/// A stack with those of its outputs that are exported by a name, each with when it is.
type Exporter = (Rc<Stack>, Vec<(String, Guard)>);

/// The names of every import in a tree.
fn imported<'n>(node: &'n Node, names: &mut Vec<Cow<'n, Node>>) {
    if let Some(call) = view::call(node)
        && call.name == "Fn::ImportValue"
    {
        return names.push(call.arg);
    }
    node.children().for_each(|inner| imported(inner, names));
}

/// Whether two stacks are of one assembly or one Stage of it: what one of them refers to by name, is in the other.
fn same_stage(a: &Stack, b: &Stack) -> bool {
    a.assets.folder.is_some() && a.assets.folder == b.assets.folder
}

impl World<'_> {
    /// The value of an output; refused where it is not there.
    pub(super) fn output(&self, s: &Stack, name: &str) -> Value {
        self.once(s, Kind::Output, name, || {
            let outputs = self.section(s, "Outputs");
            let entry = outputs.named(name);
            let Some(entry) = entry else {
                let what = if s.caller.is_some() { "nested stack" } else { "stack" };
                return Value::refused(format!("the {what} has no output `{name}`"), None);
            };
            let value = entry.node.get("Value");
            let value = value.map_or(Value::Null, |node| s.inside(entry.file, || self.eval(s, node)));
            let Some(condition) = entry.node.get("Condition") else { return value };
            let holds = self.cx.truth(&self.resource_condition(s, condition));
            let reason = format!("the output `{name}` is not there where its condition does not hold");
            self.cx.if_else(holds, value, Value::refused(reason, Some(s.loc(condition))))
        })
    }

    fn peers(&self) -> Vec<Rc<Stack>> {
        self.roots.borrow().iter().filter_map(|&id| self.stack(id)).collect()
    }

    fn region_of(&self, s: &Stack) -> (Option<String>, Option<String>) {
        let root = self.stack(s.root);
        let given = &root.as_deref().unwrap_or(s).given;
        (given.account.clone(), given.region.clone())
    }

    /// The same, those of the stack's own Stage first: two Stages can hold stacks of one name.
    fn nearest_peers(&self, s: &Stack) -> Vec<Rc<Stack>> {
        let mut peers = self.peers();
        peers.sort_by_key(|peer| !same_stage(s, peer));
        peers
    }

    /// Joins the accounts of root stacks of which one imports what the other one exports, whatever it is needed for.
    pub fn link(&self) {
        let roots = self.peers();
        if roots.len() < 2 {
            return;
        }
        for root in roots {
            self.link_from(&root);
        }
    }

    fn link_from(&self, s: &Rc<Stack>) {
        let mut names = Vec::new();
        imported(&s.doc, &mut names);
        for node in &names {
            // What is wrong with a name matters where it leads to a key.
            let (name, said) = self.sink.tried(|| self.eval(s, node));
            said.refusals.into_iter().for_each(|refused| self.sink.refuse(refused));
            said.assumptions.into_iter().for_each(|assumption| self.sink.assume(assumption));
            let peer = self.exporter(s, &name).map(|found| found.0);
            if let Some(peer) = peer {
                self.links.borrow_mut().insert((s.root.min(peer.root), s.root.max(peer.root)));
            }
        }
        for child in self.nested_in(s) {
            self.link_from(&child);
        }
    }

    /// The stacks that a stack's resources may be.
    fn nested_in(&self, s: &Stack) -> Vec<Rc<Stack>> {
        let section = self.section(s, "Resources");
        let nested = section.entries.iter().filter(|e| resources::is_nested(resources::type_of(&e.node)));
        let children = nested.flat_map(|entry| self.children(s, entry).to_vec());
        children.filter_map(|(_, child)| self.stack(child)).collect()
    }

    /// Every export of every stack, those of nested stacks included.
    fn exports(&self) -> Rc<Vec<Export>> {
        if let Some(known) = self.exports.borrow().as_ref() {
            return known.clone();
        }
        let mut all = Vec::new();
        for root in self.peers() {
            self.add_exports(&root, &mut all);
        }
        let all = Rc::new(all);
        *self.exports.borrow_mut() = Some(all.clone());
        all
    }

    fn add_exports(&self, s: &Rc<Stack>, all: &mut Vec<Export>) {
        for entry in &self.section(s, "Outputs").entries {
            if let Some(name) = entry.node.get("Export").and_then(|export| export.get("Name")) {
                let name = self.cx.as_given(&s.inside(entry.file, || self.eval(s, name)));
                all.push(Export { stack: s.clone(), output: entry.name.clone(), name });
            }
        }
        for child in self.nested_in(s) {
            self.add_exports(&child, all);
        }
    }

    /// The one stack, of another root in the same account and region, that exports a name, and its outputs of that name,
    /// each with when it has that. Two that export it are alternatives, of which nothing says which one is meant, unless
    /// one is in the same Stage of an assembly.
    fn exporter(&self, s: &Stack, name: &Value) -> Option<Exporter> {
        let name = self.cx.as_given(name);
        let all = self.exports();
        let here = self.region_of(s);
        let others: Vec<&Export> = all
            .iter()
            .filter(|e| e.stack.root != s.root && self.region_of(&e.stack) == here && self.is_there(e))
            .collect();
        let named = |e: &Export| self.named_so(e, &name);
        let same: Vec<&Export> = others.iter().copied().filter(|e| !named(e).is_false()).collect();
        let is_same = !same.is_empty();
        // A stack's own name is not known to its template: the name fits with anything in its place.
        let fitting = || others.iter().copied().filter(|e| self.fits(e, &name)).collect();
        let found: Vec<&Export> = if same.is_empty() { fitting() } else { same };
        let stage: Vec<&Export> = found.iter().copied().filter(|e| same_stage(s, &e.stack)).collect();
        let found = if stage.is_empty() { found } else { stage };
        let first = found.first()?;
        let one = found.iter().all(|e| e.stack.id == first.stack.id);
        let when = |e: &Export| if is_same { named(e) } else { Guard::TRUE };
        one.then(|| (first.stack.clone(), found.iter().map(|e| (e.output.clone(), when(e))).collect()))
    }

    /// When an export has a name: where the values of inputs are listed, with those that give it.
    fn named_so(&self, export: &Export, name: &Value) -> Guard {
        if export.name == *name {
            return Guard::TRUE;
        }
        let listed = match &export.name {
            Value::Sym(sym) => self.cx.tabulated(*sym),
            _ => None,
        };
        let all = self.cx.alternatives(listed.as_ref().unwrap_or(&export.name)).into_iter();
        self.cx.any(all.filter(|(_, own)| own == name).map(|(when, _)| when))
    }

    /// Whether an output can be there at all.
    fn is_there(&self, export: &Export) -> bool {
        let outputs = self.section(&export.stack, "Outputs");
        let entry = outputs.named(&export.output);
        let condition = entry.and_then(|e| e.node.get("Condition"));
        condition.is_none_or(|c| !self.cx.truth(&self.resource_condition(&export.stack, c)).is_false())
    }

    fn fits(&self, export: &Export, name: &Value) -> bool {
        let Some(own) = self.pseudo(&export.stack, "AWS::StackName") else { return false };
        let (Some(exported), Some(name)) = (self.spelt(&export.name), self.spelt(name)) else { return false };
        let Some(own) = self.spelt(&own).filter(|_| matches!(self.cx.as_given(&own), Value::Sym(_))) else {
            return false;
        };
        let Some((before, after)) = exported.split_once(&own) else { return false };
        if before.is_empty() && after.is_empty() || after.contains(&own) {
            return false;
        }
        let rest = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        rest.is_some_and(|rest| !rest.is_empty())
    }

    /// Text with its symbols under marks; `None` for what is no text.
    fn spelt(&self, value: &Value) -> Option<String> {
        let mark = |sym: SymId| format!("\u{0}{}\u{0}", sym.0);
        match value {
            Value::String(text) => Some(text.to_string()),
            Value::Sym(sym) => Some(match self.cx.node(*sym) {
                Some(SymNode::Concat(pieces)) => pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => text.to_string(),
                        Piece::Sym(sym) => mark(*sym),
                    })
                    .collect(),
                _ => mark(*sym),
            }),
            _ => None,
        }
    }

    /// `Fn::ImportValue`: the exporting stack's value where it is resolved together with this one.
    pub(super) fn import(&self, s: &Stack, node: &Node, name: &Value) -> Value {
        let unknown = || self.located(self.cx.call(&IMPORT, std::slice::from_ref(name)), s, node);
        let Some((peer, outputs)) = self.exporter(s, name) else { return unknown() };
        self.links.borrow_mut().insert((s.root.min(peer.root), s.root.max(peer.root)));
        // Outputs under conditions that exclude each other can have one export's name.
        let mut value = Value::refused("nothing exports this name where it is imported", Some(s.loc(node)));
        let mut any = Guard::FALSE;
        for (output, named) in outputs {
            let own = self.output(&peer, &output);
            let there = self.cx.and(named, self.cx.not(self.cx.refused(&own)));
            value = self.cx.if_else(there, own, value);
            any = self.cx.or(any, named);
        }
        // Where it has another name, something else exports this one.
        if any.is_true() { value } else { self.cx.if_else(any, value, unknown()) }
    }

    /// `Fn::GetStackOutput`: a reference by the names of the stack and of its output.
    pub(super) fn stack_output(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let field = |name: &str| arg.get(name).map_or(Value::Null, |n| self.eval(s, n));
        let (stack, output, region) = (field("StackName"), field("OutputName"), field("Region"));
        let elsewhere = arg.get("RoleArn").is_some();
        let (_, own_region) = self.region_of(s);
        let wanted_region = match &region {
            Value::String(text) => Some(text.to_string()),
            _ => own_region,
        };
        let named = |peer: &Rc<Stack>| {
            peer.id != s.root
                && peer.given.name.as_deref().is_some_and(|name| stack.as_str() == Some(name))
                && self.region_of(peer).1 == wanted_region
                && (elsewhere || self.region_of(peer).0 == self.region_of(s).0)
        };
        let peers: Vec<Rc<Stack>> = self.nearest_peers(s).into_iter().filter(named).collect();
        if let Some(output) = output.as_str() {
            let has = |peer: &&Rc<Stack>| peer.doc.get("Outputs").is_some_and(|o| o.get(output).is_some());
            // Of another account's stacks not all are known.
            let here = || peers.first().filter(|_| !elsewhere);
            if let Some(peer) = peers.iter().find(has).or_else(here) {
                if !elsewhere {
                    self.links.borrow_mut().insert((s.root.min(peer.id), s.root.max(peer.id)));
                }
                return self.located(self.output(peer, output), s, node);
            }
        }
        self.located(self.cx.call(&STACK_OUTPUT, &[stack, output, region, field("RoleArn")]), s, node)
    }

    /// What the CDK's cross-region reader reads: the value that a writer in another stack has under that name.
    pub(super) fn exported_across_regions(&self, s: &Stack, name: &str) -> Option<Value> {
        for peer in self.nearest_peers(s) {
            let resources = peer.doc.get("Resources").map(Node::entries).unwrap_or_default();
            for (_, resource) in resources {
                if resources::type_of(resource) != "Custom::CrossRegionExportWriter" {
                    continue;
                }
                let exports = resource.get("Properties").and_then(|p| p.get("WriterProps")?.get("exports"));
                let found = exports.into_iter().flat_map(|e| e.entries());
                let mut found = found.filter(|(key, _)| scalar::read(key).as_deref() == Some(name));
                if let Some((_, value)) = found.next_back() {
                    self.links.borrow_mut().insert((s.root.min(peer.id), s.root.max(peer.id)));
                    return Some(self.eval(&peer, value));
                }
            }
        }
        None
    }
}
