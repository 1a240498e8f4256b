//! Calls whose result is one of their arguments, or what one is made of, although that is not known.
//!
//! `base64decode(base64encode(var.x))` is `var.x`, and so is `join(",", split(",", var.x))`. `trimspace(terraform.workspace)`
//! is `terraform.workspace`, whose letters are all [letters of a word](is_word_letter). Source: Terraform's functions.

use super::args::{Also, Blanks, Row};
use crate::value::func::Form;
use crate::value::shortest::is_word_letter;
use crate::value::{CollKind, Cx, Func, Part, SymNode, Ty, Value};

/// The result of a call, where it follows.
pub fn call(cx: &Cx, row: &Row, args: &[Value]) -> Option<Value> {
    undone(cx, &row.func, args).or_else(|| of_a_word(cx, row, args))
}

fn undone(cx: &Cx, func: &Func, args: &[Value]) -> Option<Value> {
    let made_by = |value: &Value, is: &dyn Fn(&Func) -> bool| match value {
        Value::Sym(sym) => match cx.node(*sym)? {
            SymNode::Call(func, args) if is(func) => Some(args),
            _ => None,
        },
        _ => None,
    };
    if let (Some(Form::Joined), [Value::String(by), list]) = (func.makes, args) {
        let made = made_by(list, &|by| by.undoes == func.makes)?;
        return match &*made {
            [at, text] if Some(at) == args.first() && (!by.is_empty() || cx.is_word(text)) => {
                Some(text.clone())
            }
            _ => None,
        };
    }
    let form = func.undoes.filter(|form| form.is_of_text())?;
    let (given, others) = args.split_first()?;
    let made = made_by(given, &|by| by.makes == Some(form))?;
    let (own, with) = made.split_first()?;
    (others == with).then(|| cx.to_text(own))
}

fn of_a_word(cx: &Cx, row: &Row, args: &[Value]) -> Option<Value> {
    let pieces = row.func.undoes == Some(Form::Joined);
    let second = pieces || matches!(row.also, Also::Lays(Blanks::Indents));
    let word = args.get(usize::from(second)).filter(|word| cx.is_word(word))?;
    let one = || Value::typed(CollKind::List, Ty::String, vec![Part::item(word.clone())]);
    (row.func.keeps_of)(args, is_word_letter).then(|| if pieces { one() } else { word.clone() })
}
