//! Modules that Terragrunt completes: it writes files into a copy of them, with variables and locals of which the module
//! itself has none.
//!
//! Answers: is this a root module that a Terragrunt unit deploys? Reads nothing of what Terragrunt computes.

use super::Terraform;
use super::scope::ModuleInstance;

impl Terraform<'_> {
    /// Whether what this module refers to and does not declare may be in a file that Terragrunt writes.
    pub fn completed_by_terragrunt(&self, node: &ModuleInstance) -> bool {
        let deployed = || self.modules.units(&node.module.dir, self.files).next().is_some();
        node.call.is_none() && *self.known.terragrunt.get_or_init(deployed)
    }
}
