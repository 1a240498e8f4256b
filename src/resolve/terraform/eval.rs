//! Expressions to values.
//!
//! Answers: what an expression is, given a scope. Evaluation never fails: what Terraform would refuse is a refusal,
//! what only the deployment knows is a symbol. What names mean is in [`super::refs`].
//! Source: Terraform language, "Expressions"; HCL native syntax specification, "Expressions"; recorded results.

use std::sync::Arc;

use super::Terraform;
use super::functions;
use super::scope::Scope;
use super::types::{to_bool, to_number, to_string};
use super::unify;
use crate::parse::syntax::{BinaryOp, Expr, ExprKind, For, ObjectKey, Step, TemplatePart, UnaryOp};
use crate::span::Loc;
use crate::value::build::{COMPARED_PARTS, is_placed};
use crate::value::limits::MANY_STEPS;
use crate::value::ops::{ADD, DIV, MUL, REM, SUB};
use crate::value::{Coll, CollKind, Cx, Func, Guard, Num, Part, Refusal, Ty, Value};

/// What is said where references nest past their limit.
const DEEP: &str = "expressions refer to each other more than 1500 deep here";

impl Terraform<'_> {
    /// The value of an expression.
    pub fn eval(&self, scope: &Scope, expr: &Expr) -> Value {
        let at = Loc::new(scope.file, expr.span);
        let Some(_depth) = self.deeper() else {
            let value = self.cx.beyond(DEEP, Ty::Dynamic);
            self.note_limit(at);
            return value;
        };
        if self.cx.spent() {
            self.budget(at, format!("{MANY_STEPS} everything counts as unknown"));
            let value = self.cx.beyond(MANY_STEPS, Ty::Dynamic);
            self.cx.take_beyond();
            return value;
        }
        self.cx.spend(1);
        let value = self.eval_kind(scope, expr);
        self.note_limit(at);
        self.placed(value, at)
    }

    /// Says where a limit on values was met, if one was.
    fn note_limit(&self, at: Loc) {
        if let Some(limit) = self.cx.take_beyond() {
            self.budget(at, format!("{limit}; it counts as unknown"));
        }
    }

    /// Gives refusals that have no place this one.
    pub fn placed(&self, value: Value, at: Loc) -> Value {
        let place = |r: &Arc<Refusal>| match r.at {
            Some(_) => Value::Refused(r.clone()),
            None => Value::refused(r.reason.clone(), Some(at)),
        };
        match value {
            Value::Refused(r) => place(&r),
            Value::Choice(alternatives)
                if alternatives.iter().any(|(_, v)| matches!(v, Value::Refused(r) if r.at.is_none())) =>
            {
                let placed = alternatives.iter().map(|(g, v)| match v {
                    Value::Refused(r) => (*g, place(r)),
                    other => (*g, other.clone()),
                });
                self.cx.choice(placed.collect())
            }
            other => other,
        }
    }

    fn eval_kind(&self, scope: &Scope, expr: &Expr) -> Value {
        let cx = self.cx;
        match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(b) => Value::from(*b),
            ExprKind::Number(digits) => Num::parse(digits)
                .map_or_else(|| Value::refused("this number is too large", None), Value::from),
            ExprKind::Template(parts) => self.template(scope, parts),
            ExprKind::Tuple(items) => {
                let parts = items.iter().map(|i| Part::item(self.eval(scope, i))).collect();
                cx.container(CollKind::Tuple, Ty::Dynamic, parts)
            }
            ExprKind::Object(entries) => {
                let parts =
                    entries.iter().map(|(k, v)| Part::entry(self.object_key(scope, k), self.eval(scope, v)));
                cx.container(CollKind::Object, Ty::Dynamic, parts.collect())
            }
            ExprKind::Variable(_)
            | ExprKind::GetAttr(..)
            | ExprKind::Index(..)
            | ExprKind::LegacyIndex(..) => self.traversal(scope, expr),
            ExprKind::AttrSplat(base, steps) => self.splat(scope, base, steps),
            ExprKind::FullSplat(base, steps) => self.splat(scope, base, steps),
            ExprKind::Call { name, args, expand } => functions::call(self, scope, name, args, *expand),
            ExprKind::Paren(inner) => self.eval(scope, inner),
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let value = to_bool(cx, &self.eval(scope, inner));
                cx.map(&value, |v| match v {
                    Value::Bool(g) => Value::Bool(cx.not(*g)),
                    _ => Value::refused("the operand of ! is null", None),
                })
            }
            ExprKind::Unary(UnaryOp::Negate, inner) => {
                let value = self.number(&self.eval(scope, inner));
                cx.call(&SUB, &[Value::from(0), value])
            }
            ExprKind::Binary(op, a, b) => self.binary(scope, *op, a, b),
            ExprKind::Cond(c, a, b) => self.conditional(scope, c, a, b),
            ExprKind::ForTuple(f) | ExprKind::ForObject(f) => self.for_expression(scope, f),
        }
    }

    fn object_key(&self, scope: &Scope, key: &ObjectKey) -> Value {
        match key {
            ObjectKey::Name(name) => functions::string(name.text.as_str()),
            ObjectKey::Expr(expr) => {
                let key = to_string(self.cx, &self.eval(scope, expr));
                self.not_null(&key, "the key of an object is null")
            }
        }
    }

    /// The same value with null refused.
    pub fn not_null(&self, value: &Value, reason: &str) -> Value {
        self.cx.map(value, |v| if *v == Value::Null { Value::refused(reason, None) } else { v.clone() })
    }

    fn number(&self, value: &Value) -> Value {
        self.not_null(&to_number(self.cx, value), "a number is needed, not null")
    }

    fn binary(&self, scope: &Scope, op: BinaryOp, a: &Expr, b: &Expr) -> Value {
        let cx = self.cx;
        let left = self.eval(scope, a);
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let left = self.not_null(&to_bool(cx, &left), "an operand of && or || is null");
                let and = op == BinaryOp::And;
                return cx.map(&left, |l| {
                    let Some(g) = l.as_guard() else { return l.clone() };
                    // Short-circuit, as Terraform 1.12 does; earlier versions agree wherever they plan.
                    if g == Guard::constant(!and) {
                        return l.clone();
                    }
                    let right =
                        self.not_null(&to_bool(cx, &self.eval(scope, b)), "an operand of && or || is null");
                    if and { cx.if_else(g, right, Value::FALSE) } else { cx.if_else(g, Value::TRUE, right) }
                });
            }
            BinaryOp::Eq => return cx.eq(&left, &self.eval(scope, b)),
            BinaryOp::NotEq => return cx.negate(&cx.eq(&left, &self.eval(scope, b))),
            _ => {}
        }
        let (left, right) = (self.number(&left), self.number(&self.eval(scope, b)));
        let pair = [left.clone(), right.clone()];
        match op {
            BinaryOp::Add => cx.call(&ADD, &pair),
            BinaryOp::Sub => cx.call(&SUB, &pair),
            BinaryOp::Mul => cx.call(&MUL, &pair),
            BinaryOp::Div => cx.call(&DIV, &pair),
            BinaryOp::Rem => cx.call(&REM, &pair),
            BinaryOp::Less => cx.less(&left, &right),
            BinaryOp::Greater => cx.less(&right, &left),
            BinaryOp::LessEq => cx.negate(&cx.less(&right, &left)),
            _ => cx.negate(&cx.less(&left, &right)),
        }
    }

    fn conditional(&self, scope: &Scope, c: &Expr, a: &Expr, b: &Expr) -> Value {
        let cx = self.cx;
        let cond = self.not_null(&to_bool(cx, &self.eval(scope, c)), "the condition is null");
        cx.map(&cond, |v| {
            let Some(guard) = v.as_guard() else { return v.clone() };
            let (then, otherwise) = (self.eval(scope, a), self.eval(scope, b));
            self.choose(guard, then, otherwise)
        })
    }

    fn template(&self, scope: &Scope, parts: &[TemplatePart]) -> Value {
        match parts {
            [] => Value::from(""),
            [TemplatePart::Literal(text, _)] => functions::string(text.as_str()),
            [TemplatePart::Interpolation(inner)] => self.eval(scope, inner),
            _ => self.template_text(scope, parts),
        }
    }

    fn template_text(&self, scope: &Scope, parts: &[TemplatePart]) -> Value {
        let cx = self.cx;
        let pieces: Vec<Value> = parts
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(text, _) => functions::string(text.as_str()),
                TemplatePart::Interpolation(inner) => self.eval(scope, inner),
                TemplatePart::If { cond, then, otherwise } => {
                    let cond = self.not_null(&to_bool(cx, &self.eval(scope, cond)), "the condition is null");
                    cx.map(&cond, |v| {
                        let Some(guard) = v.as_guard() else { return v.clone() };
                        cx.if_else(
                            guard,
                            self.template_text(scope, then),
                            self.template_text(scope, otherwise),
                        )
                    })
                }
                TemplatePart::For { key, value, collection, body } => {
                    let collection = self.eval(scope, collection);
                    let each = self.for_each_item(&collection, |item| {
                        let mut inner = scope.with(value, item.value.clone());
                        if let Some(key) = key {
                            inner = inner.with(key, item.key.clone());
                        }
                        let text = self.template_text(&inner, body);
                        vec![Part { key: Value::Null, value: text, ..item.clone() }]
                    });
                    functions::join_text(cx, &each)
                }
            })
            .collect();
        cx.concat(&pieces)
    }

    fn for_expression(&self, scope: &Scope, f: &For) -> Value {
        let cx = self.cx;
        let collection = self.eval(scope, &f.collection);
        let kind = if f.result_key.is_some() { CollKind::Object } else { CollKind::Tuple };
        let each = self.for_each_item(&collection, |item| {
            let mut inner = scope.with(&f.value, item.value.clone());
            if let Some(key) = &f.key {
                inner = inner.with(key, item.key.clone());
            }
            let mut guard = item.guard;
            let mut out = Vec::new();
            if let Some(cond) = &f.cond {
                let cond = to_bool(cx, &self.eval(&inner, cond));
                let cond = self.not_null(&cond, "the condition of this for is null");
                guard = cx.and(guard, cx.truth(&cond));
                // Where the condition is refused the whole result is: a part that holds the refusal says so.
                for (when, refusal) in cx.alternatives(&cond) {
                    if matches!(refusal, Value::Refused(_)) {
                        let guard = cx.and(item.guard, when);
                        out.push(Part { guard, key: Value::Null, value: refusal, ..item.clone() });
                    }
                }
            }
            if guard.is_false() {
                return out;
            }
            let key = match &f.result_key {
                Some(key) => {
                    let key = to_string(cx, &self.eval(&inner, key));
                    self.not_null(&key, "the key of an object is null")
                }
                None => Value::Null,
            };
            out.push(Part { guard, key, value: self.eval(&inner, &f.result), ..item.clone() });
            out
        });
        cx.map(&each, |v| match v {
            Value::Coll(coll) if f.group => self.grouped(coll),
            Value::Coll(coll) => {
                let built = cx.container(kind, Ty::Dynamic, coll.parts.clone());
                let twice = self.repeated_key(coll);
                let refusal =
                    || Value::refused("two elements of this for expression have the same key", None);
                if twice.is_false() { built } else { cx.if_else(twice, refusal(), built) }
            }
            other => other.clone(),
        })
    }

    /// When two parts have one key. What the deployment makes of different things is taken for different.
    fn repeated_key(&self, coll: &Coll) -> Guard {
        let single: Vec<&Part> = coll.parts.iter().filter(|p| p.over.is_empty()).collect();
        let (known, open): (Vec<&Part>, Vec<&Part>) = single.into_iter().partition(|p| p.key.is_known());
        let mut by_key: std::collections::BTreeMap<&str, Vec<Guard>> = std::collections::BTreeMap::new();
        for part in &known {
            if let Value::String(key) = &part.key {
                by_key.entry(key).or_default().push(part.guard);
            }
        }
        let repeated = by_key.into_values().filter(|g| g.len() > 1).map(|g| self.cx.at_least_two(g));
        let mut repeated: Vec<Guard> = repeated.collect();
        if open.len().saturating_mul(coll.parts.len()) <= COMPARED_PARTS {
            for (i, part) in open.iter().enumerate() {
                for other in known.iter().chain(open.iter().skip(i + 1)) {
                    let both = self.cx.and(part.guard, other.guard);
                    if part.key == other.key || self.cx.are_inputs(&[&part.key, &other.key]) {
                        repeated.push(self.cx.and(both, self.cx.equal(&part.key, &other.key)));
                    }
                }
            }
        }
        self.cx.any(repeated)
    }

    /// Parts with equal keys become one entry that holds a tuple of their values. Of keys that inputs decide, each has
    /// an entry with whatever turns out to have that key: entries that are one are alike.
    fn grouped(&self, coll: &Coll) -> Value {
        let cx = self.cx;
        let mut groups: indexmap::IndexMap<Value, Vec<Part>> = indexmap::IndexMap::new();
        for part in &coll.parts {
            let item = Part { key: Value::Null, ..part.clone() };
            groups.entry(part.key.clone()).or_default().push(item);
        }
        let open = groups.keys().filter(|k| !k.is_known()).count();
        let compared = open > 0 && open.saturating_mul(coll.parts.len()) <= COMPARED_PARTS;
        let parts = groups
            .into_iter()
            .map(|(key, mut items)| {
                let guard = cx.any(items.iter().map(|p| p.guard));
                let over = items.first().map(|p| p.over.clone()).unwrap_or_default();
                if compared && over.is_empty() {
                    let same = |p: &Part| {
                        if p.key == key || !p.over.is_empty() || !cx.are_inputs(&[&p.key, &key]) {
                            return Guard::constant(p.key == key);
                        }
                        cx.equal(&p.key, &key)
                    };
                    let all = coll.parts.iter();
                    let all =
                        all.map(|p| Part { guard: cx.and(p.guard, same(p)), key: Value::Null, ..p.clone() });
                    items = all.collect();
                }
                let value = cx.container(CollKind::Tuple, Ty::Dynamic, items);
                Part { guard, over, ..Part::entry(key, value) }
            })
            .collect();
        cx.container(CollKind::Object, Ty::Dynamic, parts)
    }

    /// Builds a sequence from the elements of a collection; null, and what has no elements, is refused.
    pub fn for_each_item(&self, collection: &Value, mut f: impl FnMut(&Part) -> Vec<Part>) -> Value {
        let cx = self.cx;
        let merged = self.merged(collection);
        cx.map(&merged, |v| match self.items(v) {
            Ok(items) => cx.container(CollKind::Tuple, Ty::Dynamic, items.iter().flat_map(&mut f).collect()),
            Err(refusal) => refusal,
        })
    }

    /// The elements of a collection as parts with keys: an index in sequences, the value itself in sets.
    pub fn items(&self, collection: &Value) -> Result<Vec<Part>, Value> {
        match collection {
            Value::Coll(coll) => {
                let mut index = Index::default();
                let placed = is_placed(&coll.parts);
                Ok(self
                    .cx
                    .sequence_parts(coll)
                    .into_iter()
                    .map(|p| {
                        let key = match coll.kind {
                            CollKind::Object | CollKind::Map => p.key.clone(),
                            CollKind::Set => p.value.clone(),
                            _ if placed => self.rank(coll, &p),
                            _ => index.next(self.cx, &p).unwrap_or_else(|| self.unknown_index(&p)),
                        };
                        Part { key, ..p }
                    })
                    .collect())
            }
            Value::Sym(sym) if !self.cx.type_of(*sym).is_scalar() => {
                let source = functions::unconverted(self.cx, *sym);
                let (key, value) = self.element(source);
                Ok(vec![Part { over: vec![source], ..Part::entry(key, value) }])
            }
            Value::Null => Err(Value::refused("a null value cannot be iterated over", None)),
            Value::Refused(_) => Err(collection.clone()),
            _ => Err(Value::refused("this value cannot be iterated over", None)),
        }
    }

    /// The index of a part whose place depends on inputs: how many places come before its own.
    fn rank(&self, coll: &Coll, part: &Part) -> Value {
        static RANK: Func = Func::known("(index by place)", Ty::Number, |_, args| match args {
            [Value::Coll(places), place] => {
                let at = places.parts.iter().position(|p| p.value == *place);
                Num::from_usize(at.unwrap_or(places.parts.len())).into()
            }
            _ => Value::refused("an index by place takes places and one of them", None),
        });
        let places = coll.parts.iter().map(|p| Part {
            guard: p.guard,
            over: p.over.clone(),
            ..Part::item(p.place.clone())
        });
        let places = self.cx.container(CollKind::Set, Ty::Dynamic, places.collect());
        self.cx.call(&RANK, &[places, part.place.clone()])
    }

    fn splat(&self, scope: &Scope, base: &Expr, steps: &[Step]) -> Value {
        let base = self.eval(scope, base);
        self.splat_value(scope, &base, steps)
    }

    /// The steps applied to every element: `null` has none, a value that is no sequence is its own only element.
    fn splat_value(&self, scope: &Scope, base: &Value, steps: &[Step]) -> Value {
        let cx = self.cx;
        let each = |parts: Vec<Part>| {
            let stepped = |p: Part| Part { key: Value::Null, value: self.steps(scope, &p.value, steps), ..p };
            cx.container(CollKind::Tuple, Ty::Dynamic, parts.into_iter().map(stepped).collect())
        };
        // Lists and sets give lists, tuples give tuples.
        let listed = |tuple: Value| {
            cx.map(&tuple, |v| match v {
                Value::Coll(c) => match unify::unified(cx, c) {
                    Some(elem) => cx.container(CollKind::List, elem, c.parts.clone()),
                    None => v.clone(),
                },
                other => other.clone(),
            })
        };
        cx.map(&self.merged(base), |v| match v {
            Value::Null => Value::tuple([]),
            Value::Coll(c) if steps.is_empty() && matches!(c.kind, CollKind::List | CollKind::Set) => {
                unify::collection(cx, c, CollKind::List)
            }
            Value::Coll(c) if matches!(c.kind, CollKind::List | CollKind::Set) => {
                listed(each(cx.sequence_parts(c)))
            }
            Value::Coll(c) if !c.kind.keyed() => each(c.parts.clone()),
            Value::Sym(sym)
                if !self.is_object(*sym)
                    // What has no known type is most likely a list.
                    && matches!(cx.type_of(*sym), Ty::List(_) | Ty::Set(_) | Ty::Tuple(_) | Ty::Dynamic) =>
            {
                let source = functions::unconverted(cx, *sym);
                let (_, value) = self.element(source);
                each(vec![Part { over: vec![source], ..Part::item(value) }])
            }
            other => each(vec![Part::item(other.clone())]),
        })
    }

    fn steps(&self, scope: &Scope, value: &Value, steps: &[Step]) -> Value {
        let Some((step, rest)) = steps.split_first() else { return value.clone() };
        let next = match step {
            Step::Attr(name) => self.attribute(value, &name.text),
            Step::Index(index) => self.element_at(value, &self.eval(scope, index)),
            Step::Splat(_) => return self.splat_value(scope, value, rest),
        };
        self.steps(scope, &next, rest)
    }
}

/// The index of the part that comes next: as many as there are before it.
struct Index {
    /// `None` where an unknown number of parts, or too many that may be missing, come before.
    at: Option<Value>,
    /// How many that may be missing came before.
    uncertain: usize,
}

/// How many parts that may be missing an index is counted over.
const UNCERTAIN: usize = 12;

impl Default for Index {
    fn default() -> Self {
        Index { at: Some(Value::from(0)), uncertain: 0 }
    }
}

impl Index {
    /// The index of `part`.
    fn next(&mut self, cx: &Cx, part: &Part) -> Option<Value> {
        let at = self.at.take()?;
        self.uncertain += usize::from(!part.is_certain());
        if part.over.is_empty() && self.uncertain <= UNCERTAIN {
            let after = cx.call(&ADD, &[at.clone(), Value::from(1)]);
            self.at = Some(cx.if_else(part.guard, after, at.clone()));
        }
        Some(at)
    }
}
