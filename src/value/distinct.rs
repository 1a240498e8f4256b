//! Which parts of a container may turn out to be one: elements of a set, keys of a map.
//!
//! Inputs may be given one value; what the deployment makes of different things, and elements of unknown collections, are
//! taken for different.

use super::limits::PAIRS;
use super::order::order;
use super::sizes::Sizes;
use super::symbol::{Hop, Leaf, LeafKind, Nth, Role, SymId, SymNode};
use super::types::Ty;
use super::{Coll, CollKind, Cx, Guard, Num, Part, Value};

impl Cx {
    /// The parts as they are met one by one: of two that turn out to be one element, or to have one key, only one is
    /// there. In a map the later entry counts.
    pub fn distinct_parts(&self, coll: &Coll) -> Vec<Part> {
        let keyed = coll.kind.keyed();
        if keyed && let Some(met) = self.over_written(coll) {
            return self.distinct_parts(&Coll { parts: met, ..coll.clone() });
        }
        let name = |p: &Part| if keyed { p.key.clone() } else { p.value.clone() };
        // What the deployment makes of different things is taken for different; inputs may be given one value.
        let open = coll
            .parts
            .iter()
            .filter(|p| p.generators.is_empty() && !name(p).is_known() && self.is_of_inputs(&name(p)))
            .count();
        let unique = coll.kind.in_a_row();
        if unique || open == 0 {
            return coll.parts.clone();
        }
        if open.saturating_mul(coll.parts.len()) > PAIRS.most {
            return self.perhaps_distinct(coll);
        }
        let mut parts = coll.parts.clone();
        if keyed {
            parts.reverse();
        }
        let mut out: Vec<Part> = Vec::with_capacity(parts.len());
        let mut known: std::collections::HashMap<Value, Guard> = std::collections::HashMap::new();
        let mut unknown: Vec<(Value, Guard)> = Vec::new();
        for part in parts {
            // Elements of unknown collections are taken for distinct.
            if !part.generators.is_empty() {
                out.push(part);
                continue;
            }
            let name = name(&part);
            let inputs = self.is_of_inputs(&name);
            let same = |(other, guard): (&Value, Guard)| {
                if inputs && self.is_of_inputs(other) {
                    self.and(guard, self.equal(other, &name))
                } else {
                    Guard::FALSE
                }
            };
            let mut again: Vec<Guard> = unknown.iter().map(|(v, g)| same((v, *g))).collect();
            if name.is_known() {
                again.extend(known.get(&name));
            } else {
                let mut all: Vec<(&Value, &Guard)> = known.iter().collect();
                all.sort_by(|a, b| order(a.0, b.0));
                again.extend(all.into_iter().map(|(v, g)| same((v, *g))));
            }
            let guard = self.and(part.guard, self.not(self.any(again)));
            if name.is_known() {
                let here = known.entry(name).or_insert(Guard::FALSE);
                *here = self.or(*here, part.guard);
            } else {
                unknown.push((name, part.guard));
            }
            if !guard.is_false() {
                out.push(Part { guard, ..part });
            }
        }
        if keyed {
            out.reverse();
        }
        out
    }

    /// The parts of a container that are too many to be compared: one is there, each other one perhaps.
    fn perhaps_distinct(&self, coll: &Coll) -> Vec<Part> {
        let which = self.short_digest(&Value::Coll(coll.clone().into()));
        let mut certain = true;
        let met = coll.parts.iter().enumerate().map(|(i, part)| {
            if !part.generators.is_empty() || std::mem::take(&mut certain) {
                return part.clone();
            }
            let of = [Value::from(which.as_str()), Num::from_usize(i).into()];
            Part { guard: self.and(part.guard, self.open(&PAIRS, &of)), ..part.clone() }
        });
        met.collect()
    }

    /// `merge({ ci = 1 }, var.m)`: the literal entry `ci` is `var.m["ci"]` if that exists, else `1`. `None` if no literal
    /// entry is followed by an unknown map.
    fn over_written(&self, coll: &Coll) -> Option<Vec<Part>> {
        let last = coll.parts.iter().rposition(|p| !p.generators.is_empty())?;
        let mut changed = false;
        let met = coll.parts.iter().enumerate().map(|(i, part)| {
            if i > last || !part.generators.is_empty() || !matches!(part.key, Value::String(_)) {
                return part.clone();
            }
            // What is never there beside it, or gives the same, makes it no other.
            let over = |p: &&Part| !p.generators.is_empty() && p.value != part.value;
            let beside = |p: &&Part| !self.and(part.guard, p.guard).is_false();
            let later = coll.parts.iter().skip(i + 1).filter(over).filter(beside);
            let value = later.fold(part.value.clone(), |value, over| self.or_element(value, &part.key, over));
            changed |= value != part.value;
            Part { value, ..part.clone() }
        });
        let mut met: Vec<Part> = met.collect();
        // Single entries first: then nothing is left that could come later and count.
        met.sort_by_key(|p| p.generators.is_empty());
        changed.then_some(met)
    }

    /// `value`, or the element of this key, if `over` has one.
    fn or_element(&self, value: Value, key: &Value, over: &Part) -> Value {
        let same = self.and(over.guard, self.equal(&over.key, key));
        if same.is_false() {
            return value;
        }
        // An element under its own key, as it is: the look-up of that key.
        if let ([source], Value::Sym(own), Value::Sym(element), Value::String(text)) =
            (over.generators.as_slice(), &over.key, &over.value, key)
            && over.guard.is_true()
            && [own, element].iter().all(|&&s| self.is_leaf(s, |l| l.of == Some(*source)))
        {
            let there = self.path_of(*source, text, key);
            return self.if_else(self.absent(&there), value, there);
        }
        // Which element that is, and whether there is one, only the deployment knows.
        let entry = Part { key: key.clone(), ..Part::item(value.clone()) };
        let found = self.index(&Value::coll(CollKind::Map, vec![entry, over.clone()]), key);
        let alternatives = self.alternatives(&found).into_iter();
        let or_value = |v| if matches!(v, Value::Refused(_)) { value.clone() } else { v };
        self.choice(alternatives.map(|(guard, v)| (guard, or_value(v))).collect())
    }

    /// Whether values depend on nothing but inputs, so that they may be given one value.
    pub fn are_inputs(&self, values: &[&Value]) -> bool {
        values.iter().all(|v| self.is_of_inputs(v))
    }

    /// Whether values depend on nothing but inputs, elements of collections that are filled in among them.
    pub fn are_told(&self, values: &[&Value]) -> bool {
        let told = |leaf| self.nth(leaf).is_some() || self.is_leaf(leaf, |l| l.kind == LeafKind::Input);
        values.iter().all(|v| self.is_of_inputs(v) || self.leaves(v).into_iter().all(told))
    }

    fn is_of_inputs(&self, value: &Value) -> bool {
        // An element of a collection that is filled in may be another one's like, or a name that is written.
        if let Value::Sym(sym) = value
            && self.nth(*sym).is_some()
        {
            return true;
        }
        self.leaves(value).into_iter().all(|l| self.is_leaf(l, |l| l.kind == LeafKind::Input))
    }

    /// Of two texts with the same pieces but for one, that symbol of each: they are one text where the two are one value.
    pub fn differing_piece(&self, a: &Value, b: &Value) -> Option<[SymId; 2]> {
        let (Value::Sym(a), Value::Sym(b)) = (a, b) else { return None };
        self.pieces_of(*a)?;
        if let [(x, y)] = *self.differing(*a, *b)? { Some([x, y]) } else { None }
    }

    /// In what two texts of as many pieces, or two calls of one function, differ; `None` where that is not one symbol and
    /// another.
    pub fn differing(&self, a: SymId, b: SymId) -> Option<Vec<(SymId, SymId)>> {
        let parts = |sym| match self.node(sym)? {
            SymNode::Call(func, args) => Some((Some(func), args.into_vec())),
            SymNode::Concat(pieces) => Some((None, pieces.iter().map(Value::from).collect())),
            _ => None,
        };
        let ((f, p), (g, q)) = (parts(a)?, parts(b)?);
        let pair = |(x, y)| if let (Value::Sym(x), Value::Sym(y)) = (x, y) { Some((x, y)) } else { None };
        let alike = f == g && p.len() == q.len();
        alike.then(|| p.into_iter().zip(q).filter(|(x, y)| x != y).map(pair).collect())?
    }

    /// Whether that symbol is in both an element of a collection that is filled in.
    pub fn differ_in_one_element(&self, a: &Value, b: &Value) -> bool {
        self.differing_piece(a, b).is_some_and(|two| two.into_iter().all(|sym| self.nth(sym).is_some()))
    }

    /// The key and the value of the `n`th element of a collection that is filled in with so many.
    pub fn element(&self, of: SymId, n: usize, sizes: Sizes, ty: Ty) -> (Value, Value) {
        let base = self.nth(of);
        let between = base.as_ref().is_some_and(|nth| nth.between) || !sizes.tells(n);
        let way = base.as_ref().map_or_else(|| vec![Hop::In(of)], |nth| nth.role.clone());
        let at = [base.map(|nth| nth.at).unwrap_or_default(), vec![n]].concat();
        let set = matches!(self.type_of(of), Ty::Set(_));
        let map = matches!(self.type_of(of), Ty::Map(_));
        let nulls = map && self.is_leaf(of, |leaf| leaf.null_if_asked || leaf.holds_nulls);
        let leaf = |kind: Role, name: String, ty: Ty, sorted: bool| {
            let mut leaf = Leaf::new(name, ty, LeafKind::Element(kind));
            let role = [way.as_slice(), &[Hop::Each(kind == Role::Key)]].concat();
            (leaf.of, leaf.nth) = (Some(of), Some(Nth { role, at: at.clone(), sorted, between }));
            leaf.null_if_asked = nulls && kind == Role::Value;
            self.leaf_value(leaf)
        };
        let name = format!("{}[{n}]", self.name_of(of));
        let key = leaf(Role::Key, format!("key of {name}"), Ty::String, true);
        (key, leaf(Role::Value, name, ty, set))
    }

    /// A collection that nobody knows, filled in with so many elements, each made by `part`: its length, and all parts.
    pub fn filled_in(&self, of: SymId, sizes: Sizes, part: impl Fn(usize) -> Part) -> (Value, Vec<Part>) {
        let length = self.length_of(of);
        self.close_to(length, sizes);
        (Value::Sym(length), (0..sizes.most()).map(part).collect())
    }

    /// Takes a number to be one of these.
    pub fn close_to(&self, number: SymId, sizes: Sizes) {
        let listed = sizes.iter().map(|n| Num::from_usize(n).into()).collect();
        self.refine(&self.name_of(number), |leaf| leaf.closed = Some(listed));
    }

    /// Which element of a collection that is filled in a symbol is, or is an attribute of.
    pub fn nth(&self, sym: SymId) -> Option<Nth> {
        if let Some(nth) = self.leaf(sym)?.nth {
            return Some(nth);
        }
        let Some(SymNode::Path(base, key, _)) = self.node(sym) else { return None };
        let mut nth = self.nth(base)?;
        nth.role.push(Hop::Attribute(key));
        Some(Nth { sorted: false, ..nth })
    }

    /// Whether two symbols are two elements of a set that is filled in, or two keys of a map, or one is like no other: then
    /// they differ.
    pub fn are_elements_apart(&self, x: SymId, y: SymId) -> bool {
        let (a, b) = (self.nth(x), self.nth(y));
        let between = [&a, &b].into_iter().flatten().any(|nth| nth.between);
        between && self.leaf(x).is_some() && self.leaf(y).is_some()
            || a.zip(b).is_some_and(|(x, y)| x.sorted && x.role == y.role && x.at != y.at)
    }

    /// Whether two symbols are the same of two elements of a collection that is filled in.
    pub fn are_alike(&self, x: SymId, y: SymId) -> bool {
        self.nth(x).zip(self.nth(y)).is_some_and(|(x, y)| x.role == y.role)
    }

    /// The leaves of a symbol that are the same of another element than those of another symbol.
    pub fn alike_in(&self, x: SymId, y: SymId) -> Vec<SymId> {
        let [x, y] = [x, y].map(|sym| self.leaves(&Value::Sym(sym)));
        let other = x.iter().zip(&y).filter(|(x, y)| x != y && self.are_alike(**x, **y));
        other.map(|(x, _)| *x).collect()
    }

    /// Another element of a collection than this one.
    pub fn another(&self, element: SymId) -> Option<SymId> {
        let leaf = self.leaf(element).filter(Leaf::is_element)?;
        let name = format!("another {}", leaf.name).into();
        Some(self.declare(Leaf { name, other_than: Some(element), ..leaf }))
    }

    /// The same of the first element, where this is another one of a collection, or an attribute of it.
    pub fn of_the_first(&self, sym: SymId) -> SymId {
        let first = match self.node(sym) {
            Some(SymNode::Path(base, key, _)) => match self.path(self.of_the_first(base), &key) {
                Value::Sym(first) => first,
                _ => sym,
            },
            _ => self.leaf(sym).and_then(|leaf| leaf.other_than).unwrap_or(sym),
        };
        if first == sym { sym } else { self.of_the_first(first) }
    }

    /// Whether no two elements of a collection are alike in this leaf: an index, a key, an element of a set.
    pub fn tells_elements_apart(&self, sym: SymId) -> bool {
        let Some(leaf) = self.leaf(sym) else { return false };
        let (LeafKind::Element(role), Some(of)) = (leaf.kind, leaf.of) else { return false };
        // Elements of a collection that is filled in are told apart by their number.
        role != Role::Value && leaf.nth.is_none() || matches!(self.type_of(of), Ty::Set(_))
    }
}
