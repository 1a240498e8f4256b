//! stub
/// x
pub fn explain(_: &super::Style) -> String {
    String::new()
}
