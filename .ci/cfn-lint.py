"""Runs cfn-lint over every template of testdata: the ones that are not valid are those listed here, and no other.

    python .ci/cfn-lint.py CFN_LINT
"""

import json
import pathlib
import subprocess
import sys

# What is not valid on purpose, by the end of its folder's name or by its file's.
ON_PURPOSE = {
    "include/attributes_from_a_snippet/input/template.yaml": "the user's name is in a snippet, which cfn-lint does not read",
    "include/user_from_a_bucket/input/template.yaml": "the same",
    "include/values_from_snippets/input/template.yaml": "the same of a condition",
    "include/whole_template/input/shared/keys.yaml": "a snippet, whose user is in the template around it",
    "include/whole_template_with_an_inactive_key/input/shared/keys.yaml": "the same",
    "loops/properties_by_a_loop_of_another_name/input/keys.yaml": "a status where a number stands, by a loop",
    "loops/one_name_twice/input/template.yaml": "two loops make one name",
    "names_in_text/nothing_of_that_name/input/template.yaml": "names that nothing has",
    "parameter/default_outside_of_its_pattern/input/keys.yaml": "the default is not allowed",
    "syntax/two_documents/input/templates.yaml": "two documents in one file",
    "syntax/two_keys_in_the_second_document/input/templates.yaml": "two documents in one file",
}

# What cfn-lint itself does not get through: it takes names that are written like bools for bools.
NOT_READ = ("/condition/names_that_are_bools/", "/condition/names_that_are_bools_opposite/")


def templates(root):
    for path in sorted(root.rglob("*")):
        text = path.as_posix()
        if "/cases/cloudformation/" in text or "/example/cloudformation/" in text:
            # Files of the Serverless Framework are no templates.
            wanted = not any(part in text for part in ("/serverless/", *NOT_READ)) and path.suffix in (".yaml", ".yml", ".json", ".template")
            if wanted and ("/input/" in text or "/example/" in text) and "Resources" in path.read_text():
                yield text
        elif text.endswith(".template.json") and "/cases/" not in text:
            yield text


def main():
    found = list(templates(pathlib.Path("testdata")))
    command = [sys.argv[1], "--format", "json", "--ignore-checks", "W", "I", "--regions", "us-east-1", "-t", *found]
    errors = {}
    for match in json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout or "[]"):
        errors.setdefault(match["Filename"], []).append(f"{match['Rule']['Id']}: {match['Message']}")
    listed = {path for path in found if any(path.endswith(end) for end in ON_PURPOSE)}
    for path in sorted(set(errors) - listed):
        print(path, *errors[path], sep="\n  ")
    for path in sorted(listed - set(errors)):
        print(f"{path} is valid; take it off the list")
    print(f"{len(found)} templates, {len(errors)} not valid, {len(listed)} on purpose")
    sys.exit(set(errors) != listed)


main()
