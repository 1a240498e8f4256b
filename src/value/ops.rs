//! Operations that every front end shares: arithmetic, reaching into containers, length.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use super::func::{Elements, Func, Written};
use super::limits::{ALTERNATIVES, DIGITS, PAIRS};
use super::symbol::{Leaf, LeafKind, SymId, SymNode};
use super::types::Ty;
use super::{Coll, CollKind, Cx, Guard, Num, Part, Value};

fn arithmetic(args: &[Value], compute: fn(&Num, &Num) -> Option<Num>) -> Value {
    match args {
        [Value::Number(a), Value::Number(b)] => {
            compute(a, b).map_or_else(|| Value::refused("this calculation has no result", None), Value::from)
        }
        _ => Value::refused("a number is needed", None),
    }
}

/// `a + b`
pub static ADD: Func =
    Func::known("+", Ty::Number, |_, _, a| arithmetic(a, Num::add)).one_to_one().written(Written::Calculated);
/// `a - b`
pub static SUB: Func =
    Func::known("-", Ty::Number, |_, _, a| arithmetic(a, Num::sub)).one_to_one().written(Written::Calculated);
/// `a * b`
pub static MUL: Func = Func::known("*", Ty::Number, |_, _, a| arithmetic(a, Num::mul))
    .solved(factors)
    .written(Written::Calculated);
/// `a / b`
pub static DIV: Func =
    Func::known("/", Ty::Number, |_, _, a| arithmetic(a, Num::div)).written(Written::Calculated);
/// `a % b`
pub static REM: Func = Func::known("%", Ty::Number, |cx, f, a| match a {
    [Value::Number(n), Value::Number(by)] if n.is_far_above(by) => {
        cx.beyond(&DIGITS, Ty::Number, &[&[f.name.into()], a].concat())
    }
    _ => arithmetic(a, Num::rem),
})
.written(Written::Calculated);

/// A product is 0 where a factor is, and is another one with a factor in common where that is 0 or the others are one.
fn factors(cx: &Cx, _: &'static Func, args: &[Value], product: &Value) -> Option<Guard> {
    let [a, b] = args else { return None };
    // What may be null has no product there.
    if args.iter().any(|arg| matches!(arg, Value::Sym(sym) if cx.nullable(*sym))) {
        return None;
    }
    let zero = |v: &Value| cx.equal(v, &Value::from(0));
    match product {
        Value::Number(n) if n.signum() == 0 => Some(cx.or(zero(a), zero(b))),
        Value::Number(n) if a == b && n.signum() < 0 => Some(Guard::FALSE),
        Value::Sym(sym) => {
            let other = cx.args_of(*sym, &MUL)?;
            let [c, d] = &*other else { return None };
            let pairs = [(a, b, c, d), (a, b, d, c), (b, a, c, d), (b, a, d, c)];
            let (common, x, _, y) = pairs.into_iter().find(|(a, _, c, _)| a == c)?;
            Some(cx.or(zero(common), cx.equal(x, y)))
        }
        _ => None,
    }
}

/// An element by an index or key that is not known.
pub static INDEX: Func = Func::shape("(element)", Ty::Dynamic, |cx, _, args| cx.index_args(args))
    .refusing()
    .picking()
    .one_to_one()
    .written(Written::Index);
/// How many steps it takes to compare a part's name with one that is not known: the comparison stays in memory.
const COMPARED_STEPS: usize = 4;
/// Up to so many numbers of earlier parts are told apart where an index is looked up; what has more is looked up once the
/// inputs are filled in.
const COUNTS: usize = 256;
/// The number of elements.
pub static LENGTH: Func =
    Func::shape("length", Ty::Number, |cx, _, args| cx.length_args(args)).counting().in_any_order();

impl Cx {
    /// The attribute or element of a container by key or index. A key that is not there, an index out of range, and
    /// null are refused. An unknown key over known keys gives choices.
    pub fn index(&self, base: &Value, key: &Value) -> Value {
        // Where nothing is to be decided, a look-up takes as long in a large container as in a small one.
        if let Value::Coll(coll) = base
            && let Some(Some(part)) = coll.part_at(key)
        {
            return part.value.clone();
        }
        self.call(&INDEX, &[base.clone(), key.clone()])
    }

    fn index_args(&self, args: &[Value]) -> Value {
        let [base, key] = args else { return Value::refused("an index takes two values", None) };
        match (base, key) {
            (Value::Null, _) => Value::refused("this value is null, so it has no elements", None),
            (_, Value::Null) => Value::refused("the key is null", None),
            (Value::Coll(coll), _) if coll.kind.keyed() => self.keyed(coll, key),
            (Value::Coll(coll), _) if coll.kind.in_a_row() => self.indexed(coll, key),
            (Value::Coll(_), _) => Value::refused("the elements of a set have no index", None),
            (Value::Sym(sym), _) if self.type_of(*sym).is_scalar() => {
                Value::refused("this value has no elements", None)
            }
            (Value::Sym(sym), Value::Number(n))
                if let Some(at) = n.to_usize()
                    && let Some((list, at)) = self.cut_near(*sym, at) =>
            {
                self.index(&list, &Num::from_usize(at).into())
            }
            // What is computed once its arguments are known may turn out to have no such element.
            (Value::Sym(sym), _) if self.type_of(*sym) == Ty::Dynamic && self.is_call(base) => {
                self.opaque(&INDEX, args)
            }
            (Value::Sym(sym), Value::String(text)) => self.below(*sym, text, key),
            (Value::Sym(sym), Value::Number(n)) => self.below(*sym, &n.to_string(), key),
            (Value::Sym(_), _) => self.opaque(&INDEX, args),
            _ => Value::refused("this value has no elements", None),
        }
    }

    fn below(&self, sym: SymId, text: &str, key: &Value) -> Value {
        match self.is_leaf(sym, |leaf| leaf.ty.lacks(text)) {
            true => Value::refused("its type has no such attribute", None),
            false => self.path_of(sym, text, key),
        }
    }

    fn keyed(&self, coll: &Coll, key: &Value) -> Value {
        let key = match key {
            Value::Number(_) | Value::Bool(_) => &self.to_text(key),
            // Keys are text, so what is not yet known is compared as text too.
            Value::Sym(sym) if self.type_of(*sym) != Ty::String => &self.to_text(key),
            other => other,
        };
        if let Value::Choice(_) = key {
            return self.map(key, |k| self.keyed(coll, k));
        }
        let known = key.as_str();
        if known.is_none() && self.leads_too_far(coll, key) {
            return self.later(&ALTERNATIVES, &INDEX, &[Value::Coll(coll.clone().into()), key.clone()]);
        }
        let mut alternatives = Vec::new();
        let mut left = Guard::TRUE;
        // The last entry that fits is the one that counts.
        for part in coll.parts.iter().rev() {
            if left.is_false() {
                break;
            }
            if known.is_some() && part.key.as_str().is_some() && known != part.key.as_str() {
                continue;
            }
            let same = self.and(part.guard, self.equal(&part.key, key));
            if same.is_false() {
                continue;
            }
            // The key of an arbitrary element leads to that very element.
            if !part.generators.is_empty() && part.key != *key {
                // Some element of an unknown collection may have this key; which one is not known.
                return self.opaque(&INDEX, &[Value::Coll(coll.clone().into()), key.clone()]);
            }
            alternatives.push((self.and(left, same), part.value.clone()));
            left = self.and(left, self.not(same));
        }
        if !left.is_false() {
            alternatives
                .push((left, Value::refused(format!("there is no element {}", self.show(key)), None)));
        }
        self.choice(alternatives)
    }

    /// Whether an index or key that is not known leads to more different values than are kept as alternatives.
    fn leads_too_far(&self, coll: &Coll, key: &Value) -> bool {
        self.spend(coll.parts.len() * COMPARED_STEPS);
        let leaves = self.leaves(key);
        // Of listed values a few lead somewhere.
        if !leaves.is_empty() && leaves.iter().all(|&l| self.is_leaf(l, |l| l.closed.is_some())) {
            return false;
        }
        let mut different = HashSet::new();
        coll.parts.iter().any(|p| different.insert(&p.value) && different.len() > ALTERNATIVES.most)
    }

    fn indexed(&self, coll: &Coll, key: &Value) -> Value {
        let number = match key {
            // It may be a number once it is known.
            Value::Sym(sym) if self.type_of(*sym) == Ty::String => {
                return self.opaque(&INDEX, &[Value::Coll(coll.clone().into()), key.clone()]);
            }
            Value::String(text) => Num::parse(text).map(Value::from),
            Value::Number(_) | Value::Sym(_) => Some(key.clone()),
            _ => None,
        };
        let Some(number) = number else { return Value::refused("an index must be a number", None) };
        if let Some(own) = self.own_element(coll, &number) {
            return own;
        }
        if coll.parts.iter().any(|p| !p.generators.is_empty()) || super::order::has_sort_keys(&coll.parts) {
            return self.opaque(&INDEX, &[Value::Coll(coll.clone().into()), number]);
        }
        let wanted = number.as_number().and_then(Num::to_i64);
        if wanted.is_none() && self.leads_too_far(coll, &number) {
            return self.later(&ALTERNATIVES, &INDEX, &[Value::Coll(coll.clone().into()), number]);
        }
        // The index of a guarded part depends on how many of the earlier ones are there: one count per alternative, of
        // neighbours that are there together in one go.
        let mut alternatives = Vec::new();
        let mut counts: Vec<(Guard, usize)> = vec![(Guard::TRUE, 0)];
        for (there, parts) in together(&coll.parts) {
            let mut next: Vec<(Guard, usize)> = Vec::new();
            let mut add = |guard: Guard, count: usize| {
                // What a known index leads to does not depend on how many are there once there are more than that.
                if guard.is_false() || wanted.is_some_and(|n| usize::try_from(n).is_ok_and(|n| n < count)) {
                    return;
                }
                match next.iter_mut().find(|(_, c)| *c == count) {
                    Some(entry) => entry.0 = self.or(entry.0, guard),
                    None => next.push((guard, count)),
                }
            };
            for (guard, count) in &counts {
                let here = self.and(*guard, there);
                for (i, part) in found_at(parts, *count, wanted) {
                    let index = self.and(here, self.equal(&number, &Num::from_usize(i).into()));
                    if !index.is_false() {
                        alternatives.push((index, part.value.clone()));
                    }
                }
                add(here, count + parts.len());
                add(self.and(*guard, self.not(there)), *count);
            }
            if next.len() > COUNTS {
                return self.opaque(&INDEX, &[Value::Coll(coll.clone().into()), number]);
            }
            counts = next;
        }
        let missing = self.not(self.any(alternatives.iter().map(|(g, _)| *g)));
        if !missing.is_false() {
            alternatives
                .push((missing, Value::refused(format!("there is no element {}", self.show(&number)), None)));
        }
        self.choice(alternatives)
    }

    /// The element of a list that was made of an unknown one element by element, where the index is the one that such an
    /// element has.
    pub fn own_element(&self, coll: &Coll, index: &Value) -> Option<Value> {
        match (coll.parts.as_slice(), index) {
            ([part], Value::Sym(sym)) if part.guard.is_true() && part.generators.len() == 1 => {
                let of = self.leaf(*sym)?.of;
                let own = self.tells_elements_apart(*sym) && of == part.generators.first().copied();
                own.then(|| part.value.clone())
            }
            _ => None,
        }
    }

    /// How many elements a container has; the length of a string is not this function's business.
    pub fn length(&self, value: &Value) -> Value {
        self.call(&LENGTH, std::slice::from_ref(value))
    }

    fn length_args(&self, args: &[Value]) -> Value {
        match args {
            [Value::Coll(coll)] => {
                let Some(parts) = self.counted_parts(coll) else { return self.opaque(&LENGTH, args) };
                // Neighbours that are there together count as one.
                let open = together(&parts).filter(|(guard, _)| !guard.is_true()).count();
                if open == 0 {
                    return Num::from_usize(parts.len()).into();
                }
                // Of that many alternatives only those are worked out that somebody asks for (`at_least`).
                if open >= ALTERNATIVES.most { self.opaque(&LENGTH, args) } else { self.count(&parts) }
            }
            [Value::Sym(sym)] => self.count_of(*sym),
            [Value::Null] => Value::refused("a null value has no length", None),
            _ => Value::refused("this value has no length", None),
        }
    }

    /// The parts of a container whose number can be told: none of something unknown, no two that may be one.
    pub fn counted_parts<'a>(&self, coll: &'a Coll) -> Option<Cow<'a, [Part]>> {
        if coll.kind.in_a_row() {
            return coll.parts.iter().all(|p| p.generators.is_empty()).then_some(Cow::Borrowed(&coll.parts));
        }
        let parts = self.distinct_parts(coll);
        // In a set two unknown elements may be one, and in a map two unknown keys; past the number that is compared
        // they are not told apart.
        let filled = |v: &Value| self.leaves(v).into_iter().all(|leaf| self.nth(leaf).is_some());
        let named = |p: &Part| match coll.kind {
            CollKind::Set => p.value.is_known() || filled(&p.value),
            _ => p.key.is_known() || filled(&p.key),
        };
        let told = parts != coll.parts || coll.parts.len() < 2 || coll.parts.iter().all(named);
        (told && parts.iter().all(|p| p.generators.is_empty())).then_some(Cow::Owned(parts))
    }

    /// When a length that was not worked out is at least `k`; `None` for other symbols, and past the limit.
    pub(super) fn at_least(&self, length: SymId, k: i64) -> Option<Guard> {
        let args = self.args_of(length, &LENGTH)?;
        let [Value::Coll(coll)] = &*args else { return None };
        let parts = self.counted_parts(coll)?;
        let Ok(k) = usize::try_from(k) else { return Some(Guard::TRUE) };
        if k > parts.len() {
            return Some(Guard::FALSE);
        }
        // As many may be there as may be missing: the smaller of both is counted.
        let missing = parts.len() - k + 1;
        let (wanted, absent) = if k <= missing { (k, false) } else { (missing, true) };
        if parts.len().saturating_mul(wanted) > PAIRS.most {
            self.later.borrow_mut().insert(length, &PAIRS);
            return None;
        }
        let mut reached = vec![Guard::FALSE; wanted + 1];
        if let Some(none) = reached.first_mut() {
            *none = Guard::TRUE;
        }
        for part in parts.iter() {
            let here = if absent { self.not(part.guard) } else { part.guard };
            for at in (0..wanted).rev() {
                if let [before, next] = reached.get(at..=at + 1).unwrap_or_default() {
                    let both = self.or(*next, self.and(*before, here));
                    reached.splice(at + 1..=at + 1, [both]);
                }
            }
        }
        let enough = reached.last().copied().unwrap_or(Guard::TRUE);
        Some(if absent { self.not(enough) } else { enough })
    }

    fn count(&self, parts: &[Part]) -> Value {
        let mut counts: BTreeMap<usize, Guard> = BTreeMap::from([(0, Guard::TRUE)]);
        for (here, more) in together(parts) {
            let mut next: BTreeMap<usize, Guard> = BTreeMap::new();
            for (count, guard) in counts {
                for (g, c) in [(here, count + more.len()), (self.not(here), count)] {
                    let both = self.and(guard, g);
                    if !both.is_false() {
                        let entry = next.entry(c).or_insert(Guard::FALSE);
                        *entry = self.or(*entry, both);
                    }
                }
            }
            counts = next;
        }
        self.choice(counts.into_iter().map(|(c, g)| (g, Num::from_usize(c).into())).collect())
    }

    /// Says how many elements an unknown collection has.
    pub fn is_counted(&self, sym: SymId, count: &Value) {
        self.counted.borrow_mut().insert(sym, count.clone());
    }

    /// How many elements an unknown collection has, if something says so.
    pub fn counted_by(&self, sym: SymId) -> Option<Value> {
        self.counted.borrow().get(&sym).cloned()
    }

    /// How many elements an unknown collection has: what something says, else a symbol of its own.
    pub fn count_of(&self, sym: SymId) -> Value {
        self.counted_by(sym).or_else(|| self.cut_to(sym)).unwrap_or_else(|| Value::Sym(self.length_of(sym)))
    }

    /// How many elements there are between two known places, where they are cut out of a list.
    fn cut_to(&self, sym: SymId) -> Option<Value> {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return None };
        match (func.elements, &*args) {
            (Some(Elements::Cut), [_, Value::Number(from), Value::Number(to)]) => Some(to.sub(from)?.into()),
            _ => None,
        }
    }

    /// The symbol of the number of elements of an unknown collection.
    pub fn length_of(&self, sym: SymId) -> SymId {
        let mut leaf = Leaf::new(format!("length({})", self.name_of(sym)), Ty::Number, LeafKind::Length);
        leaf.of = Some(sym);
        self.declare(leaf)
    }

    /// `!value`: a bool is negated, all else stays as it is.
    pub fn negate(&self, value: &Value) -> Value {
        self.map(value, |v| match v {
            Value::Bool(guard) => Value::Bool(self.not(*guard)),
            other => other.clone(),
        })
    }
}

/// Neighbours that are there under one guard.
fn together(parts: &[Part]) -> impl Iterator<Item = (Guard, &[Part])> {
    let runs = parts.chunk_by(|a, b| a.guard == b.guard);
    runs.filter_map(|run| Some((run.first()?.guard, run)))
}

/// The parts that may stand at the wanted index, each with its own, where `count` come before the first of them; all,
/// where the index is not known.
fn found_at(parts: &[Part], count: usize, wanted: Option<i64>) -> impl Iterator<Item = (usize, &Part)> {
    let all = 0..parts.len();
    let range = match wanted.map(usize::try_from) {
        None => all,
        Some(Ok(n)) if (count..count + parts.len()).contains(&n) => n - count..n - count + 1,
        Some(_) => 0..0,
    };
    range.filter_map(move |i| Some((count + i, parts.get(i)?)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::{Leaf, LeafKind};
    use super::*;

    /// A list of which an input leaves out the elements of its name; more of them than alternatives are worked out for.
    fn filtered(cx: &Cx, input: &Value) -> Value {
        let names = (0..100).map(|i| Value::from(format!("x{}", i % 50)));
        let parts = names.map(|n| Part { guard: cx.not(cx.equal(input, &n)), ..Part::item(n) });
        cx.container(CollKind::Tuple, Ty::Dynamic, parts.collect())
    }

    #[test]
    fn a_length_that_is_not_worked_out_is_compared_exactly() {
        let cx = Cx::new();
        let sym = cx.declare(Leaf::new("var.s", Ty::String, LeafKind::Input));
        let length = cx.length(&filtered(&cx, &Value::Sym(sym)));
        assert!(matches!(length, Value::Sym(_)));
        let numbers = ["-1", "0", "1", "2.5", "97", "97.5", "98", "98.5", "99", "100", "101"];
        for text in ["x3", "y"] {
            let env = HashMap::from([(sym, Value::from(text))]);
            let known = cx.fill(&length, &env);
            assert_eq!(known, Value::from(if text == "y" { 100 } else { 98 }));
            for n in numbers.map(|n| Value::from(Num::parse(n).unwrap())) {
                let less = [cx.less(&length, &n), cx.less(&n, &length), cx.eq(&length, &n)];
                let wanted = [cx.less(&known, &n), cx.less(&n, &known), cx.eq(&known, &n)];
                assert_eq!(less.map(|v| cx.fill(&v, &env)), wanted, "{text} {}", cx.show(&n));
            }
        }
    }
}
