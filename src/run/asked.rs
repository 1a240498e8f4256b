//! The files that were named one by one, as what a function of Terraform may read.
//!
//! Answers: did this evaluation read one of them? Three answers: a root module that reads a file at a path that is not
//! known may have, and so may one that was not wholly evaluated and has the file's name in it.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use crate::key::Resolved;
use crate::source::Files;

/// The named files by their paths: as named, and with links resolved.
#[derive(Debug, Default)]
pub struct Asked {
    by_path: HashMap<PathBuf, PathBuf>,
    by_shown: HashMap<String, PathBuf>,
}

/// What a unit read of the named files.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// Those that it read.
    files: BTreeSet<PathBuf>,
    /// Whether it may have read any of them.
    undecided: bool,
}

impl Read {
    /// What several units read together.
    pub fn all<'r>(units: impl Iterator<Item = &'r Read>) -> Read {
        units.fold(Read::default(), |mut all, unit| {
            all.files.extend(unit.files.iter().cloned());
            all.undecided |= unit.undecided;
            all
        })
    }

    /// Whether a file was read.
    pub fn holds(&self, file: &Path) -> bool {
        self.files.contains(file)
    }

    /// Whether a file may have been read.
    pub fn may_hold(&self, file: &Path) -> bool {
        self.undecided || self.files.contains(file)
    }

    /// Whether any of the named files may have been read.
    pub fn may_be_any(&self) -> bool {
        self.undecided || !self.files.is_empty()
    }
}

impl Asked {
    /// The named files of a request.
    pub fn new(named: &[PathBuf], files: &Files) -> Asked {
        let mut asked = Asked::default();
        for path in named {
            let real = files.real(path);
            asked.by_shown.insert(files.display(&real), path.clone());
            asked.by_path.insert(real, path.clone());
            asked.by_path.insert(path.clone(), path.clone());
        }
        asked
    }

    fn named(&self, path: &Path, files: &Files) -> Option<&PathBuf> {
        self.by_path.get(path).or_else(|| self.by_path.get(&files.real(path)))
    }

    /// The named files whose names stand in a unit's own.
    fn mentioned(&self, unit: &Resolved, files: &Files) -> Vec<PathBuf> {
        let sources: Vec<_> = unit.files.iter().map(|file| files.source(*file)).collect();
        let stands = |path: &&PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let finder = memchr::memmem::Finder::new(name.as_bytes());
            sources.iter().any(|source| finder.find(source.text.as_bytes()).is_some())
        };
        self.by_path.values().filter(stands).cloned().collect()
    }

    /// What the resolutions of one unit read.
    pub fn read_by<'r>(&self, units: impl Iterator<Item = &'r Resolved>, files: &Files) -> Read {
        let mut read = Read::default();
        if self.by_path.is_empty() {
            return read;
        }
        for unit in units {
            read.undecided |= unit.reads.any;
            if unit.problems.iter().any(|problem| problem.kind.fails()) {
                read.files.extend(self.mentioned(unit, files));
            }
            read.files.extend(unit.reads.paths.iter().filter_map(|path| self.named(path, files)).cloned());
            // A template that is deployed takes in others.
            let parts = unit.files.iter().filter_map(|file| self.by_shown.get(&files.source(*file).path));
            read.files.extend(parts.cloned());
        }
        read
    }
}
