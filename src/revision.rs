//! Another revision's files, read through git's objects into a folder of its own.
//!
//! Answers: what did the files of this work tree say at that revision? The work tree, its index and its branches are not
//! touched: `git ls-tree` lists the tree and `git cat-file --batch` gives the bytes as they are stored, so that no filter,
//! hook, text conversion or attribute of the repository has a part in it.
//!
//! The repository's own configuration is not trusted to name a program. Of what git would start for reading objects one way
//! is left, the fetch of an object that a partial clone has not got, and that is forbidden by the environment, which no
//! configuration overrides. Neither are names of files: each is put together from the tree's own parts, every file is
//! created anew before there is any link, and a link is made last.
//! Source: git, "gitrepository-layout", "git-config" (`protocol.allow`), "git" (`GIT_NO_LAZY_FETCH`, `GIT_ALLOW_PROTOCOL`).

mod git;

use std::fs;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::scratch;
use crate::source::MAX_FILE_BYTES;
use git::Git;
pub use git::RevisionError;

/// Files of at most this many bytes are written whatever their name: any may be one that a function reads.
const ANY_FILE: u64 = 1 << 20;
/// Names of larger ones that are written too.
const SOURCE: [&str; 11] =
    ["tf", "tofu", "tfvars", "hcl", "json", "yaml", "yml", "template", "csv", "toml", "tpl"];
/// How many bytes are written before the revision is given up.
const MAX_BYTES: u64 = 2 << 30;

/// The files of one revision, in a private folder that goes with this value.
#[derive(Debug)]
pub struct Revision {
    folder: TempDir,
    /// Dropped after the folder.
    _own: scratch::Own,
}

impl Revision {
    /// Reads the tree that `revision` names in the repository whose work tree is `work_tree`.
    pub fn read(work_tree: &Path, revision: &str) -> Result<Revision, RevisionError> {
        let git = Git::of(work_tree)?;
        let tree = git.tree(revision)?;
        let system = |error: std::io::Error| RevisionError::System(error.to_string());
        let folder = || tempfile::Builder::new().prefix("lonekey-").tempdir();
        let (own, folder) = scratch::make(folder, TempDir::path).map_err(system)?;
        let made = Revision { folder, _own: own };
        // What has this is a work tree: nothing around it has a part in it.
        fs::create_dir_all(made.root().join(".git")).map_err(system)?;
        let mut links = Vec::new();
        made.write(&git, &tree, Path::new(""), &mut links)?;
        for (at, to) in links {
            scratch::inside(|| link(&to, &made.root().join(at)));
        }
        Ok(made)
    }

    /// Whether that revision is there, without reading it.
    pub fn exists(work_tree: &Path, revision: &str) -> Result<(), RevisionError> {
        Git::of(work_tree)?.tree(revision).map(drop)
    }

    /// The folder that stands for the work tree's root.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    /// Writes a tree's files below `at`; links are left for later.
    fn write(
        &self,
        git: &Git,
        tree: &str,
        at: &Path,
        links: &mut Vec<(PathBuf, Vec<u8>)>,
    ) -> Result<(), RevisionError> {
        let mut wanted: Vec<Entry> = Vec::new();
        let mut bytes: u64 = 0;
        for entry in entries(&git.list(tree)?).filter(|entry| entry.kind == Kind::Module || entry.is_wanted())
        {
            if entry.kind != Kind::Module {
                bytes = bytes.saturating_add(entry.size);
                wanted.push(entry);
                continue;
            }
            // A submodule's commit is in its own repository, where it was checked out.
            let below = at.join(&entry.path);
            if let Ok(inner) = Git::of(&git.work_tree().join(&entry.path))
                && let Ok(tree) = inner.tree(&entry.object)
            {
                self.write(&inner, &tree, &below, links)?;
            }
        }
        if bytes > MAX_BYTES {
            return Err(RevisionError::TooLarge { most: MAX_BYTES >> 30 });
        }
        let mut objects = tempfile::tempfile().map_err(|e| RevisionError::System(e.to_string()))?;
        let list: String = wanted.iter().map(|entry| format!("{}\n", entry.object)).collect();
        objects.write_all(list.as_bytes()).map_err(|e| RevisionError::System(e.to_string()))?;
        git.objects(objects, |answers| {
            for entry in &wanted {
                let content = content(answers, &entry.object)?;
                let path = at.join(&entry.path);
                if entry.kind == Kind::Link {
                    links.push((path, content));
                } else {
                    self.file(&path, &content)?;
                }
            }
            Ok(())
        })
    }

    fn file(&self, path: &Path, content: &[u8]) -> Result<(), RevisionError> {
        let full = self.root().join(path);
        let write = || {
            fs::create_dir_all(full.parent().unwrap_or(&full))?;
            fs::OpenOptions::new().write(true).create_new(true).open(&full)?.write_all(content)
        };
        match scratch::inside(write) {
            // A tree that names a path twice, or one file as a folder; or a file system without letter case.
            Err(e) if is_taken(e.kind()) => Ok(()),
            Err(e) => Err(RevisionError::System(format!("{}: {e}", path.display()))),
            Ok(()) => Ok(()),
        }
    }
}

fn is_taken(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{AlreadyExists, InvalidInput, IsADirectory, NotADirectory};
    matches!(kind, AlreadyExists | NotADirectory | IsADirectory | InvalidInput)
}

#[cfg(unix)]
fn link(to: &[u8], at: &Path) {
    use std::os::unix::ffi::OsStrExt;
    // One that cannot be made is not there: what reads it says so.
    let _ = fs::create_dir_all(at.parent().unwrap_or(at));
    let _ = std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(to), at);
}

#[cfg(not(unix))]
fn link(to: &[u8], at: &Path) {
    // As git writes it where links are not to be had.
    let _ = fs::create_dir_all(at.parent().unwrap_or(at));
    let _ = fs::write(at, to);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Link,
    /// A submodule.
    Module,
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    kind: Kind,
    object: String,
    size: u64,
    path: PathBuf,
}

impl Entry {
    fn is_wanted(&self) -> bool {
        let source = || {
            let extension = self.path.extension().and_then(|e| e.to_str());
            extension.is_some_and(|e| SOURCE.iter().any(|known| e.eq_ignore_ascii_case(known)))
        };
        self.size <= ANY_FILE || self.size <= MAX_FILE_BYTES && source()
    }
}

/// The entries that `git ls-tree -r -l -z` lists; one whose path could lead elsewhere is none.
fn entries(listed: &[u8]) -> impl Iterator<Item = Entry> {
    listed.split(|byte| *byte == 0).filter_map(|line| {
        let tab = line.iter().position(|byte| *byte == b'\t')?;
        let (head, path) = line.split_at(tab);
        let mut words = std::str::from_utf8(head).ok()?.split_ascii_whitespace();
        let kind = match (words.next()?, words.next()?) {
            ("120000", "blob") => Kind::Link,
            (_, "blob") => Kind::File,
            (_, "commit") => Kind::Module,
            _ => return None,
        };
        let object = words.next().filter(|o| o.bytes().all(|b| b.is_ascii_hexdigit()))?.to_owned();
        let size = words.next()?.parse().unwrap_or(0);
        Some(Entry { kind, object, size, path: inside(path.get(1..)?)? })
    })
}

/// A path of a tree, if each part of it is an ordinary name.
fn inside(path: &[u8]) -> Option<PathBuf> {
    let ordinary = |part: &[u8]| {
        !part.is_empty()
            && part != b"."
            && part != b".."
            && !part.eq_ignore_ascii_case(b".git")
            && !(cfg!(windows) && part.iter().any(|b| matches!(b, b'\\' | b':')))
    };
    if !path.split(|byte| *byte == b'/').all(ordinary) {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
    }
    #[cfg(not(unix))]
    Some(PathBuf::from(std::str::from_utf8(path).ok()?))
}

/// The next answer of `git cat-file --batch`: a line with the object, its type and its size, its bytes, a line break.
fn content(answers: &mut BufReader<impl Read>, object: &str) -> Result<Vec<u8>, RevisionError> {
    use std::io::BufRead;
    let lost = || RevisionError::Missing { object: object.to_owned() };
    let mut line = String::new();
    answers.read_line(&mut line).map_err(|_| lost())?;
    let mut words = line.split_ascii_whitespace();
    let (named, kind, size) = (words.next(), words.next(), words.next());
    if named != Some(object) || kind != Some("blob") {
        return Err(lost());
    }
    let size: u64 = size.and_then(|size| size.parse().ok()).ok_or_else(lost)?;
    let mut content = Vec::new();
    let read = answers.by_ref().take(size.saturating_add(1)).read_to_end(&mut content);
    if read.map_err(|_| lost())? as u64 != size.saturating_add(1) {
        return Err(lost());
    }
    content.pop();
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_tree_never_leads_elsewhere() {
        for path in ["/etc/x", "../x", "a/../../x", "a//x", "./x", "a/.git/config", ".GIT/config", "", "a/"] {
            assert_eq!(inside(path.as_bytes()), None, "{path}");
        }
        assert_eq!(inside(b"a/b c/.github/x.yaml"), Some(PathBuf::from("a/b c/.github/x.yaml")));
    }

    #[test]
    fn entries_are_read_as_git_lists_them() {
        let listed = b"100644 blob 0a1b      12\tmain.tf\x00120000 blob 0c       4\tl\x00160000 commit 0d       -\tsub\x00100644 blob 0e 9\t../out\x00";
        let all: Vec<(Kind, u64, PathBuf)> = entries(listed).map(|e| (e.kind, e.size, e.path)).collect();
        let expected = [(Kind::File, 12, "main.tf"), (Kind::Link, 4, "l"), (Kind::Module, 0, "sub")];
        assert_eq!(all, expected.map(|(kind, size, path)| (kind, size, PathBuf::from(path))));
    }

    #[test]
    fn an_answer_that_is_cut_or_of_another_object_is_an_error() {
        let read = |text: &[u8]| content(&mut BufReader::new(text), "0a");
        assert_eq!(read(b"0a blob 3\nabc\n").unwrap(), b"abc");
        for text in [&b"0a missing\n"[..], b"0b blob 3\nabc\n", b"0a blob 9\nabc\n", b"0a tree 0\n\n", b""] {
            assert!(matches!(read(text), Err(RevisionError::Missing { .. })), "{text:?}");
        }
    }
}
