//! Where a value stands in a long list.
//!
//! `users[index(local.names, each.key)]` in five thousand instances asks for five thousand places in one list. The list is
//! looked through once: the places of its elements are kept for the lists that were asked last.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Coll, Cx, Value};

/// A shorter list is compared with as quickly.
const LONG: usize = 32;
/// How many lists are kept. Those of loops in loops take turns.
const KEPT: usize = 4;

/// A list, with the places of each of its elements; `None` where they cannot be told apart at sight.
#[derive(Debug)]
pub(super) struct Sought {
    list: Arc<Coll>,
    places: Option<HashMap<Value, Vec<usize>>>,
}

impl Cx {
    /// The first place of a value in a list or set; `Some(None)` where it does not hold it. `None` where that is not told at
    /// sight: the value or an element is no known text, or the list is short.
    pub fn seek(&self, list: &Arc<Coll>, value: &Value) -> Option<Option<usize>> {
        self.sought(list, value, |places| places.first().copied())
    }

    /// Every place of a value in a list or set, in order; `None` as for [`Cx::seek`].
    pub fn seek_all(&self, list: &Arc<Coll>, value: &Value) -> Option<Vec<usize>> {
        self.sought(list, value, <[usize]>::to_vec)
    }

    fn sought<T>(&self, list: &Arc<Coll>, value: &Value, told: impl Fn(&[usize]) -> T) -> Option<T> {
        if list.parts.len() < LONG || !matches!(value, Value::String(_)) {
            return None;
        }
        let mut kept = self.sought.borrow_mut();
        let sought = match kept.iter().position(|s| Arc::ptr_eq(&s.list, list)) {
            Some(at) => kept.get(at)?,
            None => {
                self.spend(list.parts.len());
                if kept.len() >= KEPT {
                    kept.remove(0);
                }
                kept.push(Sought { list: list.clone(), places: places(list) });
                kept.last()?
            }
        };
        let places = sought.places.as_ref()?.get(value);
        Some(told(places.map_or(&[], Vec::as_slice)))
    }
}

fn places(list: &Coll) -> Option<HashMap<Value, Vec<usize>>> {
    if !list.is_certain() {
        return None;
    }
    let mut places: HashMap<Value, Vec<usize>> = HashMap::with_capacity(list.parts.len());
    for (at, part) in list.parts.iter().enumerate() {
        if !matches!(part.value, Value::String(_)) {
            return None;
        }
        places.entry(part.value.clone()).or_default().push(at);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::super::CollKind;
    use super::super::symbol::{Leaf, LeafKind};
    use super::super::types::Ty;
    use super::*;

    fn list(last: Value) -> Arc<Coll> {
        let texts = (0..LONG).map(|i| Value::from(format!("n{i}"))).chain([last]);
        let Value::Coll(list) = Value::tuple(texts) else { panic!("a tuple is a container") };
        list
    }

    #[test]
    fn the_first_place_counts() {
        let cx = Cx::new();
        let texts = list(Value::from("n3"));
        assert_eq!(cx.seek(&texts, &Value::from("n3")), Some(Some(3)));
        assert_eq!(cx.seek_all(&texts, &Value::from("n3")), Some(vec![3, LONG]));
        assert_eq!(cx.seek(&texts, &Value::from("other")), Some(None));
        assert_eq!(cx.seek(&texts, &Value::from(3)), None);
    }

    #[test]
    fn a_list_that_holds_anything_else_is_not_told_at_sight() {
        let cx = Cx::new();
        let free = cx.leaf_value(Leaf::new("var.x", Ty::String, LeafKind::Input));
        for last in [free, Value::from(1), Value::Null] {
            assert_eq!(cx.seek(&list(last), &Value::from("n3")), None);
        }
        let on = cx.leaf_value(Leaf::new("var.on", Ty::Bool, LeafKind::Input));
        let mut parts = list("last".into()).parts.clone();
        parts.last_mut().unwrap().guard = cx.truth(&on);
        let Value::Coll(open) = Value::coll(CollKind::Tuple, parts) else { panic!("a tuple is a container") };
        assert_eq!(cx.seek(&open, &Value::from("n3")), None);
    }

    #[test]
    fn lists_take_turns() {
        let cx = Cx::new();
        let lists: Vec<Arc<Coll>> = (0..2 * KEPT).map(|i| list(Value::from(format!("last{i}")))).collect();
        for _ in 0..2 {
            for (i, list) in lists.iter().enumerate() {
                assert_eq!(cx.seek(list, &Value::from(format!("last{i}"))), Some(Some(LONG)));
            }
        }
    }
}
