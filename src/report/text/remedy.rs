//! What to do about a finding.
//!
//! Answers: which attribute makes a key inactive in the language it is written in, and which command does it to a key
//! that exists already?
//! Source: AWS CLI, `iam update-access-key`, `iam get-access-key-last-used`; the resource types' own references.

use crate::judge::finding::{Finding, FoundKey, Level};
use crate::report::plain::plain;
use crate::report::style::{FIXED_BLANK, Style};
use crate::source::Files;

/// What to do, in one sentence.
pub fn text(finding: &Finding, files: &Files) -> String {
    let mut spellings: Vec<&str> = Vec::new();
    for key in &finding.keys {
        let spelling = inactive(key, files);
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    let blank = &FIXED_BLANK.to_string();
    let spellings = spellings.iter().map(|s| s.replace(' ', blank)).collect::<Vec<_>>().join(" or ");
    format!(
        "deactivate the key that is not in operation: set {spellings} on it; remove it once nothing uses it"
    )
}

/// How a key that is live is switched off, once for all findings; empty where none can be.
///
/// Commands are never wrapped, so that they can be copied.
pub fn commands(findings: &[&Finding], style: &Style) -> String {
    let mut users: Vec<Option<&str>> =
        findings.iter().filter(|f| f.level > Level::Latent).map(|f| f.user.told_name()).collect();
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

/// How a key's own language says that it is inactive.
fn inactive(key: &FoundKey, files: &Files) -> &'static str {
    if key.construct.is_some() {
        // The Terraform CDK passes the provider's own words on.
        return match key.kind.contains("::") {
            true => "`status: iam.AccessKeyStatus.INACTIVE`",
            false => "`status: \"Inactive\"`",
        };
    }
    let json =
        files.source(key.location.file).text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    match (key.kind.contains("::"), json) {
        (true, true) => r#"`"Status": "Inactive"`"#,
        (true, false) => "`Status: Inactive`",
        (false, true) => r#"`"status": "Inactive"`"#,
        (false, false) => r#"`status = "Inactive"`"#,
    }
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

/// The text as one word of a POSIX shell.
pub fn shell_quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
