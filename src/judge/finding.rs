//! What is reported: findings and inventory rows, as plain data.
//!
//! Formats are filled from these types and nothing else. Names are the JSON contract's where it has one.

use std::borrow::Cow;

use crate::date::Day;
use crate::key::is_of_template;
pub use crate::key::{Origin, Role, RoleLoc};
use crate::problem::{Assumption, Problem, ProblemKind};
use crate::span::Loc;
use crate::unit::UnitName;
use crate::value::limits::NAME;

/// How sure a finding is. Ordered: `Latent < Possible < Certain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only overriding a supplied value leads to it.
    Latent,
    /// Some value of the free inputs leads to it.
    Possible,
    /// Every valid value of the free inputs leads to it.
    Certain,
}

impl Level {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            Level::Latent => "latent",
            Level::Possible => "possible",
            Level::Certain => "certain",
        }
    }
}

/// A key's status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Can be used.
    Active,
    /// Cannot be used.
    Inactive,
}

impl Status {
    /// The provider's own word.
    pub fn name(self) -> &'static str {
        match self {
            Status::Active => "Active",
            Status::Inactive => "Inactive",
        }
    }
}

/// The user of a key or a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundUser {
    /// The name, if it is known; letters kept as written. [`SENSITIVE`] where it is a secret.
    pub name: Option<String>,
    /// The declared user's address, if it is declared.
    pub address: Option<String>,
    /// What the keys' user attribute says, as text.
    pub expression: Option<String>,
    /// The declaration's header, or where the name is written.
    pub location: Option<Loc>,
}

/// What is shown in the place of a secret name.
pub const SENSITIVE: &str = "(sensitive)";

/// A name as people are shown it: cut where it is too long.
pub fn short(name: &str) -> Cow<'_, str> {
    match name.char_indices().nth(NAME.most) {
        Some((end, _)) => format!("{}{}", name.get(..end).unwrap_or_default(), NAME.says).into(),
        None => name.into(),
    }
}

impl FoundUser {
    /// The name, unless it is a secret.
    pub fn told_name(&self) -> Option<&str> {
        self.name.as_deref().filter(|name| *name != SENSITIVE)
    }
}

/// One key of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundKey {
    /// Absolute address.
    pub address: String,
    /// The resource type (`aws_iam_access_key`, `AWS::IAM::AccessKey`).
    pub kind: String,
    /// With supplied inputs as given; `None` where free inputs decide it.
    pub status: Option<Status>,
    /// The key's header.
    pub location: Loc,
    /// Everything else that decides it.
    pub places: Vec<RoleLoc>,
    /// Construct path of a generated resource.
    pub construct: Option<String>,
    /// The app's own place.
    pub origin: Option<Origin>,
    /// How many instances this entry stands for, past the limit of single entries.
    pub instances: Option<u64>,
}

impl FoundKey {
    /// Whether its language is a template's, and not Terraform's.
    pub fn is_of_template(&self) -> bool {
        is_of_template(&self.kind)
    }
}

/// The value of an input in a witness.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WhenValue {
    /// Null.
    Null,
    /// A bool.
    Bool(bool),
    /// A number, as decimal text.
    Number(String),
    /// A string.
    String(String),
    /// None of these.
    Not(Vec<WhenValue>),
    /// A value that is not shown, with what is shown in its place.
    Hidden(String),
    /// A collection of that many elements.
    Length(u64),
}

/// The value that an input of a witness is supplied with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supplied {
    /// The input, as the witness names it.
    pub name: String,
    /// Its value as supplied.
    pub value: WhenValue,
    /// Where that value is written, or else the input declared.
    pub location: Option<Loc>,
}

/// Something that brings the second key about: the value that multiplies, or the second block, call or condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What it is, as a clause that its place completes (`"v2" is the second element of key_generations`).
    pub what: String,
    /// Where it is written.
    pub location: Loc,
}

/// How the second key comes about; each situation has its own remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Situation {
    /// Two blocks.
    Blocks,
    /// Instances of one block, by a number.
    Number,
    /// Instances of one block, by the elements of a collection.
    Elements,
    /// Instances of one block, by what a file that is decoded holds.
    Decoded,
    /// One user is passed to two calls or nested stacks.
    Calls,
    /// The same, of calls that lead to other users' keys too.
    Users,
    /// Two calls of a module that says itself whose its key is.
    Gone,
    /// A call of an installed module that makes the keys, whatever is passed to it.
    Itself,
    /// A condition or switch brings one of the keys.
    Switch,
    /// A module of the catalogue, which has a switch of its own.
    Catalogue,
    /// The CDK: lines of the app.
    Construct,
    /// The keys' users are one only for some values of an input.
    SameUser,
}

/// Something written that an edit is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// As the remedy's sentence names it: an address, an element, an assignment (`keys = 1`).
    pub text: String,
    /// Where it is written.
    pub location: Loc,
    /// What it is to be, where a value is to be another one.
    pub set: Option<Assignment>,
}

/// A value that is to be another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// What the value is given to: an argument, a variable, a key; empty for what has no name.
    pub name: String,
    /// The new value, as its language writes it.
    pub value: String,
}

/// The edit that leaves the user one active key. `report::remedy` has the sentence of each situation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Remedy {
    /// Which row of the table.
    pub situation: Situation,
    /// What the edit is about: one of these, or all but one of more than two.
    pub of: Vec<Named>,
    /// What that is removed from (`key_generations`, `users.yaml`), where it is a part of something.
    pub from: Option<String>,
    /// The condition under which it is to be inactive, or not to be made, where it is not to go.
    pub when: Option<String>,
    /// The addresses of other users' keys that this changes too.
    pub others: Vec<String>,
    /// What is edited besides, where one edit leaves two keys.
    pub then: Option<Box<Remedy>>,
}

impl Remedy {
    /// All its edits, in the order of the sentence.
    pub fn edits(&self) -> impl Iterator<Item = &Remedy> {
        std::iter::successors(Some(self), |remedy| remedy.then.as_deref())
    }

    /// The same, and another one after it.
    pub fn and(mut self, other: Remedy) -> Remedy {
        self.then = Some(Box::new(match self.then {
            Some(then) => then.and(other),
            None => other,
        }));
        self
    }
}

/// What has been said of a finding before this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: it is reported and counts.
    #[default]
    Open,
    /// An exception covers it: that one of [`Outcome::exceptions`].
    Approved(usize),
    /// It is known from an earlier revision or a baseline.
    Known,
}

impl Standing {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Approved(_) => "approved",
            Standing::Known => "known",
        }
    }
}

/// What an exception approves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExceptionKind {
    /// That a user has the keys that it has.
    #[default]
    Standing,
    /// That a user has two keys while they rotate.
    Rotation,
}

/// Where an exception is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExceptionOrigin {
    /// In a comment above a key or user.
    Comment,
    /// In the metadata of a template's resource.
    Metadata,
    /// In the configuration file.
    Config,
    /// On the command line.
    Flag,
}

/// How an exception stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExceptionState {
    /// It covers a finding.
    InForce,
    /// It does, and its last day is near.
    Expiring,
    /// Its last day is past, and it covers nothing.
    Expired,
    /// There is no finding that it could cover.
    Unused,
}

impl ExceptionState {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            ExceptionState::InForce => "in-force",
            ExceptionState::Expiring => "expiring",
            ExceptionState::Expired => "expired",
            ExceptionState::Unused => "unused",
        }
    }
}

impl ExceptionKind {
    /// The name where it is written and in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            ExceptionKind::Standing => "standing",
            ExceptionKind::Rotation => "rotation",
        }
    }
}

impl ExceptionOrigin {
    /// The name in the JSON contract.
    pub fn name(self) -> &'static str {
        match self {
            ExceptionOrigin::Comment => "comment",
            ExceptionOrigin::Metadata => "metadata",
            ExceptionOrigin::Config => "config",
            ExceptionOrigin::Flag => "flag",
        }
    }
}

/// An approved exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Who approved it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it covers anything.
    pub expires: Day,
    /// How many days are left; negative once it has expired.
    pub days_left: i64,
    /// What it approves.
    pub kind: ExceptionKind,
    /// How it is written.
    pub origin: ExceptionOrigin,
    /// Where.
    pub location: Loc,
    /// The user that it is about, by the best that is known.
    pub user: Option<String>,
    /// How it stands.
    pub state: ExceptionState,
}

/// A user with two or more active keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How sure.
    pub level: Level,
    /// Whether it counts; given after judging, as are the next three.
    pub standing: Standing,
    /// Whether an exception that has expired is about it: then it is never known from before.
    pub lapsed: bool,
    /// Whether it makes the exit code 1 if it counts.
    pub fails: bool,
    /// Whether reports show it; JSON has all.
    pub shown: bool,
    /// Whose keys.
    pub user: FoundUser,
    /// Why the keys' users are one, as a clause (`both keys are for aws_iam_user.ci`); empty where `user` says it.
    pub same_user: String,
    /// The account id, if it is known.
    pub account: Option<String>,
    /// The first key's unit.
    pub unit: UnitName,
    /// The file of values that it was judged with, where several were asked for.
    pub scenario: Option<String>,
    /// Every key that can be active together with another of that user at this level, by address.
    pub keys: Vec<FoundKey>,
    /// The smallest set of input values that is enough, by name; empty for `certain`; `None` where a budget
    /// prevented it, or nothing shows that what was found is enough.
    pub when: Option<Vec<(String, WhenValue)>>,
    /// What the inputs of a `latent` finding's `when` are supplied with.
    pub supplied: Vec<Supplied>,
    /// Of a `latent` finding: the file of values near the unit that leads to it.
    pub nearby: Option<String>,
    /// Whether all keys are active at once whatever the free inputs are, not only some two of them.
    pub all_active: bool,
    /// What brings the second key about; the first is the primary one, those that lead there come after it.
    pub causes: Vec<Cause>,
    /// What to edit.
    pub remedy: Remedy,
    /// Further facts, one sentence each (AWS refuses a third key; two users are declared with this name; the
    /// environment supplied an input).
    pub notes: Vec<String>,
}

impl Finding {
    /// Whether a key of it may have been deployed already: then it must be switched off in the account too.
    pub fn may_be_live(&self) -> bool {
        self.level > Level::Latent
    }
}

/// When a key exists, with supplied inputs as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exists {
    /// For every value of the free inputs.
    Always,
    /// For some.
    Sometimes,
    /// For none.
    Never,
}

/// One key of the inventory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InventoryRow {
    /// The key; `status` is `None` where free inputs decide it.
    pub key: FoundKey,
    /// Its unit.
    pub unit: UnitName,
    /// The account id, if it is known.
    pub account: Option<String>,
    /// Its user, if anything is known of it.
    pub user: Option<FoundUser>,
    /// Whether it exists.
    pub exists: Exists,
    /// The condition under which it exists and is active, as text; empty if there is none.
    pub when: String,
}

/// What was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that belong to a unit that was judged.
    pub files: usize,
    /// Units.
    pub units: usize,
    /// Distinct users of keys.
    pub users: usize,
    /// Keys, instances counted.
    pub keys: u64,
}

/// How much of what was known before is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Debt {
    /// The revision or the file that it is known from, as typed.
    pub of: String,
    /// How many findings that has, of what was asked for.
    pub total: usize,
    /// How many of them are still found.
    pub left: usize,
}

/// The whole answer of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// By unit, level and address; empty when the control holds.
    pub findings: Vec<Finding>,
    /// Every key, by unit and address.
    pub inventory: Vec<InventoryRow>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// The exceptions that are about something in this run, by place.
    pub exceptions: Vec<Exception>,
    /// What was not decided.
    pub incomplete: Vec<Problem>,
    /// What was known before, by where it is known from.
    pub debt: Vec<Debt>,
    /// What is said of the request itself: what it names and is not read, what it leaves out in vain.
    pub remarks: Vec<String>,
    /// What was looked at.
    pub summary: Summary,
}

impl Outcome {
    /// Leaves out what says nothing of which keys there are: Terraform plans a key whatever its user is called.
    pub fn for_inventory(&mut self) {
        self.incomplete.retain(|problem| problem.kind != ProblemKind::RefusedName);
    }
}
