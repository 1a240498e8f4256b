//! What a root module holds: which folders are roots, the walk through the tree of modules, keys, users, stacks, accounts.

mod conditions;
pub mod elsewhere;
pub mod keys;
pub mod providers;
pub mod roots;
pub mod stacks;
