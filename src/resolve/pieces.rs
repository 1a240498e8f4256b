//! What a text that is not known is cut into, where it is known at which letters: no delimiter stands in what is made of letters
//! of a word, and a pattern says where it does.

use super::pattern::{Cut, cut_at, never_holds};
use crate::value::shortest::is_word_letter;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Func, Part, Ty, Value};

/// Among so many texts one is chosen that a piece may be.
const CHOSEN: usize = 16;

/// The list of what stands between the delimiters in the known pieces of a text; `None` where what is not known may hold one.
pub fn between_known(cx: &Cx, by: &str, pieces: &[Piece], of: Ty) -> Option<Value> {
    let mut letters = by.chars();
    let mark = letters.next()?;
    let (one, words) = (letters.next().is_none(), !by.contains(is_word_letter));
    let whole = |piece: &Piece| match piece {
        Piece::Sym(sym) => {
            let pattern = || cx.leaf(*sym).and_then(|leaf| leaf.pattern);
            words && cx.is_word(&Value::Sym(*sym))
                || one && pattern().is_some_and(|pattern| never_holds(&pattern, mark))
        }
        Piece::Text(_) => true,
    };
    pieces.iter().all(whole).then(|| between(cx, by, pieces, of))
}

/// The list of what stands between the delimiters in the known pieces of a text.
pub fn between(cx: &Cx, by: &str, pieces: &[Piece], of: Ty) -> Value {
    let (mut parts, mut open): (Vec<Part>, Vec<Value>) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Sym(sym) => open.push(Value::Sym(*sym)),
            Piece::Text(text) => {
                for (i, part) in text.split(by).enumerate() {
                    if i > 0 {
                        parts.push(Part::item(cx.concat(&std::mem::take(&mut open))));
                    }
                    open.push(Value::from(part));
                }
            }
        }
    }
    parts.push(Part::item(cx.concat(&open)));
    Value::typed(CollKind::List, of, parts)
}

/// What an input is cut into whose pattern has the delimiter: a piece of few texts is a choice among them.
pub fn by_pattern(cx: &Cx, f: &'static Func, args: &[Value], of: Ty) -> Option<Value> {
    let cuts = cuts_of(cx, args)?;
    let Value::Sym(list) = cx.opaque(f, args) else { return None };
    let part = |(i, cut): (usize, Cut)| {
        let piece = cx.path(list, &i.to_string());
        let words = cut.words.filter(|words| words.len() <= CHOSEN).unwrap_or_default();
        let words: Vec<Value> = words.into_iter().map(Value::from).collect();
        let none = || Value::refused("the pattern of the input does not allow this", None);
        let other = |rest, word: &Value| cx.if_else(cx.equal(&piece, word), word.clone(), rest);
        Part::item(match words.as_slice() {
            [] => piece,
            [only] => only.clone(),
            words => words.iter().rev().fold(none(), other),
        })
    };
    Some(Value::typed(CollKind::List, of, cuts.into_iter().enumerate().map(part).collect()))
}

/// What the pattern of an input is cut into, if one is cut at a letter.
pub fn cuts_of(cx: &Cx, args: &[Value]) -> Option<Vec<Cut>> {
    let [Value::String(by), Value::Sym(text)] = args else { return None };
    let mut letters = by.chars();
    let mark = letters.next().filter(|_| letters.next().is_none())?;
    cut_at(&cx.leaf(*text)?.pattern?, mark)
}
