//! The binary, end to end: what a golden folder cannot hold.
//!
//! Each test builds a project in a folder of its own, runs `lonekey` there with an empty environment, and reads what
//! came out. Verdicts of languages belong to `testdata/cases`; here it is about flags, streams, paths, bytes and exit
//! codes, and about what the formats promise to programs.

// Helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "cli/project.rs"]
mod project;

#[path = "cli/accounts.rs"]
mod accounts;
#[path = "cli/bad_templates.rs"]
mod bad_templates;
#[path = "cli/chosen.rs"]
mod chosen;
#[path = "cli/config.rs"]
mod config;
#[path = "cli/contract.rs"]
mod contract;
#[path = "cli/data.rs"]
mod data;
#[path = "cli/encoding.rs"]
mod encoding;
#[cfg(unix)]
#[path = "cli/ended.rs"]
mod ended;
#[path = "cli/exceptions.rs"]
mod exceptions;
#[path = "cli/exit.rs"]
mod exit;
#[path = "cli/fix.rs"]
mod fix;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/known.rs"]
mod known;
#[path = "cli/links.rs"]
mod links;
#[path = "cli/outside.rs"]
mod outside;
#[path = "cli/parameters.rs"]
mod parameters;
#[path = "cli/paths.rs"]
mod paths;
#[path = "cli/request.rs"]
mod request;
#[path = "cli/schemas.rs"]
mod schemas;
#[path = "cli/secrets.rs"]
mod secrets;
#[path = "cli/stdin.rs"]
mod stdin;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/templates.rs"]
mod templates;
#[path = "cli/variables.rs"]
mod variables;
