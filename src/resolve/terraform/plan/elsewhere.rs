//! What else Terraform would refuse of a deployment with keys: conditions of other blocks, validations of variables that no
//! key reads, assertions in locals.
//!
//! ```terraform
//! locals {
//!   one_of_two = var.blue && var.green ? tobool("choose one of the two") : true
//! }
//! ```
//!
//! An assignment that is refused is none, wherever the refusal stands. Answers: which are? Only what inputs alone decide
//! counts, and what some of them pass: what is wrong elsewhere whatever they are is none of our business, but for
//! conditions of what was read on the way to a key.
//! Source: Terraform language, "Custom Conditions"; recorded results of the binary.

use std::collections::HashSet;
use std::rc::Rc;

use super::conditions;
use crate::parse::syntax::{Block, Expr, ExprKind};
use crate::problem::Place;
use crate::resolve::terraform::config::resources::KEY_TYPES;
use crate::resolve::terraform::eval::scope::{ModuleInstance, Scope};
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::resolve::terraform::functions::find;
use crate::resolve::terraform::types::to_bool;
use crate::span::{FileId, Loc};
use crate::value::{Cx, Guard, LeafKind, SymId, Value};

/// Of how many instances of one block the conditions are looked at.
const INSTANCES: usize = 64;

/// Notes what is refused outside of the keys, in the modules that were met.
pub fn refuse(tf: &Terraform) {
    let nodes = tf.nodes.borrow().clone();
    let nodes = || nodes.iter().filter(|node| node.stub.is_none());
    // Before anything here reads more.
    let read: HashSet<Loc> = nodes().flat_map(|node| read_in(tf, node)).collect();
    let (_, said) = tf.sink.tried(|| tf.watch(|| nodes().for_each(|node| refuse_in(tf, node))));
    for refused in said.refusals {
        let on_the_way = matches!(refused.problem.place, Place::At(at) if read.contains(&at));
        if on_the_way || decided_by_inputs(tf.cx, refused.when) {
            tf.sink.refuse(refused);
        }
    }
}

/// The conditions of outputs, resources and data sources of a module that were read.
fn read_in(tf: &Terraform, node: &ModuleInstance) -> Vec<Loc> {
    let at = |file: FileId, block: &Block| {
        let condition = block.body.attribute("condition")?;
        Some(Loc { file, span: condition.expr.span })
    };
    let module = &node.module;
    let outputs =
        module.outputs.iter().filter(|(name, _)| tf.was_computed(node, &Item::Output((*name).clone())));
    let of_output = outputs.flat_map(|(_, decl)| decl.blocks.iter().filter_map(|b| at(b.file, &b.what)));
    let resources = module.resources.iter().map(|(key, decl)| (false, key, decl));
    let resources = resources.chain(module.data.iter().map(|(key, decl)| (true, key, decl)));
    let of_resource = resources.flat_map(|(data, key, decl)| {
        let conditions: Vec<Loc> = conditions::of(decl).filter_map(|(file, block)| at(file, block)).collect();
        if conditions.is_empty() || !tf.was_referred_to(node, data, key) { Vec::new() } else { conditions }
    });
    of_output.chain(of_resource).collect()
}

/// Whether free inputs decide it, and supplied ones as given do not violate it.
fn decided_by_inputs(cx: &Cx, when: Guard) -> bool {
    let when = Value::Bool(when);
    let leaves = cx.leaves(&when);
    !leaves.is_empty()
        && leaves.into_iter().all(|leaf| is_of_input(cx, leaf))
        && cx.as_given(&when) != Value::TRUE
}

/// Whether a leaf is a free input, an element of one, or how many it has.
fn is_of_input(cx: &Cx, leaf: SymId) -> bool {
    cx.leaf(leaf).is_some_and(|leaf| match leaf.kind {
        LeafKind::Input => true,
        LeafKind::Length | LeafKind::Element(_) => leaf.of.is_some_and(|of| is_of_input(cx, of)),
        LeafKind::Deployment | LeafKind::Unfollowed(_) => false,
    })
}

fn refuse_in(tf: &Terraform, node: &Rc<ModuleInstance>) {
    let cx = tf.cx;
    let module = &node.module;
    for (name, decl) in &module.variables {
        if decl.blocks.iter().any(|block| block.what.kind.text == "validation") {
            tf.variable(node, name, decl.header());
        }
    }
    if !node.times.loops.is_empty() {
        return;
    }
    for local in module.locals.values() {
        let asserts = |expr: &Expr| match &expr.kind {
            ExprKind::Call { name, .. } => find(&name.text).is_some_and(|row| row.asserts),
            _ => false,
        };
        if local.what.expr.any(&mut { asserts }) {
            let value = tf.eval(&Scope::module(node, local.file), &local.what.expr);
            let when = cx.and(node.times.exists, cx.refused(&value));
            tf.sink.refuse_at(when, local.loc(local.what.span), "this local value is refused");
        }
    }
    let condition = |scope: &Scope, exists: Guard, file: FileId, block: &Block| {
        let Some(condition) = block.body.attribute("condition") else { return };
        let holds = to_bool(cx, &tf.eval(scope, &condition.expr));
        let when = cx.and(exists, conditions::fails(cx, &holds, false));
        let reason = format!("a {} does not hold", block.kind.text);
        tf.sink.refuse_at(when, Loc { file, span: condition.expr.span }, reason);
    };
    for output in module.outputs.values() {
        for block in output.blocks.iter().filter(|block| block.what.kind.text == "precondition") {
            condition(&Scope::module(node, block.file), node.times.exists, block.file, &block.what);
        }
    }
    let managed = module.resources.iter().filter(|((kind, _), _)| !KEY_TYPES.contains(&kind.as_str()));
    let resources =
        managed.map(|resource| (false, resource)).chain(module.data.iter().map(|data| (true, data)));
    for (data, ((kind, name), decl)) in resources {
        if conditions::of(decl).next().is_none() {
            continue;
        }
        let expansion = tf.expansion(node, Item::Resource(data, kind.clone(), name.clone()), decl);
        // Past so many, that they hold is not held against anything.
        for instance in expansion.instances.iter().filter(|_| expansion.instances.len() <= INSTANCES) {
            let times = instance.times.within(cx, &node.times);
            for (file, block) in conditions::of(decl).filter(|_| times.loops.is_empty()) {
                let mut scope = Scope::block(node, instance, file);
                if block.kind.text == "postcondition" {
                    scope = scope.with("self", tf.resource_instance(node, data, (kind, name), instance));
                }
                condition(&scope, times.exists, file, block);
            }
        }
    }
}
