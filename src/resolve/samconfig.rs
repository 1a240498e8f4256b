//! The SAM command line's configuration file: which parameter values each of its environments deploys with.
//!
//! `<environment>.<command>.parameters.parameter_overrides`, in TOML or YAML. What `deploy` has wins over what `global`
//! has; environments inherit nothing from each other. Knows nothing of which environment is asked for.
//! Source: AWS SAM Developer Guide, "AWS SAM CLI configuration file"; `sam deploy --config-env`.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::parse::tree::{Node, NodeKind, Style};
use crate::problem::{Problem, ProblemKind};
use crate::span::{FileId, Loc, Span};

/// The tables of an environment that hold parameters, the strongest first: what deploys, then what every command has.
const COMMANDS: [&str; 2] = ["deploy", "global"];

/// An environment of a samconfig.
#[derive(Debug)]
pub struct Environment {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// Its `parameter_overrides`, if it has any: text, a list of texts, or a map.
    pub overrides: Option<Node>,
}

/// Whether a map looks like a samconfig: an environment with a command that has parameters, or one called `default`.
pub fn is_one(root: &Node) -> bool {
    root.entries().iter().any(|(key, environment)| {
        let mut commands = environment.entries().iter();
        key.text() == Some("default") || commands.any(|(_, table)| table.get("parameters").is_some())
    })
}

/// The environments of a samconfig in TOML, in the order of their names; `Err` for what is no TOML.
pub fn in_toml(file: FileId, text: &str) -> Result<Vec<Environment>, Problem> {
    let root = DeTable::parse(text).map_err(|error| {
        let range = error.span().unwrap_or_default();
        let place = Loc::new(file, Span::new(range.start, range.end));
        Problem::new(ProblemKind::Syntax, place, error.message())
    })?;
    let span = root.span();
    Ok(in_tree(file, &tree(DeValue::Table(root.into_inner()), span)))
}

/// The environments of a samconfig, in the order written.
pub fn in_tree(file: FileId, root: &Node) -> Vec<Environment> {
    let tables = root.entries().iter().filter(|(_, table)| matches!(table.kind, NodeKind::Map(_)));
    let overrides = |environment: &Node| {
        let mut commands = COMMANDS.iter().filter_map(|c| environment.get(c)?.get("parameters"));
        commands.find_map(|parameters| parameters.get("parameter_overrides")).cloned()
    };
    let one = |(key, table): &(Node, Node)| {
        Some(Environment { file, name: key.text()?.into(), overrides: overrides(table) })
    };
    tables.filter_map(one).collect()
}

/// The tree of a value.
fn tree(value: DeValue<'_>, at: Range<usize>) -> Node {
    let scalar = |text: String| NodeKind::Scalar(text, Style::DoubleQuoted);
    let node = |kind, at: Range<usize>| Node { kind, span: Span::new(at.start, at.end), tag: None };
    let inner = |value: Spanned<DeValue<'_>>| {
        let at = value.span();
        tree(value.into_inner(), at)
    };
    let kind = match value {
        DeValue::String(text) => scalar(text.into_owned()),
        DeValue::Integer(n) => scalar(n.to_string()),
        DeValue::Float(n) => scalar(n.to_string()),
        DeValue::Boolean(b) => scalar(b.to_string()),
        DeValue::Datetime(time) => scalar(time.to_string()),
        DeValue::Array(items) => NodeKind::Seq(items.into_iter().map(inner).collect()),
        DeValue::Table(table) => {
            let entry = |(name, value): (Spanned<Cow<'_, str>>, _)| {
                let at = name.span();
                (node(scalar(name.into_inner().into_owned()), at), inner(value))
            };
            NodeKind::Map(table.into_iter().map(entry).collect())
        }
    };
    node(kind, at)
}

/// `Key=Value Other="with blanks"`, or `ParameterKey=Key,ParameterValue=Value …`; quotes may be left out, blanks and
/// quotes can be escaped. `Err` says what is wrong.
pub fn overrides_in(text: &str) -> Result<Vec<(String, String)>, String> {
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
    // What is no pair may be a piece of a secret.
    let pair = |(i, word): (usize, &String)| {
        let long = word.strip_prefix("ParameterKey=").and_then(|w| w.split_once(",ParameterValue="));
        let (key, value) =
            long.or_else(|| word.split_once('=')).ok_or(format!("word {} is not Key=Value", i + 1))?;
        Ok((key.to_string(), value.to_string()))
    };
    words.iter().enumerate().map(pair).collect()
}

/// The words of such a text as a file has it: in quotes of its own, in which others are escaped. A line break in TOML may
/// be one behind a backslash.
pub fn words_in(written: &str) -> Vec<Span> {
    let outer = written.chars().next().filter(|c| matches!(c, '"' | '\''));
    let opens = outer.map_or(0, |q| written.len() - written.trim_start_matches(q).len());
    let opens = if opens < 3 { opens.min(1) } else { 3 };
    let end = written.len() - opens.min(written.len());
    let (mut words, mut start, mut quote): (Vec<Span>, Option<usize>, Option<char>) =
        (Vec::new(), None, None);
    let mut chars = written.char_indices().filter(|(at, _)| (opens..end).contains(at)).peekable();
    while let Some((at, c)) = chars.next() {
        let begins = start.unwrap_or(at);
        match (c, quote) {
            // Two are one, which escapes what is behind it; one alone is the file's.
            ('\\', _) if chars.next_if(|(_, next)| *next == '\\').is_some() => {
                chars.next();
            }
            ('\\', _) if start.is_none() => continue,
            ('\\', _) => {}
            ('"' | '\'', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            (_, None) if c.is_whitespace() => {
                words.extend(start.take().map(|start| Span::new(start, at)));
                continue;
            }
            _ => {}
        }
        start = Some(begins);
    }
    words.extend(start.map(|start| Span::new(start, end)));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_the_text_as_a_file_has_it() {
        for (written, words) in [
            (r#""A=1 B=2""#, &["A=1", "B=2"][..]),
            (r#""A=\"x y\" B=\"z\"""#, &[r#"A=\"x y\""#, r#"B=\"z\""#]),
            (r#"'A="x B=1" B=2'"#, &[r#"A="x B=1""#, "B=2"]),
            ("\"\"\"A=1 \\\n  B=2\"\"\"", &["A=1", "B=2"]),
            ("A='x' B=2", &["A='x'", "B=2"]),
            (r#""A=a\\ b B=2""#, &[r"A=a\\ b", "B=2"]),
            ("", &[]),
        ] {
            let found: Vec<&str> = words_in(written).iter().map(|s| &written[s.range()]).collect();
            assert_eq!(found, words, "{written}");
        }
    }

    #[test]
    fn what_deploys_wins_over_what_is_for_every_command() {
        let text = "version = 0.1\n[a.global.parameters]\nparameter_overrides = \"X=1\"\n[a.deploy.parameters]\n\
                    parameter_overrides = \"X=2\"\n[b.global.parameters]\nparameter_overrides = \"X=3\"\n\
                    [c.build.parameters]\nparameter_overrides = \"X=4\"\n";
        let all = in_toml(FileId(0), text).unwrap();
        let shown: Vec<_> =
            all.iter().map(|e| (e.name.as_str(), e.overrides.as_ref().and_then(Node::text))).collect();
        assert_eq!(shown, [("a", Some("X=2")), ("b", Some("X=3")), ("c", None)]);
        assert!(in_toml(FileId(0), "[").is_err());
    }
}
