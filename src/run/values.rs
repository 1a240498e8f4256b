//! What the request supplies: standard input, values of inputs, and files of values that are judged one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::RunError;
use crate::cli::{Given, Options};
use crate::config::Configs;
use crate::discover;
use crate::globs;
use crate::resolve::dispatch::Plan;
use crate::resolve::scenario::Scenario;
use crate::resolve::{Inputs, Request, VarFlag, parameters};
use crate::source::{Files, is_wide};

/// A scenario with the folder below which it holds; `None` for a flag's, which holds everywhere.
type Scoped = (Scenario, Option<PathBuf>);

/// The files of `--scenario`, else those of the configuration. One of a flag that supplies nothing that a unit declares is a
/// wrong request, or where not `strict` none; the configuration is for more than what a run may be about.
pub(super) fn scenarios(
    options: &Options,
    configs: &Configs,
    plan: &Plan,
    request: Request,
    strict: bool,
    remarks: &mut Vec<String>,
) -> Result<Vec<Scoped>, RunError> {
    let Request { files, inputs, .. } = request;
    let read = |path: &Path, said: String| {
        let wrong = |reason: String| RunError::Usage(format!("{said}: {reason}"));
        Scenario::read(path, files, inputs).map_err(wrong)
    };
    let mut all: Vec<Scoped> = Vec::new();
    let mut done: BTreeSet<PathBuf> = BTreeSet::new();
    for typed in &options.scenarios {
        let said = format!("--scenario {}", typed.display());
        let wrong = |reason: &str| RunError::Usage(format!("{said}: {reason}"));
        let paths = match typed_files(typed, files) {
            Err(_) if !strict => continue,
            paths => paths.map_err(|reason| wrong(&reason))?,
        };
        let (of, pattern) = (paths.len(), paths != [typed.clone()]);
        let mut unused = Vec::new();
        for path in paths {
            let place = if pattern { format!("{said}: {}", files.display(&path)) } else { said.clone() };
            let scenarios = match read(&path, place.clone()) {
                Err(_) if !strict => continue,
                read => read?,
            };
            let used = |job| scenarios.iter().any(|scenario| scenario.is_for(job, request));
            if !plan.jobs.iter().any(used) {
                unused.push(format!("{place}: no unit here declares any of its values"));
            } else if done.insert(files.real(&path)) {
                all.extend(scenarios.into_iter().map(|scenario| (scenario, None)));
            }
        }
        // Of the files that a pattern fits some may be for other units.
        if strict && unused.len() == of {
            return Err(wrong("no unit here declares any of its values"));
        }
        remarks.append(&mut unused);
    }
    if !options.scenarios.is_empty() {
        return Ok(all);
    }
    for config in configs.all() {
        let Some(set) = &config.scenarios else { continue };
        let source = files.source(set.at.file);
        let at = format!("{}:{}", source.path, source.position(set.at.span.start as usize).line);
        for pattern in &set.value {
            let said = format!("{at}: scenarios {pattern:?}");
            let paths = globs::named(pattern, &config.folder, files)
                .map_err(|reason| RunError::Usage(format!("{said}: {reason}")))?;
            if paths.is_empty() {
                remarks.push(format!("{said} fits no file"));
            }
            for path in paths {
                let scenarios = match read(&path, format!("{said}: {}", files.display(&path))) {
                    Err(_) if !strict => continue,
                    read => read?,
                };
                all.extend(scenarios.into_iter().map(|scenario| (scenario, Some(config.folder.clone()))));
            }
        }
    }
    Ok(all)
}

/// The files that a value of `--scenario` stands for: itself, or what it fits as a pattern, of which the part behind `#` is an
/// environment. `Err` says what is wrong with it.
fn typed_files(typed: &Path, files: &Files) -> Result<Vec<PathBuf>, String> {
    let here = files.root().join(typed);
    if here.is_dir() {
        return Err("this is a folder, which holds no values itself; name its files".into());
    }
    let text = typed.to_string_lossy();
    if !text.contains(['*', '?', '[', '{']) || here.symlink_metadata().is_ok() {
        return Ok(vec![typed.to_path_buf()]);
    }
    let (pattern, environment) =
        text.rsplit_once('#').map_or((&*text, None), |(pattern, e)| (pattern, Some(e)));
    let (mut folder, mut pattern) = (files.root(), pattern);
    while let Some(rest) = pattern.strip_prefix("../") {
        (folder, pattern) = (folder.parent().unwrap_or(folder), rest);
    }
    let found = globs::named(pattern, folder, files)?;
    if found.is_empty() {
        return Err("no file fits this pattern".into());
    }
    let with = |path: PathBuf| match environment {
        Some(environment) => PathBuf::from(format!("{}#{environment}", path.display())),
        None => path,
    };
    Ok(found.into_iter().map(with).collect())
}

pub(super) fn read_stdin(options: &Options, files: &Files) -> Result<PathBuf, RunError> {
    let mut bytes = Vec::new();
    let limit = crate::source::MAX_FILE_BYTES + 1;
    std::io::stdin()
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|e| RunError::System(format!("standard input cannot be read: {e}")))?;
    if bytes.len() as u64 >= limit {
        return Err(RunError::Usage("standard input is larger than 64 MiB and is not read".into()));
    }
    if is_wide(&bytes) {
        return Err(RunError::Usage(
            "standard input is UTF-16 or UTF-32 text and is not read; pipe UTF-8".into(),
        ));
    }
    // Without a name the text stands alone: a folder that cannot be there keeps it apart from the files of the working
    // directory, which may well hold the very text that was piped in.
    let alone = || Path::new("<stdin>").join(discover::name_for_text(&String::from_utf8_lossy(&bytes)));
    let name = options.stdin_filename.clone().unwrap_or_else(alone);
    files.insert_in_memory(&name, bytes).map_err(|e| RunError::System(format!("standard input {e}")))?;
    Ok(name)
}

pub(super) fn inputs(options: &Options, files: &Files) -> Result<Inputs, RunError> {
    let vars = options
        .variables
        .iter()
        .map(|given| match given {
            Given::Value(name, value) => Ok(VarFlag::Value(name.clone(), value.clone())),
            Given::File(path) => match files.read_named(path) {
                Ok(_) => Ok(VarFlag::File(path.clone())),
                Err(e) => Err(RunError::Usage(format!("--var-file {}: {e}", path.display()))),
            },
        })
        .collect::<Result<_, _>>()?;
    let mut values = BTreeMap::new();
    let mut parameter_places = BTreeMap::new();
    let mut previous = BTreeSet::new();
    let (mut parameter_flags, mut parameter_files) = (Vec::new(), Vec::new());
    for given in &options.parameters {
        match given {
            Given::Value(name, value) => {
                parameter_flags.push(name.clone());
                parameter_places.remove(name);
                previous.remove(name);
                values.insert(name.clone(), value.clone());
            }
            Given::File(path) => match parameters::read(path, files) {
                Ok(pairs) => {
                    let names = pairs.iter().map(|pair| pair.name.clone()).collect();
                    parameter_files.push((path.display().to_string(), names));
                    for pair in pairs {
                        match pair.value {
                            Some(value) => {
                                previous.remove(&pair.name);
                                parameter_places.insert(pair.name.clone(), pair.at);
                                values.insert(pair.name, value);
                            }
                            None => {
                                parameter_places.remove(&pair.name);
                                values.remove(&pair.name);
                                previous.insert(pair.name);
                            }
                        }
                    }
                }
                Err(problem) => {
                    return Err(RunError::Usage(format!(
                        "--parameter-file {}: {}",
                        path.display(),
                        problem.reason
                    )));
                }
            },
        }
    }
    let env = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    Ok(Inputs {
        vars,
        env_vars: std::env::vars_os()
            .filter_map(|(k, v)| {
                Some((k.to_str()?.strip_prefix("TF_VAR_")?.to_string(), v.to_str()?.to_string()))
            })
            .collect(),
        workspace: options.workspace.clone(),
        env_workspace: env("TF_WORKSPACE"),
        parameters: values,
        previous,
        parameter_places,
        parameter_flags,
        parameter_files,
        free: BTreeSet::new(),
        nulls: BTreeSet::new(),
        looped: BTreeMap::new(),
    })
}
