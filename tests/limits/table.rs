//! Every row of the table of limits has an input that meets it, and users read its sentence.

use std::fmt::Write;

use lonekey::judge::finding::short;
use lonekey::value::limits::{LIMITS, Past};

use super::{Answer, OTHER, chain, check, check_text, doubled, key};

/// Variables `v0`, `v1`, … of a type.
fn variables(count: usize, ty: &str) -> String {
    (0..count).map(|i| format!("variable \"v{i}\" {{\n  type = {ty}\n}}\n")).collect()
}

fn each(count: usize, f: impl Fn(usize) -> String, separator: &str) -> String {
    (0..count).map(f).collect::<Vec<_>>().join(separator)
}

/// A key that a condition activates.
fn active_when(condition: &str) -> String {
    key(&format!("user = \"deploy\"\n  status = {condition} ? \"Active\" : \"Inactive\""))
}

/// The same, beside a key of the same user that is always active.
fn conditional(condition: &str) -> String {
    key("user = \"deploy\"").replace("\"k\"", "\"always\"") + &active_when(condition)
}

fn template(text: String) -> Answer {
    check(&[("template.yaml".into(), text)])
}

fn stack_of(count: usize) -> Answer {
    let child = "Resources:\n  K: {Type: AWS::IAM::AccessKey, Properties: {UserName: deploy}}\n";
    let nested = |i| {
        format!("  S{i}: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: child.yaml}}}}\n")
    };
    let parent = format!("Resources:\n{}", each(count, nested, ""));
    check(&[("child.yaml".into(), child.into()), ("parent.yaml".into(), parent)])
}

/// Modules that call each other one below the other.
fn modules_in_modules(count: usize) -> Answer {
    let call = |at: &str| format!("module \"m\" {{\n  source = \"{at}\"\n}}\n");
    let mut files = vec![("main.tf".to_string(), call("./m0") + &key("user = \"deploy\""))];
    files.extend((0..count).map(|i| (format!("m{i}/main.tf"), call(&format!("../m{}", i + 1)))));
    files.push((format!("m{count}/main.tf"), key("user = \"deploy\"")));
    check(&files)
}

/// A key for each pair of numbers.
fn pairs(rows: usize, columns: usize) -> String {
    let names = format!("[for i in range({rows}) : [for j in range({columns}) : \"${{i}}-${{j}}\"]]");
    key(&format!("for_each = toset(flatten({names}))\n  user = each.key"))
}

/// What meets the limit of this name.
fn meets(name: &str) -> Option<Answer> {
    Some(match name {
        "bytes of a text" => check_text(&(chain(60, "\"u\"", "\"${@}${@}\"") + &key("user = local.a60"))),
        "pieces of a text" => {
            let text = chain(20, "var.v0", "\"${@}-${@}\"");
            check_text(&[variables(1, "string"), text, key("user = local.a20")].concat())
        }
        "elements of a collection" => {
            let list = chain(60, "[\"u\"]", "concat(@, @)");
            check_text(&(list + &key("count = length(local.a60)\n  user = \"deploy\"")))
        }
        "alternatives of a value" => {
            let map = each(70, |i| format!("k{i} = \"u{i}\""), ", ");
            check_text(&(variables(1, "string") + &key(&format!("user = {{ {map} }}[var.v0]"))))
        }
        "bytes of a compiled pattern" => {
            check_text(&key("user = regex(\"^[\\\\p{L}\\\\p{N}]{1,1000}$\", \"deploy\")"))
        }
        "digits of a number" => {
            let digits = "1".repeat(10_001);
            check_text(&key(&format!("count = parseint(\"{digits}\", 10) > 1 ? 2 : 1\n  user = \"deploy\"")))
        }
        "comparisons of users that switch" => {
            let user = "user = var.v0 ? \"deploy\" : \"deploy-${count.index}\"";
            check_text(&(variables(1, "bool") + &key(&format!("count = 40\n  {user}"))))
        }
        "pairs of elements" => {
            let all = each(150, |i| format!("var.v{i}"), ", ");
            let each = key(&format!("for_each = toset([{all}])\n  user = \"deploy\""));
            check_text(&(variables(150, "string") + &each))
        }
        "steps of a unit" => {
            let loops =
                "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : i + j + k]]]";
            check_text(&key(&format!("count = length({loops}) > 0 ? 2 : 1\n  user = \"deploy\"")))
        }
        "files of a fileset" => {
            let key = key("for_each = fileset(path.module, \"users/*\")\n  user = each.key");
            let files = (0..20_001).map(|i| (format!("users/u{i}"), String::new()));
            check(&files.chain([("main.tf".into(), key)]).collect::<Vec<_>>())
        }
        "variables of a text" => {
            let status = "${self:custom.a}".repeat(1_001);
            let key =
                format!("{{Type: AWS::IAM::AccessKey, Properties: {{UserName: u, Status: '{status}'}}}}");
            let service = "service: s\nprovider: {name: aws}\ncustom: {a: x}\n";
            check(&[("serverless.yml".into(), format!("{service}resources: {{Resources: {{K: {key}}}}}\n"))])
        }
        "nested references" => check_text(&(chain(20_000, "\"other\"", "@") + &key("user = local.a20000"))),
        "nested references of a template" => {
            let next = |i: usize| format!("  C{}: !Not [!Condition C{i}]\n", i + 1);
            let conditions = format!("  C0: !Equals [!Ref P, a]\n{}", each(900, next, ""));
            let keys = "  A: {Type: AWS::IAM::AccessKey, Condition: C900, Properties: {UserName: u}}\n";
            template(format!(
                "Parameters: {{P: {{Type: String}}}}\nConditions:\n{conditions}Resources:\n{keys}"
            ))
        }
        "nodes of a question" => {
            // All of one half come before any of the other half that each goes with.
            let first = active_when(&each(30, |i| format!("var.v{i}"), " || ")).replace("\"k\"", "\"first\"");
            let both = each(30, |i| format!("var.v{i} && var.v{}", i + 30), " || ");
            check_text(&[variables(60, "bool"), first, active_when(&both)].concat())
        }
        "points of a condition" => {
            let all = each(14, |i| format!("${{var.v{i}}}"), "");
            check_text(&(variables(14, "string") + &conditional(&format!("md5(\"{all}\") == \"0\""))))
        }
        "steps of filling in" => {
            // Long texts take many steps each.
            let all = each(14 * 30, |i| format!("${{var.v{}}}", i % 14), "");
            let any = each(20, |i| format!("md5(\"{all}\") == \"{i}\""), ", ");
            check_text(&(variables(14, "string") + &conditional(&format!("anytrue([{any}])"))))
        }
        "bytes searched by a pattern" => {
            let searched = format!("length(regexall(\"x*y|x\", \"{}\"))", "x".repeat(20_000));
            check_text(&key(&format!("count = {searched}\n  user = \"deploy\"")))
        }
        "comparisons of unknown values" => {
            let equal = |i: usize| each(i, |j| format!("var.v{i} == var.v{j}"), ", ");
            let any = (1..14).map(equal).collect::<Vec<_>>().join(", ");
            check_text(&(variables(14, "string") + &conditional(&format!("anytrue([{any}])"))))
        }
        "nested modules" => modules_in_modules(40),
        "module instances" => check(&doubled(
            "module \"NAMEa\" {\n  source = \"SOURCE\"\n  n = \"${var.n}a\"\n}\n\
             module \"NAMEb\" {\n  source = \"SOURCE\"\n  n = \"${var.n}b\"\n}\n",
            "",
            "m",
            &key("user = var.n"),
        )),
        "keys and users of a root module" => check_text(
            &(pairs(200, 150)
                + &pairs(200, 150).replace("\"k\"", "\"l\"").replace("each.key", "\"x${each.key}\"")),
        ),
        "instances of a block" => check_text(&pairs(300, 200)),
        "instances followed one by one" => {
            check_text(&key("count = 1000000000\n  user = \"deploy-${count.index % 2}\""))
        }
        "elements of a free collection" => {
            let each = key("for_each = toset(var.v0)\n  user = each.key");
            let late = key("user = var.v0[126]").replace("\"k\"", "\"late\"");
            check_text(&[variables(1, "list(string)"), each, late].concat())
        }
        "runs of loops in a template" => {
            let items = |name: &str| each(150, |i| format!("{name}{i}"), ", ");
            let key = "'K${A}${B}': {Type: AWS::IAM::AccessKey, Properties: {UserName: !Sub 'u${A}${B}'}}";
            let inner = format!("'Fn::ForEach::B': [B, [{}], {{{key}}}]", items("b"));
            let text = format!("Resources:\n  Fn::ForEach::A: [A, [{}], {{{inner}}}]\n", items("a"));
            template(format!("Transform: AWS::LanguageExtensions\n{text}"))
        }
        "stacks" => stack_of(510),
        _ => return None,
    })
}

#[test]
fn every_limit_is_said_where_it_is_met() {
    let mut silent = String::new();
    for limit in LIMITS {
        if limit.past == Past::Cut {
            let cut = short(&"x".repeat(limit.most + 1)).ends_with(limit.says);
            assert!(cut && short(&"x".repeat(limit.most)).ends_with('x'), "{}", limit.name);
            continue;
        }
        let Some(answer) = meets(limit.name) else {
            writeln!(silent, "{}: no input meets it", limit.name).unwrap();
            continue;
        };
        let entry = answer.outcome.incomplete.iter().find(|p| p.reason.contains(limit.says));
        let note = answer.outcome.findings.iter().flat_map(|f| &f.notes).find(|n| n.contains(limit.says));
        let said = if limit.past == Past::Undecided { note.is_some() } else { entry.is_some() };
        if !said || answer.exit == 0 {
            let outcome = &answer.outcome;
            writeln!(
                silent,
                "{}: exit {}, {:#?}, {:#?}",
                limit.name, answer.exit, outcome.incomplete, outcome.findings
            )
            .unwrap();
        }
    }
    assert!(silent.is_empty(), "{silent}");
}

/// A key for each combination of `count` elements of one free list.
fn combined(count: usize) -> Answer {
    let all = each(count, |_| "var.v0".into(), ", ");
    let keys = format!("for_each = toset([for p in setproduct({all}) : join(\"-\", p)])\n  user = each.key");
    check_text(&(variables(1, "list(string)") + &key(&keys)))
}

#[test]
fn filling_in_that_meets_a_limit_is_said() {
    // Of three elements there are too many, so two of each are filled in.
    combined(2).is_whole();
    let answer = combined(14);
    let entry = &answer.outcome.incomplete[0];
    let said = "this collection has more than 250000 elements, or as much text; it counts as unknown (with up to 2 elements \
                in each collection that nothing supplies)";
    assert_eq!((answer.exit, entry.reason.as_str()), (2, said));
}

#[test]
fn what_is_proved_anyway_is_no_failure() {
    let text = chain(20, "var.v0", "\"${@}-${@}\"");
    let one = key("user = local.a20");
    let two = one.replace("\"k\"", "\"l\"");
    let answer = check_text(&[&variables(1, "string"), &text, &one, &two].map(String::as_str).concat());
    assert_eq!((answer.findings().len(), answer.exit), (1, 1), "{:#?}", answer.outcome.incomplete);
    // Beside keys of somebody else nothing is proved of it.
    let answer = check_text(&[&variables(1, "string"), &text, &one, OTHER].concat());
    assert_eq!(answer.exit, 2);
}

#[test]
fn three_hundred_switches_have_a_witness() {
    let switch = |i| {
        let block = key(&format!("count = var.v{i} ? 1 : 0\n  user = \"deploy\""));
        block.replace("\"k\"", &format!("\"k{i}\""))
    };
    let answer = check_text(&(variables(300, "bool") + &each(300, switch, "")));
    let finding = &answer.is_whole().outcome.findings[0];
    assert_eq!((finding.keys.len(), finding.when.as_ref().map(Vec::len)), (300, Some(2)));
    assert!(finding.notes.iter().all(|note| !note.contains("Not decided")), "{:?}", finding.notes);
}
