//! Rows of the law that random expressions seldom meet: filling in after evaluating is evaluating after filling in. And what
//! small parts of values say.

use std::collections::HashMap;

use super::ask::{Ask, Named};
use super::sizes::Sizes;
use super::symbol::{Piece, SymNode};
use super::*;

fn input(cx: &Cx, name: &str, ty: Ty) -> SymId {
    cx.declare(Leaf::new(name, ty, LeafKind::Input))
}

/// The inputs of a row, by name.
type Of<'a> = &'a dyn Fn(&str) -> Value;

/// Whether `make` of open inputs, filled in, is `make` of these values.
fn holds(inputs: &[(&str, Ty, Value)], make: impl Fn(&Cx, Of) -> Value) {
    let cx = Cx::new();
    let syms: HashMap<&str, SymId> =
        inputs.iter().map(|(name, ty, _)| (*name, input(&cx, name, ty.clone()))).collect();
    let open = make(&cx, &|name| cx.symbol_value(syms[name]));
    let value = |name: &str| inputs.iter().find(|(n, ..)| *n == name).unwrap().2.clone();
    let env = syms.iter().map(|(name, sym)| (*sym, value(name))).collect();
    let (filled, given) = (cx.fill(&open, &env), make(&cx, &value));
    assert_eq!(cx.show(&filled), cx.show(&given), "{} with {:?}", cx.show(&open), inputs);
}

fn texts(of: &[&str]) -> Value {
    Value::typed(CollKind::List, Ty::String, of.iter().map(|text| Part::item(Value::from(*text))).collect())
}

#[test]
fn a_value_of_any_type_is_compared_with_text_as_its_text() {
    for value in [Value::from(1), "01".into(), "1".into(), Value::TRUE, Value::FALSE, "true".into()] {
        for text in ["x01", "x1", "x1.0", "xtrue", "xfalse", "x"] {
            holds(&[("o", Ty::Dynamic, value.clone())], |cx, of| {
                cx.eq(&cx.concat(&["x".into(), of("o")]), &text.into())
            });
        }
    }
}

#[test]
fn a_number_that_stands_in_a_text_twice_is_one() {
    for n in [1, 2] {
        holds(&[("n", Ty::Number, n.into())], |cx, of| {
            cx.eq(&cx.concat(&[of("n"), "-".into(), of("n")]), &"1-1".into())
        });
    }
}

#[test]
fn sets_of_inputs_are_equal_where_their_elements_are() {
    for (s, t) in [("x", "x"), ("x", "y"), ("y", "y")] {
        holds(&[("s", Ty::String, s.into()), ("t", Ty::String, t.into())], |cx, of| {
            let set = |of: Vec<Value>| {
                cx.container(CollKind::Set, Ty::String, of.into_iter().map(Part::item).collect())
            };
            cx.eq(&set(vec![of("s"), of("t")]), &set(vec!["x".into()]))
        });
    }
}

#[test]
fn a_free_collection_is_compared_with_what_is_made_of_inputs() {
    let entry = |key: Value, value: &str| Part { key, ..Part::item(value.into()) };
    let map = |cx: &Cx, parts: Vec<Part>| cx.container(CollKind::Map, Ty::String, parts);
    for key in ["k", "q"] {
        let given = map(&Cx::new(), vec![entry("k".into(), "b")]);
        let m = ("m", Ty::Map(Ty::String.into()), given);
        holds(&[m, ("s", Ty::String, key.into())], |cx, of| {
            cx.eq(&of("m"), &map(cx, vec![entry(of("s"), "a"), entry("k".into(), "b")]))
        });
    }
    let list = |of: &[&str]| ("xs", Ty::List(Ty::String.into()), texts(of));
    for s in ["a", "z"] {
        for given in [["a", "m"], ["m", "z"]] {
            holds(&[list(&given), ("s", Ty::String, s.into())], |cx, of| {
                let set = cx.container(
                    CollKind::Set,
                    Ty::String,
                    vec![Part::item(of("s")), Part::item("m".into())],
                );
                let Value::Coll(set) = set else { panic!("a set is a container") };
                cx.eq(&of("xs"), &cx.container(CollKind::List, Ty::String, cx.sequence_parts(&set)))
            });
        }
    }
    for typed in [true, false] {
        holds(&[list(&["a"]), ("b", Ty::Bool, typed.into())], |cx, of| {
            let Value::Bool(typed) = of("b") else { panic!("a bool is a guard") };
            let kind = CollKind::Sequence(typed);
            let kind = if typed.is_true() || typed.is_false() { kind.when(typed) } else { kind };
            cx.eq(&of("xs"), &cx.container(kind, Ty::String, vec![Part::item("a".into())]))
        });
    }
    let none = Value::typed(CollKind::List, Ty::Number, Vec::new());
    holds(&[("ns", Ty::List(Ty::Number.into()), none)], |cx, of| cx.eq(&of("ns"), &texts(&[])));
}

#[test]
fn what_no_input_decides_is_no_other_element() {
    let cx = Cx::new();
    let s = cx.symbol_value(input(&cx, "s", Ty::String));
    let id = cx.leaf_value(Leaf::new("id", Ty::String, LeafKind::Deployment));
    let Value::Coll(set) =
        cx.container(CollKind::Set, Ty::String, vec![Part::item(s), Part::item(id), Part::item("x".into())])
    else {
        panic!("a set is a container")
    };
    let uncertain: Vec<Part> = cx.distinct_parts(&set).into_iter().filter(|p| !p.guard.is_true()).collect();
    assert_eq!(uncertain.len(), 1, "only the input may be the text: {uncertain:?}");
}

#[test]
fn elements_are_told_apart_by_what_they_are_of() {
    let cx = Cx::new();
    let [us, vs] = ["us", "vs"].map(|name| input(&cx, name, Ty::Set(Ty::String.into())));
    let sym = |value: Value| if let Value::Sym(sym) = value { sym } else { panic!("{value:?} is known") };
    let element = |of, n, sizes| sym(cx.element(of, n, sizes, Ty::String).1);
    let few = Sizes::up_to(3);
    assert!(cx.are_elements_apart(element(us, 0, few), element(us, 1, few)));
    assert!(!cx.are_elements_apart(element(us, 0, few), element(vs, 1, few)));
    assert!(cx.are_alike(element(us, 0, few), element(us, 1, few)));
    assert!(!cx.are_alike(element(us, 0, few), element(vs, 1, few)));
    // One that only stands between others is like nothing that is written, but may be a part of a text.
    let between = element(us, 5, few);
    let text = sym(cx.concat(&["x".into(), Value::Sym(between)]));
    let s = input(&cx, "s", Ty::String);
    assert!(cx.are_elements_apart(between, s) && cx.are_elements_apart(s, between));
    assert!(!cx.are_elements_apart(between, text) && !cx.are_elements_apart(text, between));
    let inner = input(&cx, "ms", Ty::List(Ty::List(Ty::String.into()).into()));
    let row = sym(cx.element(inner, 5, few, Ty::List(Ty::String.into())).1);
    assert!(cx.nth(element(row, 0, few)).unwrap().between);
}

#[test]
fn elements_that_are_joined_are_those_of_one_list_in_a_row() {
    let cx = Cx::new();
    let [xs, ys] = ["xs", "ys"].map(|name| input(&cx, name, Ty::List(Ty::String.into())));
    let us = input(&cx, "us", Ty::Set(Ty::String.into()));
    let element = |of, n| cx.element(of, n, Sizes::up_to(3), Ty::String).1;
    let joined = |pieces: &[Value]| {
        let Value::Sym(text) = cx.concat(pieces) else { panic!("a text of elements is a symbol") };
        cx.joined_elements(",", text).is_some()
    };
    let (comma, dash) = (Value::from(","), Value::from("-"));
    assert!(joined(&[element(xs, 0), comma.clone(), element(xs, 1)]));
    for pieces in [
        vec![element(xs, 0), dash, element(xs, 1)],
        vec![element(xs, 0), element(xs, 1)],
        vec![element(xs, 0), comma.clone(), element(xs, 2)],
        vec![element(xs, 0), comma.clone(), element(ys, 1)],
        vec![element(us, 0), comma, element(us, 1)],
    ] {
        assert!(!joined(&pieces), "{pieces:?}");
    }
}

#[test]
fn numbers_that_are_named_are_enough_together() {
    let cx = Cx::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| cx.symbol_value(input(&cx, name, Ty::Number)));
    let less = |x: &Value, y: &Value| cx.truth(&cx.less(x, y));
    let (five, six) = (Value::from(5), Value::from(6));
    let above = cx.all([&a, &b, &c].map(|n| less(&five, n)));
    let below = cx.all([&a, &b, &c].map(|n| less(n, &six)));
    for guard in [
        cx.and(above, less(&a, &b)),
        cx.and(above, less(&b, &a)),
        cx.and(above, cx.equal(&a, &b)),
        cx.all([above, less(&a, &b), less(&b, &c)]),
        cx.all([above, less(&c, &b), less(&b, &a)]),
        cx.all([above, cx.equal(&a, &b), less(&b, &c)]),
        cx.all([above, below, less(&c, &a), less(&a, &b)]),
    ] {
        let settings = Ask::new(&cx, &[guard]).unwrap().smallest(Guard::TRUE, guard).unwrap();
        let settings = settings.unwrap();
        let named = settings.iter().filter_map(|s| match &s.value {
            Named::Is(value) => Some((s.sym.filter(|sym| cx.leaf(*sym).is_some())?, value.clone())),
            Named::Not(_) => None,
        });
        let env: HashMap<SymId, Value> = named.collect();
        assert_eq!(env.len(), settings.len(), "{settings:?} name inputs");
        assert_eq!(cx.fill(&Value::Bool(guard), &env), Value::TRUE, "{settings:?}");
    }
}

#[test]
fn what_is_known_has_known_keys() {
    let cx = Cx::new();
    let s = cx.symbol_value(input(&cx, "s", Ty::String));
    let map = |key: Value| Value::coll(CollKind::Map, vec![Part { key, ..Part::item(1.into()) }]);
    assert!(map("k".into()).is_known() && !map(s).is_known());
}

#[test]
fn a_text_is_cut_at_what_is_written() {
    let cx = Cx::new();
    let s = input(&cx, "s", Ty::String);
    let samples = |pieces: Vec<Piece>, text: &str| {
        let text = cx.eq(&cx.pieces(pieces), &text.into());
        // In few ways each part is asked about by itself.
        let all = cx.constants_of(&text).into_iter().chain(cx.samples(&text, &cx.constants_of(&text)));
        all.filter_map(|v| v.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let t = input(&cx, "t", Ty::String);
    assert_eq!(
        samples(
            vec![Piece::Sym(s), Piece::Text("x".into()), Piece::Sym(t), Piece::Text("z".into())],
            "axbzcz"
        ),
        ["a", "bzc"]
    );
    let many = samples(vec![Piece::Sym(s), Piece::Sym(t)], &"a".repeat(200));
    assert!((60..70).contains(&many.len()), "{}", many.len());
}

#[test]
fn a_key_that_is_no_word_is_quoted() {
    let cx = Cx::new();
    let o = input(&cx, "var.o", Ty::Dynamic);
    for (key, shown) in
        [("a", "var.o.a"), ("0", "var.o[0]"), ("", r#"var.o[""]"#), ("a b", r#"var.o["a b"]"#)]
    {
        assert_eq!(cx.show(&cx.path(o, key)), shown);
    }
}

#[test]
fn only_what_is_supplied_is_a_secret() {
    let mut leaf = Leaf::new("var.s", Ty::Bool, LeafKind::Input);
    leaf.sensitive = true;
    assert!(!leaf.is_secret());
    leaf.given = Some(Value::TRUE);
    assert!(leaf.is_secret());
}

#[test]
fn a_call_that_is_changed_by_itself_is_never_this() {
    static TRIM: Func = Func::known("trim (test)", Ty::String, |_, _, args| match args {
        [Value::String(text)] => text.trim().into(),
        _ => Value::Null,
    })
    .idempotent();
    let cx = Cx::new();
    let s = cx.symbol_value(input(&cx, "s", Ty::String));
    let trimmed = cx.call(&TRIM, &[s]);
    assert!(matches!(&trimmed, Value::Sym(sym) if matches!(cx.node(*sym), Some(SymNode::Call(..)))));
    assert!(cx.equal(&trimmed, &" a".into()).is_false() && !cx.equal(&trimmed, &"a".into()).is_false());
}

#[test]
fn one_input_is_one_of_many_texts() {
    let cx = Cx::new();
    let of = input(&cx, "var.v", Ty::String);
    let is = |i: usize| cx.equal(&Value::Sym(of), &Value::from(format!("x{i}")));
    let each: Vec<Guard> = (0..1_100).map(is).collect();
    let (any, two) = (cx.any(each.iter().copied()), cx.at_least_two(each.iter().copied()));
    let mut ask = Ask::new(&cx, &[any, two, is(7)]).unwrap();
    assert_eq!((ask.can_hold(two), ask.can_hold(any), ask.spent()), (Ok(false), Ok(true), None));
    assert_eq!(ask.values(of, is(7)), Ok(super::ask::Values::Listed(vec!["x7".into()])));
    assert_eq!(ask.values(of, cx.not(is(7))), Ok(super::ask::Values::Any));
}

#[test]
fn what_one_guard_says_of_an_atom_is_so_in_the_other() {
    let cx = Cx::new();
    let [a, b, c] = ["a", "b", "c"].map(|name| cx.truth(&Value::Sym(input(&cx, name, Ty::Bool))));
    let neither = cx.not(cx.or(a, b));
    let either = cx.or(cx.and(a, c), cx.and(b, c));
    assert!(cx.and_where(neither, either).is_false());
    assert_eq!(cx.and_where(a, cx.or(cx.and(a, b), c)), cx.and(a, cx.or(b, c)));
    assert_eq!(cx.and_where(a, c), cx.and(a, c));
}

#[test]
fn a_type_that_inputs_decide_is_settled_as_any() {
    let cx = Cx::new();
    assert_eq!(Ty::Open(input(&cx, "t", Ty::Dynamic)).settled(), Ty::Dynamic);
    assert_eq!(Ty::String.settled(), Ty::String);
}
