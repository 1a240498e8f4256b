//! Expressions whose value the test knows: how they are written, and what they are.
//!
//! The evaluator is small and shares nothing with the program: it knows values, names, and the results of the functions
//! that the generator uses. `Err` is what Terraform refuses.

use std::collections::{BTreeMap, BTreeSet};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum V {
    Str(String),
    /// Small whole and half numbers only.
    Num(f64),
    Bool(bool),
    List(Vec<V>),
    Set(BTreeSet<String>),
    Map(BTreeMap<String, V>),
}

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    Str,
    Num,
    Bool,
    List,
    Set,
    Map,
}

impl Ty {
    /// As a type constraint; the elements are strings.
    pub fn written(self) -> &'static str {
        match self {
            Ty::Str => "string",
            Ty::Num => "number",
            Ty::Bool => "bool",
            Ty::List => "list(string)",
            Ty::Set => "set(string)",
            Ty::Map => "map(string)",
        }
    }
}

/// An expression.
#[derive(Clone, Debug)]
pub enum E {
    Lit(V),
    /// A whole reference, as it is written.
    Name(String),
    /// Text and values in a row: a template, or a heredoc.
    Template(Vec<E>),
    Call(&'static str, Vec<E>),
    Op(&'static str, Box<E>, Box<E>),
    Not(Box<E>),
    If(Box<E>, Box<E>, Box<E>),
    Index(Box<E>, Box<E>),
    Tuple(Vec<E>),
    Object(Vec<(String, E)>),
    /// `[for x in list : result if cond]`, or over a map with the value as `x`.
    For(String, Box<E>, Box<E>, Option<Box<E>>),
    /// `{ for x in list : x => result }`
    ForMap(String, Box<E>, Box<E>),
}

/// What names mean.
pub type Env = BTreeMap<String, V>;
pub type Answer = Result<V, String>;

fn refused<T>(why: &str) -> Result<T, String> {
    Err(why.to_string())
}

pub fn text(t: &str) -> E {
    E::Lit(V::Str(t.to_string()))
}

pub fn name(t: impl Into<String>) -> E {
    E::Name(t.into())
}

impl V {
    pub fn written(&self) -> String {
        match self {
            V::Str(t) => quoted(t),
            V::Num(n) => format!("{n}"),
            V::Bool(b) => b.to_string(),
            V::List(items) => listed(items.iter().map(V::written)),
            V::Set(items) => listed(items.iter().map(|t| quoted(t))),
            V::Map(entries) => {
                let each: Vec<String> =
                    entries.iter().map(|(k, v)| format!("{} = {}", quoted(k), v.written())).collect();
                format!("{{ {} }}", each.join(", "))
            }
        }
    }

    pub fn json(&self) -> serde_json::Value {
        match self {
            V::Str(t) => t.as_str().into(),
            V::Num(n) => serde_json::from_str(&format!("{n}")).unwrap(),
            V::Bool(b) => (*b).into(),
            V::List(items) => items.iter().map(V::json).collect(),
            V::Set(items) => items.iter().map(String::as_str).collect(),
            V::Map(entries) => {
                serde_json::Value::Object(entries.iter().map(|(k, v)| (k.clone(), v.json())).collect())
            }
        }
    }

    /// As text in a template.
    fn shown(&self) -> Result<String, String> {
        match self {
            V::Str(t) => Ok(t.clone()),
            V::Num(n) => Ok(format!("{n}")),
            V::Bool(b) => Ok(b.to_string()),
            _ => refused("a collection in a template"),
        }
    }

    fn items(&self) -> Result<Vec<V>, String> {
        match self {
            V::List(items) => Ok(items.clone()),
            V::Set(items) => Ok(items.iter().map(|t| V::Str(t.clone())).collect()),
            V::Map(entries) => Ok(entries.values().cloned().collect()),
            _ => refused("not a collection"),
        }
    }
}

pub fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

fn listed(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

impl E {
    /// As Terraform reads it.
    pub fn written(&self) -> String {
        let all = |items: &[E]| items.iter().map(E::written).collect::<Vec<_>>();
        match self {
            E::Lit(v) => v.written(),
            E::Name(t) => t.clone(),
            E::Template(parts) => {
                let inner: String = parts
                    .iter()
                    .map(|p| match p {
                        E::Lit(V::Str(t)) => quoted(t)[1..quoted(t).len() - 1].to_string(),
                        other => format!("${{{}}}", other.written()),
                    })
                    .collect();
                format!("\"{inner}\"")
            }
            E::Call("(splat)", args) => match args.as_slice() {
                [list, E::Name(attribute)] => format!("{}[*].{attribute}", list.written()),
                _ => unreachable!("a splat has a list and an attribute"),
            },
            E::Call("merge...", args) => format!("merge({}...)", args[0].written()),
            E::Call(function, args) => format!("{function}({})", all(args).join(", ")),
            E::Op(op, a, b) => format!("({} {op} {})", a.written(), b.written()),
            E::Not(a) => format!("!({})", a.written()),
            E::If(c, a, b) => format!("({} ? {} : {})", c.written(), a.written(), b.written()),
            E::Index(base, key) => format!("{}[{}]", base.written(), key.written()),
            E::Tuple(items) => listed(all(items).into_iter()),
            E::Object(entries) => {
                let each: Vec<String> =
                    entries.iter().map(|(k, v)| format!("{} = {}", quoted(k), v.written())).collect();
                format!("{{ {} }}", each.join(", "))
            }
            E::For(x, over, result, cond) => {
                let cond = cond.as_ref().map_or(String::new(), |c| format!(" if {}", c.written()));
                format!("[for {x} in {} : {}{cond}]", over.written(), result.written())
            }
            E::ForMap(x, over, result) => {
                format!("{{ for {x} in {} : {x} => {} }}", over.written(), result.written())
            }
        }
    }

    /// What it is.
    pub fn value(&self, env: &Env) -> Answer {
        let all = |items: &[E]| items.iter().map(|e| e.value(env)).collect::<Result<Vec<V>, String>>();
        let truth = |e: &E| match e.value(env)? {
            V::Bool(b) => Ok(b),
            _ => refused("not a bool"),
        };
        match self {
            E::Lit(v) => Ok(v.clone()),
            E::Name(t) => env.get(t).cloned().ok_or_else(|| format!("nothing is named {t}")),
            E::Template(parts) => {
                let shown: Result<Vec<String>, String> = all(parts)?.iter().map(V::shown).collect();
                Ok(V::Str(shown?.concat()))
            }
            E::Call("try", args) => {
                args.iter().map(|a| a.value(env)).find(Result::is_ok).unwrap_or_else(|| refused("try"))
            }
            E::Call("can", args) => Ok(V::Bool(args[0].value(env).is_ok())),
            E::Call("(splat)", _) => env.get(&self.written()).cloned().ok_or_else(|| "no such splat".into()),
            E::Call("merge...", args) => call("merge", args[0].value(env)?.items()?),
            E::Call(function, args) => call(function, all(args)?),
            E::Op("&&", a, b) => Ok(V::Bool(truth(a)? && truth(b)?)),
            E::Op("||", a, b) => Ok(V::Bool(truth(a)? || truth(b)?)),
            E::Op("==", a, b) => Ok(V::Bool(a.value(env)? == b.value(env)?)),
            E::Op("!=", a, b) => Ok(V::Bool(a.value(env)? != b.value(env)?)),
            E::Op(op, a, b) => {
                let (V::Num(a), V::Num(b)) = (a.value(env)?, b.value(env)?) else {
                    return refused("not numbers");
                };
                Ok(match *op {
                    "+" => V::Num(a + b),
                    "-" => V::Num(a - b),
                    "*" => V::Num(a * b),
                    "%" if b != 0.0 => V::Num(a % b),
                    "<" => V::Bool(a < b),
                    "<=" => V::Bool(a <= b),
                    ">" => V::Bool(a > b),
                    ">=" => V::Bool(a >= b),
                    _ => return refused("no such operation"),
                })
            }
            E::Not(a) => Ok(V::Bool(!truth(a)?)),
            E::If(c, a, b) => if truth(c)? { a } else { b }.value(env),
            E::Index(base, key) => match (base.value(env)?, key.value(env)?) {
                (V::List(items), V::Num(n)) if n >= 0.0 && n.fract() == 0.0 => {
                    items.get(n as usize).cloned().ok_or_else(|| "past the end".into())
                }
                (V::Map(entries), V::Str(k)) => entries.get(&k).cloned().ok_or_else(|| "no such key".into()),
                _ => refused("cannot be indexed"),
            },
            E::Tuple(items) => Ok(V::List(all(items)?)),
            E::Object(entries) => {
                let each: Result<_, String> =
                    entries.iter().map(|(k, v)| Ok((k.clone(), v.value(env)?))).collect();
                Ok(V::Map(each?))
            }
            E::For(x, over, result, cond) => {
                let mut out = Vec::new();
                for item in over.value(env)?.items()? {
                    let mut env = env.clone();
                    env.insert(x.clone(), item);
                    match cond.as_ref().map(|c| c.value(&env)).transpose()? {
                        None | Some(V::Bool(true)) => out.push(result.value(&env)?),
                        Some(_) => {}
                    }
                }
                Ok(V::List(out))
            }
            E::ForMap(x, over, result) => {
                let mut out = BTreeMap::new();
                for item in over.value(env)?.items()? {
                    let mut env = env.clone();
                    env.insert(x.clone(), item.clone());
                    if out.insert(item.shown()?, result.value(&env)?).is_some() {
                        return refused("a key twice");
                    }
                }
                Ok(V::Map(out))
            }
        }
    }
}

/// The functions that the generator uses, where it uses them.
fn call(function: &str, args: Vec<V>) -> Answer {
    use V::{Bool, List, Map, Num, Set, Str};
    let texts = |items: &[V]| items.iter().map(V::shown).collect::<Result<Vec<String>, String>>();
    let strings = |items: Vec<String>| List(items.into_iter().map(Str).collect());
    Ok(match (function, args.as_slice()) {
        ("upper", [Str(t)]) => Str(t.to_uppercase()),
        ("lower", [Str(t)]) => Str(t.to_lowercase()),
        ("trimspace", [Str(t)]) => Str(t.trim().to_string()),
        ("strrev", [Str(t)]) => Str(t.chars().rev().collect()),
        ("trimprefix", [Str(t), Str(p)]) => Str(t.strip_prefix(p.as_str()).unwrap_or(t).to_string()),
        ("trimsuffix", [Str(t), Str(p)]) => Str(t.strip_suffix(p.as_str()).unwrap_or(t).to_string()),
        ("replace", [Str(t), Str(a), Str(b)]) => Str(t.replace(a.as_str(), b)),
        ("substr", [Str(t), Num(from), Num(n)]) => {
            Str(t.chars().skip(*from as usize).take(*n as usize).collect())
        }
        ("startswith", [Str(t), Str(p)]) => Bool(t.starts_with(p.as_str())),
        ("endswith", [Str(t), Str(p)]) => Bool(t.ends_with(p.as_str())),
        ("strcontains", [Str(t), Str(p)]) => Bool(t.contains(p.as_str())),
        ("tostring", [v]) => Str(v.shown()?),
        ("tonumber", [Str(t)]) => Num(t.parse().map_err(|_| "not a number")?),
        ("format", [Str(f), rest @ ..]) => {
            let mut out = f.clone();
            for arg in rest {
                let at = out.find("%s").or_else(|| out.find("%d")).ok_or("too many arguments")?;
                out.replace_range(at..at + 2, &arg.shown()?);
            }
            Str(out)
        }
        ("formatlist", [Str(f), list]) => {
            let each: Result<Vec<V>, String> =
                list.items()?.into_iter().map(|i| call("format", vec![Str(f.clone()), i])).collect();
            List(each?)
        }
        ("join", [Str(s), list]) => Str(texts(&list.items()?)?.join(s)),
        ("split", [Str(s), Str(t)]) => strings(t.split(s.as_str()).map(str::to_string).collect()),
        ("coalesce", all) => {
            all.iter().find(|v| **v != Str(String::new())).cloned().ok_or("nothing but nothing")?
        }
        ("length", [Str(t)]) => Num(t.chars().count() as f64),
        ("length", [v]) => Num(v.items()?.len() as f64),
        ("max", all) | ("min", all) => {
            let numbers: Vec<f64> = all.iter().map(|v| if let Num(n) = v { *n } else { f64::NAN }).collect();
            let pick = if function == "max" { f64::max } else { f64::min };
            Num(numbers.into_iter().reduce(pick).ok_or("no numbers")?)
        }
        ("abs", [Num(n)]) => Num(n.abs()),
        ("parseint", [Str(t), Num(base)]) => {
            Num(i64::from_str_radix(t, *base as u32).map_err(|_| "no number")? as f64)
        }
        ("contains", [list, v]) => Bool(list.items()?.contains(v)),
        ("alltrue", [List(items)]) => Bool(items.iter().all(|v| *v == Bool(true))),
        ("anytrue", [List(items)]) => Bool(items.contains(&Bool(true))),
        ("element", [List(items), Num(n)]) if !items.is_empty() => items[*n as usize % items.len()].clone(),
        ("lookup", [Map(entries), Str(k), default]) => entries.get(k).unwrap_or(default).clone(),
        ("concat", all) => List(all.iter().map(V::items).collect::<Result<Vec<_>, _>>()?.concat()),
        ("flatten", [List(lists)]) => {
            let each: Result<Vec<Vec<V>>, String> =
                lists.iter().map(|l| l.items().or(Ok(vec![l.clone()]))).collect();
            List(each?.concat())
        }
        ("distinct", [List(items)]) => {
            let mut out: Vec<V> = Vec::new();
            items.iter().for_each(|i| {
                if !out.contains(i) {
                    out.push(i.clone());
                }
            });
            List(out)
        }
        ("reverse", [List(items)]) => List(items.iter().rev().cloned().collect()),
        ("sort", [List(items)]) => {
            let mut items = texts(items)?;
            items.sort();
            strings(items)
        }
        ("slice", [List(items), Num(a), Num(b)]) => {
            List(items.get(*a as usize..*b as usize).ok_or("past the end")?.to_vec())
        }
        ("compact", [List(items)]) => {
            List(items.iter().filter(|v| **v != Str(String::new())).cloned().collect())
        }
        ("range", [Num(n)]) if *n >= 0.0 => List((0..*n as usize).map(|i| Num(i as f64)).collect()),
        ("keys", [Map(entries)]) => strings(entries.keys().cloned().collect()),
        ("values", [Map(entries)]) => List(entries.values().cloned().collect()),
        ("merge", all) => {
            let mut out = BTreeMap::new();
            for v in all {
                let Map(entries) = v else { return refused("not a map") };
                out.extend(entries.clone());
            }
            Map(out)
        }
        ("zipmap", [List(keys), List(values)]) if keys.len() == values.len() => {
            Map(texts(keys)?.into_iter().zip(values.iter().cloned()).collect())
        }
        ("toset", [v]) => Set(texts(&v.items()?)?.into_iter().collect()),
        ("tolist", [v]) => List(v.items()?),
        ("tomap", [Map(entries)]) => Map(entries.clone()),
        ("setunion", [Set(a), Set(b)]) => Set(a | b),
        ("setintersection", [Set(a), Set(b)]) => Set(a & b),
        ("setsubtract", [Set(a), Set(b)]) => Set(a - b),
        ("one", [List(items)]) if items.len() == 1 => items[0].clone(),
        ("jsondecode", [Str(t)]) => strings(serde_json::from_str(t).map_err(|_| "not JSON")?),
        ("jsonencode", [v]) => Str(v.json().to_string()),
        ("chunklist", [List(items), Num(n)]) => {
            List(items.chunks(*n as usize).map(|c| List(c.to_vec())).collect())
        }
        _ => return refused("no such function here"),
    })
}
