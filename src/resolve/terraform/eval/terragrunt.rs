//! Modules that Terragrunt completes: it writes files into a copy of them, with variables and locals of which the module
//! itself has none.
//!
//! Answers: is this a root module that a Terragrunt unit deploys? Reads nothing of what Terragrunt computes.
//! Source: Terragrunt documentation, "generate", "terraform" (`source`, with `//` before the folder in a package).

use std::path::Path;

use super::Terraform;
use super::scope::ModuleInstance;
use crate::parse::hcl;
use crate::resolve::terraform::config::written;
use crate::source::normalize;

/// The name of a unit's file.
const UNIT: &str = "terragrunt.hcl";

impl Terraform<'_> {
    /// Whether what this module refers to and does not declare may be in a file that Terragrunt writes.
    pub fn completed_by_terragrunt(&self, node: &ModuleInstance) -> bool {
        let deployed = || {
            let dir = &node.module.dir;
            self.files.read(&dir.join(UNIT)).is_ok()
                || self.files.seen_as(UNIT).iter().any(|unit| self.deploys(unit, dir))
        };
        node.call.is_none() && *self.terragrunt.get_or_init(deployed)
    }

    /// Whether the source that a unit names is this folder.
    fn deploys(&self, unit: &Path, dir: &Path) -> bool {
        let (Some(folder), Ok(file)) = (unit.parent(), self.files.read(unit)) else { return false };
        let (body, _) = hcl::parse(&self.files.source(file));
        let mut blocks = body.blocks("terraform");
        blocks.any(|block| {
            let source = block.body.attribute("source").and_then(|a| written::literal(&a.expr));
            source.is_some_and(|source| normalize(&folder.join(source.replace("//", "/"))) == dir)
        })
    }
}
