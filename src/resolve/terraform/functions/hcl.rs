//! A value as Terraform's own language writes it, laid out as Terraform does.
//!
//! ```text
//! users = ["ci", {
//!   name = "deploy"
//! }]
//! ```
//!
//! Equals signs of neighbouring lines stand below each other where both values fit on their line; a line that opens more
//! brackets than it closes moves the following ones in, by two spaces however many they are.
//! Source: recorded results of `provider::terraform::encode_expr` and `encode_tfvars`.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::value::{Coll, Num, Value};

/// A line, and how many more brackets it opens than it closes.
struct Line {
    text: String,
    opens: i32,
}

fn line(text: impl Into<String>, opens: i32) -> Line {
    Line { text: text.into(), opens }
}

/// A known value as an expression; `None` for one that cannot be written.
pub fn expression(value: &Value) -> Option<String> {
    Some(indented(lines(value)?).join("\n"))
}

/// The entries of a known map or object as the text of a variables file; `None` where a name is no identifier.
pub fn variables(coll: &Coll) -> Option<String> {
    let names = coll.parts.iter().map(|p| p.key.as_str());
    if !coll.kind.keyed() || !names.into_iter().all(|name| name.is_some_and(is_identifier)) {
        return None;
    }
    Some(indented(entries(coll)?).into_iter().map(|line| line + "\n").collect())
}

fn lines(value: &Value) -> Option<Vec<Line>> {
    let one = |text: String| Some(vec![line(text, 0)]);
    match value {
        Value::Null => one("null".into()),
        Value::Bool(guard) => one(guard.is_true().to_string()),
        Value::Number(n) => one(match **n {
            Num::Infinite(negative) => if negative { "-Inf" } else { "+Inf" }.into(),
            Num::Finite(..) => n.to_string(),
        }),
        Value::String(text) => one(quoted(text)),
        Value::Coll(c) if c.parts.is_empty() => one(if c.kind.keyed() { "{}" } else { "[]" }.into()),
        Value::Coll(c) if c.kind.keyed() => {
            let mut all = vec![line("{", 1)];
            all.extend(entries(c)?);
            all.push(line("}", -1));
            Some(all)
        }
        Value::Coll(c) => {
            let mut all = vec![line("[", 1)];
            for (i, part) in c.parts.iter().enumerate() {
                if i > 0 {
                    join(&mut all, vec![line(", ", 0)]);
                }
                join(&mut all, lines(&part.value)?);
            }
            join(&mut all, vec![line("]", -1)]);
            Some(all)
        }
        _ => None,
    }
}

/// Goes on with more lines, the first on the last one that is there.
fn join(all: &mut Vec<Line>, more: Vec<Line>) {
    let mut more = more.into_iter();
    if let (Some(last), Some(first)) = (all.last_mut(), more.next()) {
        last.text += &first.text;
        last.opens += first.opens;
    }
    all.extend(more);
}

fn entries(coll: &Coll) -> Option<Vec<Line>> {
    let written = coll.parts.iter().map(|part| {
        let name = part.key.as_str()?;
        let name = if is_identifier(name) { name.to_string() } else { quoted(name) };
        Some((name, lines(&part.value)?))
    });
    let written: Vec<(String, Vec<Line>)> = written.collect::<Option<_>>()?;
    let mut all = Vec::new();
    // Entries of one line each, side by side.
    for run in written.chunk_by(|(_, a), (_, b)| a.len() == 1 && b.len() == 1) {
        let width = run.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
        for (name, value) in run {
            let pad = " ".repeat(width.saturating_sub(columns(name)));
            let mut value = value.iter().map(|l| line(l.text.clone(), l.opens));
            let first = value.next()?;
            all.push(line(format!("{name}{pad} = {}", first.text), first.opens));
            all.extend(value);
        }
    }
    Some(all)
}

fn columns(text: &str) -> usize {
    text.graphemes(true).count()
}

fn indented(lines: Vec<Line>) -> Vec<String> {
    let mut open: Vec<i32> = Vec::new();
    let indent = |depth: usize, text: String| "  ".repeat(depth) + &text;
    lines
        .into_iter()
        .map(|line| {
            if line.opens > 0 {
                open.push(line.opens);
                return indent(open.len() - 1, line.text);
            }
            let mut closed = -line.opens;
            while closed > 0
                && let Some(last) = open.pop()
            {
                if closed < last {
                    open.push(last - closed);
                }
                closed -= last;
            }
            indent(open.len(), line.text)
        })
        .collect()
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out += "\\n",
            '\r' => out += "\\r",
            '\t' => out += "\\t",
            '"' => out += "\\\"",
            '\\' => out += "\\\\",
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            c if is_printed(c) => out.push(c),
            c if u32::from(c) < 0x1_0000 => out += &format!("\\u{:04x}", u32::from(c)),
            c => out += &format!("\\U{:08x}", u32::from(c)),
        }
    }
    out + "\""
}

/// Whether a character stands in text as itself. The standard library tells it of what is not the first character.
fn is_printed(c: char) -> bool {
    let text = format!("x{c}");
    matches!(c, '\'') || text.escape_debug().eq(text.chars())
}
