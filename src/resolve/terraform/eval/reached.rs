//! Faults that a key's block leads to, evaluated or not.
//!
//! `user = try("ci", local.b)` is refused where `local.b` refers to nothing, although it is never computed; so is a key with
//! `count = 0` whose block refers to nothing. An expression that is evaluated meets its own faults (`config::faults`); this
//! follows the names that a block refers to, through locals, arguments of calls, outputs and resources. Evaluates nothing.
//! Source: recorded results of the binary (1.11).

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::Terraform;
use super::refused::WhenMet;
use super::scope::ModuleInstance;
use crate::parse::syntax::{Attribute, Block, Expr};
use crate::problem::{Problem, ProblemKind};
use crate::resolve::terraform::config::declarations;
use crate::resolve::terraform::config::module::{self, Decl, In, Module};
use crate::resolve::terraform::config::references::{Step, reference};
use crate::span::{FileId, Span};

/// Arguments that are no expressions.
const NO_EXPRESSIONS: [&str; 4] = ["provider", "providers", "source", "version"];

/// What multiplies a block.
const MULTIPLIERS: [&str; 2] = ["count", "for_each"];

impl Terraform<'_> {
    /// Meets the faults in a block and in what it refers to, directly or through others.
    pub fn meet_faults(&self, node: &Rc<ModuleInstance>, decl: &Decl) {
        if self.may_be_faulty(node) {
            Reach { tf: self, seen: BTreeSet::new() }.block(&Place::of(node), decl);
        }
    }

    /// Meets those of a call, and of what multiplies it.
    pub fn meet_faults_of_call(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) {
        let child = self.written_folder(node, name, decl).map(|dir| self.modules.load(&dir, self.files));
        let faults = child.map(|child| declarations::call(name, decl, &child)).unwrap_or_default();
        for (at, reason) in faults {
            self.meet(WhenMet::Refused(Problem::new(ProblemKind::Refused, at, reason)));
        }
        if self.may_be_faulty(node) {
            let (mut reach, place) = (Reach { tf: self, seen: BTreeSet::new() }, Place::of(node));
            reach.meet(&place, decl.base.file, decl.base.what.header);
            reach.arguments(&place, decl, &MULTIPLIERS);
        }
    }

    /// Whether there are faults in a module, one that calls it, or one that it calls.
    fn may_be_faulty(&self, node: &Rc<ModuleInstance>) -> bool {
        if let Some(known) = self.known.faulty.borrow().get(&node.id) {
            return *known;
        }
        let parent = || node.call.as_ref().is_some_and(|call| self.may_be_faulty(&call.parent));
        let found = !node.module.faults.is_empty() || parent() || self.calls_faulty(node);
        self.known.faulty.borrow_mut().insert(node.id, found);
        found
    }

    fn calls_faulty(&self, node: &Rc<ModuleInstance>) -> bool {
        let calls = node.module.calls.iter();
        let called = calls.filter_map(|(name, decl)| self.written_folder(node, name, decl));
        self.any_below(called.collect(), &|module| !module.faults.is_empty())
    }
}

/// A module where it is called.
struct Place {
    module: Arc<Module>,
    /// The names of the calls that lead to it.
    path: String,
    /// Whether what it does not declare may be declared by what completes it.
    completed: Option<Rc<ModuleInstance>>,
    caller: Option<(Rc<Place>, String)>,
}

impl Place {
    fn of(node: &Rc<ModuleInstance>) -> Rc<Place> {
        let caller = node.call.as_ref().map(|call| (Place::of(&call.parent), call.name.clone()));
        Rc::new(Place {
            module: node.module.clone(),
            path: node.prefix.clone(),
            completed: Some(node.clone()),
            caller,
        })
    }
}

struct Reach<'t, 'a> {
    tf: &'t Terraform<'a>,
    /// What was followed, by the module's path.
    seen: BTreeSet<(String, String)>,
}

impl Reach<'_, '_> {
    fn block(&mut self, place: &Rc<Place>, decl: &Decl) {
        self.meet(place, decl.base.file, decl.base.what.header);
        let names: Vec<&str> = decl.args.keys().map(String::as_str).collect();
        self.arguments(place, decl, &names);
        for block in &decl.blocks {
            self.nested(place, block.file, &block.what);
        }
    }

    fn arguments(&mut self, place: &Rc<Place>, decl: &Decl, names: &[&str]) {
        for name in names.iter().filter(|name| !NO_EXPRESSIONS.contains(name)) {
            if let Some(arg) = decl.args.get(*name) {
                self.argument(place, arg);
            }
        }
    }

    fn argument(&mut self, place: &Rc<Place>, arg: &In<Attribute>) {
        self.whole(place, arg.file, &arg.what.expr, &[]);
    }

    /// Recursive; the parsers bound the depth. A name that the block binds is no reference.
    fn nested(&mut self, place: &Rc<Place>, file: FileId, block: &Block) {
        let own: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).chain(["self"]).collect();
        for attribute in &block.body.attributes {
            self.whole(place, file, &attribute.expr, &own);
        }
        block.body.blocks.iter().for_each(|inner| self.nested(place, file, inner));
    }

    /// An expression with the faults in it, and what its names lead to.
    fn whole(&mut self, place: &Rc<Place>, file: FileId, expr: &Expr, bound: &[&str]) {
        self.meet(place, file, expr.span);
        self.names(place, expr, bound);
    }

    fn meet(&self, place: &Place, file: FileId, span: Span) {
        let faults = place.module.faults.get(&file).into_iter().flatten();
        for fault in faults.filter(|f| span.holds(f.span)) {
            let completed = || place.completed.as_ref().is_some_and(|n| self.tf.completed_by_terragrunt(n));
            if !(fault.undeclared && completed()) {
                let problem = Problem::new(ProblemKind::Refused, fault.at, fault.reason.clone());
                self.tf.meet(WhenMet::Refused(problem));
            }
        }
    }

    fn names(&mut self, place: &Rc<Place>, expr: &Expr, bound: &[&str]) {
        let Some(_depth) = self.tf.deeper() else { return };
        if let Some((root, steps)) = reference(expr) {
            if !bound.contains(&root) {
                self.named(place, root, &steps);
            }
            return;
        }
        expr.for_each_inner(&mut |inner, own| {
            let bound: Vec<&str> = bound.iter().chain(own).copied().collect();
            self.names(place, inner, &bound);
        });
    }

    fn named(&mut self, place: &Rc<Place>, root: &str, steps: &[(Step, &Expr)]) {
        let names: Vec<&str> = steps
            .iter()
            .filter_map(|(step, _)| match step {
                Step::Name(name) => Some(*name),
                Step::Number | Step::Key(_) => None,
            })
            .collect();
        if !self.seen.insert((place.path.clone(), format!("{root}.{}", names.join(".")))) {
            return;
        }
        match (root, names.as_slice()) {
            ("var", [name, ..]) => {
                if let Some(decl) = place.module.variables.get(*name) {
                    self.meet(place, decl.base.file, decl.base.what.header);
                }
                let Some((caller, call)) = &place.caller else { return };
                let passed = caller.module.calls.get(call).and_then(|decl| decl.args.get(*name));
                if let Some(arg) = passed {
                    self.argument(&caller.clone(), arg);
                }
            }
            ("local", [name, ..]) => {
                if let Some(local) = place.module.locals.get(*name) {
                    self.argument(place, local);
                }
            }
            ("module", [name, rest @ ..]) => self.call(place, name, rest.first().copied()),
            ("data", [kind, name, rest @ ..]) => {
                let decl = place.module.data.get(&(kind.to_string(), name.to_string()));
                self.resource(place, decl, rest.first().copied());
            }
            ("resource", [kind, name, rest @ ..]) => {
                let decl = place.module.resources.get(&(kind.to_string(), name.to_string()));
                self.resource(place, decl, rest.first().copied());
            }
            (kind, [name, rest @ ..]) => {
                let decl = place.module.resources.get(&(kind.to_string(), name.to_string()));
                self.resource(place, decl, rest.first().copied());
            }
            (_, []) => {}
        }
    }

    /// What a reference to a resource reads: one of its attributes, or all.
    fn resource(&mut self, place: &Rc<Place>, decl: Option<&Decl>, attribute: Option<&str>) {
        let Some(decl) = decl else { return };
        match attribute {
            Some(name) => {
                self.meet(place, decl.base.file, decl.base.what.header);
                self.arguments(place, decl, &[&MULTIPLIERS[..], &[name]].concat());
            }
            None => self.block(place, decl),
        }
    }

    fn call(&mut self, place: &Rc<Place>, name: &str, output: Option<&str>) {
        let Some(decl) = place.module.calls.get(name) else { return };
        self.meet(place, decl.base.file, decl.base.what.header);
        self.arguments(place, decl, &MULTIPLIERS);
        let Some(source) = module::source_of(decl) else { return };
        let Some(dir) = module::local_dir(&place.module.dir, source, self.tf.files) else { return };
        let module = self.tf.modules.load(&dir, self.tf.files);
        let inner = Rc::new(Place {
            module: module.clone(),
            path: format!("{}module.{name}.", place.path),
            completed: None,
            caller: Some((place.clone(), name.to_string())),
        });
        for (own, decl) in &module.outputs {
            if output.is_none_or(|output| output == own) {
                self.arguments(&inner, decl, &["value"]);
            }
        }
    }
}
