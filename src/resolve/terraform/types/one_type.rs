//! One type for several values whose own types depend on inputs.
//!
//! `tolist(var.c ? [1, "a"] : [1])` is a list of strings when `var.c` and of numbers otherwise, so `1` becomes `"1"` under
//! `var.c`: the results of an open conditional, the elements of a list, the arguments of `coalesce` convert to the one type
//! of those that are there, which differs from deployment to deployment. What has a type already is [`unify`]'s business.
//! Source: Terraform language, "Types and Values: Type Conversion", "Conditional Expressions: Result Types"; recorded
//! results of the binary.

mod containers;

use containers::Containers;
pub use containers::either;

use super::elements::{indices, is_set};
use super::scalars::to_string;
use super::unify::{self, CONVERTED, DIFFER, common, converted_to, type_of, unify};
use crate::value::func::{AtLeast, Elements, Gives, Over, Written};
use crate::value::{Coll, CollKind, Cx, Func, Guard, Part, Ty, Value};

/// Whether a value is text; asked of what has no known type.
static IS_TEXT: Func = Func::known("(is text)", Ty::Bool, |_, _, args| match args {
    [Value::String(_)] => Value::TRUE,
    _ => Value::FALSE,
})
.written(Written::Said("text"));

/// Values of one type, and when there is none.
pub struct OneType {
    /// The values, in the order they came.
    pub values: Vec<Value>,
    /// When the ones that are there have no type in common.
    pub refused: Guard,
}

/// Values that are each there when their guard holds, converted to the one type that those that are there convert to.
pub fn one_type(cx: &Cx, values: &[(Guard, Value)]) -> OneType {
    let unchanged = |refused| OneType { values: values.iter().map(|(_, v)| v.clone()).collect(), refused };
    if values.iter().all(|(_, v)| is_settled(cx, v)) {
        let types: Vec<Ty> = values.iter().map(|(_, v)| type_of(cx, v)).collect();
        let mut known = types.iter().filter(|t| **t != Ty::Dynamic);
        let first = known.next();
        if known.all(|t| Some(t) == first) {
            return unchanged(Guard::FALSE);
        }
        if values.iter().all(|(g, _)| g.is_true()) {
            let Some(ty) = unify(&types) else { return unchanged(Guard::TRUE) };
            let values = values.iter().map(|(_, v)| unify::conform(cx, v, &ty)).collect();
            return OneType { values, refused: Guard::FALSE };
        }
    }
    Open::of(cx, values).converted()
}

/// A container as a list, set or map: its elements converted to one type, refused if there is none.
pub fn collection(cx: &Cx, coll: &Coll, kind: CollKind) -> Value {
    if coll.elem != Ty::Dynamic && !coll.kind.is_open() {
        return unify::elements(cx, coll, kind, &coll.elem);
    }
    let parts: Vec<Part> = with_position(cx, coll).into_iter().map(|(p, _)| p).collect();
    let mut members: Vec<(Guard, Value)> = parts.iter().map(|p| (p.guard, p.value.clone())).collect();
    if coll.elem != Ty::Dynamic {
        members.push((coll.kind.typed(), coll.elem.sample()));
    }
    let one = one_type(cx, &members);
    let elem = present(cx, &members, &one.values);
    let key = |p: &Part| if kind.keyed() { p.key.clone() } else { Value::Null };
    let parts = parts.into_iter().zip(one.values).map(|(p, value)| Part { key: key(&p), value, ..p });
    let built = cx.container(kind, elem, parts.collect());
    let differ = || Value::refused("the elements of this collection do not convert to one type", None);
    cx.if_else(one.refused, differ(), built)
}

/// `toset`, of what is known to be a collection: nothing of it is refused.
pub const TO_SET: Func = Func::shape("toset", Ty::Dynamic, |cx, f, a| converted(cx, f, a, CollKind::Set))
    .with_elements(Elements::Set)
    .at_least(AtLeast::First)
    .gives(Gives::Set)
    .over(Over::Row);

/// A set of the elements of something that is not known: a symbol of its own, since its elements are its keys.
pub fn as_set(cx: &Cx, value: &Value) -> Value {
    static AS_SET: Func = TO_SET;
    match value {
        Value::Sym(sym) if !is_set(cx, *sym) => cx.opaque(&AS_SET, std::slice::from_ref(value)),
        other => other.clone(),
    }
}

/// A collection converted to a list, set or map, as `tolist`, `toset` and `tomap` do.
pub fn converted(cx: &Cx, f: &'static Func, args: &[Value], kind: CollKind) -> Value {
    let wrong = |reason| Value::refused(reason, None);
    match args {
        [Value::Coll(c)] if c.kind.keyed() == kind.keyed() => collection(cx, c, kind),
        [Value::Sym(s)] if cx.type_of(*s).is_scalar() => wrong("a collection is needed"),
        [v @ Value::Sym(_)] if cx.is_call(v) => cx.opaque(f, args),
        [v @ Value::Sym(_)] if kind == CollKind::Set => as_set(cx, v),
        // The elements of a converted collection are the elements of the collection.
        [v @ (Value::Sym(_) | Value::Null)] => v.clone(),
        _ => wrong("this value does not convert to a collection of that kind"),
    }
}

/// Whether the type of a value is known, and the same in every deployment.
fn is_settled(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Sym(sym) => cx.type_of(*sym).is_whole(),
        Value::Choice(alternatives) => {
            // Where it is null it has no type.
            let mut types = alternatives.iter().map(|(_, v)| type_of(cx, v));
            let first = types.next();
            alternatives.iter().all(|(_, v)| is_settled(cx, v)) && types.all(|t| Some(t) == first)
        }
        Value::Coll(coll) => {
            let typed = coll.kind.typed().is_true();
            !coll.kind.is_open()
                && ((typed && coll.elem.is_whole())
                    || coll.elem == Ty::Dynamic
                        && coll.parts.iter().all(|p| p.is_certain() && is_settled(cx, &p.value)))
        }
        _ => true,
    }
}

/// One alternative of one of the values.
struct Seen {
    /// When it is there.
    there: Guard,
    /// What it counts as: a value of its type where it is a symbol.
    as_if: Value,
}

/// Values whose types are not settled.
struct Open<'a> {
    cx: &'a Cx,
    /// The alternatives of each value: when it is that one, and what.
    values: Vec<Vec<(Guard, Value)>>,
    /// The same, all in a row.
    seen: Vec<Seen>,
    /// When a written text is there.
    written: Guard,
    /// When a text is there, written or not: what has no known type may be one.
    text: Guard,
    /// What may be a text, each once.
    may_be_text: Vec<Value>,
}

impl<'a> Open<'a> {
    fn of(cx: &'a Cx, values: &[(Guard, Value)]) -> Self {
        let each: Vec<Vec<(Guard, Value)>> = values.iter().map(|(_, v)| cx.alternatives(v)).collect();
        let seen = values.iter().zip(&each).flat_map(|((there, _), alternatives)| {
            alternatives.iter().map(move |(when, v)| Seen {
                there: cx.and(*there, *when),
                as_if: match v {
                    Value::Sym(_) => {
                        Some(type_of(cx, v)).filter(|t| *t != Ty::Dynamic).map_or(v.clone(), |t| t.sample())
                    }
                    other => other.clone(),
                },
            })
        });
        let seen: Vec<Seen> = seen.collect();
        let mut open = Open {
            cx,
            values: each,
            written: Guard::FALSE,
            text: Guard::FALSE,
            may_be_text: Vec::new(),
            seen,
        };
        open.written = open.when(|v| type_of(cx, v) == Ty::String);
        open.text = open.written;
        if !open.written.is_true() {
            // An object as a whole is no text.
            let symbols =
                open.seen.iter().filter(|s| matches!(s.as_if, Value::Sym(sym) if !cx.is_whole(sym)));
            let is_text = symbols
                .clone()
                .map(|s| cx.and(s.there, cx.predicate(&IS_TEXT, std::slice::from_ref(&s.as_if))));
            open.text = cx.or(open.written, cx.any(is_text));
            let once: indexmap::IndexSet<Value> = symbols.map(|s| s.as_if.clone()).collect();
            open.may_be_text = once.into_iter().collect();
        }
        open
    }

    /// When something is there of which this holds.
    fn when(&self, f: impl Fn(&Value) -> bool) -> Guard {
        let there = self.seen.iter().filter(|s| f(&s.as_if)).map(|s| s.there);
        self.cx.any(there)
    }

    fn converted(self) -> OneType {
        let cx = self.cx;
        let (keyed, rows) = (Containers::of(&self, true), Containers::of(&self, false));
        let refused = cx.any([self.mixed(), keyed.refused, rows.refused]);
        let (mut keyed, mut rows) = (keyed.converted.into_iter(), rows.converted.into_iter());
        let mut seen = self.seen.iter();
        let mut values = Vec::with_capacity(self.values.len());
        for alternatives in &self.values {
            let each = alternatives.iter().map(|(when, v)| {
                let value = match (seen.next().map(|s| &s.as_if), v) {
                    (Some(Value::Coll(c)), _) if c.kind.keyed() => keyed.next(),
                    (Some(Value::Coll(_)), _) => rows.next(),
                    _ => Some(self.scalar(v)),
                };
                let ty = type_of(cx, v);
                let collection = matches!(v, Value::Sym(_)) && ty != Ty::Dynamic && !ty.is_scalar();
                let value = match value {
                    Some(like) if collection => converted_to(cx, v, &type_of(cx, &like)),
                    Some(value) => value,
                    None => v.clone(),
                };
                (*when, value)
            });
            values.push(cx.choice(each.collect()));
        }
        OneType { values, refused }
    }

    /// When what is there is of kinds that no type has both of: a container beside something else, maps beside lists,
    /// and bools beside numbers without text.
    fn mixed(&self) -> Guard {
        let cx = self.cx;
        let plain = self.when(|v| type_of(cx, v).is_scalar());
        let of_kind = |keyed: bool| self.when(|v| v.as_coll().is_some_and(|c| c.kind.keyed() == keyed));
        let (keyed, rows) = (of_kind(true), of_kind(false));
        let bools = self.when(|v| type_of(cx, v) == Ty::Bool);
        let numbers = self.when(|v| type_of(cx, v) == Ty::Number);
        let no_text = cx.not(self.text);
        let mixed =
            [cx.and(plain, cx.or(keyed, rows)), cx.and(keyed, rows), cx.all([bools, numbers, no_text])];
        // What a call will be is asked once it is computed; beside what is empty it is taken to fit.
        let later = self.seen.iter().find(|s| cx.is_call(&s.as_if));
        let empty = |v: &Value| *v == Value::Null || v.as_coll().is_some_and(|c| c.parts.is_empty());
        let beside = later.is_some_and(|l| self.seen.iter().any(|s| s.as_if != l.as_if && !empty(&s.as_if)));
        let later = if beside { cx.predicate(&DIFFER, &[self.guarded(|_| true)]) } else { Guard::FALSE };
        cx.or(cx.any(mixed), later)
    }

    fn scalar(&self, value: &Value) -> Value {
        let cx = self.cx;
        let text = match value {
            Value::Sym(sym) if cx.is_whole(*sym) => Guard::FALSE,
            Value::Sym(_) if type_of(cx, value) == Ty::Dynamic => {
                let container = self.seen.iter().any(|s| s.as_if.as_coll().is_some());
                let alone = matches!(self.may_be_text.as_slice(), [one] if one == value);
                let text = match container {
                    true => Guard::FALSE,
                    false if alone => self.written,
                    false => self.text,
                };
                // What was only not computed yet may turn out to be anything, a container too. An input keeps its type
                // beside containers.
                if cx.is_call(value) && (container || !text.is_false()) && !text.is_true() {
                    return cx.call(&CONVERTED, &[value.clone(), self.guarded(|v| v != value)]);
                }
                text
            }
            Value::Bool(_) | Value::Number(_) | Value::Sym(_) if type_of(cx, value) != Ty::String => {
                self.text
            }
            _ => Guard::FALSE,
        };
        if text.is_false() { value.clone() } else { cx.if_else(text, to_string(cx, value), value.clone()) }
    }

    /// All alternatives of which this holds, each where it is there.
    fn guarded(&self, f: impl Fn(&Value) -> bool) -> Value {
        let seen = self.seen.iter().filter(|s| f(&s.as_if));
        let parts = seen.map(|s| Part { guard: s.there, ..Part::item(s.as_if.clone()) });
        Value::coll(CollKind::Tuple, parts.collect())
    }
}

/// The type that values were converted to, as far as they are there. Null has none.
fn present(cx: &Cx, values: &[(Guard, Value)], converted: &[Value]) -> Ty {
    static PRESENT: Func = Func::known("(type of what is there)", Ty::Dynamic, |cx, _, args| match args {
        [Value::Coll(c)] => unify::unified(cx, c).unwrap_or_default().sample(),
        _ => Value::Null,
    });
    let never_null = |v: &Value| cx.alternatives(v).iter().all(|(_, v)| *v != Value::Null);
    let certain = values.iter().any(|(there, v)| there.is_true() && never_null(v));
    let common = common(cx, converted);
    if certain && common != Ty::Dynamic {
        return common;
    }
    let there =
        values.iter().zip(converted).map(|((there, _), v)| Part { guard: *there, ..Part::item(v.clone()) });
    let there = Value::coll(CollKind::Tuple, there.collect());
    let sample = if there.is_known() { cx.call(&PRESENT, &[there]) } else { cx.opaque(&PRESENT, &[there]) };
    cx.type_like(&sample)
}

/// The parts of a container as they are met one by one, and where each stands.
fn with_position(cx: &Cx, coll: &Coll) -> Vec<(Part, Option<Value>)> {
    if coll.kind.keyed() {
        let parts = cx.distinct_parts(coll).into_iter();
        return parts.map(|p| (p.clone(), Some(p.key))).collect();
    }
    let parts = cx.sequence_parts(coll);
    let places = indices(cx, &parts);
    parts.into_iter().zip(places).collect()
}
