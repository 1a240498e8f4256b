//! Elements of what a text is cut into of which only parts are known.
//!
//! `split("/", "${var.u}/1")[0]` is `split("/", var.u)[0]`, and `split("/", "x/${var.u}")[1]` is too: what stands behind a
//! known mark, or before one, says nothing of the others.

use super::func::{Form, Func};
use super::symbol::{Piece, SymId, SymNode};
use super::{Cx, Value};

impl Cx {
    /// The list of which an element of a cut text is one as well, and which of its elements it is: that of less text.
    /// `None` where all of the text may matter.
    pub fn cut_near(&self, list: SymId, index: usize) -> Option<(Value, usize)> {
        let Some(SymNode::Call(func, args)) = self.node(list) else { return None };
        let (Some(Form::Joined), [by @ Value::String(mark), Value::Sym(text)]) = (func.undoes, &*args) else {
            return None;
        };
        let stretches = stretches(&self.pieces_of(*text)?, mark)?;
        let cut = |func: &'static Func, pieces: &[Vec<Piece>]| {
            let values = pieces.iter().enumerate().flat_map(|(i, stretch)| {
                let between = (i > 0).then(|| by.clone());
                between.into_iter().chain(stretch.iter().map(Value::from))
            });
            self.call(func, &[by.clone(), self.concat(&values.collect::<Vec<_>>())])
        };
        let is_known = |stretch: &Vec<Piece>| stretch.iter().all(|piece| matches!(piece, Piece::Text(_)));
        let before = stretches.iter().take(index).take_while(|stretch| is_known(stretch)).count();
        let left = stretches.get(before..)?;
        match (left, index - before) {
            ([], _) => None,
            ([_], _) if before == 0 => None,
            ([stretch, ..], 0) => Some((cut(func, std::slice::from_ref(stretch)), 0)),
            (_, _) if before == 0 => None,
            (rest, at) => Some((cut(func, rest), at)),
        }
    }
}

/// What stands between the marks that are written, where they are sure to be cut at: no text beside a mark of one letter makes
/// another one of it.
fn stretches(pieces: &[Piece], mark: &str) -> Option<Vec<Vec<Piece>>> {
    let mut letters = mark.chars();
    letters.next().filter(|_| letters.next().is_none())?;
    let mut stretches: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Text(text) = piece else {
            stretches.last_mut()?.push(piece.clone());
            continue;
        };
        for (i, part) in text.split(mark).enumerate() {
            if i > 0 {
                stretches.push(Vec::new());
            }
            if !part.is_empty() {
                stretches.last_mut()?.push(Piece::Text(part.into()));
            }
        }
    }
    Some(stretches)
}
