//! Offsets turned into lines and columns.
//!
//! Answers: what is the path, line and column of this place? Formats differ only in the column they take
//! ([`Position`] has both). A range for annotations is cut to its first line: GitHub shows an alert in a pull request
//! only where all of its lines were changed.

use std::sync::Arc;

use crate::problem::Place;
use crate::source::{Files, Position, Source};
use crate::span::{Loc, Span};

/// A place as formats print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Relative to the working directory, with `/`.
    pub path: String,
    /// First byte.
    pub start: Position,
    /// Just past the last byte.
    pub end: Position,
}

impl Range {
    /// The whole range of `loc`.
    pub fn of(files: &Files, loc: Loc) -> Range {
        let source = files.source(loc.file);
        Range::within(&source, loc.span)
    }

    /// The part of `loc` that stands on its first line.
    pub fn first_line(files: &Files, loc: Loc) -> Range {
        let source = files.source(loc.file);
        Range::within(&source, first_line_span(&source, loc.span))
    }

    /// The place of a problem; one without text is the start of its path.
    pub fn of_place(files: &Files, place: &Place) -> Range {
        match place {
            Place::At(loc) => Range::of(files, *loc),
            Place::Path(path) => {
                let top = Position { line: 1, column: 1, column_utf16: 1, offset: 0 };
                Range { path: path.clone(), start: top, end: top }
            }
        }
    }

    fn within(source: &Arc<Source>, span: Span) -> Range {
        Range {
            path: source.path.clone(),
            start: source.position(span.start as usize),
            end: source.position(span.end as usize),
        }
    }

    /// `path:line:column`.
    pub fn text(&self) -> String {
        format!("{}:{}:{}", self.path, self.start.line, self.start.column)
    }
}

/// The span cut to the line it starts on and to the file; both ends on character boundaries.
pub fn first_line_span(source: &Source, span: Span) -> Span {
    let start = source.position(span.start as usize);
    let line_end = source.line_range(start.line).map_or(start.offset, |line| line.end);
    let end = source.position((span.end as usize).min(line_end.max(start.offset)));
    Span::new(start.offset, end.offset)
}
