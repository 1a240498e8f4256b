//! Functions of paths. They ask no file system.
//!
//! Where a work tree lies is the machine's, and a symbol; what lies in it is that symbol and the rest of the path:
//! `abspath("users.yaml")`, `"${path.cwd}/users.yaml"`, `dirname(abspath("main.tf"))`. So a file there can be read, the
//! name of a folder in it is known, and no path of this machine gets into a value.
//! Source: Terraform language, "abspath Function", "References to Named Values" (`path.cwd`).

use super::args::{Also, Row, arg, done, row, string, text};
use crate::value::func::AtLeast;
use crate::value::shortest::Text;
use crate::value::symbol::Piece;
use crate::value::{Cx, Func, Guard, Leaf, LeafKind, SymId, SymNode, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    row(BASENAME, (1, 1)),
    row(DIRNAME, (1, 1)),
    row(EXPANDED, (1, 1)),
    row(ABSOLUTE, (1, 1)).also(Also::FromHere),
];

/// What of a path, or made of it.
enum What {
    Name,
    Folder,
    Expanded,
    Absolute,
}

const BASENAME: Func = Func::shape("basename", Ty::String, |cx, f, a| of_path(cx, f, a, What::Name))
    .refusing()
    .at_least(AtLeast::Something);

const DIRNAME: Func = Func::shape("dirname", Ty::String, |cx, f, a| of_path(cx, f, a, What::Folder))
    .refusing()
    .at_least(AtLeast::Something);

const EXPANDED: Func =
    Func::shape("pathexpand", Ty::String, |cx, f, a| of_path(cx, f, a, What::Expanded)).refusing();

const ABSOLUTE: Func =
    Func::shape("abspath", Ty::String, |cx, f, a| of_path(cx, f, a, What::Absolute)).refusing();

/// Whether a part of a path is the name of one file or folder.
static IS_NAME: Func = Func::known("(one name of a path)", Ty::Bool, |cx, _, a| {
    done(text(cx, a, 0).map(|t| Value::from(!matches!(&*t, "" | "." | "..") && !t.contains('/'))))
});

/// Whether a path leads nowhere but below the folder that it starts from, and is written in the one way.
static IS_BELOW: Func = Func::known("(a path below)", Ty::Bool, |cx, _, a| {
    done(
        text(cx, a, 0)
            .map(|t| Value::from(!t.starts_with(['/', '~']) && !t.starts_with("..") && clean(&t) == *t)),
    )
});

/// When a path that is not known leads below the folder that it starts from, and is written in the one way.
pub fn is_below(cx: &Cx, path: &Value) -> Guard {
    cx.truth(&cx.call(&IS_BELOW, std::slice::from_ref(path)))
}

/// A path as functions read it, which clean it first: `abspath(p)` leads where `p` does, `dirname("${p}/x")` where `p` does, and
/// `${p}/../x` where `x` does if `p` is a name.
pub fn as_read(cx: &Cx, path: &Value) -> Value {
    let Value::Sym(sym) = path else { return path.clone() };
    let pieces = cx.pieces_of(*sym).unwrap_or_else(|| [Piece::Sym(*sym)].into());
    let (mut when, mut read): (Guard, Vec<Value>) = (Guard::TRUE, Vec::new());
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            // What a path begins with.
            Piece::Sym(sym) if i == 0 => read.extend(leads(cx, *sym)),
            Piece::Text(text) => when = cx.and(when, led_up(cx, &mut read, text)),
            Piece::Sym(sym) => read.push(Value::Sym(*sym)),
        }
    }
    cx.if_else(when, cx.concat(&read), path.clone())
}

/// The pieces of the path that a function's result leads to.
fn leads(cx: &Cx, sym: SymId) -> Vec<Value> {
    let own = || vec![Value::Sym(sym)];
    let Some(SymNode::Call(f, args)) = cx.node(sym) else { return own() };
    let [Value::Sym(inner)] = &*args else { return own() };
    let pieces = cx.pieces_of(*inner).unwrap_or_else(|| [Piece::Sym(*inner)].into());
    let may_be_home = !matches!(pieces.first(), Some(Piece::Text(text)) if !text.starts_with('~'));
    if ![DIRNAME, ABSOLUTE, EXPANDED].contains(f) || *f == EXPANDED && may_be_home {
        return own();
    }
    let first = pieces.iter().take(1).flat_map(|piece| match piece {
        Piece::Sym(first) => leads(cx, *first),
        text => vec![text.into()],
    });
    let mut pieces: Vec<Value> = first.chain(pieces.iter().skip(1).map(Value::from)).collect();
    if *f == DIRNAME {
        let end = pieces.pop();
        match end.as_ref().and_then(|end| end.as_str()?.rsplit_once('/')) {
            Some((above, _)) => pieces.push(Value::from(above)),
            None => return own(),
        }
    }
    pieces
}

/// A path with more text behind it, where that leads up from what is not known; when this is a name.
fn led_up(cx: &Cx, read: &mut Vec<Value>, text: &str) -> Guard {
    let up = |text: &str| {
        text.strip_prefix("/..").filter(|rest| rest.is_empty() || rest.starts_with('/')).map(String::from)
    };
    let (mut when, mut text) = (Guard::TRUE, text.to_string());
    while let Some(rest) = up(&text) {
        let (before, name) = match read.as_slice() {
            [name] => ("./", name.clone()),
            [.., before, name] => (before.as_str().unwrap_or_default(), name.clone()),
            [] => break,
        };
        // The tree's name is not known, and what it lies in is.
        if !matches!(name, Value::Sym(_)) || relative(cx, &name).is_some() {
            break;
        }
        let Some(before) = before.strip_suffix('/').map(str::to_string) else { break };
        read.truncate(read.len().saturating_sub(2));
        when = cx.and(when, cx.truth(&cx.call(&IS_NAME, &[name])));
        text = before + &rest;
    }
    read.push(Value::from(text));
    when
}

/// Whether the machine tells what a path is that is not known: where the work tree lies, or the home folder.
pub fn is_of_machine(cx: &Cx, path: &Value) -> bool {
    let home = |sym: SymId| matches!(cx.node(sym), Some(SymNode::Call(f, args)) if *f == EXPANDED && args.iter().all(Value::is_known));
    let tree = |leaf: &SymId| cx.is_leaf(*leaf, |leaf| leaf.text == Text::WorkTree);
    matches!(path, Value::Sym(sym) if home(*sym)) || cx.leaves(path).iter().any(tree)
}

/// A path in the work tree with something else for what holds a backslash, as in `replace(path.cwd, "\\", "/")`, or for what is in
/// the path from there: the folders that the tree lies in have none, since the path would lead nowhere.
pub fn replaced(cx: &Cx, path: SymId, what: &str, with: &str) -> Option<Value> {
    let pieces = cx.pieces_of(path).unwrap_or_else(|| [Piece::Sym(path)].into());
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => Some(string(text.replace(what, with))),
        Piece::Sym(sym) => tree_or_above(cx, *sym).map(|_| Value::Sym(*sym)),
    };
    let is_below = || pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(what)));
    let known = !what.trim_matches('/').is_empty() && (what.contains('\\') || is_below());
    let pieces = known.then(|| pieces.iter().map(piece).collect::<Option<Vec<_>>>())??;
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
    let (tree, mut way) = tree_or_above(cx, *first)?;
    let mut rest = rest;
    // `${dirname(path.cwd)}/${basename(path.cwd)}` is `path.cwd`.
    while let [Piece::Text(text), Piece::Sym(name), behind @ ..] = rest
        && let Some(named) = folder_named(cx, *name)
        && text.ends_with('/')
        && clean(&format!("{way}{text}{NAMED}")) == clean(&format!("{named}/../{NAMED}"))
    {
        (way, rest) = (named, behind);
    }
    if rest.is_empty() {
        return Some((tree, Value::from(way)));
    }
    let below = matches!(rest, [Piece::Text(text), ..] if text.starts_with('/'));
    let rest = rest.iter().map(Value::from);
    let path = || cx.concat(&[Value::from(way)].into_iter().chain(rest).collect::<Vec<_>>());
    below.then(|| (tree, path()))
}

/// A name that stands for one that is not known.
const NAMED: &str = "(name)";

/// The folder whose name a symbol is, by the way there from the work tree.
fn folder_named(cx: &Cx, sym: SymId) -> Option<String> {
    match cx.node(sym)? {
        SymNode::Call(f, args) if *f == BASENAME => match &*args {
            [Value::Sym(folder)] => tree_or_above(cx, *folder).map(|(_, way)| way),
            _ => None,
        },
        _ => None,
    }
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
