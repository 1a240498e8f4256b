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

/// The sources that a module requires, by local name, as written.
pub type Requirements = BTreeMap<String, String>;

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
pub fn requirements(block: &Block, into: &mut Requirements) {
    for entry in &block.body.attributes {
        let ExprKind::Object(fields) = &entry.expr.kind else { continue };
        let source = fields.iter().find(|(key, _)| match key {
            ObjectKey::Name(name) => name.text == "source",
            ObjectKey::Expr(expr) => literal(expr) == Some("source"),
        });
        if let Some(source) = source.and_then(|(_, value)| literal(value)) {
            into.insert(entry.name.text.clone(), source.to_string());
        }
    }
}

/// The configurations that a `required_providers` block expects of a caller (`configuration_aliases`).
pub fn expected(block: &Block) -> impl Iterator<Item = LocalName> {
    let fields = block.body.attributes.iter().filter_map(|entry| match &entry.expr.kind {
        ExprKind::Object(fields) => Some(fields),
        _ => None,
    });
    let lists = fields.flatten().filter(|(key, _)| match key {
        ObjectKey::Name(name) => name.text == "configuration_aliases",
        ObjectKey::Expr(expr) => literal(expr) == Some("configuration_aliases"),
    });
    let items = lists.flat_map(|(_, list)| match &list.kind {
        ExprKind::Tuple(items) => items.as_slice(),
        _ => &[],
    });
    items.filter_map(|item| Some(reference(item)?.name))
}

/// The source that a module's local name stands for: `namespace/type` on the public registry, else with its host.
pub fn source_of(required: &Requirements, local: &str) -> String {
    let written = required.get(local).map_or(local, String::as_str).to_ascii_lowercase();
    let public = ["registry.terraform.io/", "registry.opentofu.org/"];
    let short = public.iter().find_map(|host| written.strip_prefix(host)).unwrap_or(&written);
    match short.strip_prefix("-/") {
        Some(legacy) => format!("hashicorp/{legacy}"),
        None if short.contains('/') => short.to_string(),
        None => format!("hashicorp/{short}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::hcl::parse_expression;

    fn named(text: &str) -> Option<String> {
        let expr = parse_expression(text, 0).unwrap();
        let found = reference(&expr)?;
        let alias = found.name.1.map(|a| format!(".{a}")).unwrap_or_default();
        Some(format!("{}{alias}{}", found.name.0, if found.key.is_some() { "[]" } else { "" }))
    }

    #[test]
    fn references_are_read_with_and_without_quotes() {
        for (text, expected) in [
            ("aws", Some("aws")),
            ("aws.west", Some("aws.west")),
            ("(aws.west)", Some("aws.west")),
            ("\"aws.west\"", Some("aws.west")),
            ("\"${aws.west}\"", Some("aws.west")),
            ("aws.by[each.key]", Some("aws.by[]")),
            ("aws.by.west", None),
            ("true ? aws : aws.west", None),
            ("null", None),
        ] {
            assert_eq!(named(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_map_names_both_sides() {
        let expr = parse_expression("{ aws = aws.a, aws.q = aws, \"aws.r\" = \"aws.b\" }", 0).unwrap();
        let all: Vec<String> =
            passed(&expr).into_iter().map(|(to, from)| format!("{to:?} {:?}", from.name)).collect();
        assert_eq!(
            all,
            [
                "(\"aws\", None) (\"aws\", Some(\"a\"))",
                "(\"aws\", Some(\"q\")) (\"aws\", None)",
                "(\"aws\", Some(\"r\")) (\"aws\", Some(\"b\"))",
            ]
        );
    }

    #[test]
    fn sources_are_compared_without_the_public_host() {
        let required = |source: &str| source_of(&BTreeMap::from([("x".into(), source.into())]), "x");
        assert_eq!(required("hashicorp/aws"), "hashicorp/aws");
        assert_eq!(required("registry.terraform.io/HashiCorp/aws"), "hashicorp/aws");
        assert_eq!(required("registry.opentofu.org/hashicorp/aws"), "hashicorp/aws");
        assert_eq!(required("aws"), "hashicorp/aws");
        assert_eq!(required("example.org/hashicorp/aws"), "example.org/hashicorp/aws");
        assert_eq!(source_of(&BTreeMap::new(), "aws"), "hashicorp/aws");
    }
}
