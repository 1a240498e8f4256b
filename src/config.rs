//! The configuration file, `lonekey.toml`: which one holds where, and what is in force there.
//!
//! Answers: for this folder, what do the flags, the nearest file and the defaults say? The nearest file upward from a path
//! holds for it, alone: files do not inherit. None is looked for above the work tree. A flag wins over every file. A file
//! that is there and cannot be read, or says something that is not understood, ends the run: what it would have left out
//! or approved is not known. It is scanned content like any other, read by [`Files`].

mod flags;
mod read;
mod show;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::{Incomplete, Options};
use crate::exception::Draft;
use crate::judge::finding::Level;
use crate::report::FailOn;
use crate::source::folder::Folder;
use crate::source::{CONFIG, Files, ReadError};
use crate::span::Loc;
use flags::Typed;
pub use show::render;

/// How many days an exception lasts at most, unless the configuration or a flag says otherwise.
pub const MAX_EXCEPTION_DAYS: i64 = 365;

/// A value with the place that gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set<T> {
    /// The value.
    pub value: T,
    /// Where it is written.
    pub at: Loc,
}

/// Units that share an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountGroup {
    /// Which: folders and files, or patterns of them, relative to the file's folder.
    pub units: Vec<String>,
    /// The account's id, where it is given.
    pub id: Option<String>,
    /// Whether its findings come first.
    pub production: bool,
    /// Where it is written.
    pub at: Loc,
    /// The same in words: the file with the line, or the flag.
    pub said: String,
}

/// One file, as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file, as people are shown it.
    pub path: String,
    /// Its folder, absolute: what its paths are relative to, and where it holds.
    pub folder: PathBuf,
    /// `fail-on`.
    pub fail_on: Option<Set<FailOn>>,
    /// `show`.
    pub show: Option<Set<Level>>,
    /// `show-all`.
    pub show_all: Option<Set<bool>>,
    /// `exclude`.
    pub exclude: Option<Set<Vec<String>>>,
    /// `incomplete`.
    pub incomplete: Option<Set<Incomplete>>,
    /// `scenarios`.
    pub scenarios: Option<Set<Vec<String>>>,
    /// `max-exception-days`.
    pub max_exception_days: Option<Set<i64>>,
    /// `[[account]]`.
    pub accounts: Vec<AccountGroup>,
    /// `[[exception]]`.
    pub exceptions: Vec<Draft>,
}

/// Every file that holds somewhere in a run.
#[derive(Debug, Default)]
pub struct Configs {
    /// By folder, what was found on the way up from it.
    nearest: HashMap<Folder, Option<Arc<Config>>>,
    /// What takes the place of the tables of every file.
    typed: Typed,
}

impl Configs {
    /// What the flags of a request say, without any file.
    pub fn of_flags(options: &Options, files: &Files) -> Result<Configs, String> {
        Ok(Configs { typed: Typed::read(options, files)?, ..Configs::default() })
    }

    /// The files that are nearest to the paths of a request; none with `--isolated`.
    pub fn of_request(options: &Options, files: &Files) -> Result<Configs, String> {
        let mut configs = Configs::of_flags(options, files)?;
        if options.isolated {
            return Ok(configs);
        }
        for path in options.paths.iter().chain(&options.stdin_filename) {
            // What cannot be named is said by whoever reads it.
            let Ok(real) = files.name(path).or_else(|_| files.name(path.parent().unwrap_or(path))) else {
                continue;
            };
            let folder = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
            configs.look(folder.unwrap_or(&real), files)?;
        }
        if options.paths.is_empty() && options.stdin_filename.is_none() {
            configs.look(files.root(), files)?;
        }
        Ok(configs)
    }

    /// Looks for the file that holds in a folder.
    pub fn look(&mut self, folder: &Path, files: &Files) -> Result<Option<Arc<Config>>, String> {
        let mut way: Vec<Folder> = Vec::new();
        let mut found = None;
        for above in files.up_to_tree(folder) {
            if let Some(known) = self.nearest.get(above.as_os_str()) {
                found = known.clone();
                break;
            }
            let file = above.join(CONFIG);
            way.push(Folder::from(above));
            if file.symlink_metadata().is_ok() {
                found = Some(Arc::new(open(&file, files)?));
                break;
            }
        }
        self.nearest.extend(way.into_iter().map(|folder| (folder, found.clone())));
        Ok(found)
    }

    /// The file that holds for a path: the nearest of those that were found.
    pub fn at(&self, path: &Path) -> Option<&Arc<Config>> {
        path.ancestors().find_map(|above| self.nearest.get(above.as_os_str())).and_then(Option::as_ref)
    }

    /// Every file, by its folder.
    pub fn all(&self) -> Vec<Arc<Config>> {
        let by_folder: BTreeMap<&Path, &Arc<Config>> =
            self.nearest.values().flatten().map(|c| (c.folder.as_path(), c)).collect();
        by_folder.into_values().cloned().collect()
    }

    /// The groups of units that a flag or this file gives.
    fn accounts_of<'a>(&'a self, config: Option<&'a Config>) -> &'a [AccountGroup] {
        let of_file = config.map_or(&[][..], |config| &config.accounts);
        if self.typed.accounts.is_empty() { of_file } else { &self.typed.accounts }
    }

    /// The exceptions that a flag or this file gives.
    fn exceptions_of<'a>(&'a self, config: Option<&'a Config>) -> &'a [Draft] {
        let of_file = config.map_or(&[][..], |config| &config.exceptions);
        if self.typed.exceptions.is_empty() { of_file } else { &self.typed.exceptions }
    }

    /// The units that share an account: each group with the folder that its patterns are relative to.
    pub fn accounts(&self, files: &Files) -> Vec<(PathBuf, AccountGroup)> {
        let with = |folder: &Path, groups: &[AccountGroup]| {
            groups.iter().map(|group| (folder.to_path_buf(), group.clone())).collect::<Vec<_>>()
        };
        match self.typed.accounts.as_slice() {
            [] => self.all().iter().flat_map(|config| with(&config.folder, &config.accounts)).collect(),
            typed => with(files.root(), typed),
        }
    }

    /// The exceptions that stand beside no key and no user.
    pub fn exceptions(&self) -> Vec<Draft> {
        match self.typed.exceptions.as_slice() {
            [] => self.all().iter().flat_map(|config| config.exceptions.clone()).collect(),
            typed => typed.to_vec(),
        }
    }

    /// What is in force for a path.
    pub fn policy(&self, options: &Options, path: &Path) -> Policy {
        let config = self.at(path).map(Arc::as_ref);
        let fail_on = config.and_then(|c| c.fail_on.as_ref()).map(|s| s.value);
        let fail_on = options.fail_on.or(fail_on).unwrap_or_default();
        let show = config.and_then(|c| c.show.as_ref()).map(|s| s.value);
        let incomplete = config.and_then(|c| c.incomplete.as_ref()).map(|s| s.value);
        let max_days = config.and_then(|c| c.max_exception_days.as_ref()).map(|s| s.value);
        Policy {
            fail_on,
            show: options.show.or(show).unwrap_or_else(|| fail_on.shows()),
            incomplete: options.incomplete.or(incomplete).unwrap_or_default(),
            max_exception_days: options.max_exception_days.or(max_days).unwrap_or(MAX_EXCEPTION_DAYS),
        }
    }

    /// Whether findings that differ in the call of a module alone are shown one by one.
    pub fn show_all(&self, options: &Options) -> bool {
        let asked = |c: &Arc<Config>| c.show_all.as_ref().is_some_and(|s| s.value);
        options.show_all || self.all().iter().any(asked)
    }
}

/// What is in force in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The lowest level that fails.
    pub fail_on: FailOn,
    /// The lowest level that is shown.
    pub show: Level,
    /// Whether what was not decided fails.
    pub incomplete: Incomplete,
    /// How far away an exception's last day may be.
    pub max_exception_days: i64,
}

fn open(path: &Path, files: &Files) -> Result<Config, String> {
    let shown = files.display(path);
    let wrong = |error: ReadError| match error {
        ReadError::Missing => format!("{shown} is a link that leads nowhere; mend or remove it"),
        error => format!("{shown} {error}; mend or remove it, or leave it out with --isolated"),
    };
    let file = files.read_text(path).map_err(wrong)?;
    let folder = path.parent().unwrap_or(path).to_path_buf();
    read::read(file, folder, files)
}
