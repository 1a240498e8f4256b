//! Templates inside another language: what a front end found, for the one that reads templates.
//!
//! Terraform deploys CloudFormation text (`aws_cloudformation_stack`). Front ends do not know each other: the text goes
//! back to the dispatcher with the map from its bytes to the file's, with the values that stand in it and those of its
//! parameters, all in one context. Evaluates nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::key::{Account, Multiplicity};
use crate::parse::offsets::Offsets;
use crate::parse::tree::Node;
use crate::problem::Problem;
use crate::span::{FileId, Loc, Span};
use crate::value::{Guard, SymId, Value};

/// What opens and closes the number of a value that stands in text and is not known. Private-use characters: no
/// template that means something to CloudFormation holds them in a name.
pub const OPEN: char = '\u{f0000}';
/// See [`OPEN`].
pub const CLOSE: char = '\u{f0001}';

/// Whether a text is nothing but the marker of a value.
pub fn is_marker(text: &str) -> bool {
    text.starts_with(OPEN) && text.find(CLOSE).is_some_and(|at| at + CLOSE.len_utf8() == text.len())
}

/// The templates of one unit.
#[derive(Debug, Default)]
pub struct Embedded {
    /// The stacks.
    pub stacks: Vec<Stack>,
    /// The values that stand in their texts, by the number between [`OPEN`] and [`CLOSE`].
    pub elements: Vec<Value>,
}

impl Embedded {
    /// The text that stands for a value that is not known.
    pub fn marker(&mut self, value: Value) -> String {
        let number = self.elements.iter().position(|e| *e == value).unwrap_or_else(|| {
            self.elements.push(value);
            self.elements.len() - 1
        });
        format!("{OPEN}{number}{CLOSE}")
    }
}

/// A stack that somebody else declares.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Its absolute address.
    pub address: String,
    /// Its header.
    pub header: Loc,
    /// The calls that lead to it, outermost first.
    pub calls: Vec<Loc>,
    /// Its template, with when it is that one.
    pub bodies: Vec<(Guard, Body)>,
    /// The files that its templates were computed from.
    pub read: Vec<PathBuf>,
    /// Its parameters.
    pub parameters: Parameters,
    /// When and how often it exists.
    pub times: Multiplicity,
    /// What multiplies it.
    pub multiplier: Option<Loc>,
    /// Its account.
    pub account: Account,
    /// What stands for the map of its outputs; `None` where nothing can read them.
    pub outputs: Option<SymId>,
    /// Its region, where something says it.
    pub region: Option<Value>,
    /// Whether it is deployed to accounts that only the deployment knows, each of which is taken for another.
    pub elsewhere: bool,
    /// What those say that take it to accounts and regions, if it is a stack set: its name, its id.
    pub names: Vec<Value>,
    /// Values on the way to it that its deployment refuses; then there is no stack, which matters where it has a key.
    pub refused: Vec<Problem>,
}

/// The values of a stack's parameters; one that is null or not here has its default.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// By name.
    pub named: BTreeMap<String, Value>,
    /// A map that is not known, which may hold any name.
    pub other: Option<Value>,
}

/// A template's text.
#[derive(Clone, Debug)]
pub enum Body {
    /// A whole file, with its path.
    File(PathBuf),
    /// Text that stands in a file.
    Text(Text),
    /// A tree whose spans are places in a file.
    Tree(FileId, Node),
}

/// Text that is put together from parts of one file.
#[derive(Clone, Debug)]
pub struct Text {
    /// The file.
    pub file: FileId,
    /// The text.
    pub text: String,
    /// A value whose secret is somewhere in the text, so that nothing of it is shown.
    pub hidden: Option<Value>,
    /// Whether the secret decides which template this is, so that its names are not shown either.
    pub chosen: bool,
    pieces: Vec<(usize, Piece)>,
}

#[derive(Clone, Debug)]
enum Piece {
    /// Bytes of the file, decoded.
    Literal(Offsets),
    /// Something computed: the bytes of what it is computed from, and those with `${` and `}`.
    Computed(Span, Span),
}

/// The map from literal text of Terraform to the bytes `span` of its file, which are without quotes; `quoted` is
/// whether backslashes are escapes. `$${` says `${`, which is taken to be its last two bytes.
pub fn hcl_offsets(source_text: &str, text: &str, span: Span, quoted: bool) -> Offsets {
    let raw = source_text.get(span.range()).unwrap_or("");
    let (mut index, mut at) = (0, 0);
    let mut steps = vec![(0, 0)];
    while let Some(decoded) = text.get(index..).and_then(|t| t.chars().next()) {
        let (rest, left) = (raw.get(at..).unwrap_or(""), text.get(index..).unwrap_or(""));
        let starts_line = index == 0 || text.get(..index).is_some_and(|t| t.ends_with('\n'));
        at += match rest.as_bytes() {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] => 1,
            // A heredoc's lines lose indentation.
            _ if starts_line && !quoted => blanks(rest).saturating_sub(blanks(left)),
            _ => 0,
        };
        if steps.last().is_some_and(|(i, o)| o + (index - i) != at) {
            steps.push((index, at));
        }
        let escape = raw.get(at..).and_then(|rest| rest.strip_prefix('\\')).filter(|_| quoted);
        at += match escape.and_then(|after| after.chars().next()) {
            Some('u') => 6,
            Some('U') => 10,
            Some(_) => 2,
            None => decoded.len_utf8(),
        };
        index += decoded.len_utf8();
    }
    Offsets::of_steps(&steps, span.range())
}

fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

impl Text {
    /// No text.
    pub fn new(file: FileId) -> Text {
        Text { file, text: String::new(), hidden: None, chosen: false, pieces: Vec::new() }
    }

    /// Appends text that is written in the file: `span` is its bytes without quotes, `quoted` whether it has escapes.
    pub fn literal(&mut self, source_text: &str, text: &str, span: Span, quoted: bool) {
        self.pieces.push((self.text.len(), Piece::Literal(hcl_offsets(source_text, text, span, quoted))));
        self.text.push_str(text);
    }

    /// Appends text that is computed from what stands at `span`.
    pub fn computed(&mut self, source_text: &str, text: &str, span: Span) {
        let (start, end) = (span.start as usize, span.end as usize);
        let before = source_text.get(..start).unwrap_or("").trim_end();
        let after = source_text.get(end..).unwrap_or("");
        let close = after.len() - after.trim_start().trim_start_matches('~').len();
        let opened = before.trim_end_matches('~').strip_suffix("${");
        let outer = match opened.filter(|_| after.get(close..).is_some_and(|t| t.starts_with('}'))) {
            Some(opened) => Span::new(opened.len(), end + close + 1),
            None => span,
        };
        self.pieces.push((self.text.len(), Piece::Computed(span, outer)));
        self.text.push_str(text);
    }

    /// The place in the file of bytes of the text.
    pub fn place(&self, span: Span) -> Span {
        let (start, end) = (span.start as usize, span.end as usize);
        // What lies in one computed piece is what it is computed from, without the brackets.
        if let (Some((a, Piece::Computed(inner, _))), Some((b, _))) =
            (self.piece(start), self.piece(end.saturating_sub(1).max(start)))
            && a == b
        {
            return *inner;
        }
        let from = self.start_of(start);
        // The end is just past the last byte: what stands there may be in another piece.
        let to = if end > start { self.end_of(end - 1) } else { from };
        Span::new(from, to)
    }

    fn piece(&self, index: usize) -> Option<&(usize, Piece)> {
        let next = self.pieces.partition_point(|(at, _)| *at <= index);
        self.pieces.get(next.checked_sub(1)?)
    }

    fn start_of(&self, index: usize) -> usize {
        match self.piece(index) {
            Some((at, Piece::Literal(offsets))) => offsets.offset(index - at),
            Some((_, Piece::Computed(_, outer))) => outer.start as usize,
            None => 0,
        }
    }

    fn end_of(&self, last: usize) -> usize {
        match self.piece(last) {
            Some((at, Piece::Literal(offsets))) => offsets.offset(last - at) + 1,
            Some((_, Piece::Computed(_, outer))) => outer.end as usize,
            None => 0,
        }
    }

    /// A tree of the text with places in the file.
    pub fn placed(&self, node: &Node) -> Node {
        node.moved(&|span| self.place(span))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_several_parts_leads_back_to_each() {
        let source = "x = <<-E\n    a: ${v}!\n      b: c\n  E\n";
        let mut text = Text::new(FileId(0));
        text.literal(source, "a: ", Span::new(9, 16), false);
        text.computed(source, "computed", Span::new(18, 19));
        text.literal(source, "!\n  b: c\n", Span::new(20, 33), false);
        assert_eq!(text.text, "a: computed!\n  b: c\n");
        let at = |part: &str| {
            let start = text.text.find(part).unwrap();
            source.get(text.place(Span::new(start, start + part.len())).range()).unwrap()
        };
        for (part, written) in [
            ("a", "a"),
            ("computed", "v"),
            ("put", "v"),
            ("!", "!"),
            ("b: c", "b: c"),
            ("a: computed", "a: ${v}"),
            ("ed!", "${v}!"),
        ] {
            assert_eq!(at(part), written, "{part}");
        }
    }

    #[test]
    fn escapes_take_more_bytes_than_they_stand_for() {
        let source = r#"x = "{\"a\":1}""#;
        let mut text = Text::new(FileId(0));
        text.literal(source, r#"{"a":1}"#, Span::new(5, 14), true);
        assert_eq!(source.get(text.place(Span::new(2, 3)).range()), Some("a"));
        assert_eq!(source.get(text.place(Span::new(5, 6)).range()), Some("1"));
        let source = r#"x = "a\u00e9 $${N} \n%%{if} é$$""#;
        let mut text = Text::new(FileId(0));
        text.literal(source, "aé ${N} \n%{if} é$$", Span::new(5, source.len() - 1), true);
        for (part, written) in [("a", "a"), ("${N}", "${N}"), ("%{if}", "%{if}"), ("$$", "$$")] {
            let start = text.text.find(part).unwrap();
            let place = text.place(Span::new(start, start + part.len()));
            assert_eq!(source.get(place.range()), Some(written), "{part}");
        }
        assert_eq!(text.place(Span::new(0, 0)), Span::new(5, 5));
        assert_eq!(Text::new(FileId(0)).place(Span::new(3, 9)), Span::new(0, 0));
    }
}
