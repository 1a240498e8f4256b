//! Formulas over atoms: `and`, `or`, `not`, hash-consed.
//!
//! An atom is a number whose meaning the maker knows. Formulas that are written alike are one id; whether two
//! different ids mean the same is a query (see [`super::diagram`]). Simplification is local and cheap: constants,
//! repeated operands, an operand beside its own negation, two values of one thing.

use rustc_hash::FxHashMap;

/// A formula, by its number in a [`Formulas`]. Copy it freely; it means nothing without its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guard(u32);

impl Guard {
    /// Never.
    pub const FALSE: Guard = Guard(0);
    /// Always.
    pub const TRUE: Guard = Guard(1);

    /// `TRUE` or `FALSE`.
    pub fn constant(value: bool) -> Guard {
        if value { Guard::TRUE } else { Guard::FALSE }
    }

    /// Whether this is the constant `TRUE`. A formula that merely always holds is not; that is a query.
    pub fn is_true(self) -> bool {
        self == Guard::TRUE
    }

    /// Whether this is the constant `FALSE`.
    pub fn is_false(self) -> bool {
        self == Guard::FALSE
    }
}

/// What a formula is made of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FormulaNode {
    /// A constant.
    Constant(bool),
    /// Something that holds or does not.
    Atom(u32),
    /// Negation; never of a constant or of another negation.
    Not(Guard),
    /// All of them; two or more, sorted, distinct.
    And(Box<[Guard]>),
    /// Any of them; two or more, sorted, distinct.
    Or(Box<[Guard]>),
}

/// The table of formulas.
#[derive(Debug)]
pub struct Formulas {
    nodes: Vec<FormulaNode>,
    ids: FxHashMap<FormulaNode, Guard>,
    /// The group of atoms that exclude each other.
    groups: FxHashMap<u32, u32>,
}

impl Default for Formulas {
    fn default() -> Self {
        let mut table =
            Formulas { nodes: Vec::new(), ids: FxHashMap::default(), groups: FxHashMap::default() };
        table.intern(FormulaNode::Constant(false));
        table.intern(FormulaNode::Constant(true));
        table
    }
}

/// How many operands a running count goes through one by one.
const COUNTED_ONE_BY_ONE: usize = 32;

impl Formulas {
    /// What a formula is made of. A number from another table reads as `FALSE`.
    pub fn node(&self, guard: Guard) -> &FormulaNode {
        self.nodes.get(guard.0 as usize).unwrap_or(&FormulaNode::Constant(false))
    }

    fn intern(&mut self, node: FormulaNode) -> Guard {
        if let Some(&known) = self.ids.get(&node) {
            return known;
        }
        let id = Guard(u32::try_from(self.nodes.len()).unwrap_or(0));
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }

    /// The atom of that number.
    pub fn atom(&mut self, atom: u32) -> Guard {
        self.intern(FormulaNode::Atom(atom))
    }

    /// Not `g`.
    pub fn not(&mut self, g: Guard) -> Guard {
        match self.node(g) {
            FormulaNode::Constant(value) => Guard::constant(!value),
            FormulaNode::Not(inner) => *inner,
            _ => self.intern(FormulaNode::Not(g)),
        }
    }

    /// All of `operands`; `TRUE` for none.
    pub fn all(&mut self, operands: impl IntoIterator<Item = Guard>) -> Guard {
        self.join(operands, true)
    }

    /// Any of `operands`; `FALSE` for none.
    pub fn any(&mut self, operands: impl IntoIterator<Item = Guard>) -> Guard {
        self.join(operands, false)
    }

    /// Both.
    pub fn and(&mut self, a: Guard, b: Guard) -> Guard {
        self.all([a, b])
    }

    /// Either.
    pub fn or(&mut self, a: Guard, b: Guard) -> Guard {
        self.any([a, b])
    }

    /// `and` joins with neutral element `TRUE`, otherwise `or` with `FALSE`.
    fn join(&mut self, operands: impl IntoIterator<Item = Guard>, and: bool) -> Guard {
        let neutral = Guard::constant(and);
        let absorbing = Guard::constant(!and);
        let mut flat = Vec::new();
        for g in operands {
            match (self.node(g), and) {
                _ if g == neutral => {}
                _ if g == absorbing => return absorbing,
                (FormulaNode::And(inner), true) | (FormulaNode::Or(inner), false) => {
                    flat.extend(inner.iter().copied())
                }
                _ => flat.push(g),
            }
        }
        flat.sort_unstable();
        flat.dedup();
        for &g in &flat {
            if let FormulaNode::Not(inner) = self.node(g)
                && flat.binary_search(inner).is_ok()
            {
                return absorbing;
            }
        }
        if self.exclude(&mut flat, and) {
            return absorbing;
        }
        match flat.as_slice() {
            [] => neutral,
            [one] => *one,
            _ => {
                let operands = flat.into_boxed_slice();
                self.intern(if and { FormulaNode::And(operands) } else { FormulaNode::Or(operands) })
            }
        }
    }

    /// Says that an atom excludes the others of its group: that one thing is this value, or that one.
    pub fn exclusive(&mut self, atom: u32, group: u32) {
        self.groups.insert(atom, group);
    }

    /// Drops what follows from an operand of the same group. Whether two of one group decide the whole: one thing is no
    /// two values at once, and always not the one or not the other.
    fn exclude(&self, operands: &mut Vec<Guard>, and: bool) -> bool {
        let group = |g: &Guard, positive: bool| match (self.node(*g), positive) {
            (FormulaNode::Atom(atom), true) => self.groups.get(atom),
            (FormulaNode::Not(inner), false) => match self.node(*inner) {
                FormulaNode::Atom(atom) => self.groups.get(atom),
                _ => None,
            },
            _ => None,
        };
        let mut met: Vec<u32> = operands.iter().filter_map(|g| group(g, and).copied()).collect();
        let all = met.len();
        met.sort_unstable();
        met.dedup();
        if !met.is_empty() {
            operands.retain(|g| group(g, !and).is_none_or(|of| met.binary_search(of).is_err()));
        }
        met.len() < all
    }

    /// What a formula says of single atoms: each that it needs to hold, or not to hold.
    pub fn literals(&self, of: Guard) -> Vec<(u32, bool)> {
        let (mut out, mut stack) = (Vec::new(), vec![(of, true)]);
        while let Some((g, holds)) = stack.pop() {
            match (self.node(g), holds) {
                (FormulaNode::Atom(atom), _) => out.push((*atom, holds)),
                (FormulaNode::Not(inner), _) => stack.push((*inner, !holds)),
                (FormulaNode::And(inner), true) | (FormulaNode::Or(inner), false) => {
                    stack.extend(inner.iter().map(|&g| (g, holds)));
                }
                _ => {}
            }
        }
        out
    }

    /// At least two of `operands`: a running count over a few, of many by halves, so that all pairs are never written out.
    pub fn at_least_two(&mut self, operands: Vec<Guard>) -> Guard {
        self.one_and_two(&operands).1
    }

    /// When one of `operands` holds at least, and when two.
    fn one_and_two(&mut self, operands: &[Guard]) -> (Guard, Guard) {
        if operands.len() > COUNTED_ONE_BY_ONE {
            let (left, right) = operands.split_at(operands.len() / 2);
            // From the last, as diagrams are made.
            let ((one, two), (other, others)) = (self.one_and_two(right), self.one_and_two(left));
            let both = self.and(one, other);
            return (self.or(one, other), self.any([two, others, both]));
        }
        let (mut one, mut two) = (Guard::FALSE, Guard::FALSE);
        for &g in operands.iter().rev() {
            let second = self.and(one, g);
            two = self.or(two, second);
            one = self.or(one, g);
        }
        (one, two)
    }

    /// Every atom that occurs in `roots`, in the order of first occurrence (depth first, left to right).
    pub fn atoms(&self, roots: &[Guard]) -> Vec<u32> {
        let (mut seen, mut out, mut stack) = (std::collections::HashSet::new(), Vec::new(), Vec::new());
        stack.extend(roots.iter().rev().copied());
        while let Some(g) = stack.pop() {
            if !seen.insert(g) {
                continue;
            }
            match self.node(g) {
                FormulaNode::Constant(_) => {}
                FormulaNode::Atom(atom) => out.push(*atom),
                FormulaNode::Not(inner) => stack.push(*inner),
                FormulaNode::And(inner) | FormulaNode::Or(inner) => stack.extend(inner.iter().rev().copied()),
            }
        }
        out
    }
}
