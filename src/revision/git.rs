//! The git program, started so that nothing of the repository decides what runs.

use std::ffi::OsString;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};

/// Why a revision cannot be read; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// There is no git.
    #[error("git is not installed, and nothing else reads a revision; install it, or use --baseline FILE")]
    NoGit,
    /// What is looked at is no repository.
    #[error("{folder} is in no git work tree, so that there is no other revision; use --baseline FILE")]
    NoRepository {
        /// The folder.
        folder: String,
    },
    /// git does not trust who owns the repository.
    #[error(
        "git does not read {folder}, which belongs to another user: git config --global --add safe.directory {folder}"
    )]
    Owner {
        /// The folder.
        folder: String,
    },
    /// There is no such revision.
    #[error(
        "there is no revision {revision:?} here; git fetch origin brings the branches and tags of the remote"
    )]
    Unknown {
        /// As typed.
        revision: String,
    },
    /// There is none in what a shallow clone has.
    #[error(
        "there is no revision {revision:?} in this shallow clone; git fetch --unshallow brings the rest (of \
         actions/checkout: `fetch-depth: 0`; of GitLab CI: `GIT_DEPTH: 0`)"
    )]
    Shallow {
        /// As typed.
        revision: String,
    },
    /// An object is not here: a partial clone, or a damaged one.
    #[error(
        "object {object} of that revision is not in this clone, and nothing is fetched here; git fetch --refetch \
         --no-filter brings what a partial clone left out"
    )]
    Missing {
        /// Its name.
        object: String,
    },
    /// Too much to be looked at.
    #[error("the revision holds more than {most} GiB of files that could matter; use --baseline FILE")]
    TooLarge {
        /// In GiB.
        most: u64,
    },
    /// git, or the system, said something else.
    #[error("the revision cannot be read: {0}")]
    System(String),
}

/// git, for one work tree.
pub(super) struct Git {
    program: PathBuf,
    work_tree: PathBuf,
}

/// Variables that would lead git to another repository, or to other objects, than the work tree's own.
const ELSEWHERE: [&str; 15] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_EXTERNAL_DIFF",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// What is set for git: nothing is fetched or replaced, nobody is asked, and the repository is the work tree's own.
const FIXED: [(&str, &str); 7] = [
    ("GIT_ALLOW_PROTOCOL", "none"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_PAGER", "cat"),
    ("LC_ALL", "C"),
];

impl Git {
    pub(super) fn of(work_tree: &Path) -> Result<Git, RevisionError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let program = program(&path, work_tree).ok_or(RevisionError::NoGit)?;
        Ok(Git { program, work_tree: work_tree.to_path_buf() })
    }

    pub(super) fn work_tree(&self) -> &Path {
        &self.work_tree
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        command.envs(FIXED);
        // Not a repository around this one, where `.git` is something else.
        command.env("GIT_CEILING_DIRECTORIES", self.work_tree.parent().unwrap_or(Path::new("/")));
        command.args(["--no-pager", "--no-replace-objects", "--literal-pathspecs"]);
        command.args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "protocol.allow=never",
        ]);
        command.current_dir(&self.work_tree).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.command(arguments).output().map_err(|e| e.to_string())?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(said.lines().next().unwrap_or("git failed").trim_start_matches("fatal: ").to_owned())
    }

    /// The name of the tree that a revision names.
    pub(super) fn tree(&self, revision: &str) -> Result<String, RevisionError> {
        let folder = || self.work_tree.display().to_string();
        let answer = |found: Vec<u8>| String::from_utf8_lossy(&found).trim().to_owned();
        let shallow = match self.run(&["rev-parse", "--is-shallow-repository"]) {
            Ok(found) => answer(found) == "true",
            Err(said) if said.contains("dubious ownership") => {
                return Err(RevisionError::Owner { folder: folder() });
            }
            Err(said) if said.contains("not a git repository") => {
                return Err(RevisionError::NoRepository { folder: folder() });
            }
            Err(said) => return Err(RevisionError::System(said)),
        };
        // What begins like a flag is one to git, wherever it stands.
        let found = if revision.starts_with('-') || revision.is_empty() {
            None
        } else {
            self.run(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{tree}}")]).ok().map(answer)
        };
        let is_name = |name: &String| !name.is_empty() && name.bytes().all(|b| b.is_ascii_hexdigit());
        found.filter(is_name).ok_or_else(|| match shallow {
            true => RevisionError::Shallow { revision: revision.to_owned() },
            false => RevisionError::Unknown { revision: revision.to_owned() },
        })
    }

    /// What `git ls-tree` lists of a tree: everything in it, with sizes, each ended by a zero byte.
    pub(super) fn list(&self, tree: &str) -> Result<Vec<u8>, RevisionError> {
        self.run(&["ls-tree", "-r", "-l", "-z", "--full-tree", tree]).map_err(|said| {
            let object = said.split_ascii_whitespace().find(|word| is_object(word)).map(str::to_owned);
            object.map_or(RevisionError::System(said), |object| RevisionError::Missing { object })
        })
    }

    /// Lets `read` read what `git cat-file --batch` answers to the names in a file, which was just written.
    pub(super) fn objects(
        &self,
        mut names: File,
        read: impl FnOnce(&mut BufReader<ChildStdout>) -> Result<(), RevisionError>,
    ) -> Result<(), RevisionError> {
        use std::io::{Seek, SeekFrom};
        let system = |error: std::io::Error| RevisionError::System(error.to_string());
        names.seek(SeekFrom::Start(0)).map_err(system)?;
        let mut command = self.command(&["cat-file", "--batch", "--buffer"]);
        let mut child =
            command.stdin(names).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(system)?;
        let done = match child.stdout.take() {
            Some(answers) => read(&mut BufReader::new(answers)),
            None => Ok(()),
        };
        if done.is_err() {
            let _ = child.kill();
        }
        child.wait().map_err(system)?;
        done
    }
}

fn is_object(word: &str) -> bool {
    word.len() >= 40 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The git program: the first in the folders that `PATH` names from the root of the file system, but for those in the work
/// tree, which are for the repository to fill.
fn program(path: &OsString, work_tree: &Path) -> Option<PathBuf> {
    let name = if cfg!(windows) { "git.exe" } else { "git" };
    std::env::split_paths(path)
        .filter(|folder| folder.is_absolute())
        .filter_map(|folder| dunce::canonicalize(folder).ok())
        .filter(|folder| !folder.starts_with(work_tree))
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_git_of_the_work_tree_is_never_started() {
        let folder = tempfile::tempdir().unwrap();
        let root = dunce::canonicalize(folder.path()).unwrap();
        let (tree, system) = (root.join("tree"), root.join("system"));
        let name = if cfg!(windows) { "git.exe" } else { "git" };
        for place in [tree.join("bin"), system.clone()] {
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join(name), "").unwrap();
        }
        let path = |folders: &[&Path]| std::env::join_paths(folders).unwrap();
        let found = program(&path(&[Path::new("bin"), Path::new(""), &tree.join("bin"), &system]), &tree);
        assert_eq!(found, Some(system.join(name)));
        assert_eq!(program(&path(&[&tree.join("bin"), Path::new(".")]), &tree), None);
    }
}
