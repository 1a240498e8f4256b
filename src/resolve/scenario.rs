//! Files of values that are judged one by one: which inputs each supplies, and to which units.
//!
//! Answers: what `--scenario prod.tfvars` means. A file of variables is for Terraform, any other one for the parameters
//! of templates; a samconfig is a scenario for each of its environments. It supplies what is not given by a flag, to every unit that declares one of its names.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};

use super::dispatch::{Job, Modules};
use super::terraform::config::inputs::{is_auto_vars, names_in};
use super::terraform::config::module::is_module_file;
use super::{Inputs, Request, VarFlag, parameters};
use crate::source::Files;
use crate::span::Loc;

/// What the name of a variable of Terraform begins with in reports.
const VARIABLE: &str = "var.";

/// A file of values.
#[derive(Debug)]
pub struct Scenario {
    /// The file as reports show it.
    pub name: String,
    /// What is supplied with it.
    pub inputs: Inputs,
    /// Whether it is for Terraform.
    terraform: bool,
    /// The names that it supplies; `None` where they cannot be read.
    names: Option<BTreeSet<String>>,
}

impl Scenario {
    /// Reads a file over what is supplied anyway: one scenario, or for a samconfig one for each environment that has
    /// values. `Err` says what is wrong with it, as a sentence.
    pub fn read(path: &Path, files: &Files, inputs: &Inputs) -> Result<Vec<Scenario>, String> {
        let name = files.display(path);
        if name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
            let file = files.read_named(path).map_err(|e| format!("this variables file {e}"))?;
            let mut inputs = inputs.clone();
            // A flag is meant for every scenario.
            inputs.vars.insert(0, VarFlag::File(path.to_path_buf()));
            return Ok(vec![Scenario { name, inputs, terraform: true, names: names_in(file, files) }]);
        }
        let sets = parameters::read_each(path, files).map_err(|problem| problem.reason)?;
        let one = |(environment, pairs): (Option<String>, parameters::Pairs)| {
            let name = environment.map_or(name.clone(), |environment| format!("{name}#{environment}"));
            let names = pairs.iter().map(|pair| pair.name.clone()).collect();
            let mut inputs = inputs.clone();
            for pair in pairs {
                if let Entry::Vacant(entry) = inputs.parameters.entry(pair.name.clone()) {
                    match pair.value {
                        Some(value) => {
                            entry.insert(value);
                            inputs.parameter_places.insert(pair.name, pair.at);
                        }
                        None => drop(inputs.previous.insert(pair.name)),
                    }
                }
            }
            Scenario { name, inputs, terraform: false, names: Some(names) }
        };
        Ok(sets.into_iter().map(one).collect())
    }

    /// Whether it gives any of these inputs a value.
    pub fn gives(&self, inputs: &BTreeSet<&str>) -> bool {
        self.names.as_ref().is_some_and(|names| inputs.iter().any(|input| names.contains(*input)))
    }

    /// Whether a unit declares any of its names.
    pub fn is_for(&self, job: &Job, request: Request) -> bool {
        let fits = matches!(job, Job::Terraform(_)) == self.terraform;
        fits && self.names.as_ref().is_none_or(|names| {
            let declared = job.declares(request);
            names.iter().any(|n| declared.contains(n))
        })
    }
}

/// Whether a path is a file of variable values that the module beside it does not load by itself.
pub fn is_loose(path: &Path, modules: &BTreeSet<&Path>) -> bool {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return false };
    let variables = name.ends_with(".tfvars") || name.ends_with(".tfvars.json");
    let beside = path.parent().is_some_and(|folder| modules.contains(folder));
    variables && !(is_auto_vars(name) && beside)
}

/// The name that files of values have for what reports name so: `env` for `var.env`, `Env` for `users/Env`.
pub fn given_as(input: &str) -> &str {
    input.rsplit(['/', ':']).next().unwrap_or(input).trim_start_matches(VARIABLE)
}

/// Where the Terragrunt units that deploy a module pass what reports name so, each with its name there.
pub fn passed_by_terragrunt(dir: &Path, input: &str, files: &Files, modules: &Modules) -> Vec<(String, Loc)> {
    let Some(name) = input.strip_prefix(VARIABLE) else { return Vec::new() };
    let passed = modules.units(dir, files).filter_map(|unit| unit.passes(name));
    passed.map(|at| (name.to_owned(), at)).collect()
}

/// How many of the variables that a file gives a value to a module declares, and of how many.
pub fn declared(dir: &Path, variables: &Path, files: &Files, modules: &Modules) -> (usize, usize) {
    let names = files.read(variables).ok().and_then(|file| names_in(file, files)).unwrap_or_default();
    let declared = &modules.load(dir, files).variables;
    (names.iter().filter(|name| declared.contains_key(*name)).count(), names.len())
}

fn is_module(path: &Path) -> bool {
    path.file_name().and_then(|n| n.to_str()).is_some_and(is_module_file)
}

/// The folders beside a template that hold files of parameters, by the names that people give them.
const PARAMETERS: [&str; 7] = ["params", "parameters", "config", "configs", "env", "envs", "environments"];

/// The files of values that stand near a unit and are not loaded by themselves: for a root module the variables files in
/// its folder, below it and in the folders around it; for a template the parameter files and samconfigs beside it.
pub fn near(job: &Job, variables: &[PathBuf], files: &Files) -> Vec<PathBuf> {
    let named = |path: &PathBuf, words: &[&str]| {
        let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
        let kind = [".json", ".yaml", ".yml", ".toml"].iter().any(|end| name.ends_with(end));
        kind && words.iter().any(|word| name.contains(word))
    };
    let beside = |template: &Path| {
        let Some(folder) = template.parent() else { return Vec::new() };
        let own: Vec<PathBuf> =
            files.list(folder).iter().filter(|p| named(p, &["param", "samconfig"])).cloned().collect();
        let below = PARAMETERS.iter().flat_map(|name| files.list(&folder.join(name)).to_vec());
        own.into_iter().chain(below.filter(|p| named(p, &[""]))).collect()
    };
    match job {
        Job::Terraform(dir) => {
            let around = dir.parent().unwrap_or(dir);
            // What another root loads by itself is that root's.
            let module = |folder: &Path| files.list(folder).iter().any(|p| is_module(p));
            let loose = |path: &Path| {
                let beside = path.parent().filter(|folder| module(folder));
                is_loose(path, &beside.into_iter().collect())
            };
            variables.iter().filter(|path| path.starts_with(around) && loose(path)).cloned().collect()
        }
        Job::Template(path) => beside(path),
        Job::Linked(paths) => paths.iter().flat_map(|path| beside(path)).collect(),
        Job::Assembly(_) | Job::Addons(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_file_says_whose_values_it_holds() {
        let files = Files::new("/r".into());
        let insert = |name: &str, text: &str| files.insert(Path::new(name), text.into()).unwrap();
        insert("main.tf", "variable \"env\" {}\n");
        insert("keys.yaml", "Parameters:\n  Env:\n    Type: String\nResources:\n  K:\n    Type: A::B\n");
        insert("a.tfvars", "env = 1\n");
        insert("b.tfvars.json", "{\"other\": 1}");
        insert("c.json", "{\"Parameters\": {\"Env\": \"x\"}}");
        insert("d.json", "3");
        let modules = Modules::default();
        let given =
            Inputs { parameters: [("Env".to_string(), "flag".to_string())].into(), ..Inputs::default() };
        let request = Request { files: &files, modules: &modules, inputs: &given };
        let template = Job::Template("/r/keys.yaml".into());
        let read = |name: &str| Scenario::read(Path::new(name), &files, &given);
        let c = &read("c.json").unwrap()[0];
        assert!(c.is_for(&template, request) && !c.is_for(&Job::Terraform("/r".into()), request));
        assert_eq!(c.inputs.parameters["Env"], "flag", "a flag is meant for every scenario");
        for name in ["a.tfvars", "b.tfvars.json"] {
            assert!(!read(name).unwrap()[0].is_for(&template, request), "{name}");
        }
        assert!(read("d.json").is_err() && read("none.tfvars").is_err());
        insert("samconfig.toml", "[default.deploy.parameters]\nregion = \"eu-west-1\"\n");
        let error = Scenario::read(Path::new("samconfig.toml"), &files, &given).unwrap_err();
        assert!(error.contains("no environment of this samconfig has `parameter_overrides`"), "{error}");
        let loaded = Path::new("/r/a.auto.tfvars");
        assert!(is_loose(loaded, &BTreeSet::new()) && !is_loose(loaded, &[Path::new("/r")].into()));
        let around = [PathBuf::from("/r/live/a.tfvars"), PathBuf::from("/other/a.tfvars")];
        let near = near(&Job::Terraform("/r/live".into()), &around, &files);
        assert_eq!(near, [PathBuf::from("/r/live/a.tfvars")]);
    }
}
