//! `inventory` as CSV, for spreadsheets and for what gathers the keys of many repositories.
//!
//! Answers: which keys are there, one a row? Every field that is text is quoted where it must be, and one that a
//! spreadsheet would calculate (`=cmd`, `+1`, `-1`, `@x`) gets an apostrophe before it. What was not decided has no row: the
//! program says it on standard error.
//! Source: RFC 4180; OWASP, "CSV Injection".

use super::Report;
use super::json::exists_name;
use super::place::Range;
use super::plain::plain;
use crate::judge::finding::InventoryRow;

const HEAD: &str = "repository,unit,account,user,status,exists,address,path,line,when,instances\n";

/// The head, then one row a key.
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::from(HEAD);
    let repository = report.host.repository.clone().unwrap_or_else(|| report.files.tree_name());
    for row in &report.outcome.inventory {
        out.push_str(&cells(row, report, &repository).map(|cell| field(&cell)).join(","));
        out.push('\n');
    }
    out
}

fn cells(row: &InventoryRow, report: &Report<'_>, repository: &str) -> [String; 11] {
    let (key, files) = (&row.key, report.files);
    let user = row.user.as_ref();
    let user = user.and_then(|u| u.name.clone().or(u.address.clone()).or(u.expression.clone()));
    let place = Range::of(files, key.location);
    [
        repository.to_owned(),
        files.in_tree(&row.unit.path),
        row.account.clone().unwrap_or_default(),
        user.unwrap_or_default(),
        key.status.map_or("depends", |s| s.name()).to_owned(),
        exists_name(row.exists).to_owned(),
        key.address.clone(),
        files.in_tree(&place.path),
        place.start.line.to_string(),
        row.when.clone(),
        key.instances.unwrap_or(1).to_string(),
    ]
}

/// The text as a field.
fn field(text: &str) -> String {
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
        let finding = outcome.findings.remove(0);
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
        let expected = "acme/infra,infra,123456789012,deploy,Active,sometimes,aws_iam_access_key.b,infra/main.tf,11,\
             \"var.a == \"\"x\"\"\",1\n";
        assert_eq!(text, format!("{HEAD}{expected}"));
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
