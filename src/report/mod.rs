//! Rendering: one answer in, one format out.
//!
//! Answers: how is this outcome shown to people, to GitHub, or to a program? Every format is filled from
//! [`Outcome`] and decides from a location's role, never from its place in a list. Alone in the program it turns
//! offsets into lines and columns. It must not know how anything was decided.

mod explain;
mod fingerprint;
mod github;
mod inventory;
mod json;
mod place;
mod plain;
mod sarif;
mod snippet;
mod style;
#[cfg(test)]
mod testing;
mod text;
mod wording;

use crate::judge::finding::{Level, Outcome};
use crate::source::Files;

pub use explain::explain;
pub use style::Style;

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
    /// GitHub Actions workflow commands, which become annotations.
    Github,
}

impl Format {
    /// Whether a program reads it: then it is written whatever it says.
    pub fn is_machine(self) -> bool {
        matches!(self, Format::Json | Format::Sarif)
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
    fn includes(self, level: Level) -> bool {
        match self {
            FailOn::Certain => level >= Level::Certain,
            FailOn::Possible => level >= Level::Possible,
            FailOn::Latent => true,
            FailOn::Never => false,
        }
    }
}

/// `check`'s whole output in `format`, ending in a line break.
///
/// Only [`Format::Pretty`] looks at `style`.
pub fn render_check(outcome: &Outcome, files: &Files, format: Format, style: &Style) -> String {
    match format {
        Format::Pretty => text::render(outcome, files, style),
        Format::Json => json::render_check(outcome, files),
        Format::Sarif => sarif::render(outcome, files),
        Format::Github => github::render(outcome, files),
    }
}

/// `inventory`'s whole output, ending in a line break: JSON for [`Format::Json`], a table for every other format
/// (the command line accepts only `pretty` and `json`).
pub fn render_inventory(outcome: &Outcome, files: &Files, format: Format, style: &Style) -> String {
    match format {
        Format::Json => json::render_inventory(outcome, files),
        Format::Pretty | Format::Sarif | Format::Github => inventory::render(outcome, files, style),
    }
}

/// The process's exit code: 2 when an `incomplete` entry fails, else 1 when a finding is at or above `fail_on`,
/// else 0. It never depends on the format.
///
/// `inventory` has no findings to fail on: give [`FailOn::Never`]. Under `--incomplete warn` see
/// [`exit_code_ignoring_incomplete`].
pub fn exit_code(outcome: &Outcome, fail_on: FailOn) -> u8 {
    if outcome.incomplete.iter().any(|p| p.kind.fails()) {
        return 2;
    }
    exit_code_ignoring_incomplete(outcome, fail_on)
}

/// The exit code under `--incomplete warn`: 0 or 1 by the findings alone.
pub fn exit_code_ignoring_incomplete(outcome: &Outcome, fail_on: FailOn) -> u8 {
    u8::from(outcome.findings.iter().any(|f| fail_on.includes(f.level)))
}

#[cfg(test)]
mod tests {
    use super::testing::{the_finding, two_keys};
    use super::*;
    use crate::problem::{Place, Problem, ProblemKind};

    #[test]
    fn the_threshold_decides_which_level_fails() {
        let (_, mut outcome) = two_keys();
        let table =
            [(Level::Certain, [1, 1, 1, 0]), (Level::Possible, [0, 1, 1, 0]), (Level::Latent, [0, 0, 1, 0])];
        for (level, codes) in table {
            the_finding(&mut outcome).level = level;
            let thresholds = [FailOn::Certain, FailOn::Possible, FailOn::Latent, FailOn::Never];
            assert_eq!(thresholds.map(|t| exit_code(&outcome, t)), codes, "{level:?}");
        }
        outcome.findings.clear();
        assert_eq!(exit_code(&outcome, FailOn::Latent), 0);
    }

    #[test]
    fn a_failing_gap_wins_over_findings_and_a_harmless_one_does_not() {
        let (_, mut outcome) = two_keys();
        let problem = |kind| Problem::new(kind, Place::Path("x".into()), "r");
        outcome.incomplete = vec![problem(ProblemKind::RemoteModule), problem(ProblemKind::LatentBudget)];
        assert_eq!(exit_code(&outcome, FailOn::Possible), 1);
        outcome.incomplete.push(problem(ProblemKind::Syntax));
        assert_eq!(exit_code(&outcome, FailOn::Possible), 2);
        assert_eq!(exit_code(&outcome, FailOn::Never), 2);
        assert_eq!(exit_code_ignoring_incomplete(&outcome, FailOn::Possible), 1);
    }

    const FORMATS: [Format; 4] = [Format::Pretty, Format::Json, Format::Sarif, Format::Github];

    #[test]
    fn every_format_names_both_keys_of_a_minified_template_and_prints_little_of_it() {
        let (files, outcome) = testing::minified();
        for format in FORMATS {
            let text = render_check(&outcome, &files, format, &Style::default());
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
        for format in [Format::Pretty, Format::Sarif, Format::Github] {
            let render = |outcome, files| render_check(outcome, files, format, &Style::default());
            assert_eq!(render(&outcome, &unix), render(&same, &windows), "{format:?}");
        }
    }

    #[test]
    fn hundreds_of_findings_in_one_long_line_are_all_printed() {
        let (files, mut outcome) = testing::minified();
        outcome.findings = vec![outcome.findings[0].clone(); 300];
        let text = render_check(&outcome, &files, Format::Pretty, &Style::default());
        assert_eq!(text.matches("key 2: KeyB").count(), 300);
    }
}
