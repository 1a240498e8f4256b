#!/usr/bin/env bash
# Synthesizes the assemblies of testdata/cdk anew, and the copy in testdata/example.
#
#   testdata/cdk/regenerate.sh           writes them
#   testdata/cdk/regenerate.sh --check   fails if they would change
#
# Needs node 20 and npm. Versions come from package-lock.json, so the result is the same bytes everywhere: the one thing
# that depends on the machine, the folder's own path in the creation traces, is replaced by a placeholder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
app=$here/access-keys
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp "$app"/{app.ts,cdk.json,package.json,package-lock.json} "$work/"
cd "$work"
npm ci --no-audit --no-fund --silent

# With the CLI (construct paths in the templates), and as `node app.js` in a pipeline does it (none).
node_modules/.bin/cdk synth --quiet --no-version-reporting --no-notices -o "$work/cdk.out" >/dev/null
mkdir "$work/without-cli.out"
CDK_OUTDIR="$work/without-cli.out" node_modules/.bin/tsx app.ts

for out in cdk.out without-cli.out; do
  # The validator's report names its own version and no resource that the templates lack.
  find "$work/$out" -name validation-report.json -delete
  # `/app` is what the folder is called in many build containers; npm's own path has no line of the app in it.
  find "$work/$out" -type f -name '*.json' -exec sed -i "s#$(realpath "$work")/#/app/#g; s#$work/#/app/#g" {} +
  if grep -rqF "$(basename "$work")" "$work/$out"; then
    echo "the folder's own name is still in $out:" >&2
    grep -rlF "$(basename "$work")" "$work/$out" >&2
    exit 1
  fi
done

example=$here/../example/cdk
if [[ ${1-} == --check ]]; then
  diff -r "$work/cdk.out" "$app/cdk.out"
  diff -r "$work/without-cli.out" "$app/without-cli.out"
  diff -r "$work/cdk.out" "$example/cdk.out"
  diff "$app/app.ts" "$example/app.ts"
  echo "the assemblies are what app.ts synthesizes to"
else
  rm -rf "$app/cdk.out" "$app/without-cli.out" "$example/cdk.out"
  mkdir -p "$example"
  cp -r "$work/cdk.out" "$work/without-cli.out" "$app/"
  cp -r "$work/cdk.out" "$example/"
  cp "$app/app.ts" "$app/cdk.json" "$example/"
fi
