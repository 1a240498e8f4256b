//! The results of a conditional whose condition is not known: one value with guarded parts, of one type.
//!
//! Answers: what `c ? a : b` is where both are kept. Terraform converts both results to one type whatever the condition
//! is; where the parts of a container depend on inputs, so does its type, and with it whether an element is a number or
//! its text. Of what kind a sequence is then (tuple or list) is not followed: only `==` between whole sequences tells.
//! Source: Terraform language, "Conditional Expressions: Result Types"; recorded results of the binary.

use std::sync::Arc;

use super::Terraform;
use super::types::to_string;
use super::unify;
use crate::value::{Coll, CollKind, Cx, Guard, Part, Ty, Value};

/// How many pairs of parts are compared to tell what type the two containers get.
const COMPARED: usize = 400;

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
        let differ =
            || Value::refused("the two results of this conditional do not convert to one type", None);
        // What is in a container with uncertain parts differs from deployment to deployment, and so does its type.
        let (then, otherwise) = if uncertain(&then) || uncertain(&otherwise) {
            match (&then, &otherwise) {
                (Value::Coll(x), Value::Coll(y)) if x.kind.keyed() != y.kind.keyed() => return differ(),
                (Value::Coll(_), other) | (other, Value::Coll(_))
                    if unify::type_of(cx, other).is_scalar() =>
                {
                    return differ();
                }
                (Value::Coll(x), Value::Coll(y)) => of_one_type(cx, x, y),
                _ => (then, otherwise),
            }
        } else {
            let (a, b) = (unify::type_of(cx, &then), unify::type_of(cx, &otherwise));
            let Some(ty) = unify::unify(&[a, b]) else { return differ() };
            (unify::conform(cx, &then, &ty), unify::conform(cx, &otherwise, &ty))
        };
        match (&then, &otherwise) {
            (Value::Coll(x), Value::Coll(y)) if x.kind.keyed() == y.kind.keyed() => {
                let kind = joint_kind(x, y);
                let elem =
                    if x.elem == y.elem || y.parts.is_empty() { x.elem.clone() } else { y.elem.clone() };
                if guard.is_true() {
                    return cx.container(kind, elem, x.parts.clone());
                }
                if guard.is_false() {
                    return cx.container(kind, elem, y.parts.clone());
                }
                if x.parts == y.parts {
                    return cx.container(kind, elem, x.parts.clone());
                }
                let other = cx.not(guard);
                let under = |c: &Coll, g: Guard| -> Vec<Part> {
                    c.parts.iter().map(|p| Part { guard: cx.and(p.guard, g), ..p.clone() }).collect()
                };
                let parts = [under(x, guard), under(y, other)].concat();
                cx.container(kind, elem, parts)
            }
            _ => cx.if_else(guard, then, otherwise),
        }
    }

    /// Choices of containers as one container with guarded parts, as far as all of them are containers.
    pub fn merged(&self, value: &Value) -> Value {
        let cx = self.cx;
        let Value::Choice(alternatives) = value else { return value.clone() };
        let colls: Vec<(Guard, Arc<Coll>)> =
            alternatives.iter().filter_map(|(g, v)| Some((*g, v.as_coll()?.clone()))).collect();
        let Some((_, first)) = colls.first() else { return value.clone() };
        let keyed = first.kind.keyed();
        if colls.len() < 2 || colls.iter().any(|(_, c)| c.kind.keyed() != keyed) {
            return value.clone();
        }
        let kind = colls
            .iter()
            .skip(1)
            .fold(first.kind, |k, (_, c)| if k == c.kind { k } else { joint_kind(first, c) });
        let parts = colls
            .iter()
            .flat_map(|(g, c)| c.parts.iter().map(move |p| (*g, p)))
            .map(|(g, p)| Part { guard: cx.and(g, p.guard), ..p.clone() })
            .collect();
        let whole = cx.any(colls.iter().map(|(g, _)| *g));
        let built = cx.container(kind, first.elem.clone(), parts);
        let rest = alternatives.iter().filter(|(_, v)| v.as_coll().is_none()).cloned();
        cx.choice([(whole, built)].into_iter().chain(rest).collect())
    }
}

/// Whether a container, at any depth, has parts that are there in some deployments only, or one for each element of
/// something unknown.
fn uncertain(value: &Value) -> bool {
    match value {
        Value::Coll(coll) => coll.parts.iter().any(|p| !p.is_certain() || uncertain(&p.value)),
        Value::Choice(alternatives) => alternatives.iter().any(|(_, v)| v.as_coll().is_some()),
        _ => false,
    }
}

/// Two containers with uncertain parts, their numbers and bools as text where the one type of both asks for it.
fn of_one_type(cx: &Cx, x: &Coll, y: &Coll) -> (Value, Value) {
    let both = || x.parts.iter().chain(&y.parts);
    let text = cx.any(both().map(|p| cx.and(p.guard, is_text(cx, &p.value))).collect::<Vec<_>>());
    let other = both().any(|p| cx.alternatives(&p.value).iter().any(|(_, v)| scalar_but_text(cx, v)));
    let whole = |c: &Coll| Value::Coll(c.clone().into());
    if text.is_false() || !other || x.parts.len().saturating_mul(y.parts.len()) > COMPARED {
        return (whole(x), whole(y));
    }
    // A list or map has one element type anyway. Else containers of one shape keep a type for each place.
    let typed = |c: &Coll| matches!(c.kind, CollKind::List | CollKind::Set | CollKind::Map);
    let alike = if typed(x) || typed(y) {
        Guard::FALSE
    } else if x.kind.keyed() {
        let held = |of: &Coll, by: &Coll| {
            let each = of.parts.iter().map(|p| cx.or(cx.not(p.guard), has_key(cx, by, &p.key)));
            cx.all(each.collect::<Vec<_>>())
        };
        cx.and(held(x, y), held(y, x))
    } else {
        cx.equal(&cx.length(&whole(x)), &cx.length(&whole(y)))
    };
    let convert = |c: &Coll, beside: &Coll| {
        let parts = c.parts.iter().map(|p| {
            if !cx.alternatives(&p.value).iter().any(|(_, v)| scalar_but_text(cx, v)) {
                return p.clone();
            }
            let here = beside.parts.iter().map(|q| {
                let same = if c.kind.keyed() { cx.equal(&p.key, &q.key) } else { Guard::TRUE };
                cx.all([q.guard, same, is_text(cx, &q.value)])
            });
            let here = cx.any(here.collect::<Vec<_>>());
            let when = cx.and(text, cx.or(cx.not(alike), here));
            Part { value: cx.if_else(when, to_string(cx, &p.value), p.value.clone()), ..p.clone() }
        });
        cx.rebuild(c, parts.collect())
    };
    (convert(x, y), convert(y, x))
}

fn has_key(cx: &Cx, coll: &Coll, key: &Value) -> Guard {
    cx.any(coll.parts.iter().map(|p| cx.and(p.guard, cx.equal(&p.key, key))).collect::<Vec<_>>())
}

fn is_text(cx: &Cx, value: &Value) -> Guard {
    let texts = cx.alternatives(value).into_iter().filter(|(_, v)| unify::type_of(cx, v) == Ty::String);
    cx.any(texts.map(|(g, _)| g).collect::<Vec<_>>())
}

fn scalar_but_text(cx: &Cx, value: &Value) -> bool {
    matches!(unify::type_of(cx, value), Ty::Bool | Ty::Number)
}

fn joint_kind(x: &Coll, y: &Coll) -> CollKind {
    match (x.kind, y.kind) {
        (CollKind::Set, _) | (_, CollKind::Set) => CollKind::Set,
        (CollKind::List, _) | (_, CollKind::List) => CollKind::List,
        (CollKind::Map, _) | (_, CollKind::Map) => CollKind::Map,
        (CollKind::Object, _) => CollKind::Object,
        _ if x.parts.len() == y.parts.len() => CollKind::Tuple,
        _ => CollKind::List,
    }
}
