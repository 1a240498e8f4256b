//! How deep and how large a file may be before lonekey says that it does not read it.
//!
//! A linter reads files it did not write. Each limit here stands in front of something that would otherwise
//! end the process or the user's patience: a stack, a quadratic loop, a small file that expands to a huge tree.
//! What a limit stops is always reported as a [`super::SyntaxError`], never cut off in silence.

/// Levels of [`super::syntax::Expr`] on one path, and so the depth of any recursion over an expression.
///
/// Terraform has no limit. hcl-edit reads 64 nested levels and 128 operators on one path, which make at most
/// this many levels of ours; the limit itself is for chains of steps (`a.b.c…`), which hcl-edit reads without one.
pub const EXPR_DEPTH: usize = 320;

/// Levels of [`super::tree::Node`] on one path, aliases followed.
///
/// The JSON parser stops by itself at 512, where an object counts twice; the YAML parser at 255 for each of the
/// flow and block styles. No template that CloudFormation accepts comes near.
pub const TREE_DEPTH: usize = 256;

/// Nodes that may be reached through YAML aliases in one document.
///
/// An alias shares its subtree, so it costs no memory; but whoever walks the tree walks it again. Nine levels of
/// nine aliases in 200 bytes are 387 million nodes.
pub const ALIAS_NODES: usize = 100_000;

/// Sum over the object constructors of a Terraform file of (number of keys)².
///
/// hcl-edit compares each key of an object with all earlier ones: 20,000 keys take about a second, 40,000 five.
pub const OBJECT_KEY_PAIRS: usize = 400_000_000;

/// Files shorter than this cannot reach [`OBJECT_KEY_PAIRS`] (a key takes four bytes, `a=1` and a separator),
/// so their keys are not counted.
pub const OBJECT_KEYS_UNCOUNTED: usize = 80_000;

/// Syntax errors that are listed for one file, each with its place; the rest is counted.
pub const SYNTAX_ERRORS: usize = 100;

/// Bytes that may be parsed again in one file because of repairs (keys of objects count as well, see
/// [`OBJECT_KEY_PAIRS`]). Each repaired key parses its block once more, each repair of YAML the whole file.
pub const REPARSED_BYTES: usize = 32 << 20;

/// Length in bytes of a template given to [`super::hcl::parse_template`] (4 MiB): rendered text that is larger is
/// data, not configuration.
pub const TEMPLATE_BYTES: usize = 4 << 20;
