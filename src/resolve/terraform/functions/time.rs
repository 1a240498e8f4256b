//! Timestamps in RFC 3339: `formatdate`, `timeadd`, `timecmp`, and the dates of YAML.
//!
//! Source: Terraform language, "formatdate Function"; RFC 3339; Go's duration syntax, which `timeadd` takes.

use super::args::{Answer, Row, done, known, text, wrong};
use crate::date::{SECONDS as DAY, date, days, month_days};
use crate::value::{Cx, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    known("formatdate", (2, 2), Ty::String, |cx, _, a| done(format(cx, a))),
    known("timeadd", (2, 2), Ty::String, |cx, _, a| done(add(cx, a))),
    known("timecmp", (2, 2), Ty::Number, |cx, _, a| done(compare(cx, a))),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];

/// A point in time with the offset it was written with.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    /// Seconds since 1970 of the clock on the wall.
    local: i64,
    nanos: i64,
    /// Seconds that the clock is ahead of UTC.
    offset: i64,
}

/// Takes digits off the front: at least `least`, at most `most`.
fn digits(rest: &mut &str, least: usize, most: usize) -> Option<i64> {
    let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if n < least {
        return None;
    }
    let (number, after) = rest.split_at(n);
    *rest = after;
    number.parse().ok()
}

fn sign(rest: &mut &str, one: char) -> Option<()> {
    *rest = rest.strip_prefix(one)?;
    Some(())
}

/// `strict` is RFC 3339; else parts may be one digit and the zone may be missing, as in YAML.
fn parse(text: &str, strict: bool) -> Option<Stamp> {
    let rest = &mut &*text;
    let least = if strict { 2 } else { 1 };
    let year = digits(rest, 4, 4)?;
    sign(rest, '-')?;
    let month = digits(rest, least, 2)?;
    sign(rest, '-')?;
    let day = digits(rest, least, 2)?;
    if !(1..=month_days(year, month)?).contains(&day) {
        return None;
    }
    let midnight = days(year, month, day) * DAY;
    if rest.is_empty() && !strict {
        return Some(Stamp { local: midnight, nanos: 0, offset: 0 });
    }
    let separator = rest.chars().next()?;
    if !(separator == 'T' || (!strict && matches!(separator, 't' | ' '))) {
        return None;
    }
    sign(rest, separator)?;
    let hour = digits(rest, least, 2)?;
    sign(rest, ':')?;
    let minute = digits(rest, least, 2)?;
    sign(rest, ':')?;
    let second = digits(rest, least, 2)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut nanos = 0;
    if sign(rest, '.').is_some() {
        let n = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (fraction, after) = rest.split_at(n);
        *rest = after;
        let padded: String = fraction.chars().chain("000000000".chars()).take(9).collect();
        if n == 0 {
            return None;
        }
        nanos = padded.parse().ok()?;
    }
    let offset = match rest.chars().next() {
        // Behind a blank there is no zone.
        None if separator == ' ' => 0,
        _ if separator == ' ' => return None,
        Some('Z') => {
            sign(rest, 'Z')?;
            0
        }
        Some(direction @ ('+' | '-')) => {
            sign(rest, direction)?;
            let hours = digits(rest, 2, 2)?;
            sign(rest, ':')?;
            let minutes = digits(rest, 2, 2)?;
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 60 + minutes) * if direction == '-' { -60 } else { 60 }
        }
        _ => return None,
    };
    if !rest.is_empty() {
        return None;
    }
    Some(Stamp { local: midnight + hour * 3600 + minute * 60 + second, nanos, offset })
}

/// The timestamp that a plain YAML scalar is, in RFC 3339; `None` if it is none.
pub fn yaml_timestamp(text: &str) -> Option<String> {
    parse(text, false).map(|s| s.show())
}

impl Stamp {
    fn zone(self, colon: &str) -> String {
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn show(self) -> String {
        let (year, month, day) = date(self.local.div_euclid(DAY));
        let of_day = self.local.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let zone = if self.offset == 0 { "Z".to_string() } else { self.zone(":") };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }

    /// One field of a format, by its letters.
    fn field(self, letters: &str) -> Option<String> {
        let (year, month, day) = date(self.local.div_euclid(DAY));
        let of_day = self.local.rem_euclid(DAY);
        let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
        let half = if hour % 12 == 0 { 12 } else { hour % 12 };
        let name = |names: &[&str], i: i64| {
            usize::try_from(i).ok().and_then(|i| names.get(i)).map_or_else(String::new, |n| (*n).to_string())
        };
        let month_name = name(&MONTHS, month - 1);
        let weekday = name(&WEEKDAYS, self.local.div_euclid(DAY).rem_euclid(7));
        let short = |text: &str| text.chars().take(3).collect::<String>();
        Some(match letters {
            "YYYY" => format!("{year:04}"),
            "YY" => format!("{:02}", year % 100),
            "MMMM" => month_name,
            "MMM" => short(&month_name),
            "MM" => format!("{month:02}"),
            "M" => month.to_string(),
            "DD" => format!("{day:02}"),
            "D" => day.to_string(),
            "EEEE" => weekday,
            "EEE" => short(&weekday),
            "hh" => format!("{hour:02}"),
            "h" => hour.to_string(),
            "HH" => format!("{half:02}"),
            "H" => half.to_string(),
            "AA" => if hour < 12 { "AM" } else { "PM" }.into(),
            "aa" => if hour < 12 { "am" } else { "pm" }.into(),
            "mm" => format!("{minute:02}"),
            "m" => minute.to_string(),
            "ss" => format!("{second:02}"),
            "s" => second.to_string(),
            "ZZZZZ" => self.zone(":"),
            "ZZZZ" => self.zone(""),
            "ZZZ" if self.offset == 0 => "UTC".into(),
            "ZZZ" => self.zone(""),
            "Z" if self.offset == 0 => "Z".into(),
            "Z" => self.zone(":"),
            _ => return None,
        })
    }
}

fn stamp(cx: &Cx, args: &[Value], i: usize) -> Result<Stamp, Value> {
    parse(&text(cx, args, i)?, true).ok_or_else(|| wrong("this is not a timestamp in RFC 3339"))
}

fn format(cx: &Cx, args: &[Value]) -> Answer {
    let (spec, stamp) = (text(cx, args, 0)?, stamp(cx, args, 1)?);
    let mut out = String::new();
    let mut rest: &str = &spec;
    while let Some(c) = rest.chars().next() {
        if let Some(quoted) = rest.strip_prefix('\'') {
            let mut after = quoted;
            loop {
                let (literal, more) =
                    after.split_once('\'').ok_or_else(|| wrong("a quoted literal does not end"))?;
                out.push_str(literal);
                match more.strip_prefix('\'') {
                    Some(next) => {
                        out.push('\'');
                        after = next;
                    }
                    None => {
                        rest = more;
                        break;
                    }
                }
            }
            continue;
        }
        if !c.is_ascii_alphabetic() {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let n = rest.chars().take_while(|d| *d == c).count();
        let (letters, after) = rest.split_at(n);
        out.push_str(&stamp.field(letters).ok_or_else(|| wrong("formatdate does not know this field"))?);
        rest = after;
    }
    Ok(Value::from(out))
}

/// A duration in nanoseconds: `1h30m`, `-1.5s`.
fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total: i128 = 0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let n = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let (number, after) = rest.split_at(n);
        let n = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(n);
        rest = after;
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if [whole, fraction].concat().is_empty() || fraction.contains('.') {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        total = total.checked_add(whole.checked_mul(scale)?)?;
        let fraction: String = fraction.chars().take(18).collect();
        if !fraction.is_empty() {
            let tenths = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            total += fraction.parse::<i128>().ok()? * scale / tenths;
        }
    }
    let total = if negative { -total } else { total };
    // As many nanoseconds as fit 64 bits.
    i64::try_from(total).is_ok().then_some(total)
}

fn add(cx: &Cx, args: &[Value]) -> Answer {
    let stamp = stamp(cx, args, 0)?;
    let duration = duration(&text(cx, args, 1)?).ok_or_else(|| wrong("this is not a duration"))?;
    let nanos = i128::from(stamp.local) * 1_000_000_000 + i128::from(stamp.nanos) + duration;
    let local =
        i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(|_| wrong("this time is too far away"))?;
    Ok(Value::from(Stamp { local, nanos: 0, ..stamp }.show()))
}

fn compare(cx: &Cx, args: &[Value]) -> Answer {
    let instant = |s: Stamp| (s.local - s.offset, s.nanos);
    let order = instant(stamp(cx, args, 0)?).cmp(&instant(stamp(cx, args, 1)?));
    Ok(Value::from(order as i64))
}
