//! Order of numbers: `a < b`, and whether a number is whole.
//!
//! What counts or rounds is asked about what it counts or rounds: `floor(var.n) < 3` is `var.n < 3`.

use super::super::func::{Func, Rounds};
use super::super::symbol::{LeafKind, SymId, SymNode};
use super::super::types::Ty;
use super::super::{Cx, Guard, Num, Value};

/// `a < b`, of numbers.
pub static LESS: Func = Func::shape("<", Ty::Bool, |cx, _, args| cx.less_args(args));

/// Whether a number is whole.
pub static WHOLE: Func = Func::shape("(is whole)", Ty::Bool, |cx, _, args| cx.whole_args(args));

impl Cx {
    /// The number that a symbol is the rounded one of.
    pub(super) fn rounded(&self, sym: SymId) -> Option<(Rounds, Value)> {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return None };
        Some((func.rounds?, args.first()?.clone()))
    }

    /// When a whole number or one that is rounded to one is less than `n`, or above it: a question about the number itself.
    pub(super) fn rounded_less(&self, (how, of): (Rounds, Value), n: &Num, above: bool) -> Value {
        let up = |n: &Num| n.neg().floor().neg();
        let one = Num::from_i64(1);
        let next = |n: Option<Num>| n.map_or(Value::Null, Value::from);
        match (how, above) {
            (Rounds::Down, false) => self.less(&of, &up(n).into()),
            (Rounds::Down, true) => self.negate(&self.less(&of, &next(n.floor().add(&one)))),
            (Rounds::Up, true) => self.less(&n.floor().into(), &of),
            (Rounds::Up, false) => self.negate(&self.less(&next(up(n).sub(&one)), &of)),
        }
    }

    /// `a < b`; anything but numbers is refused.
    pub fn less(&self, a: &Value, b: &Value) -> Value {
        self.call(&LESS, &[a.clone(), b.clone()])
    }

    fn less_args(&self, args: &[Value]) -> Value {
        let told = match args {
            // Less than n is not to reach the next whole number.
            [Value::Sym(length), Value::Number(n)] => {
                let next = n.neg().floor().neg().to_i64();
                next.and_then(|k| self.at_least(*length, k)).map(|enough| self.not(enough))
            }
            [Value::Number(n), Value::Sym(length)] => {
                let next = n.floor().to_i64().and_then(|n| n.checked_add(1));
                next.and_then(|k| self.at_least(*length, k))
            }
            _ => None,
        };
        if let Some(less) = told {
            return Value::Bool(less);
        }
        if let [a, b] = args
            && let Some(less) = self.less_linear(a, b)
        {
            return less;
        }
        let rounded = match args {
            [Value::Number(n), Value::Sym(sym)] => {
                self.rounded(*sym).map(|of| self.rounded_less(of, n, true))
            }
            [Value::Sym(sym), Value::Number(n)] => {
                self.rounded(*sym).map(|of| self.rounded_less(of, n, false))
            }
            _ => None,
        };
        if let Some(less) = rounded {
            return less;
        }
        match args {
            [Value::Number(n), Value::Sym(length)] if self.is_calculated_length(*length) => {
                Value::Bool(n.floor().to_i64().map_or(Guard::FALSE, |k| self.longer(*length, k)))
            }
            [Value::Sym(length), Value::Number(n)] if self.is_calculated_length(*length) => {
                let last = n.neg().floor().neg().to_i64().map(|k| k.saturating_sub(1));
                Value::Bool(last.map_or(Guard::TRUE, |k| self.not(self.longer(*length, k))))
            }
            [Value::Number(a), Value::Number(b)] => Value::from(a < b),
            [Value::Sym(sym), Value::Number(n)] | [Value::Number(n), Value::Sym(sym)]
                if self.remainder_below(*sym).is_some_and(|most| **n >= most || n.neg() >= most) =>
            {
                Value::from(matches!(args, [Value::Sym(_), _]) == (n.signum() > 0))
            }
            [Value::Sym(count), Value::Number(n)]
                if *n.as_ref() <= Num::from_i64(1) && self.counted(*count).is_some() =>
            {
                let none = self.eq(&Value::Sym(*count), &Value::from(0));
                if n.signum() > 0 { none } else { Value::FALSE }
            }
            [Value::Number(n), Value::Sym(count)]
                if *n.as_ref() < Num::from_i64(1) && self.counted(*count).is_some() =>
            {
                let none = self.eq(&Value::Sym(*count), &Value::from(0));
                if n.signum() < 0 { Value::TRUE } else { self.negate(&none) }
            }
            [a, b] if a == b => Value::FALSE,
            [Value::Sym(_) | Value::Number(_), Value::Sym(_) | Value::Number(_)] => {
                Value::Bool(self.predicate(&LESS, args))
            }
            _ => Value::refused("only numbers can be compared by size", None),
        }
    }

    /// The text whose letters a symbol is the number of.
    pub(super) fn counted(&self, sym: SymId) -> Option<Value> {
        match self.node(sym)? {
            // Of a container it counts the elements.
            SymNode::Call(func, args) if func.counts => {
                args.first().filter(|of| !matches!(of, Value::Coll(_))).cloned()
            }
            _ => None,
        }
    }

    /// Whether a symbol is the length of what a call gives, which has no domain of its own.
    pub(super) fn is_calculated_length(&self, sym: SymId) -> bool {
        match self.node(sym) {
            Some(SymNode::Call(func, args)) => {
                *func == super::super::ops::LENGTH && matches!(&*args, [Value::Coll(_)])
            }
            _ => {
                let length = self.leaf(sym).is_some_and(|l| l.kind == LeafKind::Length);
                length && self.taken_of(sym).is_some()
            }
        }
    }

    /// When such a length is above `k`: every question about it is put so.
    pub(super) fn longer(&self, length: SymId, k: i64) -> Guard {
        if k < 0 { Guard::TRUE } else { self.predicate(&LESS, &[Value::from(k), Value::Sym(length)]) }
    }

    /// Whether a number is whole; anything but a number is refused.
    pub fn whole(&self, n: &Value) -> Value {
        self.call(&WHOLE, std::slice::from_ref(n))
    }

    fn whole_args(&self, args: &[Value]) -> Value {
        match args {
            [Value::Number(n)] => Value::from(n.is_whole()),
            [Value::Sym(sym)] if self.leaf(*sym).is_some_and(|l| l.kind == LeafKind::Length) => Value::TRUE,
            [Value::Sym(sym)] if self.rounded(*sym).is_some() || self.counted(*sym).is_some() => Value::TRUE,
            [Value::Sym(_)] => Value::Bool(self.predicate(&WHOLE, args)),
            _ => Value::refused("a number is needed", None),
        }
    }
}
