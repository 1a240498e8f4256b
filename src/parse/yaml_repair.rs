//! YAML that every reader of templates takes and granit-parser refuses, made readable for it without moving a byte.
//!
//! YAML 1.2 asks for a blank before a comment and forbids a lone `-` in flow style; PyYAML, libyaml and SnakeYAML do
//! neither. What is repaired is one byte range at the place where the parser gave up, on a copy of equal length, so that
//! every offset stays true; text that was overwritten is put back as the events come. Source: PyYAML's scanner
//! (`scan_to_next_token`, `check_plain`), libyaml's `yaml_parser_fetch_next_token`.

use std::borrow::Cow;
use std::collections::BTreeSet;

use granit_parser::ErrorKind;

use super::limits;

/// What stands in the copy for a lone dash.
const STAND_IN: u8 = b'x';

/// The text that granit-parser reads.
pub(super) struct Repaired<'a> {
    text: Cow<'a, str>,
    /// Where a lone dash was overwritten.
    dashes: BTreeSet<usize>,
    /// Where nothing could be repaired.
    left: BTreeSet<usize>,
    parsed: usize,
}

impl<'a> Repaired<'a> {
    /// A text as it is.
    pub(super) fn new(text: &'a str) -> Self {
        Repaired { text: Cow::Borrowed(text), dashes: BTreeSet::new(), left: BTreeSet::new(), parsed: 0 }
    }

    /// The text to parse.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether [`Repaired::repair`] could make an error at byte `at` go away.
    pub(super) fn may_repair(&self, refused: &ErrorKind, at: usize) -> bool {
        use ErrorKind::{CommentNotSeparated, PlainScalarStartsWithDashFlowIndicator};
        matches!(refused, CommentNotSeparated | PlainScalarStartsWithDashFlowIndicator)
            && !self.left.contains(&at)
    }

    /// Repairs what the parser refused at byte `at`, so that the text can be parsed again. What is an error to every
    /// reader is left, and so is all else once the text was parsed too often.
    pub(super) fn repair(&mut self, refused: &ErrorKind, at: usize) {
        self.parsed = self.parsed.saturating_add(self.text.len());
        let repaired = self.parsed <= limits::REPARSED_BYTES
            && match refused {
                ErrorKind::CommentNotSeparated => self.blank_comment(at),
                _ => self.overwrite_dash(at),
            };
        if !repaired {
            self.left.insert(at);
        }
    }

    /// Blanks the comment at `at`, where what stands before it ends by itself: a quote, a bracket, a comma, the header
    /// of a block scalar. Behind an anchor or an alias it is an error.
    fn blank_comment(&mut self, at: usize) -> bool {
        let (before, after) = (self.text.get(..at).unwrap_or(""), self.text.get(at..).unwrap_or(""));
        let header = || {
            let word = before.trim_end_matches(|c: char| matches!(c, '+' | '-') || c.is_ascii_digit());
            let lead = word.strip_suffix(['|', '>']);
            lead.is_some_and(|lead| lead.ends_with([' ', '\t', '\n', '\r']))
        };
        if !after.starts_with('#') || !(before.ends_with(['"', '\'', ']', '}', ',', '[', '{']) || header()) {
            return false;
        }
        let end = at + after.find(['\n', '\r']).unwrap_or(after.len());
        let mut text = std::mem::take(&mut self.text).into_owned();
        text.replace_range(at..end, &" ".repeat(end - at));
        self.text = Cow::Owned(text);
        true
    }

    fn overwrite_dash(&mut self, at: usize) -> bool {
        let rest = self.text.get(at..).unwrap_or("");
        if !rest.strip_prefix('-').is_some_and(|rest| rest.starts_with([',', ']', '}'])) {
            return false;
        }
        let mut text = std::mem::take(&mut self.text).into_owned();
        text.replace_range(at..at + 1, &char::from(STAND_IN).to_string());
        self.text = Cow::Owned(text);
        self.dashes.insert(at)
    }

    /// The text of the plain scalar that starts at `at`.
    pub(super) fn plain<'t>(&self, text: Cow<'t, str>, at: usize) -> Cow<'t, str> {
        if self.dashes.contains(&at) { Cow::Borrowed("-") } else { text }
    }
}
