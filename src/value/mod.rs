//! Values: known, symbolic, or choices, containers included.
//!
//! - A **known** value is what it is.
//! - A **symbol** ([`Value::Sym`]) is a canonical expression over free inputs and deployment-time attributes, interned:
//!   equal meaning is equal identity for the forms people write (see [`symbol`]).
//! - **Choices** ([`Value::Choice`]) are what a conditional on something unknown yields: alternatives under guards
//!   that are disjoint and exhaustive. A bool needs no choices: it *is* a guard.
//! - A **refusal** ([`Value::Refused`]) is an ordinary alternative: what the deployment would refuse there. `try` and
//!   `can` consume it; what reaches a key becomes a constraint.
//!
//! The one law: evaluating a partly unknown expression and then filling in its inputs gives what filling in first and
//! then evaluating gives. Evaluation of unknowns never fails.
//!
//! Containers hold *guarded* parts, so that `merge(c ? {…} : {}, …)` stays linear, and parts that stand for every
//! element of an unknown collection.
//!
//! Knows no language: what converts into what, and which functions there are, is each front end's business.

pub mod ask;
pub mod build;
mod choices;
pub mod compare;
mod congruence;
mod cut;
pub mod cx;
pub mod digest;
pub mod distinct;
mod domain;
pub mod fold;
pub mod func;
mod held;
pub mod leaves;
pub mod limits;
mod linear;
pub mod looped;
pub mod marks;
mod missing;
mod model;
pub mod number;
pub mod ops;
pub mod order;
mod points;
mod seek;
pub mod shortest;
pub mod show;
pub mod sizes;
pub mod subst;
pub mod symbol;
mod theory;
pub mod types;
mod undecided;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use crate::guard::Guard;
pub use cx::Cx;
pub use func::{Func, Takes};
pub use marks::Mark;
pub use number::Num;
pub use symbol::{Leaf, LeafKind, Nth, SymId, SymNode};
pub use types::Ty;

use crate::span::Loc;

/// A value. See the module for what the kinds mean.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Null, or absent.
    Null,
    /// A bool: when it is true.
    Bool(Guard),
    /// A number.
    Number(Arc<Num>),
    /// A string.
    String(Arc<str>),
    /// A container.
    Coll(Arc<Coll>),
    /// Something that only the inputs or the deployment know.
    Sym(SymId),
    /// Two or more alternatives; their guards are disjoint and exhaustive. Never nested, never of bools only.
    Choice(Arc<[(Guard, Value)]>),
    /// The deployment would refuse this.
    Refused(Arc<Refusal>),
}

/// Why the deployment would refuse something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refusal {
    /// What is wrong, as a sentence without a place.
    pub reason: String,
    /// Where, if it is known.
    pub at: Option<Loc>,
    /// Whether it stands whatever `&&` or `||` find beside it: an operand's type is wrong.
    pub stands: bool,
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CollKind {
    /// A sequence whose elements may have different types (Terraform's tuple, CloudFormation's list).
    Tuple,
    /// A sequence of one element type.
    List,
    /// A set of one element type; parts are in order of their value.
    Set,
    /// Named attributes of different types (Terraform's object, CloudFormation's map).
    Object,
    /// Keyed elements of one type.
    Map,
    /// A list when the guard holds, else a tuple. Made by [`CollKind::sequence`] only.
    Sequence(Guard),
    /// A map when the guard holds, else an object. Made by [`CollKind::mapping`] only.
    Mapping(Guard),
}

impl CollKind {
    /// A list when the guard holds, else a tuple.
    pub fn sequence(list: Guard) -> CollKind {
        match list {
            Guard::TRUE => CollKind::List,
            Guard::FALSE => CollKind::Tuple,
            open => CollKind::Sequence(open),
        }
    }

    /// A map when the guard holds, else an object.
    pub fn mapping(map: Guard) -> CollKind {
        match map {
            Guard::TRUE => CollKind::Map,
            Guard::FALSE => CollKind::Object,
            open => CollKind::Mapping(open),
        }
    }

    /// Whether its parts have keys.
    pub fn keyed(self) -> bool {
        matches!(self, CollKind::Object | CollKind::Map | CollKind::Mapping(_))
    }

    /// Whether its parts are in a row: a list or a tuple.
    pub fn in_a_row(self) -> bool {
        matches!(self, CollKind::Tuple | CollKind::List | CollKind::Sequence(_))
    }

    /// When its elements are of one type: that of a list, set or map.
    pub fn typed(self) -> Guard {
        match self {
            CollKind::List | CollKind::Set | CollKind::Map => Guard::TRUE,
            CollKind::Tuple | CollKind::Object => Guard::FALSE,
            CollKind::Sequence(guard) | CollKind::Mapping(guard) => guard,
        }
    }

    /// The kind with another guard in the place of its own.
    pub fn when(self, typed: Guard) -> CollKind {
        match self {
            CollKind::Sequence(_) => CollKind::sequence(typed),
            CollKind::Mapping(_) => CollKind::mapping(typed),
            settled => settled,
        }
    }

    /// Whether inputs decide it.
    pub fn is_open(self) -> bool {
        matches!(self, CollKind::Sequence(_) | CollKind::Mapping(_))
    }
}

/// A container: guarded parts, in order (keyed ones by key, sets by value, as far as inputs do not decide it).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Coll {
    /// Which kind.
    pub kind: CollKind,
    /// How much there is to look at ([`Value::size`]).
    size: u32,
    /// Whether a null stands in it, at any depth and under whatever guard.
    null: bool,
    /// Whether every part is certain, and keyed ones are in the order of their keys, each of which is a text.
    certain: bool,
    /// Element type of a list, set or map. If inputs decide whether this is a list or a tuple (`CollKind::Sequence`), the
    /// element type in the list case.
    pub elem: Ty,
    /// The parts.
    pub parts: Vec<Part>,
}

impl Coll {
    /// Whether it is known which parts there are, and what they are called: each by its place, or by a text. Of a set
    /// whose elements are not known it is not known how many they are.
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    /// The part that a known index or key leads to, where it is known which parts there are: `Some(None)` if there is no
    /// such part, `None` if inputs may decide it.
    pub(crate) fn part_at(&self, key: &Value) -> Option<Option<&Part>> {
        match key {
            _ if !self.certain => None,
            Value::String(key) if self.kind.keyed() => {
                let found = self.parts.binary_search_by(|p| p.key.as_str().unwrap_or_default().cmp(key));
                Some(found.ok().and_then(|i| self.parts.get(i)))
            }
            Value::Number(n) if self.kind.in_a_row() => {
                let index = n.to_usize().filter(|_| n.is_whole());
                Some(index.and_then(|i| self.parts.get(i)))
            }
            _ => None,
        }
    }
}

/// A part of a container: one element that is there under a guard, or one for every element of unknown collections.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// When the part is there.
    pub guard: Guard,
    /// Its key; `Null` in sequences and sets.
    pub key: Value,
    /// Sort key. `tolist(toset([var.a, "b"]))` is ordered by element, which is unknown until `var.a` is: each part carries
    /// its element here, and the sequence is sorted once all keys are known. `Null` is the order as written.
    pub sort_key: Value,
    /// Its value.
    pub value: Value,
    /// The unknown collections that generate it, one part for every element (outermost first); empty for a single element.
    pub generators: Vec<SymId>,
    /// Where it is written, if it was written as an element.
    pub at: At,
}

/// Where something is written. Two places are always equal: a value is the same wherever it is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct At(pub Option<Loc>);

impl At {
    /// This place, or else that one.
    pub fn or(self, other: At) -> At {
        At(self.0.or(other.0))
    }
}

impl PartialEq for At {
    fn eq(&self, _: &At) -> bool {
        true
    }
}

impl Eq for At {}

impl std::hash::Hash for At {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl Part {
    /// A part that is always there, without a key.
    pub fn item(value: Value) -> Part {
        let (key, sort_key) = (Value::Null, Value::Null);
        Part { guard: Guard::TRUE, key, sort_key, value, generators: Vec::new(), at: At::default() }
    }

    /// A part that is always there, with a key.
    pub fn entry(key: impl Into<Value>, value: Value) -> Part {
        Part { key: key.into(), ..Part::item(value) }
    }

    /// The same, written there.
    pub fn written(self, at: Loc) -> Part {
        Part { at: At(Some(at)), ..self }
    }

    /// Whether it is exactly one element whatever the inputs are, with a known key, or where it is written.
    pub fn is_certain(&self) -> bool {
        self.guard.is_true()
            && self.generators.is_empty()
            && self.sort_key == Value::Null
            && !matches!(self.key, Value::Sym(_) | Value::Choice(_))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Value::Bool(Guard::constant(b))
    }
}

impl From<Num> for Value {
    fn from(n: Num) -> Self {
        Value::Number(Arc::new(n))
    }
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Num::from_i64(n).into()
    }
}

impl Value {
    /// `TRUE`.
    pub const TRUE: Value = Value::Bool(Guard::TRUE);
    /// `FALSE`.
    pub const FALSE: Value = Value::Bool(Guard::FALSE);

    /// A refusal.
    pub fn refused(reason: impl Into<String>, at: Option<Loc>) -> Value {
        Value::Refused(Arc::new(Refusal { reason: reason.into(), at, stands: false }))
    }

    /// A container of this kind, with an unknown element type.
    pub fn coll(kind: CollKind, parts: Vec<Part>) -> Value {
        Value::typed(kind, Ty::Dynamic, parts)
    }

    /// A container of this kind and element type.
    pub fn typed(kind: CollKind, elem: Ty, parts: Vec<Part>) -> Value {
        let size = parts.iter().map(Part::size).fold(1, u32::saturating_add);
        let null = parts.iter().any(|p| p.value.holds_null());
        let in_order = |pair: &[Part]| match pair {
            [a, b] => matches!((a.key.as_str(), b.key.as_str()), (Some(a), Some(b)) if a < b),
            [one] => one.key.as_str().is_some(),
            _ => true,
        };
        let ordered = !kind.keyed() || parts.windows(parts.len().clamp(1, 2)).all(in_order);
        let certain = ordered && parts.iter().all(Part::is_certain);
        Value::Coll(Arc::new(Coll { kind, size, null, certain, elem, parts }))
    }

    /// A sequence of elements of any types.
    pub fn tuple(items: impl IntoIterator<Item = Value>) -> Value {
        Value::coll(CollKind::Tuple, items.into_iter().map(Part::item).collect())
    }

    /// A map with named attributes; a later equal name wins.
    pub fn object<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
        let sorted: std::collections::BTreeMap<Arc<str>, Value> =
            entries.into_iter().map(|(k, v)| (k.into(), v)).collect();
        let parts = sorted.into_iter().map(|(k, v)| Part::entry(Value::String(k), v)).collect();
        Value::coll(CollKind::Object, parts)
    }

    /// Whether it is a null or holds one, at any depth and under whatever guard.
    pub fn holds_null(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Coll(coll) => coll.null,
            Value::Choice(alternatives) => alternatives.iter().any(|(_, v)| v.holds_null()),
            _ => false,
        }
    }

    /// The text of a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The guard of a bool.
    pub fn as_guard(&self) -> Option<Guard> {
        match self {
            Value::Bool(guard) => Some(*guard),
            _ => None,
        }
    }

    /// A known number.
    pub fn as_number(&self) -> Option<&Num> {
        match self {
            Value::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The container.
    pub fn as_coll(&self) -> Option<&Arc<Coll>> {
        match self {
            Value::Coll(coll) => Some(coll),
            _ => None,
        }
    }

    /// Whether nothing in it depends on an input: no symbol, choice, refusal, open bool or uncertain part, at any depth.
    pub fn is_known(&self) -> bool {
        match self {
            Value::Null | Value::Number(_) | Value::String(_) => true,
            Value::Bool(guard) => guard.is_true() || guard.is_false(),
            Value::Coll(coll) => {
                !coll.kind.is_open()
                    && coll.parts.iter().all(|p| p.is_certain() && p.key.is_known() && p.value.is_known())
            }
            Value::Sym(_) | Value::Choice(_) | Value::Refused(_) => false,
        }
    }
}
