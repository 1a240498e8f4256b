#!/usr/bin/env bash
# What a release offers, made and installed here: test-install.sh CHECKOUT SCRATCH (called by .ci/run).
#
# A wheel, from which pip installs the program; the repository for pre-commit that depends on it, in the hands of the real
# pre-commit and prek; a packed binary with its checksum.
set -euo pipefail

checkout=$1 scratch=$2/install
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$checkout/Cargo.toml" | head -n 1)
mkdir -p "$scratch"
log=$scratch/log

expect() { # expect CODE COMMAND…, with the output kept in $log
  local wanted=$1 code=0
  shift
  "$@" >"$log" 2>&1 || code=$?
  [[ $code == "$wanted" ]] && return
  cat "$log" >&2
  echo "FAILED: exit code $code, not $wanted: $*" >&2
  exit 1
}

echo "a wheel of $version"
expect 0 maturin build --release --locked --manifest-path "$checkout/Cargo.toml" --out "$scratch/wheels"
python3 -m venv "$scratch/venv"
expect 0 "$scratch/venv/bin/pip" install --quiet --no-index --find-links "$scratch/wheels" "lonekey==$version"
expect 1 "$scratch/venv/bin/lonekey" check "$checkout/testdata/example"

echo "the repository for pre-commit"
mirror=$scratch/mirror
expect 0 "$checkout/.github/release/mirror.sh" "$version" "$mirror"
expect 2 "$checkout/.github/release/mirror.sh" "v$version" "$scratch/bad"
git -C "$mirror" init --quiet
git -C "$mirror" add --all
git -C "$mirror" commit --quiet --message "lonekey $version"
git -C "$mirror" tag "v$version"

toy=$scratch/toy
git init --quiet "$toy"
cd "$toy"
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $mirror
    rev: v$version
    hooks:
      - id: lonekey
CONFIG
cat >main.tf <<'HCL'
resource "aws_iam_access_key" "first" {
  user = "hooked"
}

resource "aws_iam_access_key" "second" {
  user = "hooked"
}
HCL
git add .

export PIP_FIND_LINKS=$scratch/wheels UV_FIND_LINKS=$scratch/wheels
for tool in pre-commit prek; do
  started=$(date +%s)
  expect 0 "$tool" install-hooks
  echo "$tool: installed in $(($(date +%s) - started)) s"
  expect 1 "$tool" run
  grep -q hooked "$log" || { cat "$log" >&2 && exit 1; }
  sed -i '$i\  status = "Inactive"' main.tf
  git add .
  expect 0 "$tool" run
  sed -i '/status/d' main.tf
  git add .
done

echo "a packed binary, by its checksum"
expect 0 "$checkout/.github/release/pack.sh" "$scratch/venv/bin/lonekey" some-target "$scratch/dist"
expect 0 "$checkout/.github/release/pack.sh" "$scratch/venv/bin/lonekey" other-target "$scratch/dist"
(cd "$scratch/dist" && expect 0 sha256sum --check --strict SHA256SUMS)
[[ $(wc -l <"$scratch/dist/SHA256SUMS") == 2 ]] || { echo "FAILED: SHA256SUMS does not hold both" >&2 && exit 1; }
tar -xzf "$scratch/dist/lonekey-some-target.tar.gz" -C "$scratch"
expect 0 "$scratch/lonekey-some-target/lonekey" --version
