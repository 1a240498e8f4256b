//! Types, as far as evaluation needs them: equality and conversion depend on a value's type in Terraform.

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
}

impl Ty {
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
}
