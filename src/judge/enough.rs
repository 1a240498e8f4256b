//! Whether a few elements of each free collection show all that a question can say of them.
//!
//! ```hcl
//! count = alltrue([for name in ["a", "b", "c", "d"] : contains(var.names, name)]) ? 2 : 0 # takes four
//! count = length(var.names) - 2                                                           # two takes four
//! ```

use std::collections::BTreeSet;

use super::group::Class;
use super::names::REFUSES;
use super::prove::Allowed;
use crate::key::{Mode, Resolved};
use crate::value::ask::Ask;
use crate::value::compare::{EQ, LESS, WHOLE};
use crate::value::ops::LENGTH;
use crate::value::subst::REFUSED;
use crate::value::symbol::{Piece, SymNode};
use crate::value::{Coll, Cx, Guard, LeafKind, Num, SymId, Ty, Value};

/// Whether what a class depends on may be about more elements than are filled in: a length or an index is compared with a
/// larger number, or calculated with, and then no number says how many (`length(var.xs) - 2 > 1`, `"${count.index}" == "7"`).
///
/// First for inputs that allow two keys, then for inputs that do not.
pub(super) fn asks_for_more(resolved: &Resolved, class: &Class, question: [Guard; 2]) -> [bool; 2] {
    let keys = class.members.iter().filter_map(|m| resolved.keys.get(m.key));
    let repeated = keys.into_iter().any(|key| !key.times.loops.is_empty());
    let calculates = calculates_with_more(resolved, class, question);
    let takes = elements(resolved, question);
    [if repeated { 2 } else { 0 }, 0].map(|own| calculates || takes.saturating_add(own) > Mode::FILLED)
}

fn calculates_with_more(resolved: &Resolved, class: &Class, question: [Guard; 2]) -> bool {
    let cx = &resolved.cx;
    let values = question.map(Value::Bool).into_iter().chain([class.user.clone()]).collect::<Vec<_>>();
    // Up to this number they show everything that is said of a length or an index.
    let most = Num::from_usize(Mode::FILLED - 1);
    let is_more = |constant: &Value| constant.as_number().is_some_and(|n| *n > most);
    values.iter().any(|value| {
        let mut calculated = false;
        // A name that an index is part of is another one for each.
        let is_name = |sym: SymId| *value == Value::Sym(sym);
        cx.each_symbol(value, &mut |sym| calculated |= !is_name(sym) && calculates(cx, sym));
        calculated || cx.constants_of(value).iter().any(is_more)
    })
}

/// How many elements of one collection a question may take: one for each thing that has to be among them: a named element,
/// each that is listed beside the whole, any number where a text is made of it.
fn elements(resolved: &Resolved, question: [Guard; 2]) -> usize {
    let cx = &resolved.cx;
    let mut most: usize = 0;
    let mut named: BTreeSet<SymId> = BTreeSet::new();
    for atom in cx.atoms(&question) {
        let (mut whole, mut listed, mut text) = (false, 0, false);
        cx.each_symbol(&Value::Sym(atom), &mut |sym| {
            whole |= is_collection(cx, sym);
            match cx.node(sym) {
                Some(SymNode::Path(base, ..)) if is_collection(cx, base) => {
                    named.insert(sym);
                }
                Some(SymNode::Call(func, args)) => {
                    let parts = args.iter().filter_map(Value::as_coll).flat_map(|coll| coll.parts.iter());
                    listed += parts.filter(|part| part.generators.is_empty()).count();
                    text |= func.ret == Ty::String
                        && cx.leaves(&Value::Sym(sym)).into_iter().any(|leaf| is_collection(cx, leaf));
                }
                _ => {}
            }
        });
        let more = if text { usize::MAX } else { listed.max(1).max(counted(cx, atom)) };
        if whole && !is_of_instances(cx, atom) {
            most = most.saturating_add(more);
        }
    }
    most.saturating_add(named.len())
}

/// Whether a question is whether two elements of a list or map are one value (`var.xs[0] == var.xs[1]`), which are taken for
/// different where nobody asks.
pub(super) fn compares_elements(cx: &Cx, question: [Guard; 2]) -> bool {
    let of = |value: &Value| match value {
        Value::Sym(sym) => match cx.node(*sym) {
            Some(SymNode::Path(base, ..)) => {
                Some(base).filter(|base| matches!(cx.type_of(*base), Ty::List(_) | Ty::Map(_)))
            }
            _ => None,
        },
        _ => None,
    };
    let mut compared = cx.atoms(&question).into_iter().filter_map(|atom| cx.equality(atom));
    compared.any(|[a, b]| of(&a).is_some() && of(&a) == of(&b))
}

/// How many elements there are where a symbol compares with a number: two where `1 < length([for x in var.xs : x if …])`.
fn counted(cx: &Cx, atom: SymId) -> usize {
    let Some(SymNode::Call(_, args)) = cx.node(atom) else { return 0 };
    let numbers = args.iter().filter_map(Value::as_number).filter_map(|n| usize::try_from(n.to_i64()?).ok());
    numbers.max().map_or(0, |n| n.saturating_add(1))
}

/// Whether a symbol is a free collection.
fn is_collection(cx: &Cx, sym: SymId) -> bool {
    cx.leaf(sym).is_some() && matches!(cx.type_of(sym), Ty::List(_) | Ty::Set(_) | Ty::Map(_))
}

/// Whether a symbol compares the number of all elements with a number, for which as many are enough whatever else they are,
/// or what is made of two elements, which are those of the instances.
fn is_of_instances(cx: &Cx, of: SymId) -> bool {
    let Some(SymNode::Call(func, args)) = cx.node(of) else { return false };
    // That something is not refused takes no more elements than it is about.
    if [&REFUSED, &WHOLE, &REFUSES].contains(&func) {
        return true;
    }
    let is_there = |coll: &Coll| coll.parts.iter().all(|part| part.guard.is_true());
    let counts_all = |value: &Value| match value {
        Value::Number(_) => true,
        Value::Sym(sym) => cx
            .args_of(*sym, &LENGTH)
            .is_some_and(|args| args.iter().all(|arg| arg.as_coll().is_some_and(|coll| is_there(coll)))),
        _ => false,
    };
    let element = |leaf: SymId| cx.leaf(leaf).is_some_and(|leaf| leaf.is_element());
    let of_element = |value: &Value| cx.leaves(value).into_iter().any(element);
    (*func == EQ || *func == LESS) && args.iter().all(counts_all)
        || *func == EQ && args.iter().all(of_element)
}

/// Whether a symbol is made of lengths or indexes in any other way than by comparing one, or of parts of more than one
/// element.
fn calculates(cx: &Cx, sym: SymId) -> bool {
    let is_count = |sym: SymId| {
        cx.leaf(sym).is_some_and(|leaf| match leaf.kind {
            LeafKind::Length => true,
            LeafKind::Element(_) => leaf.ty == Ty::Number,
            _ => false,
        })
    };
    let is_one = |value: &Value| matches!(value, Value::Sym(sym) if is_count(*sym));
    match cx.node(sym) {
        Some(SymNode::Call(func, args)) if *func == EQ || *func == LESS => args.iter().any(|arg| match arg {
            Value::Sym(sym) => match cx.node(*sym) {
                Some(SymNode::Call(func, args)) => {
                    func.ret == Ty::Number
                        && *func != LENGTH
                        && args.iter().any(|arg| !collections_of(cx, arg).is_empty())
                }
                _ => false,
            },
            _ => false,
        }),
        Some(SymNode::Call(func, args)) if *func == LENGTH => args.iter().any(is_one),
        Some(SymNode::Call(_, args)) => {
            let parted = |arg: &Value| arg.as_number().is_some_and(|n| *n > Num::from_i64(1));
            args.iter().any(|arg| is_one(arg) || parted(arg))
        }
        Some(SymNode::Concat(pieces)) => {
            pieces.iter().any(|p| matches!(p, Piece::Sym(sym) if is_count(*sym)))
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
