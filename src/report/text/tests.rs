use super::super::testing::*;
use super::wording::shell_quoted;
use super::*;
use crate::judge::finding::{
    Cause, Exists, FoundKey, InventoryRow, Origin, Role, RoleLoc, Status, Summary, WhenValue,
};
use crate::problem::{Assumption, Place, Problem, ProblemKind};

fn pretty(files: &Files, outcome: &Outcome) -> String {
    render(&report(files, outcome), &Style::default())
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
    let colored = render(&report(&files, &outcome), &Style { color: true, ..Style::default() });
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
    let text = render(&report(&files, &outcome), &Style { unicode: false, ..Style::default() });
    assert!(text.is_ascii(), "{text}");
}

#[test]
fn both_keys_of_a_minified_template_are_shown_with_their_columns() {
    let (files, outcome) = minified();
    let text = pretty(&files, &outcome);
    let place = |i: usize| Range::of(&files, outcome.findings[0].keys[i].location).text();
    for i in [0, 1] {
        assert!(text.contains(&format!("--> {}\n", place(i))), "{text}");
    }
    assert!(text.contains("^ key 1\n") && text.contains("^ key 2\n"), "{text}");
    assert!(text.contains(r#"`"Status": "Inactive"`"#), "{text}");
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
    let (first, second) = (text.find("--> infra/main.tf:5:1"), text.find("--> modules/k/keys.yaml:1:1"));
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
    assert!(text.contains("^ keys 1 to 6\n") && text.contains("- makes keys 1 to 6\n"), "{text}");
    assert!(text.contains("  = keys: k[0], [1], [2] to [5]\n"), "{text}");
    assert!(text.contains("gets 6 active access keys\n"), "{text}");
    the_finding(&mut outcome).all_active = false;
    assert!(pretty(&files, &outcome).contains("gets 2 or more active access keys\n"));
}

#[test]
fn an_address_is_said_where_the_header_does_not() {
    let (files, mut outcome) = two_keys();
    assert!(!pretty(&files, &outcome).contains("= keys:"));
    the_finding(&mut outcome).keys[1].address = "module.m[\"x\"].aws_iam_access_key.b".into();
    let text = pretty(&files, &outcome);
    let expected = " = keys: aws_iam_access_key.a and module.m[\"x\"].aws_iam_access_key.b\n";
    assert!(text.contains(expected), "{text}");
}

/// Two keys of one block of a module that `n` calls reach, one finding each.
fn called(files: &Files, n: usize) -> Outcome {
    let module = insert(files, "modules/bot/main.tf", "resource \"aws_iam_access_key\" \"k\" {\n}\n");
    let calls: String = (0..n).map(|i| format!("module \"m{i}\" {{\n}}\n")).collect();
    let root = insert(files, "main.tf", &calls);
    let finding = |i: usize| {
        let header = at(files, module, "resource", 0);
        let call = RoleLoc { role: Role::Call, loc: at(files, root, &format!("module \"m{i}\""), 0) };
        let keys =
            (0..2).map(|k| FoundKey { places: vec![call], ..key(&format!("module.m{i}.k[{k}]"), header) });
        certain(keys.collect())
    };
    Outcome { findings: (0..n).map(finding).collect(), ..Outcome::default() }
}

#[test]
fn findings_that_differ_in_the_call_alone_are_one_block() {
    let files = files();
    let outcome = called(&files, 3);
    let text = pretty(&files, &outcome);
    assert_eq!(text.matches("certain[").count(), 1, "{text}");
    assert!(text.contains("\n   … and 2 more calls of modules/bot (--show-all)\n"), "{text}");
    assert!(text.ends_with("3 certain\n"), "{text}");
    let all = Report { show_all: true, ..report(&files, &outcome) };
    assert_eq!(render(&all, &Style::default()).matches("certain[").count(), 3);
    assert!(!pretty(&files, &called(&files, 1)).contains("more call"));
}

#[test]
fn findings_of_other_users_that_one_edit_undoes_are_one_block() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    f.keys[1].location = f.keys[0].location;
    f.causes = vec![Cause { what: "\"v2\" makes a second access key".into(), location: f.keys[0].location }];
    let mut other = f.clone();
    other.user.name = Some("other".into());
    outcome.findings.push(other);
    let text = pretty(&files, &outcome);
    assert_eq!(text.matches("certain[").count(), 1, "{text}");
    assert!(text.contains("   … and 1 more user for the same reason (--show-all)\n"), "{text}");
    outcome.findings[1].remedy.of.pop();
    assert_eq!(pretty(&files, &outcome).matches("certain[").count(), 2);
}

#[test]
fn the_deployment_and_the_account_are_told_where_there_are_several() {
    let (files, mut outcome) = two_keys();
    the_finding(&mut outcome).account = Some("111122223333".into());
    the_finding(&mut outcome).unit.path = "live".into();
    let text = pretty(&files, &outcome);
    assert!(!text.contains("= account") && !text.contains("= root module"), "{text}");
    outcome.summary.units = 2;
    let row = |account: Option<&str>| InventoryRow {
        key: outcome.findings[0].keys[0].clone(),
        unit: outcome.findings[0].unit.clone(),
        account: account.map(str::to_owned),
        user: None,
        exists: Exists::Always,
        when: String::new(),
    };
    outcome.inventory = vec![row(None), row(Some("111122223333"))];
    let text = pretty(&files, &outcome);
    assert!(text.contains("= root module: live\n") && text.contains("= account: 111122223333\n"), "{text}");
}

#[test]
fn what_leads_to_a_key_is_drawn_before_it_and_numbers_it() {
    let files = files();
    let mut outcome = called(&files, 2);
    let second = outcome.findings.remove(1);
    the_finding(&mut outcome).keys = vec![second.keys[0].clone(), outcome.findings[0].keys[0].clone()];
    let text = pretty(&files, &outcome);
    let order = [
        "--> main.tf:1:1",
        "^ creates key 1",
        "^ creates key 2",
        "--> modules/bot/main.tf",
        "^ keys 1 and 2",
    ];
    let found: Vec<usize> =
        order.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"))).collect();
    assert!(found.is_sorted(), "{text}");
    assert!(text.contains("= keys: module.m0.k[0] and module.m1.k[0]\n"), "{text}");
}

#[test]
fn the_surest_findings_come_last_and_what_is_not_shown_is_counted() {
    let (files, mut outcome) = two_keys();
    let level = |level| Finding { level, ..outcome.findings[0].clone() };
    outcome.findings = vec![level(Level::Certain), level(Level::Latent), level(Level::Possible)];
    let text = pretty(&files, &outcome);
    let order = ["latent[", "possible[", "certain["].map(|word| text.find(word).unwrap());
    assert!(order.is_sorted(), "{text}");
    outcome.findings[1].shown = false;
    let text = pretty(&files, &outcome);
    assert!(!text.contains("latent["), "{text}");
    let closing =
        "1 certain, 1 possible in 1 deployment (2 keys of 1 user); 1 latent not shown, --show latent\n";
    assert!(text.ends_with(closing), "{text}");
}

#[test]
fn the_commands_stand_once_for_all_findings() {
    let (files, mut outcome) = two_keys();
    let mut other = outcome.findings[0].clone();
    other.user.name = Some("other".into());
    outcome.findings.push(other);
    let text = pretty(&files, &outcome);
    assert_eq!(text.matches("aws iam update-access-key --user-name USER_NAME").count(), 1, "{text}");
    for finding in &mut outcome.findings {
        finding.level = Level::Latent;
    }
    assert!(!pretty(&files, &outcome).contains("aws iam"));
}

#[test]
fn the_apps_own_line_comes_before_the_template() {
    let (files, mut outcome) = two_keys();
    let f = the_finding(&mut outcome);
    f.keys[0].kind = "AWS::IAM::AccessKey".into();
    f.keys[0].construct = Some("Stack/Deploy/Key".into());
    f.keys[1].construct = Some("stack/Deploy/Key".into());
    f.keys[0].origin = Some(Origin {
        path: "bin/app.ts".into(),
        line: 12,
        column: Some(5),
        exists: true,
        at: None,
        callers: Vec::new(),
    });
    let text = pretty(&files, &outcome);
    let origin = text.find("  --> bin/app.ts:12:5 creates key 1\n");
    assert!(origin.is_some() && origin < text.find("--> infra/main.tf"), "{text}");
    assert!(text.contains("= keys: aws_iam_access_key.a, construct Stack/Deploy/Key\n"), "{text}");
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
        flat(&text).contains("]: IAM user \"deploy\" gets 2 active access keys when var.env = \"prod\" -->")
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
    let expected = "No user has two active access keys in 2 deployments (5 keys of 4 users)\n";
    assert_eq!(pretty(&files(), &clean), expected);
    let empty = "No access key was found\n";
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
note[assumption]: two accounts
  --> m.tf:1:1
warning[remote-module]: is not on disk
  --> m.tf:1:1

error[syntax]: an expression is missing
 --> m.tf:2:7
  |
2 |   a = = 1
  |       ^^^

No access key was found; the answer is incomplete: 1 error
";
    assert_eq!(pretty(&files, &outcome), expected);
}

#[test]
fn hostile_text_is_harmless() {
    let (files, outcome) = hostile();
    for width in [40, 60, 100] {
        assert_harmless(&render(&report(&files, &outcome), &Style { width, ..Style::default() }));
    }
}
