//! Expressions as compact text, for the tests of both spellings of the Terraform language.

use super::syntax::{Expr, ExprKind, ObjectKey, Step, TemplatePart, UnaryOp};

fn show_all(parts: &[TemplatePart]) -> String {
    parts.iter().map(show_part).collect::<Vec<_>>().join(" ")
}

fn show_part(part: &TemplatePart) -> String {
    match part {
        TemplatePart::Literal(text, _) => format!("{text:?}"),
        TemplatePart::Interpolation(e) => format!("${{{}}}", show(e)),
        TemplatePart::If { cond, then, otherwise } => {
            format!("%if({} ? {} : {})", show(cond), show_all(then), show_all(otherwise))
        }
        TemplatePart::For { key, value, collection, body } => {
            let key = key.as_ref().map(|k| format!("{k},")).unwrap_or_default();
            format!("%for({key}{value} in {}: {})", show(collection), show_all(body))
        }
    }
}

fn show_steps(steps: &[Step]) -> String {
    let step = |s: &Step| match s {
        Step::Attr(n) => format!(".{}", n.text),
        Step::Index(e) => format!("[{}]", show(e)),
        Step::Splat(_) => "[*]".into(),
    };
    steps.iter().map(step).collect()
}

/// An expression as text; every composite is bracketed, so that structure shows.
pub(super) fn show(e: &Expr) -> String {
    let list = |es: &[Expr]| es.iter().map(show).collect::<Vec<_>>().join(" ");
    match &e.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Number(n) => n.clone(),
        ExprKind::Template(parts) => format!("«{}»", show_all(parts)),
        ExprKind::Tuple(items) => format!("[{}]", list(items)),
        ExprKind::Object(items) => {
            let item = |(k, v): &(ObjectKey, Expr)| match k {
                ObjectKey::Name(n) => format!("{}={}", n.text, show(v)),
                ObjectKey::Expr(k) => format!("({})={}", show(k), show(v)),
            };
            format!("{{{}}}", items.iter().map(item).collect::<Vec<_>>().join(" "))
        }
        ExprKind::Variable(n) => n.clone(),
        ExprKind::GetAttr(e, n) => format!("{}.{}", show(e), n.text),
        ExprKind::Index(e, i) => format!("{}[{}]", show(e), show(i)),
        ExprKind::LegacyIndex(e, i) => format!("{}.{i}", show(e)),
        ExprKind::AttrSplat(e, s) => format!("({}.*{})", show(e), show_steps(s)),
        ExprKind::FullSplat(e, s) => format!("({}[*]{})", show(e), show_steps(s)),
        ExprKind::Call { name, args, expand } => {
            format!("{}({}{})", name.text, list(args), if *expand { "..." } else { "" })
        }
        ExprKind::Paren(e) => format!("paren({})", show(e)),
        ExprKind::Unary(UnaryOp::Not, e) => format!("!{}", show(e)),
        ExprKind::Unary(UnaryOp::Negate, e) => format!("-{}", show(e)),
        ExprKind::Binary(op, a, b) => format!("({} {op:?} {})", show(a), show(b)),
        ExprKind::Cond(c, a, b) => format!("({} ? {} : {})", show(c), show(a), show(b)),
        ExprKind::ForTuple(f) | ExprKind::ForObject(f) => {
            let key = f.key.as_ref().map(|k| format!("{k},")).unwrap_or_default();
            let result_key = f.result_key.as_ref().map(|k| format!("{} => ", show(k))).unwrap_or_default();
            let cond = f.cond.as_ref().map(|c| format!(" if {}", show(c))).unwrap_or_default();
            let group = if f.group { "..." } else { "" };
            format!(
                "for({key}{} in {}: {result_key}{}{group}{cond})",
                f.value,
                show(&f.collection),
                show(&f.result)
            )
        }
    }
}
