//! What is made of a file's text (a parsed template), made once a run.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::Files;
use crate::span::FileId;

/// Of how many bytes of text the results are kept. A tree is several times as large as its text, and most files are asked
/// for by one unit, within a short time: past this the oldest results are made again.
const KEPT: usize = 32 << 20;

/// The results by file, with the size of the text that each was made of.
#[derive(Default)]
pub(super) struct Made {
    by_file: HashMap<FileId, (Arc<dyn Any + Send + Sync>, usize)>,
    order: std::collections::VecDeque<FileId>,
    size: usize,
}

impl Made {
    fn keep(&mut self, file: FileId, result: Arc<dyn Any + Send + Sync>, size: usize) {
        self.size += size;
        self.order.push_back(file);
        if let Some((_, before)) = self.by_file.insert(file, (result, size)) {
            self.size -= before;
        }
        while self.size > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.size -= self.by_file.remove(&oldest).map_or(0, |(_, size)| size);
        }
    }
}

impl Files {
    /// What `make` makes of a file, made once as long as it is kept. Each file has results of one type.
    pub fn made<T: Any + Send + Sync>(&self, file: FileId, make: impl FnOnce() -> T) -> Arc<T> {
        let known =
            |made: &Mutex<Made>| made.lock().ok()?.by_file.get(&file).map(|(result, _)| result.clone());
        if let Some(Ok(result)) = known(&self.made).map(Arc::downcast) {
            return result;
        }
        let result = Arc::new(make());
        let size = self.source(file).text.len();
        if let Ok(mut made) = self.made.lock() {
            made.keep(file, result.clone(), size);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn what_was_made_is_kept_until_there_is_too_much() {
        let files = Files::new(Path::new("/").into());
        let file =
            |name: &str, size: usize| files.insert_in_memory(Path::new(name), vec![b'a'; size]).unwrap();
        let (a, b) = (file("/a.yaml", 1), file("/b.yaml", KEPT));
        assert_eq!(*files.made(a, || 1), 1);
        assert_eq!(*files.made(a, || 2), 1);
        assert_eq!(*files.made(b, || 3), 3);
        assert_eq!(*files.made(b, || 4), 3);
        assert_eq!(*files.made(a, || 5), 5);
    }
}
