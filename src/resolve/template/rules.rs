//! `Rules`: assertions that the deployment makes about its parameters.
//!
//! An assertion that does not hold refuses the deployment, so its opposite is a refusal of the inputs. What asks about
//! things in the account is no constraint. Source: CloudFormation's user guide, "Rules section", "Rule functions".

use std::borrow::Cow;

use super::duplicates::Reads;
use super::text::OPEN;
use super::{Param, Stack, World, view};
use crate::key::Refused;
use crate::parse::tree::Node;
use crate::problem::{Place, Problem};
use crate::value::{Cx, Func, Guard, LeafKind, SymNode, Ty, Value};

/// Whether each of the elements of a list that nothing reads is one of these.
static EACH_IN: Func = Func::shape("Fn::EachMemberIn", Ty::Bool, |cx, f, args| match args {
    [list, all] => held(cx, list, all, false).map_or_else(|| cx.opaque(f, args), Value::Bool),
    _ => cx.opaque(f, args),
});
/// Whether one of them is.
static CONTAINS: Func = Func::shape("Fn::Contains", Ty::Bool, |cx, f, args| match args {
    [list, all] => held(cx, list, all, true).map_or_else(|| cx.opaque(f, args), Value::Bool),
    _ => cx.opaque(f, args),
});

/// When each element of a list is one of these, or `some` is; `None` where the elements are not known.
fn held(cx: &Cx, list: &Value, all: &Value, some: bool) -> Option<Guard> {
    let items = |value: &Value| -> Option<Vec<(Guard, Value)>> {
        let coll = value.as_coll().filter(|c| !c.kind.keyed())?;
        Some(coll.parts.iter().map(|p| (p.guard, p.value.clone())).collect())
    };
    let all = items(all)?;
    let among = |value: &Value| {
        let found = all.iter().map(|(there, v)| cx.and(*there, cx.equal(v, value)));
        cx.any(found)
    };
    let met = items(list)?.into_iter().map(|(there, value)| {
        if some { cx.and(there, among(&value)) } else { cx.or(cx.not(there), among(&value)) }
    });
    let met: Vec<Guard> = met.collect();
    Some(if some { cx.any(met) } else { cx.all(met) })
}

/// An assertion that cannot be decided from the template.
static ASKS_ACCOUNT: Func = Func::shape("(rule)", Ty::Bool, |_, _, _| Value::TRUE);

impl World<'_> {
    /// Adds the refusals that a template's rules make, where its stack exists.
    /// `made` is the first of its keys: where its rules refuse the stack whatever the inputs are, there is none.
    pub(super) fn rules_of(&self, s: &Stack, made: usize) {
        let before = self.sink.look(|said| said.refusals.len());
        for param in s.params.values() {
            self.close_elements(s, param);
            if let Some(reason) = param.wrong.as_ref().filter(|_| param.allows_nothing()) {
                self.sink.refuse_at(s.times.exists, param.at, reason.clone());
            }
        }
        for (file, section) in s.sections_named("Rules") {
            for (name, rule) in section.entries() {
                s.inside(file, || self.add_rule(s, name.text().unwrap_or("?"), rule));
            }
        }
        let never = self.refuse_contradiction(s, before) || {
            let always = |rules: &[Refused]| rules.iter().any(|rule| rule.when.is_true());
            self.sink.look(|said| always(said.refusals.get(before..).unwrap_or_default()))
        };
        if never && !self.rules_read_supplied(s) {
            self.never_there(made);
        }
    }

    /// Whether what the rules say depends on a value that is supplied: another one could meet them.
    fn rules_read_supplied(&self, s: &Stack) -> bool {
        // What a caller writes out, or leaves to the default, is no other.
        let constant = |name: &str| {
            let passed =
                s.caller.as_ref().map(|caller| caller.parameters.as_ref().map(|all| (all, all.get(name))));
            passed.is_some_and(|passed| match passed {
                None => true,
                Some((all, None)) => view::call(all).is_none() && !all.entries().is_empty(),
                Some((_, Some(node))) => {
                    view::call(node).is_none() && node.text().is_some_and(|t| !t.contains(['$', OPEN]))
                }
            })
        };
        let supplied = |(name, param): (&String, &Param)| {
            if constant(name) {
                return false;
            }
            let name = view::literal(name.clone(), param.at.span);
            let mut rules = s.sections_named("Rules");
            self.is_supplied(s, param) && rules.any(|(_, rules)| Reads::of(&s.doc, [rules]).reads(&name))
        };
        !self.mode.overrides() && s.params.iter().any(supplied)
    }

    /// Rules that no values of the parameters meet refuse the stack whatever the inputs are, also where no key depends
    /// on them. Of the refusals, those from `first` on are the stack's rules.
    fn refuse_contradiction(&self, s: &Stack, first: usize) -> bool {
        let places: Vec<Place> = s.params.values().map(|p| Place::At(p.at)).collect();
        let refusals = self.sink.look(|said| said.refusals.clone());
        let (others, rules) = refusals.split_at(first.min(refusals.len()));
        let mut refused: Vec<Guard> =
            others.iter().filter(|r| places.contains(&r.problem.place)).map(|r| r.when).collect();
        let open = |refused: &[Guard]| {
            let met = self.cx.not(self.cx.any(refused.iter().copied()));
            self.can_be(self.cx.and(s.times.exists, met))
        };
        let all: Vec<Guard> = refused.iter().copied().chain(rules.iter().map(|r| r.when)).collect();
        if rules.iter().any(|r| r.when.is_true()) || open(&all) {
            return false;
        }
        // The first one that contradicts those before it.
        let found = rules.iter().find(|rule| {
            refused.push(rule.when);
            !open(&refused)
        });
        let Some(rule) = found else { return false };
        let reason =
            format!("{}: no values of the parameters meet this and the rules before it", rule.problem.reason);
        let problem = Problem { reason, ..rule.problem.clone() };
        let when = s.times.exists;
        self.sink.refuse(Refused { when, problem });
        true
    }

    /// The first parameter that a rule refers to and nothing declares.
    fn undeclared<'n>(&self, s: &Stack, node: &'n Node) -> Option<Cow<'n, Node>> {
        let call = view::call(node);
        let name = call.as_ref().filter(|call| call.name == "Ref").and_then(|call| call.arg.text());
        if name.is_some_and(|name| !name.contains([':', '$', OPEN]) && !s.params.contains_key(name)) {
            return call.map(|call| call.arg);
        }
        let below =
            |arg: &Node| arg.children().find_map(|node| self.undeclared(s, node).map(Cow::into_owned));
        below(call.as_ref().map_or(node, |call| &call.arg)).map(Cow::Owned)
    }

    fn add_rule(&self, s: &Stack, name: &str, rule: &Node) {
        if let Some(node) = self.undeclared(s, rule) {
            let what = node.text().unwrap_or_default();
            let reason = format!("rule {name} refers to `{what}`, and no parameter has that name");
            return self.sink.refuse_at(s.times.exists, s.loc(&node), reason);
        }
        let when = match rule.get("RuleCondition") {
            Some(node) => self.rule(s, node),
            None => Some((Guard::TRUE, Guard::FALSE)),
        };
        let Some((when, _)) = when else { return };
        for assertion in rule.get("Assertions").map(Node::items).unwrap_or_default() {
            let Some(assert) = assertion.get("Assert") else { continue };
            let Some((_, fails)) = self.rule(s, assert) else { continue };
            let fails = self.cx.all([s.times.exists, when, fails]);
            if fails.is_false() {
                continue;
            }
            let reason = match assertion.get("AssertDescription").and_then(Node::text) {
                Some(says) => format!("rule {name} is not met: {says}"),
                None => format!("rule {name} is not met"),
            };
            self.sink.refuse_at(fails, s.loc(assert), reason);
        }
    }

    /// When an expression of a rule holds, and when it does not; `None` if that cannot be told from the template.
    /// Neither is where it is refused itself.
    fn rule(&self, s: &Stack, node: &Node) -> Option<(Guard, Guard)> {
        let value = self.condition_of(s, node, true);
        let (guard, refused) = (self.cx.truth(&value), self.cx.refused(&value));
        let fails = self.cx.not(self.cx.or(guard, refused));
        // What a parameter looks up in the account, such as the CDK's bootstrap version, is no matter of inputs.
        let looked_up =
            |sym| self.cx.leaf(sym).is_some_and(|l| l.kind == LeafKind::Deployment && l.at.is_some());
        // Two that have one name have one value.
        let both = self.cx.atom_of(guard).and_then(|atom| self.cx.equality(atom));
        if both.is_some_and(|both| both.iter().all(|v| matches!(v, Value::Sym(sym) if looked_up(*sym)))) {
            return Some((guard, fails));
        }
        if refused.is_true() {
            self.refuse(s.loc(node), &value, s.times.exists);
        }
        let undecided = refused.is_true()
            || self.cx.atoms(&[guard, fails]).into_iter().any(|atom| match self.cx.node(atom) {
                Some(SymNode::Call(func, _)) if *func == ASKS_ACCOUNT => true,
                _ => self.cx.leaves(&Value::Sym(atom)).into_iter().any(looked_up),
            });
        (!undecided).then_some((guard, fails))
    }

    pub(super) fn rule_function(&self, s: &Stack, node: &Node, name: &str, arg: &Node) -> Value {
        let undecided = || {
            let place = Value::from(format!("{}{}", s.prefix, node.span.start));
            Value::Bool(self.cx.predicate(&ASKS_ACCOUNT, &[place]))
        };
        let [a, b] = arg.items() else { return undecided() };
        let asks = |node: &Node| {
            view::call(node)
                .is_some_and(|c| matches!(&*c.name, "Fn::RefAll" | "Fn::ValueOf" | "Fn::ValueOfAll"))
        };
        if asks(a) || asks(b) {
            return undecided();
        }
        let (a, b) = (self.eval(s, a), self.eval(s, b));
        let (some, all) = match name {
            "Fn::Contains" => (true, Value::tuple([b])),
            "Fn::EachMemberEquals" => (false, Value::tuple([b])),
            "Fn::EachMemberIn" if b.as_coll().is_some_and(|c| !c.kind.keyed()) => (false, b),
            _ => return undecided(),
        };
        if a.as_coll().is_none_or(|c| c.kind.keyed()) && !matches!(a, Value::Sym(_)) {
            return undecided();
        }
        let whole =
            self.cx.truth(&self.cx.call(if some { &CONTAINS } else { &EACH_IN }, &[a.clone(), all.clone()]));
        // Of a list that is not known, what is read of it is among its elements.
        let read = match a {
            Value::Sym(list) => Value::tuple(self.elements_met(list)),
            _ => return Value::Bool(whole),
        };
        let read = held(&self.cx, &read, &all, some).unwrap_or(Guard::constant(!some));
        Value::Bool(if some { self.cx.or(whole, read) } else { self.cx.and(whole, read) })
    }
}
