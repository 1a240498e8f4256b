//! Functions that make lists, and texts of them: `Fn::Split`, `Fn::Join`, `Fn::Select`.
//!
//! What is known is computed; text that is not known is cut only where no delimiter can stand in it. Source:
//! CloudFormation's template reference, "Intrinsic functions", and recorded behaviour for the corners (indices as text,
//! empty pieces of a split); IAM's identifiers, "IAM ARNs", for what a name can hold.

use crate::value::func::Gives;
use crate::value::leaves::parted;
use crate::value::symbol::Piece;
use crate::value::{CollKind, Cx, Func, Guard, Part, SymId, SymNode, Ty, Value};

pub(super) static SPLIT: Func =
    Func::shape("Fn::Split", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, false))
        .sampled(parted)
        .gives(Gives::Texts);
pub(super) static SPLIT_LIST: Func =
    Func::shape("(list parameter)", Ty::Dynamic, |cx, f, args| split_args(cx, f, args, true)).sampled(parted);
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
            Some(SymNode::Concat(pieces)) => split_arn(cx, by, &pieces).unwrap_or_else(|| cx.opaque(f, args)),
            _ => cx.opaque(f, args),
        },
        [_, Value::Coll(_) | Value::Null] | [Value::Coll(_) | Value::Null, _] => {
            Value::refused("Fn::Split takes a delimiter and a string", None)
        }
        _ => cx.opaque(f, args),
    }
}

/// How many colons of an ARN stand before the resource.
const RESOURCE: usize = 5;

/// An ARN is cut although its account, partition or user name are not known: none of them holds a delimiter of ARNs. A
/// path may hold slashes, so where one is not known, neither are the pieces between them.
fn split_arn(cx: &Cx, by: &str, pieces: &[Piece]) -> Option<Value> {
    let arn = matches!(pieces.first(), Some(Piece::Text(t)) if t.starts_with("arn:"));
    let marks = |text: &str| text.contains([':', '/']);
    if !arn || !marks(by) {
        return None;
    }
    let (mut colons, mut slashed, mut open) = (0, false, false);
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
    let mut items: Vec<Vec<Value>> = vec![Vec::new()];
    for piece in pieces {
        match piece {
            Piece::Sym(sym) => items.last_mut()?.push(Value::Sym(*sym)),
            Piece::Text(text) => {
                for (i, part) in text.split(by).enumerate() {
                    if i > 0 {
                        items.push(Vec::new());
                    }
                    items.last_mut()?.push(Value::from(part));
                }
            }
        }
    }
    let parts = items.iter().map(|pieces| Part::item(cx.concat(pieces))).collect();
    Some(Value::typed(CollKind::List, Ty::Dynamic, parts))
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
        ] {
            assert_eq!(cut(arn, by), pieces, "{arn} at {by}");
        }
    }
}
