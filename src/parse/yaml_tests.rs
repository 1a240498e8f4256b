//! YAML in, a compact text of the tree out, with what each node's bytes are.

use super::*;

fn show(node: &Node) -> String {
    let tag = node.tag.as_ref().map(|t| format!("{} ", t.text)).unwrap_or_default();
    let kind = match &node.kind {
        NodeKind::Scalar(text, style) => match style {
            Style::Plain => format!("<{text}>"),
            Style::SingleQuoted => format!("'{text}'"),
            Style::DoubleQuoted => format!("{text:?}"),
            Style::Literal => format!("|{text:?}"),
            Style::Folded => format!(">{text:?}"),
            Style::JsonBare => format!("json {text}"),
        },
        NodeKind::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(" ")),
        NodeKind::Map(entries) => {
            let entry = |(k, v): &(Node, Node)| format!("{}: {}", show(k), show(v));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    };
    tag + &kind
}

fn one(text: &str) -> Node {
    let (mut documents, errors) = parse_text(text, 0);
    assert_eq!((documents.len(), &errors), (1, &Vec::new()), "{text:?}");
    documents.remove(0).root
}

#[test]
fn nodes_keep_text_style_tag_order_and_duplicates() {
    for (text, want) in [
        ("a: yes\nb: 'it''s'\nc: \"\\n\"\n", "{<a>: <yes>, <b>: 'it's', <c>: \"\\n\"}"),
        ("- 010\n-\n- ~\n- ''\n", "[<010> <> <~> '']"),
        (
            "a: !Ref X\nb: !Sub\n  - 'y'\n  - {z: !GetAtt A.B}\n",
            "{<a>: !Ref <X>, <b>: !Sub ['y' {<z>: !GetAtt <A.B>}]}",
        ),
        (
            "a: !Sub\nb: !!str 1\nc: !<tag:yaml.org,2002:int> 2\n",
            "{<a>: !Sub <>, <b>: !!str <1>, <c>: !!int <2>}",
        ),
        ("a: 1\na: 2\n<<: 3\n", "{<a>: <1>, <a>: <2>, <<<>: <3>}"),
        ("a: |\n  x\n   y\nb: >-\n  p\n  q\n", "{<a>: |\"x\\n y\\n\", <b>: >\"p q\"}"),
        ("a: |\n  x", "{<a>: |\"x\"}"),
        ("a: &k {b: 1}\nc: *k\nd: [*k]\n", "{<a>: {<b>: <1>}, <c>: {<b>: <1>}, <d>: [{<b>: <1>}]}"),
        ("? [a, b]\n: c\n", "{[<a> <b>]: <c>}"),
        ("\u{feff}a: 1\n", "{<a>: <1>}"),
        ("a: 1\r\nb:\r\n  - 2\r\n", "{<a>: <1>, <b>: [<2>]}"),
        ("{\"a\": [1, 2.50, null, \"x\"]}", "{\"a\": [<1> <2.50> <null> \"x\"]}"),
    ] {
        assert_eq!(show(&one(text)), want, "{text:?}");
    }
}

#[test]
fn what_readers_of_templates_take_is_read() {
    for (text, want) in [
        ("a: [-, [b, -]]\nc: {d: -, -: e}\n", "{<a>: [<-> [<b> <->]], <c>: {<d>: <->, <->: <e>}}"),
        ("a: \"b\"#c\nd: 'e'#f\n", "{<a>: \"b\", <d>: 'e'}"),
        ("a: [b]#c\nd: {#e é\n  f: g,#h\n  i: [#j\n  k]}#l", "{<a>: [<b>], <d>: {<f>: <g>, <i>: [<k>]}}"),
        ("a: |-#b\n  c\nd: e\n", "{<a>: |\"c\", <d>: <e>}"),
        ("a: b#c\nd: \"#e\"\n", "{<a>: <b#c>, <d>: \"#e\"}"),
        ("a: !!binary YQ==\nb: !<tag:yaml.org,2002:set> c\n", "{<a>: !!binary <YQ==>, <b>: !!set <c>}"),
        ("{? a\n b : c, d e\n f, g: h}\n", "{<a b>: <c>, <d e f>: <>, <g>: <h>}"),
    ] {
        let root = one(text);
        assert_eq!(show(&root), want, "{text:?}");
        let dash = root.entries().iter().find(|(_, value)| value.text() == Some("-"));
        assert!(dash.is_none_or(|(_, value)| text.get(value.span.range()) == Some("-")), "{text:?}");
    }
    for text in [
        "a: *b#c\n",
        "a: [-[b]]\n",
        "a: [- ]\n",
        "{// a\n \"b\": c}\n",
        "{\"a\"\n: b}\n",
        "{a: b\n c\n d: e}\n",
        "[a\n b: c]\n",
    ] {
        assert!(!parse_text(text, 0).1.is_empty(), "{text:?}");
    }
}

#[test]
fn a_text_that_needs_many_repairs_is_left_at_the_limit() {
    let text = "- \"a\"#b\n".repeat(20_000);
    let (_, errors) = parse_text(&text, 0);
    assert!(errors.first().is_some_and(|e| e.message.contains("comment")), "{errors:?}");
    assert!(parse_text(&"- \"a\"#b\n".repeat(100), 0).1.is_empty());
}

#[test]
fn every_document_of_a_stream_is_read() {
    let shown = |text: &str| parse_text(text, 0).0.iter().map(|d| show(&d.root)).collect::<Vec<_>>();
    assert_eq!(shown(""), [""; 0]);
    assert_eq!(shown("# nothing\n"), [""; 0]);
    assert_eq!(shown("---\n"), ["<>"]);
    assert_eq!(shown("a\n---\nb: &x 1\n...\n---\n- *x\n"), ["<a>", "{<b>: <1>}"]);
    assert_eq!(shown("---\n# c\na: 1\n---\nb: 2\n"), ["{<a>: <1>}", "{<b>: <2>}"]);
}

#[test]
fn an_error_loses_its_document_and_says_where() {
    for (text, left, at, says) in [
        ("a: [1\nb: 2\n---\nc: 3\n", 1, None, "YAML"),
        ("a: *none\n---\nc: 3\n", 1, Some(3), "no anchor of this name"),
        ("a: &a [*a]\n", 0, Some(7), "inside the node"),
        ("a: 1\n\tb: 2\n", 0, None, ""),
        ("a: \"open\n", 0, None, ""),
        ("a: b: c\n", 0, None, ""),
        ("{{ if .x }}\na: 1\n{{ end }}\n", 0, None, ""),
    ] {
        let (documents, errors) = parse_text(text, 0);
        assert_eq!(documents.len(), left, "{text:?} {errors:?}");
        let error = errors.first().unwrap_or_else(|| panic!("{text:?}"));
        assert!(error.message.contains(says), "{text:?}: {error:?}");
        assert!(at.is_none_or(|at| at == error.span.start), "{text:?}: {error:?}");
        assert!(error.span.end as usize <= text.len());
    }
}

#[test]
fn chart_templates_neither_crash_nor_lie() {
    let (documents, errors) = parse_text("a: {{ .Values.x }}\nb: \"{{ .y }}\"\n", 0);
    assert_eq!((documents.len(), errors.len()), (1, 0));
    for text in ["{{- range . }}\n- {{ . }}\n{{- end }}\n", "a:\n  {{ toYaml . | indent 2 }}\n", "{{"] {
        parse_text(text, 0);
    }
}

#[test]
fn every_span_is_the_bytes_it_came_from() {
    let text = "é: &x !Sub \"q é\"\nseq:\n  - a\n  - {f: [1, *x], g: 'h'}\n\n# c\nlit: |\n  one\n   two\n\n\nnext: !Ref  N # d\nempty:\nlast: >\n  end\n\n";
    let padded = format!("{}{text}", "#".repeat(10));
    let (documents, errors) = parse_text(text, 10);
    assert_eq!(errors, []);
    let root = &documents[0].root;
    let slice = |n: &Node| &padded[n.span.range()];
    let value = |k: &str| root.get(k).unwrap();
    assert_eq!(slice(&root.entries()[0].0), "é");
    assert_eq!(slice(value("é")), "\"q é\"");
    assert_eq!(&padded[value("é").tag.as_ref().unwrap().span.range()], "!Sub");
    assert_eq!(slice(value("seq")), "- a\n  - {f: [1, *x], g: 'h'}");
    let flow = &value("seq").items()[1];
    assert_eq!(slice(flow), "{f: [1, *x], g: 'h'}");
    assert_eq!(slice(flow.get("f").unwrap()), "[1, *x]");
    assert_eq!(slice(&flow.get("f").unwrap().items()[1]), "*x");
    assert_eq!(slice(value("lit")).trim_start(), "one\n   two");
    assert_eq!(slice(value("next")), "N");
    assert_eq!(&padded[value("next").tag.as_ref().unwrap().span.range()], "!Ref");
    assert!(value("empty").span.is_empty());
    assert_eq!(slice(value("last")).trim_start(), "end");
    assert!(slice(root).starts_with('é') && slice(root).ends_with("end"));
}

#[test]
fn aliases_share_and_are_bounded() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for i in 1..9 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        bomb += &format!("a{i}: &a{i} [{aliases}]\n");
    }
    let (documents, errors) = parse_text(&bomb, 0);
    assert_eq!(documents.len(), 0);
    assert!(errors[0].message.contains("expand to more than"), "{errors:?}");
    let root = one("a: &a [x, y]\nb: *a\n");
    let (NodeKind::Seq(a), NodeKind::Seq(b)) = (&root.get("a").unwrap().kind, &root.get("b").unwrap().kind)
    else {
        panic!()
    };
    assert!(Arc::ptr_eq(a, b));
    // Each level is one deeper than the last, through aliases alone.
    let chain: String = (1..400).map(|i| format!("a{i}: &a{i} [*a{}]\n", i - 1)).collect();
    let (_, errors) = parse_text(&format!("a0: &a0 []\n{chain}"), 0);
    assert!(errors[0].message.contains("deeper"), "{errors:?}");
}

#[test]
fn hopeless_nesting_ends_in_an_error_on_a_small_stack() {
    let run = || {
        let n = 100_000;
        for text in ["[".repeat(n), "{a: ".repeat(n), "- ".repeat(n), "? ".repeat(n), "[{".repeat(n)] {
            let (documents, errors) = parse_text(&text, 0);
            assert_eq!(documents.len(), 0);
            assert!(!errors.is_empty());
        }
        let staircase: String = (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert!(!parse_text(&staircase, 0).1.is_empty());
        let deep = format!("{}1{}", "[".repeat(250), "]".repeat(250));
        let root = one(&deep);
        assert_eq!(root.clone(), root);
    };
    std::thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn bytes_that_are_not_utf8_are_an_error_anywhere() {
    let (documents, errors) = parse(&Source::new("x.yaml".into(), b"a: 1 # \xe9\n".to_vec()));
    assert_eq!((documents.len(), errors[0].span), (1, Span::new(7, 8)));
}
