//! What supplies variables, in Terraform's order; what a variable then is, [`super::super::eval::variables`] says.
//!
//! Later wins: default, `TF_VAR_name`, `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and
//! `*.auto.tfvars.json` by file name, then `--var` and `--var-file` as typed.
//! Source: Terraform language, "Input Variables: Variable Definition Precedence"; recorded results of the binary.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::module::{Decl, Module};
use super::references::computes;
use crate::parse::syntax::{Body, Expr, ExprKind, TemplatePart};
use crate::parse::{SyntaxError, hcl, tf_json};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::{Inputs, VarFlag};
use crate::source::{Files, GIT_CRYPT, ReadError, Source};
use crate::span::{FileId, Loc};

/// Where a supplied value comes from.
#[derive(Clone, Debug)]
pub enum Supplied {
    /// An expression in a file.
    Expr(FileId, Expr),
    /// Text from the environment or the command line; `true` for the environment.
    Text(String, bool),
    /// Something in a file that is encrypted: free, whatever else would give it a value.
    Hidden,
}

/// What is supplied to a root module.
#[derive(Debug, Default)]
pub struct RootInputs {
    /// Values by variable name.
    pub values: BTreeMap<String, Supplied>,
    /// The workspace, and whether `TF_WORKSPACE` says so.
    pub workspace: Option<(String, bool)>,
    /// Whether the command line says so.
    pub typed_workspace: bool,
    /// Files that the command line names.
    pub named: HashSet<FileId>,
    /// What counts as free although it is supplied.
    pub free: BTreeSet<String>,
    /// What may be null instead of what supplies it.
    pub nulls: BTreeSet<String>,
    /// Files that were read.
    pub files: Vec<FileId>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Whether a file of this name is loaded by itself.
pub fn is_auto_vars(name: &str) -> bool {
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json")
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}

impl RootInputs {
    /// Collects what is supplied to the root module in `module`.
    pub fn collect(module: &Module, files: &Files, inputs: &Inputs) -> RootInputs {
        let mut root = RootInputs {
            free: inputs.free.clone(),
            nulls: inputs.nulls.clone(),
            typed_workspace: inputs.workspace.is_some(),
            ..RootInputs::default()
        };
        for (name, text) in &inputs.env_vars {
            root.values.insert(name.clone(), Supplied::Text(text.clone(), true));
        }
        let listed = files.list(&module.dir);
        let name_of = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for own in ["terraform.tfvars", "terraform.tfvars.json"] {
            // Where one of these leads nowhere, Terraform takes it for absent.
            if let Some(path) =
                listed.iter().find(|p| name_of(p) == own && files.read(p) != Err(ReadError::Missing))
            {
                root.file(path, files, module);
            }
        }
        for path in listed.iter() {
            let name = name_of(path);
            if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") {
                root.file(path, files, module);
            }
        }
        for flag in &inputs.vars {
            match flag {
                VarFlag::Value(name, text) => {
                    root.values.insert(name.clone(), Supplied::Text(text.clone(), false));
                }
                VarFlag::File(path) => {
                    let before = root.files.len();
                    root.file(path, files, module);
                    root.named.extend(root.files.get(before..).unwrap_or_default().iter().copied());
                }
            }
        }
        let flag = inputs.workspace.clone().map(|w| (w, false));
        root.workspace = flag.or_else(|| inputs.env_workspace.clone().map(|w| (w, true))).or_else(|| {
            let path = module.dir.join(".terraform/environment");
            let read = files.read(&path);
            if let Err(error) = &read
                && *error != ReadError::Missing
            {
                let (place, reason) =
                    (Place::Path(files.display(&path)), format!("the workspace's file {error}"));
                root.problems.push(Problem::new(ProblemKind::Unreadable, place, reason));
            }
            let file = read.ok()?;
            let text = files.source(file).text.trim().to_string();
            (!text.is_empty()).then_some((text, false))
        });
        root
    }

    fn file(&mut self, path: &Path, files: &Files, module: &Module) {
        let file = match files.read_listed(path) {
            Ok(file) => file,
            Err(e) => {
                let place = Place::Path(files.display(path));
                self.problems.push(Problem::new(
                    ProblemKind::Unreadable,
                    place,
                    format!("this variables file {e}"),
                ));
                return;
            }
        };
        self.files.push(file);
        let source = files.source(file);
        let encrypted = encrypted(&source.text);
        if let Some(kind) = encrypted {
            let reason = match kind {
                Encrypted::Values => "this variables file is encrypted; its variables count as free inputs",
                Encrypted::Whole => {
                    "this variables file is encrypted, with the names in it; variables that nothing else gives a value \
                     count as free inputs"
                }
            };
            let at = Loc::new(file, crate::span::Span::default());
            self.problems.push(Problem::new(ProblemKind::EncryptedVariables, at, reason));
        }
        let Some((body, errors)) = parsed(&source, encrypted) else { return };
        // Which of its values are secrets cannot be told from what does not parse, or is no value.
        if !errors.is_empty() || !body.blocks.is_empty() {
            files.hide_all(file);
        }
        let broken = |e: SyntaxError| {
            Problem::new(
                ProblemKind::Syntax,
                Loc::new(file, e.span),
                "this variables file does not parse here",
            )
        };
        self.problems.extend(errors.into_iter().map(broken));
        if let Some(block) = body.blocks.first() {
            let reason = "a variables file gives values only: Terraform refuses this block";
            self.problems.push(Problem::new(ProblemKind::Refused, Loc::new(file, block.header), reason));
        }
        for attribute in body.attributes {
            // What is declared nowhere may be anything.
            let secret = module.variables.get(&attribute.name.text).is_none_or(Decl::is_secret);
            // What is computed is refused, and may be a secret without its quotes.
            if secret || computes(&attribute.expr) {
                files.hide(Loc::new(file, attribute.expr.span));
            }
            let hidden = encrypted.is_some() && is_hidden(&attribute.expr);
            let value = if hidden { Supplied::Hidden } else { Supplied::Expr(file, attribute.expr) };
            self.values.insert(attribute.name.text, value);
        }
    }
}

/// What of a variables file is encrypted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encrypted {
    /// Everything (git-crypt, ansible-vault, sops around a file that is no JSON).
    Whole,
    /// The values: sops leaves the names in JSON.
    Values,
}

/// How a file is encrypted, if it is.
fn encrypted(text: &str) -> Option<Encrypted> {
    let sops = text.contains(SOPS_VALUE);
    // What is no JSON was encrypted as one value, `data`.
    let one_value = ["\"data\": \"ENC[", "\"data\":\"ENC["].iter().any(|data| text.contains(data));
    let names = text.trim_start().starts_with('{') && !one_value;
    let whole = text.starts_with(GIT_CRYPT) || text.starts_with("$ANSIBLE_VAULT;");
    match (whole, sops) {
        (false, false) => None,
        (false, true) if names => Some(Encrypted::Values),
        _ => Some(Encrypted::Whole),
    }
}

/// How sops writes a value.
const SOPS_VALUE: &str = "ENC[AES256_GCM,";

/// Whether a value, or a part of it, is encrypted.
fn is_hidden(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Template(parts) => {
            parts.iter().any(|p| matches!(p, TemplatePart::Literal(text, _) if text.starts_with(SOPS_VALUE)))
        }
        ExprKind::Tuple(items) => items.iter().any(is_hidden),
        ExprKind::Object(entries) => entries.iter().any(|(_, value)| is_hidden(value)),
        _ => false,
    }
}

/// What a variables file says; `None` where nothing of it can be read.
fn parsed(source: &Source, encrypted: Option<Encrypted>) -> Option<(Body, Vec<SyntaxError>)> {
    if encrypted == Some(Encrypted::Whole) {
        return None;
    }
    let json = source.path.ends_with(".json");
    let (mut body, mut errors) = if json { tf_json::parse_variables(source) } else { hcl::parse(source) };
    // In the native syntax the parser says so.
    let mut names = BTreeSet::new();
    let twice = body.attributes.iter().filter(|a| json && !names.insert(&a.name.text));
    errors.extend(twice.map(|a| SyntaxError { span: a.name.span, message: "a value is given twice".into() }));
    if encrypted.is_some() {
        body.attributes.retain(|a| a.name.text != "sops");
    }
    Some((body, errors))
}

/// The names that a variables file gives values to; `None` where they are encrypted. What does not parse names nothing.
pub fn names_in(file: FileId, files: &Files) -> Option<BTreeSet<String>> {
    let source = files.source(file);
    let (body, _) = parsed(&source, encrypted(&source.text))?;
    Some(body.attributes.into_iter().map(|a| a.name.text).collect())
}
