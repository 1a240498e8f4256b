//! Texts that are never empty, and the least that numbers made of them are.
//!
//! `terraform.workspace` has at least one character, so `length(terraform.workspace)` is never 0 and
//! `lower(terraform.workspace)` never `""`, whatever else is not known of them. Answers: how long is a text at least, how
//! large a number, and can a symbol be at this point of its domain?
//! Source: Terraform's check of workspace names (one path segment of a URL as it is).

use super::domain::Point;
use super::func::{AtLeast, Form};
use super::ops::ADD;
use super::symbol::{LeafKind, Piece, SymId, SymNode};
use super::{CollKind, Cx, Func, Num, Part, Value};

/// What is known of a text that an input or the deployment gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Nothing.
    #[default]
    Any,
    /// It is not empty.
    Something,
    /// It is the absolute path of a work tree, which is not empty.
    WorkTree,
    /// It is not empty, and made of [letters of a word](is_word_letter).
    Word,
    /// It is such a word: the partition of an ARN, `aws` most of the time.
    Partition,
    /// It is such a word: an account's twelve digits.
    Account,
}

/// Whether a character can stand in a word: what a segment of a URL's path holds as it is.
pub fn is_word_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.~$&+=:@".contains(c)
}

impl Cx {
    /// Whether a value is a text of letters of a word alone, at least one.
    pub fn is_word(&self, value: &Value) -> bool {
        let Value::Sym(sym) = value else { return false };
        match self.node(*sym) {
            Some(SymNode::Concat(pieces)) => pieces.iter().all(|piece| match piece {
                Piece::Text(text) => text.chars().all(is_word_letter),
                Piece::Sym(sym) => self.is_word(&Value::Sym(*sym)),
            }),
            _ => {
                self.is_leaf(*sym, |leaf| !matches!(leaf.text, Text::Any | Text::Something | Text::WorkTree))
            }
        }
    }

    /// How many characters a value has at least as JSON.
    fn shortest_json(&self, value: &Value) -> usize {
        match value {
            Value::String(_) => self.shortest(value) + 2,
            Value::Sym(_) if self.is_text(value) => self.shortest(value) + 2,
            Value::Coll(coll) => {
                let each = coll.parts.iter().filter(|part| part.is_certain()).map(|part| {
                    let name = if coll.kind.keyed() { self.shortest_json(&part.key) + 1 } else { 0 };
                    name + self.shortest_json(&part.value)
                });
                let certain: Vec<usize> = each.collect();
                // Elements of a set may be one.
                match coll.kind {
                    CollKind::Set => 2 + certain.iter().min().unwrap_or(&0),
                    _ => 2 + certain.len().saturating_sub(1) + certain.iter().sum::<usize>(),
                }
            }
            Value::Null => 4,
            _ => 1,
        }
    }

    /// How many characters a text has at least.
    fn shortest(&self, value: &Value) -> usize {
        match value {
            Value::String(text) if text.is_ascii() => text.len(),
            Value::String(_) => 1,
            Value::Choice(all) => all.iter().map(|(_, v)| self.shortest(v)).min().unwrap_or(0),
            Value::Sym(sym) => match self.node(*sym) {
                Some(SymNode::Concat(pieces)) => {
                    let pieces: Vec<Value> = pieces.iter().map(Value::from).collect();
                    let lengths = pieces.iter().map(|piece| self.shortest(piece));
                    // Characters of other scripts may become one with their neighbours.
                    let apart = |v: &Value| self.is_word(v) || v.as_str().is_some_and(str::is_ascii);
                    if pieces.iter().all(apart) { lengths.sum() } else { lengths.max().unwrap_or(0).min(1) }
                }
                Some(SymNode::Call(func, args)) => match (func.at_least, &*args) {
                    (Some(AtLeast::Something), _) => 1,
                    (Some(AtLeast::Json), [of]) => self.shortest_json(of),
                    (Some(AtLeast::Yaml), [of]) if self.is_text(of) => self.shortest(of) + 3,
                    (Some(AtLeast::Yaml), _) => 1,
                    (Some(AtLeast::First), [of, ..]) => self.shortest(of).min(1),
                    (Some(AtLeast::Cut), [of, from, Value::Number(length)])
                        if *from == Value::from(0) && length.signum() != 0 =>
                    {
                        self.shortest(of).min(1)
                    }
                    _ => 0,
                },
                _ => usize::from(self.is_leaf(*sym, |leaf| leaf.text != Text::Any)),
            },
            _ => 0,
        }
    }

    /// What a number is at least, where that follows from the texts that it is made of.
    fn least(&self, value: &Value) -> Option<Num> {
        let sym = match value {
            Value::Number(number) => return Some((**number).clone()),
            Value::Sym(sym) => *sym,
            _ => return None,
        };
        let Some(SymNode::Call(func, args)) = self.node(sym) else {
            let leaf = self.leaf(sym)?;
            let of = leaf.of.filter(|_| leaf.kind == LeafKind::Length)?;
            return Some(Num::from_usize(self.fewest(&Value::Sym(of))));
        };
        let mut all = args.iter().map(|arg| self.least(arg));
        match (func.at_least, &*args) {
            (Some(AtLeast::Largest), _) => all.flatten().max(),
            (Some(AtLeast::Smallest), _) => all.collect::<Option<Vec<_>>>()?.into_iter().min(),
            (Some(AtLeast::Zero), _) => Some(Num::from_i64(0)),
            (_, [of]) if func.counts => Some(Num::from_usize(self.shortest(of).max(self.fewest(of)))),
            (_, [_, _]) if *func == ADD => all.next()??.add(&all.next()??),
            (_, [_]) if func.rounds.is_some() => Some(all.next()??.floor()),
            _ => None,
        }
    }

    /// How many elements a collection has at least.
    fn fewest(&self, value: &Value) -> usize {
        let sym = match value {
            Value::Coll(coll) => {
                let there = coll.parts.iter().filter(|part| part.guard.is_true());
                let over = |part: &Part| -> usize {
                    let each = part.generators.iter().map(|g| self.fewest(&Value::Sym(*g)));
                    each.fold(1, usize::saturating_mul)
                };
                let parts = there.map(over).fold(0, usize::saturating_add);
                // Elements of a set, or names in a map, may be one.
                return if coll.kind.in_a_row() { parts } else { parts.min(1) };
            }
            Value::Sym(sym) => *sym,
            _ => return 0,
        };
        let Some(SymNode::Call(func, args)) = self.node(sym) else { return 0 };
        // Calls of calls share their arguments.
        if let Some(known) = self.fewest.borrow().get(&sym) {
            return *known;
        }
        let found = self.fewest_of(func, &args);
        self.fewest.borrow_mut().insert(sym, found);
        found
    }

    fn fewest_of(&self, func: &Func, args: &[Value]) -> usize {
        let mut each = args.iter().map(|arg| self.fewest(arg));
        match (func.at_least, args) {
            // A text has at least one part, and as many letters as it has.
            (Some(AtLeast::Something), _) => 1,
            (_, [by, text]) if func.undoes == Some(Form::Joined) => {
                usize::from(self.shortest(by) > 0 || self.shortest(text) > 0)
            }
            (Some(AtLeast::Match(of_any_letter)), [pattern, text]) => {
                usize::from(self.is_word(text) && pattern.as_str().is_some_and(of_any_letter))
            }
            (Some(AtLeast::First), [of, ..]) => self.fewest(of).min(1),
            (Some(AtLeast::Cut), [_, Value::Number(from), Value::Number(to)]) => {
                to.sub(from).and_then(|n| n.to_usize()).unwrap_or(0)
            }
            (Some(AtLeast::All), _) => each.fold(0, usize::saturating_add),
            (Some(AtLeast::Any), _) => each.max().unwrap_or(0),
            (Some(AtLeast::Product), _) => each.all(|n| n > 0).into(),
            (Some(AtLeast::Flat), [of]) => self.fewest_within(of),
            _ => 0,
        }
    }

    /// How many elements there are at least in the lists of a list, or of a map.
    fn fewest_within(&self, value: &Value) -> usize {
        match value {
            Value::Coll(coll) => {
                let each = coll.parts.iter().filter(|p| p.is_certain());
                each.map(|part| self.fewest_within(&part.value)).max().unwrap_or(0)
            }
            Value::Sym(_) if self.is_text(value) => 1,
            Value::Sym(_) => self.fewest(value),
            Value::Choice(_) | Value::Refused(_) => 0,
            _ => 1,
        }
    }

    /// What a symbol would be of an empty word, where it is that of no other: `md5(terraform.workspace)` is never `md5("")`.
    fn of_no_word(&self, sym: SymId) -> Option<Value> {
        let [empty, other] = ["", "a"].map(|word| self.with_word(&Value::Sym(sym), &word.into()));
        empty.filter(|value| other.is_some_and(|other| other != *value))
    }

    /// A value with this text in the place of the only word in it; `None` where something else in it is not known, or a
    /// function on the way may give one thing of two words.
    fn with_word(&self, value: &Value, word: &Value) -> Option<Value> {
        let made = match value {
            known if known.is_known() => return Some(known.clone()),
            Value::Coll(coll) => {
                let mut open = coll.parts.iter().filter(|part| !part.value.is_known());
                let only = open.next().filter(|part| part.is_certain() && open.next().is_none())?;
                let with = self.with_word(&only.value, word)?;
                let other = |part: &Part| match part.value.is_known() {
                    true => part.clone(),
                    false => Part { value: with.clone(), ..part.clone() },
                };
                self.rebuild(coll, coll.parts.iter().map(other).collect())
            }
            Value::Sym(sym) => match self.node(*sym) {
                Some(SymNode::Concat(pieces)) => {
                    let mut open = pieces.iter().filter(|piece| matches!(piece, Piece::Sym(_)));
                    open.next().filter(|_| open.next().is_none())?;
                    let each = pieces.iter().map(|piece| self.with_word(&piece.into(), word));
                    self.concat(&each.collect::<Option<Vec<_>>>()?)
                }
                Some(SymNode::Call(func, args)) => {
                    let mut open = args.iter().filter(|arg| !arg.is_known());
                    let only = self.with_word(open.next().filter(|_| open.next().is_none())?, word)?;
                    if word.as_str() == Some("") && !gives_once(func, &only) {
                        return None;
                    }
                    let with = args.iter().map(|arg| if arg.is_known() { arg } else { &only }.clone());
                    self.call(func, &with.collect::<Vec<_>>())
                }
                _ => Some(word.clone()).filter(|_| self.is_word(value))?,
            },
            _ => return None,
        };
        made.is_known().then_some(made)
    }

    /// The points of a symbol that it is never at, by what is known of how long texts are.
    pub(super) fn never_at(&self, sym: SymId, points: &[Point]) -> Vec<bool> {
        let value = Value::Sym(sym);
        let (shortest, word, least) = (self.shortest(&value), self.is_word(&value), self.least(&value));
        let of_nothing = self.of_no_word(sym);
        let never = |point: &Point| match (point, &least) {
            (Point::Is(value), _) if of_nothing.as_ref() == Some(value) => true,
            (Point::Is(Value::String(text)), _) => {
                text.chars().count() < shortest || word && !text.chars().all(is_word_letter)
            }
            (Point::Is(Value::Number(n)), Some(least)) => **n < *least,
            (Point::Between { high: Some(high), .. }, Some(least)) => high <= least,
            _ => false,
        };
        points.iter().map(never).collect()
    }
}

/// Whether what a function gives of this, it gives of nothing else.
fn gives_once(func: &Func, of: &Value) -> bool {
    let empty = match of {
        Value::String(text) => text.is_empty(),
        Value::Coll(coll) => coll.parts.is_empty(),
        _ => false,
    };
    let formed = func.makes.is_some_and(|form| form != Form::Joined)
        || matches!(func.undoes, Some(Form::Joined | Form::Json | Form::Csv));
    let of_empty = func.counts || matches!(func.at_least, Some(AtLeast::First));
    !func.picks && (func.one_to_one || formed || empty && of_empty)
}

#[cfg(test)]
mod tests {
    use super::super::ask::Ask;
    use super::super::{Leaf, Ty};
    use super::*;

    #[test]
    fn what_is_made_of_a_text_that_is_not_empty_is_as_large() {
        let cx = Cx::new();
        let mut leaf = Leaf::new("terraform.workspace", Ty::String, LeafKind::Input);
        leaf.text = Text::Word;
        let word = cx.leaf_value(leaf);
        let other = cx.leaf_value(Leaf::new("var.x", Ty::String, LeafKind::Input));
        let text = |first: &str, of: &Value| cx.concat(&[first.into(), of.clone()]);
        for (value, shortest) in [
            (&word, 1),
            (&other, 0),
            (&text("ab", &word), 3),
            (&text("ab", &other), 1),
            (&text("é", &word), 1),
        ] {
            assert_eq!(cx.shortest(value), shortest, "{}", cx.show(value));
        }
        let three = Value::from(3);
        assert_eq!(cx.least(&cx.call(&ADD, &[three.clone(), three])), Some(Num::from_i64(6)));
        let can = |a: &Value, b: &Value| {
            let guard = cx.equal(a, b);
            Ask::new(&cx, &[guard]).unwrap().can_hold(guard).unwrap()
        };
        assert!(!can(&word, &"".into()) && can(&other, &"".into()));
        assert!(!can(&word, &"a b".into()) && can(&word, &"a-b".into()) && can(&other, &"a b".into()));
    }
}
