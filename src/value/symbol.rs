//! Symbols: canonical expressions over what only the inputs or the deployment know.
//!
//! A symbol is interned, so equal expressions are one id: `"x-${var.env}"`, `format("x-%s", var.env)` and
//! `!Sub "x-${Env}"` are each the sequence of pieces `"x-"`, `var.env`. Everything else that cannot be computed is one
//! opaque node of (function, arguments): the same function over the same arguments is the same symbol.

use std::collections::HashMap;
use std::sync::Arc;

use super::Value;
use super::func::Func;
use super::limits::Limit;
use super::shortest::Text;
use super::types::Ty;
use crate::span::Loc;

/// A symbol, by its number in the table of its [`super::Cx`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SymId(pub u32);

/// What kind of thing a leaf is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeafKind {
    /// An input that somebody sets: a Terraform variable, a CloudFormation parameter, the workspace.
    Input,
    /// Known only at deployment: a computed attribute, a data source, a pseudo-parameter.
    #[default]
    Deployment,
    /// An arbitrary element of an unknown collection, or what it stands at.
    Element(Role),
    /// The number of elements of an unknown collection.
    Length,
    /// What was past a limit of evaluation.
    Unfollowed(&'static Limit),
}

/// A step of the way from a collection to something of its elements.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hop {
    /// A collection.
    In(SymId),
    /// Each of its elements: its key (`true`), or itself.
    Each(bool),
    /// An attribute.
    Attribute(Arc<str>),
}

/// What of an element a leaf is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Its key in a map: no two elements have one.
    Key,
    /// Its place in a list: no two elements have one.
    Index,
    /// The element itself.
    Value,
}

/// One of the elements of a collection that is filled in. Two of them are different values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nth {
    /// What it is of each element, in the order of the way there: of `var.xs[*].name` the collection, its element, an
    /// attribute.
    pub role: Vec<Hop>,
    /// Which element, of the outermost collection first.
    pub at: Vec<usize>,
    /// Whether elements are in the order of their values: those of a set, keys of a map.
    pub sorted: bool,
    /// Whether it only stands between elements that something asks for: it is like nothing else.
    pub between: bool,
}

/// A leaf of symbolic expressions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaf {
    /// Its name as its language names it (`var.env`, `AWS::Region`, `aws_iam_user.u.arn`), unique in its context.
    pub name: Arc<str>,
    /// Its type.
    pub ty: Ty,
    /// What kind of thing it is.
    pub kind: LeafKind,
    /// The collection whose element or length it is.
    pub of: Option<SymId>,
    /// Which element of a collection that is filled in it is, or the key of which.
    pub nth: Option<Nth>,
    /// The element that it is another one than, of the same collection.
    pub other_than: Option<SymId>,
    /// Every value it may have, where they are listed (allowed values).
    pub closed: Option<Vec<Value>>,
    /// A call that only changes the case of its letters, and every value that it then may have, where those are listed.
    pub spelled: Option<(SymId, Vec<Value>)>,
    /// Whether it has only so many values, more than are listed.
    pub bounded: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// Whether it may be overridden by null, which is told where something asks (`Cx::asked_for_null`).
    pub tells_null: bool,
    /// Whether it is an object, and so no text, number or bool.
    pub whole: bool,
    /// What is known of it if it is a text.
    pub text: Text,
    /// A pattern that the whole of its text matches, or that of each of its elements.
    pub pattern: Option<Arc<str>>,
    /// Whether it may turn out to be null where somebody asks; everywhere else it is taken to be there, as the deployment
    /// would need it.
    pub null_if_asked: bool,
    /// Whether an attribute or element of it may.
    pub holds_nulls: bool,
    /// What stands in its place where it is null: the default of an attribute that was left out.
    pub if_null: Option<Value>,
    /// The value that the repository, the environment or the command line gives it; only in the search for
    /// `latent`, where it may be overridden.
    pub given: Option<Value>,
    /// Whether that was typed on the command line, or stands in a file that was named there.
    pub typed: bool,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// Where it is declared.
    pub at: Option<Loc>,
    /// Where its given value is written.
    pub given_at: Option<Loc>,
    /// Where the values that it may have are listed.
    pub listed_at: Option<Loc>,
}

impl Leaf {
    /// A free leaf of that name, type and kind, never null, open, undeclared.
    pub fn new(name: impl Into<Arc<str>>, ty: Ty, kind: LeafKind) -> Leaf {
        Leaf { name: name.into(), ty, kind, ..Leaf::default() }
    }

    /// Whether it is an arbitrary element of an unknown collection, or what that stands at.
    pub fn is_element(&self) -> bool {
        matches!(self.kind, LeafKind::Element(_))
    }

    /// Whether it is a length or a place in a list: a whole number from 0 up.
    pub fn counts(&self) -> bool {
        let place = matches!(self.kind, LeafKind::Element(Role::Key | Role::Index)) && self.ty == Ty::Number;
        place || self.kind == LeafKind::Length
    }

    /// Whether its given value is not to be shown.
    pub fn is_secret(&self) -> bool {
        self.sensitive && self.given.is_some()
    }
}

/// A piece of a symbolic string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Literal text; never empty, never beside other text.
    Text(Arc<str>),
    /// The text of a symbol; never itself a sequence of pieces.
    Sym(SymId),
}

impl From<&Piece> for Value {
    fn from(piece: &Piece) -> Value {
        match piece {
            Piece::Text(text) => Value::String(text.clone()),
            Piece::Sym(sym) => Value::Sym(*sym),
        }
    }
}

/// What a symbol is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SymNode {
    /// A leaf, by its number in the table of leaves.
    Leaf(u32),
    /// An attribute or element of a symbol, by a known name or index. What it may be is in a leaf of its own.
    Path(SymId, Arc<str>, u32),
    /// A string of pieces: two or more, or the text of one symbol that is not a string.
    Concat(Box<[Piece]>),
    /// A function that could not be computed.
    Call(&'static Func, Box<[Value]>),
}

/// The table of symbols.
#[derive(Debug, Default)]
pub struct Symbols {
    nodes: Vec<SymNode>,
    ids: HashMap<SymNode, SymId>,
    leaves: Vec<Leaf>,
    by_name: HashMap<Arc<str>, u32>,
}

impl Symbols {
    /// What a symbol is.
    pub fn node(&self, sym: SymId) -> Option<&SymNode> {
        self.nodes.get(sym.0 as usize)
    }

    /// Whether an expression was met.
    pub fn is_met(&self, node: &SymNode) -> bool {
        self.ids.contains_key(node)
    }

    /// The attributes or elements of a symbol that there are, each with its name.
    pub fn paths_from(&self, of: SymId) -> Vec<(Arc<str>, SymId)> {
        let paths = self.nodes.iter().zip(0..).filter_map(|(node, id)| match node {
            SymNode::Path(base, key, _) if *base == of => Some((key.clone(), SymId(id))),
            _ => None,
        });
        paths.collect()
    }

    /// Every symbol.
    pub fn nodes(&self) -> &[SymNode] {
        &self.nodes
    }

    /// The leaf of a leaf or a path.
    pub fn leaf(&self, sym: SymId) -> Option<&Leaf> {
        match self.node(sym)? {
            SymNode::Leaf(i) | SymNode::Path(_, _, i) => self.leaves.get(*i as usize),
            _ => None,
        }
    }

    /// Gives a symbol its id.
    pub fn intern(&mut self, node: SymNode) -> SymId {
        if let Some(&known) = self.ids.get(&node) {
            return known;
        }
        let id = SymId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(node.clone());
        self.ids.insert(node, id);
        id
    }

    /// The number of the leaf of that name; the first declaration of a name counts.
    fn leaf_number(&mut self, leaf: Leaf) -> u32 {
        if let Some(&known) = self.by_name.get(&leaf.name) {
            return known;
        }
        let number = u32::try_from(self.leaves.len()).unwrap_or(u32::MAX);
        self.by_name.insert(leaf.name.clone(), number);
        self.leaves.push(leaf);
        number
    }

    /// The symbol of a leaf; one symbol per name.
    pub fn declare(&mut self, leaf: Leaf) -> SymId {
        let number = self.leaf_number(leaf);
        self.intern(SymNode::Leaf(number))
    }

    /// An attribute or element of a symbol.
    pub fn path(&mut self, base: SymId, key: &str, leaf: Leaf) -> SymId {
        let number = self.leaf_number(leaf);
        self.intern(SymNode::Path(base, key.into(), number))
    }

    /// The leaf named so, if one was declared.
    pub fn named(&self, name: &str) -> Option<&Leaf> {
        self.by_name.get(name).and_then(|&i| self.leaves.get(i as usize))
    }

    /// Replaces what is known of a declared leaf (its allowed values, say).
    pub fn refine(&mut self, name: &str, change: impl FnOnce(&mut Leaf)) {
        if let Some(leaf) = self.by_name.get(name).and_then(|&i| self.leaves.get_mut(i as usize)) {
            change(leaf);
        }
    }
}
