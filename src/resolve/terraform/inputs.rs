//! The values of variables: what supplies them, in Terraform's order, and what is free.
//!
//! Later wins: default, `TF_VAR_name`, `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and
//! `*.auto.tfvars.json` by file name, then `--var` and `--var-file` as typed.
//! Source: Terraform language, "Input Variables: Variable Definition Precedence"; recorded results of the binary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use super::module::{Decl, Module};
use super::scope::{Node, Scope};
use super::types::{self, Constraint};
use super::{Terraform, module};
use crate::guard::formula::Node as Formula;
use crate::key::{Mode, Refused};
use crate::parse::syntax::Expr;
use crate::parse::{hcl, tf_json};
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::{Inputs, VarFlag};
use crate::source::Files;
use crate::span::{FileId, Loc};
use crate::value::symbol::SymNode;
use crate::value::{Guard, Leaf, LeafKind, SymId, Ty, Value};

/// Where a supplied value comes from.
#[derive(Clone, Debug)]
pub enum Supplied {
    /// An expression in a file.
    Expr(FileId, Expr),
    /// Text from the environment or the command line; `true` for the environment.
    Text(String, bool),
}

/// What is supplied to a root module.
#[derive(Debug, Default)]
pub struct RootInputs {
    /// Values by variable name.
    pub values: BTreeMap<String, Supplied>,
    /// The workspace, and whether `TF_WORKSPACE` says so.
    pub workspace: Option<(String, bool)>,
    /// Files that were read.
    pub files: Vec<FileId>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Whether a file of this name is loaded by itself.
pub fn is_auto_vars(name: &str) -> bool {
    matches!(name, "terraform.tfvars" | "terraform.tfvars.json")
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}

impl RootInputs {
    /// Collects what is supplied to the root module in `module`.
    pub fn collect(module: &Module, files: &Files, inputs: &Inputs) -> RootInputs {
        let mut root = RootInputs::default();
        for (name, text) in &inputs.env_vars {
            root.values.insert(name.clone(), Supplied::Text(text.clone(), true));
        }
        let listed = files.list(&module.dir);
        let name_of = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for own in ["terraform.tfvars", "terraform.tfvars.json"] {
            if let Some(path) = listed.iter().find(|p| name_of(p) == own) {
                root.file(path, files);
            }
        }
        for path in listed.iter() {
            let name = name_of(path);
            if name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json") {
                root.file(path, files);
            }
        }
        for flag in &inputs.vars {
            match flag {
                VarFlag::Value(name, text) => {
                    root.values.insert(name.clone(), Supplied::Text(text.clone(), false));
                }
                VarFlag::File(path) => root.file(path, files),
            }
        }
        let flag = inputs.workspace.clone().map(|w| (w, false));
        root.workspace = flag.or_else(|| inputs.env_workspace.clone().map(|w| (w, true))).or_else(|| {
            let file = files.read(&module.dir.join(".terraform/environment")).ok()?;
            let text = files.source(file).text.trim().to_string();
            (!text.is_empty()).then_some((text, false))
        });
        root
    }

    fn file(&mut self, path: &Path, files: &Files) {
        let file = match files.read(path) {
            Ok(file) => file,
            Err(e) => {
                let place = Place::Path(files.display(path));
                self.problems.push(Problem::new(
                    ProblemKind::Unreadable,
                    place,
                    format!("this variables file {e}"),
                ));
                return;
            }
        };
        self.files.push(file);
        let source = files.source(file);
        if encrypted(&source.text) {
            let reason = "this variables file is encrypted; its variables count as free inputs";
            self.problems.push(Problem::new(
                ProblemKind::EncryptedVariables,
                Loc::new(file, crate::span::Span::default()),
                reason,
            ));
            return;
        }
        let (body, errors) = if source.path.ends_with(".json") {
            tf_json::parse_variables(&source)
        } else {
            hcl::parse(&source)
        };
        self.problems.extend(errors.into_iter().map(|e| module::syntax(file, e)));
        for attribute in body.attributes {
            self.values.insert(attribute.name.text, Supplied::Expr(file, attribute.expr));
        }
    }
}

/// The names that a variables file gives values to; `None` where it is encrypted. What does not parse names nothing.
pub fn names_in(file: FileId, files: &Files) -> Option<BTreeSet<String>> {
    let source = files.source(file);
    if encrypted(&source.text) {
        return None;
    }
    let (body, _) =
        if source.path.ends_with(".json") { tf_json::parse_variables(&source) } else { hcl::parse(&source) };
    Some(body.attributes.into_iter().map(|a| a.name.text).collect())
}

/// Whether a file's first bytes are those of an encrypted one (git-crypt, ansible-vault, sops).
fn encrypted(text: &str) -> bool {
    text.starts_with("\0GITCRYPT") || text.starts_with("$ANSIBLE_VAULT;") || text.contains("ENC[AES256_GCM,")
}

impl Terraform<'_> {
    /// The value of a variable in one module instance.
    pub fn variable_value(&self, node: &Rc<Node>, name: &str, decl: &Decl) -> Value {
        let constraint = match decl.args.get("type") {
            Some(arg) => types::parse(&arg.what.expr).unwrap_or(Constraint::Any),
            None => Constraint::Any,
        };
        let nullable = decl.args.get("nullable").is_none_or(|a| {
            self.eval(&Scope { literal: true, ..Scope::module(node, a.file) }, &a.what.expr) != Value::FALSE
        });
        let default = || {
            let arg = decl.args.get("default")?;
            Some(self.eval(&Scope { literal: true, ..Scope::module(node, arg.file) }, &arg.what.expr))
        };
        let convert = |value: &Value| {
            let value = match (nullable, value) {
                // A null that is not allowed stands for the default.
                (false, v) => {
                    let null = self.cx.null(v);
                    if null.is_false() {
                        v.clone()
                    } else {
                        self.cx.if_else(null, default().unwrap_or(Value::Null), v.clone())
                    }
                }
                (true, v) => v.clone(),
            };
            self.converted(node, &value, &constraint, decl.base.file)
        };
        if node.call.is_some() {
            return match self.argument(node, name) {
                Some((value, at)) => self.placed(convert(&value), at),
                None => match default() {
                    Some(value) => convert(&value),
                    None => Value::refused(
                        format!("the call does not pass {name:?}, which has no default"),
                        node.via.last().copied(),
                    ),
                },
            };
        }
        let supplied = match self.root.values.get(name) {
            Some(Supplied::Expr(file, expr)) => {
                Some(self.eval(&Scope { literal: true, ..Scope::module(node, *file) }, expr))
            }
            Some(Supplied::Text(text, from_environment)) => {
                if *from_environment {
                    self.environment.borrow_mut().insert(format!("TF_VAR_{name}"));
                }
                Some(self.text_value(node, text, &constraint, decl))
            }
            None => default(),
        };
        let supplied = supplied.map(|v| convert(&v));
        let full = format!("var.{name}");
        let value = self.input(&full, constraint.ty(), supplied, Some(decl.header()));
        self.validate(node, name, decl, &full, value.clone());
        value
    }

    /// Text from the environment or the command line: literal for primitive types and where there is no type, else an
    /// expression.
    fn text_value(&self, node: &Rc<Node>, text: &str, constraint: &Constraint, decl: &Decl) -> Value {
        let literal = !decl.args.contains_key("type")
            || matches!(constraint, Constraint::String | Constraint::Number | Constraint::Bool);
        if literal {
            return Value::from(text);
        }
        match hcl::parse_expression(text, 0) {
            Ok(expr) => self.eval(&Scope { literal: true, ..Scope::module(node, decl.base.file) }, &expr),
            Err(e) => Value::refused(
                format!("the supplied value is no expression: {}", e.message),
                Some(decl.header()),
            ),
        }
    }

    /// An input of the root module: supplied, or a leaf. In the search for `latent`, supplied scalars are leaves too.
    pub fn input(&self, name: &str, ty: Ty, supplied: Option<Value>, at: Option<Loc>) -> Value {
        let mut leaf = Leaf::new(name, ty.clone(), LeafKind::Input);
        leaf.at = at;
        let Some(value) = supplied else { return self.cx.leaf_value(leaf) };
        let own = match &value {
            Value::String(_) => Ty::String,
            Value::Number(_) => Ty::Number,
            Value::Bool(_) => Ty::Bool,
            Value::Null if ty.is_scalar() => ty.clone(),
            // A null without a type gets the type of what it is compared with: text, most of the time.
            Value::Null if ty == Ty::Dynamic => Ty::String,
            _ => return value,
        };
        self.overridable.set(true);
        if self.mode == Mode::Supplied || !value.is_known() {
            return value;
        }
        leaf.ty = if ty.is_scalar() { ty } else { own };
        leaf.nullable = value == Value::Null;
        leaf.given = Some(value);
        self.cx.leaf_value(leaf)
    }

    /// The `validation` blocks of a variable: what they reject is refused, and a list of allowed values closes the
    /// variable's domain.
    fn validate(&self, node: &Rc<Node>, name: &str, decl: &Decl, full: &str, value: Value) {
        for block in decl.blocks.iter().filter(|b| b.what.kind.text == "validation") {
            let Some(condition) = block.what.body.attribute("condition") else { continue };
            // The variable itself is under way; its value is handed in.
            self.memo.borrow_mut().insert((node.id, super::Item::Variable(name.into())), value.clone());
            let result = self.eval(&Scope::module(node, block.file), &condition.expr);
            let holds = self.cx.truth(&types::to_bool(self.cx, &result));
            if let Some(allowed) = self.listed(holds, full) {
                self.cx.refine(full, |leaf| {
                    if leaf.closed.is_none() && leaf.given.as_ref().is_none_or(|g| allowed.contains(g)) {
                        leaf.closed = Some(allowed);
                    }
                });
            }
            let at = Loc::new(block.file, condition.span);
            let reason = format!("the value of var.{name} does not meet the variable's own validation");
            self.refuse(Refused {
                when: self.cx.not(holds),
                problem: Problem::new(ProblemKind::Refused, at, reason),
            });
        }
    }

    /// The constants, if a guard says that the leaf of that name is one of them and nothing else.
    fn listed(&self, guard: Guard, name: &str) -> Option<Vec<Value>> {
        let constant = |atom: u32| match self.cx.node(SymId(atom)) {
            Some(SymNode::Call(func, args)) if func.name == "==" => match &*args {
                [Value::Sym(sym), constant] if constant.is_known() => {
                    self.cx.leaf(*sym).filter(|l| &*l.name == name).map(|_| constant.clone())
                }
                _ => None,
            },
            _ => None,
        };
        match self.cx.guard_node(guard) {
            Formula::Atom(atom) => Some(vec![constant(atom)?]),
            Formula::Or(any) => any
                .iter()
                .map(|&g| match self.cx.guard_node(g) {
                    Formula::Atom(atom) => constant(atom),
                    _ => None,
                })
                .collect(),
            _ => None,
        }
    }
}
