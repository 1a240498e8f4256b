//! Nested stacks: where their templates are, and what goes down to them.
//!
//! Source: CloudFormation's resource reference, `AWS::CloudFormation::Stack`; `aws cloudformation package` (a local
//! path is one that is no URL); the CDK's layout of nested templates in an assembly.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::hidden::LOOP;
use super::places::Inner;
use super::resources::references;
use super::{
    Caller, Children, Entry, Given, Kind, MadeKey, Stack, StackOrigin, World, load, resources, service_files,
    uploaded, view,
};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::source::{Files, ReadError, normalize};
use crate::span::FileId;
use crate::value::limits::STACKS;
use crate::value::marks::Mark;
use crate::value::symbol::Piece;
use crate::value::{Guard, SymNode, Value};

/// Where an assembly keeps the templates of a stack's nested stacks. Empty outside an assembly.
#[derive(Debug, Default)]
pub struct Assets {
    /// The assembly's folder, if there is one.
    pub folder: Option<PathBuf>,
    /// Files of assets by the last part of their object key.
    pub by_key: BTreeMap<String, PathBuf>,
    /// Files by the nested stack's construct path, without a leading `/`.
    pub by_construct: BTreeMap<String, PathBuf>,
    /// Files by the parameter that names their bucket (legacy assets).
    pub by_parameter: BTreeMap<String, PathBuf>,
    /// Logical ids with the construct paths that made them, without a leading `/`.
    pub constructs: Vec<(String, String)>,
}

/// The construct that holds the resource of the nested stack `N` is `N` with this ending, beside it.
pub const NESTED: &str = ".NestedStack";

impl Assets {
    /// The construct paths of nested stacks.
    pub fn nested(&self) -> impl Iterator<Item = &str> {
        let scopes = self.constructs.iter().filter_map(|(_, path)| path.rsplit_once('/'));
        scopes.filter_map(|(scope, _)| scope.strip_suffix(NESTED))
    }
}

fn location_of(resource: &Node) -> Option<Node> {
    let name = if resources::type_of(resource) == "AWS::Serverless::Application" {
        "Location"
    } else {
        "TemplateURL"
    };
    property(resource.get("Properties")?, name)
}

/// A property; where conditions choose the properties as a whole, they choose it.
fn property(properties: &Node, name: &str) -> Option<Node> {
    let Some(call) = view::call(properties) else { return properties.get(name).cloned() };
    let ("Fn::If", [condition, then, otherwise]) = (&*call.name, call.arg.items()) else { return None };
    let (then, otherwise) = (property(then, name), property(otherwise, name));
    let at = properties.span;
    let text = |text: &str| view::literal(text.into(), at);
    let unset = || view::function("Ref", text("AWS::NoValue"), at);
    if then.is_none() && otherwise.is_none() {
        return None;
    }
    let branches = [then, otherwise].map(|branch| branch.unwrap_or_else(unset));
    let items = [condition.clone()].into_iter().chain(branches).collect();
    Some(view::function("Fn::If", Node { kind: NodeKind::Seq(items), span: at, tag: None }, at))
}

fn is_local(location: &str) -> bool {
    !location.is_empty() && !location.contains("://")
}

/// The templates that a template's nested stacks name: local paths as written in it, relative to its folder, and the
/// scanned files that its URLs can only mean; and whether evaluation may name others. `path` is the template's own,
/// absolute.
pub fn local_templates(doc: &Node, path: &Path, files: &Files) -> (Vec<PathBuf>, bool) {
    let folder = path.parent().unwrap_or(path);
    let resources = doc.get("Resources").map(Node::entries).unwrap_or_default();
    let mut found = Vec::new();
    let loaded = load::load(path, files).ok().map(|(_, loaded)| loaded);
    if let Some(service) = loaded.as_ref().and_then(|loaded| loaded.service.as_ref()) {
        found.extend(service_files::files_of(doc, service, folder, files));
    }
    let mut nested: Vec<Node> = Vec::new();
    nested_in(resources, &mut nested);
    // A snippet that looks like a template is one only through who includes it.
    let mut included = Vec::new();
    view::locations(doc, &mut included);
    let included = included.into_iter().filter(|location| is_local(location));
    for path in included.map(|location| files.real(&folder.join(location))) {
        let loaded = load::load(&path, files).map(|(_, loaded)| loaded).unwrap_or_default();
        for document in &loaded.documents {
            // A resource, its properties, resources, or a template.
            let resources = document.get("Resources").into_iter().chain([document]);
            nested.extend(nested_at(document));
            nested.extend(["TemplateURL", "Location"].iter().filter_map(|name| document.get(name).cloned()));
            nested.extend(resources.flat_map(Node::entries).filter_map(|(_, resource)| nested_at(resource)));
        }
        found.push(path);
    }
    let mut computed = false;
    for node in &nested {
        branches(node, &mut |node| match node.text().filter(|_| view::call(node).is_none()) {
            Some(text) if is_local(text) && !text.contains("${") => {
                found.push(files.real(&folder.join(text)));
            }
            text => {
                let mut fitting = uploaded::files_of(node, path, files);
                let one = fitting.pop().filter(|_| fitting.is_empty());
                computed |= one.is_none() && text.is_none_or(is_local);
                found.extend(one);
            }
        });
    }
    (found, computed)
}

/// Where the templates of nested stacks among resources are, those that loops make included.
fn nested_in(resources: &[(Node, Node)], found: &mut Vec<Node>) {
    for (name, resource) in resources {
        match name.text().is_some_and(|name| name.starts_with(LOOP)) {
            true => nested_in(resource.items().last().map(Node::entries).unwrap_or_default(), found),
            false => found.extend(nested_at(resource)),
        }
    }
}

/// Where the template of a resource is, if it is a nested stack.
fn nested_at(resource: &Node) -> Option<Node> {
    if resources::is_nested(resources::type_of(resource)) { location_of(resource) } else { None }
}

/// What a location is without the conditions that choose it.
pub(super) fn branches(node: &Node, take: &mut impl FnMut(&Node)) {
    match view::call(node) {
        Some(call) if call.name == "Fn::If" => {
            call.arg.items().iter().skip(1).for_each(|item| branches(item, take));
        }
        _ => take(node),
    }
}

/// The problem of a nested stack whose template is not on disk.
fn remote(entry: &Entry, what: &str) -> Problem {
    let reason =
        format!("the template of this nested stack, {what}, is not on disk; its keys are not examined");
    Problem::new(ProblemKind::RemoteTemplate, entry.key, reason)
}

impl World<'_> {
    /// The stacks that a nested-stack resource may be, each with when it is that one.
    pub(super) fn children(&self, s: &Stack, entry: &Entry) -> Rc<Children> {
        if let Some(known) = s.children.borrow().get(&entry.name) {
            return known.clone();
        }
        let mut children = Vec::new();
        for (guard, path) in s.inside(entry.file, || self.templates(s, entry)) {
            if let Some(child) = self.child(s, entry, guard, &path) {
                children.push((guard, child));
            }
        }
        let children = Rc::new(children);
        s.children.borrow_mut().insert(entry.name.clone(), children.clone());
        children
    }

    /// The template files of a nested stack.
    fn templates(&self, s: &Stack, entry: &Entry) -> Vec<(Guard, PathBuf)> {
        if s.assets.folder.is_some() {
            return match self.asset(s, entry) {
                Some(path) => vec![(Guard::TRUE, path)],
                None => {
                    let reason = "the template of this nested stack was not found in the assembly; its keys are not examined";
                    self.problem(ProblemKind::RemoteTemplate, entry.key, reason);
                    Vec::new()
                }
            };
        }
        let Some(node) = location_of(&entry.node) else {
            let properties = entry.node.get("Properties");
            if let Some(call) = properties.and_then(view::call) {
                self.sink.problem(remote(entry, &format!("which {} gives", call.name)));
            }
            return Vec::new();
        };
        let mut found = Vec::new();
        match node.get("ApplicationId") {
            Some(id) => {
                let id = self.eval(s, id);
                let said =
                    remote(entry, &format!("serverless application {}", self.cx.show(&id).trim_matches('"')));
                self.sink.problem(if matches!(id, Value::String(_)) { said.once() } else { said });
            }
            None => self.locations(s, entry, &node, Guard::TRUE, &mut found),
        }
        found
    }

    /// The templates at a location, where `within` holds.
    fn locations(
        &self,
        s: &Stack,
        entry: &Entry,
        node: &Node,
        within: Guard,
        found: &mut Vec<(Guard, PathBuf)>,
    ) {
        if let Some(call) = view::call(node)
            && call.name == "Fn::If"
            && let [name, then, otherwise] = call.arg.items()
            && let Some(name) = resources::condition_name(name)
        {
            let holds = self.condition(s, &name, node);
            let (then_when, refused) = (self.cx.truth(&holds), self.cx.refused(&holds));
            let otherwise_when = self.cx.not(self.cx.or(then_when, refused));
            if self.can_be(self.cx.and(within, refused)) {
                self.sink.problem(remote(entry, "which a condition chooses that is refused"));
            }
            for (branch, when) in [(then, then_when), (otherwise, otherwise_when)] {
                let within = self.cx.and(within, when);
                if !within.is_false() {
                    self.locations(s, entry, branch, within, found);
                }
            }
            return;
        }
        let mut elsewhere = None;
        for (guard, location) in self.cx.alternatives(&self.eval(s, node)) {
            let guard = self.cx.and(within, guard);
            match &location {
                Value::String(text) if is_local(text) => {
                    let path = normalize(&s.folder.join(&**text));
                    match self.files.read(&path) {
                        // The same text means another file in another folder.
                        Err(ReadError::Missing) => {
                            let shown = self.cx.stand_in(&location).unwrap_or_else(|| text.clone());
                            self.sink.problem(remote(entry, &shown));
                        }
                        _ => found.push((guard, path)),
                    }
                }
                Value::Refused(refusal) if self.can_be(guard) => {
                    self.sink.problem(remote(entry, &format!("which is refused ({})", refusal.reason)));
                }
                Value::Refused(_) | Value::Null => {}
                other => {
                    let url = || {
                        let once = matches!(other, Value::String(_));
                        (Guard::FALSE, self.cx.show(other).trim_matches('"').into(), once)
                    };
                    let at_url = elsewhere.get_or_insert_with(url);
                    at_url.0 = self.cx.or(at_url.0, guard);
                }
            }
        }
        let Some((guard, url, once)): Option<(Guard, String, bool)> = elsewhere else { return };
        let parent = self.files.path_of(&self.files.source(s.at_file.get()).path);
        let fitting = uploaded::files_of(&self.spelled(node), &normalize(&parent), self.files);
        match fitting.as_slice() {
            [path] if !self.files.read(path).is_ok_and(|file| self.is_within(s, file)) => {
                let reason = format!(
                    "{}, the only template here that the end of this nested stack's URL fits, is taken for its template",
                    self.files.display(path)
                );
                let assumption = Assumption { reason, place: entry.key.into() };
                self.uploaded.borrow_mut().push((self.address(s, &entry.name), assumption));
                found.push((guard, path.clone()));
            }
            // A whole URL names its source; one that is not known may be another each time.
            [] | [_] if once => self.sink.problem(remote(entry, &url).once()),
            [] | [_] => self.sink.problem(remote(entry, &url)),
            several => {
                let several: Vec<String> = several.iter().map(|path| self.files.display(path)).collect();
                let reason = format!(
                    "the template of this nested stack, {url}, could be any of {}; its keys are not examined",
                    several.join(", ")
                );
                self.problem(ProblemKind::RemoteTemplate, entry.key, reason);
            }
        }
    }

    /// Whether a file is the template of a stack, or of one that it is nested in.
    fn is_within(&self, s: &Stack, file: FileId) -> bool {
        let caller = || s.caller.as_ref().and_then(|c| self.stack(c.stack));
        s.file == file || caller().is_some_and(|caller| self.is_within(&caller, file))
    }

    /// The template of a nested stack in an assembly.
    fn asset(&self, s: &Stack, entry: &Entry) -> Option<PathBuf> {
        let folder = s.assets.folder.as_ref()?;
        let metadata = entry.node.get("Metadata");
        let text = |name: &str| metadata.and_then(|m| m.get(name)).and_then(Node::text);
        if let Some(path) = text("aws:asset:path") {
            return Some(normalize(&folder.join(path)));
        }
        let url = self.property(s, &entry.node, "TemplateURL");
        let tail = match &url {
            Value::String(text) => Some(text.to_string()),
            Value::Sym(sym) => match self.cx.node(*sym) {
                Some(SymNode::Concat(pieces)) => match pieces.last() {
                    Some(Piece::Text(text)) => Some(text.to_string()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let key = tail.as_deref().and_then(|t| t.rsplit('/').next());
        if let Some(path) = key.and_then(|k| s.assets.by_key.get(k)) {
            return Some(path.clone());
        }
        // `Parent/Nest.NestedStack/Nest.NestedStackResource` is the resource of the nested stack `Parent/Nest`.
        let made =
            s.assets.constructs.iter().filter(|(id, _)| *id == entry.name).map(|(_, path)| path.as_str());
        let mut scopes =
            text("aws:cdk:path").into_iter().chain(made).filter_map(|path| path.rsplit_once('/'));
        let found = scopes.find_map(|(scope, _)| s.assets.by_construct.get(scope.trim_end_matches(NESTED)));
        if let Some(path) = found {
            return Some(path.clone());
        }
        self.asset_of_parameters(s, entry.node.get("Properties")?.get("TemplateURL")?)
    }

    /// The asset whose bucket and key the parameters hold that `node` refers to, if they are those of one. In a nested
    /// template the parameters are its own, and what its caller passes refers to the stack's.
    fn asset_of_parameters(&self, s: &Stack, node: &Node) -> Option<PathBuf> {
        let mut names = Vec::new();
        references(node, true, &mut |function, name| {
            if function == "Ref" {
                names.push(name.to_string());
            }
        });
        let mut named: Vec<&PathBuf> =
            names.iter().filter_map(|name| s.assets.by_parameter.get(name)).collect();
        named.dedup();
        match named.as_slice() {
            [] => {
                let Caller { stack, parameters } = s.caller.as_ref()?;
                let caller = self.stack(*stack)?;
                let parameters = parameters.as_ref()?;
                names.iter().find_map(|name| self.asset_of_parameters(&caller, parameters.get(name)?))
            }
            [path] => Some((*path).clone()),
            _ => None,
        }
    }

    fn child(&self, s: &Stack, entry: &Entry, guard: Guard, path: &Path) -> Option<usize> {
        let shown = || match location_of(&entry.node).is_some_and(|at| self.is_told_by_location(s, &at)) {
            true => "whose place is secret".into(),
            false => self.files.display(path),
        };
        let (file, loaded) = match load::load(path, self.files) {
            Ok(read) => read,
            Err(error) => {
                let reason = format!(
                    "the template of this nested stack, {}, {error}; its keys are not examined",
                    shown()
                );
                // An assembly has the templates that it names; elsewhere another step may bring one.
                let kind = match error {
                    ReadError::Missing if s.assets.folder.is_some() => ProblemKind::MissingFile,
                    ReadError::Missing => ProblemKind::RemoteTemplate,
                    _ => ProblemKind::Unreadable,
                };
                self.problem(kind, entry.key, reason);
                return None;
            }
        };
        // A template that is inside itself never ends.
        if self.is_within(s, file) {
            self.problem(ProblemKind::Refused, entry.key, "this nested stack's template contains itself");
            return None;
        }
        if self.stacks.borrow().len() >= STACKS.most {
            self.budget(entry.key, &STACKS);
            return None;
        }
        for error in &loaded.errors {
            let place = crate::span::Loc::new(file, error.span);
            self.problem(ProblemKind::Syntax, place, error.message.clone());
        }
        let doc = loaded.documents.iter().find(|d| d.get("Resources").is_some());
        let Some(doc) = doc.cloned() else {
            if loaded.errors.is_empty() {
                let reason =
                    format!("the template of this nested stack, {}, is none: it has no `Resources`", shown());
                self.problem(ProblemKind::Refused, entry.key, reason);
            }
            return None;
        };
        let there = self.cx.and(guard, self.there(s, entry));
        let times = entry.times.only(&self.cx, there).within(&self.cx, &s.times);
        let mut calls = s.calls.clone();
        calls.push(entry.key);
        let parameters = entry.node.get("Properties").and_then(|p| property(p, "Parameters"));
        let origin = StackOrigin {
            root: s.root,
            prefix: format!("{}/", self.address(s, &entry.name)),
            caller: Some(Caller { stack: s.id, parameters }),
            times,
            calls,
            given: Given::default(),
            assets: s.assets.clone(),
            inner: None,
        };
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let location = location_of(&entry.node).filter(|location| self.is_told_by_location(s, location));
        let stack = match location {
            None => self.build(file, folder, doc, origin),
            Some(location) => {
                // Which template it is tells the secret: it stands where the parent names it, without its names.
                let secret = self.not_shown(&Value::from(&*self.files.source(file).text));
                let doc = self.without_secrets(&doc, &secret, true);
                let at = view::span(&location);
                let inner = Inner::new(self.files.source(file).text.clone(), &doc, move |_| at);
                let doc = doc.moved(&|span| inner.place(span));
                let origin = StackOrigin { inner: Some(Rc::new(inner)), ..origin };
                self.build(s.at_file.get(), folder, doc, origin)
            }
        };
        let id = stack.id;
        self.stacks.borrow_mut().push(Rc::new(stack));
        Some(id)
    }

    /// Whether a secret decides where the template of a nested stack is.
    fn is_told_by_location(&self, s: &Stack, location: &Node) -> bool {
        match view::call(location) {
            Some(call) if call.name == "Fn::If" => {
                let items = call.arg.items();
                let name = items.first().and_then(resources::condition_name);
                name.is_some_and(|name| self.tells_a_secret(s, &name))
                    || items.iter().skip(1).any(|item| self.is_told_by_location(s, item))
            }
            _ => self.cx.mark_within(&self.eval(s, location)) == Some(Mark::Sensitive),
        }
    }

    /// The files that were taken for the templates of nested stacks, where a key is in one or reads an output of it.
    pub(super) fn taken_for_templates(&self, made: &[MadeKey]) -> Vec<Assumption> {
        let stacks = self.stacks.borrow();
        let below =
            |address: &str, of: &str| of.strip_prefix(address).is_some_and(|rest| rest.starts_with('/'));
        let outputs = |s: &Stack| s.memo.borrow().keys().any(|(kind, _)| *kind == Kind::Output);
        let counts = |address: &String| {
            made.iter().any(|m| below(address, &m.key.address))
                || stacks.iter().any(|s| below(address, &s.prefix) && outputs(s))
        };
        let mut out: Vec<Assumption> = Vec::new();
        for (address, assumption) in self.uploaded.borrow().iter() {
            if counts(address) && !out.contains(assumption) {
                out.push(assumption.clone());
            }
        }
        out
    }

    /// The template files of the nested stacks that were met so far.
    pub fn nested_files(&self) -> Vec<PathBuf> {
        let stacks = self.stacks.borrow();
        let nested = stacks.iter().filter(|s| s.caller.is_some() && s.inner.is_none());
        nested.map(|s| self.files.path_of(&self.files.source(s.file).path)).collect()
    }

    /// An output of a nested stack; `unknown` where its template is not at hand.
    pub(super) fn nested_output(
        &self,
        s: &Stack,
        entry: &Entry,
        name: &str,
        unknown: &dyn Fn() -> Value,
    ) -> Value {
        let (mut alternatives, mut left) = (Vec::new(), Guard::TRUE);
        for (guard, child) in self.children(s, entry).iter() {
            let Some(child) = self.stack(*child) else { continue };
            let guard = self.cx.and(left, *guard);
            alternatives.push((guard, self.output(&child, name)));
            left = self.cx.and(left, self.cx.not(guard));
        }
        if !left.is_false() {
            alternatives.push((left, unknown()));
        }
        self.cx.choice(alternatives)
    }
}
