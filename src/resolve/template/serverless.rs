//! Files of the Serverless Framework: the template under `resources`.
//!
//! Answers: which template such a file holds, and what is a variable in text. The framework merges a list of maps and files
//! into one, and fills in `${self:custom.x}`, `${opt:stage, 'dev'}` and their like before CloudFormation sees anything: one
//! that does not stand for something on disk (see [`super::variables`]) is an input. Source: Serverless Framework
//! documentation, "Resources", "Variables", "Parameters".

use super::view;
use crate::parse::tree::{Node, NodeKind};
use crate::span::Span;

const SECTIONS: [&str; 7] =
    ["Resources", "Outputs", "Conditions", "Mappings", "Parameters", "Rules", "extensions"];

/// The template of a document, if it is a file of the framework that has one.
pub fn template(root: &Node) -> Option<Node> {
    let (own, resources) = root.entry("resources")?;
    if root.get("Resources").is_some() || (root.get("service").is_none() && root.get("provider").is_none()) {
        return None;
    }
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
            } else if section.entries().iter().any(|(key, _)| is_among(&entries, key)) {
                entries.push(merged(section));
            } else {
                entries.extend(section.entries().iter().cloned());
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
    let holds = sections.iter().any(|(key, _)| key.text() == Some("Resources"));
    holds.then(|| Node { kind: NodeKind::Map(sections.into()), span: resources.span, tag: None })
}

/// Whether a name is among these entries, as text.
fn is_among(entries: &[(Node, Node)], key: &Node) -> bool {
    key.text().is_some_and(|name| entries.iter().any(|(known, _)| known.text() == Some(name)))
}

/// An entry that stands for those of a section of which an earlier part has some: they are merged later.
fn merged(section: &Node) -> (Node, Node) {
    let at = section.span;
    let text = |text: &str| view::literal(text.into(), at);
    let map = |entries: Vec<(Node, Node)>| Node { kind: NodeKind::Map(entries.into()), span: at, tag: None };
    let parameters = map(vec![(text("Entries"), section.clone())]);
    (text("Fn::Transform"), map(vec![(text("Name"), text(view::FILE)), (text("Parameters"), parameters)]))
}

/// Whether a section has entries that stand for those of variables.
pub fn includes_files(section: &Node) -> bool {
    section.entries().iter().any(|(_, body)| view::is_file(body))
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
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("${")).map(|at| at + from) {
        let mut open = 0usize;
        let end = text.get(at..)?.char_indices().find_map(|(i, c)| {
            match c {
                '{' => open += 1,
                '}' => open = open.saturating_sub(1),
                _ => {}
            }
            (c == '}' && open == 0).then_some(i + 1)
        })?;
        let inner = text.get(at + 2..at + end - 1).unwrap_or("");
        if (inner.contains(':') && !inner.starts_with("AWS::")) || inner.starts_with("file(") {
            return Some((at, end));
        }
        from = at + end;
    }
    None
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

/// A variable with those in its address filled in, as `root`, the file of the framework, has them, and whether one of them
/// is only what an option or the environment may replace. One that is not known stays.
///
/// `${file(${self:custom.stage}.yml)}` is `${file(dev.yml)}`; what stands between commas is a source of its own.
pub fn addressed(text: &str, root: &Node, left: usize) -> Option<(String, bool)> {
    let inner = text.trim().strip_prefix("${")?.strip_suffix('}')?;
    if !inner.contains("${") {
        return None;
    }
    let left = left.checked_sub(1)?;
    let mut by_default = false;
    let part = |part: &str| {
        if sources(part).is_some() {
            return part.to_string();
        }
        let (own, default) = filled(part, root, left);
        by_default |= default;
        own
    };
    let own = parts(inner).into_iter().map(part).collect::<Vec<_>>().join(",");
    (own != inner).then(|| (format!("${{{own}}}"), by_default))
}

/// Text with the variables in it filled in, and whether one of them is only what may be replaced. One that is not known
/// stays.
fn filled(text: &str, root: &Node, left: usize) -> (String, bool) {
    let (mut own, mut rest, mut by_default) = (String::new(), text, false);
    while let Some((at, len)) = variable(rest) {
        let nested = rest.get(at..at + len).unwrap_or("");
        own.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + len..).unwrap_or("");
        match text_of(nested, root, left) {
            Some((text, default)) => {
                own.push_str(&text);
                by_default |= default;
            }
            None => own.push_str(nested),
        }
    }
    (own + rest, by_default)
}

/// The text that a variable stands for in the file of the framework itself, and whether an option or the environment may
/// replace it.
fn text_of(variable: &str, root: &Node, left: usize) -> Option<(String, bool)> {
    let left = left.checked_sub(1)?;
    let (own, mut by_default) = match addressed(variable, root, left) {
        Some((own, by_default)) => (own, by_default),
        None => (variable.to_string(), false),
    };
    for source in sources(&own)? {
        match source {
            Source::Text(text) => return Some((text.into(), by_default)),
            Source::Own(keys) => {
                let found =
                    keys.split('.').filter(|key| !key.is_empty()).try_fold(root, |node, key| node.get(key));
                let Some(text) = found.map(Node::text) else { continue };
                return match text? {
                    text if sources(text).is_some() => {
                        let (text, default) = text_of(text, root, left)?;
                        Some((text, by_default || default))
                    }
                    // Of several, each of which may have several, there would be no end.
                    text if text.matches("${").count() > 1 => None,
                    text => {
                        let (text, default) = filled(text, root, left);
                        self::variable(&text).is_none().then_some((text, by_default || default))
                    }
                };
            }
            Source::Parameter(name) => {
                by_default = true;
                let Some(keys) = parameter(name, root, left) else { continue };
                let (text, _) = text_of(&format!("${{self:{keys}}}"), root, left)?;
                return Some((text, true));
            }
            Source::Unknown => by_default = true,
            Source::File(..) => return None,
        }
    }
    None
}

/// Where the file of the framework says what a parameter is: for the stage, else for every stage.
pub fn parameter(name: &str, root: &Node, left: usize) -> Option<String> {
    let stage = text_of("${sls:stage}", root, left).map(|(stage, _)| stage);
    let stages = stage.as_deref().into_iter().chain(["default"]);
    let places = stages
        .flat_map(|stage| [format!("params.{stage}.{name}"), format!("stages.{stage}.params.{name}")])
        .collect::<Vec<_>>();
    places.into_iter().find(|keys| keys.split('.').try_fold(root, |node, key| node.get(key)).is_some())
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
    if let Some((path, rest)) = part.strip_prefix("file(").and_then(|rest| rest.split_once(')')) {
        let readable = [".yml", ".yaml", ".json"].iter().any(|end| path.trim().ends_with(end));
        let keys = if rest.is_empty() { Some("") } else { rest.strip_prefix(':') };
        return keys
            .filter(|_| readable)
            .map_or(Source::Unknown, |keys| Source::File(path.trim(), keys.trim()));
    }
    if let Some(name) = part.strip_prefix("param:") {
        return Source::Parameter(name.trim());
    }
    if part.parse::<f64>().is_ok() || matches!(part, "true" | "false") {
        return Source::Text(part);
    }
    let quoted = |quote: char| part.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    match quoted('\'').or_else(|| quoted('"')) {
        Some(text) => Source::Text(text),
        None => Source::Unknown,
    }
}

/// The file whose text a variable is: one with an extension of no tree and no program.
pub fn text_file(variable: &str) -> Option<&str> {
    let path = variable.strip_prefix("${file(")?.strip_suffix(")}")?.trim();
    let (_, extension) = path.rsplit_once('.').filter(|_| !path.contains(['$', ',', '(', ')']))?;
    let other = ["yml", "yaml", "json", "tfstate", "js", "cjs", "mjs", "ts", "cts", "mts", "toml"];
    (!other.contains(&extension)).then_some(path)
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
            assert_eq!(template(&documents[0].root).is_some(), is_one, "{text}");
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
        use Source::{File, Own, Parameter, Text, Unknown};
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
