//! Functions over numbers. `log` and `pow` go through 64-bit floats, as in Terraform.

use super::args::{Answer, Row, arg, done, known, number, past_limit, shape, total_shape, whole, wrong};
use crate::resolve::terraform::types::{spelled, to_number};
use crate::value::func::{AtLeast, Rounds};
use crate::value::limits::DIGITS;
use crate::value::ops::SUB;
use crate::value::{Cx, Func, Guard, Num, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("abs", (1, 1), Ty::Number, abs).at_least(AtLeast::Zero),
    total_shape("floor", (1, 1), Ty::Number, |cx, f, a| of_number(cx, f, a, Num::floor))
        .rounding(Rounds::Down),
    total_shape("ceil", (1, 1), Ty::Number, |cx, f, a| of_number(cx, f, a, Num::ceil)).rounding(Rounds::Up),
    shape("signum", (1, 1), Ty::Number, signum),
    known("log", (2, 2), Ty::Number, |cx, _, a| done(float(cx, a, |x, base| x.ln() / base.ln()))),
    known("pow", (2, 2), Ty::Number, |cx, _, a| done(float(cx, a, f64::powf))).growing(),
    shape("parseint", (2, 2), Ty::Number, |cx, f, a| match a {
        _ if a.iter().all(Value::is_known) => done(parseint(cx, f, a)),
        [Value::Sym(text), Value::Number(base)]
            if **base == Num::from_i64(10)
                && let Some(number) = spelled(cx, *text) =>
        {
            let whole = cx.truth(&cx.whole(&number));
            cx.if_else(whole, number, wrong("this is no whole number in this base"))
        }
        _ => cx.opaque(f, a),
    })
    .sampled(digits),
];

/// A function of one number: what is no number is refused before the function is left open.
fn of_number(cx: &Cx, f: &'static Func, args: &[Value], known: fn(&Num) -> Num) -> Value {
    with_number(cx, args, |n| match n {
        Value::Number(n) => known(n).into(),
        n => cx.opaque(f, std::slice::from_ref(n)),
    })
}

/// What is made of the first argument as a number.
fn with_number(cx: &Cx, args: &[Value], made: impl Fn(&Value) -> Value) -> Value {
    cx.map(&to_number(cx, &arg(args, 0)), |n| match n {
        Value::Null => wrong("a number is needed, not null"),
        n => made(n),
    })
}

/// The distance from zero: the number, or what is left of taking it from zero.
fn abs(cx: &Cx, _: &'static Func, args: &[Value]) -> Value {
    with_number(cx, args, |n| {
        let zero = Value::from(0);
        let negative = cx.less(n, &zero);
        let below = cx.truth(&negative);
        cx.choice(vec![(below, cx.call(&SUB, &[zero, n.clone()])), (cx.not(below), n.clone())])
    })
}

/// Which side of zero a whole number is on.
fn signum(cx: &Cx, _: &'static Func, args: &[Value]) -> Value {
    with_number(cx, args, |n| {
        let zero = Value::from(0);
        let [below, above] = [cx.less(n, &zero), cx.less(&zero, n)].map(|v| cx.truth(&v));
        let whole = cx.truth(&cx.whole(n));
        let side = |guard: Guard, side: i64| (cx.and(whole, guard), Value::from(side));
        let level = cx.not(cx.or(below, above));
        let sides = [side(below, -1), side(level, 0), side(above, 1)];
        cx.choice(sides.into_iter().chain([(cx.not(whole), wrong("a whole number is needed"))]).collect())
    })
}

fn float(cx: &Cx, args: &[Value], f: fn(f64, f64) -> f64) -> Answer {
    let (a, b) = (number(cx, args, 0)?, number(cx, args, 1)?);
    let result = f(a.to_f64(), b.to_f64());
    // A finite result is the shortest decimal that stands for it: that is how it is shown.
    let number = if result.is_finite() { Num::parse(&shortest(result)) } else { Num::from_f64(result) };
    number.map(Value::from).ok_or_else(|| wrong("this has no result"))
}

/// The shortest decimal of a finite number, as the binary writes it: what is as near below a power of two as above is taken for
/// it, although the numbers below are twice as dense. Source: Go's `math/big`, "ftoa.go".
fn shortest(number: f64) -> String {
    let is_power = number.to_bits().trailing_zeros() >= f64::MANTISSA_DIGITS - 1;
    let half = number.abs() / 2f64.powi(53);
    if !is_power || half < 1.0 {
        return number.to_string();
    }
    let text = |side: f64| {
        let [own, side] = [number.abs(), side].map(|f| Num::from_f64(f).unwrap_or(Num::Infinite(false)));
        own.add(&side).unwrap_or(own).to_string()
    };
    let (low, own, high) = (text(-half), text(0.0), text(half));
    let digits = || low.bytes().zip(own.bytes()).zip(high.bytes());
    let alike = digits().take_while(|((low, own), high)| low == own && own == high).count();
    let (kept, rest) = own.split_at((alike + 1).min(own.len()));
    let (below, above) =
        digits().nth(alike).map_or((true, true), |((low, own), high)| (low != own, own != high));
    let up = above && (!below || rest.as_bytes().first().is_some_and(|next| *next >= b'5'));
    let ten = Num::parse(&format!("1e{}", rest.len())).unwrap_or(Num::from_i64(1));
    let kept = Num::parse(kept).and_then(|kept| if up { kept.add(&Num::from_i64(1)) } else { Some(kept) });
    let sign = if number < 0.0 { "-" } else { "" };
    kept.and_then(|kept| kept.mul(&ten)).map_or(own, |shown| format!("{sign}{shown}"))
}

/// The numbers beside `parseint`, and the next ones, in its base.
fn digits(args: &[Value], constants: &[Value]) -> Vec<Value> {
    let base = args.get(1).and_then(Value::as_number).and_then(|n| u32::try_from(n.to_i64()?).ok());
    let Some(base) = base.filter(|base| (2..=36).contains(base)) else { return Vec::new() };
    let numbers =
        constants.iter().filter_map(|c| c.as_number()?.to_i64()).flat_map(|n| [n, n.saturating_add(1)]);
    numbers.map(|n| Value::from(num_bigint::BigInt::from(n).to_str_radix(base))).collect()
}

/// Digits above 9 are letters: of either case up to base 36, above it small ones first.
fn parseint(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let Some(text) = args.first().and_then(Value::as_str) else { return Err(wrong("text is needed")) };
    let base = u32::try_from(whole(cx, args, 1)?).ok().filter(|b| (2..=62).contains(b));
    let base = base.ok_or_else(|| wrong("the base must be from 2 to 62"))?;
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digit = |c: char| {
        let value = match c {
            '0'..='9' => u32::from(c) - u32::from('0'),
            'a'..='z' => u32::from(c) - u32::from('a') + 10,
            'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
            'A'..='Z' => u32::from(c) - u32::from('A') + 36,
            _ => base,
        };
        (value < base).then_some(value)
    };
    if digits.is_empty() {
        return Err(wrong("this is not a whole number"));
    }
    if digits.len() > DIGITS.most {
        return Ok(past_limit(cx, &DIGITS, Ty::Number, f, args));
    }
    let mut total = num_bigint::BigInt::ZERO;
    for c in digits.chars() {
        total = total * base + digit(c).ok_or_else(|| wrong("this is not a whole number of that base"))?;
    }
    let total = if negative { -total } else { total };
    Num::parse(&total.to_string()).map(Value::from).ok_or_else(|| wrong("this number is too large"))
}
