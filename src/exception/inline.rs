//! Exceptions beside what they are about: comments above it, metadata of a template's resource, the comment property of
//! Terraform's JSON.
//!
//! ```text
//! # lonekey: allow owner=platform expires=2027-03-01 reason="moves to OIDC in March"
//! resource "aws_iam_access_key" "second" {
//! ```
//!
//! Answers: which exceptions are written in this file, and on what? A comment stands alone on its line; between it and the
//! line that it is about there are further comments and nothing else. What is no comment cannot be taken for one: in YAML
//! a line of a block scalar is indented more than the key behind it, and an exception that is, covers nothing. A comment
//! that stands elsewhere, behind code or between `/*` and `*/`, is an error: its author thinks that it approves something.

use std::ops::Range;

use super::{Draft, FIELDS, Origin, Target};
use crate::pairs::{self, Pair, Pairs};
use crate::parse::tree::{Node, NodeKind, Style};
use crate::parse::{hcl, json, yaml};
use crate::problem::{Problem, ProblemKind};
use crate::source::{COMMAND_LINE, CONFIG, Files, MENTION, Source};
use crate::span::{FileId, Loc, Span};

const WORD: &str = "lonekey:";
const VERB: &str = "allow";

/// The exceptions in a file, and what is wrong with those that cannot be read. `inside` are the templates that stand in
/// text of it, with places in it.
pub fn read<'n>(
    file: FileId,
    inside: impl Iterator<Item = &'n Node>,
    files: &Files,
) -> (Vec<Draft>, Vec<Problem>) {
    let source = files.source(file);
    let name = source.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    if name == CONFIG || source.path == COMMAND_LINE {
        return (Vec::new(), Vec::new());
    }
    let terraform = [".tf", ".tofu", ".hcl", ".tfvars"].iter().any(|end| name.ends_with(end));
    let is_json = source.text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut found = Comments { file, drafts: Vec::new(), problems: Vec::new() };
    let roots: Vec<Node> = match (terraform, is_json) {
        (true, _) => Vec::new(),
        (_, true) => json::parse(&source).into_iter().collect(),
        _ => yaml::parse(&source).0.into_iter().map(|document| document.root).collect(),
    };
    if terraform || !is_json {
        found.comments(&source, !terraform);
        found.misplaced(&source, (!terraform).then_some(&roots));
    }
    let in_json = name.ends_with(".tf.json") || name.ends_with(".tofu.json");
    for root in &roots {
        found.metadata(root, if in_json { "//" } else { "Metadata" });
    }
    for root in inside {
        found.metadata(root, "Metadata");
    }
    // A template is resolved more than once, and deployed more than once.
    found.drafts.sort_by_key(|draft| draft.at.span);
    found.drafts.dedup();
    (found.drafts, found.problems)
}

struct Comments {
    file: FileId,
    drafts: Vec<Draft>,
    problems: Vec<Problem>,
}

impl Comments {
    fn wrong(&mut self, span: Range<usize>, what: String) {
        let place = Loc::new(self.file, Span::new(span.start, span.end));
        let problem = Problem::new(ProblemKind::InvalidException, place, what);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
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
                        match terms(rest, start + WORD.len()) {
                            Ok(terms) => waiting.push((self.draft(&terms, Origin::Comment, at), indent)),
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

    /// Comments that are meant to be exceptions and stand where they are none: behind code, or between `/*` and `*/`.
    fn misplaced(&mut self, source: &Source, roots: Option<&[Node]>) {
        let text = source.text.as_str();
        let mut found: Vec<Range<usize>> = Vec::new();
        let Some(roots) = roots else {
            for (range, comment) in hcl::comments(text) {
                let inside = text.get(range.clone()).unwrap_or_default();
                if !comment {
                    found.extend(behind_code(inside, range.start));
                } else if inside.starts_with("/*") {
                    found.extend(said(inside, range.start));
                } else if is_said(inside) && !blank(line_before(text, range.start)) {
                    found.push(range);
                }
            }
            return self.misplaced_at(found, text);
        };
        let quoted: Vec<Range<usize>> = roots.iter().flat_map(quoted).collect();
        found.extend(behind_code(text, 0).filter(|at| !quoted.iter().any(|range| range.contains(&at.start))));
        self.misplaced_at(found, text);
    }

    fn misplaced_at(&mut self, found: Vec<Range<usize>>, text: &str) {
        for at in found {
            let what = "an exception is a comment that begins with # and stands on a line of its own, directly above the \
                        block of a key or user: move it there";
            let length = text.get(at.clone()).unwrap_or_default().trim_end().len();
            self.wrong(at.start..at.start + length, what.to_owned());
        }
    }

    fn settle(&mut self, waiting: &mut Vec<(Draft, usize)>, line: usize, is_yaml: bool) {
        for (mut draft, indent) in waiting.drain(..) {
            draft.target = Target::Line { line, indent: is_yaml.then_some(indent) };
            self.drafts.push(draft);
        }
    }

    fn draft(&self, terms: &[Pair], origin: Origin, at: Range<usize>) -> Draft {
        let at = Loc::new(self.file, Span::new(at.start, at.end));
        Draft::new(terms, origin, at, Target::Node(Span::default()))
    }

    /// `Metadata: {lonekey: …}`, of whatever has it, or with another property than `Metadata`.
    fn metadata(&mut self, root: &Node, property: &str) {
        let own = &|node: &Node| node.get(property).and_then(|found| found.entry(MENTION)).cloned();
        if let Some((key, terms)) = own(root) {
            self.one(Span::default(), &key, &terms);
        }
        let mut todo: Vec<&Node> = vec![root];
        while let Some(node) = todo.pop() {
            // JSON has a block's body in a list, where it has several.
            let entries = node.entries().iter().flat_map(|(name, value)| {
                let bodies = value.items().iter().chain([value]);
                bodies.filter_map(move |body| Some((name, own(body)?)))
            });
            for (name, (key, terms)) in entries {
                // Where text was put together, its parts have one place.
                let alike = |(other, value): &(Node, Node)| {
                    let terms = own(value).map(|(key, _)| key.span);
                    !std::ptr::eq(other, name) && overlap(other.span, name.span) && terms != Some(key.span)
                };
                match node.entries().iter().any(alike) {
                    true => {
                        let what = "which resource this exception is on does not show in text that is put together: write \
                                    it in lonekey.toml";
                        self.wrong(key.span.range(), what.to_owned());
                    }
                    false => self.one(name.span, &key, &terms),
                }
            }
            if property == "//"
                && let Some(text) = node.get(property)
                && text.text().is_some_and(|text| text.trim_start().starts_with(WORD))
            {
                let what = "an exception in JSON is `\"//\": { \"lonekey\": { \"owner\": …, \"expires\": …, \"reason\": … } }`";
                self.wrong(text.span.range(), what.to_owned());
            }
            todo.extend(node.entries().iter().map(|(_, value)| value).chain(node.items()));
        }
    }

    fn one(&mut self, about: Span, key: &Node, value: &Node) {
        if !matches!(value.kind, NodeKind::Map(_)) {
            let what = "an exception in metadata is a map of owner, expires, reason and kind".to_owned();
            return self.wrong(value.span.range(), what);
        }
        let mut terms = Pairs::new();
        for (name, value) in value.entries() {
            // In text that is put together, what only the deployment knows stands under a mark of private use.
            let marked = |text: &str| text.contains(|c| ('\u{f0000}'..='\u{ffffd}').contains(&c));
            let plain = |text: &&str| value.tag.is_none() && !marked(text);
            let text = value.text().filter(plain);
            let known = name.text().map_or(Err("its keys are texts".into()), |name| {
                pairs::known(name, "exception", &FIELDS, &terms)
            });
            match (known, text) {
                (Err(what), _) => return self.wrong(name.span.range(), what),
                (_, None) => {
                    return self.wrong(value.span.range(), "an exception's terms are plain texts".to_owned());
                }
                (Ok(()), Some(text)) => {
                    terms.push(Pair::new(name.text().unwrap_or_default(), text, value.span.range()))
                }
            }
        }
        let mut draft = self.draft(&terms, Origin::Metadata, key.span.range());
        draft.target = Target::Node(about);
        self.drafts.push(draft);
    }
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

fn blank(text: &str) -> bool {
    text.trim_matches(['\u{feff}', ' ', '\t', '\r']).is_empty()
}

/// What stands before `at` on its line.
fn line_before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default()
}

/// Whether the text of a comment is meant to be an exception.
fn is_said(comment: &str) -> bool {
    let said = comment.trim_start_matches(['#', '/', ' ', '\t']).strip_prefix(WORD);
    let verb = said.and_then(|said| said.trim_start_matches([' ', '\t']).strip_prefix(VERB));
    verb.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n', '*']))
}

/// The rests of lines that begin an exception, in text at `base` of a file.
fn said(text: &str, base: usize) -> impl Iterator<Item = Range<usize>> {
    let all = text.match_indices(WORD).filter(|(at, _)| is_said(text.get(*at..).unwrap_or_default()));
    all.map(move |(at, _)| {
        let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |line| at + line);
        base + at..base + end
    })
}

/// Those of them that are a comment behind something else.
fn behind_code(text: &str, base: usize) -> impl Iterator<Item = Range<usize>> {
    said(text, base).filter(move |at| {
        let before = line_before(text, at.start - base).trim_end_matches([' ', '\t']);
        let code = before.strip_suffix('#').filter(|code| code.ends_with([' ', '\t']));
        code.is_some_and(|code| !blank(code) && !code.trim_start().starts_with('#'))
    })
}

/// The bytes of every text in quotes.
fn quoted(root: &Node) -> Vec<Range<usize>> {
    let (mut found, mut todo) = (Vec::new(), vec![root]);
    while let Some(node) = todo.pop() {
        if let NodeKind::Scalar(_, Style::SingleQuoted | Style::DoubleQuoted) = node.kind {
            found.push(node.span.range());
        }
        todo.extend(node.entries().iter().flat_map(|(key, value)| [key, value]).chain(node.items()));
    }
    found
}

/// The terms of an exception behind `lonekey:`, at byte `base` of a file.
fn terms(text: &str, base: usize) -> Result<Pairs, (Range<usize>, String)> {
    let rest = text.trim_start();
    match rest.strip_prefix(VERB).filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
        Some(rest) => pairs::read(rest, base + text.len() - rest.len(), "exception", &FIELDS),
        None => {
            let form = "an exception is written `lonekey: allow owner=… expires=YYYY-MM-DD reason=\"…\"`";
            Err((base + text.len() - rest.len()..base + text.len(), form.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read_text(name: &str, text: &str) -> (Vec<Draft>, Vec<Problem>) {
        let files = Files::new("/r".into());
        let file = files.insert(Path::new(name), text.as_bytes().to_vec()).unwrap();
        read(file, std::iter::empty(), &files)
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
