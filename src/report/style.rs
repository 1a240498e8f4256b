//! How text for people looks: colour, width, characters, and the wrapping that needs them.
//!
//! Answers: which bytes paint this word, and where does this line break? No global state: whoever builds a [`Style`]
//! has asked the terminal. Widths are counted in columns: a character of a wide script takes two.

use annotate_snippets::Renderer;
use annotate_snippets::renderer::{AnsiColor, Style as AnsiStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are written.
    pub color: bool,
    /// Columns that lines are wrapped at; at least 40 are used.
    pub width: usize,
    /// Whether characters outside ASCII are written besides those of the files.
    pub unicode: bool,
}

impl Default for Style {
    /// What a pipe gets: no colour, 100 columns, Unicode.
    fn default() -> Self {
        Style { color: false, width: 100, unicode: true }
    }
}

/// A line has room for as much, however far it is indented.
const SHORTEST: usize = 8;

/// A blank inside of a word: what stands around it stays on one line.
pub const FIXED_BLANK: char = '\u{a0}';

/// What a piece of text is, which decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// A certain finding, an entry that fails.
    Error,
    /// A possible finding.
    Warning,
    /// A latent finding.
    Note,
    /// A good answer.
    Good,
    /// Emphasis.
    Bold,
    /// What only leads to the rest: line numbers, frames, context.
    Quiet,
}

impl Paint {
    fn style(self) -> AnsiStyle {
        match self {
            Paint::Error => AnsiColor::BrightRed.on_default().bold(),
            Paint::Warning => AnsiColor::Yellow.on_default().bold(),
            Paint::Note => AnsiColor::Cyan.on_default().bold(),
            Paint::Good => AnsiColor::Green.on_default().bold(),
            Paint::Bold => AnsiStyle::new().bold(),
            Paint::Quiet => AnsiColor::BrightBlue.on_default(),
        }
    }
}

impl Style {
    /// The width to wrap at: never so narrow that nothing fits.
    pub fn columns(&self) -> usize {
        self.width.max(40)
    }

    /// `text`, in colour if colours are on.
    pub fn paint(&self, paint: Paint, text: &str) -> String {
        if !self.color {
            return text.to_owned();
        }
        let style = paint.style();
        format!("{style}{text}{style:#}")
    }

    /// `text` filled into lines that begin with `first`, then with as many blanks, ending in a line break.
    ///
    /// A word that is longer than a line is broken, after a dot or a slash if it has one. A `FIXED_BLANK` is written as a
    /// blank and never broken at.
    pub fn wrap(&self, first: &str, text: &str) -> String {
        self.wrap_painted(first, first, text)
    }

    /// [`Style::wrap`] with a first indent whose colours must not count: `shown` is what is written for `first`.
    pub fn wrap_painted(&self, first: &str, shown: &str, text: &str) -> String {
        let indent = columns(first);
        let blank = " ".repeat(indent);
        let lines = self.fill(indent, indent, text);
        lines
            .iter()
            .enumerate()
            .map(|(i, line)| format!("{}{line}\n", if i == 0 { shown } else { &blank }))
            .collect()
    }

    /// The lines of [`Style::wrap`] without their indents: the first one leaves `first` columns free, others `indent`. It is
    /// empty where no word fits behind what stands there.
    pub fn fill(&self, first: usize, indent: usize, text: &str) -> Vec<String> {
        let room = |taken: usize| self.columns().saturating_sub(taken).max(SHORTEST);
        let mut lines = vec![String::new()];
        let (mut used, mut limit) = (0, self.columns().saturating_sub(first));
        let widest = room(indent);
        let words = text.split(' ').filter(|w| !w.is_empty()).flat_map(|word| pieces(word, widest));
        for word in words {
            let length = columns(word);
            let behind = first > indent && lines.len() == 1;
            if if used > 0 { used + 1 + length > limit } else { behind && length > limit } {
                lines.push(String::new());
                (used, limit) = (0, room(indent));
            }
            let Some(line) = lines.last_mut() else { break };
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(&word.replace(FIXED_BLANK, " "));
            used += length;
        }
        lines
    }

    /// What draws source lines, in these colours.
    pub fn renderer(&self) -> Renderer {
        if !self.color {
            return Renderer::plain();
        }
        Renderer::styled()
            .hyperlink(false)
            .error(Paint::Error.style())
            .warning(Paint::Warning.style())
            .note(Paint::Note.style())
            .context(Paint::Quiet.style())
            .line_num(Paint::Quiet.style())
    }

    /// An ellipsis in the characters that may be written.
    pub fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// The word in pieces of at most `widest` columns; one that is painted stays whole.
fn pieces(word: &str, widest: usize) -> Vec<&str> {
    let (mut rest, mut out) = (word, Vec::new());
    while columns(rest) > widest && !rest.contains('\u{1b}') {
        let mut used = 0;
        let fits = rest.char_indices().find(|(_, c)| {
            used += columns(c.encode_utf8(&mut [0; 4]));
            used > widest
        });
        let Some((end, _)) = fits.filter(|(end, _)| *end > 0) else { break };
        let good = rest.get(..end).and_then(|head| head.rfind(['.', '/', FIXED_BLANK]));
        let end = good.and_then(|at| Some(at + rest.get(at..)?.chars().next()?.len_utf8())).unwrap_or(end);
        let Some((piece, tail)) = rest.split_at_checked(end) else { break };
        out.push(piece);
        rest = tail;
    }
    out.push(rest);
    out
}

/// How many columns of a terminal the text takes at most, without the colours of [`Style::paint`]. Joined characters are one
/// in some terminals and several in others.
pub fn columns(text: &str) -> usize {
    let apart = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
    let most = |text: &str| if text.is_ascii() { text.len() } else { text.width().max(apart(text)) };
    let mut pieces = text.split('\u{1b}');
    let before = pieces.next().map_or(0, most);
    let after = |piece: &str| piece.split_once('m').map_or(0, |(_, seen)| most(seen));
    before + pieces.map(after).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_width_and_break_only_words_that_no_line_holds() {
        let style = Style { width: 40, ..Style::default() };
        let long = "x".repeat(60);
        let text = style.wrap("  = a: ", &format!("{} {long} end", "word ".repeat(12)));
        assert!(text.lines().all(|line| columns(line) <= 40), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("       ")), "{text}");
        assert_eq!((text.matches("word").count(), text.matches('x').count()), (12, 60));
    }

    #[test]
    fn a_wide_character_takes_two_columns() {
        let style = Style { width: 40, ..Style::default() };
        let text = style.wrap("", &"日本 ".repeat(20));
        assert!(text.lines().all(|line| columns(line) <= 40), "{text}");
        assert_eq!(columns("\u{1b}[1m日\u{1b}[0mé"), 3);
    }

    #[test]
    fn a_heading_that_leaves_no_room_has_the_text_below_it() {
        let style = Style { width: 40, ..Style::default() };
        let heading = "certain[multiple-active-access-keys]: ".len();
        let lines = style.fill(heading, 4, "IAM user \"ci\" gets 2 active access keys");
        assert_eq!(lines, ["", "IAM user \"ci\" gets 2 active access", "keys"]);
        assert_eq!(columns("👩\u{200d}👩\u{200d}👧"), 6, "as a terminal without joining draws them");
        assert_eq!(columns("❤\u{fe0f}"), 2);
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        let style = Style::default();
        assert_eq!(style.paint(Paint::Bold, "x"), "x");
        let style = Style { color: true, ..style };
        assert_eq!(style.paint(Paint::Bold, "x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
