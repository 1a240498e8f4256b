//! The functions of Terraform's built-in provider: they read a variables file, and write one or an expression.
//!
//! Source: Terraform language, "Built-in Provider"; recorded results of the binary.

use super::scope::Scope;
use super::site::Site;
use crate::parse::respan::respan;
use crate::parse::syntax::Attribute;
use crate::resolve::terraform::functions::args::wrong;
use crate::resolve::terraform::functions::hcl;
use crate::source::Source;
use crate::value::func::Carries;
use crate::value::{CollKind, Cx, Func, Part, Ty, Value};

/// The source of the provider that every Terraform has.
const BUILT_IN: &str = "terraform.io/builtin/terraform";

static DECODE: Func = Func::shape("provider::terraform::decode_tfvars", Ty::Dynamic, Cx::opaque)
    .refusing()
    .carrying(Carries::Decoded);

static ENCODE: Func =
    Func::known("provider::terraform::encode_tfvars", Ty::String, |_, _, args| match args {
        [Value::Coll(values)] => hcl::variables(values).map_or_else(
            || wrong("encode_tfvars takes an object whose keys are names of variables"),
            Value::from,
        ),
        _ => wrong("encode_tfvars takes an object"),
    })
    .refusing();

static ENCODE_EXPR: Func =
    Func::known("provider::terraform::encode_expr", Ty::String, |_, _, args| match args {
        [Value::Null] => wrong("encode_expr takes no null"),
        [value] => {
            hcl::expression(value).map_or_else(|| wrong("encode_expr cannot write this value"), Value::from)
        }
        _ => wrong("encode_expr takes one value"),
    })
    .refusing();

/// The value of a call, if it is one of these functions by the name that the module gives their provider.
pub fn call(site: &Site, args: &[Value]) -> Option<Value> {
    let (local, function) = site.name().strip_prefix("provider::")?.split_once("::")?;
    let node = &site.scope.node;
    let Some(source) = node.module.required.get(local) else {
        // Terragrunt may write what is required.
        let reason = format!("this module requires no provider {local:?}, so it has none of its functions");
        return (!site.tf.completed_by_terragrunt(node)).then(|| wrong(&reason));
    };
    if source != BUILT_IN {
        return None;
    }
    let cx = site.tf.cx;
    match function {
        "decode_tfvars" => Some(cx.lift(&DECODE, args, &|args| match args {
            [Value::String(text)] => cx.carried(&DECODE, args, decode(site, text)),
            [Value::Sym(_)] => cx.opaque(&DECODE, args),
            _ => wrong("decode_tfvars takes the text of a variables file"),
        })),
        "encode_tfvars" => Some(cx.call(&ENCODE, args)),
        "encode_expr" => Some(cx.call(&ENCODE_EXPR, args)),
        _ => Some(wrong(&format!("the provider {local:?} has no function {function:?}"))),
    }
}

fn decode(site: &Site, text: &str) -> Value {
    let (body, errors) = crate::parse::hcl::parse(&Source::new(String::new(), text.as_bytes().to_vec()));
    if !errors.is_empty() || !body.blocks.is_empty() {
        return wrong("this is no text of a variables file");
    }
    let scope = Scope { literal: true, ..Scope::module(&site.scope.node, site.scope.file) };
    let at = site.at.span;
    let entry = |mut attribute: Attribute| {
        respan(&mut attribute.expr, &|_| at);
        Part::entry(attribute.name.text.as_str(), site.tf.eval(&scope, &attribute.expr))
    };
    site.tf.cx.container(CollKind::Object, Ty::Dynamic, body.attributes.into_iter().map(entry).collect())
}
