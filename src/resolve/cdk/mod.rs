//! CDK cloud assemblies to access keys: the stacks that a manifest lists, resolved together.
//!
//! The templates themselves are evaluated by [`super::template`], as CloudFormation would. What an assembly adds:
//! which stacks share an account, what crosses between them, construct paths, and the app's own source lines.
//! Source: the cloud-assembly schema's type declarations, and syntheses by several versions of the CDK.

mod manifest;
mod origin;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::template::{MadeKey, World};
use super::{Inputs, syntax};
use crate::key::{Account, Mode, Resolved};
use crate::parse::tree::NodeKind;
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::source::{Files, ReadError};
use crate::unit::{UnitKind, UnitName};
use crate::value::Value;
use crate::value::digest::Identity;
pub use manifest::stages;
use manifest::{Assembly, StackFile};

/// An assembly folder as one unit, its Stages included: all stacks share one context.
///
/// Addresses and inputs begin with the stack's artifact id. A folder without a manifest is the templates in it.
pub fn resolve(dir: &Path, files: &Files, inputs: &Inputs, mode: Mode) -> Resolved {
    let assembly = manifest::read(dir, files);
    let unit = UnitName { kind: UnitKind::Cdk, path: files.display(dir) };
    let world = World::new(files, inputs, mode, unit, assembly.dummies.clone());
    for file in &assembly.files {
        world.was_read(*file);
    }
    // What a manifest that says nothing hides is what lies beside it.
    let matters = !assembly.stacks.is_empty() || may_hold_keys(dir, files);
    let unread = |p: &Problem| matches!(p.kind, ProblemKind::Syntax | ProblemKind::Unreadable);
    for problem in assembly.problems.iter().filter(|p| matters || !unread(p)) {
        world.sink.problem(problem.clone());
    }
    let mut stacks: BTreeMap<usize, &StackFile> = BTreeMap::new();
    // A link in the assembly may lead to a file that would be a template of its own.
    let mut deployed = Vec::new();
    for stack in &assembly.stacks {
        let Some((file, doc)) = template_of(stack, files, &world) else { continue };
        deployed.push(file);
        let prefix = format!("{}/", stack.artifact);
        let root =
            world.root(file, stack.folder.clone(), doc, prefix, stack.given.clone(), stack.assets.clone());
        stacks.insert(root, stack);
    }
    let mut found = world.evaluate();
    let accounts = accounts(&stacks, &world.account_groups());
    // Stack sets have accounts of their own.
    found.put_into(|root| accounts.get(&root).cloned());
    for made in &mut found.keys {
        let Some(stack) = stacks.get(&made.root) else { continue };
        let construct = stack.construct_of(&world, made);
        made.key.origin = construct.as_deref().and_then(|c| stack.origin_of(c, files));
        made.key.construct = construct.map(|c| c.strip_suffix("/Resource").unwrap_or(&c).to_string());
    }
    found.assumptions = assumptions(&world, &found.keys, &stacks);
    Resolved { deployed, ..world.finish(found, 1) }
}

/// Whether a template of an assembly may have a key: one of those in its folder, in a Stage's, or nobody knows where.
fn may_hold_keys(dir: &Path, files: &Files) -> bool {
    let below = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let stage = |entry: &std::fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b"assembly-");
    let holds = |path: &PathBuf| {
        let read = files.read(path).map(|file| files.source(file));
        read.is_ok_and(|source| super::template::load::may_hide_a_key(path, &source.text, files))
    };
    let listed = files.list(dir);
    let generated = |path: &&PathBuf| path.as_os_str().as_encoded_bytes().ends_with(b".template.json");
    let templates: Vec<&PathBuf> = listed.iter().filter(generated).collect();
    templates.is_empty()
        || templates.into_iter().any(holds)
        || below.filter(stage).any(|entry| entry.path().is_dir())
}

/// The templates of an assembly's stacks, those of its Stages included.
pub fn templates(dir: &Path, files: &Files) -> Vec<PathBuf> {
    manifest::read(dir, files).stacks.into_iter().map(|stack| stack.template).collect()
}

/// Names of the parameters that the stacks of an assembly declare.
pub fn parameters(dir: &Path, files: &Files) -> Vec<String> {
    let Assembly { stacks, .. } = manifest::read(dir, files);
    let loaded = stacks.iter().filter_map(|s| super::template::load::load(&s.template, files).ok());
    let declared = loaded.flat_map(|(file, l)| {
        l.documents.iter().flat_map(move |doc| super::template::declared_in(file, doc)).collect::<Vec<_>>()
    });
    declared.map(|p| p.name).collect()
}

/// A stack's template; what is missing or does not parse is a problem of the assembly.
fn template_of(
    stack: &StackFile,
    files: &Files,
    world: &World,
) -> Option<(crate::span::FileId, crate::parse::tree::Node)> {
    let shown = files.display(&stack.template);
    let (file, loaded) = match super::template::load::load(&stack.template, files) {
        Ok(loaded) => loaded,
        Err(error) => {
            let reason = format!("the manifest names the template {shown}, which {error}");
            let kind = match error {
                // The CDK itself refuses an environment that is none: a fixture, which lacks nothing that is deployed.
                ReadError::Missing if !stack.deployable => ProblemKind::RemoteTemplate,
                ReadError::Missing => ProblemKind::MissingFile,
                _ => ProblemKind::Unreadable,
            };
            world.sink.problem(Problem::new(kind, stack.named_at.clone(), reason));
            return None;
        }
    };
    world.was_read(file);
    for error in &loaded.errors {
        world.sink.problem(syntax(file, error));
    }
    let document = loaded.documents.first().filter(|doc| matches!(doc.kind, NodeKind::Map(_)));
    if document.is_none() && loaded.errors.is_empty() {
        let reason = format!("the manifest names the template {shown}, which is none: it holds no object");
        world.sink.problem(Problem::new(ProblemKind::Syntax, stack.named_at.clone(), reason));
    }
    document.map(|doc| (file, doc.clone()))
}

/// The account of each stack: by its id where the environment or a linked stack names it, else one per group of
/// stacks that are linked by what they import.
fn accounts(
    stacks: &BTreeMap<usize, &StackFile>,
    group: &BTreeMap<usize, usize>,
) -> BTreeMap<usize, Account> {
    let named = |root: &usize| stacks.get(root).and_then(|s| s.given.account.clone());
    let account = |root: usize, of: usize| {
        let mut members = group.iter().filter(|(_, g)| **g == of).map(|(root, _)| root);
        let id = named(&root).or_else(|| members.find_map(named));
        let first = stacks.get(&of).map_or("", |s| &s.artifact);
        let scope = id.clone().unwrap_or_else(|| format!("the account of stack {first}"));
        Account { scope: Value::from(scope), id }
    };
    group.iter().map(|(&root, &of)| (root, account(root, of))).collect()
}

/// Two stacks that name no account were taken for two: said where keys of theirs have one user but for that.
fn assumptions(world: &World, made: &[MadeKey], stacks: &BTreeMap<usize, &StackFile>) -> Vec<Assumption> {
    let user = |made: &MadeKey| world.cx.identity(&world.cx.fold_case(&made.key.user));
    let mut first: HashMap<Identity, Vec<&MadeKey>> = HashMap::new();
    let mut said: BTreeMap<(usize, usize), Assumption> = BTreeMap::new();
    for key in made {
        let others = first.entry(user(key)).or_default();
        for other in others.iter() {
            let unnamed = key.key.account.id.is_none() || other.key.account.id.is_none();
            if unnamed && other.key.account.scope != key.key.account.scope {
                let name = |m: &MadeKey| stacks.get(&m.root).map_or("?", |s| s.artifact.as_str()).to_string();
                let reason = format!(
                    "the stacks {} and {} are taken for two accounts, since not both name theirs; deployed to \
                     one, their keys have one user",
                    name(other),
                    name(key)
                );
                let place = key.key.location.into();
                said.entry((other.root, key.root)).or_insert(Assumption { reason, place });
            }
        }
        others.push(key);
    }
    said.into_values().collect()
}

#[cfg(test)]
mod tests;
