//! Filling in: a value with some of its leaves replaced, computed anew.
//!
//! This is the other half of the one law: whatever evaluation left symbolic is evaluated here once its leaves are
//! known, by the same functions.

use std::collections::{HashMap, HashSet};

use rustc_hash::FxHashMap;

use super::func::{Func, Written};
use super::order::has_sort_keys;
use super::symbol::{Leaf, LeafKind, Piece, Role, SymId, SymNode};
use super::types::Ty;
use super::{Coll, CollKind, Cx, Guard, Num, Part, Value};
use crate::guard::formula::FormulaNode;

/// Whether a call is refused; its argument is the call's own symbol. Only [`Subst`] decides it.
pub static REFUSED: Func =
    Func::known("(is refused)", Ty::Bool, |_, _, _| Value::FALSE).written(Written::Said("refused"));

/// A substitution under way; remembers what it has computed.
pub struct Subst<'a> {
    cx: &'a Cx,
    env: &'a HashMap<SymId, Value>,
    symbols: FxHashMap<SymId, Value>,
    guards: FxHashMap<Guard, Left>,
    /// Whether an atom was refused.
    refused: bool,
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
        Subst { cx, env, symbols: FxHashMap::default(), guards: FxHashMap::default(), refused: false }
    }

    /// A value with the leaves replaced.
    pub fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::Sym(sym) => self.symbol(*sym),
            Value::Bool(guard) => Value::Bool(self.guard(*guard)),
            Value::Choice(alternatives) => {
                let mut filled: Vec<(Guard, Value)> = alternatives
                    .iter()
                    .filter_map(|(g, v)| {
                        let guard = self.guard(*g);
                        (!guard.is_false()).then(|| (guard, self.value(v)))
                    })
                    .collect();
                if self.refused {
                    let none = self.cx.not(self.cx.any(filled.iter().map(|(g, _)| *g)));
                    filled.push((none, Value::refused("what this depends on is refused", None)));
                }
                self.cx.choice(filled)
            }
            Value::Coll(coll) => {
                let several = || coll.parts.len() > 1 || has_sort_keys(&coll.parts);
                self.container(coll, coll.kind.in_a_row().then(several))
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => value.clone(),
        }
    }

    /// A container with the leaves replaced. Where the order of its parts matters, whether it has several is said.
    fn container(&mut self, coll: &Coll, several: Option<bool>) -> Value {
        let parts = coll.parts.iter().flat_map(|p| self.parts(p, coll.kind, several)).collect();
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

    /// The arguments of a call with the leaves replaced.
    fn args(&mut self, func: &Func, args: &[Value]) -> Vec<Value> {
        let arg = |(i, arg): (usize, &Value)| match arg {
            Value::Coll(coll) if i == 0 && func.in_any_order => self.container(coll, None),
            arg => self.value(arg),
        };
        args.iter().enumerate().map(arg).collect()
    }

    /// A part with the leaves replaced: `[for x in var.xs : upper(x)]` is one part for every element, which becomes one
    /// for each as soon as it is known which there are.
    ///
    /// In a row their order is not known, nor that of others beside them: `values(…)` has that of the keys. Where it is of no
    /// account, nothing is said of those.
    fn parts(&mut self, part: &Part, kind: CollKind, beside: Option<bool>) -> Vec<Part> {
        let Some((&of, inner)) = part.generators.split_first() else { return vec![self.part(part)] };
        let filled = self.symbol(of);
        let coll = match &filled {
            Value::Coll(coll) if filled.is_known() => coll,
            _ => return vec![self.part(part)],
        };
        if beside.is_some_and(|beside| !coll.parts.is_empty() && (beside || coll.parts.len() > 1)) {
            return vec![self.part(part)];
        }
        // Elements are taken for different, and none for empty; of equal ones nothing says whether a set has them once, nor of
        // an empty one whether it was left out.
        let mut seen = HashSet::new();
        let several = coll.parts.len() > 1;
        let empty = |element: &Part| several && element.value.as_str() == Some("");
        if !coll.parts.iter().all(|element| seen.insert(&element.value) && !empty(element)) {
            return vec![self.part(part)];
        }
        let each = Part { generators: inner.to_vec(), ..part.clone() };
        let leaves = self.cx.elements_in(&each, of);
        // The index of an element is that in some list which is made of the collection.
        if leaves.iter().any(|(_, role)| *role == Role::Index) {
            return vec![self.part(part)];
        }
        let mut out = Vec::new();
        for (i, element) in coll.parts.iter().enumerate() {
            let mut env = self.env.clone();
            env.extend(leaves.iter().map(|(leaf, role)| {
                let value = match role {
                    Role::Key if coll.kind.keyed() => element.key.clone(),
                    Role::Key if coll.kind == CollKind::Set => element.value.clone(),
                    Role::Key | Role::Index => Num::from_usize(i).into(),
                    Role::Value => element.value.clone(),
                };
                (*leaf, value)
            }));
            let guard = element.guard;
            let filled = Subst::new(self.cx, &env).parts(&each, kind, beside);
            out.extend(filled.into_iter().map(|p| Part { guard: self.cx.and(guard, p.guard), ..p }));
        }
        // Of two entries with one key the later one counts, and which that is depends on their order.
        let mut keys = HashSet::new();
        if kind.keyed() && !out.iter().all(|p| keys.insert(&p.key)) { vec![self.part(part)] } else { out }
    }

    fn part(&mut self, part: &Part) -> Part {
        // What stands for each element of a collection is not that element which is filled in.
        let bound = |sym: &SymId| self.cx.is_bound(*sym, &part.generators);
        if self.env.keys().any(bound) {
            let free = self.env.iter().filter(|(sym, _)| !bound(sym));
            let free = free.map(|(sym, value)| (*sym, value.clone())).collect();
            return Subst::new(self.cx, &free).part(part);
        }
        Part {
            guard: self.guard(part.guard),
            key: self.value(&part.key),
            sort_key: self.value(&part.sort_key),
            value: self.value(&part.value),
            generators: part.generators.clone(),
            at: part.at,
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
                // Of each element an instance of its own; no text or number has one for an attribute.
                of if self.cx.is_leaf(sym, |leaf| leaf.whole) => Value::Sym(self.cx.instance_of(&of, &key)),
                // What was taken to be there is still.
                Value::Sym(b) if [base, b].iter().all(|s| self.cx.func_of(*s).is_some()) => {
                    self.cx.path(b, &key)
                }
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
                let filled = self.args(func, &args);
                if *func == REFUSED {
                    match (&*args, filled.first()) {
                        // Still the opaque call itself: still open.
                        ([Value::Sym(call)], Some(Value::Sym(still))) if call == still => {
                            Value::Bool(self.cx.atom(sym))
                        }
                        ([Value::Sym(call)], Some(Value::Bool(still))) if *still == self.cx.atom(*call) => {
                            Value::Bool(self.cx.atom(sym))
                        }
                        // An element that it turned out to take may still be missing.
                        (_, Some(call)) => Value::Bool(self.cx.refused_or_missing(call)),
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

    /// When a guard holds with the leaves replaced, whatever an atom of it that is refused would say.
    pub fn guard(&mut self, guard: Guard) -> Guard {
        self.left(guard).holds
    }

    /// What is left of a guard with the leaves replaced.
    pub(super) fn left(&mut self, guard: Guard) -> Left {
        if guard.is_true() || guard.is_false() {
            return Left::told(guard);
        }
        if let Some(&known) = self.guards.get(&guard) {
            return known;
        }
        let cx = self.cx;
        let filled = match cx.guard_node(guard) {
            FormulaNode::Constant(_) => Left::told(guard),
            FormulaNode::Atom(atom) => {
                let value = self.symbol(SymId(atom));
                let (holds, refused) = (cx.truth(&value), cx.refused(&value));
                self.refused |= !refused.is_false();
                Left { holds, may_hold: cx.or(holds, refused) }
            }
            FormulaNode::Not(inner) => {
                let inner = self.left(inner);
                Left { holds: cx.not(inner.may_hold), may_hold: cx.not(inner.holds) }
            }
            FormulaNode::And(all) => self.joined(&all, &|each| cx.all(each)),
            FormulaNode::Or(any) => self.joined(&any, &|each| cx.any(each)),
        };
        self.guards.insert(guard, filled);
        filled
    }

    fn joined(&mut self, guards: &[Guard], join: &dyn Fn(Vec<Guard>) -> Guard) -> Left {
        let each: Vec<Left> = guards.iter().map(|&guard| self.left(guard)).collect();
        let holds = join(each.iter().map(|left| left.holds).collect());
        match each.iter().all(|left| left.holds == left.may_hold) {
            true => Left::told(holds),
            false => Left { holds, may_hold: join(each.iter().map(|left| left.may_hold).collect()) },
        }
    }
}

/// What is left of a guard: when it holds, and when it holds or says nothing, an atom of it being refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) holds: Guard,
    pub(super) may_hold: Guard,
}

impl Left {
    /// Of a guard that says something everywhere.
    pub(super) fn told(guard: Guard) -> Left {
        Left { holds: guard, may_hold: guard }
    }

    /// The same with the leaves replaced.
    pub(super) fn filled(self, fill: &mut Subst) -> Left {
        let filled = fill.left(self.holds);
        match self.may_hold == self.holds {
            true => filled,
            false => Left { may_hold: fill.left(self.may_hold).may_hold, ..filled },
        }
    }

    pub(super) fn is_settled(self) -> bool {
        [self.holds, self.may_hold].iter().all(|guard| guard.is_true() || guard.is_false())
    }
}
