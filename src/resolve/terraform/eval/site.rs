//! The place of a call, for functions that need more than the values of their arguments.

use super::Terraform;
use super::scope::Scope;
use crate::parse::syntax::{Expr, Name};

/// Where a call stands: for functions that read files or differ from call to call.
pub struct Site<'a> {
    /// The evaluation.
    pub tf: &'a Terraform<'a>,
    /// What names mean there.
    pub scope: &'a Scope,
    /// The function's name as written.
    pub at: &'a Name,
    /// The arguments as written.
    pub args: &'a [Expr],
}

/// How many characters of a call are shown.
const MAX_WRITTEN: usize = 80;

impl Site<'_> {
    /// The function's name, without `core::`.
    pub fn name(&self) -> &str {
        self.at.text.strip_prefix("core::").unwrap_or(&self.at.text)
    }

    /// The call as it is written, on one line.
    pub fn written(&self) -> String {
        let source = self.tf.files.source(self.scope.file);
        let end = self.args.last().map_or(self.at.span.end, |last| last.span.end);
        let text = source.text.get(self.at.span.start as usize..end as usize).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // What stands in quotes of another language has places of its own.
        if !line.starts_with(&self.at.text) || line.chars().count() > MAX_WRITTEN {
            return format!("{}(…)", self.at.text);
        }
        format!("{line})")
    }
}
