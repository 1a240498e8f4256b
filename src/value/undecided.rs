//! What filling in leaves undecided: variables with domains of their own.
//!
//! Where `var.x` is anything else, `upper(var.x) == "A"` and `upper(var.x) == "B"` are two points of one variable,
//! `upper(var.x)`, so that never both hold. `var.a == var.b` and `var.a < var.b` are two points of one *relation*, which
//! is less, equal or greater. What always holds of these variables is in [`super::held`].

use std::collections::{BTreeMap, HashMap};

use super::ask::Ask;
use super::compare::{EQ, LESS, WHOLE};
use super::domain::{Point, between, undecided};
use super::number::Num;
use super::points::{Chosen, Tree};
use super::symbol::{SymId, SymNode};
use super::types::Ty;
use super::{Guard, Value};
use crate::guard::formula::FormulaNode;
use crate::guard::{Edge, Meaning, Overflow, VarId};

impl Ask<'_> {
    /// A variable for each call that is compared where its leaves do not decide the comparison.
    pub(super) fn declare_undecided(&mut self, trees: &[Tree]) {
        let mut compared = Vec::new();
        for tree in trees {
            self.compared_in(tree, &mut compared);
        }
        let mut facts: BTreeMap<SymId, Vec<Value>> = BTreeMap::new();
        let mut groups: HashMap<SymId, SymId> = HashMap::new();
        for atom in &compared {
            let Some(SymNode::Call(_, args)) = self.cx.node(*atom) else { continue };
            let symbols: Vec<SymId> = args.iter().filter_map(as_symbol).collect();
            for (sym, other) in symbols.iter().zip(symbols.iter().skip(1)) {
                join(&mut groups, *sym, *other);
            }
            for sym in symbols {
                let known = args.iter().filter(|a| as_symbol(a).is_none());
                facts.entry(sym).or_default().extend(known.cloned());
            }
        }
        // What is compared with each other shares constants, so that a value of one is a point of the other.
        let mut shared: BTreeMap<SymId, Vec<Value>> = BTreeMap::new();
        for (sym, constants) in &facts {
            let group = shared.entry(root(&groups, *sym)).or_default();
            group.extend(constants.iter().cloned());
            group.extend(self.exact_points(*sym));
        }
        for sym in facts.into_keys().filter(|sym| !self.by_sym.contains_key(sym)).collect::<Vec<_>>() {
            let constants = shared.get(&root(&groups, sym)).cloned().unwrap_or_default();
            if let Some(points) = undecided(self.cx, sym, constants) {
                self.declare(sym, points);
            }
        }
    }

    fn exact_points(&self, sym: SymId) -> Vec<Value> {
        let points = self.input(sym).map(|i| &i.points);
        let exact =
            points.into_iter().flatten().filter_map(|p| if let Point::Is(v) = p { Some(v) } else { None });
        exact.cloned().collect()
    }

    /// The comparisons that are open at some point.
    fn compared_in(&self, tree: &Tree, out: &mut Vec<SymId>) {
        match tree {
            Tree::At(_, children) => children.iter().for_each(|child| self.compared_in(child, out)),
            Tree::Residual(left, chosen) => {
                let atoms = self.cx.atoms(&[left.holds, left.may_hold]).into_iter();
                let compares =
                    |func: &super::Func| [&EQ, &LESS, &WHOLE].contains(&func) || func.within.is_some();
                out.extend(atoms.filter(|&atom| {
                    self.cx.func_of(atom).is_some_and(compares) && self.decide(atom, chosen).is_none()
                }));
            }
            Tree::Cut(_) | Tree::Only(..) => {}
        }
    }

    /// What a tree means.
    pub(super) fn meaning_of(&mut self, tree: &Tree) -> Result<Meaning, Overflow> {
        match tree {
            Tree::At(var, children) => {
                let each =
                    children.iter().map(|child| self.meaning_of(child)).collect::<Result<Vec<_>, _>>()?;
                Meaning::of(&each, |edges| self.diagram.node(*var, edges))
            }
            Tree::Residual(left, chosen) => {
                let mut done = HashMap::new();
                let Meaning { holds, may_hold } = self.residual(left.holds, chosen, &mut done)?;
                let may_hold = match left.may_hold == left.holds {
                    true => may_hold,
                    false => self.residual(left.may_hold, chosen, &mut done)?.may_hold,
                };
                Ok(Meaning { holds, may_hold })
            }
            Tree::Cut(guard) => self.open_bool(*guard).map(Meaning::told),
            Tree::Only(var, at) => {
                let only = self.diagram.at(*var, (0..self.diagram.points(*var)).map(|i| i == *at));
                only.map(Meaning::told)
            }
        }
    }

    fn residual(
        &mut self,
        guard: Guard,
        chosen: &Chosen,
        done: &mut HashMap<Guard, Meaning>,
    ) -> Result<Meaning, Overflow> {
        if let Some(&known) = done.get(&guard) {
            return Ok(known);
        }
        let meaning = match self.cx.guard_node(guard) {
            FormulaNode::Constant(true) => Meaning::told(Edge::TRUE),
            FormulaNode::Constant(false) => Meaning::told(Edge::FALSE),
            FormulaNode::Not(inner) => self.residual(inner, chosen, done)?.turned(&mut self.diagram)?,
            FormulaNode::And(all) => {
                let each =
                    all.iter().map(|&g| self.residual(g, chosen, done)).collect::<Result<Vec<_>, _>>()?;
                Meaning::of(&each, |edges| {
                    edges.into_iter().try_fold(Edge::TRUE, |all, edge| self.diagram.and(all, edge))
                })?
            }
            FormulaNode::Or(any) => {
                let each =
                    any.iter().map(|&g| self.residual(g, chosen, done)).collect::<Result<Vec<_>, _>>()?;
                Meaning::of(&each, |edges| {
                    edges.into_iter().try_fold(Edge::FALSE, |any, edge| self.diagram.or(any, edge))
                })?
            }
            FormulaNode::Atom(atom) => self.open_atom(SymId(atom), chosen)?,
        };
        done.insert(guard, meaning);
        Ok(meaning)
    }

    pub(super) fn open_atom(&mut self, atom: SymId, chosen: &Chosen) -> Result<Meaning, Overflow> {
        if let Some(value) = self.decide(atom, chosen) {
            return Ok(Meaning::told(if value { Edge::TRUE } else { Edge::FALSE }));
        }
        let whole = self.cx.atom(atom);
        let Some(SymNode::Call(func, args)) = self.cx.node(atom) else {
            return self.open_bool(whole).map(Meaning::told);
        };
        if let Some(inner) = self.calculated_from(atom, &args, chosen) {
            let tree = self.atom_at_points(atom, &[inner], chosen);
            return self.meaning_of(&tree);
        }
        let symbols: Vec<SymId> = args.iter().filter_map(as_symbol).collect();
        let open = symbols.iter().filter_map(|sym| self.by_sym.get(sym).copied());
        let mut open: Vec<usize> = open.filter(|i| !chosen.iter().any(|(c, _)| c == i)).collect();
        open.sort_unstable();
        open.dedup();
        if !open.is_empty() {
            let tree = self.atom_at_points(atom, &open, chosen);
            return self.meaning_of(&tree);
        }
        let edge = match symbols.as_slice() {
            [a, b] if *func == EQ || *func == LESS && !self.are_texts(*a, *b) => {
                self.related(*a, *b, *func == LESS)
            }
            _ => self.open_bool(whole),
        };
        edge.map(Meaning::told)
    }

    /// The innermost undecided term inside of what an atom compares that is not at a point yet: `tonumber(var.at)` of
    /// `tonumber(var.at) % 2 == 1`, which is decided where `tonumber(var.at)` is 2.
    fn calculated_from(&self, atom: SymId, compared: &[Value], chosen: &Chosen) -> Option<usize> {
        self.undecided().next()?;
        let mut inner = None;
        self.cx.each_symbol(&Value::Sym(atom), &mut |sym| {
            let at = self.by_sym.get(&sym).filter(|at| !chosen.iter().any(|(c, _)| c == *at));
            let is_open = at.is_some() && !self.cx.is_leaf(sym, |_| true);
            // What a term is made of comes before it.
            if is_open && !compared.contains(&Value::Sym(sym)) && inner.is_none_or(|known| sym < known) {
                inner = Some(sym);
            }
        });
        self.by_sym.get(&inner?).copied()
    }

    /// `a < b`, or `a == b`, where nothing more is known of the two.
    pub(super) fn related(&mut self, a: SymId, b: SymId, less: bool) -> Result<Edge, Overflow> {
        let pair = (a.min(b), a.max(b));
        let points = if self.are_texts(a, b) { 2 } else { 3 };
        let var = match self.relations.get(&pair) {
            Some(&var) => var,
            None => {
                let var = self.diagram.variable(points);
                self.relations.insert(pair, var);
                var
            }
        };
        // Less (of texts, not equal), equal, greater.
        let holds = match (less, a < b) {
            (false, _) => 1,
            (true, true) => 0,
            (true, false) => 2,
        };
        self.diagram.at(var, (0..points).map(|at| at == holds))
    }

    /// Whether one of two is a text: these are equal or not, and in no order.
    pub(super) fn are_texts(&self, a: SymId, b: SymId) -> bool {
        self.cx.type_of(a) == Ty::String || self.cx.type_of(b) == Ty::String
    }

    /// How a relation's variable is named in a witness, and whether that holds.
    pub(super) fn relation_named(&self, var: VarId, point: usize) -> Option<(Guard, bool)> {
        let ((a, b), _) = self.relations.iter().find(|(_, v)| **v == var)?;
        let ordered = self.is_ordered(*a) && self.is_ordered(*b);
        let guard = match point {
            1 => self.cx.equal(&Value::Sym(*a), &Value::Sym(*b)),
            _ if !ordered => {
                return Some((self.cx.equal(&Value::Sym(*a), &Value::Sym(*b)), false));
            }
            0 => self.cx.truth(&self.cx.less(&Value::Sym(*a), &Value::Sym(*b))),
            _ => self.cx.truth(&self.cx.less(&Value::Sym(*b), &Value::Sym(*a))),
        };
        Some((guard, true))
    }

    /// Numbers for named intervals between which a relation is named too: such that the relation follows. Empty where there
    /// are none to be told.
    pub(super) fn numbers_for(&self, named: &[(VarId, usize)]) -> HashMap<VarId, Num> {
        let interval = |sym: &SymId| {
            let input = self.input(*sym)?;
            let point = named.iter().find(|(var, _)| *var == input.var)?.1;
            matches!(input.points.get(point), Some(Point::Between { .. }))
                .then_some((input.var, input.points.get(point)?))
        };
        // Each with those that are less, and those that are equal.
        let mut open: BTreeMap<VarId, (&Point, Vec<VarId>, Vec<VarId>)> = BTreeMap::new();
        for ((a, b), relation) in &self.relations {
            let (Some((a, at)), Some((b, bt))) = (interval(a), interval(b)) else { continue };
            for (x, point, y, less) in [(a, at, b, 2), (b, bt, a, 0)] {
                let (_, below, equal) = open.entry(x).or_insert((point, Vec::new(), Vec::new()));
                match named.iter().find(|(var, _)| var == relation).map(|(_, point)| *point) {
                    Some(1) => equal.push(y),
                    Some(point) if point == less => below.push(y),
                    _ => {}
                }
            }
        }
        let mut found: HashMap<VarId, Num> = HashMap::new();
        while found.len() < open.len() {
            let next = open.iter().find(|(var, (_, below, _))| {
                !found.contains_key(*var) && below.iter().all(|of| found.contains_key(of))
            });
            let Some((&var, (Point::Between { low, high, whole, .. }, below, equal))) = next else {
                return HashMap::new();
            };
            let least = below.iter().filter_map(|of| found.get(of)).chain(low).max();
            let number = equal.iter().find_map(|of| found.get(of)).cloned();
            let Some(number) = number.or_else(|| between(least, high.as_ref(), *whole)) else {
                return HashMap::new();
            };
            found.insert(var, number);
        }
        found
    }

    fn is_ordered(&self, sym: SymId) -> bool {
        self.cx.type_of(sym) == Ty::Number
    }
}

/// The symbol that a value is, if it is one.
pub(super) fn as_symbol(value: &Value) -> Option<SymId> {
    if let Value::Sym(sym) = value { Some(*sym) } else { None }
}

/// Makes two symbols members of one group.
pub(super) fn join(groups: &mut HashMap<SymId, SymId>, a: SymId, b: SymId) {
    let (a, b) = (root(groups, a), root(groups, b));
    groups.insert(a.max(b), a.min(b));
}

pub(super) fn root(groups: &HashMap<SymId, SymId>, mut sym: SymId) -> SymId {
    while let Some(&above) = groups.get(&sym).filter(|&&above| above != sym) {
        sym = above;
    }
    sym
}
