//! User names without regard to case, in symbols too.
//!
//! IAM user names are unique per account whatever their case ("IAM and AWS STS quotas, name requirements"), so
//! `lower(var.x)`, `upper(var.x)` and `var.x` name one user.

use super::symbol::SymNode;
use super::{Cx, Value};

impl Cx {
    /// The same name in lower case; functions that only change case are taken off. Top level and pieces only.
    pub fn fold_case(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.marked_as(value, Value::from(text.to_ascii_lowercase())),
            Value::Choice(alternatives) => {
                self.choice(alternatives.iter().map(|(g, v)| (*g, self.fold_case(v))).collect())
            }
            Value::Sym(sym) => match self.node(*sym) {
                Some(SymNode::Call(func, args)) if func.case_only => {
                    // What it is given becomes a text, as a name does.
                    args.first().map_or_else(|| value.clone(), |inner| self.fold_case(&self.to_text(inner)))
                }
                Some(SymNode::Concat(pieces)) => {
                    self.concat(&pieces.iter().map(|p| self.fold_case(&p.into())).collect::<Vec<_>>())
                }
                _ => value.clone(),
            },
            other => other.clone(),
        }
    }
}
