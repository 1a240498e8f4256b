//! A finding's remedy as edits of source text.
//!
//! Answers: which bytes go, and which come, so that the user keeps one active key? Where the remedy is one edit of one
//! source file it is made at the spans that parsing gave, and nothing else moves: formatting and comments stay. A remedy
//! that leaves a choice (two equal keys) needs to be told which key stays; what asks for a new name, for a line of an app
//! that generates templates, or for one key of two of a module that others may call, is for a person, and why is said.
//!
//! A second key is switched off, not taken away: an attribute, which a review reads in one line and which nothing else
//! refers to. Elements of a list go. Whether an edit does what it should is for [`crate::run`] to try before it is written.

mod hcl;
mod tree;

use crate::judge::finding::Role;
use crate::judge::finding::{Finding, FoundKey, Level, Named, Situation, Status};
use crate::source::{Files, Source};
use crate::span::{FileId, Span};
use crate::unit::UnitKind;

/// Bytes of a file with what comes in their place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edit {
    /// The file.
    pub file: FileId,
    /// What goes; empty for an insertion.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A replacement within one file.
type Replaced = (Span, String);

/// A value in each language that it may be written in.
struct Spelled<'a> {
    hcl: &'a str,
    json: &'a str,
    yaml: &'a str,
}

const INACTIVE: Spelled<'_> = Spelled { hcl: "\"Inactive\"", json: "\"Inactive\"", yaml: "Inactive" };

/// The edits of one finding, all in one file or, where several keys are switched off, in those of the keys; or why there
/// are none. `keep` holds the addresses of keys that stay.
pub fn plan(finding: &Finding, keep: &[String], files: &Files) -> Result<Vec<Edit>, String> {
    if finding.level == Level::Latent {
        return Err("only overriding a supplied value leads to it".into());
    }
    if let Some(source) = generated(finding) {
        return Err(source);
    }
    let remedy = &finding.remedy;
    if remedy.then.is_some() {
        return Err("it is more than one edit".into());
    }
    let each = remedy.of.len() == finding.keys.len();
    let edits = match (remedy.situation, remedy.of.as_slice()) {
        (Situation::Switch, [one]) if remedy.when.is_some() => {
            let key = finding.keys.iter().find(|key| key.location == one.location);
            let condition = remedy.when.as_deref().unwrap_or_default();
            key.and_then(|key| when(key, condition, files))
                .ok_or("its status is not one that can be set here")?
        }
        (Situation::Number | Situation::Switch | Situation::Catalogue, [one]) => {
            assigned(one, files).ok_or("the value is not written as one that can be replaced")?
        }
        (Situation::SameUser, [one]) => {
            value_removed(one, files).ok_or("the value is in no list that can be edited")?
        }
        (Situation::Elements | Situation::Decoded, of) if each && of.len() > 1 => {
            others(finding, keep, |i, _| {
                let edit = of.get(i).and_then(|element| removed(element, files));
                edit.ok_or("is made of an element that is in no list that can be edited")
            })?
        }
        (Situation::Blocks, of) if each && of.len() > 1 => others(finding, keep, |_, key| {
            own_block(finding, key)?;
            inactive(key, files).ok_or("has a status, or a form, that is for you to edit")
        })?,
        (Situation::Calls | Situation::Users, _) => {
            return Err("another user's name is for you to choose".into());
        }
        _ => return Err("it is not one edit of one source file".into()),
    };
    Ok(edits)
}

/// Whether the remedy leaves a choice, which `keep` makes.
pub fn asks(finding: &Finding) -> bool {
    finding.remedy.when.is_none()
        && matches!(finding.remedy.situation, Situation::Blocks | Situation::Elements | Situation::Decoded)
}

/// What generates the keys of a finding, as the reason not to edit them.
fn generated(finding: &Finding) -> Option<String> {
    let constructs = finding.keys.iter().filter_map(|key| key.construct.as_deref());
    let constructs: Vec<&str> = constructs.collect();
    if finding.unit.kind != UnitKind::Cdk && constructs.is_empty() {
        return None;
    }
    let lines = finding.keys.iter().filter_map(|key| key.origin.as_ref());
    let mut lines: Vec<String> = lines.map(|origin| format!("{}:{}", origin.path, origin.line)).collect();
    lines.dedup();
    Some(match (lines.is_empty(), constructs.is_empty()) {
        (false, _) => format!("it is generated: edit the app at {}", lines.join(" or ")),
        (true, false) => format!("it is generated: edit the app where it makes {}", constructs.join(" or ")),
        (true, true) => "it is generated: edit the app that makes it".into(),
    })
}

/// The edits for every key but the one that stays.
fn others(
    finding: &Finding,
    keep: &[String],
    edit: impl Fn(usize, &FoundKey) -> Result<Vec<Edit>, &'static str>,
) -> Result<Vec<Edit>, String> {
    let stays = |key: &FoundKey| keep.contains(&key.address);
    match finding.keys.iter().filter(|key| stays(key)).count() {
        0 => {
            const NAMED: usize = 4;
            let all = finding.keys.iter().take(NAMED).map(|key| format!("--keep {}", quoted(&key.address)));
            let all: Vec<String> = all.collect();
            let more = if finding.keys.len() > NAMED { " or another one" } else { "" };
            return Err(format!("say which key stays: {}{more}", all.join(" or ")));
        }
        1 => {}
        _ => return Err("--keep names more than one of its keys".into()),
    }
    let mut edits = Vec::new();
    for (i, key) in finding.keys.iter().enumerate().filter(|(_, key)| !stays(key)) {
        edits.extend(edit(i, key).map_err(|reason| format!("{} {reason}", key.address))?);
    }
    Ok(edits)
}

/// The text as a shell's word.
fn quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    if text.chars().all(safe) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// Why a key is not switched off in its block: something else calls or multiplies it, or it has another status.
fn own_block(finding: &Finding, key: &FoundKey) -> Result<(), &'static str> {
    let has = |role: Role| key.places.iter().any(|place| place.role == role);
    if has(Role::Call) {
        return Err("is in a module, and another caller may have that key alone");
    }
    let alone = finding.keys.iter().filter(|other| other.location == key.location).count() == 1;
    if !alone || key.instances.is_some() || has(Role::Multiplier) {
        return Err("is one of several that its block makes");
    }
    match key.status {
        Some(Status::Active) => Ok(()),
        _ => Err("has a status that inputs decide"),
    }
}

/// The edit that switches a key off.
fn inactive(key: &FoundKey, files: &Files) -> Option<Vec<Edit>> {
    status(key, &INACTIVE, files)
}

/// The edit that switches a key off under a condition.
fn when(key: &FoundKey, condition: &str, files: &Files) -> Option<Vec<Edit>> {
    let template = key.is_of_template();
    let json = match template {
        true => format!("{{ \"Fn::If\": [{condition:?}, \"Inactive\", \"Active\"] }}"),
        false => {
            let condition = condition.replace('"', "\\\"");
            format!("\"${{{condition} ? \\\"Inactive\\\" : \\\"Active\\\"}}\"")
        }
    };
    let hcl = format!("{condition} ? \"Inactive\" : \"Active\"");
    let yaml = format!("!If [{condition}, Inactive, Active]");
    status(key, &Spelled { hcl: &hcl, json: &json, yaml: &yaml }, files)
}

fn status(key: &FoundKey, value: &Spelled<'_>, files: &Files) -> Option<Vec<Edit>> {
    let file = key.location.file;
    let source = files.source(file);
    let replaced = match (key.is_of_template(), is_terraform(&source)) {
        (true, _) => {
            tree::set(&source, key.location.span, Some("Properties"), ("UserName", "Status"), value)?
        }
        (false, true) => hcl::set(&source, key.location.span, Some("user"), ("status", value.hcl))?,
        (false, false) => tree::set(&source, key.location.span, None, ("user", "status"), value)?,
    };
    Some(in_file(file, replaced))
}

/// The edit that gives what a remedy names another value.
fn assigned(named: &Named, files: &Files) -> Option<Vec<Edit>> {
    let set = named.set.as_ref()?;
    let file = named.location.file;
    let source = files.source(file);
    let written = source.text.get(named.location.span.range())?;
    let value = match entry_value(written, &set.name) {
        Some(value) => value,
        // What is named after something else is not there yet.
        None if is_terraform(&source) && hcl::is_header(&source, named.location.span) => {
            let replaced = hcl::set(&source, named.location.span, None, (&set.name, &set.value))?;
            return Some(in_file(file, replaced));
        }
        None => 0..written.len(),
    };
    let start = named.location.span.start as usize;
    let old = written.get(value.clone())?;
    let plain = !old.is_empty() && !old.contains(['\n', '#']) && !old.contains("//") && !old.contains("/*");
    let span = Span::new(start + value.start, start + value.end);
    plain.then(|| in_file(file, vec![(span, set.value.clone())]))
}

/// Where the value stands in `name = value`, `name: value` or `"name": value`, if that is what is written.
fn entry_value(written: &str, name: &str) -> Option<std::ops::Range<usize>> {
    let at = written.find(['=', ':'])?;
    let (key, value) = (written.get(..at)?, written.get(at + 1..)?);
    if name.is_empty() || key.trim().trim_matches(['"', '\'']) != name {
        return None;
    }
    let start = at + 1 + (value.len() - value.trim_start().len());
    Some(start..start + value.trim().len())
}

/// The edit that takes what a remedy names out of the list that it stands in.
fn removed(named: &Named, files: &Files) -> Option<Vec<Edit>> {
    let file = named.location.file;
    let source = files.source(file);
    let replaced = match is_terraform(&source) {
        true => hcl::remove(&source, named.location.span)?,
        false => tree::remove(&source, named.location.span)?,
    };
    Some(in_file(file, replaced))
}

/// The edit that takes a value that a remedy names in quotes out of the list at its place.
fn value_removed(named: &Named, files: &Files) -> Option<Vec<Edit>> {
    let value = named.text.strip_prefix('"')?.strip_suffix('"').filter(|value| !value.contains('\\'))?;
    let file = named.location.file;
    let source = files.source(file);
    let replaced = match is_terraform(&source) {
        true => hcl::remove_value(&source, named.location.span, value)?,
        false => tree::remove_value(&source, named.location.span, value)?,
    };
    Some(in_file(file, replaced))
}

fn in_file(file: FileId, replaced: Vec<Replaced>) -> Vec<Edit> {
    replaced.into_iter().map(|(span, text)| Edit { file, span, text }).collect()
}

/// Whether a file is in Terraform's own language, by its name.
pub fn is_terraform(source: &Source) -> bool {
    let name = source.path.to_ascii_lowercase();
    [".tf", ".tofu", ".tfvars", ".hcl"].iter().any(|end| name.ends_with(end))
}

/// The text with edits made, if no two of them meet.
pub fn applied(text: &str, edits: &[&Edit]) -> Option<String> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| edit.span);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut before: Option<Span> = None;
    for edit in edits {
        let range = edit.span.range();
        // Two insertions at one place have no order.
        if range.start < at || before == Some(edit.span) {
            return None;
        }
        out.push_str(text.get(at..range.start)?);
        out.push_str(&edit.text);
        (at, before) = (range.end, Some(edit.span));
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

/// The line that an offset is on: its start, and its end without the line break.
fn line_of(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |n| n + 1);
    let end = text.get(at..)?.find('\n').map_or(text.len(), |n| at + n);
    Some((start, end))
}

/// The line break that a line ends with.
fn line_break(text: &str, end: usize) -> &'static str {
    if text.get(..end).is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
}

/// Whether nothing but blanks and a comment is left of a line.
fn only_comment(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty() || rest.starts_with('#') || rest.starts_with("//")
}

/// What takes an item out of a list that commas separate. `ends`: whether a comma may end the list.
fn without(text: &str, items: &[Span], at: usize, ends: bool) -> Option<Vec<Replaced>> {
    let item = *items.get(at)?;
    let (start, end) = (item.start as usize, item.end as usize);
    let (line_start, _) = line_of(text, start)?;
    let (_, line_end) = line_of(text, end)?;
    let previous = at.checked_sub(1).and_then(|n| items.get(n));
    let comma_after = |end: usize, until: usize| {
        let between = text.get(end..until)?;
        let comma = between.find(',')?;
        (between.get(..comma)?.trim().is_empty()).then_some(end + comma)
    };
    let rest = text.get(end..line_end)?.trim_start();
    let own_line = text.get(line_start..start)?.trim().is_empty()
        && only_comment(rest.strip_prefix(',').unwrap_or(rest))
        && line_end < text.len();
    if own_line {
        let mut out = vec![(Span::new(line_start, line_end + 1), String::new())];
        if let (false, true, Some(previous)) = (ends, at + 1 == items.len(), previous) {
            let comma = comma_after(previous.end as usize, start)?;
            out.insert(0, (Span::new(comma, comma + 1), String::new()));
        }
        return Some(out);
    }
    let only_separator =
        |from: usize, to: usize| text.get(from..to).is_some_and(|between| between.trim() == ",");
    let span = match (items.get(at + 1), previous) {
        (Some(next), _) if only_separator(end, next.start as usize) => Span::new(start, next.start as usize),
        (None, Some(previous)) if only_separator(previous.end as usize, start) => {
            Span::new(previous.end as usize, end)
        }
        _ => return None,
    };
    Some(vec![(span, String::new())])
}

#[cfg(test)]
mod tests;
