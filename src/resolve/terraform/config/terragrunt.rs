//! Terragrunt units as written: which module each deploys, and what it passes as it stands there.
//!
//! Answers: which files deploy this folder, and where does one say `keys = 2`? What Terragrunt computes is not read: includes,
//! dependencies, functions. So what it passes is never supplied; it is only pointed to.
//! Source: Terragrunt documentation, "terraform" (`source`, with `//` before the folder in a package), "inputs".

use std::path::{Path, PathBuf};

use super::written;
use crate::parse::hcl;
use crate::parse::syntax::{Body, Expr, ExprKind, ObjectKey};
use crate::source::{Files, normalize};
use crate::span::{FileId, Loc};

/// The name of a unit's file.
const UNIT: &str = "terragrunt.hcl";

/// The files of the units that deploy this folder.
pub fn units(dir: &Path, files: &Files) -> Vec<PathBuf> {
    let own = dir.join(UNIT);
    let own = files.read(&own).is_ok().then_some(own);
    let others = files.seen_as(UNIT).into_iter().filter(|unit| deploys(unit, dir, files));
    own.into_iter().chain(others).collect()
}

/// Whether the source that a unit names is this folder.
fn deploys(unit: &Path, dir: &Path, files: &Files) -> bool {
    let (Some(folder), Some((_, body))) = (unit.parent(), body(unit, files)) else { return false };
    let mut blocks = body.blocks("terraform");
    blocks.any(|block| {
        let source = block.body.attribute("source").and_then(|a| written::literal(&a.expr));
        source.is_some_and(|source| normalize(&folder.join(source.replace("//", "/"))) == dir)
    })
}

fn body(unit: &Path, files: &Files) -> Option<(FileId, Body)> {
    let file = files.read(unit).ok()?;
    Some((file, hcl::parse(&files.source(file)).0))
}

/// Where the units that deploy this folder pass an input as a value that is written there.
pub fn passed(dir: &Path, input: &str, files: &Files) -> Vec<Loc> {
    let of_unit = |unit: &PathBuf| {
        let (file, body) = body(unit, files)?;
        Some(Loc::new(file, entry(&body.attribute("inputs")?.expr, input)?.span))
    };
    units(dir, files).iter().filter_map(of_unit).collect()
}

/// The value of an entry of an object, or of the objects that a call joins.
fn entry<'e>(expr: &'e Expr, name: &str) -> Option<&'e Expr> {
    match &expr.kind {
        ExprKind::Paren(inner) => entry(inner, name),
        ExprKind::Call { args, .. } => args.iter().rev().find_map(|arg| entry(arg, name)),
        ExprKind::Object(entries) => {
            let is_it = |key: &ObjectKey| match key {
                ObjectKey::Name(own) => own.text == name,
                ObjectKey::Expr(key) => written::literal(key) == Some(name),
            };
            entries.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
        }
        _ => None,
    }
}
