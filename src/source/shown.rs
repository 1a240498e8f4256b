//! What of a file is not shown: values that are secret, and lines of files that functions take apart.

use super::Files;
use crate::span::{FileId, Loc, Span};

impl Files {
    /// Notes that what stands here is not to be shown: a secret's value.
    pub fn hide(&self, loc: Loc) {
        if let Ok(mut table) = self.table.write() {
            let spans = table.hidden.entry(loc.file).or_default();
            if !spans.contains(&loc.span) {
                spans.push(loc.span);
            }
        }
    }

    /// Notes that nothing of a file is to be shown.
    pub fn hide_all(&self, file: FileId) {
        self.hide(Loc::new(file, Span::new(0, self.source(file).text.len())));
    }

    /// Notes that a function reads a file: of its lines nothing is shown but what a report says anyway.
    pub fn take_apart(&self, file: FileId) {
        if let Ok(mut table) = self.table.write() {
            table.data.insert(file);
        }
    }

    /// Notes that a file is judged itself (a template, a file of a module), whatever else reads it.
    pub fn is_judged(&self, file: FileId) {
        if let Ok(mut table) = self.table.write() {
            table.judged.insert(file);
        }
    }

    /// Whether nothing of a file's lines is shown but what a report says anyway.
    pub fn is_data(&self, file: FileId) -> bool {
        self.table.read().is_ok_and(|t| t.data.contains(&file) && !t.judged.contains(&file))
    }

    /// What is not to be shown of a file.
    pub fn hidden(&self, file: FileId) -> Vec<Span> {
        self.table.read().ok().and_then(|t| t.hidden.get(&file).cloned()).unwrap_or_default()
    }
}
