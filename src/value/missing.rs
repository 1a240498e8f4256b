//! What may be missing: elements that are looked up in something unknown.
//!
//! Asked by `try`, `can`, `lookup` and their like; everywhere else an element is taken to be there, and an input of any
//! type to be what its place needs.

use std::collections::HashSet;

use super::func::{Func, Written};
use super::ops::INDEX;
use super::subst::REFUSED;
use super::symbol::{Leaf, LeafKind, Piece, SymId, SymNode};
use super::types::Ty;
use super::{Cx, Guard, Value};

/// Whether a value is a list or a map, which have no text.
static NO_TEXT: Func = Func::known("(is a list or map)", Ty::Bool, |_, _, args| match args {
    [Value::Coll(_)] => Value::TRUE,
    _ => Value::FALSE,
})
.written(Written::Said("a list or map"));

/// What counts as missing in a value.
struct Look<'a> {
    /// Whether the elements of this symbol count.
    counts: &'a dyn Fn(SymId) -> bool,
    /// Whether what fails at a null counts, and a list or map that stands in a text.
    failing: bool,
}

impl Cx {
    /// When a value is refused, or an element that it takes out of something unknown may not be there: an attribute of
    /// an input of any type, an element of a list that is not known.
    pub fn refused_or_missing(&self, value: &Value) -> Guard {
        let each = self.alternatives(value).into_iter().map(|(guard, v)| {
            let missing = match v {
                Value::Refused(_) => Guard::TRUE,
                other => self.missing(&other),
            };
            self.and(guard, missing)
        });
        self.any(each)
    }

    /// When what was looked up in something unknown is not there.
    pub fn absent(&self, found: &Value) -> Guard {
        self.lookups(found, &Look { counts: &|_| true, failing: false }, &mut HashSet::new())
    }

    /// When an element is not there, where something asks that; everywhere else it is taken to be there.
    pub fn absent_if_asked(&self, element: &Value) -> Guard {
        let asked = |args: [Value; 1]| self.symbols.borrow().is_met(&SymNode::Call(&REFUSED, args.into()));
        if asked([element.clone()]) { self.absent(element) } else { Guard::FALSE }
    }

    fn missing(&self, value: &Value) -> Guard {
        let look = Look { counts: &|base| self.may_lack(base), failing: true };
        self.lookups(value, &look, &mut HashSet::new())
    }

    /// When one of the elements that a value certainly needs is not there; of those whose owner counts, each symbol
    /// looked at once.
    fn lookups(&self, value: &Value, look: &Look, seen: &mut HashSet<SymId>) -> Guard {
        match value {
            Value::Coll(coll) if !value.is_known() => {
                self.spend(coll.parts.len());
                let each = coll.parts.iter().filter(|p| p.generators.is_empty());
                self.any(each.map(|p| self.and(p.guard, self.lookups(&p.value, look, seen))))
            }
            _ => self.symbol_of(value).map_or(Guard::FALSE, |sym| self.lookups_in(sym, look, seen)),
        }
    }

    fn lookups_in(&self, sym: SymId, look: &Look, seen: &mut HashSet<SymId>) -> Guard {
        if !seen.insert(sym) {
            return Guard::FALSE;
        }
        let null = |of: &Value| if look.failing { self.null_if_asked(of) } else { Guard::FALSE };
        match self.node(sym) {
            Some(SymNode::Path(base, _, _)) if (look.counts)(base) => {
                self.or(self.predicate(&REFUSED, &[Value::Sym(sym)]), null(&Value::Sym(base)))
            }
            Some(SymNode::Leaf(_)) => match self.leaf(sym) {
                // What is counted is needed.
                Some(Leaf { kind: LeafKind::Length, of: Some(of), .. }) => {
                    self.or(null(&Value::Sym(of)), self.lookups_in(of, look, seen))
                }
                _ => Guard::FALSE,
            },
            Some(SymNode::Concat(pieces)) => {
                let in_a_text = pieces.len() > 1;
                let each = pieces.iter().map(|p| match p {
                    Piece::Sym(inner) => {
                        let no_text = look.failing && self.may_have_no_text(*inner);
                        let no_text = if no_text {
                            self.predicate(&NO_TEXT, &[Value::Sym(*inner)])
                        } else {
                            Guard::FALSE
                        };
                        let null = if in_a_text { null(&Value::Sym(*inner)) } else { Guard::FALSE };
                        self.any([self.lookups_in(*inner, look, seen), no_text, null])
                    }
                    Piece::Text(_) => Guard::FALSE,
                });
                self.any(each)
            }
            Some(SymNode::Call(func, args)) if *func != REFUSED => {
                let each = self.any(args.iter().map(|a| self.lookups(a, look, seen)));
                let fails = args.iter().enumerate().map(|(place, arg)| {
                    let null = null(arg);
                    if null.is_false() {
                        return null;
                    }
                    let with = |(i, a): (usize, &Value)| if i == place { Value::Null } else { a.clone() };
                    let given: Vec<Value> = args.iter().enumerate().map(with).collect();
                    self.and(null, self.refused(&self.call(func, &given)))
                });
                self.or(each, self.any(fails))
            }
            _ => Guard::FALSE,
        }
    }

    /// When a value is null that may turn out to be where somebody asks; never for one of which null is an alternative.
    pub fn null_if_asked(&self, value: &Value) -> Guard {
        let Some(sym) = self.symbol_of(value) else { return Guard::FALSE };
        // The text of what is null is null.
        let sym = match self.pieces_of(sym).as_deref() {
            Some([Piece::Sym(inner)]) => *inner,
            Some(_) => return Guard::FALSE,
            None => sym,
        };
        if self.may_turn_out_null(sym) { self.is_null_symbol(sym) } else { Guard::FALSE }
    }

    /// Whether a symbol may turn out to be null where somebody asks.
    pub(super) fn may_turn_out_null(&self, sym: SymId) -> bool {
        match self.args_of(sym, &INDEX).as_deref() {
            Some([Value::Sym(of), Value::String(key)]) => self.gives_null(*of, key),
            Some([Value::Sym(of), Value::Number(place)]) => self.gives_null(*of, &place.to_string()),
            _ => self.is_leaf(sym, |leaf| leaf.null_if_asked),
        }
    }

    /// Whether what stands under this name in a symbol may turn out to be null: in what a call gives, or in an element of the
    /// list that it gives.
    pub(super) fn gives_null(&self, of: SymId, name: &str) -> bool {
        let list = match self.node(of) {
            Some(SymNode::Call(func, args)) if func.gives_null.is_some() => {
                return func.gives.is_none() && func.gives_null.is_some_and(|null| null(&args, name));
            }
            Some(SymNode::Call(func, args)) if *func == INDEX => {
                args.first().and_then(|list| self.symbol_of(list))
            }
            Some(SymNode::Path(list, ..)) => Some(list),
            Some(SymNode::Leaf(_)) => {
                self.symbols.borrow().leaf(of).filter(|leaf| leaf.is_element()).and_then(|leaf| leaf.of)
            }
            _ => None,
        };
        match list.and_then(|list| self.node(list)) {
            Some(SymNode::Call(func, args)) => {
                func.gives.is_some() && func.gives_null.is_some_and(|null| null(&args, name))
            }
            _ => false,
        }
    }

    /// Whether a symbol may turn out to be a list or a map, which have no text: an input of any type.
    fn may_have_no_text(&self, sym: SymId) -> bool {
        let input = self.is_leaf(sym, |l| l.kind == LeafKind::Input);
        input && self.type_of(sym) == Ty::Dynamic
    }

    /// Whether an attribute or element of a symbol may not be there: not where its type names its attributes, and not
    /// of a whole instance that the deployment makes, whose attributes are those of its kind.
    fn may_lack(&self, base: SymId) -> bool {
        let open = !matches!(self.type_of(base), Ty::Object(_) | Ty::Tuple(_));
        let made = self
            .leaf(base)
            .is_some_and(|l| l.kind == LeafKind::Deployment && !(l.null_if_asked || l.holds_nulls));
        open && !made
    }
}
