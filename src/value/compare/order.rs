//! Order of numbers: `a < b`, and whether a number is whole.
//!
//! What counts or rounds is asked about what it counts or rounds: `floor(var.n) < 3` is `var.n < 3`.

use super::super::func::{Func, Rounds, Written};
use super::super::ops::{LENGTH, MUL};
use super::super::symbol::{Leaf, LeafKind, SymId, SymNode};
use super::super::types::Ty;
use super::super::{Cx, Guard, Num, Value};

/// `a < b`, of numbers.
pub static LESS: Func =
    Func::shape("<", Ty::Bool, |cx, _, args| cx.less_args(args)).written(Written::Compared(">="));

/// Whether a number is whole.
pub static WHOLE: Func =
    Func::shape("(is whole)", Ty::Bool, |cx, _, args| cx.whole_args(args)).written(Written::Said("whole"));

impl Cx {
    /// The number that a symbol is the rounded one of.
    pub(super) fn rounded(&self, sym: SymId) -> Option<(Rounds, Value)> {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return None };
        Some((func.rounds?, args.first()?.clone()))
    }

    /// When a whole number or one that is rounded to one is less than `n`, or above it: a question about the number itself.
    pub(super) fn rounded_less(&self, (how, of): (Rounds, Value), n: &Num, above: bool) -> Value {
        let one = Num::from_i64(1);
        let next = |n: Option<Num>| n.map_or(Value::Null, Value::from);
        match (how, above) {
            (Rounds::Down, false) => self.less(&of, &n.ceil().into()),
            (Rounds::Down, true) => self.negate(&self.less(&of, &next(n.floor().add(&one)))),
            (Rounds::Up, true) => self.less(&n.floor().into(), &of),
            (Rounds::Up, false) => self.negate(&self.less(&next(n.ceil().sub(&one)), &of)),
        }
    }

    /// `a < b`; anything but numbers is refused.
    pub fn less(&self, a: &Value, b: &Value) -> Value {
        self.call(&LESS, &[a.clone(), b.clone()])
    }

    fn less_args(&self, args: &[Value]) -> Value {
        // A symbol beside a number, and whether it is asked to be above it.
        let beside = match args {
            [Value::Sym(sym), Value::Number(n)] => Some((*sym, n, false)),
            [Value::Number(n), Value::Sym(sym)] => Some((*sym, n, true)),
            _ => None,
        };
        // Less than n is not to reach the next whole number.
        if let Some((sym, n, above)) = beside
            && let Some(k) =
                if above { n.floor().to_i64().and_then(|n| n.checked_add(1)) } else { n.ceil().to_i64() }
            && let Some(enough) = self.at_least(sym, k)
        {
            return Value::Bool(if above { enough } else { self.not(enough) });
        }
        if let [a, b] = args
            && let Some(less) = self.less_linear(a, b)
        {
            return less;
        }
        if let Some(less) = beside.and_then(|(sym, n, above)| self.less_calculated(sym, n, above)) {
            return less;
        }
        match args {
            [Value::Number(a), Value::Number(b)] => Value::from(a < b),
            [Value::Sym(_) | Value::Number(_), Value::Sym(_) | Value::Number(_)] => {
                Value::Bool(self.predicate(&LESS, args))
            }
            _ => Value::refused("only numbers can be compared by size", None),
        }
    }

    /// When what is rounded, counted or a remainder is less than `n`, or above it.
    fn less_calculated(&self, sym: SymId, n: &Num, above: bool) -> Option<Value> {
        if let Some(of) = self.rounded(sym) {
            return Some(self.rounded_less(of, n, above));
        }
        if self.is_calculated_length(sym) {
            let last = if above { n.floor() } else { n.ceil() };
            return Some(Value::Bool(match (last.to_i64(), above) {
                (Some(k), true) => self.longer(sym, k),
                (Some(k), false) => self.not(self.longer(sym, k.saturating_sub(1))),
                (None, above) => Guard::constant(!above),
            }));
        }
        // A square is not negative.
        if matches!(self.args_of(sym, &MUL).as_deref(), Some([a, b]) if a == b)
            && (n.signum() < 0 || n.signum() == 0 && !above)
        {
            return Some(Value::from(above));
        }
        let one = Num::from_i64(1);
        if (if above { *n < one } else { *n <= one }) && self.counted(sym).is_some() {
            let none = self.eq(&Value::Sym(sym), &Value::from(0));
            return Some(match (above, n.signum()) {
                (true, ..0) => Value::TRUE,
                (true, _) => self.negate(&none),
                (false, 1..) => none,
                (false, _) => Value::FALSE,
            });
        }
        None
    }

    /// The text whose letters a symbol is the number of.
    pub(in crate::value) fn counted(&self, sym: SymId) -> Option<Value> {
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
        let length = self.is_leaf(sym, |l| l.kind == LeafKind::Length);
        matches!(self.args_of(sym, &LENGTH).as_deref(), Some([Value::Coll(_)]))
            || length && self.taken_of(sym).is_some()
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
            [Value::Sym(sym)] if self.is_leaf(*sym, Leaf::counts) => Value::TRUE,
            [Value::Sym(sym)] if self.rounded(*sym).is_some() || self.counted(*sym).is_some() => Value::TRUE,
            [Value::Sym(sym)] => match self.whole_linear(*sym) {
                Some(of) => self.whole(&of),
                None => Value::Bool(self.predicate(&WHOLE, args)),
            },
            _ => Value::refused("a number is needed", None),
        }
    }
}
