//! What a scalar of a template means: CloudFormation reads YAML 1.1, then wants text.
//!
//! Everything in a template becomes text in the end, but not always the text that was written: an unquoted `yes` is
//! the bool true and so `true`, `010` is the number 8. Source: YAML 1.1 types (bool, int, float, null), as
//! CloudFormation's own offline validator applies them; dates stay text, `y` and `n` are no bools.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::view;
use crate::parse::SyntaxError;
use crate::parse::tree::{Node, NodeKind, Style, Tag};
use crate::value::Num;

/// The text of a scalar; `None` for null, and for what is no scalar.
///
/// A core tag decides how it is read, quoted or not: `!!int '010'` is 8.
pub fn read(node: &Node) -> Option<String> {
    let NodeKind::Scalar(text, style) = &node.kind else { return None };
    match node.tag.as_ref().map(|t| t.text.as_str()) {
        Some("!!str" | "!") => return Some(text.clone()),
        Some("!!null") => return None,
        Some("!!int" | "!!bool") => return plain(text),
        Some("!!float") => return plain(text).map(|text| float(&text)),
        _ => {}
    }
    match style {
        Style::Plain => plain(text),
        Style::JsonBare if text == "null" => None,
        Style::JsonBare => Some(if text.contains(['.', 'e', 'E']) { float(text) } else { text.clone() }),
        _ => Some(text.clone()),
    }
}

/// Puts the text that `!!binary` encodes in its place; an error where it encodes none.
pub fn decode_binary(node: &mut Node, errors: &mut Vec<SyntaxError>) {
    let decoded = |text: &str| {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        String::from_utf8(STANDARD.decode(digits).ok()?).ok()
    };
    let tag = node.tag.clone();
    match &mut node.kind {
        NodeKind::Scalar(text, style) => {
            let Some(tag) = tag.filter(|tag| tag.text == "!!binary") else { return };
            match decoded(text) {
                Some(decoded) => {
                    (*text, *style) = (decoded, Style::DoubleQuoted);
                    node.tag = Some(Tag { text: "!!str".into(), span: tag.span }.into());
                }
                None => {
                    let message = "what `!!binary` encodes here is no text".into();
                    errors.push(SyntaxError { message, span: node.span });
                }
            }
        }
        NodeKind::Seq(items) => {
            let mut own = items.to_vec();
            own.iter_mut().for_each(|item| decode_binary(item, errors));
            *items = own.into();
        }
        NodeKind::Map(entries) => {
            let mut own = entries.to_vec();
            for (key, value) in &mut own {
                decode_binary(key, errors);
                decode_binary(value, errors);
            }
            *entries = own.into();
        }
    }
}

fn plain(text: &str) -> Option<String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return None,
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" | "true" | "True" | "TRUE" => return Some("true".into()),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" | "false" | "False" | "FALSE" => {
            return Some("false".into());
        }
        _ => {}
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Some(text.into());
    }
    let number = integer(digits).map(|n| if n == "0" { n } else { format!("{sign}{n}") });
    let number = number.or_else(|| is_float(digits).then(|| float(&format!("{sign}{digits}"))));
    Some(number.unwrap_or_else(|| text.into()))
}

/// The decimal text of a whole number without its sign: decimal, octal, hexadecimal, binary or sexagesimal.
fn integer(digits: &str) -> Option<String> {
    let radix = |digits: &str, radix: u32| {
        let plain = digits.replace('_', "");
        u128::from_str_radix(&plain, radix).ok().map(|n| n.to_string())
    };
    if let Some(hex) = digits.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(bits) = digits.strip_prefix("0b") {
        return radix(bits, 2);
    }
    if digits.contains(':') {
        return sexagesimal(digits);
    }
    if !digits.chars().all(|c| c.is_ascii_digit() || c == '_') {
        return None;
    }
    match digits.strip_prefix('0') {
        Some("") => Some("0".into()),
        Some(octal) => radix(octal, 8),
        // Numbers too long for the machine keep their digits.
        None => Some(digits.replace('_', "")),
    }
}

fn sexagesimal(digits: &str) -> Option<String> {
    let mut parts = digits.split(':');
    let first = parts.next().filter(|p| !p.starts_with('0'))?;
    let mut total: u128 = first.replace('_', "").parse().ok()?;
    for part in parts {
        let value: u128 = part.parse().ok().filter(|&v| v < 60 && part.len() <= 2)?;
        total = total.checked_mul(60)?.checked_add(value)?;
    }
    Some(total.to_string())
}

/// YAML 1.1 floats have a point; an exponent needs its sign.
fn is_float(digits: &str) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (digits, None),
    };
    let Some((whole, fraction)) = mantissa.split_once('.') else { return false };
    let numeric = |t: &str| t.chars().all(|c| c.is_ascii_digit() || c == '_');
    let exponent_fits = exponent.is_none_or(|e| {
        e.strip_prefix(['+', '-']).is_some_and(|d| !d.is_empty() && d.chars().all(|c| c.is_ascii_digit()))
    });
    numeric(whole) && numeric(fraction) && !(whole.is_empty() && fraction.is_empty()) && exponent_fits
}

/// The canonical text of a number with a fraction: `1.50` is `1.5`, `2.0` stays `2.0`.
fn float(text: &str) -> String {
    match text.replace('_', "").parse::<f64>() {
        Ok(n) if n.is_finite() && n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.1}"),
        Ok(n) if n.is_finite() => n.to_string(),
        _ => text.into(),
    }
}

/// Whether two texts are written differently and are one number: what the service says of them is not known.
pub fn same_number(a: &str, b: &str) -> bool {
    a != b && Num::parse(a).is_some_and(|n| Num::parse(b) == Some(n))
}

/// Whether a node is the literal null, which a template may not hold.
pub fn is_null(node: &Node) -> bool {
    node.text().is_some() && view::call(node).is_none() && read(node).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;

    fn text(text: &str, style: Style) -> String {
        let node = Node { kind: NodeKind::Scalar(text.into(), style), span: Span::default(), tag: None };
        read(&node).unwrap_or_else(|| "(null)".into())
    }

    #[test]
    fn plain_scalars_are_yaml_1_1() {
        for (written, means) in [
            ("deploy", "deploy"),
            ("yes", "true"),
            ("On", "true"),
            ("OFF", "false"),
            ("y", "y"),
            ("n", "n"),
            ("yEs", "yEs"),
            ("", "(null)"),
            ("~", "(null)"),
            ("null", "(null)"),
            ("010", "8"),
            ("089", "089"),
            ("0o10", "0o10"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("1:30", "90"),
            ("1:75", "1:75"),
            ("1:005", "1:005"),
            ("1_0.5", "10.5"),
            ("1x.5", "1x.5"),
            ("1.5e3", "1.5e3"),
            ("1.5e+", "1.5e+"),
            ("1.5e+x", "1.5e+x"),
            ("1.0e+400", "1.0e+400"),
            ("1.5e+15", "1500000000000000"),
            ("1.50", "1.5"),
            ("2.0", "2.0"),
            ("1e5", "1e5"),
            ("1.5e+3", "1500.0"),
            ("-3", "-3"),
            ("+3", "3"),
            ("-0", "0"),
            (".5", "0.5"),
            (".", "."),
            ("1.2.3", "1.2.3"),
            ("2010-09-09", "2010-09-09"),
            ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
        ] {
            assert_eq!(text(written, Style::Plain), means, "{written}");
        }
    }

    #[test]
    fn a_core_tag_decides_how_a_scalar_is_read() {
        for (tag, written, means) in [
            ("!!int", "010", "8"),
            ("!!bool", "yes", "true"),
            ("!!float", "1.50", "1.5"),
            ("!!null", "x", "(null)"),
            ("!!str", "yes", "yes"),
        ] {
            let tag = Tag { text: tag.into(), span: Span::default() };
            let kind = NodeKind::Scalar(written.into(), Style::SingleQuoted);
            let node = Node { kind, span: Span::default(), tag: Some(tag.into()) };
            assert_eq!(read(&node).unwrap_or_else(|| "(null)".into()), means, "{written}");
        }
    }

    #[test]
    fn quoted_scalars_and_json_keep_their_text() {
        for style in [Style::SingleQuoted, Style::DoubleQuoted, Style::Literal, Style::Folded] {
            assert_eq!(text("010", style), "010");
            assert_eq!(text("yes", style), "yes");
        }
        assert_eq!(text("true", Style::JsonBare), "true");
        assert_eq!(text("1.50", Style::JsonBare), "1.5");
        assert_eq!(text("null", Style::JsonBare), "(null)");
    }
}
