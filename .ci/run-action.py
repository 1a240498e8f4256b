#!/usr/bin/env python3
"""Executes the steps of action.yml as a GitHub runner would, on a folder of this checkout.

    run-action.py [--input NAME=VALUE]… [--env NAME=VALUE]… [--workspace FOLDER] [--event FILE]

Prints one JSON object: the outputs of the action, the exit code of the job, the log of its steps and the job summary.
Knows what a composite action with `run` steps needs: inputs and their defaults, `env`, `${{ inputs.x }}`,
`${{ steps.x.outputs.y }}` and `${{ github.event.x || … }}` (of the event in FILE), GITHUB_OUTPUT (both forms),
GITHUB_STEP_SUMMARY. Anything else in the file is an error.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEP_FIELDS = {"id", "name", "shell", "run", "env"}


def expand(text, inputs, steps, event):
    """The text with its `${{ }}` expressions replaced."""

    def one(match):
        # The first that is not empty, as `||` has it.
        return next(filter(None, map(value, re.split(r"\s*\|\|\s*", match.group(1)))), "")

    def value(name):
        path = name.split(".")
        if path[:2] == ["github", "event"]:
            found = event
            for part in path[2:]:
                found = found.get(part) if isinstance(found, dict) else None
            return "" if found is None else str(found)
        if path[0] == "inputs" and len(path) == 2 and path[1] in inputs:
            return inputs[path[1]]
        if path[0] == "steps" and len(path) == 4 and path[2] == "outputs":
            # A step that was not reached has none.
            return steps.get(path[1], {}).get(path[3], "")
        raise SystemExit(f"action.yml: cannot evaluate {name}")

    return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", one, str(text))


def read_outputs(path):
    """What a step wrote to GITHUB_OUTPUT."""
    outputs, lines = {}, path.read_text().split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        block = re.fullmatch(r"([^=<]+)<<(.+)", line)
        if block is None:
            name, separator, value = line.partition("=")
            assert separator, f"GITHUB_OUTPUT: {line!r}"
            outputs[name] = value
            continue
        end = lines.index(block.group(2))
        outputs[block.group(1)] = "\n".join(lines[:end])
        lines = lines[end + 1 :]
    return outputs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--workspace", default=ROOT, help="the checkout that is scanned, where the steps are started")
    parser.add_argument("--event", type=pathlib.Path, help="the event's payload, as GITHUB_EVENT_PATH has it")
    options = parser.parse_args()
    event = json.loads(options.event.read_text()) if options.event else {}

    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert action["runs"]["using"] == "composite"
    inputs = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()}
    for pair in options.input:
        name, _, value = pair.partition("=")
        assert name in inputs, f"action.yml has no input {name!r}"
        inputs[name] = value

    with tempfile.TemporaryDirectory() as temp:
        temp = pathlib.Path(temp)
        summary = temp / "summary"
        summary.touch()
        steps, log, code = {}, "", 0
        for index, step in enumerate(action["runs"]["steps"]):
            assert set(step) <= STEP_FIELDS and step["shell"] == "bash", f"step {index}: {step}"
            assert "${{" not in step["run"], f"step {index} puts an expression into its script"
            output = temp / f"output{index}"
            output.touch()
            script = temp / f"step{index}.sh"
            script.write_text(step["run"])
            environment = dict(os.environ)
            environment.update(dict(pair.split("=", 1) for pair in options.env))
            environment.update(
                GITHUB_ACTION_PATH=str(ROOT),
                GITHUB_WORKSPACE=str(options.workspace),
                GITHUB_OUTPUT=str(output),
                GITHUB_STEP_SUMMARY=str(summary),
                GITHUB_ACTIONS="true",
                RUNNER_TEMP=str(temp),
            )
            environment.setdefault("GITHUB_EVENT_NAME", "workflow_dispatch")
            environment.setdefault("GITHUB_SHA", "")
            for name, text in step.get("env", {}).items():
                environment[name] = expand(text, inputs, steps, event)
            result = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=options.workspace, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )
            log += result.stdout
            steps[step.get("id", f"#{index}")] = read_outputs(output)
            if result.returncode != 0:
                code = result.returncode
                break
        outputs = {name: expand(spec["value"], inputs, steps, event) for name, spec in action["outputs"].items()}
        json.dump({"exit": code, "outputs": outputs, "log": log, "summary": summary.read_text()}, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
