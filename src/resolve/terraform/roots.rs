//! Which module folders are root modules.
//!
//! A module that another scanned module calls is judged through its callers. A module that nobody calls is a root, and
//! so is one that is deployed on its own: it has a backend, variable files, or a `.terraform` folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::Modules;
use super::inputs::is_auto_vars;
use super::module;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;

/// The module folders of a scan, sorted into roots.
#[derive(Debug, Default)]
pub struct Roots {
    /// Root modules, sorted.
    pub roots: Vec<PathBuf>,
    /// For each root, every module folder that it reaches, itself included.
    pub reach: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// Modules that only call each other.
    pub problems: Vec<Problem>,
}

/// Sorts these folders (absolute). Folders that they call but that are not among them are followed too.
pub fn roots(dirs: &[PathBuf], files: &Files, modules: &Modules) -> Roots {
    // Reading is most of the work: side by side, before the calls are followed one by one.
    dirs.par_iter().for_each(|dir| {
        modules.load(dir, files);
    });
    let scanned: BTreeSet<&PathBuf> = dirs.iter().collect();
    let mut calls: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
    let mut todo: Vec<PathBuf> = dirs.to_vec();
    while let Some(dir) = todo.pop() {
        if calls.contains_key(&dir) {
            continue;
        }
        let module = modules.load(&dir, files);
        let called: BTreeSet<PathBuf> = module
            .calls
            .values()
            .filter_map(|call| module::local_dir(&dir, module.source_of(call)?))
            .filter(|d| !module::module_files(d, files).is_empty())
            .collect();
        todo.extend(called.iter().cloned());
        calls.insert(dir, called);
    }
    let called: BTreeSet<&PathBuf> = calls
        .iter()
        .filter(|(from, _)| scanned.contains(from))
        .flat_map(|(f, to)| to.iter().filter(move |t| *t != f))
        .collect();
    let mut out = Roots::default();
    for dir in dirs {
        if !called.contains(dir) || alone(dir, files, modules) {
            out.reach.insert(dir.clone(), reach(dir, &calls));
            out.roots.push(dir.clone());
        }
    }
    out.roots.sort();
    out.roots.dedup();
    let reached: BTreeSet<&PathBuf> = out.reach.values().flatten().collect();
    for dir in dirs.iter().filter(|d| !reached.contains(d)) {
        out.problems.push(Problem::new(
            ProblemKind::Refused,
            Place::Path(files.display(dir)),
            "this module is only called by modules that it calls itself; Terraform refuses such a cycle",
        ));
    }
    out
}

fn reach(dir: &Path, calls: &BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> BTreeSet<PathBuf> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![dir.to_path_buf()]);
    while let Some(dir) = todo.pop() {
        if let Some(next) = calls.get(&dir) {
            todo.extend(next.iter().filter(|d| !seen.contains(*d)).cloned());
        }
        seen.insert(dir);
    }
    seen
}

/// Whether a module shows that it is deployed on its own.
fn alone(dir: &Path, files: &Files, modules: &Modules) -> bool {
    let vars = files.list(dir).iter().filter_map(|p| p.file_name()?.to_str()).any(is_auto_vars);
    vars || files.root().join(dir).join(".terraform").is_dir() || modules.load(dir, files).has_backend
}
