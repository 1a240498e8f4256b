//! Calls of functions: the row by its name, the arguments, an expanded last one, and what a row needs beside values.
//!
//! `element(var.xs, count.index)` is the element that the index is of; `merge(var.maps...)` puts together maps of which it
//! is not known how many there are; `try` and `can` evaluate their arguments themselves.

use std::collections::HashSet;

use super::refused::WhenMet;
use super::scope::Scope;
use super::site::Site;
use super::{Terraform, arns, files, tfvars};
use crate::parse::syntax::{Expr, Name};
use crate::resolve::terraform::functions::args::{Also, Row, Spreads, Together, wrong};
use crate::resolve::terraform::functions::{find, identities, is_of_a_later_version};
use crate::value::func::Written;
use crate::value::marks::Mark;
use crate::value::order::has_sort_keys;
use crate::value::{Cx, Func, Guard, Part, Ty, Value};

/// Calls a function by name.
pub fn call(tf: &Terraform, scope: &Scope, name: &Name, args: &[Expr], expand: bool) -> Value {
    let cx = tf.cx;
    if scope.literal && scope.template.is_none() {
        return wrong("no function can be called here");
    }
    let row = find(&name.text).filter(|row| !matches!(row.also, Also::Labels) || scope.node.stub.is_some());
    let site = Site { tf, scope, at: name, args };
    let each = || args.iter().map(|a| tf.eval(scope, a)).collect();
    let also = row.map_or(Also::Nothing, |row| row.also);
    let mut values: Vec<Value> = match also {
        Also::Tries => return attempt(tf, scope, args),
        Also::Asks => {
            let (value, met) = tf.watch(|| args.first().map_or(Value::Null, |a| tf.eval(scope, a)));
            if tf.met_a_secret(&met, false) {
                tf.meet(WhenMet::Secret(true));
            }
            return Value::Bool(cx.not(cx.refused_or_missing(&value)));
        }
        Also::Labels => return known_or_symbol(tf, scope, args),
        Also::Discloses => tf.disclose(each),
        Also::FromHere => args.iter().map(|a| files::from_cwd(tf, &tf.eval(scope, a))).collect(),
        _ => each(),
    };
    if expand && let Some(last) = values.pop() {
        let together = row.and_then(|row| row.together);
        let last = unordered(cx, together, tf.merged(&last));
        let split = cx.split(&last);
        return cx.map(&split, |v| match v {
            Value::Coll(c) if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => {
                let all: Vec<Value> =
                    values.iter().cloned().chain(c.parts.iter().map(|p| p.value.clone())).collect();
                apply(&site, row, &all)
            }
            Value::Null => wrong("null cannot be expanded into arguments"),
            Value::Coll(c) if c.kind.keyed() => wrong("a map cannot be expanded into arguments"),
            // An unknown number of arguments: the function over the collection itself is the symbol.
            other => {
                if let Some(each) = in_one(cx, together, other) {
                    let all: Vec<Value> = values.iter().cloned().chain(each).collect();
                    return apply(&site, row, &all);
                }
                let all: Vec<Value> = values.iter().cloned().chain([other.clone()]).collect();
                match row {
                    Some(row) => cx.call(&EXPANDED, &[&[row.func.name.into()], all.as_slice()].concat()),
                    None => unknown(&site, &all),
                }
            }
        });
    }
    let value = apply(&site, row, &values);
    let discloses = row.is_some_and(|row| matches!(row.spreads, Spreads::Nowhere | Spreads::Without(..)));
    if !discloses {
        tf.tell(&values, &value);
    }
    // Which element it is says what the key is, and what is left of a list says what was taken out of it.
    let chooses = row.is_some_and(|row| row.func.chooses);
    let is_secret = |arg: &Value| match arg {
        Value::Coll(_) => chooses && cx.mark_within(arg) == Some(Mark::Sensitive),
        scalar => cx.mark_of(scalar) == Some(Mark::Sensitive),
    };
    match (also, values.as_slice()) {
        (Also::Hides, [given]) => tf.secret(given),
        (Also::Keeps, [given]) => args.first().map_or(value, |arg| tf.without_ephemeral(scope, arg, given)),
        (Also::Discloses, [given]) if args.first().is_some_and(|arg| tf.is_ephemeral(scope, arg)) => {
            given.clone()
        }
        (Also::Tells, [given]) => {
            let told = args.first().and_then(|arg| tf.is_sensitive(scope, arg));
            told.map_or(value, |told| cx.map(given, |_| told.into()))
        }
        (_, all) if !discloses && all.iter().any(is_secret) => tf.hidden(&value),
        (Also::Counts, all) => tf.counted_to(scope, args, all, value),
        (Also::Pieces, _) => tf.pieces_of(scope, args, value),
        _ => value,
    }
}

/// The expanded argument as it is written, where the function does not care for the order of its arguments: `setunion`,
/// and `merge` where no two of them have a key in common.
fn unordered(cx: &Cx, together: Option<Together>, last: Value) -> Value {
    let Value::Coll(c) = &last else { return last };
    let mut seen = HashSet::new();
    let differ = |p: &Part| match &p.value {
        Value::Coll(map) => map.parts.iter().all(|e| e.key.is_known() && seen.insert(e.key.clone())),
        _ => false,
    };
    let free = match together {
        Some(Together::InAnyOrder) => true,
        Some(Together::Merged) => c.parts.iter().all(differ),
        Some(Together::InARow) | None => false,
    };
    if !free || !has_sort_keys(&c.parts) {
        return last;
    }
    let written = c.parts.iter().map(|p| Part { sort_key: Value::Null, ..p.clone() });
    cx.rebuild(c, written.collect())
}

/// Arguments that stand for every element of the expanded one, where the function puts all of their parts together and
/// each part can carry how often its argument is there: `merge([for k, v in var.users : {…}]...)`.
fn in_one(cx: &Cx, together: Option<Together>, last: &Value) -> Option<Vec<Value>> {
    let keyed = match together? {
        Together::Merged => true,
        Together::InARow => false,
        Together::InAnyOrder => return None,
    };
    let Value::Coll(c) = last else { return None };
    if has_sort_keys(&c.parts) {
        return None;
    }
    let argument = |outer: &Part| {
        let Value::Coll(inner) = &outer.value else { return None };
        let parts = inner.parts.iter().map(|part| Part {
            guard: cx.and(outer.guard, part.guard),
            generators: [outer.generators.as_slice(), &part.generators].concat(),
            ..part.clone()
        });
        (inner.kind.keyed() == keyed).then(|| Value::typed(inner.kind, inner.elem.clone(), parts.collect()))
    };
    c.parts.iter().map(argument).collect()
}

/// A call whose last argument is expanded: the function's name, its arguments. It is computed once it is known how many
/// there are, and in which order.
static EXPANDED: Func = Func::shape("(expanded call)", Ty::Dynamic, |cx, f, args| {
    let known = |last: &Value| match cx.split(last) {
        Value::Coll(c) if !c.kind.keyed() && c.parts.iter().all(Part::is_certain) => Some(c),
        _ => None,
    };
    let [Value::String(name), before @ .., last] = args else {
        return cx.opaque(f, args);
    };
    match (find(name), known(last)) {
        (Some(row), Some(c)) => {
            let all: Vec<Value> =
                before.iter().cloned().chain(c.parts.iter().map(|p| p.value.clone())).collect();
            if all.len() < row.least || all.len() > row.most {
                return wrong(&format!("{name} does not take {} arguments", all.len()));
            }
            cx.call(&row.func, &all)
        }
        _ => cx.opaque(f, args),
    }
})
.refusing()
.written(Written::Named("..."));

fn apply(site: &Site, row: Option<&'static Row>, args: &[Value]) -> Value {
    let tf = site.tf;
    let Some(row) = row else {
        return tfvars::call(site, args).unwrap_or_else(|| unknown(site, args));
    };
    if let Some(value) = identities::call(tf.cx, row, args) {
        return value;
    }
    // An arbitrary element's index is in range, so it does not wrap.
    if let (Also::Takes { wraps: true }, [list, index]) = (row.also, args)
        && tf.index_of(index).is_some()
    {
        let found = tf.element_at(list, index);
        if tf.cx.refused(&found).is_false() {
            return found;
        }
    }
    if args.len() < row.least || args.len() > row.most {
        return wrong(&format!("{} does not take {} arguments", row.func, args.len()));
    }
    // Containers of choices become one container with guarded parts before the body sees them.
    let opened = |v: &Value| match v {
        Value::Sym(sym) => tf.cx.opened(*sym).unwrap_or_else(|| v.clone()),
        _ => v.clone(),
    };
    let merged: Vec<Value> = args.iter().map(|a| tf.merged(&tf.cx.map(a, opened))).collect();
    match row.also {
        Also::Reads(what) => files::read(site, &row.func, what, &merged),
        Also::Renders { file } => files::render(site, &row.func, file, &merged),
        Also::Deploys => tf.deployment(&format!("{}()", row.func), row.func.ret.clone()),
        Also::Differs => differing(site, row),
        _ => {
            let decoded = |form, text: &Value| {
                let value = tf.cx.call(&row.func, std::slice::from_ref(text));
                tf.decoded(site.scope, site.args.last(), form, text, value)
            };
            match (row.func.undoes, args) {
                // Each text that it may be has places of its own.
                (Some(form), [text @ Value::Choice(_)]) => tf.cx.map(text, |text| decoded(form, text)),
                (Some(form), [text]) => decoded(form, text),
                _ => arns::call(tf.cx, &row.func, &merged),
            }
        }
    }
}

/// The symbol of what only the deployment knows: two calls, or one call in two instances, are two symbols.
fn differing(site: &Site, row: &Row) -> Value {
    let source = site.tf.files.source(site.scope.file);
    let at = source.position(site.at.span.start as usize);
    let instance = site.scope.instance.as_ref().map_or_else(String::new, |i| i.key.show());
    let place = format!("{}:{}:{}", source.path, at.line, at.column);
    let shown = format!("{}() of {}{place}{instance}", row.func, site.scope.node.prefix);
    site.tf.deployment(&shown, row.func.ret.clone())
}

/// A function that is not computed: one opaque symbol per name and arguments. One without a namespace is refused: it
/// does not exist.
fn unknown(site: &Site, args: &[Value]) -> Value {
    static UNKNOWN: Func = Func::shape("(call)", Ty::Dynamic, Cx::opaque).written(Written::Named(""));
    let name = site.name();
    if !name.contains("::") && !is_of_a_later_version(name) {
        return wrong(&format!("there is no function named {name}"));
    }
    let all: Vec<Value> = [Value::from(name)].into_iter().chain(args.iter().cloned()).collect();
    site.tf.cx.call(&UNKNOWN, &all)
}

/// The second argument where the first is known, else one symbol of the first.
fn known_or_symbol(tf: &Terraform, scope: &Scope, args: &[Expr]) -> Value {
    static LABEL: Func = Func::shape("label", Ty::String, Cx::opaque);
    let [inputs, result] = args else { return wrong("known_or_symbol takes two arguments") };
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
    let mut secret = false;
    for arg in args {
        let (mut value, met) = tf.watch(|| tf.eval(scope, arg));
        // That what is before it failed says what that was.
        if secret {
            value = tf.hidden(&value);
        }
        secret |= tf.met_a_secret(&met, false);
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
    alternatives.push((left, Value::refused("every argument of try is refused", None)));
    cx.choice(alternatives)
}
