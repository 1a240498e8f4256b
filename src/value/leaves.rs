//! What a value is made of: its leaves, and the constants that stand in it.

use std::collections::HashSet;

use super::symbol::{Piece, SymId, SymNode};
use super::{Cx, Value};

/// The name of predicates that ask whether a value is excluded by a constraint: of their arguments only the first is a
/// value that an input meets, and *anything else* is never excluded (a constraint that allows no other value is a list).
pub const EXCLUDED: &str = "(not allowed)";

impl Cx {
    /// The leaves of a value, in order of first occurrence: leaves and paths, whose owners are not leaves here.
    pub fn leaves(&self, value: &Value) -> Vec<SymId> {
        let mut out = Vec::new();
        self.visit(value, &mut HashSet::new(), &mut |sym, leaf| {
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

    /// Visits every symbol in a value's expression; the flag says whether it is a leaf.
    fn visit(&self, value: &Value, seen: &mut HashSet<SymId>, f: &mut dyn FnMut(SymId, bool)) {
        match value {
            Value::Sym(sym) => {
                if !seen.insert(*sym) {
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
                for part in &coll.parts {
                    self.visit(&Value::Bool(part.guard), seen, f);
                    self.visit(&part.key, seen, f);
                    self.visit(&part.place, seen, f);
                    self.visit(&part.value, seen, f);
                    for over in &part.over {
                        self.visit(&Value::Sym(*over), seen, f);
                    }
                }
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => {}
        }
    }
}
