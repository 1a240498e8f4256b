#!/usr/bin/env bash
# The hooks, in real repositories with the real pre-commit and prek: test-hooks.sh CHECKOUT SCRATCH (called by .ci/run, which
# sets up the environment).
set -euo pipefail

checkout=$1 scratch=$2
log=$scratch/hooks.log
hook=$scratch/hook-repository

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

blocked() { # blocked MESSAGE: the commit of what was changed is refused, and the change is taken back
  echo "  blocked: $1"
  git add --all
  expect 1 git commit --message "$1"
  says hooked
  says Failed
  git reset --quiet --hard
  git clean --quiet -fd
}

passes() { # passes MESSAGE [WORD]: the commit of what was changed is made, and the hook's line has the word
  echo "  passes: $1"
  git add --all
  expect 0 git commit --message "$1"
  says "${2:-Passed}"
}

key() { # key NAME [FURTHER ATTRIBUTES]
  printf 'resource "aws_iam_access_key" "%s" {\n  user = "hooked"\n%s}\n' "$1" "${2-}"
}

situations() { # situations TOOL HOOK
  local tool=$1 id=$2 i
  echo "$tool, $id"
  git init --quiet "$scratch/toy-$tool-$id"
  cd "$scratch/toy-$tool-$id"
  printf 'repos:\n  - repo: %s\n    rev: v0.0.1\n    hooks:\n      - id: %s\n' "$hook" "$id" >.pre-commit-config.yaml
  expect 0 "$tool" install

  mkdir -p live optional modules/bot modules/extra data
  key first >live/main.tf
  key second '  status = "Inactive"
' >live/other.tf
  # Two keys unless the file of variables is there.
  printf 'variable "rotating" {\n  default = true\n}\n' >optional/main.tf
  { key first && key second '  count = var.rotating ? 1 : 0
'; } >>optional/main.tf
  echo "rotating = false" >optional/terraform.tfvars
  # A call of a folder that is not there yet.
  key bot >modules/bot/main.tf
  key extra >modules/extra/main.tf
  mkdir calls
  printf 'module "%s" {\n  source = "../modules/%s"\n}\n' bot bot spare spare >calls/main.tf
  # One user a row.
  cat >data/main.tf <<'HCL'
resource "aws_iam_access_key" "each" {
  count = length(csvdecode(file("users.csv")))
  user  = csvdecode(file("users.csv"))[count.index].name
}
HCL
  printf 'name,team\nhooked,web\n' >data/users.csv
  passes "one active key a user"

  sed -i '/status/d' live/other.tf
  blocked "a second key, in one of two files of a module"

  echo "hooked,data" >>data/users.csv
  blocked "a user's second row in a CSV file alone"

  git mv modules/extra modules/spare
  blocked "a module's folder that gets the name which is called"

  git rm --quiet optional/terraform.tfvars
  if [[ $id == lonekey ]]; then
    blocked "a deleted file of variables"
  else
    passes "a deleted file of variables, which is in no list of changed files" "no files to check"
    git revert --no-edit HEAD >"$log" 2>&1
  fi

  echo "two keys" >notes.md
  if [[ $id == lonekey ]]; then passes "notes"; else passes "notes" "no files to check"; fi

  mkdir -p units/a-unit-with-a-long-name/of-which-there-are-many/{1000..3999}
  for ((i = 1000; i < 4000; i++)); do
    echo "locals {}" >"units/a-unit-with-a-long-name/of-which-there-are-many/$i/main.tf"
  done
  passes "3,000 names"
  for ((i = 1000; i < 4000; i++)); do
    key "k$i" >"units/a-unit-with-a-long-name/of-which-there-are-many/$i/main.tf"
  done
  key other >"units/a-unit-with-a-long-name/of-which-there-are-many/2500/other.tf"
  blocked "3,000 names, and two keys in two of them"
}

# The checkout as it is, uncommitted work included.
mkdir "$hook"
(cd "$checkout" && git ls-files -co --exclude-standard -z | tar --null --ignore-failed-read -T - -cf -) | tar -xf - -C "$hook"
git -C "$hook" init --quiet
git -C "$hook" add --all --force
git -C "$hook" commit --quiet --message "the checkout"
git -C "$hook" tag v0.0.1

for tool in pre-commit prek; do
  situations "$tool" lonekey
  situations "$tool" lonekey-changed
done

echo "what the hook says of a commit that it blocks is short, and the same without a configuration"
key second >live/other.tf
# What is not staged pre-commit puts away before a hook runs.
git add --all
expect 1 pre-commit try-repo "$hook" lonekey
says hooked
