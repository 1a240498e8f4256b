//! Access keys and users of a stack, as `judge` takes them.
//!
//! Refusals on the way to a key are taken out of its values and become refusals of the inputs. Source:
//! CloudFormation's resource reference, `AWS::IAM::AccessKey`, `AWS::IAM::User`.

use super::text::{CLOSE, OPEN};
use super::{Entry, MadeKey, Stack, World, load, nested, resources, scalar, serverless, view};
use crate::key::{AccessKey, Account, DeclaredUser, Multiplicity, Refused, Role, RoleLoc};
use crate::parse::tree::Node;
use crate::problem::{Problem, ProblemKind};
use crate::span::{FileId, Loc};
use crate::value::marks::SENSITIVE;
use crate::value::{Guard, Leaf, LeafKind, Ty, Value};

/// The attributes of a resource.
const ATTRIBUTES: [&str; 9] = [
    "Type",
    "Properties",
    "Condition",
    "DependsOn",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "CreationPolicy",
    "UpdatePolicy",
];

/// The properties of an access key.
const PROPERTIES: [&str; 3] = ["Serial", "Status", "UserName"];

impl World<'_> {
    /// Finds the keys and users of a stack and of the stacks nested in it.
    pub(super) fn keys_of(&self, id: usize) {
        let Some(s) = self.stack(id) else { return };
        let resources = self.section(&s, "Resources");
        let before = self.number_found().0;
        self.refuse_lists(&s);
        for entry in &resources.entries {
            if s.inside(entry.file, || self.refuse_resource(&s, entry)) {
                continue;
            }
            let kind = resources::type_of(&entry.node);
            let key = load::KEY_TYPES.iter().find(|(key, ..)| *key == kind);
            if !kind.is_empty() {
                self.unseen_macros(&s, entry);
            }
            if let Some((_, user, status)) = key {
                s.inside(entry.file, || self.key(&s, entry, kind, user, status));
            } else if kind == "AWS::IAM::User" {
                s.inside(entry.file, || self.user(&s, entry));
            } else if resources::is_nested(kind) {
                let children = self.children(&s, entry);
                self.keys_below(&s, entry, children.iter().map(|(_, child)| *child));
            } else if let Some(variable) = self.unknown_kind(entry) {
                self.variable_not_known(s.file, variable, entry.key);
            } else if kind.is_empty() && entry.node.entry("Fn::Transform").is_some() {
                let reason = "what kind of resource this is, a snippet or a macro says; it is not examined";
                self.problem(ProblemKind::UnknownMacro, entry.key, reason);
            } else if kind.is_empty() && (view::call(&entry.node).is_some() || holds_a_key_type(&entry.node))
            {
                let name = self.shown(&entry.name);
                let reason = format!("`{name}` is no resource: it has no `Type`");
                self.problem(ProblemKind::Refused, entry.key, reason);
            } else if kind.ends_with("::MODULE") {
                let reason = format!(
                    "the module `{kind}` is expanded by CloudFormation; what it holds is not examined"
                );
                self.sink.problem(Problem::new(ProblemKind::RemoteModule, entry.key, reason).once());
            } else if kind == "AWS::CloudFormation::StackSet" {
                let children = s.inside(entry.file, || self.stack_set(&s, entry));
                self.keys_below(&s, entry, children);
            } else if resources::matters(kind.trim()) {
                self.unknown_type(&s, entry);
            }
        }
        self.refuse_parts(&s, self.number_found().0 > before);
        if self.number_found().0 > before {
            self.rules_of(&s, before);
            if let Some(passed) = &s.given.passed {
                self.refuse_deployed(&s, passed);
            }
        }
    }

    /// `Resources` that are a list, with a key among them.
    fn refuse_lists(&self, s: &Stack) {
        for (file, listed) in s.sections_named("Resources") {
            if !listed.items().is_empty() && resources::hold_keys(listed) {
                let at = Loc::new(file, view::span(listed));
                let reason = "`Resources` is a map of resources by their names, and this is a list";
                self.refuse(at, &Value::refused(reason, Some(at)), s.times.exists);
            }
        }
    }

    /// Whether a resource is none, or a function gives its type; said where it would be a key, or could be one.
    fn refuse_resource(&self, s: &Stack, entry: &Entry) -> bool {
        let refuse = |node: &Node, reason: &str| {
            let at = Loc::new(entry.file, view::span(node));
            self.refuse(at, &Value::refused(reason, Some(at)), self.cx.and(s.times.exists, entry.guard));
        };
        if !entry.node.items().is_empty() {
            if resources::hold_keys(&entry.node) {
                refuse(&entry.node, "a resource is a map with a `Type`, and this is a list");
            }
            return true;
        }
        let kind = entry.node.get("Type");
        // A macro may make one of it.
        let plain = s.sections_named("Transform").next().is_none() || s.language_extensions;
        if kind.is_none() && plain && !entry.node.says("Fn::Transform") && resources::hold_keys(&entry.node) {
            refuse(&entry.node, "a resource is a map with a `Type`, written out");
            return true;
        }
        let Some(kind) =
            kind.filter(|kind| view::call(kind).is_some_and(|call| call.name != "Fn::Transform"))
        else {
            return false;
        };
        let may_be_key = |value: &Value| match value {
            Value::String(kind) => resources::makes_keys(kind),
            _ => true,
        };
        if self.cx.alternatives(&self.eval(s, kind)).iter().any(|(_, value)| may_be_key(value)) {
            refuse(kind, "the type of a resource is written out: no function can give it");
        }
        true
    }

    /// A folded or literal scalar keeps its last line break: `Type: >` names a type that there is not.
    fn unknown_type(&self, s: &Stack, entry: &Entry) {
        let Some(node) = entry.node.get("Type") else { return };
        let at = Loc::new(entry.file, view::span(node));
        let kind = resources::type_of(&entry.node);
        let reason = format!(
            "there is no type {kind:?}; blanks and line breaks around a type are part of it (`>-` leaves them out)"
        );
        self.refuse(at, &Value::refused(reason, Some(at)), s.times.exists);
    }

    /// A key that depends on a resource which is not in its template. Transforms, macros and modules may add it.
    fn refuse_dependencies(&self, s: &Stack, entry: &Entry) {
        let Some(node) = entry.node.get("DependsOn") else { return };
        let resources = self.section(s, "Resources");
        let opaque =
            |e: &Entry| e.node.says("Fn::Transform") || resources::type_of(&e.node).ends_with("::MODULE");
        let transformed = s.sections_named("Transform").next().is_some()
            || s.sections_named("Resources").any(|(_, resources)| view::has_transform(resources));
        if self.serverless.get() || transformed || resources.entries.iter().any(opaque) {
            return;
        }
        let one = std::slice::from_ref(node);
        for item in if node.items().is_empty() { one } else { node.items() } {
            let at = Loc::new(entry.file, view::span(item));
            let reason = match item.text().filter(|_| view::call(item).is_none()) {
                Some(name) if resources.by_name.contains_key(name) => continue,
                Some(name) => {
                    format!(
                        "`DependsOn` names `{}`, and this template has no such resource",
                        self.shown(name)
                    )
                }
                None => "`DependsOn` is the name of a resource, or a list of names".into(),
            };
            self.refuse(at, &Value::refused(reason, Some(at)), s.times.exists);
        }
    }

    /// Refuses a key's resource for its name, for an attribute that resources do not have, and for depending on itself; gives
    /// whether it did. Transforms may change all of that.
    fn refuse_form(&self, s: &Stack, entry: &Entry, exists: Guard) -> bool {
        let transformed = s.sections_named("Transform").next().is_some();
        let mut refused = false;
        let mut refuse = |at: Loc, reason: String| {
            refused = true;
            self.refuse(at, &Value::refused(reason, Some(at)), exists);
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == OPEN || c == CLOSE || c == '$';
        let written = self.text(&entry.name);
        // Where a secret has a part of the name, something else stands in its place.
        let shown = !entry.name.contains(SENSITIVE);
        if shown
            && (!transformed || s.language_extensions)
            && !written.as_str().unwrap_or(&entry.name).chars().all(plain)
        {
            let name = self.shown(&entry.name);
            refuse(entry.key, format!("`{name}` is no logical id: these have letters and digits alone"));
        }
        if !transformed && entry.node.entry("Fn::Transform").is_none() {
            for (key, _) in entry.node.entries() {
                let name = key.text().unwrap_or_default();
                if !ATTRIBUTES.contains(&name) && !name.contains("::") && !name.contains(OPEN) {
                    let at = Loc::new(entry.file, key.span);
                    refuse(at, format!("resources have no attribute `{name}`"));
                }
            }
        }
        let properties = entry.node.get("Properties").filter(|map| !transformed && view::call(map).is_none());
        let of_key = resources::type_of(&entry.node) == "AWS::IAM::AccessKey";
        for (key, value) in properties.filter(|_| of_key).map(Node::entries).unwrap_or_default() {
            let name = key.text().unwrap_or_default();
            let known = PROPERTIES.contains(&name) || name.contains("::") || name.contains([OPEN, '$']);
            // What is taken away again is no property.
            if !known && s.inside(entry.file, || self.eval(s, value)) != Value::Null {
                refuse(Loc::new(entry.file, key.span), format!("access keys have no property `{name}`"));
            }
        }
        if s.params.contains_key(&entry.name) {
            let name = self.shown(&entry.name);
            refuse(entry.key, format!("`{name}` is a parameter of this template too"));
        }
        if self.circular(s).contains(&entry.name) {
            let name = self.shown(&entry.name);
            refuse(entry.key, format!("`{name}` depends on itself, or on resources that do"));
        }
        refused
    }

    /// The variable that says what a resource is, where that is not known.
    fn unknown_kind<'e>(&self, entry: &'e Entry) -> Option<&'e str> {
        let written = entry.node.text().or_else(|| entry.node.get("Type")?.text())?;
        written.contains("${").then_some(written).filter(|_| self.serverless.get())
    }

    /// Finds the keys of what a resource stands for; where there are some, its condition decides about them.
    fn keys_below(&self, s: &Stack, entry: &Entry, children: impl IntoIterator<Item = usize>) {
        let before = self.number_found().0;
        children.into_iter().for_each(|child| {
            let (keys, users) = self.number_found();
            self.keys_of(child);
            // What is passed decides about the stack as a whole.
            if self.number_found().0 > keys && self.refuse_passed(s, entry, child) {
                self.never_there(keys);
                let mut found = self.found.borrow_mut();
                found.users.iter_mut().skip(users).for_each(|(_, user)| user.exists = Guard::FALSE);
            }
        });
        if self.number_found().0 > before {
            self.refuse_condition(s, entry);
        }
    }

    /// How many keys and users were found so far.
    fn number_found(&self) -> (usize, usize) {
        let found = self.found.borrow();
        (found.keys.len(), found.users.len())
    }

    /// None of the keys exists that were found after so many.
    pub(super) fn never_there(&self, after: usize) {
        let mut found = self.found.borrow_mut();
        found.keys.iter_mut().skip(after).for_each(|made| made.key.times.exists = Guard::FALSE);
    }

    /// Refuses what is passed to a stack and it does not declare or allow, and whether that is so whatever the inputs are.
    fn refuse_passed(&self, s: &Stack, entry: &Entry, child: usize) -> bool {
        let Some(child) = self.stack(child) else { return false };
        let passed = child.caller.as_ref().and_then(|caller| caller.parameters.clone());
        let (exists, _) = self.existence(s, entry);
        let mut refused = Guard::FALSE;
        // A macro may declare more.
        let own = child.sections_named("Transform").next().is_none();
        let written =
            passed.as_ref().filter(|node| own && view::call(node).is_none() && !view::has_loop(node));
        for (key, _) in written.map(Node::entries).unwrap_or_default() {
            if let Some(name) =
                key.text().filter(|name| !child.params.contains_key(*name) && !name.contains("${"))
            {
                let at = Loc::new(entry.file, key.span);
                let reason = format!("the nested stack's template declares no parameter `{name}`");
                refused = Guard::TRUE;
                self.refuse(at, &Value::refused(reason, Some(at)), exists);
            }
        }
        for name in child.params.keys() {
            let Some(value) = self.parameter(&child, name) else { continue };
            // What is refused where it is passed is not for the stack to refuse.
            let own = passed.as_ref().and_then(|node| node.get(name));
            let own = own.map(|node| s.inside(entry.file, || self.cx.refused(&self.eval(s, node))));
            let here = self.cx.and(self.cx.refused(&value), self.cx.not(own.unwrap_or(Guard::FALSE)));
            refused = self.cx.or(refused, here);
            self.refuse(entry.key, &value, exists);
        }
        refused.is_true()
    }

    /// What an entry's condition refuses is refused, where what is around it is there.
    fn refuse_condition(&self, s: &Stack, entry: &Entry) {
        let Some(node) = entry.node.get("Condition") else { return };
        let (_, around) = self.existence(s, entry);
        let value = s.inside(entry.file, || self.resource_condition(s, node));
        self.refuse(Loc::new(entry.file, view::span(node)), &value, around);
    }

    /// A macro beside a resource's attributes may make another one of it, and one beside properties may change them. A
    /// snippet that stands there still was not read; of a type that does not matter it makes no other.
    fn unseen_macros(&self, s: &Stack, entry: &Entry) {
        let kind = resources::type_of(&entry.node);
        let matters = resources::matters(kind);
        let what =
            if load::KEY_TYPES.iter().any(|(key, ..)| *key == kind) { "access key" } else { "resource" };
        let say = |map: &Node, read: bool| {
            let Some((key, body)) = map.entry("Fn::Transform") else { return };
            let at = Loc::new(entry.file, key.span);
            if !view::includes(body) {
                let name = self.shown(body.get("Name").and_then(Node::text).unwrap_or("?"));
                let reason =
                    format!("the macro `{name}` may change this {what}; what it makes is not examined");
                self.problem(ProblemKind::UnknownMacro, at, reason);
            } else if matters && !read {
                self.not_read(at, &s.folder, body);
            }
        };
        say(&entry.node, false);
        if let Some(properties) = entry.node.get("Properties").filter(|_| matters) {
            // Those of keys and users are read where they are evaluated, and what alone gives them is said there.
            let read = !resources::is_nested(kind);
            nested::branches(properties, &mut |map| {
                if view::call(map).is_none() {
                    say(map, read);
                }
            });
        }
    }

    /// When an entry exists, its stack and its loops included; what its condition refuses is reported.
    fn existence(&self, s: &Stack, entry: &Entry) -> (Guard, Guard) {
        let all = [s.times.exists, entry.times.exists, entry.guard];
        let around = self.cx.all(all);
        (self.cx.and(around, self.there(s, entry)), around)
    }

    fn account(&self, s: &Stack) -> Account {
        let root = self.stack(s.root);
        let root = root.as_deref().unwrap_or(s);
        // A root that somebody calls is a stack set's.
        if root.caller.is_some() {
            let accounts = root.given.accounts.as_ref().unwrap_or(&root.prefix);
            return Account { scope: Value::from(format!("the accounts of {accounts}")), id: None };
        }
        let id = root.given.account.clone();
        Account { scope: id.clone().map_or(Value::Null, Value::from), id }
    }

    fn user(&self, s: &Stack, entry: &Entry) {
        let (exists, _) = self.existence(s, entry);
        let name = self.user_name(s, entry);
        let exists = self.cx.and(exists, self.cx.not(self.cx.refused(&name)));
        let user = DeclaredUser {
            address: self.address(s, &entry.name),
            name: self.accepted(&name),
            exists,
            account: self.account(s),
            location: entry.key,
        };
        self.found.borrow_mut().users.push((s.root, user));
    }

    fn key(&self, s: &Stack, entry: &Entry, kind: &str, user_name: &str, status_name: &str) {
        let (exists, _) = self.existence(s, entry);
        let condition = entry.node.get("Condition");
        self.refuse_condition(s, entry);
        self.refuse_dependencies(s, entry);
        let malformed = self.refuse_form(s, entry, exists);
        let exists = if malformed { Guard::FALSE } else { exists };
        let user_written = self.property_node(s, entry, user_name);
        let status_written = self.property_node(s, entry, status_name);
        let place = |written: &(FileId, Node)| Loc::new(written.0, view::span(&written.1));
        let at = user_written.as_ref().map_or(entry.key, place);
        let status_at = status_written.as_ref().map_or(entry.key, place);
        let user_node = user_written.as_ref().map(|(_, node)| node);
        let status_node = status_written.as_ref().map(|(_, node)| node);

        let properties = entry.node.get("Properties");
        let variable = properties.filter(|p| self.serverless.get() && serverless::is_variable(p));
        let unknown = variable.filter(|node| self.elsewhere(s, node).is_none());
        if let Some(node) = unknown {
            self.variable_not_known(s.file, node.text().unwrap_or_default(), s.loc(node));
        }
        let missing = || match unknown.is_some() || properties.is_some_and(view::has_transform) {
            // A macro has it, or a snippet or variable that is not on disk.
            true => self.unknown_attribute(s, entry, Some(user_name)),
            false => {
                Value::refused(format!("`{user_name}` is not set; an access key needs a user"), Some(at))
            }
        };
        let property = |name: &str| match unknown {
            Some(_) => Value::Null,
            None => self.property(s, &entry.node, name),
        };
        let user = self.cx.map(&property(user_name), |value| match value {
            Value::Null => missing(),
            other if matches!(other, Value::Coll(_)) || self.is_a_list(other) => {
                Value::refused(format!("`{user_name}` is a list or a map, not text"), Some(at))
            }
            other => self.cx.to_text(other),
        });
        let user = self.not_a_dummy(s, entry, user_node, user);
        let status = property(status_name);
        let status = self.cx.map(&status, |value| match value {
            Value::Coll(_) => Value::refused("`Status` is a list or a map, not text", Some(status_at)),
            other => other.clone(),
        });
        let [user, status] = [user, status].map(|value| self.feasible(self.cx.listed(&value), exists));
        let user = match user_node {
            Some(node) if exists.is_false() => self.user_of_no_key(s, node).unwrap_or(user),
            _ => user,
        };
        for value in [&user, &status] {
            self.refuse(at, value, exists);
        }
        self.invalid_status(status_node, &status, status_at, exists);
        let refused = self.cx.or(self.cx.refused(&user), self.cx.refused(&status));
        let exists = self.cx.and(exists, self.cx.not(refused));

        let times = entry.times.within(&self.cx, &s.times).only(&self.cx, exists);
        let key = AccessKey {
            address: self.address(s, &entry.name),
            kind: kind.into(),
            unit: self.unit.clone(),
            user: self.accepted(&user),
            user_text: user_node
                .filter(|_| !self.files.is_data(at.file))
                .map(|n| self.files.source(at.file).on_one_line(view::span(n))),
            status: self.accepted(&status),
            times: Multiplicity { exists, ..times },
            account: self.account(s),
            location: entry.key,
            places: self.places(s, entry, user_written.as_ref(), status_written.as_ref(), condition),
            way: self.way_of(s, entry),
            named_at: user_written
                .as_ref()
                .map_or_else(Vec::new, |(file, node)| self.made_of(s, *file, node)),
            user_written: self.user_written(s, user_written.as_ref()),
            status_switch: status_written.as_ref().and_then(|at| self.status_given(s, entry, at)),
            active_when: status_node.and_then(active_when),
            without_key: None,
            construct: None,
            origin: None,
        };
        let made =
            MadeKey { key, stack: s.id, root: s.root, id: entry.name.clone(), node: entry.node.clone() };
        self.found.borrow_mut().keys.push(made);
    }

    /// The user that a key would have which is never there: its user has the key's condition more often than not, and
    /// is not there either.
    fn user_of_no_key(&self, s: &Stack, node: &Node) -> Option<Value> {
        let call = view::call(node).filter(|call| call.name == "Ref")?;
        let resources = self.section(s, "Resources");
        let user = resources.entries.get(*resources.by_name.get(call.arg.text()?)?.first()?)?;
        (resources::type_of(&user.node) == "AWS::IAM::User").then(|| self.user_name(s, user))
    }

    /// A literal that is the last part of a dummy value can be what the CDK cut from the dummy's path, as it cuts a
    /// user's name from a path, or a name that was written. So it is neither the dummy nor a user of that name. Where
    /// several dummies end in it, nothing tells which one a key's is, so that two keys are for two users.
    fn not_a_dummy(&self, s: &Stack, entry: &Entry, node: Option<&Node>, user: Value) -> Value {
        let written = node.filter(|n| view::call(n).is_none()).and_then(Node::text);
        let cut = |dummy: &&String| {
            let tail = dummy.rsplit_once('/').map(|(_, tail)| tail);
            tail.is_some() && tail == written
        };
        let dummies: Vec<&str> = self.dummies.iter().filter(cut).map(String::as_str).collect();
        match (dummies.as_slice(), &user) {
            ([_, ..], Value::String(tail)) => {
                let mut name = format!("`{tail}`, which may be cut from {}", dummies.join(" or "));
                if dummies.len() > 1 {
                    name = format!("{name} (of {})", self.address(s, &entry.name));
                }
                self.cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Deployment))
            }
            _ => user,
        }
    }

    /// Makes the refusals in a value refusals of the inputs.
    pub(super) fn refuse(&self, place: Loc, value: &Value, exists: Guard) {
        for (guard, alternative) in self.cx.alternatives(value) {
            let Value::Refused(refusal) = alternative else { continue };
            let when = self.cx.and(exists, guard);
            if when.is_false() {
                continue;
            }
            let at = refusal.at.unwrap_or(place);
            let problem = Problem::new(ProblemKind::Refused, at, refusal.reason.clone());
            let same = |r: &Refused| r.when == when && r.problem == problem;
            if !self.sink.look(|said| said.refusals.iter().any(same)) {
                self.sink.refuse(Refused { when, problem });
            }
        }
    }

    /// A value where a key exists: without refusals. What it cannot be there stays, so that an expression that two keys
    /// share is one expression.
    fn accepted(&self, value: &Value) -> Value {
        let Value::Choice(alternatives) = value else { return value.clone() };
        let rest: Vec<(Guard, Value)> =
            alternatives.iter().filter(|(_, v)| !matches!(v, Value::Refused(_))).cloned().collect();
        if rest.is_empty() || rest.len() == alternatives.len() {
            value.clone()
        } else {
            self.closed_choice(rest)
        }
    }

    fn invalid_status(&self, node: Option<&Node>, status: &Value, at: Loc, exists: Guard) {
        if node.is_some_and(scalar::is_null) {
            let reason = "`Status` is empty, and null is no value here; the key counts as active";
            return self.problem(ProblemKind::InvalidStatus, at, reason);
        }
        for (guard, value) in self.cx.alternatives(status) {
            if let Value::String(text) = &value
                && !matches!(&**text, "Active" | "Inactive")
                && !self.cx.and(exists, guard).is_false()
            {
                let text = self.cx.stand_in(&value).unwrap_or_else(|| text.clone());
                let reason = format!("`{text}` is neither `Active` nor `Inactive`; the key counts as active");
                self.problem(ProblemKind::InvalidStatus, at, reason);
            }
        }
    }

    fn places(
        &self,
        s: &Stack,
        entry: &Entry,
        user: Option<&(FileId, Node)>,
        status: Option<&(FileId, Node)>,
        condition: Option<&Node>,
    ) -> Vec<RoleLoc> {
        let here = |node: &Node| Loc::new(entry.file, view::span(node));
        let mut places: Vec<RoleLoc> = Vec::new();
        let mut add = |role: Role, loc: Loc| places.push(RoleLoc { role, loc });
        s.calls.iter().for_each(|&loc| add(Role::Call, loc));
        entry.loops.iter().for_each(|&loc| add(Role::Multiplier, loc));
        if let Some(node) = condition {
            add(Role::Condition, here(node));
            let conditions = self.section(s, "Conditions");
            if let Some(definition) = node.text().and_then(|name| conditions.named(name)) {
                add(Role::Condition, definition.key);
            }
        }
        for (role, written) in [(Role::User, user), (Role::Status, status)] {
            let Some((file, node)) = written else { continue };
            let given = s.inside(*file, || self.giving(s, entry, node));
            given.into_iter().for_each(|span| add(role, Loc::new(*file, span)));
        }
        places
    }
}

/// Whether the type of an access key stands in a tree. Recursive; the parsers bound the depth.
pub(super) fn holds_a_key_type(node: &Node) -> bool {
    node.text().is_some_and(|text| load::KEY_TYPES.iter().any(|(kind, ..)| *kind == text))
        || node.children().any(holds_a_key_type)
}

/// The condition of a status `!If [C, Active, Inactive]`.
fn active_when(status: &Node) -> Option<String> {
    let call = view::call(status).filter(|call| call.name == "Fn::If")?;
    let [condition, then, otherwise] = call.arg.items() else { return None };
    (then.text()? == "Active" && otherwise.text()? == "Inactive")
        .then(|| condition.text().map(str::to_owned))?
}
