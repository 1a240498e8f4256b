//! A progress line on the terminal, for runs long enough to notice.
//!
//! Writes to standard error only, only when asked to, and nothing before half a second has passed.

use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a run takes before anything appears.
const PATIENCE: Duration = Duration::from_millis(500);
/// How wide the bar is, in columns.
const WIDTH: usize = 30;

/// The state of the line.
#[derive(Debug)]
pub struct Progress {
    enabled: bool,
    start: Instant,
    total: AtomicUsize,
    done: AtomicUsize,
    shown: AtomicBool,
}

impl Progress {
    /// A line that appears only if `enabled`.
    pub fn new(enabled: bool) -> Self {
        Progress {
            enabled,
            start: Instant::now(),
            total: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            shown: AtomicBool::new(false),
        }
    }

    /// Says how many units there are, once (`units` above 0), or that one more is done (0).
    pub fn tick(&self, units: usize) {
        if units > 0 {
            self.total.store(units, Ordering::Relaxed);
            return;
        }
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if self.enabled && self.start.elapsed() >= PATIENCE {
            self.shown.store(true, Ordering::Relaxed);
            let line = bar(done, self.total.load(Ordering::Relaxed));
            let _ = write!(std::io::stderr().lock(), "\r{line}");
        }
    }

    /// Removes the line, if it was shown.
    pub fn clear(&self) {
        if self.shown.load(Ordering::Relaxed) {
            let _ = write!(std::io::stderr().lock(), "\r{:width$}\r", "", width = WIDTH + 40);
        }
    }
}

fn bar(done: usize, total: usize) -> String {
    let filled = (done * WIDTH).checked_div(total).unwrap_or(0).min(WIDTH);
    format!("[{}{}] {done} of {total} units", "#".repeat(filled), "-".repeat(WIDTH - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_never_overflows() {
        assert_eq!(bar(0, 0), format!("[{}] 0 of 0 units", "-".repeat(WIDTH)));
        assert!(bar(9, 3).starts_with(&format!("[{}]", "#".repeat(WIDTH))));
    }
}
