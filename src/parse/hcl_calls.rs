//! The module calls of a file, without parsing it.
//!
//! A large repository has thousands of files that only call modules from elsewhere; all that matters of them is which.
//! This reads `module "name" {` at the start of a line and the literal `source` that follows it directly, as people
//! write them. Whatever is written otherwise is not guessed: the answer is `None`, and the file is parsed.
//!
//! No call is missed, since `module` begins a line wherever it begins a block: a block follows a line break, and a
//! comment that ends before it on its line is not guessed at. A line may be passed over only where it surely lies in a
//! block comment or a heredoc ([`ranges`]): the scan that says so must have met nothing unclosed, and no heredoc whose
//! end an interpolation could hide.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::hcl_scan::{Scanned, is_name_char, scan};
use crate::span::Span;

static MODULE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("module"));

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
    let bytes = text.as_bytes();
    let first = |what: &str| memchr::memmem::find(bytes, what.as_bytes()).unwrap_or(text.len());
    let (mut calls, mut next) = (Vec::new(), 0);
    let mut opaque = None;
    for at in MODULE.find_iter(bytes) {
        // In a line, or a block's head, that was read.
        if at < next {
            continue;
        }
        let start = memchr::memrchr(b'\n', bytes.get(..at)?).map_or(0, |i| i + 1);
        let end = memchr::memchr(b'\n', bytes.get(at..)?).map_or(text.len(), |i| at + i + 1);
        let before = text.get(start..at)?;
        if !before.strip_prefix('\u{feff}').unwrap_or(before).trim_start().is_empty() {
            // A block may begin where a comment ends.
            if text.get(start..end)?.contains("*/") {
                return None;
            }
            continue;
        }
        next = end;
        let rest = text.get(at + "module".len()..end)?;
        if rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            continue;
        }
        // In a heredoc or a block comment the start of a line is not the start of a block.
        let opaque =
            opaque.get_or_insert_with(|| Opaque { from: first("<<").min(first("/*")), ranges: None });
        if opaque.holds(start, text)? {
            continue;
        }
        header(rest)?;
        let call = source(lines(text, end))?;
        next = call.source_span.end as usize;
        calls.push(call);
    }
    Some(calls)
}

/// Each line from `start` on with the offset it starts at.
fn lines(text: &str, mut start: usize) -> impl Iterator<Item = (usize, &str)> {
    text.get(start..).unwrap_or("").split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// What is known of the block comments and heredocs of a text.
struct Opaque {
    /// None begins before.
    from: usize,
    /// All of them, once that was asked for.
    ranges: Option<Vec<Range<usize>>>,
}

impl Opaque {
    /// Whether the line that starts at `at` begins inside of one; `None` where a light reading cannot be sure.
    fn holds(&mut self, at: usize, text: &str) -> Option<bool> {
        if at <= self.from {
            return Some(false);
        }
        let ranges = match &mut self.ranges {
            Some(ranges) => ranges,
            none => none.insert(ranges(text)?),
        };
        let before = ranges.partition_point(|range| range.end <= at);
        Some(ranges.get(before).is_some_and(|range| range.start < at))
    }
}

/// The block comments and heredocs of a text, in order; `None` where a light reading cannot be sure of them.
fn ranges(text: &str) -> Option<Vec<Range<usize>>> {
    let (mut ranges, mut sure) = (Vec::new(), true);
    scan(text, |found| match found {
        Scanned::Comment { range, .. } => ranges.push(range),
        Scanned::Heredoc { range } => {
            let inside = text.get(range.clone()).unwrap_or("");
            // Which characters go on with a name, the parser knows better.
            let ends =
                text.get(range.end..).and_then(|rest| rest.chars().next()).is_none_or(|c| c.is_ascii());
            // With something behind it on its line, a marker ends it for some.
            let mut lines = inside.lines();
            let marker = lines.next().unwrap_or("").trim_start_matches(['<', '-']);
            let ended = |line: &str| {
                let rest = line.trim_start().strip_prefix(marker);
                rest.is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_ascii() || !is_name_char(c)))
            };
            let once = lines.filter(|line| ended(line)).count() == 1;
            sure &= ends
                && once
                && ["${", "%{"].iter().all(|opening| inside.split(opening).skip(1).all(is_closed));
            ranges.push(range);
        }
        Scanned::Unclosed { .. } => sure = false,
        _ => {}
    });
    sure.then_some(ranges)
}

/// Whether an interpolation ends on its line, whatever the text behind its opening is: nothing in it nests, and no string
/// or comment could hide its end.
fn is_closed(behind: &str) -> bool {
    let end = behind.find(['}', '{', '"', '#', '/', '<', '\n']);
    end.and_then(|at| behind.get(at..)).is_some_and(|rest| rest.starts_with('}'))
}

/// What follows `module`: one plain quoted label and the opening brace.
fn header(rest: &str) -> Option<()> {
    let label = rest.trim().strip_prefix('"')?.strip_suffix('{')?.trim_end().strip_suffix('"')?;
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (!label.is_empty() && label.chars().all(plain)).then_some(())
}

/// The `source` of the block: before anything that nests, on a line of its own.
fn source<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Option<QuickCall> {
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

    const CALL: &str = "module \"a\" {\n  source = \"./x\"\n}\n";

    #[test]
    fn calls_behind_comments_and_heredocs_are_read_and_those_inside_are_none() {
        for before in [
            "/* why */\n",
            "a = \"arn:aws:s3:::b/*\"\n",
            "# see a/*\n",
            "a = <<X\n${var.a.b[0]} \"*/\n  X\n",
            "b {\n  a = f(<<-X\n  /* { \\ \"\n  X\n  )\n}\n",
            "/*\nmodule \"b\" {\n  source = \"./y\"\n}\n*/\n",
            "a = <<X\nmodule \"b\" {\n  source = \"./y\"\n}\nX\n",
            "a = <<X\nX2\nX\n",
        ] {
            found(&format!("{before}{CALL}"), &["./x"]);
        }
    }

    #[test]
    fn where_a_heredoc_or_comment_ends_is_not_guessed() {
        for before in [
            "/* open\n",
            "a = <<X\n",
            "a = \"open /*\n",
            "a = <<X\n${f(\nX\n)}\nX\n",
            "a = <<X\n${\"}\nX\n\"}\nX\n",
            "a = <<X\n%{ if { a = 1 }\nX\n == b}%{endif}\nX\n",
            "a = <<X\nX\u{301}\nX\n",
        ] {
            assert_eq!(sources(&format!("{before}{CALL}")), None, "{before}");
        }
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
            "/* why */ module \"a\" {\n source = \"./x\"\n}",
            "/* module */ module \"a\" {\n source = \"./x\"\n}",
            "module \"a\" {",
        ] {
            assert_eq!(sources(text), None, "{text}");
        }
    }

    /// Pieces whose mixtures open, close and hide each other.
    const PIECES: [&str; 26] = [
        "module \"a\" {\n  source = \"./x\"\n",
        "module \"b\" {\n  version = \"1\"\n  source = \"n/n/n\" # why\n}\n",
        "  module \"c\" {\n",
        "source = \"./z\"\n",
        "}\n",
        "a = <<X\n",
        "b {\n  a = <<-module\n",
        "X\n",
        "  X\n",
        "module\n",
        "/*",
        "*/",
        "\n",
        "#",
        "//",
        "\"",
        "${",
        "%{ if",
        "}",
        "{",
        "a = \"b/*\"\n",
        "a = \"${f(\"<<X\")}\"\n",
        "${var.a}",
        "$${",
        "\\",
        "locals {\n  module = [\n    module.a,\n  ]\n}\n",
    ];

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(4_000))]
        #[test]
        fn no_call_that_the_parser_sees_is_missed(
            pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..14),
        ) {
            let text: String = pieces.concat();
            let Some(calls) = quick_calls(&text) else { return Ok(()) };
            let (body, _) = crate::parse::hcl::parse(&crate::source::Source::new("x".into(), text.clone().into_bytes()));
            for block in body.blocks("module") {
                let at = block.body.attribute("source").map(|a| a.expr.span);
                proptest::prop_assert!(calls.iter().any(|c| Some(c.source_span) == at), "{text:?}");
            }
        }
    }
}
