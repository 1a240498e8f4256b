//! The account that a provider block leads to.
//!
//! Answers: given a block as written, which account is it, as a value that equals another one's where the account is
//! the same. Where the block names an account id, that id is the value; else it is the evidence itself: two blocks
//! with the same evidence are one account, two with different evidence are taken for two. Region, tags and retries
//! are no evidence. No evidence at all is null, the unit's own account.
//! Source: AWS provider, "Authentication and Configuration", "Assuming an IAM Role", `allowed_account_ids`; IAM User
//! Guide, "IAM ARNs" (the fifth field is the account).

use std::collections::BTreeSet;

use crate::key::Account;
use crate::parse::syntax::{Block, Expr};
use crate::resolve::terraform::config::module::In;
use crate::resolve::terraform::config::written;
use crate::resolve::terraform::eval::scope::{Made, Provided};
use crate::resolve::terraform::eval::{ObjectKind, Terraform};
use crate::resolve::terraform::types::to_string;
use crate::span::FileId;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Guard, Part, SymId, SymNode, Value};

/// Arguments that say whose credentials are used, without saying whose account that is.
const CREDENTIALS: [&str; 5] =
    ["access_key", "profile", "shared_config_files", "shared_credentials_file", "shared_credentials_files"];

/// What `allowed_account_ids` says, as the key of an object: one account, or several or an unknown list.
const ONE: &str = "one";
const SEVERAL: &str = "several";

impl Terraform<'_> {
    /// The account of one instance of a provider block.
    pub(super) fn account(&self, block: Made, name: String) -> Provided {
        let cx = self.cx;
        let at = Site { tf: self, block };
        let allowed = at.allowed();
        let role = at.last("assume_role_with_web_identity", "role_arn", Value::Null);
        let role = self.or_as_supplied(&at.last("assume_role", "role_arn", role));
        let endpoint = at.last("endpoints", "iam", Value::Null);
        let scope = cx.map(&allowed, |allowed| {
            let (one, several) = (field(allowed, ONE), field(allowed, SEVERAL));
            if let Some(id @ Value::String(_)) = one {
                return id.clone();
            }
            cx.map(&role, |role| {
                let assumed = (*role != Value::Null).then(|| self.account_field(role)).flatten();
                match (assumed, one) {
                    (Some(account), _) => account,
                    (None, Some(account)) => account.clone(),
                    (None, None) if *role != Value::Null => {
                        evidence(cx, [("role", role.clone()), ("endpoint", endpoint.clone())])
                    }
                    (None, None) => {
                        let ids = several.cloned().unwrap_or(Value::Null);
                        let given = CREDENTIALS.map(|name| (name, at.argument(name)));
                        let rest = [("allowed_account_ids", ids), ("endpoint", endpoint.clone())];
                        evidence(cx, given.into_iter().chain(rest))
                    }
                }
            })
        });
        // What is refused is no account; left in, its place would make two like expressions differ.
        let refused = scope;
        let mut there = cx.alternatives(&refused);
        there.retain(|(_, value)| !matches!(value, Value::Refused(_)));
        // Choices written in another order are the same.
        there.sort_by_cached_key(|(_, value)| cx.identity(value));
        let scope = cx.choice(there);
        let id = Account::id_in(&scope);
        let ids = match &id {
            Some(id) => Some(BTreeSet::from([id.clone()])),
            None => field(&allowed, SEVERAL).and_then(known_ids),
        };
        Provided { account: Account { scope, id }, ids, name, refused }
    }

    /// A role that can be overridden as the one that is supplied, whose account can be read, or another one.
    fn or_as_supplied(&self, role: &Value) -> Value {
        let cx = self.cx;
        cx.map(role, |role| match (role, cx.as_given(role)) {
            (Value::Sym(_), given @ Value::String(_)) => {
                cx.if_else(cx.equal(role, &given), given, role.clone())
            }
            _ => role.clone(),
        })
    }

    /// The account in an ARN, where its fields can be told apart although parts of it are unknown.
    fn account_field(&self, arn: &Value) -> Option<Value> {
        let pieces: Vec<Piece> = match arn {
            Value::String(text) => vec![Piece::Text(text.clone())],
            Value::Sym(sym) => self.cx.pieces_of(*sym)?.into_vec(),
            _ => return None,
        };
        // An unknown piece is taken to lie within one field, as partitions and account ids do.
        let mut fields: Vec<Vec<Value>> = vec![Vec::new()];
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    for (i, part) in text.split(':').enumerate() {
                        if i > 0 {
                            fields.push(Vec::new());
                        }
                        if let (Some(last), false) = (fields.last_mut(), part.is_empty()) {
                            // A part of a secret is one too.
                            last.push(self.cx.marked_as(&Value::String(text.clone()), Value::from(part)));
                        }
                    }
                }
                Piece::Sym(sym) => fields.last_mut()?.push(Value::Sym(sym)),
            }
        }
        match fields.as_slice() {
            [_arn, _partition, service, _region, account, _resource, ..]
                if matches!(service.as_slice(), [Value::String(_)]) && !account.is_empty() =>
            {
                Some(self.own_account(self.cx.concat(account)))
            }
            _ => None,
        }
    }

    /// The account that an id names: the id itself, or for what `aws_caller_identity` tells, the account of the
    /// provider that asks.
    fn own_account(&self, id: Value) -> Value {
        let caller = |sym: SymId| -> Option<Value> {
            let sym = match self.cx.pieces_of(sym).as_deref() {
                Some([Piece::Sym(inner)]) => *inner,
                Some(_) => return None,
                None => sym,
            };
            let SymNode::Path(base, name, _) = self.cx.node(sym)? else { return None };
            let object = self.known.objects.borrow().get(&base).cloned()?;
            let ObjectKind::Resource { node, data: true, key, instance } = &object.kind else { return None };
            if key.0 != "aws_caller_identity" || !matches!(&*name, "account_id" | "id") {
                return None;
            }
            let decl = node.module.data.get(key)?;
            Some(self.provided(Made { node, decl, instance }, &key.0).account.scope)
        };
        match &id {
            Value::Sym(sym) => caller(*sym).unwrap_or(id),
            _ => id,
        }
    }
}

/// Where the arguments of a provider block are evaluated.
struct Site<'t, 'a> {
    tf: &'t Terraform<'a>,
    block: Made<'t>,
}

impl Site<'_, '_> {
    fn eval(&self, file: FileId, expr: &Expr) -> Value {
        self.set(&self.tf.eval(&self.block.scope(file), expr))
    }

    /// The same with empty text as null: the provider takes both for "not set".
    fn set(&self, value: &Value) -> Value {
        let cx = self.tf.cx;
        let empty = Value::from("");
        cx.map(value, |v| match v {
            Value::String(_) if *v == empty => Value::Null,
            // Empty as supplied, and maybe not where that is overridden.
            Value::Sym(_) if cx.as_given(v) == empty => {
                cx.if_else(cx.equal(v, &empty), Value::Null, v.clone())
            }
            other => other.clone(),
        })
    }

    fn argument(&self, name: &str) -> Value {
        self.block.decl.args.get(name).map_or(Value::Null, |arg| self.eval(arg.file, &arg.what.expr))
    }

    /// `allowed_account_ids`: null, an object with the one account, or one with the list.
    fn allowed(&self) -> Value {
        let (tf, cx) = (self.tf, self.tf.cx);
        let list = cx.split(&self.argument("allowed_account_ids"));
        cx.map(&list, |list| {
            let Ok(items) = tf.items(list) else { return Value::Null };
            let text = |part: &Part| cx.to_text(&to_string(cx, &part.value));
            let certain = items.iter().all(|p| p.guard.is_true());
            let mut ids: Vec<Value> = items.iter().map(text).collect();
            ids.sort_by_cached_key(|id| cx.identity(id));
            ids.dedup();
            match ids.as_slice() {
                [] => Value::Null,
                [id] if certain => Value::object([(ONE, tf.own_account(id.clone()))]),
                _ if certain => Value::object([(SEVERAL, Value::tuple(ids))]),
                _ => Value::object([(SEVERAL, list.clone())]),
            }
        })
    }

    /// An argument of the last block of this kind that sets it, else `before`. (Each role is assumed with the one before
    /// it, so the last one counts.)
    fn last(&self, kind: &str, argument: &str, before: Value) -> Value {
        let cx = self.tf.cx;
        self.all(kind, argument).into_iter().fold(before, |before, (guard, value)| {
            let value = self.set(&to_string(cx, &value));
            let named = cx.and(guard, cx.not(cx.unset(&value)));
            cx.if_else(named, value, before)
        })
    }

    /// An argument in every block of this kind, each with when it is there.
    fn all(&self, kind: &str, argument: &str) -> Vec<(Guard, Value)> {
        let (tf, cx) = (self.tf, self.tf.cx);
        let mut all = Vec::new();
        for In { file, what: block } in &self.block.decl.blocks {
            if block.kind.text == kind {
                let arg = block.body.attribute(argument);
                all.extend(arg.map(|a| (Guard::TRUE, self.eval(*file, &a.expr))));
            } else if block.kind.text == "dynamic" && block.labels.first().is_some_and(|l| l.text == kind) {
                all.extend(self.dynamic(*file, block, kind, argument));
            }
        }
        // The JSON form, and providers whose schema has an attribute here.
        let written = tf.merged(&self.argument(kind));
        for (guard, value) in cx.alternatives(&written) {
            let items = match &value {
                Value::Coll(c) if !c.kind.keyed() => tf.items(&value).unwrap_or_default(),
                Value::Coll(_) | Value::Sym(_) => vec![Part::item(value)],
                _ => Vec::new(),
            };
            for part in items {
                let value = match &part.value {
                    known @ Value::Coll(_) => field(known, argument).cloned().unwrap_or(Value::Null),
                    other => tf.attribute(other, &argument.into()),
                };
                all.push((cx.and(guard, part.guard), value));
            }
        }
        all
    }

    /// An argument in every instance of a `dynamic` block, each with when it is there.
    fn dynamic(&self, file: FileId, block: &Block, kind: &str, argument: &str) -> Vec<(Guard, Value)> {
        let (tf, cx) = (self.tf, self.tf.cx);
        let each = block.body.attribute("for_each");
        let content = block.body.blocks("content").find_map(|content| content.body.attribute(argument));
        let (Some(each), Some(content)) = (each, content) else { return Vec::new() };
        let iterator = block.body.attribute("iterator").and_then(|a| written::reference(&a.expr));
        let iterator = iterator.map_or_else(|| kind.to_string(), |r| r.name.0);
        let mut all = Vec::new();
        for (guard, collection) in cx.alternatives(&tf.merged(&self.eval(file, &each.expr))) {
            for part in tf.items(&collection).unwrap_or_default() {
                let there = tf.lengths(&part.generators).0;
                let item = Value::object([("key", part.key), ("value", part.value)]);
                let scope = self.block.scope(file).with(&iterator, item);
                all.push((cx.all([guard, part.guard, there]), tf.eval(&scope, &content.expr)));
            }
        }
        all
    }
}

/// An attribute of a known object.
fn field<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.as_coll()?.parts.iter().find(|p| p.key.as_str() == Some(name)).map(|p| &p.value)
}

/// What is set of this, as one value for each combination; null if nothing is.
fn evidence(cx: &Cx, all: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    all.into_iter().fold(Value::Null, |before, (name, value)| {
        cx.map(&value, |value| match value {
            Value::Null => before.clone(),
            value => cx.map(&before, |before| {
                let parts = before.as_coll().map(|c| c.parts.clone()).unwrap_or_default();
                let added = Part::entry(name, value.clone());
                Value::coll(CollKind::Object, parts.into_iter().chain([added]).collect())
            }),
        })
    })
}

fn known_ids(list: &Value) -> Option<BTreeSet<String>> {
    list.as_coll()?.parts.iter().map(|p| p.value.as_str().map(str::to_string)).collect()
}
