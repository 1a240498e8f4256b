//! What could not be decided, and where: the entries of `incomplete`, and what was assumed.
//!
//! Problems are data. Every stage returns what it could do *and* what it could not; nothing is dropped.

use crate::span::Loc;

/// Why part of the answer is missing. The names are those of the JSON contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A needed file does not parse.
    Syntax,
    /// A needed file cannot be read.
    Unreadable,
    /// What cannot be read, and is not needed for the answer: a file of ignore rules (nothing is left out by it), a linked
    /// folder outside, a link that leads nowhere here.
    NotNeeded,
    /// Evaluation stopped at a limit.
    Budget,
    /// The same, where that is how many elements a free collection is filled in with.
    TooManyElements,
    /// The deployment itself would refuse this, whatever the inputs.
    Refused,
    /// IAM refuses the name of a key's user, whatever the inputs. What is planned is no other for that, so that the
    /// inventory says nothing of it.
    RefusedName,
    /// A CDK manifest names a file that is not there.
    MissingFile,
    /// A module that is not on disk.
    RemoteModule,
    /// A module in a local folder that has none.
    MissingModule,
    /// A template that is not on disk.
    RemoteTemplate,
    /// A macro that may add, drop or rename resources.
    UnknownMacro,
    /// A status that is neither `Active` nor `Inactive`; it counts as active.
    InvalidStatus,
    /// A variables file that is encrypted; its variables count as free.
    EncryptedVariables,
    /// A CDK assembly with look-ups that were not made.
    MissingContext,
    /// A Terragrunt unit.
    Terragrunt,
    /// A Terraform stack.
    Stacks,
    /// A value past a limit counts as unknown.
    UnknownPastLimit,
    /// The same, where what was found holds whatever the value is.
    ProvedPastLimit,
    /// The search for `latent` findings stopped at its limit.
    LatentBudget,
    /// An exception that approves nothing, since it is not whole.
    InvalidException,
}

impl ProblemKind {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            ProblemKind::Syntax => "syntax",
            ProblemKind::Unreadable | ProblemKind::NotNeeded => "unreadable",
            ProblemKind::Budget
            | ProblemKind::TooManyElements
            | ProblemKind::UnknownPastLimit
            | ProblemKind::ProvedPastLimit
            | ProblemKind::LatentBudget => "budget",
            ProblemKind::Refused | ProblemKind::RefusedName => "refused",
            ProblemKind::MissingFile => "missing-file",
            ProblemKind::RemoteModule => "remote-module",
            ProblemKind::MissingModule => "missing-module",
            ProblemKind::RemoteTemplate => "remote-template",
            ProblemKind::UnknownMacro => "unknown-macro",
            ProblemKind::InvalidStatus => "invalid-status",
            ProblemKind::EncryptedVariables => "encrypted-variables",
            ProblemKind::MissingContext => "missing-context",
            ProblemKind::Terragrunt => "terragrunt",
            ProblemKind::Stacks => "stacks",
            ProblemKind::InvalidException => "invalid-exception",
        }
    }

    /// Whether an entry of this kind makes the exit code 2.
    pub fn fails(self) -> bool {
        use ProblemKind::{
            Budget, InvalidException, MissingFile, Refused, RefusedName, Syntax, TooManyElements,
            UnknownPastLimit, Unreadable,
        };
        matches!(
            self,
            InvalidException
                | Syntax
                | Unreadable
                | Budget
                | TooManyElements
                | UnknownPastLimit
                | Refused
                | RefusedName
                | MissingFile
        )
    }
}

/// Where a problem stands: in a file that was read, or at a path that could not be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Bytes of a file.
    At(Loc),
    /// A path, relative to the working directory, with `/`; there is no text to point into.
    Path(String),
}

impl From<Loc> for Place {
    fn from(loc: Loc) -> Self {
        Place::At(loc)
    }
}

/// One thing that was not decided.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// Which kind.
    pub kind: ProblemKind,
    /// What is wrong and what to do, as one or two sentences without a place.
    pub reason: String,
    /// Where.
    pub place: Place,
    /// Whether it leaves the exit code alone, as the request or the configuration says.
    pub excused: bool,
    /// Whether the reason names a source that is the same wherever it is called, and is said at its first place only.
    pub once: bool,
}

impl Problem {
    /// A problem of `kind` at `place`.
    pub fn new(kind: ProblemKind, place: impl Into<Place>, reason: impl Into<String>) -> Self {
        Problem { kind, reason: reason.into(), place: place.into(), excused: false, once: false }
    }

    /// The same, said once in a run.
    pub fn once(self) -> Self {
        Problem { once: true, ..self }
    }
}

/// Something that was assumed where it could have made the difference.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assumption {
    /// What was assumed, as a sentence.
    pub reason: String,
    /// Where it matters.
    pub place: Place,
}
