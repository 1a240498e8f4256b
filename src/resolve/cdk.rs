//! stub
use super::Inputs;
use crate::key::{Mode, Resolved};
use crate::source::Files;
use std::path::Path;
#[allow(missing_docs)]
pub fn parameters(_: &Path, _: &Files) -> Vec<String> {
    Vec::new()
}
#[allow(missing_docs)]
pub fn resolve(_: &Path, _: &Files, _: &Inputs, _: Mode) -> Resolved {
    Resolved::default()
}
