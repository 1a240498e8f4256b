//! Rendering: one answer in, one format out.
//!
//! Answers: how is this outcome shown to people, to GitHub, or to a program? Every format is filled from a
//! [`Report`] and decides from a location's role, never from its place in a list. Alone in the program it turns
//! offsets into lines and columns. It must not know how anything was decided.

mod concise;
mod csv;
mod diagnostic;
mod diff;
mod draw;
mod exceptions;
mod explain;
mod fingerprint;
mod github;
mod gitlab;
mod host;
mod incomplete;
mod inventory;
mod json;
mod junit;
mod markdown;
mod place;
mod plain;
mod primary;
mod remedy;
mod sarif;
mod style;
mod table;
#[cfg(test)]
mod testing;
mod text;
mod trees;
mod wording;

use crate::judge::finding::{Exception, ExceptionState, Finding, Level, Outcome, Standing};
use crate::source::Files;

pub use diff::{FileEdits, diff};
pub use explain::explain;
pub use host::Host;
pub use style::Style;

/// A message about what was typed, harmless for a terminal and a build log, on one line.
pub fn message(text: &str) -> String {
    plain::without_commands(&plain::plain(text))
}

/// The same for text of several lines.
pub fn messages(text: &str) -> String {
    plain::without_commands(&plain::same_length(text).unwrap_or_else(|| text.to_owned()))
}

/// That a finding was not fixed, and why.
pub fn not_fixed(finding: &Finding, reason: &str, files: &Files) -> String {
    let unit = message(&finding.unit.path);
    let place = if unit == "." { String::new() } else { format!(" ({unit})") };
    format!(
        "not fixed: {}{place}: {}; {}",
        wording::who(&finding.user),
        message(reason),
        remedy::sentence(finding, files)
    )
}

/// The one rule's id, in every format.
pub const RULE: &str = "multiple-active-access-keys";

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For people: snippets and sentences.
    #[default]
    Pretty,
    /// The stable JSON contract.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// The same for GitHub's code scanning, which opens an alert for a suppressed result too: without what is approved.
    GithubSarif,
    /// GitHub Actions workflow commands, which become annotations.
    Github,
    /// One line a finding.
    Concise,
    /// A table, for summaries of jobs and comments.
    Markdown,
    /// GitLab's Code Quality report.
    Gitlab,
    /// Tests, as most build servers draw them.
    Junit,
    /// One row a key.
    Csv,
}

impl Format {
    /// Those of `check`.
    pub const CHECK: [Format; 9] = [
        Format::Pretty,
        Format::Concise,
        Format::Json,
        Format::Sarif,
        Format::GithubSarif,
        Format::Github,
        Format::Markdown,
        Format::Gitlab,
        Format::Junit,
    ];
    /// Those of `inventory`.
    pub const INVENTORY: [Format; 3] = [Format::Pretty, Format::Json, Format::Csv];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Pretty => "pretty",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::GithubSarif => "github-sarif",
            Format::Github => "github",
            Format::Concise => "concise",
            Format::Markdown => "markdown",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
            Format::Csv => "csv",
        }
    }

    /// Whether a program reads it: then it is written whatever it says.
    pub fn is_machine(self) -> bool {
        !matches!(self, Format::Pretty | Format::Github | Format::Concise | Format::Markdown)
    }
}

/// The lowest level that makes the exit code 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailOn {
    /// Only `certain` findings.
    Certain,
    /// `certain` and `possible` findings.
    #[default]
    Possible,
    /// Every finding.
    Latent,
    /// No finding.
    Never,
}

impl FailOn {
    /// The lowest level that is shown unless another is asked for: `possible`, or the lowest that fails.
    pub fn shows(self) -> Level {
        if self == FailOn::Latent { Level::Latent } else { Level::Possible }
    }

    /// Whether a finding of that level makes the exit code 1.
    pub fn includes(self, level: Level) -> bool {
        match self {
            FailOn::Certain => level >= Level::Certain,
            FailOn::Possible => level >= Level::Possible,
            FailOn::Latent => true,
            FailOn::Never => false,
        }
    }
}

/// The findings that count: nobody approved them, and they are not known already.
fn open(outcome: &Outcome) -> impl Iterator<Item = &Finding> {
    outcome.findings.iter().filter(|finding| finding.standing == Standing::Open)
}

/// What a format is filled from: an outcome, and how much of it is shown.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// The whole answer.
    pub outcome: &'a Outcome,
    /// The files that places lead into.
    pub files: &'a Files,
    /// Whether findings that differ in the call of a module alone are shown one by one.
    pub show_all: bool,
    /// What the build says of the repository.
    pub host: &'a Host,
}

impl<'a> Report<'a> {
    /// The open findings that are shown, in the outcome's order.
    fn findings(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        open(self.outcome).filter(|finding| finding.shown)
    }

    /// How many findings of a level there are, if it is shown.
    fn shown(&self, level: Level) -> usize {
        self.findings().filter(|finding| finding.level == level).count()
    }

    /// How many there are of each level that is not shown, surest first.
    fn hidden(&self) -> Vec<(Level, usize)> {
        let levels = [Level::Certain, Level::Possible, Level::Latent].into_iter();
        let count = |level| open(self.outcome).filter(|f| f.level == level && !f.shown).count();
        levels.map(|level| (level, count(level))).filter(|(_, n)| *n > 0).collect()
    }

    /// The findings that are known from before and that would be shown.
    fn known(&self) -> impl Iterator<Item = &'a Finding> + use<'a> {
        self.outcome.findings.iter().filter(|finding| finding.shown && finding.standing == Standing::Known)
    }

    /// The findings that an exception covers and that would be shown, each with it.
    fn approved(&self) -> impl Iterator<Item = (&'a Finding, &'a Exception)> + use<'a> {
        let outcome = self.outcome;
        let shown = outcome.findings.iter().filter(|finding| finding.shown);
        shown.filter_map(|finding| match finding.standing {
            Standing::Approved(index) => Some((finding, outcome.exceptions.get(index)?)),
            Standing::Open | Standing::Known => None,
        })
    }

    /// Whether there is nothing to say: no finding that is shown, nothing that was not decided, no exception that
    /// somebody has to do something about.
    pub fn is_quiet(&self) -> bool {
        let fine = |e: &Exception| e.state == ExceptionState::InForce;
        let Outcome { incomplete, exceptions, .. } = self.outcome;
        incomplete.is_empty() && exceptions.iter().all(fine) && self.findings().next().is_none()
    }
}

/// `check`'s whole output in `format`, ending in a line break.
///
/// Only [`Format::Pretty`] looks at `style`; it also stands for a format that is not one of [`Format::CHECK`].
pub fn render_check(report: &Report<'_>, format: Format, style: &Style) -> String {
    let parts = match format {
        Format::Pretty | Format::Concise | Format::Markdown => trees::parts(report.outcome, report.files),
        _ => Vec::new(),
    };
    if !parts.is_empty() {
        return by_tree(report, &parts, format, style);
    }
    match format {
        Format::Pretty | Format::Csv => text::render(report, style),
        Format::Concise => concise::render(report),
        Format::Markdown => markdown::render(report),
        Format::Gitlab => gitlab::render(report),
        Format::Junit => junit::render(report),
        Format::Json => json::render_check(report.outcome, report.files),
        Format::Sarif => sarif::render(report, true),
        Format::GithubSarif => sarif::render(report, false),
        Format::Github => github::render(report),
    }
}

/// A report of each work tree under its name, and one line for all.
fn by_tree(report: &Report<'_>, parts: &[(String, Outcome)], format: Format, style: &Style) -> String {
    let mut out = String::new();
    for (name, part) in parts {
        let name = message(name);
        let part = Report { outcome: part, ..*report };
        out.push_str(&match format {
            Format::Markdown => format!("## {}\n\n{}\n", markdown::heading(&name), markdown::render(&part)),
            Format::Concise => format!("{name}:\n{}", concise::render(&part)),
            _ => format!("{}\n\n{}\n", style.paint(style::Paint::Bold, &name), text::render(&part, style)),
        });
    }
    let (verdict, rest) = wording::closing(report);
    let all = format!("{} work trees: {verdict}{rest}", parts.len());
    out + &match format {
        Format::Markdown => format!("{}.\n", markdown::heading(&all)),
        _ => plain::without_commands(&style.wrap("", &all)),
    }
}

/// `inventory`'s whole output, ending in a line break; a table for a format that is not one of [`Format::INVENTORY`].
pub fn render_inventory(report: &Report<'_>, format: Format, style: &Style) -> String {
    match format {
        Format::Json => json::render_inventory(report.outcome, report.files),
        Format::Csv => csv::render(report),
        _ => inventory_by_tree(report, style),
    }
}

/// The table of each work tree under its name, where there are several, and one line for all.
fn inventory_by_tree(report: &Report<'_>, style: &Style) -> String {
    let Report { outcome, files, .. } = report;
    let parts = trees::parts(outcome, files);
    if parts.is_empty() {
        return inventory::render(outcome, files, style);
    }
    let part = |(name, part): &(String, Outcome)| {
        let name = style.paint(style::Paint::Bold, &message(name));
        format!("{name}\n\n{}\n", inventory::render(part, files, style))
    };
    let closing = format!("{} work trees: {}", parts.len(), inventory::closing(outcome));
    parts.iter().map(part).collect::<String>() + &plain::without_commands(&closing)
}

/// `exceptions`'s whole output, ending in a line break; a table for a format that is not one of [`Format::INVENTORY`].
pub fn render_exceptions(report: &Report<'_>, format: Format, style: &Style) -> String {
    match format {
        Format::Json => json::render_exceptions(report.outcome, report.files),
        Format::Csv => exceptions::csv(report),
        _ => exceptions::render(report, style),
    }
}

/// What was not decided, one line each.
pub fn problems(report: &Report<'_>) -> String {
    concise::problems(report)
}

/// What was not decided, and the exceptions, one line each: for a format that has no place for them.
pub fn left_out(report: &Report<'_>) -> String {
    concise::problems(report) + &exceptions::lines(report)
}

/// The process's exit code: 2 when an `incomplete` entry fails that is not excused, else 1 when an open finding fails,
/// else 0. It never depends on the format.
pub fn exit_code(outcome: &Outcome) -> u8 {
    match outcome.incomplete.iter().any(|p| p.kind.fails() && !p.excused) {
        true => 2,
        false => u8::from(open(outcome).any(|f| f.fails)),
    }
}

#[cfg(test)]
mod tests {
    use super::testing::{the_finding, two_keys};
    use super::*;
    use crate::problem::{Place, Problem, ProblemKind};

    #[test]
    fn the_threshold_decides_which_level_fails() {
        let table =
            [(Level::Certain, [1, 1, 1, 0]), (Level::Possible, [0, 1, 1, 0]), (Level::Latent, [0, 0, 1, 0])];
        for (level, codes) in table {
            let thresholds = [FailOn::Certain, FailOn::Possible, FailOn::Latent, FailOn::Never];
            assert_eq!(thresholds.map(|t| u8::from(t.includes(level))), codes, "{level:?}");
        }
    }

    #[test]
    fn an_open_finding_that_fails_makes_one() {
        let (_, mut outcome) = two_keys();
        assert_eq!(exit_code(&outcome), 1);
        the_finding(&mut outcome).fails = false;
        assert_eq!(exit_code(&outcome), 0);
        the_finding(&mut outcome).fails = true;
        for standing in [Standing::Approved(0), Standing::Known] {
            the_finding(&mut outcome).standing = standing;
            assert_eq!(exit_code(&outcome), 0, "{standing:?}");
        }
        outcome.findings.clear();
        assert_eq!(exit_code(&outcome), 0);
    }

    #[test]
    fn a_failing_gap_wins_over_findings_and_a_harmless_one_does_not() {
        let (_, mut outcome) = two_keys();
        let problem = |kind| Problem::new(kind, Place::Path("x".into()), "r");
        outcome.incomplete = vec![problem(ProblemKind::RemoteModule), problem(ProblemKind::LatentBudget)];
        assert_eq!(exit_code(&outcome), 1);
        outcome.incomplete.push(problem(ProblemKind::Syntax));
        assert_eq!(exit_code(&outcome), 2);
        the_finding(&mut outcome).fails = false;
        assert_eq!(exit_code(&outcome), 2);
        for problem in &mut outcome.incomplete {
            problem.excused = true;
        }
        assert_eq!(exit_code(&outcome), 0);
    }

    #[test]
    fn every_format_names_both_keys_of_a_minified_template_and_prints_little_of_it() {
        let (files, outcome) = testing::minified();
        for format in [Format::Pretty, Format::Json, Format::Sarif, Format::Github] {
            let text = render_check(&testing::report(&files, &outcome), format, &Style::default());
            assert!(
                text.contains("KeyA") && text.contains("KeyB") && text.contains("big.json"),
                "{format:?}"
            );
            assert!(text.contains("888905"), "{format:?} has the first key's column: {text}");
            assert!(text.len() < 20_000 && text.ends_with('\n'), "{format:?}");
        }
    }

    #[test]
    fn line_ends_change_no_line_or_column() {
        let ((unix, outcome), (windows, same)) = (two_keys(), testing::with_crlf());
        for format in Format::CHECK.into_iter().filter(|format| *format != Format::Json) {
            let render =
                |outcome, files| render_check(&testing::report(files, outcome), format, &Style::default());
            assert_eq!(render(&outcome, &unix), render(&same, &windows), "{format:?}");
        }
    }

    #[test]
    fn hundreds_of_findings_in_one_long_line_are_all_printed() {
        let (files, mut outcome) = testing::minified();
        outcome.findings = vec![outcome.findings[0].clone(); 300];
        let text = render_check(&testing::report(&files, &outcome), Format::Pretty, &Style::default());
        assert_eq!(text.matches("^ key 2").count(), 300);
    }
}
