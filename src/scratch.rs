//! Files and folders of this run alone, which go with it however it ends.
//!
//! Answers: what is left when somebody presses Ctrl-C? Nothing: what is made here is known until it is dropped, and a signal
//! that ends the run takes it away first; one that was ignored when the run began (`nohup`) stays so. A write past a limit
//! of the shell (`ulimit -f`) ends the run by default, too; here it is an error like a full disk, after which nothing is left
//! either.
//! On Windows a run that is ended leaves what it was writing, under a name of its own.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What there is now. Whoever ends the run keeps the lock, so that nothing is made any more.
static KNOWN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// That something is of this run alone. Keep it until that is gone, or is not any more.
#[derive(Debug)]
pub struct Own(PathBuf);

impl Drop for Own {
    fn drop(&mut self) {
        known().remove(&self.0);
    }
}

/// Makes something of this run alone, which lies at `path` afterwards.
pub fn make<T>(make: impl FnOnce() -> io::Result<T>, path: impl FnOnce(&T) -> &Path) -> io::Result<(Own, T)> {
    #[cfg(unix)]
    signals::watch();
    let mut known = known();
    let made = make()?;
    let path = path(&made).to_path_buf();
    known.insert(path.clone());
    Ok((Own(path), made))
}

/// Does something in a folder that was made here: not while the run is ended.
pub fn inside<R>(work: impl FnOnce() -> R) -> R {
    let _known = known();
    work()
}

fn known() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
mod signals {
    use std::sync::atomic::AtomicBool;
    use std::sync::{Arc, Once};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    /// Whether a signal was to be ignored when the run began, as a hang-up under `nohup`. Linux alone tells so; elsewhere a
    /// signal ends the run.
    fn is_ignored(signal: i32) -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        u32::try_from(signal - 1).is_ok_and(|bit| mask.checked_shr(bit).unwrap_or(0) & 1 == 1)
    }

    /// Sees to it that a signal that ends the run takes away what there is.
    pub(super) fn watch() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // Whoever writes is told so.
            let _ = signal_hook::flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)));
            let ends = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|signal| !is_ignored(*signal));
            let Ok(mut signals) = Signals::new(ends) else { return };
            std::thread::spawn(move || {
                let Some(signal) = signals.forever().next() else { return };
                let known = super::known();
                for path in known.iter() {
                    let _ = if path.is_dir() {
                        std::fs::remove_dir_all(path)
                    } else {
                        std::fs::remove_file(path)
                    };
                }
                let _ = emulate_default_handler(signal);
            });
        });
    }
}
