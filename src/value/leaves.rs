//! What a value is made of: its leaves, and the constants that stand in it.

use std::collections::HashSet;

use super::symbol::{LeafKind, Piece, SymId, SymNode};
use super::{Cx, Value};

/// The name of predicates that ask whether a value is excluded by a constraint: of their arguments only the first is a
/// value that an input meets, and *anything else* is never excluded (a constraint that allows no other value is a list).
pub const EXCLUDED: &str = "(not allowed)";

/// Which symbols were visited, and inside of which "each element" that was.
#[derive(Default)]
struct Bound {
    met: HashSet<(SymId, Vec<SymId>)>,
    over: Vec<SymId>,
}

impl Cx {
    /// The leaves of a value, in order of first occurrence: leaves and paths, whose owners are not leaves here.
    pub fn leaves(&self, value: &Value) -> Vec<SymId> {
        let mut out = Vec::new();
        self.visit(value, &mut Bound::default(), &mut |sym, leaf| {
            if leaf && !out.contains(&sym) {
                out.push(sym);
            }
        });
        out
    }

    /// Every known scalar in a value's expression.
    pub(super) fn constants(&self, value: &Value, seen: &mut HashSet<SymId>, out: &mut Vec<Value>) {
        match value {
            Value::Number(_) | Value::String(_) => out.push(value.clone()),
            Value::Bool(g) if g.is_true() || g.is_false() => out.push(value.clone()),
            Value::Bool(g) => {
                for atom in self.atoms(&[*g]) {
                    self.constants(&Value::Sym(atom), seen, out);
                }
            }
            Value::Choice(alternatives) => {
                for (g, v) in alternatives.iter() {
                    self.constants(&Value::Bool(*g), seen, out);
                    self.constants(v, seen, out);
                }
            }
            Value::Coll(coll) => {
                if coll.kind.is_open() {
                    self.constants(&Value::Bool(coll.kind.typed()), seen, out);
                }
                for part in &coll.parts {
                    self.constants(&part.key, seen, out);
                    self.constants(&part.place, seen, out);
                    self.constants(&part.value, seen, out);
                }
            }
            Value::Sym(sym) => {
                // Once for each symbol: one that doubles itself is small, and endless to walk.
                if seen.insert(*sym)
                    && let Some(SymNode::Call(func, args)) = self.node(*sym)
                {
                    let met = if func.name == EXCLUDED { 1 } else { args.len() };
                    for arg in args.iter().take(met) {
                        self.constants(arg, seen, out);
                    }
                }
            }
            Value::Null | Value::Refused(_) => {}
        }
    }

    /// Whether a leaf is, or is part of, an arbitrary element of one of these collections.
    fn is_bound(&self, sym: SymId, over: &[SymId]) -> bool {
        if over.is_empty() {
            return false;
        }
        let mut at = sym;
        while let Some(SymNode::Path(base, _, _)) = self.node(at) {
            at = base;
        }
        let element = self.leaf(at).filter(|l| l.kind == LeafKind::Element);
        element.and_then(|l| l.of).is_some_and(|of| over.contains(&of))
    }

    /// Visits every symbol in a value's expression; the flag says whether it is a leaf.
    fn visit(&self, value: &Value, seen: &mut Bound, f: &mut dyn FnMut(SymId, bool)) {
        match value {
            Value::Sym(sym) => {
                if !seen.met.insert((*sym, seen.over.clone())) || self.is_bound(*sym, &seen.over) {
                    return;
                }
                match self.node(*sym) {
                    Some(SymNode::Leaf(_) | SymNode::Path(..)) => f(*sym, true),
                    Some(SymNode::Concat(pieces)) => {
                        f(*sym, false);
                        for piece in &pieces {
                            if let Piece::Sym(inner) = piece {
                                self.visit(&Value::Sym(*inner), seen, f);
                            }
                        }
                    }
                    Some(SymNode::Call(_, args)) => {
                        f(*sym, false);
                        for arg in &args {
                            self.visit(arg, seen, f);
                        }
                    }
                    None => {}
                }
            }
            Value::Bool(guard) => {
                for atom in self.atoms(&[*guard]) {
                    self.visit(&Value::Sym(atom), seen, f);
                }
            }
            Value::Choice(alternatives) => {
                for (g, v) in alternatives.iter() {
                    self.visit(&Value::Bool(*g), seen, f);
                    self.visit(v, seen, f);
                }
            }
            Value::Coll(coll) => {
                self.visit(&Value::Bool(coll.kind.typed()), seen, f);
                for part in &coll.parts {
                    for over in &part.over {
                        self.visit(&Value::Sym(*over), seen, f);
                    }
                    // Of "each element" none is meant that anybody could name.
                    let outside = seen.over.len();
                    seen.over.extend(&part.over);
                    self.visit(&Value::Bool(part.guard), seen, f);
                    self.visit(&part.key, seen, f);
                    self.visit(&part.place, seen, f);
                    self.visit(&part.value, seen, f);
                    seen.over.truncate(outside);
                }
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => {}
        }
    }
}
