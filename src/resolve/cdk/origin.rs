//! Construct paths, and the line of the app that made a construct.
//!
//! A trace is from the machine that synthesized: its paths are found again by their longest ending that exists beside
//! or above the assembly. Source: metadata of syntheses by several versions of the CDK.

use std::ffi::OsStr;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

use super::manifest::StackFile;
use crate::key::Origin;
use crate::parse::tree::Node;
use crate::resolve::template::{MadeKey, NESTED, World};
use crate::source::Files;
use crate::span::{Loc, Span};

/// How many folders above an assembly are searched for the app's source.
const ABOVE: usize = 12;

/// What the names of source files end in, in the languages that apps are written in.
/// Source: AWS CDK Developer Guide, "Supported programming languages"; languages on the same machines.
const SOURCES: [&str; 18] = [
    "ts", "mts", "cts", "tsx", "js", "mjs", "cjs", "jsx", "py", "java", "kt", "kts", "scala", "groovy", "cs",
    "fs", "vb", "go",
];

impl StackFile {
    /// The construct path of a key's resource, without a leading `/`.
    pub fn construct_of(&self, world: &World, made: &MadeKey) -> Option<String> {
        let own = made.node.get("Metadata").and_then(|m| m.get("aws:cdk:path")).and_then(Node::text);
        if let Some(path) = own {
            return Some(path.into());
        }
        let scope = self.scope_of(world, made.stack)?;
        self.inside(&scope, &made.id).map(String::from)
    }

    /// The construct path of a stack: of the nested stack that it is, or empty for the artifact's own.
    fn scope_of(&self, world: &World, stack: usize) -> Option<String> {
        let stack = world.stack(stack)?;
        let Some((parent, id)) = stack.nested_in() else { return Some(String::new()) };
        let resource = self.inside(&self.scope_of(world, parent)?, id)?;
        let (scope, _) = resource.rsplit_once('/')?;
        Some(scope.strip_suffix(NESTED).unwrap_or(scope).to_string())
    }

    /// The path of the construct that made a logical id in one stack, whose path is given. The id can stand in nested
    /// stacks below it as well: what is theirs is passed over.
    fn inside(&self, scope: &str, id: &str) -> Option<&str> {
        let below = |path: &str, scope: &str| {
            scope.is_empty() || path.strip_prefix(scope).is_some_and(|rest| rest.starts_with('/'))
        };
        let nested: Vec<&str> = self.assets.nested().filter(|n| *n != scope && below(n, scope)).collect();
        let made =
            self.assets.constructs.iter().filter(|(made, _)| made == id).map(|(_, path)| path.as_str());
        let mut own = made.filter(|path| below(path, scope) && !nested.iter().any(|n| below(path, n)));
        own.next()
    }

    /// The app's own place of a construct, if its metadata has a trace.
    pub fn origin_of(&self, construct: &str, files: &Files) -> Option<Origin> {
        let entries = self.metadata.get(construct)?;
        let text = |entry: &Node, name: &str| entry.get(name).and_then(Node::text).map(String::from);
        let traces = entries.iter().filter_map(|entry| match text(entry, "type")?.as_str() {
            "aws:cdk:creationStack" => entry.get("data"),
            _ => entry.get("trace"),
        });
        // An entry has the whole way; where a construct has several, the first with a line of the app counts.
        let frames =
            traces.map(|t| t.items().iter().filter_map(Node::text).filter_map(frame).collect::<Vec<_>>());
        let mut frames = frames.into_iter().find(|f| !f.is_empty())?.into_iter();
        let own = located(frames.next()?, &self.folder, files);
        Some(Origin { callers: frames.map(|f| located(f, &self.folder, files)).collect(), ..own })
    }
}

/// Path, line and column of a frame of the app's own code.
fn frame(text: &str) -> Option<(String, u32, Option<u32>)> {
    let inner = match text.strip_suffix(')').and_then(|t| t.rsplit_once('(')) {
        Some((_, inner)) => inner,
        None => text.trim().trim_start_matches("at "),
    };
    let (rest, last) = inner.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    let (path, line, column) = match rest.rsplit_once(':').map(|(path, line)| (path, line.parse::<u32>())) {
        Some((path, Ok(line))) => (path, line, Some(last)),
        _ => (rest, last, None),
    };
    let path = path.strip_prefix("file://").unwrap_or(path);
    let library =
        path.starts_with("node:") || path.contains("node_modules/") || path.contains("node_modules\\");
    (!library && !path.is_empty() && line > 0).then(|| (path.to_string(), line, column))
}

/// A trace's place, found again on this machine if it is here.
fn located((path, line, column): (String, u32, Option<u32>), folder: &Path, files: &Files) -> Origin {
    let nowhere = |path: String| Origin { path, line, column, exists: false, at: None, callers: Vec::new() };
    // A manifest says what is shown here: of the work tree that is source, and nothing else.
    let is_source = |path: &Path| {
        path.extension().and_then(OsStr::to_str).is_some_and(|ending| SOURCES.contains(&ending))
    };
    let own = path.replace('\\', "/");
    if !is_source(Path::new(&own)) {
        return nowhere(path);
    }
    let parts: Vec<PathBuf> = Path::new(&own)
        .components()
        .filter_map(|c| if let Component::Normal(part) = c { Some(PathBuf::from(part)) } else { None })
        .collect();
    let above: Vec<&Path> =
        folder.ancestors().skip(1).take(ABOVE).take_while(|a| a.starts_with(files.root())).collect();
    for start in 0..parts.len() {
        let suffix: PathBuf = parts.iter().skip(start).collect();
        for dir in &above {
            let candidate = dir.join(&suffix);
            if is_source(&files.real(&candidate))
                && let Ok(file) = files.read(&candidate)
                && let Some(range) = files.source(file).line_range(line as usize)
            {
                let at = Some(Loc::new(file, place_in(&files.source(file).text, range, column)));
                let path = files.display(&candidate);
                return Origin { path, line, column, exists: true, at, callers: Vec::new() };
            }
        }
    }
    nowhere(path)
}

/// From a column of a line (in characters, from 1) to the line's end.
fn place_in(text: &str, line: Range<usize>, column: Option<u32>) -> Span {
    let written = text.get(line.clone()).unwrap_or_default();
    let before = column.map_or(0, |c| c.saturating_sub(1)) as usize;
    let indent = written.len() - written.trim_start().len();
    let skipped = written.char_indices().nth(before).map_or(0, |(i, _)| i);
    Span::new(line.start + skipped.max(indent), line.start + written.trim_end().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_of_the_apps_own_code_is_read() {
        for (text, want) in [
            ("new Keys (/app/lib/keys.ts:10:7)", Some(("/app/lib/keys.ts", 10, Some(7)))),
            ("__init__ (/app/app.py:8)", Some(("/app/app.py", 8, None))),
            ("file:///app/a.mjs:3:1", Some(("/app/a.mjs", 3, Some(1)))),
            ("new AccessKey (/app/node_modules/aws-cdk-lib/x.js:1:941)", None),
            ("new AccessKey (C:\\app\\node_modules\\aws-cdk-lib\\x.js:1:941)", None),
            ("new Keys (:3:1)", None),
            ("/app/app.py:0", None),
            ("node:internal/main/run_main_module:28:49", None),
            ("...node internals...", None),
            ("(no user code in 10 frames, use --stack-trace-limit to capture more)", None),
        ] {
            let want = want.map(|(p, l, c)| (p.to_string(), l, c));
            assert_eq!(frame(text), want, "{text}");
        }
    }
}
