#!/usr/bin/env bash
# Builds the program from the action's own checkout, so that the version that runs is the version that was named.
#
# Nothing of the workspace has a part in it: cargo and rustup read `.cargo/config.toml` and `rust-toolchain.toml` of the
# folder that they are started in and of those above it, so they are started in a new one, and the build goes to the
# action's own folder, not to one that may hold what was made to look like a finished build.
set -euo pipefail

cd -- "$(mktemp -d "$RUNNER_TEMP/lonekey.XXXXXX")"

export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-stable}
unset CARGO_BUILD_TARGET
target=$GITHUB_ACTION_PATH/target
cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$target"
echo "program=$target/release/lonekey" >>"$GITHUB_OUTPUT"
