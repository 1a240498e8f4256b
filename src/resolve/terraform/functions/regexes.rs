//! Regular expressions, written as RE2 does and rewritten for the engine here.
//!
//! The two differ in few places: `\d`, `\w`, `\s` and `\b` are ASCII in Terraform, a brace that repeats nothing is
//! literal, a bracket inside a class is literal, `\Q…\E` quotes, and Unicode classes have fewer names.
//! Source: Terraform language, "regex Function"; RE2, "Syntax".

use regex::{Captures, Regex, RegexBuilder};
use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};

use super::args::{Answer, Row, done, left_open, past_limit, row, shape, string, text, wrong};
use super::paths;
use super::solve;
use super::text::{HOLDS, TRIM_PREFIX, TRIM_SUFFIX, lacks};
use crate::resolve::pattern::{
    affix, group_of_the_whole, is_at_start, is_between_anchors, is_of_the_whole, looks_far, may_be_left_out,
    never_has, of_every_text, of_every_word, sample, words,
};
use crate::resolve::terraform::types::to_string;
use crate::resolve::terraform::types::unify::type_of;
use crate::value::func::{AtLeast, Gives, Within};
use crate::value::limits::{COMPILED, SEARCHED, TEXT};
use crate::value::{CollKind, Cx, Func, Guard, Part, Ty, Value};

/// The rows.
pub static TABLE: &[Row] = &[
    row(REGEXES, (2, 2)),
    shape("regexall", (2, 2), Ty::Dynamic, all_matches)
        .gives(Gives::Row)
        .sampled(samples)
        .giving_null(takes_no_part)
        .searching(of_whole)
        .accepting(|cx, a| matches!(a, [p @ Value::String(_), text] if cx.is_text(text) && pattern(cx, std::slice::from_ref(p)).is_ok()))
        .at_least(AtLeast::Match(|pattern| of_every_word(&rewrite(pattern)) == Some(true))),
    shape("replace", (3, 3), Ty::String, |cx, f, a| match a {
        _ if a.iter().all(Value::is_known) => done(replace(cx, f, a)),
        [Value::String(whole), Value::String(what), with @ Value::Sym(_)] if slashed(what).is_none() => {
            replaced_by(cx, whole, what, with)
        }
        [Value::Sym(path), Value::String(what), Value::String(with)] if slashed(what).is_none() => {
            paths::replaced(cx, *path, what, with).unwrap_or_else(|| left_open(cx, f, a))
        }
        [text, Value::String(what), Value::String(with)]
            if with.is_empty() && cx.is_text(text) && let Some((trim, affix)) = trims(what) =>
        {
            cx.call(trim, &[text.clone(), affix])
        }
        _ => left_open(cx, f, a),
    })
    .keeping(|cx, a| match a {
        [text, what @ Value::String(of), _] if slashed(of).is_none() => lacks(cx, &HOLDS, text, what),
        _ => Guard::FALSE,
    })
    .solved(|cx, f, a, result| whole_words(cx, a, result).or_else(|| solve::replace(cx, f, a, result)))
    .keeping_texts(|a, letter| match a {
        [_, Value::String(of), _] => match slashed(of) {
            Some(pattern) => compile(pattern).is_ok() && of_every_text(&rewrite(pattern), letter) == Some(false),
            None => super::text::never_has(of, letter),
        },
        _ => false,
    }),
];

const REGEXES: Func = Func::shape("regex", Ty::Dynamic, |cx, f, a| match a {
    [Value::String(of), word] if is_of_the_whole(&rewrite(of)) && !f.may_refuse(cx, a) => word.clone(),
    [Value::String(of), word] if cx.is_word(word) => match group_of_the_whole(&rewrite(of)) {
        Some(Some(name)) => Value::object([(name, word.clone())]),
        Some(None) => Value::tuple([word.clone()]),
        None => searched(cx, f, a, first),
    },
    _ => searched(cx, f, a, first),
})
.refusing()
.sampled(samples)
.giving_null(takes_no_part)
.searching(of_whole)
.refusing_with(|a, within, part| {
    let pattern = a.first().and_then(Value::as_str);
    pattern.is_some_and(|of| never_has(&rewrite(of), within == Within::Begins, part))
})
.accepting(|cx, a| match a {
    [known @ Value::String(text), word] if cx.is_word(word) => {
        of_every_word(&rewrite(text)) == Some(true) && pattern(cx, std::slice::from_ref(known)).is_ok()
    }
    _ => false,
});
static REGEX: Func = REGEXES;

/// Why a pattern has no automaton.
#[derive(Debug)]
enum Uncompiled {
    /// It is none.
    Invalid,
    /// It would take more memory than [`COMPILED`].
    TooLarge,
}

fn compile(pattern: &str) -> Result<Regex, Uncompiled> {
    let pattern = rewrite(pattern);
    let parsed = ast::parse::Parser::new().parse(&pattern).map_err(|_| Uncompiled::Invalid)?;
    if !repeats_as_in_re2(&parsed, MOST_REPEATED) {
        return Err(Uncompiled::Invalid);
    }
    RegexBuilder::new(&pattern).size_limit(COMPILED.most).build().map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Uncompiled::TooLarge,
        _ => Uncompiled::Invalid,
    })
}

/// A pattern compiled; refused if it is none, open past the limit.
fn compiled(cx: &Cx, pattern: &str) -> Result<Regex, Value> {
    compile(pattern).map_err(|why| match why {
        Uncompiled::Invalid => wrong("this regular expression is not valid"),
        Uncompiled::TooLarge => past_limit(cx, &COMPILED, Ty::Dynamic, &REGEX, &[pattern.into()]),
    })
}

/// How often RE2 repeats something at most, repetitions of repetitions included.
const MOST_REPEATED: u32 = 1000;

/// Whether RE2 takes the repetitions: none follows another (`a**`), and counted ones multiply to so many at most.
fn repeats_as_in_re2(pattern: &Ast, most: u32) -> bool {
    match pattern {
        Ast::Repetition(repeated) => {
            let often = match &repeated.op.kind {
                RepetitionKind::Range(RepetitionRange::Exactly(n) | RepetitionRange::AtLeast(n)) => *n,
                RepetitionKind::Range(RepetitionRange::Bounded(_, n)) => *n,
                _ => 1,
            };
            let nested = matches!(*repeated.ast, Ast::Repetition(_));
            !nested && often <= most && repeats_as_in_re2(&repeated.ast, most / often.max(1))
        }
        Ast::Group(group) => repeats_as_in_re2(&group.ast, most),
        Ast::Alternation(all) => all.asts.iter().all(|one| repeats_as_in_re2(one, most)),
        Ast::Concat(all) => all.asts.iter().all(|one| repeats_as_in_re2(one, most)),
        _ => true,
    }
}

/// The classes that RE2 knows as `[:alpha:]`.
const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];
/// What is refused: nothing is called so.
const NO_CLASS: &str = "\\p{sc=-}";

fn rewrite(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut class = false;
    let mut class_start = false;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        let at_start = std::mem::replace(&mut class_start, false);
        match c {
            '\\' => {
                let Some(next) = tail.chars().next() else {
                    out.push('\\');
                    break;
                };
                let after = tail.get(next.len_utf8()..).unwrap_or_default();
                if next == 'Q' && !class {
                    let (quoted, after) = after.split_once("\\E").unwrap_or((after, ""));
                    out.push_str(&regex::escape(quoted));
                    rest = after;
                    continue;
                }
                if matches!(next, 'p' | 'P') {
                    let (named, after) = unicode_class(next == 'P', after);
                    out.push_str(&named);
                    rest = after;
                    continue;
                }
                // A code point in braces.
                let code =
                    after.strip_prefix('{').filter(|_| next == 'x').and_then(|code| code.split_once('}'));
                if let Some((code, after)) = code {
                    out.push_str(&format!("\\x{{{code}}}"));
                    rest = after;
                    continue;
                }
                match (next, class) {
                    ('u' | 'U', _) => out.push_str(NO_CLASS),
                    ('<' | '>', _) => out.push(next),
                    ('d', true) => out.push_str("0-9"),
                    ('w', true) => out.push_str("0-9A-Za-z_"),
                    ('s', true) => out.push_str("\\t\\n\\f\\r "),
                    ('d', false) => out.push_str("[0-9]"),
                    ('w', false) => out.push_str("[0-9A-Za-z_]"),
                    ('s', false) => out.push_str("[\\t\\n\\f\\r ]"),
                    ('D', _) => out.push_str("[^0-9]"),
                    ('W', _) => out.push_str("[^0-9A-Za-z_]"),
                    ('S', _) => out.push_str("[^\\t\\n\\f\\r ]"),
                    ('b' | 'B', false) => out.push_str(&format!("(?-u:\\{next})")),
                    _ => out.extend(['\\', next]),
                }
                rest = after;
                continue;
            }
            '[' if class => {
                if let Some((name, after)) = tail.strip_prefix(':').and_then(|tail| tail.split_once(":]")) {
                    let known = POSIX.contains(&name.strip_prefix('^').unwrap_or(name));
                    out.push_str(&if known { format!("[:{name}:]") } else { NO_CLASS.into() });
                    rest = after;
                    continue;
                }
                out.push_str("\\[");
            }
            '[' => {
                class = true;
                class_start = true;
                out.push('[');
                if let Some(after) = tail.strip_prefix('^') {
                    out.push('^');
                    rest = after;
                    continue;
                }
            }
            '(' if !class && !is_group(tail) => out.push_str(NO_CLASS),
            ']' if class && !at_start => {
                class = false;
                out.push(']');
            }
            ']' => out.push_str("\\]"),
            '&' | '~' if class => out.extend(['\\', c]),
            '{' if !class && !repeats(tail) => out.push_str("\\{"),
            other => out.push(other),
        }
        rest = tail;
    }
    out
}

/// The class of a Unicode category or script, from behind its `\\p`, and what follows it. RE2 knows one or two letters of a
/// category, `Any`, and scripts as they are written; what else the engine here knows is no class.
fn unicode_class(negated: bool, after: &str) -> (String, &str) {
    let name = match after.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
        Some((name, rest)) => Some((name, rest)),
        None => after.chars().next().and_then(|c| after.split_at_checked(c.len_utf8())),
    };
    let Some((name, rest)) = name else { return ("\\p".into(), after) };
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (!negated, name),
        None => (negated, name),
    };
    let class = if negated { 'P' } else { 'p' };
    let capitalised = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().skip(1).all(|c| c.is_ascii_alphabetic() || c == '_');
    let lower = name.get(1..).is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_lowercase()));
    let named = match name {
        "Any" => "any".into(),
        _ if capitalised && name.len() == 1 => format!("gc={name}"),
        _ if capitalised && lower && name.len() == 2 => format!("gc={name}"),
        _ if capitalised && lower => format!("sc={name}"),
        _ => return (NO_CLASS.into(), rest),
    };
    (format!("\\{class}{{{named}}}"), rest)
}

/// Whether RE2 knows what begins with `(` and this behind it: a group, one with a name, or the flags `i`, `m`, `s`, `U`.
fn is_group(tail: &str) -> bool {
    let Some(kind) = tail.strip_prefix('?') else { return true };
    match kind.strip_prefix("P<").or_else(|| kind.strip_prefix('<')) {
        Some(named) => named.split_once('>').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        }),
        None => {
            kind.split([':', ')']).next().is_some_and(|flags| flags.bytes().all(|b| b"imsU-".contains(&b)))
        }
    }
}

/// Whether `{` with this behind it is a repetition: `{2}`, `{2,}`, `{2,3}`.
fn repeats(tail: &str) -> bool {
    let Some((inner, _)) = tail.split_once('}') else { return false };
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    !low.is_empty() && digits(low) && digits(high)
}

/// What a match gives, made of its groups: the text, a tuple of the groups, or an object of the named groups.
fn of_groups(regex: &Regex, group: impl Fn(usize) -> Value) -> Value {
    let names: Vec<Option<&str>> = regex.capture_names().skip(1).collect();
    if names.is_empty() {
        return group(0);
    }
    if names.iter().any(Option::is_some) {
        let named = names.iter().enumerate().filter_map(|(i, n)| Some(((*n)?, group(i + 1))));
        return Value::object(named);
    }
    Value::tuple((1..=names.len()).map(group))
}

fn matched(regex: &Regex, found: &Captures) -> Value {
    of_groups(regex, |i| found.get(i).map_or(Value::Null, |m| string(m.as_str())))
}

/// The type of what a match gives.
fn match_type(cx: &Cx, regex: &Regex) -> Ty {
    type_of(cx, &of_groups(regex, |_| Value::from("")))
}

fn pattern(cx: &Cx, args: &[Value]) -> Result<Regex, Value> {
    let regex = compiled(cx, &text(cx, args, 0)?)?;
    let names = || regex.capture_names().skip(1);
    if names().any(|n| n.is_some()) && names().any(|n| n.is_none()) {
        return Err(wrong("named and unnamed groups are mixed in this regular expression"));
    }
    Ok(regex)
}

/// A search in a text that is not known: where few texts match, it is one of them or nothing is found.
fn searched(cx: &Cx, f: &'static Func, args: &[Value], find: fn(&Cx, &[Value]) -> Answer) -> Value {
    if args.iter().all(Value::is_known) {
        return done(find(cx, args));
    }
    let [given @ Value::String(pattern), text] = args else { return left_open(cx, f, args) };
    let text = to_string(cx, text);
    let rewritten = rewrite(pattern);
    let words = words(&rewritten);
    cx.map(&text, |text| match (text, &words) {
        // What no word has: one is as good as another.
        (Value::Sym(_), _) if cx.is_word(text) && of_every_word(&rewritten) == Some(false) => {
            done(find(cx, &[Value::String(pattern.clone()), Value::from("a")]))
        }
        (Value::Sym(_), Some(words)) => {
            let at = |word: &str| done(find(cx, &[Value::String(pattern.clone()), Value::from(word)]));
            let (mut found, mut left) = (Vec::new(), Guard::TRUE);
            for word in words {
                // What a secret pattern matches tells it.
                let word_of = cx.marked_from(given, Value::from(word.as_str()));
                let here = cx.and(left, cx.equal(text, &word_of));
                found.push((here, at(word)));
                left = cx.and(left, cx.not(here));
            }
            // Nothing that the list leaves out is matched.
            let other = words.iter().map(String::len).max().map_or(0, |longest| longest + 1);
            found.push((left, at(&"-".repeat(other))));
            cx.choice(found)
        }
        (Value::Sym(_), None) => left_open(cx, f, &[Value::String(pattern.clone()), text.clone()]),
        (known, _) => done(find(cx, &[Value::String(pattern.clone()), known.clone()])),
    })
}

/// All matches in a text; a pattern that begins where the text does has one at most.
fn all_matches(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let once = |pattern: &str| is_at_start(&rewrite(pattern)) && words(&rewrite(pattern)).is_none();
    match args {
        [Value::String(text), Value::Sym(_)] if once(text) => {
            let regex = match pattern(cx, args) {
                Ok(regex) => regex,
                Err(refused) => return refused,
            };
            let found = cx.alternatives(&searched(cx, &REGEX, args, first)).into_iter();
            let found = found.filter(|(_, v)| !matches!(v, Value::Refused(_)));
            let parts = found.map(|(guard, v)| Part { guard, ..Part::item(v) }).collect();
            cx.container(CollKind::List, match_type(cx, &regex), parts)
        }
        _ => searched(cx, f, args, every),
    }
}

/// A pattern that only matches whole texts, as the engine here reads it.
fn of_whole(pattern: &str) -> Option<String> {
    Some(rewrite(pattern)).filter(|pattern| is_between_anchors(pattern))
}

/// Whether a group of a pattern, by its name or place, may take no part in a match.
fn takes_no_part(args: &[Value], group: &str) -> bool {
    let pattern = args.first().and_then(Value::as_str);
    pattern.is_some_and(|pattern| may_be_left_out(&rewrite(pattern), group))
}

/// A text that the pattern matches, and as many of them as some number says.
fn samples(args: &[Value], constants: &[Value]) -> Vec<Value> {
    let Some(pattern) = args.first().and_then(Value::as_str).map(rewrite) else { return Vec::new() };
    let (Some(one), Ok(regex)) = (sample(&pattern), Regex::new(&pattern)) else { return Vec::new() };
    let counts = constants.iter().filter_map(|c| c.as_number()?.to_usize());
    let several = counts.filter(|n| (1..REPEATED).contains(n)).map(|n| vec![one.as_str(); n + 1].join(" "));
    let all = [one.clone()].into_iter().chain(several);
    all.filter(|text| regex.is_match(text)).map(Value::from).collect()
}

/// Up to how many matches a sample has.
const REPEATED: usize = 16;

fn first(cx: &Cx, args: &[Value]) -> Answer {
    let (regex, text) = (pattern(cx, args)?, text(cx, args, 1)?);
    let found = regex.captures(&text).ok_or_else(|| wrong("the regular expression does not match"))?;
    Ok(matched(&regex, &found))
}

fn every(cx: &Cx, args: &[Value]) -> Answer {
    let (regex, text) = (pattern(cx, args)?, text(cx, args, 1)?);
    if is_endless(cx, &regex, &text) {
        return Ok(past_limit(cx, &SEARCHED, Ty::Dynamic, &REGEX, args));
    }
    let parts = regex.captures_iter(&text).map(|found| Part::item(matched(&regex, &found))).collect();
    Ok(Value::typed(CollKind::List, match_type(cx, &regex), parts))
}

/// When `replace` gives this text, where its pattern matches a few texts as a whole: these become another one, and all others stay.
fn whole_words(cx: &Cx, args: &[Value], result: &Value) -> Option<Guard> {
    let [of, Value::String(what), Value::String(with)] = args else { return None };
    let (result, pattern) = (result.as_str()?, slashed(what)?);
    let words = words(&rewrite(pattern)).filter(|_| compile(pattern).is_ok() && !with.contains('$'))?;
    let is = |text: &str| cx.equal(&to_string(cx, of), &Value::from(text));
    let itself = if words.iter().any(|word| word == result) { Guard::FALSE } else { is(result) };
    let matched = if **with == *result { cx.any(words.iter().map(|word| is(word))) } else { Guard::FALSE };
    Some(cx.or(itself, matched))
}

/// The regular expression that what is to be replaced is, if it is none that is literal text.
fn slashed(what: &str) -> Option<&str> {
    what.strip_prefix('/').filter(|_| what.len() > 1)?.strip_suffix('/')
}

/// The function that takes off a text what the pattern matches, where that is one text at its beginning or its end:
/// `replace(x, "/^svc-/", "")` is `trimprefix(x, "svc-")`.
fn trims(what: &str) -> Option<(&'static Func, Value)> {
    let pattern = slashed(what)?;
    let (begins, affix) = affix(&rewrite(pattern)).filter(|_| compile(pattern).is_ok())?;
    Some((if begins { &TRIM_PREFIX } else { &TRIM_SUFFIX }, string(affix)))
}

/// Literal text in a known text, replaced by what is not known: pieces.
fn replaced_by(cx: &Cx, whole: &str, what: &str, with: &Value) -> Value {
    let mut pieces: Vec<Value> = Vec::new();
    for (i, between) in whole.split(what).enumerate() {
        if i > 0 {
            pieces.push(with.clone());
        }
        pieces.push(Value::from(between));
    }
    cx.concat(&pieces)
}

/// A pattern between slashes is a regular expression, anything else literal text.
fn replace(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let (whole, what, with) = (text(cx, args, 0)?, text(cx, args, 1)?, text(cx, args, 2)?);
    if let Some(pattern) = slashed(&what) {
        let regex = compiled(cx, pattern)?;
        if is_endless(cx, &regex, &whole) {
            return Ok(past_limit(cx, &SEARCHED, Ty::String, f, args));
        }
        // A replacement may stand for what was found, several times.
        if whole.len().saturating_mul(with.len()) > TEXT.most && grown(&regex, &whole, &with) {
            return Ok(past_limit(cx, &TEXT, Ty::String, f, args));
        }
        return Ok(string(regex.replace_all(&whole, &*with).into_owned()));
    }
    if whole.len().saturating_mul(with.len()) > TEXT.most
        && whole.matches(&*what).count().saturating_mul(with.len()) > TEXT.most
    {
        return Ok(past_limit(cx, &TEXT, Ty::String, f, args));
    }
    Ok(string(whole.replace(&*what, &with)))
}

/// Whether finding all matches would search the text again and again: behind each of the `x` that `x*y|x` matches, one by
/// one, the rest of the text is searched for a `y`.
fn is_endless(cx: &Cx, regex: &Regex, text: &str) -> bool {
    if text.len() < FEW_BYTES || !looks_far(regex.as_str()) {
        return false;
    }
    let mut searched = 0usize;
    let endless = regex.find_iter(text).any(|found| {
        searched = searched.saturating_add(text.len().saturating_sub(found.start()));
        searched > SEARCHED.most
    });
    cx.spend(searched / SEARCHED_AT_ONCE);
    endless
}

/// A text of fewer bytes is searched in no time, whatever the pattern is.
const FEW_BYTES: usize = 1 << 12;
/// How many bytes are searched in the time that a step of evaluation takes.
const SEARCHED_AT_ONCE: usize = 256;

/// Whether replacing gives a text past the limit, each reference taken for the longest that it could be.
fn grown(regex: &Regex, whole: &str, with: &str) -> bool {
    let references = with.matches('$').count();
    let length = |found: regex::Match| with.len().saturating_add(references.saturating_mul(found.len()));
    regex.find_iter(whole).map(length).fold(0, usize::saturating_add) > TEXT.most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_ascii() {
        for (pattern, yes, no) in
            [("^\\w$", "a", "é"), ("^[\\d.]$", "1", "٣"), ("^\\s$", " ", "\u{a0}"), ("^\\D$", "é", "1")]
        {
            let regex = compile(pattern).unwrap();
            assert!(regex.is_match(yes) && !regex.is_match(no), "{pattern}");
        }
    }

    #[test]
    fn what_repeats_nothing_is_literal() {
        for (pattern, text) in [
            ("^{x}$", "{x}"),
            ("^[[]$", "["),
            ("^[]a]$", "]"),
            ("^\\Qa.b\\E$", "a.b"),
            ("^a{2}$", "aa"),
            ("^[&&]$", "&"),
        ] {
            assert!(compile(pattern).unwrap().is_match(text), "{pattern}");
        }
        assert!(!compile("^\\Qa.b\\E$").unwrap().is_match("axb"));
    }
}
