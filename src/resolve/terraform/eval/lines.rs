//! Where the lines of a text stand that functions changed before it was decoded.
//!
//! Answers: `yamldecode(trimspace(file("a.yaml")))`, a heredoc, two files joined: which line of which file is this one? What
//! the text is made of is followed to the texts that were written; the lines of both are matched in order.
//!
//! ```text
//! csvdecode(replace(local.keys, ";", ","))      a;b  ─▶ line 2 of the heredoc in `keys`, although it is another text
//!                                               c;d  ─▶ line 3
//! ```

use super::Terraform;
use super::files::local_file;
use super::places::{Due, Text};
use super::scope::Scope;
use crate::parse::syntax::{Expr, ExprKind, TemplatePart};
use crate::resolve::terraform::config::inputs::Supplied;
use crate::resolve::terraform::functions::args::{Also, Read};
use crate::resolve::terraform::functions::find;
use crate::span::Span;

/// How many references are followed.
const FOLLOWED: usize = 16;
/// How many texts one is looked for in.
const TEXTS: usize = 16;

/// A text with the lines that it was made of.
pub struct Traced {
    written: Vec<Text>,
    lines: Vec<Line>,
}

/// A line of the text, and the one that it goes back to: of which text, and where in it.
struct Line {
    start: usize,
    from: Option<(usize, usize)>,
    /// Whether it is that line as it stands there, but for blanks around it.
    same: bool,
}

impl Traced {
    /// Where a stretch of the text comes from; `None` if its line is in no text that was written.
    pub fn due(&self, tf: &Terraform, span: Span) -> Option<Due> {
        let (of, at) = self.place(span.start as usize)?;
        let text = self.written.get(of)?;
        let last = (span.end as usize).checked_sub(1).and_then(|last| self.place(last));
        let end = last.filter(|(other, end)| *other == of && *end >= at).map_or(at, |(_, end)| end + 1);
        Some(text.due(tf, Span::new(at, end.max(at))))
    }

    fn place(&self, at: usize) -> Option<(usize, usize)> {
        let line = self.lines.get(self.lines.partition_point(|line| line.start <= at).checked_sub(1)?)?;
        let (of, start) = line.from?;
        Some((of, if line.same { start + (at - line.start) } else { start }))
    }
}

/// A line without blanks around it: where it starts, and what it says.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let line = |raw: &'_ str| raw.len() - raw.trim_start().len();
    let starts = text.split_inclusive('\n').scan(0, |at, raw| {
        *at += raw.len();
        Some((*at - raw.len(), raw))
    });
    starts.map(move |(at, raw)| (at + line(raw), raw.trim())).filter(|(_, said)| !said.is_empty())
}

fn matched(text: &str, written: &[Text]) -> Vec<Line> {
    let all: Vec<(usize, usize, &str)> = written
        .iter()
        .enumerate()
        .flat_map(|(i, of)| lines(of.text()).map(move |(at, l)| (i, at, l)))
        .collect();
    let own: Vec<(usize, &str)> = lines(text).collect();
    let mut next = 0;
    let line = |(i, (start, said)): (usize, (usize, &str))| {
        // As many lines are the same ones, whatever was replaced in them.
        let found = match own.len() == all.len() {
            true => Some(i),
            false => all.iter().skip(next).position(|(.., l)| l.eq_ignore_ascii_case(said)).map(|n| next + n),
        };
        next = found.map_or(next, |found| found + 1);
        let found = found.and_then(|found| all.get(found));
        Line {
            start,
            from: found.map(|(of, at, _)| (*of, *at)),
            same: found.is_some_and(|(.., l)| l.len() == said.len()),
        }
    };
    own.iter().copied().enumerate().map(line).collect()
}

impl Terraform<'_> {
    /// The text of an expression with the lines that were written for it; `None` if none of it was.
    pub fn traced(&self, scope: &Scope, expr: &Expr, text: &str) -> Option<Traced> {
        let mut written = Vec::new();
        self.written_for(scope, expr, FOLLOWED, &mut written);
        let lines = matched(text, &written);
        lines.iter().any(|line| line.from.is_some()).then_some(Traced { written, lines })
    }

    fn written_for(&self, scope: &Scope, expr: &Expr, left: usize, out: &mut Vec<Text>) {
        let Some(left) = left.checked_sub(1).filter(|_| out.len() < TEXTS) else { return };
        let mut each = |exprs: &mut dyn Iterator<Item = &Expr>| {
            exprs.for_each(|e| self.written_for(scope, e, left, out));
        };
        match &expr.kind {
            ExprKind::Paren(inner) => each(&mut [inner.as_ref()].into_iter()),
            ExprKind::Tuple(items) => each(&mut items.iter()),
            ExprKind::ForTuple(f) => each(&mut [&f.collection].into_iter()),
            ExprKind::Cond(cond, then, otherwise) => match self.eval(scope, cond).as_guard() {
                Some(holds) if holds.is_true() => each(&mut [then.as_ref()].into_iter()),
                Some(holds) if holds.is_false() => each(&mut [otherwise.as_ref()].into_iter()),
                _ => {}
            },
            ExprKind::Template(parts) => {
                let inner = || {
                    parts.iter().filter_map(|p| match p {
                        TemplatePart::Interpolation(inner) => Some(inner),
                        _ => None,
                    })
                };
                let whole = |e: &Expr| self.eval(scope, e).as_str().is_some_and(|text| text.contains('\n'));
                match inner().any(whole) {
                    true => each(&mut inner()),
                    false => out.extend(Text::of_template(self, scope, expr, parts)),
                }
            }
            ExprKind::GetAttr(base, name) => {
                if let ExprKind::Variable(root) = &base.kind {
                    self.written_for_name(scope, root, &name.text, left, out);
                }
            }
            ExprKind::Call { name, args, .. } => {
                let also = find(&name.text).map_or(Also::Nothing, |row| row.also);
                match (also, args.as_slice()) {
                    (Also::Reads(Read::Text | Read::Bytes(_)), [path]) => {
                        let path = self.eval(scope, path);
                        let path = path.as_str().and_then(|path| local_file(self, path));
                        if let Some(file) = path.and_then(|path| self.files.read(&path).ok()) {
                            self.files.take_apart(file);
                            out.push(Text::of_file(self, file));
                        }
                    }
                    (Also::Renders { file: true }, _) => out.extend(self.noted(&self.eval(scope, expr))),
                    (Also::Tries, args) => {
                        let taken = |arg: &&Expr| self.cx.refused(&self.eval(scope, arg)).is_false();
                        each(&mut args.iter().find(taken).into_iter());
                    }
                    // A text that is written in the call is what is put in, or looked for.
                    (_, args) => each(&mut args.iter().filter(|arg| {
                        args.len() == 1 || !matches!(&arg.kind, ExprKind::Template(p) if is_short(p))
                    })),
                }
            }
            _ => {}
        }
    }

    fn written_for_name(&self, scope: &Scope, root: &str, name: &str, left: usize, out: &mut Vec<Text>) {
        let node = &scope.node;
        let mut follow = |scope: Scope, expr: &Expr| self.written_for(&scope, expr, left, out);
        match root {
            "local" => {
                if let Some(local) = node.module.locals.get(name) {
                    follow(Scope::module(node, local.file), &local.what.expr);
                }
            }
            "var" => {
                let decl = node.module.variables.get(name);
                let passed = node.passed(name).map(|(scope, arg)| (scope, &arg.what.expr));
                let supplied = match self.root.values.get(name).filter(|_| node.call.is_none()) {
                    Some(Supplied::Expr(file, expr)) => Some((Scope::module(node, *file), expr)),
                    Some(_) => return,
                    None => None,
                };
                let default = decl.and_then(|decl| decl.args.get("default"));
                let default = default.map(|arg| (Scope::module(node, arg.file), &arg.what.expr));
                if let Some((scope, expr)) = passed.or(supplied).or(default) {
                    follow(scope, expr);
                }
            }
            _ => {}
        }
    }
}

/// Whether a string is of one line and says nothing but itself.
fn is_short(parts: &[TemplatePart]) -> bool {
    parts.iter().all(|part| matches!(part, TemplatePart::Literal(text, _) if !text.trim_end().contains('\n')))
}
