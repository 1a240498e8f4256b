//! Functions that read files: as deep as the scanned tree and the root module go, and no further.
//!
//! A relative path starts at the root module. A file that is missing is refused, as Terraform refuses it; what one holds
//! that may not be read is a symbol, and that is said.
//! Source: Terraform language, "Filesystem Functions", "templatefile Function"; recorded results of the binary.

mod fileset;
mod template;

use std::path::{Path, PathBuf};

use self::fileset::{below, fileset};
use self::template::template;
use super::Terraform;
use super::site::Site;
use crate::problem::{Problem, ProblemKind};
use crate::resolve::terraform::functions::args::{
    Also, Answer, Read, arg, done, past_limit, string, text, wrong,
};
use crate::resolve::terraform::functions::{paths, table};
use crate::resolve::terraform::types::to_string;
use crate::source::{ReadError, Source, normalize};
use crate::span::{FileId, Loc};
use crate::value::limits::TEXT;
use crate::value::marks::Mark;
use crate::value::symbol::Piece;
use crate::value::{Cx, Func, Guard, Leaf, LeafKind, SymId, Ty, Value};

/// Up to how many bytes a file's text is followed: as many as a collection that is decoded of it may have.
const LONGEST: usize = 2 * TEXT.most;

/// What a function reads of a file, for each path that it may be.
pub fn read(site: &Site, func: &'static Func, what: Read, args: &[Value]) -> Value {
    let cx = site.tf.cx;
    let args = from_here(site.tf, args);
    let args = match what {
        Read::Listing => by_folder(site, &args),
        // A folder is no file that is not there.
        Read::Exists => by_path(site, &args, true),
        _ => by_path(site, &args, false),
    };
    let split: Vec<Value> = args.iter().map(|a| cx.split(a)).collect();
    cx.lift(func, &split, &|args| {
        if args.iter().all(Value::is_known) {
            cx.carried(func, args, done(read_one(site, func, what, args)))
        } else {
            if args.first().is_some_and(|path| paths::is_of_machine(cx, path)) {
                let reason = "which file is read here depends on where the work tree or the home folder lies; what depends on it \
                              is not known";
                let at = Loc::new(site.scope.file, site.at.span);
                site.tf.sink.problem(Problem::new(ProblemKind::Unreadable, at, reason));
            }
            site.tf.reads.borrow_mut().any = true;
            cx.opaque(func, args)
        }
    })
}

/// A template evaluated: a file's, for each path that it may be, or a text.
pub fn render(site: &Site, func: &'static Func, of_file: bool, args: &[Value]) -> Value {
    let cx = site.tf.cx;
    let args = if of_file { by_path(site, &from_here(site.tf, args), false) } else { args.to_vec() };
    cx.lift(func, &args, &|args| template(site, func, of_file, args))
}

/// The folder that Terraform is started in: the root module. Terragrunt may start it in a copy.
pub fn cwd(tf: &Terraform) -> Value {
    paths::cwd(tf.cx, &way(tf))
}

/// The way to it from the work tree.
fn way(tf: &Terraform) -> String {
    let root = tf.root_node().filter(|root| !tf.completed_by_terragrunt(root));
    root.and_then(|root| tf.files.way(&root.module.dir)).unwrap_or_default()
}

/// A relative path as one that begins with that folder.
pub fn from_cwd(tf: &Terraform, path: &Value) -> Value {
    let cx = tf.cx;
    let pieces = |path: &Value| if let Value::Sym(sym) = path { cx.pieces_of(*sym) } else { None };
    cx.map(path, |path| {
        let begins = match pieces(path).as_deref() {
            Some([Piece::Text(text), ..]) => Some(text.to_string()),
            _ => path.as_str().map(String::from),
        };
        match begins.filter(|text| !text.starts_with('/')) {
            Some(_) => cx.concat(&[cwd(tf), "/".into(), path.clone()]),
            None => path.clone(),
        }
    })
}

/// The arguments with a path in the work tree as a relative one.
fn from_here(tf: &Terraform, args: &[Value]) -> Vec<Value> {
    let cx = tf.cx;
    let Some((path, rest)) = args.split_first() else { return Vec::new() };
    let way = way(tf);
    let up = || Value::from("../".repeat(way.split('/').filter(|part| !part.is_empty()).count()));
    let from_root = |path: &Value| paths::relative(cx, path).map(|(_, below)| cx.concat(&[up(), below]));
    let path = cx.map(path, |path| paths::as_read(cx, path));
    let path = cx.map(&path, |path| from_root(path).unwrap_or_else(|| path.clone()));
    [path].into_iter().chain(rest.iter().cloned()).collect()
}

/// The arguments of `fileset` with a folder or a pattern that inputs decide as a choice among those that there are: of
/// folders, all below the one that it begins with; of patterns, those with the name of a folder or file, or part of it, in the
/// input's place, or an asterisk, or nothing.
fn by_folder(site: &Site, args: &[Value]) -> Vec<Value> {
    let cx = site.tf.cx;
    let [folder, pattern] = args else { return args.to_vec() };
    let among = |v: &Value, names: &dyn Fn(SymId) -> Option<Vec<String>>| match v {
        Value::Sym(sym) => {
            let listed = cx.tabulated(*sym).or_else(|| one_of(cx, *sym, names(*sym)?));
            listed.unwrap_or_else(|| v.clone())
        }
        other => other.clone(),
    };
    let folders = |sym: SymId| {
        let (begins, base) = beginning(site, sym)?;
        let files = below(site, &base, &[]).ok()??;
        let mut names: Vec<String> = Vec::new();
        for file in &files {
            let above = file.strip_prefix(&base).ok()?.ancestors().skip(1);
            names.extend(above.filter_map(|p| Some(format!("{begins}{}", p.to_str()?.replace('\\', "/")))));
        }
        Some(names)
    };
    let folder = cx.map(&to_string(cx, folder), |v| among(v, &folders));
    let patterns = |sym: SymId| {
        let base = listed(site, folder.as_str()?)?;
        let files = below(site, &base, &[]).ok()??;
        let relative = files.iter().filter_map(|f| f.strip_prefix(&base).ok());
        let parts = |p: &Path| {
            let parts = [p.file_stem(), p.extension(), p.file_name()];
            parts.map(|n| n.and_then(|n| n.to_str()).map(String::from))
        };
        let named = relative.flat_map(|p| p.ancestors()).flat_map(parts).flatten();
        let named = named.chain(["", "*", "**"].map(String::from));
        let pieces = cx.pieces_of(sym).unwrap_or_else(|| [Piece::Sym(sym)].into());
        // Where one leads up from what is not known.
        if pieces.iter().any(|piece| matches!(piece, Piece::Text(text) if text.contains(".."))) {
            return None;
        }
        let with =
            |name: &str| pieces.iter().map(|p| if let Piece::Text(text) = p { text } else { name }).collect();
        Some(named.map(|name| with(&name)).collect())
    };
    let pattern = cx.map(&to_string(cx, pattern), |pattern| paths::as_read(cx, pattern));
    let pattern = cx.map(&pattern, |v| among(v, &patterns));
    vec![folder, pattern]
}

/// The arguments with a path that inputs decide as a choice among the files that it may lead to, and one more path that
/// leads to none: whatever else the inputs are, there is no such file. With `folders`, among the folders too.
fn by_path(site: &Site, args: &[Value], folders: bool) -> Vec<Value> {
    let cx = site.tf.cx;
    let Some((path, rest)) = args.split_first() else { return Vec::new() };
    let one = |v: &Value| match v {
        Value::Sym(sym) => match cx.tabulated(*sym) {
            Some(listed) => listed,
            None => among_files(site, *sym, folders).unwrap_or_else(|| v.clone()),
        },
        other => other.clone(),
    };
    [cx.map(&to_string(cx, path), one)].into_iter().chain(rest.iter().cloned()).collect()
}

/// A path that is made of inputs, as a choice among the files below the folder that it begins with; `None` where that
/// folder is elsewhere, or has too many.
fn among_files(site: &Site, path: SymId, folders: bool) -> Option<Value> {
    let cx = site.tf.cx;
    let (begins, base) = beginning(site, path)?;
    let files = below(site, &base, &[]).ok()??;
    let mut names = Vec::new();
    for file in &files {
        let ways = file.strip_prefix(&base).ok()?.ancestors().filter(|way| !way.as_os_str().is_empty());
        for way in ways.take(if folders { usize::MAX } else { 1 }) {
            names.push(format!("{begins}{}", way.to_str()?.replace('\\', "/")));
        }
    }
    one_of(cx, path, names)
}

/// The folder that a path which inputs decide begins with: as it is written, and where it is.
fn beginning(site: &Site, path: SymId) -> Option<(String, PathBuf)> {
    let begins = match site.tf.cx.pieces_of(path).as_deref() {
        Some([Piece::Text(text), ..]) => text.to_string(),
        _ => String::new(),
    };
    let folder = begins.rfind('/').map_or("", |i| begins.get(..=i).unwrap_or_default());
    Some((folder.to_string(), listed(site, folder)?))
}

/// The folder of this path, if what is in it can be listed.
fn listed(site: &Site, path: &str) -> Option<PathBuf> {
    full(site.tf, path).filter(|folder| site.tf.files.unlisted(folder).is_none())
}

/// A text that inputs decide as a choice among some, and one more that is the name of no file.
fn one_of(cx: &Cx, text: SymId, mut names: Vec<String>) -> Option<Value> {
    // What the deployment gives is one text, but for each element of a collection it is another.
    let one = |leaf: &SymId| {
        let kind = cx.leaf(*leaf).map(|leaf| leaf.kind);
        matches!(kind, Some(LeafKind::Input | LeafKind::Deployment)) && cx.element_owner(*leaf).is_none()
    };
    let text_value = Value::Sym(text);
    // A whole path, or the first part of one, that the deployment gives may lead anywhere.
    let begins = || matches!(cx.pieces_of(text).as_deref(), Some([Piece::Text(_), ..]));
    let may_be = cx.are_inputs(&[&text_value]) || begins() && cx.leaves(&text_value).iter().all(one);
    if !may_be {
        return None;
    }
    names.sort();
    names.dedup();
    let (mut found, mut left) = (Vec::new(), Guard::TRUE);
    for name in names.into_iter().map(Value::from) {
        let here = cx.and(left, cx.equal(&text_value, &name));
        found.push((here, name));
        left = cx.and(left, cx.not(here));
    }
    // A path that is an input as a whole, or begins with one and leads to nothing here, may lead out of what is read.
    let out = match cx.pieces_of(text).as_deref() {
        None => true,
        Some([Piece::Sym(_), ..]) => found.iter().all(|(here, _)| here.is_false()),
        Some(_) => false,
    };
    let missing = if out { cx.and(left, paths::is_below(cx, &text_value)) } else { left };
    found.push((missing, "(no such file)".into()));
    if out {
        let elsewhere = format!("{ELSEWHERE}{}", cx.show(&text_value));
        found.push((cx.and(left, cx.not(missing)), elsewhere.into()));
    }
    Some(cx.choice(found))
}

/// What this attribute of a data source that reads a file is, as a function reads it; `None` where none does.
pub fn contents(site: &Site, attribute: &str, path: &Value) -> Option<Value> {
    let row = table().find(|row| row.attribute == Some(attribute))?;
    let Also::Reads(what) = row.also else { return None };
    Some(read(site, &row.func, what, &[site.tf.merged(path)]))
}

/// What a data source that fills in a template gives, a file's or a text, as a function does.
pub fn rendered(site: &Site, file: bool, args: &[Value]) -> Option<Value> {
    let row = table().find(|row| matches!(row.also, Also::Renders { file: own } if own == file))?;
    Some(render(site, &row.func, file, args))
}

/// In front of a path that leads to a file that is not among those that are read.
const ELSEWHERE: &str = "(another file) ";

/// What is read of such a file: whoever deploys has it.
fn elsewhere(cx: &Cx, func: &'static Func, path: &str) -> Value {
    cx.leaf_value(Leaf::new(format!("{}({path})", func.name), func.ret.clone(), LeafKind::Deployment))
}

/// What a path leads to.
enum PathTarget {
    File(FileId),
    Missing,
    Folder,
    /// It may not be read, which was said.
    Unknown,
}

/// The path of a file that `file(path)` reads; `None` if none can be read there.
pub fn local_file(tf: &Terraform, path: &str) -> Option<PathBuf> {
    full(tf, path).filter(|full| tf.files.read(full).is_ok())
}

/// The file that a known path leads to; a secret one is not named.
fn find(site: &Site, path: &str, as_value: &Value) -> PathTarget {
    let full = full(site.tf, path);
    site.tf.reads.borrow_mut().paths.extend(full.clone());
    // What is not there on this machine may be on the one that deploys.
    let covered = full.as_ref().filter(|full| site.tf.files.covers(full) || full.exists());
    let read = covered.map_or(Err(ReadError::Outside), |full| site.tf.files.read(full));
    match read {
        Ok(file) => PathTarget::File(file),
        Err(ReadError::Missing) => PathTarget::Missing,
        Err(ReadError::NotAFile) if full.is_some_and(|full| full.is_dir()) => PathTarget::Folder,
        Err(error) => {
            let name =
                if site.tf.cx.mark_of(as_value).is_none() { format!("file {path:?}") } else { "file".into() };
            unread(site, &name, &error);
            PathTarget::Unknown
        }
    }
}

/// The path from the root module; `None` in a home folder, which is the machine's.
fn full(tf: &Terraform, path: &str) -> Option<PathBuf> {
    let root = tf.root_node()?;
    (!path.starts_with('~')).then(|| normalize(&root.module.dir.join(path)))
}

/// Says that what is read here may not be.
fn unread(site: &Site, what: &str, error: &ReadError) {
    let reason = format!("the {what} that is read here {error}; what depends on it is not known");
    let at = Loc::new(site.scope.file, site.at.span);
    site.tf.sink.problem(Problem::new(ProblemKind::Unreadable, at, reason));
}

fn read_one(site: &Site, func: &'static Func, what: Read, args: &[Value]) -> Answer {
    let cx = site.tf.cx;
    let path = text(cx, args, 0)?;
    if let Some(path) = path.strip_prefix(ELSEWHERE).filter(|_| !matches!(what, Read::Listing)) {
        return Ok(elsewhere(cx, func, path));
    }
    let unknown = || cx.opaque(func, args);
    let content = |value: Value| cx.hidden(&value, Mark::Read, &site.written());
    let missing = || Err(wrong(&format!("there is no file {path:?}")));
    if matches!(what, Read::Listing) {
        return fileset(site, &path, &text(cx, args, 1)?).map(|found| found.unwrap_or_else(unknown));
    }
    Ok(match (find(site, &path, &arg(args, 0)), what) {
        (PathTarget::File(_), Read::Exists) => Value::TRUE,
        (PathTarget::Folder, Read::Exists) => return Err(wrong("this is a folder, not a file")),
        (PathTarget::Missing, Read::Exists) => Value::FALSE,
        (PathTarget::Missing | PathTarget::Folder, _) => return missing(),
        (PathTarget::Unknown, _) => unknown(),
        (PathTarget::File(file), Read::Bytes(computed)) => {
            let known = site.tf.known.computed.borrow().get(&(func.name, file)).cloned();
            if let Some(known) = known {
                return Ok(content(known));
            }
            let value = computed(&site.tf.files.bytes(file));
            if value.as_str().is_some_and(|text| text.len() > LONGEST) {
                return Ok(past_limit(cx, &TEXT, Ty::String, func, args));
            }
            site.tf.known.computed.borrow_mut().insert((func.name, file), value.clone());
            content(value)
        }
        (PathTarget::File(file), Read::Text | Read::Listing) => {
            let source = site.tf.files.source(file);
            let text = utf8(&source)?;
            if text.len() > LONGEST {
                return Ok(past_limit(cx, &TEXT, Ty::String, func, args));
            }
            let text = content(string(text));
            site.tf.files.take_apart(file);
            site.tf.was_read(&text, file);
            text
        }
    })
}

fn utf8(source: &Source) -> Result<&str, Value> {
    if source.invalid_utf8.is_empty() { Ok(&source.text) } else { Err(wrong("this file is not UTF-8")) }
}
