//! Clean paths, without asking the file system.

use std::path::{Component, Path, PathBuf};

/// Whether [`normalize`] would give this very path, which is absolute. May answer `false` for one that it would.
pub(super) fn is_normal(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let clean = |at: usize| {
        let mut parts = bytes.get(at + 1..).unwrap_or_default().splitn(2, |&b| b == b'/');
        !matches!(parts.next().unwrap_or_default(), b"" | b"." | b"..")
    };
    // Elsewhere there are drives, and other separators.
    std::path::MAIN_SEPARATOR == '/'
        && bytes.first() == Some(&b'/')
        && memchr::memchr_iter(b'/', bytes).all(clean)
}

/// `a/./b/../c` as `a/c`, without asking the file system. `..` above the start of a relative path stays; above the
/// root there is nothing but the root.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            Component::ParentDir if out.has_root() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_cleaned_without_the_file_system() {
        let check = |path: &str, clean: &str| {
            assert_eq!(normalize(Path::new(path)), Path::new(clean), "{path}");
            assert!(!is_normal(Path::new(path)), "{path}");
        };
        check("/a/./b/../c", "/a/c");
        check("a/../../b", "../b");
        check("/../a", "/a");
        check("./a//b/", "a/b");
        check(".", "");
        check("/a/..", "/");
        check("/a/.", "/a");
        check("//a", "/a");
        check("a/b", "a/b");
    }

    #[test]
    fn a_clean_path_is_known_to_be() {
        for path in ["/a", "/a/b.c", "/.a/..b/...", "/é/ "] {
            let expected = std::path::MAIN_SEPARATOR == '/';
            assert_eq!(is_normal(Path::new(path)), expected, "{path}");
            assert_eq!(normalize(Path::new(path)).as_os_str(), Path::new(path).as_os_str(), "{path}");
        }
    }
}
