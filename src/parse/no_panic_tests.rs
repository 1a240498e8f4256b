//! No text makes a parser panic, loop or point outside of itself: random text, and damaged valid text.

use proptest::prelude::*;

use super::{SyntaxError, hcl, json, tf_json, tree::Node, yaml};
use crate::parse::offsets::Offsets;
use crate::source::Source;

const SEEDS: [&str; 6] = [
    "resource \"t\" \"n\" {\n  count = var.a ? 1 : 0\n  x = { for k, v in m : k => v\n ... }\n  y = <<-E\n    ${~ a ~}\n  E\n}\n",
    "locals {\n  a = { x = 1, x = 2, \"é\" : [1e999, -2] }\n  b = \"%{ if c }${d[*].e[0]}%{ else }\\u00e9%{ endif }\"\n}\n",
    "Resources:\n  K: &k\n    Type: !Sub \"A::${B}\"\n    P: [*k, {a: 'b''c'}]\n  L: |\n    x\n---\n- >-\n  y\n",
    "{\"resource\": {\"t\": [{\"n\": {\"user\": \"${f(\\\"a\\\")}\", \"depends_on\": [\"t.m\"]}}]}}",
    "{\"a\": [1, -2.5e3, null, true, \"\\ud83d\\ude00\\n\"], \"a\": {}}",
    "a: {{ .Values.x }}\n{{- if y }}\nb: \"{{ z }}\"\n",
];

/// Fragments that start or end something.
const PIECES: [&str; 20] = [
    "\"", "${", "}", "{", "[", "]", "(", "<<E\n", "E\n", "\n", "\r\n", "#", "/*", "*/", "é", "~}", "%{ for ",
    "\\", "&a ", "*a",
];

fn damaged() -> impl Strategy<Value = String> {
    let cuts =
        proptest::collection::vec((any::<prop::sample::Index>(), 0usize..PIECES.len(), 0usize..8), 0..6);
    (0usize..SEEDS.len(), cuts).prop_map(|(seed, cuts)| {
        let mut text: Vec<char> = SEEDS[seed].chars().collect();
        for (at, piece, remove) in cuts {
            let at = at.index(text.len() + 1);
            let end = (at + remove).min(text.len());
            text.splice(at..end, PIECES[piece].chars());
        }
        text.into_iter().collect()
    })
}

fn in_text(errors: &[SyntaxError], text: &str) {
    for error in errors {
        assert!(
            error.span.start <= error.span.end && error.span.end as usize <= text.len(),
            "{error:?} in {text:?}"
        );
        assert!(!error.message.is_empty());
    }
}

fn nodes_in_text(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{node:?} in {text:?}");
    let offsets = Offsets::new(text, node);
    for index in 0..=node.text().map_or(0, str::len) {
        assert!(offsets.offset(index) <= text.len());
    }
    node.items().iter().for_each(|n| nodes_in_text(n, text));
    for (key, value) in node.entries() {
        nodes_in_text(key, text);
        nodes_in_text(value, text);
    }
}

fn read_all(text: &str) {
    let source = Source::new("x".into(), text.as_bytes().to_vec());
    let (body, errors) = hcl::parse(&source);
    in_text(&errors, text);
    for block in &body.blocks {
        assert!(text.get(block.span.range()).is_some(), "{block:?}");
    }
    let _ = hcl::parse_expression(text, 0).map_err(|e| in_text(&[e], text));
    let _ = hcl::parse_template(text, 0).map_err(|e| in_text(&[e], text));
    in_text(&tf_json::parse(&source).1, text);
    let (documents, errors) = yaml::parse(&source);
    in_text(&errors, text);
    documents.iter().for_each(|d| nodes_in_text(&d.root, text));
    match json::parse(&source) {
        Ok(node) => nodes_in_text(&node, text),
        Err(error) => in_text(&[error], text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn damaged_text_is_read_or_refused(text in damaged()) {
        read_all(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read_all(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all(&Source::new("x".into(), bytes).text);
    }
}
