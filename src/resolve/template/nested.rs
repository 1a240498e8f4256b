//! Nested stacks: where their templates are, and what goes down to them.
//!
//! Source: CloudFormation's resource reference, `AWS::CloudFormation::Stack`; `aws cloudformation package` (a local
//! path is one that is no URL); the CDK's layout of nested templates in an assembly.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::{
    Caller, Children, Entry, Given, MAX_STACKS, Origin, Stack, World, load, resources, serverless, view,
};
use crate::parse::tree::Node;
use crate::problem::ProblemKind;
use crate::source::normalize;
use crate::span::FileId;
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

fn location_of(resource: &Node) -> Option<&Node> {
    let properties = resource.get("Properties")?;
    let name = if resources::type_of(resource) == "AWS::Serverless::Application" {
        "Location"
    } else {
        "TemplateURL"
    };
    properties.get(name)
}

fn is_local(location: &str) -> bool {
    !location.is_empty() && !location.contains("://")
}

/// The local templates that a template's nested stacks name, as written in it, relative to `folder`.
pub fn local_templates(doc: &Node, folder: &Path) -> Vec<PathBuf> {
    let resources = doc.get("Resources").map(Node::entries).unwrap_or_default();
    let mut found = serverless::files(doc, folder);
    // A snippet that is included as a whole looks like a template, and is one only through who includes it.
    let transform = doc.get("Transform").into_iter().flat_map(|t| std::iter::once(t).chain(t.items()));
    let snippets = transform.filter(|t| t.get("Name").and_then(Node::text) == Some("AWS::Include"));
    let snippets = snippets.filter_map(|t| t.get("Parameters")?.get("Location")?.text());
    found.extend(snippets.filter(|l| is_local(l)).map(|l| normalize(&folder.join(l))));
    for (_, resource) in resources {
        if resources::is_nested(resources::type_of(resource))
            && let Some(node) = location_of(resource)
        {
            texts(node, &mut |text| {
                if is_local(text) {
                    found.push(normalize(&folder.join(text)));
                }
            });
        }
    }
    found
}

fn texts(node: &Node, take: &mut impl FnMut(&str)) {
    match (node.text(), view::call(node)) {
        (Some(text), None) => take(text),
        (_, Some(call)) if call.name == "Fn::If" => {
            call.arg.items().iter().skip(1).for_each(|item| texts(item, take));
        }
        _ => {}
    }
}

impl World<'_> {
    /// The stacks that a nested-stack resource may be, each with when it is that one.
    pub(super) fn children(&self, s: &Stack, entry: &Entry) -> Rc<Children> {
        if let Some(known) = s.children.borrow().get(&entry.name) {
            return known.clone();
        }
        let mut children = Vec::new();
        for (guard, path) in s.inside(entry.key.file, || self.templates(s, entry)) {
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
        let Some(node) = location_of(&entry.node) else { return Vec::new() };
        let value = match node.get("ApplicationId") {
            Some(id) => Value::from(format!("serverless application {}", id.text().unwrap_or("?"))),
            None => self.eval(s, node),
        };
        let remote = |what: String| {
            let reason = format!(
                "the template of this nested stack, {what}, is not on disk; its keys are not examined"
            );
            self.problem(ProblemKind::RemoteTemplate, entry.key, reason);
        };
        let mut found = Vec::new();
        for (guard, location) in self.cx.alternatives(&value) {
            match &location {
                Value::String(text) if is_local(text) && node.get("ApplicationId").is_none() => {
                    let path = normalize(&s.folder.join(&**text));
                    match self.files.read(&path) {
                        Ok(_) => found.push((guard, path)),
                        Err(_) => remote(text.to_string()),
                    }
                }
                Value::String(text) => remote(text.to_string()),
                Value::Refused(_) => {}
                other => remote(self.cx.show(other)),
            }
        }
        found
    }

    /// The template of a nested stack in an assembly.
    fn asset(&self, s: &Stack, entry: &Entry) -> Option<PathBuf> {
        let folder = s.assets.folder.as_ref()?;
        let metadata = entry.node.get("Metadata");
        let text = |name: &str| metadata.and_then(|m| m.get(name)).and_then(Node::text);
        if let Some(path) = text("aws:asset:path") {
            let path = normalize(&folder.join(path));
            if self.files.read(&path).is_ok() {
                return Some(path);
            }
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
        let found =
            scopes.find_map(|(scope, _)| s.assets.by_construct.get(scope.trim_end_matches(".NestedStack")));
        if let Some(path) = found {
            return Some(path.clone());
        }
        let mut parameter = None;
        if let Some(url) = entry.node.get("Properties").and_then(|p| p.get("TemplateURL")) {
            refs(url, &mut |name| {
                if parameter.is_none() {
                    parameter = s.assets.by_parameter.get(name).cloned();
                }
            });
        }
        parameter
    }

    fn child(&self, s: &Stack, entry: &Entry, guard: Guard, path: &Path) -> Option<usize> {
        let here = |id: FileId, stack: &Stack| stack.file == id;
        let (file, loaded) = load::load(path, self.files).ok()?;
        // A template that is inside itself never ends.
        let mut above = Some(s.id);
        while let Some(stack) = above.and_then(|id| self.stack(id)) {
            if here(file, &stack) {
                let reason = "this nested stack's template contains itself";
                self.problem(ProblemKind::Refused, entry.key, reason);
                return None;
            }
            above = stack.caller.as_ref().map(|c| c.stack);
        }
        if here(file, s) {
            return None;
        }
        if self.stacks.borrow().len() >= MAX_STACKS {
            let reason = format!("there are more than {MAX_STACKS} nested stacks; the rest is not examined");
            self.problem(ProblemKind::Budget, entry.key, reason);
            return None;
        }
        for error in &loaded.errors {
            let place = crate::span::Loc::new(file, error.span);
            self.problem(ProblemKind::Syntax, place, error.message.clone());
        }
        let doc = loaded.documents.into_iter().find(|d| d.get("Resources").is_some())?;
        let there = self.cx.and(guard, self.there(s, entry));
        let mut times = self.repeated(&s.times, &entry.times);
        times.exists = self.cx.and(times.exists, there);
        times.twice = self.cx.and(times.twice, there);
        let mut calls = s.calls.clone();
        calls.push(entry.key);
        let parameters = entry.node.get("Properties").and_then(|p| p.get("Parameters")).cloned();
        let origin = Origin {
            root: s.root,
            prefix: format!("{}/", self.address(s, &entry.name)),
            caller: Some(Caller { stack: s.id, parameters }),
            times,
            calls,
            given: Given::default(),
            assets: s.assets.clone(),
        };
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let stack = self.build(file, folder, doc, origin);
        let id = stack.id;
        self.stacks.borrow_mut().push(Rc::new(stack));
        Some(id)
    }

    /// An output of a nested stack.
    pub(super) fn nested_output(&self, s: &Stack, entry: &Entry, name: &str) -> Value {
        let unknown = || self.unknown_attribute(s, entry, Some(&format!("Outputs.{name}")));
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

fn refs(node: &Node, take: &mut impl FnMut(&str)) {
    if let Some(call) = view::call(node)
        && call.name == "Ref"
        && let Some(name) = call.arg.text()
    {
        return take(name);
    }
    node.items().iter().for_each(|item| refs(item, take));
    node.entries().iter().for_each(|(_, value)| refs(value, take));
}
