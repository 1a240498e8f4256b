//! Asking about guards: can it hold, must it hold, what is enough.
//!
//! A query closes the domains of its leaves: a string's is the constants it meets and *anything else*, a number's the
//! constants and the intervals between them (whole and fractional numbers apart), a bool's its two values, a listed
//! one's its list. Each atom is then evaluated at every point of its leaves by filling them in. An atom that a point of
//! *anything else* leaves undecided becomes an open bool of that atom there.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::compare::{EQ, LESS, WHOLE};
use super::number::Num;
use super::ops::REM;
use super::subst::Subst;
use super::symbol::{LeafKind, Piece, SymId, SymNode};
use super::theory;
use super::types::Ty;
use super::{Cx, Guard, Value};
use crate::guard::formula::Node;
use crate::guard::{Diagram, Edge, Overflow, VarId, witness};

/// How many nodes a query's diagram may have, unless the caller says otherwise.
pub const NODES: usize = 100_000;
/// How many combinations of points one atom is evaluated at; past it, the atom is an open bool.
const COMBINATIONS: usize = 4_096;

/// The name of predicates that ask whether a value is excluded by a constraint: of their arguments only the first is a
/// value that an input meets, and *anything else* is never excluded (a constraint that allows no other value is a list).
pub const EXCLUDED: &str = "(not allowed)";

/// A point of a leaf's domain.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Point {
    /// Exactly this value.
    Is(Value),
    /// Any number strictly between two constants (or beyond the last), whole or not; with one such number.
    Between { low: Option<Num>, high: Option<Num>, whole: bool, example: Num },
    /// Any value but the constants.
    Other,
}

#[derive(Debug)]
struct Input {
    sym: SymId,
    var: VarId,
    points: Vec<Point>,
    given: Option<usize>,
}

/// The value of an input in a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// This value.
    Is(Value),
    /// None of these.
    Not(Vec<Value>),
}

/// An input with its value in a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The leaf, or the symbol of type bool that stays open; `None` for an open bool that has no symbol of its own.
    pub sym: Option<SymId>,
    /// Its name as reports show it.
    pub name: String,
    /// Its value.
    pub value: Named,
}

/// A query over a set of guards.
pub struct Ask<'a> {
    cx: &'a Cx,
    diagram: Diagram,
    inputs: Vec<Input>,
    by_sym: HashMap<SymId, usize>,
    open: Vec<(Guard, VarId)>,
    open_ids: HashMap<Guard, VarId>,
    atoms: HashMap<u32, Edge>,
    compiled: HashMap<Guard, Edge>,
    theory: Edge,
}

impl<'a> Ask<'a> {
    /// Closes the domains over every atom of `guards`; only these guards and combinations of them may be asked about.
    ///
    /// `Err` when the budget of `nodes` is spent: then nothing is decided.
    pub fn new(cx: &'a Cx, guards: &[Guard], nodes: usize) -> Result<Self, Overflow> {
        let mut ask = Ask {
            cx,
            diagram: Diagram::new(nodes),
            inputs: Vec::new(),
            by_sym: HashMap::new(),
            open: Vec::new(),
            open_ids: HashMap::new(),
            atoms: HashMap::new(),
            compiled: HashMap::new(),
            theory: Edge::TRUE,
        };
        let atoms = cx.atoms(guards);
        let leaves: Vec<Vec<SymId>> = atoms.iter().map(|&a| cx.leaves(&Value::Sym(a))).collect();
        ask.declare(&atoms, &leaves);
        for (&atom, leaves) in atoms.iter().zip(&leaves) {
            let edge = ask.atom(atom, leaves)?;
            ask.atoms.insert(atom.0, edge);
        }
        ask.laws()?;
        Ok(ask)
    }

    /// One variable per leaf, in the order of first use.
    fn declare(&mut self, atoms: &[SymId], leaves: &[Vec<SymId>]) {
        let mut order: Vec<SymId> = Vec::new();
        let mut facts: HashMap<SymId, Facts> = HashMap::new();
        for (&atom, leaves) in atoms.iter().zip(leaves) {
            let mut constants = Vec::new();
            self.cx.constants(&Value::Sym(atom), &mut HashSet::new(), &mut constants);
            for &leaf in leaves {
                let known = facts.entry(leaf).or_insert_with(|| {
                    order.push(leaf);
                    Facts::default()
                });
                known.constants.extend(constants.iter().cloned());
                known.simple &= is_simple(self.cx, atom, leaf);
                known.with.extend(leaves.iter().copied().filter(|&l| l != leaf));
            }
        }
        share(self.cx, &order, &mut facts);
        for sym in order {
            let known = facts.remove(&sym).unwrap_or_default();
            let points = domain(self.cx, sym, known);
            let var = self.diagram.variable(points.len());
            let given = self.cx.leaf(sym).and_then(|l| l.given);
            let given = given.and_then(|g| points.iter().position(|p| *p == Point::Is(g.clone())));
            self.by_sym.insert(sym, self.inputs.len());
            self.inputs.push(Input { sym, var, points, given });
        }
    }

    fn atom(&mut self, atom: SymId, leaves: &[SymId]) -> Result<Edge, Overflow> {
        let mut inputs: Vec<usize> = leaves.iter().filter_map(|l| self.by_sym.get(l).copied()).collect();
        inputs.sort_unstable();
        let size = inputs
            .iter()
            .try_fold(1usize, |n, &i| n.checked_mul(self.inputs.get(i).map_or(1, |x| x.points.len())));
        if size.is_none_or(|n| n > COMBINATIONS) {
            let guard = self.cx.atom(atom);
            return self.open_bool(guard);
        }
        self.expand(self.cx.atom(atom), &inputs, &mut Vec::new())
    }

    fn expand(
        &mut self,
        guard: Guard,
        inputs: &[usize],
        chosen: &mut Vec<(usize, usize)>,
    ) -> Result<Edge, Overflow> {
        let Some((&input, rest)) = inputs.split_first() else {
            let residual = self.residual(guard, chosen);
            return match self.decide(residual, chosen) {
                Some(value) => Ok(if value { Edge::TRUE } else { Edge::FALSE }),
                None => self.open_bool(residual),
            };
        };
        let Some((var, count)) = self.inputs.get(input).map(|i| (i.var, i.points.len())) else {
            return Ok(Edge::FALSE);
        };
        let mut children = Vec::with_capacity(count);
        for point in 0..count {
            chosen.push((input, point));
            children.push(self.expand(guard, rest, chosen)?);
            chosen.pop();
        }
        self.diagram.node(var, children)
    }

    /// The guard with the exact points filled in.
    fn residual(&self, guard: Guard, chosen: &[(usize, usize)]) -> Guard {
        let mut env = HashMap::new();
        for &(input, point) in chosen {
            if let Some(input) = self.inputs.get(input)
                && let Some(Point::Is(value)) = input.points.get(point)
            {
                env.insert(input.sym, value.clone());
            }
        }
        Subst::new(self.cx, &env).guard(guard)
    }

    fn point(&self, sym: SymId, chosen: &[(usize, usize)]) -> Option<&Point> {
        let input = *self.by_sym.get(&sym)?;
        let point = chosen.iter().find(|(i, _)| *i == input)?.1;
        self.inputs.get(input)?.points.get(point)
    }

    /// What a guard is at points that are no exact values; `None` if they leave it open.
    fn decide(&self, guard: Guard, chosen: &[(usize, usize)]) -> Option<bool> {
        match self.cx.guard_node(guard) {
            Node::Constant(value) => Some(value),
            Node::Not(inner) => self.decide(inner, chosen).map(|v| !v),
            Node::And(all) => {
                let each: Vec<Option<bool>> = all.iter().map(|&g| self.decide(g, chosen)).collect();
                if each.contains(&Some(false)) {
                    Some(false)
                } else {
                    each.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
                }
            }
            Node::Or(any) => {
                let each: Vec<Option<bool>> = any.iter().map(|&g| self.decide(g, chosen)).collect();
                if each.contains(&Some(true)) {
                    Some(true)
                } else {
                    each.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
                }
            }
            Node::Atom(atom) => match self.cx.node(SymId(atom))? {
                SymNode::Call(func, args) => self.decide_call(func.name, &args, chosen),
                _ => None,
            },
        }
    }

    fn decide_call(&self, func: &str, args: &[Value], chosen: &[(usize, usize)]) -> Option<bool> {
        match (func, args) {
            (f, [Value::Sym(sym), ..]) if f == EXCLUDED => match self.point(*sym, chosen) {
                None | Some(Point::Is(_)) => None,
                Some(_) => Some(false),
            },
            (f, [Value::Sym(sym), constant]) if f == EQ.name => match self.point(*sym, chosen) {
                None | Some(Point::Is(_)) => None,
                Some(Point::Other) => {
                    (*constant == Value::Null || self.constant_of(*sym, constant)).then_some(false)
                }
                Some(Point::Between { low, high, .. }) => match constant {
                    Value::Number(n) => (!inside(n, low.as_ref(), high.as_ref())).then_some(false),
                    Value::Sym(_) => None,
                    _ => Some(false),
                },
            }
            .or_else(|| self.fraction(*sym, constant, chosen)),
            (f, [Value::Sym(sym), Value::Number(n)]) if f == LESS.name => match self.point(*sym, chosen)? {
                Point::Between { high: Some(high), .. } if **n >= *high => Some(true),
                Point::Between { low: Some(low), .. } if **n <= *low => Some(false),
                _ => None,
            },
            (f, [Value::Number(n), Value::Sym(sym)]) if f == LESS.name => match self.point(*sym, chosen)? {
                Point::Between { low: Some(low), .. } if **n <= *low => Some(true),
                Point::Between { high: Some(high), .. } if **n >= *high => Some(false),
                _ => None,
            },
            (f, [Value::Sym(sym)]) if f == WHOLE.name => match self.point(*sym, chosen)? {
                Point::Between { whole, .. } => Some(*whole),
                _ => None,
            },
            _ => None,
        }
    }

    /// `x % k == c` is false where `x` is not whole and the others are: what is left of dividing it is not whole either.
    fn fraction(&self, call: SymId, constant: &Value, chosen: &[(usize, usize)]) -> Option<bool> {
        let Some(SymNode::Call(func, args)) = self.cx.node(call) else { return None };
        let ([Value::Sym(sym), Value::Number(k)], Value::Number(c)) = (&*args, constant) else { return None };
        let apart = *func == REM
            && k.is_whole()
            && c.is_whole()
            && matches!(self.point(*sym, chosen), Some(Point::Between { whole: false, .. }));
        apart.then_some(false)
    }

    fn constant_of(&self, sym: SymId, constant: &Value) -> bool {
        let input = self.by_sym.get(&sym).and_then(|&i| self.inputs.get(i));
        input.is_some_and(|i| i.points.iter().any(|p| matches!(p, Point::Is(v) if v == constant)))
    }

    fn open_bool(&mut self, residual: Guard) -> Result<Edge, Overflow> {
        let var = match self.open_ids.get(&residual) {
            Some(&var) => var,
            None => {
                let var = self.diagram.variable(2);
                self.open_ids.insert(residual, var);
                self.open.push((residual, var));
                var
            }
        };
        self.diagram.node(var, vec![Edge::TRUE, Edge::FALSE])
    }

    /// What the open atoms mean to each other.
    fn laws(&mut self) -> Result<(), Overflow> {
        let mut atoms = Vec::new();
        let mut edges = Vec::new();
        for (guard, var) in self.open.clone() {
            if let Node::Atom(atom) = self.cx.guard_node(guard) {
                atoms.push(SymId(atom));
                edges.push(self.diagram.node(var, vec![Edge::TRUE, Edge::FALSE])?);
            }
        }
        for law in theory::laws(self.cx, &atoms) {
            let mut clause = match law.then {
                Some(then) => edges.get(then).copied().unwrap_or(Edge::TRUE),
                None => Edge::FALSE,
            };
            for when in law.when {
                let broken = self.diagram.not(edges.get(when).copied().unwrap_or(Edge::TRUE))?;
                clause = self.diagram.or(clause, broken)?;
            }
            self.theory = self.diagram.and(self.theory, clause)?;
        }
        Ok(())
    }

    fn edge(&mut self, guard: Guard) -> Result<Edge, Overflow> {
        let formulas = self.cx.formulas.borrow();
        self.diagram.compile(&formulas, guard, &self.atoms, &mut self.compiled)
    }

    /// Whether the guard holds for some inputs.
    pub fn can_hold(&mut self, guard: Guard) -> Result<bool, Overflow> {
        let edge = self.edge(guard)?;
        let edge = self.diagram.and(edge, self.theory)?;
        Ok(edge != Edge::FALSE)
    }

    /// Whether the guard holds for all inputs that `allowed` holds for.
    pub fn must_hold(&mut self, allowed: Guard, guard: Guard) -> Result<bool, Overflow> {
        let bad = self.counter(allowed, guard)?;
        Ok(bad == Edge::FALSE)
    }

    /// Where `allowed` holds and `guard` does not.
    fn counter(&mut self, allowed: Guard, guard: Guard) -> Result<Edge, Overflow> {
        let (allowed, holds) = (self.edge(allowed)?, self.edge(guard)?);
        let not = self.diagram.not(holds)?;
        let allowed = self.diagram.and(allowed, self.theory)?;
        self.diagram.and(allowed, not)
    }

    /// The smallest set of inputs that is enough for `guard`, given that `allowed` holds; `None` if there is none.
    /// Given inputs keep their value unless they are named.
    pub fn smallest(&mut self, allowed: Guard, guard: Guard) -> Result<Option<Vec<Setting>>, Overflow> {
        let bad = self.counter(allowed, guard)?;
        let (allowed, holds) = (self.edge(allowed)?, self.edge(guard)?);
        let good = self.diagram.and(allowed, holds)?;
        let good = self.diagram.and(good, self.theory)?;
        let mut given: Vec<Option<usize>> = self.inputs.iter().map(|i| i.given).collect();
        given.resize(self.inputs.len() + self.open.len(), None);
        let inputs = VarId::try_from(self.inputs.len()).unwrap_or(VarId::MAX);
        let found = witness::smallest(&mut self.diagram, good, bad, &given, inputs)?;
        Ok(found.map(|named| named.into_iter().filter_map(|(var, point)| self.setting(var, point)).collect()))
    }

    fn setting(&self, var: VarId, point: usize) -> Option<Setting> {
        if let Some(input) = self.inputs.iter().find(|i| i.var == var) {
            let value = match input.points.get(point)? {
                Point::Is(value) => Named::Is(value.clone()),
                Point::Between { example, .. } => Named::Is(example.clone().into()),
                Point::Other => Named::Not(
                    input
                        .points
                        .iter()
                        .filter_map(|p| if let Point::Is(v) = p { Some(v.clone()) } else { None })
                        .collect(),
                ),
            };
            return Some(Setting { sym: Some(input.sym), name: self.cx.show(&Value::Sym(input.sym)), value });
        }
        let (guard, _) = self.open.iter().find(|(_, v)| *v == var)?;
        let sym = if let Node::Atom(atom) = self.cx.guard_node(*guard) { Some(SymId(atom)) } else { None };
        Some(Setting { sym, name: self.cx.show_guard(*guard), value: Named::Is(Value::from(point == 0)) })
    }
}

/// What is known of a leaf before its domain is closed.
struct Facts {
    constants: Vec<Value>,
    /// Whether every atom compares the leaf itself with a constant.
    simple: bool,
    /// Leaves that stand in an atom together with it.
    with: Vec<SymId>,
}

impl Default for Facts {
    fn default() -> Self {
        Facts { constants: Vec::new(), simple: true, with: Vec::new() }
    }
}

/// Leaves that meet in an atom share their constants and listed values, so that a value of one is a point of the other.
fn share(cx: &Cx, order: &[SymId], facts: &mut HashMap<SymId, Facts>) {
    let mut group: HashMap<SymId, usize> = HashMap::new();
    let mut groups: Vec<Vec<Value>> = Vec::new();
    for &start in order {
        if group.contains_key(&start) {
            continue;
        }
        let (mut stack, mut constants) = (vec![start], Vec::new());
        while let Some(sym) = stack.pop() {
            if group.insert(sym, groups.len()).is_none()
                && let Some(known) = facts.get(&sym)
            {
                constants.extend(known.constants.iter().cloned());
                constants.extend(cx.leaf(sym).and_then(|l| l.closed).unwrap_or_default());
                stack.extend(known.with.iter().copied());
            }
        }
        groups.push(constants);
    }
    for (sym, known) in facts {
        if !known.with.is_empty()
            && let Some(shared) = group.get(sym).and_then(|&g| groups.get(g))
        {
            known.constants.extend(shared.iter().cloned());
        }
    }
}

fn is_simple(cx: &Cx, atom: SymId, leaf: SymId) -> bool {
    match cx.node(atom) {
        Some(SymNode::Call(func, args)) if *func == EQ || *func == LESS || *func == WHOLE => {
            args.iter().all(|a| {
                matches!(a, Value::Number(_) | Value::Null | Value::String(_)) || *a == Value::Sym(leaf)
            })
        }
        _ => atom == leaf,
    }
}

fn inside(n: &Num, low: Option<&Num>, high: Option<&Num>) -> bool {
    low.is_none_or(|l| l < n) && high.is_none_or(|h| n < h)
}

fn domain(cx: &Cx, sym: SymId, known: Facts) -> Vec<Point> {
    let Some(leaf) = cx.leaf(sym) else { return vec![Point::Other] };
    let null = leaf.nullable.then_some(Point::Is(Value::Null));
    if let Some(closed) = leaf.closed {
        return closed.into_iter().map(Point::Is).chain(null).collect();
    }
    let mut constants: Vec<Value> = Vec::new();
    let fits = |v: &Value| match (&leaf.ty, v) {
        (Ty::String, Value::String(_)) | (Ty::Number, Value::Number(_)) => true,
        (Ty::Dynamic, Value::String(_) | Value::Number(_)) => true,
        (Ty::Dynamic, Value::Bool(g)) => g.is_true() || g.is_false(),
        _ => false,
    };
    let simple = known.simple;
    for value in known.constants.into_iter().chain(leaf.given.clone()) {
        // A text that is converted meets numbers as their text.
        let value = match (&leaf.ty, &value) {
            (Ty::String, Value::Number(n)) if !simple => Value::from(n.to_string()),
            _ => value,
        };
        if fits(&value) && !constants.contains(&value) {
            constants.push(value);
        }
    }
    constants.sort_by(super::build::order);
    let points: Vec<Point> = match leaf.ty {
        Ty::Bool => vec![Point::Is(Value::TRUE), Point::Is(Value::FALSE)],
        Ty::Number => numbers(&constants, simple, leaf.kind == LeafKind::Length),
        Ty::String | Ty::Dynamic => constants.into_iter().map(Point::Is).chain([Point::Other]).collect(),
        _ => vec![Point::Other],
    };
    points.into_iter().chain(null).collect()
}

/// The points of a number: its constants (with neighbours, small numbers and one number of each interval where it stands
/// in a calculation), and the intervals between them.
fn numbers(constants: &[Value], simple: bool, length: bool) -> Vec<Point> {
    let mut cuts: BTreeSet<Num> = constants.iter().filter_map(|v| v.as_number().cloned()).collect();
    if !simple {
        let one = Num::from_i64(1);
        let near: Vec<Num> = cuts.iter().flat_map(|c| [c.add(&one), c.sub(&one)]).flatten().collect();
        cuts.extend(near);
        cuts.extend([-1, 0, 1, 2].map(Num::from_i64));
    }
    if length {
        cuts.insert(Num::from_i64(0));
        cuts.retain(|c| c.is_whole() && c.signum() >= 0);
    }
    let mut points = Vec::new();
    let mut low: Option<Num> = None;
    for high in cuts.into_iter().map(Some).chain([None]) {
        if !length || low.is_some() {
            for whole in [true, false] {
                if (whole || !length)
                    && let Some(example) = between(low.as_ref(), high.as_ref(), whole)
                {
                    // In a calculation the numbers between two cuts differ, so one of them is looked at by itself.
                    if !simple {
                        points.push(Point::Is(example.clone().into()));
                    }
                    points.push(Point::Between { low: low.clone(), high: high.clone(), whole, example });
                }
            }
        }
        if let Some(cut) = &high {
            points.push(Point::Is(cut.clone().into()));
        }
        low = high;
    }
    // Of equally small witnesses the first is shown: numbers that people count with come first.
    points.sort_by_cached_key(|point| {
        let n = match point {
            Point::Is(Value::Number(n)) => (**n).clone(),
            Point::Between { example, .. } => example.clone(),
            _ => Num::from_i64(0),
        };
        let size = if n.signum() < 0 { n.neg() } else { n.clone() };
        (n.signum() < 0, !n.is_whole(), size)
    });
    points
}

/// A number strictly between two: the smallest whole number from 0 up, else the largest below 0; or one that is not whole.
fn between(low: Option<&Num>, high: Option<&Num>, whole: bool) -> Option<Num> {
    let one = Num::from_i64(1);
    let half = Num::parse("0.5")?;
    let fits = |n: &Num| inside(n, low, high);
    if whole {
        let up = match low {
            Some(low) => low.floor().add(&one)?.max(Num::from_i64(0)),
            None => Num::from_i64(0),
        };
        if fits(&up) {
            return Some(up);
        }
        let high = high?;
        let down = if high.is_whole() { high.sub(&one)? } else { high.floor() };
        return fits(&down).then_some(down);
    }
    let candidate = match (low, high) {
        (None, None) => half,
        (None, Some(high)) => high.floor().sub(&half)?,
        (Some(low), None) => low.floor().add(&one)?.add(&half)?,
        (Some(low), Some(high)) => {
            let middle = low.add(high)?.mul(&half)?;
            if middle.is_whole() { low.add(&middle)?.mul(&half)? } else { middle }
        }
    };
    (fits(&candidate) && !candidate.is_whole()).then_some(candidate)
}

/// Which symbols were visited, and inside of which "each element" that was.
#[derive(Default)]
struct Bound {
    met: HashSet<(SymId, Vec<SymId>)>,
    over: Vec<SymId>,
}

impl Cx {
    /// The leaves of a value, in order of first occurrence: leaves and paths, whose owners are not leaves here.
    pub fn leaves(&self, value: &Value) -> Vec<SymId> {
        let mut out = Vec::new();
        self.visit(value, &mut Bound::default(), &mut |sym, leaf| {
            if leaf && !out.contains(&sym) {
                out.push(sym);
            }
        });
        out
    }

    /// Every known scalar in a value's expression.
    fn constants(&self, value: &Value, seen: &mut HashSet<SymId>, out: &mut Vec<Value>) {
        match value {
            Value::Number(_) | Value::String(_) => out.push(value.clone()),
            Value::Bool(g) if g.is_true() || g.is_false() => out.push(value.clone()),
            Value::Bool(g) => {
                for atom in self.atoms(&[*g]) {
                    self.constants(&Value::Sym(atom), seen, out);
                }
            }
            Value::Choice(alternatives) => {
                for (g, v) in alternatives.iter() {
                    self.constants(&Value::Bool(*g), seen, out);
                    self.constants(v, seen, out);
                }
            }
            Value::Coll(coll) => {
                for part in &coll.parts {
                    self.constants(&part.key, seen, out);
                    self.constants(&part.place, seen, out);
                    self.constants(&part.value, seen, out);
                }
            }
            Value::Sym(sym) => {
                // Once for each symbol: one that doubles itself is small, and endless to walk.
                if seen.insert(*sym)
                    && let Some(SymNode::Call(func, args)) = self.node(*sym)
                {
                    let met = if func.name == EXCLUDED { 1 } else { args.len() };
                    for arg in args.iter().take(met) {
                        self.constants(arg, seen, out);
                    }
                }
            }
            Value::Null | Value::Refused(_) => {}
        }
    }

    /// Whether a leaf is, or is part of, an arbitrary element of one of these collections.
    fn is_bound(&self, sym: SymId, over: &[SymId]) -> bool {
        if over.is_empty() {
            return false;
        }
        let mut at = sym;
        while let Some(SymNode::Path(base, _, _)) = self.node(at) {
            at = base;
        }
        let element = self.leaf(at).filter(|l| l.kind == LeafKind::Element);
        element.and_then(|l| l.of).is_some_and(|of| over.contains(&of))
    }

    /// Visits every symbol in a value's expression; the flag says whether it is a leaf.
    fn visit(&self, value: &Value, seen: &mut Bound, f: &mut dyn FnMut(SymId, bool)) {
        match value {
            Value::Sym(sym) => {
                if !seen.met.insert((*sym, seen.over.clone())) || self.is_bound(*sym, &seen.over) {
                    return;
                }
                match self.node(*sym) {
                    Some(SymNode::Leaf(_) | SymNode::Path(..)) => f(*sym, true),
                    Some(SymNode::Concat(pieces)) => {
                        f(*sym, false);
                        for piece in &pieces {
                            if let Piece::Sym(inner) = piece {
                                self.visit(&Value::Sym(*inner), seen, f);
                            }
                        }
                    }
                    Some(SymNode::Call(_, args)) => {
                        f(*sym, false);
                        for arg in &args {
                            self.visit(arg, seen, f);
                        }
                    }
                    None => {}
                }
            }
            Value::Bool(guard) => {
                for atom in self.atoms(&[*guard]) {
                    self.visit(&Value::Sym(atom), seen, f);
                }
            }
            Value::Choice(alternatives) => {
                for (g, v) in alternatives.iter() {
                    self.visit(&Value::Bool(*g), seen, f);
                    self.visit(v, seen, f);
                }
            }
            Value::Coll(coll) => {
                for part in &coll.parts {
                    for over in &part.over {
                        self.visit(&Value::Sym(*over), seen, f);
                    }
                    // Of "each element" none is meant that anybody could name.
                    let outside = seen.over.len();
                    seen.over.extend(&part.over);
                    self.visit(&Value::Bool(part.guard), seen, f);
                    self.visit(&part.key, seen, f);
                    self.visit(&part.place, seen, f);
                    self.visit(&part.value, seen, f);
                    seen.over.truncate(outside);
                }
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => {}
        }
    }
}
