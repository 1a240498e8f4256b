#!/usr/bin/env bash
# Builds the program from the action's own checkout, so that the version that runs is the version that was named.
set -euo pipefail

cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml"
echo "program=${CARGO_TARGET_DIR:-$GITHUB_ACTION_PATH/target}/release/lonekey" >>"$GITHUB_OUTPUT"
