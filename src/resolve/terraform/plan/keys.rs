//! The tree of modules to access keys and users.
//!
//! Source: provider documentation, `aws_iam_access_key` (`user`, `status`), `aws_iam_user`; awsutils provider,
//! `awsutils_expiring_iam_access_key`.

use std::path::Path;
use std::rc::Rc;

use super::providers::assumed;
use super::stacks::sets::Placing;
use super::{conditions, elsewhere};
use crate::key::{AccessKey, DeclaredUser, Mode, Multiplicity, Resolved, Role, RoleLoc, Step};
use crate::parse::syntax::{Attribute, Expr, ExprKind, TemplatePart};
use crate::parse::tree::Node;
use crate::prefilter::{self, terraform_hints};
use crate::problem::{Problem, ProblemKind};
use crate::resolve::Request;
use crate::resolve::embedded::{Body, Embedded, Stack};
use crate::resolve::terraform::config::cdktf::Constructs;
use crate::resolve::terraform::config::inputs::RootInputs;
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::config::references;
use crate::resolve::terraform::config::resources::{KEY_TYPES, PLACING_TYPES, STACK_TYPES, USER_TYPES};
use crate::resolve::terraform::eval::expand::Expansion;
use crate::resolve::terraform::eval::refused::Met;
use crate::resolve::terraform::eval::scope::{Instance, InstanceKey, Made, ModuleInstance, Provided, Scope};
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::resolve::terraform::functions::args::Kind;
use crate::resolve::terraform::types::to_string;
use crate::source::Files;
use crate::unit::{UnitKind, UnitName};
use crate::value::limits::{KEYS, LISTED};
use crate::value::symbol::Piece;
use crate::value::{Cx, Guard, SymId, Value};

/// Resolves the root module in `dir` (absolute): what it declares itself, and the templates that it deploys.
pub fn resolve(dir: &Path, Request { files, modules, inputs }: Request, mode: Mode) -> (Resolved, Embedded) {
    let cx = Cx::new();
    if mode.filled().is_some() {
        cx.fill_looped(inputs.looped.clone());
    }
    let root = RootInputs::collect(&modules.load(dir, files), files, inputs);
    let mut resolved = Resolved { units: 1, ..Resolved::default() };
    let embedded;
    let mut walk = Walk::new(UnitName { kind: UnitKind::Terraform, path: files.display(dir) });
    {
        let terraform = Terraform::new(&cx, files, modules, mode, dir, root);
        if let Some(node) = terraform.root_node() {
            walk.node(&terraform, &node, &Met::new(), &[]);
        }
        if !walk.keys.is_empty() {
            elsewhere::refuse(&terraform);
        }
        // What is broken elsewhere in a unit without any key, and cannot hide one, is none of our business.
        let stacks = std::mem::take(&mut terraform.embedded.borrow_mut().stacks);
        let stacks = terraform.deployed_sets(stacks, &walk.placings);
        embedded = Embedded { stacks, ..terraform.embedded.take() };
        // Where something is on the way to a key, what does not parse may be why.
        let has_keys = !walk.keys.is_empty()
            || !embedded.stacks.is_empty()
            || terraform.sink.look(|said| {
                !said.refusals.is_empty() || said.problems.iter().any(|p| p.kind == ProblemKind::Refused)
            });
        for node in terraform.nodes.borrow().iter() {
            if node.stub.is_some() {
                continue;
            }
            resolved.files.extend(node.module.files.iter().copied());
            if node.module.dir.components().any(|part| part.as_os_str() == ".terraform") {
                resolved.installed.extend(node.module.files.iter().copied());
            }
            for problem in &node.module.problems {
                if has_keys || may_hide_a_key(files, problem) {
                    terraform.sink.problem(problem.clone());
                }
            }
        }
        if has_keys {
            for problem in terraform.sink.look(|said| said.asides.clone()) {
                terraform.sink.problem(problem);
            }
        }
        resolved.files.extend(terraform.root.files.iter().copied());
        let said = |problem: &&Problem| has_keys || problem.kind != ProblemKind::Refused;
        for problem in terraform.root.problems.iter().filter(said) {
            terraform.sink.problem(problem.clone());
        }
        if let Some(limit) = cx.take_spent() {
            terraform.budget(crate::problem::Place::Path(walk.unit.path.clone()), limit);
        }
        resolved.reads = terraform.reads.take();
        resolved.filled = mode.filled();
        terraform.hold_elements_read();
        refuse_missing(&terraform, &walk.keys);
        let Resolved { units, files, installed, reads, filled, .. } = resolved;
        resolved =
            Resolved { units, files, installed, reads, filled, ..terraform.sink.take().into_resolved() };
        resolved.fillable |= mode == Mode::Supplied && !cx.looped().is_empty();
        resolved.few.extend(cx.filled_with_others());
        let refused = resolved.refusals.iter_mut().map(|r| &mut r.problem);
        for problem in refused.chain(&mut resolved.problems) {
            if let crate::problem::Place::At(loc) = problem.place {
                problem.place = terraform.visible(loc).into();
            }
        }
    }
    resolved.files.sort_by_key(|f| f.0);
    resolved.files.dedup();
    let provided: Vec<_> = walk.keys.iter().zip(&walk.provided).collect();
    resolved.assumptions.extend(assumed::assumptions(&cx, &provided));
    resolved.keys = walk.keys;
    resolved.users = walk.users;
    resolved.cx = cx;
    (resolved, embedded)
}

/// Whether a file that does not parse may declare a key, or call a module that does.
fn may_hide_a_key(files: &Files, problem: &Problem) -> bool {
    match problem.place {
        crate::problem::Place::At(loc) => terraform_hints(files.source(loc.file).text.as_bytes()).module(),
        crate::problem::Place::Path(_) => true,
    }
}

/// Whether a template of a stack may lead to a key.
fn may_lead_to_key(files: &Files, stack: &Stack) -> bool {
    let may = |(_, body): &(Guard, Body)| match body {
        Body::Text(text) => prefilter::may_lead_to_key(&text.text),
        Body::File(path) => {
            files.read(path).map_or(true, |file| prefilter::may_lead_to_key(&files.source(file).text))
        }
        Body::Tree(_, tree) => {
            !is_written_out(tree) || {
                let mut texts = String::new();
                texts_of(tree, &mut texts);
                prefilter::may_lead_to_key(&texts)
            }
        }
    };
    stack.bodies.is_empty() || stack.bodies.iter().any(may)
}

/// Whether an instance of a stack that is refused before any is made could have a key, whatever it is called: tried, and
/// then forgotten.
fn may_hold_keys(
    tf: &Terraform,
    node: &Rc<ModuleInstance>,
    (kind, decl): (&str, &Decl),
    address: &str,
    expansion: &Expansion,
) -> bool {
    if !expansion.instances.is_empty() || expansion.refused.is_none() {
        return true;
    }
    let instance = any_instance(tf, address);
    let block = Made { node, decl, instance: &instance };
    let (stack, said) = tf.sink.tried(|| tf.watch(|| tf.stack(block, address, kind)).0);
    let open = !said.problems.is_empty() || !said.refusals.is_empty();
    open || stack.is_some_and(|stack| may_lead_to_key(tf.files, &stack))
}

/// An instance of which only the deployment knows what it is for.
fn any_instance(tf: &Terraform, address: &str) -> Rc<Instance> {
    let unknown = |what: &str| tf.deployment(&format!("{what} of {address}"), crate::value::Ty::Dynamic);
    let (each_key, each_value) = (unknown("each.key"), unknown("each.value"));
    Rc::new(Instance { key: InstanceKey::Star, each_key, each_value, ..Instance::single() })
}

/// Whether each resource of a template has a type that is written.
fn is_written_out(template: &Node) -> bool {
    let is_type = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':');
    let written =
        |(_, resource): &(Node, Node)| resource.get("Type").and_then(Node::text).is_some_and(is_type);
    template.get("Resources").is_some_and(|resources| resources.entries().iter().all(written))
}

/// The names and texts of a tree, each in its line. Recursive; the parsers bound the depth.
fn texts_of(tree: &Node, out: &mut String) {
    let names = tree.entries().iter().filter_map(|(name, _)| name.text());
    out.extend(names.chain(tree.text()).flat_map(|text| [text, "\n"]));
    tree.children().for_each(|inner| texts_of(inner, out));
}

struct Walk {
    unit: UnitName,
    keys: Vec<AccessKey>,
    /// The provider configuration of each key.
    provided: Vec<Provided>,
    users: Vec<DeclaredUser>,
    /// What takes stack sets somewhere.
    placings: Vec<Placing>,
    constructs: Constructs,
    /// Whether there are more keys and users than are judged.
    full: bool,
}

impl Walk {
    fn new(unit: UnitName) -> Walk {
        Walk {
            unit,
            keys: Vec::new(),
            provided: Vec::new(),
            users: Vec::new(),
            placings: Vec::new(),
            constructs: Constructs::default(),
            full: false,
        }
    }

    /// `needs` is what the calls that lead to the module have met, and `way` are those calls.
    fn node(&mut self, tf: &Terraform, node: &Rc<ModuleInstance>, needs: &Met, way: &[Rc<Step>]) {
        for ((kind, name), decl) in &node.module.resources {
            let key = KEY_TYPES.contains(&kind.as_str());
            let user = USER_TYPES.iter().find(|(t, _)| t == kind);
            let stack = STACK_TYPES.contains(&kind.as_str());
            if PLACING_TYPES.contains(&kind.as_str()) {
                let resource = (kind.clone(), name.clone());
                self.placings.push(Placing { node: node.clone(), resource });
            }
            if !key && !stack && user.is_none() {
                continue;
            }
            let address = format!("{}{kind}.{name}", node.prefix);
            let item = Item::Resource(false, kind.clone(), name.clone());
            let (expansion, met) = tf.watch(|| {
                let kept = ["user", "status"].into_iter().filter(|_| key);
                for arg in kept.filter_map(|name| decl.args.get(name)) {
                    tf.refuse_of(node, decl, arg, Kind::Ephemeral);
                }
                if key || stack {
                    tf.meet_faults(node, decl);
                }
                tf.expansion(node, item, decl)
            });
            let needs: Met = needs | &met;
            if key {
                // What is wrong after a refused value is no news.
                tf.say(&needs);
            }
            let matters = || key || stack && may_hold_keys(tf, node, (kind, decl), &address, &expansion);
            if !tf.is_rejected(&needs) && matters() {
                refuse_expansion(tf, node, &expansion);
            }
            if key && expansion.instances.is_empty() && expansion.refused.is_none() {
                refuse_unmade(tf, node, decl);
            }
            // What a module of the catalogue holds nobody can edit.
            let step = (key && node.stub.is_none()).then(|| tf.step(node, decl, format!("{kind}.{name}")));
            for instance in &expansion.instances {
                if self.is_full(tf, decl) {
                    return;
                }
                let address = format!("{address}{}", instance.key.show());
                let block = Made { node, decl, instance };
                match user {
                    Some((_, attribute)) => self.user(tf, block, &address, (kind, attribute)),
                    None if stack => {
                        let (stack, met) = tf.watch(|| tf.stack(block, &address, kind));
                        let met = &needs | &met;
                        let refused = tf.rejected_values(&met);
                        if refused.is_empty() {
                            tf.say(&met);
                        }
                        tf.embedded.borrow_mut().stacks.extend(stack.map(|s| Stack { refused, ..s }));
                    }
                    None => {
                        let own = step.iter().map(|step| tf.step_of(node, decl, step, instance));
                        let way = way.iter().cloned().chain(own).collect();
                        self.key(tf, block, (&address, kind), (&needs, way));
                    }
                }
            }
        }
        for (name, decl) in &node.module.calls {
            let (expansion, met) = tf.watch(|| {
                tf.meet_faults_of_call(node, name, decl);
                tf.expansion(node, Item::Call(name.clone()), decl)
            });
            let needs: Met = needs | &met;
            let before = self.keys.len();
            let mut step = None;
            for instance in &expansion.instances {
                if self.full {
                    break;
                }
                if let Some(child) = tf.child(node, name, instance) {
                    if node.stub.is_none() && step.is_none() {
                        step = Some(tf.step(node, decl, format!("module.{name}")));
                    }
                    let own = step.iter().map(|step| tf.step_of(node, decl, step, instance));
                    let way: Vec<Rc<Step>> = way.iter().cloned().chain(own).collect();
                    self.node(tf, &child, &needs, &way);
                }
            }
            let keys = self.keys.len() > before
                || expansion.instances.is_empty()
                    && expansion.refused.is_some()
                    && self.may_make_keys(tf, node, name, decl);
            if keys && !tf.is_rejected(&needs) {
                refuse_expansion(tf, node, &expansion);
            }
            if keys {
                tf.say(&needs);
            }
        }
    }

    /// Whether an instance of a call could have a key or a stack, whatever it is called: tried, and then forgotten.
    fn may_make_keys(&self, tf: &Terraform, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> bool {
        if !tf.leads_to_keys(node, name, decl) {
            return false;
        }
        let instance = any_instance(tf, &format!("{}module.{name}", node.prefix));
        let stacks = std::mem::take(&mut tf.embedded.borrow_mut().stacks);
        let mut tried = Walk::new(self.unit.clone());
        let (child, said) = tf.sink.tried(|| {
            let child = tf.child(node, name, &instance);
            if let Some(child) = &child {
                tf.watch(|| tried.node(tf, child, &Met::new(), &[]));
            }
            child
        });
        // What is not decided of it may be a key.
        let open = child.is_none() || !said.problems.is_empty() || !said.refusals.is_empty();
        let keys = tried.keys.iter().any(|key| !key.times.exists.is_false());
        let made =
            open || keys || tf.embedded.borrow().stacks.iter().any(|stack| may_lead_to_key(tf.files, stack));
        tf.embedded.borrow_mut().stacks = stacks;
        made
    }

    /// Whether no more keys and users are taken, which is said; nothing more is looked at then.
    fn is_full(&mut self, tf: &Terraform, decl: &Decl) -> bool {
        self.full = self.keys.len() + self.users.len() >= KEYS.most;
        if self.full {
            tf.budget(decl.header(), &KEYS);
        }
        self.full
    }

    fn user(&mut self, tf: &Terraform, block: Made, address: &str, (kind, attribute): (&str, &str)) {
        let cx = tf.cx;
        let Made { node, decl, .. } = block;
        let name = match decl.args.get(attribute) {
            // As a reference of a key reads it.
            Some(arg) => to_string(cx, &tf.shown(&block.scope(arg.file), &arg.what.expr)),
            None => Value::Null,
        };
        let null = cx.unset(&name);
        let own = || tf.left_unset(block, kind, address, attribute);
        self.users.push(DeclaredUser {
            address: address.to_string(),
            name: if null.is_false() { name } else { cx.if_else(null, own(), name) },
            exists: block.times(cx).exists,
            account: tf.provided(block, kind).account,
            location: node.stub.as_ref().map_or_else(|| decl.header(), |stub| stub.header),
        });
    }

    fn key(
        &mut self,
        tf: &Terraform,
        block: Made,
        (address, kind): (&str, &str),
        (needs, way): (&Met, Vec<Rc<Step>>),
    ) {
        let cx = tf.cx;
        let Made { node, decl, .. } = block;
        let argument = |name: &str| -> (Value, Option<&In<Attribute>>) {
            match decl.args.get(name) {
                Some(arg) => {
                    let value = tf.shown(&block.scope(arg.file), &arg.what.expr);
                    (cx.located(value, arg.loc(arg.what.expr.span)), Some(arg))
                }
                None => (Value::Null, None),
            }
        };
        let (((user, user_arg), (status, status_arg), provided), met) =
            tf.watch(|| (argument("user"), argument("status"), tf.provided(block, kind)));
        tf.say(&met);
        // With a value that Terraform refuses there is no deployment to judge.
        let planned = !tf.is_rejected(&(needs | &met));
        let times = block.times(cx);
        let exists = if planned { times.exists } else { Guard::FALSE };
        let null = cx.and(cx.null(&user), cx.not(cx.unset(&user)));
        let user = to_string(cx, &user);
        let status = to_string(cx, &status);
        let user = tf.not_null(&user, "this access key has no user");
        let user = cx.located(user, user_arg.map_or_else(|| decl.header(), |a| a.loc(a.what.expr.span)));
        // Where somebody asks whether an attribute is null that names the user, it is not.
        tf.sink.refuse_at(cx.and(exists, null), decl.header(), "this access key has no user");
        tf.refuse_where(exists, &user, decl.header());
        tf.refuse_where(exists, &status, decl.header());
        let own = || conditions::key(cx, kind, address, &user, &status);
        let exists = conditions::refuse(tf, block, exists, &own);
        if let (Value::String(text), Some(arg)) = (&status, status_arg)
            && !matches!(&**text, "Active" | "Inactive")
        {
            let arg = node.stub.as_ref().and_then(|s| s.status.as_ref()).unwrap_or(arg);
            let text = cx.show(&status);
            let reason =
                format!("the status {text} is neither \"Active\" nor \"Inactive\"; the key counts as active");
            tf.sink.problem(Problem::new(ProblemKind::InvalidStatus, arg.loc(arg.what.expr.span), reason));
        }
        if times.total.is_some() && !tells_apart(cx, &user, &status, &times.elements()) {
            tf.budget(decl.header(), &LISTED);
        }
        // What a module of the catalogue makes is shown at its call, with the arguments that decide it.
        let (location, calls, user_arg, status_arg, multiplier) = match &node.stub {
            Some(stub) => {
                let calls = node.via.split_last().map_or(&[][..], |(_, outer)| outer);
                (stub.header, calls, stub.user.as_ref(), stub.status.as_ref(), stub.multiplier.as_ref())
            }
            None => (decl.header(), node.via.as_slice(), user_arg, status_arg, decl.multiplier()),
        };
        let mut places: Vec<RoleLoc> = calls.iter().map(|&loc| RoleLoc { role: Role::Call, loc }).collect();
        let mut place = |role: Role, arg: Option<&In<Attribute>>| {
            if let Some(arg) = arg {
                places.push(RoleLoc { role, loc: arg.loc(arg.what.span) });
            }
        };
        place(Role::User, user_arg);
        place(Role::Status, status_arg);
        place(Role::Multiplier, multiplier);
        tf.refuse_where(exists, &provided.refused, decl.header());
        let scope = |arg: &In<Attribute>| match &node.stub {
            Some(_) => None,
            None => Some(block.scope(arg.file)),
        };
        let origins = user_arg.and_then(|arg| Some(tf.origins(&scope(arg)?, &arg.what.expr, ("user", None))));
        let (user_written, named_at) = origins.unwrap_or_default();
        let status_switch = status_arg.and_then(|arg| {
            let (scope, expr) = (scope(arg)?, &arg.what.expr);
            tf.switch(&scope, expr, &|status| status.as_str() == Some("Inactive"))
                .or_else(|| tf.status_given(&scope, expr))
        });
        let is_inactive = |arm: &Expr| match &arm.kind {
            ExprKind::Template(parts) => {
                matches!(parts.as_slice(), [TemplatePart::Literal(text, ..)] if text == "Inactive")
            }
            _ => false,
        };
        let active_when = status_arg.and_then(|arg| {
            let (condition, _) = tf.holds_when(&scope(arg)?, &arg.what.expr, &is_inactive)?;
            Some(condition)
        });
        self.keys.push(AccessKey {
            address: address.to_string(),
            kind: kind.to_string(),
            unit: self.unit.clone(),
            user_text: user_arg.map(|a| tf.files.source(a.file).on_one_line(a.what.expr.span)),
            user,
            status,
            times: Multiplicity { exists, ..times },
            account: provided.account.clone(),
            location,
            places,
            way,
            user_written: user_written.map(Rc::new),
            named_at,
            status_switch: status_switch.map(Rc::new),
            active_when,
            without_key: node.stub.as_ref().and_then(|stub| stub.without_key.clone()),
            construct: self.constructs.path(tf.files, decl.base.file, kind, decl.name()),
            origin: None,
        });
        self.provided.push(provided);
    }
}

/// Whether what depends on the index of an instance gives each instance a user of its own: the index stands in the name
/// as it is.
fn tells_apart(cx: &Cx, user: &Value, status: &Value, index: &[SymId]) -> bool {
    let named = |v: &Value| cx.leaves(v).iter().any(|l| index.contains(l));
    let piece = |v: &Value| {
        let Value::Sym(sym) = v else { return false };
        let pieces = cx.pieces_of(*sym).unwrap_or_else(|| [Piece::Sym(*sym)].into());
        pieces.iter().any(|p| matches!(p, Piece::Sym(s) if index.contains(s)))
    };
    !named(status) && (!named(user) || piece(user))
}

/// Refuses what a user or status reads of something unknown where it is not there, if anything asks that.
fn refuse_missing(tf: &Terraform, keys: &[AccessKey]) {
    let cx = tf.cx;
    for key in keys {
        for (guard, value) in [&key.user, &key.status].into_iter().flat_map(|value| cx.alternatives(value)) {
            let Value::Sym(sym) = value else { continue };
            let read = match cx.pieces_of(sym).as_deref() {
                Some([Piece::Sym(of)]) => Value::Sym(*of),
                Some(_) => continue,
                None => value,
            };
            let when = cx.all([key.times.exists, guard, cx.absent_if_asked(&read)]);
            if !when.is_false() {
                let reason = format!("{} is not there", cx.show(&read));
                tf.sink.refuse_at(when, key.location, reason);
            }
        }
    }
}

/// Refuses what no instance could be made of: Terraform evaluates a block with `count = 0` as far as it refers to nothing.
fn refuse_unmade(tf: &Terraform, node: &Rc<ModuleInstance>, decl: &Decl) {
    let args = ["user", "status"].into_iter().filter_map(|name| decl.args.get(name));
    for arg in args.filter(|arg| !references::refers(&arg.what.expr)) {
        let value = tf.eval(&Scope::module(node, arg.file), &arg.what.expr);
        tf.refuse_where(node.times.exists, &value, arg.loc(arg.what.expr.span));
    }
}

fn refuse_expansion(tf: &Terraform, node: &ModuleInstance, expansion: &Expansion) {
    let Some((guard, Value::Refused(refusal))) = &expansion.refused else { return };
    let when = tf.cx.and(node.times.exists, *guard);
    let at = refusal.at.or_else(|| node.via.last().copied());
    let place = at.map_or_else(|| crate::problem::Place::Path(".".into()), Into::into);
    tf.sink.refuse_at(when, place, refusal.reason.clone());
}
