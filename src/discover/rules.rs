//! What a walk leaves out: what version control ignores, and what is never source.
//!
//! Git's rules as `.gitignore` files and `.git/info/exclude` state them, nearest folder first, inside a work tree
//! only (as ripgrep: a `.gitignore` without a `.git` above it says nothing). A nested work tree starts afresh. The
//! user's own excludes file is not read, nor is the index: the first would make the answer depend on the machine,
//! and a file that is tracked although ignored has to be named. Source of the facts: gitignore(5), gitrepository-layout(5).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The rules that hold for the entries of one folder.
#[derive(Clone, Default)]
pub(super) struct Rules {
    in_work_tree: bool,
    nearest: Option<Arc<Layer>>,
}

struct Layer {
    matcher: Gitignore,
    above: Option<Arc<Layer>>,
}

impl Rules {
    /// The rules that come from above `folder`. Where they ignore `folder` itself, or a folder on the way to it,
    /// they are dropped from there on: who names it wants what is in it.
    pub fn above(folder: &Path) -> Rules {
        let Some(root) = folder.ancestors().find(|a| has_git(a)) else { return Rules::default() };
        let Ok(way) = folder.strip_prefix(root) else { return Rules::default() };
        let (mut rules, mut at) = (Rules::default(), root.to_path_buf());
        for part in way.components() {
            rules = rules.enter(&at, has_git(&at), at.join(".gitignore").is_file());
            at.push(part);
            if rules.ignores(&at, true) {
                rules.nearest = None;
            }
        }
        rules
    }

    /// The rules inside `folder`, given what its listing holds.
    pub fn enter(&self, folder: &Path, git: bool, gitignore: bool) -> Rules {
        let mut rules = self.clone();
        if git {
            rules = Rules { in_work_tree: true, nearest: None };
            rules.add(folder, &git_dir(folder).join("info/exclude"));
        }
        if gitignore && rules.in_work_tree {
            rules.add(folder, &folder.join(".gitignore"));
        }
        rules
    }

    fn add(&mut self, folder: &Path, file: &Path) {
        let mut builder = GitignoreBuilder::new(folder);
        // Patterns that do not parse are passed over, as git does; so is a file that cannot be read.
        let _ = builder.add(file);
        if let Ok(matcher) = builder.build()
            && !matcher.is_empty()
        {
            self.nearest = Some(Arc::new(Layer { matcher, above: self.nearest.take() }));
        }
    }

    /// Whether version control ignores this entry, its parents not being ignored.
    pub fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let mut layer = self.nearest.as_deref();
        while let Some(rules) = layer {
            match rules.matcher.matched(path, is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => layer = rules.above.as_deref(),
            }
        }
        false
    }
}

/// The root of the work tree that holds `path`, if one does.
pub(super) fn work_tree(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|a| has_git(a))
}

fn has_git(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

/// Where `info/exclude` lies: `.git` itself, or what a linked work tree's or submodule's `.git` file points at.
fn git_dir(folder: &Path) -> PathBuf {
    let git = folder.join(".git");
    let Ok(text) = std::fs::read_to_string(&git) else { return git };
    let Some(target) = text.trim().strip_prefix("gitdir:") else { return git };
    let target = folder.join(target.trim());
    match std::fs::read_to_string(target.join("commondir")) {
        Ok(common) => target.join(common.trim()),
        Err(_) => target,
    }
}

/// Folders that never hold a project's own source. `venv` and the like are told by the `pyvenv.cfg` in them.
pub(super) fn never_source(name: &OsStr) -> bool {
    const NAMES: [&str; 8] =
        [".git", ".hg", ".svn", ".jj", ".terraform", ".terragrunt-cache", "node_modules", ".venv"];
    NAMES.iter().any(|n| name == *n)
}
