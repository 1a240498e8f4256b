//! Reports in files.
//!
//! Answers: how does a report get into a file so that nobody ever reads half of one? It is written beside the file and
//! renamed to it. A link is replaced and not followed: what a pull request checks in cannot lead a report out of the
//! checkout. A disk that is full, or a signal that ends the run, leaves what was there. What is no file (a pipe, `/dev/stdout`) is written to as it is.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::scratch;

/// Writes `text` to `path`: the whole of it, or nothing where it fails.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let is_device = ["/dev", "/proc"].iter().any(|system| path.starts_with(system));
    let stream = fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir());
    if is_device || stream {
        return fs::OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes());
    }
    if path.is_dir() && !path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(io::Error::new(io::ErrorKind::NotFound, "its folder does not exist"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".lonekey-");
    #[cfg(unix)]
    builder.permissions({
        use std::os::unix::fs::PermissionsExt;
        let before = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
        // The process's mask is taken off a new file's.
        before.map_or_else(|| fs::Permissions::from_mode(0o666), |before| before.permissions())
    });
    let beside = || builder.tempfile_in(folder.unwrap_or(Path::new(".")));
    // Dropped last.
    // The name of the file beside it says nothing to anybody.
    let made = scratch::make(beside, |file| file.path());
    let (_own, mut file) = made.map_err(|error| io::Error::from(error.kind()))?;
    file.write_all(text.as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
