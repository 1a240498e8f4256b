//! Parameter files: values for CloudFormation parameters.
//!
//! Reads every form in use: the command line's list of `ParameterKey`/`ParameterValue`, CodePipeline's object with
//! `Parameters`, a list of `"Key=Value"` texts, git sync's deployment file (`parameters` in YAML), and the SAM
//! command line's `samconfig.toml` or `samconfig.yaml`, of which the environment `default` counts.
//! `UsePreviousValue` gives no value: the parameter stays free.
//! Source: AWS CLI Command Reference, `create-stack --parameters`; CodePipeline User Guide, "template configuration
//! file"; CloudFormation User Guide, "Git sync stack deployment file"; AWS SAM Developer Guide, "configuration file".

use std::path::Path;

use super::template::{load, scalar};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;
use crate::span::{FileId, Loc, Span};

const FORMS: &str =
    "a parameter file is a list, an object with \"Parameters\", a deployment file or a samconfig";

/// Which part of a samconfig is meant.
const ENVIRONMENT: &str = "default";

/// The tables of a samconfig that hold parameters, the strongest first: what deploys, then what every command has.
const COMMANDS: [&str; 2] = ["deploy", "global"];

/// The values of a parameter file in the order written, or what is wrong with it.
pub fn read(path: &Path, files: &Files) -> Result<Vec<(String, String)>, Problem> {
    let file = files.read(path).map_err(|e| {
        Problem::new(
            ProblemKind::Unreadable,
            Place::Path(files.display(path)),
            format!("this parameter file {e}"),
        )
    })?;
    let source = files.source(file);
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        return sam_toml(file, &source.text);
    }
    let wrong = |span: Span, reason: &str| Problem::new(ProblemKind::Syntax, Loc::new(file, span), reason);
    let loaded = load::parse(&source);
    if let Some(error) = loaded.errors.first() {
        return Err(wrong(error.span, &error.message));
    }
    let Some(root) = loaded.documents.first() else { return Err(wrong(Span::default(), FORMS)) };
    let overrides = |environment: &Node| {
        let tables = COMMANDS.iter().filter_map(|c| environment.get(c)?.get("parameters"));
        tables.filter_map(|p| p.get("parameter_overrides")).next().cloned()
    };
    match &root.kind {
        NodeKind::Map(_) => match root.get("Parameters").or_else(|| root.get("parameters")) {
            Some(parameters) => Ok(pairs(parameters)),
            None => match root.get(ENVIRONMENT) {
                Some(environment) => {
                    overrides(environment).map_or(Ok(Vec::new()), |node| match node.text() {
                        Some(text) => sam_text(text).map_err(|reason| wrong(node.span, &reason)),
                        None if node.entries().is_empty() => listed(&node, &wrong),
                        None => Ok(pairs(&node)),
                    })
                }
                None => Err(wrong(root.span, FORMS)),
            },
        },
        NodeKind::Seq(_) => listed(root, &wrong),
        NodeKind::Scalar(..) => Err(wrong(root.span, FORMS)),
    }
}

fn pairs(map: &Node) -> Vec<(String, String)> {
    let pair = |(key, value): &(Node, Node)| Some((key.text()?.to_string(), value_text(value)?));
    map.entries().iter().filter_map(pair).collect()
}

/// A list of objects or of `Key=Value` texts.
fn listed(list: &Node, wrong: &dyn Fn(Span, &str) -> Problem) -> Result<Vec<(String, String)>, Problem> {
    let mut out = Vec::new();
    for item in list.items() {
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
            _ => return Err(wrong(item.span, "expected an object with \"ParameterKey\", or \"Key=Value\"")),
        }
    }
    Ok(out)
}

fn sam_toml(file: FileId, text: &str) -> Result<Vec<(String, String)>, Problem> {
    let wrong = |span: Span, reason: &str| Problem::new(ProblemKind::Syntax, Loc::new(file, span), reason);
    let root: toml::Table = toml::from_str(text).map_err(|error: toml::de::Error| {
        let range = error.span().unwrap_or_default();
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        wrong(Span { start: offset(range.start), end: offset(range.end) }, error.message())
    })?;
    let Some(environment) = root.get(ENVIRONMENT) else {
        return Err(wrong(Span::default(), "this samconfig has no environment `default`"));
    };
    let tables = COMMANDS.iter().filter_map(|c| environment.get(c)?.get("parameters"));
    let found = tables.filter_map(|p| p.get("parameter_overrides")).next();
    let texts: Vec<&str> = match found {
        Some(toml::Value::String(text)) => vec![text],
        Some(toml::Value::Array(items)) => items.iter().filter_map(toml::Value::as_str).collect(),
        Some(toml::Value::Table(table)) => {
            let text = |value: &toml::Value| match value {
                toml::Value::String(text) => Some(text.clone()),
                toml::Value::Integer(n) => Some(n.to_string()),
                toml::Value::Float(n) => Some(n.to_string()),
                toml::Value::Boolean(b) => Some(b.to_string()),
                _ => None,
            };
            return Ok(table.iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect());
        }
        _ => Vec::new(),
    };
    let one = |text: &str| sam_text(text).map_err(|reason| wrong(Span::default(), &reason));
    Ok(texts.into_iter().map(one).collect::<Result<Vec<_>, _>>()?.concat())
}

/// `Key=Value Other="with blanks"`, or `ParameterKey=Key,ParameterValue=Value …`; quotes may be left out, blanks and
/// quotes can be escaped.
fn sam_text(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote, mut started) = (String::new(), None, false);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, quote) {
            ('\\', _) => word.extend(rest.next()),
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            (_, None) if c.is_whitespace() => {
                if started {
                    words.push(std::mem::take(&mut word));
                }
                started = false;
                continue;
            }
            _ => word.push(c),
        }
        started = true;
    }
    if started {
        words.push(word);
    }
    let pair = |word: &String| {
        let long = word.strip_prefix("ParameterKey=").and_then(|w| w.split_once(",ParameterValue="));
        let (key, value) =
            long.or_else(|| word.split_once('=')).ok_or(format!("expected Key=Value, not `{word}`"))?;
        Ok((key.to_string(), value.to_string()))
    };
    words.iter().map(pair).collect()
}

/// A value as text; lists are joined by commas.
fn value_text(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar(..) => scalar::read(node),
        NodeKind::Seq(items) => Some(items.iter().filter_map(scalar::read).collect::<Vec<_>>().join(",")),
        NodeKind::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(name: &str, text: &str) -> String {
        let files = Files::new("/nowhere".into());
        files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
        match read(Path::new(name), &files) {
            Ok(pairs) => pairs.iter().map(|(k, v)| format!("{k}={v};")).collect(),
            Err(problem) => problem.reason,
        }
    }

    #[test]
    fn every_form_is_read() {
        for (name, text, read) in [
            (
                "p.json",
                r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]"#,
                "A=1;",
            ),
            ("p.json", r#"{"Parameters": {"A": "x", "L": ["y", "z"]}, "Tags": {"T": "t"}}"#, "A=x;L=y,z;"),
            ("p.json", r#"["A=x=y", "B="]"#, "A=x=y;B=;"),
            (
                "d.yaml",
                "template-file-path: t.yaml\nparameters:\n  A: 010\n  B: 'yes'\ntags: {}\n",
                "A=8;B=yes;",
            ),
            (
                "samconfig.toml",
                "version = 0.1\n[default.deploy.parameters]\nparameter_overrides = \"A=\\\"x y\\\" ParameterKey=B,ParameterValue=z\"\n",
                "A=x y;B=z;",
            ),
            (
                "samconfig.toml",
                "[default.global.parameters]\nparameter_overrides = [\"A=1\", \"B=a,b\"]\n",
                "A=1;B=a,b;",
            ),
            (
                "samconfig.toml",
                "[default.global.parameters]\nparameter_overrides = \"A=1\"\n[default.deploy.parameters]\nparameter_overrides = \"A=2\"\n",
                "A=2;",
            ),
            ("samconfig.toml", "[default.deploy.parameters]\nstack_name = \"s\"\n", ""),
            (
                "samconfig.yaml",
                "version: 0.1\ndefault:\n  deploy:\n    parameters:\n      parameter_overrides: A='x' B=\\\"q\n",
                "A=x;B=\"q;",
            ),
        ] {
            assert_eq!(values(name, text), read, "{text}");
        }
    }

    #[test]
    fn what_is_no_parameter_file_is_told() {
        for (name, text, says) in [
            ("p.json", "3", FORMS),
            ("p.json", "{}", FORMS),
            ("p.json", r#"["A"]"#, "expected \"Key=Value\""),
            ("p.json", r#"[{"Key": "A"}]"#, "expected an object with \"ParameterKey\", or \"Key=Value\""),
            ("samconfig.toml", "[prod.deploy.parameters]\n", "this samconfig has no environment `default`"),
            (
                "samconfig.toml",
                "[default.deploy.parameters]\nparameter_overrides = \"A\"\n",
                "expected Key=Value, not `A`",
            ),
        ] {
            assert_eq!(values(name, text), says, "{text}");
        }
        assert!(!values("samconfig.toml", "[").is_empty());
    }
}
