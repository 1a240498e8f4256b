//! How text for people looks: colour, width, characters, and the wrapping that needs them.
//!
//! Answers: which bytes paint this word, and where does this line break? No global state: whoever builds a [`Style`]
//! has asked the terminal. Widths are counted in characters, which is exact for all but wide scripts.

/// How text for people is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether ANSI colours are written.
    pub color: bool,
    /// Columns that lines are wrapped at; at least 40 are used.
    pub width: usize,
    /// Whether box drawing and other characters outside ASCII are written.
    pub unicode: bool,
}

impl Default for Style {
    /// What a pipe gets: no colour, 100 columns, Unicode.
    fn default() -> Self {
        Style { color: false, width: 100, unicode: true }
    }
}

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
    /// Where something is.
    Link,
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
        let code = match paint {
            Paint::Error => "1;31",
            Paint::Warning => "1;33",
            Paint::Note => "1;36",
            Paint::Good => "1;32",
            Paint::Bold => "1",
            Paint::Link => "36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }

    /// `text` filled into lines that begin with `first`, then with as many blanks, ending in a line break.
    ///
    /// Words longer than a line stand on one of their own, whole: addresses stay copyable. A `FIXED_BLANK` is
    /// written as a blank and never broken at.
    pub fn wrap(&self, first: &str, text: &str) -> String {
        self.wrap_painted(first, first, text)
    }

    /// [`Style::wrap`] with a first indent whose colours must not count: `shown` is what is written for `first`.
    pub fn wrap_painted(&self, first: &str, shown: &str, text: &str) -> String {
        let indent = first.chars().count();
        let room = self.columns().saturating_sub(indent).max(20);
        let mut out = String::from(shown);
        let mut used = 0;
        for word in text.split(' ').filter(|w| !w.is_empty()) {
            let length = visible(word);
            if used > 0 && used + 1 + length > room {
                out.push('\n');
                out.push_str(&" ".repeat(indent));
                used = 0;
            } else if used > 0 {
                out.push(' ');
                used += 1;
            }
            out.push_str(&word.replace(FIXED_BLANK, " "));
            used += length;
        }
        out.push('\n');
        out
    }

    /// An ellipsis in the characters that may be written.
    pub fn ellipsis(&self) -> &'static str {
        if self.unicode { "…" } else { "..." }
    }
}

/// How many characters of a word are seen: all but the colours of [`Style::paint`].
fn visible(word: &str) -> usize {
    let mut pieces = word.split('\u{1b}');
    let before = pieces.next().map_or(0, |piece| piece.chars().count());
    let after = |piece: &str| piece.split_once('m').map_or(0, |(_, seen)| seen.chars().count());
    before + pieces.map(after).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_width_and_words_stay_whole() {
        let style = Style { width: 40, ..Style::default() };
        let long = "x".repeat(60);
        let text = style.wrap("  = a: ", &format!("{} {long} end", "word ".repeat(12)));
        for line in text.lines() {
            assert!(line.chars().count() <= 40 || line.trim() == long, "{line:?}");
        }
        assert!(text.lines().skip(1).all(|line| line.starts_with("       ")), "{text}");
        assert_eq!(text.matches("word").count(), 12);
    }

    #[test]
    fn colour_is_written_only_when_asked_for() {
        let style = Style::default();
        assert_eq!(style.paint(Paint::Error, "x"), "x");
        let style = Style { color: true, ..style };
        assert_eq!(style.paint(Paint::Error, "x"), "\u{1b}[1;31mx\u{1b}[0m");
    }
}
