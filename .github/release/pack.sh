#!/usr/bin/env bash
# Packs a built program as a release offers it: pack.sh PROGRAM TARGET FOLDER
#
# Writes FOLDER/lonekey-TARGET.tar.gz with the program and its licences in a folder of that name, and its line of
# FOLDER/SHA256SUMS. The action, cargo-binstall and the image take the program from there, by these names.
set -euo pipefail

program=$1 target=$2 folder=$3
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=lonekey-$target
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT

mkdir -p "$staged/$name" "$folder"
cp "$program" LICENSE-MIT LICENSE-APACHE README.md "$staged/$name/"
tar -czf "$folder/$name.tar.gz" -C "$staged" "$name"

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi
}
cd "$folder"
{
  [[ ! -f SHA256SUMS ]] || grep -v "  $name.tar.gz\$" SHA256SUMS || true
  # Windows' tool marks binary files with an asterisk.
  sum "$name.tar.gz" | sed 's/ \*/  /'
} >SHA256SUMS.new
mv SHA256SUMS.new SHA256SUMS
