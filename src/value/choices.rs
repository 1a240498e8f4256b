//! Choices: alternatives under disjoint guards, and functions mapped over them.
//!
//! `upper(c ? "a" : "b")` is `c ? "A" : "B"`. What has too many alternatives is a symbol; and one wrapper ([`Cx::call`])
//! answers for each function what choices and symbols among its arguments mean.

use std::sync::Arc;

use super::func::{Func, Takes};
use super::limits::ALTERNATIVES;
use super::ops::LENGTH;
use super::types::Ty;
use super::{Coll, Cx, Guard, Part, Refusal, Value};
use crate::span::Loc;

/// Up to so many alternatives are compared one by one.
const FEW_CHOICES: usize = 4;
/// Combinations of alternatives that a function maps over: some give one value.
const COMBINATIONS: usize = 4 * ALTERNATIVES.most;

/// Too many alternatives to keep: what a value becomes an opaque symbol of.
static MANY: Func = Func::shape("(too many alternatives)", Ty::Dynamic, |_, _, args| {
    args.first().cloned().unwrap_or(Value::Null)
});

impl Cx {
    /// Alternatives as one value. Guards must be disjoint and exhaustive. Nested choices are flattened, impossible
    /// ones dropped, equal ones merged; past [`ALTERNATIVES`] the value becomes an opaque symbol.
    pub fn choice(&self, alternatives: Vec<(Guard, Value)>) -> Value {
        let mut flat: Vec<(Guard, Value)> = Vec::with_capacity(alternatives.len());
        let mut index: std::collections::HashMap<Value, usize> = std::collections::HashMap::new();
        let mut truth: Option<(Guard, Guard)> = None;
        let mut add = |guard: Guard, value: Value| {
            if guard.is_false() {
                return;
            }
            if let Value::Bool(b) = value {
                let holds = self.and(guard, b);
                let (there, when) = truth.unwrap_or((Guard::FALSE, Guard::FALSE));
                truth = Some((self.or(there, guard), self.or(when, holds)));
                return;
            }
            // Hashing walks a container to its end, comparing up to the first difference.
            let next = flat.len();
            let place = if next < FEW_CHOICES {
                flat.iter().position(|(_, known)| *known == value).unwrap_or(next)
            } else {
                if index.is_empty() {
                    index.extend(flat.iter().enumerate().map(|(i, (_, known))| (known.clone(), i)));
                }
                *index.entry(value.clone()).or_insert(next)
            };
            match flat.get_mut(place) {
                Some(entry) => entry.0 = self.or(entry.0, guard),
                None => flat.push((guard, value)),
            }
        };
        for (guard, value) in alternatives {
            match value {
                Value::Choice(inner) => {
                    for (g, v) in inner.iter() {
                        add(self.and(guard, *g), v.clone());
                    }
                }
                other => add(guard, other),
            }
        }
        if let Some((there, when)) = truth {
            flat.push((there, Value::Bool(when)));
        }
        if flat.len() <= 1 {
            return flat.pop().map_or_else(|| Value::refused("no alternative is possible", None), |(_, v)| v);
        }
        let value = Value::Choice(flat.as_slice().into());
        if flat.len() > ALTERNATIVES.most {
            return self.later(&ALTERNATIVES, &MANY, &[value]);
        }
        value
    }

    /// `a` when `cond` holds, else `b`.
    pub fn if_else(&self, cond: Guard, a: Value, b: Value) -> Value {
        if cond.is_true() {
            a
        } else if cond.is_false() {
            b
        } else {
            self.choice(vec![(cond, a), (self.not(cond), b)])
        }
    }

    /// The alternatives of a value at its top level; an open bool and a refusal are one alternative.
    pub fn alternatives(&self, value: &Value) -> Vec<(Guard, Value)> {
        match value {
            Value::Choice(alternatives) => alternatives.to_vec(),
            other => vec![(Guard::TRUE, other.clone())],
        }
    }

    /// Gives refusals that have no place this one.
    pub fn located(&self, value: Value, at: Loc) -> Value {
        let one = |v: &Value| match v {
            Value::Refused(r) if r.at.is_none() => {
                Value::Refused(Arc::new(Refusal { at: Some(at), ..(**r).clone() }))
            }
            other => other.clone(),
        };
        let lacks = |v: &Value| matches!(v, Value::Refused(r) if r.at.is_none());
        match &value {
            Value::Choice(all) if all.iter().any(|(_, v)| lacks(v)) => {
                self.choice(all.iter().map(|(g, v)| (*g, one(v))).collect())
            }
            Value::Refused(_) => one(&value),
            _ => value,
        }
    }

    /// Maps over the alternatives of a value. A refusal stays.
    pub fn map(&self, value: &Value, mut f: impl FnMut(&Value) -> Value) -> Value {
        let mut one = |v: &Value| if matches!(v, Value::Refused(_)) { v.clone() } else { f(v) };
        match value {
            Value::Choice(alternatives) => {
                self.choice(alternatives.iter().map(|(g, v)| (*g, one(v))).collect())
            }
            other => one(other),
        }
    }

    /// Maps over every combination of the arguments' alternatives. A refusal among them is the result there (the
    /// first one). Past the limit on combinations the result is an opaque symbol of `func`.
    pub fn lift(&self, func: &'static Func, args: &[Value], f: &dyn Fn(&[Value]) -> Value) -> Value {
        if !args.iter().any(|a| matches!(a, Value::Choice(_) | Value::Refused(_))) {
            return f(args);
        }
        let mut combos: Vec<(Guard, Vec<Value>)> = vec![(Guard::TRUE, Vec::new())];
        for arg in args {
            let alternatives = self.alternatives(arg);
            let mut next = Vec::with_capacity(combos.len() * alternatives.len());
            for (guard, done) in &combos {
                for (g, value) in &alternatives {
                    let both = self.and(*guard, *g);
                    if !both.is_false() {
                        next.push((both, done.iter().cloned().chain([value.clone()]).collect()));
                    }
                }
            }
            if next.len() > COMBINATIONS {
                return self.later(&ALTERNATIVES, func, args);
            }
            combos = next;
        }
        self.choice(
            combos
                .into_iter()
                .map(|(guard, args)| {
                    let refused = args.iter().find(|a| matches!(a, Value::Refused(_))).cloned();
                    (guard, refused.unwrap_or_else(|| f(&args)))
                })
                .collect(),
        )
    }

    /// Counts the steps of looking at arguments.
    pub fn spend_on(&self, args: &[Value]) {
        self.spend(args.iter().map(|a| a.size() as usize / 8).sum());
    }

    /// Calls a function: lifts it over choices, and answers unknown arguments for it as [`Takes`] says.
    pub fn call(&self, func: &'static Func, args: &[Value]) -> Value {
        // Looking at the arguments is most of what a call costs; what takes one part, or counts them, looks at little.
        let counts = func.picks || *func == LENGTH;
        match func.seeks {
            true => self.spend(1),
            false if counts => self.spend(
                args.iter()
                    .map(|a| match a {
                        Value::Coll(c) if func.picks && c.is_certain() => 1,
                        other => other.size() as usize / 256,
                    })
                    .sum(),
            ),
            false => self.spend_on(args),
        }
        let value = match func.takes {
            Takes::Shape => {
                self.lift(func, args, &|args| self.carried(func, args, (func.body)(self, func, args)))
            }
            Takes::Choices => {
                let (refusals, left, args) = self.without_refusals(args);
                let given = self.carried(func, &args, (func.body)(self, func, &args));
                self.choice(refusals.into_iter().chain([(left, given)]).collect())
            }
            Takes::Known => {
                let split: Vec<Value> = args.iter().map(|a| self.split(a)).collect();
                self.lift(func, &split, &|args| {
                    if args.iter().all(Value::is_known) {
                        self.carried(func, args, (func.body)(self, func, args))
                    } else {
                        self.opaque(func, args)
                    }
                })
            }
        };
        self.bounded(value)
    }

    /// What is refused of arguments, each the first that is; when none is; and the arguments there.
    fn without_refusals(&self, args: &[Value]) -> (Vec<(Guard, Value)>, Guard, Vec<Value>) {
        let (mut refusals, mut left) = (Vec::new(), Guard::TRUE);
        let each = args.iter().map(|arg| {
            let (refused, kept): (Vec<_>, Vec<_>) =
                self.alternatives(arg).into_iter().partition(|(_, v)| matches!(v, Value::Refused(_)));
            for (guard, refusal) in refused {
                refusals.push((self.and(left, guard), refusal));
                left = self.and(left, self.not(guard));
            }
            self.choice(kept)
        });
        let kept = each.collect();
        (refusals, left, kept)
    }

    /// The same value with the choices inside containers, open bools and uncertain parts brought to the top, as far
    /// as the limit allows; what cannot be split is left as it is.
    pub fn split(&self, value: &Value) -> Value {
        match value {
            Value::Bool(guard) if !guard.is_true() && !guard.is_false() => {
                // Two alternatives of bools would merge into the guard again, so they are kept apart here.
                Value::Choice([(*guard, Value::TRUE), (self.not(*guard), Value::FALSE)].into())
            }
            Value::Choice(alternatives) => {
                let mut flat = Vec::new();
                for (guard, inner) in alternatives.iter() {
                    for (g, v) in self.alternatives(&self.split(inner)) {
                        let both = self.and(*guard, g);
                        if !both.is_false() {
                            flat.push((both, v));
                        }
                    }
                }
                if flat.len() > ALTERNATIVES.most { value.clone() } else { Value::Choice(flat.into()) }
            }
            Value::Coll(coll) if !value.is_known() => self.split_coll(coll).unwrap_or_else(|| value.clone()),
            other => other.clone(),
        }
    }

    fn split_coll(&self, coll: &Arc<Coll>) -> Option<Value> {
        let kind = coll.kind;
        if kind.is_open() {
            let settled = |g: Guard, typed: Guard| {
                (g, self.container(kind.when(typed), coll.elem.clone(), coll.parts.clone()))
            };
            let typed = kind.typed();
            let both = [settled(typed, Guard::TRUE), settled(self.not(typed), Guard::FALSE)];
            return Some(self.split(&Value::Choice(both.into())));
        }
        let mut combos: Vec<(Guard, Vec<Part>)> = vec![(Guard::TRUE, Vec::new())];
        for part in &coll.parts {
            if !part.generators.is_empty() {
                return None;
            }
            let mut options: Vec<(Guard, Option<Part>)> = Vec::new();
            if !part.guard.is_true() {
                options.push((self.not(part.guard), None));
            }
            for (g, name) in self.alternatives(&part.key) {
                for (h, place) in self.alternatives(&self.split(&part.sort_key)) {
                    for (i, value) in self.alternatives(&self.split(&part.value)) {
                        let guard = self.all([part.guard, g, h, i]);
                        let (key, place) = (name.clone(), place.clone());
                        options.push((
                            guard,
                            Some(Part { key, sort_key: place, at: part.at, ..Part::item(value) }),
                        ));
                    }
                }
            }
            let mut next = Vec::new();
            for (guard, done) in &combos {
                for (g, option) in &options {
                    let both = self.and(*guard, *g);
                    if !both.is_false() {
                        next.push((both, done.iter().cloned().chain(option.clone()).collect::<Vec<_>>()));
                    }
                }
            }
            if next.len() > ALTERNATIVES.most {
                return None;
            }
            combos = next;
        }
        let built =
            combos.into_iter().map(|(guard, parts)| (guard, self.rebuild(coll, parts))).collect::<Vec<_>>();
        Some(match built.as_slice() {
            [(_, one)] => one.clone(),
            _ => Value::Choice(built.into()),
        })
    }

    /// A container of the same kind with other parts: sorted and without duplicates where the kind asks for it.
    pub fn rebuild(&self, coll: &Coll, parts: Vec<Part>) -> Value {
        self.container(coll.kind, coll.elem.clone(), parts)
    }
}
