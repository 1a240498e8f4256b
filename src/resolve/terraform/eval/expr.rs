//! Expressions to values.
//!
//! Answers: what an expression is, given a scope. Evaluation never fails: what Terraform would refuse is a refusal,
//! what only the deployment knows is a symbol. What names mean is in [`super::refs`].
//! Source: Terraform language, "Expressions"; HCL native syntax specification, "Expressions"; recorded results.

use std::sync::Arc;

use super::Terraform;
use super::call::call;
use super::scope::Scope;
use crate::parse::syntax::{BinaryOp, Expr, ExprKind, ObjectKey, Step, TemplatePart, UnaryOp};
use crate::resolve::terraform::functions::args::string;
use crate::resolve::terraform::functions::join_text;
use crate::resolve::terraform::types::elements;
use crate::resolve::terraform::types::one_type;
use crate::resolve::terraform::types::unify;
use crate::resolve::terraform::types::{to_bool, to_number, to_string};
use crate::span::Loc;
use crate::value::limits::{NESTING, STEPS};
use crate::value::ops::{ADD, DIV, MUL, REM, SUB};
use crate::value::{CollKind, Cx, Guard, Num, Part, Refusal, Ty, Value};

/// An operand of `&&` or `||`.
enum Operand {
    Bool(Guard),
    /// It is null, or not computed: refused.
    Failed(Value),
    /// It is no bool: refused.
    Unfit(Value),
}

impl Operand {
    fn value(self, made: impl FnOnce(Guard) -> Guard) -> Value {
        match self {
            Operand::Bool(guard) => Value::Bool(made(guard)),
            Operand::Failed(refused) | Operand::Unfit(refused) => refused,
        }
    }
}

impl Terraform<'_> {
    /// The value of an expression.
    pub fn eval(&self, scope: &Scope, expr: &Expr) -> Value {
        let at = Loc::new(scope.file, expr.span);
        let Some(_depth) = self.deeper() else {
            let value = self.cx.beyond(&NESTING, Ty::Dynamic, &[]);
            self.note_limit(at);
            return value;
        };
        if self.cx.out_of_steps() {
            let value = self.cx.beyond(&STEPS, Ty::Dynamic, &[]);
            self.note_limit(at);
            return value;
        }
        self.cx.spend(1);
        if let Some(refused) = self.faulty(scope, expr) {
            return refused;
        }
        let value = self.once_for_all(scope, expr).unwrap_or_else(|| self.eval_kind(scope, expr));
        self.note_limit(at);
        self.cx.located(value, at)
    }

    /// Says where a limit on values was met, if one was.
    fn note_limit(&self, at: Loc) {
        if let Some(limit) = self.cx.take_spent() {
            self.budget(at, limit);
        }
    }

    pub(super) fn eval_kind(&self, scope: &Scope, expr: &Expr) -> Value {
        let cx = self.cx;
        match &expr.kind {
            ExprKind::Null => Value::Null,
            ExprKind::Bool(b) => Value::from(*b),
            ExprKind::Number(digits) => match Num::parse(digits) {
                Some(number) => self.written_as(scope, number.into()),
                None => Value::refused("this number is too large", None),
            },
            ExprKind::Template(parts) => self.template(scope, parts),
            ExprKind::Tuple(items) => {
                let part = |i: &Expr| Part::item(self.eval(scope, i)).written(Loc::new(scope.file, i.span));
                cx.container(CollKind::Tuple, Ty::Dynamic, items.iter().map(part).collect())
            }
            ExprKind::Object(entries) => {
                let part = |(k, v): &(ObjectKey, Expr)| {
                    let at = Loc::new(scope.file, k.span().to(v.span));
                    Part::entry(self.object_key(scope, k), self.eval(scope, v)).written(at)
                };
                cx.container(CollKind::Object, Ty::Dynamic, entries.iter().map(part).collect())
            }
            ExprKind::Variable(_)
            | ExprKind::GetAttr(..)
            | ExprKind::Index(..)
            | ExprKind::LegacyIndex(..) => self.traversal(scope, expr),
            ExprKind::AttrSplat(base, steps) => self.splat(scope, base, steps),
            ExprKind::FullSplat(base, steps) => self.splat(scope, base, steps),
            ExprKind::Call { name, args, expand } => call(self, scope, name, args, *expand),
            ExprKind::Paren(inner) => self.eval(scope, inner),
            ExprKind::Unary(UnaryOp::Not, inner) => {
                let given = self.eval(scope, inner);
                let operands = self.operands(&given).into_iter();
                let value = cx
                    .choice(operands.map(|(guard, operand)| (guard, operand.value(|g| cx.not(g)))).collect());
                self.tell(&[given], &value);
                value
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
            ObjectKey::Name(name) => self.written_as(scope, string(name.text.as_str())),
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
        let left = self.eval(scope, a);
        match op {
            BinaryOp::And | BinaryOp::Or => {
                let right = self.eval(scope, b);
                let value = self.logical(op == BinaryOp::And, &left, &right);
                self.tell(&[left, right], &value);
                return value;
            }
            _ => {}
        }
        let right = self.eval(scope, b);
        let pair = [left, right];
        let value = self.compared(op, &pair);
        self.tell(&pair, &value);
        value
    }

    fn compared(&self, op: BinaryOp, [left, right]: &[Value; 2]) -> Value {
        let cx = self.cx;
        match op {
            BinaryOp::Eq | BinaryOp::NotEq if are_apart(cx, left, right) => {
                return Value::from(op == BinaryOp::NotEq);
            }
            BinaryOp::Eq => return cx.eq(left, right),
            BinaryOp::NotEq => return cx.negate(&cx.eq(left, right)),
            _ => {}
        }
        let pair = [self.number(left), self.number(right)];
        let [left, right] = &pair;
        match op {
            BinaryOp::Add => cx.call(&ADD, &pair),
            BinaryOp::Sub => cx.call(&SUB, &pair),
            BinaryOp::Mul => cx.call(&MUL, &pair),
            BinaryOp::Div => cx.call(&DIV, &pair),
            BinaryOp::Rem => cx.call(&REM, &pair),
            BinaryOp::Less => cx.less(left, right),
            BinaryOp::Greater => cx.less(right, left),
            BinaryOp::LessEq => cx.negate(&cx.less(right, left)),
            _ => cx.negate(&cx.less(left, right)),
        }
    }

    /// `&&` or `||` of two operands.
    ///
    /// One that fails, or is null, does not matter where the other one decides by itself: so since Terraform 1.12, and
    /// earlier versions agree wherever they plan. One that is no bool is refused by every version, `true || "x"` too.
    fn logical(&self, and: bool, left: &Value, right: &Value) -> Value {
        let cx = self.cx;
        let deciding = |g: Guard| if and { cx.not(g) } else { g };
        let decided = || Value::from(!and);
        let mut alternatives = Vec::new();
        for (when, a) in self.operands(left) {
            for (with, b) in self.operands(right) {
                let result = match (&a, &b) {
                    (Operand::Unfit(refused), _) | (_, Operand::Unfit(refused)) => refused.clone(),
                    (Operand::Bool(g), Operand::Bool(h)) => {
                        Value::Bool(if and { cx.and(*g, *h) } else { cx.or(*g, *h) })
                    }
                    (Operand::Bool(g), Operand::Failed(refused))
                    | (Operand::Failed(refused), Operand::Bool(g)) => {
                        cx.if_else(deciding(*g), decided(), refused.clone())
                    }
                    (Operand::Failed(refused), Operand::Failed(_)) => refused.clone(),
                };
                alternatives.push((cx.and(when, with), result));
            }
        }
        cx.choice(alternatives)
    }

    fn operands(&self, value: &Value) -> Vec<(Guard, Operand)> {
        let cx = self.cx;
        let mut operands = Vec::new();
        for (guard, raw) in cx.alternatives(value) {
            for (when, operand) in cx.alternatives(&to_bool(cx, &raw)) {
                let operand = match (&operand, &raw) {
                    (Value::Bool(g), _) => Operand::Bool(*g),
                    (Value::Null, _) => {
                        Operand::Failed(Value::refused("this is null where true or false is needed", None))
                    }
                    (_, Value::Refused(refusal)) if !refusal.stands => Operand::Failed(operand),
                    (Value::Refused(refusal), _) => Operand::Unfit(Value::Refused(Arc::new(Refusal {
                        stands: true,
                        ..(**refusal).clone()
                    }))),
                    _ => Operand::Unfit(operand),
                };
                operands.push((cx.and(guard, when), operand));
            }
        }
        operands
    }

    fn conditional(&self, scope: &Scope, c: &Expr, a: &Expr, b: &Expr) -> Value {
        let cx = self.cx;
        let (cond, secret) = self.decided(scope, c);
        let value = cx.map(&cond, |v| {
            let Some(guard) = v.as_guard() else { return v.clone() };
            let (then, otherwise) = (self.eval(scope, a), self.eval(scope, b));
            self.choose(guard, then, otherwise)
        });
        if secret { self.hidden(&value) } else { value }
    }

    /// A condition, and whether something sensitive is in it: then so is what it decides.
    pub fn decided(&self, scope: &Scope, expr: &Expr) -> (Value, bool) {
        let (cond, met) = self.watch(|| self.eval(scope, expr));
        let operands = self.operands(&cond).into_iter();
        let cond = self.cx.choice(operands.map(|(guard, operand)| (guard, operand.value(|g| g))).collect());
        let known = matches!(&cond, Value::Bool(guard) if guard.is_true() || guard.is_false());
        (cond, known && self.met_a_secret(&met, false))
    }

    /// A literal, which is no more to be shown than the template that spells it out; one without a letter or digit tells
    /// nothing.
    pub(super) fn written_as(&self, scope: &Scope, literal: Value) -> Value {
        let tells = literal.as_str().is_none_or(|text| text.contains(char::is_alphanumeric));
        match &scope.template {
            Some(template) if tells => self.cx.marked_as(template, literal),
            _ => literal,
        }
    }

    fn template(&self, scope: &Scope, parts: &[TemplatePart]) -> Value {
        match parts {
            [] => Value::from(""),
            [TemplatePart::Literal(text, _)] => self.written_as(scope, string(text.as_str())),
            [TemplatePart::Interpolation(inner)] => self.eval(scope, inner),
            _ => self.template_text(scope, parts),
        }
    }

    fn template_text(&self, scope: &Scope, parts: &[TemplatePart]) -> Value {
        let cx = self.cx;
        let pieces: Vec<Value> = parts
            .iter()
            .map(|part| match part {
                TemplatePart::Literal(text, _) => self.written_as(scope, string(text.as_str())),
                TemplatePart::Interpolation(inner) => self.eval(scope, inner),
                TemplatePart::If { cond, then, otherwise } => {
                    let (cond, secret) = self.decided(scope, cond);
                    let text = cx.map(&cond, |v| {
                        let Some(guard) = v.as_guard() else { return v.clone() };
                        cx.if_else(
                            guard,
                            self.template_text(scope, then),
                            self.template_text(scope, otherwise),
                        )
                    });
                    if secret { self.hidden(&text) } else { text }
                }
                TemplatePart::For { key, value, collection, body } => {
                    let collection = self.eval(scope, collection);
                    let each = self.for_each_item(&collection, false, |item| {
                        let text = self.template_text(&scope.turn(key, value, item), body);
                        vec![Part { key: Value::Null, value: text, ..item.clone() }]
                    });
                    join_text(cx, &each)
                }
            })
            .collect();
        cx.concat(&pieces)
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
                Value::Coll(c) => one_type::collection(cx, c, CollKind::List),
                other => other.clone(),
            })
        };
        cx.map(&self.merged(base), |v| match v {
            Value::Null => Value::tuple([]),
            Value::Coll(c) if steps.is_empty() && matches!(c.kind, CollKind::List | CollKind::Set) => {
                one_type::collection(cx, c, CollKind::List)
            }
            Value::Coll(c) if !c.kind.keyed() => {
                // What is refused of one that is there is refused of all of them: not even the others are listed.
                let first = c.parts.first().filter(|part| part.is_certain());
                let refused = first.map(|part| self.steps(scope, &part.value, steps));
                if let Some(refused @ Value::Refused(_)) = refused {
                    return refused;
                }
                let tuple = each(cx.sequence_parts(c));
                match c.kind.typed() {
                    Guard::FALSE => tuple,
                    typed => unify::by_kind(cx, typed, listed(tuple.clone()), tuple),
                }
            }
            Value::Sym(sym)
                if !self.is_object(*sym)
                    // What has no known type is most likely a list.
                    && matches!(cx.type_of(*sym), Ty::List(_) | Ty::Set(_) | Ty::Tuple(_) | Ty::Dynamic) =>
            {
                let source = elements::unconverted(cx, *sym);
                let (_, value) = self.element(source);
                cx.is_taken_for_a_list(source);
                let listed = each(vec![Part { generators: vec![source], ..Part::item(value) }]);
                // Without an attribute behind it, it asks whether there is something.
                let null = if steps.is_empty() { cx.null_if_asked(v) } else { Guard::FALSE };
                cx.if_else(null, Value::tuple([]), listed)
            }
            Value::Sym(sym) if self.is_object(*sym) => each(vec![Part::item(v.clone())]),
            other => each(vec![Part { guard: cx.not(cx.null(other)), ..Part::item(other.clone()) }]),
        })
    }

    fn steps(&self, scope: &Scope, value: &Value, steps: &[Step]) -> Value {
        let Some((step, rest)) = steps.split_first() else { return value.clone() };
        let next = match step {
            Step::Attr(name) => self.attribute(value, &self.written_as(scope, name.text.as_str().into())),
            Step::Index(index) => self.element_at(value, &self.eval(scope, index)),
            Step::Splat(_) => return self.splat_value(scope, value, rest),
        };
        self.steps(scope, &next, rest)
    }
}

/// Whether one is a list, set or map that a call gives, and the other a tuple or object: these are never equal.
fn are_apart(cx: &Cx, a: &Value, b: &Value) -> bool {
    let typed = |v: &Value| {
        matches!(v, Value::Sym(_)) && matches!(unify::type_of(cx, v), Ty::List(_) | Ty::Set(_) | Ty::Map(_))
    };
    let untyped = |v: &Value| matches!(v, Value::Coll(c) if c.kind.typed().is_false());
    typed(a) && untyped(b) || typed(b) && untyped(a)
}
