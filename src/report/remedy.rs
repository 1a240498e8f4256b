//! What to edit, as one sentence a situation.
//!
//! Answers: which line is changed, and how, so that the user keeps one active key? The sentences stand in one table;
//! each names what is edited with its place. The text of scanned files in it is harmless.

use super::place::Range;
use super::plain::plain;
use crate::judge::finding::{Finding, FoundKey, Level, Named, Remedy, Situation};
use crate::source::Files;

/// The remedy of a finding: one sentence without a full stop.
pub fn sentence(finding: &Finding, files: &Files) -> String {
    with_paths(finding, files, NAMED, &str::to_owned)
}

/// The same sentence with everything that it is about, however many things these are.
pub fn whole(finding: &Finding, files: &Files) -> String {
    with_paths(finding, files, usize::MAX, &str::to_owned)
}

/// The same sentence as programs are told it, with paths from the root of the work tree.
pub fn told(finding: &Finding, files: &Files) -> String {
    with_paths(finding, files, NAMED, &|path| files.in_tree(path))
}

fn with_paths(finding: &Finding, files: &Files, most: usize, shown: &dyn Fn(&str) -> String) -> String {
    let edits = finding.remedy.edits().map(|remedy| edit(finding, remedy, files, most, shown));
    edits.collect::<Vec<_>>().join(", and ") + &others(&finding.remedy.others)
}

fn edit(
    finding: &Finding,
    remedy: &Remedy,
    files: &Files,
    most: usize,
    shown: &dyn Fn(&str) -> String,
) -> String {
    let place = |n: &Named| {
        let place = Range::of(files, n.location);
        format!(" ({}:{})", plain(&shown(&place.path)), place.start.line)
    };
    let mut of: Vec<&Named> = remedy.of.iter().collect();
    // Of many, a few are named: the first ones of a file.
    if of.len() > 2 {
        of.sort_by_cached_key(|n| (files.source(n.location.file).path.clone(), n.location.span.start));
    }
    let mut places: Vec<String> = of.iter().copied().map(place).collect();
    places.dedup();
    let from = remedy.from.as_deref().map(|f| format!(" from {}", plain(f))).unwrap_or_default();
    // What all have in common is said once, at the end.
    let (each, from) = match places.as_slice() {
        [one] => (false, format!("{from}{one}")),
        _ => (true, from),
    };
    // One that is not shown, beside others that are.
    let beside_others = of.iter().any(|n| !n.text.is_empty());
    let text = |n: &Named| {
        if n.text.is_empty() && beside_others { "the other element".into() } else { plain(&n.text) }
    };
    let named = |n: &Named| format!("{}{}", text(n), if each { place(n) } else { String::new() });
    let of: Vec<String> = of.into_iter().map(named).collect();
    let of = format!("{}{from}", any_but_one(&of, most));
    let inactive = || inactive(finding, files);
    if let (Situation::Switch, Some(when)) = (remedy.situation, &remedy.when) {
        return format!("set {} on {of}", inactive_when(finding, &plain(when), files));
    }
    let it = match remedy.of.len() {
        0 | 1 => "it",
        2 => "one of them",
        _ => "them",
    };
    // Beside another edit a choice would be two questions.
    let only = finding.remedy.then.is_none();
    match remedy.situation {
        Situation::Blocks if !only => format!("remove {of}"),
        Situation::Blocks | Situation::Construct => format!("remove {of}, or set {} on {it}", inactive()),
        // What only overriding leads to is to stay.
        Situation::Number | Situation::Switch if finding.level == Level::Latent => format!("keep {of}"),
        Situation::Number | Situation::Switch | Situation::Catalogue => format!("set {of}"),
        Situation::Elements | Situation::Decoded | Situation::SameUser | Situation::Gone => {
            format!("remove {of}")
        }
        Situation::Users => format!("name another user in {of}"),
        Situation::Calls if only => format!("name another user in {of}, or remove {it}"),
        Situation::Calls => format!("name another user in {of}"),
        Situation::Itself => {
            format!("remove {of}, which makes {} keys of the user by itself", finding.keys.len())
        }
    }
}

/// Whose keys an edit changes besides.
fn others(addresses: &[String]) -> String {
    match addresses {
        [] => String::new(),
        [one] => format!("; that changes {} too, another user's key", plain(one)),
        [first, rest @ ..] => {
            format!("; that changes {} and {} more too, keys of other users", plain(first), rest.len())
        }
    }
}

/// How many things a sentence for people names.
const NAMED: usize = 5;

/// `a or b`; of more than two, all have to go but one.
fn any_but_one(of: &[String], most: usize) -> String {
    match of {
        [] => "one of the keys".into(),
        [one] => one.clone(),
        [a, b] if a == b => format!("one {a}"),
        [a, b] => format!("{a} or {b}"),
        many if many.len() > most => {
            let (named, rest) = many.split_at(most.saturating_sub(1));
            format!("all but one of {} and {} more", named.join(", "), rest.len())
        }
        [rest @ .., last] => format!("all but one of {} and {last}", rest.join(", ")),
    }
}

/// How the first key's language says that it is inactive under a condition.
fn inactive_when(finding: &Finding, when: &str, files: &Files) -> String {
    let first = finding.keys.first();
    let json = first.is_some_and(|key| is_json(key, files));
    match first.is_some_and(FoundKey::is_of_template) {
        true if json => format!("`\"Status\": {{\"Fn::If\": [\"{when}\", \"Inactive\", \"Active\"]}}`"),
        true => format!("`Status: !If [{when}, Inactive, Active]`"),
        false if json => {
            let when = when.replace('"', "\\\"");
            format!("`\"status\": \"${{{when} ? \\\"Inactive\\\" : \\\"Active\\\"}}\"`")
        }
        false => format!("`status = {when} ? \"Inactive\" : \"Active\"`"),
    }
}

/// How the language that each key is written in says that it is inactive.
fn inactive(finding: &Finding, files: &Files) -> String {
    let mut spellings: Vec<&str> = Vec::new();
    for key in &finding.keys {
        let spelling = spelled(key, files);
        if !spellings.contains(&spelling) {
            spellings.push(spelling);
        }
    }
    spellings.join(" or ")
}

fn is_json(key: &FoundKey, files: &Files) -> bool {
    files.source(key.location.file).text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}

/// How a key's own language says that it is inactive.
fn spelled(key: &FoundKey, files: &Files) -> &'static str {
    if key.construct.is_some() {
        // The Terraform CDK passes the provider's own words on.
        return match key.is_of_template() {
            true => "`status: iam.AccessKeyStatus.INACTIVE`",
            false => "`status: \"Inactive\"`",
        };
    }
    match (key.is_of_template(), is_json(key, files)) {
        (true, true) => r#"`"Status": "Inactive"`"#,
        (true, false) => "`Status: Inactive`",
        (false, true) => r#"`"status": "Inactive"`"#,
        (false, false) => r#"`status = "Inactive"`"#,
    }
}
