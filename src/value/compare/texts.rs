//! Equality of texts that are put together: `"x-${var.e}" == "x-k"` is `var.e == "k"`.

use super::super::leaves::ways;
use super::super::symbol::{LeafKind, Piece, SymId};
use super::super::types::Ty;
use super::super::{Cx, Guard, Num, Value};
use super::EQ;

/// In how many ways pieces may make a text for each to be asked about by itself: `"${p}/${q}" == "x/y"` in one.
const WAYS: usize = 16;

impl Cx {
    /// Strips what is equal at both ends, and compares what is left.
    pub(super) fn eq_pieces(&self, p: &[Piece], q: &[Piece]) -> Guard {
        let (mut p, mut q) = (p.to_vec(), q.to_vec());
        for end in [false, true] {
            loop {
                let pick =
                    |pieces: &[Piece]| if end { pieces.last().cloned() } else { pieces.first().cloned() };
                let (Some(a), Some(b)) = (pick(&p), pick(&q)) else { break };
                let (rest_a, rest_b) = match (&a, &b) {
                    (Piece::Sym(x), Piece::Sym(y)) if x == y => (None, None),
                    (Piece::Text(x), Piece::Text(y)) => {
                        let common = if end { common_suffix(x, y) } else { common_prefix(x, y) };
                        if common == 0 {
                            return Guard::FALSE;
                        }
                        let cut = |t: &str| {
                            let rest = if end { t.get(..t.len() - common) } else { t.get(common..) };
                            rest.filter(|r| !r.is_empty()).map(|r| Piece::Text(r.into()))
                        };
                        (cut(x), cut(y))
                    }
                    _ => break,
                };
                // Both texts went on differently: the strings differ.
                if rest_a.is_some() && rest_b.is_some() {
                    return Guard::FALSE;
                }
                for (pieces, rest) in [(&mut p, rest_a), (&mut q, rest_b)] {
                    if end {
                        pieces.pop();
                        pieces.extend(rest);
                    } else {
                        pieces.splice(..1, rest);
                    }
                }
            }
        }
        if is_longer(&p, &q) || is_longer(&q, &p) {
            return Guard::FALSE;
        }
        let (a, b) = (self.pieces(p), self.pieces(q));
        match (&a, &b) {
            (Value::Sym(x), Value::Sym(y)) => {
                let (x, y) = (*x.min(y), *x.max(y));
                self.predicate(&EQ, &[Value::Sym(x), Value::Sym(y)])
            }
            _ => self.eq_plain(&a, &b),
        }
    }

    /// A sequence of pieces against a known text: a known beginning is stripped; one symbol that is left is compared.
    pub(super) fn eq_concat(&self, pieces: &[Piece], text: &str) -> Guard {
        let (mut pieces, mut text) = (pieces.to_vec(), text);
        if let Some(Piece::Text(prefix)) = pieces.first() {
            match text.strip_prefix(&**prefix) {
                Some(rest) => text = rest,
                None => return Guard::FALSE,
            }
            pieces.remove(0);
        }
        match pieces.as_slice() {
            [Piece::Sym(sym)] => match self.type_of(*sym) {
                Ty::String => self.eq_symbol(*sym, &Value::from(text)),
                Ty::Number => match Num::parse(text).filter(|n| n.to_string() == text) {
                    Some(n) => self.eq_symbol(*sym, &n.into()),
                    None => Guard::FALSE,
                },
                Ty::Dynamic => self.text_is(*sym, text),
                _ => self.predicate(&EQ, &[self.pieces(pieces), Value::from(text)]),
            },
            _ => match self.repeated_in(&pieces, text) {
                Some((sym, Some(part))) => self.eq_symbol(sym, &Value::from(part)),
                Some((_, None)) => Guard::FALSE,
                None if !in_order(&pieces, text) => Guard::FALSE,
                None => match ways(&pieces, text, WAYS) {
                    Some(ways) => self.any(ways.iter().map(|way| self.is_cut(way))),
                    None => self.predicate(&EQ, &[self.pieces(pieces), Value::from(text)]),
                },
            },
        }
    }

    /// When each symbol is its part of a text.
    fn is_cut(&self, way: &[(SymId, &str)]) -> Guard {
        self.all(way.iter().map(|(sym, part)| self.eq_concat(&[Piece::Sym(*sym)], part)))
    }

    /// When the text of something of unknown type is this one: where it is that text, or the number or bool that reads so.
    /// What only the deployment knows is taken for text where it is compared with one.
    fn text_is(&self, sym: SymId, text: &str) -> Guard {
        let itself = self.eq_symbol(sym, &Value::from(text));
        if self.is_leaf(sym, |l| l.kind == LeafKind::Deployment) {
            return itself;
        }
        let number = Num::parse(text).filter(|n| n.to_string() == text).map(Value::from);
        let bool = ["true", "false"].contains(&text).then(|| Value::from(text == "true"));
        let read = number.into_iter().chain(bool).map(|v| self.eq_symbol(sym, &v));
        self.or(itself, self.any(read))
    }

    /// For pieces that are text and one symbol of type string, several times: what the symbol must be for them to make
    /// a text, if anything does. `None` for other pieces.
    fn repeated_in<'t>(&self, pieces: &[Piece], text: &'t str) -> Option<(SymId, Option<&'t str>)> {
        let mut one = None;
        let (mut times, mut written) = (0, 0);
        for piece in pieces {
            match piece {
                Piece::Text(text) => written += text.len(),
                Piece::Sym(sym) if one.is_none_or(|known| known == *sym) => {
                    one = Some(*sym);
                    times += 1;
                }
                Piece::Sym(_) => return None,
            }
        }
        let sym = one.filter(|sym| self.type_of(*sym) == Ty::String)?;
        let solve = || {
            let left = text.len().checked_sub(written)?;
            let length = left.checked_div(times).filter(|length| length * times == left)?;
            let before = pieces.iter().map_while(|piece| match piece {
                Piece::Text(text) => Some(text.len()),
                Piece::Sym(_) => None,
            });
            let start: usize = before.sum();
            let part = text.get(start..start + length)?;
            let whole: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_ref(),
                    Piece::Sym(_) => part,
                })
                .collect();
            (whole == text).then_some(part)
        };
        Some((sym, solve()))
    }
}

/// Whether a text has all that another one is made of, and letters beside it: `"${q}x"` is longer than `q`.
fn is_longer(p: &[Piece], q: &[Piece]) -> bool {
    let written = |pieces: &[Piece]| {
        let len = |piece: &Piece| if let Piece::Text(text) = piece { text.len() } else { 0 };
        pieces.iter().map(len).sum::<usize>()
    };
    let times = |pieces: &[Piece], piece: &Piece| pieces.iter().filter(|other| *other == piece).count();
    let mut symbols = q.iter().filter(|piece| matches!(piece, Piece::Sym(_)));
    written(p) > written(q) && symbols.all(|piece| times(p, piece) >= times(q, piece))
}

/// Whether the written pieces stand in a text, one behind the other.
fn in_order(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| match piece {
        Piece::Text(part) => match rest.split_once(part.as_ref()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        },
        Piece::Sym(_) => true,
    })
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}
