//! Where values were written: the very node that a value goes back to, and the way to a key.
//!
//! Answers: which line is edited so that `!Ref User` is another name, or `Condition: Rotating` does not hold? A parameter
//! leads to what the parent stack passes, or to its default.

use std::collections::HashSet;
use std::rc::Rc;

use super::text::OPEN;
use super::{Entry, Stack, World, resources, scalar, view};
use crate::key::{By, COMMAND_LINE, Passed, Step, Written};
use crate::parse::tree::Node;
use crate::span::{FileId, Loc};

/// How many references are followed.
const FOLLOWED: usize = 24;
/// How many places are kept that a value is made of.
const VISITED: usize = 1_000;
/// How much of a value is quoted, in characters.
const QUOTED: usize = 40;

/// The literal `true` of a condition, and the other one.
const BOOLS: [(&str, &str); 6] =
    [("true", "false"), ("false", "true"), ("yes", "no"), ("no", "yes"), ("Yes", "No"), ("No", "Yes")];

impl World<'_> {
    /// The way to a key: nested stacks, loops, and the key itself.
    pub(super) fn way_of(&self, s: &Stack, entry: &Entry) -> Vec<Rc<Step>> {
        let names = self.nested_names(s);
        let calls = s.calls.iter().zip(names).map(|(at, name)| Rc::new(Step::new(name, *at)));
        let name = entry.node.get("Condition").and_then(Node::text);
        let compared = name.and_then(|name| s.inside(entry.file, || self.compared(s, name, FOLLOWED)));
        let switch = compared.clone().filter(|written| written.other.is_some());
        let condition = entry.node.get("Condition").map(|node| Loc::new(entry.file, view::span(node)));
        let own = Step {
            decided_by: compared.map(Rc::new),
            switch: switch.map(Rc::new),
            multiplier: condition,
            condition: name.map(str::to_string),
            ..Step::new(entry.name.clone(), entry.key)
        };
        calls.chain(entry.turns.iter().cloned()).chain([Rc::new(own)]).collect()
    }

    /// The names of the nested stacks on the way to a stack, outermost first.
    fn nested_names(&self, s: &Stack) -> Vec<String> {
        let Some((parent, name)) = s.nested_in() else { return Vec::new() };
        let mut names = self.stack(parent).map(|parent| self.nested_names(&parent)).unwrap_or_default();
        names.push(name.to_string());
        names
    }

    /// Where the value of a node was written.
    pub(super) fn origin(&self, s: &Stack, node: &Node, name: &str) -> Option<Written> {
        self.follow(s, node, (name, None), FOLLOWED)
    }

    fn follow(&self, s: &Stack, node: &Node, name: (&str, Option<String>), left: usize) -> Option<Written> {
        let left = left.checked_sub(1)?;
        let Some(call) = view::call(node) else {
            return Some(self.written(s.loc(node), name));
        };
        let reference = match &*call.name {
            "Ref" => call.arg.text()?,
            "Fn::Sub" => call.arg.text()?.strip_prefix("${")?.strip_suffix('}')?,
            "Fn::FindInMap" => return self.follow_map(s, node),
            _ => return Some(self.written(s.loc(node), name)),
        };
        if s.params.contains_key(reference) {
            return self.follow_parameter(s, reference, left);
        }
        let section = self.section(s, "Resources");
        let user = section.named(reference)?;
        if resources::type_of(&user.node) != "AWS::IAM::User" {
            return None;
        }
        let (file, written) = self.property_node(s, user, "UserName")?;
        s.inside(file, || self.follow(s, &written, ("UserName", Some(reference.to_string())), left))
    }

    /// The entry of a mapping that a look-up finds.
    fn follow_map(&self, s: &Stack, look_up: &Node) -> Option<Written> {
        let call = view::call(look_up)?;
        let [map, top, second, ..] = call.arg.items() else { return None };
        let keys = [map, top, second].map(|key| self.eval(s, key));
        let [map, top, second] = &keys;
        let (map, top, second) = (map.as_str()?, top.as_str()?, second.as_str()?);
        s.sections_named("Mappings").find_map(|(file, maps)| {
            let value = maps.get(map)?.get(top)?.get(second)?;
            let at = Loc::new(file, view::span(value));
            Some(self.written(at, (second, Some(format!("{map}.{top}")))))
        })
    }

    fn follow_parameter(&self, s: &Stack, name: &str, left: usize) -> Option<Written> {
        let param = s.params.get(name)?;
        if let Some(caller) = &s.caller {
            let parent = self.stack(caller.stack)?;
            if let Some(passed) = caller.parameters.as_ref().and_then(|p| p.get(name)) {
                let owner = s.nested_in().map(|(_, id)| id.to_string());
                let at = parent.loc(passed);
                let mut origin = self.follow(&parent, passed, (name, owner.clone()), left)?;
                if origin.at != at {
                    origin.passed.push(Passed::new(name, owner.unwrap_or_default(), at, ": "));
                }
                return Some(origin);
            }
        } else if let Some(text) = self.typed(s, param) {
            let at = self.typed_at(s, param);
            let source = at.map(|at| self.files.source(at.file));
            let written = at.zip(source.as_ref()).and_then(|(at, source)| source.text.get(at.span.range()));
            let pair = written.is_some_and(|written| written.starts_with(&format!("{name}=")));
            let text = written.filter(|_| !pair).unwrap_or(text);
            let short = !param.secret && !text.contains('\n') && text.chars().count() <= QUOTED;
            return Some(Written {
                // What is typed stands in no file: its parameter is what can be shown.
                of: at.is_none().then(|| COMMAND_LINE.into()),
                between: if pair || at.is_none() { "=" } else { ": " },
                ..Written::new(name, if short { text } else { "" }, at.unwrap_or(param.at))
            });
        } else if self.handed(s, param).is_some() || !self.has_default(s, param) {
            return None;
        }
        let written = self.written(param.default_at?, ("Default", Some(name.to_string())));
        Some(if param.secret { Written { text: String::new(), ..written } } else { written })
    }

    fn written(&self, at: Loc, (name, of): (&str, Option<String>)) -> Written {
        let source = self.files.source(at.file);
        let text = source.text.get(at.span.range()).unwrap_or_default();
        let short = !text.contains('\n') && text.chars().count() <= QUOTED;
        Written { of, between: ": ", ..Written::new(name, if short { text } else { "" }, at) }
    }

    /// The key in front of a value on its line.
    fn key_before(&self, at: Loc) -> Option<String> {
        let source = self.files.source(at.file);
        let before = source.text.get(..at.span.start as usize)?.rsplit('\n').next()?;
        let key = before.trim_end().strip_suffix(':')?.rsplit(['{', ',', ' ']).next()?;
        let key = key.trim().trim_matches(['"', '\'']);
        (!key.is_empty()).then(|| key.to_owned())
    }

    /// The value that a condition compares with a constant, where that is all it does: with the one that turns it, if one
    /// is known.
    fn compared(&self, s: &Stack, condition: &str, left: usize) -> Option<Written> {
        let section = self.section(s, "Conditions");
        let entry = section.named(condition)?;
        s.inside(entry.file, || self.compared_in(s, &entry.node, left))
    }

    fn compared_in(&self, s: &Stack, node: &Node, left: usize) -> Option<Written> {
        let left = left.checked_sub(1)?;
        let call = view::call(node)?;
        match (&*call.name, call.arg.items()) {
            ("Condition", _) => self.compared(s, call.arg.text()?, left),
            ("Fn::Not", [inner]) => self.compared_in(s, inner, left),
            ("Fn::Equals", [a, b]) => {
                let is_ref = |n: &Node| view::call(n).is_some_and(|c| c.name == "Ref");
                let (reference, constant) = if is_ref(a) { (a, b) } else { (b, a) };
                if !is_ref(reference) || view::call(constant).is_some() {
                    return None;
                }
                // What stands for a value is nothing to write.
                let constant = scalar::read(constant).filter(|text| !text.contains(OPEN))?;
                let name = view::call(reference)?.arg.text()?.to_string();
                let written = self.follow(s, reference, ("", None), left)?;
                let now = written.text.trim_matches(['"', '\'']).to_string();
                let other = if now == constant { self.other_value(s, &name, &now) } else { Some(constant) };
                let other = other.map(|other| written.text.replace(&now, &other));
                (!now.is_empty()).then_some(Written { other, ..written })
            }
            _ => None,
        }
    }

    /// Another value that a parameter may have.
    fn other_value(&self, s: &Stack, name: &str, now: &str) -> Option<String> {
        let allowed = s.params.get(name)?.allowed();
        let listed = allowed.iter().flat_map(|all| all.iter()).find(|v| *v != now).cloned();
        listed.or_else(|| {
            let (_, other) = BOOLS.iter().find(|(value, _)| *value == now && allowed.is_none())?;
            Some(other.to_string())
        })
    }

    /// One turn of a loop.
    pub(super) fn turn(
        &self,
        (name, at, whole): (&str, Loc, Loc),
        text: &str,
        written: Option<Loc>,
    ) -> Rc<Step> {
        // What stands elsewhere is no part of the loop.
        let value = written.is_none_or(|at| whole.holds(at)).then(|| Rc::new(self.written(at, (name, None))));
        let element = written.map(|at| {
            let element = self.written(at, ("", None));
            // A marker stands for what is not known, or not to be shown.
            let shown = if text.contains(super::text::OPEN) { String::new() } else { text.to_string() };
            Rc::new(Written { text: shown, ..element })
        });
        Rc::new(Step {
            instance: self.shown(text),
            by: By::Elements,
            multiplier: Some(at),
            value,
            element,
            ..Step::new(name.into(), at)
        })
    }

    /// The status `Active` as somebody wrote it elsewhere than at the key, with the other one.
    pub(super) fn status_given(
        &self,
        s: &Stack,
        entry: &Entry,
        written: &(FileId, Node),
    ) -> Option<Rc<Written>> {
        let (file, node) = &self.written_default(s, written).unwrap_or_else(|| written.clone());
        let (at, own) = (Loc::new(*file, view::span(node)), entry.node.span);
        let here = *file == entry.file && own.holds(at.span);
        if here && view::call(node).is_none() {
            return None;
        }
        // Inputs decide any other one.
        s.inside(*file, || self.eval(s, node)).as_str().filter(|status| *status == "Active")?;
        // What a variable stands for has its own name there.
        let key = if here { None } else { self.key_before(at) };
        let written = s.inside(*file, || self.origin(s, node, key.as_deref().unwrap_or("Status")))?;
        let active = written.text.trim_matches(['"', '\'']) == "Active";
        let other = Some(written.text.replace("Active", "Inactive"));
        active.then(|| Rc::new(Written { other, ..written }))
    }

    /// The user of a key, as somebody wrote it.
    pub(super) fn user_written(&self, s: &Stack, user: Option<&(FileId, Node)>) -> Option<Rc<Written>> {
        let (file, node) = user?;
        let written = s.inside(*file, || self.origin(s, node, "UserName"));
        written.or_else(|| self.user_passed(s, node)).map(Rc::new)
    }

    /// Every place that the value of a node is made of: literals that parameters, mappings and users lead to.
    pub(super) fn made_of(&self, s: &Stack, file: FileId, node: &Node) -> Vec<(Loc, String)> {
        let mut made = MadeOf { of: Vec::new(), seen: HashSet::new() };
        self.add_made_of(s, file, node, FOLLOWED, &mut made);
        made.of
    }

    fn add_made_of(&self, s: &Stack, file: FileId, node: &Node, left: usize, made: &mut MadeOf) {
        let Some(left) = left.checked_sub(1).filter(|_| made.of.len() < VISITED) else { return };
        let mut names = Vec::new();
        s.inside(file, || resources::references(node, true, &mut |_, name| names.push(name.to_owned())));
        for name in names {
            if !made.seen.insert((s.id, name.clone())) {
                continue;
            }
            if s.params.contains_key(&name) {
                made.of.extend(self.follow_parameter(s, &name, left).iter().flat_map(Written::named_places));
                let passed =
                    s.caller.as_ref().and_then(|c| Some((c.stack, c.parameters.as_ref()?.get(&name)?)));
                if let Some((parent, node)) = passed.and_then(|(id, node)| Some((self.stack(id)?, node))) {
                    self.add_made_of(&parent, parent.file, node, left, made);
                }
                continue;
            }
            let resources = self.section(s, "Resources");
            let user = resources.named(&name);
            if let Some((file, node)) = user.and_then(|user| self.property_node(s, user, "UserName")) {
                self.add_made_of(s, file, &node, left, made);
            }
            let conditions = self.section(s, "Conditions");
            let condition = conditions.named(&name);
            if let Some(condition) = condition {
                self.add_made_of(s, condition.file, &condition.node, left, made);
            }
        }
        made.of.extend(s.inside(file, || self.follow_map(s, node)).iter().flat_map(Written::named_places));
    }

    /// The parameter of the parent stack that passes a user on which nobody named.
    fn user_passed(&self, s: &Stack, node: &Node) -> Option<Written> {
        let call = view::call(node).filter(|call| call.name == "Ref")?;
        let (name, caller) = (call.arg.text()?, s.caller.as_ref()?);
        let at = self.stack(caller.stack)?.loc(caller.parameters.as_ref()?.get(name)?);
        Some(self.written(at, (name, s.nested_in().map(|(_, id)| id.to_string()))))
    }
}

/// What a value is made of.
struct MadeOf {
    of: Vec<(Loc, String)>,
    /// The names that were followed, each in its stack: conditions may name one another many times.
    seen: HashSet<(usize, String)>,
}
