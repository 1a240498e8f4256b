//! What README, ARCHITECTURE and CONTRIBUTING name in backticks is there: a path is a file or folder, an item is declared
//! in the module that it is said to be in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENTS: [&str; 3] = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Modules of others, and what is spelled like an item elsewhere.
const ELSEWHERE: [&str; 4] = ["std", "miette", "Fn", "AWS"];

/// What is made by running something, and never committed.
const MADE: [&str; 1] = ["fuzz/artifacts/"];

/// The folders of the checkout that the documents name files in.
const FOLDERS: [&str; 8] = ["src", "tests", "testdata", "docs", "benches", "fuzz", ".github", ".ci"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Everything below a folder of the checkout, relative to it.
fn below(folder: &str) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = todo.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            found.push(entry.strip_prefix(root()).unwrap().to_owned());
            if entry.is_dir() {
                todo.push(entry);
            }
        }
    }
    found
}

/// The sources by module path: `value::laws` for `src/value/laws.rs`.
fn modules() -> BTreeMap<String, String> {
    let sources = below("src").into_iter().filter(|path| path.extension().is_some_and(|end| end == "rs"));
    let module = |path: &Path| {
        let path = path.strip_prefix("src").unwrap().with_extension("");
        let path = path.to_str().unwrap().replace(['/', '\\'], "::");
        path.strip_suffix("::mod").unwrap_or(&path).to_owned()
    };
    sources.map(|path| (module(&path), fs::read_to_string(root().join(&path)).unwrap())).collect()
}

/// What stands in single backticks outside of fenced blocks, with its line.
fn quoted(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut fenced) = (Vec::new(), false);
    for (i, line) in text.lines().enumerate() {
        fenced ^= line.starts_with("```");
        if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(|quoted| (i + 1, quoted)));
        }
    }
    found
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a source declares a name: a function, a type, a constant, a variant or a field.
fn declares(source: &str, name: &str) -> bool {
    source.lines().map(str::trim_start).any(|line| {
        let line = line.strip_prefix("pub").map_or(line, |rest| {
            rest.split_once(") ")
                .filter(|_| rest.starts_with('('))
                .map_or(rest, |(_, rest)| rest)
                .trim_start()
        });
        let keywords =
            ["fn ", "const fn ", "struct ", "enum ", "trait ", "type ", "const ", "static ", "mod ", ""];
        keywords.iter().any(|keyword| {
            let rest = line.strip_prefix(keyword).and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| rest.starts_with(['(', '<', ' ', ':', ';', ',', '{']) || rest.is_empty())
        })
    })
}

/// Whether a path of modules, types and functions leads to something.
fn leads_on(modules: &BTreeMap<String, String>, item: &str) -> bool {
    let parts: Vec<&str> = item.split("::").collect();
    // What follows a module's path is declared there or below; only a type is named without its module.
    let fewest = usize::from(!item.starts_with(|c: char| c.is_ascii_uppercase()));
    (fewest..=parts.len()).any(|n| {
        let (path, names) = parts.split_at(n);
        let path = path.join("::");
        let inside: Vec<&String> = modules
            .iter()
            .filter(|(module, _)| {
                let all = format!("::{module}::");
                path.is_empty() || all.contains(&format!("::{path}::"))
            })
            .map(|(_, source)| source)
            .collect();
        !inside.is_empty() && names.iter().all(|name| inside.iter().any(|source| declares(source, name)))
    })
}

/// Whether a path is there, from the root of the checkout or from `src`; `*` stands for any name.
fn is_there(files: &[PathBuf], path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let matches = |file: &Path| {
        let file = file.to_str().unwrap().replace('\\', "/");
        let ends = |file: &str| match path.split_once('*') {
            Some((before, after)) => file.starts_with(before) && file.ends_with(after),
            None => file == path,
        };
        ends(&file)
            || file.strip_prefix("src/").is_some_and(ends)
            || (!path.contains('/') && file.ends_with(&format!("/{path}")))
    };
    files.iter().any(|file| matches(file))
}

/// Whether something in backticks is one of our paths, going by how it begins or ends.
fn is_path(files: &[PathBuf], quoted: &str) -> bool {
    let first = quoted.split_once('/').map(|(first, _)| first);
    let is_folder = |name: &str| FOLDERS.contains(&name) || files.contains(&Path::new("src").join(name));
    !quoted.contains([' ', '<']) && (quoted.ends_with(".rs") || first.is_some_and(is_folder))
}

#[test]
fn what_the_documents_name_is_there() {
    let modules = modules();
    let mut files: Vec<PathBuf> = FOLDERS.into_iter().flat_map(below).collect();
    files.extend(FOLDERS.map(PathBuf::from));
    let mut wrong = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for (line, quoted) in quoted(&text) {
            let parts: Vec<&str> = quoted.split("::").collect();
            let item = parts.len() > 1 && parts.iter().all(|part| is_word(part));
            let there = if item {
                ELSEWHERE.contains(&parts[0]) || leads_on(&modules, quoted)
            } else {
                !is_path(&files, quoted) || MADE.contains(&quoted) || is_there(&files, quoted)
            };
            if !there {
                wrong.push(format!("{document}:{line}: {quoted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "not there:\n{}", wrong.join("\n"));
}

#[test]
fn what_is_not_there_is_noticed() {
    let (modules, files) = (modules(), below("src"));
    for there in ["value::Cx", "Cx::equal", "judge::group", "terraform::laws", "key::Multiplicity"] {
        assert!(leads_on(&modules, there), "{there}");
    }
    for gone in ["value::NoSuchThing", "Cx::no_such_thing", "judge::no_such_thing", "judge::hcl"] {
        assert!(!leads_on(&modules, gone), "{gone}");
    }
    for (path, there) in [
        ("value/", true),
        ("src/value/laws.rs", true),
        ("laws.rs", true),
        ("resolve/terraform/config/catalogue/*.hcl", true),
        ("value/nothing.rs", false),
        ("nothing.rs", false),
        ("resolve/*.hcl2", false),
    ] {
        assert!(is_path(&files, path), "{path}");
        assert_eq!(is_there(&files, path), there, "{path}");
    }
}
