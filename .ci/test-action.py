#!/usr/bin/env python3
"""The action fails the job on the example, passes on a clean folder, and says both in every way it promises.

It runs nothing of what it scans, and writes through no link of it.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VIOLATING = "testdata/example"
CLEAN = "testdata/example/terraform/staging"


def run(*arguments):
    """Runs the action's steps in the checkout; extra environment comes from the caller's own."""
    command = [sys.executable, str(ROOT / ".ci/run-action.py"), *arguments]
    result = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(result.stdout)


def check(what, holds, job):
    """Stops at the first thing that does not hold, with all that is known."""
    print(f"  {'ok' if holds else 'FAILED'}: {what}")
    if not holds:
        raise SystemExit(json.dumps(job, indent=1)[:6000])


def plant(folder, marker):
    """A checkout with everything that a tool might run or load, each of which leaves a file in the folder `marker`."""

    def write(name, text, mode=0o644):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def script(name):
        write(name, f"#!/bin/sh\ntouch '{marker}/{pathlib.Path(name).name}'\nexit 1\n", 0o755)

    wrapper = folder / "wrapper"
    script("wrapper")
    for config in [".cargo/config.toml", ".cargo/config", "config.toml"]:
        write(
            config,
            f'[build]\nrustc-wrapper = "{wrapper}"\nrustc-workspace-wrapper = "{wrapper}"\n'
            f'[target.\'cfg(all())\']\nlinker = "{wrapper}"\nrunner = "{wrapper}"\n[env]\nLONEKEY_PLANTED = "1"\n',
        )
    for name in ["rustc", "cargo", "rustup"]:
        script(f"toolchain/bin/{name}")
    for name in ["rust-toolchain.toml", "rust-toolchain"]:
        write(name, f'[toolchain]\npath = "{folder}/toolchain"\n')
    write("Cargo.toml", '[package]\nname = "lonekey"\nversion = "9.9.9"\nbuild = "build.rs"\n[workspace]\nmembers = ["*"]\n')
    write("build.rs", f'fn main() {{ std::fs::write("{marker}/build.rs", "").unwrap(); panic!() }}\n')
    write("src/main.rs", "fn main() {}\n")
    write("target/release/lonekey", f"#!/bin/sh\ntouch '{marker}/target'\n", 0o755)
    for module in ["json", "sys", "site", "sitecustomize", "usercustomize", "encodings/__init__"]:
        write(f"{module}.py", f"open({str(marker / 'python')!r}, 'w').close()\n")
    for name in [".bashrc", ".bash_profile", ".profile", ".bash_login", ".bash_env", ".env", ".envrc"]:
        write(name, f"touch '{marker}/{name}'\n")
    tools = ["bash", "cargo", "git", "lonekey", "mkdir", "dirname", "sed", "head", "iconv", "wc", "od", "tr", "cat"]
    for name in tools:
        script(name)
    for name in ["post-checkout", "fsmonitor"]:
        script(f".git/hooks/{name}")
    write(".git/config", f"[core]\n\tfsmonitor = {folder}/.git/hooks/fsmonitor\n")
    key = 'resource "aws_iam_access_key" "{0}" {{\n  user = "ci"\n}}\n'
    write("main.tf", key.format("a") + key.format("b"))


def annotations(job):
    return [line for line in job["log"].splitlines() if line.startswith(("::error", "::warning", "::notice"))]


with tempfile.TemporaryDirectory() as temp:
    sarif = pathlib.Path(temp) / "reports" / "with a space.sarif"

    print("a folder with violations")
    job = run("--input", f"paths={VIOLATING}", "--input", f"sarif-file={sarif}")
    check("the job fails with exit code 1", job["exit"] == 1 and job["outputs"]["exit-code"] == "1", job)
    check("there are annotations", len(annotations(job)) > 0, job)
    check("each names a file of the checkout", all(f"file={VIOLATING}/" in line for line in annotations(job)), job)
    check("the SARIF report is where it was wanted", job["outputs"]["sarif-file"] == str(sarif.resolve()), job)
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    check("it has a result for each finding", len(results) == int(job["outputs"]["findings"]) > 0, job)
    check("the summary shows them", "more than one active access key" in job["summary"], job)
    check("the summary holds the report", VIOLATING in job["summary"], job)

    print("the same folder, with nothing to fail on")
    job = run("--input", f"paths={VIOLATING}", "--input", "fail-on=never")
    check("the job passes", job["exit"] == 0 and job["outputs"]["exit-code"] == "0", job)
    check("there are annotations all the same", len(annotations(job)) > 0, job)

    print("a clean folder")
    job = run("--input", f"paths={CLEAN}")
    check("the job passes", job["exit"] == 0 and job["outputs"]["exit-code"] == "0", job)
    check("no error is annotated", not any(line.startswith("::error") for line in annotations(job)), job)
    check("no finding is counted", job["outputs"]["findings"] == "0", job)

    print("two paths, and a path that looks like a command")
    job = run("--input", f"paths={CLEAN}\n{VIOLATING}/cloudformation")
    check("both are read", job["exit"] == 1, job)
    job = run("--input", "paths=$(touch injected); `touch injected`")
    check("a path that does not exist is exit code 2", job["exit"] == 2, job)
    check("nothing was run", not (ROOT / "injected").exists(), job)

    print("a checkout that would run something")
    checkout, marker = pathlib.Path(temp) / "checkout", pathlib.Path(temp) / "marker"
    marker.mkdir()
    plant(checkout, marker)
    start_up = ["--env", f"BASH_ENV={checkout}/.bash_env"]
    job = run("--workspace", str(checkout), "--input", "sarif-file=out/lonekey.sarif", *start_up)
    # The harness itself starts bash as the runner does, which reads that file; the action's own scripts must not.
    ran = {path.name for path in marker.iterdir()} - {".bash_env"}
    check("nothing of it was run", not ran, {**job, "ran": sorted(ran)})
    check("it was judged", job["exit"] == 1 and job["outputs"]["findings"] == "1", job)
    check("the report is in the checkout", (checkout / "out/lonekey.sarif").is_file(), job)

    print("links in the checkout")
    victim = pathlib.Path(temp) / "victim"
    victim.mkdir()
    (victim / "file").write_text("kept")
    (victim / "main.tf").write_text((checkout / "main.tf").read_text().replace("ci", "SECRET"))
    (checkout / "link.sarif").symlink_to(victim / "file")
    (checkout / "dangling.sarif").symlink_to(victim / "new")
    (checkout / "folder").symlink_to(victim)
    for path in ["link.sarif", "dangling.sarif", "folder/new", "folder/sub/new", f"{checkout}/link.sarif", "out/../link.sarif"]:
        job = run("--workspace", str(checkout), "--input", f"sarif-file={path}")
        check(f"the report is not written through {path}", job["exit"] == 2 and "::error" in job["log"], job)
    check("what they lead to is as it was", {p.name for p in victim.iterdir()} == {"file", "main.tf"}, job)
    check("nothing in it was changed", (victim / "file").read_text() == "kept", job)
    for name, value in [("working-directory", "folder"), ("paths", "folder"), ("paths", "folder/main.tf")]:
        job = run("--workspace", str(checkout), "--input", f"{name}={value}")
        shown = json.dumps(job)
        check(f"nothing outside is read for {name}={value}", job["exit"] == 2 and "SECRET" not in shown, job)
