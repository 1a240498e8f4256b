//! Address arithmetic over prefixes in CIDR notation, of both families.
//!
//! Source: Terraform language, "cidrsubnet Function" and its neighbours; OpenTofu, "cidrcontains Function".

use std::net::{Ipv4Addr, Ipv6Addr};

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};

use super::args::{ANY, Answer, Row, done, known, number, strings, text, whole, wrong};
use crate::value::{Cx, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    known("cidrhost", (2, 2), Ty::String, |cx, _, a| done(host(cx, a))),
    known("cidrnetmask", (1, 1), Ty::String, |cx, _, a| done(netmask(cx, a))),
    known("cidrsubnet", (3, 3), Ty::String, |cx, _, a| done(subnet(cx, a))),
    known("cidrsubnets", (1, ANY), Ty::Dynamic, |cx, _, a| done(subnets(cx, a))),
    known("cidrcontains", (2, 2), Ty::Bool, |cx, _, a| done(contains(cx, a))),
];

/// An address of a family of 32 or 128 bits.
#[derive(Clone, Copy)]
struct Address {
    bits: u32,
    number: u128,
}

/// A prefix; the bits behind it are zero.
#[derive(Clone, Copy)]
struct Prefix {
    base: Address,
    length: u32,
}

fn mask(bits: u32, length: u32) -> u128 {
    let all = if bits == 128 { u128::MAX } else { (1 << bits) - 1 };
    let rest = bits - length;
    if rest >= 128 { 0 } else { all >> rest << rest }
}

impl Address {
    fn parse(text: &str) -> Option<Address> {
        if let Ok(v6) = text.parse::<Ipv6Addr>() {
            return Some(Address { bits: 128, number: u128::from(v6) });
        }
        // Zeros at the start of a part do not make it octal.
        let parts: Vec<&str> = text.split('.').collect();
        let part = |p: &&str| p.parse::<u8>().ok().filter(|_| p.bytes().all(|b| b.is_ascii_digit()));
        let bytes: Vec<u8> = parts.iter().map(part).collect::<Option<_>>()?;
        let [a, b, c, d] = bytes.as_slice() else { return None };
        Some(Address { bits: 32, number: u128::from(u32::from_be_bytes([*a, *b, *c, *d])) })
    }

    fn show(self) -> String {
        match u32::try_from(self.number) {
            Ok(n) if self.bits == 32 => Ipv4Addr::from(n).to_string(),
            _ => Ipv6Addr::from(self.number).to_string(),
        }
    }
}

impl Prefix {
    fn parse(text: &str) -> Result<Prefix, Value> {
        let bad = || wrong("this is not a prefix in CIDR notation");
        let (address, length) = text.split_once('/').ok_or_else(bad)?;
        let base = Address::parse(address).ok_or_else(bad)?;
        let plain = length.bytes().all(|b| b.is_ascii_digit());
        let length = length.parse::<u32>().ok().filter(|l| plain && *l <= base.bits).ok_or_else(bad)?;
        Ok(Prefix { base: Address { number: base.number & mask(base.bits, length), ..base }, length })
    }

    fn show(self) -> String {
        format!("{}/{}", self.base.show(), self.length)
    }

    fn last(self) -> u128 {
        self.base.number | (mask(self.base.bits, self.base.bits) & !mask(self.base.bits, self.length))
    }
}

fn host(cx: &Cx, args: &[Value]) -> Answer {
    let prefix = Prefix::parse(&text(cx, args, 0)?)?;
    let n = number(cx, args, 1)?.to_integer().ok_or_else(|| wrong("a whole number is needed"))?;
    let size: BigInt = BigInt::from(1) << (prefix.base.bits - prefix.length);
    let offset = if n.is_negative() { &size + &n } else { n };
    if offset.is_negative() || offset >= size {
        return Err(wrong("this prefix has no host of that number"));
    }
    let offset = offset.to_u128().ok_or_else(|| wrong("this prefix has no host of that number"))?;
    Ok(Value::from(Address { number: prefix.base.number | offset, ..prefix.base }.show()))
}

fn netmask(cx: &Cx, args: &[Value]) -> Answer {
    let prefix = Prefix::parse(&text(cx, args, 0)?)?;
    if prefix.base.bits != 32 {
        return Err(wrong("only IPv4 prefixes have a netmask"));
    }
    Ok(Value::from(Address { number: mask(32, prefix.length), bits: 32 }.show()))
}

fn subnet(cx: &Cx, args: &[Value]) -> Answer {
    let prefix = Prefix::parse(&text(cx, args, 0)?)?;
    let bits = whole(cx, args, 1)?;
    let n = number(cx, args, 2)?.to_integer().ok_or_else(|| wrong("a whole number is needed"))?;
    let length = i64::from(prefix.length).saturating_add(bits);
    let Ok(rest) = u32::try_from(i64::from(prefix.base.bits) - length) else {
        return Err(wrong("the prefix has too few bits for this"));
    };
    let none = || wrong("the prefix has no subnet of that number");
    // As the binary computes it, whose sizes are 64 bits without a sign.
    let most = match u32::try_from(bits) {
        Ok(bits) => 1u64.checked_shl(bits).unwrap_or(0).wrapping_sub(1),
        Err(_) => u64::MAX,
    };
    if n.magnitude().iter_u64_digits().next().unwrap_or(0) > most {
        return Err(none());
    }
    let Ok(length) = u32::try_from(length) else { return Ok("<nil>".into()) };
    let number = BigInt::from(prefix.base.number) | (n << rest);
    let number = number.magnitude().to_u128().filter(|n| n & !mask(prefix.base.bits, prefix.base.bits) == 0);
    let base = Address { number: number.ok_or_else(none)?, ..prefix.base };
    Ok(Value::from(Prefix { base, length }.show()))
}

/// Consecutive subnets, each at the next multiple of its own size.
fn subnets(cx: &Cx, args: &[Value]) -> Answer {
    let prefix = Prefix::parse(&text(cx, args, 0)?)?;
    let mut next = Some(prefix.base.number);
    let mut out = Vec::new();
    for i in 1..args.len() {
        let bits = u32::try_from(whole(cx, args, i)?).ok().filter(|b| (1..=32).contains(b));
        let bits = bits.ok_or_else(|| wrong("a subnet takes from 1 to 32 new bits"))?;
        let length = prefix.length.checked_add(bits).filter(|l| *l <= prefix.base.bits);
        let length = length.ok_or_else(|| wrong("the prefix has too few bits for this"))?;
        // Of at least one new bit: never all 128.
        let size = 1u128.checked_shl(prefix.base.bits - length).unwrap_or(1);
        let full = || wrong("the prefix has no room for this many subnets");
        let at = next.ok_or_else(full)?;
        let at = at.div_ceil(size).checked_mul(size).ok_or_else(full)?;
        let made = Prefix { base: Address { number: at, ..prefix.base }, length };
        if made.last() > prefix.last() {
            return Err(full());
        }
        next = made.last().checked_add(1);
        out.push(made.show());
    }
    Ok(strings(out))
}

fn contains(cx: &Cx, args: &[Value]) -> Answer {
    let outer = Prefix::parse(&text(cx, args, 0)?)?;
    let inner = text(cx, args, 1)?;
    let inner = match Address::parse(&inner) {
        Some(base) => Prefix { base, length: base.bits },
        None => Prefix::parse(&inner)?,
    };
    if inner.base.bits != outer.base.bits {
        return Err(wrong("these addresses are of different families"));
    }
    Ok(Value::from(inner.base.number >= outer.base.number && inner.last() <= outer.last()))
}
