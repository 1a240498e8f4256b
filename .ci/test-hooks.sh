#!/usr/bin/env bash
# The hooks, in real repositories: test-hooks.sh CHECKOUT SCRATCH (called by .ci/run, which sets up the environment).
set -euo pipefail

checkout=$1 scratch=$2

expect() { # expect CODE COMMAND…, with the output kept in $log
  local wanted=$1 code=0
  shift
  "$@" >"$log" 2>&1 || code=$?
  [[ $code == "$wanted" ]] && return
  cat "$log" >&2
  echo "FAILED: exit code $code, not $wanted: $*" >&2
  exit 1
}

says() { # says TEXT: the last output holds it
  grep -qF -- "$1" "$log" && return
  cat "$log" >&2
  echo "FAILED: the output does not say: $1" >&2
  exit 1
}

log=$scratch/hooks.log
hook=$scratch/hook-repository
toy=$scratch/toy

# The checkout as it is, uncommitted work included.
mkdir "$hook"
(cd "$checkout" && git ls-files -co --exclude-standard -z | tar --null --ignore-failed-read -T - -cf -) | tar -xf - -C "$hook"
git -C "$hook" init --quiet
git -C "$hook" add --all --force
git -C "$hook" commit --quiet --message "the checkout"
git -C "$hook" tag v0.0.1

git init --quiet "$toy"
cd "$toy"
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $hook
    rev: v0.0.1
    hooks:
      - id: lonekey
CONFIG
cat >key.tf <<'HCL'
resource "aws_iam_access_key" "first" {
  user = "hooked"
}
HCL
cat >other.tf <<'HCL'
resource "aws_iam_access_key" "second" {
  user = "hooked"
}
HCL
expect 0 pre-commit install
git add .

echo "a commit with two keys in two files is blocked (the first run builds the program)"
expect 1 git commit --message "two keys"
says "hooked"
says "Failed"

echo "the same with the second key inactive passes"
sed -i 's/user = "hooked"/user   = "hooked"\n  status = "Inactive"/' other.tf
git add .
expect 0 git commit --message "one active key"
says "Passed"

echo "a commit that changes one file is judged with the files beside it"
sed -i '/status/d' other.tf
git add .
expect 1 git commit --message "two keys again"
says "hooked"
git reset --quiet --hard

echo "a commit of unrelated files runs nothing"
echo "two keys" >notes.md
git add .
expect 0 git commit --message "notes"
says "Skipped"

echo "lonekey-all, tried without a configuration, sees what no changed file shows"
expect 0 pre-commit try-repo "$hook" lonekey-all --all-files
sed -i '/status/d' other.tf
expect 1 pre-commit try-repo "$hook" lonekey-all --files notes.md
says "hooked"
