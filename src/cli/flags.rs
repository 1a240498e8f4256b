//! The flags as written, each with its help.
//!
//! Answers: what can be typed? Help, completions and the parser are made from these types; what they mean together is
//! for [`super`] to say.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Output;
use super::ordered::{ParameterArgs, VariableArgs};
use crate::date::Day;
use crate::judge::finding::Level;
use crate::report::{FailOn, Format};

const EXAMPLES: &str = "\
Examples:
  lonekey check                                  judge the working directory
  lonekey check infra --fail-on certain          fail on what is certain alone
  lonekey check --scenario envs/prod.tfvars      judge with those values too";

/// The groups of the help.
const REPORT: &str = "Report";
const CONFIGURATION: &str = "Configuration and exceptions";
const JUDGED: &str = "What is judged";
const KNOWN: &str = "What is known already";
const FIX: &str = "Fix";
pub(super) const VALUES: &str = "Values of inputs";

/// Finds every AWS IAM user that would hold two active access keys, before anything is deployed.
#[derive(Debug, Parser)]
#[command(name = "lonekey", version, max_term_width = 80, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: TypedCommand,
}

#[derive(Debug, Subcommand)]
pub(super) enum TypedCommand {
    /// Report every user with two active access keys; exit 1 if there is one, 2 if
    /// the answer is incomplete
    #[command(after_help = EXAMPLES)]
    Check(CheckArgs),
    /// List every access key with its user, status, condition and place; exit 0, or 2 if the list is incomplete
    Inventory(InventoryArgs),
    /// Print the exceptions that hold, expire or cover nothing, with their owners; exit 0, or 2 if one is invalid
    Exceptions(ExceptionsArgs),
    /// Print what is in force, and where each value comes from
    Config(CheckArgs),
    /// Print the control, why it matters, how to remediate and how lonekey decides
    Explain(ColorArgs),
    /// Print what makes a shell complete lonekey's flags, for its start-up file
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// How the report is written
    #[arg(long, default_value = "pretty", value_parser = format_of(&Format::CHECK), help_heading = REPORT)]
    pub(super) format: Format,
    /// Write the report to FILE too, in FORMAT; can be repeated. FILE alone: in the format of `--format`, instead of to
    /// standard output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of(&Format::CHECK), help_heading = REPORT)]
    pub(super) output: Vec<Output>,
    /// The lowest level that makes the exit code 1; `possible` if absent
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = REPORT)]
    pub(super) fail_on: Option<FailOn>,
    /// The lowest level that is shown; `possible`, or the lowest that fails, if absent; JSON has all
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = REPORT)]
    pub(super) show: Option<Level>,
    /// Show each finding by itself, also those that differ only in the call of a
    /// module or in the user
    #[arg(long, help_heading = REPORT)]
    pub(super) show_all: bool,
    /// Judge once with each FILE of variable values (.tfvars) or parameter values (JSON, YAML; a samconfig once with
    /// each environment, or with one as in samconfig.toml#prod), or with each file that a pattern fits; can be repeated.
    /// What has no such ending is one of the PATHS
    #[arg(long, value_name = "FILE", num_args = 1.., help_heading = VALUES)]
    pub(super) scenario: Vec<PathBuf>,
    /// Report only what is not found in REV, a commit, branch or tag, of which git's objects are read
    #[arg(long, value_name = "REV", help_heading = KNOWN)]
    pub(super) new_since: Option<String>,
    /// Report only what is not in FILE, which --write-baseline wrote
    #[arg(long, value_name = "FILE", help_heading = KNOWN)]
    pub(super) baseline: Option<PathBuf>,
    /// Write what is found to the file of --baseline, and drop from it what is found no more
    #[arg(long, requires = "baseline", help_heading = KNOWN)]
    pub(super) write_baseline: bool,
    /// Make the remedies that are one edit of a source file, and report what is left
    #[arg(long, conflicts_with_all = ["diff", "write_baseline"], help_heading = FIX)]
    pub(super) fix: bool,
    /// Show what --fix would change, instead of the report; nothing is written
    #[arg(long, conflicts_with = "write_baseline", help_heading = FIX)]
    pub(super) diff: bool,
    /// Of two equal keys the one that stays, by its address; the other one becomes inactive. Can be repeated
    #[arg(long, value_name = "ADDRESS", help_heading = FIX)]
    pub(super) keep: Vec<String>,
    #[command(flatten)]
    pub(super) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct InventoryArgs {
    /// How the list is written
    #[arg(long, default_value = "pretty", value_parser = format_of(&Format::INVENTORY), help_heading = REPORT)]
    pub(super) format: Format,
    /// Write the list to FILE too, in FORMAT; can be repeated. FILE alone: in the format of `--format`, instead of to
    /// standard output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of(&Format::INVENTORY), help_heading = REPORT)]
    pub(super) output: Vec<Output>,
    #[command(flatten)]
    pub(super) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct ExceptionsArgs {
    /// How the list is written
    #[arg(long, default_value = "pretty", value_parser = format_of(&Format::INVENTORY), help_heading = REPORT)]
    pub(super) format: Format,
    /// Write the list to FILE too, in FORMAT; can be repeated. FILE alone: in the format of `--format`, instead of to
    /// standard output
    #[arg(long, value_name = "FORMAT=FILE", value_parser = output_of(&Format::INVENTORY), help_heading = REPORT)]
    pub(super) output: Vec<Output>,
    #[command(flatten)]
    pub(super) common: CommonArgs,
}

#[derive(Debug, Args)]
pub(super) struct CommonArgs {
    /// Files and folders to judge, `.` if absent; `-` reads one file from standard input
    #[arg(value_name = "PATHS")]
    pub(super) paths: Vec<PathBuf>,
    /// Leave out files and folders that match GLOB, by gitignore's rules; can be repeated
    #[arg(long, value_name = "GLOB", help_heading = JUDGED)]
    pub(super) exclude: Vec<String>,
    /// Whether what could not be decided makes the exit code 2; it does if absent
    #[arg(long, value_enum, value_name = "fail|warn", hide_possible_values = true, help_heading = REPORT)]
    pub(super) incomplete: Option<Incomplete>,
    /// Units that share an account: `units=GLOB,… [id=123456789012] [production=true]`; can be repeated
    #[arg(long, value_name = "TERMS", help_heading = CONFIGURATION)]
    pub(super) account: Vec<String>,
    /// Approve a user's keys: `user=NAME [path=GLOB] owner=WHO expires=YYYY-MM-DD reason="WHY" [kind=rotation]`; can be
    /// repeated
    #[arg(long, value_name = "TERMS", help_heading = CONFIGURATION)]
    pub(super) exception: Vec<String>,
    /// Read no lonekey.toml
    #[arg(long, help_heading = CONFIGURATION)]
    pub(super) isolated: bool,
    /// How many days an exception may last at most; 365 if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=36_500), help_heading = CONFIGURATION)]
    pub(super) max_exception_days: Option<i64>,
    /// Take DATE (YYYY-MM-DD) for today where exceptions expire: for tests and audits
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = CONFIGURATION)]
    pub(super) today: Option<Day>,
    #[command(flatten)]
    pub(super) color: ColorArgs,
    /// Print nothing when there is nothing to report, and no progress
    #[arg(short, long, help_heading = REPORT)]
    pub(super) quiet: bool,
    /// Show no progress bar
    #[arg(long)]
    pub(super) no_progress: bool,
    /// The name of the file that `-` reads: its kind, and its place in a unit; without it, `-` stands alone
    #[arg(long, value_name = "NAME", help_heading = JUDGED)]
    pub(super) stdin_filename: Option<PathBuf>,
    /// List the files that were read instead of reporting
    #[arg(long, help_heading = JUDGED)]
    pub(super) list_files: bool,
    #[command(flatten)]
    pub(super) variables: VariableArgs,
    /// The Terraform workspace
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new(), help_heading = VALUES)]
    pub(super) workspace: Option<String>,
    #[command(flatten)]
    pub(super) parameters: ParameterArgs,
    /// How many threads to use; as many as there are processors if absent
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

#[derive(Debug, Args)]
pub(super) struct ColorArgs {
    /// Whether to use colours; `auto` means on a terminal, and respects NO_COLOR, FORCE_COLOR, CLICOLOR and CLICOLOR_FORCE
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", help_heading = REPORT)]
    pub(super) color: Color,
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

/// A day of the calendar.
fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "expected a day as YYYY-MM-DD".into())
}

/// The name of one of `formats`.
fn format_of(formats: &'static [Format]) -> impl TypedValueParser<Value = Format> {
    let names = PossibleValuesParser::new(formats.iter().map(|format| format.name()));
    names.map(move |name| formats.iter().copied().find(|f| f.name() == name).unwrap_or_default())
}

/// `FORMAT=FILE` or `FILE`; a path in which a word and `=` come first begins with `./`.
fn output_of(formats: &'static [Format]) -> impl TypedValueParser<Value = Output> {
    clap::builder::OsStringValueParser::new().try_map(move |typed| {
        let whole = |typed| Ok(Output { format: None, path: PathBuf::from(typed) });
        let Some((name, path)) = typed.to_str().and_then(|text| text.split_once('=')) else {
            return whole(typed);
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-') {
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
