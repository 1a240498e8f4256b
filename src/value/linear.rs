//! Comparisons of numbers that are calculated, step by step, of one other: `var.n * 2 < 6` asks whether `var.n` is below 3.
//!
//! Equal questions are then one atom, an input's points are the numbers at which an answer changes, and a witness names the
//! input. `var.a - var.b < 0` asks which of the two is less, `var.a + 1 < var.b + 3` where `var.a` is to `var.b + 2`.

use super::ops::{ADD, DIV, MUL, REM, SUB};
use super::symbol::{SymId, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Num, Value};

/// `(times * of + plus) / by`, where neither `times` nor `by` is 0.
struct Linear {
    of: SymId,
    times: Num,
    plus: Num,
    by: Num,
}

/// Which of two numbers is asked about, and whether their sides have changed.
enum Sides {
    /// Known numbers.
    Told(Num, Num),
    /// Something unknown and a number, or two unknown ones.
    Asked(Value, Value, bool),
}

impl Cx {
    /// When two numbers are equal, as a question about what they are calculated of; `None` where they are not calculated.
    pub(super) fn eq_linear(&self, a: &Value, b: &Value) -> Option<Guard> {
        Some(match self.sides(a, b)? {
            Sides::Told(a, b) => {
                if a == b {
                    Guard::TRUE
                } else {
                    Guard::FALSE
                }
            }
            Sides::Asked(a, b, _) => self.equal(&a, &b),
        })
    }

    /// When the first number is less, in the same way.
    pub(super) fn less_linear(&self, a: &Value, b: &Value) -> Option<Value> {
        Some(match self.sides(a, b)? {
            Sides::Told(a, b) => Value::from(a < b),
            Sides::Asked(a, b, turned) => {
                if turned {
                    self.less(&b, &a)
                } else {
                    self.less(&a, &b)
                }
            }
        })
    }

    fn sides(&self, a: &Value, b: &Value) -> Option<Sides> {
        match (a, b) {
            (Value::Sym(a), Value::Number(n)) => self.against(*a, n),
            (Value::Number(n), Value::Sym(b)) => Some(turned(self.against(*b, n)?)),
            (Value::Sym(a), Value::Sym(b)) => self.between(*a, *b),
            _ => None,
        }
    }

    /// A calculated number against a known one.
    fn against(&self, sym: SymId, n: &Num) -> Option<Sides> {
        let l = self.linear(sym);
        if l.of == sym {
            let (x, y) = self.difference(sym)?;
            let asked = if n.signum() == 0 { y } else { self.call(&ADD, &[y, n.clone().into()]) };
            return Some(Sides::Asked(x, asked, false));
        }
        let left = n.mul(&l.by)?.sub(&l.plus)?;
        let bound = left.div(&l.times)?;
        // What is no number of that many digits is left as it is written.
        let exact = bound.mul(&l.times)? == left;
        exact.then(|| {
            let turned = l.times.signum() * l.by.signum() < 0;
            Sides::Asked(Value::Sym(l.of), bound.into(), turned)
        })
    }

    /// Two calculated numbers.
    fn between(&self, a: SymId, b: SymId) -> Option<Sides> {
        let (x, y) = (self.linear(a), self.linear(b));
        if x.by != y.by {
            return None;
        }
        let plus = x.plus.sub(&y.plus)?;
        let turned = x.times.signum() * x.by.signum() < 0;
        if x.of == y.of {
            let times = x.times.sub(&y.times)?;
            let plus = plus.neg();
            if times.signum() == 0 {
                let told = if x.by.signum() < 0 {
                    Sides::Told(plus, Num::from_i64(0))
                } else {
                    Sides::Told(Num::from_i64(0), plus)
                };
                return Some(told);
            }
            let bound = plus.div(&times)?;
            let exact = bound.mul(&times)? == plus;
            let turned = times.signum() * x.by.signum() < 0;
            return exact.then(|| Sides::Asked(Value::Sym(x.of), bound.into(), turned));
        }
        if x.times != y.times {
            return None;
        }
        let apart = plus.div(&x.times)?;
        if apart.mul(&x.times)? != plus {
            return None;
        }
        let (left, right) = (Value::Sym(x.of), Value::Sym(y.of));
        let more = |v: &Value, n: Num| self.call(&ADD, &[v.clone(), n.into()]);
        let (left, right) = match apart.signum() {
            0 => (left, right),
            1 => (more(&left, apart), right),
            _ => (left, more(&right, apart.neg())),
        };
        // What is written so already is asked as it is.
        let same = left == Value::Sym(a) && right == Value::Sym(b);
        (!same).then_some(Sides::Asked(left, right, turned))
    }

    /// The two numbers of which an unknown one is the difference.
    fn difference(&self, sym: SymId) -> Option<(Value, Value)> {
        match &*self.args_of(sym, &SUB)? {
            [Value::Sym(a), Value::Sym(b)] if self.is_plain_number(*a) && self.is_plain_number(*b) => {
                Some((Value::Sym(*a), Value::Sym(*b)))
            }
            _ => None,
        }
    }

    /// A number as it is calculated of one other, as far as that goes.
    fn linear(&self, sym: SymId) -> Linear {
        let one = || Num::from_i64(1);
        let mut l = Linear { of: sym, times: one(), plus: Num::from_i64(0), by: one() };
        while let Some(next) = self.step(&l) {
            l = next;
        }
        l
    }

    /// One step of a calculation undone.
    fn step(&self, l: &Linear) -> Option<Linear> {
        let Some(SymNode::Call(func, args)) = self.node(l.of) else { return None };
        let (x, n, first) = match &*args {
            [Value::Sym(x), Value::Number(n)] => (*x, n, true),
            [Value::Number(n), Value::Sym(x)] => (*x, n, false),
            _ => return None,
        };
        if !self.is_plain_number(x) {
            return None;
        }
        let plus = |times: &Num| l.plus.add(&times.mul(n)?);
        let next = |times: Num, plus: Num, by: Num| Some(Linear { of: x, times, plus, by });
        match func {
            f if *f == ADD => next(l.times.clone(), plus(&l.times)?, l.by.clone()),
            f if *f == SUB && first => next(l.times.clone(), plus(&l.times.neg())?, l.by.clone()),
            f if *f == SUB => next(l.times.neg(), plus(&l.times)?, l.by.clone()),
            f if *f == MUL && n.signum() != 0 => next(l.times.mul(n)?, l.plus.clone(), l.by.clone()),
            f if *f == DIV && first && n.signum() != 0 => next(l.times.clone(), l.plus.mul(n)?, l.by.mul(n)?),
            _ => None,
        }
    }

    /// The number that is whole where this one is: `var.n` of `var.n % 2 + 1`.
    pub(super) fn whole_linear(&self, sym: SymId) -> Option<Value> {
        let l = self.linear(sym);
        if l.of == sym {
            let args = self.args_of(sym, &REM)?;
            return match &*args {
                [Value::Sym(of), Value::Number(by)] if by.is_whole() && self.is_plain_number(*of) => {
                    Some(Value::Sym(*of))
                }
                _ => None,
            };
        }
        let (times, plus) = (l.times.div(&l.by)?, l.plus.div(&l.by)?);
        let is_one = [&times, &times.neg()].contains(&&Num::from_i64(1));
        (is_one && plus.is_whole()).then_some(Value::Sym(l.of))
    }

    /// What is left of dividing is nearer to 0 than this number.
    pub(super) fn remainder_below(&self, sym: SymId) -> Option<Num> {
        match &*self.args_of(sym, &REM)? {
            [Value::Sym(of), Value::Number(by)] if by.signum() != 0 && self.is_plain_number(*of) => {
                Some(if by.signum() < 0 { by.neg() } else { (**by).clone() })
            }
            _ => None,
        }
    }

    /// Whether a symbol is a number, so that a calculation with it has a result: where it may be null, null is an alternative
    /// of its own.
    fn is_plain_number(&self, sym: SymId) -> bool {
        self.type_of(sym) == Ty::Number
    }
}

fn turned(sides: Sides) -> Sides {
    match sides {
        Sides::Told(a, b) => Sides::Told(b, a),
        Sides::Asked(a, b, turned) => Sides::Asked(a, b, !turned),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::symbol::{Leaf, LeafKind};
    use super::*;

    /// Every comparison of two calculations, asked and then filled in, is what the numbers say.
    #[test]
    fn a_calculated_number_is_compared_as_it_is_calculated() {
        let cx = Cx::new();
        let [a, b] = ["a", "b"].map(|n| cx.declare(Leaf::new(n, Ty::Number, LeafKind::Input)));
        let call = |f: &'static super::super::Func, x: Value, y: Value| cx.call(f, &[x, y]);
        let calculated = |v: Value| {
            vec![
                v.clone(),
                call(&ADD, v.clone(), 2.into()),
                call(&ADD, (-1).into(), v.clone()),
                call(&SUB, 3.into(), v.clone()),
                call(&MUL, v.clone(), (-2).into()),
                call(&MUL, v.clone(), 3.into()),
                call(&DIV, v.clone(), (-4).into()),
                call(&REM, v.clone(), 3.into()),
                call(&SUB, call(&MUL, v.clone(), 2.into()), 1.into()),
                call(&SUB, call(&ADD, v.clone(), 1.into()), v.clone()),
                call(&SUB, call(&ADD, v.clone(), 1.into()), 1.into()),
                call(&MUL, v.clone(), 0.into()),
                call(&MUL, v.clone(), 49.into()),
                call(&DIV, 3.into(), v.clone()),
                call(&REM, v.clone(), (-3).into()),
                call(&REM, 7.into(), v),
            ]
        };
        let (x, y) = (Value::Sym(a), Value::Sym(b));
        let mut all = [calculated(x.clone()), calculated(y.clone())].concat();
        all.push(call(&SUB, x, y));
        all.extend([-4, -1, 0, 1, 2, 3].map(Value::from));
        for (n, m) in [(-3, 2), (0, 0), (1, 1), (2, -1), (5, 4)] {
            let env = HashMap::from([(a, Value::from(n)), (b, Value::from(m))]);
            for p in &all {
                for q in &all {
                    let (known_p, known_q) = (cx.fill(p, &env), cx.fill(q, &env));
                    let shown = || format!("{} and {} with {n}, {m}", cx.show(p), cx.show(q));
                    assert_eq!(cx.fill(&cx.eq(p, q), &env), cx.eq(&known_p, &known_q), "== of {}", shown());
                    assert_eq!(
                        cx.fill(&cx.less(p, q), &env),
                        cx.less(&known_p, &known_q),
                        "< of {}",
                        shown()
                    );
                }
            }
        }
    }
}
