//! Keys to findings: who can hold two active keys at once, and under which inputs.

pub mod finding;
