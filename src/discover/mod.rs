//! Which files form which deployment unit.
//!
//! Answers: given paths, which Terraform folders, CloudFormation templates and CDK assemblies are there to be judged,
//! and which of their files can hold a key at all ([`crate::prefilter`]). Knows names, ignore rules and bytes; never what a language means,
//! so every answer here errs towards "look at it".
//!
//! ```text
//! rules      what version control ignores, what is never source
//! exclude    what the request leaves out
//! sniff      a file's kind, from its name and first bytes
//! look       one file opened: what it holds, what cannot be read
//! walk       folders in parallel, each with its listing
//! units      what was seen, grouped; named files with what they can affect
//! ```
//!
//! Links: a link to a file is read under its own path; a link to a folder is followed only when it is named, so a
//! walk cannot loop and nothing is counted twice.

mod exclude;
mod look;
mod read;
mod rules;
mod sniff;
mod units;
mod walk;

use std::path::PathBuf;

pub use exclude::Exclude;
pub use sniff::{Format, name_for_text};

use crate::problem::Problem;
use crate::source::Files;

/// What to look through.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Files and folders, absolute or relative to the working directory. One that is named beats every ignore rule.
    pub paths: Vec<PathBuf>,
    /// Paths that exist only in [`Files`] (standard input), put there by [`Files::insert`]; each counts as named.
    pub virtual_files: Vec<PathBuf>,
    /// What to leave out. Beats naming: a hook names every changed file.
    pub exclude: Exclude,
}

/// A folder with Terraform or OpenTofu files: a module, of which each call or the folder itself may make a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleDir {
    /// The folder, absolute.
    pub path: PathBuf,
    /// Its `.tf`, `.tf.json`, `.tofu` and `.tofu.json` files, absolute, sorted. Which of them hide others, and which
    /// override, is for who loads the module to say.
    pub files: Vec<PathBuf>,
    /// Its `.tfvars` and `.tfvars.json` files, absolute, sorted, whether they are loaded unasked or not.
    pub tfvars: Vec<PathBuf>,
    /// Whether a key may come from this module or from what it calls. `false` is safe to skip as a root: but another
    /// module may still call it, for the user names it puts out.
    pub interesting: bool,
    /// Whether a key may be declared in this module itself.
    pub keys: bool,
    /// Whether a file of it may call a module.
    pub calls_modules: bool,
    /// Whether it was initialized: it has a `.terraform` folder.
    pub initialized: bool,
    /// Whether `.terraform/modules/modules.json` is there.
    pub modules_json: bool,
    /// Whether the folder, a file of it, or a folder above it was named.
    pub named: bool,
    /// Whether it is here only because it may call, or embed, what was named.
    pub context: bool,
}

/// A file that can be a CloudFormation template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The file, absolute.
    pub path: PathBuf,
    /// What its text looks like.
    pub format: Format,
    /// Whether the file, or a folder above it, was named.
    pub named: bool,
    /// Whether it is here only because it may nest or include what was named.
    pub context: bool,
}

/// A CDK cloud assembly with a manifest. Assemblies of its Stages are part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembly {
    /// The folder, absolute.
    pub path: PathBuf,
    /// Its `manifest.json`, absolute.
    pub manifest: PathBuf,
    /// Whether the folder, a file of it, or a folder above it was named; so far always true.
    pub named: bool,
}

/// What the walk found, sorted by path; the same whatever the number of threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovered {
    /// Terraform folders.
    pub modules: Vec<ModuleDir>,
    /// Possible templates.
    pub templates: Vec<Template>,
    /// CDK assemblies.
    pub assemblies: Vec<Assembly>,
    /// The files of Terraform variable values, absolute, sorted, whether a module stands beside them or not.
    pub variables: Vec<PathBuf>,
    /// The files that were named one by one, absolute, sorted, whatever they hold: where there are any, only what
    /// they can affect is asked for (besides folders that were named).
    pub named_files: Vec<PathBuf>,
    /// Whether a named file may be one that a function of Terraform reads: anything but a part of a module.
    pub data: bool,
    /// The named files of no kind that is read here. A function of Terraform may read one.
    pub of_no_kind: Vec<PathBuf>,
    /// The named files of no kind whose text begins as a template does.
    pub by_text: Vec<PathBuf>,
    /// The named folders without a file of a kind that is read, shown as reports do.
    pub without_files: Vec<String>,
    /// The links to folders that were met in named ones, with what they lead to, sorted.
    pub folder_links: Vec<(PathBuf, PathBuf)>,
    /// Whether folders were walked, which meet everything that a pattern could leave out.
    pub walked: bool,
    /// How many files were looked at: those whose name says that they could matter.
    pub files_seen: usize,
    /// What could not be read, and what is not examined.
    pub problems: Vec<Problem>,
}

/// Looks through `request`, reading through one buffer a thread; the text of files that must be parsed is left in
/// `files`. Problems: [`Unreadable`](crate::problem::ProblemKind::Unreadable), `Terragrunt`, `Stacks`.
pub fn discover(request: &Request, files: &Files) -> Discovered {
    units::group(request, files)
}
