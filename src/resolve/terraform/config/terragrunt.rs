//! Terragrunt units as written: which module each deploys, and what it passes as it stands there.
//!
//! Answers: which files deploy this folder, and where does one say `keys = 2`? What Terragrunt computes is not: of a path such as
//! `"${get_repo_root()}/modules/app"` the end is known, and any folder of that end may be meant. So what a unit passes is never
//! supplied; it is only pointed to.
//! Source: Terragrunt documentation, "terraform" (`source`, with `//` before the folder in a package), "include", "inputs".

use std::path::{Component, Path, PathBuf};

use super::written;
use crate::parse::syntax::{Body, Expr, ExprKind, ObjectKey, TemplatePart};
use crate::parse::{hcl, tf_json};
use crate::source::{Files, normalize};
use crate::span::{FileId, Loc};

/// The names of a unit's file.
const UNIT: [&str; 2] = ["terragrunt.hcl", "terragrunt.hcl.json"];

/// How many locals deep a path is followed.
const LOCALS: usize = 8;

/// A unit that the walk met, with what it says of modules.
#[derive(Debug)]
pub struct Unit {
    path: PathBuf,
    /// Where it is in JSON, its blocks are attributes.
    body: Body,
    file: FileId,
    sources: Vec<Address>,
}

/// The path that an expression gives, as far as it is written.
#[derive(Debug)]
enum Address {
    /// All of it.
    Whole(String),
    /// What follows the last thing that Terragrunt computes; empty where that is all.
    End(String),
}

/// The units that the walk met, sorted by path.
pub fn read(files: &Files) -> Vec<Unit> {
    let mut paths: Vec<PathBuf> = UNIT.iter().flat_map(|name| files.seen_as(name)).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| Unit::read(path, files)).collect()
}

impl Unit {
    fn read(path: PathBuf, files: &Files) -> Option<Self> {
        let (file, body) = body(&path, files)?;
        let mut sources = sources(&body);
        if sources.is_empty() {
            // What includes name, a unit has; what it says itself replaces theirs.
            for address in includes(&body) {
                let included = address.found(&path, files).and_then(|path| self::body(&path, files));
                match included {
                    Some((_, body)) => sources.extend(self::sources(&body)),
                    None => sources.push(Address::End(String::new())),
                }
            }
        }
        Some(Self { path, body, file, sources })
    }

    /// Whether it deploys, or may deploy, the module of a folder, a full path.
    pub fn deploys(&self, dir: &Path) -> bool {
        let folder = self.path.parent().unwrap_or(Path::new(""));
        folder == dir || self.sources.iter().any(|source| source.may_be(dir, folder))
    }

    /// Where it passes an input as a value that is written there; nowhere if it may deploy just any module.
    pub fn passes(&self, input: &str) -> Option<Loc> {
        if self.sources.iter().any(|source| matches!(source, Address::End(end) if end.is_empty())) {
            return None;
        }
        let inputs = &self.body.attribute("inputs")?.expr;
        Some(Loc::new(self.file, entry(inputs, input)?.span))
    }
}

impl Address {
    /// Whether it leads from a unit's folder to this one.
    fn may_be(&self, dir: &Path, folder: &Path) -> bool {
        match self {
            Self::Whole(path) => normalize(&folder.join(path.replace("//", "/"))) == dir,
            Self::End(end) => dir.ends_with(last(end.split('?').next().unwrap_or_default())),
        }
    }

    /// The file that an include's path leads to from a unit: an unknown beginning is a folder around it.
    fn found(&self, unit: &Path, files: &Files) -> Option<PathBuf> {
        let folder = unit.parent()?;
        match self {
            Self::Whole(path) => Some(normalize(&folder.join(path))),
            Self::End(end) => {
                let end = last(end);
                let around = folder.ancestors().map(|folder| folder.join(&end));
                around.into_iter().find(|path| path != unit && path.is_file() && files.read(path).is_ok())
            }
        }
    }
}

/// The folders that a path ends in, behind the last that leads upwards.
fn last(path: &str) -> PathBuf {
    let mut last = PathBuf::new();
    for part in Path::new(path).components() {
        match part {
            Component::ParentDir => last.clear(),
            Component::Normal(name) => last.push(name),
            _ => {}
        }
    }
    last
}

/// What a unit's file says; none of it where it cannot be read.
fn body(unit: &Path, files: &Files) -> Option<(FileId, Body)> {
    let file = files.read(unit).ok()?;
    let json = unit.extension().is_some_and(|end| end == "json");
    let parse = if json { tf_json::parse_attributes } else { hcl::parse };
    Some((file, parse(&files.source(file)).0))
}

/// The modules that a file names.
fn sources(body: &Body) -> Vec<Address> {
    let blocks = body.blocks("terraform").filter_map(|block| Some(&block.body.attribute("source")?.expr));
    let json = body.attribute("terraform").and_then(|terraform| entry(&terraform.expr, "source"));
    blocks.chain(json).map(|source| address(source, body, LOCALS)).collect()
}

/// The files that a file includes; in JSON, all that stands there may be one.
fn includes(body: &Body) -> Vec<Address> {
    let blocks = body.blocks("include").map(|block| block.body.attribute("path"));
    let json = body.attribute("include").map(|_| None);
    let address = |path: Option<_>| match path {
        Some(path) => address(path, body, LOCALS),
        None => Address::End(String::new()),
    };
    blocks.map(|path| path.map(|path| &path.expr)).chain(json).map(address).collect()
}

/// The path that an expression gives in a file.
fn address(expr: &Expr, body: &Body, locals: usize) -> Address {
    match &expr.kind {
        ExprKind::Paren(inner) => address(inner, body, locals),
        ExprKind::Template(parts) => {
            let mut path = Address::Whole(String::new());
            for part in parts {
                let part = match part {
                    TemplatePart::Literal(text, _) => Address::Whole(text.clone()),
                    TemplatePart::Interpolation(inner) => address(inner, body, locals),
                    _ => Address::End(String::new()),
                };
                match (&mut path, part) {
                    (Address::Whole(path) | Address::End(path), Address::Whole(text)) => path.push_str(&text),
                    (_, end) => path = end,
                }
            }
            path
        }
        ExprKind::GetAttr(base, name) if matches!(&base.kind, ExprKind::Variable(v) if v == "local") => {
            let mut blocks = body.blocks("locals");
            match blocks.find_map(|block| block.body.attribute(&name.text)) {
                Some(local) if locals > 0 => address(&local.expr, body, locals - 1),
                _ => Address::End(String::new()),
            }
        }
        ExprKind::Call { name, args, .. } if name.text == "find_in_parent_folders" => {
            let name = args.first().map_or(Some(UNIT[0]), written::literal);
            Address::End(name.map(|name| format!("/{name}")).unwrap_or_default())
        }
        _ => Address::End(String::new()),
    }
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
