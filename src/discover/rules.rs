//! What a walk leaves out: what version control ignores, and what is never source.
//!
//! Git's rules as `.gitignore` files and `.git/info/exclude` state them, nearest folder first, inside a work tree
//! only (as ripgrep: a `.gitignore` without a `.git` above it says nothing). A nested work tree starts afresh. The
//! user's own excludes file is not read, nor is the index: the first would make the answer depend on the machine,
//! and a file that is tracked although ignored has to be named. Rules that cannot be read hide nothing, which is said: a `.gitignore`
//! that is a link, which git does not follow either, and what lies outside of the work tree, but for the repository that
//! a linked work tree belongs to. Source of the facts: gitignore(5), gitrepository-layout(5).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::{Files, MAX_FILE_BYTES, ReadError, has_git, read_text, work_tree};

/// The files that say where a repository lies hold one path.
const MAX_POINTER_BYTES: u64 = 64 << 10;

/// The rules that hold for the entries of one folder.
#[derive(Clone, Default)]
pub(super) struct Rules {
    in_work_tree: bool,
    nearest: Option<Arc<Layer>>,
}

/// Files of rules that cannot be read, with why: they hide nothing.
pub(super) type Unread = Vec<(PathBuf, ReadError)>;

struct Layer {
    matcher: Gitignore,
    above: Option<Arc<Layer>>,
}

impl Rules {
    /// The rules that come from above `folder`. Where they ignore `folder` itself, or a folder on the way to it,
    /// they are dropped from there on: who names it wants what is in it.
    pub fn above(folder: &Path, files: &Files, unread: &mut Unread) -> Rules {
        let Some(root) = work_tree(folder) else { return Rules::default() };
        let Ok(way) = folder.strip_prefix(root) else { return Rules::default() };
        let (mut rules, mut at) = (Rules::default(), root.to_path_buf());
        for part in way.components() {
            rules = rules.enter(
                &at,
                has_git(&at),
                at.join(".gitignore").symlink_metadata().is_ok(),
                files,
                unread,
            );
            at.push(part);
            if rules.ignores(&at, true) {
                rules.nearest = None;
            }
        }
        rules
    }

    /// The rules inside `folder`, given what its listing holds.
    pub fn enter(
        &self,
        folder: &Path,
        git: bool,
        gitignore: bool,
        files: &Files,
        unread: &mut Unread,
    ) -> Rules {
        let mut rules = self.clone();
        if git {
            rules = Rules { in_work_tree: true, nearest: None };
            if let Some(git) = git_dir(folder, files) {
                rules.add(folder, &git.join("info/exclude"), unread);
            }
        }
        if gitignore && rules.in_work_tree {
            rules.add(folder, &folder.join(".gitignore"), unread);
        }
        rules
    }

    fn add(&mut self, folder: &Path, file: &Path, unread: &mut Unread) {
        let text = match read_text(file, MAX_FILE_BYTES) {
            Ok(text) => text,
            Err(ReadError::Missing) => return,
            Err(error) => return unread.push((file.to_path_buf(), error)),
        };
        let mut builder = GitignoreBuilder::new(folder);
        for line in text.trim_start_matches('\u{feff}').lines() {
            // Patterns that do not parse are passed over, as git does.
            let _ = builder.add_line(None, line);
        }
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

/// Where `info/exclude` lies: `.git` itself, or what a linked work tree's or submodule's `.git` file points at. `None` where
/// that leads out of what is read, unless the repository there knows of this work tree.
fn git_dir(folder: &Path, files: &Files) -> Option<PathBuf> {
    let git = folder.join(".git");
    if git.is_dir() {
        return files.inside(&git).then_some(git);
    }
    let pointer = |path: &Path| read_text(path, MAX_POINTER_BYTES).ok();
    let text = pointer(&git)?;
    let target = folder.join(text.trim().strip_prefix("gitdir:")?.trim());
    let known = || pointer(&target.join("gitdir")).is_some_and(|back| Path::new(back.trim()) == git);
    let linked = !files.inside(&target) && known();
    let admitted = |path: &Path| linked || files.inside(path);
    let common = pointer(&target.join("commondir")).map(|common| target.join(common.trim()));
    admitted(&target).then(|| common.unwrap_or(target)).filter(|path| admitted(path))
}

/// Folders that never hold a project's own source. Nor does the `site-packages` of a folder with a `pyvenv.cfg`; what
/// else is in such a folder is looked at, since anybody can write that file.
pub(super) fn never_source(name: &OsStr) -> bool {
    const NAMES: [&str; 8] =
        [".git", ".hg", ".svn", ".jj", ".terraform", ".terragrunt-cache", "node_modules", ".venv"];
    NAMES.iter().any(|n| name == *n)
}
