//! Asking about guards: can it hold, must it hold, what is enough.
//!
//! `var.env == "prod" && upper(var.x) == "A"` is asked over two variables: `var.env` is `"prod"` or anything else, `var.x`
//! is anything, and then `upper(var.x)` is `"A"` or anything else. A query closes the domains of its leaves
//! ([`super::domain`]), evaluates each atom at every point of its leaves by filling them in ([`super::points`]), and what
//! that leaves undecided is a variable with a domain too ([`super::undecided`]).

use std::collections::HashMap;

use super::domain::{Point, closed};
use super::limits::{ALTERNATIVES, FILLED, Limit, NODES};
use super::number::Num;
use super::subst::REFUSED;
use super::symbol::SymId;
use super::{Cx, Guard, Value};
use crate::guard::{Diagram, Edge, Meaning, Overflow, VarId, witness};

/// How many questions of a unit may take as much as one may; each one after them takes a share of that at most, and what
/// they leave undecided is said as ever.
const ASKED: usize = 10;
/// That share: one in so many.
const SHARE: usize = 20;
/// How many steps of filling in take as long as a node.
const NODE: usize = 4;
/// How many laws of relations may wait that are held for a smallest witness: those of eight texts.
const SETTLED: usize = 56;

/// A variable of a query: a leaf, or a call that its leaves do not decide.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) sym: SymId,
    pub(super) var: VarId,
    pub(super) points: Vec<Point>,
    given: Option<usize>,
}

/// The value of an input in a witness.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// This value.
    Is(Value),
    /// None of these.
    Not(Vec<Value>),
}

/// An input with its value in a witness.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The leaf, or the symbol that stays undecided; `None` for an open bool that has no symbol of its own.
    pub sym: Option<SymId>,
    /// Its name as reports show it.
    pub name: String,
    /// Its value.
    pub value: Named,
}

/// The values that a leaf may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Values {
    /// These.
    Listed(Vec<Value>),
    /// Whole numbers between two, too many to list.
    Many,
    /// Any of its type, but for some.
    Any,
}

/// A query over a set of guards.
pub struct Ask<'a> {
    pub(super) cx: &'a Cx,
    pub(super) diagram: Diagram,
    /// The leaves, and after them the calls that they do not decide.
    pub(super) inputs: Vec<Input>,
    /// How many of them are leaves.
    leaves: usize,
    pub(super) by_sym: HashMap<SymId, usize>,
    /// How two unknown values compare.
    pub(super) relations: HashMap<(SymId, SymId), VarId>,
    /// Where one of two unknown values is less, or both are equal, as far as that was asked.
    pub(super) compared: HashMap<SymId, Edge>,
    /// What is open otherwise.
    pub(super) open: Vec<(Guard, VarId)>,
    pub(super) open_ids: HashMap<Guard, VarId>,
    atoms: HashMap<u32, Meaning>,
    compiled: HashMap<Guard, Meaning>,
    /// What always holds of the relations and the open bools.
    pub(super) theory: Edge,
    /// Laws of relations that are held once an answer takes them.
    pub(super) pending: Vec<Edge>,
    pub(super) spent: Option<&'static Limit>,
    /// How many steps of filling in are left.
    pub(super) left: usize,
    /// The steps that the unit had taken before.
    pub(super) steps: u64,
    /// The part of what a question may take that is this one's: one in so many.
    pub(super) share: usize,
}

impl Drop for Ask<'_> {
    fn drop(&mut self) {
        let filled = (FILLED.most / self.share - self.left).max(self.filled_in());
        self.cx.asked.set(self.cx.asked.get() + self.diagram.work() + filled / NODE);
    }
}

impl<'a> Ask<'a> {
    /// Closes the domains over every atom of `guards`; only these guards and combinations of them may be asked about.
    ///
    /// `Err` when [`NODES`] are spent: then nothing is decided.
    pub fn new(cx: &'a Cx, guards: &[Guard]) -> Result<Self, Overflow> {
        let share = if cx.asked.get() < ASKED * NODES.most { 1 } else { SHARE };
        let mut ask = Ask {
            cx,
            diagram: Diagram::new(NODES.most / share),
            inputs: Vec::new(),
            leaves: 0,
            by_sym: HashMap::new(),
            relations: HashMap::new(),
            compared: HashMap::new(),
            open: Vec::new(),
            open_ids: HashMap::new(),
            atoms: HashMap::new(),
            compiled: HashMap::new(),
            theory: Edge::TRUE,
            pending: Vec::new(),
            spent: None,
            left: FILLED.most / share,
            steps: cx.steps.get(),
            share,
        };
        let atoms = cx.atoms(guards);
        let leaves: Vec<Vec<SymId>> = atoms.iter().map(|&a| cx.leaves(&Value::Sym(a))).collect();
        for (sym, points) in closed(cx, &atoms, &leaves)? {
            ask.declare(sym, points);
        }
        ask.leaves = ask.inputs.len();
        let trees: Vec<_> = atoms.iter().zip(&leaves).map(|(&a, leaves)| ask.at_points(a, leaves)).collect();
        ask.declare_undecided(&trees);
        for (atom, tree) in atoms.iter().zip(trees) {
            let meaning = ask.meaning_of(&tree)?;
            ask.atoms.insert(atom.0, meaning);
        }
        ask.hold_laws()?;
        Ok(ask)
    }

    /// How many steps it took to fill in so far.
    fn filled_in(&self) -> usize {
        usize::try_from(self.cx.steps.get().saturating_sub(self.steps)).unwrap_or(usize::MAX)
    }

    /// Whether filling in takes no more steps.
    pub(super) fn out_of_steps(&self) -> bool {
        self.filled_in() > FILLED.most / self.share
    }

    /// One more variable.
    pub(super) fn declare(&mut self, sym: SymId, points: Vec<Point>) {
        let var = self.diagram.variable(points.len());
        let given = self.cx.leaf(sym).and_then(|l| l.given);
        let given = given.and_then(|g| points.iter().position(|p| *p == Point::Is(g.clone())));
        self.by_sym.insert(sym, self.inputs.len());
        self.inputs.push(Input { sym, var, points, given });
    }

    /// The variable of a symbol.
    pub(super) fn input(&self, sym: SymId) -> Option<&Input> {
        self.inputs.get(*self.by_sym.get(&sym)?)
    }

    pub(super) fn open_bool(&mut self, residual: Guard) -> Result<Edge, Overflow> {
        let var = match self.open_ids.get(&residual) {
            Some(&var) => var,
            None => {
                let var = self.diagram.variable(2);
                self.open_ids.insert(residual, var);
                self.open.push((residual, var));
                var
            }
        };
        self.diagram.at(var, [true, false])
    }

    /// The limit that was met while the question was put: what is answered holds, but may not be exact.
    pub fn spent(&self) -> Option<&'static Limit> {
        self.spent
    }

    fn edge(&mut self, guard: Guard) -> Result<Edge, Overflow> {
        Ok(self.meaning(guard)?.holds)
    }

    /// Where a guard holds, and the laws do.
    fn lawful(&mut self, guard: Guard) -> Result<Edge, Overflow> {
        self.settle()?;
        let edge = self.edge(guard)?;
        self.diagram.and(edge, self.theory)
    }

    /// Whether an edge holds for some inputs.
    fn can(&mut self, edge: Edge) -> Result<bool, Overflow> {
        let near = self.diagram.and(edge, self.theory)?;
        match self.has_model(near) {
            Some(can) => Ok(can),
            None => {
                self.settle()?;
                Ok(self.diagram.and(edge, self.theory)? != Edge::FALSE)
            }
        }
    }

    fn meaning(&mut self, guard: Guard) -> Result<Meaning, Overflow> {
        let formulas = self.cx.formulas.borrow();
        self.diagram.compile(&formulas, guard, &self.atoms, &mut self.compiled)
    }

    /// Whether the guard holds for some inputs.
    pub fn can_hold(&mut self, guard: Guard) -> Result<bool, Overflow> {
        let edge = self.edge(guard)?;
        self.can(edge)
    }

    /// Which of these guards can hold where `base` does; `None` for those that were not decided.
    pub fn can_hold_each(&mut self, base: Guard, guards: &[Guard]) -> Result<Vec<Option<bool>>, Overflow> {
        let base = self.edge(base)?;
        let lawful = self.diagram.and(base, self.theory)?;
        let all_laws = self.pending.is_empty();
        let each = guards.iter().map(|&guard| {
            let edge = self.edge(guard).ok()?;
            if all_laws {
                return self.diagram.meet(lawful, edge).ok();
            }
            let both = self.diagram.and(base, edge).ok()?;
            self.can(both).ok()
        });
        Ok(each.collect())
    }

    /// Whether the guard holds for all inputs that `allowed` holds for.
    pub fn must_hold(&mut self, allowed: Guard, guard: Guard) -> Result<bool, Overflow> {
        let (allowed, guard) = (self.edge(allowed)?, self.meaning(guard)?);
        // What is refused is no assignment.
        let not = self.diagram.not(guard.may_hold)?;
        let other = self.diagram.and(allowed, not)?;
        Ok(!self.can(other)?)
    }

    /// The calls that their leaves leave undecided.
    pub(super) fn undecided(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().skip(self.leaves)
    }

    /// The values that a leaf may have where the guard holds.
    pub fn values(&mut self, leaf: SymId, guard: Guard) -> Result<Values, Overflow> {
        let edge = self.lawful(guard)?;
        self.values_in(leaf, edge)
    }

    /// The values that a call may have where the guard holds and a leaf is none of the values that anything names.
    pub fn values_beside(&mut self, call: SymId, leaf: SymId, guard: Guard) -> Result<Values, Overflow> {
        let Some(input) = self.by_sym.get(&leaf).and_then(|&i| self.inputs.get(i)) else {
            return Ok(Values::Any);
        };
        let other = self.diagram.at(input.var, input.points.iter().map(|point| *point == Point::Other))?;
        let edge = self.lawful(guard)?;
        let edge = self.diagram.and(edge, other)?;
        self.values_in(call, edge)
    }

    fn values_in(&mut self, sym: SymId, edge: Edge) -> Result<Values, Overflow> {
        let Some(input) = self.input(sym) else { return Ok(Values::Any) };
        let (var, points) = (input.var, input.points.clone());
        let (mut values, mut few) = (Vec::new(), true);
        let can = self.diagram.can_hold_at(edge, var);
        for (point, _) in points.iter().zip(can).filter(|(_, can)| *can) {
            match point {
                Point::Is(value) => values.push(value.clone()),
                Point::Between { low: Some(low), high: Some(high), whole: true, .. } => {
                    let one = Num::from_i64(1);
                    let mut next = low.floor().add(&one);
                    while let Some(n) = next.filter(|n| few && n < high) {
                        next = n.add(&one);
                        values.push(n.into());
                        few = values.len() <= ALTERNATIVES.most;
                    }
                }
                Point::Between { .. } | Point::Other => return Ok(Values::Any),
            }
        }
        Ok(if few { Values::Listed(values) } else { Values::Many })
    }

    /// The smallest set of inputs that is enough for `guard`, given that `allowed` holds; `None` if there is none.
    /// Given inputs keep their value unless they are named.
    pub fn smallest(&mut self, allowed: Guard, guard: Guard) -> Result<Option<Vec<Setting>>, Overflow> {
        let (allowed, holds) = (self.edge(allowed)?, self.edge(guard)?);
        // With fewer laws more has to be named, which is enough all the same where some assignment keeps the others.
        if self.pending.len() > SETTLED {
            let named = self.smallest_of(allowed, holds)?;
            let mut so = self.diagram.and(allowed, holds)?;
            so = self.diagram.and(so, self.theory)?;
            for (var, point) in named.iter().flatten() {
                let points = 0..self.diagram.points(*var);
                let at = self.diagram.at(*var, points.map(|p| p == *point))?;
                so = self.diagram.and(so, at)?;
            }
            if let Some(named) = named.filter(|_| self.has_model(so) == Some(true)) {
                return Ok(Some(self.settings(&named)));
            }
        }
        self.settle()?;
        let named = self.smallest_of(allowed, holds)?;
        Ok(named.map(|named| self.settings(&named)))
    }

    /// The same as variables at points, by the laws that are held.
    fn smallest_of(&mut self, allowed: Edge, holds: Edge) -> Result<Option<Vec<(VarId, usize)>>, Overflow> {
        let allowed = self.diagram.and(allowed, self.theory)?;
        let good = self.diagram.and(allowed, holds)?;
        // An input that has all else refused says nothing.
        let not = self.diagram.not(holds)?;
        let bad = self.diagram.and(allowed, not)?;
        let mut given: Vec<Option<usize>> = self.inputs.iter().take(self.leaves).map(|i| i.given).collect();
        given.resize(self.diagram.variables(), None);
        let inputs = VarId::try_from(self.leaves).unwrap_or(VarId::MAX);
        witness::smallest(&mut self.diagram, good, bad, &given, inputs)
    }

    /// One assignment under which the guard holds: inputs that make no difference are left out.
    pub fn example(&mut self, guard: Guard) -> Result<Option<Vec<Setting>>, Overflow> {
        let edge = self.lawful(guard)?;
        let path = self.diagram.path(edge);
        Ok(path.map(|path| self.settings(&path)))
    }

    fn settings(&self, named: &[(VarId, usize)]) -> Vec<Setting> {
        let numbers = self.numbers_for(named);
        let each = named.iter().filter(|(var, _)| !self.follows_from(*var, &numbers));
        let setting = |&(var, point): &(VarId, usize)| {
            let setting = self.setting(var, point)?;
            let input = || self.inputs.iter().find(|i| i.var == var);
            let number =
                numbers.get(&var).and_then(|n| Some(Named::Is(self.shown_number(input()?, n.clone()))));
            Some(match number {
                Some(value) => Setting { value, ..setting },
                None => setting,
            })
        };
        each.filter_map(setting).collect()
    }

    /// Whether a relation is told by numbers for both of its sides.
    fn follows_from(&self, relation: VarId, numbers: &HashMap<VarId, Num>) -> bool {
        let told = |sym: &SymId| self.input(*sym).is_some_and(|input| numbers.contains_key(&input.var));
        self.relations.iter().any(|((a, b), var)| *var == relation && told(a) && told(b))
    }

    /// A number as the value of an input: what lies beside a secret tells it.
    fn shown_number(&self, input: &Input, number: Num) -> Value {
        let mut exact = input.points.iter().filter_map(|p| match p {
            Point::Is(n @ Value::Number(_)) => Some(n),
            _ => None,
        });
        match exact.find(|n| self.cx.mark_of(n).is_some()) {
            Some(secret) => self.cx.marked_as(secret, number.into()),
            None => number.into(),
        }
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
                Point::Between { example, .. } => Named::Is(self.shown_number(input, example.clone())),
                Point::Other => {
                    let never = self.cx.never_at(input.sym, &input.points);
                    let others = input.points.iter().zip(never).filter(|(_, never)| !never);
                    Named::Not(
                        others
                            .filter_map(|(p, _)| if let Point::Is(v) = p { Some(v.clone()) } else { None })
                            .filter(|v| *v != Value::Null || self.cx.nullable(input.sym))
                            .filter(|v| !matches!(v, Value::Refused(_)))
                            .collect(),
                    )
                }
            };
            return Some(Setting { sym: Some(input.sym), name: self.cx.show(&Value::Sym(input.sym)), value });
        }
        let open = || Some((self.open.iter().find(|(_, v)| *v == var)?.0, point == 0));
        let (guard, holds) = self.relation_named(var, point).or_else(open)?;
        let sym = self.cx.atom_of(guard);
        Some(Setting { sym, name: self.cx.show_guard(guard), value: Named::Is(Value::from(holds)) })
    }
}
