//! A finding's identity across runs: the same violation after lines moved is the same finding.
//!
//! Answers: is this the finding of yesterday? It hashes who and which keys, never where, so that a comment above a
//! block makes no new alert. Two findings of one file (a `for_each` user) differ by user.

use super::RULE;
use crate::judge::finding::Finding;
use crate::source::Files;

/// 16 hexadecimal digits over the rule, the unit's path in its work tree, the user and the keys' addresses.
pub fn fingerprint(finding: &Finding, files: &Files) -> String {
    let user = &finding.user;
    let identity = match (user.told_name(), &user.address, &user.expression) {
        // IAM names do not differ by case.
        (Some(name), _, _) => name.to_lowercase(),
        (None, Some(text), _) | (None, None, Some(text)) => text.clone(),
        (None, None, None) => String::new(),
    };
    let mut keys: Vec<&str> = finding.keys.iter().map(|k| k.address.as_str()).collect();
    keys.sort_unstable();
    // One violation under two files of values is two findings.
    let scenario = finding.scenario.as_deref().map(|file| files.in_tree(file));
    let unit = files.in_tree(&finding.unit.path);
    let parts = [RULE, unit.as_str(), identity.as_str()].into_iter().chain(keys).chain(scenario.as_deref());
    hash(parts)
}

/// 16 hexadecimal digits over texts in their order.
pub fn hash<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    format!("{:016x}", parts.fold(0xcbf2_9ce4_8422_2325, fnv1a))
}

/// FNV-1a in 64 bits over one part and a separator that cannot stand in it.
fn fnv1a(hash: u64, part: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    part.bytes().chain([0]).fold(hash, step)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{the_finding, two_keys};
    use super::*;

    #[test]
    fn lines_order_and_letter_case_do_not_matter_but_keys_and_users_do() {
        let (files, mut outcome) = two_keys();
        let before = fingerprint(the_finding(&mut outcome), &files);
        assert_eq!(before.len(), 16);
        let f = the_finding(&mut outcome);
        f.keys[0].location.span = f.keys[0].location.span.shifted(3);
        f.keys.reverse();
        f.user.name = Some("DEPLOY".into());
        assert_eq!(fingerprint(f, &files), before);
        f.user.name = Some("deploy2".into());
        assert_ne!(fingerprint(f, &files), before);
        f.user.name = Some("deploy".into());
        f.keys[0].address.push('x');
        assert_ne!(fingerprint(f, &files), before);
    }
}
