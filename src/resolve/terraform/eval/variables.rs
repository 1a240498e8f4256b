//! What a variable is in one module instance: its value converted to its type, and what its validations refuse.
//!
//! Answers: given what supplies a variable (or the argument of the call), what does a reference to it read? A value
//! that Terraform refuses whatever the free inputs are is met ([`super::refused`]); what it refuses for some inputs is a
//! constraint on them, and a list of allowed values closes an input's domain.
//! Source: Terraform language, "Input Variables"; recorded results of the binary.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::refused::Said;
use super::scope::{ModuleInstance, Scope};
use super::{Item, Terraform};
use crate::guard::formula::FormulaNode;
use crate::key::{Mode, Multiplicity, Refused};
use crate::parse::hcl;
use crate::parse::syntax::{Attribute, Block};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::config::written;
use crate::resolve::terraform::types::{self, Constraint};
use crate::span::{FileId, Loc};
use crate::value::ask::{Ask, Values};
use crate::value::limits::NODES;
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::symbol::SymNode;
use crate::value::{CollKind, Guard, Leaf, LeafKind, Num, Part, SymId, Ty, Value};

/// A variable of one module instance.
struct Variable<'v> {
    node: &'v Rc<ModuleInstance>,
    name: &'v str,
    decl: &'v Decl,
    constraint: Constraint,
    nullable: bool,
    sensitive: bool,
}

impl Variable<'_> {
    /// A value that the variable is given, marked where it is sensitive.
    fn kept(&self, tf: &Terraform, value: Value) -> Value {
        if self.sensitive { tf.secret(&value) } else { value }
    }
}

/// Whether a bool is in a value.
fn holds_a_bool(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::Coll(coll) => coll.parts.iter().any(|part| holds_a_bool(&part.value)),
        Value::Choice(all) => all.iter().any(|(_, v)| holds_a_bool(v)),
        _ => false,
    }
}

/// What gives a variable its value.
struct Origin {
    /// In words, after "the value of var.x".
    said: String,
    /// Where that stands; the environment and the command line are in no file.
    at: Option<Loc>,
    /// Whether the command line gives it, or names the file that does.
    typed: bool,
    /// Whether it is the variable's default.
    is_default: bool,
}

impl Terraform<'_> {
    /// A sensitive value: marked, and met by who needs it, since no mark is on a bool.
    pub fn secret(&self, value: &Value) -> Value {
        self.meet(Said::Secret(holds_a_bool(value)));
        self.hidden(value)
    }

    /// A value that is not shown.
    pub fn hidden(&self, value: &Value) -> Value {
        self.cx.hidden(value, Mark::Sensitive, SENSITIVE)
    }

    /// The value of a variable in one module instance.
    pub fn variable_value(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> Value {
        let literal = |arg: &In<Attribute>| self.eval(&in_variables_file(node, arg.file), &arg.what.expr);
        let variable = Variable {
            node,
            name,
            decl,
            constraint: match decl.args.get("type") {
                Some(arg) => types::parse(&arg.what.expr).unwrap_or(Constraint::Any),
                None => Constraint::Any,
            },
            nullable: decl.args.get("nullable").is_none_or(|a| literal(a) != Value::FALSE),
            sensitive: decl.is_sensitive(),
        };
        let default = || {
            let arg = decl.args.get("default")?;
            let origin = Origin {
                said: "its default".into(),
                at: Some(arg.loc(arg.what.expr.span)),
                typed: false,
                is_default: true,
            };
            Some((literal(arg), origin))
        };
        if node.call.is_some() {
            let passed = self.argument(node, name);
            if let (true, Some((_, at))) = (variable.sensitive, &passed) {
                self.files.hide(*at);
            }
            let passed = passed.map(|(value, at)| {
                (
                    value,
                    Origin {
                        said: "what the call passes".into(),
                        at: Some(at),
                        typed: false,
                        is_default: false,
                    },
                )
            });
            let Some((given, origin)) = passed.or_else(default).map(|(v, o)| (variable.kept(self, v), o))
            else {
                let reason = format!("the call does not pass {name:?}, which has no default");
                return Value::refused(reason, node.via.last().copied());
            };
            let value = self.fitted(&variable, &given, &origin);
            let value = origin.at.map_or_else(|| value.clone(), |at| self.located(value.clone(), at));
            self.validate(&variable, &value, Some(&origin));
            return value;
        }
        let supplied = match self.root.values.get(name) {
            Some(Supplied::Expr(file, expr)) => {
                let at = Some(Loc::new(*file, expr.span));
                let typed = self.root.named.contains(file);
                let origin =
                    Origin { said: "what this variables file gives it".into(), at, typed, is_default: false };
                Some((self.eval(&in_variables_file(node, *file), expr), origin))
            }
            Some(Supplied::Text(text, from_environment)) => {
                let said = if *from_environment {
                    self.environment.borrow_mut().insert(format!("TF_VAR_{name}"));
                    format!("what TF_VAR_{name} gives it")
                } else {
                    format!("what --var {name} gives it")
                };
                Some((
                    self.text_value(&variable, text),
                    Origin { said, at: None, typed: !from_environment, is_default: false },
                ))
            }
            Some(Supplied::Hidden) => None,
            None => default(),
        };
        let supplied = supplied.map(|(value, origin)| (variable.kept(self, value), origin));
        let full = format!("var.{name}");
        let ty = variable.constraint.ty();
        let free = || {
            let value = self.input(&full, ty.clone(), None, Some(decl.header()));
            self.optional_attributes(&value, &variable.constraint);
            if matches!(ty, Ty::List(_) | Ty::Set(_) | Ty::Map(_)) {
                self.sink.fillable();
            }
            let value =
                if self.mode == Mode::Filled { self.filled_in(&value, &variable.constraint) } else { value };
            self.validate(&variable, &value, None);
            value
        };
        let supplied = supplied.filter(|(_, origin)| origin.typed || !self.root.free.contains(&full));
        let Some((given, origin)) = supplied else { return free() };
        if !origin.typed
            && let Some(why) = self.rejection(&variable, &given, &origin)
        {
            let reason = format!(
                "the value of {full} ({}) {why}; Terraform refuses it, so another one will be supplied: it counts as free",
                origin.said
            );
            let place = origin.at.unwrap_or_else(|| decl.header()).into();
            self.meet(Said::Aside(Assumption { reason, place }));
            return free();
        }
        let value = self.fitted(&variable, &given, &origin);
        if matches!(value, Value::Refused(_)) && ty.is_scalar() {
            // Only overriding it leads anywhere; null stands for it, as an input that is refused.
            self.sink.overridable();
            if self.mode == Mode::Overridable {
                let value = self.input(&full, ty, Some((Value::Null, None, true)), Some(decl.header()));
                let at = origin.at.unwrap_or_else(|| decl.header());
                let problem = Problem::new(ProblemKind::Refused, at, format!("var.{name} is not overridden"));
                self.sink.refuse(Refused { when: self.cx.null(&value), problem });
                self.validate(&variable, &value, None);
                return value;
            }
        }
        let value = self.input(&full, ty, Some((value, origin.at, origin.typed)), Some(decl.header()));
        self.cx.refine(&full, |leaf| leaf.sensitive = variable.sensitive);
        self.validate(&variable, &value, Some(&origin));
        value
    }

    /// Why Terraform refuses a value of this variable whatever the free inputs are, if it does.
    fn rejection(&self, variable: &Variable, given: &Value, origin: &Origin) -> Option<String> {
        let value = self.fit(variable, given, origin);
        if let Value::Refused(refusal) = &value {
            // A default of another type is refused also where something else is supplied.
            return (!origin.is_default).then(|| format!("does not fit: {}", refusal.reason));
        }
        if !value.is_known() {
            return None;
        }
        let blocks = variable.decl.blocks.iter().filter(|b| b.what.kind.text == "validation");
        blocks.into_iter().find_map(|block| {
            if self.asks_for_others(variable, block) {
                return None;
            }
            let (_, result) = self.validated(variable, block, &value)?;
            let holds = self.cx.truth(&types::to_bool(self.cx, &result));
            holds.is_false().then(|| failed(block, &result))
        })
    }

    /// Whether a validation is about other values too; then its refusal is about all of them.
    fn asks_for_others(&self, variable: &Variable, block: &In<Block>) -> bool {
        let Some(condition) = block.what.body.attribute("condition") else { return false };
        let source = self.files.source(block.file);
        let text = source.text.get(condition.expr.span.range()).unwrap_or_default();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let other = |rest: &str| rest.split(|c| !is_name(c)).next() != Some(variable.name);
        text.split("var.").skip(1).any(other)
            || ["local.", "data.", "module."].iter().any(|root| text.contains(root))
    }

    /// The condition of a `validation` block, with its place, where the variable has this value.
    fn validated(&self, variable: &Variable, block: &In<Block>, value: &Value) -> Option<(Loc, Value)> {
        let condition = block.what.body.attribute("condition")?;
        // The variable itself is under way; its value is handed in.
        let item = Item::Variable(variable.name.into());
        self.memo.borrow_mut().insert((variable.node.id, item), value.clone());
        let result = self.eval(&Scope::module(variable.node, block.file), &condition.expr);
        Some((Loc::new(block.file, condition.span), result))
    }

    /// A value as the variable's type and `nullable` make it; what they reject is met.
    fn fitted(&self, variable: &Variable, given: &Value, origin: &Origin) -> Value {
        let value = self.fit(variable, given, origin);
        self.tell(std::slice::from_ref(given), &value);
        if let (Value::Refused(refusal), false) = (&value, matches!(given, Value::Refused(_)))
            && !(self.mode == Mode::Overridable
                && variable.node.call.is_none()
                && variable.constraint.ty().is_scalar())
        {
            let place = origin.at.unwrap_or_else(|| variable.decl.header());
            self.rejected_value(variable, origin, place, &format!("does not fit: {}", refusal.reason));
        }
        value
    }

    fn fit(&self, variable: &Variable, given: &Value, origin: &Origin) -> Value {
        let cx = self.cx;
        let mut value = given.clone();
        if !variable.nullable {
            // A null that is not allowed stands for the default.
            let null = cx.unset(given);
            if !null.is_false() {
                let default = variable.decl.args.get("default").map_or_else(
                    || Value::refused("this is null, which the variable does not allow", origin.at),
                    |arg| self.eval(&in_variables_file(variable.node, arg.file), &arg.what.expr),
                );
                value = cx.if_else(null, default, value);
            }
        }
        let file = variable.decl.base.file;
        self.converted(variable.node, &value, &variable.constraint, file)
    }

    /// Text from the environment or the command line: literal for primitive types and where there is no type, else an
    /// expression.
    fn text_value(&self, variable: &Variable, text: &str) -> Value {
        let decl = variable.decl;
        let literal = !decl.args.contains_key("type")
            || matches!(variable.constraint, Constraint::String | Constraint::Number | Constraint::Bool);
        if literal {
            return Value::from(text);
        }
        match hcl::parse_expression(text, 0) {
            Ok(expr) => self.eval(&in_variables_file(variable.node, decl.base.file), &expr),
            Err(_) => Value::refused("the supplied value is no expression", Some(decl.header())),
        }
    }

    /// An input of the root module: supplied, where, and whether that was typed; or a leaf. In the search for `latent`, supplied scalars are leaves too.
    pub fn input(
        &self,
        name: &str,
        ty: Ty,
        supplied: Option<(Value, Option<Loc>, bool)>,
        at: Option<Loc>,
    ) -> Value {
        let mut leaf = Leaf::new(name, ty.clone(), LeafKind::Input);
        leaf.at = at;
        let Some((value, given_at, typed)) = supplied else { return self.cx.leaf_value(leaf) };
        leaf.given_at = given_at;
        let own = match &value {
            Value::String(_) => Ty::String,
            Value::Number(_) => Ty::Number,
            Value::Bool(_) => Ty::Bool,
            Value::Null if ty.is_scalar() => ty.clone(),
            // A null without a type gets the type of what it is compared with: text, most of the time.
            Value::Null if ty == Ty::Dynamic => Ty::String,
            _ => {
                if !typed {
                    self.collections.borrow_mut().insert(name.into());
                }
                return value;
            }
        };
        self.sink.overridable();
        if self.mode != Mode::Overridable || !value.is_known() {
            return value;
        }
        leaf.ty = if ty.is_scalar() { ty } else { own };
        leaf.nullable = value == Value::Null;
        leaf.given = Some(value);
        leaf.typed = typed;
        self.cx.leaf_value(leaf)
    }

    /// An attribute that may be left out, and has no default, is null where it is: of a free object, and of each element
    /// of a free collection of objects.
    fn optional_attributes(&self, value: &Value, constraint: &Constraint) {
        let symbols = self.cx.alternatives(value).into_iter().filter_map(|(_, v)| match v {
            Value::Sym(sym) => Some(sym),
            Value::Bool(guard) => match self.cx.guard_node(guard) {
                FormulaNode::Atom(atom) => Some(SymId(atom)),
                _ => None,
            },
            _ => None,
        });
        for sym in symbols {
            match constraint {
                Constraint::Object(fields) => {
                    for field in fields {
                        let attribute = self.cx.path(sym, &field.name);
                        self.optional_attributes(&attribute, &field.ty);
                        if field.optional && field.default.is_none() {
                            self.cx.may_be_null(&attribute);
                        }
                    }
                }
                Constraint::List(elem) | Constraint::Set(elem) | Constraint::Map(elem) => {
                    if matches!(**elem, Constraint::Object(_)) {
                        let (_, element) = self.element(sym);
                        self.optional_attributes(&element, elem);
                    }
                }
                _ => {}
            }
        }
    }

    /// A free collection as one of the containers of up to [`Mode::FILLED`] elements, each a leaf that is different from the
    /// others; also inside of objects and of its elements.
    fn filled_in(&self, value: &Value, constraint: &Constraint) -> Value {
        let cx = self.cx;
        let Value::Sym(sym) = value else { return value.clone() };
        let (kind, elem) = match constraint {
            Constraint::List(elem) => (CollKind::List, elem),
            Constraint::Set(elem) => (CollKind::Set, elem),
            Constraint::Map(elem) => (CollKind::Map, elem),
            Constraint::Object(fields) if fields.iter().any(|f| !f.ty.ty().is_scalar()) => {
                let each = fields.iter().map(|f| {
                    let attribute = cx.path(*sym, &f.name);
                    (f.name.as_str(), cx.map(&attribute, |v| self.filled_in(v, &f.ty)))
                });
                return Value::object(each);
            }
            _ => return value.clone(),
        };
        let length = cx.length_of(*sym);
        let listed = (0..=Mode::FILLED).map(|n| Num::from_usize(n).into()).collect();
        cx.refine(&cx.name_of(length), |leaf| leaf.closed = Some(listed));
        let part = |n| {
            let (key, element) = cx.element(*sym, n, elem.ty());
            self.optional_attributes(&element, elem);
            let key = if kind == CollKind::Map { key } else { Value::Null };
            Part { key, ..Part::item(self.filled_in(&element, elem)) }
        };
        let parts: Vec<Part> = (0..Mode::FILLED).map(part).collect();
        let each = (0..=Mode::FILLED).map(|n| {
            let first = parts.iter().take(n).cloned().collect();
            (cx.equal(&Value::Sym(length), &Num::from_usize(n).into()), cx.container(kind, elem.ty(), first))
        });
        cx.choice(each.collect())
    }

    /// The `validation` blocks of a variable: what they reject is refused, and a list of allowed values closes the
    /// domain of an input. Terraform looks at every module instance that there is.
    fn validate(&self, variable: &Variable, value: &Value, origin: Option<&Origin>) {
        let Variable { node, name, decl, .. } = *variable;
        for block in decl.blocks.iter().filter(|b| b.what.kind.text == "validation") {
            let Some((at, result)) = self.validated(variable, block, value) else { continue };
            let holds = self.cx.truth(&types::to_bool(self.cx, &result));
            let when = self.cx.and(node.times.exists, self.cx.not(holds));
            if when.is_true() {
                let none = Origin { said: "any value".into(), at: None, typed: true, is_default: false };
                let origin = origin.unwrap_or(&none);
                if !origin.typed && node.call.is_none() && self.asks_for_others(variable, block) {
                    let why = failed(block, &result);
                    let reason = format!("the value of var.{name} ({}) {why}", origin.said);
                    self.sink
                        .refuse(Refused { when, problem: Problem::new(ProblemKind::Refused, at, reason) });
                    continue;
                }
                self.rejected_value(variable, origin, origin.at.unwrap_or(at), &failed(block, &result));
                continue;
            }
            self.close(node, holds, at);
            let reason = format!("the value of var.{name} does not meet the variable's own validation");
            let problem = Problem::new(ProblemKind::Refused, at, reason);
            for (there, each) in self.of_each_element(holds) {
                self.close(node, each, at);
                let said = Each { node: node.clone(), holds: each, problem: problem.clone(), at };
                self.each.borrow_mut().push(said);
                let when = self.cx.all([node.times.exists, there, self.cx.not(each)]);
                self.sink.refuse(Refused { when, problem: problem.clone() });
            }
            self.sink.refuse(Refused { when, problem });
        }
    }

    /// Notes that Terraform refuses the value of a variable; said if a key depends on it.
    fn rejected_value(&self, variable: &Variable, origin: &Origin, place: Loc, why: &str) {
        if !variable.node.times.exists.is_true() {
            return;
        }
        let name = format!("{}var.{}", variable.node.prefix, variable.name);
        let reason = format!(
            "the value of {name} ({}) {why}; Terraform refuses it, and keys that depend on it are not judged with it",
            origin.said
        );
        self.meet(Said::Refused(Problem::new(ProblemKind::Refused, place, reason)));
    }

    /// Closes the domains of the inputs, and of elements of unknown collections, that may only have listed values where
    /// `holds`. What a child module that is not always there asks for says nothing of them.
    fn close(&self, node: &ModuleInstance, holds: Guard, at: Loc) {
        if node.times != Multiplicity::ONCE {
            return;
        }
        for sym in self.cx.leaves(&Value::Bool(holds)) {
            let open = |l: &Leaf| l.closed.is_none() && (l.kind == LeafKind::Input || l.is_element());
            let Some(leaf) = self.cx.leaf(sym).filter(|l| open(l) && l.ty != Ty::Bool) else { continue };
            let asked = Ask::new(self.cx, &[holds], NODES.most).and_then(|mut ask| ask.values(sym, holds));
            let mut allowed = match asked {
                Ok(Values::Listed(allowed)) => allowed,
                Ok(Values::Many) => {
                    self.cx.refine(&leaf.name, |leaf| leaf.bounded = true);
                    continue;
                }
                Ok(Values::Any) | Err(_) => continue,
            };
            // Whether it may be null is said beside its values.
            allowed.retain(|v| *v != Value::Null);
            if !allowed.is_empty() && leaf.given.as_ref().is_none_or(|g| allowed.contains(g)) {
                self.cx.refine(&leaf.name, |leaf| {
                    leaf.closed = Some(allowed);
                    leaf.listed_at = Some(at);
                });
            }
        }
    }

    /// Holds the elements that are read by their index or key (`var.names[0]`) to what validations say of each element.
    pub fn hold_elements_read(&self) {
        let cx = self.cx;
        for Each { node, holds, problem, at } in self.each.take() {
            let leaves = cx.leaves(&Value::Bool(holds)).into_iter();
            let of: BTreeSet<SymId> = leaves.filter_map(|leaf| cx.element_owner(leaf)).collect();
            let [of] = of.into_iter().collect::<Vec<_>>()[..] else { continue };
            let (key, value) = self.element(of);
            for (at_key, read) in cx.elements_read(of) {
                let key_of = |key: &Value| match cx.type_of(of) {
                    Ty::List(_) => Num::parse(&at_key).map_or(key.clone(), Value::from),
                    _ => Value::from(&*at_key),
                };
                let there = cx.not(cx.absent_if_asked(&read));
                let given = [(&key, key_of(&key)), (&value, read)].into_iter();
                let env = given.filter_map(
                    |(leaf, v)| if let Value::Sym(leaf) = leaf { Some((*leaf, v)) } else { None },
                );
                let each = cx.truth(&cx.fill(&Value::Bool(holds), &env.collect()));
                self.close(&node, each, at);
                let when = cx.all([node.times.exists, there, cx.not(each)]);
                self.sink.refuse(Refused { when, problem: problem.clone() });
            }
        }
    }

    /// What `alltrue([for x in var.c : …])` says of every element of a collection that is not known. A key that is there
    /// for each element meets it as its element's. With it, when the collection has any.
    fn of_each_element(&self, holds: Guard) -> Vec<(Guard, Guard)> {
        match self.cx.guard_node(holds) {
            FormulaNode::And(all) => all.iter().flat_map(|&g| self.of_each_element(g)).collect(),
            FormulaNode::Atom(atom) => match self.cx.node(SymId(atom)) {
                Some(SymNode::Call(func, args)) if func.all_of => {
                    let parts = args.iter().filter_map(Value::as_coll).flat_map(|c| c.parts.iter());
                    let each = parts.filter(|p| !p.generators.is_empty()).map(|p| {
                        let holds = self.cx.truth(&types::to_bool(self.cx, &p.value));
                        let empty = |over: &SymId| self.cx.equal(&self.cx.count_of(*over), &Value::from(0));
                        let empty = self.cx.any(p.generators.iter().map(empty).collect::<Vec<_>>());
                        (self.cx.not(empty), self.cx.or(self.cx.not(p.guard), holds))
                    });
                    each.collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// What a validation says of every element of a collection that is not known.
pub struct Each {
    node: Rc<ModuleInstance>,
    holds: Guard,
    problem: Problem,
    at: Loc,
}

/// Where a default or a variables file is evaluated: without references.
fn in_variables_file(node: &Rc<ModuleInstance>, file: FileId) -> Scope {
    Scope { literal: true, ..Scope::module(node, file) }
}

/// What is wrong with a value that does not pass a validation.
fn failed(block: &In<Block>, result: &Value) -> String {
    match result {
        Value::Refused(refusal) => format!("cannot be validated: {}", refusal.reason),
        _ => format!("fails the variable's own validation{}", message(block)),
    }
}

/// What a validation itself says is wrong, if that is written out.
fn message(block: &In<Block>) -> String {
    let text = block.what.body.attribute("error_message").and_then(|a| written::literal(&a.expr));
    match text {
        Some(text) if !text.contains('\n') && text.chars().count() <= 120 => format!(" ({text:?})"),
        _ => String::new(),
    }
}
