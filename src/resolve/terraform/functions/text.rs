//! Functions over text. Lengths and positions count grapheme clusters, as Terraform does.
//!
//! Case is changed character by character: one that has no single counterpart stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::args::{
    ANY, Also, Answer, Blanks, Row, carrying, done, past_limit, row, shape, string, strings, text, total,
    total_shape, whole, wrong,
};
use super::elements;
use super::solve;
use crate::resolve::pieces::{between_known, by_pattern};
use crate::value::func::{AtLeast, Carries, Form, Gives, Letter, Within};
use crate::value::leaves::parted;
use crate::value::limits::{ALTERNATIVES, TEXT};
use crate::value::order::in_a_row;
use crate::value::shortest::is_word_letter;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Func, Guard, Part, SymId, Ty, Value};

/// Two texts that are the same up to where `substr` cuts them.
fn cuts(args: &[Value], constants: &[Value]) -> Vec<Value> {
    let numbers = args.iter().skip(1).filter_map(|n| n.as_number()?.to_usize());
    let same = "a".repeat(numbers.fold(0, usize::saturating_add).min(CUT));
    let texts = constants.iter().filter(|c| c.as_str().is_some()).cloned();
    texts.chain(["b", "c"].map(|end| Value::from(format!("{same}{end}")))).collect()
}

/// Up to how many letters of two texts are the same.
const CUT: usize = 64;

/// `startswith`
pub const STARTS_WITH: Func =
    Func::shape("startswith", Ty::Bool, |cx, f, a| has_part(cx, f, a, Within::Begins)).within(Within::Begins);

const ENDS_WITH: Func =
    Func::shape("endswith", Ty::Bool, |cx, f, a| has_part(cx, f, a, Within::Ends)).within(Within::Ends);
const HAS: Func =
    Func::shape("strcontains", Ty::Bool, |cx, f, a| has_part(cx, f, a, Within::Holds)).within(Within::Holds);
/// `startswith`
pub static BEGINS: Func = STARTS_WITH;
static ENDS: Func = ENDS_WITH;
/// `strcontains`
pub static HOLDS: Func = HAS;

/// When a text lacks a part.
pub fn lacks(cx: &Cx, predicate: &'static Func, text: &Value, part: &Value) -> Guard {
    let both = [text, part];
    let has = || cx.truth(&cx.call(predicate, &both.map(Clone::clone)));
    if both.iter().all(|v| cx.is_text(v)) { cx.not(has()) } else { Guard::FALSE }
}

const WITHOUT_BEGINNING: Func =
    Func::shape("trimprefix", Ty::String, |cx, f, a| trim_affix(cx, f, a, Within::Begins))
        .solved(|cx, _, a, result| solve::trimmed(cx, a, result, Within::Begins))
        .keeping(|cx, a| if let [text, cut] = a { lacks(cx, &BEGINS, text, cut) } else { Guard::FALSE });
/// `trimprefix`
pub static TRIM_PREFIX: Func = WITHOUT_BEGINNING;
const WITHOUT_END: Func =
    Func::shape("trimsuffix", Ty::String, |cx, f, a| trim_affix(cx, f, a, Within::Ends))
        .solved(|cx, _, a, result| solve::trimmed(cx, a, result, Within::Ends))
        .keeping(|cx, a| if let [text, cut] = a { lacks(cx, &ENDS, text, cut) } else { Guard::FALSE });
/// `trimsuffix`
pub static TRIM_SUFFIX: Func = WITHOUT_END;

const IN_LOWER_CASE: Func =
    Func::known("lower", Ty::String, |cx, _, a| one(cx, a, |t| t.chars().map(lower).collect()))
        .one_to_one()
        .at_least(AtLeast::First)
        .case_only();
/// `lower`
pub static LOWER: Func = IN_LOWER_CASE;

/// The rows.
pub static TABLE: &[Row] = &[
    row(IN_LOWER_CASE, (1, 1)),
    total("upper", (1, 1), Ty::String, |cx, _, a| one(cx, a, |t| t.chars().map(upper).collect()))
        .one_to_one()
        .at_least(AtLeast::First)
        .case_only()
        .solved(solve::upper),
    total("title", (1, 1), Ty::String, |cx, _, a| one(cx, a, title))
        .one_to_one()
        .at_least(AtLeast::First)
        .case_only(),
    total_shape("chomp", (1, 1), Ty::String, |cx, f, a| {
        let stays = |t: &str| !t.ends_with(['\r', '\n']);
        let ends = |t: &str| stays(t).then(|| t.to_string());
        at_end(cx, f, a, Within::Ends, ends, |t, _| t.trim_end_matches(['\r', '\n']).to_string())
    })
    .idempotent()
    .keeping_texts(|_, letter| !"\r\n".contains(letter))
    .also(Also::Lays(Blanks::LineEnds)),
    total("trimspace", (1, 1), Ty::String, |cx, _, a| one(cx, a, |t| t.trim().to_string()))
        .idempotent()
        .keeping_texts(|_, letter| !(0..=127).map(char::from).any(|c| c.is_whitespace() && letter(c)))
        .also(Also::Lays(Blanks::Around)),
    total("strrev", (1, 1), Ty::String, |cx, _, a| one(cx, a, |t| t.graphemes(true).rev().collect()))
        .at_least(AtLeast::First)
        .one_to_one()
        .solved(solve::strrev),
    total("trim", (2, 2), Ty::String, |cx, _, a| {
        two(cx, a, |t, c| t.trim_matches(|x| c.contains(x)).to_string())
    })
    .keeping_texts(|a, letter| matches!(a, [_, Value::String(cut)] if !cut.contains(letter)))
    .idempotent(),
    row(WITHOUT_BEGINNING, (2, 2)).keeping_texts(without_second),
    row(WITHOUT_END, (2, 2)).keeping_texts(without_second),
    row(STARTS_WITH, (2, 2)),
    row(ENDS_WITH, (2, 2)),
    row(HAS, (2, 2)),
    row(JOINS, (2, ANY)),
    // The lines of a file are what it lists.
    carrying(
        Carries::Decoded,
        shape("split", (2, 2), Ty::Dynamic, split)
            .sampled(parted)
            .undoing(Form::Joined)
            .keeping(|cx, a| if let [by, text] = a { lacks(cx, &HOLDS, text, by) } else { Guard::FALSE })
            .keeping_texts(|a, letter| matches!(a, [Value::String(by), _] if never_has(by, letter)))
            .gives(Gives::Texts)
            .accepting(|cx, a| a.iter().all(|text| cx.is_text(text)))
            .also(Also::Pieces),
    ),
    // Nobody indents by less than nothing.
    total("indent", (2, 2), Ty::String, |cx, f, a| done(indent(cx, f, a)))
        .keeping_texts(|a, letter| matches!(a, [Value::Number(by), _] if by.signum() >= 0 && !letter('\n')))
        .also(Also::Lays(Blanks::Indents)),
    row(PIECE, (3, 3)),
];

/// A part of a text, by the places of its letters.
pub static SUBSTR: Func = PIECE;
const PIECE: Func = Func::known("substr", Ty::String, |cx, _, a| done(substr(cx, a)))
    .refusing()
    .at_least(AtLeast::Cut)
    .sampled(cuts)
    .solved(solve::substr);

/// Whether no text of such letters has this one in it.
pub fn never_has(text: &str, letter: Letter) -> bool {
    !text.is_empty() && !text.chars().all(letter)
}

/// Whether nothing is taken off a text of such letters: the second argument is not in it.
fn without_second(args: &[Value], letter: Letter) -> bool {
    matches!(args, [_, Value::String(cut)] if cut.is_empty() || never_has(cut, letter))
}

/// Texts of as many letters as the numbers beside a length say, and of one more.
pub fn of_length(_: &[Value], constants: &[Value]) -> Vec<Value> {
    let numbers = constants.iter().filter_map(|c| c.as_number()?.floor().to_usize());
    let few = numbers.filter(|n| *n <= LETTERS);
    few.chain([0]).flat_map(|n| [n, n + 1]).map(|n| string("a".repeat(n).as_str())).collect()
}

/// Up to how many letters a text has that is looked at for its length.
const LETTERS: usize = 64;

fn one(cx: &Cx, args: &[Value], f: fn(&str) -> String) -> Value {
    done(text(cx, args, 0).map(|t| string(f(&t))))
}

fn two(cx: &Cx, args: &[Value], f: fn(&str, &str) -> String) -> Value {
    done(text(cx, args, 0).and_then(|t| Ok(string(f(&t, &text(cx, args, 1)?)))))
}

/// What is left of a text that is not known without a beginning or an end that it has: `${a}/x` without `${a}/`.
fn without(cx: &Cx, args: &[Value], within: Within) -> Option<Value> {
    let [Value::Sym(whole), Value::Sym(sym)] = args else { return None };
    let pieces = |sym: SymId| cx.pieces_of(sym).unwrap_or_else(|| [Piece::Sym(sym)].into());
    let (mut left, mut affix) = (pieces(*whole).to_vec(), pieces(*sym).to_vec());
    let at_end = within == Within::Ends;
    if !at_end {
        left.reverse();
        affix.reverse();
    }
    // The outermost pieces are the last ones.
    while let Some(cut) = affix.pop() {
        let own = left.pop()?;
        match (&own, &cut) {
            (Piece::Text(own), Piece::Text(cut)) => {
                let rest = if at_end { own.strip_suffix(&**cut) } else { own.strip_prefix(&**cut) }?;
                match (rest.is_empty(), affix.is_empty()) {
                    (true, _) => {}
                    (false, true) => left.push(Piece::Text(rest.into())),
                    (false, false) => return None,
                }
            }
            _ if own == cut => {}
            _ => return None,
        }
    }
    if !at_end {
        left.reverse();
    }
    Some(cx.concat(&left.iter().map(Value::from).collect::<Vec<_>>()))
}

/// A text without a beginning or an end.
fn trim_affix(cx: &Cx, f: &'static Func, args: &[Value], within: Within) -> Value {
    if let Some(left) = without(cx, args, within) {
        return left;
    }
    let trimmed = |t: &str, affix: &str| {
        let rest = if within == Within::Ends { t.strip_suffix(affix) } else { t.strip_prefix(affix) };
        rest.map(str::to_string)
    };
    let known = |t: &str| {
        let affix = args.get(1)?.as_str()?;
        let other = |(a, b): (char, char)| a != b;
        let apart = match within {
            Within::Ends => t.chars().rev().zip(affix.chars().rev()).any(other),
            _ => t.chars().zip(affix.chars()).any(other),
        };
        if apart || affix.is_empty() { Some(t.to_string()) } else { trimmed(t, affix) }
    };
    let all: fn(&str, &str) -> String = match within {
        Within::Ends => |t, p| t.strip_suffix(p).unwrap_or(t).to_string(),
        _ => |t, p| t.strip_prefix(p).unwrap_or(t).to_string(),
    };
    at_end(cx, f, args, within, known, all)
}

/// What a function makes of the beginning or the end of a text: of one that begins or ends in a known text that is enough to
/// tell, if that is left of this one.
fn at_end(
    cx: &Cx,
    f: &'static Func,
    args: &[Value],
    within: Within,
    enough: impl Fn(&str) -> Option<String>,
    known: fn(&str, &str) -> String,
) -> Value {
    if args.iter().all(Value::is_known) {
        let second = if args.len() > 1 { text(cx, args, 1) } else { Ok("".into()) };
        return done(text(cx, args, 0).and_then(|t| Ok(string(known(&t, &second?)))));
    }
    if args.contains(&Value::Null) {
        return wrong("text is needed, not null");
    }
    let made = || {
        let Some(Value::Sym(sym)) = args.first() else { return None };
        let mut pieces: Vec<Value> = cx.pieces_of(*sym)?.iter().map(Value::from).collect();
        let end = match within {
            Within::Ends => pieces.last_mut(),
            _ => pieces.first_mut(),
        }?;
        *end = Value::from(enough(end.as_str()?)?);
        Some(cx.concat(&pieces))
    };
    made().unwrap_or_else(|| cx.opaque(f, args))
}

fn check(cx: &Cx, args: &[Value], f: fn(&str, &str) -> bool) -> Answer {
    Ok(Value::from(f(&text(cx, args, 0)?, &text(cx, args, 1)?)))
}

fn single(mut mapped: impl Iterator<Item = char>, kept: char) -> char {
    match (mapped.next(), mapped.next()) {
        (Some(c), None) => c,
        _ => kept,
    }
}

fn lower(c: char) -> char {
    if c == '\u{130}' { 'i' } else { single(c.to_lowercase(), c) }
}

fn upper(c: char) -> char {
    single(c.to_uppercase(), c)
}

fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        out.push(match c {
            _ if !start => c,
            // Digraphs have a third case.
            '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
            '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
            '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
            '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
            _ => upper(c),
        });
        start = if c.is_ascii() { !c.is_ascii_alphanumeric() && c != '_' } else { c.is_whitespace() };
    }
    out
}

/// A known text beside a text whose known end is long enough decides; what a known text has is one of its parts.
fn has_part(cx: &Cx, f: &'static Func, args: &[Value], within: Within) -> Value {
    if args.iter().all(Value::is_known) {
        let test: fn(&str, &str) -> bool = match within {
            Within::Begins => |t, p| t.starts_with(p),
            Within::Ends => |t, p| t.ends_with(p),
            Within::Holds => |t, p| t.contains(p),
        };
        return done(check(cx, args, test));
    }
    if args.contains(&Value::Null) {
        return wrong("text is needed, not null");
    }
    if let [whole, Value::String(part)] = args
        && cx.is_text(whole)
    {
        // Every text has the empty one, and no word a letter that words do not have.
        if part.is_empty() {
            return Value::TRUE;
        }
        if cx.is_word(whole) && never_has(part, is_word_letter) {
            return Value::FALSE;
        }
    }
    if within != Within::Holds && without(cx, args, within).is_some() {
        return Value::TRUE;
    }
    if let [Value::String(whole), part] = args
        && cx.is_text(part)
        && let Some(parts) = parts(whole, within)
    {
        let is = parts.into_iter().map(|own| cx.equal(part, &Value::from(own)));
        return Value::Bool(cx.any(is));
    }
    if let [Value::Sym(sym), Value::String(affix)] = args
        && let Some(known) = known_end(cx, *sym, within)
    {
        let end = within == Within::Ends;
        let n = known.len().min(affix.len());
        let cut = |t: &str| {
            if end { t.get(t.len() - n..).map(str::to_string) } else { t.get(..n).map(str::to_string) }
        };
        if let (Some(a), Some(b)) = (cut(&known), cut(affix)) {
            if a != b {
                return Value::FALSE;
            }
            if affix.len() <= known.len() {
                return Value::TRUE;
            }
        }
    }
    cx.opaque(f, args)
}

/// The parts that a text begins with, ends in or holds, the empty one too; `None` if there are too many to list.
fn parts(whole: &str, within: Within) -> Option<BTreeSet<&str>> {
    let cuts: Vec<usize> = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).collect();
    let starts: &[usize] = if within == Within::Begins { &[0] } else { &cuts };
    let mut found = BTreeSet::new();
    for &start in starts {
        let ends =
            cuts.iter().filter(|end| **end >= start && (within != Within::Ends || **end == whole.len()));
        found.extend(ends.filter_map(|&end| whole.get(start..end)));
        if found.len() > ALTERNATIVES.most {
            return None;
        }
    }
    Some(found)
}

/// The literal text that a symbolic string begins or ends with.
fn known_end(cx: &Cx, sym: SymId, within: Within) -> Option<Arc<str>> {
    let pieces = cx.pieces_of(sym)?;
    let end = match within {
        Within::Begins => pieces.first(),
        Within::Ends => pieces.last(),
        Within::Holds => None,
    };
    match end {
        Some(Piece::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

const JOINS: Func = Func::shape("join", Ty::String, join_all).makes(Form::Joined);
static JOIN: Func = JOINS;

fn join_all(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [Value::Null, ..] => wrong("the separator of join is null"),
        [separator, list] => join(cx, separator, list),
        [separator, lists @ ..] => {
            let mut rows = Vec::new();
            for list in lists {
                match elements(cx, list) {
                    Some(more) => rows.push(more),
                    None if may_be_a_list(cx, list) => return cx.opaque(f, args),
                    None => return wrong("join takes lists of strings"),
                }
            }
            join(cx, separator, &cx.container(CollKind::Tuple, Ty::Dynamic, in_a_row(rows)))
        }
        [] => wrong("join takes a separator"),
    }
}

/// Whether a value that is not known may turn out to be a list.
fn may_be_a_list(cx: &Cx, value: &Value) -> bool {
    matches!(value, Value::Sym(sym) if cx.type_of(*sym) == Ty::Dynamic)
}

/// The texts of a sequence with a separator between them.
pub fn join(cx: &Cx, separator: &Value, list: &Value) -> Value {
    let list = cx.split(list);
    cx.map(&list, |v| match v {
        Value::Coll(c)
            if !c.kind.keyed()
                && c.parts.iter().all(Part::is_certain)
                && (c.kind != CollKind::Set || c.parts.len() < 2 || v.is_known()) =>
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
        Value::Coll(c) if c.kind.keyed() => wrong("join takes a list of strings"),
        Value::Coll(c) => {
            let null = c.parts.iter().filter(|p| p.generators.is_empty());
            let null = cx.any(null.map(|p| cx.and(p.guard, cx.unset(&p.value))));
            let args = [separator.clone(), v.clone()];
            // Of which of so many elements it is made is computed once that is known.
            let too_many =
                c.parts.len() > ALTERNATIVES.most && c.parts.iter().all(|p| p.generators.is_empty());
            let joined =
                if too_many { cx.later(&ALTERNATIVES, &JOIN, &args) } else { cx.opaque(&JOIN, &args) };
            cx.if_else(null, wrong("an element of join is null"), joined)
        }
        Value::Sym(_) => cx.opaque(&JOIN, &[separator.clone(), v.clone()]),
        _ => wrong("join takes a list of strings"),
    })
}

/// A text of which the deployment gives words alone is cut where no word can be: `split("/", aws_iam_user.ci.arn)`.
fn split(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if args.iter().all(Value::is_known) {
        return done(split_text(cx, args));
    }
    let [Value::String(separator), Value::Sym(whole)] = args else { return cx.opaque(f, args) };
    let pieces = cx.pieces_of(*whole).unwrap_or_else(|| [Piece::Sym(*whole)].into());
    between_known(cx, separator, &pieces, Ty::String)
        .or_else(|| by_pattern(cx, f, args, Ty::String))
        .unwrap_or_else(|| cx.opaque(f, args))
}

fn split_text(cx: &Cx, args: &[Value]) -> Answer {
    let (separator, whole) = (text(cx, args, 0)?, text(cx, args, 1)?);
    Ok(if separator.is_empty() {
        strings(whole.chars().map(|c| c.to_string()))
    } else {
        strings(whole.split(&*separator))
    })
}

fn indent(cx: &Cx, f: &'static Func, args: &[Value]) -> Answer {
    let spaces =
        usize::try_from(whole(cx, args, 0)?).map_err(|_| wrong("an indentation cannot be negative"))?;
    let text = text(cx, args, 1)?;
    let lines = text.matches('\n').count();
    if spaces.saturating_mul(lines) > TEXT.most {
        return Ok(past_limit(cx, &TEXT, Ty::String, f, args));
    }
    Ok(string(text.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

/// A negative start counts from the end; a negative length takes everything. Zero length is the rest of the text after
/// a negative start, and nothing otherwise.
fn substr(cx: &Cx, args: &[Value]) -> Answer {
    let (text, start, length) = (text(cx, args, 0)?, whole(cx, args, 1)?, whole(cx, args, 2)?);
    let clusters: Vec<&str> = text.graphemes(true).collect();
    if start >= 0 && length == 0 {
        return Ok(Value::from(""));
    }
    let total = i64::try_from(clusters.len()).unwrap_or(i64::MAX);
    let from = if start < 0 { (start + total).max(0) } else { start.min(total) };
    let take = if length <= 0 { usize::MAX } else { usize::try_from(length).unwrap_or(usize::MAX) };
    let picked: String = clusters.into_iter().skip(usize::try_from(from).unwrap_or(0)).take(take).collect();
    Ok(string(picked))
}

/// How long a text is, in grapheme clusters.
pub fn length(text: &str) -> usize {
    text.graphemes(true).count()
}
