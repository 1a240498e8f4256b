//! What a value is made of: its leaves, and the constants that stand in it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexSet;

use super::compare::EQ;
use super::func::{Form, Letter};
use super::limits::ALTERNATIVES;
use super::ops::INDEX;
use super::subst::REFUSED;
use super::symbol::{Leaf, LeafKind, Piece, Role, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Value};

/// The samples of a function that cuts its second argument at its first: texts of several parts, two, as many as some
/// number says, and those of which one is a constant.
pub fn parted(args: &[Value], constants: &[Value]) -> Vec<Value> {
    let Some(by) = args.first().and_then(Value::as_str) else { return Vec::new() };
    let row = |n: usize| ('a'..='z').take(n).map(String::from).collect::<Vec<_>>().join(by);
    let mut out = vec![row(1), row(2)];
    // Only an empty text has no letter.
    out.extend(by.is_empty().then(String::new));
    for constant in constants {
        match constant {
            Value::Number(n) => {
                let n = n.to_usize().filter(|n| (2..PARTED).contains(n));
                out.extend(n.into_iter().flat_map(|n| [row(n), row(n + 1)]));
            }
            Value::String(text) if &**text != by => {
                out.extend([format!("a{by}{text}"), format!("{text}{by}a")]);
            }
            _ => {}
        }
    }
    out.into_iter().map(Value::from).collect()
}

/// Up to how many parts a sample has.
const PARTED: usize = 16;

/// What each symbol among pieces is, in one of the ways in which they make a text.
type Way<'t> = Vec<(SymId, &'t str)>;

/// Every way in which pieces make a text; `None` where there are more than so many, or finding them takes too long.
pub(super) fn ways<'t>(pieces: &[Piece], text: &'t str, most: usize) -> Option<Vec<Way<'t>>> {
    let cut = Cut::of(pieces, text, most);
    (cut.ways.len() <= most && cut.left > 0).then_some(cut.ways)
}

/// A search for the ways to cut a text.
struct Cut<'t> {
    most: usize,
    /// How many ends of pieces may still be tried.
    left: usize,
    /// One more than the most where there are more.
    ways: Vec<Way<'t>>,
}

impl<'t> Cut<'t> {
    fn of(pieces: &[Piece], text: &'t str, most: usize) -> Cut<'t> {
        let mut cut = Cut { most, left: TRIED, ways: Vec::new() };
        cut.add(pieces, text, &mut Vec::new());
        cut
    }

    fn add(&mut self, pieces: &[Piece], text: &'t str, found: &mut Way<'t>) {
        match pieces {
            [] if text.is_empty() => self.ways.push(found.clone()),
            [Piece::Text(part), rest @ ..] => {
                if let Some(text) = text.strip_prefix(&**part) {
                    self.add(rest, text, found);
                }
            }
            [Piece::Sym(sym), rest @ ..] => {
                let next = match rest.first() {
                    Some(Piece::Text(part)) => part,
                    _ => "",
                };
                let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
                let fits = |end: &usize| match rest {
                    [] => *end == text.len(),
                    _ => text.get(*end..).is_some_and(|left| left.starts_with(next)),
                };
                for end in ends.filter(fits) {
                    if self.left == 0 || self.ways.len() > self.most {
                        return;
                    }
                    self.left -= 1;
                    let (part, rest_of_text) = text.split_at(end);
                    found.push((*sym, part));
                    self.add(rest, rest_of_text, found);
                    found.pop();
                }
            }
            [] => {}
        }
    }
}

/// How many ends of pieces are tried.
const TRIED: usize = 4_000;

/// In how many ways a text is cut for values that are tried.
const CUT: usize = 32;

/// Up to so many leaves of a symbol are always kept in mind.
const FEW_LEAVES: usize = 16;
/// Up to so many symbols are kept in mind with all of their leaves.
const MANY_LISTS: usize = 4_000;

/// Which symbols were visited, and inside of which "each element" that was.
#[derive(Default)]
struct Bound {
    met: HashSet<(SymId, Vec<SymId>)>,
    over: Vec<SymId>,
}

impl Cx {
    /// The leaves of a value, in order of first occurrence: leaves and paths, whose owners are not leaves here.
    pub fn leaves(&self, value: &Value) -> Vec<SymId> {
        let sym = match value {
            Value::Sym(sym) => sym,
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => return Vec::new(),
            Value::Bool(Guard::TRUE | Guard::FALSE) => return Vec::new(),
            Value::Bool(_) | Value::Choice(_) | Value::Coll(_) => return self.visited_leaves(value),
        };
        if let Some(known) = self.leaf_lists.borrow().get(sym) {
            return known.clone();
        }
        let leaves = self.visited_leaves(value);
        // Most are asked for again and again; all of them together could be all pairs.
        let mut lists = self.leaf_lists.borrow_mut();
        if leaves.len() <= FEW_LEAVES || lists.len() < MANY_LISTS {
            lists.insert(*sym, leaves.clone());
        }
        leaves
    }

    fn visited_leaves(&self, value: &Value) -> Vec<SymId> {
        let mut out = IndexSet::new();
        self.visit(value, &mut Bound::default(), &mut |sym, leaf| {
            if leaf {
                out.insert(sym);
            }
        });
        out.into_iter().collect()
    }

    /// Every symbol in a value's expression, leaves and calls.
    pub fn each_symbol(&self, value: &Value, f: &mut dyn FnMut(SymId)) {
        self.visit(value, &mut Bound::default(), &mut |sym, _| f(sym));
    }

    /// Every known scalar in a value's expression.
    pub fn constants_of(&self, value: &Value) -> Vec<Value> {
        let mut out = Vec::new();
        self.constants(value, &mut HashSet::new(), &mut out);
        out
    }

    /// Adds every known scalar in a value's expression, but for symbols that were seen.
    pub(super) fn constants(&self, value: &Value, seen: &mut HashSet<SymId>, out: &mut Vec<Value>) {
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
                if coll.kind.is_open() {
                    self.constants(&Value::Bool(coll.kind.typed()), seen, out);
                }
                for part in &coll.parts {
                    self.constants(&part.key, seen, out);
                    self.constants(&part.sort_key, seen, out);
                    self.constants(&part.value, seen, out);
                }
            }
            Value::Sym(sym) => {
                // Once for each symbol: one that doubles itself is small, and endless to walk.
                if seen.insert(*sym)
                    && let Some(SymNode::Call(func, args)) = self.node(*sym)
                {
                    let met = if func.excludes { 1 } else { args.len() };
                    for arg in args.iter().take(met) {
                        // Where a function has samples, its own arguments are no values that an input meets.
                        if func.samples.is_none() || !arg.is_known() {
                            self.constants(arg, seen, out);
                        }
                    }
                } else if let Some(call) = self.taken_of(*sym) {
                    self.constants(&Value::Sym(call), seen, out);
                }
            }
            Value::Null | Value::Refused(_) => {}
        }
    }

    /// The elements of an unknown collection that something reads by their index or key.
    pub fn elements_read(&self, of: SymId) -> Vec<(Arc<str>, Value)> {
        let elements = self.symbols.borrow().paths_from(of);
        elements.into_iter().map(|(key, sym)| (key, self.symbol_value(sym))).collect()
    }

    /// The collection of which a leaf is an arbitrary element, its key, or part of it.
    pub fn element_owner(&self, leaf: SymId) -> Option<SymId> {
        let mut at = leaf;
        while let Some(SymNode::Path(base, ..)) = self.node(at) {
            at = base;
        }
        self.leaf(at).filter(Leaf::is_element)?.of
    }

    /// The text that a function makes a symbol of, and when it leaves it as it is, which is of such letters if a user's name is
    /// made of it; the first piece of one that is cut, too.
    pub fn kept(&self, sym: SymId, letter: Letter) -> Option<(Value, Guard)> {
        let first = match self.node(sym)? {
            SymNode::Path(of, at, _) if &*at == "0" => Some(of),
            SymNode::Call(func, args) if *func == INDEX => match &*args {
                [Value::Sym(of), Value::Number(at)] if at.signum() == 0 => Some(*of),
                _ => return None,
            },
            _ => None,
        };
        let (SymNode::Call(func, args), piece) = (self.node(first.unwrap_or(sym))?, first.is_some()) else {
            return None;
        };
        let text = if piece { args.last() } else { args.first() };
        if piece != (func.undoes == Some(Form::Joined)) {
            return None;
        }
        let always = Guard::constant((func.keeps_of)(&args, letter));
        Some((text?.clone(), func.keeps.map_or(always, |keeps| self.or(always, keeps(self, &args)))))
    }

    /// The call whose element, attribute or length a symbol is: it is calculated of what the call is made of, and is no
    /// leaf itself.
    pub fn taken_of(&self, sym: SymId) -> Option<SymId> {
        let mut at = sym;
        loop {
            at = match self.node(at)? {
                SymNode::Path(base, _, _) => base,
                SymNode::Leaf(_) => {
                    let symbols = self.symbols.borrow();
                    symbols.leaf(at).filter(|l| l.kind == LeafKind::Length)?.of?
                }
                SymNode::Call(..) => return (at != sym).then_some(at),
                SymNode::Concat(_) => return None,
            }
        }
    }

    /// The values of text leaves, beside the constants of a value, at which the calls in it tell something of themselves:
    /// a text that has two parts, one that a pattern matches.
    pub fn samples(&self, value: &Value, constants: &[Value]) -> Vec<Value> {
        let mut out = Vec::new();
        self.visit(value, &mut Bound::default(), &mut |sym, _| {
            let Some(SymNode::Call(func, args)) = self.node(sym) else { return };
            if let Some(samples) = func.samples {
                // What is made of a secret tells it.
                out.extend(
                    samples(&args, constants).into_iter().map(|s| self.marked_from(&Value::Sym(sym), s)),
                );
            }
            // Of a text that is put together, what each piece must be to make the other.
            if let (true, [Value::Sym(text), Value::String(whole)]) = (*func == EQ, &*args)
                && let Some(SymNode::Concat(pieces)) = self.node(*text)
            {
                let cut = Cut::of(&pieces, whole, CUT);
                out.extend(cut.ways.iter().flatten().map(|(_, part)| Value::from(*part)));
            }
        });
        out
    }

    /// The leaves of which a predicate asks whether they are there.
    pub(super) fn asked_if_there(&self, atom: SymId) -> Vec<SymId> {
        let mut out = Vec::new();
        self.visit(&Value::Sym(atom), &mut Bound::default(), &mut |sym, _| {
            if let Some([Value::Sym(of)]) = self.args_of(sym, &REFUSED).as_deref()
                && self.leaf(*of).is_some()
            {
                out.push(*of);
            }
        });
        out
    }

    /// A value of inputs all of whose values are listed, as choices among what it is at each of them; `None` where there
    /// are too many, and where an input is open.
    pub fn tabulated(&self, sym: SymId) -> Option<Value> {
        self.tabulated_over(sym, self.leaves(&Value::Sym(sym)))
    }

    /// A value with each call in it whose inputs are all listed as what it is at each of their values; as it is where there
    /// are too many.
    pub fn listed(&self, value: &Value) -> Value {
        let is_listed = |leaf: &SymId| {
            self.leaf(*leaf)
                .is_some_and(|l| l.kind == LeafKind::Input && (l.closed.is_some() || l.ty == Ty::Bool))
        };
        self.map(value, |value| {
            let Value::Sym(sym) = value else { return value.clone() };
            let mut over: Vec<SymId> = Vec::new();
            self.each_symbol(value, &mut |part| {
                let called = self.func_of(part).is_some() || self.taken_of(part).is_some();
                let leaves = if called { self.leaves(&Value::Sym(part)) } else { Vec::new() };
                if leaves.iter().all(is_listed) {
                    over.extend(leaves.into_iter().filter(|leaf| !over.contains(leaf)).collect::<Vec<_>>());
                }
            });
            if over.is_empty() {
                return value.clone();
            }
            self.tabulated_over(*sym, over).unwrap_or_else(|| value.clone())
        })
    }

    fn tabulated_over(&self, sym: SymId, over: Vec<SymId>) -> Option<Value> {
        let mut rows: Vec<(Guard, HashMap<SymId, Value>)> = vec![(Guard::TRUE, HashMap::new())];
        for leaf in over {
            let known = self.leaf(leaf).filter(|l| l.kind == LeafKind::Input)?;
            let mut values = match known.closed {
                Some(values) => values,
                None if known.ty == Ty::Bool => vec![Value::TRUE, Value::FALSE],
                None => return None,
            };
            values.extend((known.nullable && known.if_null.is_none()).then_some(Value::Null));
            if rows.len().saturating_mul(values.len()) > ALTERNATIVES.most {
                return None;
            }
            let input = self.symbol_value(leaf);
            rows = rows
                .iter()
                .flat_map(|(guard, env)| values.iter().map(move |value| (guard, env, value)))
                .map(|(guard, env, value)| {
                    let mut env = env.clone();
                    env.insert(leaf, value.clone());
                    (self.and(*guard, self.equal(&input, value)), env)
                })
                .collect();
        }
        let filled = rows.into_iter().map(|(guard, env)| (guard, self.fill(&Value::Sym(sym), &env)));
        Some(self.choice(filled.collect()))
    }

    /// Whether a leaf is, or is part of, an arbitrary element of one of these collections.
    pub(super) fn is_bound(&self, sym: SymId, over: &[SymId]) -> bool {
        if over.is_empty() {
            return false;
        }
        self.element_owner(sym).is_some_and(|of| over.contains(&of))
    }

    /// The leaves of an arbitrary element of a collection that a part stands for, each with what of the element it is.
    pub(super) fn elements_in(&self, part: &super::Part, of: SymId) -> Vec<(SymId, Role)> {
        let mut out = Vec::new();
        let mut seen = Bound { over: part.generators.clone(), ..Bound::default() };
        let guard = Value::Bool(part.guard);
        let sources = part.generators.iter().map(|&sym| Value::Sym(sym));
        let values = [guard, part.key.clone(), part.sort_key.clone(), part.value.clone()];
        for value in values.into_iter().chain(sources) {
            self.visit(&value, &mut seen, &mut |sym, _| {
                let mut at = sym;
                while let Some(SymNode::Path(base, _, _)) = self.node(at) {
                    at = base;
                }
                if let Some(Leaf { kind: LeafKind::Element(role), of: Some(own), nth: None, .. }) =
                    self.leaf(at)
                    && own == of
                {
                    out.push((at, role));
                }
            });
        }
        out
    }

    /// Visits every symbol in a value's expression; the flag says whether it is a leaf.
    fn visit(&self, value: &Value, seen: &mut Bound, f: &mut dyn FnMut(SymId, bool)) {
        match value {
            Value::Sym(sym) => {
                if !seen.met.insert((*sym, seen.over.clone())) || self.is_bound(*sym, &seen.over) {
                    return;
                }
                match self.node(*sym) {
                    Some(SymNode::Leaf(_) | SymNode::Path(..)) => match self.taken_of(*sym) {
                        Some(call) => {
                            f(*sym, false);
                            self.visit(&Value::Sym(call), seen, f);
                        }
                        None => f(*sym, true),
                    },
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
            Value::Bool(Guard::TRUE | Guard::FALSE) => {}
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
                self.visit(&Value::Bool(coll.kind.typed()), seen, f);
                for part in &coll.parts {
                    for over in &part.generators {
                        self.visit(&Value::Sym(*over), seen, f);
                    }
                    // Of "each element" none is meant that anybody could name.
                    let outside = seen.over.len();
                    seen.over.extend(&part.generators);
                    self.visit(&Value::Bool(part.guard), seen, f);
                    self.visit(&part.key, seen, f);
                    self.visit(&part.sort_key, seen, f);
                    self.visit(&part.value, seen, f);
                    seen.over.truncate(outside);
                }
            }
            Value::Null | Value::Number(_) | Value::String(_) | Value::Refused(_) => {}
        }
    }
}
