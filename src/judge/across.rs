//! Keys of several units that share an account.
//!
//! ```text
//! [[account]]
//! units = ["team-a", "team-b"]     team-a has a key for "ci", team-b has another: two keys of one user
//! ```
//!
//! Answers: which users have keys in two units, and can two of them be active? Units are deployed one by one, so the inputs
//! of one say nothing of another's: two keys meet where each of them can be active. Only names that are known are compared:
//! an expression means something in its own unit alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::allowed::{allowed, refused};
use super::describe::{collapsed, found_key};
use super::finding::{
    Cause, Finding, FoundKey, FoundUser, Level, Named, Remedy, Situation, Standing, WhenValue, short,
};
use super::group;
use super::inventory::{declared_by_name, row_user};
use super::prove;
use crate::key::{Account, Resolved};
use crate::unit::UnitName;
use crate::value::Value;
use crate::value::digest::Identity;

/// A key that can be active, as the other units of its account have to know it.
#[derive(Clone, Debug)]
pub struct Single {
    key: FoundKey,
    user: FoundUser,
    unit: UnitName,
    /// The id of its account, where the unit itself says it.
    account: Option<String>,
    /// The user's name, whatever its letters.
    name: Arc<str>,
    /// `Certain` or `Possible`.
    level: Level,
    /// The inputs that are enough; `None` where they were not worked out.
    when: Option<Vec<(String, WhenValue)>>,
}

/// The keys of a unit that are in its own account, or in the one of this id, and whose user is known by name.
pub fn singles(resolved: &Resolved, id: Option<&str>) -> Vec<Single> {
    let cx = &resolved.cx;
    let (allowed, _) = allowed(resolved, &refused(resolved), None);
    let by_name = declared_by_name(resolved);
    let own = |account: &Account| match &account.id {
        Some(known) => id.is_none_or(|id| id == known),
        None => account.scope == Value::Null,
    };
    let keys = resolved.keys.iter().filter(|key| own(&key.account));
    keys.filter_map(|key| {
        let Identity::Text(name) = cx.identity(&cx.fold_case(&key.user)) else { return None };
        let active = cx.and(key.times.exists, group::active(cx, &key.status));
        let (level, when) = prove::one(cx, active, &allowed)?;
        let user = row_user(resolved, &by_name, key)?;
        Some(Single {
            key: found_key(cx, key),
            user,
            unit: key.unit.clone(),
            account: key.account.id.clone(),
            name,
            level,
            when,
        })
    })
    .collect()
}

/// The keys of a unit whatever the file of values is: what one of them alone leads to is possible.
pub fn in_any(mut each: Vec<Vec<Single>>) -> Vec<Single> {
    let Some(mut all) = each.pop() else { return Vec::new() };
    for other in each {
        for single in &mut all {
            let same = |s: &&Single| s.key.address == single.key.address && s.name == single.name;
            let certain = |s: &Single| s.level == Level::Certain;
            if !(certain(single) && other.iter().find(same).is_some_and(certain)) {
                (single.level, single.when) = (Level::Possible, None);
            }
        }
        let new = other
            .into_iter()
            .filter(|s| !all.iter().any(|known| known.key.address == s.key.address && known.name == s.name));
        let new: Vec<Single> = new.map(|s| Single { level: Level::Possible, when: None, ..s }).collect();
        all.extend(new);
    }
    all
}

/// The users with keys in two units or more of one account. `id` is the account's, `said` where that they share it is written.
pub fn across(units: Vec<Single>, id: Option<&str>, said: &str) -> Vec<Finding> {
    let mut by_user: BTreeMap<Arc<str>, Vec<Single>> = BTreeMap::new();
    for single in units {
        by_user.entry(single.name.clone()).or_default().push(single);
    }
    let accounts = |singles: Vec<Single>| {
        let mut ids: Vec<Option<String>> = singles.iter().map(|s| s.account.clone()).collect();
        ids.sort();
        ids.dedup();
        // Units that name two accounts are not in one, whatever is said of them.
        let known: Vec<Option<String>> = ids.iter().filter(|id| id.is_some()).cloned().collect();
        let each = if known.is_empty() { vec![None] } else { known };
        let of = move |account: Option<String>| {
            let fits = |s: &&Single| account.is_none() || s.account.is_none() || s.account == account;
            let here: Vec<Single> = singles.iter().filter(fits).cloned().collect();
            one_user(here, account.as_deref().or(id), said)
        };
        each.into_iter().filter_map(of).collect::<Vec<_>>()
    };
    by_user.into_values().flat_map(accounts).collect()
}

fn one_user(mut singles: Vec<Single>, id: Option<&str>, said: &str) -> Option<Finding> {
    singles.sort_by(|a, b| (&a.unit, &a.key.address).cmp(&(&b.unit, &b.key.address)));
    // Of each unit the key that is active under the fewest inputs.
    let mut best: BTreeMap<&UnitName, &Single> = BTreeMap::new();
    let ease = |s: &Single| (std::cmp::Reverse(s.level), s.when.as_ref().map_or(usize::MAX, Vec::len));
    for single in &singles {
        let known = best.entry(&single.unit).or_insert(single);
        if ease(single) < ease(known) {
            *known = single;
        }
    }
    let mut pair: Vec<&Single> = best.into_values().collect();
    pair.sort_by_key(|s| ease(s));
    pair.truncate(2);
    let level = pair.iter().map(|s| s.level).min()?;
    let named = |s: &&Single| {
        let prefixed =
            |(name, value): &(String, WhenValue)| (format!("{}:{name}", s.unit.path), value.clone());
        s.when.as_ref().map(|when| when.iter().map(prefixed).collect::<Vec<_>>())
    };
    let when: Option<Vec<Vec<_>>> = pair.iter().map(named).collect();
    let first = singles.first()?;
    let other = singles.iter().find(|s| s.unit != first.unit)?;
    let declared = singles.iter().map(|s| &s.user).find(|user| user.address.is_some());
    let user = declared.unwrap_or(&first.user).clone();
    let what = format!("{} is in another deployment of that account", other.key.address);
    let of = |s: &Single| Named { text: s.key.address.clone(), location: s.key.location, set: None };
    let name =
        user.told_name().map_or("one secret name".into(), |name| format!("the name {:?}", short(name)));
    Some(Finding {
        level,
        standing: Standing::Open,
        lapsed: false,
        fails: true,
        shown: true,
        same_user: format!("these keys are for {name}, in deployments that share an account ({said})"),
        user,
        account: id.map(str::to_owned),
        unit: first.unit.clone(),
        scenario: None,
        causes: vec![Cause { what, location: other.key.location }],
        remedy: Remedy {
            situation: Situation::Blocks,
            of: singles.iter().map(of).collect(),
            from: None,
            when: None,
            others: Vec::new(),
            then: None,
        },
        all_active: singles.iter().all(|s| s.level == Level::Certain),
        keys: collapsed(singles.iter().map(|s| s.key.clone()).collect()),
        when: when.map(|parts| parts.concat()),
        supplied: Vec::new(),
        nearby: None,
        notes: vec![format!("{said} says that these deployments share an account.")],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::{FileId, Loc, Span};
    use crate::unit::UnitKind;

    fn single(address: &str, level: Level) -> Single {
        let key = FoundKey {
            address: address.into(),
            kind: "aws_iam_access_key".into(),
            status: None,
            location: Loc::new(FileId(0), Span::new(0, 0)),
            places: Vec::new(),
            construct: None,
            origin: None,
            instances: None,
        };
        Single {
            key,
            user: FoundUser { name: Some("ci".into()), address: None, expression: None, location: None },
            unit: UnitName { kind: UnitKind::Terraform, path: ".".into() },
            account: None,
            name: "ci".into(),
            level,
            when: Some(Vec::new()),
        }
    }

    #[test]
    fn what_each_file_of_values_leads_to_is_certain_key_by_key() {
        use Level::{Certain, Possible};
        for (one, other, expected) in [
            (
                [("a", Certain), ("b", Certain)],
                [("a", Certain), ("b", Certain)],
                [("a", Certain), ("b", Certain)],
            ),
            (
                [("a", Certain), ("b", Certain)],
                [("a", Certain), ("b", Possible)],
                [("a", Certain), ("b", Possible)],
            ),
            (
                [("a", Possible), ("b", Certain)],
                [("a", Certain), ("b", Certain)],
                [("a", Possible), ("b", Certain)],
            ),
        ] {
            let all = |of: [(&str, Level); 2]| of.map(|(address, level)| single(address, level)).to_vec();
            let any = in_any(vec![all(one), all(other)]);
            let any: Vec<_> = any.iter().map(|s| (s.key.address.as_str(), s.level)).collect();
            assert_eq!(any, expected, "{one:?} and {other:?}");
        }
    }
}
