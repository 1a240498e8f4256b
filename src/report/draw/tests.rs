use super::super::diagnostic::{Label, Texts};
use super::super::testing::*;
use super::*;
use crate::source::Files;
use crate::span::{Loc, Span};

fn label(loc: Loc, text: &str) -> Label {
    Label { loc, text: text.into(), primary: false }
}

fn entry(files: &Files, labels: &[Label]) -> Diag {
    Diag {
        word: "error",
        severity: Severity::Error,
        code: "syntax",
        message: "a sentence".into(),
        ahead: Vec::new(),
        parts: Texts::new(files).parts(labels, &[]),
        facts: Vec::new(),
        help: None,
        tight: false,
    }
}

/// `needles` of `text`, labelled `<n>` with their length, under a heading.
fn drawn(text: &str, needles: &[&str], style: Style) -> String {
    let files = files();
    let file = insert(&files, "a.tf", text);
    let said = |n: &&str| label(at(&files, file, n, 0), &format!("<{}>", n.len()));
    let labels: Vec<Label> = needles.iter().map(said).collect();
    render(&entry(&files, &labels), &style)
}

#[test]
fn a_label_stands_beside_its_underline() {
    let text = drawn("one\ntwo\nthree\nfour\n", &["hre"], Style::default());
    assert_eq!(text, "error[syntax]: a sentence\n --> a.tf:3:2\n  |\n3 | three\n  |  --- <3>\n");
}

#[test]
fn what_is_left_out_is_marked() {
    let text = drawn("a1\nb1\n\nc1\n", &["a1", "b1", "c1"], Style::default());
    let expected = "1 | a1\n  | -- <2>\n2 | b1\n  | -- <2>\n...\n4 | c1\n  | -- <2>\n";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn line_numbers_stand_in_one_column() {
    let text = drawn(&format!("a1\n{}b1\n", "\n".repeat(98)), &["a1", "b1"], Style::default());
    assert!(text.contains("\n  1 | a1\n    | -- <2>\n...\n100 | b1\n"), "{text}");
}

#[test]
fn facts_and_help_stand_below_the_bar() {
    let files = files();
    let file = insert(&files, "a.tf", "one\n");
    let mut diag = entry(&files, &[label(at(&files, file, "one", 0), "here")]);
    diag.facts.push(("keys".into(), vec!["a".into(), "b".into()]));
    diag.help = Some("word ".repeat(30));
    let text = render(&diag, &Style { width: 60, ..Style::default() });
    assert!(text.contains("  | --- here\n  |\n  = keys: a\n          b\n  = help: word"), "{text}");
    assert!(text.contains("\n          word") && text.lines().all(|line| columns(line) <= 60), "{text}");
}

#[test]
fn a_label_without_room_beside_the_line_shortens_its_underline_or_stands_below() {
    let files = files();
    let file = insert(&files, "a.tf", &format!("{} = {}\n", "a".repeat(20), "b".repeat(25)));
    let text = |needle: &str, words: usize| {
        let label = label(at(&files, file, needle, 0), "word ".repeat(words).trim());
        render(&entry(&files, &[label]), &Style { width: 60, ..Style::default() })
    };
    let line = format!("{} = {}", "a".repeat(20), "b".repeat(25));
    let shortened = text(&line, 8);
    assert!(
        shortened.ends_with(&format!("  | {} {}\n", "-".repeat(16), "word ".repeat(8).trim())),
        "{shortened}"
    );
    let below = text(&"b".repeat(25), 8);
    let shifted = format!("{}\n  |{}{}\n", "-".repeat(8), " ".repeat(18), "word ".repeat(8).trim());
    assert!(below.ends_with(&shifted), "{below}");
}

#[test]
fn a_long_line_is_cut_around_each_label_and_keeps_its_columns() {
    let long = format!("{}KEY1{}KEY2{}\n", "é".repeat(70_000), "x".repeat(70_000), "y".repeat(500));
    let text = drawn(&format!("top\n{long}end\n"), &["KEY1", "KEY2"], Style::default());
    assert!(text.contains("a.tf:2:70001") && text.contains("a.tf:2:140005"), "{text}");
    assert!(text.contains("KEY1") && text.contains("KEY2") && text.matches("...").count() >= 4, "{text}");
    assert!(text.lines().all(|l| columns(l) <= 100), "{text}");
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_places_are_drawn_without_a_panic(
        text in "([a-z =\"é日🔑\t\r\u{1b}\u{202e}\u{feff}]{0,9}\n{0,3}){0,30}|(long é){0,90}",
        spans in proptest::collection::vec((0usize..400, 0usize..60), 1..6),
        width in 0usize..120,
        color: bool,
    ) {
        let files = files();
        let file = insert(&files, "a.tf", &text);
        let label = |(i, (start, length)): (usize, &(usize, usize))| Label {
            loc: Loc::new(file, Span::new(*start, start + length)),
            text: format!("<{i}>"),
            primary: i == 0,
        };
        let labels: Vec<Label> = spans.iter().enumerate().map(label).collect();
        let diag = entry(&files, &labels);
        let style = Style { width, color, ..Style::default() };
        // Without the net that catches panics.
        let canvas = Canvas { style: &style, severity: Severity::Error, gutter: 3 };
        for line in picture(&diag).unwrap().lines {
            assert!(canvas.annotated(&line, true).is_some());
        }
        let drawn = render(&diag, &style);
        assert!(drawn.lines().all(|line| columns(line) <= width.max(40)), "{drawn}");
        if !color {
            assert_harmless(&drawn);
        }
        for label in &labels {
            assert!(drawn.contains(&label.text), "{drawn}");
        }
    }
}

#[test]
fn places_at_the_edges_are_drawn() {
    for text in ["", "x", "\n", "\u{feff}", "\u{feff}x", "x\r\n", "日", "é\n\n\n"] {
        let files = files();
        let file = insert(&files, "a.tf", text);
        for start in 0..=text.len() + 2 {
            let loc = Loc::new(file, Span::new(start, start + 1));
            let drawn = render(&entry(&files, &[label(loc, "here")]), &Style::default());
            assert!(drawn.contains("here") && drawn.contains("a.tf:"), "{text:?} {start}: {drawn}");
        }
    }
}

#[test]
fn a_label_over_lines_is_drawn_on_its_first() {
    let text = drawn("a = <<E\n  b\nE\n", &["<<E\n  b\nE"], Style::default());
    assert!(text.ends_with("1 | a = <<E\n  |     --- <9>\n"), "{text}");
}

#[test]
fn each_label_of_a_line_has_a_row_and_one_without_room_behind_its_underline_stands_before_it() {
    let files = files();
    let line = format!("\t{} = {}", "a".repeat(30), "b".repeat(17));
    let file = insert(&files, "a.tf", &format!("{line}\n"));
    let labels = [
        label(at(&files, file, "aaa", 0), "first"),
        label(at(&files, file, "bbb", 0), "the second label here"),
    ];
    let text = render(&entry(&files, &labels), &Style { width: 60, ..Style::default() });
    let expected = format!(
        "1 | {}\n  |     --- first\n  |{}the second label here ---\n",
        line.replace('\t', "    "),
        " ".repeat(16)
    );
    assert!(text.ends_with(&expected), "{text}");
}

#[test]
fn a_place_wider_than_the_terminal_is_broken() {
    let files = files();
    let path = format!("{}a.tf", "a_long_folder/".repeat(6));
    let file = insert(&files, &path, "one\n");
    let mut diag = entry(&files, &[label(at(&files, file, "one", 0), "here")]);
    diag.ahead.push((path.clone(), "creates key 1".into()));
    let style = Style { width: 50, ..Style::default() };
    for text in [render(&diag, &style), origin(&path, &style)] {
        assert!(
            text.contains("--> a_long_folder/") && text.lines().all(|line| columns(line) <= 50),
            "{text}"
        );
        let joined: String = text.lines().map(|line| line.trim_start()).collect();
        assert!(joined.contains(&path), "{text}");
    }
}

#[test]
fn where_room_is_short_files_follow_each_other_without_bars() {
    let files = files();
    let (one, two) = (insert(&files, "a.tf", "one\n"), insert(&files, "b.tf", "two\n"));
    let labels = [label(at(&files, one, "one", 0), "first"), label(at(&files, two, "two", 0), "second")];
    let text = render(&Diag { tight: true, ..entry(&files, &labels) }, &Style::default());
    let expected = " --> a.tf:1:1\n  |\n1 | one\n  | --- first\n --> b.tf:1:1\n1 | two\n  | --- second\n";
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn characters_of_two_columns_are_underlined_whole() {
    let text = drawn("日本 = key\n", &["日本", "key"], Style::default());
    assert!(text.ends_with("\n  | ---- <6>\n  |        --- <3>\n"), "{text}");
}

#[test]
fn blanks_at_line_ends_go_and_colours_stay() {
    assert_eq!(trimmed("a \u{1b}[1m \u{1b}[0m "), "a\u{1b}[1m\u{1b}[0m");
    assert_eq!(trimmed("a m"), "a m");
    assert_eq!(trimmed("\u{1b}[0m"), "\u{1b}[0m");
}

#[test]
fn a_diagnostic_is_what_miette_says_one_is() {
    let files = files();
    let (one, two) = (insert(&files, "a.tf", "one\n"), insert(&files, "b.tf", "two\n"));
    let labels = [label(at(&files, one, "one", 0), "first"), label(at(&files, two, "two", 0), "second")];
    let diag = entry(&files, &labels);
    assert_eq!(diag.code().unwrap().to_string(), "syntax");
    assert_eq!(diag.to_string(), "a sentence");
    let labels = |diag: &dyn Diagnostic| {
        diag.labels().unwrap().map(|l| l.label().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels(&diag), ["first"]);
    let related: Vec<&dyn Diagnostic> = diag.related().unwrap().collect();
    assert_eq!(related.len(), 1);
    assert_eq!(labels(related[0]), ["second"]);
    let line = related[0].source_code().unwrap().read_span(&(0, 3).into(), 0, 0).unwrap();
    assert_eq!((line.name(), line.data()), (Some("b.tf"), &b"two"[..]));
}
