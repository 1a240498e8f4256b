//! Template text to access keys: the evaluator that CloudFormation templates and CDK assemblies share.
//!
//! A [`World`] holds everything that is resolved together; each template in it, nested ones included, is a [`Stack`].
//! Evaluation never fails: what is not known is a symbol, what the deployment would refuse is a refusal inside the
//! value, and nothing is evaluated that a key's existence, user or status does not ask for.
//!
//! Must not know levels, output, or how an assembly is laid out. Sources: CloudFormation's user guide (template
//! sections, intrinsic functions, pseudo parameters) and the recorded behaviour of the real service.

mod conditions;
mod declared;
mod duplicates;
pub mod embedded;
mod encode;
mod filled;
mod foreach;
mod framework;
mod functions;
mod hidden;
mod keys;
#[cfg(test)]
mod laws;
mod lists;
pub mod load;
mod nested;
mod origins;
mod outputs;
mod params;
mod places;
mod read_back;
mod resources;
mod rules;
pub mod scalar;
pub mod serverless;
mod service_files;
mod snippets;
mod stack_sets;
mod text;
mod transforms;
mod uploaded;
mod variables;
pub mod view;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::PathBuf;
use std::rc::Rc;

use super::Inputs;
use super::embedded::Parameters;
use super::sink::Sink;
use crate::key::{AccessKey, Account, DeclaredUser, Mode, Multiplicity, Resolved};
use crate::parse::tree::Node;
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::source::{Files, MENTION};
use crate::span::{FileId, Loc};
use crate::unit::UnitName;
use crate::value::limits::Limit;
use crate::value::{Cx, Guard, Value};

pub use declared::{Param, declared_in};
pub use foreach::Entry;
pub use nested::{Assets, NESTED, local_templates};
pub use resources::NESTED_TYPES;

/// Everything that is resolved together, and what was found so far.
pub struct World<'a> {
    /// The context of every value and guard.
    pub cx: Cx,
    files: &'a Files,
    inputs: &'a Inputs,
    mode: Mode,
    unit: UnitName,
    /// Snippets by path, with their documents; `None` for one that cannot be read.
    snippets: RefCell<HashMap<PathBuf, Option<snippets::Documents>>>,
    /// Trees that stand in a tree of another file.
    parts: RefCell<Vec<(FileId, Node)>>,
    stacks: RefCell<Vec<Rc<Stack>>>,
    roots: RefCell<Vec<usize>>,
    depth: Cell<usize>,
    expanded: Cell<usize>,
    /// Values that stand in text under a marker: items of loops that are not known, and whether people read one as any
    /// element of a list.
    elements: RefCell<Vec<(Value, bool)>>,
    /// Texts that stand for look-ups that were not made.
    dummies: Vec<String>,
    /// Whether the Serverless Framework fills in variables before CloudFormation sees the template.
    serverless: Cell<bool>,
    /// Its files, and what their variables stand for.
    services: RefCell<HashMap<FileId, Rc<variables::Service>>>,
    variables: RefCell<HashMap<(FileId, String), variables::Answer>>,
    /// What those are that an option or the environment may replace, by their text.
    defaults: RefCell<HashMap<String, Value>>,
    /// Why those are refused that stand for nothing, by their text.
    nowhere: RefCell<HashMap<String, String>>,
    /// Variables with a file on the way that may not be read, which was said.
    unread: RefCell<HashSet<(FileId, String)>>,
    /// Pairs of root stacks that are known to be in one account.
    links: RefCell<BTreeSet<(usize, usize)>>,
    exports: RefCell<Option<Rc<Vec<outputs::Export>>>>,
    found: RefCell<Found>,
    /// What it says beside its keys.
    pub sink: Sink,
    read: RefCell<Vec<FileId>>,
    /// Templates that stand in text of another file and say something to lonekey.
    inside: RefCell<Vec<(FileId, Node)>>,
    /// Which files were taken for the templates of nested stacks, by the address of the stack.
    uploaded: RefCell<Vec<(String, Assumption)>>,
}

/// A key with what it was made from, for front ends that know more about it.
pub struct MadeKey {
    /// The key.
    pub key: AccessKey,
    /// The stack that declares it.
    pub stack: usize,
    /// The root of that stack.
    pub root: usize,
    /// Its logical id.
    pub id: String,
    /// The resource.
    pub node: Node,
}

/// What was found in stacks, for front ends that know more about it.
#[derive(Default)]
pub struct Found {
    /// The keys.
    pub keys: Vec<MadeKey>,
    /// The declared users, each with the root of its stack.
    pub users: Vec<(usize, DeclaredUser)>,
    /// What is assumed of them.
    pub assumptions: Vec<Assumption>,
}

impl Found {
    /// Puts what is below a root into the account that is said for it, if one is.
    pub fn put_into(&mut self, account: impl Fn(usize) -> Option<Account>) {
        let keys = self.keys.iter_mut().map(|made| (made.root, &mut made.key.account));
        let users = self.users.iter_mut().map(|(root, user)| (*root, &mut user.account));
        for (root, own) in keys.chain(users) {
            if let Some(account) = account(root) {
                *own = account;
            }
        }
    }
}

/// What is known of a stack from outside its template.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Its name, if it is known.
    pub name: Option<String>,
    /// Its account id, if it is known.
    pub account: Option<String>,
    /// Its region, if it is known; a marker where a stack set computes it.
    pub region: Option<String>,
    /// Parameter values handed over at deployment.
    pub parameters: BTreeMap<String, String>,
    /// Parameters that are handed values which only the deployment knows.
    pub computed: BTreeSet<String>,
    /// What another language passes; then nothing else supplies a parameter.
    pub passed: Option<Parameters>,
    /// The accounts that a stack set is deployed to, which are not those of another one.
    pub accounts: Option<String>,
    /// More files that are merged with the template.
    pub merged: Vec<(FileId, Node)>,
}

/// Who calls a nested stack, and with what.
struct Caller {
    stack: usize,
    parameters: Option<Node>,
}

/// Where a stack comes from: what its names begin with, who calls it and how often, and what is known of it.
struct StackOrigin {
    /// The stack at the top, itself where nobody calls it.
    root: usize,
    prefix: String,
    caller: Option<Caller>,
    times: Multiplicity,
    calls: Vec<Loc>,
    given: Given,
    assets: Rc<Assets>,
    inner: Option<Rc<places::Inner>>,
}

/// One template with what is known of its stack.
pub struct Stack {
    id: usize,
    root: usize,
    file: FileId,
    /// The folder that local paths in it start from.
    folder: PathBuf,
    doc: Node,
    /// Snippets that are included as a whole: each has sections of its own.
    included: Vec<(FileId, Node)>,
    /// What its addresses and names begin with: empty, or ending with `/`.
    prefix: String,
    times: Multiplicity,
    calls: Vec<Loc>,
    caller: Option<Caller>,
    given: Given,
    assets: Rc<Assets>,
    language_extensions: bool,
    params: BTreeMap<String, Param>,
    memo: RefCell<HashMap<(Kind, String), Value>>,
    running: RefCell<BTreeSet<(Kind, String)>>,
    sections: RefCell<HashMap<&'static str, Rc<Section>>>,
    /// The sections whose loops are being expanded.
    expanding: RefCell<Vec<&'static str>>,
    children: RefCell<HashMap<String, Rc<Children>>>,
    /// The resources that depend on themselves, once that was asked.
    circular: RefCell<Option<Rc<BTreeSet<String>>>>,
    /// The text that its template was read from, where that is text inside of a file.
    inner: Option<Rc<places::Inner>>,
    /// The file of what is being evaluated: the template's, or that of a snippet it includes.
    at_file: Cell<FileId>,
}

/// What is evaluated once per stack, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Parameter,
    Condition,
    /// Whether a condition is computed of a secret.
    Secret,
    UserName,
    Output,
    Mappings,
}

/// The stacks that a nested-stack resource may be, each with when it is that one.
type Children = Vec<(Guard, usize)>;

/// The entries of a section, loops expanded.
#[derive(Default)]
struct Section {
    entries: Vec<Entry>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Section {
    /// The entry of a name; the last where several have it.
    fn named(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.by_name.get(name)?.last()?)
    }
}

impl Stack {
    fn loc(&self, node: &Node) -> Loc {
        Loc::new(self.at_file.get(), view::span(node))
    }

    /// A top-level section: the template's own, then those of the snippets that it includes as a whole.
    fn sections_named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (FileId, &'s Node)> {
        let own = self.doc.get(name).map(|node| (self.file, node));
        let included = self.included.iter().filter_map(move |(file, doc)| Some((*file, doc.get(name)?)));
        own.into_iter().chain(included)
    }

    /// Evaluates an entry in the file that it is written in.
    fn inside<T>(&self, file: FileId, evaluate: impl FnOnce() -> T) -> T {
        let before = self.at_file.replace(file);
        let value = evaluate();
        self.at_file.set(before);
        value
    }

    /// Its number in the world.
    pub fn id(&self) -> usize {
        self.id
    }

    /// The stack that a nested one stands in, and the logical id of its resource there; `None` for a root.
    pub fn nested_in(&self) -> Option<(usize, &str)> {
        let parent = self.caller.as_ref()?.stack;
        let path = self.prefix.strip_suffix('/')?;
        Some((parent, path.rsplit_once('/').map_or(path, |(_, id)| id)))
    }
}

impl<'a> World<'a> {
    /// An empty world for one unit.
    pub fn new(
        files: &'a Files,
        inputs: &'a Inputs,
        mode: Mode,
        unit: UnitName,
        dummies: Vec<String>,
    ) -> Self {
        World {
            cx: Cx::new(),
            files,
            inputs,
            mode,
            unit,
            snippets: RefCell::default(),
            parts: RefCell::default(),
            stacks: RefCell::default(),
            roots: RefCell::default(),
            depth: Cell::new(0),
            expanded: Cell::new(0),
            elements: RefCell::default(),
            dummies,
            serverless: Cell::new(false),
            services: RefCell::default(),
            variables: RefCell::default(),
            defaults: RefCell::default(),
            nowhere: RefCell::default(),
            unread: RefCell::default(),
            links: RefCell::default(),
            exports: RefCell::default(),
            found: RefCell::default(),
            sink: Sink::default(),
            read: RefCell::default(),
            inside: RefCell::default(),
            uploaded: RefCell::default(),
        }
    }

    /// Adds a root stack; `prefix` is what its addresses and inputs begin with. Nothing is evaluated yet.
    pub fn root(
        &self,
        file: FileId,
        folder: PathBuf,
        doc: Node,
        prefix: String,
        given: Given,
        assets: Rc<Assets>,
    ) -> usize {
        let id = self.stacks.borrow().len();
        let (times, calls) = (Multiplicity::ONCE, Vec::new());
        let origin = StackOrigin { root: id, prefix, caller: None, times, calls, given, assets, inner: None };
        let stack = self.build(file, folder, doc, origin);
        self.stacks.borrow_mut().push(Rc::new(stack));
        self.roots.borrow_mut().push(id);
        id
    }

    fn build(&self, file: FileId, folder: PathBuf, doc: Node, origin: StackOrigin) -> Stack {
        self.was_read(file);
        let (mut language_extensions, mut included) = self.transforms(file, &folder, &doc);
        for (file, doc) in &origin.given.merged {
            self.was_read(*file);
            let (extensions, more) = self.transforms(*file, &folder, doc);
            language_extensions |= extensions;
            included.push((*file, doc.clone()));
            included.extend(more);
        }
        let called = origin.caller.is_some() || origin.given.passed.is_some();
        self.no_duplicates(file, &doc, called);
        if origin.inner.is_some() && doc.says(MENTION) {
            self.inside.borrow_mut().push((file, doc.clone()));
        }
        let documents = included.iter().map(|(file, doc)| (*file, doc)).chain([(file, &doc)]);
        let own =
            documents.flat_map(|(file, doc)| declared::declared_in(file, &self.with_variables(file, doc)));
        let params: Vec<Param> = own.chain(self.parameters_of_files(file, &doc)).collect();
        params.iter().flat_map(|p| &p.hidden).for_each(|at| self.files.hide(*at));
        let params: BTreeMap<String, Param> = params.into_iter().map(|p| (p.name.clone(), p)).collect();
        let places = &self.inputs.parameter_places;
        let secret = |name: &str| params.values().any(|p| p.secret && name.ends_with(&p.name));
        places.iter().filter(|(name, _)| secret(name)).for_each(|(_, at)| self.files.hide(*at));
        let StackOrigin { root, prefix, caller, times, calls, given, assets, inner } = origin;
        Stack {
            id: self.stacks.borrow().len(),
            root,
            file,
            folder,
            params,
            doc,
            included,
            prefix,
            times,
            calls,
            caller,
            given,
            assets,
            language_extensions,
            memo: RefCell::default(),
            running: RefCell::default(),
            sections: RefCell::default(),
            expanding: RefCell::default(),
            children: RefCell::default(),
            circular: RefCell::default(),
            inner,
            at_file: Cell::new(file),
        }
    }

    /// Every key and user of every root stack, nested stacks included.
    pub fn evaluate(&self) -> Found {
        let roots = self.roots.borrow().clone();
        self.link();
        for root in roots {
            self.keys_of(root);
        }
        self.found.take()
    }

    /// The stack of that number.
    pub fn stack(&self, id: usize) -> Option<Rc<Stack>> {
        self.stacks.borrow().get(id).cloned()
    }

    /// Every root stack with the first of those that are known to be in its account: what imports an export is in the
    /// exporter's account.
    pub fn account_groups(&self) -> BTreeMap<usize, usize> {
        let mut group: BTreeMap<usize, usize> =
            self.roots.borrow().iter().map(|&root| (root, root)).collect();
        for (a, b) in self.links.borrow().iter() {
            let (Some(&a), Some(&b)) = (group.get(a), group.get(b)) else { continue };
            let (low, high) = (a.min(b), a.max(b));
            group.values_mut().filter(|g| **g == high).for_each(|g| *g = low);
        }
        group
    }

    /// What an input or resource of a stack is called: as its template does, after the nested stacks on the way, and
    /// after its file where another template of this world has the same name.
    fn leaf_name(&self, s: &Stack, name: &str) -> String {
        let plain = format!("{}{name}", s.prefix);
        let Some(root) = self.stack(s.root) else { return plain };
        let own = plain.strip_prefix(&root.prefix).unwrap_or(&plain);
        let first = own.split(['/', '.']).next().unwrap_or(own);
        let roots = self.roots.borrow();
        let mut others = roots.iter().filter_map(|&id| self.stack(id));
        let declares = |other: &Stack| {
            first.starts_with("AWS::")
                || other.params.contains_key(first)
                || other.doc.get("Resources").is_some_and(|r| r.get(first).is_some())
        };
        if !others.any(|other| other.id != root.id && other.prefix == root.prefix && declares(&other)) {
            return plain;
        }
        let path = &self.files.source(root.file).path;
        // A file can hold several templates.
        let twins = roots.iter().filter_map(|&id| self.stack(id)).filter(|other| other.file == root.file);
        match twins.map(|other| other.id).position(|id| id == root.id) {
            Some(0) | None => format!("{path}:{plain}"),
            Some(nth) => format!("{path}#{}:{plain}", nth + 1),
        }
    }

    /// What was found, with all that was said.
    pub fn finish(self, found: Found, units: usize) -> Resolved {
        let Found { keys, users, mut assumptions } = found;
        if let (Some(limit), Some(first)) = (self.cx.take_spent(), keys.first()) {
            self.budget(first.key.location, limit);
        }
        assumptions.extend(self.taken_for_templates(&keys));
        let said = self.sink.take().into_resolved();
        if !keys.is_empty() {
            assumptions.extend(said.assumptions);
        }
        Resolved {
            inside: self.inside.take(),
            keys: keys.into_iter().map(|m| m.key).collect(),
            users: users.into_iter().map(|(_, u)| u).collect(),
            assumptions,
            files: self.read.take(),
            units,
            filled: self.mode.filled(),
            cx: self.cx,
            ..said
        }
    }

    fn problem(&self, kind: ProblemKind, at: Loc, reason: impl Into<String>) {
        self.sink.problem(Problem::new(kind, at, reason));
    }

    /// Says that a limit was met at `at`; each limit once, where it was met first.
    fn budget(&self, at: Loc, limit: &'static Limit) {
        self.sink.budget(at.into(), limit, Mode::Supplied);
    }

    /// Notes a file that is judged.
    pub fn was_read(&self, file: FileId) {
        self.files.is_judged(file);
        self.was_looked_into(file);
    }

    /// Notes a file that was read.
    fn was_looked_into(&self, file: FileId) {
        let mut read = self.read.borrow_mut();
        if !read.contains(&file) {
            read.push(file);
        }
    }

    /// Evaluates something once per stack and name; a value that needs itself is refused.
    fn once(&self, s: &Stack, kind: Kind, name: &str, make: impl FnOnce() -> Value) -> Value {
        let key = (kind, name.to_string());
        if let Some(known) = s.memo.borrow().get(&key) {
            return known.clone();
        }
        if !s.running.borrow_mut().insert(key.clone()) {
            return Value::refused(format!("`{name}` is defined by itself"), None);
        }
        let value = make();
        s.running.borrow_mut().remove(&key);
        s.memo.borrow_mut().insert(key, value.clone());
        value
    }
}
