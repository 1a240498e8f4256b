//! Files of the Serverless Framework: the template under `resources`.
//!
//! Answers: which template such a file holds, and what is a variable in text. The framework merges a list of maps and files
//! into one, and fills in `${self:custom.x}`, `${opt:stage, 'dev'}` and their like before CloudFormation sees anything: one
//! that does not stand for something on disk (see [`super::variables`]) is an input. Source: Serverless Framework
//! documentation, "Resources", "Variables", "Parameters".

use std::collections::HashMap;

use super::view;
use crate::parse::tree::{Node, NodeKind};
use crate::span::Span;

const SECTIONS: [&str; 7] =
    ["Resources", "Outputs", "Conditions", "Mappings", "Parameters", "Rules", "extensions"];

/// Whether a document is a file of the framework with resources of its own.
pub fn is_service(root: &Node) -> bool {
    root.get("resources").is_some()
        && root.get("Resources").is_none()
        && (root.get("service").is_some() || root.get("provider").is_some())
}

/// The template of a file of the framework, if it has one.
pub fn template(root: &Node) -> Option<Node> {
    let (own, resources) = root.entry("resources")?;
    let parts = match &resources.kind {
        NodeKind::Seq(items) => items.to_vec(),
        _ => vec![resources.clone()],
    };
    let mut sections: Vec<(Node, Node)> =
        parts.iter().filter_map(|part| part.entry("Transform")).take(1).cloned().collect();
    // What is written twice stays so: which of them counts is not defined.
    let again = |of: &Node, name: &str, taken: Span| {
        let all = of.entries().iter().filter(|(key, _)| key.text() == Some(name) && key.span != taken);
        all.cloned().collect::<Vec<_>>()
    };
    let others: Vec<Node> = again(root, "resources", own.span).into_iter().map(|(_, other)| other).collect();
    for name in SECTIONS {
        let mut entries: Vec<(Node, Node)> = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut at = None;
        let other: Vec<_> = others.iter().flat_map(|other| again(other, name, Span::default())).collect();
        let is_written_again = !other.is_empty();
        sections.extend(other);
        for part in &parts {
            if is_variable(part) {
                entries.push(included(part, Some(name)));
                continue;
            }
            let Some((key, section)) = part.entry(name) else { continue };
            sections.extend(again(part, name, key.span));
            at = at.or(Some(key.span));
            if is_variable(section) {
                entries.push(included(section, None));
                continue;
            }
            let mut later = Vec::new();
            for (key, value) in section.entries() {
                let same = key.text().and_then(|name| Some((name, *known.get(name)?)));
                match same.and_then(|(_, at)| entries.get_mut(at)) {
                    None => {
                        known.extend(key.text().map(|name| (name, entries.len())));
                        entries.push((key.clone(), value.clone()));
                    }
                    // They are read before anything is evaluated.
                    Some((_, same)) if name == "Parameters" => *same = view::merged_json(same, value),
                    Some(_) => later.push((key.clone(), value.clone())),
                }
            }
            if !later.is_empty() {
                entries.push(merged(later, section.span));
            }
        }
        if !entries.is_empty() || is_written_again {
            let span = at.unwrap_or(resources.span);
            sections.push((
                view::literal(name.into(), span),
                Node { kind: NodeKind::Map(entries.into()), span, tag: None },
            ));
        }
    }
    let given = root.get("provider").and_then(|provider| provider.get("stackParameters"));
    for (key, section) in sections.iter_mut().filter(|_| given.is_some()) {
        if key.text() == Some("Parameters") {
            *section = with_values(section, given.map(Node::items).unwrap_or_default());
        }
    }
    let holds = sections.iter().any(|(key, _)| key.text() == Some("Resources"));
    holds.then(|| Node { kind: NodeKind::Map(sections.into()), span: resources.span, tag: None })
}

/// An entry that stands for some of which an earlier part has the names: they are merged later.
fn merged(entries: Vec<(Node, Node)>, at: Span) -> (Node, Node) {
    let text = |text: &str| view::literal(text.into(), at);
    let map = |entries: Vec<(Node, Node)>| Node { kind: NodeKind::Map(entries.into()), span: at, tag: None };
    let parameters = map(vec![(text("Entries"), map(entries))]);
    (text("Fn::Transform"), map(vec![(text("Name"), text(view::FILE)), (text("Parameters"), parameters)]))
}

/// Whether a section has entries that stand for those of variables.
pub fn includes_files(section: &Node) -> bool {
    section.entries().iter().any(|(_, body)| view::is_file(body))
}

/// Parameters with what the framework passes to each (`{ParameterKey, ParameterValue}`) in the place of its default.
fn with_values(parameters: &Node, passed: &[Node]) -> Node {
    let value_of = |name: &Node| {
        let own = |pair: &&Node| pair.get("ParameterKey").and_then(Node::text) == name.text();
        passed.iter().find(own)?.get("ParameterValue").filter(|value| value.text().is_some())
    };
    let entry = |(name, parameter): &(Node, Node)| {
        let Some(value) = value_of(name) else { return (name.clone(), parameter.clone()) };
        let others = parameter.entries().iter().filter(|(key, _)| key.text() != Some("Default")).cloned();
        let default = (view::literal("Default".into(), value.span), value.clone());
        let kind = NodeKind::Map(others.chain([default]).collect());
        (name.clone(), Node { kind, ..parameter.clone() })
    };
    Node { kind: NodeKind::Map(parameters.entries().iter().map(entry).collect()), ..parameters.clone() }
}

/// The variable that an include stands for, and the section of what this stands for that is taken.
pub fn taken(include: &Node) -> Option<(&str, Option<&str>)> {
    let parameters = include.get("Parameters")?;
    Some((parameters.get("Location")?.text()?, parameters.get("Section").and_then(Node::text)))
}

/// An entry that includes what a variable stands for, or a section of it.
fn included(variable: &Node, section: Option<&str>) -> (Node, Node) {
    let at = variable.span;
    let text = |text: &str| view::literal(text.into(), at);
    let map = |entries: Vec<(Node, Node)>| Node { kind: NodeKind::Map(entries.into()), span: at, tag: None };
    let mut parameters = vec![(text("Location"), text(variable.text().unwrap_or("")))];
    parameters.extend(section.map(|section| (text("Section"), text(section))));
    let include = map(vec![(text("Name"), text(view::FILE)), (text("Parameters"), map(parameters))]);
    (text("Fn::Transform"), include)
}

/// The first variable of the framework in text: where it starts and how long it is. `${AWS::Region}` and names that
/// `Fn::Sub` reads are none.
pub fn variable(text: &str) -> Option<(usize, usize)> {
    let mut openings = text.match_indices("${").map(|(at, _)| at);
    let at = openings.find(|at| text.get(*at..).is_some_and(begins_variable))?;
    Some((at, length(text.get(at..)?)?))
}

/// How long the variable is that a text begins with, if it begins with one.
pub fn variable_at_start(text: &str) -> Option<usize> {
    begins_variable(text).then(|| length(text)).flatten()
}

/// Whether a text begins as a variable does: with the name of a source before a colon or a bracket.
pub fn begins_variable(text: &str) -> bool {
    let Some(inner) = text.strip_prefix("${").map(str::trim_start) else { return false };
    let rest = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.');
    inner.starts_with(|c: char| c.is_ascii_lowercase())
        && (rest.starts_with('(') || rest.starts_with(':') && !rest.starts_with("::"))
}

/// Where the braces close that a text begins with.
fn length(text: &str) -> Option<usize> {
    let mut open = 0usize;
    text.char_indices().find_map(|(i, c)| {
        match c {
            '{' => open += 1,
            '}' => open = open.saturating_sub(1),
            _ => {}
        }
        (c == '}' && open == 0).then_some(i + 1)
    })
}

/// One of the sources of a variable, tried in the order written.
#[derive(Debug, PartialEq, Eq)]
pub enum Source<'t> {
    /// A key of the file itself.
    Own(&'t str),
    /// A file, and a key in it.
    File(&'t str, &'t str),
    /// A parameter of the framework by its name: an option, else what the file says of the stage.
    Parameter(&'t str),
    /// This text.
    Text(&'t str),
    /// Null, which stands for nothing on purpose.
    Null,
    /// What this text says of a bool.
    Bool(&'t str),
    /// What is not known from files.
    Unknown,
}

/// The sources of a text that is one variable and nothing else.
pub fn sources(text: &str) -> Option<Vec<Source<'_>>> {
    let text = text.trim();
    let (0, len) = variable(text)? else { return None };
    if len != text.len() {
        return None;
    }
    let inner = text.get(2..len - 1)?;
    let mut found = Vec::new();
    for part in parts(inner) {
        let part = part.trim();
        match (sources(part), part) {
            (Some(own), _) => found.extend(own),
            // The option `--stage`, else what the provider says, else this.
            (None, "sls:stage") => {
                found.extend([Source::Unknown, Source::Own("provider.stage"), Source::Text("dev")]);
            }
            (None, _) => found.push(source(part)),
        }
    }
    Some(found)
}

/// A variable with those in its address filled in by the text that each stands for; one that stands for none stays.
///
/// `${file(${self:custom.stage}.yml)}` is `${file(dev.yml)}`; what stands between commas is a source of its own.
pub fn addressed(text: &str, text_of: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let inner = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    if !inner.contains("${") {
        return None;
    }
    let part = |part: &str| if sources(part).is_some() { part.into() } else { filled(part, text_of) };
    let own = parts(inner).into_iter().map(part).collect::<Vec<String>>().join(",");
    (own != inner).then(|| format!("${{{own}}}"))
}

/// Text with the variables in it filled in; one that stands for no text stays.
pub fn filled(text: &str, text_of: &mut dyn FnMut(&str) -> Option<String>) -> String {
    let (mut own, mut rest) = (String::new(), text);
    while let Some((at, len)) = variable(rest) {
        let nested = rest.get(at..at + len).unwrap_or("");
        own.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + len..).unwrap_or("");
        own.push_str(&text_of(nested).unwrap_or_else(|| nested.into()));
    }
    own + rest
}

/// The variable for the stage that is deployed.
pub const STAGE: &str = "${sls:stage}";

/// Where the file of the framework may say what a parameter is, first things first: for the stage, else for every stage.
pub fn parameter(name: &str, stage: Option<&str>) -> Vec<String> {
    let stages = stage.into_iter().chain(["default"]);
    stages
        .flat_map(|stage| [format!("params.{stage}.{name}"), format!("stages.{stage}.params.{name}")])
        .collect()
}

/// A variable with what it is unless something replaces it, in one spelling: `${opt:stage, 'dev'}`; `None` if only what
/// stands in its address may be replaced.
pub fn named(variable: &str, default: &str) -> Option<String> {
    let inner = variable.trim().strip_prefix("${")?.strip_suffix('}')?;
    let first = parts(inner).first()?.trim();
    // That is the option, or else what is given here.
    let first = if first == "sls:stage" { "opt:stage" } else { first };
    let replaced = matches!(source(first), Source::Unknown | Source::Parameter(_)) && !first.contains("${");
    replaced.then(|| format!("${{{first}, '{default}'}}"))
}

fn source(part: &str) -> Source<'_> {
    if part.contains("${") {
        return Source::Unknown;
    }
    if let Some(keys) = part.strip_prefix("self:") {
        return Source::Own(keys.trim());
    }
    if let Some((path, rest)) = file_of(part) {
        let readable = [".yml", ".yaml", ".json"].iter().any(|end| path.ends_with(end));
        let keys = if rest.is_empty() { Some("") } else { rest.strip_prefix(':') };
        return keys.filter(|_| readable).map_or(Source::Unknown, |keys| Source::File(path, keys.trim()));
    }
    if let Some(text) = part.strip_prefix("strToBool(").and_then(|rest| rest.strip_suffix(')')) {
        return Source::Bool(unquoted(text.trim()).unwrap_or(text.trim()));
    }
    if let Some(name) = part.strip_prefix("param:") {
        return Source::Parameter(name.trim());
    }
    match part {
        "null" => Source::Null,
        _ if part.parse::<f64>().is_ok() || matches!(part, "true" | "false") => Source::Text(part),
        _ => unquoted(part).map_or(Source::Unknown, Source::Text),
    }
}

/// The text between quotes.
fn unquoted(text: &str) -> Option<&str> {
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    quoted('\'').or_else(|| quoted('"'))
}

/// The path of the file that a source reads, which may be in quotes, and what stands behind it.
pub fn file_of(source: &str) -> Option<(&str, &str)> {
    let rest = source.trim_start().strip_prefix("file(")?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let (path, rest) = match quote {
        Some(quote) => {
            let (path, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
            (path, rest.trim_start().strip_prefix(')')?)
        }
        None => rest.split_once(')')?,
    };
    Some((path.trim(), rest.trim_start()))
}

/// The file whose text a variable is: one with an extension of no tree and no program.
pub fn text_file(variable: &str) -> Option<&str> {
    let (path, rest) = file_of(variable.strip_prefix("${")?.strip_suffix('}')?)?;
    let (_, extension) =
        path.rsplit_once('.').filter(|_| rest.is_empty() && !path.contains(['$', ',', '(', ')']))?;
    let other = ["yml", "yaml", "json", "tfstate", "js", "cjs", "mjs", "ts", "cts", "mts", "toml"];
    (!other.contains(&extension)).then_some(path)
}

/// What the names of resources begin with that the framework makes for a service.
const MADE: [&str; 9] = [
    "ServerlessDeploymentBucket",
    "IamRole",
    "ApiGateway",
    "HttpApi",
    "Websockets",
    "S3Bucket",
    "SNSTopic",
    "CloudFront",
    "CognitoUserPool",
];

/// What stands behind the name of a function, or of a layer, in those that the framework makes for it.
const MADE_OF_FUNCTIONS: [&str; 15] = [
    "LambdaFunction",
    "LambdaVersion",
    "LambdaPermission",
    "LambdaEvConf",
    "LambdaLayer",
    "LambdaAlias",
    "LogGroup",
    "LogsSubscriptionFilter",
    "EventSourceMapping",
    "EventsRule",
    "EventBridge",
    "SnsSubscription",
    "IotTopicRule",
    "Alb",
    "Custom",
];

/// Whether the framework may make a resource of that name, which its file does not write out; plugins make any. Source:
/// Serverless Framework documentation, "AWS CloudFormation Resource Reference".
pub fn may_make(root: &Node, name: &str) -> bool {
    let has = |key: &str| root.get(key).is_some_and(|node| node.text() != Some(""));
    has("plugins")
        || MADE.iter().any(|begin| name.starts_with(begin))
        || (has("functions") || has("layers")) && MADE_OF_FUNCTIONS.iter().any(|end| name.contains(end))
}

/// What stands between the commas that are in no bracket and no quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut open, mut quote) = (Vec::new(), 0, 0usize, None);
    for (at, c) in text.char_indices() {
        match (c, quote) {
            (c, Some(q)) if c == q => quote = None,
            (_, Some(_)) => {}
            ('\'' | '"', None) => quote = Some(c),
            ('(' | '{', None) => open += 1,
            (')' | '}', None) => open = open.saturating_sub(1),
            (',', None) if open == 0 => {
                parts.push(text.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or(""));
    parts
}

/// Whether a node is a variable and nothing else.
pub fn is_variable(node: &Node) -> bool {
    node.tag.is_none() && node.text().is_some_and(|text| sources(text).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_told_from_names() {
        for (text, found) in [
            ("${self:custom.user}", Some((0, 19))),
            ("x-${opt:stage, 'dev'}-y", Some((2, 19))),
            ("${opt:stage, ${self:custom.stage}}!", Some((0, 34))),
            ("${AWS::Region}-${env:X}", Some((15, 8))),
            ("${file(a.yml)}", Some((0, 14))),
            ("${strToBool(1)}", Some((0, 15))),
            ("${Name${self:a}}", Some((6, 9))),
            ("${Name}", None),
            ("${User.Arn}", None),
            ("${self:open", None),
            ("", None),
        ] {
            assert_eq!(variable(text), found, "{text}");
        }
    }

    #[test]
    fn a_file_of_the_framework_has_a_service_or_a_provider_and_no_template() {
        for (text, is_one) in [
            ("{service: a, resources: {Resources: {T: {Type: A}}}}", true),
            ("{provider: a, resources: {Resources: {T: {Type: A}}}}", true),
            ("{resources: {Resources: {T: {Type: A}}}}", false),
            ("{service: a, resources: {Resources: {T: {Type: A}}}, Resources: {}}", false),
        ] {
            let (documents, _) = crate::parse::yaml::parse_text(text, 0);
            assert_eq!(is_service(&documents[0].root), is_one, "{text}");
        }
    }

    #[test]
    fn a_default_is_named_in_one_spelling() {
        for (variable, named) in [
            ("${opt:stage,\"dev\"}", Some("${opt:stage, 'dev'}")),
            ("${sls:stage}", Some("${opt:stage, 'dev'}")),
            ("${self:custom.a}", None),
            ("${self:custom.${opt:stage, 'dev'}}", None),
        ] {
            assert_eq!(super::named(variable, "dev").as_deref(), named, "{variable}");
        }
    }

    #[test]
    fn the_sources_of_a_variable_are_tried_in_order() {
        use Source::{Bool, File, Null, Own, Parameter, Text, Unknown};
        for (text, found) in [
            ("${self:custom.keys}", Some(vec![Own("custom.keys")])),
            ("${file(./a.yml):b.c}", Some(vec![File("./a.yml", "b.c")])),
            ("${file(a.json)}", Some(vec![File("a.json", "")])),
            ("${file(a.js):b}", Some(vec![Unknown])),
            ("${file(a.yml):b, self:c, 'd, e'}", Some(vec![File("a.yml", "b"), Own("c"), Text("d, e")])),
            ("${opt:stage, ${self:custom.stage}}", Some(vec![Unknown, Own("custom.stage")])),
            ("${self:custom.${opt:stage}}", Some(vec![Unknown])),
            ("${opt:n, 2}", Some(vec![Unknown, Text("2")])),
            ("${opt:on, true}", Some(vec![Unknown, Text("true")])),
            ("${self:a, null}", Some(vec![Own("a"), Null])),
            ("${strToBool('true')}", Some(vec![Bool("true")])),
            ("${strToBool(0)}", Some(vec![Bool("0")])),
            ("${strToBool(${self:a})}", Some(vec![Unknown])),
            ("${file('./a, b.yml'):c}", Some(vec![File("./a, b.yml", "c")])),
            ("${file( \"a.yml\" )}", Some(vec![File("a.yml", "")])),
            ("${param:user, 'ci'}", Some(vec![Parameter("user"), Text("ci")])),
            ("x-${self:a}", None),
            ("${self:a}${self:b}", None),
            ("${Name}", None),
            ("text", None),
        ] {
            assert_eq!(sources(text), found, "{text}");
        }
    }
}
