//! `--exclude`: what the request leaves out, by gitignore's rules.
//!
//! Answers: is this path left out, and which patterns left nothing out? Patterns are relative to the working directory; a
//! later one wins, and `!pattern` takes back. Source: gitignore(5).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The patterns of a request, in the order typed.
#[derive(Clone, Debug, Default)]
pub struct Exclude(Arc<Vec<Rule>>);

#[derive(Debug)]
struct Rule {
    pattern: String,
    matcher: Gitignore,
    /// Whether it was about any path.
    met: AtomicBool,
}

impl Exclude {
    /// Patterns relative to `root`. The error names the first that is none.
    pub fn new(root: &Path, patterns: &[String]) -> Result<Exclude, String> {
        let rule = |pattern: &String| {
            let wrong = |e: ignore::Error| format!("{pattern}: {e}");
            let mut builder = GitignoreBuilder::new(root);
            builder.add_line(None, pattern).map_err(wrong)?;
            let matcher = builder.build().map_err(wrong)?;
            Ok(Rule { pattern: pattern.clone(), matcher, met: AtomicBool::new(false) })
        };
        Ok(Exclude(Arc::new(patterns.iter().map(rule).collect::<Result<_, String>>()?)))
    }

    /// Whether a path is left out, the folders above it not being left out.
    pub(super) fn leaves_out(&self, path: &Path, is_dir: bool) -> bool {
        let mut out = false;
        for rule in self.0.iter() {
            match rule.matcher.matched(path, is_dir) {
                Match::None => continue,
                Match::Ignore(_) => out = true,
                Match::Whitelist(_) => out = false,
            }
            rule.met.store(true, Ordering::Relaxed);
        }
        out
    }

    /// The patterns that were about no path that was met.
    pub fn unmet(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|rule| !rule.met.load(Ordering::Relaxed)).map(|rule| rule.pattern.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_gitignore_s() {
        let check = |patterns: &[&str], path: &str, is_dir: bool, out: bool| {
            let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
            let exclude = Exclude::new(Path::new("/repo"), &patterns).unwrap();
            assert_eq!(exclude.leaves_out(Path::new(path), is_dir), out, "{patterns:?} {path}");
        };
        check(&["fixtures"], "/repo/a/fixtures", true, true);
        check(&["fixtures/"], "/repo/a/fixtures", false, false);
        check(&["/fixtures"], "/repo/a/fixtures", true, false);
        check(&["a/fixtures"], "/repo/a/fixtures", true, true);
        check(&["*.yaml"], "/repo/a/b.yaml", false, true);
        check(&["a/*.yaml"], "/repo/a/b/c.yaml", false, false);
        check(&["a/**/*.yaml"], "/repo/a/b/c.yaml", false, true);
        check(&["*.yaml", "!b.yaml"], "/repo/a/b.yaml", false, false);
        check(&["fixtures"], "/elsewhere/fixtures", true, true);
        check(&["# a comment"], "/repo/# a comment", false, false);
    }

    #[test]
    fn what_leaves_nothing_out_is_known() {
        let exclude = Exclude::new(Path::new("/r"), &["a".into(), "b".into(), "a/".into()]).unwrap();
        exclude.leaves_out(Path::new("/r/a"), true);
        assert_eq!(exclude.unmet().collect::<Vec<_>>(), ["b"]);
        assert!(Exclude::new(Path::new("/r"), &["a{b".into()]).is_err());
    }
}
