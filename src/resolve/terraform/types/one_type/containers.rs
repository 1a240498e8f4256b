//! Containers as of one type: of which kind they become, and what their elements do.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::super::unify;
use super::{OneType, Open, one_type, present, with_position};
use crate::value::func::Written;
use crate::value::limits::PAIRS;
use crate::value::{Coll, CollKind, Cx, Func, Guard, Part, Ty, Value};

/// How many parts that may be missing the lengths of two sequences are compared over at once; of more, it is told once
/// the inputs are known.
const COUNTED: usize = 40;

/// Whether two maps have the same keys, or two lists the same length.
static ALIKE: Func = Func::known("(are alike)", Ty::Bool, |_, _, args| match args {
    [Value::Coll(a), Value::Coll(b)] if a.kind.keyed() => {
        Value::from(a.parts.iter().map(|p| &p.key).eq(b.parts.iter().map(|p| &p.key)))
    }
    [Value::Coll(a), Value::Coll(b)] => Value::from(a.parts.len() == b.parts.len()),
    _ => Value::FALSE,
});

/// A value of the type that the elements of a container have, or null.
static ELEMENT: Func = Func::known("(an element's type)", Ty::Dynamic, |cx, _, args| match args {
    [Value::Coll(c)] => unify::element_type(cx, c).sample(),
    _ => Value::Null,
});

/// What a container has at a key or index, or null.
static PLACE: Func = Func::known("(what is at)", Ty::Dynamic, |cx, _, args| match args {
    [of, at] => match cx.index(of, at) {
        Value::Refused(_) => Value::Null,
        found => found,
    },
    _ => Value::Null,
});

/// Whether a value is a list, set or map.
static IS_TYPED: Func = Func::known("(is of one element type)", Ty::Bool, |_, _, args| match args {
    [Value::Coll(c)] => Value::Bool(c.kind.typed()),
    _ => Value::FALSE,
})
.written(Written::Said("of one element type"));

/// The containers among some values: those with keys, or the others.
pub(super) struct Containers {
    /// Each as it becomes, in the order they came.
    pub converted: Vec<Value>,
    /// When their elements have no type in common.
    pub refused: Guard,
}

/// One container, or what has the type of one.
struct Group {
    there: Guard,
    coll: Arc<Coll>,
    /// Its parts, and where each stands: its key or its index, if that can be told.
    parts: Vec<(Part, Option<Value>)>,
}

impl Containers {
    pub fn of(open: &Open, keyed: bool) -> Containers {
        let cx = open.cx;
        let colls = open.seen.iter().filter_map(|s| Some((s.there, s.as_if.as_coll()?)));
        // What may be any container stands beside those that are one.
        let unknown: Vec<(Guard, &Value)> = open
            .seen
            .iter()
            .filter(|s| matches!(s.as_if, Value::Sym(_)))
            .map(|s| (s.there, &s.as_if))
            .collect();
        let groups: Vec<Group> = colls
            .filter(|(_, c)| c.kind.keyed() == keyed)
            .map(|(there, coll)| Group { there, coll: coll.clone(), parts: with_position(cx, coll) })
            .collect();
        let when =
            |f: &dyn Fn(CollKind) -> Guard| cx.any(groups.iter().map(|g| cx.and(g.there, f(g.coll.kind))));
        if groups.is_empty() {
            return Containers { converted: Vec::new(), refused: Guard::FALSE };
        }
        let sets = when(&|kind| Guard::constant(kind == CollKind::Set));
        let lists = when(&|kind| if kind == CollKind::Set { Guard::FALSE } else { kind.typed() });
        // Objects with the same attributes keep a type for each, and so do tuples of one length for each place.
        let typed = if lists.is_true() {
            lists
        } else {
            let is_typed = unknown
                .iter()
                .map(|(there, v)| cx.and(*there, cx.predicate(&IS_TYPED, std::slice::from_ref(*v))));
            let alike = cx.and(alike(cx, &groups, keyed), alike_unknown(cx, &groups, &unknown));
            cx.any([lists, cx.any(is_typed), cx.not(alike)])
        };
        // Beside tuples a set makes sets of them, beside lists it becomes one.
        let as_sets = cx.and(sets, cx.not(lists));
        let members = Members::of(cx, &groups, unknown);
        let (one, each) = (one_type(cx, &members.all()), members.by_place(typed));
        let elem = present(cx, &members.all(), &one.values);
        let (one, elems) = by_itself(cx, &groups, one, elem);
        let refused = cx.if_else(
            cx.or(typed, as_sets),
            Value::Bool(one.refused),
            Value::Bool(each.as_ref().map_or(Guard::FALSE, |e| e.refused)),
        );
        let (mut ones, mut eachs) = (one.values.iter(), each.iter().flat_map(|e| &e.values));
        let mut converted = Vec::with_capacity(groups.len());
        for (group, elem) in groups.iter().zip(elems) {
            let (mut row, mut set) = (Vec::new(), Vec::new());
            for (part, _) in &group.parts {
                let one = ones.next().unwrap_or(&part.value);
                let at_its_place = eachs.next().unwrap_or(&part.value);
                let value = cx.if_else(typed, one.clone(), at_its_place.clone());
                row.push(Part { value, ..part.clone() });
                set.push(Part { value: one.clone(), ..part.clone() });
            }
            let kind = if keyed { CollKind::mapping(typed) } else { CollKind::sequence(typed) };
            let row = || cx.container(kind, elem.clone(), row);
            let set = || cx.container(CollKind::Set, elem.clone(), set);
            converted.push(match as_sets {
                Guard::FALSE => row(),
                Guard::TRUE => set(),
                open => cx.if_else(open, set(), row()),
            });
        }
        Containers { converted, refused: cx.truth(&refused) }
    }
}

/// The elements of containers as of one type, and the element type of each; `one` and `elem` are what all of them together
/// have. Where they have none and something leaves it open, which is null or refused in a tuple or object, each converts by itself.
fn by_itself(cx: &Cx, groups: &[Group], one: OneType, elem: Ty) -> (OneType, Vec<Ty>) {
    let of_none = |g: &Group| cx.and(g.there, cx.not(g.coll.kind.typed()));
    let untyped = |p: &Part| {
        let each = cx.alternatives(&p.value).into_iter();
        let each = each.filter(|(_, v)| matches!(v, Value::Null | Value::Refused(_)));
        cx.and(p.guard, cx.any(each.map(|(g, _)| g).collect::<Vec<_>>()))
    };
    let shared = vec![elem.clone(); groups.len()];
    if one.refused.is_false() {
        return (one, shared);
    }
    let each = groups.iter().flat_map(|g| g.parts.iter().map(|(p, _)| cx.and(of_none(g), untyped(p))));
    let open = cx.and(one.refused, cx.any(each.collect::<Vec<_>>()));
    if open.is_false() {
        return (one, shared);
    }
    let (mut values, mut elems, mut refused) = (Vec::new(), Vec::new(), Guard::FALSE);
    for group in groups {
        let mut members: Vec<(Guard, Value)> =
            group.parts.iter().map(|(p, _)| (cx.and(group.there, p.guard), p.value.clone())).collect();
        if group.coll.elem != Ty::Dynamic {
            members.push((cx.and(group.there, group.coll.kind.typed()), group.coll.elem.sample()));
        }
        let own = one_type(cx, &members);
        let own_elem = present(cx, &members, &own.values);
        refused = cx.or(refused, own.refused);
        values.extend(own.values.into_iter().take(group.parts.len()));
        elems.push(either(cx, open, own_elem, elem.clone()));
    }
    let values = values.into_iter().zip(&one.values).map(|(own, one)| cx.if_else(open, own, one.clone()));
    let refused = cx.and(one.refused, cx.or(cx.not(open), refused));
    (OneType { values: values.collect(), refused }, elems)
}

/// One type where a guard holds, and else another.
pub fn either(cx: &Cx, guard: Guard, then: Ty, otherwise: Ty) -> Ty {
    match guard {
        _ if then == otherwise => then,
        Guard::TRUE => then,
        Guard::FALSE => otherwise,
        _ => cx.type_like(&cx.if_else(guard, then.sample(), otherwise.sample())),
    }
}

/// The elements of some containers.
struct Members<'a> {
    cx: &'a Cx,
    /// When each is there, and what it is; those of one container behind those of the one before it.
    parts: Vec<(Guard, Value)>,
    /// Which container each is of, and its place there.
    places: Vec<(usize, Option<&'a Value>)>,
    /// Types that elements have without being there.
    samples: Vec<(Guard, Value)>,
    /// What may turn out to be a container of the same kind.
    unknown: Vec<(Guard, &'a Value)>,
}

impl<'a> Members<'a> {
    fn of(cx: &'a Cx, groups: &'a [Group], unknown: Vec<(Guard, &'a Value)>) -> Self {
        let sampled = |(there, v): &(Guard, &Value)| (*there, cx.call(&ELEMENT, std::slice::from_ref(*v)));
        let samples = unknown.iter().map(sampled).collect();
        let mut members = Members { cx, parts: Vec::new(), places: Vec::new(), samples, unknown };
        for (i, group) in groups.iter().enumerate() {
            for (part, place) in &group.parts {
                members.parts.push((cx.and(group.there, part.guard), part.value.clone()));
                members.places.push((i, place.as_ref()));
            }
            if group.coll.elem != Ty::Dynamic {
                members
                    .samples
                    .push((cx.and(group.there, group.coll.kind.typed()), group.coll.elem.sample()));
            }
        }
        members
    }

    fn all(&self) -> Vec<(Guard, Value)> {
        [self.parts.as_slice(), &self.samples].concat()
    }

    /// Each as of one type with what is at its place in the other containers. `None` where that changes nothing.
    fn by_place(&self, typed: Guard) -> Option<OneType> {
        let cx = self.cx;
        if typed.is_true() {
            return None;
        }
        let mut at_known: HashMap<&Value, Vec<usize>> = HashMap::new();
        let mut elsewhere: Vec<usize> = Vec::new();
        for (i, (_, place)) in self.places.iter().enumerate() {
            match place.filter(|place| place.is_known()) {
                Some(place) => at_known.entry(place).or_default().push(i),
                None => elsewhere.push(i),
            }
        }
        if elsewhere.len().saturating_mul(self.parts.len()) > PAIRS.most {
            return Some(self.past_comparing());
        }
        let all: Vec<usize> = (0..self.parts.len()).collect();
        let mut refused = Guard::FALSE;
        let mut values = Vec::with_capacity(self.parts.len());
        for ((there, value), (group, place)) in self.parts.iter().zip(&self.places) {
            let mut column = vec![(*there, value.clone())];
            // What stands at another known place is no neighbour.
            let beside = place.and_then(|place| at_known.get(place));
            let near = beside.map_or(all.as_slice(), Vec::as_slice);
            let rest = if beside.is_some() { elsewhere.as_slice() } else { &[] };
            let near =
                near.iter().chain(rest).filter_map(|&i| Some((self.parts.get(i)?, self.places.get(i)?)));
            for ((there, other), (of, at)) in near {
                let same = match (place, at) {
                    _ if of == group => Guard::FALSE,
                    (Some(place), Some(at)) => cx.equal(place, at),
                    _ => Guard::TRUE,
                };
                let there = cx.and(*there, same);
                if !there.is_false() {
                    column.push((there, other.clone()));
                }
            }
            for (there, container) in &self.unknown {
                let at = place.map(|place| cx.call(&PLACE, &[(*container).clone(), place.clone()]));
                column.extend(at.map(|at| (*there, at)));
            }
            let column = one_type(cx, &column);
            refused = cx.or(refused, column.refused);
            values.push(column.values.into_iter().next().unwrap_or_else(|| value.clone()));
        }
        Some(OneType { values, refused })
    }

    /// Each as of a type that is not followed, where too many would have to be compared.
    fn past_comparing(&self) -> OneType {
        let parts = self.parts.iter().map(|(there, v)| Part { guard: *there, ..Part::item(v.clone()) });
        let all = Value::coll(CollKind::Tuple, parts.collect());
        let which = self.cx.beyond(&PAIRS, Ty::String, &[all]);
        let value =
            |(_, v): &(Guard, Value)| self.cx.beyond(&PAIRS, Ty::Dynamic, &[which.clone(), v.clone()]);
        OneType { values: self.parts.iter().map(value).collect(), refused: Guard::FALSE }
    }
}

/// When what may turn out to be a container is like the others in that.
fn alike_unknown(cx: &Cx, groups: &[Group], unknown: &[(Guard, &Value)]) -> Guard {
    let known: Vec<(Guard, Value)> = groups.iter().map(|g| (g.there, Value::Coll(g.coll.clone()))).collect();
    let mut each = Vec::new();
    for (i, (there, v)) in unknown.iter().enumerate() {
        let others = unknown.iter().skip(i + 1).map(|(g, v)| (*g, (*v).clone()));
        for (beside, other) in known.iter().cloned().chain(others) {
            let both = cx.and(*there, beside);
            if !both.is_false() {
                each.push(cx.or(cx.not(both), cx.predicate(&ALIKE, &[other, (*v).clone()])));
            }
        }
    }
    cx.all(each)
}

/// When all containers that are there have the same keys, or are of one length.
fn alike(cx: &Cx, groups: &[Group], keyed: bool) -> Guard {
    let mut each = Vec::new();
    let mut distinct: Vec<&Group> = Vec::new();
    for group in groups {
        // Of many containers most are written alike.
        let like = |g: &&&Group| {
            let certain = |g: &Group| g.parts.iter().all(|(p, _)| p.is_certain());
            g.parts.len() == group.parts.len()
                && ((!keyed && certain(g) && certain(group))
                    || (keyed
                        && g.parts.iter().zip(&group.parts).all(|(a, b)| {
                            a.0.key == b.0.key && a.0.guard == b.0.guard && a.0.generators == b.0.generators
                        })))
        };
        if distinct.iter().find(like).is_some() {
            continue;
        }
        for other in &distinct {
            let both = cx.and(group.there, other.there);
            let same = if keyed { same_keys(cx, other, group) } else { same_length(cx, other, group) };
            each.push(cx.or(cx.not(both), same));
        }
        if each.iter().any(|g| g.is_false()) {
            return Guard::FALSE;
        }
        distinct.push(group);
    }
    cx.all(each)
}

fn same_length(cx: &Cx, x: &Group, y: &Group) -> Guard {
    let open = |g: &Group| g.parts.iter().filter(|(p, _)| !p.is_certain()).count();
    if open(x) + open(y) > COUNTED {
        return cx.predicate(&ALIKE, &[Value::Coll(x.coll.clone()), Value::Coll(y.coll.clone())]);
    }
    let length = |g: &Group| cx.length(&Value::Coll(g.coll.clone()));
    cx.equal(&length(x), &length(y))
}

fn same_keys(cx: &Cx, x: &Group, y: &Group) -> Guard {
    let plain = |g: &Group| g.parts.iter().all(|(p, _)| p.generators.is_empty() && p.key.is_known());
    if plain(x) && plain(y) {
        let mut keys: IndexMap<&Value, [Guard; 2]> = IndexMap::new();
        for (i, group) in [x, y].into_iter().enumerate() {
            for (part, _) in &group.parts {
                if let Some(there) = keys.entry(&part.key).or_insert([Guard::FALSE; 2]).get_mut(i) {
                    *there = cx.or(*there, part.guard);
                }
            }
        }
        let each = keys.into_values().map(|[a, b]| cx.equal(&Value::Bool(a), &Value::Bool(b)));
        return cx.all(each);
    }
    let single = |g: &Group| g.parts.iter().all(|(p, _)| p.generators.is_empty());
    if !single(x) || !single(y) || x.parts.len().saturating_mul(y.parts.len()) > PAIRS.most {
        return cx.predicate(&ALIKE, &[Value::Coll(x.coll.clone()), Value::Coll(y.coll.clone())]);
    }
    let held = |of: &Group, by: &Group| {
        let each = of.parts.iter().map(|(p, _)| {
            let same = by.parts.iter().map(|(q, _)| cx.and(q.guard, cx.equal(&q.key, &p.key)));
            cx.or(cx.not(p.guard), cx.any(same))
        });
        cx.all(each)
    };
    cx.and(held(x, y), held(y, x))
}
