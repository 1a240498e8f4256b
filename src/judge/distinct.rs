//! Which findings say the same: one user of one account is reported once.
//!
//! Answers: does one finding cover another, of the same resolution or of the one in which supplied inputs are open?

use std::collections::BTreeSet;

use super::finding::Finding;
use crate::key::Account;
use crate::value::ask::Setting;
use crate::value::digest::Identity;
use crate::value::{Guard, Value};

/// A finding with what tells it apart.
pub(super) struct Identified {
    /// What is reported.
    pub finding: Finding,
    /// The user with supplied inputs as given, whatever the account.
    pub identity: Identity,
    /// The account with supplied inputs as given.
    pub account: Identity,
    /// What kind of account that is.
    pub kind: AccountKind,
    /// Addresses of its keys.
    pub keys: BTreeSet<String>,
    /// When its members are there for this user, with their addresses.
    pub there: Vec<(String, Guard)>,
    /// Whether the user is an expression that switches between names.
    pub switches: bool,
    /// Whether its witness overrides a supplied value.
    pub overrides: bool,
    /// What must hold of the inputs, and when two keys are active.
    pub question: [Guard; 2],
    /// The settings of its witness, in the context of its resolution.
    pub settings: Vec<Setting>,
    /// With how many elements of each collection everything shows that is said of it, for inputs that allow two keys, and for
    /// inputs that do not.
    pub takes: [usize; 2],
}

/// What a finding's account is worth in telling findings apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccountKind {
    /// An account id.
    Id,
    /// One of several, as inputs decide.
    Switches,
    /// Anything else.
    Other,
}

impl Identified {
    /// Whether this says what `other` says. An expression covers its own alternatives; else it is about the same user
    /// of the same account.
    ///
    /// An account may look different in another resolution, where it depends on inputs that are leaves in one and
    /// constants in the other; and one that switches covers its own alternatives. A key in common shows both.
    pub fn covers(&self, other: &Identified, of_another_resolution: bool) -> bool {
        let kinds = [self.kind, other.kind];
        let may_look_different =
            of_another_resolution && kinds != [AccountKind::Id; 2] || kinds.contains(&AccountKind::Switches);
        let same_account =
            self.account == other.account || may_look_different && !self.keys.is_disjoint(&other.keys);
        self.identity == other.identity && same_account
            || (self.switches || of_another_resolution) && other.keys.is_subset(&self.keys)
            || self.finding.level > other.finding.level && self.has_the_name_of(other)
            || self.finding.level == other.finding.level
                && self.has_the_name_of(other)
                && other.keys.is_subset(&self.keys)
    }

    /// Whether both are about one user, who has one name wherever two keys are active.
    fn has_the_name_of(&self, other: &Identified) -> bool {
        let [own, theirs] = [self, other].map(|f| f.finding.user.told_name());
        let one = own.zip(theirs).is_some_and(|(own, theirs)| own.eq_ignore_ascii_case(theirs));
        one && self.account == other.account
    }

    /// Whether this says more than `other`, an expression that has this user's name: keys that have it are among this one's.
    pub fn absorbs(&self, other: &Identified) -> bool {
        other.switches && self.finding.level == other.finding.level && self.has_the_name_of(other)
    }
}

impl AccountKind {
    /// The kind of an account with supplied inputs as given.
    pub fn of(account: &Value) -> AccountKind {
        match account {
            Value::Choice(_) => AccountKind::Switches,
            known if Account::id_in(known).is_some() => AccountKind::Id,
            _ => AccountKind::Other,
        }
    }
}
