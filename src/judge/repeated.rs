//! When two instances of one key are one user's.
//!
//! With `count = var.n` and `user = "u${count.index % 2}"` the instances 0 and 2 are one user's, 0 and 1 are not. Elements
//! of a collection are taken for different, and so is what is made of them one to one; whether anything else that is
//! computed of two of them is one value is a question like any other, about one element and another one.

use std::collections::{HashMap, HashSet};

use super::allowed::must;
use super::indexes::is_index;
use super::made_one::comparisons;
use crate::key::{AccessKey, Loop, Resolved};
use crate::value::compare::LESS;
use crate::value::ops::{ADD, LENGTH, MUL, SUB};
use crate::value::symbol::SymNode;
use crate::value::{Cx, Guard, LeafKind, Num, SymId, Value};

/// What holds of the elements that keys are repeated over.
pub struct Repeated<'a> {
    cx: &'a Cx,
    /// What the deployment refuses, with the leaves that it is about.
    refused: Vec<(Guard, HashSet<SymId>)>,
    counts: Vec<Count>,
}

/// A question about how many elements of a collection meet a condition: whether there are more than `above`.
struct Count {
    asked: Guard,
    above: i64,
    over: SymId,
    meets: Guard,
}

impl<'a> Repeated<'a> {
    /// Of everything that was resolved.
    pub fn new(resolved: &'a Resolved) -> Self {
        let cx = &resolved.cx;
        let when: Vec<Guard> = resolved.refusals.iter().map(|r| r.when).collect();
        let counts = cx.atoms(&when).into_iter().filter_map(|atom| count(cx, atom)).collect();
        let about = |g: &Guard| cx.leaves(&Value::Bool(*g)).into_iter().collect();
        let refused = when.iter().map(|g| (*g, about(g))).collect();
        Repeated { cx, refused, counts }
    }

    /// When two instances of a key, each of which is there, active and of `user` under `guard`, are one user's.
    pub fn twice(&self, key: &AccessKey, user: &Value, guard: Guard) -> Guard {
        let each = key.times.loops.iter().map(|l| self.differing_by(l, key, user, guard));
        self.cx.any(each)
    }

    /// The same, of two that differ by the element of one loop.
    fn differing_by(&self, l: &Loop, key: &AccessKey, user: &Value, guard: Guard) -> Guard {
        let cx = self.cx;
        // Each element's account is another one.
        if depends(cx, &key.account.scope, &l.element) {
            return Guard::FALSE;
        }
        // No two instances of a block have one key.
        if l.key != Value::Null && (l.key.is_known() || l.key == *user || cx.to_text(&l.key) == *user) {
            return Guard::FALSE;
        }
        let both = cx.and(guard, l.at_least_two);
        let other = self.others(l, key, user, guard);
        let fill = |value: &Value| cx.fill(value, &other);
        let guard_of = |g: Guard| cx.truth(&fill(&Value::Bool(g)));
        let (theirs, their_user) = (guard_of(guard), fill(user));
        if theirs == guard && their_user == *user {
            return both;
        }
        let same = self.one_user([user, &their_user], &other, guard);
        if same.is_false() {
            return same;
        }
        let within = cx.and(l.within, guard_of(l.within));
        let apart = other.iter().filter(|(element, _)| cx.tells_elements_apart(**element));
        let apart = apart.map(|(element, other)| cx.not(cx.equal(&Value::Sym(*element), other)));
        let refused = self.refused.iter().filter(|(_, about)| other.keys().any(|e| about.contains(e)));
        let refused = refused.map(|(when, _)| cx.not(guard_of(*when)));
        let counted = self.counts.iter().filter(|c| l.element.iter().any(|e| of(cx, *e) == Some(c.over)));
        // Two that meet a condition are more than one.
        let counted = counted.map(|c| {
            let met = if c.above == 0 { c.meets } else { cx.and(c.meets, guard_of(c.meets)) };
            cx.or(cx.not(met), c.asked)
        });
        let key = (l.key != Value::Null).then(|| cx.not(cx.equal(&l.key, &fill(&l.key))));
        let mut placed = Vec::new();
        let conditions = cx.and(guard, l.within);
        for atom in cx.atoms(&[conditions]).into_iter().filter(|atom| self.is_of_one(*atom, l)) {
            let without = cx.fill(&Value::Bool(conditions), &HashMap::from([(atom, Value::FALSE)]));
            if without == Value::FALSE {
                return Guard::FALSE;
            }
            placed.push(cx.not(cx.and(cx.atom(atom), guard_of(cx.atom(atom)))));
        }
        for law in self.between(conditions, l) {
            if law.is_false() {
                return law;
            }
            placed.push(law);
        }
        let all: Vec<Guard> = apart.chain(key).chain(refused).chain(counted).chain(placed).collect();
        cx.all([both, theirs, same, within, cx.all(all)])
    }

    /// Whether a condition says where an element of a loop stands, or which it is: it holds for no two of them
    /// (`count.index == length(var.xs) - 1`).
    fn is_of_one(&self, atom: SymId, l: &Loop) -> bool {
        let cx = self.cx;
        let told = |element: &Value, by: &Value| {
            !depends(cx, by, &l.element)
                && matches!(element, Value::Sym(sym) if tells_apart(cx, *sym, &l.element))
        };
        cx.equality(atom).is_some_and(|[a, b]| told(&a, &b) || told(&b, &a))
    }

    /// That there is room for two indexes between those that a condition sets as the lowest and the highest.
    fn between(&self, conditions: Guard, l: &Loop) -> Vec<Guard> {
        let cx = self.cx;
        let with = |atom: SymId, holds: bool| {
            cx.fill(&Value::Bool(conditions), &HashMap::from([(atom, Value::from(holds))])) == Value::FALSE
        };
        let (mut lowest, mut highest) = (vec![Value::from(0)], Vec::new());
        for atom in cx.atoms(&[conditions]) {
            let Some(SymNode::Call(func, args)) = cx.node(atom) else { continue };
            let (true, [a, b]) = (*func == LESS, &*args) else { continue };
            let (must, must_not) = (|| with(atom, false), || with(atom, true));
            match (index_and_more(cx, a, &l.element), index_and_more(cx, b, &l.element)) {
                // The index is below the other side, or it is not.
                (Some(more), None) if !depends(cx, b, &l.element) => {
                    let bound = cx.call(&SUB, &[b.clone(), more]);
                    if must() {
                        highest.push((bound, false));
                    } else if must_not() {
                        lowest.push(bound);
                    }
                }
                (None, Some(more)) if !depends(cx, a, &l.element) => {
                    let bound = cx.call(&SUB, &[a.clone(), more]);
                    if must() {
                        lowest.push(bound);
                    } else if must_not() {
                        highest.push((bound, true));
                    }
                }
                _ => {}
            }
        }
        let room = |low: &Value, (high, reached): &(Value, bool)| {
            let second = cx.call(&ADD, &[low.clone(), Value::from(1)]);
            if *reached {
                cx.not(cx.truth(&cx.less(high, &second)))
            } else {
                cx.truth(&cx.less(&second, high))
            }
        };
        lowest.iter().flat_map(|low| highest.iter().map(move |high| room(low, high))).collect()
    }

    /// For each element that the loop runs over, and what is nested under it, another one.
    fn others(&self, l: &Loop, key: &AccessKey, user: &Value, guard: Guard) -> HashMap<SymId, Value> {
        let cx = self.cx;
        let values = [user.clone(), Value::Bool(guard), Value::Bool(l.within)];
        let leaves: Vec<SymId> =
            values.iter().flat_map(|v| cx.leaves(v)).chain(key.times.elements()).collect();
        let mut other = HashMap::new();
        for &leaf in &leaves {
            let nested = || of(cx, leaf).is_some_and(|of| depends(cx, &Value::Sym(of), &l.element));
            if !l.element.contains(&leaf) && !nested() {
                continue;
            }
            let mut next = cx.another(leaf);
            while let Some(taken) = next.filter(|n| leaves.contains(n)) {
                next = cx.another(taken);
            }
            other.extend(next.map(|next| (leaf, cx.symbol_value(next))));
        }
        other
    }

    /// When a user, and what it is of other elements, are one: what is made of different elements one to one is not, unless
    /// its condition says what they are.
    fn one_user(&self, [user, theirs]: [&Value; 2], other: &HashMap<SymId, Value>, when: Guard) -> Guard {
        let cx = self.cx;
        let same = match cx.differing_piece(user, theirs) {
            Some([a, b]) => cx.equal(&Value::Sym(a), &Value::Sym(b)),
            None => cx.equal(user, theirs),
        };
        let differ = cx.atoms(&[same]).into_iter().filter(|atom| match cx.equality(*atom) {
            Some([Value::Sym(a), Value::Sym(b)]) => self.apart(a, b, other, when),
            _ => false,
        });
        let differ: HashMap<SymId, Value> = differ.map(|atom| (atom, Value::FALSE)).collect();
        cx.truth(&cx.fill(&Value::Bool(same), &differ))
    }

    /// Whether two symbols are made of different elements, one to one.
    fn apart(&self, a: SymId, b: SymId, other: &HashMap<SymId, Value>, when: Guard) -> bool {
        let cx = self.cx;
        // An element of what a call gives is made of it, and two of them may be one.
        let is_leaf = |sym: SymId| cx.leaf(sym).is_some() && cx.taken_of(sym).is_none();
        if is_leaf(a) && is_leaf(b) {
            // Another one is declared later, so that it comes second.
            let another = cx.fill(&Value::Sym(a), other) == Value::Sym(b) && !is_fixed(cx, a, when);
            // Of what the deployment computes no two are one, whichever of them an element chooses.
            let computed = |sym: SymId| cx.leaf(sym).is_some_and(|leaf| leaf.kind == LeafKind::Deployment);
            return another || a != b && computed(a) && computed(b);
        }
        let one_to_one = match cx.node(a) {
            Some(SymNode::Call(func, args)) => {
                func.one_to_one || (*func == MUL || func.grows) && grows(cx, *func == MUL, &args)
            }
            node => matches!(node, Some(SymNode::Concat(_))),
        };
        let parts = cx.differing(a, b).filter(|_| one_to_one);
        parts.is_some_and(|all| all.iter().all(|(a, b)| self.apart(*a, *b, other, when)))
    }
}

/// The question of how many elements of one collection meet a condition that an atom is.
fn count(cx: &Cx, atom: SymId) -> Option<Count> {
    let Some(SymNode::Call(less, args)) = cx.node(atom) else { return None };
    let (true, [Value::Number(above), Value::Sym(length)]) = (*less == LESS, &*args) else { return None };
    let Some(SymNode::Call(func, of)) = cx.node(*length) else { return None };
    let (true, [Value::Coll(coll)]) = (*func == LENGTH, &*of) else { return None };
    let ([part], Some(above @ 0..=1)) = (coll.parts.as_slice(), above.to_i64()) else { return None };
    let [over] = part.generators.as_slice() else { return None };
    Some(Count { asked: cx.atom(atom), above, over: *over, meets: part.guard })
}

/// Whether a condition says which constant or other input a leaf of an element is, so that two elements for which it holds may
/// be one value: `for_each = { for k, v in var.users : k => v if v.team == "ops" }`.
pub fn is_fixed(cx: &Cx, leaf: SymId, when: Guard) -> bool {
    if cx.tells_elements_apart(leaf) {
        return false;
    }
    let is_input = |value: &Value| match value {
        Value::Sym(sym) => {
            matches!(cx.node(*sym), Some(SymNode::Leaf(_)))
                && cx.leaf(*sym).is_some_and(|l| l.kind == LeafKind::Input && l.nth.is_none())
        }
        known => known.is_known(),
    };
    let said = comparisons(cx, &[when]).into_iter().filter(|(a, b)| {
        let is = |a: &Value, b: &Value| *a == Value::Sym(leaf) && is_input(b);
        is(a, b) || is(b, a)
    });
    let said = cx.any(said.map(|(a, b)| cx.equal(&a, &b)));
    !said.is_false() && must(cx, cx.or(cx.not(when), said))
}

/// Whether a value differs between any two turns of a loop, given what differs between the turns.
fn tells_apart(cx: &Cx, sym: SymId, elements: &[SymId]) -> bool {
    let only = |args: Vec<Value>| {
        let mut of_elements = args.into_iter().filter(|arg| depends(cx, arg, elements));
        match (of_elements.next(), of_elements.next()) {
            (Some(Value::Sym(of)), None) => tells_apart(cx, of, elements),
            _ => false,
        }
    };
    match cx.node(sym) {
        Some(SymNode::Concat(pieces)) => only(pieces.iter().map(Value::from).collect()),
        Some(SymNode::Call(func, args)) if func.one_to_one => only(args.to_vec()),
        _ => elements.contains(&sym) && cx.tells_elements_apart(sym),
    }
}

/// Whether a product or power of the index of an element, which is never below 0, is another one for each.
fn grows(cx: &Cx, product: bool, args: &[Value]) -> bool {
    match args {
        [of, Value::Number(n)] | [Value::Number(n), of] => {
            n.is_whole() && **n > Num::from_i64(1) && is_index(cx, of)
        }
        [a, b] => product && a == b && is_index(cx, a),
        _ => false,
    }
}

/// How much more than the index of an element a number is.
fn index_and_more(cx: &Cx, value: &Value, elements: &[SymId]) -> Option<Value> {
    let is_own =
        |value: &Value| is_index(cx, value) && matches!(value, Value::Sym(sym) if elements.contains(sym));
    if is_own(value) {
        return Some(Value::from(0));
    }
    let Value::Sym(sym) = value else { return None };
    match &*cx.args_of(*sym, &ADD)? {
        [a, b @ Value::Number(_)] | [b @ Value::Number(_), a] if is_own(a) => Some(b.clone()),
        _ => None,
    }
}

fn of(cx: &Cx, element: SymId) -> Option<SymId> {
    cx.leaf(element).and_then(|leaf| leaf.of)
}

/// Whether a value depends on any of these elements, or on an element of a collection that does.
pub fn depends(cx: &Cx, value: &Value, over: &[SymId]) -> bool {
    cx.leaves(value).iter().any(|&leaf| {
        over.iter().any(|&o| o == leaf || cx.is_below(leaf, o))
            || of(cx, leaf).is_some_and(|of| depends(cx, &Value::Sym(of), over))
    })
}
