//! The module calls of a file, without parsing it.
//!
//! A large repository has thousands of files that only call modules from elsewhere; all that matters of them is which.
//! This reads `module "name" {` at the start of a line and the literal `source` that follows it directly, as people
//! write them. Whatever is written otherwise is not guessed: the answer is `None`, and the file is parsed.

use crate::span::Span;

/// A module call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickCall {
    /// The literal source, without quotes.
    pub source: String,
    /// The bytes of the source, quotes included.
    pub source_span: Span,
}

/// The module calls in `.tf` text, in order; `None` where only parsing can tell.
pub fn quick_calls(text: &str) -> Option<Vec<QuickCall>> {
    let mut calls = Vec::new();
    let mut lines = lines(text);
    // In a heredoc or a block comment the start of a line is not the start of a block.
    let mut opaque = false;
    while let Some((_, line)) = lines.next() {
        let code = line.strip_prefix('\u{feff}').unwrap_or(line).trim_start();
        let Some(rest) = code.strip_prefix("module") else {
            opaque |= line.contains("<<") || line.contains("/*");
            // A block may begin where a comment ends.
            if line.contains("*/") && line.contains("module") {
                return None;
            }
            continue;
        };
        if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            continue;
        }
        if opaque {
            return None;
        }
        header(rest)?;
        calls.push(source(&mut lines)?);
    }
    Some(calls)
}

/// Each line with the offset it starts at.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// What follows `module`: one plain quoted label and the opening brace.
fn header(rest: &str) -> Option<()> {
    let label = rest.trim().strip_prefix('"')?.strip_suffix('{')?.trim_end().strip_suffix('"')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (!label.is_empty() && label.chars().all(plain)).then_some(())
}

/// The `source` of the block: before anything that nests, on a line of its own.
fn source<'a>(lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Option<QuickCall> {
    for (start, line) in lines {
        let code = line.trim();
        if code.is_empty() || code.starts_with('#') || code.starts_with("//") {
            continue;
        }
        if code.contains(['{', '}', '[', '(']) || code.contains("<<") || code.contains("/*") {
            return None;
        }
        let Some(rest) = code.strip_prefix("source") else { continue };
        let Some(value) = rest.trim_start().strip_prefix('=') else { continue };
        let inner = value.trim_start().strip_prefix('"')?;
        let (text, after) = inner.split_once('"')?;
        let after = after.trim();
        if text.contains(['\\', '$', '%'])
            || !(after.is_empty() || after.starts_with('#') || after.starts_with("//"))
        {
            return None;
        }
        let at = start + line.find('"')?;
        return Some(QuickCall { source: text.into(), source_span: Span::new(at, at + text.len() + 2) });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Option<Vec<String>> {
        let calls = quick_calls(text)?;
        for call in &calls {
            assert_eq!(text[call.source_span.range()], format!("\"{}\"", call.source));
        }
        Some(calls.into_iter().map(|c| c.source).collect())
    }

    fn found(text: &str, expected: &[&str]) {
        assert_eq!(sources(text), Some(expected.iter().map(|s| s.to_string()).collect()), "{text}");
    }

    #[test]
    fn plain_calls_are_read() {
        found(
            "module \"a\" {\n  source = \"./x\"\n}\nmodule \"b\" {\r\n  # why\n  version = \"1\"\n  source  = \"ns/n/aws\" # pinned\n}\n",
            &["./x", "ns/n/aws"],
        );
        found("  module \"a-1\"   {\nsource=\"../y\"\n n = [1]\n}", &["../y"]);
        found("\u{feff}module \"a\" {\n  source = \"./x\"\n}\n", &["./x"]);
        found("x = module.a.source\nmodule_name = 1\nmodule-x = 2\n", &[]);
        found("/* module \"a\" {\n source = \"./x\"\n} */\n", &[]);
        found("/* none here */ a = <<X\nX\n", &[]);
        found("module \"a\" {\n  source = \"./x\"\n}\na = <<X\nmodules\nX\n/* end */", &["./x"]);
    }

    #[test]
    fn what_is_written_otherwise_is_parsed() {
        for text in [
            "module \"a\" { source = \"./x\" }",
            "module a {\n source = \"./x\"\n}",
            "module \"a\"\n{\n}",
            "module \"a\" {\n  providers = { aws = aws.x }\n  source = \"./x\"\n}",
            "module \"a\" {\n  source = \"./${var.x}\"\n}",
            "module \"a\" {\n  source = var.x\n}",
            "module \"a\" {\n  source = \"./x\" }\n",
            "module \"a\" {\n}\n",
            "/* module \"a\" {\n source = \"./x\"\n} */ module",
            "/* why */ module \"a\" {\n source = \"./x\"\n}",
            "a = <<X\nmodule \"a\" {\n  source = \"./x\"\n}\nX\n",
            "module \"a\" {",
        ] {
            assert_eq!(sources(text), None, "{text}");
        }
    }
}
