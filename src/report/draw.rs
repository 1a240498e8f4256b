//! A diagnostic as text for people: heading, source lines with labels, facts.
//!
//! Answers: how does this entry look? Source lines are drawn by annotate-snippets, one at a time, so that a line is cut
//! around its own labels and a file of megabytes costs no more than what is shown of it. What stands around them is laid
//! out as rustc does it.
//!
//! ```text
//! certain[rule]: IAM user "ci" gets 2 active access keys
//!   --> main.tf:5:1
//!    |
//!  5 | resource "aws_iam_access_key" "a" {
//!    | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ key 1
//! ...
//!    |
//!    = help: remove …
//! ```

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use annotate_snippets::{AnnotationKind, Group, Level, Snippet};
use miette::{Diagnostic, LabeledSpan, Severity};

use super::diagnostic::Diag;
use super::plain::plain;
use super::style::{Paint, Style, columns};

/// Columns of an underline that stay where its label needs the room.
const SHORTEST_UNDERLINE: usize = 8;

/// How far the second line of a heading is indented.
const HANGING: usize = 4;

/// The whole entry, ending in a line break.
pub fn render(diag: &Diag, style: &Style) -> String {
    let heading = format!("{}[{}]", diag.word, diag.code);
    let mut out = format!("{}: ", style.paint(paint_of(diag.severity), &heading));
    for (i, line) in style.fill(columns(&heading) + 2, HANGING, &diag.message).iter().enumerate() {
        if line.is_empty() {
            // No word fits behind the heading.
            out.truncate(out.trim_end().len());
            out.push('\n');
            continue;
        }
        let indent = if i == 0 { String::new() } else { " ".repeat(HANGING) };
        out.push_str(&format!("{indent}{}\n", style.paint(Paint::Bold, line)));
    }
    let pictures: Vec<Picture> = std::iter::once(diag as &dyn Diagnostic)
        .chain(diag.related().into_iter().flatten())
        .filter_map(picture)
        .collect();
    let last = pictures.iter().flat_map(|p| &p.lines).map(|l| l.number).max().unwrap_or(1);
    let canvas = Canvas { style, severity: diag.severity, gutter: last.to_string().len() };
    for (place, text) in &diag.ahead {
        out.push_str(&canvas.origin(&format!("{place} {text}")));
    }
    for (i, picture) in pictures.iter().enumerate() {
        let first = i == 0 && diag.ahead.is_empty();
        canvas.draw(picture, diag.tight && !first, &mut out);
    }
    if !(diag.facts.is_empty() && diag.help.is_none() || pictures.is_empty()) {
        out.push_str(&canvas.bar());
    }
    for (label, texts) in &diag.facts {
        out.push_str(&canvas.fact(label, texts));
    }
    if let Some(help) = &diag.help {
        out.push_str(&canvas.fact("help", std::slice::from_ref(help)));
    }
    out
}

/// The place of an entry that has no picture.
pub fn origin(place: &str, style: &Style) -> String {
    arrow(2, &plain(place), style)
}

/// `--> place` behind that many blanks, broken where it is wider than the terminal.
fn arrow(indent: usize, place: &str, style: &Style) -> String {
    let blank = " ".repeat(indent);
    let shown = format!("{blank}{} ", style.paint(Paint::Quiet, "-->"));
    style.wrap_painted(&format!("{blank}--> "), &shown, place)
}

/// An entry about a path as a whole: `error: nosuch: no such file or folder`.
pub fn line(word: &str, severity: Severity, path: &str, reason: &str, style: &Style) -> String {
    let first = format!("{word}: ");
    let painted = format!("{}: ", style.paint(paint_of(severity), word));
    let lines = style.fill(columns(&first), HANGING, &format!("{}: {}", plain(path), plain(reason)));
    let indented = |(i, line): (usize, &String)| match i {
        0 => format!("{painted}{line}\n"),
        _ => format!("{}{line}\n", " ".repeat(HANGING)),
    };
    lines.iter().enumerate().map(indented).collect()
}

/// The colour of a severity.
pub fn paint_of(severity: Severity) -> Paint {
    match severity {
        Severity::Error => Paint::Error,
        Severity::Warning => Paint::Warning,
        Severity::Advice => Paint::Note,
    }
}

/// The labelled lines of one file.
struct Picture {
    name: String,
    lines: Vec<Line>,
}

/// A line, or the part of a long one that is shown.
#[derive(Clone)]
struct Line {
    /// From 1.
    number: usize,
    /// How many characters of the line stand before `text`.
    column: usize,
    /// The bytes of the file that `text` is.
    bytes: Range<usize>,
    text: String,
    labels: Vec<LabeledSpan>,
}

impl Line {
    /// `path:line:column` of what is labelled here: of the first thing that the entry is about, if it is here.
    fn place(&self, name: &str) -> String {
        let first = self.labels.iter().find(|l| l.primary()).or(self.labels.first());
        let before = first.map_or(0, |l| l.offset() - self.bytes.start);
        let column = self.text.get(..before).map_or(0, |text| text.chars().count());
        format!("{name}:{}:{}", self.number, self.column + column + 1)
    }

    fn is_primary(&self) -> bool {
        self.labels.iter().any(LabeledSpan::primary)
    }
}

/// What a diagnostic labels in its own source; `None` for nothing.
fn picture(diag: &dyn Diagnostic) -> Option<Picture> {
    let source = diag.source_code()?;
    let mut labels: Vec<LabeledSpan> = diag.labels()?.collect();
    labels.sort_by_key(|label| (label.offset(), !label.primary(), label.len()));
    let mut picture: Option<Picture> = None;
    for label in labels {
        let known = picture.as_mut().and_then(|p| p.lines.last_mut());
        if let Some(line) = known.filter(|line| line.bytes.end >= label.offset()) {
            line.labels.push(label);
            continue;
        }
        let Ok(read) = source.read_span(label.inner(), 0, 0) else { continue };
        let start = read.span().offset();
        let line = Line {
            number: read.line() + 1,
            column: read.column(),
            bytes: start..start + read.span().len(),
            text: String::from_utf8_lossy(read.data()).into_owned(),
            labels: vec![label],
        };
        let name = read.name().unwrap_or_default().to_owned();
        picture.get_or_insert_with(|| Picture { name, lines: Vec::new() }).lines.push(line);
    }
    picture
}

/// What all pictures of an entry have in common.
struct Canvas<'s> {
    style: &'s Style,
    severity: Severity,
    /// How many digits the largest line number has.
    gutter: usize,
}

impl Canvas<'_> {
    /// The picture under its place; `tight` without a bar below that.
    fn draw(&self, picture: &Picture, tight: bool, out: &mut String) {
        let primary = picture.lines.iter().find(|line| line.is_primary()).or(picture.lines.first());
        let Some(primary) = primary else { return };
        out.push_str(&self.origin(&primary.place(&picture.name)));
        if !tight {
            out.push_str(&self.bar());
        }
        let mut before: Option<usize> = None;
        for line in &picture.lines {
            // The columns of a part cannot be counted in what is shown.
            if line.column > 0 && !std::ptr::eq(line, primary) {
                out.push_str(&self.origin(&line.place(&picture.name)));
                out.push_str(&self.bar());
            } else if before.is_some_and(|before| line.number > before + 1) {
                out.push_str(&self.quiet("..."));
                out.push('\n');
            }
            out.push_str(&self.line(line));
            before = Some(line.number);
        }
    }

    fn origin(&self, place: &str) -> String {
        arrow(self.gutter, place, self.style)
    }

    fn bar(&self) -> String {
        format!("{} {}\n", " ".repeat(self.gutter), self.quiet("|"))
    }

    /// `= label: text`, the texts below each other, wrapped.
    fn fact(&self, label: &str, texts: &[String]) -> String {
        let indent = " ".repeat(self.gutter + 1);
        let (equals, painted) = (self.quiet("="), self.style.paint(Paint::Bold, label));
        let plain = format!("{indent}= {label}: ");
        let blank = " ".repeat(columns(&plain));
        let mut out = String::new();
        for (i, text) in texts.iter().enumerate() {
            let shown = if i == 0 { format!("{indent}{equals} {painted}: ") } else { blank.clone() };
            out.push_str(&self.style.wrap_painted(&plain, &shown, text));
        }
        out
    }

    fn quiet(&self, text: &str) -> String {
        self.style.paint(Paint::Quiet, text)
    }

    /// One source line with a row for each label: its underline, and the label beside it. A label that does not fit there,
    /// even where the underline is shortened, stands on lines of its own; a long line is cut around each of its labels.
    fn line(&self, line: &Line) -> String {
        let whole = self.gutter + 3 + columns(&spaced(&line.text)) <= self.style.columns();
        if line.labels.len() > 1 {
            // A line that is cut is cut once, if that shows all of its labels.
            if let Some(text) = self.annotated(line, true).filter(|text| !whole && self.shows(line, text)) {
                return text;
            }
            let alone =
                |label: &LabeledSpan| self.line(&Line { labels: vec![label.clone()], ..line.clone() });
            let mut rows: Vec<String> = Vec::new();
            for drawn in line.labels.iter().map(alone) {
                let source = first_row(&drawn);
                let known = rows.first().is_some_and(|first| first.starts_with(source));
                rows.push(if known {
                    drawn.get(source.len()..).unwrap_or_default().to_owned()
                } else {
                    drawn
                });
            }
            return rows.concat();
        }
        let bare = self.annotated(line, false).unwrap_or_else(|| self.listed(line));
        // A line that fits is not cut for its label.
        let beside = self.annotated(line, true).filter(|text| self.shows(line, text));
        let beside = beside.filter(|text| !whole || first_row(text) == first_row(&bare));
        match (beside, line.labels.first()) {
            (Some(text), _) => text,
            (None, Some(label)) if whole => match self.before(line, label) {
                Some(row) => format!("{}{row}", first_row(&bare)),
                None => bare + &self.below(line, label),
            },
            (None, Some(label)) => bare + &self.below(line, label),
            (None, None) => bare,
        }
    }

    /// A row whose label stands in front of its underline; `None` where that is no room for it.
    fn before(&self, line: &Line, label: &LabeledSpan) -> Option<String> {
        let text = label.label()?;
        let under = self.underline(line, label, false);
        let start = columns(&spaced(line.text.get(..under.start)?));
        let shift = start.checked_sub(columns(text) + 1)?;
        let length = columns(&spaced(line.text.get(under)?)).max(1);
        let mark = if label.primary() { "^" } else { "-" };
        let row = self.style.paint(self.paint(label), &format!("{text} {}", mark.repeat(length)));
        Some(self.row(&format!("{}{row}", " ".repeat(shift))))
    }

    /// A label on rows below its underline, as far to the right as it fits, but not past that.
    fn below(&self, line: &Line, label: &LabeledSpan) -> String {
        let Some(text) = label.label() else { return String::new() };
        let indent = self.gutter + 3;
        let start = label.offset().saturating_sub(line.bytes.start);
        let start = line.text.get(..start).map_or(0, |before| columns(&spaced(before)));
        let shift = start.min(self.style.columns().saturating_sub(indent + columns(text)));
        let lines = self.style.fill(indent, indent, text);
        let paint =
            |text: &String| self.row(&(" ".repeat(shift) + &self.style.paint(self.paint(label), text)));
        lines.iter().map(paint).collect()
    }

    fn row(&self, text: &str) -> String {
        format!("{} {} {text}\n", " ".repeat(self.gutter), self.quiet("|"))
    }

    fn paint(&self, label: &LabeledSpan) -> Paint {
        if label.primary() { paint_of(self.severity) } else { Paint::Quiet }
    }

    /// Whether a drawing fits, and has every label of its line.
    fn shows(&self, line: &Line, text: &str) -> bool {
        self.fits(text) && line.labels.iter().filter_map(LabeledSpan::label).all(|label| text.contains(label))
    }

    fn fits(&self, text: &str) -> bool {
        text.lines().all(|line| columns(line) <= self.style.columns())
    }

    /// The line as annotate-snippets draws it; `None` if it cannot. It leaves some lines a few columns too wide: then it is
    /// told of a narrower terminal.
    fn annotated(&self, line: &Line, labelled: bool) -> Option<String> {
        let mut narrower =
            (0..self.style.columns()).step_by(4).map(|less| self.annotated_within(line, labelled, less));
        let good = |text: &String| if labelled { self.shows(line, text) } else { self.fits(text) };
        let first = narrower.next()?;
        match first.as_ref().is_none_or(good) {
            true => first,
            false => narrower.flatten().find(good).or(first),
        }
    }

    fn annotated_within(&self, line: &Line, labelled: bool, less: usize) -> Option<String> {
        let own = line.number.to_string().len();
        let room = self.style.columns().saturating_sub(self.gutter - own + less);
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Advice => Level::NOTE,
        };
        let annotations = line.labels.iter().map(|label| {
            let kind = if label.primary() { AnnotationKind::Primary } else { AnnotationKind::Context };
            let text = label.label().filter(|text| labelled && !text.is_empty());
            kind.span(self.underline(line, label, labelled)).label(text)
        });
        let snippet = Snippet::source(line.text.as_str()).line_start(line.number).annotations(annotations);
        let group = [Group::with_level(level).element(snippet)];
        let renderer = self.style.renderer().term_width(room);
        let drawn = catch_unwind(AssertUnwindSafe(|| renderer.render(&group))).ok()?;
        // The first line is a bar.
        let indent = " ".repeat(self.gutter - own);
        let lines = drawn.lines().skip(1).map(|line| format!("{indent}{}\n", trimmed(line)));
        Some(lines.collect())
    }

    /// The bytes of the line to underline, so that the label has room beside it if it stands there.
    fn underline(&self, line: &Line, label: &LabeledSpan, beside: bool) -> Range<usize> {
        let start = label.offset().saturating_sub(line.bytes.start).min(line.text.len());
        let end = (start + label.len()).min(line.text.len());
        let said = label.label().filter(|_| beside).map_or(0, columns);
        let (whole, width) = (columns(&line.text), self.style.columns());
        let before = line.text.get(..start).map_or(0, columns);
        // A line that does not fit is cut on its left too.
        let before = self.gutter + 3 + if whole > width { before.min(width / 4) } else { before };
        // What is cut has marks on both sides.
        let marked = if whole > width { 12 } else { 0 };
        let room = width.saturating_sub(before + (said + 1).max(marked)).max(SHORTEST_UNDERLINE);
        let under = line.text.get(start..end).unwrap_or_default();
        let mut used = 0;
        let fitting = under.char_indices().find(|(_, c)| {
            used += columns(c.encode_utf8(&mut [0; 4]));
            used > room
        });
        start..fitting.map_or(end, |(at, _)| start + at)
    }

    /// The line without underlines, for one that cannot be drawn.
    fn listed(&self, line: &Line) -> String {
        format!("{:>width$} {} {}\n", line.number, self.quiet("|"), line.text, width = self.gutter)
    }
}

/// Tabs as they are drawn.
fn spaced(text: &str) -> String {
    text.replace('\t', "    ")
}

/// The first line, with its line break.
fn first_row(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// The line without blanks at its end, which are lost in editors and diffs; colours stay.
fn trimmed(line: &str) -> String {
    let (mut rest, mut codes) = (line, String::new());
    loop {
        rest = rest.trim_end_matches(' ');
        let code = rest.rfind('\u{1b}').and_then(|at| rest.split_at_checked(at));
        let Some((before, code)) = code.filter(|(_, code)| code.find('m') == Some(code.len() - 1)) else {
            return rest.to_owned() + &codes;
        };
        codes.insert_str(0, code);
        rest = before;
    }
}

#[cfg(test)]
mod tests;
