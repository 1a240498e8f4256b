#!/usr/bin/env python3
"""What a release is made of fits together: release.py

Fails where the action or the image downloads what no job packs, where a target has a binary and no wheel, or where
cargo-binstall looks for another name than that of .github/release/pack.sh.
"""

import pathlib
import re
import sys
import tomllib

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
install = (ROOT / ".github/action/install.sh").read_text()
pack = (ROOT / ".github/release/pack.sh").read_text()


def targets(job):
    return {entry["target"] for entry in jobs[job]["strategy"]["matrix"]["include"]}


packed = targets("binaries")
wanted = set(re.findall(r"\) target=(\S+) ;;", install))
image = jobs["image"]["steps"][-1]["run"]
[platforms] = re.findall(r"for pair in (.*);", image)
wanted |= {f"{pair.split(':')[1]}-unknown-linux-musl" for pair in platforms.split()}
wrong = []
if wanted - packed:
    wrong.append(f"downloaded and not packed: {sorted(wanted - packed)}")
if targets("wheels") != packed:
    wrong.append(f"a wheel or a binary alone: {sorted(targets('wheels') ^ packed)}")

# Each says the name in its own words: `lonekey-TARGET`, in an archive of that name.
binstall = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["metadata"]["binstall"]
names = {
    "Cargo.toml": "/v{ version }/{ name }-{ target }.tar.gz" in binstall["pkg-url"]
    and binstall["bin-dir"].startswith("{ name }-{ target }/"),
    ".github/release/pack.sh": "name=lonekey-$target\n" in pack and '"$folder/$name.tar.gz"' in pack,
    ".github/action/install.sh": "archive=lonekey-$target.tar.gz" in install and "/v$version/" in install,
    ".github/workflows/release.yml": 'dist/$name.tar.gz" -C' in image and '"$name/lonekey"' in image,
}
wrong += [f"{file} names the archive or its folder otherwise" for file, right in names.items() if not right]
if wrong:
    sys.exit("\n".join(wrong))
print(f"{len(packed)} targets, each with a binary and a wheel")
