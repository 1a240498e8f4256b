//! The file of findings that were there when lonekey was adopted.
//!
//! Answers: which findings does this file hold, and is it as lonekey wrote it? One that is cut short, edited or of another
//! version is an error: taken for empty it would make all of the debt new, and taken as it stands it could hold what nobody
//! ever found. So it ends in a check sum of what it holds. Reads and writes nothing itself.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Known;
use crate::source::conflict;

const KIND: &str = "baseline";
const VERSION: u64 = 1;

/// The first two fields, which every version has.
#[derive(Deserialize)]
struct Head {
    lonekey: String,
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    lonekey: String,
    version: u64,
    findings: Vec<Known>,
    sha256: String,
}

/// Why a baseline is not read; each says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// Not JSON, or not to its end.
    #[error("is cut short or no JSON (line {line}, column {column}); restore it from version control")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// Two sides of a merge are in it.
    #[error(
        "holds both sides of a merge conflict (line {0}); take one side whole (`git checkout --ours` or `--theirs`) and \
         write it anew with --write-baseline"
    )]
    Conflict(
        /// From 1.
        usize,
    ),
    /// JSON of another kind.
    #[error("is no baseline of lonekey; name another file")]
    Other,
    /// A version that this program does not know.
    #[error(
        "is a baseline of version {0}, and this lonekey reads version {VERSION}; delete it and write it anew"
    )]
    Version(u64),
    /// Its findings are not what its check sum is of.
    #[error(
        "was edited by hand or by a merge; restore it from version control, or delete it and write it anew"
    )]
    Edited,
}

/// The findings that the text of a baseline holds.
pub fn read(text: &str) -> Result<Vec<Known>, BaselineError> {
    // Some editors and shells put a mark before what they save.
    let text = text.trim_start_matches('\u{feff}');
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| match conflict(text) {
        Some((line, _)) => BaselineError::Conflict(line),
        None => BaselineError::Syntax { line: e.line(), column: e.column() },
    })?;
    let head: Head = serde_json::from_value(value).map_err(|_| BaselineError::Other)?;
    if head.lonekey != KIND {
        return Err(BaselineError::Other);
    }
    if head.version != VERSION {
        return Err(BaselineError::Version(head.version));
    }
    let written: Written = serde_json::from_str(text).map_err(|_| BaselineError::Edited)?;
    if written.sha256 != sum(&written.findings) {
        return Err(BaselineError::Edited);
    }
    Ok(written.findings)
}

/// The text of a baseline, the same for the same findings in any order.
pub fn text(mut findings: Vec<Known>) -> String {
    findings.sort();
    findings.dedup();
    let sha256 = sum(&findings);
    let written = Written { lonekey: KIND.into(), version: VERSION, findings, sha256 };
    // These types have no map, so that serializing has no way to fail.
    serde_json::to_string_pretty(&written).unwrap_or_default() + "\n"
}

fn sum(findings: &[Known]) -> String {
    let text = serde_json::to_string(findings).unwrap_or_default();
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::known;
    use super::*;

    #[test]
    fn what_is_written_is_read_in_any_order_of_findings() {
        let (a, b) = (known("keys.yaml", "ci", &["A", "B"]), known("infra", "bot", &["a", "b"]));
        let written = text(vec![a.clone(), b.clone(), a.clone()]);
        assert_eq!(written, text(vec![b.clone(), a.clone()]));
        assert_eq!(read(&written), Ok(vec![b, a.clone()]));
        assert_eq!(read(&text(Vec::new())), Ok(Vec::new()));
        assert_eq!(read(&format!("\u{feff}{}", text(vec![a.clone()]).replace('\n', "\r\n"))), Ok(vec![a]));
    }

    #[test]
    fn every_cut_and_every_edit_is_said() {
        let written = text(vec![known("keys.yaml", "ci", &["A", "B"])]);
        let end = written.trim_end().len();
        for at in 0..end {
            assert!(matches!(read(&written[..at]), Err(BaselineError::Syntax { .. })), "cut at {at}");
        }
        for (from, to) in [
            ("\"ci\"", "\"cd\""),
            ("\"A\"", "\"C\""),
            ("certain", "latent"),
            ("certain", "certainly"),
            ("keys.yaml", "x.yaml"),
            ("\"findings\"", "\"more\": 1, \"findings\""),
            ("\"unit\"", "\"units\""),
        ] {
            assert_eq!(read(&written.replacen(from, to, 1)), Err(BaselineError::Edited), "{from} to {to}");
        }
        let emptied = format!(
            "{}[]{}",
            written.split_once('[').unwrap().0,
            &written[written.rfind(']').unwrap() + 1..]
        );
        assert_eq!(read(&emptied), Err(BaselineError::Edited));
    }

    #[test]
    fn both_sides_of_a_merge_are_said() {
        let (ours, theirs) = (known("a.yaml", "ci", &["A", "B"]), known("b.yaml", "bot", &["C", "D"]));
        let (ours, theirs) = (text(vec![ours]), text(vec![theirs]));
        let merged = format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n");
        assert_eq!(read(&merged), Err(BaselineError::Conflict(1)));
        // A part of the lines, as git leaves them.
        let (head, rest) = ours.split_at(ours.find("      \"unit\"").unwrap());
        let parted = format!("{head}<<<<<<< HEAD\n{rest}");
        assert_eq!(read(&parted), Err(BaselineError::Conflict(head.lines().count() + 1)));
    }

    #[test]
    fn other_versions_and_other_files_are_said() {
        let written = text(vec![known("keys.yaml", "ci", &["A", "B"])]);
        assert_eq!(
            read(&written.replacen("\"version\": 1", "\"version\": 2", 1)),
            Err(BaselineError::Version(2))
        );
        for other in
            ["{}", "[]", "null", "{\"version\": 1, \"findings\": []}", "{\"lonekey\": \"x\", \"version\": 1}"]
        {
            assert_eq!(read(other), Err(BaselineError::Other), "{other}");
        }
    }
}
