//! Edits as a unified diff.
//!
//! Answers: what would change? What `git apply` and `patch -p1` read at the root of the work tree. The changed lines are
//! known from the edits, so that nothing is compared. Of data that a function reads only changed lines are shown, and of
//! these only those in which every word is said of the findings anyway; of a file with a secret in them none.

use std::collections::HashSet;
use std::ops::Range;

use super::diagnostic::words;
use super::{messages, remedy, wording};
use crate::judge::finding::Finding;
use crate::source::Files;
use crate::span::{FileId, Span};

/// Lines around a change.
const CONTEXT: usize = 3;

/// One file with what is changed in it, in the order of places.
pub struct FileEdits<'e> {
    /// The file.
    pub file: FileId,
    /// What goes, and what comes.
    pub edits: Vec<(Span, &'e str)>,
    /// Whether lines around a change may be shown.
    pub context: bool,
}

/// The diff of all files, which is about these findings; empty without any.
pub fn diff(changed: &[FileEdits<'_>], findings: &[&Finding], files: &Files) -> String {
    let said: Vec<String> = findings
        .iter()
        .flat_map(|finding| [wording::message(finding, files), remedy::sentence(finding, files)])
        .collect();
    let said: HashSet<&str> = said.iter().flat_map(|text| words(text)).map(|(_, word)| word).collect();
    messages(&changed.iter().map(|file| of_file(file, &said, files)).collect::<String>())
}

fn of_file(changed: &FileEdits<'_>, said: &HashSet<&str>, files: &Files) -> String {
    let source = files.source(changed.file);
    let path = files.in_tree(&source.path);
    let mut out = format!("--- a/{path}\n+++ b/{path}\n");
    let hidden = files.hidden(changed.file);
    let is_data = !changed.context && files.is_data(changed.file);
    let context = if changed.context && hidden.is_empty() { CONTEXT } else { 0 };
    let text = source.text.as_str();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let starts: Vec<usize> = lines
        .iter()
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some(start)
        })
        .collect();
    let line_at = |offset: usize| starts.partition_point(|start| *start < offset);
    let mut added = 0_isize;
    for group in groups(text, &changed.edits, context, &line_at) {
        let old = group.lines;
        let (first, last) = (old.start.saturating_sub(context), (old.end + context).min(lines.len()));
        let start = |line: usize| starts.get(line).copied().unwrap_or(text.len());
        let secret =
            |span: &Span| (span.start as usize) < start(old.end) && start(old.start) < span.end as usize;
        if hidden.iter().any(secret) {
            out.push_str("@@ not shown: a secret stands in these lines @@\n");
            continue;
        }
        let is_said = |(_, word): (usize, &str)| word.is_empty() || said.contains(word);
        let own = text.get(start(old.start)..start(old.end)).unwrap_or_default();
        if is_data && !words(own).all(is_said) {
            out.push_str("@@ not shown: a function reads this file, and more stands in these lines @@\n");
            continue;
        }
        let new = replaced(text, start(old.start)..start(old.end), group.edits);
        let new: Vec<&str> = new.split_inclusive('\n').collect();
        let (before, after) = (old.start - first, last - old.end);
        let (removed, inserted) = (before + old.len() + after, before + new.len() + after);
        let at = first.wrapping_add_signed(added);
        let place = |line: usize, n: usize| if n == 0 { line } else { line + 1 };
        out.push_str(&format!(
            "@@ -{},{removed} +{},{inserted} @@\n",
            place(first, removed),
            place(at, inserted)
        ));
        let mut write = |sign: char, all: &[&str]| {
            for line in all {
                out.push(sign);
                out.push_str(line);
                if !line.ends_with('\n') {
                    out.push_str("\n\\ No newline at end of file\n");
                }
            }
        };
        write(' ', lines.get(first..old.start).unwrap_or_default());
        write('-', lines.get(old.clone()).unwrap_or_default());
        write('+', &new);
        write(' ', lines.get(old.end..last).unwrap_or_default());
        added += new.len().cast_signed() - old.len().cast_signed();
    }
    out
}

/// Edits whose lines are near each other, with those lines.
struct Group<'g, 'e> {
    lines: Range<usize>,
    edits: &'g [(Span, &'e str)],
}

fn groups<'g, 'e>(
    text: &str,
    edits: &'g [(Span, &'e str)],
    context: usize,
    line_at: &dyn Fn(usize) -> usize,
) -> Vec<Group<'g, 'e>> {
    let starts_line = |at: usize| at == 0 || text.get(..at).is_some_and(|before| before.ends_with('\n'));
    let touched = |(span, new): &(Span, &str)| {
        let (start, end) = (span.start as usize, span.end as usize);
        let whole = starts_line(start) && starts_line(end) && (new.is_empty() || new.ends_with('\n'));
        let first = if starts_line(start) { line_at(start) } else { line_at(start) - 1 };
        first..if whole {
            line_at(end)
        } else if starts_line(end) {
            line_at(end) + 1
        } else {
            line_at(end)
        }
    };
    let mut out: Vec<Group<'_, '_>> = Vec::new();
    let mut from = 0;
    for (at, edit) in edits.iter().enumerate() {
        let lines = touched(edit);
        match out.last_mut() {
            Some(group) if lines.start <= group.lines.end + 2 * context => {
                group.lines.end = group.lines.end.max(lines.end);
                group.edits = edits.get(from..=at).unwrap_or_default();
            }
            _ => {
                from = at;
                out.push(Group { lines, edits: edits.get(at..=at).unwrap_or_default() });
            }
        }
    }
    out
}

/// A stretch of the text with the edits that stand in it made.
fn replaced(text: &str, range: Range<usize>, edits: &[(Span, &str)]) -> String {
    let mut out = String::new();
    let mut at = range.start;
    for (span, new) in edits {
        out.push_str(text.get(at..span.start as usize).unwrap_or_default());
        out.push_str(new);
        at = span.end as usize;
    }
    out.push_str(text.get(at..range.end).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::super::testing::{files, insert};
    use super::*;

    #[test]
    fn changed_lines_stand_between_those_around_them() {
        let files = files();
        let text = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12";
        let file = insert(&files, "a.tf", text);
        let at = |needle: &str| {
            let start = text.find(needle).unwrap();
            Span::new(start, start + needle.len())
        };
        let edits = vec![(Span::new(0, 0), "0\n"), (at("2\n"), ""), (at("11"), "eleven")];
        let said = diff(&[FileEdits { file, edits, context: true }], &[], &files);
        let expected = "--- a/a.tf\n+++ b/a.tf\n@@ -1,5 +1,5 @@\n-1\n-2\n+0\n+1\n 3\n 4\n 5\n@@ -8,5 +8,5 @@\n 8\n 9\n 10\n-11\n+eleven\n 12\n\\ No newline at end of file\n";
        assert_eq!(said, expected);
        let edits = vec![(at("5"), "five")];
        let said = diff(&[FileEdits { file, edits, context: false }], &[], &files);
        assert_eq!(said, "--- a/a.tf\n+++ b/a.tf\n@@ -5,1 +5,1 @@\n-5\n+five\n");
    }

    #[test]
    fn secrets_are_not_shown() {
        let files = files();
        let file = insert(&files, "a.tf", "a = 1\nb = \"hunter2\"\nc = 2\n");
        files.hide(crate::span::Loc::new(file, Span::new(10, 19)));
        let said =
            |span, new| diff(&[FileEdits { file, edits: vec![(span, new)], context: true }], &[], &files);
        assert!(!said(Span::new(4, 5), "2").contains("hunter2"));
        assert!(!said(Span::new(6, 7), "d").contains("hunter2"));
        assert!(said(Span::new(6, 7), "d").contains("not shown"));
    }
}
