//! Decimal digits of numbers, exact, and the ways of writing them that `format` knows.
//!
//! Digits are `(digits, point)`: the number is `0.digits × 10^point`.

use num_bigint::BigInt;

use crate::value::Num;

/// The decimal digits of a magnitude and where its point stands: `0.digits × 10^point`.
pub fn exact(mantissa: &BigInt, exponent: i64) -> (String, i64) {
    let magnitude = mantissa.magnitude();
    let (whole, places) = if exponent >= 0 {
        (magnitude << u64::try_from(exponent).unwrap_or(0), 0)
    } else {
        let places = u32::try_from(-exponent).unwrap_or(u32::MAX).min(1 << 20);
        (magnitude * num_bigint::BigUint::from(5u32).pow(places), i64::from(places))
    };
    let digits = whole.to_string();
    let point = i64::try_from(digits.len()).unwrap_or(0) - places;
    trimmed(&digits, point)
}

/// The digits of the shortest decimal that reads back.
pub fn shortest(n: &Num) -> (String, i64) {
    let shown = n.to_string();
    let shown = shown.trim_start_matches('-');
    let (whole, fraction) = shown.split_once('.').unwrap_or((shown, ""));
    trimmed(&[whole, fraction].concat(), i64::try_from(whole.len()).unwrap_or(0))
}

/// Without zeros at either end; zero has no digits.
pub fn trimmed(digits: &str, point: i64) -> (String, i64) {
    let rest = digits.trim_start_matches('0');
    let point = point - i64::try_from(digits.len() - rest.len()).unwrap_or(0);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { (String::new(), 0) } else { (rest.to_string(), point) }
}

/// At most `count` digits, rounded half to even.
pub fn rounded(digits: &str, point: i64, count: usize) -> (String, i64) {
    let (Some(kept), Some(cut)) = (digits.get(..count), digits.get(count..)) else {
        return (digits.to_string(), point);
    };
    let odd = kept.bytes().last().is_some_and(|b| (b - b'0') % 2 == 1);
    let up = match cut.bytes().next() {
        None | Some(b'0'..=b'4') => false,
        Some(b'5') if cut.len() == 1 => odd,
        _ => true,
    };
    if !up {
        return (kept.to_string(), point);
    }
    if kept.is_empty() {
        return ("1".into(), point + 1);
    }
    let more = kept.parse::<num_bigint::BigUint>().unwrap_or_default() + 1u32;
    let mut more = format!("{more:0>width$}", width = kept.len());
    // Of nines one digit more, the last of them a zero.
    let longer = more.len() > kept.len();
    more.truncate(kept.len());
    (more, if longer { point + 1 } else { point })
}

/// Rounded to so many places, without a sign.
pub fn fixed(mantissa: &BigInt, exponent: i64, places: usize) -> String {
    let (digits, point) = exact(mantissa, exponent);
    let wanted = point.saturating_add(i64::try_from(places).unwrap_or(0));
    let (digits, point) = match usize::try_from(wanted) {
        Ok(count) => rounded(&digits, point, count),
        Err(_) => (String::new(), 0),
    };
    positional(&digits, point, places)
}

/// Digits with a point and exactly so many places.
fn positional(digits: &str, point: i64, places: usize) -> String {
    let at = |i: i64| {
        usize::try_from(i).ok().and_then(|i| digits.as_bytes().get(i)).map_or('0', |b| char::from(*b))
    };
    let whole: String = if point > 0 { (0..point).map(at).collect() } else { "0".into() };
    let fraction: String = (0..i64::try_from(places).unwrap_or(0)).map(|i| at(point + i)).collect();
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}

/// So many digits with an exponent of at least two digits.
pub fn scientific(digits: &str, point: i64, count: usize) -> String {
    let exponent = if digits.is_empty() { 0 } else { point - 1 };
    let padded = format!("{digits:0<count$}");
    let (first, rest) = padded.split_at(padded.len().min(1));
    let dot = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{dot}{rest}e{sign}{:02}", exponent.abs())
}

/// `%g`: scientific for large and small exponents.
pub fn general((digits, point): &(String, i64), precision: usize, shortest: bool) -> String {
    let exponent = if digits.is_empty() { 0 } else { point - 1 };
    let length = i64::try_from(digits.len()).unwrap_or(0);
    let mut limit = i64::try_from(precision).unwrap_or(0);
    if !shortest && limit > length && length >= *point {
        limit = length;
    }
    if shortest {
        limit = 21.min(limit.max(6));
    }
    if exponent < -4 || exponent >= limit {
        return scientific(digits, *point, digits.len().max(1));
    }
    positional(digits, *point, usize::try_from((length - point).max(0)).unwrap_or(0))
}
