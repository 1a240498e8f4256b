//! A configuration as the test knows it: how it is written, and which keys it has.

use std::collections::BTreeMap;

use super::expr::{E, Env, Ty, V, quoted};
use super::random::Random;

/// How a block multiplies.
#[derive(Clone, Debug)]
pub enum Multi {
    Single,
    Count(E),
    Each(E),
}

/// An input of a module.
#[derive(Clone, Debug)]
pub struct Var {
    pub name: String,
    pub ty: Ty,
    pub default: Option<V>,
    /// Every value that its validation lets through.
    pub listed: Option<Vec<V>>,
}

/// A user, or a key.
#[derive(Clone, Debug)]
pub struct Block {
    pub name: String,
    pub key: bool,
    pub multi: Multi,
    /// The `name` of a user, the `user` of a key.
    pub who: E,
    pub status: Option<E>,
}

/// A call of the module with that index.
#[derive(Clone, Debug)]
pub struct Call {
    pub name: String,
    pub module: usize,
    pub multi: Multi,
    pub args: Vec<(String, E)>,
}

/// A module.
#[derive(Clone, Debug, Default)]
pub struct Module {
    pub vars: Vec<Var>,
    pub locals: Vec<(String, E)>,
    pub users: Vec<Block>,
    pub calls: Vec<Call>,
    pub keys: Vec<Block>,
    pub outputs: Vec<(String, E)>,
}

/// The root module is the last one; a module calls only modules before it.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub modules: Vec<Module>,
    /// Files beside those of the modules.
    pub files: BTreeMap<String, String>,
    /// The values of the root's variables, where they are supplied.
    pub supplied: BTreeMap<String, V>,
}

/// A key of the plan.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    pub address: String,
    pub user: String,
    pub status: String,
}

type Instances = Vec<(String, Option<(V, V)>)>;
/// One output of every instance of a call, each with that instance.
type Outputs = Vec<(Option<(V, V)>, V)>;

impl Multi {
    /// The instances: what stands behind the address, and `each` (or the index).
    fn instances(&self, env: &Env) -> Result<Instances, String> {
        let each = |k: &str, v: V| (format!("[{}]", quoted(k)), Some((V::Str(k.to_string()), v)));
        Ok(match self {
            Multi::Single => vec![(String::new(), None)],
            Multi::Count(e) => match e.value(env)? {
                V::Num(n) if n >= 0.0 && n.fract() == 0.0 && n < 100.0 => (0..n as usize)
                    .map(|i| (format!("[{i}]"), Some((V::Num(i as f64), V::Num(i as f64)))))
                    .collect(),
                _ => return Err("a count of this".into()),
            },
            Multi::Each(e) => match e.value(env)? {
                V::Set(items) => items.iter().map(|t| each(t, V::Str(t.clone()))).collect(),
                V::Map(entries) => entries.iter().map(|(k, v)| each(k, v.clone())).collect(),
                _ => return Err("for_each over this".into()),
            },
        })
    }

    fn bind(&self, env: &Env, instance: &Option<(V, V)>) -> Env {
        let mut env = env.clone();
        if let Some((key, value)) = instance {
            if matches!(self, Multi::Count(_)) {
                env.insert("count.index".into(), key.clone());
            } else {
                env.insert("each.key".into(), key.clone());
                env.insert("each.value".into(), value.clone());
            }
        }
        env
    }

    fn written(&self) -> String {
        match self {
            Multi::Single => String::new(),
            Multi::Count(e) => format!("  count = {}\n", e.written()),
            Multi::Each(e) => format!("  for_each = {}\n", e.written()),
        }
    }
}

impl Config {
    /// The keys that Terraform plans, sorted; `Err` where it refuses the configuration. `world` is the root's variables.
    pub fn plan(&self, world: &BTreeMap<String, V>) -> Result<Vec<Key>, String> {
        let mut keys = Vec::new();
        self.module(self.modules.len() - 1, world, "", &mut keys)?;
        keys.sort();
        Ok(keys)
    }

    /// The names of a module's outer scope after its users and calls, for whoever makes more expressions.
    pub fn module(
        &self,
        index: usize,
        args: &BTreeMap<String, V>,
        prefix: &str,
        keys: &mut Vec<Key>,
    ) -> Result<Env, String> {
        let module = &self.modules[index];
        let mut env = Env::new();
        for var in &module.vars {
            let value = args.get(&var.name).or(var.default.as_ref()).ok_or("a variable without a value")?;
            if var.listed.as_ref().is_some_and(|l| !l.contains(value)) {
                return Err("a validation fails".into());
            }
            env.insert(format!("var.{}", var.name), value.clone());
        }
        for (name, e) in &module.locals {
            let value = e.value(&env)?;
            env.insert(format!("local.{name}"), value);
        }
        for user in &module.users {
            let base = format!("aws_iam_user.{}", user.name);
            let mut all = Vec::new();
            for (key, instance) in user.multi.instances(&env)? {
                let value = user.who.value(&user.multi.bind(&env, &instance))?;
                all.push((instance.clone(), value.clone()));
                for attribute in ["name", "id"] {
                    env.insert(format!("{base}{key}.{attribute}"), value.clone());
                }
            }
            many(&mut env, &base, &user.multi, all, "name");
        }
        for call in &module.calls {
            let base = format!("module.{}", call.name);
            let mut all: BTreeMap<String, Outputs> = BTreeMap::new();
            for (key, instance) in call.multi.instances(&env)? {
                let inner = call.multi.bind(&env, &instance);
                let mut args = BTreeMap::new();
                for (name, e) in &call.args {
                    args.insert(name.clone(), e.value(&inner)?);
                }
                let child = self.module(call.module, &args, &format!("{prefix}{base}{key}."), keys)?;
                for (name, e) in &self.modules[call.module].outputs {
                    let value = e.value(&child)?;
                    env.insert(format!("{base}{key}.{name}"), value.clone());
                    all.entry(name.clone()).or_default().push((instance.clone(), value));
                }
            }
            for (name, values) in all {
                many(&mut env, &base, &call.multi, values, &name);
            }
        }
        for key in &module.keys {
            for (at, instance) in key.multi.instances(&env)? {
                let inner = key.multi.bind(&env, &instance);
                let V::Str(user) = key.who.value(&inner)? else {
                    return Err("a user that is no text".into());
                };
                let status = match &key.status {
                    Some(e) => match e.value(&inner)? {
                        V::Str(s) => s,
                        _ => return Err("a status that is no text".into()),
                    },
                    None => "Active".into(),
                };
                let address = format!("{prefix}aws_iam_access_key.{}{at}", key.name);
                keys.push(Key { address, user, status });
            }
        }
        Ok(env)
    }

    fn is_called(&self, index: usize) -> bool {
        let root = self.modules.len() - 1;
        let callers = self.modules.iter().enumerate().skip(index + 1);
        callers
            .filter(|(_, module)| module.calls.iter().any(|call| call.module == index))
            .any(|(caller, _)| caller == root || self.is_called(caller))
    }

    /// The files, by path. `random` decides only how things are written.
    pub fn written(&self, random: &mut Random) -> BTreeMap<String, String> {
        let mut files = self.files.clone();
        for (i, module) in self.modules.iter().enumerate() {
            let root = i + 1 == self.modules.len();
            // What nobody calls would be a root module of its own.
            if !root && !self.is_called(i) {
                continue;
            }
            let folder = if root { String::new() } else { format!("modules/m{i}/") };
            let mut blocks = module.blocks(root);
            // Order means nothing, and neither does the file.
            for at in (1..blocks.len()).rev() {
                blocks.swap(at, random.below(at + 1));
            }
            let cut = if random.one_in(3) { random.below(blocks.len() + 1) } else { 0 };
            for (name, part) in [("other.tf", &blocks[..cut]), ("main.tf", &blocks[cut..])] {
                if !part.is_empty() {
                    files.insert(format!("{folder}{name}"), part.join("\n"));
                }
            }
        }
        files
    }
}

/// The splat over every instance, and the whole as a collection of names.
fn many(env: &mut Env, base: &str, multi: &Multi, all: Vec<(Option<(V, V)>, V)>, attribute: &str) {
    let values: Vec<V> = all.iter().map(|(_, v)| v.clone()).collect();
    match multi {
        Multi::Single => {}
        Multi::Count(_) => {
            env.insert(format!("{base}[*].{attribute}"), V::List(values.clone()));
            env.insert(format!("{base}.*.{attribute}"), V::List(values));
        }
        Multi::Each(_) => {
            env.insert(format!("values({base})[*].{attribute}"), V::List(values.clone()));
            env.insert(format!("[for x in {base} : x.{attribute}]"), V::List(values));
            let entries = all.into_iter().filter_map(|(k, v)| match k {
                Some((V::Str(k), _)) => Some((k, v)),
                _ => None,
            });
            let entries = V::Map(entries.collect());
            env.insert(format!("{{ for k, x in {base} : k => x.{attribute} }}"), entries);
        }
    }
}

impl Module {
    fn blocks(&self, root: bool) -> Vec<String> {
        let mut out = Vec::new();
        for var in &self.vars {
            let mut text = format!("variable \"{}\" {{\n  type = {}\n", var.name, var.ty.written());
            if let Some(default) = &var.default {
                text += &format!("  default = {}\n", default.written());
            }
            if let Some(listed) = &var.listed {
                let list = E::Lit(V::List(listed.clone())).written();
                text += &format!(
                    "  validation {{\n    condition = contains({list}, var.{})\n    error_message = \"Not one of \
                     the list.\"\n  }}\n",
                    var.name
                );
            }
            out.push(text + "}\n");
        }
        for (name, e) in &self.locals {
            out.push(format!("locals {{\n  {name} = {}\n}}\n", e.written()));
        }
        for block in self.users.iter().chain(&self.keys) {
            let (kind, argument) =
                if block.key { ("aws_iam_access_key", "user") } else { ("aws_iam_user", "name") };
            let status =
                block.status.as_ref().map_or(String::new(), |s| format!("  status = {}\n", s.written()));
            out.push(format!(
                "resource \"{kind}\" \"{}\" {{\n{}  {argument} = {}\n{status}}}\n",
                block.name,
                block.multi.written(),
                block.who.written()
            ));
        }
        for call in &self.calls {
            let source = if root { "./modules" } else { ".." };
            let args: String =
                call.args.iter().map(|(name, e)| format!("  {name} = {}\n", e.written())).collect();
            out.push(format!(
                "module \"{}\" {{\n  source = \"{source}/m{}\"\n{}{args}}}\n",
                call.name,
                call.module,
                call.multi.written()
            ));
        }
        for (name, e) in &self.outputs {
            out.push(format!("output \"{name}\" {{\n  value = {}\n}}\n", e.written()));
        }
        out
    }
}
