//! Equality of containers: of one kind, of one element type, with the same parts.
//!
//! `concat(["a"], var.c ? ["b"] : []) == ["a", "b"]` is `var.c`: parts that may be missing are matched one by one.

use super::super::limits::{ALTERNATIVES, PAIRS};
use super::super::symbol::SymId;
use super::super::types::Ty;
use super::super::{Coll, CollKind, Cx, Guard, Num, Part, Value};
use super::EQ;

impl Cx {
    /// When a list or map that an input is has the elements of a known one: as many, and each of them. `None` where that is
    /// not worked out.
    pub(super) fn eq_elements(&self, sym: SymId, ty: &Ty, coll: &Coll) -> Option<Guard> {
        let (Ty::List(elem) | Ty::Map(elem)) = ty else { return None };
        let keyed = matches!(ty, Ty::Map(_));
        let plain = |p: &Part| p.is_certain() && p.sort_key == Value::Null && (!keyed || p.key.is_known());
        let is_plain = coll.kind.typed().is_true() && coll.parts.iter().all(plain);
        if !is_plain || !self.same_type(elem, &coll.elem).is_true() || coll.parts.len() > ALTERNATIVES.most {
            return None;
        }
        let length = self.equal(&Value::Sym(self.length_of(sym)), &Num::from_usize(coll.parts.len()).into());
        let each = coll.parts.iter().enumerate().map(|(i, part)| {
            let key = if keyed { part.key.clone() } else { Num::from_usize(i).into() };
            self.equal(&self.index(&Value::Sym(sym), &key), &part.value)
        });
        Some(self.all([length].into_iter().chain(each)))
    }

    /// When two containers are of one kind.
    pub(super) fn same_kind(&self, a: CollKind, b: CollKind) -> Guard {
        if a.keyed() != b.keyed() || a.in_a_row() != b.in_a_row() {
            return Guard::FALSE;
        }
        self.eq_plain(&Value::Bool(a.typed()), &Value::Bool(b.typed()))
    }

    pub(super) fn eq_colls(&self, a: &Coll, b: &Coll) -> Guard {
        let mut kinds = self.same_kind(a.kind, b.kind);
        let elems = self.same_type(&a.elem, &b.elem);
        kinds = self.and(kinds, self.or(elems, self.not(a.kind.typed())));
        if kinds.is_false() {
            return Guard::FALSE;
        }
        let certain = |c: &Coll| c.parts.iter().all(Part::is_certain);
        let open_set = a.kind == CollKind::Set && a.parts.iter().chain(&b.parts).any(|p| !p.value.is_known());
        if !certain(a) || !certain(b) || open_set {
            let same = self.same_parts(a, b).map(|same| self.and(kinds, same));
            return same.unwrap_or_else(|| {
                self.predicate(&EQ, &[Value::Coll(a.clone().into()), Value::Coll(b.clone().into())])
            });
        }
        if a.parts.len() != b.parts.len() {
            return Guard::FALSE;
        }
        let same: Vec<Guard> = a
            .parts
            .iter()
            .zip(&b.parts)
            .flat_map(|(x, y)| [self.equal(&x.key, &y.key), self.equal(&x.value, &y.value)])
            .collect();
        self.and(kinds, self.all(same))
    }

    /// When containers of one kind have the same parts, some of which may be missing. `None` where that is not worked out:
    /// for elements of what is unknown, an order that inputs decide, and very many parts.
    fn same_parts(&self, a: &Coll, b: &Coll) -> Option<Guard> {
        let plain = |c: &Coll| {
            // Keys that are filled in are different from each other.
            let is_told =
                |key: &Value| key.is_known() || matches!(key, Value::Sym(key) if self.nth(*key).is_some());
            let mut parts = c.parts.iter();
            parts.all(|p| {
                p.generators.is_empty() && p.sort_key == Value::Null && (!c.kind.keyed() || is_told(&p.key))
            })
        };
        if !plain(a) || !plain(b) || a.parts.len().saturating_mul(b.parts.len()) > PAIRS.most {
            return None;
        }
        if a.kind.in_a_row() {
            // `rows[j]`: whether what is left of `a` equals what is left of `b` from its part `j` on.
            let absent = |parts: &[Part]| self.all(parts.iter().map(|p| self.not(p.guard)));
            let ends = (0..=b.parts.len()).map(|j| absent(b.parts.get(j..).unwrap_or_default()));
            let mut after: Vec<Guard> = ends.collect();
            for (i, x) in a.parts.iter().enumerate().rev() {
                let mut rows = vec![absent(a.parts.get(i..).unwrap_or_default())];
                for (j, y) in b.parts.iter().enumerate().rev() {
                    let at = |rows: &[Guard], j: usize| rows.get(j).copied().unwrap_or(Guard::FALSE);
                    let both =
                        self.all([x.guard, y.guard, self.equal(&x.value, &y.value), at(&after, j + 1)]);
                    let without_y = rows.last().copied().unwrap_or(Guard::FALSE);
                    let skipped = self.all([x.guard, self.not(y.guard), without_y]);
                    let without_x = self.and(self.not(x.guard), at(&after, j));
                    rows.push(self.any([both, skipped, without_x]));
                }
                rows.reverse();
                after = rows;
            }
            return after.first().copied();
        }
        // In a map or set, each part that is there has its like in the other.
        let like = |x: &Part, y: &Part| {
            self.all([y.guard, self.equal(&x.key, &y.key), self.equal(&x.value, &y.value)])
        };
        let held = |x: &Part, other: &Coll| {
            self.or(self.not(x.guard), self.any(other.parts.iter().map(|y| like(x, y))))
        };
        let one = a.parts.iter().map(|x| held(x, b));
        Some(self.all(one.chain(b.parts.iter().map(|y| held(y, a)))))
    }
}
