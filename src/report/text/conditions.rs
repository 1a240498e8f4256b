//! When a key exists, in words short enough for a label.
//!
//! The inventory has each key's condition; a finding's own witness is about two keys together.

use std::collections::HashMap;

use crate::judge::finding::{Exists, Finding, FoundKey, InventoryRow, Level, Outcome, Role};
use crate::report::plain::plain;
use crate::unit::UnitName;

/// A longer condition says less than the line that it stands under.
const LONGEST: usize = 60;

/// The inventory by unit and address.
pub struct Conditions<'o>(HashMap<(&'o UnitName, &'o str), &'o InventoryRow>);

impl<'o> Conditions<'o> {
    /// The conditions of an outcome's keys.
    pub fn new(outcome: &'o Outcome) -> Self {
        Conditions(outcome.inventory.iter().map(|row| ((&row.unit, row.key.address.as_str()), row)).collect())
    }

    /// `var.rotate = true`, where that is all that decides whether a key of the finding exists.
    ///
    /// With several files of values a key has several conditions; with a status that has one, the row's is about both; and
    /// what overriding leads to is not in the inventory.
    pub fn of(&self, finding: &Finding, key: &FoundKey) -> Option<String> {
        let row = self.0.get(&(&finding.unit, key.address.as_str()))?;
        let has_status = key.places.iter().any(|place| place.role == Role::Status);
        let known = finding.scenario.is_none() && finding.level > Level::Latent && !has_status;
        let short = !row.when.is_empty() && row.when.chars().count() <= LONGEST;
        (known && short && row.exists == Exists::Sometimes).then(|| spelled(&plain(&row.when)))?
    }
}

/// A condition as a witness has it: `var.rotate` is `var.rotate = true`. `None` for what a witness cannot say.
fn spelled(condition: &str) -> Option<String> {
    if condition.contains(['(', '&', '|', '<', '>']) {
        return None;
    }
    match (condition.split_once(" == "), condition.contains(" != "), condition.strip_prefix('!')) {
        (Some((name, value)), false, None) => Some(format!("{name} = {value}")),
        (None, true, None) => Some(condition.replacen(" != ", " is not ", 1)),
        (None, false, Some(name)) => Some(format!("{name} = false")),
        (None, false, None) => Some(format!("{condition} = true")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn conditions_read_as_a_witness_does() {
        let check = |condition: &str, said: Option<&str>| assert_eq!(spelled(condition).as_deref(), said);
        check("var.rotate", Some("var.rotate = true"));
        check("!var.rotate", Some("var.rotate = false"));
        check("Env == \"prod\"", Some("Env = \"prod\""));
        check("Env != \"prod\"", Some("Env is not \"prod\""));
        check("a == 1 && b == 2", None);
        check("0 < length(var.users)", None);
    }
}
