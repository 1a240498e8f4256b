//! Templates that another language deploys, in the context that it was evaluated in.
//!
//! Source: provider documentation of Terraform's `aws_cloudformation_stack` (`template_body`, `parameters`).

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::places::Inner;
use super::read_back::{Outputs, read_back, settle};
use super::resources::{hold_keys, makes_keys, matters, type_of};
use super::text::{OPEN, is_marker};
use super::{Given, Param, Stack, StackOrigin, World, load};
use crate::key::{AccessKey, Mode, Multiplicity, Resolved, Role, RoleLoc};
use crate::parse::tree::Node;
use crate::prefilter;
use crate::problem::{Assumption, Place, Problem, ProblemKind};
use crate::resolve::Inputs;
use crate::resolve::embedded::{Body, Embedded, Parameters, Stack as Deployed};
use crate::source::{Files, Source};
use crate::span::{FileId, Loc};
use crate::unit::UnitName;
use crate::value::limits::STACKS;
use crate::value::{Cx, Guard, Value};

/// Adds what the templates of a resolved unit declare to it.
pub fn add(
    mut resolved: Resolved,
    embedded: Embedded,
    unit: UnitName,
    files: &Files,
    inputs: &Inputs,
    mode: Mode,
) -> Resolved {
    let Embedded { stacks, elements } = embedded;
    let mut world = World::new(files, inputs, mode, unit, Vec::new());
    world.cx = std::mem::take(&mut resolved.cx);
    let each = |value: &Value| matches!(value, Value::Sym(sym) if world.cx.leaf(*sym).is_some_and(|leaf| leaf.is_element()));
    let elements: Vec<(Value, bool)> = elements.into_iter().map(|v| (v.clone(), each(&v))).collect();
    world.elements = elements.into();
    let mut roots: BTreeMap<usize, &Deployed> = BTreeMap::new();
    let mut bodies: Vec<(usize, Guard, usize)> = Vec::new();
    for (number, stack) in stacks.iter().enumerate() {
        for (guard, body) in &stack.bodies {
            let Some((file, folder, doc, inner)) = world.document(stack, body) else { continue };
            // Of text that is made of a template file (`templatefile`) that is the file.
            if !resolved.deployed.contains(&file) {
                resolved.deployed.push(file);
            }
            // So are files that the text was computed from (`replace(file("a.yaml"), …)`), where all their keys are in it.
            let copied = stack.read.iter().filter_map(|path| load::load(path, files).ok());
            let copied =
                copied.filter(|(_, from)| from.documents.iter().all(|from| holds_keys_of(&doc, from)));
            resolved.deployed.extend(copied.map(|(file, _)| file));
            if world.stacks.borrow().len() >= STACKS.most {
                // One that holds no key is not missed.
                if hold_keys(&doc) {
                    world.budget(stack.header, &STACKS);
                }
                continue;
            }
            let times = stack.times.only(&world.cx, *guard);
            let root = world.deployed(stack, file, folder, doc, times, inner);
            roots.insert(root, stack);
            bodies.push((number, *guard, root));
        }
    }
    let mut found = world.evaluate();
    let mut outputs = Outputs::new();
    for (number, stack) in stacks.iter().enumerate() {
        let Some(symbol) = stack.outputs else { continue };
        let own = bodies.iter().filter(|(of, ..)| *of == number);
        let mut value = Value::Sym(symbol);
        for (_, guard, root) in own {
            value = world.cx.if_else(*guard, world.outputs_of(*root), value);
        }
        if value != Value::Sym(symbol) {
            outputs.insert(symbol, value);
        }
    }
    settle(&world.cx, &mut outputs);
    let mut refused: Vec<&Problem> = Vec::new();
    // A stack set in a template has accounts of its own.
    found.put_into(|root| roots.get(&root).map(|stack| stack.account.clone()));
    for made in &mut found.keys {
        let Some(stack) = roots.get(&world.deployed_by(made.root)) else { continue };
        if !stack.refused.is_empty() {
            made.key.times.exists = Guard::FALSE;
            refused.extend(&stack.refused);
        }
        let multiplier = stack.multiplier.map(|loc| RoleLoc { role: Role::Multiplier, loc });
        made.key.places.extend(multiplier);
    }
    let found = world.finish(found, 0);
    resolved.cx = found.cx;
    for stack in stacks.iter().filter(|s| s.elsewhere) {
        resolved.assumptions.extend(taken_for_others(&resolved.cx, stack, &resolved.keys, &found.keys));
    }
    resolved.keys.extend(found.keys);
    resolved.users.extend(found.users);
    resolved.refusals.extend(found.refusals);
    resolved.inside.extend(found.inside);
    for problem in refused.into_iter().chain(&found.problems) {
        if !resolved.problems.contains(problem) {
            resolved.problems.push(problem.clone());
        }
    }
    resolved
        .files
        .extend(found.files.iter().filter(|f| !resolved.files.contains(f)).copied().collect::<Vec<_>>());
    resolved.overridable |= found.overridable;
    resolved.fillable |= found.fillable;
    resolved.emptied |= found.emptied;
    resolved.short |= found.short;
    resolved.few.extend(found.few);
    resolved.collections.extend(found.collections);
    if !outputs.is_empty() {
        read_back(&mut resolved, &outputs);
    }
    resolved
}

/// What is assumed of a stack set: that a user of its accounts is another than one of that name here; said where a key
/// outside of the set is for such a name.
fn taken_for_others(cx: &Cx, stack: &Deployed, own: &[AccessKey], made: &[AccessKey]) -> Option<Assumption> {
    let inside = |key: &&AccessKey| key.account.scope == stack.account.scope;
    let users: HashSet<Value> = made.iter().filter(inside).map(|k| cx.fold_case(&k.user)).collect();
    // Two that are both known are others.
    let known = |key: &AccessKey| key.account.id.is_some() && stack.account.id.is_some();
    let mut others = own.iter().chain(made).filter(|key| !inside(key) && !known(key));
    let other = others.find(|key| users.contains(&cx.fold_case(&key.user)))?;
    let reason = format!(
        "the accounts that {} deploys to are taken for others than that of {}; in one account, their keys are for \
         one user",
        stack.address, other.address
    );
    Some(Assumption { reason, place: stack.header.into() })
}

/// Whether another template can make keys, and this one has each resource of it that can.
fn holds_keys_of(doc: &Node, other: &Node) -> bool {
    let entries = |doc: &Node| -> Vec<(Node, Node)> {
        let all = doc.get("Resources").map(Node::entries).unwrap_or_default().iter();
        all.filter(|(_, entry)| makes_keys(type_of(entry)) || hold_keys(entry)).cloned().collect()
    };
    let (own, others) = (entries(doc), entries(other));
    !others.is_empty() && others.iter().all(|(name, _)| own.iter().any(|(of, _)| of.text() == name.text()))
}

impl World<'_> {
    /// The stack that another language deploys, in which one is.
    fn deployed_by(&self, stack: usize) -> usize {
        let caller = self.stack(stack).and_then(|stack| Some(stack.caller.as_ref()?.stack));
        caller.map_or(stack, |caller| self.deployed_by(caller))
    }

    /// The template of a body, with its file and the folder that its local paths start from.
    fn document(&self, stack: &Deployed, body: &Body) -> Option<(FileId, PathBuf, Node, Option<Inner>)> {
        let is_template = |document: &&Node| document.get("Resources").is_some();
        let is_there = |documents: &[Node]| documents.iter().find(is_template).cloned();
        match body {
            Body::Tree(file, node) => {
                let doc = self.with_names(node);
                self.say_what_is_open(stack, Some(&doc), true);
                Some((*file, self.folder_of(*file), doc, Some(Inner::in_terraform())))
            }
            Body::File(path) => {
                let read = load::load(path, self.files);
                if let Err(error) = &read {
                    let place = Place::Path(self.files.display(path));
                    self.sink.problem(Problem::new(
                        ProblemKind::Unreadable,
                        place,
                        format!("this file {error}"),
                    ));
                }
                let (file, loaded) = read.ok()?;
                if loaded.errors.is_empty() && is_there(&loaded.documents).is_some() {
                    self.files.is_judged(file);
                }
                if prefilter::mentions_key_type(&self.files.source(file).text) {
                    for error in &loaded.errors {
                        // A function read it, and which of its words are names is not known.
                        self.files.take_apart(file);
                        self.problem(ProblemKind::Syntax, Loc::new(file, error.span), error.message.clone());
                    }
                }
                let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
                Some((file, folder, is_there(&loaded.documents)?, None))
            }
            Body::Text(text) => {
                let loaded = load::parse(&Source::new(String::new(), text.text.clone().into_bytes()));
                let is_whole = loaded.errors.is_empty();
                if prefilter::mentions_key_type(&text.text) {
                    for error in loaded.errors {
                        // So was a template that a function renders.
                        self.files.take_apart(text.file);
                        let at = Loc::new(text.file, text.place(error.span));
                        let message = match text.hidden {
                            Some(_) => load::NOT_PARSED.into(),
                            None => error.message,
                        };
                        self.problem(ProblemKind::Syntax, at, message);
                    }
                }
                let doc = is_there(&loaded.documents).map(|doc| self.with_names(&doc));
                if text.hidden.is_none() && is_whole && doc.is_some() {
                    self.files.is_judged(text.file);
                }
                self.say_what_is_open(stack, doc.as_ref(), text.text.contains(OPEN));
                let doc = doc?;
                let doc = text
                    .hidden
                    .as_ref()
                    .map_or(doc.clone(), |secret| self.without_secrets(&doc, secret, text.chosen));
                let own = text.clone();
                let inner = Inner::new(text.text.clone(), &doc, move |span| own.place(span));
                Some((text.file, self.folder_of(text.file), text.placed(&doc), Some(inner)))
            }
        }
    }

    /// Whether a marker stands for resources of a template, for what kind of resource one is, or for properties of those
    /// that matter.
    pub(super) fn is_partly_known(&self, doc: Option<&Node>) -> bool {
        let is_open = |node: &Node| node.text().is_some_and(|text| text.contains(OPEN));
        // What is merged into a map, or written between its entries, has a marker in the place of an entry.
        let holds_more = |map: &Node| {
            map.entries().iter().any(|(key, value)| {
                key.text().is_some_and(is_marker) && value.entries().is_empty() && value.items().is_empty()
            })
        };
        let open_map = |map: &Node| is_open(map) || holds_more(map);
        let resource = |(_, resource): &(Node, Node)| {
            let kind = resource.get("Type").is_some_and(|kind| is_open(kind) && self.kinds(kind).is_empty());
            let properties =
                resource.get("Properties").is_some_and(|p| matters(type_of(resource)) && open_map(p));
            open_map(resource) || kind || properties
        };
        match doc.and_then(|doc| Some((doc, doc.get("Resources")?))) {
            Some((doc, resources)) => {
                holds_more(doc) || open_map(resources) || resources.entries().iter().any(resource)
            }
            None => true,
        }
    }

    /// The types that one which inputs decide may be, each with when it is that one; none where they are not known.
    pub(super) fn kinds(&self, kind: &Node) -> Vec<(Guard, String)> {
        let value = self.text(kind.text().unwrap_or_default());
        let all = self.cx.alternatives(&self.tabulated(&value));
        let all = all.into_iter().filter(|(_, value)| !matches!(value, Value::Refused(_)));
        let kind = |(guard, value): (Guard, Value)| Some((guard, value.as_str()?.to_string()));
        all.map(kind).collect::<Option<Vec<_>>>().unwrap_or_default()
    }

    /// A value with each input that is listed as each of its values.
    pub(super) fn tabulated(&self, value: &Value) -> Value {
        self.cx.map(value, |value| match value {
            Value::Sym(sym) => self.cx.tabulated(*sym).unwrap_or_else(|| value.clone()),
            known => known.clone(),
        })
    }

    /// Says where the deployment decides which resources a template has, and which properties those that matter.
    fn say_what_is_open(&self, stack: &Deployed, doc: Option<&Node>, has_markers: bool) {
        if has_markers && self.is_partly_known(doc) {
            let reason = "which resources the template of this stack has is only known at deployment; those that are not \
                          written here are not examined";
            self.problem(ProblemKind::RemoteTemplate, stack.header, reason);
        }
    }

    fn folder_of(&self, file: FileId) -> PathBuf {
        let path = self.files.path_of(&self.files.source(file).path);
        path.parent().map(Path::to_path_buf).unwrap_or_default()
    }

    fn deployed(
        &self,
        stack: &Deployed,
        file: FileId,
        folder: PathBuf,
        doc: Node,
        times: Multiplicity,
        inner: Option<Inner>,
    ) -> usize {
        let id = self.stacks.borrow().len();
        let origin = StackOrigin {
            root: id,
            prefix: format!("{}/", stack.address),
            caller: None,
            times,
            calls: stack.calls.iter().copied().chain([stack.header]).collect(),
            given: Given {
                passed: Some(stack.parameters.clone()),
                region: stack.region.as_ref().map(|region| self.marker(region.clone(), false)),
                ..Given::default()
            },
            assets: Rc::default(),
            inner: inner.map(Rc::new),
        };
        let stack = self.build(file, folder, doc, origin);
        self.stacks.borrow_mut().push(Rc::new(stack));
        self.roots.borrow_mut().push(id);
        id
    }

    /// A parameter of a template that another language deploys: what it passes, else the default.
    pub(super) fn deployed_parameter(&self, s: &Stack, param: &Param, passed: &Parameters) -> Value {
        let named = passed.named.get(&param.name).cloned();
        let other = || passed.other.as_ref().map(|map| self.cx.index(map, &Value::from(param.name.as_str())));
        let value = named.or_else(other).unwrap_or(Value::Null);
        self.cx.map(&value, |value| self.given_value(s, param, value))
    }

    /// Refuses what another language passes to a stack and it does not declare or allow. What is passed may be named by a file:
    /// no name is quoted.
    pub(super) fn refuse_deployed(&self, s: &Stack, passed: &Parameters) {
        let Some(at) = s.calls.last().copied() else { return };
        // A macro may declare more.
        let own = s.sections_named("Transform").next().is_none();
        for (_, value) in passed.named.iter().filter(|(name, _)| own && !s.params.contains_key(*name)) {
            let there = self.cx.and(s.times.exists, self.cx.not(self.cx.null(value)));
            let reason = "a parameter is passed that the stack's template does not declare";
            self.refuse(at, &Value::refused(reason, Some(at)), there);
        }
        for value in s.params.keys().filter_map(|name| self.parameter(s, name)) {
            self.refuse(at, &value, s.times.exists);
        }
    }
}
