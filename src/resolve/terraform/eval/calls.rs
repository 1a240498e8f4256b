//! The module instance that a call makes: which module, with which arguments.
//!
//! Answers: where does an instance of a `module` block lead, and what does it pass? Limits how deep and how many.
//! Evaluates arguments only; knows nothing of what the module declares.
//! Source: Terraform language, "Modules"; facts of the catalogue in [`super::super::config::catalogue`].

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::scope::{Call, Instance, ModuleInstance, Scope, Stub};
use super::{Item, Terraform};
use crate::key::Written;
use crate::parse::syntax::Attribute;
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::resolve::terraform::config::catalogue;
use crate::resolve::terraform::config::module::{self, Decl, In, Module};
use crate::resolve::terraform::config::resources::makes_keys;
use crate::resolve::terraform::config::written;
use crate::resolve::terraform::types::to_string;
use crate::span::Loc;
use crate::value::Value;
use crate::value::limits::{MODULE_DEPTH, MODULES};

/// What a call says that it calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallSource {
    /// This source, with what is shown of it: what a file or a secret input gives is not.
    Known(String, String),
    /// It depends on inputs that nothing supplies.
    Open,
    /// Nothing.
    Missing,
    /// Terraform refuses the expression, for this reason.
    Refused(String),
}

impl CallSource {
    /// A source that is written out.
    pub fn of(source: &str) -> CallSource {
        match module::is_address(source) {
            _ if source.is_empty() => CallSource::Missing,
            true => CallSource::Known(source.into(), format!("{source:?}")),
            false => {
                let hint = format!("{source:?} is no module address; a folder is written \"./{source}\"");
                CallSource::Refused(hint)
            }
        }
    }

    /// A source that is shown as what gives it.
    fn given_by(source: &str, shown: &str) -> CallSource {
        match CallSource::of(source) {
            CallSource::Known(source, _) => CallSource::Known(source, shown.into()),
            CallSource::Refused(_) => CallSource::Refused(format!("{shown} is no module address")),
            other => other,
        }
    }
}

/// Where a call of a module leads.
pub enum Callee {
    /// To a folder.
    Folder(PathBuf),
    /// To the catalogue.
    Catalogue(catalogue::MatchedRow),
}

impl Terraform<'_> {
    /// The child module of one instance of a call; `None` if its source is not on disk.
    pub fn child(
        &self,
        node: &Rc<ModuleInstance>,
        call: &str,
        instance: &Rc<Instance>,
    ) -> Option<Rc<ModuleInstance>> {
        let name = instance.each_key.clone();
        let key = (node.id, call.to_string(), instance.key.clone(), name, instance.member);
        if let Some(known) = self.known.children.borrow().get(&key) {
            return known.clone();
        }
        let child = self.make_child(node, call, instance);
        self.known.children.borrow_mut().insert(key, child.clone());
        child
    }

    /// The source of a call. It may be an expression over what is known before anything is deployed (OpenTofu's early
    /// evaluation, Terraform's `const` variables); supplied inputs count as given.
    pub fn source(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> CallSource {
        let Some(arg) = decl.args.get("source") else { return CallSource::Missing };
        if let Some(source) = written::literal(&arg.what.expr) {
            return CallSource::of(source);
        }
        let at = arg.loc(arg.what.expr.span);
        match self.once(node, Item::Source(name.into()), at, || self.constant(node, arg)) {
            ref value @ Value::String(ref text) => match self.cx.stand_in(value) {
                Some(shown) => CallSource::given_by(text, &shown),
                None => CallSource::of(text),
            },
            Value::Sym(_) | Value::Choice(_) => CallSource::Open,
            Value::Refused(refusal) => CallSource::Refused(refusal.reason.clone()),
            _ => CallSource::Missing,
        }
    }

    fn constant(&self, node: &Rc<ModuleInstance>, arg: &In<Attribute>) -> Value {
        let cx = self.cx;
        cx.as_given(&to_string(cx, &self.eval(&Scope::module(node, arg.file), &arg.what.expr)))
    }

    /// The folder that a call leads to whose source is written out.
    pub fn written_folder(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> Option<PathBuf> {
        module::source_of(decl)?;
        match self.callee(node, name, decl)? {
            Callee::Folder(dir) => Some(dir),
            Callee::Catalogue(_) => None,
        }
    }

    /// Where a call leads; `None` if to nothing that is on disk or in the catalogue.
    pub fn callee(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> Option<Callee> {
        let CallSource::Known(source, _) = self.source(node, name, decl) else { return None };
        if let Some(dir) = module::local_dir(&node.module.dir, &source, self.files) {
            return module::exists(&dir, self.files).then_some(Callee::Folder(dir));
        }
        let version = self.version(node, decl);
        let version = version.as_ref().and_then(Value::as_str);
        let installed = self.installed(node, name, &source, version);
        if let Some(dir) = installed.filter(|dir| module::exists(dir, self.files)) {
            return Some(Callee::Folder(dir.to_path_buf()));
        }
        catalogue::find(&source, version).map(Callee::Catalogue)
    }

    fn version(&self, node: &Rc<ModuleInstance>, decl: &Decl) -> Option<Value> {
        decl.args.get("version").map(|arg| match written::literal(&arg.what.expr) {
            Some(text) => Value::from(text),
            None => self.constant(node, arg),
        })
    }

    /// The folder that `init` put a module into. A module of the catalogue is one in a version that is known; what `init`
    /// brought of another is not it.
    fn installed(
        &self,
        node: &ModuleInstance,
        name: &str,
        source: &str,
        version: Option<&str>,
    ) -> Option<&Path> {
        node.stub.is_none().then(|| self.manifest.folder(&node.call_path(name), source, version)).flatten()
    }

    /// Says that a call leads to nothing that is on disk.
    fn remote(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) {
        let at = module::source_place(decl);
        let refused = |reason: String| self.sink.aside(Problem::new(ProblemKind::Refused, at, reason));
        match self.source(node, name, decl) {
            CallSource::Known(source, shown) => {
                let version = self.version(node, decl);
                let installed = self.installed(node, name, &source, version.as_ref().and_then(Value::as_str));
                let said = match installed.and_then(|dir| self.files.unlisted(dir)) {
                    Some(error) => module::not_listed(&shown, &error, at),
                    None => module::not_on_disk(&node.module.dir, (&source, &shown), at, self.files),
                };
                let unreadable = self.manifest.unreadable.clone().filter(|_| said.once);
                self.sink.problem(unreadable.unwrap_or(said));
            }
            // One that needs itself was refused where it did.
            CallSource::Open if self.sink.look(|said| said.asides.iter().any(|p| p.place == at.into())) => {}
            CallSource::Open => self.sink.problem(module::source_is_open(at)),
            CallSource::Missing => {
                refused(
                    "this module call has no source; Terraform refuses that, and nothing of it is judged"
                        .into(),
                );
            }
            CallSource::Refused(reason) => {
                refused(format!("the source of this module is refused: {reason}; nothing of it is judged"));
            }
        }
    }

    fn make_child(
        &self,
        node: &Rc<ModuleInstance>,
        call: &str,
        instance: &Rc<Instance>,
    ) -> Option<Rc<ModuleInstance>> {
        let decl = node.module.calls.get(call)?;
        let Some(callee) = self.callee(node, call, decl) else {
            self.remote(node, call, decl);
            return None;
        };
        let (module, stub) = match callee {
            Callee::Folder(dir) => (self.modules.load(&dir, self.files), None),
            Callee::Catalogue(found) => {
                let module = self.modules.stub(found.row, self.files)?;
                let stub = self.stub(node, call, decl, &found, &module);
                (module, Some(stub))
            }
        };
        if self.calls_itself(node, &module.dir) {
            let reason =
                "this module calls itself, directly or through others; Terraform refuses such a cycle";
            self.sink.aside(Problem::new(ProblemKind::Refused, decl.header(), reason));
            return None;
        }
        for (limit, met) in [(&MODULE_DEPTH, node.via.len()), (&MODULES, self.nodes.borrow().len())] {
            if met >= limit.most {
                self.budget(decl.header(), limit);
                return None;
            }
        }
        // What is passed for a secret is one, whether it is asked for or not.
        let secret =
            |(name, _): &(&String, &In<Attribute>)| module.variables.get(*name).is_some_and(Decl::is_secret);
        let passed = decl.args.iter().filter(secret);
        passed.for_each(|(_, arg)| self.files.hide(arg.loc(arg.what.expr.span)));
        let path = way(&self.root_node()?.module.dir, &module.dir);
        let here = node.stub.is_none().then(|| decl.header());
        let via = node.via.iter().copied().chain(here).collect();
        let id = self.nodes.borrow().len();
        let child = Rc::new(ModuleInstance {
            id,
            module,
            prefix: format!("{}module.{call}{}.", node.prefix, instance.key.show()),
            path,
            times: instance.times.within(self.cx, &node.times),
            call: Some(Call { parent: node.clone(), name: call.to_string(), instance: instance.clone() }),
            via,
            stub,
        });
        self.nodes.borrow_mut().push(child.clone());
        Some(child)
    }

    /// What is to be shown of a call of a module of the catalogue; the outermost such call counts.
    fn stub(
        &self,
        node: &ModuleInstance,
        call: &str,
        decl: &Decl,
        found: &catalogue::MatchedRow,
        module: &Module,
    ) -> Rc<Stub> {
        if let Some(outer) = &node.stub {
            return outer.clone();
        }
        if let Some(version) = found.unknown_version.as_ref().filter(|_| found.row.keys) {
            let reason = format!(
                "the version {version:?} of module.{call} is not in lonekey's catalogue; it is taken for {}",
                found.row.shown()
            );
            self.sink.assume(Assumption { reason, place: module::source_place(decl).into() });
        }
        let first = |names: &[&str]| names.iter().find_map(|n| decl.args.get(*n)).cloned();
        let without_key =
            catalogue::WITHOUT_KEY.into_iter().find(|name| module.variables.contains_key(*name));
        let without_key = without_key.map(|name| {
            let at = decl.args.get(name).map_or_else(|| decl.header(), |arg| arg.loc(arg.what.span));
            let of = Some(format!("{}module.{call}", node.prefix));
            Written { of, ..Written::new(name, "false", at) }
        });
        Rc::new(Stub {
            header: decl.header(),
            without_key: without_key.map(Rc::new),
            user: first(found.row.user),
            status: first(found.row.status),
            multiplier: first(&["count", "for_each"]),
        })
    }

    fn calls_itself(&self, node: &Rc<ModuleInstance>, dir: &Path) -> bool {
        let mut at = Some(node.clone());
        while let Some(node) = at {
            if node.module.dir == dir {
                return true;
            }
            at = node.call.as_ref().map(|c| c.parent.clone());
        }
        false
    }

    /// Whether a call leads to a module that declares a key or a stack, directly or through what it calls itself.
    pub fn leads_to_keys(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> bool {
        let known = |source: &str| catalogue::makes_keys(source) == Some(true);
        match self.callee(node, name, decl) {
            Some(Callee::Folder(dir)) => self.any_below(vec![dir], &|module| {
                module.resources.keys().any(|(kind, _)| makes_keys(kind))
                    || module.calls.values().filter_map(module::source_of).any(known)
            }),
            Some(Callee::Catalogue(found)) => found.row.keys,
            None => false,
        }
    }

    /// Whether this holds of a module in one of these folders, or of one that is called there.
    pub(super) fn any_below(&self, mut todo: Vec<PathBuf>, holds: &dyn Fn(&Module) -> bool) -> bool {
        let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
        while let Some(dir) = todo.pop() {
            if !seen.insert(dir.clone()) {
                continue;
            }
            let module = self.modules.load(&dir, self.files);
            if holds(&module) {
                return true;
            }
            let sources = module.calls.values().filter_map(module::source_of);
            todo.extend(sources.filter_map(|source| module::local_dir(&dir, source, self.files)));
        }
        false
    }

    /// The argument of a module call, in the caller's scope; `None` if it is not passed.
    pub fn argument(&self, node: &ModuleInstance, name: &str) -> Option<(Value, Loc)> {
        let (scope, arg) = node.passed(name)?;
        Some((self.eval(&scope, &arg.what.expr), arg.loc(arg.what.span)))
    }
}

/// The path from one folder to another, both absolute.
pub fn way(from: &Path, to: &Path) -> PathBuf {
    let (a, b): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let up = a.iter().skip(common).map(|_| Component::ParentDir);
    up.chain(b.into_iter().skip(common)).collect()
}
