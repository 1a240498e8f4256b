//! The law of values at the level of CloudFormation's functions: evaluating with free parameters and then filling them in
//! gives what evaluating with the values supplied gives, refusals included; and what a question about a condition answers
//! holds for every value of the parameters, exactly where these are listed.
//!
//! A case is one template, made from a grammar, that stands in one world twice: with its parameters free, and supplied.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::rc::Rc;

use proptest::prelude::RngExt;
use proptest::test_runner::{RngAlgorithm, TestRng};

use super::params::list_of;
use super::*;
use crate::parse::json;
use crate::unit::UnitKind;
use crate::value::ask::{Ask, Named};
use crate::value::{Leaf, LeafKind, SymId, Ty};

/// Parameters, each with its declaration and the values that are tried; of one whose values are listed, all.
const PARAMETERS: [(&str, &str, &[&str]); 6] = [
    ("P", r#"{"Type": "String"}"#, &["a", "b", "a-b", "", "A", "1", "zz"]),
    ("Q", r#"{"Type": "String"}"#, &["a", "b", "a-b", "", "x", "a,b"]),
    ("N", r#"{"Type": "Number"}"#, &["0", "1", "2"]),
    ("L", r#"{"Type": "CommaDelimitedList"}"#, &["a,b", "b,a,zz", "1,1"]),
    ("E", r#"{"Type": "String", "AllowedValues": ["a", "b", "a-b"]}"#, &["a", "b", "a-b"]),
    ("M", r#"{"Type": "String", "AllowedValues": ["0", "1"]}"#, &["0", "1"]),
];
/// A text and a list.
const VALUES: usize = 2;
/// Where the parameters whose values are listed begin.
const LISTED: usize = 4;

/// Texts with holes: `<S>` for a text, `<L>` for a list, `<I>` for an index, `<C>` for a condition, `<W>` for its name.
const TEXTS: &[&str] = &[
    r#"{"Fn::Sub": "x-${E}"}"#,
    r#"{"Fn::Sub": "${E}-${M}"}"#,
    r#"{"Fn::Sub": ["${x}-${y}", {"x": <S>, "y": <S>}]}"#,
    r#"{"Fn::Join": ["-", <L>]}"#,
    r#"{"Fn::Join": [<S>, <L>]}"#,
    r#"{"Fn::Join": ["", [<S>, <S>]]}"#,
    r#"{"Fn::Select": [<I>, <L>]}"#,
    r#"{"Fn::Select": [<I>, <L>]}"#,
    r#"{"Fn::If": ["<W>", <S>, <S>]}"#,
    r#"{"Fn::If": ["<W>", <S>, <S>]}"#,
    r#"{"Fn::FindInMap": ["Names", <S>, "x"]}"#,
    r#"{"Fn::FindInMap": ["Names", <S>, <S>, {"DefaultValue": <S>}]}"#,
    r#"{"Fn::Base64": <S>}"#,
    r#"{"Fn::Length": <L>}"#,
    r#"{"Fn::ToJsonString": {"a": <S>, "b": <L>}}"#,
    r#"{"Fn::ToJsonString": [<S>, <S>]}"#,
    r#"{"Fn::Select": [<I>, {"Fn::FindInMap": ["Names", <S>, "l"]}]}"#,
];
const LISTS: &[&str] = &[
    "[<S>, <S>]",
    "[<S>]",
    r#"{"Fn::Split": ["-", <S>]}"#,
    r#"{"Fn::Split": [<S>, <S>]}"#,
    r#"{"Fn::If": ["<W>", <L>, <L>]}"#,
    r#"[<S>, {"Fn::If": ["<W>", <S>, {"Ref": "AWS::NoValue"}]}]"#,
    r#"{"Fn::Cidr": ["10.0.0.0/16", {"Fn::If": ["<W>", "1", "2"]}, 8]}"#,
    r#"{"Fn::Cidr": [{"Fn::Sub": "10.${M}.0.0/24"}, 2, 4]}"#,
    r#"{"Fn::FindInMap": ["Names", <S>, "l"]}"#,
];
const CONDITIONS: &[&str] = &[
    r#"{"Fn::Equals": [<S>, <S>]}"#,
    r#"{"Fn::Equals": [<S>, <S>]}"#,
    r#"{"Fn::Equals": [<L>, <L>]}"#,
    r#"{"Fn::Not": [<C>]}"#,
    r#"{"Fn::And": [<C>, <C>]}"#,
    r#"{"Fn::Or": [<C>, <C>]}"#,
];

/// The template with its holes filled from a generator.
struct Written<'r> {
    rng: &'r mut TestRng,
    /// Whether only parameters whose values are listed are read.
    listed: bool,
    /// How many conditions are declared so far.
    conditions: usize,
}

impl Written<'_> {
    fn pick(&mut self, from: &[&str]) -> String {
        from[self.rng.random_range(0..from.len())].to_string()
    }

    fn hole(&mut self, hole: char, depth: usize) -> String {
        let deeper = depth > 0 && self.rng.random_range(0..3) > 0;
        let leaves: &[&str] = match (hole, self.listed) {
            ('S', true) => &[r#"{"Ref": "E"}"#, r#"{"Ref": "M"}"#, r#""a""#, r#""b""#, r#""0""#],
            ('S', false) => &[
                r#"{"Ref": "P"}"#,
                r#"{"Ref": "Q"}"#,
                r#"{"Ref": "E"}"#,
                r#"{"Ref": "N"}"#,
                r#""a""#,
                r#""-""#,
            ],
            ('L', true) => &[r#"["a", "b"]"#, r#"[{"Ref": "E"}]"#],
            ('L', false) => &[r#"{"Ref": "L"}"#, r#"["a", {"Ref": "P"}]"#],
            ('I', true) => &["0", "1", r#"{"Ref": "M"}"#],
            ('I', false) => &["0", "1", r#""1""#, r#"{"Ref": "N"}"#, r#"{"Ref": "M"}"#],
            ('W', _) => return format!("C{}", self.rng.random_range(0..self.conditions)),
            _ if self.conditions > 0 && !deeper => {
                return format!(r#"{{"Condition": "{}"}}"#, self.hole('W', 0));
            }
            _ => &[r#"{"Fn::Equals": [{"Ref": "E"}, "a"]}"#, r#"{"Fn::Equals": [{"Ref": "M"}, "1"]}"#],
        };
        let template = match (deeper, hole) {
            (true, 'S') => self.pick(TEXTS),
            (true, 'L') => self.pick(LISTS),
            (true, 'C') => self.pick(CONDITIONS),
            _ => self.pick(leaves),
        };
        let (mut out, mut rest) = (String::new(), template.as_str());
        while let Some((before, after)) = rest.split_once('<') {
            let hole = after.chars().next().unwrap();
            // A condition may only name those that are declared before it.
            let text = if hole == 'W' && self.conditions == 0 {
                None
            } else {
                Some(self.hole(hole, depth.saturating_sub(1)))
            };
            out += before;
            out += &text.unwrap_or_else(|| "Never".into());
            rest = &after[2..];
        }
        out + rest
    }

    /// Two conditions, a text and a list.
    fn template(&mut self) -> String {
        let mut conditions = vec![r#""Never": {"Fn::Equals": ["a", "b"]}"#.to_string()];
        for i in 0..2 {
            let condition = self.hole('C', 2);
            conditions.push(format!(r#""C{i}": {condition}"#));
            self.conditions = i + 1;
        }
        let values = [self.hole('S', 3), self.hole('L', 2)];
        let parameters: Vec<String> =
            PARAMETERS.iter().map(|(name, declared, _)| format!(r#""{name}": {declared}"#)).collect();
        format!(
            r#"{{"Transform": "AWS::LanguageExtensions", "Parameters": {{{}}}, "Conditions": {{{}}},
                "Mappings": {{"Names": {{"a": {{"x": "a", "l": ["a", "b"]}}, "b": {{"x": "zz", "l": ["b"]}}}}}},
                "Resources": {{"R": {{"Type": "T", "Properties": {{"V": [{}]}}}}}}}}"#,
            parameters.join(", "),
            conditions.join(", "),
            values.join(", ")
        )
    }
}

/// Equal but for the reasons of refusals.
fn alike(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Refused(_), Value::Refused(_)) => true,
        (Value::Choice(all), Value::Refused(_)) => all.iter().all(|(_, v)| matches!(v, Value::Refused(_))),
        (Value::Coll(x), Value::Coll(y)) => {
            let each = x.parts.iter().zip(&y.parts);
            x.kind == y.kind
                && x.parts.len() == y.parts.len()
                && each.into_iter().all(|(p, q)| alike(&p.key, &q.key) && alike(&p.value, &q.value))
        }
        _ => a == b,
    }
}

/// The template as two stacks of one world: with its parameters free, and with these.
fn stacks(world: &World, doc: &Node, given: &[&str]) -> [Rc<Stack>; 2] {
    let parameters: BTreeMap<String, String> = PARAMETERS
        .iter()
        .zip(given)
        .map(|((name, ..), value)| (name.to_string(), value.to_string()))
        .collect();
    [("", BTreeMap::new()), ("supplied/", parameters)].map(|(prefix, parameters)| {
        let given = Given { parameters, ..Given::default() };
        let id = world.root(FileId(0), PathBuf::new(), doc.clone(), prefix.into(), given, Rc::default());
        world.stack(id).unwrap()
    })
}

/// Values of the free parameters.
fn environment(cx: &Cx, given: &[&str]) -> HashMap<SymId, Value> {
    let leaf = |name: &str| cx.declare(Leaf::new(name, Ty::Dynamic, LeafKind::Input));
    let value = |name: &str, text: &str| if name == "L" { list_of(text) } else { Value::from(text) };
    PARAMETERS.iter().zip(given).map(|((name, ..), text)| (leaf(name), value(name, text))).collect()
}

/// What disagrees in one template, as text, empty for nothing; `None` where the law says nothing.
fn compared(template: &str, given: &[&str], others: &[Vec<&str>], exact: bool) -> Option<String> {
    let files = Files::new("/nowhere".into());
    files.insert(std::path::Path::new("t.json"), template.as_bytes().to_vec()).unwrap();
    let doc = json::parse_text(template, 0).unwrap();
    let inputs = Inputs::default();
    let unit = UnitName { kind: UnitKind::CloudFormation, path: "t.json".into() };
    let world = World::new(&files, &inputs, Mode::Supplied, unit, Vec::new());
    let cx = &world.cx;
    let [free, supplied] = stacks(&world, &doc, given);
    let property = |at: usize| doc.get("Resources")?.get("R")?.get("Properties")?.get("V")?.items().get(at);
    let of = |stack: &Stack| {
        let values = (0..VALUES).map(|at| world.eval(stack, property(at).unwrap()));
        values.chain(["C0", "C1"].map(|name| world.condition(stack, name, &doc))).collect::<Vec<_>>()
    };
    let (open, known) = (of(&free), of(&supplied));
    let env = environment(cx, given);
    if cx.overflowed() {
        return None;
    }
    let filled: Vec<Value> = open.iter().map(|open| cx.fill(open, &env)).collect();
    let conditions = || filled.iter().zip(&known).skip(VALUES);
    // Whether two spellings of one number are equal stays open. A comparison of what is refused does not hold, where nothing
    // was said to be refused before: an element of a list parameter is taken to be there.
    let refused = |v: &Value| matches!(v, Value::Refused(_));
    let not_said = |(open, known): (&Value, &Value)| {
        refused(known) && cx.refused(open).is_false() && !matches!(open, Value::Sym(_))
    };
    if conditions().any(|(filled, known)| if refused(known) { !refused(filled) } else { !known.is_known() })
        || open.iter().zip(&known).any(not_said)
    {
        return None;
    }
    for ((open, filled), known) in open.iter().zip(&filled).zip(&known) {
        if !alike(filled, known) {
            let [open, filled, known] = [open, filled, known].map(|v| cx.show(v));
            return Some(format!(
                "{template}\nwith {given:?}\nfree   {open}\nfilled {filled}\nknown  {known}"
            ));
        }
    }
    let [holds, rule] = [&open[3], &open[2]].map(|condition| cx.truth(condition));
    let allowed = cx.not(rule);
    let Ok(mut ask) = Ask::new(cx, &[holds, allowed]) else { return None };
    let both = cx.and(allowed, holds);
    let (Ok(can), Ok(must)) = (ask.can_hold(both), ask.must_hold(allowed, holds)) else { return None };
    let Ok(witness) = ask.smallest(allowed, holds) else { return None };
    let truths: Vec<(HashMap<SymId, Value>, bool, bool)> = others
        .iter()
        .map(|values| {
            let env = environment(cx, values);
            let [h, a] = [holds, allowed].map(|g| cx.truth(&cx.fill(&Value::Bool(g), &env)).is_true());
            (env, h, a)
        })
        .collect();
    let some = truths.iter().any(|(_, h, a)| *h && *a);
    let every = truths.iter().all(|(_, h, a)| *h || !*a);
    let named = |env: &HashMap<SymId, Value>| {
        witness.iter().flatten().all(|s| match (&s.value, s.sym) {
            (Named::Is(v), Some(sym)) => &cx.fill(&Value::Sym(sym), env) == v,
            (Named::Not(vs), Some(sym)) => !vs.contains(&cx.fill(&Value::Sym(sym), env)),
            _ => false,
        })
    };
    let mut agree = truths.iter().filter(|(env, ..)| witness.is_some() && named(env));
    let wrong = match () {
        () if some && !can => "it can hold",
        () if must && !every => "it need not hold",
        () if can && witness.is_none() => "it has a witness",
        () if agree.clone().any(|(_, h, a)| *a && !*h) => "the witness is not enough",
        () if exact && can && !some => "it cannot hold",
        () if exact && every && some && !must => "it must hold",
        () if exact && can && !agree.any(|(_, h, a)| *a && *h) => "the witness is none",
        () => return Some(String::new()),
    };
    let shown = cx.show_guard(holds);
    Some(format!("{wrong}: {template}\nholds {shown}\nallowed {}\n{witness:?}", cx.show_guard(allowed)))
}

/// Every value of the parameters that are listed, with the first of the others.
fn every_listed_value() -> Vec<Vec<&'static str>> {
    let mut all = vec![Vec::new()];
    for (i, (.., values)) in PARAMETERS.iter().enumerate() {
        let values = if i < LISTED { &values[..1] } else { values };
        all =
            all.iter().flat_map(|v: &Vec<_>| values.iter().map(|x| [v.as_slice(), &[*x]].concat())).collect();
    }
    all
}

/// How many expressions a template has: a text and a list, and two conditions.
const EXPRESSIONS: u64 = VALUES as u64 + 2;

/// `LONEKEY_CASES=100000 LONEKEY_SEED=3 cargo test --lib template::laws` tries others.
#[test]
fn filling_in_free_parameters_is_supplying_them() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse::<u64>().ok());
    let (seed, cases) = (number("LONEKEY_SEED").unwrap_or(0), number("LONEKEY_CASES").unwrap_or(10_000));
    let mut rng =
        TestRng::from_seed(RngAlgorithm::ChaCha, &[seed.to_le_bytes(), [7; 8], [1; 8], [3; 8]].concat());
    let listed = every_listed_value();
    let (mut wrong, mut silent) = (Vec::new(), 0);
    for _ in 0..cases / EXPRESSIONS {
        let exact = rng.random_range(0..2) == 0;
        let template = Written { rng: &mut rng, listed: exact, conditions: 0 }.template();
        let mut drawn = || PARAMETERS.map(|(.., values)| values[rng.random_range(0..values.len())]).to_vec();
        let given = drawn();
        let others = if exact { listed.clone() } else { (0..8).map(|_| drawn()).collect() };
        match compared(&template, &given, &others, exact) {
            Some(what) if what.is_empty() => {}
            Some(what) => wrong.push(what),
            None => silent += EXPRESSIONS,
        }
    }
    println!("seed {seed}: {} of {cases} disagree; the law says nothing of {silent}", wrong.len());
    wrong.sort_by_key(String::len);
    let first: Vec<&String> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{} of {cases} disagree: {first:#?}", wrong.len());
    assert!(silent < cases / 20, "the law says nothing of {silent}");
}
