//! The files that variables of the Serverless Framework take a template's parts from, before anything is evaluated.
//!
//! Such a file is no deployment of its own: in `resources: ${self:custom.made}` with `made: ${file(made.yml)}`, `made.yml`
//! is a part of the service. What a variable stands for where inputs choose is told by [`super::variables`].

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::serverless::{self, Source, sources};
use super::{load, scalar, variables::CHAINED, view};
use crate::parse::tree::Node;
use crate::source::{Files, normalize};
use crate::span::Span;

/// The files that the variables in a template of a service name, which lies in `folder`.
pub(super) fn files_of(template: &Node, service: &Node, folder: &Path, files: &Files) -> Vec<PathBuf> {
    let mut named = Named { folder, service, files, found: Vec::new(), known: HashMap::new() };
    named.look(template, CHAINED);
    named.found
}

/// What was found in a service.
struct Named<'a> {
    folder: &'a Path,
    service: &'a Node,
    files: &'a Files,
    found: Vec<PathBuf>,
    /// What each variable stands for; nothing while that is looked for.
    known: HashMap<String, Option<Node>>,
}

impl Named<'_> {
    /// Looks at a tree. Recursive; the parsers bound the depth, and `left` the variables that lead on from each other.
    fn look(&mut self, node: &Node, left: usize) {
        let text = node.text().unwrap_or("");
        if serverless::is_variable(node)
            && !self.known.contains_key(text)
            && let Some(written) = self.stands_for(text, left)
        {
            self.look(&written, left.saturating_sub(1));
        }
        node.children().for_each(|inner| self.look(inner, left));
    }

    fn stands_for(&mut self, text: &str, left: usize) -> Option<Node> {
        let left = left.checked_sub(1)?;
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        self.known.insert(text.to_owned(), None);
        let own = serverless::addressed(text, &mut |nested| self.text(nested, left));
        let mut written = None;
        for source in sources(own.as_deref().unwrap_or(text)).unwrap_or_default() {
            let found = match source {
                Source::File(path, keys) => {
                    let path = normalize(&self.folder.join(path));
                    let loaded = load::load(&path, self.files).ok();
                    self.found.push(path);
                    let root = loaded.and_then(|(_, loaded)| loaded.as_json().first().cloned());
                    root.and_then(|root| self.walk(root, keys, left))
                }
                Source::Own(keys) => self.walk(self.service.clone(), keys, left),
                Source::Parameter(name) => {
                    let stage = self.text(serverless::STAGE, left);
                    let places = serverless::parameter(name, stage.as_deref());
                    places.iter().find_map(|keys| self.walk(self.service.clone(), keys, left))
                }
                Source::Text(text) => Some(view::literal(text.into(), Span::default())),
                Source::Null | Source::Bool(_) | Source::Unknown => None,
            };
            written = written.or(found);
        }
        self.known.insert(text.to_owned(), written.clone());
        written
    }

    /// The text that a variable stands for.
    fn text(&mut self, variable: &str, left: usize) -> Option<String> {
        let node = self.stands_for(variable, left)?;
        let text = scalar::read(&node).filter(|_| view::call(&node).is_none())?;
        match serverless::is_variable(&node) {
            true => self.text(&text, left.checked_sub(1)?),
            // Of several, each of which may have several, there would be no end.
            false if text.matches("${").count() > 1 => None,
            false => {
                let left = left.checked_sub(1)?;
                let text = serverless::filled(&text, &mut |nested| self.text(nested, left));
                serverless::variable(&text).is_none().then_some(text)
            }
        }
    }

    fn walk(&mut self, root: Node, keys: &str, left: usize) -> Option<Node> {
        let mut keys = keys.split('.').filter(|key| !key.is_empty());
        keys.try_fold(root, |node, key| self.key(node, key, left))
    }

    /// What stands under a key of a node, which may be a variable itself.
    fn key(&mut self, node: Node, key: &str, left: usize) -> Option<Node> {
        let node = match node.text().filter(|_| serverless::is_variable(&node)) {
            Some(text) => self.stands_for(text, left)?,
            None => node,
        };
        node.get(key).cloned()
    }
}
