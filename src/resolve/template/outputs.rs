//! Outputs, and what reads them in other stacks: imports, weak references, the CDK's cross-region readers.
//!
//! Source: CloudFormation's user guide, "Outputs", "Fn::ImportValue", "Fn::GetStackOutput"; syntheses of the CDK.

use std::rc::Rc;

use super::functions::{IMPORT, STACK_OUTPUT};
use super::{Kind, Stack, World, resources, scalar};
use crate::parse::tree::Node;
use crate::value::Value;

impl World<'_> {
    /// The value of an output; refused where it is not there.
    pub(super) fn output(&self, s: &Stack, name: &str) -> Value {
        self.once(s, Kind::Output, name, || {
            let outputs = self.section(s, "Outputs");
            let entry = outputs.by_name.get(name).and_then(|all| outputs.entries.get(*all.last()?));
            let Some(entry) = entry else {
                return Value::refused(format!("the nested stack has no output `{name}`"), None);
            };
            let value = entry.node.get("Value");
            let value = value.map_or(Value::Null, |node| s.inside(entry.key.file, || self.eval(s, node)));
            let Some(condition) = entry.node.get("Condition") else { return value };
            let holds = self.cx.truth(&self.resource_condition(s, condition));
            let reason = format!("the output `{name}` is not there where its condition does not hold");
            self.cx.if_else(holds, value, Value::refused(reason, Some(s.loc(condition))))
        })
    }

    fn peers(&self) -> Vec<Rc<Stack>> {
        self.roots.borrow().iter().filter_map(|&id| self.stack(id)).collect()
    }

    fn region_of(&self, s: &Stack) -> (Option<String>, Option<String>) {
        let root = self.stack(s.root);
        let given = &root.as_deref().unwrap_or(s).given;
        (given.account.clone(), given.region.clone())
    }

    /// `Fn::ImportValue`: the exporting stack's value where it is resolved together with this one.
    pub(super) fn import(&self, s: &Stack, node: &Node, name: &Value) -> Value {
        for peer in self.peers() {
            if peer.id == s.root || self.region_of(&peer) != self.region_of(s) {
                continue;
            }
            for (key, body) in peer.doc.get("Outputs").map(Node::entries).unwrap_or_default() {
                let (Some(output), Some(export)) = (key.text(), body.get("Export")) else { continue };
                let Some(exported) = export.get("Name") else { continue };
                if self.eval(&peer, exported) == *name {
                    self.links.borrow_mut().insert((s.root.min(peer.id), s.root.max(peer.id)));
                    return self.output(&peer, output);
                }
            }
        }
        self.located(self.cx.call(&IMPORT, std::slice::from_ref(name)), s, node)
    }

    /// `Fn::GetStackOutput`: a reference by the names of the stack and of its output.
    pub(super) fn stack_output(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let field = |name: &str| arg.get(name).map_or(Value::Null, |n| self.eval(s, n));
        let (stack, output, region) = (field("StackName"), field("OutputName"), field("Region"));
        let elsewhere = arg.get("RoleArn").is_some();
        let (_, own_region) = self.region_of(s);
        let wanted_region = match &region {
            Value::String(text) => Some(text.to_string()),
            _ => own_region,
        };
        for peer in self.peers() {
            let named = peer.given.name.as_deref().is_some_and(|n| stack.as_str() == Some(n));
            let Some(output) = output.as_str() else { continue };
            let has = peer.doc.get("Outputs").is_some_and(|o| o.get(output).is_some());
            if peer.id == s.root || !named || !has || self.region_of(&peer).1 != wanted_region {
                continue;
            }
            if !elsewhere {
                if self.region_of(&peer).0 != self.region_of(s).0 {
                    continue;
                }
                self.links.borrow_mut().insert((s.root.min(peer.id), s.root.max(peer.id)));
            }
            return self.output(&peer, output);
        }
        self.located(self.cx.call(&STACK_OUTPUT, &[stack, output, region, field("RoleArn")]), s, node)
    }

    /// What the CDK's cross-region reader reads: the value that a writer in another stack has under that name.
    pub(super) fn exported_across_regions(&self, s: &Stack, name: &str) -> Option<Value> {
        for peer in self.peers() {
            let resources = peer.doc.get("Resources").map(Node::entries).unwrap_or_default();
            for (_, resource) in resources {
                if resources::type_of(resource) != "Custom::CrossRegionExportWriter" {
                    continue;
                }
                let exports = resource.get("Properties").and_then(|p| p.get("WriterProps")?.get("exports"));
                let found = exports.into_iter().flat_map(|e| e.entries());
                let mut found = found.filter(|(key, _)| scalar::read(key).as_deref() == Some(name));
                if let Some((_, value)) = found.next_back() {
                    self.links.borrow_mut().insert((s.root.min(peer.id), s.root.max(peer.id)));
                    return Some(self.eval(&peer, value));
                }
            }
        }
        None
    }
}
