//! Addons of AWS Copilot: the files of a folder `addons` are merged into one template.
//!
//! Answers: which files these are, and what `addons.parameters.yml` passes to it. Copilot passes `App`, `Env` and `Name`
//! itself; they are free. Source: Copilot's documentation, "Modeling additional AWS resources with AWS CloudFormation".

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::is_template;
use crate::key::{Mode, Resolved};
use crate::parse::SyntaxError;
use crate::parse::tree::Node;
use crate::prefilter;
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::Inputs;
use crate::resolve::template::{Assets, Given, World, declared_in, load, scalar, view};
use crate::source::Files;
use crate::span::{FileId, Loc};
use crate::unit::{UnitKind, UnitName};

/// The files that pass parameters, and are no templates.
const PARAMETERS: [&str; 2] = ["addons.parameters.yml", "addons.parameters.yaml"];

/// The folder whose files are merged, if `path` is in one: `addons` of a workload or of the environments, below `copilot`.
pub fn folder_of(path: &Path) -> Option<&Path> {
    let folder = path.parent()?;
    let below =
        folder.ancestors().skip(1).any(|above| above.file_name().is_some_and(|name| name == "copilot"));
    let yaml = path.extension().is_some_and(|end| end == "yml" || end == "yaml");
    (yaml && below && folder.file_name().is_some_and(|name| name == "addons")).then_some(folder)
}

/// The templates of a folder, with what does not parse or cannot be read.
fn parts(dir: &Path, files: &Files) -> (Vec<(FileId, Node)>, Vec<Problem>) {
    let (mut parts, mut problems) = (Vec::new(), Vec::new());
    for path in files.list(dir).iter() {
        let parameters = path.file_name().is_some_and(|name| PARAMETERS.iter().any(|own| name == *own));
        if parameters || folder_of(path).is_none() {
            continue;
        }
        let (file, loaded) = match load::load(path, files) {
            Ok(read) => read,
            Err(error) => {
                let reason = format!("this file of the addons {error}");
                problems.push(Problem::new(
                    ProblemKind::Unreadable,
                    Place::Path(files.display(path)),
                    reason,
                ));
                continue;
            }
        };
        if prefilter::mentions_key_type(&files.source(file).text) {
            let errors = loaded.errors.iter();
            let problem = |e: &SyntaxError| {
                Problem::new(ProblemKind::Syntax, Loc::new(file, e.span), e.message.clone())
            };
            problems.extend(errors.map(problem));
        }
        parts.extend(loaded.documents.iter().find(|doc| is_template(doc)).map(|doc| (file, doc.clone())));
    }
    (parts, problems)
}

/// The template of a folder as one unit.
pub fn resolve(dir: &Path, files: &Files, inputs: &Inputs, mode: Mode) -> Resolved {
    let unit = UnitName { kind: UnitKind::CloudFormation, path: files.display(dir) };
    let world = World::new(files, inputs, mode, unit, Vec::new());
    let (parts, problems) = parts(dir, files);
    problems.into_iter().for_each(|problem| world.sink.problem(problem));
    let mut parts = parts.into_iter();
    if let Some((file, doc)) = parts.next() {
        let given = Given { merged: parts.collect(), ..passed(dir, files) };
        world.root(file, dir.to_path_buf(), doc, String::new(), given, Rc::new(Assets::default()));
    }
    world.evaluate();
    world.finish(|_, _| {}, |_, _| {}, |_, _| Vec::new(), 1)
}

/// What `addons.parameters.yml` passes: text, or what only the deployment knows.
fn passed(dir: &Path, files: &Files) -> Given {
    let mut given = Given::default();
    let paths: Vec<PathBuf> = PARAMETERS.iter().map(|name| dir.join(name)).collect();
    let Some((_, loaded)) = paths.iter().find_map(|path| load::load(path, files).ok()) else { return given };
    let passed = loaded.documents.first().and_then(|doc| doc.get("Parameters"));
    let mut computed = BTreeSet::new();
    for (name, value) in passed.map(Node::entries).unwrap_or_default() {
        let Some(name) = name.text() else { continue };
        match scalar::read(value).filter(|_| view::call(value).is_none()) {
            Some(text) => {
                given.parameters.insert(name.into(), text);
            }
            None => {
                computed.insert(name.to_string());
            }
        }
    }
    given.computed = computed;
    given
}

/// Names of the parameters that the files of a folder declare.
pub fn parameters(dir: &Path, files: &Files) -> Vec<String> {
    let (parts, _) = parts(dir, files);
    parts.iter().flat_map(|(file, doc)| declared_in(*file, doc)).map(|param| param.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addons_are_the_files_of_a_folder_of_copilot() {
        for (path, folder) in [
            ("/r/copilot/api/addons/user.yml", Some("/r/copilot/api/addons")),
            ("/r/copilot/environments/addons/keys.yaml", Some("/r/copilot/environments/addons")),
            ("/r/copilot/api/addons/user.json", None),
            ("/r/copilot/api/addons/more/user.yml", None),
            ("/r/copilot/api/manifest.yml", None),
            ("/r/charts/addons/user.yml", None),
        ] {
            assert_eq!(folder_of(Path::new(path)), folder.map(Path::new), "{path}");
        }
    }
}
