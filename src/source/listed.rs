//! Which files there are: what folders hold, and what the walk looked at.
//!
//! A folder is listed once. Answers: what is in it, and which files of the run have a name, or an exception in them?

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{COMMAND_LINE, Files, MENTION, ReadError, Source};
use crate::span::FileId;

/// Files that the walk looked at, by name. Few runs ask for one, so they are sorted when the first does.
#[derive(Default)]
pub(super) struct Seen {
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

impl Files {
    /// What is no folder in a folder, sorted by path, links that lead nowhere among it; none if it cannot be listed.
    pub fn list(&self, dir: &Path) -> Arc<[PathBuf]> {
        let full = self.full(dir);
        if let Ok(table) = self.table.read()
            && let Some(known) = table.listed.get(&*full)
        {
            return known.clone();
        }
        let found = self
            .resolve(&full)
            .ok()
            .and_then(|real| std::fs::read_dir(real).ok())
            .map(|entries| entries.flatten().filter(is_file).map(|e| full.join(e.file_name())).collect())
            .unwrap_or_default();
        self.keep_list(full.into_owned(), found)
    }

    /// Why a folder cannot be listed; `None` if it can, or is not there.
    pub fn unlisted(&self, dir: &Path) -> Option<ReadError> {
        let listed = self.resolve(dir).and_then(|real| match std::fs::read_dir(real) {
            Ok(_) => Ok(()),
            Err(e) => Err(ReadError::from(&e)),
        });
        listed.err().filter(|error| *error != ReadError::Missing)
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

    /// Notes that a file's bytes hold [`MENTION`].
    pub fn mentions(&self, path: &Path) {
        if let Ok(mut table) = self.table.write() {
            table.mentions.insert(path.to_path_buf());
        }
    }

    /// Every file that was looked at or read and holds [`MENTION`], by the path that people are shown.
    pub fn mentioning(&self) -> Vec<FileId> {
        let paths = self.table.read().map(|table| table.mentions.clone()).unwrap_or_default();
        for path in paths {
            // What cannot be read now could be when it was looked at.
            let _ = self.read(&path);
        }
        let Ok(table) = self.table.read() else { return Vec::new() };
        let numbered = table.sources.iter().zip(0u32..);
        let holds =
            |source: &Source| memchr::memmem::find(source.text.as_bytes(), MENTION.as_bytes()).is_some();
        let mut found: Vec<(&str, FileId)> = numbered
            .filter(|(source, _)| holds(source))
            .map(|(source, number)| (source.path.as_str(), FileId(number)))
            .collect();
        found.sort_unstable_by_key(|(path, _)| *path);
        found.into_iter().map(|(_, file)| file).collect()
    }

    /// Every file that the walk looked at, sorted.
    pub fn seen(&self) -> Vec<PathBuf> {
        let Ok(mut table) = self.table.write() else { return Vec::new() };
        table.seen.sort();
        let mut all: Vec<PathBuf> = table.seen.by_name.values().flatten().cloned().collect();
        all.sort();
        all
    }

    /// Every file that was looked at or read in this run, as people are shown paths, sorted.
    pub fn read_paths(&self) -> Vec<String> {
        let Ok(mut table) = self.table.write() else { return Vec::new() };
        table.seen.sort();
        let seen = table.seen.by_name.values().flatten().map(|path| self.display(path));
        let read = table.sources.iter().map(|source| source.path.clone()).filter(|path| path != COMMAND_LINE);
        seen.chain(read).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The files of that name that the walk looked at, sorted.
    pub fn seen_as(&self, name: &str) -> Vec<PathBuf> {
        let found = |seen: &Seen| {
            seen.by_name
                .get(OsStr::new(name))
                .map(|paths| paths.iter().cloned().collect())
                .unwrap_or_default()
        };
        // Most names are no file's, and looking through the paths is cheap beside sorting them.
        let ends = |path: &PathBuf| path.as_os_str().as_encoded_bytes().ends_with(name.as_bytes());
        if let Ok(table) = self.table.read()
            && !table.seen.new.iter().any(ends)
        {
            return found(&table.seen);
        }
        let Ok(mut table) = self.table.write() else { return Vec::new() };
        table.seen.sort();
        found(&table.seen)
    }
}

/// Whether an entry is no folder, nor a link to one; the file system is only asked about links. What cannot be read (a
/// pipe, a link that leads nowhere) is told by reading it.
fn is_file(entry: &std::fs::DirEntry) -> bool {
    let leads_to_folder = || std::fs::metadata(entry.path()).is_ok_and(|target| target.is_dir());
    entry.file_type().is_ok_and(|t| !if t.is_symlink() { leads_to_folder() } else { t.is_dir() })
}
