#!/usr/bin/env python3
"""The action fails the job on the example, passes on a clean folder, and says both in every way it promises.

Its steps are executed for each thing that it may have to say, also where a runner has neither Python nor iconv. It runs
nothing of what it scans, and writes through no link of it. A release is downloaded from a local folder.
"""

import json
import os
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
VIOLATING = "testdata/example"
CLEAN = "testdata/example/terraform/staging"


def run(*arguments):
    """Runs the action's steps on the checkout, with what is built of it unless a version is given."""
    command = [sys.executable, str(ROOT / ".ci/run-action.py"), "--input", "version=source", *arguments]
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
    write("main.tf", KEY.format("a") + KEY.format("b"))


def annotations(job, kind=""):
    """The log's annotations of a kind, as the runner reads them: none between `stop-commands` and its token."""
    found, token = [], None
    for line in map(str.lstrip, job["log"].splitlines()):
        if line.startswith("::stop-commands::"):
            token = line.removeprefix("::stop-commands::")
        elif line == f"::{token}::":
            token = None
        elif token is None and line.startswith((f"::{kind}",) if kind else ("::error", "::warning", "::notice")):
            found.append(line)
    return found


# What the action needs of a runner. Python and iconv are not among it.
TOOLS = """bash sh env sed grep dirname basename mkdir mktemp od tr wc head cat mv rm uname tar gzip curl sha256sum
cargo rustc rustup""".split()


def few_tools(folder):
    """A folder to be all of PATH."""
    folder.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    assert not (folder / "python3").exists() and not (folder / "iconv").exists()
    return folder


KEY = 'resource "aws_iam_access_key" "{0}" {{\n  user = "ci"\n}}\n'
SWITCH = 'variable "second" {\n  default = false\n}\n' + KEY.format("a") + KEY.format("b").replace("\n}", "\n  count = var.second ? 1 : 0\n}")


def situations(folder):
    """A checkout with a folder for each thing that the action may have to say."""
    texts = {
        "certain/main.tf": KEY.format("a") + KEY.format("b"),
        "possible/main.tf": SWITCH.replace("{\n  default = false\n}", "{}"),
        "latent/main.tf": SWITCH,
        "latent/envs/prod.tfvars": "second = true\n",
        "latent/envs/dev.tfvars": "second = false\n",
        "incomplete/main.tf": KEY.format("a") + "locals {\n",
        "clean/main.tf": KEY.format("a"),
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / ".git").mkdir()
    return folder


def say(folder, *environment):
    """Everything that there is to say is said rightly: headline, annotations, outputs, exit code."""

    def case(what, inputs, code, headline, counts, errors, said=""):
        inputs = [part for pair in inputs for part in ("--input", pair)]
        job = run("--workspace", str(folder), *inputs, *environment)
        outputs = job["outputs"]
        check(f"{what}: exit code {code}", job["exit"] == code and outputs["exit-code"] == str(code), job)
        check(f"{what}: the headline is {headline!r}", job["summary"].startswith(f"### lonekey: {headline}\n"), job)
        got = tuple(int(outputs[level]) for level in ["certain", "possible", "latent"])
        check(f"{what}: {counts} are counted", got == counts and int(outputs["findings"]) == sum(counts), job)
        check(f"{what}: {errors} errors", len(annotations(job, "error")) == errors, job)
        check(f"{what}: it says {said!r}", said in job["log"], job)
        check(f"{what}: no report is named that was not written", outputs["sarif-file"] == "", job)
        return job

    case("findings", ["paths=certain"], 1, "1 IAM user gets two active access keys", (1, 0, 0), 1)
    case("what is possible fails", ["paths=possible"], 1, "1 IAM user can get two active access keys", (0, 1, 0), 1)
    job = case("what does not fail", ["paths=possible", "fail-on=certain"], 0, "1 IAM user can get two active access keys", (0, 1, 0), 0)
    check("it is a warning", len(annotations(job, "warning")) == 1, job)
    none = "no user gets two active access keys with the inputs as supplied"
    job = case("only latent", ["paths=latent"], 0, none, (0, 0, 1), 0)
    check("it is counted and not shown", "1 latent not shown" in job["summary"] and not annotations(job), job)
    job = case("latent, shown", ["paths=latent", "show=latent"], 0, none, (0, 0, 1), 0)
    check("it is a notice", len(annotations(job, "notice")) == 1, job)
    headline = "1 IAM user gets two active access keys"
    case("scenarios", ["paths=latent", "scenarios=latent/envs/dev.tfvars\nlatent/envs/prod.tfvars"], 1, headline, (1, 0, 1), 1)
    case("incomplete", ["paths=incomplete"], 2, "the answer is incomplete", (0, 0, 0), 1)
    case("incomplete, and no annotations", ["paths=incomplete", "annotations=false"], 2, "the answer is incomplete", (0, 0, 0), 1)
    case("no annotations", ["paths=certain", "annotations=false"], 1, headline, (1, 0, 0), 1, "certain/main.tf:4:1: certain: ")
    case("a wrong flag", ["args=--no-such-flag"], 2, "nothing was checked", (0, 0, 0), 1, "--no-such-flag")
    case("a wrong level", ["fail-on=often"], 2, "nothing was checked", (0, 0, 0), 1, "often")
    case("a wrong switch", ["annotations=often"], 2, "nothing was checked", (0, 0, 0), 1)
    case("a wrong scenario", ["scenarios=none.tfvars"], 2, "nothing was checked", (0, 0, 0), 1, "none.tfvars")
    job = case("a path of no kind", ["paths=clean\nclean/::error::.txt"], 0, "no user has two active access keys", (0, 0, 0), 0, "not of a kind")
    case("clean", ["paths=clean"], 0, "no user has two active access keys", (0, 0, 0), 0)


def git(folder, *arguments):
    """What git says, with nothing of the caller's configuration."""
    who = {f"GIT_{role}_{field}": "ci@example.com" for role in ["AUTHOR", "COMMITTER"] for field in ["NAME", "EMAIL"]}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    result = subprocess.run(["git", "-C", str(folder), *arguments], env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return result.stdout.strip()


def new_only(temp):
    """A pull request is told what is new to it, a push everything, unless the workflow says otherwise."""
    origin = temp / "origin"
    origin.mkdir()
    git(origin, "init", "--quiet", "--initial-branch=main")

    def commit(name, user):
        (origin / f"{name}.tf").write_text((KEY.format(f"{name}_a") + KEY.format(f"{name}_b")).replace("ci", user))
        git(origin, "add", "--all")
        git(origin, "commit", "--quiet", "--message", name)
        return git(origin, "rev-parse", "HEAD")

    old = commit("old", "veteran")
    git(origin, "checkout", "--quiet", "-b", "change")
    head = commit("new", "rookie")
    git(origin, "checkout", "--quiet", "main")
    later = commit("meanwhile", "neighbour")
    # What GitHub checks out for a pull request: the merge of its head into the branch as that is now.
    git(origin, "checkout", "--quiet", "--detach")
    git(origin, "merge", "--quiet", "--no-ff", "--no-edit", "change")
    merge = git(origin, "rev-parse", "HEAD")
    git(origin, "branch", "merge")
    git(origin, "checkout", "--quiet", "main")
    git(origin, "rm", "--quiet", "old.tf")
    fixed = commit("fixed", "neighbour2")

    def clone(name, revision, *arguments):
        folder = temp / name
        git(temp, "clone", "--quiet", "--branch", revision, *arguments, f"file://{origin}", str(folder))
        return folder

    whole, shallow, at_head = clone("whole", "merge"), clone("shallow", "merge", "--depth=1"), clone("at-head", "change")

    def case(what, folder, event, payload, inputs, users, said=None, code=1):
        path = temp / "event.json"
        path.write_text(json.dumps(payload))
        inputs = [part for pair in inputs for part in ("--input", pair)]
        about = ["--event", str(path), "--env", f"GITHUB_EVENT_NAME={event}", "--env", f"GITHUB_SHA={merge}"]
        job = run("--workspace", str(folder), *about, *inputs)
        named = {user for user in ["veteran", "neighbour", "rookie"] for line in annotations(job, "error") if f'"{user}"' in line}
        check(f"{what}: {sorted(users) or 'nobody'}", named == set(users) and job["exit"] == code, job)
        check(f"{what}: it says {said!r}", said is None or said in job["log"], job)
        return job

    # The event names the branch as it was when the pull request was last changed.
    request = {"pull_request": {"base": {"sha": old}, "head": {"sha": head}}}
    everybody = ["veteran", "neighbour", "rookie"]
    job = case("a pull request", whole, "pull_request", request, [], ["rookie"])
    check("the summary counts what is known", "2 known" in job["summary"] and job["outputs"]["findings"] == "1", job)
    case("its head, checked out", at_head, "pull_request", request, [], ["rookie"])
    fixed = {"pull_request": {"base": {"sha": fixed}, "head": {"sha": head}}}
    case("its head, where the branch fixed a finding since", at_head, "pull_request", fixed, [], ["rookie"])
    case("the same of a fork, by a trusted workflow", at_head, "pull_request_target", request, [], ["rookie"])
    case("a merge queue", whole, "merge_group", {"merge_group": {"base_sha": later}}, [], ["rookie"])
    case("a pull request, told otherwise", whole, "pull_request", request, ["new-only=false"], everybody)
    case("one that says itself what is known", whole, "pull_request", request, [f"args=--new-since={head}"], ["neighbour"])
    case("a baseline that is named", whole, "pull_request", request, ["args=--baseline\nnone.json"], [], "none.json", 2)
    case("a push", whole, "push", {"before": later}, [], everybody)
    case("a push, told otherwise", whole, "push", {"before": later}, ["new-only=true"], ["rookie"])
    case("a push that made the branch", whole, "push", {"before": "0" * 40}, ["new-only=true"], everybody, "all of it is new")
    case("a schedule", whole, "schedule", {}, [], everybody)
    case("a schedule, told otherwise", whole, "schedule", {}, ["new-only=true"], [], "name a revision in args", 2)
    case("a shallow clone", shallow, "pull_request", request, [], everybody, "`fetch-depth: 0`")
    case("a shallow clone, told so", shallow, "pull_request", request, ["new-only=true"], [], "`fetch-depth: 0`", 2)
    case("a wrong switch", whole, "push", {}, ["new-only=often"], [], "none of auto, true and false", 2)

    # A folder of the checkout that is laid out as a repository, in which the change is what the base was made on.
    bare = at_head / "bare"
    git(temp, "clone", "--quiet", "--bare", "--branch=change", str(origin), str(bare))
    (bare / "new.tf").write_text((at_head / "new.tf").read_text())
    alone = git(bare, "commit-tree", "-m", "alone", f"{head}^{{tree}}")
    above = git(bare, "commit-tree", "-m", "above", f"{old}^{{tree}}", "-p", head)
    git(bare, "replace", old, above)
    git(bare, "replace", head, alone)
    check("there the change is the base", git(bare, "merge-base", old, "HEAD") == head, head)
    case("a repository in the checkout", at_head, "merge_group", {"merge_group": {"base_sha": old}}, ["paths=bare"], ["rookie"])

    sarif = temp / "new.sarif"
    case("what is uploaded", whole, "pull_request", request, [f"sarif-file={sarif}", "annotations=true"], ["rookie"])
    states = [result["baselineState"] for result in json.loads(sarif.read_text())["runs"][0]["results"]]
    check("it holds what is known, so that no alert is taken for fixed", sorted(states) == ["new", "unchanged", "unchanged"], states)


with tempfile.TemporaryDirectory() as temp:
    sarif = pathlib.Path(temp) / "reports" / "with a space.sarif"

    print("a folder with violations, with a report")
    job = run("--input", f"paths={VIOLATING}", "--input", f"sarif-file={sarif}")
    check("the job fails with exit code 1", job["exit"] == 1 and job["outputs"]["exit-code"] == "1", job)
    check("there is one error, and no annotation that code scanning makes too", len(annotations(job)) == 1, job)
    check("the SARIF report is where it was wanted", job["outputs"]["sarif-file"] == str(sarif.resolve()), job)
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    check("it has a result for each finding", len(results) > 0, job)
    check("the summary shows them", "two active access keys" in job["summary"] and VIOLATING in job["summary"], job)
    job = run("--input", f"paths={VIOLATING}", "--input", f"sarif-file={sarif}", "--input", "annotations=true")
    check("annotations beside it, where they are wanted", len(annotations(job)) > 1, job)
    check("each names a file of the checkout", all(f"file={VIOLATING}/" in line for line in annotations(job)), job)
    sarif.write_text("{}")
    job = run("--input", "args=--no-such-flag", "--input", f"sarif-file={sarif}")
    check("a report that was there is none of this run", job["outputs"]["sarif-file"] == "", job)

    print("what there is to say")
    checkout = situations(pathlib.Path(temp) / "situations")
    (checkout / "clean/::error::.txt").touch()
    say(checkout)
    print("the same on a runner without Python and iconv")
    say(checkout, "--env", f"PATH={few_tools(pathlib.Path(temp) / 'tools')}")

    print("what is new")
    (pathlib.Path(temp) / "repositories").mkdir()
    new_only(pathlib.Path(temp) / "repositories")

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
    ran = {path.name for path in marker.iterdir()}
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
    alias = pathlib.Path(temp) / "alias"
    alias.symlink_to(checkout)
    paths = ["link.sarif", "dangling.sarif", "folder/new", "folder/sub/new", "out/../link.sarif", "new/../folder/new"]
    for path in [*paths, f"{checkout}/link.sarif", f"{alias}/folder/new", f"{alias}/link.sarif"]:
        job = run("--workspace", str(checkout), "--input", f"sarif-file={path}")
        check(f"the report is not written through {path}", job["exit"] == 2 and "::error" in job["log"], job)
    job = run("--workspace", str(checkout), "--input", "sarif-file=new/../out/./second.sarif")
    check("the report's path is what is left of it", (checkout / "out/second.sarif").is_file() and not (checkout / "new").exists(), job)
    check("what they lead to is as it was", {p.name for p in victim.iterdir()} == {"file", "main.tf"}, job)
    check("nothing in it was changed", (victim / "file").read_text() == "kept", job)
    for name, value in [("working-directory", "folder"), ("paths", "folder"), ("paths", "folder/main.tf")]:
        job = run("--workspace", str(checkout), "--input", f"{name}={value}")
        shown = json.dumps(job)
        check(f"nothing outside is read for {name}={value}", job["exit"] == 2 and "SECRET" not in shown, job)

    print("a release in a local folder")
    target = f"{platform.machine().replace('arm64', 'aarch64')}-unknown-linux-musl"
    version = re.search(r'^version = "(.*)"', (ROOT / "Cargo.toml").read_text(), re.M)[1]
    built = run("--input", f"paths={CLEAN}")
    check("the action's checkout is built where that is asked for", built["exit"] == 0, built)
    releases = pathlib.Path(temp) / "releases"
    offered = releases / f"v{version}"
    pack = [str(ROOT / ".github/release/pack.sh"), str(ROOT / "target/release/lonekey"), target, str(offered)]
    subprocess.run(pack, check=True)
    sums = (offered / "SHA256SUMS").read_text()
    no_cargo = pathlib.Path(temp) / "tools-without-cargo"
    few_tools(no_cargo)
    for name in ["cargo", "rustc", "rustup"]:
        (no_cargo / name).unlink(missing_ok=True)

    def released(*inputs, folder=releases, path=no_cargo):
        inputs = [part for pair in [f"paths={VIOLATING}", "version=", *inputs] for part in ("--input", pair)]
        return run(*inputs, "--env", f"LONEKEY_RELEASES=file://{folder}", "--env", f"PATH={path}")

    def refused(what, job, word):
        held = job["exit"] == 2 and len(annotations(job, "error")) == 1 and word in annotations(job, "error")[0]
        check(what, held and "nothing was checked" in job["summary"], job)

    job = released()
    check("the version of the action is downloaded, and nothing built", job["exit"] == 1 and sums[:64] in job["log"], job)
    check("so is one that is named, by a checksum that is named", released(f"version={version}", f"checksum={sums[:64]}")["exit"] == 1, job)
    refused("another checksum is refused", released(f"checksum={'0' * 64}"), "another checksum")
    refused("what is no checksum is refused", released("checksum=abc"), "no SHA-256")
    refused("what is no version is refused", released("version=../0.1.0"), "neither")
    refused("a version that is absent is refused", released("version=9.9.9"), "no release 9.9.9")
    empty = pathlib.Path(temp) / "no-releases"
    empty.mkdir()
    job = released(folder=empty, path=pathlib.Path(temp) / "tools")
    check("where the action's own version is absent it is built", job["exit"] == 1 and "checkout is built" in job["log"], job)

    ran = pathlib.Path(temp) / "ran"
    script = pathlib.Path(temp) / "lonekey"
    script.write_text(f"#!/bin/sh\n: >{ran}\n")
    script.chmod(0o755)
    pack[1] = str(script)
    subprocess.run(pack, check=True)
    changed = (offered / "SHA256SUMS").read_text()
    (offered / "SHA256SUMS").write_text(sums)
    refused("an archive that was exchanged is refused", released(), "another checksum")
    check("and not run", not ran.exists(), job)
    (offered / "SHA256SUMS").write_text(changed.replace(f"-{target}", "-other"))
    refused("a release without an archive for this machine is refused", released(), "has no")
    (offered / "SHA256SUMS").write_text(changed)
    released()
    check("the test notices what is run", ran.exists(), job)
