//! Patterns of paths relative to a folder, as the configuration has them.
//!
//! Answers: does a path lie in what the pattern names, and which files does it fit? `*` and `?` stop at a folder, `**` does
//! not. A pattern stays below its folder. Links to folders are not followed, and what never holds source is not entered.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::Files;

/// Folders that hold nobody's values.
const NEVER: [&str; 4] = [".git", ".terraform", "node_modules", ".venv"];

/// The files below `folder` that a pattern fits, sorted. `Err` says what is wrong with the pattern.
pub fn named(pattern: &str, folder: &Path, files: &Files) -> Result<Vec<PathBuf>, String> {
    let pattern = below(pattern)?;
    let matcher = matcher(pattern)?;
    // The folders that come before the first pattern need not be searched.
    let plain = |part: &&str| !part.contains(['*', '?', '[', '{', '\\']);
    let start: PathBuf = pattern.split('/').take_while(plain).collect();
    let start =
        if folder.join(&start).is_dir() { start } else { start.parent().unwrap_or(&start).to_path_buf() };
    let (mut found, mut todo) = (Vec::new(), vec![folder.join(start)]);
    while let Some(dir) = todo.pop() {
        let fits = |path: &&PathBuf| path.strip_prefix(folder).is_ok_and(|below| matcher.is_match(below));
        found.extend(files.list(&dir).iter().filter(fits).cloned());
        let Ok(entries) = files.resolve(&dir).map(std::fs::read_dir) else { continue };
        let folders = entries.into_iter().flatten().flatten();
        let folders = folders.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let entered = |entry: &std::fs::DirEntry| !NEVER.iter().any(|name| entry.file_name() == *name);
        todo.extend(folders.filter(entered).map(|entry| entry.path()));
    }
    found.sort();
    Ok(found)
}

/// Whether a pattern is one, and stays below its folder; `Err` says what is wrong with it.
pub fn check(pattern: &str) -> Result<(), String> {
    matcher(below(pattern)?).map(drop)
}

/// A pattern by gitignore's rules, relative to a folder. `Err` says what is wrong with it. Source: gitignore(5).
pub fn ignoring(folder: &Path, pattern: &str) -> Result<Gitignore, String> {
    let wrong = |e: ignore::Error| e.to_string();
    let mut builder = GitignoreBuilder::new(folder);
    builder.add_line(None, pattern).map_err(wrong)?;
    builder.build().map_err(wrong)
}

/// What a pattern names: a folder or file with all that is in it, or everything that it fits.
#[derive(Clone, Debug)]
pub struct Paths {
    folder: PathBuf,
    pattern: PathBuf,
    matcher: GlobMatcher,
}

impl Paths {
    /// What `pattern` names below `folder` (absolute); `.` is all of it. `Err` says what is wrong with the pattern.
    pub fn new(folder: &Path, pattern: &str) -> Result<Paths, String> {
        let pattern = below(pattern)?.trim_end_matches('/');
        let folder = folder.to_path_buf();
        Ok(Paths {
            folder,
            pattern: if pattern == "." { "".into() } else { pattern.into() },
            matcher: matcher(pattern)?,
        })
    }

    /// Whether a path (absolute) lies in it.
    pub fn hold(&self, path: &Path) -> bool {
        let Ok(way) = path.strip_prefix(&self.folder) else { return false };
        way.starts_with(&self.pattern) || way.ancestors().any(|above| self.matcher.is_match(above))
    }
}

/// A pattern, if it stays below its folder.
fn below(pattern: &str) -> Result<&str, String> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    if pattern.is_empty() || Path::new(pattern).is_absolute() || pattern.split('/').any(|part| part == "..") {
        return Err("it must stay below the folder that it starts in: no absolute path, and no `..`".into());
    }
    Ok(pattern)
}

fn matcher(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_names_files_below_its_folder() {
        let scratch = tempfile::tempdir().unwrap();
        let root = dunce::canonicalize(scratch.path()).unwrap();
        for path in ["a/prod.tfvars", "a/dev.tfvars", "b/c/prod.tfvars", ".terraform/prod.tfvars", "p.json"] {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), "").unwrap();
        }
        let files = Files::new(root.clone());
        let check = |pattern: &str, expected: &[&str]| {
            let expected: Vec<PathBuf> = expected.iter().map(|path| root.join(path)).collect();
            assert_eq!(named(pattern, &root, &files).unwrap(), expected, "{pattern}");
        };
        check("a/*.tfvars", &["a/dev.tfvars", "a/prod.tfvars"]);
        check("**/prod.tfvars", &["a/prod.tfvars", "b/c/prod.tfvars"]);
        check("./p.json", &["p.json"]);
        check("*.tfvars", &[]);
        check("{a,b}/**", &["a/dev.tfvars", "a/prod.tfvars", "b/c/prod.tfvars"]);
        for wrong in ["/etc/*", "../x", "a/../../x", "a[", ""] {
            assert!(named(wrong, &root, &files).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_folder_holds_what_is_in_it_and_a_pattern_what_it_fits() {
        let check = |pattern: &str, path: &str, holds: bool| {
            let paths = Paths::new(Path::new("/r"), pattern).unwrap();
            assert_eq!(paths.hold(Path::new(path)), holds, "{pattern} {path}");
        };
        check("envs", "/r/envs/prod/main.tf", true);
        check("envs/", "/r/envs", true);
        check("env", "/r/envs", false);
        check(".", "/r/x", true);
        check(".", "/other/x", false);
        check("envs/*", "/r/envs/prod/main.tf", true);
        check("envs/*", "/r/envs", false);
        check("**/legacy", "/r/a/b/legacy/main.tf", true);
        check("a.yaml", "/r/a.yaml", true);
        assert!(Paths::new(Path::new("/r"), "../x").is_err());
    }
}
