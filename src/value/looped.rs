//! Collections of which not even the type is known, and what they are filled in with.
//!
//! ```hcl
//! variable "users" { type = any }
//! for_each = toset(var.users)                                  # it is a list here
//! for_each = merge(var.users, local.more)                      # an object here
//! for_each = { for name, user in var.users : name => user }    # either here
//! ```
//!
//! What loops run over is read off the symbols of a unit that is not filled in; where it is filled in, each of these
//! symbols stands for up to two elements of its own, as those of a known type do, wherever it is read.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::func::Over;
use super::sizes::Sizes;
use super::symbol::{Leaf, LeafKind, SymId, SymNode};
use super::types::Ty;
use super::{CollKind, Cx, Guard, Num, Part, Value};

/// Which kinds of collection something may be, by what is made of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    row: bool,
    keyed: bool,
}

/// The collections of no known type that are looped over, by name, with `[*]` for each index.
pub type Looped = BTreeMap<Arc<str>, Kinds>;

impl Cx {
    /// The collections of no known type that something loops over, or over what functions make of them.
    pub fn looped(&self) -> Looped {
        let count = self.symbols.borrow().nodes().len();
        let over = |sym: SymId| match self.node(sym) {
            Some(SymNode::Leaf(_)) => self.leaf(sym).filter(|l| l.is_element() && l.nth.is_none())?.of,
            _ => None,
        };
        let (mut met, mut looped) = (HashSet::new(), self.listed.borrow().clone());
        for of in (0..count).filter_map(|n| over(SymId(u32::try_from(n).ok()?))) {
            if let Some(name) = self.of_no_known_type(&Value::Sym(of)) {
                looped.entry(name).or_default();
            }
            self.each_symbol(&Value::Sym(of), &mut |sym| {
                if met.insert(sym)
                    && let Some(SymNode::Call(func, args)) = self.node(sym)
                    && let Some(over) = func.over
                {
                    self.taken_for(over, &args, &mut looped);
                }
            });
        }
        looped
    }

    /// Takes a collection of no known type for a list.
    pub fn is_taken_for_a_list(&self, sym: SymId) {
        if let Some(name) = self.of_no_known_type(&Value::Sym(sym)) {
            self.listed.borrow_mut().entry(name).or_default().row = true;
        }
    }

    /// Notes which arguments of a call are collections, and of which kind.
    fn taken_for(&self, over: Over, args: &[Value], looped: &mut Looped) {
        let (all, keyed, within) = match over {
            Over::Row => (false, false, false),
            Over::Rows => (true, false, false),
            Over::Nested => (false, false, true),
            Over::Map => (false, true, false),
            Over::Maps => (true, true, false),
            Over::MapOfRows => (false, true, true),
        };
        let mut note = |name: Arc<str>, keyed: bool| {
            let kinds = looped.entry(name).or_default();
            if keyed { kinds.keyed = true } else { kinds.row = true }
        };
        for arg in args.iter().take(if all { args.len() } else { 1 }) {
            if let Some(name) = self.of_no_known_type(arg) {
                if within {
                    note(format!("{name}[*]").into(), false);
                }
                note(name, keyed);
            }
            if let (Value::Coll(coll), true) = (arg, within) {
                coll.parts
                    .iter()
                    .filter_map(|p| self.of_no_known_type(&p.value))
                    .for_each(|n| note(n, false));
            }
        }
    }

    /// The name of an input, or of what the deployment gives, of no known type.
    fn of_no_known_type(&self, value: &Value) -> Option<Arc<str>> {
        let Value::Sym(sym) = value else { return None };
        let leaf = self.leaf(*sym).filter(|leaf| leaf.ty == Ty::Dynamic && !leaf.whole)?;
        Some(any_index(&leaf.name))
    }

    /// Fills these collections in from here on.
    pub fn fill_looped(&self, looped: Looped) {
        *self.looped.borrow_mut() = looped;
    }

    /// A symbol that is filled in: up to two elements of each kind of collection that it is taken for.
    pub(super) fn looped_over(&self, sym: SymId) -> Option<Value> {
        if self.looped.borrow().is_empty() || self.type_of(sym) != Ty::Dynamic {
            return None;
        }
        if let Some((_, known)) = self.filled.borrow().get(&sym) {
            return Some(known.clone());
        }
        let leaf = self.leaf(sym).filter(|leaf| !leaf.whole)?;
        let kinds = *self.looped.borrow().get(&any_index(&leaf.name))?;
        let sizes = Sizes::up_to(Sizes::FEWER);
        let (length, parts) = self.filled_in(sym, sizes, |n| {
            let (key, value) = self.element(sym, n, sizes, Ty::Dynamic);
            Part { key, ..Part::item(value) }
        });
        let mut each = Vec::new();
        for (when, kind) in self.kinds(&leaf, kinds) {
            for n in sizes.iter() {
                let entry =
                    |part: &Part| if kind.keyed() { part.clone() } else { Part::item(part.value.clone()) };
                // What it is converted for are texts, most of the time.
                let value = self.container(kind, Ty::String, parts.iter().take(n).map(entry).collect());
                each.push((self.and(when, self.equal(&length, &Num::from_usize(n).into())), value));
            }
        }
        let filled = self.choice(each);
        let other = self.is_said(&leaf, "of another kind");
        self.filled.borrow_mut().insert(sym, (other, filled.clone()));
        Some(filled)
    }

    /// When a collection of no known type that was filled in is something else than it is filled in with.
    pub fn filled_with_others(&self) -> Vec<Guard> {
        let mut others: Vec<_> =
            self.filled.borrow().iter().map(|(sym, (other, _))| (*sym, *other)).collect();
        others.sort_by_key(|(sym, _)| *sym);
        others.into_iter().map(|(_, other)| other).collect()
    }

    /// The kinds of collection that something may be, each with when it is that. What a provider gives may be a set.
    fn kinds(&self, leaf: &Leaf, kinds: Kinds) -> Vec<(Guard, CollKind)> {
        let (row, keyed) = if kinds == Kinds::default() { (true, true) } else { (kinds.row, kinds.keyed) };
        let set = row && keyed && leaf.kind == LeafKind::Deployment;
        let is_keyed = if row { self.is_said(leaf, "an object") } else { Guard::TRUE };
        let is_set = if set { self.is_said(leaf, "a set") } else { Guard::FALSE };
        let (is_keyed, other) =
            if keyed { (is_keyed, self.not(is_keyed)) } else { (Guard::FALSE, Guard::TRUE) };
        let in_a_row = self.and(other, self.not(is_set));
        let of_each =
            [(is_keyed, CollKind::Map), (self.and(other, is_set), CollKind::Set), (in_a_row, CollKind::List)];
        of_each.into_iter().filter(|(when, _)| !when.is_false()).collect()
    }

    /// What is not known of a leaf: whether it is that.
    fn is_said(&self, leaf: &Leaf, that: &str) -> Guard {
        let sym = self.declare(Leaf::new(format!("{} is {that}", leaf.name), Ty::Bool, LeafKind::Deployment));
        self.atom(sym)
    }
}

/// A name with `[*]` in the place of each index.
fn any_index(name: &str) -> Arc<str> {
    let mut parts = name.split('[');
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        out.push('[');
        match part.split_once(']') {
            Some((index, rest)) if !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()) => {
                out.push_str("*]");
                out.push_str(rest);
            }
            _ => out.push_str(part),
        }
    }
    out.into()
}
