#!/usr/bin/env bash
# Synthesizes each app of testdata/cdk/apps into its cdk.out: `apps.sh [--check]`.
#
# Needs node and npm; and Python with its own pip for the Python app. The library's version is that of the app's own
# package-lock.json if it has one, else of access-keys/package-lock.json, and of apps/python/requirements.txt. An app
# that has the CLI among its own packages is synthesized by it, the others by themselves. What no verdict depends on is
# left out: the validator's report, tree.json, the feature flags of the manifest, code that is uploaded, frames of Node.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=${LONEKEY_CDK_WORK:-$(mktemp -d)}
[[ -n ${LONEKEY_CDK_WORK-} ]] || trap 'rm -rf "$work"' EXIT

# install FOLDER PACKAGES: the packages of a folder's package-lock.json, once.
install() {
  [[ -d $2/node_modules ]] && return
  mkdir -p "$2"
  cp "$1"/{package.json,package-lock.json} "$2/"
  (cd "$2" && npm ci --no-audit --no-fund --silent)
}

install "$here/access-keys" "$work/current"
if [[ ! -d $work/venv ]]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet -r "$here/apps/python/requirements.txt"
fi

# quietly COMMAND…: what it prints is shown only if it fails.
quietly() {
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2 && return 1; }
}

# strip OUT FOLDER PACKAGES: leaves out what no verdict depends on, and the machine's own paths.
strip() {
  find "$1" \( -name validation-report.json -o -name tree.json \) -delete
  find "$1" -type d -name 'asset.*' -prune -exec rm -r {} +
  python3 - "$1" "$2" "$(realpath "$3/node_modules")" <<'PYTHON'
import json, pathlib, sys


def without_node(metadata):
    """Traces of old versions end in frames of Node itself, whose lines are those of its version."""
    for entry in (entry for entries in metadata.values() for entry in entries):
        if "trace" in entry:
            entry["trace"] = [frame for frame in entry["trace"] if "node:internal" not in frame]


out, folder, modules = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
for path in sorted(out.rglob("*.json")):
    text = path.read_text().replace(folder, "/app").replace(modules, "/app/node_modules")
    if path.name == "manifest.json":
        manifest = json.loads(text)
        drop = ("cdk:feature-flag-report", "cdk:tree")
        artifacts = manifest["artifacts"].items()
        manifest["artifacts"] = {name: a for name, a in artifacts if a["type"] not in drop}
        for artifact in manifest["artifacts"].values():
            without_node(artifact.get("metadata", {}))
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
  packages=$work/current
  if [[ -e $app/package-lock.json ]]; then
    packages=$work/packages/$name
    install "$app" "$packages"
  fi
  ln -s "$packages/node_modules" "$work/app/node_modules"
  cd "$work/app"
  if [[ -e app.py ]]; then
    CDK_OUTDIR="$work/$name.out" JSII_HOST_STACK_TRACES=1 JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION=1 "$work/venv/bin/python" app.py
  elif [[ -e app.ts ]]; then
    CDK_OUTDIR="$work/$name.out" quietly node_modules/.bin/tsx app.ts
  elif [[ -e node_modules/.bin/cdk ]]; then
    quietly node_modules/.bin/cdk synth --quiet --no-version-reporting --no-notices -a "node app.js" -o "$work/$name.out"
  else
    CDK_OUTDIR="$work/$name.out" quietly node app.js
  fi
  strip "$work/$name.out" "$(realpath "$work/app")" "$packages"
  if [[ ${1-} == --check ]]; then
    diff -r "$work/$name.out" "$app/cdk.out" || status=1
  else
    rm -rf "$app/cdk.out"
    cp -r "$work/$name.out" "$app/cdk.out"
  fi
done
exit "$status"
