//! Functions that write or cut text in a fixed format: Base64, JSON, blocks of addresses.
//!
//! What is known is computed; the rest is one symbol by function and arguments. Source: CloudFormation's template
//! reference, "Fn::Base64", "Fn::ToJsonString", "Fn::Cidr"; recorded results of the language extensions (compact JSON,
//! keys in the order written, numbers and bools as written).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine as _;

use super::{Stack, World, scalar, view};
use crate::parse::tree::{Node, NodeKind, Style};
use crate::value::func::AtLeast;
use crate::value::{CollKind, Cx, Func, Guard, Part, Ty, Value};

/// How many blocks `Fn::Cidr` gives at most.
const MAX_BLOCKS: u128 = 256;

static JSON: Func = Func::known("Fn::ToJsonString", Ty::String, |_, _, args| {
    Value::from(args.iter().map(json).collect::<String>())
})
.solved(|cx, _, args, text| {
    let (mut left, mut so) = (text.as_str()?, Vec::new());
    for arg in args {
        match read(cx, arg, left, true, &mut so)? {
            Some(rest) => left = rest,
            None => return Some(Guard::FALSE),
        }
    }
    Some(if left.is_empty() { cx.all(so) } else { Guard::FALSE })
});
static BASE64: Func = Func::shape("Fn::Base64", Ty::String, base64).at_least(AtLeast::First);
pub(super) static CIDR: Func = Func::shape("Fn::Cidr", Ty::Dynamic, cidr);

fn base64(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [Value::String(text)] => Value::from(base64::engine::general_purpose::STANDARD.encode(&**text)),
        [Value::Coll(_) | Value::Null] => Value::refused("Fn::Base64 takes a string", None),
        _ => cx.opaque(f, args),
    }
}

/// The key of a map under which text stands that is JSON already: see [`World::to_json`]. No template has one.
const WRITTEN: &str = "(written)";

/// A value as JSON.
fn json(value: &Value) -> String {
    match value {
        Value::Coll(coll) if coll.kind == CollKind::Map => {
            coll.parts.first().and_then(|p| p.value.as_str()).unwrap_or_default().to_string()
        }
        other => quoted(other),
    }
}

/// What is left of a text behind a value as JSON, and what has to be so for it to begin with that. `None` where that is not
/// worked out, `Some(None)` where it never begins so.
fn read<'t>(
    cx: &Cx,
    value: &Value,
    text: &'t str,
    top: bool,
    so: &mut Vec<Guard>,
) -> Option<Option<&'t str>> {
    if value.is_known() {
        let own = if top { json(value) } else { quoted(value) };
        return Some(text.strip_prefix(&own));
    }
    match value {
        Value::Sym(sym) if cx.type_of(*sym) == Ty::String => {
            let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
            let Some(Ok(serde_json::Value::String(own))) = values.next() else { return Some(None) };
            let (written, rest) = text.split_at_checked(values.byte_offset())?;
            let own = Value::from(own);
            so.push(cx.equal(value, &own));
            Some((quoted(&own) == written).then_some(rest))
        }
        Value::Sym(sym) if cx.type_of(*sym) == Ty::List(Box::new(Ty::String)) => {
            let mut values = serde_json::Deserializer::from_str(text).into_iter::<Vec<String>>();
            let Some(Ok(own)) = values.next() else { return Some(None) };
            let (written, rest) = text.split_at_checked(values.byte_offset())?;
            let own = own.into_iter().map(|text| Part::item(Value::from(text))).collect();
            let own = Value::typed(CollKind::List, Ty::String, own);
            so.push(cx.equal(value, &own));
            Some((quoted(&own) == written).then_some(rest))
        }
        Value::Coll(coll) if !coll.kind.keyed() && coll.parts.iter().all(Part::is_certain) => {
            let mut left = text;
            for (i, part) in coll.parts.iter().enumerate() {
                let Some(rest) = left.strip_prefix(if i == 0 { "[" } else { "," }) else { return Some(None) };
                match read(cx, &part.value, rest, false, so)? {
                    Some(rest) => left = rest,
                    None => return Some(None),
                }
            }
            let left = if coll.parts.is_empty() { left.strip_prefix('[') } else { Some(left) };
            Some(left.and_then(|left| left.strip_prefix(']')))
        }
        _ => None,
    }
}

fn quoted(value: &Value) -> String {
    match value {
        Value::String(text) => serde_json::Value::from(&**text).to_string(),
        Value::Number(n) => n.to_string(),
        Value::Bool(guard) => guard.is_true().to_string(),
        Value::Coll(coll) if coll.kind.keyed() => {
            let entry = |p: &Part| format!("{}:{}", quoted(&p.key), quoted(&p.value));
            format!("{{{}}}", coll.parts.iter().map(entry).collect::<Vec<_>>().join(","))
        }
        Value::Coll(coll) => {
            format!("[{}]", coll.parts.iter().map(|p| quoted(&p.value)).collect::<Vec<_>>().join(","))
        }
        _ => "null".into(),
    }
}

fn cidr(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let wrong = |reason: &str| Value::refused(format!("Fn::Cidr {reason}"), None);
    let [block, count, bits] = args else { return wrong("takes a block, a count and a number of bits") };
    let (Value::String(block), Some(count), Some(bits)) = (block, whole(count), whole(bits)) else {
        return if args.iter().any(|a| matches!(a, Value::Coll(_) | Value::Null)) {
            wrong("takes a block, a count and a number of bits")
        } else {
            cx.opaque(f, args)
        };
    };
    match blocks(block, count, bits) {
        Some(blocks) => {
            let items = blocks.into_iter().map(|b| Part::item(Value::from(b))).collect();
            Value::typed(CollKind::List, Ty::Dynamic, items)
        }
        None => wrong(&format!("cannot cut {count} blocks with {bits} bits each from {block}")),
    }
}

fn whole(value: &Value) -> Option<u128> {
    value.as_str()?.parse().ok()
}

/// The first `count` blocks with `bits` host bits each in `block`.
fn blocks(block: &str, count: u128, bits: u128) -> Option<Vec<String>> {
    let (address, prefix) = block.split_once('/')?;
    let (start, width, v4) = match address.parse().ok()? {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32u32, true),
        IpAddr::V6(address) => (address.to_bits(), 128, false),
    };
    let prefix: u32 = prefix.parse().ok().filter(|p| *p <= width)?;
    let bits = u32::try_from(bits).ok().filter(|b| (1..=width - prefix).contains(b))?;
    let room = width - prefix - bits;
    if count == 0 || count > MAX_BLOCKS || (room < 32 && count > 1 << room) {
        return None;
    }
    let mask = u128::MAX.checked_shl(width - prefix).unwrap_or(0);
    let shown = |n: u128| -> Option<String> {
        let at = (start & mask).checked_add(n.checked_shl(bits)?)?;
        let address = match v4 {
            true => Ipv4Addr::from_bits(u32::try_from(at).ok()?).to_string(),
            false => Ipv6Addr::from_bits(at).to_string(),
        };
        Some(format!("{address}/{}", width - bits))
    };
    (0..count).map(shown).collect()
}

impl World<'_> {
    pub(super) fn to_base64(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        self.located(self.cx.call(&BASE64, &[self.eval(s, arg)]), s, node)
    }

    pub(super) fn to_blocks(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let args: Vec<Value> = arg.items().iter().map(|item| self.eval(s, item)).collect();
        let args = match args.as_slice() {
            // Without a number of bits, as the documentation has it.
            [block, count] => vec![block.clone(), count.clone(), Value::from("8")],
            _ => args,
        };
        self.located(self.cx.call(&CIDR, &args), s, node)
    }

    /// `Fn::ToJsonString`. What is written keeps its type (`3`, `true`); what a function gives is text, a list or a map.
    pub(super) fn to_json(&self, s: &Stack, arg: &Node) -> Value {
        let (mut parts, mut open) = (Vec::new(), false);
        self.json_parts(s, arg, &mut parts, &mut open);
        if open {
            // An element may be `AWS::NoValue`: where it stands in the text depends on that.
            return self.cx.call(&JSON, &[self.eval(s, arg)]);
        }
        self.cx.call(&JSON, &parts)
    }

    fn json_parts(&self, s: &Stack, node: &Node, parts: &mut Vec<Value>, open: &mut bool) {
        let written = |text: String| {
            let part = Part::entry(Value::from(WRITTEN), Value::from(text));
            Value::typed(CollKind::Map, Ty::Dynamic, vec![part])
        };
        if view::call(node).is_some() || view::has_loop(node) {
            let value = self.eval(s, node);
            *open |= !self.cx.null(&value).is_false();
            return parts.push(value);
        }
        match &node.kind {
            NodeKind::Scalar(_, style) => {
                let own = scalar::read(node);
                let plain = matches!(style, Style::Plain | Style::JsonBare) && node.tag.is_none();
                let bare = own.as_deref().filter(|t| {
                    plain
                        && (matches!(*t, "true" | "false")
                            || serde_json::from_str::<serde_json::Number>(t).is_ok())
                });
                match (bare, own.as_deref()) {
                    (Some(bare), _) => parts.push(written(bare.into())),
                    (None, Some(own)) => parts.push(self.text(own)),
                    (None, None) => parts.push(written("null".into())),
                }
            }
            NodeKind::Seq(items) => {
                parts.push(written("[".into()));
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        parts.push(written(",".into()));
                    }
                    self.json_parts(s, item, parts, open);
                }
                parts.push(written("]".into()));
            }
            NodeKind::Map(entries) => {
                parts.push(written("{".into()));
                for (i, (key, value)) in entries.iter().enumerate() {
                    let key = serde_json::Value::from(scalar::read(key).unwrap_or_default());
                    parts.push(written(format!("{}{key}:", if i > 0 { "," } else { "" })));
                    self.json_parts(s, value, parts, open);
                }
                parts.push(written("}".into()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_cut_from_the_start() {
        for (block, count, bits, gives) in [
            ("10.0.0.0/16", 2, 8, Some("10.0.0.0/24 10.0.1.0/24")),
            ("10.0.7.9/24", 2, 5, Some("10.0.7.0/27 10.0.7.32/27")),
            ("192.168.0.0/24", 1, 8, Some("192.168.0.0/24")),
            ("192.168.0.0/24", 2, 8, None),
            ("2001:db8::/56", 2, 64, Some("2001:db8::/64 2001:db8:0:1::/64")),
            ("0.0.0.0/0", 2, 31, Some("0.0.0.0/1 128.0.0.0/1")),
            ("10.0.0.0/16", 257, 4, None),
            ("10.0.0.0/16", 0, 8, None),
            ("2001:db8::/32", 2, 64, Some("2001:db8::/64 2001:db8:0:1::/64")),
            ("10.0.0.0", 1, 8, None),
            ("10.0.0.0/33", 1, 8, None),
            ("x/8", 1, 8, None),
            ("10.0.0.0/16", 1, 0, None),
        ] {
            let got = blocks(block, count, bits).map(|b| b.join(" "));
            assert_eq!(got.as_deref(), gives, "{block} {count} {bits}");
        }
    }
}
