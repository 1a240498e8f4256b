//! Which module folders are root modules.
//!
//! A module that another scanned module calls is judged through its callers. A module that nobody calls is a root, and
//! so is one that is deployed on its own: it has a backend, variable files, or a `.terraform` folder. A folder whose files
//! all are linked into other modules is judged through those.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use rayon::prelude::*;

use crate::key::Mode;
use crate::parse::hcl;
use crate::parse::hcl_calls::quick_calls;
use crate::parse::syntax::Block;
use crate::prefilter;
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::Request;
use crate::resolve::terraform::config::inputs::{RootInputs, is_auto_vars};
use crate::resolve::terraform::config::manifest::Manifest;
use crate::resolve::terraform::config::written;
use crate::resolve::terraform::config::{Modules, catalogue, module};
use crate::resolve::terraform::eval::calls::CallSource;
use crate::resolve::terraform::eval::scope::ModuleInstance;
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::source::Files;
use crate::source::folder::Folder;
use crate::span::{FileId, Loc};
use crate::value::Cx;

/// The module folders of a scan, sorted into roots.
#[derive(Debug, Default)]
pub struct Roots {
    /// Root modules, sorted.
    pub roots: Vec<Folder>,
    /// For each root, every module folder that it reaches, itself included.
    pub reach: BTreeMap<Folder, BTreeSet<Folder>>,
    /// For each folder that was read, the calls in it that lead to nothing on disk.
    pub remote: BTreeMap<Folder, Vec<Problem>>,
    /// The folders with a call that may lead to a key in none of the folders that they are known to reach: a module of
    /// the catalogue, or a source that only an evaluation of the whole root tells.
    pub beyond: BTreeSet<Folder>,
    /// The lists of installed modules that cannot be read, by root.
    pub unreadable: BTreeMap<Folder, Problem>,
    /// Modules that only call each other.
    pub problems: Vec<Problem>,
}

/// The calls of one module.
#[derive(Debug, Default)]
struct Calls {
    local: BTreeSet<Folder>,
    remote: Vec<Problem>,
    beyond: bool,
    /// Whether a source depends on inputs, which may be what a caller passes.
    open: bool,
}

/// Sorts these folders (absolute). Folders that they call but that are not among them are followed too.
pub fn roots(dirs: &[Folder], request: Request) -> Roots {
    let Request { files, modules, .. } = request;
    // Reading is most of the work: side by side, before the calls are followed one by one.
    let read: Vec<Calls> = dirs.par_iter().map(|dir| calls(dir, request)).collect();
    let mut known: BTreeMap<Folder, Calls> = dirs.iter().cloned().zip(read).collect();
    let scanned: BTreeSet<&Folder> = dirs.iter().collect();
    let mut todo: Vec<Folder> = known.values().flat_map(|c| c.local.iter().cloned()).collect();
    while let Some(dir) = todo.pop() {
        if let Entry::Vacant(vacant) = known.entry(dir) {
            let calls = calls(vacant.key(), request);
            todo.extend(calls.local.iter().cloned());
            vacant.insert(calls);
        }
    }
    for (from, to) in named_by_callers(dirs, &known, request) {
        if let Entry::Vacant(vacant) = known.entry(to.clone()) {
            let calls = calls(vacant.key(), request);
            vacant.insert(calls);
        }
        known.entry(from).or_default().local.insert(to);
    }
    let called: BTreeSet<&Folder> = known
        .iter()
        .filter(|(from, _)| scanned.contains(from))
        .flat_map(|(from, calls)| calls.local.iter().filter(move |to| *to != from))
        .collect();
    let links = links(&scanned, files);
    let mut out = Roots::default();
    let mut installed = BTreeSet::new();
    for dir in dirs {
        if !(called.contains(dir) || shared(dir, &links, files)) || alone(dir, files, modules) {
            let mut reached = reach(dir, &known);
            // A linked file is named where it lies.
            let linked = links.iter().filter(|(folder, _)| reached.contains(folder));
            let linked: Vec<Folder> =
                linked.filter_map(|(_, real)| real.parent().map(Folder::from)).collect();
            reached.extend(linked);
            let manifest = Manifest::read(dir, files);
            out.unreadable.extend(manifest.unreadable.clone().map(|problem| (dir.clone(), problem)));
            let folders: BTreeSet<Folder> = manifest.folders().map(Folder::from).collect();
            if folders.iter().any(|folder| folder != dir && scanned.contains(folder)) {
                installed.extend(called_installed(dir, &manifest, request));
            }
            reached.extend(folders);
            out.reach.insert(dir.clone(), reached);
            out.roots.push(dir.clone());
        }
    }
    // What a link of an installation leads to is judged through the call.
    out.roots.retain(|dir| !installed.contains(dir) || alone(dir, files, modules));
    out.roots.sort();
    out.roots.dedup();
    let reached: BTreeSet<&Folder> = out.reach.values().flatten().collect();
    for dir in dirs.iter().filter(|d| !reached.contains(d)) {
        out.problems.push(Problem::new(
            ProblemKind::Refused,
            Place::Path(files.display(dir)),
            "this module is only called by modules that it calls itself; Terraform refuses such a cycle",
        ));
    }
    let beyond = known.iter().filter(|(_, calls)| calls.beyond);
    out.beyond = beyond.map(|(dir, _)| dir.clone()).collect();
    out.remote = known.into_iter().map(|(dir, calls)| (dir, calls.remote)).collect();
    out
}

/// The folders of installed modules that a root calls.
fn called_installed(dir: &Folder, manifest: &Manifest, request: Request) -> Vec<Folder> {
    let module = request.modules.load(dir, request.files);
    let folder = |(name, call): (&String, &module::Decl)| {
        let version = call.args.get("version").and_then(|arg| written::literal(&arg.what.expr));
        manifest.folder(name, module::source_of(call)?, version).map(Folder::from)
    };
    module.calls.iter().filter_map(folder).collect()
}

/// The links among the files of the scanned modules that lead into another folder: the link's folder, the file.
fn links(scanned: &BTreeSet<&Folder>, files: &Files) -> BTreeSet<(Folder, PathBuf)> {
    let from = |(link, real): (PathBuf, PathBuf)| Some((Folder::from(link.parent()?), real));
    let elsewhere =
        |(folder, real): &(Folder, PathBuf)| scanned.contains(folder) && real.parent() != Some(folder);
    files.links().into_iter().filter_map(from).filter(elsewhere).collect()
}

/// Whether every file of a folder is linked into another module.
fn shared(dir: &Path, links: &BTreeSet<(Folder, PathBuf)>, files: &Files) -> bool {
    let linked: BTreeSet<&PathBuf> =
        links.iter().map(|(_, real)| real).filter(|real| real.parent() == Some(dir)).collect();
    !linked.is_empty() && module::module_files(dir, files).iter().all(|path| linked.contains(path))
}

/// The calls whose source only the arguments of a caller tell, as pairs of folders: found by entering the modules of the
/// roots that reach one.
fn named_by_callers(
    dirs: &[Folder],
    known: &BTreeMap<Folder, Calls>,
    Request { files, modules, inputs }: Request,
) -> BTreeSet<(Folder, Folder)> {
    let mut found = BTreeSet::new();
    if !known.values().any(|calls| calls.open) {
        return found;
    }
    let called: BTreeSet<&Folder> = known.values().flat_map(|calls| &calls.local).collect();
    for root in dirs.iter().filter(|dir| !called.contains(dir)) {
        let open = |dir: &Folder| dir != root && known.get(dir).is_some_and(|calls| calls.open);
        if !reach(root, known).iter().any(open) {
            continue;
        }
        let cx = Cx::new();
        let supplied = RootInputs::collect(&modules.load(root, files), files, inputs);
        let terraform = Terraform::new(&cx, files, modules, Mode::Supplied, root, supplied);
        let mut todo: Vec<Rc<ModuleInstance>> = terraform.root_node().into_iter().collect();
        while let Some(node) = todo.pop() {
            for (name, call) in &node.module.calls {
                // All instances of a call have one source.
                let expansion = terraform.expansion(&node, Item::Call(name.clone()), call);
                let instance = expansion.instances.first();
                let Some(child) = instance.and_then(|i| terraform.child(&node, name, i)) else { continue };
                if module::source_of(call).is_none() {
                    found.insert((node.module.dir.as_path().into(), child.module.dir.as_path().into()));
                }
                todo.push(child);
            }
        }
    }
    found
}

/// The sources of the calls in one file that is no override, each with its place; `None` for one that is no literal,
/// or not there.
fn file_calls(file: FileId, files: &Files) -> Vec<(Option<String>, Loc)> {
    let source = files.source(file);
    if let Some(calls) = quick_calls(&source.text) {
        return calls.into_iter().map(|c| (Some(c.source), Loc::new(file, c.source_span))).collect();
    }
    let (body, _) = hcl::parse(&source);
    let call = |block: &Block| {
        let attribute = block.body.attribute("source");
        let text = attribute.and_then(|a| written::literal(&a.expr)).filter(|text| !text.is_empty());
        (text.map(str::to_string), Loc::new(file, attribute.map_or(block.header, |a| a.expr.span)))
    };
    body.blocks("module").map(call).collect()
}

/// The calls of a module: read at a glance where its files allow that, else parsed.
fn calls(dir: &Path, Request { files, modules, inputs }: Request) -> Calls {
    let paths = module::module_files(dir, files);
    let plain = |p: &PathBuf| {
        let name = p.file_name().unwrap_or_default().to_string_lossy();
        !name.ends_with(".json") && !module::is_override(&name)
    };
    let mut out = Calls::default();
    if paths.iter().all(plain) {
        let read: Vec<FileId> = paths.iter().filter_map(|path| files.read(path).ok()).collect();
        let sources: Vec<_> = read.iter().flat_map(|file| file_calls(*file, files)).collect();
        let narrow = !read.iter().any(|file| files.source(*file).wide);
        if narrow && sources.iter().all(|(source, _)| source.is_some()) {
            for (source, at) in sources {
                out.add(dir, &CallSource::of(&source.unwrap_or_default()), at, files);
            }
            return out;
        }
    }
    // Overrides are merged, JSON has no lines to go by, and an expression has to be evaluated.
    let module = modules.load(dir, files);
    // What does not parse may call a module all the same.
    let unread = |problem: &&Problem| matches!(problem.kind, ProblemKind::Syntax | ProblemKind::Unreadable);
    if module.problems.iter().any(|problem| unread(&problem)) {
        let texts = paths.iter().filter_map(|path| files.read(path).ok()).map(|file| files.source(file));
        for source in texts.flat_map(|source| sources_in(&source.text)) {
            out.beyond |= source.contains("${") || catalogue::makes_keys(&source) == Some(true);
            let dir = module::local_dir(dir, &source, files).filter(|dir| module::exists(dir, files));
            out.local.extend(dir.map(Folder::from));
        }
    }
    let literal = |call| module::source_of(call).map(CallSource::of);
    if module.calls.values().all(|call| literal(call).is_some()) {
        for call in module.calls.values() {
            out.add(dir, &literal(call).unwrap_or(CallSource::Missing), module::source_place(call), files);
        }
        return out;
    }
    let cx = Cx::new();
    let root = RootInputs::collect(&module, files, inputs);
    let terraform = Terraform::new(&cx, files, modules, Mode::Supplied, dir, root);
    for (name, call) in &module.calls {
        let evaluated = || terraform.root_node().map(|node| terraform.source(&node, name, call));
        let source = literal(call).or_else(evaluated).unwrap_or(CallSource::Missing);
        out.add(dir, &source, module::source_place(call), files);
    }
    out
}

/// What a text gives the name `source`, in either syntax, whatever else it is.
fn sources_in(text: &str) -> Vec<String> {
    let narrow = text.replace('\0', "");
    let resolved = prefilter::resolve_escapes(narrow.as_bytes());
    let text = String::from_utf8_lossy(&resolved);
    let given = |(at, word): (usize, &str)| {
        let rest = text.get(at + word.len()..)?.trim_start_matches('"').trim_start();
        let value = rest.strip_prefix([':', '='])?.trim_start().strip_prefix('"')?;
        value.split('"').next().map(String::from)
    };
    text.match_indices("source").filter_map(given).collect()
}

impl Calls {
    fn add(&mut self, from: &Path, source: &CallSource, at: Loc, files: &Files) {
        match source {
            CallSource::Known(source, shown) => {
                match module::local_dir(from, source, files).filter(|d| module::exists(d, files)) {
                    Some(dir) => {
                        self.local.insert(dir.into());
                    }
                    None => match catalogue::makes_keys(source) {
                        Some(makes_keys) => self.beyond |= makes_keys,
                        None => self.remote.push(module::not_on_disk(from, (source, shown), at, files)),
                    },
                }
            }
            CallSource::Open => {
                self.beyond = true;
                self.open = true;
                self.remote.push(module::source_is_open(at));
            }
            // Terraform refuses it, so it makes nothing.
            CallSource::Missing | CallSource::Refused(_) => {}
        }
    }
}

fn reach(dir: &Folder, calls: &BTreeMap<Folder, Calls>) -> BTreeSet<Folder> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![dir.clone()]);
    while let Some(dir) = todo.pop() {
        if let Some(next) = calls.get(&dir) {
            todo.extend(next.local.iter().filter(|d| !seen.contains(*d)).cloned());
        }
        seen.insert(dir);
    }
    seen
}

/// Whether a module shows that it is deployed on its own.
fn alone(dir: &Path, files: &Files, modules: &Modules) -> bool {
    let vars = files.list(dir).iter().filter_map(|p| p.file_name()?.to_str()).any(is_auto_vars);
    vars || files.root().join(dir).join(".terraform").is_dir()
        || may_have_backend(dir, files) && modules.load(dir, files).has_backend
}

/// Whether a backend may be declared in a module: a name of a block can only be spelled out, except in JSON.
fn may_have_backend(dir: &Path, files: &Files) -> bool {
    module::module_files(dir, files).iter().filter_map(|path| files.read(path).ok()).any(|file| {
        let source = files.source(file);
        let holds = |word: &str| memchr::memmem::find(source.text.as_bytes(), word.as_bytes()).is_some();
        source.path.ends_with(".json")
            || holds("terraform") && (holds("backend") || holds_word(&source.text, "cloud"))
    })
}

/// Whether a word stands in a text that no letter, digit or underscore goes on with.
fn holds_word(text: &str, word: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text.get(at + word.len()..).is_some_and(|rest| rest.starts_with(goes_on)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_parsed_for_its_backend_only_where_it_may_have_one() {
        for (name, text, may) in [
            ("a.tf", "terraform {\n  backend \"s3\" {}\n}", true),
            ("a.tf", "terraform {\n  cloud{}\n}", true),
            ("a.tf", "terraform {\n  cloud/**/{}\n}", true),
            ("a.tofu", "terraform { backend x {} }", true),
            ("a.tf.json", r#"{"terr\u0061form": {"b\u0061ckend": {}}}"#, true),
            ("a.tf", "terraform {}\nresource \"aws_cloudwatch_log_group\" \"cloud_\" {}", false),
            ("a.tf", "locals { backend = 1 }", false),
            ("a.tf", "terraform {}\nlocals { backend = 1 }", true),
            ("a.txt", "terraform { backend x {} }", false),
        ] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(name), text).unwrap();
            let files = Files::new(folder.path().to_path_buf());
            assert_eq!(may_have_backend(folder.path(), &files), may, "{text}");
            let module = Modules::default().load(folder.path(), &files);
            assert!(may || !module.has_backend, "{text}");
            // A word may stand for something else.
            let own = alone(folder.path(), &files, &Modules::default());
            assert_eq!(own, module.has_backend, "{text}");
            std::fs::create_dir(folder.path().join(".terraform")).unwrap();
            assert!(alone(folder.path(), &files, &Modules::default()));
        }
    }
}
