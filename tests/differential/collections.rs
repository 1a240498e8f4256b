//! Configurations over collections that are free: what is said of them is what every collection of up to three elements
//! says, filled in.
//!
//! A collection is filled in by giving it: `terraform.tfvars` beside the same files. Elements are different from each
//! other and from every name that is written, as lonekey assumes of them.

use std::collections::BTreeMap;

use super::random::Random;

/// A configuration, and what its free inputs may be.
pub struct Case {
    /// The text of the root module, and of the module `m` that it may call.
    pub root: String,
    pub module: Option<String>,
    /// The type of `var.xs`.
    kind: Kind,
    /// Whether there is a `var.ys`.
    second: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    List,
    Set,
    Map,
}

/// What free inputs are given: each as it is written, and how many elements it has.
pub type Given = BTreeMap<&'static str, (&'static str, usize)>;

const LISTS: &[(&str, usize)] = &[
    ("[]", 0),
    ("[\"a\"]", 1),
    ("[\"c\"]", 1),
    ("[\"a\", \"b\"]", 2),
    ("[\"c\", \"b\"]", 2),
    ("[\"b\", \"c\", \"a\"]", 3),
];
const MAPS: &[(&str, usize)] = &[
    ("{}", 0),
    ("{ a = \"p\" }", 1),
    ("{ c = \"a\" }", 1),
    ("{ b = \"a\" }", 1),
    ("{ c = \"b\", b1 = \"a\" }", 2),
    ("{ a = \"q\", b = \"p\" }", 2),
    ("{ b = \"q\", c = \"r\" }", 2),
    ("{ a = \"r\", b = \"q\", c = \"p\" }", 3),
];
const OTHERS: &[(&str, usize)] = &[("[]", 0), ("[\"x\"]", 1), ("[\"z\", \"y\"]", 2)];

/// Collections of which elements are what something else is made of: an element of both, a key that is a value too, a name
/// that is made of two others.
const RARE_LISTS: &[(&str, usize)] =
    &[("[\"b\"]", 1), ("[\"x\", \"b\"]", 2), ("[\"c-d\", \"c\", \"d\"]", 3), ("[\"b-b\", \"b\"]", 2)];
const RARE_MAPS: &[(&str, usize)] =
    &[("{ b = \"b\", c = \"c\" }", 2), ("{ q-q = \"z\", q = \"q\" }", 2), ("{ a = \"u-a\", c = \"d\" }", 2)];
const RARE_OTHERS: &[(&str, usize)] = &[("[\"b\"]", 1), ("[\"x\", \"b\"]", 2)];

/// What a witness can be about.
pub enum Of {
    Length(usize),
    Element(String),
    /// Each element, of which one is meant.
    Some(Vec<String>),
}

impl Case {
    /// The orders in which elements may be numbered: a list has one, of sets and maps it is not said.
    pub fn orders(&self, given: &Given) -> Vec<Vec<usize>> {
        let most = given.values().map(|(_, length)| *length).max().unwrap_or(0);
        let all = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        let own = |order: &[usize; 3]| order.iter().take(most).all(|i| *i < most);
        let orders = all.iter().filter(|order| own(order)).map(|order| order.to_vec());
        if self.kind == Kind::List { orders.take(1).collect() } else { orders.collect() }
    }

    /// What `var.xs`, `var.xs[1]` or `key of var.xs[1]` is of these inputs, with elements numbered so.
    pub fn value_of(&self, name: &str, given: &Given, order: &[usize]) -> Option<Of> {
        let (key, name) = name.strip_prefix("key of ").map_or((false, name), |name| (true, name));
        let name = name.strip_prefix("var.")?;
        let Some((name, index)) = name.strip_suffix(']').and_then(|name| name.split_once('[')) else {
            return Some(Of::Length(given.get(name)?.1));
        };
        let (written, _) = given.get(name)?;
        let inner = written.trim_matches(['{', '}', '[', ']', ' ']);
        let elements: Vec<(&str, &str)> = inner
            .split(", ")
            .map(|e| e.split_once(" = ").unwrap_or((e, e)))
            .map(|(k, v)| (k.trim_matches('"'), v.trim_matches('"')))
            .collect();
        let of = |(k, v): &(&str, &str)| (if key { k } else { v }).to_string();
        if index == "*" {
            return Some(Of::Some(elements.iter().map(of).collect()));
        }
        let at = index.trim_matches('"');
        match elements.iter().find(|(k, _)| at != index && *k == at) {
            Some(element) => Some(Of::Element(of(element))),
            None => Some(Of::Element(of(elements.get(*order.get(index.parse::<usize>().ok()?)?)?))),
        }
    }

    /// Every way to give the free inputs.
    pub fn given(&self) -> Vec<Given> {
        self.pairs(if self.kind == Kind::Map { MAPS } else { LISTS }, OTHERS)
    }

    /// Ways to give them in which elements are like others.
    pub fn given_rarely(&self) -> Vec<Given> {
        self.pairs(if self.kind == Kind::Map { RARE_MAPS } else { RARE_LISTS }, RARE_OTHERS)
    }

    fn pairs(&self, first: &[(&'static str, usize)], others: &'static [(&'static str, usize)]) -> Vec<Given> {
        let others = if self.second { others } else { &[("", 0)] };
        let both = |x: &(&'static str, usize), y: &(&'static str, usize)| {
            let mut given = Given::from([("xs", *x)]);
            if self.second {
                given.insert("ys", *y);
            }
            given
        };
        first.iter().flat_map(|x| others.iter().map(move |y| both(x, y))).collect()
    }

    /// The files, with the free inputs given or not.
    pub fn written(&self, given: Option<&Given>) -> BTreeMap<String, String> {
        let mut files = BTreeMap::from([("main.tf".to_string(), self.root.clone())]);
        if let Some(module) = &self.module {
            files.insert("m/main.tf".into(), module.clone());
        }
        if let Some(given) = given {
            let lines = given.iter().map(|(name, (value, _))| format!("{name} = {value}\n"));
            files.insert("terraform.tfvars".into(), lines.collect());
        }
        files
    }
}

pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed.wrapping_mul(7_919).wrapping_add(5));
    let kind = *random.pick(&[Kind::List, Kind::Set, Kind::Map]);
    let mut maker = Maker { random: &mut random, kind, second: false };
    let mut root = String::new();
    let mut module = None;
    for i in 0..1 + maker.random.below(2) {
        if module.is_none() && maker.random.one_in(4) {
            let (call, body) = maker.call();
            root += &call;
            module = Some(body);
        } else {
            root += &maker.key(&format!("k{i}"), &[]);
        }
    }
    let ty = match kind {
        Kind::List => "list",
        Kind::Set => "set",
        Kind::Map => "map",
    };
    let second = maker.second;
    let mut variables = format!("variable \"xs\" {{\n  type = {ty}(string)\n}}\n");
    if second {
        variables += "variable \"ys\" {\n  type = set(string)\n}\n";
    }
    Case { root: variables + &root, module, kind, second }
}

struct Maker<'a> {
    random: &'a mut Random,
    kind: Kind,
    second: bool,
}

/// Lists, sets and maps of text, with holes for others.
const LIST: &[&str] = &[
    "sort(L)",
    "reverse(L)",
    "distinct(L)",
    "concat(L, L)",
    "flatten([L, L])",
    "slice(L, 0, min(1, length(L)))",
    "slice(L, length(L) > 1 ? 1 : 0, length(L))",
    "[for x in L : x if x != \"a\"]",
    "[for x in T : x]",
    "[for i, x in L : x if i > 0]",
    "keys(M)",
    "values(M)",
    "tolist(T)",
    "compact(L)",
    "flatten([for a in L : [for b in L : b]])",
    "[for p in setproduct(L, L) : p[0]]",
    "[for a in L : a if length(L) > 1]",
];
const SET: &[&str] = &[
    "toset(L)",
    "toset(keys(M))",
    "setunion(T, T)",
    "toset([for x in T : x if x != \"a\"])",
    "toset(concat(L, L))",
    "toset([for x in L : \"u.${x}\"])",
    "toset([for p in setproduct(L, L) : \"${p[0]}-${p[1]}\"])",
    "toset(flatten([for a in L : [for b in L : \"${a}/${b}\" if a != b]]))",
    "setsubtract(T, [\"a\"])",
    "setintersection(T, [\"a\", \"b\"])",
];
const MAP: &[&str] = &[
    "{ for x in L : x => x }",
    "{ for k, v in M : k => v }",
    "{ for k, v in M : v => k }",
    "merge(M, M)",
    "merge({ a = \"w\" }, M)",
    "zipmap(L, L)",
    "zipmap(keys(M), values(M))",
    "{ for k, v in M : k => v if k != \"b\" }",
    "{ for i, x in L : x => x if i < 1 }",
    "{ for x in T : x => \"u.${x}\" }",
];

impl Maker<'_> {
    /// An expression of a type: `L`, `T` or `M`.
    fn of(&mut self, hole: char, depth: usize) -> String {
        let base = match (hole, self.kind) {
            ('L', Kind::List) | ('T', Kind::Set) | ('M', Kind::Map) => Some("var.xs"),
            ('L', Kind::Set) => Some("tolist(var.xs)"),
            ('L', Kind::Map) => Some(*self.random.pick(&["keys(var.xs)", "values(var.xs)"])),
            ('T', Kind::List) => Some("toset(var.xs)"),
            ('T', Kind::Map) => Some("toset(keys(var.xs))"),
            _ => Some("{ for x in var.xs : x => x }"),
        };
        if depth == 0 || self.random.one_in(2) {
            if hole == 'T' && self.random.one_in(5) {
                self.second = true;
                return "var.ys".into();
            }
            return base.unwrap().to_string();
        }
        let template = *self.random.pick(match hole {
            'L' => LIST,
            'T' => SET,
            _ => MAP,
        });
        self.filled(template, depth - 1)
    }

    fn filled(&mut self, template: &str, depth: usize) -> String {
        template.chars().fold(String::new(), |mut out, c| {
            if "LTM".contains(c) {
                out += &self.of(c, depth)
            } else {
                out.push(c)
            }
            out
        })
    }

    fn status(&mut self, key: &str) -> String {
        let condition = match self.random.below(8) {
            0 => format!("{key} == \"a\""),
            1 => format!("{key} != \"a\""),
            2 => self.filled("length(L) > 1", 1),
            3 => self.filled("contains(L, \"b\")", 1),
            4 => self.filled("length(L) == 2", 0),
            _ => return String::new(),
        };
        format!("  status = {condition} ? \"Active\" : \"Inactive\"\n")
    }

    /// A key block; `names` are names that it may use besides.
    fn key(&mut self, name: &str, names: &[&str]) -> String {
        let pairs = ["\"${o.a}/${o.b}\" => o", "\"${o.b}.${o.a}\" => o"];
        let (times, users, key): (String, Vec<&str>, &str) = match self.random.below(7) {
            0 => (
                self.filled("for_each = T", 2),
                vec!["each.key", "each.value", "\"u-${each.key}\""],
                "each.key",
            ),
            1 => (
                self.filled("for_each = M", 2),
                vec!["each.key", "each.value", "\"${each.key}-${each.value}\""],
                "each.key",
            ),
            2 => {
                let list = self.of('L', 2);
                let user = *self.random.pick(&["LIST[count.index]", "element(LIST, count.index)"]);
                let user = user.replace("LIST", &list);
                let users = ["\"u${count.index}\"", "\"u${count.index % 2}\"", "\"ci\""];
                let user = if self.random.one_in(2) { user } else { (*self.random.pick(&users)).to_string() };
                let status = self.status(&user);
                return format!(
                    "resource \"aws_iam_access_key\" \"{name}\" {{\n  count  = length({list})\n  user   = {user}\n{status}}}\n"
                );
            }
            3 => (
                self.filled("for_each = { for p in setproduct(L, L) : \"${p[0]}-${p[1]}\" => p }", 1),
                vec!["each.value[0]", "each.value[1]", "\"${each.value[0]}-${each.value[1]}\""],
                "each.value[0]",
            ),
            4 | 5 => {
                let condition = *self.random.pick(&["", "", " if a != b", " if a == b", " if b != \"a\""]);
                let each = self.filled("flatten([for a in L : [for b in L : { a = a, b = b }IF]])", 1);
                let pair = *self.random.pick(&pairs);
                (
                    format!("for_each = {{ for o in {} : {pair} }}", each.replace("IF", condition)),
                    vec!["each.value.a", "each.value.b", "\"${each.value.a}-${each.value.b}\"", "each.key"],
                    "each.value.b",
                )
            }
            _ if names.is_empty() => (String::new(), vec!["\"ci\""], "\"a\""),
            _ => (String::new(), names.to_vec(), names[0]),
        };
        let mut users = users;
        users.extend(names);
        if self.random.one_in(6) {
            users = vec!["\"ci\""];
        }
        let user = (*self.random.pick(&users)).to_string();
        let status = self.status(key);
        format!("resource \"aws_iam_access_key\" \"{name}\" {{\n  {times}\n  user = {user}\n{status}}}\n")
    }

    /// A call of the module `m`, and its text.
    fn call(&mut self) -> (String, String) {
        let (times, who) = match self.random.below(3) {
            0 => (self.filled("for_each = T", 1), "each.key"),
            1 => (self.filled("for_each = M", 1), "each.value"),
            _ => (self.filled("count = length(L)", 1), "\"u${count.index}\""),
        };
        // What is in the module sees the same collection, or a part of it.
        let (hole, ty) = match self.kind {
            Kind::List => ('L', "list"),
            Kind::Set => ('T', "set"),
            Kind::Map => ('M', "map"),
        };
        let passed = if self.random.one_in(3) { self.of(hole, 1) } else { "var.xs".to_string() };
        let second = std::mem::take(&mut self.second);
        let key = self.key("k", &["var.who"]);
        let mut body = format!(
            "variable \"who\" {{\n  type = string\n}}\nvariable \"xs\" {{\n  type = {ty}(string)\n}}\n"
        );
        let mut ys = "";
        if self.second {
            body += "variable \"ys\" {\n  type = set(string)\n}\n";
            ys = "  ys = var.ys\n";
        }
        self.second |= second;
        let call = format!(
            "module \"m\" {{\n  source = \"./m\"\n  {times}\n  who = {who}\n  xs = {passed}\n{ys}}}\n"
        );
        (call, body + &key)
    }
}
