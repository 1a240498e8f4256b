//! The identity of a value: a digest of all of it.
//!
//! `c ? "a" : "b"` and `!c ? "b" : "a"` are one value, and so are a look-up here and the same look-up on another line, in
//! this context or in one where symbols have other numbers. What people read ([`super::show`]) is cut where it is long,
//! and therefore never an identity.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::compare::EQ;
use super::symbol::{Piece, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Value};
use crate::guard::formula::FormulaNode;

/// A digest of a whole value: nothing is cut, and no number of a symbol or formula is part of it.
pub(super) type Digest = [u8; 32];

/// What tells values apart, in one context and between contexts: a text is itself, all else is its digest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// Null.
    Null,
    /// This text.
    Text(Arc<str>),
    /// The value of this digest.
    Other(Digest),
}

/// That of nothing: null, and what a part runs over that runs over nothing. Long containers hold little else beside values.
const NOTHING: Digest = [0; 32];

/// Digests what `parts` gives, each part with its length.
fn hash<P: AsRef<[u8]>>(kind: &str, parts: impl IntoIterator<Item = P>) -> Digest {
    let mut hasher = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    add(kind.as_bytes());
    parts.into_iter().for_each(|part| add(part.as_ref()));
    hasher.finalize().into()
}

impl Cx {
    /// What tells a value apart from all others: it depends on all of it, and on nothing else, as [`Cx::digest`] does.
    pub fn identity(&self, value: &Value) -> Identity {
        match value {
            Value::Null => Identity::Null,
            Value::String(text) => Identity::Text(text.clone()),
            _ => Identity::Other(self.digest(value)),
        }
    }

    /// The digest of a value: the same in every context in which its leaves have the same names, and wherever a refusal in
    /// it stands.
    fn digest(&self, value: &Value) -> Digest {
        match value {
            Value::Null => NOTHING,
            Value::Bool(guard) => self.guard_digest(*guard),
            Value::Number(n) => hash("number", [n.to_string()]),
            Value::String(text) => hash("text", [text.as_ref()]),
            Value::Sym(sym) => self.symbol_digest(*sym),
            Value::Refused(refusal) => hash("refused", [&refusal.reason]),
            Value::Choice(alternatives) => {
                let mut each: Vec<[Digest; 2]> =
                    alternatives.iter().map(|(g, v)| [self.digest(v), self.guard_digest(*g)]).collect();
                each.sort_unstable();
                hash("choice", each.as_flattened())
            }
            Value::Coll(coll) => {
                let kind = hash(
                    "kind",
                    [
                        [u8::from(coll.kind.keyed()), u8::from(coll.kind.in_a_row())].as_slice(),
                        &self.guard_digest(coll.kind.typed()),
                    ],
                );
                let mut each = vec![kind, self.type_digest(&coll.elem)];
                for part in &coll.parts {
                    each.push(self.guard_digest(part.guard));
                    each.extend([&part.key, &part.sort_key, &part.value].map(|v| self.digest(v)));
                    let over: Vec<Digest> = part.generators.iter().map(|&s| self.symbol_digest(s)).collect();
                    each.push(if over.is_empty() { NOTHING } else { hash("over", &over) });
                }
                hash("container", &each)
            }
        }
    }

    /// The beginning of a value's digest, for names.
    pub fn short_digest(&self, value: &Value) -> String {
        self.digest(value).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    fn type_digest(&self, ty: &Ty) -> Digest {
        match ty {
            Ty::Open(sym) => hash("type of", [self.symbol_digest(*sym)]),
            Ty::List(t) => hash("list", [self.type_digest(t)]),
            Ty::Set(t) => hash("set", [self.type_digest(t)]),
            Ty::Map(t) => hash("map", [self.type_digest(t)]),
            Ty::Tuple(items) => hash("tuple", items.iter().map(|t| self.type_digest(t))),
            Ty::Object(fields) => {
                hash("object", fields.iter().map(|(name, t)| hash(name, [self.type_digest(t)])))
            }
            Ty::Dynamic | Ty::Bool | Ty::Number | Ty::String => hash("type", [format!("{ty:?}")]),
        }
    }

    fn symbol_digest(&self, sym: SymId) -> Digest {
        if let Some(known) = self.symbol_digests.borrow().get(&sym) {
            return *known;
        }
        let digest = match (self.leaf(sym), self.node(sym)) {
            // What is below another element has another owner, not another name.
            (Some(leaf), Some(SymNode::Path(base, ..))) => {
                hash(&format!("path {}", leaf.name), [self.symbol_digest(base)])
            }
            (Some(leaf), _) => hash("leaf", [leaf.name.as_bytes()]),
            (_, Some(SymNode::Concat(pieces))) => hash(
                "pieces",
                pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => hash("text", [text.as_ref()]),
                    Piece::Sym(sym) => self.symbol_digest(*sym),
                }),
            ),
            (_, Some(SymNode::Call(func, args))) => {
                let mut each: Vec<Digest> = args.iter().map(|a| self.digest(a)).collect();
                // Which of two symbols is on the left depends on their numbers.
                if *func == EQ {
                    each.sort_unstable();
                }
                hash(func.name, each)
            }
            _ => hash("nothing", [""; 0]),
        };
        self.symbol_digests.borrow_mut().insert(sym, digest);
        digest
    }

    fn guard_digest(&self, guard: Guard) -> Digest {
        if let Some(known) = self.guard_digests.borrow().get(&guard) {
            return *known;
        }
        let all = |kind: &str, guards: &[Guard]| {
            let mut each: Vec<Digest> = guards.iter().map(|&g| self.guard_digest(g)).collect();
            each.sort_unstable();
            hash(kind, each)
        };
        let digest = match self.guard_node(guard) {
            FormulaNode::Constant(value) => hash("bool", [[u8::from(value)]]),
            FormulaNode::Atom(atom) => hash("atom", [self.symbol_digest(SymId(atom))]),
            FormulaNode::Not(inner) => all("not", &[inner]),
            FormulaNode::And(inner) => all("and", &inner),
            FormulaNode::Or(inner) => all("or", &inner),
        };
        self.guard_digests.borrow_mut().insert(guard, digest);
        digest
    }
}

#[cfg(test)]
mod tests {
    use super::super::symbol::{Leaf, LeafKind};
    use super::*;

    fn input(cx: &Cx, name: &str) -> Value {
        cx.leaf_value(Leaf::new(name, Ty::String, LeafKind::Input))
    }

    /// `c ? "a" : "b"`, after the inputs of these names were met.
    fn switch(first: &[&str], otherwise: &str) -> Digest {
        let cx = Cx::new();
        first.iter().for_each(|name| drop(input(&cx, name)));
        let same = cx.equal(&input(&cx, "x"), &input(&cx, "y"));
        let text = cx.concat(&["a".repeat(2_000).as_str().into(), input(&cx, "x"), otherwise.into()]);
        let not = cx.not(same);
        cx.digest(&cx.choice(vec![(not, text), (same, Value::from("b"))]))
    }

    #[test]
    fn a_digest_depends_on_the_whole_value_and_on_nothing_else() {
        assert_eq!(switch(&[], "c"), switch(&["z", "y", "x"], "c"));
        assert_ne!(switch(&[], "c"), switch(&[], "d"));
    }

    #[test]
    fn alternatives_have_no_order() {
        let cx = Cx::new();
        let same = cx.equal(&input(&cx, "x"), &Value::from("k"));
        let not = cx.not(same);
        let [a, b] = ["a", "b"].map(Value::from);
        let one = cx.choice(vec![(same, a.clone()), (not, b.clone())]);
        let other = cx.choice(vec![(not, b), (same, a)]);
        assert_ne!(one, other);
        assert_eq!(cx.digest(&one), cx.digest(&other));
    }
}
