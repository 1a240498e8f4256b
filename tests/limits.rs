//! Configurations that grow without end are answered: with the verdict that still holds, or with the limit that was met.
//!
//! Each test states the answer, not the time: limits count elements, instances and steps, so an answer that comes at all
//! comes on every machine. None of these may take more than two seconds and 256 MiB in a release build; the longest lists
//! are held to that, in seconds of the processor (`limits/measured.rs`).

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "limits/measured.rs"]
mod measured;
#[path = "limits/numbers.rs"]
mod numbers;
#[path = "limits/table.rs"]
mod table;

use std::fmt::Write;
use std::fs;

use lonekey::cli::{Command, parse};
use lonekey::judge::finding::{Level, Outcome};
use lonekey::problem::ProblemKind;
use lonekey::report::exit_code;
use lonekey::run::examine;
use lonekey::source::Files;

/// What `lonekey check` makes of a folder with these files.
fn check(files: &[(String, String)]) -> Answer {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let Ok(Command::Check(options)) = parse(["lonekey", "check"]) else { panic!("`check` was asked for") };
    let outcome = examine(&options, &Files::new(folder.path().to_path_buf()), &|_| {}).unwrap();
    Answer { exit: exit_code(&outcome), outcome }
}

/// The same, of one file.
fn check_text(text: &str) -> Answer {
    check(&[("main.tf".into(), text.into())])
}

struct Answer {
    exit: u8,
    outcome: Outcome,
}

impl Answer {
    /// Each finding's level and its user's name.
    fn findings(&self) -> Vec<(Level, Option<&str>)> {
        self.outcome.findings.iter().map(|f| (f.level, f.user.name.as_deref())).collect()
    }

    /// Nothing was left out.
    fn is_whole(&self) -> &Self {
        assert!(self.outcome.incomplete.is_empty(), "{:#?}", self.outcome.incomplete);
        self
    }

    /// A limit was met, and what is said of it begins so.
    fn names(&self, limit: &str) -> &Self {
        let said = |p: &lonekey::problem::Problem| p.kind.name() == "budget" && p.reason.contains(limit);
        assert!(self.outcome.incomplete.iter().any(said), "{limit:?}: {:#?}", self.outcome.incomplete);
        assert_eq!(self.exit, 2);
        self
    }

    /// Terraform refuses it, and what is said of that begins so.
    fn refuses(&self, reason: &str) {
        let said =
            |p: &lonekey::problem::Problem| p.kind == ProblemKind::Refused && p.reason.contains(reason);
        assert!(self.outcome.incomplete.iter().any(said), "{reason:?}: {:#?}", self.outcome.incomplete);
        assert_eq!(self.exit, 2);
    }
}

fn key(arguments: &str) -> String {
    format!("resource \"aws_iam_access_key\" \"k\" {{\n  {arguments}\n}}\n")
}

/// Locals of which each is made of the one before it (`@`).
fn chain(count: usize, first: &str, next: &str) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for i in 1..=count {
        writeln!(text, "  a{i} = {}", next.replace('@', &format!("local.a{}", i - 1))).unwrap();
    }
    text + "}\n"
}

const OTHER: &str = "resource \"aws_iam_access_key\" \"one\" {\n  user = \"other\"\n}\n\n\
    resource \"aws_iam_access_key\" \"two\" {\n  user = \"other\"\n}\n";

#[test]
fn two_of_a_thousand_million_instances_are_enough() {
    let answer = check_text(&key("count = 1000000000\n  user = \"deploy\""));
    assert_eq!((answer.findings(), answer.exit), (vec![(Level::Certain, Some("deploy"))], 1));
    let keys = &answer.is_whole().outcome.findings[0].keys;
    assert_eq!((keys.len(), keys[0].address.as_str()), (1, "aws_iam_access_key.k[*]"));
    assert_eq!(keys[0].instances, Some(1_000_000_000));
}

#[test]
fn an_index_in_the_name_tells_a_thousand_million_instances_apart() {
    let answer = check_text(&key("count = 1000000000\n  user = \"deploy-${count.index}\""));
    assert_eq!((answer.findings(), answer.exit), (vec![], 0));
    answer.is_whole();
}

#[test]
fn what_is_computed_of_too_many_indices_is_not_taken_for_distinct() {
    let answer = check_text(&key("count = 1000000000\n  user = \"deploy-${count.index % 2}\""));
    answer.names("more than 10000 instances");
    let answer = check_text(&key(
        "count = 1000000000\n  user = \"u\"\n  status = count.index == 0 ? \"Active\" : \"Inactive\"",
    ));
    answer.names("more than 10000 instances");
}

#[test]
fn fewer_instances_are_followed_one_by_one() {
    let answer = check_text(&key("count = 1000\n  user = \"deploy-${count.index % 999}\""));
    assert_eq!(answer.findings(), [(Level::Certain, Some("deploy-0"))]);
    assert_eq!(answer.is_whole().outcome.findings[0].keys.len(), 2);
}

#[test]
fn a_range_past_terraforms_own_limit_is_refused() {
    let each = "for_each = toset([for i in range(0, 1e9) : tostring(i)])\n  user = each.key";
    check_text(&key(each)).refuses("1024");
    let text = "locals {\n  name = join(\"\", [for i in range(1e7) : \"x\"])\n}\n";
    let answer = check_text(&format!("{text}{}{OTHER}", key("user = local.name")));
    answer.refuses("1024");
}

#[test]
fn a_module_that_calls_itself_is_refused() {
    let child = format!("module \"again\" {{\n  source = \"../child\"\n}}\n{}", key("user = \"deploy\""));
    let root = "module \"child\" {\n  source = \"./child\"\n}\n";
    check(&[("main.tf".into(), root.into()), ("child/main.tf".into(), child)]).refuses("calls itself");
}

/// Thirty modules of which each has two of the next one; the last one is `leaf`.
fn doubled(call: &str, last: &str, name: &str, leaf: &str) -> Vec<(String, String)> {
    let body = |next: usize, extra: &str| {
        let at = if next == 0 { "./m0".to_string() } else { format!("../m{next}") };
        format!("{extra}{}", call.replace("SOURCE", &at).replace("NAME", name))
    };
    let variable = if name.is_empty() { "" } else { "variable \"n\" {\n  type = string\n}\n" };
    let mut files = vec![("main.tf".to_string(), body(0, "").replace("var.n", "\"u\""))];
    files.extend((0..29).map(|i| (format!("m{i}/main.tf"), body(i + 1, variable))));
    files.push(("m29/main.tf".into(), format!("{variable}{last}{leaf}")));
    files
}

#[test]
fn a_thousand_million_module_instances_with_one_user_are_enough() {
    let call = "module \"m\" {\n  source = \"SOURCE\"\n  count = 2\n}\n";
    let answer = check(&doubled(call, "", "", &key("user = \"deploy\"")));
    answer.names("module instances");
    assert_eq!(answer.findings(), [(Level::Certain, Some("deploy"))]);
    assert_eq!(answer.outcome.findings[0].keys.len(), 1, "one entry stands for all of them");
}

#[test]
fn a_thousand_million_module_instances_with_their_own_users_are_not_followed() {
    let call = "module \"m\" {\n  source = \"SOURCE\"\n  count = 2\n  n = \"${var.n}-${count.index}\"\n}\n";
    let answer = check(&doubled(call, "", "n", &key("user = var.n")));
    answer.names("module instances");
    assert_eq!(answer.findings(), []);
}

#[test]
fn calls_in_pairs_are_no_better_than_counts() {
    let call = "module \"a\" {\n  source = \"SOURCE\"\n}\n\nmodule \"b\" {\n  source = \"SOURCE\"\n}\n";
    let answer = check(&doubled(call, "", "", &key("user = \"deploy\"")));
    answer.names("module instances");
    assert_eq!(answer.findings(), [(Level::Certain, Some("deploy"))]);
}

#[test]
fn a_million_keys_in_a_thousand_modules_are_not_all_followed() {
    let root = "module \"m\" {\n  source = \"./m\"\n  count  = 1000\n}\n";
    let files =
        [("main.tf".into(), root.into()), ("m/main.tf".into(), key("count = 1000\n  user = \"deploy\""))];
    let answer = check(&files);
    answer.names("access keys and users");
    assert_eq!(answer.findings(), [(Level::Certain, Some("deploy"))]);
}

#[test]
fn loops_in_loops_end_with_the_steps() {
    let loops = "locals {\n  n = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i + j + k]]]\n}\n";
    check_text(&format!("{loops}{}", key("count = length(local.n)\n  user = \"deploy-${count.index}\"")))
        .names("steps");
    // What nothing needs is not computed.
    let answer = check_text(&format!("{loops}{}", key("user = \"deploy\"")));
    assert_eq!((answer.findings(), answer.exit), (vec![], 0));
}

#[test]
fn chains_of_references_are_followed_as_deep_as_people_write_them() {
    let answer =
        check_text(&[chain(1_000, "\"other\"", "@"), key("user = local.a1000"), OTHER.into()].concat());
    assert_eq!(answer.is_whole().findings(), [(Level::Certain, Some("other"))]);
    assert_eq!(answer.outcome.findings[0].keys.len(), 3);
    let answer =
        check_text(&[chain(20_000, "\"other\"", "@"), key("user = local.a20000"), OTHER.into()].concat());
    answer.names("1500 deep");
    assert_eq!(answer.findings(), [(Level::Certain, Some("other"))], "what is beside it is still judged");
}

#[test]
fn lengths_of_long_filtered_lists_are_told() {
    let list = "variable \"s\" {\n  type = string\n}\nlocals {\n  n = [for i in range(120) : i if var.s != \"x${i}\"]\n}\n";
    let counted =
        |count: &str| check_text(&format!("{list}{}", key(&format!("count = {count}\n  user = \"deploy\""))));
    // At most one of them is left out.
    let answer = counted("length(local.n) >= 119 ? 2 : 0");
    assert_eq!(answer.is_whole().findings(), [(Level::Certain, Some("deploy"))]);
    let answer = counted("length(local.n) == 119 ? 2 : 0");
    assert_eq!(answer.is_whole().findings(), [(Level::Possible, Some("deploy"))]);
    let answer = counted("length(local.n) < 119 ? 2 : 0");
    assert_eq!(answer.is_whole().findings(), []);
}

#[test]
fn what_doubles_itself_is_not_followed() {
    let text = chain(60, "\"u\"", "\"${@}${@}\"");
    check_text(&format!("{text}{}", key("user = local.a60"))).names("longer than 4 MiB");
    let list = chain(60, "[\"u\"]", "concat(@, @)");
    check_text(&format!("{list}{}", key("count = length(local.a60)\n  user = \"deploy\"")))
        .names("more than 250000 elements");
    let nested = chain(60, "[\"u\"]", "[@, @]");
    for user in ["jsonencode(local.a60)", "join(\"\", flatten(local.a60))"] {
        check_text(&format!("{nested}{}", key(&format!("user = {user}")))).names("more than 250000 elements");
    }
    let equal = "count = local.a60 == local.a59 ? 2 : 1\n  user = \"deploy\"";
    check_text(&format!("{nested}{}", key(equal))).names("more than 250000 elements");
    let free =
        "variable \"x\" {\n  type = list(string)\n}\n".to_string() + &chain(60, "var.x", "concat(@, @)");
    let answer = check_text(&format!("{free}{}", key("count = length(local.a60)\n  user = \"deploy\"")));
    assert_eq!(answer.findings(), [(Level::Possible, Some("deploy"))]);
}

#[test]
fn text_that_grows_tenfold_is_not_followed() {
    let text = chain(12, "\"xxxxxxxxxx\"", "replace(@, \"x\", \"xxxxxxxxxx\")");
    check_text(&format!("{text}{}", key("user = local.a12"))).names("longer than 4 MiB");
    let text = chain(12, "\"xxxxxxxxxx\"", "replace(@, \"/(x)/\", \"$1$1$1$1$1$1$1$1\")");
    check_text(&format!("{text}{}", key("user = local.a12"))).names("longer than 4 MiB");
    check_text(&key("user = format(\"%1000000000d\", 1)")).names("longer than 4 MiB");
    check_text(&key("user = indent(100000000, \"a\\nb\\nc\")")).names("longer than 4 MiB");
}

#[test]
fn products_of_thousands_are_not_followed() {
    let locals = "locals {\n  r = [for i in range(1000) : \"r${i}\"]\n}\n";
    let each =
        "for_each = toset([for p in setproduct(local.r, local.r, local.r) : join(\"-\", p)])\n  user = \"u\"";
    let answer = check_text(&format!("{locals}{}", key(each)));
    answer.names("more than 250000 elements");
    // Nobody could set what was not followed, so no witness is shown.
    assert!(answer.outcome.findings.iter().all(|f| f.level == Level::Possible && f.when.is_none()));
}

#[test]
fn thirty_conditional_maps_stay_small() {
    let mut text = String::new();
    for i in 0..30 {
        writeln!(text, "variable \"c{i}\" {{\n  type = bool\n}}").unwrap();
    }
    text += "locals {\n  m = merge(\n";
    for i in 0..30 {
        writeln!(text, "    var.c{i} ? {{ k{i} = \"deploy\" }} : {{}},").unwrap();
    }
    text += "  )\n}\n";
    let answer = check_text(&format!("{text}{}", key("for_each = local.m\n  user = each.value")));
    assert_eq!(answer.is_whole().findings(), [(Level::Possible, Some("deploy"))]);
    let finding = &answer.outcome.findings[0];
    assert_eq!((finding.keys.len(), finding.when.as_ref().map(Vec::len)), (30, Some(2)));
}

#[test]
fn two_thousand_switches_are_never_clean() {
    let mut text = String::new();
    for i in 0..2_000 {
        writeln!(text, "variable \"c{i}\" {{\n  type = bool\n}}").unwrap();
        writeln!(text, "resource \"aws_iam_access_key\" \"k{i}\" {{").unwrap();
        writeln!(text, "  count = var.c{i} ? 1 : 0\n  user = \"deploy\"\n}}").unwrap();
    }
    let answer = check_text(&text);
    assert_eq!(answer.findings(), [(Level::Possible, Some("deploy"))]);
}

#[test]
fn fifteen_hundred_keys_of_one_user_are_one_entry() {
    let each =
        "for_each = toset([for p in setproduct(range(50), range(30)) : join(\"-\", p)])\n  user = \"deploy\"";
    let answer = check_text(&key(each));
    assert_eq!(answer.is_whole().findings(), [(Level::Certain, Some("deploy"))]);
    let keys = &answer.outcome.findings[0].keys;
    assert_eq!((keys.len(), keys[0].address.as_str()), (1, "aws_iam_access_key.k[*]"));
    assert_eq!(keys[0].instances, Some(1_500));
}

/// Five thousand names, users that have them, and keys of those users.
fn thousands(user: &str, key: &str) -> String {
    let names: Vec<String> = (0..5_000).map(|i| format!("\"n{i}\"")).collect();
    let names = format!("locals {{\n  names = [{}]\n  set = toset(local.names)\n}}\n", names.join(", "));
    format!("{names}resource \"aws_iam_user\" \"u\" {{\n  {user}\n}}\n{}", self::key(key))
}

/// One key of each user is clean; of the first one there is another key.
fn all_but_one_are_clean(user: &str, key: &str) {
    let text = thousands(user, key);
    let answer = check_text(&text);
    assert_eq!((answer.findings(), answer.exit), (vec![], 0), "{key}");
    answer.is_whole();
    let other = "resource \"aws_iam_access_key\" \"other\" {\n  user = \"n0\"\n}\n";
    let answer = check_text(&format!("{text}{other}"));
    assert_eq!(answer.is_whole().findings(), [(Level::Certain, Some("n0"))], "{key}");
}

const COUNTED: &str = "count = length(local.names)\n  name = local.names[count.index]";
const LOOPED: &str = "for_each = local.set\n  name = each.key";

#[test]
fn five_thousand_users_are_read_one_by_one() {
    let counted = "count = length(aws_iam_user.u)\n  user = ";
    let looped = "for_each = local.set\n  user = ";
    all_but_one_are_clean(COUNTED, &format!("{counted}aws_iam_user.u[count.index].name"));
    all_but_one_are_clean(COUNTED, &format!("{counted}element(aws_iam_user.u.*.name, count.index)"));
    all_but_one_are_clean(COUNTED, &format!("{counted}tolist(aws_iam_user.u)[count.index].name"));
    all_but_one_are_clean(COUNTED, &format!("{counted}aws_iam_user.u.*.id[count.index]"));
    all_but_one_are_clean(LOOPED, &format!("{looped}aws_iam_user.u[each.key].name"));
    all_but_one_are_clean(LOOPED, &format!("{looped}lookup(aws_iam_user.u, each.key).name"));
    all_but_one_are_clean(LOOPED, &format!("{counted}values(aws_iam_user.u)[count.index].name"));
    all_but_one_are_clean(LOOPED, &format!("{counted}[for u in aws_iam_user.u : u.name][count.index]"));
}

#[test]
fn one_of_five_thousand_is_found_without_looking_at_all_of_them() {
    let counted = "count = length(aws_iam_user.u)\n  user = ";
    let looped = "for_each = local.set\n  user = ";
    let slice = "slice(aws_iam_user.u.*.name, count.index, count.index + 1)";
    all_but_one_are_clean(COUNTED, &format!("{counted}one({slice})"));
    all_but_one_are_clean(COUNTED, &format!("{looped}aws_iam_user.u[index(local.names, each.key)].name"));
    let keys = "matchkeys(aws_iam_user.u[*].id, aws_iam_user.u[*].name, [each.key])[0]";
    all_but_one_are_clean(COUNTED, &format!("{looped}{keys}"));
    let status = "status = contains(local.names, each.key) ? \"Active\" : \"Inactive\"";
    all_but_one_are_clean(LOOPED, &format!("{looped}each.key\n  {status}"));
    all_but_one_are_clean(LOOPED, &format!("{counted}(values(aws_iam_user.u)[*].name)[count.index]"));
}

#[test]
fn what_is_no_list_is_refused_without_looking_at_all_of_them() {
    // An index behind `[*]` is of each element.
    let key = "count = length(aws_iam_user.u)\n  user = aws_iam_user.u[*].name[count.index]";
    let answer = check_text(&thousands(COUNTED, key));
    answer.refuses("no elements");
    assert!(answer.outcome.incomplete.iter().all(|p| p.kind == ProblemKind::Refused));
}

#[test]
fn loops_over_five_thousand_names_in_a_template_are_whole() {
    let names: Vec<String> = (0..5_000).map(|i| format!("n{i}")).collect();
    let of = |kind: &str, letter: &str| {
        format!(
            "  Fn::ForEach::{letter}:\n  - N\n  - !Ref Names\n  - {letter}${{N}}:\n      Type: {kind}\n      \
             Properties: {{UserName: !Ref N}}\n"
        )
    };
    let text = format!(
        "Transform: AWS::LanguageExtensions\nParameters:\n  Names: {{Type: CommaDelimitedList, Default: \"{}\"}}\n\
         Resources:\n{}{}",
        names.join(","),
        of("AWS::IAM::User", "U"),
        of("AWS::IAM::AccessKey", "K")
    );
    let answer = check(&[("t.yaml".into(), text.clone())]);
    assert_eq!((answer.is_whole().findings(), answer.exit), (vec![], 0));
    let other = "  Other: {Type: AWS::IAM::AccessKey, Properties: {UserName: n0}}\n";
    let answer = check(&[("t.yaml".into(), text + other)]);
    assert_eq!(answer.is_whole().findings(), [(Level::Certain, Some("n0"))]);
}

#[test]
fn five_thousand_users_that_an_input_decides_are_read_one_by_one() {
    let count = "count = var.on ? length(local.names) : 0";
    let user = format!("{count}\n  name = local.names[count.index]");
    let input = "variable \"on\" {\n  type = bool\n}\n";
    let other = "resource \"aws_iam_access_key\" \"other\" {\n  user = \"n0\"\n}\n";
    for (read, other, found) in [
        ("aws_iam_user.u[count.index].name", "", None),
        (
            "element(concat(aws_iam_user.u.*.name, [\"\"]), count.index)",
            other,
            Some((Level::Possible, Some("n0"))),
        ),
    ] {
        let text = format!("{input}{}{other}", thousands(&user, &format!("{count}\n  user = {read}")));
        let answer = check_text(&text);
        assert_eq!(answer.is_whole().findings(), found.as_slice(), "{read}");
    }
}

#[test]
fn five_thousand_module_instances_are_read_one_by_one() {
    let module = "variable \"name\" {}\nresource \"aws_iam_user\" \"u\" {\n  name = var.name\n}\n\
        output \"name\" {\n  value = aws_iam_user.u.name\n}\n";
    let call = "module \"m\" {\n  source = \"./m\"\n  for_each = local.set\n  name = each.key\n}\n";
    let text = thousands(LOOPED, "for_each = local.set\n  user = module.m[each.key].name");
    let answer = check(&[("main.tf".into(), format!("{text}{call}")), ("m/main.tf".into(), module.into())]);
    assert_eq!(answer.is_whole().findings(), []);
}

/// What the origins of a name ask for at each key is computed once: the file that is decoded, the object, the list that a
/// call passes.
#[test]
fn a_thousand_elements_of_what_is_computed_are_read_one_by_one() {
    let users: Vec<String> = (0..1_000).map(|i| format!("{{ name = \"u{i}\" }}")).collect();
    let decoded: String = (0..1_000).map(|i| format!("- {{name: u{i}}}\n")).collect();
    let keys = |of: &str| key(&format!("count = length({of})\n  user = {of}[count.index].name"));
    let file = "locals {\n  d = yamldecode(file(\"${path.module}/u.yaml\")).users\n}\n";
    let object = format!("locals {{\n  d = {{ users = [{}] }}\n}}\n", users.join(", "));
    let passed = "resource \"aws_iam_user\" \"u\" {\n  count = 1000\n  name = \"u${count.index}\"\n}\n\
        module \"m\" {\n  source = \"./m\"\n  us = aws_iam_user.u[*].name\n}\n";
    let named = key("count = length(var.us)\n  user = var.us[count.index]");
    let module = format!("variable \"us\" {{\n  type = list(string)\n}}\n{named}");
    for files in [
        vec![("main.tf", format!("{file}{}", keys("local.d"))), ("u.yaml", format!("users:\n{decoded}"))],
        vec![("main.tf", format!("{object}{}", keys("local.d.users")))],
        vec![("main.tf", passed.to_string()), ("m/main.tf", module)],
    ] {
        let files: Vec<_> = files.into_iter().map(|(path, text)| (path.to_string(), text)).collect();
        let answer = check(&files);
        assert_eq!(answer.is_whole().findings(), [], "{}", files[0].1);
        assert_eq!(answer.outcome.summary.keys, 1_000);
    }
}

#[test]
fn the_one_name_that_is_looked_for_is_compared_with_no_other() {
    let user = "[for u in aws_iam_user.u : u.name if u.name == each.key][0]";
    let answer = check_text(&thousands(LOOPED, &format!("for_each = local.set\n  user = {user}")));
    assert_eq!(answer.is_whole().findings(), []);
}

#[test]
fn users_that_a_function_makes_of_one_input_are_not_asked_about_in_pairs() {
    let mut text = String::from("variable \"team\" {\n  type = string\n}\n");
    for i in 0..400 {
        writeln!(
            text,
            "resource \"aws_iam_access_key\" \"k{i}\" {{\n  user = replace(\"${{var.team}}-{i}\", \"_\", \"-\")\n}}"
        )
        .unwrap();
    }
    assert_eq!(check_text(&text).is_whole().findings(), []);
}

#[test]
fn comparing_all_names_with_all_others_ends_with_the_steps() {
    let user = "[for u in aws_iam_user.u : u.name if startswith(each.key, u.name)][0]";
    check_text(&thousands(LOOPED, &format!("for_each = local.set\n  user = {user}"))).names("steps");
}
