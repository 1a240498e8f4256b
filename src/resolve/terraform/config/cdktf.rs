//! What the Terraform CDK says of the resources that it writes: the construct path of each.
//!
//! A synthesized stack is a root module in JSON syntax; a comment (`"//"`) in each resource holds its metadata, which
//! Terraform ignores and the module's own syntax tree therefore does not have.
//! Source: output of the Terraform CDK (`cdk.tf.json`, `"//": {"metadata": {"path": …}}`).

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::parse::json;
use crate::parse::tree::Node;
use crate::source::Files;
use crate::span::FileId;

/// The JSON files of a unit, each parsed once, when the first key in it asks.
#[derive(Default)]
pub struct Constructs {
    documents: RefCell<HashMap<FileId, Rc<Option<Node>>>>,
}

impl Constructs {
    /// The construct path of a resource in a JSON file, if its metadata has one.
    pub fn path(&self, files: &Files, file: FileId, kind: &str, name: &str) -> Option<String> {
        let source = files.source(file);
        if !source.path.ends_with(".json") {
            return None;
        }
        let known = self.documents.borrow().get(&file).cloned();
        let document = known.unwrap_or_else(|| Rc::new(json::parse(&source).ok()));
        self.documents.borrow_mut().insert(file, document.clone());
        let resources = members(document.as_ref().as_ref()?.get("resource")?);
        let bodies = resources.iter().filter_map(|r| r.get(kind)).flat_map(members);
        bodies.filter_map(|b| b.get(name)).flat_map(members).find_map(|body| {
            let path = body.get("//")?.get("metadata")?.get("path")?.text()?;
            (!path.is_empty()).then(|| path.to_string())
        })
    }
}

/// An object, or the objects of an array: both mean the same in JSON syntax.
fn members(node: &Node) -> &[Node] {
    if node.items().is_empty() { std::slice::from_ref(node) } else { node.items() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_found_where_a_resource_is() {
        let files = Files::new("/r".into());
        let text = r#"{"resource": [{"t": {"a": {"//": {"metadata": {"path": "S/a"}}, "x": 1},
            "b": [{"//": {"metadata": {"path": "S/b"}}}], "c": {"//": "a note"}, "d": {}}}]}"#;
        let file = files.insert(std::path::Path::new("cdk.tf.json"), text.into()).unwrap();
        let other = files.insert(std::path::Path::new("main.tf"), text.into()).unwrap();
        let constructs = Constructs::default();
        let path = |file, name: &str| constructs.path(&files, file, "t", name);
        for (name, construct) in
            [("a", Some("S/a")), ("b", Some("S/b")), ("c", None), ("d", None), ("e", None)]
        {
            assert_eq!(path(file, name).as_deref(), construct, "{name}");
        }
        assert_eq!(path(other, "a"), None);
    }
}
