#!/usr/bin/env python3
"""The GitLab component of templates/lonekey.yml is well-formed: component.py FOLDER

Writes its two documents to FOLDER as JSON, for the schema, and a third one that the schema must refuse. Fails where an input is used and not declared or the other way round, or where a version that files
of this repository name is not that of Cargo.toml.
"""

import json
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
out = pathlib.Path(sys.argv[1])
text = (ROOT / "templates/lonekey.yml").read_text()
spec, job = yaml.safe_load_all(text)

used = set(re.findall(r"\$\[\[ inputs\.([\w-]+) \]\]", text))
declared = set(spec["spec"]["inputs"])
if used != declared:
    sys.exit(f"templates/lonekey.yml: inputs {sorted(used ^ declared)} are declared or used, and not both")

version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
for name in ["templates/lonekey.yml", ".github/workflows/check.yml"]:
    # Those of other people's actions are comments behind a hash.
    named = set(re.findall(r"(?:lonekey[\w/.]*[@/]v?|default: )(\d+\.\d+\.\d+)", (ROOT / name).read_text()))
    if named != {version}:
        sys.exit(f"{name} names {sorted(named)}; Cargo.toml says {version}")

bad = {name: {**part, "artifacts": {"when": "sometimes"}} for name, part in job.items()}
for name, document in {"spec": spec, "job": job, "bad": bad}.items():
    (out / f"gitlab-{name}.json").write_text(json.dumps(document))
