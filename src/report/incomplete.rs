//! What keeps an answer from being complete, for people.
//!
//! Answers: what was not read or not decided, and where? A syntax error shows the line that is broken.

use miette::Severity;

use super::diagnostic::{Diag, Label, Texts};
use super::draw;
use super::place::Range;
use super::plain::plain;
use super::style::Style;
use crate::judge::finding::Outcome;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;

/// What makes the answer incomplete, each with the line that it is about; empty if nothing.
pub(super) fn errors(outcome: &Outcome, files: &Files, style: &Style) -> String {
    let mut texts = Texts::new(files);
    let mut out = String::new();
    let fails = outcome.incomplete.iter().filter(|p| p.kind.fails());
    let (drawn, plain): (Vec<&Problem>, Vec<&Problem>) = fails.partition(|p| matches!(p.place, Place::At(_)));
    for problem in drawn {
        out.push_str(&draw::render(&of_error(problem, &mut texts), style));
        out.push('\n');
    }
    for problem in &plain {
        out.push_str(&draw::line(
            "error",
            Severity::Error,
            &Range::of_place(files, &problem.place).path,
            &problem.reason,
            style,
        ));
    }
    if !plain.is_empty() {
        out.push('\n');
    }
    out
}

/// One sentence, with nothing to look at.
pub(super) fn entry(word: &'static str, severity: Severity, code: &'static str, message: &str) -> Diag {
    Diag {
        word,
        severity,
        code,
        message: plain(message),
        ahead: Vec::new(),
        parts: Vec::new(),
        facts: Vec::new(),
        help: None,
        tight: false,
    }
}

fn of_error(problem: &Problem, texts: &mut Texts<'_>) -> Diag {
    let mut diag = entry("error", Severity::Error, problem.kind.name(), &problem.reason);
    if let Place::At(loc) = problem.place {
        let label = [Label { loc, text: String::new(), primary: true }];
        diag.parts = match problem.kind {
            ProblemKind::Syntax => texts.broken_parts(&label, &[&diag.message]),
            _ => texts.parts(&label, &[&diag.message]),
        };
    }
    diag
}
