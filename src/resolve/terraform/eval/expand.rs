//! How many instances a block has, and what each is called.
//!
//! Answers: given `count` or `for_each` as evaluated, which instance keys exist, and when. An argument that is not
//! known gives one `[*]` instance, never none. Knows nothing of IAM.
//! Source: Terraform language, "The count Meta-Argument", "The for_each Meta-Argument"; recorded results.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::Item;
use super::Terraform;
use super::scope::{Instance, InstanceKey, ModuleInstance, Multiplier, Scope};
use crate::key::{Loop, Multiplicity};
use crate::parse::syntax::{Attribute, ExprKind};
use crate::resolve::terraform::config::module::{Decl, In};
use crate::resolve::terraform::functions::args::Kind;
use crate::resolve::terraform::functions::find;
use crate::resolve::terraform::types::elements::unconverted;
use crate::resolve::terraform::types::{Constraint, convert, to_bool, to_number};
use crate::span::Loc;
use crate::value::limits::{INSTANCES, LISTED};
use crate::value::marks::Mark;
use crate::value::sizes::Sizes;
use crate::value::symbol::Role;
use crate::value::{CollKind, Cx, Guard, Leaf, LeafKind, Num, Part, SymId, Ty, Value};

/// The instances of a block.
#[derive(Debug)]
pub struct Expansion {
    /// What multiplies it.
    pub by: Multiplier,
    /// Every instance, in the order of keys.
    pub instances: Vec<Rc<Instance>>,
    /// When Terraform refuses the argument, with the refusal.
    pub refused: Option<(Guard, Value)>,
    /// What a reference to the block as a whole reads, once one was met.
    pub whole: OnceCell<Value>,
}

impl Expansion {
    fn new(by: Multiplier, instances: Vec<Rc<Instance>>, refused: Option<(Guard, Value)>) -> Expansion {
        Expansion { by, instances, refused, whole: OnceCell::new() }
    }
}

impl Terraform<'_> {
    /// The expansion of a block; computed once. A block whose expansion needs itself is refused.
    pub fn expansion(&self, node: &Rc<ModuleInstance>, item: Item, decl: &Decl) -> Rc<Expansion> {
        self.report_duplicates(node, &item);
        let key = (node.id, item);
        let busy = (node.id, Item::Expansion(Box::new(key.1.clone())));
        if let Some(known) = self.known.expansions.borrow().get(&key) {
            self.met_again(&busy);
            return known.clone();
        }
        if !self.active.borrow_mut().insert(busy.clone()) {
            let reason = "how often this block exists depends on itself; Terraform refuses such a cycle";
            let refusal = self.circle(decl.header(), reason);
            return Rc::new(Expansion::new(Multiplier::Single, Vec::new(), Some((Guard::TRUE, refusal))));
        }
        let expansion = self.watch_item(&busy, || Rc::new(self.expand(node, decl)));
        if expansion.instances.iter().all(|instance| instance.times.exists.is_false()) {
            self.sink.emptied();
        }
        self.active.borrow_mut().remove(&busy);
        self.known.expansions.borrow_mut().insert(key, expansion.clone());
        expansion
    }

    fn expand(&self, node: &Rc<ModuleInstance>, decl: &Decl) -> Expansion {
        let enabled = decl
            .blocks
            .iter()
            .filter(|b| b.what.kind.text == "lifecycle")
            .find_map(|b| Some(In { file: b.file, what: b.what.body.attribute("enabled")?.clone() }));
        let written = [decl.args.get("count"), decl.args.get("for_each"), enabled.as_ref()];
        let written: Vec<&In<Attribute>> = written.into_iter().flatten().collect();
        // An override may say another one: then the base's, or `count`, counts.
        if let [first, second, ..] = written.as_slice()
            && first.file == second.file
        {
            let (a, b) = (&first.what.name.text, &second.what.name.text);
            let reason = format!("{a} and {b} do not go together: both say how many there are");
            let refusal = Value::refused(reason, Some(second.loc(second.what.span)));
            return Expansion::new(Multiplier::Single, Vec::new(), Some((Guard::TRUE, refusal)));
        }
        if let Some(count) = decl.args.get("count") {
            self.by_count(node, decl, count)
        } else if let Some(each) = decl.args.get("for_each") {
            self.by_for_each(node, decl, each)
        } else if let Some(enabled) = enabled {
            self.by_enabled(node, &enabled)
        } else {
            Expansion::new(Multiplier::Single, vec![Rc::new(Instance::single())], None)
        }
    }

    fn argument_value(&self, node: &Rc<ModuleInstance>, arg: &In<Attribute>) -> Value {
        self.cx.located(self.eval(&Scope::module(node, arg.file), &arg.what.expr), arg.loc(arg.what.span))
    }

    /// The one instance of a block, where OpenTofu makes it.
    fn by_enabled(&self, node: &Rc<ModuleInstance>, arg: &In<Attribute>) -> Expansion {
        let cx = self.cx;
        let value = self.not_null(&to_bool(cx, &self.argument_value(node, arg)), "enabled is null");
        let value = self.cx.located(value, arg.loc(arg.what.span));
        let mut refused = Refusals::default();
        for (guard, refusal) in cx.alternatives(&value) {
            if matches!(refusal, Value::Refused(_)) {
                refused.add(self, guard, refusal);
            }
        }
        let single = Rc::new(Instance::single().when(cx.truth(&value)));
        Expansion::new(Multiplier::Single, vec![single], refused.found)
    }

    fn by_count(&self, node: &Rc<ModuleInstance>, decl: &Decl, arg: &In<Attribute>) -> Expansion {
        let cx = self.cx;
        self.refuse_of(node, decl, arg, Kind::Ephemeral);
        let value = self.not_null(&to_number(cx, &self.argument_value(node, arg)), "count is null");
        let value = self.cx.located(value, arg.loc(arg.what.span));
        let mut refused = Refusals::default();
        // Known counts are listed one by one; each index exists where the count is above it.
        let mut known: Vec<(Guard, u64)> = Vec::new();
        let mut stars: Vec<Instance> = Vec::new();
        for (guard, count) in cx.alternatives(&value) {
            match &count {
                Value::Number(n) => match whole(n) {
                    Some(n) if n <= LISTED.most as u64 => known.push((guard, n)),
                    Some(_) => stars.push(self.star_count(guard, (guard, guard), &count)),
                    None => {
                        let n = cx.show(&count);
                        let reason = format!("count is {n}, and must be a whole number that is not negative");
                        refused.add(self, guard, Value::refused(reason, Some(arg.loc(arg.what.span))));
                    }
                },
                Value::Sym(_) => {
                    let above = |n: i64| cx.truth(&cx.less(&Value::from(n), &count));
                    let valid = cx.and(cx.truth(&cx.whole(&count)), above(-1));
                    let reason = "count must be a whole number that is not negative";
                    refused.add(
                        self,
                        cx.and(guard, cx.not(valid)),
                        Value::refused(reason, Some(arg.loc(arg.what.span))),
                    );
                    if let Some(sizes) = self.mode.filled() {
                        let there = self.filled_count(guard, &count, sizes).into_iter().zip(1..);
                        known.extend(there.map(|(above, n)| (cx.and(guard, above), n)));
                        continue;
                    }
                    self.sink.fillable();
                    let (once, twice) = (cx.and(guard, above(0)), cx.and(guard, above(1)));
                    stars.push(self.star_count(guard, (once, twice), &count));
                }
                Value::Refused(_) => refused.add(self, guard, count.clone()),
                _ => refused.add(
                    self,
                    guard,
                    Value::refused("count must be a number", Some(arg.loc(arg.what.span))),
                ),
            }
        }
        let most = known.iter().map(|(_, n)| *n).max().unwrap_or(0);
        let places = self.counted_places(node, arg);
        cx.spend(usize::try_from(most).unwrap_or(usize::MAX));
        let mut instances: Vec<Rc<Instance>> = (0..most)
            .map(|i| {
                let guard = cx.any(known.iter().filter(|(_, n)| *n > i).map(|(g, _)| *g));
                let each_key = Value::from(i64::try_from(i).unwrap_or(i64::MAX));
                let at = usize::try_from(i).ok().and_then(|i| *places.get(i)?);
                let instance = Instance { key: InstanceKey::Index(i), each_key, at, ..Instance::single() };
                Rc::new(instance.when(guard))
            })
            .collect();
        instances.extend(stars.into_iter().map(Rc::new));
        Expansion::new(Multiplier::Count, instances, refused.found)
    }

    /// A number that nobody knows, filled in with some: when it is more than each number below the largest, from 0 on. Larger
    /// ones are out of the question from here on, where that is the number (`guard`).
    pub fn filled_count(&self, guard: Guard, count: &Value, sizes: Sizes) -> Vec<Guard> {
        let cx = self.cx;
        let above = |n: usize| cx.truth(&cx.less(&Num::from_usize(n).into(), count));
        if let Value::Sym(sym) = count
            && cx.leaf(*sym).is_some_and(|leaf| leaf.closed.is_none() && leaf.given.is_none())
        {
            cx.close_to(*sym, sizes);
        }
        let most = sizes.most();
        self.sink.few(cx.and(guard, above(most)));
        let mut there = Guard::TRUE;
        let each = (0..most).map(|n| {
            there = cx.and(there, above(n));
            there
        });
        each.collect()
    }

    /// Where the elements are written of what a `count = length(…)` counts; nothing for another count.
    fn counted_places(&self, node: &Rc<ModuleInstance>, arg: &In<Attribute>) -> Vec<Option<Loc>> {
        let ExprKind::Call { name, args, .. } = &arg.what.expr.kind else { return Vec::new() };
        let [counted] = args.as_slice() else { return Vec::new() };
        if !find(&name.text).is_some_and(|row| row.func.counts) {
            return Vec::new();
        }
        match self.merged(&self.eval(&Scope::module(node, arg.file), counted)) {
            Value::Coll(coll) if coll.parts.iter().all(Part::is_certain) => {
                coll.parts.iter().map(|part| part.at.0).collect()
            }
            _ => Vec::new(),
        }
    }

    /// All instances of an unknown (or very large) `count`, as the elements of a collection of that length: the
    /// collection whose length it is, or one that every block with this count shares, so that `x[count.index]` means
    /// one thing in all of them.
    fn star_count(&self, member: Guard, (guard, twice): (Guard, Guard), count: &Value) -> Instance {
        let cx = self.cx;
        let leaf = match count {
            Value::Sym(sym) => cx.leaf(*sym),
            _ => None,
        };
        let of = leaf.filter(|l| l.kind == LeafKind::Length).and_then(|l| l.of);
        let source = of.map(|of| unconverted(cx, of)).unwrap_or_else(|| {
            let name = match count {
                Value::Sym(sym) => cx.name_of(*sym),
                other => cx.show(other),
            };
            let ty = Ty::List(Box::new(Ty::Number));
            let source = cx.declare(Leaf::new(format!("range({name})"), ty, LeafKind::Deployment));
            cx.is_counted(source, count);
            source
        });
        let (key, _) = self.element(source);
        let index = match &key {
            Value::Sym(sym) if cx.type_of(*sym) == Ty::Number => key,
            // A set or a map has no indices of its own.
            _ => {
                let mut leaf = Leaf::new(
                    format!("index of {}[*]", cx.name_of(source)),
                    Ty::Number,
                    LeafKind::Element(Role::Index),
                );
                leaf.of = Some(source);
                cx.leaf_value(leaf)
            }
        };
        let mut element = self.element_syms(source);
        element.extend(cx.leaves(&index));
        let total = count.as_number().and_then(whole);
        let [above, below] =
            [(&Value::from(-1), &index), (&index, count)].map(|(a, b)| cx.truth(&cx.less(a, b)));
        let within = cx.all([cx.truth(&cx.whole(&index)), above, below]);
        Instance {
            key: InstanceKey::Star,
            times: Multiplicity {
                exists: guard,
                loops: vec![Loop { at_least_two: twice, element, within, key: Value::Null }],
                total,
            },
            member,
            each_key: index,
            each_value: Value::Null,
            sources: vec![source],
            at: None,
        }
    }

    fn by_for_each(&self, node: &Rc<ModuleInstance>, decl: &Decl, arg: &In<Attribute>) -> Expansion {
        self.refuse_of(node, decl, arg, Kind::Ephemeral);
        self.refuse_of(node, decl, arg, Kind::Sensitive);
        let at = arg.loc(arg.what.span);
        let value = self.merged(&self.filled_calls(&self.argument_value(node, arg), false));
        let mut refused = Refusals::default();
        // What only a bool about a secret decides is not shown, and is not sensitive to Terraform.
        let is_sensitive =
            || self.is_sensitive(&Scope::module(node, arg.file), &arg.what.expr) != Some(false);
        let instances = self.instances_of(&value, at, &is_sensitive, &mut refused);
        Expansion::new(Multiplier::ForEach, instances, refused.found)
    }

    /// An instance for each element of what is taken for a set of strings.
    pub fn each_element(&self, value: &Value, at: Loc) -> Vec<Rc<Instance>> {
        let strings = Constraint::Of(CollKind::Set, Box::new(Constraint::Is(Ty::String)));
        let value = convert(self.cx, value, &strings, &|_| Value::Null);
        self.instances_of(&self.merged(&value), at, &|| false, &mut Refusals::default())
    }

    fn instances_of(
        &self,
        value: &Value,
        at: Loc,
        is_sensitive: &dyn Fn() -> bool,
        refused: &mut Refusals,
    ) -> Vec<Rc<Instance>> {
        let cx = self.cx;
        let mut listed = Listed::default();
        for (guard, collection) in cx.alternatives(value) {
            match &collection {
                Value::Refused(_) => refused.add(self, guard, collection.clone()),
                Value::Null => refused.add(self, guard, Value::refused("for_each is null", Some(at))),
                _ if is_a_list(cx, &collection) => {
                    let reason = "for_each takes a map or a set of strings, not a list";
                    refused.add(self, guard, Value::refused(reason, Some(at)));
                }
                _ => match cx.in_any_order(|| self.items(&collection)) {
                    Ok(items) => {
                        for part in items {
                            if is_a_set(cx, &collection) && is_no_text(cx, &part.value) {
                                let (once, _) = self.lengths(&part.generators);
                                let reason = "for_each takes a map or a set of strings, not of anything else";
                                let guard = cx.all([guard, part.guard, once]);
                                refused.add(self, guard, Value::refused(reason, Some(at)));
                                continue;
                            }
                            self.instance_of(part, guard, at, is_sensitive, (&mut listed, refused));
                        }
                    }
                    Err(refusal) => refused.add(self, guard, self.cx.located(refusal, at)),
                },
            }
        }
        let mut instances = listed.instances;
        cx.spend(instances.len());
        if instances.len() > INSTANCES.most {
            self.budget(at, &INSTANCES);
            instances.truncate(INSTANCES.most);
        }
        instances
    }

    fn instance_of(
        &self,
        part: Part,
        guard: Guard,
        at: crate::span::Loc,
        is_sensitive: &dyn Fn() -> bool,
        (listed, refused): (&mut Listed, &mut Refusals),
    ) {
        let cx = self.cx;
        let guard = cx.and(guard, part.guard);
        if !part.generators.is_empty() {
            let (once, _) = self.lengths(&part.generators);
            let exists = cx.and(guard, once);
            let loops = part.generators.iter().map(|&source| {
                let twice = cx.and(exists, self.longer(source, 1));
                let element = self.element_syms(source);
                Loop { at_least_two: twice, element, within: Guard::TRUE, key: part.key.clone() }
            });
            listed.instances.push(Rc::new(Instance {
                key: InstanceKey::Star,
                times: Multiplicity { exists, loops: loops.collect(), total: None },
                member: guard,
                each_key: part.key,
                each_value: part.value,
                sources: part.generators,
                at: None,
            }));
            return;
        }
        for (g, key) in cx.alternatives(&part.key) {
            let guard = cx.and(guard, g);
            if cx.mark_of(&key) == Some(Mark::Sensitive) && is_sensitive() {
                let reason = "for_each takes no sensitive keys: they would be shown in addresses";
                refused.add(self, guard, Value::refused(reason, Some(at)));
                continue;
            }
            let (key, each_key) = match &key {
                Value::String(text) => match cx.name_text(&key) {
                    Some(shown) if shown != *text => {
                        (InstanceKey::Hidden(text.to_string(), shown.to_string()), key.clone())
                    }
                    _ => (InstanceKey::Key(text.to_string()), key.clone()),
                },
                // The deployment decides what it is called; there is exactly one.
                Value::Sym(_) => (InstanceKey::Star, key.clone()),
                _ => {
                    let reason = format!("each key of for_each must be a string, not {}", cx.show(&key));
                    refused.add(self, guard, Value::refused(reason, Some(at)));
                    continue;
                }
            };
            // What the deployment computes of it hangs below the inputs that name it.
            let loops = match (&key, &each_key) {
                (InstanceKey::Star, Value::Sym(_)) => {
                    vec![Loop {
                        at_least_two: Guard::FALSE,
                        element: cx.leaves(&each_key),
                        within: Guard::TRUE,
                        key: Value::Null,
                    }]
                }
                _ => Vec::new(),
            };
            let instance = Instance {
                key,
                times: Multiplicity { exists: guard, loops, total: None },
                member: guard,
                each_key,
                each_value: part.value.clone(),
                at: part.at.0,
                ..Instance::single()
            };
            match listed.known(&instance.key) {
                Some(known) => {
                    let each_value = cx.if_else(guard, instance.each_value, known.each_value.clone());
                    let guard = cx.or(known.times.exists, guard);
                    *known = Rc::new(Instance { each_value, ..(**known).clone() }.when(guard));
                }
                None => listed.instances.push(Rc::new(instance)),
            }
        }
    }

    /// When collections iterated together have one element at least, and when two.
    pub fn lengths(&self, over: &[SymId]) -> (Guard, Guard) {
        let cx = self.cx;
        let once = cx.all(over.iter().map(|&s| self.longer(s, 0)));
        let twice = cx.any(over.iter().map(|&s| self.longer(s, 1)));
        (once, cx.and(once, twice))
    }

    /// When a collection has more than `n` elements.
    fn longer(&self, sym: SymId, n: i64) -> Guard {
        self.cx.truth(&self.cx.less(&Value::from(n), &self.cx.count_of(sym)))
    }

    /// The leaves of an arbitrary element of this collection.
    fn element_syms(&self, source: SymId) -> Vec<SymId> {
        let (key, value) = self.element(source);
        let mut leaves = [self.cx.leaves(&value), self.cx.leaves(&key)].concat();
        leaves.dedup();
        leaves
    }
}

/// Whether a value is a list or a tuple for certain.
fn is_a_list(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Coll(coll) => coll.kind.in_a_row(),
        Value::Sym(sym) => match cx.func_of(*sym) {
            Some(func) => func.gives_a_row(),
            None => matches!(cx.type_of(*sym), Ty::List(_) | Ty::Tuple(_)),
        },
        _ => false,
    }
}

/// Whether a value is a set for certain.
fn is_a_set(cx: &Cx, value: &Value) -> bool {
    match value {
        Value::Coll(coll) => coll.kind == CollKind::Set,
        Value::Sym(sym) => matches!(cx.type_of(*sym), Ty::Set(_)),
        _ => false,
    }
}

/// Whether an unknown value is no text, whatever it is.
fn is_no_text(cx: &Cx, value: &Value) -> bool {
    matches!(value, Value::Sym(sym) if !matches!(cx.type_of(*sym), Ty::String | Ty::Dynamic))
}

/// The instances of a block so far, with the place of each that has a name.
#[derive(Default)]
struct Listed {
    instances: Vec<Rc<Instance>>,
    places: HashMap<InstanceKey, usize>,
}

impl Listed {
    /// The instance of this name; where there is none, the next one is taken for it.
    fn known(&mut self, key: &InstanceKey) -> Option<&mut Rc<Instance>> {
        if *key == InstanceKey::Star {
            return None;
        }
        let place = *self.places.entry(key.clone()).or_insert(self.instances.len());
        self.instances.get_mut(place)
    }
}

#[derive(Default)]
struct Refusals {
    found: Option<(Guard, Value)>,
}

impl Refusals {
    fn add(&mut self, tf: &Terraform, guard: Guard, refusal: Value) {
        if guard.is_false() {
            return;
        }
        self.found = Some(match self.found.take() {
            None => (guard, refusal),
            Some((g, first)) => (tf.cx.or(g, guard), first),
        });
    }
}

fn whole(n: &Num) -> Option<u64> {
    n.to_i64().and_then(|n| u64::try_from(n).ok())
}
