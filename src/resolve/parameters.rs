//! Parameter files: values for CloudFormation parameters.
//!
//! Reads the three forms in use: the command line's list of `ParameterKey`/`ParameterValue`, CodePipeline's object with
//! `Parameters`, and a list of `"Key=Value"` texts. `UsePreviousValue` gives no value: the parameter stays free.
//! Source: AWS CLI Command Reference, `create-stack --parameters`; CodePipeline User Guide, "template configuration file".

use std::path::Path;

use crate::parse::json;
use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;
use crate::span::{Loc, Span};

/// The values of a parameter file in the order written, or what is wrong with it.
pub fn read(path: &Path, files: &Files) -> Result<Vec<(String, String)>, Problem> {
    let file = files.read(path).map_err(|e| {
        Problem::new(
            ProblemKind::Unreadable,
            Place::Path(files.display(path)),
            format!("this parameter file {e}"),
        )
    })?;
    let wrong = |span: Span, reason: &str| Problem::new(ProblemKind::Syntax, Loc::new(file, span), reason);
    let root = json::parse(&files.source(file)).map_err(|e| wrong(e.span, &e.message))?;
    let mut out = Vec::new();
    match &root.kind {
        NodeKind::Map(_) => {
            let Some(parameters) = root.get("Parameters") else {
                return Err(wrong(root.span, "a parameter file is a list, or an object with \"Parameters\""));
            };
            for (key, value) in parameters.entries() {
                if let (Some(key), Some(value)) = (key.text(), value_text(value)) {
                    out.push((key.to_string(), value));
                }
            }
        }
        NodeKind::Seq(items) => {
            for item in items.iter() {
                match (item.text(), item.get("ParameterKey").and_then(Node::text)) {
                    (Some(text), _) => match text.split_once('=') {
                        Some((key, value)) => out.push((key.to_string(), value.to_string())),
                        None => return Err(wrong(item.span, "expected \"Key=Value\"")),
                    },
                    (None, Some(key)) => {
                        if let Some(value) = item.get("ParameterValue").and_then(value_text) {
                            out.push((key.to_string(), value));
                        }
                    }
                    _ => {
                        return Err(wrong(
                            item.span,
                            "expected an object with \"ParameterKey\", or \"Key=Value\"",
                        ));
                    }
                }
            }
        }
        NodeKind::Scalar(..) => {
            return Err(wrong(root.span, "a parameter file is a list, or an object with \"Parameters\""));
        }
    }
    Ok(out)
}

/// A value as text; lists are joined by commas.
fn value_text(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar(text, _) => Some(text.clone()),
        NodeKind::Seq(items) => Some(items.iter().filter_map(Node::text).collect::<Vec<_>>().join(",")),
        NodeKind::Map(_) => None,
    }
}
