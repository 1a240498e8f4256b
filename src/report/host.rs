//! Where the repository is hosted, as the build says it.
//!
//! Answers: what is the repository called, and where can a file of this commit be looked at? Known in GitHub Actions and
//! GitLab CI, from their variables; else places are links relative to the work tree.
//! Source: GitHub, "Variables reference"; GitLab, "Predefined CI/CD variables reference".

/// What the build says of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Host {
    /// `owner/name`.
    pub repository: Option<String>,
    /// What a file's path in the work tree is put behind to look at it; ends in `/`.
    pub files: Option<String>,
}

impl Host {
    /// Nothing.
    pub const UNKNOWN: &'static Host = &Host { repository: None, files: None };

    /// By the environment: `variable` looks one up.
    pub fn new(variable: impl Fn(&str) -> Option<String>) -> Host {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let files = || {
            if let (Some(server), Some(name)) = (set("GITHUB_SERVER_URL"), set("GITHUB_REPOSITORY")) {
                return Some(format!("{server}/{name}/blob/{}/", set("GITHUB_SHA")?));
            }
            Some(format!("{}/-/blob/{}/", set("CI_PROJECT_URL")?, set("CI_COMMIT_SHA")?))
        };
        let is_url = |url: &String| {
            url.starts_with("http")
                && url.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/".contains(&b))
        };
        Host {
            repository: set("GITHUB_REPOSITORY").or_else(|| set("CI_PROJECT_PATH")),
            files: files().filter(is_url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(variables: &[(&str, &str)]) -> Host {
        Host::new(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn builds_say_where_their_files_are() {
        let github = [
            ("GITHUB_SERVER_URL", "https://github.com"),
            ("GITHUB_REPOSITORY", "acme/infra"),
            ("GITHUB_SHA", "abc"),
        ];
        assert_eq!(host(&github).files.as_deref(), Some("https://github.com/acme/infra/blob/abc/"));
        assert_eq!(host(&github).repository.as_deref(), Some("acme/infra"));
        let gitlab = [("CI_PROJECT_URL", "https://gitlab.com/acme/infra"), ("CI_COMMIT_SHA", "abc")];
        assert_eq!(host(&gitlab).files.as_deref(), Some("https://gitlab.com/acme/infra/-/blob/abc/"));
        assert_eq!(host(&[]), Host::default());
        assert_eq!(host(&[("CI_PROJECT_URL", "javascript:x()"), ("CI_COMMIT_SHA", "a")]).files, None);
    }
}
