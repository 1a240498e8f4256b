//! Where a path leads once every link in it is resolved.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::ReadError;

/// The folders that were resolved, with what they led to: a tree's files are asked for one by one, and looking at each folder
/// above each takes longer than opening them.
#[derive(Default)]
pub(super) struct RealFolders {
    known: Mutex<HashMap<PathBuf, Result<PathBuf, ReadError>>>,
}

impl RealFolders {
    /// As [`resolved`], with each folder resolved once a run. `path` is absolute and clean.
    pub(super) fn resolve(&self, path: &Path) -> Result<PathBuf, ReadError> {
        let (Some(folder), Some(name), true) = (path.parent(), path.file_name(), cfg!(unix)) else {
            return resolved(path);
        };
        let inside = self.folder(folder)?.join(name);
        match inside.symlink_metadata() {
            Ok(meta) if !meta.is_symlink() => Ok(inside),
            Ok(_) => resolved(path),
            Err(error) => Err(unresolved(&error)),
        }
    }

    fn folder(&self, folder: &Path) -> Result<PathBuf, ReadError> {
        if let Some(real) = self.known.lock().ok().and_then(|known| known.get(folder).cloned()) {
            return real;
        }
        let real = self.resolve(folder);
        if let Ok(mut known) = self.known.lock() {
            known.insert(folder.to_path_buf(), real.clone());
        }
        real
    }
}

/// A path with every link resolved. A link that leads nowhere, or to itself, is missing.
pub(super) fn resolved(path: &Path) -> Result<PathBuf, ReadError> {
    dunce::canonicalize(path).map_err(|error| unresolved(&error))
}

fn unresolved(error: &std::io::Error) -> ReadError {
    match ReadError::from(error) {
        ReadError::Io(_) if error.kind() != std::io::ErrorKind::PermissionDenied => ReadError::Missing,
        error => error,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_known_folders_leads_where_the_system_says() {
        let scratch = tempfile::tempdir().unwrap();
        let root = resolved(scratch.path()).unwrap();
        std::fs::create_dir_all(root.join("a/b")).unwrap();
        std::fs::write(root.join("a/b/f"), "").unwrap();
        for (at, to) in [("l", "a"), ("a/b/g", "f"), ("a/b/none", "nothing"), ("a/b/self", "self")] {
            std::os::unix::fs::symlink(to, root.join(at)).unwrap();
        }
        let real = RealFolders::default();
        let paths =
            ["a/b/f", "l/b/f", "l/b/g", "l/b", "l", "a/b/none", "a/b/self", "l/none/f", "a/b/f/x", "a/b/x"];
        for path in paths.map(|path| root.join(path)) {
            for _ in 0..2 {
                assert_eq!(real.resolve(&path), resolved(&path), "{}", path.display());
            }
        }
        assert_eq!(real.resolve(Path::new("/")), Ok("/".into()));
    }
}
