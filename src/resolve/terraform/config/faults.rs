//! Faults that Terraform finds in references before it evaluates anything.
//!
//! `user = try(var.nope, "deploy")` is refused where no `var.nope` is declared: `try` and `can` catch what fails while an
//! expression is computed, and a condition chooses between results, but a reference to nothing refuses the whole
//! expression. So does a reference that lacks an instance (`aws_iam_user.u.name` where `u` has `count`), names one that
//! cannot be (`aws_iam_user.u[0]` where it has not), reads an attribute that the type lacks, or reads `each` or `count`
//! in a block without.
//!
//! [`find`] is one pass over a module as written; `Terraform::faulty` refuses what an expression in use contains.
//! What is only wrong when it is computed (an output that a module lacks, an index in brackets that is no literal) is
//! no fault: `try` catches it.
//! Source: Terraform language, "References to Values"; recorded results of the binary (1.11).

use super::module::{Decl, Fault, Faults, Module};
use super::references::{Step, for_each_reference, reference, refers};
use super::resources::{attributes, lacks};
use super::{blocks, declarations};
use crate::parse::syntax::{Attribute, Block, Expr, ExprKind};
use crate::span::{FileId, Loc, Span};

/// The faults of a module as written.
pub fn find(module: &Module) -> Faults {
    let mut pass = Pass { module, found: Faults::new() };
    for decl in module.variables.values() {
        pass.blocks(decl, Here::default());
        pass.overridden(decl);
    }
    for local in module.locals.values() {
        pass.expr(local.file, &local.what.expr, &[], Here::default());
    }
    for decl in module.outputs.values() {
        pass.arguments(decl, &[], Here::default());
    }
    let resources = module.resources.iter().map(|(key, decl)| (false, key, decl));
    for (data, key, decl) in resources.chain(module.data.iter().map(|(key, decl)| (true, key, decl))) {
        pass.arguments(decl, &["provider"], Here { own: Some((data, key)), ..Here::of(decl) });
        pass.overridden(decl);
        let provisioned = decl.blocks.iter().any(|b| b.what.kind.text == "provisioner");
        for (file, block) in decl.blocks.iter().map(|b| (b.file, &b.what)) {
            match block.kind.text.as_str() {
                "lifecycle" => pass.lifecycle(file, block, Here::of(decl)),
                "provisioner" => pass.block(file, block, &["self"], Here::of(decl)),
                // Terraform looks at it where a provisioner needs it.
                "connection" if provisioned => pass.block(file, block, &["self"], Here::of(decl)),
                "connection" => {}
                _ => pass.block(file, block, &[], Here::of(decl)),
            }
        }
    }
    for decl in module.calls.values() {
        pass.arguments(decl, &["providers"], Here::of(decl));
    }
    for decl in module.providers.values() {
        pass.arguments(decl, &[], Here::of(decl));
        pass.blocks(decl, Here::of(decl));
    }
    for ((kind, name), decl) in &module.resources {
        let named = declarations::name("resource", name).map(|reason| (decl.header(), reason));
        for (at, reason) in blocks::faults(module, kind, name, decl).into_iter().chain(named) {
            pass.of_block(decl, at, reason);
        }
    }
    for (name, decl) in &module.variables {
        for (at, reason) in declarations::variable(name, decl) {
            pass.of_block(decl, at, reason);
        }
    }
    for (decl, at, reason) in declarations::statements(module) {
        pass.of_block(decl, at, reason);
    }
    for decl in declarations::in_circles(module) {
        let reason = "this depends on itself through others; Terraform refuses such a cycle";
        pass.of_block(decl, decl.header(), reason.into());
    }
    for faults in pass.found.values_mut() {
        faults.sort_by_key(|fault| (fault.span, fault.reason.clone()));
        faults.dedup();
    }
    pass.found
}

/// The block that an expression stands in: what multiplies it, and the resource or data source (`true`) that it declares.
#[derive(Clone, Copy, Default)]
struct Here<'m> {
    count: bool,
    for_each: bool,
    own: Option<(bool, &'m (String, String))>,
}

impl<'m> Here<'m> {
    fn of(decl: &Decl) -> Here<'m> {
        Here {
            count: decl.args.contains_key("count"),
            for_each: decl.args.contains_key("for_each"),
            own: None,
        }
    }
}

struct Pass<'m> {
    module: &'m Module,
    found: Faults,
}

impl<'m> Pass<'m> {
    fn note(&mut self, file: FileId, at: &Expr, undeclared: bool, reason: String) {
        let at = Loc::new(file, at.span);
        self.found.entry(file).or_default().push(Fault { span: at.span, reason, undeclared, at });
    }

    /// A fault of a block as a whole: who needs the block meets it.
    fn of_block(&mut self, decl: &Decl, at: Loc, reason: String) {
        let Loc { file, span } = decl.header();
        self.found.entry(file).or_default().push(Fault { span, reason, undeclared: false, at });
    }

    /// The arguments of a block. What multiplies it stands outside of its instances.
    fn arguments(&mut self, decl: &Decl, but: &[&str], here: Here<'m>) {
        for (name, arg) in &decl.args {
            let outside = matches!(name.as_str(), "count" | "for_each");
            let here = if outside { Here { own: here.own, ..Here::default() } } else { here };
            if !but.contains(&name.as_str()) {
                self.expr(arg.file, &arg.what.expr, &[], here);
            }
        }
    }

    fn blocks(&mut self, decl: &Decl, here: Here<'m>) {
        for block in &decl.blocks {
            self.block(block.file, &block.what, &[], here);
        }
    }

    /// Conditions in an override file, which may hold none.
    fn overridden(&mut self, decl: &Decl) {
        for over in decl.blocks.iter().filter(|block| block.file != decl.base.file) {
            for block in [&over.what].into_iter().chain(&over.what.body.blocks) {
                let kind = block.kind.text.as_str();
                let holds = block.body.attribute("condition");
                if let ("validation" | "precondition" | "postcondition", Some(holds)) = (kind, holds) {
                    let at = Loc::new(over.file, block.header);
                    // Within what is evaluated, which it does not change.
                    let span = Span { end: holds.expr.span.start, ..holds.expr.span };
                    let reason = format!("an override file cannot have a {kind}");
                    let fault = Fault { span, reason, undeclared: false, at };
                    self.found.entry(over.file).or_default().push(fault);
                }
            }
        }
    }

    fn block(&mut self, file: FileId, block: &Block, bound: &[&str], here: Here<'m>) {
        let outside = |a: &&Attribute| block.kind.text == "dynamic" && a.name.text != "labels";
        let iterator = block.body.attribute("iterator").filter(outside).map(|a| &a.expr.kind);
        let own = match iterator {
            Some(ExprKind::Variable(name)) => Some(name),
            _ => block.labels.first().map(|label| &label.text),
        };
        let own = own.filter(|_| block.kind.text == "dynamic");
        // What these may be are words, no references.
        let word = |a: &Attribute| {
            block.kind.text == "provisioner" && matches!(a.name.text.as_str(), "when" | "on_failure")
        };
        let inner: Vec<&str> = bound.iter().copied().chain(own.map(String::as_str)).collect();
        let attributes = block.body.attributes.iter().filter(|a| !word(a));
        for attribute in attributes.filter(|a| own.is_none() || a.name.text != "iterator") {
            let bound = if outside(&attribute) { bound } else { &inner };
            self.expr(file, &attribute.expr, bound, here);
        }
        for nested in &block.body.blocks {
            self.block(file, nested, &inner, here);
        }
    }

    /// What decides whether a block is planned, and what must hold before and after. A postcondition may read `self`.
    fn lifecycle(&mut self, file: FileId, block: &Block, here: Here<'m>) {
        if let Some(enabled) = block.body.attribute("enabled") {
            self.expr(file, &enabled.expr, &[], Here::default());
        }
        // Its attributes are read where something was planned before.
        if let Some(others) = block.body.attribute("replace_triggered_by") {
            let items = if let ExprKind::Tuple(items) = &others.expr.kind { items.as_slice() } else { &[] };
            items.iter().for_each(|item| self.expr(file, resource_of(item), &[], here));
        }
        for (kind, bound) in [("precondition", [].as_slice()), ("postcondition", &["self"])] {
            for condition in block.body.blocks(kind) {
                self.block(file, condition, bound, here);
                if let Some(holds) = condition.body.attribute("condition").filter(|a| !refers(&a.expr)) {
                    let reason =
                        format!("the condition of this {kind} refers to nothing that could change it");
                    self.note(file, &holds.expr, false, reason);
                }
            }
        }
    }

    fn expr(&mut self, file: FileId, expr: &Expr, bound: &[&str], here: Here<'m>) {
        for_each_reference(expr, bound, &mut |whole, root, steps| {
            self.reference(file, whole, root, steps, here);
        });
    }

    fn reference(&mut self, file: FileId, whole: &Expr, root: &str, steps: &[(Step, &Expr)], here: Here<'m>) {
        let names = |depth: usize| -> Option<Vec<&str>> {
            let names = steps.iter().take(depth).map(|(step, _)| match step {
                Step::Name(name) => Some(*name),
                Step::Number | Step::Key(_) => None,
            });
            names.collect::<Option<Vec<_>>>().filter(|names| names.len() == depth)
        };
        let module = self.module;
        let (depth, kind) = match root {
            "var" => (1, "variable"),
            "local" => (1, "local value"),
            "module" => (1, "module call"),
            "data" | "resource" | "ephemeral" => (2, ""),
            "each" | "count" | "path" | "terraform" | "tofu" => (1, ""),
            "self" => {
                return self.note(file, whole, false, "self is only known while resources are made".into());
            }
            "template" | "lazy" | "arg" => {
                return self.note(file, whole, false, format!("{root} is a name that Terraform reserves"));
            }
            _ => (1, ""),
        };
        let Some(names) = names(depth) else {
            let reason = format!("{root} is not a value by itself: what it refers to is not named");
            return self.note(file, whole, false, reason);
        };
        let at = steps.get(depth - 1).map_or(whole, |(_, at)| at);
        let (first, second) = (names.first().copied().unwrap_or(""), names.get(1).copied().unwrap_or(""));
        let declared = match root {
            "var" => module.variables.contains_key(first),
            "local" => module.locals.contains_key(first),
            "module" => module.calls.contains_key(first),
            "each" => {
                let reason = match first {
                    "key" | "value" if here.for_each => return,
                    "key" | "value" => format!("each.{first} is only known in a block with for_each"),
                    _ => format!("each has no {first:?}, only a key and a value"),
                };
                return self.note(file, at, false, reason);
            }
            "count" => {
                let reason = match first {
                    "index" if here.count => return,
                    "index" => "count.index is only known in a block with count".into(),
                    _ => format!("count has no {first:?}, only an index"),
                };
                return self.note(file, at, false, reason);
            }
            "path" if matches!(first, "module" | "root" | "cwd") => return,
            // OpenTofu knows it by its own name too.
            "terraform" | "tofu" if matches!(first, "workspace" | "applying") => return,
            "path" | "terraform" | "tofu" => {
                return self.note(file, at, false, format!("there is no {root}.{first}"));
            }
            "ephemeral" => {
                if !module.ephemeral.contains(&(first.into(), second.into())) {
                    let reason = format!("there is no ephemeral.{first}.{second} in this module");
                    self.note(file, at, true, reason);
                }
                return;
            }
            "data" => return self.resource(file, true, (first, second), at, steps.get(2..), here),
            "resource" => return self.resource(file, false, (first, second), at, steps.get(2..), here),
            _ => return self.resource(file, false, (root, first), at, steps.get(1..), here),
        };
        if !declared {
            self.note(file, at, true, format!("there is no {kind} named {first:?}"));
        }
    }

    fn resource(
        &mut self,
        file: FileId,
        data: bool,
        (kind, name): (&str, &str),
        at: &Expr,
        rest: Option<&[(Step, &Expr)]>,
        here: Here<'m>,
    ) {
        let module = self.module;
        let key = (kind.to_string(), name.to_string());
        let shown = if data { format!("data.{kind}.{name}") } else { format!("{kind}.{name}") };
        let Some(decl) = (if data { &module.data } else { &module.resources }).get(&key) else {
            return self.note(file, at, true, format!("there is no {shown} in this module"));
        };
        if here.own == Some((data, &key)) {
            return self.note(file, at, false, format!("{shown} cannot refer to itself"));
        }
        if data && module.scoped.contains(&key) {
            let reason = format!("{shown} is declared in a check block, and can only be read there");
            return self.note(file, at, false, reason);
        }
        let rest = rest.unwrap_or_default();
        let multiplier = ["count", "for_each"].into_iter().find(|name| decl.args.contains_key(*name));
        let (shown, rest) = match (multiplier, rest) {
            // Terraform takes an attribute after a dot only; which one is meant is known.
            (None, [(Step::Key(name), _), ..]) if !lacks(kind, data, name) => return,
            (None, [(Step::Number | Step::Key(_), at), ..]) => {
                let reason = format!("{shown} has neither count nor for_each, so it takes no index");
                return self.note(file, at, false, reason);
            }
            (Some(multiplier), [(Step::Name(attribute), at), ..]) => {
                let example = if multiplier == "count" { "0" } else { "\"a key\"" };
                let reason = format!(
                    "{shown} has {multiplier}, so {attribute:?} is read of an instance: {shown}[{example}].{attribute}"
                );
                return self.note(file, at, false, reason);
            }
            (Some(_), [(Step::Number | Step::Key(_), _), rest @ ..]) => (format!("{shown}[…]"), rest),
            (_, rest) => (shown, rest),
        };
        let [(Step::Name(attribute), at), below @ ..] = rest else { return };
        let single = || attributes(kind, data).is_some_and(|(single, _)| single.contains(attribute));
        // No type may have an attribute `count`.
        if *attribute == "count" || lacks(kind, data, attribute) {
            self.note(file, at, false, format!("{shown} has no attribute {attribute:?}"));
        } else if let (true, Some((_, at))) = (single(), below.first()) {
            let reason =
                format!("{shown}.{attribute} is a single value, which has no attributes or elements");
            self.note(file, at, false, reason);
        }
    }
}

/// The resource that a reference is to, without what is read of it.
fn resource_of(expr: &Expr) -> &Expr {
    match (&expr.kind, reference(expr)) {
        (ExprKind::GetAttr(base, _), Some((_, steps))) if steps.len() > 1 => resource_of(base),
        (ExprKind::Index(base, _) | ExprKind::LegacyIndex(base, _), Some(_)) => resource_of(base),
        _ => expr,
    }
}
