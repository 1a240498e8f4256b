//! Where a run may read: in the work trees of the working directory and of what the command line names.
//!
//! Answers: may this file, links resolved, be read? What else is on this machine is none of a scanned file's business;
//! nor is what the work tree holds beside source: `.git`, with the credentials of the checkout, and Terraform's state.
//! Reads nothing.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::real::RealFolders;
use super::{ReadError, normalize};

/// Folders that may be read in, and single files, all resolved.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    roots: Vec<PathBuf>,
}

impl Bounds {
    pub(super) fn of(root: &Path) -> Self {
        Bounds { roots: vec![root.to_path_buf()] }
    }

    pub(super) fn add(&mut self, root: &Path) {
        self.roots.push(root.to_path_buf());
    }

    /// Whether a path lies inside.
    pub(super) fn hold(&self, path: &Path) -> bool {
        self.roots.iter().any(|root| path.starts_with(root))
    }

    /// The way to a path from the outermost folder that it lies in.
    pub(super) fn way(&self, path: &Path) -> Option<PathBuf> {
        let ways = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok());
        ways.max_by_key(|way| way.components().count()).map(Path::to_path_buf)
    }

    /// Why what is missing at a path may not be asked for: the nearest folder above that is there lies outside.
    pub(super) fn outside(&self, path: &Path, real: &RealFolders) -> Option<ReadError> {
        let above = normalize(path).ancestors().skip(1).find_map(|above| real.resolve(above).ok())?;
        let within = |root: &PathBuf| {
            above.starts_with(root) || root.starts_with(&above) && normalize(path).starts_with(root)
        };
        (!self.roots.iter().any(within)).then_some(ReadError::Outside)
    }

    /// Whether a file or folder, links resolved, may be read.
    pub(super) fn admit(&self, real: &Path) -> Result<(), ReadError> {
        let mut inside = self.roots.iter().filter_map(|root| real.strip_prefix(root).ok()).peekable();
        if inside.peek().is_none() {
            return Err(ReadError::Outside);
        }
        let hidden = |way: &Path| way.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git"));
        // A folder is what is in it, whatever it is called.
        let state = || real.file_name().is_some_and(is_state) && !real.is_dir();
        if inside.all(hidden) || state() {
            return Err(ReadError::Private);
        }
        Ok(())
    }
}

/// Whether a file of this name holds state of Terraform, or a backup of it.
pub fn is_state(name: &OsStr) -> bool {
    memchr::memmem::find(&name.as_encoded_bytes().to_ascii_lowercase(), b".tfstate").is_some()
}

/// The folder with `.git` that a folder, itself included, lies in.
pub fn work_tree(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| has_git(above))
}

/// Whether a folder is the root of a work tree.
pub fn has_git(folder: &Path) -> bool {
    folder.join(".git").symlink_metadata().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_inside_may_be_read_but_for_git_and_state() {
        let mut bounds = Bounds::of(Path::new("/repo"));
        bounds.add(Path::new("/elsewhere/.git/wt"));
        bounds.add(Path::new("/x/one.tfvars"));
        for (path, expected) in [
            ("/repo", Ok(())),
            ("/repo/a/main.tf", Ok(())),
            ("/repo/.github/a.yaml", Ok(())),
            ("/repo/a.git/main.tf", Ok(())),
            ("/repository/a", Err(ReadError::Outside)),
            ("/etc/passwd", Err(ReadError::Outside)),
            ("/repo/.git/config", Err(ReadError::Private)),
            ("/repo/.git", Err(ReadError::Private)),
            ("/repo/sub/.GIT/config", Err(ReadError::Private)),
            ("/repo/a/terraform.tfstate", Err(ReadError::Private)),
            ("/repo/terraform.tfstate.d/live/terraform.tfstate.backup", Err(ReadError::Private)),
            ("/repo/terraform.tfstate.d/notes", Ok(())),
            ("/elsewhere/.git/wt/main.tf", Ok(())),
            ("/x/one.tfvars", Ok(())),
            ("/x/two.tfvars", Err(ReadError::Outside)),
        ] {
            assert_eq!(bounds.admit(Path::new(path)), expected, "{path}");
        }
    }
}
