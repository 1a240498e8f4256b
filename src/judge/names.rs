//! Names that IAM refuses: no user has one, so a key for it cannot be deployed.
//!
//! Answers: under which inputs would a key be for a name that is empty, too long, or made of other characters? Such an
//! assignment is refused like any other. Terraform plans those keys all the same, so the inventory has them.
//! Source: IAM API reference, `CreateUser` (`UserName`: 1 to 64 characters of `[\w+=,.@-]`).

use std::collections::{HashMap, HashSet};

use super::describe::user_place;
use crate::key::{AccessKey, Refused, Resolved};
use crate::problem::{Problem, ProblemKind};
use crate::value::symbol::{Piece, Role};
use crate::value::{Cx, Func, Guard, LeafKind, SymId, SymNode, Ty, Value};

/// The most characters that a name has.
const LONGEST: usize = 64;

/// What other tools fill in before anything is deployed: a text with one of these is no name yet.
const FILLED_IN: [&str; 6] = ["{{", "<%", "${", "[[", "$(", "#{"];

/// Whether IAM refuses a name.
pub static REFUSES: Func = Func::known("(IAM refuses)", Ty::Bool, |_, _, args| {
    Value::from(args.first().and_then(Value::as_str).is_some_and(|name| wrong_with(name).is_some()))
});

/// Why IAM refuses a name; nothing of it is quoted, since it may be secret.
fn wrong_with(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty")
    } else if FILLED_IN.iter().any(|opening| name.contains(opening)) {
        None
    } else if !name.chars().all(is_letter) {
        Some("it holds other characters than letters, digits and `_+=,.@-`")
    } else if name.len() > LONGEST {
        Some("it is longer than 64 characters")
    } else {
        None
    }
}

/// Whether a name may have a character.
pub fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

/// What is wrong with a written part of a name, whatever its unknown ones are.
fn wrong_with_written(cx: &Cx, sym: SymId) -> Option<&'static str> {
    let pieces = cx.pieces_of(sym)?;
    let written =
        || pieces.iter().filter_map(|p| if let Piece::Text(text) = p { Some(&**text) } else { None });
    let filled_in = written().any(|text| FILLED_IN.iter().any(|opening| text.contains(opening)));
    if filled_in { None } else { written().filter(|text| !text.is_empty()).find_map(wrong_with) }
}

/// Whether a user is a name that IAM refuses, whatever the inputs are.
pub fn is_refused(cx: &Cx, user: &Value) -> bool {
    let wrong = match user {
        Value::String(name) => wrong_with(name),
        Value::Sym(sym) => wrong_with_written(cx, *sym),
        _ => None,
    };
    wrong.is_some()
}

/// What is left of a guard where each of these texts is of a name that IAM takes: none holds what no name does.
pub fn of_names(cx: &Cx, guard: Guard, texts: &[Value]) -> Guard {
    let lacks = |atom: &SymId| match cx.node(*atom) {
        Some(SymNode::Call(func, args)) if func.within.is_some() => match &*args {
            [text, Value::String(part)] => texts.contains(text) && !part.chars().all(is_letter),
            _ => false,
        },
        _ => false,
    };
    let lacking = cx.atoms(&[guard]).into_iter().filter(lacks);
    let env: HashMap<SymId, Value> = lacking.map(|atom| (atom, Value::FALSE)).collect();
    cx.truth(&cx.fill(&Value::Bool(guard), &env))
}

/// When the keys of a unit are for names that IAM refuses.
pub fn refusals(resolved: &Resolved) -> Vec<Refused> {
    let cx = &resolved.cx;
    let mut out: Vec<Refused> = Vec::new();
    let mut known: HashSet<(Guard, Problem)> = HashSet::new();
    for key in &resolved.keys {
        for (guard, user) in cx.alternatives(&key.user) {
            let (why, refused) = match &user {
                Value::String(name) => (wrong_with(name), Guard::TRUE),
                Value::Sym(sym) => match wrong_with_written(cx, *sym).filter(|_| guard.is_true()) {
                    None => (told(cx, key, *sym), cx.predicate(&REFUSES, std::slice::from_ref(&user))),
                    why => (why, Guard::TRUE),
                },
                _ => continue,
            };
            let Some(why) = why else { continue };
            let when = cx.all([key.times.exists, guard, refused]);
            let reason = format!("IAM refuses the name of this key's user: {why}");
            let place = user_place(key).unwrap_or(key.location);
            let problem = Problem::new(ProblemKind::RefusedName, place, reason);
            if !when.is_false() && known.insert((when, problem.clone())) {
                out.push(Refused { when, problem });
            }
        }
    }
    out
}

/// What would be wrong with a name that inputs give, where something says which names those are: they are listed, or
/// supplied, or a condition of the key is about them.
fn told(cx: &Cx, key: &AccessKey, sym: SymId) -> Option<&'static str> {
    let given = cx.as_given(&Value::Sym(sym));
    if let Some(why) = given.as_str().and_then(wrong_with) {
        return Some(why);
    }
    let leaves = cx.leaves(&Value::Sym(sym));
    // Elements of what a call makes of a supplied text are supplied with it.
    let value = |leaf: &SymId| cx.leaf(*leaf).filter(|l| l.kind == LeafKind::Element(Role::Value))?.of;
    for (leaf, of) in leaves.iter().filter_map(|leaf| Some((*leaf, value(leaf)?))) {
        let Value::Coll(list) = cx.as_given(&Value::Sym(of)) else { continue };
        let names = list.parts.iter().map(|part| HashMap::from([(leaf, part.value.clone())]));
        let mut wrong = names.filter_map(|env| wrong_with(cx.fill(&Value::Sym(sym), &env).as_str()?));
        if let Some(why) = wrong.next() {
            return Some(why);
        }
    }
    let asked = cx.leaves(&Value::tuple([Value::Bool(key.times.exists), key.status.clone()]));
    let listed = |leaf: &SymId| cx.leaf(*leaf).is_some_and(|leaf| leaf.closed.is_some());
    let told = leaves.iter().any(|leaf| asked.contains(leaf) || listed(leaf));
    told.then_some("inputs make it one that is no name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_refused_as_iam_refuses_them() {
        for name in ["a", "A-b_c+d=e,f.g@h", "0", &"x".repeat(64), "{{ user }}", "<%= user %>", "${opt:user}"]
        {
            assert_eq!(wrong_with(name), None, "{name}");
        }
        for name in ["", " ", "a b", "a/b", "é", "a:b", "a\n", "\u{202e}a", &"x".repeat(65)] {
            assert!(wrong_with(name).is_some(), "{name}");
        }
    }
}
