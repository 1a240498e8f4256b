//! The sentences that all formats share: whose keys, how many, under which inputs.
//!
//! Answers: how is this finding said in one sentence? Every text of a scanned file in it is already harmless
//! (see [`super::plain`]). No place, no layout, no colour.

use super::plain::plain;
use crate::judge::finding::{Finding, FoundUser, Level, SENSITIVE, WhenValue, short};

/// One sentence without a full stop: with which file of values, who, how many keys, when.
pub fn message(finding: &Finding) -> String {
    match &finding.scenario {
        Some(file) => format!("with {}, {}", plain(file), sentence(finding)),
        None => sentence(finding),
    }
}

fn sentence(finding: &Finding) -> String {
    let (who, keys) = (who(&finding.user), count(finding));
    let conditions = finding.when.as_deref().map(when_text);
    match (finding.level, conditions.as_deref()) {
        (Level::Certain, _) => format!("{who} has {keys}"),
        (Level::Possible, Some("")) => {
            format!("{who} can have {keys}, depending on what only the deployment knows")
        }
        (Level::Possible, Some(when)) => format!("{who} has {keys} when {when}"),
        (Level::Possible, None) => {
            format!("{who} can have {keys}; which inputs lead there was not worked out")
        }
        (Level::Latent, Some("")) => format!("{who} would have {keys} if supplied inputs were overridden"),
        (Level::Latent, Some(when)) => {
            format!("{who} would have {keys} if supplied inputs were overridden: {when}")
        }
        (Level::Latent, None) => format!(
            "{who} would have {keys} if supplied inputs were overridden; which of them was not worked out"
        ),
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
        0 | 1 => "two or more active access keys".into(),
        2 => "2 active access keys".into(),
        // What is proven is that some two of them meet, not that all do.
        n => format!("at least 2 active access keys out of {n}"),
    }
}

/// `var.env = "prod" and var.rotate = true`; empty for no condition.
pub fn when_text(when: &[(String, WhenValue)]) -> String {
    let parts: Vec<String> = when.iter().map(|(name, value)| condition(&plain(name), value)).collect();
    parts.join(" and ")
}

fn condition(name: &str, value: &WhenValue) -> String {
    match value {
        WhenValue::Null => format!("{name} = null"),
        WhenValue::Bool(b) => format!("{name} = {b}"),
        WhenValue::Number(n) => format!("{name} = {}", plain(n)),
        WhenValue::String(s) => format!("{name} = {}", quoted(s)),
        WhenValue::Hidden(shown) => format!("{name} = {}", plain(shown)),
        WhenValue::Not(values) => match values.as_slice() {
            [] => format!("{name} has any value"),
            [one] => format!("{name} is not {}", quoted(one)),
            many => {
                let list: Vec<String> = many.iter().map(|v| quoted(v)).collect();
                format!("{name} is none of {}", list.join(", "))
            }
        },
        WhenValue::Length(n) => format!("{name} has {n} {}", plural(*n, "element")),
    }
}

/// The text in double quotes, harmless.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", plain(text).replace('"', "\\\""))
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
        let (_, mut outcome) = two_keys();
        let f = the_finding(&mut outcome);
        assert_eq!(message(f), "IAM user \"deploy\" has 2 active access keys");
        f.level = Level::Possible;
        f.when = Some(vec![
            ("var.env".into(), WhenValue::Not(vec!["dev".into(), "t\"est".into()])),
            ("var.n".into(), WhenValue::Length(1)),
        ]);
        assert_eq!(
            message(f),
            "IAM user \"deploy\" has 2 active access keys when var.env is none of \"dev\", \"t\\\"est\" and var.n has 1 element"
        );
        f.user.name = Some("n".repeat(201));
        assert!(message(f).starts_with(&format!("IAM user \"{}…\" has", "n".repeat(200))));
        f.when = None;
        f.user.name = None;
        assert_eq!(
            message(f),
            "IAM user aws_iam_user.deploy can have 2 active access keys; which inputs lead there was not worked out"
        );
        f.level = Level::Latent;
        f.when = Some(vec![("var.rotate".into(), WhenValue::Bool(true))]);
        f.user.address = None;
        f.keys.push(f.keys[0].clone());
        assert_eq!(
            message(f),
            "the IAM user that aws_iam_user.deploy.name gives would have at least 2 active access keys out of 3 if supplied inputs were overridden: var.rotate = true"
        );
    }

    #[test]
    fn runs_of_numbers_are_short() {
        assert_eq!(numbers(&[1]), "1");
        assert_eq!(numbers(&[1, 2]), "1 and 2");
        assert_eq!(numbers(&[1, 2, 3, 4, 7]), "1 to 4 and 7");
        assert_eq!(numbers(&[1, 3, 4]), "1, 3 and 4");
    }
}
