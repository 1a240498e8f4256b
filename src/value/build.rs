//! Building strings and containers, canonical from the start.

use std::cmp::Ordering;

use super::func::Func;
use super::limits::{LARGE_COLLECTION, LONG_TEXT, MAX_PIECES, MAX_SIZE, MAX_TEXT};
use super::symbol::{Leaf, LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{Coll, CollKind, Cx, Guard, Num, Part, Value};

/// How many pairs of parts are compared to tell whether they are one; past it they are taken for different.
pub const COMPARED_PARTS: usize = 4_000;

/// How many steps a part of a container counts as: it stays in memory.
const PART_STEPS: usize = 4;

/// A string of pieces, for [`Cx::lift`] and for substitution: converts scalars to text, refuses null and containers.
pub static CONCAT: Func = Func::shape("(text)", Ty::String, |cx, args| cx.join_pieces(args));

impl Cx {
    /// The text of all of these in a row. Numbers become decimal text, bools `true` or `false`; null and containers
    /// are refused. Unknown pieces give a sequence of pieces.
    pub fn concat(&self, pieces: &[Value]) -> Value {
        let split: Vec<Value> = pieces
            .iter()
            .map(|p| if matches!(p, Value::Bool(_)) { self.split(p) } else { p.clone() })
            .collect();
        self.call(&CONCAT, &split)
    }

    /// A scalar as text: the same as a string of this one piece.
    pub fn to_text(&self, value: &Value) -> Value {
        self.concat(std::slice::from_ref(value))
    }

    fn join_pieces(&self, args: &[Value]) -> Value {
        let mut pieces = Pieces::default();
        for arg in args {
            match arg {
                Value::String(text) => pieces.text(text),
                Value::Number(n) => pieces.text(&n.to_string()),
                Value::Bool(g) if g.is_true() => pieces.text("true"),
                Value::Bool(g) if g.is_false() => pieces.text("false"),
                Value::Bool(_) | Value::Choice(_) => {
                    let mut later = args.to_vec();
                    for a in &mut later {
                        *a = self.split(a);
                    }
                    return self.lift(&CONCAT, &later, &|args| self.join_pieces(args));
                }
                Value::Sym(sym) => match self.node(*sym) {
                    Some(SymNode::Concat(inner)) => inner.iter().for_each(|piece| match piece {
                        Piece::Text(text) => pieces.text(text),
                        Piece::Sym(sym) => pieces.symbol(*sym),
                    }),
                    _ => pieces.symbol(*sym),
                },
                Value::Refused(_) => return arg.clone(),
                Value::Null => return Value::refused("a null value stands in a string", None),
                Value::Coll(_) => return Value::refused("a list or map stands in a string", None),
            }
            if pieces.bytes > MAX_TEXT || pieces.done.len() > MAX_PIECES {
                return self.beyond(LONG_TEXT, Ty::String);
            }
        }
        self.spend_text(pieces.bytes);
        self.pieces(pieces.finish())
    }

    /// The value of a canonical sequence of pieces.
    pub fn pieces(&self, pieces: Vec<Piece>) -> Value {
        match pieces.as_slice() {
            [] => Value::from(""),
            [Piece::Text(text)] => Value::String(text.clone()),
            [Piece::Sym(sym)] if self.type_of(*sym) == Ty::String => Value::Sym(*sym),
            _ => Value::Sym(self.intern(SymNode::Concat(pieces.into()))),
        }
    }

    /// A container from parts: keyed ones are put in order of their keys (a later certain part replaces an equal
    /// earlier key, an uncertain one makes choices), sets in order of their values without duplicates.
    pub fn container(&self, kind: CollKind, elem: Ty, parts: Vec<Part>) -> Value {
        let parts: Vec<Part> = parts.into_iter().filter(|p| !p.guard.is_false()).collect();
        self.spend(parts.len() * PART_STEPS);
        if parts.len() > MAX_SIZE as usize {
            return self.beyond(LARGE_COLLECTION, Ty::Dynamic);
        }
        let (refusal, parts) = self.hoist_refusals(parts);
        let parts = match kind {
            CollKind::Tuple | CollKind::List => placed_parts(parts),
            CollKind::Set => self.set_parts(parts),
            CollKind::Object | CollKind::Map => self.keyed_parts(parts),
        };
        let built = self.bounded(Value::typed(kind, elem, parts));
        match refusal {
            None => built,
            Some((guard, refused)) => self.choice(vec![(guard, refused), (self.not(guard), built)]),
        }
    }

    /// A refusal inside an element is a refusal of the whole: Terraform evaluates every element.
    fn hoist_refusals(&self, parts: Vec<Part>) -> (Option<(Guard, Value)>, Vec<Part>) {
        let mut refusal: Option<(Guard, Value)> = None;
        let mut out = Vec::with_capacity(parts.len());
        for mut part in parts {
            let mut possible = true;
            for field in [true, false] {
                let value = if field { &part.key } else { &part.value };
                let mut rest = Vec::new();
                let mut found: Option<(Guard, Value)> = None;
                for (guard, alternative) in self.alternatives(value) {
                    if matches!(alternative, Value::Refused(_)) {
                        // Of an empty collection no element is evaluated.
                        let there = part.over.iter().map(|sym| {
                            self.not(self.equal(&Value::Sym(self.length_of(*sym)), &Value::from(0)))
                        });
                        let here = self.all([self.and(part.guard, guard), self.all(there)]);
                        found = Some(match found {
                            None => (here, alternative),
                            Some((g, first)) => (self.or(g, here), first),
                        });
                    } else {
                        rest.push((guard, alternative));
                    }
                }
                if let Some((guard, refused)) = found {
                    refusal = Some(match refusal {
                        None => (guard, refused),
                        Some((g, first)) => (self.or(g, guard), first),
                    });
                    // Where nothing else is left the part is in no container at all.
                    possible &= !rest.is_empty();
                    if possible {
                        *(if field { &mut part.key } else { &mut part.value }) = self.choice(rest);
                    }
                }
            }
            if possible {
                out.push(part);
            }
        }
        (refusal, out)
    }

    fn keyed_parts(&self, parts: Vec<Part>) -> Vec<Part> {
        // Which of two entries wins is not known while a key is not: then all stay, as written, and a look-up takes
        // the last that fits.
        let open = |p: &Part| self.alternatives(&p.key).iter().any(|(_, k)| matches!(k, Value::Sym(_)));
        if parts.iter().any(|p| open(p) || !p.over.is_empty()) {
            return parts.into_iter().map(|p| Part { place: Value::Null, ..p }).collect();
        }
        let mut out: Vec<Part> = Vec::with_capacity(parts.len());
        let mut seen: std::collections::HashMap<Value, usize> = std::collections::HashMap::new();
        for part in parts {
            // A key that depends on inputs becomes one guarded part per alternative.
            for (guard, key) in self.alternatives(&part.key) {
                let guard = self.and(part.guard, guard);
                if guard.is_false() {
                    continue;
                }
                match seen.get(&key).and_then(|&i| out.get_mut(i)) {
                    Some(known) => {
                        let value = self.if_else(guard, part.value.clone(), known.value.clone());
                        known.value = value;
                        known.guard = self.or(known.guard, guard);
                    }
                    None => {
                        seen.insert(key.clone(), out.len());
                        out.push(Part { guard, key, ..Part::item(part.value.clone()) });
                    }
                }
            }
        }
        out.sort_by(|a, b| order(&a.key, &b.key));
        out
    }

    fn set_parts(&self, parts: Vec<Part>) -> Vec<Part> {
        let mut out: Vec<Part> = Vec::with_capacity(parts.len());
        let mut seen: std::collections::HashMap<(Value, Vec<SymId>), usize> =
            std::collections::HashMap::new();
        for part in parts {
            for (guard, value) in self.alternatives(&part.value) {
                let guard = self.and(part.guard, guard);
                if let Some(known) =
                    seen.get(&(value.clone(), part.over.clone())).and_then(|&i| out.get_mut(i))
                {
                    known.guard = self.or(known.guard, guard);
                } else {
                    seen.insert((value.clone(), part.over.clone()), out.len());
                    out.push(Part { guard, over: part.over.clone(), ..Part::item(value) });
                }
            }
        }
        out.sort_by(|a, b| order(&a.value, &b.value));
        out
    }

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
            .filter(|p| p.over.is_empty() && !name(p).is_known() && self.is_of_inputs(&name(p)))
            .count();
        let unique = !keyed && coll.kind != CollKind::Set;
        if unique || open == 0 || open.saturating_mul(coll.parts.len()) > COMPARED_PARTS {
            return coll.parts.clone();
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
            if !part.over.is_empty() {
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

    /// The entries of a map whose single ones come first, where the elements of an unknown collection after them may
    /// have their keys: then these count. `None` where none of them has to change.
    fn over_written(&self, coll: &Coll) -> Option<Vec<Part>> {
        let last = coll.parts.iter().rposition(|p| !p.over.is_empty())?;
        let mut changed = false;
        let met = coll.parts.iter().enumerate().map(|(i, part)| {
            if i > last || !part.over.is_empty() || !matches!(part.key, Value::String(_)) {
                return part.clone();
            }
            let later = coll.parts.iter().skip(i + 1).filter(|p| !p.over.is_empty());
            let value = later.fold(part.value.clone(), |value, over| self.or_element(value, &part.key, over));
            changed |= value != part.value;
            Part { value, ..part.clone() }
        });
        let mut met: Vec<Part> = met.collect();
        // Single entries first: then nothing is left that could come later and count.
        met.sort_by_key(|p| p.over.is_empty());
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
            (over.over.as_slice(), &over.key, &over.value, key)
            && over.guard.is_true()
            && [own, element].iter().all(|&&s| self.leaf(s).is_some_and(|l| l.of == Some(*source)))
        {
            let there = self.path(*source, text);
            return self.if_else(self.absent(&there), value, there);
        }
        // Which element that is, and whether there is one, only the deployment knows.
        let entry = Part { key: key.clone(), ..Part::item(value.clone()) };
        let found = self.index(&Value::coll(CollKind::Map, vec![entry, over.clone()]), key);
        let alternatives = self.alternatives(&found).into_iter();
        let or_value = |v| if matches!(v, Value::Refused(_)) { value.clone() } else { v };
        self.choice(alternatives.map(|(guard, v)| (guard, or_value(v))).collect())
    }

    /// The parts of a container as those of a sequence: as they are met one by one, each with its place where the order
    /// depends on inputs.
    pub fn sequence_parts(&self, coll: &Coll) -> Vec<Part> {
        let name = |p: &Part| if coll.kind.keyed() { p.key.clone() } else { p.value.clone() };
        let open = self.order_is_open(coll);
        let placed = |p: Part| if open { Part { place: name(&p), ..p } } else { p };
        self.distinct_parts(coll).into_iter().map(placed).collect()
    }

    /// Whether the order of a set, or of a map's keys, depends on inputs. (Of unknown collections nothing is said by
    /// place.)
    fn order_is_open(&self, coll: &Coll) -> bool {
        let single = || coll.parts.iter().filter(|p| p.over.is_empty());
        let open = match coll.kind {
            CollKind::Tuple | CollKind::List => return false,
            CollKind::Set => single().any(|p| !p.value.is_known()),
            CollKind::Object | CollKind::Map => single().any(|p| !p.key.is_known()),
        };
        open && single().count() > 1
    }

    /// Whether values depend on nothing but inputs, so that they may be given one value.
    pub fn are_inputs(&self, values: &[&Value]) -> bool {
        values.iter().all(|v| self.is_of_inputs(v))
    }

    fn is_of_inputs(&self, value: &Value) -> bool {
        self.leaves(value).into_iter().all(|l| self.leaf(l).is_some_and(|l| l.kind == LeafKind::Input))
    }

    /// Whether no two elements of a collection are alike in this leaf: an index, a key, an element of a set.
    pub fn tells_elements_apart(&self, sym: SymId) -> bool {
        let Some(leaf) = self.leaf(sym).filter(|l| l.kind == LeafKind::Element) else { return false };
        let Some(of) = leaf.of else { return false };
        let set = matches!(self.type_of(of), Ty::Set(_));
        set || ["key", "index"].iter().any(|what| *leaf.name == format!("{what} of {}[*]", self.name_of(of)))
    }

    /// A path below a symbol that is known by a leaf of its own: an instance's computed attribute, say.
    pub fn path_leaf(&self, base: SymId, key: &str, leaf: Leaf) -> Value {
        let sym = self.symbols.borrow_mut().path(base, key, leaf);
        self.symbol_value(sym)
    }

    /// The symbol of an instance below an element that tells it apart from its siblings.
    pub fn named_path(&self, base: SymId, name: &str) -> SymId {
        let leaf = Leaf::new(name, Ty::Dynamic, LeafKind::Deployment);
        self.symbols.borrow_mut().path(base, name, leaf)
    }

    /// Whether a path leads down from `owner`.
    pub fn is_below(&self, sym: SymId, owner: SymId) -> bool {
        let mut at = sym;
        while let Some(SymNode::Path(base, _, _)) = self.node(at) {
            if base == owner {
                return true;
            }
            at = base;
        }
        false
    }

    /// The symbol of an attribute or element of a symbol.
    pub fn path(&self, base: SymId, key: &str) -> Value {
        let owner = self.leaf(base);
        let name = match &owner {
            Some(leaf) => path_name(&leaf.name, key, &leaf.ty),
            None => path_name(&self.name_of(base), key, &Ty::Dynamic),
        };
        let ty = self.type_of(base).element(key);
        let kind = owner.map_or(LeafKind::Deployment, |l| {
            if l.kind == LeafKind::Length { LeafKind::Deployment } else { l.kind }
        });
        let sym = self.symbols.borrow_mut().path(base, key, Leaf::new(name, ty, kind));
        self.symbol_value(sym)
    }
}

/// Whether inputs decide the order of a sequence.
pub fn is_placed(parts: &[Part]) -> bool {
    parts.iter().any(|p| p.place != Value::Null)
}

/// The parts of sequences in a row; where a sequence's order is open, so is that of the whole.
pub fn in_a_row(sequences: Vec<Vec<Part>>) -> Vec<Part> {
    if !sequences.iter().any(|s| is_placed(s)) {
        return sequences.concat();
    }
    let rows = sequences.into_iter().enumerate();
    rows.flat_map(|(row, parts)| {
        let within = parts.into_iter().enumerate();
        within.map(move |(i, p)| Part { place: below(Num::from_usize(row).into(), place_of(&p, i)), ..p })
    })
    .collect()
}

/// The place of a part of a sequence, which is the part at `i`.
pub fn place_of(part: &Part, i: usize) -> Value {
    if part.place == Value::Null { Num::from_usize(i).into() } else { part.place.clone() }
}

/// The place of something that stands at `inner` within what stands at `outer`.
pub fn below(outer: Value, inner: Value) -> Value {
    Value::tuple([outer, inner])
}

/// Parts in the order of their places, once those are known.
fn placed_parts(mut parts: Vec<Part>) -> Vec<Part> {
    if is_placed(&parts) && parts.iter().all(|p| p.place.is_known() && p.over.is_empty()) {
        parts.sort_by(|a, b| order(&a.place, &b.place));
        parts.iter_mut().for_each(|p| p.place = Value::Null);
    }
    parts
}

fn path_name(base: &str, key: &str, ty: &Ty) -> String {
    if key.parse::<u64>().is_ok() {
        return format!("{base}[{key}]");
    }
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if plain && !matches!(ty, Ty::Map(_)) { format!("{base}.{key}") } else { format!("{base}[{key:?}]") }
}

/// Pieces under construction: text gathers until a symbol ends it.
#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    open: String,
    /// All text so far.
    bytes: usize,
}

impl Pieces {
    fn text(&mut self, text: &str) {
        self.bytes += text.len();
        self.open.push_str(text);
    }

    fn symbol(&mut self, sym: SymId) {
        self.close();
        self.done.push(Piece::Sym(sym));
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push(Piece::Text(std::mem::take(&mut self.open).into()));
        }
    }

    fn finish(mut self) -> Vec<Piece> {
        self.close();
        self.done
    }
}

/// The order of set elements and map keys: strings by code point, numbers by size, containers part by part, then
/// everything else as made.
pub fn order(a: &Value, b: &Value) -> Ordering {
    fn rank(v: &Value) -> u8 {
        match v {
            Value::Null => 0,
            Value::Bool(_) => 1,
            Value::Number(_) => 2,
            Value::String(_) => 3,
            Value::Coll(_) => 4,
            Value::Sym(_) => 5,
            Value::Choice(_) | Value::Refused(_) => 6,
        }
    }
    match (a, b) {
        (Value::String(x), Value::String(y)) => x.cmp(y),
        (Value::Number(x), Value::Number(y)) => x.cmp(y),
        (Value::Bool(x), Value::Bool(y)) => x.is_true().cmp(&y.is_true()),
        (Value::Coll(x), Value::Coll(y)) => {
            let parts = x.parts.iter().zip(&y.parts);
            let mut orders =
                parts.map(|(a, b)| order(&a.key, &b.key).then_with(|| order(&a.value, &b.value)));
            orders.find(|o| o.is_ne()).unwrap_or_else(|| x.parts.len().cmp(&y.parts.len()))
        }
        _ => rank(a).cmp(&rank(b)),
    }
}
