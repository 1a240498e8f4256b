//! Files of values that are judged one by one: which inputs each supplies, and to which units.
//!
//! Answers: what `--scenario prod.tfvars` means. A file of variables is for Terraform, any other one for the parameters
//! of templates; a samconfig is a scenario for each of its environments. It supplies what is not given by a flag, to every unit that declares one of its names.

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
            let names = pairs.iter().map(|(name, _)| name.clone()).collect();
            let mut inputs = inputs.clone();
            for (name, value) in pairs {
                inputs.parameters.entry(name).or_insert(value);
            }
            Scenario { name, inputs, terraform: false, names: Some(names) }
        };
        Ok(sets.into_iter().map(one).collect())
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
        let c = &read("c.json").unwrap()[0];
        assert!(
            c.is_for(&template, &files, &modules)
                && !c.is_for(&Job::Terraform("/r".into()), &files, &modules)
        );
        assert_eq!(c.inputs.parameters["Env"], "flag", "a flag is meant for every scenario");
        for name in ["a.tfvars", "b.tfvars.json"] {
            assert!(!read(name).unwrap()[0].is_for(&template, &files, &modules), "{name}");
        }
        assert!(read("d.json").is_err() && read("none.tfvars").is_err());
    }
}
