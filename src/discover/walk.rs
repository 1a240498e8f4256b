//! Folders in parallel: each is one task that reads its listing, judges names, looks into what is worth opening, and
//! hands its subfolders on.
//!
//! A folder at a time, because what a folder is (a work tree, a virtual environment, an assembly, a module) shows
//! only in its whole listing. Tasks are spawned, never waited for inside another, so depth costs no stack. What is
//! seen goes into one heap in any order; `units` sorts it. Must not know what makes a unit.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::Scope;

use super::exclude::Exclude;
use super::look::{
    Looked, TemplateSeen, is_manifest, look, look_at_template, may_lead_to_key, module_hints, program,
    terragrunt, tf_stack, unreadable,
};
use super::rules::{Rules, Unread, never_source};
use super::sniff::{FileKind, kind_of};
use crate::prefilter::Hints;
use crate::problem::{Problem, ProblemKind};
use crate::source::{Files, ReadError};

/// How many files one task looks into: enough to outweigh the task, few enough to share a large folder.
const BATCH: usize = 32;

/// What is wanted of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Everything below a named folder.
    All,
    /// The Terraform files of one folder.
    Module,
    /// What may call, nest or include something that was named: modules, and where asked for templates.
    Context { templates: bool },
}

/// A Terraform folder as seen.
#[derive(Clone, Debug, Default)]
pub(super) struct ModuleSeen {
    pub path: PathBuf,
    pub files: Vec<PathBuf>,
    pub tfvars: Vec<PathBuf>,
    pub hints: Hints,
    pub initialized: bool,
    pub modules_json: bool,
}

/// What one walk saw, in any order.
#[derive(Default)]
pub(super) struct Seen {
    pub modules: Vec<ModuleSeen>,
    pub templates: Vec<TemplateSeen>,
    pub assemblies: Vec<PathBuf>,
    pub opened: Vec<PathBuf>,
    pub problems: Vec<Problem>,
    /// The folders beside those that were walked which links lead to, and which hold none of them.
    pub linked: Vec<PathBuf>,
    /// Every link to a folder, with what it leads to.
    pub folder_links: Vec<(PathBuf, PathBuf)>,
}

/// One walk over one or more folders.
pub(super) struct Walk<'a> {
    files: &'a Files,
    exclude: &'a Exclude,
    want: Want,
    roots: HashSet<PathBuf>,
    seen: Mutex<Seen>,
}

struct Folder {
    path: PathBuf,
    rules: Rules,
    /// Ignored by version control, and read only for the assembly in it.
    ignored: bool,
    /// An assembly whose Stages belong to it.
    in_assembly: bool,
    /// In a virtual environment of Python.
    in_environment: bool,
}

/// A folder's entries: subfolders, files worth opening, and the names that say what the folder is.
#[derive(Default)]
struct Listing {
    folders: Vec<OsString>,
    files: Vec<(OsString, FileKind)>,
    /// The other files.
    others: Vec<OsString>,
    /// Links of which no more is known.
    links: Vec<OsString>,
    git: bool,
    gitignore: bool,
    virtual_environment: bool,
    assembly_mark: bool,
    /// Whether a template is there that CDK wrote.
    generated: bool,
    manifest: bool,
}

impl Listing {
    /// Every file of the folder as [`Files::list`] gives them: links among them, but for those to folders.
    fn all_files(&self, folder: &Path) -> Vec<PathBuf> {
        let files = self.files.iter().map(|(name, _)| name).chain(&self.others);
        let linked = self.links.iter().map(|name| folder.join(name)).filter(|path| !path.is_dir());
        files.map(|name| folder.join(name)).chain(linked).collect()
    }
}

impl<'a> Walk<'a> {
    /// A walk that looks for `want` below each of `roots` (absolute) and leaves candidates' text in `files`.
    pub fn new(files: &'a Files, exclude: &'a Exclude, want: Want, roots: HashSet<PathBuf>) -> Self {
        Walk { files, exclude, want, roots, seen: Mutex::default() }
    }

    /// Walks, and returns what was seen.
    pub fn run(self) -> Seen {
        rayon::scope(|scope| {
            for root in &self.roots {
                let walk = &self;
                scope.spawn(move |scope| {
                    let mut unread = Unread::new();
                    let rules = Rules::above(root, walk.files, &mut unread);
                    walk.say_unread(unread);
                    let folder = Folder {
                        path: root.clone(),
                        rules,
                        ignored: false,
                        in_assembly: false,
                        in_environment: false,
                    };
                    walk.visit(scope, folder);
                });
            }
        });
        self.seen.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn visit<'s>(&'s self, scope: &Scope<'s>, mut folder: Folder) {
        let listing = match list(&folder.path) {
            Ok(listing) => listing,
            // Gone since its parent was listed.
            Err(ReadError::Missing) => return,
            Err(error) => return self.unreadable(&folder.path, &error),
        };
        let root = self.roots.contains(&folder.path);
        folder.in_environment |= listing.virtual_environment && !root;
        let mut unread = Unread::new();
        let rules = folder.rules.enter(&folder.path, listing.git, listing.gitignore, self.files, &mut unread);
        self.say_unread(unread);
        let output = listing.assembly_mark || folder.path.file_name() == Some(OsStr::new("cdk.out"));
        // CDK's mark beside templates is enough, whatever the manifest is: they are one app's.
        let listed = || listing.manifest && (listing.assembly_mark || is_manifest(self.files, &folder.path));
        let assembly = output && listing.generated || listed();
        if assembly && self.want == Want::All && (root || !folder.in_assembly) {
            lock(&self.seen).assemblies.push(folder.path.clone());
        }
        if self.want != Want::Module && !folder.ignored {
            for name in &listing.folders {
                self.descend(scope, &folder, name, &rules, assembly, output);
            }
        }
        if self.want == Want::All && !folder.ignored {
            let linked = listing.links.iter().filter(|name| !never_source(name));
            let linked = linked.map(|name| folder.path.join(name));
            let linked = linked.filter(|path| !rules.ignores(path, false) && !self.excluded(path, true));
            linked.for_each(|path| self.see_link(&path));
        }
        let kept = |name: &OsStr, kind: FileKind| {
            let path = folder.path.join(name);
            if self.excluded(&path, false) {
                return None;
            }
            let generated = name.as_encoded_bytes().ends_with(b".template.json");
            let wanted = match kind {
                // What its manifest does not name is left over from an earlier synthesis.
                FileKind::Template if assembly => !name.as_encoded_bytes().ends_with(b".json"),
                FileKind::Template if output && generated => true,
                _ => !folder.ignored && !rules.ignores(&path, false),
            };
            wanted.then_some(path)
        };
        let (mut modules, mut templates, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for (name, kind) in &listing.files {
            let list = match kind {
                FileKind::Terraform | FileKind::Variables => &mut modules,
                FileKind::Template if self.wants_templates() => &mut templates,
                FileKind::Terragrunt | FileKind::Stack | FileKind::Program if self.want == Want::All => {
                    &mut others
                }
                // It may deploy what was named.
                FileKind::Terragrunt if self.is_context() => {
                    lock(&self.seen).opened.extend(kept(name, *kind));
                    continue;
                }
                _ => continue,
            };
            list.extend(kept(name, *kind).map(|path| (path, *kind)));
        }
        if !modules.is_empty() {
            let initialized = listing.folders.iter().any(|n| n == ".terraform");
            if self.see_module(&folder.path, &modules, initialized) {
                self.files.listed(&folder.path, listing.all_files(&folder.path));
            }
        }
        self.see_others(&folder.path, &others);
        self.see_templates(scope, templates);
    }

    fn descend<'s>(
        &'s self,
        scope: &Scope<'s>,
        folder: &Folder,
        name: &OsStr,
        rules: &Rules,
        assembly: bool,
        output: bool,
    ) {
        let asset = output && name.as_encoded_bytes().starts_with(b"asset.");
        if never_source(name) || asset || folder.in_environment && name == "site-packages" {
            return;
        }
        let path = folder.path.join(name);
        // A root below another is walked as the root that it is, by its own rules.
        if self.roots.contains(&path) || self.excluded(&path, true) {
            return;
        }
        let ignored = rules.ignores(&path, true);
        if ignored && !(name == "cdk.out" || path.join("cdk.out").is_file()) {
            return;
        }
        let in_assembly = assembly && is_stage(name);
        let next = Folder {
            path,
            rules: rules.clone(),
            ignored,
            in_assembly,
            in_environment: folder.in_environment,
        };
        scope.spawn(move |scope| self.visit(scope, next));
    }

    /// Notes the folder that a link leads to, or says that it lies outside, where nothing is looked into. Nothing that is
    /// deployed from here needs that.
    fn see_link(&self, path: &Path) {
        if !path.is_dir() {
            return;
        }
        match self.files.resolve(path) {
            Ok(real) => {
                let apart = |root: &PathBuf| !real.starts_with(root) && !root.starts_with(&real);
                let mut seen = lock(&self.seen);
                if self.roots.iter().all(apart) {
                    seen.linked.push(real.clone());
                }
                seen.folder_links.push((path.to_path_buf(), real));
            }
            Err(ReadError::Outside) => {
                let reason = "is a link to a folder outside of the work tree, which is not looked into";
                let problem = unreadable(self.files, path, reason.into());
                lock(&self.seen).problems.push(Problem { kind: ProblemKind::NotNeeded, ..problem });
            }
            Err(_) => {}
        }
    }

    fn is_context(&self) -> bool {
        matches!(self.want, Want::Context { .. })
    }

    fn wants_templates(&self) -> bool {
        matches!(self.want, Want::All | Want::Context { templates: true })
    }

    /// Whether `--exclude` leaves this path out. Its parents are asked for when they are met.
    fn excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.exclude.leaves_out(path, is_dir)
    }

    /// Looks into a module; whether it must be parsed.
    fn see_module(&self, folder: &Path, files: &[(PathBuf, FileKind)], initialized: bool) -> bool {
        let mut module = ModuleSeen { path: folder.to_path_buf(), initialized, ..ModuleSeen::default() };
        let (mut texts, mut opened, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for (path, kind) in files {
            if *kind == FileKind::Variables {
                module.tfvars.push(path.clone());
                continue;
            }
            match look(self.files, path, |bytes| (module_hints(bytes), bytes.to_vec())) {
                Looked::Gone => continue,
                Looked::Bytes((hints, text)) => {
                    module.hints = module.hints | hints;
                    texts.push((path, text));
                }
                Looked::Failed(error) => problems.push(self.problem(path, &error)),
            }
            module.files.push(path.clone());
            opened.push(path.clone());
        }
        let kept = module.hints.module();
        if kept {
            for (path, text) in texts {
                // What was just read cannot fail; if another thread did, reading it later says so.
                let _ = self.files.insert(path, text);
            }
            module.modules_json = initialized && folder.join(".terraform/modules/modules.json").is_file();
        }
        let mut seen = lock(&self.seen);
        seen.opened.append(&mut opened);
        seen.problems.append(&mut problems);
        if !(module.files.is_empty() && module.tfvars.is_empty()) {
            seen.modules.push(module);
        }
        kept
    }

    fn see_templates<'s>(&'s self, scope: &Scope<'s>, mut files: Vec<(PathBuf, FileKind)>) {
        while files.len() > BATCH {
            let batch = files.split_off(files.len() - BATCH);
            scope.spawn(move |_| self.look_into(batch));
        }
        if !files.is_empty() {
            self.look_into(files);
        }
    }

    fn look_into(&self, batch: Vec<(PathBuf, FileKind)>) {
        let mut mine = Seen::default();
        for (path, _) in batch {
            match look_at_template(&path, self.files, self.is_context()) {
                Looked::Gone => continue,
                Looked::Bytes(template) => mine.templates.extend(template),
                Looked::Failed(error) => mine.problems.push(self.problem(&path, &error)),
            }
            mine.opened.push(path);
        }
        let mut seen = lock(&self.seen);
        seen.templates.append(&mut mine.templates);
        seen.problems.append(&mut mine.problems);
        seen.opened.append(&mut mine.opened);
    }

    fn see_others(&self, folder: &Path, files: &[(PathBuf, FileKind)]) {
        let mut stack = None;
        for (path, kind) in files {
            match look(self.files, path, |bytes| may_lead_to_key(*kind, bytes)) {
                Looked::Gone => continue,
                Looked::Bytes(false) => {}
                Looked::Bytes(true) if *kind == FileKind::Terragrunt => {
                    lock(&self.seen).problems.push(terragrunt(self.files.display(path)));
                }
                Looked::Bytes(true) if *kind == FileKind::Program => {
                    lock(&self.seen).problems.push(program(self.files.display(path)));
                }
                // A stack is its folder, however many files it has.
                Looked::Bytes(true) => stack = Some(tf_stack(self.files.display(folder))),
                Looked::Failed(error) => self.unreadable(path, &error),
            }
            lock(&self.seen).opened.push(path.clone());
        }
        lock(&self.seen).problems.extend(stack);
    }

    /// Rules that hide nothing leave nothing out of the answer.
    fn say_unread(&self, unread: Unread) {
        let problems = unread.into_iter().map(|(path, error)| {
            let reason = format!("this file of ignore rules {error}; nothing is left out by it");
            Problem { kind: ProblemKind::NotNeeded, ..unreadable(self.files, &path, reason) }
        });
        lock(&self.seen).problems.extend(problems);
    }

    fn unreadable(&self, path: &Path, error: &ReadError) {
        let problem = self.problem(path, error);
        lock(&self.seen).problems.push(problem);
    }

    fn problem(&self, path: &Path, error: &ReadError) -> Problem {
        unreadable(self.files, path, error.to_string())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic elsewhere ends the run anyway; what was seen before it is whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether a folder of this name, in an assembly, is the assembly of one of its Stages.
pub(super) fn is_stage(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b"assembly-")
}

fn list(folder: &Path) -> Result<Listing, ReadError> {
    let mut listing = Listing::default();
    for entry in std::fs::read_dir(folder).map_err(|e| ReadError::from(&e))? {
        let entry = entry.map_err(|e| ReadError::from(&e))?;
        let (name, kind) = (entry.file_name(), entry.file_type().map_err(|e| ReadError::from(&e))?);
        listing.git |= name == ".git";
        listing.gitignore |= name == ".gitignore";
        if kind.is_dir() {
            listing.folders.push(name);
            continue;
        }
        listing.virtual_environment |= name == "pyvenv.cfg";
        listing.assembly_mark |= name == "cdk.out";
        let Some(what) = kind_of(&name) else {
            if kind.is_file() {
                listing.others.push(name);
            } else if kind.is_symlink() {
                listing.links.push(name);
            }
            continue;
        };
        // A link is followed to a file, never to a folder: a walk cannot loop. One that leads out of the tree is opened,
        // which says so; one that leads nowhere (or to itself) is for whoever needs the file.
        let target = if kind.is_symlink() { std::fs::metadata(entry.path()).ok() } else { None };
        // Whoever deploys what is here would wait for a pipe: opening it says so.
        let file = target.as_ref().map_or(!kind.is_symlink(), |target| !target.is_dir());
        if kind.is_symlink() && target.is_none() {
            listing.links.push(name);
        } else if file {
            listing.manifest |= name == "manifest.json";
            listing.generated |= name.as_encoded_bytes().ends_with(b".template.json");
            listing.files.push((name, what));
        }
    }
    Ok(listing)
}
