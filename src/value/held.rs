//! What always holds of the variables that stand for what is not decided ([`super::undecided`]).
//!
//! Relations are transitive: of `a < b`, `b < c` and `c < a` never all three hold. A graph of relations is filled up with chords
//! until every cycle is made of triangles (Bryant and Velev, "Boolean Satisfiability with Transitivity Constraints", 2002), and
//! each triangle is held to the law. What predicates about parts of a text mean to each other is [`theory`]'s, that results of equal
//! arguments are equal [`super::congruence`]'s.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ask::{Ask, Input};
use super::compare::{EQ, LESS};
use super::domain::Point;
use super::func::Form;
use super::limits::RELATIONS;
use super::number::Num;
use super::points::Chosen;
use super::symbol::{LeafKind, SymId, SymNode};
use super::undecided::{as_symbol, join, root};
use super::{Value, theory};
use crate::guard::{Edge, Overflow, VarId};

/// Which part of a question's nodes the laws of relations may take: one in so many.
const SHARE: usize = 4;
/// Up to how many triangles of texts are held at once: those of six.
const TOGETHER: usize = 20;

impl Ask<'_> {
    /// Restricts the variables to what can be together.
    pub(super) fn hold_laws(&mut self) -> Result<(), Overflow> {
        self.hold_what_is_never_empty()?;
        self.hold_laws_of_text()?;
        self.hold_congruence()?;
        self.hold_what_differs()?;
        let (mut laws, mut of_texts) = (Vec::new(), Vec::new());
        for [a, b, c] in self.triangles() {
            if laws.len() + of_texts.len() >= RELATIONS.most {
                self.spent = Some(&RELATIONS);
                break;
            }
            let texts = [(a, b), (b, c), (a, c)].into_iter().all(|(a, b)| self.are_texts(a, b));
            let law = self.law_of([a, b, c])?;
            if texts { of_texts.push(law) } else { laws.push(law) }
        }
        self.hold_each(laws)?;
        // An assignment that keeps them is found sooner than all that do.
        if of_texts.len() > TOGETHER {
            self.pending = of_texts;
        } else {
            self.hold_each(of_texts)?;
        }
        self.hold_wholeness()
    }

    /// What holds of three that are compared with each other.
    fn law_of(&mut self, [a, b, c]: [SymId; 3]) -> Result<Edge, Overflow> {
        // What all is held to grows with each law, so one triangle's are joined first.
        let mut law = Edge::TRUE;
        for [x, y, z] in [[a, b, c], [b, c, a], [c, a, b]] {
            // Of three, two and two that are equal are all equal; and less goes on over what is equal.
            let [xy, yz, xz] =
                [self.compare(x, y, false)?, self.compare(y, z, false)?, self.compare(x, z, false)?];
            law = self.and_clause(law, [xy, yz, xz])?;
            if [(x, y), (y, z), (x, z)].into_iter().any(|(a, b)| self.are_texts(a, b)) {
                continue;
            }
            for ([p, q, r], pq, qr) in [([x, y, z], xy, yz), ([z, y, x], yz, xy)] {
                let [less_pq, less_qr, less_pr] =
                    [self.compare(p, q, true)?, self.compare(q, r, true)?, self.compare(p, r, true)?];
                for clause in [[less_pq, less_qr, less_pr], [less_pq, qr, less_pr], [pq, less_qr, less_pr]] {
                    law = self.and_clause(law, clause)?;
                }
            }
        }
        Ok(law)
    }

    /// Holds these laws, as far as their share of the nodes goes.
    pub(super) fn hold_each(&mut self, laws: Vec<Edge>) -> Result<(), Overflow> {
        let most = self.diagram.size() + self.diagram.budget() / SHARE;
        for law in laws {
            if self.diagram.size() > most {
                self.spent = Some(&RELATIONS);
                break;
            }
            self.theory = self.diagram.and(self.theory, law)?;
        }
        Ok(())
    }

    /// Texts that are different whatever they are made of are never one: `q == "x-${p}"` and `q == "y-${n}"`.
    fn hold_what_differs(&mut self) -> Result<(), Overflow> {
        let mut groups: HashMap<SymId, SymId> = HashMap::new();
        self.relations.keys().for_each(|&(a, b)| join(&mut groups, a, b));
        let terms: BTreeSet<SymId> = self.relations.keys().flat_map(|&(a, b)| [a, b]).collect();
        let made = |sym: &SymId| self.cx.pieces_of(*sym).is_some();
        let texts: Vec<SymId> = terms.iter().copied().filter(made).collect();
        let mut apart = Vec::new();
        for text in &texts {
            for other in terms.iter().filter(|other| *other < text || !texts.contains(other)) {
                if apart.len() >= RELATIONS.most {
                    self.spent = Some(&RELATIONS);
                    return Ok(());
                }
                if root(&groups, *text) == root(&groups, *other)
                    && self.cx.equal(&Value::Sym(*text), &Value::Sym(*other)).is_false()
                {
                    apart.push((*text, *other));
                }
            }
        }
        for (a, b) in apart {
            let equal = self.related(a, b, false)?;
            self.follows([equal, Edge::TRUE, Edge::FALSE])?;
        }
        Ok(())
    }

    /// A whole number is no other, and what is calculated of it with whole ones is whole.
    fn hold_wholeness(&mut self) -> Result<(), Overflow> {
        let calculated = self.inputs.iter().filter_map(|input| {
            let of = self.cx.whole_linear(input.sym)?;
            let var = as_symbol(&of).and_then(|of| Some(self.inputs.get(*self.by_sym.get(&of)?)?.var));
            (var.is_some() || self.cx.whole(&of) == Value::TRUE).then_some((input.var, var))
        });
        for (result, of) in calculated.collect::<Vec<_>>() {
            let result = self.whole_at(result)?;
            let of = of.map_or(Ok(Edge::TRUE), |var| self.whole_at(var))?;
            self.follows([result, Edge::TRUE, of])?;
            self.follows([of, Edge::TRUE, result])?;
        }
        let mut relations: Vec<_> = self.relations.iter().map(|(pair, var)| (*pair, *var)).collect();
        relations.sort_unstable();
        for ((a, b), relation) in relations {
            let (Some(a), Some(b)) = (self.wholeness(a)?, self.wholeness(b)?) else { continue };
            let equal = self.diagram.node(relation, vec![Edge::FALSE, Edge::TRUE, Edge::FALSE])?;
            for (whole, other) in [(a.0, b.1), (b.0, a.1)] {
                let both = self.diagram.and(whole, other)?;
                self.follows([both, equal, Edge::FALSE])?;
            }
        }
        Ok(())
    }

    /// Where a number is a whole one of an interval, and where it is another one of an interval; `None` where it has none.
    fn wholeness(&mut self, sym: SymId) -> Result<Option<(Edge, Edge)>, Overflow> {
        let Some(input) = self.by_sym.get(&sym).and_then(|&i| self.inputs.get(i)) else { return Ok(None) };
        let mut of = |wanted: bool| {
            let is = |p: &Point| matches!(p, Point::Between { whole, .. } if *whole == wanted);
            self.diagram.at(input.var, input.points.iter().map(is))
        };
        Ok(Some((of(true)?, of(false)?)))
    }

    /// Where a number is whole.
    fn whole_at(&mut self, var: VarId) -> Result<Edge, Overflow> {
        self.at_points_of(var, |point| match point {
            Point::Is(Value::Number(n)) => n.is_whole(),
            Point::Between { whole, .. } => *whole,
            _ => false,
        })
    }

    /// Where the first two hold, the third does.
    pub(super) fn follows(&mut self, clause: [Edge; 3]) -> Result<(), Overflow> {
        self.theory = self.and_clause(self.theory, clause)?;
        Ok(())
    }

    /// Where `law` holds, and the third does where the first two do.
    fn and_clause(&mut self, law: Edge, [a, b, then]: [Edge; 3]) -> Result<Edge, Overflow> {
        let both = self.diagram.and(a, b)?;
        let not = self.diagram.not(both)?;
        let clause = self.diagram.or(not, then)?;
        self.diagram.and(law, clause)
    }

    /// `a < b`, or `a == b`, at every point of the two.
    pub(super) fn compare(&mut self, a: SymId, b: SymId, less: bool) -> Result<Edge, Overflow> {
        let atom = match less {
            true => self.cx.predicate(&LESS, &[Value::Sym(a), Value::Sym(b)]),
            false => self.cx.predicate(&EQ, &[Value::Sym(a.min(b)), Value::Sym(a.max(b))]),
        };
        let Some(atom) = self.cx.atom_of(atom) else { return Ok(Edge::FALSE) };
        if let Some(&known) = self.compared.get(&atom) {
            return Ok(known);
        }
        let holds = self.open_atom(atom, &Chosen::new())?.holds;
        self.compared.insert(atom, holds);
        Ok(holds)
    }

    /// The triangles of the relations, with chords added so that every longer cycle is made of them.
    fn triangles(&self) -> Vec<[SymId; 3]> {
        let mut near: BTreeMap<SymId, BTreeSet<SymId>> = BTreeMap::new();
        for &(a, b) in self.relations.keys() {
            near.entry(a).or_default().insert(b);
            near.entry(b).or_default().insert(a);
        }
        let mut out = Vec::new();
        while let Some((&first, _)) = near.iter().min_by_key(|(_, of)| of.len()) {
            let around: Vec<SymId> = near.remove(&first).unwrap_or_default().into_iter().collect();
            for (i, &a) in around.iter().enumerate() {
                if let Some(of) = near.get_mut(&a) {
                    of.remove(&first);
                    of.extend(around.iter().filter(|&&b| b != a));
                }
                out.extend(around.iter().skip(i + 1).map(|&b| [first, a, b]));
            }
            if out.len() > RELATIONS.most {
                break;
            }
        }
        out
    }

    /// A text that is never empty, and what is made of it.
    fn hold_what_is_never_empty(&mut self) -> Result<(), Overflow> {
        let inputs = self.inputs.iter().map(|i| (i.var, self.cx.never_at(i.sym, &i.points)));
        let inputs: Vec<(VarId, Vec<bool>)> = inputs.filter(|(_, never)| never.contains(&true)).collect();
        for (var, never) in inputs {
            let there = self.diagram.at(var, never.into_iter().map(|never| !never))?;
            self.theory = self.diagram.and(self.theory, there)?;
        }
        Ok(())
    }

    /// What open predicates about parts of texts mean to each other.
    fn hold_laws_of_text(&mut self) -> Result<(), Overflow> {
        let mut atoms = Vec::new();
        let mut edges = Vec::new();
        for (guard, var) in self.open.clone() {
            if let Some(atom) = self.cx.atom_of(guard) {
                atoms.push(atom);
                edges.push(self.diagram.at(var, [true, false])?);
            }
        }
        for law in theory::laws(self.cx, &atoms) {
            let (Some(&when), then) = (edges.get(law.when), law.then) else { continue };
            let then = match then {
                theory::Then::Holds(i) => edges.get(i).copied().unwrap_or(Edge::TRUE),
                theory::Then::Fails(i) => {
                    let edge = edges.get(i).copied().unwrap_or(Edge::FALSE);
                    self.diagram.not(edge)?
                }
            };
            self.follows([when, Edge::TRUE, then])?;
        }
        self.hold_lengths(&atoms, &edges)?;
        self.hold_pieces(&atoms, &edges)?;
        self.hold_letters_between()
    }

    /// A text that has a part has its letters at least, and those of a beginning and an end.
    fn hold_lengths(&mut self, atoms: &[SymId], edges: &[Edge]) -> Result<(), Overflow> {
        let all = || atoms.iter().zip(edges);
        let mut longer: Vec<([Edge; 2], SymId, Num)> = Vec::new();
        for (atom, has) in all() {
            longer.extend(theory::letters(self.cx, *atom).map(|(of, n)| ([*has, Edge::TRUE], of, n)));
        }
        // Only where a length is asked for.
        let counted = |input: &Input| self.cx.counted(input.sym).is_some();
        if self.inputs.iter().any(counted) {
            for (begins, has) in all() {
                let both = all().filter_map(|(ends, other)| {
                    let (of, n) = theory::letters_of_both(self.cx, *begins, *ends)?;
                    Some(([*has, *other], of, n))
                });
                longer.extend(both);
            }
        }
        for ([a, b], of, least) in longer {
            let is_counted = |input: &&Input| self.cx.counted(input.sym) == Some(Value::Sym(of));
            let Some(var) = self.inputs.iter().find(is_counted).map(|input| input.var) else { continue };
            let long = self.at_least(var, &least)?;
            self.follows([a, b, long])?;
        }
        Ok(())
    }

    /// A text has the letters that it is cut at, once less than it has pieces.
    fn hold_letters_between(&mut self) -> Result<(), Overflow> {
        let mut longer: Vec<(VarId, VarId, Vec<Option<Num>>)> = Vec::new();
        for input in &self.inputs {
            let Some((by, of)) = self.cut_at(input.sym) else { continue };
            let counted = self.inputs.iter().find(|input| self.cx.counted(input.sym) == Some(Value::Sym(of)));
            let letters = |point: &Point| {
                let pieces = match point {
                    Point::Is(Value::Number(n)) => (**n).clone(),
                    Point::Between { low: Some(low), .. } => low.floor().add(&Num::from_i64(1))?,
                    _ => return None,
                };
                pieces.sub(&Num::from_i64(1))?.mul(&Num::from_usize(by.len()))
            };
            if let (Some(counted), true) = (counted, by.is_ascii()) {
                longer.push((input.var, counted.var, input.points.iter().map(letters).collect()));
            }
        }
        for (pieces, letters, least) in longer {
            for (at, least) in least.iter().enumerate().filter_map(|(at, n)| Some((at, n.as_ref()?))) {
                let so = self.diagram.at(pieces, (0..self.diagram.points(pieces)).map(|i| i == at))?;
                let long = self.at_least(letters, least)?;
                self.follows([so, Edge::TRUE, long])?;
            }
        }
        Ok(())
    }

    /// What a text is cut at of which this is the number of pieces, and the text.
    fn cut_at(&self, sym: SymId) -> Option<(String, SymId)> {
        let pieces = self.cx.leaf(sym).filter(|leaf| leaf.kind == LeafKind::Length)?;
        let Some(SymNode::Call(func, args)) = self.cx.node(pieces.of?) else { return None };
        match &*args {
            [Value::String(by), Value::Sym(of)] if func.undoes == Some(Form::Joined) && !by.is_empty() => {
                Some((by.to_string(), *of))
            }
            _ => None,
        }
    }

    /// A text that holds what it is cut at has two pieces, and no other has.
    fn hold_pieces(&mut self, atoms: &[SymId], edges: &[Edge]) -> Result<(), Overflow> {
        for (atom, has) in atoms.iter().zip(edges) {
            let Some((of, part)) = theory::held(self.cx, *atom) else { continue };
            let is_cut = |input: &&Input| self.cut_at(input.sym).is_some_and(|cut| cut == (part.clone(), of));
            let Some(var) = self.inputs.iter().find(is_cut).map(|input| input.var) else { continue };
            let two = Num::from_i64(2);
            let (several, one) = (self.at_least(var, &two)?, self.may_be_less(var, &two)?);
            self.follows([*has, Edge::TRUE, several])?;
            let has_not = self.diagram.not(*has)?;
            self.follows([has_not, Edge::TRUE, one])?;
        }
        Ok(())
    }

    /// Where a variable that is a number may be this one or more.
    fn at_least(&mut self, var: VarId, least: &Num) -> Result<Edge, Overflow> {
        self.at_points_of(var, |point| match point {
            Point::Is(Value::Number(n)) => **n >= *least,
            Point::Between { high: Some(high), .. } => high > least,
            _ => true,
        })
    }

    /// Where it may be less.
    fn may_be_less(&mut self, var: VarId, least: &Num) -> Result<Edge, Overflow> {
        self.at_points_of(var, |point| match point {
            Point::Is(Value::Number(n)) => **n < *least,
            Point::Between { low: Some(low), whole: true, .. } => {
                low.floor().add(&Num::from_i64(1)).is_none_or(|first| first < *least)
            }
            Point::Between { low: Some(low), .. } => low < least,
            _ => true,
        })
    }

    fn at_points_of(&mut self, var: VarId, holds: impl Fn(&Point) -> bool) -> Result<Edge, Overflow> {
        let input = self.inputs.iter().find(|input| input.var == var);
        let points = input.map(|input| input.points.clone()).unwrap_or_default();
        self.diagram.at(var, points.iter().map(holds))
    }
}
