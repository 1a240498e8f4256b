//! What a name means where an expression stands: the module instance, the block's instance, `for` variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::key::{Account, Multiplicity, Written};
use crate::parse::syntax::Attribute;
use crate::resolve::terraform::config::module::{Decl, In, Module};
use crate::span::{FileId, Loc};
use crate::value::{Cx, Guard, Part, SymId, Value};

/// The key of an instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InstanceKey {
    /// A block without `count` and `for_each`.
    None,
    /// `[0]`
    Index(u64),
    /// `["k"]`
    Key(String),
    /// The same, where the key is not to be shown, with what stands in its place.
    Hidden(String, String),
    /// `[*]`: how many there are, or what they are called, is not known.
    Star,
}

impl InstanceKey {
    /// As it stands in an address. Source: Terraform, "Resource Address"; recorded addresses of the binary.
    pub fn show(&self) -> String {
        match self {
            InstanceKey::None => String::new(),
            InstanceKey::Index(i) => format!("[{i}]"),
            InstanceKey::Star => "[*]".into(),
            InstanceKey::Hidden(_, shown) => format!("[{shown}]"),
            InstanceKey::Key(key) => {
                let mut out = String::from("[\"");
                let mut chars = key.chars().peekable();
                while let Some(c) = chars.next() {
                    match c {
                        '\n' => out.push_str("\\n"),
                        '\r' => out.push_str("\\r"),
                        '\t' => out.push_str("\\t"),
                        '"' => out.push_str("\\\""),
                        '\\' => out.push_str("\\\\"),
                        '$' | '%' if chars.peek() == Some(&'{') => {
                            out.push(c);
                            out.push(c);
                        }
                        c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                        c => out.push(c),
                    }
                }
                out.push_str("\"]");
                out
            }
        }
    }
}

/// One instance of a block, or all that cannot be told apart.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its key.
    pub key: InstanceKey,
    /// When and how often it exists, as far as the block itself decides.
    pub times: Multiplicity,
    /// For `[*]`: when *one given* element passes the `if` of its loops (`times.exists` says when *some* element is there
    /// and passes); the same for a single one.
    pub member: Guard,
    /// `each.key`, or `count.index`.
    pub each_key: Value,
    /// `each.value`.
    pub each_value: Value,
    /// The unknown collections that `[*]` runs over.
    pub sources: Vec<SymId>,
    /// Where its element is written.
    pub at: Option<Loc>,
}

impl Instance {
    /// The one instance of a block without `count` and `for_each`.
    pub fn single() -> Instance {
        Instance {
            key: InstanceKey::None,
            times: Multiplicity::ONCE,
            member: Guard::TRUE,
            each_key: Value::Null,
            each_value: Value::Null,
            sources: Vec::new(),
            at: None,
        }
    }

    /// The same, which exists once where `guard` holds.
    pub fn when(self, guard: Guard) -> Instance {
        Instance { times: Multiplicity::once(guard), member: guard, ..self }
    }
}

/// One instance of a block of a module.
#[derive(Clone, Copy)]
pub struct Made<'a> {
    /// The module.
    pub node: &'a Rc<ModuleInstance>,
    /// The block.
    pub decl: &'a Decl,
    /// Which instance.
    pub instance: &'a Rc<Instance>,
}

impl Made<'_> {
    /// Where an argument is evaluated that this file has.
    pub fn scope(&self, file: FileId) -> Scope {
        Scope::block(self.node, self.instance, file)
    }

    /// When and how often it exists.
    pub fn times(&self, cx: &Cx) -> Multiplicity {
        self.instance.times.within(cx, &self.node.times)
    }
}

/// How a block multiplies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplier {
    /// Not at all.
    Single,
    /// By `count`.
    Count,
    /// By `for_each`.
    ForEach,
}

/// A module in one place of the tree of calls.
#[derive(Debug)]
pub struct ModuleInstance {
    /// Its number; 0 is the root.
    pub id: usize,
    /// What it declares.
    pub module: Arc<Module>,
    /// Its address with a dot at the end; empty for the root.
    pub prefix: String,
    /// Its folder relative to the root module's, for `path.module`.
    pub path: PathBuf,
    /// When and how often it exists.
    pub times: Multiplicity,
    /// The arguments of the call, each with the scope it is evaluated in; `None` for the root.
    pub call: Option<Call>,
    /// The chain of calls that leads here, outermost first; in a module of the catalogue, up to the call of it.
    pub via: Vec<Loc>,
    /// The call that brought a module of the catalogue, in it and in what it calls itself.
    pub stub: Option<Rc<Stub>>,
}

/// The call of a module of the catalogue: what stands in that module has no place that a user could look at.
#[derive(Debug)]
pub struct Stub {
    /// The header of the call.
    pub header: Loc,
    /// The argument that names the user.
    pub user: Option<In<Attribute>>,
    /// The argument that says the status.
    pub status: Option<In<Attribute>>,
    /// What multiplies the call.
    pub multiplier: Option<In<Attribute>>,
    /// The argument that makes no key, set so.
    pub without_key: Option<Rc<Written>>,
}

impl ModuleInstance {
    /// The names of the calls that lead from the root to the call `name` in it, joined by dots.
    pub fn call_path(&self, name: &str) -> String {
        match &self.call {
            Some(call) => format!("{}.{name}", call.parent.call_path(&call.name)),
            None => name.to_string(),
        }
    }

    /// What the call passes for a variable, with the scope it is evaluated in; `None` for the root, and what is not passed.
    pub fn passed(&self, name: &str) -> Option<(Scope, &In<Attribute>)> {
        let call = self.call.as_ref()?;
        let arg = call.decl()?.args.get(name)?;
        Some((Scope::block(&call.parent, &call.instance, arg.file), arg))
    }
}

/// The call of a module instance.
#[derive(Debug)]
pub struct Call {
    /// The calling module.
    pub parent: Rc<ModuleInstance>,
    /// The call's name.
    pub name: String,
    /// The call's instance.
    pub instance: Rc<Instance>,
}

impl Call {
    /// As it stands in an address, without its instance.
    pub fn address(&self) -> String {
        format!("{}module.{}", self.parent.prefix, self.name)
    }

    /// Its block.
    pub fn decl(&self) -> Option<&Decl> {
        self.parent.module.calls.get(&self.name)
    }
}

/// Where an expression is evaluated.
#[derive(Clone)]
pub struct Scope {
    /// The module.
    pub node: Rc<ModuleInstance>,
    /// The block's instance, for `each` and `count`.
    pub instance: Option<Rc<Instance>>,
    /// `for` variables and template arguments; a later one of a name hides an earlier one.
    pub locals: BTreeMap<String, Value>,
    /// The file that the expression stands in.
    pub file: FileId,
    /// Whether only literals, operators and templates are allowed (variable files).
    pub literal: bool,
    /// The template file or text that it stands in, which cannot read another one: literals are marked as it is.
    pub template: Option<Value>,
}

impl Scope {
    /// The top of a module, for an expression in this file.
    pub fn module(node: &Rc<ModuleInstance>, file: FileId) -> Scope {
        Scope {
            node: node.clone(),
            instance: None,
            locals: BTreeMap::new(),
            file,
            literal: false,
            template: None,
        }
    }

    /// The same, inside an instance of a block.
    pub fn block(node: &Rc<ModuleInstance>, instance: &Rc<Instance>, file: FileId) -> Scope {
        Scope { instance: Some(instance.clone()), ..Scope::module(node, file) }
    }

    /// The same with another variable.
    pub fn with(&self, name: &str, value: Value) -> Scope {
        let mut scope = self.clone();
        scope.locals.insert(name.to_string(), value);
        scope
    }

    /// The same in a turn of a loop: its value, and its key where that has a name.
    pub fn turn(&self, key: &Option<String>, value: &str, item: &Part) -> Scope {
        let mut scope = self.with(value, item.value.clone());
        scope.locals.extend(key.iter().map(|key| (key.clone(), item.key.clone())));
        scope
    }

    /// Whether it is one of several instances or turns.
    pub fn is_repeated(&self) -> bool {
        !self.locals.is_empty() || self.instance.as_ref().is_some_and(|i| i.key != InstanceKey::None)
    }
}

/// A provider configuration as far as it decides the account.
#[derive(Clone, Debug)]
pub struct Provided {
    /// Its account.
    pub account: Account,
    /// The only account ids that it can be, where they are known.
    pub ids: Option<BTreeSet<String>>,
    /// Its name: `aws.west`, `module.m.aws`.
    pub name: String,
    /// Refused where Terraform refuses it.
    pub refused: Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_shown_as_it_would_be_written() {
        let key = InstanceKey::Key("$a%{b}${c}$\u{1}\n\"".into());
        assert_eq!(key.show(), r#"["$a%%{b}$${c}$\u0001\n\""]"#);
    }
}
