//! What to do about a finding.
//!
//! Answers: which line is edited, and which command switches off a key that exists already?
//! Source: AWS CLI, `iam update-access-key`, `iam get-access-key-last-used`.

use crate::judge::finding::Finding;
use crate::report::plain::plain;
use crate::report::remedy::sentence;
use crate::report::style::{FIXED_BLANK, Style};
use crate::report::wording::shell_quoted;
use crate::source::Files;

/// What to do, in one sentence.
pub fn text(finding: &Finding, files: &Files) -> String {
    let blank = FIXED_BLANK.to_string();
    // What is to be typed stays on one line.
    let fixed =
        |(i, part): (usize, &str)| if i % 2 == 1 { part.replace(' ', &blank) } else { part.to_string() };
    sentence(finding, files).split('`').enumerate().map(fixed).collect::<Vec<_>>().join("`")
}

/// How a key that is live is switched off, once for all findings; empty where none can be.
///
/// Commands are never wrapped, so that they can be copied.
pub fn commands(findings: &[&Finding], style: &Style) -> String {
    let mut users: Vec<Option<&str>> =
        findings.iter().filter(|f| f.may_be_live()).map(|f| f.user.told_name()).collect();
    users.sort_unstable();
    users.dedup();
    let user = match users.as_slice() {
        [] => return String::new(),
        [one] => *one,
        _ => None,
    };
    let mut out = style.wrap("", "A key that is live already is switched off with");
    for command in commands_for(user, style) {
        out.push_str(&format!("  {command}\n"));
    }
    out + "\n"
}

fn commands_for(name: Option<&str>, style: &Style) -> [String; 2] {
    // A name that cannot be shown as it is cannot be copied either.
    let name = name.filter(|name| plain(name) == **name).map_or("USER_NAME".into(), shell_quoted);
    let id = format!("AKIA{}", style.ellipsis());
    [
        format!("aws iam list-access-keys --user-name {name}"),
        format!("aws iam update-access-key --user-name {name} --access-key-id {id} --status Inactive"),
    ]
}
