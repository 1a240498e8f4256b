//! Five thousand users take two seconds and 256 MiB, whichever way a key reads its own.
//!
//! The program itself runs, under limits of the shell: seconds of the processor, which a busy machine does not change (a build
//! that is not optimized has ten times as many), and address space: the stack of its thread, the 256 MiB, and what the
//! system adds. Only Linux limits address space; on other systems this is passed over.
#![cfg_attr(not(target_os = "linux"), allow(dead_code))]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{COUNTED, LOOPED, thousands};

/// The stack of a thread of the program, reserved and not used.
const STACK_MIB: u32 = 256;
/// What the system, its allocator and the program's own code reserve.
const SYSTEM_MIB: u32 = 64;
const SECONDS: u32 = if cfg!(debug_assertions) { 20 } else { 2 };

fn limited(folder: &Path, mib: u32) -> Output {
    let limits = format!("ulimit -v {}; ulimit -t {SECONDS}; exec \"$0\" check", (STACK_MIB + mib) << 10);
    Command::new("sh")
        .args(["-c", &limits, env!("CARGO_BIN_EXE_lonekey")])
        .env("RAYON_NUM_THREADS", "1")
        .current_dir(folder)
        .output()
        .unwrap()
}

#[cfg(target_os = "linux")]
#[test]
fn five_thousand_users_take_two_seconds_and_256_mib() {
    let counted = "count = length(aws_iam_user.u)\n  user = ";
    let looped = "for_each = local.set\n  user = ";
    let cases = [
        (COUNTED, format!("{counted}aws_iam_user.u[count.index].name")),
        (COUNTED, format!("{counted}element(aws_iam_user.u.*.name, count.index)")),
        (COUNTED, format!("{counted}one(slice(aws_iam_user.u, count.index, count.index + 1)).name")),
        (COUNTED, format!("{looped}aws_iam_user.u[index(local.names, each.key)].name")),
        (
            COUNTED,
            format!("{counted}chunklist(aws_iam_user.u[*].name, 9)[floor(count.index / 9)][count.index % 9]"),
        ),
        (COUNTED, format!("{counted}reverse(aws_iam_user.u)[count.index].name")),
        (COUNTED, format!("{looped}matchkeys(aws_iam_user.u[*].id, aws_iam_user.u[*].name, [each.key])[0]")),
        (LOOPED, format!("{looped}aws_iam_user.u[each.key].name")),
        (LOOPED, format!("{looped}lookup({{ for k, u in aws_iam_user.u : k => u.name }}, each.key)")),
        (LOOPED, format!("{looped}zipmap(keys(aws_iam_user.u), values(aws_iam_user.u)[*].name)[each.key]")),
        (LOOPED, format!("{looped}[for u in aws_iam_user.u : u.name if u.name == each.key][0]")),
        (LOOPED, format!("{looped}one([for k, u in aws_iam_user.u : u if each.key == k]).name")),
        (LOOPED, format!("{counted}aws_iam_user.u[tolist(toset(local.names))[count.index]].name")),
        (LOOPED, format!("{counted}values(aws_iam_user.u)[count.index].name")),
        (LOOPED, format!("{counted}[for n in local.names : aws_iam_user.u[n].name][count.index]")),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (user, key) in &cases {
        fs::write(folder.path().join("main.tf"), thousands(user, key)).unwrap();
        let run = limited(folder.path(), 256 + SYSTEM_MIB);
        assert_eq!(run.status.code(), Some(0), "{key}: {run:?}");
    }
    // The limits hold: nothing of this fits into the system's own share.
    assert_ne!(limited(folder.path(), 16).status.code(), Some(0));
}
