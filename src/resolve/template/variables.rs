//! Variables of the Serverless Framework that stand for a tree: `${self:custom.keys}`, `${file(keys.yml):First}`.
//!
//! ```yaml
//! custom: {keys: '${file(keys.yml)}'}
//! resources:
//!   Resources:
//!     First: ${self:custom.keys.First}
//! ```
//!
//! Answers: which node on disk a variable stands for, through others on the way. What an option or the environment may
//! replace (`${opt:stage, 'dev'}`) is an input that has a value; what nothing on disk says stays a variable. Source: Serverless Framework
//! documentation, "Variables" ("Reference properties in serverless.yml", "Reference properties in other files").

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::serverless::{Source, is_variable, sources};
use super::{Stack, World, scalar, serverless, view};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::ProblemKind;
use crate::source::{ReadError, normalize};
use crate::span::{FileId, Loc, Span};
use crate::value::marks::Mark;
use crate::value::{Leaf, LeafKind, Ty, Value};

/// Variables that may lead on from each other; one that stands for itself is past it.
pub(super) const CHAINED: usize = 32;
/// Nodes that a variable may stand for, other variables in it included.
const NODES: usize = 20_000;

/// Variables of the framework for what CloudFormation has a pseudo parameter for.
const DEPLOYED: [(&str, &str); 2] =
    [("${aws:accountId}", "AWS::AccountId"), ("${aws:region}", "AWS::Region")];

/// A file of the framework: what `${self:…}` and paths start from.
pub(super) struct Service {
    folder: PathBuf,
    pub(super) root: Node,
    /// The stage that is deployed, once that was asked.
    stage: RefCell<Option<Option<String>>>,
}

/// A tree with the file that it is written in.
pub(super) type Tree = (FileId, Node);

/// The node that a variable stands for, if that is known, and whether an option or the environment may replace it.
pub(super) type Answer = (Option<Tree>, bool);

/// What a variable stands for.
pub(super) enum Referent {
    /// This node of this file.
    Node(Tree),
    /// Nothing: the key or the file is not there.
    Missing,
    /// Nothing that could be there or be put there, which the framework refuses: why.
    Nowhere(&'static str),
    /// What is not known from files.
    Unknown,
}

/// What a variable adds to a section.
pub(super) enum Taken {
    /// The entries of this map.
    Part(Tree),
    /// Nothing: what it stands for has no such section.
    Nothing,
    /// The file that it stands in.
    Itself,
    /// What is not known: this variable.
    Unknown(String),
}

impl World<'_> {
    /// Takes `${self:custom.x}` and its like in a file of the Serverless Framework for what it puts there; `root` is that
    /// file.
    pub fn of_serverless(&self, file: FileId, root: Node) {
        self.serverless.set(true);
        let path = self.files.path_of(&self.files.source(file).path);
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        self.services.borrow_mut().insert(file, Rc::new(Service { folder, root, stage: RefCell::default() }));
    }

    /// What a text stands for that is one variable of the service `of` and nothing else; a literal has the place `at`.
    pub(super) fn variable(&self, of: FileId, text: &str, at: (FileId, Span)) -> Referent {
        let (found, by_default) = self.stands_for(of, text, at);
        if by_default && matches!(found, Referent::Node(_)) && at.1 != Span::default() {
            self.taken_as_given(text, Loc::new(at.0, at.1));
        }
        found
    }

    /// The same, and whether an option or the environment may replace it.
    pub(super) fn stands_for(&self, of: FileId, text: &str, at: (FileId, Span)) -> (Referent, bool) {
        let Some(service) = self.services.borrow().get(&of).cloned() else {
            return (Referent::Unknown, false);
        };
        let known = self.variables.borrow().get(&(of, text.to_string())).cloned();
        if let Some((known, by_default)) = known {
            return (known.map_or(Referent::Unknown, Referent::Node), by_default);
        }
        let (unread, by_default) = (Cell::new(false), Cell::new(false));
        let look = Look { world: self, of, service: &service, at, unread: &unread, by_default: &by_default };
        let found = look.up(text, CHAINED);
        let replaced = by_default.get();
        if unread.get() {
            self.unread.borrow_mut().insert((of, text.to_string()));
        }
        let found = match found {
            Referent::Node(written) if !look.is_finite(&written, &mut Vec::new(), &mut NODES.clone()) => {
                Referent::Unknown
            }
            found => found,
        };
        if let Referent::Nowhere(why) = found {
            let reason = format!("the variable `{text}` {why}");
            self.nowhere.borrow_mut().insert(text.into(), reason);
        }
        let kept = match &found {
            Referent::Node(written) => Some(Some(written.clone())),
            Referent::Unknown | Referent::Nowhere(_) => Some(None),
            Referent::Missing => None,
        };
        if let Some(kept) = kept {
            self.variables.borrow_mut().insert((of, text.to_string()), (kept, replaced));
        }
        (found, replaced)
    }

    /// Whether a variable is text that an option or the environment may replace as a whole: an input with a value.
    pub(super) fn is_input(&self, of: FileId, text: &str) -> bool {
        let (found, by_default) = self.stands_for(of, text, (of, Span::default()));
        let is_text = matches!(found, Referent::Node((_, node)) if scalar::read(&node).is_some());
        by_default && is_text && serverless::named(text, "").is_some()
    }

    /// Where it is written what such an input is.
    pub(super) fn written_default(&self, s: &Stack, (file, node): &Tree) -> Option<Tree> {
        let text = node.text().filter(|text| serverless::is_variable(node) && self.is_input(s.file, text))?;
        match self.stands_for(s.file, text, (*file, node.span)).0 {
            Referent::Node(written) => Some(written),
            _ => None,
        }
    }

    /// The list or map that a variable gives a function.
    pub(super) fn argument(&self, s: &Stack, arg: &Node) -> Option<Tree> {
        let variable = self.serverless.get() && is_variable(arg);
        variable.then(|| self.elsewhere(s, arg)).flatten().filter(|(_, written)| written.text().is_none())
    }

    /// The value of a variable that stays in text: a symbol by its text. One that is something else unless an option or the
    /// environment replaces it is a supplied input; one that stands for nothing is refused.
    pub(super) fn variable_value(&self, text: &str) -> Value {
        if let Some(reason) = self.nowhere.borrow().get(text) {
            return Value::refused(reason.clone(), None);
        }
        let root = self.roots.borrow().first().and_then(|root| self.stack(*root));
        let pseudo = DEPLOYED.iter().find(|(own, _)| *own == text);
        if let (Some((_, name)), Some(root)) = (pseudo, root) {
            return self.pseudo(&root, name).unwrap_or(Value::Null);
        }
        if let Some(read) = self.text_of_file(text) {
            return read;
        }
        let default = self.defaults.borrow().get(text).cloned();
        let Some(default) = default.filter(|_| !self.inputs.free.contains(text)) else {
            return self.cx.leaf_value(Leaf::new(text, Ty::String, LeafKind::Deployment));
        };
        self.sink.overridable();
        if !self.mode.overrides() {
            return default;
        }
        let mut leaf = Leaf::new(text, Ty::String, LeafKind::Input);
        leaf.given = Some(default);
        self.cx.leaf_value(leaf)
    }

    /// The text of a file that is no tree and no program: `${file(user.txt)}`. It is not shown.
    pub(super) fn text_of_file(&self, variable: &str) -> Option<Value> {
        let path = serverless::text_file(variable)?;
        let services = self.services.borrow();
        let files = services.values().map(|service| normalize(&service.folder.join(path)));
        let file = files.filter_map(|path| self.files.read_text(&path).ok()).next()?;
        // No template, whose lines may be drawn.
        let mut read = self.read.borrow_mut();
        if !read.contains(&file) {
            read.push(file);
        }
        let text = Value::from(self.files.source(file).text.trim());
        Some(self.cx.hidden(&text, Mark::Read, variable))
    }

    /// Says that what a variable stands for is not known, unless a file on the way may not be read, which was said.
    pub(super) fn variable_not_known(&self, of: FileId, text: &str, at: Loc) {
        if self.unread.borrow().contains(&(of, text.to_string())) {
            return;
        }
        if let Some(reason) = self.nowhere.borrow().get(text) {
            return self.problem(ProblemKind::Refused, at, reason.clone());
        }
        if let Some(error) = self.file_not_read(of, text) {
            let reason =
                format!("the variable `{text}` names a file that {error}; what it adds is not examined");
            return self.problem(ProblemKind::Unreadable, at, reason);
        }
        let reason = format!(
            "what the variable `{text}` stands for cannot be told from files on disk; what it adds is not examined"
        );
        self.problem(ProblemKind::RemoteTemplate, at, reason);
    }

    /// Why the file that a variable names may not be read, if it may not.
    fn file_not_read(&self, of: FileId, text: &str) -> Option<ReadError> {
        let (path, _) = text.find("file(").and_then(|at| serverless::file_of(text.get(at..)?))?;
        let folder = self.services.borrow().get(&of)?.folder.clone();
        match path.starts_with('~') {
            true => Some(ReadError::Outside),
            false => self.files.read_text(&normalize(&folder.join(path))).err(),
        }
        .filter(|error| *error != ReadError::Missing)
    }

    /// Whether a variable stands for the whole service that it is in.
    fn is_whole(&self, of: FileId, text: &str) -> bool {
        let own = self.files.path_of(&self.files.source(of).path);
        sources(text).unwrap_or_default().first().is_some_and(|source| match source {
            Source::Own(keys) => keys.is_empty(),
            Source::File(path, "") => own.parent().is_some_and(|folder| normalize(&folder.join(path)) == own),
            _ => false,
        })
    }

    /// What an include takes that stands for a variable of the service `of`: of a list of parts, something of each.
    pub(super) fn taken(&self, of: FileId, include: &Node, at: Loc) -> Vec<Taken> {
        let Some((text, section)) = serverless::taken(include) else { return Vec::new() };
        if self.is_whole(of, text) {
            return vec![Taken::Itself];
        }
        let Referent::Node((file, node)) = self.variable(of, text, (at.file, at.span)) else {
            return vec![Taken::Unknown(text.to_string())];
        };
        match &node.kind {
            NodeKind::Seq(items) if section.is_some() => {
                let each = items.iter().map(|item| match item.text().filter(|_| is_variable(item)) {
                    None => self.taken_of((file, item.clone()), of, (text, section)),
                    Some(own) => match self.variable(of, own, (file, item.span)) {
                        Referent::Node(tree) => self.taken_of(tree, of, (own, section)),
                        _ => Taken::Unknown(own.to_string()),
                    },
                });
                each.collect()
            }
            _ => vec![self.taken_of((file, node), of, (text, section))],
        }
    }

    /// What is taken of a tree that a variable stands for.
    fn taken_of(&self, (file, node): Tree, of: FileId, (text, section): (&str, Option<&str>)) -> Taken {
        let unknown = || Taken::Unknown(text.to_string());
        let part = match section.map(|name| node.get(name)) {
            None => (file, node),
            Some(Some(part)) => (file, part.clone()),
            Some(None) if matches!(node.kind, NodeKind::Map(_)) || scalar::is_null(&node) => {
                return Taken::Nothing;
            }
            Some(None) => return unknown(),
        };
        let variable = part.1.text().filter(|_| is_variable(&part.1)).map(String::from);
        let (file, part) = match variable.map(|text| self.variable(of, &text, (part.0, part.1.span))) {
            None => part,
            Some(Referent::Node(written)) => written,
            Some(_) => return Taken::Unknown(part.1.text().unwrap_or_default().to_string()),
        };
        match &part.kind {
            NodeKind::Map(_) => {
                self.files.is_judged(file);
                Taken::Part((file, part))
            }
            _ if scalar::is_null(&part) => Taken::Nothing,
            _ => unknown(),
        }
    }

    pub(super) fn taken_as_given(&self, text: &str, at: Loc) {
        let reason = format!(
            "an option or the environment may change what the variable `{text}` stands for; only what it is without is \
             examined"
        );
        self.problem(ProblemKind::RemoteTemplate, at, reason);
    }
}

/// One look-up: in which service, and where a literal stands.
struct Look<'l, 'w> {
    world: &'l World<'w>,
    of: FileId,
    service: &'l Service,
    at: (FileId, Span),
    /// Whether a file on the way is there and may not be read.
    unread: &'l Cell<bool>,
    /// Whether an address is only what an option or the environment may replace.
    by_default: &'l Cell<bool>,
}

impl Look<'_, '_> {
    fn up(&self, text: &str, left: usize) -> Referent {
        let Some(left) = left.checked_sub(1) else { return Referent::Nowhere("leads back to itself") };
        let own = serverless::addressed(text, &mut |nested| self.text(nested, left));
        let text = own.as_deref().unwrap_or(text);
        let (mut replaced, mut may_be) = (false, false);
        let sources = sources(text).unwrap_or_default();
        for (at, source) in sources.iter().enumerate() {
            let own = |keys: &str| self.walk((self.of, self.service.root.clone()), keys, left);
            let literal = |node: Node| Referent::Node((self.at.0, node));
            let found = match source {
                Source::Own(keys) => {
                    // What stands elsewhere the framework may set itself.
                    may_be |= !keys.starts_with("custom.");
                    own(keys)
                }
                Source::Parameter(name) => {
                    replaced = true;
                    let places = serverless::parameter(name, self.stage(left).as_deref());
                    let mut found = places.iter().map(|keys| own(keys));
                    found.find(|found| !matches!(found, Referent::Missing)).unwrap_or(Referent::Missing)
                }
                Source::File(path, keys) => match self.document(path) {
                    Ok(document) => self.walk(document, keys, left),
                    Err(found) => {
                        may_be = true;
                        found
                    }
                },
                Source::Text(text) => literal(view::literal((*text).into(), self.at.1)),
                Source::Null => literal(view::bare("null", self.at.1)),
                Source::Bool(text) => match text.trim().to_ascii_lowercase().as_str() {
                    "true" | "1" => literal(view::bare("true", self.at.1)),
                    "false" | "0" => literal(view::bare("false", self.at.1)),
                    _ => Referent::Nowhere("takes true, false, 1 or 0, and is given something else"),
                },
                Source::Unknown => {
                    replaced = true;
                    Referent::Missing
                }
            };
            // Null is nothing where another source follows.
            let next = match &found {
                Referent::Missing => true,
                Referent::Node((_, node)) => scalar::is_null(node) && at + 1 < sources.len(),
                Referent::Nowhere(_) | Referent::Unknown => false,
            };
            if !next {
                self.by_default.set(self.by_default.get() || replaced);
                return found;
            }
        }
        match (replaced, may_be) {
            (true, _) => Referent::Unknown,
            (false, true) => Referent::Missing,
            (false, false) => Referent::Nowhere("stands for nothing: there is none of that name"),
        }
    }

    /// The text that a variable in an address stands for.
    fn text(&self, variable: &str, left: usize) -> Option<String> {
        let left = left.checked_sub(1)?;
        let Referent::Node((_, node)) = self.up(variable, left) else { return None };
        let text = scalar::read(&node).filter(|_| view::call(&node).is_none())?;
        match is_variable(&node) {
            true => self.text(&text, left),
            // Of several, each of which may have several, there would be no end.
            false if text.matches("${").count() > 1 => None,
            false => {
                let text = serverless::filled(&text, &mut |nested| self.text(nested, left));
                serverless::variable(&text).is_none().then_some(text)
            }
        }
    }

    /// The stage that is deployed, unless an option says another one. None while that is looked for.
    fn stage(&self, left: usize) -> Option<String> {
        let known = self.service.stage.borrow().clone();
        known.unwrap_or_else(|| {
            *self.service.stage.borrow_mut() = Some(None);
            let by_default = Cell::new(false);
            let stage = Look { by_default: &by_default, ..*self }.text(serverless::STAGE, left);
            *self.service.stage.borrow_mut() = Some(stage.clone());
            stage
        })
    }

    fn document(&self, path: &str) -> Result<Tree, Referent> {
        let path = normalize(&self.service.folder.join(path));
        let Some((file, loaded)) = self.world.snippet_at(&path) else {
            // The next source is taken for a file that is not there, not for one that is not read.
            let read = self.world.files.read_text(&path);
            if let Ok(file) = read {
                self.world.files.take_apart(file);
            }
            let is_missing = matches!(read, Err(ReadError::Missing));
            self.unread.set(self.unread.get() || !is_missing);
            return Err(if is_missing { Referent::Missing } else { Referent::Unknown });
        };
        // Settings, unless a part of the template stands there.
        self.world.files.take_apart(file);
        let document = loaded.as_json().first().cloned().ok_or(Referent::Missing)?;
        Ok((file, document))
    }

    fn walk(&self, (mut file, mut node): Tree, keys: &str, left: usize) -> Referent {
        for key in keys.split('.').filter(|key| !key.is_empty()) {
            match self.settled(file, node, left) {
                Referent::Node(written) => (file, node) = written,
                other => return other,
            }
            let below = match &node.kind {
                NodeKind::Seq(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)),
                _ => node.get(key),
            };
            let Some(below) = below.cloned() else { return Referent::Missing };
            node = below;
        }
        let before = self.by_default.get();
        match self.settled(file, node.clone(), left) {
            // What is not known, or an input, is the variable that is written there.
            Referent::Unknown => Referent::Node((file, node)),
            Referent::Node((_, own)) if !before && self.by_default.get() && own.text().is_some() => {
                self.by_default.set(false);
                Referent::Node((file, node))
            }
            found => found,
        }
    }

    /// What a node stands for, if it is a variable.
    fn settled(&self, file: FileId, node: Node, left: usize) -> Referent {
        match node.text() {
            Some(text) if is_variable(&node) => {
                let at = (file, node.span);
                Look { at, ..*self }.up(text, left)
            }
            _ => Referent::Node((file, node)),
        }
    }

    /// Whether a tree ends with every variable in it followed.
    fn is_finite(&self, (file, node): &Tree, above: &mut Vec<(FileId, u32)>, nodes: &mut usize) -> bool {
        let Some(left) = nodes.checked_sub(1) else { return false };
        *nodes = left;
        if !is_variable(node) {
            let below = |node: &Node, above: &mut _, nodes: &mut _| {
                self.is_finite(&(*file, node.clone()), above, nodes)
            };
            return node.items().iter().all(|item| below(item, above, nodes))
                && node.entries().iter().all(|(_, value)| below(value, above, nodes));
        }
        let here = (*file, node.span.start);
        if above.contains(&here) || above.len() >= CHAINED {
            return false;
        }
        let Referent::Node(written) = self.settled(*file, node.clone(), CHAINED) else { return true };
        above.push(here);
        let finite = is_variable(&written.1) || self.is_finite(&written, above, nodes);
        above.pop();
        finite
    }
}
