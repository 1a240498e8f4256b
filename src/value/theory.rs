//! What open atoms mean to each other: the laws that hold between predicates that a question could not decide.
//!
//! Answers: which of two or three open atoms cannot hold together, and which one follows from others? Equality is
//! transitive and leads to one constant only, "less" is a strict order, and a text has one beginning and one end. Every
//! law is met where none of its atoms hold, so that what is refused (and is none of them) breaks none.

use super::compare::{EQ, LESS};
use super::symbol::{SymId, SymNode};
use super::{Cx, Value};

/// The names of predicates about a part of a text, which a front end's language gives them.
const STARTS: &str = "startswith";
const ENDS: &str = "endswith";
const HOLDS: &str = "strcontains";

/// How many atoms are compared with each other, and how many as links of chains: more laws than that cost a question
/// more than they decide.
const MOST: usize = 48;
const CHAINED: usize = 24;

/// An open atom as far as the laws know it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fact {
    Equal(Value, Value),
    Less(Value, Value),
    Text(&'static str, Value, String),
}

/// Where all of `when` hold (by their places in the list of atoms), `then` holds; `None`: they do not hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Law {
    /// The atoms that hold.
    pub when: Vec<usize>,
    /// What follows.
    pub then: Option<usize>,
}

/// The laws between these atoms.
pub fn laws(cx: &Cx, atoms: &[SymId]) -> Vec<Law> {
    let facts: Vec<(usize, Fact)> =
        atoms.iter().enumerate().filter_map(|(i, &a)| Some((i, fact(cx, a)?))).take(MOST).collect();
    let mut out = Vec::new();
    for (n, (i, a)) in facts.iter().enumerate() {
        for (j, b) in facts.iter().skip(n + 1) {
            if apart(a, b) {
                out.push(Law { when: vec![*i, *j], then: None });
            }
            if implies(a, b) {
                out.push(Law { when: vec![*i], then: Some(*j) });
            }
            if implies(b, a) {
                out.push(Law { when: vec![*j], then: Some(*i) });
            }
        }
    }
    for (i, a) in facts.iter().take(CHAINED) {
        for (j, b) in facts.iter().take(CHAINED) {
            let Some(follows) = (i != j).then(|| chained(a, b)).flatten() else { continue };
            match facts.iter().find(|(_, f)| *f == follows) {
                Some((k, _)) if k != i && k != j => out.push(Law { when: vec![*i, *j], then: Some(*k) }),
                Some(_) => {}
                None if never(&follows) => out.push(Law { when: vec![*i, *j], then: None }),
                None => {}
            }
        }
    }
    out
}

fn fact(cx: &Cx, atom: SymId) -> Option<Fact> {
    let Some(SymNode::Call(func, args)) = cx.node(atom) else { return None };
    let [a, b] = &*args else { return None };
    match (func.name, a, b) {
        (f, Value::Sym(x), Value::Sym(y)) if f == EQ.name => {
            Some(Fact::Equal(Value::Sym(*x.min(y)), Value::Sym(*x.max(y))))
        }
        (f, Value::Sym(_), constant) if f == EQ.name && constant.is_known() => {
            Some(Fact::Equal(a.clone(), constant.clone()))
        }
        (f, _, _) if f == LESS.name => Some(Fact::Less(a.clone(), b.clone())),
        (f, Value::Sym(_), Value::String(text)) => {
            let name = [STARTS, ENDS, HOLDS].into_iter().find(|n| *n == f)?;
            Some(Fact::Text(name, a.clone(), text.to_string()))
        }
        _ => None,
    }
}

/// Whether two facts cannot both hold.
fn apart(a: &Fact, b: &Fact) -> bool {
    match (a, b) {
        (Fact::Equal(x, c), Fact::Equal(y, d)) => x == y && c != d && c.is_known() && d.is_known(),
        (Fact::Less(x, y), Fact::Less(z, w)) => {
            // `x < y` and `z < x`, where what is between the two is nothing.
            (x == w && not_above(y, z)) || (z == y && not_above(w, x))
        }
        (Fact::Equal(x, c), Fact::Less(y, z)) | (Fact::Less(y, z), Fact::Equal(x, c)) => {
            let below = |p: &Value, q: &Value| (p == y && not_above(z, q)) || (p == z && not_above(q, y));
            below(x, c) || below(c, x)
        }
        (Fact::Text(f, x, p), Fact::Text(g, y, q)) => {
            x == y
                && f == g
                && match *f {
                    STARTS => !p.starts_with(q.as_str()) && !q.starts_with(p.as_str()),
                    ENDS => !p.ends_with(q.as_str()) && !q.ends_with(p.as_str()),
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Whether `b` holds wherever `a` does.
fn implies(a: &Fact, b: &Fact) -> bool {
    match (a, b) {
        (Fact::Less(x, y), Fact::Less(z, w)) => (x == z && not_above(y, w)) || (y == w && not_above(z, x)),
        (Fact::Equal(x, Value::Number(c)), Fact::Less(y, z)) => match (y, z) {
            (y, Value::Number(n)) if y == x => c < n,
            (Value::Number(n), z) if z == x => n < c,
            _ => false,
        },
        (Fact::Text(f, x, p), Fact::Text(g, y, q)) => {
            x == y
                && match *g {
                    STARTS => *f == STARTS && p.starts_with(q.as_str()),
                    ENDS => *f == ENDS && p.ends_with(q.as_str()),
                    _ => p.contains(q.as_str()),
                }
        }
        _ => false,
    }
}

/// What two facts that share a value give of the other two.
fn chained(a: &Fact, b: &Fact) -> Option<Fact> {
    match (a, b) {
        (Fact::Less(x, y), Fact::Less(z, w)) if y == z => Some(Fact::Less(x.clone(), w.clone())),
        (Fact::Equal(x, y), Fact::Equal(z, w)) => {
            let (p, q) = match () {
                () if x == z => (y, w),
                () if y == w => (x, z),
                () if y == z => (x, w),
                () => return None,
            };
            match (p, q) {
                (Value::Sym(m), Value::Sym(n)) => {
                    Some(Fact::Equal(Value::Sym(*m.min(n)), Value::Sym(*m.max(n))))
                }
                (Value::Sym(_), _) => Some(Fact::Equal(p.clone(), q.clone())),
                (_, Value::Sym(_)) => Some(Fact::Equal(q.clone(), p.clone())),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a fact holds of nothing.
fn never(fact: &Fact) -> bool {
    matches!(fact, Fact::Less(x, y) if not_above(y, x))
}

/// Whether `a <= b` for certain: the same value, or numbers in that order.
fn not_above(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(m), Value::Number(n)) => m <= n,
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::symbol::{Leaf, LeafKind};
    use crate::value::types::Ty;
    use crate::value::{Func, Guard};

    static STARTS_WITH: Func = Func::known(STARTS, Ty::Bool, |_, _| Value::FALSE);
    static ENDS_WITH: Func = Func::known(ENDS, Ty::Bool, |_, _| Value::FALSE);

    fn input(cx: &Cx, name: &str, ty: Ty) -> Value {
        cx.leaf_value(Leaf::new(name, ty, LeafKind::Input))
    }

    fn between(cx: &Cx, guards: &[Guard]) -> Vec<(Vec<usize>, Option<usize>)> {
        let atoms: Vec<SymId> = guards.iter().flat_map(|&g| cx.atoms(&[g])).collect();
        assert_eq!(atoms.len(), guards.len());
        laws(cx, &atoms).into_iter().map(|l| (l.when, l.then)).collect()
    }

    #[test]
    fn one_value_is_not_two_constants() {
        let cx = Cx::new();
        let (x, y) = (input(&cx, "x", Ty::String), input(&cx, "y", Ty::String));
        let is = |v: &Value, text: &str| cx.equal(v, &Value::from(text));
        assert_eq!(between(&cx, &[is(&x, "a"), is(&x, "b")]), [(vec![0, 1], None)]);
        assert_eq!(between(&cx, &[is(&x, "a"), is(&y, "b")]), []);
    }

    #[test]
    fn less_is_a_strict_order() {
        let cx = Cx::new();
        let [a, b, c] = ["a", "b", "c"].map(|n| input(&cx, n, Ty::Number));
        let less = |x: &Value, y: &Value| cx.truth(&cx.less(x, y));
        let number = |n: i64| Value::from(n);
        let both_never = |x: Guard, y: Guard| between(&cx, &[x, y]).contains(&(vec![0, 1], None));
        assert!(both_never(less(&a, &b), less(&b, &a)));
        assert!(both_never(less(&a, &b), cx.equal(&a, &b)));
        assert!(both_never(less(&a, &number(2)), less(&number(3), &a)));
        assert!(!both_never(less(&a, &number(3)), less(&number(2), &a)));
        assert!(both_never(cx.equal(&a, &number(2)), less(&a, &number(2))));
        assert_eq!(between(&cx, &[less(&a, &b), less(&b, &c), less(&a, &c)]), [(vec![0, 1], Some(2))]);
        assert_eq!(between(&cx, &[less(&a, &number(2)), less(&a, &number(3))]), [(vec![0], Some(1))]);
        assert_eq!(between(&cx, &[cx.equal(&a, &number(2)), less(&a, &number(3))]), [(vec![0], Some(1))]);
    }

    #[test]
    fn a_text_has_one_beginning_and_one_end() {
        let cx = Cx::new();
        let x = input(&cx, "x", Ty::String);
        let part = |func: &'static Func, text: &str| cx.predicate(func, &[x.clone(), Value::from(text)]);
        let (ab, ac, a) = (part(&STARTS_WITH, "ab"), part(&STARTS_WITH, "ac"), part(&STARTS_WITH, "a"));
        assert_eq!(between(&cx, &[ab, ac]), [(vec![0, 1], None)]);
        assert_eq!(between(&cx, &[ab, a]), [(vec![0], Some(1))]);
        assert_eq!(between(&cx, &[part(&ENDS_WITH, "ab"), part(&ENDS_WITH, "cb")]), [(vec![0, 1], None)]);
        assert_eq!(between(&cx, &[ab, part(&ENDS_WITH, "cd")]), []);
    }
}
