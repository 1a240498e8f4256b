//! A user's ARN, and what functions make of it.
//!
//! `arn:aws:iam::123456789012:user/ci` is written but for the partition and the account, which only the deployment knows. So
//! `regex("[^/]+$", aws_iam_user.ci.arn)` and `replace(aws_iam_user.ci.arn, "/^.*user\\//", "")` are its name: that is computed
//! with a few accounts in place of the account, and holds if all of them lead to the same text. Where the partition or an
//! account that is written in the call decides, it is a condition.
//! Source: IAM User Guide, "IAM ARNs" (`arn:partition:iam::account:user/user-name-with-path`).

use super::Terraform;
use crate::resolve::terraform::functions::args::string;
use crate::value::shortest::Text;
use crate::value::symbol::Piece;
use crate::value::{Cx, Func, Leaf, LeafKind, Part, SymId, Ty, Value};

/// Partitions and accounts that stand for all others.
const SAMPLES: [(&str, &str); 3] =
    [("aws", "482615973046"), ("aws-cn", "905173826419"), ("aws-us-gov", "731940528667")];

/// Texts that stand for any name that IAM takes; each gets a number.
const NAMES: [(&str, &str); 3] = [("kQ", "v"), ("Zx.", "-W_"), ("m@", ",y")];

impl Terraform<'_> {
    /// A user's ARN.
    pub(super) fn user_arn(&self, sym: SymId, address: &str) -> Option<Value> {
        let leaf = |of: &str, text: Text| {
            let leaf = Leaf::new(format!("{of} of {address}.arn"), Ty::String, LeafKind::Deployment);
            self.cx.path_leaf(sym, of, Leaf { text, ..leaf })
        };
        let [path, name] = ["path", "name"].map(|name| self.object_attribute(sym, name));
        let (partition, account) = (leaf("partition", Text::Partition), leaf("account", Text::Account));
        Some(self.cx.concat(&[
            "arn:".into(),
            partition,
            ":iam::".into(),
            account,
            ":user".into(),
            path?,
            name?,
        ]))
    }
}

/// Calls a function, of which an ARN may be an argument.
pub(super) fn call(cx: &Cx, func: &'static Func, args: &[Value]) -> Value {
    let plain = cx.call(func, args);
    let is_open = |v: &Value| match v {
        Value::Bool(guard) => !guard.is_true() && !guard.is_false(),
        other => cx.is_call(other),
    };
    if !cx.alternatives(&plain).iter().any(|(_, v)| is_open(v)) {
        return plain;
    }
    match Arn::of(cx, args) {
        Some(arn) => cx.carried(func, args, arn.call(func, args, plain)),
        None => plain,
    }
}

/// An ARN that is an argument.
struct Arn<'c> {
    cx: &'c Cx,
    /// Which argument.
    at: usize,
    pieces: Vec<Piece>,
    partition: SymId,
    account: SymId,
}

impl Arn<'_> {
    /// The only argument that is not known, if it is one whose name begins behind the last slash that is written.
    fn of<'c>(cx: &'c Cx, args: &[Value]) -> Option<Arn<'c>> {
        let mut open = args.iter().enumerate().filter(|(_, arg)| !arg.is_known());
        let (at, arg) = open.next().filter(|_| open.next().is_none())?;
        let Value::Sym(sym) = arg else { return None };
        let pieces = cx.pieces_of(*sym)?;
        let find = |text: Text| {
            let mut found = pieces.iter().filter_map(|piece| match piece {
                Piece::Sym(sym) => Some(*sym).filter(|sym| cx.leaf(*sym).is_some_and(|l| l.text == text)),
                Piece::Text(_) => None,
            });
            found.next().filter(|_| found.next().is_none())
        };
        let (partition, account) = (find(Text::Partition)?, find(Text::Account)?);
        let slash = pieces.iter().rposition(|p| matches!(p, Piece::Text(text) if text.contains('/')))?;
        let before = pieces.iter().take(slash);
        let known = |p: &Piece| matches!(p, Piece::Sym(sym) if ![partition, account].contains(sym));
        (!before.into_iter().any(known)).then(|| Arn { cx, at, pieces: pieces.to_vec(), partition, account })
    }

    fn call(&self, func: &'static Func, args: &[Value], plain: Value) -> Value {
        let cx = self.cx;
        let written = || args.iter().filter_map(|arg| Some((arg, arg.as_str()?)));
        let names = |partition: &&str| written().any(|(_, text)| text.contains(partition));
        let partition = ["aws-us-gov", "aws-cn"].into_iter().find(names).unwrap_or("aws");
        let is = |sym: SymId, text: Value| cx.equal(&Value::Sym(sym), &text);
        let here = || is(self.partition, partition.into());
        let mut value = match self.result(func, args, None, None) {
            Some(same) => same,
            None => match self.result(func, args, Some(partition), None) {
                Some(there) => cx.if_else(here(), there, plain),
                None => plain,
            },
        };
        for (arg, text) in written() {
            let digits = text.split(|c: char| !c.is_ascii_digit());
            for account in digits.filter(|digits| digits.len() == 12) {
                if let Some(there) = self.result(func, args, Some(partition), Some(account)) {
                    let same = is(self.account, cx.marked_as(arg, account.into()));
                    value = cx.if_else(cx.and(here(), same), there, value);
                }
            }
        }
        value
    }

    /// What a call gives whatever is not known, in this partition or account or in any; `None` where that makes a
    /// difference, or it is refused.
    fn result(
        &self,
        func: &'static Func,
        args: &[Value],
        partition: Option<&str>,
        account: Option<&str>,
    ) -> Option<Value> {
        let mut results = SAMPLES.iter().zip(NAMES).map(|(sample, (before, after))| {
            let mut stand_ins = Vec::new();
            let mut text = String::new();
            for (i, piece) in self.pieces.iter().enumerate() {
                let (given, sample) = match piece {
                    Piece::Text(known) => (Some(&**known), String::new()),
                    Piece::Sym(sym) if *sym == self.partition => (partition, sample.0.to_string()),
                    Piece::Sym(sym) if *sym == self.account => (account, sample.1.to_string()),
                    Piece::Sym(_) => (None, format!("{before}{i}{after}")),
                };
                text.push_str(given.unwrap_or(&sample));
                if let (None, Piece::Sym(sym)) = (given, piece) {
                    stand_ins.push((sample, *sym));
                }
            }
            let with = args
                .iter()
                .enumerate()
                .map(|(i, arg)| if i == self.at { string(text.as_str()) } else { arg.clone() });
            let result = self.cx.call(func, &with.collect::<Vec<_>>());
            result.is_known().then(|| self.restored(&result, &stand_ins))
        });
        let first = results.next()??;
        results.all(|other| other.as_ref() == Some(&first)).then_some(first)
    }

    /// A value with the symbols in the place of what stood for them.
    fn restored(&self, value: &Value, stand_ins: &[(String, SymId)]) -> Value {
        match value {
            Value::String(text) => {
                let mut pieces = vec![Value::String(text.clone())];
                for (stand_in, sym) in stand_ins {
                    pieces = pieces.iter().flat_map(|piece| self.put_back(piece, stand_in, *sym)).collect();
                }
                self.cx.concat(&pieces)
            }
            Value::Coll(coll) => {
                let part =
                    |part: &Part| Part { value: self.restored(&part.value, stand_ins), ..part.clone() };
                self.cx.rebuild(coll, coll.parts.iter().map(part).collect())
            }
            other => other.clone(),
        }
    }

    /// A partition stands alone or behind `arn:`; anything else wherever it is.
    fn put_back(&self, piece: &Value, stand_in: &str, sym: SymId) -> Vec<Value> {
        let Value::String(text) = piece else { return vec![piece.clone()] };
        if sym == self.partition {
            return match text.strip_prefix("arn:").and_then(|rest| rest.strip_prefix(stand_in)) {
                _ if **text == *stand_in => vec![Value::Sym(sym)],
                Some(rest) if rest.starts_with(':') => vec!["arn:".into(), Value::Sym(sym), rest.into()],
                _ => vec![piece.clone()],
            };
        }
        let mut parts = text.split(stand_in).map(Value::from);
        let first = parts.next();
        first.into_iter().chain(parts.flat_map(|part| [Value::Sym(sym), part])).collect()
    }
}
