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
        Source { path, text, invalid_utf8, lines: OnceLock::new() }
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
        let before = self.text.get(start..offset).unwrap_or("");
        Position {
            line,
            column: before.chars().count() + 1,
            column_utf16: before.chars().map(char::len_utf16).sum::<usize>() + 1,
            offset,
        }
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
    /// There is nothing at that path.
    #[error("cannot be read: no such file")]
    Missing,
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
    let io = |e: std::io::Error| ReadError::from(&e);
    let meta = std::fs::metadata(path).map_err(io)?;
    if !meta.is_file() {
        return Err(ReadError::NotAFile);
    }
    if meta.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    std::fs::read(path).map_err(io)
}

impl From<&std::io::Error> for ReadError {
    /// The reason without the system's error number, so that messages are the same everywhere.
    fn from(e: &std::io::Error) -> Self {
        match e.kind() {
            std::io::ErrorKind::NotFound => ReadError::Missing,
            std::io::ErrorKind::PermissionDenied => ReadError::Io("permission denied".into()),
            _ => ReadError::Io(e.to_string().split(" (os error").next().unwrap_or_default().to_lowercase()),
        }
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
