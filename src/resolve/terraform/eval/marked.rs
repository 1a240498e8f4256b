//! Expressions whose value Terraform takes for ephemeral or sensitive, whatever it is.
//!
//! `count = var.token == "" ? 0 : 1` is refused where `var.token` is ephemeral: how many there are is kept, and an ephemeral
//! value is not. Terraform follows that through all that an expression is made of, results that are not chosen included,
//! but `{ name = "ci", token = var.token }.name` may be kept. So do we, as far as it is certain from the text: what is not
//! known where it is ([`shape`]) refuses nothing.
//! Source: Terraform language, "Ephemeral Values", "Limitations on values used in for_each"; recorded results of the binary.

mod follow;
mod shape;
mod told;

use std::rc::Rc;

use self::follow::{At, Follow};
use self::shape::{Key, Shape};
use super::Terraform;
use super::refused::WhenMet;
use super::scope::{ModuleInstance, Scope};
use crate::parse::syntax::{Attribute, Expr};
use crate::problem::{Problem, ProblemKind};
use crate::resolve::terraform::config::module::{Decl, In, Module};
use crate::resolve::terraform::functions::args::Kind;
use crate::value::{Part, Value};

/// The argument of a variable or output that says so.
fn argument(kind: Kind) -> &'static str {
    match kind {
        Kind::Ephemeral => "ephemeral",
        Kind::Sensitive => "sensitive",
    }
}

impl Terraform<'_> {
    /// Meets an argument of a block that Terraform refuses because of what its value is.
    pub fn refuse_of(&self, node: &Rc<ModuleInstance>, decl: &Decl, arg: &In<Attribute>, kind: Kind) {
        if !self.may_be_of(node, kind) {
            return;
        }
        let mut follow = Follow::of(self, kind);
        let name = &arg.what.name.text;
        let refused = if name == "for_each" {
            // Values of a map may be, what decides which instances there are may not.
            follow.expr(&At::of(node, arg.file), &arg.what.expr) == Shape::Whole
        } else {
            let each = decl.args.get("for_each");
            let each = each.map(|arg| follow.expr(&At::of(node, arg.file), &arg.what.expr));
            // Each instance is made.
            each.map_or_else(|| vec![Shape::Clean], |each| each.parts()).into_iter().any(|value| {
                let at = At::of(node, arg.file).with_each(value);
                follow.expr(&at, &arg.what.expr).is_within()
            })
        };
        if refused {
            let kind = argument(kind);
            let reason = format!("{name} takes no value that is {kind}; Terraform refuses that");
            let at = arg.loc(arg.what.expr.span);
            self.meet(WhenMet::Refused(Problem::new(ProblemKind::Refused, at, reason)));
        }
    }

    /// Refuses an argument of a call for a variable that keeps its value, where that is ephemeral.
    pub fn refuse_passed(&self, node: &ModuleInstance, variable: &Decl, name: &str) {
        let Some(call) = node.call.as_ref().filter(|_| !variable.is_true(argument(Kind::Ephemeral))) else {
            return;
        };
        if let Some((decl, (_, arg))) = call.decl().zip(node.passed(name)) {
            self.refuse_of(&call.parent, decl, arg, Kind::Ephemeral);
        }
    }

    /// A value with null in the place of all that is ephemeral in it, which is what may be kept of it.
    pub fn without_ephemeral(&self, scope: &Scope, expr: &Expr, value: &Value) -> Value {
        self.kept_of(value, &self.ephemeral_in(scope, expr))
    }

    /// Whether something ephemeral is in a value, which is a secret even if nothing sensitive is.
    pub fn is_ephemeral(&self, scope: &Scope, expr: &Expr) -> bool {
        self.ephemeral_in(scope, expr) != Shape::Clean
    }

    fn ephemeral_in(&self, scope: &Scope, expr: &Expr) -> Shape {
        if !self.may_be_of(&scope.node, Kind::Ephemeral) {
            return Shape::Clean;
        }
        let mut follow = Follow::of(self, Kind::Ephemeral);
        follow.expr(&At::of(&scope.node, scope.file), expr)
    }

    fn kept_of(&self, value: &Value, shape: &Shape) -> Value {
        self.cx.map(value, |value| match (value, shape) {
            (_, Shape::Whole) => Value::Null,
            (Value::Coll(coll), Shape::Object(_)) => {
                let part = |part: &Part| {
                    let own = part.key.as_str().map_or(Key::Open, |name| Key::Name(name.into()));
                    Part { value: self.kept_of(&part.value, &shape.part(&own)), ..part.clone() }
                };
                self.cx.rebuild(coll, coll.parts.iter().map(part).collect())
            }
            (Value::Coll(coll), Shape::List(_)) if coll.kind.in_a_row() => {
                let part = |(i, part): (usize, &Part)| Part {
                    value: self.kept_of(&part.value, &shape.part(&Key::Index(i))),
                    ..part.clone()
                };
                self.cx.rebuild(coll, coll.parts.iter().enumerate().map(part).collect())
            }
            (other, _) => other.clone(),
        })
    }

    /// Whether a module, one that it calls, or one that calls it, has the words for it.
    fn may_be_of(&self, node: &Rc<ModuleInstance>, kind: Kind) -> bool {
        let key = (node.id, argument(kind));
        if let Some(known) = self.known.worded.borrow().get(&key) {
            return *known;
        }
        let has = |module: &Module| module.may_mark.contains(&argument(kind));
        let called = || {
            node.module.calls.iter().any(|(name, decl)| {
                let folder = self.written_folder(node, name, decl);
                folder.is_some_and(|dir| has(&self.modules.load(&dir, self.files)))
            })
        };
        let parent = || node.call.as_ref().is_some_and(|call| self.may_be_of(&call.parent, kind));
        let found = has(&node.module) || parent() || called();
        self.known.worded.borrow_mut().insert(key, found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::hcl;
    use crate::resolve::terraform::recorded::{in_module, recorded};
    use crate::span::FileId;

    const CONFIG: &str = include_str!("../../../../testdata/recorded/terraform_marks.tf");

    /// What the binary refuses and is not followed: nobody writes a user so.
    const NOT_FOLLOWED: &[&str] = &[
        "[for x in local.list : x if true][1]",
        "reverse(local.list)[0]",
        "slice(local.list, 1, 2)[0]",
        "chunklist(local.list, 1)[1][0]",
        "chunklist(local.list, 0)",
        r#"setproduct(local.list, ["x"])"#,
        r#"zipmap(["a", "b"], local.list).b"#,
        r#"zipmap([var.p, "b"], local.list).b"#,
        r#"zipmap(toset(["b", "a"]), local.list).b"#,
        r#"[for x in toset(["a"]) : var.t]"#,
        r#""%{for x in toset(["a"])}${var.t}%{endfor}""#,
        "[for x in [local.list] : [for y in x : y][1]][0]",
    ];

    /// What the binary refuses once it knows the values.
    const REFUSED_LATER: &[&str] = &[
        "local.list[terraform_data.w.output]",
        r#"(terraform_data.w.id == "x" ? local.o : { name = "q", token = var.t }).token"#,
        r#"{ (terraform_data.w.id) = var.t, q = "x" }"#,
        "values({ (terraform_data.w.id) = var.t })",
        "lookup({ a = var.t }, terraform_data.w.id, var.t)",
        "element([var.t, var.t], terraform_data.w.output)",
    ];

    fn compare(config: &str, kind: Kind, is: impl Fn(&Shape) -> bool) {
        let rows = recorded("terraform_marks.json");
        let mut wrong = Vec::new();
        in_module(config, |tf, _| {
            let node = tf.root_node().unwrap();
            for row in rows.as_array().unwrap() {
                let (expr, Some(refused)) = (row["expr"].as_str().unwrap(), row[argument(kind)].as_bool())
                else {
                    continue;
                };
                let parsed = hcl::parse_expression(expr, 0).unwrap();
                let mut follow = Follow::of(tf, kind);
                let got = follow.expr(&At::of(&node, FileId(0)), &parsed);
                let wanted = match (refused, kind) {
                    // The binary marks the list, this a part of it.
                    (true, Kind::Sensitive) if expr.starts_with("flatten([var.tl") => false,
                    (true, _) => !NOT_FOLLOWED.contains(&expr),
                    (false, Kind::Ephemeral) => REFUSED_LATER.contains(&expr),
                    (false, Kind::Sensitive) => false,
                };
                if is(&got) != wanted {
                    wrong.push(format!("{expr}: {got:?}, {refused}"));
                }
            }
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_ephemeral_is_the_binarys() {
        compare(CONFIG, Kind::Ephemeral, Shape::is_within);
    }

    #[test]
    fn what_is_sensitive_is_the_binarys() {
        let config = CONFIG.replace("ephemeral = true", "sensitive = true");
        compare(&config, Kind::Sensitive, |shape| *shape == Shape::Whole);
    }

    #[test]
    fn what_is_told_of_a_value_is_the_binarys() {
        let rows = recorded("terraform_marks.json");
        let mut wrong = Vec::new();
        in_module(&CONFIG.replace("ephemeral = true", "sensitive = true"), |tf, _| {
            let scope = Scope::module(&tf.root_node().unwrap(), FileId(0));
            for row in rows.as_array().unwrap() {
                let (expr, Some(is)) = (row["expr"].as_str().unwrap(), row["sensitive"].as_bool()) else {
                    continue;
                };
                let told = tf.is_sensitive(&scope, &hcl::parse_expression(expr, 0).unwrap());
                // The binary marks the list, this a part of it.
                if told.is_some_and(|told| told != is) && !expr.starts_with("flatten([var.tl") {
                    wrong.push(format!("{expr}: {told:?}"));
                }
            }
        });
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
