//! Type constraints, as they are written.
//!
//! `map(object({ name = string, keys = optional(number, 1) }))` is a map of objects, whose attribute `keys` may be missing.
//! Source: Terraform language, "Type Constraints"; recorded results of the binary.

use crate::parse::syntax::{Expr, ExprKind, ObjectKey};
use crate::value::{CollKind, Ty};

/// A type constraint.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// `any`, `string`, `number`, `bool`.
    Is(Ty),
    /// `list(T)`, `set(T)`, `map(T)`.
    Of(CollKind, Box<Constraint>),
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
            "any" => Constraint::ANY,
            "string" => Constraint::Is(Ty::String),
            "number" => Constraint::Is(Ty::Number),
            "bool" => Constraint::Is(Ty::Bool),
            kind => return of(kind, || Some(Constraint::ANY)),
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
            match (name.text.as_str(), &arg.kind) {
                ("tuple", ExprKind::Tuple(items)) => {
                    Some(Constraint::Tuple(items.iter().map(parse).collect::<Option<_>>()?))
                }
                ("object", ExprKind::Object(entries)) => {
                    Some(Constraint::Object(entries.iter().map(|(k, v)| field(k, v)).collect::<Option<_>>()?))
                }
                (kind, _) => of(kind, || parse(arg)),
            }
        }
        _ => None,
    }
}

fn of(kind: &str, elem: impl FnOnce() -> Option<Constraint>) -> Option<Constraint> {
    let kind = match kind {
        "list" => CollKind::List,
        "set" => CollKind::Set,
        "map" => CollKind::Map,
        _ => return None,
    };
    Some(Constraint::Of(kind, Box::new(elem()?)))
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
    /// `any`
    pub const ANY: Constraint = Constraint::Is(Ty::Dynamic);

    /// The type of a value that was converted to it.
    pub fn ty(&self) -> Ty {
        match self {
            Constraint::Is(ty) => ty.clone(),
            Constraint::Of(kind, elem) => Ty::of_elements(*kind, elem.ty()),
            Constraint::Tuple(items) => Ty::Tuple(items.iter().map(Constraint::ty).collect()),
            Constraint::Object(fields) => {
                Ty::Object(fields.iter().map(|f| (f.name.clone(), f.ty.ty())).collect())
            }
        }
    }
}

impl From<&Ty> for Constraint {
    fn from(ty: &Ty) -> Constraint {
        let field = |(name, ty): &(String, Ty)| Field {
            name: name.clone(),
            ty: ty.into(),
            optional: false,
            default: None,
        };
        match (ty, ty.elements()) {
            (_, Some((kind, elem))) => Constraint::Of(kind, Box::new(elem.into())),
            (Ty::Tuple(items), _) => Constraint::Tuple(items.iter().map(Constraint::from).collect()),
            (Ty::Object(fields), _) => Constraint::Object(fields.iter().map(field).collect()),
            _ => Constraint::Is(ty.clone()),
        }
    }
}
