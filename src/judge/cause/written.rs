//! What was written, as causes and remedies name it: `keys = 1 in module.ci`, `the default of var.keys`.

use indexmap::IndexSet;

use crate::judge::finding::{Assignment, Cause, Named, Remedy, Situation, WhenValue};
use crate::key::{AccessKey, Written};
use crate::span::Loc;

/// Two blocks or more, all but one of which have to go.
pub(super) fn blocks(keys: &[&AccessKey]) -> Remedy {
    remedy(Situation::Blocks, each(keys, |k| Some(named(k.address.clone(), k.location))))
}

pub(super) fn remedy(situation: Situation, of: Vec<Named>) -> Remedy {
    Remedy { situation, of, from: None, when: None, others: Vec::new(), then: None }
}

/// What `name` gives of each key; each place once.
pub(super) fn each(keys: &[&AccessKey], name: impl Fn(&AccessKey) -> Option<Named>) -> Vec<Named> {
    let named: IndexSet<Named> = keys.iter().filter_map(|k| name(k)).collect();
    named.into_iter().collect()
}

pub(super) fn cause(what: impl Into<String>, location: Loc) -> Cause {
    Cause { what: what.into(), location }
}

pub(super) fn shown(value: &WhenValue) -> Option<String> {
    match value {
        WhenValue::Bool(b) => Some(b.to_string()),
        WhenValue::Number(n) => Some(n.clone()),
        WhenValue::String(text) => Some(format!("{text:?}")),
        WhenValue::Null => Some("null".into()),
        WhenValue::Hidden(_) | WhenValue::Not(_) | WhenValue::Length(_) => None,
    }
}

pub(super) fn named(text: String, location: Loc) -> Named {
    Named { text, location, set: None }
}

/// What is written, with another value.
pub(super) fn assigned(written: &Written, value: &str) -> Named {
    let set = Assignment { name: written.name.clone(), value: value.to_owned() };
    let set = Some(set).filter(|_| written.is_in_a_file());
    let text = match written.name.as_str() {
        "" => format!("{} to {value}", owned(written)),
        _ => written.set(value),
    };
    Named { set, ..named(text, written.at) }
}

/// What is written, as it is: `var.keys = 2`.
pub(super) fn stands(written: &Written, value: &str) -> String {
    // Of a default, the variable or parameter has it.
    let of = written.of.as_deref().filter(|_| written.name.eq_ignore_ascii_case("default"));
    match of.unwrap_or(&written.name) {
        name if value.is_empty() => format!("this {}", if name.is_empty() { "value" } else { name }),
        "" => format!("{value} as {}", owned(written)),
        name => format!("{name}{}{value}", written.between),
    }
}

/// What a value is given to: `keys in module.ci`.
pub(super) fn owned(value: &Written) -> String {
    match &value.of {
        Some(of) if value.name.eq_ignore_ascii_case("default") => format!("the default of {of}"),
        Some(of) if value.name.is_empty() => of.clone(),
        Some(of) => format!("{} of {of}", value.name),
        None if value.name.is_empty() && value.decoded => "the file".into(),
        None if value.name.is_empty() => "the number".into(),
        None => value.name.clone(),
    }
}
