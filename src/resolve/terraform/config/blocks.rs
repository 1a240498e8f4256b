//! Faults of a key's or a user's block that Terraform finds in what it may hold, whatever is evaluated.
//!
//! `tags = {}` in an `aws_iam_access_key` is refused before anything is planned, and so are `ignore_changes = [nope]`, a
//! precondition without a message, and `depends_on = [aws_iam_user.u.name]`. Answers: what is wrong in the block of a
//! resource whose type is known here? References are for [`super::faults`]. Evaluates nothing.
//! Source: provider documentation, "Argument Reference"; Terraform language, "Meta-Arguments", "Custom Conditions";
//! recorded results of the binary (1.11).

use super::module::{Decl, In, Module};
use super::references::{Step, computes, reference, refers};
use super::resources::{META, attributes};
use super::written::{self, literal};
use crate::parse::syntax::{Attribute, Block, Expr, ExprKind};
use crate::span::Loc;

/// Resource types with the arguments that must be set, and those that may be. None of them has nested blocks.
const ARGUMENTS: [(&str, &[&str], &[&str]); 2] = [
    ("aws_iam_access_key", &["user"], &["pgp_key", "status"]),
    ("aws_iam_user", &["name"], &["force_destroy", "path", "permissions_boundary", "tags", "tags_all"]),
];

/// The arguments of a resource, or of a data source, that must be set, and not to null.
pub fn required(kind: &str, data: bool) -> &'static [&'static str] {
    match data {
        true if kind == "aws_iam_user" => &["user_name"],
        true => &[],
        false => ARGUMENTS.iter().find(|(of, ..)| *of == kind).map_or(&[], |(_, required, _)| required),
    }
}

/// Blocks that Terraform itself knows in the block of every resource.
const META_BLOCKS: [&str; 3] = ["connection", "lifecycle", "provisioner"];

/// What a `lifecycle` block may set, in Terraform or OpenTofu.
const LIFECYCLE: [&str; 6] = [
    "create_before_destroy",
    "destroy",
    "enabled",
    "ignore_changes",
    "prevent_destroy",
    "replace_triggered_by",
];

/// The blocks that it may hold.
const LIFECYCLE_BLOCKS: [&str; 3] = ["action_trigger", "postcondition", "precondition"];

/// The provisioners that Terraform has, each with an argument that it requires.
const PROVISIONERS: [(&str, Option<&str>); 3] =
    [("file", Some("destination")), ("local-exec", Some("command")), ("remote-exec", None)];

/// Roots of references to what is no resource of a module.
const NO_RESOURCES: [&str; 9] =
    ["var", "local", "module", "data", "path", "terraform", "each", "count", "self"];

/// What is wrong in the block of a resource, with where.
pub fn faults(module: &Module, kind: &str, name: &str, decl: &Decl) -> Vec<(Loc, String)> {
    let mut found = Found { module, kind, name, faults: Vec::new() };
    let Some((_, required, optional)) = ARGUMENTS.iter().find(|(of, ..)| *of == kind) else {
        return found.faults;
    };
    for (argument, set) in &decl.args {
        let argument = argument.as_str();
        // A list or an object is no text, and its user and status are looked at where they are computed.
        let composed = matches!(
            set.what.expr.kind,
            ExprKind::Tuple(_) | ExprKind::Object(_) | ExprKind::ForTuple(_) | ExprKind::ForObject(_)
        );
        let single = ["force_destroy", "path", "permissions_boundary", "pgp_key"].contains(&argument);
        if composed && single && optional.contains(&argument) {
            let reason = format!("{argument:?} of {kind} is a single value");
            found.note(set.loc(set.what.expr.span), reason);
        }
        if META.contains(&argument) || required.contains(&argument) || optional.contains(&argument) {
            continue;
        }
        found.note(
            set.loc(set.what.name.span),
            match has(kind, argument) {
                true => format!("{argument:?} of {kind} is the provider's to decide; it cannot be set"),
                false => format!("{kind} has no argument {argument:?}"),
            },
        );
    }
    // A key without a user is said where its user is read.
    if let Some(missing) = required.iter().find(|name| **name != "user" && !decl.args.contains_key(**name)) {
        found.note(decl.header(), format!("{kind}.{name} has no {missing:?}, which its type requires"));
    }
    if let Some(depends_on) = decl.args.get("depends_on") {
        found.depends_on(depends_on);
    }
    if let Some(provider) = decl.args.get("provider") {
        found.provider(provider);
    }
    for (i, block) in decl.blocks.iter().enumerate() {
        let at = block.loc(block.what.header);
        match block.what.kind.text.as_str() {
            "lifecycle" => {
                // That of an override adds to the first one.
                let same = |b: &In<Block>| b.file == block.file && b.what.kind.text == "lifecycle";
                if decl.blocks.iter().take(i).any(same) {
                    found.note(at, format!("{kind}.{name} has two lifecycle blocks"));
                }
                found.lifecycle(block);
            }
            "provisioner" => {
                found.provisioner(block);
                found.own_attributes(block, &block.what, true);
            }
            known if META_BLOCKS.contains(&known) => {}
            other => found.note(at, format!("{kind} has no block {other:?}")),
        }
    }
    found.faults
}

struct Found<'m> {
    module: &'m Module,
    kind: &'m str,
    name: &'m str,
    faults: Vec<(Loc, String)>,
}

impl Found<'_> {
    fn note(&mut self, at: Loc, reason: String) {
        self.faults.push((at, reason));
    }

    fn depends_on(&mut self, set: &In<Attribute>) {
        let ExprKind::Tuple(items) = &set.what.expr.kind else {
            let reason = "depends_on is a list of references, written out";
            return self.note(set.loc(set.what.expr.span), reason.into());
        };
        for item in items {
            let whole = match reference(item) {
                // One output of a module is a whole thing too.
                Some(("data" | "resource" | "ephemeral" | "module", steps)) => names(&steps) <= 2,
                Some((_, steps)) => names(&steps) <= 1,
                // Quoted, as it once was written.
                None => literal(item).is_some(),
            };
            if !whole {
                let reason = "depends_on refers to a whole resource or module, not to something of it";
                self.note(set.loc(item.span), reason.into());
            }
        }
    }

    /// A provider that has the type: one that the module requires by that name, or `aws` itself.
    fn provider(&mut self, set: &In<Attribute>) {
        let at = set.loc(set.what.expr.span);
        match written::reference(&set.what.expr) {
            None => self.note(at, "provider names a configuration: a provider, or one and an alias".into()),
            Some(reference) => {
                let (local, _) = &reference.name;
                let block = self.module.providers.get(&reference.name);
                if reference.key.is_some() && block.is_some_and(|b| !b.args.contains_key("for_each")) {
                    let reason = "this provider configuration has no for_each, so it has no instances";
                    self.note(at, reason.into());
                } else if local != "aws" && !self.module.required.contains_key(local) {
                    let reason = format!(
                        "required_providers has no {local:?}, and the provider of that name has no {}",
                        self.kind
                    );
                    self.note(at, reason);
                }
            }
        }
    }

    fn provisioner(&mut self, block: &In<Block>) {
        let at = block.loc(block.what.header);
        let [label] = block.what.labels.as_slice() else {
            return self.note(at, "a provisioner block has one label".into());
        };
        match PROVISIONERS.iter().find(|(name, _)| *name == label.text) {
            None => self.note(at, format!("there is no provisioner {:?}", label.text)),
            Some((name, Some(needed))) if block.what.body.attribute(needed).is_none() => {
                self.note(at, format!("this {name} provisioner has no {needed:?}"));
            }
            Some(_) => {}
        }
    }

    /// What is read before anything is known: no reference, and no call.
    fn fixed(&mut self, block: &In<Block>, name: &str, expr: &Expr) {
        let wrong = match &expr.kind {
            ExprKind::Null | ExprKind::Number(_) | ExprKind::Tuple(_) | ExprKind::Object(_) => true,
            _ => literal(expr).is_some_and(|text| !matches!(text, "true" | "false")),
        };
        if wrong {
            self.note(block.loc(expr.span), format!("{name} is true or false"));
        } else if computes(expr) {
            let reason = format!("{name} is written out: it refers to nothing and calls no function");
            self.note(block.loc(expr.span), reason);
        }
    }

    fn lifecycle(&mut self, block: &In<Block>) {
        let body = &block.what.body;
        for set in &body.attributes {
            let name = set.name.text.as_str();
            match name {
                "ignore_changes" => self.ignore_changes(block, &set.expr),
                "replace_triggered_by" => self.replace_triggered_by(block, &set.expr),
                "create_before_destroy" | "prevent_destroy" => self.fixed(block, name, &set.expr),
                _ if LIFECYCLE.contains(&name) => {}
                _ => {
                    self.note(block.loc(set.name.span), format!("a lifecycle block has no argument {name:?}"))
                }
            }
        }
        for inner in &body.blocks {
            let kind = inner.kind.text.as_str();
            if !LIFECYCLE_BLOCKS.contains(&kind) {
                self.note(block.loc(inner.header), format!("a lifecycle block has no block {kind:?}"));
            }
            if !matches!(kind, "precondition" | "postcondition") {
                continue;
            }
            if let Some(holds) = inner.body.attribute("condition").filter(|set| !refers(&set.expr)) {
                let reason = format!("the condition of this {kind} refers to nothing that could change it");
                self.note(block.loc(holds.expr.span), reason);
            }
            for needed in ["condition", "error_message"] {
                if inner.body.attribute(needed).is_none() {
                    self.note(block.loc(inner.header), format!("this {kind} has no {needed:?}"));
                }
            }
            self.own_attributes(block, inner, false);
        }
    }

    fn ignore_changes(&mut self, block: &In<Block>, expr: &Expr) {
        let items = match &expr.kind {
            ExprKind::Tuple(items) => items.as_slice(),
            ExprKind::Variable(all) if all == "all" => return,
            _ => {
                let reason = "ignore_changes is a list of attributes, or the word all";
                return self.note(block.loc(expr.span), reason.into());
            }
        };
        for item in items {
            let own = reference(item).map(|(root, _)| root).or_else(|| literal(item));
            if let Some(attribute) =
                own.filter(|own| !has(self.kind, own.split(['.', '[']).next().unwrap_or(own)))
            {
                let reason = format!("{} has no attribute {attribute:?}", self.kind);
                self.note(block.loc(item.span), reason);
            }
        }
    }

    fn replace_triggered_by(&mut self, block: &In<Block>, expr: &Expr) {
        let ExprKind::Tuple(items) = &expr.kind else {
            return self.note(block.loc(expr.span), "replace_triggered_by is a list of references".into());
        };
        for item in items {
            if root_of(item).is_none_or(|root| NO_RESOURCES.contains(&root)) {
                let reason = "replace_triggered_by refers to resources of this module, and to nothing else";
                self.note(block.loc(item.span), reason.into());
            }
        }
    }

    /// What is read of the resource itself in a condition or a provisioner: `self`, and in a condition never its own
    /// address.
    fn own_attributes(&mut self, file: &In<Block>, block: &Block, address: bool) {
        for set in &block.body.attributes {
            self.own(file, &set.expr, address);
        }
        block.body.blocks.iter().for_each(|inner| self.own_attributes(file, inner, address));
    }

    /// Recursive; the parsers bound the depth.
    fn own(&mut self, file: &In<Block>, expr: &Expr, address: bool) {
        match reference(expr) {
            Some(("self", steps)) => {
                if let Some((Step::Name(attribute), _)) = steps.first()
                    && !has(self.kind, attribute)
                {
                    let reason = format!("{} has no attribute {attribute:?}", self.kind);
                    self.note(file.loc(expr.span), reason);
                }
            }
            Some((root, steps)) if root == self.kind && !address => {
                if let Some((Step::Name(name), _)) = steps.first()
                    && *name == self.name
                {
                    let reason = format!("{root}.{name} is read of itself here: its block calls it self");
                    self.note(file.loc(expr.span), reason);
                }
            }
            Some(_) => {}
            None => expr.for_each_inner(&mut |inner, _| self.own(file, inner, address)),
        }
    }
}

/// The root of a reference to something of another thing, whatever its indexes are.
fn root_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::GetAttr(base, _) => match &base.kind {
            ExprKind::Variable(root) => Some(root),
            _ => root_of(base),
        },
        ExprKind::Index(base, _) | ExprKind::LegacyIndex(base, _) => root_of(base),
        _ => None,
    }
}

/// Whether a type has an attribute; any type that is not known here may.
fn has(kind: &str, name: &str) -> bool {
    attributes(kind, false).is_none_or(|(single, others)| single.contains(&name) || others.contains(&name))
}

/// How many names a reference has behind its root, before the first index and behind it.
fn names(steps: &[(Step<'_>, &Expr)]) -> usize {
    steps.iter().filter(|(step, _)| matches!(step, Step::Name(_))).count()
}
