//! Terraform text in, a compact text of the tree out: what is read, what is repaired, what is reported and where.

use super::*;
use crate::parse::show::show;
use crate::parse::syntax::{Block, TemplatePart};

fn source(text: &str) -> Source {
    Source::new("main.tf".into(), text.as_bytes().to_vec())
}

fn expression(text: &str) -> String {
    parse_expression(text, 0).map_or_else(|e| format!("✗ {}", e.message), |e| show(&e))
}

#[test]
fn expressions_are_read_as_terraform_reads_them() {
    for (text, want) in [
        ("1.50e+3", "1.50e+3"),
        ("-1", "-1"),
        ("- 12.5 + 010", "(-12.5 Add 010)"),
        ("100000000000000000000000000001", "100000000000000000000000000001"),
        ("a.b[0].c", "a.b[0].c"),
        ("a.0", "a.0"),
        ("a[*].b[0].c", "(a[*].b[0].c)"),
        ("a.*.b.c[0]", "(a.*.b.c)[0]"),
        ("a.*.b.0", "(a.*.b[0])"),
        ("a[*].b[*].c", "(a[*].b[*].c)"),
        ("a.*.b[*].c", "((a.*.b)[*].c)"),
        ("f(x, [y]...)", "f(x [y]...)"),
        ("provider::aws::arn_parse(x)", "provider::aws::arn_parse(x)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("1 + 2 * 3 == 7 && !x || y", "((((1 Add (2 Mul 3)) Eq 7) And !x) Or y)"),
        ("(a)", "paren(a)"),
        (
            "{ null = 1, true : 2, \"q\" = 3, (k) = 4, a.b = 5 }",
            "{null=1 true=2 («\"q\"»)=3 (paren(k))=4 (a.b)=5}",
        ),
        ("[for k, v in m : v if k != \"\"]", "for(k,v in m: v if (k NotEq «»))"),
        ("{for v in m : v => v...}", "for(v in m: v => v...)"),
        ("\"\"", "«»"),
        ("\"a${\n  b\n}%{ if c\n}\\n%{ endif }\"", "«\"a\" ${b} %if(c ? \"\\n\" : )»"),
        ("\"${x}\"", "«${x}»"),
        ("\"a\\n\\u00e9\\\"$${b}%%{c} $ % $$\"", "«\"a\\né\\\"${b}%{c} $ % $$\"»"),
        ("\"a  ${~ x ~}  b \\n c\"", "«\"a\" ${x} \"b \\n c\"»"),
        ("\"%{ if a ~} x %{~ else } y %{ endif }\"", "«%if(a ? \"x\" : \" y \")»"),
        ("\"%{ for v in l }\\t\\\"$${v}\\u00e9\\\\%{ endfor }\"", "«%for(v in l: \"\\t\\\"${v}é\\\\\")»"),
        ("\"%{ for i, v in l }${v},%{ endfor }\"", "«%for(i,v in l: ${v} \",\")»"),
    ] {
        assert_eq!(expression(text), want, "{text}");
    }
}

/// Each class of valid Terraform that hcl-edit refuses; a change of the crate's version shows here.
#[test]
fn what_the_parser_refuses_and_terraform_accepts_is_repaired() {
    for (text, want) in [
        ("{ a = 1\n a = 2 }", "{a=1 a=2}"),
        ("{ \"x\" = 1, \"x\" = 2, \"x\" = 3 }", "{(«\"x\"»)=1 («\"x\"»)=2 («\"x\"»)=3}"),
        ("{ (k.v) = 1\n (k.v) = 2 }", "{(paren(k.v))=1 (paren(k.v))=2}"),
        ("{ \"${x}-a\" = 1, \"${x}-a\" = y }", "{(«${x} \"-a\"»)=1 («${x} \"-a\"»)=y}"),
        ("{ 1 = a, 1 = b }", "{(1)=a (1)=b}"),
        ("{ \"\" : 1, \"\" : 2 }", "{(«»)=1 («»)=2}"),
        ("{ \"é\" = 1, \"é\" = 2 }", "{(«\"é\"»)=1 («\"é\"»)=2}"),
        ("{ é=1, é=2 }", "{é=1 é=2}"),
        ("{ null = 1, null = 2 }", "{null=1 null=2}"),
        ("{ z=1,z=2,z=3,z=4 }", "{z=1 z=2 z=3 z=4}"),
        ("[{ a = { b = 1, b = { c = 1, c = 2 } } }]", "[{a={b=1 b={c=1 c=2}}}]"),
        ("{\nfor k, v in x : k => b\n? 1\n: 2\n}", "for(k,v in x: k => (b ? 1 : 2))"),
        ("{ for v in x : v.a => v\n.b\n&& c # why\n|| d }", "for(v in x: v.a => ((v.b And c) Or d))"),
        ("{ for v in x : v => a ? b :\r\n c\r\n}", "for(v in x: v => (a ? b : c))"),
        ("1e999999", "1e999999"),
        ("[1.8e309, -1e400]", "[1.8e309 -1e400]"),
    ] {
        assert_eq!(expression(text), want, "{text}");
        let file = source(&format!("a = {text}\n"));
        let (body, errors) = parse(&file);
        assert_eq!((show(&body.attributes[0].expr).as_str(), errors.len()), (want, 0), "{text}");
    }
    let digits = "9".repeat(400);
    assert_eq!(expression(&digits), digits);
}

#[test]
fn heredocs_keep_or_lose_their_indentation_as_in_terraform() {
    for (text, want) in [
        ("<<E\n  a\nE\n", "«\"  a\\n\"»"),
        ("<<E\nE\n", "«»"),
        ("<<E\na\\n\"$${b}\"\n  E\n", "«\"a\\\\n\\\"${b}\\\"\\n\"»"),
        ("<<-E\n    a\n      b\n  E\n", "«\"a\\n  b\\n\"»"),
        ("<<-E\n\ta\n  b\nE\n", "«\"a\\n b\\n\"»"),
        // Blank lines neither count nor change.
        ("<<-E\n    a\n\n  \n    b\n    E\n", "«\"a\\n\\n  \\nb\\n\"»"),
        ("<<-E\n    ${x}\n      y\n    E\n", "«${x} \"\\n  y\\n\"»"),
        // A sequence at the start of a line is no indentation at all.
        ("<<-E\n${x}\n  y\nE\n", "«${x} \"\\n  y\\n\"»"),
        ("<<-E\n    ${~ x}\n    y\n    E\n", "«${x} \"\\n    y\\n\"»"),
        // Behind `~}` the next line does not start anew, so it keeps its indentation.
        (
            "<<-E\n  p\n  %{ if c ~}\n  q\n  %{ endif ~}\n  r\n  E\n",
            "«\"p\\n\" %if(c ? \"  q\\n\" : ) \"  r\\n\"»",
        ),
        ("<<E\na ${x ~}\n  b\nE\n", "«\"a \" ${x} \"  b\\n\"»"),
        ("<<E\r\n a\r\n b\r\nE\r\n", "«\" a\\r\\n b\\r\\n\"»"),
        ("<<-E\r\n  a\r\n   b\r\n  E\r\n", "«\"a\\r\\n b\\r\\n\"»"),
    ] {
        let (body, errors) = parse(&source(&format!("a = {text}")));
        assert_eq!(errors, [], "{text:?}");
        assert_eq!(show(&body.attributes[0].expr), want, "{text:?}");
    }
}

#[test]
fn template_files_strip_by_line_and_have_no_escapes() {
    for (text, want) in [
        ("", "«»"),
        ("a \"b\" \\n", "«\"a \\\"b\\\" \\\\n\"»"),
        ("x ${a ~}\n  y", "«\"x \" ${a} \"  y\"»"),
        ("${a}", "«${a}»"),
        ("%{ for x in y ~}\n- ${x}\n%{ endfor ~}\n", "«%for(x in y: \"- \" ${x} \"\\n\")»"),
        ("$${a}", "«\"${a}\"»"),
        ("# { for\n${f({ a = 1, a = 2 })}", "«\"# { for\\n\" ${f({a=1 a=2})}»"),
    ] {
        assert_eq!(parse_template(text, 0).map(|e| show(&e)).unwrap(), want, "{text:?}");
    }
    assert!(parse_template("${a", 7).unwrap_err().span.start >= 7);
}

#[test]
fn blocks_have_headers_and_labels_with_their_bytes() {
    let text = "# é\nresource \"a\" b {\r\n  x = 1 # c\r\n  lifecycle {}\r\n  y { z = \"é\" }\r\n}\r\n";
    let (body, errors) = parse(&source(text));
    assert_eq!(errors, []);
    let block = &body.blocks[0];
    let slice = |span: Span| &text[span.range()];
    assert_eq!(slice(block.header), "resource \"a\" b");
    assert_eq!(
        block.labels.iter().map(|l| (l.text.as_str(), slice(l.span))).collect::<Vec<_>>(),
        [("a", "\"a\""), ("b", "b")]
    );
    assert!(slice(block.span).starts_with("resource") && slice(block.span).ends_with('}'));
    assert_eq!(slice(block.body.attribute("x").unwrap().span), "x = 1");
    assert_eq!(slice(block.body.blocks("y").next().unwrap().body.attributes[0].expr.span), "\"é\"");
}

/// Each node's bytes, parsed alone, give the same node.
#[test]
fn every_span_is_the_bytes_it_came_from() {
    let text =
        "\u{feff}# é\nb \"l\" {\n  a = f(x.y[0], \"é ${ z.w } \\u00e9\", { k = -1, (q) = [1, 2] })...\n}\n";
    let text = text.replace("...", "");
    let (body, errors) = parse(&source(&text));
    assert_eq!(errors, []);
    let mut seen = 0;
    fn walk(e: &Expr, text: &str, seen: &mut usize) {
        let raw = &text[e.span.range()];
        let again = parse_expression(raw, e.span.start as usize).unwrap();
        assert_eq!(&again, e, "{raw}");
        *seen += 1;
        match &e.kind {
            ExprKind::Template(parts) => {
                for part in parts {
                    if let TemplatePart::Interpolation(e) = part {
                        walk(e, text, seen);
                    }
                }
            }
            ExprKind::Tuple(es) | ExprKind::Call { args: es, .. } => {
                es.iter().for_each(|e| walk(e, text, seen))
            }
            ExprKind::Object(items) => items.iter().for_each(|(_, e)| walk(e, text, seen)),
            ExprKind::GetAttr(e, n) => {
                assert_eq!(&text[n.span.range()], n.text);
                walk(e, text, seen);
            }
            ExprKind::Index(a, b) => {
                walk(a, text, seen);
                walk(b, text, seen);
            }
            ExprKind::Unary(_, e) | ExprKind::Paren(e) => walk(e, text, seen),
            _ => {}
        }
    }
    walk(&body.blocks[0].body.attributes[0].expr, &text, &mut seen);
    assert_eq!(seen, 14);
}

fn kinds(blocks: &[Block]) -> String {
    blocks.iter().map(|b| b.kind.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn damage_loses_one_block_and_says_which_and_where() {
    let good = |name: &str| format!("{name} \"x\" {{\n  y = <<E\nphantom \"p\" {{\n}}\nE\n}}\n\n");
    for (damage, at, says) in [
        ("bad \"x\" {\n  a = = 1\n}\n", "= 1", "expected an expression, found `=`"),
        ("bad \"x\" {\n  a = {\n}\n", "", "expected"),
        ("bad \"x\" {\n  a = \"open\n  b = \"ok\"\n}\n", "\"open", "string that starts here is not closed"),
        ("bad \"x\" {\n  a = \"one\ntwo\"\n}\n", "\ntwo", "a text in quotes ends on its line"),
        ("bad \"x\" {\n  a = \"${b}\r\ntwo\"\n}\n", "\r\ntwo", "a text in quotes ends on its line"),
        ("bad \"x\" {\n  a = \"${\"one\ntwo\"}\"\n}\n", "\ntwo", "a text in quotes ends on its line"),
        ("bad \"x\" {\n  a = { \"one\n\" = 2 }\n}\n", "\n\"", "a text in quotes ends on its line"),
        ("bad \"x\" {\n  a = <<NEVER\n  text\n}\n", "<<NEVER", "heredoc that starts here"),
        ("bad \"x\" {\n  a = \"\\q\"\n}\n", "\\q", "escape"),
        ("bad \"x\" {\n  a = 1 b = 2\n}\n", "b = 2", "expected the end of the line, found `b`"),
        ("bad \"x\" {\n  a = foo(1\n}\n", "", "`)`"),
        ("bad {\n  'a'\n}\n", "'a'", "found `'`"),
    ] {
        let text = format!("{}{damage}\n{}", good("first"), good("second"));
        let (body, errors) = parse(&source(&text));
        assert_eq!(kinds(&body.blocks), "first second", "{damage}");
        let [error] = errors.as_slice() else { panic!("{damage}: {errors:?}") };
        assert!(error.message.contains(says), "{damage}: {error:?}");
        assert!(error.message.contains("the block `bad"), "{damage}: {error:?}");
        assert!(text[error.span.start as usize..].starts_with(at), "{damage}: {error:?}");
    }
}

#[test]
fn a_label_ends_on_its_line() {
    let (body, errors) = parse(&source("bad \"x\ny\" {\n}\n"));
    assert_eq!((body.blocks.len(), errors[0].span), (0, Span::new(6, 7)), "{errors:?}");
}

#[test]
fn an_attribute_set_twice_is_said_and_costs_no_block() {
    let text = "b {\n  a = 1\n  a = 2\n  a = 3\n}\n";
    let (body, errors) = parse(&source(text));
    let values: Vec<_> =
        body.blocks[0].body.attributes.iter().map(|a| (a.name.text.as_str(), show(&a.expr))).collect();
    assert_eq!(values, [("a", "1".into()), ("a", "2".into()), ("a", "3".into())]);
    assert_eq!(errors.iter().map(|e| e.span.start).collect::<Vec<_>>(), [14, 22]);
}

#[test]
fn nesting_that_terraform_accepts_and_we_do_not_read_is_said() {
    let ternaries = format!("{}0", "x ? 1 : ".repeat(65));
    let operators = vec!["x == \"n\""; 65].join(" || ");
    let steps = format!("a{}", ".b".repeat(1000));
    for deep in [ternaries, operators, steps] {
        let text = format!("a {{\n  v = {deep}\n}}\nb {{\n}}\n");
        let (body, errors) = parse(&source(&text));
        assert_eq!(kinds(&body.blocks), "b");
        assert!(errors.len() == 1 && errors[0].message.contains("deeper than lonekey reads"), "{errors:?}");
    }
    assert!(!expression(&format!("a{}", ".b".repeat(200))).starts_with('✗'));
}

#[test]
fn hopeless_nesting_ends_in_an_error_on_a_small_stack() {
    let run = || {
        let n = 100_000;
        for text in [
            "[".repeat(n),
            format!("a = {}{}\n", "[".repeat(n), "]".repeat(n)),
            format!("a = {}1{}\n", "(".repeat(n), ")".repeat(n)),
            format!("a = {}1{}\n", "{ a = ".repeat(n), "}".repeat(n)),
            format!("{}{}", " b {\n".repeat(n), "}\n".repeat(n)),
            // At column 0 each is a piece of its own.
            format!("{}{}", "b {\n".repeat(n / 20), "}\n".repeat(n / 20)),
            format!("a = {}x{}\n", "\"${".repeat(n), "}\"".repeat(n)),
            format!("a = {}0\n", "x ? 1 : ".repeat(n)),
            format!("a = {}x\n", "x + ".repeat(n)),
            format!("a = {}x\n", "!".repeat(n)),
            format!("a = {}{}\n", "f(".repeat(n), ")".repeat(n)),
            format!("a = x{}\n", ".y".repeat(n)),
            format!("a = x{}\n", "[0]".repeat(n)),
            format!("a = {}{}\n", "[for x in y : ".repeat(n), "]".repeat(n)),
            format!("a = \"{}\"\n", "%{ if x }".repeat(n)),
        ] {
            let (_, errors) = parse(&source(&text));
            assert!(!errors.is_empty(), "{}", &text[..20]);
            assert!(parse_expression(text.trim_start_matches("a = "), 0).is_err());
        }
        // As deep as it goes: read, compared and dropped.
        let deep = format!("a = {}{}1{}\n", "x + ".repeat(120), "(".repeat(60), ")".repeat(60));
        let (body, errors) = parse(&source(&deep));
        assert_eq!(errors, []);
        assert_eq!(body.clone(), body);
        let blocks = format!("{}{}", "b {\n".repeat(64), "}\n".repeat(64));
        assert_eq!(parse(&source(&blocks)).1, []);
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn an_object_of_too_many_keys_is_refused_before_it_costs_minutes() {
    let keys: String = (0..30_000).map(|i| format!("k{i} = 1\n")).collect();
    let text = format!("a {{\n  x = {{\n{keys}}}\n}}\nb {{}}\n");
    let (body, errors) = parse(&source(&text));
    assert_eq!(kinds(&body.blocks), "b");
    assert!(errors.len() == 1 && errors[0].message.contains("more keys"), "{errors:?}");
}

#[test]
fn bytes_that_are_not_utf8_matter_outside_of_comments() {
    let parse = |bytes: &[u8]| parse(&Source::new("main.tf".into(), bytes.to_vec()));
    let (body, errors) = parse(b"a = 1 # caf\xe9\nb = 2 /* \xff */\n");
    assert_eq!((body.attributes.len(), errors.len()), (2, 0));
    let (body, errors) = parse(b"a = \"caf\xe9\xe9\"\n# \xe9\nb = 1\n");
    assert_eq!(body.attributes.len(), 2);
    assert_eq!(errors.iter().map(|e| e.span).collect::<Vec<_>>(), [Span::new(8, 9)]);
}

#[test]
fn a_byte_order_mark_counts_in_offsets() {
    let (body, errors) = parse(&source("\u{feff}a = 1\n"));
    assert_eq!((body.attributes[0].span, errors.len()), (Span::new(3, 8), 0));
    let (_, errors) = parse(&source("\u{feff}a = =\n"));
    assert_eq!(errors[0].span, Span::new(7, 8));
}

#[test]
fn an_empty_file_is_an_empty_body() {
    for text in ["", "\n", "# x", "/* */\n\n"] {
        assert_eq!(parse(&source(text)), (Body::default(), Vec::new()), "{text:?}");
    }
}

#[test]
fn many_repairs_in_one_file_lose_nothing() {
    let text: String = (0..500).map(|i| format!("locals {{\n  a{i} = {{ k = 1, k = 2 }}\n}}\n")).collect();
    let (body, errors) = parse(&source(&text));
    assert_eq!((body.blocks.len(), errors), (500, Vec::new()));
    assert_eq!(show(&body.blocks[499].body.attributes[0].expr), "{k=1 k=2}");
}

#[test]
fn a_file_of_nothing_but_damage_lists_some_errors_and_counts_the_rest() {
    let (body, errors) = parse(&source(&"a {\n".repeat(300)));
    assert!(body.blocks.is_empty());
    assert_eq!(errors.len(), 101);
    assert!(errors[100].message.starts_with("200 more"), "{:?}", errors[100]);
}
