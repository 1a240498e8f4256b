//! The tool and its one rule, as SARIF describes them.
//!
//! Answers: what does a reader of an alert learn about the control, and how severe is it? GitHub refuses a rule without
//! full description and help, and reads the severity from the rule alone, so that the three levels share one.

use serde_json::{Value, json};

use crate::report::{RULE, explain};

const SHORT: &str = "An IAM user has more than one active access key";

const FULL: &str = "No IAM user may have more than one active access key (CIS AWS Foundations). A second active key \
    doubles what can leak and is rarely missed: keep one key, and a second one only while rotating.";

/// `tool.driver`. Kinds of notifications are not declared: GitHub's checks ask of each what they ask of a rule.
pub fn driver() -> Value {
    let version = env!("CARGO_PKG_VERSION");
    json!({
        "name": "lonekey",
        "version": version,
        "semanticVersion": version,
        "informationUri": env!("CARGO_PKG_REPOSITORY"),
        "rules": [rule()],
    })
}

fn rule() -> Value {
    json!({
        "id": RULE,
        "name": "MultipleActiveAccessKeys",
        "shortDescription": { "text": SHORT },
        "fullDescription": { "text": FULL },
        "help": { "text": explain::help_text(), "markdown": explain::help_markdown() },
        "helpUri": env!("CARGO_PKG_REPOSITORY"),
        "defaultConfiguration": { "level": "error" },
        "properties": {
            "tags": ["security", "aws", "iam", "cis"],
            "precision": "very-high",
            "security-severity": "5.5",
        },
    })
}
