//! Opening a file that its name makes worth opening: which bytes it holds, and what cannot be read of it.
//!
//! Answers one file at a time, for the walk and for files that were named. Leaves the text of what must be parsed in
//! [`Files`], so that it is read once. Knows the prefilter's hints, and neither folders nor units.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::read::{from_wide, with_bytes};
use super::sniff::{FileKind, Format};
use crate::prefilter::{Hints, resolve_escapes, template_hints, terraform_hints};
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::{Files, ReadError};

/// A template as seen; kept only where its hints are worth something.
#[derive(Clone, Debug)]
pub(super) struct TemplateSeen {
    pub path: PathBuf,
    pub format: Format,
    pub hints: Hints,
}

/// Whether `folder` is an assembly: its `manifest.json` is CDK's, or stands beside CDK's mark; or it is marked as CDK's
/// output and holds a template that CDK wrote.
pub(super) fn is_assembly(files: &Files, folder: &Path) -> bool {
    let marked = folder.join("cdk.out").is_file();
    if folder.join("manifest.json").is_file() && (marked || is_manifest(files, folder)) {
        return true;
    }
    let output = marked || folder.file_name().is_some_and(|name| name == "cdk.out");
    let generated = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        name.as_encoded_bytes().ends_with(b".template.json") && entry.path().is_file()
    };
    output && std::fs::read_dir(folder).is_ok_and(|list| list.flatten().any(generated))
}

/// Whether the `manifest.json` of `folder` lists artifacts that CDK deploys. An unreadable one does not.
pub(super) fn is_manifest(files: &Files, folder: &Path) -> bool {
    let holds = |bytes: &[u8], text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    let look = |bytes: &[u8]| {
        let narrow = from_wide(bytes);
        let bytes = resolve_escapes(narrow.as_deref().unwrap_or(bytes));
        // One in YAML is said, since the CDK does not read it.
        holds(&bytes, "artifacts")
            && (holds(&bytes, "aws:cloudformation:stack") || holds(&bytes, "cdk:cloud-assembly"))
    };
    with_bytes(files, &folder.join("manifest.json"), look).unwrap_or(false)
}

/// Whether the manifest of an assembly has the name of a folder in it, of a Stage.
pub(super) fn names_stage(files: &Files, assembly: &Path, folder: &OsStr) -> bool {
    let quoted = [b"\"", folder.as_encoded_bytes(), b"\""].concat();
    let look = |bytes: &[u8]| memchr::memmem::find(bytes, &quoted).is_some();
    with_bytes(files, &assembly.join("manifest.json"), look).unwrap_or(false)
}

/// Whether a file that is only looked at, Terragrunt's, a stack's or a program, could lead to a key.
pub(super) fn may_lead_to_key(kind: FileKind, bytes: &[u8]) -> bool {
    let holds = |text: &str| memchr::memmem::find(bytes, text.as_bytes()).is_some();
    let key = terraform_hints(bytes).any(Hints::KEY | Hints::STACK);
    match kind {
        // It names modules, passes inputs to what lies beside it, or writes a file there, also by what it includes.
        FileKind::Terragrunt => {
            let says = ["inputs", "generate", "include", "extra_arguments"].into_iter().any(holds);
            key || says || holds("source") && (holds("terraform") || holds("unit"))
        }
        // What it computes may be anything; one that says nothing of keys makes none.
        FileKind::Program => holds("AWS::IAM::AccessKey"),
        _ => key || holds("component") || holds("module"),
    }
}

/// The hints of a module file. One in UTF-16 or UTF-32, which Terraform refuses, shows what it holds, for the parser to say so.
pub(super) fn module_hints(bytes: &[u8]) -> Hints {
    match from_wide(bytes) {
        Some(text) => terraform_hints(&text),
        None => terraform_hints(bytes),
    }
}

/// What came of opening a file.
pub(super) enum Looked<T> {
    /// It is no regular file, or a link to none: passed over in a walk.
    Gone,
    Bytes(T),
    Failed(ReadError),
}

pub(super) fn look<T>(files: &Files, path: &Path, f: impl FnOnce(&[u8]) -> T) -> Looked<T> {
    match with_bytes(files, path, f) {
        Ok(result) => Looked::Bytes(result),
        Err(ReadError::Missing) => Looked::Gone,
        Err(error) => Looked::Failed(error),
    }
}

/// Looks into a possible template; `None` inside means that it is none that matters. Leaves its text in `files` where
/// it must be parsed. With `reaching`, only files that nest or include others matter.
pub(super) fn look_at_template(path: &Path, files: &Files, reaching: bool) -> Looked<Option<TemplateSeen>> {
    let needed = if reaching { Hints::reaches_out } else { Hints::template };
    let looked = look(files, path, |bytes| match from_wide(bytes) {
        Some(text) if needed(template_hints(&text)) => Err(ReadError::Wide),
        _ => Ok(keep_template(path, bytes, files, reaching)),
    });
    match looked {
        Looked::Bytes(Ok(template)) => Looked::Bytes(template),
        Looked::Bytes(Err(error)) => Looked::Failed(error),
        Looked::Failed(error) => Looked::Failed(error),
        Looked::Gone => Looked::Gone,
    }
}

pub(super) fn keep_template(
    path: &Path,
    bytes: &[u8],
    files: &Files,
    reaching: bool,
) -> Option<TemplateSeen> {
    let hints = template_hints(bytes);
    let needed = if reaching { hints.reaches_out() } else { hints.template() };
    if needed {
        // What was just read cannot fail; if another thread did, reading it later says so.
        let _ = files.insert(path, bytes.to_vec());
    }
    let kept = needed || !reaching && hints.exports();
    kept.then(|| TemplateSeen { path: path.to_path_buf(), format: Format::of(bytes), hints })
}

/// An entry for a path that cannot be read.
pub(super) fn unreadable(files: &Files, path: &Path, reason: String) -> Problem {
    Problem::new(ProblemKind::Unreadable, Place::Path(files.display(path)), reason)
}

/// What is said of so many Terragrunt units, at the first of them.
pub(super) fn terragrunt_units(units: usize) -> String {
    format!(
        "this is one of {units} Terragrunt units: their modules are judged where they lie, if they are on disk, but the \
         inputs that Terragrunt passes and the files it generates are not examined"
    )
}

/// An entry for a Terragrunt unit at this displayed path.
pub(super) fn terragrunt(path: String) -> Problem {
    let reason = "this is a Terragrunt unit: the module is judged where it lies, if it is on disk, but the inputs \
                  that Terragrunt passes and the files it generates are not examined";
    Problem::new(ProblemKind::Terragrunt, Place::Path(path), reason)
}

/// An entry for a Terraform stack in the folder of this displayed path.
pub(super) fn tf_stack(path: String) -> Problem {
    let reason = "this folder holds a Terraform stack: its components are judged as modules, if they are on disk, but \
                  the inputs and deployments of the stack are not examined";
    Problem::new(ProblemKind::Stacks, Place::Path(path), reason)
}

/// An entry for a program that makes a service, at this displayed path.
pub(super) fn program(path: String) -> Problem {
    let reason = "this program makes a service of the Serverless Framework, whose resources name an access key; what it \
                  makes is not examined (`serverless package` writes it to `.serverless`)";
    Problem::new(ProblemKind::RemoteTemplate, Place::Path(path), reason)
}
