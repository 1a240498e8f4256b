//! Addons of AWS Copilot: the files of a folder `addons` are merged into one template.
//!
//! Answers: which files these are, what their template is, and what `addons.parameters.yml` passes to it. Copilot passes
//! `App`, `Env` and `Name` itself; they are free. Source: Copilot's documentation, "Modeling additional AWS resources with
//! AWS CloudFormation", and its source for what it merges (`internal/pkg/addon/cloudformation.go`).

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;

use super::is_template;
use crate::key::{Mode, Resolved};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::template::{Assets, Found, Given, World, declared_in, load, scalar, view};
use crate::resolve::{Inputs, syntax};
use crate::source::{Files, ReadError};
use crate::span::{FileId, Loc, Span};
use crate::unit::{UnitKind, UnitName};

/// The files that pass parameters, and are no templates.
const PARAMETERS: [&str; 2] = ["addons.parameters.yml", "addons.parameters.yaml"];
/// The parameters that Copilot passes itself.
const RESERVED: [&str; 3] = ["App", "Env", "Name"];
/// The sections that it merges, and how many names deep; any other is left out.
const MERGED: [(&str, usize); 7] = [
    ("Metadata", 1),
    ("Parameters", 1),
    ("Mappings", 2),
    ("Conditions", 1),
    ("Transform", 0),
    ("Resources", 1),
    ("Outputs", 1),
];

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
    // Copilot refuses all of them for one that does not parse.
    let (mut broken, mut keys) = (Vec::new(), false);
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
        broken.extend(loaded.errors.iter().map(|error| syntax(file, error)));
        keys |= load::may_hide_a_key(path, &files.source(file).text, files);
        parts.extend(loaded.documents.iter().find(|doc| is_template(doc)).map(|doc| (file, merged(doc))));
    }
    if keys {
        problems.append(&mut broken);
    }
    (parts, problems)
}

/// What is merged of a file.
fn merged(doc: &Node) -> Node {
    let is_merged = |(key, _): &&(Node, Node)| MERGED.iter().any(|(name, _)| key.text() == Some(name));
    let entries = doc.entries().iter().filter(is_merged).cloned().collect();
    Node { kind: NodeKind::Map(entries), ..doc.clone() }
}

/// What Copilot refuses to merge: one name that two files define otherwise.
fn conflicts(parts: &[(FileId, Node)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (section, depth) in MERGED.iter().filter(|(_, depth)| *depth > 0) {
        let mut known: HashMap<String, &Node> = HashMap::new();
        for (file, doc) in parts {
            let mut defined = Vec::new();
            doc.get(section).into_iter().for_each(|node| names_in(node, *depth, "", &mut defined));
            for (name, key, node) in defined {
                let other = known.entry(name.clone()).or_insert(node);
                if !other.is_alike(node) {
                    let reason =
                        format!("another file of the addons defines `{name}` of {section} differently");
                    problems.push(Problem::new(ProblemKind::Refused, Loc::new(*file, key.span), reason));
                }
            }
        }
    }
    problems
}

/// The names so deep in a section, each with its key and what it is.
fn names_in<'n>(node: &'n Node, depth: usize, above: &str, out: &mut Vec<(String, &'n Node, &'n Node)>) {
    for (key, value) in node.entries() {
        let name = format!("{above}{}", key.text().unwrap_or_default());
        match depth {
            0 | 1 => out.push((name, key, value)),
            _ => names_in(value, depth - 1, &format!("{name}."), out),
        }
    }
}

/// The template of a folder as one unit.
pub fn resolve(dir: &Path, files: &Files, inputs: &Inputs, mode: Mode) -> Resolved {
    let unit = UnitName { kind: UnitKind::CloudFormation, path: files.display(dir) };
    let world = World::new(files, inputs, mode, unit, Vec::new());
    let (parts, problems) = parts(dir, files);
    problems.into_iter().for_each(|problem| world.sink.problem(problem));
    let (given, mut refused) = passed(dir, files);
    refused.extend(conflicts(&parts));
    let mut parts = parts.into_iter();
    let is_refused = !refused.is_empty();
    if let Some((file, doc)) = parts.next() {
        refused.into_iter().for_each(|problem| world.sink.problem(problem));
        let given = Given { merged: parts.collect(), ..given };
        world.root(file, dir.to_path_buf(), doc, String::new(), given, Rc::new(Assets::default()));
    }
    // What is not merged is not deployed.
    let found = if is_refused { Found::default() } else { world.evaluate() };
    world.finish(found, 1)
}

/// What `addons.parameters.yml` passes: text, or what only the deployment knows. And what Copilot refuses of it.
fn passed(dir: &Path, files: &Files) -> (Given, Vec<Problem>) {
    let (mut given, mut refused) = (Given::default(), Vec::new());
    let mut there = Vec::new();
    for path in PARAMETERS.iter().map(|name| dir.join(name)) {
        match load::load(&path, files) {
            Ok(read) => there.push(read),
            Err(ReadError::Missing) => {}
            Err(error) => {
                let place = Place::Path(files.display(&path));
                let reason = format!("this file of the addons {error}");
                refused.push(Problem::new(ProblemKind::Unreadable, place, reason));
            }
        }
    }
    let mut there = there.into_iter();
    let Some((file, loaded)) = there.next() else { return (given, refused) };
    refused.extend(loaded.errors.iter().map(|error| syntax(file, error)));
    if let Some((other, _)) = there.next() {
        let [yml, yaml] = PARAMETERS;
        let reason = format!("{yml} and {yaml} may not both be there");
        refused.push(Problem::new(ProblemKind::Refused, Loc::new(other, Span::default()), reason));
    }
    let passed = loaded.documents.first().and_then(|doc| doc.get("Parameters"));
    let mut computed = BTreeSet::new();
    for (key, value) in passed.map(Node::entries).unwrap_or_default() {
        let Some(name) = key.text() else { continue };
        if RESERVED.contains(&name) {
            let reason = format!("Copilot passes the parameter `{name}` itself; it may not be passed here");
            refused.push(Problem::new(ProblemKind::Refused, Loc::new(file, key.span), reason));
        }
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
    (given, refused)
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
