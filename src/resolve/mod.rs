//! Units to access keys: each front end evaluates its language and hands over the same type.
//!
//! Front ends do not import each other; what two of them need lives here or in a leaf module.

pub mod cdk;
pub mod cloudformation;
pub mod dispatch;
pub mod embedded;
pub mod parameters;
pub mod pattern;
pub mod pieces;
pub mod samconfig;
pub mod scenario;
pub mod sink;
pub mod template;
pub mod terraform;

use std::collections::{BTreeMap, BTreeSet};

use crate::key::Mode;
use crate::parse::SyntaxError;
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;
use crate::span::{FileId, Loc};
use crate::value::limits::{Limit, Past};
use crate::value::looped::Looped;
use terraform::config::Modules;

/// A syntax error as a problem.
pub fn syntax(file: FileId, error: &SyntaxError) -> Problem {
    Problem::new(ProblemKind::Syntax, Loc::new(file, error.span), error.message.clone())
}

/// What every unit of a run is resolved with.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The reader.
    pub files: &'a Files,
    /// The Terraform modules read.
    pub modules: &'a Modules,
    /// What the command line supplies.
    pub inputs: &'a Inputs,
}

/// Values that the command line and the environment supply.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// `--var NAME=VALUE` and `--var-file FILE`, in the order typed.
    pub vars: Vec<VarFlag>,
    /// `TF_VAR_name` of the environment, by name.
    pub env_vars: BTreeMap<String, String>,
    /// `--workspace`.
    pub workspace: Option<String>,
    /// `TF_WORKSPACE` of the environment.
    pub env_workspace: Option<String>,
    /// `--parameter K=V` and the contents of `--parameter-file`, in the order typed; a later one wins.
    pub parameters: BTreeMap<String, String>,
    /// Parameters that keep the value which the stack has, as a file of these says: free, whatever their default is.
    pub previous: BTreeSet<String>,
    /// Where the files among these give a value.
    pub parameter_places: BTreeMap<String, Loc>,
    /// The names that `--parameter` gives, each of which some unit must declare.
    pub parameter_flags: Vec<String>,
    /// Each `--parameter-file` as typed with the names that it gives: some unit must declare one of them.
    pub parameter_files: Vec<(String, Vec<String>)>,
    /// Inputs, as reports name them, that count as free although something supplies them: the deployment refuses that.
    pub free: BTreeSet<String>,
    /// Inputs that are either what supplies them or, overridden, null.
    pub nulls: BTreeSet<String>,
    /// The collections of no known type that are to be filled in.
    pub looped: Looped,
}

/// One `--var` or `--var-file`.
#[derive(Clone, Debug)]
pub enum VarFlag {
    /// `--var NAME=VALUE`.
    Value(String, String),
    /// `--var-file FILE`, relative to the working directory.
    File(std::path::PathBuf),
}

/// The entry that says that a limit was met.
fn past(limit: &Limit, mode: Mode, place: Place) -> Problem {
    let kind = match (mode, limit.past) {
        (Mode::Overridable | Mode::Listed(_), _) => ProblemKind::LatentBudget,
        (_, Past::Unknown) => ProblemKind::UnknownPastLimit,
        (_, Past::Undecided | Past::Dropped | Past::Cut) => ProblemKind::Budget,
    };
    let counts = if limit.past == Past::Unknown { "; it counts as unknown" } else { "" };
    let filled = mode.filled().map(|sizes| {
        format!(" (with up to {} elements in each collection that nothing supplies)", sizes.most())
    });
    Problem::new(kind, place, format!("{}{counts}{}", limit.says, filled.unwrap_or_default()))
}
