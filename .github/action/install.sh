#!/usr/bin/env bash
# Gets the program: a release, by version and checksum, or a build of the action's own checkout where there is none.
#
# In: INPUT_VERSION (1.2.3, `source`, or nothing for the version that the action's Cargo.toml says), INPUT_CHECKSUM (of the
# archive; nothing for what the release's SHA256SUMS says), RUNNER_TEMP, GITHUB_ACTION_PATH, GITHUB_OUTPUT,
# GITHUB_STEP_SUMMARY.
# LONEKEY_RELEASES is where releases are, in place of GitHub.
#
# Nothing of the workspace has a part in it. cargo and rustup read `.cargo/config.toml` and `rust-toolchain.toml` of the
# folder that they are started in and of those above it, so everything is started in a new one, and the build goes to the
# action's own folder, not to one that may hold what was made to look like a finished build.
set -euo pipefail

fail() { # fail TEXT: nothing is run
  echo "::error title=lonekey::$1"
  printf '### lonekey: nothing was checked\n\n%s.\n' "$1" >>"$GITHUB_STEP_SUMMARY"
  exit 2
}

cd -- "$(mktemp -d "$RUNNER_TEMP/lonekey.XXXXXX")"
releases=${LONEKEY_RELEASES:-https://github.com/lonekey/lonekey/releases/download}
own=$(sed -n 's/^version = "\(.*\)"/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
version=${INPUT_VERSION:-$own}
[[ $version == source || $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "version is neither 1.2.3 nor source"
[[ -z $INPUT_CHECKSUM || $INPUT_CHECKSUM =~ ^[0-9a-f]{64}$ ]] || fail "checksum is no SHA-256 in lower-case hexadecimal digits"

build() {
  export RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-stable}
  unset CARGO_BUILD_TARGET
  local target=$GITHUB_ACTION_PATH/target
  cargo build --release --locked --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$target"
  echo "program=$target/release/lonekey" >>"$GITHUB_OUTPUT"
  exit 0
}

[[ $version != source ]] || build

case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64 | Linux-arm64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  MINGW*-aarch64 | MSYS*-aarch64) target=aarch64-pc-windows-msvc ;;
  *) target= ;;
esac
[[ -n $target ]] || build
archive=lonekey-$target.tar.gz

# The name of each file of the release, and where it is downloaded to, are ours.
download() { # download NAME: curl's exit code; 22 and 37 for a file that is not there
  curl --disable --fail --silent --show-error --location --retry 3 --proto '=https,file' --output "$1" \
    "$releases/v$version/$1"
}

code=0
download SHA256SUMS || code=$?
if [[ $code == 22 || $code == 37 ]]; then
  [[ $version == "$own" ]] || fail "there is no release $version"
  echo "there is no release $version: the action's own checkout is built"
  build
fi
[[ $code == 0 ]] || fail "release $version cannot be downloaded (curl: $code)"

# The line of this archive, and no other of SHA256SUMS.
expected=${INPUT_CHECKSUM:-$(sed -n "s/^\([0-9a-f]\{64\}\)  $archive\$/\1/p" SHA256SUMS | head -n 1)}
[[ -n $expected ]] || fail "release $version has no $archive"
download "$archive" || fail "$archive of release $version cannot be downloaded (curl: $?)"
if command -v sha256sum >/dev/null; then sum=$(sha256sum "$archive"); else sum=$(shasum -a 256 "$archive"); fi
[[ ${sum%% *} == "$expected" ]] || fail "$archive of release $version has another checksum than $expected; it is not run"

tar -xzf "$archive"
program=$PWD/lonekey-$target/lonekey
[[ $target != *windows* ]] || program=$program.exe
echo "lonekey $version, by its checksum $expected"
echo "program=$program" >>"$GITHUB_OUTPUT"
