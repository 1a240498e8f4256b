//! Units that the configuration puts in one account: `[[account]]`.

use std::collections::BTreeMap;
use std::path::Path;

use super::RunError;
use crate::config::{AccountGroup, Configs};
use crate::globs::Paths;
use crate::judge::finding::{Finding, Outcome};
use crate::judge::{self, Single};
use crate::source::Files;

/// Every group that is in force.
pub(super) struct Accounts {
    groups: Vec<Group>,
}

struct Group {
    units: Vec<Paths>,
    id: Option<String>,
    production: bool,
    /// Where it is written.
    said: String,
}

/// The keys of each unit of each group, once for each file of values.
pub(super) type Shared = BTreeMap<(usize, (String, usize)), Vec<Vec<Single>>>;

impl Accounts {
    pub(super) fn new(configs: &Configs, files: &Files) -> Result<Accounts, RunError> {
        let mut groups = Vec::new();
        for (folder, AccountGroup { units, id, production, said, .. }) in configs.accounts(files) {
            let paths = |unit: &String| {
                let wrong = |reason| RunError::Usage(format!("{said}: units {unit:?}: {reason}"));
                Paths::new(&folder, unit).map_err(wrong)
            };
            let units = units.iter().map(paths).collect::<Result<_, _>>()?;
            groups.push(Group { units, id, production, said });
        }
        Ok(Accounts { groups })
    }

    /// The group of a unit.
    pub(super) fn of(&self, path: &Path) -> Result<Option<usize>, RunError> {
        let holds = |group: &Group| group.units.iter().any(|unit| unit.hold(path));
        let mut found = self.groups.iter().enumerate().filter(|(_, group)| holds(group));
        let Some((index, first)) = found.next() else { return Ok(None) };
        match found.next() {
            Some((_, second)) => Err(RunError::Usage(format!(
                "{} and {} both hold {}: a unit is in one account",
                first.said,
                second.said,
                path.display()
            ))),
            None => Ok(Some(index)),
        }
    }

    /// The id of a group's account.
    pub(super) fn id(&self, group: usize) -> Option<&str> {
        self.groups.get(group).and_then(|group| group.id.as_deref())
    }

    /// Adds the findings of users with keys in several units of a group. They take the place of what is said of some of
    /// these keys alone, unless that is surer.
    pub(super) fn add(&self, shared: Shared, outcome: &mut Outcome) {
        let mut by_group: BTreeMap<usize, Vec<Single>> = BTreeMap::new();
        for ((group, _), each) in shared {
            by_group.entry(group).or_default().extend(judge::in_any(each));
        }
        for (index, singles) in by_group {
            let Some(group) = self.groups.get(index) else { continue };
            for finding in judge::across(singles, group.id.as_deref(), &group.said) {
                let surer = |f: &Finding| f.level > finding.level;
                if !outcome.findings.iter().any(|f| is_part(f, &finding) && surer(f)) {
                    outcome.findings.retain(|f| !is_part(f, &finding));
                    outcome.findings.push(finding);
                }
            }
        }
    }

    /// Puts what is in production first.
    pub(super) fn order(&self, outcome: &mut Outcome, files: &Files) {
        if self.groups.iter().any(|group| group.production) {
            outcome.findings.sort_by_cached_key(|finding| {
                let path = files.path_of(&finding.unit.path);
                let production = self.of(&path).ok().flatten().and_then(|index| self.groups.get(index));
                !production.is_some_and(|group| group.production)
            });
        }
    }
}

/// Whether all keys of a finding are keys of another one.
fn is_part(of: &Finding, whole: &Finding) -> bool {
    of.keys.iter().all(|key| {
        whole.keys.iter().any(|other| other.address == key.address && other.location == key.location)
    })
}
