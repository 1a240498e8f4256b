//! What a regular expression matches: all of its texts, where they are few, and one of them.
//!
//! `^(blue|green)$` between anchors matches two texts, so a condition that asks for it lists the values of what it asks
//! about. Knows the syntax of the `regex` crate only; each front end rewrites its own to that.

use regex_syntax::hir::{Class, Hir, HirKind, Look, LookSet};

use crate::value::shortest::is_word_letter;

/// How many texts a pattern may have that is taken for a list of them.
const WORDS: usize = 64;

/// A text of a part of a pattern, and whether it must stand at the start and at the end of the whole.
#[derive(Clone, PartialEq, Eq)]
struct Word {
    start: bool,
    text: String,
    end: bool,
}

/// Every text that the pattern matches as a whole; `None` where it matches within longer ones, or has too many.
pub fn words(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let words = of(&hir)?;
    words.iter().all(|w| w.start && w.end).then(|| words.into_iter().map(|w| w.text).collect())
}

/// Whether the pattern matches where a text begins, and nowhere else.
pub fn is_at_start(pattern: &str) -> bool {
    let hir = regex_syntax::parse(pattern);
    hir.is_ok_and(|hir| hir.properties().look_set_prefix().contains(Look::Start))
}

/// A text that the pattern's literal parts make: most likely one that it matches.
pub fn sample(pattern: &str) -> Option<String> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut out = String::new();
    shortest(&hir, &mut out);
    Some(out)
}

/// Whether a pattern matches something in every word, because it matches each of its letters by itself and looks at no
/// more than one end of the text.
pub fn in_any_word(pattern: &str) -> bool {
    let (Ok(hir), Ok(regex)) = (regex_syntax::parse(pattern), regex::Regex::new(pattern)) else {
        return false;
    };
    let looks = hir.properties().look_set();
    let one_end = looks.is_empty()
        || [Look::Start, Look::End].into_iter().any(|look| looks == LookSet::singleton(look));
    let letters = (0..=127u8).map(char::from).filter(|c| is_word_letter(*c));
    one_end && letters.into_iter().all(|c| regex.is_match(c.encode_utf8(&mut [0; 4])))
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
            let endless = repetition.max.is_none_or(|most| most as usize > WORDS);
            endless && !last || far(&repetition.sub, last && repetition.min <= 1)
        }
    }
}

fn word(text: impl Into<String>) -> Word {
    Word { start: false, text: text.into(), end: false }
}

fn of(hir: &Hir) -> Option<Vec<Word>> {
    let words = match hir.kind() {
        HirKind::Empty => vec![word("")],
        HirKind::Literal(literal) => vec![word(std::str::from_utf8(&literal.0).ok()?)],
        HirKind::Class(class) => characters(class)?.into_iter().map(word).collect(),
        HirKind::Look(Look::Start) => vec![Word { start: true, ..word("") }],
        HirKind::Look(Look::End) => vec![Word { end: true, ..word("") }],
        HirKind::Look(_) => return None,
        HirKind::Capture(group) => of(&group.sub)?,
        HirKind::Alternation(all) => {
            let mut out: Vec<Word> = Vec::new();
            for one in all {
                out.extend(of(one)?);
            }
            out
        }
        HirKind::Concat(all) => {
            let mut out = vec![word("")];
            for part in all {
                out = row(&out, &of(part)?)?;
            }
            out
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.filter(|most| *most as usize <= WORDS)?;
            let part = of(&repetition.sub)?;
            let (mut out, mut now) = (Vec::new(), vec![word("")]);
            for times in 0..=most {
                if times >= repetition.min {
                    out.extend(now.iter().cloned());
                }
                if times < most {
                    now = row(&now, &part)?;
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
fn row(first: &[Word], second: &[Word]) -> Option<Vec<Word>> {
    let mut out = Vec::new();
    for a in first {
        for b in second {
            if (a.end && !b.text.is_empty()) || (b.start && !a.text.is_empty()) {
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
    fn a_sample_is_short_and_plain() {
        for (pattern, text) in
            [("^prod", "prod"), ("^[a-z0-9-]{3,}$", "aaa"), ("x|y", "x"), ("^[^/]+/(.+)$", "a/a"), ("^$", "")]
        {
            assert_eq!(sample(pattern).as_deref(), Some(text), "{pattern}");
        }
    }
}
