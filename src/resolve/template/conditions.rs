//! Conditions: guards over parameters.
//!
//! `Fn::Equals` compares text, case-sensitively. Operands that are no text (a list beside a string, NoValue) and two
//! spellings of one number, but for two texts between quotes, are not decided but stay open. Source: CloudFormation's
//! template reference, "Condition functions"; recorded behaviour of the service.

use super::lists::{cut_of, never_is};
use super::scalar::same_number;
use super::text::{OPEN, SubPart, sub_parts};
use super::{Kind, Stack, World, view};
use crate::parse::tree::{Node, NodeKind, Style};
use crate::value::limits::TEMPLATE_DEPTH;
use crate::value::marks::Mark;
use crate::value::{Cx, Func, Ty, Value};

static EQUALS: Func = Func::shape("Fn::Equals", Ty::Bool, equals_args);
static AND: Func = Func::shape("Fn::And", Ty::Bool, |cx, _, args| {
    Value::Bool(cx.all(args.iter().filter_map(Value::as_guard)))
});
static OR: Func = Func::shape("Fn::Or", Ty::Bool, |cx, _, args| {
    Value::Bool(cx.any(args.iter().filter_map(Value::as_guard)))
});

fn equals_args(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let [a, b] = args else { return Value::refused("Fn::Equals takes two values", None) };
    let listed = |v: &Value| match v {
        Value::Coll(_) => Some(true),
        Value::Sym(sym) => match cx.type_of(*sym) {
            // A piece of a text, and a zone or an address of a list of them, is text.
            Ty::Dynamic => cut_of(cx, *sym).map(|_| false),
            ty => Some(!ty.is_scalar()),
        },
        _ => Some(false),
    };
    let open = match (a, b) {
        (Value::Null, _) | (_, Value::Null) => true,
        (Value::String(x), Value::String(y)) => same_number(x, y),
        _ => a != b && listed(a) != listed(b),
    };
    match open {
        true => Value::Bool(cx.predicate(f, args)),
        false if never_is(cx, a, b) || never_is(cx, b, a) => Value::FALSE,
        false => cx.eq(a, b),
    }
}

/// Whether a node is written between quotes: what it says is text, and no number.
fn is_quoted(node: &Node) -> bool {
    matches!(&node.kind, NodeKind::Scalar(_, Style::SingleQuoted | Style::DoubleQuoted))
}

impl World<'_> {
    /// Whether a tree asks for what is not there when conditions are decided: exports and resources.
    fn asks_deployment(&self, s: &Stack, node: &Node) -> bool {
        let resource = |name: &str| {
            let name = name.split('.').next().unwrap_or(name);
            !s.params.contains_key(name)
                && s.sections_named("Resources").any(|(_, all)| all.get(name).is_some())
        };
        let call = view::call(node);
        let arg = call.as_ref().map_or(node, |call| &call.arg);
        let asks = match call.as_ref().map_or("", |call| &call.name) {
            "Fn::ImportValue" | "Fn::GetAtt" => true,
            "Ref" => arg.text().is_some_and(resource),
            "Fn::Sub" => {
                let (text, own) = (arg.items().first().unwrap_or(arg), arg.items().get(1));
                sub_parts(text.text().unwrap_or("")).iter().any(|(_, part)| match part {
                    SubPart::Name(name) => own.is_none_or(|own| own.get(name).is_none()) && resource(name),
                    _ => false,
                })
            }
            _ => false,
        };
        asks || arg.children().any(|child| self.asks_deployment(s, child))
    }

    /// Whether a secret decides a named condition, directly or through others.
    pub(super) fn tells_a_secret(&self, s: &Stack, name: &str) -> bool {
        let told = self.once(s, Kind::Secret, name, || {
            let section = self.section(s, "Conditions");
            let found = section.named(name);
            let told = match found {
                Some(entry) => s.inside(entry.file, || self.is_told_by_a_secret(s, &entry.node)),
                // It is any of them.
                None if name.contains(OPEN) => {
                    let known = section.by_name.keys().filter(|own| !own.contains(OPEN));
                    self.cx.mark_within(&self.text(name)) == Some(Mark::Sensitive)
                        || known.into_iter().any(|own| self.tells_a_secret(s, own))
                }
                None => false,
            };
            Value::from(told)
        });
        told == Value::TRUE
    }

    /// Conditions that are too deep to be followed may be.
    fn is_told_by_a_secret(&self, s: &Stack, node: &Node) -> bool {
        let depth = self.depth.get();
        if depth >= TEMPLATE_DEPTH.most {
            return true;
        }
        self.depth.set(depth + 1);
        let told = self.is_told(s, node);
        self.depth.set(depth);
        told
    }

    fn is_told(&self, s: &Stack, node: &Node) -> bool {
        if let Some((file, node)) = self.elsewhere(s, node) {
            return s.inside(file, || self.is_told_by_a_secret(s, &node));
        }
        let Some(call) = view::call(node) else { return false };
        let mut items = call.arg.items().iter();
        match &*call.name {
            "Condition" => self.name(s, &call.arg).is_some_and(|name| self.tells_a_secret(s, &name)),
            "Fn::Equals" => {
                items.any(|item| self.cx.mark_within(&self.eval(s, item)) == Some(Mark::Sensitive))
            }
            _ => items.any(|item| self.is_told_by_a_secret(s, item)),
        }
    }

    /// The truth of a named condition: a bool, refusals included.
    pub(super) fn condition(&self, s: &Stack, name: &str, at: &Node) -> Value {
        let value = self.once(s, Kind::Condition, name, || {
            let section = self.section(s, "Conditions");
            let found = section.named(name);
            let none = || Value::refused(format!("there is no condition named `{}`", self.shown(name)), None);
            match found {
                Some(entry) => s.inside(entry.file, || self.condition_of(s, &entry.node, false)),
                // The element of a loop in it is not known.
                None if name.contains(OPEN) => self.condition_by(s, &self.text(name), at, &none),
                None => none(),
            }
        });
        self.located(value, s, at)
    }

    /// The truth of a condition whose name is a value.
    pub(super) fn condition_by(
        &self,
        s: &Stack,
        name: &Value,
        at: &Node,
        wrong: &dyn Fn() -> Value,
    ) -> Value {
        let names = || {
            let mut names: Vec<String> = self.section(s, "Conditions").by_name.keys().cloned().collect();
            names.sort_unstable();
            names
        };
        self.named_by(name, &names, wrong, &|own| self.condition(s, own, at))
    }

    /// The truth of a condition's expression; with `rules`, of an assertion's.
    pub(super) fn condition_of(&self, s: &Stack, node: &Node, rules: bool) -> Value {
        let depth = self.depth.get();
        if depth >= TEMPLATE_DEPTH.most {
            // Goes through the place that reports it.
            return self.cx.eq(&self.eval(s, node), &Value::from("(too deep)"));
        }
        self.depth.set(depth + 1);
        let value = self.condition_call(s, node, rules);
        self.depth.set(depth);
        value
    }

    fn condition_call(&self, s: &Stack, node: &Node, rules: bool) -> Value {
        if let Some((file, node)) = self.elsewhere(s, node) {
            return s.inside(file, || self.condition_of(s, &node, rules));
        }
        let wrong = |reason: String| Value::refused(reason, Some(s.loc(node)));
        let Some(call) = view::call(node) else {
            return wrong("a condition is a condition function or `Condition` with a name".into());
        };
        let operands = || -> Vec<Value> {
            call.arg.items().iter().map(|item| self.condition_of(s, item, rules)).collect()
        };
        match (&*call.name, call.arg.items().len()) {
            ("Condition", _) if rules => wrong("Condition is no function of rules".into()),
            ("Condition", _) => match view::call(&call.arg) {
                Some(_) => self.condition_by(s, &self.eval(s, &call.arg), node, &|| {
                    wrong("`Condition` takes a name".into())
                }),
                None => match self.name(s, &call.arg) {
                    Some(name) => self.condition(s, &name, node),
                    None => wrong("`Condition` takes a name".into()),
                },
            },
            ("Fn::Equals", 2) if call.arg.items().iter().any(|item| self.asks_deployment(s, item)) => {
                wrong("a condition may not ask for exports or resources".into())
            }
            ("Fn::Equals", 2) => {
                let items = call.arg.items();
                let values: Vec<Value> = items
                    .iter()
                    .map(|item| self.located(self.cx.listed(&self.eval(s, item)), s, item))
                    .collect();
                let same = match values.as_slice() {
                    [a @ Value::String(_), b @ Value::String(_)] if items.iter().all(is_quoted) => {
                        self.cx.eq(a, b)
                    }
                    _ => self.cx.call(&EQUALS, &values),
                };
                self.located(same, s, node)
            }
            ("Fn::Equals", _) => wrong("Fn::Equals takes two values".into()),
            ("Fn::And", 2..=10) => self.cx.call(&AND, &operands()),
            ("Fn::Or", 2..=10) => self.cx.call(&OR, &operands()),
            ("Fn::And" | "Fn::Or", _) => wrong(format!("{} takes two to ten conditions", call.name)),
            ("Fn::Not", 1) => {
                let inner = call.arg.items().first().map(|item| self.condition_of(s, item, rules));
                self.cx.negate(&inner.unwrap_or(Value::Null))
            }
            ("Fn::Not", _) => wrong("Fn::Not takes a list of one condition".into()),
            (name, _) if rules => self.rule_function(s, node, name, &call.arg),
            (name, _) => wrong(format!("{name} is no condition")),
        }
    }
}
