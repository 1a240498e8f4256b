//! The inventory: one row for each key that is planned.

use std::collections::HashMap;

use super::allowed::allowed;
use super::describe::{account_id, found_key, found_user};
use super::finding::{Exists, FoundUser, InventoryRow};
use super::group;
use crate::key::{AccessKey, Account, DeclaredUser, Resolved};
use crate::value::ask::Ask;
use crate::value::digest::Identity;
use crate::value::{Cx, Guard, Value};

pub(super) type ByName<'r> = HashMap<[Identity; 2], &'r DeclaredUser>;

/// What tells users of one resolution apart: the account, and the name whatever its letters.
pub(super) fn identity(cx: &Cx, account: &Account, name: &Value) -> [Identity; 2] {
    [cx.identity(&account.scope), cx.identity(&cx.fold_case(name))]
}

pub(super) fn declared_by_name(resolved: &Resolved) -> ByName<'_> {
    let mut by_name = ByName::new();
    for user in &resolved.users {
        by_name.entry(identity(&resolved.cx, &user.account, &user.name)).or_insert(user);
    }
    by_name
}

/// The user of one key; `None` where nothing is known of it.
pub(super) fn row_user(resolved: &Resolved, by_name: &ByName<'_>, key: &AccessKey) -> Option<FoundUser> {
    let cx = &resolved.cx;
    let folded = cx.fold_case(&key.user);
    let declared = by_name.get(&identity(cx, &key.account, &key.user)).copied();
    match key.user {
        Value::Refused(_) | Value::Null => None,
        // A row shows what its own key says, letters kept.
        Value::String(_) => Some(FoundUser {
            name: cx.user_name(&key.user),
            ..found_user(cx, &folded, &key.user, Some(key), declared)
        }),
        _ => Some(found_user(cx, &folded, &key.user, Some(key), declared)),
    }
}

/// The inventory of one resolution: what is planned, which keys for names that IAM refuses are too.
pub fn planned(resolved: &Resolved) -> Vec<InventoryRow> {
    let cx = &resolved.cx;
    let (allowed, _) = allowed(resolved, &resolved.refusals, None);
    let by_name = declared_by_name(resolved);
    let mut rows: Vec<InventoryRow> = resolved
        .keys
        .iter()
        .map(|key| {
            let active = cx.and(key.times.exists, group::active(cx, &key.status));
            let when = if active.is_true() { String::new() } else { cx.show_guard(active) };
            InventoryRow {
                key: found_key(cx, key),
                unit: key.unit.clone(),
                account: account_id(cx, &key.account),
                user: row_user(resolved, &by_name, key),
                exists: exists(cx, key.times.exists, allowed.about(cx, &[key.times.exists])),
                when,
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.unit, &a.key.address).cmp(&(&b.unit, &b.key.address)));
    rows
}

pub(super) fn exists(cx: &Cx, guard: Guard, allowed: Guard) -> Exists {
    if guard.is_true() {
        return Exists::Always;
    }
    if guard.is_false() {
        return Exists::Never;
    }
    let Ok(mut ask) = Ask::new(cx, &[guard, allowed]) else { return Exists::Sometimes };
    if ask.can_hold(cx.and(allowed, guard)) == Ok(false) {
        Exists::Never
    } else if ask.must_hold(allowed, guard) == Ok(true) {
        Exists::Always
    } else {
        Exists::Sometimes
    }
}
