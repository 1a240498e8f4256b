//! Which provider configuration a resource instance has, and therefore which account it is in.
//!
//! [`written`] reads the names, this file follows them through `providers` maps and inheritance to the block that
//! counts, [`account`] says which account a block leads to, [`assumed`] what was taken for granted. Knows nothing of
//! IAM.
//! Source: Terraform language, "Providers Within Modules", "The Resource provider Meta-Argument"; OpenTofu, "Provider
//! Configuration" (`for_each`); recorded results.

pub mod account;
pub mod assumed;

use std::rc::Rc;

use crate::key::Account;
use crate::resolve::terraform::config::module::{Decl, Module};
use crate::resolve::terraform::config::written::{self, LocalName};
use crate::resolve::terraform::eval::scope::{Instance, InstanceKey, Made, ModuleInstance, Provided};
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::value::{Guard, Leaf, LeafKind, Ty, Value};

/// The configuration that a name leads to.
enum Configuration {
    /// A provider block of a module.
    Block(Rc<ModuleInstance>, LocalName, Option<Value>),
    /// None anywhere: whatever the environment gives.
    Unconfigured(String),
    /// An alias that the root module has no block for: its caller, which is not here, passes it.
    Expected(String),
    /// An alias that a caller does not pass, or that nothing declares, with why that is refused.
    Missing(String, String),
}

impl Terraform<'_> {
    /// The provider configuration of an instance of a resource or data source of type `kind`.
    pub fn provided(&self, block: Made, kind: &str) -> Provided {
        let Made { node, decl, .. } = block;
        let asked =
            decl.args.get("provider").and_then(|arg| Some((arg, written::reference(&arg.what.expr)?)));
        let at = asked.as_ref().map_or_else(|| decl.header(), |(arg, _)| arg.loc(arg.what.span));
        let (name, key) = match asked {
            Some((arg, reference)) => {
                let scope = block.scope(arg.file);
                (reference.name, reference.key.map(|key| self.eval(&scope, key)))
            }
            None => ((kind.split('_').next().unwrap_or(kind).to_string(), None), None),
        };
        let own = |name: String| Provided { account: Account::own(), ids: None, name, refused: Value::Null };
        match self.found(node, name, key) {
            Configuration::Block(node, name, key) => (*self.configured(&node, &name, key)).clone(),
            Configuration::Unconfigured(name) => own(name),
            Configuration::Expected(name) => Provided { account: self.apart(&name, None), ..own(name) },
            Configuration::Missing(name, reason) => {
                let refused = Value::refused(reason, Some(at));
                Provided { account: self.apart(&name, None), refused, ..own(name) }
            }
        }
    }

    /// Follows a name to the block that counts: what a caller passes stands in for a module's empty block, and what has
    /// no alias is inherited.
    fn found(&self, node: &Rc<ModuleInstance>, name: LocalName, key: Option<Value>) -> Configuration {
        let (mut node, mut name, mut key) = (node.clone(), name, key);
        let mut source = written::source_of(&node.module.required, &name.0);
        loop {
            let block = block(&node.module, &source, name.1.as_deref());
            if let Some((name, decl)) = &block
                && !is_empty(decl)
            {
                return Configuration::Block(node.clone(), name.clone(), key);
            }
            let Some(call) = &node.call else {
                return match (block, &name.1) {
                    (Some((name, _)), _) => Configuration::Block(node.clone(), name, key),
                    (None, Some(_)) if self.expects(&node, &name) => {
                        Configuration::Expected(show(&node, &name))
                    }
                    (None, Some(_)) => {
                        let name = show(&node, &name);
                        let reason = format!(
                            "no provider block and no configuration_aliases declare {name}; Terraform refuses that"
                        );
                        Configuration::Missing(name, reason)
                    }
                    (None, None) => Configuration::Unconfigured(show(&node, &name)),
                };
            };
            let parent = call.parent.clone();
            let passed = node.passed("providers").and_then(|(scope, arg)| {
                let same = |(to, _): &(LocalName, _)| {
                    to.1 == name.1 && written::source_of(&node.module.required, &to.0) == source
                };
                Some((scope, written::passed(&arg.what.expr).into_iter().find(same)?.1))
            });
            match (passed, block) {
                (Some((scope, from)), _) => {
                    key = from.key.map(|k| self.eval(&scope, k)).or(key);
                    source = written::source_of(&parent.module.required, &from.name.0);
                    name = from.name;
                }
                (None, Some((name, _))) => return Configuration::Block(node.clone(), name, key),
                (None, None) if name.1.is_some() => {
                    let name = show(&node, &name);
                    let reason = format!(
                        "no caller passes the provider configuration {name} to this module; Terraform refuses that"
                    );
                    return Configuration::Missing(name, reason);
                }
                // What has no alias is inherited, by its source.
                (None, None) => {}
            }
            node = parent;
        }
    }

    /// Whether a root module has this alias of a caller that is not here, or of a file that Terragrunt writes.
    fn expects(&self, node: &ModuleInstance, name: &LocalName) -> bool {
        node.module.expected.contains(name) || self.completed_by_terragrunt(node)
    }

    /// A block's configuration; of one with `for_each` the instance of that key.
    fn configured(&self, node: &Rc<ModuleInstance>, name: &LocalName, key: Option<Value>) -> Rc<Provided> {
        let id = (node.id, name.clone(), key.clone());
        let item = Item::Provider(name.clone());
        let watched = (node.id, item.clone());
        if let Some(known) = self.known.provided.borrow().get(&id) {
            self.met_again(&watched);
            return known.clone();
        }
        self.report_duplicates(node, &item);
        let shown = show(node, name);
        let busy = (node.id, Item::Expansion(Box::new(item.clone())));
        let circular = self.active.borrow().contains(&busy);
        let Some(decl) = node.module.providers.get(name).filter(|_| !circular) else {
            let account = self.apart(&shown, key.as_ref());
            return Rc::new(Provided { account, ids: None, name: shown, refused: Value::Null });
        };
        let provided = self.watch_item(&watched, || match (decl.args.get("for_each"), key) {
            (Some(_), Some(key)) => self.chosen(node, item, decl, &shown, &key),
            _ => {
                self.active.borrow_mut().insert(busy.clone());
                let instance = &Rc::new(Instance::single());
                let provided = self.account(Made { node, decl, instance }, shown);
                self.active.borrow_mut().remove(&busy);
                provided
            }
        });
        let provided = Rc::new(provided);
        self.known.provided.borrow_mut().insert(id, provided.clone());
        provided
    }

    /// The instance of a block with `for_each` that a key chooses, or choices of them.
    fn chosen(
        &self,
        node: &Rc<ModuleInstance>,
        item: Item,
        decl: &Decl,
        shown: &str,
        key: &Value,
    ) -> Provided {
        let cx = self.cx;
        let expansion = self.expansion(node, item.clone(), decl);
        let busy = (node.id, Item::Expansion(Box::new(item)));
        let mut options: Vec<(Guard, Provided)> = Vec::new();
        for (guard, key) in cx.alternatives(key) {
            let instance = expansion.instances.iter().find(|i| match (&i.key, &key) {
                (InstanceKey::Key(name) | InstanceKey::Hidden(name, _), Value::String(key)) => {
                    **name == **key
                }
                (InstanceKey::Star, key) => i.each_key == *key,
                _ => false,
            });
            let name = match &key {
                key @ Value::String(_) => format!("{shown}[{}]", cx.show(key)),
                _ => format!("{shown}[*]"),
            };
            let provided = match instance {
                Some(instance) => {
                    self.active.borrow_mut().insert(busy.clone());
                    let provided = self.account(Made { node, decl, instance }, name);
                    self.active.borrow_mut().remove(&busy);
                    provided
                }
                None => {
                    let account = self.apart(shown, Some(&key));
                    Provided { account, ids: None, name, refused: Value::Null }
                }
            };
            options.push((guard, provided));
        }
        match options.as_slice() {
            [(_, one)] => one.clone(),
            _ => {
                let refused = options.iter().map(|(guard, option)| (*guard, option.refused.clone()));
                let refused = cx.choice(refused.collect());
                let scopes = options.into_iter().map(|(guard, p)| (guard, p.account.scope)).collect();
                let account = Account { scope: cx.choice(scopes), id: None };
                Provided { account, ids: None, name: format!("{shown}[*]"), refused }
            }
        }
    }

    /// An account of which nothing is known but that this configuration leads to it.
    fn apart(&self, name: &str, key: Option<&Value>) -> Account {
        let leaf = Leaf::new(format!("the account of provider {name}"), Ty::String, LeafKind::Deployment);
        let own = Value::Sym(self.cx.declare(leaf));
        let scope = key.map_or_else(|| own.clone(), |key| Value::tuple([own.clone(), key.clone()]));
        Account { scope, id: None }
    }
}

/// The block of a module that configures a source under an alias.
fn block<'m>(module: &'m Module, source: &str, alias: Option<&str>) -> Option<(LocalName, &'m Decl)> {
    let same = |name: &LocalName| {
        name.1.as_deref() == alias && written::source_of(&module.required, &name.0) == source
    };
    module.providers.iter().find(|(name, _)| same(name)).map(|(name, decl)| (name.clone(), decl))
}

/// Whether a block says nothing but its alias: then it only stands for what a caller passes.
fn is_empty(decl: &Decl) -> bool {
    decl.blocks.is_empty() && decl.args.keys().all(|name| name == "alias")
}

fn show(node: &ModuleInstance, (local, alias): &LocalName) -> String {
    let dot = if alias.is_some() { "." } else { "" };
    format!("{}{local}{dot}{}", node.prefix, alias.as_deref().unwrap_or(""))
}
