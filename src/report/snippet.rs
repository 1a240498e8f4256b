//! Source text with labels under it.
//!
//! Answers: how does this stretch of a file look, with these places underlined? Drawn by miette, which is only ever
//! shown a window: few lines, or a cut of one long line, harmless for a terminal. It would otherwise scan the whole
//! file for every label, and panic on columns past 65,535 (a minified template). Other formats do not depend on it.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range as Bytes;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, SourceCode, SourceSpan,
    SpanContents, ThemeCharacters, ThemeStyles,
};

use super::place::first_line_span;
use super::plain::{plain, same_length};
use super::style::Style;
use crate::source::{Files, Source};
use crate::span::{FileId, Loc, Span};

/// Labels further apart than this many lines get a snippet each.
const GAP_LINES: usize = 4;

/// Columns that the gutter and the frame take.
const GUTTER: usize = 12;

/// A place and what is said about it. The text is printed as it is: make it harmless first.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where; only its first line is underlined.
    pub loc: Loc,
    /// What it is.
    pub text: String,
    /// Whether it is what the snippet is about: its position is in the snippet's head.
    pub primary: bool,
}

/// Draws snippets; keeps what it prepared of a file for the next one.
pub struct Snippets<'a> {
    files: &'a Files,
    style: &'a Style,
    shown: HashMap<FileId, Arc<Shown>>,
}

/// A file with its text as it may be shown.
struct Shown {
    source: Arc<Source>,
    name: String,
    harmless: Option<String>,
}

impl Shown {
    fn text(&self) -> &str {
        self.harmless.as_deref().unwrap_or(&self.source.text)
    }
}

impl<'a> Snippets<'a> {
    /// Snippets of `files`, drawn in `style`.
    pub fn new(files: &'a Files, style: &'a Style) -> Self {
        Snippets { files, style, shown: HashMap::new() }
    }

    /// One box for each stretch that holds labels: files in the order of their first label, then by offset.
    pub fn render(&mut self, labels: &[Label]) -> String {
        let mut order: Vec<FileId> = Vec::new();
        for label in labels {
            if !order.contains(&label.loc.file) {
                order.push(label.loc.file);
            }
        }
        let mut out = String::new();
        for file in order {
            let of_file = labels.iter().filter(|l| l.loc.file == file);
            let shown = self.shown(file);
            for window in windows(&shown, of_file, self.style.columns().saturating_sub(GUTTER)) {
                out.push_str(&self.draw(&window));
            }
        }
        out
    }

    fn shown(&mut self, file: FileId) -> Arc<Shown> {
        let prepare = || {
            let source = self.files.source(file);
            let harmless = same_length(&source.text);
            let harmless = covered(harmless, &source.text, &self.files.hidden(file));
            Arc::new(Shown { name: plain(&source.path), harmless, source })
        };
        self.shown.entry(file).or_insert_with(prepare).clone()
    }

    fn draw(&self, window: &Window) -> String {
        let drawn = catch_unwind(AssertUnwindSafe(|| self.drawn(window)));
        let shows = |snippet: &String| {
            window.labels.iter().flat_map(|(_, text, _)| text.lines()).all(|line| snippet.contains(line))
        };
        match drawn {
            Ok(Some(snippet)) if shows(&snippet) => without_trailing_blanks(&snippet),
            _ => window.listed(),
        }
    }

    fn drawn(&self, window: &Window) -> Option<String> {
        let mut text = String::new();
        self.handler().render_report(&mut text, window).ok()?;
        // The first line is miette's own message line; ours stands elsewhere.
        text.split_once('\n').map(|(_, snippet)| snippet.to_owned())
    }

    fn handler(&self) -> GraphicalReportHandler {
        let characters =
            if self.style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let styles = if self.style.color { ThemeStyles::ansi() } else { ThemeStyles::none() };
        GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
            .with_width(self.style.columns())
            .with_context_lines(1)
            .with_links(false)
            .without_syntax_highlighting()
    }
}

/// The text with the characters of hidden stretches covered; no byte moves.
fn covered(harmless: Option<String>, text: &str, hidden: &[Span]) -> Option<String> {
    if hidden.is_empty() {
        return harmless;
    }
    let shown = harmless.unwrap_or_else(|| text.to_owned());
    let is_hidden = |at: usize| hidden.iter().any(|span| span.range().contains(&at));
    let cover = |(at, c): (usize, char)| {
        let kept = !is_hidden(at) || c.is_whitespace();
        let times = if kept { 1 } else { c.len_utf8() };
        std::iter::repeat_n(if kept { c } else { '*' }, times)
    };
    Some(shown.char_indices().flat_map(cover).collect())
}

/// Blanks at line ends carry nothing and are lost in editors and diffs.
fn without_trailing_blanks(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end_matches(' '))).collect()
}

/// A stretch of a file with the labels in it: all that miette sees.
struct Window {
    shown: Arc<Shown>,
    bytes: Bytes<usize>,
    last_line: usize,
    labels: Vec<(Span, String, bool)>,
}

/// The windows that hold `labels`, by offset. `room` is how many bytes of a line fit.
fn windows<'l>(shown: &Arc<Shown>, labels: impl Iterator<Item = &'l Label>, room: usize) -> Vec<Window> {
    let mut labels: Vec<_> = labels.map(|l| (visible(&shown.source, l.loc.span), l)).collect();
    labels.sort_by_key(|(span, label)| (*span, !label.primary));
    let mut windows: Vec<Window> = Vec::new();
    for (span, label) in labels {
        let joined = windows.last_mut().is_some_and(|last| last.join(span, room));
        if !joined {
            windows.push(Window::around(shown, span, room));
        }
        if let Some(window) = windows.last_mut() {
            let end = (span.end as usize).min(window.bytes.end);
            window.labels.push((Span::new(span.start as usize, end), label.text.clone(), label.primary));
        }
    }
    windows
}

/// The span as it can be underlined: on one line, inside the file; at the end of the file, its last character.
fn visible(source: &Source, span: Span) -> Span {
    // A byte order mark is no character to point at.
    let last = source.text.trim_end().char_indices().next_back().filter(|(start, _)| *start >= source.bom());
    match last {
        Some((start, c)) if span.start as usize >= start + c.len_utf8() => {
            Span::new(start, start + c.len_utf8())
        }
        _ => first_line_span(source, Span::new((span.start as usize).max(source.bom()), span.end as usize)),
    }
}

impl Window {
    fn around(shown: &Arc<Shown>, span: Span, room: usize) -> Window {
        let source = &shown.source;
        let line = source.position(span.start as usize).line;
        let bytes = cut_line(source, line, span, room);
        let mut window = Window { shown: shown.clone(), bytes, last_line: line, labels: Vec::new() };
        let whole = source.line_range(line).unwrap_or_default();
        if let Some(before) = short_line(source, line.wrapping_sub(1), room)
            && window.bytes.start <= whole.start.max(source.bom())
        {
            window.bytes.start = before.start;
        }
        window.extend_past(line, room);
        window
    }

    /// Takes in the line break of `line` and the line below as context, if the window reaches that far.
    fn extend_past(&mut self, line: usize, room: usize) {
        let source = &self.shown.source;
        let reaches_end = source.line_range(line).is_some_and(|whole| self.bytes.end >= whole.end);
        if !reaches_end {
            return;
        }
        let next_start = |line| source.line_range(line + 1).map_or(source.text.len(), |next| next.start);
        self.bytes.end = next_start(line);
        if short_line(source, line + 1, room).is_some() {
            self.bytes.end = next_start(line + 1);
        }
    }

    /// Grows to hold `span` too, if it is near and nothing long stands between.
    fn join(&mut self, span: Span, room: usize) -> bool {
        if (span.end as usize) <= self.bytes.end && (span.start as usize) >= self.bytes.start {
            return true;
        }
        let source = self.shown.source.clone();
        let line = source.position(span.start as usize).line;
        let near = line > self.last_line && line <= self.last_line + GAP_LINES;
        let reached = source.line_range(self.last_line).is_some_and(|last| self.bytes.end >= last.end);
        let short = (self.last_line..=line).all(|l| short_line(&source, l, room).is_some());
        if !(near && reached && short) {
            return false;
        }
        self.last_line = line;
        self.bytes.end = source.line_range(line).map_or(self.bytes.end, |whole| whole.end);
        self.extend_past(line, room);
        true
    }

    /// The labels without a picture, for a file that has none to draw.
    fn listed(&self) -> String {
        let entry = |(span, text, _): &(Span, String, bool)| {
            let at = self.shown.source.position(span.start as usize);
            format!("   {}:{}:{}: {}\n", self.shown.name, at.line, at.column, text.replace('\n', " "))
        };
        self.labels.iter().map(entry).collect()
    }
}

/// The bytes of a line without a byte order mark or line break, if it is one and they fit.
fn short_line(source: &Source, line: usize, room: usize) -> Option<Bytes<usize>> {
    let whole = source.line_range(line)?;
    let start = whole.start.max(source.bom().min(whole.end));
    (whole.end - start <= room).then_some(start..whole.end)
}

/// The line if it is short, else `room` bytes of it that show `span`'s start.
fn cut_line(source: &Source, line: usize, span: Span, room: usize) -> Bytes<usize> {
    if let Some(short) = short_line(source, line, room) {
        return short;
    }
    let whole = source.line_range(line).unwrap_or_default();
    let first = whole.start.max(source.bom());
    let from_start = (span.end as usize) <= first + room;
    let start = if from_start { first } else { (span.start as usize).saturating_sub(room / 8).max(first) };
    let end = (start + room).min(whole.end);
    let boundary = |mut at: usize| {
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    boundary(start)..boundary(end)
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let asked = span.offset()..span.offset().saturating_add(span.len());
        if asked.start < self.bytes.start || asked.end > self.bytes.end {
            return Err(MietteError::OutOfBounds);
        }
        // Without context miette wants the span itself, for its line and column; else it gets the whole window, so
        // that all labels of it share one frame.
        let bytes = if before == 0 && after == 0 { asked } else { self.bytes.clone() };
        let data = self.shown.text().as_bytes().get(bytes.clone()).ok_or(MietteError::OutOfBounds)?;
        let start = self.shown.source.position(bytes.start);
        Ok(Box::new(Contents {
            data,
            name: &self.shown.name,
            span: (bytes.start, bytes.len()).into(),
            line: start.line - 1,
            column: start.column - 1,
        }))
    }
}

struct Contents<'a> {
    data: &'a [u8],
    name: &'a str,
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.data
    }
    fn span(&self) -> &SourceSpan {
        &self.span
    }
    fn name(&self) -> Option<&str> {
        Some(self.name)
    }
    fn line(&self) -> usize {
        self.line
    }
    fn column(&self) -> usize {
        self.column
    }
    fn line_count(&self) -> usize {
        memchr::memchr_iter(b'\n', self.data).count()
    }
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shown.name)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(".")
    }
}

impl std::error::Error for Window {}

impl Diagnostic for Window {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().map(|(span, text, primary)| {
            let text = Some(text.clone());
            let at = (span.start as usize, span.len());
            if *primary {
                LabeledSpan::new_primary_with_span(text, at)
            } else {
                LabeledSpan::new_with_span(text, at)
            }
        })))
    }
}

#[cfg(test)]
mod tests;
