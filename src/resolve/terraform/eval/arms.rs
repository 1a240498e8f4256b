//! `c ? a : b` with an unknown `c`: both arms, each under its guard, converted to one type.
//!
//! `c ? ["x"] : []` is one list whose only part exists when `c`. Terraform converts both results to one type whatever the
//! condition is ([`one_type`] knows which).
//! Source: Terraform language, "Conditional Expressions: Result Types"; recorded results of the binary.

use std::sync::Arc;

use super::Terraform;
use crate::resolve::terraform::types::one_type::{either, one_type};
use crate::value::{Coll, CollKind, Cx, Guard, Part, Value};

/// Up to how many alternatives collections that are filled in are kept apart.
const APART: usize = 24;

impl Terraform<'_> {
    /// `then` when the guard holds, else `otherwise`; both get one type. Two containers become one with guarded parts.
    pub fn choose(&self, guard: Guard, then: Value, otherwise: Value) -> Value {
        let cx = self.cx;
        let (then, otherwise) = (self.merged(&then), self.merged(&otherwise));
        let (left, right) = (cx.alternatives(&then), cx.alternatives(&otherwise));
        if let ([(_, a)], [(_, b)]) = (left.as_slice(), right.as_slice()) {
            return self.choose_one(guard, a.clone(), b.clone());
        }
        // The types that must be unified are those of one deployment: each combination of alternatives is one.
        let mut alternatives = Vec::new();
        for (g, a) in &left {
            for (h, b) in &right {
                let both = cx.and(*g, *h);
                if !both.is_false() {
                    alternatives.push((both, self.choose_one(guard, a.clone(), b.clone())));
                }
            }
        }
        self.merged(&cx.choice(alternatives))
    }

    fn choose_one(&self, guard: Guard, then: Value, otherwise: Value) -> Value {
        let cx = self.cx;
        let refused = |v: &Value| matches!(v, Value::Refused(_));
        if refused(&then) || refused(&otherwise) {
            return cx.if_else(guard, then, otherwise);
        }
        let both = one_type(cx, &[(Guard::TRUE, then.clone()), (Guard::TRUE, otherwise.clone())]);
        let mut values = both.values.into_iter();
        let (then, otherwise) = (values.next().unwrap_or(then), values.next().unwrap_or(otherwise));
        let chosen = match (&then, &otherwise) {
            (Value::Coll(x), Value::Coll(y)) if x.kind == y.kind => {
                let parts = [under(cx, x, guard), under(cx, y, cx.not(guard))].concat();
                let parts = if x.parts == y.parts { x.parts.clone() } else { parts };
                // A null may have left open which type they have.
                cx.container(x.kind, either(cx, guard, x.elem.clone(), y.elem.clone()), parts)
            }
            _ => cx.if_else(guard, then, otherwise),
        };
        let differ =
            || Value::refused("the two results of this conditional do not convert to one type", None);
        cx.if_else(both.refused, differ(), chosen)
    }

    /// A collection that is computed of inputs all of whose values are listed, as what it is at each of them.
    fn listed_collection(&self, value: &Value) -> Value {
        let cx = self.cx;
        let Value::Sym(sym) = value else { return value.clone() };
        if cx.type_of(*sym).is_scalar() || !cx.is_call(value) {
            return value.clone();
        }
        let settled = |v: &Value| matches!(v, Value::Coll(_) | Value::Null | Value::Refused(_));
        let listed = cx.tabulated(*sym);
        listed.filter(|t| cx.alternatives(t).iter().all(|(_, v)| settled(v))).unwrap_or_else(|| value.clone())
    }

    /// Choices of containers as one container with guarded parts, as far as all of them are containers.
    pub fn merged(&self, value: &Value) -> Value {
        let cx = self.cx;
        let value = &match value {
            Value::Sym(_) | Value::Choice(_) => cx.map(value, |v| self.listed_collection(v)),
            other => other.clone(),
        };
        let Value::Choice(alternatives) = value else { return value.clone() };
        // Of each length a collection that is filled in is a container of its own, about which all is known.
        if self.mode.filled().is_some() && alternatives.len() <= APART {
            return value.clone();
        }
        let mut families: [Vec<(Guard, &Arc<Coll>)>; 3] = Default::default();
        let mut rest = Vec::new();
        for (guard, v) in alternatives.iter() {
            match v {
                Value::Coll(c) => {
                    let family = if c.kind.keyed() { 0 } else { 1 + usize::from(c.kind.in_a_row()) };
                    families.get_mut(family).into_iter().for_each(|f| f.push((*guard, c)));
                }
                other => rest.push((*guard, other.clone())),
            }
        }
        if families.iter().all(|f| f.len() < 2) {
            return value.clone();
        }
        let joined = families.iter().filter_map(|family| {
            let (_, first) = family.first()?;
            let one_elem = family.iter().map(|(g, c)| cx.and(*g, c.kind.typed()));
            let kind = if family.iter().all(|(_, c)| c.kind == first.kind) {
                first.kind
            } else if first.kind.keyed() {
                CollKind::mapping(cx.any(one_elem))
            } else {
                CollKind::sequence(cx.any(one_elem))
            };
            let typed = || family.iter().filter(|(_, c)| !c.kind.typed().is_false());
            let elem = typed().next().map(|(_, c)| c.elem.clone()).unwrap_or_default();
            let elem = if typed().all(|(_, c)| c.elem == elem) {
                elem
            } else {
                let each = typed().map(|(g, c)| (*g, c.elem.sample())).collect::<Vec<_>>();
                let none = cx.not(cx.any(each.iter().map(|(g, _)| *g)));
                cx.type_like(&cx.choice(each.into_iter().chain([(none, Value::Null)]).collect()))
            };
            let parts = family.iter().flat_map(|(g, c)| under(cx, c, *g)).collect();
            let whole = cx.any(family.iter().map(|(g, _)| *g));
            Some((whole, cx.container(kind, elem, parts)))
        });
        cx.choice(joined.chain(rest).collect())
    }
}

/// The parts of a container where a guard holds.
fn under(cx: &Cx, coll: &Coll, guard: Guard) -> Vec<Part> {
    coll.parts.iter().map(|p| Part { guard: cx.and(p.guard, guard), ..p.clone() }).collect()
}
