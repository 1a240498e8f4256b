//! JSON configuration in, blocks out: which keys are blocks, labels, references or plain text.

use super::*;
use crate::parse::show::show;

fn read(text: &str) -> (Body, Vec<SyntaxError>) {
    parse(&Source::new("main.tf.json".into(), text.as_bytes().to_vec()))
}

fn show_block(block: &Block) -> String {
    let labels: String = block.labels.iter().map(|l| format!(" {}", l.text)).collect();
    format!("{}{labels} {{ {}}}", block.kind.text, show_body(&block.body))
}

fn show_body(body: &Body) -> String {
    let attributes = body.attributes.iter().map(|a| format!("{} = {}; ", a.name.text, show(&a.expr)));
    let blocks = body.blocks.iter().map(|b| format!("{} ", show_block(b)));
    attributes.chain(blocks).collect()
}

fn shown(text: &str) -> String {
    let (body, errors) = read(text);
    assert_eq!(errors, [], "{text}");
    show_body(&body).trim_end().to_owned()
}

#[test]
fn the_schema_decides_what_is_a_block() {
    for (text, want) in [
        (r#"{"resource": {"t": {"n": {"user": "u"}}}}"#, "resource t n { user = «\"u\"»; }"),
        (r#"{"locals": {"a": 1}, "locals": [{"b": -2.50}]}"#, "locals { a = 1; } locals { b = -2.50; }"),
        // Arrays of objects at each level.
        (
            r#"{"resource": [{"t": [{"n": [{"a": true}]}, {"m": {}}]}]}"#,
            "resource t n { a = true; } resource t m { }",
        ),
        // In a resource only Terraform's own blocks are known.
        (
            r#"{"resource": {"t": {"n": {"lifecycle": {"ignore_changes": ["a", "b[0]"]}, "tags": {"k": null}, "l": [{}]}}}}"#,
            "resource t n { tags = {k=null}; l = [{}]; lifecycle { ignore_changes = [a b[0]]; } }",
        ),
        (
            r#"{"resource": {"t": {"n": {"dynamic": {"x": {"for_each": "${var.a}", "content": {"y": "${x.value}"}}}}}}}"#,
            "resource t n { dynamic x { for_each = «${var.a}»; content { y = «${x.value}»; } } }",
        ),
        (r#"{"//": "c", "locals": {"//": 1, "o": {"//": 2}}}"#, "locals { o = {//=2}; }"),
        (
            r#"{"terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "configuration_aliases": ["aws.b"]}}, "backend": {"s3": {"key": "${x"}}}}"#,
            "terraform { required_providers { aws = {source=«\"hashicorp/aws\"» configuration_aliases=[aws.b]}; } backend s3 { key = «\"${x\"»; } }",
        ),
        (
            r#"{"check": {"c": {"assert": {"condition": "${a}"}}}}"#,
            "check c { assert { condition = «${a}»; } }",
        ),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
}

#[test]
fn strings_are_templates_text_or_references_by_where_they_stand() {
    for (text, want) in [
        (
            r#"{"locals": {"a": "${var.x}", "b": "p-${var.x}", "c": "$${x}", "d": ""}}"#,
            "locals { a = «${var.x}»; b = «\"p-\" ${var.x}»; c = «\"${x}\"»; d = «»; }",
        ),
        (r#"{"locals": {"o": {"${local.a}k": 1, "p": 2}}}"#, "locals { o = {(«${local.a} \"k\"»)=1 p=2}; }"),
        // A default is what it is, at any depth.
        (
            r#"{"variable": {"v": {"default": {"${k}": "${1+1}"}, "type": "list(string)"}}}"#,
            "variable v { default = {${k}=«\"${1+1}\"»}; type = list(string); }",
        ),
        (
            r#"{"variable": {"v": {"validation": {"condition": "${var.v != \"\"}", "error_message": "E."}}}}"#,
            "variable v { validation { condition = «${(var.v NotEq «»)}»; error_message = «\"E.\"»; } }",
        ),
        (
            r#"{"resource": {"t": {"n": {"provider": "aws.west", "depends_on": ["t.m", "t.o"]}}}}"#,
            "resource t n { provider = aws.west; depends_on = [t.m t.o]; }",
        ),
        (
            r#"{"module": {"m": {"source": "./m", "providers": {"aws": "aws.b"}}}}"#,
            "module m { source = «\"./m\"»; providers = {aws=aws.b}; }",
        ),
        (r#"{"moved": {"from": "t.a", "to": "t.b[\"k\"]"}}"#, "moved { from = t.a; to = t.b[«\"k\"»]; }"),
    ] {
        assert_eq!(shown(text), want, "{text}");
    }
}

#[test]
fn spans_are_places_in_the_file_through_escapes() {
    let text =
        r#"{"resource": {"t": {"né": {"user": "a\n\u00e9${ f(\"q\").name }", "depends_on": ["t.m"]}}}}"#;
    let (body, errors) = read(text);
    assert_eq!(errors, []);
    let slice = |span: Span| &text[span.range()];
    let block = &body.blocks[0];
    assert_eq!((slice(block.header), slice(block.kind.span)), ("\"né\"", "\"resource\""));
    assert!(slice(block.span).starts_with("\"né\": {") && slice(block.span).ends_with("]}"));
    let user = &block.body.attributes[0];
    assert_eq!(slice(user.span), r#""user": "a\n\u00e9${ f(\"q\").name }""#);
    let ExprKind::Template(parts) = &user.expr.kind else { panic!() };
    let TemplatePart::Interpolation(inner) = parts.last().unwrap() else { panic!() };
    assert_eq!(slice(inner.span), r#"f(\"q\").name"#);
    let ExprKind::Tuple(items) = &block.body.attributes[1].expr.kind else { panic!() };
    assert_eq!(slice(items[0].span), "t.m");
}

#[test]
fn what_does_not_parse_loses_its_block_and_says_where() {
    let text =
        r#"{"resource": {"t": {"bad": {"user": "\u00e9${ a + }"}, "good": {"user": "x"}}}, "nonsense": {}}"#;
    let (body, errors) = read(text);
    assert_eq!(show_body(&body), "resource t good { user = «\"x\"»; } ");
    assert!(
        errors[0].message.contains("expected an expression") && errors[0].message.contains("\"bad\""),
        "{errors:?}"
    );
    assert!(text[errors[0].span.start as usize..].starts_with("}\"}"), "{errors:?}");
    assert!(text[errors[1].span.start as usize..].starts_with("\"nonsense\""));
    let (_, errors) = read(r#"{"locals": {"a": 1, "a": 2}}"#);
    assert!(errors[0].message.contains("set twice") && errors[0].span.start == 20, "{errors:?}");
    let text = r#"{"resource": {"t": {"n": {"lifecycle": {"replace_triggered_by": ["${t.m}"]}}}}}"#;
    let (body, errors) = read(text);
    assert_eq!(show_body(&body), "resource t n { lifecycle { replace_triggered_by = [t.m]; } } ");
    assert!(text[errors[0].span.start as usize..].starts_with("\"${t.m}"), "{errors:?}");
    for bad in [
        r#"{"resource": {"t": "x"}}"#,
        r#"{"resource": {"t": {"n": [1]}}}"#,
        "[1]",
        "1",
        "{",
        "null",
        "[null]",
    ] {
        let (body, errors) = read(bad);
        assert_eq!((body.blocks.len(), errors.len()), (0, 1), "{bad}");
    }
}

#[test]
fn null_stands_for_no_block() {
    for none in [
        r#"{"locals": null}"#,
        r#"{"resource": null}"#,
        r#"{"resource": {"t": null}}"#,
        r#"{"resource": {"t": {"n": null}}, "variable": {"v": null}, "terraform": null}"#,
    ] {
        let (body, errors) = read(none);
        assert_eq!((body.blocks.len(), errors), (0, vec![]), "{none}");
    }
    let (body, errors) =
        read(r#"{"resource": {"t": {"n": {"lifecycle": null, "input": null}, "m": [null]}}}"#);
    assert_eq!(
        (show_body(&body).as_str(), errors),
        ("resource t n { input = null; } resource t m { } ", vec![])
    );
}

#[test]
fn a_byte_order_mark_is_refused_and_the_rest_read() {
    let (body, errors) = read("\u{feff}{\"locals\": {\"a\": 1}}");
    assert_eq!(errors[0].span, Span::new(0, 3));
    assert_eq!(body.blocks[0].kind.span, Span::new(4, 12));
}
