//! Terraform's functions: one table, and how a call finds its function.
//!
//! A function is a row: name, number of arguments, what its body can look at, the body. `try` and `can` consume
//! refusals and are told apart before their arguments are lifted; functions that read files or the clock need more
//! than their arguments and are in [`super::eval::files`] and [`super::eval::impure`].
//! Source: Terraform language, "Functions"; OpenTofu, "Functions"; recorded results of the binary.

pub mod args;
mod collections;
mod convert;
mod decimal;
mod decode;
pub mod encode;
mod format;
pub mod hash;
pub mod hcl;
mod lists;
mod network;
mod numbers;
pub mod paths;
mod picks;
mod regexes;
mod sets;
mod text;
mod time;
mod yaml;

use crate::parse::syntax::{Expr, Name};
use crate::resolve::terraform::eval::Terraform;
use crate::resolve::terraform::eval::refs;
use crate::resolve::terraform::eval::scope::Scope;
use crate::resolve::terraform::eval::{files, impure, tfvars};
use crate::value::marks::Mark;
use crate::value::order::is_placed;
use crate::value::{CollKind, Cx, Func, Guard, Part, Ty, Value};
use args::Row;
pub use args::string;

/// Every function of the table, by theme.
const TABLES: [&[Row]; 16] = [
    collections::TABLE,
    convert::TABLE,
    decode::TABLE,
    encode::TABLE,
    files::TABLE,
    format::TABLE,
    hash::TABLE,
    impure::TABLE,
    lists::TABLE,
    network::TABLE,
    numbers::TABLE,
    paths::TABLE,
    picks::TABLE,
    regexes::TABLE,
    sets::TABLE,
    text::TABLE,
];

/// Every function but `try` and `can`.
pub fn table() -> impl Iterator<Item = &'static Row> {
    TABLES.iter().copied().chain([time::TABLE]).flatten()
}

fn find(name: &str) -> Option<&'static Row> {
    use std::collections::HashMap;
    use std::sync::OnceLock;
    static INDEX: OnceLock<HashMap<&'static str, &'static Row>> = OnceLock::new();
    INDEX.get_or_init(|| table().map(|r| (r.func.name, r)).collect()).get(name).copied()
}

/// Whether what is true of any argument (it is sensitive, or ephemeral) is true of the result.
pub fn keeps_marks(name: &str) -> bool {
    find(name.strip_prefix("core::").unwrap_or(name)).is_some_and(|row| !row.clears)
}

pub use convert::{OF_ONE_TYPE, as_set, elements_of, is_set, unconverted};
pub use encode::quote;
pub use files::local_file;
pub use paths::cwd;

/// Calls a function by name.
pub fn call(tf: &Terraform, scope: &Scope, name: &Name, args: &[Expr], expand: bool) -> Value {
    let cx = tf.cx;
    let at = name;
    let name = name.text.strip_prefix("core::").unwrap_or(&name.text);
    match name {
        "try" => return attempt(tf, scope, args),
        "can" => {
            let value = args.first().map_or(Value::Null, |a| tf.eval(scope, a));
            return Value::Bool(cx.not(cx.refused_or_missing(&value)));
        }
        // Only the texts of the catalogue have it.
        "known_or_symbol" if scope.node.stub.is_some() => return known_or_symbol(tf, scope, args),
        _ => {}
    }
    let site = Site { tf, scope, at, args };
    let each = || args.iter().map(|a| tf.eval(scope, a)).collect();
    let mut values: Vec<Value> = if name == "nonsensitive" { tf.disclose(each) } else { each() };
    if expand && let Some(last) = values.pop() {
        let last = unordered(cx, name, tf.merged(&last));
        let split = cx.split(&last);
        return cx.map(&split, |v| match v {
            Value::Coll(c) if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => {
                let all: Vec<Value> =
                    values.iter().cloned().chain(c.parts.iter().map(|p| p.value.clone())).collect();
                apply(&site, name, &all)
            }
            Value::Null => args::wrong("null cannot be expanded into arguments"),
            Value::Coll(c) if c.kind.keyed() => args::wrong("a map cannot be expanded into arguments"),
            // An unknown number of arguments: the function over the collection itself is the symbol.
            other => {
                if let Some(each) = in_one(cx, name, other) {
                    let all: Vec<Value> = values.iter().cloned().chain(each).collect();
                    return apply(&site, name, &all);
                }
                let all: Vec<Value> = values.iter().cloned().chain([other.clone()]).collect();
                match find(name) {
                    Some(_) => cx.call(&EXPANDED, &[&[Value::from(name)], all.as_slice()].concat()),
                    None => unknown(tf, name, &all),
                }
            }
        });
    }
    let value = apply(&site, name, &values);
    // Which element it is says what the key is.
    let is_secret = |key: &Value| cx.mark_of(key) == Some(Mark::Sensitive);
    match (name, values.as_slice()) {
        ("sensitive", [given]) => tf.secret(given),
        ("lookup" | "element", [_, key, ..]) if is_secret(key) => tf.hidden(&value),
        ("range", _) => tf.counted_to(scope, args, value),
        ("split", _) => tf.pieces_of(scope, args, value),
        _ => value,
    }
}

/// The expanded argument as it is written, where the function does not care for the order of its arguments: `setunion`,
/// and `merge` where no two of them have a key in common.
fn unordered(cx: &Cx, name: &str, last: Value) -> Value {
    let Value::Coll(c) = &last else { return last };
    let mut seen = std::collections::HashSet::new();
    let differ = |p: &Part| match &p.value {
        Value::Coll(map) => map.parts.iter().all(|e| e.key.is_known() && seen.insert(e.key.clone())),
        _ => false,
    };
    let free = match name {
        "setunion" => true,
        "merge" => c.parts.iter().all(differ),
        _ => false,
    };
    if !free || !is_placed(&c.parts) {
        return last;
    }
    let written = c.parts.iter().map(|p| Part { place: Value::Null, ..p.clone() });
    cx.rebuild(c, written.collect())
}

/// Arguments that stand for every element of the expanded one, where the function puts all of their parts together and
/// each part can carry how often its argument is there: `merge([for k, v in var.users : {…}]...)`.
fn in_one(cx: &Cx, name: &str, last: &Value) -> Option<Vec<Value>> {
    let keyed = match name {
        "merge" => true,
        "concat" => false,
        _ => return None,
    };
    let Value::Coll(c) = last else { return None };
    if c.kind.keyed() || is_placed(&c.parts) {
        return None;
    }
    let argument = |outer: &Part| {
        let Value::Coll(inner) = &outer.value else { return None };
        let parts = inner.parts.iter().map(|part| Part {
            guard: cx.and(outer.guard, part.guard),
            over: [outer.over.as_slice(), &part.over].concat(),
            ..part.clone()
        });
        (inner.kind.keyed() == keyed).then(|| Value::typed(inner.kind, inner.elem.clone(), parts.collect()))
    };
    c.parts.iter().map(argument).collect()
}

/// A call whose last argument is expanded: the function's name, its arguments. It is computed once it is known how many
/// there are, and in which order.
static EXPANDED: Func = Func::shape("(expanded call)", Ty::Dynamic, |cx, args| {
    let known = |last: &Value| match cx.split(last) {
        Value::Coll(c) if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => Some(c),
        _ => None,
    };
    let [Value::String(name), before @ .., last] = args else {
        return cx.opaque(&EXPANDED, args);
    };
    match (find(name), known(last)) {
        (Some(row), Some(c)) => {
            let all: Vec<Value> =
                before.iter().cloned().chain(c.parts.iter().map(|p| p.value.clone())).collect();
            if all.len() < row.least || all.len() > row.most {
                return args::wrong(&format!("{name} does not take {} arguments", all.len()));
            }
            cx.call(&row.func, &all)
        }
        _ => cx.opaque(&EXPANDED, args),
    }
})
.refusing();

/// Where a call stands: for functions that read files or differ from call to call.
pub struct Site<'a> {
    /// The evaluation.
    pub tf: &'a Terraform<'a>,
    /// What names mean there.
    pub scope: &'a Scope,
    /// The function's name as written.
    pub at: &'a Name,
    args: &'a [Expr],
}

/// How many characters of a call are shown.
const MAX_WRITTEN: usize = 80;

impl Site<'_> {
    /// The call as it is written, on one line.
    pub fn written(&self) -> String {
        let source = self.tf.files.source(self.scope.file);
        let end = self.args.last().map_or(self.at.span.end, |last| last.span.end);
        let text = source.text.get(self.at.span.start as usize..end as usize).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // What stands in quotes of another language has places of its own.
        if !line.starts_with(&self.at.text) || line.chars().count() > MAX_WRITTEN {
            return format!("{}(…)", self.at.text);
        }
        format!("{line})")
    }
}

fn apply(site: &Site, name: &str, args: &[Value]) -> Value {
    let tf = site.tf;
    // An arbitrary element's index is in range, so `element` does not wrap.
    if let ("element", [list, index]) = (name, args)
        && tf.index_of(index).is_some()
    {
        let found = tf.element_at(list, index);
        if tf.cx.refused(&found).is_false() {
            return found;
        }
    }
    match find(name) {
        Some(row) if args.len() < row.least || args.len() > row.most => {
            args::wrong(&format!("{name} does not take {} arguments", args.len()))
        }
        Some(row) => {
            // Containers of choices become one container with guarded parts before the body sees them.
            let merged: Vec<Value> = args.iter().map(|a| tf.merged(a)).collect();
            if let Some(value) = impure::call(site, name)
                .or_else(|| files::call(site, &row.func, &merged))
                .or_else(|| paths::call(tf.cx, &row.func, &merged))
            {
                return value;
            }
            let value = tf.cx.call(&row.func, &merged);
            match (name, args) {
                ("yamldecode" | "jsondecode" | "csvdecode", [text]) => tf.decoded(name, text, value),
                _ => value,
            }
        }
        None => tfvars::call(site, name, args).unwrap_or_else(|| unknown(tf, name, args)),
    }
}

/// A function that is not computed: one opaque symbol per name and arguments. One without a namespace is refused: it
/// does not exist.
fn unknown(tf: &Terraform, name: &str, args: &[Value]) -> Value {
    static UNKNOWN: Func =
        Func::shape("(a function that is not computed)", Ty::Dynamic, |cx, args| cx.opaque(&UNKNOWN, args));
    // Later versions have `convert` and a family of `assume…`; what they give is a symbol here.
    let later = name == "convert" || name.starts_with("assume");
    if find(name).is_none() && !name.contains("::") && !later {
        return args::wrong(&format!("there is no function named {name}"));
    }
    let all: Vec<Value> = [Value::from(name)].into_iter().chain(args.iter().cloned()).collect();
    tf.cx.call(&UNKNOWN, &all)
}

/// The second argument where the first is known, else one symbol of the first.
fn known_or_symbol(tf: &Terraform, scope: &Scope, args: &[Expr]) -> Value {
    static LABEL: Func = Func::shape("label", Ty::String, |cx, args| cx.opaque(&LABEL, args));
    let [inputs, result] = args else { return args::wrong("known_or_symbol takes two arguments") };
    let inputs = tf.eval(scope, inputs);
    // Supplied inputs that may be overridden still have their values: a few are followed, so that the name that they
    // give is known where they keep them.
    let few = || {
        let leaves = tf.cx.leaves(&inputs);
        leaves.len() <= 2 && leaves.iter().all(|l| tf.cx.leaf(*l).is_some_and(|l| l.given.is_some()))
    };
    if inputs.is_known() || few() { tf.eval(scope, result) } else { tf.cx.call(&LABEL, &[inputs]) }
}

/// `try`: the first argument that is not refused.
fn attempt(tf: &Terraform, scope: &Scope, args: &[Expr]) -> Value {
    let cx = tf.cx;
    let mut alternatives = Vec::new();
    let mut left = Guard::TRUE;
    for arg in args {
        let value = tf.eval(scope, arg);
        let refused = cx.refused_or_missing(&value);
        let taken = cx.and(left, cx.not(refused));
        for (guard, v) in cx.alternatives(&value) {
            if !matches!(v, Value::Refused(_)) {
                alternatives.push((cx.and(taken, guard), v));
            }
        }
        left = cx.and(left, refused);
        if left.is_false() {
            break;
        }
    }
    if !left.is_false() {
        alternatives.push((left, Value::refused("every argument of try is refused", None)));
    }
    cx.choice(alternatives)
}

/// The texts of a sequence in a row.
pub fn join_text(cx: &Cx, texts: &Value) -> Value {
    text::join(cx, &Value::from(""), texts)
}

/// The elements of a sequence as parts; those of an unknown one as one part over it.
fn elements(cx: &Cx, value: &Value) -> Option<Vec<Part>> {
    match value {
        Value::Coll(c) if !c.kind.keyed() => Some(cx.sequence_parts(c)),
        Value::Sym(sym) => {
            let (source, guard) = elements_of(cx, *sym);
            if !matches!(cx.type_of(source), Ty::List(_) | Ty::Set(_) | Ty::Tuple(_)) {
                return None;
            }
            let (_, element) = refs::element(cx, source);
            // The same elements in another order are not the same sequence.
            let place = if source == *sym { Value::Null } else { value.clone() };
            Some(vec![Part { guard, over: vec![source], place, ..Part::item(element) }])
        }
        _ => None,
    }
}

/// The entries of a map or object as parts; those of an unknown map as one part over it.
fn entries(cx: &Cx, value: &Value) -> Option<(CollKind, Vec<Part>)> {
    match value {
        Value::Coll(c) if c.kind.keyed() => Some((c.kind, c.parts.clone())),
        Value::Sym(sym) if matches!(cx.type_of(*sym), Ty::Map(_)) => {
            let (key, value) = refs::element(cx, *sym);
            Some((CollKind::Map, vec![Part { over: vec![*sym], ..Part::entry(key, value) }]))
        }
        _ => None,
    }
}
