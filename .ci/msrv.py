#!/usr/bin/env python3
"""Reads `cargo metadata` from stdin; fails if a package asks for a newer Rust than the first member promises."""

import json
import sys


def version(text):
    """"1.88" and "1.88.0" as the same numbers."""
    parts = [int(part) for part in (text or "0").split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


metadata = json.load(sys.stdin)
packages = {package["id"]: package for package in metadata["packages"]}
own = packages[metadata["workspace_members"][0]]
promised = own["rust_version"]
newer = [
    f"{package['name']} {package['version']} needs Rust {package['rust_version']}"
    for package in packages.values()
    if version(package["rust_version"]) > version(promised)
]
if newer:
    raise SystemExit(f"Cargo.toml promises Rust {promised}, but:\n" + "\n".join(sorted(newer)))
print(f"Rust {promised} is enough for all {len(packages)} packages of the lock file")
