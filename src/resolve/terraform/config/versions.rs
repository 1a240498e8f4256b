//! Versions of modules, and the constraints that choose among them.
//!
//! Answers: can a constraint choose a version in this range? A constraint is the half-open range of what it admits;
//! `!=` narrows none. Source: Terraform language, "Version Constraints".

/// Major, minor, patch; a pre-release counts as its release.
pub type Version = (u64, u64, u64);

/// The versions from the first (included) to the second (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The lowest.
    pub from: Version,
    /// What is above the highest.
    pub before: Version,
}

/// Above every version.
pub const NO_END: Version = (u64::MAX, 0, 0);

impl Range {
    /// Every version.
    pub const ALL: Range = Range { from: (0, 0, 0), before: NO_END };

    /// What both admit; may be empty.
    pub fn and(self, other: Range) -> Range {
        Range { from: self.from.max(other.from), before: self.before.min(other.before) }
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.from >= self.before
    }

    /// Whether a version is in it.
    pub fn holds(self, version: Version) -> bool {
        self.from <= version && version < self.before
    }
}

/// A version as tags and constraints write it: `1`, `v1.2`, `tags/1.2.3-rc1`; and how many of its numbers are written.
pub fn version(text: &str) -> Option<(Version, usize)> {
    let text = text.trim();
    let text = text.strip_prefix("refs/").unwrap_or(text);
    let text = text.strip_prefix("tags/").unwrap_or(text);
    let text = text.strip_prefix('v').unwrap_or(text);
    let release = text.split(['-', '+']).next()?;
    let numbers: Vec<u64> = release.split('.').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let at = |i: usize| numbers.get(i).copied().unwrap_or(0);
    Some(((at(0), at(1), at(2)), numbers.len()))
}

/// What a constraint admits; `None` where it cannot be read.
pub fn constraint(text: &str) -> Option<Range> {
    text.split(',').map(str::trim).filter(|t| !t.is_empty()).try_fold(Range::ALL, |all, one| {
        let number = one.trim_start_matches(['=', '!', '<', '>', '~', ' ']);
        let operator = one.strip_suffix(number)?.trim();
        let (v, written) = version(number)?;
        let next = (v.0, v.1, v.2.saturating_add(1));
        let range = match operator {
            "" | "=" => Range { from: v, before: next },
            "!=" => Range::ALL,
            ">=" => Range { from: v, ..Range::ALL },
            ">" => Range { from: next, ..Range::ALL },
            "<" => Range { before: v, ..Range::ALL },
            "<=" => Range { before: next, ..Range::ALL },
            // The last number written may grow.
            "~>" => match written {
                1 => Range { from: v, ..Range::ALL },
                2 => Range { from: v, before: (v.0.saturating_add(1), 0, 0) },
                _ => Range { from: v, before: (v.0, v.1.saturating_add(1), 0) },
            },
            _ => return None,
        };
        Some(all.and(range))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_admit_what_they_say() {
        for (text, inside, outside) in [
            ("~> 5.0", vec!["5.0", "5.99.1"], vec!["4.9", "6.0.0"]),
            ("~> 5.30.1", vec!["5.30.1", "5.30.9"], vec!["5.31.0", "5.30.0"]),
            ("~> 5", vec!["5.0.0", "6.1.0"], vec!["4.0.0"]),
            (">= 5, < 6", vec!["5.0.0", "5.9.9"], vec!["6.0.0"]),
            ("5.30.0", vec!["5.30.0"], vec!["5.30.1"]),
            ("= v5.30", vec!["5.30.0"], vec!["5.30.1"]),
            ("> 1.0.0, <= 2", vec!["1.0.1", "2.0.0"], vec!["1.0.0", "2.0.1"]),
            ("!= 3.0.0", vec!["2.0.0"], vec![]),
            ("", vec!["0.0.1", "9.0.0"], vec![]),
        ] {
            let range = constraint(text).unwrap();
            for (versions, is_in) in [(inside, true), (outside, false)] {
                for v in versions {
                    assert_eq!(range.holds(version(v).unwrap().0), is_in, "{v} in {text:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_constraint_is_not_guessed() {
        for text in ["latest", "~>", ">> 1", "1.x", "=", "a,b", "~> 99999999999999999999"] {
            assert_eq!(constraint(text), None, "{text:?}");
        }
        assert!(constraint("> 2, < 1").unwrap().is_empty());
    }

    #[test]
    fn tags_are_versions_and_branches_are_not() {
        for (text, read) in
            [("v5.30.0", Some((5, 30, 0))), ("tags/0.2.1", Some((0, 2, 1))), ("main", None), ("9f3c", None)]
        {
            assert_eq!(version(text).map(|(v, _)| v), read, "{text}");
        }
    }
}
