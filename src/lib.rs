//! lonekey finds every AWS IAM user that would hold two active access keys, before anything is deployed.
//!
//! ```text
//! discover ──▶ parse ──▶ resolve ──▶ judge ──▶ report
//!  files        spanned    access keys   findings   text / JSON / SARIF / …
//!  & units      syntax     with users,
//!                          conditions
//! ```
//!
//! Data flows one way; ARCHITECTURE.md is the map.

pub mod cli;
pub mod config;
pub mod date;
pub mod discover;
pub mod exception;
pub mod fix;
pub mod globs;
pub mod guard;
pub mod judge;
pub mod key;
pub mod known;
pub mod nearest;
pub mod output;
pub mod pairs;
pub mod parse;
pub mod prefilter;
pub mod problem;
pub mod progress;
pub mod report;
pub mod resolve;
pub mod revision;
pub mod run;
pub mod scratch;
pub mod source;
pub mod span;
pub mod unit;
pub mod value;
