//! What a deployment with every input known makes of a template, and the same for every assignment of its inputs.
//!
//! Written from CloudFormation's user guide ("Intrinsic functions", "Condition functions", "Rules", "Parameters") and
//! shares no code with the program. Inputs that are not listed range over the words of the template and two values
//! that occur nowhere.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Cond, Expr, List, Param, Piece, Template};

/// A value with every input known, and the same with inputs left as symbols.
#[derive(Clone, Debug, Default)]
pub struct Known {
    text: String,
    symbolic: String,
    /// Whether it depends on an input whose values are not listed, and which is not as supplied.
    open: bool,
}

/// One input with the values that it ranges over.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub values: Vec<String>,
    /// The index of its supplied value.
    pub supplied: Option<usize>,
}

/// The inputs of a template; lists stay as supplied.
pub fn inputs(t: &Template) -> Vec<Input> {
    let open = |name: &str| -> Vec<String> {
        let mut values: Vec<String> = ["a", "b", "c", "1", "2", "zz", ""].map(String::from).to_vec();
        if name == "Open" {
            values.clear();
        }
        // The keys of a map that is chosen by a parameter.
        if name != "Open" && t.params.iter().any(|p| p.name == "Which") {
            values.extend(["ci", "deploy"].map(String::from));
        }
        values.extend([format!("({name} 1)"), format!("({name} 2)")]);
        values
    };
    let mut all: Vec<Input> = Vec::new();
    for p in t.params.iter().filter(|p| p.kind != "CommaDelimitedList") {
        let mut values = if p.allowed.is_empty() { open(&p.name) } else { p.allowed.clone() };
        // A default that is not allowed is set aside.
        if let Some(default) = &p.default
            && p.allowed.is_empty()
            && !values.contains(default)
        {
            values.push(default.clone());
        }
        let supplied = p.default.as_ref().and_then(|d| values.iter().position(|v| v == d));
        all.push(Input { name: p.name.clone(), values, supplied });
    }
    if format!("{t:?}").contains("AWS::Region") {
        all.push(Input { name: "AWS::Region".into(), values: open("AWS::Region"), supplied: None });
    }
    all
}

/// A key that is active, with everything that says whose it is.
#[derive(Clone, Debug)]
pub struct Active {
    pub id: String,
    pub identities: BTreeSet<String>,
}

/// What one assignment leads to: the active keys, and what the deployment refuses, each with where.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub active: Vec<Active>,
    pub refused: BTreeSet<String>,
}

pub struct Deployment<'t> {
    template: &'t Template,
    values: BTreeMap<&'t str, &'t str>,
    /// What its names begin with.
    prefix: String,
    /// What a parent passes: then nothing else gives its parameters.
    passed: Option<BTreeMap<String, Result<Option<Known>, String>>>,
}

impl<'t> Deployment<'t> {
    pub fn new(template: &'t Template, values: BTreeMap<&'t str, &'t str>) -> Self {
        Deployment { template, values, prefix: String::new(), passed: None }
    }

    /// The deployment of a nested stack, or why its parent is refused.
    fn nested(&self, id: &str) -> Result<Deployment<'t>, String> {
        let nested = self.template.nested.iter().find(|n| n.id == id).ok_or("no such stack")?;
        if !nested.condition.as_ref().map_or(Ok(true), |c| self.named(c))? {
            return Err(format!("{id} is not there"));
        }
        let passed = nested.passed.iter().map(|(name, e)| (name.clone(), self.value(e))).collect();
        let prefix = format!("{}{id}/", self.prefix);
        Ok(Deployment {
            template: &nested.template,
            values: self.values.clone(),
            prefix,
            passed: Some(passed),
        })
    }

    pub fn outcome(&self) -> Outcome {
        let mut out = Outcome::default();
        for nested in &self.template.nested {
            match self.nested(&nested.id) {
                Ok(inner) => {
                    // What a stack with keys is passed is refused whether they read it or not.
                    let keys = !nested.template.keys_and_nested().is_empty();
                    let refused =
                        nested.template.params.iter().filter_map(|p| inner.reference(&p.name).err());
                    let refused = refused.map(|why| format!("{}: {why}", inner.prefix));
                    out.refused.extend(refused.filter(|_| keys));
                    let inner = inner.outcome();
                    out.active.extend(inner.active);
                    out.refused.extend(inner.refused);
                }
                Err(why) if why == format!("{} is not there", nested.id) => {}
                Err(why) => {
                    out.refused.insert(format!("{}{}: {why}", self.prefix, nested.id));
                }
            }
        }
        for mut key in self.template.all_keys() {
            key.id = format!("{}{}", self.prefix, key.id);
            let site = |what: &str, why: String| format!("{} {what}: {why}", key.id);
            match key.condition.as_ref().map_or(Ok(true), |name| self.named(name)) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(why) => {
                    out.refused.insert(site("condition", why));
                    continue;
                }
            }
            let user = self.value(&key.user).and_then(|u| u.ok_or("no user".to_string()));
            let status = key.status.as_ref().map_or(Ok(None), |s| self.value(s));
            match (user, status) {
                (Ok(user), Ok(status)) => {
                    if status.is_none_or(|s| s.text != "Inactive") {
                        let mut identities = BTreeSet::from([user.symbolic.to_lowercase()]);
                        if !user.open {
                            identities.insert(user.text.to_lowercase());
                        }
                        out.active.push(Active { id: key.id.clone(), identities });
                    }
                }
                (user, status) => {
                    out.refused.extend(user.err().map(|why| site("user", why)));
                    out.refused.extend(status.err().map(|why| site("status", why)));
                }
            }
        }
        for (i, rule) in self.template.rules.iter().enumerate() {
            let when = rule.when.as_ref().map_or(Ok(true), |c| self.holds(c));
            if when == Ok(true) && self.holds(&rule.assert) == Ok(false) {
                out.refused.insert(format!("rule {i}"));
            }
        }
        out
    }

    fn named(&self, name: &str) -> Result<bool, String> {
        let found = self.template.conditions.iter().find(|(n, _)| n == name);
        self.holds(&found.ok_or("no such condition")?.1)
    }

    fn holds(&self, c: &Cond) -> Result<bool, String> {
        let text = |e: &Expr| self.value(e).map(|v| v.unwrap_or_default().text);
        Ok(match c {
            Cond::Equals(a, b) => text(a)? == text(b)?,
            Cond::Not(inner) => !self.holds(inner)?,
            Cond::And(all) => {
                let all: Vec<bool> = all.iter().map(|c| self.holds(c)).collect::<Result<_, _>>()?;
                !all.contains(&false)
            }
            Cond::Or(all) => {
                let all: Vec<bool> = all.iter().map(|c| self.holds(c)).collect::<Result<_, _>>()?;
                all.contains(&true)
            }
            Cond::Named(name) => self.named(name)?,
            Cond::Contains(words, value) => words.contains(&text(value)?),
            Cond::EachIn(values, words) => {
                let all: Vec<String> = values.iter().map(text).collect::<Result<_, _>>()?;
                all.iter().all(|v| words.contains(v))
            }
            Cond::EachEquals(values, value) => {
                let (all, value) =
                    (values.iter().map(text).collect::<Result<Vec<String>, _>>()?, text(value)?);
                all.iter().all(|v| *v == value)
            }
            Cond::Asks => return Err("the account is asked".into()),
        })
    }

    fn param(&self, name: &str) -> Option<&Param> {
        self.template.params.iter().find(|p| p.name == name)
    }

    fn reference(&self, name: &str) -> Result<Option<Known>, String> {
        if let Some(user) = self.template.users.iter().find(|u| u.id == name) {
            if !user.condition.as_ref().map_or(Ok(true), |c| self.named(c))? {
                return Err(format!("{name} is not there"));
            }
            let configured = user.name.as_ref().map_or(Ok(None), |n| self.value(n))?;
            let own = format!("<{}{name}>", self.prefix);
            return Ok(Some(configured.unwrap_or(Known { text: own.clone(), symbolic: own, open: false })));
        }
        if name == "AWS::StackName" {
            return Ok(Some(Known { text: "<stack>".into(), symbolic: "<stack>".into(), open: false }));
        }
        let param = self.param(name);
        if let Some(passed) = &self.passed
            && let Some(param) = param
        {
            let default =
                || param.default.clone().map(|d| Known { text: d.clone(), symbolic: d, open: false });
            let value = passed.get(name).cloned().unwrap_or(Ok(None))?;
            let value = value.or_else(default).ok_or(format!("no {name}"))?;
            if !param.allowed.is_empty() && !param.allowed.contains(&value.text) {
                return Err(format!("{} is not allowed for {name}", value.text));
            }
            return Ok(Some(value));
        }
        let value = *self.values.get(name).ok_or(format!("no {name}"))?;
        let listed = param.is_some_and(|p| !p.allowed.is_empty());
        if let Some(p) = param
            && listed
            && !p.allowed.iter().any(|a| a == value)
        {
            return Err(format!("{value} is not allowed for {name}"));
        }
        let supplied = param.is_some_and(|p| p.default.as_deref() == Some(value));
        Ok(Some(Known { text: value.into(), symbolic: format!("<{name}>"), open: !listed && !supplied }))
    }

    /// The elements of a list, without `AWS::NoValue`.
    fn list(&self, list: &List) -> Result<Vec<Known>, String> {
        let plain = |text: &str| Known { text: text.into(), symbolic: text.into(), open: false };
        Ok(match list {
            List::Items(all) => {
                let all: Vec<Option<Known>> = all.iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
                all.into_iter().flatten().collect()
            }
            List::Param(name) => {
                let list = self.param(name).and_then(|p| p.default.as_deref()).ok_or("no list")?;
                list.split(',').map(|item| plain(item.trim())).collect()
            }
            List::Split(by, inner) => {
                let whole = self.value(inner)?.ok_or("nothing to split")?;
                whole.text.split(by.as_str()).map(plain).collect()
            }
            List::If(condition, a, b) => self.list(if self.named(condition)? { a } else { b })?,
        })
    }

    /// `None` is `AWS::NoValue`.
    fn value(&self, e: &Expr) -> Result<Option<Known>, String> {
        let plain = |text: &str| Some(Known { text: text.into(), symbolic: text.into(), open: false });
        let join = |by: &str, parts: Vec<Known>| {
            let texts: Vec<&str> = parts.iter().map(|p| p.text.as_str()).collect();
            let symbols: Vec<&str> = parts.iter().map(|p| p.symbolic.as_str()).collect();
            let open = parts.iter().any(|p| p.open);
            Some(Known { text: texts.join(by), symbolic: symbols.join(by), open })
        };
        Ok(match e {
            Expr::Text(text) => plain(text),
            Expr::NoValue => None,
            Expr::Ref(name) | Expr::NameOfArn(name) => self.reference(name)?,
            Expr::Sub(pieces) => {
                let mut parts = Vec::new();
                for piece in pieces {
                    parts.extend(match piece {
                        Piece::Text(text) => plain(text),
                        Piece::Name(name) => self.reference(name)?,
                        Piece::Element => return Err("an element outside of its loop".into()),
                    });
                }
                join("", parts)
            }
            Expr::SubMap(before, inner) => {
                let inner = self.value(inner)?.ok_or("nothing to put in")?;
                join("", vec![plain(before).unwrap_or_default(), inner])
            }
            Expr::Join(by, all) => {
                let parts: Vec<Option<Known>> =
                    all.iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
                join(by, parts.into_iter().flatten().collect())
            }
            Expr::Select(i, all) => {
                let parts: Vec<Option<Known>> =
                    all.iter().map(|e| self.value(e)).collect::<Result<_, _>>()?;
                parts.get(*i).cloned().ok_or("past the end")?
            }
            Expr::Item(i, param) => {
                let list = self.param(param).and_then(|p| p.default.as_deref()).ok_or("no list")?;
                plain(list.split(',').nth(*i).ok_or("past the end")?.trim())
            }
            Expr::SelectSplit(i, by, inner) => {
                let whole = self.value(inner)?.ok_or("nothing to split")?;
                plain(whole.text.split(by.as_str()).nth(*i).ok_or("past the end")?)
            }
            Expr::SubOver(before, _, inner) => {
                let inner = self.value(inner)?.ok_or("nothing to put in")?;
                join("", vec![plain(before).unwrap_or_default(), inner])
            }
            Expr::JoinOf(by, list) => join(by, self.list(list)?),
            Expr::SelectOf(index, list) => {
                let index = self.value(index)?.unwrap_or_default().text;
                let index: usize = index.parse().map_err(|_| "no index".to_string())?;
                self.list(list)?.get(index).cloned().map(Some).ok_or("past the end")?
            }
            Expr::Length(list) => plain(&self.list(list)?.len().to_string()),
            Expr::Output(stack, name) => {
                let inner = self.nested(stack)?;
                let output = inner.template.outputs.iter().find(|(n, _)| n == name);
                inner.value(&output.ok_or("no output")?.1)?
            }
            Expr::Find(map, top, second, default) => {
                let map = &self.value(map)?.unwrap_or_default().text;
                let second = &self.value(second)?.unwrap_or_default().text;
                let rows = self.template.mappings.iter().find(|(name, _)| name == map);
                let top = self.value(top)?.unwrap_or_default().text;
                let row = rows.and_then(|(_, rows)| rows.iter().find(|(name, _)| *name == top));
                let column = ["User", "Status", "Tag"].iter().position(|c| c == second);
                match (row.zip(column), default) {
                    (Some(((_, row), column)), _) => plain(&row[column]),
                    (None, Some(default)) => self.value(default)?,
                    (None, None) => return Err(format!("no {map} {second}")),
                }
            }
            Expr::If(condition, a, b) => {
                if self.named(condition)? {
                    self.value(a)?
                } else {
                    self.value(b)?
                }
            }
            Expr::Element => return Err("an element outside of its loop".into()),
        })
    }
}
