//! CloudFormation templates to access keys: which documents of a file are templates, and what each resolves to.
//!
//! The evaluator itself is [`super::template`], which CDK assemblies share. Must not know levels or output. Source:
//! CloudFormation's user guide, "Template anatomy".

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::Inputs;
use super::template::{Assets, Given, World, declared, load, local_templates};
use crate::key::{Mode, Resolved};
use crate::parse::tree::Node;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;
use crate::span::Loc;
use crate::unit::{UnitKind, UnitName};

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
    for doc in loaded.documents.into_iter().filter(is_template) {
        let world = World::new(files, inputs, mode, unit.clone(), Vec::new());
        let (given, assets) = (Given::default(), Rc::new(Assets::default()));
        world.root(file, folder.clone(), doc, String::new(), given, assets);
        world.evaluate();
        resolved.push(world.finish(|_, _| {}, |_, _| {}, |_, _| Vec::new(), 1));
    }
    if !loaded.errors.is_empty() && load::mentions_key_type(&files.source(file).text) {
        let problems = loaded.errors.into_iter();
        let problems = problems.map(|e| Problem::new(ProblemKind::Syntax, Loc::new(file, e.span), e.message));
        resolved.push(Resolved { problems: problems.collect(), files: vec![file], ..Resolved::default() });
    }
    resolved
}

fn templates(path: &Path, files: &Files) -> Vec<Node> {
    let loaded = load::load(path, files).map(|(_, loaded)| loaded.documents).unwrap_or_default();
    loaded.into_iter().filter(is_template).collect()
}

/// Local templates that the templates of a file call as nested stacks, if they are on disk: normalized paths.
pub fn children(path: &Path, files: &Files) -> Vec<PathBuf> {
    let folder = files.root().join(path).parent().map(Path::to_path_buf).unwrap_or_default();
    let mut found: Vec<PathBuf> =
        templates(path, files).iter().flat_map(|doc| local_templates(doc, &folder)).collect();
    found.retain(|path| files.read(path).is_ok());
    found.sort();
    found.dedup();
    found
}

/// Names of the parameters that the templates of a file declare.
pub fn parameters(path: &Path, files: &Files) -> Vec<String> {
    templates(path, files).iter().flat_map(declared).map(|p| p.name).collect()
}

#[cfg(test)]
#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
