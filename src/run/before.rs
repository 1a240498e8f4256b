//! Which findings are known from before: from another revision of the work tree, or from a baseline.
//!
//! Answers: what is new? The other revision is judged as this one is, with the same flags, as a whole: a finding may have
//! been moved from a place that was not asked for. Flags that mean nothing there (a file that was not there yet) are left
//! out. What an exception covers is no debt: the day it expires it counts again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{RunError, judged};
use crate::cli::{Given, Options};
use crate::config::Configs;
use crate::judge::finding::{Debt, Outcome, Standing};
use crate::known::{Known, baseline, matched};
use crate::output;
use crate::revision::Revision;
use crate::source::{Files, ReadError, normalize};
use crate::unit::UnitKind;

/// Sets what is known apart, and writes the baseline if that is asked for.
pub fn tell(
    options: &Options,
    files: &Files,
    outcome: &mut Outcome,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(), RunError> {
    let scope = Scope::of(options, files);
    if let Some(path) = &options.baseline {
        let known = read(path, files, options.write_baseline)?;
        match options.write_baseline {
            true => write(path, &known, &scope, files, outcome)?,
            false => set_apart(&known, &scope, &path.display().to_string(), files, outcome),
        }
    }
    if let Some(revision) = &options.new_since {
        let open = outcome.findings.iter().filter(|f| f.standing == Standing::Open);
        let trees: BTreeMap<PathBuf, String> =
            open.map(|f| (files.tree_of(&f.unit.path), f.unit.path.clone())).collect();
        let mut known = Vec::new();
        // Where nothing is found, nothing is known. The revision has to be there all the same.
        if trees.is_empty() {
            let tree = files.tree_of(&files.display(files.root()));
            Revision::exists(&tree, revision).map_err(|e| RunError::Usage(refused(revision, &e)))?;
        }
        for (tree, unit) in &trees {
            let other = files.other_tree(unit);
            known.extend(at_revision(options, files, (tree, other), revision, outcome, progress)?);
        }
        set_apart(&known, &scope, revision, files, outcome);
    }
    Ok(())
}

fn refused(revision: &str, error: &crate::revision::RevisionError) -> String {
    format!("--new-since {revision}: {error}")
}

/// Makes the open findings that are among `known` known.
fn set_apart(known: &[Known], scope: &Scope, of: &str, files: &Files, outcome: &mut Outcome) {
    let (places, found) = open(outcome, files);
    let is = matched(&found, known);
    for (place, _) in places.iter().zip(&is).filter(|(_, is)| is.is_some()) {
        if let Some(finding) = outcome.findings.get_mut(*place) {
            finding.standing = Standing::Known;
        }
    }
    let left: BTreeSet<usize> = is.into_iter().flatten().collect();
    let asked = |(at, k): &(usize, &Known)| left.contains(at) || scope.holds(k);
    let total = known.iter().enumerate().filter(asked).count();
    outcome.debt.push(Debt { of: of.to_owned(), total, left: left.len() });
}

/// The open findings that may be known: their places in the outcome, and what tells each.
fn open(outcome: &Outcome, files: &Files) -> (Vec<usize>, Vec<Known>) {
    let all = outcome.findings.iter().enumerate();
    let open = all.filter(|(_, f)| f.standing == Standing::Open && !f.lapsed);
    open.map(|(at, f)| (at, Known::of(f, files))).unzip()
}

/// The findings of a baseline; none where it is to be written and is not there yet.
fn read(path: &Path, files: &Files, write: bool) -> Result<Vec<Known>, RunError> {
    let wrong = |reason: String| RunError::Usage(format!("--baseline {}: {reason}", path.display()));
    match files.read_named(path) {
        Ok(file) => baseline::read(&files.source(file).text).map_err(|e| wrong(e.to_string())),
        Err(ReadError::Missing) if write => Ok(Vec::new()),
        Err(ReadError::Missing) => {
            Err(wrong("cannot be read: no such file; --write-baseline writes it".into()))
        }
        Err(error) => Err(wrong(error.to_string())),
    }
}

/// Writes what is found, and of what was known what was not asked for this time.
fn write(
    path: &Path,
    before: &[Known],
    scope: &Scope,
    files: &Files,
    outcome: &mut Outcome,
) -> Result<(), RunError> {
    let failed = |reason: String| RunError::System(format!("--write-baseline {}: {reason}", path.display()));
    if outcome.incomplete.iter().any(|p| p.kind.fails() && !p.excused) {
        outcome.remarks.push(format!("{} is not written: the answer is incomplete", path.display()));
        return Ok(());
    }
    let (places, found) = open(outcome, files);
    let shown = |(at, _): &(usize, Known)| outcome.findings.get(*at).is_some_and(|f| f.shown);
    let (places, found): (Vec<usize>, Vec<Known>) = places.into_iter().zip(found).filter(shown).unzip();
    let is = matched(&found, before);
    let known: BTreeSet<usize> = is.iter().flatten().copied().collect();
    let elsewhere: Vec<Known> = before
        .iter()
        .enumerate()
        .filter(|(at, k)| !known.contains(at) && !scope.holds(k))
        .map(|(_, k)| k.clone())
        .collect();
    let gone = before.len() - known.len() - elsewhere.len();
    let added = is.iter().filter(|is| is.is_none()).count();
    let total = found.len() + elsewhere.len();
    let text = baseline::text([found, elsewhere].concat());
    output::write(&files.root().join(path), &text).map_err(|e| failed(e.to_string()))?;
    outcome.remarks.push(format!(
        "{}: {total} {} written, {added} of them new; {gone} dropped",
        path.display(),
        if total == 1 { "finding" } else { "findings" },
    ));
    for at in places {
        if let Some(finding) = outcome.findings.get_mut(at) {
            finding.standing = Standing::Known;
        }
    }
    Ok(())
}

/// What is found in a work tree at a revision.
fn at_revision(
    options: &Options,
    files: &Files,
    (tree, other): (&Path, Option<String>),
    revision: &str,
    outcome: &mut Outcome,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<Vec<Known>, RunError> {
    let read = Revision::read(tree, revision).map_err(|e| RunError::Usage(refused(revision, &e)))?;
    let there = There { tree, now: files.root(), root: read.root() };
    let root = there.path(files.root()).unwrap_or_else(|| read.root());
    std::fs::create_dir_all(&root).map_err(|e| {
        RunError::System(refused(revision, &crate::revision::RevisionError::System(e.to_string())))
    })?;
    let then = Files::new(root);
    let asked = there.options(options);
    // What was wrong with the configuration then is for nobody to mend now.
    let configs = Configs::of_request(&asked, &then).or_else(|_| Configs::of_flags(&asked, &then));
    let mut configs = configs.unwrap_or_default();
    let found = judged(&asked, &mut configs, &then, progress, false)?;
    let absent: BTreeSet<&str> = outcome
        .findings
        .iter()
        .filter(|f| f.standing == Standing::Open && f.unit.kind == UnitKind::Cdk)
        .filter(|f| files.tree_of(&f.unit.path) == tree)
        .map(|f| f.unit.path.as_str())
        .filter(|unit| !there.path(&files.path_of(unit)).is_some_and(|path| path.exists()))
        .collect();
    let absent: Vec<String> = absent
        .into_iter()
        .map(|unit| {
            format!(
                "{unit} is not in {revision}, so that all it holds counts as new; --baseline FILE can know it"
            )
        })
        .collect();
    outcome.remarks.extend(absent);
    let (_, known) = open(&found, &then);
    Ok(known.into_iter().map(|k| k.of_repository(other.clone())).collect())
}

/// Where paths of a work tree are at a revision.
struct There<'a> {
    tree: &'a Path,
    now: &'a Path,
    root: PathBuf,
}

impl There<'_> {
    /// The place of a path of the work tree; `None` for one outside.
    fn path(&self, path: &Path) -> Option<PathBuf> {
        let full = normalize(&self.now.join(path));
        full.strip_prefix(self.tree).ok().map(|below| self.root.join(below))
    }

    /// The same for a file that a flag names, which is read where it is if it lies outside; `None` where it was not there.
    fn file(&self, path: &Path) -> Option<PathBuf> {
        let Some(there) = self.path(path) else { return Some(self.now.join(path)) };
        let exists = |path: &Path| path.symlink_metadata().is_ok();
        // An environment of a samconfig is named behind its file.
        let shown = there.to_string_lossy();
        let whole = shown.rsplit_once('#').map(|(file, _)| PathBuf::from(file));
        (exists(&there) || whole.is_some_and(|file| exists(&file))).then_some(there)
    }

    fn options(&self, now: &Options) -> Options {
        let given = |given: &Given| match given {
            Given::Value(..) => Some(given.clone()),
            Given::File(path) => self.file(path).map(Given::File),
        };
        let named = now.paths.iter().filter_map(|path| self.path(path)).filter(|path| path.exists());
        Options {
            paths: named.chain([self.root.clone()]).collect(),
            stdin: false,
            stdin_filename: None,
            variables: now.variables.iter().filter_map(given).collect(),
            parameters: now.parameters.iter().filter_map(given).collect(),
            scenarios: now.scenarios.iter().filter_map(|path| self.file(path)).collect(),
            ..now.clone()
        }
    }
}

/// The folders that were asked for, each with its work tree as [`Known`] names it.
struct Scope {
    folders: Vec<(Option<String>, String)>,
}

impl Scope {
    fn of(options: &Options, files: &Files) -> Scope {
        let real = |path: &PathBuf| files.name(path).ok().filter(|path| path.is_dir());
        let shown = options.paths.iter().filter_map(real).map(|path| files.display(&path));
        Scope { folders: shown.map(|path| (files.other_tree(&path), files.in_tree(&path))).collect() }
    }

    /// Whether everything that could make this finding was asked for.
    fn holds(&self, known: &Known) -> bool {
        self.folders.iter().any(|(repository, folder)| {
            let inside = folder == "." || Path::new(known.unit()).starts_with(folder);
            known.repository() == repository.as_deref() && inside
        })
    }
}
