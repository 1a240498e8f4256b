//! Whether a few elements of each free collection show all that a question can say of them.
//!
//! ```hcl
//! count = alltrue([for name in ["a", "b", "c", "d"] : contains(var.names, name)]) ? 2 : 0 # takes four
//! count = length(var.names) - 2                                                           # two takes four
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::group::Class;
use super::indexes::is_index;
use super::names::REFUSES;
use super::prove::Allowed;
use crate::key::{Mode, Resolved};
use crate::value::ask::Ask;
use crate::value::compare::{EQ, LESS, WHOLE};
use crate::value::func::{Elements as Gives, Form};
use crate::value::ops::{INDEX, LENGTH};
use crate::value::sizes::Beside;
use crate::value::subst::REFUSED;
use crate::value::symbol::{Leaf, Piece, Role, SymNode};
use crate::value::{Cx, Func, Guard, LeafKind, Num, SymId, Ty, Value};

/// With how many elements of each free collection everything shows that is said of a class: first for inputs that allow two
/// keys, then for inputs that do not. `usize::MAX` where no number says how many: a length or an index is calculated with
/// (`length(var.xs) - 2 > 1`, `"${count.index}" == "7"`).
pub(super) fn takes(resolved: &Resolved, class: &Class, two: Guard, allowed: &Allowed) -> [usize; 2] {
    let cx = &resolved.cx;
    // What is said of a whole collection is said of its length and elements.
    let about = Value::tuple([Value::Bool(two), class.user.clone()]);
    let collections = collections_of(cx, &about);
    let allowed = allowed.of(cx, cx.leaves(&about).into_iter().chain(collections));
    let values = [Value::Bool(allowed), Value::Bool(two), class.user.clone()];
    let most = numbers(cx, &values);
    let keys = class.members.iter().filter_map(|m| resolved.keys.get(m.key));
    let own = keys.flat_map(|key| key.times.elements()).flat_map(|element| run_over(cx, element));
    let mut with = Elements { own: own.collect(), ..Elements::default() };
    with.of(cx, &[(allowed, true), (two, true)]);
    let mut without = Elements::default();
    without.of(cx, &[(allowed, true), (two, false)]);
    [with, without].map(|elements| elements.most().max(most))
}

/// The free collections that a loop runs over; what it runs over else.
fn run_over(cx: &Cx, element: SymId) -> BTreeSet<SymId> {
    let mut over: BTreeSet<SymId> = collections_over(cx, element).into_iter().collect();
    for of in over.clone() {
        over.extend(collections_of(cx, &Value::Sym(of)));
    }
    over
}

/// How many elements show what numbers say that stand beside lengths and indexes, directly or beside a number that does.
fn numbers(cx: &Cx, values: &[Value]) -> usize {
    let mut calls = Vec::new();
    for value in values {
        // A name that an index is part of is another one for each.
        let is_name = |sym: SymId| *value == Value::Sym(sym);
        let mut calculated = false;
        cx.each_symbol(value, &mut |sym| {
            calculated |= !is_name(sym) && calculates(cx, sym);
            if let Some(SymNode::Call(_, args)) = cx.node(sym) {
                let told: BTreeSet<SymId> = args.iter().flat_map(|arg| told_by(cx, arg)).collect();
                let placed = args.iter().any(|arg| is_index(cx, arg) || is_written(cx, arg));
                calls.push((cx.stands_beside(sym).or(placed.then_some(Beside::Index)), args, told));
            }
        });
        if calculated {
            return usize::MAX;
        }
    }
    let mut beside: BTreeSet<SymId> = BTreeSet::new();
    let mut most: usize = 0;
    loop {
        let near: Vec<_> = calls
            .extract_if(.., |(what, _, told)| {
                what.is_some() || told.iter().any(|sym| is_near(cx, *sym, &beside))
            })
            .collect();
        if near.is_empty() {
            return most;
        }
        for (what, args, told) in near {
            let closed = told.iter().filter_map(|sym| cx.leaf(*sym)?.closed).flatten();
            let said: Vec<Value> = args.iter().cloned().chain(closed).collect();
            let more = if let Some(Beside::Length) = what { 1 } else { 2 };
            let number = |value: &Value| value.as_number().cloned().or_else(|| Num::parse(value.as_str()?));
            for number in said.iter().filter_map(number).filter(|n| n.signum() >= 0) {
                let whole = number.floor().to_usize().unwrap_or(usize::MAX);
                most = most.max(whole.saturating_add(more));
            }
            beside.extend(told);
        }
    }
}

/// What a value says something of: the elements that are counted have values of their own.
fn told_by(cx: &Cx, value: &Value) -> Vec<SymId> {
    match value {
        Value::Sym(sym) if cx.args_of(*sym, &LENGTH).is_some() => Vec::new(),
        _ => cx.leaves(value),
    }
}

/// Whether a leaf is one of these, or of an element of one.
fn is_near(cx: &Cx, leaf: SymId, beside: &BTreeSet<SymId>) -> bool {
    beside.contains(&leaf)
        || !cx.is_leaf(leaf, Leaf::counts) && collections_over(cx, leaf).iter().any(|of| beside.contains(of))
}

/// Whether a value is the place of an element, written as a text.
fn is_written(cx: &Cx, value: &Value) -> bool {
    let Value::Sym(sym) = value else { return false };
    matches!(cx.node(*sym), Some(SymNode::Concat(pieces)) if pieces.iter().any(|piece| is_index(cx, &piece.into())))
}

/// How many elements of free collections a question takes: one for each thing that has to be among them. A named element, each
/// that is listed beside the whole, as many as are counted, any number where a text is made of it.
#[derive(Default)]
struct Elements {
    /// What a loop runs over, and the collections that this is made of: two elements are there anyway.
    own: BTreeSet<SymId>,
    named: BTreeSet<SymId>,
    asked: Vec<Asked>,
}

/// What a condition takes.
struct Asked {
    /// The collections that it is about.
    over: BTreeSet<SymId>,
    /// The elements that are counted, if it compares their number: of several such the largest counts.
    counted: Option<SymId>,
    /// How many elements it takes.
    takes: usize,
    /// How many stand first in their list and have to stay there.
    first: usize,
}

impl Elements {
    /// Adds what it takes that these hold or do not.
    fn of(&mut self, cx: &Cx, guards: &[(Guard, bool)]) {
        cx.literals(guards).into_iter().for_each(|(atom, holds)| self.add(cx, atom, holds));
    }

    fn add(&mut self, cx: &Cx, atom: SymId, holds: bool) {
        let (mut over, mut listed, mut text, mut first) = (BTreeSet::new(), 0, false, 0);
        cx.each_symbol(&Value::Sym(atom), &mut |sym| {
            if is_collection(cx, sym) {
                over.insert(sym);
            }
            match cx.node(sym) {
                Some(SymNode::Path(base, ..)) if is_collection(cx, base) => {
                    self.named.insert(sym);
                }
                Some(SymNode::Call(func, args)) => {
                    let parts = args.iter().filter_map(Value::as_coll).flat_map(|coll| coll.parts.iter());
                    listed += parts.filter(|part| part.generators.is_empty()).count();
                    text |= func.ret == Ty::String
                        && cx.leaves(&Value::Sym(sym)).into_iter().any(|leaf| is_collection(cx, leaf));
                    first = first.max(stays_first(cx, func, &args));
                }
                _ => {}
            }
        });
        if over.is_empty() || is_of_instances(cx, atom) {
            return;
        }
        let takes = match joined(cx, atom) {
            Some(parts) => parts.saturating_add(usize::from(!holds)),
            None if text => usize::MAX,
            None => listed.max(1),
        };
        let (counted, takes) = match (counted(cx, atom), cx.node(atom)) {
            (Some(counted), _) => (Some(counted.of), takes.max(counted.takes(cx, holds))),
            (None, Some(SymNode::Call(func, args)))
                if !text && (is_longer(cx, func, &args, holds) || is_of_fewer(cx, func, &args, holds)) =>
            {
                (None, 0)
            }
            _ => (None, takes),
        };
        self.asked.push(Asked { over, counted, takes, first });
    }

    /// How many elements one collection needs at most. Where a condition is about several, each may need as many as another.
    fn most(&self) -> usize {
        let mut groups: Vec<BTreeSet<SymId>> = Vec::new();
        let named = |sym: &SymId| BTreeSet::from([*sym]);
        let each = self.asked.iter().map(|asked| asked.over.clone());
        for mut over in each.chain(self.own.iter().map(named)) {
            let (near, far) = groups.into_iter().partition(|group| !group.is_disjoint(&over));
            groups = far;
            Vec::into_iter(near).for_each(|group: BTreeSet<SymId>| over.extend(group));
            groups.push(over);
        }
        let takes = groups.iter().map(|group| {
            let asked: Vec<&Asked> =
                self.asked.iter().filter(|asked| !asked.over.is_disjoint(group)).collect();
            let mut counts: BTreeMap<SymId, usize> = BTreeMap::new();
            let mut takes: usize = if group.is_disjoint(&self.own) { 0 } else { 2 };
            for asked in &asked {
                match asked.counted {
                    Some(of) => {
                        let most = counts.entry(of).or_default();
                        *most = asked.takes.max(*most);
                    }
                    None => takes = takes.saturating_add(asked.takes),
                }
            }
            let first = asked.iter().map(|asked| asked.first).max().unwrap_or(0);
            counts.into_values().chain([first]).fold(takes, usize::saturating_add)
        });
        takes.max().unwrap_or(0).saturating_add(self.named.len())
    }
}

/// Whether a comparison says that a collection has more elements than a number: how many these are is [`numbers`]'s.
fn is_longer(cx: &Cx, func: &Func, args: &[Value], holds: bool) -> bool {
    let is_length = |sym: SymId| cx.is_leaf(sym, |leaf| leaf.kind == LeafKind::Length);
    holds && *func == LESS && matches!(args, [Value::Number(_), Value::Sym(of)] if is_length(*of))
}

/// Whether a condition that is so of a collection is so of fewer of its elements, too: that all of them hold, or that a value is
/// none of them; and that an element is one of its own collection.
fn is_of_fewer(cx: &Cx, func: &Func, args: &[Value], holds: bool) -> bool {
    let alone = |value: &Value| match value {
        Value::Sym(_) => {
            !is_count(cx, value) && cx.leaves(value).into_iter().all(|leaf| !is_collection(cx, leaf))
        }
        _ => value.is_known(),
    };
    match args {
        all if func.all_of => holds && all.iter().all(|arg| is_of_each(cx, arg)),
        [of, element] if func.finds => {
            is_own_element(cx, of, element) || !holds && is_of_each(cx, of) && alone(element)
        }
        _ => false,
    }
}

/// Whether a value is an arbitrary element of this collection.
fn is_own_element(cx: &Cx, of: &Value, element: &Value) -> bool {
    let leaf = |value: &Value| if let Value::Sym(sym) = value { cx.leaf(*sym) } else { None };
    let Some(own) = leaf(element).filter(Leaf::is_element) else { return false };
    let is_it = |value: &Value| leaf(value).is_some_and(|l| l.kind == own.kind && l.of == own.of);
    match of {
        Value::Sym(sym) => own.of == Some(*sym) && own.kind == LeafKind::Element(Role::Value),
        Value::Coll(coll) => coll
            .parts
            .iter()
            .any(|part| part.guard.is_true() && matches!(*part.generators, [_]) && is_it(&part.value)),
        _ => false,
    }
}

/// Of how many elements a text is at most that they are joined to, where it is compared with one that is written.
fn joined(cx: &Cx, atom: SymId) -> Option<usize> {
    let [a, b] = cx.equality(atom)?;
    let (Value::Sym(sym), Value::String(text)) = (a, b) else { return None };
    match cx.node(sym)? {
        SymNode::Call(func, args) if func.makes == Some(Form::Joined) => {
            let [Value::String(by), of] = &*args else { return None };
            (!by.is_empty() && is_of_each(cx, of)).then(|| text.matches(&**by).count().saturating_add(1))
        }
        _ => None,
    }
}

/// Whether a value is how many elements there are, or the place of one.
fn is_count(cx: &Cx, value: &Value) -> bool {
    cx.leaves(value).into_iter().any(|leaf| cx.is_leaf(leaf, Leaf::counts))
}

/// How many elements stay first in a list for what a condition says of their index.
fn stays_first(cx: &Cx, func: &Func, args: &[Value]) -> usize {
    let is_index = |value: &Value| is_index(cx, value);
    let number = |value: &Value| {
        let n = value.as_number()?;
        Some(if n.signum() < 0 { 0 } else { usize::try_from(n.floor().to_i64()?).unwrap_or(usize::MAX) })
    };
    match args {
        [index, n] if *func == LESS && is_index(index) => number(n).unwrap_or(0),
        [a, b] if is_index(a) || is_index(b) => {
            [a, b].into_iter().filter_map(number).max().map_or(0, |n| n.saturating_add(1))
        }
        _ => 0,
    }
}

/// Whether a question is whether two elements of a list or map are one value (`var.xs[0] == var.xs[1]`), which are taken for
/// different where nobody asks.
pub(super) fn compares_elements(cx: &Cx, question: [Guard; 2]) -> bool {
    let of = |value: &Value| {
        let Value::Sym(sym) = value else { return None };
        let Some(SymNode::Path(base, ..)) = cx.node(*sym) else { return None };
        matches!(cx.type_of(base), Ty::List(_) | Ty::Map(_)).then_some(base)
    };
    let mut compared = cx.atoms(&question).into_iter().filter_map(|atom| cx.equality(atom));
    compared.any(|[a, b]| of(&a).is_some() && of(&a) == of(&b))
}

/// A comparison of how many elements there are with a number.
struct Counted {
    of: SymId,
    /// How many there are where it holds, and where it does not, that must not be fewer.
    least: [usize; 2],
}

impl Counted {
    /// How many elements it takes that it holds or does not. Fewer are no matter where it only says how many there are at most.
    fn takes(&self, cx: &Cx, holds: bool) -> usize {
        let [so, not] = self.least;
        let counted = cx.args_of(self.of, &LENGTH);
        match (matches!(counted.as_deref(), Some([of]) if is_of_each(cx, of)), holds) {
            (false, _) => so.max(not),
            (true, true) => so,
            (true, false) => not,
        }
    }
}

/// The comparison of a number of elements that a symbol is: `1 < length([for x in var.xs : x if …])` takes two of them.
fn counted(cx: &Cx, atom: SymId) -> Option<Counted> {
    let Some(SymNode::Call(func, args)) = cx.node(atom) else { return None };
    let of = |value: &Value| match value {
        Value::Sym(sym) => cx.args_of(*sym, &LENGTH).map(|_| *sym),
        _ => None,
    };
    let number = |value: &Value| {
        let n = value.as_number()?.floor().to_i64()?;
        Some(usize::try_from(n).unwrap_or(0))
    };
    let [a, b] = &*args else { return None };
    let (of, n, below) = match (of(a), of(b)) {
        (Some(of), None) => (of, number(b)?, false),
        (None, Some(of)) => (of, number(a)?, true),
        _ => return None,
    };
    let more = n.saturating_add(1);
    let least = match below {
        _ if *func == EQ => [n, more],
        true if *func == LESS => [more, 0],
        false if *func == LESS => [0, more],
        _ => return None,
    };
    Some(Counted { of, least })
}

/// Whether what is said of each element of a collection says nothing of the others: then it holds of fewer elements, too. Where
/// an element stands may be compared with a number, as long as those before that stay ([`stays_first`]).
fn is_of_each(cx: &Cx, value: &Value) -> bool {
    let coll = match value {
        Value::Coll(coll) => coll,
        Value::Sym(sym) => {
            return is_collection(cx, *sym)
                || matches!(cx.node(*sym), Some(SymNode::Call(func, args))
                    if matches!(func.elements, Some(Gives::All | Gives::Once | Gives::Set))
                        && args.first().is_some_and(|of| is_of_each(cx, of)));
        }
        _ => return false,
    };
    coll.parts.iter().all(|part| {
        let own = Value::tuple([Value::Bool(part.guard), part.key.clone(), part.value.clone()]);
        let mut alone = true;
        cx.each_symbol(&own, &mut |sym| {
            let whole = is_collection(cx, sym) && !part.generators.contains(&sym);
            alone &= !whole && !cx.is_leaf(sym, |leaf| leaf.kind == LeafKind::Length);
            alone &= match cx.node(sym) {
                Some(SymNode::Call(func, args)) => {
                    let told = *func == EQ || *func == LESS;
                    let compared = told && args.iter().any(|arg| arg.as_number().is_some());
                    compared || !args.iter().any(|arg| is_index(cx, arg))
                }
                Some(SymNode::Concat(pieces)) => !pieces.iter().any(|piece| is_index(cx, &piece.into())),
                _ => true,
            };
        });
        alone
    })
}

/// Whether a symbol is a free collection.
fn is_collection(cx: &Cx, sym: SymId) -> bool {
    cx.leaf(sym).is_some() && matches!(cx.type_of(sym), Ty::List(_) | Ty::Set(_) | Ty::Map(_))
}

/// Whether a symbol compares what is made of two elements, which are those of the instances.
fn is_of_instances(cx: &Cx, of: SymId) -> bool {
    let Some(SymNode::Call(func, args)) = cx.node(of) else { return false };
    // That something is not refused takes no more elements than it is about.
    if [&REFUSED, &WHOLE, &REFUSES].contains(&func) {
        return true;
    }
    let element = |leaf: SymId| cx.leaf(leaf).is_some_and(|leaf| leaf.is_element());
    let of_element = |value: &Value| cx.leaves(value).into_iter().any(element);
    *func == EQ && args.iter().all(of_element)
}

/// Whether a symbol is made of lengths or indexes in any other way than by comparing one, or of parts of more than one
/// element.
fn calculates(cx: &Cx, sym: SymId) -> bool {
    let is_count = |sym: SymId| cx.is_leaf(sym, Leaf::counts);
    let is_one = |value: &Value| matches!(value, Value::Sym(sym) if is_count(*sym));
    let is_calculated = |value: &Value| {
        let Value::Sym(sym) = value else { return false };
        let Some(SymNode::Call(func, args)) = cx.node(*sym) else { return false };
        let number = func.ret == Ty::Number && *func != LENGTH;
        number && args.iter().any(|arg| !collections_of(cx, arg).is_empty())
    };
    match cx.node(sym) {
        Some(SymNode::Call(func, args)) if *func == EQ || *func == LESS => args.iter().any(is_calculated),
        Some(SymNode::Call(func, args)) if *func == LENGTH => args.iter().any(is_one),
        Some(SymNode::Call(func, _)) if *func == WHOLE || *func == INDEX || func.finds => false,
        Some(SymNode::Call(_, args)) => {
            let parted = |arg: &Value| arg.as_number().is_some_and(|n| *n > Num::from_i64(1));
            args.iter().any(|arg| is_one(arg) || parted(arg))
        }
        Some(SymNode::Concat(pieces)) => {
            // A number as a text is that number.
            pieces.len() > 1 && pieces.iter().any(|p| matches!(p, Piece::Sym(sym) if is_count(*sym)))
        }
        _ => false,
    }
}

/// The free collections that a value is made of: of them, their elements or lengths.
fn collections_of(cx: &Cx, value: &Value) -> BTreeSet<SymId> {
    cx.leaves(value).into_iter().flat_map(|leaf| collections_over(cx, leaf)).collect()
}

/// Whether a value is made of nothing else: also a name that is written.
pub(super) fn is_of_collections(cx: &Cx, value: &Value) -> bool {
    cx.leaves(value).into_iter().all(|leaf| !collections_over(cx, leaf).is_empty())
}

/// The same of something that is not known: an element, or made of such.
pub(super) fn is_of_elements(cx: &Cx, value: &Value) -> bool {
    is_of_collections(cx, value) && !cx.leaves(value).is_empty()
}

/// Whether a function makes a value of what stands for every element of a collection, and of nothing else that is not known:
/// what an input looks up is that input's.
pub(super) fn is_made_of_each(cx: &Cx, value: &Value) -> bool {
    let each = |arg: &Value| {
        arg.as_coll().is_some_and(|coll| coll.parts.iter().any(|part| !part.generators.is_empty()))
    };
    let mut made = false;
    cx.each_symbol(value, &mut |sym| {
        let Some(SymNode::Call(_, args)) = cx.node(sym) else { return };
        made |= args.iter().any(each) && args.iter().all(|arg| each(arg) || arg.is_known());
    });
    made
}

/// The free collections that a leaf is, or is an element, a length or part of one.
fn collections_over(cx: &Cx, leaf: SymId) -> Vec<SymId> {
    let (mut found, mut at) = (Vec::new(), leaf);
    loop {
        let of = cx.leaf(at).and_then(|l| l.of);
        found.extend(of.or_else(|| is_collection(cx, at).then_some(at)));
        match cx.node(at) {
            Some(SymNode::Path(base, ..)) => at = base,
            _ => return found,
        }
    }
}

/// Whether what must hold leaves none of the free collections more elements than are filled in.
pub(super) fn are_few(cx: &Cx, allowed: &Allowed, question: [Guard; 2]) -> bool {
    let collections = collections_of(cx, &Value::tuple(question.map(Value::Bool)));
    let [_, two] = question;
    collections.into_iter().all(|of| {
        let more = cx.truth(&cx.less(&Num::from_usize(Mode::FILLED).into(), &cx.count_of(of)));
        let so = cx.all([allowed.about(cx, &[two, more]), two, more]);
        Ask::new(cx, &[so]).and_then(|mut ask| ask.can_hold(so)) == Ok(false)
    })
}
