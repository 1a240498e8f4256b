//! Parameters and pseudo parameters: what is free, what is supplied, and what that is.
//!
//! Everything is text; lists are lists of text, split at commas and trimmed. Source: CloudFormation's user guide,
//! "Parameters", "SSM parameter types", "Pseudo parameters reference".

use super::text::OPEN;
use super::{Kind, Param, Stack, World};
use crate::parse::tree::Node;
use crate::problem::Assumption;
use crate::span::Loc;
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::shortest::Text;
use crate::value::{CollKind, Guard, Leaf, LeafKind, Num, Part, SymId, Ty, Value};

/// What pseudo parameters match.
const PSEUDO: [(&str, &str); 2] = [
    ("AWS::AccountId", "[0-9]{12}"),
    ("AWS::StackId", "arn:[a-z-]+:cloudformation:[a-z0-9-]+:[0-9]{12}:stack/[A-Za-z0-9-]+/[^:/]+"),
];

/// A list parameter's text as its list.
pub(super) fn list_of(text: &str) -> Value {
    let items = text.split(',').map(|item| Part::item(Value::from(item.trim())));
    Value::typed(CollKind::List, Ty::Dynamic, items.collect())
}

impl World<'_> {
    /// The value of a parameter; `None` if the template declares none of that name.
    pub(super) fn parameter(&self, s: &Stack, name: &str) -> Option<Value> {
        let param = s.params.get(name)?;
        if let Some(reason) = &param.wrong {
            return Some(Value::refused(reason.clone(), Some(param.at)));
        }
        Some(self.once(s, Kind::Parameter, name, || match s.caller.is_some() {
            true => self.passed_parameter(s, param),
            false => self.root_parameter(s, param),
        }))
    }

    fn leaf_of(&self, s: &Stack, param: &Param, kind: LeafKind) -> Leaf {
        let mut leaf = Leaf::new(self.leaf_name(s, &param.name), param.ty(), kind);
        leaf.at = Some(param.at);
        leaf.listed_at = param.allowed_at;
        // A number has no other letters.
        leaf.pattern = param.pattern().map(Into::into);
        leaf.text = if param.kind == "Number" { Text::Word } else { Text::Any };
        leaf
    }

    /// The text that supplies a parameter of a root.
    fn supplied<'v>(&'v self, s: &'v Stack, param: &'v Param) -> Option<&'v String> {
        let default = param.default.as_ref().filter(|_| !s.given.computed.contains(&param.name));
        self.handed(s, param).or(default)
    }

    /// The text that something else than its default supplies.
    pub(super) fn handed<'v>(&'v self, s: &'v Stack, param: &Param) -> Option<&'v String> {
        self.typed(s, param).or_else(|| s.given.parameters.get(&param.name))
    }

    /// Where a file that the command line names supplies a parameter.
    pub(super) fn typed_at(&self, s: &Stack, param: &Param) -> Option<Loc> {
        let (flags, places) = (&self.inputs.parameters, &self.inputs.parameter_places);
        let own = format!("{}{}", s.prefix, param.name);
        let name = if flags.contains_key(&own) { &own } else { &param.name };
        places.get(name).copied()
    }

    /// The text that the command line, or a file that it names, supplies.
    pub(super) fn typed(&self, s: &Stack, param: &Param) -> Option<&String> {
        let flags = &self.inputs.parameters;
        flags.get(&format!("{}{}", s.prefix, param.name)).or_else(|| flags.get(&param.name))
    }

    /// Whether a parameter has a value that could be another one: of a nested stack, what its caller passes may be.
    pub(super) fn is_supplied(&self, s: &Stack, param: &Param) -> bool {
        s.caller.is_some() || s.given.passed.is_some() || self.supplied(s, param).is_some()
    }

    fn root_parameter(&self, s: &Stack, param: &Param) -> Value {
        if let Some(passed) = &s.given.passed {
            return self.deployed_parameter(s, param, passed);
        }
        let typed = self.typed(s, param).is_some();
        let supplied = self.supplied(s, param).filter(|text| typed || !self.set_aside(s, param, text));
        if param.is_looked_up() {
            return self.looked_up(s, param, supplied.map(String::as_str));
        }
        let mut leaf = self.leaf_of(s, param, LeafKind::Input);
        let Some(supplied) = supplied else {
            if !param.is_list() {
                leaf.closed = self.listed(param);
            }
            // What can be one value only, is that value.
            if let Some([only]) = leaf.closed.as_deref() {
                return only.clone();
            }
            let value = self.cx.leaf_value(leaf);
            if param.is_list() {
                return self.filled_list(param, value);
            }
            self.constrain(param, &value, Guard::TRUE);
            return value;
        };
        if param.is_list() {
            if !typed {
                self.sink.collection(self.leaf_name(s, &param.name));
            }
            return self.known(param, supplied, false);
        }
        self.sink.overridable();
        if !self.mode.overrides() {
            return self.known(param, supplied, false);
        }
        let given = self.kept(param, Value::from(supplied.as_str()));
        leaf.given = Some(given.clone());
        leaf.given_at = match self.handed(s, param) {
            Some(_) => self.typed_at(s, param),
            None => param.default_at,
        };
        leaf.typed = typed;
        leaf.closed = self.listed(param);
        let invalid = leaf.closed.as_mut().filter(|all| !all.contains(&given));
        match invalid {
            None => {
                let value = self.cx.leaf_value(leaf);
                self.constrain(param, &value, Guard::TRUE);
                value
            }
            Some(all) => {
                // What is given stays a point of the domain, so that it can be told from an override.
                all.push(given.clone());
                let value = self.cx.leaf_value(leaf);
                let same = self.cx.equal(&value, &given);
                let refused = self.known(param, supplied, false);
                self.cx.if_else(same, refused, value)
            }
        }
    }

    /// What is listed for each element of a list parameter that is free closes those that something reads.
    pub(super) fn close_elements(&self, s: &Stack, param: &Param) {
        let (Some(closed), Some(Value::Sym(list))) = (self.listed(param), self.parameter(s, &param.name))
        else {
            return;
        };
        let free = self.cx.leaf(list).is_some_and(|leaf| leaf.kind == LeafKind::Input);
        for leaf in self.elements_met(list).iter().filter(|_| free).flat_map(|v| self.cx.leaves(v)) {
            self.cx.refine(&self.cx.name_of(leaf), |leaf| {
                leaf.closed = Some(closed.clone());
                leaf.listed_at = param.allowed_at;
            });
        }
    }

    /// The elements of a list that is not known that something reads: by an index, or each in a loop.
    pub(super) fn elements_met(&self, list: SymId) -> Vec<Value> {
        let looped = self.elements.borrow();
        let each = looped.iter().map(|(value, _)| value).filter(|v| match v {
            Value::Sym(sym) => self.cx.element_owner(*sym) == Some(list),
            _ => false,
        });
        let each = each.cloned().collect::<Vec<_>>().into_iter();
        each.chain(self.cx.elements_read(list).into_iter().map(|(_, read)| read)).collect()
    }

    /// A free list, filled in where free collections are.
    fn filled_list(&self, param: &Param, list: Value) -> Value {
        let cx = &self.cx;
        self.sink.fillable();
        let (Value::Sym(of), Some(sizes)) = (&list, self.mode.filled()) else { return list };
        let (length, parts) = cx.filled_in(*of, sizes, |n| {
            let closed = self.listed(param);
            if let Some([only]) = closed.as_deref() {
                return Part::item(only.clone());
            }
            let element = cx.element(*of, n, sizes, Ty::String).1;
            if let Value::Sym(sym) = &element {
                cx.refine(&cx.name_of(*sym), |leaf| {
                    leaf.pattern = param.pattern().map(Into::into);
                    leaf.closed = closed;
                    leaf.listed_at = param.allowed_at;
                });
            }
            Part::item(element)
        });
        let mut there = Guard::TRUE;
        let parts = parts.into_iter().enumerate().map(|(n, part)| {
            there = cx.and(there, cx.truth(&cx.less(&Num::from_usize(n).into(), &length)));
            self.constrain(param, &part.value, there);
            Part { guard: there, ..part }
        });
        Value::typed(CollKind::List, Ty::String, parts.collect())
    }

    /// Whether what the repository supplies counts as free: the parameter's own constraints do not allow it, which is
    /// said, or something else refuses it, which whoever found that says.
    fn set_aside(&self, s: &Stack, param: &Param, text: &str) -> bool {
        if self.is_free(s, param) {
            return true;
        }
        let Value::Refused(refusal) = self.known(param, text, false) else { return false };
        let reason = format!("{}, so another one will be supplied: it counts as free", refusal.reason);
        self.sink.assume(Assumption { reason, place: param.at.into() });
        true
    }

    fn is_free(&self, s: &Stack, param: &Param) -> bool {
        self.inputs.previous.contains(&param.name)
            || self.inputs.free.contains(&self.leaf_name(s, &param.name))
    }

    /// Whether a parameter's default is what the deployment would use, where nothing else gives a value.
    pub(super) fn has_default(&self, s: &Stack, param: &Param) -> bool {
        let allows = |text: &String| !matches!(self.known(param, text, false), Value::Refused(_));
        s.caller.is_some() || !self.is_free(s, param) && param.default.as_ref().is_none_or(allows)
    }

    /// Makes a refusal of the values that a parameter's constraints do not allow.
    fn constrain(&self, param: &Param, value: &Value, when: Guard) {
        let when = self.cx.and(when, param.disallows(&self.cx, value));
        let reason = format!("this is not a value that the parameter {} allows", param.name);
        self.sink.refuse_at(when, param.at, reason);
    }

    /// Parameters that look up one key have one value, in nested stacks too, which is that of a dynamic reference.
    fn looked_up(&self, s: &Stack, param: &Param, key: Option<&str>) -> Value {
        let mut leaf = self.leaf_of(s, param, LeafKind::Deployment);
        if let Some(key) = key.filter(|_| !param.secret) {
            let root = self.stack(s.root).map(|root| root.prefix.clone()).unwrap_or_default();
            let each = if param.is_list() { "[]" } else { "" };
            leaf.name = format!("{root}{{{{resolve:ssm:{key}}}}}{each}").into();
        }
        self.cx.leaf_value(leaf)
    }

    /// A value that is written down: refused where the parameter does not allow it.
    fn known(&self, param: &Param, text: &str, secret: bool) -> Value {
        let bad = |item: &str| {
            let item = if secret || param.secret { SENSITIVE.into() } else { format!("`{item}`") };
            let reason = format!("{item} is not a value that the parameter {} allows", param.name);
            Value::refused(reason, Some(param.at))
        };
        if param.is_list() {
            let list = list_of(text);
            let items = text.split(',').map(str::trim);
            return items.into_iter().find(|i| !param.allows(i)).map_or_else(|| self.kept(param, list), bad);
        }
        if param.allows(text) { self.kept(param, self.text(text)) } else { bad(text) }
    }

    /// A value of a parameter, marked where it is a secret.
    fn kept(&self, param: &Param, value: Value) -> Value {
        if param.secret { self.not_shown(&value) } else { value }
    }

    /// Every value that a parameter may have, where they are listed.
    fn listed(&self, param: &Param) -> Option<Vec<Value>> {
        Some(param.closed()?.into_iter().map(|value| self.kept(param, value)).collect())
    }

    fn passed_parameter(&self, s: &Stack, param: &Param) -> Value {
        let caller = s.caller.as_ref();
        let passed = caller.and_then(|c| c.parameters.as_ref());
        let parent = caller.and_then(|c| self.stack(c.stack));
        let (Some(passed), Some(parent)) = (passed, parent) else { return self.default_of(s, param) };
        let value = self.member(&parent, passed, &param.name);
        let place = passed.get(&param.name).unwrap_or(passed);
        if param.secret {
            self.files.hide(parent.loc(place));
        }
        let given = self.cx.map(&value, |value| self.given_value(s, param, value));
        self.located(given, &parent, place)
    }

    /// The default of a parameter that nobody passes; refused where it has none.
    fn default_of(&self, s: &Stack, param: &Param) -> Value {
        match &param.default {
            Some(text) if param.is_looked_up() => self.looked_up(s, param, Some(text)),
            Some(text) if text.contains(OPEN) => match self.text(text) {
                Value::Null => Value::Null,
                value => self.cx.map(&value, |value| self.given_value(s, param, value)),
            },
            Some(text) => self.known(param, text, false),
            None => {
                let what = if s.caller.is_some() { "nested stack" } else { "stack" };
                let reason = format!("the {what}'s parameter {} gets no value", param.name);
                Value::refused(reason, s.calls.last().copied())
            }
        }
    }

    /// One alternative of a value that is passed: null is the default, what the parameter does not allow is refused.
    pub(super) fn given_value(&self, s: &Stack, param: &Param, value: &Value) -> Value {
        let value = &self.kept(param, value.clone());
        match value {
            Value::Null => self.default_of(s, param),
            _ if param.is_looked_up() => {
                self.looked_up(s, param, value.as_str().filter(|_| self.cx.mark_of(value).is_none()))
            }
            Value::String(text) => match self.cx.mark_of(value) {
                None => self.known(param, text, false),
                Some(Mark::Sensitive) => self.not_shown(&self.known(param, text, true)),
                Some(_) => self.cx.marked_as(value, self.known(param, text, true)),
            },
            list if s.caller.is_some() && self.is_a_list(list) => {
                let reason =
                    format!("a list is passed for the parameter {}; a stack is passed text", param.name);
                Value::refused(reason, s.calls.last().copied())
            }
            Value::Coll(_) if param.is_list() => value.clone(),
            _ if param.is_list() => self.split(&Value::from(","), value, true),
            _ => {
                let text = self.cx.to_text(value);
                let Some(all) = param.closed() else {
                    self.constrain(param, &text, s.times.exists);
                    self.hold_passed(s, param, &text);
                    return text;
                };
                self.hold_passed(s, param, &text);
                let fits: Vec<_> = all.iter().map(|v| self.cx.equal(&text, v)).collect();
                let reason = format!("this is not a value that the parameter {} allows", param.name);
                let refused = Value::refused(reason, Some(param.at));
                self.cx.if_else(self.cx.any(fits), text, refused)
            }
        }
    }

    /// An input that is passed to a stack which is always there has values that the parameter allows.
    fn hold_passed(&self, s: &Stack, param: &Param, text: &Value) {
        let Some(leaf) = (if let Value::Sym(sym) = text { self.cx.leaf(*sym) } else { None }) else { return };
        if !s.times.exists.is_true() || leaf.closed.is_some() {
            return;
        }
        let closed = self.listed(param).filter(|all| leaf.given.as_ref().is_none_or(|g| all.contains(g)));
        self.cx.refine(&leaf.name, |leaf| {
            leaf.pattern = leaf.pattern.take().or_else(|| param.pattern().map(Into::into));
            if closed.is_some() {
                leaf.closed = closed;
                leaf.listed_at = param.allowed_at;
            }
        });
    }

    /// A pseudo parameter; `None` if there is none of that name.
    pub(super) fn pseudo(&self, s: &Stack, name: &str) -> Option<Value> {
        // Nested stacks are in their root's account and region, and have names of their own.
        let root = self.stack(s.root);
        let root = root.as_deref().unwrap_or(s);
        let (owner, known) = match name {
            "AWS::NoValue" => return Some(Value::Null),
            "AWS::AccountId" => (root, root.given.account.clone()),
            "AWS::Region" => (root, root.given.region.clone()),
            "AWS::Partition" | "AWS::URLSuffix" => (root, None),
            "AWS::StackName" => (s, s.given.name.clone()),
            "AWS::StackId" | "AWS::NotificationARNs" => (s, None),
            _ => return None,
        };
        let ty = if name == "AWS::NotificationARNs" { Ty::List(Box::new(Ty::String)) } else { Ty::String };
        // Stacks that are resolved together outside of an assembly are so because they share account and region.
        let own = name.starts_with("AWS::Stack") || name == "AWS::NotificationARNs";
        let called = if own { self.leaf_name(owner, name) } else { format!("{}{name}", owner.prefix) };
        let mut leaf = Leaf::new(called, ty, LeafKind::Deployment);
        leaf.pattern = PSEUDO.iter().find(|(own, _)| *own == name).map(|(_, pattern)| (*pattern).into());
        let known = known.filter(|_| !self.inputs.free.contains(&*leaf.name));
        let Some(known) = known else { return Some(self.cx.leaf_value(leaf)) };
        // The regions of a stack set are written there; one may be computed.
        if root.caller.is_some() || root.given.passed.is_some() {
            return Some(self.text(&known));
        }
        self.sink.overridable();
        if !self.mode.overrides() {
            return Some(Value::from(known));
        }
        leaf.given = Some(Value::from(known));
        Some(self.cx.leaf_value(leaf))
    }

    /// Reads a parameter, a pseudo parameter, or a resource by its name.
    pub(super) fn reference(&self, s: &Stack, name: &str, at: &Node) -> Value {
        if let Some(value) = self.parameter(s, name).or_else(|| self.pseudo(s, name)) {
            return value;
        }
        if self.is_open(s, name) {
            let wrong = || self.resource(s, name, None, at);
            return self.named_by(&self.text(name), &|| self.names(s, true), &wrong, &|own| {
                self.reference(s, own, at)
            });
        }
        self.resource(s, name, None, at)
    }
}
