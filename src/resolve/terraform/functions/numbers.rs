//! Functions over numbers. `log` and `pow` go through 64-bit floats, as in Terraform.

use super::args::{Answer, Row, done, known, number, total, whole, wrong};
use crate::value::{Cx, Num, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    total("abs", (1, 1), Ty::Number, |cx, a| {
        done(number(cx, a, 0).map(|n| if n.signum() < 0 { n.neg().into() } else { n.into() }))
    }),
    total("floor", (1, 1), Ty::Number, |cx, a| done(number(cx, a, 0).map(|n| n.floor().into()))),
    total("ceil", (1, 1), Ty::Number, |cx, a| done(number(cx, a, 0).map(|n| n.neg().floor().neg().into()))),
    known("signum", (1, 1), Ty::Number, |cx, a| done(whole(cx, a, 0).map(|n| Value::from(n.signum())))),
    known("log", (2, 2), Ty::Number, |cx, a| done(float(cx, a, |x, base| x.ln() / base.ln()))),
    known("pow", (2, 2), Ty::Number, |cx, a| done(float(cx, a, f64::powf))),
    known("parseint", (2, 2), Ty::Number, |cx, a| done(parseint(cx, a))),
];

fn float(cx: &Cx, args: &[Value], f: fn(f64, f64) -> f64) -> Answer {
    let (a, b) = (number(cx, args, 0)?, number(cx, args, 1)?);
    let result = f(a.to_f64(), b.to_f64());
    // A finite result is the shortest decimal that stands for it: that is how it is shown.
    let number = if result.is_finite() { Num::parse(&result.to_string()) } else { Num::from_f64(result) };
    number.map(Value::from).ok_or_else(|| wrong("this has no result"))
}

/// Digits above 9 are letters: of either case up to base 36, above it small ones first.
fn parseint(cx: &Cx, args: &[Value]) -> Answer {
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
    if digits.is_empty() || digits.len() > 10_000 {
        return Err(wrong("this is not a whole number"));
    }
    let mut total = num_bigint::BigInt::ZERO;
    for c in digits.chars() {
        total = total * base + digit(c).ok_or_else(|| wrong("this is not a whole number of that base"))?;
    }
    let total = if negative { -total } else { total };
    Num::parse(&total.to_string()).map(Value::from).ok_or_else(|| wrong("this number is too large"))
}
