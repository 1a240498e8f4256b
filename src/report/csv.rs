//! `inventory` as CSV, for spreadsheets and for what gathers the keys of many repositories.
//!
//! Answers: which keys are there, one a row? Every field that is text is quoted where it must be, and one that a
//! spreadsheet would calculate (`=cmd`, `+1`, `-1`, `@x`) gets an apostrophe before it. What was not decided has no row: the
//! program says it on standard error.
//! Source: RFC 4180; OWASP, "CSV Injection".

use std::collections::HashMap;

use super::Report;
use super::json::exists_name;
use super::place::Range;
use super::plain::plain;
use crate::judge::finding::{InventoryRow, Level, Outcome};
use crate::span::Loc;
use crate::unit::UnitName;

const HEAD: &str = "repository,unit,account,user,status,level,exists,address,path,line,when,instances\n";

/// The head, then one row a key.
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::from(HEAD);
    let levels = Levels::of(report.outcome);
    for row in &report.outcome.inventory {
        out.push_str(&cells(row, report, &levels).map(|cell| field(&cell)).join(","));
        out.push('\n');
    }
    out
}

fn cells(row: &InventoryRow, report: &Report<'_>, levels: &Levels<'_>) -> [String; 12] {
    let (key, files) = (&row.key, report.files);
    let user = row.user.as_ref();
    let user = user.and_then(|u| u.name.clone().or(u.address.clone()).or(u.expression.clone()));
    let place = Range::of(files, key.location);
    let own = || report.host.repository.clone().unwrap_or_else(|| files.tree_name());
    [
        files.other_tree(&row.unit.path).unwrap_or_else(own),
        files.in_tree(&row.unit.path),
        row.account.clone().unwrap_or_default(),
        user.unwrap_or_default(),
        key.status.map_or("depends", |s| s.name()).to_owned(),
        levels.get(row).map_or("", Level::name).to_owned(),
        exists_name(row.exists).to_owned(),
        key.address.clone(),
        files.in_tree(&place.path),
        place.start.line.to_string(),
        row.when.clone(),
        key.instances.unwrap_or(1).to_string(),
    ]
}

/// The highest level of the findings that a key is one of.
struct Levels<'o> {
    by_address: HashMap<(&'o UnitName, &'o str), Level>,
    /// Of blocks with more instances than are listed one by one.
    by_block: HashMap<(&'o UnitName, Loc), Level>,
}

impl<'o> Levels<'o> {
    fn of(outcome: &'o Outcome) -> Levels<'o> {
        let mut levels = Levels { by_address: HashMap::new(), by_block: HashMap::new() };
        for finding in &outcome.findings {
            for key in &finding.keys {
                let level = match key.instances {
                    Some(_) => levels.by_block.entry((&finding.unit, key.location)).or_insert(finding.level),
                    None => levels.by_address.entry((&finding.unit, &key.address)).or_insert(finding.level),
                };
                *level = finding.level.max(*level);
            }
        }
        levels
    }

    fn get(&self, row: &InventoryRow) -> Option<Level> {
        let own = self.by_address.get(&(&row.unit, row.key.address.as_str()));
        let level = own.or_else(|| self.by_block.get(&(&row.unit, row.key.location)));
        level.copied()
    }
}

/// The text as a field.
pub(super) fn field(text: &str) -> String {
    let mut text = plain(text);
    if text.starts_with(['=', '+', '-', '@']) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', ';']) || text.trim() != text {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::Host;
    use super::super::testing::*;
    use super::*;
    use crate::judge::finding::Exists;

    #[test]
    fn a_key_is_a_row() {
        let (files, mut outcome) = two_keys();
        let finding = outcome.findings[0].clone();
        outcome.inventory = vec![InventoryRow {
            key: finding.keys[1].clone(),
            unit: finding.unit.clone(),
            account: Some("123456789012".into()),
            user: Some(finding.user.clone()),
            exists: Exists::Sometimes,
            when: "var.a == \"x\"".into(),
        }];
        let host = Host { repository: Some("acme/infra".into()), ..Host::default() };
        let text = render(&Report { host: &host, ..report(&files, &outcome) });
        let expected = "acme/infra,infra,123456789012,deploy,Active,certain,sometimes,aws_iam_access_key.b,infra/main.tf,11,\
             \"var.a == \"\"x\"\"\",1\n";
        assert_eq!(text, format!("{HEAD}{expected}"));
        outcome.findings.clear();
        let text = render(&Report { host: &host, ..report(&files, &outcome) });
        assert!(text.contains(",deploy,Active,,sometimes,"), "{text}");
    }

    #[test]
    fn nothing_is_calculated_and_nothing_leaves_its_field() {
        for (text, written) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("@sum(1,2)", "\"'@sum(1,2)\""),
            ("-1", "'-1"),
            ("+1", "'+1"),
            ("a\n=b", "a?=b"),
            ("a\"b", "\"a\"\"b\""),
            ("\t=1", "?=1"),
            (" =1", "\" =1\""),
        ] {
            assert_eq!(field(text), written);
        }
        let (files, outcome) = hostile();
        let text = render(&report(&files, &outcome));
        assert_eq!(text.lines().count(), 3, "{text}");
        assert!(!text.chars().any(|c| c != '\n' && super::super::plain::is_unsafe(c)), "{text}");
    }
}
