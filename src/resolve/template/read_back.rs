//! Outputs of deployed templates, where the language that deploys them reads them.
//!
//! Terraform is evaluated before the templates in it are: until then the outputs of a stack are one symbol
//! (`Stack::outputs`). Here that symbol is filled in with what the template's `Outputs` say, in everything that was
//! resolved, which is as good as having evaluated with it. Knows nothing of the other language.
//! Source: provider documentation of Terraform's `aws_cloudformation_stack` (`outputs`: "A map of outputs from the
//! stack"); CloudFormation's user guide, "Outputs".

use std::collections::{BTreeSet, HashMap};

use super::World;
use crate::key::{Refused, Resolved, Role};
use crate::problem::{Problem, ProblemKind};
use crate::value::{CollKind, Cx, Guard, Part, SymId, SymNode, Value};

/// What stands for the outputs of each stack.
pub(super) type Outputs = HashMap<SymId, Value>;

impl World<'_> {
    /// The outputs of a stack, as an object whose parts are there where the outputs are.
    pub(super) fn outputs_of(&self, root: usize) -> Value {
        let Some(stack) = self.stack(root) else { return Value::coll(CollKind::Object, Vec::new()) };
        let section = self.section(&stack, "Outputs");
        let names: BTreeSet<String> = section.entries.iter().map(|e| e.name.clone()).collect();
        let parts = names.into_iter().map(|name| {
            let value = self.output(&stack, &name);
            Part { guard: self.cx.not(self.cx.refused(&value)), ..Part::entry(name, self.cx.to_text(&value)) }
        });
        Value::coll(CollKind::Object, parts.collect())
    }
}

/// Follows outputs that are those of another stack, by way of its parameters. Stacks that need each other's are refused.
pub(super) fn settle(cx: &Cx, outputs: &mut Outputs) {
    let mut following = Following { cx, given: outputs, settled: Outputs::new(), active: Vec::new() };
    let mut symbols: Vec<SymId> = following.given.keys().copied().collect();
    symbols.sort_by_key(|sym| sym.0);
    for symbol in symbols {
        following.follow(symbol);
    }
    *outputs = following.settled;
}

struct Following<'a> {
    cx: &'a Cx,
    given: &'a Outputs,
    settled: Outputs,
    active: Vec<SymId>,
}

impl Following<'_> {
    fn follow(&mut self, symbol: SymId) -> Option<Value> {
        if let Some(known) = self.settled.get(&symbol) {
            return Some(known.clone());
        }
        let given = self.given;
        let value = given.get(&symbol)?;
        if self.active.contains(&symbol) {
            let reason = "this stack needs its own outputs, directly or through others; Terraform refuses such a cycle";
            return Some(Value::refused(reason, None));
        }
        self.active.push(symbol);
        let needed: BTreeSet<SymId> =
            self.cx.leaves(value).into_iter().filter_map(|leaf| self.stack_of(leaf, symbol)).collect();
        let filled: Outputs = needed.into_iter().filter_map(|of| Some((of, self.follow(of)?))).collect();
        self.active.pop();
        let value = self.cx.fill(value, &filled);
        self.settled.insert(symbol, value.clone());
        Some(value)
    }

    /// Another stack that a leaf is an output of. Those of `own` stand in its value where its template is not known.
    fn stack_of(&self, leaf: SymId, own: SymId) -> Option<SymId> {
        let mut at = leaf;
        loop {
            if self.given.contains_key(&at) {
                return (at != own).then_some(at);
            }
            match self.cx.node(at)? {
                SymNode::Path(base, ..) => at = base,
                _ => return None,
            }
        }
    }
}

/// Fills in the outputs wherever they are read.
pub(super) fn read_back(resolved: &mut Resolved, outputs: &Outputs) {
    let cx = &resolved.cx;
    let value = |value: &mut Value| *value = cx.fill(value, outputs);
    let guard = |guard: &mut Guard| {
        *guard = cx.fill(&Value::Bool(*guard), outputs).as_guard().unwrap_or(Guard::FALSE);
    };
    for key in &mut resolved.keys {
        let (user, status) = (key.user.clone(), key.status.clone());
        value(&mut key.user);
        value(&mut key.status);
        value(&mut key.account.scope);
        guard(&mut key.times.exists);
        key.times.loops.iter_mut().for_each(|l| guard(&mut l.at_least_two));
        for (role, before, after) in [(Role::User, &user, &key.user), (Role::Status, &status, &key.status)] {
            let when = cx.and(key.times.exists, cx.and(cx.refused(after), cx.not(cx.refused(before))));
            let Some(reason) = cx.alternatives(after).into_iter().find_map(|(_, v)| match v {
                Value::Refused(refusal) => Some(refusal.reason.clone()),
                _ => None,
            }) else {
                continue;
            };
            let at = key.places.iter().find(|p| p.role == role).map_or(key.location, |p| p.loc);
            let reason = format!("this output of a stack cannot be read: {reason}");
            let problem = Problem::new(ProblemKind::Refused, at, reason);
            if !when.is_false() {
                resolved.refusals.push(Refused { when, problem });
            }
        }
    }
    for user in &mut resolved.users {
        value(&mut user.name);
        value(&mut user.account.scope);
        guard(&mut user.exists);
    }
    for refused in &mut resolved.refusals {
        guard(&mut refused.when);
    }
}
