//! How large a value may grow, and how much evaluation may take.
//!
//! Answers: is this still to be followed? Limits count elements, bytes and steps, never time, so that the same input
//! gives the same answer on every machine. What is past a limit is not refused: it is a symbol of its own, and the
//! front end that asked for it says so ([`Cx::take_beyond`]).
//!
//! Sizes count a shared part wherever it stands, as whoever walks a value meets it: sixty lists, each of the one before
//! twice, are small in memory and endless to look at.

use super::symbol::{Leaf, LeafKind};
use super::types::Ty;
use super::{Cx, Value};

/// The largest size of a container: its elements at any depth, and its text in units of [`TEXT_UNIT`].
pub const MAX_SIZE: u32 = 250_000;
/// The longest text, in bytes.
pub const MAX_TEXT: usize = 4 << 20;
/// How many pieces a symbolic text may have.
pub const MAX_PIECES: usize = 10_000;
/// How many steps a front end takes for one unit before it counts the rest as unknown.
pub const MAX_STEPS: u64 = 2_000_000;
/// How many bytes of text count as one element, or as one step.
const TEXT_UNIT: usize = 32;

/// What is said of a text past [`MAX_TEXT`] or [`MAX_PIECES`].
pub const LONG_TEXT: &str = "this text is longer than 4 MiB or has more than 10000 parts";
/// What is said of a container past [`MAX_SIZE`].
pub const LARGE_COLLECTION: &str = "this collection has more than 250000 elements, or as much text";
/// What is said where [`MAX_STEPS`] are over.
pub const MANY_STEPS: &str = "what this unit computes takes more than 2000000 steps; from here on";

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
        let place = if self.place == Value::Null { 0 } else { self.place.size() };
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

    /// Whether [`MAX_STEPS`] are over. Only a front end asks: what it has made is judged without a limit on steps.
    pub fn spent(&self) -> bool {
        self.steps.get() > MAX_STEPS
    }

    /// The value of what is past a limit: a symbol like no other. The limit is kept for [`Cx::take_beyond`].
    pub fn beyond(&self, limit: &'static str, ty: Ty) -> Value {
        self.beyond.set(Some(limit));
        let number = self.unfollowed.get();
        self.unfollowed.set(number + 1);
        self.leaf_value(Leaf::new(format!("(not followed {number})"), ty, LeafKind::Unfollowed))
    }

    /// The limit that was passed since this was asked last.
    pub fn take_beyond(&self) -> Option<&'static str> {
        self.beyond.take()
    }

    /// The value, unless it is past a limit.
    pub(super) fn bounded(&self, value: Value) -> Value {
        match &value {
            Value::String(text) if text.len() > MAX_TEXT => self.beyond(LONG_TEXT, Ty::String),
            Value::Coll(coll) if coll.size > MAX_SIZE => self.beyond(LARGE_COLLECTION, Ty::Dynamic),
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
        assert!(cx.take_beyond().is_some() && cx.take_beyond().is_none());
        assert!(list.size() <= MAX_SIZE && text.size() <= MAX_SIZE, "{} {}", list.size(), text.size());
    }

    #[test]
    fn what_is_not_followed_is_like_nothing_else() {
        let cx = Cx::new();
        let (a, b) = (cx.beyond(LONG_TEXT, Ty::String), cx.beyond(LONG_TEXT, Ty::String));
        assert_ne!(a, b);
        assert!(cx.overflowed(), "a front end that only asks whether anything overflowed is told too");
    }

    #[test]
    fn text_is_joined_without_being_copied_for_each_piece() {
        let cx = Cx::new();
        let pieces: Vec<Value> = std::iter::repeat_n(Value::from("x"), 200_000).collect();
        assert_eq!(cx.concat(&pieces).as_str().map(str::len), Some(200_000));
    }
}
