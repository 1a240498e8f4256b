//! Configurations with up to five inputs of which some are free, and what every assignment of them leads to.
//!
//! An input has a small domain that holds every constant that the configuration compares it with, and something else.
//! Each assignment is a world; the model plans it, or refuses it. Level, keys and witness follow from the worlds.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{Block, Call, Config, Key, Module, Multi, Var};
use super::expr::{E, Ty, V, name, text};
use super::random::Random;

/// An input of the root module.
pub struct Input {
    pub name: String,
    /// The value that the repository gives it; `None` is free.
    pub given: Option<V>,
    pub domain: Vec<V>,
}

pub struct Case {
    pub config: Config,
    pub inputs: Vec<Input>,
    /// Key blocks whose number of instances is an input: their indices are `[*]` where that is free.
    counted: Vec<String>,
}

/// A finding as the worlds say it must be.
#[derive(Debug, PartialEq)]
pub struct Expected {
    pub level: &'static str,
    pub keys: BTreeSet<String>,
}

type World = BTreeMap<String, V>;

const CONSTANTS: [&str; 3] = ["blue", "green", "prod"];
const LISTED: [&str; 4] = ["blue", "green", "red", "black"];
const USERS: [&str; 4] = ["deploy", "ci", "Deploy", "aws_iam_user.deploy.name"];

fn string(t: &str) -> V {
    V::Str(t.to_string())
}

fn literal(t: &str) -> E {
    text(t)
}

pub fn case(seed: u64) -> Case {
    for attempt in 0.. {
        let mut random = Random::new(seed.wrapping_mul(1_000).wrapping_add(attempt).wrapping_add(77));
        let case = Maker { random: &mut random, vars: Vec::new(), switched: false }.case();
        let worlds: usize = case.inputs.iter().map(|i| i.domain.len()).product();
        if worlds <= 3_000 {
            return case;
        }
    }
    unreachable!("some attempt is small enough")
}

struct Maker<'a> {
    random: &'a mut Random,
    vars: Vec<(String, Kind)>,
    /// Whether a key has a user that depends on inputs.
    switched: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bool,
    Open,
    Listed,
    Number,
}

impl Maker<'_> {
    fn case(mut self) -> Case {
        let mut root = Module::default();
        let mut inputs = Vec::new();
        let mut files = BTreeMap::new();
        for i in 0..1 + self.random.below(5) {
            let kind = *self.random.pick(&[Kind::Bool, Kind::Bool, Kind::Open, Kind::Listed, Kind::Number]);
            let input = format!("i{i}");
            let halves = [-2.0, -1.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0];
            let count = 2 + self.random.below(3);
            let (ty, domain): (Ty, Vec<V>) = match kind {
                Kind::Bool => (Ty::Bool, vec![V::Bool(true), V::Bool(false)]),
                Kind::Open => {
                    (Ty::Str, CONSTANTS.iter().chain(&["a", "zz-other"]).map(|t| string(t)).collect())
                }
                Kind::Listed => (Ty::Str, LISTED[..count].iter().map(|t| string(t)).collect()),
                Kind::Number => (Ty::Num, halves.iter().map(|n| V::Num(*n)).collect()),
            };
            // A supplied number may be a count, and Terraform refuses the whole configuration where it cannot be.
            let fits = |v: &&V| !matches!(v, V::Num(n) if *n < 0.0 || n.fract() != 0.0);
            let values: Vec<V> = domain.iter().filter(fits).cloned().collect();
            let given = self.random.one_in(2).then(|| self.random.pick(&values).clone());
            // Some are given in the file of values, over another default.
            let mut default = given.clone();
            if let Some(value) = &given
                && self.random.one_in(3)
            {
                default = self.random.one_in(2).then(|| self.random.pick(&domain).clone());
                let line = format!("{input} = {}\n", value.written());
                *files.entry("terraform.tfvars".to_string()).or_default() += line.as_str();
            }
            let listed = (kind == Kind::Listed).then(|| domain.clone());
            root.vars.push(Var { name: input.clone(), ty, default, listed });
            self.vars.push((input.clone(), kind));
            inputs.push(Input { name: input, given, domain });
        }
        // One more input that is only ever a name: whatever it is, it is like no constant.
        if self.random.one_in(3) {
            root.vars.push(Var { name: "owner".into(), ty: Ty::Str, default: None, listed: None });
            inputs.push(Input { name: "owner".into(), given: None, domain: vec![string("fresh-owner")] });
        }
        let owner = inputs.last().is_some_and(|i| i.name == "owner");
        root.users.push(Block {
            name: "deploy".into(),
            key: false,
            multi: Multi::Single,
            who: literal("deploy"),
            status: None,
        });
        for i in 0..self.random.below(2) {
            let c = self.condition(2);
            root.locals.push((format!("c{i}"), c));
        }
        let named: Vec<String> = root.locals.iter().map(|(n, _)| format!("local.{n}")).collect();
        let mut counted = Vec::new();
        for i in 0..2 + self.random.below(3) {
            let key = format!("k{i}");
            let owner = owner && self.random.one_in(2);
            let block = self.key(&key, &named, owner, &mut counted);
            root.keys.push(block);
        }
        let mut modules = Vec::new();
        if self.random.one_in(3) {
            modules.push(child());
            let c = self.either(&named);
            let multi = match self.random.below(3) {
                0 => Multi::Single,
                1 => Multi::Count(choose(c, E::Lit(V::Num(1.0)), E::Lit(V::Num(0.0)))),
                _ => Multi::Count(choose(c, E::Lit(V::Num(2.0)), E::Lit(V::Num(1.0)))),
            };
            let on = self.either(&named);
            let args = vec![("who".into(), literal("deploy")), ("on".into(), on)];
            root.calls.push(Call { name: "m".into(), module: 0, multi, args });
        }
        modules.push(root);
        Case { config: Config { modules, files, supplied: BTreeMap::new() }, inputs, counted }
    }

    fn key(&mut self, key: &str, named: &[String], owner: bool, counted: &mut Vec<String>) -> Block {
        let number = self.vars.iter().find(|(_, k)| *k == Kind::Number).map(|(n, _)| n.clone());
        let (zero, one, two) = (E::Lit(V::Num(0.0)), E::Lit(V::Num(1.0)), E::Lit(V::Num(2.0)));
        let set =
            |names: &[&str]| E::Call("toset", vec![E::Tuple(names.iter().map(|t| literal(t)).collect())]);
        let multi = match self.random.below(8) {
            0 | 1 => Multi::Single,
            2 | 3 => Multi::Count(choose(self.either(named), one, zero)),
            4 => Multi::Count(choose(self.either(named), two, one)),
            5 => Multi::Each(choose(self.either(named), set(&["a", "blue"]), set(&["a"]))),
            6 if number.is_some() => {
                counted.push(key.to_string());
                Multi::Count(name(format!("var.{}", number.unwrap())))
            }
            _ => Multi::Each(set(&["blue", "green"])),
        };
        let single = matches!(multi, Multi::Single);
        let who = if owner {
            name("var.owner")
        } else if single && !self.switched && self.random.one_in(6) {
            // Two keys that switch alike are one user, the expression; here users are names.
            self.switched = true;
            choose(self.either(named), literal("deploy"), literal("ci"))
        } else {
            let user = USERS[self.random.below(USERS.len())];
            if user.contains('.') { name(user) } else { literal(user) }
        };
        let status = match self.random.below(4) {
            0 => Some(choose(self.either(named), literal("Active"), literal("Inactive"))),
            1 => Some(choose(self.either(named), literal("Inactive"), literal("Active"))),
            2 if matches!(multi, Multi::Each(_)) => {
                let strings: Vec<String> = self
                    .vars
                    .iter()
                    .filter(|(_, k)| matches!(k, Kind::Open | Kind::Listed))
                    .map(|(n, _)| n.clone())
                    .collect();
                (!strings.is_empty()).then(|| {
                    let var = name(format!("var.{}", self.random.pick(&strings)));
                    let same = E::Op("==", Box::new(name("each.key")), Box::new(var));
                    choose(same, literal("Active"), literal("Inactive"))
                })
            }
            _ => None,
        };
        Block { name: key.into(), key: true, multi, who, status }
    }

    /// A condition, or the name of one.
    fn either(&mut self, named: &[String]) -> E {
        if !named.is_empty() && self.random.one_in(3) {
            return name(self.random.pick(named).clone());
        }
        self.condition(2)
    }

    fn condition(&mut self, depth: usize) -> E {
        let (var, kind) = self.random.pick(&self.vars).clone();
        let var = || Box::new(name(format!("var.{var}")));
        if depth > 0 && self.random.one_in(2) {
            let (a, b) = (Box::new(self.condition(depth - 1)), Box::new(self.condition(depth - 1)));
            return match self.random.below(5) {
                0 => E::Not(a),
                1 | 2 => E::Op("&&", a, b),
                3 => E::Op("||", a, b),
                _ => E::If(Box::new(self.condition(0)), a, b),
            };
        }
        let constant = Box::new(literal(CONSTANTS[self.random.below(3)]));
        let listed = Box::new(literal(LISTED[self.random.below(3)]));
        let number = Box::new(E::Lit(V::Num(self.random.below(4) as f64)));
        let choice = self.random.below(5);
        match kind {
            Kind::Bool => match choice {
                0 => E::Op("==", var(), Box::new(E::Lit(V::Bool(true)))),
                1 => E::Not(var()),
                _ => *var(),
            },
            Kind::Open => match choice {
                0 => E::Op("!=", var(), constant),
                1 => E::Call("contains", vec![E::Tuple(vec![literal("blue"), *constant]), *var()]),
                2 => {
                    let table = E::Object(vec![
                        ("blue".into(), E::Lit(V::Bool(true))),
                        ("prod".into(), E::Lit(V::Bool(false))),
                    ]);
                    E::Call("lookup", vec![table, *var(), E::Lit(V::Bool(self.random.one_in(2)))])
                }
                3 => E::Op(
                    "==",
                    Box::new(E::Template(vec![literal("x-"), *var()])),
                    Box::new(literal("x-prod")),
                ),
                _ => E::Op("==", var(), constant),
            },
            Kind::Listed => match choice {
                0 => E::Call("startswith", vec![*var(), literal("bl")]),
                1 => E::Op("==", Box::new(E::Call("upper", vec![*var()])), Box::new(literal("BLUE"))),
                2 => E::Op(">", Box::new(E::Call("length", vec![*var()])), Box::new(E::Lit(V::Num(4.0)))),
                _ => E::Op("==", var(), listed),
            },
            Kind::Number => match choice {
                0 => E::Op("<", var(), number),
                1 => E::Op(">=", var(), number),
                2 => E::Op(
                    "==",
                    Box::new(E::Op("%", var(), Box::new(E::Lit(V::Num(2.0))))),
                    Box::new(E::Lit(V::Num(0.0))),
                ),
                3 => {
                    let one = || E::Lit(V::Num(1.0));
                    E::Op("==", Box::new(E::Call("max", vec![*var(), one()])), Box::new(one()))
                }
                _ => E::Op("==", var(), number),
            },
        }
    }
}

fn choose(c: E, a: E, b: E) -> E {
    E::If(Box::new(c), Box::new(a), Box::new(b))
}

/// A module with one key, of a user that is passed in.
fn child() -> Module {
    let var = |name: &str, ty, default| Var { name: name.into(), ty, default, listed: None };
    Module {
        vars: vec![var("who", Ty::Str, None), var("on", Ty::Bool, Some(V::Bool(true)))],
        keys: vec![Block {
            name: "k".into(),
            key: true,
            multi: Multi::Single,
            who: name("var.who"),
            status: Some(choose(name("var.on"), literal("Active"), literal("Inactive"))),
        }],
        ..Module::default()
    }
}

impl Case {
    /// Every assignment with these domains; supplied inputs stay as given where `given` says so.
    fn worlds(&self, domains: &[Vec<V>]) -> Vec<World> {
        let mut worlds = vec![World::new()];
        for (input, domain) in self.inputs.iter().zip(domains) {
            worlds = worlds
                .iter()
                .flat_map(|w| {
                    domain.iter().map(move |v| {
                        let mut w = w.clone();
                        w.insert(input.name.clone(), v.clone());
                        w
                    })
                })
                .collect();
        }
        worlds
    }

    fn domains(&self) -> Vec<Vec<V>> {
        self.inputs.iter().map(|i| i.domain.clone()).collect()
    }

    fn as_given(&self, world: &World) -> bool {
        self.inputs.iter().all(|i| i.given.as_ref().is_none_or(|g| world[&i.name] == *g))
    }

    /// The address with `[*]` where an input may decide the index.
    pub fn address(&self, address: &str) -> String {
        for key in &self.counted {
            if let Some(at) = address.strip_prefix(&format!("aws_iam_access_key.{key}[")) {
                let _ = at;
                return format!("aws_iam_access_key.{key}[*]");
            }
        }
        address.to_string()
    }

    /// The active keys of each user that has two or more in this world; `None` where Terraform refuses it.
    fn violations(&self, world: &World) -> Option<BTreeMap<String, Vec<Key>>> {
        let mut users: BTreeMap<String, Vec<Key>> = BTreeMap::new();
        for key in self.config.plan(world).ok()? {
            if key.status == "Active" {
                users.entry(key.user.to_lowercase()).or_default().push(key);
            }
        }
        users.retain(|_, keys| keys.len() > 1);
        Some(users)
    }

    /// What must be found, by user.
    pub fn expected(&self) -> BTreeMap<String, Expected> {
        let mut out: BTreeMap<String, Expected> = BTreeMap::new();
        let (mut valid, mut given) = (0, BTreeMap::<String, usize>::new());
        let mut keys: BTreeMap<(String, bool), BTreeSet<String>> = BTreeMap::new();
        for world in self.worlds(&self.domains()) {
            let Some(users) = self.violations(&world) else { continue };
            let as_given = self.as_given(&world);
            valid += usize::from(as_given);
            for (user, active) in users {
                *given.entry(user.clone()).or_default() += usize::from(as_given);
                let addresses = active.iter().map(|k| self.address(&k.address));
                let addresses: BTreeSet<String> = addresses.collect();
                keys.entry((user.clone(), false)).or_default().extend(addresses.clone());
                if as_given {
                    keys.entry((user, true)).or_default().extend(addresses);
                }
            }
        }
        for (user, count) in given {
            let level = match count {
                0 => "latent",
                n if n == valid => "certain",
                _ => "possible",
            };
            let keys = keys.remove(&(user.clone(), count > 0)).unwrap_or_default();
            out.insert(user, Expected { level, keys });
        }
        out
    }

    /// Whether these settings are enough for `user` to have two active keys, and no fewer are. A setting says which
    /// values it allows; a value of its own is one that the domain may lack.
    /// `supplied` says whether supplied inputs may be named.
    pub fn is_witness(
        &self,
        user: &str,
        settings: &BTreeMap<String, Setting>,
        supplied: bool,
    ) -> Result<(), String> {
        let mut domains = self.domains();
        for (input, domain) in self.inputs.iter().zip(&mut domains) {
            if let Some(Setting::Is(value)) = settings.get(&input.name)
                && !domain.contains(value)
            {
                domain.push(value.clone());
            }
        }
        let worlds = self.worlds(&domains);
        let answers: Vec<Option<bool>> =
            worlds.iter().map(|w| Some(self.violations(w)?.contains_key(user))).collect();
        let enough = |fixed: &BTreeMap<String, Setting>| {
            let mut some = false;
            for (world, answer) in worlds.iter().zip(&answers) {
                let here = self.inputs.iter().all(|i| match fixed.get(&i.name) {
                    Some(Setting::Is(v)) => world[&i.name] == *v,
                    Some(Setting::Not(vs)) => !vs.contains(&world[&i.name]),
                    None => i.given.as_ref().is_none_or(|g| world[&i.name] == *g),
                });
                match answer {
                    Some(false) if here => return false,
                    Some(true) if here => some = true,
                    _ => {}
                }
            }
            some
        };
        let may = |i: &&Input| supplied || i.given.is_none();
        if settings.keys().any(|n| !self.inputs.iter().filter(may).any(|i| i.name == *n)) {
            return Err("names something that it may not".into());
        }
        if !enough(settings) {
            return Err("is not enough".into());
        }
        let mut smaller = vec![BTreeMap::new()];
        for _ in 0..settings.len() {
            if let Some(found) = smaller.iter().find(|s| enough(s)) {
                return Err(format!("is not smallest: {found:?}"));
            }
            let mut next = Vec::new();
            for known in &smaller {
                let last = known.keys().next_back();
                for (input, domain) in self.inputs.iter().zip(&domains).filter(|(i, _)| may(i)) {
                    if last.is_none_or(|l| *l < input.name) {
                        next.extend(domain.iter().map(|v| {
                            let mut more: BTreeMap<String, Setting> = known.clone();
                            more.insert(input.name.clone(), Setting::Is(v.clone()));
                            more
                        }));
                    }
                }
            }
            smaller = next;
            // Past this, trying all of them takes longer than it tells.
            if smaller.len() > 400 {
                break;
            }
        }
        Ok(())
    }
}

/// What a witness says of one input.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting {
    Is(V),
    Not(Vec<V>),
}
