use super::super::testing::*;
use super::*;

fn drawn(text: &str, needles: &[&str], style: Style) -> String {
    let files = files();
    let file = insert(&files, "a.tf", text);
    let label =
        |n: &&str| Label { loc: at(&files, file, n, 0), text: format!("<{}>", n.len()), primary: false };
    let labels: Vec<Label> = needles.iter().map(label).collect();
    Snippets::new(&files, &style).render(&labels)
}

#[test]
fn a_label_is_underlined_with_one_line_around() {
    let text = drawn("one\ntwo\nthree\nfour\nfive\n", &["hre"], Style::default());
    let expected = "   ╭─[a.tf:3:2]\n 2 │ two\n 3 │ three\n   ·  ─┬─\n   ·   ╰── <3>\n 4 │ four\n   ╰────\n";
    assert_eq!(text, expected);
}

#[test]
fn ascii_has_no_other_characters() {
    let text = drawn("one\ntwo\n", &["two"], Style { unicode: false, ..Style::default() });
    assert!(text.is_ascii() && text.contains("[a.tf:2:1]"), "{text}");
}

#[test]
fn near_labels_share_a_box_and_far_ones_do_not() {
    let near = drawn("a1\n\n\nb1\n", &["a1", "b1"], Style::default());
    assert_eq!(near.matches('╭').count(), 1, "{near}");
    let far = drawn("a1\n\n\n\n\n\n\nb1\n", &["a1", "b1"], Style::default());
    assert_eq!(far.matches('╭').count(), 2, "{far}");
}

#[test]
fn a_long_line_is_cut_around_each_label_and_keeps_its_column() {
    let long = format!("{}KEY1{}KEY2{}\n", "é".repeat(70_000), "x".repeat(70_000), "y".repeat(500));
    let text = drawn(&format!("top\n{long}end\n"), &["KEY1", "KEY2"], Style::default());
    assert!(text.contains("[a.tf:2:70001]") && text.contains("[a.tf:2:140005]"), "{text}");
    assert!(text.lines().all(|l| l.chars().count() <= 100), "{text}");
    assert_eq!(text.matches("──").count() > 2, text.contains("KEY1") && text.contains("KEY2"));
}

proptest::proptest! {
    #[test]
    fn any_text_and_any_places_are_drawn_without_a_panic(
        text in "([a-z =\"é日🔑\t\r\u{1b}\u{202e}\u{feff}]{0,9}\n{0,3}){0,30}|(long é){0,90}",
        spans in proptest::collection::vec((0usize..400, 0usize..60), 1..6),
        width in 0usize..120,
    ) {
        let files = files();
        let file = insert(&files, "a.tf", &text);
        let label = |(i, (start, length)): (usize, &(usize, usize))| Label {
            loc: Loc::new(file, Span::new(*start, start + length)),
            text: format!("<{i}>"),
            primary: i == 0,
        };
        let labels: Vec<Label> = spans.iter().enumerate().map(label).collect();
        let style = Style { width, ..Style::default() };
        let mut snippets = Snippets::new(&files, &style);
        // Without the net that catches panics.
        for window in windows(&snippets.shown(file), labels.iter(), 28) {
            assert!(snippets.drawn(&window).is_none_or(|text| !text.contains("Failed")));
        }
        let drawn = snippets.render(&labels);
        assert_harmless(&drawn);
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
            let label = Label { loc, text: "here".into(), primary: true };
            let drawn = Snippets::new(&files, &Style::default()).render(&[label]);
            assert!(drawn.contains("here") && drawn.contains("a.tf:"), "{text:?} {start}: {drawn}");
            assert!(!drawn.contains("Failed"), "{drawn}");
        }
    }
}

#[test]
fn a_label_over_lines_is_drawn_on_its_first() {
    let text = drawn("a = <<E\n  b\nE\n", &["<<E\n  b\nE"], Style::default());
    assert!(text.contains(" 1 │ a = <<E\n   ·     ─┬─\n"), "{text}");
}

#[test]
fn characters_of_two_columns_are_underlined_whole() {
    let text = drawn("日本 = key\n", &["日本"], Style::default());
    assert!(text.contains("   · ──┬─\n"), "{text}");
}
