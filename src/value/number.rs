//! Numbers as Terraform computes with them: binary floating point with 512 bits of precision.
//!
//! A number is `mantissa × 2^exponent` with an odd mantissa of at most 512 bits, zero, or an infinity. Each operation
//! rounds its exact result to the nearest, ties to even. Text is the shortest decimal that reads back.
//! Source: recorded results of the real binary; go-cty "primitive types" ("number").

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Precision in bits.
const BITS: u64 = 512;
/// Exponents beyond this (either way, decimal) are refused when reading, so that a short text cannot take much memory.
const MAX_DECIMAL_EXPONENT: i64 = 100_000;
/// Numbers whose last bits are farther apart are not aligned: of a sum the smaller one is lost, and a remainder would take
/// memory.
const APART: i64 = 200_000;

/// A number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Num {
    /// `mantissa × 2^exponent`; the mantissa is odd, or zero with exponent zero.
    Finite(BigInt, i64),
    /// Negative zero prints as `-0`; it equals zero, so it is kept only for printing.
    Infinite(bool),
}

impl Num {
    /// A whole number.
    pub fn from_i64(n: i64) -> Num {
        Num::new(BigInt::from(n), 0)
    }

    /// A whole number from a length.
    pub fn from_usize(n: usize) -> Num {
        Num::new(BigInt::from(n), 0)
    }

    /// The nearest number to an `f64`; `None` if it is not a number.
    pub fn from_f64(f: f64) -> Option<Num> {
        if f.is_nan() {
            return None;
        }
        if f.is_infinite() {
            return Some(Num::Infinite(f < 0.0));
        }
        let bits = f.to_bits();
        let raw = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
        let fraction = bits & 0x000f_ffff_ffff_ffff;
        let (mantissa, exponent) =
            if raw == 0 { (fraction, -1074) } else { (fraction | 0x0010_0000_0000_0000, raw - 1075) };
        let signed = if f < 0.0 { -BigInt::from(mantissa) } else { BigInt::from(mantissa) };
        Some(Num::new(signed, exponent))
    }

    /// The nearest `f64`.
    pub fn to_f64(&self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    fn new(mantissa: BigInt, exponent: i64) -> Num {
        let (sign, mut magnitude) = mantissa.into_parts();
        if magnitude.is_zero() {
            return Num::Finite(BigInt::zero(), 0);
        }
        let mut exponent = exponent;
        let extra = magnitude.bits().saturating_sub(BITS);
        if extra > 0 {
            let half = BigUint::one() << (extra - 1);
            let rest = &magnitude & ((BigUint::one() << extra) - 1u32);
            magnitude >>= extra;
            exponent += i64::try_from(extra).unwrap_or(0);
            if rest > half || (rest == half && magnitude.is_odd()) {
                magnitude += 1u32;
            }
        }
        let zeros = magnitude.trailing_zeros().unwrap_or(0);
        magnitude >>= zeros;
        Num::Finite(BigInt::from_biguint(sign, magnitude), exponent + i64::try_from(zeros).unwrap_or(0))
    }

    /// Reads decimal text as Terraform reads a number: an optional sign, digits, a fraction, an exponent; `Inf`.
    /// `None` for anything else, blanks and hexadecimal included.
    pub fn parse(text: &str) -> Option<Num> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if matches!(rest, "Inf" | "inf") {
            return Some(Num::Infinite(negative));
        }
        let (number, exponent) = match rest.find(['e', 'E']) {
            Some(i) => {
                let digits = rest.get(i + 1..)?;
                let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(digits);
                if unsigned.is_empty() || !unsigned.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                (rest.get(..i)?, digits.strip_prefix('+').unwrap_or(digits).parse::<i64>().ok()?)
            }
            None => (rest, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits: String = [whole, fraction].concat();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let scale = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        if scale.abs() > MAX_DECIMAL_EXPONENT {
            return None;
        }
        let mantissa = BigInt::parse_bytes(digits.as_bytes(), 10)?;
        let mantissa = if negative { -mantissa } else { mantissa };
        let power = BigInt::from(10).pow(u32::try_from(scale.unsigned_abs()).ok()?);
        Some(if scale >= 0 { Num::new(mantissa * power, 0) } else { quotient(&mantissa, &power) })
    }

    /// The number as a count or an index, if it can be one.
    pub fn to_usize(&self) -> Option<usize> {
        usize::try_from(self.to_i64()?).ok()
    }

    /// The number as a whole number, if it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        self.to_integer().and_then(|i| i.to_i64())
    }

    /// The number as a whole number of any size, if it is one (numbers above 2^65536 are not expanded).
    pub fn to_integer(&self) -> Option<BigInt> {
        match self {
            Num::Finite(m, e) if (0..=65_536).contains(e) => Some(m << u64::try_from(*e).ok()?),
            _ => None,
        }
    }

    /// Whether the number is whole. Infinities are not.
    pub fn is_whole(&self) -> bool {
        matches!(self, Num::Finite(_, e) if *e >= 0)
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i32 {
        match self {
            Num::Finite(m, _) if m.is_zero() => 0,
            Num::Finite(m, _) => {
                if m.is_negative() {
                    -1
                } else {
                    1
                }
            }
            Num::Infinite(negative) => {
                if *negative {
                    -1
                } else {
                    1
                }
            }
        }
    }

    /// Minus the number.
    pub fn neg(&self) -> Num {
        match self {
            Num::Finite(m, e) => Num::Finite(-m, *e),
            Num::Infinite(negative) => Num::Infinite(!negative),
        }
    }

    /// The sum; `None` for infinities of opposite sign.
    pub fn add(&self, other: &Num) -> Option<Num> {
        match (self, other) {
            (Num::Finite(a, x), Num::Finite(b, y)) => {
                // Far apart, the smaller one can only matter as a sticky bit; aligning would take memory.
                let low = (*x).min(*y);
                let (dx, dy) = (x - low, y - low);
                if dx > APART || dy > APART {
                    return Some(if dx > dy { self.clone() } else { other.clone() });
                }
                Some(Num::new((a << u64::try_from(dx).ok()?) + (b << u64::try_from(dy).ok()?), low))
            }
            (Num::Infinite(a), Num::Infinite(b)) => (a == b).then(|| self.clone()),
            (Num::Infinite(_), _) => Some(self.clone()),
            (_, Num::Infinite(_)) => Some(other.clone()),
        }
    }

    /// The difference; `None` for infinities of equal sign.
    pub fn sub(&self, other: &Num) -> Option<Num> {
        self.add(&other.neg())
    }

    /// The product; `None` for zero times infinity.
    pub fn mul(&self, other: &Num) -> Option<Num> {
        match (self, other) {
            (Num::Finite(a, x), Num::Finite(b, y)) => Some(Num::new(a * b, x.checked_add(*y)?)),
            _ => match self.signum() * other.signum() {
                0 => None,
                sign => Some(Num::Infinite(sign < 0)),
            },
        }
    }

    /// The quotient; dividing by zero gives an infinity, `None` for zero by zero and infinity by infinity.
    pub fn div(&self, other: &Num) -> Option<Num> {
        match (self, other) {
            (Num::Finite(a, x), Num::Finite(b, y)) => {
                if b.is_zero() {
                    return (!a.is_zero()).then(|| Num::Infinite(a.is_negative()));
                }
                match quotient(a, b) {
                    Num::Finite(m, e) => Some(Num::new(m, e.checked_add(x - y)?)),
                    infinite => Some(infinite),
                }
            }
            (Num::Infinite(_), Num::Infinite(_)) => None,
            (Num::Infinite(n), _) => Some(Num::Infinite(*n != (other.signum() < 0))),
            (_, Num::Infinite(_)) => Some(Num::from_i64(0)),
        }
    }

    /// Whether its last digit stands so far above another one's that no remainder is worked out.
    pub fn is_far_above(&self, other: &Num) -> bool {
        matches!((self, other), (Num::Finite(_, x), Num::Finite(b, y)) if !b.is_zero() && x - y > APART)
    }

    /// The remainder of the division that truncates; a zero divisor gives the dividend back. `None` with an infinity, and
    /// [far above](Num::is_far_above) the divisor.
    pub fn rem(&self, other: &Num) -> Option<Num> {
        match (self, other) {
            (Num::Finite(_, _), Num::Finite(b, _)) if b.is_zero() => Some(self.clone()),
            (Num::Finite(a, x), Num::Finite(b, y)) => {
                let low = (*x).min(*y);
                let (dx, dy) = (x - low, y - low);
                match (dx > APART, dy > APART) {
                    (true, _) => None,
                    (_, true) => Some(self.clone()),
                    _ => Some(Num::new((a << u64::try_from(dx).ok()?) % (b << u64::try_from(dy).ok()?), low)),
                }
            }
            _ => None,
        }
    }

    /// The next whole number above.
    pub fn ceil(&self) -> Num {
        self.neg().floor().neg()
    }

    /// The largest whole number that is not above this one.
    pub fn floor(&self) -> Num {
        match self {
            Num::Finite(m, e) if *e < 0 => {
                Num::new(m.div_floor(&(BigInt::one() << u64::try_from(-e).unwrap_or(0))), 0)
            }
            _ => self.clone(),
        }
    }
}

/// `a / b`, rounded; `b` is not zero.
fn quotient(a: &BigInt, b: &BigInt) -> Num {
    let shift = (BITS + 2 + b.bits()).saturating_sub(a.bits());
    let (q, r) = (a << shift).div_rem(b);
    // A sticky bit below the last one makes the rounding see what the division cut off.
    let sticky = if r.is_zero() {
        BigInt::zero()
    } else {
        BigInt::from(if a.is_negative() != b.is_negative() { -1 } else { 1 })
    };
    Num::new((q << 1u32) + sticky, -i64::try_from(shift).unwrap_or(0) - 1)
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Num) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Num) -> Ordering {
        match (self, other) {
            (Num::Infinite(a), Num::Infinite(b)) => b.cmp(a),
            (Num::Infinite(a), _) => {
                if *a {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (_, Num::Infinite(b)) => {
                if *b {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            _ => self.sub(other).map_or(0, |d| d.signum()).cmp(&0),
        }
    }
}

impl fmt::Display for Num {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Num::Infinite(negative) => f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Num::Finite(m, e) if *e >= 0 => write!(f, "{}", m << u64::try_from(*e).unwrap_or(0)),
            Num::Finite(m, e) => {
                if m.sign() == Sign::Minus {
                    f.write_str("-")?;
                }
                f.write_str(&decimal(m.magnitude(), u64::try_from(-e).unwrap_or(0), self))
            }
        }
    }
}

/// The shortest decimal of `m / 2^e` that reads back as `whole`'s magnitude.
fn decimal(m: &BigUint, e: u64, whole: &Num) -> String {
    let target = if whole.signum() < 0 { whole.neg() } else { whole.clone() };
    let denominator = BigUint::one() << e;
    for places in 0..=u32::try_from(e.min(100_000)).unwrap_or(0) {
        let scaled = m * BigUint::from(10u32).pow(places);
        let (mut q, r) = scaled.div_rem(&denominator);
        if r * 2u32 >= denominator {
            q += 1u32;
        }
        let digits = q.to_string();
        let width = places as usize;
        let padded = format!("{digits:0>width$}", width = width + 1);
        let (whole_part, fraction) = padded.split_at(padded.len() - width);
        let text =
            if fraction.is_empty() { whole_part.to_string() } else { format!("{whole_part}.{fraction}") };
        if Num::parse(&text).as_ref() == Some(&target) {
            return text;
        }
    }
    target.to_integer().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn n(text: &str) -> Num {
        Num::parse(text).unwrap()
    }

    #[test]
    fn text_is_the_shortest_that_reads_back() {
        for (text, shown) in [
            ("1e3", "1000"),
            ("2.50", "2.5"),
            ("1.0", "1"),
            ("1e-7", "0.0000001"),
            ("0.1", "0.1"),
            ("010", "10"),
            ("-3.25", "-3.25"),
            ("1e21", "1000000000000000000000"),
        ] {
            assert_eq!(n(text).to_string(), shown);
        }
        let third = n("1").div(&n("3")).unwrap();
        assert_eq!(third.to_string(), format!("0.{}", "3".repeat(154) + "5"));
    }

    #[test]
    fn arithmetic_is_terraforms() {
        assert_eq!(n("0.1").add(&n("0.2")), Some(n("0.3")));
        assert_eq!(n("1").div(&n("3")).unwrap().mul(&n("3")), Some(n("1")));
        assert_eq!(n("-7").rem(&n("3")), Some(n("-1")));
        assert_eq!(n("7.5").rem(&n("2")), Some(n("1.5")));
        assert_eq!(n("8").rem(&n("0")), Some(n("8")));
        assert_eq!(n("1").div(&n("0")), Some(Num::Infinite(false)));
        assert_eq!(n("0").div(&n("0")), None);
        assert_eq!(n("-1.5").floor(), n("-2"));
        // So far apart that the smaller one is lost, or no remainder is worked out.
        let (large, small) = (Num::Finite(1.into(), 300_000), n("1"));
        assert_eq!((large.add(&small), small.add(&large)), (Some(large.clone()), Some(large.clone())));
        assert_eq!((large.rem(&small), small.rem(&large)), (None, Some(small.clone())));
    }

    #[test]
    fn only_decimal_text_is_a_number() {
        for text in ["", " 1", "0x10", ".", "1_000", "1e", "e5", "1.2.3", "-", "1e999999999"] {
            assert_eq!(Num::parse(text), None, "{text}");
        }
        assert_eq!(Num::parse("Inf"), Some(Num::Infinite(false)));
        assert_eq!((Num::parse("-.5"), Num::parse("5.")), (Num::parse("-0.5"), Num::parse("5")));
    }

    #[test]
    fn a_float_is_the_number_that_it_is() {
        for (float, text) in
            [(0.5, "0.5"), (-2.5, "-2.5"), (0.0, "0"), (f64::INFINITY, "Inf"), (-f64::INFINITY, "-Inf")]
        {
            assert_eq!(Num::from_f64(float), Num::parse(text), "{text}");
        }
        for float in [f64::MIN_POSITIVE, -f64::MIN_POSITIVE / 4.0, 5e-324, 1.0e300] {
            assert_eq!(Num::from_f64(float).unwrap().to_f64(), float);
        }
        assert_eq!(Num::from_f64(f64::NAN), None);
    }

    #[test]
    fn order_is_by_size() {
        assert!(n("9") < n("10") && n("-1") < n("0") && n("0.5") < n("1") && Num::Infinite(true) < n("-1e9"));
    }
}
