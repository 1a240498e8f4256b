//! Apps of the CDK that nobody synthesized here.
//!
//! Answers: is there an app in what was asked for whose assembly is not? What it would deploy is then judged by nobody,
//! which is said, since a report without findings reads as an answer. Source: CDK, "cdk.json" (`output`, else `cdk.out`).

use std::path::Path;

use crate::discover::Discovered;
use crate::parse::json;
use crate::source::{Files, normalize};

/// One sentence for each such app.
pub(super) fn not_synthesized(found: &Discovered, files: &Files) -> Vec<String> {
    let apps = if found.walked { files.seen_as("cdk.json") } else { Vec::new() };
    apps.iter().filter_map(|config| missing(config, found, files)).collect()
}

fn missing(config: &Path, found: &Discovered, files: &Files) -> Option<String> {
    let folder = config.parent()?;
    let source = files.source(files.read(config).ok()?);
    let settings = json::parse(&source).ok()?;
    settings.get("app")?;
    let output = settings.get("output").and_then(|output| output.text()).unwrap_or("cdk.out");
    let output = normalize(&folder.join(output));
    let is_there = |folder: &Path| found.assemblies.iter().any(|assembly| assembly.path.starts_with(folder));
    if is_there(folder) || is_there(&output) {
        return None;
    }
    let (config, shown) = (files.display(config), files.display(&output));
    let manifest = output.join("manifest.json");
    Some(if manifest.is_file() {
        let manifest = files.read(&manifest).ok().map(|file| files.source(file));
        let is_whole = manifest.as_ref().is_some_and(|source| json::parse(source).is_ok());
        // One without a stack is all that there is to judge.
        if is_whole && manifest.is_some_and(|source| !source.text.contains("aws:cloudformation:stack")) {
            return None;
        }
        let why = if is_whole { "is left out" } else { "has no manifest that can be read" };
        format!("{config}: the assembly of this app ({shown}) {why}, so that nothing of it is judged")
    } else {
        let why = if output.exists() { "holds no assembly" } else { "is not there" };
        format!(
            "{config}: this app is not synthesized here ({shown} {why}), so that nothing of it is judged; run `cdk synth` first"
        )
    })
}
