//! Widely used modules that make an access key themselves, for calls whose module is not on disk.
//!
//! Answers: what does a call of `terraform-aws-modules/iam//modules/iam-user` in this version create? A row is a source,
//! a range of versions and the part of the module that decides keys and users, written in Terraform's own language
//! (`catalogue/*.hcl`) and evaluated like any other module. `known_or_symbol(inputs, value)` is a function of these
//! texts alone: the value where all inputs are known, else one symbol per inputs.
//! Source: the modules' repositories, read at every tag that a row names.

use std::sync::Arc;

use super::module::{self, Module};
use super::sources::ModuleSource;
use super::versions::{self, NO_END, Range, Version};
use crate::source::Files;

/// A module in a range of its versions.
pub struct Row {
    /// `namespace/name/provider`.
    package: &'static str,
    /// The folder inside it.
    folder: &'static str,
    /// The first version that it is for.
    from: Version,
    /// The text, in parts that several rows share.
    text: &'static [&'static str],
    /// The argument of a call that names the user, most telling first.
    pub user: &'static [&'static str],
    /// The argument of a call that says the status.
    pub status: &'static [&'static str],
    /// Whether it makes keys; a label only names things.
    pub keys: bool,
}

/// What is above the last version that the table knows of a module.
const KNOWN: [(&str, Version); 8] = [
    ("terraform-aws-modules/iam/aws", (7, 0, 0)),
    ("cloudposse/iam-system-user/aws", (2, 0, 0)),
    ("cloudposse/iam-s3-user/aws", (2, 0, 0)),
    ("cloudposse/s3-bucket/aws", (5, 0, 0)),
    ("cloudposse/ses/aws", (1, 0, 0)),
    ("cloudposse/label/null", (1, 0, 0)),
    ("clouddrove/iam-user/aws", (2, 0, 0)),
    ("flaconi/iam-roles/aws", (8, 0, 0)),
];

/// The inputs that say whether a module makes a key; false, it makes the user without one.
pub const WITHOUT_KEY: [&str; 3] = ["create_iam_access_key", "create_access_key", "access_key_enabled"];

macro_rules! text {
    ($($name:literal),+) => { &[$(include_str!(concat!("catalogue/", $name, ".hcl"))),+] };
}

const fn row(
    package: &'static str,
    folder: &'static str,
    from: Version,
    text: &'static [&'static str],
    arguments: (&'static [&'static str], &'static [&'static str]),
) -> Row {
    Row { package, folder, from, text, user: arguments.0, status: arguments.1, keys: true }
}

/// A row of a module that cloudposse's label names.
const fn labelled(package: &'static str, from: Version, text: &'static [&'static str]) -> Row {
    row(package, "", from, text, (&["name", "context"], &[]))
}

const IAM: &str = "terraform-aws-modules/iam/aws";
const USER: &str = "modules/iam-user";
const WRAPPER: &str = "wrappers/iam-user";
const SYSTEM: &str = "cloudposse/iam-system-user/aws";
const S3_USER: &str = "cloudposse/iam-s3-user/aws";
const BUCKET: &str = "cloudposse/s3-bucket/aws";
const SES: &str = "cloudposse/ses/aws";
const CLOUDDROVE: &str = "clouddrove/iam-user/aws";

type Arguments = (&'static [&'static str], &'static [&'static str]);
const NAME: Arguments = (&["name"], &[]);
const NAME_AND_OLD_STATUS: Arguments = (&["name"], &["iam_access_key_status"]);
const NAME_AND_STATUS: Arguments = (&["name"], &["access_key_status"]);
const ITEMS: Arguments = (&["items"], &[]);
const LABEL: Arguments = (&["name", "context"], &[]);

/// The rows of each module, from its first version to its last.
static ROWS: [Row; 23] = [
    row(IAM, USER, (0, 0, 3), text!("iam-user-names", "iam-user-0"), NAME),
    row(IAM, USER, (0, 2, 0), text!("iam-user-names", "iam-user-2-no-status"), NAME),
    row(IAM, USER, (5, 9, 0), text!("iam-user-names", "iam-user-2"), NAME_AND_OLD_STATUS),
    row(IAM, USER, (6, 0, 0), text!("iam-user-6"), NAME_AND_STATUS),
    row(IAM, WRAPPER, (5, 22, 0), text!("iam-user-wrapper-5"), ITEMS),
    row(IAM, WRAPPER, (6, 0, 0), text!("iam-user-wrapper-6"), ITEMS),
    labelled(SYSTEM, (0, 1, 0), text!("label-inputs", "label-this", "system-user", "system-user-key-0")),
    labelled(SYSTEM, (0, 20, 0), text!("label-inputs", "label-this", "system-user", "system-user-key-20")),
    labelled(SYSTEM, (0, 23, 0), text!("label-inputs", "label-this", "system-user", "system-user-key-23")),
    labelled(SYSTEM, (1, 0, 0), text!("label-inputs", "label-this", "system-user", "system-user-key-20")),
    labelled(S3_USER, (0, 1, 0), text!("label-inputs", "label-this", "s3-user", "s3-user-call-0")),
    labelled(S3_USER, (0, 15, 8), text!("label-inputs", "label-this", "s3-user", "s3-user-call-23")),
    labelled(S3_USER, (1, 0, 0), text!("label-inputs", "label-this", "s3-user", "s3-user-call-1")),
    labelled(BUCKET, (0, 1, 0), text!("label-inputs", "label-this", "s3-user", "s3-bucket-0")),
    labelled(BUCKET, (2, 0, 2), text!("label-inputs", "label-this", "s3-user", "s3-bucket-23")),
    labelled(BUCKET, (3, 0, 0), text!("label-inputs", "label-this", "s3-user", "s3-bucket-3")),
    labelled(SES, (0, 1, 0), text!("label-inputs", "label-this", "ses-user-names", "ses-1")),
    labelled(SES, (0, 15, 0), text!("label-inputs", "label-this", "ses-user-names", "ses-15")),
    labelled(SES, (0, 16, 0), text!("label-inputs", "label-this", "ses-user-names", "ses-16")),
    labelled(SES, (0, 21, 0), text!("label-inputs", "label-this", "ses-user-names", "ses-21")),
    row(CLOUDDROVE, "", (0, 14, 0), text!("clouddrove-user", "clouddrove-key-0"), (&["name"], &["status"])),
    row(CLOUDDROVE, "", (1, 3, 1), text!("clouddrove-user", "clouddrove-key-1"), (&["name"], &["status"])),
    row("flaconi/iam-roles/aws", "", (3, 0, 0), text!("flaconi"), (&["users"], &["users"])),
];

/// The label of cloudposse: makes nothing, but names the users of others.
static LABEL_ROW: Row = Row {
    keys: false,
    ..row("cloudposse/label/null", "", (0, 12, 0), text!("label-inputs", "label"), LABEL)
};

impl Row {
    /// Its text as a module; parsed anew at each call, so callers keep it.
    pub fn module(&self, files: &Files) -> Option<Arc<Module>> {
        let (major, minor, patch) = self.from;
        let name = format!("<catalogue>/{}/{}/{major}.{minor}.{patch}.tf", self.package, self.folder);
        module::from_text(std::path::Path::new(&name), &self.text.concat(), files).map(Arc::new)
    }

    /// The module's name and the version that the row begins with, for people.
    pub fn shown(&self) -> String {
        let (major, minor, patch) = self.from;
        let folder = if self.folder.is_empty() { String::new() } else { format!("//{}", self.folder) };
        format!("{}{folder} from {major}.{minor}.{patch} on", self.package)
    }
}

/// What a call means here.
pub struct MatchedRow {
    /// The row.
    pub row: &'static Row,
    /// Why the row may not be the one: the version that the call names is none that the table knows.
    pub unknown_version: Option<String>,
}

/// The rows of a source, lowest version first; none if it is not in the catalogue.
fn rows(source: &ModuleSource) -> Vec<&'static Row> {
    let Some(package) = source.published() else { return Vec::new() };
    let fits = |row: &&Row| row.package == package && row.folder == source.folder;
    ROWS.iter().chain([&LABEL_ROW]).filter(fits).collect()
}

/// Whether a source is in the catalogue, and whether it makes keys.
pub fn makes_keys(source: &str) -> Option<bool> {
    rows(&ModuleSource::parse(source)).first().map(|r| r.keys)
}

/// The row of a call: the highest version that the constraint (of a registry) or the reference (of a repository)
/// admits, as `terraform init` would choose; where it admits none that is known, the last one.
pub fn find(source: &str, version: Option<&str>) -> Option<MatchedRow> {
    let parsed = ModuleSource::parse(source);
    let rows = rows(&parsed);
    let last = *rows.last()?;
    let end = KNOWN.iter().find(|(package, _)| *package == last.package).map_or(NO_END, |(_, end)| *end);
    let written = if parsed.is_registry() { version.map(str::to_string) } else { parsed.reference.clone() };
    let Some(written) = written else { return Some(MatchedRow { row: last, unknown_version: None }) };
    let asked = match parsed.is_registry() {
        true => versions::constraint(&written),
        // A tag with fewer numbers follows the newest release below it: `v1` is `1.x`.
        false => versions::version(&written).map(|(v, numbers)| {
            let before = match numbers {
                1 => (v.0.saturating_add(1), 0, 0),
                2 => (v.0, v.1.saturating_add(1), 0),
                _ => (v.0, v.1, v.2.saturating_add(1)),
            };
            Range { from: v, before }
        }),
    };
    let ends = rows.iter().skip(1).map(|r| r.from).chain([end]);
    let chosen = asked.and_then(|asked| {
        let fits = |(row, before): &(&&'static Row, Version)| {
            !Range { from: row.from, before: *before }.and(asked).is_empty()
        };
        rows.iter().zip(ends).filter(fits).map(|(row, _)| *row).last()
    });
    Some(match chosen {
        Some(row) => MatchedRow { row, unknown_version: None },
        None => MatchedRow { row: last, unknown_version: Some(written) },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER_MODULE: &str = "terraform-aws-modules/iam/aws//modules/iam-user";

    #[test]
    fn every_row_parses_and_the_rows_of_a_module_are_in_order() {
        let files = Files::new("/r".into());
        for row in ROWS.iter().chain([&LABEL_ROW]) {
            let module = row.module(&files).unwrap();
            assert_eq!(module.problems, [], "{}", row.shown());
            assert!(module.duplicates.is_empty(), "{}: {:?}", row.shown(), module.duplicates.keys());
            let makes = module.resources.keys().any(|(kind, _)| kind.ends_with("iam_access_key"));
            assert_eq!(makes || !module.calls.is_empty(), row.keys, "{}", row.shown());
            assert!(row.user.iter().all(|u| module.variables.contains_key(*u)), "{}", row.shown());
            assert!(row.status.iter().all(|s| module.variables.contains_key(*s)), "{}", row.shown());
            assert!(KNOWN.iter().any(|(package, end)| *package == row.package && row.from < *end));
            for call in module.calls.values() {
                let version = module::literal_argument(call, "version");
                let found =
                    find(crate::resolve::terraform::config::module::source_of(call).unwrap(), version)
                        .unwrap();
                assert_eq!(found.unknown_version, None, "{}", row.shown());
            }
        }
        for (a, b) in ROWS.iter().zip(ROWS.iter().skip(1)) {
            assert!((a.package, a.folder) != (b.package, b.folder) || a.from < b.from, "{}", a.shown());
        }
    }

    #[test]
    fn the_highest_version_that_is_admitted_is_the_row() {
        let git =
            "git::https://github.com/terraform-aws-modules/terraform-aws-iam.git//modules/iam-user?ref=";
        for (source, version, from) in [
            (USER_MODULE.to_string(), Some("~> 5.0"), (5, 9, 0)),
            (USER_MODULE.to_string(), Some(">= 5, < 6"), (5, 9, 0)),
            (USER_MODULE.to_string(), Some("5.3.1"), (0, 2, 0)),
            (USER_MODULE.to_string(), Some("~> 2.0"), (0, 2, 0)),
            (USER_MODULE.to_string(), Some(">= 4.0"), (6, 0, 0)),
            (USER_MODULE.to_string(), None, (6, 0, 0)),
            (format!("{git}v5.30.0"), None, (5, 9, 0)),
            (format!("{git}v5"), Some("ignored"), (5, 9, 0)),
            ("github.com/cloudposse/terraform-aws-iam-system-user?ref=tags/0.23.1".into(), None, (0, 23, 0)),
        ] {
            let found = find(&source, version).unwrap();
            assert_eq!((found.row.from, found.unknown_version), (from, None), "{source} {version:?}");
        }
    }

    #[test]
    fn an_unknown_version_is_the_last_row_and_is_said() {
        let main = "github.com/terraform-aws-modules/terraform-aws-iam//modules/iam-user?ref=main";
        for (source, version, said) in [(USER_MODULE, Some("~> 9.0"), "~> 9.0"), (main, None, "main")] {
            let found = find(source, version).unwrap();
            assert_eq!((found.row.from, found.unknown_version.as_deref()), ((6, 0, 0), Some(said)));
        }
    }

    #[test]
    fn other_modules_are_not_in_the_catalogue() {
        for source in [
            "terraform-aws-modules/iam/aws",
            "terraform-aws-modules/iam/aws//modules/iam-user-extra",
            "example.com/terraform-aws-modules/iam/aws//modules/iam-user",
            "cloudposse/iam-user/aws",
            "./modules/iam-user",
        ] {
            assert!(find(source, None).is_none(), "{source}");
            assert_eq!(makes_keys(source), None);
        }
        assert_eq!((makes_keys(USER_MODULE), makes_keys("cloudposse/label/null")), (Some(true), Some(false)));
    }
}
