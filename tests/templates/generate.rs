//! Random templates. The same seed gives the same template on every machine.
//!
//! Whose keys are whose is kept within what lonekey promises to tell: a user is a literal, a reference to a declared
//! user, text around one open parameter that no condition compares, or text around the one listed parameter `Who`.

use super::model::{Cond, Expr, Key, List, Loop, Nested, Param, Piece, Rule, Template, User};

/// Constants that conditions compare parameters with.
const WORDS: [&str; 3] = ["a", "b", "c"];
const NAMES: [&str; 4] = ["deploy", "ci", "Ci", "x-ci"];

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

fn text(t: &str) -> Expr {
    Expr::Text(t.into())
}

struct Generator<'r> {
    r: &'r mut Random,
    t: Template,
    /// Parameters that conditions may read.
    read: Vec<String>,
}

/// A template with up to eight parameters and eight conditions.
pub fn template(r: &mut Random) -> Template {
    let mut g = Generator { r, t: Template::default(), read: Vec::new() };
    g.parameters();
    g.mappings();
    for i in 0..g.r.below(7) + 2 {
        let condition = g.condition(2);
        g.t.conditions.push((format!("C{i}"), condition));
    }
    for i in 0..g.r.below(3) {
        let when = g.r.one_in(2).then(|| g.rule(0));
        let assert = g.rule(1);
        // A default that is not allowed and that only a rule reads: whether that refuses is no matter of keys.
        let sound = g.t.params.iter().all(|p| p.default.as_deref() != Some("zz"));
        if i < 2 && sound && g.r.one_in(2) {
            g.t.rules.push(Rule { when, assert });
        }
    }
    for i in 0..g.r.below(3) {
        let condition = g.some_condition(3);
        let name = (!g.r.one_in(3)).then(|| g.name(1));
        g.t.users.push(User { id: format!("U{i}"), condition, name });
    }
    if g.r.one_in(3) {
        g.a_nested_stack();
    }
    for i in 0..g.r.below(3) + 2 {
        let key = g.key(format!("K{i}"));
        g.t.keys.push(key);
    }
    if g.r.one_in(4) {
        g.a_loop();
    }
    g.t
}

impl Generator<'_> {
    fn parameters(&mut self) {
        for i in 0..self.r.below(5) + 1 {
            let name = format!("P{i}");
            let (kind, allowed): (_, Vec<&str>) = match self.r.below(5) {
                0 => ("String", vec![]),
                1 => ("Number", vec!["1", "2"]),
                2 => ("String", WORDS.to_vec()),
                _ => ("String", vec!["a", "b"]),
            };
            let words = if allowed.is_empty() { WORDS.to_vec() } else { allowed.clone() };
            let mut default = self.r.one_in(3).then(|| self.r.pick(&words).to_string());
            if default.is_some() && self.r.one_in(20) {
                default = Some("zz".into());
            }
            self.param(&name, kind, &allowed, default);
            self.read.push(name);
        }
        if self.r.one_in(2) {
            let default = self.r.one_in(2).then(|| self.r.pick(&["deploy", "ci"]).to_string());
            self.param("Who", "String", &["deploy", "ci"], default);
        }
        if self.r.one_in(3) {
            let default = self.r.one_in(2).then(|| self.r.pick(&NAMES).to_string());
            self.param("Open", "String", &[], default);
        }
        if self.r.one_in(2) {
            let default = self.r.one_in(2).then(|| self.r.pick(&["Active", "Inactive"]).to_string());
            self.param("State", "String", &["Active", "Inactive"], default);
        }
        if self.t.params.len() < 8 && self.r.one_in(4) {
            self.param("Names", "CommaDelimitedList", &[], Some("deploy, ci".into()));
        }
        for (name, kind, allowed) in [
            ("Ix", "Number", &["0", "1", "2"][..]),
            ("Col", "String", &["User", "Tag"][..]),
            ("Which", "String", &["M", "W"][..]),
        ] {
            if self.t.params.len() < 8 && self.r.one_in(5) {
                let allowed = &allowed[..allowed.len() - self.r.below(2)];
                let default = self.r.one_in(3).then(|| self.r.pick(allowed).to_string());
                self.param(name, kind, allowed, default);
            }
        }
        if self.r.one_in(4) {
            self.read.push("AWS::Region".into());
        }
    }

    fn param(&mut self, name: &str, kind: &'static str, allowed: &[&str], default: Option<String>) {
        let allowed = allowed.iter().map(|a| a.to_string()).collect();
        self.t.params.push(Param { name: name.into(), kind, allowed, default });
    }

    fn has(&self, name: &str) -> bool {
        self.t.params.iter().any(|p| p.name == name)
    }

    fn mappings(&mut self) {
        for (map, tops) in [("M", &["a", "b", "c", "1"][..]), ("W", &["deploy", "ci"][..])] {
            let mut rows = Vec::new();
            for top in tops {
                if !self.r.one_in(5) {
                    let user = self.r.pick(&NAMES).to_string();
                    let status = self.r.pick(&["Active", "Inactive"]).to_string();
                    rows.push((top.to_string(), [user, status, self.r.pick(&WORDS).to_string()]));
                }
            }
            if rows.is_empty() {
                rows.push(("a".into(), ["ci".into(), "Active".into(), "a".into()]));
            }
            self.t.mappings.push((map.into(), rows));
        }
    }

    /// A look-up in a map; `column` is `User`, `Status` or `Tag`.
    fn find(&mut self, column: &str, default: &str) -> Expr {
        let (map, top) = match self.has("Who") && self.r.one_in(3) {
            true => ("W", "Who".to_string()),
            false => ("M", self.read[self.r.below(self.read.len())].clone()),
        };
        let default = self.r.one_in(2).then(|| Box::new(text(default)));
        let computed = |g: &mut Self, name: &str, otherwise: &str| {
            let computed = g.has(name) && g.r.one_in(2);
            Box::new(if computed { Expr::Ref(name.into()) } else { text(otherwise) })
        };
        let map = computed(self, "Which", map);
        let second = if column == "Status" { Box::new(text(column)) } else { computed(self, "Col", column) };
        Expr::Find(map, Box::new(Expr::Ref(top)), second, default)
    }

    /// An operand of a comparison.
    fn operand(&mut self) -> Expr {
        let name = self.read[self.r.below(self.read.len())].clone();
        // Functions of conditions are no operands.
        match self.r.below(11) {
            8 => Expr::Length(self.list(false, false, 0)),
            9 => Expr::JoinOf("".into(), self.list(false, false, 0)),
            10 => Expr::SelectOf(self.index(), self.list(false, false, 0)),
            0 => self.find("Tag", "a"),
            1 => Expr::Sub(vec![Piece::Name(name)]),
            2 => Expr::Join("".into(), vec![text(""), Expr::Ref(name)]),
            3 => Expr::Select(self.r.below(2), vec![Expr::Ref(name), text("b")]),
            _ => Expr::Ref(name),
        }
    }

    /// A list of names, or of operands; with `absent`, of what may be absent too.
    fn list(&mut self, names: bool, absent: bool, depth: usize) -> Box<List> {
        Box::new(match self.r.below(if depth == 0 { 4 } else { 6 }) {
            0 if self.has("Names") => List::Param("Names".into()),
            1 => List::Split("/".into(), text("ci/deploy")),
            4 | 5 => {
                let (condition, condition_count) = ("C".to_string(), self.t.conditions.len());
                let condition = format!("{condition}{}", self.r.below(condition_count.max(1)));
                List::If(condition, self.list(names, absent, depth - 1), self.list(names, absent, depth - 1))
            }
            _ => {
                let count = self.r.below(3) + 1;
                let item = |g: &mut Self, absent: bool| {
                    let plain = match g.r.below(3) {
                        0 if names && g.has("Who") => Expr::Ref("Who".into()),
                        0 if !names => Expr::Ref(g.read[g.r.below(g.read.len())].clone()),
                        _ => text(g.r.pick(if names { &NAMES } else { &WORDS })),
                    };
                    match absent && g.r.one_in(3) {
                        true => Expr::If(g.any_condition(), Box::new(plain), Box::new(Expr::NoValue)),
                        false => plain,
                    }
                };
                // Something is left of it: no user has an empty name.
                List::Items((0..count).map(|i| item(self, absent && i > 0)).collect())
            }
        })
    }

    fn index(&mut self) -> Box<Expr> {
        let computed = self.has("Ix") && !self.r.one_in(4);
        Box::new(if computed { Expr::Ref("Ix".into()) } else { text(self.r.pick(&["0", "1"])) })
    }

    fn constant(&mut self) -> Expr {
        match self.r.below(7) {
            6 => text("2"),
            0 => text("1"),
            1 => text(""),
            // Listed on both sides, or on one.
            2 => Expr::Ref(self.read[self.r.below(self.read.len())].clone()),
            _ => text(self.r.pick(&WORDS)),
        }
    }

    fn condition(&mut self, depth: usize) -> Cond {
        let earlier = self.t.conditions.len();
        match self.r.below(if depth == 0 { 3 } else { 7 }) {
            0 if earlier > 0 => Cond::Named(format!("C{}", self.r.below(earlier))),
            0..=2 => {
                let operand = self.operand();
                // What lists give is no word that an input that is not listed ranges over.
                let of_list = matches!(operand, Expr::Length(_) | Expr::JoinOf(..) | Expr::SelectOf(..));
                let other = if of_list { text(self.r.pick(&["a", "b", "2"])) } else { self.constant() };
                Cond::Equals(operand, other)
            }
            3 | 4 => Cond::Not(Box::new(self.condition(depth - 1))),
            5 => Cond::And(vec![self.condition(depth - 1), self.condition(depth - 1)]),
            _ => Cond::Or(vec![self.condition(depth - 1), self.condition(depth - 1)]),
        }
    }

    fn rule(&mut self, depth: usize) -> Cond {
        let name = self.read[self.r.below(self.read.len())].clone();
        match self.r.below(if depth == 0 { 4 } else { 7 }) {
            2 => {
                let other = self.read[self.r.below(self.read.len())].clone();
                Cond::EachIn(
                    vec![Expr::Ref(name), Expr::Ref(other)],
                    vec!["a".into(), "b".into(), "1".into()],
                )
            }
            3 => Cond::EachEquals(vec![Expr::Ref(name), text("a")], text(self.r.pick(&WORDS))),
            4 if self.r.one_in(4) => Cond::Asks,
            5 => Cond::And(vec![self.rule(0), self.rule(0)]),
            0 => Cond::Contains(vec!["a".into(), "1".into()], Expr::Ref(name)),
            1 => Cond::Equals(Expr::Ref(name), text(self.r.pick(&WORDS))),
            4 => Cond::Not(Box::new(self.rule(0))),
            _ => Cond::Or(vec![self.rule(0), self.rule(0)]),
        }
    }

    fn some_condition(&mut self, one_in: usize) -> Option<String> {
        self.r.one_in(one_in).then(|| self.any_condition())
    }

    fn any_condition(&mut self) -> String {
        format!("C{}", self.r.below(self.t.conditions.len().max(1)))
    }

    /// A user's name, without references to users.
    fn name(&mut self, depth: usize) -> Expr {
        match self.r.below(if depth == 0 { 6 } else { 8 }) {
            0 if self.has("Who") => Expr::Ref("Who".into()),
            1 if self.has("Who") => Expr::Sub(vec![Piece::Text("x-".into()), Piece::Name("Who".into())]),
            2 if self.has("Open") => Expr::Ref("Open".into()),
            3 if self.has("Open") => Expr::SubMap("o-".into(), Box::new(Expr::Ref("Open".into()))),
            4 if self.has("Names") => Expr::Item(self.r.below(2), "Names".into()),
            5 => self.find("User", "ci"),
            6 => {
                let condition = self.any_condition();
                Expr::If(condition, Box::new(self.name(depth - 1)), Box::new(self.name(depth - 1)))
            }
            7 => match self.r.below(7) {
                3 => Expr::JoinOf("-".into(), self.list(true, true, 1)),
                4 => Expr::SelectOf(self.index(), self.list(true, false, 1)),
                5 => Expr::SubOver("x-".into(), "Who".into(), Box::new(self.name(0))),
                6 if !self.t.nested.is_empty() => Expr::Output("N".into(), "Out".into()),
                0 => Expr::Sub(vec![Piece::Name("AWS::StackName".into()), Piece::Text("-u".into())]),
                1 => Expr::SelectSplit(self.r.below(2), "/".into(), Box::new(text("ci/deploy"))),
                _ => {
                    let condition = self.any_condition();
                    let dropped = Expr::If(condition, Box::new(text("ci")), Box::new(Expr::NoValue));
                    Expr::Join("-".into(), vec![text("x"), dropped])
                }
            },
            _ => text(self.r.pick(&NAMES)),
        }
    }

    fn user(&mut self) -> Expr {
        let declared = self.t.users.len();
        if declared > 0 && !self.r.one_in(3) {
            let id = format!("U{}", self.r.below(declared));
            return match self.r.below(5) {
                0 => Expr::Sub(vec![Piece::Name(id)]),
                1 => Expr::NameOfArn(id),
                2 => {
                    let condition = self.any_condition();
                    Expr::If(condition, Box::new(Expr::Ref(id)), Box::new(self.name(0)))
                }
                _ => Expr::Ref(id),
            };
        }
        self.name(2)
    }

    fn status(&mut self) -> Option<Expr> {
        let plain = |g: &mut Self| match g.r.below(4) {
            0 if g.has("State") => Expr::Ref("State".into()),
            1 => Expr::NoValue,
            2 => text("Active"),
            _ => text("Inactive"),
        };
        match self.r.below(8) {
            0..=3 => None,
            4 => Some(plain(self)),
            5 => Some(self.find("Status", "Inactive")),
            _ => {
                let condition = self.any_condition();
                Some(Expr::If(condition, Box::new(plain(self)), Box::new(plain(self))))
            }
        }
    }

    fn key(&mut self, id: String) -> Key {
        let condition = self.some_condition(3);
        Key { id, condition, user: self.user(), status: self.status() }
    }

    fn a_loop(&mut self) {
        // The conditions of a loop's keys end with its elements: C0, C1.
        let items = vec!["0".to_string(), "1".to_string()];
        let condition = self.r.one_in(2).then(|| "C".to_string());
        let user = match self.r.below(4) {
            0 => Expr::Element,
            1 => Expr::Sub(vec![Piece::Text("l-".into()), Piece::Element]),
            _ => self.user(),
        };
        let status = self.status();
        let key = Key { id: "L".into(), condition, user, status };
        if self.has("Names") && self.r.one_in(2) {
            let items = ["deploy", "ci"].map(String::from).to_vec();
            let key = Key { condition: None, ..key };
            return self.t.loops.push(Loop { items, over: Some("Names".into()), key });
        }
        self.t.loops.push(Loop { items, over: None, key });
    }

    /// A stack whose template has conditions over what it is passed, users and keys, and an output.
    fn a_nested_stack(&mut self) {
        let listed = |g: &mut Self| if g.r.one_in(2) { WORDS.map(String::from).to_vec() } else { Vec::new() };
        let param = |name: &str, allowed, default: &str| Param {
            name: name.into(),
            kind: "String",
            allowed,
            default: Some(default.into()),
        };
        let mut inner = Template::default();
        inner.params.push(param("P", listed(self), "a"));
        inner.params.push(param("N", Vec::new(), "ci"));
        for i in 0..self.r.below(2) + 1 {
            let read = if self.r.one_in(5) { "AWS::Region" } else { "P" };
            let equals = Cond::Equals(Expr::Ref(read.into()), text(self.r.pick(&WORDS)));
            let not = self.r.one_in(3);
            let condition = if not { Cond::Not(Box::new(equals)) } else { equals };
            inner.conditions.push((format!("C{i}"), condition));
        }
        let count = inner.conditions.len();
        let some = |g: &mut Self| g.r.one_in(2).then(|| format!("C{}", g.r.below(count)));
        if self.r.one_in(2) {
            let name = (!self.r.one_in(3)).then(|| Expr::Ref("N".into()));
            let condition = some(self).filter(|_| self.r.one_in(2));
            inner.users.push(User { id: "U".into(), condition, name });
        }
        let has_user = !inner.users.is_empty();
        let user = |g: &mut Self| match g.r.below(5) {
            0 => Expr::Sub(vec![Piece::Text("x-".into()), Piece::Name("N".into())]),
            1 => text(g.r.pick(&NAMES)),
            2 if has_user => Expr::Ref("U".into()),
            3 if has_user => Expr::NameOfArn("U".into()),
            _ => Expr::Ref("N".into()),
        };
        for i in 0..self.r.below(2) + 1 {
            let status = some(self).filter(|_| self.r.one_in(2));
            let status = status.map(|c| Expr::If(c, Box::new(text("Active")), Box::new(text("Inactive"))));
            let condition = some(self);
            inner.keys.push(Key { id: format!("K{i}"), condition, user: user(self), status });
        }
        inner.outputs.push(("Out".into(), user(self)));
        let mut passed = Vec::new();
        if !self.r.one_in(5) {
            let read = Expr::Ref(self.read[self.r.below(self.read.len())].clone());
            let value = if self.r.one_in(4) { text(self.r.pick(&WORDS)) } else { read };
            passed.push(("P".into(), value));
        }
        if !self.r.one_in(5) {
            passed.push(("N".into(), self.user()));
        }
        let condition = self.some_condition(2);
        self.t.nested.push(Nested { id: "N".into(), condition, passed, template: inner });
    }
}
