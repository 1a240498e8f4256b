//! What readers of the machine formats demand, whatever a report says.
//!
//! Sources: GitLab documentation, "Code Quality report format"; the schema `junit-10.xsd` of Jenkins' xUnit plugin, and
//! GitLab's "Unit test reports", which read `file` of a test case besides.

use std::collections::BTreeSet;

use serde_json::Value;

use super::project::{ONE_KEY, Project, TWO_KEYS, list};

const HOSTILE: &str = "a%0A|<b>&\"c\"\u{202e}/main.tf";

/// A clean run, findings, what is not decided, latent ones that are shown, hostile names, and nothing at all.
fn projects() -> Vec<Project> {
    let two = |user: &str| TWO_KEYS.replace("\"ci\"", user);
    let hostile = two("var.names[\"]]></testcase>&<!--\\u001b[31m\"]");
    let hostile = hostile + "variable \"names\" {\n  type = map(string)\n}\n";
    let latent = "variable \"n\" {\n  default = 1\n}\nresource \"aws_iam_access_key\" \"k\" {\n  count = var.n\n  user = \"ci\"\n}\n";
    vec![
        Project::new(&[("main.tf", ONE_KEY)]),
        Project::new(&[("a/main.tf", TWO_KEYS), ("b/main.tf", TWO_KEYS), ("b/c/main.tf", TWO_KEYS)]),
        Project::new(&[
            ("main.tf", TWO_KEYS),
            ("x/main.tf", "resource \"aws_iam_access_key\" \"k\" {\n  user =\n"),
        ]),
        Project::new(&[("main.tf", latent)]),
        Project::new(&[(HOSTILE, &hostile), ("b/main.tf", &hostile)]),
        Project::new(&[("notes.txt", "")]),
    ]
}

fn each_report(format: &str, check: impl Fn(&str)) {
    for project in projects() {
        for show in ["possible", "latent"] {
            check(&project.run(&["check", "--format", format, "--show", show]).stdout);
        }
    }
}

#[test]
fn gitlab_reads_every_entry_of_a_code_quality_report() {
    each_report("gitlab", |text| {
        let report: Value = serde_json::from_str(text).unwrap();
        let mut prints = BTreeSet::new();
        for entry in list(&report) {
            let said = |name: &str| {
                entry[name]
                    .as_str()
                    .filter(|text| !text.is_empty())
                    .unwrap_or_else(|| panic!("{name}: {entry}"))
            };
            said("description");
            said("check_name");
            assert!(prints.insert(said("fingerprint").to_owned()), "{text}");
            let severities = ["info", "minor", "major", "critical", "blocker"];
            assert!(severities.contains(&said("severity")), "{entry}");
            let path = entry["location"]["path"].as_str().unwrap();
            assert!(
                !path.is_empty() && !path.starts_with(['.', '/']),
                "{path} is not relative to the repository"
            );
            assert!(entry["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{entry}");
        }
    });
}

/// An element: its name, its attributes, and how deep it is.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    parent: String,
}

/// The elements of a document without comments, sections of CDATA and instructions, in their order.
fn elements(text: &str) -> Vec<Element> {
    let (head, body) = text.split_once("?>\n").unwrap();
    assert_eq!(head, "<?xml version=\"1.0\" encoding=\"UTF-8\"");
    let is_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(is_xml), "{text}");
    let (mut open, mut out): (Vec<String>, Vec<Element>) = (Vec::new(), Vec::new());
    for part in body.split('<').skip(1) {
        let (tag, content) = part.split_once('>').unwrap();
        assert!(!content.contains('>') && !content.contains("]]"), "{content}");
        for after in part.split('&').skip(1) {
            let entity = after.split_once(';').unwrap().0;
            assert!(["amp", "lt", "gt", "quot"].contains(&entity), "&{entity};");
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (whole, tag) = tag.strip_suffix('/').map_or((false, tag), |tag| (true, tag));
        let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        let pieces: Vec<&str> = rest.split('"').collect();
        let pairs = pieces
            .chunks_exact(2)
            .map(|pair| (pair[0].trim().trim_end_matches('=').to_owned(), pair[1].to_owned()));
        let parent = open.last().cloned().unwrap_or_default();
        out.push(Element { name: name.to_owned(), attributes: pairs.collect(), parent });
        if !whole {
            open.push(name.to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
    out
}

#[test]
fn a_junit_report_keeps_to_the_schema() {
    // By element: its parent, the attributes that it must have, and those that it may.
    let rows: [(&str, &str, &[&str], &[&str]); 7] = [
        ("testsuites", "", &[], &["name", "tests", "failures", "errors", "skipped"]),
        ("testsuite", "testsuites", &["name", "tests", "failures", "errors"], &["skipped"]),
        ("testcase", "testsuite", &["name", "classname"], &["file", "line"]),
        ("failure", "testcase", &["type", "message"], &[]),
        ("error", "testcase", &["type", "message"], &[]),
        ("skipped", "testcase", &["message"], &[]),
        ("system-out", "testsuite", &[], &[]),
    ];
    each_report("junit", |text| {
        let all = elements(text);
        for element in &all {
            let (_, parent, must, may) = rows.iter().find(|row| row.0 == element.name).unwrap();
            assert_eq!(element.parent, *parent, "{text}");
            let names: Vec<&str> = element.attributes.iter().map(|(name, _)| name.as_str()).collect();
            assert!(must.iter().all(|name| names.contains(name)), "{} has {names:?}", element.name);
            assert!(names.iter().all(|name| must.contains(name) || may.contains(name)), "{names:?}");
        }
        let count = |name: &str| all.iter().filter(|e| e.name == name).count().to_string();
        let (suites, found) =
            (&all[0], [("tests", "testcase"), ("failures", "failure"), ("errors", "error")]);
        for (attribute, element) in found {
            let said = suites.attributes.iter().find(|(name, _)| name == attribute);
            assert_eq!(said.map(|(_, value)| value.clone()), Some(count(element)), "{text}");
        }
        assert_ne!(count("testcase"), "0", "a report without a test is refused by Jenkins");
    });
}

#[test]
fn the_problem_matcher_finds_each_line_of_concise() {
    let matcher: Value = serde_json::from_str(include_str!("../../.github/lonekey-matcher.json")).unwrap();
    let patterns: Vec<regex::Regex> = list(&matcher["problemMatcher"])
        .iter()
        .map(|one| regex::Regex::new(one["pattern"][0]["regexp"].as_str().unwrap()).unwrap())
        .collect();
    each_report("concise", |text| {
        let (last, lines) =
            text.lines().collect::<Vec<_>>().split_last().map(|(l, a)| (*l, a.to_vec())).unwrap();
        assert!(last.starts_with("lonekey: ") && !patterns.iter().any(|p| p.is_match(last)), "{last}");
        for line in lines {
            assert_eq!(patterns.iter().filter(|p| p.is_match(line)).count(), 1, "{line}");
        }
    });
}
