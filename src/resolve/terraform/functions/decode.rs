//! Functions that read text: JSON, YAML, CSV, base64, URLs. What they give is always a tuple or an object.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::args::{Answer, Row, arg, carrying, done, known, past_limit, shape, string, text, wrong};
use super::encode::base64;
use super::yaml;
use crate::parse::json::parse_text;
use crate::parse::tree::{Node, NodeKind, Style};
use crate::resolve::terraform::types::elements::is_set;
use crate::value::func::{Carries, Elements, Form};
use crate::value::limits::ELEMENTS;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Func, Num, Part, SymNode, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    decoded(Form::Json, shape("jsondecode", (1, 1), Ty::Dynamic, json_decode)).sampled(json_lists),
    decoded(
        Form::Yaml,
        shape("yamldecode", (1, 1), Ty::Dynamic, |cx, f, a| match encoded(cx, f, &arg(a, 0)) {
            Some(value) => value,
            None if !a.iter().all(Value::is_known) => cx.opaque(f, a),
            None => done(text(cx, a, 0).and_then(|t| yaml::decode(&t))),
        }),
    )
    .sampled(json_lists),
    decoded(
        Form::Csv,
        shape("csvdecode", (1, 1), Ty::Dynamic, |cx, f, a| {
            let whole = match with_words(cx, &arg(a, 0)) {
                Some(whole) => Ok(whole),
                None if !a.iter().all(Value::is_known) => return cx.opaque(f, a),
                None => text(cx, a, 0).map(|text| (text.to_string(), Vec::new())),
            };
            done(whole.and_then(|(letters, words)| csv(cx, f, &letters, words)))
        }),
    )
    .sampled(csv_rows),
    known("base64decode", (1, 1), Ty::String, |cx, _, a| {
        done(text(cx, a, 0).and_then(|t| from_utf8(bytes(&t)?)))
    })
    .sampled(|_, constants| {
        constants.iter().filter_map(Value::as_str).map(|t| base64(t.as_bytes())).collect()
    })
    .undoing(Form::Base64),
    // Only OpenTofu has it.
    known("base64gunzip", (1, 1), Ty::String, Cx::opaque).undoing(Form::Gzip),
    known("textdecodebase64", (2, 2), Ty::String, |cx, f, a| done(text_decode(cx, f, a)))
        .undoing(Form::Charset),
    known("urldecode", (1, 1), Ty::String, |cx, _, a| done(text(cx, a, 0).and_then(|t| url(&t))))
        .undoing(Form::Url),
];

/// Up to how many elements or rows a sample has.
const SAMPLED: usize = 16;

/// As many as some number beside the call says, and one more.
fn counts(constants: &[Value]) -> impl Iterator<Item = usize> + '_ {
    let counts = constants.iter().filter_map(|c| c.as_number()?.to_usize());
    counts.flat_map(|n| [n, n.saturating_add(1)]).filter(|n| *n <= SAMPLED)
}

/// Lists of so many elements as JSON, and the texts beside it: each by itself, as a list of one, as the name of an attribute.
fn json_lists(_: &[Value], constants: &[Value]) -> Vec<Value> {
    let lists = counts(constants)
        .map(|n| format!("[{}]", (0..n).map(|i| i.to_string()).collect::<Vec<_>>().join(",")));
    let texts = constants
        .iter()
        .filter_map(Value::as_str)
        .flat_map(|text| [format!("{text:?}"), format!("[{text:?}]"), format!("[{{{text:?}:\"a\"}}]")]);
    lists.chain(texts).map(Value::from).collect()
}

/// So many rows of one column.
fn csv_rows(_: &[Value], constants: &[Value]) -> Vec<Value> {
    counts(constants).map(|n| Value::from("a\n".repeat(n + 1))).collect()
}

fn json_decode(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if let Some(value) = encoded(cx, f, &arg(args, 0)) {
        return value;
    }
    if !args.iter().all(Value::is_known) {
        return cx.opaque(f, args);
    }
    done(text(cx, args, 0).and_then(|t| {
        // No tree is made of more than there may be.
        if commas(&t) > ELEMENTS.most {
            return Ok(past_limit(cx, &ELEMENTS, Ty::Dynamic, f, args));
        }
        json_text(&t)
    }))
}

/// A text of JSON as a value.
pub fn json_text(text: &str) -> Answer {
    match parse_text(text, 0) {
        Ok(node) if !text.starts_with('\u{feff}') => json(&node),
        _ => Err(wrong("this text is not JSON")),
    }
}

/// How many commas stand between the values of a JSON text.
fn commas(text: &str) -> usize {
    let (mut quoted, mut escaped, mut commas) = (false, false, 0);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b',' if !quoted => commas += 1,
            _ => {}
        }
    }
    commas
}

const fn decoded(form: Form, row: Row) -> Row {
    carrying(Carries::Decoded, row).undoing(form)
}

/// A container as JSON keeps it.
static AS_JSON: Func = Func::known("(as JSON keeps it)", Ty::Dynamic, |cx, _, args| {
    args.first().and_then(|v| untyped(cx, v)).unwrap_or(Value::Null)
})
.with_elements(Elements::All);

/// What an unknown text was made of in the form that is taken off, as JSON and YAML keep it: so a conditional gives two types
/// one.
fn encoded(cx: &Cx, f: &Func, text: &Value) -> Option<Value> {
    let Value::Sym(sym) = text else { return None };
    match cx.node(*sym)? {
        SymNode::Call(func, args) if func.makes.is_some() && func.makes == f.undoes => {
            untyped(cx, args.first()?)
        }
        _ => None,
    }
}

/// A value with its lists and sets as tuples and its maps as objects; `None` if it holds an unknown set, whose elements
/// would no longer be its keys.
pub fn untyped(cx: &Cx, value: &Value) -> Option<Value> {
    match value {
        Value::Sym(sym) if is_set(cx, *sym) => None,
        Value::Sym(sym) if cx.is_call(value) && !cx.type_of(*sym).is_scalar() => {
            Some(cx.call(&AS_JSON, std::slice::from_ref(value)))
        }
        Value::Sym(_) => Some(value.clone()),
        Value::Choice(alternatives) => {
            let each = alternatives.iter().map(|(g, v)| Some((*g, untyped(cx, v)?)));
            Some(cx.choice(each.collect::<Option<_>>()?))
        }
        Value::Coll(c) => {
            let keyed = c.kind.keyed();
            let parts = if keyed { cx.distinct_parts(c) } else { cx.sequence_parts(c) };
            let parts = parts.into_iter().map(|p| Some(Part { value: untyped(cx, &p.value)?, ..p }));
            let kind = if keyed { CollKind::Object } else { CollKind::Tuple };
            Some(cx.container(kind, Ty::Dynamic, parts.collect::<Option<_>>()?))
        }
        other => Some(other.clone()),
    }
}

fn json(node: &Node) -> Answer {
    Ok(match &node.kind {
        NodeKind::Scalar(text, Style::JsonBare) => match text.as_str() {
            "null" => Value::Null,
            "true" => Value::TRUE,
            "false" => Value::FALSE,
            digits => Num::parse(digits).map(Value::from).ok_or_else(|| wrong("this number is too large"))?,
        },
        NodeKind::Scalar(text, _) => string(text.as_str()),
        NodeKind::Seq(items) => Value::tuple(items.iter().map(json).collect::<Result<Vec<_>, _>>()?),
        NodeKind::Map(entries) => {
            let mut out = Vec::with_capacity(entries.len());
            for (key, value) in entries.iter() {
                let key = string(key.text().unwrap_or_default());
                out.push((key.as_str().unwrap_or_default().to_string(), json(value)?));
            }
            Value::object(out)
        }
    })
}

/// Standard base64; line breaks are passed over.
fn bytes(text: &str) -> Result<Vec<u8>, Value> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    STANDARD.decode(plain).map_err(|_| wrong("this text is not base64"))
}

fn from_utf8(bytes: Vec<u8>) -> Answer {
    String::from_utf8(bytes).map(string).map_err(|_| wrong("these bytes are not UTF-8"))
}

fn text_decode(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let (coded, encoding) = (text(cx, args, 0)?, text(cx, args, 1)?);
    let bytes = bytes(&coded)?;
    let wide = |big: bool| {
        let units = bytes.chunks(2).map(|pair| match pair {
            [a, b] if big => u16::from_be_bytes([*a, *b]),
            [a, b] => u16::from_le_bytes([*a, *b]),
            _ => 0xfffd,
        });
        char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
    };
    Ok(match encoding.to_ascii_uppercase().as_str() {
        "UTF-8" => string(String::from_utf8_lossy(&bytes).into_owned()),
        "UTF-16LE" => string(wide(false)),
        "UTF-16BE" => string(wide(true)),
        "ISO-8859-1" | "LATIN1" => string(bytes.iter().map(|b| char::from(*b)).collect::<String>()),
        _ => cx.opaque(f, args),
    })
}

fn url(text: &str) -> Answer {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
                match (digit(), digit()) {
                    (Some(a), Some(b)) => out.push(u8::try_from(a * 16 + b).unwrap_or(0)),
                    _ => return Err(wrong("a percent sign is not followed by two digits")),
                }
            }
            b => out.push(b),
        }
    }
    from_utf8(out)
}

/// Comma-separated values with a line of names: a list of objects of texts.
fn csv(cx: &Cx, f: &'static Func, text: &str, words: Vec<Value>) -> Answer {
    let mut rows = records(text)?.into_iter();
    let header = rows.next().ok_or_else(|| wrong("this text has no line of names"))?;
    // A field is its name and its text.
    if rows.len().saturating_mul(header.len()).saturating_mul(2) > ELEMENTS.most {
        return Ok(past_limit(cx, &ELEMENTS, Ty::Dynamic, f, &[text.into()]));
    }
    let mut names = header.clone();
    names.sort();
    if names.windows(2).any(|w| matches!(w, [a, b] if a == b)) {
        return Err(wrong("two columns have one name"));
    }
    let mut words = words.into_iter();
    let mut field = |text: String| {
        let mut pieces = text.split(WORD).map(string);
        let first: Vec<Value> = pieces.next().into_iter().collect();
        let rest = pieces.flat_map(|piece| [words.next().unwrap_or_else(|| WORD.to_string().into()), piece]);
        cx.concat(&first.into_iter().chain(rest).collect::<Vec<_>>())
    };
    let mut parts = Vec::new();
    for row in rows {
        if row.len() != header.len() {
            return Err(wrong("a line has another number of fields than the first"));
        }
        let fields = header.iter().zip(row).map(|(n, f)| (n.clone(), field(f)));
        parts.push(Part::item(Value::object(fields)));
    }
    let elem = Ty::Object(names.into_iter().map(|n| (n, Ty::String)).collect());
    Ok(cx.container(CollKind::List, elem, parts))
}

/// Stands for a word that the deployment gives.
const WORD: char = '\u{e000}';

/// A text of which the deployment gives words alone, with a letter in the place of each, which ends no field. `None` where
/// that is a column's name.
fn with_words(cx: &Cx, text: &Value) -> Option<(String, Vec<Value>)> {
    let Value::Sym(sym) = text else { return None };
    let pieces = cx.pieces_of(*sym).unwrap_or_else(|| [Piece::Sym(*sym)].into());
    let (mut letters, mut words) = (String::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Text(text) if !text.contains(WORD) => letters.push_str(&text),
            Piece::Sym(sym) if cx.is_word(&Value::Sym(sym)) => {
                letters.push(WORD);
                words.push(Value::Sym(sym));
            }
            _ => return None,
        }
    }
    let named = match records(&letters).ok()?.as_slice() {
        [header, _, ..] => header.concat().contains(WORD),
        _ => false,
    };
    (!named).then_some((letters, words))
}

/// The records of RFC 4180; empty lines are passed over.
fn records(text: &str) -> Result<Vec<Vec<String>>, Value> {
    let text = text.replace("\r\n", "\n");
    let mut rows = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let field;
            (field, rest) = if let Some(quoted) = rest.strip_prefix('"') {
                quoted_field(quoted)?
            } else {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let (field, after) = rest.split_at(end);
                if field.contains('"') {
                    return Err(wrong("a quote stands inside a field that is not quoted"));
                }
                (field.to_string(), after)
            };
            row.push(field);
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => break,
            }
        }
        rest = rest.strip_prefix('\n').unwrap_or(rest);
        rows.push(row);
    }
    Ok(rows)
}

fn quoted_field(mut rest: &str) -> Result<(String, &str), Value> {
    let mut out = String::new();
    loop {
        let (before, after) = rest.split_once('"').ok_or_else(|| wrong("a quoted field does not end"))?;
        out.push_str(before);
        match after.strip_prefix('"') {
            Some(more) => {
                out.push('"');
                rest = more;
            }
            None if after.is_empty() || after.starts_with([',', '\n']) => return Ok((out, after)),
            None => return Err(wrong("text stands behind a quoted field")),
        }
    }
}
