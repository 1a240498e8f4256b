//! `lonekey config`: what is in force, and where each value comes from.
//!
//! Answers: why does this run do what it does? One block for each file that holds for a path of the request, in TOML that
//! could stand in a file, each line with its source: a flag, a line of a file, or the default.

use clap::ValueEnum;

use super::{Config, Configs, MAX_EXCEPTION_DAYS, Set};
use crate::cli::Options;
use crate::report::{FailOn, message};
use crate::source::{COMMAND_LINE, CONFIG, Files};
use crate::span::Loc;

/// The blocks, ending in a line break.
pub fn render(configs: &Configs, options: &Options, files: &Files) -> String {
    let all = configs.all();
    let blocks: Vec<String> = match all.as_slice() {
        [] => vec![block(configs, None, options, files)],
        all => all.iter().map(|config| block(configs, Some(config), options, files)).collect(),
    };
    blocks.join("\n")
}

fn block(configs: &Configs, config: Option<&Config>, options: &Options, files: &Files) -> String {
    let title = match config {
        Some(config) => {
            format!("# {}, for what lies in {}", config.path, files.display(&config.folder))
        }
        None if options.isolated => format!("# no {CONFIG} is read (--isolated)"),
        None => format!("# no {CONFIG} was found"),
    };
    let lines = Lines { files };
    let fail_on = options.fail_on;
    let in_file = config.and_then(|c| c.fail_on.as_ref());
    let default_show = fail_on.or(in_file.map(|s| s.value)).unwrap_or_default().shows();
    let mut rows = vec![
        lines.choice("fail-on", fail_on, in_file, FailOn::default()),
        lines.choice("show", options.show, config.and_then(|c| c.show.as_ref()), default_show),
        lines.row(
            "show-all",
            options.show_all.then(|| "true".into()),
            config.and_then(|c| c.show_all.as_ref()).map(|set| (set.value.to_string(), set.at)),
            "false".into(),
        ),
        lines.list("exclude", &options.exclude, config.and_then(|c| c.exclude.as_ref())),
        lines.choice(
            "incomplete",
            options.incomplete,
            config.and_then(|c| c.incomplete.as_ref()),
            Default::default(),
        ),
        lines.list(
            "scenarios",
            &options.scenarios.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
            config.and_then(|c| c.scenarios.as_ref()),
        ),
        lines.row(
            "max-exception-days",
            options.max_exception_days.map(|days| days.to_string()),
            config.and_then(|c| c.max_exception_days.as_ref()).map(|set| (set.value.to_string(), set.at)),
            MAX_EXCEPTION_DAYS.to_string(),
        ),
    ];
    for group in configs.accounts_of(config) {
        let id = group.id.as_ref().map_or(String::new(), |id| format!(", id = {}", quoted(id)));
        let production = if group.production { ", production = true" } else { "" };
        let value = format!("{{ units = {}{id}{production} }}", texts(&group.units));
        rows.push(("account".into(), value, lines.source_or_flag(group.at, "account")));
    }
    for draft in configs.exceptions_of(config) {
        rows.push(("exception".into(), draft.summary(), lines.source_or_flag(draft.at, "exception")));
    }
    let texts: Vec<(String, String)> =
        rows.into_iter().map(|(key, value, source)| (message(&format!("{key} = {value}")), source)).collect();
    let width = texts.iter().map(|(text, _)| text.chars().count()).filter(|n| *n <= 60).max().unwrap_or(0);
    let line = |(text, source): &(String, String)| {
        let blank = " ".repeat(width.saturating_sub(text.chars().count()));
        format!("{text}{blank}  # {}\n", message(source))
    };
    format!("{}\n{}", message(&title), texts.iter().map(line).collect::<String>())
}

type Row = (String, String, String);

struct Lines<'f> {
    files: &'f Files,
}

impl Lines<'_> {
    fn source(&self, at: Loc) -> String {
        let source = self.files.source(at.file);
        format!("{}:{}", source.path, source.position(at.span.start as usize).line)
    }

    fn source_or_flag(&self, at: Loc, key: &str) -> String {
        match self.files.source(at.file).path == COMMAND_LINE {
            true => format!("--{key}"),
            false => self.source(at),
        }
    }

    fn row(&self, key: &str, flag: Option<String>, file: Option<(String, Loc)>, default: String) -> Row {
        let (value, source) = match (flag, file) {
            (Some(value), _) => (value, format!("--{}", flag_of(key))),
            (None, Some((value, at))) => (value, self.source(at)),
            (None, None) => (default, "default".into()),
        };
        (key.into(), value, source)
    }

    fn choice<T: ValueEnum + Copy>(
        &self,
        key: &str,
        flag: Option<T>,
        file: Option<&Set<T>>,
        default: T,
    ) -> Row {
        let name = |value: T| {
            let value = value.to_possible_value();
            quoted(value.as_ref().map_or("", |v| v.get_name()))
        };
        self.row(key, flag.map(name), file.map(|set| (name(set.value), set.at)), name(default))
    }

    fn list(&self, key: &str, flag: &[String], file: Option<&Set<Vec<String>>>) -> Row {
        let flag = Some(flag).filter(|flag| !flag.is_empty()).map(texts);
        self.row(key, flag, file.map(|set| (texts(&set.value), set.at)), "[]".into())
    }
}

/// The flag of a key.
pub(super) fn flag_of(key: &str) -> &str {
    if key == "scenarios" { "scenario" } else { key }
}

fn texts(list: &[String]) -> String {
    let all: Vec<String> = list.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
