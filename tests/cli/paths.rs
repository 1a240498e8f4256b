//! Paths: what is named, what is walked, what is left out, and what cannot be read.

use std::fs;

use super::project::{KEY_MODULE, ONE_KEY, OPTIONAL, Project, TWO_CALLS, TWO_KEYS, With, run_in};

const JSON: [&str; 3] = ["check", "--format", "json"];

fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    JSON.iter().chain(more).copied().collect()
}

#[test]
fn a_missing_path_is_said_and_the_rest_is_judged() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    let run = project.run(&["check", "absent", "main.tf"]);
    run.exits(2).says("absent").says("no such file or folder").says("certain[");
    let run = project.run(&check(&["absent", "main.tf"]));
    assert_eq!((run.undecided(), run.levels()), (vec!["unreadable".into()], vec!["certain".into()]));
    assert_eq!(run.json()["incomplete"][0]["location"]["path"], "absent");
    project.run(&["inventory", "absent"]).exits(2).says("no such file or folder");
}

#[test]
fn a_folder_named_like_a_file_is_a_folder() {
    let project = Project::new(&[
        ("x.tf/main.tf", TWO_KEYS),
        ("y.tf/note.txt", ""),
        ("z.tfstate/main.tf", TWO_KEYS),
        ("z.tfstate/old.tfstate", "{}"),
    ]);
    project.run(&["check", "x.tf"]).exits(1);
    project.run(&["check", "z.tfstate"]).exits(1);
    project.run_with(&With { cwd: "z.tfstate", ..With::default() }, &["check"]).exits(1);
    project.run(&["check", "y.tf"]).exits(0);
    project.run(&["check"]).exits(1);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_said_unless_nobody_needs_it() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("main.tf", TWO_KEYS), ("secret.tf", ONE_KEY), ("notes.txt", "")]);
    for file in ["secret.tf", "notes.txt"] {
        fs::set_permissions(project.path(file), fs::Permissions::from_mode(0o000)).unwrap();
    }
    if fs::read(project.path("secret.tf")).is_ok() {
        return; // Who may read everything cannot try this.
    }
    let run = project.run(&JSON);
    run.exits(2);
    assert_eq!(run.undecided(), ["unreadable"]);
    assert_eq!(run.json()["incomplete"][0]["location"]["path"], "secret.tf");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_said_where_a_module_needs_them_or_when_named() {
    let project = Project::new(&[("live/main.tf", TWO_KEYS)]);
    project.link("absent.yaml", "live/dangling.yaml");
    project.link("absent.tf", "live/dangling.tf");
    project.link("round.tf", "live/round.tf");
    project.link(".", "live/itself");
    let run = project.run(&JSON);
    run.exits(1);
    let places: Vec<_> =
        run.json()["incomplete"].as_array().unwrap().iter().map(|i| i["location"]["path"].clone()).collect();
    assert_eq!(places, ["live/dangling.tf", "live/round.tf"], "Terraform reads both, where they are");
    assert_eq!(run.json()["summary"]["keys"], 2, "nothing is counted twice");
    for link in ["live/dangling.yaml", "live/dangling.tf", "live/round.tf"] {
        let run = project.run(&check(&[link]));
        run.exits(2);
        assert_eq!(run.undecided(), ["unreadable"], "{link}");
    }
    project.run(&["check", "live/dangling.tf"]).exits(2).says("a link that leads nowhere");
}

/// As the binary does: a variables file that is looked for is absent, one that is listed and what a pattern fits are errors.
#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_what_terraform_takes_them_for() {
    let key = "resource \"aws_iam_access_key\" \"k\" {\n  for_each = fileset(path.module, \"users/*.json\")\n  user = basename(each.key)\n}\n";
    for (link, kinds) in [
        ("terraform.tfvars", &[][..]),
        ("users/notes.txt", &[]),
        ("more.auto.tfvars", &["unreadable"]),
        ("users/ci.json", &["refused"]),
    ] {
        let project = Project::new(&[("main.tf", key), ("users/ops.json", "{}")]);
        project.link("absent", link);
        let run = project.run(&JSON);
        run.exits(if kinds.is_empty() { 0 } else { 2 });
        assert_eq!(run.undecided(), kinds, "{link}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_and_folders() {
    let project = Project::new(&[("elsewhere/keys.tf", TWO_KEYS), ("live/notes.txt", "")]);
    fs::create_dir(project.path("other")).unwrap();
    project.link("../elsewhere", "live/folder");
    project.link("../elsewhere/keys.tf", "other/keys.tf");
    project.run(&["check", "live"]).exits(1);
    project.run(&["check", "live/folder"]).exits(1);
    project.run(&["check", "other"]).exits(1);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_said_when_named() {
    let run = Project::new(&[]).run(&["check", "/dev/null"]);
    run.exits(2).says("not a regular file");
}

#[test]
fn ignored_folders_are_read_when_they_or_their_files_are_named() {
    let folders = ["scratch", "node_modules/infra", ".terraform/modules/old"];
    for folder in folders {
        let file = format!("{folder}/main.tf");
        let project = Project::new(&[(".gitignore", "/scratch\n"), ("main.tf", ONE_KEY), (&file, TWO_KEYS)]);
        project.run(&["check"]).exits(0);
        project.run(&["check", folder]).exits(1);
        project.run(&["check", &file]).exits(1);
    }
}

#[test]
fn exclude_leaves_out_files_and_folders_even_when_they_are_named() {
    let project = Project::new(&[("main.tf", ONE_KEY), ("fixtures/bad/main.tf", TWO_KEYS)]);
    project.run(&["check"]).exits(1);
    for glob in ["fixtures", "fixtures/**", "**/bad", "bad/", "**/bad/*.tf", "fixtures/bad/main.tf", "*.tf"] {
        let run = project.run(&["check", "--exclude", glob]);
        assert!(!run.exits(0).stderr.contains("leaves nothing out"), "{glob}");
    }
    project.run(&["check", "--exclude", "/main.tf"]).exits(1);
    for glob in ["/bad", "main.tf/", "other/**"] {
        let run = project.run(&["check", "--exclude", glob]);
        assert!(
            run.exits(1).stderr.contains(&format!("note: --exclude {glob} leaves nothing out\n")),
            "{run:#?}"
        );
    }
    project.run(&["check", "--exclude", "*.tf", "--exclude", "!fixtures/bad/main.tf"]).exits(1);
    project.run(&["check", "--exclude", "a", "--exclude", "fixtures"]).exits(0);
    project.run(&["check", "fixtures/bad/main.tf", "--exclude", "fixtures/**"]).exits(0);
    project.run(&["check", "fixtures/bad", "--exclude", "fixtures"]).exits(0);
}

#[test]
fn what_is_named_and_not_read_is_one_plain_line() {
    let project = Project::new(&[("notes.txt", "x"), ("empty/.gitkeep", ""), ("main.tf", ONE_KEY)]);
    let note = |args: &[&str], line: &str| assert_eq!(project.run(args).exits(0).stderr, line);
    note(
        &["check", "notes.txt"],
        "note: notes.txt: not of a kind that is read, and no root module reads it\n",
    );
    note(&["check", "empty"], "note: empty: no file in it is of a kind that is read\n");
    note(&["check", "-q", "notes.txt"], "");
    note(&["check", "main.tf"], "");
    let run = project.run(&["check", "nosuch"]);
    run.exits(2).says("error: nosuch: no such file or folder\n");
}

#[test]
fn the_files_that_were_read_can_be_listed() {
    let project =
        Project::new(&[("main.tf", TWO_KEYS), ("b/key.yaml", "Resources: {}\n"), ("notes.txt", "x")]);
    let run = project.run(&["check", "--list-files"]);
    assert_eq!(run.exits(1).stdout, "b/key.yaml\nmain.tf\n");
    let run = project.run(&["check", "--list-files", "absent.tf"]);
    run.exits(2);
    assert_eq!(run.stderr, "absent.tf:1:1: error: no such file or folder [unreadable]\n");
}

#[test]
fn a_broken_file_that_is_excluded_says_nothing() {
    let broken = "resource \"aws_iam_access_key\" \"k\" {\n  user = = 1\n}\n";
    let project = Project::new(&[("main.tf", ONE_KEY), ("fixtures/broken.tf", broken)]);
    project.run(&["check"]).exits(2);
    project.run(&["check", "--exclude", "fixtures"]).exits(0);
}

#[test]
fn a_module_s_file_judges_the_roots_that_call_it_and_no_other() {
    let project = Project::new(&[
        ("live/main.tf", TWO_CALLS),
        ("live/key/main.tf", KEY_MODULE),
        ("other/main.tf", TWO_KEYS),
    ]);
    let run = project.run(&check(&["live/key/main.tf"]));
    run.exits(1);
    let json = run.json();
    assert_eq!(run.levels(), ["certain"], "the other root's finding is not asked for");
    assert_eq!(json["findings"][0]["unit"]["path"], "live");
    assert_eq!(json["findings"][0]["keys"][0]["address"], "module.blue.aws_iam_access_key.this");
    assert_eq!(project.run(&JSON).levels(), ["certain", "certain"]);
}

#[test]
fn a_module_s_file_is_judged_through_callers_above_the_working_directory() {
    let project = Project::new(&[("main.tf", TWO_CALLS), ("key/main.tf", KEY_MODULE)]);
    let inside = With { cwd: "key", ..With::default() };
    let run = project.run_with(&inside, &check(&["main.tf"]));
    run.exits(1);
    assert_eq!(run.json()["findings"][0]["keys"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_brings_the_rest_of_its_folder() {
    let project = Project::new(&[
        ("live/a.tf", ONE_KEY),
        ("live/b.tf", "resource \"aws_iam_access_key\" \"b\" {\n  user = \"ci\"\n}\n"),
        ("clean/a.tf", ONE_KEY),
    ]);
    project.run(&["check", "live/a.tf"]).exits(1);
    project.run(&["check", "clean/a.tf"]).exits(0);
    project.run(&["check", "clean/a.tf", "live/b.tf"]).exits(1);
}

#[test]
fn a_variables_file_judges_its_folder() {
    let project = Project::new(&[
        ("live/main.tf", OPTIONAL),
        ("live/terraform.tfvars", "rotating = true\n"),
        ("clean/main.tf", OPTIONAL),
        ("clean/terraform.tfvars", "rotating = false\n"),
    ]);
    assert_eq!(project.run(&check(&["live/terraform.tfvars"])).exits(1).levels(), ["certain"]);
    assert_eq!(project.run(&check(&["clean/terraform.tfvars"])).exits(0).levels(), ["latent"]);
}

#[test]
fn a_variables_file_that_is_not_loaded_unasked_is_a_scenario_where_it_is_named() {
    let project = Project::new(&[("main.tf", OPTIONAL), ("prod.tfvars", "rotating = true\n")]);
    assert_eq!(project.run(&check(&["."])).levels(), ["possible"]);
    let run = project.run(&check(&["prod.tfvars"]));
    assert_eq!(run.levels(), ["certain"]);
    assert!(run.stdout.contains("with prod.tfvars, "), "{}", run.stdout);
    assert_eq!(project.run(&check(&["--var-file", "prod.tfvars"])).levels(), ["certain"]);
}

#[test]
fn a_named_file_of_no_kind_is_no_error() {
    let project = Project::new(&[("README.md", TWO_KEYS), ("app.py", "print(1)\n"), ("main.tf", TWO_KEYS)]);
    let run = project.run(&["check", "README.md", "app.py"]);
    run.exits(0).says("No access key was found");
}

#[test]
fn naming_something_twice_changes_nothing() {
    let project = Project::new(&[("live/main.tf", TWO_KEYS)]);
    let once = project.run(&check(&["live"])).stdout;
    assert_eq!(project.run(&check(&["live", "./live", "live/", "live/main.tf"])).stdout, once);
}

#[test]
fn absolute_paths_are_shown_relative_to_the_working_directory() {
    let project = Project::new(&[("live/main.tf", TWO_KEYS)]);
    let full = project.path("live").canonicalize().unwrap();
    let run = project.run(&check(&[full.to_str().unwrap()]));
    assert_eq!(run.json()["findings"][0]["keys"][0]["location"]["path"], "live/main.tf");
}

#[test]
fn what_lies_above_the_working_directory_is_judged_too() {
    let project = Project::new(&[("live/main.tf", TWO_KEYS), ("tools/notes.txt", "")]);
    let inside = With { cwd: "tools", ..With::default() };
    project.run_with(&inside, &["check", "../live"]).exits(1);
    project.run_with(&inside, &["check"]).exits(0);
}

/// A template whose only key for a second time is in a nested template beside its folder.
const NESTING: &str = "Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: bot}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../common/keys.yaml}
";
const NESTED: &str = "Resources:
  Key:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: elsewhere}
  Other:
    Type: AWS::IAM::AccessKey
    Properties: {UserName: elsewhere}
";

#[test]
fn what_lies_outside_of_the_work_tree_is_not_read() {
    for (marker, levels, undecided) in
        [("stacks/.git/HEAD", vec![], vec!["unreadable"]), ("stacks/HEAD", vec!["certain"], vec![])]
    {
        let files = [("stacks/app.yaml", NESTING), ("common/keys.yaml", NESTED), (marker, "")];
        let project = Project::new(&files);
        let run = run_in(&project.path("stacks"), &With::default(), &JSON);
        assert_eq!((run.levels(), run.undecided()), (texts(&levels), texts(&undecided)), "{marker}");
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn the_file_that_says_where_modules_are_names_its_root_module() {
    let installed = "{\"Modules\": [{\"Key\": \"\", \"Source\": \"\", \"Dir\": \".\"}, {\"Key\": \"m\", \"Source\": \
                     \"registry.terraform.io/x/y/aws\", \"Version\": \"1.0.0\", \"Dir\": \".terraform/modules/m\"}]}";
    let project = Project::new(&[
        ("main.tf", "module \"m\" {\n  source = \"x/y/aws\"\n}\n"),
        (".terraform/modules/m/main.tf", TWO_KEYS),
        (".terraform/modules/modules.json", installed),
    ]);
    project.run(&["check", ".terraform/modules/modules.json"]).exits(1).says("module.m.");
}
