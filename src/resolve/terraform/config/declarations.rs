//! Faults of declarations that Terraform finds before it evaluates anything.
//!
//! `variable "count" {}` is refused, and so are `default = upper("x")`, `type = set`, a name that begins with a digit, a call
//! that passes what the module does not declare, and resources that depend on each other. Answers: what is wrong in the
//! declaration of a variable, a resource or a call? Evaluates nothing.
//! Source: Terraform language, "Input Variables", "Modules", "Refactoring"; the binary (1.11).

use std::collections::{BTreeMap, BTreeSet};

use super::module::{Decl, Module};
use super::references::{Step, computes, for_each_reference, reference, resource};
use crate::parse::syntax::{Block, Expr, ExprKind};
use crate::span::Loc;

/// Names that no variable may have: a call has arguments of these names itself.
const RESERVED: [&str; 8] =
    ["count", "depends_on", "for_each", "lifecycle", "locals", "providers", "source", "version"];

/// The arguments of a variable, in Terraform or OpenTofu.
const VARIABLE: [&str; 8] =
    ["const", "default", "deprecated", "description", "ephemeral", "nullable", "sensitive", "type"];

/// The arguments of a call that are Terraform's own.
const CALL: [&str; 7] =
    ["count", "depends_on", "for_each", "ignore_nested_deprecations", "providers", "source", "version"];

/// Why a block of this kind cannot have this name, if so.
pub fn name(kind: &str, name: &str) -> Option<String> {
    let begins = |c: char| c.is_alphabetic() || c == '_';
    let holds = |c: char| begins(c) || c.is_alphanumeric() || c == '-';
    let valid = name.starts_with(begins) && name.chars().all(holds);
    (!valid).then(|| {
        format!("{name:?} is no name of a {kind}: it begins with a letter and has letters, digits, _ and -")
    })
}

/// What is wrong in the declaration of a variable, with where.
pub fn variable(own: &str, decl: &Decl) -> Vec<(Loc, String)> {
    let mut found = Vec::new();
    if RESERVED.contains(&own) {
        found.push((decl.header(), format!("no variable can be named {own:?}: calls have that argument")));
    }
    for (argument, set) in decl.args.iter().filter(|(argument, _)| !VARIABLE.contains(&argument.as_str())) {
        found.push((set.loc(set.what.name.span), format!("a variable has no argument {argument:?}")));
    }
    if let Some(ty) = decl.args.get("type").filter(|ty| !is_type(&ty.what.expr, true)) {
        found.push((ty.loc(ty.what.expr.span), "this is no type constraint".into()));
    }
    if let Some(default) = decl.args.get("default") {
        let at = default.loc(default.what.expr.span);
        let is_false = |expr: &Expr| matches!(expr.kind, ExprKind::Bool(false));
        if computes(&default.what.expr) {
            found.push((at, "a default refers to nothing and calls no function".into()));
        } else if matches!(default.what.expr.kind, ExprKind::Null)
            && decl.args.get("nullable").is_some_and(|set| is_false(&set.what.expr))
        {
            found.push((at, "the default is null, which nullable = false does not allow".into()));
        }
    }
    for block in &decl.blocks {
        let at = block.loc(block.what.header);
        if block.what.kind.text != "validation" {
            found.push((at, format!("a variable has no block {:?}", block.what.kind.text)));
            continue;
        }
        for needed in ["condition", "error_message"] {
            match block.what.body.attribute(needed) {
                None => found.push((at, format!("this validation has no {needed:?}"))),
                Some(set) if needed == "condition" && !reads(&set.expr, own) => {
                    let reason = format!("the condition of this validation does not refer to var.{own}");
                    found.push((block.loc(set.expr.span), reason));
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// Whether an expression reads a variable.
fn reads(expr: &Expr, variable: &str) -> bool {
    expr.any(&mut |expr| match reference(expr) {
        Some(("var", steps)) => matches!(steps.first(), Some((Step::Name(name), _)) if *name == variable),
        _ => false,
    })
}

/// Whether an expression is a type constraint. Bare `list` and `map` stand alone only; quoted ones are taken for what
/// they once meant.
fn is_type(expr: &Expr, outermost: bool) -> bool {
    let element = |inner: &Expr| is_type(inner, false);
    match &expr.kind {
        ExprKind::Paren(_) | ExprKind::Template(_) => true,
        ExprKind::Variable(name) => match name.as_str() {
            "any" | "string" | "number" | "bool" => true,
            "list" | "map" => outermost,
            _ => false,
        },
        ExprKind::Call { name, args, .. } => match (name.text.as_str(), args.as_slice()) {
            ("list" | "set" | "map", [of]) => element(of),
            ("tuple", [Expr { kind: ExprKind::Tuple(items), .. }]) => items.iter().all(element),
            ("object", [Expr { kind: ExprKind::Object(fields), .. }]) => {
                fields.iter().all(|(_, field)| match &field.kind {
                    ExprKind::Call { name, args, .. } if name.text == "optional" => {
                        args.first().is_some_and(element)
                    }
                    _ => element(field),
                })
            }
            _ => false,
        },
        _ => false,
    }
}

/// What is wrong in a call of this module, with where.
pub fn call(own: &str, decl: &Decl, child: &Module) -> Vec<(Loc, String)> {
    let mut found: Vec<_> =
        name("module call", own).map(|reason| (decl.header(), reason)).into_iter().collect();
    for block in &decl.blocks {
        let kind = &block.what.kind.text;
        // OpenTofu's `lifecycle { enabled = … }`.
        if kind != "lifecycle" || block.what.body.attribute("enabled").is_none() {
            found.push((block.loc(block.what.header), format!("a call has no block {kind:?}")));
        }
    }
    // What does not parse may declare it.
    if child.problems.is_empty() {
        let passed = decl.args.iter().filter(|(argument, _)| !CALL.contains(&argument.as_str()));
        for (argument, set) in passed.filter(|(argument, _)| !child.variables.contains_key(*argument)) {
            let reason = format!("the module that is called has no variable {argument:?}");
            found.push((set.loc(set.what.name.span), reason));
        }
    }
    let configures = |provider: &Decl| {
        provider.args.keys().any(|argument| argument != "alias") || !provider.blocks.is_empty()
    };
    let multiplier = ["count", "for_each", "depends_on"].into_iter().find_map(|m| decl.args.get(m));
    if let Some(multiplier) = multiplier.filter(|_| child.providers.values().any(configures)) {
        let reason = format!(
            "the module that is called configures a provider itself, so its call takes no {}",
            multiplier.what.name.text
        );
        found.push((multiplier.loc(multiplier.what.name.span), reason));
    }
    found
}

/// What `moved` and `removed` say of resources that are still declared: the resource, where, and what is wrong.
pub fn statements(module: &Module) -> Vec<(&Decl, Loc, String)> {
    let mut found = Vec::new();
    for statement in &module.statements {
        let target = |name: &str| resource(&statement.what.body.attribute(name)?.expr);
        let Some((from, false)) = target("from") else { continue };
        let Some(decl) = module.resources.get(&from) else { continue };
        let word = match statement.what.kind.text.as_str() {
            // To one of its own instances it can be moved.
            "moved" if target("to").is_some_and(|(to, _)| to == from) => continue,
            word @ ("moved" | "removed") => word,
            _ => continue,
        };
        let reason = format!("{}.{} is said to be {word}, and is still declared", from.0, from.1);
        found.push((decl, statement.loc(statement.what.header), reason));
    }
    found
}

/// A resource, data source, local value or call of a module, as an expression names it.
type Named = (String, String);

/// The resources and calls that depend on themselves through others of their module, where `depends_on` or a condition has a part in
/// it.
pub fn in_circles(module: &Module) -> Vec<&Decl> {
    let conditions = |decl: &Decl| decl.blocks.iter().any(|block| block.what.kind.text == "lifecycle");
    let in_order = |decl: &Decl| decl.args.contains_key("depends_on") || conditions(decl);
    if !module.resources.values().chain(module.calls.values()).any(in_order) {
        return Vec::new();
    }
    let mut needs: BTreeMap<Named, BTreeSet<Named>> = BTreeMap::new();
    for (key, decl) in &module.resources {
        needs.insert(key.clone(), of_block(decl));
    }
    for ((kind, name), decl) in &module.data {
        needs.insert((format!("data.{kind}"), name.clone()), of_block(decl));
    }
    for (name, local) in &module.locals {
        let mut found = BTreeSet::new();
        named(&local.what.expr, &[], &mut found);
        needs.insert(("local".into(), name.clone()), found);
    }
    for (name, decl) in &module.calls {
        let waits_for = decl.args.get("depends_on");
        // An output needs what the whole call waits for, and some of its arguments, which are not known here.
        let mut found = BTreeSet::new();
        if let Some(waits_for) = waits_for {
            waited_for(&waits_for.what.expr, &mut found);
        }
        needs.insert(("module".into(), name.clone()), found);
        needs.insert((WHOLE.into(), name.clone()), of_block(decl));
    }
    let circular = |key: &Named| {
        // What refers to itself alone is no circle here.
        let direct = needs.get(key).into_iter().flatten().filter(|next| *next != key);
        let (mut todo, mut seen): (Vec<&Named>, BTreeSet<&Named>) = (direct.collect(), BTreeSet::new());
        while let Some(next) = todo.pop() {
            if next == key {
                return true;
            }
            if seen.insert(next) {
                todo.extend(needs.get(next).into_iter().flatten());
            }
        }
        false
    };
    let resources = module.resources.iter().filter(|(key, _)| circular(key)).map(|(_, decl)| decl);
    let in_circle =
        |name: &str| ["module", WHOLE].iter().any(|kind| circular(&((*kind).into(), name.into())));
    resources.chain(module.calls.iter().filter(|(name, _)| in_circle(name)).map(|(_, decl)| decl)).collect()
}

/// What all of a call is named as, its arguments included: `depends_on` waits for that.
const WHOLE: &str = "module, whole";

/// What the items of a `depends_on` name.
fn waited_for(items: &Expr, found: &mut BTreeSet<Named>) {
    let mut names = BTreeSet::new();
    named(items, &[], &mut names);
    let whole = |(kind, name): Named| (if kind == "module" { WHOLE.into() } else { kind }, name);
    found.extend(names.into_iter().map(whole));
}

fn of_block(decl: &Decl) -> BTreeSet<Named> {
    let mut found = BTreeSet::new();
    for (argument, arg) in
        decl.args.iter().filter(|(name, _)| !matches!(name.as_str(), "provider" | "providers"))
    {
        match argument.as_str() {
            "depends_on" => waited_for(&arg.what.expr, &mut found),
            _ => named(&arg.what.expr, &[], &mut found),
        }
    }
    decl.blocks.iter().for_each(|block| of_nested(&block.what, &mut found));
    found
}

/// Recursive; the parsers bound the depth.
fn of_nested(block: &Block, found: &mut BTreeSet<Named>) {
    let own: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).collect();
    for attribute in block.body.attributes.iter().filter(|a| a.name.text != "ignore_changes") {
        named(&attribute.expr, &own, found);
    }
    block.body.blocks.iter().for_each(|inner| of_nested(inner, found));
}

fn named(expr: &Expr, bound: &[&str], found: &mut BTreeSet<Named>) {
    for_each_reference(expr, bound, &mut |_, root, steps| {
        let name = |i: usize| match steps.get(i) {
            Some((Step::Name(name), _)) => Some(name.to_string()),
            _ => None,
        };
        let key = match root {
            "data" => name(0).zip(name(1)).map(|(kind, name)| (format!("data.{kind}"), name)),
            "resource" => name(0).zip(name(1)),
            _ => name(0).map(|name| (root.to_string(), name)),
        };
        found.extend(key);
    });
}
