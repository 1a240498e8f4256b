#!/usr/bin/env bash
# A repository with two old findings adopts lonekey, in the real pre-commit, through the action's steps and by hand:
# test-adoption.sh CHECKOUT SCRATCH PROGRAM (called by .ci/run, which sets up the environment).
# `cargo test --test adoption` does the same with the commands of docs/adoption.md.
set -euo pipefail

checkout=$1 scratch=$2 program=$3
log=$scratch/adoption.log
toy=$scratch/adopting
hook=$scratch/adoption-hook

fail() {
  cat "$log" >&2
  echo "FAILED: $*" >&2
  exit 1
}

expect() { # expect CODE COMMAND…, with the output kept in $log
  local wanted=$1 code=0
  shift
  "$@" >"$log" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || fail "exit code $code, not $wanted: $*"
}

says() { # says TEXT: the last output holds it
  grep -qF -- "$1" "$log" || fail "the output does not say: $1"
}

says_not() {
  ! grep -qF -- "$1" "$log" || fail "the output says: $1"
}

key() { # key NAME USER
  printf 'resource "aws_iam_access_key" "%s" {\n  user = "%s"\n}\n\n' "$1" "$2"
}

action() { # action CODE BASE [INPUT…]: the action's steps on a pull request that began with BASE, its log kept in $log
  local wanted=$1 base=$2 input code=0 inputs=()
  shift 2
  for input in version=source "$@"; do inputs+=(--input "$input"); done
  printf '{"pull_request": {"base": {"sha": "%s"}}}' "$(git rev-parse "$base")" >"$scratch/event.json"
  # The head of the pull request is checked out, not GitHub's merge of it.
  python3 "$checkout/.ci/run-action.py" --workspace "$toy" --event "$scratch/event.json" \
    --env GITHUB_EVENT_NAME=pull_request "${inputs[@]}" >"$scratch/action.json"
  python3 -c 'import json, sys; job = json.load(open(sys.argv[1])); print(job["log"], job["summary"], sep="\n"); sys.exit(job["exit"])' \
    "$scratch/action.json" >"$log" 2>&1 || code=$?
  [[ $code == "$wanted" ]] || fail "exit code $code, not $wanted: the action ($*)"
}

git init --quiet --initial-branch=main "$toy"
cd "$toy"
mkdir billing deploy
{ key current billing && key previous billing; } >billing/main.tf
cat >deploy/keys.yaml <<'YAML'
Resources:
  Old:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: deploy
  New:
    Type: AWS::IAM::AccessKey
    Properties:
      UserName: deploy
YAML
git add .
git commit --quiet --message "what is there"
git tag adopted

echo "two old findings: all are reported, and none is new"
expect 1 "$program" check
says billing
says deploy
expect 0 "$program" check --new-since adopted
says "2 known"
action 1 adopted new-only=false
says '"billing"'

echo "the hook, told the revision, lets a commit pass that adds nothing"
# The program as a hook of its own: what .ci/run hooks and .ci/run install build is tried there.
mkdir "$hook"
cp "$checkout/.pre-commit-hooks.yaml" "$hook/.pre-commit-hooks.yaml"
sed -i "s|^  entry: lonekey |  entry: $program |; s|^  language: .*|  language: system|" "$hook/.pre-commit-hooks.yaml"
git -C "$hook" init --quiet
git -C "$hook" add --all
git -C "$hook" commit --quiet --message "the hook"
git -C "$hook" tag v0.0.1
cat >.pre-commit-config.yaml <<CONFIG
repos:
  - repo: $hook
    rev: v0.0.1
    hooks:
      - id: lonekey
        args: [--new-since, adopted]
CONFIG
expect 0 pre-commit install
git add .
git commit --quiet --no-verify --message "the hook"
printf '# a comment\n' >>billing/main.tf
git mv deploy/keys.yaml deploy/users.yaml
git add .
expect 0 git commit --message "a comment, and another name"
says Passed

echo "a third finding is blocked"
mkdir robots
{ key blue robot && key green robot; } >robots/main.tf
git add .
expect 1 git commit --message "a third"
says robot
says_not billing
git checkout --quiet -b change
git commit --quiet --no-verify --message "a third"
action 1 adopted
says '::error file=robots/main.tf'
says "2 known"
says_not '"billing"'

echo "it is approved, until a day, and blocked again the day after"
until=$(date -u -d '+200 days' +%F)
after=$(date -u -d '+201 days' +%F)
approval="# lonekey: allow owner=robotics expires=$until reason=\"until the new line is in\""
sed -i "s|^resource .* \"green\"|$approval\n&|" robots/main.tf
git add .
expect 0 git commit --message "a third, approved"
says Passed
expect 0 "$program" check --new-since adopted
says "1 approved"
expect 0 "$program" exceptions --format csv
says "robotics"
expect 1 "$program" check --new-since adopted --today "$after"
says "robotics approved it until $until"
action 0 adopted
says "1 approved"
says "robotics approved the keys"
action 1 adopted "args=--today=$after"
says "robotics approved it until $until"
# Nor does it become known by being committed.
expect 1 "$program" check --new-since HEAD --today "$after"
says "robotics approved it until $until"
expect 0 "$program" check --new-since HEAD

echo "an old one is fixed, and a diff says so first"
expect 1 "$program" check billing --diff --keep aws_iam_access_key.current
says '+  status = "Inactive"'
cp "$log" "$scratch/adoption.patch"
expect 0 "$program" check billing --fix --keep aws_iam_access_key.current
says "1 fixed in billing/main.tf"
expect 0 "$program" check billing
action 0 adopted paths=billing new-only=false
git diff >"$scratch/adoption.made"
git checkout --quiet billing
git apply "$scratch/adoption.patch"
git diff | cmp - "$scratch/adoption.made" || fail "--diff and --fix differ"
expect 0 "$program" check --new-since adopted --exclude robots
says "1 of 2 findings of adopted left"
