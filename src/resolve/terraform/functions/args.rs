//! What function bodies are made of: rows, and known arguments read with Terraform's conversions.
//!
//! A parameter converts its argument before the body sees it; null is refused except where a body says otherwise.

use std::sync::Arc;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::resolve::terraform::types::one_type;
use crate::resolve::terraform::types::unify;
use crate::resolve::terraform::types::{to_number, to_string};
use crate::value::func::{Body, Carries, builders};
use crate::value::limits::Limit;
use crate::value::{Coll, CollKind, Cx, Func, Num, Part, Ty, Value};

/// A function with the least and the largest number of its arguments.
pub struct Row {
    /// The function.
    pub func: Func,
    /// The least number of arguments.
    pub least: usize,
    /// The largest.
    pub most: usize,
    /// Which of its arguments' marks its result has, and where.
    pub spreads: Spreads,
    /// What it makes of all of its arguments together.
    pub together: Option<Together>,
    /// Whether people assert with it: what it refuses is no bool, or no file.
    pub asserts: bool,
    /// The attribute of a file that a data source reads as the function does.
    pub attribute: Option<&'static str>,
    /// What evaluating a call does beside handing the body the arguments.
    pub also: Also,
}

/// What a value is beside itself, in the text of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It is never kept.
    Ephemeral,
    /// It is never shown.
    Sensitive,
}

/// Which of its arguments' marks (they are sensitive, or ephemeral, as a whole or in parts) the result of a call has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spreads {
    /// It is marked where any argument is, in any part.
    Everywhere,
    /// It has none.
    Nowhere,
    /// Where an argument is marked as a whole: `length`.
    OfWhole,
    /// The same, and where the first is in any part: `zipmap`.
    Zipped,
    /// As the argument is, which it is again: `tolist`.
    Same,
    /// As `Same`, and it is marked so as a whole.
    With(Kind),
    /// As `Same`, but for this mark, as a whole or in any part.
    Without(Kind, In),
    /// As the attributes of an object, in the order of their names.
    Values,
    /// As the elements of the lists in a list.
    Flattened,
}

/// From where a mark is taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum In {
    /// From the whole.
    Whole,
    /// From every part.
    Parts,
}

/// What a function of any number of arguments makes of them: where the last one is expanded, how many there are may not be
/// known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// A sequence: all elements of the first, then those of the second.
    InARow,
    /// A map: of two entries of one key the later one.
    Merged,
    /// A set: the order of the arguments is of no account.
    InAnyOrder,
}

/// What evaluating a call does beside handing the body the arguments.
#[derive(Clone, Copy, Debug)]
pub enum Also {
    /// Nothing.
    Nothing,
    /// It evaluates its arguments itself: the first that is not refused.
    Tries,
    /// It evaluates its argument itself: whether that is refused.
    Asks,
    /// The second argument where the first is known. Only the texts of the catalogue have it.
    Labels,
    /// It makes its argument sensitive.
    Hides,
    /// It takes that off again.
    Discloses,
    /// It says whether its argument is sensitive.
    Tells,
    /// What may be kept of its argument: null in the place of what is ephemeral.
    Keeps,
    /// It takes the element of its first argument that the second one says, which is secret where that is.
    Takes {
        /// Whether an index past the end begins again.
        wraps: bool,
    },
    /// Its last number is how many elements it has.
    Counts,
    /// It takes a text apart.
    Pieces,
    /// Its argument is a path from the folder that Terraform is started in.
    FromHere,
    /// It reads a file.
    Reads(Read),
    /// It evaluates a template: a file's, or its argument.
    Renders {
        /// Whether it is a file's.
        file: bool,
    },
    /// It changes the blanks of a text.
    Lays(Blanks),
    /// Only the deployment knows it, and it is another at each call.
    Differs,
    /// Only the deployment knows it.
    Deploys,
}

/// Which blanks of a text a function changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blanks {
    /// It takes off those around it.
    Around,
    /// It takes off the line ends behind it.
    LineEnds,
    /// It puts some before each line but the first: the first argument says how many.
    Indents,
}

/// What a function reads of a file.
#[derive(Clone, Copy, Debug)]
pub enum Read {
    /// Whether it is there.
    Exists,
    /// Which ones match a pattern.
    Listing,
    /// Its text.
    Text,
    /// Something computed of its bytes.
    Bytes(fn(&[u8]) -> Value),
}

builders! { @ Row, ()
    spreading(spreads: Spreads) spreads = spreads;
    together(together: Together) together = Some(together);
    asserting() asserts = true;
    attribute(name: &'static str) attribute = Some(name);
    also(also: Also) also = also;
}
builders!(Row, func);

/// No limit on the number of arguments.
pub const ANY: usize = usize::MAX;

/// A function that something else calls too.
pub const fn row(func: Func, args: (usize, usize)) -> Row {
    Row {
        func,
        least: args.0,
        most: args.1,
        spreads: Spreads::Everywhere,
        together: None,
        asserts: false,
        attribute: None,
        also: Also::Nothing,
    }
}

/// A function of known arguments.
pub const fn known(name: &'static str, args: (usize, usize), ret: Ty, body: Body) -> Row {
    row(Func::known(name, ret, body).refusing(), args)
}

/// A function of known arguments that refuses none of the right type.
pub const fn total(name: &'static str, args: (usize, usize), ret: Ty, body: Body) -> Row {
    row(Func::known(name, ret, body), args)
}

/// A function whose body looks at symbols and guarded parts itself.
pub const fn shape(name: &'static str, args: (usize, usize), ret: Ty, body: Body) -> Row {
    row(Func::shape(name, ret, body).refusing(), args)
}

/// The same, where the result may be an element of an argument, and so null.
pub const fn picks(name: &'static str, args: (usize, usize), body: Body) -> Row {
    row(Func::shape(name, Ty::Dynamic, body).refusing().picking(), args)
}

/// A function whose body looks at symbols itself, where no argument of the right type is refused.
pub const fn total_shape(name: &'static str, args: (usize, usize), ret: Ty, body: Body) -> Row {
    row(Func::shape(name, ret, body), args)
}

/// The same, with other marks on its result.
pub const fn carrying(carries: Carries, mut row: Row) -> Row {
    row.func.carries = carries;
    row
}

/// A body's result; `Err` is a refusal too, so that bodies can use `?`.
pub type Answer = Result<Value, Value>;

/// The result as a value.
pub fn done(answer: Answer) -> Value {
    match answer {
        Ok(value) | Err(value) => value,
    }
}

/// What a call gives past a limit.
pub fn past_limit(cx: &Cx, limit: &'static Limit, ty: Ty, f: &'static Func, args: &[Value]) -> Value {
    cx.beyond(limit, ty, &[&[f.name.into()], args].concat())
}

/// The symbol of a call that cannot be computed; a refusal if everything in it is known.
pub fn left_open(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    if args.iter().any(|a| !a.is_known()) {
        cx.opaque(f, args)
    } else {
        wrong(&format!("{f} does not take these arguments"))
    }
}

/// A refusal of a function's arguments.
pub fn wrong(reason: &str) -> Value {
    Value::refused(reason, None)
}

/// The argument at `i`, null if it is missing.
pub fn arg(args: &[Value], i: usize) -> Value {
    args.get(i).cloned().unwrap_or(Value::Null)
}

/// A string as Terraform keeps it: in Unicode normal form C.
pub fn string(text: impl Into<String> + AsRef<str>) -> Value {
    if is_nfc(text.as_ref()) {
        Value::from(text.into())
    } else {
        Value::from(text.as_ref().nfc().collect::<String>())
    }
}

/// A known text.
pub fn text(cx: &Cx, args: &[Value], i: usize) -> Result<Arc<str>, Value> {
    match args.get(i) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Null) | None => Err(wrong("text is needed, not null")),
        Some(other) => match to_string(cx, other) {
            Value::String(text) => Ok(text),
            refused @ Value::Refused(_) => Err(refused),
            _ => Err(wrong("text is needed")),
        },
    }
}

/// A known number.
pub fn number(cx: &Cx, args: &[Value], i: usize) -> Result<Num, Value> {
    match to_number(cx, &arg(args, i)) {
        Value::Number(n) => Ok((*n).clone()),
        refused @ Value::Refused(_) => Err(refused),
        _ => Err(wrong("a number is needed")),
    }
}

/// A known whole number.
pub fn whole(cx: &Cx, args: &[Value], i: usize) -> Result<i64, Value> {
    number(cx, args, i)?.to_i64().ok_or_else(|| wrong("a whole number is needed"))
}

/// A list, tuple or set.
pub fn sequence(args: &[Value], i: usize) -> Result<&Coll, Value> {
    match args.get(i) {
        Some(Value::Coll(c)) if !c.kind.keyed() => Ok(c),
        Some(Value::Null) | None => Err(wrong("a list is needed, not null")),
        _ => Err(wrong("a list is needed")),
    }
}

/// A list or tuple, not a set.
pub fn ordered(args: &[Value], i: usize) -> Result<&Coll, Value> {
    let coll = sequence(args, i)?;
    if coll.kind == CollKind::Set { Err(wrong("a list is needed, not a set")) } else { Ok(coll) }
}

/// A known list, tuple or set converted to a list of one element type.
pub fn list(cx: &Cx, args: &[Value], i: usize) -> Result<Arc<Coll>, Value> {
    match one_type::collection(cx, sequence(args, i)?, CollKind::List) {
        Value::Coll(c) => Ok(c),
        other => Err(other),
    }
}

/// The same container with its elements converted to `elem`.
pub fn of_type(cx: &Cx, args: &[Value], i: usize, kind: CollKind, elem: &Ty) -> Result<Arc<Coll>, Value> {
    match unify::conform(cx, &arg(args, i), &Ty::of_elements(kind, elem.clone())) {
        Value::Coll(c) => Ok(c),
        Value::Null => Err(wrong("a collection is needed, not null")),
        refused @ Value::Refused(_) => Err(refused),
        _ => Err(wrong("a collection is needed")),
    }
}

/// The texts of a known list of strings; null elements are refused.
pub fn texts(cx: &Cx, args: &[Value], i: usize) -> Result<Vec<Arc<str>>, Value> {
    let list = of_type(cx, args, i, CollKind::List, &Ty::String)?;
    let each = list.parts.iter().map(|p| match &p.value {
        Value::String(text) => Ok(text.clone()),
        _ => Err(wrong("an element is null")),
    });
    each.collect()
}

/// A list of strings.
pub fn strings<S: Into<Value>>(items: impl IntoIterator<Item = S>) -> Value {
    let parts = items.into_iter().map(|s| Part::item(s.into())).collect();
    Value::typed(CollKind::List, Ty::String, parts)
}
