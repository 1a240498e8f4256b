//! References: what `var.x`, `local.x`, `module.m`, `aws_iam_user.u` mean.
//!
//! What a resource or module instance is, and what its attributes read: [`super::objects`].
//!
//! ```terraform
//! user = local.names["ci"]      # what the local is, evaluated once in its module instance
//! user = module.team.user       # an object whose attributes are the outputs
//! ```
//!
//! Source: Terraform language, "References to Values".

use std::rc::Rc;

use super::scope::{ModuleInstance, Scope};
use super::{Item, ObjectKind, Terraform, files};
use crate::parse::syntax::{Expr, ExprKind};
use crate::resolve::terraform::types::{self, elements};
use crate::span::Loc;
use crate::value::marks::Mark;
use crate::value::shortest::Text;
use crate::value::symbol::Role;
use crate::value::{Leaf, LeafKind, Part, SymId, Ty, Value};

/// What stands there may be a secret without its quotes, so it is not named.
const NO_REFERENCE: &str = "a variables file cannot refer to anything";

impl Terraform<'_> {
    /// A reference: its root, then one step after the other.
    pub fn traversal(&self, scope: &Scope, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::GetAttr(base, name) => match self.named(scope, base, &name.text, name.span.end) {
                Some(value) => value,
                None => self
                    .attribute(&self.eval(scope, base), &self.written_as(scope, name.text.as_str().into())),
            },
            ExprKind::Index(base, index) => {
                let base = self.eval(scope, base);
                self.element_at(&base, &self.eval(scope, index))
            }
            ExprKind::LegacyIndex(base, index) => {
                let base = self.eval(scope, base);
                self.element_at(&base, &Value::from(i64::try_from(*index).unwrap_or(i64::MAX)))
            }
            ExprKind::Variable(name) => match scope.locals.get(name) {
                Some(value) => value.clone(),
                None if scope.literal => Value::refused(NO_REFERENCE, None),
                None => Value::refused(format!("{name} is not a value by itself"), None),
            },
            _ => Value::refused("this is not a reference", None),
        }
    }

    /// The value of a whole name (`var.x`, `aws_iam_user.u`, `data.t.n`); `None` if `base.name` is no such name.
    pub(super) fn named(&self, scope: &Scope, base: &Expr, name: &str, end: u32) -> Option<Value> {
        let at = Loc::new(scope.file, crate::span::Span { start: base.span.start, end });
        if let ExprKind::GetAttr(inner, kind) = &base.kind
            && let ExprKind::Variable(root) = &inner.kind
            && matches!(root.as_str(), "data" | "resource")
            && !scope.locals.contains_key(root)
        {
            return Some(self.resource(scope, &kind.text, name, root == "data", at));
        }
        let ExprKind::Variable(root) = &base.kind else { return None };
        if scope.locals.contains_key(root) {
            return None;
        }
        if scope.literal {
            return Some(Value::refused(NO_REFERENCE, Some(at)));
        }
        let node = &scope.node;
        Some(match root.as_str() {
            "var" => self.variable(node, name, at),
            "local" => self.local(node, name, at),
            "module" => self.module_value(node, name, at),
            "data" | "resource" => return None,
            "each" | "count" => self.each(scope, root, name, at),
            "path" => match name {
                "module" => Value::from(slashed(&node.path)),
                "root" => Value::from("."),
                "cwd" => files::cwd(self),
                _ => self.deployment(&format!("path.{name}"), Ty::String),
            },
            "terraform" | "tofu" if name == "workspace" => self.workspace(),
            "terraform" | "tofu" => self.deployment(&format!("terraform.{name}"), Ty::Dynamic),
            "ephemeral" => self.deployment(&format!("ephemeral.{name}"), Ty::Dynamic),
            kind => self.resource(scope, kind, name, false, at),
        })
    }

    /// A symbol that only the deployment knows.
    pub fn deployment(&self, name: &str, ty: Ty) -> Value {
        self.cx.leaf_value(Leaf::new(name, ty, LeafKind::Deployment))
    }

    pub(super) fn each(&self, scope: &Scope, root: &str, name: &str, at: Loc) -> Value {
        match (&scope.instance, root, name) {
            (Some(instance), "each", "key") => instance.each_key.clone(),
            (Some(instance), "each", "value") => instance.each_value.clone(),
            (Some(instance), "count", "index") => instance.each_key.clone(),
            _ => Value::refused(format!("{root}.{name} is not defined here"), Some(at)),
        }
    }

    /// The attribute of a value by name, which is a text.
    pub fn attribute(&self, value: &Value, name: &Value) -> Value {
        let text = name.as_str().unwrap_or_default();
        self.cx.map(&self.merged(value), |v| match v {
            Value::Sym(sym) => {
                let read = self.object_attribute(*sym, text).or_else(|| self.picked_attribute(*sym, name));
                read.unwrap_or_else(|| self.cx.index(v, name))
            }
            Value::Coll(c) if !c.kind.keyed() => {
                Value::refused(format!("this is a list, which has no attribute {text:?}"), None)
            }
            other => self.cx.index(other, name),
        })
    }

    /// The element of a value by a computed key or index.
    pub fn element_at(&self, value: &Value, key: &Value) -> Value {
        let cx = self.cx;
        let value = self.merged(value);
        let of = self.index_of(key);
        let found = cx.map(&value, |v| match (v, key, of) {
            (Value::Sym(sym), Value::String(text), _) => {
                self.object_attribute(*sym, text).unwrap_or_else(|| cx.index(v, key))
            }
            (Value::Sym(sym), _, _) if self.is_object(*sym) && self.is_number(key) => {
                Value::refused("this is a single object, which has no elements", None)
            }
            (Value::Sym(sym), _, Some(of)) if elements::unconverted(cx, *sym) == of => self.element(of).1,
            (Value::Coll(coll), _, Some(of)) if !coll.kind.keyed() => match coll.parts.as_slice() {
                [part] if self.is_over(part, of) && part.guard.is_true() => part.value.clone(),
                _ => cx.index(v, key),
            },
            (Value::Coll(coll), Value::Number(n), _) => {
                let at = n.to_i64().and_then(|n| u64::try_from(n).ok());
                at.and_then(|at| self.instance_at(coll, at)).unwrap_or_else(|| cx.index(v, key))
            }
            // A text may be the index that it writes.
            (Value::Coll(coll), Value::Sym(_) | Value::Choice(_), _) if !coll.kind.keyed() => {
                cx.index(v, &types::to_number(cx, key))
            }
            _ => cx.index(v, key),
        });
        // Which element it is says what the key is.
        if cx.mark_of(key) != Some(Mark::Sensitive) {
            return found;
        }
        cx.map(&found, |v| match v {
            Value::Sym(sym) if self.is_object(*sym) => self.chosen_object(*sym),
            other => self.hidden(other),
        })
    }

    /// Whether a part stands for each element of a collection: of the very one, or one that is written alike (`range(var.n)`,
    /// and what a block of that `count` runs over).
    fn is_over(&self, part: &Part, of: SymId) -> bool {
        matches!(part.generators.as_slice(), [by] if *by == of || self.element(*by).1 == self.element(of).1)
    }

    fn is_number(&self, key: &Value) -> bool {
        match key {
            Value::Sym(sym) => self.cx.type_of(*sym) == Ty::Number,
            other => matches!(other, Value::Number(_)),
        }
    }

    /// The collection that a key is an arbitrary element's index of.
    pub fn index_of(&self, key: &Value) -> Option<SymId> {
        match key {
            Value::Sym(sym) => self.cx.leaf(*sym).filter(Leaf::is_element).and_then(|l| l.of),
            _ => None,
        }
    }

    /// Key and value of an arbitrary element of an unknown collection.
    pub fn element(&self, source: SymId) -> (Value, Value) {
        elements::element(self.cx, source)
    }

    /// The index of a part whose place depends on inputs: a number of its own.
    pub fn unknown_index(&self, part: &Part) -> Value {
        let (value, digest) = (self.cx.show(&part.value), self.cx.short_digest(&part.value));
        self.deployment(&format!("index of {value} #{digest}"), Ty::Number)
    }

    /// The index of every element that a part stands for: another one for each, the element's own where it is the whole list.
    pub fn index_of_each(&self, parts: &[Part], part: &Part) -> Option<Value> {
        let cx = self.cx;
        let of = *part.generators.first()?;
        let own = self.element(of).0;
        if parts.len() == 1 && part.generators.len() == 1 && part.guard.is_true() && self.is_number(&own) {
            return Some(own);
        }
        let name = format!("index of {} #{}", cx.show(&part.value), cx.short_digest(&part.value));
        let leaf = Leaf { of: Some(of), ..Leaf::new(name, Ty::Number, LeafKind::Element(Role::Index)) };
        Some(cx.leaf_value(leaf))
    }

    /// What a module does not declare: an input if Terragrunt completes the module, else nothing.
    fn undeclared(&self, node: &ModuleInstance, name: &str, at: Loc) -> Value {
        if self.completed_by_terragrunt(node) {
            return self.input(name, Ty::Dynamic, None, Some(at));
        }
        Value::refused(format!("there is no {name} here"), Some(at))
    }

    fn local(&self, node: &Rc<ModuleInstance>, name: &str, at: Loc) -> Value {
        let Some(local) = node.module.locals.get(name) else {
            return self.undeclared(node, &format!("local.{name}"), at);
        };
        self.once(node, Item::Local(name.into()), at, || {
            self.eval(&Scope::module(node, local.file), &local.what.expr)
        })
    }

    /// What a variable is.
    pub fn variable(&self, node: &Rc<ModuleInstance>, name: &str, at: Loc) -> Value {
        let Some(decl) = node.module.variables.get(name) else {
            return self.undeclared(node, &format!("var.{name}"), at);
        };
        self.once(node, Item::Variable(name.into()), at, || self.variable_value(node, name, decl))
    }

    fn workspace(&self) -> Value {
        if let Some((_, true)) = self.root.workspace {
            self.sink.environment("TF_WORKSPACE".into());
        }
        const NAME: &str = "terraform.workspace";
        let supplied = self.root.workspace.clone().filter(|_| !self.root.free.contains(NAME));
        let supplied = supplied.map(|(name, _)| (Value::from(name), None, self.root.typed_workspace));
        let value = self.input(NAME, Ty::String, supplied, None);
        self.cx.refine(NAME, |leaf| leaf.text = Text::Word);
        value
    }

    /// The value of `module.m`: an object, a tuple or a map of objects, as its call multiplies.
    fn module_value(&self, node: &Rc<ModuleInstance>, name: &str, at: Loc) -> Value {
        let Some(decl) = node.module.calls.get(name) else {
            return self.undeclared(node, &format!("module.{name}"), at);
        };
        let address = format!("{}module.{name}", node.prefix);
        let expansion = self.expansion(node, Item::Call(name.into()), decl);
        self.instances_value(node, &address, &expansion, |instance| ObjectKind::Module {
            node: node.clone(),
            name: name.into(),
            instance: instance.clone(),
        })
    }

    /// The value of a resource or data source, as it multiplies.
    pub(super) fn resource(&self, scope: &Scope, kind: &str, name: &str, data: bool, at: Loc) -> Value {
        let node = &scope.node;
        let key = (kind.to_string(), name.to_string());
        let table = if data { &node.module.data } else { &node.module.resources };
        let Some(decl) = table.get(&key) else {
            let shown = if data { format!("data.{kind}.{name}") } else { format!("{kind}.{name}") };
            return self.undeclared(node, &shown, at);
        };
        let address = format!("{}{}{kind}.{name}", node.prefix, if data { "data." } else { "" });
        let expansion = self.expansion(node, Item::Resource(data, kind.into(), name.into()), decl);
        self.instances_value(node, &address, &expansion, |instance| ObjectKind::Resource {
            node: node.clone(),
            data,
            key: key.clone(),
            instance: instance.clone(),
        })
    }

    /// Computes an item once; one that needs itself is refused.
    pub fn once(&self, node: &ModuleInstance, item: Item, at: Loc, compute: impl FnOnce() -> Value) -> Value {
        self.report_duplicates(node, &item);
        let key = (node.id, item);
        if let Some(known) = self.known.memo.borrow().get(&key) {
            self.met_again(&key);
            return known.clone();
        }
        if !self.active.borrow_mut().insert(key.clone()) {
            return self.circle(
                at,
                "this value refers to itself, directly or through others; Terraform refuses such a cycle",
            );
        }
        let value = self.watch_item(&key, compute);
        self.active.borrow_mut().remove(&key);
        self.known.memo.borrow_mut().insert(key, value.clone());
        value
    }

    /// Converts a value to a variable's type.
    pub fn converted(
        &self,
        node: &Rc<ModuleInstance>,
        value: &Value,
        constraint: &types::Constraint,
        file: crate::span::FileId,
    ) -> Value {
        types::convert(self.cx, value, constraint, &|default| {
            self.eval(&Scope { literal: true, ..Scope::module(node, file) }, default)
        })
    }
}

/// A relative path as Terraform shows it: with `/`, `.` for nothing.
fn slashed(path: &std::path::Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    if text.is_empty() { ".".into() } else { text }
}
