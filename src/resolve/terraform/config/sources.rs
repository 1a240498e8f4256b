//! What a module source that is no local path names.
//!
//! Answers: do two spellings name one module? `cloudposse/label/null`, its address with the registry's host, and
//! `git::https://github.com/cloudposse/terraform-null-label.git?ref=0.25.0` do. Reads nothing.
//! Source: Terraform language, "Module Sources"; the registry's rule that `o/n/p` is github.com/o/terraform-p-n.

/// A module source, cut into what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleSource {
    /// `namespace/name/provider` for a registry (with its host where it is not the public one), else host and path.
    pub package: String,
    /// The folder inside the package; empty for its top.
    pub folder: String,
    /// The branch, tag or commit that a git source names.
    pub reference: Option<String>,
}

impl ModuleSource {
    /// Reads a source as written. Never fails: what fits no form is a package of that name.
    pub fn parse(source: &str) -> ModuleSource {
        let (path, query) = source.split_once('?').unwrap_or((source, ""));
        let reference = query.split('&').find_map(|p| p.strip_prefix("ref=")).map(str::to_string);
        let path = path.strip_prefix("git::").unwrap_or(path);
        let (scheme, rest) = match path.split_once("://") {
            Some((scheme, rest)) => (scheme, rest),
            None => ("", path),
        };
        // Credentials name nobody's module.
        let host_end = rest.find('/').unwrap_or(rest.len());
        let rest = match rest.get(..host_end).and_then(|host| host.rfind('@')) {
            Some(at) => rest.get(at + 1..).unwrap_or(""),
            None => rest,
        };
        let (package, folder) = rest.split_once("//").unwrap_or((rest, ""));
        let package = package.trim_end_matches('/');
        let package = package.strip_suffix(".git").unwrap_or(package);
        let package = match package.split_once(':') {
            Some((host, path)) if scheme.is_empty() && !host.contains('/') => format!("{host}/{path}"),
            _ => package.to_string(),
        };
        let public = ["registry.terraform.io/", "registry.opentofu.org/"];
        let package = public.iter().find_map(|host| package.strip_prefix(host)).unwrap_or(&package);
        ModuleSource {
            package: package.to_ascii_lowercase(),
            folder: folder.trim_matches('/').to_string(),
            reference,
        }
    }

    /// Whether a registry hands it out: then `version` chooses, else the reference does.
    pub fn is_registry(&self) -> bool {
        let parts: Vec<&str> = self.package.split('/').collect();
        let named = parts.iter().all(|p| !p.is_empty());
        named && (parts.len() == 4 || parts.len() == 3 && parts.first().is_some_and(|p| !p.contains('.')))
    }

    /// The module's name in the public registry, as a repository on GitHub says it: `namespace/name/provider`.
    pub fn published(&self) -> Option<String> {
        let Some(path) = self.package.strip_prefix("github.com/") else {
            return self.is_registry().then(|| self.package.clone());
        };
        let (owner, repository) = path.split_once('/')?;
        let (provider, name) = repository.strip_prefix("terraform-")?.split_once('-')?;
        Some(format!("{owner}/{name}/{provider}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_module_are_one() {
        let label = "cloudposse/label/null";
        for (source, folder, reference) in [
            ("cloudposse/label/null", "", None),
            ("registry.terraform.io/cloudposse/label/null", "", None),
            ("registry.opentofu.org/CloudPosse/label/null//exports", "exports", None),
            ("github.com/cloudposse/terraform-null-label?ref=0.25.0", "", Some("0.25.0")),
            (
                "git::https://github.com/cloudposse/terraform-null-label.git//a/b?depth=1&ref=v1",
                "a/b",
                Some("v1"),
            ),
            ("git@github.com:cloudposse/terraform-null-label.git?ref=main", "", Some("main")),
            ("git::ssh://git@github.com/cloudposse/terraform-null-label.git", "", None),
        ] {
            let read = ModuleSource::parse(source);
            assert_eq!(read.published().as_deref(), Some(label), "{source}");
            assert_eq!((read.folder.as_str(), read.reference.as_deref()), (folder, reference), "{source}");
        }
    }

    #[test]
    fn other_hosts_are_other_modules() {
        for source in
            ["example.com/cloudposse/label/null", "git::https://example.com/x/terraform-null-label.git"]
        {
            let published = ModuleSource::parse(source).published();
            assert_ne!(published.as_deref(), Some("cloudposse/label/null"), "{source}");
        }
        for source in [
            "",
            "/",
            "?",
            "git::",
            "a@b",
            "://",
            "https://example.com/m.zip",
            "github.com/a",
            "ssh://git@github.com:22/cloudposse/terraform-null-label",
            "example.com/a:label/null",
        ] {
            assert_eq!(ModuleSource::parse(source).published(), None, "{source:?}");
        }
    }
}
