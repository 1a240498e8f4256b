//! Which instance of a counted block a key is.
//!
//! ```hcl
//! resource "aws_iam_access_key" "each" {
//!   count = var.n
//!   user  = "ci-${count.index}"
//! }
//! resource "aws_iam_access_key" "extra" {
//!   user = "ci-1" # the user of each[1], where var.n is more than 1
//! }
//! ```
//!
//! What a free collection has for elements nobody knows, and they are taken for different from every name that is written.
//! An index is none of these: it is 0, and 1 where the count is more than 1, and so on.

use std::collections::{BTreeSet, HashMap};

use crate::key::AccessKey;
use crate::value::symbol::Role;
use crate::value::{Cx, Guard, LeafKind, Num, SymId, Ty, Value};

/// An index that a key is repeated over, and which values it has.
pub(super) struct Index {
    pub(super) sym: SymId,
    /// That there is an instance of it.
    pub(super) within: Guard,
}

/// The indexes that a key is repeated over; none of what is not counted.
pub(super) fn indexes(cx: &Cx, key: &AccessKey) -> Vec<Index> {
    let counted = key.times.loops.iter().filter(|l| !l.within.is_true());
    let index = counted.flat_map(|l| {
        let about = cx.leaves(&Value::Bool(l.within));
        let index = l.element.iter().filter(move |e| about.contains(e) && cx.type_of(**e) == Ty::Number);
        index.map(|sym| Index { sym: *sym, within: l.within })
    });
    index.collect()
}

/// Whether a value is the place of an element in a list.
pub(super) fn is_index(cx: &Cx, value: &Value) -> bool {
    matches!(value, Value::Sym(sym) if cx.is_leaf(*sym, |leaf| leaf.kind == LeafKind::Element(Role::Index)))
}

/// When a user is another key's, where these leaves of it alone decide that, each by itself.
pub(super) fn is_user(cx: &Cx, deciding: &[SymId], user: &Value, other: &Value) -> Guard {
    if cx.leaves(other).iter().any(|leaf| deciding.contains(leaf)) {
        return Guard::FALSE;
    }
    let same = cx.equal(user, other);
    let decides = |atom: SymId| match cx.leaves(&Value::Sym(atom)).as_slice() {
        [leaf] => deciding.contains(leaf),
        _ => false,
    };
    if cx.atoms(&[same]).into_iter().all(decides) { same } else { Guard::FALSE }
}

/// When an instance of a key is there for which `guard` holds. Of a user that is not made of the index any instance will do.
pub(super) fn any_instance(cx: &Cx, indexes: &[Index], guard: Guard, user: &Value) -> Guard {
    let mut there = guard;
    for index in indexes {
        if !cx.leaves(&Value::Bool(guard)).contains(&index.sym) {
            continue;
        }
        there = cx.and(there, index.within);
        if cx.leaves(user).contains(&index.sym) {
            continue;
        }
        let at =
            |n: Num| cx.truth(&cx.fill(&Value::Bool(there), &HashMap::from([(index.sym, Value::from(n))])));
        let named = named(cx, there, index.sym).into_iter().map(at);
        there = cx.any(named.chain([there]));
    }
    there
}

/// The first index, and those that a guard compares with: 1 of `count.index % 2 == 1`, too.
fn named(cx: &Cx, guard: Guard, index: SymId) -> BTreeSet<Num> {
    let about = cx.atoms(&[guard]).into_iter().map(Value::Sym).filter(|atom| *cx.leaves(atom) == [index]);
    let compared = about.flat_map(|atom| cx.constants_of(&atom));
    let compared = compared.filter_map(|constant| constant.as_number().cloned());
    compared.filter(|n| n.is_whole() && n.signum() >= 0).chain([Num::from_usize(0)]).collect()
}
