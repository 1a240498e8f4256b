//! What `discover` makes of a tree: each test builds one, and compares the whole list of what was found.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use lonekey::discover::{Discovered, Exclude, Format, Request, discover};
use lonekey::problem::Place;
use lonekey::source::Files;

const KEY_TF: &str = "resource \"aws_iam_access_key\" \"k\" {\n  user = \"ci\"\n}\n";
const USER_TF: &str = "resource \"aws_iam_user\" \"u\" {\n  name = \"ci\"\n}\n";
const CALL_TF: &str = "module \"m\" {\n  source = \"../m\"\n}\n";
const KEY_YAML: &str = "Resources:\n  K:\n    Type: AWS::IAM::AccessKey\n";
const KEY_JSON: &str = "{\"Resources\": {\"K\": {\"Type\": \"AWS::IAM::AccessKey\"}}}";
const NESTING: &str = "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n";
const POD: &str = "apiVersion: v1\nkind: Pod\n";
const MANIFEST: &str = "{\"artifacts\": {\"S\": {\"type\": \"aws:cloudformation:stack\"}}}";

/// A folder that is deleted at the end of the test.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Tree {
        let tree = Tree(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.write(path, text.as_bytes());
        }
        tree
    }

    /// The same, as a git work tree.
    fn git(files: &[(&str, &str)]) -> Tree {
        let tree = Tree::new(files);
        fs::create_dir_all(tree.path(".git")).unwrap();
        tree
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let full = self.path(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }

    #[cfg(unix)]
    fn link(&self, to: &str, at: &str) {
        std::os::unix::fs::symlink(to, self.path(at)).unwrap();
    }

    fn request(&self, paths: &[&str], exclude: &[&str]) -> Request {
        let exclude: Vec<String> = exclude.iter().map(|glob| (*glob).to_owned()).collect();
        // The walk knows paths with every link resolved.
        let exclude = Exclude::new(&self.0.path().canonicalize().unwrap(), &exclude).unwrap();
        let paths = paths.iter().map(PathBuf::from).collect();
        Request { paths, exclude, ..Request::default() }
    }

    fn find(&self, paths: &[&str]) -> Discovered {
        discover(&self.request(paths, &[]), &Files::new(self.0.path().to_path_buf()))
    }

    /// What is found, one line each, and checked to be the same with one thread and with eight.
    fn lines(&self, paths: &[&str]) -> Vec<String> {
        self.lines_without(paths, &[])
    }

    fn lines_without(&self, paths: &[&str], exclude: &[&str]) -> Vec<String> {
        let request = self.request(paths, exclude);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| discover(&request, &Files::new(self.0.path().to_path_buf())))
        };
        let (one, eight) = (run(1), run(8));
        assert_eq!(one, eight, "threads make no difference");
        self.show(&one)
    }

    fn show(&self, found: &Discovered) -> Vec<String> {
        let rel = |path: &Path| {
            let path = path.strip_prefix(self.0.path()).unwrap_or(path).to_string_lossy().into_owned();
            if path.is_empty() { ".".to_string() } else { path }
        };
        let names = |list: &[PathBuf]| {
            let name = |p: &PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
            list.iter().map(name).collect::<Vec<_>>().join(",")
        };
        let mut lines = Vec::new();
        for m in &found.modules {
            assert_ne!(m.named, m.context);
            let mut line = format!("module {} [{}]", rel(&m.path), names(&m.files));
            for (flag, text) in [
                (!m.tfvars.is_empty(), format!(" vars[{}]", names(&m.tfvars))),
                (!m.interesting, " dull".into()),
                (m.calls_modules, " calls".into()),
                (m.initialized, " initialized".into()),
                (m.modules_json, " modules.json".into()),
                (m.context, " context".into()),
            ] {
                line.push_str(if flag { &text } else { "" });
            }
            lines.push(line);
        }
        for t in &found.templates {
            assert_ne!(t.named, t.context);
            let format = if t.format == Format::Json { "json" } else { "yaml" };
            let context = if t.context { " context" } else { "" };
            lines.push(format!("template {} {format}{context}", rel(&t.path)));
        }
        for a in &found.assemblies {
            assert_eq!(a.manifest, a.path.join("manifest.json"));
            lines.push(format!("assembly {}", rel(&a.path)));
        }
        for p in &found.problems {
            let Place::Path(path) = &p.place else { panic!("a problem without a path") };
            let reason = if p.kind.fails() { format!(": {}", p.reason) } else { String::new() };
            lines.push(format!("{} {path}{reason}", p.kind.name()));
        }
        lines
    }
}

#[test]
fn a_mixed_tree_gives_modules_templates_and_assemblies() {
    let tree = Tree::new(&[
        ("infra/main.tf", KEY_TF),
        ("infra/users.tf", USER_TF),
        ("infra/prod.auto.tfvars", "a = 1\n"),
        ("infra/.x.auto.tfvars", "a = 1\n"),
        ("infra/main.tftest.hcl", "run \"x\" {}"),
        ("tofu/main.tofu", KEY_TF),
        ("json/main.tf.json", "{\"resource\": {\"aws_iam_access_key\": {}}}"),
        ("cfn/a.template", KEY_YAML),
        ("cfn/b.cfn", KEY_JSON),
        (".github/c.yml", KEY_YAML),
        ("k8s/pod.yaml", POD),
        ("package.json", "{\"name\": \"x\"}"),
        ("README.md", KEY_YAML),
        ("app/cdk.out/cdk.out", "{\"version\":\"1.0.0\"}"),
        ("app/cdk.out/manifest.json", "{}"),
        ("app/cdk.out/S.template.json", KEY_JSON),
    ]);
    assert_eq!(
        tree.lines(&["."]),
        [
            "module infra [main.tf,users.tf] vars[.x.auto.tfvars,prod.auto.tfvars]",
            "module json [main.tf.json]",
            "module tofu [main.tofu]",
            "template .github/c.yml yaml",
            "template cfn/a.template yaml",
            "template cfn/b.cfn json",
            "assembly app/cdk.out",
        ]
    );
}

#[test]
fn a_module_is_interesting_as_a_whole() {
    let tree = Tree::new(&[
        ("keys/a.tf", USER_TF),
        ("keys/b.tf", KEY_TF),
        ("users/main.tf", USER_TF),
        ("root/main.tf", CALL_TF),
        ("root/.terraform/modules/modules.json", "{}"),
        ("root/.terraform/modules/x/main.tf", KEY_TF),
        ("begun/main.tf", USER_TF),
        ("begun/.terraform/environment", "prod"),
    ]);
    assert_eq!(
        tree.lines(&["."]),
        [
            "module begun [main.tf] dull initialized",
            "module keys [a.tf,b.tf]",
            "module root [main.tf] calls initialized modules.json",
            "module users [main.tf] dull",
        ]
    );
}

#[test]
fn what_git_ignores_is_skipped_in_a_work_tree() {
    let tree = Tree::git(&[
        (".gitignore", "out/\n*.gen.yaml\n!keep.gen.yaml\n"),
        (".git/info/exclude", "private.yaml\n"),
        ("out/a.yaml", KEY_YAML),
        ("a.gen.yaml", KEY_YAML),
        ("keep.gen.yaml", KEY_YAML),
        ("private.yaml", KEY_YAML),
        ("sub/.gitignore", "/b.yaml\n"),
        ("sub/b.yaml", KEY_YAML),
        ("sub/deep/b.yaml", KEY_YAML),
        ("sub/deep/a.gen.yaml", KEY_YAML),
        ("sub/local.tf", KEY_TF),
    ]);
    assert_eq!(
        tree.lines(&["."]),
        ["module sub [local.tf]", "template keep.gen.yaml yaml", "template sub/deep/b.yaml yaml"]
    );
}

#[test]
fn a_gitignore_outside_of_a_work_tree_says_nothing() {
    let tree = Tree::new(&[(".gitignore", "*.yaml\n"), ("a.yaml", KEY_YAML)]);
    assert_eq!(tree.lines(&["."]), ["template a.yaml yaml"]);
}

#[test]
fn rules_above_the_named_folder_hold_in_it() {
    let tree =
        Tree::git(&[(".gitignore", "*.gen.yaml\n"), ("a/x.gen.yaml", KEY_YAML), ("a/y.yaml", KEY_YAML)]);
    assert_eq!(tree.lines(&["a"]), ["template a/y.yaml yaml"]);
}

#[test]
fn a_nested_work_tree_has_its_own_rules() {
    let tree = Tree::git(&[
        (".gitignore", "*.gen.yaml\n"),
        ("dep/.git", "gitdir: ../.git/modules/dep\n"),
        (".git/modules/dep/info/exclude", "y.yaml\n"),
        ("dep/x.gen.yaml", KEY_YAML),
        ("dep/y.yaml", KEY_YAML),
    ]);
    assert_eq!(tree.lines(&["."]), ["template dep/x.gen.yaml yaml"]);
}

#[test]
fn naming_beats_ignoring() {
    let tree = Tree::git(&[
        (".gitignore", "out/\n*.gen.yaml\n"),
        ("out/.gitignore", "b.yaml\n"),
        ("out/a.gen.yaml", KEY_YAML),
        ("out/b.yaml", KEY_YAML),
        ("out/node_modules/c.yaml", KEY_YAML),
        ("x.gen.yaml", KEY_YAML),
    ]);
    assert_eq!(tree.lines(&["."]), [""; 0]);
    assert_eq!(tree.lines(&["out"]), ["template out/a.gen.yaml yaml"]);
    assert_eq!(tree.lines(&["out/b.yaml"]), ["template out/b.yaml yaml"]);
    assert_eq!(tree.lines(&["x.gen.yaml"]), ["template x.gen.yaml yaml"]);
    assert_eq!(tree.lines(&[".", "out"]), ["template out/a.gen.yaml yaml"]);
    assert_eq!(tree.lines(&["out/node_modules"]), ["template out/node_modules/c.yaml yaml"]);
}

#[test]
fn an_ignored_module_file_counts_only_when_named() {
    let tree =
        Tree::git(&[(".gitignore", "*_override.tf\n"), ("a/main.tf", USER_TF), ("a/x_override.tf", KEY_TF)]);
    assert_eq!(tree.lines(&["."]), ["module a [main.tf] dull"]);
    assert_eq!(tree.lines(&["a/x_override.tf"]), ["module a [main.tf,x_override.tf]"]);
}

#[test]
fn what_is_never_source_is_skipped() {
    let tree = Tree::new(&[
        ("node_modules/a.yaml", KEY_YAML),
        ("x/node_modules/a/b.yaml", KEY_YAML),
        (".git/a.yaml", KEY_YAML),
        (".hg/a.yaml", KEY_YAML),
        (".svn/a.yaml", KEY_YAML),
        (".terraform/a.yaml", KEY_YAML),
        (".terragrunt-cache/a/main.tf", KEY_TF),
        (".venv/a.yaml", KEY_YAML),
        ("venv/pyvenv.cfg", ""),
        ("venv/lib/python3/site-packages/a.yaml", KEY_YAML),
        ("venv/infra/b.yaml", KEY_YAML),
        ("env/a.yaml", KEY_YAML),
    ]);
    let infra = "template venv/infra/b.yaml yaml";
    assert_eq!(tree.lines(&["."]), ["template env/a.yaml yaml", infra]);
    let packages = "template venv/lib/python3/site-packages/a.yaml yaml";
    assert_eq!(tree.lines(&["venv"]), [infra, packages]);
}

#[test]
fn an_ignored_assembly_is_read() {
    let tree = Tree::git(&[
        (".gitignore", "cdk.out\nbuild/\n"),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", MANIFEST),
        ("cdk.out/S.template.json", KEY_JSON),
        ("cdk.out/asset.1/a.yaml", KEY_YAML),
        ("cdk.out/assembly-Prod/cdk.out", "{}"),
        ("cdk.out/assembly-Prod/manifest.json", MANIFEST),
        ("build/cdk.out", "{}"),
        ("build/manifest.json", MANIFEST),
    ]);
    assert_eq!(tree.lines(&["."]), ["assembly build", "assembly cdk.out"]);
    assert_eq!(tree.lines(&["cdk.out"]), ["assembly cdk.out"]);
}

#[test]
fn the_assembly_of_a_stage_belongs_to_its_parent() {
    let tree = Tree::new(&[
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", MANIFEST),
        ("cdk.out/assembly-Prod/manifest.json", MANIFEST),
        ("cdk.out/assembly-Prod/assembly-In/manifest.json", MANIFEST),
        ("cdk.out/assembly-Prod/S.template.json", KEY_JSON),
        ("cdk.out/asset.1/a.yaml", KEY_YAML),
    ]);
    assert_eq!(tree.lines(&["."]), ["assembly cdk.out"]);
    assert_eq!(tree.lines(&["cdk.out/assembly-Prod"]), ["assembly cdk.out/assembly-Prod"]);
    assert_eq!(tree.lines(&["cdk.out", "cdk.out/assembly-Prod"]), ["assembly cdk.out"]);
    assert_eq!(tree.lines(&["cdk.out/assembly-Prod/S.template.json"]), ["assembly cdk.out"]);
    assert_eq!(tree.lines(&["cdk.out/asset.1/a.yaml"]), ["template cdk.out/asset.1/a.yaml yaml"]);
}

#[test]
fn without_a_manifest_generated_templates_are_one_assembly() {
    let tree = Tree::git(&[
        (".gitignore", "cdk.out\n"),
        ("cdk.out/S.template.json", KEY_JSON),
        ("cdk.out/T.template.json", KEY_JSON),
        ("cdk.out/tree.json", KEY_JSON),
        ("cdk.out/sub/main.tf", KEY_TF),
    ]);
    assert_eq!(tree.lines(&["."]), ["assembly cdk.out"]);
    assert_eq!(tree.lines(&["cdk.out/T.template.json"]), ["assembly cdk.out"]);
}

#[test]
fn a_manifest_of_something_else_makes_no_assembly() {
    let tree = Tree::new(&[
        ("web/manifest.json", "{\"name\": \"app\", \"artifacts\": []}"),
        ("web/a.template.json", KEY_JSON),
        ("out/manifest.json", MANIFEST),
        ("out/old.template.json", KEY_JSON),
        ("out/main.tf", KEY_TF),
        ("out/sub/main.tf", KEY_TF),
    ]);
    assert_eq!(
        tree.lines(&["."]),
        [
            "module out [main.tf]",
            "module out/sub [main.tf]",
            "template web/a.template.json json",
            "assembly out",
        ]
    );
}

#[test]
fn a_named_module_file_brings_its_folder_and_possible_callers() {
    let tree = Tree::git(&[
        ("m/main.tf", USER_TF),
        ("m/variables.tf", "variable \"a\" {}\n"),
        ("m/terraform.tfvars", ""),
        ("root/main.tf", CALL_TF),
        ("other/main.tf", KEY_TF),
        ("cfn/parent.yaml", NESTING),
    ]);
    let expected = [
        "module m [main.tf,variables.tf] vars[terraform.tfvars] dull",
        "module root [main.tf] calls context",
    ];
    assert_eq!(tree.lines(&["m/main.tf"]), expected);
    let any_root_may_read_it = [expected[0], "module other [main.tf] context", expected[1]];
    assert_eq!(tree.lines(&["m/terraform.tfvars"]), any_root_may_read_it);
    let named = tree.find(&["m/terraform.tfvars", "m/main.tf"]).named_files;
    assert_eq!(named, [tree.path("m/main.tf"), tree.path("m/terraform.tfvars")]);
    assert!(tree.find(&["m"]).named_files.is_empty());
    assert_eq!(tree.lines(&["m"]), [expected[0]], "a folder is judged as it is given");
}

#[test]
fn a_search_for_callers_ends_at_the_work_tree() {
    let tree = Tree::new(&[("root/main.tf", CALL_TF), ("repo/m/main.tf", KEY_TF), ("repo/.git/HEAD", "")]);
    assert_eq!(tree.lines(&["repo/m/main.tf"]), ["module repo/m [main.tf]"]);
}

#[test]
fn a_named_template_brings_what_may_reach_it() {
    let tree = Tree::git(&[
        ("a/child.yaml", KEY_YAML),
        ("a/other.yaml", KEY_YAML),
        ("parent.yaml", NESTING),
        ("sam.yml", "Resources:\n  A:\n    Type: AWS::Serverless::Application\n"),
        ("snippets.yaml", "Resources:\n  Fn::Transform: {Name: AWS::Include}\n"),
        ("tf/main.tf", "resource \"aws_cloudformation_stack\" \"s\" {}\n"),
        ("caller/main.tf", CALL_TF),
    ]);
    assert_eq!(
        tree.lines(&["a/child.yaml"]),
        [
            "module caller [main.tf] calls context",
            "module tf [main.tf] context",
            "template a/child.yaml yaml",
            "template parent.yaml yaml context",
            "template sam.yml yaml context",
            "template snippets.yaml yaml context",
        ]
    );
}

#[test]
fn a_named_file_is_known_by_content() {
    let tree = Tree::git(&[
        ("a.txt", KEY_YAML),
        ("b", KEY_JSON),
        ("manual.md", &format!("# Keys\n\nNever write\n```\n{KEY_YAML}```\n")),
        ("c.txt", "nothing"),
        ("pod.yaml", POD),
        ("image.png", "\u{0}PNG"),
    ]);
    assert_eq!(tree.lines(&["a.txt", "b"]), ["template a.txt yaml", "template b json"]);
    assert_eq!(tree.lines(&["manual.md", "c.txt", "pod.yaml", "image.png"]), [""; 0]);
    assert_eq!(tree.lines(&["."]), [""; 0]);
}

#[test]
fn exports_are_kept_beside_an_import_or_when_named() {
    let exports = "Resources:\n  U:\n    Type: AWS::IAM::User\nOutputs:\n  N:\n    Export: {Name: n}\n";
    let imports = format!("{KEY_YAML}    Properties: {{UserName: !ImportValue n}}\n");
    let tree = Tree::git(&[("a/users.yaml", exports), ("b/keys.yaml", &imports), ("c/keys.yaml", KEY_YAML)]);
    assert_eq!(tree.lines(&["a", "c"]), ["template c/keys.yaml yaml"]);
    assert_eq!(tree.lines(&["a", "b"]), ["template a/users.yaml yaml", "template b/keys.yaml yaml"]);
    assert_eq!(tree.lines(&["a/users.yaml"]), ["template a/users.yaml yaml"]);
}

#[test]
fn standard_input_is_a_named_file() {
    let tree = Tree::git(&[("m/main.tf", USER_TF)]);
    let files = Files::new(tree.0.path().to_path_buf());
    for (path, text) in [("m/new.tf", KEY_TF), ("in.yaml", KEY_YAML), ("none/x.tf", KEY_TF), ("in", KEY_JSON)]
    {
        files.insert(Path::new(path), text.as_bytes().to_vec()).unwrap();
    }
    let find = |path: &str| {
        let virtual_files = vec![PathBuf::from(path)];
        tree.show(&discover(&Request { virtual_files, ..Request::default() }, &files))
    };
    assert_eq!(find("m/new.tf"), ["module m [main.tf,new.tf]"]);
    assert_eq!(find("in.yaml"), ["template in.yaml yaml"]);
    assert_eq!(find("in"), ["template in json"]);
    assert_eq!(find("none/x.tf"), ["module none [x.tf]"]);
}

#[test]
fn excluded_paths_are_left_out_even_when_named() {
    let tree = Tree::new(&[
        ("a/x.yaml", KEY_YAML),
        ("a/fixtures/y.yaml", KEY_YAML),
        ("b/z.yaml", KEY_YAML),
        ("cdk.out/cdk.out", "{}"),
        ("cdk.out/manifest.json", MANIFEST),
    ]);
    let all = ["template a/x.yaml yaml", "template b/z.yaml yaml", "assembly cdk.out"];
    assert_eq!(tree.lines_without(&["."], &["**/fixtures/**"]), all);
    assert_eq!(tree.lines_without(&["."], &["**/fixtures"]), all);
    assert_eq!(tree.lines_without(&["."], &["a/**", "cdk.out"]), ["template b/z.yaml yaml"]);
    assert_eq!(tree.lines_without(&["a/fixtures/y.yaml", "b"], &["a/**", "b"]), [""; 0]);
    assert_eq!(tree.lines_without(&["cdk.out/manifest.json"], &["cdk.out/*.json"]), [""; 0]);
}

#[test]
fn overlapping_folders_are_counted_once() {
    let tree = Tree::new(&[("a/main.tf", KEY_TF), ("a/b/x.yaml", KEY_YAML), ("a/b/pod.yaml", POD)]);
    let once = tree.find(&["."]);
    let more = tree.find(&[".", "a", "./a/../a/b", "a/b"]);
    assert_eq!(once, more);
    assert_eq!(once.files_seen, 3);
    assert_eq!(tree.find(&["a", "a/main.tf", "a/b/x.yaml"]).files_seen, 3);
}

#[test]
fn terragrunt_and_stacks_are_said_once_a_unit() {
    let tree = Tree::new(&[
        ("live/terragrunt.hcl", "terraform {\n  source = \"../m\"\n}\n"),
        ("live/root.hcl", "remote_state {}\n"),
        ("empty/terragrunt.hcl", "locals {}\n"),
        ("stack/a.tfcomponent.hcl", "component \"x\" { source = \"./x\" }\n"),
        ("stack/b.tfdeploy.hcl", "deployment \"x\" {}\ncomponent = 1\n"),
        ("none/a.tfdeploy.hcl", "deployment \"x\" {}\n"),
    ]);
    let expected = ["terragrunt live/terragrunt.hcl", "stacks stack"];
    assert_eq!(tree.lines(&["."]), expected);
    assert_eq!(tree.lines(&["live/terragrunt.hcl", "stack/b.tfdeploy.hcl", "live/root.hcl"]), expected);
}

#[test]
fn many_terragrunt_units_are_one_entry() {
    let unit = "terraform {\n  source = \"../m\"\n}\n";
    let tree =
        Tree::new(&[("b/terragrunt.hcl", unit), ("a/terragrunt.hcl", unit), ("c/terragrunt.hcl", unit)]);
    let found = tree.find(&["."]);
    assert_eq!(tree.lines(&["."]), ["terragrunt a/terragrunt.hcl"]);
    assert!(found.problems.iter().all(|p| p.reason.contains("one of 3 Terragrunt units")));
}

#[test]
fn a_missing_path_is_said() {
    let tree = Tree::new(&[("a.yaml", KEY_YAML)]);
    assert_eq!(
        tree.lines(&["none.tf", "a.yaml"]),
        ["template a.yaml yaml", "unreadable none.tf: no such file or folder"]
    );
    assert_eq!(tree.lines(&["a.yaml/b"]).len(), 1);
}

#[test]
fn empty_and_binary_files_are_no_error() {
    let tree = Tree::new(&[("a.yaml", ""), ("b.json", ""), ("e/main.tf", ""), ("empty.cfn", "\n")]);
    tree.write("c.yaml", b"\x00\x01\x02\xff\xfe Resources \x00");
    tree.write("f/main.tf", b"\x7fELF\x00\x00\xff");
    assert_eq!(tree.lines(&["."]), ["module e [main.tf] dull", "module f [main.tf] dull"]);
    assert_eq!(tree.lines(&["a.yaml", "c.yaml", "empty.cfn"]), [""; 0]);
}

#[test]
fn damaged_text_with_a_key_is_for_the_parser_to_refuse() {
    let tree = Tree::new(&[]);
    tree.write("nul.yaml", format!("{KEY_YAML}\0").as_bytes());
    tree.write("utf8.yaml", &[KEY_YAML.as_bytes(), b"# \xff\n"].concat());
    tree.write("bom.yaml", &[b"\xef\xbb\xbf", KEY_YAML.as_bytes()].concat());
    tree.write("crlf.json", KEY_JSON.replace(' ', "\r\n").as_bytes());
    tree.write("m/main.tf", &[b"\xef\xbb\xbf# \xff\r\n", KEY_TF.as_bytes()].concat());
    assert_eq!(
        tree.lines(&["."]),
        [
            "module m [main.tf]",
            "template bom.yaml yaml",
            "template crlf.json json",
            "template nul.yaml yaml",
            "template utf8.yaml yaml",
        ]
    );
}

#[test]
fn utf16_text_with_a_key_is_said_and_other_is_not() {
    let tree = Tree::new(&[]);
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    tree.write("key.yaml", &utf16(KEY_YAML));
    tree.write("pod.yaml", &utf16(POD));
    tree.write("m/main.tf", &utf16(KEY_TF));
    assert_eq!(
        tree.lines(&["."]),
        [
            "module m [main.tf]",
            "unreadable key.yaml: is UTF-16 or UTF-32 text and is not read; save it as UTF-8"
        ]
    );
}

#[test]
fn a_file_past_the_limit_is_said_whatever_is_in_it() {
    use std::io::{Seek, SeekFrom, Write};
    let tree = Tree::new(&[]);
    let long = |path: &str, start: &str, end: &str| {
        tree.write(path, start.as_bytes());
        let mut file = fs::OpenOptions::new().write(true).open(tree.path(path)).unwrap();
        file.seek(SeekFrom::Start(lonekey::source::MAX_FILE_BYTES + 9)).unwrap();
        file.write_all(end.as_bytes()).unwrap();
    };
    long("data.json", "{\"Resources\": [", "]}");
    long("key.yaml", "Resources:\n", "Type: AWS::IAM::AccessKey");
    let said = |path: &str| format!("unreadable {path}: is larger than 64 MiB and is not read");
    assert_eq!(tree.show(&tree.find(&["."])), [said("data.json"), said("key.yaml")]);
}

#[cfg(unix)]
#[test]
fn links_to_files_are_read_and_links_to_folders_are_not_followed() {
    let tree = Tree::new(&[("common/key.tf", KEY_TF), ("a/main.tf", USER_TF)]);
    tree.link("../common/key.tf", "a/key.tf");
    tree.link("../common", "a/again");
    tree.link("..", "a/loop");
    tree.link("self.yaml", "a/self.yaml");
    tree.link("nowhere.yaml", "a/dangling.yaml");
    tree.link("nowhere.tf", "a/dangling.tf");
    assert_eq!(tree.lines(&["."]), ["module a [key.tf,main.tf]", "module common [key.tf]"]);
    let outside = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path(), tree.path("a/outside")).unwrap();
    assert_eq!(
        tree.lines(&["."]),
        ["module a [key.tf,main.tf]", "module common [key.tf]", "unreadable a/outside"]
    );
    assert_eq!(tree.lines(&["a/again"]), ["module common [key.tf]"], "a link is what it leads to");
    assert_eq!(
        tree.lines(&["a/dangling.yaml", "a/self.yaml"]),
        [
            "unreadable a/dangling.yaml: is a link that leads nowhere",
            "unreadable a/self.yaml: is a link that leads nowhere",
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_socket_is_said() {
    let tree = Tree::new(&[]);
    let _socket = std::os::unix::net::UnixListener::bind(tree.path("s.yaml")).unwrap();
    for path in [".", "s.yaml"] {
        assert_eq!(tree.lines(&[path]), ["unreadable s.yaml: is not a regular file"]);
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new(&[("a.yaml", KEY_YAML), ("m/main.tf", KEY_TF), ("shut/b.yaml", KEY_YAML)]);
    for path in ["a.yaml", "m/main.tf", "shut"] {
        fs::set_permissions(tree.path(path), fs::Permissions::from_mode(0o000)).unwrap();
    }
    if fs::read(tree.path("a.yaml")).is_ok() {
        return; // The system's administrator may read everything.
    }
    let found = tree.lines(&["."]);
    fs::set_permissions(tree.path("shut"), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(
        found,
        [
            "module m [main.tf] dull",
            "unreadable a.yaml: cannot be read: permission denied",
            "unreadable m/main.tf: cannot be read: permission denied",
            "unreadable shut: cannot be read: permission denied",
        ]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_read() {
    use std::os::unix::ffi::OsStrExt;
    let tree = Tree::new(&[]);
    let name = std::ffi::OsStr::from_bytes(b"k\xff.yaml");
    if fs::write(tree.0.path().join(name), KEY_YAML).is_err() {
        return; // This file system refuses such names.
    }
    let found = tree.find(&["."]);
    assert_eq!(found.templates[0].path.file_name(), Some(name));
    assert_eq!(tree.lines(&["."]), ["template k\u{fffd}.yaml yaml"]);
}

#[test]
fn a_large_folder_and_a_deep_one_are_found_whole() {
    let tree = Tree::new(&[]);
    for n in 0..100 {
        tree.write(&format!("wide/{n:03}.yaml"), KEY_YAML.as_bytes());
    }
    let deep = "d/".repeat(200);
    tree.write(&format!("{deep}x.yaml"), KEY_YAML.as_bytes());
    let found = tree.find(&["."]);
    assert_eq!((found.templates.len(), found.files_seen), (101, 101));
    assert!(found.templates.is_sorted_by(|a, b| a.path < b.path));
}

#[test]
fn only_what_must_be_parsed_is_kept_in_memory() {
    let tree = Tree::new(&[("key.yaml", KEY_YAML), ("pod.yaml", POD)]);
    let files = Files::new(tree.0.path().to_path_buf());
    discover(&tree.request(&["."], &[]), &files);
    tree.write("key.yaml", b"changed");
    tree.write("pod.yaml", b"changed");
    let text = |path: &str| files.source(files.read(Path::new(path)).unwrap()).text.clone();
    assert_eq!((text("key.yaml").as_str(), text("pod.yaml").as_str()), (KEY_YAML, "changed"));
}
