//! Every number in `src` that bounds something is a row of the table of limits, or it is argued here that it answers no "no".

use std::fs;
use std::path::{Path, PathBuf};

/// Why a number is no limit, and which are so: by the file below `src`, or the beginning of its path, and the name.
const ARGUED: &[(&str, &[&str])] = &[
    (
        "what people are shown, and how it is laid out",
        &[
            "report",
            "progress.rs",
            "fix.rs::NAMED",
            "value/show.rs",
            "judge/describe.rs::LISTED",
            "judge/cause/forks.rs::WEIGHED",
            "judge/cause/instances.rs::APART",
            "judge/prove.rs::NAMES",
            "run.rs::NEARBY",
            "parse/hcl.rs::RUNS_SAID",
            "parse/yaml.rs::MAX_ERRORS",
            "parse/limits.rs::SYNTAX_ERRORS",
            "resolve/terraform/eval/site.rs",
            "resolve/terraform/eval/origins.rs::QUOTED",
            "resolve/terraform/eval/origins.rs::LABEL",
            "resolve/template/origins.rs::QUOTED",
            "source/text.rs::QUOTED",
            "cli/terminal.rs::140",
            "config/show.rs::60",
            "parse/hcl.rs::120",
            "parse/hcl_explain.rs::40",
            "resolve/terraform/eval/validations.rs::120",
        ],
    ),
    (
        "a place: past it the place is that of the whole",
        &[
            "resolve/terraform/eval/places.rs",
            "resolve/terraform/eval/origins.rs::FOLLOWED",
            "resolve/terraform/eval/origins.rs::VISITED",
            "resolve/terraform/eval/lines.rs",
            "resolve/terraform/eval/files/fileset.rs::PLACED",
            "resolve/terraform/plan/stacks/bodies.rs",
            "resolve/terraform/plan/stacks/spelled.rs",
            "resolve/template/origins.rs::FOLLOWED",
            "resolve/template/origins.rs::VISITED",
            "resolve/cdk/origin.rs",
            "source/text.rs::MAX_INVALID",
        ],
    ),
    (
        "a unit, the size of a buffer, the weight of a step, a version, a letter",
        &[
            "value/number.rs::BITS",
            "resolve/pattern/in_words.rs::127",
            "resolve/template/encode.rs::1",
            "resolve/terraform/functions/network.rs::128",
            "value/ops.rs::COMPARED_STEPS",
            "value/build.rs",
            "guard/witness.rs",
            "source/text.rs::COUNT_BLOCK",
            "source/made.rs",
            "discover/read.rs",
            "discover/walk.rs",
            "run.rs::STACK_BYTES",
            "date.rs",
            "known/baseline.rs",
            "parse/yaml_repair.rs",
            "resolve/terraform/functions/args.rs::ANY",
        ],
    ),
    (
        "only faster: the answer is the same on both sides",
        &[
            "value/seek.rs",
            "value/marks.rs",
            "value/choices.rs::FEW_CHOICES",
            "value/number.rs::APART",
            "value/leaves.rs::FEW_LEAVES",
            "value/leaves.rs::MANY_LISTS",
            "guard/formula.rs",
            "parse/hcl.rs::WHOLE_FILE_REPAIRS",
            "resolve/terraform/eval/filters.rs",
            "resolve/terraform/eval/arms.rs",
            "resolve/pattern.rs::ENDLESS",
            "resolve/terraform/functions/lists.rs::SOUGHT",
            "resolve/terraform/functions/regexes.rs::FEW_BYTES",
            "resolve/terraform/functions/regexes.rs::SEARCHED_AT_ONCE",
            "parse/limits.rs::OBJECT_KEYS_UNCOUNTED",
        ],
    ),
    (
        "values that are tried: what none of them shows stays open, so a finding is possible without a witness",
        &[
            "value/leaves.rs::CUT",
            "value/leaves.rs::TRIED",
            "value/leaves.rs::PARTED",
            "resolve/terraform/functions/text.rs",
            "judge/concrete.rs",
            "resolve/terraform/functions/regexes.rs::REPEATED",
            "resolve/terraform/functions/decode.rs",
            "resolve/terraform/functions/solve.rs",
        ],
    ),
    (
        "left to filling in: a call that is computed once its inputs are known",
        &[
            "value/ops.rs::COUNTS",
            "resolve/terraform/types",
            "resolve/terraform/functions/lists.rs::COMPARED",
            // What is larger is a guard of `Resolved::few`.
            "value/sizes.rs::FEWER",
            // Past it elements between are like nothing else, and a question that takes more is not refuted.
            "value/sizes.rs::NEAR",
        ],
    ),
    ("a share of what a question may take", &["value/ask.rs", "value/domain.rs", "value/held.rs"]),
    (
        "a rule of a language, of IAM or of lonekey: past it the deployment is refused, or an exception is invalid",
        &[
            "value/number.rs::MAX_DECIMAL_EXPONENT",
            "cli/flags.rs",
            "config/read.rs::36_500",
            "resolve/template/scalar.rs",
            "resolve/terraform/functions/numbers.rs",
            "resolve/terraform/functions/time.rs",
            "revision/git.rs",
            "resolve/terraform/functions/lists.rs::RANGE",
            "resolve/terraform/functions/regexes.rs::MOST_REPEATED",
            "resolve/template/encode.rs",
            "resolve/template/lists.rs",
            "judge/names.rs",
            "exception.rs",
            "config.rs",
            "resolve/terraform/functions/yaml.rs",
        ],
    ),
    (
        "a file is not read, which is said and fails the run",
        &["parse/limits.rs", "parse/hcl_scan.rs", "source.rs", "config/read.rs::MAX_BYTES", "revision.rs"],
    ),
    ("how many elements are filled in: what asks for more is not refuted", &["key.rs"]),
    ("the search for `latent` is cut short, which is said", &["run/deployed.rs"]),
    (
        "less is excluded: past it a text stays one question, which inputs leave open, and a parameter may be longer",
        &["value/compare/texts.rs::WAYS", "resolve/template/declared.rs::LONG", "resolve/pieces.rs::CHOSEN"],
    ),
    ("more is hidden", &["resolve/terraform/eval/marked/shape.rs"]),
    ("it is open whether something is hidden", &["resolve/terraform/eval/marked/told.rs"]),
    (
        "a Terragrunt unit may deploy each folder of the end that is known",
        &["resolve/terraform/config/terragrunt.rs"],
    ),
    (
        "a number that nobody writes: more digits than any number has that can be read, or a name can be made of",
        &["value/number.rs::65_536", "value/number.rs::100_000", "resolve/terraform/functions/decimal.rs"],
    ),
    (
        "of a file's beginning: what a generator says of itself, a section",
        &["run/fix.rs", "discover/sniff.rs"],
    ),
    (
        "two symbols are two users, but for what is shown to be one",
        &["judge/made_one.rs::LOOKED_AT", "judge/listed.rs::ASKED"],
    ),
    (
        "refusals outside of the keys that are not looked at exclude nothing: more is possible",
        &["resolve/terraform/plan/elsewhere.rs"],
    ),
    ("more is read: a pointer to a repository is short", &["discover/rules.rs"]),
    (
        "a pattern that matches more is a form of names and no list of them, as one without end is",
        &["resolve/pattern.rs::WORDS"],
    ),
    ("what does not parse is said past it", &["resolve/template/load.rs::WORDS"]),
    (
        "a multiple of a row of the table",
        &["resolve/terraform/eval/files.rs::LONGEST", "value/choices.rs::COMBINATIONS"],
    ),
    (
        "a variable that stands for itself, or for a tree of itself: it counts as unknown, which is said where it stands",
        &["resolve/template/variables.rs"],
    ),
];

/// The name of a constant that a line gives a number, or a pair or range of numbers.
fn number(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("pub(super) ").or(line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let (name, rest) = line.strip_prefix("const ").or(line.strip_prefix("static "))?.split_once(": ")?;
    let (ty, _) = rest.split_once(" = ")?;
    let numeric =
        ["usize", "u8", "u16", "u32", "u64", "u128", "i8", "i16", "i32", "i64", "i128", "isize", "f64"];
    let words = ty.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> =
        words.filter(|word| !["std", "ops", "Range", "RangeInclusive"].contains(word)).collect();
    (!words.is_empty() && words.iter().all(|word| numeric.contains(word))).then_some(name)
}

/// Numbers of more than a few that stand where something is compared with them, or cut.
fn literals(line: &str) -> Vec<&str> {
    let line = line.split("//").next().unwrap_or(line);
    let behind =
        ["take(", "skip(", "min(", "max(", "size_limit(", "most * ", " > ", ">= ", "< ", "<= ", "..", "..="];
    let found =
        behind.iter().flat_map(|bound| line.match_indices(bound).map(|(at, _)| &line[at + bound.len()..]));
    let number = |rest: &'_ str| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(rest.len());
        let (digits, rest) = rest.split_at(end);
        let large = digits.replace('_', "").parse::<u64>().ok()? > 32 || rest.starts_with(" <<");
        (large && !rest.starts_with(['x', '.'])).then_some(end)
    };
    found.filter_map(|rest| Some(&rest[..number(rest)?])).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().to_string();
        if ["tests", "laws", "testing", "recorded"].contains(&name.as_str()) || name.ends_with("_tests") {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_number_is_a_limit_or_argued() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut numbers = Vec::new();
    for file in &files {
        let path = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(file).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        let named = text.lines().flat_map(|line| number(line).into_iter().chain(literals(line)));
        numbers.extend(named.map(|name| format!("{path}::{name}")));
    }
    numbers.retain(|number| !number.starts_with("value/limits.rs"));
    let argued: Vec<&str> = ARGUED.iter().flat_map(|(_, all)| all.iter().copied()).collect();
    let unsaid: Vec<&String> =
        numbers.iter().filter(|number| !argued.iter().any(|start| number.starts_with(start))).collect();
    assert!(unsaid.is_empty(), "neither a row of the table of limits nor argued: {unsaid:#?}");
    let gone: Vec<&&str> =
        argued.iter().filter(|start| !numbers.iter().any(|number| number.starts_with(**start))).collect();
    assert!(gone.is_empty(), "argued, but there is no such number: {gone:#?}");
}
