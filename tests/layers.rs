//! Which module imports which, compared with the table in ARCHITECTURE.md.
//!
//! The table is the one whose header is `| module | owns | must not know | may import |`. A row looks like
//!
//! ```text
//! | `judge` | grouping, levels | file formats | `key`, `value`, `guard` |
//! | `parse::hcl` | one crate's syntax | IAM | `span`, `parse` |
//! | `span` | byte ranges | everything else | nothing |
//! | `lib` | the pipeline | what its stages do | anything |
//! ```
//!
//! Its first cell is one module path in backticks, its last cell module paths in backticks, or `nothing`, or `anything`
//! without backticks. A file belongs to the longest row that begins its own path (`src/parse/hcl.rs` to `parse::hcl`,
//! else to `parse`), and so does each path that it names after `crate::` or `super::`, or in `main.rs` after
//! `lonekey::`. A module may always import itself, and a row that stands below another does not inherit its
//! permissions. Comments and inline test modules do not count. Every file has a row and every row a file, and the
//! permissions hold no circle: neither between top-level modules, nor between the rows right below a module, nor, in
//! most rooms, between their files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a row permits; `None` is anything.
type Table = BTreeMap<String, Option<BTreeSet<String>>>;

#[test]
fn every_import_is_in_the_table() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text =
        fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md holds the module table");
    let table = read_table(&text).unwrap();
    let mut complaints = compare(&table, &sources());
    complaints.extend(circle(&table));
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// Rooms whose files import each other in no circle.
const OPEN: &[&str] = &[
    "config",
    "discover",
    "exception",
    "fix",
    "guard",
    "known",
    "parse",
    "report",
    "resolve::cdk",
    "resolve::cloudformation",
    "resolve::template",
    "resolve::terraform::config",
    "resolve::terraform::eval",
    "resolve::terraform::plan",
    "resolve::terraform::types",
    "run",
    "source",
];

#[test]
fn files_of_an_open_room_are_in_no_circle() {
    let sources = sources();
    for room in OPEN {
        let room = format!("{room}::");
        let mut table = Table::new();
        for (file, text) in &sources {
            let module = module_of(file);
            let path = module.join("::");
            let Some(own) = path.strip_prefix(&room).and_then(|rest| rest.split("::").next()) else {
                continue;
            };
            let names = imports(&module, file, text).into_iter().map(|path| path.join("::"));
            let row = table.entry(format!("{room}{own}")).or_insert(Some(BTreeSet::new()));
            row.as_mut().unwrap().extend(names);
        }
        assert!(!table.is_empty(), "{room} has no files");
        assert_eq!(circle_below(&table, &room), None);
    }
}

/// Every file of the program below `src`, with its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    list_sources(&root, &mut files);
    let relative = |path: &Path| path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
    files.iter().map(|path| (relative(path), fs::read_to_string(path).unwrap())).collect()
}

fn list_sources(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            list_sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn read_table(text: &str) -> Result<Table, String> {
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines =
        text.lines().skip_while(|line| cells(line) != ["module", "owns", "must not know", "may import"]);
    lines.next().ok_or("no table with the header | module | owns | must not know | may import |")?;
    lines.next();
    let mut table = Table::new();
    for line in lines.take_while(|line| line.trim_start().starts_with('|')) {
        let row = cells(line);
        let [module, _, _, imports] = row.as_slice() else { return Err(format!("not four cells: {line}")) };
        let modules = in_backticks(module);
        let [module] = modules.as_slice() else { return Err(format!("not one module in backticks: {line}")) };
        let permitted = match imports.as_str() {
            "anything" => None,
            "nothing" => Some(BTreeSet::new()),
            _ => Some(in_backticks(imports).into_iter().collect::<BTreeSet<_>>()),
        };
        if permitted.as_ref().is_some_and(|list| list.is_empty() && imports != "nothing") {
            return Err(format!("say which modules, `nothing` or `anything`: {line}"));
        }
        if table.insert(module.clone(), permitted).is_some() {
            return Err(format!("`{module}` has two rows"));
        }
    }
    let unknown = table.values().flatten().flatten().find(|name| !table.contains_key(*name)).cloned();
    match unknown {
        Some(name) => Err(format!("`{name}` may be imported but has no row")),
        None => Ok(table),
    }
}

fn in_backticks(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// One sentence for each import without permission, file without row, row without file.
fn compare(table: &Table, sources: &[(String, String)]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut used = BTreeSet::new();
    for (file, text) in sources {
        let module = module_of(file);
        let Some(own) = row_of(table, &module) else {
            complaints.push(format!("src/{file}: no row of the table is for `{}`", module.join("::")));
            continue;
        };
        used.insert(own.clone());
        let Some(permitted) = &table[&own] else { continue };
        let targets: BTreeSet<Vec<String>> = imports(&module, file, text).into_iter().collect();
        for path in targets {
            // A name at the top of the crate that is no module (an item of lib.rs).
            let target = row_of(table, &path).unwrap_or_else(|| "lib".to_owned());
            if target != own && !permitted.contains(&target) {
                complaints.push(format!(
                    "src/{file}: `{own}` may not import `{target}`, yet names {}",
                    path.join("::")
                ));
            }
        }
    }
    for row in table.keys().filter(|row| !used.contains(*row)) {
        complaints.push(format!("the row `{row}` has no file"));
    }
    complaints
}

/// `parse/hcl.rs` and `parse/hcl/mod.rs` are `parse::hcl`; `lib.rs` and `main.rs` keep their names.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

fn row_of(table: &Table, path: &[String]) -> Option<String> {
    (1..=path.len()).rev().map(|length| path[..length].join("::")).find(|name| table.contains_key(name))
}

/// Every path of this crate that the source names, from the crate's top.
fn imports(module: &[String], file: &str, text: &str) -> Vec<Vec<String>> {
    let text: String = text
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default()
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    let mut roots = vec![("crate::", Vec::new())];
    if file == "main.rs" {
        roots.push(("lonekey::", Vec::new()));
    }
    if module.len() > 1 {
        roots.push(("super::", module[..module.len() - 1].to_vec()));
    }
    for (prefix, base) in roots {
        for (at, _) in text.match_indices(prefix) {
            // Neither the end of a longer word nor a later part of the same path.
            let before = text[..at].chars().next_back();
            if before.is_some_and(|last| last.is_alphanumeric() || last == '_' || last == ':' || last == '$')
            {
                continue;
            }
            let mut base = base.clone();
            let mut rest = &text[at + prefix.len()..];
            while let Some(higher) = rest.strip_prefix("super::") {
                base.pop();
                rest = higher;
            }
            use_tree(&mut rest, &base, &mut found);
        }
    }
    found.retain(|path| !path.is_empty());
    found
}

/// Reads `a::{b, c::d}` into a::b and a::c::d, and leaves `rest` behind it.
fn use_tree(rest: &mut &str, base: &[String], found: &mut Vec<Vec<String>>) {
    let mut path = base.to_vec();
    loop {
        *rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            *rest = inner;
            loop {
                *rest = rest.trim_start();
                if let Some(after) = rest.strip_prefix('}') {
                    *rest = after;
                    return;
                }
                let before = rest.len();
                use_tree(rest, &path, found);
                // What stands between two branches: a comma, or `as name`.
                let end = rest.find([',', '}']).unwrap_or(rest.len());
                *rest = rest[end..].strip_prefix(',').unwrap_or(&rest[end..]);
                if rest.len() == before {
                    return;
                }
            }
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if !name.is_empty() && name != "self" {
            path.push(name.to_owned());
        }
        *rest = after.strip_prefix('*').unwrap_or(after);
        match after.strip_prefix("::") {
            Some(further) if !name.is_empty() => *rest = further,
            _ => break,
        }
    }
    found.push(path);
}

/// A circle of modules that may import each other: at the top, or right below one module.
fn circle(table: &Table) -> Option<String> {
    let parents =
        table.keys().filter(|row| row.contains("::")).filter_map(|row| Some(row.rsplit_once("::")?.0));
    let parents: BTreeSet<&str> = parents.collect();
    circle_below(table, "")
        .or_else(|| parents.into_iter().find_map(|parent| circle_below(table, &format!("{parent}::"))))
}

/// A circle of the modules whose paths go on behind this beginning.
fn circle_below(table: &Table, parent: &str) -> Option<String> {
    let child = |name: &str| Some(name.strip_prefix(parent)?.split("::").next()?.to_owned());
    let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (row, permitted) in table {
        let Some(own) = child(row) else { continue };
        let targets =
            permitted.iter().flatten().filter_map(|name| child(name)).filter(|target| *target != own);
        edges.entry(own.clone()).or_default().extend(targets);
    }
    // Take away what imports nothing that is left, until nothing changes.
    while let Some(leaf) = edges
        .iter()
        .find(|(_, to)| to.iter().all(|target| !edges.contains_key(target)))
        .map(|(name, _)| name.clone())
    {
        edges.remove(&leaf);
    }
    let left: Vec<String> = edges.into_keys().collect();
    (!left.is_empty())
        .then(|| format!("these modules may import each other in a circle, or lead into one: {left:?}"))
}

const TABLE: &str = "
| module | owns | must not know | may import |
| --- | --- | --- | --- |
| `main` | flags | all else | `lib` |
| `lib` | the pipeline | their insides | anything |
| `judge` | levels | formats | `key`, `span` |
| `key` | a key | levels | `span` |
| `parse` | trees | IAM | `span` |
| `parse::hcl` | a crate | IAM | `parse` |
| `span` | offsets | files | nothing |
";

fn complaints(files: &[(&str, &str)]) -> Vec<String> {
    let table = read_table(TABLE).unwrap();
    let sources: Vec<(String, String)> =
        files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())).collect();
    compare(&table, &sources).into_iter().filter(|text| !text.ends_with("has no file")).collect()
}

#[test]
fn permitted_imports_are_no_complaint() {
    let files = [
        ("judge/mod.rs", "use crate::key::Key;\nuse crate::{key::User, span::{self, Loc}};\nmod prove;"),
        ("judge/prove.rs", "use super::Verdict; use crate::judge::level::Level;"),
        (
            "parse/hcl.rs",
            "use super::Tree; // crate::judge\n/// See [`crate::key`].\nfn f() -> crate::parse::Tree {}",
        ),
        ("key.rs", "use crate::span::Loc;\n#[cfg(test)]\nmod tests { use crate::judge::Finding; }"),
        ("lib.rs", "pub mod judge; use crate::judge::Finding;"),
        ("main.rs", "use lonekey::check;"),
    ];
    assert_eq!(complaints(&files), Vec::<String>::new());
}

#[test]
fn an_import_without_permission_is_found_in_every_form() {
    for text in [
        "use crate::judge::Finding;",
        "use crate::{span::Loc, judge::Finding};",
        "use crate::{\n    span::{self, Loc},\n    judge as other,\n};",
        "fn f() { crate::judge::prove() }",
    ] {
        assert_eq!(complaints(&[("key.rs", text)]).len(), 1, "{text}");
    }
    assert_eq!(complaints(&[("parse/hcl.rs", "use super::super::judge::Finding;")]).len(), 1);
    assert_eq!(complaints(&[("parse/hcl.rs", "use crate::span::Loc;")]).len(), 1, "rows do not inherit");
    assert_eq!(complaints(&[("parse/mod.rs", "use hcl::Body; use crate::parse::hcl::Body;")]).len(), 1);
    assert_eq!(complaints(&[("main.rs", "use lonekey::judge::Finding;")]).len(), 1);
}

#[test]
fn files_and_rows_belong_together() {
    assert_eq!(complaints(&[("extra.rs", "")]), ["src/extra.rs: no row of the table is for `extra`"]);
    let table = read_table(TABLE).unwrap();
    assert_eq!(compare(&table, &[]).len(), table.len());
}

#[test]
fn a_table_that_cannot_be_read_is_an_error() {
    for (wrong, why) in [
        ("", "no table"),
        (&TABLE.replace("| `key`, `span` |", "| `keys` |"), "`keys` may be imported but has no row"),
        (&TABLE.replace("| nothing |", "| |"), "say which modules"),
        (&TABLE.replace("| `parse` | trees", "| `judge` | trees"), "two rows"),
    ] {
        let error = read_table(wrong).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
}

#[test]
fn permissions_in_a_circle_are_found() {
    assert_eq!(circle(&read_table(TABLE).unwrap()), None);
    let table = read_table(&TABLE.replace("| nothing |", "| `judge` |")).unwrap();
    assert!(circle(&table).is_some());
    let (hcl, below) =
        ("| `parse::hcl` | a crate | IAM | `parse` |", "| `parse::yaml` | a crate | IAM | `parse::hcl` |");
    let rows = format!("{hcl}\n{below}");
    assert_eq!(circle(&read_table(&TABLE.replace(hcl, &rows)).unwrap()), None);
    let rows = rows.replace("| `parse` |", "| `parse::yaml` |");
    assert!(circle(&read_table(&TABLE.replace(hcl, &rows)).unwrap()).is_some());
}
