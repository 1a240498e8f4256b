//! `inventory` for people.
//!
//! Answers: which keys are there, whose, and when? One table a unit; where a row does not fit the width, that unit is
//! a list, so that nothing is ever cut. Text of scanned files is made harmless.

use super::json::exists_name;
use super::place::Range;
use super::plain::{plain, without_commands};
use super::style::{Paint, Style};
use super::table::table;
use super::wording::plural;
use super::{incomplete, text};
use crate::judge::finding::{FoundUser, InventoryRow, Outcome, short};
use crate::source::Files;
use crate::unit::UnitName;

const HEAD: [&str; 6] = ["KEY", "USER", "STATUS", "EXISTS", "WHEN", "PLACE"];

/// The keys by unit, then what was not decided and assumed, then one line to close.
pub fn render(outcome: &Outcome, files: &Files, style: &Style) -> String {
    let mut out = String::new();
    let mut rest = outcome.inventory.as_slice();
    while let Some(first) = rest.first() {
        let same = |row: &InventoryRow| (&row.unit, &row.account) == (&first.unit, &first.account);
        let (unit, after) = rest.split_at(rest.iter().take_while(|row| same(row)).count());
        for (i, line) in style.fill(0, 2, &heading(&first.unit, first.account.as_deref())).iter().enumerate()
        {
            let indent = if i == 0 { "" } else { "  " };
            out.push_str(&format!("{indent}{}\n", style.paint(Paint::Bold, line)));
        }
        let rows: Vec<[String; 6]> = unit.iter().map(|row| cells(row, files)).collect();
        out.push_str(&table(&HEAD, &rows, style).unwrap_or_else(|| list(&rows, style)));
        out.push('\n');
        rest = after;
    }
    out.push_str(&text::remarks(outcome, files, style));
    out.push_str(&incomplete::errors(outcome, files, style));
    out.push_str(&closing(outcome));
    without_commands(&out)
}

fn heading(unit: &UnitName, account: Option<&str>) -> String {
    let account = account.map_or(String::new(), |a| format!(", account {}", plain(a)));
    format!("{} {}{account}", unit.kind.name(), plain(&unit.path))
}

fn cells(row: &InventoryRow, files: &Files) -> [String; 6] {
    let key = &row.key;
    let address = match key.instances {
        Some(n) => format!("{} ({n} instances)", plain(&key.address)),
        None => plain(&key.address),
    };
    [
        address,
        row.user.as_ref().map_or("unknown".into(), user),
        key.status.map_or("depends", |s| s.name()).into(),
        exists_name(row.exists).into(),
        if row.when.is_empty() { "-".into() } else { plain(&row.when) },
        plain(&Range::of(files, key.location).text()),
    ]
}

fn user(user: &FoundUser) -> String {
    let name = user.name.as_deref().map(short);
    let known = name.as_deref().or(user.address.as_deref()).or(user.expression.as_deref());
    known.map_or("unknown".into(), plain)
}

/// The rows one below the other, one line a fact, wrapped.
fn list(rows: &[[String; 6]], style: &Style) -> String {
    let mut out = String::new();
    for [address, facts @ ..] in rows {
        out.push_str(&style.wrap("  ", address));
        for (name, fact) in HEAD.iter().skip(1).zip(facts) {
            out.push_str(&style.wrap(&format!("    {:<8}", name.to_lowercase()), fact));
        }
    }
    out
}

/// What there is, in one line.
pub(super) fn closing(outcome: &Outcome) -> String {
    let (summary, open) = (&outcome.summary, outcome.incomplete.len());
    let (keys, users) = (summary.keys, summary.users as u64);
    let units = summary.units as u64;
    let open = if open == 0 { String::new() } else { format!("; {open} not decided") };
    format!(
        "{keys} {} of {users} {} in {units} {}{open}\n",
        plural(keys, "key"),
        plural(users, "user"),
        plural(units, "unit")
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::{Exists, Status};
    use crate::unit::UnitKind;

    fn filled() -> (Files, Outcome) {
        let (files, mut outcome) = two_keys();
        let finding = outcome.findings.remove(0);
        let row = |i: usize, status, exists, when: &str| InventoryRow {
            key: crate::judge::finding::FoundKey { status, ..finding.keys[i].clone() },
            unit: finding.unit.clone(),
            account: None,
            user: Some(finding.user.clone()),
            exists,
            when: when.into(),
        };
        outcome.inventory = vec![
            row(0, Some(Status::Active), Exists::Always, ""),
            row(1, None, Exists::Sometimes, "var.n > 0"),
        ];
        let mut other = row(1, Some(Status::Inactive), Exists::Never, "false");
        other.unit = UnitName { kind: UnitKind::CloudFormation, path: "t.yaml".into() };
        (other.user, other.account) = (None, Some("123456789012".into()));
        outcome.inventory.push(other);
        (files, outcome)
    }

    #[test]
    fn rows_stand_in_columns_by_unit() {
        let (files, outcome) = filled();
        let expected = "\
terraform infra
  KEY                   USER    STATUS   EXISTS     WHEN       PLACE
  aws_iam_access_key.a  deploy  Active   always     -          infra/main.tf:5:1
  aws_iam_access_key.b  deploy  depends  sometimes  var.n > 0  infra/main.tf:11:1

cloudformation t.yaml, account 123456789012
  KEY                   USER     STATUS    EXISTS  WHEN   PLACE
  aws_iam_access_key.b  unknown  Inactive  never   false  infra/main.tf:11:1

2 keys of 1 user in 1 unit
";
        assert_eq!(render(&outcome, &files, &Style::default()), expected);
    }

    #[test]
    fn what_does_not_fit_becomes_a_list_and_is_not_cut() {
        let (files, mut outcome) = filled();
        outcome.inventory[1].when = "a or ".repeat(60) + "end";
        let text = render(&outcome, &files, &Style::default());
        assert!(text.contains("  aws_iam_access_key.b\n    user    deploy\n    status  depends\n"), "{text}");
        assert_eq!(text.split_whitespace().filter(|word| *word == "or").count(), 60);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }

    #[test]
    fn hostile_text_is_harmless() {
        let (files, outcome) = hostile();
        assert_harmless(&render(&outcome, &files, &Style::default()));
        assert_harmless(&render(&outcome, &files, &Style { width: 40, ..Style::default() }));
    }
}
