//! Text of another file in the place of a node: snippets, and resources that several files make together.
//!
//! A node has places in one file. What stands in another one is a *part*: a stand-in with a number, which
//! [`World::elsewhere`] leads back to the tree and its file; an `AWS::Include` of a local file is one too. Evaluates
//! nothing. Source: CloudFormation's user guide, "AWS::Include transform".

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::load::Loaded;
use super::serverless::is_variable;
use super::variables::{Referent, Taken, Tree};
use super::{Entry, Param, Stack, World, declared, load, resources, view};
use crate::parse::tree::{Node, NodeKind};
use crate::prefilter;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::{ReadError, normalize};
use crate::span::{FileId, Loc, Span};

/// What is said of a snippet that cannot be read.
const NO_SNIPPET: &str =
    "a snippet is an object, and includes no other one: what this is to add is not examined";
const NOT_READ: &str = "the snippet that is included here is not on disk; what it adds is not examined";

/// The documents of a file.
pub(super) type Documents = (FileId, Arc<Loaded>);

/// How far down two trees are merged; what is below is replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// The attributes of a resource, and then what is below them.
    Attributes(Below),
    /// Everything from here on.
    All(Below),
    /// The properties, one by one.
    Entries,
}

/// What two trees are merged as.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// Templates, in which a function is one thing.
    Template,
    /// JSON of this service, its variables filled in: a function is a map like any other.
    Json(FileId),
    /// Attributes that are extended: only the properties are maps.
    Extended,
}

/// The path of a local snippet.
fn local(folder: &Path, include: &Node) -> Option<PathBuf> {
    let location = include.get("Parameters")?.get("Location")?;
    let text = location.text().filter(|text| view::call(location).is_none() && !text.contains("://"))?;
    Some(normalize(&folder.join(text)))
}

impl World<'_> {
    /// The local file that an `AWS::Include` names, if it is there and parses.
    pub(super) fn snippet(&self, folder: &Path, include: &Node) -> Option<Documents> {
        let path = local(folder, include)?;
        let known = self.snippets.borrow().contains_key(&path);
        let found = self.snippet_at(&path);
        if let Some((file, documents)) = found.as_ref().filter(|_| !known) {
            self.files.is_judged(*file);
            self.refuse_form_of_snippet(*file, &documents.documents);
        }
        found
    }

    /// What CloudFormation takes for no snippet, where that holds keys or users: short forms of functions, and a list.
    fn refuse_form_of_snippet(&self, file: FileId, documents: &[Node]) {
        let text = &self.files.source(file).text;
        let refuse =
            |at: Span, reason: String| self.problem(ProblemKind::Refused, Loc::new(file, at), reason);
        if !prefilter::mentions_key_type(text) && !text.contains("AWS::IAM::User") {
            return;
        }
        if let Some(tag) = documents.iter().find_map(view::short_form) {
            let reason = format!(
                "`{}` stands in a snippet, where CloudFormation takes the long forms of functions alone",
                tag.text
            );
            refuse(tag.span, reason);
        }
        if let Some(list) = documents.iter().find(|document| !document.items().is_empty()) {
            refuse(view::span(list), "a snippet is a map, and this is a list".into());
        }
    }

    /// The documents of the file at a path, if it is there and parses.
    pub(super) fn snippet_at(&self, path: &Path) -> Option<Documents> {
        if let Some(known) = self.snippets.borrow().get(path) {
            return known.clone();
        }
        let read = || {
            let (file, loaded) = match load::load(path, self.files) {
                Ok(read) => read,
                Err(ReadError::Missing) => return None,
                Err(error) => {
                    let place = Place::Path(self.files.display(path));
                    let reason = format!("this snippet {error}; what it adds is not examined");
                    self.sink.problem(Problem::new(ProblemKind::Unreadable, place, reason));
                    return None;
                }
            };
            // It is asked for: what is in it counts, a key's type or another one's words.
            for error in &loaded.errors {
                self.problem(ProblemKind::Syntax, Loc::new(file, error.span), error.message.clone());
            }
            loaded.errors.is_empty().then_some((file, loaded))
        };
        let found = read();
        if let Some((file, _)) = &found {
            self.was_looked_into(*file);
        }
        self.snippets.borrow_mut().insert(path.to_path_buf(), found.clone());
        found
    }

    /// Says that a snippet is not on disk, or is none, unless it may not be read or does not parse, which was said.
    pub(super) fn not_read(&self, at: Loc, folder: &Path, include: &Node) {
        match local(folder, include).map(|path| load::load(&path, self.files)) {
            Some(Ok((_, loaded))) if loaded.errors.is_empty() => {
                self.problem(ProblemKind::RemoteTemplate, at, NO_SNIPPET)
            }
            None | Some(Err(ReadError::Missing)) => self.problem(ProblemKind::RemoteTemplate, at, NOT_READ),
            Some(_) => {}
        }
    }

    /// The tree that a node stands for, where that is written in another file.
    pub(super) fn elsewhere(&self, s: &Stack, node: &Node) -> Option<Tree> {
        if self.serverless.get() && is_variable(node) {
            let text = node.text()?;
            if self.is_input(s.file, text) {
                return None;
            }
            return match self.variable(s.file, text, (s.at_file.get(), node.span)) {
                // One that stands for another one that is not known is text.
                Referent::Node(written) if !is_variable(&written.1) => {
                    if written.1.text().is_none() {
                        self.files.is_judged(written.0);
                    }
                    Some(written)
                }
                _ => None,
            };
        }
        let body = view::transform(node)?;
        match body.get("Name")?.text()? {
            view::PART => {
                let number: usize = body.get("Parameters")?.text()?.parse().ok()?;
                self.parts.borrow().get(number).cloned()
            }
            // A snippet cannot include another one.
            "AWS::Include" if s.at_file.get() == s.file => {
                let (file, snippet) = self.snippet(&s.folder, body)?;
                match snippet.documents.as_slice() {
                    [document] => Some((file, document.clone())),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The parameters that the files of a template of the Serverless Framework declare.
    pub(super) fn parameters_of_files(&self, of: FileId, doc: &Node) -> Vec<Param> {
        let entries = doc.get("Parameters").map(Node::entries).unwrap_or_default();
        let mut found = Vec::new();
        for (key, body) in entries.iter().filter(|(_, body)| view::is_file(body)) {
            for taken in self.taken(of, body, Loc::new(of, key.span)) {
                if let Taken::Part((file, section)) = taken {
                    found.extend(declared::declared(file, section.entries()));
                }
            }
        }
        found
    }

    /// The location of the snippet that a node is, where that cannot be read; says so.
    pub(super) fn unread(&self, s: &Stack, node: &Node) -> Option<String> {
        let body = view::transform(node)?;
        let location = body.get("Parameters").and_then(|p| p.get("Location"));
        if body.get("Name")?.text()? != "AWS::Include" || self.snippet(&s.folder, body).is_some() {
            return None;
        }
        self.not_read(s.loc(node), &s.folder, body);
        let source = self.files.source(s.at_file.get());
        let text = location.and_then(|node| source.text.get(view::span(node).range()));
        Some(text.unwrap_or("?").to_string())
    }

    /// The value of a map's entry with its file; the last one, where snippets add more.
    pub(super) fn entry_of(&self, s: &Stack, map: &Node, name: &str) -> Option<Tree> {
        if let Some((file, map)) = self.elsewhere(s, map) {
            return s.inside(file, || self.entry_of(s, &map, name));
        }
        let (file, node) = match view::has_loop(map) {
            true => {
                let entry = self.map_entries(s, map).into_iter().rfind(|e| e.name == name)?;
                (entry.file, entry.node)
            }
            false => (s.at_file.get(), map.get(name)?.clone()),
        };
        let own = s.inside(file, || self.elsewhere(s, &node));
        Some(own.unwrap_or((file, node)))
    }

    /// Puts snippets in the place of entries that are nothing else and, of resources, among their attributes.
    pub(super) fn splice(&self, s: &Stack, entry: &mut Entry, resource: bool) {
        if let Some((file, node)) = s.inside(entry.file, || self.elsewhere(s, &entry.node)) {
            (entry.file, entry.node) = (file, node);
        }
        if resource && self.serverless.get() {
            self.fill_attributes(s, entry);
        }
        if !resource {
            return;
        }
        if let Some((own, snippets)) = self.without_snippets(s, entry.file, &entry.node) {
            entry.node = own;
            for snippet in snippets {
                self.merge_into(entry, &snippet, Depth::Attributes(Below::Template));
            }
        }
        // Where the template of a nested stack is, is read before anything is evaluated.
        if resources::is_nested(resources::type_of(&entry.node)) {
            let attribute = |(key, value): &(Node, Node)| match key.text() {
                Some("Properties") => (key.clone(), self.with_snippets(s, entry, value)),
                _ => (key.clone(), value.clone()),
            };
            entry.node.kind = NodeKind::Map(entry.node.entries().iter().map(attribute).collect());
        }
    }

    /// A map without the snippets among its entries that can be read, and these; `None` where there are none.
    fn without_snippets(&self, s: &Stack, file: FileId, map: &Node) -> Option<(Node, Vec<Tree>)> {
        // A snippet cannot include another one.
        map.entry("Fn::Transform").filter(|_| file == s.file)?;
        let (mut own, mut snippets) = (Vec::new(), Vec::new());
        for (key, body) in map.entries() {
            let include = key.text() == Some("Fn::Transform") && view::includes(body);
            match include.then(|| self.snippet(&s.folder, body)).flatten() {
                Some((file, snippet)) => snippets.extend(snippet.documents.iter().map(|d| (file, d.clone()))),
                None => own.push((key.clone(), body.clone())),
            }
        }
        Some((Node { kind: NodeKind::Map(own.into()), ..map.clone() }, snippets))
    }

    /// The properties of an entry with the snippets in them, in each branch of a condition. Recursive; the parsers bound
    /// the depth.
    fn with_snippets(&self, s: &Stack, entry: &Entry, properties: &Node) -> Node {
        if let Some(call) = view::call(properties).filter(|call| call.name == "Fn::If") {
            let items = call.arg.items().iter().enumerate();
            let items = items.map(|(i, item)| match i {
                0 => item.clone(),
                _ => self.with_snippets(s, entry, item),
            });
            let arg = Node { kind: NodeKind::Seq(items.collect()), ..call.arg.clone().into_owned() };
            return view::function("Fn::If", arg, properties.span);
        }
        let Some((own, snippets)) = self.without_snippets(s, entry.file, properties) else {
            return properties.clone();
        };
        let both = |own: Node, snippet: &Tree| {
            self.merged(entry.file, own.span, &(entry.file, own), snippet, Depth::All(Below::Template))
        };
        snippets.iter().fold(own, both)
    }

    /// Fills in the variables in what is read as text: a resource's type and condition. What names no condition stays as it is
    /// written: it may be anything that a file says.
    fn fill_attributes(&self, s: &Stack, entry: &mut Entry) {
        let NodeKind::Map(attributes) = &entry.node.kind else { return };
        let mut attributes = attributes.to_vec();
        for (key, value) in &mut attributes {
            let NodeKind::Scalar(text, style) = &value.kind else { continue };
            let is_condition = key.text() == Some("Condition");
            if !text.contains("${") || !is_condition && key.text() != Some("Type") {
                continue;
            }
            let filled = self.filled_as_given(s.file, text, Loc::new(s.at_file.get(), value.span));
            if !is_condition || self.section(s, "Conditions").by_name.contains_key(&filled) {
                value.kind = NodeKind::Scalar(filled, *style);
            }
        }
        entry.node.kind = NodeKind::Map(attributes.into());
    }

    /// Merges a tree into what an entry is, which then has places in its own file, or is at its name.
    pub(super) fn merge_into(&self, entry: &mut Entry, more: &Tree, depth: Depth) {
        let at = if entry.file == entry.key.file { entry.key.span } else { entry.node.span };
        let (mut own, mut more) = ((entry.file, entry.node.clone()), more.clone());
        if let Depth::All(Below::Json(of)) = depth {
            [own, more] = [own, more].map(|(file, node)| self.unwrapped(file, &node, Some(of)));
        }
        entry.node = self.merged(entry.file, at, &own, &more, depth);
    }

    /// Two trees as one, with places in the file `here`.
    fn merged(&self, here: FileId, at: Span, first: &Tree, second: &Tree, depth: Depth) -> Node {
        let attributes = matches!(depth, Depth::Attributes(_));
        let (below, service) = match depth {
            Depth::Attributes(Below::Extended) => (Some(Depth::Entries), None),
            Depth::Attributes(all @ Below::Json(of)) | Depth::All(all @ Below::Json(of)) => {
                (Some(Depth::All(all)), Some(of))
            }
            Depth::Attributes(all) | Depth::All(all) => (Some(Depth::All(all)), None),
            Depth::Entries => (None, None),
        };
        // An attribute `Condition` alone looks like a function.
        let plain = |node: &Node| attributes || service.is_some() || view::call(node).is_none();
        let part = |written: &Node, file| self.part(here, at, file, written, attributes);
        let both = |own: &Node, file: FileId, other: &Node| {
            let [own, other] =
                [(here, own), (file, other)].map(|(file, node)| self.unwrapped(file, node, service));
            match below.filter(|_| other.1.text().is_none()) {
                // What is read is where the later one calls a function.
                Some(below) if view::call(&other.1).is_some() => {
                    let (file, span) = (other.0, view::span(&other.1));
                    let whole = self.merged(file, span, &own, &other, below);
                    part(&Node { span, ..whole }, file)
                }
                Some(below) => self.merged(here, at, &own, &other, below),
                None => part(&other.1, other.0),
            }
        };
        let kind = match (&first.1.kind, &second.1.kind) {
            (NodeKind::Map(own), NodeKind::Map(more)) if plain(&first.1) && plain(&second.1) => {
                let mut entries: Vec<(Node, Node)> =
                    own.iter().map(|(k, v)| (self.name_in(here, at, first.0, k), part(v, first.0))).collect();
                for (key, value) in more.iter() {
                    match entries.iter_mut().find(|(k, _)| k.text() == key.text()) {
                        Some((_, known)) => *known = both(known, second.0, value),
                        None => entries.push((self.name_in(here, at, second.0, key), part(value, second.0))),
                    }
                }
                NodeKind::Map(entries.into())
            }
            (NodeKind::Seq(own), NodeKind::Seq(more)) if plain(&first.1) && plain(&second.1) => {
                let mut items: Vec<Node> = own.iter().map(|item| part(item, first.0)).collect();
                for (i, item) in more.iter().enumerate() {
                    match items.get_mut(i) {
                        Some(known) => *known = both(known, second.0, item),
                        None => items.push(part(item, second.0)),
                    }
                }
                NodeKind::Seq(items.into())
            }
            _ => return part(&second.1, second.0),
        };
        let span = if first.0 == here { first.1.span } else { at };
        Node { kind, span, tag: None }
    }

    fn name_in(&self, here: FileId, at: Span, file: FileId, key: &Node) -> Node {
        if file == here { key.clone() } else { Node { span: at, ..key.clone() } }
    }

    /// A node of a file, as one with places in the file `here`. Text that is read as it stands, as attributes are, is
    /// that text at `at`.
    fn part(&self, here: FileId, at: Span, file: FileId, node: &Node, as_text: bool) -> Node {
        if file == here {
            return node.clone();
        }
        if as_text && node.text().is_some() {
            return Node { span: at, ..node.clone() };
        }
        let mut parts = self.parts.borrow_mut();
        parts.push((file, node.clone()));
        let text = |text: &str| view::literal(text.into(), at);
        let number = text(&(parts.len() - 1).to_string());
        let entries = [(text("Name"), text(view::PART)), (text("Parameters"), number)];
        let body = Node { kind: NodeKind::Map(entries.into_iter().collect()), span: at, tag: None };
        view::function("Fn::Transform", body, at)
    }

    /// The tree that a stand-in stands for; with the JSON of a service, also a variable of it and a function's short form.
    fn unwrapped(&self, file: FileId, node: &Node, service: Option<FileId>) -> Tree {
        let part = || {
            let body =
                view::transform(node).filter(|b| b.get("Name").and_then(Node::text) == Some(view::PART))?;
            let number: usize = body.get("Parameters")?.text()?.parse().ok()?;
            self.parts.borrow().get(number).cloned()
        };
        let (file, node) = part().unwrap_or_else(|| (file, node.clone()));
        let Some(of) = service else { return (file, node) };
        let text = node.text().filter(|text| is_variable(&node) && !self.is_input(of, text));
        match text.map(|text| self.variable(of, text, (file, node.span))) {
            Some(Referent::Node((file, written))) => (file, view::long_form(&written)),
            _ => (file, view::long_form(&node)),
        }
    }
}
