//! Functions over text and numbers.

use super::super::types::to_string;
use super::{arg, wrong};
use crate::value::{CollKind, Cx, Func, Num, Part, Takes, Ty, Value};

const fn text(name: &'static str, body: fn(&Cx, &[Value]) -> Value) -> Func {
    Func { name, takes: Takes::Known, ret: Ty::String, refuses: false, body }
}

const fn test(name: &'static str, body: fn(&Cx, &[Value]) -> Value) -> Func {
    Func { name, takes: Takes::Known, ret: Ty::Bool, refuses: false, body }
}

const fn number(name: &'static str, body: fn(&Cx, &[Value]) -> Value) -> Func {
    Func { name, takes: Takes::Known, ret: Ty::Number, refuses: true, body }
}

/// The rows.
pub static TABLE: &[Func] = &[
    text("lower", |cx, a| one(cx, a, |t| t.to_lowercase())),
    text("upper", |cx, a| one(cx, a, |t| t.to_uppercase())),
    text("trimspace", |cx, a| one(cx, a, |t| t.trim().to_string())),
    text("trim", |cx, a| two(cx, a, |t, c| t.trim_matches(|x| c.contains(x)).to_string())),
    text("trimprefix", |cx, a| two(cx, a, |t, p| t.strip_prefix(p).unwrap_or(t).to_string())),
    text("trimsuffix", |cx, a| two(cx, a, |t, p| t.strip_suffix(p).unwrap_or(t).to_string())),
    test("startswith", |cx, a| check(cx, a, |t, p| t.starts_with(p))),
    test("endswith", |cx, a| check(cx, a, |t, p| t.ends_with(p))),
    test("strcontains", |cx, a| check(cx, a, |t, p| t.contains(p))),
    Func {
        name: "join",
        takes: Takes::Shape,
        ret: Ty::String,
        refuses: true,
        body: |cx, a| join(cx, &arg(a, 0), &arg(a, 1)),
    },
    Func { name: "format", takes: Takes::Shape, ret: Ty::String, refuses: true, body: format },
    Func { name: "split", takes: Takes::Known, ret: Ty::Dynamic, refuses: true, body: split },
    number("abs", |_, a| match a {
        [Value::Number(n)] => {
            if n.signum() < 0 {
                n.neg().into()
            } else {
                (**n).clone().into()
            }
        }
        _ => wrong("a number is needed"),
    }),
    number("floor", |_, a| match a {
        [Value::Number(n)] => n.floor().into(),
        _ => wrong("a number is needed"),
    }),
    number("ceil", |_, a| match a {
        [Value::Number(n)] => n.neg().floor().neg().into(),
        _ => wrong("a number is needed"),
    }),
];

fn plain(cx: &Cx, value: Option<&Value>) -> Option<String> {
    to_string(cx, value?).as_str().map(str::to_string)
}

fn one(cx: &Cx, args: &[Value], f: fn(&str) -> String) -> Value {
    plain(cx, args.first()).map_or_else(|| wrong("text is needed"), |t| Value::from(f(&t)))
}

fn two(cx: &Cx, args: &[Value], f: fn(&str, &str) -> String) -> Value {
    match (plain(cx, args.first()), plain(cx, args.get(1))) {
        (Some(t), Some(p)) => Value::from(f(&t, &p)),
        _ => wrong("two texts are needed"),
    }
}

fn check(cx: &Cx, args: &[Value], f: fn(&str, &str) -> bool) -> Value {
    match (plain(cx, args.first()), plain(cx, args.get(1))) {
        (Some(t), Some(p)) => Value::from(f(&t, &p)),
        _ => wrong("two texts are needed"),
    }
}

/// The texts of a sequence with a separator between them.
pub fn join(cx: &Cx, separator: &Value, list: &Value) -> Value {
    let list = cx.split(list);
    cx.map(&list, |v| match v {
        Value::Coll(c)
            if !c.kind.keyed() && c.parts.iter().all(|p| p.guard.is_true() && p.over.is_empty()) =>
        {
            let mut pieces = Vec::new();
            for (i, part) in c.parts.iter().enumerate() {
                if i > 0 {
                    pieces.push(separator.clone());
                }
                pieces.push(part.value.clone());
            }
            cx.concat(&pieces)
        }
        Value::Coll(_) | Value::Sym(_) => {
            static JOIN: Func = Func {
                name: "join",
                takes: Takes::Shape,
                ret: Ty::String,
                refuses: false,
                body: |cx, a| join(cx, &arg(a, 0), &arg(a, 1)),
            };
            cx.opaque(&JOIN, &[separator.clone(), v.clone()])
        }
        _ => wrong("join takes a list of strings"),
    })
}

/// `format` with the verbs people use for names: `%s`, `%d`, `%v`, `%0Nd`, `%%`; others are opaque.
fn format(cx: &Cx, args: &[Value]) -> Value {
    static FORMAT: Func =
        Func { name: "format", takes: Takes::Shape, ret: Ty::String, refuses: true, body: format };
    let Some((Value::String(template), rest)) = args.split_first() else { return cx.opaque(&FORMAT, args) };
    let mut pieces: Vec<Value> = Vec::new();
    let mut used = 0;
    let mut literal = String::new();
    let mut chars = template.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        let mut spec = String::new();
        while let Some(&d) = chars.peek()
            && !d.is_ascii_alphabetic()
            && d != '%'
        {
            spec.push(d);
            chars.next();
        }
        let verb = chars.next();
        if verb == Some('%') {
            literal.push('%');
            continue;
        }
        pieces.push(Value::from(std::mem::take(&mut literal)));
        let Some(value) = rest.get(used) else { return wrong("format has too few arguments") };
        used += 1;
        match (verb, spec.as_str(), value) {
            (Some('s' | 'v'), "", v) => pieces.push(v.clone()),
            (Some('d'), "", v @ (Value::Number(_) | Value::Sym(_))) => pieces.push(v.clone()),
            (Some('d'), width, Value::Number(n)) if width.starts_with('0') => {
                let digits = n.to_string();
                let width: usize = width.parse().unwrap_or(0);
                pieces.push(Value::from(format!("{digits:0>width$}")));
            }
            _ => return cx.opaque(&FORMAT, args),
        }
    }
    if used < rest.len() {
        return wrong("format has too many arguments");
    }
    pieces.push(Value::from(literal));
    cx.concat(&pieces)
}

fn split(_: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::String(separator), Value::String(text)] => {
            let items: Vec<Value> = if text.is_empty() {
                Vec::new()
            } else if separator.is_empty() {
                text.chars().map(|c| Value::from(c.to_string())).collect()
            } else {
                text.split(&**separator).map(Value::from).collect()
            };
            Value::typed(CollKind::List, Ty::String, items.into_iter().map(Part::item).collect())
        }
        _ => wrong("split takes two texts"),
    }
}

#[allow(dead_code)]
fn _number(n: &Num) -> Value {
    n.clone().into()
}
