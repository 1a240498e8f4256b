//! One assignment that the laws of relations allow.
//!
//! Nine texts that are compared with each other make 84 triangles, and the diagram of all laws together is large. Whether
//! something can hold takes no more than one assignment, which is looked for triangle by triangle: what two of its sides
//! say of the third is followed first, and what nothing says is taken to differ. Only where that leads nowhere, or to no
//! answer, are the laws held all together.

use std::collections::HashMap;

use super::ask::Ask;
use crate::guard::{Diagram, Edge, Overflow, VarId};

/// The points of some variables.
type Model = HashMap<VarId, usize>;

impl Ask<'_> {
    /// Whether an edge, which is within the laws that are held, holds for an assignment that keeps the others too. `None`
    /// where no assignment is found, nor that there is none.
    pub(super) fn has_model(&self, edge: Edge) -> Option<bool> {
        if edge == Edge::FALSE {
            return Some(false);
        }
        if self.pending.is_empty() {
            return Some(true);
        }
        let mut model: Model = self.diagram.path(edge)?.into_iter().collect();
        while let Some((var, point)) = follow(&self.diagram, &self.pending, &mut model).ok()? {
            model.insert(var, point);
        }
        Some(true)
    }

    /// Holds the laws that wait.
    pub(super) fn settle(&mut self) -> Result<(), Overflow> {
        let pending = std::mem::take(&mut self.pending);
        self.hold_each(pending)
    }
}

/// A law is broken.
struct Broken;

/// Adds what laws and what is chosen say of other variables. Gives a point of one of which they say nothing.
fn follow(diagram: &Diagram, laws: &[Edge], model: &mut Model) -> Result<Option<(VarId, usize)>, Broken> {
    loop {
        let (mut open, mut more) = (None, false);
        for law in laws {
            let left = left_of(diagram, *law, model);
            let Some(var) = diagram.top(left) else {
                if left == Edge::FALSE {
                    return Err(Broken);
                }
                continue;
            };
            let holds = |point: &usize| holds_somewhere(diagram, diagram.child(left, var, *point), model);
            let mut can = (0..diagram.points(var)).filter(holds);
            match (can.next().ok_or(Broken)?, can.next()) {
                (only, None) => more |= model.insert(var, only).is_none(),
                (first, Some(_)) => open = open.or(Some((var, first))),
            }
        }
        if !more {
            return Ok(open);
        }
    }
}

/// What is left of an edge at its first variable that is not chosen.
fn left_of(diagram: &Diagram, edge: Edge, model: &Model) -> Edge {
    let mut at = edge;
    while let Some(var) = diagram.top(at) {
        let Some(point) = model.get(&var) else { return at };
        at = diagram.child(at, var, *point);
    }
    at
}

/// Whether an edge holds for some points of the variables that are not chosen.
fn holds_somewhere(diagram: &Diagram, edge: Edge, model: &Model) -> bool {
    let left = left_of(diagram, edge, model);
    match diagram.top(left) {
        Some(var) => {
            let mut children = (0..diagram.points(var)).map(|point| diagram.child(left, var, point));
            children.any(|child| holds_somewhere(diagram, child, model))
        }
        None => left == Edge::TRUE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::symbol::{Leaf, LeafKind};
    use crate::value::{Cx, Guard, Ty, Value};

    #[test]
    fn an_assignment_is_found_without_all_laws_and_none_where_they_leave_none() {
        let cx = Cx::new();
        let text = |i: usize| cx.leaf_value(Leaf::new(format!("t{i}"), Ty::String, LeafKind::Input));
        let all: Vec<Value> = (0..7).map(text).collect();
        let pairs = (0..7).flat_map(|i| (i + 1..7).map(move |j| (i, j)));
        let atoms: Vec<Guard> = pairs.map(|(i, j)| cx.equal(&all[i], &all[j])).collect();
        let chain = cx.all(all.windows(2).map(|two| cx.equal(&two[0], &two[1])));
        let apart = cx.not(cx.equal(&all[0], &all[6]));
        let guards: Vec<Guard> = atoms.iter().copied().chain([chain, apart]).collect();
        let mut ask = Ask::new(&cx, &guards).unwrap();
        assert_eq!(ask.pending.len(), 35);
        assert_eq!((ask.can_hold(chain), ask.can_hold(apart)), (Ok(true), Ok(true)));
        let first = cx.equal(&all[0], &all[1]);
        assert_eq!(ask.must_hold(chain, first), Ok(true));
        assert_eq!(ask.must_hold(first, chain), Ok(false));
        assert_eq!(ask.pending.len(), 35, "no answer took all laws");
        assert_eq!(ask.can_hold(cx.and(chain, apart)), Ok(false));
        assert!(ask.pending.is_empty());
    }
}
