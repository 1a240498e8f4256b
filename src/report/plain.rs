//! Text of scanned files, made harmless for a terminal and for a build log.
//!
//! Answers: can this text move the cursor, reorder what is read, or give the runner a command? Everything that
//! formats for people print of a scanned file goes through here. JSON for programs keeps its values and gets them
//! escaped instead.
//! Source: Unicode Bidirectional Algorithm, "Explicit Formatting Characters"; the GitHub runner looks for `::` after
//! trimming a line, and for `##[` anywhere in it.

/// Whether a character could do something instead of being seen: controls, bidirectional formatting, separators
/// that break lines in some viewers, invisible tags, what no XML document holds (XML 1.0, production 2).
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// The text on one line, with `?` for every unsafe character.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { '?' } else { c }).collect()
}

/// The text with every byte of an unsafe character replaced by `?`, so that offsets stay true; line breaks and tabs
/// stay. `None` when there is nothing to replace, which is nearly always.
pub fn same_length(text: &str) -> Option<String> {
    let kept = |c: char| !is_unsafe(c) || matches!(c, '\n' | '\t');
    let ascii = |b: u8| (b' '..0x7f).contains(&b) || matches!(b, b'\n' | b'\t');
    if text.bytes().all(ascii) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut changed = false;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if kept(c) || (c == '\r' && rest.peek() == Some(&'\n')) {
            out.push(c);
        } else {
            changed = true;
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        }
    }
    changed.then_some(out)
}

/// A finished report in which no line can be read as a workflow command by a build log.
///
/// Wrapping may put any word first, so this looks at whole lines: a leading `::` becomes `?:`, and `##[`, which is
/// obeyed anywhere in a line, becomes `##?`.
pub fn without_commands(report: &str) -> String {
    if !report.contains("::") && !report.contains("##[") {
        return report.to_owned();
    }
    let mut out = String::with_capacity(report.len());
    for line in report.split_inclusive('\n') {
        let line = line.replace("##[", "##?");
        match line.trim_start().strip_prefix("::") {
            Some(rest) => {
                let indent = line.len() - line.trim_start().len();
                out.push_str(line.get(..indent).unwrap_or(""));
                out.push_str("?:");
                out.push_str(rest);
            }
            None => out.push_str(&line),
        }
    }
    out
}

/// A finished JSON text in which unsafe characters are escaped; the values stay the same.
///
/// serde_json escapes only what JSON requires; the rest can stand nowhere but inside strings.
pub fn escaped_json(json: &str) -> String {
    if json.is_ascii() && !json.contains('\u{7f}') {
        return json.to_owned();
    }
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_is_replaced_and_what_is_seen_stays() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\n\u{9b}"), "a?[31mb?c??");
        assert_eq!(plain("büro 日本 🔑 עברית"), "büro 日本 🔑 עברית");
    }

    #[test]
    fn offsets_survive_the_replacement() {
        let text = "é\u{1b}x\u{202e}\r\n\ty\rz";
        let clean = same_length(text).unwrap();
        assert_eq!(clean, "é?x???\r\n\ty?z");
        assert_eq!(clean.len(), text.len());
        assert_eq!(same_length("é\r\n"), None);
    }

    #[test]
    fn no_line_is_a_command() {
        assert_eq!(without_commands("  ::error::x\na::b\n##[error]y\n"), "  ?:error::x\na::b\n##?error]y\n");
    }

    #[test]
    fn escaping_keeps_the_json_value() {
        let json = "[\"a\u{202e}\u{7f}\u{e0001}é\"]\n";
        let escaped = escaped_json(json);
        assert!(!escaped.chars().any(|c| c != '\n' && is_unsafe(c)), "{escaped}");
        let value: serde_json::Value = serde_json::from_str(&escaped).unwrap();
        assert_eq!(value[0], "a\u{202e}\u{7f}\u{e0001}é");
    }
}
