//! A template as data: what the generator makes, the printer writes and the naive evaluator reads.

/// A value of a property or an operand.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Text(String),
    NoValue,
    Ref(String),
    /// `Fn::Sub` with names only; a piece is text or a name.
    Sub(Vec<Piece>),
    /// `Fn::Sub` of `<text>${X}` with a map that says what `X` is.
    SubMap(String, Box<Expr>),
    Join(String, Vec<Expr>),
    Select(usize, Vec<Expr>),
    /// An element of a list parameter.
    Item(usize, String),
    /// An element of what a split at the delimiter gives.
    SelectSplit(usize, String, Box<Expr>),
    /// `Fn::Sub` of `<text>${Name}` with a map in which the name is another one than the template's.
    SubOver(String, String, Box<Expr>),
    /// `Fn::FindInMap`: map, first key, second key, default. With the language extensions any of them is computed.
    Find(Box<Expr>, Box<Expr>, Box<Expr>, Option<Box<Expr>>),
    /// A list joined at a delimiter.
    JoinOf(String, Box<List>),
    /// An element of a list, by a number that may be computed.
    SelectOf(Box<Expr>, Box<List>),
    /// How many elements a list has.
    Length(Box<List>),
    /// An output of a nested stack.
    Output(String, String),
    If(String, Box<Expr>, Box<Expr>),
    /// The name at the end of a user's ARN.
    NameOfArn(String),
    /// The loop's own element.
    Element,
}

/// A list of values.
#[derive(Clone, Debug, PartialEq)]
pub enum List {
    Items(Vec<Expr>),
    /// A list parameter.
    Param(String),
    Split(String, Expr),
    If(String, Box<List>, Box<List>),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Name(String),
    Element,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Cond {
    Equals(Expr, Expr),
    Not(Box<Cond>),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Named(String),
    /// In rules: the list holds the value.
    Contains(Vec<String>, Expr),
    /// In rules: each value is in the list.
    EachIn(Vec<Expr>, Vec<String>),
    /// In rules: each value is that one.
    EachEquals(Vec<Expr>, Expr),
    /// In rules: a question about the account.
    Asks,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub kind: &'static str,
    pub allowed: Vec<String>,
    pub default: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Key {
    pub id: String,
    pub condition: Option<String>,
    pub user: Expr,
    pub status: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct User {
    pub id: String,
    pub condition: Option<String>,
    pub name: Option<Expr>,
}

/// A `Fn::ForEach` whose body is one key; its id and condition end with the element.
#[derive(Clone, Debug)]
pub struct Loop {
    pub items: Vec<String>,
    /// The list parameter that has these items, if they are not written out.
    pub over: Option<String>,
    pub key: Key,
}

/// A nested stack with its template, whose parameters all have a default, and what it is passed.
#[derive(Clone, Debug)]
pub struct Nested {
    pub id: String,
    pub condition: Option<String>,
    pub passed: Vec<(String, Expr)>,
    pub template: Template,
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub when: Option<Cond>,
    pub assert: Cond,
}

/// First key, then the values of `User`, `Status` and `Tag`.
pub type Row = (String, [String; 3]);

#[derive(Clone, Debug, Default)]
pub struct Template {
    pub params: Vec<Param>,
    pub mappings: Vec<(String, Vec<Row>)>,
    pub conditions: Vec<(String, Cond)>,
    pub rules: Vec<Rule>,
    pub users: Vec<User>,
    pub keys: Vec<Key>,
    pub loops: Vec<Loop>,
    pub nested: Vec<Nested>,
    pub outputs: Vec<(String, Expr)>,
}

impl Expr {
    fn with_element(&self, element: &str) -> Expr {
        let inner = |e: &Expr| Box::new(e.with_element(element));
        match self {
            Expr::Element => Expr::Text(element.into()),
            Expr::Sub(pieces) => Expr::Sub(
                pieces
                    .iter()
                    .map(|p| if *p == Piece::Element { Piece::Text(element.into()) } else { p.clone() })
                    .collect(),
            ),
            Expr::Find(map, top, second, default) => {
                Expr::Find(map.clone(), inner(top), second.clone(), default.clone())
            }
            Expr::If(c, a, b) => Expr::If(c.clone(), inner(a), inner(b)),
            other => other.clone(),
        }
    }
}

impl Template {
    /// Every key with the addresses of nested ones, loops written out.
    pub fn keys_and_nested(&self) -> Vec<Key> {
        let nested = self.nested.iter().flat_map(|n| {
            let inner = n.template.keys_and_nested().into_iter();
            inner.map(|key| Key { id: format!("{}/{}", n.id, key.id), ..key })
        });
        self.all_keys().into_iter().chain(nested).collect()
    }

    /// Every key of its own, loops written out.
    pub fn all_keys(&self) -> Vec<Key> {
        let mut all = self.keys.clone();
        for each in &self.loops {
            all.extend(each.items.iter().map(|item| Key {
                id: format!("{}{item}", each.key.id),
                condition: each.key.condition.as_ref().map(|c| format!("{c}{item}")),
                user: each.key.user.with_element(item),
                status: each.key.status.as_ref().map(|s| s.with_element(item)),
            }));
        }
        all
    }
}
