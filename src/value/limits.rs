//! How large a value may grow, how much evaluation may take, and how much a question: the table of all limits.
//!
//! `"${local.a}${local.a}"`, sixty times over, is a text that nobody can hold. Past a limit a value is not refused and
//! not cut: it is a symbol of its own ([`Cx::beyond`]), or a call that is computed once its inputs are known
//! ([`Cx::later`]), and the front end that asked for it says so ([`Cx::take_spent`]). A question that meets a limit is
//! not answered with no: see [`super::ask`]. Limits count elements, bytes and steps, never time, so that the same input
//! gives the same answer on every machine.
//!
//! A part that is shared counts once for every place that it stands in, since a walk visits it there each time: sixty
//! lists, each of the one before twice, are small in memory and endless to look at.

use super::func::Func;
use super::symbol::{Leaf, LeafKind, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Value};

/// A limit: how much of something is followed, and what is said past it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Limit {
    /// What it counts.
    pub name: &'static str,
    /// The largest number that is followed.
    pub most: usize,
    /// What users read where it is met.
    pub says: &'static str,
    /// What becomes of the rest.
    pub past: Past,
}

/// What becomes of what is past a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Past {
    /// A value counts as unknown. That is said as an entry, which fails the run unless the findings hold whatever the
    /// value is.
    Unknown,
    /// A question is not decided: the finding is `possible`, and says which limit was met.
    Undecided,
    /// The rest is not judged. That is said as an entry, which fails the run.
    Dropped,
    /// The rest is not shown to people, and this stands in its place.
    Cut,
}

/// One static for each limit, and the list of all.
macro_rules! limits {
    ($($past:ident { $($(#[$doc:meta])* $row:ident: $name:literal, $most:expr, $says:literal;)* })*) => {
        $($($(#[$doc])* pub static $row: Limit =
            Limit { name: $name, most: $most, says: $says, past: Past::$past };)*)*
        /// Every limit.
        pub static LIMITS: &[&Limit] = &[$($(&$row),*),*];
    };
}

limits! {
    Unknown {
        /// Bytes of a text.
        TEXT: "bytes of a text", 4 << 20, "this text is longer than 4 MiB";
        /// Pieces of a text that is not known.
        PIECES: "pieces of a text", 10_000, "this text has more than 10000 parts";
        /// Elements of a container at any depth, and its text in units of [`TEXT_UNIT`].
        ELEMENTS: "elements of a collection", 250_000,
            "this collection has more than 250000 elements, or as much text";
        /// Bytes of a text that a pattern searches, each time that it does.
        SEARCHED: "bytes searched by a pattern", 64 << 20, "this pattern would search more than 64 MiB of text";
        /// Bytes of a pattern's automaton: `[\\p{L}\\p{N}]{1,512}` takes 10 MiB.
        COMPILED: "bytes of a compiled pattern", 32 << 20, "this pattern takes more than 32 MiB once it is compiled";
        /// Digits of a number that is read, or has a remainder.
        DIGITS: "digits of a number", 10_000, "this number has more than 10000 digits";
        /// Alternatives of a value that is no container.
        ALTERNATIVES: "alternatives of a value", 64, "this value has more than 64 alternatives";
        /// Pairs of elements, or of keys, that inputs may make one.
        PAIRS: "pairs of elements", 20_000, "more than 20000 pairs of elements would have to be compared here";
        /// Steps of evaluation in one unit.
        STEPS: "steps of a unit", 2_000_000,
            "what this unit computes takes more than 2000000 steps; from here on everything counts as unknown";
        /// Files below the folder of a `fileset`.
        FILES: "files of a fileset", 20_000, "there are more than 20000 files below the folder of this fileset";
        /// Variables of the Serverless Framework in one text.
        VARIABLES: "variables of a text", 1_000, "this text takes more than 1000 variables, those in their values included";
        /// References to each other, and expressions in them.
        NESTING: "nested references", 1_500, "expressions refer to each other more than 1500 deep here";
        /// References, functions and nested stacks in each other.
        TEMPLATE_DEPTH: "nested references of a template", 400,
            "references go more than 400 levels deep here; lonekey does not follow them";
    }
    Undecided {
        /// Nodes of the decision diagram of one question.
        NODES: "nodes of a question", 100_000,
            "the conditions are too large to decide exactly: a question about them takes more than 100000 nodes";
        /// Values of inputs at which one condition is evaluated.
        POINTS: "points of a condition", 4_096,
            "one condition depends on more than 4096 combinations of values, so not all of them are tried";
        /// Steps of filling in the inputs of conditions.
        FILLED: "steps of filling in", 4_000_000,
            "the conditions are too large to decide exactly: trying the values of their inputs takes more than 4000000 steps";
        /// Comparisons of keys whose users switch between names.
        COMPARED: "comparisons of users that switch", 500,
            "more than 500 pairs of keys would have to be compared to tell which of them are one user's, so one user may be \
             told as several";
        /// Comparisons of unknown values whose consequences are followed in one question.
        RELATIONS: "comparisons of unknown values", 256,
            "so many unknown values are compared with each other that not all consequences are followed";
    }
    Dropped {
        /// Modules in modules.
        MODULE_DEPTH: "nested modules", 32, "modules call each other more than 32 deep; deeper ones are not judged";
        /// Module instances of a root module.
        MODULES: "module instances", 10_000,
            "this root module has more than 10000 module instances; the ones after that are not judged";
        /// Keys and users of a root module.
        KEYS: "keys and users of a root module", 50_000,
            "this root module has more than 50000 access keys and users; the ones after that are not judged";
        /// Instances of one block.
        INSTANCES: "instances of a block", 50_000,
            "this block has more than 50000 instances; the ones after that are not judged";
        /// Instances of one block that are followed one by one.
        LISTED: "instances followed one by one", 10_000,
            "this block has more than 10000 instances, whose users or statuses follow from their index; which of them \
             are one user's is not decided";
        /// Runs of `Fn::ForEach`; CloudFormation itself stops at 500 resources a template.
        RUNS: "runs of loops in a template", 20_000, "loops run more than 20000 times; the rest is not examined";
        /// Elements that a free collection is filled in with, and numbers up to which a free count is.
        SIZE: "elements of a free collection", 126,
            "an index or a length beyond 126 of something that nothing supplies decides here; whether so many elements lead \
             to more findings is not tried";
        /// Nested stacks, and stacks that Terraform deploys.
        STACKS: "stacks", 500, "there are more than 500 nested stacks; the rest is not examined";
    }
    Cut {
        /// Characters of a name that people are shown.
        NAME: "characters of a name", 200, "…";
    }
}

/// How many bytes of text count as one element, or as one step.
const TEXT_UNIT: usize = 32;

impl Value {
    /// How much there is to look at: elements at any depth, and text.
    pub fn size(&self) -> u32 {
        match self {
            Value::String(text) => {
                u32::try_from(text.len() / TEXT_UNIT).unwrap_or(u32::MAX).saturating_add(1)
            }
            Value::Coll(coll) => coll.size,
            Value::Choice(alternatives) => {
                alternatives.iter().map(|(_, v)| v.size()).fold(1, u32::saturating_add)
            }
            _ => 1,
        }
    }
}

impl super::Part {
    /// How much there is to look at.
    pub fn size(&self) -> u32 {
        let place = if self.sort_key == Value::Null { 0 } else { self.sort_key.size() };
        self.key.size().saturating_add(self.value.size()).saturating_add(place)
    }
}

impl Cx {
    /// Counts steps.
    pub fn spend(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps as u64));
    }

    /// Counts the steps that this much text takes.
    pub(super) fn spend_text(&self, bytes: usize) {
        self.spend(bytes / TEXT_UNIT);
    }

    /// Whether [`STEPS`] are over. Only a front end asks: what it has made is judged without a limit on steps.
    pub fn out_of_steps(&self) -> bool {
        self.steps.get() > STEPS.most as u64
    }

    /// Says that a limit was met: the only way to do so.
    pub fn spent(&self, limit: &'static Limit) {
        self.spent.set(Some(limit));
        self.overflowed.set(true);
    }

    /// The value of what is past a limit: a symbol that `of` tells from others, so that the same text or collection past
    /// it is the same value wherever it is computed. Of what is not even looked at, and so of nothing, it is like no other.
    pub fn beyond(&self, limit: &'static Limit, ty: Ty, of: &[Value]) -> Value {
        let unseen = self.unseen.get();
        let which = match of {
            [] => {
                self.unseen.set(unseen + 1);
                unseen.to_string()
            }
            _ => self.short_digest(&Value::tuple(of.iter().cloned())),
        };
        self.spent(limit);
        let name = format!("(not followed: {} {which})", limit.name);
        self.leaf_value(Leaf::new(name, ty, LeafKind::Unfollowed(limit)))
    }

    /// When something past a limit holds: open, whatever the inputs are.
    pub fn open(&self, limit: &'static Limit, of: &[Value]) -> Guard {
        self.truth(&self.beyond(limit, Ty::Bool, of))
    }

    /// A call that is past a limit while inputs are not known: computed once they are.
    pub fn later(&self, limit: &'static Limit, func: &'static Func, args: &[Value]) -> Value {
        self.spent(limit);
        let sym = self.intern(SymNode::Call(func, args.into()));
        self.later.borrow_mut().insert(sym, limit);
        self.opaque(func, args)
    }

    /// The limit that was met since this was asked last.
    pub fn take_spent(&self) -> Option<&'static Limit> {
        self.spent.take()
    }

    /// A limit that a value is past: of what it is made of, or of a collection whose elements it has.
    pub fn limit_of(&self, value: &Value) -> Option<&'static Limit> {
        let mut found = None;
        self.each_symbol(value, &mut |sym| {
            let here = || match self.leaf(sym) {
                Some(Leaf { kind: LeafKind::Unfollowed(limit), .. }) => Some(limit),
                Some(Leaf { of: Some(of), .. }) => self.limit_of(&Value::Sym(of)),
                Some(_) => None,
                None => self.later.borrow().get(&sym).copied(),
            };
            found = found.or_else(here);
        });
        found
    }

    /// The value, unless it is past a limit.
    pub(super) fn bounded(&self, value: Value) -> Value {
        match &value {
            Value::String(text) if text.len() > TEXT.most => {
                self.beyond(&TEXT, Ty::String, std::slice::from_ref(&value))
            }
            Value::Coll(coll) if coll.size as usize > ELEMENTS.most => {
                self.beyond(&ELEMENTS, Ty::Dynamic, std::slice::from_ref(&value))
            }
            _ => value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{CollKind, Part};

    #[test]
    fn doubling_ends_at_the_limit() {
        let cx = Cx::new();
        let (mut list, mut text) = (Value::tuple(["a".into()]), Value::from("a"));
        for _ in 0..60 {
            let twice = vec![Part::item(list.clone()), Part::item(list.clone())];
            list = cx.container(CollKind::Tuple, Ty::Dynamic, twice);
            text = cx.concat(&[text.clone(), text.clone()]);
        }
        assert!(cx.take_spent().is_some() && cx.take_spent().is_none());
        let most = ELEMENTS.most as u32;
        assert!(list.size() <= most && text.size() <= most, "{} {}", list.size(), text.size());
    }

    #[test]
    fn the_same_past_a_limit_is_one_value() {
        let cx = Cx::new();
        let past = |text: &str| cx.beyond(&TEXT, Ty::String, &[text.into()]);
        assert_eq!(past("a"), past("a"));
        assert_ne!(past("a"), past("b"));
        assert_ne!(cx.beyond(&STEPS, Ty::String, &[]), cx.beyond(&STEPS, Ty::String, &[]));
        assert_eq!(cx.limit_of(&cx.concat(&["x".into(), past("a")])), Some(&TEXT));
        assert!(cx.overflowed());
    }

    #[test]
    fn a_place_takes_room_where_there_is_one() {
        let part = Part::item("a".into());
        assert_eq!(part.size(), 2, "a key and a value");
        assert_eq!(Part { sort_key: 1.into(), ..part }.size(), 3);
    }

    #[test]
    fn text_is_joined_without_being_copied_for_each_piece() {
        let cx = Cx::new();
        let pieces: Vec<Value> = std::iter::repeat_n(Value::from("x"), 200_000).collect();
        assert_eq!(cx.concat(&pieces).as_str().map(str::len), Some(200_000));
    }
}
