//! Reading an assembly's folder: its manifest, those of its Stages, and what they say of each stack.
//!
//! Unknown fields and artifact types are passed over, and no version is rejected: the schema's number does not follow
//! the library's. Source: the cloud-assembly schema's type declarations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::syntax;
use crate::resolve::template::{Assets, Given, load};
use crate::source::{Files, ReadError, normalize};
use crate::span::{FileId, Loc};

/// Metadata entries by construct path, without the leading `/`.
pub type Metadata = BTreeMap<String, Vec<Node>>;

/// What an assembly holds.
#[derive(Debug, Default)]
pub struct Assembly {
    /// Its stacks, those of Stages included.
    pub stacks: Vec<StackFile>,
    /// Texts that stand in templates for look-ups that were not made.
    pub dummies: Vec<String>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Manifests that were read.
    pub files: Vec<FileId>,
    /// Folders that were read: a Stage cannot hold itself.
    seen: BTreeSet<PathBuf>,
}

/// A stack of an assembly.
#[derive(Debug)]
pub struct StackFile {
    /// Its artifact id; with its Stage's folder where the assembly has another stack of that id.
    pub artifact: String,
    /// What is known of it from outside its template.
    pub given: Given,
    /// Its template.
    pub template: PathBuf,
    /// Where the template is named.
    pub named_at: Place,
    /// Whether the CDK could deploy it: its environment is one, or it has none to tell.
    pub deployable: bool,
    /// The folder of its manifest.
    pub folder: PathBuf,
    /// Metadata of its constructs.
    pub metadata: Metadata,
    /// Templates of its nested stacks.
    pub assets: Rc<Assets>,
}

/// Reads an assembly. A folder without a manifest holds the templates that lie in it.
pub fn read(dir: &Path, files: &Files) -> Assembly {
    let mut assembly = Assembly::default();
    let dir = normalize(&files.root().join(dir));
    read_folder(&dir, files, &mut assembly, 0);
    assembly.dummies.sort();
    assembly.dummies.dedup();
    tell_apart(&dir, &mut assembly.stacks);
    assembly
}

/// Version 1 names an artifact after its stack, so that two Stages can have one name for two stacks; those are named with
/// their Stage's folder. Everything is told apart by these names: addresses, inputs, accounts.
fn tell_apart(dir: &Path, stacks: &mut [StackFile]) {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for stack in stacks.iter() {
        *times.entry(stack.artifact.clone()).or_default() += 1;
    }
    for stack in stacks.iter_mut().filter(|stack| times.get(&stack.artifact).is_some_and(|n| *n > 1)) {
        if let Ok(stage) = stack.folder.strip_prefix(dir)
            && let Some(stage) = stage.to_str().filter(|stage| !stage.is_empty())
        {
            stack.artifact = format!("{}/{}", stage.replace('\\', "/"), stack.artifact);
        }
    }
}

fn text<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.get(name).and_then(Node::text)
}

/// A JSON file's root; what does not parse or may not be read is a problem.
fn json(path: &Path, files: &Files, assembly: &mut Assembly) -> Option<(FileId, Node)> {
    let (file, loaded) = match load::load(path, files) {
        Ok(read) => read,
        Err(ReadError::Missing) => return None,
        Err(error) => {
            assembly.problems.push(unreadable(path, &error, files));
            return None;
        }
    };
    for error in &loaded.errors {
        assembly.problems.push(syntax(file, error));
    }
    let root = loaded.documents.first()?;
    // The CDK reads JSON alone.
    if loaded.errors.is_empty()
        && !files.source(file).text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
    {
        assembly.problems.push(Problem::new(ProblemKind::Syntax, Loc::new(file, root.span), NO_JSON));
    }
    Some((file, root.clone()))
}

fn unreadable(path: &Path, error: &ReadError, files: &Files) -> Problem {
    let reason = format!("this part of a cloud assembly {error}");
    Problem::new(ProblemKind::Unreadable, Place::Path(files.display(path)), reason)
}

/// What is said of a part of an assembly that is YAML.
const NO_JSON: &str = "this is no JSON object, which the CDK would read here";
/// What is said of a manifest that says nothing.
const EMPTY: &str = "this manifest is empty: what the assembly deploys is not judged";

/// Says what a manifest lacks.
fn missing(file: FileId, at: &Node, reason: &str, assembly: &mut Assembly) {
    assembly.problems.push(Problem::new(ProblemKind::MissingFile, Loc::new(file, at.span), reason));
}

/// The folders of the Stages of an assembly, at any depth.
pub fn stages(dir: &Path, files: &Files) -> BTreeSet<PathBuf> {
    let dir = normalize(&files.root().join(dir));
    let mut assembly = Assembly::default();
    read_folder(&dir, files, &mut assembly, 0);
    assembly.seen.remove(&dir);
    assembly.seen
}

fn read_folder(dir: &Path, files: &Files, assembly: &mut Assembly, depth: usize) {
    if !assembly.seen.insert(dir.into()) {
        return;
    }
    if let Some(error) = files.unlisted(dir) {
        return assembly.problems.push(unreadable(dir, &error, files));
    }
    let path = dir.join("manifest.json");
    let (file, manifest) = match files.read(&path) {
        Ok(_) => match json(&path, files, assembly) {
            Some(read) => read,
            None if assembly.problems.is_empty() => {
                let place = Place::Path(files.display(&path));
                return assembly.problems.push(Problem::new(ProblemKind::Syntax, place, EMPTY));
            }
            None => return,
        },
        Err(ReadError::Missing) => return without_manifest(dir, files, assembly, depth > 0),
        Err(error) => return assembly.problems.push(unreadable(&path, &error, files)),
    };
    assembly.files.push(file);
    missing_context(file, &manifest, assembly);
    let artifacts = match manifest.get("artifacts") {
        Some(listed) if !matches!(listed.kind, NodeKind::Map(_)) => {
            missing(
                file,
                listed,
                "the artifacts of this manifest are no mapping: what it deploys is not judged",
                assembly,
            );
            &[]
        }
        None if manifest.entries().is_empty() => {
            missing(file, &manifest, EMPTY, assembly);
            &[]
        }
        listed => listed.map(Node::entries).unwrap_or_default(),
    };
    let by_key = asset_files(dir, files, artifacts, assembly);
    for (name, artifact) in artifacts {
        let at = name;
        let Some(name) = name.text() else { continue };
        let named =
            |what: &str| artifact.get("properties").and_then(|p| Some((p, p.get(what)?, text(p, what)?)));
        match text(artifact, "type") {
            None => {
                missing(file, at, "this artifact has no `type`, so what it deploys is not judged", assembly)
            }
            Some("aws:cloudformation:stack") => {
                let Some((properties, template, path)) = named("templateFile") else {
                    missing(file, at, "this stack has no `templateFile`, so it is not judged", assembly);
                    continue;
                };
                let metadata = metadata(dir, files, artifact, assembly);
                assembly.stacks.push(StackFile {
                    artifact: name.into(),
                    given: given(name, artifact, properties),
                    template: normalize(&dir.join(path)),
                    named_at: Place::At(Loc::new(file, template.span)),
                    deployable: text(artifact, "environment").is_none_or(is_environment),
                    folder: dir.into(),
                    assets: Rc::new(assets(dir, by_key.clone(), &metadata)),
                    metadata,
                });
            }
            Some("cdk:cloud-assembly") => {
                let Some((_, _, folder)) = named("directoryName") else {
                    missing(file, at, "this Stage has no `directoryName`, so it is not judged", assembly);
                    continue;
                };
                read_folder(&normalize(&dir.join(folder)), files, assembly, depth + 1);
            }
            Some(_) => {}
        }
    }
}

/// Every template that lies in a folder is a stack, except those of nested stacks. Folders in it are not looked into:
/// which of them are Stages only a manifest says.
fn without_manifest(dir: &Path, files: &Files, assembly: &mut Assembly, stage: bool) {
    let listed = files.list(dir);
    let names: BTreeSet<&str> = listed.iter().filter_map(|path| path.file_name()?.to_str()).collect();
    if stage {
        let reason = "this Stage's folder has no manifest: which of its templates are deployed, and where, is not known";
        let place = Place::Path(files.display(dir));
        assembly.problems.push(Problem::new(ProblemKind::MissingFile, place, reason));
    }
    let mut by_key = BTreeMap::new();
    for name in names.iter().filter(|n| n.ends_with(".assets.json")) {
        add_asset_files(&dir.join(name), dir, files, assembly, &mut by_key);
    }
    for name in names {
        if let Some(artifact) = name.strip_suffix(".template.json")
            && !artifact.ends_with(".nested")
        {
            let template = dir.join(name);
            assembly.stacks.push(StackFile {
                artifact: artifact.into(),
                given: Given { name: Some(artifact.into()), ..Given::default() },
                named_at: Place::Path(files.display(&template)),
                deployable: true,
                template,
                folder: dir.into(),
                assets: Rc::new(assets(dir, by_key.clone(), &Metadata::new())),
                metadata: Metadata::new(),
            });
        }
    }
}

/// Whether the CDK can read an environment: it refuses an assembly that has another one.
fn is_environment(text: &str) -> bool {
    let halves = text.strip_prefix("aws://").and_then(|halves| halves.split_once('/'));
    halves.is_some_and(|(account, region)| !account.is_empty() && !region.is_empty() && !region.contains('/'))
}

/// `aws://account/region`; either half can be unknown.
fn given(name: &str, artifact: &Node, properties: &Node) -> Given {
    let environment = text(artifact, "environment").and_then(|e| e.strip_prefix("aws://"));
    let (account, region) = environment.and_then(|e| e.split_once('/')).unwrap_or_default();
    let known = |half: &str| (!half.is_empty() && !half.starts_with("unknown-")).then(|| half.to_string());
    let parameters = properties.get("parameters").map(Node::entries).unwrap_or_default();
    Given {
        name: Some(text(properties, "stackName").unwrap_or(name).into()),
        account: known(account),
        region: known(region),
        parameters: parameters
            .iter()
            .filter_map(|(key, value)| Some((key.text()?.to_string(), value.text()?.to_string())))
            .collect(),
        ..Given::default()
    }
}

/// Look-ups that were not made: templates hold their dummy values.
fn missing_context(file: FileId, manifest: &Node, assembly: &mut Assembly) {
    let Some((key, missing)) = manifest.entry("missing") else { return };
    if missing.items().is_empty() {
        return;
    }
    let mut names = Vec::new();
    for look_up in missing.items() {
        names.extend(text(look_up, "key").map(|k| format!("`{k}`")));
        let Some(props) = look_up.get("props") else { continue };
        assembly.dummies.extend(text(props, "dummyValue").filter(|d| d.len() > 3).map(String::from));
        assembly.dummies.extend(text(props, "parameterName").map(|name| format!("dummy-value-for-{name}")));
    }
    let reason = format!(
        "the assembly was made without these look-ups, and templates hold dummy values in their place: {}; run \
         `cdk synth` with credentials to make them",
        names.join(", ")
    );
    assembly.problems.push(Problem::new(ProblemKind::MissingContext, Loc::new(file, key.span), reason));
}

/// Metadata of a stack: in the manifest, in a file of its own, or both.
fn metadata(dir: &Path, files: &Files, artifact: &Node, assembly: &mut Assembly) -> Metadata {
    let separate = text(artifact, "additionalMetadataFile");
    let separate = separate.and_then(|name| json(&normalize(&dir.join(name)), files, assembly));
    let mut all = Metadata::new();
    for map in artifact.get("metadata").into_iter().chain(separate.as_ref().map(|(_, root)| root)) {
        for (path, entries) in map.entries() {
            let Some(path) = path.text() else { continue };
            let known = all.entry(path.trim_start_matches('/').to_string()).or_default();
            known.extend(entries.items().iter().cloned());
        }
    }
    all
}

fn asset_files(
    dir: &Path,
    files: &Files,
    artifacts: &[(Node, Node)],
    assembly: &mut Assembly,
) -> BTreeMap<String, PathBuf> {
    let mut by_key = BTreeMap::new();
    for (_, artifact) in artifacts {
        if text(artifact, "type") == Some("cdk:asset-manifest")
            && let Some(name) = artifact.get("properties").and_then(|p| text(p, "file"))
        {
            add_asset_files(&normalize(&dir.join(name)), dir, files, assembly, &mut by_key);
        }
    }
    by_key
}

fn add_asset_files(
    path: &Path,
    dir: &Path,
    files: &Files,
    assembly: &mut Assembly,
    by_key: &mut BTreeMap<String, PathBuf>,
) {
    let Some((_, root)) = json(path, files, assembly) else { return };
    for (_, asset) in root.get("files").map(Node::entries).unwrap_or_default() {
        let Some(source) = asset.get("source").and_then(|s| text(s, "path")) else { continue };
        for (_, destination) in asset.get("destinations").map(Node::entries).unwrap_or_default() {
            if let Some(key) = text(destination, "objectKey").and_then(|k| k.rsplit('/').next()) {
                by_key.insert(key.into(), normalize(&dir.join(source)));
            }
        }
    }
}

fn assets(dir: &Path, by_key: BTreeMap<String, PathBuf>, metadata: &Metadata) -> Assets {
    let mut assets = Assets { folder: Some(dir.into()), by_key, ..Assets::default() };
    for (path, entries) in metadata {
        for entry in entries {
            match (text(entry, "type"), entry.get("data")) {
                (Some("aws:cdk:templateFile"), Some(data)) => {
                    if let Some(name) = data.text() {
                        assets.by_construct.insert(path.clone(), normalize(&dir.join(name)));
                    }
                }
                (Some("aws:cdk:asset"), Some(data)) => {
                    let Some(file) = text(data, "path").map(|name| normalize(&dir.join(name))) else {
                        continue;
                    };
                    for parameter in ["s3BucketParameter", "s3KeyParameter"] {
                        if let Some(name) = text(data, parameter) {
                            assets.by_parameter.insert(name.into(), file.clone());
                        }
                    }
                }
                (Some("aws:cdk:logicalId"), Some(data)) => {
                    if let Some(id) = data.text() {
                        assets.constructs.push((id.into(), path.clone()));
                    }
                }
                _ => {}
            }
        }
    }
    assets
}
