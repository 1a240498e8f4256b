//! `--exclude`: what the request leaves out, by gitignore's rules.
//!
//! Answers: is this path left out, and which patterns left nothing out? Patterns are relative to the working directory; a
//! later one wins, and `!pattern` takes back. Source: gitignore(5).

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ignore::Match;
use ignore::gitignore::Gitignore;

use crate::globs;

/// The patterns of a request, in the order typed.
#[derive(Clone, Debug, Default)]
pub struct Exclude(Vec<Arc<Rule>>);

#[derive(Debug)]
struct Rule {
    pattern: String,
    matcher: Gitignore,
    /// The folder below which it holds; `None` for a flag's, which holds everywhere.
    only: Option<PathBuf>,
    /// Whether it was about any path.
    met: AtomicBool,
}

impl Exclude {
    /// Patterns relative to `root`. The error names the first that is none.
    pub fn new(root: &Path, patterns: &[String]) -> Result<Exclude, String> {
        Ok(Exclude(rules(root, patterns, None)?))
    }

    /// The same with patterns that are relative to `folder` and hold below it alone.
    pub fn and_below(mut self, folder: &Path, patterns: &[String]) -> Result<Exclude, String> {
        self.0.extend(rules(folder, patterns, Some(folder))?);
        Ok(self)
    }

    /// Whether a path is left out, the folders above it not being left out.
    pub(super) fn leaves_out(&self, path: &Path, is_dir: bool) -> bool {
        let mut out = false;
        for rule in self.0.iter().filter(|rule| rule.only.as_ref().is_none_or(|f| path.starts_with(f))) {
            match rule.matcher.matched(path, is_dir) {
                Match::None => continue,
                Match::Ignore(_) => out = true,
                Match::Whitelist(_) => out = false,
            }
            rule.met.store(true, Ordering::Relaxed);
        }
        out
    }

    /// The patterns of flags that were about no path that was met.
    pub fn unmet(&self) -> impl Iterator<Item = &str> {
        let unmet = |rule: &&Arc<Rule>| rule.only.is_none() && !rule.met.load(Ordering::Relaxed);
        self.0.iter().filter(unmet).map(|rule| rule.pattern.as_str())
    }

    /// Whether patterns of [`Exclude::and_below`] leave a path out, or a folder above it.
    pub fn leaves_out_below(&self, path: &Path, is_dir: bool) -> bool {
        let own = Exclude(self.0.iter().filter(|rule| rule.only.is_some()).cloned().collect());
        !own.0.is_empty() && path.ancestors().any(|above| own.leaves_out(above, is_dir || above != path))
    }
}

fn rules(root: &Path, patterns: &[String], only: Option<&Path>) -> Result<Vec<Arc<Rule>>, String> {
    let rule = |pattern: &String| {
        let matcher = globs::ignoring(root, pattern).map_err(|reason| format!("{pattern}: {reason}"))?;
        let only = only.map(Path::to_path_buf);
        Ok(Arc::new(Rule { pattern: pattern.clone(), matcher, only, met: AtomicBool::new(false) }))
    };
    patterns.iter().map(rule).collect()
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
