//! With how many elements a collection that nobody knows is filled in.
//!
//! ```hcl
//! for_each = toset(var.users)                             # a few elements show what two of them may be,
//! user     = var.users[40]                                # and 41 whether this is one of them
//! count    = length(var.users) > 8 ? length(var.users) : 0
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::limits::SIZE;
use super::symbol::{Leaf, LeafKind, SymNode};
use super::types::Ty;
use super::{Cx, SymId, Value};

/// With how many elements a collection may be filled in, up to the limit on them, and which of these elements are told
/// from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    sizes: u128,
    told: u128,
}

impl Sizes {
    /// Every number up to this one.
    pub const fn up_to(most: usize) -> Sizes {
        Sizes { sizes: (2 << most) - 1, told: (1 << most) - 1 }
    }

    /// Both.
    pub fn and(self, other: Sizes) -> Sizes {
        Sizes { sizes: self.sizes | other.sizes, told: self.told | other.told }
    }

    fn add(&mut self, size: usize) {
        self.sizes |= if size > SIZE.most { 0 } else { 1 << size };
    }

    /// The numbers, from 0 on.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..=self.most()).filter(move |n| self.sizes >> n & 1 == 1)
    }

    /// Whether the element of this index is told from others: else it only stands between those that are, and is like
    /// nothing else.
    pub fn tells(self, index: usize) -> bool {
        self.told >> index & 1 == 1
    }

    /// The largest.
    pub fn most(self) -> usize {
        (u128::BITS - 1).saturating_sub(self.sizes.leading_zeros()) as usize
    }
}

/// What a number stands beside.
enum Beside {
    /// A length: as many elements are enough, whichever they are.
    Length,
    /// A collection, or an index in it.
    Index,
}

impl Cx {
    /// How many elements unknown collections need for what something asks of them: the element of the largest index that is
    /// read, all keys that are, what a length, an index or a call of a collection stands beside. And the numbers that ask for
    /// more than may be.
    pub fn sizes_asked(&self, few: Sizes) -> (Sizes, BTreeSet<usize>) {
        let nodes = self.symbols.borrow().nodes().to_vec();
        let (mut sizes, mut large) = (few, BTreeSet::new());
        let mut keys: BTreeMap<SymId, usize> = BTreeMap::new();
        let mut largest = None;
        let mut ask = |n: usize, told: &[usize]| {
            if n + 2 > SIZE.most {
                large.insert(n);
                return;
            }
            [n, n + 1].into_iter().chain(told.last().map(|more| n + more + 1)).for_each(|n| sizes.add(n));
            told.iter().for_each(|more| sizes.told |= 1 << (n + more));
        };
        for node in &nodes {
            match node {
                SymNode::Path(base, key, _) => match key.parse::<usize>() {
                    Ok(index) => largest = largest.max(Some(index)),
                    Err(_) if matches!(self.type_of(*base), Ty::Map(_)) => {
                        *keys.entry(*base).or_default() += 1
                    }
                    Err(_) => {}
                },
                SymNode::Call(_, args) => {
                    let Some(beside) = args.iter().find_map(|arg| self.counts(arg)) else { continue };
                    let told: &[usize] = if let Beside::Index = beside { &[0, 1] } else { &[] };
                    let numbers = args.iter().filter_map(Value::as_number);
                    let numbers = numbers.filter_map(|n| usize::try_from(n.to_i64()?).ok());
                    numbers.for_each(|n| ask(n, told));
                }
                SymNode::Leaf(_) | SymNode::Concat(_) => {}
            }
        }
        keys.into_values().for_each(|n| ask(n, &[0]));
        largest.into_iter().for_each(|n| ask(n, &[0]));
        (sizes, large)
    }

    /// What of a collection a number beside this value is about, if it is.
    fn counts(&self, value: &Value) -> Option<Beside> {
        let is_collection = |sym| matches!(self.type_of(sym), Ty::List(_) | Ty::Set(_) | Ty::Map(_));
        let is_number = |sym| self.type_of(sym) == Ty::Number;
        match value {
            Value::Coll(coll) if coll.parts.iter().any(|part| !part.generators.is_empty()) => {
                Some(Beside::Index)
            }
            Value::Sym(sym) if is_number(*sym) => {
                let leaves = self.leaves(value);
                let is =
                    |of: &dyn Fn(&Leaf) -> bool| leaves.iter().any(|l| self.leaf(*l).is_some_and(|l| of(&l)));
                if is(&|leaf| leaf.is_element() && leaf.ty == Ty::Number) {
                    return Some(Beside::Index);
                }
                let counted =
                    is(&|leaf| leaf.kind == LeafKind::Length) || leaves.iter().any(|l| is_collection(*l));
                counted.then_some(Beside::Length)
            }
            Value::Sym(sym) => is_collection(*sym).then_some(Beside::Index),
            _ => None,
        }
    }
}
