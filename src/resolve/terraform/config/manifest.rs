//! Where `terraform init` put the modules that are no local paths: `.terraform/modules/modules.json` of a root module.
//!
//! Answers: which folder a call leads to, by the path of call names from the root. A file can be older than the
//! sources: an entry counts only for the source and version that the call still names.
//! Source: recorded files; Terraform's module manifest (`Key`, `Source`, `Version`, `Dir`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::sources::ModuleSource;
use super::versions;
use crate::parse::json;
use crate::parse::tree::Node;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::{Files, ReadError, normalize};
use crate::span::{Loc, Span};

/// The entries of a root module's manifest; empty where there is none.
#[derive(Debug, Default)]
pub struct Manifest {
    entries: BTreeMap<String, Entry>,
    /// What is said, where it is needed, of a manifest that is there and cannot be read.
    pub unreadable: Option<Problem>,
}

#[derive(Debug)]
struct Entry {
    source: String,
    version: Option<String>,
    dir: PathBuf,
}

impl Manifest {
    /// Reads the manifest of the root module in `root`. What does not parse counts as not there: then its modules are
    /// not on disk, and that is said where they are called.
    pub fn read(root: &Path, files: &Files) -> Manifest {
        let path = root.join(".terraform/modules/modules.json");
        let file = match files.read(&path) {
            Ok(file) => file,
            Err(ReadError::Missing) => return Manifest::default(),
            Err(error) => {
                let reason = format!("this list of the installed modules {error}");
                let place = Place::Path(files.display(&path));
                let unreadable = Some(Problem::new(ProblemKind::Unreadable, place, reason));
                return Manifest { unreadable, ..Manifest::default() };
            }
        };
        let parsed = json::parse(&files.source(file)).map_err(|error| (error.span, error.message));
        let listed = parsed.and_then(|document| match document.get("Modules") {
            Some(modules) => Ok(modules.clone()),
            None => Err((Span::default(), "this list of the installed modules has no `Modules`".into())),
        });
        let modules = match listed {
            Ok(modules) => modules,
            Err((at, reason)) => {
                let unreadable = Some(Problem::new(ProblemKind::Syntax, Loc::new(file, at), reason));
                return Manifest { unreadable, ..Manifest::default() };
            }
        };
        let modules = modules.items();
        let entries = modules.iter().filter_map(|module| {
            let text = |name: &str| module.get(name).and_then(Node::text);
            let dir = text("Dir")?.replace('\\', "/");
            let entry = Entry {
                source: text("Source")?.to_string(),
                version: text("Version").filter(|v| !v.is_empty()).map(str::to_string),
                // A link that stands there is the folder it leads to.
                dir: files.real(&normalize(&root.join(dir))),
            };
            Some((text("Key").filter(|k| !k.is_empty())?.to_string(), entry))
        });
        Manifest { entries: entries.collect(), unreadable: None }
    }

    /// The folder of the call at `key` (call names joined by dots), if the entry is for this source and version.
    pub fn folder(&self, key: &str, source: &str, version: Option<&str>) -> Option<&Path> {
        let entry = self.entries.get(key)?;
        let admitted = match (version.and_then(versions::constraint), &entry.version) {
            (Some(range), Some(recorded)) => versions::version(recorded).is_none_or(|(v, _)| range.holds(v)),
            _ => true,
        };
        (admitted && same(source, &entry.source)).then_some(&entry.dir)
    }

    /// Every folder that it names.
    pub fn folders(&self) -> impl Iterator<Item = &Path> {
        self.entries.values().map(|e| e.dir.as_path())
    }
}

/// Whether a recorded source is the one that is written.
fn same(written: &str, recorded: &str) -> bool {
    let read = |source: &str| {
        let source = ModuleSource::parse(source.strip_prefix("file://").unwrap_or(source));
        (source.package, source.folder, source.reference)
    };
    written == recorded || read(written) == read(recorded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_counts_for_the_source_that_the_call_still_names() {
        let files = Files::new("/r".into());
        let text = r#"{"Modules":[
            {"Key":"","Source":"","Dir":"."},
            {"Key":"k","Source":"registry.terraform.io/o/n/aws","Version":"2.1.0","Dir":".terraform/modules/k"},
            {"Key":"k.in","Source":"git::https://example.com/x.git?ref=v1","Dir":".terraform/modules/k.in"},
            {"Key":"abs","Source":"file:///srv/m","Dir":".terraform/modules/abs"}, 7, {"Key":"bad"}]}"#;
        files.insert(Path::new("/r/.terraform/modules/modules.json"), text.into()).unwrap();
        let manifest = Manifest::read(Path::new("/r"), &files);
        let check = |key: &str, source: &str, version: Option<&str>, dir: Option<&str>| {
            let found = manifest.folder(key, source, version).map(|d| d.to_string_lossy().into_owned());
            assert_eq!(found.as_deref(), dir, "{key} {source} {version:?}");
        };
        check("k", "o/n/aws", Some("~> 2.0"), Some("/r/.terraform/modules/k"));
        check("k", "o/n/aws", None, Some("/r/.terraform/modules/k"));
        check("k", "o/n/aws", Some("~> 3.0"), None);
        check("k", "o/other/aws", None, None);
        check("k.in", "git::https://example.com/x.git?ref=v1", None, Some("/r/.terraform/modules/k.in"));
        check("k.in", "git::https://example.com/x.git?ref=v2", None, None);
        check("abs", "/srv/m", None, Some("/r/.terraform/modules/abs"));
        check("none", "o/n/aws", None, None);
        assert_eq!(manifest.folders().count(), 3);
    }

    #[test]
    fn a_broken_manifest_is_none() {
        for text in ["", "[]", "{\"Modules\":3}", "{\"Modules\":[null]}", "{"] {
            let files = Files::new("/r".into());
            files.insert(Path::new("/r/.terraform/modules/modules.json"), text.into()).unwrap();
            assert_eq!(Manifest::read(Path::new("/r"), &files).folders().count(), 0, "{text}");
        }
    }
}
