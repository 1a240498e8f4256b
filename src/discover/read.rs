//! Bytes for the prefilter: one buffer a thread, nothing kept.
//!
//! Reads without asking for a size first, since most files are small and each question to the system costs as much as
//! reading one. Knows nothing of formats.

use std::cell::RefCell;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use crate::source::{Files, MAX_FILE_BYTES, MENTION, ReadError, is_wide};

const FIRST: usize = 64 << 10;
/// A buffer that grew past this is given back.
const KEEP: usize = 4 << 20;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What `look` makes of the bytes of a file. [`ReadError::TooLarge`] past [`MAX_FILE_BYTES`].
pub(super) fn with_bytes<R>(
    files: &Files,
    path: &Path,
    look: impl FnOnce(&[u8]) -> R,
) -> Result<R, ReadError> {
    BUFFER.with(|buffer| {
        let mut buffer = buffer.try_borrow_mut().map_err(|e| ReadError::Io(e.to_string()))?;
        let len = fill(files.open(path)?, &mut buffer)?;
        let bytes = buffer.get(..len).unwrap_or_default();
        if memchr::memmem::find(bytes, MENTION.as_bytes()).is_some() {
            files.mentions(path);
        }
        let result = look(bytes);
        if buffer.len() > KEEP {
            *buffer = Vec::new();
        }
        Ok(result)
    })
}

/// Reads a whole file to the start of `buffer`, which grows as needed; the number of bytes read.
fn fill(mut file: File, buffer: &mut Vec<u8>) -> Result<usize, ReadError> {
    let most = usize::try_from(MAX_FILE_BYTES + 1).unwrap_or(usize::MAX);
    let mut len = 0;
    loop {
        if len == most {
            return Err(ReadError::TooLarge);
        }
        if len == buffer.len() {
            buffer.resize((len * 2).clamp(FIRST, most), 0);
        }
        match file.read(buffer.get_mut(len..).unwrap_or_default()) {
            Ok(0) => return Ok(len),
            Ok(read) => len += read,
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(ReadError::from(&e)),
        }
    }
}

/// UTF-16 or UTF-32 text with its zero bytes left out, which is how it looks to a search for ASCII.
pub(super) fn from_wide(bytes: &[u8]) -> Option<Vec<u8>> {
    is_wide(bytes).then(|| bytes.iter().copied().filter(|&b| b != 0).collect())
}
