//! Opening and reading one file, by the rule that holds for all: what was opened is looked at, what is not a regular file
//! is refused, and no more than a limit is read.
//!
//! A link is not followed here: whoever has resolved a path means the file itself, even if it was replaced since. Opening
//! waits for nobody (a pipe without a writer).

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::Path;

use super::{MAX_FILE_BYTES, ReadError};

/// Opens a regular file. [`ReadError::Link`] for a link, where the system can tell while opening.
pub fn open(path: &Path) -> Result<File, ReadError> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    #[cfg(not(unix))]
    if path.read_link().is_ok() {
        return Err(ReadError::Link);
    }
    let file = options.open(path).map_err(|e| match e.kind() {
        // A socket cannot be opened, and an open link says "too many links": the reason is of no use.
        _ if path.symlink_metadata().is_ok_and(|meta| meta.is_symlink()) => ReadError::Link,
        _ if path.symlink_metadata().is_ok_and(|meta| !meta.is_file()) => ReadError::NotAFile,
        _ => ReadError::from(&e),
    })?;
    let meta = file.metadata().map_err(|e| ReadError::from(&e))?;
    if meta.is_file() { Ok(file) } else { Err(ReadError::NotAFile) }
}

/// The bytes of a regular file of at most [`MAX_FILE_BYTES`].
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ReadError> {
    up_to(path, MAX_FILE_BYTES)
}

/// The text of a regular file of at most `limit` bytes, for what is not source: version control's own files.
pub fn read_text(path: &Path, limit: u64) -> Result<String, ReadError> {
    up_to(path, limit).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn up_to(path: &Path, limit: u64) -> Result<Vec<u8>, ReadError> {
    let file = open(path)?;
    let size = file.metadata().map_or(0, |meta| meta.len());
    if size > limit {
        return Err(ReadError::TooLarge);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|e| ReadError::from(&e))?;
    if bytes.len() as u64 > limit { Err(ReadError::TooLarge) } else { Ok(bytes) }
}
