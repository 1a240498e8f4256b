//! Atoms at points: what a predicate is where its variables are.
//!
//! `"${var.team}-${var.env}" == "core-live"` over listed teams and environments is decided at `var.team = "data"`
//! whatever the environment is, so each variable is filled in by itself, and only as long as something is open.

use std::collections::HashSet;

use super::ask::Ask;
use super::compare::{EQ, LESS, WHOLE};
use super::domain::{Point, inside};
use super::limits::{FILLED, POINTS};
use super::number::Num;
use super::ops::{ADD, SUB};
use super::subst::{Left, REFUSED, Subst};
use super::symbol::{SymId, SymNode};
use super::{Cx, Guard, Value};
use crate::guard::VarId;

/// A variable, by its place in the list, at one of its points.
pub(super) type Chosen = Vec<(usize, usize)>;

/// What a guard is at each point of some variables.
pub(super) enum Tree {
    /// What is left of it, with the points that are no exact values.
    Residual(Left, Chosen),
    /// Too many points: this guard stands for what was not tried.
    Cut(Guard),
    /// One for each point of a variable.
    At(VarId, Vec<Tree>),
    /// It holds at this point of a variable, and at no other.
    Only(VarId, usize),
}

impl Ask<'_> {
    /// An atom at every point of its leaves.
    pub(super) fn at_points(&mut self, atom: SymId, leaves: &[SymId]) -> Tree {
        if let Some(tree) = self.at_one_point(atom) {
            return tree;
        }
        let mut inputs: Vec<usize> = leaves.iter().filter_map(|l| self.by_sym.get(l).copied()).collect();
        inputs.sort_unstable();
        let whole = self.cx.atom(atom);
        // All conditions of a question together take so many steps.
        let steps = self.cx.weight(atom);
        let affordable = self.left / steps;
        let most = POINTS.most.min(affordable);
        let mut left = most;
        let tree = self.expand(Left::told(whole), whole, &inputs, &mut Chosen::new(), &mut left);
        if left == 0 && most < POINTS.most {
            self.spent = Some(&FILLED);
        }
        self.left = self.left.saturating_sub((most - left).saturating_mul(steps));
        tree
    }

    /// A leaf that is compared with a text which is one of its points: nothing needs to be filled in to tell where it holds.
    fn at_one_point(&self, atom: SymId) -> Option<Tree> {
        let [Value::Sym(sym), constant @ Value::String(_)] = self.cx.equality(atom)? else { return None };
        if !self.cx.is_leaf(sym, |_| true) {
            return None;
        }
        let input = self.input(sym)?;
        let is_text = |point: &Point| match point {
            Point::Is(value) => matches!(value, Value::String(_) | Value::Null),
            Point::Other => true,
            Point::Between { .. } => false,
        };
        let at =
            input.points.iter().position(|point| matches!(point, Point::Is(value) if *value == constant))?;
        input.points.iter().all(is_text).then_some(Tree::Only(input.var, at))
    }

    /// An atom at every point of these variables, of those at points that are chosen.
    pub(super) fn atom_at_points(&mut self, atom: SymId, inputs: &[usize], chosen: &Chosen) -> Tree {
        let whole = self.cx.atom(atom);
        self.expand(Left::told(whole), whole, inputs, &mut chosen.clone(), &mut POINTS.most.clone())
    }

    /// What is left of `whole` at every point of these variables; `left` counts how many are still tried.
    fn expand(
        &mut self,
        guard: Left,
        whole: Guard,
        inputs: &[usize],
        chosen: &mut Chosen,
        left: &mut usize,
    ) -> Tree {
        let Some((&first, rest)) = inputs.split_first() else { return Tree::Residual(guard, chosen.clone()) };
        if guard.is_settled() {
            return Tree::Residual(guard, Chosen::new());
        }
        let Some(input) = self.inputs.get(first) else { return Tree::Cut(whole) };
        let (sym, var, points) = (input.sym, input.var, input.points.clone());
        let depends = |guard: Guard| guard == whole || self.symbols_of(guard).contains(&sym);
        if !depends(guard.holds) && !depends(guard.may_hold) {
            return self.expand(guard, whole, rest, chosen, left);
        }
        let mut children = Vec::with_capacity(points.len());
        for (at, point) in points.into_iter().enumerate() {
            if *left == 0 || self.out_of_steps() {
                self.spent = Some(if *left == 0 { &POINTS } else { &FILLED });
                children.push(Tree::Cut(whole));
                continue;
            }
            *left -= 1;
            let exact = matches!(point, Point::Is(_));
            let filled = match point {
                Point::Is(value) => guard.filled(&mut Subst::new(self.cx, &[(sym, value)].into())),
                _ => guard,
            };
            if !exact {
                chosen.push((first, at));
            }
            children.push(self.expand(filled, whole, rest, chosen, left));
            if !exact {
                chosen.pop();
            }
        }
        Tree::At(var, children)
    }

    fn symbols_of(&self, guard: Guard) -> HashSet<SymId> {
        let mut out = HashSet::new();
        self.cx.each_symbol(&Value::Bool(guard), &mut |sym| {
            out.insert(sym);
        });
        out
    }

    pub(super) fn point(&self, sym: SymId, chosen: &[(usize, usize)]) -> Option<&Point> {
        let input = *self.by_sym.get(&sym)?;
        let point = chosen.iter().find(|(i, _)| *i == input)?.1;
        self.inputs.get(input)?.points.get(point)
    }

    /// What an atom is at points that are no exact values; `None` if they leave it open.
    pub(super) fn decide(&self, atom: SymId, chosen: &[(usize, usize)]) -> Option<bool> {
        self.decide_plain(atom, chosen).or_else(|| self.decide_sum(atom, chosen))
    }

    /// The same of a comparison of sums and differences: where they lie is enough.
    fn decide_sum(&self, atom: SymId, chosen: &[(usize, usize)]) -> Option<bool> {
        let Some(SymNode::Call(func, args)) = self.cx.node(atom) else { return None };
        let [a, b] = &*args else { return None };
        if *func != EQ && *func != LESS {
            return None;
        }
        let (a, b) = (self.range(a, chosen)?, self.range(b, chosen)?);
        let (less, more) = (a.is_below(&b), b.is_below(&a));
        match () {
            () if *func == EQ => (less || more).then_some(false),
            () if less => Some(true),
            () => (more || b.ends_where_begins(&a)).then_some(false),
        }
    }

    /// Between which numbers a number lies.
    fn range(&self, value: &Value, chosen: &[(usize, usize)]) -> Option<Range> {
        match value {
            Value::Number(n) => Some(Range::of(n, n)),
            Value::Sym(sym) => match (self.point(*sym, chosen), self.cx.node(*sym)) {
                (Some(Point::Is(Value::Number(n))), _) => Some(Range::of(n, n)),
                (Some(Point::Between { low, high, .. }), _) => {
                    Some(Range { low: low.clone(), high: high.clone(), open: true })
                }
                (None, Some(SymNode::Call(func, args))) if *func == ADD || *func == SUB => {
                    let [a, b] = &*args else { return None };
                    let (a, b) = (self.range(a, chosen)?, self.range(b, chosen)?);
                    Some(if *func == ADD { a.plus(&b) } else { a.plus(&b.negated()) })
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn decide_plain(&self, atom: SymId, chosen: &[(usize, usize)]) -> Option<bool> {
        let Some(SymNode::Call(func, args)) = self.cx.node(atom) else { return None };
        match (func, &*args) {
            // Whether it is there is a point of its own.
            (f, [Value::Sym(sym)]) if *f == REFUSED => {
                self.point(*sym, chosen).filter(|p| !matches!(p, Point::Is(_))).map(|_| false)
            }
            (f, [Value::Sym(sym), ..]) if f.excludes => match self.point(*sym, chosen) {
                None | Some(Point::Is(_)) => None,
                Some(_) => Some(false),
            },
            (f, [Value::Sym(a), Value::Sym(b)]) if *f == EQ => {
                match (self.point(*a, chosen)?, self.point(*b, chosen)?) {
                    (Point::Between { whole: a, .. }, Point::Between { whole: b, .. }) => {
                        (a != b).then_some(false)
                    }
                    _ => None,
                }
            }
            (f, [Value::Sym(sym), constant]) if *f == EQ => self.is_constant(*sym, constant, chosen),
            (f, [Value::Sym(sym)]) if *f == WHOLE => match self.point(*sym, chosen)? {
                Point::Between { whole, .. } => Some(*whole),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_constant(&self, sym: SymId, constant: &Value, chosen: &[(usize, usize)]) -> Option<bool> {
        match self.point(sym, chosen)? {
            Point::Is(_) => None,
            Point::Other => (*constant == Value::Null || self.constant_of(sym, constant)).then_some(false),
            Point::Between { low, high, .. } => match constant {
                Value::Number(n) => (!inside(n, low.as_ref(), high.as_ref())).then_some(false),
                _ => Some(false),
            },
        }
    }

    fn constant_of(&self, sym: SymId, constant: &Value) -> bool {
        self.input(sym).is_some_and(|i| i.points.iter().any(|p| matches!(p, Point::Is(v) if v == constant)))
    }
}

impl Cx {
    /// How much of an atom has to be computed again where a leaf is filled in.
    fn weight(&self, atom: SymId) -> usize {
        let mut weight = 1;
        self.each_symbol(&Value::Sym(atom), &mut |sym| {
            weight += match self.node(sym) {
                // What takes one element looks at little.
                Some(SymNode::Call(func, args)) if func.picks || func.seeks => args.len(),
                Some(SymNode::Call(_, args)) => args.iter().map(|arg| arg.size() as usize).sum(),
                Some(SymNode::Concat(pieces)) => pieces.len(),
                _ => 1,
            };
        });
        weight
    }
}

/// Numbers between two others, which are among them unless it is open.
struct Range {
    low: Option<Num>,
    high: Option<Num>,
    open: bool,
}

impl Range {
    fn of(low: &Num, high: &Num) -> Range {
        Range { low: Some(low.clone()), high: Some(high.clone()), open: false }
    }

    fn plus(&self, other: &Range) -> Range {
        let sum = |a: &Option<Num>, b: &Option<Num>| a.as_ref()?.add(b.as_ref()?);
        Range {
            low: sum(&self.low, &other.low),
            high: sum(&self.high, &other.high),
            open: self.open || other.open,
        }
    }

    fn negated(&self) -> Range {
        let neg = |n: &Option<Num>| n.as_ref().map(Num::neg);
        Range { low: neg(&self.high), high: neg(&self.low), open: self.open }
    }

    /// Whether all of them are less than all of others.
    fn is_below(&self, other: &Range) -> bool {
        match (&self.high, &other.low) {
            (Some(high), Some(low)) => high < low || high == low && (self.open || other.open),
            _ => false,
        }
    }

    /// Whether the largest of them is at most the smallest of others.
    fn ends_where_begins(&self, other: &Range) -> bool {
        matches!((&self.high, &other.low), (Some(high), Some(low)) if high <= low)
    }
}
