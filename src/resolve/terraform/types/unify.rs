//! Types of values, the one type that several values convert to, and conversion to a type: the one place where
//! values are converted, whether a variable's constraint asks for it or the values beside them do.
//!
//! Answers: what `tolist([…])`, the arms of a conditional, `coalesce(…)` become. A type that is not known is
//! compatible with every other: only what is certainly refused is refused.
//! Source: Terraform language, "Types and Values: Type Conversion"; recorded results of the binary.

use super::constraint::{Constraint, Field};
use super::scalars::{to_bool, to_number, to_string};
use crate::parse::syntax::Expr;
use crate::value::func::{Elements, Gives};
use crate::value::ops::INDEX;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, Part, SymId, SymNode, Ty, Value};

/// Whether the elements of a container have no type in common.
pub static DIFFER: Func = Func::known("(have no type in common)", Ty::Bool, |cx, _, args| {
    let Some(Value::Coll(all)) = args.first() else { return Value::FALSE };
    Value::from(unified(cx, all).is_none())
});

/// Its first argument, of one type with the elements of the second.
pub static CONVERTED: Func = Func::known("(of one type)", Ty::Dynamic, |cx, _, args| {
    let [first, Value::Coll(others)] = args else { return Value::Null };
    let others = others.parts.iter().map(|p| &p.value);
    let types: Vec<Ty> = [first].into_iter().chain(others).map(|v| type_of(cx, v)).collect();
    match unify(&types) {
        Some(ty) => conform(cx, first, &ty),
        None => Value::refused("these values do not convert to one type", None),
    }
})
.same()
.with_elements(Elements::All);

/// The type of a value, [`Ty::Dynamic`] where it is not known; null has no type of its own.
pub fn type_of(cx: &Cx, value: &Value) -> Ty {
    match value {
        Value::Null | Value::Refused(_) => Ty::Dynamic,
        Value::Bool(_) => Ty::Bool,
        Value::Number(_) => Ty::Number,
        Value::String(_) => Ty::String,
        Value::Sym(sym) => type_of_symbol(cx, *sym),
        Value::Choice(alternatives) => {
            let types: Vec<Ty> = alternatives.iter().map(|(_, v)| type_of(cx, v)).collect();
            let mut known = types.iter().filter(|t| **t != Ty::Dynamic);
            match known.next() {
                Some(first) if known.all(|t| t == first) => first.clone(),
                _ => Ty::Dynamic,
            }
        }
        Value::Coll(coll) => type_of_coll(cx, coll),
    }
}

fn type_of_symbol(cx: &Cx, sym: SymId) -> Ty {
    let Some(SymNode::Call(func, args)) = cx.node(sym) else { return cx.type_of(sym) };
    let elem = || Box::new(args.first().map(|a| element_of(cx, a)).unwrap_or_default());
    match func.gives {
        Some(Gives::Set) => Ty::Set(elem()),
        Some(Gives::List) => Ty::List(elem()),
        Some(Gives::Map) => Ty::Map(elem()),
        Some(Gives::Row) => cx.type_of(sym),
        Some(Gives::Texts) => Ty::List(Box::new(Ty::String)),
        None if *func == INDEX => match args.first() {
            // Elements of a tuple or object have types of their own.
            Some(Value::Coll(c)) => common(cx, c.parts.iter().map(|p| &p.value)),
            _ => *elem(),
        },
        None => cx.type_of(sym),
    }
}

fn type_of_coll(cx: &Cx, coll: &Coll) -> Ty {
    let certain = coll.parts.iter().all(Part::is_certain);
    match coll.kind {
        kind @ (CollKind::List | CollKind::Set | CollKind::Map) => {
            Ty::of_elements(kind, element_type(cx, coll))
        }
        CollKind::Tuple if certain => Ty::Tuple(coll.parts.iter().map(|p| type_of(cx, &p.value)).collect()),
        CollKind::Object if certain => {
            let field = |p: &Part| Some((p.key.as_str()?.to_string(), type_of(cx, &p.value)));
            coll.parts.iter().map(field).collect::<Option<_>>().map_or(Ty::Dynamic, Ty::Object)
        }
        CollKind::Tuple | CollKind::Object | CollKind::Sequence(_) | CollKind::Mapping(_) => Ty::Dynamic,
    }
}

/// The element type of a list, set or map; of a tuple or object the one that its elements convert to, if any.
pub fn element_type(cx: &Cx, coll: &Coll) -> Ty {
    if coll.elem != Ty::Dynamic {
        return coll.elem.settled();
    }
    unified(cx, coll).unwrap_or_default()
}

/// The type that all values are known to have.
pub fn common<'v>(cx: &Cx, values: impl IntoIterator<Item = &'v Value>) -> Ty {
    let mut types = values
        .into_iter()
        .flat_map(|v| cx.alternatives(v))
        .filter(|(_, v)| !matches!(v, Value::Null | Value::Refused(_)));
    let Some((_, first)) = types.next() else { return Ty::Dynamic };
    let first = type_of(cx, &first);
    if first.is_whole() && types.all(|(_, v)| type_of(cx, &v) == first) { first } else { Ty::Dynamic }
}

/// The type of the elements of a collection, if it is known.
pub fn element_of(cx: &Cx, value: &Value) -> Ty {
    match value {
        Value::Coll(c) => element_type(cx, c),
        Value::Sym(sym) => {
            type_of_symbol(cx, *sym).elements().map(|(_, elem)| elem.clone()).unwrap_or_default()
        }
        _ => Ty::Dynamic,
    }
}

/// The element type of collections that were converted to one type, if it is certain.
pub fn elem_of(cx: &Cx, collections: &[Value]) -> Ty {
    match collections.first() {
        Some(Value::Coll(coll)) => coll.elem.clone(),
        other => other.map(|v| element_of(cx, v)).unwrap_or_default(),
    }
}

/// The one type that the elements convert to; `None` if there is none.
pub fn unified(cx: &Cx, coll: &Coll) -> Option<Ty> {
    let types: Vec<Ty> =
        coll.parts.iter().flat_map(|p| cx.alternatives(&p.value)).map(|(_, v)| type_of(cx, &v)).collect();
    unify(&types)
}

/// The one type that values of these types convert to; `None` if there is none.
pub fn unify(types: &[Ty]) -> Option<Ty> {
    let mut distinct: Vec<&Ty> = Vec::new();
    for ty in types.iter().filter(|t| **t != Ty::Dynamic) {
        if !distinct.contains(&ty) {
            distinct.push(ty);
        }
    }
    let (first, rest) = match distinct.as_slice() {
        [] => return Some(Ty::Dynamic),
        [one] => return Some((*one).clone()),
        [first, rest @ ..] => (*first, rest),
    };
    let all = |f: fn(&Ty) -> bool| f(first) && rest.iter().all(|t| f(t));
    if all(|t| matches!(t, Ty::Object(_))) || all(|t| matches!(t, Ty::Tuple(_))) {
        return unify_places(&distinct);
    }
    if all(|t| matches!(t, Ty::Map(_) | Ty::Object(_))) {
        let inner = distinct.iter().flat_map(|t| inner_types(t)).collect::<Vec<_>>();
        return Some(Ty::Map(Box::new(unify(&inner)?)));
    }
    if all(|t| matches!(t, Ty::List(_) | Ty::Set(_) | Ty::Tuple(_))) {
        let inner = distinct.iter().flat_map(|t| inner_types(t)).collect::<Vec<_>>();
        let elem = Box::new(unify(&inner)?);
        let list = distinct.iter().any(|t| matches!(t, Ty::List(_)));
        return Some(if list { Ty::List(elem) } else { Ty::Set(elem) });
    }
    if all(Ty::is_scalar) && distinct.contains(&&Ty::String) {
        return Some(Ty::String);
    }
    None
}

fn inner_types(ty: &Ty) -> Vec<Ty> {
    match ty {
        Ty::List(t) | Ty::Set(t) | Ty::Map(t) => vec![(**t).clone()],
        Ty::Tuple(items) => items.clone(),
        Ty::Object(fields) => fields.iter().map(|f| f.1.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Objects with the same attributes stay objects, and tuples of one length tuples; others become maps or lists, if what is in
/// them has one type.
fn unify_places(types: &[&Ty]) -> Option<Ty> {
    let first = *types.first()?;
    let names = |ty: &Ty| match ty {
        Ty::Object(fields) => fields.iter().map(|f| f.0.clone()).collect(),
        other => vec![String::new(); inner_types(other).len()],
    };
    let (own, inner) = (names(first), types.iter().map(|t| inner_types(t)).collect::<Vec<_>>());
    let place = |i| unify(&inner.iter().filter_map(|of| of.get(i).cloned()).collect::<Vec<_>>());
    let keyed = matches!(first, Ty::Object(_));
    if types.iter().all(|t| names(t) == own)
        && let Some(joined) = (0..own.len()).map(place).collect::<Option<Vec<_>>>()
    {
        let fields = || own.into_iter().zip(joined.iter().cloned()).collect();
        return Some(if keyed { Ty::Object(fields()) } else { Ty::Tuple(joined) });
    }
    let kind = if keyed { CollKind::Map } else { CollKind::List };
    let all = inner.concat();
    let elem = match unify(&all) {
        // A null leaves it open: each converts by itself then.
        None if all.contains(&Ty::Dynamic) && inner.iter().all(|own| unify(own).is_some()) => Ty::Dynamic,
        elem => elem?,
    };
    Some(Ty::of_elements(kind, elem))
}

/// A conversion to a type: of a variable's constraint, or of the values beside it.
pub struct Conversion<'a> {
    /// Where the values are.
    pub cx: &'a Cx,
    /// What something unknown becomes; `None` where it is asked for its text, number or bool.
    pub symbol: fn(&Cx, &Value, &Constraint) -> Option<Value>,
    /// What a constraint asks for besides.
    pub asked: Option<Asked<'a>>,
}

/// What a constraint that is written asks for beside its type.
pub struct Asked<'a> {
    /// What becomes of a collection of elements of any type.
    pub of_any: fn(&Cx, &Coll, CollKind) -> Value,
    /// The value of a default of an optional attribute.
    pub defaults: &'a dyn Fn(&Expr) -> Value,
}

impl Conversion<'_> {
    /// A value as of a type; what does not convert is refused, null stays null.
    pub fn of(&self, value: &Value, to: &Constraint) -> Value {
        let cx = self.cx;
        if let Constraint::Is(Ty::Dynamic | Ty::Open(_)) = to {
            return value.clone();
        }
        cx.map(value, |v| match (to, &self.opened(v, to)) {
            (_, Value::Null) => v.clone(),
            (_, Value::Sym(_)) => (self.symbol)(cx, v, to).unwrap_or_else(|| scalar(cx, v, to)),
            (Constraint::Is(_), _) => scalar(cx, v, to),
            (Constraint::Of(kind, elem), Value::Coll(c)) if c.kind.keyed() == kind.keyed() => {
                match &self.asked {
                    Some(asked) if **elem == Constraint::ANY => (asked.of_any)(cx, c, *kind),
                    None if **elem == Constraint::ANY => {
                        self.elements(c, *kind, &(&element_type(cx, c)).into())
                    }
                    _ => self.elements(c, *kind, elem),
                }
            }
            // The type came from other values, whose own is known; this one's is its own.
            (Constraint::Tuple(_) | Constraint::Object(_), Value::Coll(c)) if self.is_of_its_own(c, to) => {
                v.clone()
            }
            (Constraint::Tuple(items), Value::Coll(c)) if !c.kind.keyed() => self.tuple(c, items),
            (Constraint::Object(fields), Value::Coll(c)) if c.kind.keyed() => self.object(c, fields),
            _ => self.wrong(),
        })
    }

    fn wrong(&self) -> Value {
        let reason = match self.asked {
            Some(_) => "this value does not have the type that the variable asks for",
            None => "these values do not convert to one type",
        };
        Value::refused(reason, None)
    }

    /// A sequence as a tuple: of what stands at each of its places, where it has as many.
    fn tuple(&self, coll: &Coll, items: &[Constraint]) -> Value {
        let cx = self.cx;
        if coll.parts.iter().all(Part::is_certain) {
            if items.len() != coll.parts.len() {
                return self.wrong();
            }
            let parts = coll.parts.iter().zip(items);
            let parts = parts.map(|(p, t)| Part { value: self.of(&p.value, t), ..p.clone() });
            return cx.container(CollKind::Tuple, Ty::Dynamic, parts.collect());
        }
        let whole = Value::Coll(coll.clone().into());
        let fits = cx.equal(&cx.length(&whole), &Num::from_usize(items.len()).into());
        let found =
            |(i, item): (usize, &Constraint)| self.of(&cx.index(&whole, &Num::from_usize(i).into()), item);
        cx.if_else(fits, Value::tuple(items.iter().enumerate().map(found)), self.wrong())
    }

    /// An object that nobody knows as its attributes, where the type has defaults for some of them.
    fn opened(&self, value: &Value, to: &Constraint) -> Value {
        let defaults = match to {
            Constraint::Object(fields) if self.asked.is_some() => fields.iter().any(|f| f.default.is_some()),
            _ => false,
        };
        match value {
            Value::Sym(sym) if defaults && matches!(self.cx.type_of(*sym), Ty::Object(_)) => {
                self.cx.opened(*sym).unwrap_or_else(|| value.clone())
            }
            _ => value.clone(),
        }
    }

    /// A container as a list, set or map of elements of a type.
    pub fn elements(&self, coll: &Coll, kind: CollKind, elem: &Constraint) -> Value {
        let cx = self.cx;
        let met = if kind.keyed() { cx.distinct_parts(coll) } else { cx.sequence_parts(coll) };
        let parts = met.into_iter().map(|p| Part {
            key: if kind.keyed() { p.key } else { Value::Null },
            value: self.of(&p.value, elem),
            ..p
        });
        cx.container(kind, elem.ty(), parts.collect())
    }

    fn is_of_its_own(&self, coll: &Coll, to: &Constraint) -> bool {
        let fits = |p: &Part| match to {
            Constraint::Object(fields) => fields.iter().any(|f| p.key.as_str() == Some(&f.name)),
            _ => true,
        };
        let length = matches!(to, Constraint::Tuple(items) if items.len() != coll.parts.len());
        let keyed = coll.kind.keyed() == matches!(to, Constraint::Object(_));
        let certain = coll.parts.iter().all(|p| p.is_certain() && fits(p));
        self.asked.is_none() && keyed && (length || !certain)
    }

    fn object(&self, coll: &Coll, fields: &[Field]) -> Value {
        let cx = self.cx;
        let whole = Value::Coll(coll.clone().into());
        let mut parts = Vec::with_capacity(fields.len());
        for field in fields {
            let name = Value::from(field.name.as_str());
            let mut found = cx.index(&whole, &name);
            if field.optional {
                // Only a missing attribute is refused here: the elements themselves were evaluated before.
                let there = |v| if matches!(v, Value::Refused(_)) { Value::Null } else { v };
                found = cx.choice(cx.alternatives(&found).into_iter().map(|(g, v)| (g, there(v))).collect());
                if let (Some(default), Some(asked)) = (&field.default, &self.asked) {
                    let null = cx.unset(&found);
                    found = cx.if_else(null, self.of(&(asked.defaults)(default), &field.ty), found);
                }
            }
            let at = coll.parts.iter().rev().find(|p| p.key == name).map(|p| p.at).unwrap_or_default();
            parts.push(Part { at, ..Part::entry(name, self.of(&found, &field.ty)) });
        }
        cx.container(CollKind::Object, Ty::Dynamic, parts)
    }
}

fn scalar(cx: &Cx, value: &Value, to: &Constraint) -> Value {
    match to {
        Constraint::Is(Ty::Bool) => to_bool(cx, value),
        Constraint::Is(Ty::Number) => to_number(cx, value),
        _ => to_string(cx, value),
    }
}

/// A value converted to the type of others; what is not known stays as it is.
pub fn conform(cx: &Cx, value: &Value, to: &Ty) -> Value {
    found(cx).of(value, &to.into())
}

/// A container as a list, set or map of this element type.
pub fn elements(cx: &Cx, coll: &Coll, kind: CollKind, elem: &Ty) -> Value {
    found(cx).elements(coll, kind, &elem.into())
}

/// Conversion to a type that other values have.
fn found(cx: &Cx) -> Conversion<'_> {
    let symbol = |cx: &Cx, v: &Value, to: &Constraint| match (to, v) {
        (Constraint::Is(_), Value::Sym(sym)) => (cx.type_of(*sym) == Ty::Dynamic).then(|| v.clone()),
        _ => Some(converted_to(cx, v, &to.ty())),
    };
    Conversion { cx, symbol, asked: None }
}

/// A symbol as of a type: what is not computed yet is converted once it is; an input stays as it is.
pub fn converted_to(cx: &Cx, symbol: &Value, ty: &Ty) -> Value {
    if !cx.is_call(symbol) || !ty.is_whole() || type_of(cx, symbol) == *ty {
        return symbol.clone();
    }
    cx.call(&CONVERTED, &[symbol.clone(), Value::tuple([ty.sample()])])
}

/// What is a list when the guard holds, and else a tuple: one container where both have the same parts.
pub fn by_kind(cx: &Cx, typed: Guard, as_typed: Value, otherwise: Value) -> Value {
    match (&as_typed, &otherwise) {
        (Value::Coll(x), Value::Coll(y)) if x.parts == y.parts => {
            cx.container(CollKind::sequence(typed), x.elem.clone(), x.parts.clone())
        }
        _ => cx.if_else(typed, as_typed, otherwise),
    }
}

/// A type as Terraform writes it.
pub fn show(ty: &Ty) -> String {
    match ty {
        Ty::Dynamic | Ty::Open(_) => "dynamic".into(),
        Ty::Bool => "bool".into(),
        Ty::Number => "number".into(),
        Ty::String => "string".into(),
        Ty::List(t) => format!("list({})", show(t)),
        Ty::Set(t) => format!("set({})", show(t)),
        Ty::Map(t) => format!("map({})", show(t)),
        Ty::Tuple(items) => format!("tuple([{}])", items.iter().map(show).collect::<Vec<_>>().join(",")),
        Ty::Object(fields) => {
            let shown: Vec<String> = fields.iter().map(|(n, t)| format!("{n}:{}", show(t))).collect();
            format!("object({{{}}})", shown.join(","))
        }
    }
}

/// Whether values of a type convert to another as a part of it: text from scalars, never the other way.
pub fn converts(from: &Ty, to: &Ty) -> bool {
    match (from, to) {
        (Ty::Dynamic, _) | (_, Ty::Dynamic) => true,
        (a, b) if a == b => true,
        (Ty::Bool | Ty::Number, Ty::String) | (Ty::String, Ty::Bool | Ty::Number) => true,
        (Ty::List(a) | Ty::Set(a), Ty::List(b) | Ty::Set(b)) | (Ty::Map(a), Ty::Map(b)) => converts(a, b),
        (Ty::Tuple(items), Ty::List(b) | Ty::Set(b)) => items.iter().all(|t| converts(t, b)),
        (Ty::Object(fields), Ty::Map(b)) => fields.iter().all(|f| converts(&f.1, b)),
        (Ty::Tuple(a), Ty::Tuple(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| converts(a, b)),
        (Ty::Object(a), Ty::Object(b)) => {
            b.iter().all(|(name, t)| a.iter().any(|(n, f)| n == name && converts(f, t)))
        }
        (Ty::Map(a), Ty::Object(b)) => b.iter().all(|f| converts(a, &f.1)),
        _ => false,
    }
}
