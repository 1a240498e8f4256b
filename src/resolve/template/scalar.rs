//! What a scalar of a template means: CloudFormation reads YAML 1.1, then wants text.
//!
//! Everything in a template becomes text in the end, but not always the text that was written: an unquoted `yes` is
//! the bool true and so `true`, `010` is the number 8. Source: YAML 1.1 types (bool, int, float, null), as
//! CloudFormation's own offline validator applies them; dates stay text, `y` and `n` are no bools.
//!
//! What another program reads first is JSON by then: the Serverless Framework reads YAML 1.2 (`yes` is text, `010` is 10)
//! with JavaScript's numbers. Source: YAML 1.2.2, "Core Schema", and js-yaml 4, which adds `_`, `0b1` and dates to it.

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
        Some("!!int" | "!!bool") => return meaning(text, Yaml::V1_1).text(),
        Some("!!float") => return meaning(text, Yaml::V1_1).text().map(|text| float(&text)),
        _ => {}
    }
    match style {
        Style::Plain => meaning(text, Yaml::V1_1).text(),
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

/// The tree as JSON, from a program that reads YAML 1.2. What both versions read alike stays as it is written. Recursive; the
/// parsers bound the depth.
pub fn as_json(node: &Node) -> Node {
    let kind = match &node.kind {
        NodeKind::Scalar(text, style) => {
            let own = match (node.tag.as_ref().map(|tag| &*tag.text), style) {
                (Some("!!int" | "!!bool" | "!!float"), _) | (None, Style::Plain) => {
                    Some(meaning(text, Yaml::V1_2))
                }
                (Some("!!null"), _) => None,
                (Some(_), Style::Plain) => Some(Meaning::Text(text.clone())),
                (_, Style::JsonBare) => core_number(text),
                _ => None,
            };
            match own.filter(|own| own.text() != read(node)) {
                Some(Meaning::Null) => NodeKind::Scalar("null".into(), Style::JsonBare),
                Some(Meaning::Other(text)) => NodeKind::Scalar(text, Style::JsonBare),
                Some(Meaning::Text(text)) => NodeKind::Scalar(text, Style::DoubleQuoted),
                None => return node.clone(),
            }
        }
        NodeKind::Seq(items) => NodeKind::Seq(items.iter().map(as_json).collect()),
        NodeKind::Map(entries) => {
            NodeKind::Map(entries.iter().map(|(key, value)| (as_name(key), as_json(value))).collect())
        }
    };
    // What a tag says of a scalar is in it now.
    let tag = node.tag.clone().filter(|tag| node.text().is_none() || !tag.text.starts_with("!!"));
    Node { kind, tag, ..node.clone() }
}

/// The key of a map in JSON, which is a text.
fn as_name(key: &Node) -> Node {
    let NodeKind::Scalar(text, Style::Plain) = &key.kind else { return key.clone() };
    let own = meaning(text, Yaml::V1_2).text().unwrap_or_else(|| "null".into());
    match read(key).is_some_and(|read| read == own && own == *text) {
        true => key.clone(),
        false => Node { kind: NodeKind::Scalar(own, Style::DoubleQuoted), span: key.span, tag: None },
    }
}

/// A version of YAML.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Yaml {
    V1_1,
    V1_2,
}

/// What an unquoted scalar means.
enum Meaning {
    Null,
    /// A bool or a number, as JSON writes it.
    Other(String),
    Text(String),
}

impl Meaning {
    fn text(&self) -> Option<String> {
        match self {
            Meaning::Null => None,
            Meaning::Other(text) | Meaning::Text(text) => Some(text.clone()),
        }
    }
}

fn meaning(text: &str, yaml: Yaml) -> Meaning {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Meaning::Null,
        "true" | "True" | "TRUE" => return Meaning::Other("true".into()),
        "false" | "False" | "FALSE" => return Meaning::Other("false".into()),
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" if yaml == Yaml::V1_1 => {
            return Meaning::Other("true".into());
        }
        "no" | "No" | "NO" | "off" | "Off" | "OFF" if yaml == Yaml::V1_1 => {
            return Meaning::Other("false".into());
        }
        _ => {}
    }
    let number = match yaml {
        Yaml::V1_1 => number(text).map(Meaning::Other),
        Yaml::V1_2 => core_number(text),
    };
    number.unwrap_or_else(|| Meaning::Text(if yaml == Yaml::V1_2 { with_time(text) } else { text.into() }))
}

/// The text of a number of YAML 1.1.
fn number(text: &str) -> Option<String> {
    let (sign, digits) = signed(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let whole = integer(digits).map(|n| if n == "0" { n } else { format!("{sign}{n}") });
    whole.or_else(|| is_float(digits, Yaml::V1_1).then(|| float(&format!("{sign}{digits}"))))
}

/// The sign of a number, `-` or none, and what is behind it.
fn signed(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A number of YAML 1.2 as JavaScript writes it as JSON: one that is not finite is null there.
fn core_number(text: &str) -> Option<Meaning> {
    let (sign, digits) = signed(text);
    if matches!(digits, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Meaning::Null);
    }
    let plain = digits.replace('_', "");
    let radix = |prefix: &str, radix: u32| {
        let digits = plain.strip_prefix(prefix).filter(|digits| digits.chars().all(|c| c.is_digit(radix)))?;
        u128::from_str_radix(digits, radix).ok().map(|n| n as f64)
    };
    let decimal = || is_float(digits, Yaml::V1_2).then(|| plain.parse::<f64>().ok()).flatten();
    // A point at the beginning takes no sign.
    let found = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).or_else(decimal)?;
    if digits.ends_with('_') || digits.starts_with('.') && digits.len() < text.len() {
        return None;
    }
    let shown = match found {
        0.0 => "0".into(),
        n if !n.is_finite() => return Some(Meaning::Null),
        n if (1e-6..1e21).contains(&n) => format!("{sign}{n}"),
        n => format!("{sign}{n:e}"),
    };
    Some(Meaning::Other(shown))
}

/// A date of YAML 1.2 is a point of time in JavaScript; any other text is that text.
fn with_time(text: &str) -> String {
    let is_digits =
        |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [year, month, day] if is_digits(year, 4) && is_digits(month, 2) && is_digits(day, 2) => {
            format!("{text}T00:00:00.000Z")
        }
        _ => text.into(),
    }
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

/// Floats of YAML 1.1 have a point, and their exponents a sign.
fn is_float(digits: &str, yaml: Yaml) -> bool {
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        None if yaml == Yaml::V1_2 => (mantissa, ""),
        None => return false,
        Some(parts) => parts,
    };
    let numeric = |t: &str| t.chars().all(|c| c.is_ascii_digit() || c == '_');
    let exponent_fits = exponent.is_none_or(|e| {
        let unsigned = e.strip_prefix(['+', '-']).or((yaml == Yaml::V1_2).then_some(e));
        unsigned.is_some_and(|d| !d.is_empty() && d.chars().all(|c| c.is_ascii_digit()))
    });
    numeric(whole)
        && numeric(fraction)
        && !whole.starts_with('_')
        && !(whole.is_empty() && fraction.is_empty())
        && exponent_fits
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
            ("+.", "+."),
            ("1.2.3", "1.2.3"),
            ("2010-09-09", "2010-09-09"),
            ("340282366920938463463374607431768211456", "340282366920938463463374607431768211456"),
        ] {
            assert_eq!(text(written, Style::Plain), means, "{written}");
        }
    }

    #[test]
    fn json_of_another_program_is_yaml_1_2() {
        let json = |written: &str, style: Style| {
            let node =
                Node { kind: NodeKind::Scalar(written.into(), style), span: Span::default(), tag: None };
            read(&as_json(&node)).unwrap_or_else(|| "(null)".into())
        };
        for (written, means) in [
            ("yes", "yes"),
            ("off", "off"),
            ("True", "true"),
            ("~", "(null)"),
            ("010", "10"),
            ("-089", "-89"),
            ("0o10", "8"),
            ("0x1F", "31"),
            ("0b101", "5"),
            ("1_000", "1000"),
            ("1_000_", "1_000_"),
            ("_1", "_1"),
            ("0x", "0x"),
            ("1:30", "1:30"),
            ("1e5", "100000"),
            ("1.50", "1.5"),
            ("2.0", "2"),
            ("-0", "0"),
            (".5", "0.5"),
            ("-.5", "-.5"),
            (".inf", "(null)"),
            (".nan", "(null)"),
            ("-.nan", "-.nan"),
            ("0x+1", "0x+1"),
            ("1e", "1e"),
            ("1ex", "1ex"),
            (".", "."),
            ("12345678901234567890", "12345678901234567000"),
            ("123456789012", "123456789012"),
            ("2010-09-09", "2010-09-09T00:00:00.000Z"),
            ("deploy", "deploy"),
        ] {
            assert_eq!(json(written, Style::Plain), means, "{written}");
        }
        assert_eq!(json("yes", Style::SingleQuoted), "yes");
        assert_eq!(json("010", Style::DoubleQuoted), "010");
        assert_eq!(json("2.0", Style::JsonBare), "2");
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
