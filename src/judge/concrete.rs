//! Witnesses that name inputs only: `var.keys = "2"` where `tonumber(var.keys) = 2` was found.
//!
//! What *anything else* leaves undecided is a variable of a question, which nobody can set. So values of the inputs behind
//! it are tried that the texts and numbers beside it suggest, and what is enough once it is filled in takes its place.

use std::collections::HashMap;

use indexmap::IndexSet;

use super::allowed::leads_to;
use crate::value::ask::{Named, Setting};
use crate::value::{Cx, Guard, Num, SymId, Ty, Value};

/// How many values are filled in.
const TRIED: usize = 400;
/// Of how many of them it is asked what they leave open.
const ASKED: usize = 8;
/// Up to so many texts are put together to one of two.
const JOINED: usize = 8;
/// The whole numbers that are tried anyway.
const SMALL: std::ops::RangeInclusive<i64> = 0..=24;

/// Settings of inputs that are enough; `None` where these name nothing else, and where none are found.
pub(super) fn of_inputs(cx: &Cx, settings: &[Setting], question: [Guard; 2]) -> Option<Vec<Setting>> {
    let is_input =
        |s: &&Setting| s.sym.is_some_and(|sym| cx.leaf(sym).is_some() && cx.taken_of(sym).is_none());
    let (inputs, calls): (Vec<&Setting>, Vec<&Setting>) = settings.iter().partition(is_input);
    let calls: Vec<Value> = calls.iter().map(|s| s.sym.map(Value::Sym)).collect::<Option<_>>()?;
    if calls.is_empty() {
        return None;
    }
    let mut tried = Tried { cx, question, inputs: &inputs, left: TRIED, asks: ASKED };
    let mut fixed: HashMap<SymId, Value> = HashMap::new();
    for setting in &inputs {
        if let (Some(sym), Named::Is(value)) = (setting.sym, &setting.value) {
            fixed.insert(sym, value.clone());
        }
    }
    if let Some(found) = tried.enough(&fixed) {
        return Some(found);
    }
    let mut constants: IndexSet<Value> = IndexSet::new();
    for value in question.map(Value::Bool).iter().chain(&calls) {
        constants.extend(cx.constants_of(value));
        constants.extend(cx.samples(value, &cx.constants_of(value)));
    }
    constants.extend(
        settings.iter().filter_map(|s| if let Named::Is(v) = &s.value { Some(v.clone()) } else { None }),
    );
    if constants.iter().any(|c| cx.mark_of(c).is_some()) {
        return None;
    }
    let open: IndexSet<SymId> = calls.iter().flat_map(|call| cx.leaves(call)).collect();
    let open: Vec<(SymId, Vec<Value>)> =
        open.into_iter().map(|leaf| (leaf, candidates(cx, leaf, &constants))).collect();
    for (leaf, values) in &open {
        for value in values {
            let mut env = fixed.clone();
            env.insert(*leaf, value.clone());
            if let Some(found) = tried.enough(&env) {
                return Some(found);
            }
        }
    }
    let [(a, of_a), (b, of_b)] = open.as_slice() else { return None };
    let pairs = of_a.iter().flat_map(|x| of_b.iter().map(move |y| (x, y)));
    pairs.take(TRIED).find_map(|(x, y)| {
        let mut env = fixed.clone();
        env.extend([(*a, x.clone()), (*b, y.clone())]);
        tried.enough(&env)
    })
}

/// The settings without the values of inputs under which the question fails once they are filled in: of the numbers between
/// two, one was named, and the calls beside it say which are meant.
pub(super) fn not_refuted(cx: &Cx, settings: Vec<Setting>, question: [Guard; 2]) -> Vec<Setting> {
    let named = |s: &Setting| match (s.sym, &s.value) {
        (Some(sym), Named::Is(value)) if cx.leaf(sym).is_some() => Some((sym, value.clone())),
        _ => None,
    };
    let env: HashMap<SymId, Value> = settings.iter().filter_map(named).collect();
    let fails = |guard: Guard| cx.truth(&cx.fill(&Value::Bool(guard), &env)).is_false();
    match question.into_iter().any(fails) {
        true => settings.into_iter().filter(|s| named(s).is_none()).collect(),
        false => settings,
    }
}

/// What a leaf may be for the constants beside it to mean something.
fn candidates(cx: &Cx, leaf: SymId, constants: &IndexSet<Value>) -> Vec<Value> {
    let one = Num::from_i64(1);
    let near = |n: &Num| [Some(n.clone()), n.add(&one), n.sub(&one)].into_iter().flatten();
    let numbers: IndexSet<Num> = constants.iter().filter_map(Value::as_number).flat_map(near).collect();
    let is_text = |v: &&Value| v.as_str().is_some();
    let texts: Vec<Value> = constants.iter().filter(is_text).cloned().collect();
    match cx.type_of(leaf) {
        Ty::Number => {
            let small = SMALL.map(Num::from_i64);
            small.chain(numbers).map(Value::from).collect()
        }
        Ty::String | Ty::Dynamic => {
            let few = || texts.iter().filter_map(Value::as_str).take(JOINED);
            let joined = few().flat_map(|a| few().map(move |b| Value::from(format!("{a}{b}"))));
            let numbers = numbers.iter().map(|n| Value::from(n.to_string()));
            texts.iter().cloned().chain(numbers).chain(joined).collect()
        }
        Ty::Bool => vec![Value::TRUE, Value::FALSE],
        _ => Vec::new(),
    }
}

struct Tried<'a> {
    cx: &'a Cx,
    question: [Guard; 2],
    inputs: &'a [&'a Setting],
    left: usize,
    asks: usize,
}

impl Tried<'_> {
    /// These values as settings, and the other inputs' as far as they still matter, if that is enough.
    fn enough(&mut self, env: &HashMap<SymId, Value>) -> Option<Vec<Setting>> {
        self.left = self.left.checked_sub(1)?;
        let cx = self.cx;
        let [allowed, two] = self.question.map(|guard| cx.truth(&cx.fill(&Value::Bool(guard), env)));
        if allowed.is_false() || two.is_false() {
            return None;
        }
        let others: Vec<&&Setting> =
            self.inputs.iter().filter(|s| s.sym.is_some_and(|sym| !env.contains_key(&sym))).collect();
        let leaves = cx.leaves(&Value::tuple([Value::Bool(allowed), Value::Bool(two)]));
        let others: Vec<&&Setting> =
            others.into_iter().filter(|s| s.sym.is_some_and(|sym| leaves.contains(&sym))).collect();
        if !allowed.is_true() || !two.is_true() {
            self.asks = self.asks.checked_sub(1)?;
            let is_not = others.iter().filter_map(|s| match (s.sym, &s.value) {
                (Some(sym), Named::Not(values)) => {
                    let same = values.iter().map(|v| cx.equal(&Value::Sym(sym), v)).collect::<Vec<_>>();
                    Some(cx.not(cx.any(same)))
                }
                _ => None,
            });
            let allowed = cx.all(is_not.chain([allowed]));
            if !leads_to(cx, allowed, two) {
                return None;
            }
        }
        let mut named: Vec<(SymId, Value)> = env.iter().map(|(sym, value)| (*sym, value.clone())).collect();
        named.sort_by_key(|(sym, _)| *sym);
        let named = named.into_iter().map(|(sym, value)| Setting {
            sym: Some(sym),
            name: cx.show(&Value::Sym(sym)),
            value: Named::Is(value),
        });
        Some(named.chain(others.into_iter().map(|s| (**s).clone())).collect())
    }
}
