//! What free collections of up to three elements say.
//!
//! ```hcl
//! resource "aws_iam_access_key" "k" {
//!   for_each = { for p in setproduct(var.xs, var.xs) : "${p[0]}/${p[1]}" => p[0] }
//!   user     = each.value
//! }
//! ```
//!
//! "Each element of `var.xs`" does not say which of two loops over it is meant. So a unit with keys over free collections
//! is resolved once more, with each of these as three elements of which the first `length(var.xs)` are there. What is
//! found then is found; and what is not, where nothing asks for more elements, is no finding.

use std::collections::{BTreeSet, HashMap};

use super::allowed;
use super::describe::{any_instance, instance_keys};
use super::distinct::Identified;
use super::enough;
use super::finding::Level;
use super::findings;
use super::prove::{Allowed, can_be, length_of};
use crate::key::{AccessKey, Mode, Resolved};
use crate::problem::{Place, Problem, ProblemKind};
use crate::value::ask::{Ask, Named, Setting};
use crate::value::compare::{EQ, LESS};
use crate::value::limits::SIZE;
use crate::value::ops::MUL;
use crate::value::order::order;
use crate::value::sizes::Sizes;
use crate::value::symbol::{Piece, SymNode};
use crate::value::{Cx, Guard, LeafKind, Nth, Num, SymId, Ty, Value};

/// Whether filling in free collections may say more of a unit: of keys that are repeated, or whose users a function makes of
/// all elements (`[for x in var.xs : var.user][0]`), or are elements (`var.names[0]` beside `one(var.names)`); or of what is not
/// there, which tells nothing: of "each element" none is another one than itself.
pub fn is_worth_filling(resolved: &Resolved) -> bool {
    let (cx, keys) = (&resolved.cx, &resolved.keys);
    let repeated = |key: &AccessKey| !key.times.loops.is_empty();
    let made = |key: &AccessKey| {
        let values = [&key.user, &key.status, &Value::Bool(key.times.exists)];
        values.into_iter().any(|value| enough::is_made_of_each(cx, value))
    };
    let told = |key: &AccessKey| enough::is_of_collections(cx, &key.user);
    let elements = |key: &AccessKey| enough::is_of_elements(cx, &key.user);
    let many = || resolved.emptied || keys.iter().any(|key| repeated(key) || made(key));
    let several =
        || keys.len() > 1 && keys.iter().any(elements) || keys.iter().filter(|k| told(k)).count() > 1;
    resolved.fillable && !is_past_limit(resolved) && (keys.is_empty() || many() || several())
}

/// How many elements are filled in: a few, and as many as what is asked of collections takes. What is said where a key asks
/// for more than may be.
pub fn sizes(resolved: &Resolved) -> (Sizes, Option<Problem>) {
    let (sizes, asking) = asking(resolved);
    let past = asking.first().map(|key| Place::At(key.location));
    (sizes, past.map(|place| Problem::new(ProblemKind::TooManyElements, place, SIZE.says)))
}

/// How many elements are filled in, and the keys that ask for more than may be.
fn asking(resolved: &Resolved) -> (Sizes, Vec<&AccessKey>) {
    let cx = &resolved.cx;
    let (sizes, large) = cx.sizes_asked(Sizes::up_to(Mode::FILLED));
    if large.is_empty() {
        return (sizes, Vec::new());
    }
    let large: Vec<Value> = large.into_iter().map(|n| Num::from_usize(n).into()).collect();
    let asks = |key: &AccessKey| {
        let about = Value::tuple([key.user.clone(), key.status.clone(), Value::Bool(key.times.exists)]);
        let mut named = cx.constants_of(&about);
        cx.each_symbol(&about, &mut |sym| {
            if let Some(SymNode::Path(_, index, _)) = cx.node(sym) {
                named.extend(index.parse::<i64>().map(Value::from));
            }
        });
        large.iter().any(|n| named.contains(n))
    };
    (sizes, resolved.keys.iter().filter(|key| asks(key)).collect())
}

/// Whether each key that asks for more elements than may be is one of a finding that inputs are known to lead to, and its
/// user is no other for other elements: then more elements lead to no other finding.
fn is_proved(resolved: &Resolved, found: &[Identified]) -> bool {
    let proved = |key: &&AccessKey| {
        let own = |f: &&Identified| f.finding.when.is_some() && f.keys.contains(&key.address);
        resolved.cx.leaves(&key.user).is_empty() && found.iter().any(|f| own(&f))
    };
    asking(resolved).1.iter().all(proved)
}

/// Whether not everything of a unit could be followed.
pub fn is_past_limit(resolved: &Resolved) -> bool {
    resolved.cx.overflowed() || budget(resolved).next().is_some()
}

/// What could not be followed of a unit.
pub fn budget(resolved: &Resolved) -> impl Iterator<Item = Problem> {
    use ProblemKind::{Budget, TooManyElements, UnknownPastLimit};
    let is_budget = |p: &&Problem| matches!(p.kind, Budget | TooManyElements | UnknownPastLimit);
    resolved.problems.iter().filter(is_budget).cloned()
}

/// Adds what only the unit with its collections filled in shows, and takes away what that refutes. Gives what is to be said
/// where filling in met a limit.
pub(super) fn settle(
    supplied: &Resolved,
    allowed: &Allowed,
    found: &mut Vec<Identified>,
    filled: &mut Resolved,
) -> Vec<Problem> {
    let past = is_past_limit(filled);
    let every = filled.filled.map_or(0, Sizes::every);
    let asks_for_more = |f: &Identified| f.takes[0] > every;
    filled.fill_opened();
    called_as_in(supplied, filled);
    let (possible, _) = allowed::allowed(filled, &allowed::refused(filled), None);
    let more = filled.cx.any(filled.few.clone());
    // What the deployment refuses is not to be asked of more elements.
    if !can_be(&filled.cx, more, &possible) {
        filled.few.clear();
    }
    let few = filled.cx.not(filled.cx.any(filled.few.clone()));
    let mut there = shown(filled, &possible, few);
    // What is so of few, and asks for more, is not certain.
    let any_type = filled.cx.may_have_keys(few) || !filled.cx.filled_with_others().is_empty();
    let is_small = |f: &Identified| f.finding.level == Level::Certain && (asks_for_more(f) || any_type);
    if !few.is_true() && there.iter().any(is_small) {
        let Resolved { cx, keys, refusals, .. } = &mut *filled;
        keys.iter_mut().for_each(|key| key.times = key.times.only(cx, few));
        refusals.iter_mut().for_each(|refused| refused.when = cx.and(refused.when, few));
        let demoted: Vec<_> = there.extract_if(.., |f| is_small(f)).map(|f| f.keys).collect();
        let (possible, _) = allowed::allowed(filled, &allowed::refused(filled), None);
        there.extend(shown(filled, &possible, Guard::TRUE).into_iter().filter(|f| demoted.contains(&f.keys)));
    }
    let product = |key: &AccessKey| has_open_product(&supplied.cx, &key.user);
    if !past && is_exact(filled) && !supplied.keys.iter().any(product) {
        let more = |f: &Identified| asks_for_more(f) && !enough::are_few(&supplied.cx, allowed, f.question);
        // What holds for all of few elements holds for all, where no more are asked for.
        let all = |f: &Identified| f.takes[1] <= every || enough::are_few(&supplied.cx, allowed, f.question);
        let may_rise = |f: &Identified| f.finding.level == Level::Possible && all(f);
        // A single element may have keys beside those that each has.
        let raises = |t: &Identified, f: &Identified| is_one(t, f) || f.keys.is_subset(&t.keys);
        let rises = |t: &Identified| found.iter().any(|f| may_rise(f) && raises(t, f));
        let raised: Vec<Identified> =
            there.extract_if(.., |t| t.finding.level == Level::Certain && rises(t)).collect();
        found.retain(|f| !raised.iter().any(|t| raises(t, f)));
        found.extend(raised);
        let shown = |f: &Identified| there.iter().any(|t| !t.keys.is_disjoint(&f.keys));
        let asks = |f: &Identified| enough::compares_elements(&supplied.cx, f.question);
        found.retain(|f| f.finding.level == Level::Certain || more(f) || asks(f) || shown(f));
    }
    // A witness that filling in shows not to be one makes way for one that is; one that nothing shows to be enough is none.
    for f in found.iter_mut().filter(|f| f.finding.level == Level::Possible) {
        let same: Vec<&Identified> = there.iter().filter(|t| is_one(t, f)).collect();
        let names = |t: &&&Identified| t.finding.when.as_ref().is_some_and(|when| !when.is_empty());
        let least = same.iter().filter(names).min_by_key(|t| t.finding.when.as_ref().map(Vec::len));
        match (&f.finding.when, least) {
            // What is not told of all elements may be told of few.
            (None, Some(few)) => {
                f.finding.when.clone_from(&few.finding.when);
                f.finding.notes.clone_from(&few.finding.notes);
                continue;
            }
            (None, None) => continue,
            // An element that needs not be named makes way for how many there are.
            (Some(when), Some(few))
                if f.settings.iter().any(|s| is_of_element(&supplied.cx, s))
                    && few.finding.when.as_ref().is_some_and(|few| few.len() < when.len()) =>
            {
                f.finding.when.clone_from(&few.finding.when);
                continue;
            }
            _ => {}
        }
        match same.first() {
            Some(first) if !same.iter().any(|t| is_enough(&filled.cx, t, (&supplied.cx, &f.settings))) => {
                f.finding.when = first.finding.when.clone();
            }
            None if asks_for_more(f) && is_guessed(&supplied.cx, f) => f.finding.when = None,
            _ => {}
        }
    }
    for f in there {
        // What a user that switches shares with others is said of each of its names, and one finding is enough of all
        // indexes; with other keys, another name is another user.
        let says = |k: &Identified| {
            let one = f.keys.is_subset(&k.keys) || k.keys.is_subset(&f.keys);
            let names = f.finding.user.told_name().zip(k.finding.user.told_name());
            let apart = names.is_some_and(|(own, other)| !own.eq_ignore_ascii_case(other));
            !(apart && f.keys != k.keys)
                && (one || is_one(&f, k) || f.switches && !f.keys.is_disjoint(&k.keys))
        };
        // Where a limit was met only what inputs lead to is found.
        if !found.iter().any(says) && (f.finding.when.is_some() || !past) {
            found.push(f);
        }
    }
    let mut problems: Vec<Problem> = budget(filled).filter(|_| past).collect();
    let mut sizes = problems.iter_mut().filter(|p| p.kind == ProblemKind::TooManyElements).peekable();
    if sizes.peek().is_some() && is_proved(supplied, found) {
        sizes.for_each(|p| p.kind = ProblemKind::ProvedPastLimit);
    }
    problems
}

/// Calls the keys of a unit that is filled in as those are called in another resolution that stand for each element.
pub fn called_as_in(supplied: &Resolved, filled: &mut Resolved) {
    let known: BTreeSet<&str> = supplied.keys.iter().map(|k| k.address.as_str()).collect();
    let each = Each::of(supplied);
    for key in filled.keys.iter_mut().filter(|key| !known.contains(key.address.as_str())) {
        let covering = each.covering(&key.address).next().map(|each| each.address.clone());
        key.address = covering.unwrap_or_else(|| std::mem::take(&mut key.address));
    }
}

/// The keys of a unit that stand for each element of something, by what any instance of them is called.
struct Each<'a>(HashMap<String, Vec<&'a AccessKey>>);

impl<'a> Each<'a> {
    fn of(resolved: &'a Resolved) -> Self {
        let mut all: HashMap<String, Vec<&AccessKey>> = HashMap::new();
        for key in resolved.keys.iter().filter(|key| !key.times.loops.is_empty()) {
            all.entry(any_instance(&key.address)).or_default().push(key);
        }
        Each(all)
    }

    /// Those of which this is an instance.
    fn covering<'b>(&'b self, address: &'b str) -> impl Iterator<Item = &'a AccessKey> + use<'a, 'b> {
        let all = self.0.get(&any_instance(address)).into_iter().flatten();
        all.filter(|key| is_instance(address, &key.address)).copied()
    }
}

/// Whether an address is that of an instance of what another one stands for.
fn is_instance(address: &str, each: &str) -> bool {
    let (own, theirs) = (instance_keys(address), instance_keys(each));
    own.len() == theirs.len() && own.iter().zip(theirs).all(|(own, key)| key == "*" || *own == key)
}

/// Whether two findings, of two resolutions, are about one user: they have the same keys, or the same user.
fn is_one(f: &Identified, other: &Identified) -> bool {
    f.keys == other.keys || f.identity == other.identity && f.account == other.account
}

/// What a unit with its collections filled in shows where `few` holds. Values are taken for different, and two of them for one
/// only where that alone leads to a violation, or leads to none of a user that no element is.
fn shown(filled: &Resolved, allowed: &Allowed, few: Guard) -> Vec<Identified> {
    let cx = &filled.cx;
    let mut possible = allowed.clone();
    possible.add(cx, few);
    let equal = different(filled, &mut possible);
    let mut apart = possible.clone();
    equal.iter().for_each(|&equal| apart.add(cx, cx.not(equal)));
    let mut there = findings(filled, &apart, None);
    if !equal.is_empty() {
        let is_element = |more: &Identified| {
            let mut own = filled.keys.iter().filter(|key| more.keys.contains(&key.address));
            own.any(|key| !cx.leaves(&key.user).is_empty())
        };
        for more in findings(filled, &possible, None) {
            let told = is_element(&more);
            let unsure =
                |f: &&mut Identified| !told && is_one(f, &more) && f.finding.level > more.finding.level;
            let new = there.iter().all(|t| t.keys.is_disjoint(&more.keys));
            match there.iter_mut().find(unsure) {
                Some(known) => *known = more,
                None if new => there.push(more),
                None => {}
            }
        }
    }
    there
}

/// Whether what a witness, in its context, says of lengths and inputs can lead to two active keys, and must where it says
/// nothing else; and whether it names nothing but inputs and their elements. Nobody sets an index.
fn is_enough(cx: &Cx, found: &Identified, (its, settings): (&Cx, &[Setting])) -> bool {
    let [allowed, two] = found.question;
    let leaves = cx.leaves(&Value::tuple([Value::Bool(allowed), Value::Bool(two)]));
    let length = |setting: &Setting| {
        let named = its.identity(&Value::Sym(length_of(its, setting)?));
        let of = |leaf: &&SymId| cx.leaf(**leaf).filter(|l| l.kind == LeafKind::Length).and_then(|l| l.of);
        let is = |leaf: &&SymId| of(leaf).is_some_and(|of| cx.identity(&Value::Sym(of)) == named);
        leaves.iter().find(is).copied()
    };
    let input = |setting: &Setting| {
        let sym = setting.sym.filter(|sym| its.leaf(*sym).is_some_and(|l| l.kind == LeafKind::Input))?;
        let named = its.identity(&Value::Sym(sym));
        leaves.iter().find(|leaf| cx.identity(&Value::Sym(**leaf)) == named).copied()
    };
    let said = |setting: &Setting| {
        let leaf = Value::Sym(length(setting).or_else(|| input(setting))?);
        Some(match &setting.value {
            Named::Is(value) => cx.equal(&leaf, value),
            Named::Not(values) => cx.not(cx.any(values.iter().map(|value| cx.equal(&leaf, value)))),
        })
    };
    let settings: Vec<&Setting> =
        settings.iter().filter(|s| !s.sym.is_some_and(|sym| is_index(its, sym))).collect();
    let so: Vec<Guard> = settings.iter().filter_map(|s| said(s)).collect();
    let only = so.len() == settings.len();
    let so = cx.all(so.into_iter().chain([allowed]));
    let Ok(mut ask) = Ask::new(cx, &[so, two]) else { return true };
    if only {
        ask.can_hold(so) == Ok(true) && ask.must_hold(so, two) == Ok(true)
    } else {
        !settings.iter().any(|s| is_calculated(its, s)) && ask.can_hold(cx.and(so, two)) != Ok(false)
    }
}

/// Whether a setting is of an arbitrary element, which nobody sets.
fn is_of_element(cx: &Cx, setting: &Setting) -> bool {
    setting.sym.is_some_and(|sym| cx.leaf(sym).is_some_and(|leaf| leaf.is_element()))
}

/// Whether a leaf is the index of an element.
fn is_index(cx: &Cx, leaf: SymId) -> bool {
    cx.leaf(leaf).is_some_and(|leaf| leaf.is_element() && leaf.ty == Ty::Number)
}

/// Whether a witness says how many elements there are of what is asked at an index, or what a calculation gives.
fn is_guessed(cx: &Cx, found: &Identified) -> bool {
    let indexed = || {
        let leaves = cx.leaves(&Value::tuple(found.question.map(Value::Bool)));
        leaves.into_iter().any(|leaf| is_index(cx, leaf))
    };
    found.settings.iter().any(|s| is_calculated(cx, s) || length_of(cx, s).is_some() && indexed())
}

/// Whether a setting is of no input, but of what is calculated: what a call gives, an element or the length of that, or a
/// comparison with it.
fn is_calculated(cx: &Cx, setting: &Setting) -> bool {
    let is_input = |sym: SymId| {
        let counted = |kind: LeafKind| matches!(kind, LeafKind::Length | LeafKind::Unfollowed(_));
        let of_call = cx.element_owner(sym).is_some_and(|of| cx.func_of(of).is_some());
        cx.leaf(sym).is_some_and(|leaf| !counted(leaf.kind)) && cx.taken_of(sym).is_none() && !of_call
    };
    let compares = |sym: SymId| [&EQ, &LESS].into_iter().find_map(|func| cx.args_of(sym, func));
    let is_told = |side: &Value| match side {
        Value::Sym(sym) => is_input(*sym),
        _ => side.is_known(),
    };
    let told = |sym: SymId| is_input(sym) || compares(sym).is_some_and(|sides| sides.iter().all(is_told));
    let length = || length_of(cx, setting).filter(|of| is_input(*of));
    length().is_none() && !setting.sym.is_none_or(told)
}

/// Whether nothing of the keys is left that stands for all elements of something.
fn is_exact(filled: &Resolved) -> bool {
    let cx = &filled.cx;
    let unknown = |leaf: SymId| {
        cx.leaf(leaf).is_none_or(|l| match l.kind {
            LeafKind::Element(_) => cx.nth(leaf).is_none(),
            LeafKind::Length => l.closed.is_none(),
            LeafKind::Unfollowed(_) => true,
            _ => false,
        })
    };
    filled.filled.is_some_and(|sizes| sizes.every() >= Mode::FILLED)
        && !cx.order_assumed.get()
        && !cx.cut_alone.get()
        && filled.few.is_empty()
        && filled.keys.iter().all(|key| {
            let values = [&key.user, &key.status, &key.account.scope, &Value::Bool(key.times.exists)];
            key.times.at_least_two(cx).is_false()
                && is_one_to_one(cx, &key.user)
                && values.iter().all(|v| cx.limit_of(v).is_none() && !cx.leaves(v).into_iter().any(unknown))
        })
}

/// Whether a user is another one for other elements: what a function makes of them may be one name.
fn is_one_to_one(cx: &Cx, user: &Value) -> bool {
    let Value::Sym(sym) = user else {
        return cx.alternatives(user).iter().all(|(_, v)| {
            v.is_known() || matches!(v, Value::Refused(_)) || *v != *user && is_one_to_one(cx, v)
        });
    };
    match cx.node(*sym) {
        Some(SymNode::Concat(pieces)) => pieces.iter().all(|p| match p {
            Piece::Sym(sym) => is_one_to_one(cx, &Value::Sym(*sym)),
            Piece::Text(_) => true,
        }),
        Some(SymNode::Call(func, args)) => {
            (func.one_to_one || *func == MUL && args.iter().any(is_scale))
                && args.iter().all(|a| is_one_to_one(cx, a))
        }
        _ => cx.taken_of(*sym).is_none(),
    }
}

/// Whether a factor is known and not 0: of numbers that are multiplied by it each makes another one.
fn is_scale(factor: &Value) -> bool {
    factor.as_number().is_some_and(|n| n.signum() != 0)
}

/// Whether a value is made of a product that an input makes 0.
fn has_open_product(cx: &Cx, value: &Value) -> bool {
    let mut met = false;
    cx.each_symbol(value, &mut |sym| {
        met |= cx.args_of(sym, &MUL).is_some_and(|args| !args.iter().any(is_scale));
    });
    met
}

/// The equalities that anything asks for.
fn equalities(filled: &Resolved) -> Vec<(SymId, [Value; 2])> {
    let cx = &filled.cx;
    let keys = filled
        .keys
        .iter()
        .flat_map(|k| [k.times.exists, super::group::active(cx, &k.status), user_guard(cx, &k.user)]);
    let guards: Vec<Guard> = keys.chain(filled.refusals.iter().map(|r| r.when)).collect();
    cx.atoms(&guards).into_iter().filter_map(|atom| Some((atom, cx.equality(atom)?))).collect()
}

/// Adds that two elements are not one value, and in their order where that is theirs. Gives when two values of one collection, or
/// the same attribute of two, are one.
pub(super) fn different(filled: &Resolved, allowed: &mut Allowed) -> Vec<Guard> {
    let cx = &filled.cx;
    let equalities = equalities(filled);
    let mut said: Vec<(Nth, Value, Guard)> = Vec::new();
    // Only of those that are there.
    let there = |sym: SymId, nth: &Nth| {
        let (of, last) = (cx.leaf(sym).and_then(|l| l.of), nth.at.last().copied().unwrap_or(0));
        let length = of.map(|of| Value::Sym(cx.length_of(of)));
        length.map_or(Guard::TRUE, |length| cx.truth(&cx.less(&Num::from_usize(last).into(), &length)))
    };
    for (atom, [a, b]) in &equalities {
        for (element, other) in [(a, b), (b, a)] {
            if let Value::Sym(sym) = element
                && let Some(nth) = cx.nth(*sym).filter(|nth| nth.sorted)
            {
                let is = cx.and(cx.atom(*atom), there(*sym, &nth));
                said.push((nth, other.clone(), is));
            }
        }
    }
    for (i, (a, x, first)) in said.iter().enumerate() {
        for (b, y, second) in said.iter().skip(i + 1) {
            let out_of_order = a.sorted && x.is_known() && y.is_known() && a.at.cmp(&b.at) != order(x, y);
            if a.role == b.role && a.at != b.at && (x == y || out_of_order) {
                allowed.add(cx, cx.not(cx.and(*first, *second)));
            }
        }
    }
    let same = |sides: &[Value; 2]| matches!(sides, [Value::Sym(a), Value::Sym(b)] if cx.are_alike(*a, *b));
    let equal = equalities.iter().filter(|(_, sides)| same(sides));
    equal.map(|(atom, _)| cx.atom(*atom)).collect()
}

/// What decides which of several users it is.
fn user_guard(cx: &Cx, user: &Value) -> Guard {
    cx.any(cx.alternatives(user).into_iter().skip(1).map(|(guard, _)| guard))
}
