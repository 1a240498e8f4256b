//! Terraform and OpenTofu root modules to access keys, as `terraform plan` would expand them.
//!
//! [`config`] reads what is written and supplied, [`types`] converts, [`functions`] is the table of functions, [`eval`]
//! evaluates a module and multiplies its blocks, [`plan`] finds the roots, walks the tree of modules and collects keys and
//! users. Knows nothing of levels or output.

pub mod config;
pub mod eval;
pub mod functions;
pub mod plan;
pub mod types;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod recorded;
