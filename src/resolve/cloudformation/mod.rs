//! CloudFormation templates to access keys: which documents of a file are templates, and what each resolves to.
//!
//! The evaluator itself is [`super::template`], which CDK assemblies share. Must not know levels or output. Source:
//! CloudFormation's user guide, "Template anatomy".

pub mod addons;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::template::{Assets, Given, NESTED_TYPES, World, declared_in, load, local_templates};
use super::{Inputs, syntax};
use crate::key::{Account, Mode, Resolved};
use crate::parse::tree::Node;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::{Files, normalize};
use crate::span::FileId;
use crate::unit::{UnitKind, UnitName};
use crate::value::Value;

pub use load::is_template;

/// Every template document of a file, each resolved as a unit of its own; all have the file's path as their unit.
///
/// A file that does not parse gives a problem if a key type stands in it where a resource's type stands, and nothing
/// otherwise.
pub fn resolve(path: &Path, files: &Files, inputs: &Inputs, mode: Mode) -> Vec<Resolved> {
    let (file, loaded) = match load::load(path, files) {
        Ok(loaded) => loaded,
        Err(error) => {
            let place = Place::Path(files.display(path));
            let problem = Problem::new(ProblemKind::Unreadable, place, format!("this file {error}"));
            return vec![Resolved { problems: vec![problem], ..Resolved::default() }];
        }
    };
    let unit = UnitName { kind: UnitKind::CloudFormation, path: files.display(path) };
    let folder = files.root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
    let mut resolved: Vec<Resolved> = Vec::new();
    for doc in loaded.documents.iter().filter(|doc| is_template(doc)).cloned() {
        let world = World::new(files, inputs, mode, unit.clone(), Vec::new());
        if let Some(service) = &loaded.service {
            world.of_serverless(file, service.clone());
        }
        let (given, assets) = (Given::default(), Rc::new(Assets::default()));
        world.root(file, folder.clone(), doc, String::new(), given, assets);
        let found = world.evaluate();
        resolved.push(world.finish(found, 1));
    }
    if !loaded.errors.is_empty() && load::may_hide_a_key(path, &files.source(file).text, files) {
        let problems = loaded.errors.iter().map(|error| syntax(file, error));
        resolved.push(Resolved { problems: problems.collect(), files: vec![file], ..Resolved::default() });
    }
    resolved
}

/// The templates of several files as stacks that know of each other: what one exports, another one imports.
///
/// Each keeps its file as its unit; those that are linked by an import share an account.
pub fn resolve_linked(paths: &[PathBuf], files: &Files, inputs: &Inputs, mode: Mode) -> Resolved {
    let unit = |path: &Path| UnitName { kind: UnitKind::CloudFormation, path: files.display(path) };
    let first = paths.first().map(PathBuf::as_path).unwrap_or(Path::new(""));
    let world = World::new(files, inputs, mode, unit(first), Vec::new());
    let units = together(paths, &world, files, true);
    let mut found = world.evaluate();
    let groups = world.account_groups();
    // A template's own account is that of the first template that it is linked with; a stack set's is its own.
    let own = |root: usize| {
        let of = *groups.get(&root)?;
        let scope = Value::from(format!("{} {of}", files.display(units.get(&of)?)));
        Some(Account { scope, id: None })
    };
    found.put_into(own);
    for made in &mut found.keys {
        if let Some(path) = units.get(&made.root) {
            made.key.unit = unit(path);
        }
    }
    world.finish(found, units.len())
}

/// Adds every template of these files as a root: the path of each.
fn together(paths: &[PathBuf], world: &World, files: &Files, say: bool) -> BTreeMap<usize, PathBuf> {
    let mut roots = BTreeMap::new();
    for path in paths {
        let Ok((file, loaded)) = load::load(path, files) else { continue };
        let folder = files.root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
        if let Some(service) = &loaded.service {
            world.of_serverless(file, service.clone());
        }
        for doc in loaded.documents.iter().filter(|doc| is_template(doc)).cloned() {
            let (given, assets) = (Given::default(), Rc::new(Assets::default()));
            roots.insert(world.root(file, folder.clone(), doc, String::new(), given, assets), path.clone());
        }
        if say && !loaded.errors.is_empty() && load::may_hide_a_key(path, &files.source(file).text, files) {
            for error in &loaded.errors {
                world.sink.problem(syntax(file, error));
            }
        }
    }
    roots
}

/// Groups of two or more files of which templates import what others export; a file of none is left out.
pub fn linked(paths: &[PathBuf], files: &Files, inputs: &Inputs) -> Vec<Vec<PathBuf>> {
    let says = |path: &PathBuf, what: &str| {
        files.read(path).is_ok_and(|file| files.source(file).text.contains(what))
    };
    // Most files nest nothing, which a look at the text tells.
    let nests = |path: &PathBuf| NESTED_TYPES.iter().any(|kind| says(path, kind));
    let reach: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = paths
        .iter()
        .filter(|path| nests(path))
        .map(|path| (path, with_nested(path, files, inputs)))
        .collect();
    let holds = |path: &PathBuf, what: &str| match reach.get(path) {
        Some(reached) => reached.iter().any(|path| says(path, what)),
        None => says(path, what),
    };
    if !paths.iter().any(|p| holds(p, "ImportValue")) {
        return Vec::new();
    }
    let some: Vec<PathBuf> =
        paths.iter().filter(|p| holds(p, "ImportValue") || holds(p, "Export")).cloned().collect();
    let mut groups: Vec<BTreeSet<PathBuf>> = Vec::new();
    // An output that is there as supplied, or only once inputs are overridden, links the two all the same.
    for mode in [Mode::Supplied, Mode::Overridable] {
        let unit = UnitName { kind: UnitKind::CloudFormation, path: String::new() };
        let world = World::new(files, inputs, mode, unit, Vec::new());
        let roots = together(&some, &world, files, false);
        world.link();
        let mut found: BTreeMap<usize, BTreeSet<PathBuf>> = BTreeMap::new();
        for (root, of) in world.account_groups() {
            found.entry(of).or_default().extend(roots.get(&root).cloned());
        }
        groups.extend(found.into_values().filter(|g| g.len() > 1));
    }
    // A file with several templates can be in several groups.
    let mut joined: Vec<BTreeSet<PathBuf>> = Vec::new();
    for mut group in groups {
        let (near, far) = joined.into_iter().partition(|other| !group.is_disjoint(other));
        joined = far;
        let near: Vec<BTreeSet<PathBuf>> = near;
        near.into_iter().for_each(|other| group.extend(other));
        joined.push(group);
    }
    joined.sort();
    joined.into_iter().map(|group| group.into_iter().collect()).collect()
}

fn templates(path: &Path, files: &Files) -> Vec<(FileId, Node)> {
    let Ok((file, loaded)) = load::load(path, files) else { return Vec::new() };
    loaded.documents.iter().filter(|doc| is_template(doc)).map(|doc| (file, doc.clone())).collect()
}

/// Templates that the templates of a file call as nested stacks, if they are on disk: normalized paths.
pub fn children(path: &Path, files: &Files, inputs: &Inputs) -> Vec<PathBuf> {
    let full = normalize(&files.root().join(path));
    let (mut found, mut computed) = (Vec::new(), false);
    for (_, doc) in templates(path, files) {
        let (written, others) = local_templates(&doc, &full, files);
        found.extend(written);
        computed |= others;
    }
    if computed {
        let unit = UnitName { kind: UnitKind::CloudFormation, path: String::new() };
        let world = World::new(files, inputs, Mode::Supplied, unit, Vec::new());
        together(&[path.to_path_buf()], &world, files, false);
        world.evaluate();
        found.extend(world.nested_files());
    }
    found.retain(|path| files.read(path).is_ok());
    found.iter_mut().for_each(|path| *path = files.real(path));
    found.sort();
    found.dedup();
    found
}

/// A template file with those that it nests, directly or not.
fn with_nested(path: &Path, files: &Files, inputs: &Inputs) -> BTreeSet<PathBuf> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![path.to_path_buf()]);
    while let Some(path) = todo.pop() {
        if seen.insert(path.clone()) {
            todo.extend(children(&path, files, inputs));
        }
    }
    seen
}

/// Names of the parameters that the templates of a file declare.
pub fn parameters(path: &Path, files: &Files) -> Vec<String> {
    templates(path, files).iter().flat_map(|(file, doc)| declared_in(*file, doc)).map(|p| p.name).collect()
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod place_tests;
#[cfg(test)]
mod tests;
