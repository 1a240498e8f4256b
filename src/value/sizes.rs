//! With how many elements a collection that nobody knows is filled in.
//!
//! ```hcl
//! for_each = toset(var.users)                             # a few elements show what two of them may be,
//! user     = var.users[40]                                # and 41 whether this is one of them
//! count    = length(var.users) > 8 ? length(var.users) : 0
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::func::{Func, Gives, Written};
use super::limits::SIZE;
use super::ops::INDEX;
use super::order::has_sort_keys;
use super::symbol::{Hop, Leaf, LeafKind, Nth, Piece, SymNode};
use super::types::Ty;
use super::{CollKind, Cx, Guard, Num, Part, SymId, Value};

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
        self.sizes |= 1 << size;
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

    /// How many elements a collection is filled in with at most where it may be something else, or where more meet a limit:
    /// two of them can still be one user's.
    pub const FEWER: usize = 2;

    /// The largest up to which every number is one, and every element told from others.
    pub fn every(self) -> usize {
        (self.sizes.trailing_ones().saturating_sub(1)).min(self.told.trailing_ones()) as usize
    }

    /// The largest.
    pub fn most(self) -> usize {
        (u128::BITS - 1).saturating_sub(self.sizes.leading_zeros()) as usize
    }
}

/// Whether what a call gives has keys: an object or a map, which is not filled in.
static KEYED: Func = Func::known("(has keys)", Ty::Bool, |_, _, args| match args {
    [Value::Coll(coll)] => coll.kind.keyed().into(),
    _ => Value::FALSE,
})
.written(Written::Said("an object"));

/// Up to how many more elements than a few each is told from others.
const NEAR: usize = 2;

/// What stands between the elements of a list that is written as a text.
const LISTED: &str = ",";

/// What a number stands beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
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
        // Lists that calls give are filled in with one less.
        let calls = (0..).map(SymId).take(nodes.len()).any(|sym| self.lists(sym));
        let mut ask = |n: usize, told: &[usize]| {
            if n + 2 > SIZE.most {
                large.insert(n);
                return;
            }
            let last = (calls && n + 1 == few.most()).then_some(n + 2);
            if n < few.most() + NEAR {
                sizes = sizes.and(Sizes::up_to(n + 1));
            }
            [n, n + 1]
                .into_iter()
                .chain(last)
                .chain(told.last().map(|more| n + more + 1))
                .for_each(|n| sizes.add(n));
            told.iter().for_each(|more| sizes.told |= 1 << (n + more));
        };
        for node in &nodes {
            match node {
                SymNode::Path(base, ..) if matches!(self.type_of(*base), Ty::Map(_)) => {
                    *keys.entry(*base).or_default() += 1;
                }
                SymNode::Path(_, key, _) => largest = largest.max(key.parse::<usize>().ok()),
                SymNode::Call(func, args) => {
                    let Some(beside) = self.beside(func, args) else { continue };
                    let told: &[usize] = if let Beside::Index = beside { &[0, 1] } else { &[] };
                    let numbers = args.iter().filter_map(Value::as_number);
                    let numbers = numbers.filter_map(Num::to_usize);
                    numbers.for_each(|n| ask(n, told));
                }
                SymNode::Leaf(_) | SymNode::Concat(_) => {}
            }
        }
        keys.into_values().for_each(|n| ask(n, &[0]));
        largest.into_iter().for_each(|n| ask(n, &[0]));
        (sizes, large)
    }

    /// What of a collection the numbers in a call are about, if they are.
    pub fn stands_beside(&self, call: SymId) -> Option<Beside> {
        let Some(SymNode::Call(func, args)) = self.node(call) else { return None };
        self.beside(func, &args)
    }

    fn beside(&self, func: &Func, args: &[Value]) -> Option<Beside> {
        if func.finds || func.all_of { None } else { args.iter().find_map(|arg| self.counts(arg)) }
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
                let mut leaves = Vec::new();
                self.each_symbol(value, &mut |sym| leaves.push(sym));
                let is =
                    |of: &dyn Fn(&Leaf) -> bool| leaves.iter().any(|l| self.leaf(*l).is_some_and(|l| of(&l)));
                if is(&|leaf| leaf.is_element() && leaf.ty == Ty::Number) {
                    return Some(Beside::Index);
                }
                let counted =
                    is(&|leaf| leaf.kind == LeafKind::Length) || leaves.iter().any(|l| is_collection(*l));
                counted.then_some(Beside::Length)
            }
            Value::Sym(sym) => (is_collection(*sym) || self.lists(*sym)).then_some(Beside::Index),
            _ => None,
        }
    }

    /// What a call gives as a list, with so many elements, each read of the call by `element`, and when it gives another one.
    pub fn filled_call(&self, call: SymId, sizes: Sizes, element: &dyn Fn(usize) -> Value) -> (Value, Guard) {
        // What is calculated takes longer to ask about than what is free: where nothing asks for more, one less, and never
        // more where elements may be of any type.
        let every = sizes == Sizes::up_to(sizes.most());
        let one_less = sizes.most().saturating_sub(usize::from(every));
        let gives = self.func_of(call).and_then(|func| func.gives);
        let (most, keyed) = match gives {
            Some(_) => (one_less, Guard::FALSE),
            None => (one_less.min(Sizes::FEWER), self.predicate(&KEYED, &[Value::Sym(call)])),
        };
        let list = |parts| match gives {
            // What it is converted for are texts, most of the time.
            Some(Gives::Texts) | None => Value::typed(CollKind::List, Ty::String, parts),
            Some(_) => Value::coll(CollKind::Tuple, parts),
        };
        let length = Value::Sym(self.length_of(call));
        let more_than = |n: usize| self.truth(&self.less(&Num::from_usize(n).into(), &length));
        let part = |n: usize| Part { guard: more_than(n), ..Part::item(element(n)) };
        let is = sizes.iter().filter(|n| *n <= most).map(|n| self.equal(&length, &Num::from_usize(n).into()));
        let other = self.not(self.any(is));
        let filled = list((0..most).map(part).collect());
        let read = (0..most).map(element).chain([length.clone()]).filter_map(|v| match v {
            Value::Sym(sym) => Some((sym, v)),
            _ => None,
        });
        self.opened.borrow_mut().extend(read.chain([(call, filled.clone())]));
        self.opened
            .borrow_mut()
            .extend(self.atoms(&[keyed]).into_iter().map(|sym| (sym, Value::Bool(keyed))));
        (filled, self.or(other, keyed))
    }

    /// Whether it depends on whether something is a list.
    pub fn may_have_keys(&self, guard: Guard) -> bool {
        self.atoms(&[guard]).into_iter().any(|atom| self.func_of(atom) == Some(&KEYED))
    }

    /// A value with the lists filled in that calls give, wherever it reads them, and with the elements that it reads of sets and
    /// maps which are filled in.
    pub fn fill_opened(&self, value: &Value) -> Value {
        let mut opened = self.opened.borrow().clone();
        self.each_symbol(value, &mut |sym| opened.extend(self.as_made(sym).map(|element| (sym, element))));
        if opened.is_empty() { value.clone() } else { self.fill(value, &opened) }
    }

    /// The element that is read of what is filled in, where nothing tells the order of that: as it was made, which is assumed.
    fn as_made(&self, element: SymId) -> Option<Value> {
        let args = self.args_of(element, &INDEX)?;
        let [Value::Coll(coll), at @ Value::Number(_)] = &*args else { return None };
        let filled = |part: &Part| {
            let leaves = self.leaves(&part.sort_key);
            part.generators.is_empty() && leaves.into_iter().all(|leaf| self.nth(leaf).is_some())
        };
        if !has_sort_keys(&coll.parts) || !coll.parts.iter().all(filled) {
            return None;
        }
        self.order_assumed.set(true);
        let parts = coll.parts.iter().map(|part| Part { sort_key: Value::Null, ..part.clone() }).collect();
        Some(self.index(&self.container(coll.kind, coll.elem.clone(), parts), at))
    }

    /// The list that is filled in whose elements a text has with nothing but this between them: none of them is taken to hold
    /// that.
    pub fn joined_elements(&self, by: &str, text: SymId) -> Option<Value> {
        let pieces = match self.node(text) {
            Some(SymNode::Concat(pieces)) => pieces,
            // The only one.
            _ if let Some(nth) = self.nth(text).filter(|nth| !nth.sorted) => {
                if by != LISTED && !self.is_of_call(&nth) {
                    self.cut_alone.set(true);
                }
                [Piece::Sym(text)].into()
            }
            _ => return None,
        };
        let (mut parts, mut first): (Vec<Part>, Option<Nth>) = (Vec::new(), None);
        for (i, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Sym(element) if i % 2 == 0 => {
                    let nth = self.nth(*element)?;
                    let of = first.get_or_insert_with(|| nth.clone());
                    if nth.role != of.role || nth.at.last() != Some(&parts.len()) || nth.sorted {
                        return None;
                    }
                    parts.push(Part::item(Value::Sym(*element)));
                }
                Piece::Text(between) if i % 2 == 1 && **between == *by => {}
                _ => return None,
            }
        }
        Some(Value::typed(CollKind::List, Ty::String, parts))
    }

    /// Whether an element is one of a list that a call gives.
    fn is_of_call(&self, nth: &Nth) -> bool {
        matches!(nth.role.first(), Some(Hop::In(list)) if self.func_of(*list).is_some())
    }

    /// Whether a symbol is a call that gives a list, and rearranges none.
    fn lists(&self, sym: SymId) -> bool {
        self.func_of(sym).is_some_and(|func| func.elements.is_none() && func.gives_a_row())
    }

    /// The lists in a value that calls give, but for those that rearrange another one: a call that gives lists, and what is
    /// taken of any other where it is converted to one (`toset(jsondecode(var.s).users)`), or where it is looped over as one.
    pub fn calls_that_list(&self, value: &Value, as_one: bool) -> Vec<SymId> {
        let mut calls = Vec::new();
        self.each_symbol(value, &mut |sym| {
            let converted = match self.node(sym) {
                _ if as_one && *value == Value::Sym(sym) => Some(sym),
                Some(SymNode::Call(func, args)) if func.elements.is_some() => match args.first() {
                    Some(Value::Sym(of)) => Some(*of),
                    _ => None,
                },
                _ => None,
            };
            let of_call = |of: &SymId| match self.func_of(*of) {
                Some(func) => func.elements.is_none(),
                None => self.taken_of(*of).is_some(),
            };
            let converted = converted.filter(|of| self.type_of(*of) == Ty::Dynamic && of_call(of));
            for list in converted.into_iter().chain(self.lists(sym).then_some(sym)) {
                if !calls.contains(&list) {
                    calls.push(list);
                }
            }
        });
        calls
    }
}
