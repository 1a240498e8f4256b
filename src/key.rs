//! Access keys as every front end hands them to `judge`: whose, when, where.
//!
//! From here on nothing knows which language a key came from.

use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use crate::parse::tree::Node;
use crate::problem::{Assumption, Problem};
use crate::span::{FileId, Loc};
use crate::unit::UnitName;
pub use crate::value::sizes::Sizes;
use crate::value::{Cx, Guard, SymId, Value};

/// What a location has to do with a finding. Every format decides from the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The key's header: its resource type and labels, or its logical id.
    Key,
    /// What gives the key its user.
    User,
    /// What gives the key its status.
    Status,
    /// What multiplies it (`count`, `for_each`, a loop).
    Multiplier,
    /// What makes it conditional.
    Condition,
    /// A call of a module or a nested stack on the way to it, outermost first.
    Call,
}

/// One place with its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleLoc {
    /// What it has to do with the key.
    pub role: Role,
    /// Where it is.
    pub loc: Loc,
}

/// The app's own source of a generated resource, as its creation trace tells.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    /// The file, relative to the working directory if it was found there, else as the trace has it.
    pub path: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its column, from 1, if the trace has one.
    pub column: Option<u32>,
    /// Whether the file was found and has that line.
    pub exists: bool,
    /// The place in that file.
    pub at: Option<Loc>,
    /// The app's lines that lead there, the nearest first.
    pub callers: Vec<Origin>,
}

/// A value as somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Written {
    /// What it is given to there: a variable of a variables file, an argument, `default`; empty for an element.
    pub name: String,
    /// The value as written; empty where it is long, secret, or in a file that a function read.
    pub text: String,
    /// What that belongs to, where the name alone does not say it: `module.ci`, `var.keys`.
    pub of: Option<String>,
    /// Where.
    pub at: Loc,
    /// Whether a function read it from a file.
    pub decoded: bool,
    /// Of what switches a key on: the value that does not.
    pub other: Option<String>,
    /// Whether it may be anything but [`other`](Written::other) instead.
    pub but: bool,
    /// What stands between name and value in its language: ` = ` or `: `.
    pub between: &'static str,
    /// The arguments of calls that pass it on to where it counts, outermost first.
    pub passed: Vec<Passed>,
    /// Whether it is a number.
    pub number: Number,
}

/// What a value that was written has to do with the number that it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Number {
    /// It is no number.
    No,
    /// That is calculated of it.
    Calculated,
    /// It is that number, which is this one where it is known.
    Itself(Option<u64>),
}

/// An argument that passes a value on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Passed {
    /// Its name.
    pub name: String,
    /// The call that it stands in.
    pub of: String,
    /// The value that is passed.
    pub at: Loc,
    /// What [`Written::other`] is here.
    pub other: Option<String>,
    /// What stands between name and value here.
    pub between: &'static str,
}

impl Passed {
    /// An argument that passes on what is written.
    pub fn new(name: &str, of: String, at: Loc, between: &'static str) -> Passed {
        Passed { name: name.into(), of, at, other: None, between }
    }
}

impl Written {
    /// A text that is given to a name; nothing switches it or passes it on.
    pub fn new(name: &str, text: &str, at: Loc) -> Written {
        Written {
            name: name.into(),
            text: text.into(),
            of: None,
            at,
            decoded: false,
            other: None,
            but: false,
            between: " = ",
            passed: Vec::new(),
            number: Number::No,
        }
    }

    /// Whether it stands in a file, where it can be edited.
    pub fn is_in_a_file(&self) -> bool {
        !matches!(self.of.as_deref(), Some(COMMAND_LINE | ENVIRONMENT))
    }

    /// Where another value could be given so that it counts there: where it is written, then each argument on the way,
    /// the nearest last.
    pub fn places(&self) -> impl Iterator<Item = Loc> {
        [self.at].into_iter().chain(self.passed.iter().map(|passed| passed.at))
    }

    /// The same places, each with what is given the value.
    pub fn named_places(&self) -> impl Iterator<Item = (Loc, String)> {
        let passed = self.passed.iter().map(|passed| (passed.at, passed.name.clone()));
        [(self.at, self.name.clone())].into_iter().chain(passed)
    }

    /// An argument on the way as what is edited.
    pub fn at_call(&self, passed: &Passed) -> Written {
        Written {
            name: passed.name.clone(),
            of: Some(passed.of.clone()),
            at: passed.at,
            decoded: false,
            other: passed.other.clone(),
            between: passed.between,
            ..self.clone()
        }
    }

    /// The same place with another value, as it is written there: `keys = 1 in module.ci`.
    pub fn set(&self, value: &str) -> String {
        let of = self.of.as_ref().map(|of| format!(" {} {of}", if of == COMMAND_LINE { "on" } else { "in" }));
        let of = of.unwrap_or_default();
        format!("{}{}{value}{of}", self.name, self.between)
    }
}

/// What a value belongs to that was typed and stands in no file.
pub const COMMAND_LINE: &str = "the command line";
/// What a value belongs to that an environment variable has.
pub const ENVIRONMENT: &str = "the environment";

/// What multiplies a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// Nothing.
    Nothing,
    /// A number.
    Number,
    /// The elements of a collection.
    Elements,
}

/// One step on the way to a key: the call of a module, a nested stack, a loop, and at last its own block.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its address within what is around it, without an instance.
    pub name: String,
    /// Which instance, as it stands in the address; empty for the only one.
    pub instance: String,
    /// Its header.
    pub at: Loc,
    /// What multiplies it.
    pub by: By,
    /// What its language tells its instances apart by in a condition, if they have that: `each.key`, `count.index`.
    pub index: Option<&'static str>,
    /// The argument that multiplies it.
    pub multiplier: Option<Loc>,
    /// The value that multiplies it, as somebody wrote it.
    pub value: Option<Rc<Written>>,
    /// The condition that it exists under, as it is written beside it: an expression, or the name of a condition.
    pub condition: Option<String>,
    /// The value that such an expression depends on, where it is one.
    pub decided_by: Option<Rc<Written>>,
    /// The bool that switches it on, where it is written as one.
    pub switch: Option<Rc<Written>>,
    /// The element that makes this instance.
    pub element: Option<Rc<Written>>,
}

impl Step {
    /// A step that nothing multiplies.
    pub fn new(name: String, at: Loc) -> Step {
        Step {
            name,
            instance: String::new(),
            at,
            by: By::Nothing,
            index: None,
            multiplier: None,
            value: None,
            condition: None,
            decided_by: None,
            switch: None,
            element: None,
        }
    }

    /// Its name with its instance: `module.ci["blue"]`, `Fn::ForEach::Keys[blue]`.
    pub fn called(&self) -> String {
        match self.instance.as_str() {
            turn if !turn.is_empty() && !turn.starts_with('[') => format!("{}[{turn}]", self.name),
            instance => format!("{}{instance}", self.name),
        }
    }
}

/// How often something exists: when at all, and one loop for each collection of unknown length that it is repeated over.
///
/// `count = var.n` in a module with `for_each = var.teams` has two loops. Two instances may differ by the element of
/// either one, and are one user's where the user does not depend on that element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Multiplicity {
    /// When there is at least one.
    pub exists: Guard,
    /// What it is repeated over, outermost first; empty for what exists once at most.
    pub loops: Vec<Loop>,
    /// How many instances the loops make, where that is known and more than are listed.
    pub total: Option<u64>,
}

/// A collection that something is repeated over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loop {
    /// When there are two instances that differ by its element.
    pub at_least_two: Guard,
    /// The leaves of an arbitrary element of it.
    pub element: Vec<SymId>,
    /// Which of these there are: an index is a whole number below the count.
    pub within: Guard,
    /// The instance key that its element makes, which no two instances share; null where nothing but the element tells them
    /// apart.
    pub key: Value,
}

impl Multiplicity {
    /// What exists once, always.
    pub const ONCE: Multiplicity = Multiplicity { exists: Guard::TRUE, loops: Vec::new(), total: None };

    /// What exists once where `exists` holds.
    pub fn once(exists: Guard) -> Multiplicity {
        Multiplicity { exists, ..Multiplicity::ONCE }
    }

    /// The same, only where `when` holds.
    pub fn only(&self, cx: &Cx, when: Guard) -> Multiplicity {
        let narrowed = |l: &Loop| Loop { at_least_two: cx.and(l.at_least_two, when), ..l.clone() };
        Multiplicity {
            exists: cx.and(self.exists, when),
            loops: self.loops.iter().map(narrowed).collect(),
            total: self.total,
        }
    }

    /// How often something exists that is there as often as this in each instance of `outer`.
    pub fn within(&self, cx: &Cx, outer: &Multiplicity) -> Multiplicity {
        let mut both = outer.only(cx, self.exists);
        let inner = self.only(cx, outer.exists);
        both.total = match (outer.loops.is_empty(), inner.loops.is_empty()) {
            (true, _) => inner.total,
            (_, true) => outer.total,
            _ => outer.total.zip(inner.total).and_then(|(a, b)| a.checked_mul(b)),
        };
        for inner in inner.loops {
            match both.loops.iter_mut().find(|l| l.element == inner.element) {
                Some(same) => same.at_least_two = cx.or(same.at_least_two, inner.at_least_two),
                None => both.loops.push(inner),
            }
        }
        both
    }

    /// When there are at least two.
    pub fn at_least_two(&self, cx: &Cx) -> Guard {
        cx.any(self.loops.iter().map(|l| l.at_least_two))
    }

    /// The leaves of arbitrary elements of everything it is repeated over.
    pub fn elements(&self) -> Vec<SymId> {
        self.loops.iter().flat_map(|l| l.element.iter().copied()).collect()
    }
}

/// Which account something is in. Two are the same account when they are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What tells accounts apart within what was resolved together; null for the unit's own.
    pub scope: Value,
    /// The account id, if it is known.
    pub id: Option<String>,
}

impl Account {
    /// The account that a unit is deployed to when nothing says more.
    pub fn own() -> Account {
        Account { scope: Value::Null, id: None }
    }

    /// The account id that a scope is, if it is one. Source: IAM User Guide, "AWS account identifiers" (12 digits).
    pub fn id_in(scope: &Value) -> Option<String> {
        let id = scope.as_str()?;
        (id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit())).then(|| id.to_string())
    }
}

/// An access key, or all instances of one that cannot be told apart.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// Absolute address.
    pub address: String,
    /// The resource type.
    pub kind: String,
    /// The unit it is in.
    pub unit: UnitName,
    /// Its user's name: a string, a symbol, or choices. Null or a refusal: see `Resolved::refusals`.
    pub user: Value,
    /// How the user is written, as text.
    pub user_text: Option<String>,
    /// Its status: null is unset, which is active; only exactly `Inactive` is inactive.
    pub status: Value,
    /// When and how often it exists, whatever its status.
    pub times: Multiplicity,
    /// Its account.
    pub account: Account,
    /// The key's header.
    pub location: Loc,
    /// Everything else that decides it, with its role.
    pub places: Vec<RoleLoc>,
    /// The way to it, outermost first; its own block is last.
    pub way: Vec<Rc<Step>>,
    /// Its user, as somebody wrote it.
    pub user_written: Option<Rc<Written>>,
    /// Every place that its user's name is made of, with what has that value there.
    pub named_at: Vec<(Loc, String)>,
    /// The bool that its status switches on.
    pub status_switch: Option<Rc<Written>>,
    /// The condition under which its status is Active and else Inactive, as [`Step::condition`].
    pub active_when: Option<String>,
    /// The argument that makes no key of a module of the catalogue, set so.
    pub without_key: Option<Rc<Written>>,
    /// Construct path of a generated resource.
    pub construct: Option<String>,
    /// The app's own place of a generated resource.
    pub origin: Option<Origin>,
}

/// Whether a resource type is a template's, and no provider's of Terraform.
pub fn is_of_template(kind: &str) -> bool {
    kind.contains("::")
}

impl AccessKey {
    /// The app's own lines that make a generated key, the innermost first.
    pub fn frames(&self) -> impl Iterator<Item = Loc> + '_ {
        let origin = self.origin.iter();
        origin.flat_map(|o| [o.at].into_iter().chain(o.callers.iter().map(|caller| caller.at))).flatten()
    }

    /// Whether it has no status, or one that is written as `Active` and nothing else.
    pub fn is_plainly_active(&self) -> bool {
        self.status == Value::Null || self.status.as_str() == Some("Active") && self.active_when.is_none()
    }

    /// The one condition under which it exists and is active, as it is written beside it.
    pub fn condition(&self) -> Option<&str> {
        let exists = self.way.last().and_then(|step| step.condition.as_deref());
        match exists {
            Some(_) => exists.filter(|_| self.is_plainly_active()),
            None => self.active_when.as_deref(),
        }
    }
}

impl Resolved {
    /// Fills in the lists that calls give, also where they are not looped over (`Cx::fill_opened`).
    pub fn fill_opened(&mut self) {
        let cx = &self.cx;
        let guard = |guard: &mut Guard| *guard = cx.truth(&cx.fill_opened(&Value::Bool(*guard)));
        for key in &mut self.keys {
            for value in [&mut key.user, &mut key.status, &mut key.account.scope] {
                *value = cx.fill_opened(value);
            }
            guard(&mut key.times.exists);
            key.times.loops.iter_mut().for_each(|l| guard(&mut l.at_least_two));
        }
        self.refusals.iter_mut().for_each(|refused| guard(&mut refused.when));
    }
}

/// A declared user.
#[derive(Clone, Debug)]
pub struct DeclaredUser {
    /// Absolute address.
    pub address: String,
    /// Its name, as a reference to it reads it: a string, a symbol (its own, where no name is configured), or choices.
    pub name: Value,
    /// When it exists.
    pub exists: Guard,
    /// Its account.
    pub account: Account,
    /// Its header.
    pub location: Loc,
}

/// Something that the deployment refuses.
#[derive(Clone, Debug)]
pub struct Refused {
    /// When.
    pub when: Guard,
    /// What and where; reported where it holds whatever the inputs are.
    pub problem: Problem,
}

/// Whether supplied inputs keep their value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Supplied inputs are constants.
    Supplied,
    /// Supplied scalar inputs are leaves with a given value (`Leaf::given`): the search for `latent`.
    Overridable,
    /// The same as `Supplied`, with each free collection as so many elements that are leaves of their own, and each free
    /// count as one of these numbers.
    Filled(Sizes),
    /// The same as `Overridable`, with what is free filled in as in `Filled`, and each list that a call gives as so many elements,
    /// each read of the call.
    Listed(Sizes),
}

impl Mode {
    /// How many elements a free collection has at most where it is filled in and nothing asks for more.
    pub const FILLED: usize = 3;

    /// How many elements lists that calls give are filled in with.
    pub fn filled(self) -> Option<Sizes> {
        match self {
            Mode::Filled(sizes) | Mode::Listed(sizes) => Some(sizes),
            Mode::Supplied | Mode::Overridable => None,
        }
    }

    /// How many elements free collections are filled in with: beside supplied inputs that are leaves too two are enough for
    /// most that is `latent`, and three take long.
    pub fn free(self) -> Option<Sizes> {
        match self {
            Mode::Listed(_) => Some(Sizes::up_to(2)),
            _ => self.filled(),
        }
    }

    /// Whether supplied scalars are leaves.
    pub fn overrides(self) -> bool {
        matches!(self, Mode::Overridable | Mode::Listed(_))
    }
}

/// The files that an evaluation read by name, or looked for.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// Their paths, absolute, links not resolved.
    pub paths: HashSet<PathBuf>,
    /// Whether one more may be any file, because its path is not known.
    pub any: bool,
}

/// What a front end makes of one unit (or of several that share accounts).
#[derive(Debug, Default)]
pub struct Resolved {
    /// The context of every value and guard in here.
    pub cx: Cx,
    /// Every key.
    pub keys: Vec<AccessKey>,
    /// Every declared user.
    pub users: Vec<DeclaredUser>,
    /// When the deployment refuses the inputs; an assignment under which one holds is no assignment.
    pub refusals: Vec<Refused>,
    /// What is refused of values inside, which matters where a key depends on it: a module's argument that the module's own
    /// validation does not take. What supplies it counts as free all the same.
    pub rejections: Vec<Refused>,
    /// What could not be decided.
    pub problems: Vec<Problem>,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// The files that were read.
    pub files: Vec<FileId>,
    /// Those of them that an installer put there, where nobody edits them.
    pub installed: HashSet<FileId>,
    /// What functions read besides.
    pub reads: Reads,
    /// The template files among them that this unit deploys: they are judged through it.
    pub deployed: Vec<FileId>,
    /// Templates that stand in text of another file and say something to lonekey, with places in that file.
    pub inside: Vec<(FileId, Node)>,
    /// The environment variables that supplied an input of it.
    pub environment: Vec<String>,
    /// How many units it covers.
    pub units: usize,
    /// Whether any supplied input was met that a second resolution could override.
    pub overridable: bool,
    /// The collections that something supplies, by name, but for those that were typed: no resolution overrides them.
    pub collections: Vec<String>,
    /// Whether a list has no such element as supplied: where what it is cut from is a leaf, it is taken to be long enough.
    pub short: bool,
    /// Whether a free collection, or a free count, was met that another resolution can fill in.
    pub fillable: bool,
    /// Whether something that is counted or looped over has no instance, or a loop leaves out each element of a free
    /// collection.
    pub emptied: bool,
    /// When a count or a list is larger than what is filled in here: nothing is said of these.
    pub few: Vec<Guard>,
    /// Whether lists that calls make of supplied inputs are filled in here, and those inputs are leaves.
    pub listed: bool,
    /// How many elements free collections are filled in with here, if they are.
    pub filled: Option<Sizes>,
}
