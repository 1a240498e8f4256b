//! What a regular expression matches: all of its texts, where they are few, and one of them.
//!
//! `^(blue|green)$` between anchors matches two texts, so a condition that asks for it lists the values of what it asks
//! about. Knows the syntax of the `regex` crate only; each front end rewrites its own to that.

mod in_words;

use regex_syntax::hir::{Class, Hir, HirKind, Look};

pub use in_words::{group_of_the_whole, of_every_text, of_every_word};

/// How many texts a pattern may have that is taken for a list of them.
const WORDS: usize = 1_000;
/// What may be repeated more often counts as repeated without end where it is searched for.
const ENDLESS: usize = 64;

/// A text of a part of a pattern, and whether it must stand at the start and at the end of the whole.
#[derive(Clone, PartialEq, Eq)]
struct Word {
    start: bool,
    text: String,
    end: bool,
}

/// Every text that the pattern matches as a whole; `None` where it matches within longer ones, or has too many.
pub fn words(pattern: &str) -> Option<Vec<String>> {
    words_up_to(pattern, None)
}

/// The same of texts that have no more than so many letters.
pub fn words_up_to(pattern: &str, longest: Option<usize>) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let words = of(&hir, longest)?;
    words.iter().all(|w| w.start && w.end).then(|| words.into_iter().map(|w| w.text).collect())
}

/// The one text that the pattern matches at the beginning of a text (`true`), or else at its end, and nowhere else.
pub fn affix(pattern: &str) -> Option<(bool, String)> {
    let hir = regex_syntax::parse(pattern).ok()?;
    match of(&hir, None)?.as_slice() {
        [Word { start, text, end }] if start != end && !text.is_empty() => Some((*start, text.clone())),
        _ => None,
    }
}

/// Whether the pattern matches where a text begins, and nowhere else.
pub fn is_at_start(pattern: &str) -> bool {
    let hir = regex_syntax::parse(pattern);
    hir.is_ok_and(|hir| hir.properties().look_set_prefix().contains(Look::Start))
}

/// Whether a text that the pattern matches as a whole never holds a letter.
pub fn never_holds(pattern: &str, letter: char) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|hir| !may_hold(&hir, letter))
}

/// Recursive; the parser bounds the depth.
fn may_hold(hir: &Hir, letter: char) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => false,
        HirKind::Literal(text) => !std::str::from_utf8(&text.0).is_ok_and(|text| !text.contains(letter)),
        HirKind::Class(Class::Unicode(class)) => {
            class.iter().any(|r| r.start() <= letter && letter <= r.end())
        }
        HirKind::Class(Class::Bytes(_)) => true,
        HirKind::Repetition(repeated) => may_hold(&repeated.sub, letter),
        HirKind::Capture(group) => may_hold(&group.sub, letter),
        HirKind::Concat(all) | HirKind::Alternation(all) => all.iter().any(|part| may_hold(part, letter)),
    }
}

/// Whether no text that begins so, or that holds this, is one in which a pattern matches: `^ci-` and a text that begins with
/// "prod", `^[0-9]+$` and one that holds "a".
pub fn never_has(pattern: &str, begins: bool, part: &str) -> bool {
    let Ok(hir) = regex_syntax::parse(pattern) else { return false };
    let at_start = hir.properties().look_set_prefix().contains(Look::Start);
    let at_end = hir.properties().look_set_suffix().contains(Look::End);
    at_start && at_end && part.chars().any(|c| !may_hold(&hir, c))
        || at_start && begins && !may_begin(&hir, part)
}

/// Whether a text that a pattern matches from its start may begin so, as far as that is told by what comes first in it.
fn may_begin(hir: &Hir, part: &str) -> bool {
    let (mut parts, mut rest) = (Vec::new(), part.chars());
    in_row(hir, &mut parts);
    for part in parts {
        match part.kind() {
            HirKind::Look(Look::Start) => {}
            HirKind::Literal(text) => {
                let Ok(text) = std::str::from_utf8(&text.0) else { return true };
                for (own, c) in text.chars().zip(&mut rest) {
                    if own != c {
                        return false;
                    }
                }
            }
            HirKind::Class(_) => {
                if rest.next().is_some_and(|c| !may_hold(part, c)) {
                    return false;
                }
            }
            HirKind::Repetition(repeated) => {
                let one = repeated.min > 0 && matches!(repeated.sub.kind(), HirKind::Class(_));
                return !one || rest.next().is_none_or(|c| may_hold(&repeated.sub, c));
            }
            _ => return true,
        }
    }
    true
}

/// What stands between two delimiters in every text that a pattern matches as a whole.
pub struct Cut {
    /// Its texts, where they are few.
    pub words: Option<Vec<String>>,
    /// The pattern that it matches as a whole.
    pub pattern: String,
}

/// What each text that the pattern matches as a whole is cut into at a letter: `bot` and `[0-9]+` of `bot-[0-9]+`. `None`
/// where the letter may stand elsewhere too.
pub fn cut_at(pattern: &str, letter: char) -> Option<Vec<Cut>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut parts: Vec<&Hir> = Vec::new();
    in_row(&hir, &mut parts);
    let is = |part: Option<&&Hir>, look| part.is_some_and(|part| *part.kind() == HirKind::Look(look));
    let parts = parts.get(usize::from(is(parts.first(), Look::Start))..)?;
    let parts = parts.get(..parts.len() - usize::from(is(parts.last(), Look::End)))?;
    let mut pieces: Vec<Vec<Hir>> = vec![Vec::new()];
    for part in parts {
        match part.kind() {
            HirKind::Literal(text) => {
                for (i, text) in std::str::from_utf8(&text.0).ok()?.split(letter).enumerate() {
                    if i > 0 {
                        pieces.push(Vec::new());
                    }
                    pieces.last_mut()?.push(Hir::literal(text.as_bytes()));
                }
            }
            _ if !part.properties().look_set().is_empty() || may_hold(part, letter) => return None,
            _ => pieces.last_mut()?.push((*part).clone()),
        }
    }
    let cut = |piece: Vec<Hir>| {
        let piece = Hir::concat(piece);
        let words = of(&piece, None).map(|words| words.into_iter().map(|w| w.text).collect());
        Cut { words, pattern: piece.to_string() }
    };
    Some(pieces.into_iter().map(cut).collect())
}

/// The parts of a pattern that follow each other. Recursive; the parser bounds the depth.
fn in_row<'h>(hir: &'h Hir, out: &mut Vec<&'h Hir>) {
    match hir.kind() {
        HirKind::Concat(all) => all.iter().for_each(|part| in_row(part, out)),
        HirKind::Capture(group) => in_row(&group.sub, out),
        _ => out.push(hir),
    }
}

/// Whether a pattern matches a text as a whole; `None` for what is no pattern.
pub fn is_whole(pattern: &str, text: &str) -> Option<bool> {
    Some(regex::Regex::new(&format!("^(?:{pattern})$")).ok()?.is_match(text))
}

/// How many letters a text has at most that the pattern matches as a whole; `None` where there is no end, or too far.
pub fn longest(pattern: &str) -> Option<usize> {
    most_letters(&regex_syntax::parse(pattern).ok()?)
}

/// Recursive; the parser bounds the depth.
fn most_letters(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(0),
        HirKind::Literal(text) => Some(std::str::from_utf8(&text.0).ok()?.chars().count()),
        HirKind::Class(_) => Some(1),
        HirKind::Capture(group) => most_letters(&group.sub),
        HirKind::Repetition(repeated) => {
            most_letters(&repeated.sub)?.checked_mul(usize::try_from(repeated.max?).ok()?)
        }
        HirKind::Concat(all) => all.iter().try_fold(0usize, |sum, part| sum.checked_add(most_letters(part)?)),
        HirKind::Alternation(all) => all.iter().try_fold(0, |most, part| Some(most_letters(part)?.max(most))),
    }
}

/// A text that the pattern's literal parts make: most likely one that it matches.
pub fn sample(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut out = String::new();
    shortest(&hir, &mut out);
    Some(out)
}

/// Whether a search for the pattern may look at text far behind what it finds: something is repeated without end before
/// something that must follow, as in `x*y|x`.
pub fn looks_far(pattern: &str) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|hir| far(&hir, true))
}

/// The same of a part; `last` where a match may end behind it.
fn far(hir: &Hir, last: bool) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
        HirKind::Capture(group) => far(&group.sub, last),
        HirKind::Alternation(all) => all.iter().any(|one| far(one, last)),
        HirKind::Concat(all) => {
            let may_end = |rest: &[Hir]| {
                rest.iter().all(|part| {
                    part.properties().minimum_len() == Some(0) && part.properties().look_set().is_empty()
                })
            };
            (1..).zip(all).any(|(next, part)| far(part, last && all.get(next..).is_none_or(may_end)))
        }
        HirKind::Repetition(repetition) => {
            let endless = repetition.max.is_none_or(|most| most as usize > ENDLESS);
            endless && !last || far(&repetition.sub, last && repetition.min <= 1)
        }
    }
}

/// Whether a group, by its name or by its place among all groups from 0 up, may take no part in a match: `(-[0-9])?`.
pub fn may_be_left_out(pattern: &str, group: &str) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|hir| !always_has(&hir, group))
}

/// Whether a group takes part in each match. Recursive; the parser bounds the depth.
fn always_has(hir: &Hir, group: &str) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
        HirKind::Capture(own) => {
            let place = own.index.checked_sub(1).map(|place| place.to_string());
            let named = own.name.as_deref() == Some(group) || place.as_deref() == Some(group);
            named || always_has(&own.sub, group)
        }
        HirKind::Repetition(repeated) => repeated.min > 0 && always_has(&repeated.sub, group),
        HirKind::Concat(all) => all.iter().any(|part| always_has(part, group)),
        HirKind::Alternation(all) => all.iter().all(|part| always_has(part, group)),
    }
}

/// Whether a pattern matches whole texts only.
pub fn is_between_anchors(pattern: &str) -> bool {
    regex_syntax::parse(pattern).is_ok_and(|hir| {
        hir.properties().look_set_prefix().contains(Look::Start)
            && hir.properties().look_set_suffix().contains(Look::End)
    })
}

/// Whether what a pattern matches is the whole text, and nothing of it is taken out.
pub fn is_of_the_whole(pattern: &str) -> bool {
    let taken = |hir: Hir| hir.properties().explicit_captures_len();
    is_between_anchors(pattern) && regex_syntax::parse(pattern).is_ok_and(|hir| taken(hir) == 0)
}

fn word(text: impl Into<String>) -> Word {
    Word { start: false, text: text.into(), end: false }
}

/// What a part matches that has no more than so many letters. Recursive; the parser bounds the depth.
fn of(hir: &Hir, longest: Option<usize>) -> Option<Vec<Word>> {
    let words = match hir.kind() {
        HirKind::Empty => vec![word("")],
        HirKind::Literal(literal) => vec![word(std::str::from_utf8(&literal.0).ok()?)],
        HirKind::Class(class) => characters(class)?.into_iter().map(word).collect(),
        HirKind::Look(Look::Start) => vec![Word { start: true, ..word("") }],
        HirKind::Look(Look::End) => vec![Word { end: true, ..word("") }],
        HirKind::Look(_) => return None,
        HirKind::Capture(group) => of(&group.sub, longest)?,
        HirKind::Alternation(all) => {
            let mut out: Vec<Word> = Vec::new();
            for one in all {
                out.extend(of(one, longest)?);
            }
            out
        }
        HirKind::Concat(all) => {
            let mut out = vec![word("")];
            for part in all {
                out = row(&out, &of(part, longest)?, longest)?;
            }
            out
        }
        HirKind::Repetition(repetition) => {
            // Each time adds a letter.
            let ends = longest.and_then(|longest| u32::try_from(longest).ok());
            let ends = ends.map(|ends| ends.max(repetition.min));
            let most = [repetition.max, ends].into_iter().flatten().min();
            let most = most.filter(|most| *most as usize <= WORDS)?;
            let part = of(&repetition.sub, longest)?;
            let (mut out, mut now) = (Vec::new(), vec![word("")]);
            for times in 0..=most {
                if times >= repetition.min {
                    out.extend(now.iter().cloned());
                }
                if times < most {
                    now = row(&now, &part, longest)?;
                }
            }
            out
        }
    };
    let mut once: Vec<Word> = Vec::new();
    for word in words {
        if !once.contains(&word) {
            once.push(word);
        }
    }
    (once.len() <= WORDS).then_some(once)
}

/// Each of the first, and behind it each of the second: what stands at the start has nothing before it, and nothing
/// comes after the end.
fn row(first: &[Word], second: &[Word], longest: Option<usize>) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    for a in first {
        for b in second {
            if (a.end && !b.text.is_empty()) || (b.start && !a.text.is_empty()) {
                continue;
            }
            let long = |most| a.text.chars().count() + b.text.chars().count() > most;
            if longest.is_some_and(long) {
                continue;
            }
            let text = format!("{}{}", a.text, b.text);
            out.push(Word { start: a.start || b.start, text, end: a.end || b.end });
        }
        if out.len() > WORDS {
            return None;
        }
    }
    Some(out)
}

fn characters(class: &Class) -> Option<Vec<String>> {
    let Class::Unicode(class) = class else { return None };
    let count: usize = class.ranges().iter().map(regex_syntax::hir::ClassUnicodeRange::len).sum();
    let each = || class.ranges().iter().flat_map(|r| (r.start()..=r.end()).map(String::from));
    (count <= WORDS).then(|| each().collect())
}

fn shortest(hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            // Of a class that leaves out few characters the first would be none that anybody types.
            let plain = ('a'..='z').chain('0'..='9').find(|c| holds(class, *c));
            out.extend(plain.or_else(|| class.ranges().first().map(|r| r.start())));
        }
        HirKind::Capture(group) => shortest(&group.sub, out),
        HirKind::Alternation(all) => all.iter().take(1).for_each(|one| shortest(one, out)),
        HirKind::Concat(all) => all.iter().for_each(|part| shortest(part, out)),
        HirKind::Repetition(repetition) => {
            (0..repetition.min.min(WORDS as u32)).for_each(|_| shortest(&repetition.sub, out));
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(Class::Bytes(_)) => {}
    }
}

fn holds(class: &regex_syntax::hir::ClassUnicode, c: char) -> bool {
    class.ranges().iter().any(|r| r.start() <= c && c <= r.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_a_pattern_has_nowhere_are_in_no_text() {
        for (pattern, never) in [
            ("[a-z]+", true),
            ("(?:[a-z]|x_){1,3}[0-9]*", true),
            ("[a-z-]+", false),
            ("a-b", false),
            (".*", false),
            ("[^a]", false),
            ("(", false),
        ] {
            assert_eq!(never_holds(pattern, '-'), never, "{pattern}");
        }
    }

    #[test]
    fn what_a_pattern_says_of_the_beginning_of_a_text() {
        for (pattern, begins, part, never) in [
            ("^ci-", true, "prod", true),
            ("^ci-", true, "c", false),
            ("^ci-", true, "ci-1", false),
            ("^ci-", false, "prod", false),
            ("(?i)^ci-", true, "CI", false),
            ("(?i)^ci-", true, "prod", true),
            ("^(ci|prod)-", true, "x", false),
            ("^c[a-z]", true, "c1", true),
            ("^[0-9]+", true, "a", true),
            ("^[0-9]*", true, "a", false),
            ("^[0-9]+$", false, "a", true),
            ("^[0-9]+", false, "a", false),
            ("^a|b$", false, "c", false),
            ("(?m)^ci-", true, "prod", false),
            ("ci-", true, "prod", false),
            ("(", true, "a", false),
        ] {
            assert_eq!(never_has(pattern, begins, part), never, "{pattern} {part}");
        }
    }

    #[test]
    fn a_pattern_is_cut_where_its_texts_are() {
        let cut = |pattern: &str, letter| {
            let pieces = cut_at(pattern, letter)?;
            let piece = |cut: &Cut| match &cut.words {
                Some(words) => words.join(","),
                None => format!("/{}/", cut.pattern),
            };
            Some(pieces.iter().map(piece).collect::<Vec<_>>().join(" "))
        };
        for (pattern, letter, pieces) in [
            ("^bot-[0-9]$", '-', Some("bot 0,1,2,3,4,5,6,7,8,9")),
            ("^(dev|prod)-x$", '-', Some("dev,prod x")),
            ("^(i-)x", '-', Some("i x")),
            ("a-b-", '-', Some("a b ")),
            ("[a-z-]+", '-', None),
            ("(a-){1,2}", '-', None),
            ("a-\\bb", '-', None),
            ("abc", '-', Some("abc")),
            ("(", '-', None),
        ] {
            assert_eq!(cut(pattern, letter).as_deref(), pieces, "{pattern}");
        }
        let open = cut("[a-z]+@bot", '@').unwrap_or_default();
        assert!(open.starts_with('/') && open.ends_with("/ bot"), "{open}");
    }

    #[test]
    fn few_texts_between_anchors_are_listed() {
        for (pattern, listed) in [
            ("^(blue|green)$", Some("blue green")),
            ("^blue$|^green$", Some("blue green")),
            ("^(?:dev|pre-?prod)$", Some("dev preprod pre-prod")),
            ("^v[1-3]$", Some("v1 v2 v3")),
            ("^(a|b){1,2}$", Some("a b aa ab ba bb")),
            ("^$", Some("")),
            ("(^a)(b$)", Some("ab")),
            ("^(?i)on$", Some("ON On oN on")),
            ("^(blue|green)", None),
            ("blue|^green$", None),
            ("^[a-z]{3}$", None),
            ("^a*$", None),
            ("^\\bblue\\b$", None),
            ("^a$b|^c$", Some("c")),
            ("^a|b^c$|^d$$", None),
            ("^(c|a^b|^d)$$", Some("c d")),
            ("^(ab|cd|ab)$", Some("ab cd")),
            ("^([a-z]{2}|[a-z]{2}x)$", None),
            ("^a{0,1001}$", None),
            ("(", None),
        ] {
            let mut found = words(pattern);
            found.iter_mut().for_each(|f| f.sort());
            let mut wanted = listed.map(|l| l.split(' ').map(String::from).collect::<Vec<_>>());
            wanted.iter_mut().for_each(|f| f.sort());
            assert_eq!(found, wanted, "{pattern}");
        }
    }

    #[test]
    fn only_what_must_follow_a_repetition_is_looked_for_far_away() {
        for near in ["\\s+", "[^a-z0-9]+", "^a*", "(ab)*c?", "[a-z]+(?:-[a-z]+)*", "a.*", "x{3}y", "a+?"] {
            assert!(!looks_far(near), "{near}");
        }
        for distant in ["x*y|x", "(x*)*y", "a+$", ".*/", "\\$\\{[^}]*\\}", "(?:ab*){2,}", "x{0,500}y"] {
            assert!(looks_far(distant), "{distant}");
        }
    }

    #[test]
    fn a_pattern_is_in_every_word_or_in_none() {
        for (pattern, every) in [
            (".", Some(true)),
            ("^.*$", Some(true)),
            ("^[^/]+$", Some(true)),
            ("^(.+)$", Some(true)),
            ("^(?:x-)?.*$", Some(true)),
            ("x*", Some(true)),
            (" ", Some(false)),
            ("a/b", Some(false)),
            ("^$", Some(false)),
            ("^\\s*$", Some(false)),
            ("^( |/)*$", Some(false)),
            ("[ /]{2}", Some(false)),
            ("^[a-z]+$", None),
            ("a", None),
            ("^.$", None),
            ("^..+$", None),
            (".+^", None),
            ("^a?$", None),
            ("^\\s*", Some(true)),
            ("[ab]/", Some(false)),
            ("^.{2,}$", None),
            ("^.*(^)$", None),
            ("^$.*$", None),
        ] {
            assert_eq!(of_every_word(pattern), every, "{pattern}");
        }
    }

    #[test]
    fn a_group_has_every_word_as_a_whole() {
        for (pattern, whole) in [
            ("^(.*)$", true),
            ("(.+)", true),
            ("^([a-z]*)$", false),
            ("^(.*?)$", false),
            ("^(.{2,})$", false),
            ("^(.{0,9})$", false),
            ("^(.*)x$", false),
        ] {
            assert_eq!(group_of_the_whole(pattern).is_some(), whole, "{pattern}");
        }
    }

    #[test]
    fn a_sample_is_short_and_plain() {
        for (pattern, text) in
            [("^prod", "prod"), ("^[a-z0-9-]{3,}$", "aaa"), ("x|y", "x"), ("^[^/]+/(.+)$", "a/a"), ("^$", "")]
        {
            assert_eq!(sample(pattern).as_deref(), Some(text), "{pattern}");
        }
    }
}
