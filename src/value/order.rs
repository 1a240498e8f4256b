//! The order of sequences, where inputs decide it.
//!
//! A set is in the order of its elements and a map in that of its keys. Where those are made of inputs, each part of the
//! sequence that comes of it keeps its sort key ([`Part::sort_key`]) until that is known.

use std::cmp::Ordering;

use super::{Coll, CollKind, Cx, Nth, Num, Part, Value};

impl Cx {
    /// The parts of a container as those of a sequence: as they are met one by one, each with its sort key where the order
    /// depends on inputs.
    pub fn sequence_parts(&self, coll: &Coll) -> Vec<Part> {
        let name = |p: &Part| if coll.kind.keyed() { p.key.clone() } else { p.value.clone() };
        let parts = self.distinct_parts(coll);
        if !coll.kind.in_a_row()
            && let Some(sorted) = self.in_their_order(parts.iter().map(|p| (name(p), p.clone())).collect())
        {
            return sorted;
        }
        if !self.order_is_open(coll) {
            return parts;
        }
        // Null by itself would be no key.
        let nulls = parts.iter().any(|p| !self.null(&name(p)).is_false());
        let key = |p: &Part| if nulls { Value::tuple([name(p)]) } else { name(p) };
        parts.into_iter().map(|p| Part { sort_key: key(&p), ..p }).collect()
    }

    /// What is made of elements whose order is of no account.
    pub fn in_any_order<T>(&self, make: impl FnOnce() -> T) -> T {
        let assumed = self.order_assumed.get();
        let made = make();
        self.order_assumed.set(assumed);
        made
    }

    /// Elements of a collection that is filled in, in their order, each with what goes with it. Those of a list are taken
    /// to be in order already; that this was assumed is kept in mind.
    pub fn in_their_order<T>(&self, elements: Vec<(Value, T)>) -> Option<Vec<T>> {
        let nth = |value: &Value| match value {
            Value::Sym(sym) => self.nth(*sym),
            _ => None,
        };
        let mut sorted: Vec<(Nth, T)> =
            elements.into_iter().map(|(value, with)| Some((nth(&value)?, with))).collect::<Option<_>>()?;
        let around = |nth: &Nth| (nth.role.clone(), nth.at.split_last().map(|(_, outer)| outer.to_vec()));
        let (first, _) = sorted.first()?;
        let (own, first) = (first.sorted, around(first));
        if !sorted.iter().all(|(nth, _)| around(nth) == first) {
            return None;
        }
        self.order_assumed.set(self.order_assumed.get() || !own && sorted.len() > 1);
        sorted.sort_by(|a, b| a.0.at.cmp(&b.0.at));
        Some(sorted.into_iter().map(|(_, with)| with).collect())
    }

    /// Whether the order of a set, or of a map's keys, depends on inputs. (Nothing is known of the order of unknown
    /// collections.)
    fn order_is_open(&self, coll: &Coll) -> bool {
        let single = || coll.parts.iter().filter(|p| p.generators.is_empty());
        let open = match coll.kind {
            CollKind::Tuple | CollKind::List | CollKind::Sequence(_) => return false,
            CollKind::Set => single().any(|p| !p.value.is_known()),
            CollKind::Object | CollKind::Map | CollKind::Mapping(_) => single().any(|p| !p.key.is_known()),
        };
        open && single().count() > 1
    }
}

/// Whether inputs decide the order of a sequence.
pub fn has_sort_keys(parts: &[Part]) -> bool {
    parts.iter().any(|p| p.sort_key != Value::Null)
}

/// The parts of sequences in a row; where a sequence's order is open, so is that of the whole.
pub fn in_a_row(sequences: Vec<Vec<Part>>) -> Vec<Part> {
    if !sequences.iter().any(|s| has_sort_keys(s)) {
        return sequences.concat();
    }
    let rows = sequences.into_iter().enumerate();
    rows.flat_map(|(row, parts)| {
        let within = parts.into_iter().enumerate();
        within
            .map(move |(i, p)| Part { sort_key: below(Num::from_usize(row).into(), sort_key_of(&p, i)), ..p })
    })
    .collect()
}

/// The sort key of a part of a sequence, which is the part at `i`.
pub fn sort_key_of(part: &Part, i: usize) -> Value {
    if part.sort_key == Value::Null { Num::from_usize(i).into() } else { part.sort_key.clone() }
}

/// The sort key of what has `inner` within what has `outer`.
pub fn below(outer: Value, inner: Value) -> Value {
    Value::tuple([outer, inner])
}

/// The sort key of what has `inner` within what has the path `outer`: `[1, 0]` is before `[1, 0, 2]`, and that before `[1, 1]`.
pub fn deeper(outer: &Value, inner: Value) -> Value {
    let outer = outer.as_coll().map(|path| path.parts.as_slice()).unwrap_or_default();
    Value::tuple(outer.iter().map(|step| step.value.clone()).chain([inner]))
}

/// Parts in the order of their sort keys, once those are known.
pub(super) fn sorted_parts(mut parts: Vec<Part>) -> Vec<Part> {
    if has_sort_keys(&parts) && parts.iter().all(|p| p.sort_key.is_known() && p.generators.is_empty()) {
        parts.sort_by(|a, b| order(&a.sort_key, &b.sort_key));
        parts.iter_mut().for_each(|p| p.sort_key = Value::Null);
    }
    parts
}

/// The order of set elements and map keys: strings by code point, numbers by size, containers part by part, then
/// everything else as made, and null last.
pub fn order(a: &Value, b: &Value) -> Ordering {
    fn rank(v: &Value) -> u8 {
        match v {
            Value::Bool(_) => 0,
            Value::Number(_) => 1,
            Value::String(_) => 2,
            Value::Coll(_) => 3,
            Value::Sym(_) => 4,
            Value::Choice(_) | Value::Refused(_) => 5,
            Value::Null => 6,
        }
    }
    match (a, b) {
        (Value::String(x), Value::String(y)) => x.cmp(y),
        (Value::Number(x), Value::Number(y)) => x.cmp(y),
        (Value::Bool(x), Value::Bool(y)) => x.is_true().cmp(&y.is_true()),
        (Value::Coll(x), Value::Coll(y)) => {
            let parts = x.parts.iter().zip(&y.parts);
            let mut orders =
                parts.map(|(a, b)| order(&a.key, &b.key).then_with(|| order(&a.value, &b.value)));
            orders.find(|o| o.is_ne()).unwrap_or_else(|| x.parts.len().cmp(&y.parts.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::{Leaf, LeafKind, Ty};
    use super::*;

    #[test]
    fn null_is_the_last_element_once_the_others_are_known() {
        let cx = Cx::new();
        let text = cx.leaf_value(Leaf::new("var.t", Ty::String, LeafKind::Input));
        let Value::Sym(sym) = text else { panic!("an input is a symbol") };
        let Value::Coll(set) = Value::coll(CollKind::Set, [text, Value::Null].map(Part::item).to_vec())
        else {
            panic!("a set is a container")
        };
        let row = in_a_row(vec![vec![Part::item("x".into())], cx.sequence_parts(&set)]);
        let list = cx.fill(&Value::coll(CollKind::List, row), &HashMap::from([(sym, "q".into())]));
        assert_eq!(cx.show(&list), "[\"x\", \"q\", null]");
    }
}
