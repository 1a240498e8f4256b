//! What follows for what is made of things that are equal, or less: `var.a == var.b` makes `length(var.a)` and
//! `length(var.b)` one number, `startswith(var.a, "x")` and `startswith(var.b, "x")` one answer.
//!
//! Only of what a question compares already, directly or through others: anything else may as well be different.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::ask::Ask;
use super::limits::RELATIONS;
use super::ops::ADD;
use super::symbol::{SymId, SymNode};
use super::undecided::{join, root};
use super::{Func, Num, Value};
use crate::guard::{Edge, Overflow, VarId};

/// What a term is made by, and of what: a symbol counts as the first of those that it may be one with, anything else by a
/// number of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Signature {
    /// The function of a call; `None` for a text.
    func: Option<&'static Func>,
    parts: Vec<Result<SymId, usize>>,
}

/// Terms by what they are made of, as far as that may be one.
#[derive(Default)]
struct Terms {
    /// What may be one, because it is compared.
    groups: HashMap<SymId, SymId>,
    signatures: HashMap<SymId, Signature>,
    alike: HashMap<Signature, BTreeSet<SymId>>,
    /// Of the first of each group, the terms that are made of what is in it.
    uses: HashMap<SymId, Vec<SymId>>,
    numbers: HashMap<Value, usize>,
    /// The numbers of containers by where they are in memory: most terms share them.
    places: HashMap<usize, usize>,
}

impl Terms {
    fn number(&mut self, value: Value) -> usize {
        let place = if let Value::Coll(coll) = &value { Some(Arc::as_ptr(coll).addr()) } else { None };
        if let Some(known) = place.and_then(|place| self.places.get(&place)) {
            return *known;
        }
        let next = self.numbers.len();
        let number = *self.numbers.entry(value).or_insert(next);
        self.places.extend(place.map(|place| (place, number)));
        number
    }

    fn add(&mut self, term: SymId, func: Option<&'static Func>, parts: Vec<Value>) {
        let part = |part| match part {
            Value::Sym(sym) => Ok(root(&self.groups, sym)),
            other => Err(self.number(other)),
        };
        let parts: Vec<_> = parts.into_iter().map(part).collect();
        for of in parts.iter().flatten() {
            self.uses.entry(*of).or_default().push(term);
        }
        let signature = Signature { func, parts };
        self.alike.entry(signature.clone()).or_default().insert(term);
        self.signatures.insert(term, signature);
    }

    /// The first term of the same signature as this one that is none of these.
    fn next(&self, term: SymId, but: &HashSet<SymId>) -> Option<SymId> {
        let alike = self.alike.get(self.signatures.get(&term)?)?;
        alike.iter().copied().find(|other| *other != term && !but.contains(other))
    }

    fn join(&mut self, a: SymId, b: SymId) {
        let (a, b) = (root(&self.groups, a), root(&self.groups, b));
        if a == b {
            return;
        }
        let (first, other) = (a.min(b), a.max(b));
        join(&mut self.groups, first, other);
        let moved = self.uses.remove(&other).unwrap_or_default();
        for &term in &moved {
            let Some(signature) = self.signatures.get_mut(&term) else { continue };
            if let Some(terms) = self.alike.get_mut(signature) {
                terms.remove(&term);
            }
            signature.parts.iter_mut().filter(|part| **part == Ok(other)).for_each(|part| *part = Ok(first));
            self.alike.entry(signature.clone()).or_default().insert(term);
        }
        self.uses.entry(first).or_default().extend(moved);
    }
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
        let mut all = Terms::default();
        let mut pairs: Vec<(SymId, SymId)> = self.relations.keys().copied().collect();
        pairs.sort_unstable();
        pairs.into_iter().for_each(|(a, b)| all.join(a, b));
        let mut held = 0;
        // What a term is made of comes before it.
        for term in terms {
            match self.cx.node(term) {
                Some(SymNode::Call(func, args)) => all.add(term, Some(func), args.into_vec()),
                Some(SymNode::Concat(pieces)) => {
                    all.add(term, None, pieces.iter().map(Value::from).collect());
                }
                _ => continue,
            }
            let mut met = HashSet::new();
            while let Some(other) = all.next(term, &met) {
                met.insert(other);
                let Some(made_of) = self.cx.differing(term, other) else { continue };
                if held == RELATIONS.most {
                    self.spent = Some(&RELATIONS);
                    return Ok(());
                }
                held += 1;
                self.hold_alike(term, other, &made_of, &open)?;
                all.join(term, other);
            }
        }
        self.hold_sums(&all.groups)
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
