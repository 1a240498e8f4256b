//! `for` expressions, and the elements that they and other loops run over.
//!
//! Answers: what each element of a collection is called, and what becomes of what a loop makes of it: in the order of the
//! collection, keyed, or grouped. An unknown collection has one part that stands for each of its elements.
//! Source: Terraform language, "For Expressions"; recorded results of the binary.

use super::Terraform;
use super::scope::Scope;
use crate::parse::syntax::For;
use crate::resolve::terraform::types::elements::{elements_of, indices, is_set, joined_again};
use crate::resolve::terraform::types::{to_bool, to_string};
use crate::value::limits::PAIRS;
use crate::value::{Coll, CollKind, Guard, Part, Ty, Value};

impl Terraform<'_> {
    pub(super) fn for_expression(&self, scope: &Scope, f: &For) -> Value {
        let cx = self.cx;
        let kind = if f.result_key.is_some() { CollKind::Object } else { CollKind::Tuple };
        let mut turn = |item: &Part| {
            cx.spend(1);
            let inner = scope.turn(&f.key, &f.value, item);
            let mut guard = item.guard;
            let mut out = Vec::new();
            let mut secret = false;
            if let Some(cond) = &f.cond {
                let (cond, met) = self.watch(|| to_bool(cx, &self.eval(&inner, cond)));
                secret = self.met_a_secret(&met, false);
                let cond = self.not_null(&cond, "the condition of this for is null");
                guard = cx.and(guard, cx.truth(&cond));
                // Where the condition is refused the whole result is: a part that holds the refusal says so.
                for (when, refusal) in cx.alternatives(&cond) {
                    if matches!(refusal, Value::Refused(_)) {
                        let guard = cx.and(item.guard, when);
                        out.push(Part { guard, key: Value::Null, value: refusal, ..item.clone() });
                    }
                }
            }
            if guard.is_false() {
                if !item.generators.is_empty() {
                    self.sink.emptied();
                }
                return out;
            }
            let key = match &f.result_key {
                Some(key) => {
                    let key = to_string(cx, &self.eval(&inner, key));
                    self.not_null(&key, "the key of an object is null")
                }
                None => Value::Null,
            };
            let value = self.eval(&inner, &f.result);
            let value = if secret { self.hidden(&value) } else { value };
            out.push(Part { guard, key, value, ..item.clone() });
            out
        };
        let each = match self.sought(scope, f) {
            Some(found) => cx.container(CollKind::Tuple, Ty::Dynamic, found.iter().flat_map(turn).collect()),
            None => {
                let collection = self.eval(scope, &f.collection);
                self.for_each_item(&collection, f.result_key.is_some() && !f.group, &mut turn)
            }
        };
        cx.map(&each, |v| match v {
            Value::Coll(coll) if f.group => self.grouped(coll),
            Value::Coll(coll) => {
                let built = cx.container(kind, Ty::Dynamic, coll.parts.clone());
                let twice = self.repeated_key(coll);
                let refusal =
                    || Value::refused("two elements of this for expression have the same key", None);
                if twice.is_false() { built } else { cx.if_else(twice, refusal(), built) }
            }
            other => other.clone(),
        })
    }

    /// When two parts have one key. What the deployment makes of different things is taken for different.
    fn repeated_key(&self, coll: &Coll) -> Guard {
        let single: Vec<&Part> = coll.parts.iter().filter(|p| p.generators.is_empty()).collect();
        let (known, open): (Vec<&Part>, Vec<&Part>) = single.into_iter().partition(|p| p.key.is_known());
        let mut by_key: std::collections::BTreeMap<&str, Vec<Guard>> = std::collections::BTreeMap::new();
        for part in &known {
            if let Value::String(key) = &part.key {
                by_key.entry(key).or_default().push(part.guard);
            }
        }
        let repeated = by_key.into_values().filter(|g| g.len() > 1).map(|g| self.cx.at_least_two(g));
        let mut repeated: Vec<Guard> = repeated.collect();
        if open.len().saturating_mul(coll.parts.len()) > PAIRS.most {
            repeated.push(self.cx.open(&PAIRS, &[Value::Coll(coll.clone().into())]));
        } else {
            for (i, part) in open.iter().enumerate() {
                for other in known.iter().chain(open.iter().skip(i + 1)) {
                    let both = self.cx.and(part.guard, other.guard);
                    if part.key == other.key
                        || self.cx.are_inputs(&[&part.key, &other.key])
                        || self.cx.differ_in_one_element(&part.key, &other.key)
                    {
                        repeated.push(self.cx.and(both, self.cx.equal(&part.key, &other.key)));
                    }
                }
            }
        }
        self.cx.any(repeated)
    }

    /// Parts with equal keys become one entry that holds a tuple of their values. Of keys that inputs decide, each has
    /// an entry with whatever turns out to have that key: entries that are one are alike.
    fn grouped(&self, coll: &Coll) -> Value {
        let cx = self.cx;
        let mut groups: indexmap::IndexMap<Value, Vec<Part>> = indexmap::IndexMap::new();
        for part in &coll.parts {
            let item = Part { key: Value::Null, ..part.clone() };
            groups.entry(part.key.clone()).or_default().push(item);
        }
        let open = groups.keys().filter(|k| !k.is_known()).count();
        if open.saturating_mul(coll.parts.len()) > PAIRS.most {
            return cx.beyond(&PAIRS, Ty::Dynamic, &[Value::Coll(coll.clone().into())]);
        }
        let parts = groups
            .into_iter()
            .map(|(key, mut items)| {
                let guard = cx.any(items.iter().map(|p| p.guard));
                let over = items.first().map(|p| p.generators.clone()).unwrap_or_default();
                if open > 0 && over.is_empty() {
                    let same = |p: &Part| {
                        if p.key == key || !cx.are_told(&[&p.key, &key]) {
                            return Guard::constant(p.key == key);
                        }
                        cx.equal(&p.key, &key)
                    };
                    let all = coll.parts.iter();
                    let all =
                        all.map(|p| Part { guard: cx.and(p.guard, same(p)), key: Value::Null, ..p.clone() });
                    items = all.collect();
                }
                let value = cx.container(CollKind::Tuple, Ty::Dynamic, items);
                Part { guard, generators: over, ..Part::entry(key, value) }
            })
            .collect();
        cx.container(CollKind::Object, Ty::Dynamic, parts)
    }

    /// Builds a sequence from the elements of a collection, whose order does not matter where it becomes `keyed`; null, and
    /// what has no elements, is refused.
    pub fn for_each_item(
        &self,
        collection: &Value,
        keyed: bool,
        mut f: impl FnMut(&Part) -> Vec<Part>,
    ) -> Value {
        let cx = self.cx;
        let merged = self.merged(&self.filled_calls(collection, true));
        let items = |v: &Value| match v {
            // The order of a set or a map is that of its keys, which the loop is given too.
            Value::Coll(c) if keyed && !c.kind.in_a_row() => cx.in_any_order(|| self.items(v)),
            _ => self.items(v),
        };
        cx.map(&merged, |v| match items(v) {
            Ok(items) => cx.container(CollKind::Tuple, Ty::Dynamic, items.iter().flat_map(&mut f).collect()),
            Err(refusal) => refusal,
        })
    }

    /// The elements of a collection as parts with keys: an index in sequences, the value itself in sets.
    pub fn items(&self, collection: &Value) -> Result<Vec<Part>, Value> {
        match collection {
            Value::Coll(coll) => {
                let parts = self.cx.sequence_parts(coll);
                let keys: Vec<Value> = match coll.kind {
                    kind if kind.keyed() => parts.iter().map(|p| p.key.clone()).collect(),
                    CollKind::Set => parts.iter().map(|p| p.value.clone()).collect(),
                    _ => {
                        let indices = indices(self.cx, &parts).into_iter().zip(&parts);
                        let own = |p: &Part| self.index_of_each(&parts, p);
                        let index = |(i, p): (Option<Value>, &Part)| {
                            own(p)
                                .or(i.filter(|_| p.generators.is_empty()))
                                .unwrap_or_else(|| self.unknown_index(p))
                        };
                        indices.map(index).collect()
                    }
                };
                Ok(parts.into_iter().zip(keys).map(|(p, key)| Part { key, ..p }).collect())
            }
            Value::Sym(sym) if !self.cx.type_of(*sym).is_scalar() => {
                if let Some(opened) = self.cx.opened(*sym) {
                    return self.items(&opened);
                }
                if let Some(list) = joined_again(self.cx, *sym) {
                    return self.items(&list);
                }
                let set = is_set(self.cx, *sym);
                let (source, guard) = elements_of(self.cx, *sym);
                let (key, value) = self.element(source);
                let key = if set { value.clone() } else { key };
                Ok(vec![Part { guard, generators: vec![source], ..Part::entry(key, value) }])
            }
            Value::Null => Err(Value::refused("a null value cannot be iterated over", None)),
            Value::Refused(_) => Err(collection.clone()),
            _ => Err(Value::refused("this value cannot be iterated over", None)),
        }
    }
}
