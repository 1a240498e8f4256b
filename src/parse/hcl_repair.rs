//! Valid Terraform that hcl-edit refuses, made readable for it without moving a byte.
//!
//! Works on a scratch copy of equal length, so that every offset stays true; names and numbers that it overwrites
//! are read from the original afterwards. Knows nothing of trees. What is repaired: line breaks inside
//! `{ for … }`, a line of a heredoc that begins with its marker, numbers above what a double holds, an object key written twice (in Terraform the last wins), an
//! attribute written twice (an error in Terraform too, but no reason to lose the block).

use std::collections::BTreeMap;
use std::ops::Range;

use super::hcl_scan::{Scanned, is_name_char, scan};

/// Where a name was overwritten: its start, and the bytes of the original name.
pub(super) type Renamed = BTreeMap<usize, Range<usize>>;

/// The copy that hcl-edit reads.
pub(super) struct Scratch {
    bytes: Vec<u8>,
    /// What was overwritten, by offset.
    pub renamed: Renamed,
    fresh: usize,
}

impl Scratch {
    /// A copy with the repairs that need no error to find them: line breaks in `{ for … }`, huge numbers.
    pub fn new(text: &str) -> Self {
        let mut bytes = text.as_bytes().to_vec();
        let mut blank = |range: Range<usize>, with: u8| {
            if let Some(part) = bytes.get_mut(range) {
                part.fill(with);
            }
        };
        scan(text, |found| match found {
            Scanned::BreakInFor { range } => blank(range, b' '),
            // Without its line break a comment would swallow what follows.
            Scanned::Comment { range, in_for: true } => blank(range, b' '),
            Scanned::Number { range } => {
                let value = text.get(range.clone()).and_then(|n| n.parse::<f64>().ok());
                if value.is_some_and(f64::is_infinite) {
                    blank(range, b'0');
                }
            }
            Scanned::Heredoc { range } => {
                let [opening, closing] = markers(text, &range);
                if let Some(letter) = unlike_its_lines(text, opening.end..closing.start, &opening) {
                    blank(opening, letter);
                    blank(closing, letter);
                }
            }
            _ => {}
        });
        Scratch { bytes, renamed: Renamed::new(), fresh: 0 }
    }

    /// A copy as it is.
    pub fn untouched(text: &str) -> Self {
        Scratch { bytes: text.as_bytes().to_vec(), renamed: Renamed::new(), fresh: 0 }
    }

    /// The text to parse.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or("")
    }

    /// Overwrites the object key that starts at `at` by a name that no other key has; `false` if it cannot.
    ///
    /// Called again for the same place where the name turned out not to be unique.
    pub fn rename_key(&mut self, original: &str, at: usize) -> bool {
        let end = self.renamed.get(&at).map(|r| r.end).or_else(|| key_end(original, at));
        end.is_some_and(|end| self.rename(at..end, original))
    }

    /// Overwrites the attribute name that starts at `at`, as [`Scratch::rename_key`] does.
    pub fn rename_attribute(&mut self, original: &str, at: usize) -> bool {
        let rest = original.get(at..).unwrap_or("");
        let len = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        self.rename(at..at + len, original)
    }

    fn rename(&mut self, name: Range<usize>, original: &str) -> bool {
        // Blanks before the `=` are taken too: a name of one byte has few neighbours.
        let rest = original.get(name.end..).unwrap_or("");
        let room = name.end + rest.bytes().take_while(|b| *b == b' ').count();
        let Some(part) = self.bytes.get_mut(name.start..room) else { return false };
        if name.is_empty() {
            return false;
        }
        self.fresh += 1;
        let mut number = self.fresh;
        for byte in part.iter_mut().rev() {
            *byte = LETTERS.get(number % LETTERS.len()).copied().unwrap_or(b'_');
            number /= LETTERS.len();
        }
        self.renamed.insert(name.start, name);
        true
    }
}

/// Where the marker of a heredoc stands before and behind its lines.
fn markers(text: &str, heredoc: &Range<usize>) -> [Range<usize>; 2] {
    let rest = text.get(heredoc.clone()).unwrap_or("");
    let start = rest.find(|c| is_name_char(c) && c != '-').unwrap_or(0);
    let name = rest.get(start..).unwrap_or("");
    let len = name.find(|c| !is_name_char(c)).unwrap_or(name.len());
    let opening = heredoc.start + start..heredoc.start + start + len;
    [opening, heredoc.end.saturating_sub(len)..heredoc.end]
}

/// The letter of a marker of the same length that no line of a heredoc begins with, where one begins with its own.
fn unlike_its_lines(text: &str, lines: Range<usize>, marker: &Range<usize>) -> Option<u8> {
    let marker = text.get(marker.clone())?;
    let lines = text.get(lines)?;
    let begins = |with: &str| lines.lines().any(|line| line.trim_start().starts_with(with));
    let other = |letter: &&u8| !begins(&char::from(**letter).to_string().repeat(marker.len()));
    if begins(marker) { LETTERS.iter().find(other).copied() } else { None }
}

/// Rare letters first, so that short names seldom meet real ones.
const LETTERS: &[u8; 52] = b"zqxjkZQXJKvwybhgVWYBHGplmcufdrnsatoiePLMCUFDRNSATOIE";

/// Where the key that starts at `at` ends: before the `=` or `:` that belongs to it.
fn key_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let (mut depth, mut quoted, mut last) = (0usize, false, 0usize);
    // Brackets and quotes inside the key's own sequences; a key is short, so a simple count is enough.
    let mut bytes = rest.bytes().enumerate();
    let mut stack: Vec<bool> = Vec::new();
    while let Some((i, byte)) = bytes.next() {
        match byte {
            b'\\' if quoted => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b'{' if quoted
                && rest.as_bytes().get(i.wrapping_sub(1)).is_some_and(|b| matches!(b, b'$' | b'%')) =>
            {
                stack.push(true);
                quoted = false;
            }
            b'}' if !quoted && stack.last() == Some(&true) => {
                stack.pop();
                quoted = true;
            }
            b'(' | b'[' | b'{' if !quoted => {
                depth += 1;
                stack.push(false);
            }
            b')' | b']' | b'}' if !quoted && depth > 0 => {
                depth -= 1;
                stack.pop();
            }
            b'=' | b':' if !quoted && stack.is_empty() => {
                return (last > 0).then_some(at + last);
            }
            b'\n' if !quoted && stack.is_empty() => return None,
            _ => {}
        }
        if !matches!(byte, b' ' | b'\t') {
            last = i + 1;
        }
    }
    None
}
