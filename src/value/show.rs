//! Values and guards as people read them.
//!
//! Expressions share their parts, so a text can be exponentially longer than what it shows: each part is rendered once
//! and cut at a limit. Texts do not depend on the order in which symbols were made.

use std::sync::Arc;

use super::func::Written;
use super::subst::REFUSED;
use super::symbol::{Piece, SymId, SymNode};
use super::{Cx, Func, Guard, Value};
use crate::guard::formula::FormulaNode;

/// How many bytes of a part are shown.
const MAX_SHOWN: usize = 800;

/// Cuts a text at the limit.
fn cut(mut text: String) -> Arc<str> {
    if text.len() > MAX_SHOWN {
        let mut end = MAX_SHOWN;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push('…');
    }
    text.into()
}

impl Cx {
    /// A value close to how its language writes it; one line, cut where it is very long.
    pub fn show(&self, value: &Value) -> String {
        self.shown(value).to_string()
    }

    /// The name of a symbol: its text, with the beginning of its digest where the text was cut, so that two symbols have
    /// two names, and one has the same in every context.
    pub fn name_of(&self, sym: SymId) -> String {
        let text = self.shown_symbol(sym);
        if !text.ends_with('…') {
            return text.to_string();
        }
        format!("{text}#{}", self.short_digest(&Value::Sym(sym)))
    }

    /// A guard as people read it; one line, cut where it is very long.
    pub fn show_guard(&self, guard: Guard) -> String {
        self.shown_guard(guard).to_string()
    }

    fn shown(&self, value: &Value) -> Arc<str> {
        match value {
            Value::Null => "null".into(),
            Value::Bool(guard) => self.shown_guard(*guard),
            Value::Number(n) => self.stand_in(value).unwrap_or_else(|| cut(n.to_string())),
            Value::String(text) => self.stand_in(value).unwrap_or_else(|| cut(format!("{text:?}"))),
            Value::Sym(sym) => self.shown_symbol(*sym),
            Value::Refused(refusal) => cut(format!("(refused: {})", refusal.reason)),
            Value::Choice(alternatives) => {
                let each = alternatives
                    .iter()
                    .map(|(g, v)| format!("{} when {}", self.shown(v), self.shown_guard(*g)));
                cut(format!("({})", joined(each, ", ")))
            }
            Value::Coll(coll) => {
                let keyed = coll.kind.keyed();
                let each = coll.parts.iter().map(|p| {
                    let each = if p.generators.is_empty() { "" } else { "each " };
                    let mut value = self.shown(&p.value);
                    if p.sort_key != Value::Null {
                        value = format!("{value} by {}", self.shown(&p.sort_key)).into();
                    }
                    if keyed {
                        format!("{each}{} = {value}", self.shown(&p.key))
                    } else {
                        format!("{each}{value}")
                    }
                });
                let inner = joined(each, ", ");
                cut(if keyed { format!("{{{inner}}}") } else { format!("[{inner}]") })
            }
        }
    }

    fn shown_symbol(&self, sym: SymId) -> Arc<str> {
        if let Some(known) = self.shown_symbols.borrow().get(&sym) {
            return known.clone();
        }
        let text = match (self.leaf(sym), self.node(sym)) {
            (Some(leaf), _) => leaf.name.to_string(),
            (_, Some(SymNode::Concat(pieces))) => {
                let shown: String = pieces
                    .iter()
                    .map(|p| match p {
                        Piece::Text(text) => match self.stand_in(&Value::String(text.clone())) {
                            Some(other) => format!("${{{other}}}"),
                            None => text.to_string(),
                        },
                        Piece::Sym(sym) => format!("${{{}}}", self.shown_symbol(*sym)),
                    })
                    .collect();
                format!("\"{shown}\"")
            }
            (_, Some(SymNode::Call(func, args))) => self.shown_call(func, &args, false),
            _ => "?".into(),
        };
        let text = cut(text);
        self.shown_symbols.borrow_mut().insert(sym, text.clone());
        text
    }

    fn shown_call(&self, func: &Func, args: &[Value], negated: bool) -> String {
        let own = |arg: &Value| match func.written {
            Written::Compared(_) => self.as_listed(args, arg),
            _ => arg.clone(),
        };
        let shown: Vec<Arc<str>> = args.iter().take(64).map(|a| self.shown(&own(a))).collect();
        let (name, not) = (func.name, if negated { "not " } else { "" });
        match (func.written, shown.as_slice()) {
            (Written::Compared(other), [a, b]) => format!("{a} {} {b}", if negated { other } else { name }),
            (Written::Calculated, [a, b]) => {
                let operand = |arg: Option<&Value>, text: &str| match arg {
                    Some(Value::Sym(sym)) if self.is_calculation(*sym) => format!("({text})"),
                    _ => text.to_string(),
                };
                format!("{not}{} {name} {}", operand(args.first(), a), operand(args.get(1), b))
            }
            (Written::Index, [a, b]) => format!("{not}{a}[{b}]"),
            (Written::Named(after), [function, own @ ..]) => {
                format!("{not}{}({}{after})", function.trim_matches('"'), own.join(", "))
            }
            // An attribute or element that is looked up can only be missing.
            (Written::Said(_), [a]) if *func == REFUSED && self.is_path(args) => {
                format!("{a} is {not}missing")
            }
            (Written::Said(what), [a]) => format!("{a} is {not}{what}"),
            (Written::As(name), all) => format!("{not}{name}({})", all.join(", ")),
            (_, all) => format!("{not}{name}({})", all.join(", ")),
        }
    }

    /// A constant as an input lists it that it is compared with: where that is a secret, so is this.
    fn as_listed(&self, args: &[Value], constant: &Value) -> Value {
        let leaves =
            args.iter().filter_map(|arg| if let Value::Sym(sym) = arg { self.leaf(*sym) } else { None });
        let mut listed = leaves.filter_map(|leaf| leaf.closed).flatten();
        listed.find(|listed| listed == constant).unwrap_or_else(|| constant.clone())
    }

    fn is_path(&self, args: &[Value]) -> bool {
        matches!(args, [Value::Sym(sym)] if matches!(self.node(*sym), Some(SymNode::Path(..))))
    }

    fn is_calculation(&self, sym: SymId) -> bool {
        matches!(self.node(sym), Some(SymNode::Call(func, args)) if func.written == Written::Calculated && args.len() == 2)
    }

    fn shown_guard(&self, guard: Guard) -> Arc<str> {
        if let Some(known) = self.shown_guards.borrow().get(&guard) {
            return known.clone();
        }
        let text = match self.guard_node(guard) {
            FormulaNode::Constant(value) => value.to_string(),
            FormulaNode::Atom(atom) => self.shown_symbol(SymId(atom)).to_string(),
            FormulaNode::Not(inner) => match self.guard_node(inner) {
                FormulaNode::Atom(atom) => match self.node(SymId(atom)) {
                    Some(SymNode::Call(func, args)) => self.shown_call(func, &args, true),
                    _ => format!("not {}", self.shown_symbol(SymId(atom))),
                },
                _ => format!("not ({})", self.shown_guard(inner)),
            },
            FormulaNode::And(all) => self.shown_list(&all, " and ", true),
            FormulaNode::Or(any) => self.shown_list(&any, " or ", false),
        };
        let text = cut(text);
        self.shown_guards.borrow_mut().insert(guard, text.clone());
        text
    }

    fn shown_list(&self, guards: &[Guard], word: &str, and: bool) -> String {
        let mut shown: Vec<String> = guards
            .iter()
            .map(|&g| {
                let text = self.shown_guard(g);
                let nested = matches!(
                    (self.guard_node(g), and),
                    (FormulaNode::Or(_), true) | (FormulaNode::And(_), false)
                );
                if nested { format!("({text})") } else { text.to_string() }
            })
            .collect();
        // Ids depend on the order of evaluation; text does not.
        shown.sort();
        joined(shown.into_iter(), word)
    }
}

/// Joins until the limit is passed.
fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    let mut out = String::new();
    for (i, part) in parts.enumerate() {
        if i > 0 {
            out.push_str(separator);
        }
        out.push_str(&part);
        if out.len() > MAX_SHOWN {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::ops::{ADD, REM};
    use super::super::{Leaf, LeafKind, Ty};
    use super::*;

    #[test]
    fn what_is_calculated_first_stands_in_brackets() {
        let cx = Cx::new();
        let n = Value::Sym(cx.declare(Leaf::new("var.n", Ty::Number, LeafKind::Input)));
        let sum = cx.call(&ADD, &[n.clone(), 1.into()]);
        assert_eq!(cx.show(&cx.call(&REM, &[sum.clone(), 2.into()])), "(var.n + 1) % 2");
        assert_eq!(
            cx.show(&cx.call(&ADD, &[n.clone(), cx.call(&REM, &[n, 2.into()])])),
            "var.n + (var.n % 2)"
        );
        assert_eq!(cx.show(&sum), "var.n + 1");
    }
}
