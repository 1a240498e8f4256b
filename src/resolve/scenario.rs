//! Files of values that are judged one by one: which inputs each supplies, and to which units.
//!
//! Answers: what `--scenario prod.tfvars` means. A file of variables is for Terraform, any other JSON for the parameters
//! of templates. It supplies what is not given by a flag, to every unit that declares one of its names.

use std::collections::BTreeSet;
use std::path::Path;

use super::dispatch::{Job, Modules};
use super::terraform::inputs::names_in;
use super::{Inputs, VarFlag, parameters};
use crate::source::Files;

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
    /// Reads a file over what is supplied anyway; `Err` says what is wrong with it, as a sentence.
    pub fn read(path: &Path, files: &Files, inputs: &Inputs) -> Result<Scenario, String> {
        let name = files.display(path);
        let terraform = name.ends_with(".tfvars") || name.ends_with(".tfvars.json");
        let mut inputs = inputs.clone();
        let names = if terraform {
            let file = files.read(path).map_err(|e| format!("this variables file {e}"))?;
            // A flag is meant for every scenario.
            inputs.vars.insert(0, VarFlag::File(path.to_path_buf()));
            names_in(file, files)
        } else {
            let pairs = parameters::read(path, files).map_err(|problem| problem.reason)?;
            let names = pairs.iter().map(|(name, _)| name.clone()).collect();
            for (name, value) in pairs {
                inputs.parameters.entry(name).or_insert(value);
            }
            Some(names)
        };
        Ok(Scenario { name, inputs, terraform, names })
    }

    /// Whether a unit declares any of its names.
    pub fn is_for(&self, job: &Job, files: &Files, modules: &Modules) -> bool {
        let fits = matches!(job, Job::Terraform(_)) == self.terraform;
        fits && self.names.as_ref().is_none_or(|names| {
            let declared = job.declares(files, modules);
            names.iter().any(|n| declared.contains(n))
        })
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
        let template = Job::Template("/r/keys.yaml".into());
        let read = |name: &str| Scenario::read(Path::new(name), &files, &given);
        let c = read("c.json").unwrap();
        assert!(
            c.is_for(&template, &files, &modules)
                && !c.is_for(&Job::Terraform("/r".into()), &files, &modules)
        );
        assert_eq!(c.inputs.parameters["Env"], "flag", "a flag is meant for every scenario");
        for name in ["a.tfvars", "b.tfvars.json"] {
            assert!(!read(name).unwrap().is_for(&template, &files, &modules), "{name}");
        }
        assert!(read("d.json").is_err() && read("none.tfvars").is_err());
    }
}
