//! References in expressions, found without evaluating: `aws_iam_user.ci["blue"].name` is a root with three steps.

use crate::parse::syntax::{Expr, ExprKind, TemplatePart};

/// One step of a reference after its root.
pub enum Step<'e> {
    /// `.name`
    Name(&'e str),
    /// `[0]`, `.0`
    Number,
    /// `["k"]`
    Key(&'e str),
}

/// Whether an expression is more than a value that is written: it refers to something, or calls a function.
pub fn computes(expr: &Expr) -> bool {
    refers(expr) || calls(expr)
}

/// Whether a function is called somewhere in an expression.
pub fn calls(expr: &Expr) -> bool {
    expr.any(&mut |expr| matches!(expr.kind, ExprKind::Call { .. }))
}

/// Whether an expression refers to something.
pub fn refers(expr: &Expr) -> bool {
    let mut found = false;
    for_each_reference(expr, &[], &mut |_, _, _| found = true);
    found
}

/// What is done with a reference: with all of it, its root, and its steps, each with the expression up to there.
type Meet<'m> = dyn FnMut(&Expr, &str, &[(Step, &Expr)]) + 'm;

/// Calls `meet` with each reference in an expression, its root and its steps; not where the root is `bound`, or is what a
/// loop binds.
pub fn for_each_reference(expr: &Expr, bound: &[&str], meet: &mut Meet<'_>) {
    if let Some((root, steps)) = reference(expr) {
        if !bound.contains(&root) {
            meet(expr, root, &steps);
        }
        return;
    }
    expr.for_each_inner(&mut |inner, own| {
        let bound: Vec<&str> = bound.iter().chain(own).copied().collect();
        for_each_reference(inner, &bound, meet);
    });
}

/// The root of a reference and its steps, each with the expression that ends with it. An index is a step where it is
/// literal; what any other one is applied to is a reference of its own.
pub fn reference(expr: &Expr) -> Option<(&str, Vec<(Step<'_>, &Expr)>)> {
    let (base, step) = match &expr.kind {
        ExprKind::Variable(root) => return Some((root, Vec::new())),
        ExprKind::GetAttr(base, name) => (base, Step::Name(&name.text)),
        ExprKind::LegacyIndex(base, _) => (base, Step::Number),
        ExprKind::Index(base, index) => match &index.kind {
            ExprKind::Number(_) => (base, Step::Number),
            ExprKind::Template(parts) => match parts.as_slice() {
                [] => (base, Step::Key("")),
                [TemplatePart::Literal(text, _)] => (base, Step::Key(text)),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    let (root, mut steps) = reference(base)?;
    steps.push((step, expr));
    Some((root, steps))
}

/// A managed resource of this module by type and name, and whether an instance of it is meant.
pub fn resource(expr: &Expr) -> Option<((String, String), bool)> {
    let (kind, steps) = reference(expr)?;
    let ((Step::Name(name), _), rest) = steps.split_first()? else { return None };
    let managed =
        !matches!(kind, "module" | "data" | "var" | "local" | "each" | "count" | "path" | "terraform");
    managed.then(|| ((kind.to_string(), name.to_string()), !rest.is_empty()))
}
