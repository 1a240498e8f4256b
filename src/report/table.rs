//! Tables for people: a head, and rows in aligned columns.
//!
//! Nothing is ever cut: what does not fit the width is written by whoever asks, as a list.

use super::style::{Style, columns};

/// The rows under a head, in aligned columns; `None` where that is wider than the style allows.
pub(super) fn table<const N: usize>(head: &[&str; N], rows: &[[String; N]], style: &Style) -> Option<String> {
    let head = head.map(String::from);
    let lines = || std::iter::once(&head).chain(rows);
    let width = |text: &String| columns(text);
    let mut widths = [0; N];
    for line in lines() {
        for (widest, cell) in widths.iter_mut().zip(line) {
            *widest = width(cell).max(*widest);
        }
    }
    let total: usize = widths.iter().map(|w| w + 2).sum();
    if total > style.columns() {
        return None;
    }
    let mut out = String::new();
    for line in lines() {
        let mut text = String::from("  ");
        for (cell, widest) in line.iter().zip(widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(widest - width(cell) + 2));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    Some(out)
}
