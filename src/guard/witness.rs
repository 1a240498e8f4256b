//! The smallest set of input values that is enough.
//!
//! Given where a configuration is *good* (allowed, and two keys are active) and where it is *bad* (allowed, and they
//! are not), a set of named values is enough when no bad assignment and at least one good assignment agrees with it.
//! A variable with a *given* point keeps it unless it is named (a supplied value that is overridden); any other
//! variable that is not named may have every point.

use std::collections::HashMap;

use super::diagram::{Diagram, Edge, Overflow, VarId};

/// The choice at one step of the search: leave the variable alone, or name a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Descent {
    Unnamed,
    Named(usize),
}

/// What naming a variable that is no input costs: more than all inputs together.
const LAST_RESORT: usize = 1 << 20;

type Memo = HashMap<(Edge, Edge), Option<(usize, Descent)>>;

/// The smallest set of (variable, point) that is enough, in the order of variables; `None` if no set is.
///
/// `given` has one entry per variable. Variables from `inputs` on are nobody's to set (what a calculation leaves open):
/// they are named only where nothing else is enough. Among equally small sets the one that leaves earlier variables alone, then
/// the one with lower points, is returned.
pub fn smallest(
    diagram: &mut Diagram,
    good: Edge,
    bad: Edge,
    given: &[Option<usize>],
    inputs: VarId,
) -> Result<Option<Vec<(VarId, usize)>>, Overflow> {
    let mut memo = Memo::new();
    if search(diagram, good, bad, given, inputs, &mut memo)?.is_none() {
        return Ok(None);
    }
    let (mut good, mut bad, mut named) = (good, bad, Vec::new());
    while let Some(Some((_, step))) = memo.get(&(good, bad)).copied() {
        let var = diagram.first(good, bad);
        if let Descent::Named(point) = step {
            named.push((var, point));
        }
        (good, bad) = follow(diagram, good, bad, var, step, given)?;
    }
    Ok(Some(named))
}

fn follow(
    diagram: &mut Diagram,
    good: Edge,
    bad: Edge,
    var: VarId,
    step: Descent,
    given: &[Option<usize>],
) -> Result<(Edge, Edge), Overflow> {
    let point = match step {
        Descent::Named(point) => Some(point),
        Descent::Unnamed => given.get(var as usize).copied().flatten(),
    };
    Ok(match point {
        Some(point) => (diagram.child(good, var, point), diagram.child(bad, var, point)),
        None => (diagram.some(good, var)?, diagram.some(bad, var)?),
    })
}

/// How many variables must be named from here, and the first step; `None` if no set is enough.
fn search(
    diagram: &mut Diagram,
    good: Edge,
    bad: Edge,
    given: &[Option<usize>],
    inputs: VarId,
    memo: &mut Memo,
) -> Result<Option<usize>, Overflow> {
    if good == Edge::FALSE || bad == Edge::TRUE {
        return Ok(None);
    }
    if good == Edge::TRUE && bad == Edge::FALSE {
        return Ok(Some(0));
    }
    if let Some(known) = memo.get(&(good, bad)) {
        return Ok(known.map(|(size, _)| size));
    }
    if memo.len() >= diagram.budget() {
        return Err(Overflow);
    }
    let var = diagram.first(good, bad);
    let given_point = given.get(var as usize).copied().flatten();
    let mut best: Option<(usize, Descent)> = None;
    let steps = std::iter::once(Descent::Unnamed)
        .chain((0..diagram.points(var)).filter(|&p| Some(p) != given_point).map(Descent::Named));
    for step in steps {
        let cost = match step {
            Descent::Unnamed => 0,
            Descent::Named(_) if var < inputs => 1,
            Descent::Named(_) => LAST_RESORT,
        };
        if best.is_some_and(|(size, _)| size <= cost) {
            break;
        }
        let (g, b) = follow(diagram, good, bad, var, step, given)?;
        if let Some(rest) = search(diagram, g, b, given, inputs, memo)?
            && best.is_none_or(|(size, _)| rest + cost < size)
        {
            best = Some((rest + cost, step));
        }
    }
    memo.insert((good, bad), best);
    Ok(best.map(|(size, _)| size))
}
