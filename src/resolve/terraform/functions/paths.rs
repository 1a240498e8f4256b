//! Functions of paths. They ask no file system.
//!
//! Where a work tree lies is the machine's, and a symbol; what lies in it is that symbol and the rest of the path:
//! `abspath("users.yaml")`, `"${path.cwd}/users.yaml"`, `dirname(abspath("main.tf"))`. So a file there can be read, the
//! name of a folder in it is known, and no path of this machine gets into a value.
//! Source: Terraform language, "abspath Function", "References to Named Values" (`path.cwd`).

use super::args::{Also, Row, arg, done, row, shape, string, text};
use crate::value::func::AtLeast;
use crate::value::shortest::Text;
use crate::value::symbol::Piece;
use crate::value::{Cx, Func, Leaf, LeafKind, SymId, SymNode, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    shape("basename", (1, 1), Ty::String, |cx, f, a| of_path(cx, f, a, What::Name))
        .at_least(AtLeast::Something),
    row(DIRNAME, (1, 1)),
    row(EXPANDED, (1, 1)),
    shape("abspath", (1, 1), Ty::String, |cx, f, a| of_path(cx, f, a, What::Absolute)).also(Also::FromHere),
];

/// What of a path, or made of it.
enum What {
    Name,
    Folder,
    Expanded,
    Absolute,
}

const DIRNAME: Func = Func::shape("dirname", Ty::String, |cx, f, a| of_path(cx, f, a, What::Folder))
    .refusing()
    .at_least(AtLeast::Something);

const EXPANDED: Func = Func::shape("pathexpand", Ty::String, |cx, f, a| of_path(cx, f, a, What::Expanded));

/// Whether the machine tells what a path is that is not known: where the work tree lies, or the home folder.
pub fn is_of_machine(cx: &Cx, path: &Value) -> bool {
    let home = |sym: SymId| matches!(cx.node(sym), Some(SymNode::Call(f, args)) if *f == EXPANDED && args.iter().all(Value::is_known));
    let tree = |leaf: &SymId| cx.is_leaf(*leaf, |leaf| leaf.text == Text::WorkTree);
    matches!(path, Value::Sym(sym) if home(*sym)) || cx.leaves(path).iter().any(tree)
}

/// A path in the work tree with something else for what holds a backslash, as in `replace(path.cwd, "\\", "/")`: the folders that
/// the tree lies in have none.
pub fn replaced(cx: &Cx, path: SymId, what: &str, with: &str) -> Option<Value> {
    let pieces = cx.pieces_of(path).unwrap_or_else(|| [Piece::Sym(path)].into());
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => Some(string(text.replace(what, with))),
        Piece::Sym(sym) => tree_or_above(cx, *sym).map(|_| Value::Sym(*sym)),
    };
    let pieces = what.contains('\\').then(|| pieces.iter().map(piece).collect::<Option<Vec<_>>>())??;
    Some(cx.concat(&pieces))
}

/// The folder that Terraform is started in, by the way to it from the work tree.
pub fn cwd(cx: &Cx, way: &str) -> Value {
    let tree = |name: &str| {
        let leaf = Leaf::new(name, Ty::String, LeafKind::Deployment);
        cx.leaf_value(Leaf { text: Text::WorkTree, ..leaf })
    };
    if way.is_empty() { tree("path.cwd") } else { below(cx, &tree("(work tree)"), way) }
}

/// A clean relative path from a folder.
fn below(cx: &Cx, folder: &Value, path: &str) -> Value {
    match path {
        "." => folder.clone(),
        _ => cx.concat(&[folder.clone(), Value::from(format!("/{path}"))]),
    }
}

/// The work tree that a path lies in, and the rest of the path: nothing, or text that begins with a slash.
fn behind_tree(cx: &Cx, value: &Value) -> Option<(Value, String)> {
    match relative(cx, value)? {
        (tree, Value::String(text)) => Some((tree, text.strip_prefix('.')?.to_string())),
        _ => None,
    }
}

/// A path in the work tree, whatever inputs are in it, or in a folder above: the tree, and the relative path that leads
/// there from it.
pub fn relative(cx: &Cx, value: &Value) -> Option<(Value, Value)> {
    let Value::Sym(sym) = value else { return None };
    if let Some((tree, way)) = tree_or_above(cx, *sym) {
        return Some((tree, Value::from(way)));
    }
    let pieces = cx.pieces_of(*sym)?;
    let [Piece::Sym(first), rest @ ..] = pieces.as_ref() else { return None };
    let (tree, way) = tree_or_above(cx, *first)?;
    let below = matches!(rest, [Piece::Text(text), ..] if text.starts_with('/'));
    let rest = rest.iter().map(Value::from);
    let path = || cx.concat(&[Value::from(way)].into_iter().chain(rest).collect::<Vec<_>>());
    below.then(|| (tree, path()))
}

/// The work tree, or a folder that it lies in: the tree, and the way there.
fn tree_or_above(cx: &Cx, sym: SymId) -> Option<(Value, String)> {
    if cx.is_leaf(sym, |leaf| leaf.text == Text::WorkTree) {
        return Some((Value::Sym(sym), ".".into()));
    }
    match cx.node(sym)? {
        SymNode::Call(f, args) if *f == DIRNAME => match &*args {
            [Value::Sym(inner)] => tree_or_above(cx, *inner).map(|(tree, way)| (tree, way + "/..")),
            _ => None,
        },
        _ => None,
    }
}

fn of_path(cx: &Cx, f: &'static Func, args: &[Value], what: What) -> Value {
    if let Some((tree, rest)) = args.first().and_then(|path| behind_tree(cx, path)) {
        return match what {
            What::Expanded => arg(args, 0),
            What::Absolute => below(cx, &tree, &clean(&format!(".{rest}"))),
            // What the work tree is called, and what it lies in.
            _ if matches!(&*basename(&rest), "." | ".." | "/") => cx.opaque(f, args),
            What::Name => string(basename(&rest)),
            What::Folder => below(cx, &tree, &clean(&format!(".{}", dirname(&rest)))),
        };
    }
    if !args.iter().all(Value::is_known) {
        // What stands before the last slash is no matter of the name.
        let name = args.first().and_then(|path| last_text(cx, path)).filter(|_| matches!(what, What::Name));
        return name.map_or_else(|| cx.opaque(f, args), |text| string(basename(&text)));
    }
    done(text(cx, args, 0).map(|path| match what {
        What::Name => string(basename(&path)),
        What::Folder => string(dirname(&path)),
        // The home folder is the machine's.
        What::Expanded if path.starts_with('~') => cx.opaque(f, args),
        What::Expanded => Value::String(path),
        What::Absolute => string(clean(&path)),
    }))
}

/// The text at the end of one that is not known, from its last slash on, where a name follows.
fn last_text(cx: &Cx, path: &Value) -> Option<String> {
    let Value::Sym(sym) = path else { return None };
    match cx.pieces_of(*sym)?.last()? {
        Piece::Text(text) => {
            text.rsplit_once('/').filter(|(_, name)| !name.is_empty()).map(|(_, name)| name.to_string())
        }
        Piece::Sym(_) => None,
    }
}

fn basename(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".".into(),
        (_, true) => "/".into(),
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed).into(),
    }
}

fn dirname(path: &str) -> String {
    clean(path.rfind('/').map_or("", |i| path.get(..=i).unwrap_or_default()))
}

/// A path without empty parts, `.` and `..`.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            other => parts.push(other),
        }
    }
    match (rooted, parts.join("/")) {
        (true, joined) => format!("/{joined}"),
        (false, joined) if joined.is_empty() => ".".into(),
        (false, joined) => joined,
    }
}
