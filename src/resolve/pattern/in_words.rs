//! What a pattern matches in texts that are [letters of a word](crate::value::shortest::Text::Word), whichever they are.
//!
//! `[^/]+$` matches in every workspace's name, and `/` in none.

use regex_syntax::hir::{Class, Hir, HirKind, Look, LookSet};

use super::holds;
use crate::value::func::Letter;
use crate::value::shortest::is_word_letter;

/// Whether a pattern matches something in every text of such letters, because it matches each of its letters by itself and looks at no
/// more than one end of the text.
fn in_any(hir: &Hir, pattern: &str, letter: Letter) -> bool {
    let looks = hir.properties().look_set();
    let one_end = looks.is_empty()
        || [Look::Start, Look::End].into_iter().any(|look| looks == LookSet::singleton(look));
    let in_each = |regex: regex::Regex| letters(letter).all(|c| regex.is_match(c.encode_utf8(&mut [0; 4])));
    one_end && regex::Regex::new(pattern).is_ok_and(in_each)
}

/// Whether a pattern matches in every text of letters of a word (`true`), or in none (`false`); `None` where it depends on
/// the text. A word has at least one letter.
pub fn of_every_word(pattern: &str) -> Option<bool> {
    of_every_text(pattern, is_word_letter)
}

/// The same of texts of such letters, at least one.
pub fn of_every_text(pattern: &str, letter: Letter) -> Option<bool> {
    let hir = regex_syntax::parse(pattern).ok()?;
    if in_none(&hir, false, letter) {
        return Some(false);
    }
    let plain = hir.properties().look_set().is_empty() && hir.properties().minimum_len() == Some(0);
    (plain || is_all(&hir, letter) || in_any(&hir, pattern, letter)).then_some(true)
}

/// The name, if it has one, of the only group of a pattern, where every word as a whole is what the group matches in it:
/// `^(.*)$`.
pub fn group_of_the_whole(pattern: &str) -> Option<Option<Box<str>>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    let parts =
        if let HirKind::Concat(parts) = hir.kind() { parts.as_slice() } else { std::slice::from_ref(&hir) };
    let looks = |part: Option<&Hir>, at| {
        part.is_some_and(|part| matches!(part.kind(), HirKind::Look(look) if *look == at))
    };
    let parts = parts.get(usize::from(looks(parts.first(), Look::Start))..)?;
    let parts = parts.get(..parts.len() - usize::from(looks(parts.last(), Look::End)))?;
    let [HirKind::Capture(group)] = parts.iter().map(Hir::kind).collect::<Vec<_>>()[..] else { return None };
    let HirKind::Repetition(all) = group.sub.kind() else { return None };
    let HirKind::Class(class) = all.sub.kind() else { return None };
    let whole =
        all.greedy && all.min <= 1 && all.max.is_none() && letters(is_word_letter).all(|c| has(class, c));
    whole.then(|| group.name.clone())
}

/// Whether no text of such letters has what a part matches: it needs another character; or, between both ends of the text
/// (`whole`), it has no letter.
fn in_none(hir: &Hir, whole: bool, letter: Letter) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => !String::from_utf8_lossy(&literal.0).chars().all(letter),
        HirKind::Class(class) => !letters(letter).any(|c| has(class, c)),
        HirKind::Capture(group) => in_none(&group.sub, whole, letter),
        HirKind::Alternation(all) => all.iter().all(|one| in_none(one, whole, letter)),
        HirKind::Repetition(repetition) => {
            (whole || repetition.min > 0) && in_none(&repetition.sub, whole, letter)
        }
        HirKind::Concat(all) => {
            let ends = matches!(
                (all.first().map(Hir::kind), all.last().map(Hir::kind)),
                (Some(HirKind::Look(Look::Start)), Some(HirKind::Look(Look::End)))
            );
            all.iter().any(|part| in_none(part, false, letter))
                || ends && all.iter().all(|part| is_empty(part) || in_none(part, true, letter))
        }
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// Whether a part matches nothing but the empty text.
fn is_empty(hir: &Hir) -> bool {
    hir.properties().maximum_len() == Some(0)
}

/// Whether a part matches every text of such letters as a whole.
fn is_all(hir: &Hir, letter: Letter) -> bool {
    match hir.kind() {
        HirKind::Capture(group) => is_all(&group.sub, letter),
        HirKind::Alternation(all) => all.iter().any(|one| is_all(one, letter)),
        HirKind::Repetition(repetition) => {
            let every = |part: &Hir| match part.kind() {
                HirKind::Class(class) => letters(letter).all(|c| has(class, c)),
                HirKind::Capture(group) => {
                    matches!(group.sub.kind(), HirKind::Class(class) if letters(letter).all(|c| has(class, c)))
                }
                _ => false,
            };
            repetition.min <= 1 && repetition.max.is_none() && every(&repetition.sub)
        }
        HirKind::Concat(all) => {
            let rest: Vec<&Hir> = all.iter().filter(|part| !is_all(part, letter)).collect();
            let nothing = |part: &&Hir| match part.kind() {
                HirKind::Look(look) => matches!(look, Look::Start | Look::End),
                _ => part.properties().minimum_len() == Some(0) && part.properties().look_set().is_empty(),
            };
            // Where a text begins is before everything, where it ends behind everything.
            let in_place = (0..).zip(all).all(|(at, part)| match part.kind() {
                HirKind::Look(Look::Start) => at == 0,
                HirKind::Look(Look::End) => at + 1 == all.len(),
                _ => true,
            });
            in_place && rest.len() < all.len() && rest.iter().all(nothing)
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => false,
    }
}

/// The letters of texts, which are ASCII.
fn letters(letter: Letter) -> impl Iterator<Item = char> {
    (0..=127u8).map(char::from).filter(move |c| letter(*c))
}

fn has(class: &Class, c: char) -> bool {
    match class {
        Class::Unicode(class) => holds(class, c),
        // The syntax is of text, whose classes hold characters.
        Class::Bytes(_) => false,
    }
}
