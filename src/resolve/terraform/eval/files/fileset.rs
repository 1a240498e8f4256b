//! The files of a folder that match a pattern.
//!
//! `fileset(path.module, "users/*.json")` are the names of these files, in the order of a set.
//! Source: Terraform language, "fileset Function"; recorded results of the binary.

use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::Chars;

use super::{full, unread};
use crate::resolve::terraform::eval::calls;
use crate::resolve::terraform::eval::site::Site;
use crate::resolve::terraform::functions::args::{string, wrong};
use crate::source::ReadError;
use crate::value::limits::FILES;
use crate::value::{CollKind, Part, Ty, Value};

/// How many files are read to point at them.
const PLACED: usize = 64;

/// The files below a folder that match, relative to the folder; `None` if the folder may not be read.
pub(super) fn fileset(site: &Site, folder: &str, pattern: &str) -> Result<Option<Value>, Value> {
    let Some(folder) = full(site.tf, folder) else {
        unread(site, "folder", &ReadError::Outside);
        return Ok(None);
    };
    // A pattern is a path behind the folder's: it may be written with `.`, and lead up.
    let (base, pattern) = below_which(&folder, pattern);
    match site.tf.files.unlisted(&base) {
        // There is nothing below a file.
        Some(_) if site.tf.files.read(&base).is_ok() => {
            return Ok(Some(site.tf.cx.container(CollKind::Set, Ty::String, Vec::new())));
        }
        Some(error) => {
            unread(site, "folder", &error);
            return Ok(None);
        }
        None => {}
    }
    let glob = classes(&pattern).and_then(|pattern| {
        globset::GlobBuilder::new(&pattern).literal_separator(true).empty_alternates(true).build().ok()
    });
    let matcher = glob.ok_or_else(|| wrong("this pattern is not valid"))?.compile_matcher();
    let parts: Vec<&str> = pattern.split('/').collect();
    let files = match below(site, &base, &parts) {
        Ok(Some(files)) => files,
        Ok(None) => {
            site.tf.reads.borrow_mut().any = true;
            return Ok(None);
        }
        Err(error) => {
            unread(site, "folder", &error);
            return Ok(None);
        }
    };
    let mut relative: Vec<&PathBuf> = files.iter().collect();
    relative.retain(|file| file.strip_prefix(&base).is_ok_and(|path| matcher.is_match(path)));
    let nowhere = |file: &PathBuf| file.is_symlink() && site.tf.files.read(file) == Err(ReadError::Missing);
    if relative.iter().any(|file| nowhere(file)) {
        return Err(wrong("the pattern fits a link that leads nowhere"));
    }
    let found = relative.into_iter().enumerate().filter_map(|(i, file)| {
        let name = calls::way(&folder, file);
        let name = Part::item(string(name.to_str()?.replace('\\', "/")));
        site.tf.reads.borrow_mut().paths.insert(site.tf.files.real(file));
        // A place is only of use among files that people keep an eye on.
        let read = if i < PLACED { site.tf.files.read(file).ok() } else { None };
        Some(match read {
            Some(file) => {
                site.tf.files.take_apart(file);
                name.written(site.tf.top(file))
            }
            None => name,
        })
    });
    let found = found.collect();
    Ok(Some(site.tf.cx.container(CollKind::Set, Ty::String, found)))
}

/// The pattern with its classes as the glob library reads them; `None` if one is not valid. Here `[!a]` is `!` or `a`, and only
/// `[^a]` is negated; a backslash escapes, and nothing lies between `z` and `a`.
fn classes(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '[' {
            out.push_str(&class(&mut chars)?);
            continue;
        }
        out.push(c);
        if c == '\\' {
            out.extend(chars.next());
        }
    }
    Some(out)
}

/// What follows `[`, up to its `]`.
fn class(chars: &mut Peekable<Chars>) -> Option<String> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    let mut is_empty = !negated;
    loop {
        let from = match chars.next()? {
            ']' if !is_empty => break,
            ']' | '-' => return None,
            '\\' => chars.next()?,
            c => c,
        };
        is_empty = false;
        let to = match chars.next_if_eq(&'-') {
            None => from,
            Some(_) => match chars.next()? {
                ']' | '-' => return None,
                '\\' => chars.next()?,
                c => c,
            },
        };
        if from <= to {
            ranges.push((from, to));
        }
    }
    // A bracket is a character where it stands first, and a dash where it stands last.
    ranges.sort_by_key(|(from, _)| (*from != ']', *from == '-'));
    let range =
        |(from, to): &(char, char)| if from == to { from.to_string() } else { format!("{from}-{to}") };
    let all: String = ranges.iter().map(range).collect();
    Some(match (ranges.is_empty(), negated) {
        (true, true) => "?".into(),
        (true, false) => "[^\0-\u{10ffff}]".into(),
        (false, true) => format!("[^{all}]"),
        // At the beginning of a class `!` negates it.
        (false, false) if all.starts_with(['!', '^']) => format!("[\0{all}]"),
        (false, false) => format!("[{all}]"),
    })
}

/// The folder that a cleaned pattern is about, and the pattern below it: `../b/*.json` is about the folder above.
fn below_which(folder: &Path, pattern: &str) -> (PathBuf, String) {
    let (mut base, mut parts) = (folder.to_path_buf(), Vec::new());
    for part in pattern.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part != ".." {
            parts.push(part);
        } else if parts.pop().is_none() {
            base.pop();
        }
    }
    (base, parts.join("/"))
}

/// The files below a folder, sorted; `None` where they are too many, or a link that the `parts` of a pattern mean leads back
/// to where it stands. An error where a folder that they mean may not be read; `.git` has to be named.
pub(super) fn below(site: &Site, base: &Path, parts: &[&str]) -> Result<Option<Vec<PathBuf>>, ReadError> {
    let files = site.tf.files;
    let mut found = Vec::new();
    let mut folders = vec![(base.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        found.extend(files.list(&folder).iter().cloned());
        if found.len() > FILES.most {
            site.tf.cx.spent(&FILES);
            return Ok(None);
        }
        // The last part stands for files.
        let part = parts.get(depth).filter(|_| depth + 1 < parts.len());
        let anywhere = parts.iter().take(depth + 1).any(|part| *part == "**");
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if !path.is_dir() {
                continue;
            }
            let is_meant = || {
                let glob = part.and_then(|part| globset::Glob::new(&classes(part)?).ok());
                anywhere || glob.is_some_and(|glob| glob.compile_matcher().is_match(&name))
            };
            match files.unlisted(&path) {
                None if is_link && folder.starts_with(files.real(&path)) => {
                    if is_meant() {
                        return Ok(None);
                    }
                }
                None => folders.push((path, depth + 1)),
                Some(ReadError::Private) if part.is_none_or(|part| name != *part) => {}
                Some(error) if is_meant() => return Err(error),
                Some(_) => {}
            }
        }
    }
    found.sort();
    Ok(Some(found))
}
