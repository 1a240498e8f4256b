//! The context that values live in: its tables of formulas and symbols.
//!
//! Everything that is resolved together (a root module with its modules, an assembly with its stacks) shares one
//! context; values and guards of different contexts must not meet.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::compare::EQ;
use super::digest::Digest;
use super::func::Func;
use super::limits::Limit;
use super::looped::Looped;
use super::marks::Marks;
use super::seek::Sought;
use super::symbol::{Leaf, Piece, SymId, SymNode, Symbols};
use super::types::Ty;
use super::{Guard, Value};
use crate::guard::Formulas;
use crate::guard::formula::FormulaNode;

/// The context. One thread at a time.
#[derive(Debug, Default)]
pub struct Cx {
    pub(super) formulas: RefCell<Formulas>,
    pub(super) symbols: RefCell<Symbols>,
    /// Whether a limit was met at all.
    pub(super) overflowed: Cell<bool>,
    /// Steps taken so far.
    pub(super) steps: Cell<u64>,
    /// What questions took so far, in nodes.
    pub(super) asked: Cell<usize>,
    pub(super) marks: RefCell<Marks>,
    /// The limit that was met last, until somebody takes it.
    pub(super) spent: Cell<Option<&'static Limit>>,
    /// How many values were not looked at.
    pub(super) unseen: Cell<u32>,
    /// Calls that are past a limit as long as inputs are not known.
    pub(super) later: RefCell<FxHashMap<SymId, &'static Limit>>,
    pub(super) shown_symbols: RefCell<HashMap<SymId, Arc<str>>>,
    /// The leaves of symbols that were asked for.
    pub(super) leaf_lists: RefCell<FxHashMap<SymId, Vec<SymId>>>,
    pub(super) shown_guards: RefCell<HashMap<Guard, Arc<str>>>,
    pub(super) symbol_digests: RefCell<HashMap<SymId, Digest>>,
    pub(super) guard_digests: RefCell<HashMap<Guard, Digest>>,
    /// The lists in which places were asked for last.
    pub(super) sought: RefCell<Vec<Sought>>,
    /// Whether the elements of a list that is filled in were taken to be in order.
    pub order_assumed: Cell<bool>,
    /// Whether an element by itself was taken to hold nothing that it is cut at, although it may (`split("/", var.paths[0])`).
    pub cut_alone: Cell<bool>,
    /// Inputs that may be overridden by null, of which something asked whether they are.
    pub(super) asked_for_null: RefCell<BTreeSet<Arc<str>>>,
    /// How many elements a collection has of which something says so.
    pub(super) counted: RefCell<FxHashMap<SymId, Value>>,
    /// The calls that are filled in as lists, each with that; and what is read of them in these.
    pub(super) opened: RefCell<HashMap<SymId, Value>>,
    /// The collections of no known type that are to be filled in; those that are taken for lists; and those that were filled
    /// in, each with that and when it is something else.
    pub(super) looped: RefCell<Looped>,
    pub(super) listed: RefCell<Looped>,
    pub(super) filled: RefCell<HashMap<SymId, (Guard, Value)>>,
    /// How many elements a call gives at least.
    pub(super) fewest: RefCell<FxHashMap<SymId, usize>>,
}

impl Cx {
    /// An empty context.
    pub fn new() -> Self {
        Cx::default()
    }

    /// Whether a limit was met.
    pub fn overflowed(&self) -> bool {
        self.overflowed.get()
    }

    // ---- guards -------------------------------------------------------------------------------------------------

    /// Both.
    pub fn and(&self, a: Guard, b: Guard) -> Guard {
        self.formulas.borrow_mut().and(a, b)
    }

    /// Both: of the second, only what is left where the first holds.
    pub fn and_where(&self, first: Guard, second: Guard) -> Guard {
        let asked: HashSet<SymId> = self.atoms(&[second]).into_iter().collect();
        let said = self.formulas.borrow().literals(first);
        let said = said.into_iter().map(|(atom, holds)| (SymId(atom), Value::from(holds)));
        let said: HashMap<SymId, Value> = said.filter(|(atom, _)| asked.contains(atom)).collect();
        let left = if said.is_empty() { second } else { self.truth(&self.fill(&Value::Bool(second), &said)) };
        self.and(first, left)
    }

    /// Either.
    pub fn or(&self, a: Guard, b: Guard) -> Guard {
        self.formulas.borrow_mut().or(a, b)
    }

    /// Not.
    pub fn not(&self, a: Guard) -> Guard {
        self.formulas.borrow_mut().not(a)
    }

    /// All of them.
    pub fn all(&self, guards: impl IntoIterator<Item = Guard>) -> Guard {
        // The operands may be computed lazily, with this context.
        let guards: Vec<Guard> = guards.into_iter().collect();
        self.formulas.borrow_mut().all(guards)
    }

    /// Any of them.
    pub fn any(&self, guards: impl IntoIterator<Item = Guard>) -> Guard {
        // The operands may be computed lazily, with this context.
        let guards: Vec<Guard> = guards.into_iter().collect();
        self.formulas.borrow_mut().any(guards)
    }

    /// At least two of them.
    pub fn at_least_two(&self, guards: impl IntoIterator<Item = Guard>) -> Guard {
        // The operands may be computed lazily, with this context.
        let guards: Vec<Guard> = guards.into_iter().collect();
        self.formulas.borrow_mut().at_least_two(guards)
    }

    /// The guard that says a symbol of type bool is true.
    pub fn atom(&self, sym: SymId) -> Guard {
        self.formulas.borrow_mut().atom(sym.0)
    }

    /// The atoms of guards that hold or do not, each with whether it holds or does not in what makes them so: both where it may.
    pub fn literals(&self, guards: &[(Guard, bool)]) -> Vec<(SymId, bool)> {
        let (mut stack, mut met, mut out) = (guards.to_vec(), HashSet::new(), Vec::new());
        while let Some((guard, holds)) = stack.pop() {
            if !met.insert((guard, holds)) {
                continue;
            }
            match self.guard_node(guard) {
                FormulaNode::Constant(_) => {}
                FormulaNode::Not(of) => stack.push((of, !holds)),
                FormulaNode::And(all) | FormulaNode::Or(all) => {
                    stack.extend(all.iter().map(|of| (*of, holds)));
                }
                FormulaNode::Atom(atom) => out.push((SymId(atom), holds)),
            }
        }
        out
    }

    /// What a guard is made of.
    pub fn guard_node(&self, guard: Guard) -> FormulaNode {
        self.formulas.borrow().node(guard).clone()
    }

    /// The symbol that a guard says is true, and nothing else.
    pub fn atom_of(&self, guard: Guard) -> Option<SymId> {
        if let FormulaNode::Atom(atom) = self.guard_node(guard) { Some(SymId(atom)) } else { None }
    }

    /// Every atom in these guards, as symbols, in the order of first occurrence.
    pub fn atoms(&self, guards: &[Guard]) -> Vec<SymId> {
        self.formulas.borrow().atoms(guards).into_iter().map(SymId).collect()
    }

    // ---- symbols ------------------------------------------------------------------------------------------------

    /// The symbol of a leaf; one per name, the first declaration counts.
    pub fn declare(&self, leaf: Leaf) -> SymId {
        self.symbols.borrow_mut().declare(leaf)
    }

    /// The value of a leaf: a guard for a bool, choices where it may be null, else its symbol.
    pub fn leaf_value(&self, leaf: Leaf) -> Value {
        let sym = self.declare(leaf);
        self.symbol_value(sym)
    }

    /// What is known of a leaf or path; `None` for other symbols.
    pub fn leaf(&self, sym: SymId) -> Option<Leaf> {
        self.symbols.borrow().leaf(sym).cloned()
    }

    /// Whether a symbol is a leaf of which this holds. Its values may be thousands, which [`Cx::leaf`] copies.
    pub fn is_leaf(&self, sym: SymId, holds: impl FnOnce(&Leaf) -> bool) -> bool {
        self.symbols.borrow().leaf(sym).is_some_and(holds)
    }

    /// Changes what is known of a leaf.
    pub fn refine(&self, name: &str, change: impl FnOnce(&mut Leaf)) {
        self.symbols.borrow_mut().refine(name, change);
    }

    /// What a symbol is.
    pub fn node(&self, sym: SymId) -> Option<SymNode> {
        self.symbols.borrow().node(sym).cloned()
    }

    /// The symbol that a value is, one of type bool too.
    pub fn symbol_of(&self, value: &Value) -> Option<SymId> {
        match value {
            Value::Sym(sym) => Some(*sym),
            Value::Bool(guard) => self.atom_of(*guard),
            _ => None,
        }
    }

    /// The pieces of a symbol that is a text put together of them.
    pub fn pieces_of(&self, sym: SymId) -> Option<Box<[Piece]>> {
        if let Some(SymNode::Concat(pieces)) = self.node(sym) { Some(pieces) } else { None }
    }

    /// The function of a symbol that is a call.
    pub fn func_of(&self, sym: SymId) -> Option<&'static Func> {
        if let Some(SymNode::Call(func, _)) = self.symbols.borrow().node(sym) { Some(func) } else { None }
    }

    /// Whether a value is a call, which is computed once its arguments are known.
    pub fn is_call(&self, value: &Value) -> bool {
        matches!(value, Value::Sym(sym) if self.func_of(*sym).is_some())
    }

    /// The arguments of a symbol that is a call of this function.
    pub fn args_of(&self, sym: SymId, func: &Func) -> Option<Box<[Value]>> {
        match self.node(sym) {
            Some(SymNode::Call(f, args)) if *f == *func => Some(args),
            _ => None,
        }
    }

    /// The two values that an atom says are equal, if that is what it says.
    pub fn equality(&self, atom: SymId) -> Option<[Value; 2]> {
        match &*self.args_of(atom, &EQ)? {
            [a, b] => Some([a.clone(), b.clone()]),
            _ => None,
        }
    }

    pub(super) fn intern(&self, node: SymNode) -> SymId {
        self.symbols.borrow_mut().intern(node)
    }

    /// The type of a symbol.
    pub fn type_of(&self, sym: SymId) -> Ty {
        let symbols = self.symbols.borrow();
        match symbols.node(sym) {
            Some(SymNode::Leaf(_) | SymNode::Path(..)) => {
                symbols.leaf(sym).map(|l| l.ty.clone()).unwrap_or_default()
            }
            Some(SymNode::Concat(_)) => Ty::String,
            Some(SymNode::Call(func, _)) => func.ret.clone(),
            None => Ty::Dynamic,
        }
    }

    /// Whether a symbol may be null: an input that may be, or an element of something that is made of nulls.
    pub fn nullable(&self, sym: SymId) -> bool {
        match self.func_of(sym) {
            Some(func) => func.picks && self.made_of_nulls(sym),
            None => self.is_leaf(sym, |l| l.nullable),
        }
    }

    /// The inputs that may be overridden by null, of which something asked whether they are.
    pub fn asked_for_null(&self) -> BTreeSet<Arc<str>> {
        self.asked_for_null.borrow().clone()
    }

    /// Says of a leaf, not yet used, that it may be null, and what then stands in its place.
    pub fn may_be_null(&self, leaf: &Value, unset: Option<Value>) {
        self.refine_value(leaf, |leaf| (leaf.nullable, leaf.if_null) = (true, unset));
    }

    /// Says of a leaf, not yet used, that it is never null.
    pub fn is_never_null(&self, leaf: &Value) {
        self.refine_value(leaf, |leaf| leaf.null_if_asked = false);
    }

    fn refine_value(&self, leaf: &Value, change: impl FnOnce(&mut Leaf)) {
        if let Some(leaf) = self.symbol_of(leaf).and_then(|sym| self.leaf(sym)) {
            self.refine(&leaf.name, change);
        }
    }

    /// Whether a null stands in what a symbol is computed of.
    pub fn made_of_nulls(&self, sym: SymId) -> bool {
        self.null_within(sym, &mut HashSet::new())
    }

    fn null_within(&self, sym: SymId, seen: &mut HashSet<SymId>) -> bool {
        let Some(SymNode::Call(_, args)) = self.node(sym) else { return false };
        seen.insert(sym)
            && args.iter().any(|arg| match arg {
                Value::Sym(inner) => self.null_within(*inner, seen),
                other => other.holds_null(),
            })
    }

    /// A symbol as a value: a bool becomes a guard, and one that may be null becomes choices.
    pub fn symbol_value(&self, sym: SymId) -> Value {
        let plain = if self.type_of(sym) == Ty::Bool { Value::Bool(self.atom(sym)) } else { Value::Sym(sym) };
        let plain = self.looped_over(sym).unwrap_or(plain);
        if !self.nullable(sym) {
            return plain;
        }
        let null = self.is_null_symbol(sym);
        let unset = self.leaf(sym).and_then(|leaf| leaf.if_null).unwrap_or(Value::Null);
        self.choice(vec![(null, unset), (self.not(null), plain)])
    }

    /// The opaque symbol of a call; where the function can refuse, the refusal is an alternative.
    pub fn opaque(&self, func: &'static Func, args: &[Value]) -> Value {
        let sym = self.intern(SymNode::Call(func, args.into()));
        let value = self.symbol_value(sym);
        if !func.may_refuse(self, args) {
            return value;
        }
        // The symbol itself, since a guard says nothing of being refused.
        let refused = self.predicate(&super::subst::REFUSED, &[Value::Sym(sym)]);
        let reason = format!("{} is refused", self.show(&Value::Sym(sym)));
        self.choice(vec![(refused, Value::refused(reason, None)), (self.not(refused), value)])
    }

    /// Whether a value is a text, known or not: not null, and of no other type.
    pub fn is_text(&self, value: &Value) -> bool {
        match value {
            Value::String(_) => true,
            Value::Sym(sym) => self.type_of(*sym) == Ty::String,
            _ => false,
        }
    }
}
