//! Any bytes as a Terraform file, an expression and a template: no crash, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use lonekey::parse::{hcl, tf_json};
use lonekey::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::new("fuzz.tf".into(), bytes.to_vec());
    let (body, errors) = hcl::parse(&source);
    for error in &errors {
        assert!(error.span.end as usize <= bytes.len(), "{error:?}");
    }
    for block in &body.blocks {
        assert!(source.text.get(block.span.range()).is_some(), "{block:?}");
    }
    let _ = hcl::parse_expression(&source.text, 0);
    let _ = hcl::parse_template(&source.text, 0);
    let _ = tf_json::parse(&source);
});
