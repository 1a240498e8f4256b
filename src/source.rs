//! Files as read: the only reader in the program.
//!
//! A [`Source`] is one file's bytes with what is needed to point into them. [`Files`] reads each path once,
//! keeps it, and hands out numbers that spans carry. It knows no format and no language.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use crate::span::FileId;

/// Files larger than this are not read (64 MiB): offsets fit 32 bits and memory stays bounded.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// One file as read.
#[derive(Debug)]
pub struct Source {
    /// Path relative to the working directory where it lies below it, with `/`; for people and reports.
    pub path: String,
    /// The text, as long in bytes as the file: each byte that is not UTF-8 is replaced by `?`.
    pub text: String,
    /// Offset of the first byte that is not UTF-8, if there is one.
    pub invalid_utf8: Vec<usize>,
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

impl Source {
    /// A file with this display `path` and these bytes.
    pub fn new(path: String, bytes: Vec<u8>) -> Self {
        let (text, invalid_utf8) = match String::from_utf8(bytes) {
            Ok(text) => (text, Vec::new()),
            Err(e) => replace_invalid(e.as_bytes()),
        };
        Source { path, text, invalid_utf8, lines: OnceLock::new(), counts: OnceLock::new() }
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

fn replace_invalid(bytes: &[u8]) -> (String, Vec<usize>) {
    let (mut text, mut invalid) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for _ in chunk.invalid() {
            invalid.push(text.len());
            text.push('?');
        }
    }
    (text, invalid)
}

/// Why a path could not be read, for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The operating system's own reason.
    #[error("cannot be read: {0}")]
    Io(String),
    /// Larger than [`MAX_FILE_BYTES`].
    #[error("is larger than {} MiB and is not read", MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// Not a regular file (a directory, a socket, a pipe).
    #[error("is not a regular file")]
    NotAFile,
}

#[derive(Default)]
struct Table {
    sources: Vec<Arc<Source>>,
    by_path: HashMap<PathBuf, Result<FileId, ReadError>>,
}

/// Every file that was read in this run. Reads lazily and once; can be shared between threads.
pub struct Files {
    root: PathBuf,
    table: RwLock<Table>,
}

impl Files {
    /// A reader whose reports show paths relative to `root` (the working directory, absolute).
    pub fn new(root: PathBuf) -> Self {
        Files { root, table: RwLock::default() }
    }

    /// The directory that relative paths start from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path as reports show it: relative to the working directory where it lies below it, with `/`.
    pub fn display(&self, path: &Path) -> String {
        let full = normalize(&self.root.join(path));
        let shown = full.strip_prefix(&self.root).unwrap_or(&full);
        let text = shown.to_string_lossy().replace('\\', "/");
        if text.is_empty() { ".".into() } else { text }
    }

    /// Reads a file, or answers from memory. `path` is absolute or relative to the working directory.
    pub fn read(&self, path: &Path) -> Result<FileId, ReadError> {
        let full = normalize(&self.root.join(path));
        if let Ok(table) = self.table.read()
            && let Some(known) = table.by_path.get(&full)
        {
            return known.clone();
        }
        let read = read_bytes(&full);
        self.keep(full, read)
    }

    /// Registers text that did not come from disk (standard input) under a path.
    pub fn insert(&self, path: &Path, bytes: Vec<u8>) -> Result<FileId, ReadError> {
        self.keep(normalize(&self.root.join(path)), Ok(bytes))
    }

    fn keep(&self, full: PathBuf, read: Result<Vec<u8>, ReadError>) -> Result<FileId, ReadError> {
        let display = self.display(&full);
        let Ok(mut table) = self.table.write() else {
            return Err(ReadError::Io("another thread failed".into()));
        };
        if let Some(known) = table.by_path.get(&full) {
            return known.clone();
        }
        let result = read.map(|bytes| {
            table.sources.push(Arc::new(Source::new(display, bytes)));
            FileId(u32::try_from(table.sources.len() - 1).unwrap_or(u32::MAX))
        });
        table.by_path.insert(full, result.clone());
        result
    }

    /// The file of that number. A number that was never handed out gives an empty file named `?`.
    pub fn source(&self, file: FileId) -> Arc<Source> {
        let found = self.table.read().ok().and_then(|t| t.sources.get(file.0 as usize).cloned());
        found.unwrap_or_else(|| Arc::new(Source::new("?".into(), Vec::new())))
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    let io = |e: std::io::Error| ReadError::Io(io_text(&e));
    let meta = std::fs::metadata(path).map_err(io)?;
    if !meta.is_file() {
        return Err(ReadError::NotAFile);
    }
    if meta.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    std::fs::read(path).map_err(io)
}

/// An operating system error without its number, so that messages are the same everywhere.
fn io_text(e: &std::io::Error) -> String {
    match e.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => e.to_string(),
    }
}

/// `a/./b/../c` as `a/c`, without asking the file system. `..` above the start stays.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

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
