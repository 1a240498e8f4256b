//! Equality, order, null-ness: predicates over values, as guards.
//!
//! A predicate over something unknown is an atom: a bool symbol that calls the predicate. Predicates over pieces are
//! solved where the pieces allow it (`"x-${var.e}" == "x-k"` is `var.e == "k"`), so that equal questions are one atom.
//! Equality never converts: a front end whose language compares text turns both sides into text first.

mod containers;
mod order;
mod texts;

use super::func::{Func, Written};
use super::ops::REM;
use super::symbol::{Leaf, LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{CollKind, Cx, Guard, Num, Value};
pub use order::{LESS, WHOLE};

/// `a == b`.
pub static EQ: Func =
    Func::shape("==", Ty::Bool, |cx, _, args| cx.eq_args(args)).written(Written::Compared("!="));

impl Cx {
    /// `a == b`; refusals in either stay.
    pub fn eq(&self, a: &Value, b: &Value) -> Value {
        self.call(&EQ, &[a.clone(), b.clone()])
    }

    /// When `a == b`; where either is refused they are not equal.
    pub fn equal(&self, a: &Value, b: &Value) -> Guard {
        self.truth(&self.eq(a, b))
    }

    /// When a value is the bool true: not where it is refused, null or no bool.
    pub fn truth(&self, value: &Value) -> Guard {
        match value {
            Value::Bool(guard) => *guard,
            Value::Choice(alternatives) => {
                self.any(alternatives.iter().map(|(g, v)| self.and(*g, self.truth(v))))
            }
            _ => Guard::FALSE,
        }
    }

    /// When a value is refused.
    pub fn refused(&self, value: &Value) -> Guard {
        match value {
            Value::Refused(_) => Guard::TRUE,
            Value::Choice(alternatives) => {
                self.any(alternatives.iter().filter(|(_, v)| matches!(v, Value::Refused(_))).map(|(g, _)| *g))
            }
            _ => Guard::FALSE,
        }
    }

    /// When a value is null.
    pub fn null(&self, value: &Value) -> Guard {
        self.equal(value, &Value::Null)
    }

    /// When a value is null for certain, whatever may turn out to be null of what the deployment computes.
    pub fn unset(&self, value: &Value) -> Guard {
        let nulls = self.alternatives(value).into_iter().filter(|(_, v)| *v == Value::Null);
        self.any(nulls.map(|(guard, _)| guard))
    }

    /// When a symbol is null; false for those that never are.
    pub fn is_null_symbol(&self, sym: SymId) -> Guard {
        let leaf = self.leaf(sym);
        if self.nullable(sym) || self.may_turn_out_null(sym) {
            return self.is_value(sym, &Value::Null);
        }
        if let Some(leaf) = leaf.filter(|l| l.tells_null) {
            self.asked_for_null.borrow_mut().insert(leaf.name);
        }
        Guard::FALSE
    }

    /// The atom that calls a predicate.
    pub fn predicate(&self, func: &'static Func, args: &[Value]) -> Guard {
        let sym = self.intern(SymNode::Call(func, args.into()));
        self.atom(sym)
    }

    fn eq_args(&self, args: &[Value]) -> Value {
        match args {
            [a, b] => Value::Bool(self.eq_plain(a, b)),
            _ => Value::refused("a comparison takes two values", None),
        }
    }

    pub(super) fn eq_plain(&self, a: &Value, b: &Value) -> Guard {
        if a == b {
            return Guard::TRUE;
        }
        match (a, b) {
            (Value::Bool(x), Value::Bool(y)) => {
                let same = self.and(*x, *y);
                let neither = self.and(self.not(*x), self.not(*y));
                self.or(same, neither)
            }
            (Value::Sym(x), Value::Sym(y)) => self.eq_symbols(*x, *y),
            (Value::Sym(sym), other) | (other, Value::Sym(sym)) => self.eq_symbol(*sym, other),
            (Value::Coll(x), Value::Coll(y)) => self.eq_colls(x, y),
            (Value::Bool(guard), Value::Null) | (Value::Null, Value::Bool(guard)) => {
                self.atom_of(*guard).map_or(Guard::FALSE, |atom| self.is_null_symbol(atom))
            }
            // Different kinds, or different known scalars: equality never converts.
            _ => Guard::FALSE,
        }
    }

    fn eq_symbols(&self, x: SymId, y: SymId) -> Guard {
        let (tx, ty) = (self.type_of(x), self.type_of(y));
        if tx.is_scalar() && ty.is_scalar() && tx != ty {
            return Guard::FALSE;
        }
        match (self.pieces_of(x), self.pieces_of(y)) {
            (Some(p), Some(q)) => return self.eq_pieces(&p, &q),
            (Some(p), None) if ty == Ty::String => return self.eq_pieces(&p, &[Piece::Sym(y)]),
            (None, Some(q)) if tx == Ty::String => return self.eq_pieces(&[Piece::Sym(x)], &q),
            _ => {}
        }
        if self.are_elements_apart(x, y) {
            return Guard::FALSE;
        }
        for (rounded, of) in [(x, y), (y, x)] {
            // Only a whole number is what it is rounded to, or is rounded up and down to one number.
            let number = self.rounded(rounded).map(|(_, number)| number);
            let others = [Some(Value::Sym(of)), self.rounded(of).map(|(_, number)| number)];
            if let Some(number) = number.filter(|n| others.contains(&Some(n.clone()))) {
                return self.truth(&self.whole(&number));
            }
        }
        for (call, of) in [(x, y), (y, x)] {
            if let Some(same) = self.solved(call, &Value::Sym(of)) {
                return same;
            }
        }
        let (a, b) = (Value::Sym(x.min(y)), Value::Sym(x.max(y)));
        self.eq_linear(&a, &b).unwrap_or_else(|| self.predicate(&EQ, &[a, b]))
    }

    /// When a call gives a value, where its result says what its arguments are.
    fn solved(&self, call: SymId, result: &Value) -> Option<Guard> {
        let Some(SymNode::Call(func, args)) = self.node(call) else { return None };
        func.solves?(self, func, &args, result)
    }

    pub(super) fn eq_symbol(&self, sym: SymId, other: &Value) -> Guard {
        let ty = self.type_of(sym);
        let fits = match (&ty, other) {
            (_, Value::Null) => return self.is_null_symbol(sym),
            (Ty::Dynamic, _) => true,
            (Ty::String, Value::String(_)) | (Ty::Number, Value::Number(_)) | (Ty::Bool, Value::Bool(_)) => {
                true
            }
            (ty, Value::Coll(c)) => {
                let kind = match (ty, ty.elements()) {
                    (_, Some((kind, _))) => kind,
                    (Ty::Tuple(_), _) => CollKind::Tuple,
                    (Ty::Object(_), _) => CollKind::Object,
                    _ => return Guard::FALSE,
                };
                !self.same_kind(kind, c.kind).is_false()
            }
            _ => false,
        };
        if !fits {
            return Guard::FALSE;
        }
        if let (Some(pieces), Value::String(text)) = (self.pieces_of(sym), other) {
            return self.eq_concat(&pieces, text);
        }
        if let (Value::Coll(coll), true) = (other, self.is_leaf(sym, |l| l.kind == LeafKind::Input))
            && let Some(same) = self.eq_elements(sym, &ty, coll)
        {
            return same;
        }
        if let Value::Number(n) = other
            && let Some(k) = n.to_i64().and_then(|k| Some((k, k.checked_add(1)?)))
            && let (Some(reached), Some(passed)) = (self.at_least(sym, k.0), self.at_least(sym, k.1))
        {
            return self.and(reached, self.not(passed));
        }
        if let (Value::Number(_), Some(same)) = (other, self.eq_linear(&Value::Sym(sym), other)) {
            return same;
        }
        if let (Value::Number(n), Some(rounded)) = (other, self.rounded(sym)) {
            let [below, above] = [false, true].map(|above| self.rounded_less(rounded.clone(), n, above));
            let apart = self.or(self.truth(&below), self.truth(&above));
            return self.not(apart);
        }
        // What is left of dividing a whole number by one is nothing.
        if let (Value::Number(n), Some([of, Value::Number(by)])) = (other, self.args_of(sym, &REM).as_deref())
            && n.signum() == 0
            && **by == Num::from_i64(1)
        {
            return self.truth(&self.whole(of));
        }
        if self.is_never(sym, other) {
            return Guard::FALSE;
        }
        if let Some(same) = self.solved(sym, other) {
            return same;
        }
        if let (Value::Number(n), Some(text)) = (other, self.counted(sym))
            && n.signum() == 0
        {
            return self.equal(&text, &Value::from(""));
        }
        if let (Value::Number(n), true) = (other, self.is_calculated_length(sym)) {
            let Some(k) = n.to_i64() else { return Guard::FALSE };
            return self.and(self.longer(sym, k.saturating_sub(1)), self.not(self.longer(sym, k)));
        }
        let is_none =
            |leaf: &Leaf| leaf.closed.as_ref().is_some_and(|all| other.is_known() && !all.contains(other));
        if self.is_leaf(sym, is_none) {
            return Guard::FALSE;
        }
        self.is_value(sym, other)
    }

    /// Whether a call never gives this value: one that is no number to count to, or that the call would change again.
    fn is_never(&self, sym: SymId, value: &Value) -> bool {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return false };
        if func.counts && value.as_number().is_some_and(|n| !n.is_whole() || n.signum() < 0) {
            return true;
        }
        if let (Some(most), Some(n)) = (self.remainder_below(sym), value.as_number()) {
            return *n >= most || n.neg() >= most;
        }
        let again = || {
            let mut args = args.to_vec();
            let first = args.first_mut()?;
            *first = value.clone();
            args.iter().all(Value::is_known).then(|| self.call(func, &args))
        };
        (func.idempotent || func.case_only) && again().is_some_and(|result| result != *value)
    }

    /// The atom that says that a symbol is this value; it excludes those of other known scalars.
    fn is_value(&self, sym: SymId, value: &Value) -> Guard {
        let atom = self.intern(SymNode::Call(&EQ, [Value::Sym(sym), value.clone()].into()));
        if matches!(value, Value::Null | Value::String(_) | Value::Number(_)) {
            self.formulas.borrow_mut().exclusive(atom.0, sym.0);
        }
        self.atom(atom)
    }
}
