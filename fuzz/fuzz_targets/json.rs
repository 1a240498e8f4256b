//! Any bytes as JSON: no crash, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lonekey::parse::json;
use lonekey::parse::tree::Node;
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
    let source = Source::new("fuzz.json".into(), bytes.to_vec());
    match json::parse(&source) {
        Ok(root) => in_text(&root, &source.text),
        Err(error) => assert!(error.span.end as usize <= bytes.len(), "{error:?}"),
    }
});
