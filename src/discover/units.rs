//! What was seen, grouped into modules, templates and assemblies; and named files with what they can affect.
//!
//! A named folder is walked. A named file is looked at whatever its name or the ignore rules say: Terraform brings its
//! folder; a file of an assembly brings the assembly; anything that begins as a template is one. Then what may call,
//! nest, include or read it is searched up to the root of the work tree, else the working directory, and listed as
//! `context`. Whether a root module reads a file by a function is for its evaluation to say. A named file of no kind that is
//! read here gives nothing itself, and that is no error: hooks name every changed file. Knows no language.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::look::{
    Looked, TemplateSeen, is_assembly, keep_template, look, look_at_template, may_lead_to_key, module_hints,
    names_stage, program, terragrunt, terragrunt_units, tf_stack, unreadable,
};
use super::sniff::{FileKind, begins_as_template, is_samconfig, kind_of};
use super::walk::{ModuleSeen, Seen, Walk, Want, is_stage};
use super::{Assembly, Discovered, ModuleDir, Request, Template};
use crate::prefilter::Hints;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::{Files, ReadError, is_state, normalize, work_tree};

/// Finds, opens and groups; see [`super::discover`].
pub(super) fn group(request: &Request, files: &Files) -> Discovered {
    let mut asked = Asked { request, files, found: Discovered::default(), named: Named::default() };
    let (folders, singles) = asked.sort_paths();
    let mut groups = Groups::default();
    let named_folders: BTreeSet<PathBuf> = folders.iter().cloned().collect();
    let mut walked = named_folders.clone();
    let mut next = folders;
    // A folder that a link in a named one leads to is in it.
    while !next.is_empty() {
        let mut seen = Walk::new(files, &request.exclude, Want::All, next).run();
        let is_new = |folder: &PathBuf| !walked.iter().any(|known| folder.starts_with(known));
        next = std::mem::take(&mut seen.linked).into_iter().filter(is_new).collect();
        walked.extend(next.iter().cloned());
        asked.found.folder_links.append(&mut seen.folder_links);
        groups.add(seen, &mut asked.found);
    }
    asked.found.folder_links.sort();
    asked.found.walked = !named_folders.is_empty();
    for folder in &named_folders {
        let read = |path: &PathBuf| path.starts_with(folder);
        if !groups.opened.iter().chain(&groups.assemblies).any(read) {
            asked.found.without_files.push(files.display(folder));
        }
    }
    for (path, is_virtual) in &singles {
        asked.name_file(path, *is_virtual);
    }
    let Asked { mut found, named, .. } = asked;
    found.named_files = singles.into_keys().collect();
    groups.templates.extend(named.templates.iter().map(|t| (t.path.clone(), (t.clone(), true))));
    groups.assemblies.extend(named.assemblies);
    groups.opened.extend(named.opened);

    let folders: HashSet<PathBuf> = named
        .module_files
        .iter()
        .filter_map(|m| m.path.parent())
        .filter(|f| f.is_dir())
        .map(Into::into)
        .collect();
    groups.add(Walk::new(files, &request.exclude, Want::Module, folders).run(), &mut found);
    for file in &named.module_files {
        groups.add_module_file(file);
    }
    groups.list(&mut found, files);

    if !named.boundaries.is_empty() {
        let want = Want::Context { templates: named.texts };
        let seen = Walk::new(files, &request.exclude, want, named.boundaries).run();
        groups.opened.extend(seen.opened.iter().cloned());
        found.problems.extend(seen.problems.iter().cloned());
        add_context(seen, (named.terraform, named.data), files, &mut found);
    }
    found.data = named.data;
    let mut opened = groups.opened;
    // One walk opens each file once.
    if !found.named_files.is_empty() {
        opened.sort();
        opened.dedup();
    }
    found.files_seen = opened.len() + found.assemblies.len();
    files.saw(opened);
    finish(found)
}

/// Where `terraform init` writes which folder each call's module is in, below the root module.
const INSTALLED: &str = ".terraform/modules/modules.json";

/// A module file that was named.
struct NamedModuleFile {
    path: PathBuf,
    variables: bool,
    hints: Hints,
}

/// What the named files are and ask for.
#[derive(Default)]
struct Named {
    module_files: Vec<NamedModuleFile>,
    templates: Vec<TemplateSeen>,
    assemblies: BTreeSet<PathBuf>,
    opened: Vec<PathBuf>,
    /// Where to search for what they can affect.
    boundaries: HashSet<PathBuf>,
    /// Whether parts of a module are among them: something may call it.
    terraform: bool,
    /// Whether files are among them that a template may nest or include.
    texts: bool,
    /// Whether files are among them that a function of Terraform may read, or that say values to roots elsewhere.
    data: bool,
}

struct Asked<'a> {
    request: &'a Request,
    files: &'a Files,
    found: Discovered,
    named: Named,
}

impl Asked<'_> {
    /// The named folders, and the named files with whether each exists in memory only.
    fn sort_paths(&mut self) -> (HashSet<PathBuf>, BTreeMap<PathBuf, bool>) {
        let root = self.files.root().to_path_buf();
        let (mut folders, mut singles) = (HashSet::new(), BTreeMap::new());
        let virtual_files: BTreeSet<PathBuf> =
            self.request.virtual_files.iter().map(|path| normalize(&root.join(path))).collect();
        for path in &self.request.paths {
            let path = normalize(&root.join(path));
            if virtual_files.contains(&path) || self.is_excluded(&path) {
                continue;
            }
            match self.files.name(&path) {
                Ok(real) if real.is_dir() => {
                    folders.insert(real);
                }
                // A link to a file is a file of its own folder.
                Ok(real) if real.is_file() => match self.files.name(path.parent().unwrap_or(&path)) {
                    Ok(folder) => {
                        singles.insert(folder.join(path.file_name().unwrap_or_default()), false);
                    }
                    Err(error) => self.refuse(&path, error.to_string()),
                },
                Ok(_) => self.refuse(&path, ReadError::NotAFile.to_string()),
                // No source, like any other file of a kind that is not read here.
                Err(ReadError::Private) if path.file_name().is_some_and(is_state) => {}
                Err(ReadError::Missing) if path.symlink_metadata().is_ok() => {
                    self.refuse(&path, ReadError::Nowhere.to_string());
                }
                Err(ReadError::Missing) => self.refuse(&path, "no such file or folder".into()),
                Err(error) => self.refuse(&path, error.to_string()),
            }
        }
        singles.extend(
            virtual_files.into_iter().filter(|path| !self.is_excluded(path)).map(|path| (path, true)),
        );
        (folders, singles)
    }

    fn is_excluded(&self, path: &Path) -> bool {
        let (exclude, root) = (&self.request.exclude, self.files.root());
        exclude.leaves_out(path, path.is_dir())
            || exclude.leaves_out_below(path, path.is_dir())
            || path
                .ancestors()
                .skip(1)
                .filter(|a| *a != root && a.starts_with(root))
                .any(|above| exclude.leaves_out(above, true))
    }

    fn refuse(&mut self, path: &Path, reason: String) {
        self.found.problems.push(unreadable(self.files, path, reason));
    }

    fn name_file(&mut self, path: &Path, is_virtual: bool) {
        let Some((name, folder)) = path.file_name().zip(path.parent()) else { return };
        let json = name.as_encoded_bytes().ends_with(b".json") || name == "cdk.out";
        if !is_virtual && json && is_assembly(self.files, folder) {
            self.named.assemblies.insert(whole_assembly(self.files, folder));
            return;
        }
        if path.ends_with(INSTALLED) {
            return self.name_root_of(path);
        }
        match kind_of(name) {
            Some(FileKind::Terraform | FileKind::Variables) => self.name_module_file(path, is_virtual),
            Some(kind @ (FileKind::Terragrunt | FileKind::Stack | FileKind::Program)) => {
                self.name_other(path, kind, is_virtual)
            }
            kind @ (Some(FileKind::Template) | None) => {
                self.named.texts = true;
                self.named.data = true;
                self.search_around(path);
                if is_samconfig(name) {
                    self.name_templates_beside(path, folder);
                    return;
                }
                let template = kind.is_some()
                    || matches!(self.look(path, is_virtual, begins_as_template), Looked::Bytes(true));
                if template && kind.is_none() {
                    self.found.by_text.push(path.to_path_buf());
                }
                match template {
                    true => self.name_template(path, is_virtual),
                    false => self.found.of_no_kind.push(path.to_path_buf()),
                }
            }
        }
    }

    /// Names the root module whose calls find their modules by this file.
    fn name_root_of(&mut self, installed: &Path) {
        let above = Path::new(INSTALLED).components().count();
        let Some(root) = installed.ancestors().nth(above) else { return };
        let module = |path: &&PathBuf| path.file_name().and_then(kind_of) == Some(FileKind::Terraform);
        for file in self.files.list(root).iter().filter(module) {
            self.name_module_file(file, false);
        }
    }

    /// Names what `sam deploy` gives the values of a samconfig to.
    fn name_templates_beside(&mut self, samconfig: &Path, folder: &Path) {
        let templates = |path: &&PathBuf| {
            *path != samconfig && path.file_name().and_then(kind_of) == Some(FileKind::Template)
        };
        for template in self.files.list(folder).iter().filter(templates) {
            self.name_template(template, false);
        }
    }

    fn name_module_file(&mut self, path: &Path, is_virtual: bool) {
        self.named.terraform = true;
        self.search_around(path);
        let variables = kind_of(path.file_name().unwrap_or_default()) == Some(FileKind::Variables);
        self.named.data |= variables;
        let mut file = NamedModuleFile { path: path.to_path_buf(), variables, hints: Hints::default() };
        if !variables {
            match self.look(path, is_virtual, module_hints) {
                Looked::Bytes(hints) => file.hints = hints,
                Looked::Failed(error) => self.refuse(path, error.to_string()),
                Looked::Gone => return,
            }
            self.named.opened.push(path.to_path_buf());
        }
        self.named.module_files.push(file);
    }

    fn name_other(&mut self, path: &Path, kind: FileKind, is_virtual: bool) {
        let problem = match self.look(path, is_virtual, |bytes| may_lead_to_key(kind, bytes)) {
            Looked::Bytes(true) if kind == FileKind::Terragrunt => terragrunt(self.files.display(path)),
            Looked::Bytes(true) if kind == FileKind::Program => program(self.files.display(path)),
            Looked::Bytes(true) => tf_stack(self.files.display(path.parent().unwrap_or(path))),
            Looked::Failed(error) => unreadable(self.files, path, error.to_string()),
            Looked::Bytes(false) | Looked::Gone => return,
        };
        self.found.problems.push(problem);
    }

    fn name_template(&mut self, path: &Path, is_virtual: bool) {
        let looked = if is_virtual {
            self.look(path, true, |bytes| keep_template(path, bytes, self.files, false))
        } else {
            look_at_template(path, self.files, false)
        };
        match looked {
            Looked::Bytes(template) => self.named.templates.extend(template),
            Looked::Failed(error) => self.refuse(path, error.to_string()),
            Looked::Gone => return,
        }
        self.named.opened.push(path.to_path_buf());
    }

    /// What `f` makes of the bytes, from disk or from memory.
    fn look<T>(&self, path: &Path, is_virtual: bool, f: impl FnOnce(&[u8]) -> T) -> Looked<T> {
        if !is_virtual {
            return look(self.files, path, f);
        }
        match self.files.read(path) {
            Ok(file) => Looked::Bytes(f(self.files.source(file).text.as_bytes())),
            Err(error) => Looked::Failed(error),
        }
    }

    /// Has the work tree of `path` searched, else the working directory, else the file's own folder.
    fn search_around(&mut self, path: &Path) {
        let root = self.files.root();
        let below = if path.starts_with(root) { Some(root) } else { path.parent() };
        if let Some(boundary) = path.parent().and_then(work_tree).or(below).filter(|b| b.is_dir()) {
            self.named.boundaries.insert(boundary.to_path_buf());
        }
    }
}

/// The assembly that `folder` belongs to: of a Stage, the one that has the Stage, by its name or by what its manifest names.
fn whole_assembly(files: &Files, folder: &Path) -> PathBuf {
    let mut whole = folder;
    while let Some((name, parent)) = whole.file_name().zip(whole.parent())
        && is_assembly(files, parent)
        && (is_stage(name) || names_stage(files, parent, name))
    {
        whole = parent;
    }
    whole.to_path_buf()
}

/// What was named or stands below what was named, by path. A template carries whether it was named itself.
#[derive(Default)]
struct Groups {
    modules: BTreeMap<PathBuf, ModuleSeen>,
    templates: BTreeMap<PathBuf, (TemplateSeen, bool)>,
    assemblies: BTreeSet<PathBuf>,
    opened: Vec<PathBuf>,
}

impl Groups {
    fn add(&mut self, seen: Seen, found: &mut Discovered) {
        for module in seen.modules {
            self.modules.entry(module.path.clone()).or_insert(module);
        }
        self.templates.extend(seen.templates.into_iter().map(|t| (t.path.clone(), (t, false))));
        self.assemblies.extend(seen.assemblies);
        self.opened.extend(seen.opened);
        found.problems.extend(seen.problems);
    }

    fn add_module_file(&mut self, file: &NamedModuleFile) {
        let Some(folder) = file.path.parent() else { return };
        let module = self.modules.entry(folder.to_path_buf()).or_default();
        module.path = folder.to_path_buf();
        module.hints = module.hints | file.hints;
        let list = if file.variables { &mut module.tfvars } else { &mut module.files };
        list.push(file.path.clone());
    }

    /// Puts into `found` what counts.
    fn list(&mut self, found: &mut Discovered, files: &Files) {
        found.variables.extend(self.modules.values().flat_map(|m| m.tfvars.iter().cloned()));
        let modules = std::mem::take(&mut self.modules).into_values();
        found.modules.extend(modules.filter(|m| !m.files.is_empty()).map(|m| module_dir(m, false)));
        let imports = self.templates.values().any(|(t, _)| t.hints.template() && t.hints.any(Hints::IMPORT));
        let links = files.links();
        let templates = std::mem::take(&mut self.templates);
        // A link beside its file says nothing more, unless its own folder counts.
        let twice = |template: &TemplateSeen| {
            !template.hints.reaches_out()
                && links.get(&template.path).is_some_and(|real| templates.contains_key(real))
        };
        for (template, named) in templates.values().filter(|(template, _)| !twice(template)).cloned() {
            if template.hints.template() || named || imports {
                found.templates.push(Template {
                    path: template.path,
                    format: template.format,
                    named: true,
                    context: false,
                });
            }
        }
        let is_part = |path: &PathBuf| {
            let up = path.file_name().zip(path.parent());
            up.is_some_and(|(name, parent)| is_stage(name) && self.assemblies.contains(parent))
        };
        found.assemblies = (self.assemblies.iter().filter(|path| !is_part(path)))
            .map(|path| Assembly { path: path.clone(), manifest: path.join("manifest.json"), named: true })
            .collect();
    }
}

fn module_dir(module: ModuleSeen, context: bool) -> ModuleDir {
    let sorted = |mut list: Vec<PathBuf>| {
        // All in one folder, where the bytes tell the order.
        list.sort_by(|a, b| a.as_os_str().cmp(b.as_os_str()));
        list.dedup();
        list
    };
    ModuleDir {
        path: module.path,
        files: sorted(module.files),
        tfvars: sorted(module.tfvars),
        interesting: module.hints.module(),
        keys: module.hints.any(Hints::KEY | Hints::STACK),
        calls_modules: module.hints.any(Hints::CALL),
        initialized: module.initialized,
        modules_json: module.modules_json,
        named: !context,
        context,
    }
}

/// Adds what may call (where a part of a module was named), nest, include or read (where something else was) a named file,
/// and the modules that have it by a link.
fn add_context(seen: Seen, (called, read): (bool, bool), files: &Files, found: &mut Discovered) {
    let known: HashSet<PathBuf> = found.modules.iter().map(|m| m.path.clone()).collect();
    let links = files.links();
    let named: HashSet<PathBuf> = found.named_files.iter().map(|path| files.real(path)).collect();
    let linked = |path: &PathBuf| links.get(path).is_some_and(|real| named.contains(real));
    for module in seen.modules {
        let has = || module.files.iter().chain(&module.tfvars).any(linked);
        let reaches = called && module.hints.any(Hints::CALL) || read && module.hints.module() || has();
        if reaches && !module.files.is_empty() && !known.contains(&module.path) {
            found.modules.push(module_dir(module, true));
        }
    }
    let known: HashSet<PathBuf> = found.templates.iter().map(|t| t.path.clone()).collect();
    for template in seen.templates.into_iter().filter(|t| !known.contains(&t.path)) {
        let TemplateSeen { path, format, .. } = template;
        found.templates.push(Template { path, format, named: false, context: true });
    }
}

fn finish(mut found: Discovered) -> Discovered {
    found.modules.sort_by(|a, b| a.path.cmp(&b.path));
    found.variables.sort();
    found.variables.dedup();
    found.templates.sort_by(|a, b| a.path.cmp(&b.path));
    let key = |p: &Problem| match &p.place {
        Place::Path(path) => (path.clone(), p.kind, p.reason.clone()),
        Place::At(_) => (String::new(), p.kind, p.reason.clone()),
    };
    found.problems.sort_by_cached_key(key);
    found.problems.dedup();
    said_once(&mut found.problems);
    found
}

/// One entry for all Terragrunt units, at the first: a repository has them by the hundred, and what there is to say is
/// the same of each.
fn said_once(problems: &mut Vec<Problem>) {
    let units = problems.iter().filter(|p| p.kind == ProblemKind::Terragrunt).count();
    let mut first = true;
    problems.retain_mut(|p| {
        if p.kind != ProblemKind::Terragrunt || units < 2 {
            return true;
        }
        p.reason = terragrunt_units(units);
        std::mem::take(&mut first)
    });
}
