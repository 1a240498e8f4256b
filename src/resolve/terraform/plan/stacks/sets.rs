//! Where stack sets are deployed: the accounts and regions that other resources take them to.
//!
//! Answers: which stacks a stack set has, one for each account and region. Without such resources here a set stays one
//! stack in accounts of its own. Users are those of an account, so each region adds its keys to theirs.
//! Source: provider documentation, `aws_cloudformation_stack_set_instance`, `aws_cloudformation_stack_instances`.

use std::collections::HashMap;
use std::rc::Rc;

use super::{SET, placed_once};
use crate::key::{Account, Multiplicity};
use crate::problem::Problem;
use crate::resolve::embedded::{Parameters, Stack};
use crate::resolve::terraform::eval::scope::{Instance, Made, ModuleInstance};
use crate::resolve::terraform::eval::{Item, Terraform};
use crate::span::Loc;
use crate::value::{Guard, Value};

/// A resource that takes stack sets somewhere.
pub struct Placing {
    /// Its module.
    pub node: Rc<ModuleInstance>,
    /// Its type and name.
    pub resource: (String, String),
}

/// A place that one instance of such a resource takes a stack set to.
struct Place {
    address: String,
    header: Loc,
    calls: Vec<Loc>,
    multiplier: Option<Loc>,
    parameters: Parameters,
    times: Multiplicity,
    account: Account,
    /// Whether the account is another one than that of the resource's provider.
    elsewhere: bool,
    region: Option<Value>,
    refused: Vec<Problem>,
}

impl Terraform<'_> {
    /// What a stack set is called by those that take it somewhere.
    pub(super) fn names_of_set(&self, block: Made, address: &str) -> Vec<Value> {
        let attribute = |name| self.left_unset(block, SET, address, name);
        let name = match block.decl.args.contains_key("name") {
            true => self.argument_of(block, "name"),
            false => attribute("name"),
        };
        vec![name, attribute("id")]
    }

    /// The stacks of a unit, stack sets replaced by what they deploy where something here says where to.
    pub fn deployed_sets(&self, stacks: Vec<Stack>, placings: &[Placing]) -> Vec<Stack> {
        if placings.is_empty() || stacks.iter().all(|stack| stack.names.is_empty()) {
            return stacks;
        }
        let mut places: Vec<Place> = Vec::new();
        let mut by_name: HashMap<Value, Vec<(Guard, usize)>> = HashMap::new();
        for placing in placings {
            let Some(decl) = placing.node.module.resources.get(&placing.resource) else { continue };
            let (kind, name) = &placing.resource;
            let item = Item::Resource(false, kind.clone(), name.clone());
            let expansion = self.expansion(&placing.node, item, decl);
            for instance in &expansion.instances {
                let block = Made { node: &placing.node, decl, instance };
                let address = format!("{}{kind}.{name}{}", placing.node.prefix, instance.key.show());
                let ((set, own), met) = self.watch(|| {
                    (self.argument_of(block, "stack_set_name"), self.places_of(block, (&address, kind)))
                });
                let refused = self.rejected_values(&met);
                for place in own {
                    for (guard, set) in self.cx.alternatives(&set) {
                        by_name.entry(set).or_default().push((guard, places.len()));
                    }
                    places.push(Place { refused: refused.clone(), ..place });
                }
            }
        }
        let mut all = Vec::new();
        for stack in stacks {
            let mut own: Vec<Stack> = Vec::new();
            for (guard, name) in stack.names.iter().flat_map(|name| self.cx.alternatives(name)) {
                for (when, place) in by_name.get(&name).into_iter().flatten() {
                    let Some(place) = places.get(*place) else { continue };
                    own.push(self.stack_at(&stack, place, self.cx.and(guard, *when)));
                }
            }
            if own.is_empty() { all.push(stack) } else { all.extend(own) }
        }
        all
    }

    fn argument_of(&self, block: Made, name: &str) -> Value {
        let Some(arg) = block.decl.args.get(name) else { return Value::Null };
        self.shown(&block.scope(arg.file), &arg.what.expr)
    }

    /// The places that one instance takes a set to.
    fn places_of(&self, block: Made, (address, kind): (&str, &str)) -> Vec<Place> {
        let cx = self.cx;
        let decl = block.decl;
        let argument = |name: &str| self.argument_of(block, name);
        let here = self.provided(block, kind).account;
        let targets = decl.blocks.iter().find(|block| block.what.kind.text == "deployment_targets");
        let each = |name: &str| -> Vec<(Value, String, Multiplicity)> {
            let arg = decl.args.get(name).map(|arg| (arg, argument(name)));
            match arg.filter(|(_, value)| *value != Value::Null) {
                None => vec![(Value::Null, String::new(), Multiplicity::ONCE)],
                Some((arg, value)) => {
                    let instances = self.each_element(&value, arg.loc(arg.what.span));
                    let own = |i: Rc<Instance>| (i.each_key.clone(), i.key.show(), i.times.clone());
                    instances.into_iter().map(own).collect()
                }
            }
        };
        let once = |value: Value| vec![(value, String::new(), Multiplicity::ONCE)];
        let accounts = match targets {
            Some(targets) => {
                let scope = block.scope(targets.file);
                let said = targets.what.body.attributes.iter().map(|a| self.shown(&scope, &a.expr));
                once(Value::tuple(said.collect::<Vec<_>>()))
            }
            None if placed_once(kind) => once(argument("account_id")),
            None => each("accounts"),
        };
        let regions = match argument("stack_set_instance_region") {
            _ if !placed_once(kind) => each("regions"),
            Value::Null => once(argument("region")),
            region => once(region),
        };
        let times = block.times(cx);
        let mut places = Vec::new();
        for (account, account_key, account_times) in &accounts {
            let unset = cx.null(account);
            let scope = cx.if_else(unset, here.scope.clone(), account.clone());
            let id = if unset.is_true() { here.id.clone() } else { Account::id_in(&scope) };
            for (region, region_key, region_times) in &regions {
                let mut times = region_times.within(cx, &account_times.within(cx, &times));
                // Elements that say the account are those of other accounts.
                let of_account = cx.leaves(&scope);
                times.loops.retain(|l| !l.element.iter().any(|element| of_account.contains(element)));
                places.push(Place {
                    address: format!("{address}{account_key}{region_key}"),
                    header: decl.header(),
                    calls: block.node.via.clone(),
                    multiplier: decl.multiplier().map(|arg| arg.loc(arg.what.span)),
                    parameters: self.parameters(block, "parameter_overrides"),
                    times,
                    account: Account { scope: scope.clone(), id: id.clone() },
                    elsewhere: !unset.is_true(),
                    region: (*region != Value::Null).then(|| region.clone()),
                    refused: Vec::new(),
                });
            }
        }
        places
    }

    /// A stack set's stack at a place, where `when` holds.
    fn stack_at(&self, set: &Stack, place: &Place, when: Guard) -> Stack {
        let mut parameters = set.parameters.clone();
        parameters.named.extend(place.parameters.named.clone());
        parameters.other = place.parameters.other.clone().or(parameters.other);
        let calls = set.calls.iter().chain([&set.header]).chain(&place.calls);
        Stack {
            address: place.address.clone(),
            header: place.header,
            calls: calls.copied().collect(),
            parameters,
            times: place.times.within(self.cx, &set.times).only(self.cx, when),
            multiplier: place.multiplier.or(set.multiplier),
            account: place.account.clone(),
            region: place.region.clone(),
            elsewhere: place.elsewhere,
            names: Vec::new(),
            refused: set.refused.iter().chain(&place.refused).cloned().collect(),
            ..set.clone()
        }
    }
}
