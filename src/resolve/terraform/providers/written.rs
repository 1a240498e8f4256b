//! Providers as written: references to configurations, requirements, what a call passes on.
//!
//! Answers: which configuration an expression names, and which source a module's local name stands for. Evaluates
//! nothing: Terraform reads all of this before any value is known, but for the key of OpenTofu's `aws.by[key]`.
//! Source: Terraform language, "Provider Requirements", "Providers Within Modules"; OpenTofu, "Provider Configuration".

use std::collections::BTreeMap;

use crate::parse::syntax::{Block, Expr, ExprKind, ObjectKey, TemplatePart};

/// A configuration by the names that a module gives it: its local name and its alias.
pub type LocalName = (String, Option<String>);

/// A reference to a provider configuration: `aws`, `aws.west`, `aws.by[each.key]`.
#[derive(Debug, PartialEq)]
pub struct Reference<'a> {
    /// The provider's local name and the alias.
    pub name: LocalName,
    /// Which instance of it; only OpenTofu has several.
    pub key: Option<&'a Expr>,
}

/// What a module requires of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// Its source, if one is written.
    pub source: Option<String>,
    /// The aliases that a caller must pass.
    pub aliases: Vec<String>,
}

/// The text of a string without interpolations.
pub fn literal(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Template(parts) => match parts.as_slice() {
            [] => Some(""),
            [TemplatePart::Literal(text, _)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The configuration that an expression names. Quotes around it, as old versions wanted them, mean nothing.
pub fn reference(expr: &Expr) -> Option<Reference<'_>> {
    match &expr.kind {
        ExprKind::Variable(local) => Some(Reference { name: (local.clone(), None), key: None }),
        ExprKind::GetAttr(base, alias) => match &base.kind {
            ExprKind::Variable(local) => {
                Some(Reference { name: (local.clone(), Some(alias.text.clone())), key: None })
            }
            _ => None,
        },
        ExprKind::Index(base, key) => Some(Reference { key: Some(key), ..reference(base)? }),
        ExprKind::Paren(inner) => reference(inner),
        ExprKind::Template(parts) => match parts.as_slice() {
            [TemplatePart::Literal(text, _)] => Some(Reference { name: local_name(text), key: None }),
            [TemplatePart::Interpolation(inner)] => reference(inner),
            _ => None,
        },
        _ => None,
    }
}

fn local_name(text: &str) -> LocalName {
    match text.split_once('.') {
        Some((local, alias)) => (local.into(), Some(alias.into())),
        None => (text.into(), None),
    }
}

/// What a `providers` argument passes on: the child's name of each configuration, and the caller's.
pub fn passed(expr: &Expr) -> Vec<(LocalName, Reference<'_>)> {
    let ExprKind::Object(entries) = &expr.kind else { return Vec::new() };
    let child = |key: &ObjectKey| match key {
        ObjectKey::Name(name) => Some(local_name(&name.text)),
        ObjectKey::Expr(expr) => reference(expr).map(|r| r.name),
    };
    entries.iter().filter_map(|(key, value)| Some((child(key)?, reference(value)?))).collect()
}

/// Reads a `required_providers` block. An entry of a later file replaces an equal one.
pub fn requirements(block: &Block, into: &mut BTreeMap<String, Requirement>) {
    for entry in &block.body.attributes {
        let mut requirement = Requirement::default();
        if let ExprKind::Object(fields) = &entry.expr.kind {
            for (key, value) in fields {
                let name = match key {
                    ObjectKey::Name(name) => Some(name.text.as_str()),
                    ObjectKey::Expr(expr) => literal(expr),
                };
                match (name, &value.kind) {
                    (Some("source"), _) => requirement.source = literal(value).map(str::to_string),
                    (Some("configuration_aliases"), ExprKind::Tuple(items)) => {
                        requirement.aliases = items.iter().filter_map(|i| reference(i)?.name.1).collect();
                    }
                    _ => {}
                }
            }
        }
        into.insert(entry.name.text.clone(), requirement);
    }
}

/// The source that a module's local name stands for: `namespace/type` on the public registry, else with its host.
pub fn source_of(required: &BTreeMap<String, Requirement>, local: &str) -> String {
    let written = required.get(local).and_then(|r| r.source.as_deref()).unwrap_or(local).to_ascii_lowercase();
    let public = ["registry.terraform.io/", "registry.opentofu.org/"];
    let short = public.iter().find_map(|host| written.strip_prefix(host)).unwrap_or(&written);
    match short.strip_prefix("-/") {
        Some(legacy) => format!("hashicorp/{legacy}"),
        None if short.contains('/') => short.to_string(),
        None => format!("hashicorp/{short}"),
    }
}
