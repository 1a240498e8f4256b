#!/usr/bin/env bash
# Synthesizes each app of testdata/cdk/apps into its cdk.out: `apps.sh [--check]`.
#
# Needs node and npm; and Python with its own pip for the Python app. The library's version is that of
# access-keys/package-lock.json (node) and of apps/python/requirements.txt. What no verdict depends on is left out: the
# validator's report, tree.json, the feature flags of the manifest, code that is uploaded.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${LONEKEY_CDK_WORK:-$(mktemp -d)}
[[ -n ${LONEKEY_CDK_WORK-} ]] || trap 'rm -rf "$work"' EXIT

if [[ ! -d $work/node_modules ]]; then
  cp "$here"/access-keys/{package.json,package-lock.json} "$work/"
  (cd "$work" && npm ci --no-audit --no-fund --silent)
fi
if [[ ! -d $work/venv ]]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet -r "$here/apps/python/requirements.txt"
fi

# strip OUT FOLDER: leaves out what no verdict depends on, and the machine's own paths.
strip() {
  find "$1" \( -name validation-report.json -o -name tree.json \) -delete
  find "$1" -type d -name 'asset.*' -prune -exec rm -r {} +
  python3 - "$1" "$2" "$(realpath "$work/node_modules")" <<'PYTHON'
import json, pathlib, sys

out, folder, modules = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
for path in sorted(out.rglob("*.json")):
    text = path.read_text().replace(folder, "/app").replace(modules, "/app/node_modules")
    if path.name == "manifest.json":
        manifest = json.loads(text)
        drop = ("cdk:feature-flag-report", "cdk:tree")
        artifacts = manifest["artifacts"].items()
        manifest["artifacts"] = {name: a for name, a in artifacts if a["type"] not in drop}
        text = json.dumps(manifest, indent=1) + "\n"
    path.write_text(text)
PYTHON
}

status=0
for app in "$here"/apps/*/; do
  name=$(basename "$app")
  rm -rf "$work/app" "$work/$name.out"
  mkdir "$work/app"
  find "$app" -maxdepth 1 -type f -exec cp {} "$work/app/" \;
  ln -s "$work/node_modules" "$work/app/node_modules"
  cd "$work/app"
  if [[ -e app.py ]]; then
    CDK_OUTDIR="$work/$name.out" JSII_HOST_STACK_TRACES=1 JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1 "$work/venv/bin/python" app.py
  else
    CDK_OUTDIR="$work/$name.out" node_modules/.bin/tsx app.ts 2>/dev/null
  fi
  strip "$work/$name.out" "$(realpath "$work/app")"
  if [[ ${1-} == --check ]]; then
    diff -r "$work/$name.out" "$app/cdk.out" || status=1
  else
    rm -rf "$app/cdk.out"
    cp -r "$work/$name.out" "$app/cdk.out"
  fi
done
exit "$status"
