//! `--new-since` and `--baseline`: what is known, what is new, and what the repository must not decide.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use super::project::{COUNTED, KEY_MODULE, ONE_KEY, Project, Run, TWO_KEYS, With, list, run_in};

/// A template with two keys for one user.
const TEMPLATE: &str = "Resources:
  A:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: pipe}
  B:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: pipe}
";

fn git(folder: &Path, args: &[&str]) -> String {
    git_with(folder, args, b"")
}

fn git_with(folder: &Path, args: &[&str], stdin: &[u8]) -> String {
    use std::io::Write;
    let mut command = Command::new("git");
    command.current_dir(folder).args(args).env_clear().envs(std::env::var_os("PATH").map(|p| ("PATH", p)));
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "ci").env(format!("GIT_{who}_EMAIL"), "ci@example.com");
    }
    command
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A project in version control, with everything committed.
fn committed(files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    git(&project.path(""), &["init", "--quiet", "--initial-branch=main"]);
    commit(&project);
    project
}

fn commit(project: &Project) {
    git(&project.path(""), &["add", "--all"]);
    git(&project.path(""), &["commit", "--quiet", "--allow-empty", "--message", "state"]);
}

fn new_since(project: &Project) -> Run {
    project.run(&["check", "--format", "json", "--new-since", "HEAD"])
}

/// The users of the findings that are open, and of those that are known.
fn open_and_known(run: &Run) -> [Vec<String>; 2] {
    let report = run.json();
    [None, Some("known")].map(|standing| {
        let findings = list(&report["findings"]).iter().filter(|f| f["standing"].as_str() == standing);
        findings.map(|f| f["user"]["name"].as_str().unwrap().to_owned()).collect()
    })
}

fn keys(user: &str, names: &[&str]) -> String {
    let key =
        |name: &&str| format!("resource \"aws_iam_access_key\" \"{name}\" {{\n  user = \"{user}\"\n}}\n\n");
    names.iter().map(key).collect()
}

#[test]
fn what_was_found_at_the_revision_is_known_and_one_more_is_new() {
    let project = committed(&[("main.tf", TWO_KEYS), ("keys.yaml", TEMPLATE)]);
    let run = new_since(&project);
    run.exits(0);
    assert_eq!(open_and_known(&run), [vec![], vec!["ci".to_owned(), "pipe".to_owned()]]);
    assert_eq!(run.json()["known"], json!([{ "of": "HEAD", "total": 2, "left": 2 }]));
    assert_eq!(run.json()["summary"]["certain"], 0);
    project.write("new/main.tf", keys("bot", &["x", "y"]).as_bytes());
    let run = new_since(&project);
    run.exits(1);
    assert_eq!(open_and_known(&run)[0], ["bot"]);
    project.run(&["check", "--new-since", "HEAD"]).exits(1).says("bot").says_not("pipe").says("2 known");
    project.run(&["check"]).exits(1).says("pipe");
}

/// What compares two reports itself takes a finding that one of them lacks for fixed.
#[test]
fn what_is_known_is_in_the_reports_of_hosts_that_compare() {
    let project = committed(&[("main.tf", TWO_KEYS)]);
    project.write("new/main.tf", keys("bot", &["x", "y"]).as_bytes());
    let run =
        |format: &str| project.run(&["check", "--format", format, "--new-since", "HEAD"]).exits(1).json();
    for format in ["sarif", "github-sarif"] {
        let report = run(format);
        let results = list(&report["runs"][0]["results"]).iter();
        let states: Vec<_> = results
            .map(|result| {
                (&result["baselineState"], result["message"]["text"].as_str().unwrap().contains("\"bot\""))
            })
            .collect();
        assert_eq!(states, [(&json!("new"), true), (&json!("unchanged"), false)], "{format}");
    }
    assert_eq!(list(&run("gitlab")).len(), 2);
    let approved =
        format!("# lonekey: allow owner=a expires=2027-03-01 reason=b\n{}", keys("sam", &["x", "y"]));
    project.write("approved/main.tf", approved.as_bytes());
    let report = project
        .run(&["check", "--format", "sarif", "--new-since", "HEAD", "--today", "2026-11-29"])
        .exits(1)
        .json();
    let results = list(&report["runs"][0]["results"]);
    assert!(results.len() == 3 && results.iter().all(|r| r["baselineState"].is_string()), "{results:?}");
    let plain = project.run(&["check", "--format", "sarif"]).json();
    assert!(plain["runs"][0]["results"][0].get("baselineState").is_none(), "compared with nothing");
}

#[test]
fn moving_renaming_and_reordering_make_nothing_new() {
    let both = keys("ci", &["a", "b"]);
    let before = [("live/main.tf", both.as_str()), ("live/other.tf", "# empty\n"), ("keys.yaml", TEMPLATE)];
    let reordered = "Resources:\n  B:\n    Type: AWS::IAM::AccessKey\n    Properties:\n      UserName: PIPE\n  A: {Type: AWS::IAM::AccessKey, Properties: {UserName: pipe}}\n";
    let [one, two] = [keys("ci", &["b"]), keys("ci", &["a"])];
    let moves: [&[(&str, &str)]; 5] = [
        &[("live/renamed.tf", both.as_str()), ("keys.yaml", TEMPLATE)],
        &[("live/main.tf", &one), ("live/other.tf", &two), ("keys.yaml", TEMPLATE)],
        &[("live/main.tf", &both), ("team/users.yaml", TEMPLATE)],
        &[("prod/main.tf", &both), ("keys.yaml", reordered)],
        &[("prod/x.tf", &two), ("prod/y.tf", &one), ("users.json", &as_json(TEMPLATE))],
    ];
    for after in moves {
        let project = committed(&before);
        for (path, _) in before {
            fs::remove_file(project.path(path)).unwrap();
        }
        for (path, text) in after {
            project.write(path, text.as_bytes());
        }
        let run = new_since(&project);
        run.exits(0);
        assert_eq!(open_and_known(&run)[1].len(), 2, "{after:?}");
    }
}

fn as_json(_: &str) -> String {
    let key = json!({ "Type": "AWS::IAM::AccessKey", "Properties": { "UserName": "pipe" } });
    json!({ "Resources": { "B": key, "A": key } }).to_string()
}

#[test]
fn another_key_a_copy_and_a_level_that_rose_are_new() {
    let both = keys("ci", &["a", "b"]);
    for (path, text, count) in [
        ("main.tf", keys("ci", &["a", "c"]), 0),
        ("main.tf", keys("ci", &["a", "b", "c"]), 0),
        ("copy/main.tf", both.clone(), 1),
    ] {
        let project = committed(&[("main.tf", &both)]);
        project.write(path, text.as_bytes());
        let run = new_since(&project);
        run.exits(1);
        assert_eq!(open_and_known(&run)[1].len(), count, "{path}: {text}");
    }
    let fewer = committed(&[("main.tf", &keys("ci", &["a", "b", "c"]))]);
    fewer.write("main.tf", both.as_bytes());
    new_since(&fewer).exits(0);
    let latent = committed(&[("main.tf", COUNTED)]);
    latent.run(&["check", "--new-since", "HEAD"]).exits(0);
    latent.write("terraform.tfvars", b"keys = 2\n");
    latent.run(&["check", "--new-since", "HEAD"]).exits(1).says("certain");
}

#[test]
fn only_what_is_asked_for_is_judged_and_a_move_from_elsewhere_is_still_one() {
    let both = keys("ci", &["a", "b"]);
    let project = committed(&[("old/main.tf", &both), ("more/main.tf", &keys("bot", &["a", "b"]))]);
    fs::remove_file(project.path("old/main.tf")).unwrap();
    project.write("live/main.tf", both.as_bytes());
    let run = project.run(&["check", "--format", "json", "--new-since", "HEAD", "live/main.tf"]);
    assert_eq!(open_and_known(run.exits(0)), [vec![], vec!["ci".to_owned()]]);
    // From a folder below, and with the variables of the process that runs a hook.
    let env = [("GIT_DIR", "/nowhere"), ("GIT_INDEX_FILE", "x"), ("GIT_OBJECT_DIRECTORY", "/nowhere")];
    let with = With { cwd: "live", env: &env, ..With::default() };
    project.run_with(&with, &["check", "--new-since", "HEAD"]).exits(0).says("1 known");
}

#[test]
fn flags_that_mean_nothing_at_the_revision_are_left_out_there() {
    let project = committed(&[("main.tf", COUNTED), ("two.tfvars", "keys = 2\n")]);
    let check = |args: &[&str]| project.run(&[&["check", "--new-since", "HEAD"], args].concat());
    check(&["--var-file", "two.tfvars"]).exits(0).says("1 known");
    check(&["--scenario", "two.tfvars"]).exits(0).says("1 known");
    project.write("three.tfvars", b"keys = 3\n");
    check(&["--var-file", "three.tfvars"]).exits(1);
    check(&["--scenario", "three.tfvars"]).exits(1);
    project.write("main.tf", COUNTED.replace("keys", "number").as_bytes());
    check(&["--var", "number=2"]).exits(1);
    // What a file of values said then is what counts.
    project.write("main.tf", COUNTED.as_bytes());
    project.write("two.tfvars", b"keys = 1\n");
    commit(&project);
    project.write("two.tfvars", b"keys = 2\n");
    check(&["--var-file", "two.tfvars"]).exits(1);
}

#[test]
fn a_revision_that_cannot_be_read_is_said_with_what_helps() {
    let project = committed(&[("main.tf", TWO_KEYS)]);
    for revision in ["no-such", "--output=x", "HEAD~9", "", "HEAD:main.tf"] {
        let run = project.run(&["check", &format!("--new-since={revision}")]);
        run.refuses("there is no revision");
        assert!(run.stderr.contains("git fetch"), "{run:?}");
    }
    let clean = committed(&[("main.tf", ONE_KEY)]);
    clean.run(&["check", "--new-since", "no-such"]).refuses("there is no revision");

    let clone = tempfile::tempdir().unwrap();
    commit(&project);
    let from = format!("file://{}", project.path("").display());
    git(clone.path(), &["clone", "--quiet", "--depth=1", &from, "shallow"]);
    let run = run_in(&clone.path().join("shallow"), &With::default(), &["check", "--new-since", "HEAD~1"]);
    run.refuses("fetch-depth: 0");

    let none = Project::new(&[("main.tf", TWO_KEYS)]);
    none.run(&["check", "--new-since", "HEAD"]).refuses("is in no git work tree");
    none.run(&["check", "--new-since", "HEAD"]).refuses("--baseline FILE");
    let empty = tempfile::tempdir().unwrap();
    let env = [("PATH", empty.path().to_str().unwrap())];
    project.run_env(&env, &["check", "--new-since", "HEAD"]).exits(0);
    let missing = without_git(&project, &["check", "--new-since", "HEAD"]);
    missing.refuses("git is not installed");
}

/// A run without any program on the path.
fn without_git(project: &Project, args: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_lonekey"))
        .current_dir(project.path(""))
        .env_clear()
        .env("PATH", project.path(""))
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Every file below a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.is_symlink() {
            all.extend(contents(&path));
        } else {
            all.insert(path.clone(), fs::read(&path).unwrap_or_default());
        }
    }
    all
}

#[test]
fn the_work_tree_the_index_and_the_temporary_folder_are_as_before() {
    let project = committed(&[("main.tf", TWO_KEYS)]);
    project.write("main.tf", format!("{TWO_KEYS}\n# changed\n").as_bytes());
    project.write("untracked.tf", b"# new\n");
    let temporary = tempfile::tempdir().unwrap();
    let before = contents(&project.path(""));
    let env = [("TMPDIR", temporary.path().to_str().unwrap())];
    project.run_env(&env, &["check", "--new-since", "HEAD"]).exits(0);
    assert_eq!(contents(&project.path("")), before);
    assert_eq!(contents(temporary.path()), BTreeMap::new());
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn nothing_that_the_repository_configures_runs() {
    let project = committed(&[("main.tf", TWO_KEYS)]);
    let root = project.path("");
    let ran = tempfile::tempdir().unwrap();
    let mark = |name: &str| format!("touch {}/{name}", ran.path().display());
    let script = |path: &str, name: &str| {
        project.write(path, format!("#!/bin/sh\n{}\nexit 1\n", mark(name)).as_bytes());
        let path = project.path(path);
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.display().to_string()
    };
    let program = script("evil.sh", "program");
    script("git", "git-in-tree");
    script(".git/hooks/post-index-change", "hook");
    script(".git/hooks/reference-transaction", "hook");
    project.write(".gitattributes", b"* filter=evil diff=evil export-subst\n");
    git(&root, &["add", "--all"]);
    for name in ["rev-parse", "ls-tree", "cat-file"] {
        git(&root, &["config", &format!("alias.{name}"), &format!("!{}", mark("alias"))]);
    }
    for (name, value) in [
        ("core.fsmonitor", program.as_str()),
        ("core.pager", &program),
        ("pager.ls-tree", "true"),
        ("core.sshCommand", &program),
        ("core.gitProxy", &program),
        ("core.editor", &program),
        ("core.askPass", &program),
        ("core.alternateRefsCommand", &program),
        ("core.hooksPath", project.path(".git/hooks").to_str().unwrap()),
        ("credential.helper", &format!("!{}", mark("credential"))),
        ("filter.evil.smudge", &program),
        ("filter.evil.clean", &program),
        ("filter.evil.process", &program),
        ("filter.evil.required", "true"),
        ("diff.evil.textconv", &program),
        ("diff.evil.command", &program),
        ("diff.external", &program),
        ("gpg.program", &program),
        ("uploadpack.packObjectsHook", &program),
        ("extensions.partialClone", "origin"),
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &format!("ext::sh -c {}", mark("ext").replace(' ', "% "))),
        ("remote.origin.uploadpack", &program),
        ("protocol.allow", "always"),
        ("protocol.ext.allow", "always"),
        ("protocol.file.allow", "always"),
    ] {
        git(&root, &["config", "--local", name, value]);
    }
    let path = format!("{}:.:bin:{}", root.display(), std::env::var("PATH").unwrap());
    let check = |expected: i32| {
        for mark in fs::read_dir(ran.path()).unwrap() {
            fs::remove_file(mark.unwrap().path()).unwrap();
        }
        let output = Command::new(env!("CARGO_BIN_EXE_lonekey"))
            .current_dir(&root)
            .env_clear()
            .env("PATH", &path)
            .args(["check", "--new-since", "HEAD"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(expected), "{said}");
        let ran: Vec<_> = fs::read_dir(ran.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert!(ran.is_empty(), "{ran:?}");
        said
    };
    check(0);
    // An object that is not here is not asked for anywhere, be the remote a program or a folder.
    let blob = git_plain(&root, &["rev-parse", "HEAD:main.tf"]);
    fs::remove_file(root.join(format!(".git/objects/{}/{}", &blob[..2], &blob[2..]))).unwrap();
    assert!(check(2).contains("nothing is fetched here"));
    for url in [format!("file://{}", root.display()), "ssh://host/x".into(), root.display().to_string()] {
        let config = fs::read_to_string(root.join(".git/config")).unwrap();
        let lines = config.lines().map(|line| match line.trim_start().starts_with("url = ") {
            true => format!("\turl = {url}\n"),
            false => format!("{line}\n"),
        });
        let config: String = lines.collect();
        fs::write(root.join(".git/config"), config).unwrap();
        assert!(check(2).contains("nothing is fetched here"));
    }
}

/// git without what the repository under test configures for it.
#[cfg(unix)]
fn git_plain(root: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(root)
        .args(["-c", "core.fsmonitor=false", "-c", "core.pager=cat"])
        .args(args)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_ALLOW_PROTOCOL", "none")
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[cfg(unix)]
#[test]
fn a_tree_cannot_write_or_read_elsewhere() {
    let project = committed(&[("main.tf", TWO_KEYS)]);
    let root = project.path("");
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("user.txt"), "ci").unwrap();
    let blob = |text: &str| git_with(&root, &["hash-object", "-w", "--stdin"], text.as_bytes());
    let bytes = |id: &str| -> Vec<u8> {
        (0..id.len()).step_by(2).map(|at| u8::from_str_radix(&id[at..at + 2], 16).unwrap()).collect()
    };
    let tree = |entries: &[(&str, &str, &str)]| {
        let mut raw = Vec::new();
        for (mode, name, id) in entries {
            raw.extend(format!("{mode} {name}\0").into_bytes());
            raw.extend(bytes(id));
        }
        git_with(&root, &["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], &raw)
    };
    let target = blob(outside.path().to_str().unwrap());
    let text = blob("written");
    let inner = tree(&[("100644", "written.txt", &text)]);
    let evil = tree(&[
        ("120000", "a", &target),
        ("40000", "a", &inner),
        ("40000", "..", &inner),
        ("40000", ".git", &inner),
        ("100644", "../../x", &text),
        ("100644", "main.tf", &git(&root, &["rev-parse", "HEAD:main.tf"])),
        ("120000", "out", &target),
        (
            "100644",
            "more.tf",
            &blob(
                "locals {\n  u = file(\"out/user.txt\")\n}\nresource \"aws_iam_access_key\" \"x\" {\n  count = 2\n  user = local.u\n}\n",
            ),
        ),
    ]);
    let commit = git(&root, &["commit-tree", &evil, "-m", "evil"]);
    let temporary = tempfile::tempdir().unwrap();
    let env = [("TMPDIR", temporary.path().to_str().unwrap())];
    project.run_env(&env, &["check", "--new-since", &commit]).exits(0).says("1 known");
    let left: Vec<_> = contents(outside.path()).into_keys().collect();
    assert_eq!(left, [outside.path().join("user.txt")]);
    assert_eq!(fs::read_dir(temporary.path()).unwrap().count(), 0);
}

#[test]
fn what_is_not_in_the_revision_is_said_of_an_assembly() {
    let project = committed(&[(".gitignore", "cdk.out\n"), ("README.md", "an app\n")]);
    let from =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/cases/cdk/assembly/two_keys/input/cdk.out");
    for (path, bytes) in contents(&from) {
        project.write(&format!("cdk.out/{}", path.strip_prefix(&from).unwrap().display()), &bytes);
    }
    let run = project.run(&["check", "--new-since", "HEAD"]);
    run.exits(1);
    assert!(run.stderr.contains("cdk.out is not in HEAD"), "{run:?}");
}

#[test]
fn a_submodule_is_read_at_its_commit() {
    let module = committed(&[("main.tf", KEY_MODULE)]);
    let calls = "module \"a\" {\n  source = \"./sub\"\n  user = \"ci\"\n}\nmodule \"b\" {\n  source = \"./sub\"\n  user = \"ci\"\n}\n";
    let project = committed(&[("main.tf", calls)]);
    let from = module.path("").display().to_string();
    git(
        &project.path(""),
        &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &from, "sub"],
    );
    commit(&project);
    project.run(&["check", "--new-since", "HEAD"]).exits(0).says("1 known");
    project.run(&["check", "--new-since", "HEAD~1"]).exits(1);
}

#[test]
fn work_trees_side_by_side_each_have_their_own_revision() {
    let both = keys("ci", &["a", "b"]);
    let outer = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        fs::create_dir(outer.path().join(name)).unwrap();
        fs::write(outer.path().join(name).join("main.tf"), &both).unwrap();
        git(&outer.path().join(name), &["init", "--quiet"]);
        git(&outer.path().join(name), &["add", "--all"]);
        git(&outer.path().join(name), &["commit", "--quiet", "--message", "state"]);
    }
    let check = || run_in(outer.path(), &With::default(), &["check", "--new-since", "HEAD"]);
    check().exits(0).says("2 known");
    fs::write(outer.path().join("two/main.tf"), keys("ci", &["a", "c"])).unwrap();
    check().exits(1).says("1 known");
}

const FILE: &str = "lonekey-baseline.json";

#[test]
fn a_baseline_holds_what_was_there_and_the_rest_is_new() {
    let project = Project::new(&[("main.tf", TWO_KEYS), ("keys.yaml", TEMPLATE)]);
    let check =
        |args: &[&str]| project.run(&[&["check", "--format=concise", "--baseline", FILE], args].concat());
    check(&[]).refuses("--write-baseline writes it");
    let run = check(&["--write-baseline"]);
    assert!(run.exits(0).stderr.contains("2 findings written, 2 of them new; 0 dropped"), "{run:?}");
    check(&[]).exits(0).says("2 of 2 findings of lonekey-baseline.json left");
    project.write("new/main.tf", keys("bot", &["x", "y"]).as_bytes());
    check(&[]).exits(1).says("bot").says_not("pipe");
    project.write("new/main.tf", keys("bot", &["x"]).as_bytes());
    fs::remove_file(project.path("keys.yaml")).unwrap();
    check(&[]).exits(0).says("1 of 2 findings of lonekey-baseline.json left");
    let run = check(&["--write-baseline"]);
    assert!(run.exits(0).stderr.contains("1 finding written, 0 of them new; 1 dropped"), "{run:?}");
    project.write("keys.yaml", TEMPLATE.as_bytes());
    check(&[]).exits(1).says("pipe");
}

#[test]
fn a_rewrite_keeps_what_was_not_asked_for() {
    let project = Project::new(&[("a/main.tf", TWO_KEYS), ("b/main.tf", TWO_KEYS)]);
    let check =
        |args: &[&str]| project.run(&[&["check", "--format=concise", "--baseline", FILE], args].concat());
    check(&["--write-baseline"]).exits(0);
    project.write("a/main.tf", ONE_KEY.as_bytes());
    check(&["a"]).exits(0).says("0 of 1 finding of");
    let run = check(&["a", "--write-baseline"]);
    assert!(run.stderr.contains("1 finding written, 0 of them new; 1 dropped"), "{run:?}");
    check(&[]).exits(0).says("1 of 1 finding of");
}

#[test]
fn a_baseline_that_is_damaged_is_said_and_never_taken_for_empty() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.run(&["check", "--baseline", FILE, "--write-baseline"]).exits(0);
    let whole = fs::read_to_string(project.path(FILE)).unwrap();
    for (text, reason) in [
        (whole[..whole.len() / 2].to_owned(), "is cut short or no JSON (line"),
        (String::new(), "is cut short or no JSON (line"),
        (whole.replace("\"ci\"", "\"cd\""), "was edited by hand or by a merge"),
        (whole.replace("\"version\": 1", "\"version\": 7"), "is a baseline of version 7"),
        ("{\"Resources\": {}}".to_owned(), "is no baseline of lonekey"),
    ] {
        project.write(FILE, text.as_bytes());
        for args in [&["check", "--baseline", FILE][..], &["check", "--baseline", FILE, "--write-baseline"]] {
            let run = project.run(args);
            run.refuses(reason);
        }
        assert_eq!(
            fs::read_to_string(project.path(FILE)).unwrap(),
            text,
            "a refused file is not overwritten"
        );
    }
    project.run(&["check", "--baseline", "main.tf", "--write-baseline"]).refuses("is cut short or no JSON");
    project.run(&["check", "--write-baseline"]).refuses("--baseline");
}

#[test]
fn an_incomplete_answer_is_no_baseline() {
    let project = Project::new(&[
        ("main.tf", TWO_KEYS),
        ("bad.yaml", "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n  - x\n"),
    ]);
    let run = project.run(&["check", "--baseline", FILE, "--write-baseline"]);
    assert!(run.exits(2).stderr.contains("is not written: the answer is incomplete"), "{run:?}");
    assert!(!project.path(FILE).exists());
    project.run(&["check", "--baseline", FILE, "--write-baseline", "--incomplete", "warn"]).exits(0);
}

#[test]
fn what_an_exception_covered_is_never_known() {
    let approval = "# lonekey: allow owner=ops expires=2027-03-01 reason=\"until the vault moves\"\n";
    let text = keys("ci", &["a", "b"]).replacen("resource", &format!("{approval}resource"), 1);
    let project = committed(&[("main.tf", &text)]);
    let on = |day: &str, args: &[&str]| project.run(&[&["check", "--today", day], args].concat());
    on("2027-02-01", &["--new-since", "HEAD"]).exits(0).says("1 approved");
    on("2027-03-02", &["--new-since", "HEAD"]).exits(1).says("ops approved it until 2027-03-01");
    on("2027-02-01", &["--baseline", FILE, "--write-baseline"]).exits(0);
    on("2027-03-02", &["--baseline", FILE]).exits(1).says("ops approved it until 2027-03-01");
    on("2027-03-02", &["--baseline", FILE, "--write-baseline"]).exits(1);
    // Nor does it become known where the approval is taken away.
    project.write("main.tf", text.replace(approval, "").as_bytes());
    on("2027-02-01", &["--new-since", "HEAD"]).exits(1).says_not("1 known");
}
