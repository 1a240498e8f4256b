//! Resources: what a reference to one reads, and when it is there.
//!
//! Source: CloudFormation's resource reference, "Return values" of `AWS::IAM::User` and `AWS::CloudFormation::Stack`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::text::{OPEN, SubPart, sub_parts};
use super::{Entry, Kind, Stack, World, load, view};
use crate::parse::tree::Node;
use crate::span::FileId;
use crate::value::shortest::Text;
use crate::value::{Cx, Func, Guard, Leaf, LeafKind, SymId, SymNode, Ty, Value};

/// An attribute whose name is not known: the resource's address, and the name.
static GET_ATT: Func = Func::shape("Fn::GetAtt", Ty::String, Cx::opaque);

/// Whether resources of a type can make keys, or lead to templates that do.
pub(super) fn makes_keys(kind: &str) -> bool {
    is_nested(kind) || load::KEY_TYPES.iter().any(|(key, ..)| *key == kind)
}

/// Whether resources of a type are users, or can make keys.
pub(super) fn matters(kind: &str) -> bool {
    kind == "AWS::IAM::User" || makes_keys(kind)
}

/// Whether a resource that can make keys stands anywhere in a tree, inside loops too.
pub(super) fn hold_keys(node: &Node) -> bool {
    let looped = node.items().iter().any(|item| makes_keys(type_of(item)) || hold_keys(item));
    looped || node.entries().iter().any(|(_, entry)| makes_keys(type_of(entry)) || hold_keys(entry))
}

/// Types of resource that are templates of their own.
pub const NESTED_TYPES: [&str; 2] = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];

/// Whether a type is a template of its own.
pub(super) fn is_nested(kind: &str) -> bool {
    NESTED_TYPES.contains(&kind)
}

/// The type of a resource.
pub(super) fn type_of(node: &Node) -> &str {
    node.get("Type").and_then(Node::text).unwrap_or("")
}

/// What is said of an `Fn::If` whose first argument is no name.
pub(super) const NAME_FIRST: &str = "Fn::If takes the name of a condition first, written out";

/// Any function that lonekey does not know: its name, and its argument.
pub(super) static OTHER: Func = Func::shape("function", Ty::String, Cx::opaque);

/// The name that `Fn::If` takes first: functions are not allowed there, whatever they give.
pub(super) fn condition_name(node: &Node) -> Option<String> {
    node.text().filter(|_| view::call(node).is_none()).map(String::from)
}

/// Calls `take` with each name that a node refers to, of parameters, resources and conditions, and the function that does;
/// also in what conditions choose, if that counts. Recursive; the parsers bound the depth.
pub(super) fn references(node: &Node, chosen: bool, take: &mut impl FnMut(&str, &str)) {
    let Some(call) = view::call(node) else {
        return node.children().for_each(|inner| references(inner, chosen, take));
    };
    let (own, items) = (&*call.name, call.arg.items());
    let text = items.first().unwrap_or(&call.arg).text().unwrap_or_default();
    match own {
        "Fn::If" if !chosen => return,
        "Ref" | "Condition" | "Fn::If" => take(own, text),
        "Fn::GetAtt" => take(own, text.split('.').next().unwrap_or(text)),
        "Fn::Sub" => {
            for (_, part) in sub_parts(text) {
                // What its second argument says is no such name.
                if let SubPart::Name(name) = part
                    && items.get(1).is_none_or(|own| own.get(name).is_none())
                {
                    take(own, name.split('.').next().unwrap_or(name));
                }
            }
        }
        _ => {}
    }
    references(&call.arg, chosen, take);
}

/// An attribute of a resource.
#[derive(Clone, Copy)]
pub(super) struct Attribute<'n> {
    /// Its name.
    pub name: &'n str,
    /// What is shown of it, which is no secret.
    pub shown: &'n str,
}

impl<'n> From<&'n str> for Attribute<'n> {
    fn from(name: &'n str) -> Self {
        Attribute { name, shown: name }
    }
}

impl World<'_> {
    /// `Fn::GetAtt`: a list of an id and an attribute, or both in one text.
    pub(super) fn get_att(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let wrong = || Value::refused("Fn::GetAtt takes a resource and an attribute", Some(s.loc(node)));
        let (id, attribute) = match arg.items() {
            [id, attribute] if view::call(attribute).is_some() => (id, self.eval(s, attribute)),
            [id, rest @ ..] if !rest.is_empty() => {
                let rest: Option<Vec<String>> = rest.iter().map(|r| self.name(s, r)).collect();
                let Some(rest) = rest else { return wrong() };
                (id, Value::from(rest.join(".")))
            }
            _ => {
                let written = arg.text().and_then(|t| t.split_once('.'));
                return written.map_or_else(wrong, |(id, attribute)| {
                    self.resource(s, id, Some(attribute.into()), node)
                });
            }
        };
        self.named(s, id, &|| self.names(s, false), &wrong, &|id| {
            self.attribute_named(s, id, &attribute, node)
        })
    }

    /// An attribute whose name is a value. One that is not known is one symbol for each resource and name; where the
    /// names are listed, it is the attribute of each.
    fn attribute_named(&self, s: &Stack, id: &str, attribute: &Value, at: &Node) -> Value {
        self.cx.map(attribute, |attribute| match attribute {
            Value::String(name) => {
                let Some(shown) = self.cx.stand_in(attribute) else {
                    return self.resource(s, id, Some((&**name).into()), at);
                };
                let value = self.resource(s, id, Some(Attribute { name, shown: &shown }), at);
                // A reason may quote it.
                let quiet = |(guard, value): (Guard, Value)| match value {
                    Value::Refused(refusal) => {
                        (guard, Value::refused(format!("there is no attribute {shown} here"), refusal.at))
                    }
                    other => (guard, other),
                };
                self.cx.choice(self.cx.alternatives(&value).into_iter().map(quiet).collect())
            }
            Value::Sym(sym) => {
                let listed = self.cx.leaf(*sym).and_then(|leaf| leaf.closed);
                let open = || {
                    // Whether the resource is there, and then what its attribute is.
                    let there = self.resource(s, id, None, at);
                    let args = [Value::from(self.address(s, id)), attribute.clone()];
                    self.cx.map(&there, |there| match there {
                        Value::Refused(_) => there.clone(),
                        _ => self.cx.call(&GET_ATT, &args),
                    })
                };
                listed.map_or_else(open, |names| {
                    let one = |name: &Value| {
                        let value = self.attribute_named(s, id, name, at);
                        (self.cx.equal(attribute, name), value)
                    };
                    self.closed_choice(names.iter().map(one).collect())
                })
            }
            refused @ Value::Refused(_) => refused.clone(),
            _ => Value::refused("the attribute that Fn::GetAtt takes is a name", Some(s.loc(at))),
        })
    }

    /// A resource's `Ref` or attribute; a refusal where the resource is not there.
    pub(super) fn resource(&self, s: &Stack, id: &str, attribute: Option<Attribute>, at: &Node) -> Value {
        let resources = self.section(s, "Resources");
        let entries: Vec<&Entry> = resources
            .by_name
            .get(id)
            .map(|all| all.iter().filter_map(|&i| resources.entries.get(i)).collect())
            .unwrap_or_default();
        if entries.is_empty() {
            if attribute.is_some() && self.is_open(s, id) {
                let wrong = || {
                    Value::refused(
                        format!("there is no resource named `{}`", self.shown(id)),
                        Some(s.loc(at)),
                    )
                };
                return self.named_by(&self.text(id), &|| self.names(s, false), &wrong, &|own| {
                    self.resource(s, own, attribute, at)
                });
            }
            let shown = self.shown(id);
            if self.may_be_generated(s, id) {
                let name =
                    attribute.map_or(shown.clone(), |attribute| format!("{shown}.{}", attribute.shown));
                let name = self.leaf_name(s, &name);
                return self.cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Deployment));
            }
            let reason = format!("there is no parameter or resource named `{shown}` in this template");
            return Value::refused(reason, Some(s.loc(at)));
        }
        let (mut alternatives, mut left) = (Vec::new(), Guard::TRUE);
        for entry in entries {
            let there = self.cx.and(left, self.there(s, entry));
            if there.is_false() {
                continue;
            }
            let value = s.inside(entry.file, || self.attribute(s, entry, attribute));
            alternatives.push((there, self.located(value, s, at)));
            left = self.cx.and(left, self.cx.not(there));
        }
        if !left.is_false() {
            let reason = format!("`{}` does not exist where it is referred to", self.shown(id));
            alternatives.push((left, Value::refused(reason, Some(s.loc(at)))));
        }
        self.cx.choice(alternatives)
    }

    /// Whether a name has the element of a loop in it that is not known, and no resource has the same name.
    pub(super) fn is_open(&self, s: &Stack, name: &str) -> bool {
        name.contains(OPEN) && !self.section(s, "Resources").by_name.contains_key(name)
    }

    /// When a resource is there, as far as its own condition and loops say.
    pub(super) fn there(&self, s: &Stack, entry: &Entry) -> Guard {
        let condition = entry.node.get("Condition");
        let condition = condition.map(|n| s.inside(entry.file, || self.resource_condition(s, n)));
        let holds = condition.map_or(Guard::TRUE, |value| self.cx.truth(&value));
        self.cx.and(entry.guard, holds)
    }

    /// The truth of a resource's `Condition`, which is a name. With the language extensions a function may give it, or
    /// take the condition away (`AWS::NoValue`).
    pub(super) fn resource_condition(&self, s: &Stack, node: &Node) -> Value {
        let wrong =
            || Value::refused("a resource's `Condition` is the name of a condition", Some(s.loc(node)));
        if view::call(node).is_none() {
            return node.text().map_or_else(wrong, |name| self.condition(s, name, node));
        }
        if !s.language_extensions {
            return wrong();
        }
        self.cx.map(&self.eval(s, node), |name| match name {
            Value::Null => Value::TRUE,
            name => self.condition_by(s, name, node, &wrong),
        })
    }

    fn attribute(&self, s: &Stack, entry: &Entry, attribute: Option<Attribute>) -> Value {
        match (type_of(&entry.node), attribute.map(|attribute| (attribute.name, attribute.shown))) {
            ("AWS::IAM::User", None | Some(("Ref", _))) => self.user_name(s, entry),
            ("AWS::IAM::User", Some(("Arn", _))) => self.user_arn(s, entry),
            ("AWS::IAM::User", Some((name, _))) => {
                let reason =
                    format!("`{}` is a user, which has no attribute `{name}`", self.shown(&entry.name));
                Value::refused(reason, None)
            }
            ("AWS::IAM::AccessKey", Some((name, _))) if !["Ref", "Id", "SecretAccessKey"].contains(&name) => {
                let reason = format!(
                    "`{}` is an access key, which has no attribute `{name}`",
                    self.shown(&entry.name)
                );
                Value::refused(reason, None)
            }
            (kind, Some((name, shown))) if is_nested(kind) && name.starts_with("Outputs.") => {
                let unknown = || self.unknown_attribute(s, entry, Some(shown));
                self.nested_output(s, entry, name.trim_start_matches("Outputs."), &unknown)
            }
            ("Custom::CrossRegionExportReader", Some((name, shown))) if name.starts_with("/cdk/exports/") => {
                self.exported_across_regions(s, name)
                    .unwrap_or_else(|| self.unknown_attribute(s, entry, Some(shown)))
            }
            (_, attribute) => self.unknown_attribute(s, entry, attribute.map(|(_, shown)| shown)),
        }
    }

    /// The resources of a template that depend on themselves, directly or through others, and those that depend on such. One
    /// with a condition may not be there, and neither may what an `Fn::If` chooses.
    pub(super) fn circular(&self, s: &Stack) -> Rc<BTreeSet<String>> {
        if let Some(known) = s.circular.borrow().as_ref() {
            return known.clone();
        }
        let section = self.section(s, "Resources");
        let unconditional = || section.entries.iter().filter(|entry| entry.node.get("Condition").is_none());
        let there: HashSet<&str> = unconditional().map(|entry| entry.name.as_str()).collect();
        let (mut needs, mut needed): (HashMap<&str, usize>, HashMap<String, Vec<&str>>) = Default::default();
        for entry in unconditional() {
            let mut own = BTreeSet::new();
            if let Some(properties) = entry.node.get("Properties") {
                references(properties, false, &mut |_, name| {
                    own.insert(name.to_string());
                });
            }
            if let Some(on) = entry.node.get("DependsOn") {
                let names = on.text().into_iter().chain(on.items().iter().filter_map(Node::text));
                own.extend(names.map(String::from));
            }
            own.retain(|name| there.contains(name.as_str()));
            *needs.entry(&entry.name).or_default() += own.len();
            own.into_iter().for_each(|name| needed.entry(name).or_default().push(&entry.name));
        }
        // What needs nothing is made first, and then what needs nothing else.
        let mut made: Vec<&str> =
            needs.iter().filter(|(_, left)| **left == 0).map(|(name, _)| *name).collect();
        while let Some(name) = made.pop() {
            needs.remove(name);
            for other in needed.remove(name).unwrap_or_default() {
                if let Some(left) = needs.get_mut(other) {
                    *left -= 1;
                    if *left == 0 {
                        made.push(other);
                    }
                }
            }
        }
        let found: Rc<BTreeSet<String>> = Rc::new(needs.keys().map(|name| name.to_string()).collect());
        *s.circular.borrow_mut() = Some(found.clone());
        found
    }

    /// What only the deployment knows of a resource: its `Ref`, or an attribute, shown so.
    pub(super) fn unknown_attribute(&self, s: &Stack, entry: &Entry, attribute: Option<&str>) -> Value {
        let mut name = self.leaf_name(s, &self.shown(&entry.name));
        if let Some(attribute) = attribute {
            name.push('.');
            name.push_str(attribute);
        }
        let mut leaf = Leaf::new(name, Ty::String, LeafKind::Deployment);
        leaf.at = Some(entry.key);
        self.cx.leaf_value(leaf)
    }

    /// The address of a logical id.
    pub(super) fn address(&self, s: &Stack, id: &str) -> String {
        format!("{}{}", s.prefix, self.shown(id))
    }

    /// A user's name: what is configured, else a symbol of its own.
    pub(super) fn user_name(&self, s: &Stack, entry: &Entry) -> Value {
        self.once(s, Kind::UserName, &entry.name, || {
            let configured = self.property(s, &entry.node, "UserName");
            self.cx.map(&self.cx.listed(&configured), |value| match value {
                Value::Null => {
                    let name = self.unknown_attribute(s, entry, None);
                    if let Value::Sym(sym) = name {
                        self.cx.refine(&self.cx.name_of(sym), |leaf| leaf.text = Text::Word);
                    }
                    name
                }
                Value::Coll(_) => Value::refused("a user's name is text", Some(entry.key)),
                other => self.cx.to_text(other),
            })
        })
    }

    fn user_arn(&self, s: &Stack, entry: &Entry) -> Value {
        let path = self.property(s, &entry.node, "Path");
        let path = self.cx.map(&path, |p| if *p == Value::Null { Value::from("/") } else { p.clone() });
        let pseudo = |name: &str| self.pseudo(s, name).unwrap_or(Value::Null);
        self.cx.concat(&[
            Value::from("arn:"),
            pseudo("AWS::Partition"),
            Value::from(":iam::"),
            pseudo("AWS::AccountId"),
            Value::from(":user"),
            path,
            self.user_name(s, entry),
        ])
    }

    /// The value of a resource's property; null where it is not set. `Properties` itself may be chosen by a condition.
    pub(super) fn property(&self, s: &Stack, resource: &Node, name: &str) -> Value {
        resource.get("Properties").map_or(Value::Null, |node| self.member(s, node, name))
    }

    /// The value of a map's entry; null where there is none. The map may be chosen by a condition.
    pub(super) fn member(&self, s: &Stack, node: &Node, name: &str) -> Value {
        if let Some((file, node)) = self.elsewhere(s, node) {
            return s.inside(file, || self.member(s, &node, name));
        }
        let computed = || match self.eval(s, node) {
            Value::Null => Value::Null,
            // What a macro makes, or another language puts into text, may be a map.
            Value::Sym(sym) if view::call(node).is_none() || self.is_other(sym) => self.cx.path(sym, name),
            value => self.located(self.cx.index(&value, &Value::from(name)), s, node),
        };
        match view::call(node) {
            None if view::has_loop(node) => {
                let mut value = Value::Null;
                for entry in self.map_entries(s, node).into_iter().filter(|e| e.name == name) {
                    let own = s.inside(entry.file, || self.eval(s, &entry.node));
                    value = self.cx.if_else(entry.guard, own, value);
                }
                value
            }
            None if node.text().is_some() => computed(),
            None => node.get(name).map_or(Value::Null, |value| self.eval(s, value)),
            Some(call) => match (&*call.name, call.arg.items()) {
                ("Fn::If", [condition, then, otherwise]) => {
                    let Some(condition) = condition_name(condition) else {
                        return Value::refused(NAME_FIRST, Some(s.loc(node)));
                    };
                    self.branch(s, &condition, node, (then, otherwise), |node| self.member(s, node, name))
                }
                _ => computed(),
            },
        }
    }

    /// Whether a value is what a function gives that lonekey does not know.
    fn is_other(&self, sym: SymId) -> bool {
        matches!(self.cx.node(sym), Some(SymNode::Call(func, _)) if *func == OTHER)
    }

    /// The node of a property with its file; where something chooses the properties as a whole, that.
    pub(super) fn property_node(&self, s: &Stack, entry: &Entry, name: &str) -> Option<(FileId, Node)> {
        let properties = entry.node.get("Properties")?;
        s.inside(entry.file, || {
            let own = || (entry.file, properties.clone());
            let (file, properties) = self.elsewhere(s, properties).unwrap_or_else(own);
            match view::call(&properties) {
                Some(_) => Some((file, properties)),
                None => s.inside(file, || self.entry_of(s, &properties, name)),
            }
        })
    }
}
