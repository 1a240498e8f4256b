//! References: what `var.x`, `local.x`, `module.m`, `aws_iam_user.u` mean.
//!
//! A resource or module instance is a symbol whose attributes are evaluated when they are asked for, so that a
//! reference reads what is *configured*; what only the deployment computes is one symbol per instance and attribute.
//! Source: Terraform language, "References to Values"; provider documentation, `aws_iam_user` ("id - The user's name").

use std::collections::HashMap;
use std::rc::Rc;

use super::expand::Expansion;
use super::marked::Kind;
use super::scope::{Instance, InstanceKey, ModuleInstance, Multiplier, Scope};
use super::site::Site;
use super::{Item, Object, ObjectKind, Terraform, files};
use crate::parse::syntax::{Expr, ExprKind, Name};
use crate::resolve::terraform::config::faults;
use crate::resolve::terraform::functions::paths::cwd;
use crate::resolve::terraform::types::{self, elements};
use crate::span::Loc;
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::shortest::Text;
use crate::value::symbol::Role;
use crate::value::{Coll, CollKind, Leaf, LeafKind, Part, SymId, Ty, Value};

/// Attributes that are strings whatever the resource type is.
const STRING_ATTRIBUTES: [&str; 8] =
    ["id", "arn", "name", "unique_id", "user_name", "user_id", "hex", "b64_url"];

/// Attributes that are a text of the provider's, never an empty one.
const NEVER_EMPTY: [&str; 5] = ["id", "arn", "unique_id", "user_id", "account_id"];

/// Attributes that every resource has once it is made.
const NEVER_NULL: [&str; 2] = ["id", "arn"];

impl Terraform<'_> {
    /// A reference: its root, then one step after the other.
    pub fn traversal(&self, scope: &Scope, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::GetAttr(base, name) => match self.named(scope, base, &name.text, name.span.end) {
                Some(value) => value,
                None => self.attribute(&self.eval(scope, base), &name.text),
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
                None => Value::refused(format!("{name} is not a value by itself"), None),
            },
            _ => Value::refused("this is not a reference", None),
        }
    }

    /// The value of a whole name (`var.x`, `aws_iam_user.u`, `data.t.n`); `None` if `base.name` is no such name.
    fn named(&self, scope: &Scope, base: &Expr, name: &str, end: u32) -> Option<Value> {
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
            return Some(Value::refused("a variables file cannot refer to anything", Some(at)));
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
                "cwd" => cwd(self.cx),
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

    fn each(&self, scope: &Scope, root: &str, name: &str, at: Loc) -> Value {
        match (&scope.instance, root, name) {
            (Some(instance), "each", "key") => instance.each_key.clone(),
            (Some(instance), "each", "value") => instance.each_value.clone(),
            (Some(instance), "count", "index") => instance.each_key.clone(),
            _ => Value::refused(format!("{root}.{name} is not defined here"), Some(at)),
        }
    }

    /// The attribute of a value by name.
    pub fn attribute(&self, value: &Value, name: &str) -> Value {
        self.cx.map(&self.merged(value), |v| match v {
            Value::Sym(sym) => {
                self.object_attribute(*sym, name).unwrap_or_else(|| self.cx.index(v, &Value::from(name)))
            }
            Value::Coll(c) if !c.kind.keyed() => {
                Value::refused(format!("this is a list, which has no attribute {name:?}"), None)
            }
            other => self.cx.index(other, &Value::from(name)),
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
                [part] if part.generators == [of] && part.guard.is_true() => part.value.clone(),
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

    /// The same instance where a secret decides that it is this one: what is read of it tells the secret.
    fn chosen_object(&self, sym: SymId) -> Value {
        let Some(object) = self.objects.borrow().get(&sym).cloned() else { return Value::Sym(sym) };
        let address = format!("{SENSITIVE} object {sym:?}");
        let chosen = self.cx.declare(Leaf::new(address.clone(), Ty::Dynamic, LeafKind::Deployment));
        let of = object.chosen.unwrap_or(sym);
        let object = Object { address, kind: object.kind.clone(), chosen: Some(of) };
        self.objects.borrow_mut().entry(chosen).or_insert_with(|| Rc::new(object));
        Value::Sym(chosen)
    }

    /// One instance of a counted block of which nobody knows how many there are, or what is made of it.
    fn instance_at(&self, coll: &Coll, index: u64) -> Option<Value> {
        let cx = self.cx;
        let [part] = coll.parts.as_slice() else { return None };
        let [source] = part.generators.as_slice() else { return None };
        let count = cx.counted_by(*source).filter(|_| part.guard.is_true())?;
        let Value::Sym(every) = self.element(*source).0 else { return None };
        let number = Value::from(i64::try_from(index).ok()?);
        let instance = match &part.value {
            Value::Sym(sym) if self.is_object(*sym) => self.object_at(*sym, every, index, &number)?,
            value => cx.fill(value, &HashMap::from([(every, number.clone())])),
        };
        let there = cx.truth(&cx.less(&number, &count));
        Some(cx.if_else(there, instance, Value::refused(format!("there is no element {index}"), None)))
    }

    /// The instance with this index, of the object that stands for every one.
    fn object_at(&self, sym: SymId, every: SymId, index: u64, number: &Value) -> Option<Value> {
        let object = self.objects.borrow().get(&sym).cloned()?;
        let address = object.address.strip_suffix(InstanceKey::Star.show().as_str())?;
        let (ObjectKind::Module { node, instance, .. } | ObjectKind::Resource { node, instance, .. }) =
            &object.kind;
        if instance.each_key != Value::Sym(every) {
            return None;
        }
        let key = InstanceKey::Index(index);
        let address = format!("{address}{}", key.show());
        let one = Rc::new(Instance { key, each_key: number.clone(), ..Instance::single() });
        let mut kind = object.kind.clone();
        match &mut kind {
            ObjectKind::Module { instance, .. } | ObjectKind::Resource { instance, .. } => {
                *instance = one.clone()
            }
        }
        Some(Value::Sym(self.object(&address, node, &one, kind)))
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

    /// Whether a symbol is a resource or module instance.
    pub fn is_object(&self, sym: SymId) -> bool {
        self.objects.borrow().contains_key(&sym)
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
            self.environment.borrow_mut().insert("TF_WORKSPACE".into());
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
    fn resource(&self, scope: &Scope, kind: &str, name: &str, data: bool, at: Loc) -> Value {
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

    fn instances_value(
        &self,
        node: &ModuleInstance,
        address: &str,
        expansion: &Expansion,
        kind: impl Fn(&Rc<Instance>) -> ObjectKind,
    ) -> Value {
        let whole = || self.whole(node, address, expansion, kind);
        expansion.whole.get_or_init(whole).clone()
    }

    fn whole(
        &self,
        node: &ModuleInstance,
        address: &str,
        expansion: &Expansion,
        kind: impl Fn(&Rc<Instance>) -> ObjectKind,
    ) -> Value {
        let cx = self.cx;
        let parts: Vec<Part> = expansion
            .instances
            .iter()
            .map(|instance| {
                let address = format!("{address}{}", instance.key.show());
                let sym = self.object(&address, node, instance, kind(instance));
                Part {
                    guard: instance.member,
                    key: match &instance.key {
                        InstanceKey::Key(_) | InstanceKey::Hidden(..) => instance.each_key.clone(),
                        InstanceKey::Star if expansion.by == Multiplier::ForEach => instance.each_key.clone(),
                        _ => Value::Null,
                    },
                    generators: instance.sources.clone(),
                    ..Part::item(Value::Sym(sym))
                }
            })
            .collect();
        let value = match expansion.by {
            // OpenTofu reads one that is not enabled as null.
            Multiplier::Single => {
                parts.into_iter().next().map_or(Value::Null, |p| cx.if_else(p.guard, p.value, Value::Null))
            }
            Multiplier::Count => cx.container(CollKind::Tuple, Ty::Dynamic, parts),
            Multiplier::ForEach => cx.container(CollKind::Object, Ty::Dynamic, parts),
        };
        match &expansion.refused {
            Some((guard, refusal)) => cx.choice(vec![(*guard, refusal.clone()), (cx.not(*guard), value)]),
            None => value,
        }
    }

    /// The symbol of an instance. One of `[*]`, or in a module that is, hangs below what tells its siblings apart:
    /// what the deployment computes of each is its own.
    pub fn object(
        &self,
        address: &str,
        node: &ModuleInstance,
        instance: &Instance,
        kind: ObjectKind,
    ) -> SymId {
        let loops = instance.times.loops.iter().chain(&node.times.loops);
        let value = match loops.flat_map(|l| &l.element).next() {
            Some(&element) => self.cx.named_path(element, address),
            None => self.cx.declare(Leaf::new(address, Ty::Dynamic, LeafKind::Deployment)),
        };
        self.objects
            .borrow_mut()
            .entry(value)
            .or_insert_with(|| Rc::new(Object { address: address.to_string(), kind, chosen: None }));
        value
    }

    fn object_attribute(&self, sym: SymId, name: &str) -> Option<Value> {
        let object = self.objects.borrow().get(&sym).cloned()?;
        if let Some(of) = object.chosen {
            return self.object_attribute(of, name).map(|value| self.hidden(&value));
        }
        Some(match &object.kind {
            ObjectKind::Module { node, name: call, instance } => {
                self.output(node, call, instance, name, sym, &object.address)
            }
            ObjectKind::Resource { node, data, key, instance } => {
                let table = if *data { &node.module.data } else { &node.module.resources };
                let decl = table.get(key)?;
                let configured = match (key.0.as_str(), name, data) {
                    ("aws_iam_user", "id", false) => "name",
                    ("awscc_iam_user", "id", false) => "user_name",
                    ("terraform_data", "output", false) => "input",
                    _ => name,
                };
                let meta = matches!(configured, "count" | "for_each" | "provider" | "depends_on");
                let default = || {
                    if *data {
                        self.local_file(node, instance, key, name)
                    } else {
                        provider_default(&key.0, name)
                    }
                };
                let unset = || {
                    if faults::lacks(&key.0, *data, name) {
                        return Value::refused(format!("{} has no attribute {name:?}", object.address), None);
                    }
                    default().unwrap_or_else(|| self.computed(sym, &object.address, name))
                };
                match decl.args.get(configured).filter(|_| !meta) {
                    Some(arg) => {
                        let at = arg.loc(arg.what.span);
                        let item = Item::Attribute(sym, configured.into());
                        let value = self.once(node, item, at, || {
                            self.refuse_of(node, decl, arg, Kind::Ephemeral);
                            self.eval(&Scope::block(node, instance, arg.file), &arg.what.expr)
                        });
                        let null = self.cx.unset(&value);
                        if null.is_false() { value } else { self.cx.if_else(null, unset(), value) }
                    }
                    None => unset(),
                }
            }
        })
    }

    /// What `local_file` and `local_sensitive_file` read while a plan is made: a file that is there already.
    ///
    /// Source: provider documentation, "local_file (Data Source)".
    fn local_file(
        &self,
        node: &Rc<ModuleInstance>,
        instance: &Rc<Instance>,
        (kind, own): &(String, String),
        attribute: &str,
    ) -> Option<Value> {
        let sensitive = kind == "local_sensitive_file";
        let function = match attribute {
            _ if !sensitive && kind != "local_file" => return None,
            "content" => "file",
            "content_base64" => "filebase64",
            "content_md5" => "filemd5",
            "content_sha1" => "filesha1",
            "content_sha256" => "filesha256",
            "content_sha512" => "filesha512",
            "content_base64sha256" => "filebase64sha256",
            "content_base64sha512" => "filebase64sha512",
            _ => return None,
        };
        let decl = node.module.data.get(&(kind.clone(), own.clone()))?;
        // What it waits for may write the file.
        let arg = decl.args.get("filename").filter(|_| !decl.args.contains_key("depends_on"))?;
        let scope = Scope::block(node, instance, arg.file);
        let path = self.eval(&scope, &arg.what.expr);
        let at = Name { text: format!("data.{kind}.{own}.{attribute}"), span: arg.what.span };
        let value = files::contents(&Site { tf: self, scope: &scope, at: &at, args: &[] }, function, &path)?;
        if !self.cx.refused(&value).is_false() {
            return None;
        }
        if !sensitive {
            return Some(value);
        }
        let file = path.as_str().and_then(|path| files::local_file(self, path));
        let file = file.and_then(|file| self.files.read(&file).ok());
        let value = self.hidden(&value);
        if let Some(file) = file {
            self.files.hide_all(file);
            self.was_read(&value, file);
        }
        Some(value)
    }

    /// An attribute that only the deployment computes.
    pub fn computed(&self, sym: SymId, address: &str, name: &str) -> Value {
        let ty = if STRING_ATTRIBUTES.contains(&name) { Ty::String } else { Ty::Dynamic };
        let mut leaf = Leaf::new(format!("{address}.{name}"), ty, LeafKind::Deployment);
        leaf.null_if_asked = !NEVER_NULL.contains(&name);
        leaf.text = if NEVER_EMPTY.contains(&name) { Text::Something } else { Text::Any };
        self.cx.path_leaf(sym, name, leaf)
    }

    fn output(
        &self,
        node: &Rc<ModuleInstance>,
        call: &str,
        instance: &Rc<Instance>,
        name: &str,
        sym: SymId,
        address: &str,
    ) -> Value {
        let Some(child) = self.child(node, call, instance) else {
            return self.computed(sym, address, name);
        };
        let Some(output) = child.module.outputs.get(name) else {
            return Value::refused(format!("{address} has no output named {name:?}"), None);
        };
        let Some(value) = output.args.get("value") else {
            return Value::refused(format!("the output {name:?} has no value"), Some(output.header()));
        };
        let at = value.loc(value.what.span);
        self.once(&child, Item::Output(name.into()), at, || {
            let own = self.eval(&Scope::module(&child, value.file), &value.what.expr);
            if output.is_sensitive() { self.secret(&own) } else { own }
        })
    }

    /// Computes an item once; one that needs itself is refused.
    pub fn once(&self, node: &ModuleInstance, item: Item, at: Loc, compute: impl FnOnce() -> Value) -> Value {
        self.report_duplicates(node, &item);
        let key = (node.id, item);
        if let Some(known) = self.memo.borrow().get(&key) {
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
        self.memo.borrow_mut().insert(key, value.clone());
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

/// What an attribute of a managed resource is where nothing sets it and the provider has a default.
///
/// Source: provider documentation, `aws_iam_user` ("path - (Optional, default \"/\")", "force_destroy - (Optional, default
/// false)"), `aws_iam_access_key` ("status - (Optional) … Defaults to Active").
fn provider_default(kind: &str, name: &str) -> Option<Value> {
    match (kind, name) {
        ("aws_iam_access_key" | "awsutils_expiring_iam_access_key", "status") => Some("Active".into()),
        ("aws_iam_user", "path") => Some("/".into()),
        ("aws_iam_user", "force_destroy") => Some(Value::FALSE),
        _ => None,
    }
}

/// A relative path as Terraform shows it: with `/`, `.` for nothing.
fn slashed(path: &std::path::Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    if text.is_empty() { ".".into() } else { text }
}
