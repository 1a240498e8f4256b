//! The laws of guards: formulas, diagrams and witnesses against brute force.

use std::collections::HashMap;

use proptest::prelude::*;

use super::formula::{Formulas, Guard};
use super::{Diagram, Edge, Meaning, VarId, witness};

/// How many points each variable has.
const POINTS: [usize; 4] = [2, 3, 2, 4];

#[derive(Clone, Debug)]
enum Formula {
    /// The variable has one of the points whose bit is set.
    In(usize, usize),
    Constant(bool),
    Not(Box<Formula>),
    And(Vec<Formula>),
    Or(Vec<Formula>),
    AtLeastTwo(Vec<Formula>),
}

fn formula() -> impl Strategy<Value = Formula> {
    let base = prop_oneof![
        8 => (0usize..4, 0usize..16).prop_map(|(v, set)| Formula::In(v, set)),
        1 => any::<bool>().prop_map(Formula::Constant),
    ];
    base.prop_recursive(5, 40, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..5);
        prop_oneof![
            inner.prop_map(|f| Formula::Not(Box::new(f))),
            list.clone().prop_map(Formula::And),
            list.clone().prop_map(Formula::Or),
            list.prop_map(Formula::AtLeastTwo),
        ]
    })
}

fn holds(f: &Formula, world: &[usize]) -> bool {
    match f {
        Formula::In(v, set) => set >> world[*v] & 1 == 1,
        Formula::Constant(value) => *value,
        Formula::Not(inner) => !holds(inner, world),
        Formula::And(all) => all.iter().all(|f| holds(f, world)),
        Formula::Or(any) => any.iter().any(|f| holds(f, world)),
        Formula::AtLeastTwo(list) => list.iter().filter(|f| holds(f, world)).count() >= 2,
    }
}

fn build(table: &mut Formulas, f: &Formula) -> Guard {
    match f {
        Formula::In(v, set) => {
            let atom = u32::try_from(v * 16 + set).unwrap();
            // That it is this one point.
            if set.count_ones() == 1 {
                table.exclusive(atom, u32::try_from(*v).unwrap());
            }
            table.atom(atom)
        }
        Formula::Constant(value) => Guard::constant(*value),
        Formula::Not(inner) => {
            let inner = build(table, inner);
            table.not(inner)
        }
        Formula::And(list) => {
            let list: Vec<Guard> = list.iter().map(|f| build(table, f)).collect();
            table.all(list)
        }
        Formula::Or(list) => {
            let list: Vec<Guard> = list.iter().map(|f| build(table, f)).collect();
            table.any(list)
        }
        Formula::AtLeastTwo(list) => {
            let list: Vec<Guard> = list.iter().map(|f| build(table, f)).collect();
            table.at_least_two(list)
        }
    }
}

fn compiled(formulas: &[&Formula], budget: usize) -> Option<(Diagram, Vec<Edge>)> {
    let mut table = Formulas::default();
    let guards: Vec<Guard> = formulas.iter().map(|f| build(&mut table, f)).collect();
    let mut diagram = Diagram::new(budget);
    let vars: Vec<VarId> = POINTS.iter().map(|&p| diagram.variable(p)).collect();
    let mut atoms = HashMap::new();
    for atom in table.atoms(&guards) {
        let (v, set) = (atom as usize / 16, atom as usize % 16);
        let children =
            (0..POINTS[v]).map(|p| if set >> p & 1 == 1 { Edge::TRUE } else { Edge::FALSE }).collect();
        atoms.insert(atom, Meaning::told(diagram.node(vars[v], children).ok()?));
    }
    let mut done = HashMap::new();
    let edges = guards
        .iter()
        .map(|&g| Some(diagram.compile(&table, g, &atoms, &mut done).ok()?.holds))
        .collect::<Option<_>>()?;
    Some((diagram, edges))
}

fn worlds() -> Vec<Vec<usize>> {
    POINTS.iter().fold(vec![vec![]], |all, &n| {
        all.iter()
            .flat_map(|w: &Vec<usize>| (0..n).map(|p| [w.as_slice(), &[p]].concat()).collect::<Vec<_>>())
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn can_and_must_are_brute_forces(f in formula()) {
        let (_, edges) = compiled(&[&f], 100_000).unwrap();
        let truth: Vec<bool> = worlds().iter().map(|w| holds(&f, w)).collect();
        prop_assert_eq!(edges[0] != Edge::FALSE, truth.contains(&true), "can hold");
        prop_assert_eq!(edges[0] == Edge::TRUE, !truth.contains(&false), "must hold");
    }

    #[test]
    fn one_meaning_is_one_edge(f in formula(), g in formula()) {
        let (_, edges) = compiled(&[&f, &g], 100_000).unwrap();
        let same = worlds().iter().all(|w| holds(&f, w) == holds(&g, w));
        prop_assert_eq!(edges[0] == edges[1], same);
    }

    #[test]
    fn past_the_budget_nothing_is_answered(f in formula(), budget in 2usize..12) {
        if let Some((diagram, edges)) = compiled(&[&f], budget) {
            prop_assert!(diagram.size() <= budget);
            prop_assert_eq!(edges[0] != Edge::FALSE, worlds().iter().any(|w| holds(&f, w)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn witnesses_are_enough_and_none_is_smaller(
        v in formula(),
        r in formula(),
        given in prop::collection::vec(prop::option::of(0usize..2), 4),
    ) {
        let good = Formula::And(vec![v.clone(), r.clone()]);
        let bad = Formula::And(vec![Formula::Not(Box::new(v)), r]);
        let (mut diagram, edges) = compiled(&[&good, &bad], 100_000).unwrap();
        let found = witness::smallest(&mut diagram, edges[0], edges[1], &given, u32::MAX).unwrap();
        let all = worlds();
        // A set of named points is enough when some good world agrees with it and no bad one does; variables with a
        // given point keep it unless they are named.
        let enough = |named: &[(usize, usize)]| {
            let agrees = |w: &&Vec<usize>| {
                named.iter().all(|&(v, p)| w[v] == p)
                    && given.iter().enumerate().all(|(v, g)| {
                        named.iter().any(|n| n.0 == v) || g.is_none_or(|p| w[v] == p)
                    })
            };
            all.iter().filter(agrees).any(|w| holds(&good, w)) && !all.iter().filter(agrees).any(|w| holds(&bad, w))
        };
        let mut sets: Vec<Vec<(usize, usize)>> = vec![vec![]];
        for (v, &points) in POINTS.iter().enumerate() {
            let more: Vec<_> =
                sets.iter().flat_map(|s| (0..points).map(move |p| [s.as_slice(), &[(v, p)]].concat())).collect();
            sets.extend(more);
        }
        let smallest = sets.iter().filter(|s| enough(s)).map(Vec::len).min();
        prop_assert_eq!(found.as_ref().map(Vec::len), smallest);
        if let Some(found) = found {
            let named: Vec<(usize, usize)> = found.iter().map(|&(v, p)| (v as usize, p)).collect();
            prop_assert!(enough(&named), "{:?}", named);
        }
    }
}

#[test]
fn sixty_independent_conditions_stay_small() {
    let mut table = Formulas::default();
    let guards: Vec<Guard> = (0..60).map(|i| table.atom(i)).collect();
    let two = table.at_least_two(guards);
    let mut diagram = Diagram::new(20_000);
    let mut atoms = HashMap::new();
    for i in 0..60 {
        let var = diagram.variable(2);
        atoms.insert(i, Meaning::told(diagram.node(var, vec![Edge::TRUE, Edge::FALSE]).unwrap()));
    }
    let edge = diagram.compile(&table, two, &atoms, &mut HashMap::new()).unwrap().holds;
    let bad = diagram.not(edge).unwrap();
    let found = witness::smallest(&mut diagram, edge, bad, &[], u32::MAX).unwrap();
    assert_eq!(found.map(|w| w.len()), Some(2));
}
