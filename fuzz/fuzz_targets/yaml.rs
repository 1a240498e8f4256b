//! Any bytes as YAML: no crash, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lonekey::parse::tree::Node;
use lonekey::parse::yaml;
use lonekey::source::Source;

fn in_text(node: &Node, text: &str) {
    assert!(text.get(node.span.range()).is_some(), "{node:?}");
    node.items().iter().for_each(|item| in_text(item, text));
    for (key, value) in node.entries() {
        in_text(key, text);
        in_text(value, text);
    }
}

fuzz_target!(|bytes: &[u8]| {
    // Aliases are shared subtrees: walking all of them takes time that grows with every level of sharing.
    let shares = bytes.contains(&b'*');
    let source = Source::new("fuzz.yaml".into(), bytes.to_vec());
    let (documents, errors) = yaml::parse(&source);
    for error in &errors {
        assert!(error.span.end as usize <= bytes.len(), "{error:?}");
    }
    if !shares {
        documents.iter().for_each(|document| in_text(&document.root, &source.text));
    }
});
