//! Equality, order, null-ness: predicates over values, as guards.
//!
//! A predicate over something unknown is an atom: a bool symbol that calls the predicate. Predicates over pieces are
//! solved where the pieces allow it (`"x-${var.e}" == "x-k"` is `var.e == "k"`), so that equal questions are one atom.
//! Equality never converts: a front end whose language compares text turns both sides into text first.

use super::func::{Func, Rounds};
use super::limits::{ALTERNATIVES, PAIRS};
use super::symbol::{LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{Coll, CollKind, Cx, Guard, Num, Part, Value};

/// `a == b`.
pub static EQ: Func = Func::shape("==", Ty::Bool, |cx, _, args| cx.eq_args(args));
/// `a < b`, of numbers.
pub static LESS: Func = Func::shape("<", Ty::Bool, |cx, _, args| cx.less_args(args));
/// Whether a number is whole.
pub static WHOLE: Func = Func::shape("(is whole)", Ty::Bool, |cx, _, args| cx.whole_args(args));

/// Whether the written pieces stand in a text, one behind the other.
fn in_order(pieces: &[Piece], text: &str) -> bool {
    let mut rest = text;
    pieces.iter().all(|piece| match piece {
        Piece::Text(part) => match rest.split_once(part.as_ref()) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        },
        Piece::Sym(_) => true,
    })
}

impl Cx {
    /// `a == b`; refusals in either stay.
    pub fn eq(&self, a: &Value, b: &Value) -> Value {
        self.call(&EQ, &[a.clone(), b.clone()])
    }

    /// When `a == b`; where either is refused they are not equal.
    pub fn equal(&self, a: &Value, b: &Value) -> Guard {
        self.truth(&self.eq(a, b))
    }

    /// When a value is the bool true: not where it is refused, null or no bool.
    pub fn truth(&self, value: &Value) -> Guard {
        match value {
            Value::Bool(guard) => *guard,
            Value::Choice(alternatives) => {
                let holds: Vec<Guard> =
                    alternatives.iter().map(|(g, v)| self.and(*g, self.truth(v))).collect();
                self.any(holds)
            }
            _ => Guard::FALSE,
        }
    }

    /// When a value is refused.
    pub fn refused(&self, value: &Value) -> Guard {
        match value {
            Value::Refused(_) => Guard::TRUE,
            Value::Choice(alternatives) => {
                let holds: Vec<Guard> = alternatives
                    .iter()
                    .filter(|(_, v)| matches!(v, Value::Refused(_)))
                    .map(|(g, _)| *g)
                    .collect();
                self.any(holds)
            }
            _ => Guard::FALSE,
        }
    }

    /// When a value is null.
    pub fn null(&self, value: &Value) -> Guard {
        self.equal(value, &Value::Null)
    }

    /// When a value is null for certain, whatever may turn out to be null of what the deployment computes.
    pub fn unset(&self, value: &Value) -> Guard {
        let nulls = self.alternatives(value).into_iter().filter(|(_, v)| *v == Value::Null);
        self.any(nulls.map(|(guard, _)| guard).collect::<Vec<_>>())
    }

    /// When a symbol is null; false for those that never are.
    pub fn is_null_symbol(&self, sym: SymId) -> Guard {
        if self.nullable(sym) || self.leaf(sym).is_some_and(|l| l.null_if_asked) {
            self.is_value(sym, &Value::Null)
        } else {
            Guard::FALSE
        }
    }

    /// The atom that calls a predicate.
    pub fn predicate(&self, func: &'static Func, args: &[Value]) -> Guard {
        let sym = self.intern(SymNode::Call(func, args.into()));
        self.atom(sym)
    }

    fn eq_args(&self, args: &[Value]) -> Value {
        match args {
            [a, b] => Value::Bool(self.eq_plain(a, b)),
            _ => Value::refused("a comparison takes two values", None),
        }
    }

    fn eq_plain(&self, a: &Value, b: &Value) -> Guard {
        if a == b {
            return Guard::TRUE;
        }
        match (a, b) {
            (Value::Bool(x), Value::Bool(y)) => {
                let same = self.and(*x, *y);
                let neither = self.and(self.not(*x), self.not(*y));
                self.or(same, neither)
            }
            (Value::Sym(x), Value::Sym(y)) => self.eq_symbols(*x, *y),
            (Value::Sym(sym), other) | (other, Value::Sym(sym)) => self.eq_symbol(*sym, other),
            (Value::Coll(x), Value::Coll(y)) => self.eq_colls(x, y),
            // Different kinds, or different known scalars: equality never converts.
            _ => Guard::FALSE,
        }
    }

    fn eq_symbols(&self, x: SymId, y: SymId) -> Guard {
        let (tx, ty) = (self.type_of(x), self.type_of(y));
        if tx.is_scalar() && ty.is_scalar() && tx != ty {
            return Guard::FALSE;
        }
        if let (Some(SymNode::Concat(p)), Some(SymNode::Concat(q))) = (self.node(x), self.node(y)) {
            return self.eq_pieces(&p, &q);
        }
        if self.are_elements_apart(x, y) {
            return Guard::FALSE;
        }
        for (rounded, of) in [(x, y), (y, x)] {
            // Only a whole number is what it is rounded to, or is rounded up and down to one number.
            let number = self.rounded(rounded).map(|(_, number)| number);
            let other = self.rounded(of).map_or(Value::Sym(of), |(_, number)| number);
            if let Some(number) = number.filter(|n| *n == other) {
                return self.truth(&self.whole(&number));
            }
        }
        for (call, of) in [(x, y), (y, x)] {
            if let Some(same) = self.solved(call, &Value::Sym(of)) {
                return same;
            }
        }
        let (a, b) = (Value::Sym(x.min(y)), Value::Sym(x.max(y)));
        self.eq_linear(&a, &b).unwrap_or_else(|| self.predicate(&EQ, &[a, b]))
    }

    /// When a call gives a value, where its result says what its arguments are.
    fn solved(&self, call: SymId, result: &Value) -> Option<Guard> {
        let Some(SymNode::Call(func, args)) = self.node(call) else { return None };
        func.solves?(self, func, &args, result)
    }

    /// The number that a symbol is the rounded one of.
    fn rounded(&self, sym: SymId) -> Option<(Rounds, Value)> {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return None };
        Some((func.rounds?, args.first()?.clone()))
    }

    /// When a whole number or one that is rounded to one is less than `n`, or above it: a question about the number itself.
    fn rounded_less(&self, (how, of): (Rounds, Value), n: &Num, above: bool) -> Value {
        let up = |n: &Num| n.neg().floor().neg();
        let one = Num::from_i64(1);
        let next = |n: Option<Num>| n.map_or(Value::Null, Value::from);
        match (how, above) {
            (Rounds::Down, false) => self.less(&of, &up(n).into()),
            (Rounds::Down, true) => self.negate(&self.less(&of, &next(n.floor().add(&one)))),
            (Rounds::Up, true) => self.less(&n.floor().into(), &of),
            (Rounds::Up, false) => self.negate(&self.less(&next(up(n).sub(&one)), &of)),
        }
    }

    /// Strips what is equal at both ends, and compares what is left.
    fn eq_pieces(&self, p: &[Piece], q: &[Piece]) -> Guard {
        let (mut p, mut q) = (p.to_vec(), q.to_vec());
        for end in [false, true] {
            loop {
                let pick =
                    |pieces: &[Piece]| if end { pieces.last().cloned() } else { pieces.first().cloned() };
                let (Some(a), Some(b)) = (pick(&p), pick(&q)) else { break };
                let (rest_a, rest_b) = match (&a, &b) {
                    (Piece::Sym(x), Piece::Sym(y)) if x == y => (None, None),
                    (Piece::Text(x), Piece::Text(y)) => {
                        let common = if end { common_suffix(x, y) } else { common_prefix(x, y) };
                        if common == 0 {
                            return Guard::FALSE;
                        }
                        let cut = |t: &str| {
                            let rest = if end { t.get(..t.len() - common) } else { t.get(common..) };
                            rest.filter(|r| !r.is_empty()).map(|r| Piece::Text(r.into()))
                        };
                        (cut(x), cut(y))
                    }
                    _ => break,
                };
                // Both texts went on differently: the strings differ.
                if rest_a.is_some() && rest_b.is_some() {
                    return Guard::FALSE;
                }
                for (pieces, rest) in [(&mut p, rest_a), (&mut q, rest_b)] {
                    if end {
                        pieces.pop();
                        pieces.extend(rest);
                    } else {
                        pieces.splice(..1, rest);
                    }
                }
            }
        }
        let (a, b) = (self.pieces(p), self.pieces(q));
        match (&a, &b) {
            (Value::Sym(x), Value::Sym(y)) => {
                if x == y {
                    return Guard::TRUE;
                }
                let (x, y) = (*x.min(y), *x.max(y));
                self.predicate(&EQ, &[Value::Sym(x), Value::Sym(y)])
            }
            _ => self.eq_plain(&a, &b),
        }
    }

    fn eq_symbol(&self, sym: SymId, other: &Value) -> Guard {
        let ty = self.type_of(sym);
        let fits = match (&ty, other) {
            (_, Value::Null) => return self.is_null_symbol(sym),
            (Ty::Dynamic, _) => true,
            (Ty::String, Value::String(_)) | (Ty::Number, Value::Number(_)) | (Ty::Bool, Value::Bool(_)) => {
                true
            }
            (ty, Value::Coll(c)) => {
                let kind = match ty {
                    Ty::List(_) => CollKind::List,
                    Ty::Set(_) => CollKind::Set,
                    Ty::Map(_) => CollKind::Map,
                    Ty::Tuple(_) => CollKind::Tuple,
                    Ty::Object(_) => CollKind::Object,
                    _ => return Guard::FALSE,
                };
                !self.same_kind(kind, c.kind).is_false()
            }
            _ => false,
        };
        if !fits {
            return Guard::FALSE;
        }
        if let (Some(SymNode::Concat(pieces)), Value::String(text)) = (self.node(sym), other) {
            return self.eq_concat(&pieces, text);
        }
        if let (Value::Coll(coll), true) = (other, self.leaf(sym).is_some_and(|l| l.kind == LeafKind::Input))
            && let Some(same) = self.eq_elements(sym, &ty, coll)
        {
            return same;
        }
        if let Value::Number(n) = other
            && let Some(k) = n.to_i64().and_then(|k| Some((k, k.checked_add(1)?)))
            && let (Some(reached), Some(passed)) = (self.at_least(sym, k.0), self.at_least(sym, k.1))
        {
            return self.and(reached, self.not(passed));
        }
        if let (Value::Number(_), Some(same)) = (other, self.eq_linear(&Value::Sym(sym), other)) {
            return same;
        }
        if let (Value::Number(n), Some(rounded)) = (other, self.rounded(sym)) {
            let [below, above] = [false, true].map(|above| self.rounded_less(rounded.clone(), n, above));
            let apart = self.or(self.truth(&below), self.truth(&above));
            return if n.is_whole() { self.not(apart) } else { Guard::FALSE };
        }
        // What is left of dividing a whole number by one is nothing.
        if let (Value::Number(n), Some(SymNode::Call(func, args))) = (other, self.node(sym))
            && n.signum() == 0
            && *func == super::ops::REM
            && let [of, Value::Number(by)] = &*args
            && **by == Num::from_i64(1)
        {
            return self.truth(&self.whole(of));
        }
        if self.is_never(sym, other) {
            return Guard::FALSE;
        }
        if let Some(same) = self.solved(sym, other) {
            return same;
        }
        if let (Value::Number(n), Some(text)) = (other, self.counted(sym))
            && n.signum() == 0
        {
            return self.equal(&text, &Value::from(""));
        }
        if let (Value::Number(n), true) = (other, self.is_calculated_length(sym)) {
            let Some(k) = n.to_i64().filter(|k| *k >= 0) else { return Guard::FALSE };
            return self.and(self.longer(sym, k - 1), self.not(self.longer(sym, k)));
        }
        if let (Some(leaf), true) = (self.leaf(sym), other.is_known())
            && leaf.closed.as_ref().is_some_and(|all| !all.contains(other))
        {
            return Guard::FALSE;
        }
        self.is_value(sym, other)
    }

    /// When a list or map that an input is has the elements of a known one: as many, and each of them. `None` where that is
    /// not worked out.
    fn eq_elements(&self, sym: SymId, ty: &Ty, coll: &Coll) -> Option<Guard> {
        let (Ty::List(elem) | Ty::Map(elem)) = ty else { return None };
        let keyed = matches!(ty, Ty::Map(_));
        let plain = |p: &Part| p.is_certain() && p.sort_key == Value::Null && (!keyed || p.key.is_known());
        let is_plain = coll.kind.typed().is_true() && coll.parts.iter().all(plain);
        if !is_plain || !self.same_type(elem, &coll.elem).is_true() || coll.parts.len() > ALTERNATIVES.most {
            return None;
        }
        let length = self.equal(&Value::Sym(self.length_of(sym)), &Num::from_usize(coll.parts.len()).into());
        let each = coll.parts.iter().enumerate().map(|(i, part)| {
            let key = if keyed { part.key.clone() } else { Num::from_usize(i).into() };
            self.equal(&self.index(&Value::Sym(sym), &key), &part.value)
        });
        Some(self.all([length].into_iter().chain(each).collect::<Vec<_>>()))
    }

    /// Whether a call never gives this value: one that is no number to count to, or that the call would change again.
    fn is_never(&self, sym: SymId, value: &Value) -> bool {
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return false };
        if func.counts && value.as_number().is_some_and(|n| !n.is_whole() || n.signum() < 0) {
            return true;
        }
        if let (Some(most), Some(n)) = (self.remainder_below(sym), value.as_number()) {
            return *n >= most || n.neg() >= most;
        }
        let again = || {
            let mut args = args.to_vec();
            let first = args.first_mut()?;
            *first = value.clone();
            args.iter().all(Value::is_known).then(|| self.call(func, &args))
        };
        (func.idempotent || func.case_only)
            && value.is_known()
            && again().is_some_and(|result| result != *value)
    }

    /// The atom that says that a symbol is this value; it excludes those of other known scalars.
    fn is_value(&self, sym: SymId, value: &Value) -> Guard {
        let atom = self.intern(SymNode::Call(&EQ, [Value::Sym(sym), value.clone()].into()));
        if matches!(value, Value::Null | Value::String(_) | Value::Number(_)) {
            self.formulas.borrow_mut().exclusive(atom.0, sym.0);
        }
        self.atom(atom)
    }

    /// A sequence of pieces against a known text: known ends are stripped; one symbol that is left is compared.
    fn eq_concat(&self, pieces: &[Piece], text: &str) -> Guard {
        let (mut pieces, mut text) = (pieces.to_vec(), text);
        if let Some(Piece::Text(prefix)) = pieces.first() {
            match text.strip_prefix(&**prefix) {
                Some(rest) => text = rest,
                None => return Guard::FALSE,
            }
            pieces.remove(0);
        }
        if let Some(Piece::Text(suffix)) = pieces.last() {
            match text.strip_suffix(&**suffix) {
                Some(rest) => text = rest,
                None => return Guard::FALSE,
            }
            pieces.pop();
        }
        match pieces.as_slice() {
            [Piece::Sym(sym)] => match self.type_of(*sym) {
                Ty::String => self.eq_symbol(*sym, &Value::from(text)),
                Ty::Number => match Num::parse(text).filter(|n| n.to_string() == text) {
                    Some(n) => self.eq_symbol(*sym, &n.into()),
                    None => Guard::FALSE,
                },
                Ty::Dynamic => self.text_is(*sym, text),
                _ => self.predicate(&EQ, &[self.pieces(pieces), Value::from(text)]),
            },
            _ => match self.repeated_in(&pieces, text) {
                Some((sym, Some(part))) => self.eq_symbol(sym, &Value::from(part)),
                Some((_, None)) => Guard::FALSE,
                None if !in_order(&pieces, text) => Guard::FALSE,
                None => self.predicate(&EQ, &[self.pieces(pieces), Value::from(text)]),
            },
        }
    }

    /// When the text of something of unknown type is this one: where it is that text, or the number or bool that reads so.
    /// What only the deployment knows is taken for text where it is compared with one.
    fn text_is(&self, sym: SymId, text: &str) -> Guard {
        let itself = self.eq_symbol(sym, &Value::from(text));
        if self.leaf(sym).is_some_and(|l| l.kind == super::LeafKind::Deployment) {
            return itself;
        }
        let number = Num::parse(text).filter(|n| n.to_string() == text).map(Value::from);
        let bool = ["true", "false"].contains(&text).then(|| Value::from(text == "true"));
        let read = number.into_iter().chain(bool).map(|v| self.eq_symbol(sym, &v));
        self.or(itself, self.any(read.collect::<Vec<_>>()))
    }

    /// For pieces that are text and one symbol of type string, several times: what the symbol must be for them to make
    /// a text, if anything does. `None` for other pieces.
    fn repeated_in<'t>(&self, pieces: &[Piece], text: &'t str) -> Option<(SymId, Option<&'t str>)> {
        let mut one = None;
        let (mut times, mut written) = (0, 0);
        for piece in pieces {
            match piece {
                Piece::Text(text) => written += text.len(),
                Piece::Sym(sym) if one.is_none_or(|known| known == *sym) => {
                    one = Some(*sym);
                    times += 1;
                }
                Piece::Sym(_) => return None,
            }
        }
        let sym = one.filter(|sym| self.type_of(*sym) == Ty::String)?;
        let solve = || {
            let left = text.len().checked_sub(written)?;
            let length = left.checked_div(times).filter(|length| length * times == left)?;
            let before = pieces.iter().map_while(|piece| match piece {
                Piece::Text(text) => Some(text.len()),
                Piece::Sym(_) => None,
            });
            let start: usize = before.sum();
            let part = text.get(start..start + length)?;
            let whole: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.as_ref(),
                    Piece::Sym(_) => part,
                })
                .collect();
            (whole == text).then_some(part)
        };
        Some((sym, solve()))
    }

    /// When two containers are of one kind.
    fn same_kind(&self, a: CollKind, b: CollKind) -> Guard {
        if a.keyed() != b.keyed() || a.in_a_row() != b.in_a_row() {
            return Guard::FALSE;
        }
        self.eq_plain(&Value::Bool(a.typed()), &Value::Bool(b.typed()))
    }

    fn eq_colls(&self, a: &Coll, b: &Coll) -> Guard {
        let mut kinds = self.same_kind(a.kind, b.kind);
        let elems = self.same_type(&a.elem, &b.elem);
        kinds = self.and(kinds, self.or(elems, self.not(a.kind.typed())));
        if kinds.is_false() {
            return Guard::FALSE;
        }
        let certain = |c: &Coll| c.parts.iter().all(super::Part::is_certain);
        let open_set = a.kind == CollKind::Set && a.parts.iter().chain(&b.parts).any(|p| !p.value.is_known());
        if !certain(a) || !certain(b) || open_set {
            let same = self.same_parts(a, b).map(|same| self.and(kinds, same));
            return same.unwrap_or_else(|| {
                self.predicate(&EQ, &[Value::Coll(a.clone().into()), Value::Coll(b.clone().into())])
            });
        }
        if a.parts.len() != b.parts.len() {
            return Guard::FALSE;
        }
        let same: Vec<Guard> = a
            .parts
            .iter()
            .zip(&b.parts)
            .flat_map(|(x, y)| [self.equal(&x.key, &y.key), self.equal(&x.value, &y.value)])
            .collect();
        self.and(kinds, self.all(same))
    }

    /// When containers of one kind have the same parts, some of which may be missing. `None` where that is not worked out:
    /// for elements of what is unknown, an order that inputs decide, and very many parts.
    fn same_parts(&self, a: &Coll, b: &Coll) -> Option<Guard> {
        let plain = |c: &Coll| {
            // Keys that are filled in are different from each other.
            let is_told =
                |key: &Value| key.is_known() || matches!(key, Value::Sym(key) if self.nth(*key).is_some());
            let mut parts = c.parts.iter();
            parts.all(|p| {
                p.generators.is_empty() && p.sort_key == Value::Null && (!c.kind.keyed() || is_told(&p.key))
            })
        };
        if !plain(a) || !plain(b) || a.parts.len().saturating_mul(b.parts.len()) > PAIRS.most {
            return None;
        }
        if a.kind.in_a_row() {
            // `rows[j]`: whether what is left of `a` equals what is left of `b` from its part `j` on.
            let absent =
                |parts: &[Part]| self.all(parts.iter().map(|p| self.not(p.guard)).collect::<Vec<_>>());
            let ends = (0..=b.parts.len()).map(|j| absent(b.parts.get(j..).unwrap_or_default()));
            let mut after: Vec<Guard> = ends.collect();
            for (i, x) in a.parts.iter().enumerate().rev() {
                let mut rows = vec![absent(a.parts.get(i..).unwrap_or_default())];
                for (j, y) in b.parts.iter().enumerate().rev() {
                    let at = |rows: &[Guard], j: usize| rows.get(j).copied().unwrap_or(Guard::FALSE);
                    let both =
                        self.all([x.guard, y.guard, self.equal(&x.value, &y.value), at(&after, j + 1)]);
                    let without_y = rows.last().copied().unwrap_or(Guard::FALSE);
                    let skipped = self.all([x.guard, self.not(y.guard), without_y]);
                    let without_x = self.and(self.not(x.guard), at(&after, j));
                    rows.push(self.any([both, skipped, without_x]));
                }
                rows.reverse();
                after = rows;
            }
            return after.first().copied();
        }
        // In a map or set, each part that is there has its like in the other.
        let like = |x: &Part, y: &Part| {
            self.all([y.guard, self.equal(&x.key, &y.key), self.equal(&x.value, &y.value)])
        };
        let held = |x: &Part, other: &Coll| {
            self.or(self.not(x.guard), self.any(other.parts.iter().map(|y| like(x, y)).collect::<Vec<_>>()))
        };
        let one = a.parts.iter().map(|x| held(x, b));
        Some(self.all(one.chain(b.parts.iter().map(|y| held(y, a))).collect::<Vec<_>>()))
    }

    /// `a < b`; anything but numbers is refused.
    pub fn less(&self, a: &Value, b: &Value) -> Value {
        self.call(&LESS, &[a.clone(), b.clone()])
    }

    fn less_args(&self, args: &[Value]) -> Value {
        let told = match args {
            // Less than n is not to reach the next whole number.
            [Value::Sym(length), Value::Number(n)] => {
                let next = n.neg().floor().neg().to_i64();
                next.and_then(|k| self.at_least(*length, k)).map(|enough| self.not(enough))
            }
            [Value::Number(n), Value::Sym(length)] => {
                let next = n.floor().to_i64().and_then(|n| n.checked_add(1));
                next.and_then(|k| self.at_least(*length, k))
            }
            _ => None,
        };
        if let Some(less) = told {
            return Value::Bool(less);
        }
        if let [a, b] = args
            && let Some(less) = self.less_linear(a, b)
        {
            return less;
        }
        let rounded = match args {
            [Value::Number(n), Value::Sym(sym)] => {
                self.rounded(*sym).map(|of| self.rounded_less(of, n, true))
            }
            [Value::Sym(sym), Value::Number(n)] => {
                self.rounded(*sym).map(|of| self.rounded_less(of, n, false))
            }
            _ => None,
        };
        if let Some(less) = rounded {
            return less;
        }
        match args {
            [Value::Number(n), Value::Sym(length)] if self.is_calculated_length(*length) => {
                Value::Bool(n.floor().to_i64().map_or(Guard::FALSE, |k| self.longer(*length, k)))
            }
            [Value::Sym(length), Value::Number(n)] if self.is_calculated_length(*length) => {
                let last = n.neg().floor().neg().to_i64().map(|k| k.saturating_sub(1));
                Value::Bool(last.map_or(Guard::TRUE, |k| self.not(self.longer(*length, k))))
            }
            [Value::Number(a), Value::Number(b)] => Value::from(a < b),
            [Value::Sym(sym), Value::Number(n)] | [Value::Number(n), Value::Sym(sym)]
                if self.remainder_below(*sym).is_some_and(|most| **n >= most || n.neg() >= most) =>
            {
                Value::from(matches!(args, [Value::Sym(_), _]) == (n.signum() > 0))
            }
            [Value::Sym(count), Value::Number(n)]
                if *n.as_ref() <= Num::from_i64(1) && self.counted(*count).is_some() =>
            {
                let none = self.eq(&Value::Sym(*count), &Value::from(0));
                if n.signum() > 0 { none } else { Value::FALSE }
            }
            [Value::Number(n), Value::Sym(count)]
                if *n.as_ref() < Num::from_i64(1) && self.counted(*count).is_some() =>
            {
                let none = self.eq(&Value::Sym(*count), &Value::from(0));
                if n.signum() < 0 { Value::TRUE } else { self.negate(&none) }
            }
            [a, b] if a == b => Value::FALSE,
            [Value::Sym(_) | Value::Number(_), Value::Sym(_) | Value::Number(_)] => {
                Value::Bool(self.predicate(&LESS, args))
            }
            _ => Value::refused("only numbers can be compared by size", None),
        }
    }

    /// The text whose letters a symbol is the number of.
    fn counted(&self, sym: SymId) -> Option<Value> {
        match self.node(sym)? {
            // Of a container it counts the elements.
            SymNode::Call(func, args) if func.counts => {
                args.first().filter(|of| !matches!(of, Value::Coll(_))).cloned()
            }
            _ => None,
        }
    }

    /// Whether a symbol is the length of what a call gives, which has no domain of its own.
    fn is_calculated_length(&self, sym: SymId) -> bool {
        match self.node(sym) {
            Some(SymNode::Call(func, args)) => {
                *func == super::ops::LENGTH && matches!(&*args, [Value::Coll(_)])
            }
            _ => {
                let length = self.leaf(sym).is_some_and(|l| l.kind == super::LeafKind::Length);
                length && self.taken_of(sym).is_some()
            }
        }
    }

    /// When such a length is above `k`: every question about it is put so.
    fn longer(&self, length: SymId, k: i64) -> Guard {
        if k < 0 { Guard::TRUE } else { self.predicate(&LESS, &[Value::from(k), Value::Sym(length)]) }
    }

    /// Whether a number is whole; anything but a number is refused.
    pub fn whole(&self, n: &Value) -> Value {
        self.call(&WHOLE, std::slice::from_ref(n))
    }

    fn whole_args(&self, args: &[Value]) -> Value {
        match args {
            [Value::Number(n)] => Value::from(n.is_whole()),
            [Value::Sym(sym)] if self.leaf(*sym).is_some_and(|l| l.kind == super::LeafKind::Length) => {
                Value::TRUE
            }
            [Value::Sym(sym)] if self.rounded(*sym).is_some() || self.counted(*sym).is_some() => Value::TRUE,
            [Value::Sym(_)] => Value::Bool(self.predicate(&WHOLE, args)),
            _ => Value::refused("a number is needed", None),
        }
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}

fn common_suffix(a: &str, b: &str) -> usize {
    a.chars().rev().zip(b.chars().rev()).take_while(|(x, y)| x == y).map(|(x, _)| x.len_utf8()).sum()
}
