//! The law of values at the level of Terraform's expressions: evaluating with free variables and then filling them in
//! gives what evaluating with the values supplied gives, refusals included.
//!
//! Expressions are written as text, well typed for the most part, so that the parser, conversions and functions have
//! their part in it.

mod grammar;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

use crate::key::Mode;
use crate::parse::hcl;
use crate::resolve::terraform::config::Modules;
use crate::resolve::terraform::config::inputs::{RootInputs, Supplied};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::Scope;
use crate::resolve::terraform::functions::table;
use crate::source::Files;
use crate::span::FileId;
use crate::value::sizes::Sizes;
use crate::value::symbol::Piece;
use crate::value::{Cx, Leaf, LeafKind, Part, SymId, SymNode, Ty, Value};

const MODULE: &str = "
variable \"s\" {
  type = string
}
variable \"t\" {
  type = string
}
variable \"l\" {
  type = string
  validation {
    condition     = contains([\"a\", \"b\", \"ab\"], var.l)
    error_message = \"One of three.\"
  }
}
variable \"b\" {
  type = bool
}
variable \"c\" {
  type = bool
}
variable \"n\" {
  type = number
}
variable \"m\" {
  type = map(string)
}
variable \"o\" {
  type = any
}
variable \"xs\" {
  type = list(string)
}
variable \"us\" {
  type = set(string)
}
variable \"os\" {
  type = list(object({ name = string, on = bool }))
}
variable \"p\" {
  type = object({
    a = optional(string)
    b = optional(string, \"d\")
  })
}
locals {
  on   = var.b && var.s != \"a\"
  list = [var.s, \"a\", var.l]
  map  = { a = var.s, b = \"x\", (var.l) = \"l\" }
  text = \"<$${x}>\"
}
";
const VARIABLES: [(&str, &[&str]); 12] = [
    ("s", &["\"a\"", "\"b\"", "\"ab\"", "\"\"", "\"A\"", "\"zz\"", "\"1\""]),
    ("t", &["\"a\"", "\"b\"", "\"ab\"", "\"\"", "\"true\"", "\"zz\""]),
    ("l", &["\"a\"", "\"b\"", "\"ab\""]),
    ("b", &["true", "false"]),
    ("c", &["true", "false"]),
    ("n", &["-1", "0", "0.5", "1", "2", "3"]),
    ("m", &["{ a = \"a\" }", "{ a = \"a\", b = \"zz\" }", "{}"]),
    ("o", &["{ a = \"a\" }", "[\"a\"]", "\"a\"", "{ a = \"x\", b = [\"y\"] }"]),
    // What stands for all elements takes them for different, and those of a list to be in order.
    ("xs", &["[\"a\", \"b\"]", "[\"ab\"]", "[]", "[\"1\", \"A\", \"zz\"]"]),
    ("us", &["[\"b\"]", "[\"a\", \"b\"]", "[]"]),
    (
        "os",
        &[
            "[{ name = \"a\", on = true }]",
            "[{ name = \"a\", on = false }, { name = \"b\", on = true }]",
            "[]",
        ],
    ),
    ("p", &["{}", "{ a = \"a\" }", "{ a = null, b = \"b\" }", "{ a = \"\", b = null }"]),
];

struct World<'a> {
    terraform: Terraform<'a>,
}

impl World<'_> {
    fn eval(&self, expression: &str) -> Value {
        let scope = Scope::module(&self.terraform.root_node().unwrap(), FileId(0));
        match hcl::parse_expression(expression, 0) {
            Ok(parsed) => self.terraform.eval(&scope, &parsed),
            Err(e) => panic!("{expression}: {}", e.message),
        }
    }
}

/// The folder whose files are read.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/laws")
}

fn world<'a>(
    cx: &'a Cx,
    files: &'a Files,
    modules: &'a Modules,
    given: &[(&str, &str)],
    mode: Mode,
) -> World<'a> {
    let supplied = |text: &str| Supplied::Expr(FileId(0), hcl::parse_expression(text, 0).unwrap());
    let values: BTreeMap<String, Supplied> =
        given.iter().map(|(name, text)| (name.to_string(), supplied(text))).collect();
    let root = RootInputs { values, ..RootInputs::default() };
    World { terraform: Terraform::new(cx, files, modules, mode, &folder(), root) }
}

/// Alike but for the reasons of refusals.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Refused(_), Value::Refused(_)) => true,
        (Value::Refused(_), Value::Choice(all)) | (Value::Choice(all), Value::Refused(_)) => {
            all.iter().all(|(_, v)| matches!(v, Value::Refused(_)))
        }
        (Value::Choice(x), Value::Choice(y)) => {
            x.len() == y.len() && x.iter().all(|p| y.iter().any(|q| p.0 == q.0 && alike(&p.1, &q.1)))
        }
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

/// The elements of a collection that is filled in, and how many there are.
fn add_elements(cx: &Cx, of: SymId, value: &Value, env: &mut HashMap<SymId, Value>) {
    let Value::Coll(coll) = value else { return };
    env.insert(cx.length_of(of), Value::from(coll.parts.len() as i64));
    for (n, part) in coll.parts.iter().enumerate() {
        let (key, element) = cx.element(of, n, Sizes::up_to(Mode::FILLED), coll.elem.clone());
        for (leaf, value) in [(key, &part.key), (element, &part.value)] {
            if let Value::Sym(leaf) = leaf {
                env.insert(leaf, value.clone());
            }
        }
    }
}

/// Whether a value still stands for elements of what a call gives, whose number inputs decide in a way that is not followed.
fn is_of_elements(cx: &Cx, value: &Value) -> bool {
    let of_symbol = |sym: SymId| {
        let of_leaf = |leaf: Leaf| leaf.of.is_some() || leaf.name.starts_with("index of ");
        let of_args = |args: &[Value]| args.iter().any(|arg| is_of_elements(cx, arg));
        cx.leaf(sym).is_some_and(of_leaf)
            || match cx.node(sym) {
                Some(SymNode::Call(_, args)) => of_args(&args),
                Some(SymNode::Path(base, _, _)) => is_of_elements(cx, &Value::Sym(base)),
                Some(SymNode::Concat(pieces)) => pieces.iter().any(|piece| match piece {
                    Piece::Sym(sym) => is_of_elements(cx, &Value::Sym(*sym)),
                    Piece::Text(_) => false,
                }),
                _ => false,
            }
    };
    match value {
        Value::Coll(coll) => {
            let of_part = |p: &Part| {
                let within = [&p.key, &p.value, &Value::Bool(p.guard)];
                !p.generators.is_empty() || within.iter().any(|v| is_of_elements(cx, v))
            };
            // Of what kind it is may depend on how many there are.
            is_of_elements(cx, &Value::Bool(coll.kind.typed())) || coll.parts.iter().any(of_part)
        }
        Value::Choice(all) => {
            all.iter().any(|(g, v)| is_of_elements(cx, &Value::Bool(*g)) || is_of_elements(cx, v))
        }
        Value::Bool(guard) => cx.atoms(&[*guard]).into_iter().any(of_symbol),
        Value::Sym(sym) => of_symbol(*sym),
        _ => false,
    }
}

/// The inputs that are collections of known types.
const COLLECTIONS: [&str; 4] = ["var.m", "var.xs", "var.us", "var.os"];

/// Compares filling in with supplying: what disagrees, as text; `None` where the law says nothing.
fn compared(expression: &str, given: &[(&str, &str)]) -> Option<Result<(), String>> {
    // "Each element" of a free collection is none of its elements: where it is filled in each of them is a leaf of its own.
    let filled = COLLECTIONS.iter().any(|name| expression.contains(name));
    let mode = if filled { Mode::Filled(Sizes::up_to(Mode::FILLED)) } else { Mode::Supplied };
    // Which file an element of a collection names is not followed.
    if filled && expression.contains("file") {
        return None;
    }
    let (cx, files, modules) = (Cx::new(), Files::new(folder()), Modules::default());
    files.insert_in_memory(&folder().join("main.tf"), MODULE.as_bytes().to_vec()).unwrap();
    let supplied = world(&cx, &files, &modules, given, Mode::Supplied);
    let known = supplied.eval(expression);
    let free = world(&cx, &files, &modules, &[], mode).eval(expression);
    if cx.overflowed() {
        return None;
    }
    let mut env: HashMap<SymId, Value> = HashMap::new();
    for (name, _) in given {
        let leaf = cx.declare(Leaf::new(format!("var.{name}"), Ty::Dynamic, LeafKind::Input));
        let value = supplied.eval(&format!("var.{name}"));
        if mode.filled().is_some() && *name != "o" {
            add_elements(&cx, leaf, &value, &mut env);
        }
        env.insert(leaf, value);
    }
    let filled = cx.fill(&free, &env);
    if is_of_elements(&cx, &filled) {
        return None;
    }
    let shown = || {
        let [free, filled, known] = [&free, &filled, &known].map(|v| cx.show(v));
        format!("{expression}\nwith {given:?}\nfree   {free}\nfilled {filled}\nknown  {known}\n{mode:?}")
    };
    Some(if alike(&filled, &known) { Ok(()) } else { Err(shown()) })
}

#[test]
fn every_function_has_its_part_in_the_law() {
    let without: Vec<&str> = table()
        .filter(|row| !grammar::is_left_out(row) && !grammar::is_called(row))
        .map(|row| row.func.name)
        .collect();
    assert!(without.is_empty(), "laws/grammar.rs has no call with fitting arguments of {without:?}");
}

/// Random expressions and inputs from a seed: what disagrees, shortest first, and of how many the law says nothing.
fn tried(seed: u64, cases: usize) -> (Vec<String>, usize) {
    let mut rng =
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(), [7; 8], [1; 8], [2; 8]].concat());
    let (mut wrong, mut silent) = (Vec::new(), 0);
    for _ in 0..cases {
        let hole = "SBNLMVFFFE".chars().nth(rng.random_range(0..10)).unwrap();
        let count = rng.random_range(1..40);
        let choices: Vec<usize> = (0..count).map(|_| rng.random_range(0..10_000)).collect();
        // The forms that people write are nested deeper than any function at all.
        let calls = "FE".contains(hole);
        let expression = grammar::written(hole, &mut choices.into_iter(), if calls { 1 } else { 3 }, calls);
        let given: Vec<(&str, &str)> =
            VARIABLES.iter().map(|(name, all)| (*name, all[rng.random_range(0..all.len())])).collect();
        match compared(&expression, &given) {
            Some(Ok(())) => {}
            Some(Err(what)) => wrong.push(what),
            None => silent += 1,
        }
    }
    wrong.sort_by_key(|what| what.lines().next().map(str::len));
    (wrong, silent)
}

/// `LONEKEY_CASES=20000 LONEKEY_SEED=3 cargo test --lib terraform::laws` tries others.
#[test]
fn filling_in_free_variables_is_supplying_them() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let (seed, cases) = (number("LONEKEY_SEED").unwrap_or(0), number("LONEKEY_CASES").unwrap_or(10_000));
    let (wrong, silent) = tried(seed, cases as usize);
    println!("seed {seed}: {} of {cases} disagree; the law says nothing of {silent}", wrong.len());
    let first: Vec<&String> = wrong.iter().take(100).collect();
    assert!(wrong.is_empty(), "{} of {cases} disagree: {first:#?}", wrong.len());
    assert!(silent < cases as usize / 20, "the law says nothing of {silent}");
}

/// Expressions that a longer run of the law found, with the inputs that showed it (of the others, their first value): too
/// rare for every run.
const FOUND: &[(&str, &[(&str, &str)])] = &[
    // Types that what is there decides.
    ("setunion([var.n], [for x in (var.b ? [var.s] : []) : upper(x)])", &[("b", "false")]),
    (
        "concat(tolist([2]), tolist([for i, x in values(merge([for x in toset([\"a\"]) : { (x) = var.t }]...)) : \
         \"${i}${x}\" if i < -var.n]))",
        &[("n", "1")],
    ),
    (
        "distinct(values((var.b ? merge({}, local.on ? { c = var.l } : {}) : \
         { for i, x in values({ a = \"a\", b = var.t }) : x => i })))",
        &[("s", "\"ab\""), ("t", "\"zz\""), ("b", "false")],
    ),
    ("tolist([var.n, var.o.a])", &[("n", "1"), ("o", "{ a = \"a\" }")]),
    ("coalesce(\"${var.n}\", values(merge(local.map, local.map))[var.n])", &[("n", "0")]),
    (
        "coalesce(values({ for i, x in values(local.map) : x => i })[1 % 2], \"a\")",
        &[("s", "\"ab\""), ("l", "\"ab\"")],
    ),
    // Element types of what is not there.
    (
        "merge((merge((true ? { a = \"a\", b = var.t } : local.map), null == \"a\" ? { c = title(var.l) } : {})), \
         (var.b ? { for i, x in values({}) : x => i } : { for k, v in local.map : k => v if v != var.s }))",
        &[("s", "\"zz\""), ("t", "\"b\""), ("l", "\"ab\"")],
    ),
    (
        "concat(tolist([0 % 2]), tolist((false ? [[for k, v in local.map : \"${k}${v}\"][0]] : [])))",
        &[("s", "\"A\""), ("l", "\"ab\"")],
    ),
    // What a call will be.
    (
        "(local.on ? jsondecode(jsonencode(zipmap(keys({ a = \"a\", b = var.t }), values(local.map)))) : \
         merge([for k, v in local.map : { (v) = k }]...))",
        &[("s", "\"b\""), ("t", "\"true\"")],
    ),
    (
        "(local.on ? { a = var.n } : { a = merge([for x in toset(local.list) : { (x) = var.s }]...) })",
        &[("s", "\"\""), ("l", "\"b\"")],
    ),
    (
        "(can(var.o.a) ? split(\"b\", \"b\")[0] : (var.b ? [index(local.list, null), tostring(2)] : \
         values({ for k, v in local.map : v => k... })[0]))",
        &[("s", "\"zz\""), ("l", "\"ab\""), ("b", "false")],
    ),
    (
        "tolist([concat([length(local.list)], sort(setsubtract(local.list, [\"a\"]))), [var.n]])",
        &[("s", "\"\""), ("l", "\"b\""), ("n", "1")],
    ),
    (
        "sort(setsubtract(local.list, distinct(values({ for i, x in values(local.map) : x => i }))))",
        &[("s", "\"1\""), ("l", "\"ab\"")],
    ),
    // Nulls, text, and what is left out.
    (
        "startswith(join(\"-\", toset(flatten([local.list, [null]]))), \"a\")",
        &[("s", "\"1\""), ("l", "\"ab\"")],
    ),
    (
        "tolist(setsubtract(toset(jsondecode(jsonencode(flatten([local.list, [null]])))), [null]))",
        &[("s", "\"ab\"")],
    ),
    (
        "sort(setsubtract(sort(tolist(toset(concat([var.s, var.t], [var.s, var.t])))), \
         compact(reverse(values(local.map)))))",
        &[("s", "\"\""), ("t", "\"\""), ("l", "\"b\"")],
    ),
    ("try(tostring(var.o.b), var.n)", &[("o", "{ a = \"x\", b = [\"y\"] }")]),
    (
        "((length((var.b ? [var.s] : [])) > var.n * 2) ? \
         merge([for k, v in zipmap(keys({}), values(local.map)) : { (v) = k }]...) : local.map)",
        &[("b", "false"), ("n", "0")],
    ),
];

#[test]
fn what_the_law_found_before() {
    for (expression, shown_by) in FOUND {
        let value = |name: &str, all: &[&'static str]| {
            shown_by.iter().find(|(n, _)| *n == name).map_or(all[0], |(_, value)| value)
        };
        let given: Vec<(&str, &str)> =
            VARIABLES.iter().map(|(name, all)| (*name, value(name, all))).collect();
        match compared(expression, &given) {
            Some(agrees) => assert_eq!(agrees, Ok(())),
            None => panic!("{expression}: the law says nothing of it"),
        }
    }
}
