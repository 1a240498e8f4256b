//! Which units there are, and which front end each one goes to.
//!
//! The only place where front ends meet. Answers: given what the walk found, what is a unit of its own (a module that
//! another one calls, or a template that another one nests, is judged through that one).

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::terraform::config::module::may_read_files;
use super::terraform::plan::keys;
use super::terraform::plan::roots::{Roots, roots};
use super::{Request, VarFlag, cdk, cloudformation, template};
use crate::discover::{Discovered, ModuleDir};
use crate::key::{Mode, Resolved};
use crate::problem::Problem;
use crate::source::Files;
use crate::source::folder::Folder;
use crate::unit::{UnitKind, UnitName};

pub use super::terraform::config::Modules;

/// One thing to resolve and judge.
#[derive(Debug)]
pub enum Job {
    /// A Terraform root module, by its folder.
    Terraform(PathBuf),
    /// A template file.
    Template(PathBuf),
    /// Template files of which some import what others export.
    Linked(Vec<PathBuf>),
    /// Template files that Copilot merges into one, by their folder.
    Addons(PathBuf),
    /// A CDK cloud assembly, by its folder.
    Assembly(PathBuf),
}

impl Job {
    /// Resolves it: one result per unit that shares nothing with the others.
    pub fn resolve(&self, request: Request, mode: Mode) -> Vec<Resolved> {
        let Request { files, inputs, .. } = request;
        match self {
            Job::Terraform(dir) => {
                let (resolved, embedded) = keys::resolve(dir, request, mode);
                if embedded.stacks.is_empty() {
                    return vec![resolved];
                }
                let unit = UnitName { kind: UnitKind::Terraform, path: files.display(dir) };
                vec![template::embedded::add(resolved, embedded, unit, files, inputs, mode)]
            }
            Job::Template(path) => cloudformation::resolve(path, files, inputs, mode),
            Job::Linked(paths) => vec![cloudformation::resolve_linked(paths, files, inputs, mode)],
            Job::Addons(dir) => vec![cloudformation::addons::resolve(dir, files, inputs, mode)],
            Job::Assembly(dir) => vec![cdk::resolve(dir, files, inputs, mode)],
        }
    }
}

impl Job {
    /// The folder or file that stands for it: of linked templates, which are one unit of reports, the first.
    pub fn path(&self) -> &Path {
        match self {
            Job::Terraform(path) | Job::Assembly(path) | Job::Addons(path) | Job::Template(path) => path,
            Job::Linked(paths) => paths.first().map_or(Path::new("."), PathBuf::as_path),
        }
    }

    /// The names of the inputs that its unit declares.
    pub fn declares(&self, Request { files, modules, .. }: Request) -> BTreeSet<String> {
        match self {
            Job::Terraform(dir) => modules.load(dir, files).variables.keys().cloned().collect(),
            Job::Template(path) => cloudformation::parameters(path, files).into_iter().collect(),
            Job::Linked(paths) => {
                paths.iter().flat_map(|path| cloudformation::parameters(path, files)).collect()
            }
            Job::Addons(dir) => cloudformation::addons::parameters(dir, files).into_iter().collect(),
            Job::Assembly(dir) => cdk::parameters(dir, files).into_iter().collect(),
        }
    }
}

/// What is to be judged.
#[derive(Debug)]
pub struct Plan {
    /// Every job, in the order of paths within each kind.
    pub jobs: Vec<Job>,
    /// The root modules among them that count only if they read a file that was named.
    if_read: BTreeSet<PathBuf>,
    /// What belongs to no job.
    pub problems: Vec<Problem>,
    /// Root modules that need no job, because nothing that they reach can declare a key.
    pub without_keys: Vec<PathBuf>,
}

impl Plan {
    /// Whether a job counts only if it reads a file that was named.
    pub fn counts_if_read(&self, job: &Job) -> bool {
        matches!(job, Job::Terraform(dir) if self.if_read.contains(dir))
    }

    /// Plans the jobs of a walk: roots among the module folders, templates that nothing nests, assemblies.
    pub fn new(found: &Discovered, request: Request) -> Plan {
        let Request { files, inputs, .. } = request;
        let mut jobs = Vec::new();
        let mut problems = Vec::new();
        let mut without_keys = Vec::new();
        let mut if_read = BTreeSet::new();
        // Files that lead to a named one.
        let real: BTreeSet<PathBuf> = found.named_files.iter().map(|path| files.real(path)).collect();
        let links = files.links().into_iter().filter(|(_, to)| real.contains(to));
        let leading: Vec<PathBuf> = links.map(|(link, _)| link).collect();
        // A module that is not interesting itself matters only as the callee of one that is.
        let folder = |m: &ModuleDir| Folder::from(m.path.as_path());
        let dirs: Vec<Folder> =
            found.modules.iter().filter(|m| m.interesting || m.calls_modules).map(folder).collect();
        if !dirs.is_empty() {
            let keyless: BTreeSet<Folder> = found.modules.iter().filter(|m| !m.keys).map(folder).collect();
            let mut named: BTreeSet<Folder> = found.modules.iter().filter(|m| m.named).map(folder).collect();
            named.extend(leading.iter().filter_map(|link| link.parent()).map(Folder::from));
            let Roots { roots, reach, remote, beyond, unreadable, problems: cycles } = roots(&dirs, request);
            problems.extend(cycles);
            for root in roots {
                let Some(reach) = reach.get(&root) else { continue };
                let asked = reach.iter().any(|d| named.contains(d));
                if reach.iter().all(|d| keyless.contains(d) && !beyond.contains(d)) {
                    if !asked {
                        continue;
                    }
                    // Nothing here can declare a key: all there is to say is what is called from elsewhere.
                    let called = reach.iter().filter_map(|d| remote.get(d)).flatten();
                    // Where a module is installed nobody knows then.
                    let said = |p: &Problem| unreadable.get(&root).filter(|_| p.once).unwrap_or(p).clone();
                    problems.extend(called.map(said));
                    without_keys.push(root.to_path_buf());
                    continue;
                }
                if !asked {
                    // What is named may be what it reads, which its evaluation will tell.
                    let may_read = |d: &Folder| beyond.contains(d) || may_read_files(d, files);
                    if !(found.data && reach.iter().any(may_read)) {
                        continue;
                    }
                    if_read.insert(root.to_path_buf());
                }
                jobs.push(Job::Terraform(root.to_path_buf()));
            }
        }
        let mut nested: BTreeSet<PathBuf> = BTreeSet::new();
        let mut parents: Vec<(&Path, Vec<PathBuf>)> = Vec::new();
        let copies = copies(found, files);
        for template in found.templates.iter().filter(|template| !copies.contains(template.path.as_path())) {
            let children = cloudformation::children(&template.path, files, inputs);
            nested.extend(children.iter().cloned());
            parents.push((&template.path, children));
        }
        // A named file may be a snippet, which is no template itself.
        let named = found.templates.iter().filter(|t| t.named).map(|t| &t.path);
        let named: BTreeSet<&Path> = named.chain(&found.named_files).map(PathBuf::as_path).collect();
        let addons_of = |path: &Path| {
            let by_link =
                |(link, to): &(PathBuf, PathBuf)| path.strip_prefix(to).ok().map(|rest| link.join(rest));
            let linked = found.folder_links.iter().filter_map(by_link);
            let paths = [path.to_path_buf()].into_iter().chain(linked);
            paths.into_iter().find_map(|path| cloudformation::addons::folder_of(&path).map(Path::to_path_buf))
        };
        let (addons, own): (Vec<_>, Vec<_>) =
            roots_among(&parents, &nested).into_iter().partition(|path| addons_of(path).is_some());
        let linked = cloudformation::linked(&own, files, inputs);
        let wanted = |path: &PathBuf| reached(path, &parents).iter().any(|p| named.contains(p.as_path()));
        let mut done: BTreeSet<&PathBuf> = BTreeSet::new();
        for path in &own {
            let group = linked.iter().find(|group| group.contains(path));
            if done.contains(path) || !group.map_or(wanted(path), |group| group.iter().any(wanted)) {
                continue;
            }
            jobs.push(match group {
                Some(group) => Job::Linked(group.clone()),
                None => Job::Template(path.clone()),
            });
            done.extend(group.into_iter().flatten());
        }
        // A named file of such a folder may hold no key itself, and one elsewhere may be in it by a link.
        let addons = addons.iter().filter(|path| wanted(path)).chain(&found.named_files).chain(&leading);
        let addons: BTreeSet<PathBuf> = addons.filter_map(|path| addons_of(path)).collect();
        jobs.extend(addons.into_iter().map(Job::Addons));
        // A Stage is judged with the assembly that lists it, whatever its folder is called.
        let mut assemblies: Vec<&Path> = found.assemblies.iter().map(|a| a.path.as_path()).collect();
        if assemblies.len() > 1 {
            for assembly in assemblies.clone() {
                if assemblies.contains(&assembly) {
                    let stages = cdk::stages(assembly, files);
                    let stages: BTreeSet<PathBuf> = stages.iter().map(|stage| files.real(stage)).collect();
                    assemblies.retain(|other| *other == assembly || !stages.contains(&files.real(other)));
                }
            }
        }
        jobs.extend(assemblies.into_iter().map(|path| Job::Assembly(path.to_path_buf())));
        Plan { jobs, if_read, problems, without_keys }
    }

    /// Whether every `--var` and `--parameter`, and something of every `--parameter-file`, is declared by some unit; `Err`
    /// says which is not.
    pub fn declared(&self, request: Request) -> Result<(), String> {
        let Request { files, modules, inputs } = request;
        if inputs.vars.is_empty() && inputs.parameter_flags.is_empty() && inputs.parameter_files.is_empty() {
            return Ok(());
        }
        let mut variables: BTreeSet<String> = BTreeSet::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for dir in &self.without_keys {
            variables.extend(modules.load(dir, files).variables.keys().cloned());
        }
        for job in &self.jobs {
            match job {
                Job::Terraform(_) => variables.extend(job.declares(request)),
                Job::Template(_) | Job::Linked(_) | Job::Addons(_) | Job::Assembly(_) => {
                    names.extend(job.declares(request));
                }
            }
        }
        for flag in &inputs.vars {
            if let VarFlag::Value(name, _) = flag
                && !variables.contains(name)
            {
                return Err(format!("--var {name}: no root module here declares this variable"));
            }
        }
        // A template without a key is no unit, but what it declares is no mistake.
        let without_keys = LazyCell::new(|| -> BTreeSet<String> {
            let all = files.seen().into_iter().filter(|path| path.extension().is_none_or(|end| end != "tf"));
            all.flat_map(|path| cloudformation::parameters(&path, files)).collect()
        });
        let declared = |name: &String| names.contains(name) || without_keys.contains(name);
        for (file, given) in &inputs.parameter_files {
            if !given.is_empty() && !given.iter().any(declared) {
                return Err(format!(
                    "--parameter-file {file}: no template here declares any of its parameters"
                ));
            }
        }
        match inputs.parameter_flags.iter().find(|name| !declared(name)) {
            Some(name) => Err(format!("--parameter {name}: no template here declares this parameter")),
            None => Ok(()),
        }
    }
}

/// Where a tool puts what it makes of a template, below the template's folder, and the names of templates that it does
/// that to.
const BUILT: [(&str, &[&str]); 2] = [
    (".aws-sam/build", &["template.yaml", "template.yml", "template.json"]),
    (".serverless", &["serverless.yml", "serverless.yaml", "serverless.json"]),
];

/// The templates that a tool made of others which are asked for too: what is built of one, and what `cdk synth` prints of an
/// assembly's.
fn copies<'f>(found: &'f Discovered, files: &Files) -> BTreeSet<&'f Path> {
    let named: BTreeSet<&Path> =
        found.templates.iter().filter(|t| t.named).map(|t| t.path.as_path()).collect();
    let is_built = |path: &Path| {
        let below = |folder: &Path| {
            let built = |(place, names): &(&str, &[&str])| {
                path.starts_with(folder.join(place)) && names.iter().any(|n| named.contains(&*folder.join(n)))
            };
            BUILT.iter().any(built)
        };
        path.ancestors().skip(1).any(below)
    };
    let resources = |path: &Path| {
        let (_, loaded) = template::load::load(path, files).ok()?;
        loaded.documents.first()?.get("Resources").cloned()
    };
    let made_by_cdk = |path: &Path| {
        let read = files.read(path);
        read.is_ok_and(|file| files.source(file).text.contains("aws:cdk:path"))
    };
    let mut of_assemblies: Option<Vec<_>> = None;
    let mut is_printed = |path: &Path| {
        let Some(own) = Some(path).filter(|path| made_by_cdk(path)).and_then(resources) else { return false };
        let all = of_assemblies.get_or_insert_with(|| {
            let named = found.assemblies.iter();
            named.flat_map(|a| cdk::templates(&a.path, files)).filter_map(|path| resources(&path)).collect()
        });
        all.iter().any(|other| own.is_alike(other))
    };
    let paths = found.templates.iter().map(|template| template.path.as_path());
    let copies = paths.filter(|path| is_built(path) || !found.assemblies.is_empty() && is_printed(path));
    copies.filter(|path| !found.named_files.iter().any(|named| named == path)).collect()
}

/// The templates that nothing nests; of those that only nest each other, the first of each circle.
fn roots_among(parents: &[(&Path, Vec<PathBuf>)], nested: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let mut own: Vec<PathBuf> =
        parents.iter().map(|(path, _)| path.to_path_buf()).filter(|path| !nested.contains(path)).collect();
    let mut reach: BTreeSet<PathBuf> = own.iter().flat_map(|path| reached(path, parents)).collect();
    for (path, _) in parents {
        if !reach.contains(*path) {
            own.push(path.to_path_buf());
            reach.extend(reached(path, parents));
        }
    }
    own.sort();
    own
}

/// A template with everything that it nests, directly or not.
fn reached(path: &Path, parents: &[(&Path, Vec<PathBuf>)]) -> BTreeSet<PathBuf> {
    let (mut seen, mut todo) = (BTreeSet::new(), vec![path.to_path_buf()]);
    while let Some(path) = todo.pop() {
        if seen.insert(path.clone())
            && let Some((_, children)) = parents.iter().find(|(p, _)| *p == path)
        {
            todo.extend(children.iter().cloned());
        }
    }
    seen
}
