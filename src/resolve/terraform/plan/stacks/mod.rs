//! CloudFormation stacks in Terraform: their template's text with where it is written, and their parameters.
//!
//! Answers: which template a stack resource deploys. What a template means is not known here: it goes back to the
//! dispatcher. A template that only the deployment knows is said.
//! Source: provider documentation, `aws_cloudformation_stack`, `aws_cloudformation_stack_set`,
//! `aws_serverlessapplicationrepository_cloudformation_stack`; the awscc provider, `awscc_cloudformation_stack`,
//! `awscc_cloudformation_stack_set`.

mod bodies;
pub mod sets;
mod spelled;

use crate::key::Account;
use crate::parse::syntax::Attribute;
use crate::problem::{Place, Problem, ProblemKind};
use crate::resolve::embedded::{Parameters, Stack};
use crate::resolve::terraform::config::module::In;
use crate::resolve::terraform::config::resources::STACK_SET_TYPES;
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::scope::Made;
use crate::resolve::terraform::types;
use crate::value::{SymId, Ty, Value};

/// The one of them that is deployed by other resources, to other accounts.
const SET: &str = "aws_cloudformation_stack_set";

/// Whether a resource of a type takes a set to one account and region.
fn placed_once(kind: &str) -> bool {
    kind == "aws_cloudformation_stack_set_instance"
}

/// The arguments that say where a template is that is not written here, each with where that is.
const ELSEWHERE: [(&str, &str); 2] =
    [("template_url", "is at a URL"), ("application_id", "is that of a serverless application")];

/// The one of them whose outputs are a map by name.
pub const OUTPUTS_ARE_A_MAP: &str = "aws_cloudformation_stack";

impl Terraform<'_> {
    /// The stack of one instance of a resource; `None` if nothing of its template is known.
    pub fn stack(&self, block: Made, address: &str, kind: &str) -> Option<Stack> {
        let Made { node, decl, .. } = block;
        let Some(body) = decl.args.get("template_body") else {
            for (name, where_it_is) in ELSEWHERE {
                if let Some(arg) = decl.args.get(name) {
                    self.not_here(arg, where_it_is);
                }
            }
            return None;
        };
        let scope = block.scope(body.file);
        let before = std::mem::take(&mut self.reads.borrow_mut().paths);
        let times = block.times(self.cx);
        let (value, met) = self.watch(|| self.eval(&scope, &body.what.expr));
        if !self.is_rejected(&met) {
            self.refuse_where(times.exists, &value, body.loc(body.what.expr.span));
        }
        if self.cx.refused(&value).is_true() {
            self.say(&met);
            return None;
        }
        let bodies = self.template_bodies(&scope, &body.what.expr);
        let read = self.reads.borrow().paths.iter().cloned().collect();
        self.reads.borrow_mut().paths.extend(before);
        if bodies.open || bodies.known.is_empty() {
            self.not_here(body, "is only known at deployment");
        }
        if bodies.known.is_empty() {
            return None;
        }
        let elsewhere = STACK_SET_TYPES.contains(&kind);
        let account = if elsewhere {
            let scope = self.deployment(&format!("the accounts of {address}"), Ty::String);
            Account { scope, id: None }
        } else {
            self.provided(block, kind).account
        };
        Some(Stack {
            address: address.to_string(),
            header: decl.header(),
            calls: node.via.clone(),
            bodies: bodies.known,
            read,
            parameters: self.parameters(block, "parameters"),
            times,
            multiplier: decl.multiplier().map(|a| a.loc(a.what.span)),
            account,
            region: None,
            elsewhere,
            names: if elsewhere { self.names_of_set(block, address) } else { Vec::new() },
            outputs: self.outputs_symbol(block, address, kind),
            refused: Vec::new(),
        })
    }

    /// The symbol that stands for the outputs of a stack until its template was read.
    fn outputs_symbol(&self, block: Made, address: &str, kind: &str) -> Option<SymId> {
        if kind != OUTPUTS_ARE_A_MAP {
            return None;
        }
        match self.left_unset(block, kind, address, "outputs") {
            Value::Sym(outputs) => Some(outputs),
            _ => None,
        }
    }

    fn not_here(&self, arg: &In<Attribute>, where_it_is: &str) {
        // A file that may not be read is said where it is read.
        let within = |place: &Place| matches!(place, Place::At(loc) if loc.file == arg.file && arg.what.expr.span.range().contains(&(loc.span.start as usize)));
        if self.sink.look(|said| said.problems.iter().any(|p| within(&p.place))) {
            return;
        }
        let reason = format!("the template of this stack {where_it_is}; its keys are not examined");
        self.sink.problem(Problem::new(ProblemKind::RemoteTemplate, arg.loc(arg.what.expr.span), reason));
    }

    fn parameters(&self, block: Made, name: &str) -> Parameters {
        let mut parameters = Parameters::default();
        let Some(arg) = block.decl.args.get(name) else { return parameters };
        let value = self.shown(&block.scope(arg.file), &arg.what.expr);
        let member = |pair: &Value, name: &str| self.cx.index(pair, &Value::from(name));
        match self.merged(&value) {
            Value::Coll(c) => {
                for part in c.parts.iter().filter(|part| part.generators.is_empty()) {
                    // Of the awscc provider's sets each element is a name with its value.
                    let (name, value) = match c.kind.keyed() {
                        true => (part.key.clone(), part.value.clone()),
                        false => {
                            (member(&part.value, "parameter_key"), member(&part.value, "parameter_value"))
                        }
                    };
                    if let Some(name) = name.as_str() {
                        let value = types::to_string(self.cx, &value);
                        let value = self.cx.if_else(part.guard, value, Value::Null);
                        parameters.named.insert(name.to_string(), value);
                    }
                }
            }
            Value::Null => {}
            other => parameters.other = Some(other),
        }
        parameters
    }
}
