//! What a variable is in one module instance: its value converted to its type, and what its validations refuse.
//!
//! Answers: given what supplies a variable (or the argument of the call), what does a reference to it read? A value
//! that Terraform refuses whatever the free inputs are is met ([`super::refused`]); what it refuses for some inputs is a
//! constraint on them, and a list of allowed values closes an input's domain.
//! Source: Terraform language, "Input Variables"; recorded results of the binary.

use std::rc::Rc;

use super::Terraform;
use super::refused::WhenMet;
use super::scope::{ModuleInstance, Scope};
use crate::parse::hcl;
use crate::parse::syntax::Attribute;
use crate::problem::Assumption;
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::config::references::computes;
use crate::resolve::terraform::types::{self, Constraint, to_bool};
use crate::span::{FileId, Loc};
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::{CollKind, Guard, Leaf, LeafKind, Num, Part, SymId, Ty, Value};

/// A variable of one module instance.
pub(super) struct Variable<'v> {
    pub(super) node: &'v Rc<ModuleInstance>,
    pub(super) name: &'v str,
    pub(super) decl: &'v Decl,
    pub(super) constraint: Constraint,
    pub(super) nullable: bool,
    pub(super) sensitive: bool,
}

impl Variable<'_> {
    /// A value that the variable is given, marked where it is sensitive.
    fn kept(&self, tf: &Terraform, value: Value) -> Value {
        match &value {
            // Its reason may quote it.
            Value::Refused(refusal) if self.sensitive => {
                Value::refused("Terraform refuses the expression that it is given", refusal.at)
            }
            _ if self.sensitive => tf.secret(&value),
            _ => value,
        }
    }
}

/// Whether there is a collection to fill in: the value itself, or an attribute of it.
fn has_a_collection(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::Of(..) => true,
        Constraint::Object(fields) => fields.iter().any(|field| has_a_collection(&field.ty)),
        _ => false,
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
pub(super) struct GivenBy {
    /// In words, after "the value of var.x".
    pub(super) said: String,
    /// Where that stands; the environment and the command line are in no file.
    pub(super) at: Option<Loc>,
    /// Whether the command line gives it, or names the file that does.
    pub(super) typed: bool,
    /// Whether it is the variable's default.
    pub(super) is_default: bool,
}

impl GivenBy {
    /// What is no default.
    pub(super) fn new(said: impl Into<String>, at: Option<Loc>, typed: bool) -> GivenBy {
        GivenBy { said: said.into(), at, typed, is_default: false }
    }
}

impl Terraform<'_> {
    /// A sensitive value: marked, and met by who needs it, since no mark is on a bool.
    pub fn secret(&self, value: &Value) -> Value {
        self.meet(WhenMet::Secret(holds_a_bool(value)));
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
                Some(arg) => types::parse(&arg.what.expr).unwrap_or(Constraint::ANY),
                None => Constraint::ANY,
            },
            nullable: decl.args.get("nullable").is_none_or(|a| to_bool(self.cx, &literal(a)) != Value::FALSE),
            sensitive: decl.is_secret(),
        };
        let default = || {
            let arg = decl.args.get("default")?;
            let by = GivenBy::new("its default", Some(arg.loc(arg.what.expr.span)), false);
            Some((literal(arg), GivenBy { is_default: true, ..by }))
        };
        if node.call.is_some() {
            self.refuse_passed(node, decl, name);
            let passed = self.argument(node, name);
            let by = |at| GivenBy::new("what the call passes", Some(at), false);
            let passed = passed.map(|(value, at)| (value, by(at)));
            let Some((given, by)) = passed.or_else(default).map(|(v, o)| (variable.kept(self, v), o)) else {
                let reason = format!("the call does not pass {name:?}, which has no default");
                return Value::refused(reason, node.via.last().copied());
            };
            let value = self.fitted(&variable, &given, &by);
            let value = by.at.map_or_else(|| value.clone(), |at| self.cx.located(value.clone(), at));
            self.validate(&variable, &value, Some(&by));
            return value;
        }
        let supplied = match self.root.values.get(name) {
            Some(Supplied::Expr(file, expr)) => {
                let at = Some(Loc::new(*file, expr.span));
                // What is no value at all is no value that could be set aside.
                let typed = self.root.named.contains(file) || computes(expr);
                let by = GivenBy::new("what this variables file gives it", at, typed);
                Some((self.eval(&in_variables_file(node, *file), expr), by))
            }
            Some(Supplied::Text(text, from_environment)) => {
                let said = if *from_environment {
                    self.sink.environment(format!("TF_VAR_{name}"));
                    format!("what TF_VAR_{name} gives it")
                } else {
                    format!("what --var {name} gives it")
                };
                let (value, computed) = self.text_value(&variable, text);
                let typed = !from_environment || computed;
                Some((value, GivenBy::new(said, None, typed)))
            }
            Some(Supplied::Hidden) => None,
            None => default(),
        };
        let supplied = supplied.map(|(value, by)| (variable.kept(self, value), by));
        let full = format!("var.{name}");
        let ty = variable.constraint.ty();
        let free = || {
            let value = self.input(&full, ty.clone(), None, Some(decl.header()));
            self.cx.refine(&full, |leaf| leaf.sensitive = variable.sensitive);
            self.optional_attributes(&variable, &value, &variable.constraint);
            if has_a_collection(&variable.constraint) {
                self.sink.fillable();
            }
            let optional = |value: &Value, ty: &Constraint| self.optional_attributes(&variable, value, ty);
            let value = self.filled_in(&value, &variable.constraint, &optional);
            self.validate(&variable, &value, None);
            value
        };
        let supplied = supplied.filter(|(_, by)| by.typed || !self.root.free.contains(&full));
        let Some((given, by)) = supplied else { return free() };
        if !by.typed
            && let Some(why) = self.rejection(&variable, &given, &by)
        {
            let reason = format!(
                "the value of {full} ({}) {why}; Terraform refuses it, so another one will be supplied: it counts as free",
                by.said
            );
            let place = by.at.unwrap_or_else(|| decl.header()).into();
            self.meet(WhenMet::Aside(Assumption { reason, place }));
            return free();
        }
        let value = self.fitted(&variable, &given, &by);
        if matches!(value, Value::Refused(_)) && ty.is_scalar() {
            // Only overriding it leads anywhere; null stands for it, as an input that is refused.
            self.sink.overridable();
            if self.mode.overrides() {
                let value = self.input(&full, ty, Some((Value::Null, None, true)), Some(decl.header()));
                let at = by.at.unwrap_or_else(|| decl.header());
                self.sink.refuse_at(self.cx.null(&value), at, format!("var.{name} is not overridden"));
                self.validate(&variable, &value, None);
                return value;
            }
        }
        let value = self.input(&full, ty, Some((value, by.at, by.typed)), Some(decl.header()));
        self.cx.refine(&full, |leaf| {
            leaf.sensitive = variable.sensitive;
            leaf.tells_null = variable.nullable && decl.args.contains_key("default");
        });
        self.validate(&variable, &value, Some(&by));
        value
    }

    /// A value as the variable's type and `nullable` make it; what they reject is met.
    fn fitted(&self, variable: &Variable, given: &Value, by: &GivenBy) -> Value {
        let value = self.fit(variable, given, by);
        self.tell(std::slice::from_ref(given), &value);
        if let (Value::Refused(refusal), false) = (&value, matches!(given, Value::Refused(_)))
            && !self.mode.overrides()
        {
            let place = by.at.unwrap_or_else(|| variable.decl.header());
            self.rejected_value(variable, by, place, &format!("does not fit: {}", refusal.reason));
        }
        value
    }

    pub(super) fn fit(&self, variable: &Variable, given: &Value, by: &GivenBy) -> Value {
        let cx = self.cx;
        let mut value = given.clone();
        if !variable.nullable {
            // A null that is not allowed stands for the default.
            let null = cx.unset(given);
            if !null.is_false() {
                let default = variable.decl.args.get("default").map_or_else(
                    || Value::refused("this is null, which the variable does not allow", by.at),
                    |arg| self.eval(&in_variables_file(variable.node, arg.file), &arg.what.expr),
                );
                value = cx.if_else(null, default, value);
            }
        }
        let file = variable.decl.base.file;
        match self.converted(variable.node, &value, &variable.constraint, file) {
            refused @ Value::Refused(_) => refused,
            // Defaults were put in.
            value if variable.sensitive => self.hidden(&value),
            value => value,
        }
    }

    /// Text from the environment or the command line: literal for primitive types and where there is no type, else an
    /// expression; whether that is more than a value.
    fn text_value(&self, variable: &Variable, text: &str) -> (Value, bool) {
        let decl = variable.decl;
        let literal = !decl.args.contains_key("type") || variable.constraint.ty().is_scalar();
        if literal {
            return (Value::from(text), false);
        }
        match hcl::parse_expression(text, 0) {
            Ok(expr) => {
                let scope = in_variables_file(variable.node, decl.base.file);
                (self.eval(&scope, &expr), computes(&expr))
            }
            Err(_) => (Value::refused("the supplied value is no expression", Some(decl.header())), false),
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
        leaf.holds_nulls = !ty.is_scalar();
        let Some((value, given_at, typed)) = supplied else { return self.cx.leaf_value(leaf) };
        leaf.given_at = given_at;
        let own = match &value {
            Value::String(_) => Ty::String,
            Value::Number(_) => Ty::Number,
            Value::Bool(_) => Ty::Bool,
            Value::Null if ty.is_scalar() => ty.clone(),
            // A null without a type gets the type of what it is compared with: text, most of the time. It may stand for a
            // collection all the same.
            Value::Null if ty == Ty::Dynamic => {
                self.may_be_a_collection(name, typed);
                Ty::String
            }
            _ => {
                self.may_be_a_collection(name, typed);
                return value;
            }
        };
        self.sink.overridable();
        if !self.mode.overrides() {
            return value;
        }
        leaf.ty = if ty.is_scalar() { ty } else { own };
        leaf.nullable = value == Value::Null;
        leaf.given = Some(value.clone());
        leaf.typed = typed;
        if !self.root.nulls.contains(name) {
            return self.cx.leaf_value(leaf);
        }
        (leaf.nullable, leaf.closed) = (true, Some(vec![value.clone()]));
        let leaf = self.cx.declare(leaf);
        self.cx.if_else(self.cx.is_null_symbol(leaf), Value::Null, value)
    }

    /// Notes a supplied collection, which counts as free where what it is is refused.
    fn may_be_a_collection(&self, name: &str, typed: bool) {
        if !typed {
            self.sink.collection(name.into());
        }
    }

    /// An attribute that may be left out is null where it is, or a text that is its default: of a free object, and of each
    /// element of a free collection of objects.
    fn optional_attributes(&self, variable: &Variable, value: &Value, constraint: &Constraint) {
        for sym in self.cx.alternatives(value).iter().filter_map(|(_, v)| self.cx.symbol_of(v)) {
            match constraint {
                Constraint::Object(fields) => {
                    for field in fields {
                        let attribute = self.cx.path(sym, &field.name);
                        self.optional_attributes(variable, &attribute, &field.ty);
                        let default = || {
                            let file = variable.decl.base.file;
                            let default =
                                self.eval(&in_variables_file(variable.node, file), field.default.as_ref()?);
                            Some(self.converted(variable.node, &default, &field.ty, file))
                        };
                        match default().filter(|default| *default != Value::Null) {
                            None if field.optional => self.cx.may_be_null(&attribute, None),
                            // Only texts are told from what else is supplied: one name for two users.
                            Some(Value::Bool(_) | Value::Number(_)) => self.cx.is_never_null(&attribute),
                            Some(Value::Refused(_)) | None => {}
                            Some(default) => self.cx.may_be_null(&attribute, Some(default)),
                        }
                    }
                }
                Constraint::Of(_, elem) if matches!(**elem, Constraint::Object(_)) => {
                    let (_, element) = self.element(sym);
                    self.optional_attributes(variable, &element, elem);
                }
                _ => {}
            }
        }
    }

    /// A free collection where it is filled in, each element a leaf that is different from the others; also inside of
    /// objects and of its elements, of which `optional` notes the attributes that may be left out.
    pub(super) fn filled_in(
        &self,
        value: &Value,
        constraint: &Constraint,
        optional: &dyn Fn(&Value, &Constraint),
    ) -> Value {
        let cx = self.cx;
        let (Value::Sym(sym), Some(sizes)) = (value, self.mode.free()) else { return value.clone() };
        let (kind, elem) = match constraint {
            Constraint::Of(kind, elem) => (*kind, elem),
            Constraint::Object(fields) if fields.iter().any(|f| !f.ty.ty().is_scalar()) => {
                let each = fields.iter().map(|f| {
                    let attribute = cx.path(*sym, &f.name);
                    (f.name.as_str(), cx.map(&attribute, |v| self.filled_in(v, &f.ty, optional)))
                });
                return Value::object(each);
            }
            _ => return value.clone(),
        };
        let (length, parts) = cx.filled_in(*sym, sizes, |n| {
            let (key, element) = cx.element(*sym, n, sizes, elem.ty());
            optional(&element, elem);
            let key = if kind == CollKind::Map { key } else { Value::Null };
            Part { key, ..Part::item(self.filled_in(&element, elem, optional)) }
        });
        // An element that is a collection itself is taken to be one: there would be twice as many for each.
        let element = cx.is_leaf(*sym, |leaf| leaf.is_element());
        let null = if element { Guard::FALSE } else { cx.null_if_asked(value) };
        let each = sizes.iter().map(|n| {
            let first = parts.iter().take(n).cloned().collect();
            let so_many = cx.equal(&length, &Num::from_usize(n).into());
            (cx.and(cx.not(null), so_many), cx.container(kind, elem.ty(), first))
        });
        cx.choice([(null, Value::Null)].into_iter().chain(each).collect())
    }
}

impl Terraform<'_> {
    /// What is looped over, with the lists filled in that calls in it give: each element one of the call's. What a call gives
    /// of any type is one of them where it is looped over `as_one`: a map is not filled in.
    pub fn filled_calls(&self, value: &Value, as_one: bool) -> Value {
        let cx = self.cx;
        let fill = |guard: Guard, value: &Value| {
            let calls =
                if let Value::Sym(_) = value { cx.calls_that_list(value, as_one) } else { Vec::new() };
            let Some(sizes) = self.mode.filled().filter(|_| !calls.is_empty()) else {
                calls.iter().for_each(|_| self.sink.fillable());
                return value.clone();
            };
            let filled = |calls: &[SymId]| {
                let each = calls.iter().map(|&call| {
                    let element = |n: usize| {
                        let found = cx.alternatives(&cx.index(&Value::Sym(call), &Num::from_usize(n).into()));
                        let there =
                            found.into_iter().map(|(_, v)| v).find(|v| !matches!(v, Value::Refused(_)));
                        there.unwrap_or(Value::Null)
                    };
                    let (filled, other) = cx.filled_call(call, sizes, &element);
                    self.sink.few(cx.and(guard, other));
                    (call, filled)
                });
                cx.fill(value, &each.collect())
            };
            // What the lists in it make of it says more than its own elements.
            let inner: Vec<SymId> =
                calls.iter().copied().filter(|call| *value != Value::Sym(*call)).collect();
            let made = filled(&inner);
            let is_open = |v: &Value| cx.alternatives(v).iter().any(|(_, v)| matches!(v, Value::Sym(_)));
            if is_open(&made) { filled(&calls) } else { made }
        };
        let alternatives = cx.alternatives(value).into_iter();
        cx.choice(alternatives.map(|(guard, v)| (guard, fill(guard, &v))).collect())
    }
}

/// Where a default or a variables file is evaluated: without references.
fn in_variables_file(node: &Rc<ModuleInstance>, file: FileId) -> Scope {
    Scope { literal: true, ..Scope::module(node, file) }
}
