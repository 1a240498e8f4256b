#!/usr/bin/env python3
"""docs/lonekey.toml.schema.json accepts what the program accepts: configuration.py PROGRAM FOLDER

Each document is a lonekey.toml; the program is asked with `lonekey exceptions`, which reads all of it.
"""

import datetime
import json
import pathlib
import subprocess
import sys
import tomllib

from jsonschema import Draft202012Validator

ROOT = pathlib.Path(__file__).resolve().parent.parent
program, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])

FIELDS = {"user": '"u"', "path": '"."', "owner": '"o"', "expires": "2026-12-05", "reason": '"r"'}


def exception(**fields):
    """An exception with these fields; None leaves one out."""
    lines = [f"{name} = {value}" for name, value in {**FIELDS, **fields}.items() if value is not None]
    return "\n".join(["[[exception]]", *lines])


def account(*lines):
    return "\n".join(["[[account]]", 'units = ["a"]', *lines])


RIGHT = [
    "",
    'fail-on = "certain"',
    'fail-on = "never"',
    'show = "latent"',
    "show-all = true",
    "exclude = []",
    'exclude = ["a", "b/**"]',
    'incomplete = "warn"',
    'scenarios = ["envs/*.tfvars"]',
    "max-exception-days = 1",
    "max-exception-days = 0x10",
    "max-exception-days = 36_500",
    "account = []",
    account(),
    account('id = "123456789012"', "production = true"),
    exception(),
    exception(expires='"2026-12-05"'),
    exception(kind='"rotation"'),
    account() + "\n" + exception() + "\n" + exception(user='"v"'),
]
WRONG = [
    'fail_on = "certain"',
    'fail-on = "Certain"',
    "fail-on = 1",
    'show = "never"',
    'show-all = "true"',
    'exclude = "a"',
    "exclude = [1]",
    "incomplete = false",
    "scenarios = [[]]",
    "max-exception-days = 0",
    "max-exception-days = 36501",
    'max-exception-days = "3"',
    '[account]\nunits = ["a"]',
    "[[account]]\nproduction = true",
    "[[account]]\nunits = []",
    '[[account]]\nunits = [""]',
    account("id = 123456789012"),
    account('id = "12345678901"'),
    account('name = "x"'),
    '[exception]\nuser = "u"',
    *[exception(**{name: None}) for name in FIELDS],
    *[exception(**{name: '""'}) for name in FIELDS],
    exception(owner='" "'),
    exception(owner="1"),
    exception(expires='"soon"'),
    exception(expires='"2026-02-30"'),
    exception(expires="2026-12-05T10:00:00Z"),
    exception(kind='"forever"'),
    exception(until="2026-12-05"),
    '[tool.lonekey]\nfail-on = "never"',
]


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


schema = json.loads((ROOT / "docs/lonekey.toml.schema.json").read_text())
by_schema = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
folder.mkdir()
wrong = []
for text, right in [(text, True) for text in RIGHT] + [(text, False) for text in WRONG]:
    (folder / "lonekey.toml").write_text(text)
    asked = [program, "exceptions", "--today", "2026-11-29"]
    accepted = subprocess.run(asked, cwd=folder, capture_output=True).returncode == 0
    if (accepted, by_schema.is_valid(plain(tomllib.loads(text)))) != (right, right):
        wrong.append(text)
if wrong:
    sys.exit("the schema and the program differ on, or both are wrong about:\n\n" + "\n\n".join(wrong))
print(f"{len(RIGHT)} configurations are accepted and {len(WRONG)} refused, by both")
