//! What is written under each place of a finding.
//!
//! Answers: which places are drawn, in which order, and what does each say? Decides from roles alone. Keys are numbered
//! in the order in which they are drawn: what the root module or the parent stack says of them first. Places that several
//! keys share (instances of one block) are drawn once.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::conditions::Conditions;
use crate::judge::finding::{Cause, Finding, FoundKey, Role, RoleLoc};
use crate::report::diagnostic::Label;
use crate::report::place::Range;
use crate::report::plain::plain;
use crate::report::wording::{and_list, numbers};
use crate::source::Files;
use crate::span::Loc;

/// What is drawn of a finding.
pub struct Drawn {
    /// Every place, one label a place, the ones to look at first in front.
    pub labels: Vec<Label>,
    /// The addresses of keys whose place does not say them, numbered.
    pub keys: Vec<(String, Vec<String>)>,
    /// The places in the app that generated keys come from and that cannot be drawn, with what is said of each.
    pub origins: Vec<(String, String)>,
}

/// More keys than this are listed as a first and a last one.
const LISTED: usize = 4;

/// How much is lost where a place is not drawn, most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A key, the outermost call that leads to it, what brings it about.
    Needed,
    /// A call within what is called; the keys' addresses name it.
    Inner,
    /// A key after the first few.
    Further,
    /// What decides a status or whether a key exists.
    Decides,
    /// What leads to what brings it about.
    Leads,
    /// What gives a key its user, where that is written in several ways.
    Refers,
    /// What multiplies a key by something that is drawn anyway.
    Multiplies,
}

/// What is said of one place.
struct Said {
    texts: Vec<String>,
    primary: bool,
    weight: Weight,
}

impl Weight {
    /// From what may be left out first to what may not be.
    pub const FALLING: [Weight; 7] = [
        Weight::Multiplies,
        Weight::Refers,
        Weight::Leads,
        Weight::Decides,
        Weight::Further,
        Weight::Inner,
        Weight::Needed,
    ];
}

/// What is drawn of `finding`, leaving out what may go before `up_to`.
pub fn of(finding: &Finding, files: &Files, conditions: &Conditions<'_>, up_to: Weight) -> Drawn {
    let keys = in_order(finding, files);
    let label = |(loc, said): (Loc, Said)| Label { loc, text: said.texts.join("; "), primary: said.primary };
    let places =
        places(finding, &keys, files, conditions).into_iter().filter(|(_, said)| said.weight <= up_to);
    let labels: Vec<Label> = places.map(label).collect();
    let drawn = |key: &FoundKey| labels.iter().any(|label| label.loc == key.location);
    Drawn { keys: addresses(&keys, &drawn, files), origins: origins(&keys), labels }
}

/// The app's own line of a generated key, where the file is there. What a generator wrote is not drawn then: nobody edits it.
fn app(key: &FoundKey) -> Option<Loc> {
    key.origin.as_ref()?.at
}

/// Every place with what is said of it, the ones to look at first in front.
fn places(
    finding: &Finding,
    keys: &[&FoundKey],
    files: &Files,
    conditions: &Conditions<'_>,
) -> IndexMap<Loc, Said> {
    let mut places: IndexMap<Loc, Said> = IndexMap::new();
    let mut say = |loc: Loc, text: String, weight: Weight, primary: bool| {
        let said = places.entry(loc).or_insert(Said { texts: Vec::new(), primary: false, weight });
        said.texts.push(text);
        said.primary |= primary;
        said.weight = said.weight.min(weight);
    };
    // What brings the second key about comes first; a key or call that does is said below.
    let generated = keys.iter().all(|key| app(key).is_some());
    let leads = |loc: Loc| {
        keys.iter()
            .any(|key| key.location == loc || app(key) == Some(loc) || calls(key).any(|call| call == loc))
    };
    let cause = finding.causes.first();
    let is_cause = |loc: Loc| cause.is_some_and(|cause| cause.location == loc);
    if let Some(cause) = cause.filter(|cause| !leads(cause.location)) {
        say(cause.location, plain(&cause.what), Weight::Needed, true);
    }
    for (loc, which) in grouped(keys, |key| app(key).into_iter().collect()) {
        say(loc, said(Role::Call, &name(keys, &which)), Weight::Needed, true);
    }
    if generated {
        for cause in finding.causes.iter().filter(|cause| !leads(cause.location)) {
            say(cause.location, plain(&cause.what), Weight::Leads, false);
        }
        return places;
    }
    // The calls that lead to a key stand in front of it, so that the root's file is drawn before the module's.
    let depth = keys.iter().map(|key| calls(key).count()).max().unwrap_or(0);
    for level in 0..depth {
        for (loc, which) in grouped(keys, |key| calls(key).nth(level).into_iter().collect()) {
            let primary = which.len() < keys.len() || is_cause(loc);
            // What is passed to it says which call it is.
            let said_by_cause = !primary && cause.is_some_and(|cause| cause.location.file == loc.file);
            let weight = match level {
                _ if is_cause(loc) => Weight::Needed,
                0 if !said_by_cause => Weight::Needed,
                _ if primary => Weight::Inner,
                _ => Weight::Multiplies,
            };
            say(loc, said(Role::Call, &name(keys, &which)), weight, primary);
        }
    }
    for (loc, which) in grouped(keys, |key| vec![key.location]) {
        let further = keys.len() > LISTED && which.iter().all(|i| *i + 1 >= LISTED);
        let weight = if further { Weight::Further } else { Weight::Needed };
        say(loc, name(keys, &which), weight, true);
    }
    let refers = finding.user.address.is_none() && users_differ(keys, files);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for role in [Role::User, Role::Status, Role::Multiplier, Role::Condition] {
        if role == Role::User && !refers {
            continue;
        }
        let of_role = |key: &FoundKey| key.places.iter().filter(|p| p.role == role).map(|p| p.loc).collect();
        for (loc, which) in grouped(keys, of_role) {
            // It says more of itself.
            let decides = matches!(role, Role::Multiplier | Role::Condition);
            let by_cause = |cause: &Cause| cause.location == loc || decides && inside(&cause.location, loc);
            if role != Role::User && cause.is_some_and(by_cause) {
                continue;
            }
            let name = name(keys, &which);
            let one = which.first().filter(|_| decides && which.len() == 1).and_then(|&i| keys.get(i));
            // Said once: a named condition has the place of its name and that of its definition.
            let condition =
                one.and_then(|key| conditions.of(finding, key).filter(|_| told.insert(&key.address)));
            let weight = match role {
                Role::User => Weight::Refers,
                Role::Multiplier if condition.is_none() => Weight::Multiplies,
                _ => Weight::Decides,
            };
            let text = condition.map_or_else(|| said(role, &name), |c| format!("{name} exists when {c}"));
            say(loc, text, weight, false);
        }
    }
    for cause in finding.causes.iter().skip(1) {
        let around = finding.causes.first().is_some_and(|first| inside(&first.location, cause.location));
        if !around && !places.contains_key(&cause.location) {
            let said = Said { texts: vec![plain(&cause.what)], primary: false, weight: Weight::Leads };
            places.insert(cause.location, said);
        }
    }
    places
}

/// Whether what gives the keys their user is not written alike for all of them.
fn users_differ(keys: &[&FoundKey], files: &Files) -> bool {
    let written = |key: &&FoundKey| {
        let user = key.places.iter().filter(|p| p.role == Role::User);
        let text = |p: &RoleLoc| files.source(p.loc.file).text.get(p.loc.span.range()).map(str::to_owned);
        user.map(text).collect::<Vec<_>>()
    };
    let mut all = keys.iter().map(written);
    let first = all.next();
    all.any(|other| Some(other) != first)
}

/// Whether a place is a part of another one.
fn inside(place: &Loc, all: Loc) -> bool {
    *place != all && all.holds(*place)
}

fn calls(key: &FoundKey) -> impl Iterator<Item = Loc> {
    key.places.iter().filter(|p| p.role == Role::Call).map(|p| p.loc)
}

/// The keys by where they are drawn: by the app's lines, by the calls that lead to them, outermost first, and then by their own place; what
/// is written in the unit itself comes before what it takes from elsewhere.
fn in_order<'f>(finding: &'f Finding, files: &Files) -> Vec<&'f FoundKey> {
    let mut keys: Vec<&FoundKey> = finding.keys.iter().collect();
    let unit = &finding.unit.path;
    let place = |loc: Loc| {
        let path = files.source(loc.file).path.clone();
        let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
        (path != *unit && folder != unit, path, loc.span.start)
    };
    let generated = keys.iter().all(|key| app(key).is_some());
    let drawn = |key: &&FoundKey| {
        let app = app(key).filter(|_| generated);
        app.into_iter().chain(calls(key)).chain([key.location]).map(place).collect::<Vec<_>>()
    };
    keys.sort_by_cached_key(drawn);
    keys
}

/// The places that `pick` takes of the keys, in order of first use, each with the indices of its keys.
fn grouped(keys: &[&FoundKey], pick: impl Fn(&FoundKey) -> Vec<Loc>) -> IndexMap<Loc, Vec<usize>> {
    let mut groups: IndexMap<Loc, Vec<usize>> = IndexMap::new();
    for (index, key) in keys.iter().enumerate() {
        for loc in pick(key) {
            let keys = groups.entry(loc).or_default();
            if keys.last() != Some(&index) {
                keys.push(index);
            }
        }
    }
    groups
}

/// `key 1`, `keys 1 and 2`; `the keys` where a finding has one entry, which stands for several.
fn name(keys: &[&FoundKey], indices: &[usize]) -> String {
    if keys.len() == 1 {
        return "the keys".into();
    }
    let list: Vec<usize> = indices.iter().map(|i| i + 1).collect();
    format!("{} {}", if list.len() == 1 { "key" } else { "keys" }, numbers(&list))
}

fn said(role: Role, which: &str) -> String {
    match role {
        Role::Key => which.to_owned(),
        Role::User => format!("user of {which}"),
        Role::Status => format!("status of {which}"),
        Role::Multiplier => format!("makes {which}"),
        Role::Condition => format!("condition of {which}"),
        Role::Call => format!("creates {which}"),
    }
}

/// The addresses, in the order of their numbers, where a header that is drawn does not say one of them.
fn addresses(
    keys: &[&FoundKey],
    drawn: &dyn Fn(&FoundKey) -> bool,
    files: &Files,
) -> Vec<(String, Vec<String>)> {
    let label = if keys.len() == 1 { "key" } else { "keys" };
    if keys.iter().any(|key| key.construct.is_some()) {
        // The remedy names the app's lines, and what stands there.
        let rows = keys.iter().map(|key| generated(key, drawn(key), files)).collect();
        return if keys.iter().all(|key| app(key).is_some()) {
            Vec::new()
        } else {
            vec![(label.into(), rows)]
        };
    }
    if keys.iter().all(|key| in_header(key, files) && drawn(key)) {
        return Vec::new();
    }
    let address = |key: &&FoundKey| {
        let instances = key.instances.map_or(String::new(), |n| format!(" ({n} instances)"));
        format!("{}{instances}", plain(&key.address))
    };
    vec![(label.into(), vec![shortened(&keys.iter().map(address).collect::<Vec<_>>())])]
}

/// A generated key: its address, where it stands unless that is drawn, and its construct.
fn generated(key: &FoundKey, drawn: bool, files: &Files) -> String {
    let construct = key.construct.as_ref().map_or(String::new(), |c| format!(", construct {}", plain(c)));
    let place = Range::of(files, key.location);
    let place = if drawn { String::new() } else { format!(" ({}:{})", plain(&place.path), place.start.line) };
    format!("{}{place}{construct}", plain(&key.address))
}

/// `k[0] and [1]`, `a.k and b.k`; of many the first ones and the last.
fn shortened(addresses: &[String]) -> String {
    let split = |address: &String| {
        let at = address.rfind('[').filter(|_| address.ends_with(']'));
        address.split_at(at.unwrap_or(address.len())).0.to_owned()
    };
    let stem = addresses.first().map(split).unwrap_or_default();
    let one = addresses.iter().all(|address| split(address) == stem && *address != stem);
    let own = |(i, address): (usize, &String)| match address.strip_prefix(&stem) {
        Some(instance) if one && i > 0 => instance.to_owned(),
        _ => address.clone(),
    };
    // Addresses come in the order of their text, and `[10]` is read after `[9]`.
    let index = |address: &String| address.strip_prefix(&stem)?.trim_matches(['[', ']']).parse::<u64>().ok();
    let mut addresses = addresses.to_vec();
    addresses.sort_by_key(|address| index(address).filter(|_| one));
    let own: Vec<String> = addresses.iter().enumerate().map(own).collect();
    match own.as_slice() {
        [first @ .., last] if own.len() > LISTED => {
            format!("{} to {last}", first.get(..LISTED - 1).unwrap_or(first).join(", "))
        }
        few => and_list(few),
    }
}

/// Whether the address is what the header says: `resource "TYPE" "NAME"`, a logical id.
fn in_header(key: &FoundKey, files: &Files) -> bool {
    let source = files.source(key.location.file);
    let header = source.text.get(key.location.span.range()).unwrap_or_default();
    let quoted: Vec<&str> = header.split('"').skip(1).step_by(2).collect();
    quoted.join(".") == key.address || header.trim_matches(['"', '\'']) == key.address
}

/// The app's own lines that are not in a file that is there, each once, with the keys that it creates.
fn origins(keys: &[&FoundKey]) -> Vec<(String, String)> {
    let mut places: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (index, key) in keys.iter().enumerate() {
        let Some(origin) = key.origin.as_ref().filter(|origin| origin.at.is_none()) else { continue };
        let column = origin.column.map_or(String::new(), |c| format!(":{c}"));
        places.entry(format!("{}:{}{column}", plain(&origin.path), origin.line)).or_default().push(index);
    }
    places.into_iter().map(|(place, which)| (place, said(Role::Call, &name(keys, &which)))).collect()
}
