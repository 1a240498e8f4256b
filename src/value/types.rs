//! Types, as far as evaluation needs them: equality and conversion depend on a value's type in Terraform.

use super::func::Func;
use super::symbol::{SymId, SymNode};
use super::{CollKind, Cx, Value};

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Ty {
    /// Not known, or any.
    #[default]
    Dynamic,
    /// A bool.
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// A sequence of one element type.
    List(Box<Ty>),
    /// A set of one element type.
    Set(Box<Ty>),
    /// Keyed elements of one type.
    Map(Box<Ty>),
    /// A sequence with a type for each element.
    Tuple(Vec<Ty>),
    /// Named attributes, sorted by name.
    Object(Vec<(String, Ty)>),
    /// Unknown until inputs are: the type of whatever this symbol evaluates to. Used for element types only.
    Open(SymId),
}

/// A value that stands for its type.
static TYPE_OF: Func =
    Func::known("(type of)", Ty::Dynamic, |_, _, args| args.first().cloned().unwrap_or(Value::Null));
/// Whether two values have one type; null has every.
static SAME_TYPE: Func = Func::known("(are of one type)", Ty::Bool, |_, _, args| match args {
    [a, b] => Value::from(*a == Value::Null || *b == Value::Null || Ty::of(a) == Ty::of(b)),
    _ => Value::FALSE,
});

impl Cx {
    /// The type of a value that stands for it, once that is known.
    pub fn type_like(&self, sample: &Value) -> Ty {
        match sample {
            Value::Sym(sym) => Ty::Open(*sym),
            known if known.is_known() => Ty::of(known),
            open => Ty::Open(self.intern(SymNode::Call(&TYPE_OF, [open.clone()].into()))),
        }
    }

    /// When two types are one; one that is not known is like every other.
    pub(super) fn same_type(&self, a: &Ty, b: &Ty) -> super::Guard {
        match (a, b) {
            _ if a == b || *a == Ty::Dynamic || *b == Ty::Dynamic => super::Guard::TRUE,
            (Ty::Open(_), _) | (_, Ty::Open(_)) => self.predicate(&SAME_TYPE, &[a.sample(), b.sample()]),
            _ => super::Guard::FALSE,
        }
    }
}

impl Ty {
    /// The type of a known value; null has none of its own.
    fn of(value: &Value) -> Ty {
        match value {
            Value::Bool(_) => Ty::Bool,
            Value::Number(_) => Ty::Number,
            Value::String(_) => Ty::String,
            Value::Coll(c) => match c.kind {
                kind @ (CollKind::List | CollKind::Set | CollKind::Map) => {
                    Ty::of_elements(kind, c.elem.clone())
                }
                kind if kind.keyed() => {
                    let fields = c.parts.iter();
                    let named = |key: &Value| key.as_str().unwrap_or_default().to_string();
                    Ty::Object(fields.map(|p| (named(&p.key), Ty::of(&p.value))).collect())
                }
                _ => Ty::Tuple(c.parts.iter().map(|p| Ty::of(&p.value)).collect()),
            },
            _ => Ty::Dynamic,
        }
    }

    /// A value of the type, which stands for it; null for one that is not known.
    pub fn sample(&self) -> Value {
        let empty = |kind, elem: &Ty| Value::typed(kind, elem.clone(), Vec::new());
        match self {
            Ty::Dynamic => Value::Null,
            Ty::Bool => Value::FALSE,
            Ty::Number => Value::from(0),
            Ty::String => Value::from(""),
            Ty::List(elem) => empty(CollKind::List, elem),
            Ty::Set(elem) => empty(CollKind::Set, elem),
            Ty::Map(elem) => empty(CollKind::Map, elem),
            Ty::Tuple(items) => Value::tuple(items.iter().map(Ty::sample)),
            Ty::Object(fields) => Value::object(fields.iter().map(|(name, ty)| (name.as_str(), ty.sample()))),
            Ty::Open(sym) => Value::Sym(*sym),
        }
    }

    /// Itself, where inputs do not decide it.
    pub fn settled(&self) -> Ty {
        if matches!(self, Ty::Open(_)) { Ty::Dynamic } else { self.clone() }
    }

    /// A list, set or map of such elements.
    pub fn of_elements(kind: CollKind, elem: Ty) -> Ty {
        match kind {
            CollKind::Set => Ty::Set(Box::new(elem)),
            CollKind::Map => Ty::Map(Box::new(elem)),
            _ => Ty::List(Box::new(elem)),
        }
    }

    /// The kind and the element type of a list, set or map.
    pub fn elements(&self) -> Option<(CollKind, &Ty)> {
        match self {
            Ty::List(elem) => Some((CollKind::List, elem)),
            Ty::Set(elem) => Some((CollKind::Set, elem)),
            Ty::Map(elem) => Some((CollKind::Map, elem)),
            _ => None,
        }
    }

    /// Whether nothing in it is not known.
    pub fn is_whole(&self) -> bool {
        match self {
            Ty::Dynamic | Ty::Open(_) => false,
            Ty::Bool | Ty::Number | Ty::String => true,
            Ty::List(t) | Ty::Set(t) | Ty::Map(t) => t.is_whole(),
            Ty::Tuple(items) => items.iter().all(Ty::is_whole),
            Ty::Object(fields) => fields.iter().all(|f| f.1.is_whole()),
        }
    }

    /// Whether it is a bool, a number or a string.
    pub fn is_scalar(&self) -> bool {
        matches!(self, Ty::Bool | Ty::Number | Ty::String)
    }

    /// The type of an attribute or element reached by a known key or index.
    pub fn element(&self, key: &str) -> Ty {
        match self {
            Ty::List(elem) | Ty::Set(elem) | Ty::Map(elem) => (**elem).clone(),
            Ty::Object(fields) => fields.iter().find(|(n, _)| n == key).map_or(Ty::Dynamic, |f| f.1.clone()),
            Ty::Tuple(items) => {
                key.parse::<usize>().ok().and_then(|i| items.get(i)).cloned().unwrap_or_default()
            }
            _ => Ty::Dynamic,
        }
    }

    /// Whether no value of it has this attribute or element.
    pub fn lacks(&self, key: &str) -> bool {
        match self {
            Ty::Object(fields) => !fields.iter().any(|(name, _)| name == key),
            Ty::Tuple(items) => key.parse::<usize>().is_ok_and(|at| at >= items.len()),
            _ => false,
        }
    }
}
