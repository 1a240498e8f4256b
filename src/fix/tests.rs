use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::parse::respan::respan;
use crate::parse::tree::{Node, NodeKind};
use crate::parse::{hcl as parser, json, yaml};

fn source(name: &str, text: &str) -> std::sync::Arc<Source> {
    let files = Files::new("/work".into());
    let file = files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
    files.source(file)
}

fn made(text: &str, replaced: Vec<Replaced>) -> String {
    let edits = in_file(FileId(0), replaced);
    applied(text, &edits.iter().collect::<Vec<_>>()).expect("edits do not meet")
}

fn span_of(text: &str, needle: &str) -> Span {
    assert_eq!(text.matches(needle).count(), 1, "{needle}");
    let start = text.find(needle).unwrap();
    Span::new(start, start + needle.len())
}

const HEADER: &str = "resource \"aws_iam_access_key\" \"k\"";

/// A block with that inside, with its key switched off.
fn hcl_off(inside: &str) -> Option<String> {
    let text = format!("# before\n{HEADER} {inside}\n# after\n");
    let after = ("status", "\"Inactive\"");
    let replaced = hcl::set(&source("main.tf", &text), span_of(&text, HEADER), Some("user"), after)?;
    let text = made(&text, replaced);
    let inside = text.strip_prefix(&format!("# before\n{HEADER} ")).unwrap();
    Some(inside.strip_suffix("\n# after\n").unwrap().to_owned())
}

#[test]
fn a_block_gets_a_line_that_is_aligned_as_those_around_it() {
    for (before, after) in [
        ("{\n  user = \"ci\"\n}", "{\n  user   = \"ci\"\n  status = \"Inactive\"\n}"),
        (
            "{\n  user = \"ci\" # why\n\n  count = 1\n}",
            "{\n  user   = \"ci\" # why\n  status = \"Inactive\"\n\n  count = 1\n}",
        ),
        (
            "{\n\tuser    = \"ci\"\n\tpgp_key = \"k\"\n}",
            "{\n\tuser    = \"ci\"\n\tstatus  = \"Inactive\"\n\tpgp_key = \"k\"\n}",
        ),
        (
            "{\n  user=\"ci\"\n  pgp_key   =   \"k\"\n}",
            "{\n  user=\"ci\"\n  status = \"Inactive\"\n  pgp_key   =   \"k\"\n}",
        ),
        ("{\r\n  user = \"ci\"\r\n}", "{\r\n  user   = \"ci\"\r\n  status = \"Inactive\"\r\n}"),
        ("{ user = \"ci\" }", "{\n  user   = \"ci\"\n  status = \"Inactive\"\n}"),
        (
            "{\n  user   = \"ci\"\n  status = \"Active\" # yet\n}",
            "{\n  user   = \"ci\"\n  status = \"Inactive\" # yet\n}",
        ),
        ("{\n  status = null\n  user   = \"ci\"\n}", "{\n  status = \"Inactive\"\n  user   = \"ci\"\n}"),
        (
            "{\n  user = join(\"-\", [\n    \"a\",\n  ])\n  count = 1\n}",
            "{\n  user = join(\"-\", [\n    \"a\",\n  ])\n  status = \"Inactive\"\n  count  = 1\n}",
        ),
        (
            "{\n  lifecycle {\n    prevent_destroy = true\n  }\n  user = \"ci\"\n}",
            "{\n  lifecycle {\n    prevent_destroy = true\n  }\n  user   = \"ci\"\n  status = \"Inactive\"\n}",
        ),
    ] {
        assert_eq!(hcl_off(before).as_deref(), Some(after), "{before}");
    }
}

#[test]
fn what_is_no_plain_edit_is_none() {
    for inside in [
        "{\n  user = \"ci\"\n  status = var.s\n}",
        "{\n  user = \"ci\"\n  status = \"Inactive\"\n}",
        "{\n  pgp_key = \"k\"\n}",
        "{ user = \"ci\" /* why */ }",
        "/* odd */ {\n  user = \"ci\"\n}",
    ] {
        assert_eq!(hcl_off(inside), None, "{inside}");
    }
    let broken = format!("{HEADER} {{\n  user = \"ci\"\n}}\nresource {{{{\n");
    let set = hcl::set(&source("main.tf", &broken), span_of(&broken, HEADER), Some("user"), ("status", "x"));
    assert_eq!(set, None);
}

/// A template with that as the resource `Key`, with its key switched off.
fn template_off(name: &str, text: &str, key: &str) -> Option<String> {
    let start = text.find(key).unwrap();
    let header = Span::new(start, start + key.len());
    let replaced =
        tree::set(&source(name, text), header, Some("Properties"), ("UserName", "Status"), &INACTIVE)?;
    Some(made(text, replaced))
}

#[test]
fn a_template_gets_an_entry_in_its_own_style() {
    let yaml =
        |inside: &str| format!("Resources:\n  Key: # the first\n    Type: AWS::IAM::AccessKey\n{inside}");
    for (before, after) in [
        (
            "    Properties:\n      UserName: ci\n",
            "    Properties:\n      UserName: ci\n      Status: Inactive\n",
        ),
        (
            "    Properties:\n      UserName: ci",
            "    Properties:\n      UserName: ci\n      Status: Inactive",
        ),
        (
            "    Properties:\n      UserName: ci # why\n      Serial: 1\n",
            "    Properties:\n      UserName: ci # why\n      Status: Inactive\n      Serial: 1\n",
        ),
        (
            "    Properties:\n      UserName:\n        Ref: User\n  Other: {}\n",
            "    Properties:\n      UserName:\n        Ref: User\n      Status: Inactive\n  Other: {}\n",
        ),
        ("    Properties: {UserName: ci}\n", "    Properties: {UserName: ci, Status: Inactive}\n"),
        (
            "    Properties: {\n      UserName: ci, # why\n    }\n",
            "    Properties: {\n      UserName: ci, # why\n      Status: Inactive,\n    }\n",
        ),
        (
            "    Properties: {\r\n      UserName: ci # why\r\n    }\r\n",
            "    Properties: {\r\n      UserName: ci, # why\r\n      Status: Inactive\r\n    }\r\n",
        ),
        (
            "    Properties: {\n      UserName: ci,\n      Serial: 1, # one\n    }\n",
            "    Properties: {\n      UserName: ci,\n      Status: Inactive,\n      Serial: 1, # one\n    }\n",
        ),
        (
            "    Properties: { \"UserName\": \"ci\" }\n",
            "    Properties: { \"UserName\": \"ci\", \"Status\": \"Inactive\" }\n",
        ),
        (
            "    Properties:\n      UserName: ci\n      Status: 'Active'\n",
            "    Properties:\n      UserName: ci\n      Status: 'Inactive'\n",
        ),
        (
            "    Properties:\r\n      UserName: !Sub '${Env}-ci'\r\n",
            "    Properties:\r\n      UserName: !Sub '${Env}-ci'\r\n      Status: Inactive\r\n",
        ),
    ] {
        assert_eq!(
            template_off("t.yaml", &yaml(before), "Key").as_deref(),
            Some(yaml(after).as_str()),
            "{before}"
        );
    }
    for inside in [
        "    Properties: &p\n      User: ci\n",
        "    Properties:\n      UserName: ci\n      Status: !Ref S\n",
        "    Properties:\n      UserName: ci\n      Status: Inactive\n",
    ] {
        assert_eq!(template_off("t.yaml", &yaml(inside), "Key"), None, "{inside}");
    }
    let shared =
        "x: &p {UserName: ci}\nResources:\n  Key:\n    Type: AWS::IAM::AccessKey\n    Properties: *p\n";
    assert_eq!(template_off("t.yaml", shared, "Key"), None, "an alias is shared");
    let merged = "x: &p {UserName: ci}\nResources:\n  Key: &k\n    Properties: {<<: *p}\n";
    assert_eq!(template_off("t.yaml", merged, "Key"), None);
}

#[test]
fn json_gets_a_member_in_its_own_style() {
    let json = |inside: &str| {
        format!(
            "{{ \"Resources\": {{ \"Key\": {{ \"Type\": \"AWS::IAM::AccessKey\", \"Properties\": {inside} }} }} }}"
        )
    };
    for (before, after) in [
        ("{\"UserName\": \"ci\"}", "{\"UserName\": \"ci\", \"Status\": \"Inactive\"}"),
        (
            "{\n  \"UserName\": {\"Ref\": \"U\"},\n  \"Serial\": 1\n}",
            "{\n  \"UserName\": {\"Ref\": \"U\"},\n  \"Status\": \"Inactive\",\n  \"Serial\": 1\n}",
        ),
        (
            "{\r\n\t\"UserName\": \"ci\"\r\n}",
            "{\r\n\t\"UserName\": \"ci\",\r\n\t\"Status\": \"Inactive\"\r\n}",
        ),
        (
            "{\"UserName\": \"ci\", \"Status\": \"Active\"}",
            "{\"UserName\": \"ci\", \"Status\": \"Inactive\"}",
        ),
    ] {
        assert_eq!(
            template_off("t.json", &json(before), "\"Key\"").as_deref(),
            Some(json(after).as_str()),
            "{before}"
        );
    }
    let terraform = "{ \"resource\": { \"aws_iam_access_key\": { \"k\": { \"user\": \"ci\" } } } }";
    let replaced = tree::set(
        &source("main.tf.json", terraform),
        span_of(terraform, "\"k\""),
        None,
        ("user", "status"),
        &INACTIVE,
    );
    assert!(made(terraform, replaced.unwrap()).contains("{ \"user\": \"ci\", \"status\": \"Inactive\" }"));
}

#[test]
fn elements_go_with_their_comma_and_their_line() {
    let check = |name: &str, before: &str, needle: &str, after: Option<&str>| {
        let (source, at) = (source(name, before), span_of(before, needle));
        let replaced =
            if is_terraform(&source) { hcl::remove(&source, at) } else { tree::remove(&source, at) };
        assert_eq!(replaced.map(|r| made(before, r)).as_deref(), after, "{before} without {needle}");
    };
    check("a.tf", "x = [\"a\", \"b\"]\n", "\"b\"", Some("x = [\"a\"]\n"));
    check("a.tf", "x = [\"a\", \"b\"]\n", "\"a\"", Some("x = [\"b\"]\n"));
    check("a.tf", "x = toset([\"a\", \"b\", ])\n", "\"b\"", Some("x = toset([\"a\", ])\n"));
    check("a.tf", "x = [\n  \"a\", # one\n  \"b\"  # two\n]\n", "\"b\"", Some("x = [\n  \"a\", # one\n]\n"));
    check("a.tf", "x = [\n  \"a\", # one\n  \"b\"\n]\n", "\"a\"", Some("x = [\n  \"b\"\n]\n"));
    check("a.tf", "x = [\"a\",\n     \"b\"]\n", "\"b\"", Some("x = [\"a\"]\n"));
    check("a.tf", "x = {\n  a = 1\n  b = 2\n}\n", "b = 2", Some("x = {\n  a = 1\n}\n"));
    check("a.tf", "x = [\"a\", /* and */ \"b\"]\n", "\"b\"", None);
    check("a.tfvars", "x = [\"a\"]\n", "\"a\"", None);
    check("a.yaml", "x:\n  - a\n  - b # two\n  - c\n", "b", Some("x:\n  - a\n  - c\n"));
    check("a.yaml", "x:\n  - aa\n  - bb", "bb", Some("x:\n  - aa"));
    check("a.yaml", "x: [aa, bb]\n", "aa", Some("x: [bb]\n"));
    check("a.yaml", "x:\n  - - aa\n    - bb\n", "aa", None);
    check("a.yaml", "x:\n  - a\n", "a", None);
    check("a.json", "{\"x\": [\"a\", \"b\"]}", "\"b\"", Some("{\"x\": [\"a\"]}"));
    check("a.json", "{\"x\": [\n  \"a\",\n  \"b\"\n]}\n", "\"b\"", Some("{\"x\": [\n  \"a\"\n]}\n"));
    check("a.json", "{\"x\": [\n  \"a\",\n  \"b\"\n]}\n", "\"a\"", Some("{\"x\": [\n  \"b\"\n]}\n"));
}

#[test]
fn an_entry_s_value_is_found_behind_its_name() {
    for (written, name, value) in [
        ("keys = 2", "keys", Some("2")),
        ("\"ci\": 2", "ci", Some("2")),
        ("ci : 2 ", "ci", Some("2")),
        ("2", "keys", None),
        ("keys = 2", "other", None),
    ] {
        assert_eq!(entry_value(written, name).map(|range| &written[range]), value, "{written}");
    }
}

#[test]
fn edits_that_meet_are_not_made() {
    let edit =
        |start, end, text: &str| Edit { file: FileId(0), span: Span::new(start, end), text: text.into() };
    let check = |edits: &[Edit]| applied("abcdef", &edits.iter().collect::<Vec<_>>());
    assert_eq!(check(&[edit(4, 5, "E"), edit(0, 2, "x")]).as_deref(), Some("xcdEf"));
    assert_eq!(check(&[edit(0, 3, ""), edit(2, 4, "")]), None);
    assert_eq!(check(&[edit(2, 2, "x"), edit(2, 2, "y")]), None);
    assert_eq!(check(&[edit(9, 9, "x")]), None);
}

/// A body without its places and without one attribute.
fn shape(text: &str, without: &str) -> Vec<(String, Vec<String>)> {
    let (body, errors) = parser::parse(&source("main.tf", text));
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    let of_block = |block: &crate::parse::syntax::Block| {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.text.as_str()).collect();
        let attributes = block.body.attributes.iter().filter(|a| a.name.text != without).map(|a| {
            let mut expr = a.expr.clone();
            respan(&mut expr, &|_| Span::default());
            format!("{} {expr:?}", a.name.text)
        });
        (format!("{} {labels:?}", block.kind.text), attributes.collect())
    };
    body.blocks.iter().map(of_block).collect()
}

/// A document without its places and without one entry's key.
fn tree_shape(node: &Node, without: &str) -> String {
    let tag = node.tag.as_ref().map(|tag| tag.text.clone()).unwrap_or_default();
    let kind = match &node.kind {
        NodeKind::Scalar(text, style) => format!("{style:?} {text:?}"),
        NodeKind::Seq(items) => items.iter().map(|item| tree_shape(item, without) + ",").collect(),
        NodeKind::Map(entries) => {
            let kept = entries.iter().filter(|(key, _)| key.text() != Some(without));
            kept.map(|(k, v)| format!("{}:{},", tree_shape(k, without), tree_shape(v, without))).collect()
        }
    };
    format!("{tag}({kind})")
}

fn document(name: &str, text: &str, without: &str) -> String {
    let source = source(name, text);
    if name.ends_with(".json") {
        return tree_shape(&json::parse(&source).unwrap_or_else(|e| panic!("{e:?}\n{text}")), without);
    }
    let (documents, errors) = yaml::parse(&source);
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    documents.iter().map(|d| tree_shape(&d.root, without)).collect()
}

/// Attributes of a key in any order, spacing and company.
fn any_block() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("  user = \"ci\""),
        Just("  pgp_key = \"keybase:someone\" # a comment"),
        Just("  count=1"),
        Just("  # status = \"Active\""),
        Just(""),
        Just("  lifecycle {\n    prevent_destroy = true\n  }"),
        Just("  depends_on = [\n    aws_iam_user.u, // one\n  ]"),
        Just("  provider     = aws.other"),
        Just("  /* two\n  lines */"),
    ];
    (proptest::collection::vec(line, 0..6), 0..6_usize, any::<bool>()).prop_map(|(mut lines, at, crlf)| {
        lines.retain(|line| !line.contains("user ="));
        let mut seen = Vec::new();
        lines.retain(|line| {
            !line.contains('=')
                || !seen.contains(line) && {
                    seen.push(*line);
                    true
                }
        });
        lines.insert(at.min(lines.len()), "  user    = \"ci\"");
        let text = format!("{HEADER} {{\n{}\n}}\n\nlocals {{\n  status = 1\n}}\n", lines.join("\n"));
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

fn any_properties() -> impl Strategy<Value = (String, bool)> {
    let line = prop_oneof![
        Just("Serial: 1"),
        Just("# Status: Active"),
        Just(""),
        Just("Tags:\n        - {Key: a, Value: b}"),
        Just("Description: >-\n        text of\n        two lines"),
    ];
    let user = prop_oneof![
        Just("UserName: ci"),
        Just("UserName: 'ci' # why"),
        Just("UserName: !Ref User"),
        Just("UserName:\n        Fn::Sub: ${A}-ci"),
        Just("UserName: |-\n        ci\n"),
    ];
    (proptest::collection::vec(line, 0..5), user, 0..5_usize, any::<bool>()).prop_map(
        |(mut lines, user, at, crlf)| {
            let mut seen = Vec::new();
            lines.retain(|line| {
                !line.contains(": ") && !line.contains(":\n")
                    || !seen.contains(line) && {
                        seen.push(*line);
                        true
                    }
            });
            lines.insert(at.min(lines.len()), user);
            let lines: String = lines.iter().map(|line| format!("      {line}\n")).collect();
            let text = format!(
                "Resources:\n  Key:\n    Properties:\n{lines}\n  Other:\n    Properties: {{UserName: cd}}\n"
            );
            (if crlf { text.replace('\n', "\r\n") } else { text }, crlf)
        },
    )
}

proptest! {
    #[test]
    fn an_edited_block_is_equal_but_for_that_attribute(text in any_block()) {
        let header = span_of(&text, HEADER);
        let replaced = hcl::set(&source("main.tf", &text), header, Some("user"), ("status", "\"Inactive\"")).unwrap();
        let after = made(&text, replaced);
        prop_assert_eq!(shape(&after, ""), {
            let mut all = shape(&text, "");
            let user = all[0].1.iter().position(|a| a.starts_with("user ")).unwrap();
            let status = shape("x {\n  status = \"Inactive\"\n}\n", "")[0].1[0].clone();
            all[0].1.insert(user + 1, status);
            all
        });
        // A second run finds the attribute there, and it is not `Active`.
        prop_assert_eq!(hcl::set(&source("main.tf", &after), span_of(&after, HEADER), Some("user"), ("status", "x")), None);
        // Nothing but blanks was changed besides.
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        prop_assert_eq!(squeezed(&after).replacen("status=\"Inactive\"", "", 1), squeezed(&text));
    }

    #[test]
    fn an_edited_template_is_equal_but_for_that_entry((text, _) in any_properties()) {
        let after = template_off("t.yaml", &text, "Key").unwrap();
        prop_assert_eq!(document("t.yaml", &after, "Status"), document("t.yaml", &text, "Status"));
        prop_assert_eq!(template_off("t.yaml", &after, "Key"), None);
        let added = after.len() - text.len();
        let at = after.find("Status: Inactive").unwrap();
        prop_assert!(added >= "      Status: Inactive".len() && at > 0);
    }

    #[test]
    fn a_list_without_an_element_is_that_list(
        items in proptest::collection::vec("[a-w]{1,3}", 2..6),
        at in 0..6_usize,
        lines: bool,
        trailing: bool,
        kind in 0..3_usize,
    ) {
        let mut items = items;
        items.sort();
        items.dedup();
        prop_assume!(items.len() > 1);
        let at = at % items.len();
        let quoted: Vec<String> = items.iter().map(|item| format!("\"{item}\"")).collect();
        let (name, separator) = (["a.tf", "a.yaml", "a.json"][kind], if lines { ",\n  " } else { ", " });
        let comma = if trailing && kind < 2 { "," } else { "" };
        let (open, close) = if lines { ("[\n  ", "\n]") } else { ("[", "]") };
        let list = |quoted: &[String]| format!("{open}{}{comma}{close}", quoted.join(separator));
        let whole = |list: String| match kind {
            0 => format!("x = {list}\n"),
            1 => format!("x: {}\n", list.replace("\n]", "\n  ]")),
            _ => format!("{{\"x\": {list}}}\n"),
        };
        let text = whole(list(&quoted));
        let source = source(name, &text);
        let span = span_of(&text, &quoted[at]);
        let replaced = if kind == 0 { hcl::remove(&source, span) } else { tree::remove(&source, span) };
        let after = made(&text, replaced.unwrap());
        let mut left = quoted.clone();
        left.remove(at);
        let expected = whole(list(&left));
        if kind == 0 {
            let body = |text: &str| {
                let (body, errors) = parser::parse(&super::tests::source(name, text));
                assert!(errors.is_empty(), "{errors:?}\n{text}");
                let mut expr = body.attributes[0].expr.clone();
                respan(&mut expr, &|_| Span::default());
                format!("{expr:?}")
            };
            prop_assert_eq!(body(&after), body(&expected));
        } else {
            prop_assert_eq!(document(name, &after, ""), document(name, &expected, ""));
        }
    }
}

#[test]
fn a_value_goes_from_the_list_that_its_place_names() {
    let check = |name: &str, before: &str, near: &str, after: Option<&str>| {
        let (source, at) = (source(name, before), span_of(before, near));
        let replaced = match is_terraform(&source) {
            true => hcl::remove_value(&source, at, "ci"),
            false => tree::remove_value(&source, at, "ci"),
        };
        assert_eq!(replaced.map(|r| made(before, r)).as_deref(), after, "{before}");
    };
    let hcl = "a = [\"ci\", \"x\"]\nb = contains([\"ci\", \"cd\"], var.user)\n";
    let without = "a = [\"ci\", \"x\"]\nb = contains([\"cd\"], var.user)\n";
    check("a.tf", hcl, "[\"ci\", \"cd\"]", Some(without));
    check("a.tf", hcl, "contains([\"ci\", \"cd\"], var.user)", Some(without));
    check("a.tf", "a = [\"cd\"]\n", "[\"cd\"]", None);
    check("a.yaml", "a: [ci, x]\nb:\n  - ci\n  - cd\n", "- ci\n  - cd", Some("a: [ci, x]\nb:\n  - cd\n"));
}
