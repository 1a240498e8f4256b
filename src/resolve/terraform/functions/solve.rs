//! What the result of a call says of its arguments: `substr(var.env, 0, 4) == "prod"` is `startswith(var.env, "prod")`,
//! `md5(var.a) == md5(var.b)` is `var.a == var.b`.
//!
//! Answers: the question about the arguments that the question about the result is. Never a guess: `None` where several
//! arguments give one result, or it is not known which.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use unicode_segmentation::UnicodeSegmentation;

use super::text::{BEGINS, LOWER};
use super::{decode, yaml};
use crate::resolve::terraform::types::to_string;
use crate::value::func::{Form, Within};
use crate::value::{Cx, Func, Guard, Num, SymNode, Value};

/// Up to how many letters may have been another one before `replace`.
const REPLACED: usize = 4;

/// What two arguments give is one only where they are.
pub fn only_of_one(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let ([of], Value::Sym(other)) = (args, result) else { return None };
    match cx.node(*other) {
        Some(SymNode::Call(same, args)) if same == f => {
            Some(cx.equal(&to_string(cx, of), &to_string(cx, args.first()?)))
        }
        _ => None,
    }
}

/// The same, of a text in base64, which can be read.
pub fn base64(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let Some(text) = result.as_str() else { return only_of_one(cx, f, args, result) };
    let read = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    Some(read.map_or(Guard::FALSE, |text| is_text(cx, args.first(), &text)))
}

/// The same, of a value as JSON or YAML, which can be read: it is what the text is read as, if that is how it is written.
pub fn encoded(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let ([of], Some(text)) = (args, result.as_str()) else { return None };
    let decoded = match f.makes? {
        Form::Json => decode::json_text(text),
        _ => yaml::decode(text),
    };
    match decoded {
        Ok(decoded) if cx.call(f, std::slice::from_ref(&decoded)) == *result => {
            Some(cx.equal(&decode::untyped(cx, of)?, &decoded))
        }
        _ => Some(Guard::FALSE),
    }
}

/// The beginning of a text.
pub fn substr(cx: &Cx, _: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let ([of, Value::Number(from), Value::Number(most)], Some(text)) = (args, result.as_str()) else {
        return None;
    };
    let most = most.to_usize().filter(|_| from.signum() == 0)?;
    let letters = text.graphemes(true).count();
    Some(match letters.cmp(&most) {
        std::cmp::Ordering::Less => is_text(cx, Some(of), text),
        std::cmp::Ordering::Equal if most == 0 => Guard::TRUE,
        std::cmp::Ordering::Equal => cx.truth(&cx.call(&BEGINS, &[to_string(cx, of), Value::from(text)])),
        std::cmp::Ordering::Greater => Guard::FALSE,
    })
}

/// A text in upper case is another one where it is that in lower case. (Letters of other alphabets whose upper case is one
/// of these are left out.)
pub fn upper(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let text = result.as_str().filter(|text| text.is_ascii())?;
    if cx.call(f, &[Value::from(text)]) != *result {
        return Some(Guard::FALSE);
    }
    let of = to_string(cx, args.first()?);
    Some(cx.equal(&cx.call(&LOWER, &[of]), &Value::from(text.to_ascii_lowercase())))
}

/// A text backwards. (A line end of two letters is one that stays as it is.)
pub fn strrev(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let text = result.as_str().filter(|text| text.is_ascii() && !text.contains('\r'))?;
    let forwards = cx.call(f, &[Value::from(text)]);
    Some(is_text(cx, args.first(), forwards.as_str()?))
}

/// A text without a beginning, or without an end.
pub fn trimmed(cx: &Cx, args: &[Value], result: &Value, within: Within) -> Option<Guard> {
    let ([of, cut], text) = (args, result.as_str()?) else { return None };
    let cut = cut.as_str().filter(|cut| !cut.is_empty())?;
    let (whole, has_it) = match within {
        Within::Ends => (format!("{text}{cut}"), text.ends_with(cut)),
        _ => (format!("{cut}{text}"), text.starts_with(cut)),
    };
    let with = is_text(cx, Some(of), &whole);
    Some(if has_it { with } else { cx.or(with, is_text(cx, Some(of), text)) })
}

/// A text with one letter in the place of another one.
pub fn replace(cx: &Cx, _: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let ([of, Value::String(what), with], Some(text)) = (args, result.as_str()) else { return None };
    let one = |text: &str| {
        let mut letters = text.chars();
        letters.next().filter(|c| letters.next().is_none() && *c != '/')
    };
    let (what, with) = (one(what)?, with.as_str()?);
    if !with.contains(what) && text.contains(what) {
        return Some(Guard::FALSE);
    }
    let with = one(with)?;
    let mut before = vec![String::new()];
    if text.chars().filter(|c| *c == with).count() > REPLACED {
        return None;
    }
    for c in text.chars() {
        let other = if c == with { before.clone() } else { Vec::new() };
        before.iter_mut().for_each(|text| text.push(c));
        before.extend(other.into_iter().map(|text| text + what.encode_utf8(&mut [0; 4])));
    }
    Some(cx.any(before.iter().map(|text| is_text(cx, Some(of), text))))
}

/// A whole number between literal texts, with as many digits as the format says.
pub fn format(cx: &Cx, f: &'static Func, args: &[Value], result: &Value) -> Option<Guard> {
    let ([Value::String(format), n @ Value::Sym(_)], Some(text)) = (args, result.as_str()) else {
        return None;
    };
    let (before, verb) = format.split_once('%')?;
    let (width, after) = verb.split_once('d')?;
    if !width.chars().all(|c| c.is_ascii_digit()) || after.contains('%') {
        return None;
    }
    let digits = text.strip_prefix(before).and_then(|text| text.strip_suffix(after));
    let number = digits.and_then(|digits| Num::parse(digits.trim_start()));
    let made = |n: &Num| cx.call(f, &[args.first().cloned().unwrap_or(Value::Null), n.clone().into()]);
    match number.filter(|n| made(n) == *result) {
        Some(number) => Some(cx.equal(n, &number.into())),
        None => Some(Guard::FALSE),
    }
}

fn is_text(cx: &Cx, of: Option<&Value>, text: &str) -> Guard {
    of.map_or(Guard::FALSE, |of| cx.equal(&to_string(cx, of), &Value::from(text)))
}
