//! The laws of values, on random expressions: filling in after evaluating equals evaluating what was filled in, and
//! what a query answers holds for every assignment.

use std::collections::HashMap;

use proptest::prelude::*;

use super::ask::{Ask, Named};
use super::*;

#[derive(Clone, Debug)]
enum Expr {
    /// 0 and 1 are strings, 2 and 3 bools, 4 a number, 5 a string with listed values, 6 a string that may be null.
    Leaf(usize),
    Text(&'static str),
    Number(i64),
    Concat(Vec<Expr>),
    Eq(Box<Expr>, Box<Expr>),
    Less(Box<Expr>, Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Rem(Box<Expr>, i64),
    Whole(Box<Expr>),
    Not(Box<Expr>),
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    Tuple(Vec<Expr>),
    Object(Vec<(Expr, Expr)>),
    Set(Vec<Expr>),
    Index(Box<Expr>, Box<Expr>),
    Length(Box<Expr>),
    Upper(Box<Expr>),
    IsA(Box<Expr>),
}

static UPPER: Func = Func::known("upper (test)", Ty::String, |_, _, args| match args {
    [Value::String(text)] => Value::from(text.to_uppercase()),
    _ => Value::refused("text is needed", None),
})
.refusing();

static IS_A: Func = Func::known("is a (test)", Ty::Bool, |_, _, args| match args {
    [Value::String(text)] if text.len() < 2 => Value::from(&**text == "a"),
    _ => Value::refused("short text is needed", None),
})
.refusing();

const TEXTS: [&str; 4] = ["a", "b", "ab", ""];

fn leaf(cx: &Cx, i: usize) -> Value {
    let mut leaf = match i {
        0 | 1 | 5 | 6 => Leaf::new(format!("s{i}"), Ty::String, LeafKind::Input),
        2 | 3 => Leaf::new(format!("b{i}"), Ty::Bool, LeafKind::Input),
        _ => Leaf::new(format!("n{i}"), Ty::Number, LeafKind::Input),
    };
    leaf.closed = (i == 5).then(|| vec!["a".into(), "b".into()]);
    leaf.nullable = i == 6;
    cx.leaf_value(leaf)
}

/// Values to fill in: every constant of the expressions, and some that none has.
fn samples(i: usize) -> Vec<Value> {
    let texts = TEXTS.iter().map(|&t| Value::from(t));
    match i {
        0 | 1 => texts.chain(["zz".into(), "B".into()]).collect(),
        2 | 3 => vec![Value::TRUE, Value::FALSE],
        4 => ["-1", "0", "0.5", "1", "2", "3", "7"]
            .iter()
            .filter_map(|t| Num::parse(t))
            .map(Value::from)
            .collect(),
        5 => vec!["a".into(), "b".into()],
        _ => texts.chain(["zz".into(), Value::Null]).collect(),
    }
}

fn expr() -> impl Strategy<Value = Expr> {
    let base = prop_oneof![
        3 => (0usize..7).prop_map(Expr::Leaf),
        2 => prop::sample::select(&TEXTS[..]).prop_map(Expr::Text),
        1 => (-1i64..4).prop_map(Expr::Number),
    ];
    base.prop_recursive(4, 24, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Concat),
            4 => (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Expr::Eq(a, b)),
            2 => (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Expr::Less(a, b)),
            1 => (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Expr::Add(a, b)),
            1 => (boxed.clone(), 1i64..4).prop_map(|(a, n)| Expr::Rem(a, n)),
            1 => boxed.clone().prop_map(Expr::Whole),
            2 => boxed.clone().prop_map(Expr::Not),
            4 => (boxed.clone(), boxed.clone(), boxed.clone()).prop_map(|(c, a, b)| Expr::If(c, a, b)),
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Tuple),
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Set),
            1 => prop::collection::vec((inner.clone(), inner.clone()), 0..3).prop_map(Expr::Object),
            2 => (boxed.clone(), boxed.clone()).prop_map(|(a, b)| Expr::Index(a, b)),
            1 => boxed.clone().prop_map(Expr::Length),
            1 => boxed.clone().prop_map(Expr::Upper),
            1 => boxed.prop_map(Expr::IsA),
        ]
    })
}

/// Number conversion as a front end does it: anything but a number is refused.
fn number(cx: &Cx, value: &Value) -> Value {
    cx.map(value, |v| match v {
        Value::Number(_) => v.clone(),
        Value::Sym(s) if cx.type_of(*s) == Ty::Number => v.clone(),
        _ => Value::refused("a number is needed", None),
    })
}

fn eval(cx: &Cx, env: &dyn Fn(usize) -> Value, e: &Expr) -> Value {
    let go = |e: &Expr| eval(cx, env, e);
    match e {
        Expr::Leaf(i) => env(*i),
        Expr::Text(text) => Value::from(*text),
        Expr::Number(n) => Value::from(*n),
        Expr::Concat(parts) => cx.concat(&parts.iter().map(go).collect::<Vec<_>>()),
        Expr::Eq(a, b) => cx.eq(&go(a), &go(b)),
        Expr::Less(a, b) => cx.less(&number(cx, &go(a)), &number(cx, &go(b))),
        Expr::Add(a, b) => cx.call(&ops::ADD, &[number(cx, &go(a)), number(cx, &go(b))]),
        Expr::Rem(a, n) => cx.call(&ops::REM, &[number(cx, &go(a)), Value::from(*n)]),
        Expr::Whole(a) => cx.whole(&number(cx, &go(a))),
        Expr::Not(a) => cx.map(&go(a), |v| match v {
            Value::Bool(g) => Value::Bool(cx.not(*g)),
            _ => Value::refused("a bool is needed", None),
        }),
        Expr::If(c, a, b) => cx.map(&go(c), |v| match v {
            Value::Bool(g) => cx.if_else(*g, go(a), go(b)),
            _ => Value::refused("a bool is needed", None),
        }),
        Expr::Tuple(items) => {
            cx.container(CollKind::Tuple, Ty::Dynamic, items.iter().map(|i| Part::item(go(i))).collect())
        }
        Expr::Set(items) => {
            cx.container(CollKind::Set, Ty::Dynamic, items.iter().map(|i| Part::item(go(i))).collect())
        }
        Expr::Object(entries) => {
            let parts = entries.iter().map(|(k, v)| Part::entry(cx.to_text(&go(k)), go(v))).collect();
            cx.container(CollKind::Object, Ty::Dynamic, parts)
        }
        Expr::Index(a, b) => cx.index(&go(a), &go(b)),
        Expr::Length(a) => cx.map(&go(a), |v| match v {
            Value::Coll(_) => cx.length(v),
            _ => Value::refused("this has no length", None),
        }),
        Expr::Upper(a) => cx.call(&UPPER, &[go(a)]),
        Expr::IsA(a) => cx.call(&IS_A, &[go(a)]),
    }
}

/// Equal but for the reasons of refusals.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Refused(_), Value::Refused(_)) => true,
        (Value::Coll(x), Value::Coll(y)) => {
            x.kind == y.kind
                && x.parts.len() == y.parts.len()
                && x.parts
                    .iter()
                    .zip(&y.parts)
                    .all(|(p, q)| alike(&p.key, &q.key) && alike(&p.value, &q.value))
        }
        _ => a == b,
    }
}

fn assignment() -> impl Strategy<Value = Vec<Value>> {
    (0usize..7).map_strategies()
}

trait MapStrategies {
    fn map_strategies(self) -> BoxedStrategy<Vec<Value>>;
}

impl MapStrategies for std::ops::Range<usize> {
    fn map_strategies(self) -> BoxedStrategy<Vec<Value>> {
        self.map(|i| prop::sample::select(samples(i)).boxed()).collect::<Vec<_>>().boxed()
    }
}

fn environment(cx: &Cx, values: &[Value]) -> HashMap<SymId, Value> {
    let mut env = HashMap::new();
    for (i, value) in values.iter().enumerate() {
        leaf(cx, i);
        let name = match i {
            0 | 1 | 5 | 6 => format!("s{i}"),
            2 | 3 => format!("b{i}"),
            _ => format!("n{i}"),
        };
        env.insert(cx.declare(Leaf::new(name, Ty::Dynamic, LeafKind::Input)), value.clone());
    }
    env
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn filling_in_after_evaluating_is_evaluating_after_filling_in(e in expr(), values in assignment()) {
        let cx = Cx::new();
        let unknown = eval(&cx, &|i| leaf(&cx, i), &e);
        let known = eval(&cx, &|i| values[i].clone(), &e);
        let filled = cx.fill(&unknown, &environment(&cx, &values));
        prop_assert!(alike(&filled, &known), "{} filled {} known {}", cx.show(&unknown), cx.show(&filled), cx.show(&known));
    }
}

/// `["a", "a"]["0${s6}"]` is an element where the text is a number.
#[test]
fn what_the_law_found_before() {
    let (cx, values) = (
        Cx::new(),
        vec![
            Value::from("a"),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
            Value::from(""),
        ],
    );
    let text = Expr::Concat(vec![Expr::Number(0), Expr::Leaf(6)]);
    let e = Expr::Index(Box::new(Expr::Tuple(vec![Expr::Leaf(0), Expr::Leaf(0)])), Box::new(text));
    let unknown = eval(&cx, &|i| leaf(&cx, i), &e);
    assert_eq!(cx.fill(&unknown, &environment(&cx, &values)), Value::from("a"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn answers_hold_for_every_assignment(e in expr(), r in expr(), worlds in prop::collection::vec(assignment(), 12)) {
        let cx = Cx::new();
        let holds = cx.truth(&eval(&cx, &|i| leaf(&cx, i), &e));
        let allowed = cx.not(cx.truth(&eval(&cx, &|i| leaf(&cx, i), &r)));
        let mut ask = Ask::new(&cx, &[holds, allowed]).unwrap();
        let both = cx.and(allowed, holds);
        let (can, must) = (ask.can_hold(both).unwrap(), ask.must_hold(allowed, holds).unwrap());
        // A diagram past its limit answers nothing.
        let Ok(witness) = ask.smallest(allowed, holds) else { return Ok(()) };
        prop_assert!(!can || witness.is_some(), "what can hold has a witness");
        for values in &worlds {
            let env = environment(&cx, values);
            let truth = |g| cx.truth(&cx.fill(&Value::Bool(g), &env)).is_true();
            let (h, a) = (truth(holds), truth(allowed));
            prop_assert!(can || !(h && a), "{} can hold at {values:?}", cx.show_guard(both));
            prop_assert!(!must || !a || h, "{} need not hold at {values:?}", cx.show_guard(holds));
            let named = witness.iter().flatten().all(|s| match (&s.value, s.sym) {
                (Named::Is(v), Some(sym)) => &cx.fill(&Value::Sym(sym), &env) == v,
                (Named::Not(vs), Some(sym)) => !vs.contains(&cx.fill(&Value::Sym(sym), &env)),
                _ => false,
            });
            prop_assert!(witness.is_none() || !named || !a || h, "{witness:?} is not enough at {values:?} for {}", cx.show_guard(holds));
        }
    }
}

/// Formulas of comparisons of strings with constants, where every answer is exact.
fn comparison() -> impl Strategy<Value = Expr> {
    let base = prop_oneof![
        (prop::sample::select(&[0usize, 1, 5, 6][..]), prop::sample::select(&TEXTS[..2]))
            .prop_map(|(i, t)| Expr::Eq(Box::new(Expr::Leaf(i)), Box::new(Expr::Text(t)))),
        prop::sample::select(&[2usize, 3][..]).prop_map(Expr::Leaf),
        (-1i64..3).prop_map(|n| Expr::Less(Box::new(Expr::Leaf(4)), Box::new(Expr::Number(n)))),
    ];
    base.prop_recursive(4, 16, 2, |inner| {
        let boxed = inner.prop_map(Box::new);
        prop_oneof![
            boxed.clone().prop_map(Expr::Not),
            (boxed.clone(), boxed.clone(), boxed).prop_map(|(c, a, b)| Expr::If(c, a, b)),
        ]
    })
}

fn worlds() -> Vec<Vec<Value>> {
    let mut out: Vec<Vec<Value>> = vec![Vec::new()];
    for i in 0..7 {
        let options: Vec<Value> = match i {
            0 | 1 => vec!["a".into(), "b".into(), "zz".into()],
            4 => ["-2", "-1.5", "-1", "-0.5", "0", "0.5", "1", "1.5", "2", "9"]
                .iter()
                .filter_map(|t| Num::parse(t))
                .map(Value::from)
                .collect(),
            6 => vec!["a".into(), "b".into(), "zz".into(), Value::Null],
            _ => samples(i),
        };
        out = out
            .iter()
            .flat_map(|w| options.iter().map(move |o| w.iter().cloned().chain([o.clone()]).collect()))
            .collect();
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn answers_about_comparisons_are_exact_and_witnesses_smallest(e in comparison(), r in comparison()) {
        let cx = Cx::new();
        let all = worlds();
        let truth = |e: &Expr| -> Vec<bool> {
            all.iter().map(|w| eval(&cx, &|i| w[i].clone(), e) == Value::TRUE).collect()
        };
        let (h, a) = (truth(&e), truth(&r));
        let holds = cx.truth(&eval(&cx, &|i| leaf(&cx, i), &e));
        let allowed = cx.truth(&eval(&cx, &|i| leaf(&cx, i), &r));
        let mut ask = Ask::new(&cx, &[holds, allowed]).unwrap();
        let both = cx.and(allowed, holds);
        let can = h.iter().zip(&a).any(|(h, a)| *h && *a);
        prop_assert_eq!(ask.can_hold(both).unwrap(), can);
        prop_assert_eq!(ask.must_hold(allowed, holds).unwrap(), h.iter().zip(&a).all(|(h, a)| *h || !*a));
        let witness = ask.smallest(allowed, holds).unwrap();
        prop_assert_eq!(witness.is_some(), can);
        let Some(witness) = witness else { return Ok(()) };
        // Brute force: no smaller set of exact values is enough.
        let enough = |fixed: &[(usize, Value)]| {
            let agree: Vec<usize> = (0..all.len()).filter(|&w| fixed.iter().all(|(i, v)| all[w][*i] == *v)).collect();
            agree.iter().any(|&w| a[w]) && agree.iter().all(|&w| h[w] || !a[w])
        };
        let smaller = (0..7usize).flat_map(|i| all.iter().map(move |w| (i, w[i].clone()))).collect::<Vec<_>>();
        let mut distinct: Vec<(usize, Value)> = Vec::new();
        for s in smaller {
            if !distinct.contains(&s) {
                distinct.push(s);
            }
        }
        if witness.len() == 1 {
            prop_assert!(!enough(&[]));
        }
        if witness.len() == 2 {
            prop_assert!(!enough(&[]) && !distinct.iter().any(|s| enough(std::slice::from_ref(s))));
        }
    }
}
