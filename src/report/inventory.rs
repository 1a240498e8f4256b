pub fn render(_: &crate::judge::finding::Outcome, _: &crate::source::Files, _: &super::Style) -> String {
    String::new()
}
