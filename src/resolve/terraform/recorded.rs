//! Every function against what the real binary gives.
//!
//! `testdata/recorded/terraform_functions.json` holds expressions with their result as JSON and its type, or an error;
//! `terraform_unknowns.json` what the binary knows of expressions over values that it does not know.

mod open;

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use self::open::OPEN;
use crate::key::Mode;
use crate::parse::hcl;
use crate::resolve::terraform::config::Modules;
use crate::resolve::terraform::config::inputs::RootInputs;
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::Scope;
use crate::resolve::terraform::functions::{table, to_json};
use crate::resolve::terraform::types::unify;
use crate::source::Files;
use crate::span::FileId;
use crate::value::{Cx, Value};

/// Expressions whose result differs, each with the reason. One that starts to agree must go.
const DISAGREE: &[(&str, &str)] = &[
    ("\"${-0}\"", NEGATIVE_ZERO),
    ("jsondecode(\"[1, 2.50, 1e3, -0]\")", NEGATIVE_ZERO),
    ("merge(({ a = \"ab\" }), { n = (-(2 - 2)) })", NEGATIVE_ZERO),
    (
        "reverse(values((((1 % 2 == 0) ? ((\"\" ? ({ a = \"a\", b = \"\" }) : ({ a = \"A\" }))) : {}))))",
        "what fails in the result that is not chosen has no type here; there it has that of the rest",
    ),
    ("false && null", SHORT_CIRCUIT),
    ("null || true", SHORT_CIRCUIT),
    ("yamlencode({\"a\\nb\"=1})", "a key of several lines is not written"),
    (
        "yamlencode({ (join(\"\", [for i in range(129) : \"k\"])) = 1 })",
        "a key as long as this is not written",
    ),
    ("yamlencode(\"a\\u2028b\\nc\")", "the line separators of Unicode are not followed"),
    (
        "lookup(tomap({ a = { x = 1 } }), \"b\", { x = 1, y = 2 })",
        "attributes that the type of others lacks are kept",
    ),
    ("cidrsubnets(\"::/0\", 1, 1)", "the binary refuses a prefix whose address is zero"),
    ("textencodebase64(\"a\", \"nope\")", "encodings beyond the common ones are not told from wrong names"),
    ("rsadecrypt(\"aGk=\", \"no key\")", "never computed"),
    ("cidrhost(\"::ffff:10.0.0.0/120\", 1)", "the binary shifts a mapped address"),
    ("toset([{n = 10}, {n = 9}])[*].n", "sets of objects are in order of a hash of their parts"),
];
const SHORT_CIRCUIT: &str = "later versions short-circuit; both agree wherever the older one plans";
const NEGATIVE_ZERO: &str = "there is no negative zero here";

/// The rows of a file of `testdata/recorded`.
pub fn recorded(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What holds in a root module of this text, beside `terraform_files`.
pub fn in_module<T>(text: &str, f: impl FnOnce(&Terraform, &Scope) -> T) -> T {
    let dir: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded/terraform_files");
    let (cx, files, modules) = (Cx::new(), Files::new(dir.clone()), Modules::default());
    files.insert_in_memory(&dir.join("main.tf"), text.as_bytes().to_vec()).unwrap();
    let tf = Terraform::new(&cx, &files, &modules, Mode::Supplied, &dir, RootInputs::default());
    let scope = Scope::module(&tf.root_node().unwrap(), FileId(0));
    f(&tf, &scope)
}

fn eval(tf: &Terraform, scope: &Scope, expr: &str) -> Value {
    match hcl::parse_expression(expr, 0) {
        Ok(parsed) => tf.eval(scope, &parsed),
        Err(e) => Value::refused(e.message, None),
    }
}

/// The result as it is recorded: `type json`, `error`, or the value shown where it is not known.
fn result(tf: &Terraform, scope: &Scope, expr: &str) -> String {
    shown(tf, &eval(tf, scope, expr))
}

fn shown(tf: &Terraform, value: &Value) -> String {
    match value {
        Value::Refused(_) => "error".into(),
        known if known.is_known() => {
            format!("{} {}", unify::show(&unify::type_of(tf.cx, known)), to_json(known).unwrap_or_default())
        }
        other => tf.cx.show(other),
    }
}

/// Whether a result is the recorded one. A null has no type of its own here, so any type fits where one stands.
fn agrees(got: &str, wanted: &str) -> bool {
    let pattern = regex::escape(got).replace("dynamic", ".*");
    got == wanted
        || (wanted.contains("null") && regex::Regex::new(&format!("^{pattern}$")).unwrap().is_match(wanted))
}

fn expected(row: &Json) -> String {
    match (row["type"].as_str(), row["json"].as_str()) {
        (Some(ty), Some(json)) => format!("{ty} {json}"),
        _ => "error".into(),
    }
}

#[test]
fn results_are_the_binarys() {
    let rows = recorded("terraform_functions.json");
    let rows = rows.as_array().unwrap();
    let mut wrong = Vec::new();
    let mut listed = 0;
    in_module("", |tf, scope| {
        for row in rows {
            let expr = row["expr"].as_str().unwrap();
            let (got, wanted) = (result(tf, scope, expr), expected(row));
            match (agrees(&got, &wanted), DISAGREE.iter().find(|(e, _)| *e == expr)) {
                (false, None) => wrong.push(format!("{expr}\n    wanted {wanted}\n    got    {got}")),
                (true, Some(_)) => wrong.push(format!("{expr}\n    agrees now: take it off the list")),
                (false, Some(_)) => listed += 1,
                (true, None) => {}
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    assert!(listed * 100 <= rows.len(), "{listed} of {} are listed as different", rows.len());
    for (expr, reason) in DISAGREE {
        assert!(rows.iter().any(|r| r["expr"] == *expr), "{expr} is not recorded");
        assert!(!reason.is_empty());
    }
}

#[test]
fn every_function_is_recorded() {
    let rows = recorded("terraform_functions.json");
    let all: Vec<&str> = rows.as_array().unwrap().iter().filter_map(|r| r["expr"].as_str()).collect();
    // What differs from run to run, and what only OpenTofu has, cannot be recorded; templatestring takes a reference.
    let unrecorded = [
        "timestamp",
        "plantimestamp",
        "uuid",
        "bcrypt",
        "base64gunzip",
        "cidrcontains",
        "urldecode",
        "abspath",
        "known_or_symbol",
        "templatestring",
    ];
    let missing: Vec<&str> = table()
        .map(|r| r.func.name)
        .filter(|n| !unrecorded.contains(n) && !all.iter().any(|e| e.contains(&format!("{n}("))))
        .collect();
    assert!(missing.is_empty(), "no recorded rows: {missing:?}");
}

const UNKNOWNS: &str = r#"
variable "u" { type = string }
variable "n" { type = number }
variable "b" { type = bool }
variable "l" { type = list(string) }
variable "m" { type = map(string) }
variable "z" { type = any }
locals {
  u = var.u
  n = var.n
  b = var.b
  l = var.l
  m = var.m
  z = var.z
  d = jsondecode(var.u)
}
resource "terraform_data" "w" { count = 2 }
resource "terraform_data" "e" { for_each = { a = "x", b = "y" } }
"#;

/// Where more is known here, or the binary's answer does not hold for every value.
const MORE_KNOWN: &[(&str, &str)] =
    &[("matchkeys([\"a\"], [\"x\"], [local.u])", "the binary says [] although u may be x")];

/// Whether what the binary knows of a result is known here: the value, or its known elements.
fn holds(value: &Value, known: &Json, unknown: &Json) -> bool {
    match (unknown, known) {
        (Json::Bool(true), _) => true,
        (Json::Array(mask), Json::Array(items)) => {
            let Value::Coll(c) = value else { return false };
            let set = c.kind == crate::value::CollKind::Set;
            let each = items.iter().zip(mask).enumerate();
            each.into_iter().all(|(i, (item, mask))| {
                if set {
                    c.parts.iter().any(|p| holds(&p.value, item, mask))
                } else {
                    c.parts.get(i).is_some_and(|p| holds(&p.value, item, mask))
                }
            })
        }
        (Json::Object(mask), Json::Object(items)) => {
            let Value::Coll(c) = value else { return false };
            let has = |k: &str| c.parts.iter().find(|p| p.key.as_str() == Some(k));
            mask.keys().all(|k| has(k).is_some())
                && items
                    .iter()
                    .all(|(k, item)| has(k).is_some_and(|p| holds(&p.value, item, &Json::Bool(false))))
        }
        _ => to_json(value).is_ok_and(|text| serde_json::from_str::<Json>(&text).unwrap() == *known),
    }
}

#[test]
fn what_the_binary_knows_of_unknowns_is_known() {
    let rows = recorded("terraform_unknowns.json");
    let mut wrong = Vec::new();
    in_module(UNKNOWNS, |tf, scope| {
        for row in rows.as_array().unwrap() {
            let expr = row["expr"].as_str().unwrap();
            let value = eval(tf, scope, expr);
            let unknown = row.get("unknown").unwrap_or(&Json::Bool(false));
            let right = match (&row["error"], &row["known"]) {
                (Json::Bool(true), _) => matches!(value, Value::Refused(_)),
                (_, Json::Bool(false)) => !matches!(value, Value::Refused(_)),
                _ => holds(&value, &row["result"], unknown),
            };
            let listed = MORE_KNOWN.iter().any(|(e, _)| *e == expr);
            if right == listed {
                wrong.push(format!("{row}\n    got {}", tf.cx.show(&value)));
            }
        }
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Filling in the inputs of what was left open gives what evaluating with them gives.
#[test]
fn filling_in_is_evaluating() {
    let rows = recorded("terraform_unknowns.json");
    let mut wrong = Vec::new();
    for (u, n, b) in [("x", 1, true), ("b", 0, false), ("10", 3, true), ("", -1, false)] {
        let known = format!("locals {{\n  u = \"{u}\"\n  n = {n}\n  b = {b}\n}}\n");
        let exprs = rows.as_array().unwrap().iter().map(|row| row["expr"].as_str().unwrap());
        for expr in exprs.chain(OPEN.iter().copied()) {
            // Collections are not filled in: their elements are followed by other means.
            if ["local.l", "local.m", "local.z", "local.d", "terraform_data", "file("]
                .iter()
                .any(|s| expr.contains(s))
            {
                continue;
            }
            let direct = in_module(&known, |tf, scope| result(tf, scope, expr));
            let filled = in_module(UNKNOWNS, |tf, scope| {
                let value = eval(tf, scope, expr);
                let sym = |name: &str| match eval(tf, scope, name) {
                    Value::Sym(sym) => sym,
                    Value::Bool(g) => tf.cx.atoms(&[g]).first().copied().unwrap(),
                    other => panic!("{other:?}"),
                };
                let env = [
                    (sym("var.u"), Value::from(u)),
                    (sym("var.n"), Value::from(n)),
                    (sym("var.b"), Value::from(b)),
                ];
                shown(tf, &tf.cx.fill(&value, &env.into_iter().collect()))
            });
            if direct != filled {
                wrong.push(format!("{expr} with {u:?} {n} {b}\n    direct {direct}\n    filled {filled}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Calls that would take too long, or that depend on the machine.
const LEFT_OPEN: &[&str] = &[
    "jsondecode(\"[${replace(format(\"%251000s\", \"\"), \" \", \"1,\")}1]\")",
    "csvdecode(\"a\\n${replace(format(\"%130000s\", \"\"), \" \", \"x\\n\")}\")",
    "format(\"%s%s%s\", format(\"%4194304s\", \"\"), \"ab\", \"c\")",
    "replace(format(\"%5000s\", \"\"), \"/ /\", format(\"%2000s\", \"\"))",
    "replace(format(\"%5000s\", \"\"), \" \", format(\"%2000s\", \"\"))",
    "replace(replace(format(\"%13000s\", \"\"), \" \", \"x\"), \"/x*y|x/\", \"\")",
    "setsubtract([for i in range(200) : \"${i}\"], concat([local.u], [for i in range(150) : \"${i}\"]))",
    "sum([for i in range(7) : strcontains(local.u, \"${i}\") ? pow(2, i) : 0])",
    "pathexpand(\"~/a\")",
    "convert(\"a\", \"b\")",
    "assumeequal(\"a\", \"b\")",
];

/// What looks like one of them and is computed.
const COMPUTED: &[(&str, &str)] = &[
    ("length(jsondecode(\"\\\"${replace(format(\"%251000s\", \"\"), \" \", \",\")}\\\"\"))", "number 251000"),
    ("length(csvdecode(\"a\\n${replace(format(\"%1000s\", \"\"), \" \", \"x\\n\")}\"))", "number 1000"),
    ("length(replace(format(\"%5000s\", \"\"), \"/b/\", format(\"%2000s\", \"\")))", "number 5000"),
    ("length(replace(format(\"%5000s\", \"\"), \"b\", format(\"%2000s\", \"\")))", "number 5000"),
    ("basename(\"${path.cwd}-old/a\")", "string \"a\""),
    ("abspath(\"a\") == \"${path.cwd}/a\"", "bool true"),
];

#[test]
fn what_is_not_computed_is_left_open() {
    in_module(UNKNOWNS, |tf, scope| {
        for expr in LEFT_OPEN {
            let value = eval(tf, scope, expr);
            let alternatives = tf.cx.alternatives(&value);
            assert!(alternatives.iter().any(|(_, v)| matches!(v, Value::Sym(_))), "{expr}: {value:?}");
        }
        for (expr, wanted) in COMPUTED {
            assert_eq!(result(tf, scope, expr), *wanted, "{expr}");
        }
        // The working folder's neighbour is not below it.
        let below = eval(tf, scope, "dirname(\"${path.cwd}-old/a\") == \"${path.cwd}/-old\"");
        assert_ne!(below, Value::TRUE);
    });
}

#[test]
fn templates_from_text_see_their_arguments_only() {
    in_module("locals {\n  t = \"Hi $${name}\"\n}\n", |tf, scope| {
        let shown = |e: &str| result(tf, scope, e);
        assert_eq!(shown("templatestring(local.t, { name = \"Ann\" })"), "string \"Hi Ann\"");
        assert_eq!(shown("templatestring(local.t, {})"), "error");
        assert_eq!(shown("templatestring(\"$${local.t}\", {})"), "error");
    });
}

#[test]
fn every_call_of_uuid_is_its_own() {
    // Places are those of a file: this one is as long as the expression.
    in_module(&"#".repeat(99), |tf, scope| {
        let pair = hcl::parse_expression("[uuid(), uuid(), plantimestamp(), plantimestamp()]", 0).unwrap();
        let Value::Coll(c) = tf.eval(scope, &pair) else { panic!() };
        let at = |i: usize| &c.parts[i].value;
        assert!(at(0) != at(1) && at(2) == at(3));
    });
}

#[test]
fn opentofus_functions_are_there() {
    in_module("", |tf, scope| {
        for (expr, wanted) in [
            ("cidrcontains(\"10.0.0.0/8\", \"10.2.3.4\")", "bool true"),
            ("cidrcontains(\"10.0.0.0/8\", \"10.2.0.0/7\")", "bool false"),
            ("urldecode(\"a+b%26\")", "string \"a b\\u0026\""),
            ("urldecode(\"%\")", "error"),
            ("cidrcontains(\"10.0.0.0/8\", \"9.255.255.255\")", "bool false"),
            ("cidrcontains(\"10.0.0.0/8\", \"::1\")", "error"),
        ] {
            assert_eq!(result(tf, scope, expr), wanted, "{expr}");
        }
    });
}

#[test]
fn values_are_written_as_the_binary_writes_them() {
    let required = "terraform {\n  required_providers {\n    terraform = { source = \"terraform.io/builtin/terraform\" }\n  }\n}\n";
    in_module(required, |tf, scope| {
        for (call, wanted) in [
            ("expr(\"a\")", Some("\"a\"")),
            ("expr([])", Some("[]")),
            ("expr(null)", None),
            ("expr(toset([\"b\", \"a\"]))", Some("[\"a\", \"b\"]")),
            (
                "expr(\"a\\n\\\"b\\\"$${x}%%{y}\\t\\u0001\\\\é$\")",
                Some(r#""a\n\"b\"$${x}%%{y}\t\u0001\\é$""#),
            ),
            ("expr({ a = 1, b = [\"x\", null, true] })", Some("{\n  a = 1\n  b = [\"x\", null, true]\n}")),
            (
                "expr({ \"a b\" = 1, c-d = 2, \"1\" = 3, é = 4, for = 5, \"\" = 6, \"-a\" = 7 })",
                Some(
                    "{\n  \"\"    = 6\n  \"-a\"  = 7\n  \"1\"   = 3\n  \"a b\" = 1\n  c-d   = 2\n  for   = 5\n  é     = 4\n}",
                ),
            ),
            (
                "expr({ a = { b = { c = [1, 2, { d = 3 }] } } })",
                Some("{\n  a = {\n    b = {\n      c = [1, 2, {\n        d = 3\n      }]\n    }\n  }\n}"),
            ),
            ("expr([{ a = 1 }, { bb = 2, c = 3 }])", Some("[{\n  a = 1\n  }, {\n  bb = 2\n  c  = 3\n}]")),
            (
                "expr({ a = [[[{ b = 1 }], [{ c = 2 }]], 2] })",
                Some("{\n  a = [[[{\n    b = 1\n    }], [{\n    c = 2\n  }]], 2]\n}"),
            ),
            ("expr({ a = [[{ b = 1 }], 2] })", Some("{\n  a = [[{\n    b = 1\n  }], 2]\n}")),
            ("expr({ \"__\" = 1, \"-\" = 2 })", Some("{\n  \"-\" = 2\n  __  = 1\n}")),
            ("expr(\"it's \\U000e0001\\ue000\")", Some(r#""it's \U000e0001\ue000""#)),
            ("expr([yamldecode(\".inf\"), yamldecode(\"-.inf\")])", Some("[+Inf, -Inf]")),
            ("expr({ a = [[{ b = 1 }]] })", Some("{\n  a = [[{\n    b = 1\n  }]]\n}")),
            (
                "tfvars({ aaa = 1, b = { x = 1 }, cc = 2, dddd = \"y\" })",
                Some("aaa = 1\nb = {\n  x = 1\n}\ncc   = 2\ndddd = \"y\"\n"),
            ),
            ("tfvars({ a = 1, bbb = {}, c = [] })", Some("a   = 1\nbbb = {}\nc   = []\n")),
            ("tfvars(tomap({ z = \"1\", a = \"2\" }))", Some("a = \"2\"\nz = \"1\"\n")),
            ("tfvars({})", Some("")),
            ("tfvars({ \"a b\" = 1 })", None),
            ("tfvars({ \"1\" = 1 })", None),
            ("tfvars([1])", None),
            ("tfvars(null)", None),
        ] {
            let got = eval(tf, scope, &format!("provider::terraform::encode_{call}"));
            assert_eq!(got.as_str(), wanted, "{call}: {got:?}");
        }
        let back = "provider::terraform::decode_tfvars(provider::terraform::encode_tfvars({ a = \"x\" })).a";
        assert_eq!(eval(tf, scope, back).as_str(), Some("x"));
    });
}
