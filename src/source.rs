//! Files as read: the only reader in the program.
//!
//! A [`Source`] is one file's bytes with what is needed to point into them. [`Files`] reads each path once,
//! keeps it, and hands out numbers that spans carry. It knows no format and no language.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
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
    /// Offsets of the bytes that are not UTF-8, in order; the first thousand.
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
    /// Text in UTF-16, which no tool that deploys it reads.
    #[error("is UTF-16 text and is not read; save it as UTF-8")]
    Utf16,
    /// Not a regular file (a directory, a socket, a pipe).
    #[error("is not a regular file")]
    NotAFile,
}

#[derive(Default)]
struct Table {
    sources: Vec<Arc<Source>>,
    by_path: HashMap<PathBuf, Result<FileId, ReadError>>,
    /// The files of folders that were listed.
    listed: HashMap<PathBuf, Arc<[PathBuf]>>,
    /// Files that are not on disk.
    in_memory: Vec<PathBuf>,
    /// Files that the walk looked at.
    seen: Seen,
}

/// Files that the walk looked at, by name. Few runs ask for one, so they are sorted when the first does.
#[derive(Default)]
struct Seen {
    new: Vec<PathBuf>,
    by_name: BTreeMap<OsString, BTreeSet<PathBuf>>,
}

impl Seen {
    fn sort(&mut self) {
        for path in self.new.drain(..) {
            if let Some(name) = path.file_name() {
                self.by_name.entry(name.into()).or_default().insert(path);
            }
        }
    }
}

/// Every file that was read in this run. Reads lazily and once; can be shared between threads.
pub struct Files {
    root: PathBuf,
    table: RwLock<Table>,
}

impl Files {
    /// A reader whose reports show paths relative to `root` (the working directory, absolute).
    pub fn new(root: PathBuf) -> Self {
        Files { root: normalize(&root), table: RwLock::default() }
    }

    /// The directory that relative paths start from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path from the root of the file system, cleaned. Most are asked for as the walk made them, which are.
    fn full<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        if is_normal(path) { path.into() } else { normalize(&self.root.join(path)).into() }
    }

    /// The path as reports show it: relative to the working directory where it lies below it, with `/`.
    pub fn display(&self, path: &Path) -> String {
        let full = self.full(path);
        let shown = full.strip_prefix(&self.root).unwrap_or(&full);
        let mut text = shown.to_string_lossy().into_owned();
        // Elsewhere a backslash is an ordinary character of a name.
        if std::path::MAIN_SEPARATOR == '\\' {
            text = text.replace('\\', "/");
        }
        if text.is_empty() { ".".into() } else { text }
    }

    /// Reads a file, or answers from memory. `path` is absolute or relative to the working directory.
    pub fn read(&self, path: &Path) -> Result<FileId, ReadError> {
        let full = self.full(path);
        if let Ok(table) = self.table.read()
            && let Some(known) = table.by_path.get(&*full)
        {
            return known.clone();
        }
        let read = read_bytes(&full);
        self.keep(full.into_owned(), read)
    }

    /// The files in a folder, sorted by path, sub-folders left out; none if it cannot be listed.
    pub fn list(&self, dir: &Path) -> Arc<[PathBuf]> {
        let full = self.full(dir);
        if let Ok(table) = self.table.read()
            && let Some(known) = table.listed.get(&*full)
        {
            return known.clone();
        }
        let found = std::fs::read_dir(&full)
            .map(|entries| entries.flatten().filter(is_file).map(|e| e.path()).collect())
            .unwrap_or_default();
        self.keep_list(full.into_owned(), found)
    }

    /// Registers what is in a folder, so that listing it gives that: all of its files, links to files among them, in any
    /// order.
    pub fn listed(&self, dir: &Path, found: Vec<PathBuf>) {
        self.keep_list(self.full(dir).into_owned(), found);
    }

    fn keep_list(&self, full: PathBuf, mut out: Vec<PathBuf>) -> Arc<[PathBuf]> {
        if let Ok(table) = self.table.read() {
            out.extend(table.in_memory.iter().filter(|p| p.parent() == Some(&full)).cloned());
        }
        // Of paths in one folder the bytes tell the order, and comparing part by part takes ten times as long.
        out.sort_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
        out.dedup_by(|a, b| a.as_os_str() == b.as_os_str());
        let Ok(mut table) = self.table.write() else { return out.into() };
        if let Some(known) = table.listed.get(&full) {
            return known.clone();
        }
        let listed: Arc<[PathBuf]> = out.into();
        table.listed.insert(full, listed.clone());
        listed
    }

    /// Notes files, by their absolute paths, as looked at by the walk.
    pub fn saw(&self, paths: Vec<PathBuf>) {
        if let Ok(mut table) = self.table.write() {
            table.seen.new.extend(paths);
        }
    }

    /// Whether what is written in `folder` may lead to `path` (both absolute and clean): to what lies in the folder, in
    /// the working directory, in the folder's work tree (up to the nearest `.git`), or was scanned. What else is on this
    /// machine is none of a scanned file's business.
    pub fn reaches(&self, folder: &Path, path: &Path) -> bool {
        let below = |root: &Path| path.starts_with(root);
        let work_tree = || folder.ancestors().find(|a| a.join(".git").symlink_metadata().is_ok());
        let scanned = || path.file_name().and_then(OsStr::to_str).map(|name| self.seen_as(name));
        below(folder)
            || below(&self.root)
            || work_tree().is_some_and(below)
            || scanned().is_some_and(|seen| seen.iter().any(|p| p == path))
    }

    /// The files of that name that the walk looked at, sorted.
    pub fn seen_as(&self, name: &str) -> Vec<PathBuf> {
        let found = |seen: &Seen| {
            seen.by_name
                .get(OsStr::new(name))
                .map(|paths| paths.iter().cloned().collect())
                .unwrap_or_default()
        };
        if let Ok(table) = self.table.read()
            && table.seen.new.is_empty()
        {
            return found(&table.seen);
        }
        let Ok(mut table) = self.table.write() else { return Vec::new() };
        table.seen.sort();
        found(&table.seen)
    }

    /// Registers a file that is not on disk: standard input under a name. Must be done before its folder is listed.
    pub fn insert_in_memory(&self, path: &Path, bytes: Vec<u8>) -> Result<FileId, ReadError> {
        let full = normalize(&self.root.join(path));
        if let Ok(mut table) = self.table.write() {
            table.in_memory.push(full.clone());
        }
        self.keep(full, Ok(bytes))
    }

    /// Registers bytes under a path, so that reading it gives them: what was just read. A path that is known keeps what
    /// it has.
    pub fn insert(&self, path: &Path, bytes: Vec<u8>) -> Result<FileId, ReadError> {
        self.keep(self.full(path).into_owned(), Ok(bytes))
    }

    fn keep(&self, full: PathBuf, read: Result<Vec<u8>, ReadError>) -> Result<FileId, ReadError> {
        // Checked and shaped before the lock: other threads only wait for the entry to be made.
        let read = read.map(|bytes| Arc::new(Source::new(self.display(&full), bytes)));
        let Ok(mut table) = self.table.write() else {
            return Err(ReadError::Io("another thread failed".into()));
        };
        if let Some(known) = table.by_path.get(&full) {
            return known.clone();
        }
        let result = read.map(|source| {
            table.sources.push(source);
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

/// Whether an entry is a file, or a link to one; the file system is only asked about links.
fn is_file(entry: &std::fs::DirEntry) -> bool {
    entry.file_type().is_ok_and(|t| t.is_file() || (t.is_symlink() && entry.path().is_file()))
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

/// Whether [`normalize`] would give this very path, which is absolute. May answer `false` for one that it would.
fn is_normal(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let clean = |at: usize| {
        let mut parts = bytes.get(at + 1..).unwrap_or_default().splitn(2, |&b| b == b'/');
        !matches!(parts.next().unwrap_or_default(), b"" | b"." | b"..")
    };
    // Elsewhere there are drives, and other separators.
    std::path::MAIN_SEPARATOR == '/'
        && bytes.first() == Some(&b'/')
        && memchr::memchr_iter(b'/', bytes).all(clean)
}

/// `a/./b/../c` as `a/c`, without asking the file system. `..` above the start of a relative path stays; above the
/// root there is nothing but the root.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir if out.has_root() => {}
            other => out.push(other),
        }
    }
    out
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
    fn bytes_that_are_not_utf8_keep_every_offset() {
        let text = source(b"a\xff\xc3(\xe2\x82z");
        assert_eq!(text.text, "a??(??z");
        assert_eq!(text.invalid_utf8, [1, 2, 4, 5]);
        assert!(source("a\u{e9}".as_bytes()).invalid_utf8.is_empty());
    }

    #[test]
    fn paths_are_cleaned_without_the_file_system() {
        let check = |path: &str, clean: &str| {
            assert_eq!(normalize(Path::new(path)), Path::new(clean), "{path}");
            assert!(!is_normal(Path::new(path)), "{path}");
        };
        check("/a/./b/../c", "/a/c");
        check("a/../../b", "../b");
        check("/../a", "/a");
        check("./a//b/", "a/b");
        check(".", "");
        check("/a/..", "/");
        check("/a/.", "/a");
        check("//a", "/a");
        check("a/b", "a/b");
    }

    #[test]
    fn a_clean_path_is_known_to_be() {
        for path in ["/a", "/a/b.c", "/.a/..b/...", "/é/ "] {
            let expected = std::path::MAIN_SEPARATOR == '/';
            assert_eq!(is_normal(Path::new(path)), expected, "{path}");
            assert_eq!(normalize(Path::new(path)).as_os_str(), Path::new(path).as_os_str(), "{path}");
        }
    }

    #[test]
    fn shown_paths_are_relative_below_the_working_directory() {
        let files = Files::new("/work/./here".into());
        let check = |path: &str, shown: &str| assert_eq!(files.display(Path::new(path)), shown, "{path}");
        check("/work/here/a/b.tf", "a/b.tf");
        check("a/../b.tf", "b.tf");
        check("", ".");
        check("../there/a.tf", "/work/there/a.tf");
        check("/work/hereafter/a", "/work/hereafter/a");
    }

    #[test]
    fn a_file_is_read_once_and_missing_ones_say_so() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::new(folder.path().to_path_buf());
        std::fs::write(folder.path().join("a"), "one").unwrap();
        let first = files.read(Path::new("a")).unwrap();
        std::fs::write(folder.path().join("a"), "two").unwrap();
        assert_eq!(files.read(&folder.path().join("b/../a")), Ok(first));
        assert_eq!(files.source(first).text, "one");
        assert_eq!(files.read(Path::new("none")), Err(ReadError::Missing));
        assert_eq!(files.read(Path::new(".")), Err(ReadError::NotAFile));
        assert_eq!(ReadError::Missing.to_string(), "cannot be read: no such file");
        assert_eq!(files.source(FileId(99)).path, "?");
    }

    #[test]
    fn what_is_inserted_first_is_what_is_read() {
        let files = Files::new("/work".into());
        let id = files.insert(Path::new("in.tf"), b"a".to_vec()).unwrap();
        assert_eq!(files.insert(Path::new("/work/in.tf"), b"b".to_vec()), Ok(id));
        assert_eq!(files.source(files.read(Path::new("in.tf")).unwrap()).text, "a");
    }

    #[test]
    fn a_file_past_the_limit_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("big");
        std::fs::File::create(&path).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        assert_eq!(Files::new("/".into()).read(&path), Err(ReadError::TooLarge));
        assert_eq!(ReadError::TooLarge.to_string(), "is larger than 64 MiB and is not read");
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
