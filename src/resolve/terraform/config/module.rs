//! A module as written: its blocks by name, overrides merged.
//!
//! Answers: which variables, locals, outputs, resources, data sources, providers and module calls a folder declares.
//! Evaluates nothing.
//! Source: Terraform language, "Files and Directories", "Override Files"; OpenTofu, "Files and Directories".

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::references;
use super::resources::META;
use super::resources::makes_keys;
use super::written;
use super::written::{LocalName, Requirements};
use crate::parse::syntax::{Attribute, Block, Body, ExprKind, Name};
use crate::parse::{hcl, tf_json};
use crate::prefilter::{self, Hints};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::syntax;
use crate::source::{Files, ReadError};
use crate::span::{FileId, Loc, Span};

/// A block or attribute with the file it stands in.
#[derive(Clone, Debug)]
pub struct In<T> {
    /// The file.
    pub file: FileId,
    /// What stands there.
    pub what: T,
}

impl<T> In<T> {
    /// The place `span` of its file.
    pub fn loc(&self, span: Span) -> Loc {
        Loc::new(self.file, span)
    }
}

/// A reference that is refused whatever is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The part of the reference that is wrong.
    pub span: Span,
    /// What is wrong with it.
    pub reason: String,
    /// Where that is said: the part itself, or what is wrong in a block whose header is [`Fault::span`].
    pub at: Loc,
    /// Whether it refers to what the module does not declare: what completes the module may.
    pub undeclared: bool,
}

/// The faults of a module by file, in the order of their places.
pub type Faults = HashMap<FileId, Vec<Fault>>;

/// A block whose arguments may come from several files (overrides).
#[derive(Clone, Debug)]
pub struct Decl {
    /// The base block, its body moved to the next two.
    pub base: In<Block>,
    /// The arguments by name, each from where it counts.
    pub args: BTreeMap<String, In<Attribute>>,
    /// The nested blocks that count.
    pub blocks: Vec<In<Block>>,
    /// The defaults of a variable that overrides replace.
    replaced: Vec<In<Attribute>>,
}

/// A second block `_`, or what one sets that its resource sets too.
fn escaped_twice(block: &Block) -> Option<Name> {
    let mut escapes = block.body.blocks.iter().filter(|b| is_escape(b));
    let (first, second) = (escapes.next()?, escapes.next());
    let second = second.map(|second| Name { text: "the block `_`".into(), span: second.header });
    let set =
        |own: &&Attribute| block.body.attribute(&own.name.text).is_some_and(|_| !is_meta(&own.name.text));
    second.or_else(|| first.body.attributes.iter().find(set).map(|own| own.name.clone()))
}

/// A block that holds arguments whose names could be taken for those of Terraform itself.
fn is_escape(block: &Block) -> bool {
    block.kind.text == "_" && block.labels.is_empty()
}

fn is_meta(name: &str) -> bool {
    META.contains(&name)
}

impl Decl {
    fn new(file: FileId, mut block: Block) -> Self {
        let mut body = std::mem::take(&mut block.body);
        let (escapes, blocks): (Vec<Block>, Vec<Block>) = body.blocks.into_iter().partition(is_escape);
        body.blocks = blocks;
        for mut escape in escapes {
            // There they are no arguments of Terraform's.
            let own = escape.body.attributes.iter_mut().filter(|a| is_meta(&a.name.text));
            own.for_each(|attribute| attribute.name.text.insert_str(0, "_."));
            body.attributes.extend(escape.body.attributes);
            body.blocks.extend(escape.body.blocks);
        }
        let args = body.attributes.into_iter().map(|a| (a.name.text.clone(), In { file, what: a })).collect();
        let blocks = body.blocks.into_iter().map(|b| In { file, what: b }).collect();
        Decl { base: In { file, what: block }, args, blocks, replaced: Vec::new() }
    }

    /// The name in the header of a resource.
    pub fn name(&self) -> &str {
        self.base.what.labels.get(1).map_or("", |label| &label.text)
    }

    /// The argument that multiplies it.
    pub fn multiplier(&self) -> Option<&In<Attribute>> {
        self.args.get("count").or_else(|| self.args.get("for_each"))
    }

    /// Whether the value of this variable or output is not to be shown: it is declared sensitive, or ephemeral.
    pub fn is_secret(&self) -> bool {
        self.is_true("sensitive") || self.is_true("ephemeral")
    }

    /// Whether an argument is written as true.
    pub fn is_true(&self, name: &str) -> bool {
        self.args.get(name).is_some_and(|arg| match &arg.what.expr.kind {
            ExprKind::Bool(sensitive) => *sensitive,
            _ => written::literal(&arg.what.expr) == Some("true"),
        })
    }

    /// Every default of a variable and value of an output that is written, one that an override replaces too.
    fn secrets(&self) -> impl Iterator<Item = &In<Attribute>> {
        SECRETS.iter().filter_map(|name| self.args.get(*name)).chain(&self.replaced)
    }

    /// The header of the base block.
    pub fn header(&self) -> Loc {
        self.base.loc(self.base.what.header)
    }

    /// Merges an override: its arguments replace equal ones, its nested blocks all base blocks of their type.
    fn merge(&mut self, over: Decl) {
        let replaced = SECRETS.into_iter().filter(|name| over.args.contains_key(*name));
        self.replaced.extend(replaced.filter_map(|name| self.args.remove(name)));
        self.args.extend(over.args);
        let kinds: Vec<String> = over.blocks.iter().map(|b| made_of(&b.what).into()).collect();
        self.blocks
            .retain(|b| b.what.kind.text == "lifecycle" || !kinds.iter().any(|k| k == made_of(&b.what)));
        self.blocks.extend(over.blocks);
    }
}

/// The type of the blocks that a block is, or that a `dynamic` one makes.
fn made_of(block: &Block) -> &str {
    let kind = &block.kind.text;
    block.labels.first().filter(|_| kind == "dynamic").map_or(kind, |label| &label.text)
}

/// The argument of a variable and that of an output whose value is a secret where they are sensitive.
const SECRETS: [&str; 2] = ["default", "value"];

/// What a value may be marked as, with the words of which one stands in a module that marks one.
const MARKS: [(&str, &[&str]); 2] =
    [("ephemeral", &["ephemeral", "applying"]), ("sensitive", &["sensitive"])];

/// A module as written.
#[derive(Debug, Default)]
pub struct Module {
    /// Its folder, absolute.
    pub dir: PathBuf,
    /// Variables by name.
    pub variables: BTreeMap<String, Decl>,
    /// Locals by name.
    pub locals: BTreeMap<String, In<Attribute>>,
    /// What its values may be marked as, by the argument that says so.
    pub may_mark: BTreeSet<&'static str>,
    /// Outputs by name.
    pub outputs: BTreeMap<String, Decl>,
    /// Managed resources by type and name.
    pub resources: BTreeMap<(String, String), Decl>,
    /// Data sources by type and name.
    pub data: BTreeMap<(String, String), Decl>,
    /// Module calls by name.
    pub calls: BTreeMap<String, Decl>,
    /// Provider blocks by local name and alias.
    pub providers: BTreeMap<LocalName, Decl>,
    /// What `required_providers` says, by local name.
    pub required: Requirements,
    /// The provider configurations that it expects of its caller.
    pub expected: BTreeSet<LocalName>,
    /// Whether a `backend` or `cloud` block says that it is deployed on its own.
    pub has_backend: bool,
    /// The files read.
    pub files: Vec<FileId>,
    /// What does not parse.
    pub problems: Vec<Problem>,
    /// Data sources that only the `check` block around them can read.
    pub scoped: BTreeSet<(String, String)>,
    /// Ephemeral resources by type and name.
    pub ephemeral: BTreeSet<(String, String)>,
    /// References that are refused before anything is evaluated.
    pub faults: Faults,
    /// What is imported.
    imports: Vec<In<Block>>,
    /// What is said to be moved or removed.
    pub statements: Vec<In<Block>>,
    /// What is declared twice, or overrides nothing, by block type and name; said where it is used.
    pub duplicates: BTreeMap<(String, String), Vec<Problem>>,
}

/// Blocks of a module that may decide a key.
const BLOCKS: [&str; 7] = ["data", "locals", "module", "output", "provider", "resource", "variable"];

/// Whether a file of this name belongs to a module.
pub fn is_module_file(name: &str) -> bool {
    !name.starts_with('.') && [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|e| name.ends_with(e))
}

/// The files of a folder that make up its module, in the order they are merged: overrides last. A `.tofu` file hides
/// the `.tf` file of the same stem, as OpenTofu reads them.
pub fn module_files(dir: &Path, files: &Files) -> Vec<PathBuf> {
    let listed = files.list(dir);
    let named = listed.iter().filter_map(|p| Some((p.file_name()?.to_string_lossy(), p)));
    let mut own: Vec<(Cow<str>, &PathBuf)> = named.filter(|(n, _)| is_module_file(n)).collect();
    let tofu: BTreeSet<String> =
        own.iter().map(|(n, _)| n.to_string()).filter(|n| n.contains(".tofu")).collect();
    let hidden = |name: &str| {
        let stem = |ext: &str, tofu_ext: &str| {
            name.strip_suffix(ext).is_some_and(|s| tofu.contains(&format!("{s}{tofu_ext}")))
        };
        !tofu.is_empty() && (stem(".tf", ".tofu") || stem(".tf.json", ".tofu.json"))
    };
    own.retain(|(name, _)| !hidden(name));
    own.sort_by(|a, b| (is_override(&a.0), &a.0).cmp(&(is_override(&b.0), &b.0)));
    own.into_iter().map(|(_, p)| p.clone()).collect()
}

/// Whether a function of a module may read a file, or a template that it deploys may take one in.
pub fn may_read_files(dir: &Path, files: &Files) -> bool {
    module_files(dir, files).iter().filter_map(|path| files.read(path).ok()).any(|file| {
        let source = files.source(file);
        let bytes = source.text.as_bytes();
        prefilter::may_read_files(bytes) || prefilter::terraform_hints(bytes).any(Hints::STACK)
    })
}

/// Whether a file of this name overrides the others.
pub fn is_override(name: &str) -> bool {
    let stem = name.strip_suffix(".json").unwrap_or(name);
    let stem = stem.strip_suffix(".tf").or_else(|| stem.strip_suffix(".tofu")).unwrap_or(stem);
    stem == "override" || stem.ends_with("_override")
}

/// Reads the module of a folder, its faults not looked for yet. What does not parse is a problem of the module; the rest is
/// there.
pub fn load(dir: &Path, files: &Files) -> Module {
    let mut module = Module { dir: dir.to_path_buf(), ..Module::default() };
    for path in module_files(dir, files) {
        let file = match files.read_listed(&path) {
            Ok(file) => file,
            Err(e) => {
                let place = Place::Path(files.display(&path));
                // Where it leads to may be there when this is deployed.
                let nowhere = e == ReadError::Nowhere;
                let kind = if nowhere { ProblemKind::NotNeeded } else { ProblemKind::Unreadable };
                module.problems.push(Problem::new(kind, place, format!("this file {e}")));
                continue;
            }
        };
        let source = files.source(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (body, errors) =
            if name.ends_with(".json") { tf_json::parse(&source) } else { hcl::parse(&source) };
        module.files.push(file);
        files.is_judged(file);
        let has = |word: &str| memchr::memmem::find(source.text.as_bytes(), word.as_bytes()).is_some();
        let marks = MARKS.iter().filter(|(_, words)| words.iter().any(|word| has(word)));
        module.may_mark.extend(marks.map(|(argument, _)| *argument));
        module.problems.extend(errors.iter().map(|error| syntax(file, error)));
        module.add(file, body, is_override(&name));
    }
    for import in std::mem::take(&mut module.imports) {
        let to = import.what.body.attribute("to").and_then(|to| references::resource(&to.expr));
        if let Some((key, _)) =
            to.filter(|(key, _)| makes_keys(&key.0) && !module.resources.contains_key(key))
        {
            let reason = format!("{}.{} is imported, and not declared: Terraform refuses that", key.0, key.1);
            let at = import.loc(import.what.header);
            module.problems.push(Problem::new(ProblemKind::Refused, at, reason));
        }
    }
    for decl in module.variables.values().chain(module.outputs.values()).filter(|d| d.is_secret()) {
        decl.secrets().for_each(|secret| files.hide(secret.loc(secret.what.expr.span)));
    }
    module
}

impl Module {
    fn add(&mut self, file: FileId, body: Body, over: bool) {
        for block in body.blocks {
            let label = |i: usize| block.labels.get(i).map(|l| l.text.clone());
            match (block.kind.text.as_str(), label(0), label(1)) {
                ("variable", Some(name), _) => self.put(|m| &mut m.variables, name, file, block, over),
                ("output", Some(name), _) => self.put(|m| &mut m.outputs, name, file, block, over),
                ("module", Some(name), _) => self.put(|m| &mut m.calls, name, file, block, over),
                ("resource", Some(kind), Some(name)) => {
                    if block.labels.len() > 2 && makes_keys(&kind) {
                        let reason = "a resource block has two labels, its type and its name";
                        let at = Loc::new(file, block.header);
                        self.problems.push(Problem::new(ProblemKind::Refused, at, reason));
                    }
                    self.put(|m| &mut m.resources, (kind, name), file, block, over);
                }
                ("data", Some(kind), Some(name)) => {
                    self.put(|m| &mut m.data, (kind, name), file, block, over)
                }
                ("ephemeral", Some(kind), Some(name)) => {
                    self.ephemeral.insert((kind, name));
                }
                ("check", _, _) => {
                    for inner in block.body.blocks {
                        if let ("data", [kind, name]) = (inner.kind.text.as_str(), inner.labels.as_slice()) {
                            let key = (kind.text.clone(), name.text.clone());
                            self.scoped.insert(key.clone());
                            self.put(|m| &mut m.data, key, file, inner.clone(), over);
                        }
                    }
                }
                ("locals", _, _) => {
                    for attribute in block.body.attributes {
                        self.local(file, attribute, over);
                    }
                }
                ("provider", Some(local), _) => {
                    let alias = block.body.attribute("alias").and_then(|a| written::literal(&a.expr));
                    let name = (local, alias.map(str::to_string));
                    self.put(|m| &mut m.providers, name, file, block, over);
                }
                ("terraform", _, _) => {
                    for required in block.body.blocks("required_providers") {
                        written::requirements(required, &mut self.required);
                        self.expected.extend(written::expected(required));
                    }
                    self.has_backend |=
                        block.body.blocks.iter().any(|b| matches!(b.kind.text.as_str(), "backend" | "cloud"));
                }
                ("moved" | "removed", ..) => self.statements.push(In { file, what: block }),
                ("import", ..) => self.imports.push(In { file, what: block }),
                // Blocks of later versions decide no key; what is meant for one of these may.
                (kind, first, _) => {
                    let known = BLOCKS.contains(&kind.to_ascii_lowercase().as_str());
                    if known || first.as_deref().is_some_and(makes_keys) {
                        let reason = match BLOCKS.contains(&kind) {
                            true => format!("this {kind} block lacks a label"),
                            false => format!("Terraform has no block {kind:?}"),
                        };
                        let at = Loc::new(file, block.header);
                        self.problems.push(Problem::new(ProblemKind::Refused, at, reason));
                    }
                }
            }
        }
    }

    fn local(&mut self, file: FileId, attribute: Attribute, over: bool) {
        let name = attribute.name.text.clone();
        if self.locals.contains_key(&name) && !over {
            self.note_twice(("locals".into(), name.clone()), file, &attribute.name, &format!("local.{name}"));
        } else {
            if over && !self.locals.contains_key(&name) {
                let key = ("locals".into(), name.clone());
                self.note_alone(key, file, &attribute.name, &format!("local.{name}"));
            }
            self.locals.insert(name, In { file, what: attribute });
        }
    }

    fn put<K: Ord>(
        &mut self,
        table: impl Fn(&mut Module) -> &mut BTreeMap<K, Decl>,
        key: K,
        file: FileId,
        block: Block,
        over: bool,
    ) {
        let header = Name { text: block.kind.text.clone(), span: block.header };
        let labels: Vec<&str> = block.labels.iter().map(|l| l.text.as_str()).collect();
        let named = (block.kind.text.clone(), labels.join("."));
        let shown = format!("{} {}", named.0, named.1);
        if let Some(name) = escaped_twice(&block) {
            let reason = format!("{} of {shown} is set twice: Terraform refuses that", name.text);
            self.note(named.clone(), file, &name, reason);
        }
        match table(self).get_mut(&key) {
            Some(base) if over => {
                let depends_on = block.body.attribute("depends_on").map(|set| set.name.clone());
                base.merge(Decl::new(file, block));
                if let Some(name) = depends_on {
                    let reason = format!("an override of {shown} sets depends_on: Terraform refuses that");
                    self.note(named, file, &name, reason);
                }
            }
            Some(_) => self.note_twice(named, file, &header, &shown),
            None => {
                // A provider that is not configured is configured by nothing, which can be overridden.
                if over && (named.0 != "provider" || block.body.attribute("alias").is_some()) {
                    self.note_alone(named, file, &header, &shown);
                }
                table(self).insert(key, Decl::new(file, block));
            }
        }
    }

    fn note_twice(&mut self, key: (String, String), file: FileId, name: &Name, what: &str) {
        let reason = format!(
            "{what} is declared twice in this module; Terraform refuses that, and the first one is judged"
        );
        self.note(key, file, name, reason);
    }

    fn note_alone(&mut self, key: (String, String), file: FileId, name: &Name, what: &str) {
        self.note(key, file, name, format!("{what} overrides nothing: Terraform refuses that"));
    }

    fn note(&mut self, key: (String, String), file: FileId, name: &Name, reason: String) {
        let problem = Problem::new(ProblemKind::Refused, Loc::new(file, name.span), reason);
        self.duplicates.entry(key).or_default().push(problem);
    }
}

/// The literal source of a call, if it has one.
pub fn source_of(call: &Decl) -> Option<&str> {
    literal_argument(call, "source").filter(|source| !source.is_empty())
}

/// The text of an argument that is a literal string.
pub fn literal_argument<'a>(decl: &'a Decl, name: &str) -> Option<&'a str> {
    written::literal(&decl.args.get(name)?.what.expr)
}

/// The module of a text that is in no folder of the user's; `name` is the path that stands for it.
pub fn from_text(name: &Path, text: &str, files: &Files) -> Option<Module> {
    let file = files.insert(name, text.as_bytes().to_vec()).ok()?;
    let (body, errors) = hcl::parse(&files.source(file));
    let mut module = Module { dir: name.to_path_buf(), files: vec![file], ..Module::default() };
    module.problems.extend(errors.iter().map(|error| syntax(file, error)));
    module.add(file, body, false);
    Some(module)
}

/// The folder of a module source that is a path, links resolved as Terraform does; `None` for one that is none.
pub fn local_dir(from: &Path, source: &str, files: &Files) -> Option<PathBuf> {
    ["./", "../", "/"].iter().any(|start| source.starts_with(start)).then(|| files.real(&from.join(source)))
}

/// Whether a source is an address: one or two plain words are neither a folder nor in a registry.
///
/// Source: Terraform language, "Module Sources".
pub fn is_address(source: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    source.split('/').count() > 2 || !source.split('/').all(word)
}

/// Whether a folder holds a module.
pub fn exists(dir: &Path, files: &Files) -> bool {
    files.list(dir).iter().filter_map(|p| p.file_name()).any(|n| is_module_file(&n.to_string_lossy()))
}

/// Where a call says what it calls.
pub fn source_place(call: &Decl) -> Loc {
    call.args.get("source").map_or_else(|| call.header(), |a| a.loc(a.what.expr.span))
}

/// The problem of a call of a module, shown so, whose folder may not be read.
pub fn not_listed(shown: &str, error: &ReadError, at: Loc) -> Problem {
    let reason = format!("the folder of the module {shown} {error}; what it creates is not judged");
    Problem::new(ProblemKind::Unreadable, at, reason)
}

/// The problem of a call, in a module of the folder `from`, that leads to nothing that can be read: its source, and what is
/// shown of it.
pub fn not_on_disk(from: &Path, (source, shown): (&str, &str), at: Loc, files: &Files) -> Problem {
    let Some(dir) = local_dir(from, source, files) else {
        let reason = format!("the module {shown} is not on disk; what it creates is not judged");
        return Problem::new(ProblemKind::RemoteModule, at, reason).once();
    };
    match files.unlisted(&dir) {
        Some(error) => not_listed(shown, &error, at),
        None => {
            let reason = format!("there is no module in the folder {shown}; what it creates is not judged");
            Problem::new(ProblemKind::MissingModule, at, reason)
        }
    }
}

/// The problem of a call whose source depends on inputs.
pub fn source_is_open(at: Loc) -> Problem {
    let reason = "which module this is depends on inputs that are not known; what it creates is not judged";
    Problem::new(ProblemKind::RemoteModule, at, reason)
}
