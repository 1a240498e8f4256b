#!/usr/bin/env python3
"""The action fails the job on the example, passes on a clean folder, and says both in every way it promises."""

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
