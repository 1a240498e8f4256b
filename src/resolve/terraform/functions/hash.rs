//! Hashes and identifiers made of them.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::args::{Answer, Row, done, known, text, total, wrong};
use super::encode::base64;
use super::solve::only_of_one;
use crate::value::func::{AtLeast, Body};
use crate::value::{Cx, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    of_text("md5", |cx, _, a| done(text(cx, a, 0).map(|t| md5(t.as_bytes())))),
    of_text("sha1", |cx, _, a| done(text(cx, a, 0).map(|t| sha1(t.as_bytes())))),
    of_text("sha256", |cx, _, a| done(text(cx, a, 0).map(|t| sha256(t.as_bytes())))),
    of_text("sha512", |cx, _, a| done(text(cx, a, 0).map(|t| sha512(t.as_bytes())))),
    of_text("base64sha256", |cx, _, a| done(text(cx, a, 0).map(|t| base64sha256(t.as_bytes())))),
    of_text("base64sha512", |cx, _, a| done(text(cx, a, 0).map(|t| base64sha512(t.as_bytes())))),
    known("uuidv5", (2, 2), Ty::String, |cx, _, a| done(uuidv5(cx, a)))
        .one_to_one()
        .at_least(AtLeast::Something),
    known("rsadecrypt", (2, 2), Ty::String, Cx::opaque),
];

/// A hash of a text, which is another one for each.
const fn of_text(name: &'static str, body: Body) -> Row {
    total(name, (1, 1), Ty::String, body).one_to_one().solved(only_of_one).at_least(AtLeast::Something)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// MD5 in hexadecimal.
pub fn md5(bytes: &[u8]) -> Value {
    Value::from(hex(&Md5::digest(bytes)))
}

/// SHA-1 in hexadecimal.
pub fn sha1(bytes: &[u8]) -> Value {
    Value::from(hex(&Sha1::digest(bytes)))
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> Value {
    Value::from(hex(&Sha256::digest(bytes)))
}

/// SHA-512 in hexadecimal.
pub fn sha512(bytes: &[u8]) -> Value {
    Value::from(hex(&Sha512::digest(bytes)))
}

/// SHA-256 in base64.
pub fn base64sha256(bytes: &[u8]) -> Value {
    base64(&Sha256::digest(bytes))
}

/// SHA-512 in base64.
pub fn base64sha512(bytes: &[u8]) -> Value {
    base64(&Sha512::digest(bytes))
}

/// A name-based UUID. Source: RFC 9562, "UUID Version 5" and the namespaces of its appendix.
fn uuidv5(cx: &Cx, args: &[Value]) -> Answer {
    let (namespace, name) = (text(cx, args, 0)?, text(cx, args, 1)?);
    let well_known = |last: u8| -> Vec<u8> {
        vec![0x6b, 0xa7, 0xb8, last, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8]
    };
    let space = match &*namespace {
        "dns" => well_known(0x10),
        "url" => well_known(0x11),
        "oid" => well_known(0x12),
        "x500" => well_known(0x14),
        other => parse_uuid(other).ok_or_else(|| wrong("the namespace is no UUID"))?,
    };
    let digest = Sha1::new().chain_update(space).chain_update(name.as_bytes()).finalize();
    let mut bytes: Vec<u8> = digest.iter().take(16).copied().collect();
    if let Some(b) = bytes.get_mut(6) {
        *b = (*b & 0x0f) | 0x50;
    }
    if let Some(b) = bytes.get_mut(8) {
        *b = (*b & 0x3f) | 0x80;
    }
    let digits = hex(&bytes);
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_string();
    Ok(Value::from([group(0, 8), group(8, 12), group(12, 16), group(16, 20), group(20, 32)].join("-")))
}

fn parse_uuid(text: &str) -> Option<Vec<u8>> {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    if lengths != [8, 4, 4, 4, 12] {
        return None;
    }
    let digits: String = text.chars().filter(|c| *c != '-').collect();
    (0..16).map(|i| u8::from_str_radix(digits.get(2 * i..2 * i + 2)?, 16).ok()).collect()
}
