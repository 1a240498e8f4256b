//! Two flags whose order between each other counts.

use std::path::PathBuf;

use clap::{Args, FromArgMatches};

use super::Given;
use super::flags::VALUES;

/// Both as one list: a later one overrides an earlier one.
#[derive(Debug)]
pub(super) struct Ordered<const PARAMETERS: bool>(pub(super) Vec<Given>);

pub(super) type VariableArgs = Ordered<false>;
pub(super) type ParameterArgs = Ordered<true>;

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

/// Splits at the first `=`; the value may be empty and may hold further ones.
fn name_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}
