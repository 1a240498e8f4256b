//! Files as read: the only reader in the program.
//!
//! A [`Source`] ([`text`]) is one file's bytes with what is needed to point into them. [`Files`] reads each path once,
//! keeps it, and hands out numbers that spans carry. Where a path leads is found in [`real`], whether it may be read in
//! [`bounds`], and what is opened is looked at before a byte is read ([`open`]). It knows no format and no language.
//!
//! A link is its target: a file that several paths lead to is one file, under the path of the file itself.

mod bounds;
pub mod folder;
mod listed;
mod made;
mod open;
mod paths;
mod real;
mod shown;
mod text;
mod trees;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use crate::span::{FileId, Span};
use bounds::Bounds;
pub use bounds::{has_git, is_state, work_tree};
use listed::Seen;
use made::Made;
pub use open::{open, read_text};
use paths::is_normal;
pub use paths::normalize;
use real::{RealFolders, resolved};
pub use text::{GIT_CRYPT, Position, Source, conflict, is_wide};
use trees::Trees;

/// Files larger than this are not read (64 MiB): offsets fit 32 bits and memory stays bounded.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Why a path could not be read, for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing at that path.
    #[error("cannot be read: no such file")]
    Missing,
    /// A link to nothing, or to itself.
    #[error("is a link that leads nowhere")]
    Nowhere,
    /// The operating system's own reason.
    #[error("cannot be read: {0}")]
    Io(String),
    /// Larger than [`MAX_FILE_BYTES`].
    #[error("is larger than {} MiB and is not read", MAX_FILE_BYTES >> 20)]
    TooLarge,
    /// Text in UTF-16 or UTF-32, which no tool that deploys it reads.
    #[error("is UTF-16 or UTF-32 text and is not read; save it as UTF-8")]
    Wide,
    /// Not a regular file (a directory, a socket, a pipe).
    #[error("is not a regular file")]
    NotAFile,
    /// Outside of what a run may read (the work tree, else the working directory, and what is named), or a link that leads
    /// there.
    #[error("lies outside of the work tree and is not read")]
    Outside,
    /// A link, where none is followed.
    #[error("is a link")]
    Link,
    /// Below `.git`, or a state file.
    #[error("is state, or lies below `.git`, and is not read")]
    Private,
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
    /// What is not to be shown of a file.
    hidden: HashMap<FileId, Vec<Span>>,
    /// Files that functions took apart, and those that are judged themselves.
    data: HashSet<FileId>,
    judged: HashSet<FileId>,
    /// Files whose bytes hold [`MENTION`], as the walk met them.
    mentions: BTreeSet<PathBuf>,
    /// Links that were opened, with the files that they lead to.
    links: BTreeMap<PathBuf, PathBuf>,
}

/// The name of the configuration file.
pub const CONFIG: &str = "lonekey.toml";
/// What the flags with terms stand in: no file's name, as that of standard input.
pub const COMMAND_LINE: &str = "<command line>";
/// What an exception in a file begins with, wherever it stands.
pub const MENTION: &str = "lonekey";

/// Every file that was read in this run. Reads lazily and once; can be shared between threads.
pub struct Files {
    root: PathBuf,
    /// The work tree of the root.
    tree: Option<PathBuf>,
    bounds: RwLock<Bounds>,
    real_folders: RealFolders,
    table: RwLock<Table>,
    made: Mutex<Made>,
    trees: Mutex<Trees>,
}

impl Files {
    /// A reader whose reports show paths relative to `root` (the working directory, absolute). It reads in the work tree
    /// of `root` until more is named.
    pub fn new(root: PathBuf) -> Self {
        let root = resolved(&root).unwrap_or_else(|_| normalize(&root));
        let tree = work_tree(&root).map(Path::to_path_buf);
        let bounds = Bounds::of(tree.as_deref().unwrap_or(&root));
        Files {
            root,
            tree,
            bounds: RwLock::new(bounds),
            real_folders: RealFolders::default(),
            table: RwLock::default(),
            made: Mutex::default(),
            trees: Mutex::default(),
        }
    }

    /// The directory that relative paths start from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path from the root of the file system, cleaned. Most are asked for as the walk made them, which are.
    fn full<'p>(&self, path: &'p Path) -> Cow<'p, Path> {
        if is_normal(path) { path.into() } else { normalize(&self.root.join(path)).into() }
    }

    /// The absolute, clean path of one as [`Files::display`] gives it: `../a/main.tf` lies in no folder of the working
    /// directory, so what asks for folders above it asks for this path's.
    pub fn path_of(&self, displayed: &str) -> PathBuf {
        self.full(Path::new(displayed)).into_owned()
    }

    /// The path as people are shown it: relative to the working directory in its work tree (`../modules/bot/main.tf`),
    /// with `/`; else absolute.
    pub fn display(&self, path: &Path) -> String {
        let full = self.full(path);
        if let Ok(below) = full.strip_prefix(&self.root) {
            return shown(below);
        }
        let tree = self.tree.as_deref().filter(|tree| full.starts_with(tree));
        let Some(tree) = tree else { return shown(&full) };
        let common = self.root.ancestors().find(|above| full.starts_with(above)).unwrap_or(tree);
        let up = self.root.strip_prefix(common).map_or(0, |way| way.components().count());
        let down = full.strip_prefix(common).unwrap_or(&full);
        shown(&std::iter::repeat_n(Component::ParentDir, up).chain(down.components()).collect::<PathBuf>())
    }

    /// The file or folder that a path leads to, links resolved, if a run may read it.
    pub fn resolve(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let full = self.full(path);
        let Ok(bounds) = self.bounds.read() else {
            return Err(ReadError::Io("another thread failed".into()));
        };
        match self.real_folders.resolve(&full) {
            // Whether something is there outside is nobody's business.
            Err(ReadError::Missing) => {
                Err(bounds.outside(&full, &self.real_folders).unwrap_or(ReadError::Missing))
            }
            Err(error) => Err(error),
            Ok(real) => bounds.admit(&real).map(|()| real),
        }
    }

    /// Whether a path, as written, lies where the run reads.
    pub fn covers(&self, path: &Path) -> bool {
        self.bounds.read().is_ok_and(|bounds| bounds.hold(&self.full(path)))
    }

    /// The way to a folder from the work tree, or the named folder, that it lies in, with `/` between its parts.
    pub fn way(&self, folder: &Path) -> Option<String> {
        let way = self.bounds.read().ok()?.way(&self.full(folder))?;
        Some(way.to_str()?.replace('\\', "/"))
    }

    /// The path that a path leads to, as [`Files::resolve`]; the path itself where that leads nowhere.
    pub fn real(&self, path: &Path) -> PathBuf {
        self.resolve(path).unwrap_or_else(|_| self.full(path).into_owned())
    }

    /// Resolves a path that the command line names, and lets the run read in its work tree (else in the folder itself).
    /// A link in the work tree that leads out of it is refused all the same: what it names is for the tree to change.
    pub fn name(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let full = self.full(path);
        let real = self.real_folders.resolve(&full)?;
        let Ok(mut bounds) = self.bounds.write() else {
            return Err(ReadError::Io("another thread failed".into()));
        };
        if !bounds.hold(&real) && !bounds.hold(&full) {
            let folder = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
            bounds.add(folder.map(|folder| work_tree(folder).unwrap_or(folder)).unwrap_or(&real));
        }
        bounds.admit(&real).map(|()| real)
    }

    /// Reads one file that a flag names, wherever it lies; a link in the work tree is as for [`Files::name`].
    pub fn read_named(&self, path: &Path) -> Result<FileId, ReadError> {
        let full = self.full(path);
        if let Ok(real) = self.real_folders.resolve(&full)
            && let Ok(mut bounds) = self.bounds.write()
            && !bounds.hold(&full)
        {
            bounds.add(&real);
        }
        self.read(&full)
    }

    /// Reads a file, or answers from memory. `path` is absolute or relative to the working directory.
    pub fn read(&self, path: &Path) -> Result<FileId, ReadError> {
        let full = self.full(path);
        if let Some(known) = self.known(&full) {
            return known;
        }
        match self.resolve(&full) {
            Ok(real) if real == *full => self.keep(real, open::read(&full)),
            Ok(real) => {
                let read = self.known(&real).unwrap_or_else(|| self.keep(real.clone(), open::read(&real)));
                self.also(full.into_owned(), read)
            }
            Err(error) => self.keep(full.into_owned(), Err(error)),
        }
    }

    fn known(&self, full: &Path) -> Option<Result<FileId, ReadError>> {
        self.table.read().ok()?.by_path.get(full).cloned()
    }

    /// Notes that another path leads to what was read.
    fn also(&self, path: PathBuf, read: Result<FileId, ReadError>) -> Result<FileId, ReadError> {
        if let Ok(mut table) = self.table.write() {
            table.by_path.insert(path, read.clone());
        }
        read
    }

    /// Whether a path, links resolved, lies where the run reads, be it source or not.
    pub fn inside(&self, path: &Path) -> bool {
        let real = self.real_folders.resolve(&self.full(path));
        real.is_ok_and(|real| self.bounds.read().is_ok_and(|bounds| bounds.hold(&real)))
    }

    /// Reads a file that must be text to mean anything. [`ReadError::Wide`] for text that no tool would read.
    pub fn read_text(&self, path: &Path) -> Result<FileId, ReadError> {
        let file = self.read(path)?;
        if self.source(file).wide { Err(ReadError::Wide) } else { Ok(file) }
    }

    /// The same for a file that [`Files::list`] gave: what is missing there is a link that leads nowhere.
    pub fn read_listed(&self, path: &Path) -> Result<FileId, ReadError> {
        self.read_text(path).map_err(|error| match error {
            ReadError::Missing => ReadError::Nowhere,
            error => error,
        })
    }

    /// Opens a file that a walk met: its folder is known to be resolved and inside, and its name to be source's. A link is
    /// followed as far as [`Files::resolve`] does.
    pub fn open(&self, path: &Path) -> Result<std::fs::File, ReadError> {
        match open(path) {
            Err(ReadError::Link) => {
                let real = self.resolve(path)?;
                let opened = open(&real);
                if let Ok(mut table) = self.table.write() {
                    table.links.insert(path.to_path_buf(), real);
                }
                opened
            }
            opened => opened,
        }
    }

    /// The links that a walk met, with the files that they lead to.
    pub fn links(&self) -> BTreeMap<PathBuf, PathBuf> {
        self.table.read().map(|table| table.links.clone()).unwrap_or_default()
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
        let full = self.full(path).into_owned();
        if full.read_link().is_err() {
            return self.keep(full, Ok(bytes));
        }
        let real = self.real(&full);
        let kept = self.keep(real, Ok(bytes));
        self.also(full, kept)
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

    /// The bytes of a file that was read: those on disk where it is not all text.
    pub fn bytes(&self, file: FileId) -> Vec<u8> {
        let source = self.source(file);
        let again = (!source.invalid_utf8.is_empty()).then(|| self.resolve(Path::new(&source.path)).ok());
        let again = again.flatten().and_then(|real| open::read(&real).ok());
        again.unwrap_or_else(|| source.text.as_bytes().to_vec())
    }

    /// The file of that number. A number that was never handed out gives an empty file named `?`.
    pub fn source(&self, file: FileId) -> Arc<Source> {
        let found = self.table.read().ok().and_then(|t| t.sources.get(file.0 as usize).cloned());
        found.unwrap_or_else(|| Arc::new(Source::new("?".into(), Vec::new())))
    }
}

/// The path as text, with `/`; `.` for an empty one.
fn shown(path: &Path) -> String {
    let mut text = path.to_string_lossy().into_owned();
    // Elsewhere a backslash is an ordinary character of a name.
    if std::path::MAIN_SEPARATOR == '\\' {
        text = text.replace('\\', "/");
    }
    if text.is_empty() { ".".into() } else { text }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_paths_are_relative_below_the_working_directory() {
        let files = Files::new("/repo/./here".into());
        let check = |path: &str, shown: &str| assert_eq!(files.display(Path::new(path)), shown, "{path}");
        check("/repo/here/a/b.tf", "a/b.tf");
        check("a/../b.tf", "b.tf");
        check("", ".");
        check("../there/a.tf", "/repo/there/a.tf");
        check("/repo/hereafter/a", "/repo/hereafter/a");
    }

    #[test]
    fn paths_in_a_work_tree_are_the_same_for_programs_wherever_the_run_starts() {
        let folder = tempfile::tempdir().unwrap();
        let repo = resolved(folder.path()).unwrap().join("repo");
        std::fs::create_dir_all(repo.join(".git")).unwrap();
        std::fs::create_dir_all(repo.join("live/eu")).unwrap();
        let file = repo.join("modules/bot/main.tf");
        for (start, people) in [
            ("", "modules/bot/main.tf"),
            ("modules", "bot/main.tf"),
            ("live/eu", "../../modules/bot/main.tf"),
            ("modules/bot", "main.tf"),
        ] {
            let files = Files::new(repo.join(start));
            let shown = files.display(&file);
            assert_eq!((shown.as_str(), files.in_tree(&shown).as_str()), (people, "modules/bot/main.tf"));
            assert_eq!(files.in_tree(&files.display(&repo)), ".");
            assert_eq!(files.in_tree(&files.tree_root()), ".");
        }
        let outside = Files::new(folder.path().to_path_buf());
        assert_eq!(outside.in_tree("repo/modules/bot/main.tf"), "modules/bot/main.tf");
        assert_eq!(outside.in_tree("repo"), ".");
        assert_eq!(outside.other_tree("repo").as_deref(), Some("repo"));
        assert_eq!(outside.other_tree("repo/modules").as_deref(), Some("repo"));
        assert_eq!((outside.other_tree("a/main.tf"), outside.other_tree(".")), (None, None));
        assert_eq!(outside.in_tree("a/main.tf"), "a/main.tf");
        assert_eq!(outside.in_tree("/nowhere/main.tf"), "/nowhere/main.tf");
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
        let files = Files::new("/repo".into());
        let id = files.insert(Path::new("in.tf"), b"a".to_vec()).unwrap();
        assert_eq!(files.insert(Path::new("/repo/in.tf"), b"b".to_vec()), Ok(id));
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
}
