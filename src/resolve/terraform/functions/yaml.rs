//! `yamldecode` and `yamlencode`: YAML 1.1 as Terraform reads and writes it.
//!
//! `yes`, `on` and `y` are true, numbers are decimal or `0x`/`0o`, dates become timestamps; text is written in double
//! quotes, or as a literal block where it has several lines.
//! Source: Terraform language, "yamldecode Function", "yamlencode Function"; YAML 1.1; recorded results of the binary.

use super::args::{Answer, string, wrong};
use super::time;
use crate::parse::tree::{Node, NodeKind, Style};
use crate::parse::yaml::parse_text;
use crate::value::{Coll, CollKind, Num, Value};

/// The value of a text that holds one document.
pub fn decode(text: &str) -> Answer {
    let (documents, errors) = parse_text(text, 0);
    match (documents.as_slice(), errors.is_empty()) {
        ([one], true) => node(&one.root),
        _ => Err(wrong("this text is not one YAML document")),
    }
}

fn node(node: &Node) -> Answer {
    let tag = node.tag.as_ref().map(|t| t.text.as_str());
    match &node.kind {
        NodeKind::Scalar(text, style) => scalar(text, *style, tag),
        NodeKind::Seq(items) if matches!(tag, None | Some("!!seq")) => {
            Ok(Value::tuple(items.iter().map(self::node).collect::<Result<Vec<_>, _>>()?))
        }
        NodeKind::Map(entries) if matches!(tag, None | Some("!!map")) => {
            let mut out: Vec<(String, Value)> = Vec::with_capacity(entries.len());
            for (key, value) in entries.iter() {
                let NodeKind::Scalar(text, style) = &key.kind else {
                    return Err(wrong("a YAML key is no scalar"));
                };
                let value = self::node(value)?;
                let tag = key.tag.as_ref().map(|t| t.text.as_str());
                if text == "<<" && tag.is_none() {
                    match &value {
                        Value::Coll(c) if c.kind == CollKind::Object => out.extend(
                            c.parts
                                .iter()
                                .filter_map(|p| Some((p.key.as_str()?.to_string(), p.value.clone()))),
                        ),
                        _ => return Err(wrong("what << merges is no mapping")),
                    }
                    continue;
                }
                let name = match scalar(text, *style, tag)? {
                    Value::String(text) => text.to_string(),
                    Value::Number(n) => n.to_string(),
                    Value::Bool(g) => g.is_true().to_string(),
                    _ => return Err(wrong("a YAML key is null")),
                };
                out.push((name, value));
            }
            Ok(Value::object(out))
        }
        _ => Err(wrong("this YAML tag is not supported")),
    }
}

/// A block is read as what is not in quotes, and then converted to text.
fn scalar(text: &str, style: Style, tag: Option<&str>) -> Answer {
    let block = matches!(style, Style::Literal | Style::Folded);
    let plain = style == Style::Plain || block;
    Ok(match tag {
        None if block => match resolve(text)? {
            Value::Number(n) => string(n.to_string().as_str()),
            Value::Bool(g) => string(if g.is_true() { "true" } else { "false" }),
            other => other,
        },
        None | Some("!!int" | "!!float" | "!!bool" | "!!timestamp") if plain => resolve(text)?,
        None | Some("!" | "!!str" | "!!binary" | "!!int" | "!!float" | "!!bool" | "!!timestamp") => {
            string(text)
        }
        Some("!!null") => Value::Null,
        Some(_) => return Err(wrong("this YAML tag is not supported")),
    })
}

fn resolve(text: &str) -> Answer {
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::TRUE,
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Value::FALSE,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Num::Infinite(false).into(),
        "-.inf" | "-.Inf" | "-.INF" => Num::Infinite(true).into(),
        ".nan" | ".NaN" | ".NAN" => return Err(wrong("a YAML number is not a number")),
        _ => match number(text) {
            Some(n) => n.into(),
            None => time::yaml_timestamp(text).map_or_else(|| string(text), Value::from),
        },
    })
}

fn number(text: &str) -> Option<Num> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, radix).ok().and_then(|n| Num::parse(&n.to_string()));
        }
    }
    if !text.split(['e', 'E']).next()?.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let zero = if rest.starts_with('.') { "0" } else { "" };
    let rest = rest.strip_suffix('.').filter(|whole| !whole.contains('.')).unwrap_or(rest);
    if rest.starts_with(['+', '-']) { None } else { Num::parse(&format!("{sign}{zero}{rest}")) }
}

/// Lines are folded after the word that reaches this column.
const WIDTH: usize = 80;

/// A known value as a document; `None` where its text is not followed: keys of several lines or more than 128 bytes,
/// the line separators of Unicode beside others.
pub fn encode(value: &Value) -> Option<String> {
    let mut out = String::new();
    write(value, 0, true, &mut out)?;
    out.push('\n');
    if matches!(value, Value::Null | Value::Bool(_) | Value::Number(_)) {
        out.push_str("...\n");
    }
    Some(out)
}

/// Writes a value that stands after `key:`, `-` or at the top, where nested lines begin at column `indent`.
fn write(value: &Value, indent: usize, top: bool, out: &mut String) -> Option<()> {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(g) => out.push_str(if g.is_true() { "true" } else { "false" }),
        Value::Number(n) => out.push_str(&n.to_string()),
        // The line separators of Unicode end a line of a block too.
        Value::String(text) if text.contains('\n') && text.contains(['\u{2028}', '\u{2029}']) => return None,
        Value::String(text) => write_text(text, if top { 2 } else { indent }, out),
        Value::Coll(c) if c.parts.is_empty() => out.push_str(if c.kind.keyed() { "{}" } else { "[]" }),
        Value::Coll(c) if c.kind.keyed() => write_map(c, indent, out)?,
        Value::Coll(c) => write_list(c, indent, out)?,
        Value::Sym(_) | Value::Choice(_) | Value::Refused(_) => return None,
    }
    Some(())
}

fn begin_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.push_str(&" ".repeat(indent));
}

fn write_map(coll: &Coll, indent: usize, out: &mut String) -> Option<()> {
    for (i, part) in coll.parts.iter().enumerate() {
        let key = part.key.as_str()?;
        if key.contains('\n') || key.len() > 128 {
            return None;
        }
        if i > 0 {
            begin_line(indent, out);
        }
        write_quoted(key, indent, usize::MAX, out);
        out.push(':');
        match &part.value {
            Value::Coll(c) if !c.parts.is_empty() => {
                // Lists stand at the column of their key.
                let inner = if c.kind.keyed() { indent + 2 } else { indent };
                begin_line(inner, out);
                write(&part.value, inner, false, out)?;
            }
            other => {
                out.push(' ');
                write(other, indent + 2, false, out)?;
            }
        }
    }
    Some(())
}

fn write_list(coll: &Coll, indent: usize, out: &mut String) -> Option<()> {
    for (i, part) in coll.parts.iter().enumerate() {
        if i > 0 {
            begin_line(indent, out);
        }
        out.push_str("- ");
        write(&part.value, indent + 2, false, out)?;
    }
    Some(())
}

fn printable(c: char) -> bool {
    c == '\n' || (!c.is_control() && c < '\u{fffe}' && c != '\u{feff}')
}

fn write_text(text: &str, indent: usize, out: &mut String) {
    if !text.contains('\n') || !text.chars().all(printable) || text.contains(" \n") || text.ends_with(' ') {
        return write_quoted(text, indent, WIDTH, out);
    }
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    if !text.ends_with('\n') {
        out.push('-');
    } else if text == "\n" || text.ends_with("\n\n") {
        out.push('+');
    }
    let body = text.strip_suffix('\n').unwrap_or(text);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&" ".repeat(indent));
            out.push_str(line);
        }
    }
}

fn write_quoted(text: &str, indent: usize, width: usize, out: &mut String) {
    out.push('"');
    let start = out.rfind('\n').map_or(0, |i| i + 1);
    let mut column = out.get(start..).unwrap_or_default().chars().count();
    let mut after_space = false;
    let last = text.chars().count().saturating_sub(1);
    let mut chars = text.chars().enumerate().peekable();
    while let Some((i, c)) = chars.next() {
        if c == ' ' {
            if !after_space && column > width && i > 0 && i < last {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                column = indent;
                if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                    out.push('\\');
                    column += 1;
                }
            } else {
                out.push(' ');
                column += 1;
            }
            after_space = true;
            continue;
        }
        after_space = false;
        let escaped = match c {
            '"' => "\\\"".into(),
            '\\' => "\\\\".into(),
            '\0' => "\\0".into(),
            '\u{7}' => "\\a".into(),
            '\u{8}' => "\\b".into(),
            '\t' => "\\t".into(),
            '\n' => "\\n".into(),
            '\u{b}' => "\\v".into(),
            '\u{c}' => "\\f".into(),
            '\r' => "\\r".into(),
            '\u{1b}' => "\\e".into(),
            '\u{85}' => "\\N".into(),
            '\u{2028}' => "\\L".into(),
            '\u{2029}' => "\\P".into(),
            c if printable(c) => c.to_string(),
            c if u32::from(c) < 0x100 => format!("\\x{:02X}", u32::from(c)),
            c if u32::from(c) < 0x1_0000 => format!("\\u{:04X}", u32::from(c)),
            c => format!("\\U{:08X}", u32::from(c)),
        };
        column += escaped.chars().count();
        out.push_str(&escaped);
    }
    out.push('"');
}
