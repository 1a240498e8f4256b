use proptest::prelude::*;

use super::*;

/// A certain finding of a template or folder.
pub fn known(unit: &str, user: &str, keys: &[&str]) -> Known {
    Known {
        repository: None,
        kind: "terraform".into(),
        unit: unit.into(),
        scenario: None,
        user: Some(user.into()),
        address: None,
        expression: None,
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        level: "certain".into(),
    }
}

fn one(found: &Known, known: &[Known]) -> Option<usize> {
    matched(std::slice::from_ref(found), known)[0]
}

#[test]
fn fewer_keys_are_known_and_other_keys_are_new() {
    let before = [known("a", "ci", &["a", "b", "c"])];
    assert_eq!(one(&known("a", "ci", &["a", "c"]), &before), Some(0));
    assert_eq!(one(&known("a", "ci", &["a", "d"]), &before), None, "a second key for another key");
    assert_eq!(one(&known("a", "ci", &["a", "b", "c", "d"]), &before), None);
    assert_eq!(one(&known("a", "cd", &["a", "b"]), &before), None, "another user");
}

#[test]
fn a_level_that_rose_is_new() {
    let at = |level: &str| Known { level: level.into(), ..known("a", "ci", &["a", "b"]) };
    let levels = ["latent", "possible", "certain"];
    for (was, before) in levels.iter().enumerate() {
        for (is, now) in levels.iter().enumerate() {
            assert_eq!(one(&at(now), &[at(before)]).is_some(), was >= is, "{before} to {now}");
        }
    }
}

#[test]
fn another_unit_is_the_old_one_only_where_that_has_none_any_more() {
    let before = [known("keys.yaml", "ci", &["A", "B"])];
    let (same, copy) = (known("keys.yaml", "ci", &["A", "B"]), known("copy.yaml", "ci", &["A", "B"]));
    assert_eq!(matched(&[copy.clone(), same.clone()], &before), [None, Some(0)]);
    assert_eq!(matched(std::slice::from_ref(&copy), &before), [Some(0)]);
    assert_eq!(matched(&[copy.clone(), known("more.yaml", "ci", &["A", "B"])], &before), [Some(0), None]);
    let scenario = Known { scenario: Some("prod.tfvars".into()), ..same };
    assert_eq!(matched(&[scenario], &before), [None]);
}

#[test]
fn a_user_without_a_name_is_told_by_its_address_or_by_what_is_written() {
    let by = |name: Option<&str>, address: Option<&str>, expression: Option<&str>| Known {
        user: name.map(Into::into),
        address: address.map(Into::into),
        expression: expression.map(Into::into),
        ..known("a", "", &["a", "b"])
    };
    let before = [by(None, Some("aws_iam_user.u"), None)];
    assert_eq!(one(&by(Some("ci"), Some("aws_iam_user.u"), None), &before), Some(0));
    assert_eq!(one(&by(None, Some("aws_iam_user.v"), None), &before), None);
    assert_eq!(one(&by(None, None, Some("var.u")), &before), None);
    assert_eq!(one(&by(None, None, Some("var.u")), &[by(None, None, Some("var.u"))]), Some(0));
    assert_eq!(one(&by(None, None, Some("var.v")), &[by(None, None, Some("var.u"))]), None);
}

fn any_known() -> impl Strategy<Value = Known> {
    let keys = proptest::collection::btree_set("[a-d]", 2..4);
    ("[xyz]", "(ci|cd)", keys, 0..3_usize).prop_map(|(unit, user, keys, level)| Known {
        keys: keys.into_iter().collect(),
        level: ["latent", "possible", "certain"][level].into(),
        ..known(&unit, &user, &[])
    })
}

fn one_a_unit() -> impl Strategy<Value = Vec<Known>> {
    proptest::collection::vec(any_known(), 0..6).prop_map(|mut all| {
        all.sort();
        all.dedup_by(|a, b| (&a.unit, &a.user) == (&b.unit, &b.user));
        all
    })
}

proptest! {
    #[test]
    fn a_tree_has_nothing_new_against_itself_whatever_its_units_are_called(all in one_a_unit(), rename: bool) {
        let now: Vec<Known> = all
            .iter()
            .rev()
            .map(|k| Known { unit: if rename { format!("moved/{}", k.unit) } else { k.unit.clone() }, ..k.clone() })
            .collect();
        let got = matched(&now, &all);
        let mut each: Vec<usize> = got.iter().copied().flatten().collect();
        each.sort_unstable();
        prop_assert_eq!(each, (0..all.len()).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_known_is_for_that_user_has_its_keys_and_is_no_surer(now in one_a_unit(), before in one_a_unit()) {
        for (found, is) in now.iter().zip(matched(&now, &before)) {
            let Some(k) = is.map(|at| &before[at]) else { continue };
            prop_assert_eq!(&k.user, &found.user);
            prop_assert!(found.keys.iter().all(|key| k.keys.contains(key)));
            prop_assert!(k.level() >= found.level());
        }
    }

    #[test]
    fn one_more_finding_than_before_is_one_new_at_least(all in one_a_unit(), more in any_known()) {
        let mut now = all.clone();
        now.push(Known { unit: "new".into(), ..more });
        prop_assert!(matched(&now, &all).iter().any(Option::is_none));
    }

    #[test]
    fn a_known_one_is_taken_by_one_unit_only(now in one_a_unit(), before in one_a_unit()) {
        let got = matched(&now, &before);
        for (i, a) in got.iter().enumerate() {
            for (j, b) in got.iter().enumerate().filter(|(_, b)| b.is_some() && *b == a) {
                prop_assert!(i == j, "{i} and {j} are {b:?}");
            }
        }
    }
}
