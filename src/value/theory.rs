//! What open predicates about parts of texts mean to each other: a text has one beginning and one end.
//!
//! `startswith(x, "ab")` implies `startswith(x, "a")` and excludes `startswith(x, "b")`. All of these are
//! implications from one atom that holds: an assignment where every atom is false satisfies them, as it must where the
//! comparison itself is refused. That one thing is not two values, and how
//! unknown values compare, is no business of this file: see [`super::undecided`].

use super::func::Within;
use super::subst::REFUSED;
use super::symbol::{SymId, SymNode};
use super::{Cx, Num, Value};

/// An open atom: which predicate, of what, and with which part.
type Fact = (Within, SymId, String);

/// What follows where an atom holds (by its place in the list of atoms).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Law {
    /// The atom that holds.
    pub when: usize,
    /// What follows.
    pub then: Then,
}

/// What follows from an atom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// This atom holds.
    Holds(usize),
    /// This atom does not hold.
    Fails(usize),
}

/// The laws between these atoms.
pub(super) fn laws(cx: &Cx, atoms: &[SymId]) -> Vec<Law> {
    let facts: Vec<(usize, Fact)> =
        atoms.iter().enumerate().filter_map(|(i, &a)| Some((i, fact(cx, a)?))).collect();
    let mut out = Vec::new();
    for (n, (i, a)) in facts.iter().enumerate() {
        for (j, b) in facts.iter().skip(n + 1).filter(|(_, b)| a.1 == b.1) {
            if apart(a, b) {
                out.push(Law { when: *i, then: Then::Fails(*j) });
            }
            if implies(a, b) {
                out.push(Law { when: *i, then: Then::Holds(*j) });
            }
            if implies(b, a) {
                out.push(Law { when: *j, then: Then::Holds(*i) });
            }
        }
    }
    for (when, (within, of, part)) in &facts {
        for (then, atom) in atoms.iter().enumerate() {
            if is_refused_with(cx, *atom, (*within, *of, part)) {
                out.push(Law { when: *when, then: Then::Holds(then) });
            }
        }
    }
    out
}

/// Whether an atom says that a call is refused which refuses each text that has this part.
fn is_refused_with(cx: &Cx, atom: SymId, (within, of, part): (Within, SymId, &str)) -> bool {
    let Some(refused) = cx.args_of(atom, &REFUSED) else { return false };
    let [Value::Sym(call)] = &*refused else { return false };
    let Some(SymNode::Call(func, args)) = cx.node(*call) else { return false };
    args.last() == Some(&Value::Sym(of)) && func.refuses_with.is_some_and(|with| with(&args, within, part))
}

/// The text that an atom says to hold another one, and that.
pub(super) fn held(cx: &Cx, atom: SymId) -> Option<(SymId, String)> {
    let (within, of, part) = fact(cx, atom)?;
    (within == Within::Holds).then_some((of, part))
}

/// How many letters a text has at least that begins as one atom says and ends as another does, and that text.
pub(super) fn letters_of_both(cx: &Cx, begins: SymId, ends: SymId) -> Option<(SymId, Num)> {
    let (Within::Begins, of, first) = fact(cx, begins)? else { return None };
    let (Within::Ends, other, last) = fact(cx, ends)? else { return None };
    if of != other || !first.is_ascii() || !last.is_ascii() {
        return None;
    }
    // The end may begin within the beginning.
    let from = (0..=first.len()).find(|from| last.starts_with(first.get(*from..).unwrap_or_default()))?;
    Some((of, Num::from_usize(first.len().max(from + last.len()))))
}

fn fact(cx: &Cx, atom: SymId) -> Option<Fact> {
    let Some(SymNode::Call(func, args)) = cx.node(atom) else { return None };
    let [Value::Sym(of), Value::String(part)] = &*args else { return None };
    Some((func.within?, *of, part.to_string()))
}

/// The text that an atom says to have a part, and how many letters that has.
pub(super) fn letters(cx: &Cx, atom: SymId) -> Option<(SymId, Num)> {
    let (_, of, part) = fact(cx, atom).filter(|(_, _, part)| part.is_ascii())?;
    Some((of, Num::from_usize(part.len())))
}

/// Whether two facts about one text cannot both hold.
fn apart((f, _, p): &Fact, (g, _, q): &Fact) -> bool {
    match (*f, *g) {
        (Within::Begins, Within::Begins) => !p.starts_with(q.as_str()) && !q.starts_with(p.as_str()),
        (Within::Ends, Within::Ends) => !p.ends_with(q.as_str()) && !q.ends_with(p.as_str()),
        _ => false,
    }
}

/// Whether `b` holds wherever `a` does.
fn implies((f, _, p): &Fact, (g, _, q): &Fact) -> bool {
    match *g {
        Within::Begins => *f == Within::Begins && p.starts_with(q.as_str()),
        Within::Ends => *f == Within::Ends && p.ends_with(q.as_str()),
        Within::Holds => p.contains(q.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::ask::Ask;
    use super::*;
    use crate::value::symbol::{Leaf, LeafKind};
    use crate::value::types::Ty;
    use crate::value::{Func, Guard};

    const fn about(name: &'static str, within: Within) -> Func {
        let mut func = Func::known(name, Ty::Bool, |_, _, _| Value::FALSE);
        func.within = Some(within);
        func
    }

    static STARTS_WITH: Func = about("starts with (test)", Within::Begins);
    static ENDS_WITH: Func = about("ends with (test)", Within::Ends);
    /// A calculation of which nothing is known.
    static UNKNOWN: Func =
        Func::known("unknown", Ty::Dynamic, |_, _, args| args.first().cloned().unwrap_or(Value::Null));

    fn input(cx: &Cx, name: &str, ty: Ty) -> Value {
        cx.leaf_value(Leaf::new(name, ty, LeafKind::Input))
    }

    /// Whether all of these can hold at once.
    fn can(cx: &Cx, guards: &[Guard]) -> bool {
        let all = cx.all(guards.iter().copied());
        let mut ask = Ask::new(cx, guards).unwrap();
        let can = ask.can_hold(all).unwrap();
        assert_eq!(ask.spent(), None);
        can
    }

    #[test]
    fn one_value_is_not_two_constants() {
        let cx = Cx::new();
        let (x, y) = (input(&cx, "x", Ty::String), input(&cx, "y", Ty::String));
        let is = |v: &Value, text: &str| cx.equal(v, &Value::from(text));
        for of in
            [|_: &Cx, v: &Value| v.clone(), |cx: &Cx, v: &Value| cx.call(&UNKNOWN, std::slice::from_ref(v))]
        {
            let (x, y) = (of(&cx, &x), of(&cx, &y));
            assert!(!can(&cx, &[is(&x, "a"), is(&x, "b")]));
            assert!(can(&cx, &[is(&x, "a"), is(&y, "b")]));
            assert!(!can(&cx, &[is(&x, "a"), is(&y, "b"), cx.equal(&x, &y)]));
            assert!(!can(&cx, &[is(&x, "a"), is(&y, "a"), cx.not(cx.equal(&x, &y))]));
        }
    }

    #[test]
    fn equality_is_transitive_however_many_there_are() {
        let cx = Cx::new();
        for ty in [Ty::String, Ty::Number] {
            let all: Vec<Value> = (0..6).map(|i| input(&cx, &format!("{ty:?} {i}"), ty.clone())).collect();
            let mut chain: Vec<Guard> = all.windows(2).map(|two| cx.equal(&two[0], &two[1])).collect();
            let ends = cx.equal(&all[0], &all[5]);
            chain.push(cx.not(ends));
            assert!(!can(&cx, &chain), "{ty:?}");
            chain.remove(2);
            assert!(can(&cx, &chain), "{ty:?}");
        }
    }

    #[test]
    fn less_is_a_strict_order() {
        let cx = Cx::new();
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|n| input(&cx, n, Ty::Number));
        let less = |x: &Value, y: &Value| cx.truth(&cx.less(x, y));
        let number = |n: i64| Value::from(n);
        assert!(!can(&cx, &[less(&a, &b), less(&b, &a)]));
        assert!(!can(&cx, &[less(&a, &b), cx.equal(&a, &b)]));
        assert!(!can(&cx, &[less(&a, &b), less(&b, &c), less(&c, &a)]));
        assert!(!can(&cx, &[less(&a, &b), less(&b, &c), less(&c, &d), less(&d, &a)]));
        assert!(!can(&cx, &[less(&a, &b), cx.equal(&b, &c), less(&c, &d), cx.equal(&a, &d)]));
        assert!(can(&cx, &[less(&a, &b), less(&b, &c), less(&a, &c)]));
        assert!(!can(&cx, &[less(&a, &b), less(&b, &number(3)), less(&number(5), &a)]));
        assert!(can(&cx, &[less(&a, &b), less(&b, &number(5)), less(&number(3), &a)]));
        assert!(!can(&cx, &[cx.equal(&a, &number(2)), less(&a, &number(2))]));
    }

    #[test]
    fn a_text_has_one_beginning_and_one_end() {
        let cx = Cx::new();
        let x = input(&cx, "x", Ty::String);
        let part = |func: &'static Func, text: &str| cx.predicate(func, &[x.clone(), Value::from(text)]);
        let (ab, ac, a) = (part(&STARTS_WITH, "ab"), part(&STARTS_WITH, "ac"), part(&STARTS_WITH, "a"));
        let laws = |guards: &[Guard]| {
            let atoms: Vec<SymId> = guards.iter().flat_map(|&g| cx.atoms(&[g])).collect();
            laws(&cx, &atoms).into_iter().map(|l| (l.when, l.then)).collect::<Vec<_>>()
        };
        assert_eq!(laws(&[ab, ac]), [(0, Then::Fails(1))]);
        assert_eq!(laws(&[ab, a]), [(0, Then::Holds(1))]);
        assert_eq!(laws(&[part(&ENDS_WITH, "ab"), part(&ENDS_WITH, "cb")]), [(0, Then::Fails(1))]);
        assert_eq!(laws(&[ab, part(&ENDS_WITH, "cd")]), []);
    }

    #[test]
    fn a_beginning_and_an_end_share_what_they_can() {
        let cx = Cx::new();
        let x = input(&cx, "x", Ty::String);
        let atom = |func: &'static Func, text: &str| {
            let guard = cx.predicate(func, &[x.clone(), Value::from(text)]);
            cx.atoms(&[guard])[0]
        };
        for (begins, ends, letters) in [
            ("ab", "cd", 4),
            ("ab", "bc", 3),
            ("ab", "ab", 2),
            ("ab", "b", 2),
            ("a", "ba", 3),
            ("ab", "abc", 3),
            ("abab", "ab", 4),
        ] {
            let both = letters_of_both(&cx, atom(&STARTS_WITH, begins), atom(&ENDS_WITH, ends));
            assert_eq!(both.map(|(_, n)| n), Some(Num::from_i64(letters)), "{begins} {ends}");
        }
    }

    #[test]
    fn one_text_is_not_two_that_differ() {
        let cx = Cx::new();
        let [p, q, n] = ["p", "q", "n"].map(|name| input(&cx, name, Ty::String));
        let mut listed = Leaf::new("listed", Ty::String, LeafKind::Input);
        listed.closed = Some(["a", "b"].map(Value::from).to_vec());
        let listed = cx.leaf_value(listed);
        let is =
            |a: &str, part: &Value, b: &str| cx.equal(&q, &cx.concat(&[a.into(), part.clone(), b.into()]));
        assert!(!can(&cx, &[is("x-", &p, ""), is("y-", &n, "")]));
        assert!(!can(&cx, &[is("", &p, "-x"), is("", &n, "-y")]));
        assert!(can(&cx, &[is("x-", &p, ""), is("x-", &n, "")]));
        assert!(can(&cx, &[is("x-", &p, ""), is("", &n, "-y")]));
        // What is longer than a text is another one.
        assert!(is("", &q, "x").is_false() && is("x", &q, "x").is_false());
        assert!(!can(&cx, &[cx.equal(&p, &q), is("", &p, "x")]));
        assert!(can(&cx, &[cx.equal(&n, &q), is("", &p, "x")]));
        // Of listed values each makes another text.
        assert!(!can(&cx, &[is("x-", &listed, ""), is("y-", &listed, "")]));
        assert!(can(&cx, &[is("x-", &listed, ""), cx.equal(&q, &"x-b".into())]));
        assert!(!can(&cx, &[is("x-", &listed, ""), cx.equal(&q, &"x-c".into())]));
    }

    #[test]
    fn what_is_made_of_equal_things_is_equal() {
        let cx = Cx::new();
        let [a, b, c] = ["a", "b", "c"].map(|n| input(&cx, n, Ty::String));
        let of = |v: &Value| cx.call(&UNKNOWN, std::slice::from_ref(v));
        let starts = |v: &Value| cx.predicate(&STARTS_WITH, &[v.clone(), "x".into()]);
        let apart = cx.not(cx.equal(&of(&a), &of(&c)));
        let equal = [cx.equal(&a, &b), cx.equal(&b, &c)];
        assert!(!can(&cx, &[equal[0], equal[1], apart]));
        assert!(can(&cx, &[equal[0], apart]));
        let deep = cx.not(cx.equal(&of(&of(&a)), &of(&of(&b))));
        assert!(!can(&cx, &[equal[0], deep]));
        assert!(!can(&cx, &[equal[0], starts(&a), cx.not(starts(&b))]));
        assert!(can(&cx, &[equal[1], starts(&a), cx.not(starts(&b))]));
        // One text that begins alike ends alike.
        let text = |x: &Value, y: &Value| cx.concat(&[x.clone(), "-".into(), y.clone()]);
        let d = input(&cx, "d", Ty::String);
        let same = cx.equal(&text(&a, &b), &text(&c, &d));
        assert!(!can(&cx, &[same, cx.equal(&a, &c), cx.not(cx.equal(&b, &d))]));
        assert!(can(&cx, &[same, cx.not(cx.equal(&b, &d))]));
    }

    #[test]
    fn a_number_is_less_equal_or_greater() {
        let cx = Cx::new();
        let [a, b] = ["a", "b"].map(|n| input(&cx, n, Ty::Number));
        let neither = [cx.less(&a, &b), cx.less(&b, &a)].map(|l| cx.not(cx.truth(&l)));
        let apart = cx.not(cx.equal(&a, &b));
        assert!(!can(&cx, &[neither[0], neither[1], apart]));
        assert!(can(&cx, &[neither[0], apart]));
    }
}
