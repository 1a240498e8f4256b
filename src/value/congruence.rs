//! What follows for what is made of things that are equal, or less: `var.a == var.b` makes `length(var.a)` and
//! `length(var.b)` one number, `startswith(var.a, "x")` and `startswith(var.b, "x")` one answer.
//!
//! Only of what a question compares already, directly or through others: anything else may as well be different.

use std::collections::{BTreeSet, HashMap};

use super::ask::Ask;
use super::limits::RELATIONS;
use super::ops::ADD;
use super::symbol::{SymId, SymNode};
use super::undecided::{join, root};
use super::{Func, Num, Value};
use crate::guard::{Edge, Overflow, VarId};

/// What a term is made by: only terms of one shape can be made of equal things.
#[derive(PartialEq, Eq, Hash)]
enum Shape {
    Call(&'static Func, usize),
    Text(usize),
}

impl Ask<'_> {
    /// Holds terms to what they are made of.
    pub(super) fn hold_congruence(&mut self) -> Result<(), Overflow> {
        if self.relations.is_empty() {
            return Ok(());
        }
        let open: HashMap<SymId, VarId> =
            self.open.iter().filter_map(|(g, v)| Some((self.cx.atom_of(*g)?, *v))).collect();
        let undecided = self.undecided().map(|input| input.sym);
        let compared = self.relations.keys().flat_map(|&(a, b)| [a, b]);
        let mut terms: BTreeSet<SymId> = BTreeSet::new();
        for sym in undecided.chain(compared).chain(open.keys().copied()) {
            self.cx.each_symbol(&Value::Sym(sym), &mut |sym| {
                terms.insert(sym);
            });
        }
        // What may be one, because it is compared.
        let mut groups: HashMap<SymId, SymId> = HashMap::new();
        let mut pairs: Vec<(SymId, SymId)> = self.relations.keys().copied().collect();
        pairs.sort_unstable();
        pairs.into_iter().for_each(|(a, b)| join(&mut groups, a, b));
        let mut by_shape: HashMap<Shape, Vec<SymId>> = HashMap::new();
        let mut held = 0;
        // What a term is made of comes before it.
        for term in terms {
            let Some(shape) = self.shape(term) else { continue };
            let alike = by_shape.entry(shape).or_default();
            for &other in alike.iter() {
                let Some(made_of) = self.cx.differing(term, other) else { continue };
                if !made_of.iter().all(|(a, b)| root(&groups, *a) == root(&groups, *b)) {
                    continue;
                }
                if held == RELATIONS.most {
                    self.spent = Some(&RELATIONS);
                    return Ok(());
                }
                held += 1;
                self.hold_alike(term, other, &made_of, &open)?;
                join(&mut groups, term, other);
            }
            alike.push(term);
        }
        self.hold_sums(&groups)
    }

    fn shape(&self, term: SymId) -> Option<Shape> {
        match self.cx.node(term)? {
            SymNode::Call(func, args) => Some(Shape::Call(func, args.len())),
            SymNode::Concat(pieces) => Some(Shape::Text(pieces.len())),
            _ => None,
        }
    }

    fn hold_alike(
        &mut self,
        a: SymId,
        b: SymId,
        made_of: &[(SymId, SymId)],
        open: &HashMap<SymId, VarId>,
    ) -> Result<(), Overflow> {
        let mut equal = Vec::new();
        for &(x, y) in made_of {
            equal.push(self.compare(x, y, false)?);
        }
        let mut all = Edge::TRUE;
        for &edge in &equal {
            all = self.diagram.and(all, edge)?;
        }
        if self.cx.type_of(a) == super::Ty::Bool {
            let (Some(&x), Some(&y)) = (open.get(&a), open.get(&b)) else { return Ok(()) };
            let x = self.diagram.at(x, [true, false])?;
            let y = self.diagram.at(y, [true, false])?;
            self.follows([all, x, y])?;
            return self.follows([all, y, x]);
        }
        let same = self.compare(a, b, false)?;
        self.follows([all, Edge::TRUE, same])?;
        if self.cx.pieces_of(a).is_some() {
            // One text that begins and ends alike is alike between.
            for (at, &rest) in equal.iter().enumerate() {
                let mut others = same;
                for (i, &edge) in equal.iter().enumerate() {
                    others = if i == at { others } else { self.diagram.and(others, edge)? };
                }
                self.follows([others, Edge::TRUE, rest])?;
            }
        }
        if let (Some(_), [(x, y)]) = (self.sum(a), made_of) {
            for (x, y, a, b) in [(*x, *y, a, b), (*y, *x, b, a)] {
                let (below, above) = (self.compare(x, y, true)?, self.compare(a, b, true)?);
                self.follows([below, Edge::TRUE, above])?;
                self.follows([above, Edge::TRUE, below])?;
            }
        }
        Ok(())
    }

    /// The unknown and the known part of a sum.
    fn sum(&self, term: SymId) -> Option<(SymId, Num)> {
        match &*self.cx.args_of(term, &ADD)? {
            [Value::Sym(x), Value::Number(n)] => Some((*x, (**n).clone())),
            _ => None,
        }
    }

    /// A sum is above, or below, what a number is added to.
    fn hold_sums(&mut self, groups: &HashMap<SymId, SymId>) -> Result<(), Overflow> {
        let compared: BTreeSet<SymId> = self.relations.keys().flat_map(|&(a, b)| [a, b]).collect();
        let zero = Num::from_i64(0);
        let sum = |sym: SymId| self.sum(sym).unwrap_or((sym, zero.clone()));
        let sums: Vec<(SymId, SymId, Num)> = compared.iter().map(|&s| (s, sum(s).0, sum(s).1)).collect();
        for (i, (a, of, more)) in sums.iter().enumerate() {
            for (b, other, most) in sums.iter().skip(i + 1) {
                if of == other && more != most && root(groups, *a) == root(groups, *b) {
                    let less =
                        if more < most { self.compare(*a, *b, true)? } else { self.compare(*b, *a, true)? };
                    self.theory = self.diagram.and(self.theory, less)?;
                }
            }
        }
        Ok(())
    }
}
