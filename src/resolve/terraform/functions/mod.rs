//! Terraform's functions: one table, and what they do with the values of their arguments.
//!
//! A function is a row: name, number of arguments, what its body can look at, the body, and what else is true of it
//! (`sort` has the elements of its argument, `lower` changes nothing but letters). What a call needs beside its
//! arguments, such as files, is said there too and done by [`super::eval::call`].
//! Source: Terraform language, "Functions"; OpenTofu, "Functions"; recorded results of the binary.

pub mod args;
mod collections;
mod convert;
mod decimal;
mod decode;
mod encode;
mod files;
mod format;
mod hash;
pub mod hcl;
pub mod identities;
mod lists;
mod network;
mod numbers;
pub mod paths;
mod picks;
mod regexes;
mod sets;
mod solve;
mod text;
mod time;
mod yaml;

use std::collections::HashMap;
use std::sync::OnceLock;

use super::types::elements::{element, elements_of, joined_again};
use crate::value::{CollKind, Cx, Part, Ty, Value};
use args::Row;
pub use encode::{quote, to_json};

/// Every function of the table, by theme.
const TABLES: [&[Row]; 16] = [
    collections::TABLE,
    convert::TABLE,
    decode::TABLE,
    encode::TABLE,
    files::TABLE,
    format::TABLE,
    hash::TABLE,
    lists::TABLE,
    network::TABLE,
    numbers::TABLE,
    paths::TABLE,
    picks::TABLE,
    regexes::TABLE,
    sets::TABLE,
    text::TABLE,
    time::TABLE,
];

/// Every function.
pub fn table() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().flatten()
}

/// The row of a function.
pub fn find(name: &str) -> Option<&'static Row> {
    static INDEX: OnceLock<HashMap<&'static str, &'static Row>> = OnceLock::new();
    let name = name.strip_prefix("core::").unwrap_or(name);
    INDEX.get_or_init(|| table().map(|r| (r.func.name, r)).collect()).get(name).copied()
}

/// Whether later versions have a function that the table does not know; what it gives is a symbol.
pub fn is_of_a_later_version(name: &str) -> bool {
    name == "convert" || name.starts_with("assume")
}

/// The texts of a sequence in a row.
pub fn join_text(cx: &Cx, texts: &Value) -> Value {
    text::join(cx, &Value::from(""), texts)
}

/// The elements of a sequence as parts; those of an unknown one as one part over it.
fn elements(cx: &Cx, value: &Value) -> Option<Vec<Part>> {
    match value {
        Value::Coll(c) if !c.kind.keyed() => Some(cx.sequence_parts(c)),
        Value::Sym(sym) if let Some(list) = joined_again(cx, *sym) => elements(cx, &list),
        Value::Sym(sym) => {
            let (source, guard) = elements_of(cx, *sym);
            if !matches!(cx.type_of(source), Ty::List(_) | Ty::Set(_) | Ty::Tuple(_)) {
                return None;
            }
            let (_, element) = element(cx, source);
            // The same elements in another order are not the same sequence.
            let place = if source == *sym { Value::Null } else { value.clone() };
            Some(vec![Part { guard, generators: vec![source], sort_key: place, ..Part::item(element) }])
        }
        _ => None,
    }
}

/// The entries of a map or object as parts; those of an unknown map as one part over it.
fn entries(cx: &Cx, value: &Value) -> Option<(CollKind, Vec<Part>)> {
    match value {
        Value::Coll(c) if c.kind.keyed() => Some((c.kind, c.parts.clone())),
        Value::Sym(sym) if matches!(cx.type_of(*sym), Ty::Map(_)) => {
            let (key, value) = element(cx, *sym);
            Some((CollKind::Map, vec![Part { generators: vec![*sym], ..Part::entry(key, value) }]))
        }
        _ => None,
    }
}
