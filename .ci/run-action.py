#!/usr/bin/env python3
"""Executes the steps of action.yml as a GitHub runner would, on a folder of this checkout.

    run-action.py [--input NAME=VALUE]… [--env NAME=VALUE]… [--workspace FOLDER]

Prints one JSON object: the outputs of the action, the exit code of the job, the log of its steps and the job summary.
Knows what a composite action with `run` steps needs: inputs and their defaults, `env`, `${{ inputs.x }}` and
`${{ steps.x.outputs.y }}`, GITHUB_OUTPUT (both forms), GITHUB_STEP_SUMMARY. Anything else in the file is an error.
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


def expand(text, inputs, steps):
    """The text with its `${{ }}` expressions replaced."""

    def value(match):
        path = match.group(1).split(".")
        if path[0] == "inputs" and len(path) == 2 and path[1] in inputs:
            return inputs[path[1]]
        if path[0] == "steps" and len(path) == 4 and path[2] == "outputs":
            # A step that was not reached has none.
            return steps.get(path[1], {}).get(path[3], "")
        raise SystemExit(f"action.yml: cannot evaluate {match.group(0)}")

    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, str(text))


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
    options = parser.parse_args()

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
            for name, text in step.get("env", {}).items():
                environment[name] = expand(text, inputs, steps)
            result = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
                cwd=options.workspace, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )
            log += result.stdout
            steps[step.get("id", f"#{index}")] = read_outputs(output)
            if result.returncode != 0:
                code = result.returncode
                break
        outputs = {name: expand(spec["value"], inputs, steps) for name, spec in action["outputs"].items()}
        json.dump({"exit": code, "outputs": outputs, "log": log, "summary": summary.read_text()}, sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
