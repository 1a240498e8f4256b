//! What an expression has of what is ephemeral or sensitive: it is followed through all that it is made of.
//!
//! `[for x in local.users : x.token]` is followed through the loop, the local and the attribute. What is not certain from
//! the text is [`Shape::Clean`].

use std::collections::HashMap;
use std::rc::Rc;

use super::argument;
use super::shape::{Key, Shape};
use crate::parse::syntax::{Expr, ExprKind, For, ObjectKey, Step, TemplatePart};
use crate::resolve::terraform::config::module::Decl;
use crate::resolve::terraform::eval::invariant::is_of_instance;
use crate::resolve::terraform::eval::scope::{InstanceKey, ModuleInstance, Scope};
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::resolve::terraform::functions::args::{Also, In as From, Kind, Spreads, Together};
use crate::resolve::terraform::functions::find;
use crate::resolve::terraform::types::to_string;
use crate::span::FileId;
use crate::value::{CollKind, Part, Value};

/// Where an expression stands.
#[derive(Clone)]
pub(super) struct At<'n> {
    node: &'n Rc<ModuleInstance>,
    file: FileId,
    /// The names of the loops around it.
    bound: Vec<(String, Shape)>,
    /// The value of its block's instance.
    each: Option<Shape>,
}

impl<'n> At<'n> {
    pub(super) fn of(node: &'n Rc<ModuleInstance>, file: FileId) -> At<'n> {
        At { node, file, bound: Vec::new(), each: None }
    }

    /// The same place in a block whose instance has this value.
    pub(super) fn with_each(self, value: Shape) -> At<'n> {
        At { each: Some(value), ..self }
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|(own, _)| own == name)
    }

    /// The same place in a loop, at one of its elements.
    fn within(&self, key: Option<&String>, value: &str, element: Shape) -> At<'n> {
        let mut inner = self.clone();
        inner.bound.extend(key.map(|key| (key.clone(), Shape::Clean)));
        inner.bound.push((value.to_string(), element));
        inner
    }
}

/// Follows expressions for one mark.
pub(super) struct Follow<'t, 'a> {
    pub(super) tf: &'t Terraform<'a>,
    pub(super) kind: Kind,
    /// The locals that were looked at, by module; one that is under way is clean.
    known: HashMap<(usize, String), Shape>,
}

impl<'t, 'a> Follow<'t, 'a> {
    pub(super) fn of(tf: &'t Terraform<'a>, kind: Kind) -> Self {
        Follow { tf, kind, known: HashMap::new() }
    }

    /// Where in an expression's value it is.
    pub(super) fn expr(&mut self, at: &At, expr: &Expr) -> Shape {
        let Some(_depth) = self.tf.deeper() else { return Shape::Clean };
        match &expr.kind {
            ExprKind::Variable(name) => {
                let bound = at.bound.iter().rev().find(|(own, _)| own == name);
                bound.map(|(_, shape)| shape.clone()).unwrap_or_default()
            }
            ExprKind::GetAttr(base, name) => self.taken(at, base, &Key::Name(name.text.clone())),
            ExprKind::Index(base, index) => {
                let key = self.key(at, index);
                let secret = self.expr(at, index) == Shape::Whole;
                let found = self.taken(at, base, &key);
                // An object gives one of its attributes, and does not say by what it was chosen; a map does.
                let object = secret
                    && match self.value(at, base) {
                        Some(Value::Coll(coll)) => coll.kind == CollKind::Object,
                        _ => matches!(self.expr(at, base), Shape::Object(_)),
                    };
                found.or_whole(secret && !object)
            }
            ExprKind::LegacyIndex(base, index) => {
                let index = usize::try_from(*index).map_or(Key::Open, Key::Index);
                self.taken(at, base, &index)
            }
            ExprKind::AttrSplat(base, steps) | ExprKind::FullSplat(base, steps) => {
                let base = self.expr(at, base);
                self.splat(at, &base, steps)
            }
            ExprKind::Paren(base) => self.expr(at, base),
            ExprKind::Unary(_, base) => {
                let whole = self.expr(at, base) == Shape::Whole;
                Shape::Clean.or_whole(whole)
            }
            ExprKind::Binary(_, a, b) => {
                let both = [self.expr(at, a), self.expr(at, b)];
                Shape::Clean.or_whole(both.iter().any(Shape::is_within))
            }
            ExprKind::Cond(cond, then, otherwise) => {
                let whole = self.expr(at, cond) == Shape::Whole;
                let arms = [self.expr(at, then), self.expr(at, otherwise)];
                let whole = whole || arms.contains(&Shape::Whole);
                let chosen = match (self.value(at, cond), arms) {
                    (Some(Value::TRUE), [then, _]) => then,
                    (Some(Value::FALSE), [_, otherwise]) => otherwise,
                    (_, arms) => Shape::one_of(&arms),
                };
                chosen.or_whole(whole)
            }
            ExprKind::Template(parts) => match parts.as_slice() {
                [TemplatePart::Interpolation(inner)] => self.expr(at, inner),
                parts => Shape::Clean.or_whole(self.text(at, parts)),
            },
            ExprKind::Tuple(items) => Shape::list(items.iter().map(|item| self.expr(at, item))),
            ExprKind::Object(entries) => self.object(at, entries),
            ExprKind::ForTuple(each) | ExprKind::ForObject(each) => self.for_each(at, each),
            ExprKind::Call { name, args, expand } => self.call(at, &name.text, args, *expand),
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => Shape::Clean,
        }
    }

    /// The value of an expression; `None` in a loop, whose elements it may be about.
    fn value(&self, at: &At, expr: &Expr) -> Option<Value> {
        let is_name = |e: &Expr| matches!(&e.kind, ExprKind::Variable(root) if is_of_instance(root));
        if !at.bound.is_empty() || expr.any(&mut { is_name }) {
            return None;
        }
        Some(self.tf.eval(&Scope::module(at.node, at.file), expr))
    }

    fn key(&self, at: &At, expr: &Expr) -> Key {
        match self.value(at, expr) {
            Some(Value::String(name)) => Key::Name(name.to_string()),
            Some(Value::Number(number)) => number.to_usize().map_or(Key::Open, Key::Index),
            _ => Key::Open,
        }
    }

    /// `base.name` or `base[key]`.
    fn taken(&mut self, at: &At, base: &Expr, key: &Key) -> Shape {
        match (&base.kind, key) {
            (ExprKind::Variable(root), Key::Name(name)) if !at.is_bound(root) => self.named(at, root, name),
            (_, Key::Name(name)) => match self.output(at.node, base, name).filter(|_| !at.is_bound("module"))
            {
                Some((_, output)) if self.kind == Kind::Ephemeral => {
                    Shape::Clean.or_whole(self.says(&output))
                }
                // Whether the output is declared so is no matter: what its value is made of is.
                Some((child, output)) => match output.args.get("value") {
                    Some(value) => self.expr(&At::of(&child, value.file), &value.what.expr),
                    None => Shape::Clean,
                },
                None => self.expr(at, base).part(key),
            },
            _ => self.expr(at, base).part(key),
        }
    }

    /// A name of two parts: `var.x`, `local.x`.
    fn named(&mut self, at: &At, root: &str, name: &str) -> Shape {
        let ephemeral = self.kind == Kind::Ephemeral;
        match root {
            "var" => self.variable(at.node, name),
            "local" => {
                let Some(local) = at.node.module.locals.get(name) else { return Shape::Clean };
                let key = (at.node.id, name.to_string());
                if let Some(known) = self.known.get(&key) {
                    return known.clone();
                }
                self.known.insert(key.clone(), Shape::Clean);
                let shape = self.expr(&At::of(at.node, local.file), &local.what.expr);
                self.known.insert(key, shape.clone());
                shape
            }
            "each" if name == "value" => at.each.clone().unwrap_or_default(),
            "terraform" => Shape::Clean.or_whole(ephemeral && name == "applying"),
            "ephemeral" => Shape::Clean.or_whole(ephemeral),
            _ => Shape::Clean,
        }
    }

    fn variable(&mut self, node: &Rc<ModuleInstance>, name: &str) -> Shape {
        let Some(decl) = node.module.variables.get(name) else { return Shape::Clean };
        if self.says(decl) {
            return Shape::Whole;
        }
        let declared = decl.args.get("type");
        let Some(call) = &node.call else { return Shape::Clean };
        let Some(decl) = call.decl() else { return Shape::Clean };
        let Some(arg) = decl.args.get(name) else { return Shape::Clean };
        let each = decl.args.get("for_each").map(|each| {
            let all = self.expr(&At::of(&call.parent, each.file), &each.what.expr);
            match &call.instance.key {
                InstanceKey::Key(name) => all.part(&Key::Name(name.clone())),
                _ => all.part(&Key::Open),
            }
        });
        let passed = self.expr(&At { each, ..At::of(&call.parent, arg.file) }, &arg.what.expr);
        // A set is as its elements are.
        let set = declared.is_some_and(|ty| is_a_set(&ty.what.expr));
        if set { Shape::made_of(&[passed]) } else { passed }
    }

    /// The output that `base.name` is, where its module is known, and one instance of that.
    pub(super) fn output(
        &self,
        node: &Rc<ModuleInstance>,
        base: &Expr,
        name: &str,
    ) -> Option<(Rc<ModuleInstance>, Decl)> {
        let base = match &base.kind {
            ExprKind::Index(instances, _) | ExprKind::LegacyIndex(instances, _) => instances,
            _ => base,
        };
        let ExprKind::GetAttr(root, call) = &base.kind else { return None };
        if !matches!(&root.kind, ExprKind::Variable(root) if root == "module") {
            return None;
        }
        let decl = node.module.calls.get(&call.text)?;
        let expansion = self.tf.expansion(node, Item::Call(call.text.clone()), decl);
        let child = self.tf.child(node, &call.text, expansion.instances.first()?)?;
        let output = child.module.outputs.get(name)?.clone();
        Some((child, output))
    }

    pub(super) fn says(&self, decl: &Decl) -> bool {
        decl.is_true(argument(self.kind))
    }

    fn splat(&mut self, at: &At, base: &Shape, steps: &[Step]) -> Shape {
        match base {
            Shape::Whole => Shape::Whole,
            Shape::List(parts) => Shape::list(parts.iter().map(|part| self.stepped(at, part.clone(), steps))),
            Shape::Object(_) => Shape::List(vec![self.stepped(at, base.clone(), steps)]),
            Shape::Clean | Shape::Within => Shape::Clean,
        }
    }

    fn stepped(&mut self, at: &At, shape: Shape, steps: &[Step]) -> Shape {
        let Some((step, rest)) = steps.split_first() else { return shape };
        let next = match step {
            Step::Attr(name) => shape.part(&Key::Name(name.text.clone())),
            Step::Index(index) => shape.part(&self.key(at, index)),
            Step::Splat(_) => return self.splat(at, &shape, rest),
        };
        self.stepped(at, next, rest)
    }

    /// Whether a text is marked.
    fn text(&mut self, at: &At, parts: &[TemplatePart]) -> bool {
        parts.iter().any(|part| match part {
            TemplatePart::Interpolation(inner) => self.expr(at, inner) == Shape::Whole,
            TemplatePart::If { cond, then, otherwise } => {
                self.expr(at, cond) == Shape::Whole || self.text(at, then) || self.text(at, otherwise)
            }
            TemplatePart::For { key, value, collection, body } => match self.expr(at, collection) {
                Shape::Whole => true,
                // Whether there is an element is not known of the others.
                Shape::Clean | Shape::Within => false,
                listed => listed
                    .parts()
                    .into_iter()
                    .any(|part| self.text(&at.within(key.as_ref(), value, part), body)),
            },
            TemplatePart::Literal(..) => false,
        })
    }

    fn object(&mut self, at: &At, entries: &[(ObjectKey, Expr)]) -> Shape {
        let mut parts = Vec::new();
        for (key, value) in entries {
            let name = match key {
                ObjectKey::Name(name) => Some(name.text.clone()),
                // A name that is computed is part of what the object is.
                ObjectKey::Expr(key) if self.expr(at, key) == Shape::Whole => return Shape::Whole,
                ObjectKey::Expr(key) => self.name(at, key),
            };
            parts.push((name, self.expr(at, value)));
        }
        Shape::object(parts)
    }

    fn name(&self, at: &At, expr: &Expr) -> Option<String> {
        let text = to_string(self.tf.cx, &self.value(at, expr)?);
        text.as_str().map(String::from)
    }

    fn for_each(&mut self, at: &At, each: &For) -> Shape {
        let collection = self.expr(at, &each.collection);
        if collection == Shape::Whole {
            return Shape::Whole;
        }
        let is_listed = matches!(collection, Shape::List(_) | Shape::Object(_));
        let has_elements = is_listed
            || matches!(self.value(at, &each.collection),
                Some(Value::Coll(all)) if all.parts.iter().any(Part::is_certain));
        let mut parts = Vec::new();
        for (name, element) in collection.entries() {
            let inner = at.within(each.key.as_ref(), &each.value, element);
            let decides = |e: &Option<Expr>, follow: &mut Self| {
                e.as_ref().is_some_and(|e| follow.expr(&inner, e) == Shape::Whole)
            };
            if has_elements && (decides(&each.cond, self) || decides(&each.result_key, self)) {
                return Shape::Whole;
            }
            let is_key =
                |e: &Expr| matches!(&e.kind, ExprKind::Variable(own) if Some(own) == each.key.as_ref());
            let name = name.filter(|_| each.result_key.as_ref().is_some_and(is_key));
            let value = self.expr(&inner, &each.result);
            parts.push((name, if each.group { Shape::List(vec![value]) } else { value }));
        }
        // Whether a part is there at all is not known of the others.
        if !is_listed || each.cond.is_some() {
            return Shape::Clean;
        }
        match each.result_key {
            Some(_) => Shape::object(parts),
            None => Shape::list(parts.into_iter().map(|(_, value)| value)),
        }
    }

    fn call(&mut self, at: &At, name: &str, args: &[Expr], expand: bool) -> Shape {
        let row = find(name);
        let also = row.map_or(Also::Nothing, |row| row.also);
        if matches!(also, Also::Tries) {
            return self.attempt(at, args);
        }
        let mut shapes: Vec<Shape> = args.iter().map(|arg| self.expr(at, arg)).collect();
        if expand {
            match shapes.pop() {
                Some(Shape::List(last)) => shapes.extend(last),
                Some(Shape::Whole) => return Shape::Whole,
                _ => return Shape::Clean,
            }
        }
        let any = shapes.contains(&Shape::Whole);
        match (also, row.and_then(|row| row.together), shapes.as_slice()) {
            (_, Some(Together::Merged), all) => Shape::merged(all),
            (_, Some(Together::InARow), all) => Shape::in_a_row(all),
            (Also::Takes { wraps: false }, _, [map, key, default @ ..]) => {
                let default = default.first().cloned().unwrap_or_default();
                let found = match (map, args.get(1).map(|key| self.key(at, key))) {
                    (Shape::Object(parts), Some(Key::Name(key))) => {
                        if parts.iter().any(|(own, _)| own.as_deref().is_none_or(|own| own == key)) {
                            map.part(&Key::Name(key))
                        } else {
                            default
                        }
                    }
                    _ => Shape::one_of(&[map.part(&Key::Open), default]),
                };
                found.or_whole(*map == Shape::Whole || *key == Shape::Whole)
            }
            (Also::Takes { wraps: true }, _, [list, index]) => {
                let found = match (list, self.index(at, args, 1)) {
                    (Shape::List(parts), Some(i)) => {
                        let found = i.checked_rem(parts.len()).and_then(|i| parts.get(i));
                        found.cloned().unwrap_or_default()
                    }
                    _ => list.part(&Key::Open),
                };
                found.or_whole(*index == Shape::Whole)
            }
            (_, _, shapes) => match row.map_or(Spreads::Nowhere, |row| row.spreads) {
                Spreads::Nowhere => Shape::Clean,
                Spreads::OfWhole => Shape::Clean.or_whole(any),
                Spreads::Zipped => Shape::Clean.or_whole(any || shapes.first().is_some_and(Shape::is_within)),
                spreads => self.spread(spreads, shapes),
            },
        }
    }

    /// What a call of known arguments makes of their marks.
    fn spread(&self, spreads: Spreads, shapes: &[Shape]) -> Shape {
        match (spreads, shapes) {
            (Spreads::Same, [Shape::Object(parts)]) if parts.is_empty() => Shape::Clean,
            (Spreads::Same, [given]) => given.clone(),
            (Spreads::With(kind), [given]) => given.clone().or_whole(self.kind == kind),
            (Spreads::Without(kind, From::Parts), _) if self.kind == kind => Shape::Clean,
            (Spreads::Without(kind, From::Whole), [Shape::Whole]) if self.kind == kind => Shape::Clean,
            (Spreads::Without(..), [given]) => given.clone(),
            (Spreads::Values, [Shape::Object(parts)]) => {
                let mut parts = parts.clone();
                parts.sort_by(|a, b| a.0.cmp(&b.0));
                let named = parts.iter().all(|(name, _)| name.is_some());
                let list = Shape::List(parts.into_iter().map(|(_, part)| part).collect());
                if named { list } else { Shape::one_of(&list.parts()) }
            }
            (Spreads::Values, [given]) => given.clone(),
            (Spreads::Flattened, [list]) => list.flattened(),
            (_, all) => Shape::made_of(all),
        }
    }

    /// The known index that an argument is.
    fn index(&self, at: &At, args: &[Expr], i: usize) -> Option<usize> {
        match args.get(i).map(|arg| self.key(at, arg)) {
            Some(Key::Index(index)) => Some(index),
            _ => None,
        }
    }

    /// The first argument that is not refused; of one that may be, nobody knows.
    fn attempt(&mut self, at: &At, args: &[Expr]) -> Shape {
        for arg in args {
            let Some(value) = self.value(at, arg) else { return Shape::Clean };
            let refused = self.tf.cx.refused_or_missing(&value);
            if refused.is_false() {
                return self.expr(at, arg);
            }
            if !refused.is_true() {
                return Shape::Clean;
            }
        }
        Shape::Clean
    }
}

/// Whether a type is that of a set.
pub(super) fn is_a_set(ty: &Expr) -> bool {
    matches!(&ty.kind, ExprKind::Call { name, .. } if name.text == "set")
}
