//! Calls whose result is one of their arguments, or what one is made of, although that is not known.
//!
//! `base64decode(base64encode(var.x))` is `var.x`, and so is `join(",", split(",", var.x))`. `trimspace(terraform.workspace)`
//! is `terraform.workspace`, whose letters are all [letters of a word](is_word_letter). Source: Terraform's functions.

use crate::value::shortest::is_word_letter;
use crate::value::{CollKind, Cx, Part, SymNode, Ty, Value};

/// What undoes what, where the result is text; the other arguments are the same.
const INVERSES: [(&str, &str); 4] = [
    ("base64decode", "base64encode"),
    ("base64gunzip", "base64gzip"),
    ("textdecodebase64", "textencodebase64"),
    ("urldecode", "urlencode"),
];

/// The result of a call, where it follows.
pub fn call(cx: &Cx, name: &str, args: &[Value]) -> Option<Value> {
    undone(cx, name, args).or_else(|| of_a_word(cx, name, args))
}

fn undone(cx: &Cx, name: &str, args: &[Value]) -> Option<Value> {
    let made_by = |value: &Value, by: &str| match value {
        Value::Sym(sym) => match cx.node(*sym)? {
            SymNode::Call(func, args) if func.name == by => Some(args),
            _ => None,
        },
        _ => None,
    };
    if let ("join", [Value::String(by), list]) = (name, args) {
        let made = made_by(list, "split")?;
        return match &*made {
            [at, text] if Some(at) == args.first() && !by.is_empty() => Some(text.clone()),
            _ => None,
        };
    }
    let (_, maker) = INVERSES.iter().find(|(undoes, _)| *undoes == name)?;
    let (given, others) = args.split_first()?;
    let made = made_by(given, maker)?;
    let (own, with) = made.split_first()?;
    (others == with).then(|| cx.to_text(own))
}

fn of_a_word(cx: &Cx, name: &str, args: &[Value]) -> Option<Value> {
    let word = args.get(usize::from(name == "split")).filter(|word| cx.is_word(word))?;
    let none_of = |text: &str| !text.contains(is_word_letter);
    let lacks = |text: &str| !text.is_empty() && !text.chars().all(is_word_letter);
    let unchanged = match (name, args) {
        ("trimspace" | "chomp", [_]) => true,
        ("trim", [_, Value::String(cut)]) => none_of(cut),
        ("trimprefix" | "trimsuffix", [_, Value::String(cut)]) => cut.is_empty() || lacks(cut),
        // What stands between slashes is a pattern.
        ("replace", [_, Value::String(of), _]) => lacks(of) && !of.starts_with('/'),
        ("split", [Value::String(by), _]) if lacks(by) => {
            return Some(Value::typed(CollKind::List, Ty::String, vec![Part::item(word.clone())]));
        }
        _ => false,
    };
    unchanged.then(|| word.clone())
}
