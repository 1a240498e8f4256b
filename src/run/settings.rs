//! What flags and configuration files say of a run: what is left out, what fails, what is approved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Looked, RunError};
use crate::cli::{Incomplete, Options};
use crate::config::Configs;
use crate::date::Day;
use crate::discover::{Discovered, Exclude};
use crate::exception;
use crate::judge::finding::Outcome;
use crate::problem::{Place, ProblemKind};
use crate::source::{CONFIG, Files};
use crate::span::FileId;

/// What a named path is about: a configuration file is about its folder.
pub(super) fn about(path: &Path) -> PathBuf {
    match path.file_name().is_some_and(|name| name == CONFIG) && path.is_file() {
        true => {
            path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")).into()
        }
        false => path.to_path_buf(),
    }
}

/// What `--exclude` leaves out, else what the configuration does; what an earlier one left out was there all the same, so
/// where not `strict` it does not.
pub(super) fn exclude(
    options: &Options,
    configs: &Configs,
    files: &Files,
    strict: bool,
) -> Result<Exclude, RunError> {
    let exclude = Exclude::new(files.root(), &options.exclude)
        .map_err(|reason| RunError::Usage(format!("--exclude {reason}")))?;
    if strict && options.exclude.is_empty() { configured(exclude, configs, files) } else { Ok(exclude) }
}

fn configured(mut exclude: Exclude, configs: &Configs, files: &Files) -> Result<Exclude, RunError> {
    for config in configs.all() {
        let Some(set) = &config.exclude else { continue };
        exclude = exclude.and_below(&config.folder, &set.value).map_err(|reason| {
            let source = files.source(set.at.file);
            let line = source.position(set.at.span.start as usize).line;
            RunError::Usage(format!("{}:{line}: exclude {reason}", source.path))
        })?;
    }
    Ok(exclude)
}

/// Looks for the files that are nearer to what was found than those of the request, and leaves out what they do.
pub(super) fn nearer(
    found: &mut Discovered,
    options: &Options,
    configs: &mut Configs,
    files: &Files,
    strict: bool,
) -> Result<(), RunError> {
    if options.isolated {
        return Ok(());
    }
    let before = configs.all().len();
    let folder = |path: &PathBuf| path.parent().map(Path::to_path_buf);
    let modules = found.modules.iter().map(|module| module.path.clone());
    let templates = found.templates.iter().filter_map(|template| folder(&template.path));
    let assemblies = found.assemblies.iter().map(|assembly| assembly.path.clone());
    let folders: BTreeSet<PathBuf> = modules.chain(templates).chain(assemblies).collect();
    for folder in folders {
        let looked = configs.look(&folder, files).map_err(RunError::Usage);
        if strict {
            looked?;
        }
    }
    if strict && configs.all().len() > before && options.exclude.is_empty() {
        let exclude = configured(Exclude::default(), configs, files)?;
        found.modules.retain(|module| !exclude.leaves_out_below(&module.path, true));
        for module in &mut found.modules {
            module.files.retain(|path| !exclude.leaves_out_below(path, false));
        }
        found.templates.retain(|template| !exclude.leaves_out_below(&template.path, false));
        found.assemblies.retain(|assembly| !exclude.leaves_out_below(&assembly.path, true));
        found.variables.retain(|path| !exclude.leaves_out_below(path, false));
    }
    Ok(())
}

/// Says of each finding whether it counts, fails and is shown, and of what was not decided whether it fails.
///
/// Exceptions that are written in files which neither were asked for nor are part of a unit that was judged are nobody's
/// business here, malformed or not: the run that asks for those files says so.
pub(super) fn settle(
    outcome: &mut Outcome,
    looked: &Looked,
    options: &Options,
    configs: &Configs,
    files: &Files,
) {
    let policy = |displayed: &str| configs.policy(options, &files.path_of(displayed));
    for finding in &mut outcome.findings {
        let policy = policy(&finding.unit.path);
        finding.fails = policy.fail_on.includes(finding.level);
        finding.shown = finding.level >= policy.show;
    }
    let mut drafts = configs.exceptions();
    let named: Vec<PathBuf> = options.paths.iter().map(|path| files.real(&about(path))).collect();
    let asked = |file: FileId| {
        let shown = &files.source(file).path;
        let path = files.path_of(shown);
        looked.read.contains(shown) || named.iter().any(|named| path.starts_with(named))
    };
    for file in files.mentioning().into_iter().filter(|file| asked(*file)) {
        let inside = looked.inside.iter().filter(|(of, _)| *of == file).map(|(_, root)| root);
        let (found, problems) = exception::read(file, inside, files);
        drafts.extend(found);
        outcome.incomplete.extend(problems);
    }
    let run = exception::Run {
        today: options.today.unwrap_or_else(Day::today),
        max_days: &|path| configs.policy(options, path).max_exception_days,
        whole: &|path| {
            let folder = path.parent().unwrap_or(path);
            named.iter().any(|named| folder.starts_with(named))
        },
        files,
    };
    exception::apply(outcome, drafts, &run);
    for problem in &mut outcome.incomplete {
        let path = match &problem.place {
            Place::At(loc) => files.source(loc.file).path.clone(),
            Place::Path(path) => path.clone(),
        };
        problem.excused =
            policy(&path).incomplete == Incomplete::Warn && problem.kind != ProblemKind::InvalidException;
    }
}
