//! What a file is, as far as its name and its first bytes tell.
//!
//! Answers: is this name worth opening, and as what? Terraform's names are exact (source: Terraform and OpenTofu,
//! "Files and Directories"); CloudFormation takes any name, so a template is told by content, and these are the
//! names that people give to one. Knows nothing of what is inside beyond the first character.

use std::ffi::OsStr;

use crate::source::is_state;

/// Why a name is worth opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Part of a Terraform or OpenTofu module.
    Terraform,
    /// Values of Terraform variables.
    Variables,
    /// YAML or JSON that may be a template.
    Template,
    /// A Terragrunt unit.
    Terragrunt,
    /// Part of a Terraform stack.
    Stack,
    /// A program that makes a service of the Serverless Framework.
    Program,
}

/// Whether a file of this name is the SAM CLI's, for the templates beside it.
pub(super) fn is_samconfig(name: &OsStr) -> bool {
    ["samconfig.toml", "samconfig.yaml", "samconfig.yml"].iter().any(|own| name == *own)
}

/// How a template is written, by its first characters: a guess for the parser to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// YAML, in block or flow style.
    Yaml,
    /// JSON.
    Json,
}

const TERRAFORM: [&str; 4] = [".tf", ".tf.json", ".tofu", ".tofu.json"];
const VARIABLES: [&str; 2] = [".tfvars", ".tfvars.json"];
const TEMPLATE: [&str; 6] = [".yaml", ".yml", ".json", ".template", ".cfn", ".cform"];
const TERRAGRUNT: [&str; 4] = ["terragrunt.hcl", "terragrunt.hcl.json", "terragrunt.stack.hcl", "root.hcl"];
const PROGRAM: [&str; 4] = ["serverless.ts", "serverless.js", "serverless.cjs", "serverless.mjs"];
const STACK: [&str; 6] = [
    ".tfstack.hcl",
    ".tfstack.json",
    ".tfcomponent.hcl",
    ".tfcomponent.json",
    ".tfdeploy.hcl",
    ".tfdeploy.json",
];

/// The kind of file that `name` (without folders) announces; `None` is not worth opening unless it was named.
pub(super) fn kind_of(name: &OsStr) -> Option<FileKind> {
    // State is no source, whatever it is called besides.
    if is_state(name) {
        return None;
    }
    let bytes = name.as_encoded_bytes();
    let ends = |list: &[&str]| list.iter().any(|end| bytes.ends_with(end.as_bytes()));
    if ends(&TERRAFORM) {
        // Terraform passes over names that begin with a dot: an editor's lock, a file system's shadow.
        return (!bytes.starts_with(b".")).then_some(FileKind::Terraform);
    }
    if ends(&VARIABLES) {
        return Some(FileKind::Variables);
    }
    if TERRAGRUNT.iter().any(|n| name == *n) {
        return Some(FileKind::Terragrunt);
    }
    if PROGRAM.iter().any(|n| name == *n) {
        return Some(FileKind::Program);
    }
    if ends(&STACK) {
        return Some(FileKind::Stack);
    }
    let template = |end: &str| {
        let at = bytes.len().checked_sub(end.len());
        at.and_then(|at| bytes.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
    };
    TEMPLATE.iter().any(|end| template(end)).then_some(FileKind::Template)
}

impl Format {
    /// The format that these bytes seem to be in. `{{` begins a chart's template, not JSON.
    pub fn of(bytes: &[u8]) -> Format {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        let inside = text.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        match inside.and_then(<[u8]>::first) {
            Some(b'"' | b'}') => Format::Json,
            None if text.starts_with(b"[") => Format::Json,
            _ => Format::Yaml,
        }
    }
}

/// Whether text under a name that says nothing begins as a template does: JSON, or a section of one as first YAML key.
/// Prose with a template inside (a manual) does not.
pub(super) fn begins_as_template(bytes: &[u8]) -> bool {
    const SECTIONS: [&str; 10] = [
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    ];
    if Format::of(bytes) == Format::Json {
        return true;
    }
    let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default());
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let first = lines.find(|line| !line.trim().is_empty() && !line.starts_with(['#', '%', '-']));
    let key = first.and_then(|line| line.split_once(':')).map(|(key, _)| key.trim_end());
    key.is_some_and(|key| SECTIONS.contains(&key.trim_matches(['"', '\''])))
}

/// A file name with the ending that text without a name (standard input) calls for: `main.tf`, `main.tf.json`,
/// `template.json` or `template.yaml`.
pub fn name_for_text(text: &str) -> &'static str {
    const BLOCKS: [&str; 8] =
        ["resource", "module", "variable", "locals", "data", "provider", "terraform", "output"];
    if Format::of(text.as_bytes()) == Format::Json {
        let terraform = BLOCKS.iter().any(|b| text.contains(&format!("\"{b}\"")));
        return if terraform && !text.contains("\"Resources\"") { "main.tf.json" } else { "template.json" };
    }
    let opens_block = |line: &str| {
        let rest = BLOCKS.iter().find_map(|block| line.strip_prefix(block));
        rest.is_some_and(|rest| {
            rest.trim_start().starts_with('{') || rest.trim_start().starts_with('"') && rest.contains('{')
        })
    };
    if text.trim_start_matches('\u{feff}').lines().any(opens_block) { "main.tf" } else { "template.yaml" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_why_a_file_is_opened() {
        let check = |name: &str, kind| assert_eq!(kind_of(OsStr::new(name)), kind, "{name}");
        for name in ["main.tf", "main.tf.json", "main.tofu", "x.tofu.json", "a_override.tf", "cdk.tf.json"] {
            check(name, Some(FileKind::Terraform));
        }
        for name in ["terraform.tfvars", ".x.auto.tfvars", "a.auto.tfvars.json"] {
            check(name, Some(FileKind::Variables));
        }
        for name in
            ["a.yaml", "a.YML", "a.json", "a.template", "S.template.json", "a.cfn", "a.cform", ".a.yml"]
        {
            check(name, Some(FileKind::Template));
        }
        for name in ["terragrunt.hcl", "root.hcl", "terragrunt.stack.hcl"] {
            check(name, Some(FileKind::Terragrunt));
        }
        for name in ["a.tfstack.hcl", "a.tfcomponent.hcl", "a.tfdeploy.hcl"] {
            check(name, Some(FileKind::Stack));
        }
        let others = [
            "a.md",
            ".main.tf",
            "main.tf~",
            "#main.tf#",
            "main.tf.bak",
            "a.tftest.hcl",
            "x.hcl",
            "yaml",
            "terraform.tfstate",
            "old.tfstate.json",
        ];
        for name in others {
            check(name, None);
        }
    }

    #[test]
    fn the_first_characters_tell_json_from_yaml() {
        let check = |text: &str, format| assert_eq!(Format::of(text.as_bytes()), format, "{text:?}");
        check(" \n{ \"Resources\": {} }", Format::Json);
        check("\u{feff}{}", Format::Json);
        check("[1]", Format::Json);
        check("Resources: {}", Format::Yaml);
        check("{Resources: {}}", Format::Yaml);
        check("{{ if .Values.x }}", Format::Yaml);
        check("{", Format::Yaml);
        check("", Format::Yaml);
    }

    #[test]
    fn a_nameless_template_begins_with_a_section() {
        let check =
            |text: &str, expected| assert_eq!(begins_as_template(text.as_bytes()), expected, "{text:?}");
        check("{\"Resources\": {}}", true);
        check("# a comment\n---\n'Resources' :\n  K: {}", true);
        check("AWSTemplateFormatVersion: 2010-09-09\nResources:\n", true);
        check("# Manual\n\nWrite this:\n```\nResources:\n```\n", false);
        check("  Resources: {}", false);
        check("", false);
    }

    #[test]
    fn text_without_a_name_gets_one_by_its_shape() {
        let check = |text: &str, name| assert_eq!(name_for_text(text), name, "{text:?}");
        check("# keys\nresource \"aws_iam_access_key\" \"k\" {\n}\n", "main.tf");
        check("locals { a = 1 }", "main.tf");
        check("{\"resource\": {}}", "main.tf.json");
        check("{\"Resources\": {\"resource\": 1}}", "template.json");
        check("Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n", "template.yaml");
        check("data: \"{\"", "template.yaml");
    }
}
