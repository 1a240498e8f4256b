//! What is reported in miette's protocol: a finding and an error are [`miette::Diagnostic`]s.
//!
//! Answers: what is the code, the severity, the sentence, the places and the help of this entry? [`Diag`] is filled from
//! findings and problems and drawn by [`super::draw`]; miette itself draws nothing. Places in further files are `related`
//! diagnostics, as the protocol has one source each.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, MietteError, Severity, SourceCode, SourceSpan, SpanContents};

use super::place::first_line_span;
use super::plain::{plain, same_length};
use crate::source::{Files, Source};
use crate::span::{FileId, Loc, Span};

/// An entry of a report. Its texts are printed as they are: make them harmless first.
#[derive(Debug)]
pub struct Diag {
    /// Its first word, which says how bad it is: `certain`, `error`.
    pub word: &'static str,
    /// The severity that goes with the word.
    pub severity: Severity,
    /// The rule, or the kind of problem.
    pub code: &'static str,
    /// The sentence that it is about.
    pub message: String,
    /// Places that cannot be drawn and come before all others, with what is said of each.
    pub ahead: Vec<(String, String)>,
    /// Where it stands, file by file, the most important one first.
    pub parts: Vec<Part>,
    /// Further facts: a label, and one text or several below each other.
    pub facts: Vec<(String, Vec<String>)>,
    /// What to do.
    pub help: Option<String>,
    /// Whether room is short: files follow each other without a bar between them.
    pub tight: bool,
}

/// Labelled places of one file.
#[derive(Debug)]
pub struct Part {
    text: Arc<Text>,
    labels: Vec<LabeledSpan>,
}

/// A place and what is said about it.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where; only its first line is underlined.
    pub loc: Loc,
    /// What it is, harmless.
    pub text: String,
    /// Whether the entry is about it: a key, or what brings one about.
    pub primary: bool,
}

/// What declares a secret, or passes one on to what does.
const TELL_OF_SECRETS: [&str; 7] =
    ["sensitive", "ephemeral", "NoEcho", "TemplateURL", "\"parameters\"", "module \"", "\"module\""];

/// Files as they may be shown, each prepared once.
pub struct Texts<'a> {
    files: &'a Files,
    shown: HashMap<FileId, Arc<Text>>,
}

impl<'a> Texts<'a> {
    /// The texts of `files`.
    pub fn new(files: &'a Files) -> Self {
        Texts { files, shown: HashMap::new() }
    }

    /// The labels by file, files in the order of their first label. Of a file that functions take apart, words are shown
    /// that are `said` anyway.
    pub fn parts(&mut self, labels: &[Label], said: &[&str]) -> Vec<Part> {
        let is_data: fn(&Texts<'_>, FileId) -> bool = |texts, file| texts.files.is_data(file);
        self.parts_as(labels, said, is_data)
    }

    /// The same where a file does not parse: which of its words are secrets is not known, if it says that there are any.
    pub fn broken_parts(&mut self, labels: &[Label], said: &[&str]) -> Vec<Part> {
        self.parts_as(labels, said, |texts, file| {
            let source = texts.files.source(file);
            let holds = |word: &&str| memchr::memmem::find(source.text.as_bytes(), word.as_bytes()).is_some();
            texts.files.is_data(file) || TELL_OF_SECRETS.iter().any(holds)
        })
    }

    fn parts_as(
        &mut self,
        labels: &[Label],
        said: &[&str],
        is_data: fn(&Texts<'_>, FileId) -> bool,
    ) -> Vec<Part> {
        let mut parts: Vec<(FileId, Part)> = Vec::new();
        for label in labels {
            let file = label.loc.file;
            let mut text = self.text(file);
            if is_data(self, file) {
                let own = labels.iter().filter(|own| own.loc.file == file);
                let said = said.iter().copied().chain(labels.iter().map(|label| label.text.as_str()));
                let said: HashSet<&str> = said.flat_map(words).map(|(_, word)| word).collect();
                let line = |own: &Label| text.only(visible(&text.source, own.loc.span).start as usize, &said);
                text = Arc::new(Text { lines: own.map(line).collect(), ..Text::clone(&text) });
            }
            let span = visible(&text.source, label.loc.span);
            let at = (span.start as usize, span.len());
            let said = Some(label.text.clone());
            let label = match label.primary {
                true => LabeledSpan::new_primary_with_span(said, at),
                false => LabeledSpan::new_with_span(said, at),
            };
            match parts.iter_mut().find(|(known, _)| *known == file) {
                Some((_, part)) => part.labels.push(label),
                None => parts.push((file, Part { text, labels: vec![label] })),
            }
        }
        parts.into_iter().map(|(_, part)| part).collect()
    }

    fn text(&mut self, file: FileId) -> Arc<Text> {
        let prepare = || {
            let source = self.files.source(file);
            let harmless = covered(same_length(&source.text), &source.text, &self.files.hidden(file));
            Arc::new(Text { name: plain(&source.path), harmless, source, lines: Vec::new() })
        };
        self.shown.entry(file).or_insert_with(prepare).clone()
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

/// A file's text, harmless and as long as the file.
#[derive(Clone)]
struct Text {
    source: Arc<Source>,
    name: String,
    harmless: Option<String>,
    /// Lines of which only some words are shown.
    lines: Vec<(std::ops::Range<usize>, String)>,
}

/// The words of a text, each with where it begins: what a name of a user is made of.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let in_word = |c: char| c.is_alphanumeric() || "_+=.@-".contains(c);
    let mut at = 0;
    text.split_inclusive(move |c| !in_word(c)).map(move |piece| {
        let start = at;
        at += piece.len();
        (start, piece.trim_end_matches(move |c| !in_word(c)))
    })
}

/// Of a longer line only a piece around the span is handed out: a minified template is one line of megabytes.
const LONG_LINE: usize = 1_000;

impl Text {
    /// The line that `offset` is on, with no words but these.
    fn only(&self, offset: usize, said: &HashSet<&str>) -> (std::ops::Range<usize>, String) {
        let bytes = self.line_around(offset);
        let text =
            self.harmless.as_deref().unwrap_or(&self.source.text).get(bytes.clone()).unwrap_or_default();
        let other = words(text).filter(|(_, word)| !word.is_empty() && !said.contains(word));
        let other: Vec<Span> = other.map(|(at, word)| Span::new(at, at + word.len())).collect();
        (bytes, covered(None, text, &other).unwrap_or_else(|| text.to_owned()))
    }

    /// The line that `offset` is on, without its line break; of a long one the part around `offset`.
    fn line_around(&self, offset: usize) -> std::ops::Range<usize> {
        let source = &self.source;
        let line = source.position(offset).line;
        let whole = source.line_range(line).unwrap_or_default();
        let first = whole.start.max(source.bom()).min(whole.end);
        if whole.end - first <= LONG_LINE {
            return first..whole.end;
        }
        let boundary = |mut at: usize| {
            while !source.text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = offset.saturating_sub(LONG_LINE / 4).max(first);
        boundary(start)..boundary((start + LONG_LINE).min(whole.end))
    }
}

impl SourceCode for Text {
    /// The whole line that the span begins on; lines of context are not handed out.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _before: usize,
        _after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let bytes = self.line_around(span.offset());
        let text = self.harmless.as_deref().unwrap_or(&self.source.text);
        let start = self.source.position(bytes.start);
        let line = match self.lines.as_slice() {
            [] => text.get(bytes.clone()),
            only => only.iter().find(|(own, _)| *own == bytes).map(|(_, line)| line.as_str()),
        };
        Ok(Box::new(Line {
            data: line.ok_or(MietteError::OutOfBounds)?.as_bytes(),
            name: &self.name,
            span: (bytes.start, bytes.len()).into(),
            line: start.line - 1,
            column: start.column - 1,
        }))
    }
}

struct Line<'a> {
    data: &'a [u8],
    name: &'a str,
    span: SourceSpan,
    line: usize,
    column: usize,
}

impl<'a> SpanContents<'a> for Line<'a> {
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
        1
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Diag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diag {}

impl Diagnostic for Diag {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(env!("CARGO_PKG_REPOSITORY")))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.parts.first()?.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.parts.first()?.labels()
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(self.parts.iter().skip(1).map(|part| part as &dyn Diagnostic)))
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text.name)
    }
}

impl std::error::Error for Part {}

impl Diagnostic for Part {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.text.as_ref())
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
