use super::super::testing::*;
use super::remedy::shell_quoted;
use super::*;
use crate::judge::finding::{Origin, Role, RoleLoc, Status, Summary, WhenValue};
use crate::problem::{Assumption, ProblemKind};

fn pretty(files: &Files, outcome: &Outcome) -> String {
    render(outcome, files, &Style::default())
}

/// The text without its line breaks and indents.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_finding_shows_every_place_the_reason_and_the_remedy() {
    let (files, outcome) = two_keys();
    assert_eq!(pretty(&files, &outcome), include_str!("two_keys.txt"));
}

#[test]
fn windows_line_ends_change_nothing() {
    let (files, outcome) = with_crlf();
    assert_eq!(pretty(&files, &outcome), include_str!("two_keys.txt"));
}

#[test]
fn the_same_outcome_gives_the_same_bytes() {
    let (files, outcome) = two_keys();
    assert_eq!(pretty(&files, &outcome), pretty(&files, &outcome));
}

#[test]
fn colour_adds_nothing_but_colour() {
    let (files, outcome) = two_keys();
    let colored = render(&outcome, &files, &Style { color: true, ..Style::default() });
    let mut seen = String::new();
    for (i, piece) in colored.split('\u{1b}').enumerate() {
        seen.push_str(if i == 0 { piece } else { piece.split_once('m').unwrap().1 });
    }
    assert!(colored.contains('\u{1b}'));
    let trimmed = |text: &str| -> String { text.lines().map(|l| l.trim_end().to_owned() + "\n").collect() };
    assert_eq!(trimmed(&seen), pretty(&files, &outcome));
}

#[test]
fn ascii_is_ascii() {
    let (files, outcome) = two_keys();
    let text = render(&outcome, &files, &Style { unicode: false, ..Style::default() });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn both_keys_of_a_minified_template_are_shown_with_their_columns() {
    let (files, outcome) = minified();
    let text = pretty(&files, &outcome);
    let place = |i: usize| Range::of(&files, outcome.findings[0].keys[i].location).text();
    for i in [0, 1] {
        assert!(text.contains(&format!("[{}]", place(i))), "{text}");
    }
    assert!(text.contains("key 1: KeyA") && text.contains("key 2: KeyB"), "{text}");
    assert!(text.contains("user of key 2") && text.contains(r#"`"Status": "Inactive"`"#), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn keys_in_several_files_are_drawn_in_their_own() {
    let (files, mut outcome) = two_keys();
    let other = insert(&files, "modules/k/keys.yaml", "Key:\n  Type: AWS::IAM::AccessKey\n");
    let f = the_finding(&mut outcome);
    f.keys[1].location = at(&files, other, "Key", 0);
    f.keys[1].kind = "AWS::IAM::AccessKey".into();
    f.keys[1].places.clear();
    let text = pretty(&files, &outcome);
    let (first, second) = (text.find("[infra/main.tf:5:1]"), text.find("[modules/k/keys.yaml:1:1]"));
    assert!(first.is_some() && first < second, "{text}");
    assert!(flat(&text).contains("`status = \"Inactive\"` or `Status: Inactive`"), "{text}");
}

#[test]
fn instances_of_one_block_are_drawn_once() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    let header = f.keys[0].location;
    f.keys = (0..6).map(|i| key(&format!("k[{i}]"), header)).collect();
    for key in &mut f.keys {
        key.places = vec![RoleLoc { role: Role::Multiplier, loc: at(&files, header.file, "one that", 0) }];
    }
    let text = pretty(&files, &outcome);
    assert!(text.contains("keys 1 to 6: k[0] to k[5], Active: nothing sets their status"), "{text}");
    assert!(text.contains("multiplies keys 1 to 6"), "{text}");
    assert!(text.contains("at least 2 active access keys out of 6"), "{text}");
}

#[test]
fn long_addresses_have_a_line_each() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    let header = f.keys[0].location;
    f.keys = (0..3).map(|i| key(&format!("module.m[\"{i}\"].aws_iam_access_key.k"), header)).collect();
    let text = pretty(&files, &outcome);
    assert!(text.contains("┤ keys 1 to 3, Active: nothing sets their status\n"), "{text}");
    for i in 0..3 {
        assert!(text.contains(&format!("│ module.m[\"{i}\"].aws_iam_access_key.k\n")), "{text}");
    }
}

#[test]
fn the_apps_own_line_comes_before_the_template() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    f.keys[0].kind = "AWS::IAM::AccessKey".into();
    f.keys[0].construct = Some("Stack/Deploy/Key".into());
    f.keys[1].construct = Some("stack/Deploy/Key".into());
    f.keys[0].origin = Some(Origin { path: "bin/app.ts".into(), line: 12, column: Some(5), exists: true });
    let text = pretty(&files, &outcome);
    let origin = text.find("  --> key 1: construct Stack/Deploy/Key, created at bin/app.ts:12:5\n");
    assert!(origin.is_some() && origin < text.find("[infra/main.tf"), "{text}");
    assert!(
        flat(&text).contains("`status: iam.AccessKeyStatus.INACTIVE` or `status: \"Inactive\"`"),
        "{text}"
    );
}

#[test]
fn the_witness_stands_in_the_first_sentence() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    f.level = Level::Possible;
    f.when = Some(vec![("var.env".into(), WhenValue::String("prod".into()))]);
    f.keys[1].status = None::<Status>;
    let text = pretty(&files, &outcome);
    assert!(
        text.starts_with("possible: IAM user \"deploy\" has 2 active access keys when var.env = \"prod\"")
    );
}

#[test]
fn an_unknown_user_has_a_placeholder_in_the_command() {
    let (files, mut outcome) = two_keys();
    the_finding(&mut outcome).user.name = None;
    assert!(
        pretty(&files, &outcome).contains("--user-name USER_NAME --access-key-id AKIA… --status Inactive")
    );
}

#[test]
fn names_are_one_word_of_a_shell() {
    let table = [
        ("deploy", "deploy"),
        ("a.b+c=d,e@f-g_h", "a.b+c=d,e@f-g_h"),
        ("", "''"),
        ("a b", "'a b'"),
        ("$(x)'`", r"'$(x)'\''`'"),
        ("~root", "'~root'"),
        ("é", "'é'"),
    ];
    for (name, word) in table {
        assert_eq!(shell_quoted(name), word);
    }
}

#[test]
fn a_clean_run_is_one_line() {
    let summary = Summary { files: 3, units: 2, users: 4, keys: 5 };
    let clean = Outcome { summary, ..Outcome::default() };
    let expected = "No user has two active access keys (3 files, 2 units, 5 keys, 4 users)\n";
    assert_eq!(pretty(&files(), &clean), expected);
    let empty = "No access key was found (0 files, 0 units, 0 keys, 0 users)\n";
    assert_eq!(pretty(&files(), &Outcome::default()), empty);
}

#[test]
fn an_incomplete_answer_is_not_called_clean() {
    let files = files();
    let file = insert(&files, "m.tf", "resource \"x\" {\n  a = = 1\n}\n");
    let gap = Problem::new(ProblemKind::Syntax, at(&files, file, "= 1", 0), "an expression is missing");
    let harmless = Problem::new(ProblemKind::RemoteModule, Place::Path("m.tf".into()), "is not on disk");
    let assumed =
        Assumption { reason: "two accounts".into(), place: Place::At(at(&files, file, "resource", 0)) };
    let outcome =
        Outcome { incomplete: vec![gap, harmless], assumptions: vec![assumed], ..Outcome::default() };
    let expected = "\
Not decided:
  m.tf:2:7: an expression is missing [syntax, fails]
   ╭─[m.tf:2:7]
 1 │ resource \"x\" {
 2 │   a = = 1
   ·       ─┬─
   ·        ╰── here
 3 │ }
   ╰────
  m.tf:1:1: is not on disk [remote-module]

Assumed:
  m.tf:1:1: two accounts

No user with two active keys was found, but the answer is incomplete (0 files, 0 units, 0 keys, 0
users; 2 not decided)
";
    assert_eq!(pretty(&files, &outcome), expected);
}

#[test]
fn hostile_text_is_harmless() {
    let (files, outcome) = hostile();
    for width in [40, 60, 100] {
        assert_harmless(&render(&outcome, &files, &Style { width, ..Style::default() }));
    }
}
