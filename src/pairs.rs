//! `name=word name="several words"`: terms on one line, in a comment or behind a flag.
//!
//! Answers: which names are given, with which values, and where does each stand? What is not understood is an error with its
//! place; a name that is unknown names the nearest one. Knows nothing of what the terms are about.

use std::ops::Range;

use crate::nearest::nearest;

/// A name with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name.
    pub name: String,
    /// The value.
    pub text: String,
    /// The bytes of the value as written.
    pub at: Range<usize>,
}

impl Pair {
    /// A name with its value and the place of it.
    pub fn new(name: &str, text: &str, at: Range<usize>) -> Pair {
        Pair { name: name.to_owned(), text: text.to_owned(), at }
    }
}

/// What is given, in the order written, each name once.
pub type Pairs = Vec<Pair>;

/// Whether `name` is one of `names` that was not given yet; `Err` says what is wrong with it. `of` is what has the names.
pub fn known(name: &str, of: &str, names: &[&str], given: &[Pair]) -> Result<(), String> {
    if !names.contains(&name) {
        let hint = match nearest(name, names) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it has {}", names.join(", ")),
        };
        return Err(format!("an {of} has no {name:?}; {hint}"));
    }
    match given.iter().any(|pair| pair.name == name) {
        true => Err(format!("this {of} says its {name} twice")),
        false => Ok(()),
    }
}

/// Reads `name=word name="several words"` at byte `base` of a file; in quotes `\"` is a quote and `\\` a backslash. `Err` has
/// the bytes that it is about.
pub fn read(text: &str, base: usize, of: &str, names: &[&str]) -> Result<Pairs, (Range<usize>, String)> {
    let at = |rest: &str| base + text.len() - rest.len();
    let mut found = Pairs::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(found);
        }
        let start = at(rest);
        let end = rest.find(['=', ' ', '\t']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            let what = format!("{name:?} is no name=value; a value of several words stands in double quotes");
            return Err((start..start + name.len(), what));
        };
        known(name, of, names, &found).map_err(|what| (start..start + end, what))?;
        let from = at(value);
        let (word, after) = match value.strip_prefix('"') {
            Some(quoted) => unquoted(quoted).ok_or_else(|| {
                (from..base + text.len(), "this quote is not closed on its line".to_owned())
            })?,
            None => {
                let (word, after) = value.split_at(value.find([' ', '\t']).unwrap_or(value.len()));
                (word.to_owned(), after)
            }
        };
        found.push(Pair { name: name.to_owned(), text: word, at: from..at(after) });
        rest = after;
    }
}

/// The text up to the closing quote, and what comes after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Some((word, text.get(i + 1..)?)),
            '\\' => word.push(chars.next()?.1),
            c => word.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["owner", "expires", "reason"];

    #[test]
    fn words_and_quotes_are_values_with_their_places() {
        let text = " owner=a reason=\"b \\\"c\\\" \\\\\"  expires=2027-03-01";
        let found = read(text, 100, "exception", &NAMES).unwrap();
        let shown: Vec<(&str, &str, usize)> =
            found.iter().map(|p| (p.name.as_str(), p.text.as_str(), p.at.start - 100)).collect();
        assert_eq!(shown, [("owner", "a", 7), ("reason", "b \"c\" \\", 16), ("expires", "2027-03-01", 38)]);
    }

    #[test]
    fn what_is_not_understood_is_said_with_its_place() {
        for (text, place, said) in [
            ("owner", 0..5, "no name=value"),
            ("owner=a b", 8..9, "no name=value"),
            ("ownr=a", 0..4, "did you mean owner?"),
            ("x=a", 0..1, "it has owner, expires, reason"),
            ("owner=a owner=b", 8..13, "says its owner twice"),
            ("reason=\"a", 7..9, "not closed"),
        ] {
            let (at, what) = read(text, 0, "exception", &NAMES).unwrap_err();
            assert_eq!(at, place, "{text}");
            assert!(what.contains(said), "{text}: {what}");
        }
    }
}
