//! The module instance that a call makes: which module, with which arguments.
//!
//! Answers: where does an instance of a `module` block lead, and what does it pass? Limits how deep and how many.
//! Evaluates arguments only; knows nothing of what the module declares.
//! Source: Terraform language, "Modules"; facts of the catalogue in [`super::catalogue`].

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::keys::makes_keys;
use super::module::{self, Decl};
use super::scope::{Call, Instance, Node, Scope, Stub};
use super::{Callee, Terraform, catalogue};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::span::Loc;
use crate::value::Value;

impl Terraform<'_> {
    /// The child module of one instance of a call; `None` if its source is not on disk.
    pub fn child(&self, node: &Rc<Node>, call: &str, instance: &Rc<Instance>) -> Option<Rc<Node>> {
        let key = (node.id, call.to_string(), instance.key.clone());
        if let Some(known) = self.children.borrow().get(&key) {
            return known.clone();
        }
        let child = self.make_child(node, call, instance);
        self.children.borrow_mut().insert(key, child.clone());
        child
    }

    fn make_child(&self, node: &Rc<Node>, call: &str, instance: &Rc<Instance>) -> Option<Rc<Node>> {
        let decl = node.module.calls.get(call)?;
        let Some(callee) = self.callee(node, call, decl) else {
            self.remote(decl);
            return None;
        };
        let (module, stub) = match callee {
            Callee::Folder(dir) => (self.modules.load(&dir, self.files), None),
            Callee::Catalogue(found) => {
                (self.stub_module(found.row)?, Some(self.stub(node, call, decl, &found)))
            }
        };
        if self.calls_itself(node, &module.dir) {
            let reason =
                "this module calls itself, directly or through others; Terraform refuses such a cycle";
            self.aside(Problem::new(ProblemKind::Refused, decl.header(), reason));
            return None;
        }
        if node.via.len() >= super::MAX_DEPTH {
            self.aside(Problem::new(
                ProblemKind::Budget,
                decl.header(),
                format!(
                    "modules call each other more than {} deep; deeper ones are not judged",
                    super::MAX_DEPTH
                ),
            ));
            return None;
        }
        if self.nodes.borrow().len() >= super::MAX_MODULES {
            let reason = format!(
                "this root module has more than {} module instances; the ones after that are not judged",
                super::MAX_MODULES
            );
            self.budget(decl.header(), reason);
            return None;
        }
        let path = relative(&self.nodes_root(), &module.dir);
        let cx = self.cx;
        let guard = cx.and(node.guard, instance.guard);
        let twice = cx.or(cx.and(node.twice, instance.guard), cx.and(node.guard, instance.twice));
        let here = node.stub.is_none().then(|| decl.header());
        let via = node.via.iter().copied().chain(here).collect();
        let over = node.over.iter().chain(&instance.over).copied().collect();
        let id = self.nodes.borrow().len();
        let child = Rc::new(Node {
            id,
            module,
            prefix: format!("{}module.{call}{}.", node.prefix, instance.key.show()),
            path,
            guard,
            twice,
            over,
            call: Some(Call { parent: node.clone(), name: call.to_string(), instance: instance.clone() }),
            via,
            stub,
        });
        self.nodes.borrow_mut().push(child.clone());
        Some(child)
    }

    /// What is to be shown of a call of a module of the catalogue; the outermost such call counts.
    fn stub(&self, node: &Node, call: &str, decl: &Decl, found: &catalogue::Found) -> Rc<Stub> {
        if let Some(outer) = &node.stub {
            return outer.clone();
        }
        if let Some(version) = found.unknown_version.as_ref().filter(|_| found.row.keys) {
            let reason = format!(
                "the version {version:?} of module.{call} is not in lonekey's catalogue; it is taken for {}",
                found.row.shown()
            );
            self.assume(Assumption { reason, place: module::source_place(decl).into() });
        }
        let first = |names: &[&str]| names.iter().find_map(|n| decl.args.get(*n)).cloned();
        Rc::new(Stub {
            header: decl.header(),
            user: first(found.row.user),
            status: first(found.row.status),
            multiplier: first(&["count", "for_each"]),
        })
    }

    fn calls_itself(&self, node: &Rc<Node>, dir: &Path) -> bool {
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
    pub fn leads_to_keys(&self, node: &Node, name: &str, decl: &Decl) -> bool {
        let mut seen: BTreeSet<PathBuf> = BTreeSet::new();
        let mut todo: Vec<PathBuf> = Vec::new();
        match self.callee(node, name, decl) {
            Some(Callee::Folder(dir)) => todo.push(dir),
            Some(Callee::Catalogue(found)) => return found.row.keys,
            None => {}
        }
        while let Some(dir) = todo.pop() {
            if !seen.insert(dir.clone()) {
                continue;
            }
            let module = self.modules.load(&dir, self.files);
            if module.resources.keys().any(|(kind, _)| makes_keys(kind)) {
                return true;
            }
            for source in module.calls.values().filter_map(module::source_of) {
                match module::local_dir(&dir, source) {
                    Some(next) => todo.push(next),
                    None if catalogue::makes_keys(source) == Some(true) => return true,
                    None => {}
                }
            }
        }
        false
    }

    /// The argument of a module call, in the caller's scope; `None` if it is not passed.
    pub fn argument(&self, node: &Node, name: &str) -> Option<(Value, Loc)> {
        let call = node.call.as_ref()?;
        let decl = call.parent.module.calls.get(&call.name)?;
        let arg = decl.args.get(name)?;
        let scope = Scope::block(&call.parent, &call.instance, arg.file);
        Some((self.eval(&scope, &arg.what.expr), arg.loc(arg.what.span)))
    }
}

/// The path from one folder to another, both absolute.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (a, b): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let up = a.iter().skip(common).map(|_| Component::ParentDir);
    up.chain(b.into_iter().skip(common)).collect()
}
