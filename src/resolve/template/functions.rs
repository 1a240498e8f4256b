//! Intrinsic functions over values.
//!
//! Unknown arguments give symbols that are equal when the same function is called with the same arguments. Source:
//! CloudFormation's template reference, "Intrinsic functions", and recorded behaviour of the service for the corners
//! (NoValue in lists).

use super::lists::{JOIN, SELECT, SPLIT, SPLIT_LIST, ZONES};
use super::resources::OTHER;
use super::text::is_marker;
use super::{Entry, Kind, Stack, World, resources, scalar, view};
use crate::parse::tree::{Node, NodeKind};
use crate::problem::ProblemKind;
use crate::value::ask::Ask;
use crate::value::limits::{STEPS, TEMPLATE_DEPTH};
use crate::value::marks::{Mark, SENSITIVE};
use crate::value::{CollKind, Cx, Func, Guard, Part, SymNode, Ty, Value};

pub(super) static IMPORT: Func = Func::shape("Fn::ImportValue", Ty::String, Cx::opaque);
pub(super) static STACK_OUTPUT: Func = Func::shape("Fn::GetStackOutput", Ty::String, Cx::opaque);

impl World<'_> {
    /// The value of a node. Null is `AWS::NoValue`.
    pub(super) fn eval(&self, s: &Stack, node: &Node) -> Value {
        if let Some((file, written)) = self.elsewhere(s, node) {
            let value = s.inside(file, || self.eval(s, &written));
            return match node.text() {
                // A setting that a variable of the Serverless Framework reads from another file, maybe a secret.
                Some(variable) if file != s.file => self.cx.hidden(&value, Mark::Decoded, variable),
                _ => value,
            };
        }
        if let Some(snippet) = self.unread(s, node) {
            return self.cx.call(&OTHER, &[Value::from("AWS::Include"), Value::from(snippet)]);
        }
        let depth = self.depth.get();
        if depth >= TEMPLATE_DEPTH.most {
            self.budget(s.loc(node), &TEMPLATE_DEPTH);
            let span = view::span(node);
            let place = Value::from(format!("{}..{} of {}", span.start, span.end, s.prefix));
            return self.cx.opaque(&OTHER, &[Value::from("(too deep)"), place]);
        }
        if self.cx.out_of_steps() {
            self.budget(s.loc(node), &STEPS);
            return self.cx.beyond(&STEPS, Ty::Dynamic, &[]);
        }
        self.cx.spend(1);
        self.depth.set(depth + 1);
        let value = match view::call(node) {
            Some(call) => match self.argument(s, &call.arg) {
                Some((file, arg)) => s.inside(file, || self.function(s, node, &call.name, &arg)),
                None => self.function(s, node, &call.name, &call.arg),
            },
            None => self.plain(s, node),
        };
        self.depth.set(depth);
        if let Some(limit) = self.cx.take_spent() {
            self.budget(s.loc(node), limit);
        }
        value
    }

    fn plain(&self, s: &Stack, node: &Node) -> Value {
        match &node.kind {
            NodeKind::Scalar(..) => match scalar::read(node) {
                Some(text) if text.contains("${") => self.filled_text(s.file, &text, s.loc(node)),
                Some(text) => self.text(&text),
                None => Value::Null,
            },
            NodeKind::Seq(items) => {
                let part = |item: &Node| Part::item(self.eval(s, item)).written(s.loc(item));
                let parts = items.iter().map(part).collect();
                self.compact(CollKind::List, parts)
            }
            NodeKind::Map(_) if view::has_loop(node) => {
                let parts = self.map_entries(s, node).iter().map(|entry| self.entry_part(s, entry)).collect();
                self.compact(CollKind::Object, parts)
            }
            NodeKind::Map(entries) => {
                let parts = entries
                    .iter()
                    .filter_map(|(key, value)| {
                        let key = scalar::read(key)?;
                        let known = if is_marker(&key) { self.text(&key) } else { Value::Null };
                        let key = if known.as_str().is_some() { known } else { Value::from(key) };
                        Some(Part::entry(key, self.eval(s, value)))
                    })
                    .collect();
                self.compact(CollKind::Object, parts)
            }
        }
    }

    fn entry_part(&self, s: &Stack, entry: &Entry) -> Part {
        let value = s.inside(entry.file, || self.eval(s, &entry.node));
        Part { guard: entry.guard, ..Part::entry(Value::from(entry.name.as_str()), value) }
    }

    /// A container without the parts that are `AWS::NoValue`, there where they are.
    fn compact(&self, kind: CollKind, parts: Vec<Part>) -> Value {
        let parts = parts
            .into_iter()
            .map(|mut part| {
                let null = self.cx.null(&part.value);
                if !null.is_false() {
                    part.guard = self.cx.and(part.guard, self.cx.not(null));
                    part.value = self.without_null(&part.value);
                }
                part
            })
            .collect();
        self.cx.container(kind, Ty::Dynamic, parts)
    }

    /// A map with the entries of another one of its name, which stands in another file.
    fn with_entries(&self, map: &Value, more: &Value) -> Value {
        let (Value::Coll(map), Value::Coll(more)) = (map, more) else { return more.clone() };
        let own = map.parts.iter().filter(|part| more.parts.iter().all(|other| other.key != part.key));
        self.compact(CollKind::Object, own.chain(&more.parts).cloned().collect())
    }

    /// The alternatives that are not null, for a place that is only looked at where the value is not.
    fn without_null(&self, value: &Value) -> Value {
        let Value::Choice(alternatives) = value else { return value.clone() };
        let rest = alternatives.iter().filter(|(_, v)| *v != Value::Null).cloned().collect();
        self.closed_choice(rest)
    }

    /// Alternatives that are exhaustive where they are looked at, as alternatives that are exhaustive everywhere.
    pub(super) fn closed_choice(&self, mut rest: Vec<(Guard, Value)>) -> Value {
        if let Some((last, others)) = rest.split_last_mut() {
            last.0 = self.cx.not(self.cx.any(others.iter().map(|(g, _)| *g)));
        }
        self.cx.choice(rest)
    }

    fn function(&self, s: &Stack, node: &Node, name: &str, arg: &Node) -> Value {
        let wrong = |says: &str| Value::refused(format!("{name} takes {says}"), Some(s.loc(node)));
        match name {
            "Ref" => {
                let names = || self.names(s, true);
                self.named(s, arg, &names, &|| wrong("a name"), &|name| self.reference(s, name, node))
            }
            "Fn::GetAtt" => self.get_att(s, node, arg),
            "Fn::Sub" => self.sub(s, node, arg),
            "Fn::Join" | "Fn::Split" if arg.items().first().is_some_and(|by| view::call(by).is_some()) => {
                wrong("a delimiter that is written out")
            }
            "Fn::Join" => match arg.items() {
                [by, list] => {
                    let args = [self.eval(s, by), self.eval(s, list)];
                    self.reread(&self.located(self.cx.call(&JOIN, &args), s, node))
                }
                _ => wrong("a delimiter and a list"),
            },
            "Fn::Split" => match arg.items() {
                [by, text] => {
                    let (by, text) = (self.eval(s, by), self.eval(s, text));
                    self.located(self.split(&by, &text, false), s, node)
                }
                _ => wrong("a delimiter and a string"),
            },
            "Fn::Select" => match arg.items() {
                [index, list] => {
                    let (index, list) = (self.eval(s, index), self.eval(s, list));
                    let found = self.cx.call(&SELECT, &[list, index.clone()]);
                    let found = self.located(self.feasible(found, Guard::TRUE), s, node);
                    if self.cx.refused(&found).is_true() {
                        self.sink.short();
                    }
                    self.chosen_by(&[index], found)
                }
                _ => wrong("an index and a list"),
            },
            "Fn::If" => match arg.items() {
                [name, then, otherwise] => match resources::condition_name(name) {
                    Some(name) => self.branch(s, &name, node, (then, otherwise), |node| self.eval(s, node)),
                    None => Value::refused(resources::NAME_FIRST, Some(s.loc(node))),
                },
                _ => wrong("a condition and two values"),
            },
            "Fn::Length" | "Fn::ToJsonString" if !self.is_extended(s) => self.needs_extensions(s, node, name),
            "Fn::FindInMap" => self.find_in_map(s, node, arg),
            "Fn::Length" => {
                let length = self.cx.length(&self.eval(s, arg));
                self.located(self.cx.to_text(&length), s, node)
            }
            "Fn::ImportValue" => self.import(s, node, &self.eval(s, arg)),
            "Fn::GetStackOutput" => self.stack_output(s, node, arg),
            "Fn::ToJsonString" => self.to_json(s, arg),
            "Fn::Base64" => self.to_base64(s, node, arg),
            "Fn::Cidr" => self.to_blocks(s, node, arg),
            "Fn::GetAZs" => self.cx.call(&ZONES, &[self.eval(s, arg)]),
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                Value::refused(format!("{name} may stand in a condition only"), Some(s.loc(node)))
            }
            "Condition" => self.plain(s, node),
            _ => {
                let reason = match (name, arg.get("Name").and_then(Node::text)) {
                    ("Fn::Transform", Some(name)) => {
                        let name = self.shown(name);
                        format!(
                            "what the macro `{name}` makes here is not known; it was taken for one unknown value"
                        )
                    }
                    _ => {
                        format!("`{name}` is no function that lonekey knows; its value was taken for unknown")
                    }
                };
                self.problem(ProblemKind::UnknownMacro, s.loc(node), reason);
                self.cx.call(&OTHER, &[Value::from(name), self.eval(s, arg)])
            }
        }
    }

    /// The name in a place that holds one: text, or with the language extensions a function with a known result.
    pub(super) fn name(&self, s: &Stack, node: &Node) -> Option<String> {
        match view::call(node) {
            // As written: `On` is a name, and so is what declares it.
            None => node.text().filter(|_| scalar::read(node).is_some()).map(String::from),
            // A secret names nothing: what refers to it would have to be told by it.
            Some(_) => {
                let value = self.eval(s, node);
                value.as_str().filter(|_| self.may_be_shown(&value)).map(String::from)
            }
        }
    }

    /// Whether a text may stand in a name that is shown.
    pub(super) fn may_be_shown(&self, value: &Value) -> bool {
        value.as_str().is_some_and(|text| self.cx.name_text(value).as_deref() == Some(text))
    }

    /// What the name in such a place leads to.
    pub(super) fn named(
        &self,
        s: &Stack,
        node: &Node,
        names: &dyn Fn() -> Vec<String>,
        wrong: &dyn Fn() -> Value,
        of: &dyn Fn(&str) -> Value,
    ) -> Value {
        match view::call(node) {
            None => self.name(s, node).map_or_else(wrong, |name| of(&name)),
            Some(_) if !self.is_extended(s) => {
                self.needs_extensions(s, node, "a function in the place of a name")
            }
            Some(_) => self.named_by(&self.eval(s, node), names, wrong, of),
        }
    }

    /// What a name leads to that is a value: one that inputs or a file give is one of `names`, or refused.
    pub(super) fn named_by(
        &self,
        name: &Value,
        names: &dyn Fn() -> Vec<String>,
        wrong: &dyn Fn() -> Value,
        of: &dyn Fn(&str) -> Value,
    ) -> Value {
        let is_one = |text: &str| text.contains("::") || names().iter().any(|own| own == text);
        self.cx.map(&self.cx.listed(name), |name| match name {
            Value::String(text) if self.cx.mark_of(name).is_none() => of(text),
            Value::String(text) if self.may_be_shown(name) && is_one(text) => of(text),
            Value::Sym(_) => {
                names().iter().fold(wrong(), |other, own| match self.cx.equal(name, &self.text(own)) {
                    never if never.is_false() => other,
                    this => self.cx.if_else(this, of(own), other),
                })
            }
            _ => wrong(),
        })
    }

    /// The names of a stack's resources, and of its parameters if those count.
    pub(super) fn names(&self, s: &Stack, parameters: bool) -> Vec<String> {
        let resources = self.section(s, "Resources");
        let mut names: Vec<String> = resources.by_name.keys().cloned().collect();
        names.extend(s.params.keys().filter(|_| parameters).cloned());
        names.sort_unstable();
        names
    }

    /// Whether a template may use the language extensions. What another transform makes is not known.
    fn is_extended(&self, s: &Stack) -> bool {
        s.language_extensions || s.sections_named("Transform").next().is_some()
    }

    fn needs_extensions(&self, s: &Stack, node: &Node, what: &str) -> Value {
        let reason =
            format!("{what} needs the transform AWS::LanguageExtensions, which this template does not name");
        Value::refused(reason, Some(s.loc(node)))
    }

    /// Whether a value is a list, known or not.
    pub(super) fn is_a_list(&self, value: &Value) -> bool {
        match value {
            Value::Coll(coll) => !coll.kind.keyed(),
            Value::Sym(sym) => match self.cx.node(*sym) {
                Some(SymNode::Call(func, _)) => func.gives.is_some(),
                _ => self.cx.type_of(*sym).elements().is_some(),
            },
            _ => false,
        }
    }

    pub(super) fn split(&self, by: &Value, text: &Value, trim: bool) -> Value {
        self.cx.call(if trim { &SPLIT_LIST } else { &SPLIT }, &[by.clone(), text.clone()])
    }

    /// The same value without the refusals that no inputs lead to (a map that has a key for each allowed value).
    pub(super) fn feasible(&self, value: Value, within: Guard) -> Value {
        let Value::Choice(alternatives) = &value else { return value };
        let possible = |(guard, value): &&(Guard, Value)| {
            !matches!(value, Value::Refused(_)) || self.can_be(self.cx.and(within, *guard))
        };
        let rest: Vec<(Guard, Value)> = alternatives.iter().filter(possible).cloned().collect();
        if rest.len() == alternatives.len() || rest.is_empty() { value } else { self.closed_choice(rest) }
    }

    /// Whether any inputs make a guard hold; past the budget they may.
    pub(super) fn can_be(&self, guard: Guard) -> bool {
        let ask = || Ask::new(&self.cx, &[guard])?.can_hold(guard);
        !guard.is_false() && (guard.is_true() || ask().unwrap_or(true))
    }

    /// Gives refusals without a place this one.
    pub(super) fn located(&self, value: Value, s: &Stack, node: &Node) -> Value {
        self.cx.located(value, s.loc(node))
    }

    /// `Fn::If`: only what can be chosen is evaluated, and what a secret chooses is not shown.
    pub(super) fn branch(
        &self,
        s: &Stack,
        name: &str,
        at: &Node,
        (then, otherwise): (&Node, &Node),
        of: impl Fn(&Node) -> Value,
    ) -> Value {
        let condition = self.condition(s, name, at);
        let chosen = self.cx.map(&condition, |value| match value.as_guard() {
            Some(guard) if guard.is_true() => of(then),
            Some(guard) if guard.is_false() => of(otherwise),
            Some(guard) => self.cx.if_else(guard, of(then), of(otherwise)),
            None => value.clone(),
        });
        if self.tells_a_secret(s, name) { self.not_shown(&chosen) } else { chosen }
    }

    /// A value with the strongest mark of what chose it among others: which one it is says what that is.
    fn chosen_by(&self, keys: &[Value], value: Value) -> Value {
        let secret = |key: &Value| self.cx.mark_within(key) == Some(Mark::Sensitive);
        if keys.iter().any(secret) { self.not_shown(&value) } else { value }
    }

    /// A value that is not shown.
    pub(super) fn not_shown(&self, value: &Value) -> Value {
        self.cx.hidden(value, Mark::Sensitive, SENSITIVE)
    }

    /// Whether a function stands where these keys lead in the mappings, if they are written out.
    fn maps_to_a_function(s: &Stack, keys: [&Node; 3]) -> bool {
        let below = |node: &Node, key: &&Node| node.get(key.text()?).cloned();
        let found = s.sections_named("Mappings").filter_map(|(_, mappings)| {
            keys.iter().try_fold(mappings.clone(), |node, key| below(&node, key))
        });
        found.into_iter().any(|node| {
            view::call(&node).is_some() || node.items().iter().any(|item| view::call(item).is_some())
        })
    }

    fn find_in_map(&self, s: &Stack, node: &Node, arg: &Node) -> Value {
        let [map, top, second, rest @ ..] = arg.items() else {
            return Value::refused("Fn::FindInMap takes a map and two keys", Some(s.loc(node)));
        };
        let plain_key =
            |key: &&Node| view::call(key).is_none_or(|call| matches!(&*call.name, "Ref" | "Fn::FindInMap"));
        if !self.is_extended(s) && (!rest.is_empty() || ![map, top, second].iter().all(plain_key)) {
            let what =
                if rest.is_empty() { "this function in Fn::FindInMap" } else { "a default of Fn::FindInMap" };
            return self.needs_extensions(s, node, what);
        }
        if !self.is_extended(s) && Self::maps_to_a_function(s, [map, top, second]) {
            let reason = "what a mapping maps to is text or a list, and no function";
            return Value::refused(reason, Some(s.loc(node)));
        }
        let mappings = self.once(s, Kind::Mappings, "", || {
            let mut parts: Vec<Part> = Vec::new();
            // Their parts were merged there.
            if self.serverless.get() {
                parts.extend(
                    self.section(s, "Mappings").entries.iter().map(|entry| self.entry_part(s, entry)),
                );
                return self.compact(CollKind::Object, parts);
            }
            for (file, node) in s.sections_named("Mappings") {
                let Value::Coll(coll) = s.inside(file, || self.plain(s, node)) else { continue };
                let before = parts.len();
                for part in &coll.parts {
                    match parts.iter_mut().take(before).find(|known| known.key == part.key) {
                        Some(known) => known.value = self.with_entries(&known.value, &part.value),
                        None => parts.push(part.clone()),
                    }
                }
            }
            self.compact(CollKind::Object, parts)
        });
        let mut found = mappings;
        let keys = [map, top, second].map(|key| self.eval(s, key));
        for key in &keys {
            found = self.cx.index(&found, key);
        }
        let found = self.feasible(found, Guard::TRUE);
        let default = rest.first().and_then(|d| d.get("DefaultValue"));
        let found = match default {
            None => self.located(found, s, node),
            Some(_) if self.cx.refused(&found).is_false() => found,
            Some(default) => {
                // The default is for a key that is not in the map, not for a key that is refused itself.
                let refused = self.cx.any(keys.iter().map(|key| self.cx.refused(key)));
                let default = self.eval(s, default);
                let all = self.cx.alternatives(&found).into_iter().map(|(g, v)| match v {
                    Value::Refused(_) => (g, self.cx.if_else(refused, v.clone(), default.clone())),
                    other => (g, other),
                });
                self.located(self.cx.choice(all.collect()), s, node)
            }
        };
        self.chosen_by(&keys, found)
    }
}
