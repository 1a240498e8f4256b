//! Marks: values that may be used and never shown.
//!
//! Answers: does this come from a file that a function read, or from a sensitive input, and what is shown in its place?
//! A mark belongs to the allocation of a text or number, so that it costs nothing where there is none, is no part of what
//! a value *is*, and survives wherever the value is moved. What a function makes of a marked argument is marked by
//! [`Cx::call`]. What stands in the place of a marked value is the same for equal values and different for others:
//! names of symbols are made of it.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::func::{Carries, Func};
use super::symbol::{Piece, SymId, SymNode};
use super::{Coll, Cx, Part, Ty, Value};

/// Where a value comes from. A later one is stronger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Decoded from a file: shown as a user's name, and nowhere else.
    Decoded,
    /// What a template that was rendered says itself: shown nowhere, and what is decoded of it is `Decoded`.
    Rendered,
    /// The text of a file, or made of it.
    Read,
    /// The value of a sensitive input, or made of it.
    Sensitive,
}

/// What is shown in the place of a sensitive value.
pub const SENSITIVE: &str = "(sensitive)";

#[derive(Clone, Debug)]
struct MarkedBy {
    mark: Mark,
    /// What is shown in its place.
    shown: Arc<str>,
}

/// The marks of a context.
#[derive(Debug, Default)]
pub struct Marks {
    /// By the address of the allocation, which the value beside it keeps alive.
    by_address: HashMap<usize, (Value, MarkedBy)>,
    /// What stands in the place of each value.
    stand_ins: HashMap<Value, Arc<str>>,
    /// How many values have this in their place.
    taken: HashMap<Arc<str>, usize>,
    /// What is in the long collections that were asked last: what is made has a mark before it stands in one.
    long: VecDeque<(Arc<Coll>, Option<MarkedBy>)>,
    /// What symbols are made of.
    by_symbol: HashMap<SymId, Option<MarkedBy>>,
}

/// A shorter collection is looked through as quickly.
const LONG: usize = 32;
/// How many long ones are kept.
const KEPT: usize = 8;

fn address(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => (!text.is_empty()).then(|| text.as_ptr() as usize),
        Value::Number(number) => Some(Arc::as_ptr(number) as usize),
        _ => None,
    }
}

fn stronger(a: Option<MarkedBy>, b: Option<MarkedBy>) -> Option<MarkedBy> {
    match (&a, &b) {
        (Some(x), Some(y)) if y.mark > x.mark => b,
        (Some(_), _) => a,
        (None, _) => b,
    }
}

impl Cx {
    /// A copy of a value whose texts and numbers are marked. `shown` is what stands in their place; one that has a stronger
    /// mark keeps it.
    pub fn hidden(&self, value: &Value, mark: Mark, shown: &str) -> Value {
        let by = MarkedBy { mark, shown: shown.into() };
        self.copied(value, &mut |own, copy| {
            let known = self.marked_by(own).filter(|known| known.mark > mark);
            self.mark(copy, known.as_ref().unwrap_or(&by));
        })
    }

    /// A copy of a value whose texts and numbers are not sensitive.
    pub fn disclosed(&self, value: &Value) -> Value {
        if self.marks.borrow().by_address.is_empty() {
            value.clone()
        } else {
            self.copied(value, &mut |_, _| {})
        }
    }

    fn mark(&self, value: &Value, by: &MarkedBy) {
        if let Some(at) = address(value) {
            self.marks.borrow_mut().by_address.insert(at, (value.clone(), by.clone()));
        }
    }

    /// A text or number with the mark of another.
    pub fn marked_as(&self, other: &Value, value: Value) -> Value {
        if let Some(by) = self.marked_by(other) {
            self.mark(&value, &by);
        }
        value
    }

    /// A text or number that was made of a value, with the strongest mark in it.
    pub fn marked_from(&self, other: &Value, value: Value) -> Value {
        if let Some(by) = self.marked_within(other) {
            self.mark(&value, &by);
        }
        value
    }

    fn copied(&self, value: &Value, done: &mut dyn FnMut(&Value, &Value)) -> Value {
        let copy = match value {
            Value::String(text) => Value::from(&**text),
            Value::Number(number) => Value::from((**number).clone()),
            Value::Coll(coll) => {
                let parts = coll.parts.iter().map(|part| Part {
                    key: self.copied(&part.key, done),
                    sort_key: self.copied(&part.sort_key, done),
                    value: self.copied(&part.value, done),
                    ..part.clone()
                });
                return Value::typed(coll.kind, coll.elem.clone(), parts.collect());
            }
            Value::Choice(all) => {
                return Value::Choice(all.iter().map(|(g, v)| (*g, self.copied(v, done))).collect());
            }
            other => {
                self.scalars(other, &mut HashSet::new(), &mut |scalar| done(scalar, scalar));
                return other.clone();
            }
        };
        done(value, &copy);
        copy
    }

    /// The mark of a text or number.
    pub fn mark_of(&self, value: &Value) -> Option<Mark> {
        self.marked_by(value).map(|by| by.mark)
    }

    fn marked_by(&self, value: &Value) -> Option<MarkedBy> {
        let marks = self.marks.borrow();
        if marks.by_address.is_empty() {
            return None;
        }
        marks.by_address.get(&address(value)?).map(|(_, by)| by.clone())
    }

    /// The strongest mark in a value, at any depth.
    pub fn mark_within(&self, value: &Value) -> Option<Mark> {
        self.marked_within(value).map(|by| by.mark)
    }

    fn marked_within(&self, value: &Value) -> Option<MarkedBy> {
        if self.marks.borrow().by_address.is_empty() {
            return None;
        }
        match value {
            Value::String(_) | Value::Number(_) => self.marked_by(value),
            Value::Coll(coll) if coll.parts.len() >= LONG => {
                let known = self.marks.borrow().long.iter().find(|(of, _)| Arc::ptr_eq(of, coll)).cloned();
                if let Some((_, by)) = known {
                    return by;
                }
                let by = self.marked_in_parts(coll);
                let mut marks = self.marks.borrow_mut();
                if marks.long.len() >= KEPT {
                    marks.long.pop_front();
                }
                marks.long.push_back((coll.clone(), by.clone()));
                by
            }
            Value::Coll(coll) => self.marked_in_parts(coll),
            Value::Choice(all) => all.iter().map(|(_, v)| self.marked_within(v)).fold(None, stronger),
            Value::Sym(sym) => {
                if let Some(known) = self.marks.borrow().by_symbol.get(sym) {
                    return known.clone();
                }
                let mut found = None;
                self.scalars(value, &mut HashSet::new(), &mut |scalar| {
                    found = stronger(found.take(), self.marked_by(scalar));
                });
                self.marks.borrow_mut().by_symbol.insert(*sym, found.clone());
                found
            }
            Value::Null | Value::Bool(_) | Value::Refused(_) => None,
        }
    }

    fn marked_in_parts(&self, coll: &Coll) -> Option<MarkedBy> {
        coll.parts.iter().fold(None, |found, part| {
            let own = [&part.key, &part.sort_key, &part.value].map(|v| self.marked_within(v));
            own.into_iter().fold(found, stronger)
        })
    }

    /// Visits every text and number in a value, those in symbols and guards too.
    fn scalars(&self, value: &Value, seen: &mut HashSet<SymId>, visit: &mut dyn FnMut(&Value)) {
        match value {
            Value::String(_) | Value::Number(_) => visit(value),
            Value::Coll(coll) => {
                for part in &coll.parts {
                    for inner in [&part.key, &part.sort_key, &part.value] {
                        self.scalars(inner, seen, visit);
                    }
                }
            }
            Value::Choice(all) => all.iter().for_each(|(_, v)| self.scalars(v, seen, visit)),
            Value::Bool(guard) => {
                for atom in self.atoms(&[*guard]) {
                    self.scalars(&Value::Sym(atom), seen, visit);
                }
            }
            Value::Sym(sym) => {
                if !seen.insert(*sym) {
                    return;
                }
                match self.node(*sym) {
                    Some(SymNode::Concat(pieces)) => {
                        for piece in &pieces {
                            match piece {
                                Piece::Text(text) => visit(&Value::String(text.clone())),
                                Piece::Sym(inner) => self.scalars(&Value::Sym(*inner), seen, visit),
                            }
                        }
                    }
                    Some(SymNode::Call(_, args)) => {
                        args.iter().for_each(|arg| self.scalars(arg, seen, visit));
                    }
                    _ => {
                        if let Some(call) = self.taken_of(*sym) {
                            self.scalars(&Value::Sym(call), seen, visit);
                        }
                    }
                }
            }
            Value::Null | Value::Refused(_) => {}
        }
    }

    /// The result of a function, marked as its arguments are: whatever it made of them. What it says is wrong with them
    /// quotes nothing.
    pub fn carried(&self, func: &Func, args: &[Value], result: Value) -> Value {
        if func.carries == Carries::Nothing || self.marks.borrow().by_address.is_empty() {
            return result;
        }
        // Elements of an argument have their marks already.
        if func.elements.is_some() && matches!(result, Value::Coll(_)) {
            return result;
        }
        let by = args.iter().map(|arg| self.marked_within(arg)).fold(None, stronger);
        let Some(by) = by else { return result };
        let mark = match (by.mark, func.carries) {
            (Mark::Rendered | Mark::Read, Carries::Decoded) => Mark::Decoded,
            (Mark::Decoded | Mark::Rendered, Carries::Encoded) => Mark::Read,
            (mark, _) => mark,
        };
        let shown = match mark {
            Mark::Sensitive => SENSITIVE.into(),
            _ if by.shown.starts_with(DERIVED) => by.shown,
            _ => format!("{DERIVED}{})", by.shown).into(),
        };
        let by = MarkedBy { mark, shown };
        let mut made = Vec::new();
        self.scalars(&result, &mut HashSet::new(), &mut |scalar| made.push(scalar.clone()));
        if !made.is_empty() {
            let (mut given, mut plain) = (HashSet::new(), HashSet::new());
            // A call that is not computed may be one that was made before, of arguments that are equal.
            let is_call = |value: &Value| self.is_call(value) || matches!(value, Value::Refused(_));
            let call = self.alternatives(&result).iter().all(|(_, value)| is_call(value));
            // A number that a function makes is no element of an argument.
            for arg in args.iter().filter(|_| func.ret != Ty::Number || func.picks) {
                self.scalars(arg, &mut HashSet::new(), &mut |scalar| {
                    given.extend(address(scalar));
                    plain.extend((call && self.mark_of(scalar).is_none()).then(|| scalar.clone()));
                });
            }
            for scalar in made {
                let own = address(&scalar).is_some_and(|at| !given.contains(&at)) && !plain.contains(&scalar);
                if own && self.mark_of(&scalar).is_none() {
                    self.mark(&scalar, &by);
                }
            }
        }
        self.unquoted(func, result)
    }

    fn unquoted(&self, func: &Func, result: Value) -> Value {
        let quotes =
            |reason: &str| reason.contains(['"', '`', '\'']) || reason.contains(|c: char| c.is_ascii_digit());
        let silent = |value: &Value| match value {
            Value::Refused(refusal) if quotes(&refusal.reason) => {
                let name = func.name.trim_start_matches('(').trim_end_matches(')');
                Value::refused(format!("{name} refuses what it is given"), refusal.at)
            }
            other => other.clone(),
        };
        match &result {
            Value::Choice(all) if all.iter().any(|(_, v)| matches!(v, Value::Refused(_))) => {
                self.choice(all.iter().map(|(g, v)| (*g, silent(v))).collect())
            }
            other => silent(other),
        }
    }

    /// What is shown in the place of a text or number that is marked.
    pub fn stand_in(&self, value: &Value) -> Option<Arc<str>> {
        let by = self.marked_by(value)?;
        let mut marks = self.marks.borrow_mut();
        if let Some(known) = marks.stand_ins.get(value) {
            return Some(known.clone());
        }
        let count = marks.taken.entry(by.shown.clone()).or_default();
        *count += 1;
        let shown: Arc<str> = match count {
            1 => by.shown,
            _ => format!("{}#{count}", by.shown).into(),
        };
        marks.stand_ins.insert(value.clone(), shown.clone());
        Some(shown)
    }

    /// A text with what stands in the place of each secret that it is spelled with, in any letter case, and of what a file
    /// says that is no plain name; `None` where it is with none.
    pub fn masked(&self, text: &str) -> Option<String> {
        let marks = self.marks.borrow();
        let secret = |(value, by): &(Value, MarkedBy)| {
            let text = value.as_str()?;
            (by.mark >= Mark::Read || !is_plain(text)).then(|| (text.to_string(), value.clone()))
        };
        let secrets: BTreeMap<String, Value> = marks.by_address.values().filter_map(secret).collect();
        drop(marks);
        let (mut masked, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            let spelled = |(own, _): &(&String, &Value)| {
                rest.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own))
            };
            // The longest one: another one may be a part of it.
            let found = secrets.iter().filter(spelled).max_by_key(|(own, _)| own.len());
            let len = match found {
                Some((own, secret)) => {
                    masked.push_str(&self.stand_in(secret)?);
                    own.len()
                }
                None => {
                    masked.push(next);
                    next.len_utf8()
                }
            };
            rest = rest.get(len..)?;
        }
        (masked != text).then_some(masked)
    }

    /// A text as it may stand in a name (an address, a path): a plain one from a decoded file as it is.
    pub fn name_text(&self, value: &Value) -> Option<Arc<str>> {
        let Value::String(text) = value else { return None };
        match self.mark_of(value) {
            None => Some(text.clone()),
            Some(Mark::Decoded) if is_plain(text) => Some(text.clone()),
            Some(_) => self.stand_in(value),
        }
    }

    /// The name of a user as reports may show it: [`SENSITIVE`] for a sensitive one, none where it is the text of a file.
    pub fn user_name(&self, value: &Value) -> Option<String> {
        let Value::String(text) = value else { return None };
        match self.mark_of(value) {
            None => Some(text.to_string()),
            Some(Mark::Sensitive) => Some(SENSITIVE.into()),
            Some(Mark::Decoded) if is_plain(text) && !text.contains([':', '/']) => Some(text.to_string()),
            Some(_) => None,
        }
    }
}

/// How what is made of a file's text is shown.
const DERIVED: &str = "(from ";

/// Whether a text is made of the characters that names of users and keys of collections are. What holds `=` is rather a
/// line of settings.
/// Source: IAM User Guide, "IAM and AWS STS quotas", names of users; `/` and `:` join them.
pub fn is_plain(text: &str) -> bool {
    let in_a_name = |c: char| c.is_ascii_alphanumeric() || "_+,.@-/:".contains(c);
    !text.contains("://") && text.chars().all(in_a_name)
}

#[cfg(test)]
mod tests {
    use super::super::{Leaf, LeafKind};
    use super::*;

    fn file(cx: &Cx) -> Value {
        cx.hidden(&Value::from("SECRET"), Mark::Read, "file(\"k\")")
    }

    #[test]
    fn what_is_made_of_a_marked_value_is_marked() {
        let cx = Cx::new();
        let secret = file(&cx);
        assert_eq!(secret, Value::from("SECRET"), "a mark is no part of the value");
        assert_eq!(cx.mark_of(&Value::from("SECRET")), None);
        assert_eq!(cx.show(&secret), "file(\"k\")");
        let made = cx.concat(&["x-".into(), secret.clone()]);
        assert_eq!((cx.mark_of(&made), cx.show(&made)), (Some(Mark::Read), "(from file(\"k\"))".into()));
        let other = cx.concat(&["y-".into(), secret.clone()]);
        assert_eq!(cx.show(&other), "(from file(\"k\"))#2", "different values have different names");
        let open = Value::Sym(cx.declare(Leaf::new("var.x", Ty::String, LeafKind::Input)));
        let text = cx.concat(&[open.clone(), "-".into(), secret.clone()]);
        assert!(!cx.show(&text).contains("SECRET"), "{}", cx.show(&text));
        // The atom holds what is left of the text.
        let guard = cx.equal(&cx.concat(&["SEC".into(), open.clone()]), &secret);
        assert!(cx.show_guard(guard).starts_with("var.x == (from"), "{}", cx.show_guard(guard));
    }

    #[test]
    fn what_is_moved_keeps_its_mark_and_gives_it_to_nobody() {
        let cx = Cx::new();
        let list = Value::tuple([file(&cx), Value::from("plain")]);
        let at = |i: i64| cx.index(&list, &Value::from(i));
        assert_eq!(cx.mark_of(&at(0)), Some(Mark::Read));
        assert_eq!(cx.mark_of(&at(1)), None);
        assert_eq!(cx.mark_within(&list), Some(Mark::Read));
        assert_eq!(cx.mark_of(&cx.disclosed(&at(0))), None);
    }

    #[test]
    fn a_plain_text_of_a_file_is_a_name() {
        let cx = Cx::new();
        for (text, plain) in [("ci", true), ("team/ci", true), ("a b", false), ("a\n", false), ("T=x", false)]
        {
            let decoded = cx.hidden(&Value::from(text), Mark::Decoded, "file(\"k\")");
            assert_eq!(cx.name_text(&decoded).as_deref() == Some(text), plain, "{text:?}");
            assert_eq!(cx.masked(&format!("x{text}x")).is_none(), plain, "{text:?}");
        }
    }
}
