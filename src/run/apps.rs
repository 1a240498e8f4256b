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
    if is_there(folder) || is_there(&output) || output.exists() {
        return None;
    }
    Some(format!(
        "{}: this app is not synthesized here ({} is not there), so that nothing of it is judged; run `cdk synth` first",
        files.display(config),
        files.display(&output)
    ))
}
