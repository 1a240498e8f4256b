//! From a place in a scalar's text to the place in the file that says it.
//!
//! A template, a policy or a `Fn::Sub` string is read from a scalar's *decoded* text, but errors and findings
//! point into the file. The map is worked out from the raw bytes when somebody asks, so trees stay small.
//! Exact for plain scalars on one line, quoted scalars, literal blocks and JSON; in folded text (and in quoted or
//! plain scalars over several lines) a line break that became a blank is that line break.
//! Source: YAML 1.2.2, chapters 7 and 8; RFC 8259, section 7.

use std::ops::Range;

use super::tree::{Node, NodeKind, Style};

/// The map of one scalar.
#[derive(Clone, Debug)]
pub struct Offsets {
    /// (index in the decoded text, offset in the file) where the two start to run side by side.
    steps: Vec<(usize, usize)>,
    end: usize,
}

impl Offsets {
    /// The map of `node`, whose span points into `source_text`. Something that is no scalar has no inside: every
    /// index is its start.
    pub fn new(source_text: &str, node: &Node) -> Self {
        let range = node.span.range();
        let raw = source_text.get(range.clone()).unwrap_or("");
        let steps = match &node.kind {
            NodeKind::Scalar(_, Style::JsonBare) => vec![(0, 0)],
            NodeKind::Scalar(text, Style::Literal) => literal(raw, text),
            NodeKind::Scalar(text, style) => walk(raw, text, *style),
            _ => Vec::new(),
        };
        let steps = steps.into_iter().map(|(index, at)| (index, range.start + at)).collect();
        Offsets { steps, end: range.end }
    }

    /// The map of bytes `range` of a file that another language decodes: (index in the decoded text, index in the raw
    /// bytes) where the two start to run side by side.
    pub fn of_steps(steps: &[(usize, usize)], range: Range<usize>) -> Self {
        let steps = steps.iter().map(|(index, at)| (*index, range.start + at)).collect();
        Offsets { steps, end: range.end }
    }

    /// The byte offset in the file of a byte index in the decoded text; past the end, the end of the scalar.
    pub fn offset(&self, index: usize) -> usize {
        let next = self.steps.partition_point(|(i, _)| *i <= index);
        match next.checked_sub(1).and_then(|i| self.steps.get(i)) {
            Some((i, at)) => (at + (index - i)).min(self.end),
            None => self.end.min(self.steps.first().map_or(self.end, |s| s.1)),
        }
    }
}

/// The byte offset in the file of byte `index` of a scalar's decoded text. For many indices make an [`Offsets`].
pub fn offset_in_scalar(source_text: &str, node: &Node, index: usize) -> usize {
    Offsets::new(source_text, node).offset(index)
}

/// A literal block's lines are the raw lines without their indentation.
fn literal(raw: &str, text: &str) -> Vec<(usize, usize)> {
    let (mut index, mut at) = (0, 0);
    let mut steps = Vec::new();
    let mut raw_lines = raw.split_inclusive('\n');
    for line in text.split_inclusive('\n') {
        let raw_line = raw_lines.next().unwrap_or("");
        let body = raw_line.trim_end_matches(['\n', '\r']);
        let line_body = line.trim_end_matches(['\n', '\r']);
        // The last line's trailing blanks are not part of the node's bytes.
        let kept = if body.ends_with(line_body) { line_body } else { line_body.trim_end() };
        steps.push((index, at + body.len().saturating_sub(kept.len())));
        index += line.len();
        at += raw_line.len();
    }
    steps
}

/// Walks the raw text and the decoded text together and notes where they part. Where they do not fit (text that
/// was not decoded from this) the rest runs side by side.
fn walk(raw: &str, text: &str, style: Style) -> Vec<(usize, usize)> {
    let quote = matches!(style, Style::SingleQuoted | Style::DoubleQuoted);
    let mut at = usize::from(quote);
    let mut steps = vec![(0, at)];
    let mut index = 0;
    while let Some(decoded) = text.get(index..).and_then(|t| t.chars().next()) {
        let rest = raw.get(at..).unwrap_or("");
        let (skip, take) = match style {
            Style::DoubleQuoted => double_quoted(rest, decoded),
            Style::SingleQuoted if rest.starts_with("''") => (0, 2),
            _ => folded(rest, decoded),
        };
        at += skip;
        if steps.last().is_some_and(|(i, o)| o + (index - i) != at) {
            steps.push((index, at));
        }
        at += take;
        index += decoded.len_utf8();
    }
    steps
}

/// How many raw bytes to skip before the bytes that stand for `decoded`, and how many these are.
fn double_quoted(rest: &str, decoded: char) -> (usize, usize) {
    let mut skip = 0;
    // An escaped line break is nothing at all, with the blanks that follow it.
    while let Some(after) = rest.get(skip..).and_then(|r| r.strip_prefix('\\'))
        && after.starts_with(['\n', '\r'])
    {
        skip += 1 + (after.len() - after.trim_start_matches([' ', '\t', '\r', '\n']).len());
    }
    let rest = rest.get(skip..).unwrap_or("");
    let Some(after) = rest.strip_prefix('\\') else {
        let (more, take) = folded(rest, decoded);
        return (skip + more, take);
    };
    let digits = match after.chars().next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        other => return (skip, 1 + other.map_or(0, char::len_utf8)),
    };
    // A character outside the basic plane is two escapes in JSON.
    let pair = digits == 4 && u32::from(decoded) > 0xffff;
    (skip, if pair { 12 } else { 2 + digits })
}

/// The same for text without escapes: line breaks fold into blanks, indentation is not part of the text.
fn folded(rest: &str, decoded: char) -> (usize, usize) {
    let first = rest.chars().next();
    if first == Some(decoded) && decoded != '\n' && decoded != ' ' {
        return (0, decoded.len_utf8());
    }
    match decoded {
        '\n' => {
            // Trailing blanks are dropped before a fold; indentation of blank lines too.
            let skip = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            if rest.get(skip..).is_some_and(|r| r.starts_with('\n')) { (skip, 1) } else { (0, 0) }
        }
        ' ' => {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
            match rest.get(blanks..).and_then(|r| r.chars().next()) {
                Some('\n') => (blanks, 1),
                _ => (0, usize::from(first == Some(' '))),
            }
        }
        _ => {
            // Behind a line break: the indentation that is not text.
            let skip = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            let fits = rest.get(skip..).is_some_and(|r| r.starts_with(decoded));
            if fits { (skip, decoded.len_utf8()) } else { (0, decoded.len_utf8()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{json, yaml};

    /// Where each character of the scalar under `key` lies in the file, as the raw text from there on.
    fn maps(text: &str, node: &Node, expected: &[(&str, &str)]) {
        let decoded = node.text().unwrap();
        for (inside, raw) in expected {
            let index = decoded.find(inside).unwrap_or_else(|| panic!("{inside:?} is not in {decoded:?}"));
            let at = offset_in_scalar(text, node, index);
            assert!(text[at..].starts_with(raw), "{inside:?} of {decoded:?} is at {:?}", &text[at..]);
        }
        assert_eq!(offset_in_scalar(text, node, decoded.len() + 99), node.span.end as usize);
    }

    #[test]
    fn yaml_scalars_map_back_to_their_bytes() {
        for (text, expected) in [
            ("k: plain é text\n", &[("plain", "plain"), ("text", "text")][..]),
            ("k: 'it''s x'\n", &[("it", "it"), ("'s", "''s"), ("x", "x")]),
            (
                "k: \"a\\n\\u00e9\\x41 ${b}\"\n",
                &[("a", "a"), ("\n", "\\n"), ("é", "\\u"), ("A", "\\x41"), ("${b}", "${b}")],
            ),
            ("k: \"one\n   two\\\n   three\"\n", &[("one", "one"), ("two", "two"), ("three", "three")]),
            (
                "k: |\n  a\n\n    b ${c}\n  d\nl: 1\n",
                &[("a", "a"), ("  b", "  b"), ("${c}", "${c}"), ("d", "d\nl")],
            ),
            ("k: |2\n    a\n  b\n", &[("  a", "  a"), ("b", "b")]),
            ("k: |\r\n  a\r\n  b\r\n", &[("b", "b\r\n")]),
            ("k: >-\n  one\n  two\n\n  three\n", &[("one", "one"), ("two", "two"), ("three", "three")]),
            ("k: one\n  two\n", &[("two", "two")]),
        ] {
            let (documents, errors) = yaml::parse_text(text, 0);
            assert_eq!(errors, [], "{text:?}");
            maps(text, documents[0].root.get("k").unwrap(), expected);
        }
    }

    #[test]
    fn json_strings_map_back_to_their_bytes() {
        let text = r#"{"k": "a\"b\\c\ud83d\ude00d\/e é f"}"#;
        let root = json::parse_text(text, 0).unwrap();
        let expected = [
            ("a", "a"),
            ("\"b", "\\\"b"),
            ("c", "c"),
            ("😀", "\\ud83d"),
            ("d", "d\\/"),
            ("/", "\\/"),
            ("f", "f\""),
        ];
        maps(text, root.get("k").unwrap(), &expected);
    }

    #[test]
    fn what_has_no_inside_maps_to_itself() {
        let text = "[1, [2]]";
        let root = json::parse_text(text, 0).unwrap();
        assert_eq!(offset_in_scalar(text, &root.items()[0], 0), 1);
        assert_eq!(offset_in_scalar("", &root.items()[1], 5), 7);
    }
}
