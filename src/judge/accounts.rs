//! Accounts that conditions of keys make one.
//!
//! ```terraform
//! provider "aws" {
//!   alias               = "live"
//!   allowed_account_ids = [var.account]
//! }
//! resource "aws_iam_access_key" "a" {
//!   provider = aws.live
//!   count    = var.account == "111122223333" ? 1 : 0 # in the account of that id, where it is there
//! }
//! ```

use std::collections::{HashMap, HashSet};

use super::group::active;
use super::made_one::comparisons;
use crate::key::Resolved;
use crate::value::{Guard, Value};

/// An account that inputs name, as another one.
pub(super) struct SameAccount {
    pub(super) other: Value,
    /// The keys of either whose conditions compare the two.
    pub(super) by: HashSet<usize>,
    /// When one of these is active.
    pub(super) said: Guard,
}

/// Accounts that inputs name, each with those that conditions of keys say it is: ids, and earlier ones.
pub(super) fn same_accounts(resolved: &Resolved) -> HashMap<Value, Vec<SameAccount>> {
    let cx = &resolved.cx;
    let mut place: HashMap<&Value, usize> = HashMap::new();
    for key in &resolved.keys {
        let next = place.len();
        place.entry(&key.account.scope).or_insert(next);
    }
    let mut same: HashMap<Value, Vec<SameAccount>> = HashMap::new();
    if place.len() < 2 {
        return same;
    }
    for (i, key) in resolved.keys.iter().enumerate() {
        let active = cx.and(key.times.exists, active(cx, &key.status));
        for (a, b) in comparisons(cx, &[active]) {
            let (a, b) = (cx.to_text(&a), cx.to_text(&b));
            let (Some(x), Some(y)) = (place.get(&a), place.get(&b)) else { continue };
            if ![&a, &b].contains(&&key.account.scope) {
                continue;
            }
            let (named, other) = if b.is_known() || x > y { (a, b) } else { (b, a) };
            let others = same.entry(named).or_default();
            match others.iter_mut().find(|known| known.other == other) {
                Some(known) => {
                    known.by.insert(i);
                    known.said = cx.or(known.said, active);
                }
                None => others.push(SameAccount { other, by: HashSet::from([i]), said: active }),
            }
        }
    }
    same
}
