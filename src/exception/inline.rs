//! Exceptions beside what they are about: comments above it, and metadata of a template's resource.
//!
//! ```text
//! # lonekey: allow owner=platform expires=2027-03-01 reason="moves to OIDC in March"
//! resource "aws_iam_access_key" "second" {
//! ```
//!
//! Answers: which exceptions are written in this file, and on what? A comment stands alone on its line; between it and the
//! line that it is about there are further comments and nothing else. What is no comment cannot be taken for one: in YAML
//! a line of a block scalar is indented more than the key behind it, and an exception that is, covers nothing.

use std::ops::Range;

use super::{Draft, FIELDS, Field, Origin, Target};
use crate::nearest::nearest;
use crate::parse::tree::{Node, NodeKind};
use crate::parse::{json, yaml};
use crate::problem::{Problem, ProblemKind};
use crate::source::{CONFIG, Files, Source};
use crate::span::{FileId, Loc, Span};

const WORD: &str = "lonekey:";
const METADATA: &str = "lonekey";

/// The exceptions in a file, and what is wrong with those that cannot be read.
pub fn read(file: FileId, files: &Files) -> (Vec<Draft>, Vec<Problem>) {
    let source = files.source(file);
    let name = source.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    if name == CONFIG {
        return (Vec::new(), Vec::new());
    }
    let terraform = [".tf", ".tofu", ".hcl", ".tfvars"].iter().any(|end| name.ends_with(end));
    let is_json = source.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut found = Found { file, drafts: Vec::new(), problems: Vec::new() };
    if terraform || !is_json {
        found.comments(&source, !terraform);
    }
    let roots: Vec<Node> = match (terraform, is_json) {
        (true, _) => Vec::new(),
        (_, true) => json::parse(&source).into_iter().collect(),
        _ => yaml::parse(&source).0.into_iter().map(|document| document.root).collect(),
    };
    for root in &roots {
        found.metadata(root);
    }
    (found.drafts, found.problems)
}

struct Found {
    file: FileId,
    drafts: Vec<Draft>,
    problems: Vec<Problem>,
}

impl Found {
    fn wrong(&mut self, span: Range<usize>, what: String) {
        let place = Loc::new(self.file, Span::new(span.start, span.end));
        self.problems.push(Problem::new(ProblemKind::InvalidException, place, what));
    }

    /// Comments that stand alone on their lines.
    fn comments(&mut self, source: &Source, is_yaml: bool) {
        // Those of the lines directly above the one that is looked at.
        let mut waiting: Vec<(Draft, usize)> = Vec::new();
        let mut line = 1;
        while let Some(range) = source.line_range(line) {
            let text = source.text.get(range.clone()).unwrap_or_default();
            let content = text.trim_start_matches('\u{feff}').trim_start();
            let indent = text.len() - content.len();
            let slashes = if is_yaml { None } else { content.strip_prefix("//") };
            match content.strip_prefix('#').or(slashes) {
                Some(comment) => {
                    let comment = comment.trim_start_matches(['#', '/']).trim_start();
                    // With nothing behind it, it is a key of what is commented out: a job of that name.
                    let rest = comment.strip_prefix(WORD).filter(|rest| !rest.trim().is_empty());
                    if let Some(rest) = rest {
                        let start = range.start + text.len() - comment.len();
                        let at = start..range.end;
                        match fields(rest, start + WORD.len()) {
                            Ok(fields) => waiting.push((self.draft(fields, Origin::Comment, at), indent)),
                            Err((span, what)) => self.wrong(span, what),
                        }
                    }
                }
                None => self.settle(&mut waiting, line, is_yaml),
            }
            line += 1;
        }
        self.settle(&mut waiting, line, is_yaml);
    }

    fn settle(&mut self, waiting: &mut Vec<(Draft, usize)>, line: usize, is_yaml: bool) {
        for (mut draft, indent) in waiting.drain(..) {
            draft.target = Target::Line { line, indent: is_yaml.then_some(indent) };
            self.drafts.push(draft);
        }
    }

    fn draft(&self, fields: Fields, origin: Origin, at: Range<usize>) -> Draft {
        let loc = |span: Range<usize>| Loc::new(self.file, Span::new(span.start, span.end));
        let take = |name: &str| {
            let found = fields.iter().find(|(key, ..)| key == name);
            found.map(|(_, text, span)| Field { text: text.clone(), at: loc(span.clone()) })
        };
        Draft {
            owner: take("owner"),
            expires: take("expires"),
            reason: take("reason"),
            kind: take("kind"),
            origin,
            at: loc(at),
            target: Target::Node(Span::default()),
        }
    }

    /// `Metadata: {lonekey: …}`, of whatever has it.
    fn metadata(&mut self, root: &Node) {
        let mut todo: Vec<(Span, &Node)> = vec![(Span::default(), root)];
        while let Some((name, node)) = todo.pop() {
            if let Some((key, value)) = node.get("Metadata").and_then(|metadata| metadata.entry(METADATA)) {
                self.one(name, key, value);
            }
            todo.extend(node.entries().iter().map(|(key, value)| (key.span, value)));
            todo.extend(node.items().iter().map(|item| (Span::default(), item)));
        }
    }

    fn one(&mut self, about: Span, key: &Node, value: &Node) {
        if !matches!(value.kind, NodeKind::Map(_)) {
            let what = "an exception in metadata is a map of owner, expires, reason and kind".to_owned();
            return self.wrong(value.span.range(), what);
        }
        let mut fields: Fields = Vec::new();
        for (name, value) in value.entries() {
            let text = value.text().filter(|_| value.tag.is_none());
            let known = name.text().map_or(Err("its keys are texts".into()), |name| known(name, &fields));
            match (known, text) {
                (Err(what), _) => return self.wrong(name.span.range(), what),
                (_, None) => {
                    return self.wrong(value.span.range(), "an exception's terms are plain texts".to_owned());
                }
                (Ok(name), Some(text)) => fields.push((name, text.to_owned(), value.span.range())),
            }
        }
        let mut draft = self.draft(fields, Origin::Metadata, key.span.range());
        draft.target = Target::Node(about);
        self.drafts.push(draft);
    }
}

/// Names with their values and where these stand.
type Fields = Vec<(String, String, Range<usize>)>;

/// The name, if it is one of a field that was not given yet.
fn known(name: &str, given: &Fields) -> Result<String, String> {
    if !FIELDS.contains(&name) {
        let hint = match nearest(name, &FIELDS) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("it has {}", FIELDS.join(", ")),
        };
        return Err(format!("an exception has no {name:?}; {hint}"));
    }
    match given.iter().any(|(known, ..)| known == name) {
        true => Err(format!("this exception says its {name} twice")),
        false => Ok(name.to_owned()),
    }
}

/// ` allow name=word name="several words"` at byte `base` of a file; in quotes `\"` is a quote and `\\` a backslash.
fn fields(text: &str, base: usize) -> Result<Fields, (Range<usize>, String)> {
    let at = |rest: &str| base + text.len() - rest.len();
    let whole = |what: String| (at(text)..base + text.len(), what);
    let rest = text.trim_start();
    let Some(mut rest) = rest.strip_prefix("allow").filter(|r| r.is_empty() || r.starts_with([' ', '\t']))
    else {
        let form = "an exception is written `lonekey: allow owner=… expires=YYYY-MM-DD reason=\"…\"`";
        return Err(whole(form.into()));
    };
    let mut found: Fields = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Ok(found);
        }
        let start = at(rest);
        let end = rest.find(['=', ' ', '\t']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            let what = format!("{name:?} is no name=value; a value of several words stands in double quotes");
            return Err((start..start + name.len(), what));
        };
        let name = known(name, &found).map_err(|what| (start..start + end, what))?;
        let from = at(value);
        let (word, after) = match value.strip_prefix('"') {
            Some(quoted) => unquoted(quoted).ok_or_else(|| {
                (from..base + text.len(), "this quote is not closed on its line".to_owned())
            })?,
            None => {
                let (word, after) = value.split_at(value.find([' ', '\t']).unwrap_or(value.len()));
                (word.to_owned(), after)
            }
        };
        found.push((name, word, from..at(after)));
        rest = after;
    }
}

/// The text up to the closing quote, and what comes after it.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut word = String::new();
    let mut chars = text.char_indices();
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Some((word, text.get(i + 1..)?)),
            '\\' => word.push(chars.next()?.1),
            c => word.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read_text(name: &str, text: &str) -> (Vec<Draft>, Vec<Problem>) {
        let files = Files::new("/r".into());
        let file = files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
        read(file, &files)
    }

    #[test]
    fn words_and_quotes_are_values_with_their_places() {
        let text = " allow owner=a reason=\"b \\\"c\\\" \\\\\"  expires=2027-03-01";
        let found = fields(text, 100).unwrap();
        let shown: Vec<(&str, &str, usize)> =
            found.iter().map(|(name, value, at)| (name.as_str(), value.as_str(), at.start - 100)).collect();
        assert_eq!(shown, [("owner", "a", 13), ("reason", "b \"c\" \\", 22), ("expires", "2027-03-01", 44)]);
    }

    proptest! {
        #[test]
        fn no_comment_panics_and_every_place_lies_in_the_file(
            text in "(\\PC{0,8}|\n|#|//| |lonekey: ?|allow |owner=|expires=|reason=|kind=|\"|\\\\|é|🔑|\r\n|\u{feff}){0,30}",
            name in prop_oneof![Just("a.tf"), Just("a.yaml"), Just("a.json")],
        ) {
            let (drafts, problems) = read_text(name, &text);
            let fields = drafts.iter().flat_map(|d| [&d.owner, &d.expires, &d.reason, &d.kind]).flatten();
            let places = drafts.iter().map(|d| d.at.span).chain(fields.map(|field| field.at.span));
            let wrong = problems.iter().filter_map(|p| match p.place {
                crate::problem::Place::At(loc) => Some(loc.span),
                crate::problem::Place::Path(_) => None,
            });
            for span in places.chain(wrong) {
                prop_assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
            }
        }
    }
}
