//! Functions that make lists, and texts of them: `Fn::Split`, `Fn::Join`, `Fn::Select`.
//!
//! What is known is computed; text that is not known is cut only where no delimiter can stand in it. Source:
//! CloudFormation's template reference, "Intrinsic functions", and recorded behaviour for the corners (indices as text,
//! empty pieces of a split); IAM's identifiers, "IAM ARNs", for what a name can hold.

use super::encode::CIDR;
use super::functions::ZONES;
use crate::resolve::pattern::never_holds;
use crate::value::func::{AtLeast, Gives};
use crate::value::leaves::parted;
use crate::value::shortest::is_word_letter;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Func, Guard, Part, SymId, SymNode, Ty, Value};

pub(super) static SPLIT: Func =
    Func::shape("Fn::Split", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, false))
        .sampled(parted)
        .at_least(AtLeast::Something)
        .gives(Gives::Texts);
pub(super) static SPLIT_LIST: Func =
    Func::shape("(list parameter)", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, true))
        .sampled(parted)
        .at_least(AtLeast::Something);
pub(super) static JOIN: Func = Func::shape("Fn::Join", Ty::String, join_args);
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
        [Value::String(by), Value::Sym(sym)] => match cx.node(*sym) {
            _ if let Some(elements) = cx.joined_elements(by, *sym) => elements,
            // Cutting what was joined at the same delimiter gives the list back.
            Some(SymNode::Call(join, joined)) if *join == JOIN && joined.first() == args.first() => {
                joined.get(1).cloned().unwrap_or(Value::Null)
            }
            Some(SymNode::Concat(pieces)) => split_words(cx, by, &pieces)
                .or_else(|| split_arn(cx, by, &pieces))
                .unwrap_or_else(|| cx.opaque(f, args)),
            _ => split_words(cx, by, &[Piece::Sym(*sym)]).unwrap_or_else(|| cx.opaque(f, args)),
        },
        [_, Value::Coll(_) | Value::Null] | [Value::Coll(_) | Value::Null, _] => {
            Value::refused("Fn::Split takes a delimiter and a string", None)
        }
        _ => cx.opaque(f, args),
    }
}

/// Whether a value is a piece of what is cut at a delimiter, and a text has that in it.
pub(super) fn never_a_piece(cx: &Cx, piece: &Value, text: &Value) -> bool {
    let (Value::Sym(piece), Value::String(text)) = (piece, text) else { return false };
    let cut = cut_of(cx, *piece).filter(|(func, _)| **func == SPLIT || **func == SPLIT_LIST);
    let by = cut.as_ref().and_then(|(_, args)| args.first()?.as_str());
    by.is_some_and(|by| !by.is_empty() && text.contains(by))
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

/// What is not known is cut nowhere if it is made of letters of a word, and the delimiter is none, or if it matches a
/// pattern that does not have the delimiter.
fn split_words(cx: &Cx, by: &str, pieces: &[Piece]) -> Option<Value> {
    let mut letters = by.chars();
    let mark = letters.next().filter(|_| letters.next().is_none())?;
    let whole = |piece: &Piece| match piece {
        Piece::Sym(sym) => {
            let pattern = || cx.leaf(*sym).and_then(|leaf| leaf.pattern);
            !is_word_letter(mark) && cx.is_word(&Value::Sym(*sym))
                || pattern().is_some_and(|pattern| never_holds(&pattern, mark))
        }
        Piece::Text(_) => true,
    };
    pieces.iter().all(whole).then(|| cut_at(cx, by, pieces))
}

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
    Some(cut_at(cx, by, pieces))
}

/// The list of what stands between the delimiters in the known pieces of a text.
fn cut_at(cx: &Cx, by: &str, pieces: &[Piece]) -> Value {
    let (mut parts, mut open): (Vec<Part>, Vec<Value>) = (Vec::new(), Vec::new());
    for piece in pieces {
        match piece {
            Piece::Sym(sym) => open.push(Value::Sym(*sym)),
            Piece::Text(text) => {
                for (i, part) in text.split(by).enumerate() {
                    if i > 0 {
                        parts.push(Part::item(cx.concat(&std::mem::take(&mut open))));
                    }
                    open.push(Value::from(part));
                }
            }
        }
    }
    parts.push(Part::item(cx.concat(&open)));
    Value::typed(CollKind::List, Ty::Dynamic, parts)
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
    let Some(SymNode::Concat(pieces)) = cx.node(*text) else { return None };
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
    let others = others.iter().map(|piece| match piece {
        Piece::Text(text) => Value::from(&**text),
        Piece::Sym(sym) => Value::Sym(*sym),
    });
    let last = if trim { last.trim_start() } else { last };
    let rest: Vec<Value> = [Value::from(last)].into_iter().chain(others).collect();
    let rest = split_args(cx, split, &[by.clone(), cx.concat(&rest)], trim);
    Some(select_args(cx, &[rest, Value::from((at - before.len()).to_string())]))
}

const SELECT_TAKES: &str = "Fn::Select takes an index and a list";

/// The index is text, as everything is: one that is not known is any of the list's, or refused.
fn select_args(cx: &Cx, args: &[Value]) -> Value {
    match args {
        [Value::Coll(coll), _] if coll.kind.keyed() => Value::refused(SELECT_TAKES, None),
        [list @ Value::Coll(coll), index @ Value::Sym(sym)]
            if cx.type_of(*sym).is_scalar() && coll.parts.iter().all(|p| p.generators.is_empty()) =>
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
        [Value::Sym(list), Value::String(index)] => {
            behind_known(cx, *list, index).unwrap_or_else(|| cx.path(*list, index))
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::shortest::Text;
    use crate::value::{Leaf, LeafKind};

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
        assert_ne!(select(&text, "/", "2"), select(&[name.clone(), "/d".into()], "/", "0"));
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
        assert!(cut("-").as_coll().is_none() && cut("//").as_coll().is_none());
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
