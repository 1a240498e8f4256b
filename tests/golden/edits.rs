//! Edits that follow a finding's remedy, applied to a copy of the input.
//!
//! `[[edit]]` in `case.toml` quotes the sentence and says what it makes of the files. The sentence must be a finding's, it
//! must name a line that the edit changes, after the edit nothing is found, and the keys of other users are what they were.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

/// One way to do what a remedy says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The remedy, word for word.
    remedy: String,
    /// What it changes. A generated file changes with the source that it is made of.
    change: Vec<Change>,
    /// Where `--fix` makes this very edit: further arguments (`--keep ADDRESS`).
    pub fix: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The file, relative to the input.
    file: String,
    /// The text that goes; it stands there once.
    replace: String,
    /// The text that comes.
    with: String,
}

/// What `check` and `inventory` print, after an edit or before any.
pub type Run<'r> = dyn FnMut(Option<&Edit>) -> Result<(String, String), String> + 'r;

impl Edit {
    /// Makes the changes in a copy of the input.
    pub fn apply(&self, input: &Path) -> Result<(), String> {
        for change in &self.change {
            let path = input.join(&change.file);
            let text =
                fs::read_to_string(&path).map_err(|error| format!("edit: {}: {error}", change.file))?;
            if text.matches(&change.replace).count() != 1 {
                return Err(format!("edit: {:?} does not stand once in {}", change.replace, change.file));
            }
            fs::write(&path, text.replace(&change.replace, &change.with))
                .map_err(|error| format!("edit: {}: {error}", change.file))?;
        }
        Ok(())
    }

    /// Checks the edit against `report`, what `check` printed.
    pub fn check(&self, report: &str, run: &mut Run) -> Result<(), String> {
        let report = parsed(report)?;
        let findings = report["findings"].as_array().ok_or("no findings")?;
        let said = |f: &&Value| f["remedy"] == self.remedy.as_str();
        let finding = findings.iter().find(said).ok_or_else(|| {
            let remedies: Vec<&Value> = findings.iter().map(|f| &f["remedy"]).collect();
            format!("edit: no finding has the remedy {:?}, but {remedies:?}", self.remedy)
        })?;
        let (_, before) = run(None)?;
        let (after, inventory) = run(Some(self))?;
        let sure = |f: &&Value| f["level"] != "latent";
        let left = parsed(&after)?["findings"].as_array().map(|left| left.iter().filter(sure).count());
        if left.is_none_or(|left| left + 1 != findings.iter().filter(sure).count()) {
            return Err(format!("edit: after {:?} this is found:\n{after}", self.remedy));
        }
        let (before, after) = (others(&before, finding)?, others(&inventory, finding)?);
        if before != after {
            return Err(format!("edit: other users' keys were {before:#?}, and are {after:#?}"));
        }
        Ok(())
    }

    /// The files that it changes, relative to the input.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.change.iter().map(|change| change.file.as_str())
    }

    /// Whether the sentence names a line that the edit changes in a file of `input`.
    pub fn is_at_its_place(&self, input: &Path) -> bool {
        self.change.iter().any(|change| {
            let text = fs::read_to_string(input.join(&change.file)).unwrap_or_default();
            let start = text.find(&change.replace).unwrap_or_default();
            let line = |at: usize| text[..at].matches('\n').count() + 1;
            let (first, last) = (line(start), line(start + change.replace.trim_end().len()));
            (first..=last).any(|line| self.remedy.contains(&format!("{}:{line})", change.file)))
        })
    }
}

fn parsed(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("edit: not JSON: {error}\n{text}"))
}

/// The keys of an inventory that are not the finding's and not its user's, without where they stand.
fn others(inventory: &str, finding: &Value) -> Result<Vec<Value>, String> {
    let keys = parsed(inventory)?["keys"].as_array().cloned().unwrap_or_default();
    let own = |key: &Value| {
        let found =
            finding["keys"].as_array().is_some_and(|f| f.iter().any(|f| f["address"] == key["address"]));
        found || key["user"]["name"] == finding["user"]["name"]
    };
    let others = keys.iter().filter(|key| !own(key));
    Ok(others
        .map(|key| serde_json::json!([key["address"], key["status"], key["exists"], key["when"]]))
        .collect())
}
