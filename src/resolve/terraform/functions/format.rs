//! `format` and `formatlist`.
//!
//! The verbs are those of Go's formatting as Terraform restricts them. Text whose arguments are symbols is a sequence
//! of pieces where the verb only writes the value out.
//! Source: Terraform language, "format Function"; recorded results of the binary.

use num_traits::Signed;
use unicode_segmentation::UnicodeSegmentation;

use super::args::{ANY, Answer, Row, done, left_open, past_limit, row, shape, string, wrong};
use super::decimal::{exact, fixed, general, rounded, scientific, shortest, trimmed};
use super::elements;
use super::encode::to_json;
use super::solve;
use super::text::SUBSTR;
use crate::resolve::terraform::types::{to_bool, to_string};
use crate::value::func::AtLeast;
use crate::value::limits::TEXT;
use crate::value::{CollKind, Cx, Func, Num, Part, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    row(FORMATS, (1, ANY)),
    shape("formatlist", (1, ANY), Ty::Dynamic, |cx, f, a| done(format_list(cx, f, a))).at_least(AtLeast::Any),
];

const FORMATS: Func = Func::shape("format", Ty::String, |cx, f, a| {
    // An open bool or a choice inside a container is split, so that each alternative is formatted.
    let split: Vec<Value> = a.iter().map(|v| cx.split(v)).collect();
    if split.iter().any(|v| matches!(v, Value::Choice(_))) {
        return cx.lift(f, &split, &|args| format(cx, f, args));
    }
    format(cx, f, a)
})
.refusing()
.one_to_one()
.solved(solve::format);
static FORMAT: Func = FORMATS;

/// One verb: `%[2]-08.3f`.
#[derive(Debug, Default)]
struct Verb {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
    argument: Option<usize>,
    letter: char,
}

enum Piece {
    Text(String),
    Verb(Verb),
}

fn parse(cx: &Cx, template: &str) -> Result<Vec<Piece>, Value> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut chars = template.chars().peekable();
    let digits = |chars: &mut std::iter::Peekable<std::str::Chars>| -> Result<Option<usize>, Value> {
        let mut number = None;
        while let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
            let next = number.unwrap_or(0usize) * 10 + d as usize;
            if next > TEXT.most {
                return Err(past_limit(cx, &TEXT, Ty::String, &FORMAT, &[template.into()]));
            }
            number = Some(next);
            chars.next();
        }
        Ok(number)
    };
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        if chars.peek() == Some(&'%') {
            chars.next();
            text.push('%');
            continue;
        }
        let mut verb = Verb::default();
        while let Some(flag) = chars.next_if(|c| "-+# 0".contains(*c)) {
            match flag {
                '-' => verb.minus = true,
                '+' => verb.plus = true,
                '#' => verb.sharp = true,
                ' ' => verb.space = true,
                _ => verb.zero = true,
            }
        }
        let index = |chars: &mut std::iter::Peekable<std::str::Chars>| -> Result<Option<usize>, Value> {
            if chars.next_if_eq(&'[').is_none() {
                return Ok(None);
            }
            let number = digits(chars)?;
            match (number, chars.next()) {
                (Some(n @ 1..), Some(']')) => Ok(Some(n - 1)),
                _ => Err(wrong("an argument index of format is not valid")),
            }
        };
        verb.argument = index(&mut chars)?;
        verb.width = digits(&mut chars)?;
        if chars.next_if_eq(&'.').is_some() {
            verb.precision = Some(digits(&mut chars)?.unwrap_or(0));
        }
        if verb.argument.is_none() {
            verb.argument = index(&mut chars)?;
        }
        verb.letter = chars.next().ok_or_else(|| wrong("a verb of format is not finished"))?;
        if !"vtbdoxXeEfgGsq".contains(verb.letter) {
            return Err(wrong("format does not know this verb"));
        }
        pieces.push(Piece::Text(std::mem::take(&mut text)));
        pieces.push(Piece::Verb(verb));
    }
    pieces.push(Piece::Text(text));
    Ok(pieces)
}

fn format(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let Some((template, rest)) = args.split_first() else { return wrong("format takes a template") };
    let Value::String(template) = to_string(cx, template) else {
        return if *template == Value::Null {
            wrong("the template of format is null")
        } else {
            left_open(cx, f, args)
        };
    };
    done(parse(cx, &template).and_then(|pieces| {
        let mut out = Vec::new();
        let (mut next, mut highest) = (0, 0);
        let mut length = 0;
        for piece in &pieces {
            match piece {
                Piece::Text(text) => out.push(Value::from(text.as_str())),
                Piece::Verb(verb) => {
                    let at = verb.argument.unwrap_or(next);
                    next = at + 1;
                    highest = highest.max(next);
                    if length > TEXT.most {
                        return Ok(past_limit(cx, &TEXT, Ty::String, f, args));
                    }
                    let value = rest.get(at).ok_or_else(|| wrong("format has too few arguments"))?;
                    match written(cx, verb, value)? {
                        Some(text) => {
                            length += text.as_str().map_or(0, str::len);
                            out.push(text);
                        }
                        None => return Ok(left_open(cx, f, args)),
                    }
                }
            }
        }
        if highest < rest.len() {
            return Err(wrong("format has too many arguments"));
        }
        Ok(cx.concat(&out))
    }))
}

/// One value written; `None` if that is not known.
fn written(cx: &Cx, verb: &Verb, value: &Value) -> Result<Option<Value>, Value> {
    if let Value::Sym(sym) = value {
        let plain =
            verb.width.is_none() && verb.precision.is_none() && !verb.sharp && !verb.plus && !verb.space;
        let ty = cx.type_of(*sym);
        // Cut after so many letters, which may be the same ones of two texts.
        if let ('s', Some(letters), None, Ty::String) = (verb.letter, verb.precision, verb.width, &ty) {
            let args = [value.clone(), Value::from(0), Num::from_usize(letters).into()];
            return Ok(Some(cx.call(&SUBSTR, &args)));
        }
        let written = match verb.letter {
            's' => true,
            'v' => ty == Ty::String,
            'd' => ty == Ty::Number,
            _ => false,
        };
        return Ok((plain && written).then(|| value.clone()));
    }
    if !value.is_known() {
        return Ok(None);
    }
    if *value == Value::Null {
        // Terraform's result is unknown here.
        return Ok(None);
    }
    let number = || super::args::number(cx, std::slice::from_ref(value), 0);
    let text = match verb.letter {
        'v' => pad(verb, &plain(verb, value)?),
        't' => match to_bool(cx, value) {
            // The width is not applied to bools.
            Value::Bool(g) => g.is_true().to_string(),
            _ => return Err(wrong("a bool is needed")),
        },
        's' | 'q' => match to_string(cx, value) {
            Value::String(text) => {
                let cut: String = text.graphemes(true).take(verb.precision.unwrap_or(usize::MAX)).collect();
                let quoted = if verb.letter == 'q' { to_json(&Value::from(cut.as_str()))? } else { cut };
                pad(verb, &quoted)
            }
            _ => return Err(wrong("text is needed")),
        },
        'b' | 'd' | 'o' | 'x' | 'X' => integer(verb, &number()?)?,
        _ => float(verb, &number()?),
    };
    Ok(Some(string(text)))
}

/// `%v`: text as it is, numbers in their shortest form, everything else as JSON.
fn plain(verb: &Verb, value: &Value) -> Result<String, Value> {
    Ok(match value {
        Value::String(text) if !verb.sharp => text.to_string(),
        Value::Number(n) if !verb.sharp => float(&Verb { letter: 'g', ..Verb::default() }, n),
        _ => to_json(value)?,
    })
}

fn pad(verb: &Verb, text: &str) -> String {
    let missing = verb.width.unwrap_or(0).saturating_sub(text.graphemes(true).count());
    if verb.minus {
        return format!("{text}{}", " ".repeat(missing));
    }
    let fill = if verb.zero { "0" } else { " " };
    format!("{}{text}", fill.repeat(missing))
}

fn sign(verb: &Verb, negative: bool) -> &'static str {
    match (negative, verb.plus, verb.space) {
        (true, _, _) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

/// A sign, digits, and the zeros or blanks that fill the field.
fn number_field(verb: &Verb, sign: &str, digits: &str, zeros: bool) -> String {
    let length = sign.len() + digits.len();
    let missing = verb.width.unwrap_or(0).saturating_sub(length);
    if verb.minus {
        format!("{sign}{digits}{}", " ".repeat(missing))
    } else if zeros {
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{sign}{digits}", " ".repeat(missing))
    }
}

fn integer(verb: &Verb, n: &Num) -> Result<String, Value> {
    let n = n.to_integer().ok_or_else(|| wrong("a whole number is needed"))?;
    let magnitude = n.magnitude();
    let (radix, prefix) = match verb.letter {
        'b' => (2, "0b"),
        'o' => (8, "0"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = magnitude.to_str_radix(radix);
    if verb.letter == 'X' {
        digits = digits.to_uppercase();
    }
    if let Some(least) = verb.precision {
        digits = format!("{}{digits}", "0".repeat(least.saturating_sub(digits.len())));
    }
    let sign = format!("{}{}", sign(verb, n.is_negative()), if verb.sharp { prefix } else { "" });
    Ok(number_field(verb, &sign, &digits, verb.zero && verb.precision.is_none()))
}

fn float(verb: &Verb, n: &Num) -> String {
    let Num::Finite(mantissa, exponent) = n else {
        let sign = match (n.signum() < 0, verb.space) {
            (true, _) => "-",
            (_, true) => " ",
            _ => "+",
        };
        return number_field(verb, sign, "Inf", false);
    };
    let sign = sign(verb, mantissa.is_negative());
    let upper = verb.letter.is_ascii_uppercase();
    let digits = match (verb.letter, verb.precision) {
        ('f', p) => fixed(mantissa, *exponent, p.unwrap_or(6)),
        ('e' | 'E', p) => {
            let (digits, point) = exact(mantissa, *exponent);
            let (digits, point) = rounded(&digits, point, p.unwrap_or(6) + 1);
            scientific(&digits, point, p.unwrap_or(6) + 1)
        }
        (_, None) => general(&shortest(n), 6, true),
        (_, Some(p)) => {
            let (digits, point) = exact(mantissa, *exponent);
            let (digits, point) = rounded(&digits, point, p.max(1));
            general(&trimmed(&digits, point), p.max(1), false)
        }
    };
    let digits = if upper { digits.to_uppercase() } else { digits };
    number_field(verb, sign, &digits, verb.zero)
}

/// Lists are taken element by element, everything else is repeated.
fn format_list(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let Some((template, rest)) = args.split_first() else { return Err(wrong("formatlist takes a template")) };
    let listed = |v: &Value| match v {
        Value::Coll(c) => !c.kind.keyed(),
        Value::Sym(s) => matches!(cx.type_of(*s), Ty::List(_) | Ty::Set(_) | Ty::Tuple(_)),
        _ => false,
    };
    if rest.iter().any(|v| matches!(v, Value::Sym(s) if cx.type_of(*s) == Ty::Dynamic)) {
        return Ok(left_open(cx, f, args));
    }
    let columns: Vec<Vec<Part>> = rest.iter().filter(|v| listed(v)).filter_map(|v| elements(cx, v)).collect();
    let length = columns.first().map_or(1, Vec::len);
    let certain = columns.iter().flatten().all(Part::is_certain);
    if !certain && columns.len() > 1 {
        return Ok(left_open(cx, f, args));
    }
    if columns.iter().any(|c| c.len() != length) {
        return Err(wrong("the lists of formatlist differ in length"));
    }
    let parts = (0..length).map(|i| {
        let mut lists = columns.iter();
        let mut row = vec![template.clone()];
        let mut part = Part::item(Value::Null);
        for value in rest {
            if !listed(value) {
                row.push(value.clone());
            } else if let Some(item) = lists.next().and_then(|c| c.get(i)) {
                row.push(item.value.clone());
                part = Part { key: Value::Null, ..item.clone() };
            }
        }
        let text = cx.call(&FORMAT, &row);
        Part { value: text, ..part }
    });
    Ok(cx.container(CollKind::List, Ty::String, parts.collect()))
}
