//! The command line: what was typed, and what it means.
//!
//! Answers: given these arguments, what is to be done? [`flags`] is what was typed (help is made from it); [`Options`] is
//! its meaning, with everything checked that needs no file. Reads nothing but the arguments: what the terminal can do
//! comes in through [`Terminal`]. A wrong flag is an error whose exit code is 2.
//! Source: Terraform, "Input Variables" (order of `-var` and `-var-file`).

mod flags;
mod ordered;
mod refusal;
mod terminal;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::date::Day;
use crate::judge::finding::Level;
use crate::report::{FailOn, Format};
use flags::{CheckArgs, Cli, CommonArgs, TypedCommand};
pub use flags::{Color, Incomplete};
pub use refusal::harmless;
use refusal::led_on;
pub use terminal::Terminal;

/// A value for an input, from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `NAME=VALUE`.
    Value(String, String),
    /// A file of values.
    File(PathBuf),
}

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How; that of `--format` where it is `None`, and then standard output gets nothing.
    pub format: Option<Format>,
    /// Where.
    pub path: PathBuf,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `lonekey check`.
    Check(Options),
    /// `lonekey inventory`; its `fail_on` is [`FailOn::Never`].
    Inventory(Options),
    /// `lonekey exceptions`; its `fail_on` is [`FailOn::Never`].
    Exceptions(Options),
    /// `lonekey config`.
    Config(Options),
    /// `lonekey completions`.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
    /// `lonekey explain`.
    Explain {
        /// Whether to use colours.
        color: Color,
    },
}

/// What the flags of `check` and `inventory` mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Files and folders to judge, as typed, without `-`; empty only if `stdin` is set.
    pub paths: Vec<PathBuf>,
    /// Whether one file is read from standard input.
    pub stdin: bool,
    /// The name that file counts as.
    pub stdin_filename: Option<PathBuf>,
    /// How the report is written.
    pub format: Format,
    /// The files that it is written to; standard output gets it unless one of them has no format of its own.
    pub outputs: Vec<Output>,
    /// `--fail-on`; where it is `None`, as with all of these, the configuration has the word.
    pub fail_on: Option<FailOn>,
    /// `--show`.
    pub show: Option<Level>,
    /// Whether findings that differ in the call of a module alone are shown one by one.
    pub show_all: bool,
    /// `--new-since`: the revision whose findings are known.
    pub new_since: Option<String>,
    /// `--baseline`: the file whose findings are known.
    pub baseline: Option<PathBuf>,
    /// Whether that file is written.
    pub write_baseline: bool,
    /// Whether remedies are made in the files.
    pub fix: bool,
    /// Whether what that would change is shown instead of a report.
    pub diff: bool,
    /// Addresses of keys that stay.
    pub keep: Vec<String>,
    /// `--exclude`; where there is none, the configuration has the word.
    pub exclude: Vec<String>,
    /// `--incomplete`.
    pub incomplete: Option<Incomplete>,
    /// `--account`: units that share an account, each in the terms of its table.
    pub accounts: Vec<String>,
    /// `--exception`: approved exceptions, each in the terms of its table.
    pub exceptions: Vec<String>,
    /// Whether no configuration file is read.
    pub isolated: bool,
    /// `--max-exception-days`.
    pub max_exception_days: Option<i64>,
    /// `--today`.
    pub today: Option<Day>,
    /// Whether to use colours.
    pub color: Color,
    /// Whether a pretty or GitHub report is left out when there is no finding and nothing under `incomplete`.
    pub quiet: bool,
    /// Whether the files that were read are listed instead of a report.
    pub list_files: bool,
    /// Whether a progress bar may appear (on a terminal, in a long run).
    pub progress: bool,
    /// `--var` and `--var-file` in the order typed.
    pub variables: Vec<Given>,
    /// `--scenario`, in the order typed; each is judged by itself.
    pub scenarios: Vec<PathBuf>,
    /// `--workspace`.
    pub workspace: Option<String>,
    /// `--parameter` and `--parameter-file` in the order typed.
    pub parameters: Vec<Given>,
    /// How many threads; `None` for as many as there are processors.
    pub threads: Option<usize>,
}

/// Arguments (the program's name first) to what they mean.
///
/// `Err` also holds `--help` and `--version`: print it with [`clap::Error::print`] and exit with
/// [`clap::Error::exit_code`], which is 2 for a wrong request.
pub fn parse(
    args: impl IntoIterator<Item = impl Into<std::ffi::OsString> + Clone>,
) -> Result<Command, clap::Error> {
    Ok(match Cli::try_parse_from(args).map_err(led_on)?.command {
        TypedCommand::Completions { shell } => Command::Completions { shell },
        TypedCommand::Explain(typed) => Command::Explain { color: typed.color },
        TypedCommand::Check(typed) => Command::Check(checked(typed)?),
        TypedCommand::Config(typed) => Command::Config(checked(typed)?),
        TypedCommand::Exceptions(typed) => {
            let options = options(typed.common, (typed.format, typed.output))?;
            Command::Exceptions(Options { fail_on: Some(FailOn::Never), ..options })
        }
        TypedCommand::Inventory(typed) => {
            let options = options(typed.common, (typed.format, typed.output))?;
            Command::Inventory(Options { fail_on: Some(FailOn::Never), ..options })
        }
    })
}

/// Whether what follows `--scenario` is a file of values or a pattern, by its name; anything else is a path to judge.
fn is_of_values(typed: &Path) -> bool {
    let name = typed.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = name.split_once('#').map_or(&*name, |(file, _)| file);
    let ends = |all: &[&str]| all.iter().any(|end| name.ends_with(end));
    let is_source = ends(&[".tf.json", ".tofu.json", ".template.json", ".template.yaml", ".template.yml"]);
    let is_pattern = typed.to_string_lossy().contains(['*', '?', '[', '{']);
    is_pattern || ends(&[".tfvars", ".tfvars.json", ".json", ".yaml", ".yml", ".toml"]) && !is_source
}

fn checked(mut typed: CheckArgs) -> Result<Options, clap::Error> {
    let (scenarios, paths): (Vec<PathBuf>, Vec<PathBuf>) =
        typed.scenario.into_iter().partition(|path| is_of_values(path));
    if let (true, Some(path)) = (scenarios.is_empty(), paths.first()) {
        let path = path.display();
        return Err(usage(&format!(
            "--scenario {path}: not the name of a file of values (.tfvars, .json, .yaml, .toml)"
        )));
    }
    typed.common.paths.extend(paths);
    let options = options(typed.common, (typed.format, typed.output))?;
    let edits = typed.fix || typed.diff;
    if edits && options.stdin {
        return Err(usage("what `-` reads is in no file that --fix and --diff could edit"));
    }
    if !edits && !typed.keep.is_empty() {
        return Err(usage("--keep says which key stays when --fix or --diff makes an edit"));
    }
    Ok(Options {
        fix: typed.fix,
        diff: typed.diff,
        keep: typed.keep,
        fail_on: typed.fail_on,
        show: typed.show,
        show_all: typed.show_all,
        new_since: typed.new_since,
        baseline: typed.baseline,
        write_baseline: typed.write_baseline,
        scenarios,
        ..options
    })
}

fn options(mut typed: CommonArgs, (format, outputs): (Format, Vec<Output>)) -> Result<Options, clap::Error> {
    if outputs.iter().filter(|output| output.format.is_none()).count() > 1 {
        return Err(usage("--output FILE can be given once: further ones are --output FORMAT=FILE"));
    }
    let twice = |(i, output): (usize, &Output)| outputs.iter().take(i).any(|o| o.path == output.path);
    if outputs.iter().enumerate().any(twice) {
        return Err(usage("two reports cannot be written to one file"));
    }
    if typed.paths.is_empty() {
        typed.paths.push(".".into());
    }
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    let dashes = typed.paths.iter().filter(|path| is_stdin(path)).count();
    if dashes > 1 {
        return Err(usage("`-` can be given once: standard input is one file"));
    }
    if dashes == 0 && typed.stdin_filename.is_some() {
        return Err(usage("--stdin-filename names the file that `-` reads, and `-` is not among the paths"));
    }
    if let Some(path) = typed.paths.iter().find(|path| path.as_os_str().is_empty()) {
        return Err(usage(&format!("an empty path ({path:?}) is neither a file nor a folder")));
    }
    Ok(Options {
        stdin: dashes == 1,
        paths: typed.paths.into_iter().filter(|path| !is_stdin(path)).collect(),
        stdin_filename: typed.stdin_filename,
        format,
        outputs,
        fail_on: None,
        show: None,
        show_all: false,
        new_since: None,
        baseline: None,
        write_baseline: false,
        fix: false,
        diff: false,
        keep: Vec::new(),
        exclude: typed.exclude,
        incomplete: typed.incomplete,
        accounts: typed.account,
        exceptions: typed.exception,
        isolated: typed.isolated,
        max_exception_days: typed.max_exception_days,
        today: typed.today,
        color: typed.color.color,
        quiet: typed.quiet,
        list_files: typed.list_files,
        progress: !typed.quiet && !typed.no_progress,
        variables: typed.variables.0,
        scenarios: Vec::new(),
        workspace: typed.workspace,
        parameters: typed.parameters.0,
        threads: typed.threads.map(usize::from),
    })
}

/// What makes `shell` complete the command line.
pub fn completions(shell: clap_complete::Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "lonekey", &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

fn usage(message: &str) -> clap::Error {
    Cli::command().error(ErrorKind::ArgumentConflict, message)
}

#[cfg(test)]
mod tests;
