//! Every folder of `testdata/cases` that holds a `case.toml` is one test, named by its path.
//!
//! `cargo test --test golden terraform::count` runs some of them; `cargo bless terraform::count` accepts how they are
//! rendered now. What a case checks is written in `golden/case.rs`. One more test, `layout`, fails on files that no
//! case uses, so that a renamed folder cannot leave its expectations behind.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/edits.rs"]
mod edits;
#[path = "golden/layout.rs"]
mod layout;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

fn main() -> ExitCode {
    let (bless, rest): (Vec<String>, Vec<String>) = std::env::args().partition(|arg| arg == "--bless");
    let arguments = Arguments::from_iter(rest);
    let bless = !bless.is_empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases");
    let binary = Path::new(env!("CARGO_BIN_EXE_lonekey"));

    let (folders, strays) = layout::read(&root);
    let mut trials = vec![Trial::test("layout", move || {
        if strays.is_empty() { Ok(()) } else { Err(Failed::from(strays.join("\n"))) }
    })];
    for folder in folders {
        let name = layout::name(&root, &folder);
        trials.push(Trial::test(name.clone(), move || {
            case::check(binary, &name, &folder, bless).map_err(Failed::from)
        }));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
