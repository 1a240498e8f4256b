//! Where values were written: the very literal that a value goes back to.
//!
//! Answers: which line is edited so that `count = var.keys` is another number? The reference is followed through variables,
//! arguments, locals and outputs to what somebody wrote; nothing is evaluated that the plan did not need anyway.
//! Elements carry their place themselves ([`crate::value::Part::at`]): those of `[…]` and `{…}` get it where they are
//! evaluated, those of a text that a function read in [`super::places`].
//!
//! ```terraform
//! for_each = toset(var.generations)       # the element "v2" is in prod.tfvars:1
//! count    = local.team.keys              # 2 is in teams.yaml:7
//! ```

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::files::local_file;
use super::scope::{ModuleInstance, Scope};
use super::{Item, Terraform};
use crate::key::{COMMAND_LINE, ENVIRONMENT, Number, Passed, Written};
use crate::parse::syntax::{Expr, ExprKind, TemplatePart};
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::config::module::Decl;
use crate::resolve::terraform::functions::args::{Also, Read};
use crate::resolve::terraform::functions::find;
use crate::span::{FileId, Loc};
use crate::value::{Num, Ty, Value};

/// How many references are followed.
pub(super) const FOLLOWED: usize = 24;
/// How much of a value is quoted, in characters.
pub(super) const QUOTED: usize = 40;
/// How long the key of an entry may be that is told, with its quotes.
const LABEL: usize = 200;

/// How many expressions are looked at for one value.
const VISITED: usize = 4_096;

/// What a literal is given to: its name there, and what that belongs to.
type Name<'n> = (&'n str, Option<String>);

/// What was found on the way to an origin.
#[derive(Default)]
struct Trail {
    /// Every place that the value is made of, also where these are several.
    places: RefCell<Vec<(Loc, String)>>,
    visits: Cell<usize>,
}

/// How far references are followed still.
#[derive(Clone, Copy)]
struct Way<'t> {
    left: usize,
    trail: &'t Trail,
}

impl Way<'_> {
    fn further(self) -> Option<Self> {
        self.trail.visits.set(self.trail.visits.get() + 1);
        let left = self.left.checked_sub(1)?;
        (self.trail.visits.get() <= VISITED).then_some(Way { left, ..self })
    }
}

/// What a function does besides giving a value.
fn also(function: &str) -> Also {
    find(function).map_or(Also::Nothing, |row| row.also)
}

impl Terraform<'_> {
    /// Where the value of an expression was written; `None` if it comes from several places, or from none in a file.
    pub fn origin(&self, scope: &Scope, expr: &Expr, name: Name) -> Option<Written> {
        self.origins(scope, expr, name).0
    }

    /// The same, and every place that the value is made of.
    pub fn origins(&self, scope: &Scope, expr: &Expr, name: Name) -> (Option<Written>, Vec<(Loc, String)>) {
        let trail = Trail::default();
        let origin = self.follow(scope, expr, name, Way { left: FOLLOWED, trail: &trail });
        (origin, trail.places.into_inner())
    }

    fn follow(&self, scope: &Scope, expr: &Expr, name: Name, way: Way) -> Option<Written> {
        let found = self.followed(scope, expr, name, way.further()?);
        way.trail.places.borrow_mut().extend(found.iter().flat_map(Written::named_places));
        found
    }

    fn followed(&self, scope: &Scope, expr: &Expr, name: Name, left: Way) -> Option<Written> {
        let literal = |name: Name| self.origin_at(Loc::new(scope.file, expr.span), name);
        match &expr.kind {
            ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => literal(name),
            ExprKind::Tuple(_) | ExprKind::Object(_) => literal(name),
            ExprKind::Paren(inner) => self.follow(scope, inner, name, left),
            ExprKind::Unary(_, inner) => self.follow(scope, inner, name, left).map(calculated),
            ExprKind::AttrSplat(base, _) | ExprKind::FullSplat(base, _) => {
                self.follow(scope, base, name, left)
            }
            ExprKind::ForTuple(f) | ExprKind::ForObject(f) => {
                self.follow(scope, &f.collection, name, left).map(calculated)
            }
            ExprKind::Template(parts) => {
                let inner = parts.iter().filter_map(|p| match p {
                    TemplatePart::Interpolation(inner) => Some(inner),
                    _ => None,
                });
                let inner: Vec<&Expr> = inner.collect();
                if inner.is_empty() {
                    return literal(name);
                }
                let one = self.follow_one(scope, &inner, name, left);
                if parts.len() == 1 { one } else { one.map(calculated) }
            }
            ExprKind::Binary(_, a, b) => self.follow_one(scope, &[a, b], name, left).map(calculated),
            ExprKind::Call { name: function, args, .. } => match (also(&function.text), args.as_slice()) {
                (Also::Reads(Read::Text | Read::Listing) | Also::Renders { file: true }, [path, ..]) => {
                    let path = self.again(scope, path);
                    let path = local_file(self, path.as_str()?)?;
                    let file = self.files.read(&path).ok()?;
                    self.origin_at(self.top(file), ("", None))
                }
                (Also::Takes { wraps: false }, [base, key, ..]) => {
                    self.follow(scope, key, name.clone(), left);
                    let key = self.again(scope, key);
                    let has = |v: &Value| matches!(v, Value::Coll(c) if c.parts.iter().any(|p| p.key == key));
                    match (has(&self.merged(&self.again(scope, base))), args.get(2)) {
                        (false, Some(default)) => self.follow(scope, default, name, left),
                        _ => self.follow_element(scope, base, &key, name, left),
                    }
                }
                (Also::Tries, all) => {
                    let taken = |arg: &&Expr| self.cx.refused(&self.again(scope, arg)).is_false();
                    self.follow(scope, all.iter().find(taken)?, name, left)
                }
                (Also::Asks, _) => None,
                (also, all) => {
                    let origin = self.follow_one(scope, &all.iter().collect::<Vec<_>>(), name, left)?;
                    match all {
                        // What gives a collection gives that of its argument.
                        [_] if !gives_scalar(&function.text) => Some(origin),
                        [one] => Some(self.given_back(scope, expr, one, origin)),
                        _ if matches!(also, Also::Hides | Also::Discloses) => Some(origin),
                        _ => Some(calculated(origin)),
                    }
                }
            },
            ExprKind::Cond(cond, then, otherwise) => {
                self.follow(scope, cond, name.clone(), left);
                let holds = self.again(scope, cond).as_guard()?;
                let follow = |arm| self.follow(scope, arm, name.clone(), left);
                match (holds.is_true(), holds.is_false()) {
                    (true, _) => follow(then),
                    (_, true) => follow(otherwise),
                    // Either one, so that it has no one place.
                    _ => {
                        follow(then);
                        follow(otherwise);
                        None
                    }
                }
            }
            ExprKind::GetAttr(base, attribute) => {
                self.follow_attribute(scope, base, &attribute.text, left).or_else(|| {
                    let key = Value::from(attribute.text.as_str());
                    self.follow_element(scope, base, &key, name, left)
                })
            }
            ExprKind::Index(base, key) => {
                self.follow(scope, key, name.clone(), left);
                let key = self.again(scope, key);
                self.follow_element(scope, base, &key, name, left)
            }
            ExprKind::LegacyIndex(base, index) => {
                let key = Value::from(i64::try_from(*index).ok()?);
                self.follow_element(scope, base, &key, name, left)
            }
            ExprKind::Variable(_) => None,
        }
    }

    /// What a call of one argument makes of it: the same, how many elements it has, or something else.
    fn given_back(&self, scope: &Scope, call: &Expr, arg: &Expr, origin: Written) -> Written {
        let made = self.again(scope, call);
        match (self.again(scope, arg), made.as_number()) {
            (Value::Coll(coll), Some(number)) => {
                let counts = number.to_usize() == Some(coll.parts.len());
                if counts { Written { number: Number::No, ..origin } } else { calculated(origin) }
            }
            (Value::Coll(_), None) => origin,
            (arg, _) if self.cx.to_text(&arg) == self.cx.to_text(&made) => origin,
            _ => calculated(origin),
        }
    }

    /// The one origin of what several expressions give together; of literals among them none is it.
    fn follow_one(&self, scope: &Scope, exprs: &[&Expr], name: Name, left: Way) -> Option<Written> {
        let open: Vec<&&Expr> = exprs.iter().filter(|e| !is_literal(e)).collect();
        let all = if open.is_empty() { exprs.iter().collect() } else { open };
        let origins: Vec<Written> =
            all.into_iter().filter_map(|e| self.follow(scope, e, name.clone(), left)).collect();
        let first = origins.first()?;
        origins.iter().all(|other| other.at == first.at).then(|| first.clone())
    }

    /// The origin of an element: its own place, else that of the whole.
    fn follow_element(
        &self,
        scope: &Scope,
        base: &Expr,
        key: &Value,
        name: Name,
        left: Way,
    ) -> Option<Written> {
        if let Value::Coll(coll) = self.merged(&self.again(scope, base)) {
            let index = key.as_number().and_then(Num::to_usize);
            let part = match index {
                Some(index) if !coll.kind.keyed() => coll.parts.get(index),
                _ => coll.parts.iter().rev().find(|p| p.key == *key),
            };
            if let Some(at) = part.and_then(|p| p.at.0) {
                let of = index.zip(called(base)).map(|(index, list)| format!("element {index} of {list}"));
                return self.origin_at(at, (key.as_str().unwrap_or_default(), of));
            }
        }
        // Which of its elements is not known.
        self.follow(scope, base, name, left).map(calculated)
    }

    /// The origin of what a name stands for.
    fn follow_attribute(&self, scope: &Scope, base: &Expr, name: &str, left: Way) -> Option<Written> {
        let node = &scope.node;
        match &unindexed(base).kind {
            ExprKind::Variable(root) if scope.locals.contains_key(root) => None,
            ExprKind::Variable(root) => match root.as_str() {
                "var" => self.follow_variable(node, name, left),
                "local" => {
                    let local = node.module.locals.get(name)?;
                    let inner = Scope::module(node, local.file);
                    self.follow(&inner, &local.what.expr, (name, None), left)
                }
                "each" => self.origin_at(scope.instance.as_ref()?.at?, ("", None)),
                _ => None,
            },
            ExprKind::GetAttr(root, of) => {
                let ExprKind::Variable(root) = &root.kind else { return None };
                match root.as_str() {
                    "module" => {
                        let decl = node.module.calls.get(&of.text)?;
                        let expansion = self.expansion(node, Item::Call(of.text.clone()), decl);
                        let child = self.child(node, &of.text, expansion.instances.first()?)?;
                        let output = child.module.outputs.get(name)?.args.get("value")?;
                        let inner = Scope::module(&child, output.file);
                        self.follow(
                            &inner,
                            &output.what.expr,
                            ("value", Some(format!("output {name}"))),
                            left,
                        )
                    }
                    "data" | "var" | "local" | "each" => None,
                    kind => {
                        let decl = node.module.resources.get(&(kind.to_string(), of.text.clone()))?;
                        let named = if name == "id" { "name" } else { name };
                        let arg = decl.args.get(named)?;
                        let inner = Scope::module(node, arg.file);
                        let owner = format!("{kind}.{}", of.text);
                        self.follow(&inner, &arg.what.expr, (named, Some(owner)), left)
                    }
                }
            }
            _ => None,
        }
    }

    fn follow_variable(&self, node: &Rc<ModuleInstance>, name: &str, left: Way) -> Option<Written> {
        let decl = node.module.variables.get(name)?;
        let literal = |file: FileId| Scope { literal: true, ..Scope::module(node, file) };
        // What the deployment refuses was set aside: it is not what is deployed.
        if node.call.is_none() && self.counts_as_free(node, name, decl) {
            return None;
        }
        let origin = match &node.call {
            Some(call) => node.passed(name).map(|(scope, arg)| {
                let owner = call.address();
                let at = arg.loc(arg.what.expr.span);
                let followed = self.follow(&scope, &arg.what.expr, (name, Some(owner.clone())), left);
                let mut origin = followed.or_else(|| {
                    // What several places give together is written where it is passed.
                    let own = self.origin_at(at, (name, Some(owner.clone())))?;
                    let number = match self.again(&scope, &arg.what.expr) {
                        Value::Coll(_) => Number::No,
                        value => Number::Itself(value.as_number().and_then(|n| n.to_i64()?.try_into().ok())),
                    };
                    Some(Written { number, ..own })
                })?;
                if origin.at != at && self.visible(at) == at {
                    origin.passed.push(Passed::new(name, owner, at, " = "));
                }
                Some(origin)
            }),
            None => self.root.values.get(name).map(|supplied| match supplied {
                Supplied::Expr(file, expr) => self.follow(&literal(*file), expr, (name, None), left),
                Supplied::Text(text, environment) => Some(Written {
                    // It stands in no file: its variable is what can be shown.
                    of: Some(if *environment { ENVIRONMENT } else { COMMAND_LINE }.into()),
                    number: number(text),
                    ..Written::new(name, if is_short(text) { text } else { "" }, decl.header())
                }),
                Supplied::Hidden => None,
            }),
        };
        let default = || {
            let arg = decl.args.get("default")?;
            let owner = format!("{}var.{name}", node.prefix);
            let mut origin =
                self.follow(&literal(arg.file), &arg.what.expr, ("default", Some(owner)), left)?;
            // Nothing is passed yet: the call is where that would stand.
            if let Some(call) = &node.call {
                origin.passed.push(Passed::new(name, call.address(), call.decl()?.header(), " = "));
            }
            Some(origin)
        };
        let origin = origin.unwrap_or_else(default)?;
        let secret = ["sensitive", "ephemeral"].iter().any(|a| decl.args.contains_key(*a));
        Some(if secret { Written { text: String::new(), ..origin } } else { origin })
    }

    /// Whether a variable of the root is free, whatever is written for it.
    fn counts_as_free(&self, node: &Rc<ModuleInstance>, name: &str, decl: &Decl) -> bool {
        let Value::Sym(sym) = self.variable(node, name, decl.header()) else { return false };
        self.cx.leaf(sym).is_some_and(|leaf| leaf.given.is_none())
    }

    /// What stands at a place; nothing in a module of the catalogue, where nobody can edit it.
    pub(super) fn origin_at(&self, at: Loc, (name, of): Name) -> Option<Written> {
        if self.visible(at) != at {
            return None;
        }
        let decoded = self.is_read(at.file);
        let source = self.files.source(at.file);
        let text = source.text.get(at.span.range()).unwrap_or_default();
        // An entry of a map stands with its key, which is at the beginning: a list of thousands is not looked through.
        let sign = text.char_indices().take(LABEL).find(|(_, c)| matches!(c, '=' | ':'));
        let entry = sign.and_then(|(at, sign)| Some((unquoted(text.get(..at)?), text.get(at + 1..)?, sign)));
        let entry = entry.filter(|(key, ..)| if name.is_empty() { is_name(key) } else { *key == name });
        let between = if entry.is_some_and(|(.., sign)| sign == ':') { ": " } else { " = " };
        let name = entry.map_or(name, |(key, ..)| key);
        let text = entry.map_or(text, |(_, value, _)| value).trim();
        let number = number(text);
        let short = !decoded && is_short(text) && !self.is_hidden(at);
        let text = if short { text } else { "" };
        Some(Written { of, decoded, between, number, ..Written::new(name, text, at) })
    }

    /// Whether what stands at a place is a secret.
    pub(super) fn is_hidden(&self, at: Loc) -> bool {
        self.files.hidden(at.file).iter().any(|span| span.start < at.span.end && at.span.start < span.end)
    }
}

/// Whether a text is quoted where it stands.
pub(super) fn is_short(text: &str) -> bool {
    text.chars().nth(QUOTED).is_none() && !text.contains('\n')
}

/// Whether a key can be written without quotes.
pub(super) fn is_name(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// A text without the quotes around it.
pub(super) fn unquoted(key: &str) -> &str {
    key.trim().trim_matches(['"', '\''])
}

/// Whether a function gives a text, a number or a bool, whatever it is called with.
fn gives_scalar(function: &str) -> bool {
    find(function).is_some_and(|row| matches!(row.func.ret, Ty::String | Ty::Number | Ty::Bool))
}

/// What other values are calculated of.
fn calculated(origin: Written) -> Written {
    Written { number: Number::Calculated, passed: Vec::new(), ..origin }
}

/// Which number a text is, in quotes or not.
fn number(text: &str) -> Number {
    unquoted(text).parse().map_or(Number::No, |n| Number::Itself(Some(n)))
}

/// The name of a list, at the end of what refers to it.
fn called(list: &Expr) -> Option<&str> {
    match &list.kind {
        ExprKind::Paren(inner) => called(inner),
        ExprKind::GetAttr(_, name) => Some(&name.text),
        _ => None,
    }
}

/// What is indexed, without its indices.
fn unindexed(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Index(base, _) | ExprKind::LegacyIndex(base, _) => unindexed(base),
        _ => expr,
    }
}

fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) => true,
        ExprKind::Template(parts) => parts.iter().all(|p| matches!(p, TemplatePart::Literal(..))),
        ExprKind::Tuple(items) => items.iter().all(is_literal),
        ExprKind::Object(entries) => entries.is_empty(),
        ExprKind::Paren(inner) | ExprKind::Unary(_, inner) => is_literal(inner),
        _ => false,
    }
}
