//! The syntax of the Terraform language: bodies, blocks, attributes, expressions, each with its bytes.
//!
//! Both spellings (HCL and its JSON form) become these types. Values are Terraform's: template literals are
//! unescaped, heredocs are dedented by Terraform's rules, numbers keep their digits.
//! Source: Terraform language, "Syntax Configuration"; HCL native syntax specification.

use crate::span::Span;

/// A name with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, unescaped.
    pub text: String,
    /// Its bytes, quotes included.
    pub span: Span,
}

/// The contents of a file or a block, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// `name = expression` entries.
    pub attributes: Vec<Attribute>,
    /// Nested blocks.
    pub blocks: Vec<Block>,
}

impl Body {
    /// The attribute of that name. Where it is written twice (an error in Terraform) the first.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name.text == name)
    }

    /// The blocks of that type.
    pub fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |b| b.kind.text == kind)
    }
}

/// `name = expression`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name.
    pub name: Name,
    /// The expression.
    pub expr: Expr,
    /// From the name to the end of the expression.
    pub span: Span,
}

/// `type "label" … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The block type.
    pub kind: Name,
    /// Its labels.
    pub labels: Vec<Name>,
    /// What stands between the braces.
    pub body: Body,
    /// From the block type to the last label (in JSON: the key of the innermost label).
    pub header: Span,
    /// The whole block.
    pub span: Span,
}

/// An expression with its bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// Which expression.
    pub kind: ExprKind,
    /// Its bytes; for a parenthesized one without the parentheses' own node (see [`ExprKind::Paren`]).
    pub span: Span,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Literal text, unescaped.
    Literal(String, Span),
    /// `${ expression }`; strip markers were applied to the neighbouring literals.
    Interpolation(Expr),
    /// `%{ if c } … %{ else } … %{ endif }`.
    If {
        /// The condition.
        cond: Expr,
        /// The parts when it holds.
        then: Vec<TemplatePart>,
        /// The parts when it does not.
        otherwise: Vec<TemplatePart>,
    },
    /// `%{ for k, v in c } … %{ endfor }`.
    For {
        /// The key's or index's name, if there are two names.
        key: Option<String>,
        /// The value's name.
        value: String,
        /// The collection.
        collection: Expr,
        /// The repeated parts.
        body: Vec<TemplatePart>,
    },
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`
    Less,
    /// `<=`
    LessEq,
    /// `>`
    Greater,
    /// `>=`
    GreaterEq,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// A key of an object constructor.
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectKey {
    /// A bare identifier: a literal name.
    Name(Name),
    /// Anything else: evaluated.
    Expr(Expr),
}

impl ObjectKey {
    /// Its bytes.
    pub fn span(&self) -> Span {
        match self {
            ObjectKey::Name(name) => name.span,
            ObjectKey::Expr(expr) => expr.span,
        }
    }
}

/// One step of a splat: what follows `[*]` or `.*`.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// `.name`
    Attr(Name),
    /// `[expression]`
    Index(Expr),
    /// `[*]` after a `[*]`: the steps after it apply to every element of each element (`a[*].b[*].c` is a list of
    /// lists).
    Splat(Span),
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A quoted string or heredoc. No part at all is the empty string; exactly one interpolation keeps its type.
    Template(Vec<TemplatePart>),
    /// `[a, b]`
    Tuple(Vec<Expr>),
    /// `{ k = v }`; a later equal key wins.
    Object(Vec<(ObjectKey, Expr)>),
    /// The root of a reference: `var`, `local`, `each`, a resource type, a `for` variable.
    Variable(String),
    /// `e.name`
    GetAttr(Box<Expr>, Name),
    /// `e[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `e.0`
    LegacyIndex(Box<Expr>, u64),
    /// `e.*` and the `.name` steps that follow it.
    AttrSplat(Box<Expr>, Vec<Step>),
    /// `e[*]` and the `.name` and `[i]` steps that follow it.
    FullSplat(Box<Expr>, Vec<Step>),
    /// `f(a, b...)`
    Call {
        /// The function, with its namespace (`core::max`, `provider::p::f`).
        name: Name,
        /// The arguments.
        args: Vec<Expr>,
        /// Whether the last argument is expanded (`...`).
        expand: bool,
    },
    /// `(e)`
    Paren(Box<Expr>),
    /// `!e`, `-e`
    Unary(UnaryOp, Box<Expr>),
    /// `a + b` …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `c ? a : b`
    Cond(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `[for k, v in c : e if f]`
    ForTuple(Box<For>),
    /// `{for k, v in c : k => e... if f}`
    ForObject(Box<For>),
}

/// The parts of a `for` expression.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The key's or index's name, if there are two names.
    pub key: Option<String>,
    /// The value's name.
    pub value: String,
    /// What is iterated over.
    pub collection: Expr,
    /// The result's key; only in `{for …}`.
    pub result_key: Option<Expr>,
    /// The result.
    pub result: Expr,
    /// The condition after `if`.
    pub cond: Option<Expr>,
    /// Whether results are grouped by key (`...`).
    pub group: bool,
}
