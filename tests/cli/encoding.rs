//! Bytes: empty, binary, damaged and differently encoded files.

use super::project::{ONE_KEY, Project, TWO_KEYS};

const JSON: [&str; 3] = ["check", "--format", "json"];
const TEMPLATE: &str = "Resources:\n  A:\n    Type: AWS::IAM::AccessKey\n    Properties: {UserName: ci}\n  B:\n    \
                        Type: AWS::IAM::AccessKey\n    Properties: {UserName: ci}\n";

/// The text that the first finding's keys point at.
fn pointed_at(project: &Project, file: &str) -> Vec<String> {
    let bytes = std::fs::read(project.path(file)).unwrap();
    let json = project.run(&JSON).json();
    let slice = |key: &serde_json::Value| {
        let offset = |end: &str| usize::try_from(key["location"][end]["offset"].as_u64().unwrap()).unwrap();
        String::from_utf8_lossy(&bytes[offset("start")..offset("end")]).into_owned()
    };
    super::project::list(&json["findings"][0]["keys"]).iter().map(slice).collect()
}

const HEADERS: [&str; 2] =
    ["resource \"aws_iam_access_key\" \"first\"", "resource \"aws_iam_access_key\" \"second\""];

#[test]
fn empty_files_hold_nothing() {
    let project =
        Project::new(&[("a.tf", ""), ("a.yaml", ""), ("a.json", ""), ("a.tf.json", ""), ("b.tf", "\n\n")]);
    project.run(&["check"]).exits(0).says("No access key was found");
    for file in ["a.tf", "a.yaml", "a.json", "b.tf"] {
        project.run(&["check", file]).exits(0);
    }
}

#[test]
fn binary_files_hold_nothing() {
    let noise: Vec<u8> = (0..4096u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let project = Project::new(&[]);
    for file in ["noise.tf", "noise.yaml", "noise.json", "noise.template"] {
        project.write(file, &noise);
    }
    project.run(&["check"]).exits(0);
    project.run(&["check", "noise.tf", "noise.yaml", "noise.json"]).exits(0);
}

#[test]
fn a_binary_file_beside_a_key_is_said_in_few_entries() {
    let project = Project::new(&[("main.tf", TWO_KEYS)]);
    project.write("noise.tf", &[0xff, 0xfe, 0x00, 0x80, 0x81].repeat(400));
    let run = project.run(&JSON);
    run.exits(2);
    let entries = run.undecided();
    assert!(entries.len() <= 10, "{} entries for one file", entries.len());
}

#[test]
fn a_bad_byte_in_a_comment_harms_nothing() {
    let project = Project::new(&[]);
    project.write("main.tf", &[b"# caf\xe9\n", TWO_KEYS.as_bytes()].concat());
    let run = project.run(&JSON);
    run.exits(1);
    assert_eq!(run.undecided(), [""; 0]);
    assert_eq!(pointed_at(&project, "main.tf"), HEADERS);
}

#[test]
fn a_bad_byte_in_a_name_is_said_where_it_stands() {
    let project = Project::new(&[("other.tf", ONE_KEY)]);
    project.write("main.tf", b"resource \"aws_iam_access_key\" \"k\" {\n  user = \"caf\xe9\"\n}\n");
    let run = project.run(&["check"]);
    run.exits(2).says("--> main.tf:2:14\n").says("UTF-8");
}

#[test]
fn a_bad_byte_in_a_template_is_said_even_in_a_comment_since_yaml_is_utf_8() {
    let project = Project::new(&[]);
    project.write("template.yaml", &[b"# caf\xe9\n", TEMPLATE.as_bytes()].concat());
    project.run(&["check"]).exits(2).says("--> template.yaml:1:6\n").says("certain[");
}

#[test]
fn a_byte_order_mark_moves_offsets_and_nothing_else() {
    let project = Project::new(&[]);
    project.write("main.tf", &[b"\xef\xbb\xbf", TWO_KEYS.as_bytes()].concat());
    let run = project.run(&JSON);
    run.exits(1);
    let start = &run.json()["findings"][0]["keys"][0]["location"]["start"];
    assert_eq!((start["line"].as_u64(), start["offset"].as_u64()), (Some(1), Some(3)));
    assert_eq!(pointed_at(&project, "main.tf"), HEADERS);
}

#[test]
fn a_byte_order_mark_in_a_template_is_no_error() {
    let project = Project::new(&[]);
    project.write("template.yaml", &[b"\xef\xbb\xbf", TEMPLATE.as_bytes()].concat());
    project.run(&["check"]).exits(1);
}

#[test]
fn line_ends_of_windows_move_offsets_and_nothing_else() {
    let project = Project::new(&[]);
    project.write("main.tf", TWO_KEYS.replace('\n', "\r\n").as_bytes());
    let json = project.run(&JSON).exits(1).json();
    assert_eq!(json["findings"][0]["keys"][1]["location"]["start"]["line"], 5);
    assert_eq!(pointed_at(&project, "main.tf"), HEADERS);
    project.run(&["check"]).exits(1).says_not("\r");
}

#[test]
fn columns_count_characters_and_offsets_count_bytes() {
    let line = "/* ключи 🔑 */ resource \"aws_iam_access_key\" \"k\" {\n  count = 2\n  user  = \"ci\"\n}\n";
    let project = Project::new(&[("main.tf", line)]);
    let json = project.run(&JSON).exits(1).json();
    let start = &json["findings"][0]["keys"][0]["location"]["start"];
    let before = "/* ключи 🔑 */ ";
    assert_eq!(start["column"].as_u64(), Some(before.chars().count() as u64 + 1));
    assert_eq!(start["offset"].as_u64(), Some(before.len() as u64));
}

#[test]
fn text_in_utf_16_is_said_where_it_could_hold_a_key() {
    let wide = |text: &str| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    let project = Project::new(&[]);
    project.write("harmless.yaml", &wide("kind: Pod\n"));
    project.run(&["check"]).exits(0);
    project.write("template.yaml", &wide(TEMPLATE));
    project.run(&["check"]).exits(2).says("template.yaml").says("UTF-16");
}

#[test]
fn control_characters_of_a_file_never_reach_the_terminal() {
    let text = TWO_KEYS.replace("ci", "c\u{1b}[31mi").replace("first", "f\u{202e}irst");
    let project = Project::new(&[("main.tf", &text)]);
    for format in ["pretty", "json", "sarif", "github", "concise", "markdown", "gitlab", "junit"] {
        let run = project.run(&["check", "--color", "never", "--format", format]);
        run.says_not("\u{1b}").says_not("\u{202e}");
    }
    project.run(&["inventory", "--color", "never"]).says_not("\u{1b}");
}

#[test]
fn wide_characters_without_a_mark_are_said() {
    let wide = |text: &str, width: usize, at: usize| -> Vec<u8> {
        let one = |b: u8| (0..width).map(move |i| if i == at { b } else { 0 });
        text.bytes().flat_map(one).collect()
    };
    for (width, at) in [(2, 0), (2, 1), (4, 0), (4, 3)] {
        for (name, text) in [("t.yaml", TEMPLATE), ("main.tf", TWO_KEYS)] {
            let project = Project::new(&[]);
            project.write(name, &wide(text, width, at));
            project.run(&["check"]).exits(2).says("save it as UTF-8");
            project.run(&["check", name]).exits(2).says("save it as UTF-8");
        }
    }
    let text: String = TEMPLATE.chars().flat_map(|c| [c, '\0']).collect();
    Project::new(&[]).run_stdin(&text, &["check", "-"]).refuses("standard input is UTF-16 or UTF-32 text");
}

#[test]
fn a_module_in_utf_16_is_said() {
    let marked = |text: &str, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    for mark in [true, false] {
        let project = Project::new(&[("live/main.tf", "module \"m\" {\n  source = \"../key\"\n}\n")]);
        project.write("key/main.tf", &marked(TWO_KEYS, mark));
        for paths in [&[][..], &["live"], &["key"], &["key/main.tf"]] {
            let run = project.run(&[&["check", "--format", "json"], paths].concat());
            assert_eq!(run.exits(2).unreadable(), ["key/main.tf"], "{mark} {paths:?}");
        }
        project.write("key/main.tf", &marked("locals {}\n", mark));
        project.run(&["check"]).exits(0);
        project.write("key/other.tf", ONE_KEY.as_bytes());
        project.run(&["check"]).exits(2).says("is UTF-16 or UTF-32 text");
    }
}
