//! The evaluation of one root module: expressions, what names mean, blocks that multiply, calls of modules.
//!
//! [`expr`] with [`loops`], [`arms`], [`refs`] and [`objects`] evaluates, [`variables`] takes what is supplied, [`expand`] multiplies
//! blocks, [`calls`] enters modules.

pub mod arms;
mod arns;
pub mod call;
pub mod calls;
pub mod expand;
pub mod expr;
pub mod files;
mod filters;
mod invariant;
mod lines;
pub mod loops;
pub mod marked;
pub mod objects;
pub mod origins;
mod places;
mod reached;
pub mod refs;
pub mod refused;
pub mod scope;
pub mod site;
pub mod steps;
mod switches;
mod terragrunt;
pub mod tfvars;
mod validations;
pub mod variables;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::key::{Mode, Reads};
use crate::resolve::embedded::Embedded;
use crate::resolve::sink::Sink;
use crate::resolve::terraform::config::Modules;
use crate::resolve::terraform::config::inputs::RootInputs;
use crate::resolve::terraform::config::manifest::Manifest;
use crate::resolve::terraform::config::written::LocalName;
use crate::source::Files;
use crate::span::{FileId, Loc};
use crate::value::limits::{Limit, NESTING};
use crate::value::{Cx, Guard, SymId, Value};
use expand::Expansion;
use scope::{Instance, InstanceKey, ModuleInstance, Provided};

/// Something that is computed once per module instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A variable's value.
    Variable(String),
    /// A local value.
    Local(String),
    /// An output.
    Output(String),
    /// A resource, or a data source (`true`).
    Resource(bool, String, String),
    /// A module call.
    Call(String),
    /// The source of a module call, where it is an expression.
    Source(String),
    /// A provider configuration.
    Provider(LocalName),
    /// An attribute of an instance.
    Attribute(SymId, String),
    /// An expression that is the same in every instance of its block.
    Expression(Loc),
    /// The expansion of one of these.
    Expansion(Box<Item>),
}

/// What a symbol that is an instance stands for.
#[derive(Debug)]
pub struct Object {
    /// Its address.
    pub address: String,
    /// Which instance.
    pub kind: ObjectKind,
    /// The instance that it is, where a secret decides which one.
    pub chosen: Option<SymId>,
}

/// The kinds of instance.
#[derive(Clone, Debug)]
pub enum ObjectKind {
    /// A resource or data source.
    Resource {
        /// Its module.
        node: Rc<ModuleInstance>,
        /// Whether it is a data source.
        data: bool,
        /// Its type and name.
        key: (String, String),
        /// Which instance.
        instance: Rc<Instance>,
    },
    /// A module.
    Module {
        /// The calling module.
        node: Rc<ModuleInstance>,
        /// The call's name.
        name: String,
        /// Which instance.
        instance: Rc<Instance>,
    },
}

/// What has been computed: a value per module instance and item.
type Memo = HashMap<(usize, Item), Value>;
/// The child of each module call instance, by the calling module. Several `[*]` differ by their names or conditions.
type Children = HashMap<(usize, String, InstanceKey, Value, Guard), Option<Rc<ModuleInstance>>>;

/// The provider configurations met, by module instance, name and chosen instance.
type Configurations = HashMap<(usize, LocalName, Option<Value>), Rc<Provided>>;

/// The evaluation of one root module.
pub struct Terraform<'a> {
    /// The context of its values.
    pub cx: &'a Cx,
    /// The reader.
    pub files: &'a Files,
    /// The modules read.
    pub modules: &'a Modules,
    /// Whether supplied inputs keep their value.
    pub mode: Mode,
    /// What is supplied.
    pub root: RootInputs,
    pub(super) known: Known,
    pub(super) active: RefCell<HashSet<(usize, Item)>>,
    pub(super) nodes: RefCell<Vec<Rc<ModuleInstance>>>,
    /// What it says beside its keys.
    pub sink: Sink,
    /// The templates that it deploys.
    pub(super) embedded: RefCell<Embedded>,
    /// The files that functions read.
    pub(super) reads: RefCell<Reads>,
    /// Where `terraform init` put what the root calls.
    pub(super) manifest: Manifest,
    /// What validations say of every element of collections that are not known.
    pub(super) each: RefCell<Vec<validations::Each>>,
    /// Values that are refused whatever the free inputs are.
    pub(super) rejected: RefCell<refused::Rejected>,
    pub(super) depth: Rc<Cell<usize>>,
}

/// What was computed once and is kept.
#[derive(Default)]
pub(super) struct Known {
    pub(super) memo: RefCell<Memo>,
    pub(super) expansions: RefCell<HashMap<(usize, Item), Rc<Expansion>>>,
    pub(super) children: RefCell<Children>,
    pub(super) provided: RefCell<Configurations>,
    pub(super) objects: RefCell<HashMap<SymId, Rc<Object>>>,
    /// Whether an expression is the same in every instance of its block.
    pub(super) invariant: RefCell<HashMap<Loc, bool>>,
    /// What loops look for.
    pub(super) filters: RefCell<filters::Filters>,
    /// Whether a module instance has to do with faults.
    pub(super) faulty: RefCell<HashMap<usize, bool>>,
    /// Whether a module instance has to do with what is ephemeral, or sensitive.
    pub(super) worded: RefCell<HashMap<(usize, &'static str), bool>>,
    /// What functions computed of the bytes of files.
    pub(super) computed: RefCell<HashMap<(&'static str, FileId), Value>>,
    /// The texts that functions read from files, by their address.
    pub(super) texts: RefCell<HashMap<usize, places::Text>>,
    /// Whether Terragrunt writes files into the root module.
    pub(super) terragrunt: OnceCell<bool>,
}

/// Counts one level of nesting until it is dropped.
pub struct Depth(Rc<Cell<usize>>);

impl Drop for Depth {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl<'a> Terraform<'a> {
    /// The evaluation of the root module in `dir`, nothing computed yet.
    pub fn new(
        cx: &'a Cx,
        files: &'a Files,
        modules: &'a Modules,
        mode: Mode,
        dir: &Path,
        root: RootInputs,
    ) -> Self {
        let node = Rc::new(ModuleInstance {
            id: 0,
            module: modules.load(dir, files),
            prefix: String::new(),
            path: PathBuf::new(),
            times: crate::key::Multiplicity::ONCE,
            call: None,
            via: Vec::new(),
            stub: None,
        });
        Terraform {
            cx,
            files,
            modules,
            mode,
            root,
            known: Known::default(),
            active: RefCell::default(),
            nodes: RefCell::new(vec![node]),
            sink: Sink::default(),
            embedded: RefCell::default(),
            reads: RefCell::default(),
            manifest: Manifest::read(dir, files),
            each: RefCell::default(),
            rejected: RefCell::default(),
            depth: Rc::default(),
        }
    }

    /// The root module.
    pub fn root_node(&self) -> Option<Rc<ModuleInstance>> {
        self.nodes.borrow().first().cloned()
    }

    /// One level deeper; `None` past the limit.
    pub fn deeper(&self) -> Option<Depth> {
        let depth = self.depth.get();
        if depth >= NESTING.most {
            return None;
        }
        self.depth.set(depth + 1);
        Some(Depth(self.depth.clone()))
    }

    /// Says that a limit was met at `at`; each limit once, where it was met first.
    pub fn budget(&self, at: impl Into<crate::problem::Place>, limit: &'static Limit) {
        self.sink.budget(at.into(), limit, self.mode);
    }

    /// Says that an item that is used is declared twice.
    pub fn report_duplicates(&self, node: &ModuleInstance, item: &Item) {
        let (block, name) = match item {
            Item::Variable(name) => ("variable", name.clone()),
            Item::Local(name) => ("locals", name.clone()),
            Item::Output(name) => ("output", name.clone()),
            Item::Provider((local, _)) => ("provider", local.clone()),
            Item::Call(name) => ("module", name.clone()),
            Item::Resource(false, kind, name) => ("resource", format!("{kind}.{name}")),
            Item::Resource(true, kind, name) => ("data", format!("{kind}.{name}")),
            Item::Source(_) | Item::Attribute(..) | Item::Expression(_) | Item::Expansion(_) => return,
        };
        for problem in node.module.duplicates.get(&(block.into(), name)).into_iter().flatten() {
            self.sink.aside(problem.clone());
        }
    }

    /// The place that a user can look at: what stands in a module of the catalogue is shown at its call.
    pub fn visible(&self, loc: Loc) -> Loc {
        let nodes = self.nodes.borrow();
        let stub = nodes.iter().find(|n| n.stub.is_some() && n.module.files.contains(&loc.file));
        stub.and_then(|n| n.stub.as_ref()).map_or(loc, |stub| stub.header)
    }
}
