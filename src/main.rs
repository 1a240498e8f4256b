//! Flags to options, run, exit code; nothing else.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use lonekey::cli::{self, Command, Options, Terminal};
use lonekey::config::{self, Configs};
use lonekey::judge::finding::Outcome;
use lonekey::output;
use lonekey::report::{self, Format, Host, Report, Style};
use lonekey::run::RunError;
use lonekey::source::Files;

fn main() -> ExitCode {
    let command = match cli::parse(std::env::args_os()) {
        Ok(command) => command,
        Err(error) => {
            let error = cli::harmless(error);
            let text = error.render().to_string();
            let shown = report::messages(&text);
            // A closed pipe is no failure of the request.
            let _ = match error.use_stderr() && shown != text {
                true => std::io::stderr().write_all(shown.as_bytes()),
                false => error.print(),
            };
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let terminal = terminal();
    match command {
        Command::Explain { color } => {
            print(&report::explain(&terminal.style(color))).map_or_else(failed, |()| ExitCode::SUCCESS)
        }
        Command::Completions { shell } => {
            print(&cli::completions(shell)).map_or_else(failed, |()| ExitCode::SUCCESS)
        }
        Command::Check(options) => run(&options, &terminal, What::Findings),
        Command::Inventory(options) => run(&options, &terminal, What::Keys),
        Command::Exceptions(options) => run(&options, &terminal, What::Exceptions),
        Command::Config(options) => configuration(&options),
    }
}

/// What a run is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Findings,
    Keys,
    Exceptions,
}

/// A reader that starts from the working directory.
fn reader() -> Result<Files, ExitCode> {
    let root = std::env::current_dir();
    root.map(Files::new).map_err(|e| failed(format!("the working directory cannot be found: {e}")))
}

fn configuration(options: &Options) -> ExitCode {
    let files = match reader() {
        Ok(files) => files,
        Err(code) => return code,
    };
    let shown = Configs::of_request(options, &files).map(|configs| config::render(&configs, options, &files));
    shown.and_then(|text| print(&text)).map_or_else(failed, |()| ExitCode::SUCCESS)
}

fn run(options: &Options, terminal: &Terminal, what: What) -> ExitCode {
    let files = match reader() {
        Ok(files) => files,
        Err(code) => return code,
    };
    let progress = lonekey::progress::Progress::new(options.progress && std::io::stderr().is_terminal());
    let mut configs = match Configs::of_request(options, &files) {
        Ok(configs) => configs,
        Err(error) => return failed(error),
    };
    let tick = |units| progress.tick(units);
    let examined = lonekey::run::examine_with(options, &mut configs, &files, &tick);
    let mended = examined.and_then(|outcome| mend(options, files, outcome, &tick));
    progress.clear();
    let (files, mut outcome, diff) = match mended {
        Ok(mended) => mended,
        Err(error) => return failed(error.to_string()),
    };
    if what == What::Keys {
        outcome.for_inventory();
    }
    let host = Host::new(variable);
    let report =
        Report { outcome: &outcome, files: &files, show_all: configs.show_all(options), host: &host };
    let nothing = match what {
        What::Keys => outcome.incomplete.is_empty() && outcome.inventory.is_empty(),
        What::Findings => report.is_quiet(),
        What::Exceptions => outcome.incomplete.is_empty() && outcome.exceptions.is_empty(),
    };
    let text = |format: Format, style: &Style| match what {
        _ if options.list_files => {
            files.read_paths().iter().map(|path| report::message(path) + "\n").collect()
        }
        _ if options.quiet && nothing && !format.is_machine() => String::new(),
        What::Keys => report::render_inventory(&report, format, style),
        What::Findings => report::render_check(&report, format, style),
        What::Exceptions => report::render_exceptions(&report, format, style),
    };
    // A hook names every changed file, whatever it is.
    if !options.quiet {
        for remark in &outcome.remarks {
            let _ = writeln!(std::io::stderr(), "note: {}", report::message(remark));
        }
    }
    // A file is written even where nothing is said: what an earlier run left in it is no longer true.
    let mut unwritten = None;
    for file in &options.outputs {
        // It gets what a pipe gets.
        let style = Terminal::default().style(options.color);
        let written = output::write(&file.path, &text(file.format.unwrap_or(options.format), &style));
        if let Err(error) = written {
            unwritten = Some(failed(format!("--output {}: {error}", file.path.display())));
        }
    }
    if options.outputs.iter().all(|file| file.format.is_some())
        && let Err(error) =
            print(&diff.unwrap_or_else(|| text(options.format, &terminal.style(options.color))))
    {
        return failed(error);
    }
    if options.list_files {
        let _ = write!(std::io::stderr(), "{}", report::problems(&report));
    }
    let formats = options.outputs.iter().map(|file| file.format.unwrap_or(options.format));
    if formats.chain([options.format]).any(|format| format == Format::Csv) {
        let left_out = match what {
            What::Exceptions => report::problems(&report),
            What::Findings | What::Keys => report::left_out(&report),
        };
        let _ = write!(std::io::stderr(), "{left_out}");
    }
    unwritten.unwrap_or_else(|| ExitCode::from(report::exit_code(&outcome)))
}

/// Makes the edits that `--fix` asks for, and judges again what the files say then; or the diff that `--diff` asks for.
fn mend(
    options: &Options,
    files: Files,
    outcome: Outcome,
    progress: &(dyn Fn(usize) + Sync),
) -> Result<(Files, Outcome, Option<String>), RunError> {
    if !options.fix && !options.diff {
        return Ok((files, outcome, None));
    }
    let fixes = lonekey::run::fixes(options, &files, &outcome, progress)?;
    let mut notes: Vec<String> =
        fixes.left.iter().map(|(finding, reason)| report::not_fixed(finding, reason, &files)).collect();
    let (files, mut outcome, diff) = if options.diff {
        let shown = fixes.files.iter().map(|changed| report::FileEdits {
            file: changed.file,
            edits: changed.edits.iter().map(|edit| (edit.span, edit.text.as_str())).collect(),
            context: changed.is_source,
        });
        let fixed: Vec<_> = fixes.fixed.iter().collect();
        let diff = report::diff(&shown.collect::<Vec<_>>(), &fixed, &files);
        (files, outcome, Some(diff))
    } else if fixes.files.is_empty() {
        (files, outcome, None)
    } else {
        lonekey::run::write_fixes(&fixes, &files)?;
        let edited = fixes.files.iter().map(|changed| files.source(changed.file).path.clone());
        notes.push(format!("{} fixed in {}", fixes.fixed.len(), edited.collect::<Vec<_>>().join(", ")));
        let then = Files::new(files.root().to_path_buf());
        let outcome = lonekey::run::examine(options, &then, progress)?;
        (then, outcome, None)
    };
    outcome.remarks.extend(notes);
    Ok((files, outcome, diff))
}

/// Writes to standard output. A reader that went away has what it wanted.
fn print(text: &str) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(format!("the report cannot be written: {e}"))
        }
        _ => Ok(()),
    }
}

fn failed(message: String) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "error: {}", report::message(&message));
    ExitCode::from(2)
}

fn terminal() -> Terminal {
    let is_terminal = std::io::stdout().is_terminal();
    let width = if is_terminal { terminal_width() } else { None };
    Terminal::new(is_terminal, width, variable)
}

fn variable(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}
