//! One file through every stage: resolved both ways, judged, and rendered in every format.
//!
//! The first byte chooses the language; the rest is the file.
#![no_main]

use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use lonekey::judge::finding::Outcome;
use lonekey::judge::judge;
use lonekey::key::{Mode, Resolved};
use lonekey::report::{Format, Report, Style, render_check, render_inventory};
use lonekey::resolve::dispatch::{Job, Modules};
use lonekey::resolve::{Inputs, Request, cloudformation};
use lonekey::source::Files;

/// A folder that is not there: what the file names beside itself is not found.
const ROOT: &str = "/lonekey-fuzz";

fn resolve(name: &str, files: &Files, mode: Mode) -> Vec<Resolved> {
    let path = PathBuf::from(ROOT).join(name);
    let inputs = Inputs::default();
    if name.starts_with("main.") {
        let request = Request { files, modules: &Modules::default(), inputs: &inputs };
        Job::Terraform(ROOT.into()).resolve(request, mode)
    } else {
        cloudformation::resolve(&path, files, &inputs, mode)
    }
}

fn run(name: &str, bytes: &[u8]) {
    let files = Files::new(ROOT.into());
    if files.insert_in_memory(Path::new(name), bytes.to_vec()).is_err() {
        return;
    }
    let overridable = resolve(name, &files, Mode::Overridable);
    for (i, unit) in resolve(name, &files, Mode::Supplied).iter().enumerate() {
        let judged = judge(unit, overridable.get(i));
        let outcome = Outcome {
            findings: judged.findings,
            inventory: judged.inventory,
            assumptions: judged.assumptions,
            incomplete: judged.problems,
            ..Outcome::default()
        };
        let report = Report { outcome: &outcome, files: &files, show_all: false };
        for format in [Format::Pretty, Format::Json, Format::Sarif, Format::Github] {
            render_check(&report, format, &Style::default());
        }
        render_inventory(&outcome, &files, Format::Pretty, &Style::default());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let name = ["main.tf", "main.tf.json", "keys.yaml", "keys.json"][usize::from(first % 4)];
    let rest = rest.to_vec();
    // As much stack as the binary gives its threads: nesting has its own limit.
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(move || run(name, &rest));
    thread.expect("a thread can be started").join().expect("no panic");
});
