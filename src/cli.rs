//! The command line: what was typed, and what it means.
//!
//! Answers: given these arguments, what is to be done? [`Cli`] is the flags as written (help is made from it);
//! [`Options`] is their meaning, with everything checked that needs no file. Reads nothing but the arguments: what
//! the terminal can do comes in through [`Terminal`]. A wrong flag is an error whose exit code is 2.
//! Source: Terraform, "Input Variables" (order of `-var` and `-var-file`); no-color.org; bixense.com/clicolors.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::judge::finding::Level;
use crate::report::{FailOn, Format, Style, message};

const EXAMPLES: &str = "\
Examples:
  lonekey check                                  judge the working directory
  lonekey check infra --fail-on certain          fail on what is certain alone
  lonekey check --scenario envs/prod.tfvars      judge with those values too";

/// The groups of the help.
const REPORT: &str = "Report";
const JUDGED: &str = "What is judged";
const VALUES: &str = "Values of inputs";

/// Finds every AWS IAM user that would hold two active access keys, before anything is deployed.
#[derive(Debug, Parser)]
#[command(name = "lonekey", version, max_term_width = 80, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: TypedCommand,
}

#[derive(Debug, Subcommand)]
enum TypedCommand {
    /// Report every user with two active access keys; exit 1 if there is one, 2 if
    /// the answer is incomplete
    #[command(after_help = EXAMPLES)]
    Check(CheckArgs),
    /// List every access key with its user, status, condition and place; exit 0, or 2 if the list is incomplete
    Inventory(InventoryArgs),
    /// Print the control, why it matters, how to remediate and how lonekey decides
    Explain(ColorArgs),
    /// Print what makes a shell complete lonekey's flags, for its start-up file
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
struct CheckArgs {
    /// How the report is written
    #[arg(long, default_value = "pretty", value_parser = format_of(&Format::CHECK), help_heading = REPORT)]
    format: Format,
    /// Write the report to FILE too, in FORMAT; can be repeated. FILE alone: in the format of `--format`, instead of to
    /// standard output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of(&Format::CHECK), help_heading = REPORT)]
    output: Vec<Output>,
    /// The lowest level that makes the exit code 1
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL", help_heading = REPORT)]
    fail_on: FailOn,
    /// The lowest level that is shown; `possible`, or the lowest that fails, if absent; JSON has all
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = REPORT)]
    show: Option<Level>,
    /// Show findings that differ in the call of a module alone one by one
    #[arg(long, help_heading = REPORT)]
    show_all: bool,
    /// Judge once with each FILE of variable values (.tfvars) or parameter values (JSON, YAML; a samconfig once with
    /// each environment, or with one as in samconfig.toml#prod); can be repeated
    #[arg(long, value_name = "FILE", help_heading = VALUES)]
    scenario: Vec<PathBuf>,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct InventoryArgs {
    /// How the list is written
    #[arg(long, default_value = "pretty", value_parser = format_of(&Format::INVENTORY), help_heading = REPORT)]
    format: Format,
    /// Write the list to FILE too, in FORMAT; can be repeated. FILE alone: in the format of `--format`, instead of to
    /// standard output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of(&Format::INVENTORY), help_heading = REPORT)]
    output: Vec<Output>,
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Args)]
struct CommonArgs {
    /// Files and folders to judge; `-` reads one file from standard input
    #[arg(default_value = ".", value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Leave out files and folders that match GLOB, by gitignore's rules; can be repeated
    #[arg(long, value_name = "GLOB", help_heading = JUDGED)]
    exclude: Vec<String>,
    /// Whether what could not be decided makes the exit code 2
    #[arg(long, value_enum, default_value_t, value_name = "fail|warn", hide_possible_values = true, help_heading = REPORT)]
    incomplete: Incomplete,
    #[command(flatten)]
    color: ColorArgs,
    /// Print nothing when there is nothing to report, and no progress
    #[arg(short, long, help_heading = REPORT)]
    quiet: bool,
    /// Show no progress bar
    #[arg(long)]
    no_progress: bool,
    /// The name of the file that `-` reads: its kind, and its place in a unit; without it, `-` stands alone
    #[arg(long, value_name = "NAME", help_heading = JUDGED)]
    stdin_filename: Option<PathBuf>,
    /// List the files that were read instead of reporting
    #[arg(long, help_heading = JUDGED)]
    list_files: bool,
    #[command(flatten)]
    variables: VariableArgs,
    /// The Terraform workspace
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new(), help_heading = VALUES)]
    workspace: Option<String>,
    #[command(flatten)]
    parameters: ParameterArgs,
    /// How many threads to use; as many as there are processors if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

#[derive(Debug, Args)]
struct ColorArgs {
    /// Whether to use colours; `auto` means on a terminal, and respects NO_COLOR, FORCE_COLOR, CLICOLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = REPORT)]
    color: Color,
}

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless the environment says otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `--incomplete`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Incomplete {
    /// Entries that fail make the exit code 2.
    #[default]
    Fail,
    /// They are printed and do not decide the exit code.
    Warn,
}

/// A value for an input, from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// `NAME=VALUE`.
    Value(String, String),
    /// A file of values.
    File(PathBuf),
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        &[FailOn::Certain, FailOn::Possible, FailOn::Latent, FailOn::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            FailOn::Certain => "certain",
            FailOn::Possible => "possible",
            FailOn::Latent => "latent",
            FailOn::Never => "never",
        }))
    }
}

impl ValueEnum for Level {
    fn value_variants<'a>() -> &'a [Self] {
        &[Level::Certain, Level::Possible, Level::Latent]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// The name of one of `formats`.
fn format_of(formats: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(formats.iter().map(|format| format.name()));
    names.map(move |name| formats.iter().copied().find(|f| f.name() == name).unwrap_or_default())
}

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How; that of `--format` where it is `None`, and then standard output gets nothing.
    pub format: Option<Format>,
    /// Where.
    pub path: PathBuf,
}

/// `FORMAT=FILE` or `FILE`; a path in which a word and `=` come first begins with `./`.
fn output_of(formats: &'static [Format]) -> impl TypedValueParser<Value = Output> {
    clap::builder::OsStringValueParser::new().try_map(move |typed| {
        let whole = |typed| Ok(Output { format: None, path: PathBuf::from(typed) });
        let Some((name, path)) = typed.to_str().and_then(|text| text.split_once('=')) else {
            return whole(typed);
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphabetic()) {
            return whole(typed);
        }
        match formats.iter().find(|format| format.name() == name) {
            Some(_) if path.is_empty() => Err("no file is named".to_owned()),
            Some(format) => Ok(Output { format: Some(*format), path: path.into() }),
            None => {
                let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
                Err(format!("{name} is none of {}; a file of that name is ./{name}=…", names.join(", ")))
            }
        }
    })
}

/// Splits at the first `=`; the value may be empty and may hold further ones.
fn name_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}

/// Two flags whose order between each other counts, as one list: a later one overrides an earlier one.
#[derive(Debug)]
struct Ordered<const PARAMETERS: bool>(Vec<Given>);

type VariableArgs = Ordered<false>;
type ParameterArgs = Ordered<true>;

impl<const PARAMETERS: bool> Ordered<PARAMETERS> {
    const VALUE: &'static str = if PARAMETERS { "parameter" } else { "var" };
    const FILE: &'static str = if PARAMETERS { "parameter-file" } else { "var-file" };
}

impl<const PARAMETERS: bool> Args for Ordered<PARAMETERS> {
    fn augment_args(command: clap::Command) -> clap::Command {
        let (value_help, file_help) = if PARAMETERS {
            (
                "A CloudFormation parameter's value; can be repeated",
                "A file of CloudFormation parameter values; samconfig.toml is its environment `default`, \
                 samconfig.toml#prod another one",
            )
        } else {
            (
                "A Terraform variable's value; can be repeated, and the last of --var and --var-file wins",
                "A file of Terraform variable values (.tfvars, .tfvars.json)",
            )
        };
        let arg = |id: &'static str, name: &'static str, help: &'static str| {
            let arg = clap::Arg::new(id).long(id).value_name(name).help(help);
            arg.action(clap::ArgAction::Append).help_heading(VALUES)
        };
        command
            .arg(arg(Self::VALUE, "NAME=VALUE", value_help).value_parser(name_value))
            .arg(arg(Self::FILE, "FILE", file_help).value_parser(clap::value_parser!(PathBuf)))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl<const PARAMETERS: bool> FromArgMatches for Ordered<PARAMETERS> {
    fn from_arg_matches(matches: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let values = matches.get_many::<(String, String)>(Self::VALUE).unwrap_or_default();
        let files = matches.get_many::<PathBuf>(Self::FILE).unwrap_or_default();
        let values = values.map(|(name, value)| Given::Value(name.clone(), value.clone()));
        let files = files.map(|path| Given::File(path.clone()));
        let positions = |id| matches.indices_of(id).unwrap_or_default();
        let mut all: Vec<(usize, Given)> =
            positions(Self::VALUE).zip(values).chain(positions(Self::FILE).zip(files)).collect();
        all.sort_by_key(|(position, _)| *position);
        Ok(Ordered(all.into_iter().map(|(_, given)| given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &clap::ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `lonekey check`.
    Check(Options),
    /// `lonekey inventory`; its `fail_on` is [`FailOn::Never`].
    Inventory(Options),
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
    /// The lowest level that makes the exit code 1.
    pub fail_on: FailOn,
    /// The lowest level that is shown.
    pub show: Level,
    /// Whether findings that differ in the call of a module alone are shown one by one.
    pub show_all: bool,
    /// Patterns of what to leave out.
    pub exclude: Vec<String>,
    /// Whether entries that fail decide the exit code.
    pub incomplete: Incomplete,
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

/// What is known of the place that standard output leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether it is a terminal.
    pub is_terminal: bool,
    /// Its width in columns, if it is known.
    pub width: Option<usize>,
    /// `NO_COLOR` of the environment.
    pub no_color: Option<String>,
    /// `FORCE_COLOR` of the environment.
    pub force_color: Option<String>,
    /// `CLICOLOR` of the environment.
    pub clicolor: Option<String>,
    /// `CLICOLOR_FORCE` of the environment.
    pub clicolor_force: Option<String>,
    /// `TERM` of the environment.
    pub term: Option<String>,
    /// The first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set and not empty.
    pub locale: Option<String>,
}

impl Terminal {
    /// What standard output leads to, with the environment's wishes: `variable` looks one up.
    pub fn new(is_terminal: bool, width: Option<usize>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
        Terminal {
            is_terminal,
            width,
            no_color: variable("NO_COLOR"),
            force_color: variable("FORCE_COLOR"),
            clicolor: variable("CLICOLOR"),
            clicolor_force: variable("CLICOLOR_FORCE"),
            term: variable("TERM"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"]
                .iter()
                .find(|name| set(name))
                .and_then(|name| variable(name)),
        }
    }

    /// How to write for it. A pipe gets 100 columns and Unicode whatever the environment says, so that output that
    /// is kept or compared does not depend on the machine.
    pub fn style(&self, color: Color) -> Style {
        let set = |value: &Option<String>| value.as_deref().is_some_and(|v| !v.is_empty());
        let off = |value: &Option<String>| matches!(value.as_deref(), Some("0" | "false"));
        let on = |value: &Option<String>| set(value) && !off(value);
        let dumb = self.term.as_deref() == Some("dumb");
        let color = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set(&self.no_color) => false,
            Color::Auto if on(&self.force_color) || on(&self.clicolor_force) => true,
            Color::Auto if off(&self.force_color) || off(&self.clicolor) => false,
            Color::Auto => self.is_terminal && !dumb,
        };
        if !self.is_terminal {
            return Style { color, ..Style::default() };
        }
        let utf8 = |locale: &String| {
            let name = locale.to_ascii_lowercase();
            name.contains("utf-8") || name.contains("utf8")
        };
        let unicode = !dumb && self.locale.as_ref().is_none_or(utf8);
        Style { color, width: self.width.unwrap_or(100).min(140), unicode }
    }
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
        TypedCommand::Check(typed) => {
            let options = options(typed.common, (typed.format, typed.output), typed.fail_on)?;
            let show = typed.show.unwrap_or(options.show);
            Command::Check(Options { scenarios: typed.scenario, show, show_all: typed.show_all, ..options })
        }
        TypedCommand::Inventory(typed) => {
            Command::Inventory(options(typed.common, (typed.format, typed.output), FailOn::Never)?)
        }
    })
}

/// A refusal of the command line in which what was typed stands on one line and can do nothing but be seen.
pub fn harmless(mut error: clap::Error) -> clap::Error {
    let plain = |value: &ContextValue| match value {
        ContextValue::String(text) => Some(ContextValue::String(message(text))),
        ContextValue::Strings(texts) => {
            Some(ContextValue::Strings(texts.iter().map(|text| message(text)).collect()))
        }
        _ => None,
    };
    let typed: Vec<(ContextKind, ContextValue)> =
        error.context().filter_map(|(kind, value)| Some((kind, plain(value)?))).collect();
    for (kind, value) in typed {
        error.insert(kind, value);
    }
    error
}

fn options(
    typed: CommonArgs,
    (format, outputs): (Format, Vec<Output>),
    fail_on: FailOn,
) -> Result<Options, clap::Error> {
    if outputs.iter().filter(|output| output.format.is_none()).count() > 1 {
        return Err(usage("--output FILE can be given once: further ones are --output FORMAT=FILE"));
    }
    let twice = |(i, output): (usize, &Output)| outputs.iter().take(i).any(|o| o.path == output.path);
    if outputs.iter().enumerate().any(twice) {
        return Err(usage("two reports cannot be written to one file"));
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
        fail_on,
        show: fail_on.shows(),
        show_all: false,
        exclude: typed.exclude,
        incomplete: typed.incomplete,
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

/// The error, with what was meant where another tool's word was typed.
fn led_on(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let tip = match (error.kind(), text(ContextKind::InvalidArg), text(ContextKind::InvalidSubcommand)) {
        (ErrorKind::InvalidSubcommand, _, Some(path)) => format!("to judge a path: lonekey check {path}"),
        (ErrorKind::UnknownArgument, Some(flag), _) => match flag.as_str() {
            "-o" => "a file to write to is --output FILE, a format is --format NAME".into(),
            "--exit-zero" | "--no-fail" | "--soft-fail" | "-s" => {
                "findings do not fail the run with --fail-on never".into()
            }
            "--json" | "--sarif" => format!("a format is --format {}", flag.trim_start_matches('-')),
            "--no-color" | "--no-colour" => "no colours are --color never".into(),
            "--ignore" | "--skip-path" => "files are left out with --exclude GLOB".into(),
            "--severity" | "--min-severity" | "--level" => {
                "what is shown is --show LEVEL, and what fails is --fail-on LEVEL".into()
            }
            _ => return error,
        },
        _ => return error,
    };
    error.remove(ContextKind::SuggestedSubcommand);
    error.remove(ContextKind::SuggestedArg);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    error
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
