//! Which refusals stand whatever the free inputs are.
//!
//! Answers: what does the deployment refuse for every assignment? One refusal, those of one place together
//! (`!FindInMap [M, !Ref Env, Users]` where each `Env` has no such row, for a reason of its own), or those of several places
//! that leave no assignment between them: a rule that asks for `prod` where another one asks for `dev`.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::allowed::must;
use crate::key::Refused;
use crate::problem::{Assumption, Place, Problem};
use crate::value::{Cx, Guard, SymId, Value};

/// What stands whatever the free inputs are.
pub struct Standing<'r> {
    /// What is said of it.
    pub problem: Problem,
    /// The places of which something refuses each assignment.
    places: Vec<&'r Place>,
}

impl Standing<'_> {
    /// When refusals of another resolution at its places leave nothing.
    pub fn here(&self, cx: &Cx, refusals: &[Refused]) -> Guard {
        let here = refusals.iter().filter(|r| self.is_at(&r.problem.place));
        cx.any(here.map(|r| r.when))
    }

    /// Whether it is about this place.
    pub fn is_at(&self, place: &Place) -> bool {
        self.places.contains(&place)
    }

    /// That an input counts as free because of it.
    pub fn assumption(&self, name: &str) -> Assumption {
        let reason = format!(
            "the deployment refuses what is supplied for {name} ({}), so another value will be: it counts as free",
            self.problem.reason
        );
        Assumption { reason, place: self.problem.place.clone() }
    }
}

/// The refusals that stand, each place once. `always` tells of a guard whether it holds whatever the inputs are.
pub fn standing<'r>(
    cx: &Cx,
    refusals: &'r [Refused],
    always: &mut dyn FnMut(Guard) -> bool,
) -> Vec<Standing<'r>> {
    let mut found: Vec<Standing> = Vec::new();
    let mut places: Vec<(&Refused, Guard)> = Vec::new();
    let mut known: HashMap<&Place, usize> = HashMap::new();
    let mut stands: HashSet<&Place> = HashSet::new();
    for refusal in refusals {
        let place = &refusal.problem.place;
        if stands.contains(place) {
            continue;
        }
        if always(refusal.when) {
            stands.insert(place);
            found.push(Standing { problem: refusal.problem.clone(), places: vec![place] });
            continue;
        }
        let at = *known.entry(place).or_insert(places.len());
        match places.get_mut(at) {
            Some((_, when)) => *when = cx.or(*when, refusal.when),
            None => places.push((refusal, refusal.when)),
        }
    }
    places.retain(|(refusal, _)| !stands.contains(&refusal.problem.place));
    for part in connected(cx, &places) {
        found.extend(contradiction(cx, &part));
    }
    found
}

/// The refusals in groups that share inputs, directly or through others; only they can contradict each other.
fn connected<'r>(cx: &Cx, places: &[(&'r Refused, Guard)]) -> Vec<Vec<(&'r Refused, Guard)>> {
    type Group<'r> = (BTreeSet<SymId>, Vec<(&'r Refused, Guard)>);
    let mut groups: Vec<Group> = Vec::new();
    let mut of_leaf: HashMap<SymId, usize> = HashMap::new();
    for (refusal, when) in places {
        let mut leaves: BTreeSet<SymId> = cx.leaves(&Value::Bool(*when)).into_iter().collect();
        let near: BTreeSet<usize> = leaves.iter().filter_map(|leaf| of_leaf.get(leaf)).copied().collect();
        let mut members = Vec::new();
        for at in near {
            if let Some(group) = groups.get_mut(at) {
                let (others, more) = std::mem::take(group);
                leaves.extend(others);
                members.extend(more);
            }
        }
        members.push((*refusal, *when));
        of_leaf.extend(leaves.iter().map(|&leaf| (leaf, groups.len())));
        groups.push((leaves, members));
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// What is said where these refusals leave nothing: at the first place that those before it contradict.
fn contradiction<'r>(cx: &Cx, part: &[(&'r Refused, Guard)]) -> Option<Standing<'r>> {
    let mut when = Guard::FALSE;
    // Most parts leave something, which one question tells.
    if !must(cx, cx.any(part.iter().map(|(_, when)| *when))) {
        return None;
    }
    for (i, (refusal, own)) in part.iter().enumerate() {
        when = cx.or(when, *own);
        if i + 1 < part.len() && !must(cx, when) {
            continue;
        }
        let mut problem = refusal.problem.clone();
        if i > 0 {
            let first = part.first().map(|(first, _)| first.problem.reason.as_str());
            let first = first.filter(|first| *first != problem.reason);
            let first = first.map_or_else(String::new, |first| format!(" ({first})"));
            problem.reason = format!(
                "{}: no values of the inputs meet this and what else is asked of them{first}",
                problem.reason
            );
        }
        let places = part.iter().take(i + 1).map(|(r, _)| &r.problem.place).collect();
        return Some(Standing { problem, places });
    }
    None
}
