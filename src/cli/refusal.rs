//! A refusal of the command line, as people are told it.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::report::message;

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

/// The error, with what was meant where another tool's word was typed.
pub(super) fn led_on(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let tip = match (error.kind(), text(ContextKind::InvalidArg), text(ContextKind::InvalidSubcommand)) {
        // A command with a slip in it is no path.
        (ErrorKind::InvalidSubcommand, _, Some(word))
            if error.get(ContextKind::SuggestedSubcommand).is_some() && !Path::new(&word).exists() =>
        {
            return error;
        }
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
