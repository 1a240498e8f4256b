//! Guards: when something holds, as a formula over inputs with finite domains.
//!
//! Three questions are asked of a guard: can it hold, must it hold, and what is the smallest set of inputs that is
//! enough. Each has three answers: yes, no, and *not decided* (the budget was spent).
//!
//! - [`formula`] builds formulas: hash-consed, so that formulas written alike are the same id.
//! - [`diagram`] decides them: a reduced ordered decision diagram over variables with finitely many points.
//! - [`witness`] finds the smallest partial assignment that is enough.
//!
//! Nothing here knows what an atom says; whoever asks a query gives its meaning over the query's variables.

pub mod diagram;
pub mod formula;
pub mod witness;

#[cfg(test)]
mod laws;

pub use diagram::{Diagram, Edge, Meaning, Overflow, VarId};
pub use formula::{Formulas, Guard};
