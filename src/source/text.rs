//! One file's text, and lines and columns in it.

use std::sync::OnceLock;

use crate::span::Span;

/// One file as read.
#[derive(Debug)]
pub struct Source {
    /// Path relative to the working directory where it lies below it, with `/`; for people and reports.
    pub path: String,
    /// The text, as long in bytes as the file: each byte that is not UTF-8 is replaced by `?`.
    pub text: String,
    /// Offsets of the bytes that are not UTF-8, in order; the first thousand.
    pub invalid_utf8: Vec<usize>,
    /// Whether the bytes look like UTF-16 or UTF-32.
    pub wide: bool,
    lines: OnceLock<Vec<u32>>,
    counts: OnceLock<Vec<Count>>,
}

/// How many characters begin in a stretch of text, in two ways of counting.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    scalars: u32,
    utf16: u32,
}

/// Characters are counted once for each block of this many bytes: a minified template is one line of megabytes, and
/// counting from its start for every column takes seconds.
const COUNT_BLOCK: usize = 1024;
/// How many characters of an expression are quoted in reports.
const QUOTED: usize = 80;

impl Count {
    /// Adds the characters that begin in `bytes`.
    fn add(self, bytes: &[u8]) -> Count {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let scalars = number(bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count());
        // Characters of four bytes are two units.
        let pairs = number(bytes.iter().filter(|&&b| b >= 0xf0).count());
        Count {
            scalars: self.scalars.saturating_add(scalars),
            utf16: self.utf16.saturating_add(scalars).saturating_add(pairs),
        }
    }
}

/// A position for people: line and column are 1-based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
    /// Column in UTF-16 code units, from 1 (SARIF's `utf16CodeUnits`).
    pub column_utf16: usize,
    /// Byte offset in the file.
    pub offset: usize,
}

/// What a file that git-crypt encrypts begins with.
pub const GIT_CRYPT: &str = "\0GITCRYPT";

/// Whether bytes begin as UTF-16 or UTF-32 text: with its mark, or with a zero among the first four, which no other text has.
pub fn is_wide(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let zero = bytes.get(..4).is_some_and(|first| first.contains(&0) && first.iter().any(|&b| b != 0));
    marked || zero && !bytes.starts_with(GIT_CRYPT.as_bytes())
}

/// The first line that a merge left to mark where two sides differ: its number, and its bytes without the break.
pub fn conflict(text: &str) -> Option<(usize, std::ops::Range<usize>)> {
    let is_mark = |line: &str| {
        let rest = line.strip_prefix("<<<<<<<").or_else(|| line.strip_prefix(">>>>>>>"));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\r']))
    };
    let mut start = 0;
    for (number, line) in text.split('\n').enumerate() {
        if is_mark(line) {
            return Some((number + 1, start..start + line.trim_end().len()));
        }
        start += line.len() + 1;
    }
    None
}

impl Source {
    /// A file with this display `path` and these bytes.
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let wide = is_wide(&bytes);
        let (text, invalid_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(e) => replace_invalid(e.as_bytes()),
        };
        Source { path, text, invalid_utf8, wide, lines: OnceLock::new(), counts: OnceLock::new() }
    }

    /// Length of the byte order mark at the start: 3, or 0 if there is none.
    pub fn bom(&self) -> usize {
        if self.text.starts_with('\u{feff}') { 3 } else { 0 }
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|i| u32::try_from(i + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// The text there on one line, cut where it is long.
    pub fn on_one_line(&self, span: Span) -> String {
        let words = self.text.get(span.range()).unwrap_or_default().split_whitespace();
        let line = words.collect::<Vec<_>>().join(" ");
        if line.chars().count() <= QUOTED {
            return line;
        }
        line.chars().take(QUOTED - 1).chain(['…']).collect()
    }

    /// Line and column of a byte offset. An offset past the end, or inside a character, is moved back.
    /// A byte order mark takes no column.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let lines = self.lines();
        let line = lines.partition_point(|&start| start as usize <= offset).max(1);
        let mut start = lines.get(line - 1).map_or(0, |&s| s as usize);
        if line == 1 {
            start = self.bom().min(offset);
        }
        let before = self.count(start, offset);
        Position {
            line,
            column: before.scalars as usize + 1,
            column_utf16: before.utf16 as usize + 1,
            offset,
        }
    }

    /// The characters between two offsets.
    fn count(&self, start: usize, end: usize) -> Count {
        let bytes = |from, to| self.text.as_bytes().get(from..to).unwrap_or_default();
        if end.saturating_sub(start) <= COUNT_BLOCK {
            return Count::default().add(bytes(start, end));
        }
        let before = |offset: usize| {
            let block = offset / COUNT_BLOCK;
            let known = self.counts().get(block).copied().unwrap_or_default();
            known.add(bytes(block * COUNT_BLOCK, offset))
        };
        let (from, to) = (before(start), before(end));
        Count { scalars: to.scalars - from.scalars, utf16: to.utf16 - from.utf16 }
    }

    /// The characters before each block.
    fn counts(&self) -> &[Count] {
        self.counts.get_or_init(|| {
            let mut total = Count::default();
            let mut counts = vec![total];
            for block in self.text.as_bytes().chunks(COUNT_BLOCK) {
                total = total.add(block);
                counts.push(total);
            }
            counts
        })
    }

    /// The byte range of a 1-based line, without its line break; `None` past the last line.
    pub fn line_range(&self, line: usize) -> Option<std::ops::Range<usize>> {
        let start = *self.lines().get(line.checked_sub(1)?)? as usize;
        let end = self.lines().get(line).map_or(self.text.len(), |&next| next as usize - 1);
        let line = self.text.get(start..end)?;
        Some(start..start + line.strip_suffix('\r').unwrap_or(line).len())
    }
}

/// How many offsets of bytes that are not UTF-8 are kept: enough for a file in another encoding that somebody wrote,
/// little for a binary.
const MAX_INVALID: usize = 1_000;

fn replace_invalid(bytes: &[u8]) -> (String, Vec<usize>) {
    let (mut text, mut invalid) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            if invalid.len() < MAX_INVALID {
                invalid.push(text.len());
            }
            text.push('?');
        }
    }
    (text, invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bytes: &[u8]) -> Source {
        Source::new("x".into(), bytes.to_vec())
    }

    #[test]
    fn positions_count_characters_and_utf16_units_from_one() {
        let text = source("a\r\n\u{e9}\u{1f511}k\n".as_bytes());
        let at = |offset| {
            let p = text.position(offset);
            (p.line, p.column, p.column_utf16, p.offset)
        };
        assert_eq!(at(0), (1, 1, 1, 0));
        assert_eq!(at(3), (2, 1, 1, 3));
        assert_eq!(at(5), (2, 2, 2, 5));
        assert_eq!(at(9), (2, 3, 4, 9));
        assert_eq!(at(7), (2, 2, 2, 5), "inside a character is moved back to its start");
        assert_eq!(at(99), (3, 1, 1, 11), "past the end is the end");
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let text = source(b"\xef\xbb\xbfab\nc");
        assert_eq!(text.bom(), 3);
        assert_eq!((text.position(3).column, text.position(4).column), (1, 2));
        assert_eq!((text.position(6).line, text.position(6).column), (2, 1));
    }

    #[test]
    fn lines_come_without_their_breaks() {
        let text = source(b"ab\r\n\ncd");
        assert_eq!(text.line_range(1), Some(0..2));
        assert_eq!(text.line_range(2), Some(4..4));
        assert_eq!(text.line_range(3), Some(5..7));
        assert_eq!((text.line_range(0), text.line_range(4)), (None, None));
        assert_eq!(source(b"").line_range(1), Some(0..0));
    }

    #[test]
    fn a_mark_of_a_conflict_begins_its_line() {
        assert_eq!(conflict("a\r\n<<<<<<< HEAD\r\nb"), Some((2, 3..15)));
        assert_eq!(conflict("a\n=======\nb\n>>>>>>>"), Some((4, 12..19)));
        for none in ["", "=======", " <<<<<<< HEAD", "<<<<<<<<", "\"<<<<<<< HEAD\""] {
            assert_eq!(conflict(none), None, "{none}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_keep_every_offset() {
        let text = source(b"a\xff\xc3(\xe2\x82z");
        assert_eq!(text.text, "a??(??z");
        assert_eq!(text.invalid_utf8, [1, 2, 4, 5]);
        assert!(source("a\u{e9}".as_bytes()).invalid_utf8.is_empty());
    }

    /// The definition, without blocks.
    fn counted(text: &str, offset: usize) -> (usize, usize, usize) {
        let text = text
            .strip_prefix('\u{feff}')
            .map_or(text.get(..offset).unwrap(), |_| text.get(3.min(offset)..offset).unwrap());
        let line = text.rsplit('\n').next().unwrap();
        (text.matches('\n').count() + 1, line.chars().count() + 1, line.encode_utf16().count() + 1)
    }

    #[test]
    fn a_column_far_along_a_line_is_counted_in_characters() {
        let long = "é🔑x日".repeat(3 * COUNT_BLOCK);
        for text in [format!("a\n{long}\r\nb{long}"), format!("\u{feff}{long}"), "\u{feff}a\n".into()] {
            let source = Source::new("x".into(), text.clone().into_bytes());
            let near_blocks = |&at: &usize| at % COUNT_BLOCK < 9 || at % 997 == 0 || at < 9;
            for offset in (0..=text.len()).filter(near_blocks).filter(|&at| text.is_char_boundary(at)) {
                let p = source.position(offset);
                assert_eq!((p.line, p.column, p.column_utf16), counted(&text, offset), "{offset}");
            }
        }
    }
}
