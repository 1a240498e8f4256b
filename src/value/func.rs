//! Functions: a name, what the body can look at, and the body.
//!
//! One wrapper ([`super::Cx::call`]) lifts a body over choices and answers unknown arguments for it, so most bodies
//! see known values only; a few opt in to more.

use std::fmt;
use std::hash::{Hash, Hasher};

use super::types::Ty;
use super::{Cx, Guard, Value};

/// What a body can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Only wholly known arguments. Choices inside containers are split too; with a symbol anywhere the call becomes
    /// an opaque symbol.
    Known,
    /// Arguments whose top level is no choice and no refusal; symbols and guarded parts are the body's business.
    Shape,
    /// Arguments with their choices, none of them a refusal: each argument may be looked at by itself.
    Choices,
}

/// How a function of a number rounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounds {
    /// To the next whole number below.
    Down,
    /// To the next whole number above.
    Up,
}

/// What of its arguments' marks ([`super::marks`]) a result has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// All that it makes of them is marked as they are.
    All,
    /// The same, and the text of a file is decoded.
    Decoded,
    /// The same, and what was decoded is no name any more.
    Encoded,
    /// What it gives are arguments, or parts of them, which have their own.
    Nothing,
}

/// What part of a text a predicate about two texts is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Whether the first begins with the second.
    Begins,
    /// Whether it ends with it.
    Ends,
    /// Whether it has it anywhere.
    Holds,
}

/// Which elements of its first argument a function gives again. (Elements of what is not known are taken for distinct,
/// and none for empty.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elements {
    /// All: converted, or in another order.
    All,
    /// All, once each.
    Once,
    /// The same, as a set, whose keys they are.
    Set,
    /// Those whose index lies from the second argument to before the third.
    Cut,
}

/// Which arguments of a function are collections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// The first: a list, tuple or set.
    Row,
    /// All, each such.
    Rows,
    /// The first, with more such in it.
    Nested,
    /// The first: a map or an object.
    Map,
    /// All, each such.
    Maps,
    /// The first, of lists.
    MapOfRows,
}

/// The collection that a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A list of texts.
    Texts,
    /// A list of the element type of its first argument.
    List,
    /// A list or a tuple, of elements of any type.
    Row,
    /// Such a set.
    Set,
    /// Such a map.
    Map,
}

/// A form that one function gives a value and another one takes off again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The elements of the second argument as one text, with the first between them.
    Joined,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Comma-separated values.
    Csv,
    /// A text in base64.
    Base64,
    /// The same, compressed.
    Gzip,
    /// The same, in the character set that the second argument names.
    Charset,
    /// A text as a part of a URL.
    Url,
}

impl Form {
    /// Whether what it is taken off is a text again: the one that it was given to.
    pub fn is_of_text(self) -> bool {
        matches!(self, Form::Base64 | Form::Gzip | Form::Charset | Form::Url)
    }
}

/// A lower bound of what a function gives: of how long a text is, or how large a number.
#[derive(Clone, Copy, Debug)]
pub enum AtLeast {
    /// The text or list is never empty.
    Something,
    /// It is its argument as JSON.
    Json,
    /// It is its argument as YAML: a text in quotes on a line of its own.
    Yaml,
    /// A list of what a pattern matches in a text: one at least, where this says that it matches each letter of a word by
    /// itself, and the text is a word.
    Match(fn(&str) -> bool),
    /// It is empty only where the first argument is, a text or a collection.
    First,
    /// The same where the second argument, where it begins, is 0, and the third, how long it is, is not. A list has as many
    /// elements as there are between the two.
    Cut,
    /// It has the elements of all arguments, one after the other.
    All,
    /// The same, of which several may be one.
    Any,
    /// It has one for each combination of elements of the arguments.
    Product,
    /// It has what is in the lists of its argument, or in those of its entries.
    Flat,
    /// The number is the largest of the arguments.
    Largest,
    /// The number is the smallest of the arguments.
    Smallest,
    /// The number is never below 0.
    Zero,
}

/// How people read a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// By the function's name: `name(a, b)`.
    Call,
    /// The same, by another name.
    As(&'static str),
    /// The same, where the first argument is the name; the last argument expanded or not.
    Named(&'static str),
    /// A comparison: `a == b`, and its operator where that does not hold.
    Compared(&'static str),
    /// A calculation: `a + b`.
    Calculated,
    /// An element: `a[b]`.
    Index,
    /// What no language says: `a is whole`.
    Said(&'static str),
}

/// What a function does with its arguments. It is handed the function too: the symbol of a call that it cannot compute.
pub type Body = fn(&Cx, &'static Func, &[Value]) -> Value;

/// The values of a text at which a call tells something, by its arguments and the constants beside it.
pub type Samples = fn(&[Value], &[Value]) -> Vec<Value>;

/// Whether a call with these arguments, of which the last is a text, is refused where that has this part.
pub type RefusesWith = fn(&[Value], Within, &str) -> bool;

/// Whether what stands under this name in what a call with these arguments gives may be null; of a list, in its elements.
pub type GivesNull = fn(&[Value], &str) -> bool;

/// When a call with these arguments gives the text among them as it is.
pub type Keeps = fn(&Cx, &[Value]) -> Guard;

/// Whether a call with these arguments gives a text among them as it is, whichever that is, if it has such letters alone and at
/// least one; of a list of pieces, has it as its only one.
pub type KeepsOf = fn(&[Value], Letter) -> bool;

/// Which letters a text has, all of them ASCII.
pub type Letter = fn(char) -> bool;

/// When a call with these arguments gives a value, as a question about the arguments; `None` where that is not worked out.
pub type Solve = fn(&Cx, &'static Func, &[Value], &Value) -> Option<Guard>;

/// A function, with what is true of it.
pub struct Func {
    /// Its name: what an opaque call is printed and told apart by.
    pub name: &'static str,
    /// What the body can look at.
    pub takes: Takes,
    /// The type of its result, if it is always the same.
    pub ret: Ty,
    /// Whether some arguments are refused. An unknown call of such a function is refused or a symbol.
    pub refuses: bool,
    /// Which arguments it never refuses, if it refuses some: texts, say.
    pub accepts: Option<fn(&Cx, &[Value]) -> bool>,
    /// Whether its result may be an element of an argument, and so null where one of them is.
    pub picks: bool,
    /// Whether its result is its first argument, converted: as text it is the same.
    pub same: bool,
    /// Whether two different arguments never give one result.
    pub one_to_one: bool,
    /// Whether two different whole numbers from 0 up never give one result beside a known one above 1.
    pub grows: bool,
    /// Whether what it gives stays as it is if it is called with that again.
    pub idempotent: bool,
    /// Whether it counts the letters of a text: a whole number from 0 up, which is 0 of the empty text alone.
    pub counts: bool,
    /// Whether its result is its argument but for the case of letters.
    pub case_only: bool,
    /// Whether it says if all elements of its argument hold.
    pub all_of: bool,
    /// Whether it says if a value is an element of its first argument, wherever that stands.
    pub finds: bool,
    /// Whether it refuses, with these arguments, each text that has this part.
    pub refuses_with: Option<RefusesWith>,
    /// If it searches its second argument by the pattern that its first is: that pattern, where it matches whole texts only.
    pub searches: Option<fn(&str) -> Option<String>>,
    /// Whether it says that a constraint excludes its first argument: the others are no values that an input meets, and
    /// *anything else* is never excluded (a constraint that allows no other value is a list).
    pub excludes: bool,
    /// Which elements of its first argument it gives again, if it does.
    pub elements: Option<Elements>,
    /// The collection that it gives, if it is always of that kind.
    pub gives: Option<Gives>,
    /// Which of its arguments are collections, if they are.
    pub over: Option<Over>,
    /// The form that it gives its argument.
    pub makes: Option<Form>,
    /// The form that it takes off its argument.
    pub undoes: Option<Form>,
    /// Which part of a text it is about, if it is such a predicate.
    pub within: Option<Within>,
    /// How it rounds its argument, if that is what it does.
    pub rounds: Option<Rounds>,
    /// What its result is at least, if that follows from its arguments.
    pub at_least: Option<AtLeast>,
    /// Whether it chooses among the elements of one argument by those of another.
    pub chooses: bool,
    /// The values of a text at which it tells something; `None` where those are its constant arguments.
    pub samples: Option<Samples>,
    /// What of its result may be null, if something may.
    pub gives_null: Option<GivesNull>,
    /// Whether the order of what its first argument holds is of no account.
    pub in_any_order: bool,
    /// When it leaves a text as it is (a list of pieces: has it as its only one), if that can be told.
    pub keeps: Option<Keeps>,
    /// Of which letters it leaves a text as it is.
    pub keeps_of: KeepsOf,
    /// What its result says of its arguments, if that can be told.
    pub solves: Option<Solve>,
    /// What of its arguments' marks its result has.
    pub carries: Carries,
    /// Whether it looks at little of a long container, and counts the steps of what it looks at itself.
    pub seeks: bool,
    /// How people read a call of it.
    pub written: Written,
    /// The body.
    pub body: Body,
}

impl Func {
    /// A function whose body sees known arguments only.
    pub const fn known(name: &'static str, ret: Ty, body: Body) -> Func {
        Func {
            name,
            takes: Takes::Known,
            ret,
            refuses: false,
            accepts: None,
            picks: false,
            same: false,
            one_to_one: false,
            grows: false,
            idempotent: false,
            counts: false,
            case_only: false,
            all_of: false,
            finds: false,
            refuses_with: None,
            searches: None,
            excludes: false,
            elements: None,
            gives: None,
            over: None,
            makes: None,
            undoes: None,
            within: None,
            rounds: None,
            at_least: None,
            chooses: false,
            samples: None,
            gives_null: None,
            in_any_order: false,
            keeps: None,
            keeps_of: |_, _| false,
            solves: None,
            carries: Carries::All,
            seeks: false,
            written: Written::Call,
            body,
        }
    }

    /// A function whose body looks at symbols and guarded parts itself.
    pub const fn shape(name: &'static str, ret: Ty, body: Body) -> Func {
        let mut func = Func::known(name, ret, body);
        func.takes = Takes::Shape;
        func
    }

    /// A function whose body looks at choices itself, too.
    pub const fn of_choices(name: &'static str, ret: Ty, body: Body) -> Func {
        let mut func = Func::known(name, ret, body);
        func.takes = Takes::Choices;
        func
    }

    /// Whether a call with these arguments may be refused.
    pub fn may_refuse(&self, cx: &Cx, args: &[Value]) -> bool {
        self.refuses && !self.accepts.is_some_and(|accepts| accepts(cx, args))
    }

    /// Whether it gives a list or tuple.
    pub fn gives_a_row(&self) -> bool {
        matches!(self.gives, Some(Gives::Texts | Gives::List | Gives::Row))
    }

    /// The same, where the result may be an element of an argument.
    pub const fn picking(mut self) -> Func {
        self.picks = true;
        self.carries = Carries::Nothing;
        self
    }
}

/// What can be said of a function, with the field that it stands in: `builders!(Func)`, or of what has one in a field. Each
/// gives the same with that property.
macro_rules! builders {
    ($of:ty $(, $within:ident)?) => {
        $crate::value::func::builders! { @ $of, ($($within)?)
            counting() counts = true;
            at_least(bound: $crate::value::func::AtLeast) at_least = Some(bound);
            refusing() refuses = true;
            accepting(accepts: fn(&$crate::value::Cx, &[$crate::value::Value]) -> bool) accepts = Some(accepts);
            one_to_one() one_to_one = true;
            growing() grows = true;
            idempotent() idempotent = true;
            choosing() chooses = true;
            case_only() case_only = true;
            rounding(how: $crate::value::func::Rounds) rounds = Some(how);
            sampled(samples: $crate::value::func::Samples) samples = Some(samples);
            giving_null(when: $crate::value::func::GivesNull) gives_null = Some(when);
            in_any_order() in_any_order = true;
            keeping(when: $crate::value::func::Keeps) keeps = Some(when);
            keeping_texts(of: $crate::value::func::KeepsOf) keeps_of = of;
            solved(solves: $crate::value::func::Solve) solves = Some(solves);
            within(within: $crate::value::func::Within) within = Some(within);
            same() same = true;
            all_of() all_of = true;
            finding() finds = true;
            refusing_with(with: $crate::value::func::RefusesWith) refuses_with = Some(with);
            searching(whole: fn(&str) -> Option<String>) searches = Some(whole);
            excluding() excludes = true;
            with_elements(elements: $crate::value::func::Elements) elements = Some(elements);
            gives(gives: $crate::value::func::Gives) gives = Some(gives);
            over(over: $crate::value::func::Over) over = Some(over);
            makes(form: $crate::value::func::Form) makes = Some(form);
            undoing(form: $crate::value::func::Form) undoes = Some(form);
            seeking() seeks = true;
            written(written: $crate::value::func::Written) written = written;
            carrying(carries: $crate::value::func::Carries) carries = carries;
        }
    };
    (@ $of:ty, $within:tt $($name:ident($($arg:ident: $ty:ty)?) $field:ident = $value:expr;)*) => {
        impl $of {
            $($crate::value::func::builders! { # $of, $within, $name($($arg: $ty)?) $field = $value })*
        }
    };
    (# $of:ty, ($($within:ident)?), $name:ident($($arg:ident: $ty:ty)?) $field:ident = $value:expr) => {
        #[doc = concat!("The same, where that is true of it: `", stringify!($field), "`.")]
        pub const fn $name(mut self $(, $arg: $ty)?) -> $of {
            self.$($within.)?$field = $value;
            self
        }
    };
}
pub(crate) use builders;

builders!(Func);

impl fmt::Debug for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl fmt::Display for Func {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Func {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Func {}

impl Hash for Func {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
