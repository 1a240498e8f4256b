//! Type constraints and conversions, as Terraform converts.
//!
//! Source: Terraform language, "Type Constraints", "Types and Values: Type Conversion"; recorded results of the binary.

pub mod elements;
pub mod one_type;
pub mod scalars;
pub mod unify;

pub use scalars::{to_bool, to_number, to_string};

use crate::parse::syntax::{Expr, ExprKind, ObjectKey};
use crate::value::{Coll, CollKind, Cx, Part, Ty, Value};

/// A type constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// Anything, as it is.
    Any,
    /// `string`
    String,
    /// `number`
    Number,
    /// `bool`
    Bool,
    /// `list(T)`
    List(Box<Constraint>),
    /// `set(T)`
    Set(Box<Constraint>),
    /// `map(T)`
    Map(Box<Constraint>),
    /// `tuple([…])`
    Tuple(Vec<Constraint>),
    /// `object({…})`
    Object(Vec<Field>),
}

/// An attribute of an object constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Constraint,
    /// Whether it may be missing.
    pub optional: bool,
    /// What it then is, not yet evaluated.
    pub default: Option<Expr>,
}

/// Reads a type constraint from its expression; `None` if it is none.
pub fn parse(expr: &Expr) -> Option<Constraint> {
    match &expr.kind {
        ExprKind::Paren(inner) => parse(inner),
        ExprKind::Variable(name) => Some(match name.as_str() {
            "any" => Constraint::Any,
            "string" => Constraint::String,
            "number" => Constraint::Number,
            "bool" => Constraint::Bool,
            "list" => Constraint::List(Box::new(Constraint::Any)),
            "map" => Constraint::Map(Box::new(Constraint::Any)),
            "set" => Constraint::Set(Box::new(Constraint::Any)),
            _ => return None,
        }),
        // Quoted types are how Terraform 0.11 wrote them; the meaning is the same.
        ExprKind::Template(parts) => match parts.as_slice() {
            [crate::parse::syntax::TemplatePart::Literal(text, _)] => {
                parse(&crate::parse::hcl::parse_expression(text, 0).ok()?)
            }
            _ => None,
        },
        ExprKind::Call { name, args, .. } => {
            let arg = args.first()?;
            Some(match name.text.as_str() {
                "list" => Constraint::List(Box::new(parse(arg)?)),
                "set" => Constraint::Set(Box::new(parse(arg)?)),
                "map" => Constraint::Map(Box::new(parse(arg)?)),
                "tuple" => match &arg.kind {
                    ExprKind::Tuple(items) => {
                        Constraint::Tuple(items.iter().map(parse).collect::<Option<_>>()?)
                    }
                    _ => return None,
                },
                "object" => match &arg.kind {
                    ExprKind::Object(entries) => {
                        Constraint::Object(entries.iter().map(|(k, v)| field(k, v)).collect::<Option<_>>()?)
                    }
                    _ => return None,
                },
                _ => return None,
            })
        }
        _ => None,
    }
}

fn field(key: &ObjectKey, value: &Expr) -> Option<Field> {
    let name = match key {
        ObjectKey::Name(name) => name.text.clone(),
        ObjectKey::Expr(Expr { kind: ExprKind::Template(parts), .. }) => match parts.as_slice() {
            [crate::parse::syntax::TemplatePart::Literal(text, _)] => text.clone(),
            _ => return None,
        },
        ObjectKey::Expr(_) => return None,
    };
    if let ExprKind::Call { name: call, args, .. } = &value.kind
        && call.text == "optional"
    {
        let ty = parse(args.first()?)?;
        return Some(Field { name, ty, optional: true, default: args.get(1).cloned() });
    }
    Some(Field { name, ty: parse(value)?, optional: false, default: None })
}

impl Constraint {
    /// The type of a value that was converted to it.
    pub fn ty(&self) -> Ty {
        match self {
            Constraint::Any => Ty::Dynamic,
            Constraint::String => Ty::String,
            Constraint::Number => Ty::Number,
            Constraint::Bool => Ty::Bool,
            Constraint::List(t) => Ty::List(Box::new(t.ty())),
            Constraint::Set(t) => Ty::Set(Box::new(t.ty())),
            Constraint::Map(t) => Ty::Map(Box::new(t.ty())),
            Constraint::Tuple(items) => Ty::Tuple(items.iter().map(Constraint::ty).collect()),
            Constraint::Object(fields) => {
                Ty::Object(fields.iter().map(|f| (f.name.clone(), f.ty.ty())).collect())
            }
        }
    }
}

/// Converts a value to a constraint; what does not convert is refused. `defaults` evaluates the default of an optional
/// attribute. What is unknown stays the same symbol.
pub fn convert(cx: &Cx, value: &Value, to: &Constraint, defaults: &dyn Fn(&Expr) -> Value) -> Value {
    let elements = |coll: &Coll, kind: CollKind, elem: &Constraint| {
        let met = if kind.keyed() { cx.distinct_parts(coll) } else { cx.sequence_parts(coll) };
        let parts = met
            .into_iter()
            .map(|p| Part {
                key: if kind.keyed() { p.key } else { Value::Null },
                value: convert(cx, &p.value, elem, defaults),
                ..p
            })
            .collect();
        cx.container(kind, elem.ty(), parts)
    };
    match to {
        Constraint::Any => value.clone(),
        Constraint::String => to_string(cx, value),
        Constraint::Number => to_number(cx, value),
        Constraint::Bool => to_bool(cx, value),
        _ => cx.map(value, |v| match (to, v) {
            (Constraint::Set(_), Value::Sym(_)) => one_type::as_set(cx, v),
            (_, Value::Null | Value::Sym(_)) => v.clone(),
            // `any` inside a collection is one type for all its elements.
            (Constraint::List(elem), Value::Coll(c)) if **elem == Constraint::Any && !c.kind.keyed() => {
                one_type::collection(cx, c, CollKind::List)
            }
            (Constraint::Set(elem), Value::Coll(c)) if **elem == Constraint::Any && !c.kind.keyed() => {
                one_type::collection(cx, c, CollKind::Set)
            }
            (Constraint::Map(elem), Value::Coll(c)) if **elem == Constraint::Any && c.kind.keyed() => {
                one_type::collection(cx, c, CollKind::Map)
            }
            (Constraint::List(elem), Value::Coll(c)) if !c.kind.keyed() => elements(c, CollKind::List, elem),
            (Constraint::Set(elem), Value::Coll(c)) if !c.kind.keyed() => elements(c, CollKind::Set, elem),
            (Constraint::Map(elem), Value::Coll(c)) if c.kind.keyed() => elements(c, CollKind::Map, elem),
            (Constraint::Tuple(items), Value::Coll(c)) if !c.kind.keyed() && items.len() == c.parts.len() => {
                let parts = c
                    .parts
                    .iter()
                    .zip(items)
                    .map(|(p, t)| Part { value: convert(cx, &p.value, t, defaults), ..p.clone() })
                    .collect();
                cx.container(CollKind::Tuple, Ty::Dynamic, parts)
            }
            (Constraint::Object(fields), Value::Coll(c)) if c.kind.keyed() => object(cx, c, fields, defaults),
            _ => Value::refused("this value does not have the type that the variable asks for", None),
        }),
    }
}

fn object(cx: &Cx, coll: &Coll, fields: &[Field], defaults: &dyn Fn(&Expr) -> Value) -> Value {
    let whole = Value::Coll(coll.clone().into());
    let mut parts = Vec::with_capacity(fields.len());
    for field in fields {
        let name = Value::from(field.name.as_str());
        let mut found = cx.index(&whole, &name);
        if field.optional {
            let missing = cx.refused(&found);
            let absent = match &field.default {
                Some(default) => convert(cx, &defaults(default), &field.ty, defaults),
                None => Value::Null,
            };
            if !missing.is_false() {
                // Only a missing attribute is refused here: the elements themselves were evaluated before.
                let there = cx.choice(
                    cx.alternatives(&found)
                        .into_iter()
                        .map(|(g, v)| (g, if matches!(v, Value::Refused(_)) { Value::Null } else { v }))
                        .collect(),
                );
                found = there;
            }
            if field.default.is_some() {
                let null = cx.unset(&found);
                found = cx.if_else(null, absent, found);
            }
        }
        let at = coll.parts.iter().rev().find(|p| p.key == name).map(|p| p.at).unwrap_or_default();
        parts.push(Part { at, ..Part::entry(name, convert(cx, &found, &field.ty, defaults)) });
    }
    cx.container(CollKind::Object, Ty::Dynamic, parts)
}
