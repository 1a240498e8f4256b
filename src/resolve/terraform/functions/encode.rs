//! Functions that write a value as text: JSON, YAML, base64, URLs.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::args::{Answer, Row, carrying, done, known, text, total, wrong};
use super::{solve, yaml};
use crate::value::func::{AtLeast, Carries, Form};
use crate::value::{Cx, Func, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    total("jsonencode", (1, 1), Ty::String, |_, _, a| {
        done(a.first().map_or(Err(wrong("a value is needed")), to_json).map(Value::from))
    })
    .one_to_one()
    .at_least(AtLeast::Json)
    .solved(solve::encoded)
    .makes(Form::Json),
    total("yamlencode", (1, 1), Ty::String, |cx, f, a| {
        let written = a.first().and_then(yaml::encode).map(Value::from);
        written.unwrap_or_else(|| cx.opaque(f, a))
    })
    .one_to_one()
    .at_least(AtLeast::Yaml)
    .solved(solve::encoded)
    .makes(Form::Yaml),
    encoded(
        total("base64encode", (1, 1), Ty::String, |cx, _, a| {
            done(text(cx, a, 0).map(|t| base64(t.as_bytes())))
        })
        .one_to_one()
        .solved(solve::base64)
        .at_least(AtLeast::First)
        .makes(Form::Base64),
    ),
    // The compressed bytes depend on the compressor, but for no text there are none.
    total("base64gzip", (1, 1), Ty::String, |cx, f, a| match a {
        [Value::String(text)] if text.is_empty() => GZIP_OF_NOTHING.into(),
        _ => cx.opaque(f, a),
    })
    .makes(Form::Gzip),
    total("urlencode", (1, 1), Ty::String, |cx, _, a| done(text(cx, a, 0).map(|t| Value::from(url(&t)))))
        .one_to_one()
        .at_least(AtLeast::First)
        .makes(Form::Url),
    encoded(
        known("textencodebase64", (2, 2), Ty::String, |cx, f, a| done(text_encode(cx, f, a)))
            .makes(Form::Charset),
    ),
];

const fn encoded(row: Row) -> Row {
    carrying(Carries::Encoded, row)
}

/// The empty text, compressed as Terraform does it.
const GZIP_OF_NOTHING: &str = "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA==";

/// Bytes in base64.
pub fn base64(bytes: &[u8]) -> Value {
    Value::from(STANDARD.encode(bytes))
}

/// A known value as JSON, as `jsonencode` writes it.
pub fn to_json(value: &Value) -> Result<String, Value> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut String) -> Result<(), Value> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(g) => out.push_str(if g.is_true() { "true" } else { "false" }),
        Value::Number(n) if matches!(**n, crate::value::Num::Infinite(_)) => {
            return Err(wrong("an infinite number cannot be written as JSON"));
        }
        Value::Number(n) => out.push_str(&n.to_string()),
        Value::String(text) => quote(text, out),
        Value::Coll(c) => {
            let keyed = c.kind.keyed();
            out.push(if keyed { '{' } else { '[' });
            for (i, part) in c.parts.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                if keyed {
                    quote(part.key.as_str().unwrap_or_default(), out);
                    out.push(':');
                }
                write(&part.value, out)?;
            }
            out.push(if keyed { '}' } else { ']' });
        }
        Value::Sym(_) | Value::Choice(_) | Value::Refused(_) => {
            return Err(wrong("a value that is not known cannot be written as JSON"));
        }
    }
    Ok(())
}

/// A text as a string of JSON, as `jsonencode` writes it.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if u32::from(c) < 0x20 || matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') => {
                out.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Query escaping: a blank is `+`.
fn url(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(b)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// The encodings that are common; another one makes the call a symbol.
fn text_encode(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let (whole, encoding) = (text(cx, args, 0)?, text(cx, args, 1)?);
    let single = |limit: u32| -> Result<Vec<u8>, Value> {
        whole
            .chars()
            .map(|c| u8::try_from(u32::from(c)).ok().filter(|_| u32::from(c) < limit))
            .collect::<Option<_>>()
            .ok_or_else(|| wrong("the encoding has no such character"))
    };
    let bytes: Vec<u8> = match encoding.to_ascii_uppercase().as_str() {
        "UTF-8" => whole.bytes().collect(),
        "UTF-16LE" => whole.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => whole.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        "ISO-8859-1" | "LATIN1" => single(0x100)?,
        "US-ASCII" | "ASCII" => single(0x80)?,
        _ => return Ok(cx.opaque(f, args)),
    };
    Ok(base64(&bytes))
}
