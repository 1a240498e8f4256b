//! What validations say of a variable: which values Terraform refuses, and what is left of an input's domain.
//!
//! ```terraform
//! validation {
//!   condition = contains(["a", "b"], var.u)    # closes `var.u`: it is "a" or "b"
//! }
//! validation {
//!   condition = alltrue([for u in var.us : u != "ci"])    # held for each element that is read (`hold_elements_read`)
//! }
//! ```

use std::collections::BTreeSet;
use std::rc::Rc;

use super::refused::WhenMet;
use super::scope::{ModuleInstance, Scope};
use super::variables::{GivenBy, Variable};
use super::{Item, Terraform};
use crate::guard::formula::FormulaNode;
use crate::key::{Multiplicity, Refused};
use crate::parse::syntax::Block;
use crate::problem::{Problem, ProblemKind};
use crate::resolve::terraform::config::module::In;
use crate::resolve::terraform::config::references::{Step, for_each_reference};
use crate::resolve::terraform::config::written;
use crate::resolve::terraform::types::{self};
use crate::span::Loc;
use crate::value::ask::{Ask, Values};
use crate::value::symbol::SymNode;
use crate::value::{Guard, Leaf, LeafKind, Num, SymId, Ty, Value};

/// What a validation says of every element of a collection that is not known.
pub struct Each {
    node: Rc<ModuleInstance>,
    holds: Guard,
    problem: Problem,
    at: Loc,
}

impl Terraform<'_> {
    /// Why Terraform refuses a value of this variable whatever the free inputs are, if it does.
    pub(super) fn rejection(&self, variable: &Variable, given: &Value, by: &GivenBy) -> Option<String> {
        let value = self.fit(variable, given, by);
        if let Value::Refused(refusal) = &value {
            // A default of another type is refused also where something else is supplied.
            return (!by.is_default).then(|| format!("does not fit: {}", refusal.reason));
        }
        variable.decl.blocks.iter().find_map(|block| {
            if asks_for_others(variable, block) {
                return None;
            }
            let (_, result) = self.validated(variable, block, &value)?;
            let holds = self.cx.truth(&types::to_bool(self.cx, &result));
            holds.is_false().then(|| failed(block, &result))
        })
    }

    /// The condition of a `validation` block, with its place, where the variable has this value.
    fn validated(&self, variable: &Variable, block: &In<Block>, value: &Value) -> Option<(Loc, Value)> {
        let condition = block.what.body.attribute("condition")?;
        // The variable itself is under way; its value is handed in.
        let item = Item::Variable(variable.name.into());
        self.known.memo.borrow_mut().insert((variable.node.id, item), value.clone());
        let result = self.eval(&Scope::module(variable.node, block.file), &condition.expr);
        Some((Loc::new(block.file, condition.span), result))
    }

    /// The `validation` blocks of a variable: what they reject is refused, and a list of allowed values closes the
    /// domain of an input. Terraform looks at every module instance that there is.
    pub(super) fn validate(&self, variable: &Variable, value: &Value, by: Option<&GivenBy>) {
        let Variable { node, name, decl, .. } = *variable;
        for block in &decl.blocks {
            let Some((at, result)) = self.validated(variable, block, value) else { continue };
            let holds = self.cx.truth(&types::to_bool(self.cx, &result));
            let when = self.cx.and(node.times.exists, self.cx.not(holds));
            if when.is_true() {
                let none = GivenBy::new("any value", None, true);
                let by = by.unwrap_or(&none);
                if !by.typed && node.call.is_none() {
                    let why = failed(block, &result);
                    let reason = format!("the value of var.{name} ({}) {why}", by.said);
                    self.sink.refuse_at(when, at, reason);
                    continue;
                }
                let why = failed(block, &result);
                if node.call.is_some() {
                    self.sink.reject_at(when, at, format!("{}var.{name} {why}", node.prefix));
                }
                self.rejected_value(variable, by, by.at.unwrap_or(at), &why);
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
    pub(super) fn rejected_value(&self, variable: &Variable, by: &GivenBy, place: Loc, why: &str) {
        if !variable.node.times.exists.is_true() {
            return;
        }
        let name = format!("{}var.{}", variable.node.prefix, variable.name);
        let reason = format!(
            "the value of {name} ({}) {why}; Terraform refuses it, and keys that depend on it are not judged with it",
            by.said
        );
        self.meet(WhenMet::Refused(Problem::new(ProblemKind::Refused, place, reason)));
    }

    /// Closes the domains of the inputs, and of elements of unknown collections, that may only have listed values where
    /// `holds`. What a child module that is not always there asks for says nothing of them.
    fn close(&self, node: &ModuleInstance, holds: Guard, at: Loc) {
        if node.times != Multiplicity::ONCE {
            return;
        }
        self.note_patterns(holds);
        for sym in self.cx.leaves(&Value::Bool(holds)) {
            let open = |l: &Leaf| l.closed.is_none() && (l.kind == LeafKind::Input || l.is_element());
            let Some(leaf) = self.cx.leaf(sym).filter(|l| open(l) && l.ty != Ty::Bool) else { continue };
            let asked = Ask::new(self.cx, &[holds]).and_then(|mut ask| ask.values(sym, holds));
            let mut allowed = match asked {
                Ok(Values::Listed(allowed)) => allowed,
                Ok(Values::Many) => {
                    self.cx.refine(&leaf.name, |leaf| leaf.bounded = true);
                    continue;
                }
                Ok(Values::Any) => {
                    self.close_but_for_case(&leaf, sym, holds, at);
                    continue;
                }
                Err(_) => continue,
            };
            // Whether it may be null is said beside its values.
            allowed.retain(|v| *v != Value::Null);
            if leaf.sensitive {
                allowed.iter_mut().for_each(|value| *value = self.hidden(value));
            }
            if !allowed.is_empty() && leaf.given.as_ref().is_none_or(|g| allowed.contains(g)) {
                self.cx.refine(&leaf.name, |leaf| {
                    leaf.closed = Some(allowed);
                    leaf.listed_at = Some(at);
                });
            }
        }
    }

    /// Notes the patterns that inputs, and elements of unknown collections, match as a whole where `holds`.
    fn note_patterns(&self, holds: Guard) {
        let cx = self.cx;
        let mut searched = Vec::new();
        cx.each_symbol(&Value::Bool(holds), &mut |call| {
            if let Some(SymNode::Call(func, args)) = cx.node(call)
                && let [Value::String(pattern), Value::Sym(text)] = &*args
                && let Some(leaf) = cx.leaf(*text).filter(|leaf| leaf.pattern.is_none())
                && let Some(pattern) = func.searches.and_then(|whole| whole(pattern))
            {
                let call = Value::Sym(call);
                let none = if func.refuses {
                    cx.refused_or_missing(&call)
                } else {
                    cx.equal(&cx.length(&call), &0.into())
                };
                searched.push((leaf, pattern, cx.not(none)));
            }
        });
        for (leaf, pattern, found) in searched {
            let asked = Ask::new(cx, &[holds, found]).and_then(|mut ask| ask.must_hold(holds, found));
            if asked == Ok(true) {
                cx.refine(&leaf.name, |leaf| leaf.pattern = Some(pattern.into()));
            }
        }
    }

    /// Notes the values of an input in lower or upper case, where those are listed: a user's name has no case.
    fn close_but_for_case(&self, leaf: &Leaf, sym: SymId, holds: Guard, at: Loc) {
        let mut calls = Vec::new();
        self.cx.each_symbol(&Value::Bool(holds), &mut |call| {
            if let Some(SymNode::Call(func, args)) = self.cx.node(call)
                && func.case_only
                && args.first() == Some(&Value::Sym(sym))
            {
                calls.push(call);
            }
        });
        for call in calls {
            let asked = Ask::new(self.cx, &[holds]).and_then(|mut ask| ask.values_beside(call, sym, holds));
            if let Ok(Values::Listed(values)) = asked {
                self.cx.refine(&leaf.name, |leaf| {
                    leaf.spelled = Some((call, values));
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
    /// for each element meets it as its element's. With it, when the collection has any. So it is with what it says of every
    /// element of these (`alltrue([for x in var.c : alltrue([for y in x : …])])`).
    fn of_each_element(&self, holds: Guard) -> Vec<(Guard, Guard)> {
        match self.cx.guard_node(holds) {
            FormulaNode::And(all) => all.iter().flat_map(|&g| self.of_each_element(g)).collect(),
            FormulaNode::Atom(atom) => match self.cx.node(SymId(atom)) {
                Some(SymNode::Call(func, args)) if func.all_of => {
                    let parts = args.iter().filter_map(Value::as_coll).flat_map(|c| c.parts.iter());
                    let each = parts.filter(|p| !p.generators.is_empty()).flat_map(|p| {
                        let holds = self.cx.truth(&types::to_bool(self.cx, &p.value));
                        let empty = |over: &SymId| self.cx.equal(&self.cx.count_of(*over), &Value::from(0));
                        let there = self.cx.not(self.cx.any(p.generators.iter().map(empty)));
                        // What is said of each of their elements, too.
                        let inner = self.of_each_element(holds).into_iter();
                        let inner = inner.map(|(inside, holds)| (self.cx.and(there, inside), holds));
                        let all: Vec<_> = [(there, holds)].into_iter().chain(inner).collect();
                        all.into_iter().map(|(there, holds)| (there, self.cx.or(self.cx.not(p.guard), holds)))
                    });
                    each.collect()
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// Whether a validation is about other values too; then its refusal is about all of them.
fn asks_for_others(variable: &Variable, block: &In<Block>) -> bool {
    let Some(condition) = block.what.body.attribute("condition") else { return false };
    let mut others = false;
    for_each_reference(&condition.expr, &[], &mut |_, root, steps| {
        others |= match (root, steps.first()) {
            ("var", Some((Step::Name(name), _))) => *name != variable.name,
            ("path" | "terraform", _) => false,
            _ => true,
        }
    });
    others
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
