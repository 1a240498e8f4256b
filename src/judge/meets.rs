//! When a user that is a symbol has a name that another key has.
//!
//! `var.u` is `"ci"` where its values are listed and hold `"ci"`, where that is what is supplied, or where a condition of a key
//! asks just that (`split("-", var.x)[0] == "ci"`). Else it is taken for another, unless conditions say what it is made of
//! ([`super::fixed`]).

use std::collections::HashSet;

use super::group::Candidate;
use crate::value::symbol::{Piece, SymNode};
use crate::value::{Cx, Func, Guard, Leaf, SymId, Ty, Value};

/// Whether anything may say what name a symbol is: values that are listed or supplied, the conditions of keys, or
/// rules.
pub(super) fn may_be_told(cx: &Cx, sym: SymId, asked: &HashSet<SymId>) -> bool {
    let leaves = cx.leaves(&Value::Sym(sym));
    let may = |l: Leaf| l.given.is_some() || has_so_many_values(&l);
    let told = |l: &SymId| asked.contains(l) || cx.leaf(*l).is_some_and(may);
    leaves.is_empty() || leaves.iter().any(told)
}

/// Whether a leaf has so many values and no others.
fn has_so_many_values(leaf: &Leaf) -> bool {
    leaf.closed.is_some() || leaf.bounded || leaf.spelled.is_some()
}

/// The leaves of a user that may decide by themselves whether it is another key's: indexes, and those whose values are listed
/// beside others that are open.
pub(super) fn deciding(cx: &Cx, sym: SymId, candidate: &Candidate) -> Vec<SymId> {
    let mut leaves = cx.leaves(&Value::Sym(sym));
    let listed = |leaf: &SymId| cx.leaf(*leaf).as_ref().is_some_and(has_so_many_values);
    let all = leaves.iter().all(listed);
    leaves.retain(|leaf| candidate.indexes.iter().any(|i| i.sym == *leaf) || !all && listed(leaf));
    leaves
}

/// When a symbol is this constant name; never, where nothing says that it could be.
pub(super) fn meets(
    cx: &Cx,
    sym: SymId,
    name: &Value,
    candidate: &Candidate,
    holders: &[usize],
    candidates: &[Candidate],
) -> Guard {
    let leaves = cx.leaves(&Value::Sym(sym));
    let known: Vec<_> = leaves.iter().filter_map(|&l| cx.leaf(l)).collect();
    let folded = cx.fold_case(name);
    if !leaves.is_empty() && known.iter().all(has_so_many_values) {
        return is_name(cx, sym, &folded);
    }
    let same = cx.equal(&Value::Sym(sym), name);
    let supplied = cx.as_given(&Value::Sym(sym));
    if cx.fold_case(&supplied) == folded {
        // The supplied spelling is that name, whatever letters it has.
        return cx.or(same, cx.equal(&Value::Sym(sym), &supplied));
    }
    let conditions: Vec<Guard> = holders
        .iter()
        .filter_map(|&h| candidates.get(h))
        .map(|c| c.active)
        .chain([candidate.active])
        .collect();
    let compared: HashSet<SymId> = cx.atoms(&conditions).into_iter().collect();
    if cx.atoms(&[same]).iter().all(|a| compared.contains(a)) { same } else { Guard::FALSE }
}

/// When a symbol is that folded name, whatever letters it has.
fn is_name(cx: &Cx, sym: SymId, folded: &Value) -> Guard {
    let of_leaf = |leaf: Leaf| leaf.closed.map(|values| (sym, values)).or(leaf.spelled);
    match cx.leaf(sym).and_then(of_leaf) {
        Some((spelled, values)) => {
            let same = values.iter().filter(|value| cx.fold_case(value) == *folded);
            cx.any(same.map(|value| cx.equal(&Value::Sym(spelled), value)))
        }
        None => cx.equal(&lower_case(cx, sym), folded),
    }
}

/// A symbol in lower case, piece by piece: what is in lower case whatever its value stays as it is.
fn lower_case(cx: &Cx, sym: SymId) -> Value {
    static LOWER_CASE: Func = Func::known("(in lower case)", Ty::String, |cx, _, args| {
        args.first().map_or(Value::Null, |name| cx.fold_case(name))
    });
    if let Some(SymNode::Concat(pieces)) = cx.node(sym) {
        let lower = pieces.iter().map(|piece| match piece {
            Piece::Text(text) => cx.fold_case(&Value::String(text.clone())),
            Piece::Sym(sym) => lower_case(cx, *sym),
        });
        return cx.concat(&lower.collect::<Vec<_>>());
    }
    // What is no text has no letters.
    if matches!(cx.type_of(sym), Ty::Number | Ty::Bool) {
        return cx.to_text(&Value::Sym(sym));
    }
    let listed = cx.leaf(sym).and_then(|leaf| leaf.closed).unwrap_or_default();
    let lower = !listed.is_empty() && listed.iter().all(|value| cx.fold_case(value) == *value);
    if lower { Value::Sym(sym) } else { cx.call(&LOWER_CASE, &[cx.to_text(&Value::Sym(sym))]) }
}
