//! Functions that make lists, and texts of them: `Fn::Split`, `Fn::Join`, `Fn::Select`.
//!
//! What is known is computed; text that is not known is cut only where no delimiter can stand in it. Source:
//! CloudFormation's template reference, "Intrinsic functions", and recorded behaviour for the corners (indices as text,
//! empty pieces of a split); IAM's identifiers, "IAM ARNs", for what a name can hold.

use super::declared::is_element;
use super::encode::CIDR;
use crate::resolve::pattern::{is_whole, longest};
use crate::resolve::pieces::{between, between_known, by_pattern, cuts_of};
use crate::value::func::{AtLeast, Gives};
use crate::value::leaves::parted;
use crate::value::symbol::Piece;
use crate::value::{Coll, CollKind, Cx, Func, Guard, LeafKind, Num, Part, SymId, SymNode, Ty, Value};

/// `Fn::GetAZs`.
pub(super) static ZONES: Func = Func::shape("Fn::GetAZs", Ty::Dynamic, Cx::opaque);
pub(super) static SPLIT: Func =
    Func::shape("Fn::Split", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, false))
        .sampled(parted)
        .at_least(AtLeast::Something)
        .gives(Gives::Texts);
pub(super) static SPLIT_LIST: Func =
    Func::shape("(list parameter)", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, true))
        .sampled(parted)
        .at_least(AtLeast::Something);
pub(super) static JOIN: Func = Func::shape("Fn::Join", Ty::String, join_args).solved(joined_to);
pub(super) static SELECT: Func = Func::shape("Fn::Select", Ty::Dynamic, |cx, f, args| match args {
    [Value::Sym(list), Value::Sym(_)] if is_call(cx, *list) => cx.call(&SELECT_COMPUTED, args),
    // Once it is known which list it is, the index is one of its own.
    [Value::Sym(_), Value::Sym(_)] => cx.opaque(f, args),
    _ => select_args(cx, args),
});
/// Of a list that is computed, which may turn out to have no such element.
static SELECT_COMPUTED: Func = Func::shape("Fn::Select", Ty::Dynamic, |cx, f, args| match args {
    [Value::Sym(list), Value::Sym(_)] if is_call(cx, *list) => cx.opaque(f, args),
    _ => cx.call(&SELECT, args),
})
.refusing();

fn is_call(cx: &Cx, sym: SymId) -> bool {
    matches!(cx.node(sym), Some(SymNode::Call(..)))
}

fn split_args(cx: &Cx, f: &'static Func, args: &[Value], trim: bool) -> Value {
    match args {
        [Value::String(by), Value::String(text)] => {
            let cut: Vec<&str> = if by.is_empty() { vec![&**text] } else { text.split(&**by).collect() };
            let item = |t: &str| Part::item(Value::from(if trim { t.trim() } else { t }));
            Value::typed(CollKind::List, Ty::Dynamic, cut.into_iter().map(item).collect())
        }
        [_, Value::Sym(list)] if cx.type_of(*list).elements().is_some() && !trim => {
            Value::refused("Fn::Split takes a delimiter and a string", None)
        }
        [Value::String(by), Value::Sym(sym)] => match cx.node(*sym) {
            _ if let Some(elements) = cx.joined_elements(by, *sym) => elements,
            // Cutting what was joined at the same delimiter gives the list back.
            Some(SymNode::Call(join, joined)) if *join == JOIN && joined.first() == args.first() => {
                joined.get(1).cloned().unwrap_or(Value::Null)
            }
            Some(SymNode::Concat(pieces)) => between_known(cx, by, &pieces, Ty::Dynamic)
                .or_else(|| split_arn(cx, by, &pieces))
                .unwrap_or_else(|| cx.opaque(f, args)),
            _ => between_known(cx, by, &[Piece::Sym(*sym)], Ty::Dynamic)
                .or_else(|| by_pattern(cx, f, args, Ty::Dynamic).filter(|_| !trim))
                .unwrap_or_else(|| cx.opaque(f, args)),
        },
        [_, Value::Coll(_) | Value::Null] | [Value::Coll(_) | Value::Null, _] => {
            Value::refused("Fn::Split takes a delimiter and a string", None)
        }
        _ => cx.opaque(f, args),
    }
}

/// Whether a value is never this text: its pattern does not allow it, or it is an element of a list of texts, and that would
/// hold its delimiter, or be what the parameter's pattern or length does not allow, or what no list parameter holds.
pub(super) fn never_is(cx: &Cx, piece: &Value, text: &Value) -> bool {
    let (Value::Sym(piece), Value::String(text)) = (piece, text) else { return false };
    let matches = |pattern: &str| is_whole(pattern, text).unwrap_or(true);
    let Some(SymNode::Path(of, key, _)) = cx.node(*piece) else {
        // What an input may not be is refused.
        let leaf = cx.leaf(*piece).filter(|leaf| leaf.nth.is_some() || leaf.kind == LeafKind::Deployment);
        return leaf.is_some_and(|leaf| {
            leaf.pattern.is_some_and(|p| !matches(&p) || leaf.nth.is_some() && !is_element(text))
        });
    };
    if let Some(list) = cx.leaf(of).filter(|list| list.ty.elements().is_some()) {
        return list.pattern.is_some_and(|pattern| !matches(&pattern)) || !is_element(text);
    }
    let cut = cut_of(cx, *piece).filter(|(func, _)| **func == SPLIT || **func == SPLIT_LIST);
    let Some((_, args)) = cut else { return false };
    let [Value::String(by), Value::Sym(whole)] = &*args else { return false };
    let cuts = cuts_of(cx, &args).unwrap_or_default();
    let cut = key.parse().ok().and_then(|at: usize| cuts.get(at));
    let most = || longest(&cx.leaf(*whole)?.pattern?);
    !by.is_empty() && text.contains(&**by)
        || cut.is_some_and(|cut| !matches(&cut.pattern))
        || most().is_some_and(|most| text.chars().count() > most)
}

/// The call that gives the list of texts of which a symbol is an element.
pub(super) fn cut_of(cx: &Cx, piece: SymId) -> Option<(&'static Func, Box<[Value]>)> {
    let Some(SymNode::Path(of, ..)) = cx.node(piece) else { return None };
    match cx.node(of)? {
        SymNode::Call(func, args) if [&SPLIT, &SPLIT_LIST, &ZONES, &CIDR].contains(&func) => {
            Some((func, args))
        }
        _ => None,
    }
}

/// How many colons of an ARN stand before the resource.
const RESOURCE: usize = 5;

/// An ARN is cut although its account, partition or user name are not known: none of them holds a delimiter of ARNs. A
/// path may hold slashes, so where one is not known, neither are the pieces between them.
fn split_arn(cx: &Cx, by: &str, pieces: &[Piece]) -> Option<Value> {
    let begins = |with: &str| matches!(pieces.first(), Some(Piece::Text(t)) if t.starts_with(with));
    let marks = |text: &str| text.contains([':', '/']);
    // The last part of an ARN names the user alone.
    let (arn, resource) = (begins("arn:"), begins("user/"));
    if !arn && !resource || !marks(by) {
        return None;
    }
    let (mut colons, mut slashed, mut open) = (if arn { 0 } else { RESOURCE }, false, false);
    for (i, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => {
                colons += text.matches(':').count();
                if colons >= RESOURCE && text.contains('/') {
                    slashed = true;
                    // What is not known stands before a slash, so it is a part of the path.
                    if open && by.contains('/') {
                        return None;
                    }
                }
                // A delimiter that begins in what is not known, or ends in it, could be anywhere.
                let cuts = || by.char_indices().skip(1).map(|(at, _)| by.split_at(at));
                let follows = i > 0 && cuts().any(|(left, right)| !marks(left) && text.starts_with(right));
                let leads = i + 1 < pieces.len();
                if follows || leads && cuts().any(|(left, right)| !marks(right) && text.ends_with(left)) {
                    return None;
                }
            }
            Piece::Sym(_) if colons >= RESOURCE => {
                open = true;
                if by.contains('/') && !slashed {
                    return None;
                }
            }
            Piece::Sym(_) => {}
        }
    }
    Some(between(cx, by, pieces, Ty::Dynamic))
}

/// The element of what a text is cut into that begins with known pieces: these are known, and the rest counts from
/// there. So `x/${P}` has the element `x`, and then those of `P`.
fn behind_known(cx: &Cx, list: SymId, index: &str) -> Option<Value> {
    let Some(SymNode::Call(split, args)) = cx.node(list) else { return None };
    // The elements of a list parameter are trimmed.
    let trim = *split == SPLIT_LIST;
    let (true, [by @ Value::String(mark), Value::Sym(text)]) = (trim || *split == SPLIT, &*args) else {
        return None;
    };
    let pieces = cx.pieces_of(*text)?;
    let Some((Piece::Text(known), others)) = pieces.split_first() else { return None };
    if mark.is_empty() {
        return None;
    }
    let at: usize = index.parse().ok()?;
    let cut: Vec<&str> = known.split(&**mark).collect();
    let (last, before) = cut.split_last()?;
    if before.is_empty() {
        return None;
    }
    if let Some(element) = before.get(at) {
        return Some(Value::from(if trim { element.trim() } else { element }));
    }
    let others = others.iter().map(Value::from);
    let last = if trim { last.trim_start() } else { last };
    let rest: Vec<Value> = [Value::from(last)].into_iter().chain(others).collect();
    let rest = split_args(cx, split, &[by.clone(), cx.concat(&rest)], trim);
    Some(select_args(cx, &[rest, Value::from((at - before.len()).to_string())]))
}

/// The first element of what a text is cut into is that of what stands before its first known delimiter: of `${P},x` it is
/// the first of `${P}`.
fn before_known(cx: &Cx, list: SymId, index: &str) -> Option<Value> {
    let Some(SymNode::Call(split, args)) = cx.node(list) else { return None };
    let (true, [by @ Value::String(mark), Value::Sym(text)]) = (*split == SPLIT && index == "0", &*args)
    else {
        return None;
    };
    let pieces = cx.pieces_of(*text)?;
    if mark.chars().count() != 1 {
        return None;
    }
    let mut before: Vec<Value> = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Sym(sym) => before.push(Value::Sym(*sym)),
            Piece::Text(text) => match text.split_once(&**mark) {
                None => before.push(Value::from(&**text)),
                Some((last, _)) => {
                    before.push(Value::from(last));
                    let first = split_args(cx, split, &[by.clone(), cx.concat(&before)], false);
                    return Some(select_args(cx, &[first, Value::from(index)]));
                }
            },
        }
    }
    None
}

const SELECT_TAKES: &str = "Fn::Select takes an index and a list";

/// The index is text, as everything is: one that is not known is any of the list's, or refused.
fn select_args(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::Coll(coll), _] if coll.kind.keyed() => Value::refused(SELECT_TAKES, None),
        [list @ Value::Coll(coll), index @ Value::Sym(sym)]
            if cx.type_of(*sym).elements().is_none()
                && coll.parts.iter().all(|p| p.generators.is_empty()) =>
        {
            if !coll.parts.iter().all(Part::is_certain)
                && let split @ Value::Choice(_) = cx.split(list)
            {
                return cx.map(&split, |list| select_args(cx, &[list.clone(), index.clone()]));
            }
            let (mut alternatives, mut left) = (Vec::new(), Guard::TRUE);
            for (i, part) in coll.parts.iter().enumerate() {
                let this = cx.and(left, cx.equal(index, &Value::from(i.to_string())));
                alternatives.push((this, part.value.clone()));
                left = cx.and(left, cx.not(this));
            }
            alternatives
                .push((left, Value::refused(format!("there is no element {}", cx.show(index)), None)));
            cx.choice(alternatives)
        }
        // A list whose length is not known is taken to be long enough.
        [Value::Sym(list), Value::String(index)] => behind_known(cx, *list, index)
            .or_else(|| before_known(cx, *list, index))
            .unwrap_or_else(|| cx.path(*list, index)),
        [list, index] => cx.index(list, index),
        _ => Value::refused(SELECT_TAKES, None),
    }
}

fn join_args(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    match args {
        [by, Value::Coll(coll)] if !coll.kind.keyed() => {
            if !coll.parts.iter().all(Part::is_certain) {
                let open = Value::Coll(coll.clone());
                return match cx.split(&open) {
                    split @ Value::Choice(_) => {
                        cx.map(&split, |list| join_args(cx, f, &[by.clone(), list.clone()]))
                    }
                    _ => cx.opaque(f, args),
                };
            }
            if let Some(text) = uncut(cx, by, coll) {
                return text;
            }
            let mut pieces = Vec::with_capacity(coll.parts.len() * 2);
            for (i, part) in coll.parts.iter().enumerate() {
                if i > 0 {
                    pieces.push(by.clone());
                }
                pieces.push(part.value.clone());
            }
            cx.concat(&pieces)
        }
        [Value::String(by), Value::Sym(sym)] if !cx.type_of(*sym).is_scalar() => match cx.node(*sym) {
            // Joining what was cut at the same delimiter gives the text back.
            Some(SymNode::Call(split, cut)) if *split == SPLIT => match &*cut {
                [at, text] if Some(at) == args.first() => text.clone(),
                _ => cx.opaque(f, args),
            },
            _ => cx.opaque(f, args),
        },
        [Value::Sym(_), Value::Sym(_)] => cx.opaque(f, args),
        _ => Value::refused("Fn::Join takes a delimiter and a list", None),
    }
}

/// The text of which a list has all pieces, cut at the same delimiter.
fn uncut(cx: &Cx, by: &Value, coll: &Coll) -> Option<Value> {
    let piece = |part: &Part| match part.value {
        Value::Sym(sym) => cut_of(cx, sym).filter(|(func, _)| **func == SPLIT),
        _ => None,
    };
    let (split, args) = coll.parts.iter().find_map(piece).filter(|(_, args)| args.first() == Some(by))?;
    let all = split_args(cx, split, &args, false);
    let same = |(a, b): (&Part, &Part)| a.value == b.value;
    let all = all.as_coll().filter(|all| all.parts.len() == coll.parts.len())?;
    all.parts.iter().zip(&coll.parts).all(same).then(|| args.get(1).cloned())?
}

/// Up to so many delimiters of a text may each be one, or stand in an element.
const DELIMITERS: usize = 4;

/// When a list parameter is joined to a text: where its elements are the pieces of that, in each of the ways to cut it. They
/// hold no comma.
fn joined_to(cx: &Cx, _: &'static Func, args: &[Value], text: &Value) -> Option<Guard> {
    let ([Value::String(by), Value::Sym(list)], Value::String(text)) = (args, text) else { return None };
    if let Some(SymNode::Call(split, cut)) = cx.node(*list)
        && *split == SPLIT
    {
        return recut_to(cx, by, &cut, text);
    }
    cx.leaf(*list).filter(|leaf| leaf.ty.elements().is_some())?;
    let overlaps =
        by.char_indices().skip(1).any(|(at, _)| by.get(..at).is_some_and(|begin| by.ends_with(begin)));
    if by.is_empty() || overlaps {
        return None;
    }
    let pieces: Vec<&str> = text.split(&**by).collect();
    let joints = pieces.len() - 1;
    let ways = match by.contains(',') {
        true => vec![pieces.iter().map(|piece| piece.to_string()).collect()],
        false if joints > DELIMITERS => return None,
        false => (0..1usize << joints).map(|cut| rows(&pieces, by, cut)).collect(),
    };
    let way = |elements: &Vec<String>| {
        let length = cx.equal(&cx.length(&Value::Sym(*list)), &Num::from_usize(elements.len()).into());
        let each = elements.iter().enumerate().map(|(i, text)| {
            let (element, text) = (cx.path(*list, &i.to_string()), Value::from(text.as_str()));
            if never_is(cx, &element, &text) { Guard::FALSE } else { cx.equal(&element, &text) }
        });
        cx.all(each.chain([length]))
    };
    Some(cx.any(ways.iter().map(way)))
}

/// When a text that is cut at one letter and joined with others is this one: each of those stands for the letter, or stood
/// there before.
fn recut_to(cx: &Cx, by: &str, cut: &[Value], text: &str) -> Option<Guard> {
    let [Value::String(mark), whole] = cut else { return None };
    if mark.chars().count() != 1 || by.is_empty() || by.chars().count() > 1 && !by.contains(&**mark) {
        return None;
    }
    let pieces: Vec<&str> = text.split(by).collect();
    // No piece has the letter.
    if pieces.iter().any(|piece| piece.contains(&**mark)) {
        return Some(Guard::FALSE);
    }
    let joints = pieces.len() - 1;
    let texts: Vec<String> = match by.contains(&**mark) {
        true => vec![pieces.join(mark)],
        false if joints > DELIMITERS => return None,
        false => (0..1usize << joints).map(|cut| rows(&pieces, by, cut).join(mark)).collect(),
    };
    let same = texts.into_iter().map(|text| cx.equal(whole, &Value::from(text)));
    Some(cx.any(same))
}

/// Pieces in a row, those with a delimiter between them as one text that `cut` does not have.
fn rows(pieces: &[&str], by: &str, cut: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        match out.last_mut().filter(|_| i > 0 && cut >> (i - 1) & 1 == 0) {
            Some(last) => *last = format!("{last}{by}{piece}"),
            None => out.push(piece.to_string()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Leaf;
    use crate::value::shortest::Text;

    /// An ARN cut at a delimiter; capital letters between `<` and `>` are not known.
    fn cut(arn: &str, by: &str) -> String {
        let cx = Cx::new();
        let piece = |text: &str| match text.strip_prefix('<') {
            Some(name) => cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Deployment)),
            None => Value::from(text),
        };
        let pieces: Vec<Value> = arn
            .split('>')
            .flat_map(|part| {
                let at = part.find('<').unwrap_or(part.len());
                let (text, name) = part.split_at(at);
                [Some(text), Some(name)]
                    .into_iter()
                    .flatten()
                    .filter(|t| !t.is_empty())
                    .map(piece)
                    .collect::<Vec<_>>()
            })
            .collect();
        let list = cx.call(&SPLIT, &[Value::from(by), cx.concat(&pieces)]);
        match list.as_coll() {
            Some(list) => list.parts.iter().map(|p| cx.show(&p.value)).collect::<Vec<_>>().join(" "),
            None => "-".into(),
        }
    }

    #[test]
    fn what_begins_with_known_pieces_is_cut_behind_them() {
        let cx = Cx::new();
        let name = cx.leaf_value(Leaf::new("N", Ty::String, LeafKind::Deployment));
        let select = |text: &[Value], by: &str, at: &str| {
            let list = cx.call(&SPLIT, &[Value::from(by), cx.concat(text)]);
            cx.show(&cx.call(&SELECT, &[list, Value::from(at)]))
        };
        let text = ["a/b/".into(), name.clone(), "/c".into()];
        assert_eq!(select(&text, "/", "0"), "\"a\"");
        assert_eq!(select(&text, "/", "1"), "\"b\"");
        // What the name holds may be cut too.
        assert_eq!(select(&text, "/", "2"), select(&[name.clone(), "/c".into()], "/", "0"));
        assert_ne!(select(&text, "/", "3"), select(&[name.clone(), "/d".into()], "/", "1"));
        // What follows a delimiter does not change what is before it.
        assert_eq!(select(&text, "/", "2"), select(&[name.clone(), "/d".into()], "/", "0"));
        assert_ne!(select(&text, "/", "2"), select(&[name.clone(), "d/".into()], "/", "0"));
        assert_eq!(select(&text, "b", "0"), "\"a/\"");
        assert_eq!(
            select(&["aa".into(), name.clone()], "aa", "1"),
            select(std::slice::from_ref(&name), "aa", "0")
        );
        // Nothing is cut at nothing.
        assert_ne!(select(&["a".into(), name.clone()], "", "0"), "\"\"");
        let list = cx.call(&SPLIT, &[Value::from("/"), name.clone()]);
        assert_eq!(cx.call(&JOIN, &[Value::from("/"), list.clone()]), name);
        assert_ne!(cx.call(&JOIN, &[Value::from("-"), list]), name);
    }

    #[test]
    fn a_word_is_cut_at_no_other_letter() {
        let cx = Cx::new();
        let leaf = Leaf { text: Text::Word, ..Leaf::new("N", Ty::String, LeafKind::Input) };
        let text = cx.concat(&["u".into(), cx.leaf_value(leaf), "/x".into()]);
        let cut = |by: &str| cx.call(&SPLIT, &[by.into(), text.clone()]);
        assert_eq!(cx.show(&cut("/")), r#"["u${N}", "x"]"#);
        assert_eq!(cx.show(&cut("//")), r#"["u${N}/x"]"#);
        assert!(cut("-").as_coll().is_none());
    }

    #[test]
    fn an_arn_is_cut_where_no_name_can_hold_the_delimiter() {
        for (arn, by, pieces) in [
            ("arn:aws:iam::<A>:user/<N>", "/", r#""arn:aws:iam::${A}:user" N"#),
            ("arn:aws:iam::<A>:user/<N>", "user/", r#""arn:aws:iam::${A}:" N"#),
            ("arn:aws:iam::<A>:user/<N>", ":user/", r#""arn:aws:iam::${A}" N"#),
            ("arn:aws:iam::<A>:user/x/<N>", "/", r#""arn:aws:iam::${A}:user" "x" N"#),
            ("arn:<P>:iam::<A>:user/<N>", ":", r#""arn" P "iam" "" A "user/${N}""#),
            ("arn:aws:iam::<A>:user/x-<N>", "/", r#""arn:aws:iam::${A}:user" "x-${N}""#),
            ("arn:aws:iam::<A>:user/<N>-y", "/", r#""arn:aws:iam::${A}:user" "${N}-y""#),
            ("arn:aws:iam::<A>:user/x/<P>/<N>", "/", "-"),
            ("arn:aws:iam::<A>:user<PATH><N>", "/", "-"),
            ("arn:aws:iam::<A>:user<PATH>/<N>", "/", "-"),
            ("arn:aws:iam::<A>:user<PATH>/<N>", ":", r#""arn" "aws" "iam" "" A "user${PATH}/${N}""#),
            ("arn:aws:iam::<A>:user<PATH><N>", "user/", "-"),
            ("arn:aws:iam::<A>:<REST>", "/", "-"),
            ("arn:aws:iam::<A>:user/<N>", "/d", "-"),
            ("arn:aws:iam::<A>:user/<N>", "1:user", "-"),
            ("arn:aws:iam::<A>:user/<N>", "e", "-"),
            ("x:aws:iam::<A>:user/<N>", "/", "-"),
            ("user/<N>", "/", r#""user" N"#),
            ("user/<N>", ":", r#""user/${N}""#),
            ("users/<N>", "/", "-"),
        ] {
            assert_eq!(cut(arn, by), pieces, "{arn} at {by}");
        }
    }
}
