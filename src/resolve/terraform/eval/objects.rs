//! Instances: what a module or resource instance is as a value, what an attribute of it reads, which one an index names.
//!
//! An instance is a symbol whose attributes are evaluated when they are asked for, so that a reference reads what is
//! *configured*; what only the deployment computes is one symbol per instance and attribute.
//!
//! ```terraform
//! user = aws_iam_user.ci[1].name      # the argument `name` of the second instance
//! user = aws_iam_user.ci[1].unique_id # a symbol of that instance's own
//! ```
//!
//! Source: provider documentation, `aws_iam_user` ("id - The user's name").

use std::collections::HashMap;
use std::rc::Rc;

use super::expand::Expansion;
use super::scope::{Instance, InstanceKey, Made, ModuleInstance, Multiplier, Scope};
use super::site::Site;
use super::{Item, Object, ObjectKind, Terraform, files};
use crate::parse::syntax::{ExprKind, Name};
use crate::resolve::terraform::config::{blocks, resources};
use crate::resolve::terraform::functions::args::{Also, Kind, Read};
use crate::resolve::terraform::functions::find;
use crate::resolve::terraform::types::{Constraint, convert};
use crate::value::marks::SENSITIVE;
use crate::value::shortest::Text;
use crate::value::{Coll, CollKind, Leaf, LeafKind, Part, SymId, SymNode, Ty, Value};

/// Attributes that are strings whatever the resource type is.
const STRING_ATTRIBUTES: [&str; 8] =
    ["id", "arn", "name", "unique_id", "user_name", "user_id", "hex", "b64_url"];

/// Attributes that are a text of the provider's, never an empty one.
const NEVER_EMPTY: [&str; 5] = ["id", "arn", "unique_id", "user_id", "account_id"];

/// Attributes that every resource has once it is made.
const NEVER_NULL: [&str; 3] = ["id", "arn", "outputs"];

impl Terraform<'_> {
    /// The same instance where a secret decides that it is this one: what is read of it tells the secret.
    pub(super) fn chosen_object(&self, sym: SymId) -> Value {
        let Some(object) = self.known.objects.borrow().get(&sym).cloned() else { return Value::Sym(sym) };
        let address = format!("{SENSITIVE} object {sym:?}");
        let leaf = Leaf::new(address.clone(), Ty::Dynamic, LeafKind::Deployment);
        let chosen = self.cx.declare(Leaf { whole: true, ..leaf });
        let of = object.chosen.unwrap_or(sym);
        let object = Object { address, kind: object.kind.clone(), chosen: Some(of) };
        self.known.objects.borrow_mut().entry(chosen).or_insert_with(|| Rc::new(object));
        Value::Sym(chosen)
    }

    /// One instance of a counted block of which nobody knows how many there are, or what is made of it.
    pub(super) fn instance_at(&self, coll: &Coll, index: u64) -> Option<Value> {
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
        let object = self.known.objects.borrow().get(&sym).cloned()?;
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

    /// A resource's or data source's instance as a value.
    pub fn resource_instance(
        &self,
        node: &Rc<ModuleInstance>,
        data: bool,
        (kind, name): (&str, &str),
        instance: &Rc<Instance>,
    ) -> Value {
        let shown = if data { "data." } else { "" };
        let address = format!("{}{shown}{kind}.{name}{}", node.prefix, instance.key.show());
        let key = (kind.to_owned(), name.to_owned());
        let of = ObjectKind::Resource { node: node.clone(), data, key, instance: instance.clone() };
        Value::Sym(self.object(&address, node, instance, of))
    }

    /// What a reference to an attribute of a resource's instance reads where nothing sets it.
    pub fn left_unset(&self, block: Made, kind: &str, address: &str, attribute: &str) -> Value {
        match self.resource_instance(block.node, false, (kind, block.decl.name()), block.instance) {
            Value::Sym(sym) => self.computed(sym, address, attribute),
            own => own,
        }
    }

    /// Whether a resource or data source was referred to.
    pub fn was_referred_to(&self, node: &ModuleInstance, data: bool, key: &(String, String)) -> bool {
        self.known.objects.borrow().values().any(|object| match &object.kind {
            ObjectKind::Resource { node: of, data: is_data, key: own, .. } => {
                of.id == node.id && *is_data == data && own == key
            }
            ObjectKind::Module { .. } => false,
        })
    }

    /// Whether an item was computed.
    pub fn was_computed(&self, node: &ModuleInstance, item: &Item) -> bool {
        self.known.memo.borrow().contains_key(&(node.id, item.clone()))
    }

    /// Whether a symbol is a resource or module instance.
    pub fn is_object(&self, sym: SymId) -> bool {
        self.known.objects.borrow().contains_key(&sym)
    }

    /// The value of a block that multiplies, once for each expansion.
    pub(super) fn instances_value(
        &self,
        node: &ModuleInstance,
        address: &str,
        expansion: &Expansion,
        kind: impl Fn(&Rc<Instance>) -> ObjectKind,
    ) -> Value {
        let whole = || self.whole(node, address, expansion, &kind);
        expansion.whole.get_or_init(whole).clone()
    }

    fn whole(
        &self,
        node: &ModuleInstance,
        address: &str,
        expansion: &Expansion,
        kind: &dyn Fn(&Rc<Instance>) -> ObjectKind,
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
            None => {
                let leaf = Leaf::new(address, Ty::Dynamic, LeafKind::Deployment);
                self.cx.declare(Leaf { whole: true, ..leaf })
            }
        };
        self.known
            .objects
            .borrow_mut()
            .entry(value)
            .or_insert_with(|| Rc::new(Object { address: address.to_string(), kind, chosen: None }));
        value
    }

    pub(super) fn object_attribute(&self, sym: SymId, name: &str) -> Option<Value> {
        let object = self.known.objects.borrow().get(&sym).cloned()?;
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
                let block = Made { node, decl, instance };
                let configured = match (key.0.as_str(), name, data) {
                    ("aws_iam_user", "id", false) => "name",
                    ("awscc_iam_user", "id", false) => "user_name",
                    ("terraform_data", "output", false) => "input",
                    _ => name,
                };
                let meta = matches!(configured, "count" | "for_each" | "provider" | "depends_on");
                let default = || {
                    if *data {
                        self.template_file(block, &key.0, name)
                            .or_else(|| self.local_file(block, &key.0, name))
                    } else if (key.0.as_str(), name) == ("aws_iam_user", "arn") {
                        self.user_arn(sym, &object.address)
                    } else {
                        provider_default(&key.0, name)
                    }
                };
                let required = blocks::required(&key.0, *data);
                let lacking = |argument: &str, at: Option<crate::span::Loc>| {
                    let reason = format!("{} has no {argument:?}, which its type requires", object.address);
                    Value::refused(reason, at)
                };
                if let Some(argument) = required.iter().find(|name| *data && !decl.args.contains_key(**name))
                {
                    return Some(lacking(argument, Some(decl.header())));
                }
                let unset = || {
                    if resources::lacks(&key.0, *data, name) {
                        return Value::refused(format!("{} has no attribute {name:?}", object.address), None);
                    }
                    default().unwrap_or_else(|| match *data && gives_a_set(&key.0, name) {
                        true => self.set_of_texts(sym, &object.address, name),
                        false => self.computed(sym, &object.address, name),
                    })
                };
                match decl.args.get(configured).filter(|_| !meta) {
                    Some(arg) => {
                        let at = arg.loc(arg.what.span);
                        let item = Item::Attribute(sym, configured.into());
                        let value = self.once(node, item, at, || {
                            self.refuse_of(node, decl, arg, Kind::Ephemeral);
                            let value = self.eval(&block.scope(arg.file), &arg.what.expr);
                            self.by_schema(&key.0, configured, value)
                        });
                        let null = self.cx.unset(&value);
                        match required.contains(&configured) {
                            _ if null.is_false() => value,
                            true => self.cx.if_else(null, lacking(configured, Some(at)), value),
                            false => self.cx.if_else(null, unset(), value),
                        }
                    }
                    None => unset(),
                }
            }
        })
    }

    /// The attribute of what a call picks out of a list of instances: `values(aws_iam_user.u)[0].name`, where inputs decide
    /// which is the first, is the first of their names.
    pub(super) fn picked_attribute(&self, sym: SymId, name: &Value) -> Option<Value> {
        let Some(SymNode::Call(func, args)) = self.cx.node(sym) else { return None };
        let [Value::Coll(of), rest @ ..] = &*args else { return None };
        if !func.picks || !of.kind.in_a_row() || !of.parts.iter().any(|part| self.holds_object(&part.value)) {
            return None;
        }
        let read = |part: &Part| match self.attribute(&part.value, name) {
            Value::Refused(_) => None,
            value => Some(Part { value, ..part.clone() }),
        };
        let parts = of.parts.iter().map(read).collect::<Option<_>>()?;
        let each = self.cx.container(CollKind::Tuple, Ty::Dynamic, parts);
        Some(self.cx.call(func, &[&[each], rest].concat()))
    }

    fn holds_object(&self, value: &Value) -> bool {
        match value {
            Value::Sym(sym) => self.is_object(*sym),
            Value::Coll(coll) => coll.parts.iter().any(|part| self.holds_object(&part.value)),
            _ => false,
        }
    }

    /// An argument's value as the provider reads it, where the type is known: `{ n = 2 }` as tags is `{ n = "2" }`.
    ///
    /// Source: provider documentation, "Argument Reference" of each; every `tags` of the provider is a map of strings.
    fn by_schema(&self, kind: &str, argument: &str, value: Value) -> Value {
        let scalar = |ty| Constraint::Is(ty);
        let to = match (kind, argument) {
            ("aws_iam_user", "force_destroy") => scalar(Ty::Bool),
            ("null_resource", "triggers") => Constraint::Of(CollKind::Map, Box::new(scalar(Ty::String))),
            (_, "tags") if kind.starts_with("aws_") => {
                Constraint::Of(CollKind::Map, Box::new(scalar(Ty::String)))
            }
            ("aws_iam_user" | "aws_iam_access_key", _)
                if resources::attributes(kind, false)
                    .is_some_and(|(single, _)| single.contains(&argument)) =>
            {
                scalar(Ty::String)
            }
            _ => return value,
        };
        convert(self.cx, &value, &to, &|_| Value::Null)
    }

    /// What `local_file` and `local_sensitive_file` read while a plan is made: a file that is there already.
    ///
    /// Source: provider documentation, "local_file (Data Source)".
    fn local_file(&self, block: Made, kind: &str, attribute: &str) -> Option<Value> {
        let decl = block.decl;
        let sensitive = kind == "local_sensitive_file";
        if !sensitive && kind != "local_file" {
            return None;
        }
        // What it waits for may write the file.
        let arg = decl.args.get("filename").filter(|_| !decl.args.contains_key("depends_on"))?;
        let scope = block.scope(arg.file);
        let path = self.eval(&scope, &arg.what.expr);
        let at = Name { text: format!("data.{kind}.{}.{attribute}", decl.name()), span: arg.what.span };
        let value = files::contents(&Site { tf: self, scope: &scope, at: &at, args: &[] }, attribute, &path)?;
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

    /// What `template_file` renders while a plan is made.
    ///
    /// Source: provider documentation of hashicorp/template, "template_file".
    fn template_file(&self, block: Made, kind: &str, attribute: &str) -> Option<Value> {
        let decl = block.decl;
        if (kind, attribute) != ("template_file", "rendered") {
            return None;
        }
        let arg = decl.args.get("template")?;
        let scope = block.scope(arg.file);
        let vars = match decl.args.get("vars") {
            Some(vars) => self.merged(&self.eval(&block.scope(vars.file), &vars.what.expr)),
            None => Value::coll(CollKind::Object, Vec::new()),
        };
        // Of `file(path)`, as of `templatefile(path, …)`, places are known.
        let reads = |name: &Name| find(&name.text).is_some_and(|r| matches!(r.also, Also::Reads(Read::Text)));
        let (file, first) = match &arg.what.expr.kind {
            ExprKind::Call { name, args, expand: false } if reads(name) => (true, args.first()?),
            _ => (false, &arg.what.expr),
        };
        let at = Name { text: format!("data.{kind}.{}.{attribute}", decl.name()), span: arg.what.span };
        let site = Site { tf: self, scope: &scope, at: &at, args: &[] };
        files::rendered(&site, file, &[self.eval(&scope, first), vars])
    }

    /// An attribute that only the deployment computes.
    pub fn computed(&self, sym: SymId, address: &str, name: &str) -> Value {
        let ty = if STRING_ATTRIBUTES.contains(&name) { Ty::String } else { Ty::Dynamic };
        let mut leaf = Leaf::new(format!("{address}.{name}"), ty, LeafKind::Deployment);
        leaf.null_if_asked = !NEVER_NULL.contains(&name);
        leaf.holds_nulls = true;
        leaf.text = if NEVER_EMPTY.contains(&name) { Text::Something } else { Text::Any };
        self.cx.path_leaf(sym, name, leaf)
    }

    /// An attribute that is a set of texts, which only the deployment knows.
    fn set_of_texts(&self, sym: SymId, address: &str, name: &str) -> Value {
        let constraint = Constraint::Of(CollKind::Set, Box::new(Constraint::Is(Ty::String)));
        let leaf = Leaf::new(format!("{address}.{name}"), constraint.ty(), LeafKind::Deployment);
        self.sink.fillable();
        self.filled_in(&self.cx.path_leaf(sym, name, leaf), &constraint, &|_, _| {})
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
            if !output.is_true("ephemeral") {
                self.refuse_of(&child, output, value, Kind::Ephemeral);
            }
            let own = self.eval(&Scope::module(&child, value.file), &value.what.expr);
            // That is not shown; where Terraform refuses what is sensitive, only what the value is made of counts.
            if output.is_secret() { self.secret(&own) } else { own }
        })
    }
}

/// Whether an attribute of a data source is a set of texts.
///
/// Source: provider documentation, `aws_iam_users` and `aws_iam_roles` ("names - Set of names", "arns - Set of ARNs").
fn gives_a_set(kind: &str, name: &str) -> bool {
    matches!((kind, name), ("aws_iam_users" | "aws_iam_roles", "names" | "arns"))
}

/// What an attribute of a managed resource is where nothing sets it and the provider has a default.
///
/// Source: provider documentation, `aws_iam_user` and its neighbours ("path - (Optional, default \"/\")", "force_destroy - (Optional, default
/// false)"), `aws_iam_access_key` ("status - (Optional) … Defaults to Active").
fn provider_default(kind: &str, name: &str) -> Option<Value> {
    match (kind, name) {
        ("aws_iam_access_key" | "awsutils_expiring_iam_access_key", "status") => Some("Active".into()),
        (
            "aws_iam_user" | "aws_iam_group" | "aws_iam_role" | "aws_iam_policy" | "aws_iam_instance_profile",
            "path",
        ) => Some("/".into()),
        ("aws_iam_user", "force_destroy") => Some(Value::FALSE),
        // Nothing computes these.
        ("aws_iam_access_key", "pgp_key") | ("aws_iam_user", "permissions_boundary" | "tags") => {
            Some(Value::Null)
        }
        _ => None,
    }
}
