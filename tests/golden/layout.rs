//! Which folders are cases, and which files belong to none.

use std::fs;
use std::path::{Path, PathBuf};

/// The case folders below `root`, sorted, and a sentence for every file or folder that no case uses.
pub fn read(root: &Path) -> (Vec<PathBuf>, Vec<String>) {
    let (mut cases, mut strays) = (Vec::new(), Vec::new());
    visit(root, root, &mut cases, &mut strays);
    if cases.is_empty() {
        strays.push(format!("{}: no case at all", root.display()));
    }
    (cases, strays)
}

/// `<root>/terraform/count/zero` is the test `terraform::count::zero`.
pub fn name(root: &Path, folder: &Path) -> String {
    let relative = folder.strip_prefix(root).unwrap();
    relative.iter().map(|part| part.to_str().unwrap()).collect::<Vec<_>>().join("::")
}

fn visit(root: &Path, folder: &Path, cases: &mut Vec<PathBuf>, strays: &mut Vec<String>) {
    let entries = entries(folder);
    let is_case = entries.iter().any(|path| path.ends_with("case.toml"));
    if is_case {
        cases.push(folder.to_path_buf());
        if folder.strip_prefix(root).unwrap().components().count() != 3 {
            strays.push(format!("{}: a case is <front end>/<topic>/<fact>", folder.display()));
        }
        let case = fs::read_to_string(folder.join("case.toml")).unwrap();
        let says =
            |key: &str| case.lines().any(|line| line.split('=').next().unwrap_or_default().trim() == key);
        let (elsewhere, formats) = (says("input"), says("formats"));
        for path in &entries {
            let name = path.file_name().unwrap().to_str().unwrap();
            let format = formats && super::case::FORMATS.iter().any(|(file, _)| *file == name);
            if !format && !matches!(name, "case.toml" | "expected.json" | "expected.txt" | "input") {
                strays.push(format!("{}: a case does not use this", path.display()));
            }
        }
        if folder.join("input").is_dir() == elsewhere {
            strays.push(format!("{}: has one input, here or elsewhere", folder.display()));
        }
        return;
    }
    if entries.is_empty() {
        strays.push(format!("{}: an empty folder", folder.display()));
    }
    for path in entries {
        if path.is_dir() {
            visit(root, &path, cases, strays);
        } else {
            strays.push(format!("{}: belongs to no case (no case.toml beside it)", path.display()));
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = match fs::read_dir(folder) {
        Ok(list) => list.map(|entry| entry.unwrap().path()).collect(),
        Err(error) => panic!("{}: {error}", folder.display()),
    };
    entries.sort();
    entries
}
