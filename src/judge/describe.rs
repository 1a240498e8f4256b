//! What is said of a user and its keys: from a proof to a finding.

use std::collections::HashMap;
use std::ops::Range;

use super::finding::{Exists, Finding, FoundKey, FoundUser, Level, Standing, Status, short};
use super::group::Class;
use super::inventory::exists;
use super::prove::{self, Allowed, Proof};
use super::shared::Shared;
use super::{cause, group};
use crate::key::{AccessKey, Account, DeclaredUser, Resolved, Role};
use crate::span::Loc;
use crate::value::{Cx, Guard, Mark, Value};

/// Up to so many instances of a block are entries of their own in a finding; more are one, with their number.
const LISTED: usize = 1_000;

pub(super) fn describe(
    resolved: &Resolved,
    class: &Class,
    proof: &Proof,
    level: Level,
    allowed: &Allowed,
    shared: &Shared<'_>,
) -> Finding {
    let cx = &resolved.cx;
    let all_active = level == Level::Certain
        && proof.members.iter().all(|m| exists(cx, m.guard, allowed.about(cx, &[m.guard])) == Exists::Always);
    let mut members: Vec<&AccessKey> =
        proof.members.iter().filter_map(|m| resolved.keys.get(m.key)).collect();
    members.sort_by(|a, b| a.address.cmp(&b.address));
    if resolved.filled.is_some() {
        // The elements of one block, filled in.
        members.dedup_by(|a, b| a.address == b.address);
    }
    let when = proof.when.as_ref().map(|settings| prove::witness(cx, settings));
    let around = cause::Around { cx, all: &resolved.keys, shared, installed: &resolved.installed };
    let (causes, remedy) = cause::explain(class, &members, when.as_deref(), level, around);
    let supplied = if level == Level::Latent { proof.supplied.clone() } else { Vec::new() };
    let remedy = cause::kept(&supplied).unwrap_or(remedy);
    let keys = collapsed(members.iter().map(|k| found_key(cx, k)).collect());
    let first = class
        .members
        .iter()
        .filter_map(|m| resolved.keys.get(m.key))
        .min_by(|a, b| a.address.cmp(&b.address));
    let account = cx.identity(&class.account);
    let named = shared.declared(&cx.identity(&class.user)).iter().copied();
    let declared: Vec<&DeclaredUser> = named
        .filter(|u| {
            cx.identity(&u.account.scope) == account || is_alternative(cx, &class.account, &u.account.scope)
        })
        .collect();
    let written = secret_spelling(resolved, class).unwrap_or_else(|| class.written.clone());
    let mut user = found_user(cx, &class.user, &written, first, declared.first().copied());
    user.name = user.name.or_else(|| proof.name.clone());
    let count: u64 = keys.iter().map(|k| k.instances.unwrap_or(1)).fold(0, u64::saturating_add);
    let mut notes = Vec::new();
    if count > 2 {
        notes.push(format!(
            "AWS refuses a third access key for a user (its quota is two), and there can be {count} here."
        ));
    }
    if let [a, b, ..] = declared.as_slice() {
        notes.push(format!(
            "{} and {} are declared with one name; AWS refuses the second.",
            a.address, b.address
        ));
    }
    if !resolved.environment.is_empty() {
        notes.push(format!("The environment supplied inputs: {}.", resolved.environment.join(", ")));
    }
    if let Some(limit) = proof.spent.or(class.spent) {
        notes.push(format!("Not decided exactly: {}.", limit.says));
    }
    Finding {
        level,
        standing: Standing::Open,
        lapsed: false,
        fails: true,
        shown: true,
        same_user: same_user(cx, class, &user, keys.len()),
        user,
        account: Account::id_in(&class.account)
            .filter(|_| cx.mark_of(&class.account).is_none())
            .or_else(|| account_id(cx, &first?.account)),
        unit: first.map_or_else(
            || crate::unit::UnitName { kind: crate::unit::UnitKind::Terraform, path: ".".into() },
            |k| k.unit.clone(),
        ),
        scenario: None,
        causes,
        remedy,
        keys,
        when,
        supplied,
        nearby: None,
        all_active,
        notes,
    }
}

/// The account id as reports may show it.
pub(super) fn account_id(cx: &Cx, account: &Account) -> Option<String> {
    account.id.clone().filter(|_| cx.mark_of(&account.scope).is_none())
}

/// The user of a class as a key has it that takes it from something secret.
fn secret_spelling(resolved: &Resolved, class: &Class) -> Option<Value> {
    let cx = &resolved.cx;
    let keys = class.members.iter().filter_map(|m| resolved.keys.get(m.key));
    let spelled = keys.flat_map(|key| cx.alternatives(&key.user)).map(|(_, value)| value);
    let mut secret = spelled.filter(|v| cx.mark_of(v) == Some(Mark::Sensitive));
    secret.find(|v| cx.fold_case(v) == class.user)
}

/// The keys with one entry for each block that has more than [`LISTED`] instances among them.
pub(super) fn collapsed(keys: Vec<FoundKey>) -> Vec<FoundKey> {
    if keys.len() <= LISTED {
        return keys;
    }
    let instances = |k: &FoundKey| k.instances.unwrap_or(1);
    let mut blocks: HashMap<(Loc, Option<Status>), u64> = HashMap::new();
    for key in &keys {
        *blocks.entry((key.location, key.status)).or_default() += instances(key);
    }
    let mut out: Vec<FoundKey> = Vec::new();
    let mut entries: HashMap<(Loc, Option<Status>, String), usize> = HashMap::new();
    for key in keys {
        if blocks.get(&(key.location, key.status)).is_none_or(|n| *n <= LISTED as u64) {
            out.push(key);
            continue;
        }
        let address = any_instance(&key.address);
        let place = *entries.entry((key.location, key.status, address.clone())).or_insert(out.len());
        match out.get_mut(place) {
            Some(entry) => entry.instances = Some(instances(entry).saturating_add(instances(&key))),
            None => out.push(FoundKey { address, ..key }),
        }
    }
    out
}

/// The address with `[*]` in place of every instance key.
pub fn any_instance(address: &str) -> String {
    let mut out = String::new();
    let mut end = 0;
    for key in instance_ranges(address) {
        out.push_str(address.get(end..key.start).unwrap_or_default());
        out.push('*');
        end = key.end;
    }
    out.push_str(address.get(end..).unwrap_or_default());
    out
}

/// The instance keys in an address, as they are written.
pub(super) fn instance_keys(address: &str) -> Vec<&str> {
    instance_ranges(address).into_iter().filter_map(|range| address.get(range)).collect()
}

/// Where the instance keys of an address are.
fn instance_ranges(address: &str) -> Vec<Range<usize>> {
    let (mut found, mut chars) = (Vec::new(), address.char_indices());
    while let Some((open, c)) = chars.next() {
        if c != '[' {
            continue;
        }
        let mut quoted = false;
        let mut end = address.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => drop(chars.next()),
                '"' => quoted = !quoted,
                ']' if !quoted => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        found.push(open + 1..end);
    }
    found
}

/// Whether an account that switches can be this one.
fn is_alternative(cx: &Cx, account: &Value, scope: &Value) -> bool {
    matches!(scope, Value::Choice(_)) && cx.alternatives(scope).iter().any(|(_, v)| v == account)
}

/// Why the keys' users are one; empty where whose keys they are says it.
fn same_user(cx: &Cx, class: &Class, user: &FoundUser, keys: usize) -> String {
    let who = if keys == 1 {
        "every instance is for"
    } else if keys == 2 {
        "both keys are for"
    } else {
        "all of these keys are for"
    };
    match (&user.address, user.name.as_deref()) {
        (Some(address), Some(_)) => format!("{who} {address}"),
        (Some(_), None) | (None, Some(_)) => String::new(),
        (None, None) => {
            let value = cx.show(&unrefused(cx, &class.user));
            // How it is written says more than a long value does.
            let told = user.expression.as_ref().is_some_and(|own| short(&value) != value || *own == value);
            if told { String::new() } else { format!("{who} one value, {value}") }
        }
    }
}

/// A value without what is refused, where one alternative is left.
fn unrefused(cx: &Cx, value: &Value) -> Value {
    let alternatives = cx.alternatives(value).into_iter().map(|(_, v)| v);
    let mut left = alternatives.filter(|v| !matches!(v, Value::Refused(_)));
    match (left.next(), left.next()) {
        (Some(one), None) => one,
        _ => value.clone(),
    }
}

pub(super) fn found_user(
    cx: &Cx,
    user: &Value,
    written: &Value,
    key: Option<&AccessKey>,
    declared: Option<&DeclaredUser>,
) -> FoundUser {
    // The declaration's own spelling comes first: a name keeps its letters.
    let spelled = declared.map(|d| &d.name).into_iter().chain([written, user]);
    let name = match user {
        Value::String(_) => {
            let spelled: Vec<&Value> = spelled.filter(|v| v.as_str().is_some()).collect();
            // A name that is secret anywhere is shown nowhere.
            let secret = |v: &&Value| cx.mark_of(v) == Some(Mark::Sensitive);
            spelled.iter().copied().find(secret).or(spelled.first().copied()).and_then(|v| cx.user_name(v))
        }
        _ => None,
    };
    // Where a secret says that it is this declaration, the declaration tells the secret.
    let secret = |v: &Value| cx.mark_within(v) == Some(Mark::Sensitive);
    let declared = declared.filter(|d| secret(&d.name) || !(secret(user) || secret(written)));
    FoundUser {
        name,
        address: declared.map(|d| d.address.clone()),
        expression: key.and_then(|k| k.user_text.clone()).or_else(|| Some(cx.show(user))),
        location: declared.map(|d| d.location).or(key.and_then(user_place)),
    }
}

/// What gives a key its user as one place: from the first to the last one.
pub(super) fn user_place(key: &AccessKey) -> Option<Loc> {
    let mut places = key.places.iter().filter(|p| p.role == Role::User).map(|p| p.loc);
    let first = places.next()?;
    let all = places.filter(|loc| loc.file == first.file).fold(first.span, |all, loc| all.to(loc.span));
    Some(Loc::new(first.file, all))
}

/// The status with supplied inputs as given.
pub(super) fn status(cx: &Cx, key: &AccessKey) -> Option<Status> {
    match exists(cx, group::active(cx, &cx.as_given(&key.status)), Guard::TRUE) {
        Exists::Always => Some(Status::Active),
        Exists::Never => Some(Status::Inactive),
        Exists::Sometimes => None,
    }
}

pub(super) fn found_key(cx: &Cx, key: &AccessKey) -> FoundKey {
    FoundKey {
        address: key.address.clone(),
        kind: key.kind.clone(),
        status: status(cx, key),
        location: key.location,
        places: key.places.clone(),
        construct: key.construct.clone(),
        origin: key.origin.clone(),
        instances: key.times.total,
    }
}

#[cfg(test)]
mod tests {
    use super::any_instance;

    #[test]
    fn an_instance_key_ends_outside_of_its_quotes() {
        for key in ["0", r#""a]b""#, r#""a\"]b""#, "*"] {
            assert_eq!(any_instance(&format!("module.m[{key}].k[{key}].id")), "module.m[*].k[*].id", "{key}");
        }
    }
}
