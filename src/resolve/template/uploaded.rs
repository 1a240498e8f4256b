//! Nested templates behind a URL: which scanned file was uploaded there.
//!
//! Answers: given `https://…/${Prefix}templates/iam.yaml`, is there exactly one scanned file that this can be? A folder
//! that holds both the parent and the child was uploaded as it is, so the child's path from there on is the end of the
//! URL. Of what a function puts into the URL only the text behind it is known; a name in it may be cut off at its start.
//! Two files that fit are none. Evaluates nothing, so that the answer is the same before and after evaluation.
//! Source: CloudFormation's resource reference, `TemplateURL`; `aws s3 sync`, which keeps paths.

use std::path::{Path, PathBuf};

use super::text::{SubPart, sub_parts};
use super::{load, view};
use crate::parse::tree::Node;
use crate::source::Files;

/// What is known of a URL's end.
#[derive(Debug, PartialEq, Eq)]
struct Tail {
    /// Its last names, whole.
    names: Vec<String>,
    /// The end of the name before them, where its start is not known.
    cut: Option<String>,
    /// Whether something that is not known stands before.
    open: bool,
}

/// The scanned templates that a URL can mean, seen from the template `parent`, sorted. Only one of its kind is an answer.
pub(super) fn files_of(url: &Node, parent: &Path, files: &Files) -> Vec<PathBuf> {
    let Some((tail, folder)) = Tail::of(url).zip(parent.parent()) else { return Vec::new() };
    let mut fitting = tail.names.last().map(|name| files.seen_as(name)).unwrap_or_default();
    let is_template = |path: &Path| {
        let loaded = load::load(path, files);
        loaded.is_ok_and(|(_, loaded)| loaded.documents.iter().any(|doc| doc.get("Resources").is_some()))
    };
    fitting.retain(|path| path != parent && tail.fits(path, folder) && is_template(path));
    fitting
}

impl Tail {
    fn of(url: &Node) -> Option<Tail> {
        let (text, open) = known_end(url)?;
        let text = text.split(['?', '#']).next().unwrap_or("");
        let (path, open) = match text.split_once("://") {
            // What stands before the first slash is the host.
            Some((_, rest)) => (rest.split_once('/')?.1, open),
            None if open => (text, true),
            None => return None,
        };
        let (cut, path) = match path.split_once('/') {
            Some((cut, path)) if open && !text.contains("://") => (Some(cut), path),
            None if open => return None,
            _ => (None, path),
        };
        let names: Vec<String> = path.split('/').filter(|n| !n.is_empty()).map(String::from).collect();
        let cut = cut.filter(|c| !c.is_empty()).map(String::from);
        (!names.is_empty() && names.iter().all(|n| n != "." && n != "..")).then_some(Tail {
            names,
            cut,
            open,
        })
    }

    fn fits(&self, path: &Path, parents: &Path) -> bool {
        let names = |path: &Path| -> Vec<String> {
            path.components().map(|c| c.as_os_str().to_string_lossy().into_owned()).collect()
        };
        let (whole, parents) = (names(path), names(parents));
        let shared = whole.iter().zip(&parents).take_while(|(a, b)| a == b).count();
        // From the smallest folder that holds both; a larger one makes the path longer.
        let from_there = whole.get(shared..).unwrap_or_default();
        if self.names.ends_with(from_there) {
            return true;
        }
        let above = whole.len().checked_sub(self.names.len() + 1).and_then(|i| whole.get(i));
        let cut = self.cut.as_ref().is_none_or(|cut| above.is_some_and(|name| name.ends_with(cut.as_str())));
        self.open && cut && whole.ends_with(&self.names)
    }
}

/// The text at the end of a value, and whether something that is not known stands before it.
fn known_end(node: &Node) -> Option<(String, bool)> {
    let Some(call) = view::call(node) else { return Some((node.text()?.to_string(), false)) };
    match (&*call.name, call.arg.items()) {
        ("Fn::Sub", items) => {
            let text = items.first().unwrap_or(&call.arg).text()?;
            let mut end = String::new();
            for (_, part) in sub_parts(text).into_iter().rev() {
                match part {
                    SubPart::Text(text) => end.insert_str(0, text),
                    SubPart::Literal(name) => end.insert_str(0, &format!("${{{name}}}")),
                    SubPart::Name(_) => return Some((end, true)),
                }
            }
            Some((end, false))
        }
        ("Fn::Join", [by, list]) => {
            let mut end = String::new();
            for (i, item) in list.items().iter().rev().enumerate() {
                if i > 0 {
                    end.insert_str(0, by.text()?);
                }
                let (text, open) = known_end(item)?;
                end.insert_str(0, &text);
                if open {
                    return Some((end, true));
                }
            }
            Some((end, false))
        }
        _ => Some((String::new(), true)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(url: &str) -> String {
        let url = &load::parse_text(url).documents[0];
        let Some(Tail { names, cut, open }) = Tail::of(url) else { return "-".into() };
        format!(
            "{}{} {}",
            cut.map(|c| format!("~{c}/")).unwrap_or_default(),
            names.join("/"),
            if open { "open" } else { "whole" }
        )
    }

    #[test]
    fn the_end_of_a_url_is_what_no_function_stands_behind() {
        for (url, known) in [
            ("https://s3.amazonaws.com/bucket/a/iam.yaml", "bucket/a/iam.yaml whole"),
            ("https://bucket.s3.amazonaws.com/iam.yaml?versionId=3", "iam.yaml whole"),
            ("s3://bucket/a/iam.yaml", "a/iam.yaml whole"),
            ("!Sub https://${B}.s3.${AWS::URLSuffix}/a/iam.yaml", "a/iam.yaml open"),
            ("!Sub https://${B}.s3.amazonaws.com/${Prefix}templates/iam.yaml", "~templates/iam.yaml open"),
            ("!Sub ['${Base}/iam.yaml', {Base: x}]", "iam.yaml open"),
            ("!Sub '${Base}iam.yaml'", "-"),
            ("!Sub '${Base}/a/'", "a open"),
            ("!Sub https://b.s3.amazonaws.com/iam.yaml", "iam.yaml whole"),
            ("!Sub 'https://${B}'", "-"),
            ("!Join ['', ['https://', !Ref B, /a/iam.yaml]]", "a/iam.yaml open"),
            ("!Join [/, ['https://b.s3.amazonaws.com', !Ref P, a, iam.yaml]]", "a/iam.yaml open"),
            ("!Join ['/', [!Sub '${B}/x', iam.yaml]]", "x/iam.yaml open"),
            ("!Ref Url", "-"),
            ("!Join ['', [!Ref Url]]", "-"),
            ("iam.yaml", "-"),
            ("!Sub '${B}/../iam.yaml'", "-"),
            ("https://bucket", "-"),
            ("https://bucket/", "-"),
            ("https://bucket/./iam.yaml", "-"),
            ("!Sub '${P}://bucket/a/iam.yaml'", "a/iam.yaml open"),
            ("!Join ['/', [!Ref P, [iam.yaml]]]", "-"),
            ("[]", "-"),
        ] {
            assert_eq!(end(url), known, "{url}");
        }
    }

    #[test]
    fn a_file_fits_from_a_folder_that_holds_the_parent_too() {
        for (url, file, fits) in [
            ("https://s3.amazonaws.com/bucket/x/iam.yaml", "/r/infra/iam.yaml", true),
            ("https://s3.amazonaws.com/bucket/x/iam.yaml", "/r/infra/nested/iam.yaml", false),
            ("https://s3.amazonaws.com/bucket/nested/iam.yaml", "/r/infra/nested/iam.yaml", true),
            ("https://s3.amazonaws.com/bucket/x/iam.yaml", "/r/old/iam.yaml", false),
            ("https://s3.amazonaws.com/old/iam.yaml", "/r/old/iam.yaml", true),
            ("!Sub '${B}/old/iam.yaml'", "/r/old/iam.yaml", true),
            ("!Sub '${B}/old/iam.yaml'", "/r/a/old/iam.yaml", true),
            ("!Sub '${B}/old/iam.yaml'", "/r/new/iam.yaml", false),
            ("!Sub '${B}/iam.yaml'", "/r/a/b/iam.yaml", true),
            ("!Sub '${P}templates/iam.yaml'", "/r/templates/iam.yaml", true),
            ("!Sub '${P}templates/iam.yaml'", "/r/old-templates/iam.yaml", true),
            ("!Sub '${P}templates/iam.yaml'", "/r/other/iam.yaml", false),
            ("!Sub '${P}templates/iam.yaml'", "/r/infra/iam.yaml", true),
        ] {
            let tail = Tail::of(&load::parse_text(url).documents[0]).unwrap();
            assert_eq!(tail.fits(Path::new(file), Path::new("/r/infra")), fits, "{url} {file}");
        }
    }
}
