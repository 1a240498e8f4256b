//! Templates, of a file or a text, evaluated with their arguments.
//!
//! Source: Terraform language, "templatefile Function", "templatestring Function"; recorded results of the binary.

use std::collections::BTreeMap;

use super::{ELSEWHERE, PathTarget, elsewhere, find, utf8};
use crate::parse::hcl;
use crate::parse::respan::respan;
use crate::resolve::terraform::config::declarations;
use crate::resolve::terraform::config::references::reference;
use crate::resolve::terraform::eval::scope::Scope;
use crate::resolve::terraform::eval::site::Site;
use crate::resolve::terraform::functions::args::{arg, wrong};
use crate::resolve::terraform::types::to_string;
use crate::value::marks::Mark;
use crate::value::{Cx, Func, Part, Value};

/// A template evaluated with its arguments as the only names; a template cannot read another one.
pub(super) fn template(site: &Site, func: &'static Func, of_file: bool, args: &[Value]) -> Value {
    let (tf, cx) = (site.tf, site.tf.cx);
    if site.scope.template.is_some() {
        return wrong("a template cannot use templatefile or templatestring itself");
    }
    if !of_file && site.args.first().is_some_and(|text| reference(text).is_none()) {
        return wrong("the template is to be a reference to a value, not an expression");
    }
    let first = to_string(cx, &arg(args, 0));
    if of_file && !first.is_known() {
        tf.reads.borrow_mut().any = true;
    }
    if let Some(path) = first.as_str().and_then(|path| path.strip_prefix(ELSEWHERE)).filter(|_| of_file) {
        return elsewhere(cx, func, path);
    }
    let found = match &first {
        Value::String(path) if of_file => find(site, path, &first),
        _ => PathTarget::Unknown,
    };
    let Value::Coll(names) = &arg(args, 1) else { return template_unknown(cx, func, args) };
    if !names.kind.keyed() {
        return wrong("the second argument of a template function is a map");
    }
    let mut named = names.parts.iter().filter_map(|part| part.key.as_str());
    if named.any(|name| declarations::name("variable", name).is_some()) {
        return wrong(
            "the names of a template's variables begin with a letter and have letters, digits, _ and -",
        );
    }
    if !names.parts.iter().all(Part::is_certain) {
        return match cx.split(&arg(args, 1)) {
            names @ Value::Choice(_) => {
                cx.map(&names, |names| template(site, func, of_file, &[arg(args, 0), names.clone()]))
            }
            _ => cx.opaque(func, args),
        };
    }
    let Value::String(first) = first else { return template_unknown(cx, func, args) };
    let parsed = if of_file {
        let file = match found {
            PathTarget::File(file) => file,
            PathTarget::Missing | PathTarget::Folder => {
                // The path may be a secret.
                return match cx.mark_of(&arg(args, 0)) {
                    Some(_) => wrong("there is no file of this name"),
                    None => wrong(&format!("there is no file {:?}", &*first)),
                };
            }
            PathTarget::Unknown => return cx.opaque(func, args),
        };
        let source = tf.files.source(file);
        match utf8(&source) {
            Ok(text) => hcl::parse_template(text, 0),
            Err(refused) => return refused,
        }
    } else {
        hcl::parse_template(&first, 0)
    };
    let Ok(parsed) = parsed else { return wrong("this template does not parse") };
    let mut expr = parsed.clone();
    // What is wrong with it is said at the call.
    let at = site.at.span;
    respan(&mut expr, &|_| at);
    let locals: BTreeMap<String, Value> =
        names.parts.iter().filter_map(|p| Some((p.key.as_str()?.to_string(), p.value.clone()))).collect();
    let file = site.scope.file;
    let read = || cx.hidden(&Value::from(&*first), Mark::Rendered, &site.written());
    let written = if of_file { read() } else { arg(args, 0) };
    let scope =
        Scope { locals, literal: true, template: Some(written), ..Scope::module(&site.scope.node, file) };
    let text = tf.eval(&scope, &expr);
    if !of_file {
        return cx.carried(func, args, text);
    }
    // What it spells out is not shown; what it is given is, where that is a name.
    let silent = cx.choice(
        cx.alternatives(&text)
            .into_iter()
            .map(|(guard, value)| match value {
                Value::Refused(_) => (guard, wrong("this template is refused with what it is given")),
                other => (guard, other),
            })
            .collect(),
    );
    let text = cx.hidden(&silent, Mark::Decoded, &site.written());
    if let PathTarget::File(file) = found {
        tf.files.take_apart(file);
        tf.was_made(&text, file, (&parsed, &expr), &scope);
    }
    text
}

fn template_unknown(cx: &Cx, func: &'static Func, args: &[Value]) -> Value {
    if args.iter().any(|a| matches!(a, Value::Null)) {
        return wrong("an argument of a template function is null");
    }
    if args.iter().all(Value::is_known) {
        wrong("this is no map of template arguments")
    } else {
        cx.opaque(func, args)
    }
}
