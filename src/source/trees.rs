//! Which work tree a path lies in, and what it is called from there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::{Files, has_git, shown, work_tree};

/// The work trees of folders that were asked for: each is above thousands of them, and looking for `.git` in every folder
/// above each takes as long as reading them.
pub(super) type Trees = HashMap<Folder, Option<PathBuf>>;

impl Files {
    /// A path as [`Files::display`] gives it, as programs are told it: from the root of its work tree, wherever the run
    /// was started; below the working directory where there is no work tree, else absolute.
    pub fn in_tree(&self, displayed: &str) -> String {
        let full = self.full(Path::new(displayed));
        let tree = self.tree_of(displayed);
        shown(full.strip_prefix(tree).unwrap_or(&full))
    }

    /// The root of the work tree as people are shown it (`../..`); `.` where there is none.
    pub fn tree_root(&self) -> String {
        self.display(self.tree.as_deref().unwrap_or(&self.root))
    }

    /// The work tree that a path as [`Files::display`] gives it lies in: the run's own, else the nearest one, else the
    /// working directory.
    pub fn tree_of(&self, displayed: &str) -> PathBuf {
        let full = self.full(Path::new(displayed));
        let own = self.tree.as_deref().filter(|tree| full.starts_with(tree));
        own.or_else(|| work_tree(&full)).unwrap_or(&self.root).to_path_buf()
    }

    /// The work tree that a path lies in, as people are shown it, where it is not the run's own.
    pub fn other_tree(&self, displayed: &str) -> Option<String> {
        let tree = self.tree_of(displayed);
        (tree != self.tree.as_deref().unwrap_or(&self.root)).then(|| self.display(&tree))
    }

    /// The name of the folder that is the work tree, else the working directory.
    pub fn tree_name(&self) -> String {
        let name = self.tree.as_deref().unwrap_or(&self.root).file_name();
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// A folder (absolute, links resolved) and those above it, up to the root of its work tree; without one, as far as the
    /// run reads.
    pub fn up_to_tree<'p>(&self, folder: &'p Path) -> impl Iterator<Item = &'p Path> {
        let tree = self.tree_over(folder);
        folder.ancestors().take_while(move |above| match &tree {
            Some(tree) => above.starts_with(tree),
            None => *above == folder || self.covers(above),
        })
    }

    /// As [`work_tree`], with each folder looked into once a run.
    fn tree_over(&self, folder: &Path) -> Option<PathBuf> {
        let Ok(mut trees) = self.trees.lock() else { return work_tree(folder).map(Path::to_path_buf) };
        let mut way = Vec::new();
        let mut tree = None;
        for above in folder.ancestors() {
            if let Some(known) = trees.get(above.as_os_str()) {
                tree = known.clone();
                break;
            }
            way.push(above);
            if has_git(above) {
                tree = Some(above.to_path_buf());
                break;
            }
        }
        trees.extend(way.into_iter().map(|folder| (Folder::from(folder), tree.clone())));
        tree
    }
}
