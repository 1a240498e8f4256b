//! Parameter files: values for CloudFormation parameters.
//!
//! Reads every form in use: the command line's list of `ParameterKey`/`ParameterValue`, alone or as `--cli-input-json` has
//! it (`{"Parameters": […]}`), CodePipeline's object with `Parameters`, a list of `"Key=Value"` texts, git sync's deployment file (`parameters` in YAML), and the SAM command
//! line's samconfig, which has a set of values for each environment (see [`super::samconfig`]).
//! `UsePreviousValue` leaves the parameter free, whatever its default is.
//! Source: AWS CLI Command Reference, `create-stack --parameters`; CodePipeline User Guide, "template configuration
//! file"; CloudFormation User Guide, "Git sync stack deployment file".

use std::path::{Path, PathBuf};

use super::samconfig::{self, Environment};
use super::template::{load, scalar};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::{Place, Problem, ProblemKind};
use crate::source::Files;
use crate::span::{FileId, Loc, Span};

const FORMS: &str =
    "a parameter file is a list, an object with \"Parameters\", a deployment file or a samconfig";

/// The environment of a samconfig that counts where none is named.
const ENVIRONMENT: &str = "default";

/// A value of a parameter, as a file gives it.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The parameter.
    pub name: String,
    /// Its value; `None` where it keeps the one that the stack has (`UsePreviousValue`).
    pub value: Option<String>,
    /// Where that is written.
    pub at: Loc,
}

/// Values in the order written.
pub type Pairs = Vec<Pair>;

/// What a file holds.
enum Content {
    Values(Pairs),
    Environments(Vec<Environment>),
}

/// The values of a parameter file in the order written, or what is wrong with it. `samconfig.toml#prod` is the
/// environment `prod` of a samconfig; without a name it is `default`.
pub fn read(typed: &Path, files: &Files) -> Result<Pairs, Problem> {
    let (path, named) = environment_of(typed, files);
    let wrong = |reason: String| Problem::new(ProblemKind::Syntax, Place::Path(files.display(&path)), reason);
    let all = match content(&path, files)? {
        Content::Environments(all) => all,
        Content::Values(pairs) => {
            let says =
                |name| wrong(format!("`#{name}` names an environment of a samconfig, and this is none"));
            return named.map_or(Ok(pairs), |name| Err(says(name)));
        }
    };
    let name = named.as_deref().unwrap_or(ENVIRONMENT);
    let there: Vec<String> = all.iter().map(|e| format!("`{}`", e.name)).collect();
    match all.into_iter().find(|e| e.name == name) {
        Some(environment) => Ok(values_of(&environment, &path, files)?.unwrap_or_default()),
        None => Err(wrong(match there.as_slice() {
            [] => format!("this samconfig has no environment `{name}`, and no other one"),
            [one] => {
                format!("this samconfig has no environment `{name}`, only {one}{}", hint(named.is_none()))
            }
            _ => format!(
                "this samconfig has no environment `{name}`; it has {}{}",
                there.join(", "),
                hint(named.is_none())
            ),
        })),
    }
}

fn hint(unnamed: bool) -> &'static str {
    if unnamed { "; name one after `#`, as in samconfig.toml#prod" } else { "" }
}

/// Every set of values of a file: one, or that of each environment of a samconfig that gives any, with its name. A
/// single environment that is named is one.
pub fn read_each(typed: &Path, files: &Files) -> Result<Vec<(Option<String>, Pairs)>, Problem> {
    let (path, named) = environment_of(typed, files);
    let all = match (named, content(&path, files)) {
        (None, Ok(Content::Environments(all))) => all,
        _ => return Ok(vec![(None, read(typed, files)?)]),
    };
    let mut sets = Vec::new();
    for environment in all {
        if let Some(pairs) = values_of(&environment, &path, files)? {
            sets.push((Some(environment.name), pairs));
        }
    }
    if sets.is_empty() {
        let reason = "no environment of this samconfig has `parameter_overrides`";
        return Err(Problem::new(ProblemKind::Syntax, Place::Path(files.display(&path)), reason));
    }
    Ok(sets)
}

/// What an environment gives, if anything.
fn values_of(environment: &Environment, path: &Path, files: &Files) -> Result<Option<Pairs>, Problem> {
    let Some(node) = &environment.overrides else { return Ok(None) };
    let file = environment.file;
    let one = |node: &Node| {
        let read = node.text().map_or(Ok(Vec::new()), samconfig::overrides_in);
        let source = files.source(file);
        let pair = |(name, value): (String, String)| Pair {
            at: Loc::new(file, assignment(&source.text, node.span, &name)),
            name,
            value: Some(value),
        };
        let read = read.map(|all| all.into_iter().map(pair).collect::<Pairs>());
        read.map_err(|reason| {
            let reason = format!("environment `{}`: {reason}", environment.name);
            Problem::new(ProblemKind::Syntax, Place::Path(files.display(path)), reason)
        })
    };
    Ok(Some(match &node.kind {
        NodeKind::Scalar(..) => one(node)?,
        NodeKind::Seq(items) => items.iter().map(one).collect::<Result<Vec<_>, _>>()?.concat(),
        NodeKind::Map(_) => pairs(file, node),
    }))
}

/// Where a text of several assignments gives this name a value; the whole text where that is not written plainly.
fn assignment(text: &str, span: Span, name: &str) -> Span {
    let inside = text.get(span.range()).unwrap_or_default();
    let begins = |word: &Span| {
        let word = inside.get(word.range()).unwrap_or_default();
        let word = word.strip_prefix("ParameterKey=").unwrap_or(word);
        word.strip_prefix(name).is_some_and(|rest| rest.starts_with(['=', ',']))
    };
    let found = samconfig::words_in(inside).into_iter().rfind(begins);
    found.map_or(span, |word| word.shifted(span.start as usize))
}

/// The file, and the environment that stands behind `#`. A file whose own name has a `#` is that file.
fn environment_of(typed: &Path, files: &Files) -> (PathBuf, Option<String>) {
    let whole = || (typed.to_path_buf(), None);
    let Some((path, name)) = typed.to_str().and_then(|t| t.rsplit_once('#')) else { return whole() };
    if path.is_empty() || files.read_named(typed).is_ok() {
        return whole();
    }
    (path.into(), Some(name.into()))
}

fn content(path: &Path, files: &Files) -> Result<Content, Problem> {
    let file = files.read_named(path).map_err(|e| {
        Problem::new(
            ProblemKind::Unreadable,
            Place::Path(files.display(path)),
            format!("this parameter file {e}"),
        )
    })?;
    let source = files.source(file);
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        let environments = samconfig::in_toml(file, &source.text);
        return environments.map(Content::Environments).inspect_err(|_| files.hide_all(file));
    }
    // Which of its values are secrets cannot be told from what does not parse.
    let wrong = |span: Span, reason: &str| {
        files.hide_all(file);
        Problem::new(ProblemKind::Syntax, Loc::new(file, span), reason)
    };
    let loaded = load::parse(&source);
    if let Some(error) = loaded.errors.first() {
        return Err(wrong(error.span, &error.message));
    }
    let Some(root) = loaded.documents.first() else { return Err(wrong(Span::default(), FORMS)) };
    match &root.kind {
        NodeKind::Map(_) => match root.get("Parameters").or_else(|| root.get("parameters")) {
            Some(parameters) if matches!(parameters.kind, NodeKind::Seq(_)) => {
                listed(file, parameters, &wrong).map(Content::Values)
            }
            Some(parameters) => Ok(Content::Values(pairs(file, parameters))),
            None if samconfig::is_one(root) => Ok(Content::Environments(samconfig::in_tree(file, root))),
            None => Err(wrong(root.span, FORMS)),
        },
        NodeKind::Seq(_) => listed(file, root, &wrong).map(Content::Values),
        NodeKind::Scalar(..) => Err(wrong(root.span, FORMS)),
    }
}

/// The entries of a map whose values are text.
fn pairs(file: FileId, map: &Node) -> Pairs {
    let pair = |(key, value): &(Node, Node)| {
        let at = Loc::new(file, value.span);
        Some(Pair { name: key.text()?.to_string(), value: Some(value_text(value)?), at })
    };
    map.entries().iter().filter_map(pair).collect()
}

/// A list of objects or of `Key=Value` texts.
fn listed(file: FileId, list: &Node, wrong: &dyn Fn(Span, &str) -> Problem) -> Result<Pairs, Problem> {
    let mut out = Vec::new();
    for item in list.items() {
        match (item.text(), item.get("ParameterKey").and_then(Node::text)) {
            (Some(text), _) => match text.split_once('=') {
                Some((name, value)) => {
                    let at = Loc::new(file, item.span);
                    out.push(Pair { name: name.to_string(), value: Some(value.to_string()), at });
                }
                None => return Err(wrong(item.span, "expected \"Key=Value\"")),
            },
            (None, Some(key)) => {
                if let Some((node, value)) =
                    item.get("ParameterValue").and_then(|n| Some((n, value_text(n)?)))
                {
                    out.push(Pair {
                        name: key.to_string(),
                        value: Some(value),
                        at: Loc::new(file, node.span),
                    });
                } else if item.get("UsePreviousValue").and_then(Node::text) == Some("true") {
                    out.push(Pair { name: key.to_string(), value: None, at: Loc::new(file, item.span) });
                }
            }
            _ => return Err(wrong(item.span, "expected an object with \"ParameterKey\", or \"Key=Value\"")),
        }
    }
    Ok(out)
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
            Ok(pairs) => {
                pairs.iter().map(|p| format!("{}={};", p.name, p.value.as_deref().unwrap_or("?"))).collect()
            }
            Err(problem) => problem.reason,
        }
    }

    #[test]
    fn every_form_is_read() {
        for (name, text, read) in [
            (
                "p.json",
                r#"[{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B", "UsePreviousValue": true}]"#,
                "A=1;B=?;",
            ),
            ("p.json", r#"{"Parameters": {"A": "x", "L": ["y", "z"]}, "Tags": {"T": "t"}}"#, "A=x;L=y,z;"),
            ("p.json", r#"["A=x=y", "B="]"#, "A=x=y;B=;"),
            (
                "p.json",
                r#"{"StackName": "s", "Parameters": [{"ParameterKey": "A", "ParameterValue": "1"}, {"ParameterKey": "B"}]}"#,
                "A=1;",
            ),
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
            (
                "samconfig.toml",
                "[default.deploy.parameters]\nparameter_overrides = \"A\"\n",
                "environment `default`: word 1 is not Key=Value",
            ),
        ] {
            assert_eq!(values(name, text), says, "{text}");
        }
        assert!(!values("samconfig.toml", "[").is_empty());
    }

    const SAM: &str = "version = 0.1\n[default.deploy.parameters]\nparameter_overrides = \"A=1\"\n\
                       [prod.deploy.parameters]\nparameter_overrides = [\"A=2\", \"B=x\"]\n\
                       [dev.deploy.parameters]\nstack_name = \"s\"\n";
    const SAM_YAML: &str = "version: 0.1\ndefault:\n  deploy: {parameters: {parameter_overrides: A=1}}\nprod:\n  \
                            global: {parameters: {parameter_overrides: {A: 2, B: x}}}\ndev: {deploy: {}}\n";

    fn of(typed: &str) -> String {
        let files = Files::new("/nowhere".into());
        for (name, text) in [
            ("samconfig.toml", SAM),
            ("samconfig.yaml", SAM_YAML),
            ("live.toml", "[prod.deploy.parameters]\nparameter_overrides = \"A=3\"\n"),
            ("p.json", "[\"A=4\"]"),
            ("a#b.json", "[\"A=5\"]"),
        ] {
            files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
        }
        let shown = |pairs: &Pairs| {
            pairs
                .iter()
                .map(|p| format!("{}={};", p.name, p.value.as_deref().unwrap_or("?")))
                .collect::<String>()
        };
        let one = read(Path::new(typed), &files).map_or_else(|p| p.reason, |pairs| shown(&pairs));
        let each = read_each(Path::new(typed), &files).map_or_else(
            |p| p.reason,
            |sets| {
                let set = |(name, pairs): &(Option<String>, Pairs)| {
                    format!("{}:{}", name.as_deref().unwrap_or("-"), shown(pairs))
                };
                sets.iter().map(set).collect::<Vec<_>>().join(" ")
            },
        );
        format!("{one} / {each}")
    }

    #[test]
    fn an_environment_is_named_behind_the_file() {
        for (typed, read) in [
            ("samconfig.toml", "A=1; / default:A=1; prod:A=2;B=x;"),
            ("samconfig.toml#prod", "A=2;B=x; / -:A=2;B=x;"),
            ("samconfig.toml#dev", " / -:"),
            ("samconfig.yaml", "A=1; / default:A=1; prod:A=2;B=x;"),
            ("samconfig.yaml#prod", "A=2;B=x; / -:A=2;B=x;"),
            ("live.toml#prod", "A=3; / -:A=3;"),
            ("a#b.json", "A=5; / -:A=5;"),
        ] {
            assert_eq!(of(typed), read, "{typed}");
        }
    }

    #[test]
    fn an_environment_that_is_not_there_is_told_with_those_that_are() {
        for (typed, says) in [
            (
                "samconfig.toml#stage",
                "this samconfig has no environment `stage`; it has `default`, `dev`, `prod`",
            ),
            ("samconfig.yaml#", "this samconfig has no environment ``; it has `default`, `prod`, `dev`"),
            (
                "live.toml",
                "this samconfig has no environment `default`, only `prod`; name one after `#`, as in \
                 samconfig.toml#prod",
            ),
            ("p.json#prod", "`#prod` names an environment of a samconfig, and this is none"),
            ("none.toml#prod", "this parameter file cannot be read: no such file"),
            ("#prod", "this parameter file cannot be read: no such file"),
        ] {
            assert_eq!(of(typed).split(" / ").next(), Some(says), "{typed}");
        }
    }
}
