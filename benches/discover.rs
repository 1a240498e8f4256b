//! How long it takes to find what must be parsed, beside a search for the two type names with ripgrep.
//!
//! `cargo bench --bench discover` makes a tree of 5,000 mixed files in a temporary folder; `-- FOLDER` takes one that is
//! there. Both programs run as processes of their own, in turn, after a warm-up; `rg` is left out where there is none.

// A measurement that cannot be made has nothing else to do than stop.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lonekey::discover::{Request, discover};
use lonekey::source::Files;

const FILES: usize = 5000;
const RUNS: usize = 9;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder] = args.as_slice()
        && flag == "--once"
    {
        let request = Request { paths: vec![PathBuf::from(folder)], ..Request::default() };
        let found = discover(&request, &Files::new(std::env::current_dir().unwrap()));
        let interesting = found.modules.iter().filter(|m| m.interesting).count();
        println!(
            "{} looked at, {interesting} modules, {} templates",
            found.files_seen,
            found.templates.len()
        );
        return;
    }
    // `cargo test --all-targets` runs this too, without the flag.
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let made = tempfile::tempdir().unwrap();
    let folder = match args.iter().find(|arg| !arg.starts_with('-')) {
        Some(folder) => PathBuf::from(folder),
        None => {
            make_tree(made.path());
            made.path().to_path_buf()
        }
    };
    let mut own = Command::new(std::env::current_exe().unwrap());
    own.arg("--once").arg(&folder);
    let mut rival = Command::new("rg");
    rival.args(["-l", "aws_iam_access_key|AWS::IAM::AccessKey", "--no-ignore", "--hidden"]).arg(&folder);
    print!("{}", String::from_utf8_lossy(&own.output().unwrap().stdout));
    let has_rival = rival.output().is_ok();
    let (mut own_times, mut rival_times) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        own_times.push(time(&mut own));
        if has_rival {
            rival_times.push(time(&mut rival));
        }
    }
    let own = report("lonekey discover", own_times);
    if has_rival {
        let rival = report("rg -l", rival_times);
        println!("ratio of medians: {:.2}", own.as_secs_f64() / rival.as_secs_f64());
    }
}

fn time(command: &mut Command) -> Duration {
    let start = Instant::now();
    command.stdout(Stdio::null()).status().unwrap();
    start.elapsed()
}

fn report(name: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let (least, most) = (times.first().unwrap(), times.last().unwrap());
    println!("{name}: median {median:.1?}, {least:.1?} to {most:.1?}");
    median
}

/// Five kinds of file in folders of ten, one in 150 with a key; the same every time.
fn make_tree(root: &Path) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for n in 0..FILES {
        let folder = root.join(format!("team{}/service{}", n / 500, n / 10));
        fs::create_dir_all(&folder).unwrap();
        let (ending, line, key): (&str, &str, &str) = match random(5) {
            0 => (
                "yaml",
                "  - name: app\n    image: registry/app:1.2\n",
                "Resources: {K: {Type: AWS::IAM::AccessKey}}\n",
            ),
            1 => (
                "json",
                "  \"name\": \"value\", \"other\": [1, 2, 3],\n",
                "{\"Resources\":{\"K\":{\"Type\":\"AWS::IAM::AccessKey\"}}}\n",
            ),
            2 => (
                "tf",
                "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x\"\n}\n",
                "resource \"aws_iam_access_key\" \"k\" {}\n",
            ),
            3 => ("ts", "export const value = (n: number): number => n + 1;\n", ""),
            _ => ("md", "Some words about a service, and how it is run.\n", ""),
        };
        let mut text = if random(150) == 0 { key.to_string() } else { String::new() };
        let lines = 10 + random(40) * random(10);
        text.push_str(&line.repeat(usize::try_from(lines).unwrap()));
        fs::write(folder.join(format!("file{n}.{ending}")), text).unwrap();
    }
}
