//! Filling in: a value with some of its leaves replaced, computed anew.
//!
//! This is the other half of the one law: whatever evaluation left symbolic is evaluated here once its leaves are
//! known, by the same functions.

use std::collections::HashMap;

use super::func::Func;
use super::symbol::{Leaf, LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Part, Value};
use crate::guard::formula::FormulaNode;

/// Whether a call is refused; its argument is the call's own symbol. Only [`Subst`] decides it.
pub static REFUSED: Func = Func::known("(is refused)", Ty::Bool, |_, _, _| Value::FALSE);

/// A substitution under way; remembers what it has computed.
pub struct Subst<'a> {
    cx: &'a Cx,
    env: &'a HashMap<SymId, Value>,
    symbols: HashMap<SymId, Value>,
    guards: HashMap<Guard, Guard>,
}

impl Cx {
    /// `value` with the leaves in `env` replaced.
    pub fn fill(&self, value: &Value, env: &HashMap<SymId, Value>) -> Value {
        Subst::new(self, env).value(value)
    }

    /// `value` with supplied inputs as given.
    pub fn as_given(&self, value: &Value) -> Value {
        let given = self.given(value);
        if given.is_empty() { value.clone() } else { self.fill(value, &given) }
    }

    /// The supplied inputs that a value depends on, each with what it is given.
    pub fn given(&self, value: &Value) -> HashMap<SymId, Value> {
        let given = |leaf: SymId| Some((leaf, self.leaf(leaf)?.given?));
        self.leaves(value).into_iter().filter_map(given).collect()
    }
}

impl<'a> Subst<'a> {
    /// A substitution of these leaves.
    pub fn new(cx: &'a Cx, env: &'a HashMap<SymId, Value>) -> Self {
        Subst { cx, env, symbols: HashMap::new(), guards: HashMap::new() }
    }

    /// A value with the leaves replaced.
    pub fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Sym(sym) => self.symbol(*sym),
            Value::Bool(guard) => Value::Bool(self.guard(*guard)),
            Value::Choice(alternatives) => {
                let filled = alternatives
                    .iter()
                    .filter_map(|(g, v)| {
                        let guard = self.guard(*g);
                        (!guard.is_false()).then(|| (guard, self.value(v)))
                    })
                    .collect();
                self.cx.choice(filled)
            }
            Value::Coll(coll) => {
                let parts = coll
                    .parts
                    .iter()
                    .map(|p| Part {
                        guard: self.guard(p.guard),
                        key: self.value(&p.key),
                        sort_key: self.value(&p.sort_key),
                        value: self.value(&p.value),
                        generators: p.generators.clone(),
                        at: p.at,
                    })
                    .collect();
                let kind = coll.kind.when(self.guard(coll.kind.typed()));
                let elem = match &coll.elem {
                    Ty::Open(sym) => {
                        let sample = self.symbol(*sym);
                        self.cx.type_like(&sample)
                    }
                    settled => settled.clone(),
                };
                self.cx.container(kind, elem, parts)
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => value.clone(),
        }
    }

    /// A symbol with the leaves replaced.
    pub fn symbol(&mut self, sym: SymId) -> Value {
        if let Some(value) = self.env.get(&sym) {
            return value.clone();
        }
        if let Some(known) = self.symbols.get(&sym) {
            return known.clone();
        }
        let same = || {
            if self.cx.type_of(sym) == Ty::Bool { Value::Bool(self.cx.atom(sym)) } else { Value::Sym(sym) }
        };
        let filled = match self.cx.node(sym) {
            Some(SymNode::Path(base, key, _)) => match self.symbol(base) {
                Value::Sym(b) if b == base => same(),
                owner => self.cx.index(&owner, &Value::String(key)),
            },
            Some(SymNode::Concat(pieces)) => {
                let filled: Vec<Value> = pieces
                    .iter()
                    .map(|p| match p {
                        Piece::Text(text) => Value::String(text.clone()),
                        Piece::Sym(sym) => self.symbol(*sym),
                    })
                    .collect();
                self.cx.concat(&filled)
            }
            Some(SymNode::Call(func, args)) => {
                let filled: Vec<Value> = args.iter().map(|a| self.value(a)).collect();
                if *func == REFUSED {
                    match (&*args, filled.first()) {
                        // Still the opaque call itself: still open.
                        ([Value::Sym(call)], Some(Value::Sym(still))) if call == still => {
                            Value::Bool(self.cx.atom(sym))
                        }
                        ([Value::Sym(call)], Some(Value::Bool(still))) if *still == self.cx.atom(*call) => {
                            Value::Bool(self.cx.atom(sym))
                        }
                        (_, Some(call)) => Value::Bool(self.cx.refused(call)),
                        (_, None) => Value::FALSE,
                    }
                } else if filled[..] == args[..] {
                    same()
                } else {
                    self.cx.call(func, &filled)
                }
            }
            Some(SymNode::Leaf(_)) => match self.cx.leaf(sym).filter(|l| l.kind == LeafKind::Length) {
                Some(Leaf { of: Some(of), .. }) => match self.symbol(of) {
                    Value::Sym(same) if same == of => Value::Sym(sym),
                    // How many characters a text has is not counted here.
                    Value::String(_) => Value::Sym(sym),
                    collection => self.cx.length(&collection),
                },
                _ => same(),
            },
            _ => same(),
        };
        self.symbols.insert(sym, filled.clone());
        filled
    }

    /// A guard with the leaves replaced. Where an atom is refused it does not hold.
    pub fn guard(&mut self, guard: Guard) -> Guard {
        if guard.is_true() || guard.is_false() {
            return guard;
        }
        if let Some(&known) = self.guards.get(&guard) {
            return known;
        }
        let filled = match self.cx.guard_node(guard) {
            FormulaNode::Constant(_) => guard,
            FormulaNode::Atom(atom) => {
                let value = self.symbol(SymId(atom));
                self.cx.truth(&value)
            }
            FormulaNode::Not(inner) => {
                let inner = self.guard(inner);
                self.cx.not(inner)
            }
            FormulaNode::And(all) => {
                let all: Vec<Guard> = all.iter().map(|&g| self.guard(g)).collect();
                self.cx.all(all)
            }
            FormulaNode::Or(any) => {
                let any: Vec<Guard> = any.iter().map(|&g| self.guard(g)).collect();
                self.cx.any(any)
            }
        };
        self.guards.insert(guard, filled);
        filled
    }
}
