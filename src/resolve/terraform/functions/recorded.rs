//! Every function against what the real binary gives.
//!
//! `testdata/recorded/terraform_functions.json` holds expressions with their result as JSON and its type, or an error;
//! `terraform_unknowns.json` what the binary knows of expressions over values that it does not know.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::super::inputs::RootInputs;
use super::super::scope::Scope;
use super::super::unify;
use super::super::{Modules, Terraform};
use super::encode::to_json;
use super::table;
use crate::key::Mode;
use crate::parse::hcl;
use crate::source::Files;
use crate::span::FileId;
use crate::value::{Cx, Value};

/// Expressions whose result differs, each with the reason. One that starts to agree must go.
const DISAGREE: &[(&str, &str)] = &[];

fn recorded(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded").join(name);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn in_module<T>(text: &str, f: impl FnOnce(&Terraform, &Scope) -> T) -> T {
    let dir: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/recorded/terraform_files");
    let (cx, files, modules) = (Cx::new(), Files::new(dir.clone()), Modules::default());
    files.insert(&dir.join("main.tf"), text.as_bytes().to_vec()).unwrap();
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
    let value = eval(tf, scope, expr);
    match &value {
        Value::Refused(_) => "error".into(),
        known if known.is_known() => {
            format!("{} {}", unify::show(&unify::type_of(tf.cx, known)), to_json(known).unwrap_or_default())
        }
        other => tf.cx.show(other),
    }
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
            match (got == wanted, DISAGREE.iter().find(|(e, _)| *e == expr)) {
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
    // What differs from run to run, and what only OpenTofu has, cannot be recorded.
    let unrecorded = [
        "timestamp",
        "plantimestamp",
        "uuid",
        "bcrypt",
        "base64gunzip",
        "cidrcontains",
        "urldecode",
        "abspath",
    ];
    let missing: Vec<&str> = table()
        .map(|r| r.func.name)
        .filter(|n| !unrecorded.contains(n) && !all.iter().any(|e| e.contains(&format!("{n}("))))
        .collect();
    assert!(missing.is_empty(), "no recorded rows: {missing:?}");
}
