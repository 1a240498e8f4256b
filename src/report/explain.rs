//! `explain`: the control, why it matters, what to do, and how lonekey decides.
//!
//! Answers: what is this about? Written once, as blocks; the terminal, plain text and Markdown (the help of a SARIF
//! rule) are three ways to set them. Knows no finding.
//! Source: CIS Amazon Web Services Foundations Benchmark, versions 1.3.0 to 6.0.0; AWS IAM, "Manage access keys".

use super::style::{Paint, Style};

enum Block {
    Heading(&'static str),
    Text(&'static str),
    Item(&'static str),
    Code(&'static [&'static str]),
}

use Block::{Code, Heading, Item, Text};

const CONTROL: &[Block] = &[
    Heading("No IAM user has more than one active access key"),
    Text(
        "A control of the CIS AWS Foundations Benchmark. Its number moves between versions: 1.13 in 1.3.0 to 4.0.0, \
         1.12 in 5.0.0, 2.12 in 6.0.0.",
    ),
    Heading("Why it matters"),
    Text(
        "An access key is a long-lived secret that works from anywhere. AWS lets a user hold two, so that one can be \
         replaced without a break; left in place, the second one is a secret that nobody watches. It doubles what can \
         leak, hides which key is really used, and keeps a leaked key alive after the other was rotated.",
    ),
    Heading("How to remediate"),
    Text(
        "Find out which key is in operation and deactivate the other. When nothing has failed for a while, delete \
         it. In code, set the status of the key that is not in operation:",
    ),
    Code(&[
        "Terraform        status = \"Inactive\"",
        "CloudFormation   Status: Inactive",
        "CDK              status: iam.AccessKeyStatus.INACTIVE",
    ]),
    Text("For keys that are live already:"),
    Code(&[
        "aws iam list-access-keys --user-name NAME",
        "aws iam get-access-key-last-used --access-key-id ID",
        "aws iam update-access-key --user-name NAME --access-key-id ID --status Inactive",
        "aws iam delete-access-key --user-name NAME --access-key-id ID",
    ]),
    Text(
        "While a key is being rotated two may be needed: add the second one, move its users over, and deactivate the \
         first in the next change. A role with temporary credentials needs no key at all.",
    ),
];

const DECISION: &[Block] = &[
    Heading("How lonekey decides"),
    Text(
        "It reads Terraform, CloudFormation templates and synthesized CDK apps, works out which keys exist, whose they \
         are and whether they are active, and then asks whether two keys of one user can be active at once. An input \
         is supplied when the repository, the environment or a flag gives it a value; else it is free. A finding has \
         one of three levels:",
    ),
    Item("certain: with supplied inputs as given, whatever the free ones are."),
    Code(&[
        "resource \"aws_iam_access_key\" \"a\" { user = \"ci\" }",
        "resource \"aws_iam_access_key\" \"b\" { user = \"ci\" }",
    ]),
    Item("possible: for some value of a free input; the report names it."),
    Code(&[
        "variable \"env\" {}",
        "resource \"aws_iam_access_key\" \"a\" { user = \"ci\" }",
        "resource \"aws_iam_access_key\" \"b\" {",
        "  user   = \"ci\"",
        "  status = var.env == \"prod\" ? \"Active\" : \"Inactive\"",
        "}",
    ]),
    Item("latent: only if a supplied value is overridden, as with the same keys and"),
    Code(&["variable \"env\" { default = \"dev\" }"]),
    Text(
        "A key counts as active unless its status is Inactive. Two keys whose conditions exclude each other are no \
         finding. Certain and possible findings fail by default; --fail-on changes that.",
    ),
    Heading("Limits"),
    Item("Only what is in the files is judged: a key made by hand or by another repository is not seen."),
    Item("Two users with different unknown names are taken for two users; inventory says what was assumed."),
    Item("Modules and templates that are not on disk are listed as not decided, and never taken for clean."),
    Item(
        "Exit code 0: nothing at or above --fail-on. 1: findings. 2: the answer is incomplete, or the request wrong.",
    ),
];

/// The whole explanation, wrapped to the style's width.
pub fn explain(style: &Style) -> String {
    let mut out = String::new();
    for block in CONTROL.iter().chain(DECISION) {
        match block {
            Heading(text) => {
                let gap = if out.is_empty() { "" } else { "\n" };
                out.push_str(&format!("{gap}{}\n", style.paint(Paint::Bold, text)));
            }
            Text(text) => out.push_str(&style.wrap("", text)),
            Item(text) => out.push_str(&style.wrap("  - ", text)),
            Code(lines) => lines.iter().for_each(|line| out.push_str(&format!("      {line}\n"))),
        }
    }
    out
}

/// The control and its remedy as plain text.
pub(super) fn help_text() -> String {
    let mut out = String::new();
    for block in CONTROL {
        match block {
            Heading(text) | Text(text) | Item(text) => out.push_str(&format!("{text}\n")),
            Code(lines) => lines.iter().for_each(|line| out.push_str(&format!("  {line}\n"))),
        }
    }
    out
}

/// The same as Markdown.
pub(super) fn help_markdown() -> String {
    let mut out = String::new();
    for block in CONTROL {
        match block {
            Heading(text) => out.push_str(&format!("## {text}\n\n")),
            Text(text) => out.push_str(&format!("{text}\n\n")),
            Item(text) => out.push_str(&format!("- {text}\n")),
            Code(lines) => out.push_str(&format!("```\n{}\n```\n\n", lines.join("\n"))),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_control_is_named_by_words_first() {
        let text = explain(&Style::default());
        assert!(text.starts_with("No IAM user has more than one active access key\n"), "{text}");
        for number in ["1.13 in 1.3.0 to 4.0.0", "1.12 in 5.0.0", "2.12 in 6.0.0"] {
            assert!(text.replace('\n', " ").contains(number), "{number}");
        }
    }

    #[test]
    fn the_width_is_kept() {
        for width in [60, 100] {
            let text = explain(&Style { width, ..Style::default() });
            let long: Vec<&str> = text.lines().filter(|l| l.chars().count() > width).collect();
            assert!(long.iter().all(|line| line.starts_with("      ")), "{long:?}");
        }
    }

    #[test]
    fn all_levels_and_both_kinds_of_remedy_are_there() {
        let text = explain(&Style::default());
        for part in ["certain:", "possible:", "latent:", "update-access-key", "Status: Inactive", "INACTIVE"]
        {
            assert!(text.contains(part), "{part}");
        }
        assert!(text.is_ascii());
    }
}
