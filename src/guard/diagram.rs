//! Decision diagrams over variables with finitely many points.
//!
//! A diagram is reduced and ordered: one meaning has one edge, so *can it hold* is `edge != FALSE` and *must it hold*
//! is `edge == TRUE`. A variable is one input with its whole domain (`prod`, `dev`, anything else), never a boolean
//! per comparison. Each query makes its own diagram, with variables in the order of first use; the number of nodes is
//! the budget, so that the same input gives the same answer on every machine.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::formula::{FormulaNode, Formulas, Guard};

/// A variable of a diagram: an index into the list of its variables. Lower ones are decided first.
pub type VarId = u32;

/// A formula compiled into a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge(u32);

impl Edge {
    /// Holds nowhere.
    pub const FALSE: Edge = Edge(0);
    /// Holds everywhere.
    pub const TRUE: Edge = Edge(1);
}

/// The budget of nodes is spent: the question is not decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

type Result<T> = std::result::Result<T, Overflow>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Op {
    And,
    Or,
}

impl Op {
    /// What changes nothing, and what decides the whole.
    fn ends(self) -> (Edge, Edge) {
        match self {
            Op::And => (Edge::TRUE, Edge::FALSE),
            Op::Or => (Edge::FALSE, Edge::TRUE),
        }
    }
}

/// A diagram and its variables.
#[derive(Debug)]
pub struct Diagram {
    /// Number of points of each variable.
    points: Vec<usize>,
    /// Variable and one child per point; entries 0 and 1 are the constants.
    nodes: Vec<(VarId, Rc<[Edge]>)>,
    // Edges and variables are numbered here, so that no input chooses them to collide.
    unique: FxHashMap<(VarId, Rc<[Edge]>), Edge>,
    memo: FxHashMap<(Op, Edge, Edge), Edge>,
    negated: FxHashMap<Edge, Edge>,
    budget: usize,
}

/// The variable of the constants: after every real one.
const CONSTANT: VarId = VarId::MAX;

impl Diagram {
    /// An empty diagram that may hold `budget` nodes.
    pub fn new(budget: usize) -> Self {
        Diagram {
            points: Vec::new(),
            nodes: vec![(CONSTANT, Rc::new([])), (CONSTANT, Rc::new([]))],
            unique: FxHashMap::default(),
            memo: FxHashMap::default(),
            negated: FxHashMap::default(),
            budget,
        }
    }

    /// A new variable with that many points (at least one), after the ones there are.
    pub fn variable(&mut self, points: usize) -> VarId {
        self.points.push(points.max(1));
        u32::try_from(self.points.len() - 1).unwrap_or(CONSTANT - 1)
    }

    /// How many points a variable has.
    pub fn points(&self, var: VarId) -> usize {
        self.points.get(var as usize).copied().unwrap_or(1)
    }

    /// How many variables there are.
    pub fn variables(&self) -> usize {
        self.points.len()
    }

    /// How many nodes it may have.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.nodes.len()
    }

    /// How many nodes were made or looked up.
    pub fn work(&self) -> usize {
        self.nodes.len() + self.memo.len() / 4
    }

    /// The variable an edge decides first; `None` for the constants.
    pub fn top(&self, edge: Edge) -> Option<VarId> {
        self.nodes.get(edge.0 as usize).map(|n| n.0).filter(|&v| v != CONSTANT)
    }

    /// What is left of `edge` when `var`, which must not come after its first variable, has that point.
    pub fn child(&self, edge: Edge, var: VarId, point: usize) -> Edge {
        match self.nodes.get(edge.0 as usize) {
            Some((v, children)) if *v == var => children.get(point).copied().unwrap_or(Edge::FALSE),
            _ => edge,
        }
    }

    /// What holds at these points of `var`.
    pub fn at(&mut self, var: VarId, points: impl IntoIterator<Item = bool>) -> Result<Edge> {
        let edges = points.into_iter().map(|holds| if holds { Edge::TRUE } else { Edge::FALSE });
        self.node(var, edges.collect())
    }

    /// The node that decides `var` by these children, one per point.
    pub fn node(&mut self, var: VarId, children: Vec<Edge>) -> Result<Edge> {
        if let Some((first, rest)) = children.split_first()
            && rest.iter().all(|c| c == first)
        {
            return Ok(*first);
        }
        let key = (var, Rc::from(children));
        if let Some(&known) = self.unique.get(&key) {
            return Ok(known);
        }
        if self.nodes.len() >= self.budget {
            return Err(Overflow);
        }
        let edge = Edge(u32::try_from(self.nodes.len()).map_err(|_| Overflow)?);
        self.nodes.push(key.clone());
        self.unique.insert(key, edge);
        Ok(edge)
    }

    fn apply(&mut self, op: Op, a: Edge, b: Edge) -> Result<Edge> {
        let (neutral, absorbing) = op.ends();
        if a == absorbing || b == absorbing {
            return Ok(absorbing);
        }
        if a == neutral || a == b {
            return Ok(b);
        }
        if b == neutral {
            return Ok(a);
        }
        let key = (op, a.min(b), a.max(b));
        if let Some(&known) = self.memo.get(&key) {
            return Ok(known);
        }
        // Work is bounded as well as size: a node can be asked for many times.
        if self.memo.len() >= self.budget.saturating_mul(4) {
            return Err(Overflow);
        }
        let var = self.first(a, b);
        let mut children = Vec::with_capacity(self.points(var));
        for point in 0..self.points(var) {
            let (x, y) = (self.child(a, var, point), self.child(b, var, point));
            children.push(self.apply(op, x, y)?);
        }
        let edge = self.node(var, children)?;
        self.memo.insert(key, edge);
        Ok(edge)
    }

    /// The first variable that either decides.
    pub fn first(&self, a: Edge, b: Edge) -> VarId {
        self.top(a).unwrap_or(CONSTANT).min(self.top(b).unwrap_or(CONSTANT))
    }

    /// Both.
    pub fn and(&mut self, a: Edge, b: Edge) -> Result<Edge> {
        self.apply(Op::And, a, b)
    }

    /// Either.
    pub fn or(&mut self, a: Edge, b: Edge) -> Result<Edge> {
        self.apply(Op::Or, a, b)
    }

    /// Not.
    pub fn not(&mut self, a: Edge) -> Result<Edge> {
        match a {
            Edge::FALSE => return Ok(Edge::TRUE),
            Edge::TRUE => return Ok(Edge::FALSE),
            _ => {}
        }
        if let Some(&known) = self.negated.get(&a) {
            return Ok(known);
        }
        let var = self.top(a).unwrap_or(CONSTANT);
        let mut children = Vec::with_capacity(self.points(var));
        for point in 0..self.points(var) {
            let child = self.child(a, var, point);
            children.push(self.not(child)?);
        }
        let edge = self.node(var, children)?;
        self.negated.insert(a, edge);
        self.negated.insert(edge, a);
        Ok(edge)
    }

    /// Whether two formulas hold together somewhere, without making the diagram of both.
    pub fn meet(&self, a: Edge, b: Edge) -> Result<bool> {
        let mut apart = HashSet::new();
        let mut stack = vec![(a, b)];
        while let Some((a, b)) = stack.pop() {
            if a == Edge::FALSE || b == Edge::FALSE || !apart.insert((a, b)) {
                continue;
            }
            if a == Edge::TRUE || b == Edge::TRUE || a == b {
                return Ok(true);
            }
            if apart.len() > self.budget.saturating_mul(4) {
                return Err(Overflow);
            }
            let var = self.first(a, b);
            stack.extend((0..self.points(var)).map(|p| (self.child(a, var, p), self.child(b, var, p))));
        }
        Ok(false)
    }

    /// At which points of a variable a formula can hold.
    pub fn can_hold_at(&self, edge: Edge, var: VarId) -> Vec<bool> {
        let mut can = vec![false; self.points(var)];
        let (mut seen, mut stack) = (HashSet::new(), vec![edge]);
        while let Some(edge) = stack.pop() {
            // Each node holds somewhere.
            if edge == Edge::FALSE || !seen.insert(edge) {
                continue;
            }
            match self.top(edge) {
                Some(top) if top < var => {
                    stack.extend((0..self.points(top)).map(|point| self.child(edge, top, point)));
                }
                _ => {
                    let here = can.iter_mut().enumerate();
                    here.for_each(|(point, can)| *can |= self.child(edge, var, point) != Edge::FALSE);
                }
            }
        }
        can
    }

    /// One assignment under which a formula holds: the first points that lead there, of the variables that matter.
    pub fn path(&self, edge: Edge) -> Option<Vec<(VarId, usize)>> {
        let (mut at, mut out) = (edge, Vec::new());
        while let Some(var) = self.top(at) {
            let point = (0..self.points(var)).find(|&p| self.child(at, var, p) != Edge::FALSE)?;
            out.push((var, point));
            at = self.child(at, var, point);
        }
        (at == Edge::TRUE).then_some(out)
    }

    /// `edge` for some value of `var`, its first variable.
    pub fn some(&mut self, edge: Edge, var: VarId) -> Result<Edge> {
        let mut out = Edge::FALSE;
        for point in 0..self.points(var) {
            let child = self.child(edge, var, point);
            out = self.or(out, child)?;
        }
        Ok(out)
    }

    /// The operands as one: those that decide later variables first, so that a diagram grows at its top, and what it has in
    /// common with others stays shared.
    fn joined(&mut self, op: Op, operands: &[Guard], done: &HashMap<Guard, Meaning>) -> Result<Meaning> {
        let each: Vec<Meaning> = operands.iter().filter_map(|g| done.get(g).copied()).collect();
        Meaning::of(&each, |edges| self.joined_edges(op, edges))
    }

    fn joined_edges(&mut self, op: Op, mut edges: Vec<Edge>) -> Result<Edge> {
        edges.sort_by_key(|&edge| std::cmp::Reverse((self.top(edge), edge)));
        let (neutral, _) = op.ends();
        let mut joined = neutral;
        let mut rest = edges.as_slice();
        while let Some((&first, others)) = rest.split_first() {
            let same = 1 + others.iter().take_while(|edge| self.top(**edge) == self.top(first)).count();
            let (same, after) = rest.split_at(same);
            rest = after;
            let edge = if same.len() > 1 { self.joined_at(op, first, same)? } else { first };
            joined = self.apply(op, joined, edge)?;
        }
        Ok(joined)
    }

    /// Edges that decide one variable first, as one: point by point, so that no edge is made of a part of them.
    fn joined_at(&mut self, op: Op, first: Edge, edges: &[Edge]) -> Result<Edge> {
        let (neutral, absorbing) = op.ends();
        let Some(var) = self.top(first) else {
            return Ok(if edges.contains(&absorbing) { absorbing } else { neutral });
        };
        let mut children = Vec::with_capacity(self.points(var));
        for point in 0..self.points(var) {
            let mut child = neutral;
            for &edge in edges {
                child = self.apply(op, child, self.child(edge, var, point))?;
                if child == absorbing {
                    break;
                }
            }
            children.push(child);
        }
        self.node(var, children)
    }

    /// Compiles a formula; `atom` says what each atom means in this diagram.
    pub fn compile(
        &mut self,
        formulas: &Formulas,
        guard: Guard,
        atom: &HashMap<u32, Meaning>,
        done: &mut HashMap<Guard, Meaning>,
    ) -> Result<Meaning> {
        let never = Meaning::told(Edge::FALSE);
        // Explicit stack: formulas nest as deep as configurations do.
        let mut stack = vec![(guard, false)];
        while let Some((g, ready)) = stack.pop() {
            if done.contains_key(&g) {
                continue;
            }
            let meaning = match formulas.node(g) {
                FormulaNode::Constant(false) => never,
                FormulaNode::Constant(true) => Meaning::told(Edge::TRUE),
                FormulaNode::Atom(a) => atom.get(a).copied().unwrap_or(never),
                FormulaNode::Not(inner) if ready => done.get(inner).copied().unwrap_or(never).turned(self)?,
                FormulaNode::And(inner) if ready => self.joined(Op::And, inner, done)?,
                FormulaNode::Or(inner) if ready => self.joined(Op::Or, inner, done)?,
                FormulaNode::Not(inner) => {
                    stack.push((g, true));
                    stack.push((*inner, false));
                    continue;
                }
                FormulaNode::And(inner) | FormulaNode::Or(inner) => {
                    stack.push((g, true));
                    stack.extend(inner.iter().rev().map(|&i| (i, false)));
                    continue;
                }
            };
            done.insert(g, meaning);
        }
        Ok(done.get(&guard).copied().unwrap_or(never))
    }
}

/// Where a formula holds, and where it may.
///
/// `length(split(",", var.o.x)) == 0` is refused where the attribute is null, and so is its negation: there both may hold,
/// and neither does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Where it holds, whatever an atom that is refused would say.
    pub holds: Edge,
    /// Where it holds, or says nothing.
    pub may_hold: Edge,
}

impl Meaning {
    /// Of a formula that says something everywhere.
    pub fn told(edge: Edge) -> Meaning {
        Meaning { holds: edge, may_hold: edge }
    }

    /// Whether it says something everywhere.
    pub fn is_told(self) -> bool {
        self.holds == self.may_hold
    }

    /// A meaning made of the edges of others.
    pub fn of(all: &[Meaning], mut make: impl FnMut(Vec<Edge>) -> Result<Edge>) -> Result<Meaning> {
        let holds = make(all.iter().map(|m| m.holds).collect())?;
        let may_hold = match all.iter().all(|m| m.is_told()) {
            true => holds,
            false => make(all.iter().map(|m| m.may_hold).collect())?,
        };
        Ok(Meaning { holds, may_hold })
    }

    /// Of the negation.
    pub fn turned(self, diagram: &mut Diagram) -> Result<Meaning> {
        let may_hold = diagram.not(self.holds)?;
        let holds = if self.is_told() { may_hold } else { diagram.not(self.may_hold)? };
        Ok(Meaning { holds, may_hold })
    }
}
