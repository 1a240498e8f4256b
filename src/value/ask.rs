//! Asking about guards: can it hold, must it hold, what is enough.
//!
//! A query closes the domains of its leaves: a string's is the constants it meets and *anything else*, a number's the
//! constants and the intervals between them (whole and fractional numbers apart), a bool's its two values, a listed
//! one's its list. Each atom is then evaluated at every point of its leaves by filling them in. An atom that a point of
//! *anything else* leaves undecided becomes an open bool of that atom there.

use std::collections::HashMap;

use super::compare::{EQ, LESS, WHOLE};
use super::domain::{Point, closed, inside};
use super::leaves::EXCLUDED;
use super::ops::REM;
use super::subst::{REFUSED, Subst};
use super::symbol::{SymId, SymNode};
use super::theory;
use super::{Cx, Guard, Value};
use crate::guard::formula::Node;
use crate::guard::{Diagram, Edge, Overflow, VarId, witness};

/// How many nodes a query's diagram may have, unless the caller says otherwise.
pub const NODES: usize = 100_000;
/// How many combinations of points one atom is evaluated at; past it, the atom is an open bool.
const COMBINATIONS: usize = 4_096;

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
        for (sym, points) in closed(self.cx, atoms, leaves) {
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
            // Whether it is there is a point of its own.
            (f, [Value::Sym(sym)]) if f == REFUSED.name => {
                self.point(*sym, chosen).filter(|p| !matches!(p, Point::Is(_))).map(|_| false)
            }
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

    /// The values that a leaf may have where the guard holds, if they are listed; `None` where it may be anything else.
    pub fn values(&mut self, leaf: SymId, guard: Guard) -> Result<Option<Vec<Value>>, Overflow> {
        let Some(input) = self.by_sym.get(&leaf).and_then(|&i| self.inputs.get(i)) else { return Ok(None) };
        let (var, points) = (input.var, input.points.clone());
        let edge = self.edge(guard)?;
        let edge = self.diagram.and(edge, self.theory)?;
        let mut values = Vec::new();
        for (i, point) in points.iter().enumerate() {
            let only = (0..points.len()).map(|at| if at == i { Edge::TRUE } else { Edge::FALSE });
            let here = self.diagram.node(var, only.collect())?;
            if self.diagram.and(edge, here)? == Edge::FALSE {
                continue;
            }
            match point {
                Point::Is(value) => values.push(value.clone()),
                Point::Between { .. } | Point::Other => return Ok(None),
            }
        }
        Ok(Some(values))
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
                Point::Is(Value::Refused(_)) => {
                    let asked = self.cx.predicate(&REFUSED, &[Value::Sym(input.sym)]);
                    let name = self.cx.show_guard(asked);
                    return Some(Setting { sym: None, name, value: Named::Is(Value::TRUE) });
                }
                Point::Is(value) => Named::Is(value.clone()),
                Point::Between { example, .. } => {
                    let example = Value::from(example.clone());
                    let mut exact = input.points.iter().filter_map(|p| match p {
                        Point::Is(n @ Value::Number(_)) => Some(n),
                        _ => None,
                    });
                    // What lies beside a secret tells it.
                    Named::Is(match exact.find(|n| self.cx.mark_of(n).is_some()) {
                        Some(secret) => self.cx.marked_as(secret, example),
                        None => example,
                    })
                }
                Point::Other => Named::Not(
                    input
                        .points
                        .iter()
                        .filter_map(|p| if let Point::Is(v) = p { Some(v.clone()) } else { None })
                        .filter(|v| *v != Value::Null || self.cx.nullable(input.sym))
                        .filter(|v| !matches!(v, Value::Refused(_)))
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
