//! Flags to options, run, exit code; nothing else.

fn main() {}
