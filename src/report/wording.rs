//! The sentences that all formats share: whose keys, how many, under which inputs.
//!
//! Answers: how is this finding said in one sentence? Every text of a scanned file in it is already harmless
//! (see [`super::plain`]). No layout, no colour.

use super::Report;
use super::place::Range;
use super::plain::plain;
use crate::judge::finding::{Finding, FoundUser, Level, SENSITIVE, Standing, Supplied, WhenValue, short};
use crate::source::Files;

/// One sentence without a full stop: with which file of values, who, how many keys, when.
pub fn message(finding: &Finding, files: &Files) -> String {
    match &finding.scenario {
        Some(file) => format!("with {}, {}", plain(file), sentence(finding, files)),
        None => sentence(finding, files),
    }
}

fn sentence(finding: &Finding, files: &Files) -> String {
    let (who, keys) = (who(&finding.user), count(finding));
    let when = finding.when.as_deref();
    match (finding.level, when) {
        (Level::Certain, _) => format!("{who} gets {keys}"),
        (Level::Possible, Some([])) => {
            format!("{who} can get {keys}, depending on what only the deployment knows")
        }
        (Level::Possible, Some(when)) => format!("{who} gets {keys} when {}", when_text(when)),
        (Level::Possible, None) => {
            format!("{who} can get {keys}; which inputs lead there was not worked out")
        }
        (Level::Latent, Some([])) => format!("{who} would get {keys} if supplied inputs were overridden"),
        (Level::Latent, Some(when)) => {
            format!("{who} would get {keys} with {}", instead(when, &finding.supplied, files))
        }
        (Level::Latent, None) => format!(
            "{who} would get {keys} if supplied inputs were overridden; which of them was not worked out"
        ),
    }
}

/// `var.keys = 2 instead of 1 (variables.tf:3)`, for each input.
fn instead(when: &[(String, WhenValue)], supplied: &[Supplied], files: &Files) -> String {
    let part = |(name, value): &(String, WhenValue)| {
        let other = match value {
            WhenValue::Not(values) => format!("{} other than {}", plain(name), either(values)),
            value => condition(&plain(name), value),
        };
        let Some(given) = supplied.iter().find(|s| s.name == *name) else { return other };
        let at = given.location.map(|loc| Range::of(files, loc));
        let at = at.map_or(String::new(), |at| format!(" ({}:{})", plain(&at.path), at.start.line));
        // Nothing but what is supplied is excluded.
        if matches!(value, WhenValue::Not(values) if *values == [given.value.clone()]) {
            return other + &at;
        }
        format!("{other} instead of {}{at}", literal(&given.value))
    };
    when.iter().map(part).collect::<Vec<_>>().join(" and ")
}

/// `"a"`, `"a" or "b"`, `"a", "b" or "c"`.
fn either(values: &[WhenValue]) -> String {
    let values: Vec<String> = values.iter().map(literal).collect();
    match values.split_last() {
        None => "any value".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
    }
}

/// `IAM user "deploy"`, by the best that is known.
pub fn who(user: &FoundUser) -> String {
    match (user.name.as_deref(), &user.address, &user.expression) {
        (Some(SENSITIVE), ..) => format!("the IAM user {SENSITIVE}"),
        (Some(name), _, _) => format!("IAM user {}", quoted(&short(name))),
        (None, Some(address), _) => format!("IAM user {}", plain(address)),
        (None, None, Some(expression)) => format!("the IAM user that {} gives", plain(expression)),
        (None, None, None) => "one IAM user".into(),
    }
}

/// How many keys a finding stands for, instances counted.
pub fn key_count(finding: &Finding) -> u64 {
    finding.keys.iter().map(|k| k.instances.unwrap_or(1)).fold(0, u64::saturating_add)
}

fn count(finding: &Finding) -> String {
    match key_count(finding) {
        2 => "2 active access keys".into(),
        n if finding.all_active && n > 2 => format!("{n} active access keys"),
        // What is proven is that some two of them meet, not that all do.
        _ => "2 or more active access keys".into(),
    }
}

/// `var.env = "prod" and var.rotate = true`; empty for no condition.
pub fn when_text(when: &[(String, WhenValue)]) -> String {
    let parts: Vec<String> = when.iter().map(|(name, value)| condition(&plain(name), value)).collect();
    parts.join(" and ")
}

fn condition(name: &str, value: &WhenValue) -> String {
    match value {
        WhenValue::Not(values) => match values.as_slice() {
            [] => format!("{name} has any value"),
            [one] => format!("{name} is not {}", literal(one)),
            many => {
                let list: Vec<String> = many.iter().map(literal).collect();
                format!("{name} is none of {}", list.join(", "))
            }
        },
        WhenValue::Length(0) => format!("{name} is empty"),
        WhenValue::Length(1) => format!("{name} is not empty"),
        WhenValue::Length(n) => format!("{name} has {n} elements"),
        scalar => format!("{name} = {}", literal(scalar)),
    }
}

/// A value as a configuration would have it.
fn literal(value: &WhenValue) -> String {
    match value {
        WhenValue::Null => "null".into(),
        WhenValue::Bool(b) => b.to_string(),
        WhenValue::Number(n) => plain(n),
        WhenValue::String(s) => quoted(s),
        WhenValue::Hidden(shown) => plain(shown),
        WhenValue::Not(_) | WhenValue::Length(_) => "another value".into(),
    }
}

/// The line that a report for people closes with, without a full stop: the verdict, and what is to be known with it.
///
/// `3 certain, 2 possible` and ` in 8 deployments (23 keys of 14 users); 120 latent not shown, --show latent`.
pub fn closing(report: &Report<'_>) -> (String, String) {
    let (outcome, summary) = (report.outcome, &report.outcome.summary);
    let count = |n: u64, word: &str| format!("{n} {}", plural(n, word));
    let levels = [Level::Certain, Level::Possible, Level::Latent].map(|level| (level, report.shown(level)));
    let levels = levels.iter().filter(|(_, n)| *n > 0);
    let levels: Vec<String> = levels.map(|(level, n)| format!("{n} {}", level.name())).collect();
    let standing = |of: fn(&Standing) -> bool| outcome.findings.iter().filter(|f| of(&f.standing)).count();
    let approved = standing(|s| matches!(s, Standing::Approved(_)));
    let known = standing(|s| *s == Standing::Known);
    let errors = outcome.incomplete.iter().filter(|p| p.kind.fails()).count();
    let verdict = match levels.as_slice() {
        [] if summary.keys == 0 => "no access key was found".to_owned(),
        [] if approved + known > 0 => "no open finding".to_owned(),
        [] if errors > 0 => "no user with two active access keys was found".to_owned(),
        [] => "no user has two active access keys".to_owned(),
        levels => levels.join(", "),
    };
    let mut rest = String::new();
    if summary.units > 0 {
        rest.push_str(&format!(" in {}", count(summary.units as u64, "deployment")));
    }
    if summary.keys > 0 {
        rest.push_str(&format!(
            " ({} of {})",
            count(summary.keys, "key"),
            count(summary.users as u64, "user")
        ));
    }
    if errors > 0 {
        rest.push_str(&format!("; the answer is incomplete: {}", count(errors as u64, "error")));
    }
    for (n, word) in [(approved, "approved"), (known, "known")] {
        if n > 0 {
            rest.push_str(&format!("; {n} {word}"));
        }
    }
    for debt in &outcome.debt {
        let all = count(debt.total as u64, "finding");
        rest.push_str(&format!("; {} of {all} of {} left", debt.left, plain(&debt.of)));
    }
    for (level, n) in report.hidden() {
        let name = level.name();
        rest.push_str(&format!("; {n} {name} not shown, --show {name}"));
    }
    (verdict, rest)
}

/// Further facts about a finding, one sentence each.
pub fn notes(finding: &Finding) -> Vec<String> {
    let nearby = finding.nearby.as_deref();
    let nearby =
        nearby.map(|file| format!("{file} sets it: lonekey check --scenario {}", shell_quoted(file)));
    finding.notes.iter().cloned().chain(nearby).collect()
}

/// The text as one word of a POSIX shell.
pub fn shell_quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The text in double quotes, harmless.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text).replace('"', "\\\""))
}

/// The text with a capital letter.
pub fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

/// `word`, with an `s` unless there is exactly one.
pub fn plural(n: u64, word: &str) -> String {
    if n == 1 { word.to_owned() } else { format!("{word}s") }
}

/// `1`, `1 and 3`, `1, 3 and 4`; three or more in a row are `1 to 5`. Takes ascending numbers.
pub fn numbers(list: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &n in list {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => runs.push((n, n)),
        }
    }
    let mut parts = Vec::new();
    for (first, last) in runs {
        match last - first {
            0 => parts.push(first.to_string()),
            1 => parts.extend([first.to_string(), last.to_string()]),
            _ => parts.push(format!("{first} to {last}")),
        }
    }
    and_list(&parts)
}

/// `a`, `a and b`, `a, b and c`.
pub fn and_list(parts: &[String]) -> String {
    match parts.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{the_finding, two_keys};
    use super::*;

    #[test]
    fn each_level_has_its_own_sentence() {
        let (files, mut outcome) = two_keys();
        let at = the_finding(&mut outcome).keys[1].location;
        let f = the_finding(&mut outcome);
        assert_eq!(message(f, &files), "IAM user \"deploy\" gets 2 active access keys");
        f.level = Level::Possible;
        let text = |text: &str| WhenValue::String(text.into());
        f.when = Some(vec![
            ("var.env".into(), WhenValue::Not(vec![text("dev"), text("t\"est"), WhenValue::Null])),
            ("var.n".into(), WhenValue::Length(1)),
        ]);
        assert_eq!(
            message(f, &files),
            "IAM user \"deploy\" gets 2 active access keys when var.env is none of \"dev\", \"t\\\"est\", null and var.n is not empty"
        );
        f.user.name = Some("n".repeat(201));
        assert!(message(f, &files).starts_with(&format!("IAM user \"{}…\" gets", "n".repeat(200))));
        f.when = None;
        f.user.name = None;
        assert_eq!(
            message(f, &files),
            "IAM user aws_iam_user.deploy can get 2 active access keys; which inputs lead there was not worked out"
        );
        f.level = Level::Latent;
        f.when =
            Some(vec![("var.keys".into(), WhenValue::Number("2".into())), ("var.b".into(), text("null"))]);
        f.supplied = vec![Supplied {
            name: "var.keys".into(),
            value: WhenValue::Number("1".into()),
            location: Some(at),
        }];
        f.user.address = None;
        (f.all_active, f.keys) = (false, [f.keys.clone(), f.keys[..1].to_vec()].concat());
        assert_eq!(
            message(f, &files),
            "the IAM user that aws_iam_user.deploy.name gives would get 2 or more active access keys with var.keys = 2 instead of 1 (infra/main.tf:11) and var.b = \"null\""
        );
    }

    #[test]
    fn what_is_only_excluded_reads_as_another_value() {
        let (files, mut outcome) = two_keys();
        let f = the_finding(&mut outcome);
        f.level = Level::Latent;
        let dev = WhenValue::String("dev".into());
        let supplied = |value| Supplied { name: "var.env".into(), value, location: None };
        for (not, given, says) in [
            (vec![WhenValue::Null], WhenValue::Null, "with var.env other than null"),
            (
                vec![WhenValue::Null, dev.clone()],
                WhenValue::Null,
                "with var.env other than null or \"dev\" instead of null",
            ),
        ] {
            f.when = Some(vec![("var.env".into(), WhenValue::Not(not))]);
            f.supplied = vec![supplied(given)];
            assert!(message(f, &files).ends_with(says), "{}", message(f, &files));
        }
    }

    #[test]
    fn runs_of_numbers_are_short() {
        assert_eq!(numbers(&[1]), "1");
        assert_eq!(numbers(&[1, 2]), "1 and 2");
        assert_eq!(numbers(&[1, 2, 3, 4, 7]), "1 to 4 and 7");
        assert_eq!(numbers(&[1, 3, 4]), "1, 3 and 4");
    }
}
