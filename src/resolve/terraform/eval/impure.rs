//! Functions whose result only the deployment knows: one symbol per call, or one for all of them.

use crate::resolve::terraform::functions::Site;
use crate::resolve::terraform::functions::args::{Row, known, total};
use crate::resolve::terraform::functions::encode::computed_elsewhere;
use crate::value::{Ty, Value};

/// The rows: for their names, and for calls with the wrong number of arguments.
pub static TABLE: &[Row] = &[
    total("timestamp", (0, 0), Ty::String, |cx, a| computed_elsewhere(cx, "timestamp", a)),
    total("plantimestamp", (0, 0), Ty::String, |cx, a| computed_elsewhere(cx, "plantimestamp", a)),
    total("uuid", (0, 0), Ty::String, |cx, a| computed_elsewhere(cx, "uuid", a)),
    known("bcrypt", (1, 2), Ty::String, |cx, a| computed_elsewhere(cx, "bcrypt", a)),
];

/// The symbol of a call of one of these; two calls, or one call in two instances, are two symbols.
pub fn call(site: &Site, name: &str) -> Option<Value> {
    if name == "plantimestamp" {
        return Some(site.tf.deployment("plantimestamp()", Ty::String));
    }
    if !matches!(name, "timestamp" | "uuid" | "bcrypt") {
        return None;
    }
    let source = site.tf.files.source(site.scope.file);
    let at = source.position(site.at.span.start as usize);
    let instance = site.scope.instance.as_ref().map_or_else(String::new, |i| i.key.show());
    let place = format!("{}:{}:{}", source.path, at.line, at.column);
    let shown = format!("{name}() of {}{place}{instance}", site.scope.node.prefix);
    Some(site.tf.deployment(&shown, Ty::String))
}
