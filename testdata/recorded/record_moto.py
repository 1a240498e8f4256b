"""Records what moto deploys of templates that are made up here: which user holds which keys.

    pip install 'moto[cloudformation,iam]==5.2.5'
    python testdata/recorded/record_moto.py > testdata/recorded/moto_templates.jsonl

One line is a case: the template, the parameters it was deployed with, and `keys`, the statuses of every user's keys; a
user without a name of its own is `<logical id>`. The same seed gives the same lines. Left out on purpose, because moto
is known to be wrong there: short tags in conditions, defaults of FindInMap, loops, lists in parameters, bools as text,
rules and allowed values; and stacks that AWS would refuse (a third key, a user that is not there).
"""

import json
import os
import random
import sys

os.environ.setdefault("AWS_ACCESS_KEY_ID", "none")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "none")

import boto3  # noqa: E402
from moto import mock_aws  # noqa: E402

CASES = 120
EXISTING = ["deploy", "ci", "x-deploy", "x-ci", "red", "blue"]
R = random.Random(5)


def pick(*options):
    return R.choice(options)


def condition(names, depth=2):
    # A condition that is nothing but another one's name is false in moto, whatever that one is.
    named = ["named"] if names and depth < 2 else []
    kinds = ["equals"] * 3 + named + (["not", "and", "or"] if depth else [])
    kind = R.choice(kinds)
    if kind == "named":
        return {"Condition": R.choice(names)}
    if kind == "not":
        return {"Fn::Not": [condition(names, depth - 1)]}
    if kind in ("and", "or"):
        parts = [condition(names, depth - 1) for _ in range(pick(2, 2, 3))]
        return {"Fn::And" if kind == "and" else "Fn::Or": parts}
    left = pick(
        {"Ref": "Env"},
        {"Ref": "Slot"},
        {"Fn::Sub": "${Env}-${Slot}"},
        {"Fn::Join": ["", [{"Ref": "Env"}, ""]]},
        {"Fn::FindInMap": ["Colours", {"Ref": "Env"}, "Tag"]},
    )
    return {"Fn::Equals": [left, pick("dev", "prod", "a", "b", "prod-a", "t1")]}


def name(conditions, depth=1):
    options = [
        pick("deploy", "ci"),
        {"Ref": "Who"},
        {"Fn::Sub": "x-${Who}"},
        {"Fn::Sub": ["${N}", {"N": {"Ref": "Who"}}]},
        {"Fn::Join": ["-", ["x", {"Ref": "Who"}]]},
        {"Fn::Select": ["1", ["no", {"Ref": "Who"}]]},
        {"Fn::Select": [0, {"Fn::Split": ["/", "ci/deploy"]}]},
        {"Fn::FindInMap": ["Colours", {"Ref": "Env"}, "User"]},
    ]
    if depth:
        options += [{"Fn::If": [R.choice(conditions), name(conditions, 0), name(conditions, 0)]}] * 3
    return R.choice(options)


def status(conditions):
    plain = lambda: pick("Active", "Inactive", "Inactive", {"Ref": "State"}, {"Ref": "AWS::NoValue"})
    return pick(plain(), {"Fn::If": [R.choice(conditions), plain(), plain()]})


def template():
    conditions = {}
    for i in range(R.randint(2, 5)):
        conditions[f"C{i}"] = condition(list(conditions))
    names = list(conditions)
    resources = {}
    for i in range(R.randint(0, 2)):
        resources[f"U{i}"] = {"Type": "AWS::IAM::User", "Properties": {"Path": pick("/", "/team/")}}
        if R.random() < 0.5:
            resources[f"U{i}"]["Properties"]["UserName"] = f"user-{i}"
    users = list(resources)
    for i in range(R.randint(2, 5)):
        user = name(names)
        if users and R.random() < 0.5:
            user = pick({"Ref": R.choice(users)}, {"Fn::Sub": f"${{{R.choice(users)}}}"})
        resources[f"K{i}"] = {"Type": "AWS::IAM::AccessKey", "Properties": {"UserName": user}}
        if R.random() < 0.6:
            resources[f"K{i}"]["Properties"]["Status"] = status(names)
        if R.random() < 0.4:
            resources[f"K{i}"]["Condition"] = R.choice(names)
    text = lambda default: {"Type": "String", "Default": default}
    return {
        "Parameters": {
            "Env": text("dev"),
            "Slot": text("a"),
            "Who": text("deploy"),
            "State": text("Active"),
        },
        "Mappings": {
            "Colours": {"dev": {"User": "red", "Tag": "t1"}, "prod": {"User": "blue", "Tag": "t2"}},
        },
        "Conditions": conditions,
        "Resources": resources,
    }


def deployed(body, parameters):
    """What every user holds, or None if moto refuses."""
    with mock_aws():
        cf = boto3.client("cloudformation", region_name="us-east-1")
        iam = boto3.client("iam", region_name="us-east-1")
        for user in EXISTING:
            iam.create_user(UserName=user)
        given = [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()]
        try:
            cf.create_stack(
                StackName="s", TemplateBody=body, Parameters=given, Capabilities=["CAPABILITY_NAMED_IAM"]
            )
        except Exception as error:
            print(f"left out: {error}", file=sys.stderr)
            return None
        resources = cf.describe_stack_resources(StackName="s")["StackResources"]
        own = {
            r["PhysicalResourceId"]: f"<{r['LogicalResourceId']}>"
            for r in resources
            # A resource whose condition is false is listed without its type.
            if r.get("ResourceType") == "AWS::IAM::User" and not r["PhysicalResourceId"].startswith("user-")
        }
        keys = {}
        for user in iam.list_users()["Users"]:
            found = iam.list_access_keys(UserName=user["UserName"])["AccessKeyMetadata"]
            if found:
                called = own.get(user["UserName"], user["UserName"])
                keys[called] = sorted(key["Status"] for key in found)
        return keys


def main():
    count = 0
    while count < CASES:
        body = template()
        parameters = {"Env": pick("dev", "prod"), "Slot": pick("a", "b"), "Who": pick("deploy", "ci")}
        if R.random() < 0.5:
            parameters["State"] = pick("Active", "Inactive")
        keys = deployed(json.dumps(body), parameters)
        if keys is None or not keys:
            continue
        print(json.dumps({"template": body, "parameters": parameters, "keys": keys}, sort_keys=True))
        count += 1


main()
