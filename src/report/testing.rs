//! Outcomes built by hand, for the tests of every format.

use std::path::{Path, PathBuf};

use super::{Host, Report};
use crate::judge::finding::*;
use crate::source::Files;
use crate::span::{FileId, Loc, Span};
use crate::unit::{UnitKind, UnitName};

/// Everything of an outcome.
pub fn report<'a>(files: &'a Files, outcome: &'a Outcome) -> Report<'a> {
    Report { outcome, files, show_all: false, host: Host::UNKNOWN }
}

/// A reader with nothing in it.
pub fn files() -> Files {
    Files::new(PathBuf::from("/work"))
}

/// Text under a path.
pub fn insert(files: &Files, path: &str, text: &str) -> FileId {
    files.insert(Path::new(path), text.as_bytes().to_vec()).unwrap()
}

/// Where `needle` stands for the `nth` time (from 0) in `file`.
pub fn at(files: &Files, file: FileId, needle: &str, nth: usize) -> Loc {
    let source = files.source(file);
    let (start, found) = source.text.match_indices(needle).nth(nth).unwrap();
    Loc::new(file, Span::new(start, start + found.len()))
}

/// A Terraform key with that address and header.
pub fn key(address: &str, location: Loc) -> FoundKey {
    FoundKey {
        address: address.into(),
        kind: "aws_iam_access_key".into(),
        status: Some(Status::Active),
        location,
        places: Vec::new(),
        construct: None,
        origin: None,
        instances: None,
    }
}

/// A certain finding over `keys`, for `deploy`.
pub fn certain(keys: Vec<FoundKey>) -> Finding {
    Finding {
        level: Level::Certain,
        standing: Standing::Open,
        lapsed: false,
        fails: true,
        shown: true,
        user: FoundUser {
            name: Some("deploy".into()),
            address: Some("aws_iam_user.deploy".into()),
            expression: Some("aws_iam_user.deploy.name".into()),
            location: None,
        },
        same_user: "both keys refer to aws_iam_user.deploy".into(),
        account: None,
        unit: UnitName { kind: UnitKind::Terraform, path: "infra".into() },
        scenario: None,
        nearby: None,
        causes: Vec::new(),
        remedy: Remedy {
            situation: Situation::Blocks,
            of: keys
                .iter()
                .map(|k| Named { text: k.address.clone(), location: k.location, set: None })
                .collect(),
            from: None,
            when: None,
            others: Vec::new(),
            then: None,
        },
        keys,
        when: Some(Vec::new()),
        supplied: Vec::new(),
        all_active: true,
        notes: Vec::new(),
    }
}

/// The only finding.
pub fn the_finding(outcome: &mut Outcome) -> &mut Finding {
    &mut outcome.findings[0]
}

/// One finding's outcome.
pub fn outcome(finding: Finding) -> Outcome {
    let summary = Summary { files: 1, units: 1, users: 1, keys: finding.keys.len() as u64 };
    Outcome { findings: vec![finding], summary, ..Outcome::default() }
}

const MAIN: &str = r#"resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_access_key" "a" {
  user = aws_iam_user.deploy.name
}

# the one that the pipeline uses

resource "aws_iam_access_key" "b" {
  user   = aws_iam_user.deploy.name
  status = "Active"
}
"#;

/// A certain finding over two keys of one Terraform file, with every place that decides them.
pub fn two_keys() -> (Files, Outcome) {
    in_text(MAIN)
}

/// [`two_keys`] over another spelling of the same text.
pub fn in_text(text: &str) -> (Files, Outcome) {
    let files = files();
    let main = insert(&files, "infra/main.tf", text);
    let place = |role, needle, nth| RoleLoc { role, loc: at(&files, main, needle, nth) };
    let mut a = key("aws_iam_access_key.a", at(&files, main, "resource \"aws_iam_access_key\" \"a\"", 0));
    let mut b = key("aws_iam_access_key.b", at(&files, main, "resource \"aws_iam_access_key\" \"b\"", 0));
    a.places = vec![place(Role::User, "aws_iam_user.deploy.name", 0)];
    b.places =
        vec![place(Role::User, "aws_iam_user.deploy.name", 1), place(Role::Status, "status = \"Active\"", 0)];
    let mut finding = certain(vec![a, b]);
    finding.user.location = Some(at(&files, main, "resource \"aws_iam_user\" \"deploy\"", 0));
    (files, outcome(finding))
}

/// [`MAIN`] with Windows line ends.
pub fn with_crlf() -> (Files, Outcome) {
    in_text(&MAIN.replace('\n', "\r\n"))
}

/// Two keys of a template of about 2 MB on a single line, the second far to the right.
pub fn minified() -> (Files, Outcome) {
    let files = files();
    let filler = |prefix: &str| -> String {
        (0..25_000).map(|i| format!("\"{prefix}{i}\":{{\"Type\":\"AWS::SNS::Topic\"}},")).collect()
    };
    let key_text = |id: &str| {
        format!("\"{id}\":{{\"Type\":\"AWS::IAM::AccessKey\",\"Properties\":{{\"UserName\":\"deploy\"}}}},")
    };
    let text = format!(
        "{{\"Resources\":{{{}{}{}{}\"Z\":{{}}}}}}",
        filler("é"),
        key_text("KeyA"),
        filler("T"),
        key_text("KeyB")
    );
    let template = insert(&files, "big.json", &text);
    let found = |id: &str, nth| {
        let mut k = key(id, at(&files, template, &format!("\"{id}\""), 0));
        k.kind = "AWS::IAM::AccessKey".into();
        k.places = vec![RoleLoc { role: Role::User, loc: at(&files, template, "\"deploy\"", nth) }];
        k
    };
    let mut finding = certain(vec![found("KeyA", 0), found("KeyB", 1)]);
    finding.unit = UnitName { kind: UnitKind::CloudFormation, path: "big.json".into() };
    (files, outcome(finding))
}

/// [`two_keys`] in a file, and with a name, that try to act on a terminal and on a build log.
pub fn hostile() -> (Files, Outcome) {
    let acts = "\u{1b}[2J\u{202e}::error::x ##[error]x";
    let text = MAIN
        .replace("# the one", &format!("# {acts} the one"))
        .replace("  user = aws", &format!("  /* {acts} */ user = aws"));
    let (files, mut out) = in_text(&text);
    let bad = |s: &str| format!("{s}\u{1b}]0;t\u{7}\u{202e}\n::error::y](http://evil.example) ##[warning]z");
    let f = the_finding(&mut out);
    f.user.name = Some(bad("deploy"));
    f.same_user = bad("both");
    f.notes = vec![bad("note")];
    f.unit.path = bad("infra");
    f.when = Some(vec![(bad("var.x"), WhenValue::String(bad("v")))]);
    f.keys[0].address = bad("k");
    f.keys[0].construct = Some(bad("Stack"));
    f.keys[0].origin = Some(Origin {
        path: bad("app.ts"),
        line: 3,
        column: None,
        exists: true,
        at: None,
        callers: Vec::new(),
    });
    f.level = Level::Possible;
    out.incomplete = vec![crate::problem::Problem::new(
        crate::problem::ProblemKind::Syntax,
        crate::problem::Place::Path(bad("p")),
        bad("reason"),
    )];
    let place = crate::problem::Place::At(out.findings[0].keys[0].location);
    out.assumptions = vec![crate::problem::Assumption { reason: bad("assumed"), place }];
    out.inventory = out.findings[0]
        .keys
        .iter()
        .map(|k| InventoryRow {
            key: k.clone(),
            unit: out.findings[0].unit.clone(),
            account: None,
            user: Some(out.findings[0].user.clone()),
            exists: Exists::Sometimes,
            when: bad("c"),
        })
        .collect();
    (files, out)
}

/// Panics if text for people could act on a terminal or be obeyed by a build log.
pub fn assert_harmless(text: &str) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "a command: {line:?}");
        assert!(!line.contains("##["), "an old command: {line:?}");
        assert!(!line.chars().any(super::plain::is_unsafe), "an unsafe character: {line:?}");
    }
}
