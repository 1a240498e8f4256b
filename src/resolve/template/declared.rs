//! Parameters as a template declares them: their type, and which values they allow.
//!
//! Source: CloudFormation's user guide, "Parameters"; a list's constraints are those of each of its elements.

use regex::Regex;

use super::scalar::same_number;
use super::text::OPEN;
use super::view::Call;
use super::{scalar, view};
use crate::parse::tree::Node;
use crate::resolve::pattern::words_up_to;
use crate::span::{FileId, Loc};
use crate::value::{Cx, Func, Guard, Num, Ty, Value};

/// Constraints other than a list of values, in the order that [`DISALLOWED`] takes them.
const CONSTRAINTS: [&str; 5] = ["AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue"];

/// What a number is written with.
const NUMBER: &str = "[-+.0-9eE]+";
/// What any text matches.
const ANY: &str = "(?s:.*)";
/// Up to so many letters a text is known to be short.
const LONG: usize = 500;

/// A declared parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its name's place.
    pub at: Loc,
    /// Where its defaults are not to be shown: all that are written, although the last one counts, and where the last one is
    /// listed.
    pub hidden: Vec<Loc>,
    pub(super) kind: String,
    /// Whether its value is a secret (`NoEcho`).
    pub(super) secret: bool,
    pub(super) default: Option<String>,
    /// Where its default is written.
    pub(super) default_at: Option<Loc>,
    /// Why its declaration is refused, if it is.
    pub(super) wrong: Option<String>,
    allowed: Option<Vec<String>>,
    /// Where its values are listed.
    pub(super) allowed_at: Option<Loc>,
    bounds: Bounds,
    /// The same as written, by [`CONSTRAINTS`].
    constraints: [Option<String>; CONSTRAINTS.len()],
}

#[derive(Clone, Debug, Default)]
struct Bounds {
    min_length: Option<usize>,
    max_length: Option<usize>,
    min: Option<Num>,
    max: Option<Num>,
    /// What the whole value must match; `None` too where this is no pattern that lonekey can read.
    pattern: Option<Regex>,
}

/// A value that a parameter's constraints do not allow; open for what is not known. Its arguments: the value, then the
/// parameter's type, pattern, lengths and bounds as text.
static DISALLOWED: Func = Func::shape("(not allowed)", Ty::Bool, disallowed).excluding();

fn disallowed(cx: &Cx, f: &'static Func, args: &[Value]) -> Value {
    let [Value::String(text), kind, constraints @ ..] = args else {
        return Value::Bool(cx.predicate(f, args));
    };
    let constraint = |i: usize| constraints.get(i).and_then(Value::as_str).map(String::from);
    let bounds = Bounds::read(|name| constraint(CONSTRAINTS.iter().position(|c| *c == name)?));
    let kind = kind.as_str().unwrap_or("");
    let fits = !is_list(kind) || is_element(text);
    Value::from(!fits || !bounds.allow(text, is_numeric(kind)))
}

/// A pattern without quotes of Java's: `\Qa.b\E` is `a\.b`.
fn unquoted(pattern: &str) -> String {
    let (mut out, mut rest) = (String::new(), pattern);
    while let Some((before, quoted)) = rest.split_once("\\Q") {
        let (text, after) = quoted.split_once("\\E").unwrap_or((quoted, ""));
        out.push_str(before);
        out.push_str(&regex::escape(text));
        rest = after;
    }
    out + rest
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

/// Whether a text can be an element of a list parameter.
pub(super) fn is_element(text: &str) -> bool {
    !text.contains(',') && text.trim() == text
}

fn is_numeric(kind: &str) -> bool {
    matches!(kind, "Number" | "List<Number>")
}

impl Bounds {
    fn read(text: impl Fn(&str) -> Option<String>) -> Bounds {
        let number = |name: &str| text(name).and_then(|t| Num::parse(&t));
        let length = |name: &str| text(name).and_then(|t| t.parse().ok());
        Bounds {
            min_length: length("MinLength"),
            max_length: length("MaxLength"),
            min: number("MinValue"),
            max: number("MaxValue"),
            pattern: text("AllowedPattern").and_then(|p| Regex::new(&format!("^(?:{})$", unquoted(&p))).ok()),
        }
    }

    fn allow(&self, text: &str, numeric: bool) -> bool {
        let length = text.chars().count();
        let inside =
            |n: &Num| self.min.as_ref().is_none_or(|m| n >= m) && self.max.as_ref().is_none_or(|m| n <= m);
        self.min_length.is_none_or(|m| length >= m)
            && self.max_length.is_none_or(|m| length <= m)
            && (!numeric || Num::parse(text).as_ref().is_some_and(inside))
            && self.pattern.as_ref().is_none_or(|p| p.is_match(text))
    }
}

/// The parameters that a template in this file declares, in the order written.
pub fn declared_in(file: FileId, doc: &Node) -> Vec<Param> {
    let mut params = declared(file, doc.get("Parameters").map(Node::entries).unwrap_or_default());
    let asserted: Vec<Call<'_>> = asserted(doc).collect();
    // What a parameter is asserted to equal may get its own values from the next one.
    for _ in 0..params.len().min(asserted.len()) {
        let mut changed = false;
        for at in 0..params.len() {
            let Some(param) = params.get(at).filter(|p| p.default.is_none()) else { continue };
            let listed = asserted.iter().filter_map(|call| listed_by(call, param, &params));
            // Rules that leave no value are refused, which is not said of a value.
            let left = listed.fold(None, |left: Option<Vec<String>>, listed| {
                let before = left.as_ref().or(param.allowed.as_ref());
                let fits = |v: &String| param.allows(v) && before.is_none_or(|all| all.contains(v));
                let both: Vec<String> = listed.into_iter().filter(fits).collect();
                if both.is_empty() { left } else { Some(both) }
            });
            if let Some(param) = params.get_mut(at).filter(|p| left.is_some() && p.allowed != left) {
                param.allowed = left;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    params
}

/// What unconditional rules assert.
fn asserted(doc: &Node) -> impl Iterator<Item = Call<'_>> {
    let rules = doc.get("Rules").map(Node::entries).unwrap_or_default().iter().map(|(_, rule)| rule);
    rules
        .filter(|rule| rule.get("RuleCondition").is_none())
        .flat_map(|rule| rule.get("Assertions").map(Node::items).unwrap_or_default())
        .filter_map(|assertion| view::call(assertion.get("Assert")?))
}

/// The values that an assertion lists for a parameter, or for each of a list's: `!Contains [[a, b], !Ref P]`,
/// `!Equals [!Ref P, a]`, `!Equals [!Ref P, !Ref Q]` where those of `Q` are listed, `!EachMemberIn [!Ref P, [a, b]]`.
fn listed_by(call: &Call<'_>, param: &Param, params: &[Param]) -> Option<Vec<String>> {
    let is_list = param.is_list();
    let referred = |node: &Node| {
        let call = view::call(node).filter(|call| call.name == "Ref")?;
        call.arg.text().map(String::from)
    };
    let is_it = |node: &Node| referred(node).is_some_and(|name| name == param.name);
    let written = |words: &[Node]| {
        let word = |word| scalar::read(word).filter(|text| !text.contains(OPEN));
        let all = || words.iter().map(word).collect::<Option<Vec<String>>>();
        let literal = !words.is_empty() && words.iter().all(|word| view::call(word).is_none());
        if literal { all() } else { None }
    };
    let values = |node: &Node| match referred(node) {
        None => written(std::slice::from_ref(node)),
        Some(name) => {
            let other = params.iter().find(|p| p.name == name)?;
            let listed = other.allowed.as_ref().filter(|_| other.default.is_none() && !other.is_looked_up());
            Some(listed?.iter().filter(|v| other.allows(v)).cloned().collect())
        }
    };
    match (&*call.name, call.arg.items()) {
        ("Fn::EachMemberIn", [value, list]) if is_list && is_it(value) => written(list.items()),
        ("Fn::EachMemberEquals", [value, word]) if is_list && is_it(value) => {
            written(std::slice::from_ref(word))
        }
        _ if is_list => None,
        ("Fn::Contains", [list, value]) if is_it(value) => written(list.items()),
        ("Fn::Equals", [value, other] | [other, value]) if is_it(value) => values(other),
        _ => None,
    }
}

/// The parameters that these entries of a file declare.
pub(super) fn declared(file: FileId, entries: &[(Node, Node)]) -> Vec<Param> {
    let one = |(key, body): &(Node, Node)| {
        let text = |name: &str| body.get(name).and_then(scalar::read);
        // A constraint that is not known allows anything.
        let is_known = |text: &String| !text.contains(OPEN);
        let known = |name: &str| text(name).filter(is_known);
        let allowed = body.get("AllowedValues").map(Node::items).filter(|items| !items.is_empty());
        let allowed = allowed.map(|items| items.iter().filter_map(scalar::read).collect::<Vec<_>>());
        let allowed = allowed.filter(|all| all.iter().all(is_known));
        let written = |name: &'static str| {
            let own = body.entries().iter().filter(move |(key, _)| key.text() == Some(name));
            own.map(|(_, value)| value)
        };
        // What the service makes of `yes` or a function is not documented.
        let is_false =
            |echo: &Node| scalar::read(echo).is_some_and(|echo| echo.eq_ignore_ascii_case("false"));
        let secret = written("NoEcho").any(|echo| !is_false(echo));
        let default = text("Default");
        let is_default = |item: &&Node| default.is_some() && scalar::read(item) == default;
        let listed = written("AllowedValues").flat_map(Node::items).filter(is_default);
        let hidden = written("Default").chain(listed).filter(|_| secret);
        let mut param = Param {
            wrong: None,
            name: key.text()?.to_string(),
            at: Loc::new(file, key.span),
            kind: text("Type").unwrap_or_else(|| "String".into()),
            secret,
            hidden: hidden.map(|node| Loc::new(file, node.span)).collect(),
            default: default.clone(),
            default_at: body.get("Default").map(|node| Loc::new(file, view::span(node))),
            allowed_at: body.get("AllowedValues").map(|node| Loc::new(file, view::span(node))),
            // The bounds leave of them what they all allow.
            // A pattern of few texts lists them.
            allowed: allowed
                .or_else(|| {
                    let longest = known("MaxLength").and_then(|most| most.parse().ok());
                    words_up_to(&format!("^(?:{})$", unquoted(&known("AllowedPattern")?)), longest)
                })
                .or_else(|| (known("MaxLength")? == "0").then(|| vec![String::new()])),
            bounds: Bounds::read(known),
            constraints: CONSTRAINTS.map(known),
        };
        param.wrong = param.refused(body);
        Some(param)
    };
    entries.iter().filter_map(one).collect()
}

impl Param {
    /// Why CloudFormation refuses a declaration, if it does.
    fn refused(&self, body: &Node) -> Option<String> {
        let name = &self.name;
        let is_type = |kind: &str| {
            matches!(kind, "String" | "Number" | "CommaDelimitedList")
                || ["List<", "AWS::"].iter().any(|begin| kind.starts_with(begin))
        };
        match body.get("Type").map(scalar::read) {
            None => return Some(format!("the parameter {name} has no `Type`")),
            Some(Some(kind)) if !is_type(&kind) && !kind.contains('{') => {
                // Of a secret one a file may say it.
                return Some(match self.secret {
                    true => format!("the type of the parameter {name} is none that parameters have"),
                    false => format!("there is no type `{kind}` of parameters"),
                });
            }
            Some(_) => {}
        }
        if body.get("Default").is_some_and(|node| !node.items().is_empty() || view::call(node).is_some()) {
            return Some(format!("the default of the parameter {name} is no text"));
        }
        if body
            .get("AllowedValues")
            .is_some_and(|node| node.text().is_some_and(|text| !text.contains('{')) && !scalar::is_null(node))
        {
            return Some(format!("`AllowedValues` of the parameter {name} is no list"));
        }
        self.allows_nothing().then(|| format!("the constraints of the parameter {name} allow no value"))
    }

    /// Whether its constraints allow no value, so that no stack is made, also where nothing reads it.
    pub(super) fn allows_nothing(&self) -> bool {
        let bounds = &self.bounds;
        let crossed = bounds.min_length.zip(bounds.max_length).is_some_and(|(min, max)| min > max)
            || bounds.min.as_ref().zip(bounds.max.as_ref()).is_some_and(|(min, max)| min > max);
        crossed || self.allowed.as_ref().is_some_and(|all| !all.iter().any(|value| self.allows(value)))
    }

    /// The values that are listed for it.
    pub(super) fn allowed(&self) -> Option<&Vec<String>> {
        self.allowed.as_ref()
    }

    pub(super) fn is_list(&self) -> bool {
        is_list(self.inner())
    }

    /// A parameter whose text is the name of something in the account, and whose value is what that holds.
    pub(super) fn is_looked_up(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value<")
    }

    /// The pattern that its text matches as a whole, or that of each element of a list; that it is a number, or how long it is
    /// at most, is one too.
    pub(super) fn pattern(&self) -> Option<String> {
        if self.is_looked_up() {
            return None;
        }
        let own = self.constraints.first().and_then(Option::as_ref).filter(|_| self.bounds.pattern.is_some());
        let own = own.map(|pattern| unquoted(pattern));
        let number = || is_numeric(&self.kind).then(|| NUMBER.to_string());
        let most = || Some(format!("(?s:.{{0,{}}})", self.bounds.max_length.filter(|most| *most <= LONG)?));
        own.or_else(number).or_else(most).or_else(|| self.is_list().then(|| ANY.to_string()))
    }

    fn inner(&self) -> &str {
        let looked_up = self.kind.strip_prefix("AWS::SSM::Parameter::Value<");
        looked_up.and_then(|k| k.strip_suffix('>')).unwrap_or(&self.kind)
    }

    pub(super) fn ty(&self) -> Ty {
        if self.is_list() { Ty::List(Box::new(Ty::String)) } else { Ty::String }
    }

    /// Whether one value of it passes its constraints.
    pub(super) fn allows(&self, text: &str) -> bool {
        let numeric = is_numeric(&self.kind);
        let listed = |all: &Vec<String>| all.iter().any(|a| a == text || (numeric && same_number(a, text)));
        self.allowed.as_ref().is_none_or(listed) && self.bounds.allow(text, numeric)
    }

    /// Every value that it may have, where they are listed.
    pub(super) fn closed(&self) -> Option<Vec<Value>> {
        let mut values: Vec<Value> = Vec::new();
        for text in self.allowed.as_ref()?.iter().filter(|t| self.allows(t)) {
            let value = Value::from(text.as_str());
            if !values.contains(&value) {
                values.push(value);
            }
        }
        (!values.is_empty()).then_some(values)
    }

    /// When its constraints do not allow a value that is not known, of a list an element. Where values are listed, the list
    /// holds those alone that they do.
    pub(super) fn disallows(&self, cx: &Cx, value: &Value) -> Guard {
        let none = self.constraints.iter().all(Option::is_none) && !is_numeric(&self.kind);
        if none && !self.is_list() || self.allowed.is_some() {
            return Guard::FALSE;
        }
        let constraints = self.constraints.iter().map(|c| c.as_deref().map_or(Value::Null, Value::from));
        let args: Vec<Value> =
            [value.clone(), Value::from(self.kind.as_str())].into_iter().chain(constraints).collect();
        cx.predicate(&DISALLOWED, &args)
    }
}
