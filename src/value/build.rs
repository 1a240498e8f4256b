//! Building strings and containers, canonical from the start.

use super::func::Func;
use super::limits::{PIECES, TEXT};
use super::order::{order, sorted_parts};
use super::symbol::{Leaf, LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{CollKind, Cx, Guard, Part, Value};

/// How many steps a part of a container counts as: it stays in memory.
const PART_STEPS: usize = 4;

/// A string of pieces, for [`Cx::lift`] and for substitution: converts scalars to text, refuses null and containers.
pub static CONCAT: Func = Func::shape("(text)", Ty::String, |cx, _, args| cx.join_pieces(args));

/// Why an object is no piece of a text.
const WHOLE: &str = "an object is not a string: name one of its attributes";

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
                    Some(SymNode::Call(func, of)) if func.same => {
                        let of =
                            |a: &Value| if a == arg { of.first().unwrap_or(a).clone() } else { a.clone() };
                        return self.join_pieces(&args.iter().map(of).collect::<Vec<_>>());
                    }
                    _ if self.is_whole(*sym) => return Value::refused(WHOLE, None),
                    _ => pieces.symbol(*sym),
                },
                Value::Refused(_) => return arg.clone(),
                Value::Null => return Value::refused("a null value stands in a string", None),
                Value::Coll(_) => return Value::refused("a list or map stands in a string", None),
            }
            for (limit, met) in [(&TEXT, pieces.bytes), (&PIECES, pieces.done.len())] {
                if met > limit.most {
                    return self.beyond(limit, Ty::String, args);
                }
            }
        }
        self.spend_text(pieces.bytes);
        self.pieces(pieces.finish())
    }

    /// Whether a symbol is an object as a whole.
    pub fn is_whole(&self, sym: SymId) -> bool {
        self.type_of(sym) == Ty::Dynamic && self.is_leaf(sym, |leaf| leaf.whole)
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
        let (refusal, parts) = self.hoist_refusals(parts);
        let parts = match kind {
            CollKind::Tuple | CollKind::List | CollKind::Sequence(_) => sorted_parts(parts),
            CollKind::Set => self.set_parts(parts),
            CollKind::Object | CollKind::Map | CollKind::Mapping(_) => self.keyed_parts(parts),
        };
        let elem = if kind.typed().is_false() { Ty::Dynamic } else { elem };
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
                        let there = part
                            .generators
                            .iter()
                            .map(|sym| self.not(self.equal(&self.count_of(*sym), &Value::from(0))));
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
        if parts.iter().any(|p| open(p) || !p.generators.is_empty()) {
            return parts.into_iter().map(|p| Part { sort_key: Value::Null, ..p }).collect();
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
                        known.at = part.at;
                        let value = self.if_else(guard, part.value.clone(), known.value.clone());
                        known.value = value;
                        known.guard = self.or(known.guard, guard);
                    }
                    None => {
                        seen.insert(key.clone(), out.len());
                        out.push(Part { guard, key, at: part.at, ..Part::item(part.value.clone()) });
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
                    seen.get(&(value.clone(), part.generators.clone())).and_then(|&i| out.get_mut(i))
                {
                    known.guard = self.or(known.guard, guard);
                } else {
                    seen.insert((value.clone(), part.generators.clone()), out.len());
                    out.push(Part {
                        guard,
                        generators: part.generators.clone(),
                        at: part.at,
                        ..Part::item(value)
                    });
                }
            }
        }
        out.sort_by(|a, b| order(&a.value, &b.value));
        out
    }

    /// A path below a symbol that is known by a leaf of its own: an instance's computed attribute, say.
    pub fn path_leaf(&self, base: SymId, key: &str, leaf: Leaf) -> Value {
        let sym = self.symbols.borrow_mut().path(base, key, leaf);
        self.symbol_value(sym)
    }

    /// The symbol of an instance below an element that tells it apart from its siblings.
    pub fn named_path(&self, base: SymId, name: &str) -> SymId {
        let leaf = Leaf::new(name, Ty::Dynamic, LeafKind::Deployment);
        self.symbols.borrow_mut().path(base, name, Leaf { whole: true, ..leaf })
    }

    /// The symbol of an instance that is told apart by an element, known or not.
    pub(super) fn instance_of(&self, element: &Value, name: &str) -> SymId {
        match element {
            Value::Sym(element) => self.named_path(*element, name),
            known => {
                let name = format!("{name} #{}", self.short_digest(known));
                self.declare(Leaf { whole: true, ..Leaf::new(name, Ty::Dynamic, LeafKind::Deployment) })
            }
        }
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
        self.path_of(base, key, &Value::Null)
    }

    /// An object or a tuple of a known type that nobody knows, as its attributes or elements.
    pub fn opened(&self, sym: SymId) -> Option<Value> {
        match self.type_of(sym) {
            Ty::Object(fields) => {
                Some(Value::object(fields.iter().map(|(name, _)| (name.as_str(), self.path(sym, name)))))
            }
            Ty::Tuple(items) => Some(Value::tuple((0..items.len()).map(|i| self.path(sym, &i.to_string())))),
            _ => None,
        }
    }

    /// The same, where `key` is the text of a value that may be marked.
    pub(super) fn path_of(&self, base: SymId, key: &str, from: &Value) -> Value {
        let hidden = self.stand_in(from);
        let shown = hidden.as_deref().unwrap_or(key);
        // Not a copy of the leaf: the type of an object may have thousands of attributes.
        let below = self.symbols.borrow().leaf(base).map(|owner| {
            let null_if_asked = owner.null_if_asked || owner.holds_nulls;
            (path_name(&owner.name, shown, &owner.ty), owner.ty.element(key), owner.kind, null_if_asked)
        });
        let (name, ty, kind, null_if_asked) = below.unwrap_or_else(|| {
            let name = path_name(&self.name_of(base), shown, &Ty::Dynamic);
            (name, self.type_of(base).element(key), LeafKind::Deployment, false)
        });
        let null_if_asked = null_if_asked || self.gives_null(base, key);
        let leaf = Leaf { null_if_asked, ..Leaf::new(name, ty, kind) };
        let sym = self.symbols.borrow_mut().path(base, key, leaf);
        self.symbol_value(sym)
    }
}

fn path_name(base: &str, key: &str, ty: &Ty) -> String {
    let is_map = matches!(ty, Ty::Map(_));
    if !is_map && key.parse::<u64>().is_ok() {
        return format!("{base}[{key}]");
    }
    let plain = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    if plain && !is_map { format!("{base}.{key}") } else { format!("{base}[{key:?}]") }
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
