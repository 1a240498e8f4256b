//! Configurations of which everything is supplied.

use std::collections::BTreeMap;

use super::config::{Block, Call, Config, Module, Multi, Var};
use super::expr::{E, Env, Ty, V, name, text};
use super::random::Random;

const WORDS: [&str; 12] =
    ["ada", "bob", "ci", "Deploy", "deploy", "reader", "a-b", "x.y", "é", "k1", "", "two words"];
const NAMES: [&str; 6] = ["ada", "bob", "ci", "deploy", "reader", "writer"];

/// A configuration and its plan's arguments; always one that Terraform plans.
pub fn config(seed: u64) -> Config {
    for attempt in 0.. {
        let mut random = Random::new(seed.wrapping_mul(1_000).wrapping_add(attempt));
        let config = Maker { random: &mut random, config: Config::default() }.config();
        if config.plan(&config.supplied).is_ok_and(|keys| !keys.is_empty() && keys.len() < 60) {
            return config;
        }
    }
    unreachable!("some attempt is planned")
}

struct Maker<'a> {
    random: &'a mut Random,
    config: Config,
}

/// The names that may stand here.
type Scope = Vec<(E, Ty)>;

impl Maker<'_> {
    fn config(mut self) -> Config {
        for _ in 0..self.random.below(3) {
            self.module(false);
        }
        self.module(true);
        self.config
    }

    fn module(&mut self, root: bool) {
        let mut module = Module::default();
        let mut args = BTreeMap::new();
        for i in 0..self.random.below(3) + usize::from(!root) {
            let ty = *self.random.pick(&[Ty::Str, Ty::Str, Ty::Num, Ty::Bool, Ty::List, Ty::Set, Ty::Map]);
            let var = Var { name: format!("v{i}"), ty, default: None, listed: None };
            let value = self.value(ty);
            args.insert(var.name.clone(), value.clone());
            let default = match self.random.below(3) {
                0 => Some(value),
                1 => Some(self.value(ty)),
                _ => None,
            };
            module.vars.push(Var { default, ..var });
        }
        if root {
            self.supply(&module, &mut args);
        }
        let at = self.config.modules.len();
        self.config.modules.push(module);
        for i in 0..self.random.below(4) {
            let env = self.env(at, &args);
            let ty = *self.random.pick(&[Ty::Str, Ty::Num, Ty::Bool, Ty::List, Ty::List, Ty::Set, Ty::Map]);
            let e = self.valid(&scope(&env), ty, &env, 3);
            self.config.modules[at].locals.push((format!("l{i}"), e));
        }
        for i in 0..self.random.below(3) {
            let env = self.env(at, &args);
            let block = self.block(&env, format!("u{i}"), false);
            self.config.modules[at].users.push(block);
        }
        for i in 0..if at == 0 { 0 } else { self.random.below(3) } {
            let env = self.env(at, &args);
            let call = self.call(&env, format!("c{i}"), at);
            self.config.modules[at].calls.push(call);
        }
        for i in 0..self.random.below(3) + usize::from(root) {
            let env = self.env(at, &args);
            let block = self.block(&env, format!("k{i}"), true);
            self.config.modules[at].keys.push(block);
        }
        if !root {
            for i in 0..self.random.below(3) {
                let env = self.env(at, &args);
                let ty = *self.random.pick(&[Ty::Str, Ty::Str, Ty::List, Ty::Map]);
                let e = self.valid(&scope(&env), ty, &env, 2);
                self.config.modules[at].outputs.push((format!("o{i}"), e));
            }
        }
    }

    /// What stands in the module so far, with these arguments.
    fn env(&self, at: usize, args: &BTreeMap<String, V>) -> Env {
        self.config.module(at, args, "", &mut Vec::new()).unwrap_or_default()
    }

    /// Supplies the root's variables, in one of the ways that there are.
    fn supply(&mut self, module: &Module, args: &mut BTreeMap<String, V>) {
        let mut files: [Vec<(String, V)>; 3] = Default::default();
        for var in &module.vars {
            let value = args[&var.name].clone();
            // The last file that has it counts.
            let last = self.random.below(4);
            match last.checked_sub(1) {
                Some(file) => {
                    files[file].push((var.name.clone(), value));
                    if file > 0 && self.random.one_in(2) {
                        let other = self.value(var.ty);
                        files[self.random.below(file)].push((var.name.clone(), other));
                    }
                }
                None => match &var.default {
                    Some(default) => drop(args.insert(var.name.clone(), default.clone())),
                    None => files[0].push((var.name.clone(), value)),
                },
            }
        }
        let [plain, json, auto] = files;
        let lines =
            |f: &[(String, V)]| f.iter().map(|(n, v)| format!("{n} = {}\n", v.written())).collect::<String>();
        if !plain.is_empty() {
            self.config.files.insert("terraform.tfvars".into(), lines(&plain));
        }
        if !json.is_empty() {
            let object: serde_json::Map<_, _> = json.iter().map(|(n, v)| (n.clone(), v.json())).collect();
            let text = serde_json::Value::Object(object).to_string();
            self.config.files.insert("terraform.tfvars.json".into(), text);
        }
        if !auto.is_empty() {
            self.config.files.insert("x.auto.tfvars".into(), lines(&auto));
        }
        self.config.supplied = args.clone();
    }

    fn value(&mut self, ty: Ty) -> V {
        let count = self.random.below(4);
        let word = |r: &mut Random| r.pick(&WORDS).to_string();
        match ty {
            Ty::Str => V::Str(word(self.random)),
            Ty::Num => V::Num(self.random.below(5) as f64),
            Ty::Bool => V::Bool(self.random.one_in(2)),
            Ty::List => V::List((0..count).map(|_| V::Str(word(self.random))).collect()),
            Ty::Set => V::Set((0..count).map(|_| word(self.random)).collect()),
            Ty::Map => V::Map((0..count).map(|_| (word(self.random), V::Str(word(self.random)))).collect()),
        }
    }

    fn multi(&mut self, env: &Env) -> Multi {
        let scope = scope(env);
        match self.random.below(6) {
            0 | 1 => Multi::Single,
            2 => {
                let c = self.valid(&scope, Ty::Bool, env, 2);
                let one = || Box::new(E::Lit(V::Num(1.0)));
                Multi::Count(E::If(Box::new(c), one(), Box::new(E::Lit(V::Num(self.random.below(3) as f64)))))
            }
            3 => Multi::Count(self.valid(&scope, Ty::Num, env, 2)),
            4 => Multi::Each(self.valid(&scope, Ty::Set, env, 2)),
            _ => Multi::Each(self.valid(&scope, Ty::Map, env, 2)),
        }
    }

    /// The names and values inside an instance of a block.
    fn inside(&mut self, env: &Env, multi: &Multi) -> Env {
        let mut env = env.clone();
        match multi {
            Multi::Single => {}
            Multi::Count(_) => drop(env.insert("count.index".into(), V::Num(0.0))),
            Multi::Each(e) => {
                let value = match e.value(&env) {
                    Ok(V::Map(entries)) => entries.values().next().cloned(),
                    _ => None,
                };
                env.insert("each.key".into(), V::Str("ada".into()));
                env.insert("each.value".into(), value.unwrap_or(V::Str("ada".into())));
            }
        }
        env
    }

    fn block(&mut self, env: &Env, block: String, key: bool) -> Block {
        let multi = self.multi(env);
        let inner = self.inside(env, &multi);
        let scope = scope(&inner);
        let who = if self.random.one_in(3) {
            text(NAMES[self.random.below(NAMES.len())])
        } else {
            E::Template(vec![text("u-"), self.valid(&scope, Ty::Str, &inner, 2)])
        };
        // Whoever references a user takes its name as it is.
        let users: Vec<&E> = scope.iter().map(|(e, _)| e).filter(|e| is_user(e)).collect();
        let who = if key && !users.is_empty() && self.random.one_in(2) {
            (*self.random.pick(&users)).clone()
        } else {
            who
        };
        let status = key.then(|| match self.random.below(4) {
            0 => Some(text(["Active", "Inactive"][self.random.below(2)])),
            1 => {
                let c = self.valid(&scope, Ty::Bool, &inner, 2);
                Some(E::If(Box::new(c), Box::new(text("Active")), Box::new(text("Inactive"))))
            }
            _ => None,
        });
        Block { name: block, key, multi, who, status: status.flatten() }
    }

    fn call(&mut self, env: &Env, call: String, at: usize) -> Call {
        let multi = self.multi(env);
        let inner = self.inside(env, &multi);
        let module = self.random.below(at);
        let vars = self.config.modules[module].vars.clone();
        let scope = scope(&inner);
        let mut args = Vec::new();
        for var in vars {
            if var.default.is_none() || !self.random.one_in(3) {
                args.push((var.name, self.valid(&scope, var.ty, &inner, 2)));
            }
        }
        Call { name: call, module, multi, args }
    }

    /// An expression of this type that has a value here.
    fn valid(&mut self, scope: &Scope, ty: Ty, env: &Env, depth: usize) -> E {
        for _ in 0..20 {
            let e = self.expr(scope, ty, depth);
            let fits = |v: &V| match v {
                V::Num(n) => n.abs() < 10.0,
                V::Set(s) => s.len() < 6,
                V::Map(m) => m.len() < 6 && m.values().all(|v| matches!(v, V::Str(_))),
                V::List(l) => l.len() < 12 && l.iter().all(|v| matches!(v, V::Str(_))),
                V::Str(t) => t.len() < 60,
                V::Bool(_) => true,
            };
            if e.value(env).is_ok_and(|v| fits(&v)) {
                return e;
            }
        }
        E::Lit(self.value(ty)).typed(ty)
    }

    fn expr(&mut self, scope: &Scope, ty: Ty, depth: usize) -> E {
        let named: Vec<&E> = scope.iter().filter(|(_, t)| *t == ty).map(|(e, _)| e).collect();
        if !named.is_empty() && self.random.one_in(2) {
            return (*self.random.pick(&named)).clone();
        }
        if depth == 0 {
            return E::Lit(self.value(ty)).typed(ty);
        }
        if self.random.one_in(8) {
            let mut sub = |ty| Box::new(self.expr(scope, ty, depth - 1));
            return E::If(sub(Ty::Bool), sub(ty), sub(ty));
        }
        let choice = self.random.below(12);
        let word = E::Lit(V::Str(self.random.pick(&WORDS).to_string()));
        let small = E::Lit(V::Num(self.random.below(3) as f64));
        let x = || name("x");
        let inner: Scope = scope.iter().cloned().chain([(x(), Ty::Str)]).collect();
        let mut sub = |ty| self.expr(scope, ty, depth - 1);
        match ty {
            Ty::Str => match choice {
                0 => E::Template(vec![sub(Ty::Str), text("-"), sub(Ty::Str)]),
                1 => E::Template(vec![text("n"), sub(Ty::Num), text("."), sub(Ty::Bool)]),
                2 => E::Call("format", vec![text("%s/%d"), sub(Ty::Str), sub(Ty::Num)]),
                3 => E::Call("join", vec![text("+"), sub(Ty::List)]),
                4 => E::Call(if depth > 1 { "upper" } else { "lower" }, vec![sub(Ty::Str)]),
                5 => E::Index(Box::new(sub(Ty::List)), Box::new(small)),
                6 => E::Call("lookup", vec![sub(Ty::Map), sub(Ty::Str), word]),
                7 => E::Call("element", vec![sub(Ty::List), sub(Ty::Num)]),
                8 => E::Call("coalesce", vec![sub(Ty::Str), text("none")]),
                9 => E::Call("try", vec![E::Index(Box::new(sub(Ty::Map)), Box::new(word)), sub(Ty::Str)]),
                10 => E::Call("replace", vec![sub(Ty::Str), text("a"), text("o")]),
                _ => E::Call("trimprefix", vec![E::Template(vec![text("p-"), sub(Ty::Str)]), text("p-")]),
            },
            Ty::Num => match choice {
                0..=3 => E::Call(
                    "length",
                    vec![sub(*[Ty::List, Ty::Set, Ty::Map, Ty::Str].get(choice).unwrap_or(&Ty::List))],
                ),
                4 => E::Op("+", Box::new(sub(Ty::Num)), Box::new(small)),
                5 => E::Op("-", Box::new(sub(Ty::Num)), Box::new(small)),
                6 => E::Op("%", Box::new(sub(Ty::Num)), Box::new(E::Lit(V::Num(2.0)))),
                7 => E::Call("max", vec![sub(Ty::Num), small]),
                8 => E::Call("min", vec![sub(Ty::Num), E::Lit(V::Num(2.0))]),
                9 => E::Call("parseint", vec![text("11"), E::Lit(V::Num(2.0))]),
                10 => E::Call("tonumber", vec![text("2")]),
                _ => E::Call("abs", vec![E::Op("-", Box::new(small), Box::new(sub(Ty::Num)))]),
            },
            Ty::Bool => match choice {
                0 => E::Op("==", Box::new(sub(Ty::Str)), Box::new(sub(Ty::Str))),
                1 => E::Op("!=", Box::new(sub(Ty::Num)), Box::new(small)),
                2 => E::Op("<", Box::new(sub(Ty::Num)), Box::new(small)),
                3 => E::Op(">=", Box::new(sub(Ty::Num)), Box::new(small)),
                4 => E::Op("&&", Box::new(sub(Ty::Bool)), Box::new(sub(Ty::Bool))),
                5 => E::Op("||", Box::new(sub(Ty::Bool)), Box::new(sub(Ty::Bool))),
                6 => E::Not(Box::new(sub(Ty::Bool))),
                7 => E::Call("contains", vec![sub(Ty::List), sub(Ty::Str)]),
                8 => E::Call("contains", vec![sub(Ty::Set), word]),
                9 => E::Call("startswith", vec![sub(Ty::Str), text("a")]),
                10 => E::Call("can", vec![E::Index(Box::new(sub(Ty::Map)), Box::new(word))]),
                _ => E::Call("strcontains", vec![sub(Ty::Str), text("-")]),
            },
            Ty::List => match choice {
                0 => E::Tuple(vec![sub(Ty::Str), sub(Ty::Str)]).typed(ty),
                1 => {
                    let over = Box::new(sub(Ty::List));
                    let cond =
                        self.random.one_in(2).then(|| Box::new(self.expr(&inner, Ty::Bool, depth - 1)));
                    E::For("x".into(), over, Box::new(self.expr(&inner, Ty::Str, depth - 1)), cond).typed(ty)
                }
                2 => E::For("x".into(), Box::new(sub(Ty::Map)), Box::new(x()), None).typed(ty),
                3 => E::Call("concat", vec![sub(Ty::List), sub(Ty::List)]),
                4 => E::Call("distinct", vec![sub(Ty::List)]),
                5 => E::Call("sort", vec![sub(Ty::List)]),
                6 => E::Call("keys", vec![sub(Ty::Map)]).typed(ty),
                7 => E::Call("split", vec![text("-"), sub(Ty::Str)]),
                8 => E::Call("flatten", vec![E::Tuple(vec![sub(Ty::List), sub(Ty::List)])]).typed(ty),
                9 => E::Call("formatlist", vec![text("f-%s"), sub(Ty::List)]),
                10 => E::Call("tolist", vec![sub(Ty::Set)]),
                _ => E::Call("compact", vec![E::Call("reverse", vec![sub(Ty::List)])]),
            },
            Ty::Set => match choice {
                0..=5 => E::Call("toset", vec![sub(Ty::List)]),
                6 => E::Call("setunion", vec![sub(Ty::Set), sub(Ty::Set)]),
                7 => E::Call("setsubtract", vec![sub(Ty::Set), sub(Ty::Set)]),
                8 => E::Call("setintersection", vec![sub(Ty::Set), sub(Ty::Set)]),
                9 => E::Call("toset", vec![E::Call("keys", vec![sub(Ty::Map)])]),
                _ => E::Call("toset", vec![E::Tuple(vec![text("k1"), sub(Ty::Str)])]),
            },
            Ty::Map => match choice {
                0..=4 => {
                    let over = Box::new(sub(Ty::Set));
                    E::ForMap("x".into(), over, Box::new(self.expr(&inner, Ty::Str, depth - 1))).typed(ty)
                }
                5..=7 => E::Call("merge", vec![sub(Ty::Map), sub(Ty::Map)]),
                8 => E::Call(
                    "zipmap",
                    vec![E::Call("distinct", vec![sub(Ty::List)]), E::Call("distinct", vec![sub(Ty::List)])],
                )
                .typed(ty),
                _ => E::Object(vec![("one".into(), sub(Ty::Str)), ("x-y".into(), sub(Ty::Str))]).typed(ty),
            },
        }
    }
}

impl E {
    /// Converted, so that both arms of a conditional have one type.
    fn typed(self, ty: Ty) -> E {
        match ty {
            Ty::List => E::Call("tolist", vec![self]),
            Ty::Set => E::Call("toset", vec![self]),
            Ty::Map => E::Call("tomap", vec![self]),
            _ => self,
        }
    }
}

fn is_user(e: &E) -> bool {
    matches!(e, E::Name(t) if t.starts_with("aws_iam_user") && !t.contains('*'))
}

/// The names in an environment, with their types.
fn scope(env: &Env) -> Scope {
    env.iter()
        .filter_map(|(text, value)| {
            let ty = match value {
                V::Str(_) => Ty::Str,
                V::Num(_) => Ty::Num,
                V::Bool(_) => Ty::Bool,
                V::List(_) => Ty::List,
                V::Set(_) => Ty::Set,
                V::Map(_) => Ty::Map,
            };
            let strings = match value {
                V::List(items) => items.iter().all(|v| matches!(v, V::Str(_))),
                V::Map(entries) => entries.values().all(|v| matches!(v, V::Str(_))),
                _ => true,
            };
            strings.then(|| (name(text.clone()), ty).typed())
        })
        .collect()
}

trait Typed {
    fn typed(self) -> Self;
}

impl Typed for (E, Ty) {
    /// What stands for several instances is a tuple or an object; here it is wanted as a list or a map.
    fn typed(self) -> Self {
        match &self.0 {
            E::Name(t) if !t.starts_with("var.") && !t.starts_with("local.") => {
                (self.0.typed(self.1), self.1)
            }
            _ => self,
        }
    }
}
