//! A light reading of Terraform text that cannot fail: comments, strings, heredocs and brackets, nothing else.
//!
//! It serves what has to be known of text that does not parse, or before it may be parsed: where line breaks can
//! be blanked, which bytes are comments, where a top-level block starts, how many keys an object has. It comes
//! back to its senses at the end of a line after an unclosed quote, and takes `<<X` for a heredoc only if it is
//! closed. One pass, a stack of its own. Source: HCL native syntax specification, "Lexical Elements".

use std::ops::Range;

/// What a scan tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Scanned {
    /// `#…`, `//…` without the line break, or `/*…*/`.
    Comment { range: Range<usize>, in_for: bool },
    /// `<<X` up to and with the `X` that closes it.
    Heredoc { range: Range<usize> },
    /// A line break whose innermost open bracket is that of `{ for …`.
    BreakInFor { range: Range<usize> },
    /// A number literal.
    Number { range: Range<usize> },
    /// A `"`, `<<X` or `/*` that nothing closes where it must be closed: its bytes.
    Unclosed { range: Range<usize> },
    /// A line that starts a block at column 0: where it starts.
    Header { at: usize },
    /// An object constructor that ended, or never did, and how many keys it has (an upper bound).
    Object { keys: usize },
}

/// What is open.
enum Open {
    /// `"`, where it stands.
    Quote(usize),
    /// A bracket, or `${`.
    Bracket { closer: u8, is_for: bool, object: bool, keys: usize },
}

/// After this many `<<X` that no line closes, `<<` is no longer looked into: each costs a look at the whole rest.
const MAX_UNCLOSED_HEREDOCS: usize = 16;

/// Reads `text` and tells what it finds, in order.
pub(super) fn scan(text: &str, mut tell: impl FnMut(Scanned)) {
    let mut scan = Scan {
        text,
        bytes: text.as_bytes(),
        at: 0,
        open: Vec::new(),
        operand: false,
        unclosed: 0,
        no_comment_end: false,
    };
    while scan.at < scan.bytes.len() {
        match scan.open.last() {
            Some(&Open::Quote(start)) => scan.quoted(start, &mut tell),
            _ => scan.code(&mut tell),
        }
    }
    while let Some(open) = scan.open.pop() {
        match open {
            Open::Bracket { object: true, keys, .. } => tell(Scanned::Object { keys }),
            Open::Bracket { .. } => {}
            Open::Quote(at) => tell(Scanned::Unclosed { range: at..at + 1 }),
        }
    }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
    /// Whether a name or string stands directly before: a `{` then opens a block, not an object.
    operand: bool,
    unclosed: usize,
    /// No `*/` stands between here and the end.
    no_comment_end: bool,
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn in_for(&self) -> bool {
        matches!(self.open.last(), Some(Open::Bracket { is_for: true, .. }))
    }

    fn push(&mut self, closer: u8, is_for: bool, object: bool) {
        self.open.push(Open::Bracket { closer, is_for, object, keys: 0 });
    }

    /// In a quoted string: up to its end, its line's end, or a sequence in it.
    fn quoted(&mut self, start: usize, tell: &mut impl FnMut(Scanned)) {
        match (self.byte(0), self.byte(1), self.byte(2)) {
            (b'\\', next, _) => self.at += if next == b'\n' { 1 } else { 2 },
            (b'$', b'$', b'{') | (b'%', b'%', b'{') => self.at += 3,
            (b'$' | b'%', b'{', _) => {
                self.push(b'}', false, false);
                self.operand = false;
                self.at += 2;
            }
            (b'"', ..) => {
                self.open.pop();
                self.operand = true;
                self.at += 1;
            }
            // Only damaged text has a line break here.
            (b'\n', ..) => {
                self.open.pop();
                self.operand = false;
                tell(Scanned::Unclosed { range: start..start + 1 });
            }
            _ => self.at += 1,
        }
    }

    fn code(&mut self, tell: &mut impl FnMut(Scanned)) {
        let start = self.at;
        let (first, second) = (self.byte(0), self.byte(1));
        let mut operand = false;
        match first {
            b'#' => return self.line_comment(tell),
            b'/' if second == b'/' => return self.line_comment(tell),
            b'/' if second == b'*' => {
                let rest = if self.no_comment_end { &[] } else { self.bytes.get(start + 2..).unwrap_or(&[]) };
                let found = memchr::memmem::find(rest, b"*/");
                self.no_comment_end = found.is_none();
                // Unclosed: read on behind it, so that the damage stays small.
                let end = found.map_or(start + 2, |i| start + 2 + i + 2);
                self.at = end;
                tell(match end > start + 2 {
                    true => Scanned::Comment { range: start..end, in_for: self.in_for() },
                    false => Scanned::Unclosed { range: start..end },
                });
                return;
            }
            b'\n' => {
                self.at += 1;
                if self.in_for() {
                    let crlf = start > 0 && self.bytes.get(start - 1) == Some(&b'\r');
                    tell(Scanned::BreakInFor { range: start - usize::from(crlf)..self.at });
                }
            }
            b' ' | b'\t' | b'\r' => {
                self.at += 1;
                return;
            }
            b'"' => {
                self.open.push(Open::Quote(start));
                self.at += 1;
            }
            b'<' if second == b'<' => match self.heredoc_end() {
                Some(end) => {
                    self.at = end;
                    tell(Scanned::Heredoc { range: start..end });
                }
                None => {
                    self.at += 2;
                    if let Some(end) = self.name_end(self.at + usize::from(self.byte(0) == b'-')) {
                        tell(Scanned::Unclosed { range: start..end });
                    }
                }
            },
            b'[' | b'(' => {
                self.push(if first == b'[' { b']' } else { b')' }, false, false);
                self.at += 1;
            }
            b'{' => {
                self.at += 1;
                let is_for = !self.operand && self.for_follows();
                self.push(b'}', is_for, !self.operand && !is_for);
            }
            b']' | b')' | b'}' => {
                self.at += 1;
                self.close(first, tell);
                operand = false;
            }
            b'0'..=b'9' => {
                self.number();
                tell(Scanned::Number { range: start..self.at });
            }
            b'=' if matches!(second, b'=' | b'>') => self.at += 2,
            b'!' | b'<' | b'>' if second == b'=' => self.at += 2,
            b':' if second == b':' => self.at += 2,
            b'=' | b':' => {
                if let Some(Open::Bracket { keys, .. }) = self.open.last_mut() {
                    *keys += 1;
                }
                self.at += 1;
            }
            _ => match self.name_end(start) {
                Some(end) => {
                    let column_0 = start == 0 || self.bytes.get(start - 1) == Some(&b'\n');
                    if column_0 && self.header_follows(end) {
                        tell(Scanned::Header { at: start });
                    }
                    self.at = end;
                    operand = true;
                }
                None => {
                    self.at += self.text.get(start..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8)
                }
            },
        }
        self.operand = operand;
    }

    fn line_comment(&mut self, tell: &mut impl FnMut(Scanned)) {
        let start = self.at;
        let rest = self.bytes.get(start..).unwrap_or(&[]);
        let mut end = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |i| start + i);
        if end > start && end < self.bytes.len() && self.bytes.get(end - 1) == Some(&b'\r') {
            end -= 1;
        }
        self.at = end;
        tell(Scanned::Comment { range: start..end, in_for: self.in_for() });
    }

    fn close(&mut self, closer: u8, tell: &mut impl FnMut(Scanned)) {
        // A bracket that does not fit is damage: it closes nothing.
        let Some(Open::Bracket { closer: wanted, object, keys, .. }) = self.open.last() else { return };
        if *wanted != closer {
            return;
        }
        if *object {
            tell(Scanned::Object { keys: *keys });
        }
        self.open.pop();
        self.operand = false;
    }

    /// Just past the closing marker of the heredoc that starts here; `None` if it is none, or is not closed.
    fn heredoc_end(&mut self) -> Option<usize> {
        let marker_at = self.at + if self.byte(2) == b'-' { 3 } else { 2 };
        let marker_end = self.name_end(marker_at)?;
        let marker = self.text.get(marker_at..marker_end)?;
        let rest = self.text.get(marker_end..)?;
        let intro = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        if intro == 0 || self.unclosed >= MAX_UNCLOSED_HEREDOCS {
            return None;
        }
        let mut at = marker_end + intro;
        // A marker with something behind it closes damaged text at most.
        let mut damaged = None;
        for line in self.text.get(at..)?.split_inclusive('\n') {
            let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(after) = line.get(indent..).and_then(|l| l.strip_prefix(marker)) {
                let end = at + indent + marker.len();
                if after.trim().is_empty() {
                    return Some(end);
                }
                if !after.chars().next().is_some_and(is_name_char) {
                    damaged = damaged.or(Some(end));
                }
            }
            at += line.len();
        }
        self.unclosed += 1;
        damaged
    }

    /// Whether `for` stands next, behind blanks and line breaks.
    fn for_follows(&self) -> bool {
        let mut rest = self.text.get(self.at..).unwrap_or("").trim_start();
        while rest.starts_with(['#', '/']) {
            let end = if rest.starts_with("/*") { rest.find("*/").map(|i| i + 2) } else { rest.find('\n') };
            rest = end.and_then(|i| rest.get(i..)).unwrap_or("").trim_start();
        }
        let after = rest.strip_prefix("for").and_then(|r| r.chars().next());
        after.is_some_and(|c| c.is_whitespace() || matches!(c, '#' | '/'))
    }

    /// Whether labels and `{` follow the name that ends at `at`.
    fn header_follows(&self, mut at: usize) -> bool {
        loop {
            let rest = self.text.get(at..).unwrap_or("");
            at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
            match self.bytes.get(at) {
                Some(b'{') => return true,
                Some(b'"') => {
                    let label = self.bytes.get(at + 1..).unwrap_or(&[]);
                    match memchr::memchr2(b'"', b'\n', label) {
                        Some(i) if label.get(i) == Some(&b'"') => at += i + 2,
                        _ => return false,
                    }
                }
                _ => match self.name_end(at) {
                    Some(end) => at = end,
                    None => return false,
                },
            }
        }
    }

    fn name_end(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..)?;
        let first = rest.chars().next()?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        Some(at + rest.find(|c| !is_name_char(c)).unwrap_or(rest.len()))
    }

    fn number(&mut self) {
        let digits = |s: &mut Self| {
            while s.byte(0).is_ascii_digit() {
                s.at += 1;
            }
        };
        digits(self);
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            digits(self);
        }
        let sign = usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + sign).is_ascii_digit() {
            self.at += 1 + sign;
            digits(self);
        }
    }
}

/// Close enough to Unicode's ID_Continue for finding where names end in damaged text.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<Scanned> {
        let mut out = Vec::new();
        scan(text, |f| out.push(f));
        out
    }

    fn headers(text: &str) -> Vec<&str> {
        let all = found(text).into_iter();
        all.filter_map(|f| if let Scanned::Header { at } = f { text[at..].lines().next() } else { None })
            .collect()
    }

    #[test]
    fn a_block_starts_only_in_code_at_column_0() {
        for (text, want) in [
            ("a {}\n b {}\nc \"x\" y {\n}\n", &["a {}", "c \"x\" y {"][..]),
            ("x = {\n}\nb = <<A\nc {\n  A\nd {}", &["d {}"]),
            ("/*\nc {\n*/ d {}\ne {}\n# f {\n", &["e {}"]),
            ("x = \"unclosed\na {}", &["a {}"]),
            ("x = \"${[\na {}", &["a {}"]),
            ("x = \"unclosed\nb \"l\" {}", &["b \"l\" {}"]),
            ("x = <<A\na {}\nAA\n", &["a {}"]),
            ("/* unclosed\na {}", &["a {}"]),
            ("x = <<A\r\nb {}\r\nA\r\nc {}\r\n", &["c {}"]),
        ] {
            assert_eq!(headers(text), want, "{text:?}");
        }
    }

    #[test]
    fn a_line_break_counts_where_the_innermost_bracket_is_a_for_object() {
        let breaks =
            |text: &str| found(text).iter().filter(|f| matches!(f, Scanned::BreakInFor { .. })).count();
        for (text, want) in [
            ("{ for a in b : a => a\n? 1\r\n: 2 }", 2),
            ("{\nfor a in b : a => (\n1) }", 1),
            ("{ # c\n for a in b : a => {\n} }", 1),
            ("[for a in b :\n a]", 0),
            ("{ format = 1\n}", 0),
            ("{ for a in b : a => \"${\n1}\"\n }", 1),
            ("{ for a in b : a => <<X\n\nX\n }", 1),
        ] {
            assert_eq!(breaks(text), want, "{text:?}");
        }
    }

    #[test]
    fn objects_count_keys_and_blocks_do_not() {
        let keys = |text: &str| {
            let all = found(text).into_iter();
            all.filter_map(|f| if let Scanned::Object { keys } = f { Some(keys) } else { None })
                .collect::<Vec<_>>()
        };
        for (text, want) in [
            ("x = { a = 1, b : 2, c = { d = 1 == 2 } }", &[1, 3][..]),
            ("b {\n x = 1\n}", &[]),
            ("b \"l\" {\n x = 1\n}", &[]),
            ("f({ a = 1 }, { for x in y : x => x })", &[1]),
            ("x = { a = 1", &[1]),
        ] {
            assert_eq!(keys(text), want, "{text:?}");
        }
    }
}
